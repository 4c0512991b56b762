//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>), with what only feedgen knows under `_feedgen`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use url::Url;

use super::date::rfc_3339;
use super::edition::{Edition, Entry};
use super::{Format, Frame, Told, text};
use crate::draft::{Credit, Enclosure};

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
    items: [(); 0],
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

/// What is read back of an item.
#[derive(Deserialize)]
struct Back<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(borrow)]
    title: Cow<'a, str>,
}

impl Format for JsonFeed {
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

    fn piece(&self, _edition: &Edition<'_>, entry: &Entry<'_>, content: Option<&str>, out: &mut String) {
        let facts = &entry.item;
        let mut json = Members::within(2, out);
        json.start('{');
        json.text("id", &entry.id);
        json.text("url", entry.address());
        json.text("title", &entry.title);
        // One of the two must be there.
        match content {
            Some(content) => json.text("content_html", content),
            None => json.text("content_text", entry.summary_or_title()),
        }
        json.told("summary", Some(&entry.summary));
        json.optional("image", facts.image.as_deref());
        json.text("date_published", &rfc_3339(entry.published));
        json.optional("date_modified", (entry.updated != entry.published).then(|| rfc_3339(entry.updated)).as_deref());
        json.list("authors", &entry.authors, |json, author| {
            json.start('{');
            json.text("name", author);
            json.end('}');
        });
        json.texts("tags", entry.categories.iter().map(|category| &category.label).chain(&entry.tags));
        json.optional("language", facts.language.as_deref());
        json.list("attachments", &facts.enclosures, |json, Enclosure { url, media_type, length }| {
            json.start('{');
            json.text("url", url.as_str());
            json.text("mime_type", media_type);
            if let Some(length) = length {
                json.number("size_in_bytes", length);
            }
            json.end('}');
        });
        json.name("_feedgen");
        json.start('{');
        of_item(&mut json, entry);
        json.end('}');
        json.end('}');
    }

    fn read_back<'a>(&self, text: &'a str) -> Result<Vec<Told<'a>>, String> {
        #[derive(Deserialize)]
        struct Feed<'a> {
            #[serde(borrow)]
            items: Vec<Back<'a>>,
        }
        let feed: Feed<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Ok(feed.items.into_iter().map(|Back { id, url, title }| Told { id, address: url, title }).collect())
    }
}

/// What only feedgen knows of an item: how fine the date of publication is known, where it was found, and how often such a
/// date is right, 0 to 1; when what it tells of took place; labels the document puts itself under; the items that tell the
/// same story, and where they can be read; the story in other languages; its publisher; the feed of others that it is from.
fn of_item(json: &mut Members<'_>, entry: &Entry<'_>) {
    let facts = &entry.item;
    json.text("date_precision", facts.precision().name());
    json.text("date_source", facts.evidence.name());
    // As short as it can be, with one decimal at least.
    json.number("date_confidence", &format_args!("{:?}", facts.evidence.confidence(facts.precision())));
    json.optional("event_date", facts.event.map(|event| event.to_string()).as_deref());
    let sections = facts.sections.iter().map(|section| text::line(section));
    json.texts("sections", sections.filter(|section| !section.is_empty()));
    json.texts("duplicates", entry.duplicates.iter().map(|copy| &copy.key));
    json.list("related", entry.related.iter().filter(|other| other.language.is_none()), |json, other| {
        json.start('{');
        json.text("url", &other.address);
        json.told("title", Some(&other.title));
        json.end('}');
    });
    json.list("translations", &entry.versions, |json, version| {
        json.start('{');
        json.text("language", &version.language);
        json.text("url", &version.address);
        json.told("title", Some(&text::line(&version.title)));
        json.end('}');
    });
    json.told("publisher", facts.publisher.as_deref().map(text::line).as_deref());
    if let Some(Credit { title, id, feed, page }) = facts.credit.as_deref() {
        json.name("credit");
        json.start('{');
        json.text("title", title);
        json.optional("id", id.as_deref());
        json.optional("feed", feed.as_ref().map(Url::as_str));
        json.optional("page", page.as_ref().map(Url::as_str));
        json.end('}');
    }
}

/// Writes an item, each member in a line of its own: as `serde_json` writes whole feeds.
struct Members<'a> {
    out: &'a mut String,
    /// In how many lists and objects the next one stands.
    depth: usize,
    /// Whether it is the first one there.
    is_first: bool,
}

/// What a line begins with, two spaces for each list or object around.
const INDENT: &str = "\n                ";

impl<'a> Members<'a> {
    /// An object that stands in so many others, behind what is written already.
    fn within(depth: usize, out: &'a mut String) -> Self {
        Self { out, depth, is_first: true }
    }

    fn start(&mut self, bracket: char) {
        self.out.push(bracket);
        self.depth += 1;
        self.is_first = true;
    }

    fn end(&mut self, bracket: char) {
        self.depth -= 1;
        self.line();
        self.out.push(bracket);
        self.is_first = false;
    }

    fn line(&mut self) {
        self.out.push_str(INDENT.get(..=2 * self.depth).unwrap_or(INDENT));
    }

    /// Goes on to the next one.
    fn next(&mut self) {
        if !self.is_first {
            self.out.push(',');
        }
        self.is_first = false;
        self.line();
    }

    /// The name of the next member, behind which its value is to be written.
    fn name(&mut self, name: &str) {
        self.next();
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\": ");
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        push_escaped(text, self.out);
        self.out.push('"');
    }

    fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        self.string(text);
    }

    fn optional(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// A text, unless it is empty.
    fn told(&mut self, name: &str, text: Option<&str>) {
        self.optional(name, text.filter(|text| !text.is_empty()));
    }

    fn number(&mut self, name: &str, number: &impl ToString) {
        self.name(name);
        self.out.push_str(&number.to_string());
    }

    /// A list, unless it is empty.
    fn list<T>(&mut self, name: &str, parts: impl IntoIterator<Item = T>, write: impl Fn(&mut Self, T)) {
        let mut parts = parts.into_iter().peekable();
        if parts.peek().is_none() {
            return;
        }
        self.name(name);
        self.start('[');
        for part in parts {
            self.next();
            write(self, part);
            self.is_first = false;
        }
        self.end(']');
    }

    fn texts(&mut self, name: &str, texts: impl Iterator<Item = impl AsRef<str>>) {
        self.list(name, texts, |json, text| json.string(text.as_ref()));
    }
}

/// Writes a text as it stands in a string (RFC 8259 §7).
fn push_escaped(text: &str, out: &mut String) {
    #[expect(clippy::needless_bitwise_bool, reason = "a branch for each byte is what this is to avoid")]
    let is_escaped = |byte: u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\');
    // Few texts but contents have one.
    if !text::has(text, is_escaped) {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some(at) = first(rest.as_bytes(), is_escaped) {
        let (before, behind) = rest.split_at(at);
        out.push_str(before);
        match behind.as_bytes().first() {
            Some(b'"') => out.push_str("\\\""),
            Some(b'\\') => out.push_str("\\\\"),
            Some(b'\n') => out.push_str("\\n"),
            Some(b'\t') => out.push_str("\\t"),
            Some(b'\r') => out.push_str("\\r"),
            Some(8) => out.push_str("\\b"),
            Some(12) => out.push_str("\\f"),
            // No text has another; the credit of a feed may.
            byte => out.extend(["\\u00", &hex(byte.copied().unwrap_or_default())]),
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

fn hex(byte: u8) -> String {
    format!("{byte:02x}")
}

#[cfg(test)]
mod tests;
