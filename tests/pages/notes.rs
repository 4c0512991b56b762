//! A page that tells its news itself: what is known again when it is edited, retitled or made anew, and what is new.

use crate::house::TestItem;
use crate::site::{KEYS, Site};

/// What the page tells: a place in it, a title, a day of 2026, a text.
#[derive(Clone)]
struct Note {
    place: &'static str,
    title: &'static str,
    day: &'static str,
    text: String,
}

fn note(place: &'static str, title: &'static str, day: &'static str, text: &str) -> Note {
    Note { place, title, day, text: text.to_owned() }
}

fn notes() -> Vec<Note> {
    vec![
        note(
            "pier",
            "The new pier is open",
            "2026-03-12",
            "The mayor cut the ribbon, and the first ferry left the pier at noon with forty guests on board.",
        ),
        note(
            "sluice",
            "Sluice closed for repairs",
            "2026-03-02",
            "Until the end of the week no ship passes the sluice, since both of its gates are painted. Forms are at the office.",
        ),
        note(
            "choir",
            "Choir looks for voices",
            "2026-02-15",
            "Whoever likes to sing comes to the old hall on Thursday evening, with or without notes, and brings a lamp.",
        ),
        note(
            "books",
            "Library moves to the quay",
            "2026-02-02",
            "All books will be packed in boxes, so that nothing can be lent for two weeks. Then there is tea for all.",
        ),
        note(
            "ice",
            "Ice on the harbour basin",
            "2026-01-19",
            "Please do not walk on it: it is thinner than it looks, the water below is deep, and nobody watches it at night.",
        ),
    ]
}

type Shape = fn(&Note) -> String;

/// Ways to write a note, and what holds all.
const SHAPES: [(&str, Shape, &str); 6] = [
    (
        "headings",
        |note| format!("<h2 id=\"{}-story\">{}</h2><p>{}</p><p>{}</p>", note.place, note.title, note.day, note.text),
        "div",
    ),
    (
        "table",
        |note| format!("<tr><td>{}</td><td><strong>{}</strong><br>{}</td></tr>", note.day, note.title, note.text),
        "table",
    ),
    ("terms", |note| format!("<dt>{}</dt><dd><b>{}.</b> {}</dd>", note.day, note.title, note.text), "dl"),
    (
        "accordion",
        |note| format!("<details><summary>{} ({})</summary><p>{}</p></details>", note.title, note.day, note.text),
        "div",
    ),
    (
        "cards",
        |note| {
            format!("<div class=\"card\"><span>{}</span><h4>{}</h4><p>{}</p></div>", note.day, note.title, note.text)
        },
        "div",
    ),
    ("rows", |note| format!("<li><b>{}</b> {}</li>", note.day, note.text), "ul"),
];

fn shows(site: &Site, (_, shape, holder): &(&str, Shape, &str), notes: &[Note]) {
    let all: String = notes.iter().map(shape).collect();
    site.shows(
        "/news/",
        &format!(
            "<!DOCTYPE html><html lang=\"en\"><head><title>News - Quay College</title></head><body><ul><li><a href=\"/\">Home</a></li>\
             <li><a href=\"/about\">About us</a></li></ul><h1>News</h1><{holder} class=\"all\">{all}</{holder}>\
             <footer>Quay College, Harbour Street 1</footer></body></html>"
        ),
    );
}

fn site() -> Site {
    let site = Site::new();
    site.house.config(&site.config().replace(KEYS, ""));
    site
}

fn ids(site: &Site) -> Vec<String> {
    let mut ids: Vec<String> = site.items().into_iter().map(|item| item.id).collect();
    ids.sort();
    ids
}

fn called<'i>(items: &'i [TestItem], word: &str) -> &'i TestItem {
    items
        .iter()
        .find(|item| item.title.contains(word) || item.content.contains(word))
        .unwrap_or_else(|| panic!("{items:#?}"))
}

#[test]
fn what_a_page_tells_itself_becomes_items_and_no_other_page_is_asked_for() {
    for shape in &SHAPES {
        let (name, site) = (shape.0, site());
        shows(&site, shape, &notes());
        assert_eq!(site.asks(), ["/news/"], "{name}");
        let items = site.items();
        assert_eq!(items.len(), 5, "{name}: {:?}", site.titles());
        let page = site.server.url("/news/").to_string();
        assert!(items.iter().all(|item| item.url.starts_with(&page)), "{name}");
        let pier = called(&items, "ribbon");
        assert!(pier.date.starts_with("2026-03-12"), "{name}: {}", pier.date);
        assert!(!pier.content.contains("2026-03-12"), "{name}: {}", pier.content);
        let expected = if name == "headings" { format!("{page}#pier-story") } else { page.clone() };
        assert_eq!(pier.url, expected, "{name}");
        assert_eq!(site.health()["list"]["way"]["form"], "notes", "{name}: {}", site.health());
    }
}

