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
    site.house.run(&["doctor", "quay"]).expect_ok().expect_said("it is there, and empty");
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
fn a_list_whose_cards_are_one_link_each_is_found_again() {
    let (site, all) = settled();
    let card = |story: &crate::site::Story| {
        format!(
            "<article class=\"card\"><a href=\"{}\"><time>{}</time><h2>{}</h2><p>What the whole harbour says of it, and what nobody says.</p></a></article>\n",
            story.path(),
            story.date,
            story.title
        )
    };
    let cards: String = all.iter().map(card).collect();
    site.shows("/news/", &around(&format!("<section class=\"cards\">{cards}</section>"), None));
    site.visit().expect_ok().expect_said("its list has moved in the page");
    assert_eq!(site.items().len(), 8);
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

#[test]
fn a_list_of_few_is_found_again_by_as_many() {
    let site = Site::with("pages = 3\n");
    let all = stories(1..=24);
    site.pages(&all, 8).visit().expect_ok();
    assert_eq!(site.items().len(), 24);
    let moved =
        list(&all[..8], None).replace("<ul class=\"news\">", "<ol class=\"stories\">").replace("</ul>", "</ol>");
    site.shows("/news/", &moved).visit().expect_ok().expect_said("its list has moved in the page");
}

#[test]
fn the_list_of_another_host_is_not_taken() {
    let (site, _) = settled();
    let before = site.house.tree();
    let other = crate::badweb::Server::start_at("0.0.0.0:0", |head, out| {
        let page = match crate::badweb::path(head) {
            "/" => list(&stories(101..=106), None),
            _ => stories(101..=101)[0].page(),
        };
        let told = crate::badweb::answer("content-type: text/html\r\nconnection: close\r\n", page.as_bytes());
        crate::badweb::send(out, &told);
    });
    let place = format!("http://127.0.0.2:{}/", other.address.port());
    let head = format!("HTTP/1.1 302 Found\r\nlocation: {place}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    site.answers("/news/", head.as_bytes()).visit().expect_code(1).expect_said("is not what was").expect_said(&place);
    assert_eq!(site.house.tree(), before);
}

#[test]
fn a_list_beside_a_password_is_not_taken() {
    let (site, _) = settled();
    let before = site.house.tree();
    let form = "<form><input name=user><input type=password name=password></form>";
    let page = list(&stories(101..=104), None).replace("<h1>News</h1>", &format!("<h1>University</h1>{form}"));
    site.writes(&stories(101..=104)).shows("/news/", &page).visit().expect_code(1).expect_said("is set aside");
    assert_eq!(site.house.tree(), before);
}

#[test]
fn news_of_a_maintenance_is_news() {
    let site = Site::new();
    let mut all = stories(1..=5);
    let titles = ["Scheduled maintenance of the mail server", "404 not found: an exhibition", "系统维护通知"];
    for (story, title) in all.iter_mut().zip(titles) {
        *story = story.clone().title(title);
    }
    let heads = |page: String| page.replace("<li><a", "<li><h2><a").replace("</a> <span", "</a></h2> <span");
    let config = site.config();
    site.house.config(config.split("[source.select]").next().unwrap());
    site.writes(&all).shows("/news/", &heads(list(&all, None))).visit().expect_ok();
    assert_eq!(site.items().len(), 5);
}
