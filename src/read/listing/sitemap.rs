//! Site maps (sitemaps.org) and those of news: the last way in, for they tell addresses and little more.

use url::Url;

use super::super::date::machine;
use super::super::feed::{Category, Entities, Entry, Feed, Link, Scanner, Text, Token};
use super::{Listing, NoList, address};
use crate::draft::When;
use crate::source::Select;

/// Entries of one map that are read: 50,000 are allowed in it (sitemaps.org).
const MOST: usize = 50_000;
/// Entries of one map that are handed on, the newest.
const HANDED_ON: usize = 500;
/// Bytes of one address (sitemaps.org), and of one title.
const LONGEST: usize = 2_048;
/// How sure it is that the articles of a whole site are its news.
const OF_WHOLE_SITE: f32 = 0.5;

/// Whether a text is one.
pub(super) fn is_one(text: &str) -> bool {
    let head: String = text.chars().take(2_048).collect();
    let mut scanner = Scanner::new(&head);
    let first = std::iter::from_fn(|| scanner.next("")).find_map(|token| match token {
        Token::Start { name, .. } => Some(parts(name).1.to_ascii_lowercase()),
        _ => None,
    });
    matches!(first.as_deref(), Some("urlset" | "sitemapindex"))
}

/// The selectors by which a map is read for a page: only addresses below that of its folder count. A page without an ending
/// is a folder itself.
pub(super) fn below(address: &Url, written: &Select) -> Select {
    let mut folder = address.clone();
    folder.set_query(None);
    folder.set_fragment(None);
    let path = folder.path().to_owned();
    let (around, last) = path.rsplit_once('/').unwrap_or_default();
    let path = if last.is_empty() || last.contains('.') { format!("{around}/") } else { format!("{path}/") };
    folder.set_path(&path);
    Select { item: Some(folder.into()), ..written.clone() }
}

/// Reads a map. `item` is what addresses must begin with; `None`: all count. Where it is a whole site, only what is told to be
/// news or is at the address of an article counts. Those that are newest come first. An index of maps gives no entries, and
/// the newest of its maps as the next: that of news, if one is called so.
///
/// # Errors
/// [`NoList::Nothing`] when it is no map, [`NoList::NoMatch`] when no address begins as `item` says, [`NoList::Empty`] when
/// there is none at all.
pub(super) fn read(text: &str, own: &Url, select: &Select) -> Result<Listing, NoList> {
    if !is_one(text) {
        return Err(NoList::Nothing);
    }
    let (places, partial) = places(text, own);
    let (maps, mut pages): (Vec<_>, Vec<_>) =
        places.into_iter().filter(|place| place.url != *own).partition(|place| place.is_map);
    let mut listing = Listing::sure(Feed { partial, ..Feed::default() }, super::Form::Sitemap);
    listing.way.select = select.clone();
    if let Some(next) = newest(&maps) {
        listing.next = Some(next);
        return Ok(listing);
    }
    if pages.is_empty() {
        return Err(NoList::Empty);
    }
    if let Some(start) = &select.item {
        pages.retain(|page| page.url.as_str().starts_with(start.as_str()) && page.url.as_str().len() > start.len());
        if Url::parse(start).is_ok_and(|start| start.path() == "/") {
            pages.retain(|page| page.published.is_some() || address::is_of_article(&page.url));
            listing.confidence = OF_WHOLE_SITE;
        }
    }
    if pages.is_empty() {
        return Err(NoList::NoMatch(select.item.clone().unwrap_or_default()));
    }
    pages.sort_by_key(|page| std::cmp::Reverse(page.day()));
    let left_out = pages.len().saturating_sub(HANDED_ON);
    pages.truncate(HANDED_ON);
    listing.feed.entries = pages.into_iter().map(Place::entry).collect();
    if left_out > 0 {
        listing.feed.notes.push(format!("{left_out} older entries of the site map are left out"));
    }
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

/// The places that a map tells, in its order, and whether it is cut short.
fn places(text: &str, base: &Url) -> (Vec<Place>, bool) {
    let mut places = Vec::new();
    let mut scanner = Scanner::new(text);
    let mut entities = Entities::default();
    // What the elements of one place say, and the name of that which is open.
    let mut told: Vec<(String, String)> = Vec::new();
    let mut within = String::new();
    // The prefix of the namespace of maps, most often none.
    let mut own = "";
    let mut is_whole = false;
    while let Some(token) = scanner.next(&within) {
        match token {
            Token::Start { name, empty: false, .. } => {
                let (prefix, name) = parts(name);
                within = name.to_ascii_lowercase();
                if matches!(within.as_str(), "url" | "sitemap") {
                    told.clear();
                    own = prefix;
                }
                // The pictures and films of a page have an address of their own, in another namespace.
                let is_other = prefix != own && matches!(within.as_str(), "loc" | "caption");
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
                let name = parts(name).1.to_ascii_lowercase();
                match name.as_str() {
                    "url" | "sitemap" if places.len() < MOST => {
                        places.extend(place(&told, name == "sitemap", base));
                        told.clear();
                    }
                    "urlset" | "sitemapindex" => is_whole = true,
                    _ => {}
                }
                within.clear();
            }
            _ => {}
        }
    }
    (places, scanner.cut || !is_whole)
}

fn place(told: &[(String, String)], is_map: bool, base: &Url) -> Option<Place> {
    let value =
        |name: &str| told.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim()).unwrap_or_default();
    let url = base
        .join(value("loc"))
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.username().is_empty())?;
    let line = |name: &str| {
        let mut line = value(name).split_whitespace().collect::<Vec<_>>().join(" ");
        line.truncate(line.floor_char_boundary(LONGEST));
        line
    };
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

