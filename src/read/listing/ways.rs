//! Which ways into the news of a site a page offers.

use scraper::Html;
use url::Url;

use super::super::{discovery, feed, guard};
use super::{Form, Way, json, markup, select, sitemap, state, sudy, wordpress};
use crate::source::Select;

/// Feeds of one page that are worth asking.
const MOST_FEEDS: usize = 4;

/// The ways that a page offers, best first: its feeds, what it says for machines, interfaces of its site, its state, its
/// own list, a site map. Nothing is asked that the page does not show to be there, but the site map, which comes last.
///
/// A way is worth what it gives: the first counts that [`super::covers`] half of the page's own list or more, and where the
/// page has none, the first that gives anything. Who has written where the list is, in `written`, means that list: then there
/// is one way. `page` may be an answer of an interface, a feed or a site map itself. `address` is where it is.
pub fn ways(page: &guard::Page<'_>, address: &Url, written: &Select) -> Vec<Way> {
    let (page, tree) = (page.text, || page.tree());
    let way = |form, url| Way { is_written: written.item.is_some(), ..Way::new(form, url, written.clone()) };
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
    let parsed = tree();
    let feeds = discovery::named_in(parsed, address).into_iter().filter(|feed| !feed.is_of_comments).take(MOST_FEEDS);
    let mut ways: Vec<Way> = feeds.map(|feed| way(Form::Feed, Some(feed.url))).collect();
    let is_offered = |offered: bool, form| offered.then(|| way(form, None));
    let interface =
        |url: Url, select: Select| Way { select: with_article(select, written), ..way(Form::Json, Some(url)) };
    ways.extend(is_offered(markup::is_in(parsed), Form::Markup));
    ways.extend(wordpress::posts(parsed, address).map(|(url, select)| interface(url, select)));
    let articles = sudy::articles(page, address);
    let asks = sudy::asks(page);
    ways.extend(articles.clone().filter(|_| asks).map(|(url, select)| interface(url, select)));
    ways.extend(is_offered(state::is_in(parsed), Form::State));
    ways.push(way(Form::Page, None));
    // The page does not ask for its list in this way, but its site would answer.
    ways.extend(articles.filter(|_| !asks).map(|(url, select)| interface(url, select)));
    ways.extend(
        map(parsed, address)
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
    let place = match named.and_then(|link| link.attr("href")) {
        Some(href) => select::base_of(page, address).join(href),
        None => address.join("/sitemap.xml"),
    };
    place.ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(page: &str, written: &Select) -> Vec<(Form, Option<String>)> {
        let address = Url::parse("https://www.harbour.example/news/list.htm").expect("an address");
        ways(&guard::Page::of(page), &address, written)
            .into_iter()
            .map(|way| (way.form, way.url.map(String::from)))
            .collect()
    }

    #[test]
    fn the_best_ways_come_first() {
        let page = "<html><head><link rel=alternate type=application/rss+xml href=/feed/>
            <link rel=alternate type=application/rss+xml href=/comments/feed/ title=Comments>
            <link rel='https://api.w.org/' href='https://www.harbour.example/wp-json/'>
            <link rel=alternate type=application/json href='https://www.harbour.example/wp-json/wp/v2/categories/5'>
            <script type='application/ld+json'>{}</script></head><body>
            <script id=__NEXT_DATA__ type=application/json>{\"props\": {\"pageProps\": {\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\": 1}}}</script>";
        let found = told(page, &Select::default());
        let forms: Vec<Form> = found.iter().map(|(form, _)| *form).collect();
        assert_eq!(forms, [Form::Feed, Form::Markup, Form::Json, Form::State, Form::Page, Form::Sitemap]);
        assert_eq!(found[0].1.as_deref(), Some("https://www.harbour.example/feed/"));
        let posts = found[2].1.as_deref().unwrap_or_default();
        assert!(
            posts.starts_with("https://www.harbour.example/wp-json/wp/v2/posts?categories=5&per_page=20&page=1&"),
            "{posts}"
        );
        assert_eq!(found[5].1.as_deref(), Some("https://www.harbour.example/sitemap.xml"));
    }

    #[test]
    fn nothing_is_asked_that_a_page_does_not_show() {
        let plain = [(Form::Page, None), (Form::Sitemap, Some("https://www.harbour.example/map.xml".to_owned()))];
        assert_eq!(told("<link rel=sitemap href=/map.xml><p>News siteId: 4", &Select::default()), plain);
        let page = "<base href=/site/><link rel=sitemap href=map.xml><img src=wp-content/a.png>";
        let found = told(page, &Select::default());
        let places: Vec<&str> = found.iter().filter_map(|(_, url)| url.as_deref()).collect();
        assert!(places[0].starts_with("https://www.harbour.example/site/wp-json/wp/v2/posts?"), "{places:?}");
        assert_eq!(places[1], "https://www.harbour.example/site/map.xml");
        let elsewhere = told("<base href=https://cdn.example/><p>News", &Select::default());
        assert_eq!(elsewhere[1].1.as_deref(), Some("https://www.harbour.example/sitemap.xml"));
    }

    #[test]
    fn a_list_that_is_written_is_the_only_one() {
        let with = |item: &str| Select { item: Some(item.to_owned()), ..Select::default() };
        let page = "<link rel=alternate type=application/rss+xml href=/feed/>";
        assert_eq!(told(page, &with("ul.news li")), [(Form::Page, None)]);
        assert_eq!(told(page, &with("/__NEXT_DATA__/props/news")), [(Form::State, None)]);
        let article = Select { content: Some("article".to_owned()), ..Select::default() };
        assert_eq!(told(page, &article).len(), 3);
    }

    #[test]
    fn answers_that_are_no_pages_are_read_as_they_are() {
        for (text, form) in [
            ("\u{feff} {\"data\": []}", Form::Json),
            ("<?xml version='1.0'?><rss><channel/></rss>", Form::Feed),
            ("{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": []}", Form::Feed),
            (
                "<?xml version='1.0'?><!-- x --><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>",
                Form::Sitemap,
            ),
        ] {
            assert_eq!(told(text, &Select::default()), [(form, None)], "{text}");
        }
    }

    #[test]
    fn wordpress_is_asked_where_it_is() {
        let posts = |page: &str| {
            let found = told(page, &Select::default());
            found.into_iter().find(|(form, _)| *form == Form::Json).and_then(|(_, url)| url).unwrap_or_default()
        };
        let plain = posts("<img src='https://www.harbour.example/blog/wp-content/uploads/a.png'>");
        assert!(
            plain.starts_with("https://www.harbour.example/blog/wp-json/wp/v2/posts?per_page=20&page=1"),
            "{plain}"
        );
        let query = posts("<link rel='https://api.w.org/' href='/index.php?rest_route=/'>");
        assert!(
            query.starts_with("https://www.harbour.example/index.php?rest_route=%2Fwp%2Fv2%2Fposts&per_page"),
            "{query}"
        );
        assert_eq!(posts("<img src='https://cdn.example/wp-content/a.png'>"), "");
        let single = "<link rel=alternate type=application/json href='/wp-json/wp/v2/posts/5'><link rel='https://api.w.org/' href=/wp-json/>";
        assert_eq!(posts(single), "");
    }

    #[test]
    fn webplus_is_asked_first_where_the_page_asks_it() {
        let forms = |page: &str| told(page, &Select::default()).into_iter().map(|(form, _)| form).collect::<Vec<_>>();
        let script = "<script>$.ajax({url: '/_wp3services/generalQuery?queryObj=articles', data: {siteId: 41, columnId: '90'}})</script>";
        assert_eq!(forms(script), [Form::Json, Form::Page, Form::Sitemap]);
        let counter = "<img src='/_visitcount?siteId=41&type=2&columnId=90'>";
        assert_eq!(forms(counter), [Form::Page, Form::Json, Form::Sitemap]);
        let found = told(counter, &Select::default());
        assert!(
            found[1].1.as_deref().is_some_and(|url| url.contains("siteId=41&columnId=90&pageIndex=1")),
            "{found:?}"
        );
    }
}
