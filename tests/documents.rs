//! Documents of every kind that a folder holds, through the real binary: what becomes of them, and what is said.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]

mod house;

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::time::{Duration, SystemTime};

use house::{CONFIG, House};
use serde_json::json;

const TIDE: &str = "The tide rose by two metres\n\n2026-03-04\n\nThe tide rose over the harbour wall on Tuesday, and the ferry stayed at home until the evening.\n";
const FERRY: &str = "A ferry without an engine\n\n2026-03-05\n\nThe new ferry has no engine. It waits for the tide, as all ferries did a hundred years ago.\n";
const CHINESE: &str = "关于图书馆闭馆的通知\n\n发布时间：2026-03-06\n\n各学院、各部门：因屋面修缮，图书馆自下周一起闭馆一个月，请师生提前归还图书，由此带来的不便敬请谅解。\n";

// Encodings.

fn utf_16(text: &str, mark: bool, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    mark.then_some(0xfeff).into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
}

/// A document in some bytes is the same as in UTF-8.
#[track_caller]
fn check_encoding(name: &str, text: &str, bytes: &[u8]) {
    let (plain, house) = (House::new(), House::new());
    plain.file(name, text).refresh().expect_ok();
    house.bytes(name, bytes).refresh().expect_ok();
    let (expected, found) = (plain.feed("all.json"), house.feed("all.json"));
    assert_eq!(found.len(), 1);
    let told = |item: &house::TestItem| (item.title.clone(), item.content.clone(), item.date.clone(), item.id.clone());
    assert_eq!(told(&found[0]), told(&expected[0]));
}

fn encoded(label: &str, text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text);
    assert!(!lossy, "{text:?} cannot be written in {label}");
    bytes.into_owned()
}

#[test]
fn plain_texts_are_read_in_any_encoding() {
    check_encoding("news/a.txt", CHINESE, format!("\u{feff}{CHINESE}").as_bytes());
    check_encoding("news/a.txt", CHINESE, &utf_16(CHINESE, true, u16::to_le_bytes));
    check_encoding("news/a.txt", CHINESE, &utf_16(CHINESE, true, u16::to_be_bytes));
    check_encoding("news/a.txt", TIDE, &utf_16(TIDE, false, u16::to_le_bytes));
    check_encoding("news/a.txt", TIDE, &utf_16(TIDE, false, u16::to_be_bytes));
    check_encoding("news/a.txt", CHINESE, &utf_16(CHINESE, false, u16::to_le_bytes));
    check_encoding("news/a.txt", CHINESE, &utf_16(CHINESE, false, u16::to_be_bytes));
    check_encoding("news/a.txt", CHINESE, &encoded("gb18030", CHINESE));
    let traditional = "關於圖書館閉館的通知\n\n2026-03-06\n\n各學院、各部門：因屋面修繕，圖書館自下週一起閉館一個月，請師生提前歸還圖書，由此帶來的不便敬請諒解。\n";
    check_encoding("news/a.txt", traditional, &encoded("big5", traditional));
    let western = "“Café” opens — at last\n\n2026-03-06\n\nThe café of the naïve rower’s club opens on Friday. Its owner, Zoë Bäcker, has waited a year for it…\n";
    check_encoding("news/a.txt", western, &encoded("windows-1252", western));
}

#[test]
fn pages_are_read_in_the_encoding_they_declare() {
    let page = |charset: &str| {
        format!(
            "<!DOCTYPE html><html><head><meta charset=\"{charset}\"><title>图书馆通知</title></head><body><h1>图书馆通知</h1>\
             <p>发布时间：2026-03-06</p><p>图书馆自下周一起闭馆一个月，请师生提前归还图书。</p></body></html>"
        )
    };
    for charset in ["gb2312", "gbk", "gb18030"] {
        check_encoding("news/a.html", &page(charset), &encoded(charset, &page(charset)));
    }
    // Declared in the older way, and declared wrongly.
    let old =
        page("utf-8").replace("charset=\"utf-8\"", "http-equiv=Content-Type content=\"text/html; charset=gb2312\"");
    check_encoding("news/a.html", &old, &encoded("gb2312", &old));
    check_encoding("news/a.html", &page("utf-8"), page("iso-8859-1").replace("iso-8859-1", "gb2312").as_bytes());
}

// Fields written by hand.

#[test]
fn a_sidecar_overrides_each_field() {
    let house = House::new();
    let page = "---\ntitle: Wrong\ndate: 2020-01-01\nauthor: Nobody\ncategories: [Research]\nlanguage: de\nsummary: Wrong.\nurl: https://wrong.example.edu/\n---\nThe tide rose over the harbour wall on Tuesday, and the ferry stayed at home.\n";
    let sidecar = "title = \"Right\"\ndate = 2026-03-04T10:30:00+08:00\nupdated = 2026-03-05T10:30:00+08:00\nauthors = [\"Mei Lin\", \"Tom Reed\"]\n\
                   categories = [\"talent\"]\nlanguage = \"en-GB\"\nsummary = \"In short.\"\nurl = \"https://right.example.edu/a\"\npublisher = \"The Quay\"\n\
                   event_date = \"2026-04-01\"\nimage = \"https://right.example.edu/a.jpg\"\nattachments = [{ url = \"https://right.example.edu/a.pdf\", length = 12 }]\n";
    house.file("news/a.md", page).file("news/a.meta.toml", sidecar).refresh().expect_ok();
    let item = &house.feed("all.json")[0];
    assert_eq!((item.title.as_str(), item.url.as_str()), ("Right", "https://right.example.edu/a"));
    assert_eq!((item.date.as_str(), item.updated.as_str()), ("2026-03-04T02:30:00Z", "2026-03-05T02:30:00Z"));
    assert_eq!(item.whole["authors"], json!([{ "name": "Mei Lin" }, { "name": "Tom Reed" }]));
    assert_eq!((&item.whole["summary"], &item.whole["language"]), (&json!("In short."), &json!("en-GB")));
    assert_eq!(
        (&item.whole["image"], &item.feedgen["event_date"]),
        (&json!("https://right.example.edu/a.jpg"), &json!("2026-04-01"))
    );
    let pdf =
        json!([{ "url": "https://right.example.edu/a.pdf", "mime_type": "application/pdf", "size_in_bytes": 12 }]);
    assert_eq!((&item.whole["attachments"], &item.feedgen["publisher"]), (&pdf, &json!("The Quay")));
    assert_eq!(item.feedgen["date_source"], "sidecar");
    assert!(house.has("categories/talent.json") && !house.has("categories/research.json"));
}

