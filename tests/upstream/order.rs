//! In which order, and in how many walks, entries come in does not show.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::publisher::{Stand, Story, atom, json, rss};

/// What all entries of a feed have in common.
#[derive(Clone, Copy, Debug)]
enum Habit {
    Plain,
    NoGuids,
    OneGuid,
    OneAddress,
    OneAddressNoGuids,
    OneOfBoth,
    Days,
    Undated,
    Untitled,
    Numbered,
    /// Guids are places in the feed.
    Counted,
    CountedOneAddress,
}

const HABITS: [Habit; 12] = [
    Habit::Plain,
    Habit::NoGuids,
    Habit::OneGuid,
    Habit::OneAddress,
    Habit::OneAddressNoGuids,
    Habit::OneOfBoth,
    Habit::Days,
    Habit::Undated,
    Habit::Untitled,
    Habit::Numbered,
    Habit::Counted,
    Habit::CountedOneAddress,
];

/// What is done to all of a feed in one of its versions, without making any story another.
#[derive(Clone, Copy, Debug)]
enum Whim {
    None,
    Http,
    Slash,
    Counted,
    Reversed,
    OtherGuids,
    NoGuids,
    Atom,
    Json,
}

const WHIMS: [Whim; 9] = [
    Whim::None,
    Whim::Http,
    Whim::Slash,
    Whim::Counted,
    Whim::Reversed,
    Whim::OtherGuids,
    Whim::NoGuids,
    Whim::Atom,
    Whim::Json,
];

/// The story of a number, as it is told at a place in the feed.
fn story(habit: Habit, place: usize, number: usize) -> Story {
    let story = Story::new(number);
    match habit {
        Habit::Plain => story,
        Habit::NoGuids => story.without_guid(),
        Habit::OneGuid => story.guid("https://quay.example/"),
        Habit::OneAddress => story.link("https://quay.example/"),
        Habit::OneAddressNoGuids => story.without_guid().link("https://quay.example/"),
        Habit::OneOfBoth => story.guid("https://quay.example/").link("https://quay.example/"),
        Habit::Days => story.by_day(),
        Habit::Undated => story.without_date(),
        Habit::Untitled => story.without_title(),
        Habit::Numbered => story.guid(&number.to_string()),
        Habit::Counted => story.guid(&place.to_string()).without_link(),
        Habit::CountedOneAddress => story.guid(&place.to_string()).link("https://quay.example/"),
    }
}

fn told(whim: Whim, mut stories: Vec<Story>) -> String {
    let on_addresses = |stories: Vec<Story>, change: &dyn Fn(&str) -> String| -> Vec<Story> {
        let changed = |text: Option<String>| text.map(|text| if text.contains("://") { change(&text) } else { text });
        stories
            .into_iter()
            .map(|story| Story { guid: changed(story.guid), link: changed(story.link), ..story })
            .collect()
    };
    match whim {
        Whim::None => rss(&stories),
        Whim::Http => rss(&on_addresses(stories, &|text| text.replace("https:", "http:"))),
        Whim::Slash => rss(&on_addresses(stories, &|text| match text.split_once('?') {
            Some((path, query)) => format!("{}/?{query}", path.trim_end_matches('/')),
            None => format!("{}/", text.trim_end_matches('/')),
        })),
        Whim::Counted => rss(&on_addresses(stories, &|text| {
            format!("{text}{}utm_source=feed", if text.contains('?') { '&' } else { '?' })
        })),
        Whim::Reversed => {
            stories.reverse();
            rss(&stories)
        }
        Whim::OtherGuids => {
            let other = |story: Story| {
                let guid = format!("urn:other:{}", story.body.len() * 100 + usize::from(story.body.as_bytes()[5]));
                if story.guid.is_some() { story.guid(&guid) } else { story }
            };
            rss(&stories.into_iter().map(other).collect::<Vec<_>>())
        }
        Whim::NoGuids => rss(&stories.into_iter().map(Story::without_guid).collect::<Vec<_>>()),
        Whim::Atom => atom(&stories),
        Whim::Json => json(&stories),
    }
}

