//! When a source is visited: not before it is due, later where that is wished, and again and again where it fails.

use crate::house::Outcome;
use crate::publisher::{Stand, Story, rss, rss_with};

/// Minutes after the start of a test, as RFC 3339.
fn after(minutes: i64) -> String {
    let start: chrono::DateTime<chrono::Utc> = "2026-05-04T00:00:00Z".parse().unwrap();
    (start + chrono::TimeDelta::minutes(minutes)).to_rfc3339()
}

fn visits(stand: &Stand) -> usize {
    stand.publisher.server.paths().iter().filter(|path| *path == "/feed").count()
}

/// A walk at a minute, and whether it made a visit.
fn walk(stand: &Stand, minute: i64, arguments: &[&str]) -> (bool, Outcome) {
    let before = visits(stand);
    stand.house.at(&after(minute));
    let arguments: Vec<&str> = ["refresh"].iter().chain(arguments).copied().collect();
    let outcome = stand.house.run(&arguments);
    (visits(stand) > before, outcome)
}

fn is_visited(stand: &Stand, minute: i64) -> bool {
    walk(stand, minute, &[]).0
}

/// Minutes from one visit to the next, as the report tells them.
fn wait(stand: &Stand, minute: i64, arguments: &[&str]) -> i64 {
    let arguments: Vec<&str> = arguments.iter().chain(&["--json"]).copied().collect();
    let (visited, outcome) = walk(stand, minute, &arguments);
    assert!(visited, "{} {}", outcome.stdout, outcome.stderr);
    let next = outcome.json()["sources"][0]["next"].as_str().unwrap().split_once(": ").unwrap().0.to_owned();
    let parse = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap();
    (parse(&next) - parse(&after(minute))).num_minutes()
}

/// A feed with news of the hour.
fn fresh(channel: &str) -> String {
    let story = |number: usize| Story::new(number).date(&format!("2026-05-03T23:{number}:00Z"));
    rss_with(channel, &(30..50).map(story).collect::<Vec<_>>())
}

#[test]
fn a_timer_that_rings_every_half_hour_visits_each_time() {
    let stand = Stand::with("every = \"30m\"\nslowest = \"30m\"");
    stand.publisher.says(&fresh(""));
    for ring in 0..6 {
        assert!(is_visited(&stand, ring * 30), "ring {ring}");
        let (again, outcome) = walk(&stand, ring * 30 + 10, &[]);
        assert!(!again, "ten minutes later");
        outcome.expect_ok().expect_said("not due");
    }
    assert!(walk(&stand, 151, &["quay"]).0, "who asks for it gets it");
    assert!(walk(&stand, 152, &["--force"]).0, "who insists gets it");
}

#[test]
fn failures_are_waited_out_longer_and_longer_but_never_for_ever() {
    let stand = Stand::with("every = \"1h\"\nslowest = \"6h\"");
    stand.publisher.says(&fresh(""));
    walk(&stand, 0, &[]).1.expect_ok();
    stand.publisher.answers("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n");
    let mut minute = 24 * 60;
    let mut waits = Vec::new();
    for _ in 0..10 {
        let wait = wait(&stand, minute, &[]);
        assert!(!is_visited(&stand, minute + wait / 2), "after {minute}");
        waits.push(wait);
        minute += wait + 1;
    }
    let expected = [1, 2, 4, 8, 16, 24, 24, 24, 24, 24].map(|hours: i64| hours * 60);
    let fits = |(wait, expected): (&i64, &i64)| *wait <= *expected && *wait >= expected * 9 / 10;
    assert!(waits.iter().zip(&expected).all(fits), "{waits:?}");
    // One answer, and all is forgotten.
    stand.publisher.says(&fresh(""));
    walk(&stand, minute, &[]).1.expect_ok();
    minute += 24 * 60;
    stand.publisher.answers("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n");
    assert!(wait(&stand, minute, &[]) <= 60);
}

#[test]
fn a_source_that_never_answered_is_waited_for_too() {
    let stand = Stand::with("every = \"1h\"");
    stand.publisher.answers("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n");
    assert!(wait(&stand, 0, &[]) <= 60);
    assert!(!is_visited(&stand, 20));
    assert!(wait(&stand, 61, &[]) > 60);
    assert!(!is_visited(&stand, 61 + 80));
    // Nor do other settings make it answer.
    stand.configure("every = \"1h\"\nlanguage = \"de\"");
    assert!(!is_visited(&stand, 61 + 80));
    assert!(walk(&stand, 61 + 81, &["quay"]).0, "who asks for it gets it");
}

