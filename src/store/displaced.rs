//! The file of an open store was taken away, or another was put in its place: the database would go on writing into a file without a
//! name, and all of it would be lost. What it holds is kept.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::open::{failed, folder_of, remove, replace};
use super::rescue::WHOLE;
use super::{LOST, Outcome, Store, StoreError, suffixed};

/// A file, wherever it lies: device and inode.
pub(super) type Identity = (u64, u64);

/// Which file lies at a path. `None`: none.
pub(super) fn identity(path: &Path) -> Option<Identity> {
    std::fs::metadata(path).ok().map(|about| (about.dev(), about.ino()))
}

impl Store {
    /// Looks whether its file still lies where it was opened.
    ///
    /// # Errors
    /// When it was taken away, or another lies there: [`keep_displaced`](Self::keep_displaced) helps.
    pub fn look_at_place(&self) -> Outcome<()> {
        let is_there = identity(&self.path) == self.identity;
        if is_there { Ok(()) } else { Err(StoreError::Displaced { path: self.path.clone() }) }
    }

    /// Keeps all that a store without its file holds: where nothing lies in its place, it is put back when it is opened next, and
    /// else it is kept beside what lies there. Returns what is to be said of it. It is not written to after that.
    ///
    /// # Errors
    /// When that cannot be written; it may be tried again.
    pub fn keep_displaced(&mut self) -> Outcome<String> {
        let (path, items) = (self.path.clone(), self.count()?);
        let folder = folder_of(&path);
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
        let is_replaced = std::fs::metadata(&path).is_ok_and(|about| about.len() > 0);
        let half = suffixed(&path, ".kept");
        remove(&half)?;
        self.run(|connection| connection.execute("VACUUM INTO ?1", [half.to_string_lossy()]).map(drop))?;
        // A log that stays behind would be taken for one of the file that lies there now.
        self.bring_home()?;
        // What it was left like says nothing of the file that is opened next.
        self.distrust();
        let name = path.display();
        if !is_replaced {
            replace(&half, &suffixed(&path, WHOLE))?;
            // They are our own, and empty; so is what may lie there.
            for suffix in ["", "-wal", "-shm"] {
                remove(&suffixed(&path, suffix))?;
            }
            return Ok(format!(
                "the store {name} was taken away while feedgen ran, and was put back with all that it held (items: {items}); to begin anew, stop feedgen first"
            ));
        }
        let is_free = |aside: &std::path::PathBuf| identity(aside).is_none();
        let aside = (1..10_000).map(|n| suffixed(&path, &format!(".replaced-{n}"))).find(is_free);
        let aside = aside.unwrap_or_else(|| suffixed(&path, ".replaced"));
        replace(&half, &aside)?;
        Ok(format!(
            "another file was put in the place of the store {name} while feedgen ran: that one is used from now on; what was stored before (items: {items}) lies in {}, and is used again if it gets that name while feedgen is stopped",
            aside.display()
        ))
    }

    /// Notes what is to be said of a loss at the next walk: [`lost`](Self::lost).
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_lost(&mut self, text: &str) -> Outcome<()> {
        self.set_meta(LOST, text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Folder;
    use super::*;

    #[test]
    fn what_is_kept_of_a_store_without_a_file_is_all_of_it() {
        let folder = Folder::new();
        let mut store = folder.open();
        store.set_meta("tide", "two metres").unwrap();
        store.look_at_place().unwrap();
        let path = store.path.clone();
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(store.look_at_place(), Err(StoreError::Displaced { .. })));
        store.set_meta("ferry", "at home").unwrap();
        assert!(store.keep_displaced().unwrap().contains("was put back"));
        drop(store);
        let store = folder.open();
        store.look_at_place().unwrap();
        assert_eq!(store.meta("tide").unwrap().as_deref(), Some("two metres"));
        assert_eq!(store.meta("ferry").unwrap().as_deref(), Some("at home"));
        assert_eq!(store.lost().unwrap(), None);
    }
}
