//! How the daemon takes changes of its configuration.

use std::time::{Duration, Instant};

use crate::house::{CONFIG, FERRY, House, TIDE};
use crate::running::{Daemon, PATIENCE, SERVE, at_work, until};

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
    house.config(&format!("{}\n[[source]]\nfiles = \"quay/*\"\nfeeed = \"x\"\n", named("Quay news")));
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
fn a_configuration_behind_links_is_read_when_one_of_them_leads_elsewhere() {
    let (house, daemon) = at_work();
    let named = |name: &str| format!("{}{SERVE}", CONFIG.replace("Harbour news", name));
    house.file("mounted/1/feedgen.toml", &named("Harbour news")).file("mounted/2/feedgen.toml", &named("Port news"));
    let link = |target: &str, path: &str| {
        std::os::unix::fs::symlink(target, house.path("link")).unwrap();
        std::fs::rename(house.path("link"), house.path(path)).unwrap();
    };
    // As volumes of Kubernetes are mounted.
    link("1", "mounted/data");
    link("mounted/data/feedgen.toml", "feedgen.toml");
    daemon.says("the configuration was read again");
    link("2", "mounted/data");
    until("the new title", || (title(&daemon) == "Port news").then_some(()));
    // It is written to where it lies.
    house.file("mounted/2/feedgen.toml", &named("Quay news"));
    until("the title after that", || (title(&daemon) == "Quay news").then_some(()));
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
    house.config_with(&format!("[store]\npath = \"elsewhere.db\"\n{SERVE}").replace(":0", ":1"));
    daemon.says("the configuration was taken on, but what it says of store.path and serve.listen waits for a restart");
    house.config(&format!("{CONFIG}{SERVE}").replace("Harbour news", "Harbour and quay").replace(":0", ":1"));
    daemon.says("the configuration was taken on, but what it says of serve.listen waits for a restart");
    // It is no refusal, and the rest is in use.
    until("its title", || (title(&daemon) == "Harbour and quay").then_some(()));
    let told: serde_json::Value = serde_json::from_slice(&daemon.get("/status.json").body).unwrap();
    assert_eq!((&told["refused"], told["waits_for_restart"].is_object()), (&serde_json::Value::Null, true), "{told}");
    assert!(daemon.get("/metrics").text().contains("feedgen_configuration_refused 0"));
    assert!(daemon.get("/status").text().contains("is in use, but a part of it waits for a restart"));
    assert!(daemon.get("/status.atom").text().contains("The configuration is not in use as it is written"));
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

/// A daemon with a second source, `quay`, which has published a document; and its configuration.
fn with_quay() -> (House, Daemon, String) {
    let house = House::new();
    let whole = format!(
        "{CONFIG}{SERVE}\n[[source]]\nid = \"quay\"\nfiles = \"quay/**/*\"\ncategories = [\"harbour\"]\n# the end\n"
    );
    house.config(&whole).file("news/a.txt", TIDE).file("quay/b.txt", FERRY);
    let daemon = Daemon::start(&house);
    daemon.shows("A ferry without an engine");
    (house, daemon, whole)
}

fn times_read_again(daemon: &Daemon) -> usize {
    daemon.said().iter().filter(|line| line.contains("the configuration was read again")).count()
}

#[test]
fn an_emptied_configuration_takes_nothing_away_until_somebody_says_so() {
    let (house, daemon, whole) = with_quay();
    for (number, emptied) in ["", "[site]\ntitle = \"Port news\"\n"].into_iter().enumerate() {
        house.config(emptied);
        let line = until("the refusal", || {
            daemon.said().into_iter().filter(|line| line.contains("names no source any more")).nth(number)
        });
        assert!(line.contains("systemctl reload feedgen"), "{line}");
        // What is asked of the daemon is done under the one before.
        house.refresh().expect_ok();
        assert_eq!(daemon.titles("/sources/quay.json"), ["A ferry without an engine"]);
        assert_eq!(title(&daemon), "Harbour news");
        assert_eq!(times_read_again(&daemon), number);
        let told = until("the incident", || {
            let told = house.run(&["status"]).stdout;
            told.contains("names no source any more").then_some(told)
        });
        assert!(told.contains("systemctl reload feedgen"), "{told}");
        let next = house.run(&["check"]);
        next.expect_ok().expect_said("the daemon says of what it read last: ").expect_said("names no source any more");
        let page = daemon.get("/status.json").text();
        let page: serde_json::Value = serde_json::from_str(&page).unwrap();
        assert!(page["refused"].is_object(), "{page}");
        house.config(&whole);
        until("the whole", || (times_read_again(&daemon) == number + 1).then_some(()));
        assert!(!house.run(&["status"]).stdout.contains("names no source any more"));
    }
    house.config("");
    until("another refusal", || {
        let refusals = daemon.said().iter().filter(|line| line.contains("names no source any more")).count();
        (refusals == 3).then_some(())
    });
    daemon.signal("HUP");
    until("the end of the feed", || (daemon.get("/sources/quay.json").status == 404).then_some(()));
    assert_eq!(title(&daemon), "Newsroom");
}

#[test]
fn a_signal_while_somebody_goes_on_writing_is_not_lost() {
    let begun = Instant::now();
    let (house, daemon) = loop {
        let (house, daemon, _) = with_quay();
        daemon.signal("HUP");
        // The signal is heard before the files change.
        std::thread::sleep(Duration::from_millis(300));
        let is_told =
            || daemon.said().iter().any(|line| line.contains("somebody goes on writing to the configuration"));
        // Where the machine stands still for a second, nobody goes on: once more.
        while !is_told() && daemon.get("/sources/quay.json").status == 200 {
            assert!(begun.elapsed() < PATIENCE, "{:?}", daemon.said());
            house.config("");
            std::thread::sleep(Duration::from_millis(200));
        }
        if is_told() {
            break (house, daemon);
        }
    };
    house.config("");
    until("the end of the feed", || (daemon.get("/sources/quay.json").status == 404).then_some(()));
    assert!(!daemon.said().iter().any(|line| line.contains("names no source any more")), "{:?}", daemon.said());
}

#[test]
fn check_of_an_emptied_configuration_knows_that_the_daemon_may_be_elsewhere() {
    let house = House::new();
    house.config_with(&format!("[store]\npath = \"elsewhere.db\"\n{SERVE}")).file("news/a.txt", TIDE);
    let daemon = Daemon::start(&house);
    daemon.shows("The tide rose by two metres");
    house.run(&["check"]).expect_ok().expect_said("the daemon takes it on");
    house.config("");
    daemon.says("names no source any more");
    let told = house.run(&["check"]);
    told.expect_ok().expect_said("name a source; if none is meant, `systemctl reload feedgen` (SIGHUP)");
    assert!(!told.stdout.contains("feedgen refresh"), "{}", told.stdout);
    // Nor is the folder there that is read then.
    house.remove("news");
    house.run(&["check"]).expect_said("mend what is wrong, or name a source").expect_said("systemctl reload feedgen");
}

#[test]
fn a_configuration_without_its_end_takes_no_source_away() {
    let (house, daemon, whole) = with_quay();
    let before = whole.split("[[source]]\nid = \"quay\"").next().unwrap();
    // A full disk ends it anywhere, and here what is left is right.
    house.config(before.trim_end());
    daemon.says("ends inside a line and has lost a source");
    until("what check says of it", || {
        let told = house.run(&["check"]).expect_ok().stdout.clone();
        told.contains("ends inside a line and has lost a source").then_some(())
    });
    assert_eq!(daemon.titles("/sources/quay.json"), ["A ferry without an engine"]);
    // Nothing is lost: it is how somebody's editor writes.
    house.config(whole.trim_end());
    until("the whole", || (times_read_again(&daemon) == 1).then_some(()));
    // Somebody takes the source out.
    house.config(before);
    until("the end of the feed", || (daemon.get("/sources/quay.json").status == 404).then_some(()));
}

#[test]
fn a_configuration_that_is_written_in_two_steps_is_read_when_it_is_whole() {
    let (house, daemon, whole) = with_quay();
    let before = whole.split("[[source]]\nid = \"quay\"").next().unwrap();
    std::thread::scope(|scope| {
        house.config(before);
        // It asks for what is written now.
        let asked = house.command(&["refresh"]).stdout(std::process::Stdio::null()).spawn().unwrap();
        scope.spawn(move || asked.wait_with_output().unwrap());
        std::thread::sleep(Duration::from_millis(400));
        house.config(&whole.replace("Harbour news", "Port news"));
    });
    until("the new title", || (title(&daemon) == "Port news").then_some(()));
    assert_eq!(times_read_again(&daemon), 1, "{:?}", daemon.said());
    assert_eq!(daemon.titles("/sources/quay.json"), ["A ferry without an engine"]);
}

#[test]
fn a_configuration_that_is_written_line_by_line_takes_no_source_away() {
    let (house, daemon, whole) = with_quay();
    let before = whole.split("[[source]]\nid = \"quay\"").next().unwrap();
    let pause = || std::thread::sleep(Duration::from_millis(2_500));
    for begun in ["", "# Harbour\n", "# Harbour\n[site]\n", before, &format!("{before}# Quay\n")] {
        house.config(begun);
        pause();
    }
    house.config(&whole.replace("Harbour news", "Port news"));
    until("the new title", || (title(&daemon) == "Port news").then_some(()));
    assert_eq!(times_read_again(&daemon), 1, "{:?}", daemon.said());
    assert_eq!(daemon.titles("/sources/quay.json"), ["A ferry without an engine"]);
    // The same is told once.
    let refusals = daemon.said().iter().filter(|line| line.contains("names no source any more")).count();
    assert_eq!(refusals, 1, "{:?}", daemon.said());
    // Somebody takes the source out, and says so: it is not waited any longer. A machine that stood still says nothing of that.
    let is_taken_at_once = || {
        house.config(before);
        pause();
        daemon.signal("HUP");
        let begun = Instant::now();
        until("the end of the feed", || (daemon.get("/sources/quay.json").status == 404).then_some(()));
        let took = begun.elapsed();
        house.config(&whole);
        until("the feed", || (daemon.get("/sources/quay.json").status == 200).then_some(()));
        took < Duration::from_secs(7)
    };
    assert!((0..5).any(|_| is_taken_at_once()));
}

/// What an administrator sends along where [`guarded`] serves.
const TOKEN: &str = "authorization: Bearer open-sesame\r\n";

/// A daemon at work that knows strangers from administrators; and what of its configuration makes it so.
fn guarded() -> (House, Daemon, String) {
    let house = House::new();
    let serve = format!("{SERVE}token_file = \"token\"\n");
    house.config_with(&serve).file("news/a.txt", TIDE).file("token", "open-sesame\n");
    let daemon = Daemon::start(&house);
    daemon.shows("The tide rose by two metres");
    (house, daemon, serve)
}

#[test]
fn a_refused_configuration_is_a_short_line_in_the_log_and_told_whole_elsewhere() {
    let (house, daemon, serve) = guarded();
    let slip = |number| format!("\n[[source]]\nid = \"s{number}\"\nfiles = \"s{number}/*\"\nfeeed = \"x\"\n");
    let slips: String = (10..40).map(slip).collect();
    house.config_with(&format!("{serve}{slips}"));
    let line = daemon.says("the configuration is wrong, and that before stays in use");
    assert!(line.len() < 400, "{line}");
    for words in ["feedgen.toml:", "unknown key `feeed`", "and 29 more errors", "`feedgen check`"] {
        assert!(line.contains(words), "{words} is not in {line}");
    }
    for page in ["/status", "/status.json", "/status.atom"] {
        until(page, || {
            let told = daemon.get_with(page, TOKEN).text();
            let is_whole = told.contains("30 errors in the configuration");
            (is_whole && told.matches("unknown key `feeed`").count() >= 30).then_some(())
        });
    }
    // One error is told in the line, and one that is as long as it likes is cut.
    house.config_with(&format!("{serve}\n[[source]]\nfiles = \"x\"\n{} = 1\n", "long".repeat(1_000)));
    let line = daemon.says("unknown key `longlong");
    assert!(line.len() < 500 && line.contains("`feedgen check`") && !line.contains("more error"), "{line}");
}

#[test]
fn strangers_see_no_line_of_a_refused_configuration_on_any_page() {
    let (house, daemon, serve) = guarded();
    house.config_with(&format!("{serve}\n[[source]]\nid = \"quay\"\npasswort = \"s3cret-word\"\n"));
    until("the incident", || {
        let told = daemon.get_with("/status.atom", TOKEN).text();
        told.contains("s3cret-word").then_some(())
    });
    let pages = [
        "/status",
        "/status?state=ok",
        "/status/news",
        "/status.json",
        "/status.json?source=news",
        "/status.atom",
        "/metrics",
        "/readyz",
        "/healthz",
        "/preview",
        "/",
        "/all.json",
        "/status/quay",
    ];
    let seen_by = |headers: &str| {
        let has = |page: &&str| String::from_utf8_lossy(&daemon.get_with(page, headers).body).contains("s3cret-word");
        pages.into_iter().filter(has).collect::<Vec<_>>()
    };
    // It is there for those who may see it, so that strangers could.
    assert_eq!(
        seen_by(TOKEN),
        ["/status", "/status?state=ok", "/status.json", "/status.json?source=news", "/status.atom"]
    );
    assert_eq!(seen_by(""), [""; 0]);
    assert!(daemon.get("/status").text().contains("feedgen check"));
    assert!(daemon.get("/metrics").text().contains("feedgen_configuration_refused 1"));
    // What is over stands in the feed for a while.
    house.config_with(&serve);
    daemon.says("the configuration was read again");
    until("the end of it", || daemon.get("/status.atom").text().contains("(over)").then_some(()));
    assert_eq!(seen_by(TOKEN), ["/status.atom"]);
    assert_eq!(seen_by(""), [""; 0]);
}
