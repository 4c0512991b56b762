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

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(text: &str, start: Option<&str>) -> Result<Listing, NoList> {
        let address = Url::parse("https://www.harbour.example/sitemap.xml").expect("an address");
        read(text, &address, &Select { item: start.map(str::to_owned), ..Select::default() })
    }

    fn urls(places: &[(&str, &str)]) -> String {
        let place = |(place, more): &(&str, &str)| format!("<url><loc> {place} </loc>{more}</url>");
        format!("<?xml version='1.0'?><urlset>{}</urlset>", places.iter().map(place).collect::<String>())
    }

    fn links(listing: Listing) -> Vec<String> {
        listing.feed.entries.into_iter().filter_map(|entry| entry.facts.link).collect()
    }

    #[test]
    fn the_newest_below_the_page_come_first() {
        let map = urls(&[
            ("https://www.harbour.example/news/1?a=1&amp;b=2", "<lastmod>2026-01-01</lastmod>"),
            ("https://www.harbour.example/about", "<lastmod>2026-02-02</lastmod>"),
            ("https://www.harbour.example/news/", ""),
            (
                "/news/2",
                "<lastmod>2026-02-01T10:00:00+00:00</lastmod><image:image><image:loc>https://i.example/2.jpg</image:loc></image:image>",
            ),
            ("javascript:alert(1)", ""),
        ]);
        let start = "https://www.harbour.example/news/";
        let found = listing(&map, Some(start)).expect("a list");
        assert_eq!(found.feed.entries[0].facts.published, None, "a change is no publication");
        assert!(found.feed.entries[0].facts.updated.is_some());
        let expected = ["https://www.harbour.example/news/2", "https://www.harbour.example/news/1?a=1&b=2"];
        assert_eq!(links(found), expected);
        assert_eq!(
            listing(&map, Some("https://x.example/")).err(),
            Some(NoList::NoMatch("https://x.example/".to_owned()))
        );
        assert_eq!(listing("<urlset></urlset>", None).err(), Some(NoList::Empty));
        assert_eq!(listing("<html><urlset/>", None).err(), Some(NoList::Nothing));
    }

    #[test]
    fn maps_of_news_tell_titles_and_dates() {
        let news = "<news:news><news:publication><news:name>Harbour</news:name></news:publication>
            <news:publication_date>2026-02-03T08:00:00+08:00</news:publication_date><news:title><![CDATA[Tide & wind]]></news:title>
            <news:keywords>Sea, Tide</news:keywords></news:news>";
        let found = listing(&urls(&[("https://www.harbour.example/n/1", news)]), None).expect("a list");
        let facts = &found.feed.entries[0].facts;
        assert_eq!(facts.title.as_ref().map(Text::line).as_deref(), Some("Tide & wind"));
        assert_eq!(facts.published.map(|when| when.to_string()).as_deref(), Some("2026-02-03T08:00:00+08:00"));
        assert_eq!(facts.categories.len(), 2);
    }

    #[test]
    fn an_index_leads_to_the_map_of_news() {
        let index = |maps: &[(&str, &str)]| {
            let map =
                |(place, day): &(&str, &str)| format!("<sitemap><loc>{place}</loc><lastmod>{day}</lastmod></sitemap>");
            let text = format!("<sitemapindex>{}</sitemapindex>", maps.iter().map(map).collect::<String>());
            listing(&text, None).expect("an index").next.map(String::from)
        };
        let news =
            [("https://h.example/pages.xml", "2026-02-03"), ("https://h.example/news-sitemap.xml", "2026-01-01")];
        assert_eq!(index(&news).as_deref(), Some("https://h.example/news-sitemap.xml"));
        let parts = [("https://h.example/a1.xml", "2026-01-01"), ("https://h.example/a2.xml", "2026-02-01")];
        assert_eq!(index(&parts).as_deref(), Some("https://h.example/a2.xml"));
    }

    #[test]
    fn large_maps_are_cut_at_the_oldest() {
        let places: Vec<String> = (0..3_000)
            .map(|at| format!("<url><loc>/n/{at}</loc><lastmod>20{:02}-01-01</lastmod></url>", at % 30))
            .collect();
        let found = listing(&format!("<urlset>{}", places.concat()), None).expect("a list");
        assert_eq!(found.feed.entries.len(), HANDED_ON);
        assert!(found.feed.notes[0].starts_with("2500 older"), "{:?}", found.feed.notes);
        assert!(listing(&format!("<urlset>{}", "<url><loc>".repeat(200_000)), None).is_err());
    }
}
