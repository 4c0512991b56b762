//! Whole channels through all formats, and the items that tests of this room are made with.

use std::sync::Arc;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::draft::{Credit, Enclosure, Evidence, When};
use crate::item::{Category, Facts, Html, Item};
use crate::source::SourceId;

pub(crate) fn site() -> Site {
    Site {
        hubs: Vec::new(),
        title: "University news".to_owned(),
        url: "https://news.example.edu/feeds/".parse().unwrap(),
        language: "en".to_owned(),
        authority: "news.example.edu,2026".to_owned(),
    }
}

/// An item of 26 March 2025, of which only the day is known.
pub(crate) fn item(number: u64, title: &str) -> Facts {
    let day = NaiveDate::from_ymd_opt(2025, 3, 26).unwrap();
    let noon = day.and_hms_opt(4, 0, 0).unwrap().and_utc();
    Facts {
        key: format!("{number:016x}"),
        source: SourceId::new("riverside").unwrap(),
        guid: None,
        link: None,
        title: title.to_owned(),
        content: Html::recall(
            "<p>A visit to the <a href=\"https://lab.example.edu/?a=1&amp;b=2\">lab</a>.</p>".to_owned(),
        ),
        summary: "A visit to the lab & more.".to_owned(),
        published: noon,
        when: When::Day(day),
        evidence: Evidence::Dateline,
        updated: noon,
        event: None,
        authors: vec!["International Office 国际处".to_owned()],
        categories: vec![Category { slug: "news".to_owned(), label: "News & views".to_owned() }],
        tags: Vec::new(),
        sections: Vec::new(),
        language: Some("en".to_owned()),
        publisher: None,
        siblings: Vec::new(),
        enclosures: Vec::new(),
        image: None,
        credit: None,
        fingerprint: [0; 16],
        twin_print: None,
    }
}

pub(crate) fn shown(facts: Facts) -> Arc<Shown> {
    let item = Item::recall(facts);
    let upstream = item.credit.as_deref().map(|credit| Arc::new(Source::of(credit)));
    Arc::new(Shown::new(&site(), item, "Riverside University", upstream, Vec::new(), Vec::new()))
}

pub(crate) fn channel(items: Vec<Facts>) -> Channel {
    Channel {
        path: "categories/news".to_owned(),
        title: "News & views".to_owned(),
        description: "Everything under news".to_owned(),
        language: "en".to_owned(),
        place: Place::Alone,
        items: items.into_iter().map(shown).collect(),
    }
}

/// A channel of items that are also told elsewhere, and in another language.
pub(crate) fn channel_of(items: Vec<Facts>) -> Channel {
    let show = |(number, facts): (usize, Facts)| {
        let copy = |key: &str, address: Option<&str>| Duplicate {
            key: key.to_owned(),
            source_title: facts.title.clone(),
            address: address.map(str::to_owned),
        };
        let version = Version {
            language: "zh".to_owned(),
            address: "https://zh.example/?a=1&b='2'".to_owned(),
            title: facts.summary.clone(),
        };
        let copies = vec![copy("0a", None), copy("0b", Some("https://copy.example/a&b"))].split_off(number % 3);
        let versions = vec![version].split_off(number % 2);
        let item = Item::recall(Facts { key: format!("{number:016x}"), ..facts });
        let upstream = item.credit.as_deref().map(|credit| Arc::new(Source::of(credit)));
        Arc::new(Shown::new(&site(), item, "Riverside & \"Co\"", upstream, copies, versions))
    };
    Channel { items: items.into_iter().enumerate().map(show).collect(), ..channel(Vec::new()) }
}

