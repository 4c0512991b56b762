//! Hubs hear of what changed, and nothing that a hub does holds publishing up.

use crate::house::{CHOIR, FERRY, NOW, TIDE};
use crate::hub::{Hub, Mood, Town};

/// The feeds that a new story of the source changes.
const CHANGED: [&str; 6] =
    ["all.atom", "all.json", "all.rss", "sources/news.atom", "sources/news.json", "sources/news.rss"];

/// What waits to be told.
fn waiting(town: &Town) -> Vec<(String, i64, u32)> {
    let store = town.house.store();
    let mut statement = store.prepare("SELECT topic, due, failures FROM ping ORDER BY topic").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn time(text: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp()
}

#[test]
fn a_hub_hears_of_each_feed_that_changed_and_finds_the_news_there() {
    let town = Town::new();
    town.house.file("news/a.txt", TIDE).refresh().expect_ok();
    let heard = town.hub.heard();
    let mut topics: Vec<&str> = heard.iter().map(|heard| heard.topic.as_str()).collect();
    topics.sort_unstable();
    assert!(topics.iter().any(|topic| topic.ends_with("/all.rss")), "{topics:?}");
    assert!(
        topics.iter().all(|topic| ["rss", "atom", "json"].iter().any(|ending| topic.ends_with(ending))),
        "{topics:?}"
    );
    assert!(topics.iter().all(|topic| !topic.contains("/archive/")), "{topics:?}");
    for heard in &heard {
        assert!(heard.head.starts_with("post /hub http/1.1\r\n"), "{}", heard.head);
        assert!(heard.head.contains("content-type: application/x-www-form-urlencoded\r\n"), "{}", heard.head);
        assert!(heard.head.contains("user-agent: feedgen/"), "{}", heard.head);
        assert!(heard.form.starts_with("hub.mode=publish&hub.url=http%3A%2F%2F127.0.0.1%3A"), "{}", heard.form);
    }
    // The feed itself names its hub.
    let of = |ending: &str| heard.iter().find(|heard| heard.topic.ends_with(ending)).unwrap().found.clone();
    let hub = town.hub.url();
    assert!(of("/all.rss").contains(&format!("<atom:link href=\"{hub}\" rel=\"hub\"/>")), "{}", of("/all.rss"));
    assert!(of("/all.atom").contains(&format!("<link href=\"{hub}\" rel=\"hub\"/>")), "{}", of("/all.atom"));
    assert_eq!(town.house.json("all.json")["hubs"], serde_json::json!([{ "type": "WebSub", "url": hub }]));

    town.house.refresh().expect_ok();
    assert_eq!(town.hub.heard(), []);

    town.house.file("news/b.txt", FERRY).refresh().expect_ok();
    let heard = town.hub.heard();
    for path in CHANGED {
        let told: Vec<_> = heard.iter().filter(|heard| heard.topic.ends_with(&format!("/{path}"))).collect();
        assert_eq!(told.len(), 1, "{path}: {heard:?}");
        assert!(told[0].found.contains("A ferry without an engine"), "{path}: {}", told[0].found);
    }
    assert_eq!(waiting(&town), []);
}

#[test]
fn a_hub_that_fails_is_told_again_a_minute_later_then_two() {
    let town = Town::new();
    town.hub.is(Mood::Says(500, ""));
    let said = town.house.file("news/a.txt", TIDE).refresh();
    said.expect_ok().expect_said("was not told of").expect_said("answers 500").expect_said("it is told again in 1 min");
    let first = town.hub.feeds();
    assert!(CHANGED.iter().all(|path| first.iter().any(|told| told == path)), "{first:?}");
    assert_eq!(town.house.titles("all.json").len(), 1);
    assert!(waiting(&town).iter().all(|(_, due, failures)| (*due, *failures) == (time(NOW) + 60, 1)));
    let status = town.house.run(&["status"]);
    status.expect_ok().expect_said(&format!("hub: {} is still to be told of {} feeds", town.hub.url(), first.len()));
    let status = town.house.run(&["status", "--json"]).json();
    assert_eq!(status["hubs"][0]["feeds"], first.len());
    assert_eq!(status["hubs"][0]["next"], "2026-05-01T00:01:00Z");
    town.house.run(&["explain", "news"]).expect_ok().expect_said("is still to be told of 3 feeds");
    town.house.run(&["doctor"]).expect_said("publish.hub").expect_said("is still to be told of");

    town.house.at("2026-05-01T00:00:59Z").refresh().expect_ok();
    assert_eq!(town.hub.feeds(), Vec::<String>::new());
    town.house.at("2026-05-01T00:01:00Z").refresh().expect_ok().expect_said("it is told again in 2 min");
    assert_eq!(town.hub.feeds(), first);
    town.hub.is(Mood::Takes);
    town.house.at("2026-05-01T00:02:59Z").refresh().expect_ok();
    assert_eq!(town.hub.feeds(), Vec::<String>::new());
    town.house.at("2026-05-01T00:03:00Z").refresh().expect_ok();
    assert_eq!(town.hub.feeds(), first);
    assert_eq!(waiting(&town), []);
    town.house.run(&["doctor"]).expect_said("told of all changes");
}

#[test]
fn a_hub_that_asks_for_time_gets_it() {
    let town = Town::new();
    town.hub.is(Mood::Says(503, "retry-after: 3600\r\n"));
    town.house.file("news/a.txt", TIDE).refresh().expect_ok();
    assert!(waiting(&town).iter().all(|(_, due, _)| *due == time(NOW) + 3600));
}

#[test]
fn what_no_hub_takes_is_told_for_three_days_and_no_longer() {
    let town = Town::new();
    town.hub.is(Mood::Says(500, ""));
    town.house.file("news/a.txt", TIDE).refresh().expect_ok();
    let mut attempts = 1;
    let mut now = time(NOW);
    while let Some((_, due, _)) = waiting(&town).first().cloned() {
        now = due;
        attempts += 1;
        town.house.at(&chrono::DateTime::from_timestamp(now, 0).unwrap().to_rfc3339()).refresh().expect_ok();
    }
    // After 1, 2, 4 … 1024 minutes and then each day.
    assert!((time(NOW) + 3 * 86_400..time(NOW) + 4 * 86_400).contains(&now), "{}", now - time(NOW));
    assert_eq!(attempts, 14);
}

#[test]
fn a_newer_change_takes_the_place_of_one_that_waits() {
    let town = Town::new();
    town.hub.is(Mood::Says(500, ""));
    town.house.file("news/a.txt", TIDE).refresh().expect_ok();
    let before = town.hub.feeds();
    town.hub.is(Mood::Takes);
    town.house.at("2026-05-01T00:00:30Z").file("news/b.txt", FERRY).refresh().expect_ok();
    let heard = town.hub.heard();
    let all = heard.iter().filter(|heard| heard.topic.ends_with("/all.rss")).collect::<Vec<_>>();
    assert_eq!(all.len(), 1);
    assert!(all[0].found.contains("A ferry without an engine"));
    // What did not change again waits for its turn.
    let left: Vec<_> = waiting(&town).into_iter().map(|(topic, ..)| topic).collect();
    assert_eq!(left.len(), before.len() - heard.len());
}

#[test]
fn a_hub_that_dawdles_holds_nothing_up() {
    let town = Town::new();
    town.hub.is(Mood::Dawdles(90));
    let begun = std::time::Instant::now();
    let said = town.house.file("news/a.txt", TIDE).refresh();
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    said.expect_ok().expect_said("did not answer in full within 5 s");
    assert_eq!(town.house.titles("all.json").len(), 1);
    // Four at once; the others wait for a better time.
    assert_eq!(town.hub.heard().len(), 4);
    assert_eq!(waiting(&town).iter().filter(|(_, _, failures)| *failures > 0).count(), 4);
}

#[test]
fn a_hub_that_is_gone_is_told_no_more() {
    let town = Town::new();
    town.hub.is(Mood::Says(410, ""));
    let said = town.house.file("news/a.txt", TIDE).refresh();
    said.expect_ok().expect_said("take it out of publish.hub");
    assert_eq!(waiting(&town), []);
}

#[test]
fn several_hubs_are_told_each_by_itself() {
    let (town, other) = (Town::new(), Hub::new());
    town.configure_with(&format!("hub = [\"{}\", \"{}\"]", town.hub.url(), other.url()), "");
    town.hub.is(Mood::Says(500, ""));
    town.house.file("news/a.txt", TIDE).refresh().expect_ok();
    assert_eq!(town.hub.feeds(), other.feeds());
    assert_eq!(town.house.json("all.json")["hubs"].as_array().unwrap().len(), 2);
    // Who is configured no more is told no more.
    town.configure_with(&format!("hub = \"{}\"", other.url()), "");
    town.house.tomorrow().refresh().expect_ok();
    assert!(town.hub.heard().is_empty() && other.feeds().contains(&"all.rss".to_owned()));
    assert_eq!(waiting(&town), []);
}

#[test]
fn an_inner_hub_is_told_only_where_that_is_allowed() {
    let town = Town::new();
    town.configure("", "");
    let text = std::fs::read_to_string(town.house.path("feedgen.toml")).unwrap();
    town.house.config(&text.replace("allow_private = [\"127.0.0.1\"]", ""));
    town.house.file("news/a.txt", TIDE).refresh().expect_ok().expect_said("is not asked");
    assert_eq!(town.hub.heard(), []);
}

#[test]
fn a_form_goes_where_a_hub_has_moved_to_but_not_where_it_would_be_a_question() {
    let (town, other) = (Town::new(), Hub::new());
    let location: &'static str = format!("location: {}\r\n", other.url()).leak();
    town.hub.is(Mood::Says(302, location));
    town.house.file("news/a.txt", TIDE).refresh().expect_ok().expect_said("redirects what is sent to it");
    assert_eq!(other.heard(), []);
    town.hub.is(Mood::Says(307, location));
    town.house.tomorrow().refresh().expect_ok();
    assert!(other.heard().iter().all(|heard| heard.head.starts_with("post ") && heard.form.contains("hub.url=")));
    assert_eq!(waiting(&town), []);
}

#[test]
fn after_a_walk_that_was_cut_off_hubs_hear_of_all_feeds() {
    let town = Town::new();
    town.house.file("news/a.txt", TIDE).file("news/c.txt", CHOIR).refresh().expect_ok();
    let all = town.hub.feeds();
    town.house.store().execute("UPDATE meta SET value = 'yes' WHERE name = 'publishing'", []).unwrap();
    town.house.refresh().expect_ok();
    assert_eq!(town.hub.feeds(), all);
    town.house.refresh().expect_ok();
    assert_eq!(town.hub.feeds(), Vec::<String>::new());
}

#[test]
fn hubs_hear_of_nothing_that_is_not_yet_where_they_look() {
    let town = Town::new();
    town.configure("on_publish = \"test -e carried\"", "");
    town.house.file("news/a.txt", TIDE).refresh().expect_code(3);
    assert_eq!(town.hub.heard(), []);
    town.house.file("carried", "").refresh().expect_ok();
    assert!(town.hub.feeds().contains(&"all.rss".to_owned()));
}

/// A daemon, until it is dropped.
struct Daemon(std::process::Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Waits up to two minutes for something to be so.
#[track_caller]
fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..1200 {
        if is_so() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{what} does not come");
}

/// Whether the hub heard of the feed of everything when it had this title.
fn hears(town: &Town, title: &str) -> bool {
    let is_told = |heard: crate::hub::Heard| heard.topic.ends_with("/all.rss") && heard.found.contains(title);
    town.hub.heard().into_iter().any(is_told)
}

#[test]
fn a_daemon_tells_hubs_once_what_is_published_was_carried_on() {
    let town = Town::new();
    town.configure("on_publish = \"test -e carried\"", "[serve]\nlisten = \"127.0.0.1:0\"\n");
    town.house.file("news/a.txt", TIDE).file("carried", "");
    let quiet = std::process::Stdio::null;
    let _daemon = Daemon(town.house.command(&["serve"]).stdout(quiet()).stderr(quiet()).spawn().unwrap());
    wait_until("the first story", || hears(&town, "The tide rose by two metres"));
    town.house.file("news/b.txt", FERRY);
    wait_until("the second story", || hears(&town, "A ferry without an engine"));
}

#[test]
fn a_daemon_tells_hubs_and_alerts_while_it_goes_on() {
    let town = Town::new();
    let alert = "on_alert = 'echo $FEEDGEN_ALERT $FEEDGEN_SOURCE $FEEDGEN_KIND >> alerts'";
    town.configure("", &format!("{alert}\n[serve]\nlisten = \"127.0.0.1:0\"\n"));
    town.house.file("news/a.txt", TIDE);
    let quiet = std::process::Stdio::null;
    let _daemon = Daemon(town.house.command(&["serve"]).stdout(quiet()).stderr(quiet()).spawn().unwrap());
    wait_until("the first story", || hears(&town, "The tide rose by two metres"));
    town.house.file("news/b.txt", FERRY);
    wait_until("the second story", || hears(&town, "A ferry without an engine"));
    town.house.rename("news", "old");
    let alerts = || std::fs::read_to_string(town.house.path("alerts")).unwrap_or_default();
    wait_until("the alert", || {
        // Whoever asks makes it look.
        town.house.run(&["refresh"]);
        alerts().contains("opened news failing")
    });
    town.house.rename("old", "news");
    wait_until("the end of the trouble", || {
        town.house.run(&["refresh"]);
        alerts().contains("closed news failing")
    });
    assert_eq!(alerts().lines().count(), 2, "{}", alerts());
}
