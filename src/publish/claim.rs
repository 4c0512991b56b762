//! One feedgen publishes into a directory: another would write over its files, and take away what is not its own.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::{PublishError, write};

/// The publish directory, held by who publishes into it until this is dropped.
#[derive(Debug, Default)]
pub struct Claim(Option<File>);

impl Claim {
    /// Holds a directory, which is made where it is not there, and one that was put in its place.
    ///
    /// # Errors
    /// When another feedgen holds it.
    pub fn hold(&mut self, directory: &Path) -> Result<(), PublishError> {
        let is = |held: &File| {
            let (held, there) = (held.metadata().ok()?, fs::metadata(directory).ok()?);
            Some((held.dev(), held.ino()) == (there.dev(), there.ino()))
        };
        if self.0.as_ref().and_then(is) == Some(true) {
            return Ok(());
        }
        // Whoever writes into it tells what keeps it from being made or opened.
        let Ok(open) = write::make_folders(directory).and_then(|()| File::open(directory)) else { return Ok(()) };
        // Some network file systems have no locks.
        if flock(&open, FlockOperation::NonBlockingLockExclusive) == Err(Errno::WOULDBLOCK) {
            return Err(PublishError::Taken(directory.to_owned()));
        }
        self.0 = Some(open);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_held_by_one_and_again_where_it_is_made_anew() {
        let root = std::env::temp_dir().join(format!("feedgen-claim-{}", std::process::id()));
        let feeds = root.join("feeds");
        let (mut one, mut other) = (Claim::default(), Claim::default());
        one.hold(&feeds).unwrap();
        one.hold(&feeds).unwrap();
        let refused = other.hold(&feeds).unwrap_err().to_string();
        assert!(refused.contains("feeds is published into by another feedgen"), "{refused}");
        other.hold(&root.join("elsewhere")).unwrap();
        fs::rename(&feeds, root.join("away")).unwrap();
        one.hold(&feeds).unwrap();
        assert!(matches!(other.hold(&feeds), Err(PublishError::Taken(_))));
        drop(one);
        other.hold(&feeds).unwrap();
        // A file in its place is told by who would write into it.
        fs::write(root.join("file"), "").unwrap();
        Claim::default().hold(&root.join("file")).unwrap();
        fs::remove_dir_all(root).unwrap();
    }
}
