//! The path of somebody new, through the package and a real browser: a daemon in an empty folder, a page that lists news, a
//! reader, a site that is made anew, and what every other command does beside a running daemon.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]
#![expect(clippy::panic, reason = "what a test does not find, it must tell")]

#[path = "../fetch/badweb.rs"]
#[expect(dead_code, reason = "the tests of the fetcher use more of it")]
mod badweb;
#[path = "../house/mod.rs"]
mod house;
#[path = "../daemon/running.rs"]
mod running;
#[path = "../pages/site.rs"]
#[expect(dead_code, reason = "the tests of pages use more of it")]
mod site;
#[path = "../packaging/unpacked.rs"]
mod unpacked;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::process::{Command, Stdio};

use house::{House, Outcome, TIDE};
use running::{Daemon, until};
use site::{Site, Story, list, stories};

/// The variable that says where a daemon listens.
const LISTEN: &str = "FEEDGEN_SERVE__LISTEN";

/// A daemon in a folder with nothing in it.
fn moves_in(house: &House) -> Daemon {
    fs::remove_file(house.path("feedgen.toml")).unwrap();
    fs::remove_dir(house.path("news")).unwrap();
    let mut command = house.command(&["serve"]);
    command.env(LISTEN, "127.0.0.1:0");
    Daemon::start_as(command)
}

/// Runs a command beside a daemon.
#[track_caller]
fn beside(daemon: &Daemon, house: &House, arguments: &[&str]) -> Outcome {
    house.run_with(arguments, &[(LISTEN, &daemon.address)], b"")
}

/// Adds the page of a site, and lets the daemon ask it.
fn adds(daemon: &Daemon, site: &Site) {
    let page = site.server.url("/news/").to_string();
    let added = beside(daemon, &site.house, &["add", "--allow-private", "--id", "quay", &page]);
    added.expect_ok().expect_said("allow_private").expect_said("the daemon reads it at once");
    // It is not asked before somebody says that it may be, and is at once when somebody does.
    until("a refusal", || daemon.get("/status/quay").text().contains("allow_private").then_some(()));
    let path = site.house.path("feedgen.toml");
    let written = fs::read_to_string(&path).unwrap();
    let host = page.trim_start_matches("http://").trim_end_matches("/news/");
    fs::write(path, format!("{written}\n[refresh]\nallow_private = [\"{host}\"]\n")).unwrap();
}

/// What a browser shows of a page. `None`: there is no browser.
fn seen(daemon: &Daemon, path: &str) -> Option<String> {
    Command::new("chromium").arg("--version").stdout(Stdio::null()).status().ok()?;
    let shown = Command::new("chromium")
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"])
        .arg(format!("http://{}{path}", daemon.address))
        .output()
        .unwrap();
    Some(String::from_utf8(shown.stdout).unwrap())
}

/// What newsboat has read of a feed so far: guids. `None`: there is no newsboat.
fn subscribed(daemon: &Daemon, house: &House) -> Option<Vec<String>> {
    let (urls, cache, home) = (house.path("urls"), house.path("cache.db"), house.path("home"));
    fs::create_dir_all(&home).unwrap();
    fs::write(&urls, format!("http://{}/all.atom\n", daemon.address)).unwrap();
    let mut newsboat = Command::new("newsboat");
    newsboat.arg("-q").arg("-u").arg(urls).arg("-c").arg(&cache).args(["-C", "/dev/null", "-x", "reload"]);
    assert!(newsboat.env("HOME", home).status().ok()?.success());
    let database = rusqlite::Connection::open(cache).unwrap();
    let mut rows = database.prepare("SELECT guid FROM rss_item ORDER BY guid").unwrap();
    Some(rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect())
}

