//! Pages that list news become feeds: the list is found, or read by what was learnt of it before.
//!
//! Its entries are those of [`super::feed`], so that all behind goes one way: what a list says of an article is what a feed
//! would say of it.

use std::collections::HashSet;

use scraper::Html;
use serde::{Deserialize, Serialize};
use url::Url;

use super::feed::{self, Around, Feed};
use super::wall::Wall;
use super::{Policy, guard};
use crate::source::Select;

pub(super) mod address;
mod beside;
pub mod detect;
mod entry;
mod few;
mod fields;
mod find_again;
mod glued;
mod habits;
mod heading;
mod json;
mod label;
mod lead;
mod link;
mod markup;
mod next;
mod notes;
mod order;
mod outline;
mod pattern;
mod period;
mod repeated;
mod rows;
mod score;
pub mod select;
mod sitemap;
mod state;
mod sudy;
#[cfg(test)]
mod tests;
pub mod title;
mod ways;
mod wordpress;
mod words;

pub use habits::Habits;
pub use ways::ways;

/// Reads what was answered for a way, and nothing else of the site. `address` is where the answer is: what [`Way::url`]
/// says, the page itself, or a further page of either. A list that was read before names all its parts, and is not
/// sought anew.
///
/// # Errors
/// Why there is no list in it.
pub fn read(way: &Way, page: &guard::Page<'_>, address: &Url, policy: Policy) -> Result<Listing, NoList> {
    let text = page.text;
    let machine_read = |page: &Html, listing: Listing| {
        let next = next::link(page, &select::base_of(page, address), way.select.next.as_deref(), &HashSet::new());
        Listing { next: listing.next.or(next.map(|(_, url)| url)), ..listing }
    };
    let mut listing = match way.form {
        Form::Feed => feed_of(text, address, policy)?,
        Form::Markup => {
            let tree = page.tree();
            machine_read(tree, markup::read(tree, address, policy)?)
        }
        Form::Json => json::read(text, address, &way.select, policy)?,
        Form::State => {
            let tree = page.tree();
            machine_read(tree, state::read(tree, address, &way.select, policy)?)
        }
        Form::Page if way.select.item.is_some() => {
            select::read_again(page.tree(), address, &way.select, &way.habits, policy)?
        }
        Form::Page => shown(page.tree(), address, &way.select, policy)?,
        Form::Notes => notes::read(page.tree(), address, way.select.item.as_deref(), policy)?,
        Form::Sitemap => sitemap::read(text, address, &way.select)?,
    };
    // What a page shows may be either.
    listing.way.form = if listing.way.form == Form::Notes { Form::Notes } else { way.form };
    (listing.way.url, listing.way.is_written) = (way.url.clone(), way.is_written);
    Ok(listing)
}

/// The list that people see in a page: links to articles, or news that it tells itself.
///
/// # Errors
/// As those of [`detect::find`].
pub fn shown(page: &Html, address: &Url, wish: &Select, policy: Policy) -> Result<Listing, NoList> {
    let linked = detect::find(page, address, wish, policy);
    if wish.item.is_some() {
        return linked;
    }
    match notes::find(page, address, None, policy) {
        Some(notes) if linked.as_ref().map_or(true, |linked| notes.is_better(linked)) => Ok(notes.listing),
        _ => linked.or_else(|none| detect::find_few(page, address, wish, policy).ok_or(none)),
    }
}

/// Share of the known entries that a list of links has which is surely theirs: what the page tells itself is none then.
const CERTAIN: f32 = 0.6;

/// Finds the list in a page that most of the known entries, title and address, stand in, and the share of them that it tells
/// with the same title, 0 to 1. `habits`: those that the list had before. `None`: too few of the known are on the page.
pub fn find_again(
    text: &str,
    address: &Url,
    known: &[(String, Url)],
    habits: &Habits,
    policy: Policy,
) -> Option<(Listing, f32)> {
    let page = guard::parse_document(text);
    let linked = find_again::find_again(&page, address, known, habits, policy);
    if linked.as_ref().is_some_and(|(_, share)| *share >= CERTAIN) {
        return linked;
    }
    // Nobody can write down how these are read: they are found, or no proposal.
    let told = notes::read(&page, address, None, policy).ok();
    let told = told.map(|listing| (find_again::share(&listing, known), listing));
    told.filter(|(share, _)| *share >= CERTAIN).map(|(share, listing)| (listing, share)).or(linked)
}

