//! Documents of every kind that a folder holds, through the real binary: what becomes of them, and what is said.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]

mod house;

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use house::{CHINESE, CONFIG, FERRY, House, TIDE};
use serde_json::json;

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

#[test]
fn a_line_of_labels_takes_nothing_with_it() {
    let house = House::new();
    let line = "The dean opened the new sea wall in the presence of the mayor and of all who had built it.";
    let page = format!(
        "<title>Sea wall opened</title><h1>Sea wall opened</h1><div>Author: Mei Lin Views: 12<br>{line}<br>{line}<br>Editor: Tom Reed</div>"
    );
    house.file("news/a.html", &page).refresh().expect_ok();
    assert_eq!(house.feed("all.json")[0].content, format!("<p>{line}<br>{line}</p>"));
}

#[test]
fn credits_below_a_story_stay_where_its_end_is_known() {
    let house = House::new();
    let line = "The dean opened the new sea wall in the presence of the mayor and of all who had built it.";
    let page = |class: &str| {
        format!(
            "<title>Sea wall</title><h1>Sea wall</h1><div class={class}><p>{line}<p>{line}<p>{line}<p>来源：光明日报<p>浏览次数：12</div>"
        )
    };
    house.file("news/a.html", &page("v_news_content")).refresh().expect_ok();
    assert!(house.feed("all.json")[0].content.ends_with("<p>来源：光明日报</p>"));
    house.file("news/a.html", &page("c12")).refresh().expect_ok();
    assert!(house.feed("all.json")[0].content.ends_with(&format!("<p>{line}</p>")));
}

#[test]
fn files_behind_a_story_are_its_enclosures() {
    let house = House::new();
    let line = "The dean opened the new sea wall in the presence of the mayor and of all who had built it.";
    let text = format!("<p>{line}</p>").repeat(4);
    let page = format!(
        "<title>Sea wall</title><base href=https://sea.example/1.htm><h1>Sea wall</h1><form><div><div class=v_news_content>{text}</div></div><ul><li>附件【<a href='/download.jsp?id=7'>海堤.pdf</a>】已下载</ul></form>"
    );
    house.file("news/a.html", &page).refresh().expect_ok();
    let item = &house.feed("all.json")[0];
    let file = json!([{ "url": "https://sea.example/download.jsp?id=7", "mime_type": "application/pdf" }]);
    assert_eq!((item.content.as_str(), &item.whole["attachments"]), (text.as_str(), &file));
}

#[test]
fn a_title_that_the_text_repeats_as_a_sentence_is_text() {
    let house = House::new();
    let page = "<title>Mei Lin won the race</title><h1>Mei Lin won the race</h1><div class=v_news_content><p>Mei Lin won the race.<p>She ran for the school of engineering, and was first by a minute.</div>";
    house.file("news/a.html", page).refresh().expect_ok();
    assert!(house.feed("all.json")[0].content.starts_with("<p>Mei Lin won the race.</p>"));
    house.file("news/a.html", &page.replace("race.<p>", "race<p>")).refresh().expect_ok();
    assert!(house.feed("all.json")[0].content.starts_with("<p>She ran"));
}

#[test]
fn captions_that_are_only_named_so_stay_with_their_pictures() {
    let house = House::new();
    let line = "The dean opened the new sea wall in the presence of the mayor and of all who had built it.";
    let text = format!("<p>{line}</p>").repeat(6);
    let page = format!(
        "<title>Sea wall</title><h1>Sea wall</h1><div id=text><div class=pic><img src=https://sea.example/wall.jpg alt=wall><div class=img-caption>The wall</div></div>{text}<p class=credit>Photo: Tom Reed</p></div>"
    );
    house.file("news/a.html", &page).refresh().expect_ok();
    let item = &house.feed("all.json")[0];
    let figure =
        "<figure><img src=\"https://sea.example/wall.jpg\" alt=\"wall\"><figcaption>The wall</figcaption></figure>";
    assert_eq!(item.content, format!("{figure}{text}"));
    assert!(item.whole["summary"].as_str().is_some_and(|summary| summary.starts_with("The dean")));
}

