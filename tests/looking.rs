//! Commands that look at a house, and what it says of itself, through the real binary.

mod house;

use std::fs;
use std::io::{Read as _, Write as _};

use house::{CONFIG, Disk, FERRY, House, TIDE};
use serde_json::{Value, json};

#[test]
fn explain_tells_what_each_room_makes_of_a_document() {
    let house = House::two();
    let outcome = house.run(&["explain", "news/a.txt"]);
    for text in [
        "What it says",
        "What becomes of it",
        "The tide rose by two metres",
        "UTF-8",
        "2026-03-04 from",
        "read as source news",
        "over the harbour wall",
    ] {
        outcome.expect_ok().expect_said(text);
    }
    house.file("elsewhere.html", "<title>Ebb</title><h1>Ebb</h1><p>The tide fell. <a href='b.htm'>More</a></p>");
    house
        .run(&["explain", "elsewhere.html", "--url", "https://a.example.edu/2026/0305/c1a2/page.htm"])
        .expect_ok()
        .expect_said("2026-03-05 from url");
    house.run(&["explain", "a.txt"]).expect_ok().expect_said("read as source news").expect_said("What becomes of it");
    house.run(&["explain", "The tide rose"]).expect_ok().expect_said("feeds       all, sources/news");
    house.run(&["explain", "no such thing"]).expect_code(1).expect_said("no item \"no such thing\"");
    house.file("news/empty.txt", "").run(&["explain", "news/empty.txt"]).expect_code(1).expect_said("is empty");
}

#[test]
fn explain_tells_whether_two_are_one_story() {
    let house = House::two();
    let story = "On 4 March 2026 the tide rose by two metres and flooded the cellar of the chemistry building, where nobody was \
                 hurt. Professor Ines Halloran and 12 students carried the glass upstairs all night long, and by morning the \
                 pumps of the fire brigade had done the rest. Lessons go on in the old harbour hall until Easter.";
    house.file("news/wet.txt", &format!("Cellar flooded by the tide\n2026-03-04\n\n{story}"));
    house.file("copy.txt", &format!("Cellar flooded by the tide\n2026-03-05\n\nPress office, Harbour Post\n\n{story}"));
    house.file(
        "later.txt",
        &format!("Cellar flooded by the tide\n2026-03-05\n\n{}", story.replace("4 March", "9 March")),
    );
    let copy = house.run(&["explain", "news/wet.txt", "copy.txt"]);
    copy.expect_ok().expect_said("the same story: they share").expect_said("titles         the same words");
    copy.expect_said("published      1 day apart").expect_said("other dates    none");
    // What is stored goes by its title, too.
    house.refresh().expect_ok();
    let later = house.run(&["explain", "Cellar flooded by the tide", "later.txt"]);
    later
        .expect_ok()
        .expect_said("not the same story: their texts differ in a date")
        .expect_said("other dates    “4” and “9”");
    let told = house.run(&["explain", "later.txt", "news/wet.txt", "--json"]);
    let told: Value = serde_json::from_str(&told.expect_ok().stdout).unwrap();
    assert_eq!((&told["same"], &told["votes"]["in_texts"][0]["a"]), (&json!(false), &json!("9")), "{told}");
    // In another language only what is written alike can tell.
    house.file("tank.txt", "A wave tank\n\nOn 4 March 2026 the COASTAL institute showed 128 guests a wave tank of 3200 litres, built by the pupils of 42 schools.");
    house.file(
        "水槽.txt",
        "波浪水槽\n\n2026年3月4日，滨海研究所（COASTAL）向128位来宾展示了由42所学校的学生建造的3200升波浪水槽。",
    );
    house
        .run(&["explain", "tank.txt", "水槽.txt"])
        .expect_ok()
        .expect_said("not the same story")
        .expect_said("one may be a translation: they have different languages, and both tell of day 4 of month 3");
    house.run(&["explain", "news/wet.txt", "no such thing"]).expect_code(1).expect_said("no item \"no such thing\"");
    house.run(&["explain", "news/wet.txt", "--json"]).expect_code(2);
}

