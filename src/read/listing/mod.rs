//! Pages that list news become feeds: the list is found, or read by what was learnt of it before.
//!
//! Its entries are those of [`super::feed`], so that all behind goes one way: what a list says of an article is what a feed
//! would say of it.

use serde::{Deserialize, Serialize};
use url::Url;

use super::feed::Feed;
use crate::source::Select;

mod address;
pub mod detect;
mod entry;
pub mod find_again;
mod next;
mod outline;
mod pattern;
mod score;
pub mod select;
#[cfg(test)]
mod tests;
mod words;

/// A way into the news of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// What is read.
    pub form: Form,
    /// What is asked instead of the page. `None`: the page itself.
    pub url: Option<Url>,
    /// Where the parts of the list are in it.
    pub select: Select,
}

/// What a way leads to. The order of the variants is the precedence: the first is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Form {
    /// A feed of the same entries.
    Feed,
    /// What the page says for machines: JSON-LD (schema.org), microdata, h-entry (microformats2).
    Markup,
    /// JSON: an answer of an interface of the site.
    Json,
    /// JSON in a script of the page.
    State,
    /// The repeated elements of the page.
    Page,
    /// A site map (sitemaps.org).
    Sitemap,
}

/// A list as it was read.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The list and its entries, in order.
    pub feed: Feed,
    /// The way it was read, complete: reading by it gives the same.
    pub way: Way,
    /// Where the list goes on, absolute. `None`: it does not, or not to be seen.
    pub next: Option<Url>,
    /// How sure it is that this is the list of news, 0 to 1. What was written by hand: 1.
    pub confidence: f32,
    /// Other lists of the page that were not taken, the best first.
    pub rejected: Vec<Rejected>,
}

/// A list that was not taken.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// Where it is.
    pub select: Select,
    /// How many entries it has.
    pub entries: usize,
    /// Titles of its first entries, at most three.
    pub titles: Vec<String>,
    /// Why not, in words.
    pub reason: String,
}

/// Why there is no list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoList {
    /// Nothing in it looks like a list of news.
    #[error("no list of news was found in it")]
    Nothing,
    /// What is selected is not there.
    #[error("nothing in it matches {0:?}")]
    NoMatch(String),
    /// The list is there, and holds nothing.
    #[error("the list is empty")]
    Empty,
}
