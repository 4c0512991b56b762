//! The back door: [`Channel`]s become files that feed readers and people open.

use chrono::{DateTime, Utc};

use crate::item::Item;

pub mod select;

pub use select::Selection;

/// Who publishes, and where: the same for all channels.
#[derive(Clone, Debug)]
pub struct Site {
    /// Title of the whole.
    pub title: String,
    /// Where the publish directory is reachable: absolute, ends in `/`.
    pub url: url::Url,
    /// BCP 47 tag of the language of the pages; also that of feeds whose items tell none.
    pub language: String,
    /// Start of our `tag:` ids (RFC 4151): `news.example.edu,2026`.
    pub authority: String,
}

/// A feed before it is written: what it is, and the chosen items.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Path of its files below the publish directory, without ending: `all`, `sources/cqmu`, `categories/news`.
    pub path: String,
    /// What people read.
    pub title: String,
    /// One sentence on what is in it; never empty.
    pub description: String,
    /// BCP 47 tag of its language.
    pub language: String,
    /// Its items, newest first.
    pub items: Vec<Shown>,
}

/// An item as a channel shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The item.
    pub item: Item,
    /// Title of the source it came from.
    pub source_title: String,
    /// Keys of the items that tell the same story and are not shown beside it.
    pub duplicates: Vec<String>,
}

impl Channel {
    /// The newest change in it, never the clock: equal stores give equal bytes. `None`: it is empty.
    pub fn updated(&self) -> Option<DateTime<Utc>> {
        self.items.iter().map(|shown| shown.item.updated.max(shown.item.published)).max()
    }
}
