//! Articles are asked for once, and again only when the list says so.

use crate::site::{Site, Story, list, stories};

#[test]
fn a_page_becomes_a_feed() {
    let site = Site::new();
    let stories = stories(1..=5);
    site.lists(&stories).visit().expect_ok().expect_said("5");
    let items = site.items();
    assert_eq!(items.len(), 5);
    for story in &stories {
        let item = site.item(story);
        assert_eq!(item.title, story.title);
        assert!(item.date.starts_with(&story.date), "{item:?}");
        assert!(item.content.contains(&story.text) && !item.content.contains("Harbour Street"), "{item:?}");
    }
}

#[test]
fn articles_are_asked_for_once() {
    let site = Site::new();
    let all = stories(1..=6);
    site.lists(&all[1..]);
    assert_eq!(site.asks(), ["/news/", "/news/1.html", "/news/2.html", "/news/3.html", "/news/4.html", "/news/5.html"]);
    // What it was.
    assert_eq!(site.asks(), ["/news/"]);
    site.lists(&all);
    assert_eq!(site.asks(), ["/news/", "/news/6.html"]);
    assert_eq!(site.items().len(), 6);
    // Other bytes that say the same.
    site.shows("/news/", &list(&all, None).replace("Harbour Street 1", "Harbour Street 2"));
    let before = site.house.published();
    assert_eq!(site.asks(), ["/news/"]);
    assert_eq!(site.house.published(), before);
}

#[test]
fn an_entry_that_is_listed_with_other_words_is_read_again() {
    let site = Site::new();
    let mut all = stories(1..=4);
    site.lists(&all).visit().expect_ok();
    let before = site.item(&all[1]);
    all[1] = all[1].clone().title("The Plover sank with all her cargo");
    site.lists(&all);
    assert_eq!(site.asks(), ["/news/", &all[1].path()]);
    let after = site.item(&all[1]);
    assert_eq!((after.id, after.date), (before.id, before.date));
    assert_eq!(after.title, "The Plover sank with all her cargo");
    assert_eq!(site.items().len(), 4);
}

#[test]
fn a_year_that_a_list_leaves_out_is_that_of_the_article() {
    let site = Site::new();
    let of_2024 = |story: Story| story.clone().date(&story.date.replace("2026", "2024"));
    let mut all: Vec<Story> = stories(1..=4).into_iter().map(of_2024).collect();
    let without_years = |all: &[Story]| list(all, None).replace(">2024-", ">");
    site.writes(&all).shows("/news/", &without_years(&all)).visit().expect_ok();
    for story in &all {
        assert!(site.item(story).date.starts_with(&story.date), "{story:?}");
    }
    // It is no other day when its title is told otherwise.
    let before = site.item(&all[1]);
    all[1] = all[1].clone().title("Harbour closed for the regatta");
    site.writes(&all).shows("/news/", &without_years(&all)).visit().expect_ok();
    let after = site.item(&all[1]);
    assert_eq!((after.id, after.date, site.items().len()), (before.id, before.date, 4));
}

#[test]
fn a_day_with_the_label_of_something_else_gives_way_to_that_of_the_article() {
    let site = Site::new();
    let all = stories(1..=4);
    let deadlines = list(&all, None).replace("class=\"date\">2026-03", "class=\"date\">Deadline: 2026-02");
    site.writes(&all).shows("/news/", &deadlines).visit().expect_ok();
    for story in &all {
        assert!(site.item(story).date.starts_with(&story.date), "{story:?}");
    }
}

#[test]
fn what_cannot_be_had_for_good_is_what_the_list_says() {
    let site = Site::new();
    let all = stories(1..=4);
    site.lists(&all).fails(&all[0].path(), "404 Not Found");
    site.answers(&all[1].path(), &crate::badweb::answer("content-type: application/pdf\r\n", b"%PDF-1.7 and more"));
    site.visit().expect_ok().expect_said("an item is what the list says, for want of its article");
    assert_eq!(site.item(&all[0]).title, all[0].title);
    assert!(site.item(&all[0]).date.starts_with(&all[0].date));
    let file = site.item(&all[1]);
    assert_eq!(file.whole["attachments"][0]["mime_type"], "application/pdf");
    // A file is not asked for again.
    assert_eq!(site.asks(), ["/news/".to_owned(), all[0].path()]);
}

/// A page that leads elsewhere at once.
fn leading(to: &str) -> String {
    format!(
        "<html><head><title>Moved</title><meta http-equiv=\"refresh\" content=\"0; url={to}\"></head><body></body></html>"
    )
}

