//! What the words around a date in a list say of it.

use super::{found, site, url};
use crate::draft::Doubt;
use crate::read::guard;

const TITLES: [&str; 4] = [
    "Marine laboratory opens a new station on the pier",
    "Students of the harbour win the cup of the county",
    "Library extends its opening hours in the winter",
    "Choir sings in the old hall of the upper town",
];

/// Dates of the entries of a list, and what they leave open. `row` is what stands behind the link of each, by its place.
#[track_caller]
fn check(holder: [&str; 2], row: impl Fn(usize) -> String, expected: [(&str, Doubt); 4]) {
    let rows: String = (0..4)
        .map(|at| row(at).replace("LINK", &format!("<a href=/news/{}.htm>{}</a>", 900 - at, TITLES[at])))
        .collect();
    let page = site(&format!("<div class=list>{}{rows}{}</div>", holder[0], holder[1]));
    let listing = found(&page, &url("https://sea.example/news/"));
    let told = listing.feed.entries.iter().map(|entry| {
        let when = entry.facts.published.map(|when| when.to_string()).unwrap_or_default();
        (when, entry.facts.doubt)
    });
    let expected = expected.map(|(when, doubt)| (when.to_owned(), doubt));
    assert_eq!(told.collect::<Vec<_>>(), expected, "{}", row(0));
}

const LIST: [&str; 2] = ["<ul>", "</ul>"];
const TABLE: [&str; 2] = ["<table>", "</table>"];

