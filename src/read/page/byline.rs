//! Who wrote a story, and what it is filed under: what the elements and links near its title name.

use scraper::Html;
use url::Url;

use super::elements::{attribute, named};
use super::lines::squeezed;
use super::linked_data::LinkedData;
use super::resolve;
use super::surroundings::Surroundings;
use super::survey::{Byline, LabelLink, Survey, comparable};
use crate::read::names::{is_full, is_label, is_office, labelled, names, without_dates};
use crate::read::residue::{self, Line, at_colon, width};

/// Elements between the names of two authors of one story.
const APART: usize = 4;
/// Most authors, and most labels.
const MOST: usize = 16;
/// Labels of one story that stand together; where there are more, all of the site are listed.
const LISTED: usize = 8;

/// The names of the authors. JSON-LD tells first, then `<meta>`, where the page shows the same name; then full names: in a line
/// near the title that says "by", which people see, and in JSON-LD; then elements that are marked, full names in `<meta>`, elements that
/// are only named so, and last what is no full name: it is often that to log in with.
///
/// Whoever publishes the page is its author only if nobody else is, and the name is that of a person.
pub(super) fn authors<'h>(
    survey: &Survey<'_>,
    facts: &LinkedData,
    beside: &Surroundings,
    near: impl Iterator<Item = &'h str>,
) -> Vec<String> {
    let owner = [facts.publisher.as_deref(), survey.meta(&["og:site_name"])];
    let owners: Vec<String> = owner.into_iter().flatten().map(comparable).collect();
    let told = [
        "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author",
        "citation_author",
    ];
    let linked: Vec<String> = facts.authors.iter().flat_map(|name| names(name)).collect();
    let each = |name: &&str| survey.all(name).into_iter().flat_map(names).collect::<Vec<String>>();
    let meta = told.iter().map(each).find(|names| !names.is_empty());
    let labelled_card = || {
        // "Written by" and a name: what previews on Twitter show of a story (Twitter Cards, `label1`).
        let cards = [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")];
        cards.into_iter().find_map(|(label, value)| {
            let label = survey.meta(&[label]).filter(|label| is_label(label))?;
            labelled(&format!("{label} {}", survey.meta(&[value])?))
        })
    };
    // Systems put a name of their own before it: "gazette:author", "gazette_authors".
    let is_own = |name: &str| {
        let mut words = name.rsplit(|c: char| !c.is_alphanumeric());
        words.next().is_some_and(|word| matches!(word, "author" | "authors" | "byline"))
            // Who made the site wrote none of its stories.
            && !words.any(|word| matches!(word, "web" | "site" | "website" | "theme" | "template" | "design" | "webdesign"))
    };
    let own = || {
        let told = survey.metas.iter().filter(|(name, _)| is_own(name));
        told.map(|(_, text)| names(text)).find(|names| !names.is_empty())
    };
    let meta = meta.or_else(labelled_card).or_else(own).unwrap_or_default();
    let near: Vec<&str> = near.collect();
    let is_person = |names: &Vec<String>| names.iter().all(|name| is_like_a_person(name));
    let lines: Vec<String> = near.iter().map(|line| comparable(line)).collect();
    let shown = |names: &Vec<String>| {
        let name = names.first().map(|name| comparable(name)).unwrap_or_default();
        survey.bylines.iter().any(|byline| comparable(&byline.text).contains(&name))
            || is_person(names) && lines.iter().any(|line| line.contains(&name))
    };
    let marked = nearest(survey, true, beside);
    let named = nearest(survey, false, beside);
    let said = said(&near);
    let some = |names: &Vec<String>| Some(names.clone()).filter(|names| !names.is_empty());
    let ways = [
        some(&linked).filter(shown),
        some(&meta).filter(shown),
        some(&said).filter(is_person),
        some(&linked).filter(is_person),
        some(&marked),
        some(&meta).filter(is_person),
        some(&named),
        some(&said),
        some(&linked),
        some(&meta),
    ];
    let is_owner = |name: &String| owners.contains(&comparable(name));
    let others = |names: Vec<String>| {
        Some(names.into_iter().filter(|name| !is_owner(name)).collect::<Vec<_>>()).filter(|names| !names.is_empty())
    };
    let found = ways.clone().into_iter().flatten().find_map(others);
    let found = found.or_else(|| ways.into_iter().flatten().find(is_person));
    let offices = || facts.offices.iter().flat_map(|name| names(name)).collect();
    let found = found.or_else(|| others(offices())).unwrap_or_default();
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

/// The names in the lines that say that they name the author, or in those behind lines that say so of them: of the first ones that
/// stand together and name people, else of the first.
fn said(lines: &[&str]) -> Vec<String> {
    let behind = lines.iter().skip(1).map(Some).chain([None]);
    let before = std::iter::once(None).chain(lines.iter().map(Some));
    // "by ann" next to the date of the story tells who logged in.
    let dated = |line: &str, beside: [Option<&&str>; 2]| {
        line.split_once(' ').filter(|(label, _)| is_label(label))?;
        let date = beside.into_iter().flatten().find(|beside| without_dates(beside) != ***beside)?;
        labelled(&format!("{line} | {date}"))
    };
    let read = |((line, behind), before): ((&&str, Option<&&str>), Option<&&str>)| {
        let announced = || {
            let name = behind.filter(|behind| !behind.ends_with([':', '：']))?;
            labelled(&format!("{}: {name}", line.trim_end_matches([':', '：'])))
                .filter(|names| names.iter().all(|name| is_like_a_person(name) || !name.is_ascii()))
        };
        let said = || labelled(line).or_else(|| dated(line, [before, behind]));
        if is_label(line) { announced() } else { said() }.unwrap_or_default()
    };
    let told: Vec<Vec<String>> = lines.iter().zip(behind).zip(before).map(read).collect();
    let is_told = |names: &&Vec<String>| !names.is_empty();
    let is_of_people =
        |names: &Vec<String>| is_told(&names) && names.iter().all(|name| is_like_a_person(name) || !name.is_ascii());
    match told.iter().position(is_of_people) {
        Some(first) => told.iter().skip(first).take_while(is_told).flatten().cloned().collect(),
        None => told.iter().find(is_told).cloned().unwrap_or_default(),
    }
}

/// Whether a name has the form of a person's: two to four words, each with a capital, none of an organisation.
fn is_like_a_person(name: &str) -> bool {
    const NONE: [&str; 15] = [
        "team", "admin", "staff", "editors", "redaktion", "the", "university", "news", "press", "group", "media",
        "foundation", "college", "online", "gmbh",
    ];
    let is_none = |word: &str| NONE.contains(&word.to_lowercase().as_str());
    is_full(name) && !is_office(name) && !name.split_whitespace().any(is_none)
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

/// The categories that a story is filed under, as its links name them, or a line near its title that says so; else the
/// sections that it states for machines.
pub(super) fn sections<'h>(
    survey: &Survey<'_>,
    facts: &LinkedData,
    beside: &Surroundings,
    mut near: impl Iterator<Item = &'h str>,
) -> Vec<String> {
    let nearest = |marked: bool| {
        let links =
            || survey.labels.iter().filter(move |link| link.marked == marked && (marked || !beside.hold(link.place)));
        let first = links().find(|link| link.place >= beside.from).or_else(|| links().next());
        let group = move |first: &LabelLink| -> Vec<String> {
            links().filter(|link: &&LabelLink| link.group == first.group).map(|link| link.text.clone()).collect()
        };
        first.map(group).filter(|labels| marked || labels.len() <= LISTED).unwrap_or_default()
    };
    let stated = || {
        let stated = survey.all("article:section");
        let facts = facts.sections.iter().map(String::as_str);
        let parts = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<String>>();
        if stated.is_empty() { facts.flat_map(parts).collect() } else { stated.into_iter().flat_map(parts).collect() }
    };
    let ways: [&mut dyn FnMut() -> Vec<String>; 4] =
        [&mut || nearest(true), &mut || near.find_map(filed).unwrap_or_default(), &mut || nearest(false), &mut || {
            stated()
        }];
    ways.into_iter().map(|way| way()).find(|labels| !labels.is_empty()).unwrap_or_default()
}

/// Words that say what a story is filed under.
const SAYING: [&str; 18] = [
    "filed under", "filed in", "posted in", "category", "categories", "kategorie", "kategorien", "rubrik", "ressort",
    "rubrique", "catégorie", "catégories", "categoría", "categorías", "categoria", "栏目", "所属栏目", "分类",
];

/// Whether a text is such words alone.
pub(super) fn says_filed(text: &str) -> bool {
    SAYING.contains(&text.trim_end_matches([':', '：', ' ']).to_lowercase().as_str())
}

/// The labels in a line that says that a story is filed under them: "Filed under: Ports, Walls". `None`: it does not say so.
pub(super) fn filed(line: &str) -> Option<Vec<String>> {
    let plain = without_dates(line);
    plain.split(['|', '•']).find_map(|part| {
        let part = part.trim_matches(|c: char| c.is_whitespace() || ",·•".contains(c));
        let (label, value) = at_colon(part).or_else(|| {
            // These say it without a colon, too.
            SAYING.iter().take(3).find_map(|label| {
                part.get(..label.len())
                    .zip(part.get(label.len()..))
                    .filter(|(start, rest)| start.eq_ignore_ascii_case(label) && rest.starts_with(char::is_whitespace))
            })
        })?;
        let said = says_filed(label);
        // "Posted in News by Ann Lee on 5 May 2026"
        let value = value.split_once(" by ").map_or(value, |(value, _)| value);
        let value = value.strip_suffix(" on").unwrap_or(value);
        let labels: Vec<String> = value.split([',', '，', '、', ';']).map(|label| label.trim().to_owned()).collect();
        (said
            && labels.iter().all(|label| {
                !label.is_empty()
                    && width(label) <= 40
                    && !label.contains(['(', ':'])
                    && !residue::ends_like_prose(label)
            }))
        .then_some(labels)
    })
}

/// What the links to the folders that a page lies in are called: for `/news/ports/a.html` those to `/news/` and `/news/ports/`. Of
/// several the first, or one that is called what the folder is.
pub(super) fn folders(page: &Html, own: &Url, base: Option<&Url>) -> Vec<String> {
    /// Words of the name of a folder, at most.
    const WORDS: usize = 5;
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
        let href = named(&node, "a").and_then(|link| attribute(link, "href"));
        let href = href.filter(|href| !href.starts_with('#')).filter(may_lead);
        let Some(href) = href else { continue };
        let Some(path) = resolve(base, href).and_then(|url| folder(&url)) else { continue };
        let text = squeezed(&node, 100);
        // "More" leads there, too.
        let text = if matches!(residue::line(&text), Line::Text | Line::Column) { text } else { String::new() };
        // What stands in the text may lead there, too.
        if text.is_empty() || text.split_whitespace().count() > WORDS {
            continue;
        }
        let is_named = comparable(&text) == comparable(path.rsplit('/').next().unwrap_or_default());
        match found.iter_mut().find(|(known, _)| *known == path) {
            // A label in the letters of the page says more to its readers than the name of the folder.
            Some((_, told)) if is_named && told.chars().all(|c| !c.is_alphabetic() || c < '\u{250}') => *told = text,
            Some(_) => {}
            None => found.push((path, text)),
        }
    }
    found.sort_by_key(|(path, _)| path.len());
    found.into_iter().map(|(_, text)| text).collect()
}

/// What elements near the title are named for that it is filed under.
pub(super) fn named_sections(survey: &Survey<'_>, beside: &Surroundings, heading: Option<usize>) -> Vec<String> {
    let near = heading.map_or(0..0, |place| beside.from..place + APART * 10);
    let told = survey.filed.iter().filter(|(place, _)| near.contains(place) && !beside.hold(*place));
    let Some((_, text)) = told.min_by_key(|(place, _)| heading.unwrap_or_default().abs_diff(*place)) else {
        return Vec::new();
    };
    let parts = text.split(['|', ',', '•']).map(|part| {
        let part = part.trim();
        part.strip_prefix("in ").or(part.strip_prefix("In ")).unwrap_or(part)
    });
    let says_more = |part: &str| says_filed(part) || part.eq_ignore_ascii_case("in") || labelled(part).is_some();
    parts.filter(|part| !part.is_empty() && !says_more(part)).map(str::to_owned).collect()
}

/// What systems call the category of a story that nobody filed, for comparing.
const UNFILED: [&str; 11] = [
    "uncategorized", "uncategorised", "unkategorisiert", "nichtkategorisiert", "ohnekategorie", "nonclassé",
    "sincategoría", "semcategoria", "senzacategoria", "未分类", "未分類",
];

/// The labels of the first way that tells any: each once, and none that is the name of the site, its host, the title, or an author. Of a story
/// that nobody filed only the `places` of its page in the site tell something.
pub(super) fn labels<'o>(
    ways: [Vec<String>; 6],
    places: [usize; 2],
    others: impl Iterator<Item = &'o str>,
) -> Vec<String> {
    /// Headings of labels, and what programs write where there is none.
    const NONE: [&str; 8] = ["tags", "tag", "false", "null", "undefined", "none", "article", "articles"];
    /// Columns above which a label that is part of another text is that text, cut or written on.
    const LONG: usize = 24;
    let others: Vec<String> = others.chain(NONE).map(comparable).collect();
    let is_label = |label: &String| {
        let key = comparable(label);
        // A name that a title begins with is no title that was cut.
        let is_part = |other: &String| {
            width(other) > LONG && (width(&key) * 3 > width(other) * 2 && other.contains(&key) || key.contains(other))
        };
        let is_other = || others.contains(&key) || width(&key) > LONG && others.iter().any(is_part);
        width(label) <= 60 && key.chars().any(char::is_alphabetic) && !is_other() && !label.contains("{{")
    };
    let is_unfiled = |label: &String| UNFILED.contains(&comparable(label).as_str());
    let tidy = |way: Vec<String>| {
        let mut once: Vec<String> = Vec::new();
        for label in way.into_iter().map(|label| label.trim().to_owned()).filter(is_label).take(MOST) {
            if !once.contains(&label) {
                once.push(label);
            }
        }
        once
    };
    let mut unfiled = false;
    for (at, way) in ways.into_iter().enumerate().filter(|(_, way)| !way.is_empty()) {
        if unfiled && !places.contains(&at) {
            continue;
        }
        let mut labels = tidy(way);
        let told = labels.len();
        labels.retain(|label| !is_unfiled(label));
        if !labels.is_empty() {
            return labels;
        }
        unfiled |= told > 0;
    }
    Vec::new()
}
