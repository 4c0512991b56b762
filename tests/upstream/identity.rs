//! Which item an entry is: what publishers do to their feeds makes no new items, and loses none.

use std::collections::{BTreeMap, BTreeSet};

use crate::house::TestItem;
use crate::publisher::{Stand, Story, atom, json, rss};

fn stories() -> Vec<Story> {
    (1..=3).map(Story::new).collect()
}

/// A stand that has found the stories.
fn stocked() -> Stand {
    let stand = Stand::new();
    stand.finds(&stories());
    assert_eq!(stand.items().len(), 3);
    stand
}

/// What may never change of an item.
fn lasting(items: &[TestItem]) -> Vec<(String, String, String)> {
    let mut lasting: Vec<_> =
        items.iter().map(|item| (item.id.clone(), item.title.clone(), item.date.clone())).collect();
    lasting.sort();
    lasting
}

/// Whatever is done to each story, its item stays what it is.
#[track_caller]
fn changes_nothing(of_first: impl Fn(Story) -> Story, of_second: impl Fn(Story) -> Story) {
    let stand = Stand::new();
    let first: Vec<Story> = stories().into_iter().map(of_first).collect();
    let second: Vec<Story> = stories().into_iter().map(of_second).collect();
    stand.finds(&first);
    let before = lasting(&stand.items());
    assert_eq!(before.len(), 3);
    stand.finds(&second);
    assert_eq!(lasting(&stand.items()), before);
    stand.finds(&first);
    assert_eq!(lasting(&stand.items()), before, "and back");
}

fn same(story: Story) -> Story {
    story
}

/// Changes a text of an entry.
fn in_guid(story: Story, change: impl Fn(&str) -> String) -> Story {
    let guid = change(story.guid.as_deref().unwrap());
    story.guid(&guid)
}

fn in_link(story: Story, change: impl Fn(&str) -> String) -> Story {
    let link = change(story.link.as_deref().unwrap());
    story.link(&link)
}

#[test]
fn a_new_guid_makes_no_new_item() {
    changes_nothing(same, |story| in_guid(story, |guid| format!("urn:renewed:{guid}")));
}

#[test]
fn a_guid_that_is_dropped_or_added_makes_no_new_item() {
    changes_nothing(same, Story::without_guid);
}

#[test]
fn https_a_slash_www_and_tracking_make_no_new_item() {
    let http = |text: &str| text.replace("https:", "http:");
    changes_nothing(|story| in_link(in_guid(story, http), http), same);
    changes_nothing(same, |story| in_link(story, |link| format!("{link}/")));
    let www = |text: &str| text.replace("://", "://www.");
    changes_nothing(same, |story| in_link(in_guid(story, www), www));
    let counted = |text: &str| {
        let mark = if text.contains('?') { '&' } else { '?' };
        format!("{text}{mark}utm_source=rss&utm_medium=feed&fbclid=abc")
    };
    changes_nothing(same, |story| in_link(in_guid(story, counted), counted));
    // Guids that are the addresses, and all of it at once.
    let all = |text: &str| www(&format!("{}/?utm_campaign=spring", http(text)));
    let by_link = |story: Story| Story { guid: story.link.clone(), ..story };
    changes_nothing(by_link, |story| in_link(in_guid(by_link(story), all), all));
}

#[test]
fn title_and_time_tell_an_item_whose_guid_and_address_are_new() {
    let moved = |story: Story| {
        in_link(in_guid(story, |guid| guid.replace("quay", "new-quay")), |link| link.replace("quay", "new-quay"))
    };
    changes_nothing(same, moved);
    // The same instant in the words of another time zone.
    let abroad = |story: Story| {
        let date = story.date.as_deref().unwrap().replace("T10:", "T18:").replace('Z', "+08:00");
        moved(story).date(&date)
    };
    changes_nothing(same, abroad);
}

#[test]
fn another_format_with_the_same_ids_makes_no_new_item() {
    let stand = stocked();
    let before = lasting(&stand.items());
    for feed in [atom(&stories()), json(&stories()), rss(&stories())] {
        stand.reads(&feed);
        assert_eq!(lasting(&stand.items()), before, "{feed}");
    }
}

