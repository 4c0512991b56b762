//! Another story at the path of one that is out, through the real binary: both are shown, each under its own id and date. An edited
//! story is the one that it was.

mod house;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use house::{House, TestItem};

/// Titles and texts that have nothing in common.
const STORIES: [(&str, &str); 4] = [
    (
        "A bridge to the boathouse",
        "The footbridge between the library and the boathouse was opened on Monday by the mayor of Fjordby, who crossed it with \
         the pupils of the harbour school and a brass band that had come over on the morning ferry. It hangs from a single mast.",
    ),
    (
        "Singers come home",
        "Forty voices of our university are back from fishing villages in far northern waters, where they sang inside churches, \
         net lofts and once aboard some lifeboat. What listeners liked best were encores; two trawlers missed high water for these.",
    ),
    (
        "Grass for later years",
        "Into that hill behind our botanical garden somebody has dug a seed bank, where frost reaches deepest and no cable runs. \
         Volunteers will carry jars there during autumn, each having one cork plus its label made from slate.",
    ),
    (
        "What whales say",
        "Since divers found a microphone which storms had torn off, covered by mussels but unharmed, an observatory listens again. \
         Whoever eats lunch may hear anything swimming past through loudspeakers beside today's menu.",
    ),
];

fn story(number: usize, day: &str) -> String {
    let (title, text) = STORIES[number];
    document(title, day, text)
}

fn document(title: &str, day: &str, text: &str) -> String {
    format!("# {title}\n\nPublished: {day}\n\n{text}\n")
}

/// Ids and days of what a source shows, by title.
fn shown(house: &House) -> BTreeMap<String, (String, String)> {
    let of = |item: TestItem| (item.title, (item.id, item.date.get(..10).unwrap_or_default().to_owned()));
    house.feed("sources/news.json").into_iter().map(of).collect()
}

fn days(house: &House) -> Vec<String> {
    let mut days: Vec<String> = shown(house).into_values().map(|(_, day)| day).collect();
    days.sort();
    days
}

#[test]
fn a_path_that_gets_another_story_each_week_tells_all_of_them() {
    let house = House::new();
    let mut before = BTreeMap::new();
    for (number, day) in ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"].into_iter().enumerate() {
        house.file("news/current.md", &story(number, day)).refresh().expect_ok();
        let now = shown(&house);
        assert!(before.iter().all(|(title, told)| now.get(title) == Some(told)), "{before:?}\n{now:?}");
        assert_eq!(now.get(STORIES[number].0).map(|(_, day)| day.as_str()), Some(day), "{now:?}");
        assert_eq!(now.len(), number + 1, "{now:?}");
        before = now;
    }
    let ids: BTreeSet<&String> = before.values().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), STORIES.len());
    for (title, _) in STORIES {
        house.run(&["show", title]).expect_ok().expect_said("news, current.md\n");
    }
    let tree = house.tree();
    house.refresh().expect_ok();
    house.run(&["refresh", "--force"]).expect_ok();
    assert_eq!(house.tree(), tree);
    // What comes back is what it was, here or elsewhere, and edits of it are its own.
    house.file("news/current.md", &story(1, "2026-03-09")).refresh().expect_ok();
    assert_eq!(shown(&house), before);
    house
        .file("news/old/first.md", &story(0, "2026-03-02").replace("single mast", "mast of oak"))
        .refresh()
        .expect_ok();
    assert_eq!(shown(&house), before);
    assert!(house.item(STORIES[0].0).content.contains("mast of oak"));
}

#[test]
fn what_is_copied_away_before_another_story_takes_its_path_keeps_its_id() {
    for (what, archived) in [
        ("as it was", story(0, "2026-03-02")),
        ("edited", story(0, "2026-03-02").replace("single mast", "mast of oak")),
    ] {
        let house = House::new();
        house.file("news/current.md", &story(0, "2026-03-02")).refresh().expect_ok();
        let before = shown(&house);
        house.file("news/archive/0.md", &archived).file("news/current.md", &story(1, "2026-03-09"));
        house.refresh().expect_ok();
        let now = shown(&house);
        assert_eq!((now.get(STORIES[0].0), now.len()), (before.get(STORIES[0].0), 2), "{what}");
        assert_eq!(days(&house), ["2026-03-02", "2026-03-09"], "{what}");
    }
}

/// Minutes of a sitting: all but a few words are those of the others.
fn minutes(number: u32) -> String {
    let text = format!("{} So it was said at sitting {number}.", STORIES[0].1);
    document(&format!("Minutes of sitting {number}"), &format!("2026-03-{:02}", 1 + number), &text)
}

#[test]
fn files_that_are_numbered_anew_keep_their_ids() {
    let house = House::new();
    for number in 1..6 {
        house.file(format!("news/{number}.md"), &minutes(number));
    }
    house.refresh().expect_ok();
    let before = shown(&house);
    let mut renumbered: Vec<u32> = (0..6).collect();
    for turn in 0..3 {
        for (place, number) in renumbered.iter().enumerate() {
            house.file(format!("news/{}.md", place + 1), &minutes(*number));
        }
        house.refresh().expect_ok();
        let now = shown(&house);
        assert!(before.iter().all(|(title, told)| now.get(title) == Some(told)), "{turn}: {before:?}\n{now:?}");
        assert_eq!((now.len(), days(&house).first().map(String::as_str)), (6, Some("2026-03-01")), "{turn}");
        renumbered.rotate_left(2);
    }
}

