//! What stays published, and what is shown where, through the real binary.

mod house;

use house::{CHINESE, CONFIG, FERRY, House, TIDE};
use serde_json::json;

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
    let another =
        "The water of the river stood high for a week, and the boats were taken to the meadow behind the mill.";
    let told = "The tide rose over the harbour wall on Tuesday, and the ferry stayed at home until the evening.";
    house.file("news/b.txt", &other.replace(told, another)).refresh().expect_ok();
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
    house.file("news/b.md", &text("# Tide\n\nIt rose higher than was told.", "https://a.example.edu/tide"));
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