#[test]
fn a_sidecar_that_changes_is_read_again() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    house.file("news/a.txt.meta.toml", "title = \"High water\"").refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["High water"]);
    house.file("news/a.txt.meta.toml", "title = \"Low water.\"").refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["Low water."]);
    house.remove("news/a.txt.meta.toml").refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
}

#[test]
fn a_document_whose_sidecar_cannot_be_read_is_held_back() {
    let house = House::new();
    house.file("news/link.txt", TIDE).file("outside.toml", "draft = true");
    symlink(house.path("outside.toml"), house.path("news/link.meta.toml")).unwrap();
    house.file("news/long.txt", FERRY).file("news/long.meta.toml", &"# a remark\n".repeat(7_000));
    house.file("news/folder.txt", CHINESE);
    fs::create_dir(house.path("news/folder.meta.toml")).unwrap();
    for _ in 0..2 {
        let outcome = house.refresh();
        outcome.expect_ok().expect_said("news/link.txt is held back, since its sidecar link.meta.toml may say");
        outcome.expect_said("it is a link").expect_said("news/long.txt is held back").expect_said("more than 65536");
        outcome.expect_said("news/folder.txt is held back").expect_said("it is a folder");
        assert!(house.feed("all.json").is_empty());
    }
    assert_ne!(house.run(&["explain", "news/link.txt"]).code, 0);
    house.remove("news/link.meta.toml").file("news/link.meta.toml", "title = \"Inside\"\n").refresh().expect_ok();
    house.item("Inside");
}

#[test]
fn what_is_published_stays_when_its_sidecar_cannot_be_read() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/a.meta.toml", "title = \"High water\"").refresh().expect_ok();
    house.remove("news/a.meta.toml");
    symlink("/dev/null", house.path("news/a.meta.toml")).unwrap();
    house.refresh().expect_ok().expect_said("is held back");
    assert_eq!(house.titles("all.json"), ["High water"]);
}

#[test]
fn a_document_whose_sidecar_may_not_be_read_is_held_back() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/a.meta.toml", "draft = true");
    fs::set_permissions(house.path("news/a.meta.toml"), fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(house.path("news/a.meta.toml")).is_ok() {
        eprintln!("skipped: root may read everything");
        return;
    }
    house.refresh().expect_ok().expect_said("news/a.txt is held back").expect_said("Permission denied");
    assert!(house.feed("all.json").is_empty());
}

#[test]
fn a_draft_in_either_of_two_sidecars_is_one() {
    let house = House::new();
    house
        .file("news/o.md", TIDE)
        .file("news/o.md.meta.toml", "title = \"Whole\"")
        .file("news/o.meta.toml", "draft = true");
    house.refresh().expect_ok().expect_said("news/o.md is marked as a draft");
    house.file("news/o.meta.toml", "title = \"Part\"").refresh().expect_ok().expect_said("has two sidecars");
    assert_eq!(house.titles("all.json"), ["Whole"]);
    house.file("news/o.md.meta.toml", "draft = true").refresh().expect_ok().expect_said("is marked as a draft");
    assert!(house.feed("all.json").is_empty());
    // A name without an ending has one name for a sidecar.
    let house = House::new();
    house.file("news/o", TIDE).file("news/o.meta.toml", "title = \"Whole\"");
    let notes = house.run(&["refresh", "--json"]).expect_ok().json()["sources"][0]["notes"].clone();
    assert_eq!((house.titles("all.json"), notes), (vec!["Whole".to_owned()], json!([])));
}

#[test]
fn a_sidecar_that_belongs_to_no_document_is_noted_once() {
    let house = House::new();
    house.file("news/a.md", TIDE).file("news/a.Meta.toml", "draft = true");
    house.file("news/side.md", FERRY).file("news/side.meta.yaml", "draft: true").file("news/side.meta.tml", "");
    house.file("news/deep/s.meta.toml", "draft = true").file("news/meta.md", CHINESE).file("news/meta.meta.toml", "");
    for files in ["news/**/*", "news/**/*.md"] {
        house.config(&CONFIG.replace("news/**/*", files));
        let notes = house.run(&["refresh", "--json"]).expect_ok().json()["sources"][0]["notes"].clone();
        let strays = ["news/a.Meta.toml", "news/side.meta.tml", "news/side.meta.yaml", "news/deep/s.meta.toml"];
        for path in strays {
            let said = |note: &&serde_json::Value| note["path"] == path;
            let said: Vec<_> = notes.as_array().unwrap().iter().filter(said).collect();
            assert_eq!(said.len(), 1, "{path} {notes:#}");
            assert!(said[0]["text"].as_str().unwrap().starts_with("belongs to no document"), "{notes:#}");
        }
        assert_eq!(notes.as_array().unwrap().len(), strays.len(), "{notes:#}");
    }
    assert_eq!(house.feed("all.json").len(), 3);
}

#[test]
fn a_sidecar_that_is_wrong_is_noted_and_the_document_published() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/a.meta.toml", "title = \n");
    house.refresh().expect_ok().expect_said("news/a.txt").expect_said("correct the .meta.toml file");
    house.file("news/a.meta.toml", "titel = \"x\"\n").refresh().expect_ok().expect_said("\"titel\"");
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
}

#[test]
fn front_matter_is_read_in_yaml_and_toml() {
    let house = House::new();
    let body = "\nThe tide rose over the harbour wall on Tuesday.\n";
    house.file("news/a.md", &format!("---\ntitle: \"Tide: a report\"\ndate: 2026-03-04\nauthors:\n  - Mei Lin\nurl: https://a.example.edu/tide\n---{body}"));
    house.file("news/b.md", &format!("+++\ntitle = \"Ebb\"\ndate = 2026-03-05\nauthor = \"Tom Reed\"\ntags = [\"x\"]\n+++{body} It fell on Wednesday."));
    house.refresh().expect_ok();
    let (tide, ebb) = (house.item("Tide: a report"), house.item("Ebb"));
    assert_eq!((tide.date.as_str(), tide.url.as_str()), ("2026-03-04T04:00:00Z", "https://a.example.edu/tide"));
    assert_eq!((ebb.date.as_str(), &ebb.whole["authors"][0]["name"]), ("2026-03-05T04:00:00Z", &json!("Tom Reed")));
    assert_eq!((&tide.feedgen["date_source"], &ebb.feedgen["date_precision"]), (&json!("front_matter"), &json!("day")));
    assert!(!tide.content.contains("date:") && !ebb.content.contains("+++"));
}

