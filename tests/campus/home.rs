//! The first page of a site has several lists, and all of them are its news.

use crate::story::{Story, Tongue};
use crate::town::{File, Town, page};

fn boxed(name: &str, stories: &[Story]) -> String {
    let row = |story: &Story| {
        format!(
            "<li><a href=\"{}\" title=\"{1}\">{1}</a><span>{2}</span></li>",
            place(story),
            story.title,
            story.on("%Y-%m-%d")
        )
    };
    let rows: String = stories.iter().map(row).collect();
    format!("<div class=\"box\"><h2>{name}<a href=\"/{name}.htm\">更多</a></h2><ul class=\"list\">{rows}</ul></div>")
}

fn place(story: &Story) -> String {
    format!("/info/{}/{}.htm", 1021 + story.number % 2, 5000 + story.number)
}

fn files(news: &[Story], notices: &[Story]) -> Vec<File> {
    let home = format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>海图学院</title></head><body><ul class=\"nav\"><li><a href=\"/\">首页</a></li><li><a href=\"/xxgk.htm\">学校概况</a></li><li><a href=\"/jgsz.htm\">机构设置</a></li></ul>{}{}</body></html>",
        boxed("学院新闻", news),
        boxed("通知公告", notices)
    );
    let article = |story: &Story| {
        let text = format!(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{0}-海图学院</title></head><body><h1>{0}</h1><p>发布时间：{1}</p><div class=\"v_news_content\">{2}</div></body></html>",
            story.title,
            story.on("%Y-%m-%d"),
            story.body()
        );
        page(place(story), &text)
    };
    std::iter::once(page("/", &home)).chain(news.iter().chain(notices).map(article)).collect()
}

#[test]
fn each_list_of_a_first_page_may_go_on_alone() {
    let mut town = Town::new();
    town.add("home", "/", "");
    let (news, notices): (Vec<Story>, Vec<Story>) =
        Story::first(Tongue::Chinese, "海图学院", 16).into_iter().partition(|story| story.number % 2 == 1);
    town.shows("home", files(&news[3..], &notices[3..]));
    town.visit("2026-02-10T01:00:00Z").0.expect_ok();
    assert_eq!(town.items("home").len(), 10);
    // Three in one list, none in the other: that is no other list.
    town.shows("home", files(&news[3..], &notices[..5]));
    town.visit("2026-02-11T01:00:00Z").0.expect_ok();
    assert_eq!(town.items("home").len(), 13);
    town.shows("home", files(&news[..5], &notices[..5]));
    town.visit("2026-02-12T01:00:00Z").0.expect_ok();
    assert_eq!(town.items("home").len(), 16);
}
