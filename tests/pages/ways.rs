//! A way that is better than the list that people see, and what becomes of the source when it is shut.

use crate::badweb::answer;
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
    assert_eq!(site.asks(), ["/feed2.xml"]);
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