#[test]
fn a_new_note_is_new_an_edited_or_retitled_one_is_not_and_what_leaves_stays_published() {
    for shape in &SHAPES {
        let (name, site) = (shape.0, site());
        let mut all = notes();
        shows(&site, shape, &all);
        site.visit().expect_ok();
        let before = ids(&site);
        site.visit().expect_ok();
        assert_eq!(ids(&site), before, "{name}: nothing has changed");
        all.insert(
            0,
            note(
                "lamp",
                "Lamps on the mole",
                "2026-03-20",
                "From tonight on forty lamps are lit on the mole, so that nobody falls into the water.",
            ),
        );
        all[2].text.push_str(" The office is open until four.");
        shows(&site, shape, &all);
        site.visit().expect_ok();
        assert_eq!(site.items().len(), 6, "{name}: {:?}", site.titles());
        assert!(before.iter().all(|id| ids(&site).contains(id)), "{name}");
        assert!(called(&site.items(), "until four").content.contains("painted"), "{name}");
        let with_new = ids(&site);
        // Another note of the day of one that is there.
        all.insert(
            0,
            note(
                "rope",
                "Lamps on the mole again",
                "2026-03-20",
                "Whoever finds a rope on the beach brings it to the harbour master, who pays for each.",
            ),
        );
        all[1].title = "Forty lamps on the mole";
        all[3].title = "The sluice is painted";
        shows(&site, shape, &all);
        site.visit().expect_ok();
        assert_eq!(site.items().len(), 7, "{name}: {:?}", site.titles());
        assert!(with_new.iter().all(|id| ids(&site).contains(id)), "{name}");
        all.pop();
        shows(&site, shape, &all);
        site.visit().expect_ok();
        assert_eq!(site.items().len(), 7, "{name}: what left the page stays");
    }
}

#[test]
fn a_page_that_is_made_anew_makes_no_new_items() {
    for old in &SHAPES {
        for new in &SHAPES {
            let (name, site) = (format!("{} to {}", old.0, new.0), site());
            let mut all = notes();
            shows(&site, old, &all);
            site.visit().expect_ok();
            let before = ids(&site);
            shows(&site, new, &all);
            site.visit().expect_ok();
            assert_eq!(ids(&site), before, "{name}: {:?}", site.titles());
            all.insert(
                0,
                note(
                    "lamp",
                    "Lamps on the mole",
                    "2026-03-20",
                    "From tonight on forty lamps are lit on the mole, so that nobody falls into the water.",
                ),
            );
            shows(&site, new, &all);
            site.visit().expect_ok();
            assert_eq!(site.items().len(), 6, "{name}: {:?}", site.titles());
        }
    }
}

#[test]
fn a_day_that_is_corrected_makes_no_new_item() {
    for shape in &SHAPES {
        let (name, site) = (shape.0, site());
        let mut all = notes();
        shows(&site, shape, &all);
        site.visit().expect_ok();
        let before = ids(&site);
        (all[0].day, all[2].day) = ("2026-03-11", "2026-02-19");
        shows(&site, shape, &all);
        for _ in 0..2 {
            site.visit().expect_ok();
            assert_eq!(ids(&site), before, "{name}: {:?}", site.titles());
        }
    }
}

#[test]
fn what_is_told_again_in_the_same_words_is_new_each_time() {
    let menu = |day| {
        note(
            "menu",
            "Menu of the canteen",
            day,
            "The menu of the week hangs beside the door of the canteen, where everybody can read it for seven days.",
        )
    };
    // Of the next week, and of the next day.
    for next in ["2026-03-23", "2026-03-17"] {
        let site = site();
        let mut all = notes();
        all.insert(0, menu("2026-03-16"));
        shows(&site, &SHAPES[4], &all);
        site.visit().expect_ok();
        all[0] = menu(next);
        shows(&site, &SHAPES[4], &all);
        site.visit().expect_ok();
        assert_eq!(site.items().len(), 7, "{next}: {:?}", site.titles());
    }
}

#[test]
fn notes_of_one_day_that_lose_their_places_and_are_edited_in_one_walk_are_known_by_their_titles() {
    let site = site();
    let mut all = notes();
    all[1].day = all[0].day;
    shows(&site, &SHAPES[0], &all);
    site.visit().expect_ok();
    let before = ids(&site);
    for note in &mut all[..2] {
        note.text.push_str(" More is told in the harbour office until four.");
    }
    shows(&site, &SHAPES[4], &all);
    site.visit().expect_ok();
    assert_eq!(ids(&site), before, "{:?}", site.titles());
}

#[test]
fn equal_titles_on_two_days_are_two_items() {
    let site = site();
    let menu = |day: &'static str, soup: &str| {
        note(
            "menu",
            "Menu of the canteen",
            day,
            &format!("Soup of {soup} with bread, and an apple for each who is still hungry."),
        )
    };
    let mut all = vec![menu("2026-03-03", "lentils"), menu("2026-03-02", "leek"), menu("2026-03-01", "peas")];
    all.extend(notes().into_iter().skip(2));
    shows(&site, &SHAPES[4], &all);
    site.visit().expect_ok();
    all.insert(0, menu("2026-03-04", "leek"));
    all.pop();
    shows(&site, &SHAPES[4], &all);
    site.visit().expect_ok();
    assert_eq!(site.items().len(), 7, "{:?}", site.items().into_iter().map(|item| item.date).collect::<Vec<_>>());
}

#[test]
fn commands_tell_that_the_page_tells_its_news_itself() {
    let site = site();
    shows(&site, &SHAPES[0], &notes());
    let url = site.server.url("/news/").to_string();
    site.house.run(&["preview", &url]).expect_ok().expect_said("the news that the page tells itself");
    site.visit().expect_ok();
    for ending in ["rss", "atom", "json"] {
        site.house.run(&["validate", &format!("feeds/sources/quay.{ending}")]).expect_ok();
    }
}
