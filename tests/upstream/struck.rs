//! A walk that is struck down while it visits: nothing is lost, nothing is there twice, and nothing vouches for what is not
//! there.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::badweb::{Server, answer, path, send};
use crate::house::House;
use crate::publisher::{CLOSE, CONFIG, Story, rss};

const SOURCES: usize = 60;

/// A server with a feed of two stories at each path, which takes a moment for each.
fn server() -> Server {
    Server::start(|head, out| {
        let number: usize = path(head).trim_start_matches('/').parse().unwrap();
        std::thread::sleep(Duration::from_millis(10));
        let story = |story: Story| {
            let guid = format!("{}-{number}", story.guid.as_deref().unwrap());
            let link = format!("{}-{number}", story.link.as_deref().unwrap());
            story.guid(&guid).link(&link)
        };
        let feed = rss(&[story(Story::new(1)), story(Story::new(2))]);
        send(out, &answer(&format!("{CLOSE}etag: \"{number}\"\r\n"), feed.as_bytes()));
    })
}

fn house(server: &Server) -> House {
    let source =
        |number: usize| format!("[[source]]\nid = \"s{number}\"\nfeed = \"{}\"\n", server.url(&number.to_string()));
    let house = House::new();
    house.config(&format!("{CONFIG}{}", (0..SOURCES).map(source).collect::<String>()));
    house
}

/// Starts a walk and kills it when so many visits have been made.
fn strike(house: &House, server: &Server, visits: usize) {
    let before = server.paths().len();
    let mut child = house.command(&["refresh"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while server.paths().len() < before + visits && child.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_mins(2), "no visits are made");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Ids by feed.
fn ids(house: &House) -> BTreeMap<String, BTreeSet<String>> {
    let feeds = (0..SOURCES).map(|number| format!("sources/s{number}.json")).chain(["all.json".to_owned()]);
    let of = |feed: String| {
        let ids: Vec<String> = house.feed(&feed).into_iter().map(|item| item.id).collect();
        let set: BTreeSet<String> = ids.iter().cloned().collect();
        assert_eq!(set.len(), ids.len(), "{feed} has an id twice");
        (feed, set)
    };
    feeds.map(of).collect()
}

#[test]
fn a_walk_that_is_killed_loses_and_doubles_nothing() {
    let server = server();
    let undisturbed = house(&server);
    undisturbed.refresh().expect_ok();
    let struck = house(&server);
    for visits in [1, 20, 45, SOURCES] {
        strike(&struck, &server, visits);
        if !struck.path("state/feedgen.db").exists() {
            continue;
        }
        let store = struck.store();
        let sql = "SELECT source, (SELECT count(*) FROM item WHERE item.source = upstream.source),
                       (SELECT count(*) FROM document WHERE document.source = upstream.source)
                   FROM upstream WHERE etag IS NOT NULL OR body IS NOT NULL";
        let mut statement = store.prepare(sql).unwrap();
        let row =
            |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
        for row in statement.query_map([], row).unwrap() {
            let (source, items, documents) = row.unwrap();
            assert_eq!((items, documents), (2, 2), "{source} is vouched for");
        }
    }
    struck.refresh().expect_ok();
    assert_eq!(ids(&struck), ids(&undisturbed));
    assert_eq!(struck.titles("all.json"), undisturbed.titles("all.json"));
    let rows = |house: &House| -> usize {
        house.store().query_row("SELECT count(*) FROM item", [], |row| row.get(0)).unwrap()
    };
    assert_eq!((rows(&struck), rows(&undisturbed)), (2 * SOURCES, 2 * SOURCES));
}

/// A story that is told alike by several, at addresses of their own.
fn shared(at: &str) -> String {
    let words = (1..=80).map(|ship| format!("ship {ship} tied up at pier {}", ship * 7 % 31)).collect::<Vec<_>>();
    let story = Story::new(1).title("Eighty ships tied up").body(&words.join(", "));
    rss(&[story.guid(&format!("urn:{at}")).link(&format!("https://{at}.example/ships"))])
}

#[test]
fn copies_that_a_killed_walk_has_not_told_are_told_by_the_next_though_their_sources_are_not_due() {
    let is_slow = Arc::new(AtomicBool::new(true));
    let waits = is_slow.clone();
    // Two answer at once; the walk is not over before the third does.
    let server = Server::start(move |head, out| {
        let at = path(head).trim_start_matches('/').to_owned();
        while at == "slow" && waits.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let feed = if at == "slow" { rss(&[Story::new(2)]) } else { shared(&at) };
        send(out, &answer(CLOSE, feed.as_bytes()));
    });
    let house = House::new();
    let source = |id: &str| format!("[[source]]\nid = \"{id}\"\nfeed = \"{}\"\n", server.url(id));
    let sources = ["quay", "pier", "slow"].map(source).concat();
    house.config(&format!("{CONFIG}timeout = \"5m\"\n{sources}"));
    let mut child = house.command(&["refresh"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let count = |sql: &str| -> u32 {
        let is_there = house.path("state/feedgen.db").exists();
        let count = is_there.then(|| house.store().query_row(sql, [], |row| row.get(0)).unwrap_or_default());
        count.unwrap_or_default()
    };
    let begun = Instant::now();
    while count("SELECT count(*) FROM item") < 2 {
        assert!(begun.elapsed() < Duration::from_mins(2), "nothing is saved");
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    is_slow.store(false, Ordering::SeqCst);
    assert_eq!(count("SELECT count(*) FROM meta WHERE name = 'untold copies'"), 1);
    assert_eq!((count("SELECT count(*) FROM item WHERE original IS NOT NULL"), house.has("all.json")), (0, false));
    house.refresh().expect_ok();
    let mut titles = house.titles("all.json");
    titles.sort();
    assert_eq!(titles, ["Eighty ships tied up", "Ship 2 came in"]);
    assert_eq!(["quay", "pier"].map(|id| house.titles(&format!("sources/{id}.json")).len()), [1, 1]);
    assert_eq!(count("SELECT count(*) FROM item WHERE original IS NOT NULL"), 1);
    let asked = server.paths();
    assert!(["/quay", "/pier"].iter().all(|at| asked.iter().filter(|path| path == at).count() == 1), "{asked:?}");
}
