//! Which items a feed shows.

use regex::Regex;

/// A feed of one's own choosing: `[[feed]]`. An item is in it when all that is given agrees.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Its name in addresses: `feeds/<id>`. Checked like a source's id.
    pub id: String,
    /// What people read.
    pub title: String,
    /// Slugs; an item must be in one of them. Empty: any.
    pub categories: Vec<String>,
    /// Ids of sources; an item must come from one of them. Empty: any.
    pub sources: Vec<String>,
    /// BCP 47 tag; an item's language must be it or start with it and `-`. `None`: any.
    pub language: Option<String>,
    /// One of these must match title or text. Empty: none need to.
    pub keep: Vec<Regex>,
    /// None of these may match title or text.
    pub drop: Vec<Regex>,
    /// Newest items in it.
    pub items: usize,
}
