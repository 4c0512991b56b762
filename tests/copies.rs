//! One story once, through the real binary: near copies in several sources, what the owner decides of them, and that none of
//! it shows in which order they came.

mod house;

use std::collections::BTreeMap;

use house::{CONFIG, House};
use serde_json::json;

const SOURCES: &str = "[[source]]\nid = \"physics\"\ntitle = \"Physics\"\nfiles = \"physics/*\"\n\
                       [[source]]\nid = \"press\"\ntitle = \"Press office\"\nfiles = \"press/*\"\n";

/// What the stories tell, a paragraph each.
const BRIDGE: [&str; 3] = [
    "The footbridge between the library and the boathouse was opened on Monday by Marit Solheim, the mayor of Fjordby, who crossed it with the pupils of the harbour school and a brass band that had come over on the morning ferry.",
    "It is forty metres long, hangs from a single mast, and was drawn by students of the school of civil engineering, who tested a model of it for two winters in the wave tank below the old rope factory.",
    "Until now whoever wanted to row had to walk around the basin for a quarter of an hour, or ask the lock keeper for his boat, which he lent to professors more readily than to first-year students.",
];
const CHOIR: [&str; 3] = [
    "Forty singers of the university choir have come home from a tour through the fishing villages of the north, where they sang in churches, in net lofts and once from the deck of a lifeboat.",
    "The conductor, Ines Falk, says that the best listeners were the crews of two trawlers who had missed the tide and stayed for all three encores instead of mending their nets.",
    "A recording of the concert in the lighthouse will be on sale in the bookshop from Friday, and what it earns goes to the people who keep the lamp.",
];

const LIGHTHOUSE: [&str; 3] = [
    "The lamp on the northern skerry burns again, after volunteers of the institute of optics spent eleven weekends grinding a new lens for it from glass that was cast in the old foundry.",
    "Whoever keeps watch there from May on will live in two whitewashed rooms below the gallery, without a telephone, and will write down every quarter of an hour what the sea looks like.",
    "Applications by letter reach the harbour master, Sverre Dahl, who asks for a sample of handwriting and for a recipe that needs nothing but flour, salt and herring.",
];

fn document(title: &str, date: &str, paragraphs: &[&str]) -> String {
    format!("{title}\n\nPublished: {date}\n\n{}\n", paragraphs.join("\n\n"))
}

/// Documents by path: three copies of one story, two of another, and a notice of two years that is no copy.
fn documents() -> Vec<(&'static str, String)> {
    let notice = |year: u32| {
        [
            format!("The examination hall of the law school opens at eight on each day of the entrance examination {year}."),
            "Bring the letter of admission and an identity card; bags are left with the porter, and telephones are switched off before the doors close.".to_owned(),
            "Whoever comes more than half an hour late is not let in, whatever the ferry did, and may sit the examination in the autumn.".to_owned(),
        ]
    };
    let year = |path, year: u32, date: &str| {
        let text = notice(year);
        let text: Vec<&str> = text.iter().map(String::as_str).collect();
        (path, document(&format!("Entrance examination {year}"), date, &text))
    };
    vec![
        ("news/bridge.txt", document("A bridge to the boathouse", "2026-03-10", &BRIDGE)),
        ("physics/bridge.txt", document("Our students' bridge is open", "2026-03-12", &BRIDGE)),
        ("press/bridge.txt", document("A bridge to the boathouse", "2026-03-09", &BRIDGE[..1])),
        ("news/choir.txt", document("The choir is home", "2026-03-20", &CHOIR)),
        ("press/choir.txt", document("The choir is home again", "2026-03-21", &CHOIR)),
        year("news/2025.txt", 2025, "2025-04-02"),
        year("news/2026.txt", 2026, "2026-04-01"),
    ]
}

const SHOWN: [&str; 4] =
    ["Entrance examination 2026", "The choir is home", "A bridge to the boathouse", "Entrance examination 2025"];

fn house(more: &str) -> House {
    let house = House::new();
    house.config(&format!("{CONFIG}{SOURCES}{more}"));
    house
}

