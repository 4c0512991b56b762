//! Local documents: walks a folder and reads what it finds there, and nothing that lies outside of it.
//!
//! Every folder and file is opened relative to the folder above it and without following links
//! (`O_NOFOLLOW`), so that no rename or link made during the walk leads out of the root; and without
//! blocking (`O_NONBLOCK`), so that a FIFO does not hold it up. A link to a file inside the root is read
//! as that file.

use std::collections::HashSet;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use globset::{GlobBuilder, GlobMatcher};
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, StatxFlags};
use rustix::io::Errno;

use super::ending::form;
use super::sidecar;
use crate::document::{Document, Form, Origin, Stamp};
use crate::source::{Files, Source, SourceId};

/// Deepest folder below the root that is walked.
const DEEPEST: usize = 32;
const RIGHT: &str = "see that the user that runs feedgen may read it";
/// What is told of a folder where a link leads back to itself.
pub const LOOP: &str =
    "cannot be reached: a symbolic link on the way leads back to itself; let it lead to the folder, or correct `files`";

/// What a walk may do.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Largest document that is read, bytes.
    pub max_size: u64,
}

/// Why a source could not be walked at all.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The folder is not there.
    #[error("the folder {} does not exist: create it, or correct `files` of source {source_id}", root.display())]
    Missing {
        /// The source.
        source_id: SourceId,
        /// Its folder.
        root: PathBuf,
    },
    /// There is something else at its place.
    #[error("{} is no folder: name a folder, a file that ends in .txt, .md or .html, or a glob such as \"news/*\", in `files` of source {source_id}", root.display())]
    NoFolder {
        /// The source.
        source_id: SourceId,
        /// What should be its folder.
        root: PathBuf,
    },
    /// A link on the way to the folder of the source leads back to itself.
    #[error("{path} {LOOP} of source {0}", path = .1.display())]
    Loop(SourceId, PathBuf),
    /// The folder cannot be opened.
    #[error("cannot open the folder {}: {error}; give the user that runs feedgen the right to read it", root.display())]
    Root {
        /// Its folder.
        root: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The glob is wrong.
    #[error("source {source_id}: {error}")]
    Glob {
        /// The source.
        source_id: SourceId,
        /// What is wrong with it.
        error: globset::Error,
    },
}

/// A file that a walk met and that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Path relative to the source's folder.
    pub path: Vec<u8>,
    /// The file itself, relative to the source's folder, if `path` is a link to it.
    target: Option<Vec<u8>>,
    /// What it looks like now.
    pub stamp: Stamp,
    /// When it or its sidecar was last written to, nanoseconds since 1970.
    pub written: i64,
    /// What its name declares it to be.
    pub form: Form,
    /// Names of the sidecars beside it, best first.
    sidecars: Vec<Vec<u8>>,
}

impl Found {
    fn sidecar_paths(&self) -> impl Iterator<Item = Vec<u8>> {
        let slash = self.path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        self.sidecars.iter().map(move |name| [self.path.split_at(slash).0, name].concat())
    }
}

/// A document that was read.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The document.
    pub document: Document,
    /// When its file was made, nanoseconds since 1970: kept by a rename, never given to another file with the same inode
    /// number. `None`: the file system does not say.
    pub born: Option<i64>,
}

/// What a walk meets.
#[derive(Debug)]
pub enum Met {
    /// A document.
    File(Found),
    /// Something that was left alone and is worth a word: its path relative to the source's folder (empty: the folder
    /// itself), and why, with the next step. What lies at or below that path is not known.
    Left(Vec<u8>, String),
}

/// A source's folder, open. Cheap to share: reading needs no lock.
#[derive(Debug)]
pub struct Folder {
    root: OwnedFd,
    path: PathBuf,
    /// The root without links, to tell which links lead out of it.
    canonical: PathBuf,
    matcher: GlobMatcher,
    policy: Policy,
    /// The folder that was last read from, by its path: documents lie side by side.
    last: Mutex<Option<(Vec<u8>, Arc<OwnedFd>)>>,
}

