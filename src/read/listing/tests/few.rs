//! Lists that have an entry or two so far, and pages that look so.

use super::super::super::guard;
use super::super::shown;
use super::{Form, NoList, policy, read, told, url};
use crate::source::Select;

/// A story: a headline with a link, and its day.
const STORY: &str = "<article class='post-41 post tag-sea'><header><h2><a href=/a-new-station/>A new station</a></h2>
    <p>By <a href=/author/ann/>Ann Lee</a> on <time datetime=2026-05-12>12 May 2026</time></p></header><p>It opens in June.</p></article>";

/// A page with a menu, and a column with what is told elsewhere.
fn page(title: &str, class: &str, content: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>{title} – The Harbour</title></head><body class='{class}'>
         <nav><ul><li><a href=/>Home</a><li><a href=/about/>About the harbour</a><li><a href=/contact/>Contact</a></ul></nav>
         <main><h1>{title}</h1>{content}</main>
         <aside><h3>Labels</h3><ul><li><a href=/tag/sea/>Sea</a><li><a href=/tag/pier/>Pier</a></ul></aside>
         <footer><p>© The Harbour 2026</p></footer></body></html>"
    )
}

/// Title, link and date of each entry that a page shows.
fn entries(text: &str, address: &str) -> Result<Vec<(String, String, String)>, NoList> {
    let list = shown(&guard::parse_document(text), &url(address), &Select::default(), policy())?;
    let again = read(&list.way, &guard::Page::of(text), &url(address), policy()).expect("the same");
    assert_eq!((again.feed.entries.clone(), again.way.form), (list.feed.entries.clone(), Form::Page));
    Ok(told(&list))
}

#[test]
fn a_list_may_have_one_entry_so_far() {
    let expected =
        [("A new station".to_owned(), "http://sea.example/a-new-station/".to_owned(), "2026-05-12".to_owned())];
    for (title, class, address) in [
        ("Sea", "", "http://sea.example/tag/sea/"),
        ("2026", "", "http://sea.example/2026/05/"),
        ("What a new station is worth", "", "http://sea.example/archives/"),
        ("Whatever comes", "archive category", "http://sea.example/c41/"),
        ("News", "", "http://sea.example/c41/"),
    ] {
        assert_eq!(entries(&page(title, class, STORY), address).as_deref(), Ok(&expected[..]), "{address}");
    }
    let card = "<ul><li><a href=/a-new-station/><h3>A new station</h3><span>12 May 2026</span></a></li></ul>";
    assert_eq!(entries(&page("News", "", card), "http://sea.example/news/").as_deref(), Ok(&expected[..]));
    // The next is of another make: nothing that the first was told by is kept.
    let next = STORY.replace("a-new-station", "tides").replace("A new station", "Tides").replace("tag-sea", "tag-pier");
    let both = entries(&page("Sea", "", &format!("{next}{STORY}")), "http://sea.example/tag/sea/").expect("a list");
    assert_eq!(both.iter().map(|(title, ..)| title.as_str()).collect::<Vec<_>>(), ["Tides", "A new station"]);
}

#[test]
fn a_lone_headline_may_be_no_list() {
    let none = |text: &str, address: &str| assert_eq!(entries(text, address), Err(NoList::Nothing), "{address} {text}");
    let news = "http://sea.example/news/";
    // Nothing says that the page lists anything; it is the story; it is another story, which leads on to this one.
    none(&page("The pier", "", STORY), "http://sea.example/the-pier/");
    none(&page("News", "", STORY), "http://sea.example/a-new-station/");
    none(&page("A new station – News", "", STORY), news);
    none(&page("The pier – News", "", STORY), "http://sea.example/news/the-pier-is-closed-today/");
    // What is to come, what has no day, what surrounds the page, what leads elsewhere, what is no headline.
    none(&page("News", "", &STORY.replace("2026-05-12", "2026-07-12").replace("12 May", "12 July")), news);
    none(&page("News", "", &STORY.replace("datetime=2026-05-12", "").replace("12 May 2026", "today")), news);
    none(&page("News", "", &format!("<div class=sidebar>{STORY}</div>")), news);
    none(&page("News", "", &STORY.replace("href=/a-new-station/", "href=https://land.example/a/")), news);
    none(&page("News", "", &STORY.replace("h2>", "b>")), news);
}
