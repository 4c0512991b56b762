//! Fields that people write by hand, in front matter and sidecars, through the real binary; above all those that mark a draft.

mod house;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt as _, symlink};

use house::{CHINESE, CONFIG, FERRY, House, TIDE};
use serde_json::json;

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
    check("---yaml\ntitle: Tide\ndraft: true\n---\n", "", "line 1 opens no front matter that is read");
    check("--- # of the port\ntitle: Tide\ndraft: true\n---\n", "", "line 1 opens no front matter that is read");
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
    // It may hide what must not be seen.
    check("", "title = \"Tide\"\nbody = of the tide\n", "line 2 of its sidecar cannot be read");
    // The fault is told, not the name that its line begins with.
    check("", "summary = \"\"\"\n标题 = \\q\n\"\"\"\n", "line 2 of its sidecar cannot be read (missing escaped value");
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
fn a_month_or_a_year_alone_is_a_date() {
    for (date, published) in [("2023-9", "2023-09-01T04:00:00Z"), ("2023", "2023-01-01T04:00:00Z")] {
        let house = House::new();
        house.file("news/a.md", &format!("---\ntitle: Tide\ndate: {date}\n---\nThe tide rose over the wall.\n"));
        house.refresh().expect_ok();
        assert_eq!(house.item("Tide").date, published, "{date}");
    }
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

#[test]
fn a_number_that_is_too_large_loses_nothing_beside_it() {
    let house = House::new();
    let matter = "title = \"Tide\"\ndate = 2026-03-04\nlanguage = \"en-GB\"\nweight = 99999999999999999999\n";
    house.file("news/a.md", &format!("+++\n{matter}+++\nThe tide rose over the harbour wall.\n"));
    house.file("news/b.txt", FERRY).file("news/b.meta.toml", "title = \"Ferry\"\ndate = 99999999999999999999\n");
    let outcome = house.refresh();
    outcome.expect_ok().expect_said("news/b.txt has date = \"99999999999999999999\", which is no date");
    assert!(!outcome.stderr.contains("well-formed") && !outcome.stderr.contains("news/a.md"), "{}", outcome.stderr);
    let tide = house.item("Tide");
    assert_eq!((tide.date.as_str(), &tide.whole["language"]), ("2026-03-04T04:00:00Z", &json!("en-GB")));
    house.item("Ferry");
}

#[test]
fn dates_of_before_the_web_are_kept_and_shown_as_early_as_validators_take_them() {
    let house = House::new();
    house.file("news/a.md", "---\ntitle: Tide\ndate: 1968-12-01\n---\nThe tide rose over the harbour wall.\n");
    house.refresh().expect_ok();
    let item = house.item("Tide");
    assert_eq!(item.date, "1990-01-02T00:00:00Z");
    let page = house.text(&format!("items/{}.html", item.key()));
    assert!(page.contains("1968"), "{page}");
    for feed in ["all.rss", "all.atom", "all.json"] {
        let told = house.run(&["validate", &format!("feeds/{feed}")]);
        assert!(told.expect_ok().stdout.contains("0 errors, 0 warnings"), "{}", told.stdout);
    }
}

#[test]
fn one_bad_line_of_toml_loses_nothing_but_itself() {
    let house = House::new();
    let matter = "title = \"Tide\"\nauthor = [\"Ann\", \"Ben\"]\ndate = 2026-02-30\n[extra]\ntitle = \"No\"\n";
    house.file("news/a.md", &format!("+++\n{matter}+++\nThe rain rose over the harbour wall.\n"));
    house.refresh().expect_ok().expect_said("its lines are read one by one");
    assert_eq!(house.item("Tide").whole["authors"], json!([{"name": "Ann"}, {"name": "Ben"}]));
}

#[test]
fn a_time_that_the_clocks_of_the_source_skip_keeps_its_date() {
    let house = House::new();
    house.config(&CONFIG.replace("Asia/Shanghai", "Pacific/Apia"));
    house.file("news/a.md", "---\ntitle: Tide\ndate: 2011-12-30\n---\nThe tide rose over the harbour wall.\n");
    house.refresh().expect_ok();
    let item = house.item("Tide");
    assert_eq!((item.date.as_str(), &item.feedgen["date_source"]), ("2011-12-30T22:00:00Z", &json!("front_matter")));
}

#[test]
fn a_language_that_the_text_contradicts_is_noted() {
    let house = House::new();
    let text = |language: &str| format!("---\ntitle: Tide\nlanguage: {language}\n---\n{}\n", FERRY.repeat(3));
    let told = "has the language \"de\", but its text is written in \"en\"";
    house.file("news/a.md", &text("de")).refresh().expect_ok().expect_said(told);
    house.run(&["explain", "news/a.md"]).expect_ok().expect_said(told);
    assert_eq!(house.item("Tide").whole["language"], "en");
    // What a template says of a page is no matter of its author.
    house.file("news/b.html", &format!("<html lang=\"de\"><title>Ferry</title><p>{}</p></html>", TIDE.repeat(3)));
    assert!(!house.file("news/a.md", &text("en-GB")).refresh().expect_ok().stderr.contains("has the language"));
}

#[test]
fn lines_may_end_as_on_old_macs() {
    let house = House::new();
    let story = "The light of the northern skerry burns again.\n\nIt was dark for eleven years.\n";
    let old = |text: &str| text.replace('\n', "\r");
    house.file("news/a.md", &old(&format!("---\ntitle: Light\ndate: 2026-03-04\n---\n{story}")));
    house.file("news/b.txt", &old(&format!("+++\ntitle = \"Tide\"\n+++\n{story}")).replace("skerry", "pier"));
    house.file("news/c.txt", "Lens\n\nThe lens was ground by hand, which took eleven weekends of one spring.\n");
    house.file("news/c.meta.toml", &old("title = \"Glass\"\nauthor = \"Mei Lin\"\n"));
    for name in ["md", "txt", "html"] {
        house.file(format!("news/draft.{name}"), &old(&format!("---\ntitle: Not yet\ndraft: true\n---\n{story}")));
    }
    house.refresh().expect_ok();
    let mut titles = house.titles("all.json");
    titles.sort();
    assert_eq!(titles, ["Glass", "Light", "Tide"]);
    assert_eq!(house.item("Light").date, "2026-03-04T04:00:00Z");
}

#[test]
fn a_sidecar_in_another_charset_is_told_what_to_do_with() {
    let house = House::new();
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    house.file("news/a.txt", TIDE).bytes("news/a.meta.toml", &gbk("author = \"张伟\"\n"));
    house.refresh().expect_ok().expect_said("has a sidecar that is too short to tell its charset and is read as");
    house
        .bytes("news/a.meta.toml", &gbk("作者 = \"张伟\"\n"))
        .refresh()
        .expect_ok()
        .expect_said("needs quotes: write \"");
    house.file("news/a.meta.toml", "作者 = \"张伟\"\n").refresh().expect_ok();
    house
        .run(&["status", "news"])
        .expect_said("line 1 of its sidecar cannot be read (this name needs quotes: write \"作者\" = …)");
    house.file("news/a.meta.toml", "\"作者\" = \"张伟\"\n").refresh().expect_ok();
    assert_eq!(house.feed("all.json")[0].whole["authors"][0]["name"], "张伟");
    // Whatever is guessed, a draft is one.
    let big5 = encoding_rs::BIG5.encode("\"草稿\" = true\n").0.into_owned();
    for draft in [gbk("\"草稿\" = true\n"), gbk("title = \"Library hours\"\n\"草稿\" = true\n"), big5] {
        house.bytes("news/a.meta.toml", &draft).refresh().expect_ok();
        assert!(house.feed("all.json").is_empty(), "{draft:?}");
        house.file("news/a.meta.toml", "\"草稿\" = false\n").refresh().expect_ok();
        assert_eq!(house.feed("all.json").len(), 1);
    }
    // What is told by the text beside it is no guess.
    let quiet = House::new();
    quiet
        .file("news/a.txt", "港口开放日\n\n港口今天举行了开放日活动。\n")
        .bytes("news/a.meta.toml", &gbk("author = \"张伟\"\n"));
    quiet.refresh().expect_ok();
    assert!(!quiet.run(&["status", "news"]).expect_ok().stdout.contains("sidecar"));
}

#[test]
fn a_short_sidecar_is_read_in_the_charset_of_its_document() {
    let names = ["张伟", "王芳", "李娜", "刘洋", "陈静", "丁一"];
    let story =
        "港口今天举行了开放日活动，许多市民前来参观新的渡轮和灯塔，学校的学生为大家演奏了音乐，活动持续到晚上。";
    for is_old in [false, true] {
        let house = House::new();
        let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
        for (number, name) in names.iter().enumerate() {
            let text = format!("港口开放日{number}\n\n{story}第{number}次。\n");
            let bytes = if is_old { gbk(&text) } else { text.into_bytes() };
            house.bytes(format!("news/{number}.txt"), &bytes);
            house.bytes(format!("news/{number}.txt.meta.toml"), &gbk(&format!("author = \"{name}\"\n")));
        }
        house.refresh().expect_ok();
        let authors: BTreeSet<String> = house
            .feed("sources/news.json")
            .iter()
            .map(|item| item.whole["authors"][0]["name"].as_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(authors, names.map(str::to_owned).into());
    }
}
