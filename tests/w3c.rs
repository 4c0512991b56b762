//! All that is published keeps to the specifications: by our own judge, by two parsers, and by the W3C's validator.

mod house;
mod strangers;

use house::{CONFIG, House};
use strangers::{SITE, expect_flawless};

#[test]
fn the_examples_are_published_without_a_flaw() {
    let house = House::new();
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/news/**/*.{txt,md,html,htm}");
    house.config(&format!(
        "[site]\ntitle = \"Sample news\"\nurl = \"{SITE}\"\nauthority = \"news.example.edu,2026\"\n\n\
         [[source]]\nid = \"examples\"\ntitle = \"Samples\"\nfiles = \"{examples}\"\ntimezone = \"Asia/Shanghai\"\n\n\
         [[feed]]\nid = \"research\"\ntitle = \"Research & more\"\nkeep = [\"(?i)research\"]\n"
    ));
    house.refresh().expect_ok();
    assert!(house.feed("all.json").len() >= 10);
    assert!(expect_flawless(&house, &[]) > 4 * 3);
}

/// Pages as people save them from a browser: a breadcrumb, a heading of its own, views, updates, paragraphs far apart.
const SAVED_PAGES: [(&str, &str); 5] = [
    (
        "000_51a0.txt",
        "Events & News\n\nNews\n\n    HARTWIG Lene, Minister of Research of the Republic of Nordmark, and Her Delegation Visited Lakeside Medical \
         University\n\n    Views:\n\n    On March 27th, 2025, Ms. HARTWIG Lene led a team to LMU to carry out the \"Harbour 'City'\" talent \
         plan.\n\n\n    Both parties discussed R&D <together> & agreed.\n",
    ),
    (
        "001_77cd.txt",
        "Current position: Home >> News >> Text\n\nThe First Sino-Nordic Forum on Tidal Medicine\n\nUpdate : 2025-04-02 Read :\n\n\
         The forum was held in the Harbour Hall.\n\nPrevious: none\nNext: none\n",
    ),
    (
        "002_90ab.txt",
        "Focus\n\n    Notice on the Spring Recruitment of Postdoctoral Fellows\n\n    Date: March 2025\n\n    Fellows may apply at \
         https://jobs.example.edu/apply?a=1&b=2 until the end of May.\n\nCopyright (c) Lakeside Medical University\n",
    ),
    (
        "003_c1c2.txt",
        "新闻动态\n\n    江湾大学与北境大学签署合作协议\n\n    发布时间：2025年3月27日    浏览次数：\n\n    3月26日，两校在江湾签署协议。\n\n上一篇：无\n下一篇：无\n",
    ),
    ("004_d00d.txt", "A Title and Nothing Else Worth a Date\n\nOne paragraph follows it.\n"),
];

#[test]
fn saved_pages_are_published_without_a_flaw() {
    let house = House::new();
    for (name, text) in SAVED_PAGES {
        house.file(format!("news/{name}"), text);
    }
    house.refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), SAVED_PAGES.len());
    expect_flawless(&house, &[]);
}

#[test]
fn the_judges_see_a_flaw() {
    let house = House::new();
    house.file("news/a.md", "---\ntitle: One\ndate: 2026-03-12\n---\n\nWords.\n").refresh().expect_ok();
    let flawed = |from: &str, to: &str| {
        let text = house.text("all.rss");
        assert!(text.contains(from), "{from:?} is not in {text}");
        std::fs::write(house.path("feeds/flawed.rss"), text.replace(from, to)).unwrap();
        let own = house.run(&["validate", "--json", "--url", &format!("{SITE}all.rss"), "feeds/flawed.rss"]).json();
        assert!(!own[0]["findings"].as_array().unwrap().is_empty(), "{to:?} passes");
    };
    flawed("isPermaLink=\"false\"", "isPermaLink=\"true\"");
    flawed("feeds/all.rss\" rel=\"self\"", "feeds/other.rss\" rel=\"self\"");
    flawed("<title>One</title>", "<title>One &amp;lt;/b&amp;gt;</title><title>Two</title>");
    flawed("</channel>", "</chanel>");
}

#[test]
fn a_list_has_titles_that_are_no_markup() {
    for title in ["R&D news", "A <B> C"] {
        let house = House::new();
        house
            .config(&CONFIG.replace("Harbour news", title))
            .file("news/a.txt", "One\n\nShips come in.\n")
            .refresh()
            .expect_ok();
        expect_flawless(&house, &[]);
    }
}

#[test]
fn a_feed_without_items_is_published_without_a_flaw() {
    let house = House::new();
    house.config_with("[[feed]]\nid = \"whales\"\ntitle = \"Whales\"\nkeep = [\"whale\"]\n");
    house.file("news/a.txt", "One\n\n2026-03-12\n\nShips come in.\n").refresh().expect_ok();
    assert!(house.feed("feeds/whales.json").is_empty());
    // The date of the newest change is advice, and there is no change to tell of.
    expect_flawless(&house, &["rss-channel-sparse"]);
}
