//! Readers that people use, and that share no code with us, read what the documents said.
//!
//! What is expected comes from the documents as the tests wrote them, so that a fault common to all our writers shows; ids
//! and contents come from `all.json`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its house has failed")]

mod house;
mod strangers;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use chrono::DateTime;
use house::{House, TestItem};
use serde_json::Value;
use strangers::{ending, output, program, python};

/// A document, as it is written and as every reader must see it.
struct Story {
    title: String,
    /// As the front matter has it.
    date: String,
    /// Seconds since 1970.
    published: i64,
    link: Option<String>,
    author: &'static str,
    categories: &'static [&'static str],
}

/// Titles that are easily escaped once too often, or not at all.
const TITLES: [&str; 12] = [
    "Plain words",
    "R&D <5 & \"quotes\" isn't 7&8",
    "AT&amp;T writes &lt;b&gt; in its titles",
    "江湾大学与北境大学签署合作协议",
    "A ship 🚢, a family 👨‍👩‍👧 and a flag 🇳🇴",
    "مرحبا بالعالم in the harbour",
    "Cafés à São Paulo: naïve façades",
    "]]> closes nothing",
    "100% of 50 %20 and + and \\n and \\t",
    "x < y > z",
    "&#x41; and &nbsp; stay as they are",
    "“Curly” – dashes — and…",
];

const AUTHORS: [&str; 4] = ["Ines Calloway", "Ines & Sons <press>", "新闻中心", "O'Neill, Áine"];

const CATEGORIES: [&[&str]; 4] = [&["Research"], &["Boats & Water"], &["科研", "Harbour"], &["Student <life>"]];

/// Enough for a second page of newsboat's, and for several stories of each kind.
const STORIES: usize = 60;

fn stories() -> Vec<Story> {
    let day = |number: usize| format!("2026-{:02}-{:02}", 1 + number / 28, 1 + number % 28);
    let story = |number: usize| {
        let day = day(number);
        // A day alone is noon in the source's zone, Asia/Shanghai.
        let (date, instant) = match number % 3 {
            0 => (day.clone(), format!("{day}T12:00:00+08:00")),
            1 => (format!("{day}T23:45:07-03:30"), format!("{day}T23:45:07-03:30")),
            _ => (format!("{day} 00:10"), format!("{day}T00:10:00+08:00")),
        };
        Story {
            title: format!("{} ({number})", TITLES[number % TITLES.len()]),
            date,
            published: DateTime::parse_from_rfc3339(&instant).unwrap().timestamp(),
            link: (number.is_multiple_of(2)).then(|| format!("https://www.example.edu/news/{number}?a=1&b=%E6%B1%9F")),
            author: AUTHORS[number % AUTHORS.len()],
            categories: CATEGORIES[number % CATEGORIES.len()],
        }
    };
    (0..STORIES).map(story).collect()
}

/// A house in which the stories are published, and its items by title.
fn published(stories: &[Story]) -> (House, BTreeMap<String, TestItem>) {
    let house = House::new();
    house.config_with("[publish]\nitems = 500\n");
    for (number, story) in stories.iter().enumerate() {
        let text = |value: &str| serde_json::to_string(value).unwrap();
        let link = story.link.as_deref().map(|link| format!("link: {}\n", text(link))).unwrap_or_default();
        let (title, author) = (text(&story.title), text(story.author));
        let categories = serde_json::to_string(story.categories).unwrap();
        house.file(
            format!("news/{number}.md"),
            &format!(
                "---\ntitle: {title}\ndate: {}\nauthor: {author}\ncategories: {categories}\n{link}---\n\n\
                 Story {number} has **bold** words & a [link](https://lab.example.edu/?a=1&b=2).\n\nIt ends 😀 <b>here</b>.\n",
                story.date
            ),
        );
    }
    house.refresh().expect_ok();
    let items: BTreeMap<_, _> = house.feed("all.json").into_iter().map(|item| (item.title.clone(), item)).collect();
    let titles: BTreeSet<_> = stories.iter().map(|story| story.title.clone()).collect();
    assert_eq!(items.keys().cloned().collect::<BTreeSet<_>>(), titles);
    (house, items)
}

/// What a reader has of an item. `None`: the reader does not keep it.
#[derive(Debug, Default)]
struct Read {
    title: String,
    link: String,
    id: String,
    /// Seconds since 1970.
    published: i64,
    author: String,
    content: Option<String>,
    categories: Option<Vec<String>>,
}

/// The feeds of RSS and Atom that a reader is given, each with its stories.
fn shelves<'a>(house: &House, stories: &'a [Story]) -> Vec<(String, Vec<&'a Story>)> {
    let mut shelves = Vec::new();
    for path in strangers::feeds(house) {
        let is_read = (path.starts_with("all.") || path.starts_with("categories/"))
            && (ending(&path) == "rss" || ending(&path) == "atom");
        if !is_read {
            continue;
        }
        let json = format!("{}.json", path.rsplit_once('.').unwrap().0);
        let titles: BTreeSet<_> = house.titles(&json).into_iter().collect();
        shelves.push((path, stories.iter().filter(|story| titles.contains(&story.title)).collect()));
    }
    // Everything, and each of the categories that the stories name, twice.
    assert!(shelves.len() >= 2 * (1 + 4), "{:?}", shelves.iter().map(|shelf| &shelf.0).collect::<Vec<_>>());
    shelves
}

