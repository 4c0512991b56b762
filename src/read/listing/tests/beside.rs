//! Boxes beside the list of a page, and short lists beside nothing.

use super::{TITLES, check, found, policy, site, told, url};
use crate::read::listing::{NoList, detect};
use crate::source::Select;

/// A side column with the latest of a site.
const LATEST: &str = "<aside class=sidebar><div class=recent><h3>Recent</h3>
    <article class=post><h5><a href=/2026/05/the-pier-opens-in-june/>The pier opens in June</a></h5><p>18/05/2026</p></article>
    <article class=post><h5><a href=/2026/05/the-choir-of-the-port-sings/>The choir of the port sings</a></h5><p>11/05/2026</p></article>
    <article class=post><h5><a href=/2026/04/no-more-coal-in-the-port/>No more coal in the port</a></h5><p>20/04/2026</p></article></div></aside>";

#[test]
fn a_box_of_the_latest_is_not_the_list_of_a_page() {
    let rows: String = TITLES
        .iter()
        .enumerate()
        .map(|(at, title)| {
            format!(
                "<tr><td>{}/03/2026<td>Radio {at}<td><a href='https://radio{at}.example/{at}/{at}{at}'>{title}</a>",
                28 - at
            )
        })
        .collect();
    let page = site(&format!("<div class=content><h2>Press</h2><table><tbody>{rows}</table></div>{LATEST}"));
    let told = told(&found(&page, &url("http://sea.example/press/")));
    let titles: Vec<&str> = told.iter().map(|(title, _, _)| title.as_str()).collect();
    assert_eq!(titles, TITLES);
    // Where no list stands in the page, the box is all that there is.
    let page = site(&format!("<div class=content><h2>Press</h2><p>Ask us.</p></div>{LATEST}"));
    assert_eq!(found(&page, &url("http://sea.example/press/")).feed.entries.len(), 3);
}

#[test]
fn wares_beside_an_empty_list_are_no_news() {
    let wares = [
        "Sensor of tides and waves TW",
        "Frame of the middle guide of",
        "Control of the winch by hand",
        "Pump of the lower deck of the",
    ];
    let wares: String = (0..12)
        .map(|at| format!("<li><a href='/products/ware-of-the-port-{at}.html'>{}{at}</a>", wares[at % 4]))
        .collect();
    let box_of = |name: &str| {
        let page = format!(
            "<div class=content><h2>News</h2><p>None.</p></div><div class=sidebox><h3>{name}</h3><ul class=hot>{wares}</ul></div>"
        );
        detect::find(&site(&page), &url("http://sea.example/news/"), &Select::default(), policy())
    };
    assert_eq!(box_of("Our best").err(), Some(NoList::Nothing));
    // A box that says that it has news is one of news.
    assert_eq!(box_of("Latest news").map(|listing| listing.feed.entries.len()).ok(), Some(12));
}

#[test]
fn two_posts_are_a_list_though_one_has_a_picture() {
    let post = |classes: &str, title: &str, day: u32| {
        format!(
            "<article class='post-{day} post type-post status-publish {classes} hentry category-port'>
             <h2 class=entry-title><a href='/{}/'>{title}</a></h2><p>May {day}, 2026</p></article>",
            title.to_lowercase().replace(' ', "-")
        )
    };
    check(
        "http://sea.example/2026/",
        &format!(
            "<div id=left>{}{}</div>",
            post("format-image has-post-thumbnail", TITLES[0], 18),
            post("format-standard", TITLES[1], 11)
        ),
        "div#left > article.post",
        &[
            (TITLES[0], "http://sea.example/a-new-station-on-the-pier/", "2026-05-18"),
            (TITLES[1], "http://sea.example/students-win-the-robotics-cup/", "2026-05-11"),
        ],
    );
}

#[test]
fn a_card_that_is_a_link_is_named_by_its_heading() {
    let text = "港区将于近日对外开放新的观测站，欢迎广大师生前来参观学习并提出宝贵意见。".repeat(3);
    let card = |name: &str, title: &str, day: u32| {
        format!("<a class=tile href='/{name}/'><div><h2>{title}</h2><p>{text}</p><span>2026.05.{day}</span></div></a>")
    };
    let page = site(&format!("<div id=box>{}{}</div>", card("cup", TITLES[1], 17), card("hall", TITLES[3], 16)));
    let told = told(&found(&page, &url("http://sea.example/port/")));
    let titles: Vec<&str> = told.iter().map(|(title, _, _)| title.as_str()).collect();
    assert_eq!(titles, [TITLES[1], TITLES[3]]);
}

#[test]
fn rows_that_tell_the_day_of_another_are_no_entries() {
    let rows = |name: [&str; 2], tell: [&str; 2], is_told_first: bool| -> String {
        let entry = |(at, title): (usize, &&str)| {
            let named = format!("{}<a href=/n/{at}.htm>{title}</a>{}", name[0], name[1]);
            let told = tell[0].replace("DAY", &format!("{} March 2026", 28 - at)).replace("AT", &at.to_string());
            let told = format!("{told}{}", tell[1]);
            if is_told_first { told + &named } else { named + &told }
        };
        TITLES.iter().enumerate().map(entry).collect()
    };
    let days = |list: &str| {
        let page = site(&format!("<div class=content><h2>News</h2>{list}</div>"));
        let told = told(&found(&page, &url("http://sea.example/news/")));
        told.into_iter().map(|(title, _, day)| (title, day)).collect::<Vec<_>>()
    };
    let all: Vec<(String, String)> =
        TITLES.iter().enumerate().map(|(at, title)| ((*title).to_owned(), format!("2026-03-{}", 28 - at))).collect();
    let row = ["<tr><td>", "</td></tr>"];
    let filed = ["<tr><td>DAY in <a href=/c/AT>Town</a>", "</td></tr>"];
    assert_eq!(days(&format!("<table>{}</table>", rows(row, filed, false))), all);
    assert_eq!(days(&format!("<table>{}</table>", rows(row, filed, true))), all);
    let said = ["<li>By Ann, DAY <a href=/n/AT.htm#c>AT7 comments</a>", "</li>"];
    assert_eq!(days(&format!("<ul>{}</ul>", rows(["<li>", "</li>"], said, false))), all);
    // What names a story, too, is one.
    let other = ["<tr><td>DAY: <a href=/o/AT.htm>The quay is made anew for the year AT", "</a></td></tr>"];
    assert_eq!(days(&format!("<table>{}</table>", rows(row, other, false))).len(), 2 * TITLES.len());
}
