//! What is told where the store fails: that it is damaged, or that its disk is full, and what comes next.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rusqlite::ErrorCode;
use rustix::fs::Access;
use rustix::io::Errno;

use super::disk::Disk;
use crate::store::{self, StoreError};

/// A disk with less room than this is full for a store, in bytes: it holds no batch of documents.
const LITTLE: u64 = 1024 * 1024;

/// What strangers are told of a full disk.
pub const FULL_DISK: &str = "the disk of the store is full";

/// Why the store fails, with the next step. What the database itself says of damage means nothing to anybody but its makers.
pub fn of_store(error: &StoreError) -> String {
    let StoreError::Database { path, error: cause } = error else { return error.to_string() };
    if error.is_corruption() {
        return format!(
            "the store {} is damaged; the next refresh moves it aside and saves what it can, and all documents are read again",
            path.display()
        );
    }
    let is_of_disk = matches!(cause.sqlite_error_code(), Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure));
    match full_disk(path) {
        Some(full) if is_of_disk => full,
        // It may fail for another reason, too.
        Some(full) => format!("{error}; {full}"),
        None => error.to_string(),
    }
}

/// The same in few words that strangers may read: they name no path.
pub fn in_brief(error: &StoreError) -> &'static str {
    match error {
        _ if error.is_corruption() => "the store is damaged",
        StoreError::Database { path, error } => match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => FULL_DISK,
            Some(ErrorCode::SystemIoFailure) if full_disk(path).is_some() => FULL_DISK,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                "the store cannot be written"
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "another program holds the store",
            _ => "the store fails",
        },
        StoreError::Busy { .. } => "another feedgen holds the store",
        StoreError::Displaced { .. } | StoreError::Crowded { .. } => "the store was taken away or replaced",
        StoreError::Unwritten { .. } => "the store is still being written",
        StoreError::Newer { .. } => "the store is that of a newer feedgen",
        StoreError::Older { .. } => "the store is that of an older feedgen",
        StoreError::Unseen { .. } => "the store cannot be read",
        StoreError::Foreign { .. } => "another file lies in the place of the store",
        StoreError::Folder { .. } | StoreError::NoFile { .. } => "the store cannot be written",
    }
}

/// What is to be told of the disk of a store that has no room left. `None`: it has room, or cannot be asked.
pub fn full_disk(store: &Path) -> Option<String> {
    let free = Disk::of(store).ok()?.free?;
    (free < LITTLE).then(|| {
        format!(
            "the disk of the store {} is full, with {} KiB left: make room on it; until then nothing new is stored, and nothing is lost",
            store.display(),
            free / 1024
        )
    })
}

/// Why nothing can be written into a folder, which may have to be made first. `None`: it can.
pub fn closed(folder: &Path) -> Option<String> {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let existing = whole.ancestors().find(|above| above.symlink_metadata().is_ok())?;
    let (shown, at) = (whole.display(), existing.display());
    if !existing.is_dir() {
        return Some(format!("{shown} cannot be created: {at} is no folder; move it away"));
    }
    let errno = store::permitted(existing, Access::WRITE_OK | Access::EXEC_OK).err()?;
    let next = match errno {
        Errno::ROFS => "it is mounted read-only: mount it writable",
        _ => "grant the user that runs feedgen the right to write there",
    };
    Some(format!("{shown} cannot be written: {at}: {errno}; {next}"))
}

/// Why nothing can be stored. `None`: it can, or whoever runs this is neither root nor the owner of the store, and so cannot tell.
pub fn unwritable(store: &Path) -> Option<String> {
    let me = rustix::process::geteuid();
    let owner = std::fs::metadata(store).ok()?.uid();
    if !me.is_root() && me.as_raw() != owner {
        return None;
    }
    let folder = store.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    closed(folder).or_else(|| store::unwritable(store).map(|error| error.to_string()))
}
