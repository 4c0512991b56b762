//! Lists in the shapes that sites give them: found, told as selectors, read by those, found again.

use std::fmt::Write as _;

use chrono::TimeZone as _;
use scraper::Html;
use url::Url;

use super::super::{Policy, guard};
use super::{Listing, detect, select};
use crate::source::Select;

fn policy() -> Policy {
    let now = chrono::Utc.with_ymd_and_hms(2026, 5, 20, 4, 0, 0).single().expect("a time");
    Policy { now, timezone: chrono_tz::Asia::Shanghai }
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("an address")
}

/// Menus, a place line and a foot, such as stand around lists.
fn site(content: &str) -> Html {
    let menu: String = (1..12).fold(String::new(), |mut menu, at| {
        let _written = write!(menu, "<li><a href='/c{at}.htm'>学院概况{at}</a><ul><li><a href='/c{at}/a.htm'>Departments and centres {at}</a></ul>");
        menu
    });
    let text = format!(
        "<!doctype html><html lang=zh><title>通知公告 - 海港大学</title><body><div class=header><ul class=nav>{menu}</ul></div>
         <div class=dqwz>当前位置：<a href=/>首页</a> &gt; <a href=/tzgg.htm>通知公告</a></div>{content}
         <div class=sidebar><h3>Links</h3><ul><li><a href='https://ministry.example/'>Ministry of Education of the Harbour</a><li><a href='https://land.example/'>The University on the Land</a></ul></div>
         <div class=footer><a href=/contact.htm>Contact us at any time</a><a href=/map.htm>Map of the whole site</a><p>Copyright 2026</p></div>"
    );
    guard::parse_document(&text)
}

/// Finds the list of a page, and checks that its selectors read the same.
#[track_caller]
fn found(page: &Html, base: &Url) -> Listing {
    let listing = detect::find(page, base, &Select::default(), policy()).expect("a list");
    let again = select::read(page, base, &listing.way.select, policy()).expect("a list");
    assert_eq!(again.feed.entries, listing.feed.entries, "{:?}", listing.way.select);
    assert_eq!(again.next, listing.next);
    listing
}

fn told(listing: &Listing) -> Vec<(String, String, String)> {
    let entry = |entry: &super::super::feed::Entry| {
        let facts = &entry.facts;
        let title = facts.title.as_ref().map(super::super::feed::Text::line).unwrap_or_default();
        let date = facts.published.map(|when| when.to_string()).unwrap_or_default();
        (title, facts.link.clone().unwrap_or_default(), date)
    };
    listing.feed.entries.iter().map(entry).collect()
}

/// The list of a page: its selectors, and title, link and date of each entry.
#[track_caller]
fn check(address: &str, content: &str, item: &str, expected: &[(&str, &str, &str)]) -> Listing {
    let listing = found(&site(content), &url(address));
    let told = told(&listing);
    let told: Vec<_> = told.iter().map(|(title, link, date)| (title.as_str(), link.as_str(), date.as_str())).collect();
    assert_eq!(told, expected);
    assert_eq!(listing.way.select.item.as_deref(), Some(item));
    listing
}

#[test]
fn visual_site_builder() {
    let listing = check(
        "http://sea.example/tzgg.htm",
        "<div class=list><ul><li id=line_u9_0>2025/03/02&nbsp; <a href=info/1041/1192.htm title='关于举办第三届海浪观测学术会议的通知'>关于举办第三届海浪观测学...</a>
         <span id=section_u9_0 style='display:none'><hr></span>
         <li id=line_u9_1>2025/02/27&nbsp; <a href=info/1041/1183.htm title='潮汐实验室研制的设备通过验收'>潮汐实验室研制的设备通过验收</a>
         <span id=section_u9_1 style='display:none'><hr></span>
         <li id=line_u9_2>2024/12/12&nbsp; <a href='https://mp.weixin.qq.com/s/AbCdEfGh12345678'>海港大学举行新年音乐会</a></ul>
         <span class=p_next><a href=tzgg/7.htm>下页</a></span><a href=tzgg/1.htm>尾页</a></div>",
        "div.list li[id^=\"line_u\"]",
        &[
            ("关于举办第三届海浪观测学术会议的通知", "http://sea.example/info/1041/1192.htm", "2025-03-02"),
            ("潮汐实验室研制的设备通过验收", "http://sea.example/info/1041/1183.htm", "2025-02-27"),
            ("海港大学举行新年音乐会", "https://mp.weixin.qq.com/s/AbCdEfGh12345678", "2024-12-12"),
        ],
    );
    assert_eq!(listing.next.as_ref().map(Url::as_str), Some("http://sea.example/tzgg/7.htm"));
    assert_eq!(listing.way.select.next.as_deref(), Some(".p_next > a"));
    assert!(listing.confidence > 0.9, "{}", listing.confidence);
    assert!(!listing.rejected.is_empty());
}

