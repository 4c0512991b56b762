//! Pages that tell their news themselves, in the shapes that people give them, and pages that look so.

use chrono::TimeZone as _;
use url::Url;

use super::super::super::{Policy, guard};
use super::super::{Form, Listing, NoList, shown};
use crate::read::feed::Text;
use crate::source::Select;

/// A heading, a day, and what was told then.
const NOTES: [(&str, &str, &str); 5] = [
    (
        "The new pier is open",
        "12.05.2026",
        "The mayor cut the ribbon, and the first ferry left the pier at noon with forty guests.",
    ),
    (
        "Sluice closed for repairs",
        "28.04.2026",
        "Until the end of the week no ship passes the sluice. Forms are at the office.",
    ),
    (
        "Choir looks for voices",
        "15.04.2026",
        "Whoever likes to sing comes to the old hall on Thursday evening, with or without notes.",
    ),
    (
        "Library moves to the quay",
        "02.03.2026",
        "All books will be packed in boxes, so that nothing can be lent for two weeks.",
    ),
    (
        "Ice on the harbour basin",
        "19.01.2026",
        "Please do not walk on it: it is thinner than it looks, and the water is deep.",
    ),
];

fn read(title: &str, body: &str) -> Result<Listing, NoList> {
    let page = guard::parse_document(&format!(
        "<!doctype html><html lang=de><head><title>{title}</title></head><body><div class=menu><ul><li><a href=/>Home</a>
         <li><a href=/about.html>About us</a><li><a href=/contact.html>Contact</a></ul></div>
         <h1>{title}</h1><div id=main>{body}</div><footer><p>Quay College, 1 May 2026</p></footer></body></html>"
    ));
    let now = chrono::Utc.with_ymd_and_hms(2026, 5, 20, 4, 0, 0).single().expect("a time");
    let address = Url::parse("https://www.quay.example/seite.html").expect("an address");
    shown(&page, &address, &Select::default(), Policy { now, timezone: "Europe/Berlin".parse().expect("a zone") })
}

fn rows(row: impl Fn(usize, &str, &str, &str) -> String) -> String {
    NOTES.iter().enumerate().map(|(at, (title, day, text))| row(at, title, day, text)).collect()
}

fn told(list: &Listing) -> Vec<(String, String, String)> {
    let entry = |entry: &crate::read::feed::Entry| {
        let date = entry.facts.published.map(|when| when.to_string()).unwrap_or_default();
        let text = entry.contents.first().map(Text::line).unwrap_or_default();
        (entry.facts.title.as_ref().map(Text::line).unwrap_or_default(), date, text)
    };
    list.feed.entries.iter().map(entry).collect()
}

/// What a page with titles, days and texts gives.
fn expected() -> Vec<(String, String, String)> {
    let iso = |day: &str| day.split('.').rev().collect::<Vec<_>>().join("-");
    NOTES.iter().map(|(title, day, text)| ((*title).to_owned(), iso(day), (*text).to_owned())).collect()
}

#[test]
fn a_day_may_stand_above_each_heading() {
    // What is laid out by hand has no names: rows of the same make stand among the entries.
    let list =
        rows(|_, title, day, text| format!("<div style='x'><span>{day}</span><h3>{title}</h3><p>{text}</p></div>"));
    let body = format!("<div><div class=head><h2>News</h2></div><div class=rule><img src=a.png></div>{list}</div>");
    let list = read("Aktuelles", &body).expect("news");
    assert_eq!((list.way.form, told(&list)), (Form::Notes, expected()));
}