#[test]
fn a_draft_is_not_published_until_it_is_none() {
    let house = House::new();
    let text = |draft: bool| {
        format!("---\ntitle: Tide\ndate: 2026-03-04\ndraft: {draft}\n---\nThe tide rose over the harbour wall.\n")
    };
    house.file("news/a.md", &text(true)).file("news/b.txt", FERRY).file("news/b.meta.toml", "draft = true");
    house.refresh().expect_ok().expect_said("is marked as a draft");
    assert!(house.feed("all.json").is_empty());
    house.file("news/a.md", &text(false)).remove("news/b.meta.toml").refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["A ferry without an engine", "Tide"]);
}

#[test]
fn a_document_that_is_made_a_draft_is_withdrawn_until_it_is_none() {
    let house = House::new();
    let tide = "---\ntitle: Tide\n---\nThe tide rose over the harbour wall.\n";
    house.file("news/a.md", tide).file("news/b.txt", FERRY).refresh().expect_ok();
    let before = (house.item("Tide"), house.item("A ferry without an engine"));
    let page = format!("items/{}.html", before.0.key());
    house.file("news/a.md", &tide.replace("Tide", "Tide\ndraft: true")).at("2026-05-02T00:00:00Z");
    house.refresh().expect_ok().expect_said("is marked as a draft and is not published");
    let held_back = |house: &House| {
        assert_eq!(house.titles("all.json"), ["A ferry without an engine"]);
        assert_eq!(house.titles("sources/news.json"), ["A ferry without an engine"]);
        assert!(!house.has(&page));
    };
    held_back(&house);
    house.run(&["show", before.0.key()]).expect_ok().expect_said("withdrawn");
    // Neither other settings nor the loss of the feeds bring it back, nor that of the file.
    house.config_with("[[feed]]\nid = \"tide\"\nkeep = [\"tide\"]\n").remove("feeds").refresh().expect_ok();
    held_back(&house);
    assert!(house.titles("feeds/tide.json").iter().all(|title| title != "Tide"));
    house.rename("news/a.md", "a.md").config(house::CONFIG).run(&["refresh", "--force"]).expect_ok();
    held_back(&house);
    house.rename("a.md", "news/a.md").file("news/b.meta.toml", "draft = true").refresh().expect_ok();
    assert!(house.feed("all.json").is_empty() && house.tree().keys().all(|path| !path.starts_with("items/")));
    house.file("news/a.md", tide).remove("news/b.meta.toml").refresh().expect_ok();
    assert_eq!((house.item("Tide"), house.item("A ferry without an engine")), before);
    assert!(house.has(&page));
    house.refresh().expect_ok().expect_said("is up to date");
}

#[test]
fn the_page_of_a_draft_goes_also_when_something_else_cannot_be_published() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/b.txt", FERRY).refresh().expect_ok();
    let pages = || std::fs::read_dir(house.path("feeds/items")).unwrap().count();
    assert_eq!(pages(), 2);
    house.remove("feeds/feeds.opml").file("feeds/feeds.opml/a", "in the way");
    house.file("news/a.meta.toml", "draft = true\n").refresh().expect_code(3).expect_said("feeds.opml");
    assert_eq!(pages(), 1);
    house.remove("feeds/feeds.opml").refresh().expect_ok();
    house.refresh().expect_ok().expect_said("up to date");
}

#[test]
fn a_withdrawn_original_makes_way_for_its_copy() {
    let house = House::new();
    house.file("news/a.txt", FERRY).file("news/copy.txt", FERRY).refresh().expect_ok();
    assert_eq!(house.titles("all.json").len(), 1);
    let original = house.item("A ferry without an engine");
    let path = house.run(&["show", original.key(), "--json"]).json()["path"].as_str().unwrap().replace(".txt", "");
    house.file(format!("news/{path}.meta.toml"), "draft = true").refresh().expect_ok();
    let shown = house.feed("all.json");
    assert!(shown.len() == 1 && shown[0].id != original.id);
    house.remove(format!("news/{path}.meta.toml")).refresh().expect_ok();
    assert_eq!(house.feed("all.json"), [original]);
}

#[test]
fn a_document_that_may_be_a_draft_is_held_back_and_the_line_is_named() {
    let body = "The tide rose over the harbour wall.\n";
    let check = |front: &str, sidecar: &str, said: &str| {
        let house = House::new();
        house.file("news/a.md", &format!("{front}{body}"));
        if !sidecar.is_empty() {
            house.file("news/a.meta.toml", sidecar);
        }
        house.refresh().expect_ok().expect_said("news/a.md").expect_said(said);
        assert!(house.feed("all.json").is_empty(), "{front:?} {sidecar:?}");
    };
    // Opened and not closed.
    check("---\ntitle: Tide\ndraft: true\n\n", "", "line 1 opens front matter and no line closes it: write ---");
    check("\n+++\ntitle = \"Tide\"\n\n", "", "line 2 opens front matter and no line closes it: write +++");
    check("---\n# of the port\n\ndraft: true\n\n", "", "no line closes it");
    // Not well-formed.
    check("---\ntitle: Tide: a report\ndraft: true\n---\n", "", "is marked as a draft");
    check(
        "---\ntitle: [Tide\n  \"draft\" : perhaps\n---\n",
        "",
        "line 3 is neither: write draft: true or draft: false",
    );
    check("---\ntitle: Tide\ndraft:true\n---\n", "", "is marked as a draft");
    check("+++\ntitle = Tide\ndraft = true\n+++\n", "", "is marked as a draft");
    // Well-formed, in other words.
    for word in ["\"yes\"", "1", "\"true\"", "on"] {
        check(&format!("---\ntitle: Tide\ndraft: {word}\n---\n"), "", "is marked as a draft");
    }
    check("---\ntitle: Tide\nDraft: until Monday\n---\n", "", "line 3 is neither");
    check("---\ntitle: Tide\ndraft:\n---\n", "", "line 3 is neither");
    check("---\ntitle: Tide\npublished: \"no\"\n---\n", "", "is marked as a draft");
    // Sidecars.
    check("", "title = Tide\ndraft = true\n", "is marked as a draft");
    check("", "title = \"Tide\"\ndraft = perhaps\n", "line 2 of its sidecar is neither");
}

