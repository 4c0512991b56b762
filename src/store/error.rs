//! Why the store cannot do what it is asked for, and what to do then.

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;
use rustix::process::{Resource, getrlimit};

/// Why the store cannot do what it is asked for.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process walks.
    #[error("another feedgen is at work on {}: wait until it has ended, or stop it", path.display())]
    Busy {
        /// The database.
        path: PathBuf,
    },
    /// The folder or the lock cannot be made.
    #[error("cannot write to {}: {error}; {}, or set store.path", path.display(), way_in(error))]
    Folder {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The database cannot be looked at.
    #[error("cannot look at the store {}: {error}; give the user that runs feedgen the right to, or set store.path", path.display())]
    Unseen {
        /// The database.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// There is a folder where the database should be.
    #[error("{} is a folder: set store.path to a file, such as {}", path.display(), path.join("feedgen.db").display())]
    NoFile {
        /// The folder.
        path: PathBuf,
    },
    /// What lies there was never a store.
    #[error("{} is no store of feedgen, and is left as it is: set store.path to a name that is free, such as state/feedgen.db", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a newer version.
    #[error("{} was written by a newer feedgen (schema {found}, this one knows {known}): install that version, or restore the backup beside it", path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its version.
        found: usize,
        /// The latest version known here.
        known: usize,
    },
    /// The file was written by an older version, and is only to be read: whoever writes to it brings it up to date.
    #[error("the store {} was written by an older feedgen (schema {found}, this one knows {known}): run `feedgen refresh`, which brings it up to date, or restart the daemon where one runs", path.display())]
    Older {
        /// The database.
        path: PathBuf,
        /// Its version.
        found: usize,
        /// The latest version known here.
        known: usize,
    },
    /// The file of the open database was taken away, or another was put in its place.
    #[error("the store {} was taken away or replaced while it was in use", path.display())]
    Displaced {
        /// The database.
        path: PathBuf,
    },
    /// The same, and so many copies of it lie beside it already that no more is made.
    #[error("the store {0} was taken away or replaced while it was in use, and three copies of it lie beside it already: move away {0}.kept-1 and the others that nobody needs", path.display())]
    Crowded {
        /// The database.
        path: PathBuf,
    },
    /// What lies in the place of the database is empty, or was written to a moment ago.
    #[error("the file in the place of the store {} is empty or still being written: feedgen waits until it is written", path.display())]
    Unwritten {
        /// The database.
        path: PathBuf,
    },
    /// The database failed.
    #[error("the store {} failed: {error}{}", path.display(), hint(error))]
    Database {
        /// The database.
        path: PathBuf,
        /// What the database says.
        error: rusqlite::Error,
    },
}

/// The next step where a folder or file cannot be written to.
fn way_in(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::ReadOnlyFilesystem => "it is mounted read-only: mount it writable",
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            "a file lies there where a folder belongs: move it away"
        }
        _ => "give the user that runs feedgen the right to",
    }
}

/// The next step after a failure of the database.
fn hint(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "; make room on the disk, then refresh again: nothing is lost",
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "; give the user that runs feedgen the right to write there"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "; another program holds it: stop that, then try again"
        }
        Some(ErrorCode::SystemIoFailure) if getrlimit(Resource::Fsize).current.is_some() => {
            "; if it has reached the limit on the size of files (ulimit -f), raise that, else look after the disk; then refresh again: nothing that was committed is lost"
        }
        Some(ErrorCode::SystemIoFailure) => {
            "; look after the disk, then refresh again: nothing that was committed is lost"
        }
        _ => "",
    }
}

impl StoreError {
    /// Whether the file itself is damaged, so that only moving it aside helps.
    pub fn is_corruption(&self) -> bool {
        let Self::Database { error, .. } = self else { return false };
        // A value that is not what was stored is damage too.
        let garbled = matches!(
            error,
            rusqlite::Error::InvalidColumnName(_)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::Utf8Error(..)
        );
        // So is a name in the schema that is not what was written: what asks for it never changes.
        let code = error.sqlite_error_code();
        let renamed =
            matches!(code, Some(ErrorCode::Unknown)) || matches!(error, rusqlite::Error::SqlInputError { .. });
        garbled || renamed || matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
    }
}
