//! Which item an entry of a feed is: the one that goes by its id, or is known by its address, its title and date, or the number of
//! its article and its title.
//!
//! Publishers change ids, switch to https, add parameters that count readers, list an article in a second column and move to
//! another host; none of this makes a new item. Wrongly taking an entry for an older one would lose it, so what is not certain has
//! to agree in all its words.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use chrono::{DateTime, Utc};
use url::Url;

use crate::draft::Evidence;
use crate::item::link::bare;
use crate::item::{Fingerprint, ItemKey, Known, digest, guid, mint, number, text};
use crate::read::feed;
use crate::read::listing::title;
use crate::source::{Source, SourceId, Tz};
use crate::store::{Seen, Store, StoreError};

mod around;
mod dated;
mod relisted;

pub(super) use around::Surroundings;
pub(super) use dated::stamp;
pub(super) use relisted::{is_version, relisted, retitled};

/// Bytes of an id that is taken as it is; longer ones go by their hash.
const LONGEST_ID: usize = 500;
/// Digits of a number that may be the place of an entry in its feed; what a system counts its articles by soon has more.
const MOST_DIGITS: usize = 3;
/// Characters from which on nobody counts in an id.
const LONG_ID: usize = 16;

/// An entry of a feed, before it is known which item it is.
pub(super) struct Arrival {
    pub(super) entry: feed::Entry,
    /// Where it leads to.
    pub(super) link: Option<Url>,
    /// Its place in the feed, counted from the top.
    pub(super) position: usize,
    /// Hash of all that it says.
    pub(super) digest: Fingerprint,
    /// What it may go by in its source, the best first: its id, its address, its title and date, all that it says. What
    /// other entries share is not among it.
    places: Vec<Vec<u8>>,
    names: Names,
    /// The host that it leads to, as far as it tells sites apart.
    host: Option<String>,
    /// Its id is its address: one proof, and not two.
    goes_by_address: bool,
}

/// Hashes of what else an entry is known by, each with the source in it.
#[derive(Clone, Copy, Default)]
struct Names {
    /// Its id as an address, whatever the scheme.
    id: Option<i64>,
    /// Its address.
    link: Option<i64>,
    /// Its title and its date.
    title: Option<i64>,
    /// The number of its article, or its path: what its address says in any column and on any host.
    mark: Option<i64>,
    /// All that it says, where it has no id: others may come that share the rest.
    whole: Option<i64>,
}

/// The item that an entry is about.
pub(super) struct Identified {
    pub(super) key: ItemKey,
    /// What is out of it.
    pub(super) known: Option<Known>,
    /// An item that it may be instead, and what has to speak for it.
    pub(super) perhaps: Option<(ItemKey, Known, Doubt)>,
}

/// What has to speak for it that an entry is an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// That it is a version of it: [`is_version`].
    Moved,
    /// The same, whatever its day is: [`is_redated`](relisted::is_redated).
    Redated,
    /// The same words.
    Words,
    /// The same words, and many.
    ManyWords,
}

/// What speaks for it that an entry is an item, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// Its own id or address, where the item was removed: it stays so, whatever else is edited.
    Removed,
    /// Its id, and its address or its title and date; or all its words.
    IdAndMore,
    /// Its address with its title and date: it was given another id.
    AddressAndTitle,
    /// Its id, or its address where it has none.
    Place,
    /// The number of its article or its path on one host, and its title.
    Mark,
    /// Its title or its address, and a time that is hardly met by chance.
    Time,
    /// Its title, and that its whole list has moved: too little without its day or its text.
    Moved,
    /// Its address, or its title and day, or number and title on another host: too little without its words.
    Little,
    /// Its title, and no date: too little without many words.
    Least,
}

impl Arrival {
    /// What it goes by in its source.
    pub(super) fn place(&self) -> &[u8] {
        self.places.first().map_or(&self.digest, Vec::as_slice)
    }

