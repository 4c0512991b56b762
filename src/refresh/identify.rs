//! Which item each document of a batch is: that of its path, of one that has moved there, or a new one; and where another story was
//! written over the one that lay there.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::folder::{Batch, Outcome, Passing};
use super::in_parallel;
use super::moved::Lost;
use crate::dedup::{self, Change, Story};
use crate::draft::{Evidence, Precision, When};
use crate::item::{self, Fingerprint, Item, ItemKey, Known};
use crate::store::{self, Clue, Seen, Store, StoreError};

/// Gives documents their items back whose bytes lie at other paths now, which others had: files that were numbered anew by a program
/// that writes each of them, as a checkout does.
///
/// One that was known before has moved only if what lay at its own path lies elsewhere, too: whoever copies a story over another and
/// goes on with the first moves nothing. And a new one has only if another has come to where its bytes lay: it may be a copy.
pub(super) fn change_places(batch: &mut Batch<'_>, passing: &mut [Passing]) {
    let before = |passing: &Passing| {
        let seen = passing.task.seen.as_ref().filter(|seen| seen.item.is_some())?;
        let is_other = seen.content != passing.content && seen.content != Fingerprint::default();
        (is_other && passing.task.moved_from.is_none()).then_some(seen.content)
    };
    let mut left: HashMap<Fingerprint, Vec<usize>> = HashMap::new();
    // Of several with the same bytes the first is taken first: from the end.
    for (at, passing) in passing.iter().enumerate().rev() {
        if let Some(content) = before(passing) {
            left.entry(content).or_default().push(at);
        }
    }
    if left.is_empty() {
        return;
    }
    let has_arrived = |passing: &&Passing| passing.task.is_new() || before(passing).is_some();
    let arrived: HashSet<Fingerprint> = passing.iter().filter(has_arrived).map(|passing| passing.content).collect();
    let mut from: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, passing) in passing.iter().enumerate() {
        if before(passing).is_some_and(|content| arrived.contains(&content))
            && let Some(other) = left.get_mut(&passing.content).and_then(Vec::pop)
        {
            from.insert(at, other);
        }
    }
    let moved: HashSet<usize> = from.keys().copied().collect();
    for (at, passing) in passing.iter().enumerate().filter(|(_, passing)| passing.task.is_new()) {
        if let Some(places) = left.get_mut(&passing.content)
            && let Some(other) = places.pop_if(|other| moved.contains(other))
        {
            from.insert(at, other);
        }
    }
    let mut lay: BTreeMap<usize, Seen> = BTreeMap::new();
    for at in from.iter().flat_map(|(to, from)| [*to, *from]) {
        let seen = passing
            .get_mut(at)
            .and_then(|passing| Some((passing.task.seen.take_if(|seen| seen.item.is_some())?, passing)));
        if let Some((seen, passing)) = seen {
            batch.gone.has_come(&passing.task.found.path);
            lay.insert(at, seen);
        }
    }
    for (to, from) in &from {
        if let (Some(passing), Some(seen)) = (passing.get_mut(*to), lay.remove(from)) {
            batch.gone.found(&passing.task.found.path);
            passing.task.is_now(seen);
        }
    }
    for (at, seen) in lay {
        if let Some(passing) = passing.get(at) {
            set_aside(batch, passing, seen, None);
        }
    }
}

/// Gives each document the key of its item: of the one at its path, or that has moved there, or a new one. Returns what
/// is known of these items.
pub(super) fn identify(
    batch: &mut Batch<'_>,
    passing: &mut [Passing],
    store: Option<&Store>,
) -> Result<HashMap<ItemKey, Known>, StoreError> {
    for Passing { task, opened, .. } in passing.iter_mut().filter(|passing| passing.task.is_new()) {
        if let Some(seen) = batch.gone.same_file(task.found.stamp.inode, opened.born) {
            batch.gone.found(&task.found.path);
            task.is_now(seen);
        }
    }
    if let Some(store) = store.filter(|_| batch.is_searched) {
        let new = passing.iter().filter(|passing| passing.task.is_new());
        let vanished = store.vanished(&batch.source.id, new.map(|passing| Clue::Content(&passing.content)))?;
        batch.gone.join(vanished.into_iter().map(Lost::earlier).collect());
    }
    for Passing { task, content, .. } in passing.iter_mut().filter(|passing| passing.task.is_new()) {
        if let Some(seen) = batch.gone.same_bytes(content) {
            batch.gone.found(&task.found.path);
            task.is_now(seen);
        }
    }
    let id = &batch.source.id;
    for Passing { task, key, .. } in passing.iter_mut() {
        let kept = task.seen.as_ref().and_then(|seen| seen.item.clone());
        *key = kept.unwrap_or_else(|| item::mint(id, &task.found.path));
    }
    let keys: Vec<ItemKey> = passing.iter().map(|passing| passing.key.clone()).collect();
    let look_up = |keys: &[ItemKey]| Ok(store.map(|store| store.known(keys)).transpose()?.unwrap_or_default());
    let mut known: HashMap<ItemKey, Known> = look_up(&keys)?;
    for Passing { task, key, .. } in passing.iter_mut() {
        // A new document at a path whose first item has moved on: its key is taken.
        let is_new = task.is_new();
        for turn in (1_u32..1_000).take_while(|_| is_new) {
            if !known.contains_key(key) {
                break;
            }
            *key = item::mint(id, &[&task.found.path, format!("\0{turn}").as_bytes()].concat());
            known.extend(look_up(std::slice::from_ref(key))?);
        }
    }
    Ok(known)
}

