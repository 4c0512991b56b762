//! Stories that stand apart from a list and belong to it: its lead, and other sections of the page.

use super::{found, site, told, url};

/// A story: its heading, a link and its day.
fn story(place: &str, name: &str, day: usize) -> String {
    let link = name.to_lowercase().replace(' ', "-");
    format!(
        "<a href=/{place}/{link}><img src=a.jpg><h3>{name}</h3></a><p>It was told of.</p><time datetime=2026-05-{day:02}>x</time>"
    )
}

fn cards(place: &str, names: &[&str]) -> String {
    names
        .iter()
        .enumerate()
        .map(|(at, name)| format!("<div class=card>{}</div>", story(place, name, 12 - at)))
        .collect()
}

const NAMES: [&str; 4] = [
    "Students win the robotics cup",
    "The library is open longer",
    "The choir sings in the hall",
    "A bridge of old timber",
];

/// The titles of a page.
#[track_caller]
fn titles(content: &str) -> Vec<String> {
    let listing = found(&site(content), &url("http://sea.example/news/"));
    told(&listing).into_iter().map(|(title, ..)| title).collect()
}

const LEAD: &str = "A new station on the pier";

#[test]
fn the_lead_of_a_list_is_one_of_its_stories() {
    let list = cards("news", &NAMES);
    let all: Vec<&str> = [LEAD].into_iter().chain(NAMES).collect();
    let lead = story("news", LEAD, 14);
    for lead in [
        format!("<section class=hero><article class=lead>{lead}</article></section>"),
        format!("<section class=featured><div class=feature-text>{lead}</div></section>"),
    ] {
        assert_eq!(titles(&format!("<main><h1>News</h1>{lead}<div class=cards>{list}</div></main>")), all, "{lead}");
    }
    let two = [LEAD, "No more plastic in the canteen"]
        .map(|name| format!("<article class=big>{}</article>", story("news", name, 14)));
    let all: Vec<&str> = [LEAD, "No more plastic in the canteen"].into_iter().chain(NAMES).collect();
    assert_eq!(
        titles(&format!("<main><div class=row>{}</div><div class=cards>{list}</div></main>", two.concat())),
        all
    );
}

#[test]
fn what_stands_above_a_list_may_be_no_lead() {
    let list = format!("<div class=cards>{}</div>", cards("news", &NAMES));
    let lead = |place: &str, day: usize| format!("<div class=lead>{}</div>", story(place, LEAD, day));
    for page in [
        // What is most read, what a menu shows, another kind of page, what is to come, what is old.
        format!("<main><div class=box><h3>Most read</h3>{}</div><h1>News</h1>{list}</main>", lead("news", 14)),
        format!("<div class=mega>{}</div><main><h1>News</h1>{list}</main>", lead("news", 14)),
        format!("<main><h1>News</h1>{}{list}</main>", lead("study", 14)),
        format!("<main><h1>News</h1>{}{list}</main>", lead("news", 30)),
        format!("<main><h1>News</h1>{}{list}</main>", lead("news", 1)),
        format!(
            "<main><div class=alert><a href=/news/the-water-of-today>The water is turned off today</a></div>{list}</main>"
        ),
    ] {
        assert_eq!(titles(&page), NAMES, "{page}");
    }
}

#[test]
fn sections_side_by_side_are_one_list() {
    let other = ["A new station on the pier", "No more plastic in the canteen"];
    let section =
        |class: &str, heading: &str, rows: &str| format!("<section class={class}><h2>{heading}</h2>{rows}</section>");
    let rows = |names: &[&str]| -> String {
        let row = |(at, name)| {
            format!("<p class=row>{}</p>", story("campus", name, 11 - at).replace("<p>It was told of.</p>", ""))
        };
        names.iter().copied().enumerate().map(row).collect()
    };
    let page = |first: &str, name: &str| {
        let sections = section("a", first, &cards("research", &NAMES)) + &section("b", name, &rows(&other));
        titles(&format!("<main>{sections}</main>"))
    };
    assert_eq!(page("Research", "Campus"), NAMES.into_iter().chain(other).collect::<Vec<_>>());
    assert_eq!(page("Research", "Events"), NAMES);
    assert_eq!(page("News", "Theses"), NAMES);
}
