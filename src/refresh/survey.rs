//! Compares a folder with what is known of it: what is new, changed, moved or gone.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::moved::{self, Lost};
use crate::collect::files::{Folder, Found, Met};
use crate::report::{Note, SourceReport};
use crate::source::SourceId;
use crate::store::{Clue, Seen, Store, StoreError};

/// Files younger than this, in nanoseconds, are looked at twice: they may be half copied.
const SETTLED: i64 = 1_000_000_000;

/// A document that has to be read: new, or changed.
pub(super) struct Task {
    pub(super) found: Found,
    /// What it was when it was last read, at this path or another.
    pub(super) seen: Option<Seen>,
    pub(super) moved_from: Option<Vec<u8>>,
}

impl Task {
    /// Whether nothing that lay at its path has become an item: it may be one that lay elsewhere.
    pub(super) fn is_new(&self) -> bool {
        self.seen.as_ref().is_none_or(|seen| seen.item.is_none())
    }

    /// Takes the document for one that lay elsewhere.
    pub(super) fn is_now(&mut self, seen: Seen) {
        self.moved_from = Some(seen.path.clone()).filter(|path| *path != self.found.path);
        self.seen = Some(seen);
    }
}

/// What comparing a folder with the store gives.
#[derive(Default)]
pub(super) struct Survey {
    pub(super) documents: u64,
    pub(super) tasks: Vec<Task>,
    pub(super) gone: Vec<Lost>,
    /// Where documents lay that were found again: none of them is a second one's, too.
    pub(super) taken: HashSet<Vec<u8>>,
    /// Paths of documents that lie where the walk could not look: they may be there or not.
    pub(super) hidden: Vec<Vec<u8>>,
    pub(super) notes: Vec<Note>,
    /// Why the folder itself could not be looked at.
    pub(super) error: Option<String>,
}

/// Compares a folder with what is known of it, both in the order of their paths.
pub(super) fn survey(
    folder: &Folder,
    again: bool,
    mut next: impl FnMut() -> Result<Option<Seen>, StoreError>,
) -> Result<Survey, StoreError> {
    let mut survey = Survey::default();
    let mut left: HashSet<Vec<u8>> = HashSet::new();
    let mut row = next()?;
    folder.walk::<StoreError>(&mut |met| {
        let found = match met {
            Met::Left(path, text) => {
                let shown = folder.shown(&path);
                if path.is_empty() {
                    survey.error = Some(format!("{shown} {text}"));
                } else {
                    survey.notes.push(Note { path: shown, text });
                }
                left.insert(path);
                return Ok(());
            }
            Met::File(found) => found,
        };
        survey.documents += 1;
        while let Some(seen) = row.take_if(|seen| seen.path < found.path) {
            survey.gone.push(Lost::now(seen));
            row = next()?;
        }
        let seen = row.take_if(|seen| seen.path == found.path);
        if seen.is_some() {
            row = next()?;
        }
        if again || seen.as_ref().is_none_or(|seen| seen.stamp != found.stamp) {
            survey.tasks.push(Task { found, seen, moved_from: None });
        }
        Ok(())
    })?;
    while let Some(seen) = row.take() {
        survey.gone.push(Lost::now(seen));
        row = next()?;
    }
    if !left.is_empty() {
        let (hidden, gone) = survey.gone.into_iter().partition::<Vec<_>, _>(|lost| lies_in(&left, &lost.seen.path));
        survey.hidden = hidden.into_iter().map(|lost| lost.seen.path).collect();
        survey.gone = gone;
    }
    Ok(survey)
}

/// Finds those of the new documents that lay there or elsewhere before. Gets all others that some of them may be.
pub(super) fn recognize(survey: &mut Survey, source: &SourceId, store: &Store) -> Result<(), StoreError> {
    // Where nothing has arrived, nothing has moved.
    if survey.tasks.is_empty() {
        return Ok(());
    }
    if store.has_vanished(source)? {
        let new = survey.tasks.iter().filter(|task| task.seen.is_none());
        let there = store.vanished(source, new.map(|task| Clue::Path(&task.found.path)))?;
        let mut there: HashMap<Vec<u8>, Seen> = there.into_iter().map(|(seen, _)| (seen.path.clone(), seen)).collect();
        for task in survey.tasks.iter_mut().filter(|task| task.seen.is_none()) {
            task.seen = there.remove(&task.found.path);
            survey.taken.extend(task.seen.as_ref().map(|seen| seen.path.clone()));
        }
        let new = survey.tasks.iter().filter(|task| task.is_new());
        let vanished = store.vanished(source, new.map(|task| Clue::File(task.found.stamp.inode)))?;
        let left = vanished.into_iter().filter(|(seen, _)| !survey.taken.contains(&seen.path));
        survey.gone.extend(left.map(Lost::earlier));
    }
    let headlines = store.headlines(survey.gone.iter().filter_map(|lost| lost.seen.item.as_ref()))?;
    for lost in &mut survey.gone {
        lost.headline = lost.seen.item.as_ref().and_then(|item| headlines.get(item)).copied();
    }
    moved::by_stamp(survey);
    survey.taken.extend(survey.tasks.iter().filter_map(|task| task.moved_from.clone()));
    Ok(())
}

/// Whether a path is one of others, or lies below one of them.
fn lies_in(others: &HashSet<Vec<u8>>, path: &[u8]) -> bool {
    let above = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| path.split_at(at).0);
    above.chain([path, b"".as_slice()]).any(|path| others.contains(path))
}

/// Waits until files that have just been written are a second old, and leaves out those that still change.
pub(super) fn wait_for_settled(folder: &Folder, tasks: &mut Vec<Task>, now: DateTime<Utc>, line: &mut SourceReport) {
    let Some(now) = now.timestamp_nanos_opt() else { return };
    let age = |task: &Task| now.saturating_sub(task.found.written);
    // Also what was written after the walk began, and what says it comes from the future.
    let is_young = |task: &Task| age(task) < SETTLED;
    let Some(youngest) = tasks.iter().filter(|task| is_young(task)).map(age).min() else { return };
    std::thread::sleep(std::time::Duration::from_nanos((SETTLED - youngest.max(0)).unsigned_abs()));
    tasks.retain(|task| {
        // What cannot be opened now says so when it is read.
        let settled = !is_young(task) || folder.look_again(&task.found).is_none_or(|stamp| stamp == task.found.stamp);
        if !settled {
            let text = "is still being written: it waits for the next walk".to_owned();
            line.notes.push(Note { path: folder.shown(&task.found.path), text });
        }
        settled
    });
}
