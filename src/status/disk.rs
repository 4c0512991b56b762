//! The disk that a path is on, or will be: how much room there is on it for whoever runs this.

use std::path::{Path, PathBuf};

use rustix::fs::{StatVfsMountFlags, statvfs};

/// How much room there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    /// What of the path is there already.
    pub place: PathBuf,
    /// Bytes that are free. `None`: the file system does not count them, or is mounted to be read only, so that none are needed.
    pub free: Option<u64>,
    /// Files that may still be made. `None`: the file system does not count them.
    pub files: Option<u64>,
}

impl Disk {
    /// The disk of a path.
    ///
    /// # Errors
    /// With what cannot be looked at, and why.
    pub fn of(path: &Path) -> Result<Self, String> {
        let refused = |at: &Path, why: String| format!("{} cannot be looked at{why}", at.display());
        let whole = std::path::absolute(path).map_err(|error| refused(path, format!(": {error}")))?;
        let place = whole.ancestors().find(|above| above.exists()).ok_or_else(|| refused(&whole, String::new()))?;
        let disk = statvfs(place).map_err(|error| refused(place, format!(": {error}")))?;
        // What is kept for root is room for root.
        let (blocks, files) = if rustix::process::geteuid().is_root() {
            (disk.f_bfree, disk.f_ffree)
        } else {
            (disk.f_bavail, disk.f_favail)
        };
        Ok(Self {
            place: place.to_owned(),
            free: (disk.f_blocks > 0 && !disk.f_flag.contains(StatVfsMountFlags::RDONLY))
                .then(|| blocks.saturating_mul(disk.f_frsize)),
            files: (disk.f_files > 0).then_some(files),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_that_counts_no_blocks_has_no_number() {
        assert_eq!(Disk::of(Path::new("/proc/self/feedgen.db")).unwrap().free, None);
        let here = Disk::of(Path::new("nowhere/at/all")).unwrap();
        assert_eq!(here.place, std::env::current_dir().unwrap());
        assert!(here.free.is_some());
    }
}