#[test]
fn entries_of_many_shapes_are_read_with_title_day_and_text() {
    let shapes = [
        ("headings", rows(|_, title, day, text| format!("<h2>{title}</h2><p class=date>{day}</p><p>{text}</p>"))),
        ("day in the heading", rows(|_, title, day, text| format!("<h3>{day}: {title}</h3><p>{text}</p>"))),
        ("day behind the heading", rows(|_, title, day, text| format!("<h3>{title} ({day})</h3><p>{text}</p>"))),
        (
            "day at the end",
            rows(|_, title, day, text| format!("<div class=note><h4>{title}</h4><p>{text}</p><p>{day}</p></div>")),
        ),
        ("bold lines", rows(|_, title, day, text| format!("<p><strong>{title}</strong></p><p>{day}</p><p>{text}</p>"))),
        (
            "sections",
            rows(|at, title, day, text| {
                format!(
                    "<section class='n{}'><h3>{title}</h3><span>{day}</span><p>{text}</p></section>",
                    if at % 2 == 0 { "" } else { " left" }
                )
            }),
        ),
        (
            "accordion",
            rows(|at, title, day, text| {
                format!("<details id=panel{at}><summary>{day} – {title}</summary><p>{text}</p></details>")
            }),
        ),
        (
            "times",
            rows(|_, title, day, text| {
                let iso = day.split('.').rev().collect::<Vec<_>>().join("-");
                format!("<article><h3>{title}</h3><time datetime={iso}>some time ago</time><p>{text}</p></article>")
            })
            .replace("<p>some time ago</p>", ""),
        ),
        ("terms", format!("<dl>{}</dl>", rows(|_, title, day, text| format!("<dt>{day}<dd><b>{title}</b><br>{text}")))),
        (
            "bold titles",
            format!("<dl>{}</dl>", rows(|_, title, day, text| format!("<dt>{day}<dd><b>{title}.</b> {text}"))),
        ),
        ("bold days", rows(|_, title, day, text| format!("<p><b>{day} {title}:</b> {text}</p>"))),
        (
            "table",
            format!(
                "<table>{}</table>",
                rows(|_, title, day, text| { format!("<tr><td>{day}</td><td>{title}</td><td>{text}</td></tr>") })
            ),
        ),
    ];
    for (name, body) in shapes {
        let list = read("Aktuelles", &body).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(list.way.form, Form::Notes, "{name}");
        let told: Vec<_> = told(&list)
            .into_iter()
            .map(|(title, day, text)| (title, day, text.replace("some time ago ", "")))
            .collect();
        assert_eq!(told, expected(), "{name}");
    }
}

#[test]
fn entries_that_are_laid_out_by_many_parts_are_read() {
    let part = |c| format!("<div class='part-{c} flex gap'>");
    let open = ('a'..='z').map(part).collect::<Vec<_>>().concat();
    let close = "</div>".repeat(26);
    let body = rows(|_, title, day, text| format!("{open}<h3>{title}</h3><p>{day}</p><p>{text}</p>{close}"));
    let list = read("Aktuelles", &body).expect("a list");
    assert_eq!((list.way.form, told(&list)), (Form::Notes, expected()));
}

#[test]
fn a_day_above_a_heading_is_not_that_of_the_entry_before() {
    let body = rows(|_, title, day, text| format!("<p>| {day} |:</p><h2>{title}</h2><p>{text}</p>"));
    let list = read("Aktuelles", &body);
    assert!(list.as_ref().map_or(true, |list| told(list) == expected()), "{:?}", list.as_ref().map(told));
}

#[test]
fn what_has_no_title_is_called_by_its_first_sentence() {
    let shapes = [
        ("rows", format!("<ul>{}</ul>", rows(|_, _, day, text| format!("<li>[{day}] {text}</li>")))),
        ("paragraphs", rows(|_, _, day, text| format!("<p><b>{day}</b> {text}</p>"))),
        ("lines", format!("<p>{}</p>", rows(|_, _, day, text| format!("{day}: {text}<br>\n")))),
        ("bold days", format!("<div>{}</div>", rows(|_, _, day, text| format!("<b>{day}</b><br>{text}<br><br>\n")))),
    ];
    for (name, body) in shapes {
        let list = read("Aktuelles", &body).unwrap_or_else(|error| panic!("{name}: {error}"));
        let told = told(&list);
        assert_eq!(told.len(), 5, "{name}");
        assert_eq!(told[1].0, "Until the end of the week no ship passes the sluice", "{name}");
        assert_eq!((told[0].1.as_str(), told[0].2.as_str()), ("2026-05-12", NOTES[0].2), "{name}");
    }
}

