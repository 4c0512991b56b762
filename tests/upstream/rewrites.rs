//! What publishers do to the addresses and ids of their articles makes no new items, in whatever combination; and equal numbers
//! make no one item of two articles.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::publisher::{Stand, Story};

/// How a publishing system addresses its articles.
#[derive(Clone, Copy, Debug)]
enum System {
    Folders,
    Parameters,
    Letters,
    Redirects,
    Days,
    Nodes,
    Names,
}

const SYSTEMS: [System; 7] = [
    System::Folders,
    System::Parameters,
    System::Letters,
    System::Redirects,
    System::Days,
    System::Nodes,
    System::Names,
];

/// The path of an article in a column.
fn path(system: System, column: usize, number: usize) -> String {
    match system {
        System::Folders => format!("/info/{column}/{number}.htm"),
        System::Parameters => {
            format!("/content.jsp?urltype=news.NewsContentUrl&wbtreeid={column}&wbnewsid={number}")
        }
        System::Letters => format!("/2026/0305/c{column}a{number}/page.htm"),
        System::Redirects => format!("/_redirect?siteId=8&columnId={column}&articleId={number}"),
        System::Days => format!("/column{column}/202603/t20260305_{number}.html"),
        System::Nodes => format!("/node/{number}"),
        System::Names => format!("/news/ship-number-{number}-came-in"),
    }
}

/// What is done to all of a feed in one of its versions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each by itself")]
struct Rewrite {
    guids: bool,
    http: bool,
    www: bool,
    slash: bool,
    counted: bool,
    column: bool,
    host: bool,
}

#[derive(Clone, Copy, Debug)]
enum Dates {
    Instants,
    Days,
    None,
}

fn story(system: System, dates: Dates, rewrite: Rewrite, number: usize) -> Story {
    let scheme = if rewrite.http { "http" } else { "https" };
    let www = if rewrite.www { "www." } else { "" };
    let host = if rewrite.host { "pier.example" } else { "quay.example" };
    let path = path(system, if rewrite.column { 1042 } else { 1041 }, 3000 + number);
    let slash = if rewrite.slash && !path.contains('?') { "/" } else { "" };
    let mark = if path.contains('?') { '&' } else { '?' };
    let counted = if rewrite.counted { format!("{mark}utm_source=feed&utm_medium=rss") } else { String::new() };
    let link = format!("{scheme}://{www}{host}{path}{slash}{counted}");
    let guid = if rewrite.guids { format!("urn:renewed:{number}") } else { link.clone() };
    let story = Story::new(number).guid(&guid).link(&link);
    match dates {
        Dates::Instants => story,
        Dates::Days => story.by_day(),
        Dates::None => story.without_date(),
    }
}

fn versions() -> impl Strategy<Value = (System, Dates, Vec<(BTreeSet<usize>, Rewrite)>)> {
    let flag = any::<bool>;
    let rewrite = (flag(), flag(), flag(), flag(), flag(), flag(), flag());
    let rewrite = rewrite.prop_map(|(guids, http, www, slash, counted, column, host)| Rewrite {
        guids,
        http,
        www,
        slash,
        counted,
        column,
        host,
    });
    let version = (prop::collection::btree_set(1_usize..7, 1..6), rewrite);
    let dates = prop::sample::select(vec![Dates::Instants, Dates::Days, Dates::None]);
    (prop::sample::select(SYSTEMS.to_vec()), dates, prop::collection::vec(version, 2..5))
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn no_rewriting_makes_a_new_item((system, dates, versions) in versions()) {
        let stand = Stand::new();
        let mut all: BTreeSet<usize> = BTreeSet::new();
        let mut out: BTreeMap<String, (String, String)> = BTreeMap::new();
        for (numbers, rewrite) in &versions {
            all.extend(numbers);
            stand.finds(&numbers.iter().map(|number| story(system, dates, *rewrite, *number)).collect::<Vec<_>>());
            let items = stand.items();
            prop_assert_eq!(items.len(), all.len(), "{:#?}", stand.ids());
            for item in items {
                let now = (item.id, item.date);
                let before = out.entry(item.title).or_insert_with(|| now.clone());
                prop_assert_eq!(&*before, &now, "id and date stay");
            }
        }
    }
}

/// A story at an address, dated a day or not.
fn at(number: usize, link: &str, day: Option<&str>) -> Story {
    let story = Story::new(number).link(link).guid(link);
    day.map_or_else(|| story.clone().without_date(), |day| story.clone().date(day))
}

/// How many items there are after each visit.
#[track_caller]
fn counts(visits: &[&[Story]], expected: &[usize]) -> Stand {
    let stand = Stand::new();
    let counts: Vec<usize> = visits.iter().map(|stories| stand.finds(stories).items().len()).collect();
    assert_eq!(counts, expected, "{:#?}", stand.ids());
    stand
}