#[test]
fn sudy() {
    let listing = check(
        "https://cs.sea.example/24251/list.htm",
        "<div frag=窗口6><div id=wp_news_w6><ul class='news_list list2'>
         <li class='news n1 clearfix'><span class=news_title><a href=/2024/0523/c24280a677165/page.htm title='团队成果入选年度科技进展'>团队成果入选年度科技进展</a></span><span class=news_meta>2024-05-23</span><div class=news_text>5月22日下午，评选结果揭晓。经过院系推荐、形式审查以及专家评审等环节，团队成果成功入选。</div></li>
         <li class='news n2 clearfix'><span class=news_title><a href=/2024/0416/c24280a668911/page.htm title='学科排名公布，再创新高'>学科排名公布，再创新高</a></span><span class=news_meta>2024-04-16</span><div class=news_text>2024年4月10日，研究机构发布了排名。学院共有三个学科进入前列，位居全国前茅。</div></li></ul></div>
         <div id=wp_paging_w6><a class=next href=/24251/list2.htm>下一页&gt;&gt;</a></div></div>",
        "ul.news_list > li.news",
        &[
            ("团队成果入选年度科技进展", "https://cs.sea.example/2024/0523/c24280a677165/page.htm", "2024-05-23"),
            ("学科排名公布，再创新高", "https://cs.sea.example/2024/0416/c24280a668911/page.htm", "2024-04-16"),
        ],
    );
    let select = &listing.way.select;
    assert_eq!((select.link.as_deref(), select.date.as_deref()), (Some("a"), Some("span.news_meta")));
    assert_eq!(select.next.as_deref(), Some("a.next"));
    assert!(listing.feed.entries.iter().all(|entry| entry.facts.summary.is_some()));
}

#[test]
fn trs_with_days_only() {
    check(
        "http://www.sea.example/tzgg/",
        "<ul class=list><li><a href=./202605/t20260512_8227704.html><div class=text><img src=/images/icon.png>海洋科学重点专项2026年度项目申报通知</div><div class=date>05-12</div></a></li>
         <li><a href=./202601/t20260109_8219482.html><div class=text><img src=/images/icon.png>民营企业创新发展联合基金指南</div><div class=date>01-09</div></a></li>
         <li><a href=./202512/t20251224_8212232.html><div class=text><img src=/images/icon.png>关于防治海岸侵蚀研究的通知</div><div class=date>12-24</div></a></li></ul>",
        "ul.list > li",
        &[
            ("海洋科学重点专项2026年度项目申报通知", "http://www.sea.example/tzgg/202605/t20260512_8227704.html", "2026-05-12"),
            ("民营企业创新发展联合基金指南", "http://www.sea.example/tzgg/202601/t20260109_8219482.html", "2026-01-09"),
            ("关于防治海岸侵蚀研究的通知", "http://www.sea.example/tzgg/202512/t20251224_8212232.html", "2025-12-24"),
        ],
    );
}