fn filled() -> House {
    let house = house("");
    for (path, text) in documents() {
        house.file(path, &text);
    }
    house.refresh().expect_ok();
    house
}

/// The key of what a source shows under a title.
fn key_in(house: &House, source: &str, title: &str) -> String {
    let items = house.feed(&format!("sources/{source}.json"));
    items.iter().find(|item| item.title == title).map(|item| item.key().to_owned()).unwrap_or_default()
}

#[test]
fn one_story_is_shown_once_by_its_best_copy() {
    let house = filled();
    assert_eq!(house.titles("all.json"), SHOWN);
    // The excerpt is older, but the first whole one stands for all; each source keeps its own.
    let bridge = &house.feed("all.json")[2];
    assert_eq!(bridge.key(), key_in(&house, "news", "A bridge to the boathouse"));
    assert_eq!(house.titles("sources/press.json"), ["The choir is home again", "A bridge to the boathouse"]);
    assert_eq!(house.titles("sources/physics.json"), ["Our students' bridge is open"]);
    let mut others = [
        key_in(&house, "physics", "Our students' bridge is open"),
        key_in(&house, "press", "A bridge to the boathouse"),
    ];
    others.sort_by_key(|key| u64::from_str_radix(key, 16).map_or(0, u64::cast_signed));
    assert_eq!(bridge.feedgen["duplicates"], json!(others));
    // Readers are led to the others.
    let page = format!("https://news.example.edu/feeds/items/{}.html", others[0]);
    let (atom, rss) = (house.text("all.atom"), house.text("all.rss"));
    assert!(
        atom.contains(&format!("rel=\"related\" href=\"{page}\""))
            || atom.contains(&format!("href=\"{page}\" rel=\"related\"")),
        "{atom}"
    );
    assert!(rss.contains(&page) && rss.contains("rel=\"related\""), "{rss}");
    assert_eq!(bridge.feedgen["related"][0]["url"], json!(page));
    for feed in ["all.atom", "all.rss", "all.json", "sources/press.atom", "sources/press.rss"] {
        house.run(&["validate", &format!("feeds/{feed}")]).expect_ok();
    }
}

#[test]
fn neither_order_nor_batches_show() {
    let whole = filled().published();
    let documents = documents();
    for seed in 1..6_usize {
        let mut order: Vec<usize> = (0..documents.len()).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, (at * 7 + seed * 5) % (at + 1));
        }
        let house = house("");
        for (turn, number) in order.iter().enumerate() {
            let (path, text) = &documents[*number];
            house.file(path, text);
            if (turn + seed) % 3 != 0 {
                house.refresh();
            }
        }
        house.refresh().expect_ok();
        let differ = |one: &BTreeMap<String, String>| {
            one.iter()
                .filter(|(path, text)| whole.get(*path) != Some(text))
                .map(|(path, _)| path.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(differ(&house.published()), [""; 0], "{order:?}");
        house.remove("feeds").run(&["refresh", "--force"]).expect_ok();
        assert_eq!(house.published(), whole, "{order:?}, again");
    }
}

/// What each notice of the library says before its own.
const LIBRARY: &str = "The library of the university stands on the hill above the harbour, and whoever comes by the ferry takes the \
                       stairs behind the customs house, or the lift beside them, which is mended for the third time this year. Bags \
                       are left in the lockers of the entrance hall, coffee stays in the courtyard, and the keys of the reading \
                       rooms are given out by the porter against a student card of any university of the country.";

/// Calls with each order of three.
fn in_each_order(mut found: impl FnMut([usize; 3])) {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        found(order);
    }
}

