//! One story in several feeds, and in documents.

use crate::house::House;
use crate::publisher::{CONFIG, Publisher, Story, atom, rss};

const WORDS: &str = "The research vessel Albatross left the quay of Fjordby on Tuesday with twelve students, two cooks and a winch that had been mended over the winter. For six weeks they will measure how salty the water of the northern sound is, metre by metre, down to the bottom. The last voyage of this kind was made by steamer, and its tables are still used by pilots, though nobody knows any more how the captain found his way in the fog. The institute of oceanography publishes the new figures each evening.";
const NOTICE: &str = "This article is for subscribers of the Fjordby Courier only. Whoever has paid reads on after the name and the word that were sent by post; whoever has not may buy the paper at the kiosk on the ferry quay, at the station, and at the bakery behind the town hall, or write to the sales department, which answers letters on weekdays between nine and four. Back numbers are kept for a year and a day in the cellar of the editorial office, in the order of their colours. Thank you for reading newspapers, and for leaving the coupon on the last page for whoever sits on the bench after you.";

/// A house that reads two feeds and a folder.
struct Two {
    house: House,
    quay: Publisher,
    tower: Publisher,
}

impl Two {
    fn reads(quay: &[Story], tower: &[Story]) -> Self {
        let two = Self { house: House::new(), quay: Publisher::new(), tower: Publisher::new() };
        two.house.config(&format!(
            "{CONFIG}[[source]]\nid = \"news\"\nfiles = \"news/*\"\n{}{}",
            two.quay.source("quay"),
            two.tower.source("tower")
        ));
        two.quay.says(&rss(quay));
        two.tower.says(&atom(tower));
        two.house.refresh().expect_ok();
        two
    }

    fn shown(&self) -> Vec<String> {
        self.house.titles("all.json")
    }
}

fn story(number: usize, title: &str, body: &str) -> Story {
    Story::new(number).title(title).body(body)
}

#[test]
fn a_story_of_two_feeds_and_a_document_is_shown_once() {
    let retold = WORDS.replace("six weeks", "almost six weeks").replace("salty", "saline");
    let summary: String = WORDS.split_inclusive(' ').take(45).collect();
    let two = Two::reads(
        &[story(5, "The Albatross has left", WORDS), story(9, "Ferries", "Two ferries are late.")],
        &[story(6, "Students put to sea", &retold)],
    );
    assert_eq!(two.shown(), ["Ferries", "The Albatross has left"]);
    assert_eq!(two.house.feed("all.json")[1].url, "https://quay.example/news/5", "the first that is whole");
    assert_eq!(two.house.titles("sources/tower.json").len(), 1);
    let related = two.house.feed("all.json")[1].feedgen["related"].to_string();
    assert!(related.contains("https://quay.example/news/6"), "{related}");
    // An excerpt joins that is older, and what its publisher has corrected goes on to be the same.
    two.house.file("news/a.txt", &format!("The Albatross has left\n\nPublished: 2026-03-04\n\n{summary}…\n"));
    two.tower.says(&atom(&[story(6, "Students put to sea", &retold.replace("Tuesday", "Tuesday morning"))]));
    two.house.tomorrow().refresh().expect_ok();
    assert_eq!(two.shown(), ["Ferries", "The Albatross has left"]);
    assert_eq!(two.house.titles("sources/news.json").len(), 1);
    assert_eq!(two.house.feed("all.json")[1].url, "https://quay.example/news/5");
}

#[test]
fn what_all_entries_of_a_feed_carry_makes_no_story_of_them() {
    let entry = |number: usize, title: &str| story(number, title, NOTICE);
    let two = Two::reads(
        &[entry(1, "The mayor resigns"), entry(2, "Herring is cheap"), entry(3, "Rain on Sunday")],
        &[entry(4, "A new chapel"), entry(5, "Snow on Monday")],
    );
    assert_eq!(two.shown().len(), 5, "{:?}", two.shown());
}