/// Items of all that may be in one, and of what has to be escaped.
pub(crate) fn facts() -> impl Strategy<Value = Facts> {
    let text = || "([ a-c<>&'\"\\\\\\]重\n]|]]>|</b>|&amp;){0,8}";
    let texts = move || prop::collection::vec(text(), 0..3);
    let said = (text(), text(), text(), texts(), texts(), texts(), prop::option::of(text()));
    let files = prop::collection::vec((0..3_usize, text(), prop::option::of(0..3_u64)), 0..4);
    let told = (0..4_usize, 0..4_usize, 0..4_usize, any::<bool>(), 0..3_i64, files);
    (said, told).prop_map(|((title, summary, body, names, labels, tags, publisher), told)| {
        let (language, image, credit, has_event, moved, files) = told;
        let pictures = ["https://a.example/1.jpg", "https://a.example/a'b.png?c=d&e=\"f\"", "file"];
        let hosts = ["https://files.example", "http://localhost", "https://a.example/1.jpg"];
        let day = NaiveDate::from_ymd_opt(2024, 2, 29);
        let plain = item(1, &title);
        Facts {
            summary,
            content: Html::recall(body),
            updated: plain.updated + chrono::TimeDelta::seconds(moved),
            event: day.filter(|_| has_event).map(When::Day),
            categories: labels
                .iter()
                .map(|label| Category { slug: label.trim().to_lowercase(), label: label.clone() })
                .collect(),
            sections: labels,
            authors: names,
            tags,
            language: ["en", "zh-Hans", "x'&"].get(language).map(|tag| (*tag).to_owned()),
            publisher,
            enclosures: files
                .into_iter()
                .map(|(host, media_type, length)| Enclosure { url: hosts[host].parse().unwrap(), media_type, length })
                .collect(),
            image: pictures.get(image).map(|address| (*address).to_owned()),
            credit: (credit > 0).then(|| {
                Arc::new(Credit {
                    title: title.clone(),
                    id: (credit > 1).then(|| "urn:a&b".to_owned()),
                    feed: (credit > 2).then(|| "https://a.example/?a&b='c'".parse().unwrap()),
                    page: (credit < 3).then(|| "https://a.example/".parse().unwrap()),
                })
            }),
            ..plain
        }
    })
}

/// The files of a channel, as text, by ending: rss, atom, json, html.
fn files(items: Vec<Facts>) -> [String; 4] {
    let files = channel_files(&site(), &channel(items), FORMATS).unwrap().0;
    let texts: Vec<_> = files.into_iter().map(|file| String::from_utf8(file.bytes).unwrap()).collect();
    texts.try_into().unwrap()
}

/// Why `changed` bytes are not published in place of what was rendered.
fn refusal(format: &dyn Format, change: impl Fn(String) -> String) -> PublishError {
    let (site, channel) = (site(), channel(vec![item(1, "One"), item(2, "Two")]));
    let edition = Edition::new(&site, &channel, FORMATS);
    let rendered = feed_file(&edition, format).unwrap();
    let changed = change(String::from_utf8(rendered.bytes).unwrap());
    check(edition.entries.iter(), format, &rendered.path, &changed).unwrap_err()
}

#[test]
fn equal_channels_give_equal_bytes() {
    let items = || (0..20).map(|number| item(number, "Same")).collect();
    assert_eq!(files(items()), files(items()));
}

#[test]
fn a_feed_is_the_same_of_pieces_that_were_written_before() {
    let mut items: Vec<Facts> = (1..9).map(|number| item(number, "Same")).collect();
    items[1].language = Some("zh-CN".to_owned());
    items[2].summary = String::new();
    items[3].content = Html::recall(String::new());
    items[4].guid = Some("https://riverside.example.edu/?p=4".to_owned());
    let guid = items[4].guid.clone();
    items[5].guid = guid;
    items[6].updated += chrono::TimeDelta::hours(1);
    items[7].image = Some("https://riverside.example.edu/a.jpg?a=1&b=2".to_owned());
    let feed = "https://a.example/rss".parse().ok();
    items[6].credit = Some(Arc::new(Credit { title: "A".to_owned(), id: None, feed, page: None }));
    let (site, shared) = (site(), channel(items.clone()));
    let source = format!("sources/{}", items[0].source);
    for (path, language, shown) in [
        ("categories/news", "en", 0..8),
        ("categories/news", "en", 0..8),
        ("categories/talent", "zh-CN", 0..5),
        (&*source, "en", 5..8),
        ("all", "en", 0..0),
    ] {
        let of = |channel: Channel| Channel { path: path.to_owned(), language: language.to_owned(), ..channel };
        let anew = of(channel(items[shown.clone()].to_vec()));
        let again = of(Channel { items: shared.items[shown].to_vec(), ..shared.clone() });
        let (anew, again) = (Edition::new(&site, &anew, FORMATS), Edition::new(&site, &again, FORMATS));
        for format in FORMATS {
            assert_eq!(feed_file(&again, *format).unwrap(), feed_file(&anew, *format).unwrap(), "{path}");
        }
    }
}

