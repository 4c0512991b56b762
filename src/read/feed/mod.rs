//! Feeds of others: RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0, CDF and JSON Feed become what they say, well formed or not.
//!
//! Nothing is sanitized here, and nothing is decided: [`Entry::draft`] hands the claims on.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use memchr::memchr;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::ReadError;
use crate::document::Visits;
use crate::draft::{Doubt, When};

mod date;
mod draft;
mod elsewhere;
mod encoding;
mod entity;
mod facts;
mod json;
mod namespace;
pub mod opml;
mod person;
mod scan;
mod text;
mod tree;
mod visits;
mod words;

#[cfg(test)]
mod tests;

use date::Dates;
pub use encoding::declared as declared_charset;
pub(super) use entity::{Entities, push_capped};
pub use facts::is_name;
pub use person::Person;
pub(super) use scan::{Scanner, Token};
pub(super) use text::is_evidently_html;
pub use text::{Markup, Text};

/// Bytes of one field; longer ones are cut.
const FIELD: usize = 1024 * 1024;

/// What is known of a feed before it is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around<'a> {
    /// Charset of the HTTP `Content-Type`. `None`: it tells none.
    pub charset: Option<&'a str>,
    /// Where it is: `Content-Location`, else the address of the response. `None`: it is not known.
    pub base: Option<&'a Url>,
    /// Language of the HTTP `Content-Language`. `None`: it tells none.
    pub language: Option<&'a str>,
    /// The time of reading: years of two figures and days that are still to come are told by it. `None`: it is not known.
    pub now: Option<DateTime<Utc>>,
}

/// A feed as it was read.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    /// What it says about itself.
    pub about: Facts,
    /// The program that wrote it (`<generator>`).
    pub generator: Option<String>,
    /// When it wishes to be visited. JSON Feed tells nothing of it.
    pub visits: Visits,
    /// Its entries in order, at most 10,000.
    pub entries: Vec<Entry>,
    /// Its tail was lost: what is missing here may not be missing there.
    pub partial: bool,
    /// Of its last entry, too: there is an id, and perhaps no more.
    pub half: bool,
    /// What was left out or mended, for the report: lower case, no full stop.
    pub notes: Vec<String>,
}

impl Feed {
    /// Its own address, as it tells it (RFC 4287 §4.2.7.2 `rel=self`, JSON Feed `feed_url`). `None`: it tells none.
    pub fn address(&self) -> Option<&str> {
        self.about.links.iter().find(|link| link.rel == "self").map(|link| link.href.as_str())
    }
}

/// What feed, entry and source have in common. Addresses are absolute where there is something to resolve them against.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Facts {
    /// Its id as it stands (RSS `<guid>`, Atom `<id>`, `rdf:about`, JSON Feed `id`).
    pub id: Option<String>,
    /// Its title (`<title>`).
    pub title: Option<Text>,
    /// RSS `<description>`, Atom `<summary>` or `<subtitle>`, JSON Feed `summary` or `description`.
    pub summary: Option<Text>,
    /// Its page (RSS `<link>`, Atom `rel=alternate`, JSON Feed `url`, a guid that is an address). For want of any, the
    /// Atom `<id>` that names it (`urn:`, `tag:`).
    pub link: Option<String>,
    /// All links, in order.
    pub links: Vec<Link>,
    /// RSS `<pubDate>`, Atom `<published>`, JSON Feed `date_published`; of an entry that has none, `updated`.
    pub published: Option<When>,
    /// What the words of that leave open, where a page tells it.
    pub doubt: Doubt,
    /// Whether that is `updated`, for want of a date of its own.
    pub is_only_updated: bool,
    /// RSS `<lastBuildDate>`, Atom `<updated>`, `dc:date`, JSON Feed `date_modified`.
    pub updated: Option<When>,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// Who helped (`<contributor>`, `dc:contributor`).
    pub contributors: Vec<Person>,
    /// What it is filed under, without doubles.
    pub categories: Vec<Category>,
    /// Atom `<rights>`, RSS `<copyright>`, `dc:rights`.
    pub rights: Option<Text>,
    /// BCP 47 tag, as told or inherited.
    pub language: Option<String>,
    /// Address of its picture (RSS `<image>`, Atom `<logo>`, `itunes:image`, `media:thumbnail`).
    pub image: Option<String>,
}