/// Finds the documents that tell another story than their path did before, and makes them new: what was told there is gone.
/// Returns whether there are any. `anew` makes a document an item as if nothing had been out of it.
///
/// A story that is edited keeps its title, its day or words of it; so one sign alone is none. What says little, or names
/// no day, gives none.
pub(super) fn replaced(
    batch: &mut Batch<'_>,
    passing: &mut [Passing],
    outcomes: &[Result<Outcome, String>],
    known: &HashMap<ItemKey, Known>,
    anew: impl Fn(&Passing) -> Result<Outcome, String> + Sync,
) -> bool {
    let mut suspects = Vec::new();
    for (at, (passing, outcome)) in passing.iter().zip(outcomes).enumerate() {
        // What was handed on is read as it was told before.
        let is_read = |seen: &Seen| seen.item.as_ref() == Some(&passing.key) && seen.stamp.inode != 0;
        if let Ok(Outcome { settled: Some(Ok((item, _))), change: Change::Revised, .. }) = outcome
            && passing.task.moved_from.is_none()
            && passing.task.seen.as_ref().is_some_and(is_read)
            && let Some(known) = known.get(&passing.key)
            && stated(known.evidence, known.when)
            && !dedup::has_like_title(&known.title, &item.title)
        {
            suspects.push((at, passing, known));
        }
    }
    let judged = in_parallel(suspects, |(at, passing, known)| {
        let Ok(Outcome { settled: Some(Ok((item, _))), .. }) = anew(passing) else { return None };
        is_another(known, &item).then(|| (at, store::headline(&known.title, known.published)))
    });
    let mut is_any = false;
    for (at, headline) in judged.into_iter().flatten() {
        if let Some(passing) = passing.get_mut(at)
            && let Some(seen) = passing.task.seen.take()
        {
            batch.gone.has_come(&passing.task.found.path);
            set_aside(batch, passing, seen, Some(headline));
            is_any = true;
        }
    }
    is_any
}

/// Whether a document tells another story than that which is known of its path. `item` is what it would be if it was new.
pub fn is_another(known: &Known, item: &Item) -> bool {
    if !stated(known.evidence, known.when)
        || !stated(item.evidence, item.when)
        || known.when.first_day() == item.when.first_day()
        || dedup::has_like_title(&known.title, &item.title)
    {
        return false;
    }
    let texts = [known.content.text(), item.content.text()];
    let before = Story::of(&known.title, &texts[0], Some(known.published));
    dedup::is_other_story(&before, &Story::of_item(item, &texts[1]))
}

/// Whether a document says on which day it was published, in a place that is meant for that.
fn stated(evidence: Evidence, when: When) -> bool {
    evidence <= Evidence::Prose && when.precision() >= Precision::Day
}

/// Notes that a document is gone whose path holds another one. It gets a path that no file can have, so that it is kept
/// beside those that lay there before and after.
fn set_aside(batch: &mut Batch<'_>, passing: &Passing, seen: Seen, headline: Option<i64>) {
    let Some(key) = seen.item.clone() else { return };
    let mut seen = Seen { path: store::aside(&seen.path, &key), note: None, ..seen };
    if seen.stamp.inode == passing.task.found.stamp.inode {
        // The file is that of the other story by now.
        (seen.stamp, seen.born) = (seen.stamp.void(), None);
        seen.stamp.inode = 0;
    }
    batch.aside.push(seen.clone());
    batch.gone.join(vec![Lost { headline, ..Lost::now(seen) }]);
}
