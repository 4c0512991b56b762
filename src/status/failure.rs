//! What is told where the store fails: that it is damaged, or that its disk is full, and what comes next.

use std::path::Path;

use crate::store::StoreError;

/// A disk with less room than this is full for a store, in bytes: it holds no batch of documents.
const LITTLE: u64 = 1024 * 1024;

/// Why the store fails, with the next step. What the database itself says of damage means nothing to anybody but its makers.
pub fn of_store(error: &StoreError) -> String {
    let StoreError::Database { path, .. } = error else { return error.to_string() };
    if error.is_corruption() {
        return format!(
            "the store {} is damaged; the next refresh moves it aside and saves what it can, and all documents are read again",
            path.display()
        );
    }
    full_disk(path).unwrap_or_else(|| error.to_string())
}

/// What is to be told of the disk of a store that has no room left. `None`: it has room, or cannot be asked.
pub fn full_disk(store: &Path) -> Option<String> {
    let whole = std::path::absolute(store).ok()?;
    let disk = rustix::fs::statvfs(whole.ancestors().find(|above| above.exists())?).ok()?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    (free < LITTLE).then(|| {
        format!(
            "the disk of the store {} is full, with {} KiB left: make room on it; until then nothing new is stored, and nothing is lost",
            store.display(),
            free / 1024
        )
    })
}
