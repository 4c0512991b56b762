//! The year or the month that a heading tells of the entries below it.

use std::collections::HashMap;
use std::ops::Range;

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node};

use super::super::date::{self, Context, Manner};
use super::heading::{self, Names};
use super::words;
use crate::draft::{Precision, When};

/// A year, or a month of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) year: i32,
    /// 1 to 12. `None`: only the year is told.
    pub(super) month: Option<u32>,
}

/// Letters of a heading that may tell a period: "Press releases of the year 2019".
const MOST_LETTERS: usize = 40;
/// Letters beside the period where no heading of the page holds it.
const MOST_BESIDE: usize = 2;
/// The level of what is no heading by its name: it ends at the next of its kind.
const LOWEST: u8 = 7;

/// A heading that holds what is below it, up to the next of its level or a higher one.
struct Heading {
    level: u8,
    year: Option<i32>,
    month: Option<u32>,
}

/// The period of each of some elements, by the headings above them. `None`: none tells it. A heading tells one if nothing else is in
/// it, or what else it names is news: "Press releases 2019".
pub(super) fn of(page: &Html, items: &[ElementRef<'_>], context: &Context) -> Vec<Option<Period>> {
    let places: HashMap<NodeId, usize> = items.iter().enumerate().map(|(at, item)| (item.id(), at)).collect();
    let mut found = vec![None; items.len()];
    let mut headings: Vec<Heading> = Vec::new();
    let mut inside: Option<(NodeId, usize)> = None;
    // Whether an entry stands behind the last heading.
    let mut holds = true;
    // The last heading, if nobody calls it one.
    let mut plain: Option<NodeId> = None;
    for edge in page.root_element().traverse() {
        match edge {
            Edge::Open(node) => {
                // Such a heading stands on what it heads: "1998" above "founded" is none.
                if !holds && plain.is_some_and(|own| ends(&node, own)) {
                    headings.pop();
                    plain = None;
                }
                let Some(element) = ElementRef::wrap(node) else { continue };
                if let (None, Some(place)) = (inside, places.get(&node.id())) {
                    fill(&mut found, *place, &headings);
                    holds = true;
                    // A row without a link may be a heading that looks like the entries.
                    inside = Some((node.id(), *place)).filter(|_| leads(element));
                }
                let Some(mut heading) = heading(element, inside.is_some(), context) else { continue };
                // Years beside each other, with nothing below them, are buttons that lead to lists.
                if !holds && heading.level == LOWEST && headings.last().is_some_and(|last| last.level == LOWEST) {
                    (heading.year, heading.month) = (None, None);
                }
                holds = false;
                plain = is_plain(element).then(|| node.id());
                headings.retain(|known| known.level < heading.level);
                headings.push(heading);
                if let Some((_, place)) = inside {
                    fill(&mut found, place, &headings);
                }
            }
            Edge::Close(node) => inside = inside.filter(|(item, _)| *item != node.id()),
        }
    }
    found
}

/// Whether nobody calls an element a heading that may be one by its words.
fn is_plain(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "p" | "div" | "li")
}

/// Whether a node has words that stand behind those of a heading.
fn ends(node: &NodeRef<'_, Node>, own: NodeId) -> bool {
    let is_said = node.value().as_text().is_some_and(|text| !text.trim().is_empty());
    let around = node.parent().filter(|around| is_said && around.id() != own);
    around.is_some_and(|around| !around.value().as_element().is_some_and(|element| words::is_silent(element.name())))
}

fn fill(found: &mut [Option<Period>], place: usize, headings: &[Heading]) {
    let year = headings.iter().rev().find_map(|heading| heading.year);
    let month = headings.last().and_then(|heading| heading.month);
    if let Some(period) = found.get_mut(place) {
        *period = year.map(|year| Period { year, month });
    }
}