#[test]
fn drupal_views() {
    let row = |path: &str, title: &str, stamp: &str, day: &str| {
        format!(
            "<div class='views-row'><article class='node node--type-news'><a href=/{path}><img src=/{path}.jpg alt=''></a><h3 class=node__title><a href=/{path}><span>{title}</span></a></h3><p class=dek>What the researchers of the harbour found out about it this year</p><p><time datetime='{stamp}'>{day}</time></p><a href=/{path}>Read full story</a></article></div>"
        )
    };
    let rows = row("2025/tides-1201", "Tides explored by students", "2025-12-01T21:25:00Z", "December 1, 2025")
        + &row("2025/walls-1119", "Sea walls that repair themselves", "2025-11-19T05:00:00Z", "November 19, 2025");
    let listing = check(
        "https://news.sea.example/topic/sea",
        &format!(
            "<main><div class=view-content>{rows}</div><nav class=pager><ul><li><a href='?page=1' rel=next title='Go to next page'>››</a></ul></nav></main>"
        ),
        "div.view-content > div.views-row",
        &[
            ("Tides explored by students", "https://news.sea.example/2025/tides-1201", "2025-12-01T21:25:00+00:00"),
            (
                "Sea walls that repair themselves",
                "https://news.sea.example/2025/walls-1119",
                "2025-11-19T05:00:00+00:00",
            ),
        ],
    );
    assert_eq!(listing.way.select.date.as_deref(), Some("time"));
    assert_eq!(listing.way.select.next.as_deref(), Some("a[rel~=\"next\"]"));
    let images: Vec<_> = listing.feed.entries.iter().filter_map(|entry| entry.facts.image.as_deref()).collect();
    assert_eq!(
        images,
        ["https://news.sea.example/2025/tides-1201.jpg", "https://news.sea.example/2025/walls-1119.jpg"]
    );
}

#[test]
fn wordpress_and_typo3() {
    let post = |id: u32, slug: &str, title: &str, day: &str| {
        format!(
            "<article id=post-{id} class='post-{id} post type-post hentry category-news tag-{slug}'><header class=entry-header><h2 class=entry-title><a href='https://sea.example/2025/{slug}/' rel=bookmark>{title}</a></h2><div class=entry-meta><a href='https://sea.example/author/li-ming/'>Li Ming, head of the press office of the university</a> <time class='entry-date published' datetime='{day}T08:00:00+08:00'>{day}</time></div></header><div class=entry-summary><p>The first sentence of the article, which tells more. <a href='https://sea.example/2025/{slug}/'>Continue reading</a></p></div></article>"
        )
    };
    let posts =
        post(12, "tide", "The tide laboratory", "2025-03-05") + &post(9, "ice", "Ice in the harbour", "2025-02-01");
    check(
        "https://sea.example/category/news/",
        &format!("<div id=primary><main id=main>{posts}</main></div>"),
        "main#main > article[id^=\"post-\"]",
        &[
            ("The tide laboratory", "https://sea.example/2025/tide/", "2025-03-05T08:00:00+08:00"),
            ("Ice in the harbour", "https://sea.example/2025/ice/", "2025-02-01T08:00:00+08:00"),
        ],
    );
    let news = |slug: &str, title: &str, day: &str, iso: &str| {
        format!(
            "<div class='article articletype-0' itemscope><div class=header><h3><a title='{title}' href='/en/news/detail/{slug}'><span itemprop=headline>{title}</span></a></h3></div><div class=footer><p><time itemprop=datePublished datetime='{iso}'>{day}</time></p></div></div>"
        )
    };
    let list = news("a-new-pier-for-the-port", "A new pier for the port", "05.03.2025", "2025-03-05")
        + &news("students-measure-the-sea", "Students measure the sea", "01.02.2025", "2025-02-01");
    check(
        "https://sea.example/en/news",
        &format!("<div class=news-list-view>{list}</div>"),
        "div.news-list-view > div.article",
        &[
            ("A new pier for the port", "https://sea.example/en/news/detail/a-new-pier-for-the-port", "2025-03-05"),
            ("Students measure the sea", "https://sea.example/en/news/detail/students-measure-the-sea", "2025-02-01"),
        ],
    );
}
