//! Lists in the shapes that sites give them: found, told as selectors, read by those, found again.

#![expect(clippy::format_collect, reason = "pages of a test are small")]

use std::fmt::Write as _;

use chrono::TimeZone as _;
use scraper::Html;
use url::Url;

use super::super::{Policy, guard};
use super::{Form, Habits, Listing, NoList, Way, covers, detect, find_again, read, select};
use crate::source::Select;

mod again;
mod beside;
mod dates;
mod few;
mod glued;
mod habits;
mod leads;
mod links;
mod one_address;
mod repeats;
mod titles;

fn policy() -> Policy {
    let now = chrono::Utc.with_ymd_and_hms(2026, 5, 20, 4, 0, 0).single().expect("a time");
    Policy { now, timezone: "Asia/Shanghai".parse().unwrap() }
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("an address")
}

/// Titles of a list.
const TITLES: [&str; 6] = [
    "A new station on the pier",
    "Students win the robotics cup",
    "The library is open longer",
    "The choir sings in the hall",
    "A bridge of old timber",
    "No more plastic in the canteen",
];

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

#[test]
fn hand_made() {
    let news = [
        ("关于春季运动会安排的通知", "a.asp?id=31", "2025-03-02"),
        ("图书馆开放时间调整公告", "a.asp?id=30", "2025-02-27"),
        ("海港大学与渔业研究所签约", "a.asp?id=28", "2024-12-12"),
    ];
    let links = news.map(|(title, path, day)| (title, format!("http://sea.example/n/{path}"), day));
    let expected = links.each_ref().map(|(title, link, day)| (*title, link.as_str(), *day));
    let rows = |row: &dyn Fn(&str, &str, &str) -> String| -> String {
        news.iter().map(|(title, path, day)| row(title, path, day)).collect()
    };
    let address = "http://sea.example/n/list.asp";
    // A table whose rows have nothing but cells.
    let table =
        rows(&|title, path, day| format!("<tr><td>·</td><td><a href='{path}'>{title}</a></td><td>[{day}]</td></tr>"));
    check(address, &format!("<table class=con><tr><td>标题</td></tr>{table}</table>"), "table.con tr", &expected);
    // Lines between breaks, the date before or behind the link.
    let lines = rows(&|title, path, day| format!("{day} <a href='{path}'>{title}</a><br>"));
    check(address, &format!("<div class=con>{lines}</div>"), "div.con > a", &expected);
    let lines = rows(&|title, path, day| format!("<a href='{path}'>{title}</a> <i>({day})</i><br>"));
    check(address, &format!("<div class=con>{lines}</div>"), "div.con > a", &expected);
    // Terms and descriptions.
    let terms = rows(&|title, path, day| format!("<dt>{day}</dt><dd><a href='{path}'>{title}</a></dd>"));
    check(address, &format!("<dl class=con>{terms}</dl>"), "dl.con > dd", &expected);
    // The day in large figures, its month below.
    let split = rows(&|title, path, day| {
        let (month, day) = day.rsplit_once('-').expect("a day");
        format!("<li><div class=day><b>{day}</b><span>{month}</span></div><a href='{path}'>{title}</a></li>")
    });
    check(address, &format!("<ul class=con>{split}</ul>"), "ul.con > li", &expected);
    // The date in the link, in a heading of its own.
    let inside = rows(&|title, path, day| format!("<li><a href='{path}'><h5>{day}</h5>{title}</a></li>"));
    check(address, &format!("<ul class=con>{inside}</ul>"), "ul.con > li", &expected);
    // Nothing has a name.
    let bare = rows(&|title, path, day| format!("<li><a href='{path}'>{title}</a>{day}</li>"));
    check(
        address,
        &format!("<div><p>News</p></div><div><ul>{bare}</ul></div>"),
        "body > div:nth-of-type(4) > ul > li",
        &expected,
    );
}