#[test]
fn a_feed_that_tells_a_story_twice_under_one_title_shows_it_once() {
    let first = story(5, "The Albatross has left", WORDS);
    let again =
        Story { date: first.date.clone(), ..story(8, "The Albatross has left", &WORDS.replace("Tuesday", "Tuesday,")) };
    let two = Two::reads(&[first, again], &[story(6, "Ferries", "Two are late.")]);
    assert_eq!(two.shown(), ["Ferries", "The Albatross has left"]);
    assert_eq!(two.house.titles("sources/quay.json").len(), 2);
}

#[test]
fn episodes_with_the_same_notes_are_all_shown() {
    let mut episodes: Vec<Story> =
        (1..=15).map(|number| story(number, &format!("Campus voices: episode {number}"), NOTICE)).collect();
    let two = Two::reads(&episodes, &[]);
    assert_eq!(two.shown().len(), 15, "{:?}", two.shown());
    episodes.reverse();
    let two = Two::reads(&episodes, &[]);
    assert_eq!(two.shown().len(), 15, "{:?}", two.shown());
}

/// What a feed says in the same words each time, dated a day.
fn each_time(number: usize, date: &str) -> Story {
    story(number, "Voyage of the week", WORDS).date(&format!("{date}T10:17:05Z"))
}

/// The days of what is shown under that title.
fn days(two: &Two) -> Vec<String> {
    let shown = two.house.feed("all.json").into_iter().filter(|item| item.title == "Voyage of the week");
    shown.map(|item| item.date.chars().take(10).collect()).collect()
}

#[test]
fn what_a_feed_lists_side_by_side_on_several_days_is_shown_for_each() {
    let week: Vec<Story> = (1..=4).map(|day| each_time(day, &format!("2026-03-{:02}", 7 * day))).collect();
    let expected = ["2026-03-28", "2026-03-21", "2026-03-14", "2026-03-07"];
    assert_eq!(days(&Two::reads(&week, &[])), expected);
    // Neither the number of walks shows nor the order in which they bring it.
    for order in [[0, 1, 2, 3], [3, 2, 1, 0]] {
        let two = Two::reads(&[], &[]);
        for window in order.windows(2) {
            two.quay.says(&rss(&window.iter().map(|at| week[*at].clone()).collect::<Vec<_>>()));
            two.house.tomorrow().refresh().expect_ok();
        }
        assert_eq!(days(&two), expected, "{order:?}");
    }
    // What another source tells of each is a copy of that one.
    let retold =
        |day: usize| each_time(day, &format!("2026-03-{:02}", 7 * day)).link(&format!("https://tower.example/{day}"));
    let two = Two::reads(&week, &[retold(2).date("2026-03-14T12:00:05Z"), retold(3).date("2026-03-21T12:00:05Z")]);
    assert_eq!(days(&two), expected);
    assert!(two.house.feed("all.json").iter().all(|item| item.url.starts_with("https://quay.example")));
}

#[test]
fn very_many_episodes_with_the_same_words_are_all_shown() {
    let episode = |day: usize| each_time(day, &format!("2026-{:02}-{:02}", 1 + day / 28, 1 + day % 28));
    let two = Two::reads(&(0..40).map(episode).collect::<Vec<_>>(), &[]);
    assert_eq!(days(&two).len(), 40);
    two.quay.says(&rss(&(35..45).map(episode).collect::<Vec<_>>()));
    two.house.tomorrow().refresh().expect_ok();
    assert_eq!(days(&two).len(), 45);
}

