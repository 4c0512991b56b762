//! Opens the database: holds it against a second writer, looks whether it is as it was left, and brings it up to date.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Row};
use rustix::fs::{Access, AtFlags, CWD, access, accessat};
use rustix::io::Errno;

use super::displaced::identity;
use super::postponed::Postponed;
use super::{LOST, Outcome, Store, StoreError, database, rescue, schema, suffixed};

/// Held by the one who writes. Its file tells what the database looked like when it was last left in order: if it looks
/// otherwise at the next opening, after a crash or because something else wrote to it, it is checked from end to end.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    /// Size and time of last modification of the database, then how many items it held.
    mark: String,
}

impl Lock {
    /// Takes the lock of a database, and makes the folder above it.
    pub(super) fn take(path: &Path) -> Outcome<Self> {
        let folder = folder_of(path);
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
        let lock_path = suffixed(path, ".lock");
        let mut file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&lock_path)
            .map_err(failed(&lock_path))?;
        rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).map_err(
            |error| match error {
                Errno::WOULDBLOCK => StoreError::Busy { path: path.to_owned() },
                // Some network file systems have no locks.
                error => failed(&lock_path)(error.into()),
            },
        )?;
        let mut mark = String::new();
        // Without the mark, the opening takes a moment longer.
        let _unmarked = file.read_to_string(&mut mark);
        Ok(Self { file, mark })
    }

    /// Whether its file lies beside the database still. Where that cannot be looked at, it is taken to.
    pub(super) fn holds(&self, path: &Path) -> bool {
        let Ok(own) = self.file.metadata() else { return true };
        match std::fs::metadata(suffixed(path, ".lock")) {
            Ok(there) => (there.dev(), there.ino()) == (own.dev(), own.ino()),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        }
    }

    /// How many items the database held when it was last left in order. 0: none, or nothing is known.
    pub(super) fn items(&self) -> usize {
        items_of(&self.mark)
    }

    /// Whether the database looks as it was left.
    fn knows(&self, appearance: &str) -> bool {
        self.mark.split_whitespace().take(2).eq(appearance.split_whitespace())
    }

    /// Notes how the database is left.
    fn note(&self, mark: &str) -> io::Result<()> {
        self.file.write_all_at(mark.as_bytes(), 0)?;
        self.file.set_len(mark.len() as u64)
    }
}

/// How many items the mark of a lock tells of. 0: none, or nothing is known.
fn items_of(mark: &str) -> usize {
    mark.split_whitespace().nth(2).and_then(|items| items.parse().ok()).unwrap_or(0)
}

impl Drop for Store {
    fn drop(&mut self) {
        let Some(lock) = self.lock.take() else {
            // Whoever reads tidies up behind itself where there is nothing in the log.
            if is_at_rest(&self.path) {
                let _stays = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
            }
            return;
        };
        // A store that cannot be left in order is checked at the next opening, and that is all.
        if let (Ok(()), Ok(items), Some(appearance)) = (self.bring_home(), self.count(), appearance(&self.path)) {
            let _unmarked = lock.note(&format!("{appearance} {items}\n"));
        }
    }
}

/// Size and time of last modification of the database, as text. `None`: there is none.
fn appearance(path: &Path) -> Option<String> {
    let about = std::fs::metadata(path).ok()?;
    Some(format!("{} {}.{:09}", about.size(), about.mtime(), about.mtime_nsec()))
}

impl Store {
    /// Opens the store to write, makes it if there is none, and holds it: a second process is refused.
    ///
    /// # Errors
    /// See [`StoreError`]. When it [is a corruption](StoreError::is_corruption), [`rescue`](super::rescue()) helps.
    pub fn open(path: &Path) -> Outcome<Self> {
        Self::open_with(path, schema::MIGRATIONS)
    }

    pub(super) fn open_with(path: &Path, migrations: &[&str]) -> Outcome<Self> {
        refuse_folder(path)?;
        refuse_foreign(path)?;
        let lock = Lock::take(path)?;
        refuse_read_only(path)?;
        rescue::put_in_place(path)?;
        let found = appearance(path);
        let held = lock.items();
        refuse_emptied(path, held)?;
        let in_order = found.as_ref().is_none_or(|found| lock.knows(found));
        let mut store = Self::open_locked(path, lock, migrations)?;
        if !in_order && let Err(error) = store.check() {
            store.distrust();
            return Err(error);
        }
        if held > 0 && found.is_none() {
            let text = format!("the store {} was gone, and {}", path.display(), lost(&held.to_string()));
            store.set_meta(LOST, &text)?;
        }
        Ok(store)
    }