impl Folder {
    /// Opens a source's folder.
    ///
    /// # Errors
    /// When it is missing, is no folder, or cannot be opened, or when the glob is wrong.
    pub fn open(source: &Source, files: &Files, policy: Policy) -> Result<Self, CollectError> {
        let matcher = matcher(files).map_err(|error| CollectError::Glob { source_id: source.id.clone(), error })?;
        let root = rustix::fs::openat(CWD, &files.root, FOLDER.difference(OFlags::NOFOLLOW), Mode::empty());
        let root = root.map_err(|errno| match errno {
            Errno::NOENT => CollectError::Missing { source_id: source.id.clone(), root: files.root.clone() },
            Errno::NOTDIR => CollectError::NoFolder { source_id: source.id.clone(), root: files.root.clone() },
            Errno::LOOP => CollectError::Loop(source.id.clone(), files.root.clone()),
            errno => CollectError::Root { root: files.root.clone(), error: errno.into() },
        })?;
        let canonical = std::fs::canonicalize(&files.root)
            .map_err(|error| CollectError::Root { root: files.root.clone(), error })?;
        Ok(Self { root, path: files.root.clone(), canonical, matcher, policy, last: Mutex::new(None) })
    }

    /// Walks the folder in the order of the bytes of the paths, and calls `visit` for all that it meets.
    /// Stops at the first error that `visit` returns.
    ///
    /// # Errors
    /// Those of `visit` only: what the folder holds never fails a walk.
    pub fn walk<E>(&self, visit: &mut dyn FnMut(Met) -> Result<(), E>) -> Result<(), E> {
        match self.root.try_clone() {
            Ok(root) => self.walk_folder(&root, &mut Vec::new(), 0, visit),
            Err(error) => visit(left(b"", format!("cannot be opened: {error}"))),
        }
    }

    fn walk_folder<E>(
        &self,
        folder: &OwnedFd,
        prefix: &mut Vec<u8>,
        depth: usize,
        visit: &mut dyn FnMut(Met) -> Result<(), E>,
    ) -> Result<(), E> {
        let Listing { entries, sidecars, strays } = match list(folder) {
            Ok(listing) => listing,
            Err(error) => {
                return visit(left(prefix.strip_suffix(b"/").unwrap_or(prefix), format!("cannot be listed: {error}")));
            }
        };
        for (name, text) in strays {
            visit(left(&[prefix, name.as_slice()].concat(), text.to_owned()))?;
        }
        for (name, kind) in &entries {
            let length = prefix.len();
            let bare = name.strip_suffix(b"/").unwrap_or(name);
            prefix.extend_from_slice(bare);
            let outcome = if *kind == FileType::Directory {
                self.enter(folder, bare, prefix, depth, visit)
            } else {
                match self.look(folder, bare, *kind, prefix, &sidecars) {
                    Some(met) => visit(met),
                    None => Ok(()),
                }
            };
            prefix.truncate(length);
            outcome?;
        }
        Ok(())
    }

    fn enter<E>(
        &self,
        above: &OwnedFd,
        name: &[u8],
        prefix: &mut Vec<u8>,
        depth: usize,
        visit: &mut dyn FnMut(Met) -> Result<(), E>,
    ) -> Result<(), E> {
        if depth >= DEEPEST {
            return visit(left(prefix, format!("lies more than {DEEPEST} folders deep and is not walked")));
        }
        match rustix::fs::openat(above, name, FOLDER, Mode::empty()) {
            Ok(folder) => {
                prefix.push(b'/');
                self.walk_folder(&folder, prefix, depth + 1, visit)
            }
            Err(errno) => visit(left(prefix, format!("cannot be opened: {}; {RIGHT}", io::Error::from(errno)))),
        }
    }