#[test]
fn explain_answers_requests_in_their_order() {
    let house = House::two();
    let long = "x".repeat(100_000);
    let requests = format!(
        "{}\n\nno JSON\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
        json!({ "kind": "article", "path": "news/a.txt", "id": 1, "text": long }),
        json!({ "kind": "date", "text": "Published on 5 March 2026", "now": "2026-05-01T00:00:00Z" }),
        json!({ "kind": "date", "text": "nothing" }),
        json!({ "kind": "horoscope" }),
        json!({ "kind": "article", "path": "news/none.txt" }),
        json!({ "path": "news/b.txt", "timezone": "Mars/Olympus" }),
        json!({ "path": "news/b.txt", "now": "2026-05-01T00:00:00Z", "timezone": "Asia/Shanghai" }),
        json!({ "kind": "pair", "a": { "title": "Forum 2023", "text": "" }, "b": { "title": "Forum 2024", "published": "2024-05-01" } }),
        json!({ "kind": "pair", "a": { "title": "Forum 2023" } }),
    );
    let outcome = house.run_with(&["explain", "--jsonl"], &[], requests.as_bytes());
    let answers: Vec<Value> =
        outcome.expect_ok().stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 10, "{}", outcome.stdout);
    let ok: Vec<bool> = answers.iter().map(|answer| answer["ok"].as_bool().unwrap()).collect();
    assert_eq!(ok, [true, false, true, false, false, false, false, true, true, false]);
    assert_eq!(
        (&answers[8]["same"], answers[8]["reason"].as_str()),
        (&json!(false), Some("their titles name different years: 2023 and 2024"))
    );
    let (tide, ferry) = (&answers[0], &answers[7]);
    assert_eq!(
        (&tide["title"], &tide["date"], &tide["date_precision"]),
        (&json!("The tide rose by two metres"), &json!("2026-03-04"), &json!("day"))
    );
    assert!(
        tide["text"].as_str().unwrap().contains("over the harbour wall")
            && tide["html"].as_str().unwrap().contains("<p>")
    );
    assert_eq!((&answers[2]["date"], &answers[2]["precision"]), (&json!("2026-03-05"), &json!("day")));
    assert_eq!(ferry["title"], "A ferry without an engine");
    let error = |at: usize| answers[at]["error"].as_str().unwrap();
    assert!(
        error(1).contains("no request")
            && error(4).contains("horoscope")
            && error(5).contains("news/none.txt")
            && error(6).contains("Mars/Olympus")
    );
}

#[test]
fn show_finds_an_item_by_all_its_names() {
    let house = House::two();
    let item = house.item("The tide rose by two metres");
    for name in [item.key(), item.id.as_str(), item.url.as_str(), "The tide", "a.txt"] {
        let shown = house.run(&["show", name, "--json"]).expect_ok().json();
        assert_eq!(
            (&shown["key"], &shown["path"], &shown["source"]),
            (&json!(item.key()), &json!("a.txt"), &json!("news")),
            "{name}"
        );
    }
    house
        .run(&["show", item.key()])
        .expect_ok()
        .expect_said("2026-03-04T04:00:00Z")
        .expect_said("precise to the day")
        .expect_said("over the harbour wall");
    house.file("port/a.txt", FERRY);
    for path in ["news/a.txt", "./news/a.txt", house.path("news/a.txt").to_str().unwrap()] {
        let shown = house.run(&["show", path, "--json"]).expect_ok().json();
        assert_eq!(shown["key"], item.key(), "{path}");
    }
    for wild in ["%", "_he tide", "news/%.txt", "\\"] {
        house.run(&["show", wild]).expect_code(1).expect_said("no item");
    }
    house.run(&["show", "nothing"]).expect_code(1).expect_said("give its key");
    house.file("news/c.txt", &TIDE.replace("two", "three").replace("evening", "morning")).refresh().expect_ok();
    house.run(&["show", "The tide"]).expect_code(1).expect_said("fits several items").expect_said(item.key());
}

#[test]
fn show_names_the_copies_of_an_item() {
    let house = House::two();
    house.file("news/copy.txt", TIDE).refresh().expect_ok();
    let copies = house.item("The tide rose by two metres").feedgen["duplicates"].clone();
    let shown = house.run(&["show", "The ferry", "--json"]);
    shown.expect_code(1);
    let shown = house.run(&["show", house.item("The tide rose by two metres").key(), "--json"]).expect_ok().json();
    assert_eq!((&shown["copies"], copies.as_array().map(Vec::len)), (&copies, Some(1)));
}