#[test]
fn a_slip_in_what_marks_a_draft_holds_the_document_back() {
    let check = |name: &str, front: &str, said: &str| {
        let house = House::new();
        house.file(format!("news/{name}"), &format!("{front}The tide rose over the harbour wall.\n"));
        house.refresh().expect_ok().expect_said(&format!("news/{name}")).expect_said(said);
        assert!(house.feed("all.json").is_empty(), "{front:?}");
    };
    // A Chinese keyboard.
    check("a.md", "---\ntitle：Tide\ndraft：true\n---\n", "is marked as a draft");
    check("a.md", "---\n标题：潮\n草稿：是\n---\n", "is marked as a draft");
    check("a.md", "---\n草稿: true\n---\n", "is marked as a draft");
    check("a.md", "+++\ntitle = \"Tide\"\ndraft：true\n+++\n", "is marked as a draft");
    // A slip of the pen, or the words of another program.
    for slip in ["drafts: true", "drfat: yes", "params: {draft: true}", "params:\n  draft: true", "status: draft"] {
        check("a.md", &format!("---\ntitle: Tide\n{slip}\n---\n"), "write draft: true or draft: false");
    }
    check("a.md", "---\ntitle: Tide\npublish: false\n---\n", "line 3 has \"publish\"");
    check("a.md", "---\ntitle: Tide\n\"Draft \": true\n---\n", "is marked as a draft");
    check("a.md", "+++\ntitle = \"Tide\"\n[params]\ndraft = true\n+++\n", "line 4 has \"draft\"");
    // No fence.
    check("a.md", "----\ntitle: Tide\ndraft: true\n----\n\n", "line 1 opens no front matter that is read");
    check("a.md", "{ \"draft\": true }\n\n", "line 1 opens no front matter that is read");
    check("a.md", "{\n  \"title\": \"Tide\",\n  \"draft\": true\n}\n\n", "line 1 opens no front matter that is read");
    check("a.md", " ---\ndraft: true\n ---\n\n", "opens no front matter that is read");
    // Files of other kinds.
    for name in ["a.html", "a.htm", "a.txt", "a"] {
        check(name, "---\nlayout: post\ntitle: Tide\ndraft: true\n---\n", "is marked as a draft");
        check(name, "---\nlayout: post\ntitle: Tide\ndrafts: true\n---\n", "line 4 has \"drafts\"");
        check(name, "---\ntitle: Tide: a report\ndraft: true\n---\n", "is marked as a draft");
        check(name, "---\ntitle: Tide\ndraft: true\n\n", "no line closes it");
    }
}

#[test]
fn front_matter_is_read_in_pages_and_plain_texts_too() {
    let front = "---\nlayout: post\ntitle: High water\ndate: 2026-03-04\nauthor: YU Fang\n---\n";
    let pages = [
        ("a.html", "<p>The tide rose.</p>\n<p>It fell again.</p>\n"),
        ("b.html", "<!doctype html><title>The quay</title><h1>The quay</h1><p>The tide rose.</p><p>It fell again.</p>"),
        ("c.txt", "The tide rose\n\nIt fell again.\n"),
        ("d.txt", "<!doctype html><title>The quay</title><p>The tide rose.</p><p>It fell again.</p>"),
    ];
    for (name, body) in pages {
        let house = House::new();
        house.file(format!("news/{name}"), &format!("{front}{body}")).refresh().expect_ok();
        let item = &house.feed("all.json")[0];
        assert_eq!(
            (item.title.as_str(), &item.feedgen["date_source"]),
            ("High water", &json!("front_matter")),
            "{name}"
        );
        assert_eq!(item.whole["authors"], json!([{ "name": "YU Fang" }]), "{name}");
        assert!(item.content.contains("The tide rose") && item.content.contains("It fell again."), "{}", item.content);
        assert!(!item.content.contains("layout"), "{}", item.content);
    }
    let house = House::new();
    house.file("news/a.html", "---\n---\n<h1>High water</h1><p>The tide rose over the wall.</p>").refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["High water"]);
}

#[test]
fn a_plain_text_between_rules_stays_text() {
    for text in [
        "---\nReminder: bring your card\n---\n\nThe tide rose over the harbour wall.\n",
        "---\nTo all\nHarbour: of the tide: Tuesday\n---\n\nThe tide rose over the harbour wall.\n",
        "---\nTide: a report\n\nThe tide rose over the harbour wall.\n",
        "-----\nThe draft: a history\n-----\n\nThe tide rose over the harbour wall.\n",
        "{ \"draft\": false }\n\nThe tide rose over the harbour wall.\n",
    ] {
        let house = House::new();
        house.file("news/a.txt", text).refresh().expect_ok();
        let item = &house.feed("all.json")[0];
        let whole = format!("{} {}", item.title, item.content);
        for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 5) {
            assert!(whole.contains(word), "{word} {text:?} {whole}");
        }
    }
    let house = House::new();
    house.file("news/a.md", "---\n\n通知：图书馆周一闭馆。\n\n---\n\n各学院：请归还图书。\n").refresh().expect_ok();
    assert!(house.feed("all.json")[0].content.contains("闭馆"));
}

