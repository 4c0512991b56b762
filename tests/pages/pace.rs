//! A walk waits for no host that takes its time.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::site::{Site, Story, stories};

#[test]
fn a_long_crawl_delay_puts_articles_off_to_the_next_walks() {
    let site = Site::new();
    site.house.config(&site.config().replace("robots = false", "timeout = \"2s\""));
    let robots = crate::badweb::answer("connection: close\r\n", b"User-agent: *\nCrawl-delay: 3\n");
    let all = stories(1..=5);
    site.lists(&all).answers("/robots.txt", &robots);
    let report = site.tomorrow().house.run(&["refresh", "--json"]).expect_ok().json();
    let first = site.items();
    assert!((1..=4).contains(&first.len()), "{:#?}", site.titles());
    let waiting = all.len() - first.len();
    assert_eq!(site.health()["list"]["waiting"], waiting);
    site.house
        .run(&["status", "quay"])
        .expect_said(&format!("waiting: {waiting} articles asked for at the next visit"));
    let next = report["sources"][0]["next"].as_str().unwrap();
    assert!(next.ends_with("articles that it lists were not asked for yet"), "{next}");
    // The next walk goes on though the list is what it was, and asks for nothing twice.
    for _ in 0..4 {
        if site.items().len() < all.len() {
            site.house.refresh().expect_ok();
        }
    }
    let after = site.items();
    assert_eq!(after.len(), all.len());
    assert!(first.iter().all(|item| after.contains(item)), "what is out stays as it is");
    let is_article = |path: &String| path.starts_with("/news/") && path != "/news/";
    let articles: Vec<String> = site.server.paths().into_iter().filter(is_article).collect();
    assert_eq!(articles.len(), articles.iter().collect::<BTreeSet<_>>().len(), "{articles:?}");
    assert_eq!(site.health()["list"]["waiting"], 0);
    assert!(site.asks().iter().all(|path| !is_article(path)));
}

/// A site whose source is visited every half hour.
fn half_hourly() -> Site {
    let site = Site::new();
    site.house.config(&site.config().replace("page = ", "every = \"30m\"\nslowest = \"30m\"\npage = "));
    site
}

/// What a walk tells of when the source is visited next: the time, and why then.
fn next(site: &Site) -> String {
    let report = site.house.run(&["refresh", "--json"]).expect_ok().json();
    report["sources"][0]["next"].as_str().unwrap().to_owned()
}

fn refuses(site: &Site, path: &str, headers: &str) {
    let answer = format!("HTTP/1.1 429 Slow down\r\n{headers}content-length: 0\r\nconnection: close\r\n\r\n");
    site.answers(path, answer.as_bytes());
}

/// A list of so many stories, whose articles are all refused.
fn refuses_all(site: &Site, numbers: RangeInclusive<usize>, headers: &str) -> Vec<Story> {
    let all = stories(numbers);
    site.lists(&all);
    for story in &all {
        refuses(site, &story.path(), headers);
    }
    all
}

#[test]
fn a_host_that_fails_is_not_asked_for_the_rest_at_once() {
    let site = half_hourly();
    let all = stories(1..=230);
    site.lists(&all);
    for story in &all {
        site.fails(&story.path(), "503 Service Unavailable");
    }
    let next = next(site.tomorrow());
    assert!(next.ends_with("every 30 min, as configured"), "{next}");
    assert_eq!(site.health()["list"]["waiting"].as_u64().map(|waiting| waiting > 30), Some(true));
}

#[test]
fn who_asks_to_wait_for_an_article_is_waited_for() {
    let site = half_hourly();
    let all = refuses_all(&site, 1..=28, "retry-after: 7200\r\n");
    let told = next(site.tomorrow());
    assert_eq!(told, "2026-05-01T11:00:00Z: its server asks to wait until then (Retry-After)");
    let asked = site.server.paths().len();
    assert!(asked <= 1 + 8, "{asked} requests");
    site.house.at("2026-05-01T10:59:00Z").run(&["refresh", "quay"]).expect_ok();
    assert_eq!(site.server.paths().len(), asked);
    site.writes(&all);
    site.house.at("2026-05-01T11:00:00Z").refresh().expect_ok();
    assert_eq!(site.items().len(), 28);
}

#[test]
fn articles_are_not_asked_of_a_host_that_asks_to_wait_and_come_when_that_is_over() {
    let site = half_hourly();
    let all = stories(1..=6);
    // The server is a proxy, so that a host of the open web is asked and none is dialled.
    let [page, own] =
        ["http://www.quay.edu/", site.server.url("/").as_str()].map(|site| format!("page = \"{site}news/\"\n"));
    let proxy = format!("{page}proxy = \"{}\"\n", site.server.url("/"));
    assert!(site.config().contains(&own), "{}", site.config());
    site.house
        .config(&site.config().replace("page = ", "every = \"30m\"\nslowest = \"30m\"\npage = ").replace(&own, &proxy));
    site.shows("http://www.quay.edu/news/", &crate::site::list(&all, None));
    for story in &all {
        refuses(&site, &format!("http://www.quay.edu{}", story.path()), "retry-after: 7200\r\n");
    }
    let told = next(site.tomorrow());
    assert_eq!(told, "2026-05-01T11:00:00Z: its server asks to wait until then (Retry-After)");
    assert_eq!(site.server.paths().len(), 1 + 3);
    for story in &all {
        site.shows(&format!("http://www.quay.edu{}", story.path()), &story.page());
    }
    site.house.at("2026-05-01T11:00:00Z").refresh().expect_ok();
    assert_eq!(site.items().len(), 6);
    assert!(site.items().iter().all(|item| item.content.contains("The harbour master wrote it all")));
}

#[test]
fn who_asks_to_wait_for_a_further_page_is_waited_for() {
    let site = half_hourly();
    let all = stories(1..=10);
    site.pages(&all, 5);
    refuses(&site, "/news/page1", "retry-after: 7200\r\n");
    assert_eq!(next(site.tomorrow()), "2026-05-01T11:00:00Z: its server asks to wait until then (Retry-After)");
    assert_eq!(site.items().len(), 5);
    for _ in 0..3 {
        site.visit().expect_ok();
    }
    site.pages(&all, 5).visit().expect_ok();
    assert_eq!(site.items().len(), 10);
}

#[test]
fn to_be_asked_to_wait_is_no_try_but_no_item_waits_for_ever() {
    let site = Site::new();
    let all = stories(1..=4);
    site.lists(&all);
    refuses(&site, &all[1].path(), "");
    refuses(&site, &all[2].path(), "retry-after: 60\r\n");
    for _ in 0..6 {
        site.visit().expect_ok().expect_said("asked for again at the next visit");
        assert_eq!(site.items().len(), 2);
    }
    site.writes(&all[1..2]).visit().expect_ok();
    assert!(site.item(&all[1]).content.contains(&all[1].text));
    for _ in 7..12 {
        assert_eq!(site.items().len(), 3);
        site.visit();
    }
    assert_eq!(site.item(&all[2]).title, all[2].title);
}

#[test]
fn who_asks_to_wait_at_each_visit_keeps_none_of_many_back_for_ever() {
    let site = Site::new();
    refuses_all(&site, 1..=28, "retry-after: 60\r\n");
    for _ in 0..12 {
        site.visit();
    }
    assert_eq!(site.items().len(), 28);
}
