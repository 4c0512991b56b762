//! Files onto the disk: whole or not at all, and only those that changed.

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use rustix::fs::{Advice, AtFlags, CWD, FileType, Gid, Mode, OFlags, Uid};

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
    make_folders(directory).map_err(failed("make", directory))?;
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

/// A folder that is not published yet: filled beside, by any number of threads, and put in place whole. The many item pages
/// of a first walk so cost neither a look nor a rename each.
#[derive(Debug)]
pub struct NewFolder {
    directory: PathBuf,
    name: &'static str,
    beside: File,
    manner: Manner,
    /// Paths of the files in it; or why it cannot be put in place.
    files: Mutex<Result<Vec<String>, PublishError>>,
}

impl NewFolder {
    /// Begins a folder below the publish directory. `None`: there is something of that name, which [`put()`] looks after.
    /// No other `put` until it is [placed](Self::place).
    ///
    /// # Errors
    /// When the file system fails.
    pub fn begin(directory: &Path, name: &'static str) -> Result<Option<Self>, PublishError> {
        if fs::symlink_metadata(directory.join(name)).is_ok() {
            return Ok(None);
        }
        make_folders(directory).map_err(failed("make", directory))?;
        let staging = directory.join(STAGING);
        clear(&staging)?;
        let path = staging.join(name);
        let manner = Manner::of(directory);
        for folder in [&staging, &path] {
            manner.make_folder(folder).map_err(failed("make", folder))?;
        }
        let beside = open_real(&path).map_err(failed("open", &path))?;
        let (directory, files) = (directory.to_owned(), Mutex::new(Ok(Vec::new())));
        Ok(Some(Self { directory, name, beside, manner, files }))
    }

    /// Adds a file that lies right in the folder. A failure is told by [`Self::place`].
    pub fn add(&self, file: Rendered) {
        let name = file.path.strip_prefix(self.name).and_then(|rest| rest.strip_prefix('/'));
        let added = match name.filter(|name| is_inside(name) && !name.contains('/')) {
            Some(name) => stage(&self.beside, name, &file.bytes, false, &self.manner)
                .map_err(|error| failed("write", &self.directory.join(STAGING).join(&file.path))(error)),
            None => Err(PublishError::Outside(file.path.clone())),
        };
        let mut files = self.files.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match (added, files.as_mut()) {
            (Ok(()), Ok(paths)) => paths.push(file.path),
            (Err(error), Ok(_)) => *files = Err(error),
            (_, Err(_)) => {}
        }
    }

    /// Brings all of it to the disk and puts it in place. Returns the paths of its files.
    ///
    /// # Errors
    /// When the file system fails, or failed before; then there is nothing in its place.
    pub fn place(self) -> Result<Vec<String>, PublishError> {
        let staging = self.directory.join(STAGING);
        let place = |files: Vec<String>| {
            if !files.is_empty() {
                let names = files.iter().filter_map(|path| path.rsplit('/').next());
                sync_all(&self.beside, names).map_err(failed("write", &staging))?;
                self.beside.sync_all().map_err(failed("write", &staging))?;
                fs::rename(staging.join(self.name), self.directory.join(self.name))
                    .map_err(failed("replace", &self.directory.join(self.name)))?;
                sync_folder(&self.directory)?;
            }
            Ok(files)
        };
        let mut files = self.files.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let placed = std::mem::replace(&mut *files, Ok(Vec::new())).and_then(place);
        clear(&staging).and(placed)
    }
}

impl Drop for NewFolder {
    /// What is not put in place, because the walk failed, would keep its room on the disk.
    fn drop(&mut self) {
        // The next walk clears it, too.
        let _cleared = clear(&self.directory.join(STAGING));
    }
}

/// How files and folders are made, so that web servers can read them, whatever the umask of the service: files are 0644; and so that
/// who publishes as root by hand takes nothing from the user of the service: they are of whom the publish directory is.
#[derive(Debug, Default)]
struct Manner {
    /// Whether the umask leaves that mode alone, as the first file tells.
    by_itself: OnceLock<bool>,
    /// Whose they are to be. `None`: of whoever makes them.
    owner: Option<(Uid, Gid)>,
}

