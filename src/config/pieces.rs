//! A long configuration is read source by source: a parser takes fifteen times the room of what it reads, and most of the time of a
//! start.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::file::Written;
use super::{keys, plain};

/// From so many bytes on a text is read in pieces.
const LONG: usize = 64 * 1024;

impl Written {
    /// Takes in all tables of a long text with nothing wrong in it. `false`: nothing was taken in, since it is short, or a piece
    /// alone is no TOML, or says what only the whole can judge.
    pub(super) fn in_pieces(&mut self, text: &str) -> bool {
        let Some(source) = keys::table("source").filter(|_| text.len() >= LONG) else { return false };
        let cuts = cuts(text);
        self.sections.reserve(cuts.len());
        // Lists of tables go on from piece to piece. Before the first source, they may be written in a form that does not.
        let (mut goes_on, begins_with_source) = (BTreeMap::new(), text.starts_with("[[source]]"));
        let is_sound = cuts.windows(2).all(|cut| {
            let (from, piece) = (cut[0], text.get(cut[0]..cut[1]).unwrap_or_default());
            if let Some(section) = plain::source(piece, from, source) {
                self.sections.push(section);
                return *goes_on.entry(source.name.into()).or_insert(true);
            }
            let (document, errors) = DeTable::parse_recoverable(piece);
            let mut is_sound = errors.is_empty();
            for (name, value) in document.get_ref() {
                let may_go_on = (from > 0 || begins_with_source) && value.get_ref().is_array();
                let before = goes_on.insert(name.get_ref().to_string(), may_go_on);
                is_sound &= before.is_none_or(|before| before && may_go_on);
                self.top_level(name, value, from);
            }
            is_sound && self.problems.is_empty()
        });
        if !is_sound {
            self.sections.clear();
            self.problems.clear();
        }
        is_sound
    }
}

/// Where the pieces of a text begin, and where the last one ends: each but the first begins with a source.
pub(super) fn cuts(text: &str) -> Vec<usize> {
    let sources = memchr::memmem::find_iter(text.as_bytes(), "\n[[source]]").map(|at| at + 1);
    [0].into_iter().chain(sources).chain([text.len()]).collect()
}
