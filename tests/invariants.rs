//! What always holds, whatever happens to documents, settings, disk and store: the invariants of ARCHITECTURE.md.
//! (That the clock is read in one place is held in `architecture.rs`.)

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]

mod house;

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;

use house::{CHOIR, CONFIG, COPY, FERRY, House, TIDE};

fn count(house: &House, table: &str) -> i64 {
    house.store().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

// 1. Nothing accepted is lost.

#[test]
fn what_could_not_be_published_is_published_later() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("feeds", "in the way").refresh().expect_code(3).expect_said("feeds");
    assert_eq!(count(&house, "item"), 1);
    // The document is gone: only the store can tell of it now.
    house.remove("feeds").remove("news/a.txt").refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
    assert!(house.has(&format!("items/{}.html", house.feed("all.json")[0].key())));
}

#[test]
fn items_and_their_stamps_are_saved_together_or_not_at_all() {
    for refuse in [
        "INSERT ON document WHEN new.path = CAST('b.txt' AS BLOB)",
        "INSERT ON item WHEN new.place = CAST('b.txt' AS BLOB)",
    ] {
        let house = House::new();
        house.refresh().expect_ok();
        house
            .store()
            .execute_batch(&format!("CREATE TRIGGER refuse BEFORE {refuse} BEGIN SELECT RAISE(ABORT, 'refused'); END"))
            .unwrap();
        house.file("news/a.txt", TIDE).file("news/b.txt", FERRY).refresh().expect_code(3).expect_said("refused");
        assert_eq!((count(&house, "item"), count(&house, "document"), count(&house, "member")), (0, 0, 0), "{refuse}");
        house.store().execute_batch("DROP TRIGGER refuse").unwrap();
        house.refresh().expect_ok();
        assert_eq!(house.feed("all.json").len(), 2, "{refuse}");
    }
}

#[test]
fn documents_are_read_again_when_the_settings_of_their_source_change() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    assert_eq!(house.feed("all.json")[0].whole.get("authors"), None);
    house.config_with("author = \"Press office\"\ncategories = [\"talent\"]").refresh().expect_ok();
    let item = &house.feed("all.json")[0];
    assert_eq!(item.whole["authors"][0]["name"], "Press office");
    assert!(house.has("categories/talent.rss"));
}

#[test]
fn a_change_that_could_not_be_published_is_not_forgotten() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    house.rename("feeds", "aside").file("feeds", "in the way");
    house.file("news/b.txt", FERRY).refresh().expect_code(3);
    house.remove("feeds").rename("aside", "feeds").refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), 2);
    assert_eq!(house.feed("sources/news.json").len(), 2);
}

// 2. Feeds are a pure function of store and settings.

#[test]
fn published_files_come_back_byte_for_byte() {
    let house = House::four();
    let before = house.published();
    house.remove("feeds").at("2026-05-09T08:00:00Z").refresh().expect_ok();
    assert_eq!(house.published(), before);
}

#[test]
fn a_second_refresh_leaves_every_file_untouched() {
    let house = House::four();
    let before = house.tree();
    house.at("2026-05-02T00:00:00Z").refresh().expect_ok().expect_said("up to date");
    assert_eq!(house.tree(), before);
    house.at("2026-05-03T00:00:00Z").run(&["refresh", "--force"]).expect_ok();
    assert_eq!(house.tree(), before, "the same bytes leave a file as it is");
}

#[test]
fn a_published_file_that_is_damaged_or_gone_is_mended() {
    let house = House::four();
    let before = house.published();
    let page = format!("items/{}.html", house.feed("all.json")[0].key());
    for path in ["all.rss", "index.html", "sources/news.json", "style.css", "feeds.opml"] {
        house.file(format!("feeds/{path}"), "damaged").refresh().expect_ok();
        assert_eq!(house.published(), before, "{path} damaged");
        house.remove(format!("feeds/{path}")).refresh().expect_ok();
        assert_eq!(house.published(), before, "{path} gone");
    }
    house.remove(format!("feeds/{page}")).refresh().expect_ok();
    assert_eq!(house.published(), before, "{page} gone");
}

