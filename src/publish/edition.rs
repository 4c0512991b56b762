//! A channel made ready for print, once for all formats: ids, and dates that can be told apart.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use url::Url;

use super::shown::{Manner, writable};
use super::{Channel, Format, Place, Shown, Site, Source, text};
use crate::item::Facts;

/// What all formats say of a channel, each in its own words.
#[derive(Debug)]
pub struct Edition<'a> {
    /// Who publishes.
    pub site: &'a Site,
    /// Path of the channel below the publish directory, without ending.
    pub path: &'a str,
    /// Path of its files: the same, or that of a page of its archive.
    pub file: String,
    /// Which document of the history of its channel it is.
    pub place: Place,
    /// The title, plain text.
    pub title: String,
    /// What is in it, plain text, never empty.
    pub description: String,
    /// BCP 47 tag.
    pub language: &'a str,
    /// The newest change in it. `None`: it is empty.
    pub updated: Option<DateTime<Utc>>,
    /// The formats it is published in.
    pub formats: &'a [&'static dyn Format],
    /// Its items, newest first.
    pub entries: Vec<Entry<'a>>,
}

/// What all formats say of an item in this channel, beyond what is said of it in all.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The item.
    pub shown: &'a Shown,
    /// RSS `<guid>`, Atom `<id>`, JSON Feed `id`: unique in the channel.
    pub id: Cow<'a, str>,
    /// `updated` with a fraction of a second of its own: no two in a channel are equal (Atom `<updated>`).
    pub stamp: DateTime<Utc>,
    /// Whether its language is another than that of the channel.
    is_foreign: bool,
    /// Whether the channel is that of its source.
    pub(super) is_at_home: bool,
}

impl Deref for Entry<'_> {
    type Target = Shown;

    fn deref(&self) -> &Shown {
        self.shown
    }
}

impl<'a> Edition<'a> {
    /// Makes a channel ready to be written in these formats.
    pub fn new(site: &'a Site, channel: &'a Channel, formats: &'a [&'static dyn Format]) -> Self {
        let (keepers, mut stamps) = (keepers(channel), HashSet::with_capacity(channel.items.len()));
        let language: &'a str = if channel.language.is_empty() { &site.language } else { &channel.language };
        let home = channel.path.strip_prefix(SOURCES);
        let entry = |shown: &'a Arc<Shown>| {
            let mut stamp = shown.stamp();
            while !stamps.insert(stamp) {
                stamp += TimeDelta::microseconds(1);
            }
            Entry {
                shown,
                id: id(site, &shown.item, &keepers),
                stamp,
                is_foreign: shown.item.language.as_deref().is_some_and(|own| own != language),
                is_at_home: home == Some(shown.item.source.as_str()),
            }
        };
        let entries = channel.items.iter().map(entry).collect();
        let title = text::line(&channel.title);
        let description = text::line(&channel.description);
        Self {
            site,
            path: &channel.path,
            file: channel.place.path(&channel.path),
            place: channel.place,
            description: if description.is_empty() { title.clone() } else { description },
            title,
            language,
            updated: channel.updated().map(writable),
            formats,
            entries,
        }
    }

    /// The newest change in it; of an empty channel the date in the authority (RFC 4151 §2.1), when its id began: nothing
    /// has changed since, and the clock would change the bytes.
    pub fn updated_or_begun(&self) -> DateTime<Utc> {
        let begun = || {
            let (_, date) = self.site.authority.rsplit_once(',')?;
            let mut parts = date.splitn(3, '-');
            let year = parts.next()?.parse().ok()?;
            let mut next = || parts.next().map_or(Some(1), |part| part.parse().ok());
            let day = NaiveDate::from_ymd_opt(year, next()?, next()?)?;
            Some(writable(day.and_time(NaiveTime::MIN).and_utc()))
        };
        self.updated.or_else(begun).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// Where its file of that ending is published.
    pub fn address(&self, extension: &str) -> String {
        [self.site.url.as_str(), &self.file, ".", extension].concat()
    }

    /// Where the page about its channel is published.
    pub fn home(&self) -> String {
        [self.site.url.as_str(), self.path, ".html"].concat()
    }

    /// Relation and address of the documents with more of its channel, as files of that ending (RFC 5005 §4).
    pub(super) fn history(&self, extension: &str) -> Vec<(&'static str, String)> {
        let address = |path: String| self.site.address(&format!("{path}.{extension}"));
        self.place.links(self.path).into_iter().map(|(relation, path)| (relation, address(path))).collect()
    }

    /// The hubs at which it can be subscribed to (WebSub §4); pages of archives cannot: nothing comes to them.
    pub(super) fn hubs(&self) -> &'a [Url] {
        if matches!(self.place, Place::Page(_)) { &[] } else { &self.site.hubs }
    }

    /// The formats it is also published in.
    pub fn sisters(&self, extension: &'static str) -> impl Iterator<Item = &'static dyn Format> {
        self.formats.iter().copied().filter(move |format| format.extension() != extension)
    }
}

