//! A walk waits for no host that takes its time.

use std::collections::BTreeSet;

use crate::site::{Site, stories};

#[test]
fn a_long_crawl_delay_puts_articles_off_to_the_next_walks() {
    let site = Site::new();
    site.house.config(&site.config().replace("robots = false\ntimeout = \"2s\"", "timeout = \"1s\""));
    let robots = crate::badweb::answer("connection: close\r\n", b"User-agent: *\nCrawl-delay: 3\n");
    let all = stories(1..=4);
    site.lists(&all).answers("/robots.txt", &robots);
    let report = site.tomorrow().house.run(&["refresh", "--json"]).expect_ok().json();
    let first = site.items();
    assert!((1..=3).contains(&first.len()), "{:#?}", site.titles());
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
