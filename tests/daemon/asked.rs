//! The daemon holds the store, and does what other commands would do to it.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::badweb::{Server, answer, send};
use crate::house::{CHOIR, CONFIG, COPY, FERRY, House, TIDE};
use crate::publisher::{self, CLOSE, Publisher, Story, rss};
use crate::running::{Daemon, SERVE, at_work, until};

#[test]
fn a_refresh_beside_a_daemon_is_done_by_it() {
    let publisher = Publisher::new();
    publisher.says(&rss(&[Story::new(1)]));
    let house = House::new();
    house.config(&format!("{}{SERVE}{}every = \"1h\"\n", publisher::CONFIG, publisher.source("quay")));
    let daemon = Daemon::start(&house);
    daemon.shows("Ship 1 came in");
    publisher.says(&rss(&[Story::new(2), Story::new(1)]));
    let outcome = house.run(&["refresh", "quay", "--json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(report["sources"][0]["new"], 1, "{report}");
    assert!(report["changed"].as_array().unwrap().iter().any(|path| path == "sources/quay.rss"), "{report}");
    // It is published when the command ends.
    assert_eq!(house.feed("all.json").len(), 2);
    let unknown = house.run(&["refresh", "nobody"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("there is no source \"nobody\""), "{}", unknown.stderr);
    // A source that fails says so here, too.
    publisher.answers("HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n");
    let failing = house.run(&["refresh", "quay"]);
    assert_eq!(failing.code, 1, "{}", failing.stdout);
    assert!(failing.stderr.contains("500"), "{}", failing.stderr);
}

#[test]
fn a_refresh_by_force_is_one_also_where_its_source_is_being_visited() {
    let visits = Arc::new(AtomicUsize::new(0));
    // From which visit on they are held up.
    let held = Arc::new(AtomicUsize::new(1));
    let (begun_visits, first_held) = (visits.clone(), held.clone());
    let slow = Server::start(move |_, out: &mut dyn Write| {
        let number = begun_visits.fetch_add(1, Ordering::Relaxed) + 1;
        let begun = Instant::now();
        while number >= first_held.load(Ordering::Relaxed) && begun.elapsed() < Duration::from_mins(4) {
            std::thread::sleep(Duration::from_millis(20));
        }
        send(out, &answer(CLOSE, rss(&[Story::new(1)]).as_bytes()));
    });
    let house = House::new();
    let source = format!("[[source]]\nid = \"quay\"\nfeed = \"{}\"\n", slow.url("/feed"));
    house.config(&format!("{}timeout = \"5m\"\n{SERVE}{source}every = \"1h\"\n", publisher::CONFIG));
    let _daemon = Daemon::start(&house);
    until("a visit", || (visits.load(Ordering::Relaxed) == 1).then_some(()));
    // Returns when the daemon has been asked, and a moment later.
    let ask = || {
        let child = house.command(&["refresh", "--force", "quay", "--quiet"]).spawn().unwrap();
        let open = format!("/proc/{}/fd", child.id());
        let is_socket = |file: std::io::Result<std::fs::DirEntry>| {
            file.and_then(|file| std::fs::read_link(file.path()))
                .is_ok_and(|led| led.to_string_lossy().starts_with("socket:"))
        };
        until("a question", || std::fs::read_dir(&open).unwrap().any(is_socket).then_some(()));
        std::thread::sleep(Duration::from_secs(1));
        child
    };
    let mut asking = ask();
    // That visit is held up, too, and who asks meanwhile waits for it.
    held.store(2, Ordering::Relaxed);
    until("a visit by force", || (visits.load(Ordering::Relaxed) == 2).then_some(()));
    let mut also = ask();
    held.store(usize::MAX, Ordering::Relaxed);
    assert!(asking.wait().unwrap().success() && also.wait().unwrap().success());
    assert_eq!(visits.load(Ordering::Relaxed), 2);
}

#[test]
fn a_refresh_knows_what_was_written_into_the_configuration_a_moment_before() {
    let house = House::new();
    house.config_with(SERVE).file("news/a.txt", TIDE).file("more/b.txt", FERRY);
    let daemon = Daemon::start(&house);
    daemon.shows("The tide rose by two metres");
    house.config_with(&format!("[[source]]\nid = \"more\"\nfiles = \"more\"\n{SERVE}"));
    let outcome = house.run(&["refresh", "more"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(daemon.titles("/sources/more.json"), ["A ferry without an engine"]);
}

#[test]
fn items_are_removed_brought_back_and_set_apart_beside_a_daemon() {
    let house = House::new();
    house.config_with(SERVE).file("news/a.txt", TIDE).file("news/c.txt", CHOIR).file("news/d.txt", COPY);
    let daemon = Daemon::start(&house);
    daemon.shows("The tide rose by two metres");
    house.run(&["remove", "The tide rose by two metres"]).expect_ok();
    assert_eq!(house.feed("all.json").len(), 1);
    house.run(&["remove", "--undo", "The tide rose by two metres"]).expect_ok();
    assert_eq!(house.feed("all.json").len(), 2);
    house.run(&["apart", "news/c.txt", "news/d.txt"]).expect_ok();
    assert_eq!(house.feed("all.json").len(), 3);
    assert_eq!(daemon.titles("/all.json").len(), 3);
}

#[test]
fn a_second_daemon_is_refused() {
    let house = House::new();
    house.config_with(SERVE).file("news/a.txt", TIDE);
    let daemon = Daemon::start(&house);
    let second = house.run(&["serve"]);
    assert_eq!(second.code, 3, "{}", second.stderr);
    assert!(second.stderr.contains("another feedgen is at work on"), "{}", second.stderr);
    daemon.shows("The tide rose by two metres");
}

#[test]
fn a_directory_that_another_publishes_into_is_left_alone() {
    let (house, daemon) = at_work();
    let refused = "is published into by another feedgen";
    let other = House::new();
    let publish = format!("[publish]\ndirectory = \"{}\"\n", house.path("feeds").display());
    other.config_with(&format!("{publish}{SERVE}")).file("news/b.txt", FERRY);
    other.refresh().expect_code(3).expect_said(refused);
    // It was told of another store, and works with its own until it is started anew.
    let elsewhere = CONFIG.replace("Harbour news", "Port news");
    house.config(&format!("{elsewhere}[store]\npath = \"other/feedgen.db\"\n{SERVE}"));
    until("the new title", || daemon.get("/all.json").text().contains("Port news").then_some(()));
    house.refresh().expect_code(3).expect_said(refused).expect_said("start it anew");
    let second = Daemon::start(&other);
    until("a failure", || (second.get("/readyz").text() == "feeds cannot be written\n").then_some(()));
    other.run(&["status"]).expect_code(3).expect_said(refused);
    assert_eq!(daemon.titles("/all.json"), ["The tide rose by two metres"]);
    daemon.end();
    other.refresh().expect_ok();
    assert_eq!(second.titles("/all.json"), ["A ferry without an engine"]);
}

#[test]
fn whoever_says_nonsense_to_the_daemon_is_told_so() {
    use std::io::Read as _;
    use std::os::unix::fs::PermissionsExt as _;
    let (house, daemon) = at_work();
    let socket = house.path("state/feedgen.db.sock");
    assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    for nonsense in ["\n", "{}\n", "{\"walk\":3}\n", "[1,2\n", "\u{0}\n"] {
        let mut stream = std::os::unix::net::UnixStream::connect(&socket).unwrap();
        stream.write_all(nonsense.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains("does not understand"), "{nonsense:?}: {answer}");
    }
    // Who hangs up, or says nothing, holds up nobody.
    let _silent = std::os::unix::net::UnixStream::connect(&socket).unwrap();
    drop(std::os::unix::net::UnixStream::connect(&socket).unwrap());
    house.run(&["refresh"]).expect_ok();
    // One that was taken away is there again soon.
    std::fs::remove_file(&socket).unwrap();
    until("another socket", || socket.exists().then_some(()));
    house.run(&["refresh"]).expect_ok();
    daemon.end();
    assert!(!socket.exists());
}
