//! What cannot be written is told by whoever could: pages, commands and `refresh.on_alert`; what was published goes on being served.

use std::fs::File;
use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::house::{CHOIR, Disk, FERRY, House, TIDE};
use crate::running::{Daemon, SERVE, at_work, until};

/// A daemon that has published a document, and in whose house `alerts` has a folder for each alert.
fn at_work_with_alarm(house: &House) -> Daemon {
    let alerts = house.path("alerts");
    std::fs::create_dir(&alerts).unwrap();
    // It makes folders, since files cannot be written in some tests.
    let command = format!("mkdir {}/$FEEDGEN_KIND-$FEEDGEN_ALERT-$$", alerts.display());
    house.config_with(&format!("[refresh]\non_alert = \"{command}\"\n{SERVE}")).file("news/a.txt", TIDE);
    // Whoever writes more than it may is told so, and not ended by a signal.
    let mut patient = Command::new("sh");
    let plain = house.command(&["serve"]);
    patient.args(["-c", "trap '' XFSZ; exec \"$0\" serve"]).arg(plain.get_program()).current_dir(house.path(""));
    patient.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let daemon = Daemon::start_as(patient);
    daemon.shows("The tide rose by two metres");
    daemon
}

/// Alerts so far: kind and step.
fn alerts(house: &House) -> Vec<String> {
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut alerts: Vec<String> = std::fs::read_dir(house.path("alerts"))
        .unwrap()
        .map(name)
        .map(|name| name.rsplit_once('-').unwrap().0.to_owned())
        .collect();
    alerts.sort();
    alerts
}

/// Says how long files may be that a daemon writes.
fn limit(daemon: &Daemon, bytes: Option<u64>) {
    let pid = Pid::from_raw(daemon.id().try_into().unwrap());
    prlimit(pid, Resource::Fsize, Rlimit { current: bytes, maximum: None }).unwrap();
}

