//! What a visit leaves behind: an answer that is none touches nothing that is there, and an answer that is what it was
//! costs next to nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::badweb::{answer, redirection};
use crate::house::Lying;
use crate::publisher::{Stand, Story, rss};

fn stories() -> Vec<Story> {
    (1..=3).map(Story::new).collect()
}

/// All rows of the tables that hold what was read, as text.
fn rows(stand: &Stand) -> BTreeMap<&'static str, String> {
    let store = stand.house.store();
    let of = |table: &'static str| {
        let mut statement = store.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut text = String::new();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                let value: rusqlite::types::Value = row.get(column).unwrap();
                write!(text, "{value:?} ").unwrap();
            }
            text.push('\n');
        }
        (table, text)
    };
    ["item", "document", "alias", "channel", "member", "published"].map(of).into_iter().collect()
}

/// What is kept of the last visit.
fn kept(stand: &Stand, column: &str) -> Option<String> {
    stand.house.store().query_row(&format!("SELECT {column} FROM upstream"), [], |row| row.get(0)).unwrap()
}

/// All that a bad answer must leave alone.
fn all(stand: &Stand) -> (BTreeMap<String, Lying>, BTreeMap<&'static str, String>) {
    (stand.house.tree(), rows(stand))
}

fn health(stand: &Stand) -> Value {
    stand.house.run(&["status", "--json"]).json()["sources"][0].clone()
}

#[test]
fn validators_go_back_as_they_came_and_a_304_changes_nothing() {
    let stand = Stand::new();
    let (etag, date) = ("W/\"a\u{e9}, b\"", "Fri, 06 Mar 2026 10:00:00 +0000 (odd)");
    stand.publisher.says_with(&format!("etag: {etag}\r\nlast-modified: {date}\r\n"), &rss(&stories()));
    stand.visit().expect_ok();
    let before = all(&stand);
    stand.publisher.answers("HTTP/1.1 304 Not Modified\r\n\r\n");
    for _ in 0..2 {
        let said = stand.visit();
        said.expect_ok().expect_said("unchanged");
        assert_eq!(all(&stand), before);
    }
    let heads = stand.publisher.server.heads_as_they_came();
    assert!(!String::from_utf8_lossy(&heads[0]).contains("if-"));
    for head in &heads[1..] {
        let head = String::from_utf8_lossy(head);
        assert!(head.contains(&format!("if-none-match: {etag}\r\n")), "{head}");
        assert!(head.contains(&format!("if-modified-since: {date}\r\n")), "{head}");
    }
}

#[test]
fn a_304_for_another_body_loses_no_news() {
    let stand = Stand::new();
    stand.publisher.says_with("etag: \"a\"\r\nlast-modified: Fri, 06 Mar 2026 10:00:00 GMT\r\n", &rss(&stories()[..1]));
    stand.visit().expect_ok();
    // Whoever looks at the date alone takes what was written within the same second for unchanged.
    stand.publisher.answers("HTTP/1.1 304 Not Modified\r\netag: \"b\"\r\n\r\n");
    stand.visit().expect_ok();
    stand.publisher.says_with("etag: \"b\"\r\n", &rss(&stories()));
    stand.visit().expect_ok();
    let heads = stand.publisher.server.heads();
    assert!(heads[1].contains("if-none-match: \"a\"") && !heads[2].contains("if-none-match"), "{heads:?}");
    assert_eq!(stand.items().len(), 3);
}

#[test]
fn validators_go_to_the_address_that_gave_them_alone() {
    let (stand, other) = (Stand::new(), crate::publisher::Publisher::new());
    other.says_with("etag: \"other\"\r\n", &rss(&stories()));
    stand.publisher.answers(redirection(other.server.url("/feed").as_str()));
    stand.visit().expect_ok();
    stand.visit().expect_ok();
    assert!(stand.publisher.server.heads().iter().all(|head| !head.contains("if-none-match")));
    assert!(other.server.heads()[1].contains("if-none-match: \"other\""));
    // The redirect is gone, and what vouched elsewhere vouches for nothing here.
    stand.reads(&rss(&stories()));
    assert!(stand.publisher.server.heads().iter().all(|head| !head.contains("if-none-match")));
}

#[test]
fn the_same_bytes_are_not_read_again() {
    let stand = Stand::new();
    stand.finds(&stories());
    let before = all(&stand);
    let said = stand.visit();
    said.expect_ok().expect_said("unchanged");
    assert_eq!(all(&stand), before);
    assert_eq!(health(&stand)["last_walk"], "2026-05-02T09:00:00Z");
    // With a validator, from then on.
    stand.publisher.says_with("etag: \"a\"\r\n", &rss(&stories()));
    stand.visit().expect_ok().expect_said("unchanged");
    assert_eq!(kept(&stand, "etag").as_deref(), Some("\"a\""));
    assert_eq!(all(&stand), before);
}