#[test]
fn a_document_that_is_no_draft_is_published() {
    let check = |text: &str, holds: &str| {
        let house = House::new();
        house.file("news/a.md", text).refresh().expect_ok();
        let feed = house.feed("all.json");
        assert_eq!(feed.len(), 1, "{text:?}");
        assert!(feed[0].content.contains(holds), "{text:?} {}", feed[0].content);
    };
    check("---\n\n# Tide\n\nThe tide rose over the harbour wall.\n", "The tide rose");
    check("---\nThe tide rose over the harbour wall.\n\n---\n\nIt fell on Wednesday.\n", "The tide rose");
    check("---\nThe tide rose over the harbour wall, see https://quay.example.edu/ for more.\n", "The tide rose");
    check("---\ntitle: Tide: a report\ndraft: false\n---\nThe tide rose over the harbour wall.\n", "The tide rose");
    check(
        "---\ntitle: Tide\ndraft: false\nparams: {draft: true}\nstatus: draft\n---\nThe tide rose.\n",
        "The tide rose",
    );
    check("---\ntitle: Tide\nstatus: done\ngraph: true\npublish: yes\n---\nThe tide rose.\n", "The tide rose");
    check("---\ntitle: Tide\ndraft: \"no\"\npublished: yes\n---\nThe tide rose over the wall.\n", "The tide rose");
}

#[test]
fn front_matter_that_is_wrong_is_noted_and_saved_line_by_line() {
    let house = House::new();
    house.file("news/a.md", "---\ntitle: Forum: the second day\ndate: 2026-03-04\n  bad indent: [\n---\nThe forum went on for a second day.\n");
    house.refresh().expect_ok().expect_said("news/a.md").expect_said("not well-formed");
    let item = house.item("Forum: the second day");
    assert_eq!((item.date.as_str(), item.content.contains("bad indent")), ("2026-03-04T04:00:00Z", false));
}

#[test]
fn an_impossible_date_is_noted_and_says_how_to_write_one() {
    let house = House::new();
    house.file("news/a.md", "---\ntitle: Tide\ndate: 2026-02-30\n---\nThe tide rose over the harbour wall.\n");
    house
        .refresh()
        .expect_ok()
        .expect_said("news/a.md")
        .expect_said("2026-02-30")
        .expect_said("write it as 2026-03-12");
    assert_eq!(house.item("Tide").feedgen["date_source"], "first_seen");
}

#[test]
fn a_date_that_cannot_be_gives_way_to_the_next_and_says_why() {
    let house = House::new();
    let text =
        |date: &str| format!("---\ntitle: Tide\ndate: {date}\n---\nOn 4 March 2026 the tide rose over the wall.\n");
    let check = |date: &str, said: &str| {
        house.file("news/a.md", &text(date));
        let outcome = house.run(&["explain", "news/a.md"]);
        outcome.expect_ok().expect_said(said).expect_said("2026-03-04, from prose");
    };
    check("30 February 2026", "\"30 February 2026\", which is no date");
    check("2026年2月30日", "which is no date");
    check("2026-03-01 25:00", "which is no date");
    check("2026-03-01T25:00:00+08:00", "which is no date");
    check("2096-03-01", "passed over: it lies in the future");
    check("1850", "only years from 1900 to 2100 are dates: correct 1850");
    check("2 May 1850", "only years from 1900 to 2100 are dates: correct 1850");
    house.file("news/a.txt", "Tide\n\nOn 30 February 2026 the tide rose over the wall.\n");
    house
        .run(&["explain", "news/a.txt"])
        .expect_ok()
        .expect_said("a day that does not exist")
        .expect_said("first_seen");
}

#[test]
fn a_date_that_may_be_one_of_two_is_trusted_little() {
    let house = House::new();
    let body = "The tide rose over the harbour wall.\n";
    let text = |language: &str| format!("---\ntitle: Tide\ndate: 03/04/2026\n{language}---\n{body}");
    house.file("news/a.md", &text("")).refresh().expect_ok().expect_said("may stand in either order");
    let told = |item: &house::TestItem| (item.date.clone(), item.feedgen["date_source"].clone());
    let item = house.item("Tide");
    assert_eq!(told(&item), ("2026-03-04T04:00:00Z".to_owned(), json!("ambiguous")));
    assert!(item.feedgen["date_confidence"].as_f64().unwrap() <= 0.5);
    let sure = House::new();
    sure.file("news/a.md", &text("language: en-GB\n")).refresh().expect_ok();
    assert_eq!(told(&sure.item("Tide")), ("2026-04-03T04:00:00Z".to_owned(), json!("front_matter")));
}

#[test]
fn odd_values_are_noted() {
    let house = House::new();
    let text = "---\ntitle: Tide\nlanguage: klingon\nlink: /tide\nimage: tide.jpg\nattachments: [tide.pdf]\n---\nThe tide rose over the harbour wall.\n";
    let outcome = house.file("news/a.md", text).refresh();
    outcome.expect_ok().expect_said("the language \"klingon\", which is no BCP 47 tag");
    for field in ["link = \"/tide\"", "image = \"tide.jpg\"", "attachments = \"tide.pdf\""] {
        outcome.expect_said(&format!("has {field}, which is no whole address"));
    }
    assert_eq!(house.item("Tide").whole["language"], "en");
    house.file("news/a.md", &text.replace("klingon", "\"English\""));
    assert!(!house.run(&["explain", "news/a.md"]).stdout.contains("BCP 47"));
}

#[test]
fn relative_addresses_without_a_base_leave_their_words_and_one_note() {
    let house = House::new();
    let body = "See the [first](a.htm), the [second](../b.htm) and the [third](c.htm) tide, and [this one](#top).\n\n![A map of the harbour](map.png)\n";
    house.file("news/a.md", &format!("---\ntitle: Tide\n---\n{body}"));
    house.refresh().expect_ok().expect_said("loses 3 relative links and 1 relative picture, for it has no address");
    let content = house.item("Tide").content;
    assert!(content.contains("See the first, the second") && content.contains("A map of the harbour"), "{content}");
    house.file("news/a.md", &format!("---\ntitle: Tide\nlink: https://quay.example.edu/news/\n---\n{body}"));
    assert!(!house.refresh().stderr.contains("relative"));
    assert!(house.item("Tide").content.contains("https://quay.example.edu/b.htm"));
}

// Files that are not what they seem.

