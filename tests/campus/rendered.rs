//! A site whose pages are made by scripts, through a real browser.

use std::process::Command;

use serde_json::json;

use crate::story::{Story, Tongue};
use crate::town::{File, Town, page};

fn browser() -> Option<&'static str> {
    let is_there =
        |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(is_there);
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "chromium is to be installed where this is tested");
    found
}

/// A page that is empty until its script has run.
fn shell(told: &serde_json::Value, script: &str) -> String {
    // In two parts, so that nothing in the page is JSON.
    let told = told.to_string().replace('\\', "\\\\").replace('\'', "\\'").replace("\":\"", "\":' + '\"");
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Newsroom</title></head><body><div id=\"app\"></div><script>const told = JSON.parse('{told}');{script}</script></body></html>"
    )
}

fn files(stories: &[Story]) -> Vec<File> {
    let place = |story: &Story| format!("/stories/{}", story.number);
    let rows: Vec<_> =
        stories.iter().map(|story| json!({"t": story.title, "u": place(story), "d": story.on("%Y-%m-%d")})).collect();
    let list = shell(
        &json!(rows),
        "document.getElementById('app').innerHTML = '<h1>Newsroom</h1><ul class=\"rows\">' + told.map(row => `<li class=\"row\"><a href=\"${row.u}\">${row.t}</a> <time>${row.d}</time></li>`).join('') + '</ul>';",
    );
    let article = |story: &Story| {
        page(
            place(story),
            &shell(
                &json!({"t": story.title, "b": story.body(), "d": story.on("%Y-%m-%d")}),
                "document.getElementById('app').innerHTML = `<article><h1>${told.t}</h1><p class=\"date\">${told.d}</p>${told.b}</article>`;",
            ),
        )
    };
    std::iter::once(page("/newsroom", &list)).chain(stories.iter().map(article)).collect()
}

#[test]
fn pages_that_scripts_make_are_rendered() {
    let Some(browser) = browser() else { return };
    let mut town = Town::new();
    town.add(
        "scripted",
        "/newsroom",
        &format!("render = \"{browser} --headless --no-sandbox --disable-gpu --dump-dom {{url}}\""),
    );
    let stories = Story::first(Tongue::English, "Lock House", 4);
    town.shows("scripted", files(&stories[1..]));
    town.visit("2026-02-10T01:00:00Z").0.expect_ok();
    check(&town, &stories[1..]);
    let out = town.house.published();
    let (_, asked) = town.visit("2026-02-11T01:00:00Z");
    assert_eq!(asked.get("scripted").map(|paths| paths.iter().any(|path| path.starts_with("/stories/"))), Some(false));
    assert_eq!(town.house.published(), out);
    town.shows("scripted", files(&stories));
    town.visit("2026-02-12T01:00:00Z").0.expect_ok();
    check(&town, &stories);
}

#[track_caller]
fn check(town: &Town, stories: &[Story]) {
    let items = town.items("scripted");
    assert_eq!(items.len(), stories.len());
    for (item, story) in items.iter().zip(stories) {
        assert_eq!((&item.title, &item.date[..10]), (&story.title, story.on("%Y-%m-%d").as_str()));
        for paragraph in &story.paragraphs {
            assert!(item.content.contains(paragraph.as_str()), "{}", item.content);
        }
    }
}

#[test]
fn a_page_that_needs_a_browser_says_so() {
    let mut town = Town::new();
    town.add("scripted", "/newsroom", "");
    town.shows("scripted", files(&Story::first(Tongue::English, "Lock House", 4)));
    town.visit("2026-02-10T01:00:00Z").0.expect_code(1).expect_said("render = ");
}

#[test]
fn a_program_that_fails_is_told_and_robots_are_heeded() {
    let mut town = Town::new();
    town.add("absent", "/newsroom", "render = \"no-such-browser {url}\"");
    town.add("shut-out", "/newsroom", "render = \"sh -c 'echo page' x {url}\"");
    town.shows("shut-out", vec![crate::town::typed("/robots.txt", "text/plain", b"User-agent: *\nDisallow: /")]);
    let (walk, asked) = town.visit("2026-02-10T01:00:00Z");
    walk.expect_code(1)
        .expect_said("cannot start \"no-such-browser\"")
        .expect_said("its robots.txt shuts programs out");
    assert!(asked.is_empty(), "{asked:?}");
}
