//! An item as channels show it: cleaned once for all of them, with what was written of it last.

use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use memchr::memchr2;
use url::Url;

use super::{Site, text};
use crate::draft::{Credit, media_type_of_ending};
use crate::item::{CanonicalUrl, Facts, Item, guid};

/// Links to the same story elsewhere, of one item.
const MOST_RELATED: usize = 10;
/// Manners in which an item is kept as it was written: two in each format, as a rule.
const MOST_MANNERS: usize = 12;

/// What all channels and formats say of an item.
#[derive(Debug)]
pub struct Shown {
    /// The item as it was chosen, its texts made fit: a title, which is never empty, summary, names, labels, and the body.
    pub item: Facts,
    /// The address of its page here, where it has none of its own.
    own_page: Option<String>,
    /// Title of its source, plain text. Empty: it has none, or the item is from a feed of others, whose title counts.
    pub source_title: String,
    /// The feed of others that it was taken from. `None`: it is our own.
    pub upstream: Option<Arc<Source>>,
    /// When it was published, whole seconds.
    pub published: DateTime<Utc>,
    /// When it last changed, whole seconds.
    pub updated: DateTime<Utc>,
    /// The items that tell the same story and are not shown beside it.
    pub duplicates: Vec<Duplicate>,
    /// Where it can be read in other languages.
    pub versions: Vec<Version>,
    /// Where the same story can be read elsewhere: the first ten, those in other languages in front.
    pub related: Vec<Related>,
    /// What was written of it last, and found right: of a site whose other settings are the same. It shows nowhere that this
    /// is at hand.
    written: Mutex<Vec<(Manner, Arc<str>)>>,
}

/// A story in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its language (BCP 47), as written.
    pub language: String,
    /// Where it can be read.
    pub address: String,
    /// Its title, which may be empty.
    pub title: String,
}

/// An item that tells the same story as another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Its key.
    pub key: String,
    /// Title of the source it came from.
    pub source_title: String,
    /// Where it can be read. `None`: nowhere.
    pub address: Option<String>,
}

/// Where the same story can be read elsewhere (Atom `<link rel=related>`, RFC 4287 §4.2.7.2). In another language it is no
/// `alternate`, though that could be (§4.2.7.4): of several, many readers take the last one for the address of the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its address.
    pub address: String,
    /// Its title, if it is in another language, else that of its source; may be empty.
    pub title: String,
    /// Its language (BCP 47), if that is another one.
    pub language: Option<String>,
}

/// The feed that an item was taken from, as the formats tell it (RSS `<source>`, Atom `<source>`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its title, plain text, never empty.
    pub title: String,
    /// Its id, a URI. `None`: it has none, nor an address that can be one.
    pub id: Option<String>,
    /// Where it is. `None`: it is not known.
    pub feed: Option<String>,
    /// Where its page is. `None`: it is not known.
    pub page: Option<String>,
}

/// All that what a format writes of an item depends on, besides the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question that has nothing to do with the others")]
pub(super) struct Manner {
    pub(super) format: &'static str,
    pub(super) keeps_guid: bool,
    pub(super) stamp: DateTime<Utc>,
    /// Whether its language is another than that of the channel.
    pub(super) is_foreign: bool,
    /// Whether it tells what it is from: what the channel is of need not be told.
    pub(super) names_source: bool,
    pub(super) has_content: bool,
}

impl Deref for Shown {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.item
    }
}

impl Shown {
    /// Makes an item ready to be shown on a site, with the title of its source, the feed of others that it is from ([`Source::of`]),
    /// the items that tell the same story, and its versions in other languages.
    pub fn new(
        site: &Site,
        item: Item,
        source_title: &str,
        upstream: Option<Arc<Source>>,
        duplicates: Vec<Duplicate>,
        versions: Vec<Version>,
    ) -> Self {
        let mut item = item.into_facts();
        // Most texts are fit as they are.
        for text in [&mut item.title, &mut item.summary].into_iter().chain(&mut item.tags) {
            text::make_line(text);
        }
        if item.title.is_empty() {
            item.title.clone_from(&item.key);
        }
        item.tags.retain(|tag| !tag.is_empty());
        item.authors.iter_mut().for_each(text::make_name);
        item.authors.retain(|author| !author.is_empty());
        item.categories.iter_mut().for_each(|category| text::make_line(&mut category.label));
        item.categories.retain(|category| !category.slug.is_empty() && !category.label.is_empty());
        item.content.make_fit();
        let own_page = item.link.is_none().then(|| address(site, &item));
        let mut shown = Self {
            source_title: if upstream.is_some() { String::new() } else { text::line(source_title) },
            upstream,
            published: writable(item.published),
            updated: writable(item.updated),
            duplicates,
            versions,
            related: Vec::new(),
            own_page,
            item,
            written: Mutex::default(),
        };
        shown.related = related(shown.address(), &shown.duplicates, &shown.versions);
        shown
    }