impl Manner {
    const FILE: Mode = Mode::from_raw_mode(0o644);
    const FOLDER: u32 = 0o755;

    fn of(directory: &Path) -> Self {
        let about = rustix::process::geteuid().is_root().then(|| fs::metadata(directory).ok()).flatten();
        let owner = about.map(|about| (Uid::from_raw(about.uid()), Gid::from_raw(about.gid())));
        Self { by_itself: OnceLock::new(), owner: owner.filter(|(user, _)| !user.is_root()) }
    }

    fn finish(&self, file: &File) -> io::Result<()> {
        if let Some((user, group)) = self.owner {
            // Where owners cannot be given, they are as they are.
            let _kept = rustix::fs::fchown(file, Some(user), Some(group));
        }
        let by_itself = if let Some(by_itself) = self.by_itself.get() {
            *by_itself
        } else {
            let mode = Mode::from_raw_mode(rustix::fs::fstat(file)?.st_mode);
            *self.by_itself.get_or_init(|| mode.contains(Self::FILE))
        };
        if by_itself { Ok(()) } else { Ok(rustix::fs::fchmod(file, Self::FILE)?) }
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        make_folder(path)?;
        if let Some((user, group)) = self.owner {
            let _kept = rustix::fs::chownat(CWD, path, Some(user), Some(group), AtFlags::SYMLINK_NOFOLLOW);
        }
        Ok(())
    }
}

/// Opens a folder, and nothing that a link in its place leads to.
fn open_real(folder: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(rustix::fs::open(folder, flags, Mode::empty())?.into())
}

/// Makes a folder that web servers can look into, and those above it that are missing.
pub(super) fn make_folders(path: &Path) -> io::Result<()> {
    match make_folder(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let what = if path.exists() { "a file lies there" } else { "a link lies there that leads nowhere" };
            Err(io::Error::new(ErrorKind::NotADirectory, what))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            path.parent().map_or(Ok(()), make_folders)?;
            make_folder(path)
        }
        made => made,
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir(path)?;
    fs::set_permissions(path, Permissions::from_mode(Manner::FOLDER))
}

fn sync_folder(folder: &Path) -> Result<(), PublishError> {
    File::open(folder).and_then(|open| open.sync_all()).map_err(failed("write", folder))
}

