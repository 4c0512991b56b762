//! Whether published files lie there as they were written.

use std::collections::HashMap;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, Mode, OFlags, open, statat};

use crate::store::Published;

/// Folders of what is published, opened once: files are found from there, and not by all that is above them each time.
#[derive(Default)]
pub(super) struct Folders(HashMap<String, Option<OwnedFd>>);

impl Folders {
    /// Whether a published file lies there as it was written.
    pub(super) fn hold(&mut self, directory: &Path, known: &Published) -> bool {
        let (folder, name) = known.path.rsplit_once('/').unwrap_or((".", &known.path));
        if !self.0.contains_key(folder) {
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            self.0.insert(folder.to_owned(), open(directory.join(folder), flags, Mode::empty()).ok());
        }
        let Some(Some(folder)) = self.0.get(folder) else { return false };
        statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).is_ok_and(|found| {
            let modified = time(found.st_mtime, i64::try_from(found.st_mtime_nsec).unwrap_or_default());
            (found.st_size, modified) == (known.size.cast_signed(), known.modified)
        })
    }
}

/// Size and time of last modification of a published file. `None`: it is not there.
pub(super) fn look(directory: &Path, path: &str) -> Option<(u64, i64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::symlink_metadata(directory.join(path)).ok()?;
    Some((metadata.size(), time(metadata.mtime(), metadata.mtime_nsec())))
}

/// A point in time, nanoseconds since 1970.
fn time(seconds: i64, nanoseconds: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_or_taken_away_does_not_lie_there() {
        let here = std::env::temp_dir().join(format!("feedgen-folders-{}", std::process::id()));
        std::fs::create_dir_all(here.join("sources")).unwrap();
        let path = "sources/quay.atom";
        std::fs::write(here.join(path), "<feed/>").unwrap();
        let (size, modified) = look(&here, path).unwrap();
        let known = Published { path: path.to_owned(), signature: [0; 16], size, modified };
        let holds = |known: &Published| Folders::default().hold(&here, known);
        assert!(holds(&known));
        assert!(!holds(&Published { size: size + 1, ..known.clone() }));
        assert!(!holds(&Published { modified: modified - 1, ..known.clone() }));
        assert!(!holds(&Published { path: "sources/pier.atom".to_owned(), ..known.clone() }));
        assert!(!holds(&Published { path: "feeds/quay.atom".to_owned(), ..known.clone() }));
        std::fs::remove_file(here.join(path)).unwrap();
        assert!(!holds(&known));
        std::fs::remove_dir_all(&here).unwrap();
    }
}