#[test]
fn pages_that_only_lead_to_another_are_no_items() {
    let house = House::new();
    let story =
        "<p>The tide rose over the harbour wall on Tuesday, and the ferry stayed at home until the evening. ".repeat(4);
    house.file("news/frames.html", "<html><head><title>Tide</title></head><frameset cols=\"20%,80%\"><frame src=\"menu.htm\"><frame src=\"tide.htm\" name=\"main\"><noframes><body>Your browser shows no frames.</body></noframes></frameset></html>");
    house.file("news/moved.html", "<html><head><title>Tide</title><meta http-equiv=\"refresh\" content=\"0; url=https://quay.example.edu/tide\"></head><body>This page has moved.</body></html>");
    house.file(
        "news/story.html",
        &format!("<title>Tide</title><meta http-equiv=refresh content=\"5; url=/\"><h1>Tide</h1>{story}"),
    );
    let outcome = house.refresh();
    outcome.expect_ok().expect_said("is a frameset: the story is at \"tide.htm\"");
    outcome.expect_said("is a redirect: the story is at \"https://quay.example.edu/tide\"");
    assert_eq!(house.titles("all.json"), ["Tide"]);
    assert!(house.feed("all.json")[0].content.contains("ferry"));
}

#[test]
fn a_text_of_two_short_lines_keeps_both() {
    let house = House::new();
    house.file("news/a.txt", "Library closed\nOpen again on Monday morning\n").refresh().expect_ok();
    let item = &house.feed("all.json")[0];
    assert_eq!((item.title.as_str(), item.content.as_str()), ("Library closed", "<p>Open again on Monday morning</p>"));
}

/// A document waits while a file of it, half of which lies there already, is written.
fn check_waits(house: &House, growing: &str, half: &str, whole: &str) {
    // A clock just behind the file: it is half a second old when the walk looks at it, and grows while the walk waits.
    house.at("2026-05-01T00:00:01Z").file(growing, half);
    let instant =
        |half_seconds: u64| SystemTime::UNIX_EPOCH + Duration::from_millis(1_777_593_600_000 + 500 * half_seconds);
    let file = File::options().append(true).open(house.path(growing)).unwrap();
    file.set_modified(instant(1)).unwrap();
    let mut walk = house
        .command(&["refresh"])
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    fs::write(house.path(growing), whole).unwrap();
    file.set_modified(instant(2)).unwrap();
    let mut said = String::new();
    std::io::Read::read_to_string(&mut walk.stderr.take().unwrap(), &mut said).unwrap();
    assert!(walk.wait().unwrap().success());
    assert!(said.contains("news/a.txt is still being written: it waits for the next walk"), "{said}");
    assert!(house.feed("all.json").is_empty());
    house.at("2026-05-01T00:01:00Z").refresh().expect_ok();
}

#[test]
fn a_file_that_is_still_being_written_waits() {
    let house = House::new();
    check_waits(&house, "news/a.txt", "The tide rose", TIDE);
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
}

#[test]
fn a_document_whose_sidecar_is_still_being_written_waits() {
    let house = House::new();
    house.file("news/a.txt", TIDE);
    check_waits(&house, "news/a.meta.toml", "title = \"High", "title = \"High water\"");
    assert_eq!(house.titles("all.json"), ["High water"]);
}

#[test]
fn what_is_no_document_is_noted_with_its_path_and_the_next_step() {
    let house = House::new();
    house.file("news/good.txt", TIDE).file("elsewhere/b.txt", FERRY);
    house
        .file("news/empty.txt", "")
        .file("news/blank.md", " \n\t\n")
        .bytes("news/picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10");
    house.bytes("news/binary.txt", &(0..=255).cycle().take(512).collect::<Vec<u8>>()).file("news/table.xlsx", "x");
    house.file("news/large.txt", &"The tide rose. ".repeat(100)).config_with("[documents]\nmax_size = \"1000 B\"\n");
    symlink("../elsewhere/b.txt", house.path("news/out.txt")).unwrap();
    symlink("nothing.txt", house.path("news/dangling.txt")).unwrap();
    symlink("loop.txt", house.path("news/loop.txt")).unwrap();
    symlink("/dev/zero", house.path("news/device.txt")).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, house.path("news/pipe.txt"), rustix::fs::FileType::Fifo, 0o644.into(), 0)
        .unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(house.path("news/socket.txt")).unwrap();
    let outcome = house.run(&["refresh", "--json"]);
    let notes = outcome.expect_ok().json()["sources"][0]["notes"].clone();
    for (path, text) in [
        ("news/empty.txt", "is empty: write something into it, or remove it"),
        ("news/blank.md", "is empty"),
        ("news/picture.txt", "save it as .txt, .md or .html"),
        ("news/binary.txt", "save it as .txt, .md or .html"),
        ("news/table.xlsx", "leave it out of `files`"),
        ("news/large.txt", "raise documents.max_size"),
        ("news/out.txt", "leads out of the folder and is not followed"),
        ("news/dangling.txt", "is a link that leads nowhere"),
        ("news/loop.txt", "is a link that leads nowhere"),
        ("news/device.txt", "leads out of the folder"),
        ("news/pipe.txt", "is a FIFO and is not read"),
        ("news/socket.txt", "is a socket and is not read"),
    ] {
        let said = |note: &serde_json::Value| note["path"] == path && note["text"].as_str().unwrap().contains(text);
        assert!(notes.as_array().unwrap().iter().any(said), "{path} … {text}\n{notes:#}");
    }
    assert_eq!(notes.as_array().unwrap().len(), 12, "{notes:#}");
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
}

#[test]
fn a_text_with_a_stray_zero_byte_is_no_utf_16() {
    let house = House::new();
    house
        .bytes("news/a.txt", b"text\0bin")
        .bytes("news/b.txt", b"hello\0")
        .refresh()
        .expect_ok()
        .expect_said("no text");
    assert!(house.feed("all.json").is_empty());
}

#[test]
fn a_note_about_an_unreadable_document_says_it_again_at_each_walk_that_reads_it() {
    let house = House::new();
    house.file("news/empty.txt", "").refresh().expect_ok().expect_said("is empty");
    house.file("news/empty.txt", TIDE).refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
    // What was published of it stays when it can be read no more.
    house.file("news/empty.txt", "").refresh().expect_ok().expect_said("is empty");
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
}

#[test]
fn links_inside_of_the_folder_are_followed() {
    let house = House::new();
    house.file("news/deep/a.txt", TIDE).config(&CONFIG.replace("news/**/*", "news/*.txt"));
    symlink("deep/a.txt", house.path("news/link.txt")).unwrap();
    house.refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
}