/// The same doubt for the days from the tenth of April on, each a day before.
fn april(doubt: Doubt) -> [(&'static str, Doubt); 4] {
    ["2026-04-10", "2026-04-09", "2026-04-08", "2026-04-07"].map(|day| (day, doubt))
}

#[test]
fn a_label_says_which_date_is_that_of_the_publication() {
    let sure = april(Doubt::None);
    let day = |at: usize| format!("{} April 2026", 10 - at);
    check(LIST, |at| format!("<li>LINK<p>Last updated: 2 May 2026</p><p>Published: {}</p>", day(at)), sure);
    check(LIST, |at| format!("<li>LINK<p>报告时间：2026年5月{}日 14:30</p><p>发布时间：{}</p>", 9 - at, day(at)), sure);
    check(LIST, |at| format!("<li>LINK<p>Apply by {} May 2026</p><p>{}</p>", 9 - at, day(at)), sure);
    check(LIST, |at| format!("<li>LINK<dl><dt>Closing date<dd>2 May 2026<dt>Date<dd>{}</dl>", day(at)), sure);
    check(
        LIST,
        |at| {
            format!(
                "<li>LINK <p>Event: <time datetime=2026-06-02>x</time><p>Posted <time datetime=2026-04-{:02}>x</time>",
                10 - at
            )
        },
        sure,
    );
    let full = |at: usize| format!("<span title=2026-04-{:02}>{} months ago</span>", 10 - at, at + 2);
    check(LIST, |at| format!("<li>LINK {}", full(at)), sure);
    check(
        LIST,
        |at| format!("<li>LINK <p>Published: {}<p>Last updated: <b title='2026-5-1 9:40'>just now</b>", day(at)),
        sure,
    );
    let rows = |at: usize| match at {
        0 => format!("<tr><th>Title<th>Deadline<th>Posted<tr><td>LINK<td>{} May 2026<td>{}", 9, day(0)),
        _ => format!("<tr><td>LINK<td>{} May 2026<td>{}", 9 - at, day(at)),
    };
    check(TABLE, rows, sure);
}

#[test]
fn a_lone_date_with_the_label_of_something_else_is_told_weakly() {
    let day = |at: usize| format!("{} April 2026", 10 - at);
    check(LIST, |at| format!("<li>LINK<p>Deadline: {}</p>", day(at)), april(Doubt::Event));
    check(LIST, |at| format!("<li>LINK<p>Sailing: {}</p>", day(at)), april(Doubt::Label));
    check(LIST, |at| format!("<li>LINK<p>Updated: {}</p>", day(at)), april(Doubt::Change));
    let machine = |at: usize| format!("<li>LINK<p>Updated: <time datetime=2026-04-{:02}>x</time>", 10 - at);
    check(LIST, machine, april(Doubt::Change));
    check(LIST, |at| format!("<li>LINK<p>Fecha: {}</p>", day(at)), april(Doubt::None));
    check(LIST, |at| format!("<li>LINK<p>{} April</p>", 10 - at), april(Doubt::Year));
}

#[test]
fn a_number_in_the_next_cell_is_no_part_of_a_date() {
    let clicks = |at: usize| format!("<tr><td>LINK<td>{} April<td>{}", 10 - at, at * 5 + 1);
    check(TABLE, clicks, april(Doubt::Year));
    let count = |at: usize| format!("<tr><td>{}<td>April {}<td>LINK", 20 - at, 10 - at);
    check(TABLE, count, april(Doubt::Year));
    let badge = |at: usize| format!("<li><span>{:02}</span> <i>Apr</i> <b>2026</b>LINK", 10 - at);
    check(LIST, badge, april(Doubt::None));
}

#[test]
fn month_and_day_may_stand_beside_other_words() {
    check(LIST, |at| format!("<li>LINK<i>教务处</i><span>04-{:02}</span>", 10 - at), april(Doubt::Year));
    check(TABLE, |at| format!("<tr><td>{at}<td>LINK<td>37<td>04-{:02}", 10 - at), april(Doubt::Year));
    check(LIST, |at| format!("<li>LINK<i>教務處</i><span>115-04-{:02}</span>", 10 - at), april(Doubt::None));
    check(LIST, |at| format!("<li>LINK<span>4-{}</span>", 10 - at), april(Doubt::Year));
    check(LIST, |at| format!("<li>LINK<span>[4/{}]</span>", 10 - at), april(Doubt::Year));
}

#[test]
fn the_letters_of_its_title_tell_how_a_page_writes_dates() {
    let rows = (0..4).fold(String::new(), |rows, at| {
        format!("{rows}<li><a href=/news/{at}.htm>{}</a><span>26-04-{:02}</span>", TITLES[at], 10 - at)
    });
    let page = site(&format!("<ul class=list>{rows}</ul>")).html().replace("lang=\"zh\"", "lang=\"en\"");
    assert!(page.contains("lang=\"en\""));
    let listing = found(&guard::parse_document(&page), &url("https://sea.example/news/"));
    let told = listing.feed.entries.iter().filter_map(|entry| entry.facts.published.map(|when| when.to_string()));
    assert_eq!(told.collect::<Vec<_>>(), ["2026-04-10", "2026-04-09", "2026-04-08", "2026-04-07"]);
}

#[test]
fn a_heading_tells_the_year_of_its_entries() {
    let years = |at: usize| {
        let heading = if [0, 2].contains(&at) { format!("<h3>{}</h3>", 2026 - at / 2 * 3) } else { String::new() };
        format!("{heading}<p>{} April: LINK</p>", 10 - at)
    };
    let told = ["2026-04-10", "2026-04-09", "2023-04-08", "2023-04-07"].map(|day| (day, Doubt::None));
    check(["", ""], years, told);
}

#[test]
fn figures_beside_entries_stand_in_their_order() {
    let days = ["2026-05-12", "2026-05-11", "2026-05-10", "2026-05-09"].map(|day| (day, Doubt::None));
    let date = |at: usize| format!("{:02}/05/2026", 12 - at);
    check(["<dl>", "</dl>"], |at| format!("<dt>{}<dd>LINK", date(at)), days);
    check(["", ""], |at| format!("<div class=c1>{}</div><div class=c2>LINK</div>", date(at)), days);
    check(["", ""], |at| format!("<p>{}</p><p>LINK</p>", date(at)), days);
    check(TABLE, |at| format!("<tr><td>LINK<tr><td>{}", date(at)), days);
}

#[test]
fn the_heading_above_the_first_entry_is_the_date_of_none() {
    let months = |at: usize| {
        let heading = if at == 0 { "<h2>April 2026</h2>" } else { "" };
        format!("{heading}<div class=n>LINK</div>")
    };
    check(["", ""], months, [("", Doubt::None); 4]);
}

#[test]
fn a_day_may_stand_beside_what_holds_its_entry() {
    for [before, row, behind] in [
        ["<dl>", "<dt>DAY April 2026<dd>LINK", "</dl>"],
        ["<div>", "<h4>DAY April 2026</h4><p>LINK</p>", "</div>"],
        ["<div>", "<p>LINK</p><p>DAY April 2026</p>", "</div>"],
    ] {
        let rows: String = ["pier", "cup", "hours", "choir"]
            .into_iter()
            .zip(TITLES)
            .enumerate()
            .map(|(at, (name, title))| {
                let link = format!("<a href=/{name}.html>{title}</a>");
                row.replace("DAY", &(10 - at).to_string()).replace("LINK", &link)
            })
            .collect();
        let listing = found(&site(&format!("{before}{rows}{behind}")), &url("https://sea.example/archives.html"));
        let days = listing.feed.entries.iter().filter_map(|entry| entry.facts.published.map(|when| when.to_string()));
        assert_eq!(days.collect::<Vec<_>>(), april(Doubt::None).map(|(day, _)| day), "{row}");
    }
}

#[test]
fn a_box_has_a_day_and_the_short_name_of_its_month() {
    for [day, month] in [["DAY", "Nis"], ["DAY", "Tháng 04"], ["DAY", "Th4"], ["Apr", "DAY."], ["DAY Nis", ""]] {
        let fill = |text: &str, at: usize| text.replace("DAY", &(10 - at).to_string());
        let row = |at: usize| format!("<li><b>{}</b><i>{}</i>LINK", fill(day, at), fill(month, at));
        check(LIST, row, april(Doubt::Year));
    }
    let none = [("", Doubt::None); 4];
    check(LIST, |at| format!("<li><b>{}</b><i>Views</i>LINK", 10 - at), none);
    check(LIST, |at| format!("<li>LINK<p>{} Nis and more of it than a day</p>", 10 - at), none);
}

#[test]
fn a_year_of_two_figures_is_no_day() {
    let sure = ["2024-04-10", "2024-04-09", "2024-04-08", "2024-04-07"].map(|day| (day, Doubt::None));
    check(LIST, |at| format!("<li><div class=day>{}<span>avr 24</span></div>LINK", 10 - at), sure);
    check(LIST, |at| format!("<li><p><b>{}</b> <i>Apr</i> <i>'24</i></p>LINK", 10 - at), sure);
    check(LIST, |at| format!("<li>LINK<span>{} Apr 24</span>", 10 - at), sure);
    // A number in the next cell is none of its figures.
    check(TABLE, |at| format!("<tr><td>LINK<td>12<td>Apr {:02}", 10 - at), april(Doubt::Year));
}
