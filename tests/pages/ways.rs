//! A way that is better than the list that people see, and what becomes of the source when it is shut.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::badweb::{Server, answer, path, send};
use crate::house::House;
use crate::site::{Site, Story, list, stories};

/// A feed of stories, at noon of their days.
fn feed(site: &Site, stories: &[Story]) -> Vec<u8> {
    let item = |story: &Story| {
        let (title, link) = (&story.title, site.server.url(&story.path()));
        format!(
            "<item><title>{title}</title><link>{link}</link><guid isPermaLink=\"false\">story {}</guid><dc:date>{}T12:34:56Z</dc:date></item>",
            story.number, story.date
        )
    };
    let items: String = stories.iter().map(item).collect();
    let text = format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>News</title>{items}</channel></rss>"
    );
    answer("content-type: application/rss+xml\r\nconnection: close\r\n", text.as_bytes())
}

/// A site whose page names a feed of its list, visited once.
fn settled() -> (Site, Vec<Story>) {
    let site = Site::new();
    let config = site.config();
    site.house.config(config.split("[source.select]").next().unwrap());
    let all = stories(1..=10);
    site.writes(&all).shows("/news/", &named(&list(&all, None))).answers("/feed.xml", &feed(&site, &all));
    site.visit().expect_ok();
    assert_eq!(site.items().len(), 10);
    assert!(site.server.paths().contains(&"/feed.xml".to_owned()));
    (site, all)
}

fn named(page: &str) -> String {
    page.replace("<head>", "<head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\">")
}

#[test]
fn a_feed_that_is_gone_is_replaced_by_the_list_and_doubles_nothing() {
    let (site, all) = settled();
    let before: Vec<_> = site.items().into_iter().map(|item| item.id).collect();
    let cut: Vec<Story> = all
        .iter()
        .map(|story| {
            let start: String = story.title.chars().take(20).collect();
            story.clone().title(&format!("{start}…"))
        })
        .collect();
    site.fails("/feed.xml", "410 Gone").shows("/news/", &named(&list(&cut, None)));
    site.visit().expect_ok();
    let mut after: Vec<_> = site.items().into_iter().map(|item| item.id).collect();
    after.sort();
    let mut before = before;
    before.sort();
    assert_eq!(after, before);
    let asked = site.asks();
    assert_eq!(asked, ["/news/"], "the list is known by now, and so are its articles");
}

#[test]
fn a_feed_that_has_moved_is_no_move_of_its_page() {
    let (site, all) = settled();
    let moved =
        b"HTTP/1.1 301 Moved Permanently\r\nlocation: /feed2.xml\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    site.answers("/feed.xml", moved).answers("/feed2.xml", &feed(&site, &all));
    let said = site.visit();
    said.expect_ok();
    assert!(!said.stderr.contains("has moved for good") && !said.stdout.contains("has moved for good"), "{said:?}");
    assert_eq!(site.asks(), ["/feed2.xml", "/news/"], "the page, since the feed has brought nothing new for a day");
}

#[test]
fn a_page_whose_way_is_at_a_host_that_asks_to_wait_was_visited_in_vain() {
    let refused = Arc::new(AtomicUsize::new(0));
    let counted = refused.clone();
    // A proxy, so that hosts of the open web are asked and none is dialled.
    let proxy = Server::start(move |head, out| {
        if path(head).contains("//feeds.") {
            counted.fetch_add(1, Ordering::SeqCst);
            return send(
                out,
                b"HTTP/1.1 429 Slow\r\nretry-after: 600\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            );
        }
        // The host of its way has refused so many others that it is asked no more.
        let begun = Instant::now();
        while counted.load(Ordering::SeqCst) < 3 && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(500));
        let page = "<!DOCTYPE html><title>The quay</title><link rel=alternate type=application/rss+xml href=\"http://feeds.harbour.edu/all\"><p>News.";
        send(out, &answer("content-type: text/html\r\nconnection: close\r\n", page.as_bytes()));
    });
    let house = House::new();
    let source = |id: &str, key: &str| format!("[[source]]\nid = \"{id}\"\n{key}\nproxy = \"{}\"\n", proxy.url("/"));
    let feeds: String =
        ["a", "b", "c"].iter().map(|id| source(id, &format!("feed = \"http://feeds.harbour.edu/{id}\""))).collect();
    let settings = "[refresh]\nrobots = false\ntimeout = \"30s\"\n";
    house.config(&format!("{settings}{feeds}{}", source("page", "page = \"http://www.harbour.edu/\"")));
    let report = house.run(&["refresh", "--json"]).expect_code(1).json();
    let page = &report["sources"][3];
    assert_eq!((page["requests"].as_u64(), &page["visited"]), (Some(1), &Value::Null), "{page}");
    assert!(
        page["error"].as_str().unwrap().contains("feeds.harbour.edu was not asked any more: it asks to wait"),
        "{page}"
    );
    assert!(page["next"].as_str().unwrap().contains("Retry-After"), "{page}");
    let asked: i64 =
        house.store().query_row("SELECT requests FROM past WHERE source = 'page'", [], |row| row.get(0)).unwrap();
    assert_eq!((asked, refused.load(Ordering::SeqCst)), (1, 3));
}