#[test]
fn names_of_any_bytes_are_taken() {
    let house = House::new();
    let names: [&[u8]; 6] =
        [b"caf\xe9.txt", b"\xff\xfe.txt", b"new\nline.txt", b" space .txt", "通知.txt".as_bytes(), b"no-ending"];
    for (number, name) in names.iter().enumerate() {
        house.file(
            house.path("news").join(OsStr::from_bytes(name)),
            &FERRY.replace("a hundred", &format!("{number} hundred")),
        );
    }
    house.refresh().expect_ok();
    assert_eq!(house.feed("sources/news.json").len(), 6);
    let before = house.tree();
    house.at("2026-05-02T00:00:00Z").refresh().expect_ok();
    assert_eq!(house.tree(), before);
}

#[test]
fn a_file_that_may_not_be_read_is_noted_and_read_when_it_may() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/b.txt", FERRY).file("news/shut/c.txt", TIDE);
    let allow = |path: &str, mode| fs::set_permissions(house.path(path), fs::Permissions::from_mode(mode)).unwrap();
    allow("news/b.txt", 0o000);
    allow("news/shut", 0o000);
    if File::open(house.path("news/b.txt")).is_ok() {
        eprintln!("skipped: root may read everything");
        return;
    }
    house.refresh().expect_ok().expect_said("news/b.txt cannot be read").expect_said("news/shut cannot be opened");
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
    allow("news/b.txt", 0o644);
    allow("news/shut", 0o755);
    house.refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), 2);
}

#[test]
fn what_editors_leave_lying_is_not_a_document() {
    let house = House::new();
    for name in [".hidden.txt", "a.txt~", "#a.txt#", "a.txt.swp", "~$a.txt", "a.txt.part", "a.txt.tmp"] {
        house.file(format!("news/{name}"), TIDE);
    }
    let report = house.run(&["refresh", "--json"]).expect_ok().json();
    assert_eq!((&report["sources"][0]["documents"], &report["sources"][0]["notes"]), (&json!(0), &json!([])));
}

// What stays, what is shown where.

#[test]
fn a_document_that_vanished_stays_published() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/b.txt", FERRY).refresh().expect_ok();
    let before = house.tree();
    house.remove("news/a.txt").refresh().expect_ok();
    assert_eq!(house.tree(), before);
    house.remove("news/b.txt").at("2027-05-01T00:00:00Z").refresh().expect_ok();
    assert_eq!(house.tree(), before);
}

#[test]
fn copies_are_linked_and_shown_once() {
    let house = House::new();
    let tide = TIDE.replace("2026", "Published: 2026");
    let other = tide.replace("The tide rose by two metres", "High water").replace("2026-03-04", "2026-03-09");
    house.file("news/a.txt", &tide).file("news/b.txt", &other).file("news/c.txt", FERRY).refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["A ferry without an engine", "The tide rose by two metres"]);
    assert_eq!(
        house.titles("sources/news.json"),
        ["High water", "A ferry without an engine", "The tide rose by two metres"]
    );
    let copy = house.feed("sources/news.json")[0].key().to_owned();
    assert_eq!(house.item("The tide rose by two metres").feedgen["duplicates"], json!([copy]));
    assert!(house.has(&format!("items/{copy}.html")));
    // The copy becomes a story of its own.
    house.file("news/b.txt", &other.replace("evening", "end of the week, when it had a hole")).refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["High water", "A ferry without an engine", "The tide rose by two metres"]);
    assert_eq!(house.item("The tide rose by two metres").feedgen.get("duplicates"), None);
}

#[test]
fn documents_of_one_address_are_copies() {
    let house = House::new();
    let text = |body: &str, address: &str| format!("---\nurl: {address}\ndate: 2026-03-04\n---\n{body}\n");
    house.file(
        "news/a.md",
        &text("# Tide\n\nThe tide rose over the wall.", "https://a.example.edu/tide?utm_source=mail"),
    );
    house
        .file("news/b.md", &text("# The tide, revised\n\nIt rose higher than was told.", "https://a.example.edu/tide"));
    house.refresh().expect_ok();
    assert_eq!((house.feed("all.json").len(), house.feed("sources/news.json").len()), (1, 2));
    assert_eq!(house.feed("all.json")[0].url, "https://a.example.edu/tide");
}

#[test]
fn a_document_without_a_date_has_that_of_the_day_it_was_first_seen() {
    let house = House::new();
    let undated = "The tide\n\nThe tide rose over the harbour wall, and the ferry stayed at home until the evening.\n";
    house.at("2026-05-01T08:00:00Z").file("news/a.txt", undated).refresh().expect_ok();
    let item = house.item("The tide");
    assert_eq!((item.date.as_str(), &item.feedgen["date_source"]), ("2026-05-01T08:00:00Z", &json!("first_seen")));
    house.at("2026-06-01T08:00:00Z").run(&["refresh", "--force"]).expect_ok();
    house.file("news/a.txt", &undated.replace("rose", "fell")).refresh().expect_ok();
    assert_eq!(house.item("The tide").date, "2026-05-01T08:00:00Z");
}

