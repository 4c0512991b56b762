//! Entries that are hard to tell apart: each story is shown, and none twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::house::House;
use crate::publisher::{CONFIG, Publisher, Stand, Story, atom, rss};

const HOME: &str = "https://quay.example/";

/// Finds the stories twice, then one after the other and together again: all are there each time, with ids of their own.
#[track_caller]
fn all_are_shown(stories: &[Story]) {
    let stand = Stand::new();
    stand.finds(stories);
    let first = stand.ids();
    assert_eq!(first.len(), stories.len(), "{first:#?}");
    assert_eq!(stand.house.feed("all.json").len(), stories.len(), "{:#?}", stand.house.titles("all.json"));
    let ids: BTreeSet<_> = first.iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), stories.len(), "{first:#?}");
    let before = stand.house.published();
    stand.finds(&[]).finds(stories);
    assert_eq!(stand.house.published(), before);

    let stand = Stand::new();
    for from in (0..stories.len()).rev() {
        stand.finds(&stories[from..]);
    }
    assert_eq!(stand.items().len(), stories.len(), "as a feed grows: {:#?}", stand.ids());
    let before = stand.house.published();
    stand.finds(stories);
    assert_eq!(stand.house.published(), before);
}

fn each(change: impl Fn(Story) -> Story) -> Vec<Story> {
    (1..=4).map(|number| change(Story::new(number))).collect()
}

#[test]
fn all_entries_have_the_same_guid() {
    all_are_shown(&each(|story| story.guid(HOME)));
    all_are_shown(&each(|story| story.guid("1")));
}

#[test]
fn all_entries_have_the_same_guid_and_address() {
    all_are_shown(&each(|story| story.guid(HOME).link(HOME)));
    all_are_shown(&each(|story| story.guid(HOME).without_link()));
}

#[test]
fn all_entries_have_the_same_address() {
    all_are_shown(&each(|story| story.link(HOME)));
    all_are_shown(&each(|story| story.without_guid().link(HOME)));
    all_are_shown(&each(|story| story.without_guid().link(HOME).without_date()));
}

#[test]
fn addresses_differ_in_their_fragments_alone() {
    let fragments = |with_guid: bool| -> Vec<Story> {
        let story = |number: usize| {
            let link = format!("https://quay.example/changes#v{number}");
            let story = Story::new(number).link(&link);
            if with_guid { story.guid(&link) } else { story.without_guid() }
        };
        (1..=4).map(story).collect()
    };
    all_are_shown(&fragments(true));
    all_are_shown(&fragments(false));
    let stand = Stand::new();
    for story in fragments(true) {
        stand.finds(&[story]);
    }
    assert_eq!(stand.items().len(), 4, "one at a time");
}

#[test]
fn two_entries_have_one_guid_and_addresses_of_their_own() {
    let twin = Story::new(2).guid("https://quay.example/?p=1");
    all_are_shown(&[Story::new(1), twin.clone(), Story::new(3)]);
    let stand = Stand::new();
    stand.finds(&[Story::new(1)]);
    let first = stand.item("Ship 1 came in");
    stand.finds(&[twin.clone(), Story::new(1)]).finds(std::slice::from_ref(&twin));
    assert_eq!(stand.items().len(), 2);
    assert_eq!(stand.item("Ship 1 came in"), first);
    stand.finds(&[twin.title("Ship two").date("2026-03-04T11:11:11Z")]);
    assert_eq!((stand.item("Ship two").content, stand.items().len()), (stand.items()[0].content.clone(), 2));
    assert_eq!(stand.item("Ship 1 came in"), first);
}

#[test]
fn another_story_takes_over_a_guid() {
    let stand = Stand::new();
    stand.finds(&[Story::new(1)]);
    let first = stand.item("Ship 1 came in");
    stand.finds(&[Story::new(2).guid("https://quay.example/?p=1")]);
    assert_eq!(stand.items().len(), 2, "{:#?}", stand.ids());
    assert_eq!(stand.item("Ship 1 came in"), first);
}

#[test]
fn a_menu_of_the_day_is_new_each_day() {
    let menu = |day: usize| {
        let story =
            Story::new(day).guid(&format!("urn:menu:{day}")).link("https://quay.example/menu").title("Menu of the day");
        story.body(&format!("Today there is fish number {day}."))
    };
    let stand = Stand::new();
    for day in 1..=5 {
        stand.finds(&[menu(day)]);
        assert_eq!(stand.items().len(), day);
        assert_eq!(stand.house.feed("all.json").len(), day);
    }
    all_are_shown(&(1..=4).map(menu).collect::<Vec<_>>());
}

