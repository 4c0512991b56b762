//! Who wrote a story, and what it is filed under: what the elements and links near its title name.

use super::linked_data::LinkedData;
use super::surroundings::Surroundings;
use super::survey::{Byline, LabelLink, Survey, comparable};
use crate::read::names::names;
use crate::read::residue::width;

/// Elements between the names of two authors of one story.
const APART: usize = 12;
/// Most authors, and most labels.
const MOST: usize = 16;

/// The names of the authors: of the people in JSON-LD, else in elements that are marked or named so, else in `<meta>`.
pub(super) fn authors(survey: &Survey<'_>, facts: &LinkedData, beside: &Surroundings) -> Vec<String> {
    let owner = [facts.publisher.as_deref(), survey.meta(&["og:site_name"])];
    let owners: Vec<String> = owner.into_iter().flatten().map(comparable).collect();
    let clean = |name: String| Some(name).filter(|name| !owners.contains(&comparable(name)));
    let linked: Vec<String> = facts.authors.iter().flat_map(|name| names(name)).filter_map(clean).collect();
    let told = [
        "author",
        "article:author",
        "dc.creator",
        "dcterms.creator",
        "parsely-author",
        "sailthru.author",
        "citation_author",
    ];
    let meta = || -> Vec<String> {
        let told = told.iter().filter_map(|name| survey.meta(&[name]));
        told.map(|text| names(text).into_iter().filter_map(clean).collect::<Vec<_>>())
            .find(|names| !names.is_empty())
            .unwrap_or_default()
    };
    let mut found = linked;
    for marked in [true, false] {
        if found.is_empty() {
            found = nearest(survey, marked, beside).into_iter().filter_map(clean).collect();
        }
    }
    if found.is_empty() {
        found = meta();
    }
    let mut once: Vec<String> = Vec::new();
    for name in found {
        if !once.contains(&name) && once.len() < MOST {
            once.push(name);
        }
    }
    once
}

/// The names in the elements of one kind that stand together, nearest behind the title.
fn nearest(survey: &Survey<'_>, marked: bool, beside: &Surroundings) -> Vec<String> {
    let told = survey.bylines.iter().filter(|byline| byline.marked == marked && !beside.hold(byline.place));
    let told: Vec<(&Byline, Vec<String>)> =
        told.map(|byline| (byline, names(&byline.text))).filter(|(_, names)| !names.is_empty()).collect();
    let first = told.iter().position(|(byline, _)| byline.place >= beside.from).unwrap_or(0);
    let mut found: Vec<String> = Vec::new();
    let mut last = None;
    for (byline, names) in told.into_iter().skip(first) {
        if last.is_some_and(|last| byline.place > last + APART) || !marked && last.is_some() {
            break;
        }
        last = Some(byline.place);
        found.extend(names);
    }
    found
}

/// The categories that a story is filed under, as its links name them; else the sections that it states for machines.
pub(super) fn sections(survey: &Survey<'_>, facts: &LinkedData, beside: &Surroundings) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for marked in [true, false] {
        let links =
            || survey.labels.iter().filter(|link| link.marked == marked && (marked || !beside.hold(link.place)));
        let first = links().find(|link| link.place >= beside.from).or_else(|| links().next());
        if let Some(first) = first.filter(|_| found.is_empty()) {
            found.extend(links().filter(|link: &&LabelLink| link.group == first.group).map(|link| link.text.clone()));
        }
    }
    if found.is_empty() {
        let stated =
            survey.metas.iter().filter(|(name, _)| name == "article:section").map(|(_, text)| (*text).to_owned());
        found.extend(stated);
    }
    if found.is_empty() {
        found.extend(facts.sections.iter().cloned());
    }
    let mut once: Vec<String> = Vec::new();
    for label in found {
        if !once.contains(&label) && once.len() < MOST && width(&label) <= 60 {
            once.push(label);
        }
    }
    once
}
