//! Which ways into the news of a site a page offers.

use scraper::Html;
use url::Url;

use super::super::{discovery, feed, guard};
use super::{Form, Way, json, markup, sitemap, state, sudy, wordpress};
use crate::source::Select;

/// Feeds of one page that are worth asking.
const MOST_FEEDS: usize = 4;

/// The ways that a page offers, best first: its feeds, what it says for machines, interfaces of its site, its state, its
/// own list, a site map. Nothing is asked that the page does not show to be there, but the site map, which comes last.
///
/// A way is worth what it gives: the first counts that [`super::covers`] half of the page's own list or more, and where the
/// page has none, the first that gives anything. Who has written where the list is, in `written`, means that list: then there
/// is one way. `page` may be an answer of an interface, a feed or a site map itself. `address` is where it is.
pub fn ways(page: &str, address: &Url, written: &Select) -> Vec<Way> {
    let way = |form, url| Way { form, url, select: written.clone() };
    let is_pointer = written.item.as_deref().is_some_and(json::is_pointer);
    if json::is_json(page) && !feed::looks_like_feed(page.as_bytes()) {
        return vec![way(Form::Json, None)];
    }
    if is_pointer {
        return vec![way(Form::State, None)];
    }
    if is_of_list(written) {
        return vec![way(Form::Page, None)];
    }
    if feed::looks_like_feed(page.as_bytes()) {
        return vec![way(Form::Feed, None)];
    }
    if sitemap::is_one(page) {
        return vec![way(Form::Sitemap, None)];
    }
    let parsed = guard::parse_document(page);
    let feeds = discovery::named_in(&parsed, address).into_iter().filter(|feed| !feed.is_of_comments).take(MOST_FEEDS);
    let mut ways: Vec<Way> = feeds.map(|feed| way(Form::Feed, Some(feed.url))).collect();
    let is_offered = |offered: bool, form| offered.then(|| way(form, None));
    let interface =
        |url: Url, select: Select| Way { form: Form::Json, url: Some(url), select: with_article(select, written) };
    ways.extend(is_offered(markup::is_in(&parsed), Form::Markup));
    ways.extend(wordpress::posts(&parsed, address).map(|(url, select)| interface(url, select)));
    let articles = sudy::articles(page, address);
    let asks = sudy::asks(page);
    ways.extend(articles.clone().filter(|_| asks).map(|(url, select)| interface(url, select)));
    ways.extend(is_offered(state::is_in(&parsed), Form::State));
    ways.push(way(Form::Page, None));
    // The page does not ask for its list in this way, but its site would answer.
    ways.extend(articles.filter(|_| !asks).map(|(url, select)| interface(url, select)));
    ways.extend(
        map(&parsed, address)
            .map(|url| Way { select: sitemap::below(address, written), ..way(Form::Sitemap, Some(url)) }),
    );
    ways
}

/// Whether somebody has written where something of the list is, and not only of the article.
fn is_of_list(written: &Select) -> bool {
    let Select { item, title, link, date, summary, image, next, .. } = written;
    [item, title, link, date, summary, image, next].iter().any(|selector| selector.is_some())
}

/// The pointers of an interface, and what was written for articles: who has written where their text is wants that.
fn with_article(select: Select, written: &Select) -> Select {
    Select { content: written.content.clone().or(select.content), remove: written.remove.clone(), ..select }
}

/// Where the site map is: where the page says, else where most are (sitemaps.org, "Location").
fn map(page: &Html, address: &Url) -> Option<Url> {
    let mut links = page.root_element().descendent_elements().filter(|element| element.value().name() == "link");
    let named = links.find(|link| link.attr("rel").is_some_and(|rel| rel.trim().eq_ignore_ascii_case("sitemap")));
    let href = named.and_then(|link| link.attr("href")).unwrap_or("/sitemap.xml");
    address.join(href).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}
