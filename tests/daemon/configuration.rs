//! How the daemon takes changes of its configuration.

use crate::house::{CONFIG, House, TIDE};
use crate::running::{Daemon, SERVE, at_work, until};

fn title(daemon: &Daemon) -> String {
    let feed: serde_json::Value = serde_json::from_slice(&daemon.get("/all.json").body).unwrap();
    feed["title"].as_str().unwrap().to_owned()
}

#[test]
fn a_configuration_that_is_written_is_in_use_and_a_broken_one_never_is() {
    let (house, daemon) = at_work();
    let named = |name: &str| format!("{}{SERVE}", CONFIG.replace("Harbour news", name));
    house.config(&named("Port news"));
    until("the new title", || (title(&daemon) == "Port news").then_some(()));
    house.config(&format!("{}\n[[source]]\nfeeed = \"x\"\n", named("Quay news")));
    let line = daemon.says("the configuration is wrong, and that before stays in use");
    assert!(line.contains("unknown key `feeed`"), "{line}");
    assert_eq!(title(&daemon), "Port news");
    // Work goes on under the one before.
    std::fs::write(house.path("news/b.txt"), crate::house::FERRY).unwrap();
    daemon.shows("A ferry without an engine");
    assert_eq!(title(&daemon), "Port news");
    house.config(&named("Quay news"));
    until("the mended title", || (title(&daemon) == "Quay news").then_some(()));
}

#[test]
fn a_configuration_that_is_put_in_place_by_a_rename_or_a_signal_is_read() {
    let (house, daemon) = at_work();
    std::fs::write(house.path("new.toml"), format!("{}{SERVE}", CONFIG.replace("Harbour news", "Port news"))).unwrap();
    std::fs::rename(house.path("new.toml"), house.path("feedgen.toml")).unwrap();
    until("the new title", || (title(&daemon) == "Port news").then_some(()));
    let before = daemon.said().len();
    daemon.signal("HUP");
    until("another reading", || {
        daemon.said()[before..].iter().any(|line| line.contains("the configuration was read again")).then_some(())
    });
    daemon.shows("The tide rose by two metres");
}

#[test]
fn a_configuration_that_comes_later_is_read() {
    let house = House::new();
    std::fs::remove_file(house.path("feedgen.toml")).unwrap();
    house.file("news/a.txt", TIDE);
    let mut command = house.command(&["serve"]);
    command.env("FEEDGEN_SERVE__LISTEN", "127.0.0.1:0");
    let daemon = Daemon::start_as(command);
    daemon.shows("The tide rose by two metres");
    assert_eq!(title(&daemon), "Newsroom");
    house.config(CONFIG);
    until("its title", || (title(&daemon) == "Harbour news").then_some(()));
}

#[test]
fn what_cannot_change_while_it_runs_is_told() {
    let (house, daemon) = at_work();
    house.config_with(&format!("[store]\npath = \"elsewhere.db\"\n{SERVE}"));
    daemon.says("restart feedgen to change them");
    daemon.shows("The tide rose by two metres");
    assert!(!house.path("elsewhere.db").exists());
}

#[test]
fn a_configuration_that_is_taken_away_stays_in_use() {
    let (house, daemon) = at_work();
    std::fs::rename(house.path("feedgen.toml"), house.path("away.toml")).unwrap();
    daemon.says("feedgen.toml is gone: put it back");
    assert_eq!(title(&daemon), "Harbour news");
    std::fs::rename(house.path("away.toml"), house.path("feedgen.toml")).unwrap();
    daemon.says("the configuration was read again");
}