#[test]
fn an_edit_keeps_the_id_and_the_date_and_is_told() {
    let stand = stocked();
    let before = stand.item("Ship 2 came in");
    for (title, body) in
        [("Ship 2 came in late", "Late."), ("Ship 2 came in late", "Very late."), ("Ship two", "Late.")]
    {
        let mut edited = stories();
        edited[1] = edited[1].clone().title(title).body(body);
        stand.publisher.says(&rss(&edited));
        stand.tomorrow();
        let report = stand.house.run(&["refresh", "--json"]).expect_ok().json();
        assert_eq!((&report["sources"][0]["new"], &report["sources"][0]["revised"]), (&0.into(), &1.into()), "{title}");
        let after = stand.item(title);
        assert_eq!((&after.id, &after.date), (&before.id, &before.date));
        assert!(after.updated > before.updated && after.content.contains(body));
        assert_eq!(stand.items().len(), 3);
    }
}

#[test]
fn an_edit_that_has_no_date_but_its_own_keeps_the_id() {
    for id in ["tag:quay.example,2026:1", "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a"] {
        let stand = Stand::new();
        let feed = |title: &str, day: u32| {
            format!(
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Quay</title><id>tag:quay.example,2026:quay</id>\
                 <updated>2026-04-0{day}T08:00:00Z</updated><entry><id>{id}</id><title>{title}</title>\
                 <updated>2026-04-0{day}T08:00:00Z</updated><content>The {title} leaves at noon.</content></entry></feed>"
            )
        };
        stand.reads(&feed("New fery", 1));
        let before = stand.item("New fery");
        stand.tomorrow();
        stand.reads(&feed("New ferry", 2));
        let after = stand.item("New ferry");
        assert_eq!((&after.id, after.date, stand.items().len()), (&before.id, before.date, 1), "{id}");
    }
}

#[test]
fn an_edit_of_the_title_with_its_address_keeps_the_id() {
    let stand = stocked();
    let before = stand.item("Ship 2 came in");
    let mut edited = stories();
    edited[1] = edited[1].clone().title("Ship two").link("https://quay.example/news/ship-two");
    stand.finds(&edited);
    let after = stand.item("Ship two");
    assert_eq!((&after.id, &after.date, stand.items().len()), (&before.id, &before.date, 3));
}

#[test]
fn a_notice_whose_address_and_time_are_new_each_time_is_one_item() {
    let notice = |visit: usize| {
        let story = Story::new(visit).guid("urn:quay:state-of-the-lock").title("State of the lock");
        story.link(&format!("https://quay.example/lock?visit={visit}"))
    };
    let stand = Stand::new();
    stand.finds(&[notice(1)]);
    let before = stand.item("State of the lock");
    for visit in 2..5 {
        stand.finds(&[notice(visit)]);
        let after = stand.item("State of the lock");
        assert_eq!((&after.id, &after.date, stand.items().len()), (&before.id, &before.date, 1));
        assert!(after.content.contains(&format!("Ship {visit} ")));
    }
}

#[test]
fn the_order_of_entries_does_not_show() {
    let stand = stocked();
    let before = stand.house.published();
    let mut reordered = stories();
    reordered.reverse();
    stand.finds(&reordered);
    assert_eq!(stand.house.published(), before);
}

#[test]
fn what_is_gone_stays_and_is_the_same_when_it_comes_back() {
    let stand = stocked();
    let before = stand.house.published();
    stand.finds(&stories()[..1]);
    assert_eq!(stand.house.published(), before);
    stand.finds(&[]);
    assert_eq!(stand.house.published(), before);
    stand.finds(&stories());
    assert_eq!(stand.house.published(), before);
}

#[test]
fn a_store_that_was_lost_comes_back_with_the_same_ids() {
    let stand = Stand::new();
    let mixed = [Story::new(1), Story::new(2).without_guid(), Story::new(3).without_guid().without_link()];
    stand.finds(&mixed);
    let before = lasting(&stand.items());
    stand.house.remove("state");
    stand.visit().expect_ok();
    assert_eq!(lasting(&stand.items()), before);
}

