//! The file of an open store was taken away, or another was put in its place: the database would go on writing into a file without a
//! name, and all of it would be lost. What it holds is kept.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::open::{Lock, failed, folder_of, remove, sync_folder};
use super::postponed::Postponed;
use super::{LOST, Outcome, Store, StoreError, suffixed};

/// Copies that are kept beside what lies in the place of a store: whoever puts another file there again and again fills no disk.
const MOST: usize = 3;

/// A file, wherever it lies: device and inode.
pub(super) type Identity = (u64, u64);

/// Which file lies at a path.
pub(super) fn identity(path: &Path) -> io::Result<Identity> {
    std::fs::metadata(path).map(|about| (about.dev(), about.ino()))
}

impl Store {
    /// Looks whether its file still lies where it was opened. Where that cannot be looked at, it is taken to. A lock that was taken
    /// away holds nobody off, so another is taken then.
    ///
    /// # Errors
    /// When the file was taken away, or another lies there: [`keep_displaced`](Self::keep_displaced) helps. When somebody else has taken the
    /// lock meanwhile.
    pub fn look_at_place(&mut self) -> Outcome<()> {
        let is_elsewhere = match identity(&self.path) {
            Ok(there) => self.identity.is_some_and(|own| own != there),
            Err(error) => error.kind() == ErrorKind::NotFound,
        };
        if is_elsewhere {
            return Err(StoreError::Displaced { path: self.path.clone() });
        }
        if self.lock.as_ref().is_some_and(|lock| !lock.holds(&self.path)) {
            self.lock = Some(Lock::take(&self.path)?);
            // Who held it between may have saved what is not in them.
            self.near.take();
            self.postponed = Postponed::default();
        }
        Ok(())
    }

    /// Keeps all that a store without its file holds: where nothing lies in its place, it is put back, and else it is kept beside
    /// what lies there. Returns what is to be said of it; it is not written to after that. `None`: its file is there again.
    /// `is_last`: it cannot be tried again, so that there may be any number of copies.
    ///
    /// # Errors
    /// When that cannot be written, or there are too many copies; it may be tried again.
    pub fn keep_displaced(&mut self, is_last: bool) -> Outcome<Option<String>> {
        // Where its file is there again and only its lock is another's, nothing is to be kept.
        if !matches!(self.look_at_place(), Err(StoreError::Displaced { .. })) {
            return Ok(None);
        }
        let (path, items) = (self.path.clone(), self.count()?);
        let folder = folder_of(&path);
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
        // Our log would be taken for one of the file that lies there next.
        self.bring_home()?;
        let is_limited = lies_at(&path) && !is_last;
        let kept = free_name(&path, if is_limited { MOST } else { 10_000 })?;
        let copied = self.run(|connection| connection.execute("VACUUM INTO ?1", [kept.to_string_lossy()]).map(drop));
        let copied = copied.and_then(|()| File::open(&kept).and_then(|copy| copy.sync_all()).map_err(failed(&kept)));
        if let Err(error) = copied.and_then(|()| sync_folder(&kept)) {
            // It is half a copy, and ours: its name was free.
            remove(&kept)?;
            return Err(error);
        }
        let (name, beside) = (path.display(), kept.display());
        let text = match put_back(&kept, &path) {
            Ok(()) => format!(
                "the store {name} was taken away while feedgen ran, and was put back with all that it held (items: {items}); to begin anew, stop feedgen first"
            ),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => format!(
                "another file was put in the place of the store {name} while feedgen ran: that one is used from now on; what was stored before (items: {items}) lies in {beside}, and is used again if it gets that name while feedgen is stopped"
            ),
            Err(error) => format!(
                "the store {name} was taken away while feedgen ran, and cannot be put back ({error}): what it held (items: {items}) lies in {beside}, and is used again if it gets that name while feedgen is stopped"
            ),
        };
        // What it was left like says nothing of the file that is opened next.
        self.distrust();
        Ok(Some(text))
    }

