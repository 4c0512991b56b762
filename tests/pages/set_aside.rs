//! A list that is gone sets its source aside, and is found again by what is known of it.

use crate::site::{Site, around, list, stories};

/// A house in which a list was read twice.
fn settled() -> (Site, Vec<crate::site::Story>) {
    let site = Site::new();
    let all = stories(1..=8);
    site.lists(&all).visit().expect_ok();
    (site, all)
}

#[test]
fn a_list_that_is_gone_touches_nothing_that_is_out() {
    let (site, all) = settled();
    let before = site.house.tree();
    site.shows("/news/", &around("<p>We are building a new site. Come back soon.</p>", None));
    site.visit().expect_code(1).expect_said("it is set aside").expect_said("feedgen doctor quay");
    let since = "2026-05-02T09:00:00Z";
    site.visit().expect_code(1);
    let health = site.health();
    assert_eq!((&health["state"], &health["since"]), (&"quarantined".into(), &since.into()));
    assert_eq!(site.house.tree(), before);
    // It is back.
    site.lists(&all).visit().expect_ok();
    assert_eq!(site.health()["state"], "ok");
    assert_eq!(site.house.published(), before.into_iter().map(|(path, lying)| (path, lying.digest)).collect());
}

#[test]
fn what_stands_where_titles_were_becomes_no_item() {
    let (site, all) = settled();
    let before = site.house.tree();
    let nameless = list(&all, None);
    let nameless = all.iter().fold(nameless, |page, story| page.replace(&story.title, "12"));
    site.shows("/news/", &nameless).visit().expect_code(1).expect_said("what stands where its titles were is none");
    assert_eq!(site.house.tree(), before);
}

#[test]
fn an_empty_list_is_no_alarm() {
    let (site, _) = settled();
    let before = site.house.published();
    site.shows("/news/", &list(&[], None)).visit().expect_ok().expect_said("its list is there, and empty");
    assert_eq!((&site.health()["state"], &site.health()["since"]), (&"empty".into(), &"2026-05-02T09:00:00Z".into()));
    assert_eq!(site.house.published(), before);
}

#[test]
fn a_list_that_has_moved_in_its_page_is_found_again() {
    let (site, mut all) = settled();
    all.insert(0, crate::site::Story::new(9));
    let moved = list(&all, None).replace("<ul class=\"news\">", "<ol class=\"stories\">").replace("</ul>", "</ol>");
    site.writes(&all).shows("/news/", &moved);
    site.visit().expect_ok().expect_said("its list has moved in the page");
    assert_eq!(site.items().len(), 9);
    // What was learnt is kept.
    site.visit().expect_ok();
    assert_eq!(site.health()["state"], "ok");
}

#[test]
fn another_list_is_proposed_and_not_taken() {
    let (site, all) = settled();
    let before = site.house.tree();
    let others = stories(101..=110);
    let mixed: Vec<_> = all[..3].iter().chain(&others).cloned().collect();
    let moved = list(&mixed, None).replace("<ul class=\"news\">", "<ol class=\"stories\">").replace("</ul>", "</ol>");
    site.writes(&mixed).shows("/news/", &moved).visit().expect_code(1).expect_said("it is set aside");
    assert_eq!(site.house.tree(), before);
    let told = site.house.run(&["doctor", "quay"]);
    told.expect_code(1).expect_said("item = ");
    site.house.run(&["doctor", "quay", "--apply"]).expect_said("wrote");
    site.visit().expect_ok();
    assert_eq!(site.items().len(), 18);
}
