//! A channel made ready for print, once for all formats: ids, addresses, scrubbed texts, dates that can be told apart.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use url::Url;

use super::{Channel, Format, Place, Shown, Site, text};
use crate::draft::{Credit, media_type_of_ending};
use crate::item::{CanonicalUrl, Item, guid};

/// Links to the same story elsewhere, of one item.
const MOST_RELATED: usize = 10;

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

/// What all formats say of an item.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The item as it was chosen.
    pub shown: &'a Shown,
    /// RSS `<guid>`, Atom `<id>`, JSON Feed `id`: unique in the channel.
    pub id: String,
    /// RSS `<link>`, Atom `<link rel=alternate>`, JSON Feed `url`.
    pub address: String,
    /// Where the same story can be read elsewhere: the first ten, those in other languages in front.
    pub related: Vec<Related<'a>>,
    /// The title, plain text, never empty.
    pub title: String,
    /// The summary, plain text, may be empty.
    pub summary: String,
    /// The body, HTML, may be empty.
    pub content: Cow<'a, str>,
    /// Names of its authors.
    pub authors: Vec<String>,
    /// Slugs and labels of its categories.
    pub categories: Vec<(&'a str, String)>,
    /// Labels of its publisher, which are no categories here.
    pub tags: Vec<String>,
    /// Title of its source, plain text, may be empty.
    pub source_title: String,
    /// The feed of others that it was taken from. `None`: it is our own.
    pub upstream: Option<Rc<Source>>,
    /// When it was published, whole seconds.
    pub published: DateTime<Utc>,
    /// When it last changed, whole seconds.
    pub updated: DateTime<Utc>,
    /// `updated` with a fraction of a second of its own: no two in a channel are equal (Atom `<updated>`).
    pub stamp: DateTime<Utc>,
}

/// Where the same story can be read elsewhere (Atom `<link rel=related>`, RFC 4287 §4.2.7.2). In another language it is no
/// `alternate`, though that could be (§4.2.7.4): of several, many readers take the last one for the address of the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related<'a> {
    /// Its address.
    pub address: &'a str,
    /// Its title, if it is in another language, else that of its source; may be empty.
    pub title: String,
    /// Its language (BCP 47), if that is another one.
    pub language: Option<&'a str>,
}

