//! What stands where titles were: names of stories, also such as repeat, or something else.

use super::{TITLES, found, policy, site, told, url};
use crate::read::guard;
use crate::read::listing::select;
use crate::source::Select;

#[test]
fn titles_that_are_none_are_seen() {
    let of = |titles: &[&str]| {
        let rows: String =
            titles.iter().enumerate().map(|(at, title)| format!("<li><a href={at}>{title}</a></li>")).collect();
        let select = Select { item: Some("li".to_owned()), title: Some("a".to_owned()), ..Select::default() };
        let listing = select::read(&guard::parse_document(&rows), &url("http://sea.example/"), &select, policy());
        select::has_titles(&listing.expect("a list"), policy())
    };
    assert!(of(&["关于春季运动会的通知", "图书馆公告", "2025-03-02"]));
    assert!(!of(&["2025-03-02", "2025-02-27", "2024年12月12日", "图书馆公告"]));
    assert!(!of(&["Details of it", "Details of it", "Details of it"]));
    assert!(!of(&["", "", ""]));
}

/// Whether rows name their articles.
fn are_named(rows: &str, is_written: bool) -> bool {
    let select = Select { item: Some("li".to_owned()), title: Some("a".to_owned()), ..Select::default() };
    let base = url("http://sea.example/");
    let mut listing = select::read(&guard::parse_document(rows), &base, &select, policy()).expect("a list");
    listing.way.is_written = is_written;
    select::has_titles(&listing, policy())
}

/// Ten rows of a title and what stands around it.
fn rows(row: impl Fn(usize) -> String) -> String {
    (0..10).map(|at| format!("<li>{}</li>", row(at))).collect()
}

#[test]
fn notices_of_one_title_are_named_by_their_days() {
    let title = |at: usize| ["停水通知", "停电通知"][at % 2];
    let dated = |at: usize| format!("<a href={at}>{}</a> <span>2025-03-{:02}</span>", title(at), at + 1);
    assert!(are_named(&rows(dated), false));
    assert!(are_named(&rows(|at| format!("{at} {} 后勤处", dated(at))), false));
    assert!(are_named(&rows(|at| format!("<a href={at}>Library opening hours</a> 2025-03-{:02}", at + 1)), false));
    // Titles that are cut short to one start.
    assert!(are_named(&rows(|at| format!("<a href={at}>关于公布2026年度校...</a> 2025-03-02")), false));
    // Whose days nobody tells are named only where somebody says what the entries are.
    let undated = rows(|at| format!("<a href={at}>{}</a>", title(at)));
    assert_eq!((are_named(&undated, false), are_named(&undated, true)), (false, true));
    let told = rows(|at| {
        format!("{} <p>Number {} of the day's words</p>", dated(at), ["one", "two", "six"][at % 3].repeat(at + 1))
    });
    assert_eq!((are_named(&told, false), are_named(&told, true)), (false, true));
}

#[test]
fn what_asks_to_read_on_is_no_title() {
    let ships =
        |at: usize| format!("The {} came in with the tide", ["Swallow", "Heron", "Plover"][at % 3].repeat(at + 1));
    for more in ["Read more", "Details of it", "Zum ganzen Artikel", "Continue reading…", "查看详情"] {
        let beside = |at: usize| format!("<h3>{}</h3> 2025-03-{:02} <a href={at}>{more}</a>", ships(at), at + 1);
        for is_written in [false, true] {
            assert!(!are_named(&rows(beside), is_written), "{more} {is_written}");
        }
        // The title stands beside what was the entry.
        let behind: String = (0..10)
            .map(|at| format!("<li>2025-03-{:02} <a href={at}>{more}</a></li><p>{}</p>", at + 1, ships(at)))
            .collect();
        assert!(!are_named(&behind, false), "{more}");
    }
    let alone = rows(|at| format!("2025-03-{:02} <a href={at}>Read more…</a>", at + 1));
    assert_eq!((are_named(&alone, false), are_named(&alone, true)), (false, false));
}

#[test]
fn a_heading_of_one_word_is_a_title() {
    let words = ["Regatta", TITLES[0], "潮汐", TITLES[1], TITLES[4], "Sommerfest"];
    let text = "<p>On Friday all came to the harbour, and stayed until the tide went out again.</p>";
    for card in [
        "<h3><a href=TO>WORD</a></h3><span>DAY</span>TEXT",
        "<h3><a href=TO>WORD</a></h3><h5>Posted in news on DAY</h5>TEXT",
        "<h3>WORD</h3><span>DAY</span>TEXT<a href=TO>Czytaj dalej</a>",
        "<a href=TO><h3>WORD</h3><span>DAY</span>TEXT</a>",
        "<h2>WORD</h2><a href=/archive/2026/05/ class=day>DAY</a>TEXT<a href=TO class=post>WORD</a>",
    ] {
        let cards = words.iter().enumerate().map(|(at, word)| {
            let card = card.replace("TO", &format!("/news/{at}.html")).replace("TEXT", text);
            format!(
                "<article>{}</article>",
                card.replace("WORD", word).replace("DAY", &format!("{} May 2026", 18 - at))
            )
        });
        let listing =
            found(&site(&format!("<main>{}</main>", cards.collect::<String>())), &url("http://sea.example/news/"));
        let read: Vec<_> = told(&listing).into_iter().map(|(title, link, _)| (title, link)).collect();
        let expected = words.iter().enumerate();
        let expected = expected.map(|(at, word)| ((*word).to_owned(), format!("http://sea.example/news/{at}.html")));
        assert_eq!(read, expected.collect::<Vec<_>>(), "{card}");
    }
}

#[test]
fn a_heading_is_a_title_though_it_ends_like_a_sentence() {
    let heads = ["The films can be seen!", "Who sails in the spring?", "2026 is a good year.", "All came to the pier."];
    let cards = heads.iter().enumerate().map(|(at, head)| {
        format!(
            "<div class=slide><h2>{head}</h2><p>{} May 2026</p><a href=/news/{at}.html>To the whole of it</a></div>",
            18 - at
        )
    });
    let listing = found(&site(&cards.collect::<String>()), &url("http://sea.example/news/"));
    assert_eq!(told(&listing).into_iter().map(|(title, ..)| title).collect::<Vec<_>>(), heads);
}

#[test]
fn an_address_is_no_title() {
    let row = |(at, title): (usize, &&str)| {
        let address = format!("https://press{at}.example/2026/05/{at}{at}-the-port-in-the-news");
        format!(
            "<div class=row><span>2026-05-{:02} <b>Press {at}</b></span><p class=title>{title}</p><a href='{address}'>{address}</a></div>",
            18 - at
        )
    };
    let rows: String = TITLES.iter().enumerate().map(row).collect();
    let told = told(&found(&site(&format!("<div class=news>{rows}</div>")), &url("http://sea.example/press/")));
    let titles: Vec<&str> = told.iter().map(|(title, _, _)| title.as_str()).collect();
    assert_eq!(titles, TITLES);
}