    /// Lets go of a store in which damage was met: it is not left in order, so that the next opening checks it.
    pub fn distrust(&mut self) {
        self.lock = None;
    }

    /// Opens a database that is held already.
    pub(super) fn open_locked(path: &Path, lock: Lock, migrations: &[&str]) -> Outcome<Self> {
        let mut store = Self::connect(path, migrations)?;
        store.lock = Some(lock);
        Ok(store)
    }

    /// Opens a database that nobody else knows of.
    pub(super) fn connect(path: &Path, migrations: &[&str]) -> Outcome<Self> {
        let connection = Connection::open(path).map_err(database(path))?;
        let (path, identity) = (path.to_owned(), identity(path).ok());
        let mut store =
            Self { connection, path, identity, lock: None, near: RefCell::default(), postponed: Postponed::default() };
        store.prepare(migrations)?;
        Ok(store)
    }

    /// Opens the store to read. `None`: there is none yet.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn open_to_read(path: &Path) -> Outcome<Option<Self>> {
        refuse_folder(path)?;
        match path.try_exists() {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(StoreError::Unseen { path: path.to_owned(), error }),
        }
        if let Err(errno) = permitted(path, Access::READ_OK) {
            return Err(StoreError::Unseen { path: path.to_owned(), error: errno.into() });
        }
        refuse_foreign(path)?;
        let held = std::fs::read_to_string(suffixed(path, ".lock")).map_or(0, |mark| items_of(&mark));
        refuse_emptied(path, held)?;
        // Reading a database in WAL mode may have to make its shared memory file, so it is opened to write where it can be. Where
        // it cannot, that file would stay, and be as little to be written to when the database may be again.
        let would_leave = permitted(path, Access::WRITE_OK).is_err() && !suffixed(path, "-shm").exists();
        let connection = if would_leave && is_at_rest(path) {
            open_as_it_is(path)?
        } else {
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
                .or_else(|_| Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY))
                .map_err(database(path))?
        };
        let identity = identity(path).ok();
        let mut store = Self {
            connection,
            path: path.to_owned(),
            identity,
            lock: None,
            near: RefCell::default(),
            postponed: Postponed::default(),
        };
        store.run(|connection| {
            // Where the file was replaced, the log beside it is of another.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            connection.busy_timeout(std::time::Duration::from_secs(5))
        })?;
        let found = match store.version() {
            // Who may not write there, or has no room to, reads the file as it is, if nothing is on its way into it.
            Err(error) if is_at_rest(path) && !error.is_corruption() => {
                store.connection = open_as_it_is(path)?;
                store.version()?
            }
            found => found?,
        };
        let known = schema::MIGRATIONS.len();
        if found > known {
            return Err(StoreError::Newer { path: path.to_owned(), found, known });
        }
        if found == 0 && held > 0 {
            return Err(corruption(path, format!("its version is gone, and it held {held} items")));
        }
        if found > 0 && found < known {
            return Err(StoreError::Older { path: path.to_owned(), found, known });
        }
        Ok((found == known).then_some(store))
    }

    fn prepare(&mut self, migrations: &[&str]) -> Outcome<()> {
        self.run(|connection| {
            connection.busy_timeout(std::time::Duration::from_secs(5))?;
            connection.set_prepared_statement_cache_capacity(64);
            // A plan does not look at the values it is given, so a statement is prepared once and not for each value.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
            // Bodies are a few kilobytes: four or five of them to a page.
            connection.pragma_update(None, "page_size", 16_384)?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            // 64 MB between checkpoints: the upper pages of each index are carried over less often.
            connection.pragma_update(None, "wal_autocheckpoint", 4_096)?;
            // A third more is no quicker where a store of half a million items is filled.
            connection.pragma_update(None, "cache_size", -24_000)
        })?;
        let (found, known) = (self.version()?, migrations.len());
        if found > known {
            return Err(StoreError::Newer { path: self.path.clone(), found, known });
        }
        if found == known {
            return Ok(());
        }
        if found > 0 {
            self.back_up(found)?;
        }
        // At once, so that nobody who reads meets a store of a version between.
        self.transact(|transaction| {
            migrations.iter().skip(found).try_for_each(|migration| transaction.execute_batch(migration))?;
            transaction.pragma_update(None, "user_version", known)
        })
    }

    /// Keeps the database as it is beside itself. Under its last name a backup is whole.
    fn back_up(&self, version: usize) -> Outcome<()> {
        let backup = suffixed(&self.path, &format!(".backup-{version}"));
        let half = suffixed(&backup, ".tmp");
        remove(&half)?;
        self.run(|connection| connection.execute("VACUUM INTO ?1", [half.to_string_lossy()]).map(drop))?;
        replace(&half, &backup)
    }

    /// Writes all that is committed into the database file itself.
    pub(super) fn bring_home(&self) -> Outcome<()> {
        let busy: i64 =
            self.run(|connection| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)))?;
        if busy == 0 {
            return Ok(());
        }
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
        Err(database(&self.path)(rusqlite::Error::SqliteFailure(code, None)))
    }

    /// Gives back memory that only makes what is asked again quicker.
    ///
    /// # Errors
    /// When the database fails.
    pub fn shrink(&mut self) -> Outcome<()> {
        self.forget_texts();
        // They lie scattered over memory that could be given back but for them.
        self.connection.flush_prepared_statement_cache();
        self.run(|connection| connection.execute_batch("PRAGMA shrink_memory"))
    }

    /// Gives back what makes finding texts that are alike quicker: after many new ones, the keys of all are in memory.
    pub fn forget_texts(&mut self) {
        self.near.take();
    }

    /// Looks through the whole file for damage: also for channels that do not hold what they say, since no page looks wrong
    /// where only a number was changed.
    ///
    /// # Errors
    /// What the damage is.
    pub fn check(&self) -> Outcome<()> {
        let told: String =
            self.run(|connection| connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)))?;
        if told != "ok" {
            return Err(corruption(&self.path, told));
        }
        let differs = self.run(|connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM channel WHERE items <> (SELECT count(*) FROM member WHERE channel = channel.id))";
            Ok(connection.query_row(sql, [], |row| row.get::<_, bool>(0))? || has_strangers(connection)?)
        })?;
        if differs { Err(corruption(&self.path, "its channels are not what its items say".to_owned())) } else { Ok(()) }
    }

    pub(super) fn version(&self) -> Outcome<usize> {
        self.run(|connection| connection.pragma_query_value(None, "user_version", |row| row.get(0)))
    }
}