impl<'a> Edition<'a> {
    /// Makes a channel ready to be written in these formats.
    pub fn new(site: &'a Site, channel: &'a Channel, formats: &'a [&'static dyn Format]) -> Self {
        let (keepers, mut stamps) = (keepers(channel), HashSet::new());
        let mut entries: Vec<Entry<'_>> = Vec::with_capacity(channel.items.len());
        for shown in &channel.items {
            let entry = entry(site, shown, &keepers, &mut stamps, entries.last());
            entries.push(entry);
        }
        let title = text::line(&channel.title);
        let description = text::line(&channel.description);
        Self {
            site,
            path: &channel.path,
            file: channel.place.path(&channel.path),
            place: channel.place,
            description: if description.is_empty() { title.clone() } else { description },
            title,
            language: if channel.language.is_empty() { &site.language } else { &channel.language },
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

    /// About as many bytes as it has in a format, contents apart.
    pub(super) fn bare_size(&self) -> usize {
        2048 * (self.entries.len() + 1)
    }

    /// The formats it is also published in.
    pub fn sisters(&self, extension: &'static str) -> impl Iterator<Item = &'static dyn Format> {
        self.formats.iter().copied().filter(move |format| format.extension() != extension)
    }
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

impl Source {
    /// What is told of the feed of others that an item was taken from.
    pub(super) fn of(credit: &Credit) -> Self {
        let (feed, page) = (credit.feed.as_ref().map(Url::as_str), credit.page.as_ref().map(Url::as_str));
        Self {
            title: text::line(&credit.title),
            id: credit.id.clone().or_else(|| feed.into_iter().chain(page).find_map(guid::id)),
            feed: feed.map(str::to_owned),
            page: page.map(str::to_owned),
        }
    }
}

impl Entry<'_> {
    /// The feed that the item was taken from: that of the upstream; for an item of our own the feed of its source, in the
    /// format of that ending, unless this is that feed.
    pub fn source(&self, edition: &Edition<'_>, extension: &str) -> Option<Source> {
        if let Some(upstream) = &self.upstream {
            return Some(Source::clone(upstream));
        }
        let path = self.other_feed(edition)?;
        let address = |extension: &str| Some(edition.site.address(&format!("{path}.{extension}")));
        Some(Source {
            title: self.source_title.clone(),
            id: Some(format!("tag:{}:{path}", edition.site.authority)),
            feed: address(extension),
            page: address("html"),
        })
    }

    /// The language of the item where it is another than that of the channel.
    pub fn foreign_language(&self, edition: &Edition<'_>) -> Option<&str> {
        self.shown.item.language.as_deref().filter(|language| *language != edition.language)
    }

    /// Path of its source's feed, unless this is that feed.
    fn other_feed(&self, edition: &Edition<'_>) -> Option<String> {
        let path = source_path(&self.shown.item);
        (path != edition.path && !self.source_title.is_empty()).then_some(path)
    }

    /// Whether a page is at its address, and no file by its ending.
    pub fn is_page(&self) -> bool {
        let link = self.shown.item.link.as_ref().map(CanonicalUrl::as_str);
        link.and_then(|link| link.split(['?', '#']).next()).and_then(media_type_of_ending).is_none()
    }

    /// The summary, or the title where there is none: never empty.
    pub fn summary_or_title(&self) -> &str {
        if self.summary.is_empty() { &self.title } else { &self.summary }
    }
}

/// Where an item can be read: its own address, else its page here.
pub fn address(site: &Site, item: &Item) -> String {
    match &item.link {
        Some(link) => link.as_str().to_owned(),
        None => site.address(&page_path(&item.key)),
    }
}

/// Path of the page of the item with a key.
pub fn page_path(key: &str) -> String {
    ["items/", key, ".html"].concat()
}

/// Path of the feed of an item's source, without ending.
pub fn source_path(item: &Item) -> String {
    ["sources/", item.source.as_str()].concat()
}

fn entry<'a>(
    site: &'a Site,
    shown: &'a Shown,
    keepers: &HashMap<&str, &str>,
    stamps: &mut HashSet<DateTime<Utc>>,
    before: Option<&Entry<'a>>,
) -> Entry<'a> {
    let item = &shown.item;
    // In most channels one feed is the origin of most items.
    let same = before.filter(|before| before.shown.item.credit == item.credit);
    let upstream = match (same, &item.credit) {
        (Some(before), _) => before.upstream.clone(),
        (None, credit) => credit.as_ref().map(|credit| Rc::new(Source::of(credit))),
    };
    let title = text::line(&item.title);
    let categories = item.categories.iter().map(|category| (category.slug.as_str(), text::line(&category.label)));
    let authors = item.authors.iter().map(|author| text::name(author));
    let published = writable(item.published);
    let updated = writable(item.updated);
    let mut stamp = updated + fraction(&item.key);
    while !stamps.insert(stamp) {
        stamp += TimeDelta::microseconds(1);
    }
    let address = address(site, item);
    let versions = shown.versions.iter().map(|version| Related {
        address: &version.address,
        title: text::line(&version.title),
        language: Some(&version.language),
    });
    let copies = shown.duplicates.iter().filter_map(|copy| {
        Some(Related { address: copy.address.as_deref()?, title: text::line(&copy.source_title), language: None })
    });
    let related = versions.chain(copies).filter(|other| other.address != address);
    Entry {
        shown,
        id: id(site, item, keepers),
        related: related.take(MOST_RELATED).collect(),
        address,
        title: if title.is_empty() { item.key.clone() } else { title },
        summary: text::line(&item.summary),
        content: text::scrub(item.content.as_str()),
        authors: authors.filter(|author| !author.is_empty()).collect(),
        categories: categories.filter(|(slug, label)| !slug.is_empty() && !label.is_empty()).collect(),
        tags: item.tags.iter().map(|tag| text::line(tag)).filter(|tag| !tag.is_empty()).collect(),
        source_title: text::line(&shown.source_title),
        upstream,
        published,
        updated,
        stamp,
    }
}

/// The item that keeps each guid, by key: of several, one whose address is at the host of its feed, then the one published
/// first. What comes later takes no id away.
fn keepers(channel: &Channel) -> HashMap<&str, &str> {
    let is_at_home = |item: &Item| {
        let feed = item.credit.as_ref().and_then(|credit| credit.feed.as_ref()?.host_str());
        let link = item.link.as_ref().and_then(|link| Url::parse(link.as_str()).ok());
        feed.is_some() && feed == link.as_ref().and_then(Url::host_str)
    };
    let mut items: HashMap<&str, Vec<&Item>> = HashMap::with_capacity(channel.items.len());
    for item in channel.items.iter().map(|shown| &shown.item) {
        if let Some(guid) = &item.guid {
            items.entry(guid).or_default().push(item);
        }
    }
    let mut keepers = HashMap::with_capacity(items.len());
    for (guid, mut items) in items {
        if items.len() > 1 {
            items.sort_by_cached_key(|item| (!is_at_home(item), item.published, &item.key));
        }
        keepers.extend(items.first().map(|keeper| (guid, keeper.key.as_str())));
    }
    keepers
}