#[test]
fn a_month_above_several_entries_is_theirs_and_a_day_without_a_year_has_that_of_its_heading() {
    let months = "<h2>May 2026</h2><ul><li>The first ferry left the new pier at noon with forty guests.</li>
        <li>The choir sang in the old hall for those who came.</li></ul><h2>March 2026</h2><ul><li>All books of the library were packed in boxes.</li></ul>";
    let list = read("News", months).expect("a list");
    assert_eq!(
        told(&list).iter().map(|(_, day, _)| day.as_str()).collect::<Vec<_>>(),
        ["2026-05", "2026-05", "2026-03"]
    );
    let years = "<h2>2025</h2><div class=n><b>3 March</b><p>The first ferry left the pier at noon.</p></div>
        <div class=n><b>1 February</b><p>The choir sang in the old hall for those who came.</p></div>
        <h2>2024</h2><div class=n><b>5 December</b><p>All books of the library were packed.</p></div>";
    let list = read("News", years).expect("a list");
    let days: Vec<_> = told(&list).into_iter().map(|(_, day, _)| day).collect();
    assert_eq!(days, ["2025-03-03", "2025-02-01", "2024-12-05"]);
}

#[test]
fn places_that_stay_are_led_to_and_counted_ones_are_not() {
    let with = |id: &dyn Fn(usize, &str) -> String| {
        let body =
            rows(|at, title, day, text| format!("<h2 id=\"{}\">{title}</h2><p>{day}</p><p>{text}</p>", id(at, title)));
        let list = read("Aktuelles", &body).expect("a list");
        list.feed.entries.into_iter().map(|entry| entry.facts.link).collect::<Vec<_>>()
    };
    let page = "https://www.quay.example/seite.html#";
    let slug = |title: &str| title.to_lowercase().replace(' ', "-");
    assert_eq!(with(&|_, title| slug(title))[0], Some(format!("{page}the-new-pier-is-open")));
    assert_eq!(
        with(&|at, _| format!("c{}", [48_113, 47_001, 46_554, 45_010, 44_871][at]))[0],
        Some(format!("{page}c48113"))
    );
    assert_eq!(with(&|at, _| format!("news{}", 5 - at))[0], Some(format!("{page}news5")));
    assert_eq!(with(&|at, _| format!("collapse-{at}")), [None, None, None, None, None]);
    assert_eq!(with(&|_, _| "entry".to_owned()), [None, None, None, None, None]);
}

#[test]
fn links_in_the_texts_are_no_entries_and_files_belong_to_theirs() {
    let body = rows(|at, title, day, text| {
        format!(
            "<h2>{title}</h2><p>{day}</p><p>{text} <a href='/files/form-{at}.pdf'>The form for it, as a file of number {at}</a></p>"
        )
    });
    let list = read("Aktuelles", &body).expect("a list");
    assert_eq!(list.way.form, Form::Notes);
    let files: Vec<_> =
        list.feed.entries.iter().flat_map(|entry| &entry.enclosures).map(|file| file.url.as_str()).collect();
    assert_eq!(files.len(), 5);
    assert_eq!(files[4], "https://www.quay.example/files/form-4.pdf");
    let text = &list.feed.entries[4].contents[0].value;
    assert!(text.contains("<a href=\"/files/form-4.pdf\">The form for it"), "{text}");
}

#[test]
fn a_list_of_links_goes_on_being_one() {
    let rows = rows(|at, title, day, text| {
        format!("<div class=n><h3><a href='/news/{at}.html'>{title}</a></h3><p>{day}</p><p>{text}</p></div>")
    });
    let teaser = rows.replace("</p></div>", " <a href='/more'>more</a></p></div>");
    for body in [rows, teaser] {
        let list = read("Aktuelles", &body).expect("a list");
        assert_eq!(list.way.form, Form::Page);
        assert_eq!(list.feed.entries.len(), 5);
    }
    let more = NOTES.iter().enumerate().map(|(at, (title, day, text))| {
        format!("<div class=n><h3>{title}</h3><p>{day}</p><p>{text} <a href='/news/{at}.html'>Read more</a></p></div>")
    });
    assert_eq!(read("Aktuelles", &more.collect::<String>()).expect("a list").way.form, Form::Page);
}

