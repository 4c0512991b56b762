//! What stands beside titles in their links and is no part of them: days, counters, numbers of rows, words like "new".

use super::{TITLES, found, site, told, url};

/// Titles and days of a list. A row is made of its number and title: what stands in its link, and what behind it.
#[track_caller]
fn list(row: impl Fn(usize, &str) -> (String, String)) -> Vec<(String, String)> {
    let rows: String = TITLES
        .iter()
        .enumerate()
        .map(|(at, title)| {
            let (inside, behind) = row(at, title);
            format!("<li><a href=/news/story-of-day-{at}>{inside}</a>{behind}</li>")
        })
        .collect();
    let listing = found(&site(&format!("<ul class=list>{rows}</ul>")), &url("http://sea.example/news/"));
    told(&listing).into_iter().map(|(title, _, date)| (title, date.chars().take(10).collect())).collect()
}

/// The day of a row, behind its link.
fn behind(at: usize) -> String {
    format!(" <i>{}</i>", day(at))
}

fn day(at: usize) -> String {
    format!("2026-05-{:02}", 18 - at)
}

/// Rows of which nothing but the title and the day is told.
#[track_caller]
fn check(row: impl Fn(usize, &str) -> (String, String)) {
    let expected: Vec<_> = TITLES.iter().enumerate().map(|(at, title)| ((*title).to_owned(), day(at))).collect();
    assert_eq!(list(row), expected);
}

#[test]
fn a_day_beside_each_title_is_its_date() {
    let none = String::new;
    check(|at, title| (format!("{} May 2026 - {title}", 18 - at), none()));
    check(|at, title| (format!("{} {title}", day(at)), none()));
    check(|at, title| (format!("{title} {}", day(at)), none()));
    check(|at, title| (format!("{title} ({}.05.2026)", 18 - at), none()));
    check(|at, title| (format!("[05-{:02}] {title}", 18 - at), none()));
    check(|at, title| (format!("{title} 发布时间：{}", day(at)), none()));
    check(|at, title| (format!("{title} (Published: {})", day(at)), none()));
    check(|at, title| (format!("{at}. {} {title}", day(at)), none()));
    check(|at, title| (format!("{title} {}", day(at)), format!(" <i>{}</i>", day(at))));
    check(|at, title| (format!("{}.05.2026 14:30 Uhr | {title}", 18 - at), none()));
    check(|at, title| (format!("{title}<br>{} May 2026", 18 - at), none()));
}

#[test]
fn a_day_that_is_part_of_titles_stays() {
    // What takes place on other days than it was published on, is to come, or has no other name.
    for row in [
        (|at: usize, title: &str| (format!("{title} 2026-05-{:02}", 17 - at), format!(" <i>{}</i>", day(at))))
            as fn(usize, &str) -> (String, String),
        |at, title| (format!("{title} (2026-06-{:02})", 17 - at), String::new()),
        |at, _| (format!("Menu of the canteen {}", day(at)), String::new()),
        |at, title| (format!("{title} of {}", day(at)), String::new()),
        |at, title| (format!("{} is the day of: {title}", day(at)), String::new()),
        |at, title| (format!("{} June 2026: {title}", at + 1), String::new()),
    ] {
        for (at, (title, _)) in list(row).into_iter().enumerate() {
            assert_eq!(title, row(at, TITLES[at]).0);
        }
    }
}

#[test]
fn counters_and_numbers_of_rows_are_no_titles() {
    check(|at, title| (format!("{title} ({})", at * 7 + 3), behind(at)));
    check(|at, title| (format!("{title} [浏览:{}]", at * 7 + 3), behind(at)));
    check(|at, title| (format!("{} {title}", at + 1), behind(at)));
    check(|at, title| (format!("{:02}. {title}", 20 - at), behind(at)));
    for row in [
        (|at: usize, title: &str| (format!("{title} ({})", 2020 + at), behind(at))) as fn(usize, &str) -> _,
        |at, title| (format!("{title} (2)"), behind(at)),
        |at, _| (format!("Lecture on tides ({})", at + 1), behind(at)),
        |at, title| (format!("{} {title}", at * at + 2), behind(at)),
    ] {
        for (at, (title, _)) in list(row).into_iter().enumerate() {
            assert_eq!(title, row(at, TITLES[at]).0);
        }
    }
}

#[test]
fn what_calls_attention_to_a_title_is_no_part_of_it() {
    for label in ["NEW ", "<span class=badge>New</span> ", "[置顶]", "<em>N</em>"] {
        check(|at, title| (format!("{}{title}", if at < 2 { label } else { "" }), behind(at)));
    }
    for label in [" NEW!", " <sup>new</sup>", " 【置顶】"] {
        check(|at, title| (format!("{title}{}", if at < 2 { label } else { "" }), behind(at)));
    }
    // One alone may be its author's, and so are words that begin a title.
    let own = ["HOT! The summer of the harbour", "New ships for the harbour", "Top prize for the choir"];
    let row = |at: usize, title: &str| ((*own.get(at).unwrap_or(&title)).to_owned(), behind(at));
    for (at, (title, _)) in list(row).into_iter().enumerate() {
        assert_eq!(title, row(at, TITLES[at]).0);
    }
}