#[test]
fn all_entries_say_the_same() {
    let boilerplate =
        "Read more on the pages of the harbour office, which is open from nine to five on every day but Sunday. ";
    all_are_shown(&each(|story| story.body(boilerplate)));
    all_are_shown(&each(|story| story.body(&boilerplate.repeat(8))));
    all_are_shown(&each(|story| story.without_guid().body(&boilerplate.repeat(8))));
}

#[test]
fn entries_lack_things() {
    all_are_shown(&each(Story::without_guid));
    all_are_shown(&each(|story| story.without_guid().without_link()));
    all_are_shown(&each(|story| story.without_guid().without_link().without_title()));
    all_are_shown(&each(|story| story.without_guid().without_link().without_title().without_date()));
    all_are_shown(&each(Story::without_title));
    all_are_shown(&each(|story| story.without_guid().without_title().link(HOME)));
}

#[test]
fn entries_of_one_title_and_day_are_as_many_as_they_are() {
    let notices = each(|story| story.title("Notice").date("2026-03-04"));
    all_are_shown(&notices);
    let bare: Vec<Story> = notices.into_iter().map(|story| story.without_guid().without_link()).collect();
    all_are_shown(&bare);
}

#[test]
fn entries_without_a_date_keep_the_order_of_the_feed_and_the_day_they_came() {
    let stand = Stand::new();
    let undated: Vec<Story> = each(Story::without_date);
    stand.finds(&undated[2..]);
    let first = stand.item("Ship 3 came in");
    assert!(first.date.starts_with("2026-05-01T09:00:00"), "{}", first.date);
    stand.finds(&undated);
    let titles = |feed: &str| stand.house.titles(feed);
    let expected = ["Ship 1 came in", "Ship 2 came in", "Ship 3 came in", "Ship 4 came in"];
    assert_eq!(
        (titles("sources/quay.json"), titles("all.json")),
        (expected.map(str::to_owned).to_vec(), expected.map(str::to_owned).to_vec())
    );
    assert_eq!(stand.item("Ship 3 came in"), first);
    assert!(stand.item("Ship 1 came in").date.starts_with("2026-05-02T09:00:00"));
}

#[test]
fn entries_of_one_day_keep_the_order_of_the_feed() {
    let all: Vec<Story> = (1..=12).map(|number| Story::new(number).date("2026-03-04")).collect();
    let titles = |from: usize| all[from..].iter().filter_map(|story| story.title.clone()).collect::<Vec<_>>();
    let (stand, at_once, from_below) = (Stand::new(), Stand::new(), Stand::new());
    for from in [9, 4, 3, 0] {
        stand.finds(&all[from..]);
        assert_eq!(
            (stand.house.titles("sources/quay.json"), stand.house.titles("all.json")),
            (titles(from), titles(from))
        );
    }
    at_once.finds(&all);
    let dates = |stand: &Stand| stand.items().into_iter().map(|item| item.date).collect::<Vec<_>>();
    assert_eq!(dates(&stand), dates(&at_once), "whenever they were met");
    assert!(dates(&stand).iter().all(|told| told.starts_with("2026-03-04T")), "{:?}", dates(&stand));
    // A feed that begins with the oldest says so by its other dates.
    let mut turned: Vec<Story> = all.iter().rev().cloned().collect();
    turned.insert(0, Story::new(20).date("2026-03-01"));
    from_below.finds(&turned);
    assert_eq!(from_below.house.titles("all.json")[..12], titles(0));
}

#[test]
fn a_change_that_is_told_on_the_day_of_publication_stays_none() {
    let stand = Stand::new();
    stand.reads(&atom(&each(|story| story.date("2026-03-04"))));
    assert!(stand.items().iter().all(|item| item.feedgen["updated"].is_null()), "{:#?}", stand.items());
}

#[test]
fn a_day_stays_the_day_that_was_told() {
    let stand = Stand::new();
    let days = each(Story::by_day);
    stand.finds(&days);
    let dates: Vec<String> = stand.items().into_iter().map(|item| item.date).collect();
    assert_eq!(dates, ["2026-03-05T12:00:00Z", "2026-03-04T12:00:00Z", "2026-03-03T12:00:00Z", "2026-03-02T12:00:00Z"]);
    let before = stand.house.published();
    // With the time of day as well, they are what they were.
    stand.finds(&each(|story| story));
    assert_eq!(stand.house.published(), before);
}

