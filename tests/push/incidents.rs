//! Trouble is opened once, and closed when it is over.

use crate::house::{House, Outcome};
use crate::publisher::{CONFIG, Stand, Story, rss};

/// An incident as the store has it: source, kind, and whether it is over.
type Row = (String, String, bool);

pub(crate) fn incidents(house: &House) -> Vec<Row> {
    let store = house.store();
    let mut statement = store.prepare("SELECT source, kind, closed IS NOT NULL FROM incident ORDER BY number").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn row(source: &str, kind: &str, is_over: bool) -> Row {
    (source.to_owned(), kind.to_owned(), is_over)
}

pub(crate) const BROKEN: &str = "HTTP/1.1 500 No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

fn breaks(stand: &Stand) -> Outcome {
    stand.publisher.answers(BROKEN);
    let said = stand.visit();
    said.expect_code(1);
    said
}

/// Stories of the last days before the house was built, one a day.
fn daily(days: usize) -> Vec<Story> {
    (1..=days).map(|day| Story::new(day).date(&format!("2026-04-{:02}T10:00:00Z", 30 - day))).collect()
}

#[test]
fn one_failure_is_no_trouble_and_the_second_is_told_once() {
    let stand = Stand::new();
    stand.finds(&[Story::new(1)]);
    breaks(&stand);
    assert_eq!(incidents(&stand.house), []);
    stand.finds(&[Story::new(1)]);
    breaks(&stand);
    assert_eq!(incidents(&stand.house), []);
    for _ in 0..3 {
        breaks(&stand);
        assert_eq!(incidents(&stand.house), [row("quay", "failing", false)]);
    }
    let told = stand.house.run(&["status", "--json"]).json();
    assert_eq!(told["incidents"][0]["source"], "quay");
    assert_eq!(told["incidents"][0]["kind"], "failing");
    assert_eq!(told["incidents"][0]["opened"], "2026-05-05T09:00:00Z");
    assert!(told["incidents"][0]["text"].as_str().unwrap().contains("answers 500"));
    stand.house.run(&["explain", "quay"]).expect_ok().expect_said("failing since 2026-05-05T09:00:00Z");
    stand.house.run(&["doctor"]).expect_said("quay trouble").expect_said("failing since 2026-05-05T09:00:00Z");
    stand.finds(&[Story::new(1)]);
    assert_eq!(incidents(&stand.house), [row("quay", "failing", true)]);
    assert!(stand.house.run(&["status", "--json"]).json()["incidents"].as_array().unwrap().is_empty());
    // Another time is another incident.
    breaks(&stand);
    breaks(&stand);
    assert_eq!(incidents(&stand.house), [row("quay", "failing", true), row("quay", "failing", false)]);
}

#[test]
fn a_source_that_fails_and_is_asked_rarely_is_in_trouble_all_the_same() {
    let stand = Stand::new();
    stand.finds(&[Story::new(1)]);
    stand.publisher.answers("HTTP/1.1 503 No\r\nconnection: close\r\nretry-after: 500000\r\ncontent-length: 0\r\n\r\n");
    stand.visit().expect_code(1);
    assert_eq!(incidents(&stand.house), []);
    let asked = stand.publisher.server.paths().len();
    stand.visit();
    assert_eq!(stand.publisher.server.paths().len(), asked);
    assert_eq!(incidents(&stand.house), [row("quay", "failing", false)]);
}

#[test]
fn a_folder_that_is_gone_is_trouble() {
    let house = House::two();
    house.rename("news", "old");
    house.tomorrow().refresh().expect_code(1);
    house.tomorrow().refresh().expect_code(1);
    assert_eq!(incidents(&house), [row("news", "failing", false)]);
    house.rename("old", "news").tomorrow().refresh().expect_ok();
    assert_eq!(incidents(&house), [row("news", "failing", true)]);
}

#[test]
fn a_source_that_falls_silent_is_told_after_a_fortnight() {
    let stand = Stand::new();
    stand.finds(&daily(6));
    stand.house.run(&["explain", "quay"]).expect_ok().expect_said("something new by 2026-05-15T09:00:00Z");
    for _ in 0..14 {
        stand.visit().expect_ok();
    }
    assert_eq!(incidents(&stand.house), []);
    for _ in 0..3 {
        stand.visit().expect_ok();
        assert_eq!(incidents(&stand.house), [row("quay", "stale", false)]);
    }
    let said = stand.house.run(&["status"]);
    said.expect_ok()
        .expect_said("trouble: quay is stale since 2026-05-16T09:00:00Z: nothing new came since 2026-04-29");
    // What fails meanwhile is as silent as before.
    breaks(&stand);
    assert_eq!(incidents(&stand.house), [row("quay", "stale", false)]);
    // An edit is no news.
    let mut stories = daily(6);
    stories[0].body = "Ship 1 came in with the tide, and nobody at all went ashore from it.".to_owned();
    stand.finds(&stories);
    assert_eq!(incidents(&stand.house), [row("quay", "stale", false)]);
    stories.push(Story::new(20).date("2026-05-20T10:00:00Z"));
    stand.finds(&stories);
    assert_eq!(incidents(&stand.house), [row("quay", "stale", true)]);
}

#[test]
fn who_was_never_regular_does_not_fall_silent() {
    let stand = Stand::new();
    stand.finds(&daily(4));
    stand.house.at("2027-05-01T00:00:00Z");
    stand.visit().expect_ok();
    assert_eq!(incidents(&stand.house), []);
}

#[test]
fn a_rare_source_has_three_times_its_longest_gap() {
    let stand = Stand::new();
    let monthly: Vec<Story> =
        (1..=6).map(|month| Story::new(month).date(&format!("2025-{:02}-05T10:00:00Z", 6 + month))).collect();
    stand.finds(&monthly);
    // 31 days, three times.
    stand.house.at("2026-08-01T00:00:00Z");
    stand.visit().expect_ok();
    assert_eq!(incidents(&stand.house), []);
    stand.house.at("2026-08-03T00:00:00Z");
    stand.visit().expect_ok();
    assert_eq!(incidents(&stand.house), [row("quay", "stale", false)]);
}

/// A page with a list of news, as people see it.
fn page(entries: usize) -> String {
    let entry = |number: usize| {
        format!(
            "<li><a href=\"/info/1010/{number}.htm\">The harbour opens quay number {number} to the public</a><span>2026-04-{number:02}</span></li>\n"
        )
    };
    let entries: String = (1..=entries).map(entry).collect();
    format!(
        "<!DOCTYPE html><html><head><title>News</title></head><body><h1>News</h1><ul class=\"news\">{entries}</ul></body></html>"
    )
}

#[test]
fn a_page_whose_list_is_gone_is_trouble_at_once() {
    let stand = Stand::new();
    let feed = stand.publisher.server.url("/feed");
    stand
        .house
        .config(&format!("{CONFIG}[[source]]\nid = \"quay\"\npage = \"{feed}\"\n[source.select]\nfull_text = false\n"));
    let answer =
        |html: &str| crate::badweb::answer("connection: close\r\ncontent-type: text/html\r\n", html.as_bytes());
    stand.publisher.answers(answer(&page(9)));
    stand.visit().expect_ok();
    assert_eq!(stand.items().len(), 9);
    stand
        .publisher
        .answers(answer("<!DOCTYPE html><html><head><title>New</title></head><body><p>All is new.</p></body></html>"));
    for _ in 0..2 {
        stand.visit().expect_code(1).expect_said("it is set aside");
        assert_eq!(incidents(&stand.house), [row("quay", "quarantined", false)]);
    }
    // That it does not answer is no trouble of another kind yet, and does not end this one.
    breaks(&stand);
    assert_eq!(incidents(&stand.house), [row("quay", "quarantined", false)]);
    stand.publisher.answers(answer(&page(9)));
    stand.visit().expect_ok();
    assert_eq!(incidents(&stand.house), [row("quay", "quarantined", true)]);
}

#[test]
fn what_keeps_feeds_from_being_published_is_trouble_of_the_whole() {
    let house = House::two();
    house.config_with("[publish]\non_publish = \"exit 7\"\n").file("news/c.txt", crate::house::CHOIR);
    house.refresh().expect_code(3);
    house.refresh().expect_code(3);
    assert_eq!(incidents(&house), [row("", "publishing", false)]);
    house.config_with("").refresh().expect_ok();
    assert_eq!(incidents(&house), [row("", "publishing", true)]);
}

#[test]
fn who_is_configured_no_more_is_in_no_trouble() {
    let stand = Stand::new();
    stand.finds(&[Story::new(1)]);
    breaks(&stand);
    breaks(&stand);
    stand.house.config(&format!("{CONFIG}{}", stand.publisher.source("pier")));
    stand.publisher.says(&rss(&[Story::new(1)]));
    stand.visit().expect_ok();
    assert_eq!(incidents(&stand.house), [row("quay", "failing", true)]);
}
