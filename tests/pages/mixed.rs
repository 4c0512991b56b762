//! A page, a feed and a folder tell some of the same stories: in which order, in how many walks and how often they are met does
//! not show, and nothing is missing from the feed of its source.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::badweb::answer;
use crate::house::House;
use crate::site::{Site, Story, list};

/// Where a story is told, each by the walk that finds it there first.
#[derive(Clone, Copy, Debug)]
struct Told {
    page: Option<usize>,
    feed: Option<usize>,
    folder: Option<usize>,
}

const WALKS: usize = 3;

fn told() -> impl Strategy<Value = Told> {
    let place = || prop::option::of(0..WALKS);
    (place(), place(), place()).prop_map(|(page, feed, folder)| Told { page, feed, folder })
}

fn feed(stories: &[Story]) -> String {
    let entry = |story: &Story| {
        let Story { number, title, date, text } = story;
        format!(
            "<item><guid isPermaLink=\"false\">ship-{number}</guid><title>{title}</title><link>https://quay.example/ships/{number}</link><pubDate>{date}T09:0{number}:07Z</pubDate><description>{text}</description></item>\n"
        )
    };
    format!(
        "<rss version=\"2.0\"><channel><title>The Quay</title><link>https://quay.example/</link>\n{}</channel></rss>",
        stories.iter().map(entry).collect::<String>()
    )
}

fn document(story: &Story) -> String {
    format!("---\ntitle: {}\ndate: {}\n---\n{}\n", story.title, story.date, story.text)
}

/// The configuration of a house that reads a site, its feed and its own folder.
fn config(site: &Site) -> String {
    format!(
        "{}[[source]]\nid = \"ships\"\nfeed = \"{}\"\n[[source]]\nid = \"papers\"\nfiles = \"news/**/*.md\"\n",
        site.config(),
        site.server.url("/feed")
    )
}

/// Puts a walk's worth of stories up: the page lists all that it ever did, the feed only what is `new` in it.
fn tells(site: &Site, house: &House, stories: &[(Story, Told)], walks: std::ops::Range<usize>, is_reversed: bool) {
    let among = |place: Option<usize>, walks: &std::ops::Range<usize>| place.is_some_and(|walk| walks.contains(&walk));
    let those = |is: &dyn Fn(&Told) -> bool| -> Vec<Story> {
        stories.iter().filter(|(_, told)| is(told)).map(|(story, _)| story.clone()).collect()
    };
    let listed = those(&|told| among(told.page, &(0..walks.end)));
    site.writes(&listed).shows("/news/", &list(&listed, None));
    let mut fed = those(&|told| among(told.feed, &walks));
    if is_reversed {
        fed.reverse();
    }
    site.answers("/feed", &answer("connection: close\r\ncontent-type: application/rss+xml\r\n", feed(&fed).as_bytes()));
    for story in those(&|told| among(told.folder, &(0..walks.end))) {
        house.file(format!("news/{}.md", story.number), &document(&story));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn how_stories_came_in_does_not_show(
        places in prop::collection::vec(told(), 2..8),
        again in prop::collection::vec(0_usize..3, WALKS),
        is_reversed in any::<bool>(),
    ) {
        let stories: Vec<(Story, Told)> =
            places.into_iter().enumerate().map(|(at, told)| (Story::new(at + 1), told)).rev().collect();
        let site = Site::new();
        site.house.config(&config(&site));
        for (walk, again) in again.iter().enumerate() {
            tells(&site, &site.house, &stories, walk..walk + 1, is_reversed);
            for _ in 0..=*again {
                // A page without any entry is told as an error.
                site.visit();
            }
        }
        let at_once = House::new();
        at_once.config(&config(&site));
        tells(&site, &at_once, &stories, 0..WALKS, !is_reversed);
        at_once.refresh();
        prop_assert_eq!(site.house.published(), at_once.published());

        for (source, place) in [
            ("quay", (|told: &Told| told.page) as fn(&Told) -> Option<usize>),
            ("ships", |told| told.feed),
            ("papers", |told| told.folder),
        ] {
            let accepted: BTreeSet<String> =
                stories.iter().filter(|(_, told)| place(told).is_some()).map(|(story, _)| story.title.clone()).collect();
            let path = format!("sources/{source}.json");
            let shown: BTreeSet<String> =
                if at_once.has(&path) { at_once.titles(&path).into_iter().collect() } else { BTreeSet::new() };
            prop_assert_eq!(shown, accepted, "{}", source);
        }
    }
}