#[test]
fn somebody_new_finds_the_way_and_back_when_a_site_is_made_anew() {
    let site = Site::new();
    let house = site.house.runs(unpacked::program());
    let daemon = moves_in(house);
    until("the first page", || (daemon.get("/").status == 200).then_some(()));
    beside(&daemon, house, &["healthcheck"]).expect_ok();
    let all = stories(1..=8);
    site.lists(&all);
    adds(&daemon, &site);
    daemon.shows(&all[0].title);
    until("all of them", || (daemon.titles("/all.json").len() == 8).then_some(()));
    if let Some(read) = subscribed(&daemon, house) {
        assert_eq!(read.len(), 8);
    }
    if let Some(page) = seen(&daemon, "/") {
        assert!(page.contains("sources/quay.rss"), "{page}");
        assert!(seen(&daemon, "/all.html").unwrap().contains(&all[0].title));
        assert!(seen(&daemon, "/status").unwrap().contains("quay"));
    }

    // The site is made anew, with few of its stories left.
    let others = stories(101..=110);
    let mixed: Vec<Story> = all[..3].iter().chain(&others).cloned().collect();
    let anew = list(&mixed, None).replace("<ul class=\"news\">", "<ol class=\"stories\">").replace("</ul>", "</ol>");
    site.writes(&mixed).shows("/news/", &anew);
    let lost = beside(&daemon, house, &["refresh", "quay"]);
    lost.expect_code(1).expect_said("it is set aside").expect_said("feedgen doctor quay");
    assert_eq!(daemon.titles("/all.json").len(), 8);
    let state = |daemon: &Daemon| {
        let status: serde_json::Value = serde_json::from_slice(&daemon.get("/status.json").body).unwrap();
        status["sources"][0]["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state(&daemon), "quarantined");
    let page = seen(&daemon, "/status").unwrap_or_else(|| daemon.get("/status").text());
    assert!(page.contains("feedgen doctor quay"), "{page}");
    let alarm = daemon.get("/status.atom").text();
    assert_eq!(alarm.matches("<entry>").count(), 1, "{alarm}");
    beside(&daemon, house, &["status"]).expect_code(1).expect_said("quarantined");

    // Somebody mends it, and the daemon goes on by itself.
    beside(&daemon, house, &["doctor", "quay"]).expect_code(1).expect_said("+ item = \"ol.stories > li\"");
    let mended = beside(&daemon, house, &["doctor", "quay", "--apply"]);
    mended.expect_ok().expect_said("wrote the new [source.select]").expect_said("the daemon reads it at once");
    daemon.shows(&others[0].title);
    until("it is well", || (state(&daemon) == "ok").then_some(()));
    let titles = until("all of both", || Some(daemon.titles("/all.json")).filter(|titles| titles.len() == 18));
    assert_eq!(titles.iter().collect::<BTreeSet<_>>().len(), 18);
    if let Some(read) = subscribed(&daemon, house) {
        assert_eq!(read.len(), 18);
    }
    let over = daemon.get("/status.atom").text();
    assert_ne!(alarm, over);
    assert!(daemon.get("/status.json").text().contains("\"incidents\": []"), "{}", daemon.get("/status.json").text());
    beside(&daemon, house, &["status"]).expect_ok();
    assert_eq!(daemon.end().0, Some(0));
}

#[test]
fn every_command_works_beside_a_daemon() {
    let site = Site::new();
    let house = &site.house;
    let daemon = moves_in(house);
    let all = stories(1..=6);
    site.lists(&all);
    adds(&daemon, &site);
    daemon.shows(&all[0].title);
    until("all of them", || (daemon.titles("/all.json").len() == 6).then_some(()));
    let (one, other) = (all[0].title.as_str(), all[1].title.as_str());
    house.file("documents/a.txt", TIDE);
    fs::write(
        house.path("others.opml"),
        format!(
            "<opml version=\"2.0\"><body><outline type=\"rss\" text=\"Far\" xmlUrl=\"{}\"/></body></opml>",
            site.server.url("/far.rss")
        ),
    )
    .unwrap();
    let feed = format!("http://{}/all.rss", daemon.address);
    for arguments in [
        &["check"][..],
        &["check", "--online"],
        &["check", "--effective"],
        &["preview", "quay"],
        &["show", one],
        &["explain", "quay"],
        &["explain", one, other],
        &["status"],
        &["status", "--json"],
        &["doctor"],
        &["doctor", "quay", "--apply"],
        &["export", "opml"],
        &["validate", "--allow-private", &feed],
        &["validate", "feeds/all.atom"],
        &["healthcheck"],
        &["refresh", "--dry-run"],
        // Nothing is due, so nobody is asked.
        &["refresh"],
        &["refresh", "--json"],
        &["refresh", "--force"],
        &["remove", "--dry-run", one],
        &["remove", one],
        &["remove", "--list"],
        &["remove", "--undo", one],
        &["apart", one, other],
        &["apart", "--undo", one, other],
        &["add", "--dry-run", "documents"],
        &["add", "documents"],
        &["import", "--dry-run", "others.opml"],
        &["import", "others.opml"],
    ] {
        let outcome = beside(&daemon, house, arguments);
        assert_eq!(outcome.code, 0, "{arguments:?}: {}{}", outcome.stdout, outcome.stderr);
    }
    daemon.shows("The tide rose by two metres");
    assert_eq!(daemon.titles("/all.json").len(), 7);
    // All of it belongs to whoever runs the daemon, and nothing is left over.
    let owner = fs::metadata(house.path("feeds")).unwrap().uid();
    let beside_it = fs::read_dir(house.path("state")).unwrap().map(|entry| entry.unwrap().path());
    let published = house.tree().into_keys().map(|path| house.path("feeds").join(path));
    for path in beside_it.chain(published) {
        assert_eq!(fs::metadata(&path).unwrap().uid(), owner, "{}", path.display());
    }
    assert_eq!(daemon.end().0, Some(0));
    assert!(!house.path("state/feedgen.db.sock").exists());
}