#[track_caller]
fn expect_read(reader: &str, path: &str, read: Vec<Read>, stories: &[&Story], items: &BTreeMap<String, TestItem>) {
    assert_eq!(read.len(), stories.len(), "{reader} has not every item of {path}");
    let read: BTreeMap<_, _> = read.into_iter().map(|read| (read.title.clone(), read)).collect();
    for story in stories {
        let Some(read) = read.get(&story.title) else {
            panic!("{reader} has no {:?} of {path}, but {:#?}", story.title, read.keys())
        };
        let item = &items[&story.title];
        assert_eq!(read.published, story.published, "{reader}, {path}: {read:?}");
        assert_eq!(
            (&read.id, &read.link, read.author.as_str()),
            (&item.id, &item.url, story.author),
            "{reader}, {path}"
        );
        if let Some(link) = &story.link {
            assert_eq!(&read.link, link, "{reader}, {path}");
        }
        if let Some(content) = &read.content {
            assert_eq!(content, &item.content, "{reader}, {path}");
        }
        if let Some(categories) = &read.categories {
            assert_eq!(categories, &item.tags, "{reader}, {path}");
        }
    }
}

#[test]
fn json_feed_says_what_the_documents_said() {
    let stories = stories();
    let (_house, items) = published(&stories);
    for story in &stories {
        let item = &items[&story.title];
        assert_eq!(DateTime::parse_from_rfc3339(&item.date).unwrap().timestamp(), story.published, "{item:?}");
        assert_eq!(item.whole["authors"][0]["name"], story.author);
        assert!(
            item.url.starts_with(story.link.as_deref().unwrap_or("https://news.example.edu/feeds/items/")),
            "{item:?}"
        );
        assert!(item.content.contains("<strong>bold</strong>") && item.content.contains("?a=1&amp;b=2"), "{item:?}");
        assert!(!item.tags.is_empty(), "{item:?}");
    }
}

#[test]
fn newsboat_reads_every_item() {
    let stories = stories();
    let (house, items) = published(&stories);
    for (path, stories) in shelves(&house, &stories) {
        // It keeps one row per guid over all feeds: each feed has a cache of its own.
        let Some(mut newsboat) = program("newsboat") else { return };
        let (urls, cache, home) = (house.path("urls"), house.path("cache.db"), house.path("home"));
        fs::create_dir_all(&home).unwrap();
        fs::write(&urls, format!("file://{}\n", house.path("feeds").join(&path).display())).unwrap();
        newsboat
            .arg("-q")
            .arg("-u")
            .arg(&urls)
            .arg("-c")
            .arg(&cache)
            .args(["-C", "/dev/null", "-x", "reload"])
            .env("HOME", home);
        output(&mut newsboat, b"");
        let database = rusqlite::Connection::open(&cache).unwrap();
        let mut rows = database.prepare("SELECT title, url, guid, pubDate, author, content FROM rss_item").unwrap();
        let row = |row: &rusqlite::Row<'_>| {
            Ok(Read {
                title: row.get(0)?,
                link: row.get(1)?,
                id: row.get(2)?,
                published: row.get(3)?,
                author: row.get(4)?,
                content: row.get(5)?,
                categories: None,
            })
        };
        let read = rows.query_map([], row).unwrap().collect::<Result<Vec<_>, _>>().unwrap();
        expect_read("newsboat", &path, read, &stories, &items);
        fs::remove_file(&cache).unwrap();
    }
}

#[test]
fn sfeed_reads_every_item() {
    let stories = stories();
    let (house, items) = published(&stories);
    for (path, stories) in shelves(&house, &stories) {
        let Some(mut sfeed) = program("sfeed") else { return };
        let told = output(&mut sfeed, &house.bytes_of(&path));
        let read = told.lines().map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [published, title, link, content, form, id, author, _enclosure, categories] = fields[..] else {
                panic!("{line}")
            };
            assert_eq!(form, "html", "{line}");
            // Of Atom's categories it takes the term, which is our slug.
            let categories = (ending(&path) == "rss").then(|| categories.split('|').map(str::to_owned).collect());
            Read {
                title: title.to_owned(),
                link: link.to_owned(),
                id: id.to_owned(),
                published: published.parse().unwrap(),
                author: author.to_owned(),
                content: Some(content.replace("\\n", "\n").replace("\\t", "\t")),
                categories,
            }
        });
        expect_read("sfeed", &path, read.collect(), &stories, &items);
    }
}

/// Prints the entries of feeds as JSON, one feed a line. Markup is left as it is: it is to be equal, not safe.
const FEEDPARSER: &str = r#"
import calendar, feedparser, json, sys
for path in sys.argv[1:]:
    feed = feedparser.parse(path, sanitize_html=False, resolve_relative_uris=False)
    assert not feed.bozo, (path, feed.get("bozo_exception"))
    print(json.dumps([{
        "title": e.title, "link": e.link, "id": e.id, "author": e.author, "content": e.content[0].value,
        "published": calendar.timegm(e.published_parsed), "categories": [t.label or t.term for t in e.tags],
    } for e in feed.entries]))
"#;

#[test]
fn feedparser_reads_every_item() {
    let stories = stories();
    let (house, items) = published(&stories);
    let shelves = shelves(&house, &stories);
    let Some(mut python) = python() else { return };
    let told = output(
        python.arg("-c").arg(FEEDPARSER).args(shelves.iter().map(|(path, _)| house.path("feeds").join(path))),
        b"",
    );
    assert_eq!(told.lines().count(), shelves.len());
    for (line, (path, stories)) in told.lines().zip(shelves) {
        let entries: Vec<Value> = serde_json::from_str(line).unwrap();
        let read = entries.into_iter().map(|entry| {
            let text = |name: &str| entry[name].as_str().unwrap().to_owned();
            Read {
                title: text("title"),
                link: text("link"),
                id: text("id"),
                published: entry["published"].as_i64().unwrap(),
                author: text("author"),
                content: Some(text("content")),
                categories: Some(serde_json::from_value(entry["categories"].clone()).unwrap()),
            }
        });
        expect_read("feedparser", &path, read.collect(), &stories, &items);
    }
}