/// Incidents that are noted in the store: kind, and whether it is over.
fn noted(house: &House) -> Vec<(String, bool)> {
    let store = house.store();
    let mut statement = store.prepare("SELECT kind, closed IS NOT NULL FROM incident ORDER BY number").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The id of the first entry of `/status.atom` with that title.
fn entry(daemon: &Daemon, title: &str) -> Option<String> {
    let feed = daemon.get("/status.atom").text();
    let entry = feed.split("<entry>").skip(1).find(|entry| entry.contains(title))?;
    Some(entry.split("<id>").nth(1)?.split("</id>").next()?.to_owned())
}

#[track_caller]
fn tells_no_path(daemon: &Daemon, path: &str) {
    for page in ["/status", "/status.json", "/status.atom"] {
        let text = daemon.get(page).text();
        assert!(!text.contains(path), "{page} tells strangers a path: {text}");
    }
}

#[track_caller]
fn is_ready(daemon: &Daemon) -> bool {
    let answer = daemon.get("/readyz");
    assert!(matches!(answer.status, 200 | 503), "{}", answer.status);
    answer.status == 200
}

#[test]
fn who_can_store_nothing_says_so_and_goes_on_when_it_can() {
    let house = House::new();
    let daemon = at_work_with_alarm(&house);
    until("readiness", || is_ready(&daemon).then_some(()));
    assert!(daemon.get("/metrics").text().contains("\nfeedgen_store_writable 1\n"));
    limit(&daemon, Some(0));
    house.file("news/b.txt", FERRY);
    until("a standstill", || (!is_ready(&daemon)).then_some(()));
    let told = daemon.get("/readyz").text();
    assert!(told.contains("the store") && !told.contains("feedgen.db"), "{told}");
    until("an alert", || (alerts(&house) == ["writing-opened"]).then_some(()));
    // It lives, and what was published is served.
    assert_eq!(daemon.get("/healthz").status, 200);
    assert_eq!(daemon.titles("/all.json"), ["The tide rose by two metres"]);
    assert!(daemon.get("/metrics").text().contains("\nfeedgen_store_writable 0\n"));
    assert!(daemon.get("/status").text().contains("Nothing can be stored."));
    tells_no_path(&daemon, "state/feedgen.db");
    let machine: serde_json::Value = serde_json::from_slice(&daemon.get("/status.json").body).unwrap();
    assert_eq!(machine["incidents"][0]["kind"], "writing", "{machine}");
    let id = entry(&daemon, "Nothing can be stored").unwrap();
    let status = house.run(&["status"]);
    status.expect_code(3).expect_said("trouble: writing since").expect_said("the store state/feedgen.db failed");
    house.run(&["doctor"]).expect_said("the store state/feedgen.db failed");
    // Whoever asks for something hears what the daemon says, however often.
    for _ in 0..2 {
        house.run(&["refresh"]).expect_code(3).expect_said("the store state/feedgen.db failed");
    }
    assert_eq!(alerts(&house), ["writing-opened"]);
    limit(&daemon, None);
    let begun = Instant::now();
    house.run(&["refresh"]).expect_ok();
    // It would have rested for a minute, but for who asks.
    assert!(begun.elapsed() < Duration::from_secs(50), "{:?}", begun.elapsed());
    until("readiness", || is_ready(&daemon).then_some(()));
    assert_eq!(daemon.titles("/all.json"), ["A ferry without an engine", "The tide rose by two metres"]);
    until("an alert", || (alerts(&house) == ["writing-closed", "writing-opened"]).then_some(()));
    assert_eq!(noted(&house), [("writing".to_owned(), true)]);
    assert_eq!(entry(&daemon, "Nothing can be stored (over)"), Some(id));
    assert!(daemon.get("/metrics").text().contains("\nfeedgen_store_writable 1\n"));
    house.run(&["status"]).expect_ok();
    house.file("news/c.txt", CHOIR);
    daemon.shows("The choir sings");
    assert_eq!(alerts(&house).len(), 2);
}

#[test]
fn who_was_alerted_hears_of_the_end_from_the_next_daemon() {
    let house = House::new();
    let daemon = at_work_with_alarm(&house);
    limit(&daemon, Some(0));
    house.file("news/b.txt", FERRY);
    until("an alert", || (alerts(&house) == ["writing-opened"]).then_some(()));
    let mark = house.path("state/feedgen.db.alerted");
    until("a mark", || mark.exists().then_some(()));
    daemon.kill();
    // There is room again meanwhile.
    let daemon = Daemon::start(&house);
    daemon.shows("A ferry without an engine");
    until("an alert", || (alerts(&house) == ["writing-closed", "writing-opened"]).then_some(()));
    until("readiness", || is_ready(&daemon).then_some(()));
    assert_eq!(noted(&house), [("writing".to_owned(), true)]);
    assert!(!mark.exists());
}

#[test]
fn it_goes_on_by_itself_when_there_is_room() {
    let house = House::new();
    let Some(disk) = Disk::new(&house, "state", "4m") else { return };
    let daemon = at_work_with_alarm(&house);
    until("readiness", || is_ready(&daemon).then_some(()));
    let mut filler = File::create(house.path("state/filler")).unwrap();
    // The disk ends somewhere in the middle.
    assert!(filler.write_all(&vec![1; 8 * 1024 * 1024]).is_err());
    drop(filler);
    for number in 10..50 {
        let text = format!("Report {number}\n\n2026-03-04\n\n{}\n", format!("Report {number} tells. ").repeat(200));
        house.file(format!("news/{number}.txt"), &text);
    }
    until("a standstill", || (!is_ready(&daemon)).then_some(()));
    assert_eq!(daemon.get("/readyz").text(), "the disk of the store is full\n");
    house.run(&["status"]).expect_code(3).expect_said("the disk of the store state/feedgen.db is full");
    house.remove("state/filler");
    disk.remount("size=64m");
    // Nobody asks it to.
    daemon.says("what came can be stored again");
    until("readiness", || is_ready(&daemon).then_some(()));
    assert_eq!(house.feed("sources/news.json").len(), 41);
    until("an alert", || (alerts(&house) == ["writing-closed", "writing-opened"]).then_some(()));
    assert_eq!(noted(&house), [("writing".to_owned(), true)]);
    drop(daemon);
    drop(disk);
}

#[test]
fn who_cannot_write_feeds_is_not_ready_until_it_can() {
    let (house, daemon) = at_work();
    house.remove("feeds/all.rss").file("feeds/all.rss/in the way", "").file("news/b.txt", FERRY);
    until("a failure", || (daemon.get("/readyz").text() == "feeds cannot be written\n").then_some(()));
    until("an incident", || (noted(&house) == [("publishing".to_owned(), false)]).then_some(()));
    house.run(&["status"]).expect_code(3).expect_said("publishing fails since").expect_said("move that folder away");
    assert!(entry(&daemon, "Feeds cannot be published").is_some());
    tells_no_path(&daemon, "all.rss: ");
    tells_no_path(&daemon, "move that folder away");
    house.remove("feeds/all.rss");
    house.run(&["refresh"]).expect_ok();
    assert!(is_ready(&daemon));
    assert_eq!(noted(&house), [("publishing".to_owned(), true)]);
    assert_eq!(daemon.titles("/all.json").len(), 2);
}

#[test]
fn what_is_published_is_there_again_soon_when_it_was_taken_away() {
    let (house, daemon) = at_work();
    // Until it is answered, files may be on their way.
    house.run(&["refresh"]).expect_ok();
    let before = house.published();
    let feeds = house.path("feeds");
    // It may be writing into it.
    until("its absence", || std::fs::remove_dir_all(&feeds).ok());
    until("a page that is gone", || (daemon.get("/all.json").status == 404).then_some(()));
    daemon.says("is gone: all of it is published anew");
    // Its other files follow.
    until("all of it", || (house.published() == before).then_some(()));
    until("a file in its place", || {
        let is_gone = std::fs::remove_dir_all(&feeds).is_ok();
        std::fs::write(&feeds, "").ok().filter(|()| is_gone)
    });
    until("a failure", || (daemon.get("/readyz").text() == "feeds cannot be written\n").then_some(()));
    house.run(&["status"]).expect_code(3).expect_said("publishing fails since").expect_said("a file lies there");
    tells_no_path(&daemon, "a file lies there");
    std::fs::remove_file(house.path("feeds")).unwrap();
    house.run(&["refresh"]).expect_ok();
    assert!(is_ready(&daemon));
    assert_eq!(house.published(), before);
}

/// Takes the store away under a daemon, and finds all of it again.
fn check_taken(taken: &str) {
    let house = House::new();
    let daemon = at_work_with_alarm(&house);
    // Only the store knows of it.
    house.remove("news/a.txt").run(&["refresh"]).expect_ok();
    let id = house.feed("all.json")[0].id.clone();
    house.remove(taken);
    daemon.says("the store state/feedgen.db was taken away while feedgen ran, and was put back with all that it held (items: 1)");
    house.file("news/b.txt", FERRY).run(&["refresh"]).expect_ok();
    assert_eq!(daemon.titles("/all.json").len(), 2);
    assert_eq!(noted(&house), [("store".to_owned(), true)]);
    until("alerts", || (alerts(&house) == ["store-closed", "store-opened"]).then_some(()));
    assert!(entry(&daemon, "The store was damaged or taken away").is_some());
    tells_no_path(&daemon, "state/feedgen.db");
    assert!(is_ready(&daemon));
    // Where the socket was opened anew, nobody listens to the old one any more.
    let threads = std::fs::read_dir(format!("/proc/{}/task", daemon.id())).unwrap();
    let names = threads.filter_map(|thread| std::fs::read_to_string(thread.unwrap().path().join("comm")).ok());
    assert_eq!(names.filter(|name| name.trim_end() == "control").count(), 1);
    assert_eq!(daemon.end().0, Some(0));
    let left: Vec<String> = house.tree_of("state").into_keys().collect();
    assert_eq!(left, ["feedgen.db", "feedgen.db.lock"]);
    house.run(&["refresh"]).expect_ok();
    assert_eq!(house.feed("all.json").iter().filter(|item| item.id == id).count(), 1);
}

#[test]
fn a_store_that_was_taken_away_is_put_back() {
    check_taken("state/feedgen.db");
}

#[test]
fn a_store_that_was_taken_away_with_its_folder_is_put_back() {
    check_taken("state");
}

#[test]
fn no_other_store_takes_the_place_of_one_that_is_gone_with_its_folder() {
    let house = House::new();
    let daemon = at_work_with_alarm(&house);
    house.remove("news/a.txt").run(&["refresh"]).expect_ok();
    // It finds out in its own time.
    daemon.signal("STOP");
    house.rename("state", "away");
    house
        .file("news/b.txt", FERRY)
        .run(&["refresh"])
        .expect_code(3)
        .expect_said("is published into by another feedgen");
    assert!(!house.path("state").exists());
    daemon.signal("CONT");
    daemon.says("was taken away while feedgen ran, and was put back with all that it held (items: 1)");
    house.run(&["refresh"]).expect_ok();
    assert_eq!(daemon.titles("/all.json").len(), 2);
}

#[test]
fn a_store_that_is_taken_away_at_the_end_is_there_at_the_next_start() {
    let house = House::new();
    let daemon = at_work_with_alarm(&house);
    house.remove("news/a.txt").run(&["refresh"]).expect_ok();
    house.remove("state/feedgen.db");
    daemon.signal("TERM");
    daemon.says("was taken away while feedgen ran, and was put back with all that it held (items: 1)");
    assert_eq!(daemon.end().0, Some(0));
    house.run(&["refresh"]).expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
}

#[test]
fn a_store_that_is_put_in_the_place_of_another_is_used_and_the_other_kept() {
    let house = House::new();
    house.config_with(SERVE).file("news/a.txt", TIDE).refresh().expect_ok();
    std::fs::copy(house.path("state/feedgen.db"), house.path("backup.db")).unwrap();
    let daemon = at_work_with_alarm(&house);
    house.file("news/b.txt", FERRY);
    daemon.shows("A ferry without an engine");
    // Only the store knows of it, and the backup does not.
    house.remove("news/b.txt").run(&["refresh"]).expect_ok();
    house.rename("backup.db", "state/feedgen.db");
    // Whoever reads finds the log of the other beside it.
    daemon.get("/metrics");
    daemon.says("another file was put in the place of the store state/feedgen.db while feedgen ran");
    house.run(&["refresh"]).expect_ok();
    assert_eq!(daemon.titles("/all.json"), ["The tide rose by two metres"]);
    let kept = rusqlite::Connection::open(house.path("state/feedgen.db.kept-1")).unwrap();
    let items: i64 = kept.query_row("SELECT count(*) FROM item", [], |row| row.get(0)).unwrap();
    assert_eq!(items, 2);
    assert_eq!(noted(&house), [("store".to_owned(), true)]);
    daemon.end();
    house.run(&["refresh"]).expect_ok();
}

#[test]
fn a_backup_that_is_still_being_copied_is_no_damaged_store() {
    let house = House::new();
    house.config_with(SERVE).file("news/a.txt", TIDE).refresh().expect_ok();
    let backup = std::fs::read(house.path("state/feedgen.db")).unwrap();
    let daemon = at_work_with_alarm(&house);
    house.remove("state/feedgen.db");
    let mut copy = File::create(house.path("state/feedgen.db")).unwrap();
    // It is empty for long, and half of it for a moment.
    daemon.says("the file in the place of the store state/feedgen.db is empty or still being written");
    let reason = "the store is still being written\n";
    until("a standstill", || (daemon.get("/readyz").text() == reason).then_some(()));
    house.run(&["status"]).expect_code(3).expect_said("feedgen waits until it is written");
    for half in backup.chunks(backup.len() / 8) {
        std::thread::sleep(Duration::from_millis(500));
        copy.write_all(half).unwrap();
    }
    drop(copy);
    house.run(&["refresh"]).expect_ok();
    until("readiness", || is_ready(&daemon).then_some(()));
    assert_eq!(daemon.titles("/all.json"), ["The tide rose by two metres"]);
    house.run(&["refresh"]).expect_ok();
    assert_eq!(noted(&house), [("store".to_owned(), true), ("writing".to_owned(), true)]);
    let left: Vec<String> = house.tree_of("state").into_keys().filter(|name| !name.contains(".db-")).collect();
    assert_eq!(left, ["feedgen.db", "feedgen.db.kept-1", "feedgen.db.lock", "feedgen.db.sock"]);
}

#[test]
fn what_is_wrong_with_the_configuration_is_told_after_a_rest() {
    let house = House::new();
    let daemon = at_work_with_alarm(&house);
    until("readiness", || is_ready(&daemon).then_some(()));
    let right = std::fs::read_to_string(house.path("feedgen.toml")).unwrap();
    limit(&daemon, Some(0));
    house.file("news/b.txt", FERRY);
    until("a standstill", || (!is_ready(&daemon)).then_some(()));
    house.file("feedgen.toml", &format!("{right}\n[nonsense]\n"));
    daemon.says("the configuration is wrong");
    limit(&daemon, None);
    // Whoever asks would be told of the configuration: it goes on by itself.
    let both = [("configuration".to_owned(), false), ("writing".to_owned(), true)];
    until("an incident", || (noted(&house) == both).then_some(()));
    // It is mended while nothing can be noted.
    limit(&daemon, Some(0));
    house.file("news/c.txt", CHOIR);
    until("a standstill", || (!is_ready(&daemon)).then_some(()));
    house.file("feedgen.toml", &right);
    let refused = || -> serde_json::Value {
        let told: serde_json::Value = serde_json::from_slice(&daemon.get("/status.json").body).unwrap();
        told["refused"].clone()
    };
    until("what is written", || refused().is_null().then_some(()));
    limit(&daemon, None);
    house.run(&["refresh"]).expect_ok();
    until("its end", || noted(&house).contains(&("configuration".to_owned(), true)).then_some(()));
}

#[test]
fn whoever_was_alerted_is_not_alerted_again_where_the_daemon_ends_at_once() {
    let house = House::new();
    let daemon = at_work_with_alarm(&house);
    daemon.end();
    // A folder where a feed belongs.
    let feed = house.path("feeds/all.json");
    std::fs::remove_file(&feed).unwrap();
    std::fs::create_dir_all(feed.join("within")).unwrap();
    for _ in 0..2 {
        let daemon = Daemon::start(&house);
        until("an alert", || (!alerts(&house).is_empty()).then_some(()));
        assert_eq!(daemon.end().0, Some(0));
    }
    std::fs::remove_dir_all(&feed).unwrap();
    let _daemon = Daemon::start(&house);
    until("the end of it", || alerts(&house).contains(&"publishing-closed".to_owned()).then_some(()));
    assert_eq!(alerts(&house), ["publishing-closed", "publishing-opened"]);
}