/// The prefix of a name, and the name without it.
fn parts(name: &str) -> (&str, &str) {
    name.rsplit_once(':').unwrap_or(("", name))
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
    fn an_index_that_leads_to_itself_is_empty() {
        let index = |more: &str| {
            listing(&format!("<sitemapindex><sitemap><loc>/sitemap.xml</loc></sitemap>{more}</sitemapindex>"), None)
        };
        assert_eq!(index("").err(), Some(NoList::Empty));
        let next = index("<sitemap><loc>/a.xml</loc></sitemap>").expect("an index").next;
        assert_eq!(next.as_ref().map(Url::as_str), Some("https://www.harbour.example/a.xml"));
    }

    #[test]
    fn a_page_without_an_ending_is_a_folder() {
        let below = |page: &str| {
            let address = Url::parse(&format!("https://h.example{page}")).expect("an address");
            below(&address, &Select::default()).item.unwrap_or_default()
        };
        for (page, folder) in [
            ("/news", "/news/"),
            ("/news?page=2#top", "/news/"),
            ("/news/", "/news/"),
            ("/news/list.htm", "/news/"),
            ("/index.php?id=3", "/"),
            ("", "/"),
        ] {
            assert_eq!(below(page), format!("https://h.example{folder}"), "{page}");
        }
    }

    #[test]
    fn of_a_whole_site_only_articles_count() {
        let map = urls(&[
            ("/about", ""),
            ("/news/the-new-pier-is-open-to-all", ""),
            ("/tide", "<news:publication_date>2026-02-03</news:publication_date>"),
        ]);
        let found = listing(&map, Some("https://www.harbour.example/")).expect("a list");
        assert!(found.confidence < 0.7, "it is a guess");
        let expected =
            ["https://www.harbour.example/tide", "https://www.harbour.example/news/the-new-pier-is-open-to-all"];
        assert_eq!(links(found), expected);
        assert_eq!(links(listing(&map, None).expect("a list")).len(), 3, "whoever names a map means all of it");
    }

    #[test]
    fn a_map_that_is_cut_short_is_told() {
        let map = urls(&[("/n/1", ""), ("/n/2", "")]);
        assert!(!listing(&map, None).expect("a list").feed.partial);
        let first = map.find("</url>").expect("an end") + "</url>".len();
        for cut in first..map.len() - 1 {
            let map = map.get(..cut).expect("a part");
            assert!(listing(map, None).expect("a list").feed.partial, "{map}");
        }
    }

    #[test]
    fn names_may_have_prefixes() {
        let map = "<s:urlset xmlns:s='x'><s:url><image:image><image:loc>/2.jpg</image:loc></image:image>
            <s:loc>/n/1</s:loc></s:url></s:urlset>";
        assert_eq!(links(listing(map, None).expect("a list")), ["https://www.harbour.example/n/1"]);
    }

    #[test]
    fn titles_have_an_end() {
        let title = format!("<news:title>{}</news:title>", "tide ".repeat(10_000));
        let found = listing(&urls(&[("/n/1", &title)]), None).expect("a list");
        assert_eq!(found.feed.entries[0].facts.title.as_ref().map(|title| title.value.len()), Some(LONGEST));
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