    /// What an entry that is no folder is. `None`: nothing to speak of.
    fn look(&self, folder: &OwnedFd, name: &[u8], kind: FileType, path: &[u8], sidecars: &[Vec<u8>]) -> Option<Met> {
        if !self.matcher.is_match(Path::new(std::ffi::OsStr::from_bytes(path))) {
            return None;
        }
        let form = match form(name) {
            Ok(form) => form,
            Err(extension) => {
                let shown = String::from_utf8_lossy(extension);
                return Some(left(
                    path,
                    format!("is of a kind that cannot be read (.{shown}): leave it out of `files`"),
                ));
            }
        };
        let mut target = None;
        let status = match kind {
            FileType::Symlink => match self.follow(path) {
                Ok((inside, status)) => {
                    target = Some(inside);
                    Ok(status)
                }
                Err(note) => return Some(left(path, note)),
            },
            _ => rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW),
        };
        let status = match status {
            Ok(status) => status,
            // Gone between the listing and now: it has vanished, which is nothing to report.
            Err(Errno::NOENT) => return None,
            Err(errno) => return Some(left(path, format!("cannot be looked at: {}", io::Error::from(errno)))),
        };
        match FileType::from_raw_mode(status.st_mode) {
            FileType::RegularFile => {}
            kind => return Some(left(path, format!("is {} and is not read: lay it elsewhere", kind_name(kind)))),
        }
        let mut stamp = stamp(&status);
        if stamp.size > self.policy.max_size {
            let limit = self.policy.max_size;
            return Some(left(
                path,
                format!("has {} bytes, over the limit of {limit}: raise documents.max_size to take it in", stamp.size),
            ));
        }
        let mut written = stamp.modified;
        let sidecars: Vec<_> = sidecar::names(name).filter(|wanted| sidecars.contains(wanted)).collect();
        for sidecar in &sidecars {
            if let Ok(status) = rustix::fs::statat(folder, sidecar.as_slice(), AtFlags::SYMLINK_NOFOLLOW) {
                stamp.sidecar = fold(stamp.sidecar, &status);
                written = written.max(self::stamp(&status).modified);
            }
        }
        Some(Met::File(Found { path: path.to_vec(), target, stamp, written, form, sidecars }))
    }

    /// Where a link leads, if that is a file inside the root.
    fn follow(&self, path: &[u8]) -> Result<(Vec<u8>, Stat), String> {
        let link = self.canonical.join(std::ffi::OsStr::from_bytes(path));
        let end =
            std::fs::canonicalize(&link).map_err(|why| format!("is a link that leads nowhere, mend it: {why}"))?;
        let inside = end
            .strip_prefix(&self.canonical)
            .map_err(|_| "is a link that leads out of the folder and is not followed".to_owned())?;
        let inside = inside.as_os_str().as_bytes().to_vec();
        let file = self.open_inside(&inside).map_err(|error| format!("is a link to what cannot be opened: {error}"))?;
        let status = rustix::fs::fstat(&file).map_err(|errno| errno.to_string())?;
        if FileType::from_raw_mode(status.st_mode) == FileType::Directory {
            return Err("is a link to a folder and is not followed".to_owned());
        }
        Ok((inside, status))
    }

    /// Opens a file by its path below the root, following no link on the way.
    fn open_inside(&self, path: &[u8]) -> io::Result<OwnedFd> {
        self.inside(path, |folder, name| rustix::fs::openat(folder, name, FILE, Mode::empty()))
    }

    /// Does something to a name in a folder below the root.
    fn inside<T>(&self, path: &[u8], work: impl Fn(&OwnedFd, &[u8]) -> rustix::io::Result<T>) -> io::Result<T> {
        let slash = path.iter().rposition(|byte| *byte == b'/');
        let Some((above, name)) = slash.map(|at| (path.split_at(at).0, path.split_at(at + 1).1)) else {
            return Ok(work(&self.root, path)?);
        };
        Ok(work(&*self.open_folder(above)?, name)?)
    }

    fn open_folder(&self, path: &[u8]) -> io::Result<Arc<OwnedFd>> {
        // A thread that panicked while it held the lock has left what it held whole.
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((known, folder)) = last.as_ref()
            && known == path
        {
            return Ok(Arc::clone(folder));
        }
        let mut folder = self.root.try_clone()?;
        for part in path.split(|byte| *byte == b'/') {
            folder = rustix::fs::openat(&folder, part, FOLDER, Mode::empty())?;
        }
        let folder = Arc::new(folder);
        *last = Some((path.to_vec(), Arc::clone(&folder)));
        Ok(folder)
    }

    /// What a file looks like now. `None`: it is gone or no regular file any more.
    pub fn look_again(&self, found: &Found) -> Option<Stamp> {
        let file = self.open_inside(found.target.as_deref().unwrap_or(&found.path)).ok()?;
        let status = rustix::fs::fstat(&file).ok()?;
        let sidecar = self.sidecar_stamp(found);
        (FileType::from_raw_mode(status.st_mode) == FileType::RegularFile).then(|| Stamp { sidecar, ..stamp(&status) })
    }

    /// What the sidecars of a document look like now.
    fn sidecar_stamp(&self, found: &Found) -> i64 {
        let look = |path: Vec<u8>| {
            self.inside(&path, |folder, name| rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)).ok()
        };
        found.sidecar_paths().filter_map(look).fold(0, |sidecars, status| fold(sidecars, &status))
    }

    /// Reads a document that a walk found, and its sidecars, which may say that it is a draft.
    ///
    /// # Errors
    /// A note for the report when it or a sidecar cannot be read, has grown over the limit, or changes while it is read.
    pub fn read(&self, found: &Found) -> Result<Opened, String> {
        let file = self
            .open_inside(found.target.as_deref().unwrap_or(&found.path))
            .map_err(|error| format!("cannot be read: {error}; {RIGHT}"))?;
        let born = born(&file);
        let mut file = std::fs::File::from(file);
        let mut bytes = vec![0; usize::try_from(found.stamp.size).unwrap_or(0)];
        let read = file.read_exact(&mut bytes);
        let after =
            rustix::fs::fstat(&file).map_err(|errno| format!("cannot be looked at: {}", io::Error::from(errno)))?;
        // Size and time tell whether it grew, shrank or was written to under our hands.
        if (Stamp { sidecar: found.stamp.sidecar, ..stamp(&after) }) != found.stamp {
            return Err("changes while it is read: it waits for the next walk".to_owned());
        }
        read.map_err(|error| format!("cannot be read: {error}"))?;
        let sidecars: Vec<_> = found
            .sidecar_paths()
            .map(|path| {
                self.open_inside(&path).and_then(sidecar_bytes).map_err(|error| sidecar::held_back(&path, &error))
            })
            .collect();
        if self.sidecar_stamp(found) != found.stamp.sidecar {
            return Err("has a sidecar that changes while it is read: it waits for the next walk".to_owned());
        }
        let sidecars = sidecars.into_iter().collect::<Result<_, _>>()?;
        let document = Document {
            origin: Origin::File(found.path.clone()),
            form: found.form,
            charset: None,
            address: None,
            bytes,
            sidecars,
        };
        Ok(Opened { document, born })
    }

    /// A path as people would name it.
    pub fn shown(&self, path: &[u8]) -> String {
        let path = Origin::File(path.to_vec()).display();
        // Joining an empty path would add a slash.
        if path.is_empty() { self.path.display().to_string() } else { self.path.join(path).display().to_string() }
    }
}