#[test]
fn what_a_feed_says_again_much_later_is_shown_again_unless_its_site_was_made_anew() {
    let ship = |number: usize| Story::new(number);
    let list = |first: usize, more: Story| -> String {
        let mut stories: Vec<Story> = (first..first + 6).map(ship).collect();
        stories.push(more);
        rss(&stories)
    };
    let two = Two::reads(&[], &[]);
    two.quay.says(&list(1, each_time(50, "2025-10-05")));
    two.house.tomorrow().refresh().expect_ok();
    two.quay.says(&list(5, each_time(60, "2025-12-25")));
    two.house.tomorrow().refresh().expect_ok();
    // All but two of its entries are new, as this one is.
    assert_eq!(days(&two), ["2025-10-05"]);
    two.quay.says(&list(6, each_time(70, "2026-02-05")));
    two.house.tomorrow().refresh().expect_ok();
    assert_eq!(days(&two), ["2026-02-05", "2025-12-25", "2025-10-05"]);
    // All of a feed under other ids, at other addresses, with the day of the move.
    let told = |number: usize, date: &str| {
        let words = WORDS.replace("Albatross", &format!("ship of the {number}th dock")).replace("Tuesday", "Monday");
        story(number, &format!("Voyage {number}"), &words).date(&format!("{date}T10:17:05Z"))
    };
    let two = Two::reads(&(1..=6).map(|number| told(number, "2025-10-05")).collect::<Vec<_>>(), &[]);
    let before = two.shown();
    let moved = |number: usize| {
        told(number, "2025-12-25")
            .guid(&format!("urn:new:{number}"))
            .link(&format!("https://new.example/voyages/{number}"))
    };
    two.quay.says(&rss(&(1..=6).map(moved).collect::<Vec<_>>()));
    two.house.tomorrow().refresh().expect_ok();
    assert_eq!(two.shown(), before);
    // What is read anew is not said again.
    two.quay.says(&rss(&(1..=6).map(|number| moved(number).date("2025-12-25T10:17:06Z")).collect::<Vec<_>>()));
    two.house.tomorrow().refresh().expect_ok();
    assert_eq!(two.shown(), before);
    for count in [1, 2] {
        let two = Two::reads(&(1..=count).map(|number| told(number, "2025-10-05")).collect::<Vec<_>>(), &[]);
        two.quay.says(&rss(&(1..=count).map(moved).collect::<Vec<_>>()));
        two.house.tomorrow().refresh().expect_ok();
        assert_eq!(two.shown().len(), count);
    }
}

#[test]
fn a_second_entry_of_a_feed_leaves_the_story_of_others_whole() {
    let title = "The Albatross has left";
    let own = story(6, title, WORDS);
    let two = Two::reads(&[story(5, title, WORDS)], std::slice::from_ref(&own));
    two.house.file("news/a.txt", &format!("Students put to sea\n\nPublished: 2026-03-09\n\n{WORDS}\n"));
    two.house.refresh().expect_ok();
    assert_eq!(two.shown(), [title]);
    two.tower.says(&atom(&[own, story(8, "Voyage of the week", WORDS)]));
    two.house.tomorrow().refresh().expect_ok();
    let shown = two.shown();
    assert_eq!(shown, ["Voyage of the week", title]);
    two.house.run(&["remove", "Voyage of the week"]).expect_ok();
    two.house.refresh().expect_ok();
    assert_eq!(two.shown(), [title]);
}

#[test]
fn two_entries_of_a_feed_that_differ_in_a_word_are_two_and_a_corrected_one_is_one() {
    let title = "The Albatross has left";
    let other = WORDS.replace("mended over the winter", "mended over the summer");
    let two = Two::reads(&[story(5, title, WORDS), story(8, title, &other)], &[]);
    assert_eq!(two.shown(), [title, title]);
    // Under its id it is corrected wherever it is shown now.
    let moved = |number: usize| story(5, title, &other).link(&format!("https://quay.example/news/{number}"));
    let two = Two::reads(&[story(5, title, WORDS)], &[]);
    let id = two.house.feed("all.json")[0].id.clone();
    two.quay.says(&rss(&[moved(8)]));
    two.house.tomorrow().refresh().expect_ok();
    assert_eq!(two.shown(), [title]);
    assert_eq!(two.house.feed("all.json")[0].id, id);
    // A feed that lists what it corrected under another id, and the old one no more, goes by title and time.
    two.quay.says(&rss(&[moved(9).guid("another")]));
    two.house.tomorrow().refresh().expect_ok();
    assert_eq!(two.shown(), [title]);
}
