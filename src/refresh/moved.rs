//! Finds out which documents at new places are old ones that have moved, so that they keep their items.
//!
//! In this order: the same file unchanged, the same file edited, the same bytes in another file, nearly the same words, and
//! the same title and day. A wrong guess would give one item the id of another, so whatever is in doubt is new.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::hash::Hash;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::survey::{Survey, Task};
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
    let mut lost: HashMap<Stamp, Lost> = HashMap::new();
    survey.gone.retain(|gone| {
        let stamp = gone.seen.stamp.without_sidecar();
        // Of several links to one file that are gone, one has moved.
        let moved = gone.seen.item.is_some() && fresh.contains(&stamp) && !lost.contains_key(&stamp);
        if moved {
            lost.insert(stamp, gone.clone());
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
            lost.insert(seen.stamp.without_sidecar(), Lost::now(seen));
        }
    }
    for task in tasks.iter_mut().filter(|task| task.is_new()) {
        if let Some(gone) = lost.remove(&task.found.stamp.without_sidecar()) {
            task.is_now(gone.seen);
        }
    }
    // What has moved over another keeps its item; the other's document is gone.
    for task in tasks.iter_mut() {
        let is_other = task.seen.as_ref().is_some_and(|seen| seen.stamp.inode != task.found.stamp.inode);
        if is_other && let Some(gone) = lost.remove(&task.found.stamp.without_sidecar()) {
            survey.gone.extend(task.seen.take().map(Lost::now));
            task.is_now(gone.seen);
        }
    }
    survey.gone.extend(lost.into_values());
}

/// A document that is gone from its place.
#[derive(Clone)]
pub(super) struct Lost {
    pub(super) seen: Seen,
    /// Title and time of its item, as [`headline`](crate::store::headline) has them, if they are known.
    pub(super) headline: Option<i64>,
    /// Whether it lay there at the last walk.
    pub(super) is_new: bool,
}

impl Lost {
    /// One that lay there at the last walk.
    pub(super) fn now(seen: Seen) -> Self {
        Self { seen, headline: None, is_new: true }
    }

    /// One that vanished before.
    pub(super) fn earlier((seen, headline): (Seen, Option<i64>)) -> Self {
        Self { seen, headline, is_new: false }
    }
}

/// Documents that are gone from their places, each to be found again once.
#[derive(Default)]
pub(super) struct Gone {
    rows: Vec<Option<Lost>>,
    /// Paths of those that vanished before this walk, also where they were found again before the others were asked for.
    earlier: HashSet<Vec<u8>>,
    by_file: HashMap<(u64, i64), Vec<usize>>,
    by_content: HashMap<Fingerprint, Vec<usize>>,
    by_headline: HashMap<i64, Vec<usize>>,
    by_item: HashMap<ItemKey, usize>,
    /// How many documents are new in each folder, over all batches of the walk.
    new_in: HashMap<PathBuf, usize>,
}

impl Gone {
    /// Those that are gone, but for documents that lay at paths which are `taken`: these were found again. `tasks` are all documents
    /// that some of them may be.
    pub(super) fn new(lost: Vec<Lost>, taken: HashSet<Vec<u8>>, tasks: &[Task]) -> Self {
        let mut gone = Self { earlier: taken, ..Self::default() };
        for task in tasks.iter().filter(|task| task.is_new() && !lost.is_empty()) {
            *gone.new_in.entry(folder_of(&task.found.path).to_owned()).or_default() += 1;
        }
        gone.join(lost);
        gone
    }

    /// Adds some, unless they are there.
    pub(super) fn join(&mut self, mut lost: Vec<Lost>) {
        // Of several that could be meant, the first by path is taken first: from the end.
        lost.sort_by(|a, b| b.seen.path.cmp(&a.seen.path));
        for lost in lost {
            let (at, Lost { seen, headline, is_new }) = (self.rows.len(), &lost);
            if !is_new && !self.earlier.insert(seen.path.clone()) {
                continue;
            }
            // What has become no item is nobody's.
            if let Some(item) = &seen.item {
                self.by_item.insert(item.clone(), at);
                note(&mut self.by_content, Some(seen.content), at);
                note(&mut self.by_file, seen.born.map(|born| (seen.stamp.inode, born)), at);
                note(&mut self.by_headline, *headline, at);
            }
            self.rows.push(Some(lost));
        }
    }

    /// Those that lay there at the last walk, and were not found again.
    pub(super) fn left(self) -> Vec<Seen> {
        self.rows.into_iter().flatten().filter(|lost| lost.is_new).map(|lost| lost.seen).collect()
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

    /// Whether there is nothing that is gone.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether the document of an item is among them.
    pub(super) fn has(&self, item: &ItemKey) -> bool {
        self.by_item.get(item).is_some_and(|at| self.rows.get(*at).is_some_and(Option::is_some))
    }

    /// Whether the document of an item lay there at the last walk.
    pub(super) fn is_new(&self, item: &ItemKey) -> bool {
        self.by_item
            .get(item)
            .is_some_and(|at| self.rows.get(*at).is_some_and(|row| row.as_ref().is_some_and(|lost| lost.is_new)))
    }

    /// Whether one document of a folder is gone since the last walk, and one is new there.
    pub(super) fn is_alone_in(&self, folder: &Path) -> bool {
        let is_in = |lost: &&Lost| lost.is_new && folder_of(&lost.seen.path) == folder;
        self.new_in.get(folder) == Some(&1) && self.rows.iter().flatten().filter(is_in).count() == 1
    }

    /// Notes that a document which was new at a path is surely one that lay elsewhere.
    pub(super) fn found(&mut self, path: &[u8]) {
        if let Some(new) = self.new_in.get_mut(folder_of(path)) {
            *new = new.saturating_sub(1);
        }
    }

    /// Notes that a document at a path tells a story that is new there.
    pub(super) fn has_come(&mut self, path: &[u8]) {
        *self.new_in.entry(folder_of(path).to_owned()).or_default() += 1;
    }

    /// The document of an item.
    pub(super) fn of_item(&mut self, item: &ItemKey) -> Option<Seen> {
        Some(self.rows.get_mut(*self.by_item.get(item)?)?.take()?.seen)
    }

    /// The item of the document that had a headline. `None`: there is none, or several.
    pub(super) fn item_of(&self, headline: i64) -> Option<&ItemKey> {
        let mut items =
            self.by_headline.get(&headline)?.iter().filter_map(|at| self.rows.get(*at)?.as_ref()?.seen.item.as_ref());
        items.next().filter(|_| items.next().is_none())
    }

    /// The document that had a headline.
    pub(super) fn of_headline(&mut self, headline: i64) -> Option<Seen> {
        take(&mut self.rows, self.by_headline.get_mut(&headline)?)
    }
}

/// The folder that a path leads into.
pub(super) fn folder_of(path: &[u8]) -> &Path {
    as_path(path).parent().unwrap_or(Path::new(""))
}

/// Where a path leads, but for the ending of its name.
pub(super) fn stem_of(path: &[u8]) -> (&Path, Option<&OsStr>) {
    (folder_of(path), as_path(path).file_stem())
}

fn as_path(path: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(path))
}

fn note<K: Eq + Hash>(index: &mut HashMap<K, Vec<usize>>, key: Option<K>, at: usize) {
    if let Some(key) = key {
        index.entry(key).or_default().push(at);
    }
}

fn take(rows: &mut [Option<Lost>], places: &mut Vec<usize>) -> Option<Seen> {
    std::iter::from_fn(|| places.pop()).find_map(|at| rows.get_mut(at)?.take()).map(|lost| lost.seen)
}
