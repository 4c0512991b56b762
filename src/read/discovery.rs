//! Which feeds a page names: by `<link rel="alternate">` (RSS Advisory Board, "RSS Autodiscovery"), else by its links.

use std::collections::HashSet;

use scraper::{ElementRef, Html};
use url::Url;

use super::guard;

/// A feed that a page names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Where it is.
    pub url: Url,
    /// What the page calls it. `None`: it gives no name.
    pub title: Option<String>,
    /// Whether it tells of comments, by its name or address.
    pub is_of_comments: bool,
}

/// Feeds of one page that are told; more are passed over.
const MOST: usize = 50;

/// Media types that are feeds wherever a page offers them as another form of itself.
const TYPES: [&str; 8] = [
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/rss",
    "application/atom", "application/xml", "text/xml",
];

/// The feeds that a page names, in its order. `address` is where it is.
pub fn named_feeds(page: &str, address: &Url) -> Vec<Named> {
    named_in(&guard::parse_document(page), address)
}

/// The feeds that a parsed page names.
pub(super) fn named_in(page: &Html, address: &Url) -> Vec<Named> {
    let elements = || page.root_element().descendent_elements();
    let base = elements().find(|element| element.value().name() == "base" && element.attr("href").is_some());
    let base = base.and_then(|base| address.join(base.attr("href")?).ok()).unwrap_or_else(|| address.clone());
    let named = |is_named: fn(&ElementRef<'_>) -> bool| {
        let mut known = HashSet::new();
        let feeds = elements().filter(is_named).filter_map(|element| named(&element, &base));
        feeds.filter(|feed| known.insert(feed.url.clone())).take(MOST).collect::<Vec<_>>()
    };
    let linked = named(is_alternate);
    if linked.is_empty() { named(is_link_to_feed) } else { linked }
}

fn named(element: &ElementRef<'_>, base: &Url) -> Option<Named> {
    let href = element.attr("href")?.trim();
    let href = href.strip_prefix("feed:").filter(|rest| rest.starts_with("http")).unwrap_or(href);
    let mut url =
        base.join(href).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.username().is_empty())?;
    url.set_fragment(None);
    let text = || words(element.text());
    let title = element.attr("title").map(|title| words(std::iter::once(title))).filter(|title| !title.is_empty());
    let title = title.or_else(|| Some(text()).filter(|text| !text.is_empty()));
    let told = format!("{} {}", title.as_deref().unwrap_or_default(), url.path()).to_lowercase();
    let is_of_comments =
        ["comment", "kommentar", "commentaire", "comentario", "评论", "評論"].iter().any(|word| told.contains(word));
    Some(Named { url, title, is_of_comments })
}

fn words<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    texts.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// `<link rel="alternate" type="application/rss+xml">`, or one of HTML's former `rel="feed"`.
fn is_alternate(element: &ElementRef<'_>) -> bool {
    let rel = element.attr("rel").unwrap_or_default().to_ascii_lowercase();
    let has = |name: &str| rel.split_ascii_whitespace().any(|rel| rel == name);
    let media_type = media_type(element);
    // As JSON, sites offer pages and their programs' answers, too.
    let is_json_feed = media_type == "application/json" && element.attr("href").unwrap_or_default().contains("feed");
    let is_feed = is_json_feed || TYPES.contains(&media_type.as_str());
    element.value().name() == "link" && (has("feed") || has("alternate") && is_feed && !has("stylesheet"))
}

/// `<a>` whose type, address or words say that it leads to a feed.
fn is_link_to_feed(element: &ElementRef<'_>) -> bool {
    if element.value().name() != "a" {
        return false;
    }
    let href = element.attr("href").unwrap_or_default().to_ascii_lowercase();
    let path = href.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_name = ["rss", "atom", "feed", "rss.php", "feed.php", "rss.aspx", "feed.json", "feed.xml", "index.xml"]
        .contains(&last);
    let has_ending =
        [".rss", ".atom", ".rdf", "rss.xml", "atom.xml", "feeds.xml"].iter().any(|ending| last.ends_with(ending));
    let text = words(element.text()).to_ascii_lowercase();
    let says_so = ["rss", "atom", "rss feed", "atom feed", "rss 2.0", "xml feed", "rss订阅"].contains(&text.as_str());
    !href.is_empty()
        && (is_name
            || has_ending
            || says_so
            || href.starts_with("feed:http")
            || TYPES[..3].contains(&media_type(element).as_str()))
}

fn media_type(element: &ElementRef<'_>) -> String {
    let written = element.attr("type").unwrap_or_default();
    written.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, expected: &[(&str, Option<&str>, bool)]) {
        let address = Url::parse("https://harbour.example/news/").expect("a URL");
        let named = named_feeds(page, &address);
        let told: Vec<_> =
            named.iter().map(|feed| (feed.url.as_str(), feed.title.as_deref(), feed.is_of_comments)).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn the_links_of_the_head_count() {
        check(
            "<title>Harbour</title><link rel='ALTERNATE' type='Application/RSS+xml; charset=utf-8' title=' News\n ' href='/rss'>
             <link rel=alternate type=application/rss+xml title='Harbour » Comments Feed' href=comments/feed/>
             <link rel='feed' href='x.json'><link rel='alternate stylesheet' type='text/xml' href='y'>
             <link rel=alternate type=application/json href=/wp-json/1><link rel=alternate type=application/json href=/feed.json>
             <link rel=alternate type='application/json+oembed' href=/o><link rel=alternate hreflang=de href=/de>
             <link rel=alternate type=application/atom+xml href='javascript:x'><link rel=feed href='//bee:pw@h.example/'><link rel=alternate type=text/xml>
             <link rel=alternate type=application/rss+xml href=/rss#again><a href=/other.rss>RSS</a>",
            &[
                ("https://harbour.example/rss", Some("News"), false),
                ("https://harbour.example/news/comments/feed/", Some("Harbour » Comments Feed"), true),
                ("https://harbour.example/news/x.json", None, false),
                ("https://harbour.example/feed.json", None, false),
            ],
        );
    }

    #[test]
    fn other_links_count_for_want_of_any() {
        check(
            "<base href='https://www.harbour.example/a/b'><a href=/all.rss?x=1>All <b>news</b></a><a href=about>About feeds</a>
             <a href='feed/'>Feed</a><a href=subscribe>RSS</a><a href='feed:https://f.example/x'>x</a><a href='ftp://f.example/rss'>x</a>",
            &[
                ("https://www.harbour.example/all.rss?x=1", Some("All news"), false),
                ("https://www.harbour.example/a/feed/", Some("Feed"), false),
                ("https://www.harbour.example/a/subscribe", Some("RSS"), false),
                ("https://f.example/x", Some("x"), false),
            ],
        );
        check("<p>no feed, nothing", &[]);
        check("", &[]);
    }
}
