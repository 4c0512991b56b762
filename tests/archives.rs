//! Archived feeds (RFC 5005 §4) through the real binary: whoever walks from a feed to older pages meets each item once.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its files has failed")]

mod house;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use house::{CHOIR, CONFIG, COPY, FERRY, House};
use roxmltree::{Document, Node};
use serde_json::Value;

/// Items of a page.
const PAGE: usize = 50;

/// Name space of what RFC 5005 adds.
const HISTORY: &str = "http://purl.org/syndication/history/1.0";

/// Where the publish directory is reachable.
const SITE: &str = "https://news.example.edu/feeds/";

/// What a document of a feed tells.
struct Told {
    /// Ids of its items.
    ids: Vec<String>,
    /// Where its links lead, by their relation; `next_url` is the `prev-archive` of JSON Feed.
    links: BTreeMap<String, String>,
    /// What RFC 5005 says it is.
    elements: String,
}

/// Reads a document of a channel in a format.
fn read_as(house: &House, path: &str, format: &str) -> Told {
    let path = format!("feeds/{path}.{format}");
    let text = fs::read_to_string(house.path(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    if format == "json" {
        let feed: Value = serde_json::from_str(&text).unwrap();
        let ids = feed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned());
        let links = feed["next_url"].as_str().map(|next| ("prev-archive".to_owned(), next.to_owned()));
        return Told { ids: ids.collect(), links: links.into_iter().collect(), elements: String::new() };
    }
    let document = Document::parse(&text).unwrap();
    let root = document.root_element();
    let (head, entry, id) = match format {
        "rss" => (root.first_element_child().unwrap(), "item", "guid"),
        _ => (root, "entry", "id"),
    };
    let named = |parent: Node<'_, '_>, name: &str| {
        let child = parent.children().find(|child| {
            child.tag_name().name() == name && child.tag_name().namespace() == parent.tag_name().namespace()
        });
        child.and_then(|child| child.text()).map(str::to_owned)
    };
    let of_history = |child: &Node<'_, '_>| child.tag_name().namespace() == Some(HISTORY);
    let link = |child: Node<'_, '_>| Some((child.attribute("rel")?.to_owned(), child.attribute("href")?.to_owned()));
    let entries = head.children().filter(|child| child.tag_name().name() == entry);
    Told {
        ids: entries.filter_map(|entry| named(entry, id)).collect(),
        links: head.children().filter(|child| child.tag_name().name() == "link").filter_map(link).collect(),
        elements: head.children().filter(of_history).map(|child| child.tag_name().name()).collect::<Vec<_>>().join(" "),
    }
}

/// Reads a document, by its path.
fn read(house: &House, path: &str) -> Told {
    let (path, format) = path.rsplit_once('.').unwrap();
    read_as(house, path, format)
}

fn path_of(address: &str) -> String {
    address.strip_prefix(SITE).unwrap_or_else(|| panic!("{address} is elsewhere")).to_owned()
}

/// Walks from a feed to its last page; `pause` is called after each step. Returns the ids met, and the paths.
fn walk(house: &House, feed: &str, mut pause: impl FnMut(&House)) -> (Vec<String>, Vec<String>) {
    let (mut ids, mut paths) = (Vec::new(), vec![feed.to_owned()]);
    loop {
        let told = read(house, paths.last().unwrap());
        ids.extend(told.ids);
        pause(house);
        match told.links.get("prev-archive") {
            Some(next) => paths.push(path_of(next)),
            None => return (ids, paths),
        }
    }
}

/// Writes documents; those of higher numbers are of later days.
fn write(house: &House, numbers: impl IntoIterator<Item = usize>) {
    for number in numbers {
        let (year, month, day) = (2000 + number / 336, number / 28 % 12 + 1, number % 28 + 1);
        let text = format!(
            "Report {number} of the harbour\n\nPublished: {year}-{month:02}-{day:02}\n\nReport {number} tells how high the tide stood at mark {}, \
             and who saw it there on that morning.\n",
            number * 7
        );
        house.file(format!("news/{number}.txt"), &text);
    }
}

/// All pages there are, with their bytes.
fn pages(house: &House) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![house.path("feeds/archive")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(house.path("feeds")).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

#[track_caller]
fn expect_each_once(house: &House, feed: &str, items: usize) {
    let (ids, paths) = walk(house, feed, |_| {});
    let distinct: BTreeSet<&String> = ids.iter().collect();
    assert_eq!((ids.len(), distinct.len()), (items, items), "{paths:?}");
}

const FEEDS: [&str; 6] =
    ["all.atom", "all.rss", "all.json", "sources/news.atom", "sources/news.rss", "sources/news.json"];

#[test]
fn a_walk_from_a_feed_to_its_oldest_page_meets_each_item_once() {
    let house = House::new();
    write(&house, 0..257);
    house.refresh().expect_ok();
    for feed in FEEDS {
        expect_each_once(&house, feed, 257);
    }
    let newest_first: Vec<String> = house.titles("all.json").into_iter().collect();
    assert_eq!(newest_first[0], "Report 256 of the harbour");
    let told = read(&house, "archive/all/200.atom");
    assert_eq!(told.ids.len(), PAGE);
    assert_eq!(told.elements, "archive");
    for (relation, path) in [
        ("self", "archive/all/200.atom"),
        ("prev-archive", "archive/all/150.atom"),
        ("next-archive", "archive/all/250.atom"),
        ("current", "all.atom"),
    ] {
        assert_eq!(told.links[relation], format!("{SITE}{path}"));
    }
    let told = read(&house, "sources/news.rss");
    assert_eq!(told.links["prev-archive"], format!("{SITE}archive/sources/news/207.rss"));
    assert_eq!(told.elements, "");
}

#[test]
fn a_feed_that_shows_all_there_is_says_that_it_is_complete() {
    let house = House::two();
    assert_eq!(
        (read(&house, "all.atom").elements, read(&house, "all.rss").elements),
        ("complete".to_owned(), "complete".to_owned())
    );
    assert!(pages(&house).is_empty());
}

#[test]
fn what_arrives_during_a_walk_neither_hides_nor_doubles_an_item() {
    for feed in ["all.atom", "sources/news.rss", "all.json"] {
        let house = House::new();
        write(&house, 500..730);
        house.refresh().expect_ok();
        // Newer ones, older ones, and some in between; so many at once that pages fill.
        let mut arriving = [vec![800, 801], (0..70).collect(), vec![900, 300, 901], (400..480).collect()].into_iter();
        let (ids, paths) = walk(&house, feed, |house| {
            write(house, arriving.next().unwrap_or_default());
            house.refresh().expect_ok();
        });
        let distinct: BTreeSet<&String> = ids.iter().collect();
        assert_eq!((ids.len(), distinct.len()), (230, 230), "{paths:?}");
        expect_each_once(&house, feed, 230 + 155);
    }
}

#[test]
fn pages_stay_as_they_are_whatever_arrives() {
    let house = House::new();
    write(&house, 500..707);
    house.refresh().expect_ok();
    let before = pages(&house);
    write(&house, [900, 3, 600 * 2]);
    house.refresh().expect_ok();
    write(&house, 0..60);
    house.refresh().expect_ok();
    let after = pages(&house);
    for (path, bytes) in &before {
        assert!(after.get(path) == Some(bytes), "{path} has changed");
    }
    assert!(after.len() > before.len());
    // The same store gives the same bytes.
    let all = house.tree();
    house.remove("feeds").refresh().expect_ok();
    assert_eq!(house.tree().keys().collect::<Vec<_>>(), all.keys().collect::<Vec<_>>());
    assert!(pages(&house) == after);
    // A page that somebody took away comes back.
    house.remove("feeds/archive/all/50.atom").refresh().expect_ok();
    assert!(pages(&house) == after);
}

#[test]
fn feeds_and_the_items_of_archives_do_not_depend_on_the_order_of_arrival() {
    let orders: [Vec<Vec<usize>>; 3] = [
        vec![(0..180).collect()],
        (0..6).map(|part| (part * 30..part * 30 + 30).collect()).collect(),
        (0..6).rev().map(|part| (0..30).map(|number| number * 6 + part).collect()).collect(),
    ];
    let mut results = Vec::new();
    for order in orders {
        let house = House::new();
        for numbers in order {
            write(&house, numbers);
            house.refresh().expect_ok();
        }
        let feeds = FEEDS.map(|feed| fs::read_to_string(house.path(format!("feeds/{feed}"))).unwrap());
        let items = FEEDS.map(|feed| walk(&house, feed, |_| {}).0.into_iter().collect::<BTreeSet<_>>());
        results.push((feeds, items));
    }
    // Dates of modification follow the clock of no walk, but keys follow paths: all is equal.
    assert!(results[0] == results[1] && results[1] == results[2]);
}

#[test]
fn a_corrected_item_is_corrected_where_it_stands() {
    let house = House::new();
    write(&house, 0..120);
    house.refresh().expect_ok();
    let before = pages(&house);
    let text = fs::read_to_string(house.path("news/3.txt")).unwrap().replace("the tide", "the water");
    house.file("news/3.txt", &text).refresh().expect_ok();
    let after = pages(&house);
    let changed: Vec<&String> =
        after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).map(|(path, _)| path).collect();
    let expected = ["all", "sources/news"]
        .map(|channel| ["atom", "json", "rss"].map(|ending| format!("archive/{channel}/50.{ending}")));
    let mut expected: Vec<String> = expected.concat();
    expected.sort();
    let changed: Vec<&String> =
        changed.into_iter().filter(|path| path.contains("/all/") || path.contains("/sources/")).collect();
    assert_eq!(changed, expected.iter().collect::<Vec<_>>());
    assert!(String::from_utf8(after["archive/all/50.atom"].clone()).unwrap().contains("the water"));
    expect_each_once(&house, "all.atom", 120);
}

#[test]
fn an_item_whose_date_is_corrected_goes_to_its_place_and_stands_there_once() {
    let house = House::new();
    write(&house, 0..120);
    let late = |day: &str| format!("---\ntitle: The ferry\ndate: {day}\n---\nThe ferry came late on both mornings.\n");
    house.file("news/late.md", &late("2096-01-01")).refresh().expect_ok().expect_said("passed over: correct it");
    let before = house.item("The ferry");
    assert_eq!(house.titles("all.json")[0], "The ferry");
    house.file("news/late.md", &late("2000-01-01")).refresh().expect_ok();
    assert!(!house.titles("all.json").contains(&"The ferry".to_owned()));
    for feed in FEEDS {
        expect_each_once(&house, feed, 121);
        assert!(walk(&house, feed, |_| {}).0.contains(&before.id), "{feed}");
    }
    house.refresh().expect_ok();
    expect_each_once(&house, "all.atom", 121);
    // Once told, it stays.
    house.file("news/late.md", &late("2000-01-20")).refresh().expect_ok();
    house.run(&["explain", "news/late.md"]).expect_said("(2000-01-01, from front_matter");
}

#[test]
fn an_item_that_leaves_a_channel_leaves_its_archive() {
    let house = House::new();
    write(&house, 0..120);
    house.refresh().expect_ok();
    // A draft again: one in the archive, one in the feed, one on the newest page.
    for number in [3, 110, 68] {
        let text = fs::read_to_string(house.path(format!("news/{number}.txt"))).unwrap();
        house.file(format!("news/{number}.txt"), &format!("---\ndraft: true\n---\n{text}"));
    }
    house.refresh().expect_ok();
    for feed in FEEDS {
        expect_each_once(&house, feed, 117);
    }
    assert_eq!(house.feed("all.json").len(), PAGE);
    let all = pages(&house);
    house.run(&["refresh", "--force"]).expect_ok();
    assert!(pages(&house) == all);
    // And comes back.
    write(&house, [3, 110, 68]);
    house.refresh().expect_ok();
    for feed in FEEDS {
        expect_each_once(&house, feed, 120);
    }
}

#[test]
fn an_archive_reaches_back_as_far_as_it_is_told() {
    let house = House::new();
    write(&house, 0..330);
    house
        .config(&CONFIG.replace("[[source]]", "[publish]\narchive = 100\nitems = 30\n[[source]]"))
        .refresh()
        .expect_ok();
    assert!(house.path("feeds/archive/all/50.atom").exists());
    expect_each_once(&house, "all.atom", 130);
    write(&house, 330..390);
    house.refresh().expect_ok();
    expect_each_once(&house, "all.json", 30 + 110);
    assert!(!house.path("feeds/archive/all/50.atom").exists());
    // More of it, and then none.
    house.config(CONFIG).refresh().expect_ok();
    expect_each_once(&house, "all.rss", 390);
    house.config(&CONFIG.replace("[[source]]", "[publish]\narchive = 0\n[[source]]")).refresh().expect_ok();
    assert!(pages(&house).is_empty());
    assert!(!read(&house, "all.atom").links.contains_key("prev-archive"));
    assert_eq!(read(&house, "all.atom").elements, "");
}

#[test]
fn an_archive_of_a_category_reaches_back_a_thousand_items() {
    let house = House::new();
    write(&house, 0..1_200);
    house.config(&CONFIG.replace("[[source]]", "[[source]]\ncategories = [\"tides\"]")).refresh().expect_ok();
    expect_each_once(&house, "all.rss", 1_200);
    expect_each_once(&house, "sources/news.json", 1_200);
    // The page that the thousandth is on stays whole.
    expect_each_once(&house, "categories/tides.atom", 50 + 1_000);
    write(&house, 1_200..1_210);
    house.refresh().expect_ok();
    expect_each_once(&house, "categories/tides.json", 50 + 1_010);
}

/// A configuration whose channels are divided so.
fn divided(items: usize, archive: usize) -> String {
    CONFIG.replace("[[source]]", &format!("[publish]\nitems = {items}\narchive = {archive}\n[[source]]"))
}

/// Makes drafts of documents.
fn withdraw(house: &House, numbers: impl IntoIterator<Item = usize>) {
    for number in numbers {
        let path = format!("news/{number}.txt");
        let text = fs::read_to_string(house.path(&path)).unwrap();
        house.file(path, &format!("---\ndraft: true\n---\n{text}"));
    }
}

#[test]
fn what_changes_beyond_the_reach_of_an_archive_stays_there() {
    let house = House::new();
    write(&house, 0..300);
    house.config(&divided(5, 50)).refresh().expect_ok();
    let before = walk(&house, "all.atom", |_| {}).0;
    assert_eq!(before.len(), 55);
    house
        .config(&divided(5, 50).replace("[[source]]", "[[source]]\nauthor = \"The harbour master\""))
        .refresh()
        .expect_ok();
    assert!(read(&house, "archive/all/50.json").ids.contains(&before[54]));
    assert_eq!(walk(&house, "all.atom", |_| {}).0, before);
    assert!(fs::read_to_string(house.path("feeds/archive/all/50.atom")).unwrap().contains("The harbour master"));
}

#[test]
fn an_archive_reaches_further_back_where_its_newest_items_have_left() {
    let house = House::new();
    house.config(&divided(50, 50));
    for numbers in [0..100, 100..200] {
        write(&house, numbers);
        house.refresh().expect_ok();
    }
    assert_eq!(read(&house, "all.atom").links["prev-archive"], format!("{SITE}archive/all/150.atom"));
    assert!(!house.path("feeds/archive/all/100.atom").exists());
    withdraw(&house, 100..200);
    house.refresh().expect_ok();
    for feed in FEEDS {
        expect_each_once(&house, feed, 100);
    }
    withdraw(&house, 0..70);
    house.refresh().expect_ok();
    assert_eq!(read(&house, "all.atom").elements, "complete");
    assert!(pages(&house).is_empty());
    // No page is ever another one.
    write(&house, 200..250);
    house.refresh().expect_ok();
    assert_eq!(read(&house, "all.atom").links["prev-archive"], format!("{SITE}archive/all/180.atom"));
    expect_each_once(&house, "all.atom", 80);
}

#[test]
fn an_item_that_leaves_moves_no_other() {
    let house = House::new();
    write(&house, 0..120);
    house.refresh().expect_ok();
    let before = pages(&house);
    withdraw(&house, [3, 69]);
    house.refresh().expect_ok();
    let after = pages(&house);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (path, gone) in [("archive/all/50.atom", 3), ("archive/all/70.atom", 69)] {
        let title = format!("Report {gone} of");
        let [was, is] = [&before, &after].map(|pages| String::from_utf8(pages[path].clone()).unwrap());
        assert!(was.contains(&title) && !is.contains(&title));
        let text = |number: &usize| was.contains(&format!("Report {number} of"));
        let others: Vec<usize> = (0..120).filter(text).filter(|number| *number != gone).collect();
        assert!(others.len() > 18 && others.iter().all(|number| is.contains(&format!("Report {number} of"))));
    }
    expect_each_once(&house, "all.atom", 118);
}

#[test]
fn what_comes_after_a_walk_that_broke_off_is_archived() {
    let house = House::new();
    write(&house, 500..620);
    house.refresh().expect_ok();
    // It noted at its end that it had divided all channels.
    house.store().execute("DELETE FROM meta WHERE name IN ('archived', 'channels-published')", []).unwrap();
    write(&house, 0..60);
    house.refresh().expect_ok();
    expect_each_once(&house, "all.atom", 180);
}

#[test]
fn pages_that_could_not_be_printed_mislead_nobody() {
    let house = House::new();
    write(&house, 0..55);
    house.config(&divided(5, 50)).refresh().expect_ok();
    let folder = house.path("feeds/archive/all");
    let noted = fs::metadata(&folder).unwrap().modified().unwrap();
    // Nothing can be put in the place of a folder.
    fs::create_dir_all(folder.join("100.atom/full")).unwrap();
    write(&house, 55..115);
    house.refresh().expect_code(3);
    for feed in FEEDS {
        if let Some(next) = read(&house, feed).links.get("prev-archive") {
            assert!(house.path(format!("feeds/{}", path_of(next))).is_file(), "{feed} leads to {next}");
        }
    }
    fs::remove_dir_all(folder.join("100.atom")).unwrap();
    fs::File::open(&folder).unwrap().set_modified(noted).unwrap();
    house.refresh().expect_ok();
    assert!(!folder.join("50.atom").exists());
    expect_each_once(&house, "all.atom", 5 + 60);
}

#[test]
fn nothing_is_done_while_nothing_changes() {
    let house = House::new();
    write(&house, 0..120);
    house.refresh().expect_ok();
    let before = house.tree();
    house.refresh().expect_ok();
    assert_eq!(house.tree(), before);
}

#[test]
fn a_source_keeps_items_for_as_long_and_as_many_as_it_is_told() {
    let house = House::new();
    write(&house, 0..120);
    let keeping = |line: &str| CONFIG.replace("[[source]]", &format!("[[source]]\n{line}"));
    house.config(&keeping("keep_items = 70")).refresh().expect_ok();
    for feed in FEEDS {
        expect_each_once(&house, feed, 70);
    }
    assert_eq!(fs::read_dir(house.path("feeds/items")).unwrap().count(), 70);
    // A newer one takes the place of the oldest. What has gone is not new, and neither is it when its file is edited.
    write(&house, [500]);
    let text = fs::read_to_string(house.path("news/3.txt")).unwrap().replace("the tide", "the water");
    house.file("news/3.txt", &text).refresh().expect_ok();
    expect_each_once(&house, "all.atom", 70);
    assert_eq!(house.titles("all.json")[0], "Report 500 of the harbour");
    assert_eq!(fs::read_dir(house.path("feeds/items")).unwrap().count(), 70);
    // On the first of May, that is until the end of January 2000; on the first of June, until 2 March.
    house.config(&keeping("keep_for = \"9586d\"")).at("2026-05-01T00:00:00Z").refresh().expect_ok();
    expect_each_once(&house, "all.atom", 121 - 28);
    house.at("2026-06-01T00:00:00Z").refresh().expect_ok();
    expect_each_once(&house, "all.atom", 121 - 28 - 30);
    // Kept for ever again, all are there, and as they were.
    house.config(CONFIG).refresh().expect_ok();
    expect_each_once(&house, "sources/news.json", 121);
}

#[test]
fn a_clock_that_ran_ahead_takes_nothing_out_for_good() {
    let house = House::new();
    write(&house, 0..60);
    house.config(&CONFIG.replace("[[source]]", "[[source]]\nkeep_for = \"9586d\"")).at("2026-03-01T00:00:00Z");
    house.refresh().expect_ok();
    let before = house.titles("all.json");
    house.at("2026-05-01T00:00:00Z").refresh().expect_ok();
    expect_each_once(&house, "all.atom", 60 - 28);
    house.at("2026-03-01T00:00:00Z").refresh().expect_ok();
    expect_each_once(&house, "all.atom", 60);
    assert_eq!(house.titles("all.json"), before);
    house.at("2026-05-01T00:00:00Z").refresh().expect_ok();
    expect_each_once(&house, "all.atom", 60 - 28);
}

#[test]
fn a_story_that_its_source_keeps_no_longer_is_not_told_again() {
    let house = House::new();
    house.file("news/c.txt", CHOIR).file("press/d.txt", &COPY.replace("03-05", "03-06")).file("press/b.txt", FERRY);
    let config = CONFIG.replace("[[source]]", "[[source]]\nkeep_for = \"30d\"");
    house.config(&format!("{config}[[source]]\nid = \"press\"\ntitle = \"Press\"\nfiles = \"press/*\"\n"));
    house.at("2026-03-20T00:00:00Z").refresh().expect_ok();
    assert_eq!(house.titles("all.json").len(), 2);
    assert!(house.titles("all.json").contains(&"The choir sings".to_owned()));
    house.at("2026-05-01T00:00:00Z").refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["A ferry without an engine"]);
    assert!(house.titles("sources/news.json").is_empty());
    assert_eq!(house.titles("sources/press.json").len(), 2);
    // Nor is it when it is edited.
    house.file("news/c.txt", &CHOIR.replace("The choir sings\n", "The choir sang\n")).refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["A ferry without an engine"]);
}

