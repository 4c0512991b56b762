//! Edits and removals of entries: what publishers' systems move by themselves changes nothing, what people change reaches
//! subscribers once, and what is removed stays away under whatever name it comes.

use proptest::prelude::*;

use crate::publisher::{Stand, Story, atom};

const WORDS: &str = "Ship 1 came in with the tide, and the sailors went ashore to look for their families on the quay.";

/// What a system hangs onto a story: so many readers by now, that day, those neighbours.
fn hung_onto(words: &str, style: usize, readers: u32, day: u32) -> Story {
    let body = match style % 6 {
        0 => format!("<p>{words}</p><p>Views: {readers}</p>"),
        1 => format!("<p>{words}</p><p>来源：宣传部 浏览次数：{readers} 日期：2026-03-01</p>"),
        2 => format!("<p>Read: {readers}</p><p>Today is March {day}, 2026</p><p>{words}</p>"),
        3 => format!(
            "<p>{words}</p><ul><li>上一篇：<a href=\"https://quay.example/news/{readers}\">第{readers}号通知</a></li><li>下一篇：没有了</li></ul>"
        ),
        4 => format!(
            "<p>{words}</p><p>点击数：[{readers}]</p><h3>Related posts</h3>{}",
            format!("<p><a href=\"https://quay.example/news/{day}\">Ship {day}</a></p>")
                .repeat(1 + readers as usize % 3)
        ),
        _ => format!("<p>{words} Views: <b>{readers}</b></p><p>附件【名单.xlsx】已下载{readers}次</p>"),
    };
    Story::new(1).body(&body)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(6) })]

    #[test]
    fn however_often_counters_move_no_byte_changes_and_each_edit_is_one_update(
        style in 0_usize..6,
        moves in prop::collection::vec((0_u32..200_000, 1_u32..28, any::<bool>()), 2..7),
    ) {
        let stand = Stand::new();
        let mut words = WORDS.to_owned();
        stand.finds(&[hung_onto(&words, style, 7, 3), Story::new(2)]);
        let first = stand.item("Ship 1 came in");
        let mut revisions = 1;
        for (turn, (readers, day, is_edited)) in moves.into_iter().enumerate() {
            let (before, published) = (stand.item("Ship 1 came in"), stand.house.tree());
            if is_edited {
                words = format!("{words} It left again on day {turn}.");
                revisions += 1;
            }
            stand.finds(&[hung_onto(&words, style, readers, day), Story::new(2)]);
            let after = stand.item("Ship 1 came in");
            prop_assert_eq!((&after.id, &after.date), (&first.id, &first.date));
            prop_assert_eq!(after.updated > before.updated, is_edited);
            prop_assert_eq!(stand.house.tree() != published, is_edited);
            prop_assert_eq!(stand.items().len(), 2);
        }
        let told = stand.house.run(&["show", &*first.id, "--json"]);
        prop_assert_eq!(told.json()["revisions"].as_array().map(Vec::len), Some(revisions));
    }
}

#[test]
fn a_corrected_title_is_an_update() {
    let stand = Stand::new();
    stand.finds(&[Story::new(1), Story::new(2)]);
    let before = stand.item("Ship 1 came in");
    stand.finds(&[Story::new(1).title("Ship 1 came inn"), Story::new(2)]);
    let after = stand.item("Ship 1 came inn");
    assert_eq!((&after.id, &after.date), (&before.id, &before.date));
    assert!(after.updated > before.updated);
    assert_eq!(stand.items().len(), 2);
    stand.house.run(&["show", &*after.id, "--diff"]).expect_said("Ship 1 came [-in-]{+inn+}");
}