#[test]
fn what_was_written_of_an_item_is_no_longer_right_where_its_stamp_is_another() {
    // The fraction of a second of an item is made of its key alone, so that of two with one key the second gives way.
    let items = [shown(item(1, "One")), shown(item(1, "Two"))];
    let (site, of) = (site(), |items: Vec<Arc<Shown>>| Channel { items, ..channel(Vec::new()) });
    let (alone, both) = (of(vec![items[1].clone()]), of(items.to_vec()));
    let text = |channel: &Channel| {
        let file = feed_file(&Edition::new(&site, channel, FORMATS), FORMATS[1]).unwrap();
        String::from_utf8(file.bytes).unwrap()
    };
    // Of the last entry; behind that stands the date of its source.
    let updated = |text: &str| {
        let entry = text.rsplit("<entry>").next().unwrap();
        entry.split("<updated>").nth(1).unwrap().split('<').next().unwrap().to_owned()
    };
    let first = updated(&text(&alone));
    assert_ne!(updated(&text(&both)), first);
    assert_eq!(updated(&text(&alone)), first);
}

#[test]
fn every_format_has_the_same_ids_addresses_and_titles() {
    let mut items = vec![item(1, "Q&A <5 & 7&8 &nbsp;"), item(2, "bold</b> a <b> c"), item(3, "]]> \u{1b}[1m\u{fffe}")];
    items[1].link = Some(crate::item::CanonicalUrl::recall("https://riverside.example.edu/a?b=1&c=2".to_owned()));
    let channel = channel(items);
    let files = channel_files(&site(), &channel, FORMATS).unwrap().0;
    let told: Vec<_> = FORMATS
        .iter()
        .zip(&files)
        .map(|(format, file)| format.read_back(str::from_utf8(&file.bytes).unwrap()).unwrap())
        .collect();
    assert_eq!((&told[0], &told[0]), (&told[1], &told[2]));
    assert_eq!(told[0][0].title, "Q&A <5 & 7&8 &nbsp;");
    assert_eq!(told[0][0].address, "https://news.example.edu/feeds/items/0000000000000001.html");
    assert_eq!(told[0][1].address, "https://riverside.example.edu/a?b=1&c=2");
    assert_eq!(told[0][2].title, "]]> [1m");
}

#[test]
fn rss_says_what_the_profile_asks_for() {
    let mut facts = item(1, "R&D <5");
    facts.updated += chrono::TimeDelta::days(1);
    facts.image = Some("https://riverside.example.edu/a.jpg?b=1&c=2".to_owned());
    let enclosure = |name: &str| Enclosure {
        url: format!("https://riverside.example.edu/{name}").parse().unwrap(),
        media_type: "application/pdf".to_owned(),
        length: None,
    };
    let sized = Enclosure { length: Some(1200), ..enclosure("c.pdf") };
    let near = Enclosure { url: "http://localhost/d.pdf".parse().unwrap(), ..enclosure("") };
    facts.enclosures = vec![near, enclosure("a.pdf"), enclosure("b.pdf"), sized];
    let [rss, atom, json, _] = files(vec![facts]);
    for part in [
        "<atom:link href=\"https://news.example.edu/feeds/categories/news.rss\" rel=\"self\" type=\"application/rss+xml\"/>",
        "<title>R&#x26;D &#x3C;5</title>",
        "<description><![CDATA[A visit to the lab &amp; more.]]></description>",
        "<category domain=\"https://news.example.edu/feeds/categories/\">News &#x26; views</category>",
        "<guid isPermaLink=\"false\">tag:news.example.edu,2026:0000000000000001</guid>",
        "<pubDate>Wed, 26 Mar 2025 04:00:00 GMT</pubDate>",
        "<atom:updated>2025-03-27T04:00:00Z</atom:updated>",
        "<lastBuildDate>Thu, 27 Mar 2025 04:00:00 GMT</lastBuildDate>",
        "<dc:creator>International Office 国际处</dc:creator>",
        "<source url=\"https://news.example.edu/feeds/sources/riverside.rss\">Riverside University</source>",
        "<enclosure url=\"https://riverside.example.edu/a.pdf\" length=\"0\" type=\"application/pdf\"/>",
        "<media:content type=\"application/pdf\" url=\"http://localhost/d.pdf\">",
        "<media:content type=\"application/pdf\" url=\"https://riverside.example.edu/b.pdf\">",
        "<media:content fileSize=\"1200\" type=\"application/pdf\" url=\"https://riverside.example.edu/c.pdf\">",
    ] {
        assert!(rss.contains(part), "{part} is not in\n{rss}");
    }
    assert!(rss.find("<description><![CDATA[") < rss.find("<content:encoded>"));
    for feed in [rss.as_str(), &atom] {
        assert!(feed.contains("<media:thumbnail url=\"https://riverside.example.edu/a.jpg?b=1&#x26;c=2\">"), "{feed}");
    }
    assert_eq!(rss.matches("<enclosure").count(), 1);
    for part in ["a.pdf", "b.pdf", "c.pdf"] {
        assert!(atom.contains(part) && json.contains(part), "{part}");
    }
    assert!(atom.contains("length=\"1200\"") && json.contains("\"size_in_bytes\": 1200"));
}