#[test]
fn cards_and_boards() {
    let expected = [
        ("Harbour opens a tide laboratory", "http://sea.example/news/tide-laboratory-opened", "2025-03-02"),
        ("Sea walls for the next century", "http://sea.example/news/sea-walls-for-all", "2025-02-27"),
        ("What the ice tells of winter", "http://sea.example/news/ice-of-the-winter", "2024-12-12"),
    ];
    let address = "http://sea.example/news";
    // A card is one link; what it tells of its article is no title, its label neither.
    let cards: String = expected.iter().map(|(title, link, day)| format!("<div class='col-md-4 mb-2'><a class=card href={link}><img src=/logo.png><span class=label>Research</span><div class=card-title>{title}</div><p>The harbour has a laboratory at last, and all who work in it are glad of that.</p><small>Posted on {day}</small></a></div>")).collect();
    let listing = check(address, &format!("<div class='row cards'>{cards}</div>"), "div.cards > div.mb-2", &expected);
    assert!(listing.feed.entries.iter().all(|entry| entry.facts.image.is_none()), "a logo is of no entry");
    // A board has numbers, names and views.
    let rows: String = expected.iter().enumerate().map(|(at, (title, link, day))| format!("<tr><td class=no>{}</td><td class='td-subject'><a href='{link}' title='자세히 보기'><strong>{title}</strong></a></td><td><a href=/user/li-ming>Li Ming of the office for the press</a></td><td class=date>{}</td><td>{}</td></tr>", 300 - at, day.replace('-', "."), 20 * at)).collect();
    check(
        address,
        &format!("<table class=board-table><thead><tr><th>No<th>Subject<th>Date</thead><tbody>{rows}</table>"),
        "table.board-table tbody > tr",
        &expected,
    );
    // Day first, as one of the dates tells.
    let rows: String = expected
        .iter()
        .map(|(title, link, day)| {
            let parts: Vec<&str> = day.split('-').collect();
            format!(
                "<li class=item><h3><a href='{link}'>{title}</a></h3><span>{}/{}/{}</span></li>",
                parts[2], parts[1], parts[0]
            )
        })
        .collect();
    check(address, &format!("<ul class=items>{rows}</ul>"), "ul.items > li.item", &expected);
    // No dates at all.
    let rows: String = expected
        .iter()
        .map(|(title, link, _)| format!("<li class=item><h3><a href='{link}'>{title}</a></h3></li>"))
        .collect();
    let undated = expected.map(|(title, link, _)| (title, link, ""));
    check(address, &format!("<ul class=items>{rows}</ul>"), "ul.items > li.item", &undated);
    // Rows of a grid, the last with one entry only.
    let item = |(title, link, day): &(&str, &str, &str)| {
        format!("<div class=cell><h4><a href='{link}'>{title}</a></h4><em>{day}</em></div>")
    };
    let grid = format!(
        "<div class=line>{}{}</div><div class=line>{}</div>",
        item(&expected[0]),
        item(&expected[1]),
        item(&expected[2])
    );
    check(address, &format!("<div class=grid>{grid}</div>"), "div.grid div.cell", &expected);
}

#[test]
fn boxes_without_a_name_of_their_own() {
    let row = |at: usize| {
        format!(
            "<li><a href=/news/{at}.html>The harbour laboratory reports on matter {at}</a><span>2025-03-{:02}</span></li>",
            28 - at
        )
    };
    let part = |from: usize| format!("<div class=box><h3>News</h3><ul>{}{}</ul></div>", row(from), row(from + 1));
    let listing = found(&site(&[1, 3, 5].map(part).concat()), &url("https://www.sea.example/"));
    assert_eq!(listing.way.select.item.as_deref(), Some("div.box li"));
    assert_eq!(listing.feed.entries.len(), 6);
}

#[test]
fn links_into_an_article_are_no_entries() {
    let row = |at: usize| {
        format!(
            "<li><a href=/d/{at}><img src=/{at}.png></a><a href=/d/{at}>Students sail to island {at} for a week</a> <a href=/d/{at}#more>Read more</a> <span>2025-03-{at:02}</span></li>"
        )
    };
    let listing = found(
        &site(&format!("<ul class=con>{}</ul>", [9, 8, 7].map(row).concat())),
        &url("https://www.sea.example/l.htm"),
    );
    let titles: Vec<String> = told(&listing).into_iter().map(|(title, ..)| title).collect();
    assert_eq!(titles, [9, 8, 7].map(|at| format!("Students sail to island {at} for a week")));
}

#[test]
fn a_pinned_entry_and_a_menu_of_the_same_shape() {
    let rows = "<li class=red><b><a href=info/9/99.htm>置顶：关于校园网络维护的公告</a></b><span>2025-01-02</span></li>
                <li><a href=info/9/91.htm>关于春季运动会安排的通知</a><span>2025-03-02</span></li>
                <li><a href=info/9/90.htm>图书馆开放时间调整公告</a><span>2025-02-27</span></li>";
    let page = site(&format!(
        "<div class=box><ul><li><a href=info/1/1.htm>学院的历史与现状概况</a></li><li><a href=info/1/2.htm>学院的领导与组织机构</a></li></ul></div><div class=box><ul>{rows}</ul></div>"
    ));
    let listing = found(&page, &url("http://sea.example/tzgg.htm"));
    let titles: Vec<String> = told(&listing).into_iter().map(|(title, ..)| title).collect();
    assert_eq!(titles, ["置顶：关于校园网络维护的公告", "关于春季运动会安排的通知", "图书馆开放时间调整公告"]);
}