#[test]
fn an_excerpt_brings_no_two_notices_together() {
    let hours = |month: &str, until: &str| {
        let open = format!("In {month} the reading rooms are open from eight to {until} on all days of the week.");
        let rest = "The map room opens at noon; whoever wants to see a chart of the northern sound asks for it on the day \
                    before, and tells the librarian, Ines Falk, what it is wanted for.";
        document(&format!("Opening hours of the library in {month}"), "2026-03-05", &[LIBRARY, &open, rest])
    };
    let all = [
        ("news/may.txt", hours("May", "17")),
        ("physics/june.txt", hours("June", "19")),
        ("press/library.txt", document("Opening hours of the library", "2026-03-06", &[LIBRARY])),
    ];
    in_each_order(|order| {
        let house = house("");
        for number in order {
            let (path, text) = &all[number];
            // Folders that nothing came into yet are complained of.
            house.file(path, text).refresh();
        }
        let mut titles = house.titles("all.json");
        titles.sort();
        assert_eq!(
            titles,
            ["Opening hours of the library in June", "Opening hours of the library in May"],
            "{order:?}"
        );
        let excerpt = key_in(&house, "press", "Opening hours of the library");
        house.run(&["remove", &excerpt]).expect_ok();
        house.refresh().expect_ok();
        assert_eq!(house.titles("all.json").len(), 2, "{order:?}, without the excerpt");
    });
}

#[test]
fn a_document_without_words_makes_no_story_of_all_that_bear_its_title() {
    let daily = |date: &str, text: &[&str]| document("News of the boathouse", date, text);
    let all = [
        ("news/bridge.txt", daily("2026-03-09T09:30:00Z", &BRIDGE)),
        ("physics/picture.txt", daily("2026-03-09T20:00:00Z", &[])),
        ("press/choir.txt", daily("2026-03-10T09:30:00Z", &CHOIR)),
    ];
    in_each_order(|order| {
        let house = house("");
        for number in order {
            let (path, text) = &all[number];
            house.file(path, text).refresh();
        }
        let shown: Vec<String> = house.feed("all.json").into_iter().map(|item| item.content).collect();
        assert!(
            shown.len() == 2 && shown[0].contains("Forty singers") && shown[1].contains("footbridge"),
            "{order:?}: {shown:#?}"
        );
    });
}

#[test]
fn a_document_without_words_joins_a_story_that_is_told_again_days_later() {
    let more = [&BRIDGE[..], &["The lock keeper keeps his boat."]].concat();
    let all = [
        ("news/bridge.txt", document("News of the boathouse", "2026-03-09", &BRIDGE)),
        ("physics/picture.txt", document("News of the boathouse", "2026-03-09", &[])),
        ("press/bridge.txt", document("News of the boathouse", "2026-03-12", &more)),
    ];
    in_each_order(|order| {
        let house = house("");
        for number in order {
            let (path, text) = &all[number];
            house.file(path, text).refresh();
        }
        assert_eq!(house.titles("all.json").len(), 1, "{order:?}");
    });
}

#[test]
fn very_many_copies_count_once_and_are_told_from_another_notice() {
    let hours = |month: &str, until: &str, day: usize| {
        let open = format!("In {month} the reading rooms are open from eight to {until} on all days of the week.");
        let title = format!("Opening hours of the library in {month}");
        document(&title, &format!("2026-03-{:02}", 5 + day % 20), &[LIBRARY, &open])
    };
    let excerpt = document("Opening hours of the library", "2026-03-06", &[LIBRARY]);
    let mut published = Vec::new();
    for excerpt_first in [true, false] {
        let house = house("");
        if excerpt_first {
            house.file("press/library.txt", &excerpt).refresh();
        }
        for number in 0..40 {
            house.file(format!("news/{number}.txt"), &hours("May", "17", number));
        }
        house.refresh();
        house.file("physics/june.txt", &hours("June", "19", 0)).refresh();
        house.file("press/library.txt", &excerpt).refresh();
        let mut titles = house.titles("all.json");
        titles.sort();
        assert_eq!(titles, ["Opening hours of the library in June", "Opening hours of the library in May"]);
        assert_eq!(house.titles("sources/news.json").len(), 40);
        // Whoever leaves a large family leaves the others as they were.
        house.file("news/7.txt", &document("The choir is home", "2026-03-20", &CHOIR)).refresh();
        assert_eq!(house.titles("all.json").len(), 3);
        published.push(house.published());
    }
    assert!(published[0] == published[1], "the order shows");
}