/// The share of known entries, title and address, that a list tells with the same title, 0 to 1; one that is cut short, there
/// or here, is the same. 1 where nothing is known.
pub fn share(listing: &Listing, known: &[(String, Url)]) -> f32 {
    if known.is_empty() { 1.0 } else { find_again::share(listing, known) }
}

/// The part of a page's own links that a list holds, 0 to 1: whether it is the list of this page, and not that of its
/// comments or of the whole site. Scheme, `www.`, fragment and a last slash do not count. 1 where there are no links.
#[expect(clippy::cast_precision_loss, reason = "numbers of links")]
pub fn covers(listing: &Listing, links: &[Url]) -> f32 {
    let held: HashSet<String> = listing
        .feed
        .entries
        .iter()
        .flat_map(|entry| {
            let links = entry.facts.links.iter().map(|link| &link.href);
            links.chain(&entry.facts.link).filter_map(|link| Some(essence(&Url::parse(link).ok()?))).collect::<Vec<_>>()
        })
        .collect();
    let found = links.iter().filter(|link| held.contains(&essence(link))).count();
    if links.is_empty() { 1.0 } else { found as f32 / links.len() as f32 }
}

/// Whether two addresses lead to the same: scheme, `www.`, fragment and a last slash do not count.
pub fn leads_to_same(one: &Url, other: &Url) -> bool {
    essence(one) == essence(other)
}

/// An address without what may differ between two that lead to the same.
fn essence(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{host}{port}{}{query}", url.path().trim_end_matches('/'))
}

fn feed_of(text: &str, address: &Url, policy: Policy) -> Result<Listing, NoList> {
    let around = Around { charset: Some("utf-8"), base: Some(address), language: None, now: Some(policy.now) };
    let feed = feed::read(text.as_bytes(), &around).map_err(|_| NoList::Nothing)?;
    if feed.entries.is_empty() { Err(NoList::Empty) } else { Ok(Listing::sure(feed, Form::Feed)) }
}

/// A way into the news of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// What is read.
    pub form: Form,
    /// What is asked instead of the page. `None`: the page itself.
    pub url: Option<Url>,
    /// Where the parts of the list are in it.
    pub select: Select,
    /// Whether somebody has written what its entries are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_written: bool,
    /// What was told by all of its entries together.
    #[serde(default, skip_serializing_if = "Habits::are_none")]
    pub habits: Habits,
}

impl Way {
    /// One to what has no entries yet.
    pub(super) fn new(form: Form, url: Option<Url>, select: Select) -> Self {
        Self { form, url, select, is_written: false, habits: Habits::default() }
    }

    /// Whether two ways are one: what was told of its entries does not count.
    pub fn is(&self, other: &Self) -> bool {
        let Self { form, url, select, is_written, habits: _ } = self;
        (form, url, select, is_written) == (&other.form, &other.url, &other.select, &other.is_written)
    }
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
    /// News that the page tells itself, with no page behind each.
    Notes,
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
    /// Whether its entries say nothing beside title and date that tells one from the other: then titles that repeat are
    /// theirs, for no others are there.
    pub is_bare: bool,
}

impl Listing {
    /// A list that says itself that it is one, in a form in which nothing has to be selected.
    pub fn sure(feed: Feed, form: Form) -> Self {
        Self {
            feed,
            way: Way::new(form, None, Select::default()),
            next: None,
            confidence: 1.0,
            rejected: Vec::new(),
            is_bare: false,
        }
    }
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
    /// What stands where its titles were is none.
    #[error("what stands where its titles were is none")]
    Untitled,
    /// There is another list.
    #[error("what is listed there by now is not what was: none of its entries are known, or they stand with others")]
    Strange,
    /// Something else stands in the way.
    #[error("{0}")]
    Wall(#[from] Wall),
    /// The list is there, and holds nothing.
    #[error("the list is empty")]
    Empty,
}