#[test]
fn guids_that_count_places_in_the_feed_confuse_nothing() {
    let counted = |numbers: &[usize]| -> Vec<Story> {
        numbers
            .iter()
            .enumerate()
            .map(|(at, number)| Story::new(*number).guid(&format!("https://quay.example/#{at}")))
            .collect()
    };
    let stand = Stand::new();
    stand.finds(&counted(&[2, 1]));
    let before = lasting(&stand.items());
    stand.finds(&counted(&[4, 3, 2, 1]));
    let after = lasting(&stand.items());
    assert_eq!(after.len(), 4, "{after:#?}");
    assert!(before.iter().all(|item| after.contains(item)), "{before:#?} {after:#?}");
    stand.finds(&counted(&[5, 4]));
    assert_eq!(stand.items().len(), 5);
    assert!(after.iter().all(|item| lasting(&stand.items()).contains(item)));
}

const PAGE: &str = "https://quay.example/changes";

/// Visits find the stories of these numbers, as they are told together: in the end each is an item whose text is its own,
/// and which never had another date.
#[track_caller]
fn each_is_one_item(visits: &[&[usize]], told: impl Fn(&[usize]) -> Vec<Story>) {
    let stand = Stand::new();
    let mut dates = BTreeMap::new();
    for numbers in visits {
        stand.finds(&told(numbers));
        for item in stand.items() {
            let date = dates.entry(item.title.clone()).or_insert_with(|| item.date.clone());
            assert_eq!(*date, item.date, "{} when {numbers:?} were found", item.title);
        }
    }
    let all: BTreeSet<usize> = visits.iter().copied().flatten().copied().collect();
    assert_eq!(stand.items().len(), all.len(), "{:#?}", stand.ids());
    for number in all {
        let (story, item) = (Story::new(number), stand.item(&format!("Ship {number} came in")));
        assert!(item.content.contains(&story.body), "{} says {}", item.title, item.content);
    }
}

#[test]
fn an_address_that_was_shared_leads_to_no_other_story() {
    for change in [|story: Story| story, Story::by_day, Story::without_date] {
        each_is_one_item(&[&[1], &[2, 1], &[2], &[3, 2], &[2], &[1]], |numbers| {
            numbers.iter().map(|number| change(Story::new(*number).without_guid().link(PAGE))).collect()
        });
    }
}

#[test]
fn one_notice_at_a_time_at_one_address_is_a_story_each() {
    for change in [|story: Story| story, Story::by_day] {
        each_is_one_item(&[&[1], &[2], &[3], &[1]], |numbers| {
            numbers.iter().map(|number| change(Story::new(*number).without_guid().link(PAGE))).collect()
        });
    }
}

#[test]
fn an_id_that_is_the_address_proves_no_more_than_the_address() {
    for change in [|story: Story| story, Story::by_day] {
        each_is_one_item(&[&[1], &[2], &[3], &[1]], |numbers| {
            numbers.iter().map(|number| change(Story::new(*number).guid(PAGE).link(PAGE))).collect()
        });
        // Places in the list.
        for mark in ["?n=", "#item"] {
            each_is_one_item(&[&[2, 1], &[3, 2], &[4, 3, 2], &[5, 4]], |numbers| {
                let story = |(at, number): (usize, &usize)| {
                    let address = format!("{PAGE}{mark}{}", at + 1);
                    change(Story::new(*number).guid(&address).link(&address))
                };
                numbers.iter().enumerate().map(story).collect()
            });
        }
    }
}