#[test]
fn what_a_page_says_for_machines_of_other_things_is_not_its_list() {
    let site = Site::new();
    let config = site.config();
    site.house.config(config.split("[source.select]").next().unwrap());
    let all = stories(1..=8);
    let beside = "<script type=\"application/ld+json\">[{\"@type\": \"Article\", \"headline\": \"About the college\", \"url\": \"/about/a.html\"}, \
                  {\"@type\": \"Article\", \"headline\": \"How to find the quay\", \"url\": \"/about/b.html\"}]</script>";
    site.writes(&all).shows("/news/", &list(&all, None).replace("<head>", &format!("<head>{beside}")));
    site.visit().expect_ok();
    let titles: Vec<String> = all.iter().map(|story| story.title.clone()).collect();
    let mut told = site.titles();
    told.sort();
    let mut titles = titles;
    titles.sort();
    assert_eq!(told, titles);
}

/// Ids of what is out, in their order.
fn ids(site: &Site) -> Vec<String> {
    let mut ids: Vec<String> = site.items().into_iter().map(|item| item.id).collect();
    ids.sort();
    ids
}

#[test]
fn a_feed_that_stands_still_is_left_for_a_page_that_goes_on_without_it() {
    let (site, all) = settled();
    let before = ids(&site);
    site.visit().expect_ok();
    assert_eq!(site.asks(), ["/feed.xml", "/news/"], "it has brought nothing new for a day");
    let more = stories(1..=11);
    site.writes(&more).shows("/news/", &list(&more, None));
    site.visit().expect_ok().expect_said("its page has news that");
    assert_eq!(site.items().len(), 11);
    assert!(before.iter().all(|id| ids(&site).contains(id)), "nothing is doubled");
    // The page is its list from now on.
    site.answers("/feed.xml", &feed(&site, &all));
    assert_eq!(site.asks(), ["/news/"]);
}

#[test]
fn a_feed_that_is_named_is_left_where_it_has_less_than_half_of_the_page() {
    let (site, _) = settled();
    site.visit().expect_ok();
    for newest in 11..=15 {
        let page = stories(newest - 9..=newest);
        site.writes(&page).shows("/news/", &named(&list(&page, None)));
        assert_eq!(site.asks(), ["/feed.xml", "/news/"]);
        assert_eq!(site.items().len(), 10, "it may be late");
    }
    let page = stories(7..=16);
    site.writes(&page).shows("/news/", &named(&list(&page, None))).visit().expect_ok();
    assert_eq!(site.items().len(), 16);
}

#[test]
fn a_feed_that_goes_on_or_lacks_no_news_is_kept() {
    let (site, all) = settled();
    site.visit().expect_ok();
    // Old things that the feed never had, on a page that names it no more.
    let mut old = crate::site::Story::new(28);
    old.date = "2026-01-05".to_owned();
    let pinned: Vec<Story> = std::iter::once(old).chain(all.iter().cloned()).collect();
    site.shows("/news/", &list(&pinned, None)).visit().expect_ok();
    assert_eq!(site.items().len(), 10);
    // The page cannot be had, or is another.
    site.fails("/news/", "500 Internal Server Error").visit().expect_ok();
    let strange = stories(101..=110);
    let strange: Vec<Story> = strange.into_iter().map(|story| story.date("2026-03-28")).collect();
    site.writes(&strange).shows("/news/", &list(&strange, None));
    site.visit().expect_ok().expect_said("its page lists other things than");
    assert_eq!(site.items().len(), 10);
    // What brings news is believed.
    let more = stories(1..=11);
    site.writes(&more).answers("/feed.xml", &feed(&site, &more));
    assert_eq!(site.asks(), ["/feed.xml", "/news/11.html"]);
    assert_eq!(site.items().len(), 11);
}

#[test]
fn a_feed_that_is_emptied_is_left_once_the_page_has_news() {
    let (site, all) = settled();
    let before = ids(&site);
    site.answers("/feed.xml", &feed(&site, &[]));
    site.visit().expect_ok().expect_said("its list is there, and empty");
    // It is back, and read as it was.
    site.answers("/feed.xml", &feed(&site, &all)).visit().expect_ok();
    assert_eq!((ids(&site), site.health()["state"].clone()), (before.clone(), "ok".into()));
    let broken = b"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>\n<br />\n<b>Warning</b>: mysqli_connect()";
    let broken = answer("content-type: application/rss+xml\r\nconnection: close\r\n", broken);
    let more = stories(1..=11);
    site.writes(&more).shows("/news/", &named(&list(&more, None))).answers("/feed.xml", &broken);
    site.visit().expect_ok();
    assert_eq!(site.items().len(), 11);
    assert!(before.iter().all(|id| ids(&site).contains(id)), "nothing is doubled");
    assert_eq!(site.health()["state"], "ok");
}