#[test]
fn an_item_from_elsewhere_is_credited_to_the_feed_it_was_taken_from() {
    let url = |text: &str| text.parse().ok();
    let mut facts = item(1, "One");
    facts.credit = Some(Arc::new(Credit {
        title: "The Quay & more".to_owned(),
        id: None,
        feed: url("https://quay.example/rss?a=1&b=2"),
        page: url("https://quay.example/"),
    }));
    let nameless = Credit { title: "Pier".to_owned(), id: Some("urn:pier:1".to_owned()), feed: None, page: None };
    let [rss, atom, json, html] =
        files(vec![facts.clone(), Facts { credit: Some(Arc::new(nameless)), ..item(2, "Two") }]);
    assert!(
        rss.contains("<source url=\"https://quay.example/rss?a=1&#x26;b=2\">The Quay &#x26; more</source>"),
        "{rss}"
    );
    assert_eq!(rss.matches("<source").count(), 1, "a feed that is nowhere cannot be named in RSS");
    let sources: Vec<&str> = atom.split("<source>").skip(1).filter_map(|rest| rest.split("</source>").next()).collect();
    let squeezed: Vec<String> =
        sources.iter().map(|source| source.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        squeezed,
        [
            "<title>The Quay &#x26; more</title> <id>https://quay.example/rss?a=1&#x26;b=2</id> \
             <updated>2025-03-26T04:00:00+00:00</updated> \
             <link href=\"https://quay.example/rss?a=1&#x26;b=2\" rel=\"self\"/> \
             <link href=\"https://quay.example/\" rel=\"alternate\" type=\"text/html\"/>",
            "<title>Pier</title> <id>urn:pier:1</id> <updated>2025-03-26T04:00:00+00:00</updated>",
        ]
    );
    let feed: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(feed["items"][0]["_feedgen"]["credit"]["page"], "https://quay.example/");
    assert!(html.contains("from <a href=\"https://quay.example/\" dir=\"auto\">The Quay &amp; more</a>"), "{html}");
    assert!(html.contains("from <span dir=\"auto\">Pier</span>") && !html.contains("sources/riverside"), "{html}");
    let own = Channel { path: "sources/riverside".to_owned(), ..channel(vec![facts]) };
    for file in channel_files(&site(), &own, FORMATS).unwrap().0 {
        assert!(str::from_utf8(&file.bytes).unwrap().contains("The Quay"), "{}", file.path);
    }
}

#[test]
fn json_feed_tells_how_sure_a_date_is_and_has_no_empty_member() {
    let mut facts = item(1, "One");
    facts.sections = vec!["Events".to_owned(), " ".to_owned()];
    facts.summary.clear();
    let [_, _, json, _] = files(vec![facts]);
    let feed: serde_json::Value = serde_json::from_str(&json).unwrap();
    let expected = serde_json::json!({
        "date_precision": "day", "date_source": "dateline", "date_confidence": 0.85, "sections": ["Events"],
    });
    assert_eq!(feed["items"][0]["_feedgen"], expected);
    assert!(!json.contains("null") && !json.contains("\"\"") && !json.contains("[]"), "{json}");
}

