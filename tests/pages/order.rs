//! The order of a list is kept inside a day.

use crate::site::{Site, Story, stories};

fn of_one_day(numbers: std::ops::RangeInclusive<usize>) -> Vec<Story> {
    stories(numbers).into_iter().map(|story| story.date("2026-03-04")).collect()
}

fn titles(stories: &[Story]) -> Vec<String> {
    stories.iter().map(|story| story.title.clone()).collect()
}

#[test]
fn the_order_of_a_day_is_that_of_the_list() {
    let site = Site::new();
    let all = of_one_day(1..=8);
    site.lists(&all).visit().expect_ok();
    assert_eq!(site.titles(), titles(&all));
    assert!(site.items().iter().all(|item| item.date.starts_with("2026-03-04T12:00:0")));
}

#[test]
fn what_comes_later_in_the_day_stands_above() {
    let (site, at_once) = (Site::new(), Site::new());
    let all = of_one_day(1..=8);
    for from in [6, 3, 2, 0] {
        site.lists(&all[from..]).visit().expect_ok();
        assert_eq!(site.titles(), titles(&all[from..]));
    }
    at_once.lists(&all).visit().expect_ok();
    let dates = |site: &Site| site.items().into_iter().map(|item| item.date).collect::<Vec<_>>();
    assert_eq!(dates(&site), dates(&at_once), "whenever they were met");
}

#[test]
fn a_list_that_begins_with_the_oldest_is_turned() {
    let site = Site::new();
    let mut all = of_one_day(1..=4);
    all.extend(of_one_day(5..=6).into_iter().map(|story| story.date("2026-03-03")));
    let shown = titles(&all);
    all.reverse();
    site.lists(&all).visit().expect_ok();
    assert_eq!(site.titles(), shown);
}
