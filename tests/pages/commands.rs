//! The commands for pages: what they find, what they write down, and what they say of it.

use std::fs;

use crate::badweb::answer;
use crate::site::{Site, Story, around, list, stories};

fn configuration(site: &Site) -> String {
    fs::read_to_string(site.house.path("feedgen.toml")).unwrap()
}

/// A site with a list of news, and a house that knows nothing of it.
fn site(stories: &[Story]) -> Site {
    let site = Site::new();
    site.house.config("[refresh]\nallow_private = [\"127.0.0.0/8\"]\nrobots = false\n\n[[source]]\nid = \"papers\"\nfiles = \"news\"\n");
    site.lists(stories).tomorrow();
    site
}

fn url(site: &Site, path: &str) -> String {
    site.server.url(path).to_string()
}

#[test]
fn a_page_is_added_with_what_was_found_in_it() {
    let all = stories(1..=12);
    let site = site(&all);
    let before = configuration(&site);
    let page = url(&site, "/news/");
    let added = site.house.run(&["add", &page]);
    added.expect_ok().expect_said(&all[0].title).expect_said(&all[0].date).expect_said("and 7 more");
    let after = configuration(&site);
    let block = after.strip_prefix(&before).unwrap();
    assert_eq!(
        block,
        format!(
            "\n# Added on 2026-05-01.\n[[source]]\nid = \"news-quay-college\"\ntitle = \"News - Quay College\"\npage = \"{page}\"\nlanguage = \"en\"\n\
             # Found by itself: the list in the page, 12 entries.\n# Uncomment this to pin it:\n# [source.select]\n\
             # item = \"ul.news > li\"\n# title = \"a\"\n# link = \"a\"\n# date = \"span.date\"\n"
        )
    );
    let titles = |site: &Site| {
        site.house.refresh().expect_ok();
        site.house.titles("sources/news-quay-college.json")
    };
    assert_eq!(titles(&site).len(), 12);
    // Pinned, it says the same.
    let before = site.house.published();
    site.house.config(
        &after.replace("# [source.select]", "[source.select]").replace("# item", "item").replace("# date", "date"),
    );
    site.tomorrow();
    assert_eq!(titles(&site).len(), 12);
    assert_eq!(site.house.published(), before);
    site.house.run(&["add", &page]).expect_code(1).expect_said("is there already: source news-quay-college");
}

#[test]
fn a_page_without_a_list_is_not_added() {
    let site = site(&stories(1..=4));
    site.shows("/about", &around("<p>The college stands on the quay since 1811.</p>", None));
    let before = configuration(&site);
    let added = site.house.run(&["add", &url(&site, "/about")]);
    added.expect_code(1).expect_said("no list of news was found").expect_said("`item` in [source.select]");
    added.expect_said("render = ");
    assert_eq!(configuration(&site), before);
    site.shows(
        "/locked",
        "<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x'></script><p>Checking your browser",
    );
    site.house.run(&["add", &url(&site, "/locked")]).expect_code(1);
    assert_eq!(configuration(&site), before);
}

#[test]
fn a_file_is_told_as_that_and_not_added() {
    let site = site(&stories(1..=2));
    site.answers("/plan", &answer("content-type: application/pdf\r\nconnection: close\r\n", b"%PDF-1.7 and more"));
    site.house.run(&["add", &url(&site, "/plan")]).expect_code(1).expect_said("/plan is a PDF, and neither");
}

#[test]
fn a_feed_of_the_same_list_is_added_instead() {
    let all = stories(1..=6);
    let site = site(&all);
    let feed = |stories: &[Story]| {
        let item = |story: &Story| {
            format!("<item><title>{}</title><link>{}</link></item>", story.title, site.server.url(&story.path()))
        };
        let items: String = stories.iter().map(item).collect();
        let rss = format!("<rss version=\"2.0\"><channel><title>Quay</title>{items}</channel></rss>");
        answer("content-type: application/rss+xml\r\nconnection: close\r\n", rss.as_bytes())
    };
    let named = list(&all, None).replace("<head>", "<head><link rel=alternate type=application/rss+xml href=/rss>");
    // That of the whole site, which has none of these.
    site.shows("/news/", &named).answers("/rss", &feed(&stories(200..=210)));
    let other = site.house.run(&["add", "--dry-run", &url(&site, "/news/")]);
    other.expect_ok().expect_said("page = ").expect_said("/rss holds less than half of the page's own list");
    site.answers("/rss", &feed(&all));
    let same = site.house.run(&["add", "--dry-run", &url(&site, "/news/")]);
    same.expect_ok().expect_said(&format!("feed = \"{}\"", url(&site, "/rss")));
    assert!(!same.stdout.contains("page ="), "{}", same.stdout);
}