#[test]
fn a_name_for_the_newest_story_brings_none_twice() {
    for is_link in [true, false] {
        let house = House::new();
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        for (number, day) in ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"].into_iter().enumerate() {
            house.file(format!("news/{number}.md"), &story(number, day));
            if is_link {
                let latest = house.path("news/latest.md");
                let _there_was_none = fs::remove_file(&latest);
                std::os::unix::fs::symlink(format!("{number}.md"), latest).expect("a link");
            } else {
                house.file("news/latest.md", &story(number, day));
            }
            house.refresh().expect_ok();
            let all = house.feed("all.json");
            assert_eq!(all.len(), number + 1, "{is_link}: {:?}", house.titles("all.json"));
            assert!(all.iter().any(|item| item.title == STORIES[number].0 && item.date.starts_with(day)), "{all:#?}");
            for item in all {
                assert_eq!(*ids.entry(item.title.clone()).or_insert(item.id.clone()), item.id, "{}", item.title);
            }
        }
    }
}

#[test]
fn another_story_at_the_path_of_one_that_was_removed_is_shown() {
    let house = House::new();
    house.file("news/current.md", &story(0, "2026-03-02")).refresh().expect_ok();
    house.run(&["remove", "news/current.md"]).expect_ok();
    house.file("news/current.md", &story(0, "2026-03-02").replace("single mast", "mast of oak")).refresh().expect_ok();
    assert!(house.feed("all.json").is_empty(), "it was removed");
    house.file("news/current.md", &story(1, "2026-03-09")).refresh().expect_ok();
    assert_eq!(
        (house.titles("all.json"), days(&house)),
        (vec![STORIES[1].0.to_owned()], vec!["2026-03-09".to_owned()])
    );
    house.file("news/again.md", &story(0, "2026-03-02").replace("single mast", "mast of oak")).refresh().expect_ok();
    assert_eq!(house.titles("all.json"), [STORIES[1].0]);
}

#[test]
fn what_is_edited_where_it_lies_is_the_story_that_it_was() {
    let [(title, text), (other_title, other_text), ..] = STORIES;
    let undated = |title: &str, text: &str| format!("# {title}\n\n{text}\n");
    let day = "2026-03-02";
    for (what, before, after) in [
        ("the title is kept", document(title, day, text), document(title, "2026-03-09", other_text)),
        (
            "most of the title",
            document(title, day, text),
            document("Bridge to the boathouse open", "2026-03-09", other_text),
        ),
        ("the day is kept", document(title, day, text), document(other_title, day, other_text)),
        ("the words are kept", document(title, day, text), document(other_title, "2026-03-09", text)),
        ("no day was told", undated(title, text), document(other_title, "2026-03-09", other_text)),
        ("no day is told", document(title, day, text), undated(other_title, other_text)),
        ("it said little", document("To be written", day, "More follows."), document(title, "2026-03-09", text)),
        ("a sentence", document("Notice", day, "Open at nine."), document("A notice", "2026-03-09", "Closed at ten.")),
    ] {
        let house = House::new();
        house.file("news/current.md", &before).refresh().expect_ok();
        let id = house.feed("all.json").remove(0).id;
        house.file("news/current.md", &after).refresh().expect_ok();
        let now = house.feed("all.json");
        assert_eq!((now.len(), &now[0].id), (1, &id), "{what}");
    }
}

#[test]
fn a_story_that_is_copied_over_another_and_then_edited_stays_where_it_is() {
    let house = House::new();
    house.file("news/a.md", &minutes(1)).file("news/b.md", &minutes(2)).refresh().expect_ok();
    let id = house.item("Minutes of sitting 1").id;
    let edited = minutes(1).replace("opened on Monday", "opened on Tuesday");
    house.file("news/b.md", &minutes(1)).file("news/a.md", &edited).refresh().expect_ok();
    let all = house.feed("sources/news.json");
    let now = all.iter().find(|item| item.id == id).expect("the first");
    assert!(all.len() == 2 && now.content.contains("Tuesday"), "{all:#?}");
    // Nor does a copy of what it was take it over.
    house.file("news/backup.md", &edited).file("news/a.md", &minutes(1)).refresh().expect_ok();
    let now = house.feed("sources/news.json").into_iter().find(|item| item.id == id).expect("the first");
    assert!(now.content.contains("Monday"), "{}", now.content);
}

#[test]
fn explain_tells_what_another_story_will_be() {
    let house = House::new();
    house.file("news/current.md", &story(0, "2026-03-02")).refresh().expect_ok();
    house.file("news/current.md", &story(0, "2026-03-09"));
    house.run(&["explain", "news/current.md"]).expect_ok().expect_said("as it was first published");
    house.file("news/current.md", &story(1, "2026-03-09"));
    house.run(&["explain", "news/current.md"]).expect_ok().expect_said("(2026-03-09, from label)");
}