#[test]
fn a_crash_between_commit_and_publishing_heals() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    // The second document is committed while nothing can be published; what was published before lies there still.
    house.rename("feeds", "aside").file("feeds", "in the way");
    house.file("news/b.txt", FERRY).refresh().expect_code(3);
    house.remove("feeds").rename("aside", "feeds");
    house.file("feeds/.staging/0", "half a file");
    house.refresh().expect_ok();
    let undisturbed = House::new();
    undisturbed.file("news/a.txt", TIDE).file("news/b.txt", FERRY).refresh().expect_ok();
    assert_eq!(house.published(), undisturbed.published());
}

// 4. `published` never changes; `updated` moves with the words only.

const PAGE: &str = "<!DOCTYPE html><html lang=en><head><title>Night ferry</title></head><body><article><h1>Night ferry</h1>\
    <p class=date>Published: 2026-03-05</p><p>Views: 12</p>\
    <p>The night ferry crosses the harbour in the dark, and nobody on board has ever seen the other side by day.</p>\
    <p>It was built by students of the college, who sleep while it sails.</p></article></body></html>";

#[test]
fn what_is_no_word_does_not_move_the_date_of_change() {
    let house = House::new();
    house.file("news/a.html", PAGE).refresh().expect_ok();
    let before = house.item("Night ferry");
    assert_eq!((before.date.as_str(), before.updated.as_str()), ("2026-03-05T04:00:00Z", "2026-03-05T04:00:00Z"));
    let same = [
        ("markup", PAGE.replace("nobody on board", "<b>nobody</b> on <em>board</em>")),
        ("white space", PAGE.replace(". ", ".\n   ").replace("the dark", "the  \t dark")),
        ("a counter", PAGE.replace("Views: 12", "Views: 13")),
        ("a category", PAGE.replace("<title>", "<meta name=keywords content=Research><title>")),
        ("another date", PAGE.replace("2026-03-05", "2026-03-07")),
    ];
    for (day, (what, page)) in same.iter().enumerate() {
        house.at(&format!("2026-06-{:02}T00:00:00Z", day + 1)).file("news/a.html", page).refresh().expect_ok();
        let item = house.item("Night ferry");
        assert_eq!(
            (item.date, item.updated, item.id),
            (before.date.clone(), before.updated.clone(), before.id.clone()),
            "{what}"
        );
    }
    house.at("2026-07-01T00:00:00Z").file("news/a.html", &PAGE.replace("sleep", "dream")).refresh().expect_ok();
    let item = house.item("Night ferry");
    assert_eq!((item.date, item.updated.as_str()), (before.date, "2026-07-01T00:00:00Z"), "a word");
}

#[test]
fn a_change_of_the_title_moves_the_date_of_change() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    house.at("2026-07-01T00:00:00Z").file("news/a.txt", &TIDE.replace("two", "four")).refresh().expect_ok();
    let item = house.item("The tide rose by four metres");
    assert_eq!((item.date.as_str(), item.updated.as_str()), ("2026-03-04T04:00:00Z", "2026-07-01T00:00:00Z"));
}

// 5. Arrival order and the number of refreshes do not change the output.

#[test]
fn the_order_of_sources_in_one_folder_changes_no_item() {
    let source = |id: &str, files: &str| format!("[[source]]\nid = \"{id}\"\nfiles = \"{files}\"\n");
    let site = CONFIG.split("[[source]]").next().unwrap();
    let both = [source("one", "news/**/*"), source("two", "more/**/*")];
    let feeds = |config: String| {
        let house = House::new();
        house
            .config(&config)
            .file("news/a.txt", CHOIR)
            .file("more/b.txt", COPY)
            .file("more/c.txt", TIDE)
            .refresh()
            .expect_ok();
        house.bytes_of("all.json")
    };
    assert_eq!(feeds(format!("{site}{}{}", both[0], both[1])), feeds(format!("{site}{}{}", both[1], both[0])));
}