#[test]
fn status_tells_how_each_source_is_and_since_when() {
    let house = House::new();
    house.run(&["status"]).expect_code(1).expect_said("run `feedgen refresh` first");
    house.config_with("[[source]]\nid = \"port\"\nfiles = \"port/*.txt\"\n").file("news/a.txt", TIDE);
    house.at("2026-05-01T00:00:00Z").refresh().expect_code(1);
    house.at("2026-05-02T00:00:00Z").refresh().expect_code(1);
    let status = house.run(&["status", "--json"]).expect_code(1).json()["sources"].clone();
    let (news, port) = (&status[0], &status[1]);
    assert_eq!(
        (&news["state"], &news["documents"], &news["items"], &news["error"]),
        (&json!("ok"), &json!(1), &json!(1), &Value::Null)
    );
    assert_eq!(news["last_success"], "2026-05-02T00:00:00Z");
    assert_eq!(
        (&port["state"], &port["since"], &port["last_success"]),
        (&json!("failing"), &json!("2026-05-01T00:00:00Z"), &Value::Null)
    );
    assert!(port["error"].as_str().unwrap().contains("create it"));
    house.run(&["status"]).expect_code(1).expect_said("failing").expect_said("create it");
    house.run(&["status", "news"]).expect_ok();
    house.run(&["status", "nwes"]).expect_code(2).expect_said("there is no source \"nwes\"");
    house.file("port/b.txt", FERRY).at("2026-05-03T00:00:00Z").refresh().expect_ok();
    let port = house.run(&["status", "--json"]).expect_ok().json()["sources"][1].clone();
    assert_eq!((&port["state"], &port["since"], &port["error"]), (&json!("ok"), &Value::Null, &Value::Null));
}

#[test]
fn status_tells_of_a_file_that_was_away_and_is_back_as_it_was() {
    let house = House::two();
    house.file("news/empty.txt", "").refresh().expect_ok();
    house.run(&["status", "news"]).expect_said("is empty");
    house.rename("news/empty.txt", "away.txt").refresh().expect_ok();
    assert!(!house.run(&["status", "news"]).expect_ok().stdout.contains("is empty"));
    house.rename("away.txt", "news/empty.txt").refresh().expect_ok().expect_said("is empty");
    house.run(&["status", "news"]).expect_ok().expect_said("is empty");
}

#[test]
fn status_tells_that_publishing_fails_and_since_when() {
    let house = House::two();
    house.config_with("[publish]\non_publish = \"exit 7\"\n").file("news/c.txt", &TIDE.replace("two", "three"));
    house.at("2026-05-02T00:00:00Z").run(&["refresh", "--quiet"]).expect_code(3);
    house
        .run(&["status"])
        .expect_code(3)
        .expect_said("publishing fails since 2026-05-02T00:00:00Z: publish.on_publish");
    house.config(house::CONFIG).remove("feeds").file("feeds", "in the way");
    house.at("2026-05-03T00:00:00Z").refresh().expect_code(3);
    let publish = house.run(&["status", "--json"]).expect_code(3).json()["publish"].clone();
    assert_eq!((&publish["state"], &publish["since"]), (&json!("failing"), &json!("2026-05-02T00:00:00Z")));
    assert!(
        publish["errors"][0].as_str().unwrap().contains("a file lies there; a real folder belongs there"),
        "{publish}"
    );
    house.remove("feeds").refresh().expect_ok();
    let publish = house.run(&["status", "--json"]).expect_ok().json()["publish"].clone();
    assert_eq!(publish, json!({ "state": "ok", "since": null, "errors": [] }));
}

