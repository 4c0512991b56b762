//! Site maps (sitemaps.org) and those of news: the last way in, for they tell addresses and little more.

use url::Url;

use super::super::date::machine;
use super::super::feed::{Category, Entities, Entry, Feed, Link, Scanner, Text, Token};
use super::{Listing, NoList};
use crate::draft::When;
use crate::source::Select;

/// Entries of one map that are read: 50,000 are allowed in it (sitemaps.org).
const MOST: usize = 50_000;
/// Entries of one map that are handed on, the newest.
const HANDED_ON: usize = 500;
/// Bytes of one address (sitemaps.org), and of one title.
const LONGEST: usize = 2_048;

/// Whether a text is one.
pub(super) fn is_one(text: &str) -> bool {
    let head: String = text.chars().take(2_048).collect();
    let mut scanner = Scanner::new(&head);
    let first = std::iter::from_fn(|| scanner.next("")).find_map(|token| match token {
        Token::Start { name, .. } => Some(local(name).to_ascii_lowercase()),
        _ => None,
    });
    matches!(first.as_deref(), Some("urlset" | "sitemapindex"))
}

/// The selectors by which a map is read for a page: only addresses below that of its folder count.
pub(super) fn below(address: &Url, written: &Select) -> Select {
    let folder = address.join(".").map_or_else(|_| address.to_string(), String::from);
    Select { item: Some(folder), ..written.clone() }
}

/// Reads a map. `item` is what addresses must begin with; `None`: all count. Those that are newest come first. An index of maps
/// gives no entries, and the newest of its maps as the next: that of news, if one is called so.
///
/// # Errors
/// [`NoList::Nothing`] when it is no map, [`NoList::NoMatch`] when no address begins as `item` says, [`NoList::Empty`] when
/// there is none at all.
pub(super) fn read(text: &str, address: &Url, select: &Select) -> Result<Listing, NoList> {
    if !is_one(text) {
        return Err(NoList::Nothing);
    }
    let (maps, mut pages): (Vec<_>, Vec<_>) = places(text, address).into_iter().partition(|place| place.is_map);
    if let Some(next) = newest(&maps) {
        let mut listing = Listing::sure(Feed::default());
        (listing.next, listing.way.select) = (Some(next), select.clone());
        return Ok(listing);
    }
    let own = address.as_str();
    if pages.is_empty() {
        return Err(NoList::Empty);
    }
    if let Some(start) = &select.item {
        pages.retain(|page| page.url.as_str().starts_with(start.as_str()) && page.url.as_str().len() > start.len());
    }
    pages.retain(|page| page.url.as_str() != own);
    if pages.is_empty() {
        return Err(NoList::NoMatch(select.item.clone().unwrap_or_default()));
    }
    pages.sort_by_key(|page| std::cmp::Reverse(page.day()));
    let left_out = pages.len().saturating_sub(HANDED_ON);
    pages.truncate(HANDED_ON);
    let mut feed = Feed { entries: pages.into_iter().map(Place::entry).collect(), ..Feed::default() };
    if left_out > 0 {
        feed.notes.push(format!("{left_out} older entries of the site map are left out"));
    }
    let mut listing = Listing::sure(feed);
    listing.way.select = select.clone();
    Ok(listing)
}

/// A page or a map that is told of.
#[derive(Debug)]
struct Place {
    is_map: bool,
    url: Url,
    /// `<lastmod>`.
    changed: Option<When>,
    /// `<news:publication_date>`.
    published: Option<When>,
    /// `<news:title>`.
    title: String,
    /// `<news:keywords>`.
    keywords: String,
}

impl Place {
    fn day(&self) -> Option<chrono::NaiveDateTime> {
        let when = self.published.or(self.changed)?;
        Some(match when {
            When::Local(time) => time,
            When::Instant(time) => time.naive_utc(),
            day => day.first_day()?.and_time(chrono::NaiveTime::MIN),
        })
    }

    fn entry(self) -> Entry {
        let mut entry = Entry::default();
        let facts = &mut entry.facts;
        facts.title = Some(self.title).filter(|title| !title.is_empty()).map(|title| Text::plain(&title));
        facts.links = vec![Link { href: self.url.to_string(), rel: "alternate".to_owned(), ..Link::default() }];
        facts.link = Some(self.url.into());
        (facts.published, facts.updated) = (self.published, self.changed);
        let terms = self.keywords.split([',', '，']).map(str::trim).filter(|term| !term.is_empty()).take(32);
        facts.categories = terms.map(|term| Category { term: term.to_owned(), scheme: None, label: None }).collect();
        entry
    }
}

/// The places that a map tells, in its order.
fn places(text: &str, base: &Url) -> Vec<Place> {
    let mut places = Vec::new();
    let mut scanner = Scanner::new(text);
    let mut entities = Entities::default();
    // What the elements of one place say, and the name of that which is open.
    let mut told: Vec<(String, String)> = Vec::new();
    let mut within = String::new();
    while let Some(token) = scanner.next(&within) {
        match token {
            Token::Start { name, empty: false, .. } => {
                within = local(name).to_ascii_lowercase();
                if matches!(within.as_str(), "url" | "sitemap") {
                    told.clear();
                }
                // The pictures and films of a page have an address of their own, in another namespace.
                let is_other = name.contains(':') && matches!(within.as_str(), "loc" | "caption");
                if told.len() < 64 && !is_other {
                    told.push((within.clone(), String::new()));
                }
            }
            Token::Text(part) | Token::Verbatim(part) => {
                let is_verbatim = matches!(token, Token::Verbatim(_));
                let open = told.last_mut().filter(|(name, value)| *name == within && value.len() <= LONGEST);
                if let Some((_, value)) = open {
                    if is_verbatim { value.push_str(part) } else { entities.decode(part, value) }
                }
            }
            Token::End(name) => {
                let name = local(name).to_ascii_lowercase();
                if matches!(name.as_str(), "url" | "sitemap") && places.len() < MOST {
                    places.extend(place(&told, name == "sitemap", base));
                    told.clear();
                }
                within.clear();
            }
            _ => {}
        }
    }
    places
}

fn place(told: &[(String, String)], is_map: bool, base: &Url) -> Option<Place> {
    let value =
        |name: &str| told.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim()).unwrap_or_default();
    let url = base
        .join(value("loc"))
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.username().is_empty())?;
    let line = |name: &str| value(name).split_whitespace().collect::<Vec<_>>().join(" ");
    (!value("loc").is_empty() && value("loc").len() <= LONGEST).then(|| Place {
        is_map,
        url,
        changed: machine(value("lastmod")),
        published: machine(value("publication_date")),
        title: line("title"),
        keywords: line("keywords"),
    })
}

/// The map to read next: one of news, else of posts, else the newest; of equals, the last, for many count up.
fn newest(maps: &[Place]) -> Option<Url> {
    let rank = |place: &Place| {
        let path = place.url.path().to_ascii_lowercase();
        ["news", "post", "article", "blog"].iter().rev().position(|word| path.contains(word)).map(|at| at + 1)
    };
    maps.iter().max_by_key(|place| (rank(place), place.day())).map(|place| place.url.clone())
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