// 7. A failing source never touches what is published.

#[test]
fn a_failing_source_keeps_its_feeds_and_the_others_go_on() {
    let house = House::new();
    house.config_with("[[source]]\nid = \"port\"\nfiles = \"port/*.txt\"\n");
    house.file("news/a.txt", TIDE).file("port/b.txt", FERRY).refresh().expect_ok();
    let before = house.tree();
    house.rename("port", "elsewhere").refresh().expect_code(1).expect_said("port").expect_said("create it");
    assert_eq!(house.tree(), before);
    house.file("news/c.txt", CHOIR).refresh().expect_code(1);
    assert_eq!(house.feed("all.json").len(), 3);
    let after = house.tree();
    for path in ["sources/port.rss", "sources/port.atom", "sources/port.json", "sources/port.html"] {
        assert_eq!(after[path], before[path], "{path}");
    }
    house.rename("elsewhere", "port").refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), 3);
}

// 8. The cost of a walk follows what changed.

#[test]
fn an_unchanged_document_is_not_opened() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    let path = house.path("news/a.txt");
    let before = fs::metadata(&path).unwrap();
    // Other bytes that look the same: whoever opens the file finds them.
    fs::write(&path, TIDE.replace("rose", "sank")).unwrap();
    File::options().write(true).open(&path).unwrap().set_modified(before.modified().unwrap()).unwrap();
    let after = fs::metadata(&path).unwrap();
    assert_eq!((before.len(), before.ino(), before.mtime()), (after.len(), after.ino(), after.mtime()));
    house.refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
    house.run(&["refresh", "--force"]).expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide sank by two metres"]);
}

#[test]
fn only_the_feeds_that_a_change_shows_in_are_written() {
    let house = House::new();
    house.config_with("[[source]]\nid = \"port\"\nfiles = \"port/*.txt\"\n");
    house.file("news/a.txt", TIDE).file("port/b.txt", FERRY).refresh().expect_ok();
    let page = format!("items/{}.html", house.item("The tide rose by two metres").key());
    let before = house.tree();
    house.file("port/c.txt", CHOIR).refresh().expect_ok();
    let after = house.tree();
    for path in ["sources/news.rss", "sources/news.json", "sources/news.html", "style.css", page.as_str()] {
        assert_eq!(after[path], before[path], "{path}");
    }
    assert_ne!(after["all.rss"], before["all.rss"]);
    assert_ne!(after["sources/port.rss"], before["sources/port.rss"]);
}

// 9. Nothing hostile gets through.