#[test]
fn pages_that_lead_elsewhere_are_followed_once() {
    let site = Site::new();
    let all = stories(1..=4);
    site.lists(&all).shows("/news/", &leading("/news/list.html")).shows("/news/list.html", &list(&all, None));
    site.shows(&all[0].path(), &leading("/moved/4.html")).shows("/moved/4.html", &all[0].page());
    site.shows(&all[1].path(), &leading("/moved/3.html")).shows("/moved/3.html", &leading("/moved/33.html"));
    site.visit().expect_ok().expect_said("leads on and on");
    assert_eq!(site.items().len(), 4);
    let story = site.item(&all[0]);
    assert!(story.title == all[0].title && story.content.contains(&all[0].text), "{story:?}");
    assert_eq!(site.item(&all[1]).title, all[1].title);
    // What could not be had is asked for again.
    assert_eq!(site.asks(), ["/moved/3.html", "/news/", "/news/3.html", "/news/list.html"]);
    site.shows("/news/list.html", &leading("/news/other.html"));
    site.visit().expect_code(1);
    assert!(!site.server.paths().contains(&"/news/other.html".to_owned()) && site.items().len() == 4);
}

#[test]
fn what_a_list_glues_to_titles_is_not_theirs() {
    let site = Site::new();
    let all = stories(1..=6);
    site.writes(&all);
    let glue = |page: String| {
        all.iter().fold(page, |page, story| page.replace(&story.title, &format!("{} ({})", story.title, story.date)))
    };
    site.shows("/news/", &glue(list(&all, None)).replacen("(2026", "new (2026", 1)).visit().expect_ok();
    let mut titles: Vec<String> = all.iter().map(|story| story.title.clone()).collect();
    let mut told = site.titles();
    titles.sort();
    told.sort();
    assert_eq!(told, titles);
    let before = site.house.published();
    site.shows("/news/", &glue(list(&all, None)).replace("Harbour Street 1", "Quay 2")).visit().expect_ok();
    assert_eq!(site.house.published(), before, "no title goes back");
}

#[test]
fn a_day_that_tells_notices_apart_stays_in_their_titles() {
    let site = Site::new();
    let mut all = stories(1..=4);
    for story in &mut all {
        site.shows(&story.path(), &story.clone().title("Notice of the harbour master").page());
        story.title = format!("Notice of the harbour master ({})", story.date);
    }
    site.shows("/news/", &list(&all, None)).visit().expect_ok();
    let mut told = site.titles();
    told.sort();
    let mut titles: Vec<String> = all.iter().map(|story| story.title.clone()).collect();
    titles.sort();
    assert_eq!(told, titles);
}

#[test]
fn a_format_that_fits_no_date_is_what_is_told() {
    let site = Site::with("date_format = \"%d/%m/%Y\"\n");
    let told = "date_format = \"%d/%m/%Y\" fits no date of its list, where date = \".date\" gives \"2026-03-04\"";
    site.lists(&stories(1..=3)).visit().expect_ok().expect_said(told);
}