#[test]
fn an_entry_whose_id_is_its_address_may_be_given_another_title_and_date() {
    let text = "The ferry goes on until Sunday, since the new pier is not ready; whoever has bought a ticket for the bus may use it here. ";
    let told = |address: &str, title: &str, day: u32, text: &str| {
        let date = format!("2026-03-{day:02}T10:17:05Z");
        Story::new(1).guid(address).link(address).title(title).date(&date).body(text)
    };
    for (name, address, after) in [
        ("a number", "https://quay.example/info/1041/11223.htm", "All of it is new."),
        ("a small number", "https://quay.example/node/12", "All of it is new."),
        ("a word of the title", "https://quay.example/news/pier-opens-late", "All of it is new."),
        ("many words", "https://quay.example/news/harbour-pier-opens-late", "All of it is new."),
        ("its text", PAGE, text),
        ("a title that grew", "https://quay.example/news/pier", "All of it is new."),
    ] {
        let stand = Stand::new();
        stand.finds(&[told(address, "New pier opens late", 3, text)]);
        let before = stand.item("New pier opens late");
        // Without a word of the first title, but for one of them where the address has many.
        let title = match name {
            "many words" => "Ferry goes on as the pier opens late, new dates",
            "a title that grew" => "New pier opens late, in May",
            _ => "Ferry goes on",
        };
        stand.finds(&[told(address, title, 5, after)]);
        let is = stand.item(title);
        assert_eq!((is.id, is.date, stand.items().len()), (before.id, before.date, 1), "{name}");
    }
    // Half a year later, the same words are said of something else.
    let stand = Stand::new();
    stand.finds(&[told(PAGE, "Spring", 3, text)]);
    stand.finds(&[told(PAGE, "Autumn", 3, text).date("2026-09-03T10:17:05Z")]);
    assert_eq!(stand.items().len(), 2, "{:#?}", stand.ids());
}

#[test]
fn a_removal_takes_no_later_story_at_an_address_that_is_the_id() {
    let told = |number: usize| Story::new(number).guid(PAGE).link(PAGE);
    let stand = Stand::new();
    stand.finds(&[told(1)]);
    stand.house.run(&["remove", &*stand.item("Ship 1 came in").id]).expect_ok();
    stand.finds(&[told(1).body("Ship 1 is late.")]);
    assert_eq!(stand.items().len(), 0);
    stand.finds(&[told(2)]);
    assert_eq!(stand.item("Ship 2 came in").url, PAGE);
}

#[test]
fn an_entry_that_nothing_but_its_words_tells_apart_may_be_dated_anew_at_each_visit() {
    let told = |numbers: &[usize], visit: usize| -> Vec<Story> {
        let date = format!("2026-04-{visit:02}T08:30:00Z");
        let story = |number: &usize| Story::new(*number).without_guid().link(PAGE).date(&date);
        numbers.iter().map(story).collect()
    };
    for change in [|story: Story| story, Story::by_day, |story: Story| story.body("")] {
        let stand = Stand::new();
        let mut before: Vec<(String, String, String)> = Vec::new();
        for (visit, numbers) in [(1, &[3, 2, 1][..]), (2, &[3, 2, 1]), (3, &[4, 3, 2]), (4, &[4, 3, 2])] {
            stand.finds(&told(numbers, visit).into_iter().map(change).collect::<Vec<_>>());
            let now = lasting(&stand.items());
            assert!(before.iter().all(|item| now.contains(item)), "{before:#?} {now:#?}");
            before = now;
        }
        assert_eq!(before.len(), 4, "{before:#?}");
    }
    // An empty answer between them is none.
    let stand = Stand::new();
    stand.finds(&told(&[1, 2, 3], 1));
    stand.finds(&[]);
    stand.finds(&told(&[1, 2, 3], 3));
    assert_eq!(stand.items().len(), 3, "{:#?}", stand.ids());
    // A menu that has one dish of the day before is another menu.
    let stand = Stand::new();
    stand.finds(&told(&[1, 2, 3], 1));
    stand.finds(&told(&[3, 4, 5], 2));
    assert_eq!(stand.items().len(), 6, "{:#?}", stand.ids());
}

#[test]
fn an_entry_known_by_its_address_alone_may_be_edited() {
    let edits: [fn(Story) -> Story; 3] =
        [|story| story.title("Ship two"), |story| story.date("2026-04-01T08:00:01Z"), |story| story.body("Late.")];
    for edit in edits {
        let edited = |story: Story| if story == Story::new(2) { edit(story) } else { story };
        let stand = Stand::new();
        stand.finds(&stories().into_iter().map(Story::without_guid).collect::<Vec<_>>());
        let before = stand.ids();
        stand.finds(&stories().into_iter().map(edited).map(Story::without_guid).collect::<Vec<_>>());
        let ids = |ids: Vec<(String, String)>| ids.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(ids(stand.ids()), ids(before));
    }
}