#[test]
fn hostile_content_comes_out_inert() {
    let house = House::new();
    let page = "<html><head><title>Ferry <script>alert(1)</script></title><base href='javascript:alert(2)//'></head><body><article><h1>Ferry &lt;img src=x onerror=alert(3)&gt;</h1>\
        <p onclick='alert(4)' style='position:fixed'>The ferry is <a href='javascript:alert(5)'>late</a>, <a href=' java&#10;script:alert(6)'>very</a> late, and the harbour is closed until Monday.</p>\
        <img src=x onerror=alert(7)><svg onload=alert(8)><style>@import 'x'</style><script>alert(9)</script></svg><math><mtext><script>alert(10)</script></mtext></math>\
        <iframe src='data:text/html,x'></iframe><object data=x></object><form action=x><button formaction='javascript:alert(11)'>x</button></form>\
        <noscript><p title='</noscript><img src=x onerror=alert(12)>'></noscript><p>]]> &#0; &#x1b; &#xfffe; \u{202e} closes nothing.</p></article></body></html>";
    let text = "Tide ]]></title></item><script>alert(1)</script> \u{fffe}\u{1b}[31m\n\n2026-03-04\n\n<img src=x onerror=alert(2)> &lt;b&gt; &amp;amp; ]]> \u{1}\u{8} and the tide, which rises as it always has.\n";
    let markdown = "---\ntitle: \"Choir\\u0000 <b onmouseover=alert(1)>x</b>\"\nurl: \"javascript:alert(1)\"\nauthor: \"<script>alert(2)</script>\"\ncategories: [\"../../../etc\", \"</title><script>\"]\nlanguage: \"en\\\"><script>\"\n---\nThe [choir](javascript:alert(3)) sings ![x](javascript:alert(4) \"y\") <script>alert(5)</script> <a href=\"data:text/html,x\">data</a> on the quay.\n";
    house.file("news/a.html", page).file("news/b.txt", text).file("news/c.md", markdown);
    house.file("news/../outside.txt", "Secret of the harbour master\n\nNobody may read this.\n");
    house.refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), 3);
    let (mut feeds, mut pages) = (0, 0);
    for path in house.tree().keys() {
        assert!(!path.contains(".."), "{path}");
        let ending = path.rsplit('.').next().unwrap();
        if ending == "html" {
            pages += 1;
            check_inert(path, &house.text(path));
        } else if ["rss", "atom", "json", "opml"].contains(&ending) {
            feeds += 1;
            house.run(&["validate", &format!("feeds/{path}")]).expect_ok().expect_said("0 errors");
            assert!(!house.text(path).contains("Nobody may read this"), "{path}");
        }
    }
    for item in house.feed("all.json") {
        check_inert(&item.title, &item.content);
        assert!(item.url.starts_with("https://"), "{}", item.url);
    }
    assert!(feeds >= 7 && pages >= 6, "{feeds} feeds, {pages} pages");
}

/// No element or attribute of a page does anything.
#[track_caller]
fn check_inert(name: &str, html: &str) {
    let page = scraper::Html::parse_document(html);
    for element in page.tree.nodes().filter_map(|node| node.value().as_element()) {
        let tag = element.name();
        assert!(
            !["script", "iframe", "object", "embed", "form", "svg", "math", "base", "button"].contains(&tag),
            "{name}: <{tag}>"
        );
        for (attribute, value) in element.attrs() {
            assert!(!attribute.starts_with("on"), "{name}: <{tag} {attribute}>");
            let plain: String =
                value.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect::<String>().to_lowercase();
            let address = ["href", "src", "action", "formaction"].contains(&attribute);
            assert!(
                !address || !(plain.starts_with("javascript:") || plain.starts_with("data:text")),
                "{name}: {attribute}={value:?}"
            );
        }
    }
}

