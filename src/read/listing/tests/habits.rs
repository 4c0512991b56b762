//! What all entries of a list tell together holds when others come.

use super::super::super::guard;
use super::{Way, found, policy, site, told, url};
use crate::read::listing::{Listing, read};

/// The list that a page of rows holds, as it was found, and what another page of the same list tells by the same way.
#[track_caller]
fn visits(first: &[&str], second: &[&str]) -> Vec<(String, String)> {
    let page = |rows: &[&str]| {
        let row = |(at, row): (usize, &&str)| {
            let (before, title) = row.split_once('|').unwrap_or(("", row));
            format!("<li>{before}<a href=/news/story-of-day-{at}>{title}</a></li>")
        };
        let rows: String = rows.iter().enumerate().map(row).collect();
        site(&format!("<ul class=list>{rows}</ul>")).html()
    };
    let base = url("http://sea.example/news/");
    let listing = found(&guard::parse_document(&page(first)), &base);
    // It is kept as text between two visits.
    let kept = serde_json::to_string(&listing.way).expect("text");
    let way: Way = serde_json::from_str(&kept).expect("a way");
    assert_eq!(way, listing.way);
    let again: Listing = read(&way, &guard::Page::of(&page(second)), &base, policy()).expect("a list");
    assert!(again.way.is(&way));
    told(&again).into_iter().map(|(title, _, date)| (title, date.chars().take(10).collect())).collect()
}

#[track_caller]
fn check(first: &[&str], second: &[&str], expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(title, date)| ((*title).to_owned(), (*date).to_owned())).collect();
    assert_eq!(visits(first, second), expected);
}

#[test]
fn what_was_glued_to_titles_stays_off_them() {
    check(
        &[
            "A new station on the pier (2026-05-18)",
            "Students win the robotics cup (2026-05-17)",
            "The library is open longer (2026-05-16)",
        ],
        &[
            "The choir sings in the hall",
            "No more plastic in the canteen",
            "A bridge of old timber is closed",
            "A new station on the pier (2026-05-18)",
        ],
        &[
            ("The choir sings in the hall", ""),
            ("No more plastic in the canteen", ""),
            ("A bridge of old timber is closed", ""),
            ("A new station on the pier", "2026-05-18"),
        ],
    );
    check(
        &[
            "NEW A station on the pier",
            "NEW Students win the robotics cup",
            "The library is open longer",
            "The choir sings in the hall",
            "A bridge of old timber",
            "No more plastic in the canteen",
        ],
        &["NEW The boats are back in the harbour", "NEW A station on the pier", "The library is open longer"],
        &[("The boats are back in the harbour", ""), ("A station on the pier", ""), ("The library is open longer", "")],
    );
}

#[test]
fn figures_keep_the_order_that_was_told() {
    let first = [
        "28/02/2026 |A new station on the pier",
        "15/02/2026 |Students win the robotics cup",
        "30/01/2026 |The library is open longer",
    ];
    let second = ["04/03/2026 |The choir sings in the hall", "01/03/2026 |No more plastic in the canteen"];
    let dates: Vec<String> = visits(&first, &second).into_iter().map(|(_, date)| date).collect();
    assert_eq!(dates, ["2026-03-04", "2026-03-01"]);
}