#[test]
fn who_wants_a_cookie_is_told_as_that() {
    let site = Site::new();
    let asks = b"HTTP/1.1 302 Found\r\nset-cookie: sid=1; Path=/\r\nlocation: /news/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    site.answers("/news/", asks).visit().expect_code(1).expect_said("headers = { Cookie");
}

#[test]
fn what_fails_for_now_waits_for_the_next_visit_three_times() {
    let site = Site::new();
    let all = stories(1..=4);
    site.lists(&all).fails(&all[1].path(), "503 Service Unavailable");
    for _ in 0..2 {
        site.visit().expect_ok().expect_said("asked for again at the next visit");
        assert_eq!(site.items().len(), 3);
    }
    site.visit().expect_ok().expect_said("an item is what the list says");
    assert_eq!(site.item(&all[1]).title, all[1].title);
}

#[test]
fn what_failed_for_now_is_there_at_the_next_visit() {
    let site = Site::new();
    let all = stories(1..=4);
    site.lists(&all).fails(&all[1].path(), "503 Service Unavailable").visit().expect_ok();
    site.writes(&all);
    assert_eq!(site.asks(), ["/news/".to_owned(), all[1].path()]);
    assert!(site.item(&all[1]).content.contains(&all[1].text));
    assert_eq!(site.asks(), ["/news/"]);
}

#[test]
fn a_host_that_stumbles_is_left_alone() {
    let site = Site::new();
    let all = stories(1..=28);
    site.lists(&all);
    for story in &all {
        site.fails(&story.path(), "503 Service Unavailable");
    }
    let asked = site.asks().len();
    assert!(asked < 15, "{asked} requests");
    site.writes(&all);
    site.visit().expect_ok();
    assert_eq!(site.items().len(), 28);
}

#[test]
fn without_full_text_the_list_is_all() {
    let site = Site::with("full_text = false\n");
    let all = stories(1..=3);
    site.lists(&all);
    assert_eq!(site.asks(), ["/news/"]);
    assert_eq!(site.titles(), all.iter().map(|story| story.title.clone()).collect::<Vec<_>>());
}

#[test]
fn what_is_written_of_articles_counts() {
    let site = Site::with("content = \"div.extra\"\nremove = [\".share\"]\n");
    let all = stories(1..=3);
    site.lists(&all);
    for story in &all[..2] {
        let extra = "<div class=\"extra\"><p>The harbour was full.</p><p class=\"share\">Tell it to others, dear reader.</p></div>";
        site.shows(&story.path(), &story.page().replace("</article>", &format!("</article>{extra}")));
    }
    site.visit().expect_ok().expect_said("nothing in it matches content");
    for (at, story) in all.iter().enumerate() {
        let content = site.item(story).content;
        let (body, extra) = (content.contains(&story.text), content.contains("The harbour was full."));
        assert_eq!((body, extra, content.contains("Tell it")), (at == 2, at < 2, false), "{content}");
    }
}

#[test]
fn what_is_written_later_counts_at_once() {
    let mut site = Site::new();
    let all = stories(1..=3);
    site.lists(&all).visit().expect_ok();
    for story in &all {
        let page =
            story.page().replace("</article>", "</article><div class=\"extra\"><p>The harbour was full.</p></div>");
        site.shows(&story.path(), &page);
    }
    assert_eq!(site.asks(), ["/news/"]);
    site.writes_keys("content = \"div.extra\"\n");
    assert_eq!(site.asks().len(), 4);
    assert!(site.items().iter().all(|item| item.content.contains("The harbour was full.")));
}

#[test]
fn what_a_stranger_names_is_not_asked_inside() {
    // A page on the open web, by a proxy, that links to a host which was listed for others.
    let inside = crate::badweb::Server::start(|_, out| {
        crate::badweb::send(out, &crate::badweb::answer("content-type: text/html\r\n", b"<p>the secret of the house"));
    });
    let link = inside.url("/secret").to_string();
    let proxy = crate::badweb::Server::start(move |_, out| {
        let row = format!("<ul class=\"news\"><li><a href=\"{link}\">A story from elsewhere</a></li></ul>");
        crate::badweb::send(out, &crate::badweb::answer("content-type: text/html\r\n", row.as_bytes()));
    });
    let house = crate::house::House::new();
    house.config(&format!(
        "[refresh]\nallow_private = [\"127.0.0.0/8\"]\nrobots = false\n[[source]]\nid = \"quay\"\npage = \"http://www.quay.edu/news\"\nproxy = \"{}\"\n[source.select]\nitem = \"ul.news > li\"\n",
        proxy.url("/")
    ));
    house.refresh().expect_ok().expect_said("is not asked");
    assert!(inside.paths().is_empty());
}

#[test]
fn a_selector_that_gives_nothing_is_told() {
    let site = Site::with("title = \"h9\"\ndate_format = \"%d.%m.%Y\"\n");
    site.lists(&stories(1..=3)).visit().expect_ok().expect_said("title = \"h9\" gives nothing");
    site.house.run(&["check", "--online"]).expect_said("title = \"h9\" gives nothing");
    assert_eq!(site.items().len(), 3);
}

#[test]
fn an_article_that_leads_to_another_is_not_that() {
    let site = Site::new();
    let all = stories(1..=4);
    let leads = |path: &str| {
        format!("HTTP/1.1 302 Found\r\nlocation: {path}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").into_bytes()
    };
    site.lists(&all).answers(&all[0].path(), &leads(&all[2].path())).answers(&all[1].path(), &leads("/news/"));
    site.visit().expect_ok().expect_said("where something else is");
    for story in &all[..2] {
        let item = site.item(story);
        assert_eq!((item.title.as_str(), item.content.contains(&all[2].text)), (story.title.as_str(), false));
        assert!(item.date.starts_with(&story.date), "{item:?}");
    }
}

#[test]
fn the_same_story_in_other_languages_is_told() {
    let site = Site::new();
    let all = stories(1..=3);
    site.lists(&all);
    let own = site.server.url(&all[0].path());
    let links = format!(
        "<link rel=alternate hreflang=en href=\"{own}\"><link rel=alternate hreflang=zh-Hans href=/zh/3.html>\
         <link rel=alternate hreflang=x-default href=/><link rel=alternate hreflang=de href=mailto:a@quay.example>"
    );
    site.shows(&all[0].path(), &all[0].page().replace("<head>", &format!("<head>{links}")));
    site.visit().expect_ok();
    let told = site.item(&all[0]).whole["_feedgen"]["translations"].clone();
    assert_eq!(told, serde_json::json!([{ "language": "zh-Hans", "url": site.server.url("/zh/3.html").to_string() }]));
    assert!(site.item(&all[1]).whole["_feedgen"]["translations"].is_null());
    site.house.run(&["show", site.item(&all[0]).key()]).expect_said("zh-Hans");
}
