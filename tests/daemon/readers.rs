//! Readers that people use follow a daemon while stories come, are edited and are removed: each has every story once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::house::{CHOIR, FERRY, House, TIDE};
use crate::running::{Daemon, until};
use crate::strangers::{beside, output, program};

const TITLES: [&str; 3] = ["The tide rose by two metres", "A ferry without an engine", "The choir sings"];

/// What a reader has: title and text of each story, as often as it shows it.
type Shelf = Vec<(String, String)>;

/// Lets a reader follow a feed. `asks`: what is printed by its programs does not matter, what `has` finds does. `is_told`: whether
/// it asks for what it does not know alone; `edits`: whether it shows a story as it was edited.
fn follow(
    path: &str,
    prepare: impl FnOnce(&House, &str),
    asks: impl Fn(&House),
    has: impl Fn(&House) -> Shelf,
    (is_told, edits): (bool, bool),
) {
    let write = |house: &House, path: &str, text: &str| fs::write(house.path(path), text).unwrap();
    let house = House::new();
    house.config_with("[serve]\nlisten = \"127.0.0.1:0\"\naccess_log = true\n");
    house.file("news/a.txt", TIDE).file("news/b.txt", FERRY);
    let daemon = Daemon::start(&house);
    daemon.shows(TITLES[0]);
    daemon.shows(TITLES[1]);
    prepare(&house, &format!("http://{}/{path}", daemon.address));
    let expect = |titles: &[&str], when: &str| {
        let shelf = has(&house);
        let mut counted = BTreeMap::new();
        shelf.iter().for_each(|(title, _)| *counted.entry(title.as_str()).or_insert(0) += 1);
        let expected: BTreeMap<_, _> = titles.iter().map(|title| (*title, 1)).collect();
        assert_eq!(counted, expected, "{when}: {shelf:#?}");
        shelf
    };
    let known = || {
        let told = format!("\"GET /{path} HTTP/1.1\" 304");
        daemon.said().iter().filter(|line| line.contains(&told)).count()
    };
    asks(&house);
    expect(&TITLES[..2], "at first");
    assert_eq!(known(), 0);
    // newsboat keeps what vouches for a feed from the second visit on.
    asks(&house);
    asks(&house);
    expect(&TITLES[..2], "where nothing is new");
    if is_told {
        until("an answer that nothing is new", || (known() > 0).then_some(()));
    }
    write(&house, "news/c.txt", CHOIR);
    write(&house, "news/b.txt", &FERRY.replace("a hundred", "two hundred"));
    daemon.shows(TITLES[2]);
    until("the edit", || daemon.get(&format!("/{path}")).text().contains("two hundred").then_some(()));
    asks(&house);
    let shelf = expect(&TITLES, "after a story and an edit");
    let is_edited = shelf.iter().any(|(title, text)| title == TITLES[1] && text.contains("two hundred"));
    assert_eq!(is_edited, edits, "{shelf:#?}");
    let id = house.item(TITLES[0]).id;
    house.run(&["remove", &id]).expect_ok();
    until("its absence", || (!daemon.titles("/all.json").contains(&TITLES[0].to_owned())).then_some(()));
    asks(&house);
    asks(&house);
    // What a reader has, it keeps, and a title that is edited makes no other story.
    expect(&TITLES, "after a story was removed");
    write(&house, "news/c.txt", &CHOIR.replace("The choir sings\n", "The choir sings louder\n"));
    daemon.shows("The choir sings louder");
    asks(&house);
    let shelf = has(&house);
    assert!(shelf.len() == 3 || !edits, "{shelf:#?}");
    daemon.end();
}

/// The rows of a query, title and text.
fn rows(database: &Path, query: &str) -> Shelf {
    let database = rusqlite::Connection::open(database).unwrap();
    let mut statement = database.prepare(query).unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
}

fn run(command: &mut Command, house: &House) {
    output(command.current_dir(house.path("")).env("HOME", house.path("")), b"");
}

#[test]
fn newsboat_follows_a_daemon() {
    if program("newsboat").is_none() {
        return;
    }
    follow(
        "all.rss",
        |house, url| fs::write(house.path("urls"), format!("{url}\n")).unwrap(),
        |house| {
            let arguments = ["-q", "-u", "urls", "-c", "cache.db", "-C", "/dev/null", "-x", "reload"];
            run(program("newsboat").unwrap().args(arguments), house);
        },
        |house| rows(&house.path("cache.db"), "SELECT title, content FROM rss_item"),
        (true, true),
    );
}

