//! Puts a changed configuration in the place of the old one. Several may do so at once: each holds the file from reading to
//! renaming, and changes what the one before has left.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::{Edit, EditError};

/// How often it is tried where somebody who takes no lock, such as an editor, writes meanwhile.
const TRIES: usize = 5;

/// Writes a configuration, which then is what is written.
pub(super) fn put(edit: &mut Edit) -> Result<(), EditError> {
    let path = edit.path.clone();
    let unwritable = |source| EditError::Unwritable { path: path.clone(), source };
    for _ in 0..TRIES {
        let held = hold(&path).map_err(unwritable)?;
        let there = read(&path).map_err(unwritable)?;
        if there != edit.before {
            // Whoever took the file away did not mean that another is made.
            let again = there.as_deref().and_then(|there| edit.again(there));
            *edit = again.ok_or_else(|| EditError::Changed { path: path.clone() })?;
        }
        if place(&path, &edit.text, held.is_some(), there.as_deref()).map_err(unwritable)? {
            return Ok(());
        }
    }
    Err(EditError::Changed { path })
}

/// Holds a file against others who change it here, until this is dropped. `None`: it is not there.
fn hold(path: &Path) -> io::Result<Option<File>> {
    loop {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        // Some network file systems have no locks.
        while flock(&file, FlockOperation::LockExclusive) == Err(Errno::INTR) {}
        // Who held it before has put another in its place.
        let (held, there) = (file.metadata()?, fs::metadata(path));
        if there.is_ok_and(|there| (there.dev(), there.ino()) == (held.dev(), held.ino())) {
            return Ok(Some(file));
        }
    }
}

/// What stands in a file. `None`: it is not there.
fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

/// Puts a text in the place of that which was `there`. `false`: another is there by now, and stays.
fn place(path: &Path, text: &str, is_there: bool, there: Option<&str>) -> io::Result<bool> {
    let target = if is_there { fs::canonicalize(path)? } else { path.to_owned() };
    let beside = write(text, &target)?;
    let placed = match read(path) {
        Ok(now) if now.as_deref() != there => Ok(false),
        Ok(_) if is_there => fs::rename(&beside, &target).map(|()| true),
        // A link takes no place that is taken. Where the file system has none, a name has to do.
        Ok(_) => match fs::hard_link(&beside, &target) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            linked => linked.or_else(|_| fs::rename(&beside, &target)).map(|()| true),
        },
        Err(error) => Err(error),
    };
    // What is left of it is in nobody's way.
    let _gone = fs::remove_file(&beside);
    placed
}

/// Writes a text beside a file, under a name that nobody else has, with its mode and owner. Returns that name.
fn write(text: &str, target: &Path) -> io::Result<PathBuf> {
    let former = fs::metadata(target).ok();
    // There may be secrets in it, and nobody is to read it who may not read what it replaces.
    let mode = if former.is_some() { 0o600 } else { 0o666 };
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut number = 0;
    let (beside, mut file) = loop {
        let beside = target.with_file_name(format!(".{name}.new-{}-{number}", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            opened => break (beside, opened?),
        }
    };
    let fill = || {
        if let Some(former) = former {
            let made = file.metadata()?;
            if (made.uid(), made.gid()) != (former.uid(), former.gid()) {
                fchown(&file, Some(former.uid()), Some(former.gid()))?;
            }
            file.set_permissions(former.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    if let Err(error) = fill() {
        let _gone = fs::remove_file(&beside);
        return Err(error);
    }
    Ok(beside)
}

/// What to do where a configuration cannot be written; begins with what parts it from what stands before.
pub(super) fn way_out(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::ResourceBusy => {
            ": it is mounted by itself, so that no other can take its place; mount its folder, or change it by hand"
        }
        io::ErrorKind::PermissionDenied => {
            ": grant the user that runs this the right to write into its folder, or change it by hand"
        }
        io::ErrorKind::ReadOnlyFilesystem => ": it is mounted read-only; change it where it comes from",
        io::ErrorKind::StorageFull => ": make room on the disk",
        _ => "",
    }
}
