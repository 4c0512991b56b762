//! Articles that cannot be had: what is out stays, and they are asked for again.

use crate::site::{Site, around, list, stories};

#[test]
fn what_is_out_stays_where_its_article_is_gone() {
    let mut site = Site::new();
    let mut all = stories(1..=5);
    site.lists(&all).visit().expect_ok();
    let before = site.items();
    let wall = around("<h1>Log in</h1><form><input type=password></form>", None);
    let home = around(
        "<p>Welcome to the college at the harbour, where the sea is the teacher of all who come here.</p>",
        None,
    );
    site.fails(&all[0].path(), "404 Not Found").fails(&all[1].path(), "503 Service Unavailable");
    site.shows(&all[2].path(), &wall).shows(&all[3].path(), &home);
    // What decides how they are read is another by now.
    site.writes_keys("remove = [\".share\"]\n");
    for _ in 0..4 {
        site.visit().expect_ok();
    }
    let told = |items: Vec<crate::house::TestItem>| -> Vec<_> {
        items.into_iter().map(|item| (item.id, item.title, item.content, item.whole["date_modified"].clone())).collect()
    };
    assert_eq!(told(site.items()), told(before.clone()));
    // A title that is corrected in the list is taken, and the text stays.
    all[0] = all[0].clone().title("The Gannet came in with no cargo at all");
    site.shows("/news/", &list(&all, None)).visit().expect_ok().expect_said("stays as it is out");
    let item = site.item(&all[0]);
    assert_eq!((item.title.as_str(), &item.content), (all[0].title.as_str(), &before[0].content));
}

#[test]
fn an_article_that_is_written_anew_under_its_title_is_taken() {
    let mut site = Site::new();
    let mut all = stories(1..=3);
    site.lists(&all).visit().expect_ok();
    all[1].text = "Nothing of what was written here before was true, as the college found out later.".to_owned();
    // The same words under another title are the article, too.
    let other = all[2].page().replace(&all[2].title, "A ship of the college");
    site.writes(&all).shows(&all[2].path(), &other.replace("sailors", "sailors and a cat"));
    site.writes_keys("remove = [\".share\"]\n");
    site.visit().expect_ok();
    assert!(site.item(&all[1]).content.contains(&all[1].text));
    assert!(site.item(&all[2]).content.contains("and a cat"));
}

#[test]
fn what_cannot_be_had_is_asked_for_again_for_a_week() {
    let site = Site::new();
    let all = stories(1..=4);
    site.lists(&all).fails(&all[0].path(), "404 Not Found").visit().expect_ok();
    let before = site.item(&all[0]);
    assert!(!before.content.contains(&all[0].text));
    site.visit().expect_ok();
    // The list is what it was; only what is lacking is asked for.
    site.writes(&all);
    assert_eq!(site.asks(), ["/news/".to_owned(), all[0].path()]);
    let after = site.item(&all[0]);
    assert_eq!((after.id, after.date), (before.id, before.date));
    assert!(after.content.contains(&all[0].text));
    assert_eq!(site.asks(), ["/news/"]);
}

#[test]
fn what_can_never_be_had_is_not_asked_for_without_end() {
    let site = Site::new();
    let all = stories(1..=28);
    site.lists(&all);
    for story in &all {
        site.fails(&story.path(), "404 Not Found");
    }
    site.visit().expect_ok();
    let of_a_day: Vec<usize> = (0..20).map(|_| site.asks().len() - 1).collect();
    assert!(of_a_day.iter().all(|asked| *asked <= 12), "{of_a_day:?}");
    assert!(of_a_day[0] > 0 && of_a_day[12..].iter().all(|asked| *asked == 0), "{of_a_day:?}");
    assert_eq!(site.items().len(), 28);
}

#[test]
fn a_further_page_is_asked_for_again_though_the_first_is_the_same() {
    for (status, days) in [("404 Not Found", 1), ("500 Internal Server Error", 5)] {
        let site = Site::new();
        let all = stories(1..=15);
        site.pages(&all[10..], 5).visit().expect_ok();
        site.pages(&all, 5).fails("/news/page1", status);
        for _ in 0..days {
            site.visit().expect_ok().expect_said("a further page of its list cannot be had");
        }
        assert_eq!(site.items().len(), 10);
        site.pages(&all, 5);
        for _ in 0..2 {
            site.visit().expect_ok();
        }
        assert_eq!(site.items().len(), 15, "{status}");
    }
}