#[test]
fn a_version_that_was_changed_later_stands_for_those_before() {
    let old = Story::new(1).body("It is said to come in.");
    let (first, second) = (crate::publisher::atom(&[old]), crate::publisher::atom(&[Story::new(1)]));
    let version = |feed: &str, updated: &str| {
        let entry = feed.split_once("<entry>").unwrap().1.split_once("</entry>").unwrap().0;
        let (before, after) = entry.split_once("<updated>").unwrap();
        format!("<entry>{before}<updated>{updated}{}</entry>", after.split_at(20).1)
    };
    let (old, new) = (version(&first, "2026-03-02T23:00:00+08:00"), version(&second, "2026-03-02T16:00:00Z"));
    for entries in [format!("{old}{new}"), format!("{new}{old}")] {
        let stand = Stand::new();
        stand.reads(&format!("<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>"));
        assert_eq!(stand.items().len(), 1);
        assert!(stand.items()[0].content.contains("sailors"), "{entries}");
    }
}

#[test]
fn two_sources_with_one_guid_show_one_copy_where_they_meet() {
    let (house, one, other) = (House::new(), Publisher::new(), Publisher::new());
    house.config(&format!("{CONFIG}{}{}", one.source("one"), other.source("other")));
    let stories = each(|story| story);
    let retold: Vec<Story> = stories.iter().cloned().map(|story| story.body("Retold.")).collect();
    one.says(&rss(&stories));
    other.says(&rss(&retold));
    house.refresh().expect_ok();
    let ids = |feed: &str| house.feed(feed).into_iter().map(|item| item.id).collect::<Vec<_>>();
    let expected: Vec<String> = (1..=4).rev().map(|number| format!("https://quay.example/?p={number}")).collect();
    for feed in ["all.json", "sources/one.json", "sources/other.json"] {
        assert_eq!(ids(feed), expected, "{feed}");
    }
    for feed in ["sources/one", "sources/other", "all"] {
        let (rss, atom) = (house.text(&format!("{feed}.rss")), house.text(&format!("{feed}.atom")));
        for id in &expected {
            assert!(rss.contains(&format!("<guid isPermaLink=\"false\">{id}</guid>")), "{feed} {id}");
            assert!(atom.contains(&format!("<id>{id}</id>")), "{feed} {id}");
        }
    }
}

#[test]
fn what_two_sources_say_on_two_days_is_as_far_apart_wherever_it_stands_in_its_list() {
    let (house, one, other) = (House::new(), Publisher::new(), Publisher::new());
    house.config(&format!("{CONFIG}{}{}", one.source("one"), other.source("other")));
    let menu = |number: usize, day: &str, dish: &str| {
        let body = format!(
            "The canteen in the north wing serves {dish} today, with a salad of the season and a cake for whoever is still hungry, until three."
        );
        Story::new(number).title("Menu of the canteen today").date(day).body(&body)
    };
    one.says(&rss(&[menu(1, "2026-03-17", "fish and rice"), Story::new(2).date("2026-03-17")]));
    other.says(&rss(&[menu(3, "2026-03-18", "lamb with beans")]));
    house.refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), 3, "{:#?}", house.titles("all.json"));
}

#[test]
fn two_sources_that_count_from_one_tell_different_stories() {
    let (house, one, other) = (House::new(), Publisher::new(), Publisher::new());
    house.config(&format!("{CONFIG}{}{}", one.source("one"), other.source("other")));
    let counted = |from: usize| (1..=3).map(|n| Story::new(from + n).guid(&n.to_string())).collect::<Vec<_>>();
    one.says(&rss(&counted(0)));
    other.says(&rss(&counted(10)));
    house.refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), 6, "{:#?}", house.titles("all.json"));
}

