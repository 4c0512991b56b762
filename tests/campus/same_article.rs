//! A site lists its articles in another column, or moves to another host: each stays one item.

use crate::story::{Story, Tongue};
use crate::town::{File, Town, page};

/// How a site stands.
#[derive(Clone, Copy)]
struct Stand {
    column: usize,
    dated: bool,
}

/// A list at `/news.htm` that leads to articles below `site`.
fn list(site: &str, stories: &[(usize, &Story)], dated: bool) -> File {
    let row = |(column, story): &(usize, &Story)| {
        let date = if dated { format!("<span>{}</span>", story.on("%Y-%m-%d")) } else { String::new() };
        format!(
            "<li><a href=\"{site}/info/{column}/{}.htm\" title=\"{1}\">{1}</a>{date}</li>",
            5000 + story.number,
            story.title
        )
    };
    let rows: String = stories.iter().map(row).collect();
    let text = format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>海图学院</title></head><body><ul class=\"nav\"><li><a href=\"/\">首页</a></li>\
         <li><a href=\"/xxgk.htm\">学校概况</a></li><li><a href=\"/jgsz.htm\">机构设置</a></li></ul><div class=\"box\"><h2>新闻</h2><ul class=\"list\">{rows}</ul></div></body></html>"
    );
    page("/news.htm", &text)
}

/// The articles in all columns in which they may be listed.
fn articles(stories: &[Story], dated: bool) -> Vec<File> {
    let article = |column: usize, story: &Story| {
        let date = if dated { format!("<p>发布时间：{}</p>", story.on("%Y-%m-%d")) } else { String::new() };
        let text = format!(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{0}-海图学院</title></head><body><h1>{0}</h1>{date}<div class=\"v_news_content\">{1}</div></body></html>",
            story.title,
            story.body()
        );
        page(format!("/info/{column}/{}.htm", 5000 + story.number), &text)
    };
    stories.iter().flat_map(|story| [1021, 1022].map(|column| article(column, story))).collect()
}

fn files(stories: &[Story], Stand { column, dated }: Stand) -> Vec<File> {
    let listed: Vec<(usize, &Story)> = stories.iter().map(|story| (column, story)).collect();
    std::iter::once(list("", &listed, dated)).chain(articles(stories, dated)).collect()
}

fn stories() -> Vec<Story> {
    Story::first(Tongue::Chinese, "海图学院", 8)
}

/// Ids and dates of a source.
fn lasting(town: &Town, id: &str) -> Vec<(String, String, String)> {
    let mut lasting: Vec<_> = town.items(id).into_iter().map(|item| (item.title, item.id, item.date)).collect();
    lasting.sort();
    lasting
}

#[test]
fn another_column_makes_no_new_item() {
    for dated in [true, false] {
        let mut town = Town::new();
        town.add("site", "/news.htm", "");
        town.shows("site", files(&stories(), Stand { column: 1021, dated }));
        town.visit("2026-02-10T01:00:00Z").0.expect_ok();
        let before = lasting(&town, "site");
        assert_eq!(before.len(), 8);
        town.shows("site", files(&stories(), Stand { column: 1022, dated }));
        let report = town.visit("2026-02-11T01:00:00Z").0;
        report.expect_ok();
        assert!(!report.stderr.contains("news since the last visit may be missing"), "{}", report.stderr);
        assert_eq!(lasting(&town, "site"), before);
    }
}

#[test]
fn an_article_in_two_columns_of_one_page_is_one_item() {
    let all = stories();
    let twice = |order: &[(usize, usize)]| {
        let listed: Vec<(usize, &Story)> = order.iter().map(|(column, at)| (*column, &all[*at])).collect();
        std::iter::once(list("", &listed, true)).chain(articles(&all, true)).collect::<Vec<File>>()
    };
    let mut town = Town::new();
    town.add("site", "/news.htm", "");
    town.shows("site", twice(&[(1021, 0), (1021, 1), (1021, 2), (1022, 1), (1022, 3), (1022, 4)]));
    let (_, asked) = town.visit("2026-02-10T01:00:00Z");
    assert_eq!(town.items("site").len(), 5);
    let articles = asked["site"].iter().filter(|path| path.starts_with("/info/")).count();
    assert_eq!(articles, 5, "{asked:?}");
    let before = town.published("site");
    town.shows("site", twice(&[(1022, 1), (1021, 0), (1021, 1), (1021, 2), (1022, 3), (1022, 4)]));
    town.visit("2026-02-11T01:00:00Z").0.expect_ok();
    assert_eq!(town.published("site"), before);
}

#[test]
fn a_site_that_moves_to_another_host_keeps_its_items() {
    for dated in [true, false] {
        let all = stories();
        let mut town = Town::new();
        town.add("old", "/news.htm", "");
        // Only its address counts: nothing is listed there.
        town.add("new", "/none.htm", "");
        town.shows("old", files(&all[1..], Stand { column: 1021, dated }));
        town.visit("2026-02-10T01:00:00Z");
        let before = lasting(&town, "old");
        assert_eq!(before.len(), 7);
        // The list stays, and what it leads to is elsewhere.
        let there = format!("http://{}", town.host("new"));
        let listed: Vec<(usize, &Story)> = all.iter().map(|story| (1021, story)).collect();
        town.shows("old", vec![list(&there, &listed, dated)]);
        town.shows("new", articles(&all, dated));
        town.visit("2026-02-11T01:00:00Z");
        let after = lasting(&town, "old");
        assert_eq!(after.len(), 8, "{after:#?}");
        assert!(before.iter().all(|item| after.contains(item)), "{before:#?} {after:#?}");
        assert!(town.items("old").iter().all(|item| item.url.starts_with(&there)), "{:#?}", town.items("old"));
    }
}

#[test]
fn an_address_that_is_written_anew_keeps_its_items() {
    for dated in [true, false] {
        let all = stories();
        let mut town = Town::new();
        town.add("old", "/news.htm", "");
        town.shows("old", files(&all[1..], Stand { column: 1021, dated }));
        town.visit("2026-02-10T01:00:00Z").0.expect_ok();
        let before = lasting(&town, "old");
        town.add("new", "/none.htm", "");
        town.shows("new", files(&all, Stand { column: 1022, dated }));
        let config = std::fs::read_to_string(town.house.path("feedgen.toml")).unwrap();
        let (old, new) = (town.host("old"), town.host("new"));
        town.house.config(&config.replace(&format!("{old}/news.htm"), &format!("{new}/news.htm")));
        town.visit("2026-02-11T01:00:00Z");
        let after = lasting(&town, "old");
        assert_eq!(after.len(), 8, "{after:#?}");
        assert!(before.iter().all(|item| after.contains(item)), "{before:#?} {after:#?}");
    }
}