/// Reads one file by its path, for `explain`: links are followed, since a person named it.
///
/// # Errors
/// When it or a sidecar cannot be opened or read, is no regular file, or is larger than the policy allows.
pub fn read_file(path: &Path, policy: Policy) -> io::Result<Document> {
    let file = rustix::fs::openat(CWD, path, FILE.difference(OFlags::NOFOLLOW), Mode::empty())?;
    let status = rustix::fs::fstat(&file)?;
    let kind = FileType::from_raw_mode(status.st_mode);
    if kind != FileType::RegularFile {
        return Err(io::Error::other(format!("is {} and not a document", kind_name(kind))));
    }
    let mut bytes = Vec::new();
    std::fs::File::from(file).take(policy.max_size + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > policy.max_size {
        return Err(io::Error::other(format!("is larger than {} bytes: raise documents.max_size", policy.max_size)));
    }
    let name = path.file_name().map(OsStrExt::as_bytes).unwrap_or_default();
    let mut sidecars = Vec::new();
    for beside in sidecar::names(name) {
        let path = path.with_file_name(std::ffi::OsStr::from_bytes(&beside));
        match rustix::fs::openat(CWD, &path, FILE, Mode::empty()) {
            Err(Errno::NOENT | Errno::NAMETOOLONG) => continue,
            opened => opened.map_err(io::Error::from).and_then(sidecar_bytes),
        }
        .map(|bytes| sidecars.push(bytes))
        .map_err(|error| io::Error::other(sidecar::held_back(&beside, &error)))?;
    }
    Ok(Document {
        origin: Origin::File(name.to_vec()),
        form: form(name).unwrap_or(Form::Text),
        charset: None,
        address: None,
        bytes,
        sidecars,
    })
}

/// How many documents of a folder a refresh takes in, and what it says of the first that it leaves out, for `check`.
///
/// # Errors
/// Why the folder cannot be walked.
pub fn count(source: &Source, files: &Files, policy: Policy) -> Result<(usize, Option<String>), String> {
    let folder = Folder::open(source, files, policy).map_err(|error| error.to_string())?;
    let (mut count, mut left) = (0, None);
    let Ok(()) = folder.walk::<std::convert::Infallible>(&mut |met| {
        match met {
            Met::File(_) => count += 1,
            Met::Left(path, text) => {
                left.get_or_insert_with(|| format!("{} {text}", String::from_utf8_lossy(&path)));
            }
        }
        Ok(())
    });
    Ok((count, left))
}

/// How a file is opened.
const FILE: OFlags =
    OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC).union(OFlags::NOCTTY);