#[test]
fn guids_that_count_places_confuse_nothing_without_addresses_of_their_own() {
    for change in [Story::without_link, |story: Story| story.link(PAGE)] {
        let counted = |numbers: &[usize]| {
            let story = |(at, number): (usize, &usize)| change(Story::new(*number)).guid(&(at + 1).to_string());
            numbers.iter().enumerate().map(story).collect()
        };
        each_is_one_item(&[&[2, 1], &[3, 2], &[4, 3], &[2, 1]], counted);
        each_is_one_item(&[&[2, 1], &[4, 3]], counted);
    }
}

#[test]
fn undated_entries_of_one_title_and_text_are_as_many_as_their_addresses() {
    let plan = |number: usize| {
        let story = Story::new(number).without_date().title("Weekly plan").body("Click to open the plan.");
        story.link(&format!("https://quay.example/plan-{number}.pdf"))
    };
    for change in [|story: Story| story, Story::without_guid] {
        let stand = Stand::new();
        for number in 1..=3 {
            stand.finds(&[change(plan(number))]);
            assert_eq!(stand.items().len(), number);
        }
        stand.finds(&[3, 2, 1].map(|number| change(plan(number))));
        assert_eq!(stand.items().len(), 3);
    }
}

#[test]
fn numbers_that_are_used_again_for_undated_stories_overwrite_none() {
    each_is_one_item(&[&[2, 1], &[4, 3], &[4, 3], &[5, 4]], |numbers| {
        let counted = numbers.iter().zip(1..);
        counted.map(|(number, place)| Story::new(*number).without_date().guid(&format!("{place}"))).collect()
    });
}

#[test]
fn notices_of_one_title_and_round_hour_are_as_many_as_their_addresses() {
    for date in ["2026-03-03T08:00:00Z", "2026-03-03T16:00:00Z", "2026-03-03T09:30:00Z"] {
        let stand = Stand::new();
        for number in 1..4 {
            stand.finds(&[Story::new(number).title("Notice of tender").date(date)]);
        }
        assert_eq!(stand.items().len(), 3, "{date}: {:#?}", stand.ids());
    }
}

#[test]
fn notices_of_one_title_and_day_at_one_address_are_as_many_as_their_times() {
    let stand = Stand::new();
    for (number, time) in [(1, "06:13:07"), (2, "12:41:22"), (3, "20:05:51")] {
        let notice = Story::new(number).title("State of the lock").link("https://quay.example/lock");
        stand.finds(&[notice.date(&format!("2026-03-03T{time}Z"))]);
    }
    assert_eq!(stand.items().len(), 3, "{:#?}", stand.ids());
}

#[test]
fn a_site_that_renews_its_ids_and_tells_more_makes_no_new_items() {
    let told = |number: usize| Story::new(number).by_day();
    for renew in [
        |story: Story| story,
        |story: Story| Story { body: format!("{} It will stay for a week.", story.body), ..story },
        |story: Story| Story {
            date: story.date.map(|day| format!("{day}T08:00:00Z")),
            body: "Ship…".to_owned(),
            ..story
        },
    ] {
        let stand = Stand::new();
        stand.finds(&[told(1), told(2)]);
        let before = stand.ids();
        stand.finds(&[1, 2].map(|number| renew(told(number)).guid(&format!("tag:quay.example,2026:{number}"))));
        assert_eq!(stand.ids(), before);
    }
}

#[test]
fn small_ids_that_are_no_places_keep_their_undated_entries() {
    let stand = Stand::new();
    let told = |visit: usize| {
        [17, 18].map(|number: usize| {
            let story = Story::new(number).guid(&number.to_string()).without_date();
            let title = format!("Ship {number} came in ({visit} comments)");
            story.title(&title).link(&format!("https://quay.example/news/{number}?visit={visit}"))
        })
    };
    for visit in 1..5 {
        stand.finds(&told(visit));
        assert_eq!(stand.items().len(), 2, "{visit}: {:#?}", stand.ids());
    }
}

#[test]
fn a_title_that_is_corrected_at_a_round_hour_makes_no_new_item() {
    let stand = Stand::new();
    let told = Story::new(1).date("2026-03-03T09:00:00Z");
    stand.finds(&[told.clone(), Story::new(2)]);
    stand.finds(&[told.guid("urn:renewed:1").title("Ship one came in"), Story::new(2)]);
    assert_eq!(stand.items().len(), 2);
}