fn exchange(directory: &Path, root: &File, staging: &Path, changed: &[&Rendered]) -> Result<(), PublishError> {
    let manner = Manner::of(directory);
    manner.make_folder(staging).map_err(failed("make", staging))?;
    let beside = open_real(staging).map_err(failed("open", staging))?;
    let mut folders = BTreeSet::from([directory.to_owned()]);
    for file in changed {
        prepare_folder(directory, &file.path, &manner, &mut folders)?;
    }
    for (number, file) in changed.iter().enumerate() {
        let staged = stage(&beside, &number.to_string(), &file.bytes, changed.len() <= FEW, &manner);
        staged.map_err(|error| failed("write", &staging.join(number.to_string()))(error))?;
    }
    if changed.len() > FEW {
        let names = || (0..changed.len()).map(|number| number.to_string());
        sync_all(&beside, names()).map_err(failed("write", staging))?;
        forget(&beside, names());
    }
    for (number, file) in changed.iter().enumerate() {
        let renamed = rustix::fs::renameat(&beside, number.to_string(), root, file.path.as_str());
        renamed.map_err(|errno| failed("replace", &directory.join(&file.path))(errno.into()))?;
    }
    for folder in folders {
        sync_folder(&folder)?;
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
fn prepare_folder(
    directory: &Path,
    path: &str,
    manner: &Manner,
    folders: &mut BTreeSet<PathBuf>,
) -> Result<(), PublishError> {
    let parent = Path::new(path).parent().unwrap_or(Path::new(""));
    if folders.contains(&directory.join(parent)) {
        return Ok(());
    }
    let mut folder = directory.to_owned();
    for part in parent.components() {
        folder.push(part);
        match manner.make_folder(&folder) {
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

fn stage(beside: &File, name: &str, bytes: &[u8], sync: bool, manner: &Manner) -> io::Result<()> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::openat(beside, name, flags, Manner::FILE)?);
    manner.finish(&file)?;
    file.write_all(bytes)?;
    if sync { file.sync_all() } else { Ok(()) }
}

/// Brings many staged files to the disk: all at once where the system can.
#[cfg(target_os = "linux")]
fn sync_all(beside: &File, _names: impl Iterator) -> io::Result<()> {
    Ok(rustix::fs::syncfs(beside)?)
}

/// Brings many staged files to the disk, one by one.
#[cfg(not(target_os = "linux"))]
fn sync_all(beside: &File, mut names: impl Iterator<Item = impl AsRef<str>>) -> io::Result<()> {
    let open = |name: &str| rustix::fs::openat(beside, name, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty());
    names.try_for_each(|name| File::from(open(name.as_ref())?).sync_all())
}

/// Gives back the memory in which the system holds many files that are on the disk: nobody reads all of them soon, and new memory for
/// each takes longer than to write it, and drives out what others read.
fn forget(beside: &File, names: impl Iterator<Item = String>) {
    for name in names {
        if let Ok(file) = rustix::fs::openat(beside, name, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()) {
            // No more than an advice.
            rustix::fs::fadvise(&file, 0, None, Advice::DontNeed).unwrap_or_default();
        }
    }
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
    fn a_new_folder_is_there_whole_or_not_at_all() {
        let folder = Folder::new("whole");
        let items = NewFolder::begin(&folder.0, "items").unwrap().unwrap();
        std::thread::scope(|scope| {
            for thread in 0..2 {
                let items = &items;
                let add = move |number| items.add(file(&format!("items/{thread}-{number}.html"), "page"));
                scope.spawn(move || (0..50).for_each(add));
            }
        });
        assert!(!folder.0.join("items").exists());
        assert_eq!(items.place().unwrap().len(), 100);
        assert_eq!((folder.read("items/1-49.html"), folder.names()), ("page".to_owned(), vec!["items".to_owned()]));
        assert!(NewFolder::begin(&folder.0, "items").unwrap().is_none());
    }

    #[test]
    fn a_new_folder_that_failed_is_not_put_in_place() {
        let folder = Folder::new("failed");
        for wrong in ["items/a.html", "items/../b.html", "items/c/d.html", "other/e.html"] {
            let items = NewFolder::begin(&folder.0, "items").unwrap().unwrap();
            items.add(file("items/a.html", "page"));
            items.add(file(wrong, "page"));
            items.add(file("items/f.html", "page"));
            items.place().unwrap_err();
            assert!(folder.names().is_empty(), "{wrong}: {:?}", folder.names());
        }
        let given_up = NewFolder::begin(&folder.0, "items").unwrap().unwrap();
        given_up.add(file("items/a.html", "page"));
        drop(given_up);
        assert!(folder.names().is_empty());
        let none = NewFolder::begin(&folder.0, "items").unwrap().unwrap();
        assert!(none.place().unwrap().is_empty() && folder.names().is_empty());
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
    fn what_root_publishes_is_of_whom_the_directory_is() {
        let folder = Folder::new("owner");
        if !rustix::process::geteuid().is_root() {
            return;
        }
        put(&folder.0, &[file("own.rss", "x")]).unwrap();
        std::os::unix::fs::chown(&folder.0, Some(12_345), Some(12_346)).unwrap();
        put(&folder.0, &[file("all.rss", "x"), file("archive/all/1.rss", "x")]).unwrap();
        let items = NewFolder::begin(&folder.0, "items").unwrap().unwrap();
        items.add(file("items/a.html", "page"));
        items.place().unwrap();
        for path in ["all.rss", "archive", "archive/all", "archive/all/1.rss", "items", "items/a.html"] {
            let about = folder.0.join(path).metadata().unwrap();
            assert_eq!((about.uid(), about.gid()), (12_345, 12_346), "{path}");
        }
        assert_eq!(folder.0.join("own.rss").metadata().unwrap().uid(), 0);
    }

    #[test]
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
