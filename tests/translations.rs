//! One story in several languages, through the real binary: linked, not merged, and told wherever it is shown.

mod house;

use house::{CONFIG, House};
use serde_json::json;

const SOURCES: &str = "[[source]]\nid = \"chinese\"\ntitle = \"临江大学\"\nfiles = \"chinese/*\"\nlanguage = \"zh\"\n\
                       [[source]]\nid = \"relay\"\ntitle = \"Relay\"\nfiles = \"relay/*\"\n";

const ENGLISH: &str = "Coastal forum opens its wave tank\n\n2026-03-16\n\nOn 14 March 2026 Linjiang University opened its COASTAL \
    forum in hall 301. Among the 128 guests from 42 institutes was the president of the ICSE, who praised the patience of \
    the builders.\n\nA wave tank for 3200 litres was shown, and whoever wanted to make a storm of his own could do so.\n";
const CHINESE: &str = "滨海论坛展示波浪水槽\n\n2026年3月15日\n\n2026年3月14日，临江大学在301报告厅举行滨海论坛（COASTAL），来自42个研究所的128位\
    嘉宾出席了会议，国际学会ICSE主席到会并致辞，对建设者的耐心表示感谢。\n\n会上展示了3200升的波浪水槽，与会者可以亲手制造一场风暴。\n";
/// Another story of the same day and place.
const OTHER: &str = "滨海论坛报名通知\n\n2026年3月13日\n\n滨海论坛（COASTAL）将于2026年3月14日在301报告厅举行，名额128人，来自42个研究所的代表请于前一日\
    在3200号楼领取证件，国际学会ICSE会员请走东门入场。\n\n请各位代表自带水杯，会场不提供一次性用品，停车请听从门卫安排。\n";
/// A copy of the Chinese one, elsewhere.
const COPY: &str = "滨海论坛展示波浪水槽（转载）\n\n2026年3月17日\n\n2026年3月14日，临江大学在301报告厅举行滨海论坛（COASTAL），来自42个研究所的128位\
    嘉宾出席了会议，国际学会ICSE主席到会并致辞，对建设者的耐心表示感谢。\n\n会上展示了3200升的波浪水槽，与会者可以亲手制造一场风暴。\n";

fn house() -> House {
    let house = House::new();
    house.config(&format!("{CONFIG}{SOURCES}"));
    for folder in ["news", "chinese", "relay"] {
        house.folder(folder);
    }
    house
}

/// Titles of the translations that a feed tells of an item with a title.
fn versions(house: &House, title: &str) -> Vec<String> {
    let items = house.feed("all.json");
    let item = items.iter().find(|item| item.title == title);
    let told = item.and_then(|item| item.feedgen["translations"].as_array().cloned()).unwrap_or_default();
    told.iter().map(|version| version["title"].as_str().unwrap_or_default().to_owned()).collect()
}

const IN_ENGLISH: &str = "Coastal forum opens its wave tank";
const IN_CHINESE: &str = "滨海论坛展示波浪水槽";

#[test]
fn a_translation_is_linked_and_told_everywhere() {
    let house = house();
    house.file("news/forum.txt", ENGLISH).file("chinese/forum.txt", CHINESE).refresh().expect_ok();
    assert_eq!(house.titles("all.json"), [IN_ENGLISH, IN_CHINESE], "both are shown");
    assert_eq!(versions(&house, IN_ENGLISH), [IN_CHINESE]);
    let items = house.feed("all.json");
    let page = |key: &str| format!("https://news.example.edu/feeds/items/{key}.html");
    let (english, chinese) = (items[0].key(), items[1].key());
    let told = json!([{ "language": "en", "url": page(english), "title": IN_ENGLISH }]);
    assert_eq!(items[1].feedgen["translations"], told);
    assert!(items[1].feedgen["duplicates"].is_null());
    let (atom, rss) = (house.text("all.atom"), house.text("all.rss"));
    for feed in [&atom, &rss] {
        assert!(feed.contains("hreflang=\"zh") && feed.contains("rel=\"related\""), "{feed}");
        assert!(feed.contains(&page(chinese)), "{feed}");
    }
    for feed in ["all.atom", "all.rss", "all.json"] {
        house.run(&["validate", &format!("feeds/{feed}")]).expect_ok();
    }
    // Pages that were printed before the other was known tell of it, too.
    let text = house.text(&format!("items/{english}.html"));
    assert!(
        text.contains("Also in <a href=\"../items/") && text.contains(&format!("中文: {IN_CHINESE}</a>")),
        "{text}"
    );
    house.run(&["show", english]).expect_ok().expect_said("version").expect_said("day 14 of month 3");
    house.run(&["explain", english, chinese]).expect_ok().expect_said("one story in two languages here");
    // The owner knows better.
    house.run(&["apart", english, chinese]).expect_ok();
    house.refresh().expect_ok();
    assert_eq!(versions(&house, IN_ENGLISH), [""; 0]);
    assert!(!house.text(&format!("items/{english}.html")).contains("Also in"));
}

#[test]
fn order_and_batches_do_not_show() {
    let all = [("news/a.txt", ENGLISH), ("chinese/b.txt", CHINESE), ("relay/c.txt", COPY), ("relay/d.txt", OTHER)];
    let whole = house();
    for (path, text) in all {
        whole.file(path, text);
    }
    whole.refresh().expect_ok();
    // What both tell of is not enough to choose by.
    assert_eq!(versions(&whole, IN_ENGLISH), [""; 0]);
    for order in [[3, 2, 1, 0], [0, 3, 1, 2], [2, 0, 1, 3], [1, 2, 0, 3]] {
        let house = house();
        for number in order {
            house.file(all[number].0, all[number].1).refresh().expect_ok();
        }
        assert_eq!(house.published(), whole.published(), "{order:?}");
    }
}

#[test]
fn what_is_told_follows_the_versions() {
    let house = house();
    house.file("news/a.txt", ENGLISH).file("relay/c.txt", COPY).file("chinese/b.txt", CHINESE).refresh().expect_ok();
    // Of copies the original.
    assert_eq!(versions(&house, IN_ENGLISH), [IN_CHINESE]);
    let before = house.published();
    // A new title is told by the others.
    let retitled = format!("临江大学{CHINESE}");
    house.file("chinese/b.txt", &retitled).refresh().expect_ok();
    assert_eq!(versions(&house, IN_ENGLISH), ["临江大学滨海论坛展示波浪水槽"]);
    // Other words are no version any more.
    house
        .file("chinese/b.txt", &CHINESE.replace("14日", "21日").replace("128", "96").replace("3200", "55"))
        .refresh()
        .expect_ok();
    house.remove("relay/c.txt").refresh().expect_ok();
    assert!(!versions(&house, IN_ENGLISH).contains(&IN_CHINESE.to_owned()));
    house.file("chinese/b.txt", CHINESE).file("relay/c.txt", COPY).refresh().expect_ok();
    assert_eq!(versions(&house, IN_ENGLISH), [IN_CHINESE]);
    assert_eq!(house.published().keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    // What was removed is told of no more.
    let chinese = house.feed("all.json").iter().find(|item| item.title == IN_CHINESE).map(|item| item.key().to_owned());
    let chinese = chinese.unwrap_or_default();
    house.run(&["remove", &chinese]).expect_ok();
    house.refresh().expect_ok();
    assert_eq!(versions(&house, IN_ENGLISH), ["滨海论坛展示波浪水槽（转载）"]);
}
