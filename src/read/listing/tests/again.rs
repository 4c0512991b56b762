//! A list that is found again in another layout by what is known of it.

use url::Url;

use super::{policy, site, told, url};
use crate::read::listing::{Habits, find_again};

/// The same news in another layout.
pub(super) fn known() -> Vec<(String, Url)> {
    let titles = [
        "Harbour opens a tide laboratory",
        "Sea walls for the next century",
        "What the ice tells of winter",
        "Students measure the sea",
        "A pier for everybody at last",
    ];
    titles
        .iter()
        .enumerate()
        .map(|(at, title)| ((*title).to_owned(), url(&format!("http://www.sea.example/news/{}", 100 + at))))
        .collect()
}

#[test]
fn a_list_is_found_again_in_another_layout() {
    let base = url("https://sea.example/news");
    let new = |list: &str, entries: &[(String, Url)]| {
        let rows: String = entries
            .iter()
            .map(|(title, url)| {
                let path = url.path();
                match list {
                    "table" => format!("<tr><td><a href='{path}/'>{title}</a></td></tr>"),
                    _ => format!("<section class=x9><h5><a href='{path}'>{title}</a></h5></section>"),
                }
            })
            .collect();
        let other: String = (0..9).map(|at| format!("<p class=y><a href=/o/{at}{at}{at}>Something else that is listed here as number {at}</a> 2025-03-0{}</p>", at + 1)).collect();
        site(&format!("<div>{other}</div><{list} class=c>{rows}</{list}>"))
    };
    for list in ["table", "div"] {
        let (listing, share) =
            find_again::find_again(&new(list, &known()), &base, &known(), &Habits::default(), policy())
                .expect("it is there");
        let titles: Vec<String> = told(&listing).into_iter().map(|(title, ..)| title).collect();
        assert_eq!(titles, known().into_iter().map(|(title, _)| title).collect::<Vec<_>>(), "{list}");
        assert!(share > 0.99, "{share}");
    }
    // Of five known ones two are left: it is told, and who asks may find that too few.
    let mut some = known();
    some.truncate(2);
    some.extend([("A notice of today".to_owned(), url("http://www.sea.example/news/7"))]);
    let (_, share) =
        find_again::find_again(&new("div", &some), &base, &known(), &Habits::default(), policy()).expect("it is there");
    assert!((share - 0.4).abs() < 0.01, "{share}");
    // What the list glues to a title was left out of it.
    let glued: Vec<_> = known().into_iter().map(|(title, url)| (format!("» 2025-03-01 {title}"), url)).collect();
    let (_, share) = find_again::find_again(&new("div", &glued), &base, &known(), &Habits::default(), policy())
        .expect("it is there");
    assert!(share > 0.99, "{share}");
    // What was glued to them before is glued now, though this list does not show it: a row is missing.
    let numbered = |(at, (title, url)): (usize, (String, Url))| (format!("{}. {title}", at + 1 + at / 2), url);
    let page = new("div", &known().into_iter().enumerate().map(numbered).collect::<Vec<_>>());
    let share = |habits: &str| {
        let habits = serde_json::from_str(habits).unwrap();
        find_again::find_again(&page, &base, &known(), &habits, policy()).map_or(0.0, |(_, share)| share)
    };
    assert!(share("{}") < 0.01, "{}", share("{}"));
    assert!(share(r#"{"glue":{"is_numbered":true}}"#) > 0.99);
    // The addresses are there, but other titles.
    let renamed: Vec<_> = known().into_iter().map(|(title, url)| (title.to_uppercase() + " (2)", url)).collect();
    let again = find_again::find_again(&new("div", &renamed), &base, &known(), &Habits::default(), policy());
    assert!(again.is_some_and(|(_, share)| share < 0.01));
    assert!(find_again::find_again(&site(""), &base, &known(), &Habits::default(), policy()).is_none());
}

#[test]
fn titles_cut_short_are_the_same() {
    let base = url("https://sea.example/news");
    let rows: String = known()
        .iter()
        .map(|(title, url)| format!("<li><a href='{url}'>{}...</a></li>", title.chars().take(20).collect::<String>()))
        .collect();
    let page = site(&format!("<ul class=n>{rows}</ul>"));
    let (_, share) = find_again::find_again(&page, &base, &known(), &Habits::default(), policy()).expect("it is there");
    assert!(share > 0.99, "{share}");
}

/// What an entry of a list looks like: the one of this number, with this title.
type Layout<'f> = &'f dyn Fn(usize, &str) -> String;

#[test]
fn cards_that_are_one_link_each_are_found_again() {
    let base = url("https://sea.example/news");
    let teaser = |at: usize| format!("What {at} people of the harbour say of it, and what they do not.");
    let layouts: [Layout<'_>; 5] = [
        &|at, title| {
            format!(
                "<article class=i><a href='/neu/{title}'><time datetime=2026-02-1{at}>1{at}.02.2026</time><h2>{title}</h2><p>{}</p></a></article>",
                teaser(at)
            )
        },
        &|at, title| {
            format!(
                "<a class=i href='/neu/{title}'><span class=date>1{at}.02.2026</span><span class=title>{title}</span></a>"
            )
        },
        &|at, title| {
            format!(
                "<div class=i><a href='/neu/{title}'><span class=date><b>1{at}</b>2026-02</span><div class=tt>{title}</div><p>{}</p></a></div>",
                teaser(at)
            )
        },
        &|at, title| {
            format!(
                "<div class=i><div class=date>1{at}.02.2026</div><h3>{title}</h3><p>{} <a href='/neu/{title}'>mehr</a></p></div>",
                teaser(at)
            )
        },
        &|at, title| {
            format!("<article class=i><a href='/neu/{title}'><h2>{title}</h2><time>1{at}.02.2026</time></a></article>")
        },
    ];
    let slug = |title: &str| title.to_lowercase().replace(' ', "-");
    for (number, layout) in layouts.iter().enumerate() {
        let cards: String = known()
            .iter()
            .enumerate()
            .map(|(at, (title, _))| {
                layout(at, title).replace(&format!("/neu/{title}"), &format!("/neu/{}", slug(title)))
            })
            .collect();
        let page = site(&format!("<div class=main><section class=n>{cards}</section></div>"));
        let (listing, share) =
            find_again::find_again(&page, &base, &known(), &Habits::default(), policy()).expect("it is there");
        assert!(share > 0.99, "{number}: {share}");
        let titles: Vec<String> = told(&listing).into_iter().map(|(title, ..)| title).collect();
        assert_eq!(titles, known().into_iter().map(|(title, _)| title).collect::<Vec<_>>(), "{number}");
    }
    // Cards of other news are not those.
    let cards: String = (0..5).map(|at| layouts[0](at, &format!("Another story of the land {at}"))).collect();
    assert!(find_again::find_again(&site(&cards), &base, &known(), &Habits::default(), policy()).is_none());
}