/// Whether a channel has an item that is not there, or at another time than its own. All times are read at once, in the order in which they
/// lie on the disk: to look up each of millions of items takes minutes.
fn has_strangers(connection: &Connection) -> rusqlite::Result<bool> {
    // What is no number is equal to none.
    let told = |row: &Row<'_>| -> rusqlite::Result<(i64, f64)> {
        Ok((row.get(0)?, row.get::<_, Option<f64>>(1)?.unwrap_or(f64::NAN)))
    };
    let mut items = connection.prepare("SELECT item, CAST(published + rank / 16384.0 AS REAL) FROM item")?;
    let times: HashMap<i64, f64> = items.query_map([], told)?.collect::<Result<_, _>>()?;
    let mut members = connection.prepare("SELECT item, CAST(published AS REAL) FROM member")?;
    let mut members = members.query_map([], told)?;
    members.try_fold(false, |differs, member| {
        let (item, time) = member?;
        Ok(differs || times.get(&item) != Some(&time))
    })
}

/// What to say of items that are lost: how many, in words.
pub(super) fn lost(items: &str) -> String {
    let noun = if items == "1" { "item" } else { "items" };
    format!(
        "{items} {noun} could not be saved: those whose documents still lie there come back, but with the dates that these give, undated ones as first seen now, and those that were removed once more"
    )
}

fn corruption(path: &Path, told: String) -> StoreError {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    database(path)(rusqlite::Error::SqliteFailure(code, Some(told)))
}

pub(super) fn failed(path: &Path) -> impl Fn(io::Error) -> StoreError + '_ {
    move |error| StoreError::Folder { path: path.to_owned(), error }
}

/// Whether all that was written is in the database file itself.
fn is_at_rest(path: &Path) -> bool {
    std::fs::metadata(suffixed(path, "-wal")).map_or(true, |log| log.len() == 0)
}