    /// Where it can be read: RSS `<link>`, Atom `<link rel=alternate>`, JSON Feed `url`.
    pub fn address(&self) -> &str {
        let own = self.item.link.as_ref().map(CanonicalUrl::as_str);
        own.or(self.own_page.as_deref()).unwrap_or_default()
    }

    /// The body, HTML, may be empty.
    pub fn content(&self) -> &str {
        self.item.content.as_str()
    }

    /// The summary, or the title where there is none: never empty.
    pub fn summary_or_title(&self) -> &str {
        if self.item.summary.is_empty() { &self.item.title } else { &self.item.summary }
    }

    /// Whether a page is at its address, and no file by its ending.
    pub fn is_page(&self) -> bool {
        let link = self.item.link.as_ref().map(CanonicalUrl::as_str);
        link.and_then(|link| {
            let end = memchr2(b'?', b'#', link.as_bytes()).unwrap_or(link.len());
            media_type_of_ending(link.get(..end)?)
        })
        .is_none()
    }

    /// When it last changed, with a fraction of a second that belongs to the item: many pages tell only a day, so that many
    /// items have the same date, and readers of Atom take entries with the same `updated` for versions of one.
    pub(super) fn stamp(&self) -> DateTime<Utc> {
        let hash =
            self.item.key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
        self.updated + TimeDelta::microseconds(i64::try_from(hash % 1_000_000).unwrap_or(0))
    }

    /// What was written of it in a manner, and found right. `None`: it is not at hand.
    pub(super) fn written(&self, manner: &Manner) -> Option<Arc<str>> {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.iter().find(|(known, _)| known == manner).map(|(_, piece)| Arc::clone(piece))
    }

    /// Keeps what was written of it in a manner, and found right.
    pub(super) fn keep(&self, manner: Manner, piece: Arc<str>) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        // Two pages may have been rendered at once.
        if written.iter().any(|(known, _)| *known == manner) {
            return;
        }
        if written.len() == MOST_MANNERS {
            written.remove(0);
        }
        written.push((manner, piece));
    }

    /// About how many bytes it takes, what was written of it included.
    pub fn size(&self) -> usize {
        let texts = [&self.item.title, &self.item.summary].map(String::len);
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let written: usize = written.iter().map(|(_, piece)| size_of::<Manner>() + piece.len()).sum();
        size_of::<Self>() + texts.iter().sum::<usize>() + self.content().len() + written
    }
}

/// Where the same story can be read elsewhere, other than at an address.
fn related(address: &str, duplicates: &[Duplicate], versions: &[Version]) -> Vec<Related> {
    let versions = versions.iter().map(|version| Related {
        address: version.address.clone(),
        title: text::line(&version.title),
        language: Some(version.language.clone()),
    });
    let copies = duplicates.iter().filter_map(|copy| {
        Some(Related { address: copy.address.clone()?, title: text::line(&copy.source_title), language: None })
    });
    versions.chain(copies).filter(|other| other.address != address).take(MOST_RELATED).collect()
}

impl Source {
    /// What is told of the feed of others that an item was taken from.
    pub fn of(credit: &Credit) -> Self {
        let (feed, page) = (credit.feed.as_ref().map(Url::as_str), credit.page.as_ref().map(Url::as_str));
        Self {
            title: text::line(&credit.title),
            id: credit.id.clone().or_else(|| feed.into_iter().chain(page).find_map(guid::id)),
            feed: feed.map(str::to_owned),
            page: page.map(str::to_owned),
        }
    }
}

/// Where an item can be read: its own address, else its page here.
pub fn address(site: &Site, item: &Facts) -> String {
    match &item.link {
        Some(link) => link.as_str().to_owned(),
        None => site.address(&page_path(&item.key)),
    }
}

/// Path of the page of the item with a key.
pub fn page_path(key: &str) -> String {
    ["items/", key, ".html"].concat()
}

/// The date, or the nearest that has a year of four digits: no format can write another.
pub(super) fn writable(time: DateTime<Utc>) -> DateTime<Utc> {
    match time.year() {
        year if year < 1 => time.with_year(1).unwrap_or(DateTime::UNIX_EPOCH),
        year if year > 9999 => time.with_year(9999).unwrap_or(DateTime::UNIX_EPOCH),
        _ => time,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_year_breaks_the_writers() {
        assert_eq!(writable(DateTime::<Utc>::MAX_UTC).year(), 9999);
        assert_eq!(writable(DateTime::<Utc>::MIN_UTC).year(), 1);
    }
}
