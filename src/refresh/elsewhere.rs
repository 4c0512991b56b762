//! Documents that were moved here out of the folder of another source: they keep their items.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use super::folder::{Batch, Outcome, Passing};
use crate::collect::files::covers;
use crate::config::Settings;
use crate::item::ItemKey;
use crate::source::{Files, SourceKind};
use crate::store::{Seen, Store, StoreError};

/// New documents that lie in files which lay in the folder of another source, and do no more. Their places in the batch, and what they
/// were. Another site may tell a story as it likes, so that words alone prove no move.
pub(super) fn moved_in(
    batch: &Batch<'_>,
    settings: &Settings,
    store: &Store,
    passing: &[Passing],
    outcomes: &[Result<Outcome, String>],
) -> Result<Vec<(usize, Seen)>, StoreError> {
    let mut found: Vec<(usize, Seen)> = Vec::new();
    let folders = || {
        settings.sources.iter().filter_map(|source| match &source.kind {
            SourceKind::Files(files) if source.id != batch.source.id => Some((&source.id, files)),
            _ => None,
        })
    };
    if folders().next().is_none() || store.change()? == 0 {
        return Ok(found);
    }
    for (at, (Passing { task, opened, .. }, outcome)) in passing.iter().zip(outcomes).enumerate() {
        let (Ok(Outcome { settled: Some(Ok((item, _))), .. }), Some(born), true) =
            (outcome, opened.born, task.is_new())
        else {
            continue;
        };
        let known = store.same_file(&batch.source.id, (task.found.stamp.inode, born), item.twin_print.as_ref())?;
        // Where one folder lies in the other, a document may lie here for both: then it has not left.
        let lies_here = |files: &Files| {
            let path = OsStr::from_bytes(&task.found.path);
            batch.source.folder().is_some_and(|here| covers(files, &here.root.join(path)))
        };
        let is_gone = |source: &str, path: &[u8]| {
            let files = folders().find(|(id, _)| id.as_str() == source).map(|(_, files)| files);
            files.is_some_and(|files| {
                files.root.join(OsStr::from_bytes(path)).symlink_metadata().is_err() && !lies_here(files)
            })
        };
        let is_taken = |item: &ItemKey| found.iter().any(|(_, seen)| seen.item.as_ref() == Some(item));
        let moved = known.into_iter().find(|(source, path, item)| is_gone(source, path) && !is_taken(item));
        let path = &task.found.path;
        found.extend(moved.map(|(.., item)| (at, Seen { path: path.clone(), item: Some(item), ..Seen::default() })));
    }
    Ok(found)
}
