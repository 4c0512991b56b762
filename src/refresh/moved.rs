//! Finds out which documents at new places are old ones that have moved, so that they keep their items.
//!
//! In this order: the same file unchanged, the same file edited, the same bytes in another file, and the same story
//! written anew. A wrong guess would give one item the id of another, so whatever is in doubt is new.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::survey::Survey;
use crate::document::Stamp;
use crate::item::{Fingerprint, ItemKey};
use crate::store::Seen;

/// Documents at new places that have the stamp of one that is gone, or of one whose path now holds another file.
pub(super) fn by_stamp(survey: &mut Survey) {
    let tasks = &mut survey.tasks;
    // Where a file lies that was not there when it was last read.
    let fresh: HashSet<Stamp> = tasks
        .iter()
        .filter(|task| task.seen.as_ref().is_none_or(|seen| seen.stamp.inode != task.found.stamp.inode))
        .map(|task| task.found.stamp.without_sidecar())
        .collect();
    if fresh.is_empty() {
        return;
    }
    let mut lost: HashMap<Stamp, Seen> = HashMap::new();
    survey.gone.retain(|seen| {
        let stamp = seen.stamp.without_sidecar();
        // Of several links to one file that are gone, one has moved.
        let moved = seen.item.is_some() && fresh.contains(&stamp) && !lost.contains_key(&stamp);
        if moved {
            lost.insert(stamp, seen.clone());
        }
        !moved
    });
    for task in tasks.iter_mut() {
        let replaced = |seen: &mut Seen| {
            let stamp = seen.stamp.without_sidecar();
            seen.item.is_some()
                && stamp.inode != task.found.stamp.inode
                && fresh.contains(&stamp)
                && !lost.contains_key(&stamp)
        };
        if let Some(seen) = task.seen.take_if(replaced) {
            lost.insert(seen.stamp.without_sidecar(), seen);
        }
    }
    for task in tasks.iter_mut().filter(|task| task.is_new()) {
        if let Some(seen) = lost.remove(&task.found.stamp.without_sidecar()) {
            task.is_now(seen);
        }
    }
    // What has moved over another keeps its item; the other's document is gone.
    for task in tasks.iter_mut() {
        let is_other = task.seen.as_ref().is_some_and(|seen| seen.stamp.inode != task.found.stamp.inode);
        if is_other && let Some(seen) = lost.remove(&task.found.stamp.without_sidecar()) {
            survey.gone.extend(task.seen.take());
            task.is_now(seen);
        }
    }
    survey.gone.extend(lost.into_values());
}

/// Documents with items that are gone from their places, each to be found again once.
pub(super) struct Gone {
    rows: Vec<Option<Seen>>,
    by_file: HashMap<(u64, i64), Vec<usize>>,
    by_content: HashMap<Fingerprint, Vec<usize>>,
    by_item: HashMap<ItemKey, Vec<usize>>,
}

impl Gone {
    pub(super) fn new(gone: Vec<Seen>) -> Self {
        let mut rows: Vec<Seen> = gone.into_iter().filter(|seen| seen.item.is_some()).collect();
        // Of several that could be meant, the first by path is taken first: from the end.
        rows.sort_unstable_by(|a, b| b.path.cmp(&a.path));
        let (mut by_file, mut by_content, mut by_item) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (at, seen) in rows.iter().enumerate() {
            note(&mut by_content, Some(seen.content), at);
            note(&mut by_file, seen.born.map(|born| (seen.stamp.inode, born)), at);
            note(&mut by_item, seen.item.clone(), at);
        }
        Self { rows: rows.into_iter().map(Some).collect(), by_file, by_content, by_item }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many were found again.
    pub(super) fn found(&self) -> usize {
        self.rows.iter().filter(|row| row.is_none()).count()
    }

    /// The document that lay in the same file: a file keeps its number and the time it was made, whatever it is called
    /// and whatever is written into it.
    pub(super) fn same_file(&mut self, inode: u64, born: Option<i64>) -> Option<Seen> {
        take(&mut self.rows, self.by_file.get_mut(&(inode, born?))?)
    }

    /// A document that had the same bytes.
    pub(super) fn same_bytes(&mut self, content: &Fingerprint) -> Option<Seen> {
        take(&mut self.rows, self.by_content.get_mut(content)?)
    }

    /// Whether an item lay in a document that is gone.
    pub(super) fn has(&self, item: &ItemKey) -> bool {
        self.by_item
            .get(item)
            .is_some_and(|places| places.iter().any(|at| self.rows.get(*at).is_some_and(Option::is_some)))
    }

    /// The document that an item lay in.
    pub(super) fn of_item(&mut self, item: &ItemKey) -> Option<Seen> {
        take(&mut self.rows, self.by_item.get_mut(item)?)
    }
}

fn note<K: Eq + Hash>(index: &mut HashMap<K, Vec<usize>>, key: Option<K>, at: usize) {
    if let Some(key) = key {
        index.entry(key).or_default().push(at);
    }
}

fn take(rows: &mut [Option<Seen>], places: &mut Vec<usize>) -> Option<Seen> {
    std::iter::from_fn(|| places.pop()).find_map(|at| rows.get_mut(at)?.take())
}