#[test]
fn a_home_page_has_several_lists() {
    let list = |class: &str, from: u32| {
        let rows = (from..from + 4).fold(String::new(), |mut rows, at| {
            let _written = write!(
                rows,
                "<li><a href=info/7/{at}.htm>关于第{at}次海浪观测的详细报告</a><span>2025-03-{:02}</span></li>",
                at % 28 + 1
            );
            rows
        });
        format!("<div class={class}><ul>{rows}</ul></div>")
    };
    let page = site(&(list("xw", 100) + &list("gg", 200)));
    assert_eq!(found(&page, &url("http://sea.example/")).feed.entries.len(), 8);
    let missing = Select { next: Some("a.none".to_owned()), title: Some("li > a".to_owned()), ..Select::default() };
    let listing = detect::find(&page, &url("http://sea.example/index.htm"), &missing, policy()).expect("a list");
    assert_eq!(listing.way.select.title, missing.title, "what is wished for holds");
}

#[test]
fn what_is_no_list_is_none() {
    let base = url("http://sea.example/tzgg.htm");
    let article = "<div class=con><h1>Harbour opens a tide laboratory</h1><p>2025-03-02</p><p>The laboratory was opened on Monday, and it measures the tides of the sea from its first day on.</p></div>";
    for page in [
        site(article),
        site(""),
        guard::parse_document(""),
        guard::parse_document("<p>Not found</p><a href=/>Home</a><a href=/a>Back</a>"),
    ] {
        let listing = detect::find(&page, &base, &Select::default(), policy());
        assert_eq!(listing.err(), Some(NoList::Nothing));
    }
}

#[test]
fn selectors_hold() {
    let base = url("http://sea.example/n/");
    let page = guard::parse_document(
        "<base href=/m/><div id=list><p class=e><b>One</b><a href=x>more</a><i>03/2025 at 02</i><q>Sum</q></p><p class=e><b>Two</b></p><p class=e></p></div><a class=on href=2>on</a>",
    );
    let written = Select {
        item: Some("#list p.e".to_owned()),
        title: Some("b".to_owned()),
        date: Some("i".to_owned()),
        date_format: Some("%m/%Y at %d".to_owned()),
        summary: Some("q".to_owned()),
        next: Some("a.on".to_owned()),
        ..Select::default()
    };
    let listing = select::read(&page, &base, &written, policy()).expect("a list");
    // Nobody dates the second, and it is an entry for all that only if the others are not dated either.
    assert_eq!(told(&listing), [("One".to_owned(), "http://sea.example/m/x".to_owned(), "2025-03-02".to_owned())]);
    assert_eq!(listing.next.as_ref().map(Url::as_str), Some("http://sea.example/m/2"));
    assert_eq!(
        listing.feed.entries.first().and_then(|entry| entry.facts.summary.as_ref()).map(|text| text.value.as_str()),
        Some("Sum")
    );
    let undated = Select { date: None, ..written.clone() };
    let titles: Vec<String> = told(&select::read(&page, &base, &undated, policy()).expect("a list"))
        .into_iter()
        .map(|(title, ..)| title)
        .collect();
    assert_eq!(titles, ["One", "Two"]);
}

#[test]
fn an_empty_list_is_told_from_a_lost_one() {
    let base = url("http://sea.example/n/");
    let read = |page: &str, item: &str| {
        let select = Select { item: Some(item.to_owned()), ..Select::default() };
        select::read(&guard::parse_document(page), &base, &select, policy()).err()
    };
    let lost = |item: &str| Some(NoList::NoMatch(item.to_owned()));
    assert_eq!(read("<ul id=l><li>暂无内容</ul>", "#l > li.news"), Some(NoList::Empty));
    assert_eq!(read("<ul id=l><li class=story><a href=a>A story</a></ul>", "#l > li.news"), lost("#l > li.news"));
    assert_eq!(read("<ul id=m></ul>", "#l > li.news"), lost("#l > li.news"));
    assert_eq!(read("<ul id=l></ul>", "li.news"), lost("li.news"));
    assert_eq!(read("<ul id=l></ul>", "li:["), lost("li:["));
}

