//! What is published, and when.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::badweb::{Server, answer, send};
use crate::house::{CHINESE, CHOIR, CONFIG, FERRY, House, TIDE};
use crate::publisher::{self, CLOSE, Publisher, Story, rss};
use crate::running::{Daemon, SERVE, at_work, until};

/// Writes a document now, unlike the house, which dates what it writes.
fn write(house: &House, path: &str, text: &str) {
    let path = house.path(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn documents_are_published_when_they_are_there_and_soon_after_they_come() {
    let (house, daemon) = at_work();
    write(&house, "news/sub/b.txt", FERRY);
    daemon.shows("A ferry without an engine");
    write(&house, "news/sub/b.txt", &FERRY.replace("a hundred", "two hundred"));
    until("the edit", || house.feed("all.json").iter().any(|item| item.content.contains("two hundred")).then_some(()));
    assert_eq!(daemon.end().0, Some(0));
    // What a walk by hand would have published, byte for byte.
    let published = house.tree();
    house.run(&["refresh", "--force"]).expect_ok();
    let again = house.tree();
    assert_eq!(published.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    for (path, lying) in published {
        assert_eq!(lying.digest, again[&path].digest, "{path}");
    }
}

#[test]
fn a_folder_that_comes_later_is_seen() {
    let house = House::new();
    house.config(&format!("{}{SERVE}", CONFIG.replace("news/**/*", "later/on/**/*"))).file("news/a.txt", TIDE);
    let daemon = Daemon::start(&house);
    daemon.says("later/on does not exist");
    write(&house, "later/on/c.txt", CHINESE);
    daemon.shows("关于图书馆闭馆的通知");
}

#[test]
fn a_source_that_hangs_holds_up_no_other() {
    let hangs = Arc::new(AtomicBool::new(true));
    let still = hangs.clone();
    let slow = Server::start(move |_, out: &mut dyn Write| {
        let begun = Instant::now();
        while still.load(Ordering::Relaxed) && begun.elapsed() < Duration::from_mins(4) {
            std::thread::sleep(Duration::from_millis(20));
        }
        send(out, &answer(CLOSE, rss(&[Story::new(1)]).as_bytes()));
    });
    let quick = Publisher::new();
    quick.says(&rss(&[Story::new(2)]));
    let house = House::new();
    house.config(&format!(
        "{}timeout = \"5m\"\n{SERVE}[[source]]\nid = \"slow\"\nfeed = \"{}\"\n{}\n[[source]]\nid = \"news\"\nfiles = \"news\"\n",
        publisher::CONFIG,
        slow.url("/feed"),
        quick.source("quick"),
    ));
    let daemon = Daemon::start(&house);
    daemon.shows("Ship 2 came in");
    write(&house, "news/a.txt", TIDE);
    daemon.shows("The tide rose by two metres");
    assert!(!daemon.titles("/all.json").contains(&"Ship 1 came in".to_owned()));
    hangs.store(false, Ordering::Relaxed);
    daemon.shows("Ship 1 came in");
}

#[test]
fn a_feed_is_visited_when_it_is_due_and_not_at_each_start() {
    let publisher = Publisher::new();
    publisher.says(&rss(&[Story::new(1)]));
    let house = House::new();
    let quay = publisher.source("quay");
    let news = "[[source]]\nid = \"news\"\nfiles = \"news\"\n";
    house.config(&format!("{}{SERVE}{quay}every = \"1h\"\n{news}", publisher::CONFIG));
    let daemon = Daemon::start(&house);
    daemon.shows("Ship 1 came in");
    daemon.kill();
    let daemon = Daemon::start(&house);
    daemon.shows("Ship 1 came in");
    // What is due is what it begins with; what comes later is done behind it, and what was asked for then is heard before that.
    write(&house, "news/a.txt", TIDE);
    daemon.shows("The tide rose by two metres");
    house.run(&["refresh", "news"]).expect_ok();
    assert_eq!(publisher.server.heads().len(), 1, "{}", daemon.said().join("\n"));
}

#[test]
fn a_command_that_takes_its_time_holds_up_nothing() {
    let house = House::new();
    let config = CONFIG.to_owned()
        + SERVE
        + "[publish]\non_publish = \"while [ ! -e go ]; do sleep 0.1; done; echo $FEEDGEN_CHANGED >> told\"\n";
    house.config(&config).file("news/a.txt", TIDE);
    let daemon = Daemon::start(&house);
    daemon.shows("The tide rose by two metres");
    write(&house, "news/b.txt", FERRY);
    daemon.shows("A ferry without an engine");
    assert!(!house.path("told").exists());
    write(&house, "go", "");
    let told = || std::fs::read_to_string(house.path("told")).unwrap_or_default();
    // Once for the first, and once for all that came while it ran.
    until("two runs", || (told().lines().count() == 2).then_some(()));
    assert!(told().lines().all(|line| line.contains("all.rss")), "{}", told());
}

#[test]
fn a_command_that_fails_is_told_of_at_once_and_runs_once_at_a_time_whatever_is_configured() {
    let house = House::new();
    let config = |title: &str| {
        let command =
            "mkdir running || echo twice >> told; while [ ! -e go ]; do sleep 0.1; done; rmdir running; test -e well";
        CONFIG.replace("Harbour news", title) + SERVE + &format!("[publish]\non_publish = \"{command}\"\n")
    };
    house.config(&config("Harbour news")).file("news/a.txt", TIDE);
    let daemon = Daemon::start(&house);
    daemon.shows("The tide rose by two metres");
    until("the command", || house.path("running").exists().then_some(()));
    house.config(&config("Port news"));
    daemon.says("the configuration was read again");
    write(&house, "news/b.txt", FERRY);
    daemon.shows("A ferry without an engine");
    write(&house, "go", "");
    let is_failing = |failing: bool| {
        let status: serde_json::Value = serde_json::from_str(&house.run(&["status", "--json"]).stdout).unwrap();
        (status["publish"]["state"] == if failing { "failing" } else { "ok" }).then_some(())
    };
    until("the failure", || is_failing(true));
    // It is run again by itself.
    write(&house, "well", "");
    until("its end", || is_failing(false));
    assert!(!house.path("told").exists());
}

#[test]
fn what_was_asked_for_by_nobody_is_not_served() {
    let (_house, daemon) = at_work();
    for path in ["/../feedgen.toml", "/%2e%2e/feedgen.toml", "/../state/feedgen.db", "/nothing", "//etc/passwd"] {
        let status = daemon.get(path).status;
        assert!((400..500).contains(&status), "{path}: {status}");
    }
}

#[test]
fn a_folder_that_is_taken_away_and_put_back_is_watched_again() {
    let house = House::new();
    house.config_with(SERVE);
    write(&house, "news/a.txt", TIDE);
    let daemon = Daemon::start(&house);
    daemon.shows("The tide rose by two metres");
    std::fs::rename(house.path("news"), house.path("away")).unwrap();
    daemon.says("the folder news does not exist");
    std::fs::create_dir(house.path("news")).unwrap();
    // It is walked because it has come, and once more because of what comes into it.
    until("it is well again", || daemon.said().last().is_some_and(|line| line.contains("nothing new")).then_some(()));
    std::thread::sleep(Duration::from_secs(3));
    write(&house, "news/b.txt", FERRY);
    daemon.shows("A ferry without an engine");
}

#[test]
fn a_link_that_is_made_to_lead_elsewhere_is_followed_there() {
    let house = House::new();
    house.config(&format!("{}{SERVE}", CONFIG.replace("news/**/*", "current/news/**/*")));
    write(&house, "releases/1/news/a.txt", TIDE);
    write(&house, "releases/2/news/a.txt", TIDE);
    write(&house, "releases/2/news/b.txt", FERRY);
    std::os::unix::fs::symlink("releases/latest", house.path("current")).unwrap();
    std::os::unix::fs::symlink("1", house.path("releases/latest")).unwrap();
    let daemon = Daemon::start(&house);
    daemon.shows("The tide rose by two metres");
    std::os::unix::fs::symlink("2", house.path("releases/next")).unwrap();
    std::fs::rename(house.path("releases/next"), house.path("releases/latest")).unwrap();
    daemon.shows("A ferry without an engine");
    // From then on, it is watched there.
    write(&house, "releases/2/news/c.txt", CHINESE);
    daemon.shows("关于图书馆闭馆的通知");
    write(&house, "releases/3/news/d.txt", CHOIR);
    std::fs::remove_file(house.path("current")).unwrap();
    std::os::unix::fs::symlink("releases/3", house.path("current")).unwrap();
    daemon.shows("The choir sings");
}

#[test]
fn what_could_not_be_published_is_as_soon_as_it_can() {
    let house = House::new();
    house.config_with(SERVE);
    std::fs::write(house.path("feeds"), "in the way").unwrap();
    write(&house, "news/a.txt", TIDE);
    let daemon = Daemon::start(&house);
    daemon.says("cannot make feeds");
    std::fs::remove_file(house.path("feeds")).unwrap();
    daemon.shows("The tide rose by two metres");
}

#[test]
fn what_is_moved_into_the_folder_of_another_source_is_published_there_soon() {
    let house = House::new();
    house.config_with(&format!("{SERVE}[[source]]\nid = \"press\"\ntitle = \"Press\"\nfiles = \"press/*\"\n"));
    house.file("news/a.txt", TIDE).file("press/b.txt", FERRY).file("press/c.txt", CHINESE);
    let daemon = Daemon::start(&house);
    daemon.shows("A ferry without an engine");
    let shows = |source: &str| {
        let titles = daemon.titles(&format!("/sources/{source}.json"));
        titles.contains(&"A ferry without an engine".to_owned())
    };
    // Into the one that is walked first.
    house.rename("press/b.txt", "news/b.txt");
    until("the move", || (shows("news") && !shows("press")).then_some(()));
    // What is a draft again is taken out as soon.
    write(
        &house,
        "news/b.md",
        "---\ntitle: A ferry in the fog\n---\n\nNobody saw it come, and it went as it had come.\n",
    );
    daemon.shows("A ferry in the fog");
    write(&house, "news/b.md", "---\ntitle: A ferry in the fog\ndraft: true\n---\n\nNobody saw it come.\n");
    until("the draft", || (!daemon.titles("/all.json").contains(&"A ferry in the fog".to_owned())).then_some(()));
}