#[test]
fn status_keeps_the_notes_on_files_until_they_are_mended() {
    let house = House::new();
    house
        .file("news/a.txt", TIDE)
        .file("news/b.md", "---\ntitle: Ebb\ndate: 2026-02-30\n---\nThe ebb came late.\n")
        .file("news/empty.txt", "")
        .file("news/picture.png", "");
    house.run(&["refresh", "--quiet"]).expect_ok();
    house.refresh().expect_ok();
    let notes = || -> Vec<String> {
        let notes = house.run(&["status", "--json"]).expect_ok().json()["sources"][0]["notes"].clone();
        notes.as_array().unwrap().iter().map(|note| note["path"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(notes(), ["news/b.md", "news/empty.txt", "news/picture.png"]);
    let text = house.run(&["status"]);
    text.expect_ok().expect_said("3 notes on files: `feedgen status SOURCE`");
    assert!(!text.stdout.contains("2026-02-30"));
    house
        .run(&["status", "news"])
        .expect_ok()
        .expect_said("note: news/b.md")
        .expect_said("2026-02-30")
        .expect_said("note: news/empty.txt is empty")
        .expect_said("note: news/picture.png is of a kind");
    house.remove("news/empty.txt").remove("news/picture.png").refresh().expect_ok();
    assert_eq!(notes(), ["news/b.md"]);
    house.file("news/b.md", "---\ntitle: Ebb\ndate: 2026-02-28\n---\nThe ebb came late.\n").refresh().expect_ok();
    assert_eq!(notes(), [""; 0]);
}

#[test]
fn validate_names_the_line_of_what_is_wrong() {
    let house = House::two();
    let feeds = ["feeds/all.rss", "feeds/all.atom", "feeds/all.json", "feeds/feeds.opml"];
    house
        .run(&[&["validate"], &feeds[..]].concat())
        .expect_ok()
        .expect_said("feeds/all.rss: RSS")
        .expect_said("0 errors, 0 warnings");
    let broken = house.text("all.rss").replacen("</title>", "", 1);
    house
        .file("broken.rss", &broken)
        .run(&["validate", "broken.rss"])
        .expect_code(1)
        .expect_said("broken.rss:")
        .expect_said("error");
    let dateless = house.text("all.atom").replacen("<updated>", "<updated>yesterday", 1);
    let line = 1 + dateless.split("yesterday").next().unwrap().matches('\n').count();
    let findings = house.file("b.atom", &dateless).run(&["validate", "--json", "b.atom"]).expect_code(1).json();
    assert_eq!(findings[0]["file"], "b.atom");
    assert!(
        findings[0]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|finding| finding["level"] == "error" && finding["line"] == line),
        "{findings:#}"
    );
    let piped = house.run_with(&["validate", "-"], &[], house.text("all.atom").as_bytes());
    piped.expect_ok().expect_said("<stdin>: Atom, 2 items: 0 errors");
    house.run_with(&["validate", "-", "--json"], &[], b"<rss>").expect_code(1).expect_said("\"<stdin>\"");
    for junk in ["nonsense", "mailto:a@b.example", "feeds/all.rss"] {
        house.run(&["validate", "--url", junk, "feeds/all.rss"]).expect_code(2).expect_said("write it whole");
    }
    house.run(&["validate", "none.rss"]).expect_code(1).expect_said("none.rss");
    house.run(&["validate"]).expect_code(2);
}

#[test]
fn opml_is_exported_as_it_is_published() {
    let house = House::two();
    let opml = house.run(&["export", "opml"]).expect_ok().stdout.clone();
    assert_eq!(opml, house.text("feeds.opml"));
    assert!(
        opml.contains("<opml version=\"2.0\">")
            && opml.contains("xmlUrl=\"https://news.example.edu/feeds/sources/news.rss\"")
    );
    House::new().run(&["export", "opml"]).expect_code(1).expect_said("run `feedgen refresh` first");
}

#[test]
fn the_schema_is_the_one_beside_the_configuration() {
    let schema = House::new().run(&["schema"]);
    assert_eq!(schema.expect_ok().stdout, include_str!("../config/feedgen.schema.json"));
    assert!(schema.json()["properties"]["site"]["properties"]["url"].is_object());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let house = House::new();
    let mut child = house
        .command(&["schema"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success() && said.is_empty(), "{said}");
}

#[test]
fn a_refresh_that_knows_nothing_to_read_writes_nothing() {
    let house = House::new();
    house.remove("feedgen.toml").remove("news").file("notes.txt", TIDE);
    let before = house.tree_of("");
    let news = fs::canonicalize(house.path("")).unwrap().join("news");
    for arguments in [&["refresh"][..], &["refresh", "--dry-run"], &["refresh", "--quiet"]] {
        house
            .run(arguments)
            .expect_code(2)
            .expect_said(&format!("no folder {}", news.display()))
            .expect_said("`feedgen init`")
            .expect_said("--config");
    }
    house.run(&["check"]).expect_code(2).expect_said(news.to_str().unwrap());
    assert_eq!(house.tree_of(""), before);
    // A house that is known and whose folder is gone has a source that fails.
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    house.remove("news").refresh().expect_code(1).expect_said("news does not exist");
}

#[test]
fn what_is_published_is_never_read() {
    let house = House::new();
    let text = "[[source]]\nid = 'house'\nfiles = '{}/**/*'\n".replace("{}", house.path("").to_str().unwrap());
    house.config(&text).file("news/a.txt", TIDE);
    for command in ["check", "refresh"] {
        house.run(&[command]).expect_code(2).expect_said("`files` of source house").expect_said("publish.directory");
    }
    house.remove("feedgen.toml");
    let inside = [("FEEDGEN_PUBLISH__DIRECTORY", "news/feeds")];
    house.run_with(&["refresh"], &inside, b"").expect_code(2).expect_said("keep publish.directory outside of it");
    assert!(!house.path("feeds").exists() && !house.path("news/feeds").exists() && !house.path("state").exists());
}

#[test]
fn a_house_without_a_configuration_takes_in_the_folder_news() {
    let house = House::new();
    house.remove("feedgen.toml").file("news/a.txt", TIDE).refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
    house.config("").refresh().expect_ok().expect_said("up to date");
}

#[test]
fn a_clock_that_cannot_be_right_dates_nothing() {
    let house = House::new();
    house.file("news/a.txt", TIDE);
    for (seconds, code) in [("0", 2), ("253402300800", 2), ("-99999999999", 2), ("1767225600", 0)] {
        let outcome = house.run_with(&["refresh"], &[("SOURCE_DATE_EPOCH", seconds)], b"");
        outcome.expect_code(code);
        if code == 2 {
            outcome.expect_said(&format!("SOURCE_DATE_EPOCH is \"{seconds}\""));
            assert!(!house.has("all.json"));
        }
    }
}

#[test]
fn nothing_a_document_says_steers_the_terminal() {
    let house = House::new();
    house.file("news/a.md", "# The tide \u{1b}[31m rose\n\nIt rose over the harbour wall.\n").refresh().expect_ok();
    let told = house.run(&["explain", "news/a.md"]);
    assert!(told.stdout.contains("The tide") && !told.stdout.contains('\u{1b}'), "{}", told.stdout);
    house.file("news/b\u{1b}[31m.rss", "<rss/>");
    let told = house.run(&["validate", "news/b\u{1b}[31m.rss"]);
    assert!(told.stdout.contains("u{1b}") && !(told.stdout + &told.stderr).contains('\u{1b}'));
}

#[test]
fn explain_tells_the_date_that_is_out() {
    let house = House::new();
    house.file("news/a.txt", &TIDE.replace("2026-03-04", "2026-03-02")).refresh().expect_ok();
    let out = house.item("The tide rose by two metres").date;
    house.file("news/a.txt", TIDE);
    house
        .run(&["explain", "news/a.txt"])
        .expect_ok()
        .expect_said(out.get(..10).unwrap())
        .expect_said("as it was first published");
}

#[test]
fn who_may_only_read_is_told_the_status() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    let Some(disk) = Disk::new(&house, "mirror", "1m") else { return };
    fs::copy(house.path("state/feedgen.db"), house.path("mirror/feedgen.db")).unwrap();
    disk.remount("ro");
    let run = |arguments: &[&str]| house.run_with(arguments, &[("FEEDGEN_STORE__PATH", "mirror/feedgen.db")], b"");
    // A disk that failed is read-only, too: whoever watches is told.
    run(&["status"]).expect_code(3).expect_said("news").expect_said("mount it writable");
    run(&["show", "The tide rose by two metres"]).expect_ok();
    run(&["refresh"]).expect_code(3).expect_said("mirror");
}

#[test]
fn a_new_store_beside_old_feeds_is_told() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    house.remove("state").refresh().expect_ok().expect_said("is new, but feeds holds feeds");
    assert!(!house.refresh().stderr.contains("is new"));
}

#[test]
fn a_command_is_told_of_all_after_a_walk_that_was_cut_off() {
    let house = House::two();
    house.config_with("[publish]\non_publish = \"cp $FEEDGEN_CHANGED_FILE list\"\n").refresh().expect_ok();
    assert!(!house.path("list").exists(), "nothing changed");
    // As a walk leaves it that is killed between the first file and the last.
    let cut = house.store().execute("UPDATE meta SET value = 'yes' WHERE name = 'publishing'", []).unwrap();
    assert_eq!(cut, 1);
    house.refresh().expect_ok();
    let told = fs::read_to_string(house.path("list")).unwrap();
    assert!(told.lines().any(|path| path == "all.rss") && told.lines().any(|path| path == "index.html"), "{told}");
}

#[test]
fn a_feed_at_an_address_is_checked_where_it_lies() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let site = format!("http://{}/", listener.local_addr().unwrap());
    let house = House::new();
    house.file("news/a.txt", TIDE);
    let config = house::CONFIG.replace("https://news.example.edu/feeds/", &site);
    house.config(&config).refresh().expect_ok();
    let feed = house.bytes_of("all.rss");
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut head = [0; 1024];
            let length = connection.read(&mut head).unwrap();
            let found = head[..length].starts_with(b"GET /all.rss ");
            let status = if found { "200 OK" } else { "404 Not Found" };
            let body: &[u8] = if found { &feed } else { b"" };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/rss+xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            connection.write_all(&[head.as_bytes(), body].concat()).unwrap();
        }
    });
    let validate = |path: &str, more: &[&str]| {
        let url = format!("{site}{path}");
        house.run(&[&["validate", url.as_str()], more].concat())
    };
    let told = validate("all.rss", &["--allow-private", "--json"]);
    assert_eq!(told.expect_ok().json()[0]["findings"], serde_json::json!([]), "the self link is that address");
    validate("none.rss", &["--allow-private"]).expect_code(1).expect_said("answers 404");
    validate("all.rss", &[]).expect_code(1).expect_said("--allow-private");
}