#[test]
fn what_is_gone_is_asked_once_a_week() {
    let stand = Stand::new();
    stand.publisher.answers("HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(wait(&stand, 0, &[]), 7 * 24 * 60);
    assert!(!is_visited(&stand, 6 * 24 * 60));
    assert!(is_visited(&stand, 7 * 24 * 60 + 1));
}

#[test]
fn who_asks_to_wait_is_waited_for_even_by_name_but_not_by_force() {
    for asked in ["7200", "Mon, 04 May 2026 02:00:00 GMT"] {
        let stand = Stand::with("every = \"10m\"");
        stand.publisher.answers(format!(
            "HTTP/1.1 503 No\r\ndate: Mon, 04 May 2026 00:00:00 GMT\r\nretry-after: {asked}\r\ncontent-length: 0\r\n\r\n"
        ));
        assert_eq!(wait(&stand, 0, &[]), 120, "{asked}");
        stand.publisher.says(&fresh(""));
        assert!(!is_visited(&stand, 118));
        let (visited, outcome) = walk(&stand, 119, &["quay"]);
        assert!(!visited, "{asked}");
        outcome.expect_said("not due");
        assert!(walk(&stand, 119, &["quay", "--force"]).0);
    }
}

#[test]
fn a_publisher_may_wish_for_fewer_visits_within_bounds() {
    let stand = Stand::with("every = \"30m\"\nslowest = \"6h\"");
    let hours = |skipped: std::ops::Range<u32>| {
        let hours: Vec<String> = skipped.map(|hour| format!("<hour>{hour}</hour>")).collect();
        format!("<skipHours>{}</skipHours>", hours.concat())
    };
    let sy = "<sy:updatePeriod xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">hourly</sy:updatePeriod>
              <sy:updateFrequency xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">1</sy:updateFrequency>";
    let mut minute = 0;
    let mut check = |headers: &str, channel: &str, least: i64, most: i64| {
        // Other bytes each time, and news of the hour.
        let feed = fresh(&format!("<generator>{minute}</generator>{channel}"));
        stand.publisher.says_with(headers, &feed);
        let wait = wait(&stand, minute, &["--force"]);
        assert!((least..=most).contains(&wait), "{headers:?} {channel:?}: {wait}");
        minute += 1;
    };
    check("", "", 30, 33);
    check("cache-control: max-age=7200\r\n", "", 120, 132);
    check("cache-control: max-age=60\r\n", "", 30, 33);
    check("cache-control: max-age=86400\r\n", "", 324, 361);
    check("expires: Mon, 04 May 2026 02:00:00 GMT\r\n", "", 110, 132);
    check("", "<ttl>120</ttl>", 120, 132);
    check("", sy, 60, 66);
    // Four o'clock has come, and a minute of its own.
    check("", &hours(0..4), 233, 270);
    check("", &hours(0..24), 30, 33);
    // The wish is remembered where the feed is not sent again.
    stand.publisher.says_with("etag: \"a\"\r\n", &fresh("<ttl>180</ttl>"));
    walk(&stand, 30, &["--force"]).1.expect_ok();
    stand.publisher.answers("HTTP/1.1 304 Not Modified\r\n\r\n");
    assert!((180..=198).contains(&wait(&stand, 31, &["quay"])));
}

#[test]
fn a_source_whose_news_is_rare_is_visited_rarely() {
    let stand = Stand::with("every = \"30m\"\nslowest = \"6h\"");
    stand.publisher.says(&rss(&(1..10).map(Story::new).collect::<Vec<_>>()));
    let wait = wait(&stand, 0, &[]);
    assert!((324..=361).contains(&wait), "{wait}");
}

#[test]
fn an_edit_is_no_news() {
    let stand = Stand::with("every = \"30m\"\nslowest = \"1d\"");
    // Every five hours: a quarter of that is the wait.
    let story = |number: i64| Story::new(usize::try_from(number).unwrap()).date(&after(-300 * number));
    let stories: Vec<Story> = (1..=10).map(story).collect();
    stand.publisher.says(&rss(&stories));
    let first = wait(&stand, 0, &[]);
    assert!((75..=83).contains(&first), "{first}");
    let edited: Vec<Story> = stories.into_iter().map(|story| story.body("Edited.")).collect();
    stand.publisher.says(&rss(&edited));
    let second = wait(&stand, first, &[]);
    assert!((75..=95).contains(&second), "{second}");
}

#[test]
fn a_clock_that_was_wrong_once_keeps_no_source_waiting() {
    let stand = Stand::new();
    stand.publisher.says(&fresh(""));
    // Four years ahead, as a machine without a battery may be.
    assert!(is_visited(&stand, 4 * 365 * 24 * 60));
    assert!(is_visited(&stand, 0));
    assert!(!is_visited(&stand, 1));
}