#[test]
fn an_entry_that_says_again_what_it_said_is_told_so_whatever_it_went_by_between() {
    let other = Story::new(1).body("Text not available: the quay is being painted.");
    for between in [
        other.clone().guid("urn:ship:1"),
        other.clone().without_guid(),
        other.clone().guid("http://quay.example/?p=1").title("Ship 1 came in (cancelled)"),
    ] {
        let stand = Stand::new();
        stand.finds(&[Story::new(1), Story::new(2)]);
        let first = stand.item("Ship 1 came in");
        stand.finds(&[between.clone(), Story::new(2)]);
        let told = stand.items().into_iter().find(|item| item.id == first.id).unwrap();
        assert!(told.content.contains("painted"), "{between:?}");
        stand.finds(&[Story::new(1), Story::new(2), Story::new(3)]);
        let again = stand.item("Ship 1 came in");
        assert_eq!((&again.id, &again.date, &again.content), (&first.id, &first.date, &first.content), "{between:?}");
        assert_eq!(stand.items().len(), 3);
        // From then on it is as it was.
        let published = stand.house.tree();
        stand.finds(&[Story::new(1), Story::new(3), Story::new(2)]);
        assert_eq!(stand.house.tree(), published, "{between:?}");
    }
}

#[test]
fn what_an_entry_does_not_say_any_more_stays_as_it_is_out() {
    let stand = Stand::new();
    stand.finds(&[Story::new(1), Story::new(2).without_title()]);
    let before = stand.house.published();
    for silent in ["<p></p>", ""] {
        stand.finds(&[Story::new(1).body(silent), Story::new(2).without_title().body(silent)]);
        assert_eq!(stand.house.published(), before, "{silent:?}");
    }
    stand.finds(&[Story::new(1).title(""), Story::new(2).without_title()]);
    assert_eq!(stand.house.published(), before);
    stand.finds(&[Story::new(1), Story::new(2).without_title()]);
    assert_eq!(stand.house.published(), before);
    // What has no title is called by its text, also when that is edited.
    stand.finds(&[Story::new(1), Story::new(2).without_title().body("Ship 2 is late.")]);
    assert_eq!(stand.item("Ship 2 is late.").title, "Ship 2 is late.");
}

#[test]
fn an_entry_that_is_removed_comes_back_under_no_name() {
    let stand = Stand::new();
    let story = || Story::new(1);
    stand.finds(&[story(), Story::new(2)]);
    let removed = stand.item("Ship 1 came in");
    stand.house.run(&["remove", "Ship 1 came in"]).expect_ok();
    assert_eq!(stand.items().len(), 1);
    let gone = stand.house.published();
    let others: [Vec<Story>; 6] = [
        vec![story(), Story::new(2)],
        vec![story().body("Ship 1 came in late."), Story::new(2)],
        vec![story().guid("urn:another:1"), Story::new(2)],
        vec![story().link("http://www.quay.example/news/1/?utm_source=x"), Story::new(2)],
        vec![story().without_guid(), Story::new(2)],
        vec![Story::new(2), story().title("Ship 1 came in at last")],
    ];
    for stories in others {
        stand.finds(&stories);
        assert_eq!(stand.house.published(), gone, "{stories:?}");
    }
    // As another form, which says more of the feed itself.
    stand.reads(&atom(&[story(), Story::new(2)]));
    assert_eq!(stand.items().len(), 1);
    stand.finds(&[Story::new(2)]);
    // Gone from its feed, and there again.
    stand.finds(&[Story::new(2)]).finds(&[story(), Story::new(2)]);
    assert_eq!(stand.house.published(), gone);
    stand.house.run(&["remove", "--undo", &*removed.id]).expect_ok();
    let back = stand.items().into_iter().find(|item| item.id == removed.id).expect("it is back");
    assert_eq!((&back.date, &back.content), (&removed.date, &removed.content));
}

