//! What stands in the file of a configuration. What is no file is not read: nobody knows when it ends, and it is read again whenever
//! something is done by it.

use std::fs;
use std::io::{self, Read as _};
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;

/// Bytes of a configuration, at most: one of ten thousand sources has two million.
const LARGEST: u64 = 64 << 20;

/// What stands in a file.
///
/// # Errors
/// When it cannot be read, or is none.
pub(super) fn of(path: &Path) -> io::Result<Vec<u8>> {
    let about = fs::metadata(path)?.file_type();
    let kinds = [(about.is_fifo(), "pipe"), (about.is_socket(), "socket")];
    let is_device = about.is_block_device() || about.is_char_device() && path != Path::new("/dev/null");
    if let Some((_, kind)) = kinds.into_iter().chain([(is_device, "device")]).find(|(is, _)| *is) {
        return Err(io::Error::other(format!("it is a {kind}: write the configuration to a file, and name that")));
    }
    let mut bytes = Vec::new();
    let read = fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if read as u64 > LARGEST {
        return Err(io::Error::other("it is larger than 64 MB: name the configuration"));
    }
    Ok(bytes)
}
