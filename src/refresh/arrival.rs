//! Which item an entry of a feed is: the one that goes by its id, or is known by its address or its title and date.
//!
//! Publishers change ids, switch to https and add parameters that count readers; none of this makes a new item. Wrongly
//! taking an entry for an older one would lose it, so what is not certain has to agree in all its words.

use std::collections::{HashMap, HashSet};

use chrono::Timelike as _;
use url::Url;

use crate::draft::When;
use crate::item::{CanonicalUrl, Fingerprint, ItemKey, Known, digest, mint, text};
use crate::read::feed;
use crate::source::SourceId;
use crate::store::{Store, StoreError};

/// Bytes of an id that is taken as it is; longer ones go by their hash.
const LONGEST_ID: usize = 500;

/// An entry of a feed, before it is known which item it is.
pub(super) struct Arrival {
    pub(super) entry: feed::Entry,
    /// Its place in the feed, counted from the top.
    pub(super) position: usize,
    /// What it goes by in its source: its id; or its address, or its title and date, where it has none or others share it.
    pub(super) place: Vec<u8>,
    /// Hash of all that it says.
    pub(super) digest: Fingerprint,
    names: Names,
}

/// Hashes of what else an entry is known by, each with the source in it.
#[derive(Clone, Copy, Default)]
struct Names {
    /// Its id as an address, whatever the scheme.
    id: Option<i64>,
    /// Its address, unless other entries share it.
    link: Option<i64>,
    /// Its title and its date.
    title: Option<i64>,
}

/// The item that an entry is about.
pub(super) struct Identified {
    pub(super) key: ItemKey,
    /// What is out of it.
    pub(super) known: Option<Known>,
    /// An item that it is instead, if it has the same words.
    pub(super) perhaps: Option<(ItemKey, Known)>,
}

impl Arrival {
    /// The hashes that it is found again by.
    pub(super) fn names(&self) -> Vec<i64> {
        [self.names.id, self.names.link, self.names.title].into_iter().flatten().collect()
    }
}

/// What the entries of a feed go by. Of several versions of an entry, the one that was changed last counts.
pub(super) fn arrivals(source: &SourceId, entries: Vec<feed::Entry>) -> Vec<Arrival> {
    let mut guids: HashMap<&str, HashSet<Option<&str>>> = HashMap::new();
    let mut links: HashMap<&str, HashSet<Option<&str>>> = HashMap::new();
    let told: Vec<_> = entries.iter().map(|entry| (guid(entry), link(entry))).collect();
    for (guid, link) in &told {
        if let Some(guid) = guid {
            guids.entry(guid).or_default().insert(link.as_deref());
        }
        if let Some(link) = link {
            links.entry(link).or_default().insert(guid.as_deref());
        }
    }
    let is_one = |among: &HashMap<&str, HashSet<Option<&str>>>, text: &&String| {
        among.get(text.as_str()).is_none_or(|others| others.len() <= 1)
    };
    let start = digest(&[source.as_str().as_bytes()]);
    let mut arrivals: Vec<Arrival> = Vec::with_capacity(entries.len());
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    for (position, (mut entry, (guid, link))) in entries.into_iter().zip(&told).enumerate() {
        // An id that several entries share, with addresses of their own, is none.
        let guid = guid.as_ref().filter(|guid| is_one(&guids, guid));
        let address = link.clone().filter(|_| guid.is_some_and(|guid| entry.facts.link.as_ref() == Some(guid)));
        let id = address.or_else(|| bare(&Url::parse(guid?).ok()?));
        entry.facts.id = guid.cloned();
        let link = link.as_ref().filter(|link| is_one(&links, link));
        let title = title(&entry);
        let digest = entry.digest();
        let place = guid.or(link).or(title.as_ref()).map_or_else(|| digest.to_vec(), |text| shortened(text));
        let name = |kind: &str, text: &String| name(start, source, kind, text);
        let names = Names {
            id: id.as_ref().map(|id| name("id", id)),
            link: link.map(|link| name("link", link)),
            title: title.as_ref().map(|title| name("title", title)),
        };
        let arrival = Arrival { entry, position, place, digest, names };
        match places.get(&arrival.place).and_then(|at| arrivals.get_mut(*at)) {
            Some(other) if changed(&arrival) > changed(other) => {
                *other = Arrival { position: other.position, ..arrival }
            }
            Some(_) => {}
            None => {
                places.insert(arrival.place.clone(), arrivals.len());
                arrivals.push(arrival);
            }
        }
    }
    arrivals
}