/// An entry as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Entry {
    /// What it says about itself.
    pub facts: Facts,
    /// `content:encoded`, Atom `<content>`, `xhtml:body`, JSON Feed `content_html` and `content_text`.
    pub contents: Vec<Text>,
    /// RSS `<enclosure>`, Atom `rel=enclosure`, JSON Feed `attachments`.
    pub enclosures: Vec<Attachment>,
    /// Media RSS `<media:content>` but pictures.
    pub media: Vec<Attachment>,
    /// The page with its comments (RSS `<comments>`).
    pub comments: Option<String>,
    /// The feed that it was taken from (`<source>`).
    pub source: Option<Box<Facts>>,
}

impl Entry {
    /// Whether there is nothing to show and nothing to know it by: no title, text, link, picture, file or id.
    fn says_nothing(&self) -> bool {
        let Self { facts, contents, enclosures, media, comments, .. } = self;
        let is_blank = |text: &str| text.trim().is_empty();
        facts.links.is_empty()
            && [&facts.id, &facts.link, &facts.image, comments].into_iter().flatten().all(|told| is_blank(told))
            && facts.title.iter().chain(&facts.summary).chain(contents).all(|text| is_blank(&text.value))
            && enclosures.is_empty()
            && media.is_empty()
    }

    /// A hash of all that the entry says, to tell whether it has changed since it was last read. What it takes over
    /// from its feed when it becomes a draft is not in it. Another version of the program may hash otherwise.
    pub fn digest(&self) -> [u8; 16] {
        let mut words = Words(Vec::with_capacity(4096));
        self.hash(&mut words);
        let mut digest = [0; 16];
        digest.iter_mut().zip(Sha256::digest(&words.0)).for_each(|(to, from)| *to = from);
        digest
    }
}

/// Gathers what makes up a value: a hash of many small pieces is dearer than that of one.
struct Words(Vec<u8>);

impl Hasher for Words {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

/// A link (Atom `<link>`, RSS `<link>`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Link {
    /// Where to.
    pub href: String,
    /// What is there: `alternate`, `self`, `enclosure`, `replies` and others.
    pub rel: String,
    /// Media type.
    pub media_type: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// BCP 47 tag of what is there.
    pub language: Option<String>,
    /// Size in bytes.
    pub length: Option<u64>,
}

/// What something is filed under (RSS `<category>`, Atom `<category>`, `dc:subject`, JSON Feed `tags`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Category {
    /// The name, or what stands for it.
    pub term: String,
    /// The vocabulary that it is from.
    pub scheme: Option<String>,
    /// The name for people, where it differs.
    pub label: Option<String>,
}

/// A file that belongs to an entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attachment {
    /// Where it is.
    pub url: String,
    /// Size in bytes. `None`: it is not told, or not as a number.
    pub length: Option<u64>,
    /// Media type.
    pub media_type: Option<String>,
}

/// Reads a feed, as far as it can be read. Entries that say nothing are left out.
///
/// # Errors
/// When there is nothing in it, or it is no text, or it is no feed.
pub fn read(bytes: &[u8], around: &Around<'_>) -> Result<Feed, ReadError> {
    let mut feed = read_all(bytes, around)?;
    // What was cut off may have said something.
    let half = if feed.half { feed.entries.pop() } else { None };
    let found = feed.entries.len();
    feed.entries.retain(|entry| !entry.says_nothing());
    let nothing = found - feed.entries.len();
    feed.entries.extend(half);
    match nothing {
        0 => {}
        1 => feed.notes.push("has an entry without title, text, link, file and id: it is left out".to_owned()),
        several => {
            feed.notes.push(format!("has {several} entries without title, text, link, file and id: they are left out"));
        }
    }
    Ok(feed)
}

