//! A list that has one entry at first is followed while it grows, and where it empties.

use crate::story::{Story, Tongue};
use crate::town::{File, Town, page};

fn files(stories: &[&Story]) -> Vec<File> {
    let whole = |title: &str, content: &str| {
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} – Chart College</title></head><body><nav><ul><li><a href=\"/\">Home</a></li>\
             <li><a href=\"/about/\">About the college</a></li></ul></nav><main><h1>{title}</h1>{content}</main></body></html>"
        )
    };
    let entry = |story: &&Story| {
        format!(
            "<article class=\"post tag-{}\"><h2><a href=\"/story/{}/\">{}</a></h2><p>Posted on <time datetime=\"{}\">{}</time></p></article>",
            ["quay", "sea"][story.number % 2],
            story.slug(),
            story.title,
            story.on("%Y-%m-%d"),
            story.on("%d %B %Y")
        )
    };
    let entries: String = stories.iter().map(entry).collect();
    let list = page("/tag/harbour/", &whole("Harbour", &entries));
    let article = |story: &&Story| page(format!("/story/{}/", story.slug()), &whole(&story.title, &story.body()));
    std::iter::once(list).chain(stories.iter().map(article)).collect()
}

#[test]
fn a_list_of_one_entry_grows_and_empties() {
    let mut town = Town::new();
    town.add("first", "/tag/harbour/", "");
    let stories = Story::first(Tongue::English, "Chart College", 8);
    let (new, old): (Vec<&Story>, &Story) = (stories.iter().take(7).collect(), &stories[7]);
    let mut days = (10..20).map(|day| format!("2026-02-{day}T01:00:00Z"));
    let mut visit = |shown: &[&Story], known: usize| {
        town.shows("first", files(shown));
        let (outcome, _) = town.visit(&days.next().unwrap());
        let items = town.items("first");
        let titles: std::collections::BTreeSet<&str> = items.iter().map(|item| item.title.as_str()).collect();
        assert_eq!((items.len(), titles.len()), (known, known), "{} {}", outcome.stdout, outcome.stderr);
        outcome
    };
    visit(&[old], 1).expect_ok();
    visit(&[old], 1).expect_ok();
    visit(&[new[6], old], 2).expect_ok();
    visit(&[&new[1..], &[old]].concat(), 7).expect_ok();
    // Nothing is there; then another alone.
    visit(&[], 7);
    visit(&[new[0]], 8).expect_ok();
}