#[test]
fn of_very_many_findings_the_first_of_each_kind_are_told_and_programs_get_all() {
    let house = House::new();
    // 60 folders that are there, 70 that are not, and 55 in which nothing lies.
    let sources: Vec<String> = (0..185)
        .map(|number| {
            let kind = ["there", "gone", "empty"][usize::from(number >= 60) + usize::from(number >= 130)];
            match kind {
                "there" => drop(house.file(format!("{kind}{number}/a.txt"), TIDE)),
                "empty" => drop(house.folder(format!("{kind}{number}"))),
                _ => {}
            }
            format!("\n[[source]]\nid = \"s{number}\"\nfiles = \"{kind}{number}/*.txt\"\n")
        })
        .collect();
    house.config(&sources.concat());
    let told = house.run(&["check"]);
    told.expect_code(2);
    let lines = |start: &str| told.stdout.lines().filter(|line| line.starts_with(start)).count();
    // Beside the sources stand the configuration, the folder of feeds and the store; and what more there is.
    assert_eq!((lines("ok "), lines("warning "), lines("wrong ")), (50 + 3 + 1, 50 + 1, 50 + 1), "{}", told.stdout);
    for (state, more) in [("ok", 10), ("warning", 5), ("wrong", 20)] {
        let is_told = |line: &str| line.starts_with(state) && line.ends_with(&format!("and {more} more sources"));
        assert!(told.stdout.lines().any(is_told), "{state}: {}", told.stdout);
    }
    let item = |number: usize| format!("<item><title>Tide {number}</title><pubDate>yesterday</pubDate></item>\n");
    let items: String = (0..150).map(item).collect();
    let feed = format!("<rss version=\"2.0\"><channel><title>a</title>\n{items}</channel></rss>");
    let told = house.file("many.rss", &feed).run(&["validate", "many.rss"]);
    told.expect_code(1).expect_said("and 130 more [");
    let of_dates = told.stdout.lines().filter(|line| line.contains("yesterday")).count();
    assert_eq!(of_dates, 20, "{}", told.stdout);
    let all = house.run(&["validate", "--json", "many.rss"]).json();
    let of_dates = all[0]["findings"].as_array().unwrap().iter();
    let of_dates = of_dates.filter(|finding| finding["message"].as_str().unwrap().contains("yesterday")).count();
    assert_eq!(of_dates, 150);
    told.expect_said("152 errors");
}