#[test]
fn a_preview_tells_what_a_walk_then_makes() {
    let all = stories(1..=12);
    let site = Site::new();
    site.lists(&all).tomorrow();
    let preview = site.house.run(&["preview", "quay", "--json", "--items", "3"]).expect_ok().json();
    assert!(!site.house.path("state").exists(), "nothing is written");
    let asked = site.server.paths();
    assert_eq!(asked.len(), 4, "only what is shown is asked for: {asked:?}");
    site.house.refresh().expect_ok();
    let items = preview["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    for (item, story) in items.iter().zip(&all) {
        let walked = site.item(story);
        assert_eq!(item["title"], walked.title);
        assert_eq!(item["html"], walked.content);
        assert_eq!(item["published"].as_str().unwrap().get(..10), walked.date.get(..10));
        assert_eq!(item["is_out"], false);
    }
    let told = &preview["list"];
    assert_eq!((&told["way"]["form"], &told["way"]["select"]["item"]), (&"page".into(), &"ul.news > li".into()));
    assert_eq!(told["entries"].as_array().unwrap().len(), 12);
    assert_eq!(told["entries"][0]["title"], all[0].title);
    assert_eq!(told["entries"][0]["date"], all[0].date);
    let again = site.house.run(&["preview", "quay", "--items", "2"]);
    again.expect_ok().expect_said("as it was first published").expect_said("10 items more");
}

#[test]
fn a_preview_of_a_page_tells_each_rule_and_what_was_not_taken() {
    let all = stories(1..=12);
    let site = site(&all);
    let menu: String = (1..9).map(|at| format!("<li><a href=/about/part{at}.html>About part {at}</a></li>")).collect();
    let page = list(&all, Some("/news/page1")).replace("<h1>", &format!("<ul class=\"menu\">{menu}</ul><h1>"));
    site.shows("/news/", &page);
    let told = site.house.run(&["preview", &url(&site, "/news/"), "--items", "1"]);
    told.expect_ok().expect_said("the list in the page (").expect_said("that this is the list of news)");
    told.expect_said("item        \"ul.news > li\"")
        .expect_said("date        \"span.date\"")
        .expect_said("/news/page1");
    told.expect_said(&all[0].title).expect_said("11 items more");
    told.expect_said("Not taken").expect_said("About part 1");
    assert!(!site.server.paths().contains(&"/news/page1".to_owned()), "only the first page is asked for");
    let answer = site.house.run(&["preview", &url(&site, "/news/"), "--json"]).expect_ok().json();
    let confidence = answer["list"]["confidence"].as_f64().unwrap();
    assert!((0.7..=1.0).contains(&confidence), "{confidence}");
    assert!(answer["list"]["rejected"][0]["reason"].is_string(), "{answer:#}");
}

#[test]
fn an_article_is_shown_as_one() {
    let all = stories(1..=3);
    let site = site(&all);
    let told = site.house.run(&["preview", &url(&site, &all[0].path())]);
    told.expect_ok().expect_said("one article, and no list of news").expect_said(&all[0].title);
    told.expect_said(&format!("({}, from", all[0].date));
    site.shows("/empty", &around("", None));
    site.house.run(&["preview", &url(&site, "/empty")]).expect_code(1).expect_said("no list of news");
}

#[test]
fn a_page_in_a_file_is_read_without_asking_anybody() {
    let all = stories(1..=9);
    let site = site(&all);
    let named = list(&all, None).replace("<head>", "<head><link rel=alternate type=application/rss+xml href=/rss>");
    site.house.file("saved.html", &named);
    let told = site.house.run(&["preview", "saved.html", "--address", "https://www.quay.example/news/", "--json"]);
    let answer = told.expect_ok().json();
    assert_eq!(answer["list"]["entries"].as_array().unwrap().len(), 9);
    assert_eq!(answer["items"][0]["link"], format!("https://www.quay.example{}", all[0].path()));
    assert_eq!(answer["list"]["passed_over"][0]["way"]["form"], "feed");
    assert_eq!(site.server.paths(), Vec::<String>::new());
    site.house.run(&["preview", "saved.html"]).expect_ok().expect_said("--address tells it");
    let canonical = named.replace("<head>", "<head><link rel=canonical href=https://www.quay.example/news/>");
    site.house.file("saved.html", &canonical);
    site.house.run(&["preview", "saved.html"]).expect_ok().expect_said("https://www.quay.example/news/");
    // An article stays a document.
    site.house.file("article.html", &all[0].page());
    site.house
        .run(&["preview", "article.html"])
        .expect_ok()
        .expect_said(&all[0].title)
        .expect_said("its place in the folder");
}