#[test]
fn sfeed_follows_a_daemon() {
    if program("sfeed_update").is_none() || program("curl").is_none() {
        return;
    }
    follow(
        "all.atom",
        |house, url| {
            fs::write(
                house.path("sfeedrc"),
                format!("sfeedpath=\"$HOME/sfeed\"\nfeeds() {{\n  feed \"news\" \"{url}\"\n}}\n"),
            )
            .unwrap();
        },
        |house| run(program("sfeed_update").unwrap().arg("sfeedrc"), house),
        |house| {
            let lines = fs::read_to_string(house.path("sfeed/news")).unwrap();
            let fields = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
            lines.lines().map(fields).map(|fields| (fields[1].clone(), fields[3].clone())).collect()
        },
        // It asks for all, and keeps what it had: lines are one that have the same id, title and address.
        (false, false),
    );
}

#[test]
fn rss2email_follows_a_daemon() {
    if program("r2e").is_none() {
        return;
    }
    let prepare = |house: &House, url: &str| {
        fs::create_dir(house.path("mails")).unwrap();
        fs::write(house.path("deliver"), "#!/bin/sh\ncat > \"$HOME/mails/$$\"\n").unwrap();
        run(Command::new("chmod").args(["+x", "deliver"]), house);
        let config = format!(
            "[DEFAULT]\nfrom = feeds@news.example\nto = reader@news.example\nemail-protocol = sendmail\nsendmail = {}\n\
             reply-changes = True\n[feed.news]\nurl = {url}\n",
            house.path("deliver").display()
        );
        fs::write(house.path("r2e.cfg"), config).unwrap();
    };
    // An edit is an answer to the mail of the story.
    let has = |house: &House| {
        let mails =
            fs::read_dir(house.path("mails")).unwrap().map(|mail| fs::read_to_string(mail.unwrap().path()).unwrap());
        let header = |mail: &str, name: &str| mail.lines().find_map(|line| Some(line.strip_prefix(name)?.to_owned()));
        let (answers, firsts): (Vec<_>, Vec<_>) = mails.partition(|mail| header(mail, "In-Reply-To: ").is_some());
        let shelf = firsts.iter().map(|mail| {
            let id = header(mail, "Message-ID: ");
            let edits = answers.iter().filter(|answer| header(answer, "In-Reply-To: ") == id).map(String::as_str);
            (header(mail, "Subject: ").unwrap(), [mail.as_str()].into_iter().chain(edits).collect())
        });
        shelf.collect()
    };
    let asks = |house: &House| run(program("r2e").unwrap().args(["-c", "r2e.cfg", "-d", "r2e.json", "run"]), house);
    follow("all.atom", prepare, asks, has, (true, true));
}

/// A checkout of `FreshRSS` (`FEEDGEN_FRESHRSS`, else `FreshRSS` beside the project) and PHP with SQLite; where they are not at
/// hand, nothing is said.
#[test]
fn freshrss_follows_a_daemon() {
    let checkout = beside("FEEDGEN_FRESHRSS", "FreshRSS");
    if !checkout.join("cli/actualize-user.php").is_file() {
        eprintln!("left out: no checkout of FreshRSS at {}", checkout.display());
        return;
    }
    let php = |house: &House, script: &str, arguments: &[&str]| {
        let mut php = Command::new("php");
        php.arg(checkout.join("cli").join(script)).args(arguments).env("DATA_PATH", house.path("data"));
        run(&mut php, house);
    };
    let prepare = |house: &House, url: &str| {
        run(Command::new("cp").arg("-r").arg(checkout.join("data")).arg("data"), house);
        // It asks again at once, instead of when we said that something may be new.
        let limits = "<?php return ['limits' => ['cache_duration' => 1, 'cache_duration_min' => 1, 'cache_duration_max' => 1, 'timeout' => 20,
            'max_inactivity' => PHP_INT_MAX, 'max_feeds' => 99, 'max_categories' => 99, 'max_registrations' => 1]];";
        fs::write(house.path("data/config.custom.php"), limits).unwrap();
        let list = format!(
            "<opml version=\"2.0\"><head/><body><outline text=\"Harbour\" type=\"rss\" xmlUrl=\"{url}\"/></body></opml>"
        );
        fs::write(house.path("data/opml.xml"), list).unwrap();
        php(house, "prepare.php", &[]);
        let install = "--default-user ada --auth-type none --db-type sqlite --base-url http://127.0.0.1/";
        php(house, "do-install.php", &install.split(' ').collect::<Vec<_>>());
        php(house, "create-user.php", &["--user", "ada", "--password", "harbour-12", "--feed-ttl-default", "1"]);
    };
    let asks = |house: &House| {
        std::thread::sleep(std::time::Duration::from_secs(2));
        php(house, "actualize-user.php", &["--user", "ada"]);
    };
    // What came last is kept apart until the end of a round.
    let has = |house: &House| rows(&house.path("data/users/ada/db.sqlite"), "SELECT title, content FROM entry");
    follow("all.atom", prepare, asks, has, (true, true));
}