/// A heading among entries. In an entry only a cell is one that belongs to the rows below, too.
fn heading(element: ElementRef<'_>, is_inside: bool, context: &Context) -> Option<Heading> {
    let name = element.value().name();
    let level = match name {
        "td" | "th" if element.attr("rowspan").is_some_and(|rows| rows != "1") => LOWEST,
        _ if is_inside => return None,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => name.bytes().last()? - b'0',
        "dt" | "summary" | "caption" | "legend" | "th" | "button" | "b" | "strong" => LOWEST,
        // What nobody calls a heading is one by its words alone.
        _ if is_plain(element) && element.child_elements().next().is_none() => LOWEST,
        _ => return None,
    };
    let text = words::line(element);
    let letters = words::letters(&text);
    let none = || Some(Heading { level, year: None, month: None }).filter(|_| level < LOWEST);
    if letters > MOST_LETTERS || matches!(name, "b" | "strong") && !is_alone(element) {
        return none();
    }
    let mut mentions = date::mentions(&text, context);
    let (first, second) = (mentions.next(), mentions.next());
    // Headings with a day are titles, and so are those with two years.
    let told = first.filter(|_| second.is_none()).and_then(|mention| {
        let beside = letters - words::letters(text.get(mention.range.clone())?);
        let is_news = level < LOWEST && is_of_news(&text, &mention.range);
        let most = if is_plain(element) { 0 } else { MOST_BESIDE };
        let most = if is_news { MOST_LETTERS } else { most };
        let is_told = matches!(mention.manner, Manner::BareYear | Manner::Written) && mention.until.is_none();
        let is_come = mention.when.first_day().is_some_and(|day| day <= context.now.date());
        (is_told && is_come && beside <= most && mention.when.precision() < Precision::Day).then_some(mention.when)
    });
    match told {
        Some(When::Month(year, month)) => Some(Heading { level, year: Some(year), month: Some(month) }),
        Some(When::Year(year)) if !is_span(&text, year) => Some(Heading { level, year: Some(year), month: None }),
        _ => match date::month(&text) {
            Some(month) => Some(Heading { level, year: None, month: Some(month) }),
            None => none(),
        },
    }
}

/// Whether the year in a heading is that of news, or of what is kept of them, by the word before it, or else behind it: the
/// year of a strategy is none of its news, nor is that of the conference that they are from.
fn is_of_news(text: &str, year: &Range<usize>) -> bool {
    const KEPT: [&str; 11] =
        ["archive", "archives", "archiv", "archivo", "year", "jahr", "année", "año", "anno", "年度", "releases"];
    const JOINING: [&str; 16] =
        ["of", "the", "from", "in", "for", "aus", "dem", "des", "vom", "im", "de", "del", "la", "l", "du", "en"];
    let (before, behind) = (text.get(..year.start).unwrap_or_default(), text.get(year.end..).unwrap_or_default());
    let is_letter = |c: char| c.is_alphabetic();
    let is_news =
        |word: &str| heading::names(word) == Some(Names::News) || KEPT.contains(&word.to_lowercase().as_str());
    let is_telling = |word: &&str| !word.is_empty() && !JOINING.contains(&word.to_lowercase().as_str());
    // Without a mark between them, a year and the word behind it are one name.
    let goes_on = behind.trim_start().starts_with(is_letter);
    match before.rsplit(|c: char| !is_letter(c)).find(is_telling) {
        Some(word) if !goes_on => is_news(word),
        _ => behind.split(|c: char| !is_letter(c)).find(is_telling).is_some_and(is_news),
    }
}

/// Whether an element leads somewhere, or lies in what does.
fn leads(element: ElementRef<'_>) -> bool {
    let is_link = |part: ElementRef<'_>| part.value().name() == "a";
    element.descendent_elements().any(is_link) || element.ancestors().filter_map(ElementRef::wrap).any(is_link)
}