/// How a folder is opened.
const FOLDER: OFlags = FILE.union(OFlags::DIRECTORY);
/// Largest sidecar, bytes.
const SIDECAR_LIMIT: u64 = 64 * 1024;

/// Whether a link on the way to a folder leads back to itself.
pub fn is_loop(folder: &Path) -> bool {
    rustix::fs::stat(folder).is_err_and(|errno| errno == Errno::LOOP)
}

/// Whether a file would be a document of a source, by where it lies.
#[must_use]
pub fn covers(files: &Files, path: &Path) -> bool {
    path.strip_prefix(&files.root).is_ok_and(|inside| matcher(files).is_ok_and(|matcher| matcher.is_match(inside)))
}

fn matcher(files: &Files) -> Result<GlobMatcher, globset::Error> {
    let glob = GlobBuilder::new(&files.pattern).literal_separator(true).case_insensitive(true).build()?;
    Ok(glob.compile_matcher())
}

fn left(path: &[u8], text: String) -> Met {
    Met::Left(path.to_vec(), text)
}

/// What is in a folder.
struct Listing {
    entries: Vec<(Vec<u8>, FileType)>,
    sidecars: Vec<Vec<u8>>,
    /// What was meant as a sidecar and is none, with what is said of it: it may have said that a document is a draft.
    strays: Vec<(Vec<u8>, &'static str)>,
}

/// The entries of a folder that are worth looking at, in the order in which their paths sort as bytes: a folder's
/// name carries a `/` at its end.
fn list(folder: &OwnedFd) -> io::Result<Listing> {
    let (mut entries, mut sidecars, mut strays) = (Vec::new(), Vec::new(), Vec::new());
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if temporary(name.to_bytes()) {
            continue;
        }
        if name.to_bytes().ends_with(sidecar::ENDING) {
            sidecars.push(name.to_bytes().to_vec());
            continue;
        }
        let mut kind = entry.file_type();
        if kind == FileType::Unknown {
            kind = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)
                .map_or(FileType::Unknown, |status| FileType::from_raw_mode(status.st_mode));
        }
        let mut name = name.to_bytes().to_vec();
        if kind == FileType::Directory {
            name.push(b'/');
        } else if form(&name).is_err() && sidecar::is_nearly(&name) {
            strays.push((name, "belongs to no document: the name of a sidecar ends in .meta.toml, in small letters"));
            continue;
        }
        entries.push((name, kind));
    }
    entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    if !sidecars.is_empty() {
        let wanted: HashSet<_> = entries.iter().flat_map(|(name, _)| sidecar::names(name)).collect();
        let text = "belongs to no document: name it after one, as news.txt.meta.toml beside news.txt, or remove it";
        let orphans = sidecars.iter().filter(|name| !wanted.contains(*name));
        strays.extend(orphans.map(|name| (name.clone(), text)));
    }
    strays.sort_unstable();
    Ok(Listing { entries, sidecars, strays })
}

