//! Files onto the disk: whole or not at all, and only those that changed.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags};

use super::{PublishError, Rendered};

/// Where files are made before they take their place: on the same file system, and hidden.
const STAGING: &str = ".staging";

/// Above so many files, one `syncfs` costs less than an `fsync` each.
const FEW: usize = 32;

/// Puts files into the publish directory and returns the paths of those that changed.
///
/// A file that has these bytes already is left alone, so that its time of modification and `ETag` stay. The others are
/// written beside, brought to the disk, and renamed: a reader sees the old file or the new one, and so does the next
/// start after a crash. What a crash has left in the staging folder is cleared first. One `put` at a time.
///
/// # Errors
/// When a path leads out of the directory, or the file system fails. Until all files are safe on the disk nothing
/// published is touched, and what was staged is removed.
pub fn put(directory: &Path, files: &[Rendered]) -> Result<Vec<String>, PublishError> {
    if let Some(file) = files.iter().find(|file| !is_inside(&file.path)) {
        return Err(PublishError::Outside(file.path.clone()));
    }
    fs::create_dir_all(directory).map_err(failed("make", directory))?;
    let staging = directory.join(STAGING);
    clear(&staging)?;
    // Files are named from open folders, so that the system does not walk the whole way to each.
    let root = File::open(directory).map_err(failed("open", directory))?;
    let mut changed = Vec::new();
    for file in files {
        let there = is_there(&root, &file.path, &file.bytes);
        if !there.map_err(|error| failed("replace", &directory.join(&file.path))(error))? {
            changed.push(file);
        }
    }
    if !changed.is_empty() {
        let exchanged = exchange(directory, &root, &staging, &changed);
        let cleared = clear(&staging);
        exchanged.and(cleared)?;
    }
    Ok(changed.into_iter().map(|file| file.path.clone()).collect())
}

fn exchange(directory: &Path, root: &File, staging: &Path, changed: &[&Rendered]) -> Result<(), PublishError> {
    fs::create_dir(staging).map_err(failed("make", staging))?;
    let beside = File::open(staging).map_err(failed("open", staging))?;
    let mut folders = BTreeSet::from([directory.to_owned()]);
    for file in changed {
        prepare_folder(directory, &file.path, &mut folders)?;
    }
    for (number, file) in changed.iter().enumerate() {
        let staged = stage(&beside, &number.to_string(), &file.bytes, changed.len() <= FEW);
        staged.map_err(|error| failed("write", &staging.join(number.to_string()))(error))?;
    }
    if changed.len() > FEW {
        sync_all(&beside, changed.len()).map_err(failed("write", staging))?;
    }
    for (number, file) in changed.iter().enumerate() {
        let renamed = rustix::fs::renameat(&beside, number.to_string(), root, file.path.as_str());
        renamed.map_err(|errno| failed("replace", &directory.join(&file.path))(errno.into()))?;
    }
    for folder in folders {
        File::open(&folder).and_then(|open| open.sync_all()).map_err(failed("write", &folder))?;
    }
    Ok(())
}

/// Whether a path stays below the publish directory and out of the staging folder.
fn is_inside(path: &str) -> bool {
    let plain = |part| matches!(part, Component::Normal(name) if name != STAGING);
    !path.is_empty() && !path.ends_with('/') && !path.contains('\0') && Path::new(path).components().all(plain)
}

/// Whether a plain file with these bytes is there. A folder in its place is an error: nothing can replace it.
fn is_there(root: &File, path: &str, bytes: &[u8]) -> io::Result<bool> {
    let Ok(about) = rustix::fs::statat(root, path, AtFlags::SYMLINK_NOFOLLOW) else { return Ok(false) };
    match FileType::from_raw_mode(about.st_mode) {
        FileType::Directory => Err(ErrorKind::IsADirectory.into()),
        FileType::RegularFile if usize::try_from(about.st_size).ok() == Some(bytes.len()) => {
            let mut there = Vec::with_capacity(bytes.len());
            // What cannot be read is replaced.
            let open = rustix::fs::openat(root, path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty());
            let read = open.map_err(io::Error::from).and_then(|file| File::from(file).read_to_end(&mut there));
            Ok(read.is_ok() && there == bytes)
        }
        _ => Ok(false),
    }
}

/// Makes the folders that a file is in, real ones and no links out of the directory. Adds them to `folders`, so that
/// each is looked at once.
fn prepare_folder(directory: &Path, path: &str, folders: &mut BTreeSet<PathBuf>) -> Result<(), PublishError> {
    let parent = Path::new(path).parent().unwrap_or(Path::new(""));
    if folders.contains(&directory.join(parent)) {
        return Ok(());
    }
    let mut folder = directory.to_owned();
    for part in parent.components() {
        folder.push(part);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                if !fs::symlink_metadata(&folder).map_err(failed("open", &folder))?.is_dir() {
                    return Err(failed("open", &folder)(ErrorKind::NotADirectory.into()));
                }
            }
            made => made.map_err(failed("make", &folder))?,
        }
        folders.insert(folder.clone());
    }
    Ok(())
}

fn stage(beside: &File, name: &str, bytes: &[u8], sync: bool) -> io::Result<()> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::openat(beside, name, flags, Mode::from_raw_mode(0o666))?);
    file.write_all(bytes)?;
    if sync { file.sync_all() } else { Ok(()) }
}

