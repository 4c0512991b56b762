//! All that is published keeps to the specifications: by our own judge, by two parsers, and by the W3C's validator.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]

mod house;
mod strangers;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};

use house::{CONFIG, House};
use serde_json::json;
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
fn feeds_that_name_hubs_are_published_without_a_flaw() {
    let house = House::new();
    // Not to be dialled: it is not on the open web.
    let (hub, other) = ("http://127.0.0.1:9/hub?a=1&b=%C3%A9", "http://10.0.0.1/");
    house.config_with(&format!("[publish]\nhub = [\"{hub}\", \"{other}\"]\nitems = 2\n"));
    for number in 1..=5 {
        house.file(
            format!("news/{number}.txt"),
            &format!("Ship {number} comes in\n\n2026-03-0{number}\n\nShip {number} is here.\n"),
        );
    }
    house.refresh().expect_ok().expect_said("is not asked");
    for ending in ["rss", "atom"] {
        let text = house.text(&format!("all.{ending}"));
        let parsed = roxmltree::Document::parse(&text).unwrap();
        let named = parsed.descendants().filter(|node| node.attribute("rel") == Some("hub"));
        assert_eq!(named.filter_map(|node| node.attribute("href")).collect::<Vec<_>>(), [hub, other]);
        // Nothing ever comes to a page of an archive.
        let page = house.tree().into_keys().find(|path| path.starts_with("archive/all/") && path.ends_with(ending));
        assert!(!house.text(&page.unwrap()).contains("rel=\"hub\""));
    }
    assert_eq!(house.json("all.json")["hubs"][0], json!({ "type": "WebSub", "url": hub }));
    expect_flawless(&house, &[]);
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

/// A feed as they are met: an address as an id, one that is none, one of a scheme of its own; a language that is none,
/// titles with markup in them, dates without a zone or of tomorrow, files of unknown size and kind, links that count.
const RSS: &str = r#"<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The &lt;b&gt;Quay&lt;/b&gt; &amp;amp; more</title><link>https://quay.example/</link>
<language>quay_1.0</language>
<item><title>R&amp;amp;D &lt;i&gt;bold&lt;/b&gt; a &amp;lt;br&amp;gt; &amp;8</title><guid>HTTPS://Quay.example/%e6%bd%ae?p=1</guid>
<link>https://quay.example/潮?p=1&amp;utm_source=rss#v12</link><pubDate>Wed, 04 Mar 2026 08:00:00 GMT</pubDate>
<category domain="x y">Tide &lt;/b&gt; tables</category><dc:creator>&lt;ada@quay.example&gt;</dc:creator>
<enclosure url="http://localhost/near.mp3"/><enclosure url="https://quay.example/far.mp3" length="-1" type="MP3"/>
<enclosure url="https://quay.example/book.pdf" length="1200" type="application/pdf; q=1"/>
<media:content url="https://quay.example/a b.jpg"/>
<description>&lt;p&gt;The tide &lt;a href="/rel"&gt;rose&lt;/a&gt;.&lt;script&gt;x&lt;/script&gt;&lt;img src="/p.gif" width="1" height="1"&gt;</description></item>
<item><title></title><guid isPermaLink="false">17</guid><source url="https://pier.example/rss?a=1&amp;b=2">Pier &lt;/b&gt; news</source>
<pubDate>Sat, 04 Mar 2056 08:00:00 GMT</pubDate><description>A second story of the quay &amp; of nothing else.</description></item>
<item><title>Three</title><guid isPermaLink="false">quay:video:3</guid><pubDate>4 Mar 2026 10:00</pubDate></item>
</channel></rss>"#;

const ATOM: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en_GB"><title type="html">Pier &amp;amp; &lt;i&gt;sons&lt;/i&gt;</title>
<id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</id><updated>2026-03-05T00:00:00Z</updated>
<entry><id>urn:uuid:988EF5C5</id><title>One</title><updated>2026-03-05T08:00:00Z</updated><published>2026-03-05T09:00:00Z</published>
<link href="https://pier.example/one.pdf" hreflang="xx"/><summary>One of the pier.</summary>
<source><id>Pier</id><title></title><link rel="self" href="https://ada:secret@pier.example/%d6%d0"/></source></entry>
<entry><id>tag:pier.example,2026:2</id><title>Two</title><updated>2026-03-05T08:00:00Z</updated><content type="html">&lt;b&gt;Two&lt;/b&gt; of it.</content></entry>
<entry><id>tag:pier.example,2026:2</id><title>Two again</title><link href="https://pier.example/2"/><updated>2026-03-05T08:00:00Z</updated></entry>
</feed>"#;

/// Serves these two feeds for as long as the process lives.
fn upstream() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut request = String::new();
            while stream.read_line(&mut request).unwrap() > 2 {}
            let body = if request.starts_with("GET /atom") { ATOM } else { RSS };
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.get_mut().write_all([head.as_bytes(), body.as_bytes()].concat().as_slice()).unwrap();
        }
    });
    address
}

#[test]
fn what_comes_from_feeds_is_published_without_a_flaw() {
    let (house, address) = (House::new(), upstream());
    house.config_with(&format!(
        "[[source]]\nid = \"quay\"\nfeed = \"http://{address}/rss\"\nrobots = false\n\
         [[source]]\nid = \"pier\"\nfeed = \"http://{address}/atom\"\nrobots = false\n\
         [refresh]\nallow_private = [\"{address}\"]\n"
    ));
    house.file("news/a.txt", "One\n\n2026-03-12\n\nShips come in.\n").refresh().expect_ok();
    expect_flawless(&house, &[]);
    let quay = house.json("sources/quay.json");
    let with = |id: &str| quay["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap().clone();
    let first = with("https://quay.example/%E6%BD%AE?p=1");
    assert_eq!(first["url"], "https://quay.example/%E6%BD%AE?p=1#v12");
    assert_eq!(first["image"], "https://quay.example/a%20b.jpg");
    assert_eq!(first["attachments"][1], json!({ "url": "https://quay.example/far.mp3", "mime_type": "audio/mpeg" }));
    assert_eq!(first["_feedgen"]["credit"]["title"], "The Quay & more");
    let ids: Vec<String> = house.feed("sources/quay.json").into_iter().map(|item| item.id).collect();
    assert_eq!(ids.iter().filter(|id| id.starts_with("tag:news.example.edu,2026:")).count(), 2, "{ids:?}");
    for ending in ["rss", "atom", "json", "html"] {
        assert!(house.text(&format!("all.{ending}")).contains("https://pier.example/rss?a=1&"), "{ending}");
        assert!(!house.text(&format!("all.{ending}")).contains("secret"), "{ending}");
    }
}
