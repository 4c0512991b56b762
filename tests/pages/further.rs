//! Further pages of a list are asked for until something known is met.

use crate::site::{Site, Story, around, list, stories};

#[test]
fn the_first_visit_takes_all_pages_up_to_the_cap() {
    let site = Site::with("pages = 3\n");
    let all = stories(1..=25);
    site.pages(&all, 5).visit().expect_ok();
    assert_eq!(site.items().len(), 15);
    assert!(!site.server.paths().contains(&"/news/page3".to_owned()));
}

#[test]
fn the_next_visit_goes_as_far_as_what_is_known() {
    let site = Site::new();
    let all = stories(1..=27);
    site.pages(&all[12..], 5).visit().expect_ok();
    assert_eq!(site.items().len(), 15);
    site.pages(&all[5..], 5);
    let asked = site.asks();
    assert!(asked.contains(&"/news/page1".to_owned()) && !asked.contains(&"/news/page2".to_owned()), "{asked:?}");
    assert_eq!(site.items().len(), 22, "none is lost");
    assert_eq!(site.asks(), ["/news/"]);
}

#[test]
fn what_is_kept_at_the_top_does_not_end_the_list() {
    let site = Site::new();
    let all = stories(1..=15);
    let pinned = &all[14];
    let pages = |from: usize| {
        let rest = &all[from..14];
        let (first, second) = rest.split_at(4);
        let first: Vec<Story> = std::iter::once(pinned).chain(first).cloned().collect();
        site.writes(&all).shows("/news/", &list(&first, Some("/news/page1"))).shows("/news/page1", &list(second, None));
    };
    pages(6);
    site.visit().expect_ok();
    assert_eq!(site.items().len(), 9);
    pages(0);
    site.visit().expect_ok();
    assert_eq!(site.items().len(), 15);
}

#[test]
fn a_gap_is_told() {
    let site = Site::with("pages = 2\n");
    let all = stories(1..=27);
    site.pages(&all[20..], 5).visit().expect_ok();
    site.pages(&all, 5).visit().expect_ok().expect_said("news since the last visit may be missing");
    site.house.run(&["status", "quay"]).expect_said("news since the last visit may be missing");
    assert_eq!(site.items().len(), 17);
    site.visit().expect_ok();
    assert_eq!(site.health()["list"]["gap"], "2026-05-02T09:00:00Z");
    site.house.run(&["status", "quay"]).expect_ok().expect_said("last gap: 2026-05-02T09:00:00Z");
}

#[test]
fn a_page_that_fails_is_asked_for_again() {
    let site = Site::new();
    let all = stories(1..=15);
    site.pages(&all, 5).fails("/news/page1", "503 Service Unavailable");
    site.visit().expect_ok().expect_said("a further page of its list cannot be had");
    assert_eq!(site.items().len(), 5);
    site.pages(&all, 5).visit().expect_ok();
    assert_eq!(site.items().len(), 15, "though the first page is known");
}

#[test]
fn pages_that_lead_in_a_circle_end() {
    let site = Site::new();
    let all = stories(1..=4);
    site.lists(&all)
        .shows("/news/", &list(&all[..2], Some("/news/more")))
        .shows("/news/more", &list(&all[2..], Some("/news/")));
    site.visit().expect_ok();
    assert_eq!(site.server.paths().iter().filter(|path| *path == "/news/").count(), 1);
    assert_eq!(site.items().len(), 4);
}

#[test]
fn a_further_page_that_is_none_is_asked_for_again() {
    let site = Site::new();
    let all = stories(1..=15);
    site.pages(&all, 5).shows("/news/page1", &around("<h1>Just a moment...</h1>", None));
    site.visit().expect_ok().expect_said("a further page of its list cannot be had");
    assert_eq!(site.items().len(), 5);
    site.pages(&all, 5).visit().expect_ok();
    assert_eq!(site.items().len(), 15);
}

#[test]
fn a_further_page_is_given_up_only_when_it_fails_in_a_row() {
    let site = Site::new();
    let all = stories(1..=27);
    for from in (7..=22).rev().step_by(5) {
        site.pages(&all[from..], 5).fails("/news/page1", "503 Service Unavailable").visit().expect_ok();
        site.pages(&all[from..], 5).visit().expect_ok();
    }
    site.pages(&all[2..], 5).fails("/news/page1", "503 Service Unavailable").visit().expect_ok();
    site.pages(&all[2..], 5).visit().expect_ok();
    assert_eq!(site.items().len(), 25);
}

#[test]
fn what_was_left_is_left_behind_a_wall_too() {
    let site = Site::new();
    let all = stories(1..=15);
    site.pages(&all, 5).fails("/news/page1", "503 Service Unavailable").visit().expect_ok();
    site.shows("/news/", &around("<h1>Log in</h1><form><input type=password></form>", None)).visit().expect_code(1);
    site.pages(&all, 5).visit().expect_ok();
    assert_eq!(site.items().len(), 15);
}