#[test]
fn what_a_feed_has_no_room_for_is_in_its_archive() {
    let house = House::new();
    let report_at = |number: usize, path: &str| {
        let text = format!(
            "---\ntitle: Report {number}\ndate: 2026-03-04\nurl: https://quay.example/{path}/{number}\n---\n\nReport {number} tells of the tide at mark {}.\n",
            number * 7
        );
        house.file(format!("news/{number}.md"), &text);
    };
    let report = |number: usize| report_at(number, &"harbour-".repeat(180));
    (100..550).for_each(report);
    house.config(&CONFIG.replace("[[source]]", "[publish]\nitems = 500\n[[source]]")).refresh().expect_ok();
    assert!(house.feed("all.json").len() < 450, "{}", house.feed("all.json").len());
    for feed in FEEDS {
        expect_each_once(&house, feed, 450);
    }
    let before = pages(&house);
    report(99);
    house.refresh().expect_ok();
    let after = pages(&house);
    assert!(before.iter().all(|(path, bytes)| after.get(path) == Some(bytes)));
    expect_each_once(&house, "all.rss", 451);
    // There is room for more where they are shorter.
    let shown = house.feed("all.json").len();
    (300..550).for_each(|number| report_at(number, "pier"));
    house.refresh().expect_ok();
    assert!(house.feed("all.json").len() > shown + 20, "{shown}, {}", house.feed("all.json").len());
    for feed in FEEDS {
        expect_each_once(&house, feed, 451);
    }
}