/// Whether a year is the first of several: 2025/26.
fn is_span(text: &str, year: i32) -> bool {
    let behind = text.split_once(&year.to_string()).map_or("", |(_, behind)| behind.trim_start());
    let behind = behind.trim_start_matches(['-', '–', '—', '/', '~', '至', ' ']);
    behind.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether an element holds all the words of its line: nothing stands beside it before the line ends.
fn is_alone(element: ElementRef<'_>) -> bool {
    let ends = |node: &NodeRef<'_, Node>| {
        node.value()
            .as_element()
            .is_some_and(|element| element.name() == "br" || crate::draft::is_block(element.name()))
    };
    let says = |node: NodeRef<'_, Node>| !words::line_of(std::iter::once(node)).is_empty();
    !element.prev_siblings().take_while(|node| !ends(node)).any(says)
        && !element.next_siblings().take_while(|node| !ends(node)).any(says)
}

#[cfg(test)]
mod tests {
    use scraper::Selector;

    use super::super::super::guard;
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &[&str]) {
        let page = guard::parse_document(&format!("<body>{body}"));
        let selector = Selector::parse(".e").expect("a selector");
        let items: Vec<_> = page.select(&selector).collect();
        let now = "2026-05-20T12:00:00".parse().expect("a time");
        let told = of(&page, &items, &Context::at(now)).into_iter().map(|period| match period {
            Some(Period { year, month: Some(month) }) => format!("{year}-{month}"),
            Some(Period { year, month: None }) => year.to_string(),
            None => String::new(),
        });
        assert_eq!(told.collect::<Vec<_>>(), expected, "{body}");
    }

    #[test]
    fn a_heading_tells_the_year_of_what_is_below_it() {
        let e = "<p class=e>10 October: <a href=/n>a story</a>";
        check(&format!("{e}<h2>2026</h2>{e}{e}<h2>2025</h2>{e}<h2>Events</h2>{e}"), &["", "2026", "2026", "2025", ""]);
        check(&format!("<h1>Press releases 2019</h1><h2>Research</h2>{e}"), &["2019"]);
        check(&format!("<h2>2025</h2><h3>November</h3>{e}<h3>October</h3>{e}"), &["2025-11", "2025-10"]);
        check(&format!("<h3>November 2025</h3>{e}<h3>2025年3月</h3>{e}"), &["2025-11", "2025-3"]);
        check(&format!("<p><b>2025</b></p>{e}<p>In <b>2019</b> it was so.</p>{e}"), &["2025", "2025"]);
        check(&format!("<b>2025</b>{e}</p><b>2024</b><br>{e}"), &["2025", "2024"]);
        check(&format!("<div>2025</div>{e}<ul><li>2024</li></ul>{e}<p>In 2019</p>{e}"), &["2025", "2024", "2024"]);
        check(&format!("<div>1998</div><div>founded</div>{e}<li>2019</li><p>Words.</p>{e}"), &["", ""]);
        check(
            "<table><tr><th colspan=2>2024<tr class=e><td><a>a</a><tr class=e><td><a>b</a></table>",
            &["2024", "2024"],
        );
        check("<table><tr class=e><td rowspan=2>2024<td><a>a</a><tr class=e><td><a>b</a></table>", &["2024", "2024"]);
        check(&format!("<p class=e><b>2025</b></p>{e}<p class=e><b>2024</b></p>{e}"), &["", "2025", "2025", "2024"]);
        let buttons = ["2026", "2025", "2024"].map(|year| format!("<button>{year}</button>")).concat();
        check(&format!("{buttons}{e}{e}"), &["", ""]);
        check(&format!("<div><button>2025</button></div>{e}<div><button>2024</button></div>{e}"), &["2025", "2024"]);
        check(&format!("<h2>News of the year 2025</h2>{e}<h2>2024年新闻</h2>{e}"), &["2025", "2024"]);
        check(&format!("<h2>News from our 2019 conference</h2>{e}<h2>News of the Expo 2019</h2>{e}"), &["", ""]);
        // A plan, a day, and what is to come.
        check(
            &format!("<h2>2030</h2>{e}<h2>5 May 2025</h2>{e}<h2>Plan 2019-2025</h2>{e}<h2>2024/25</h2>{e}"),
            &["", "", "", ""],
        );
        check(&format!("<h2>The jubilee of the harbour and its many boats in 2025</h2>{e}"), &[""]);
    }
}