/// Brings many staged files to the disk: all at once where the system can.
#[cfg(target_os = "linux")]
fn sync_all(beside: &File, _files: usize) -> io::Result<()> {
    Ok(rustix::fs::syncfs(beside)?)
}

/// Brings many staged files to the disk, one by one.
#[cfg(not(target_os = "linux"))]
fn sync_all(beside: &File, files: usize) -> io::Result<()> {
    let open = |name: String| rustix::fs::openat(beside, name, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty());
    (0..files).try_for_each(|number| File::from(open(number.to_string())?).sync_all())
}

fn clear(staging: &Path) -> Result<(), PublishError> {
    let removed = match fs::symlink_metadata(staging) {
        Ok(about) if about.is_dir() => fs::remove_dir_all(staging),
        Ok(_) => fs::remove_file(staging),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    };
    removed.map_err(failed("clear", staging))
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PublishError {
    move |source| PublishError::Files { doing, path: path.to_owned(), next: next_step(source.kind()), source }
}

fn next_step(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room on that disk, then refresh again",
        ErrorKind::ReadOnlyFilesystem => "mount the disk writable, or change publish.directory",
        ErrorKind::PermissionDenied => "give the user that runs feedgen the right to write there",
        ErrorKind::IsADirectory => "move that folder away: a file belongs there",
        ErrorKind::NotADirectory => "a real folder belongs there: move the file or link away",
        _ => "check publish.directory, then refresh again",
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    /// A folder of its own for one test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(test: &str) -> Self {
            let path = std::env::temp_dir().join(format!("feedgen-write-{}-{test}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn read(&self, path: &str) -> String {
            fs::read_to_string(self.0.join(path)).unwrap()
        }

        fn names(&self) -> Vec<String> {
            let names = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<_> = names.collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    fn file(path: &str, text: &str) -> Rendered {
        Rendered { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn only_what_changed_is_touched() {
        let folder = Folder::new("changed");
        let both = [file("all.rss", "one"), file("sources/a.rss", "two")];
        assert_eq!(put(&folder.0, &both).unwrap(), ["all.rss", "sources/a.rss"]);
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        File::options().append(true).open(folder.0.join("all.rss")).unwrap().set_modified(long_ago).unwrap();
        assert_eq!(put(&folder.0, &[file("all.rss", "one"), file("sources/a.rss", "2")]).unwrap(), ["sources/a.rss"]);
        assert_eq!(folder.0.join("all.rss").metadata().unwrap().modified().unwrap(), long_ago);
        assert_eq!(folder.read("sources/a.rss"), "2");
        assert_eq!(folder.names(), ["all.rss", "sources"]);
    }

    #[test]
    fn many_files_go_the_same_way() {
        let folder = Folder::new("many");
        let files: Vec<_> = (0..100).map(|number| file(&format!("items/{number}.html"), &number.to_string())).collect();
        assert_eq!(put(&folder.0, &files).unwrap().len(), 100);
        assert_eq!(folder.read("items/77.html"), "77");
        assert_eq!(put(&folder.0, &files).unwrap().len(), 0);
    }

    #[test]
    fn no_path_leaves_the_directory() {
        let folder = Folder::new("paths");
        for path in ["../a", "/a", "a/../b", "", ".", "a/", ".staging/a", "a\0b"] {
            let refused = put(&folder.0, &[file("good", "x"), file(path, "x")]);
            assert!(matches!(refused, Err(PublishError::Outside(_))), "{path:?} was taken");
        }
        assert!(folder.names().is_empty());
    }

    #[test]
    #[cfg(unix)]
    fn links_are_replaced_and_not_followed() {
        let (folder, outside) = (Folder::new("links"), Folder::new("outside"));
        fs::write(outside.0.join("secret"), "mine").unwrap();
        std::os::unix::fs::symlink(outside.0.join("secret"), folder.0.join("all.rss")).unwrap();
        std::os::unix::fs::symlink(&outside.0, folder.0.join("sources")).unwrap();
        put(&folder.0, &[file("all.rss", "feed")]).unwrap();
        assert_eq!((folder.read("all.rss"), outside.read("secret")), ("feed".to_owned(), "mine".to_owned()));
        put(&folder.0, &[file("sources/a.rss", "feed")]).unwrap_err();
        assert_eq!(outside.names(), ["secret"]);
    }

    #[test]
    fn a_crash_leaves_nothing_behind() {
        let folder = Folder::new("crash");
        fs::create_dir(folder.0.join(STAGING)).unwrap();
        fs::write(folder.0.join(STAGING).join("0"), "half").unwrap();
        put(&folder.0, &[]).unwrap();
        assert!(folder.names().is_empty());
    }

    #[test]
    fn a_failure_changes_nothing_and_says_what_to_do() {
        let folder = Folder::new("failure");
        put(&folder.0, &[file("a.rss", "old")]).unwrap();
        fs::create_dir(folder.0.join("b.rss")).unwrap();
        let error = put(&folder.0, &[file("a.rss", "new"), file("b.rss", "new")]).unwrap_err().to_string();
        assert!(error.contains("b.rss") && error.contains("move that folder away"), "{error}");
        assert_eq!(folder.read("a.rss"), "old");
        assert_eq!(folder.names(), ["a.rss", "b.rss"]);
    }
}
