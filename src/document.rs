//! What the front door hands on: a [`Document`], undecoded, and the [`Stamp`] that vouches for it.

use chrono::{DateTime, Utc, Weekday};
use serde::{Deserialize, Serialize};
use url::Url;

/// One document as it was found: bytes, where from, and what it says it is.
#[derive(Clone, Debug)]
pub struct Document {
    /// Where it was found.
    pub origin: Origin,
    /// What its name or its sender declares it to be.
    pub form: Form,
    /// Charset declared from outside (HTTP `Content-Type`), as written. `None`: nothing was declared.
    pub charset: Option<String>,
    /// The address it was published at, where that is known; relative links resolve against it.
    pub address: Option<Url>,
    /// The content, not yet decoded.
    pub bytes: Vec<u8>,
    /// The bytes of the sidecars beside a file: the first, of `name.txt.meta.toml` or else `name.meta.toml`, overrides what
    /// the document says; a second is only asked whether it is a draft.
    pub sidecars: Vec<Vec<u8>>,
}

/// Where a document was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A local file: its path relative to the source's folder, in the bytes of the file system, `/` between parts.
    File(Vec<u8>),
    /// The web: the address that answered.
    Web(Url),
}

impl Origin {
    /// The origin for people: never fails, and shows bytes that are no UTF-8 as U+FFFD.
    pub fn display(&self) -> String {
        match self {
            Self::File(path) => {
                String::from_utf8_lossy(path).chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
            }
            Self::Web(url) => url.to_string(),
        }
    }
}

/// The forms of document that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Plain text (`.txt`).
    Text,
    /// `CommonMark`, with YAML or TOML front matter (`.md`).
    Markdown,
    /// HTML (`.html`, `.htm`).
    Html,
}

/// What a file looked like when it was read. While it looks the same, it is not opened again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// Size in bytes.
    pub size: u64,
    /// Time of last modification in nanoseconds since 1970.
    pub modified: i64,
    /// Inode number: kept by a rename.
    pub inode: u64,
    /// The same of its sidecars, folded into one number. 0: it has none.
    pub sidecar: i64,
}

impl Stamp {
    /// The stamp of the document alone: a sidecar may come, go or change while it moves.
    #[must_use]
    pub fn without_sidecar(self) -> Self {
        Self { sidecar: 0, ..self }
    }

    /// A stamp that vouches for nothing: the file is read again when it is next met.
    #[must_use]
    pub fn void(self) -> Self {
        Self { size: 0, modified: 0, ..self }
    }

    /// Whether the stamp vouches for nothing.
    pub fn is_void(self) -> bool {
        self.void() == self
    }
}

/// What a feed says of the visits to it, and is kept for the next. Numbers beyond reason are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visits {
    /// How long it may be kept (RSS 2.0 `<ttl>`), minutes, 1 to those of a year.
    pub ttl: Option<u32>,
    /// How often it is updated (`sy:updatePeriod` and its companions).
    pub update: Option<Update>,
    /// Hours of the day in UTC at which it is not to be visited (RSS 2.0 `<skipHours>`), 0 to 23, ascending.
    pub skip_hours: Vec<u8>,
    /// Days in UTC on which it is not to be visited (RSS 2.0 `<skipDays>`), as they stand.
    pub skip_days: Vec<Weekday>,
    /// The language that it says it is in, if its entries are (BCP 47).
    pub language: Option<String>,
}

/// How often a feed is updated (RSS 1.0 module Syndication).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// `sy:updatePeriod`; `daily` if only the frequency is told.
    pub period: Period,
    /// `sy:updateFrequency`: updates in one period, 1 to 10,000; 1 if it is not told.
    pub frequency: u32,
    /// `sy:updateBase`: a time at which it was updated, from which all others are counted.
    pub base: Option<DateTime<Utc>>,
}

/// The values of `sy:updatePeriod`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Period {
    /// `hourly`
    Hourly,
    /// `daily`
    Daily,
    /// `weekly`
    Weekly,
    /// `monthly`
    Monthly,
    /// `yearly`
    Yearly,
}
