//! The first entries of a list that has no shape yet, for they are one or two: headlines with a link and a day of their own, on a
//! page that says itself that it lists what comes.

use std::collections::HashSet;

use scraper::Html;
use url::Url;

use super::outline::{self, Outline};
use super::score::surroundings;
use super::{address, essence, notes, select};

/// Elements between a link and the heading that it stands in.
const MOST_STEPS: usize = 3;
/// How surely an entry has to tell its day, 0 to 1: with its year.
const SURELY: f32 = 0.9;

/// The headlines of a page that are its entries, each with the part that holds it. None where the page may be anything but a list.
pub(super) fn entries(outline: &Outline<'_>, page: &Html, place: &Url, base: &Url) -> Vec<(usize, usize)> {
    if !says_that_it_lists(page, place) {
        return Vec::new();
    }
    let own = select::said_by(page, "title").unwrap_or_default();
    let mut known = HashSet::from([essence(place)]);
    let headlines = outline.anchors.iter().enumerate().filter(|(_, anchor)| {
        let link = &anchor.link;
        // What names its page is the page.
        let is_entry = address::is_near(link, base)
            && !matches!(link.path(), "" | "/")
            && !address::is_of_label(link)
            && notes::names_in(&own).all(|name| name != anchor.title);
        is_entry && is_headline(outline, anchor.part) && known.insert(essence(link))
    });
    let entries = headlines.filter_map(|(at, anchor)| Some((at, record(outline, anchor.part)?)));
    let entries: Vec<(usize, usize)> = entries.collect();
    let holds = |record: usize, other: usize| {
        record <= other && outline.parts.get(record).is_some_and(|record| other < record.end)
    };
    let are_apart = entries.windows(2).all(|pair| matches!(pair, [one, other] if !holds(one.1, other.1)));
    if are_apart { entries } else { Vec::new() }
}

/// Whether a page says that it is a list: by its address, by what WordPress writes at its body, or by its name.
fn says_that_it_lists(page: &Html, place: &Url) -> bool {
    let body = page.root_element().child_elements().find(|element| element.value().name() == "body");
    let is_archive = body.is_some_and(|body| body.value().classes().any(|class| matches!(class, "archive" | "blog")));
    is_archive
        || address::is_of_label(place)
        || address::is_of_archive(place)
        || notes::is_news(page, place) && !address::is_of_article(place)
}

/// Whether a link stands in a heading, or is a card that has one.
fn is_headline(outline: &Outline<'_>, part: usize) -> bool {
    let is_heading = |at: usize| outline.parts.get(at).is_some_and(|at| outline::is_heading(at.element.value().name()));
    outline.above(part).take(MOST_STEPS).any(is_heading) || outline.heading_in(part).is_some()
}

/// What holds a headline and its day: the entry around both, if the page says what is one.
fn record(outline: &Outline<'_>, part: usize) -> Option<usize> {
    let mut holders = outline.above(part).take_while(|at| outline.is_small(*at));
    let dated = holders.find(|at| outline.date(*at).0 >= SURELY)?;
    let is_past = outline.date(dated).1.is_some_and(|day| day <= outline.today);
    let name = |at: &usize| outline.parts.get(*at).map_or("", |part| part.element.value().name());
    let record = std::iter::once(dated).chain(holders).find(|at| matches!(name(at), "article" | "li" | "tr"));
    let record = record.unwrap_or(dated);
    (is_past && surroundings(outline, record) < 1.0).then_some(record)
}
