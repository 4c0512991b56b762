//! What a list glues to its titles comes and goes, and nobody is told of it.

use crate::site::{Site, Story, around, stories};

/// A list of stories, of which the first so many have their day behind the title.
fn list(stories: &[Story], dated: usize) -> String {
    let row = |(at, story): (usize, &Story)| {
        let (title, date, path) = (&story.title, &story.date, story.path());
        let glued = if at < dated { format!(" ({date})") } else { String::new() };
        format!("<li><a href=\"{path}\">{title}{glued}</a> <span class=\"date\">{date}</span></li>")
    };
    let rows: String = stories.iter().enumerate().map(row).collect();
    around(&format!("<ul class=\"news\">{rows}</ul>"), None)
}

#[test]
fn a_day_that_leaves_a_title_is_no_news() {
    let site = Site::with("full_text = false\n");
    let all = stories(1..=6);
    site.shows("/news/", &list(&all[2..], 1)).visit().expect_ok();
    let before = site.item(&all[2]);
    assert!(before.title.ends_with(&format!("({})", all[2].date)), "{}", before.title);
    site.shows("/news/", &list(&all, 6)).visit().expect_ok();
    let now = site.item(&all[2]);
    assert_eq!((&now.id, &now.title, &now.updated), (&before.id, &all[2].title, &before.updated));
    // What most titles have no more stays off those that have it.
    site.shows("/news/", &list(&all, 1)).visit().expect_ok();
    assert_eq!(site.titles(), all.iter().map(|story| story.title.clone()).collect::<Vec<_>>());
    let edited: Vec<Story> = all.iter().cloned().map(|story| story.title("The ship was late")).collect();
    site.shows("/news/", &list(&edited[2..3], 0)).visit().expect_ok();
    assert_ne!(site.item(&all[2]).updated, now.updated, "another title is news");
}