/// The same with entries that say nothing, such as `<item/>` or `{"id": null}`.
///
/// # Errors
/// When there is nothing in it, or it is no text, or it is no feed.
pub fn read_all(bytes: &[u8], around: &Around<'_>) -> Result<Feed, ReadError> {
    let (text, note) = encoding::decode(bytes, around.charset)?;
    let text: Cow<'_, str> = match memchr(0, text.as_bytes()) {
        Some(_) => Cow::Owned(text.replace('\0', "")),
        None => text,
    };
    let read = read_text(&text, around).or_else(|| read_text(&shown(&text)?, around));
    let mut feed = read.ok_or(ReadError::NoFeed)?;
    for Entry { facts, .. } in &mut feed.entries {
        facts.is_only_updated = facts.published.is_none() && facts.updated.is_some();
        facts.published = facts.published.or(facts.updated);
    }
    feed.notes.extend(note);
    Ok(feed)
}

fn read_text(text: &str, around: &Around<'_>) -> Option<Feed> {
    // Programs that put texts together leave the mark of each.
    let text = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    let is_json = text.starts_with('{');
    let read = |dates: &Dates| if is_json { json::read(text, around, dates) } else { xml(text, around, dates) };
    let dates = Dates::new(around.now);
    let feed = read(&dates)?;
    match dates.in_order(feed.about.language.as_deref()) {
        Some(dates) => read(&dates),
        None => Some(feed),
    }
}

/// The words of a page that shows a document as it is written, as browsers show those that they take for text. `None`: it begins
/// with other words.
fn shown(text: &str) -> Option<String> {
    let mut entities = Entities::default();
    let (mut scanner, mut words) = (Scanner::new(text), String::new());
    while let Some(token) = scanner.next("") {
        if let Token::Text(text) = token {
            if words.is_empty() && !text.trim_start().starts_with(['&', '{']) {
                if text.trim().is_empty() {
                    continue;
                }
                return None;
            }
            // Of one reference at a time: what is decoded at once is no longer than a field.
            for piece in text.split_inclusive(';') {
                let mut decoded = String::new();
                entities.decode(piece, &mut decoded);
                words.push_str(&decoded);
            }
        }
    }
    Some(words).filter(|words| words.trim_start().starts_with(['<', '{']))
}

fn xml(text: &str, around: &Around<'_>, dates: &Dates) -> Option<Feed> {
    let mut entries = Vec::new();
    let address = around.base.map(|base| Arc::new(base.clone()));
    // What tells where the site is stands before the entries.
    let mut sought = None;
    let outline = tree::read(text, around, |elements, channel| {
        let site = sought.get_or_insert_with(|| elsewhere::site_of(channel, address.as_ref(), dates));
        entries.push(match (site, &address) {
            (Some(site), Some(address)) => elsewhere::entry(elements, site, address, dates),
            (site, address) => facts::entry(elements, address.as_ref().or(site.as_ref()), dates),
        });
    });
    let base = address.or(sought.flatten());
    outline.is_feed.then(|| Feed {
        about: facts::facts(&outline.channel, 0, base.as_ref(), dates),
        generator: facts::generator(&outline.channel),
        visits: visits::visits(&outline.channel),
        entries,
        partial: outline.partial,
        half: outline.half,
        notes: outline.notes,
    })
}

/// The address of a site, to resolve others against. `None`: it is none of the web, and what it would lead to might act.
fn site(link: &str) -> Option<Arc<Url>> {
    Url::parse(link).ok().filter(|url| matches!(url.scheme(), "http" | "https")).map(Arc::new)
}

/// Bytes at the start of a document that tell whether it is a feed.
const HEAD: usize = 4096;

/// Whether a document looks like a feed: its first tag is that of one, or it names the version of JSON Feed. Before it warnings of
/// PHP may stand, which are lines with words in bold.
pub fn looks_like_feed(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    let head: String =
        String::from_utf8_lossy(head).chars().filter(|c| !matches!(c, '\0' | '\u{feff}' | '\u{fffd}')).collect();
    if head.trim_start().starts_with('{') {
        return head.contains("jsonfeed.org/version");
    }
    let mut scanner = scan::Scanner::new(&head);
    let first = std::iter::from_fn(|| scanner.next("")).find_map(|token| match token {
        scan::Token::Start { name, .. } => Some(name.to_ascii_lowercase()).filter(|name| name != "br" && name != "b"),
        _ => None,
    });
    let local = first.as_deref().map(|name| name.rsplit(':').next().unwrap_or(name));
    matches!(local, Some("rss" | "feed" | "rdf" | "channel"))
}
