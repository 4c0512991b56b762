//! An entry of a feed, or of a page that lists news, becomes an item.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::arrival::{self, Arrival, Doubt, Identified};
use super::folder;
use super::plan::channels_of;
use crate::config::Settings;
use crate::dedup::{self, Change};
use crate::draft::{Credit, Draft, Evidence, Precision, When};
use crate::item::{Identity, Item, ItemKey, Known, Vocabulary};
use crate::read::feed;
use crate::read::listing::title;
use crate::source::Source;
use crate::store::{Entry, Seen};

/// An entry that has to be settled.
pub(super) struct Pending {
    pub(super) arrival: Arrival,
    pub(super) identity: Identified,
    /// How many of its day or time stand behind it in the list: [`Draft::order`], or its [rank](Entry::rank).
    pub(super) order: u32,
}

impl Pending {
    /// Where its article is.
    pub(super) fn url(&self) -> Option<Url> {
        self.arrival.link.clone()
    }
}

/// What became of an entry.
pub(super) struct Settled {
    /// Its place in the list, counted from the top.
    pub(super) position: usize,
    /// What it is known again by.
    pub(super) goes_by: &'static str,
    pub(super) entry: Entry,
    pub(super) change: Change,
    /// What was wrong with what it claims.
    pub(super) notes: Vec<String>,
}

/// Makes an entry an item. `claims` says what it claims, given where it leads to and whether its item is out; it is asked twice where there is
/// doubt which item it is.
pub(super) fn settle(
    pending: Pending,
    source: &Source,
    mut claims: impl FnMut(feed::Entry, Option<Url>, bool) -> Draft,
    settings: &Settings,
    vocabulary: &Vocabulary,
    now: DateTime<Utc>,
) -> Settled {
    let Pending { arrival, identity, order } = pending;
    let (names, place, goes_by) = (arrival.names(), arrival.place().to_vec(), arrival.goes_by());
    let Arrival { entry, link, position, digest: content, .. } = arrival;
    // What tells no date was met in this order, the newest first.
    let told = entry.facts.published.and_then(When::first_day);
    let dated =
        told.is_some_and(|day| day <= now.with_timezone(&source.timezone).date_naive()) || identity.known.is_some();
    let back = TimeDelta::seconds(i64::try_from(if dated { 0 } else { position }).unwrap_or(0));
    let policy = folder::policy(source, &settings.site.language, vocabulary, now - back);
    let mut settle = |entry: feed::Entry, link, key: ItemKey, known: Option<Known>| {
        let mut draft = Draft { order, ..claims(entry, link, known.is_some()) };
        // What a feed says as a title is its publisher's word.
        let listed = draft.title.as_deref().filter(|_| source.page().is_some());
        let known = known.map(|known| without_glue(known, listed));
        draft.link = draft.link.filter(|link| !is_of_feed(link, draft.credit.as_ref()));
        let identity = Identity { source: source.id.clone(), key, name: source.title.clone(), known };
        Item::settle(draft, identity, &policy)
    };
    let Identified { key, known, perhaps } = identity;
    let again = perhaps.as_ref().map(|_| (entry.clone(), link.clone()));
    let (mut item, notes) = settle(entry, link, key, known.clone());
    let mut change = dedup::judge(&item, known.as_ref());
    if let Some(((key, known, doubt), (entry, link))) = perhaps.zip(again)
        && match doubt {
            Doubt::Moved => arrival::is_version(&known, &item, source.timezone),
            Doubt::Redated => {
                let undated = Known { evidence: Evidence::FirstSeen, ..known.clone() };
                arrival::is_version(&undated, &item, source.timezone)
            }
            Doubt::Words => known.says_the_same(&item),
            Doubt::ManyWords => known.says_the_same(&item) && item.is_telling(),
        }
    {
        (item, _) = settle(entry, link, key, Some(known.clone()));
        change = dedup::judge(&item, Some(&known));
    }
    let channels = channels_of(&item, source, &settings.feeds, vocabulary);
    let leads = (change != Change::Same).then(|| dedup::leads(&item));
    let seen = Seen { path: place, content, item: Some(item.key.clone()), ..Seen::default() };
    // The order of a day is told by seconds, and so is that of what tells no date.
    let has_seconds = item.precision() == Precision::Day || item.evidence == Evidence::FirstSeen;
    let rank = if has_seconds { 0 } else { order };
    let entry = Entry { seen, item: Some((item, channels)), names, leads, rank, ..Entry::default() };
    Settled { position, goes_by, entry, change, notes }
}

/// An item with the title that is told of it now, where the one that it has differs from that by what its list glues to titles: no
/// word of the story has changed.
fn without_glue(known: Known, title: Option<&str>) -> Known {
    let is_one = |title: &&str| title::is_glued(&known.title, title) || title::is_glued(title, &known.title);
    match title.filter(is_one).map(str::to_owned) {
        Some(title) => Known { title, ..known },
        None => known,
    }
}

/// Whether a link leads to the feed itself, as that of `<link>#</link>` does: there is nothing to read. The feed of a page is none.
fn is_of_feed(link: &Url, credit: Option<&Credit>) -> bool {
    // Feeds are led on to https, or to the address with a slash.
    fn place(url: &Url) -> (Option<&str>, Option<u16>, &str, Option<&str>) {
        (url.host_str(), url.port(), url.path().trim_end_matches('/'), url.query())
    }
    // The whole of a host is no feed to a reader.
    let is_page = link.path() == "/" && link.query().is_none();
    !is_page && credit.and_then(|credit| credit.feed.as_ref()).is_some_and(|feed| place(link) == place(feed))
}