#[test]
fn an_excerpt_brings_no_notices_together_among_very_many_texts() {
    let house = house("");
    let words: Vec<&str> = LIBRARY.split_whitespace().filter(|word| word.len() > 3).collect();
    let may = "In May the reading rooms are open from eight to seventeen on all days of the week.";
    let june = may.replace("May", "June").replace("seventeen", "nineteen");
    let excerpt = LIBRARY.split_inclusive(' ').take(40).collect::<String>();
    house.file("press/library.txt", &document("Opening hours of the library", "2026-03-01", &[&excerpt]));
    // Each has a slip of its own.
    for (number, word) in words.iter().take(36).enumerate() {
        let (start, end) = word.split_at(3);
        let text = LIBRARY.replacen(word, &format!("{start}q{end}"), 1);
        let day = format!("2026-03-{:02}", 2 + number % 5);
        house.file(format!("news/{number}.txt"), &document("Opening hours of the library", &day, &[&text, may]));
    }
    house.file("physics/june.txt", &document("Opening hours of the library", "2026-03-06", &[LIBRARY, &june]));
    house.refresh().expect_ok();
    let shown = house.feed("all.json");
    assert!(words.len() >= 36 && shown.len() < 8, "{} are shown", shown.len());
    for month in ["In May", "In June"] {
        assert!(shown.iter().any(|item| item.content.contains(month)), "{month} is lost");
    }
}

#[test]
fn a_text_is_not_found_by_what_it_said_before() {
    let house = house("");
    let told = |title: &str, text: &[&str]| document(title, "2026-03-10", text);
    for text in [BRIDGE, CHOIR, BRIDGE, LIGHTHOUSE] {
        house.file("news/a.txt", &told("News of the week", &text)).refresh();
    }
    house.file("physics/bridge.txt", &told("A bridge to the boathouse", &BRIDGE)).refresh();
    house.file("press/choir.txt", &told("The choir is home", &CHOIR)).refresh().expect_ok();
    let all = || {
        let mut titles = house.titles("all.json");
        titles.sort();
        titles
    };
    assert_eq!(all(), ["A bridge to the boathouse", "News of the week", "The choir is home"]);
    // By what it says now it is, and by what it says again.
    house.file("press/keeper.txt", &told("The lamp is lit again", &LIGHTHOUSE)).refresh().expect_ok();
    assert_eq!(all().len(), 3, "{:?}", all());
    house.file("news/a.txt", &told("News of the week", &BRIDGE)).refresh().expect_ok();
    let news = key_in(&house, "news", "News of the week");
    assert_eq!(all().len(), 3, "{:?}", all());
    house.run(&["show", &news]).expect_ok().expect_said(&key_in(&house, "physics", "A bridge to the boathouse"));
}

#[test]
fn what_is_removed_brings_nothing_together() {
    let house = filled();
    let titles = "A bridge to the boathouse, and the choir is home";
    let text = document(titles, "2026-03-22", &[BRIDGE, CHOIR].concat());
    house.file("physics/both.txt", &text).refresh().expect_ok();
    assert_eq!(house.titles("all.json").len(), SHOWN.len() - 1, "it tells both");
    let both = key_in(&house, "physics", titles);
    house.run(&["remove", &both]).expect_ok();
    house.refresh().expect_ok();
    assert_eq!(house.titles("all.json"), SHOWN);
}

#[test]
fn equal_texts_of_other_years_are_told_to_be_that() {
    let house = house("");
    let text =
        ["Bring the letter of admission and an identity card; bags are left with the porter, and telephones are \
                 switched off before the doors close, at eight sharp, whatever the ferry did."];
    for (path, year) in [("news/a.txt", 2025), ("physics/a.txt", 2026), ("press/b.txt", 2024)] {
        house.file(path, &document(&format!("Entrance examination {year}"), "2026-03-20", &text));
    }
    house.refresh().expect_ok();
    let first = key_in(&house, "news", "Entrance examination 2025");
    house.run(&["show", &first]).expect_ok().expect_said("their texts are the same");
}