#[test]
fn a_page_is_shown_with_its_list_marked() {
    let all = stories(1..=9);
    let site = site(&all);
    let page = list(&all, Some("/news/page1")).replace("<h1>", "<script>alert(1)</script><h1 onclick=\"alert(2)\">");
    site.shows("/news/", &page);
    site.house
        .run(&["preview", &url(&site, "/news/"), "--html", "out.html"])
        .expect_ok()
        .expect_said("open it in a browser");
    let marked = fs::read_to_string(site.house.path("out.html")).unwrap();
    assert_eq!(marked.matches("data-feedgen=\"item\"").count(), 9, "{marked}");
    assert_eq!(marked.matches("data-feedgen=\"title link\"").count(), 9);
    assert_eq!(marked.matches("data-feedgen=\"date\"").count(), 9);
    assert_eq!(marked.matches("data-feedgen=\"next page\"").count(), 1);
    assert!(marked.contains(&format!("<base href=\"{}\">", url(&site, "/news/"))));
    assert!(marked.contains("Content-Security-Policy") && !marked.contains("alert"), "{marked}");
    site.house.run(&["preview", &url(&site, &all[0].path()), "--html", "no.html"]).expect_code(1).expect_said("--html");
    assert!(!site.house.path("no.html").exists());
}

#[test]
fn a_source_is_explained_by_how_its_list_is_read() {
    let all = stories(1..=9);
    let site = Site::new();
    site.lists(&all).visit().expect_ok();
    let told = site.house.run(&["explain", "quay"]);
    told.expect_ok().expect_said("list         the list in the page").expect_said("item = \"ul.news > li\"");
    site.shows("/news/", &around("<p>Come back soon.</p>", None)).visit().expect_code(1);
    let told = site.house.run(&["explain", "quay"]);
    told.expect_ok().expect_said("state        quarantined since 2026-05-02T09:00:00Z");
    told.expect_said("quarantined  since 2026-05-02T09:00:00Z: nothing in it matches");
    let status = site.house.run(&["status"]);
    status.expect_code(1).expect_said("quarantined").expect_said("feedgen doctor quay");
    let list = &site.health()["list"];
    assert_eq!(list["quarantined"], "2026-05-02T09:00:00Z");
    assert_eq!((&list["unfinished"], &list["gap"], &list["way"]["form"]), (&false.into(), &().into(), &"page".into()));
}

#[test]
fn a_doctor_says_how_a_list_is_read() {
    let all = stories(1..=9);
    let site = Site::new();
    site.lists(&all).visit().expect_ok();
    let told = site.house.run(&["doctor", "quay"]);
    told.expect_ok().expect_said("the list in the page, 9 entries").expect_said("the newest of 2026-03");
    let before = configuration(&site);
    site.house.run(&["doctor", "quay", "--apply"]).expect_ok().expect_said("there is nothing to apply");
    assert_eq!(configuration(&site), before);
    // Moved, and so much of it is there that the next walk reads it by itself.
    site.shows("/news/", &list(&all, None).replace("class=\"news\"", "class=\"stories\""));
    let told = site.house.run(&["doctor", "quay"]);
    told.expect_ok().expect_said("warning").expect_said("it is not where it was").expect_said("ul.stories");
    site.fails("/news/", "404 Not Found");
    site.house.run(&["doctor", "quay"]).expect_code(1).expect_said("answers 404");
}

#[test]
fn what_a_doctor_applies_is_all_that_changes() {
    let all = stories(1..=8);
    let site = Site::new();
    site.lists(&all).visit().expect_ok();
    let others = stories(101..=110);
    let mixed: Vec<Story> = all[..3].iter().chain(&others).cloned().collect();
    let moved = list(&mixed, None).replace("<ul class=\"news\">", "<ol class=\"stories\">").replace("</ul>", "</ol>");
    site.writes(&mixed).shows("/news/", &moved.replace("class=\"date\"", "class=\"day\"")).visit().expect_code(1);
    let before = configuration(&site);
    let told = site.house.run(&["doctor", "quay"]);
    told.expect_code(1).expect_said("set aside since 2026-05-02T09:00:00Z").expect_said("38 % of the newest items");
    told.expect_said("- item = \"ul.news > li\"").expect_said("+ item = \"ol.stories > li\"");
    told.expect_said(&others[0].title);
    assert_eq!(configuration(&site), before);
    let applied = site.house.run(&["doctor", "quay", "--apply"]);
    applied.expect_ok().expect_said("wrote the new [source.select] of 1 source");
    let expected = before
        .replace("\"ul.news > li\"", "\"ol.stories > li\"")
        .replace("date = \".date\"", "date = \"span.day\"")
        .replace("next = \"a.next\"\n", "next = \"a.next\"\ntitle = \"a\"\nlink = \"a\"\n");
    assert_eq!(configuration(&site), expected);
    site.visit().expect_ok();
    assert_eq!((site.items().len(), site.health()["state"].clone()), (18, "ok".into()));
}

