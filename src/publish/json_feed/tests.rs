//! Items in JSON beside what `serde_json` writes of them.

use chrono::{DateTime, SecondsFormat, Utc};
use proptest::prelude::*;

use super::super::Version;
use super::super::tests::{channel_of, facts, site};
use super::*;

proptest! {
    #[test]
    fn texts_are_escaped_as_others_do(text in "[a-z\"\\\\/\u{0}-\u{1f}\u{7f}é重 ]{0,100}") {
        let mut written = String::from("\"");
        push_escaped(&text, &mut written);
        written.push('"');
        prop_assert_eq!(written, serde_json::to_string(&text).unwrap());
    }

    #[test]
    fn an_item_is_written_as_another_writes_it(facts in prop::collection::vec(facts(), 1..4), bare in any::<bool>()) {
        let (site, channel) = (site(), channel_of(facts));
        let edition = Edition::new(&site, &channel, &[]);
        for entry in &edition.entries {
            let content = Some(entry.content()).filter(|content| !content.is_empty() && !bare);
            let written = serde_json::to_string_pretty(&item(entry, content)).unwrap();
            let mut piece = String::new();
            JsonFeed.piece(&edition, entry, content, &mut piece);
            prop_assert_eq!(piece, written.replace('\n', "\n    "));
        }
    }
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
    #[serde(rename = "_feedgen")]
    feedgen: OfItem<'a>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
}

/// `_feedgen` of an item.
#[derive(Serialize)]
struct OfItem<'a> {
    /// `year`, `month`, `day` or `instant`: how fine the date of publication is known.
    date_precision: &'static str,
    /// Where the date was found.
    date_source: &'static str,
    /// How often such a date is right, 0 to 1.
    date_confidence: f32,
    /// When what it tells of took place, as long as its precision.
    #[serde(skip_serializing_if = "Option::is_none")]
    event_date: Option<String>,
    /// Labels the document puts itself under.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sections: Vec<String>,
    /// Keys of items that tell the same story.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    duplicates: Vec<&'a str>,
    /// Where these can be read, and the titles of their sources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
    /// The same story in other languages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    translations: Vec<Translation<'a>>,
    /// Who published it, where the document says so.
    #[serde(skip_serializing_if = "String::is_empty")]
    publisher: String,
    /// The feed of others that it was taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<&'a Credit>,
}

/// Where the same story can be read elsewhere.
#[derive(Serialize)]
struct Related<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
}

/// The same story in another language.
#[derive(Serialize)]
struct Translation<'a> {
    language: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
}

fn date(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn item<'a>(entry: &'a Entry<'_>, content: Option<&'a str>) -> Item<'a> {
    let facts = &entry.item;
    let sections = facts.sections.iter().map(|section| text::line(section));
    Item {
        id: &entry.id,
        url: entry.address(),
        title: &entry.title,
        content_html: content,
        // One of the two must be there.
        content_text: if content.is_none() { Some(entry.summary_or_title()) } else { None },
        summary: &entry.summary,
        image: facts.image.as_deref(),
        date_published: date(entry.published),
        date_modified: (entry.updated != entry.published).then(|| date(entry.updated)),
        authors: entry.authors.iter().map(|name| Author { name: name.clone(), url: None }).collect(),
        tags: entry.categories.iter().map(|category| &category.label).chain(&entry.tags).map(String::as_str).collect(),
        language: facts.language.as_deref(),
        attachments: facts
            .enclosures
            .iter()
            .map(|enclosure| Attachment {
                url: enclosure.url.as_str(),
                mime_type: &enclosure.media_type,
                size_in_bytes: enclosure.length,
            })
            .collect(),
        feedgen: OfItem {
            date_precision: facts.precision().name(),
            date_source: facts.evidence.name(),
            date_confidence: facts.evidence.confidence(facts.precision()),
            event_date: facts.event.map(|event| event.to_string()),
            sections: sections.filter(|section| !section.is_empty()).collect(),
            duplicates: entry.duplicates.iter().map(|copy| copy.key.as_str()).collect(),
            related: entry
                .related
                .iter()
                .filter(|other| other.language.is_none())
                .map(|other| Related { url: &other.address, title: &other.title })
                .collect(),
            translations: entry
                .versions
                .iter()
                .map(|Version { language, address, title }| Translation {
                    language,
                    url: address,
                    title: text::line(title),
                })
                .collect(),
            publisher: facts.publisher.as_deref().map(text::line).unwrap_or_default(),
            credit: facts.credit.as_deref(),
        },
    }
}