#[test]
fn a_name_of_a_site_beside_that_of_the_page_hides_no_news() {
    let body = rows(|_, title, day, text| format!("<h2>{title}</h2><p>{day}</p><p>{text}</p>"));
    let title = "Quay College of Navigation, Ropes, Sails and the Measurement of Tides | Aktuelles";
    assert_eq!(read(title, &body).expect("a list").feed.entries.len(), 5);
    assert!(read("Quay College", &body).is_err(), "nothing calls it news");
}

#[test]
fn what_is_no_news_is_none() {
    let question = |text: &str| {
        format!("<h3>{text}</h3><p>Whoever asks that goes to the office and waits for an answer there.</p>")
    };
    let pages = [
        ("FAQ", ["How do I get in?", "Who opens the gate?", "What does it cost?", "May I bring a dog?"].map(question).concat()),
        ("How we built the pier", rows(|at, _, _, _| {
                let (title, day, text) = NOTES[NOTES.len() - 1 - at];
                format!("<h2>{title} ({day})</h2><p>{text}</p>")
            })),
        ("Our staff", ["Ann Lee", "Tom Ash", "Eva Dorn"].map(|name| format!("<div class=p><h3>{name}</h3><p>Room 12, since 01.04.2019, and responsible for the gate of the harbour.</p></div>")).concat()),
        ("Timetable", "<table><tr><td>01.06.2026</td><td>Lecture on tides and their measurement</td></tr><tr><td>08.06.2026</td><td>Lecture on ropes and knots of all kinds</td></tr><tr><td>15.06.2026</td><td>Lecture on sails and the wind in them</td></tr></table>".to_owned()),
        ("Opening hours", "<ul><li>24.12.2025: closed all day for the feast of the house</li><li>31.12.2025: open in the morning until noon only</li><li>01.01.2026: closed all day, as each year</li></ul>".to_owned()),
        ("Privacy policy", "<h2>1. Who we are</h2><p>Quay College, as of 1 May 2026, keeps what you tell us.</p><h2>2. What we keep</h2><p>Your name and your mail.</p><h2>3. Your rights</h2><p>You may ask what we keep of you.</p>".to_owned()),
        ("Publications", "<ul><li>Lee, A.: On tides. Journal of Quays, May 2026</li><li>Ash, T.: On ropes. Journal of Quays, April 2026</li><li>Dorn, E.: On sails. Journal of Quays, March 2026</li></ul>".to_owned()),
        ("Talks", "<ul><li>12.05.2026 Ann Lee: on the measurement of tides by light</li><li>02.05.2026 Tom Ash: on ropes and the knots in them</li><li>11.04.2026 Eva Dorn: on the wind in the sails</li></ul>".to_owned()),
    ];
    for (title, body) in pages {
        let list = read("News", &format!("<h2>{title}</h2>{body}"));
        assert!(
            list.as_ref().map_or(true, |list| list.way.form != Form::Notes),
            "{title}: {:#?}",
            list.map(|list| told(&list))
        );
    }
}

#[test]
fn a_day_above_each_heading_is_that_of_what_is_below_it() {
    for day in ["<p>DAY</p>", "<div class=date>DAY</div>", "<hr><p><b>DAY</b></p>"] {
        let body = rows(|_, title, told, text| format!("{}<h3>{title}</h3><p>{text}</p>", day.replace("DAY", told)));
        assert_eq!(read("Aktuelles", &body).as_ref().map(told).ok(), Some(expected()), "{day}");
    }
}

#[test]
fn a_day_that_a_title_is_about_is_not_that_on_which_it_was_told() {
    let titled = |title: &str| format!("{title}: lecture on 3 December 2026");
    let body = rows(|_, title, day, text| {
        format!("<section><h2>{}</h2><p class=date>{day}</p><p>{text}</p></section>", titled(title))
    });
    let mut all = expected();
    for (title, _, _) in &mut all {
        *title = titled(title);
    }
    assert_eq!(read("Aktuelles", &body).as_ref().map(told).ok(), Some(all));
}