impl Entry<'_> {
    /// The feed that the item was taken from: that of the upstream; for an item of our own the feed of its source, in the
    /// format of that ending, unless this is that feed.
    pub fn source(&self, edition: &Edition<'_>, extension: &str) -> Option<Cow<'_, Source>> {
        if let Some(upstream) = &self.upstream {
            return Some(Cow::Borrowed(upstream));
        }
        let path = self.other_feed()?;
        let address = |extension: &str| Some(edition.site.address(&format!("{path}.{extension}")));
        Some(Cow::Owned(Source {
            title: self.source_title.clone(),
            id: Some(format!("tag:{}:{path}", edition.site.authority)),
            feed: address(extension),
            page: address("html"),
        }))
    }

    /// The language of the item where it is another than that of the channel.
    pub fn foreign_language(&self) -> Option<&str> {
        self.item.language.as_deref().filter(|_| self.is_foreign)
    }

    /// Path of its source's feed, unless this is that feed.
    fn other_feed(&self) -> Option<String> {
        (!self.is_at_home && !self.source_title.is_empty()).then(|| source_path(&self.item))
    }

    /// All that what a format writes of it here depends on, besides the item.
    pub(super) fn manner(&self, format: &dyn Format, content: Option<&str>) -> Manner {
        Manner {
            format: format.extension(),
            keeps_guid: self.item.guid.as_deref() == Some(&*self.id),
            stamp: self.stamp,
            is_foreign: self.is_foreign,
            names_source: self.upstream.is_some() || !self.is_at_home,
            has_content: content.is_some(),
        }
    }
}

/// What the paths of the feeds of sources begin with.
const SOURCES: &str = "sources/";

/// Path of the feed of an item's source, without ending.
pub fn source_path(item: &Facts) -> String {
    [SOURCES, item.source.as_str()].concat()
}

/// The item that keeps each guid. Which of several bears it has been decided for all channels; should two meet in one for all
/// that, it is the one published first.
fn keepers(channel: &Channel) -> HashMap<&str, &Facts> {
    let mut keepers: HashMap<&str, &Facts> = HashMap::with_capacity(channel.items.len());
    for item in channel.items.iter().map(|shown| &shown.item) {
        let Some(guid) = &item.guid else { continue };
        let keeper = keepers.entry(guid).or_insert(item);
        if (item.published, &item.key) < (keeper.published, &keeper.key) {
            *keeper = item;
        }
    }
    keepers
}

