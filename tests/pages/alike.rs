//! Stories of a list that are alike: they lead to one page, or have one title.

use std::collections::BTreeSet;

use crate::site::{Site, Story, around, list, stories};

/// A list in which some stories lead to one form.
fn with_form(all: &[Story], forms: &[usize]) -> String {
    let lead = |page: String, number: &usize| page.replace(&format!("/news/{number}.html"), "/news/form.html");
    forms.iter().fold(list(all, None), lead)
}

fn titles(all: &[Story]) -> BTreeSet<String> {
    all.iter().map(|story| story.title.clone()).collect()
}

#[test]
fn stories_that_lead_to_one_form_are_all_there() {
    let site = Site::new();
    let form = Story::new(90).title("Apply here").page();
    let all = stories(1..=10);
    site.writes(&all).shows("/news/form.html", &form).shows("/news/", &with_form(&all, &[3, 5, 8]));
    site.visit().expect_ok();
    assert_eq!(site.titles().into_iter().collect::<BTreeSet<_>>(), titles(&all));
    let before: BTreeSet<String> = site.items().into_iter().map(|item| item.id).collect();
    // Two more lead there, and the first of them have left the list.
    let all = stories(1..=12);
    site.writes(&all).shows("/news/", &with_form(&all[..8], &[5, 8, 11, 12])).visit().expect_ok();
    assert_eq!(site.titles().into_iter().collect::<BTreeSet<_>>(), titles(&all));
    let after: BTreeSet<String> = site.items().into_iter().map(|item| item.id).collect();
    assert!(after.is_superset(&before) && after.len() == 12, "{before:?} {after:?}");
    let lying = site.house.published();
    site.visit().expect_ok();
    assert_eq!(site.house.published(), lying);
}

#[test]
fn notices_of_one_title_are_told_by_their_days() {
    let mut site = Site::new();
    let notice = |number: usize| Story::new(number).title(["No water in the north hall", "No light"][number % 2]);
    let all: Vec<Story> = (1..=10).rev().map(notice).collect();
    // Found without a word of where it is, and read by what was written of it.
    let written = site.config();
    site.house.config(written.split("[source.select]").next().unwrap());
    site.lists(&all).visit().expect_ok();
    assert_eq!(site.items().len(), 10);
    let more: Vec<Story> = (3..=12).rev().map(notice).collect();
    site.lists(&more).visit().expect_ok();
    assert_eq!(site.items().len(), 12);
    site.writes_keys("title = \"a\"\n");
    site.visit().expect_ok();
    assert_eq!(site.items().len(), 12);
}

#[test]
fn undated_notices_of_one_title_are_read_where_somebody_says_what_they_are() {
    let site = Site::new();
    let all: Vec<Story> = stories(1..=6).into_iter().map(|story| story.title("Opening hours")).collect();
    let rows: String =
        all.iter().map(|story| format!("<li><a href=\"{}\">{}</a></li>", story.path(), story.title)).collect();
    site.writes(&all).shows("/news/", &around(&format!("<ul class=\"news\">{rows}</ul>"), None)).visit().expect_ok();
    assert_eq!(site.items().len(), 6);
    site.visit().expect_ok();
}
