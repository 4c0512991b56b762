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
