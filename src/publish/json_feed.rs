//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>), with what only feedgen knows under `_feedgen`.

use chrono::{DateTime, SecondsFormat, Utc};
use memchr::memmem;
use serde::{Deserialize, Serialize};

use super::edition::{Edition, Entry};
use super::{Format, Frame, Told, Version, text};
use crate::draft::Credit;

/// JSON Feed 1.1.
#[derive(Debug)]
pub struct JsonFeed;

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names of the specification")]
struct Feed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: String,
    feed_url: String,
    description: &'a str,
    /// The page with what is older.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<String>,
    icon: String,
    favicon: String,
    authors: [Author; 1],
    language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    #[serde(rename = "_feedgen")]
    feedgen: OfFeed<'a>,
    /// Written one by one.
    items: [Item<'a>; 0],
}

/// `_feedgen` of a feed.
#[derive(Serialize)]
struct OfFeed<'a> {
    authority: &'a str,
}

#[derive(Serialize)]
struct Hub<'a> {
    #[serde(rename = "type")]
    protocol: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Author {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
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

/// What is read back of an item.
#[derive(Deserialize)]
struct Back {
    id: String,
    url: String,
    title: String,
}

impl Format for JsonFeed {
    fn name(&self) -> &'static str {
        "json"
    }

    fn extension(&self) -> &'static str {
        "json"
    }

    fn media_type(&self) -> &'static str {
        "application/feed+json"
    }

    fn title(&self) -> &'static str {
        "JSON Feed"
    }

    fn frame(&self, edition: &Edition<'_>, _contents: &[Option<&str>]) -> Result<Frame, String> {
        let site = edition.site;
        let feed = Feed {
            version: "https://jsonfeed.org/version/1.1",
            title: &edition.title,
            home_page_url: edition.home(),
            feed_url: edition.address(self.extension()),
            description: &edition.description,
            next_url: edition.place.older().map(|page| site.address(&format!("{}.json", page.path(edition.path)))),
            icon: site.address("favicon.png"),
            favicon: site.address("favicon.png"),
            authors: [Author { name: text::name(&site.title), url: Some(site.url.to_string()) }],
            language: edition.language,
            hubs: edition.hubs().iter().map(|hub| Hub { protocol: "WebSub", url: hub.as_str() }).collect(),
            feedgen: OfFeed { authority: &site.authority },
            items: [],
        };
        let mut before = serde_json::to_string_pretty(&feed).map_err(|error| error.to_string())?;
        let end = before.rfind(']').ok_or("it has no items")?;
        let mut behind = before.split_off(end);
        behind.push('\n');
        if !edition.entries.is_empty() {
            before.push_str("\n    ");
            behind.insert_str(0, "\n  ");
        }
        Ok(Frame { before, between: ",\n    ", behind })
    }

    fn piece(&self, _edition: &Edition<'_>, entry: &Entry<'_>, content: Option<&str>) -> Result<String, String> {
        let bare = serde_json::to_string_pretty(&item(entry, content)).map_err(|error| error.to_string())?;
        // In strings there are no line feeds.
        let mut piece = filled(&bare.replace('\n', "\n    "), content.iter()).ok_or("a content has no place")?;
        piece.pop();
        Ok(piece)
    }

    fn read_back(&self, text: &str) -> Result<Vec<Told>, String> {
        #[derive(Deserialize)]
        struct Feed {
            items: Vec<Back>,
        }
        let feed: Feed = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Ok(feed.items.into_iter().map(|Back { id, url, title }| Told { id, address: url, title }).collect())
    }
}

/// Writes contents to their places, which the writer left empty; none other looks so, for in texts quotes are escaped.
fn filled<'a>(bare: &str, contents: impl Iterator<Item = &'a &'a str> + Clone) -> Option<String> {
    const PLACE: &str = "\"content_html\": \"";
    let whole: usize = contents.clone().map(|content| content.len()).sum();
    let mut filled = String::with_capacity(bare.len() + whole + whole / 8);
    let (place, mut rest) = (memmem::Finder::new(PLACE), bare);
    for content in contents {
        let (before, behind) = rest.split_at_checked(place.find(rest.as_bytes())? + PLACE.len())?;
        filled.push_str(before);
        push_escaped(content, &mut filled);
        rest = behind;
    }
    filled.extend([rest, "\n"]);
    (place.find(rest.as_bytes()).is_none()).then_some(filled)
}

/// Writes a text as it stands in a string (RFC 8259 §7).
fn push_escaped(text: &str, out: &mut String) {
    #[expect(clippy::needless_bitwise_bool, reason = "a branch for each byte is what this is to avoid")]
    let is_escaped = |byte: u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\');
    let mut rest = text;
    while let Some(at) = first(rest.as_bytes(), is_escaped) {
        let (before, behind) = rest.split_at(at);
        out.push_str(before);
        match behind.as_bytes().first() {
            Some(b'"') => out.push_str("\\\""),
            Some(b'\\') => out.push_str("\\\\"),
            Some(b'\n') => out.push_str("\\n"),
            Some(b'\t') => out.push_str("\\t"),
            // No text that is published has another.
            _ => {}
        }
        rest = behind.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// The first byte of a class. Many are looked at at once, without early exit, for the vector units.
fn first(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let (parts, _) = bytes.as_chunks::<64>();
    let clear = |part: &&[u8; 64]| part.iter().fold(0, |found, byte| found | u8::from(is(*byte))) == 0;
    let passed = 64 * parts.iter().take_while(clear).count();
    Some(passed + bytes.get(passed..)?.iter().position(|byte| is(*byte))?)
}

fn date(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn item<'a>(entry: &'a Entry<'_>, content: Option<&'a str>) -> Item<'a> {
    let facts = &entry.item;
    let sections = facts.sections.iter().map(|section| text::line(section));
    Item {
        id: &entry.id,
        url: &entry.address,
        title: &entry.title,
        // The last touch fills it.
        content_html: content.map(|_| ""),
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
            credit: facts.credit.as_ref(),
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_empty_place_gets_its_content() {
        let bare = r#"{"content_html": "", "title": "\"content_html\": \"", "content_html": ""}"#;
        let expected =
            "{\"content_html\": \"a\\n\", \"title\": \"\\\"content_html\\\": \\\"\", \"content_html\": \"\\\"\"}\n";
        assert_eq!(filled(bare, ["a\n", "\""].iter()).as_deref(), Some(expected));
        assert_eq!(filled(bare, ["a"].iter()), None);
        assert_eq!(filled(bare, ["a", "b", "c"].iter()), None);
    }

    proptest! {
        #[test]
        fn texts_are_escaped_as_others_do(text in "[a-z\"\\\\/\n\té重 ]{0,100}") {
            let mut written = String::from("\"");
            push_escaped(&text, &mut written);
            written.push('"');
            prop_assert_eq!(written, serde_json::to_string(&text).unwrap());
        }
    }
}
