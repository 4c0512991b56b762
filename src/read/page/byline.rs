//! Who wrote a story, and what it is filed under: what the elements and links near its title name.

use scraper::Html;
use url::Url;

use super::elements::attribute;
use super::lines::squeezed;
use super::linked_data::LinkedData;
use super::resolve;
use super::surroundings::Surroundings;
use super::survey::{Byline, LabelLink, Survey, comparable};
use crate::read::names::{labelled, names};
use crate::read::residue::{self, Line, width};

/// Elements between the names of two authors of one story.
const APART: usize = 4;
/// Most authors, and most labels.
const MOST: usize = 16;

/// The names of the authors. People in JSON-LD tell first, then `<meta>` where the page shows the same name; then elements
/// that are marked, `<meta>` alone, elements that are only named so, and lines near the title that say "by".
///
/// Whoever publishes the page is its author only if nobody else is, and the name is that of a person.
pub(super) fn authors<'h>(
    survey: &Survey<'_>,
    facts: &LinkedData,
    beside: &Surroundings,
    mut near: impl Iterator<Item = &'h str>,
) -> Vec<String> {
    let owner = [facts.publisher.as_deref(), survey.meta(&["og:site_name"])];
    let owners: Vec<String> = owner.into_iter().flatten().map(comparable).collect();
    let told = [
        "author",
        "article:author",
        "dc.creator",
        "dcterms.creator",
        "parsely-author",
        "sailthru.author",
        "citation_author",
    ];
    let linked: Vec<String> = facts.authors.iter().flat_map(|name| names(name)).collect();
    let meta = told.iter().filter_map(|name| survey.meta(&[name])).map(names).find(|names| !names.is_empty());
    let labelled_card = || {
        // "Written by" and a name: what previews on Twitter show of a story (Twitter Cards, `label1`).
        let label = survey.meta(&["twitter:label1"])?;
        labelled(&format!("{label} {}", survey.meta(&["twitter:data1"])?))
    };
    let meta = meta.or_else(labelled_card).unwrap_or_default();
    let is_person = |names: &Vec<String>| names.iter().all(|name| is_like_a_person(name));
    let shown = |names: &Vec<String>| {
        let name = names.first().map(|name| comparable(name)).unwrap_or_default();
        survey.bylines.iter().any(|byline| comparable(&byline.text).contains(&name))
    };
    let marked = nearest(survey, true, beside);
    let named = nearest(survey, false, beside);
    let said: Vec<String> = near.find_map(labelled).unwrap_or_default();
    let some = |names: &Vec<String>| Some(names.clone()).filter(|names| !names.is_empty());
    let ways = [
        some(&linked),
        some(&meta).filter(shown),
        some(&marked),
        some(&meta).filter(is_person),
        some(&named),
        some(&said),
        some(&meta),
    ];
    let is_owner = |name: &String| owners.contains(&comparable(name));
    let others = |names: Vec<String>| {
        Some(names.into_iter().filter(|name| !is_owner(name)).collect::<Vec<_>>()).filter(|names| !names.is_empty())
    };
    let found = ways.clone().into_iter().flatten().find_map(others);
    let found = found.or_else(|| ways.into_iter().flatten().find(is_person));
    let found = found.unwrap_or_else(|| facts.offices.iter().flat_map(|name| names(name)).collect());
    // Some places tell the name to log in with.
    let known = [linked, meta, marked, named, said].concat();
    let whole = |name: String| {
        let spaced = known.iter().find(|other| other.contains(' ') && comparable(other) == comparable(&name));
        if name.contains(' ') { name } else { spaced.cloned().unwrap_or(name) }
    };
    let mut once: Vec<String> = Vec::new();
    for name in found.into_iter().map(whole) {
        if !once.contains(&name) && once.len() < MOST {
            once.push(name);
        }
    }
    once
}

/// Whether a name has the form of a person's: two to four words, each with a capital, none of an organisation.
fn is_like_a_person(name: &str) -> bool {
    const NONE: [&str; 14] = [
        "team",
        "staff",
        "editors",
        "redaktion",
        "the",
        "university",
        "news",
        "press",
        "group",
        "media",
        "foundation",
        "college",
        "online",
        "gmbh",
    ];
    let words = || name.split_whitespace();
    (2..=4).contains(&words().count())
        && words().all(|word| word.starts_with(char::is_uppercase))
        && !words().any(|word| NONE.contains(&word.to_lowercase().as_str()))
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
        let stated = survey.metas.iter().filter(|(name, _)| name == "article:section").map(|(_, text)| *text);
        found.extend(stated.flat_map(|text| text.split(',')).map(str::to_owned));
    }
    if found.is_empty() {
        found.extend(facts.sections.iter().flat_map(|text| text.split(',')).map(str::to_owned));
    }
    found
}

/// What the links to the folders that a page lies in are called: for `/news/ports/a.html` those to `/news/` and `/news/ports/`.
pub(super) fn folders(page: &Html, own: &Url, base: Option<&Url>) -> Vec<String> {
    let folder = |url: &Url| {
        let path = url.path().trim_end_matches('/').to_owned();
        let inside = own.path().strip_prefix(&path)?.strip_prefix('/')?;
        let same = url.query().is_none() && url.domain() == own.domain();
        // A folder of numbers is that of a year or a month.
        let named = path.rsplit('/').next().is_some_and(|name| name.chars().any(char::is_alphabetic));
        (same && named && !inside.is_empty()).then_some(path)
    };
    // What the address of a link ends in tells of most that they lead elsewhere, before they are resolved.
    let may_lead = |href: &&str| {
        let path = href.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let last = path.rsplit('/').next().unwrap_or_default();
        let is_plain = last.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        matches!(last, "" | "." | "..") || !is_plain || own.path().contains(last)
    };
    let mut found: Vec<(String, String)> = Vec::new();
    for node in page.tree.root().descendants() {
        let element = node.value().as_element().filter(|element| element.name() == "a");
        let href = element.and_then(|element| attribute(element, "href")).filter(may_lead);
        let Some(href) = href else { continue };
        let Some(path) = resolve(base, href).and_then(|url| folder(&url)) else { continue };
        let text = squeezed(&node, 100);
        // "More" leads there, too.
        let text = if matches!(residue::line(&text), Line::Text | Line::Column) { text } else { String::new() };
        if found.iter().all(|(known, _)| *known != path) && !text.is_empty() {
            found.push((path, text));
        }
    }
    found.sort_by_key(|(path, _)| path.len());
    found.into_iter().map(|(_, text)| text).collect()
}

/// The labels of the first way that tells any: each once, and none that is the name of the site, its host, or the title.
pub(super) fn labels(ways: [Vec<String>; 3], others: &[Option<&str>]) -> Vec<String> {
    let others: Vec<String> = others.iter().flatten().map(|other| comparable(other)).collect();
    let is_label = |label: &String| {
        let key = comparable(label);
        width(label) <= 60 && key.chars().any(char::is_alphabetic) && !others.contains(&key)
    };
    let tidy = |way: Vec<String>| {
        let mut once: Vec<String> = Vec::new();
        for label in way.into_iter().map(|label| label.trim().to_owned()).filter(is_label).take(MOST) {
            if !once.contains(&label) {
                once.push(label);
            }
        }
        once
    };
    ways.into_iter().map(tidy).find(|labels| !labels.is_empty()).unwrap_or_default()
}