/// The id of an item: its guid, if it keeps that and it is none of ours, which would be that of another; else our own `tag:`
/// URI (RFC 4151). Another id in some channel is a lesser evil than a feed that readers refuse.
fn id<'a>(site: &Site, item: &'a Facts, keepers: &HashMap<&str, &Facts>) -> Cow<'a, str> {
    let is_ours = |guid: &str| {
        guid.strip_prefix("tag:")
            .and_then(|guid| guid.strip_prefix(&*site.authority))
            .is_some_and(|rest| rest.starts_with(':'))
    };
    let is_kept = |guid: &&str| !is_ours(guid) && keepers.get(guid).is_some_and(|keeper| keeper.key == item.key);
    match item.guid.as_deref().filter(is_kept) {
        Some(guid) => Cow::Borrowed(guid),
        None => Cow::Owned(format!("tag:{}:{}", site.authority, item.key)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{channel, item, site};
    use super::*;
    use crate::draft::Credit;

    #[test]
    fn items_of_one_day_have_dates_of_their_own() {
        let channel = channel((0..2000).map(|number| item(number, "Same day")).collect());
        let site = site();
        let edition = Edition::new(&site, &channel, &[]);
        let stamps: HashSet<_> = edition.entries.iter().map(|entry| entry.stamp).collect();
        assert_eq!(stamps.len(), 2000);
        assert!(edition.entries.iter().all(|entry| entry.stamp.timestamp() == entry.updated.timestamp()));
    }

    #[test]
    fn a_guid_is_the_id_if_it_is_the_only_one_and_not_ours() {
        let mut items = vec![item(1, "a"), item(2, "b"), item(3, "c")];
        items[0].guid = Some("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a".to_owned());
        items[1].guid = Some("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a".to_owned());
        items[2].guid = Some("tag:news.example.edu,2026:0000000000000001".to_owned());
        let (site, channel) = (site(), channel(items));
        let edition = Edition::new(&site, &channel, &[]);
        let ids: Vec<_> = edition.entries.iter().map(|entry| &*entry.id).collect();
        assert_eq!(
            ids,
            [
                "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
                "tag:news.example.edu,2026:0000000000000002",
                "tag:news.example.edu,2026:0000000000000003",
            ]
        );
    }

    #[test]
    fn each_entry_names_the_feed_that_it_is_from() {
        let entry = |number: u64, feed: &str| {
            let title = feed.to_uppercase();
            let feed = format!("https://{feed}.example/rss").parse().ok();
            Facts { credit: Some(Arc::new(Credit { title, id: None, feed, page: None })), ..item(number, "a") }
        };
        let (site, channel) =
            (site(), channel(vec![entry(1, "a"), entry(2, "a"), entry(3, "b"), item(4, ""), entry(5, "a")]));
        let edition = Edition::new(&site, &channel, &[]);
        let sources = edition.entries.iter().filter_map(|entry| entry.source(&edition, "rss").map(Cow::into_owned));
        let told: Vec<_> = sources.map(|source| (source.title, source.feed.unwrap_or_default())).collect();
        let of = |title: &str, feed: &str| (title.to_owned(), format!("https://{feed}"));
        let own = of("Riverside University", "news.example.edu/feeds/sources/riverside.rss");
        let (a, b) = (of("A", "a.example/rss"), of("B", "b.example/rss"));
        assert_eq!(told, [a.clone(), a.clone(), b, own, a]);
    }

    #[test]
    fn an_empty_channel_has_not_changed_since_its_id_began() {
        let channel = channel(Vec::new());
        for (authority, expected) in [
            ("news.example.edu,2026", "2026-01-01"),
            ("news.example.edu,2026-03", "2026-03-01"),
            ("news.example.edu,2026-03-04", "2026-03-04"),
            ("news.example.edu,2026-13", "1970-01-01"),
            ("news.example.edu", "1970-01-01"),
        ] {
            let site = Site { authority: authority.to_owned(), ..site() };
            let updated = Edition::new(&site, &channel, &[]).updated_or_begun();
            assert_eq!(updated.to_rfc3339(), format!("{expected}T00:00:00+00:00"), "{authority}");
        }
    }
}
