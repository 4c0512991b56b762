//! The order of a list inside a day, or among entries of one time: its dates are too coarse to tell it, so each entry gets a second of
//! its own in that day, or a rank among those of its time.

use std::collections::{HashMap, HashSet};

use super::arrival::{Arrival, Identified};
use crate::draft::When;
use crate::item::{ItemKey, Known};
use crate::source::Tz;

/// The items of entries that are as they were which tell the places of new ones: those of the day of one, and those of the time of one.
/// `dates` are those of the list, by the places in it.
pub(super) fn beside(
    dates: &[(usize, Option<When>)],
    there: &HashMap<usize, ItemKey>,
    new: &[(Arrival, Identified)],
) -> (Vec<ItemKey>, Vec<ItemKey>) {
    let dates: HashMap<usize, Option<When>> = dates.iter().copied().collect();
    let are_new = new.iter().filter(|(_, identity)| identity.known.is_none());
    let told = are_new.filter_map(|(arrival, _)| dates.get(&arrival.position)).filter(|date| date.is_some());
    let wanted: HashSet<&Option<When>> = told.collect();
    let date = |position: &usize| dates.get(position).filter(|date| wanted.contains(date));
    let (days, times): (Vec<_>, Vec<_>) = there
        .iter()
        .filter_map(|(position, key)| Some((matches!(date(position)?, Some(When::Day(_))), key.clone())))
        .partition(|(is_day, _)| *is_day);
    let keys = |of: Vec<(bool, ItemKey)>| of.into_iter().map(|(_, key)| key).collect();
    (keys(days), keys(times))
}

/// How many places each new entry stands behind the first of its day or time: the lowest in the list is the first, and those that
/// are out keep theirs. `dates` are those of the list, from its top; `there` are the entries that are as they were, and their
/// items; of these, `known` are those of the day of a new one; `ranks` are those of items of one time. By places in the list.
pub(super) fn places(
    mut dates: Vec<(usize, Option<When>)>,
    there: &HashMap<usize, ItemKey>,
    known: &HashMap<ItemKey, Known>,
    ranks: &HashMap<ItemKey, u32>,
    new: &[(Arrival, Identified)],
    zone: Tz,
) -> HashMap<usize, u32> {
    let behind = |key: &ItemKey, known: Option<&Known>| {
        let seconds = known.map_or(0, |known| seconds_behind(known, zone));
        ranks.get(key).map_or(seconds, |rank| *rank)
    };
    // Where those without a date stand, nothing tells.
    let dated: HashSet<usize> =
        dates.iter().filter(|(_, date)| date.is_some()).map(|(position, _)| *position).collect();
    let dated = there.iter().filter(|(position, _)| dated.contains(position));
    let mut out: HashMap<usize, u32> = dated.map(|(position, key)| (*position, behind(key, known.get(key)))).collect();
    let told: HashMap<usize, Option<When>> = dates.iter().copied().collect();
    let changed = new.iter().filter_map(|(arrival, Identified { key, known, .. })| {
        let known = known.as_ref()?;
        // What was told of another time stood among others.
        let is_there = told.get(&arrival.position) == Some(&Some(known.when));
        Some((arrival.position, if is_there { behind(key, Some(known)) } else { 0 }))
    });
    out.extend(changed);
    let days: Vec<_> = dates.iter().filter_map(|(_, when)| when.and_then(When::first_day)).collect();
    // Most lists begin with the newest.
    if days.first() >= days.last() {
        dates.reverse();
    }
    let mut last: HashMap<Option<When>, u32> = HashMap::new();
    let mut places = HashMap::new();
    for (position, date) in dates {
        let place = match out.get(&position) {
            Some(place) => *place,
            None => last.get(&date).map_or(0, |last| last + 1),
        };
        let last = last.entry(date).or_default();
        *last = place.max(*last);
        places.insert(position, place);
    }
    places
}

/// Seconds that an item of which a day was told stands behind the first of it.
fn seconds_behind(known: &Known, zone: Tz) -> u32 {
    let first = Some(known.when).filter(|when| matches!(when, When::Day(_))).and_then(|when| when.stamp(zone));
    first.and_then(|first| u32::try_from((known.published - first).num_seconds()).ok()).unwrap_or_default()
}