#[test]
fn a_story_that_is_written_anew_leaves_the_others() {
    let house = filled();
    let before = house.published();
    let text = document("A bridge to the boathouse", "2026-03-10", &CHOIR);
    house.file("news/bridge.txt", &text).refresh().expect_ok();
    // It has joined the choir, by its words.
    let titles = house.titles("all.json");
    let expected = [
        "Entrance examination 2026",
        "Our students' bridge is open",
        "A bridge to the boathouse",
        "Entrance examination 2025",
    ];
    assert_eq!(titles, expected);
    let (_, bridge) = &documents()[0];
    house.file("news/bridge.txt", bridge).refresh().expect_ok();
    let titles = house.titles("all.json");
    assert_eq!(titles, SHOWN);
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&house.published()), names(&before));
}

#[test]
fn the_copy_of_a_source_that_is_preferred_is_shown() {
    let house = filled();
    let before = house.published();
    let preferring = SOURCES.replace("id = \"physics\"", "id = \"physics\"\nprefer = true");
    house.config(&format!("{CONFIG}{preferring}")).refresh().expect_ok();
    let titles = house.titles("all.json");
    assert_eq!(titles[2], "Our students' bridge is open", "{titles:?}");
    // An excerpt is not preferred.
    let preferring = SOURCES.replace("id = \"press\"", "id = \"press\"\nprefer = true");
    house.config(&format!("{CONFIG}{preferring}")).refresh().expect_ok();
    let expected = [
        "Entrance examination 2026",
        "The choir is home again",
        "A bridge to the boathouse",
        "Entrance examination 2025",
    ];
    assert_eq!(house.titles("all.json"), expected);
    house.config(&format!("{CONFIG}{SOURCES}")).refresh().expect_ok();
    assert_eq!(house.published(), before);
}

#[test]
fn pairs_that_are_set_apart_stay_apart() {
    let house = filled();
    let before = house.published();
    let (first, second) =
        (key_in(&house, "news", "The choir is home"), key_in(&house, "press", "The choir is home again"));
    house.run(&["show", &first]).expect_ok().expect_said(&second).expect_said("words are the same");
    house.run(&["explain", &first, &second]).expect_ok().expect_said("one story here\nthe same story: ");
    house.run(&["apart", &first, &second]).expect_ok().expect_said("The choir is home again").expect_said("--undo");
    house.run(&["apart", &second, &first]).expect_ok().expect_said("were set apart before");
    house.run(&["apart", &first, &first]).expect_code(2).expect_said("name two");
    house.refresh().expect_ok();
    assert_eq!(house.titles("all.json").len(), 5);
    house.run(&["show", &first]).expect_ok().expect_said("set apart").expect_said(&second);
    house.run(&["explain", &first, &second]).expect_ok().expect_said("set apart by you: ");
    let told = house.run(&["explain", &first, &second, "--json"]).json();
    assert_eq!((&told["stored"], &told["same"]), (&json!("apart"), &json!(true)), "{told}");
    // Nor do they join through a third, which stays with the first.
    house.file("physics/choir.txt", &document("Singers are back", "2026-03-22", &CHOIR)).refresh().expect_ok();
    let titles = house.titles("all.json");
    assert!(titles.contains(&"The choir is home".to_owned()) && titles.contains(&"The choir is home again".to_owned()));
    assert_eq!(titles.len(), 5, "{titles:?}");
    // It is kept over a walk that reads everything again.
    house.run(&["refresh", "--force"]).expect_ok();
    assert_eq!(house.titles("all.json"), titles);
    house.run(&["apart", "--undo", &first, &second]).expect_ok().expect_said("no longer");
    house.refresh().expect_ok();
    assert_eq!(house.titles("all.json").len(), 4);
    assert_ne!(house.published(), before, "a third copy came");
}