/// Where a rule of its source keeps an item back, whoever asks what becomes of it is told.
#[test]
fn who_looks_is_told_of_what_is_left_out() {
    let house = House::two();
    let told = |rule: &str, why: &str| {
        house.config(&CONFIG.replace("id = \"news\"", &format!("id = \"news\"\n{rule}")));
        house.run(&["explain", "news/a.txt"]).expect_ok().expect_said("left out").expect_said(why);
        let preview = house.run(&["preview", "news"]);
        assert_eq!(preview.expect_ok().stdout.matches(why).count(), 1, "{}", preview.stdout);
        let items = house.run(&["preview", "news", "--json"]).json()["items"].clone();
        assert!(items[0]["left_out"].as_str().unwrap().contains(why) && items[1]["left_out"].is_null(), "{items}");
    };
    told("drop = [\"two metres\"]", "`drop` of source news has \"two metres\"");
    told("keep = [\"engine\"]", "nothing in `keep` of source news matches it");
    told("remove = [\"two metres\"]", "`remove` of source news has \"two metres\"");
    house.config(CONFIG);
    let explained = house.run(&["explain", "news/a.txt"]);
    assert!(!explained.expect_ok().stdout.contains("left out"), "{}", explained.stdout);
    house.run(&["remove", "news/a.txt"]).expect_ok();
    house.run(&["preview", "news"]).expect_ok().expect_said("it was removed 2026-05-01");
    // A file of a source is previewed as what it is there.
    let key = house.feed("all.json")[0].key().to_owned();
    let previewed = house.run(&["preview", "news/b.txt", "--json"]).json();
    assert_eq!((&previewed["items"][0]["key"], previewed["items"].as_array().unwrap().len()), (&json!(key), 1));
}