/// Hidden files, and those which editors, browsers and file servers make for a moment.
fn temporary(name: &[u8]) -> bool {
    let starts: [&[u8]; 3] = [b".", b"~$", b"#"];
    let ends: [&[u8]; 6] = [b"~", b".part", b".tmp", b".swp", b".crdownload", b".partial"];
    starts.iter().any(|start| name.starts_with(start))
        || ends.iter().any(|end| name.ends_with(end))
        // Vim writes this to see whether it may write.
        || name == b"4913"
}

/// The bytes of a sidecar.
fn sidecar_bytes(file: OwnedFd) -> io::Result<Vec<u8>> {
    let kind = FileType::from_raw_mode(rustix::fs::fstat(&file)?.st_mode);
    if kind != FileType::RegularFile {
        return Err(io::Error::other(format!("it is {}", kind_name(kind))));
    }
    let mut bytes = Vec::new();
    std::fs::File::from(file).take(SIDECAR_LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > SIDECAR_LIMIT {
        return Err(io::Error::other(format!("it has more than {SIDECAR_LIMIT} bytes")));
    }
    Ok(bytes)
}

/// When a file was made, nanoseconds since 1970.
fn born(file: &OwnedFd) -> Option<i64> {
    let about = rustix::fs::statx(file, c"", AtFlags::EMPTY_PATH, StatxFlags::BTIME).ok()?;
    let known = about.stx_mask & StatxFlags::BTIME.bits() != 0;
    let time = about.stx_btime;
    known.then(|| time.tv_sec.saturating_mul(1_000_000_000).saturating_add(i64::from(time.tv_nsec)))
}

fn stamp(status: &Stat) -> Stamp {
    let nanoseconds = i64::try_from(status.st_mtime_nsec).unwrap_or(0);
    Stamp {
        size: u64::try_from(status.st_size).unwrap_or(0),
        modified: status.st_mtime.saturating_mul(1_000_000_000).saturating_add(nanoseconds),
        inode: status.st_ino,
        sidecar: 0,
    }
}

/// Adds a sidecar's state to the number for those before it; never 0, which says that there is none.
fn fold(before: i64, status: &Stat) -> i64 {
    let stamp = stamp(status);
    let size = i64::try_from(stamp.size).unwrap_or(i64::MAX);
    before.wrapping_mul(961).wrapping_add(stamp.modified.wrapping_mul(31)).wrapping_add(size) | 1
}

fn kind_name(kind: FileType) -> &'static str {
    match kind {
        FileType::Fifo => "a FIFO",
        FileType::Socket => "a socket",
        FileType::CharacterDevice | FileType::BlockDevice => "a device",
        FileType::Directory => "a folder",
        FileType::Symlink => "a link",
        _ => "no regular file",
    }
}