#[test]
fn pages_are_checked_online_for_what_they_must_give() {
    let all = stories(1..=6);
    let site = Site::new();
    site.lists(&all).tomorrow();
    let test = |story: &Story, contains: &str| {
        format!("[[source.test]]\nurl = \"{}\"\ncontains = \"{contains}\"\n", site.server.url(&story.path()))
    };
    let configured = |tests: &str| site.house.config(&format!("{}{tests}", site.config()));
    configured(&(test(&all[0], &all[0].title) + &test(&all[1], "the big book,   and the choir")));
    site.house.run(&["check"]).expect_ok();
    assert_eq!(site.server.paths(), Vec::<String>::new(), "without --online nothing is asked");
    let told = site.house.run(&["check", "--online"]);
    told.expect_ok().expect_said("quay list  the list in the page, 6 entries").expect_said("quay test");
    assert!(!site.house.path("state").exists(), "nothing is written");
    // What stands beside the article is none of it.
    configured(&test(&all[2], "Home"));
    let told = site.house.run(&["check", "--online"]);
    told.expect_code(1).expect_said(&format!("{}: \"Home\" is neither in its title", site.server.url(&all[2].path())));
    site.fails(&all[2].path(), "404 Not Found").shows("/news/", &around("<p>Come back soon.</p>", None));
    let told = site.house.run(&["check", "--online"]);
    told.expect_code(1)
        .expect_said("answers 404")
        .expect_said("nothing in it matches")
        .expect_said("feedgen doctor quay");
}

#[test]
fn a_doctor_takes_away_what_add_had_found() {
    let all = stories(1..=8);
    let site = Site::new();
    let house = &site.house;
    let bare = site.config().split("[source.select]").next().unwrap().to_owned();
    let found = "\n# Found by itself: the list in the page, 8 entries.\n# Uncomment this to pin it:\n# [source.select]\n# item = \"ul.news > li\"\n";
    house.config(&format!("{bare}# Ours.\n{found}\n# The last line.\n"));
    site.lists(&all).visit().expect_ok();
    let others = stories(101..=110);
    let mixed: Vec<Story> = all[..3].iter().chain(&others).cloned().collect();
    let moved = list(&mixed, None).replace("<ul class=\"news\">", "<ol class=\"stories\">").replace("</ul>", "</ol>");
    site.writes(&mixed).shows("/news/", &moved).visit().expect_code(1);
    house.run(&["doctor", "quay", "--apply"]).expect_said("wrote the new [source.select]");
    let text = configuration(&site);
    assert!(
        !text.contains("Found by itself") && !text.contains("# item") && text.contains("item = \"ol.stories > li\""),
        "{text}"
    );
    assert!(text.contains("# Ours.\n") && text.contains("# The last line.\n"), "{text}");
}

#[test]
fn a_check_says_what_does_not_reach_a_program_that_renders() {
    let site = site(&stories(1..=3));
    let render = "render = 'chromium --headless --dump-dom {url}'\n";
    let with = |keys: &str| site.config().replace("[source.select]", &format!("{render}{keys}[source.select]"));
    site.house.config(&with(""));
    site.house.run(&["check"]).expect_ok().expect_said("rendered by chromium --headless");
    site.house.config(&with("headers = { X-Token = '7' }\nproxy = 'http://127.0.0.1:9/'\n"));
    site.house.run(&["check"]).expect_ok().expect_said("dials by itself: headers, proxy does not reach it");
}

#[test]
fn a_file_is_not_offered_to_be_asked() {
    let site = site(&stories(1..=3));
    let outcome = site.house.run(&["preview", "file:///etc/hostname"]);
    assert!(!outcome.stderr.contains("--allow-private"), "{}", outcome.stderr);
}