fn stories(habit: Habit, numbers: &BTreeSet<usize>) -> Vec<Story> {
    numbers.iter().enumerate().map(|(place, number)| story(habit, place, *number)).collect()
}

/// A habit, and versions of a feed: which stories it has, and the whim of the day. Where each story may have both the guid and
/// the address of another, there are always several, for only among them does that show.
fn versions() -> impl Strategy<Value = (Habit, Vec<(BTreeSet<usize>, Whim)>)> {
    prop::sample::select(HABITS.to_vec()).prop_flat_map(|habit| {
        let fewest = if matches!(habit, Habit::OneOfBoth | Habit::CountedOneAddress) { 2 } else { 1 };
        let numbers = prop::collection::btree_set(1_usize..7, fewest..6);
        let version = (numbers, prop::sample::select(WHIMS.to_vec()));
        (Just(habit), prop::collection::vec(version, 1..5))
    })
}

/// Ids by title, or by words where there is no title.
fn shown(stand: &Stand, feed: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for item in stand.house.feed(feed) {
        ids.entry(item.title).or_default().insert(item.id);
    }
    ids
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn each_story_is_one_item_however_it_came((habit, versions) in versions()) {
        let stand = Stand::new();
        let mut all = BTreeSet::new();
        let mut before = BTreeMap::new();
        for (numbers, whim) in &versions {
            all.extend(numbers);
            stand.reads(&told(*whim, stories(habit, numbers)));
            let now = shown(&stand, "sources/quay.json");
            prop_assert_eq!(now.len(), all.len(), "{:#?}", now);
            for (title, ids) in &now {
                prop_assert_eq!(ids.len(), 1, "{} is there as {:?}", title, ids);
                prop_assert!(before.get(title).is_none_or(|before| before == ids), "{} was {:?}", title, before.get(title));
            }
            let distinct: BTreeSet<&String> = now.values().flatten().collect();
            prop_assert_eq!(distinct.len(), now.len(), "an id is there twice: {:#?}", now);
            prop_assert_eq!(shown(&stand, "all.json"), now.clone());
            before = now;
        }
        // All at once, it is the same stories.
        let at_once = Stand::new();
        at_once.reads(&told(Whim::None, stories(habit, &all)));
        let titles = |stand: &Stand| shown(stand, "all.json").into_keys().collect::<Vec<_>>();
        prop_assert_eq!(titles(&at_once), titles(&stand));
    }
}

#[test]
fn entries_of_one_time_stand_in_the_order_of_their_feed_and_of_its_archive() {
    let stand = Stand::new();
    let site = "https://news.example.edu/feeds/";
    let at_nine = |last: usize| (1..=last).rev().map(|number| Story::new(number).date("2026-03-04T09:00:00Z"));
    let shown = || {
        let (mut titles, mut path) = (Vec::new(), Some("sources/quay.json".to_owned()));
        while let Some(next) = path {
            let feed = stand.house.json(&next);
            let items = feed["items"].as_array().unwrap();
            assert!(items.iter().all(|item| item["date_published"] == "2026-03-04T09:00:00Z"));
            titles.extend(items.iter().map(|item| item["title"].as_str().unwrap().to_owned()));
            path = feed["next_url"].as_str().map(|next| next.strip_prefix(site).unwrap().to_owned());
        }
        titles
    };
    // What comes stands in front, in several walks as in one; then the first of them are on pages of the archive.
    for last in [12, 20, 290, 291] {
        stand.finds(&at_nine(last).take(280).collect::<Vec<_>>());
        let expected: Vec<String> = at_nine(last).filter_map(|story| story.title).collect();
        assert_eq!(shown(), expected);
    }
    assert!(stand.house.json("sources/quay.json")["next_url"].is_string());
    let published = stand.house.published();
    std::fs::remove_dir_all(stand.house.path("feeds")).unwrap();
    stand.house.refresh().expect_ok();
    assert_eq!(stand.house.published(), published);
}