const COLUMN: &str = "https://quay.example/info/1041/1122.htm";
const OTHER_COLUMN: &str = "https://quay.example/info/1042/1122.htm";
const OTHER_HOST: &str = "https://pier.example/info/1041/1122.htm";

#[test]
fn a_number_that_is_used_again_is_another_article() {
    for (before, after) in [(Some("2026-03-04"), Some("2026-03-11")), (None, None)] {
        let (first, second) = (at(1, COLUMN, before), at(2, OTHER_COLUMN, after));
        let both = [first, second];
        counts(&[&both[..1], &both[1..], &both], &[1, 2, 2]);
    }
    // One title for all, told of another day.
    let menu = |link: &str, day: &str| at(1, link, Some(day)).title("Menu of the week");
    counts(&[&[menu(COLUMN, "2026-03-04")], &[menu(OTHER_COLUMN, "2026-03-11")]], &[1, 2]);
}

#[test]
fn equal_numbers_on_two_sites_are_two_articles() {
    for day in [Some("2026-03-04"), None] {
        counts(&[&[at(1, COLUMN, day), at(2, OTHER_HOST, day)]], &[2]);
        counts(&[&[at(1, COLUMN, day)], &[at(2, OTHER_HOST, day)], &[at(1, COLUMN, day)]], &[1, 2, 2]);
    }
    // Equal titles, too, while the list leads to both sites.
    let notice = |number: usize, link: &str| at(number, link, None).title("Closed on Monday");
    let (ours, theirs) = (notice(1, COLUMN), notice(2, OTHER_HOST));
    counts(&[&[ours.clone(), theirs.clone()]], &[2]);
    let other = at(3, "https://quay.example/info/1041/1123.htm", None);
    counts(&[&[ours, other.clone()], &[theirs, other]], &[2, 3]);
}

#[test]
fn equal_numbers_and_titles_on_two_sites_are_one_article_only_in_equal_words() {
    let at = |host: &str, time: &str, words: &str| {
        let story = Story::new(1).title("Notice").link(&format!("https://{host}/node/12"));
        story.guid(&format!("{host} 1")).date(&format!("2026-03-01T{time}:00:00Z")).body(words)
    };
    let (a, b) = ("The laboratory is closed on Monday.", "Maths is taught in hall C from now on.");
    let stand = counts(&[&[at("physics.example", "10", a)], &[at("maths.example", "15", b)]], &[1, 2]);
    assert!(stand.items().iter().any(|item| item.content.contains("laboratory")), "{:#?}", stand.items());
    counts(&[&[at("old.example", "10", a)], &[at("new.example", "10", a)]], &[1, 1]);
}

#[test]
fn a_second_column_of_one_list_is_one_item_in_any_order() {
    for day in [Some("2026-03-04"), None] {
        let other = at(2, "https://quay.example/info/1041/1123.htm", day);
        let (one, two) = (at(1, COLUMN, day), at(1, OTHER_COLUMN, day));
        let stand = counts(&[&[one.clone(), other.clone(), two.clone()]], &[2]);
        let before = stand.house.published();
        stand.finds(&[two.clone(), one.clone(), other.clone()]);
        assert_eq!(stand.house.published(), before);
        counts(&[&[two.clone(), other.clone()], &[one.clone(), two.clone(), other.clone()]], &[2, 2]);
        // A title that is cut short in one of them.
        let cut = two.title("Ship 1 came…");
        counts(&[&[cut.clone(), one.clone(), other.clone()], &[cut, other]], &[2, 2]);
    }
}

#[test]
fn what_differs_beside_the_number_is_no_second_column() {
    let release = |number: usize, link: &str| at(number, link, None).title("Release 4711");
    let (one, two) = ("https://quay.example/hull/4711", "https://quay.example/mast/4711");
    counts(&[&[release(1, one), release(2, two)]], &[2]);
    let (a, b) = (release(1, one).guid("a"), release(1, two).guid("b"));
    counts(&[&[a, b]], &[2]);
}

#[test]
fn a_story_of_no_date_is_known_by_its_words() {
    let text =
        "The ship came in with the tide, and all of her sailors went ashore to look for a bed in the town. ".repeat(6);
    let long = |link: &str| at(1, link, None).body(&text);
    counts(&[&[long("https://quay.example/news/ship")], &[long("https://pier.example/stories/a-ship")]], &[1, 1]);
    // Few words prove nothing.
    let short = |link: &str| at(1, link, None).body("Click to open.");
    counts(&[&[short("https://quay.example/news/ship")], &[short("https://pier.example/stories/a-ship")]], &[1, 2]);
}
