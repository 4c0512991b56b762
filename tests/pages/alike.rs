//! Stories of a list that lead to one page.

use std::collections::BTreeSet;

use crate::site::{Site, Story, list, stories};

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
    let mut all = stories(1..=10);
    site.writes(&all).shows("/news/form.html", &form).shows("/news/", &with_form(&all, &[3, 5, 8]));
    site.visit().expect_ok();
    assert_eq!(site.titles().into_iter().collect::<BTreeSet<_>>(), titles(&all));
    let before: BTreeSet<String> = site.items().into_iter().map(|item| item.id).collect();
    // Two more lead there, and the first of them have left the list.
    all.splice(0..0, stories(11..=12));
    site.writes(&all).shows("/news/", &with_form(&all[..8], &[5, 8, 11, 12])).visit().expect_ok();
    assert_eq!(site.titles().into_iter().collect::<BTreeSet<_>>(), titles(&all));
    let after: BTreeSet<String> = site.items().into_iter().map(|item| item.id).collect();
    assert!(after.is_superset(&before) && after.len() == 12, "{before:?} {after:?}");
    let lying = site.house.published();
    site.visit().expect_ok();
    assert_eq!(site.house.published(), lying);
}