    /// Notes what is to be said of a loss at the next walk: [`lost`](Self::lost).
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_lost(&mut self, text: &str) -> Outcome<()> {
        let text = match self.lost()? {
            Some(before) => format!("{before}; {text}"),
            None => text.to_owned(),
        };
        self.set_meta(LOST, &text)
    }
}

/// Whether anything at all lies at a path. What cannot be looked at may.
fn lies_at(path: &Path) -> bool {
    !std::fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound)
}

/// Takes the first name for a copy that nothing has, among so many: an empty file lies there then.
fn free_name(path: &Path, most: usize) -> Outcome<PathBuf> {
    for kept in (1..=most).map(|n| suffixed(path, &format!(".kept-{n}"))) {
        match File::create_new(&kept) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => return made.map(|_| kept.clone()).map_err(failed(&kept)),
        }
    }
    Err(StoreError::Crowded { path: path.to_owned() })
}

/// Gives a copy the name of the store, if nothing at all has it.
fn put_back(kept: &Path, path: &Path) -> io::Result<()> {
    if lies_at(path) {
        return Err(ErrorKind::AlreadyExists.into());
    }
    // A log that stayed there would be taken for its own. Ours is empty by now.
    let log = suffixed(path, "-wal");
    if std::fs::metadata(&log).is_ok_and(|about| about.len() > 0) {
        let is_free = |aside: &PathBuf| !lies_at(aside);
        let aside = (1..10_000).map(|n| suffixed(path, &format!(".aside-{n}-wal"))).find(is_free);
        std::fs::rename(&log, aside.ok_or(ErrorKind::AlreadyExists)?)?;
    }
    // It only helps to read a log, and those who still read the old store have it open.
    let _none = std::fs::remove_file(suffixed(path, "-shm"));
    // Fails where something lies by now.
    std::fs::hard_link(kept, path)?;
    // Two names of one file do no harm.
    let _stays = std::fs::remove_file(kept);
    // Whichever name is on the disk leads to all of it.
    let _unsure = sync_folder(path);
    Ok(())
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
        assert!(store.keep_displaced(false).unwrap().unwrap().contains("was put back"));
        drop(store);
        let mut store = folder.open();
        store.look_at_place().unwrap();
        assert_eq!(store.meta("tide").unwrap().as_deref(), Some("two metres"));
        assert_eq!(store.meta("ferry").unwrap().as_deref(), Some("at home"));
        assert_eq!(store.lost().unwrap(), None);
    }

    /// A store with a note whose file was taken away, and where that lay.
    fn taken(folder: &Folder) -> (Store, PathBuf) {
        let mut store = folder.open();
        store.set_meta("tide", "two metres").unwrap();
        let path = store.path.clone();
        std::fs::remove_file(&path).unwrap();
        (store, path)
    }

    fn tide(path: &Path) -> String {
        let kept = rusqlite::Connection::open(path).unwrap();
        kept.query_row("SELECT value FROM meta WHERE name = 'tide'", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn whatever_lies_in_the_place_of_a_store_stays_as_it_is() {
        for bytes in ["", "a letter"] {
            let folder = Folder::new();
            let (mut store, path) = taken(&folder);
            std::fs::write(&path, bytes).unwrap();
            let kept = suffixed(&path, ".kept-2");
            std::fs::write(suffixed(&path, ".kept-1"), "another letter").unwrap();
            let text = store.keep_displaced(false).unwrap().unwrap();
            assert!(text.contains("another file was put in the place") && text.contains(".kept-2"), "{text}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), bytes);
            assert_eq!(std::fs::read_to_string(suffixed(&path, ".kept-1")).unwrap(), "another letter");
            assert_eq!(tide(&kept), "two metres");
        }
    }

    #[test]
    fn a_log_that_somebody_put_there_is_moved_aside() {
        let folder = Folder::new();
        let (mut store, path) = taken(&folder);
        let log = suffixed(&path, "-wal");
        std::fs::remove_file(&log).unwrap();
        std::fs::write(&log, "of another").unwrap();
        assert!(store.keep_displaced(false).unwrap().unwrap().contains("was put back"));
        assert!(!log.exists());
        assert_eq!(std::fs::read_to_string(suffixed(&path, ".aside-1-wal")).unwrap(), "of another");
        assert!(!suffixed(&path, ".kept-1").exists());
        drop(store);
        assert_eq!(tide(&path), "two metres");
    }

    #[test]
    fn copies_do_not_fill_the_disk() {
        let folder = Folder::new();
        let (mut store, path) = taken(&folder);
        std::fs::write(&path, "a letter").unwrap();
        for n in 1..=MOST {
            std::fs::write(suffixed(&path, &format!(".kept-{n}")), "").unwrap();
        }
        assert!(matches!(store.keep_displaced(false), Err(StoreError::Crowded { .. })));
        // The last chance is taken all the same.
        assert!(store.keep_displaced(true).unwrap().unwrap().contains(".kept-4"));
        assert_eq!(tide(&suffixed(&path, ".kept-4")), "two metres");
    }

    #[test]
    fn a_store_whose_file_is_there_again_goes_on() {
        let folder = Folder::new();
        let mut store = folder.open();
        let path = store.path.clone();
        let elsewhere = suffixed(&path, ".elsewhere");
        std::fs::rename(&path, &elsewhere).unwrap();
        assert!(matches!(store.look_at_place(), Err(StoreError::Displaced { .. })));
        std::fs::rename(&elsewhere, &path).unwrap();
        assert_eq!(store.keep_displaced(false).unwrap(), None);
        assert!(store.lock.is_some());
        // What cannot be looked at was not taken away.
        store.path = path.join("below a file");
        store.look_at_place().unwrap();
    }

    #[test]
    fn a_lock_that_was_taken_away_is_taken_anew() {
        let folder = Folder::new();
        let mut store = folder.open();
        let (path, lock) = (store.path.clone(), suffixed(&store.path, ".lock"));
        std::fs::remove_file(&lock).unwrap();
        store.look_at_place().unwrap();
        assert!(matches!(Store::open(&path), Err(StoreError::Busy { .. })));
        // Somebody was quicker: until they have done.
        std::fs::remove_file(&lock).unwrap();
        let other = Store::open(&path).unwrap();
        assert!(matches!(store.look_at_place(), Err(StoreError::Busy { .. })));
        drop(other);
        store.look_at_place().unwrap();
        assert!(matches!(Store::open(&path), Err(StoreError::Busy { .. })));
    }

    #[test]
    fn what_is_said_of_a_loss_does_not_take_the_place_of_what_was() {
        let folder = Folder::new();
        let mut store = folder.open();
        store.note_lost("two items were lost").unwrap();
        store.note_lost("the store was replaced").unwrap();
        assert_eq!(store.lost().unwrap().as_deref(), Some("two items were lost; the store was replaced"));
    }

    #[test]
    fn who_reads_a_store_writes_no_log_into_another() {
        let folder = Folder::new();
        let mut store = folder.open();
        let (path, backup) = (store.path.clone(), suffixed(&store.path, ".backup"));
        store.set_meta("tide", "one metre").unwrap();
        store.bring_home().unwrap();
        std::fs::copy(&path, &backup).unwrap();
        store.set_meta("tide", "two metres").unwrap();
        let before = std::fs::read(&backup).unwrap();
        std::fs::rename(&backup, &path).unwrap();
        // It lies beside the log of the other.
        if let Ok(Some(reader)) = Store::open_to_read(&path) {
            let _whatever = reader.count();
        }
        assert!(std::fs::read(&path).unwrap() == before);
        drop(store);
    }
}
