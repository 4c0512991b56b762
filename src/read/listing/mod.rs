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
    /// What stands where its titles were is none.
    #[error("its titles are none")]
    Untitled,
    /// The list is there, and holds nothing.
    #[error("the list is empty")]
    Empty,
}

// STUB
/// Ways.
pub fn ways(_page: &str, _address: &Url, written: &Select) -> Vec<Way> {
    vec![Way { form: Form::Page, url: None, select: written.clone() }]
}

/// Read.
///
/// # Errors
/// No list.
pub fn read(way: &Way, text: &str, address: &Url, _policy: super::Policy) -> Result<Listing, NoList> {
    use super::feed::{Entry, Facts, Text};
    let page = super::guard::parse_document(text);
    let item = way.select.item.clone().unwrap_or_else(|| "ul.news > li".to_owned());
    let css = |text: &str| scraper::Selector::parse(text).map_err(|_| NoList::NoMatch(text.to_owned()));
    let (list, a, date) = (css(&item)?, css("a")?, css(".date")?);
    let text_of = |value: String| Text::plain(&value);
    let mut entries = Vec::new();
    for row in page.select(&list) {
        let Some(link) = row.select(&a).next() else { continue };
        let href = link.value().attr("href").and_then(|href| address.join(href).ok());
        let published = row.select(&date).next().and_then(|date| date.text().collect::<String>().trim().parse().ok());
        entries.push(Entry {
            facts: Facts {
                title: Some(text_of(link.text().collect())),
                link: href.map(String::from),
                published: published.map(crate::draft::When::Day),
                ..Facts::default()
            },
            ..Entry::default()
        });
    }
    let next = css("a.next")?;
    let next = page.select(&next).next().and_then(|next| address.join(next.value().attr("href")?).ok());
    if entries.is_empty() {
        let container = page.select(&css("ul.news")?).next().is_some();
        return Err(if container { NoList::Empty } else { NoList::NoMatch(item) });
    }
    let mut way = way.clone();
    way.select.item = Some(item);
    let feed = Feed { entries, ..Feed::default() };
    Ok(Listing { feed, way, next, confidence: 1.0, rejected: Vec::new() })
}

/// Covers.
pub fn covers(_listing: &Listing, _links: &[Url]) -> f32 {
    1.0
}

/// Again.
pub fn find_again(
    text: &str,
    address: &Url,
    known: &[(String, Option<Url>)],
    policy: super::Policy,
) -> Option<(Listing, f32)> {
    let mut best: Option<(Listing, f32)> = None;
    for item in ["li", "tr", "div.item", "article", "section > div", "dd"] {
        let select = Select { item: Some(item.to_owned()), ..Select::default() };
        let Ok(list) = read(&Way { form: Form::Page, url: None, select }, text, address, policy) else { continue };
        let there = |title: &str| {
            list.feed.entries.iter().any(|entry| entry.facts.title.as_ref().is_some_and(|told| told.line() == title))
        };
        let found = known.iter().filter(|(title, _)| there(title)).count();
        let share = found as f32 / known.len().max(1) as f32;
        if found > 0 && best.as_ref().is_none_or(|(_, best)| share > *best) {
            best = Some((list, share));
        }
    }
    best
}