/// Finds the item of each entry; a new one gets a key. Entries stand in `arrivals` by their places in it.
///
/// # Errors
/// When the store fails.
pub(super) fn identify(
    source: &SourceId,
    arrivals: &[Arrival],
    known_places: &HashMap<&[u8], ItemKey>,
    asked: &[usize],
    store: Option<&Store>,
) -> Result<Vec<Identified>, StoreError> {
    let arrival = |at: &usize| arrivals.get(*at);
    let fresh = |at: &usize| arrival(at).filter(|arrival| !known_places.contains_key(arrival.place.as_slice()));
    let names: Vec<i64> = asked.iter().filter_map(fresh).flat_map(Arrival::names).collect();
    let aliases = store.map(|store| store.aliases(&names)).transpose()?.unwrap_or_default();
    // What goes by its id is not to be had by its address.
    let mut claimed: HashSet<ItemKey> = known_places.values().cloned().collect();
    let mut found: Vec<(ItemKey, bool)> = Vec::with_capacity(asked.len());
    let mut keys: Vec<ItemKey> = Vec::new();
    for arrival in asked.iter().filter_map(arrival) {
        let minted = mint(source, &arrival.place);
        let meant = match known_places.get(arrival.place.as_slice()) {
            Some(key) => Some((key.clone(), true)),
            None => arrival.meant(&aliases).filter(|(key, _)| claimed.insert(key.clone())),
        };
        let meant = meant.unwrap_or_else(|| (minted.clone(), true));
        keys.extend([minted, meant.0.clone()]);
        found.push(meant);
    }
    let known = store.map(|store| store.known(&keys)).transpose()?.unwrap_or_default();
    let identified = asked.iter().filter_map(arrival).zip(found).map(|(arrival, (key, certain))| {
        let before = known.get(&key).cloned();
        let minted = mint(source, &arrival.place);
        match before {
            // Whoever has the same instant as well is the same.
            Some(before) if !certain && !arrival.is_at(before.when) => {
                let out = known.get(&minted).cloned();
                Identified { key: minted, known: out, perhaps: Some((key, before)) }
            }
            before => Identified { key, known: before, perhaps: None },
        }
    });
    Ok(identified.collect())
}

impl Arrival {
    /// The item that it is known as, and whether that is certain.
    fn meant(&self, aliases: &HashMap<i64, ItemKey>) -> Option<(ItemKey, bool)> {
        let by = |name: Option<i64>| name.and_then(|name| aliases.get(&name)).cloned();
        let (id, link, title) = (by(self.names.id), by(self.names.link), by(self.names.title));
        if let Some(key) = id {
            return Some((key, true));
        }
        if let Some(key) = link {
            // An entry without an id goes by its address. With both title and date it is the same anyway.
            let certain = self.entry.facts.id.is_none() || title.as_ref() == Some(&key);
            return Some((key, certain));
        }
        title.map(|key| (key, self.is_precise()))
    }

    /// Whether its date is a point in time that is hardly met by chance.
    fn is_precise(&self) -> bool {
        self.entry.facts.published.is_some_and(|when| match when {
            When::Instant(time) => time.num_seconds_from_midnight() > 0,
            _ => false,
        })
    }

    fn is_at(&self, when: When) -> bool {
        self.is_precise() && self.entry.facts.published == Some(when)
    }
}

fn guid(entry: &feed::Entry) -> Option<String> {
    entry.facts.id.as_deref().map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned)
}

fn link(entry: &feed::Entry) -> Option<String> {
    let link = entry.facts.link.as_deref().and_then(|link| Url::parse(link).ok())?;
    bare(&link)
}

/// An address without what changes while the page stays the same: scheme, `www.`, a slash at the end, parameters that
/// count readers. `None`: it is no web address.
fn bare(url: &Url) -> Option<String> {
    let canonical = CanonicalUrl::new(url)?;
    let (_, rest) = canonical.as_str().split_once("://")?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    Some(rest.strip_suffix('/').unwrap_or(rest).to_owned())
}

/// Its title and date as one text. `None`: it has no title.
fn title(entry: &feed::Entry) -> Option<String> {
    let title = entry.facts.title.as_ref()?.line();
    let mut words = Vec::with_capacity(title.len());
    text::words(&title, &mut words);
    let date = entry.facts.published.map(|when| when.to_string()).unwrap_or_default();
    (!words.is_empty()).then(|| format!("{} {date}", String::from_utf8_lossy(&words)))
}

fn changed(arrival: &Arrival) -> Option<String> {
    let facts = &arrival.entry.facts;
    facts.updated.or(facts.published).map(|when| when.to_string())
}

fn shortened(text: &str) -> Vec<u8> {
    if text.len() <= LONGEST_ID { text.as_bytes().to_vec() } else { digest(&[text.as_bytes()]).to_vec() }
}

/// The names of a source begin with the same two bytes, so that they lie together in the store, which saves them together.
fn name(start: Fingerprint, source: &SourceId, kind: &str, text: &str) -> i64 {
    let print = digest(&[source.as_str().as_bytes(), kind.as_bytes(), text.as_bytes()]);
    start.iter().take(2).chain(print.iter().take(6)).fold(0_i64, |name, byte| name << 8 | i64::from(*byte))
}