#[test]
fn nothing_outside_of_the_folder_is_read() {
    let house = House::new();
    let secret = "Secret of the harbour master\n\nNobody may read this.\n";
    house.file("secret.txt", secret).file("vault/deep.txt", secret).file("news/a.txt", TIDE);
    std::os::unix::fs::symlink("../secret.txt", house.path("news/link.txt")).unwrap();
    std::os::unix::fs::symlink(house.path("vault"), house.path("news/folder")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", house.path("news/system.txt")).unwrap();
    house.refresh().expect_ok().expect_said("leads out of the folder");
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
    for path in house.tree().keys() {
        let found = house.bytes_of(path).windows(6).any(|part| part == b"Secret");
        assert!(!found, "{path}");
    }
    let unread = |name: &str| {
        house
            .store()
            .query_row("SELECT count(*) FROM item WHERE title LIKE ?1", [name], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!(unread("Secret%"), 0);
}

#[test]
fn a_page_that_is_made_to_choke_a_parser_does_not() {
    let house = House::new();
    let deep = format!("<title>Deep</title><p>The harbour is deep.</p>{}deep", "<div>".repeat(200_000));
    let formatted =
        format!("<title>Bold</title><p>The harbour is bold.</p>{}bold", "<p><b><i><u><font color=red>".repeat(3_000));
    let attributes = format!(
        "<title>Wide</title><p {}>The harbour is wide.</p>",
        (0..50_000).map(|n| format!("a{n}=1")).collect::<Vec<_>>().join(" ")
    );
    house.file("news/deep.html", &deep).file("news/bold.html", &formatted).file("news/wide.html", &attributes);
    let outcome = house.refresh();
    outcome.expect_ok();
    let mut titles = house.titles("all.json");
    titles.sort();
    assert_eq!(titles, ["Bold", "Deep", "Wide"], "{outcome:?}");
}

// Item pages.

/// Names of the item pages.
fn pages(house: &House) -> Vec<String> {
    house.tree_of("feeds/items").into_keys().collect()
}

#[test]
fn a_page_that_somebody_took_away_is_back_even_if_a_stray_file_lies_there() {
    for stray in ["notes.txt", "0123456789abcdef.html"] {
        let house = House::new();
        house.file("news/a.txt", TIDE).file("news/b.txt", CHOIR).refresh().expect_ok();
        let page = format!("feeds/items/{}.html", house.item("The tide rose by two metres").key());
        let bytes = fs::read(house.path(&page)).unwrap();
        house.remove(&page).file(format!("feeds/items/{stray}"), "stray").refresh().expect_ok();
        assert_eq!(fs::read(house.path(&page)).unwrap(), bytes);
        assert!(house.refresh().expect_ok().stdout.contains("is up to date"), "{stray} is looked at again and again");
    }
}

#[test]
fn an_item_page_goes_when_its_item_has_none_any_more() {
    let house = House::new();
    let port = "[[source]]\nid = \"port\"\nfiles = \"port/*.txt\"\n";
    let story =
        |more: &str| format!("---\ntitle: The ferry is late\ndate: 2026-03-12\n{more}---\n\nIt waits for the tide.\n");
    house.config_with(port).file("news/a.txt", TIDE).file("port/b.txt", CHOIR).file("news/c.md", &story(""));
    house.refresh().expect_ok();
    assert_eq!(pages(&house).len(), 3);
    let ferry = format!("{}.html", house.item("The ferry is late").key());
    house.file("news/c.md", &story("url: https://ferry.example.edu/late\n")).refresh().expect_ok();
    assert_eq!((pages(&house).len(), pages(&house).contains(&ferry)), (2, false));
    house.config_with(&format!("{port}drop = [\"(?i)choir\"]\n")).refresh().expect_ok();
    assert_eq!(pages(&house).len(), 1);
    house.config_with(port).refresh().expect_ok();
    assert_eq!(pages(&house).len(), 2);
    house.config_with("").refresh().expect_ok();
    assert_eq!(pages(&house).len(), 1);
    house.file("news/c.md", &story("")).refresh().expect_ok();
    assert!(pages(&house).contains(&ferry));
}

#[test]
fn web_servers_can_read_what_is_published_whatever_the_umask() {
    let house = House::new();
    let walk = |house: &House| {
        let plain = house.command(&["refresh"]);
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", "umask 0177 && exec \"$0\" \"$@\""]).arg(plain.get_program()).args(plain.get_args());
        shell.current_dir(house.path("")).env_clear();
        shell.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        assert!(shell.output().unwrap().status.success());
    };
    walk(house.file("news/a.txt", TIDE));
    walk(house.file("news/b.txt", CHOIR));
    let mode = |path: &str| fs::metadata(house.path("feeds").join(path)).unwrap().mode() & 0o777;
    let files = house.tree();
    assert!(files.keys().filter(|path| path.starts_with("items/")).count() == 2);
    for path in files.keys() {
        assert_eq!(mode(path), 0o644, "{path}");
    }
    for folder in ["", "items", "sources", "categories"] {
        assert_eq!(mode(folder), 0o755, "{folder}");
    }
}

#[test]
fn a_feed_that_cannot_be_put_in_place_keeps_no_other_back() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    house.remove("feeds/all.atom").file("feeds/all.atom/in-the-way", "x").file("news/b.txt", FERRY);
    house.refresh().expect_code(3).expect_said("all.atom");
    assert_eq!((house.feed("all.json").len(), house.feed("sources/news.json").len()), (2, 2));
    house.remove("feeds/all.atom").refresh().expect_ok();
    assert!(house.text("all.atom").contains("A ferry without an engine"));
}