#[test]
fn one_id_of_two_stories_stays_with_the_one_that_is_out_in_all_feeds_and_archives() {
    let (house, one, other) = (House::new(), Publisher::new(), Publisher::new());
    let config = format!("{CONFIG}[publish]\nitems = 2\n{}", other.source("other"));
    let of = |from: usize| {
        (1..=6).map(|n| Story::new(from + n).guid(&format!("http://localhost/?p={n}"))).collect::<Vec<_>>()
    };
    let (early, late) = (of(0), of(10));
    let ids = |feed: &str| {
        house
            .text(feed)
            .split("<guid isPermaLink=\"false\">")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    house.config(&config);
    other.says(&rss(&late[..3]));
    house.refresh().expect_ok();
    let expected: Vec<String> = [3, 2].map(|number| format!("http://localhost/?p={number}")).into();
    assert_eq!(ids("all.rss"), expected);
    house.config(&format!("{config}{}", one.source("one")));
    one.says(&rss(&early[..3]));
    house.refresh().expect_ok();
    assert_eq!(ids("all.rss"), expected, "what was there first keeps its id");
    assert_eq!(ids("sources/other.rss"), expected);
    assert!(ids("sources/one.rss").iter().all(|id| id.starts_with("tag:")));
}

#[test]
fn a_guid_that_claims_to_be_ours_takes_no_id_away() {
    let stand = Stand::new();
    stand.finds(&[Story::new(1).without_guid()]);
    let ours = stand.items()[0].id.clone();
    assert!(ours.starts_with("tag:news.example.edu,2026:"), "{ours}");
    stand.finds(&[Story::new(2).guid(&ours), Story::new(1).without_guid()]);
    let ids: BTreeSet<String> = stand.items().into_iter().map(|item| item.id).collect();
    assert!(ids.len() == 2 && ids.contains(&ours), "{ids:?}");
    assert_eq!(stand.item("Ship 1 came in").id, ours);
}

/// A house with two feeds that tell stories, and what `all` shows of them: ids by title.
fn where_they_meet(one: &[Story], other: &[Story]) -> BTreeMap<String, String> {
    let (house, first, second) = (House::new(), Publisher::new(), Publisher::new());
    house.config(&format!("{CONFIG}{}{}", first.source("one"), second.source("other")));
    first.says(&rss(one));
    second.says(&rss(other));
    house.refresh().expect_ok();
    house.feed("all.json").into_iter().map(|item| (item.title, item.id)).collect()
}

#[test]
fn no_feed_hides_a_story_of_another_by_its_address_or_guid() {
    let stories = each(|story| story);
    let own: BTreeMap<String, String> =
        stories.iter().map(|story| (story.title.clone().unwrap(), story.guid.clone().unwrap())).collect();
    let intruder = |number: usize| Story::new(number).title("Buy pills").body("Pills!").date("2026-01-01T10:00:00Z");
    for intruder in [
        intruder(1).guid("https://pills.example/1"),
        intruder(1).link("https://pills.example/1"),
        intruder(1),
        intruder(1).without_date(),
    ] {
        let shown = where_they_meet(&stories, std::slice::from_ref(&intruder));
        assert_eq!(shown.len(), 5, "{intruder:?} {shown:#?}");
        assert!(shown.contains_key("Buy pills"));
        assert_eq!(shown.values().collect::<BTreeSet<_>>().len(), 5, "{shown:#?}");
    }
    // Nor does one that comes later take its id.
    let shown = where_they_meet(&stories, &[intruder(1).date("2026-04-20T10:00:00Z")]);
    assert!(own.iter().all(|(title, id)| shown.get(title) == Some(id)), "{shown:#?}");
}

#[test]
fn what_agrees_in_title_or_words_is_one_story_where_feeds_meet() {
    let stories = each(|story| story.body(&"A long story of the sea, told to its end. ".repeat(16)));
    let first = std::slice::from_ref(&stories[0]);
    let retitled = stories[0].clone().title("A ship");
    assert_eq!(where_they_meet(first, &[retitled]).len(), 1);
    let retold = stories[0].clone().title("SHIP 1 came in!").body("Short.").guid("urn:other:1");
    assert_eq!(where_they_meet(first, &[retold]).len(), 1);
}

#[test]
fn figures_are_dates_as_of_the_visit_and_placeholders_are_none() {
    // On 1 May 2026.
    let days = |dates: &[&str]| {
        let stand = Stand::new();
        let stories = dates.iter().enumerate().map(|(at, date)| Story::new(at + 1).date(date));
        stand.finds(&stories.collect::<Vec<_>>());
        let day = |at: usize| stand.item(&format!("Ship {} came in", at + 1)).date.chars().take(10).collect();
        (0..dates.len()).map(day).collect::<Vec<String>>()
    };
    assert_eq!(days(&["26/04/28", "26/04/03"]), ["2026-04-28", "2026-04-03"]);
    assert_eq!(days(&["03/04/2026 10:00", "28/04/2026 10:00"]), ["2026-04-03", "2026-04-28"]);
    // 3 December has not come, so that the day stands first.
    assert_eq!(days(&["02/04/2026 10:00", "12/03/2026 10:00"]), ["2026-04-02", "2026-03-12"]);
    let none = ["Mon, 01 Jan 0001 00:00:00 +0000", "Thu, 01 Jan 1970 00:00:00 +0000", "1899-12-30T00:00:00"];
    assert_eq!(days(&none), ["2026-05-01"; 3]);
}