    /// Whether it has an id or an address that no other entry has.
    pub(super) fn is_told_apart(&self) -> bool {
        self.entry.facts.id.is_some() || self.names.link.is_some()
    }

    /// The hashes that it is found again by.
    pub(super) fn names(&self) -> Vec<i64> {
        [self.names.id, self.names.link, self.names.title, self.names.mark, self.names.whole]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// What tells an entry of a feed from the others.
struct Told {
    guid: Option<String>,
    /// Where it leads to, until it has arrived.
    url: Option<Url>,
    link: Option<String>,
    /// The title as one line.
    line: String,
    /// Words of the title.
    title: Option<String>,
    date: Option<String>,
    mark: Option<String>,
    digest: Fingerprint,
    /// Words of the text, once they were asked for.
    body: OnceCell<Vec<u8>>,
}

impl Told {
    fn of(entry: &feed::Entry) -> Self {
        let facts = &entry.facts;
        let guid = facts.id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let guid = guid.map(|guid| guid::id(guid).unwrap_or_else(|| guid.to_owned()));
        let url = facts.link.as_deref().and_then(|link| Url::parse(link).ok());
        let link = url.as_ref().and_then(bare);
        let mark = link.as_deref().and_then(number::mark);
        let line = facts.title.as_ref().map(feed::Text::line).unwrap_or_default();
        let title = String::from_utf8(words(&line)).ok().filter(|words| !words.is_empty());
        let date = facts.published.map(|when| dated::told_as(when, facts));
        Self { guid, url, link, line, title, date, mark, digest: entry.digest(), body: OnceCell::new() }
    }

    fn id(&self) -> Option<&str> {
        self.guid.as_deref()
    }

    /// Its id, unless that is an address: another column has another.
    fn own_id(&self) -> Option<&String> {
        self.guid.as_ref().filter(|id| Url::parse(id).ok().as_ref().and_then(bare).is_none())
    }

    /// Words of the text of its entry.
    fn body(&self, entry: &feed::Entry) -> &[u8] {
        let text = || entry.contents.first().or(entry.facts.summary.as_ref());
        self.body.get_or_init(|| text().map(|text| words(&text.line())).unwrap_or_default())
    }

    fn title_and_date(&self) -> Option<String> {
        Some([self.title.as_ref()?, " ", self.date.as_deref().unwrap_or_default()].concat())
    }
}

/// Those of some values that stand beside several others.
fn shared<'a, T: Eq + Hash, O: PartialEq>(
    entries: &'a [Told],
    value: impl Fn(&'a Told) -> Option<T>,
    other: impl Fn(&'a Told) -> O,
) -> HashSet<T> {
    let mut beside: HashMap<T, (O, bool)> = HashMap::with_capacity(entries.len());
    for entry in entries {
        if let Some(value) = value(entry) {
            let other = other(entry);
            beside.entry(value).and_modify(|(first, several)| *several |= *first != other).or_insert((other, false));
        }
    }
    beside.into_iter().filter(|(_, (_, several))| *several).map(|(value, _)| value).collect()
}

/// The entries of a list without those that are another's second column. The one with a date, its whole title and a text stays; of
/// equals that with the first address, so that the order of the list does not show.
fn once(entries: Vec<feed::Entry>) -> (Vec<feed::Entry>, Vec<Told>) {
    let mut all: Vec<(feed::Entry, Told)> = Vec::with_capacity(entries.len());
    let mut articles: HashMap<(String, String), usize> = HashMap::new();
    let worth = |one: &(feed::Entry, Told)| {
        let (entry, told) = one;
        (told.date.is_none(), title::is_cut(&told.line), told.body(entry).is_empty(), told.link.clone())
    };
    for entry in entries {
        let told = Told::of(&entry);
        let one = (entry, told);
        let link = one.1.link.as_deref().filter(|_| one.1.title.is_some());
        let article = link.and_then(|link| Some((number::host(link).to_owned(), number::number(link)?.to_owned())));
        let place = article.map_or(all.len(), |article| *articles.entry(article).or_insert(all.len()));
        match all.get_mut(place) {
            Some(other) if is_second_column(&one, other) => {
                if worth(&one) < worth(other) {
                    *other = one;
                }
            }
            _ => all.push(one),
        }
    }
    all.into_iter().unzip()
}

/// Whether two entries that have one number on one host are one article in two columns: they have one title, and neither a date nor an
/// id nor a text of its own.
fn is_second_column((one, a): &(feed::Entry, Told), (other, b): &(feed::Entry, Told)) -> bool {
    let is_short = |told: &Told| told.line.len() <= LONGEST_ID;
    let begins = |a: &[u8], b: &[u8]| a.starts_with(b) || b.starts_with(a);
    a.link != b.link
        && (a.date == b.date || a.date.is_none() || b.date.is_none())
        && a.own_id() == b.own_id()
        && (a.title == b.title || is_short(a) && is_short(b) && title::is_same(&a.line, &b.line))
        && begins(a.body(one), b.body(other))
}

/// What the entries of a feed go by. Of several versions of an entry, the one that was changed last counts.
pub(super) fn arrivals(source: &SourceId, entries: Vec<feed::Entry>) -> Vec<Arrival> {
    let (entries, mut told) = once(entries);
    // An id that several addresses share is none, and so is one that differs in both title and date. Versions of an entry may
    // have other titles.
    let is_one: Vec<bool> = {
        let by_link = shared(&told, Told::id, |entry| &entry.link);
        let by_title = shared(&told, Told::id, |entry| &entry.title);
        let by_date = shared(&told, Told::id, |entry| &entry.date);
        let is_one = |entry: &Told, guid: &str| {
            let is_dated = entry.date.is_some();
            !by_link.contains(guid) && !(by_title.contains(guid) && (by_date.contains(guid) || !is_dated))
        };
        told.iter().map(|entry| entry.guid.as_deref().is_some_and(|guid| is_one(entry, guid))).collect()
    };
    for (entry, is_one) in told.iter_mut().zip(is_one) {
        entry.guid = entry.guid.take().filter(|_| is_one);
    }
    let leads_to: Vec<Option<Url>> = told.iter_mut().map(|entry| entry.url.take()).collect();
    let links = shared(
        &told,
        |entry| entry.link.as_deref(),
        |entry| entry.guid.clone().or_else(|| entry.title_and_date()).ok_or(entry.digest),
    );
    let titles = shared(&told, Told::title_and_date, |entry| {
        let link = entry.link.as_deref().filter(|link| !links.contains(link));
        entry.guid.as_deref().or(link).ok_or(entry.digest)
    });
    let marks = shared(&told, |entry| entry.mark.as_deref(), |entry| &entry.link);
    let start = digest(&[source.as_str().as_bytes()]);
    let mut arrivals: Vec<Arrival> = Vec::with_capacity(entries.len());
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    for (position, ((mut entry, told), leads_to)) in entries.into_iter().zip(&told).zip(leads_to).enumerate() {
        let guid = told.guid.clone();
        let address = told.link.clone().filter(|_| guid.is_some() && entry.facts.id == entry.facts.link);
        let id = address.or_else(|| bare(&Url::parse(guid.as_deref()?).ok()?));
        let goes_by_address = id.is_some() && id == told.link;
        entry.facts.id.clone_from(&guid);
        let link = told.link.clone().filter(|link| !links.contains(link.as_str()));
        let title = told.title_and_date().filter(|title| !titles.contains(title));
        let mark = told.mark.as_ref().filter(|mark| told.title.is_some() && !marks.contains(mark.as_str()));
        let name = |kind: &str, text: &[u8]| name(start, source, kind, text);
        let names = Names {
            id: id.map(|id| name("id", id.as_bytes())),
            link: link.as_ref().map(|link| name("link", link.as_bytes())),
            title: title.as_ref().map(|title| name("title", title.as_bytes())),
            mark: mark.map(|mark| name("mark", mark.as_bytes())),
            whole: guid.is_none().then(|| name("whole", &told.digest)),
        };
        let host = told.link.as_deref().map(|link| number::host(link).to_owned());
        let by = [guid, link, title].into_iter().flatten().map(|text| shortened(&text));
        let by = by.chain([told.digest.to_vec()]).collect();
        let digest = told.digest;
        let arrival = Arrival { entry, link: leads_to, position, digest, places: by, names, host, goes_by_address };
        match places.get(arrival.place()).and_then(|at| arrivals.get_mut(*at)) {
            Some(other) if changed(&arrival) > changed(other) => {
                *other = Arrival { position: other.position, ..arrival }
            }
            Some(_) => {}
            None => {
                places.insert(arrival.place().to_vec(), arrivals.len());
                arrivals.push(arrival);
            }
        }
    }
    arrivals
}

/// Finds the item of each entry; a new one gets a key, and its id only if no other item has it. `seen` is what
/// lay at their places before; `taken` are the items of entries that are as they were; `around` is what is known of the whole list.
///
/// # Errors
/// When the store fails.
pub(super) fn identify(
    source: &Source,
    arrivals: Vec<Arrival>,
    seen: &HashMap<Vec<u8>, Seen>,
    mut taken: HashSet<ItemKey>,
    around: &Surroundings,
    store: Option<&Store>,
) -> Result<Vec<(Arrival, Identified)>, StoreError> {
    let before = |arrival: &Arrival| arrival.name_when(around.stamp_before.as_deref()?, &source.id);
    let older: Vec<Option<i64>> = arrivals.iter().map(before).collect();
    let names: Vec<i64> = arrivals.iter().flat_map(Arrival::names).chain(older.iter().copied().flatten()).collect();
    let aliases = store.map(|store| store.aliases(&names)).transpose()?.unwrap_or_default();
    let minted: Vec<ItemKey> = arrivals.iter().map(|arrival| mint(&source.id, arrival.place())).collect();
    let led_to = |arrival: &Arrival| seen.get(arrival.place()).and_then(|seen| seen.item.as_ref());
    let keys = arrivals.iter().filter_map(led_to).chain(aliases.values()).cloned();
    let keys: Vec<ItemKey> = keys.chain(minted.iter().cloned()).chain(around.moved.values().cloned()).collect();
    let known_items = store.map(|store| store.known(&keys)).transpose()?.unwrap_or_default();
    let removed = store.map(|store| store.removed_of(known_items.keys())).transpose()?.unwrap_or_default();
    let moved = arrivals.iter().filter_map(|arrival| {
        Some((arrival.entry.facts.published, known_items.get(around.moved.get(&arrival.position)?)?))
    });
    let is_redated = relisted::is_redated(moved, source.timezone);

    // Whether an entry is another story than that which stood at its address, which is its id.
    let replaces = |arrival: &Arrival, known: &Known, key: &ItemKey, is_title: bool| -> Result<bool, StoreError> {
        if is_title || !arrival.goes_by_address || !arrival.is_of_another_date(known) {
            return Ok(false);
        }
        let title = heading(store, key)?.map(|(title, _)| title);
        let may_be_edited = arrival.may_be_edited(known, title.as_deref(), source.timezone);
        Ok(arrival.has_another_title(title.as_deref()) && !may_be_edited)
    };
    // Each item is that of one entry: the one that is most like it.
    let mut likely: Vec<(Likeness, usize, &ItemKey)> = Vec::new();
    // Where most were there with the date of the last visit, and have that of this one now, the date tells nothing.
    let older: Vec<Option<&ItemKey>> = older.into_iter().map(|name| aliases.get(&name?)).collect();
    if older.iter().flatten().count() * 100 >= arrivals.len() * dated::MOST {
        let older = older.into_iter().enumerate().filter_map(|(at, key)| Some((at, key?)));
        likely.extend(older.map(|(at, key)| (Likeness::Little, at, key)));
    }
    for (at, arrival) in arrivals.iter().enumerate() {
        let by_name = |name: Option<i64>| aliases.get(&name?);
        let id = led_to(arrival).or_else(|| by_name(arrival.names.id));
        let (link, title, whole) =
            (by_name(arrival.names.link), by_name(arrival.names.title), by_name(arrival.names.whole));
        let mark = by_name(arrival.names.mark).filter(|mark| ![id, link, whole].contains(&Some(mark)));
        if let Some((key, known)) = around.moved.get(&arrival.position).and_then(|key| known_items.get_key_value(key)) {
            let is_marked = mark == Some(key) && !arrival.is_of_another_day(known, source.timezone);
            likely.push((if is_marked { Likeness::Mark } else { Likeness::Moved }, at, key));
        }
        for key in [id, link, title, mark, whole].into_iter().flatten() {
            let is = |other: Option<&ItemKey>| other == Some(key);
            let Some(known) = known_items.get(key) else { continue };
            if removed.contains(key) {
                // At its address, another day's notice may be shown, or one that is out.
                let is_out = |id: &ItemKey| id != key && known_items.contains_key(id) && !removed.contains(id);
                let is_counted = arrival.may_be_counted();
                let is_its_day = !arrival.is_of_another_day(known, source.timezone);
                let is_there = is(link) && is_its_day && (is_counted || id.is_none_or(|id| !is_out(id)));
                let is_it =
                    is(id) && (is(link) || is(title) || !is_counted) && !replaces(arrival, known, key, is(title))?;
                if is_it && arrival.has_own_id(around) || is_there && arrival.has_own_link(around) {
                    likely.push((Likeness::Removed, at, key));
                    continue;
                }
            }
            let likeness = if is(whole) {
                Some(Likeness::IdAndMore)
            } else {
                let likeness = arrival.likeness(is(id), is(link), is(title), known);
                let least = if arrival.is_a_year_later(known) { Likeness::Little } else { Likeness::Removed };
                likeness.map(|likeness| likeness.max(least))
            };
            let is_weak = likeness.is_none_or(|likeness| likeness >= Likeness::Little);
            let likeness = if is_weak
                && is(mark)
                && (is(title) || !arrival.is_of_another_day(known, source.timezone))
                && let Some((title, link)) = heading(store, key)?
                && let Some(marked) = arrival.marked_alike(&title, link.as_deref(), &around.hosts)
            {
                Some(marked)
            } else if is_weak
                && is(link)
                && arrival.has_own_link(around)
                && arrival.is_of_the_day(known, source.timezone)
                && !arrival.has_another_title(heading(store, key)?.map(|(title, _)| title).as_deref())
            {
                Some(Likeness::AddressAndTitle)
            } else {
                likeness
            };
            let Some(likeness) = likeness else { continue };
            let is_another_by_date = title.is_some_and(|title| title != key) || arrival.is_of_another_date(known);
            if likeness == Likeness::Place && (is_another_by_date || around.counts || around.is_page) {
                let (known_title, known_link) = heading(store, key)?.unzip();
                if around.is_page && arrival.follows(known, known_title.as_deref(), source.timezone) {
                    continue;
                }
                let is_counted = || around.counts && arrival.is_counted_elsewhere(known_link.flatten().as_deref());
                let is_another = is_another_by_date || is_counted();
                let is_another = is_another && arrival.has_another_title(known_title.as_deref());
                if is_another && !(is(id) && arrival.may_be_edited(known, known_title.as_deref(), source.timezone)) {
                    continue;
                }
            }
            likely.push((likeness, at, key));
        }
    }
    likely.sort_unstable();
    let mut found: Vec<Option<(Likeness, &ItemKey)>> = vec![None; arrivals.len()];
    for (likeness, at, key) in likely {
        if let Some(found) = found.get_mut(at).filter(|found| found.is_none())
            && taken.insert(key.clone())
        {
            *found = Some((likeness, key));
        }
    }

    let mut identified = Vec::with_capacity(arrivals.len());
    for ((mut arrival, mut minted), found) in arrivals.into_iter().zip(minted).zip(found) {
        let found = found.and_then(|(likeness, key)| Some((likeness, key.clone(), known_items.get(key).cloned()?)));
        let is = match found {
            Some((likeness, key, known)) if likeness < Likeness::Moved => {
                Identified { key, known: Some(known), perhaps: None }
            }
            other => {
                let mut is_taken = known_items.contains_key(&minted);
                let mut places = arrival.places.iter().skip(1);
                while (is_taken || !taken.insert(minted.clone()))
                    && let Some(place) = places.next()
                {
                    arrival.entry.facts.id = None;
                    minted = mint(&source.id, place);
                    is_taken = store.map(|store| store.place(&minted)).transpose()?.flatten().is_some();
                }
                Identified {
                    key: minted,
                    known: None,
                    perhaps: other.map(|(likeness, key, known)| {
                        let doubt = match likeness {
                            Likeness::Moved if is_redated => Doubt::Redated,
                            Likeness::Moved => Doubt::Moved,
                            Likeness::Least => Doubt::ManyWords,
                            _ => Doubt::Words,
                        };
                        (key, known, doubt)
                    }),
                }
            }
        };
        identified.push((arrival, is));
    }
    Ok(identified)
}

impl Arrival {
    /// What it goes by, in words.
    pub(super) fn goes_by(&self) -> &'static str {
        if self.entry.facts.id.is_some() {
            "its id in the feed"
        } else if self.names.link.is_some() {
            "its address"
        } else if self.names.title.is_some() {
            "its title and date"
        } else {
            "all that it says"
        }
    }

    /// What speaks for it that it is an item to which some of these lead: what it goes by, its address, its title and date.
    /// `None`: nothing does.
    fn likeness(&self, place: bool, link: bool, title: bool, known: &Known) -> Option<Likeness> {
        let published = self.entry.facts.published;
        let likeness = match (place, link, title) {
            // Where there is no id, or it is the address, what it goes by is its address itself: not two proofs, but one.
            (_, true, false) if self.entry.facts.id.is_none() || self.goes_by_address => Likeness::Place,
            (true, true, _) | (true, _, true) => Likeness::IdAndMore,
            (false, true, true) => Likeness::AddressAndTitle,
            (true, false, false) => Likeness::Place,
            (false, true, false) if published == Some(known.when) && self.is_timed() => Likeness::Time,
            (false, false, true) if self.is_timed() && !self.is_round() => Likeness::Time,
            (false, false, false) => return None,
            // Many a notice has the title of the one before.
            (false, false, true) if published.is_none() => Likeness::Least,
            (false, _, _) => Likeness::Little,
        };
        Some(likeness)
    }

    /// Whether its id is its own: no number that counts, and no address that others share.
    fn has_own_id(&self, around: &Surroundings) -> bool {
        let is_own = |id: &str| !is_count(id) && Url::parse(id).as_ref().map_or(true, |url| around.is_own(url));
        self.entry.facts.id.as_deref().is_some_and(is_own)
    }

    /// Whether its address is its own: no page that others lead to as well.
    fn has_own_link(&self, around: &Surroundings) -> bool {
        self.link.as_ref().is_some_and(|link| around.is_own(link))
    }

    /// Whether it has another date than an item, so that it is another story if its title is another, too: some publishers
    /// count the places of their feed, and call that ids, or show one notice after the other at one address.
    fn is_of_another_date(&self, known: &Known) -> bool {
        let facts = &self.entry.facts;
        // Nobody counts in such ids (RFC 4151, RFC 8141), and an edit is what this date tells of (RFC 4287 §4.2.15).
        let is_edited = facts.is_only_updated
            && facts.id.as_deref().is_some_and(|id| id.starts_with("tag:") || id.starts_with("urn:"));
        !is_edited && facts.published.is_some_and(|when| when != known.when) && known.evidence == Evidence::Feed
    }

    /// Whether its id may be a place in its feed, or a number that is used again: it is short, and no address.
    fn may_be_counted(&self) -> bool {
        self.entry.facts.id.as_deref().is_none_or(|id| id.len() < LONG_ID && Url::parse(id).is_err())
    }

    /// Whether it goes by a small number, has no date, and leads elsewhere than an item does: some publishers count the entries of
    /// their feed anew each time.
    fn is_counted_elsewhere(&self, link: Option<&str>) -> bool {
        let facts = &self.entry.facts;
        let bare = |link: &str| Url::parse(link).ok().as_ref().and_then(bare);
        facts.published.is_none()
            && facts.id.as_deref().is_some_and(is_count)
            && link.and_then(bare).zip(facts.link.as_deref().and_then(bare)).is_some_and(|(was, is)| was != is)
    }
}

/// The title and the address of an item. `None`: there is no such item.
fn heading(store: Option<&Store>, key: &ItemKey) -> Result<Option<(String, Option<String>)>, StoreError> {
    Ok(store.map(|store| store.heading(key)).transpose()?.flatten())
}

impl Arrival {
    /// Whether it has a title of other words than an item. One without a title is told by its address.
    fn has_another_title(&self, known: Option<&str>) -> bool {
        let Some(title) = self.entry.facts.title.as_ref().map(feed::Text::line) else {
            return self.entry.facts.id.is_some() && self.names.link.is_some();
        };
        known.is_none_or(|known| words(known) != words(&title) && !title::is_same(known, &title))
    }

    /// What speaks for it that it is an item which has its mark: nothing, unless that has its title, too. On a host that the list
    /// leads to no more the site may have moved; but two sites have equal numbers by chance, so its words have to agree.
    fn marked_alike(&self, title: &str, link: Option<&str>, hosts: &HashSet<String>) -> Option<Likeness> {
        let bare = |link: &str| Url::parse(link).ok().as_ref().and_then(bare);
        let (was, is) = link.and_then(bare).zip(self.entry.facts.link.as_deref().and_then(bare))?;
        let was = number::host(&was);
        let likeness = if was == number::host(&is) {
            Likeness::Mark
        } else if hosts.contains(was) {
            return None;
        } else {
            Likeness::Little
        };
        Some(likeness).filter(|_| !self.has_another_title(Some(title)))
    }
}

/// Whether an id is a small number: who counts the places of a feed gives each of its stories such a one.
fn is_count(id: &str) -> bool {
    id.len() <= MOST_DIGITS && id.bytes().all(|byte| byte.is_ascii_digit())
}

fn words(text: &str) -> Vec<u8> {
    let mut words = Vec::with_capacity(text.len());
    text::words(text, &mut words);
    words
}

fn changed(arrival: &Arrival) -> Option<DateTime<Utc>> {
    let facts = &arrival.entry.facts;
    facts.updated.or(facts.published)?.stamp(Tz::UTC)
}

fn shortened(text: &str) -> Vec<u8> {
    if text.len() <= LONGEST_ID { text.as_bytes().to_vec() } else { digest(&[text.as_bytes()]).to_vec() }
}

/// The names of a source begin with the same two bytes, so that they lie together in the store, which saves them together.
fn name(start: Fingerprint, source: &SourceId, kind: &str, text: &[u8]) -> i64 {
    let print = digest(&[source.as_str().as_bytes(), kind.as_bytes(), text]);
    start.iter().take(2).chain(print.iter().take(6)).fold(0_i64, |name, byte| name << 8 | i64::from(*byte))
}