#[test]
fn other_bytes_that_say_the_same_write_no_item() {
    let stand = Stand::new();
    stand.finds(&stories());
    let before = all(&stand);
    stand.reads(
        &rss(&stories()).replace("<channel>", "<channel><lastBuildDate>Fri, 01 May 2026 08:00:00 GMT</lastBuildDate>"),
    );
    assert_eq!(all(&stand), before);
}

#[test]
fn a_bad_answer_is_told_and_touches_nothing() {
    let feed = rss(&stories());
    let page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Please sign in.</p></body></html>";
    let status = |line: &str| format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\n\r\n").into_bytes();
    let long = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{feed}", feed.len() + 100).into_bytes();
    let many = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n<rss>".to_vec();
    let stand = Stand::new();
    stand.publisher.says_with("etag: \"good\"\r\n", &feed);
    stand.visit().expect_ok();
    let before = all(&stand);
    let address = stand.publisher.server.url("/feed").to_string();
    let looping = redirection(&address).into_bytes();
    let challenge =
        "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>";
    let naming = "<!DOCTYPE html><html><head><title>Quay</title>\
                  <link rel=alternate type=application/rss+xml href=/comments/feed.xml title=Comments>\
                  <link rel=alternate type=application/rss+xml href=/new.xml></head><body><p>All news of the quay.</p></body></html>";
    let cases: [(&str, Vec<u8>, &str); 17] = [
        ("a body that is longer than it is", long, "broke off"),
        ("a chunk that is cut", many, "broke off"),
        (
            "a page",
            answer("etag: \"bad\"\r\n", b"<html><title>Quay</title><body><p>All news of the quay.</p>"),
            "the answer is a page, \"Quay\", and no feed: give the address of",
        ),
        (
            "a login",
            answer("etag: \"bad\"\r\n", page.as_bytes()),
            "a page, \"Sign in\", and no feed: it asks for a login",
        ),
        (
            "a test",
            answer("", challenge.as_bytes()),
            "\"Just a moment...\", and no feed: it tests whether a person asks: ask its owner",
        ),
        ("a page that names its feed", answer("", naming.as_bytes()), "/new.xml, give that address"),
        ("nothing", answer("etag: \"bad\"\r\n", b""), "is empty"),
        ("a picture", answer("", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"), "is no feed: give the address of"),
        ("500", status("500 No"), "its server has a fault"),
        ("503", status("503 No"), "its server has a fault"),
        ("204", status("204 No Content"), "it has nothing to show: check the address"),
        ("206", status("206 Partial Content"), "its owner must mend that"),
        ("404", status("404 No"), "check the address"),
        ("401", status("401 No"), "set user and password_file"),
        ("410", status("410 Gone"), "remove the source"),
        ("a circle", looping, "redirects more than five times: check"),
        ("silence", Vec::new(), "no answer that can be read"),
    ];
    for (name, bytes, expected) in cases {
        stand.publisher.answers(bytes);
        stand.tomorrow();
        // By its name, so that no wait is in the way.
        let said = stand.house.run(&["refresh", "quay", "--force"]);
        said.expect_code(1).expect_said(expected).expect_said(&address);
        // The next step is told, be it to wait.
        let line = said.stderr.lines().find(|line| line.starts_with("error: ")).unwrap();
        assert!(
            ["check", "give", "set ", "asked again", "remove"].iter().any(|step| line.contains(step)),
            "{name}: {line}"
        );
        assert_eq!(all(&stand), before, "{name}");
        let health = health(&stand);
        assert_eq!((&health["state"], &health["since"]), (&"failing".into(), &"2026-05-02T09:00:00Z".into()), "{name}");
        assert_eq!(kept(&stand, "etag").as_deref(), Some("\"good\""), "{name}");
    }
    stand.publisher.says_with("etag: \"good\"\r\n", &feed);
    stand.tomorrow();
    stand.house.run(&["refresh", "quay"]);
    for _ in 0..8 {
        stand.visit();
    }
    let health = health(&stand);
    assert_eq!((&health["state"], &health["since"]), (&"ok".into(), &Value::Null));
    assert_eq!(all(&stand), before);
}

#[test]
fn a_feed_that_lost_its_tail_brings_what_it_has_and_is_asked_for_again() {
    let stand = Stand::new();
    stand.finds(&stories()[..2]);
    let feed = rss(&[Story::new(5), Story::new(4), Story::new(1)]);
    let cut = feed.split_at(feed.find("Ship 1").unwrap()).0;
    stand.publisher.says_with("etag: \"cut\"\r\n", cut);
    for _ in 0..2 {
        stand.visit().expect_ok();
        let titles: Vec<String> = stand.items().into_iter().map(|item| item.title).collect();
        assert_eq!(titles.iter().filter(|title| title.starts_with("Ship")).count(), 4, "{titles:?}");
        assert_eq!((kept(&stand, "etag"), kept(&stand, "validated")), (None, None));
    }
    assert!(stand.publisher.server.heads().iter().all(|head| !head.contains("if-none-match")));
    stand.publisher.says_with("etag: \"whole\"\r\n", &rss(&[Story::new(5), Story::new(4), Story::new(1)]));
    stand.visit().expect_ok();
    assert_eq!(kept(&stand, "etag").as_deref(), Some("\"whole\""));
    assert_eq!(stand.items().len(), 4);
}

#[test]
fn what_has_moved_for_good_is_told() {
    let stand = Stand::new();
    let other = crate::publisher::Publisher::new();
    other.says(&rss(&stories()));
    let target = other.server.url("/feed").to_string();
    stand.publisher.answers(redirection(&target).replace("302 Found", "301 Moved Permanently"));
    stand.visit().expect_ok().expect_said(&format!("has moved for good: write feed = \"{target}\" for it"));
    stand.house.run(&["status", "quay"]).expect_said("has moved for good");
    // Whoever follows the advice loses and doubles nothing.
    let before = stand.ids();
    stand.house.config(&format!("{}{}", crate::publisher::CONFIG, other.source("quay")));
    stand.visit().expect_ok();
    assert_eq!(stand.ids(), before);
    assert_eq!(stand.house.run(&["status", "quay"]).stdout.matches("has moved").count(), 0);
}

#[test]
fn other_settings_settle_entries_again_though_nothing_came() {
    let stand = Stand::new();
    let local: Vec<Story> = stories().into_iter().map(|story| story.date("2026-03-04T10:17:00")).collect();
    stand.publisher.says_with("etag: \"a\"\r\n", &rss(&local));
    stand.visit().expect_ok();
    let before = stand.item("Ship 2 came in");
    assert!(!before.tags.contains(&"ships".to_owned()));
    stand.configure(
        "categories = [\"ships\"]\nlanguage = \"de\"\ntimezone = \"Asia/Shanghai\"\nauthor = \"Harbour office\"",
    );
    // At the same time of the same day: nothing is due.
    stand.house.refresh().expect_ok();
    let after = stand.item("Ship 2 came in");
    assert!(after.tags.iter().any(|tag| tag.eq_ignore_ascii_case("ships")), "{:?}", after.tags);
    assert_eq!(after.whole["authors"][0]["name"], "Harbour office");
    // What is out keeps its date.
    assert_eq!((&after.id, &after.date), (&before.id, &before.date));
    assert!(stand.publisher.server.heads().iter().all(|head| !head.contains("if-none-match")));
    stand.house.refresh().expect_ok();
    assert_eq!(stand.publisher.server.paths().len(), 2, "once is enough");
}

#[test]
fn keep_and_drop_choose_what_is_shown() {
    let stand = Stand::new();
    stand.finds(&stories());
    let titles = || stand.items().into_iter().map(|item| item.title).collect::<Vec<_>>();
    stand.configure("drop = [\"Ship 2\"]");
    stand.house.refresh().expect_ok();
    assert_eq!(titles(), ["Ship 3 came in", "Ship 1 came in"]);
    stand.configure("keep = [\"Ship [23]\"]");
    stand.house.refresh().expect_ok();
    assert_eq!(titles(), ["Ship 3 came in", "Ship 2 came in"]);
    stand.configure("");
    stand.finds(&stories());
    assert_eq!(titles().len(), 3);
}

#[test]
fn a_dry_run_tells_and_writes_nothing() {
    let stand = Stand::new();
    stand.finds(&stories()[..1]);
    let everything = || (stand.house.tree_of("state"), stand.house.tree());
    let before = everything();
    stand.publisher.says(&rss(&stories()));
    stand.tomorrow();
    let report = stand.house.run(&["refresh", "--dry-run", "--json"]).expect_ok().json();
    assert_eq!(report["sources"][0]["new"], 2);
    let after = everything();
    let digests = |tree: &BTreeMap<String, Lying>| -> Vec<(String, String)> {
        let lasting = tree.iter().filter(|(path, _)| !path.ends_with("-shm"));
        lasting.map(|(path, lying)| (path.clone(), lying.digest.clone())).collect()
    };
    assert_eq!((digests(&after.0), after.1), (digests(&before.0), before.1));
}

#[test]
fn a_source_that_is_named_is_visited_alone() {
    let stand = Stand::new();
    let other = crate::publisher::Publisher::new();
    other.says(&rss(&[Story::new(7)]));
    stand.house.config(&format!(
        "{}{}{}",
        crate::publisher::CONFIG,
        stand.publisher.source("quay"),
        other.source("other")
    ));
    stand.publisher.says(&rss(&stories()));
    stand.house.run(&["refresh", "quay"]).expect_ok();
    assert_eq!((stand.publisher.server.paths().len(), other.server.paths().len()), (1, 0));
    assert_eq!(stand.items().len(), 3);
}

#[test]
fn one_source_that_fails_keeps_no_other_back() {
    let stand = Stand::new();
    let other = crate::publisher::Publisher::new();
    other.says(&rss(&[Story::new(7)]));
    stand.house.config(&format!(
        "{}{}{}",
        crate::publisher::CONFIG,
        stand.publisher.source("quay"),
        other.source("other")
    ));
    stand.publisher.answers("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n");
    let said = stand.visit();
    said.expect_code(1);
    assert_eq!(stand.house.titles("all.json"), ["Ship 7 came in"]);
}

#[test]
fn a_server_that_always_answers_304_keeps_news_back_for_days_and_then_no_more() {
    let stand = Stand::new();
    let (same, unchanged) = ("etag: \"for ever\"\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n");
    let is_conditional = || stand.publisher.server.heads().last().unwrap().contains("if-none-match");
    stand.publisher.says_with(same, &rss(&stories()[..1]));
    stand.visit().expect_ok();
    for _ in 0..2 {
        stand.publisher.answers(unchanged);
        stand.visit().expect_ok().expect_said("unchanged");
        assert!(is_conditional());
    }
    // Its validators are not relied on for longer.
    stand.publisher.says_with(same, &rss(&stories()[..2]));
    stand.visit().expect_ok();
    assert!(!is_conditional());
    assert_eq!(stand.items().len(), 2);
    // Nor at all, as they have misled, until they change.
    stand.publisher.says_with(same, &rss(&stories()));
    stand.visit().expect_ok();
    assert!(!is_conditional());
    assert_eq!(stand.items().len(), 3);
    stand.publisher.says_with("etag: \"new\"\r\n", &rss(&stories()));
    stand.visit().expect_ok();
    assert!(!is_conditional());
    stand.publisher.answers(unchanged);
    stand.visit().expect_ok().expect_said("unchanged");
    assert!(is_conditional());
}

#[test]
fn what_is_visited_once_a_month_is_asked_for_in_full_every_other_time() {
    let stand = Stand::with("every = \"0 6 1 * *\"\n");
    let is_conditional = || stand.publisher.server.heads().last().unwrap().contains("if-none-match");
    for (month, known) in [(1, false), (2, true), (3, false), (4, true), (5, false)] {
        if known {
            stand.publisher.answers("HTTP/1.1 304 Not Modified\r\n\r\n");
        } else {
            stand.publisher.says_with("etag: \"a\"\r\n", &rss(&stories()));
        }
        stand.house.at(&format!("2027-{month:02}-01T06:00:00Z")).refresh().expect_ok();
        assert_eq!(stand.publisher.server.heads().len(), month);
        assert_eq!(is_conditional(), known, "month {month}");
    }
}

#[test]
fn what_is_visited_seldom_since_its_news_is_rare_is_asked_for_in_full_every_other_time() {
    let stand = Stand::with("every = \"30m\"\nslowest = \"10d\"\n");
    let is_conditional = || stand.publisher.server.heads().last().unwrap().contains("if-none-match");
    // An answer that is not the first of its validators tells nothing against them, unless it brings something new.
    for (day, known) in [("01", false), ("11", true), ("21", false), ("31", true)] {
        if known {
            stand.publisher.answers("HTTP/1.1 304 Not Modified\r\n\r\n");
        } else {
            stand.publisher.says_with("etag: \"a\"\r\n", &rss(&stories()));
        }
        stand.house.at(&format!("2027-01-{day}T06:00:00Z")).refresh().expect_ok();
        assert_eq!(is_conditional(), known, "day {day}");
    }
}

#[test]
fn the_same_bytes_vouch_anew_and_tell_nothing_against_validators() {
    let stand = Stand::new();
    stand.publisher.says_with("etag: \"a\"\r\n", &rss(&stories()));
    for visit in 0..8 {
        stand.visit().expect_ok();
        let is_conditional = stand.publisher.server.heads().last().unwrap().contains("if-none-match");
        assert_eq!(is_conditional, visit > 0, "visit {visit}");
    }
}