#[test]
fn feeds_of_ones_own_choosing_hold_what_agrees_with_all_that_is_given() {
    let house = House::new();
    house.config_with(
        "[[source]]\nid = \"port\"\nfiles = \"port/*.txt\"\ncategories = [\"talent\"]\n\
         [[feed]]\nid = \"chinese\"\ntitle = \"In Chinese\"\nlanguage = \"zh\"\n\
         [[feed]]\nid = \"kept\"\nkeep = [\"(?i)WALL\"]\n\
         [[feed]]\nid = \"dropped\"\ndrop = [\"ferry\"]\nlanguage = \"en\"\n\
         [[feed]]\nid = \"port\"\nsources = [\"port\"]\n\
         [[feed]]\nid = \"talent\"\ncategories = [\"talent\"]\nkeep = [\"ferry\"]\n\
         [[feed]]\nid = \"few\"\nitems = 1\n\
         [[feed]]\nid = \"none\"\nkeep = [\"no such word\"]\n",
    );
    let quay =
        "The quay is mended\n\n2026-03-07\n\nThe quay has been mended, and carts may go there again from Monday on.\n";
    house
        .file("news/a.txt", TIDE)
        .file("news/c.txt", CHINESE)
        .file("port/b.txt", FERRY)
        .file("port/d.txt", quay)
        .refresh()
        .expect_ok();
    let (tide, ferry, notice, quay) =
        ("The tide rose by two metres", "A ferry without an engine", "关于图书馆闭馆的通知", "The quay is mended");
    for (feed, titles) in [
        ("chinese", vec![notice]),
        ("kept", vec![tide]),
        ("dropped", vec![quay]),
        ("port", vec![quay, ferry]),
        ("talent", vec![ferry]),
        ("few", vec![quay]),
        ("none", vec![]),
    ] {
        assert_eq!(house.titles(&format!("feeds/{feed}.json")), titles, "{feed}");
    }
    assert_eq!(house.json("feeds/chinese.json")["title"], "In Chinese");
    assert!(house.text("feeds.opml").contains("feeds/chinese.rss") && house.text("index.html").contains("In Chinese"));
}

#[test]
fn a_source_keeps_and_drops() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/b.txt", FERRY).config_with("drop = [\"engine\"]").refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
    house.config_with("keep = [\"engine\"]").refresh().expect_ok();
    assert_eq!(
        (house.titles("all.json"), house.titles("sources/news.json")),
        (vec!["A ferry without an engine".to_owned()], vec!["A ferry without an engine".to_owned()])
    );
    house.config_with("").refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), 2);
}

#[test]
fn feeds_of_a_source_that_is_removed_vanish_with_the_pages_of_its_items() {
    let house = House::new();
    house.config_with("[[source]]\nid = \"port\"\nfiles = \"port/*.txt\"\n");
    house.file("news/a.txt", TIDE).file("port/b.txt", FERRY).refresh().expect_ok();
    let page = format!("items/{}.html", house.item("A ferry without an engine").key());
    house.config(CONFIG).refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
    for ending in ["rss", "atom", "json", "html"] {
        assert!(
            !house.has(&format!("sources/port.{ending}")) && house.has(&format!("sources/news.{ending}")),
            "{ending}"
        );
    }
    assert!(
        !house.has(&page)
            && !house.text("feeds.opml").contains("port")
            && !house.text("index.html").contains("sources/port")
    );
    house.config_with("[[source]]\nid = \"port\"\nfiles = \"port/*.txt\"\n").refresh().expect_ok();
    assert_eq!(house.titles("sources/port.json"), ["A ferry without an engine"]);
    assert!(house.has(&page));
}

#[test]
fn a_category_that_empties_loses_its_files() {
    let house = House::new();
    let text = |category: &str| {
        format!("---\ntitle: Tide\ndate: 2026-03-04\ncategories: [{category}]\n---\nIt rose over the wall.\n")
    };
    house.file("news/a.md", &text("talent")).refresh().expect_ok();
    assert!(house.has("categories/talent.rss"));
    house.file("news/a.md", &text("research")).refresh().expect_ok();
    let left: Vec<String> = house.tree().into_keys().filter(|path| path.starts_with("categories/talent")).collect();
    assert!(left.is_empty() && house.has("categories/research.rss"), "{left:?}");
}

#[test]
fn only_the_formats_that_are_asked_for_are_written() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    assert!(house.has("all.rss"));
    house.config_with("[publish]\nformats = [\"atom\"]\n").refresh().expect_ok();
    let others: Vec<String> =
        house.tree().into_keys().filter(|path| [".rss", ".json"].iter().any(|ending| path.ends_with(ending))).collect();
    assert!(others.is_empty() && house.has("all.atom") && house.has("all.html"), "{others:?}");
    assert!(
        !house.text("all.atom").contains(".rss")
            && !house.text("index.html").contains(".rss")
            && house.text("feeds.opml").contains("all.atom")
    );
}

#[test]
fn a_site_in_chinese_speaks_chinese() {
    let house = House::new();
    house
        .config(&CONFIG.replace("title = \"Harbour news\"", "title = \"海港新闻\"\nlanguage = \"zh\""))
        .file("news/a.txt", CHINESE)
        .refresh()
        .expect_ok();
    let feed = house.json("all.json");
    assert_eq!((&feed["language"], &feed["description"]), (&json!("zh"), &json!("海港新闻的全部内容，最新在前")));
    assert_eq!(house.json("categories/notice.json")["title"], "海港新闻 · 通知公告");
    assert!(house.text("index.html").contains("lang=\"zh\"") && house.text("all.html").contains("lang=\"zh\""));
}

#[test]
fn a_line_that_is_only_a_date_is_no_title() {
    let house = House::new();
    house
        .file("news/a.txt", "Tide\n\n2026-03-04\n\nThe tide rose over the harbour wall on Tuesday.\n")
        .refresh()
        .expect_ok();
    assert_eq!(house.titles("all.json"), ["Tide"]);
}

#[test]
fn a_line_that_is_only_a_date_is_no_part_of_the_text() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/b.txt", &TIDE.replace("2026-03-04", "2026-03-09")).refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), 1);
    assert!(!house.feed("all.json")[0].content.contains("2026-03-04"));
}

#[test]
fn a_feed_holds_as_many_items_as_it_is_given() {
    let house = House::new();
    house.config_with("[publish]\nitems = 3\n");
    for day in 1..=5 {
        house.file(
            format!("news/{day}.txt"),
            &format!("Report {day}\n\nPublished: 2026-03-0{day}\n\nReport number {day} tells of {day} ships.\n"),
        );
    }
    house.refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["Report 5", "Report 4", "Report 3"]);
    assert_eq!(house.tree().keys().filter(|path| path.starts_with("items/")).count(), 5);
}

#[test]
fn a_source_that_is_renamed_leaves_no_feed_empty() {
    let config = |id: &str| format!("[[source]]\nid = \"{id}\"\nfiles = \"news/*\"\n");
    let house = House::new();
    house.config(&config("old")).file("news/a.txt", "One ship\n\nThe ship came in with the morning tide.\n");
    house.refresh().expect_ok();
    house.config(&config("new")).refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["One ship"]);
    house.config(&config("old")).refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["One ship"]);
}
