//! Opening files of the publish directory, and nothing outside of it.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

use rustix::fd::OwnedFd;
use rustix::fs::{CWD, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;

/// Opens a file for reading, by its path below a folder. Links are followed inside of the folder only. `None`: there is
/// none, or it lies outside. What is opened may be another thing than a plain file; nobody waits for its other end.
///
/// # Errors
/// When it is there and cannot be opened.
pub(super) fn open(folder: &Path, path: &str) -> io::Result<Option<File>> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let opened = rustix::fs::openat(CWD, folder, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
        .and_then(|folder| match rustix::fs::openat2(&folder, path, flags, Mode::empty(), INSIDE) {
            // Before Linux 5.6, and in containers that do not know this call.
            Err(Errno::NOSYS | Errno::PERM) => walk(folder, path, flags),
            opened => opened,
        });
    match opened.map(File::from).map_err(io::Error::from) {
        Ok(file) => Ok(Some(file)),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

const INSIDE: ResolveFlags = ResolveFlags::BENEATH.union(ResolveFlags::NO_MAGICLINKS);

/// Opens one folder after the other and follows no link at all.
fn walk(folder: OwnedFd, path: &str, flags: OFlags) -> rustix::io::Result<OwnedFd> {
    let (folders, name) = path.rsplit_once('/').map_or((None, path), |(folders, name)| (Some(folders), name));
    let into = |folder: OwnedFd, name: &str| {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        rustix::fs::openat(&folder, name, flags, Mode::empty())
    };
    let folder = folders.into_iter().flat_map(|folders| folders.split('/')).try_fold(folder, into)?;
    rustix::fs::openat(&folder, name, flags | OFlags::NOFOLLOW, Mode::empty())
}

/// Whether an error says that there is no such file inside of the folder.
fn is_absence(error: &io::Error) -> bool {
    let beyond = [Errno::XDEV, Errno::LOOP, Errno::NAMETOOLONG, Errno::NXIO].map(Errno::raw_os_error);
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
        || error.raw_os_error().is_some_and(|code| beyond.contains(&code))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn nothing_outside_of_the_folder_is_opened() {
        let root = std::env::temp_dir().join(format!("feedgen-beneath-{}", std::process::id()));
        let folder = root.join("public");
        fs::create_dir_all(folder.join("sub")).unwrap();
        fs::write(root.join("secret"), "secret").unwrap();
        fs::write(folder.join("sub/all.rss"), "news").unwrap();
        symlink("sub/all.rss", folder.join("inside")).unwrap();
        symlink("../secret", folder.join("outside")).unwrap();
        symlink(&root, folder.join("root")).unwrap();
        let is_open = |path| open(&folder, path).unwrap().is_some();
        assert!(is_open("sub/all.rss") && is_open("inside"));
        for path in
            ["outside", "root/secret", "../secret", "/etc/passwd", "absent", "sub/all.rss/x", "sub/../../secret"]
        {
            assert!(!is_open(path), "{path}");
        }
        let folder_again =
            || rustix::fs::openat(CWD, &folder, OFlags::PATH | OFlags::DIRECTORY, Mode::empty()).unwrap();
        let is_walked = |path| walk(folder_again(), path, OFlags::RDONLY).is_ok();
        assert!(is_walked("sub/all.rss"));
        for path in ["inside", "outside", "root/secret", "absent"] {
            assert!(!is_walked(path), "{path}");
        }
        fs::remove_dir_all(&root).unwrap();
    }
}