#[test]
fn a_removal_holds_on_id_and_address_whatever_else_is_edited() {
    let first = || Story::new(1).date("2026-03-02T10:17:01Z");
    let other = |story: Story| story.guid("urn:another:1");
    let edits: [(&str, Story, Vec<Story>); 5] = [
        (
            "no id: another title, an hour later",
            first().without_guid(),
            vec![
                first().without_guid().title("The harbour opens late").date("2026-03-02T11:17:01Z"),
                first().without_guid().title("The harbour is open").date("2026-03-02T12:17:01Z").body("Come and see."),
            ],
        ),
        (
            "another id: an hour later, and a sentence more",
            first(),
            vec![other(first()).date("2026-03-02T11:17:01Z").body(&format!("{WORDS} They found them at home."))],
        ),
        (
            "another id: another title, dated by the day, or not at all",
            first(),
            vec![
                other(first()).title("The harbour opens late").date("2026-03-02"),
                first().guid("urn:another:2").title("The harbour is open").without_date(),
            ],
        ),
        (
            "another id: the full text, and a date",
            first().without_date().body("Ship 1 came in with the tide..."),
            vec![other(first()).body(&format!("{WORDS} {}", "Many more came to see it. ".repeat(40)))],
        ),
        (
            "the same id: another address, title and date",
            first(),
            vec![
                first()
                    .link("https://quay.example/late/77")
                    .title("The harbour opens late")
                    .date("2026-03-04T08:11:09Z"),
            ],
        ),
    ];
    for (name, story, edited) in edits {
        let stand = Stand::new();
        stand.finds(&[story.clone(), Story::new(2)]);
        let removed = stand.item("Ship 1 came in");
        stand.house.run(&["remove", &*removed.id]).expect_ok();
        let gone = stand.house.published();
        for story in edited {
            stand.finds(&[story, Story::new(2)]);
            assert_eq!(stand.house.published(), gone, "{name}");
        }
        stand.house.run(&["remove", "--undo", &*removed.id]).expect_ok();
        assert!(stand.items().iter().any(|item| item.id == removed.id), "{name}");
    }
}

#[test]
fn a_removal_keeps_no_other_days_notice_away_that_is_shown_at_its_address() {
    let notice = |number: usize| Story::new(number).link("https://quay.example/forecast");
    let stand = Stand::new();
    stand.finds(&[notice(1)]);
    stand.house.run(&["remove", &*stand.item("Ship 1 came in").id]).expect_ok();
    stand.finds(&[notice(2)]);
    stand.finds(&[notice(3)]);
    let titles: Vec<String> = stand.items().into_iter().map(|item| item.title).collect();
    assert_eq!(titles, ["Ship 3 came in", "Ship 2 came in"]);
}

#[test]
fn a_removal_takes_nothing_that_only_shares_its_address_or_its_place() {
    let story =
        || Story::new(1).title("The harbour opens late").date("2026-03-05T08:11:09Z").body("It does, by an hour.");
    let other = || Story::new(3).title("The ferry rests").date("2026-03-05T09:12:08Z").body("It does, for a week.");
    let home = "https://quay.example/";
    let news: [(&str, Story, Vec<Story>); 3] = [
        ("the page of the feed", Story::new(1).link(home), vec![story().guid("urn:n:1").link(home)]),
        (
            "an address of several",
            Story::new(1),
            vec![story().guid("urn:n:1"), other().guid("urn:n:3").link("https://quay.example/news/1")],
        ),
        ("a place in the feed", Story::new(1).guid("1"), vec![story().guid("1").link("https://quay.example/late/77")]),
    ];
    for (name, removed, stories) in news {
        let stand = Stand::new();
        stand.finds(&[removed, Story::new(2)]);
        stand.house.run(&["remove", "Ship 1 came in"]).expect_ok();
        let expected = stories.len() + 1;
        stand.finds(&[stories, vec![Story::new(2)]].concat());
        assert_eq!(stand.items().len(), expected, "{name}");
    }
}

#[test]
fn a_removal_keeps_to_its_story_where_ids_count_places() {
    let told = |numbers: &[usize]| -> Vec<Story> {
        let counted = numbers.iter().zip(1..);
        counted.map(|(number, place)| Story::new(*number).guid(&format!("item-{place}"))).collect()
    };
    let stand = Stand::new();
    stand.finds(&told(&[2, 1]));
    stand.house.run(&["remove", &*stand.item("Ship 2 came in").id]).expect_ok();
    for numbers in [&[3, 2, 1][..], &[4, 3, 2, 1]] {
        stand.finds(&told(numbers));
        let mut titles: Vec<String> = stand.items().into_iter().map(|item| item.title).collect();
        titles.sort();
        let expected =
            numbers.iter().rev().filter(|number| **number != 2).map(|number| format!("Ship {number} came in"));
        assert_eq!(titles, expected.collect::<Vec<_>>());
    }
}

#[test]
fn an_entry_that_has_left_its_feed_stays() {
    let stand = Stand::new();
    stand.finds(&[Story::new(1), Story::new(2)]);
    let before = stand.house.published();
    stand.finds(&[Story::new(2)]);
    assert_eq!(stand.house.published(), before);
}