/// Ids last for ever, so that whoever begins on a machine of their own is told before anybody subscribes.
#[test]
fn ids_that_begin_with_this_machine_are_told_of() {
    let house = House::new();
    house.config("[[source]]\nid = \"news\"\nfiles = \"news\"\n").file("news/a.txt", TIDE);
    let begun = "begin with tag:localhost,2026";
    house.refresh().expect_ok().expect_said(begun).expect_said("set site.authority");
    let again = house.refresh();
    assert!(!again.expect_ok().stderr.contains(begun), "once is enough: {}", again.stderr);
    let with = |site: &str| house.config(&format!("[site]\n{site}\n[[source]]\nid = \"news\"\nfiles = \"news\"\n"));
    with("url = \"https://real.example/\"");
    house.run(&["check"]).expect_ok().expect_said(begun).expect_said("set it to \"real.example,2026\"");
    with("url = \"https://real.example/\"\nauthority = \"real.example,2026\"");
    let checked = house.run(&["check"]);
    assert!(!checked.expect_ok().stdout.contains(begun), "{}", checked.stdout);
}

#[test]
fn a_whole_title_is_meant_before_the_start_of_another() {
    let house = House::new();
    house.file("news/a.txt", "Open day\n\n2026-03-04\n\nAll are welcome on the quay.\n");
    house.file("news/b.txt", "Open day cancelled\n\n2026-03-09\n\nThe quay is under water until Friday.\n");
    house.refresh().expect_ok();
    house.run(&["show", "Open day"]).expect_ok().expect_said("All are welcome");
    house.run(&["show", "Open"]).expect_code(1).expect_said("  2026-03-09  news  Open day cancelled");
    // However many newer ones begin so.
    for number in 1..30 {
        house.file(format!("news/{number}.txt"), &format!("Open day {number}\n\n2026-04-04\n\nStory {number}.\n"));
    }
    house.refresh().expect_ok();
    house.run(&["show", "Open day"]).expect_ok().expect_said("All are welcome");
}