#[test]
fn a_feed_stays_small_and_loses_no_item() {
    let mut items: Vec<_> = (0..200).map(|number| item(number, "Long")).collect();
    for facts in &mut items {
        facts.content = Html::recall(format!("<p>{}</p>", "A visit to the \"R&amp;D\" lab.</p>\n<p>".repeat(500)));
    }
    items[0].content = Html::recall(format!("<p>{}</p>", "huge ".repeat(200_000)));
    for (format, file) in FORMATS.iter().zip(channel_files(&site(), &channel(items), FORMATS).unwrap().0) {
        assert!(file.bytes.len() <= FEED_BYTES, "{} has {} bytes", file.path, file.bytes.len());
        assert!(file.bytes.len() > FEED_BYTES / 2, "{} has only {} bytes", file.path, file.bytes.len());
        assert_eq!(format.read_back(str::from_utf8(&file.bytes).unwrap()).unwrap().len(), 200);
    }
}

#[test]
fn a_feed_of_too_many_items_shows_the_newest_in_all_formats() {
    let items = (0..500).map(|number| Facts { summary: "Long. ".repeat(400), ..item(number, "Long") }).collect();
    let channel = channel(items);
    let files = channel_files(&site(), &channel, FORMATS).unwrap().0;
    let told: Vec<_> = FORMATS
        .iter()
        .zip(&files)
        .map(|(format, file)| format.read_back(std::str::from_utf8(&file.bytes).unwrap()).unwrap())
        .collect();
    assert!(files.iter().take(FORMATS.len()).all(|file| file.bytes.len() <= FEED_BYTES));
    assert!((100..500).contains(&told[0].len()) && told[0] == told[1] && told[1] == told[2], "{}", told[0].len());
    assert!(told[0][0].id.ends_with(&channel.items[0].item.key));
}

#[test]
fn an_empty_channel_is_a_feed() {
    let [rss, atom, json, html] = files(Vec::new());
    assert!(!rss.contains("Date>"), "{rss}");
    assert!(atom.contains("<updated>2026-01-01T00:00:00+00:00</updated>"));
    assert!(json.contains("\"items\": []"));
    assert!(html.contains("Nothing here yet"));
}

#[test]
fn what_came_out_wrong_is_not_published() {
    for format in FORMATS {
        let cut = refusal(*format, |text| text.trim_end().strip_suffix(['>', '}']).unwrap().to_owned());
        assert!(matches!(cut, PublishError::Broken { .. }), "{format:?}: {cut}");
        let changed = refusal(*format, |text| text.replace("2026:0000000000000002", "2026:0000000000000009"));
        assert!(matches!(changed, PublishError::Differs { ref item, .. } if item == "0000000000000002"), "{changed}");
        let renamed = refusal(*format, |text| text.replace("Two", "Tow"));
        assert!(matches!(renamed, PublishError::Differs { .. }), "{format:?}: {renamed}");
    }
    let lost = refusal(&json_feed::JsonFeed, |text| {
        let mut feed: serde_json::Value = serde_json::from_str(&text).unwrap();
        feed["items"].as_array_mut().unwrap().pop();
        feed.to_string()
    });
    assert!(matches!(lost, PublishError::Differs { ref item, .. } if item == "1 of 2"), "{lost}");
    let control = refusal(&rss::Rss, |text| text.replace("One", "One\u{1b}"));
    assert!(matches!(control, PublishError::Broken { .. }), "{control}");
}

#[test]
fn the_list_of_feeds_is_xml_and_has_every_channel() {
    let overviews = [channel(Vec::new()).overview(), channel(vec![item(1, "One")]).overview()];
    let files = site_files(&site(), &overviews, FORMATS).unwrap();
    let opml = files.iter().find(|file| file.path == "feeds.opml").unwrap();
    let opml = str::from_utf8(&opml.bytes).unwrap();
    assert_eq!(opml.matches("xmlUrl=\"https://news.example.edu/feeds/categories/news.rss\"").count(), 2);
    assert!(opml.contains("text=\"News &#x26; views\""), "{opml}");
}

proptest! {
    #[test]
    fn whatever_is_in_an_item_its_feeds_are_published(
        title in any::<String>(), summary in any::<String>(), name in any::<String>(), markup in any::<String>(),
    ) {
        let mut facts = item(1, &title);
        facts.summary = summary;
        facts.authors = vec![name.clone()];
        facts.categories = vec![Category { slug: "news".to_owned(), label: name.clone() }];
        facts.content = Html::recall(markup);
        facts.publisher = Some(name);
        let published = channel_files(&site(), &channel(vec![facts]), FORMATS);
        prop_assert!(published.is_ok(), "{}", published.unwrap_err());
    }
}