/// A document waits while a file of it, half of which lies there already, is written.
fn check_waits(house: &House, growing: &str, half: &str, whole: &str) {
    // A clock just behind the file: it is half a second old when the walk looks at it, and is touched for as long as the walk waits.
    house.at("2026-05-01T00:00:01Z").file(growing, half);
    let instant = |milliseconds: u64| SystemTime::UNIX_EPOCH + Duration::from_millis(1_777_593_600_000 + milliseconds);
    let file = File::options().append(true).open(house.path(growing)).unwrap();
    file.set_modified(instant(500)).unwrap();
    let mut walking = house.command(&["refresh"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    for written in (501..600).cycle() {
        if walking.try_wait().unwrap().is_some() {
            break;
        }
        file.set_modified(instant(written)).unwrap();
        std::thread::sleep(Duration::from_millis(10));
    }
    let outcome = walking.wait_with_output().unwrap();
    let said = String::from_utf8(outcome.stderr).unwrap();
    assert!(outcome.status.success(), "{said}");
    assert!(said.contains("news/a.txt is still being written: it waits for the next walk"), "{said}");
    assert!(house.feed("all.json").is_empty());
    fs::write(house.path(growing), whole).unwrap();
    file.set_modified(instant(1000)).unwrap();
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
fn what_is_emptied_and_marked_as_a_draft_in_its_sidecar_is_withdrawn() {
    for empty in ["---\n---", "", "\n", "***\n", "---\ndate: 2026-03-04\n---\n"] {
        let house = House::new();
        house.file("news/a.txt", TIDE).refresh().expect_ok();
        house.file("news/a.txt", empty).file("news/a.meta.toml", "draft = perhaps");
        house.refresh().expect_ok().expect_said("line 1 of its sidecar is neither");
        assert_eq!(house.feed("all.json").len(), 1, "{empty:?}");
        house.file("news/a.meta.toml", "draft = true").refresh().expect_ok().expect_said("is marked as a draft");
        assert!(house.feed("all.json").is_empty(), "{empty:?}");
        house.file("news/a.meta.toml", "draft = false").refresh().expect_ok().expect_said("is empty");
    }
}

#[test]
fn what_says_nothing_to_a_reader_is_told_as_empty() {
    for (name, text) in [
        ("a.md", "***\n"),
        ("a.txt", "***\n"),
        ("a.md", "...\n"),
        ("a.md", "<!-- to do -->\n"),
        ("a.md", "---\ndate: 2026-03-04\ntags: [sea]\n---\n"),
        ("a.md", "+++\ndate = 2026-03-04\ntitle = \"\"\n+++\n\n---\n"),
        ("a.txt", "---\ndate: 2026-03-04\n---\n"),
        ("a.md", "# \n\n| |\n|-|\n"),
        ("a.html", "<!doctype html><html><body><!-- to do --><hr></body></html>"),
    ] {
        let house = House::new();
        house.file(format!("news/{name}"), text).refresh().expect_ok().expect_said(&format!("news/{name} is empty"));
        assert!(house.feed("all.json").is_empty(), "{text}");
        // What it said before stays out.
        house.file(format!("news/{name}"), TIDE).refresh().expect_ok();
        let before = house.titles("all.json");
        house.file(format!("news/{name}"), text).refresh().expect_ok().expect_said("is empty");
        assert_eq!((house.titles("all.json"), before.len()), (before, 1), "{text}");
    }
    // A title is news, and so are a summary, a picture, a link and whatever is left out of a text.
    for (name, text) in [
        ("a.md", "---\ntitle: Ferry\n---\n"),
        ("a.txt", "---\ntitle: Ferry\n---\n***\n"),
        ("a.html", "<!doctype html><html><head><title>Ferry</title></head><body></body></html>"),
        ("a.md", "---\ndescription: The ferry is late.\n---\n"),
        ("a.md", "---\nimage: https://sea.example/ferry.png\n---\n"),
        ("a.md", "---\nlink: https://sea.example/ferry\n---\n"),
        ("a.md", "![](ferry.png)\n"),
        ("a.md", "<video src=\"https://sea.example/ferry.mp4\"></video>\n"),
        ("a.txt", "2026-03-04\n"),
        ("a.txt", "🎉\n"),
        ("a.md", "???\n"),
    ] {
        let house = House::new();
        house.file(format!("news/{name}"), text).refresh().expect_ok();
        assert_eq!(house.feed("all.json").len(), 1, "{text}");
    }
    let house = House::new();
    house.file("news/a.md", "***\n").file("news/a.meta.toml", "title = \"Ferry\"").refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["Ferry"]);
}

#[test]
fn what_is_no_document_is_noted_with_its_path_and_the_next_step() {
    let house = House::new();
    house.file("news/good.txt", TIDE).file("elsewhere/b.txt", FERRY);
    house
        .file("news/empty.txt", "")
        .file("news/blank.md", " \n\t\n")
        .file("news/fences.md", "---\n---\n")
        .file("news/fences.txt", "---\r\n---")
        .file("news/remark.md", "---\n# to be written\n---\n")
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
        ("news/fences.md", "is empty"),
        ("news/fences.txt", "is empty"),
        ("news/remark.md", "is empty"),
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
    assert_eq!(notes.as_array().unwrap().len(), 15, "{notes:#}");
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
    // They are named on the command line as they are.
    let run = |command: &[&str], name: &[u8]| {
        let output = house.command(command).arg(OsStr::from_bytes(name)).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };
    for (number, name) in names.iter().enumerate().take(2) {
        let path = [b"news/", *name].concat();
        for command in [&["show"][..], &["explain"], &["explain", "news/no-ending"], &["remove", "--dry-run"]] {
            let (code, said) = run(command, &path);
            assert_eq!(code, Some(0), "{command:?}\n{said}");
            assert!(said.contains(&format!("{number} hundred")) || command.len() == 2, "{command:?}\n{said}");
        }
    }
    for command in ["show", "explain"] {
        let (code, said) = run(&[command], b"news/\xff.txt");
        assert!(code == Some(1) && said.contains("no item \"news/\u{fffd}.txt\": give its key"), "{said}");
        let (code, said) = run(&[command], b"");
        assert!(code == Some(2) && said.contains("a value is required"), "{said}");
    }
}

#[test]
fn a_folder_that_is_a_link_to_itself_is_told_as_that() {
    let house = House::new();
    house.file("news/a.txt", TIDE).config(&CONFIG.replace("news/**/*", "loop/**/*"));
    symlink("loop", house.path("loop")).unwrap();
    let told = "loop cannot be reached: a symbolic link on the way leads back to itself; let it lead to the folder";
    house.run(&["check"]).expect_said(told);
    house.run(&["refresh"]).expect_code(2).expect_said(told);
    // Below one, too, and where another source is sound.
    let other = "[[source]]\nid = \"other\"\nfiles = \"loop/deep/*\"\n";
    house
        .config(&format!("{CONFIG}{other}"))
        .run(&["check"])
        .expect_said(&told.replace("loop cannot", "loop/deep cannot"));
    house.refresh().expect_code(1).expect_said("correct `files` of source other");
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

// Dates and titles.

#[test]
fn an_offset_that_is_none_and_a_date_to_come_are_noted_and_change_nothing() {
    let house = House::new();
    let number = std::cell::Cell::new(0);
    // What is noted of a document with these first lines, and when it is published.
    let told = |head: &str| {
        number.set(number.get() + 1);
        let (path, title) = (format!("news/{}.md", number.get()), format!("Ship {}", number.get()));
        let words =
            ["anchor", "bosun", "cargo", "davit", "ensign", "fender", "gale"].map(|word| word.repeat(number.get()));
        house.file(&path, &format!("{}\n\nThe {} came in.\n", head.replace("TITLE", &title), words.join(" ")));
        let report = house.run(&["refresh", "--json"]).expect_ok().json();
        let notes = report["sources"][0]["notes"].as_array().unwrap().iter();
        let notes: Vec<String> = notes.map(|note| note["text"].as_str().unwrap().to_owned()).collect();
        let explained = house.run(&["explain", &path]).stdout;
        assert!(notes.iter().all(|note| explained.contains(note.as_str())), "{notes:?}: {explained}");
        (notes.join("; "), house.item(&title).date)
    };
    let front = |date: &str| told(&format!("---\ntitle: TITLE\ndate: {date}\n---"));
    let line = |date: &str| told(&format!("# TITLE\n\n{date}"));
    for offset in ["+5:30", "+15:00", "+1500", "-3:00", "+5"] {
        for (note, date) in [front(&format!("2026-03-04 10:00 {offset}")), line(&format!("2026-03-04 10:00 {offset}"))]
        {
            assert!(note.contains(&format!("has the offset {offset:?} in a date, which is none")), "{offset}: {note}");
            assert!(note.contains("Asia/Shanghai"), "{note}");
            assert_eq!(date, "2026-03-04T02:00:00Z", "{offset}");
        }
    }
    for right in ["+05:30", "+0530", "GMT+5:30"] {
        let (note, date) = front(&format!("2026-03-04 10:00 {right}"));
        assert_eq!((note.as_str(), date.as_str()), ("", "2026-03-04T04:30:00Z"), "{right}");
    }
    // It is 1 May, eight o'clock in the morning.
    for today in [front("2026-05-01"), line("2026-05-01"), front("2026-05-01 10:00")] {
        assert_eq!(today.0, "");
    }
    for (note, date) in [front("2026-05-02"), line("2026-05-02")] {
        assert!(note.contains("has the date 2026-05-02, a day ahead of 2026-05-01"), "{note}");
        assert_eq!(date, "2026-04-30T23:00:00Z");
    }
    for (note, date) in [front("2026-05-03"), line("2026-05-03")] {
        assert!(note.contains("2026-05-03") && note.contains("which lies in the future and is passed over"), "{note}");
        assert_eq!(date, "2026-05-01T00:00:00Z");
    }
}

#[test]
fn titles_of_documents_keep_the_tags_that_they_are_about() {
    let house = House::new();
    let body = |name: &str| format!("The {name} ferry has a new route, and {name} leaves {name} by {name} each day.");
    house
        .file("news/a.md", &format!("---\ntitle: Use <div> in HTML\ndate: 2026-03-04\n---\n\n{}\n", body("first")))
        .file("news/b.txt", &format!("Use <span> in a page\n\n2026-03-04\n\n{}\n", body("second")))
        .file("news/c.md", &format!("# Use `<em>` in a page\n\n2026-03-04\n\n{}\n", body("third")))
        .file(
            "news/d.md",
            &format!("---\ntitle: <b>Bold</b> news & more\ndate: 2026-03-04\n---\n\n{}\n", body("fourth")),
        )
        .file(
            "news/e.html",
            &format!(
                "<title>Use &lt;ul&gt; for lists</title><h1>Use &lt;ul&gt; for lists</h1><p>2026-03-04</p><p>{}</p>",
                body("fifth")
            ),
        )
        .refresh()
        .expect_ok();
    let mut titles = house.titles("all.json");
    titles.sort();
    assert_eq!(
        titles,
        ["Bold news & more", "Use <div> in HTML", "Use <em> in a page", "Use <span> in a page", "Use <ul> for lists"]
    );
    // Each format escapes them once, and pages show them.
    for (file, written) in
        [("all.rss", "<title>Use &#x3C;div&#x3E; in HTML</title>"), ("all.html", "Use &lt;div&gt; in HTML")]
    {
        assert!(house.text(file).contains(written), "{file}");
    }
}

#[test]
fn a_tag_of_markdown_that_nothing_ends_takes_nothing_with_it() {
    let house = House::new();
    house.file("news/a.md", "# The <title> element\n\nUse a <textarea> for long text.\n\n<select>\n\nThe tide rose.\n");
    house.file(
        "news/b.md",
        "# Of scripts\n\nThe ferry came.\n\n<script>\nlet hidden = 1;\n</script>\n\nIt left again.\n",
    );
    house.refresh().expect_ok();
    let (titled, scripted) = (house.item("The <title> element"), house.item("Of scripts"));
    assert!(titled.content.contains("Use a &lt;textarea&gt; for long text."), "{}", titled.content);
    assert!(titled.content.contains("The tide rose."), "{}", titled.content);
    assert!(
        scripted.content.contains("It left again.") && !scripted.content.contains("hidden"),
        "{}",
        scripted.content
    );
}
