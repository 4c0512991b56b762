//! The names of sidecars, and what is said where one cannot be read.

use std::io;

use rustix::io::Errno;

use crate::document::Origin;

/// The ending of sidecars.
pub(super) const ENDING: &[u8] = b".meta.toml";

/// The names that a document's sidecar can have, best first: `news.txt.meta.toml`, `news.meta.toml`.
pub(super) fn names(name: &[u8]) -> [Vec<u8>; 2] {
    let stem =
        name.iter().rposition(|byte| *byte == b'.').filter(|dot| *dot > 0).map_or(name, |dot| name.split_at(dot).0);
    [[name, ENDING].concat(), [stem, ENDING].concat()]
}

/// Whether a name is one that a sidecar might have by mistake: `news.Meta.toml`, `news.meta.yaml`, `news.meta`.
pub(super) fn is_nearly(name: &[u8]) -> bool {
    let mut parts = name.rsplit(|byte| *byte == b'.').take(2);
    parts.any(|part| part.eq_ignore_ascii_case(b"meta"))
}

/// What is said of a document whose sidecar cannot be read.
pub(super) fn held_back(sidecar: &[u8], error: &io::Error) -> String {
    let name = Origin::File(sidecar.rsplit(|byte| *byte == b'/').next().unwrap_or_default().to_vec()).display();
    let why = if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) {
        "it is a link, and is not followed".to_owned()
    } else {
        error.to_string()
    };
    format!(
        "is held back, since its sidecar {name} may say that it is a draft and cannot be read ({why}): make that a file \
         that can be read, or remove it"
    )
}