/// The id of an item: its guid, if it keeps that and it is none of ours, which would be that of another; else our own `tag:`
/// URI (RFC 4151). Another id in some channel is a lesser evil than a feed that readers refuse.
fn id(site: &Site, item: &Item, keepers: &HashMap<&str, &str>) -> String {
    let is_ours = |guid: &str| {
        guid.strip_prefix("tag:")
            .and_then(|guid| guid.strip_prefix(&*site.authority))
            .is_some_and(|rest| rest.starts_with(':'))
    };
    let kept = |guid: &&String| !is_ours(guid) && keepers.get(guid.as_str()) == Some(&item.key.as_str());
    item.guid.as_ref().filter(kept).cloned().unwrap_or_else(|| format!("tag:{}:{}", site.authority, item.key))
}

/// A fraction of a second that belongs to the item: many pages tell only a day, so that many items have the same date,
/// and readers of Atom take entries with the same `updated` for versions of one.
fn fraction(key: &str) -> TimeDelta {
    let hash = key
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    TimeDelta::microseconds(i64::try_from(hash % 1_000_000).unwrap_or(0))
}

/// The date, or the nearest that has a year of four digits: no format can write another.
fn writable(time: DateTime<Utc>) -> DateTime<Utc> {
    match time.year() {
        year if year < 1 => time.with_year(1).unwrap_or(DateTime::UNIX_EPOCH),
        year if year > 9999 => time.with_year(9999).unwrap_or(DateTime::UNIX_EPOCH),
        _ => time,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{channel, item, site};
    use super::*;
    use crate::draft::Credit;
    use crate::item::Facts;

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
        let ids: Vec<_> = edition.entries.iter().map(|entry| entry.id.as_str()).collect();
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
    fn a_guid_of_several_is_kept_by_who_is_at_home_then_by_the_first() {
        let guid = "https://quay.example/?p=1";
        let entry = |number: u64, host: &str, days: i64| {
            let feed = format!("https://{host}/rss").parse().ok();
            let credit = Credit { title: String::new(), id: None, feed, page: None };
            let (published, link) =
                (item(1, "").published + TimeDelta::days(days), "https://quay.example/1".to_owned());
            let link = Some(CanonicalUrl::recall(link));
            Facts { guid: Some(guid.to_owned()), link, credit: Some(credit), published, ..item(number, "a") }
        };
        let keeper = |items: Vec<Facts>| {
            let (site, channel) = (site(), channel(items));
            let edition = Edition::new(&site, &channel, &[]);
            let kept =
                edition.entries.iter().filter(|entry| entry.id == guid).map(|entry| entry.shown.item.key.clone());
            kept.collect::<Vec<_>>()
        };
        let key = |number: u64| vec![item(number, "").key];
        assert_eq!(keeper(vec![entry(1, "pills.example", 2), entry(2, "relay.example", 1)]), key(2));
        assert_eq!(keeper(vec![entry(1, "quay.example", 2), entry(2, "relay.example", 1)]), key(1));
        assert_eq!(keeper(vec![entry(2, "relay.example", 1), entry(1, "relay.example", 1)]), key(1));
    }

    #[test]
    fn each_entry_names_the_feed_that_it_is_from() {
        let entry = |number: u64, feed: &str| {
            let title = feed.to_uppercase();
            let feed = format!("https://{feed}.example/rss").parse().ok();
            Facts { credit: Some(Credit { title, id: None, feed, page: None }), ..item(number, "a") }
        };
        let (site, channel) =
            (site(), channel(vec![entry(1, "a"), entry(2, "a"), entry(3, "b"), item(4, ""), entry(5, "a")]));
        let edition = Edition::new(&site, &channel, &[]);
        let sources = edition.entries.iter().filter_map(|entry| entry.source(&edition, "rss"));
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

    #[test]
    fn no_year_breaks_the_writers() {
        assert_eq!(writable(DateTime::<Utc>::MAX_UTC).year(), 9999);
        assert_eq!(writable(DateTime::<Utc>::MIN_UTC).year(), 1);
    }
}
