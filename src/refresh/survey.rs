//! Compares a folder with what is known of it: what is new, changed, moved or gone.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::collect::files::{Folder, Found, Met};
use crate::document::Stamp;
use crate::report::{Note, SourceReport};
use crate::source::Files;
use crate::store::{Seen, StoreError};

/// Files younger than this, in nanoseconds, are looked at twice: they may be half copied.
const SETTLED: i64 = 1_000_000_000;

/// A document that has to be read: new, or changed.
pub(super) struct Task {
    pub(super) found: Found,
    /// What it was when it was last read, at this path or another.
    pub(super) seen: Option<Seen>,
    pub(super) moved_from: Option<Vec<u8>>,
}

/// What comparing a folder with the store gives.
#[derive(Default)]
pub(super) struct Survey {
    pub(super) documents: u64,
    pub(super) tasks: Vec<Task>,
    pub(super) gone: Vec<Seen>,
    pub(super) notes: Vec<Note>,
}

/// Compares a folder with what is known of it, both in the order of their paths.
pub(super) fn survey(
    folder: &Folder,
    again: bool,
    mut next: impl FnMut() -> Result<Option<Seen>, StoreError>,
) -> Result<Survey, StoreError> {
    let mut survey = Survey::default();
    let mut row = next()?;
    folder.walk::<StoreError>(&mut |met| {
        let found = match met {
            Met::Note(path, text) => {
                survey.notes.push(Note { path, text });
                return Ok(());
            }
            Met::File(found) => found,
        };
        survey.documents += 1;
        while let Some(seen) = row.take_if(|seen| seen.path < found.path) {
            survey.gone.push(seen);
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
        survey.gone.push(seen);
        row = next()?;
    }
    find_moved(&mut survey);
    Ok(survey)
}

/// Documents at new paths that have the stamp of one that is gone, or of one whose path now holds another file: moved.
fn find_moved(survey: &mut Survey) {
    // Where a file lies that was not there when it was last read.
    let arrived = |task: &&Task| task.seen.as_ref().is_none_or(|seen| seen.stamp.inode != task.found.stamp.inode);
    let fresh: HashSet<Stamp> = survey.tasks.iter().filter(arrived).map(|task| task.found.stamp).collect();
    if fresh.is_empty() {
        return;
    }
    let mut lost: HashMap<Stamp, Seen> = HashMap::new();
    survey.gone.retain(|seen| {
        // Of several links to one file that are gone, one has moved.
        let moved = seen.item.is_some() && fresh.contains(&seen.stamp) && !lost.contains_key(&seen.stamp);
        if moved {
            lost.insert(seen.stamp, seen.clone());
        }
        !moved
    });
    for task in &mut survey.tasks {
        let replaced = |seen: &mut Seen| {
            seen.item.is_some()
                && seen.stamp.inode != task.found.stamp.inode
                && fresh.contains(&seen.stamp)
                && !lost.contains_key(&seen.stamp)
        };
        if let Some(seen) = task.seen.take_if(replaced) {
            lost.insert(seen.stamp, seen);
        }
    }
    for task in survey.tasks.iter_mut().filter(|task| task.seen.is_none()) {
        if let Some(seen) = lost.remove(&task.found.stamp) {
            task.moved_from = Some(seen.path.clone()).filter(|path| *path != task.found.path);
            task.seen = Some(seen);
        }
    }
    survey.gone.extend(lost.into_values());
}

/// Waits until files that have just been written are a second old, and leaves out those that still change.
pub(super) fn wait_for_settled(
    folder: &Folder,
    tasks: &mut Vec<Task>,
    now: DateTime<Utc>,
    files: &Files,
    line: &mut SourceReport,
) {
    let Some(now) = now.timestamp_nanos_opt() else { return };
    let age = |task: &Task| now.saturating_sub(task.found.stamp.modified);
    // Also what was written after the walk began, and what says it comes from the future.
    let is_young = |task: &Task| age(task) < SETTLED;
    let Some(youngest) = tasks.iter().filter(|task| is_young(task)).map(age).min() else { return };
    std::thread::sleep(std::time::Duration::from_nanos((SETTLED - youngest.max(0)).unsigned_abs()));
    tasks.retain(|task| {
        // What cannot be opened now says so when it is read.
        let settled = !is_young(task) || folder.look_again(&task.found).is_none_or(|stamp| stamp == task.found.stamp);
        if !settled {
            let path = files.root.join(crate::document::Origin::File(task.found.path.clone()).display());
            let text = "is still being written: it waits for the next walk".to_owned();
            line.notes.push(Note { path: path.display().to_string(), text });
        }
        settled
    });
}