/// Opens a file that nobody writes to, and makes none beside it.
fn open_as_it_is(path: &Path) -> Outcome<Connection> {
    let address = format!("file:{}?immutable=1", percent_encode(path.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(address, flags).map_err(database(path))
}

/// A database that may not be written to is left alone: `SQLite` would make files beside it that stay in the way when it
/// may be again.
fn refuse_read_only(path: &Path) -> Outcome<()> {
    unwritable(path).map_or(Ok(()), Err)
}

/// Why a store that is there could not be opened to write: a file of it may not be written to. `None`: all may.
pub fn unwritable(path: &Path) -> Option<StoreError> {
    let refused = |file: &Path| match permitted(file, Access::WRITE_OK) {
        Err(errno) if errno != Errno::NOENT => Some(failed(file)(errno.into())),
        _ => None,
    };
    refused(path).or_else(|| ["-wal", "-shm", ".lock"].iter().find_map(|suffix| refused(&suffixed(path, suffix))))
}

/// Whether whoever runs this may do that with a file or folder. It is not opened: whoever closes a file lets go of all locks that its
/// process has on it.
///
/// # Errors
/// With what the system says against it.
pub fn permitted(path: &Path, wanted: Access) -> Result<(), Errno> {
    // The first asks for the real user, the other for the one whom we act for, but not of every system.
    access(path, wanted).or_else(|errno| accessat(CWD, path, wanted, AtFlags::EACCESS).map_err(|_| errno))
}

/// An empty file that held items is no new database.
fn refuse_emptied(path: &Path, held: usize) -> Outcome<()> {
    let is_empty = std::fs::metadata(path).is_ok_and(|about| about.len() == 0);
    if held > 0 && is_empty { Err(corruption(path, format!("it is empty, and held {held} items"))) } else { Ok(()) }
}

fn refuse_folder(path: &Path) -> Outcome<()> {
    if path.is_dir() { Err(StoreError::NoFile { path: path.to_owned() }) } else { Ok(()) }
}

/// Tables that every store has. Most of them are there in one that is damaged, too, and some in the database of another program.
const OURS: [&str; 6] = ["'meta'", "'document'", "'item'", "'channel'", "'member'", "'published'"];

/// What another program or a person wrote is no damaged store, and is left alone. Where a store was held, its lock lies beside:
/// then what is there now is damage.
fn refuse_foreign(path: &Path) -> Outcome<()> {
    let is_foreign = !suffixed(path, ".lock").exists() && is_foreign(path)?;
    if is_foreign { Err(StoreError::Foreign { path: path.to_owned() }) } else { Ok(()) }
}

fn is_foreign(path: &Path) -> Outcome<bool> {
    let Ok(about) = std::fs::metadata(path) else { return Ok(false) };
    if !about.is_file() {
        return Ok(true);
    }
    // Fileformat of SQLite, §1.3.1.
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(16).read_to_end(&mut head));
    // Whoever cannot look at it takes it for nothing: a lock beside it would say that it was a store.
    read.map_err(|error| StoreError::Unseen { path: path.to_owned(), error })?;
    if head != b"SQLite format 3\0" {
        return Ok(!head.is_empty());
    }
    let opened = if is_at_rest(path) {
        open_as_it_is(path)
    } else {
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(database(path))
    };
    let sql = format!("SELECT count(*), ifnull(sum(name IN ({})), 0) FROM sqlite_master", OURS.join(", "));
    let count = |connection: Connection| {
        let both = |row: &Row<'_>| Ok((row.get::<_, usize>(0)?, row.get::<_, usize>(1)?));
        connection.query_row(&sql, [], both).map_err(database(path))
    };
    match opened.and_then(count) {
        Ok((tables, ours)) => Ok(tables > 0 && ours < OURS.len() / 2),
        // What cannot be read is damage; what another program holds is not.
        Err(error) if error.is_corruption() => Ok(false),
        Err(error) => Err(error),
    }
}

pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> Outcome<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path)(error)),
        _ => Ok(()),
    }
}

/// Gives a file that is written the name it shall have, for good: file and name are on disk afterwards.
pub(super) fn replace(from: &Path, to: &Path) -> Outcome<()> {
    File::open(from).and_then(|file| file.sync_all()).map_err(failed(from))?;
    std::fs::rename(from, to).map_err(failed(to))?;
    sync_folder(to)
}

/// Brings the names in the folder of a file onto the disk.
pub(super) fn sync_folder(path: &Path) -> Outcome<()> {
    let folder = folder_of(path);
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder))
}
