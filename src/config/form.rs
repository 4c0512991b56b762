//! What the text of a configuration shows beside what it means: whether it may be half of a file.

use super::file::Written;

/// How a configuration is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Whether it names any source: without, there is the built-in one.
    pub names_sources: bool,
    /// Whether its last line has its end, which half a file seldom has.
    pub is_ended: bool,
}

impl Form {
    /// That of a configuration.
    pub fn of(written: &Written) -> Self {
        Self { names_sources: written.every("source").next().is_some(), is_ended: written.text.ends_with('\n') }
    }
}