/// What is quadratic would take minutes; what others take of the machine meanwhile does not count.
#[test]
fn hostile_pages_cost_little() {
    let worked = || rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let before = worked();
    let base = url("http://sea.example/n/");
    let many = |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<String>();
    let pages = [
        many(12_000, &|at| format!("<a href={at}>A title of some words {at}</a>")),
        many(3_000, &|at| format!("<li class=c{at}><a href={at}>Title of story {at}</a> 2025-03-02")),
        format!("{}<a href=x>deep and long title</a>", "<div class=a><span>".repeat(20_000)),
        many(10_000, &|at| format!("<div><a href=/{at}>Titles that are nested</a>")),
        many(10_000, &|at| format!("<ul><li><a href=/{at}>Titles that are nested</a>2025")),
        "<a href=x>".repeat(20_000),
        format!("<p>{}</p>", "2025-03-02 ".repeat(20_000)),
        format!("<li><a href=1>{0}</a></li><li><a href=2>{0}</a></li>", "2025-03-02 words ".repeat(10_000)),
        "<li><a href=1 title='".to_owned() + &"x ".repeat(50_000),
    ];
    for (at, page) in pages.iter().enumerate() {
        let page = guard::parse_document(page);
        if let Ok(listing) = detect::find(&page, &base, &Select::default(), policy()) {
            assert!(listing.feed.entries.len() <= 10_000, "{at}");
            let _again = select::read(&page, &base, &listing.way.select, policy());
        }
        let _found = find_again::find_again(&page, &base, &again::known(), &Habits::default(), policy());
    }
    let took = worked().tv_sec - before.tv_sec;
    assert!(took < 60, "{took} s");
}

#[test]
fn a_list_is_worth_what_it_holds_of_the_page() {
    let now = "2026-03-01T12:00:00Z".parse().expect("a time");
    let policy = Policy { now, timezone: crate::source::Tz::UTC };
    let home = Url::parse("https://www.harbour.example/").expect("an address");
    let way = Way::new(Form::Feed, home.join("/feed").ok(), Select::default());
    let item = |at: u8| format!("<item><title>N{at}</title><link>http://harbour.example/n/{at}/</link></item>");
    let feed = format!("<?xml version='1.0' encoding='gb2312'?><rss><channel>{}{}</channel></rss>", item(1), item(2));
    let listing = read(&way, &guard::Page::of(&feed), &home, policy).expect("a list");
    assert_eq!(listing.way, way);
    let links = |paths: &[&str]| paths.iter().filter_map(|path| home.join(path).ok()).collect::<Vec<_>>();
    for (paths, part) in [
        (&["/n/1#top", "/n/2"][..], 1.0),
        (&["/n/1", "/n/2?page=2"], 0.5),
        (&["/n/3"], 0.0),
        (&[], 1.0),
        (&["https://harbour.example:443/n/1", "https://harbour.example:8443/n/1"], 0.5),
    ] {
        assert!((covers(&listing, &links(paths)) - part).abs() < 0.01, "{paths:?}");
    }
    assert_eq!(read(&way, &guard::Page::of("<rss><channel/></rss>"), &home, policy).err(), Some(NoList::Empty));
    assert_eq!(read(&way, &guard::Page::of("<html><p>no feed"), &home, policy).err(), Some(NoList::Nothing));
}

#[test]
fn pages_that_a_script_names() {
    let rows = |from: usize| -> String {
        (from..from + 3)
            .map(|at| {
                format!("<li><a href=./t2025_{at}.html>海港大学举办第{at}届潮汐论坛</a><span>2025-03-0{at}</span></li>")
            })
            .collect()
    };
    let next = |call: &str, at: &str| {
        let script = format!("<script>function createPageHTML(a, b, c, d) {{}} {call}</script>");
        let page = site(&format!("<ul class=con>{}</ul><div class=page>{script}</div>", rows(3)));
        found(&page, &url(at)).next.map(String::from)
    };
    let list = "http://sea.example/xw/";
    assert_eq!(
        next("createPageHTML(15, 0, \"index\", \"html\");", list).as_deref(),
        Some("http://sea.example/xw/index_1.html")
    );
    let second = "http://sea.example/xw/index_1.html";
    assert_eq!(
        next("createPageHTML('pages', 15, 1, 'index', 'html', 120);", second).as_deref(),
        Some("http://sea.example/xw/index_2.html")
    );
    assert_eq!(next("createPageHTML(15, 14, \"index\", \"html\");", "http://sea.example/xw/index_14.html"), None);
    assert_eq!(next("createPageHTML(15, 0, \"../../x\", \"html\");", list), None);
}
