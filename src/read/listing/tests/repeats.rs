//! What stands in a list or beside it and is no news: links beside those of articles, words that repeat, other lists.

use super::{NoList, TITLES, detect, found, policy, site, told, url};
use crate::source::Select;

/// A list of six rows, each made of a number, an address and a title.
fn rows(row: impl Fn(usize, &str, &str) -> String) -> String {
    TITLES.into_iter().enumerate().map(|(at, title)| row(at, &format!("/news/story-of-day-{at}"), title)).collect()
}

/// What a list tells: titles and addresses.
#[track_caller]
fn entries(content: &str) -> Vec<(String, String)> {
    let listing = found(&site(content), &url("http://sea.example/news/"));
    told(&listing).into_iter().map(|(title, link, _)| (title, link)).collect()
}

#[track_caller]
fn check(content: &str) {
    let expected: Vec<String> =
        rows(|at, _, title| format!("{title} /news/story-of-day-{at}\n")).lines().map(str::to_owned).collect();
    let found = entries(content);
    let found: Vec<String> =
        found.iter().map(|(title, link)| format!("{title} {}", link.replace("http://sea.example", ""))).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_second_link_of_one_shape_is_no_entry() {
    for more in ["PDF", "Download the press release (PDF)", "English version"] {
        let second = |at: usize| format!("<a href='/files/{at}.pdf'>{more}</a>");
        check(&format!(
            "<ul>{}</ul>",
            rows(|at, to, title| format!("<li>2026-05-{:02} <a href={to}>{title}</a> {}</li>", 20 - at, second(at)))
        ));
        check(&format!(
            "<ul>{}</ul>",
            rows(|at, to, title| format!("<li>2026-05-{:02} {} <a href={to}>{title}</a></li>", 20 - at, second(at)))
        ));
        let cells = |at, to: &str, title: &str| {
            format!("<tr><td>2026-05-{:02}<td><a href={to}>{title}</a><td>{}</tr>", 20 - at, second(at))
        };
        check(&format!("<table>{}</table>", rows(cells)));
        let some = |at: usize, to: &str, title: &str| {
            format!(
                "<li>2026-05-{:02} <a href={to}>{title}</a> {}</li>",
                20 - at,
                if at.is_multiple_of(2) { second(at) } else { String::new() }
            )
        };
        check(&format!("<ul>{}</ul>", rows(some)));
    }
}

#[test]
fn notices_of_one_title_in_rows_of_several_are_entries() {
    let notice = |at: usize| {
        let title = if at % 2 == 1 {
            "Water is turned off for a day".to_owned()
        } else {
            format!("Notice of the office number {at}")
        };
        format!("<div class=col><a href=/news/notice-of-day-{at}>{title}</a> <span>2026-05-{:02}</span></div>", 20 - at)
    };
    let row = |row: usize| format!("<div class=row>{}</div>", (row * 2..row * 2 + 2).map(notice).collect::<String>());
    assert_eq!(entries(&(0..6).map(row).collect::<String>()).len(), 12);
}

#[test]
fn a_word_in_a_heading_that_many_entries_have_is_a_label() {
    for labels in [["Event"; 3], ["News", "Award", "Event"]] {
        let tile = |at: usize, to: &str, title: &str| {
            let label = labels[at % 3];
            format!("<a class=tile href={to}><h4>{label}</h4><p>{title}</p><p>{} May 2026</p></a>", 20 - at)
        };
        check(&rows(tile));
    }
    // Where the rest is text, the word is the title.
    let regatta = rows(|at, to, _| {
        format!(
            "<div class=box><h4><a href={to}>Regatta</a></h4><p>{} May 2026</p><p>Boat number {at} was the first of all at the pier.</p></div>",
            20 - at
        )
    });
    assert!(entries(&regatta).iter().all(|(title, _)| title == "Regatta"), "{:?}", entries(&regatta));
}

#[test]
fn what_links_say_in_each_entry_is_no_title() {
    for more in ["Zum Artikel", "Ver más", "Full news item »", "点击下载"] {
        check(&rows(|at, to, title| {
            format!("<div class=box><h3>{title}</h3><p>{}.5.2026</p><a href={to}>{more}</a></div>", 20 - at)
        }));
    }
    check(&rows(|at, to, title| {
        format!("<a class=tile href={to}><p>Research and innovation</p><p>{title}</p><p>{} May 2026</p></a>", 20 - at)
    }));
    let labels = ["Research and innovation", "People of the harbour"];
    check(&rows(|at, to, title| {
        format!("<a class=tile href={to}><p>{}</p><p>{title}</p><p>{} May 2026</p></a>", labels[at % 2], 20 - at)
    }));
}

#[test]
fn a_title_that_repeats_beside_a_teaser_stays() {
    let row = |at: usize, to: &str, told: &str| {
        let title = if at.is_multiple_of(2) { "Water is turned off" } else { told };
        format!(
            "<li><a href={to}>{title}</a> <span>2026-05-{:02}</span><p>{told} will be told of in the harbour, and it is number {at}.</p></li>",
            20 - at
        )
    };
    let found = entries(&format!("<ul class=news>{}</ul>", rows(row)));
    assert_eq!(found.iter().filter(|(title, _)| title == "Water is turned off").count(), 3, "{found:?}");
}

/// A list of news without dates, in cards, and another list.
#[track_caller]
fn beats(other: &str) {
    let cards = rows(|_, to, title| {
        format!(
            "<div class=card><a href={to}><img src=x.jpg><h3>{title}</h3></a><p>It was told of in the harbour.</p></div>"
        )
    });
    check(&format!("<main><h1>News</h1><div class=cards>{cards}</div>{other}</main>"));
}

#[test]
fn other_lists_are_not_taken_for_news() {
    let others = |row: &dyn Fn(usize) -> String| (0..10).map(row).collect::<String>();
    let coming = others(&|at| {
        format!(
            "<li>{} December 2026 <a href=/events/seminar-on-tides-{at}>Seminar on the tides, part {at}</a></li>",
            at + 1
        )
    });
    beats(&format!("<section><h2>Dates</h2><ul>{coming}</ul></section>"));
    let read = others(&|at| {
        format!(
            "<li><a href=/news/story-that-was-read-{at}>Story that was read {at} times</a> {} March 2026</li>",
            20 - at
        )
    });
    beats(&format!("<aside><h3>Most read</h3><ul>{read}</ul></aside>"));
    let posts = others(&|at| {
        format!(
            "<li><a href=https://posts.example/harbour/status/17000000000{at}>We are proud of our students {at}</a> {} May 2026</li>",
            19 - at
        )
    });
    beats(&format!("<section><h2>Follow us</h2><ul>{posts}</ul></section>"));
    let courses = others(&|at| {
        format!("<li><a href=/courses/bachelor-of-science-{at}>Bachelor of Science in Tides {at}</a></li>")
    });
    beats(&format!("<section><ul>{courses}</ul></section>"));
}

#[test]
fn boxes_under_other_headings_are_other_lists() {
    let news = rows(|at, to, title| format!("<li><a href={to}>{title}</a> {} May 2026</li>", 19 - at));
    let jobs: String = (0..4)
        .map(|at| {
            format!(
                "<li><a href=/jobs/lecturer-in-tides-{at}>Lecturer in the science of tides {at}</a> {} May 2026</li>",
                12 - at
            )
        })
        .collect();
    let boxed = |name: &str, rows: &str| format!("<section class=block><h2>{name}</h2><ul>{rows}</ul></section>");
    check(&format!("<main>{}{}</main>", boxed("News", &news), boxed("Vacancies", &jobs)));
    // Headings that name no kind part nothing.
    let found = entries(&format!("<main>{}{}</main>", boxed("May", &news), boxed("April", &jobs)));
    assert_eq!(found.len(), 10, "{found:?}");
}

#[test]
fn the_header_of_a_table_is_no_entry() {
    let table = |head: &str| {
        let rows =
            rows(|_, to, title| format!("<tr><td><a href={to}>{title}</a></td><td>Registry of the harbour</td></tr>"));
        format!("<table><tr>{head}</tr>{rows}</table>")
    };
    check(&table("<th>Title</th><th>Department</th>"));
    check(&table("<td>Title</td><td>Department</td>"));
}

#[test]
fn words_that_lead_on_in_a_text_are_no_entries() {
    let text = rows(|_, to, title| {
        format!(
            "<p>Much has been said in the town of <a href={to}>{title}</a>, and of what came of it in the years behind.</p>"
        )
    });
    let page = site(&format!("<main>{text}</main>"));
    let base = url("http://sea.example/about.html");
    assert_eq!(detect::find(&page, &base, &Select::default(), policy()).err(), Some(NoList::Nothing));
    check(&format!(
        "<main>{}</main>",
        rows(|_, to, title| format!("<p><a href={to}>{title}</a> Much was said of it.</p>"))
    ));
}

#[test]
fn labels_things_and_pictures_are_no_news() {
    let dated = |place: &str| {
        rows(|at, _, title| {
            let name = title.to_lowercase().replace(' ', "-");
            format!("<li><a href=/{place}/{name}/>{title}</a> <time datetime=2026-05-{:02}>x</time></li>", 20 - at)
        })
    };
    let files = |ending: &str| {
        rows(|at, _, title| {
            let name = title.to_lowercase().replace(' ', "-");
            format!("<li class=item><h3><a href=/uploads/2026/0{}/{name}.{ending}>{title}</a></h3></li>", at % 2 + 1)
        })
    };
    let course = rows(|_, _, title| {
        format!("<li class=item><h3><a href=/study/x.html?no={}>{title}</a></h3></li>", title.len())
    });
    let shown = |name: &str, place: &str, list: &str| {
        let page = format!("<!doctype html><title>{name}</title><body><h1>{name}</h1><main><ul>{list}</ul></main>");
        let page = crate::read::guard::parse_document(&page);
        let found = detect::find(&page, &url(&format!("http://sea.example/{place}/")), &Select::default(), policy());
        found.map(|list| list.feed.entries.len())
    };
    for (name, place, list) in [
        ("Labels", "tags", dated("tags")),
        ("All authors", "all", dated("authors")),
        ("Courses", "study", course.clone()),
        ("Our resources", "c41", files("pdf")),
        ("Impressions", "c41", files("jpg")),
    ] {
        assert_eq!(shown(name, place, &list), Err(NoList::Nothing), "{name}");
    }
    // Things with days, and a category of news that has the name of some.
    for (name, place, list) in [
        ("Courses", "study", dated("study")),
        ("People", "category/people", course.replace("/study/x.html", "/story/x.html")),
        ("News of our staff", "c41", files("pdf")),
    ] {
        assert_eq!(shown(name, place, &list), Ok(TITLES.len()), "{name}");
    }
}
