//! The names of sidecars, and what is said where one cannot be read.

use std::io;

use rustix::io::Errno;

use crate::document::Origin;

/// The ending of sidecars.
pub(super) const ENDING: &[u8] = b".meta.toml";

/// The names that a document's sidecar can have, best first: `news.txt.meta.toml`, `news.meta.toml`.
pub(super) fn names(name: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let stem = name.iter().rposition(|byte| *byte == b'.').filter(|dot| *dot > 0).map(|dot| name.split_at(dot).0);
    [Some(name), stem].into_iter().flatten().map(|name| [name, ENDING].concat())
}

/// Whether a name is one that a sidecar might have by mistake: `news.Meta.toml`, `news.meta.yaml`, `news.meta`.
pub(super) fn is_nearly(name: &[u8]) -> bool {
    let parts: Vec<_> = name.rsplit(|byte| *byte == b'.').take(3).collect();
    matches!(parts.as_slice(), [meta, _, ..] | [_, meta, _] if meta.eq_ignore_ascii_case(b"meta"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_nearly_a_sidecars_is_told() {
        for name in ["a.Meta.toml", "a.meta.yaml", "a.md.meta.tml", "a.meta", "a.b.META"] {
            assert!(is_nearly(name.as_bytes()), "{name}");
        }
        for name in ["meta.json", "meta", "a.toml", "metal.b.toml", "a.meta.b.toml"] {
            assert!(!is_nearly(name.as_bytes()), "{name}");
        }
    }
}