#[test]
fn documents_that_share_an_address_are_copies_only_under_one_title() {
    let page = |title: &str, date: &str, text: &str| {
        let head = "<link rel=canonical href=\"https://a.example.edu/news/template.html\">";
        format!(
            "<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{date}</p><p>{text}</p></body></html>"
        )
    };
    let linked = |title: &str, date: &str, text: &str| {
        format!("---\ntitle: {title}\ndate: {date}\nlink: https://a.example.edu/news.htm\n---\n{text}\n")
    };
    let house = house("");
    house.file("news/a.html", &page("A bridge to the boathouse", "2026-03-10", &BRIDGE.join(" ")));
    house.file("news/b.html", &page("The lamp is lit again", "2026-03-11", &LIGHTHOUSE.join(" ")));
    house.file("news/c.md", &linked("Notice", "2026-03-12", "Closed for today."));
    house.file("news/d.md", &linked("Another notice", "2026-03-13", "Open from tomorrow on."));
    house.refresh();
    assert_eq!(house.titles("all.json").len(), 4, "{:?}", house.titles("all.json"));
    // Under one title it is one story that was told anew.
    house.file("physics/c.md", &linked("Notice", "2026-03-14", "Shut until further notice, since the roof is mended."));
    house.refresh();
    assert_eq!(house.titles("all.json").len(), 4, "{:?}", house.titles("all.json"));
    house.run(&["show", "physics/c.md"]).expect_ok().expect_said("they have the same address");
}

#[test]
fn what_a_source_says_again_after_twenty_days_is_said_of_another_occasion() {
    let closed = [
        "Because of cleaning the canteen at the harbour is closed today, and all guests are asked over to the other one.",
    ];
    let days = |house: &House| -> Vec<String> {
        house.feed("all.json").iter().map(|item| item.date.get(..10).unwrap_or_default().to_owned()).collect()
    };
    for text in [&closed[..], &CHOIR[..]] {
        let mut published = Vec::new();
        for turn in 0..3 {
            let house = house("");
            let mut all = [
                ("news/a.txt", "2025-03-02"),
                ("news/b.txt", "2025-03-20"),
                ("news/c.txt", "2026-03-02"),
                // What another site tells of it is a copy, whenever it does.
                ("press/a.txt", "2025-05-20"),
                ("press/c.txt", "2026-03-03"),
            ];
            all.rotate_left(turn * 2);
            for (path, day) in all {
                house.file(path, &document("The canteen", day, text)).refresh();
            }
            assert_eq!(days(&house), ["2026-03-02", "2025-03-02"], "{turn}");
            let [a, b, c] = ["a", "b", "c"].map(|name| format!("news/{name}.txt"));
            house.run(&["show", &b]).expect_ok().expect_said("feeds       sources/news\n");
            house.run(&["explain", &a, &b]).expect_ok().expect_said("one story here");
            house.run(&["explain", &a, &c]).expect_ok().expect_said("two stories here\n");
            published.push(house.published());
        }
        assert!(published.iter().all(|one| *one == published[0]), "the order shows");
    }
    // Documents that tell no day are no sign.
    let house = house("");
    for (name, time) in [("a", "2026-05-01T00:00:00Z"), ("b", "2026-08-01T00:00:00Z")] {
        let text = format!("The canteen\n\n{}\n", closed[0]);
        house.at(time).file(format!("news/{name}.txt"), &text).refresh();
    }
    assert_eq!(days(&house).len(), 1);
}

#[test]
fn a_store_from_before_there_were_stories_learns_them() {
    let house = filled();
    let before = house.published();
    let forget = "UPDATE item SET family = NULL, story = NULL, excerpt = 0, original = NULL, hidden = '';
                  DELETE FROM meta WHERE name = 'stories'; DELETE FROM posting; DELETE FROM run; DELETE FROM sketch;
                  INSERT OR IGNORE INTO member SELECT channel.id, item.published, item.item FROM item, channel
                      WHERE instr(char(10) || item.channels || char(10), char(10) || channel.path || char(10));
                  UPDATE channel SET items = (SELECT count(*) FROM member WHERE channel = channel.id);
                  UPDATE meta SET value = value + 1 WHERE name = 'change'";
    house.store().execute_batch(forget).unwrap_or_default();
    house.run(&["refresh", "--force"]).expect_ok();
    assert_eq!(house.titles("all.json"), SHOWN);
    assert_eq!(house.published(), before);
}
