//! What JSON-LD (schema.org) in a page says about its story.

use std::collections::{HashMap, VecDeque};

use serde_json::{Map, Value, json};

use super::lines::decoded;
use crate::read::residue::width;

/// Objects of a page's JSON-LD that are looked at.
const MOST: usize = 1_000;

/// What JSON-LD (schema.org) says about a story.
#[derive(Default)]
pub(super) struct LinkedData {
    /// What an article calls itself.
    pub(super) headline: Option<String>,
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) created: Option<String>,
    /// Names of people; organisations are no authors.
    pub(super) authors: Vec<String>,
    /// Names of organisations that are told as authors.
    pub(super) offices: Vec<String>,
    pub(super) publisher: Option<String>,
    pub(super) sections: Vec<String>,
    pub(super) image: Option<String>,
    /// The labels of a `BreadcrumbList`, without the first, which is the site.
    pub(super) trail: Vec<String>,
}

impl LinkedData {
    /// Reads all of a page. An article tells first, then what else is a work; of equals, what stands first.
    pub(super) fn of(values: &[Value]) -> Self {
        let objects = objects(values);
        let people: HashMap<&str, &Value> =
            objects.iter().filter_map(|object| Some((object.get("@id")?.as_str()?, object.get("name")?))).collect();
        let mut works: Vec<(u8, &Map<String, Value>)> =
            objects.iter().filter_map(|object| Some((rank(object)?, *object))).collect();
        works.sort_by_key(|(rank, _)| *rank);
        let text = |key: &str| works.iter().find_map(|(_, work)| strings(work.get(key)?).into_iter().next());
        // Some systems write the seconds since 1970, or thousandths of them.
        let date = |key: &str| {
            let figures = || works.iter().find_map(|(_, work)| Some(work.get(key)?.as_u64()?.to_string()));
            text(key).or_else(figures)
        };
        let named = |people_only: bool| {
            let mut each = works.iter().map(|(_, work)| authors(work, &people, people_only));
            each.find(|names| !names.is_empty()).unwrap_or_default()
        };
        let listed = objects.iter().find(|object| is_kind(object, |kind| kind == "BreadcrumbList"));
        Self {
            headline: works
                .iter()
                .filter(|(rank, _)| *rank == 0)
                .find_map(|(_, work)| strings(work.get("headline")?).into_iter().next()),
            published: date("datePublished"),
            modified: date("dateModified"),
            created: date("dateCreated").or_else(|| text("uploadDate")),
            authors: named(true),
            offices: named(false),
            publisher: text("publisher"),
            sections: works.iter().find_map(|(_, work)| work.get("articleSection")).map(strings).unwrap_or_default(),
            image: works.iter().find_map(|(_, work)| address(work.get("image")?)),
            trail: listed.map(|list| trail(list)).unwrap_or_default(),
        }
    }
}

/// Reads the text of a `<script type="application/ld+json">`. What is no JSON is searched for what matters most.
pub(super) fn parse(text: &str) -> Option<Value> {
    // Control characters inside of strings are common, and no JSON; so are the marks that hid scripts from old browsers.
    let clean = text.replace(|c: char| c.is_control(), " ");
    let mut bare = clean.trim().trim_start_matches("<!--").trim_start_matches("//").trim_start_matches("<![CDATA[");
    while let Some(rest) = [";", "-->", "]]>", "//"].iter().find_map(|mark| bare.trim_end().strip_suffix(mark)) {
        bare = rest;
    }
    // Some systems escape it as they escape what stands in the page.
    let escaped = || bare.contains("{&quot;").then(|| decoded(bare));
    let read = |text: &str| serde_json::from_str(text.trim()).ok();
    read(bare).or_else(|| read(&escaped()?)).or_else(|| recovered(bare))
}

/// The dates and the author in a text that was to be JSON.
fn recovered(text: &str) -> Option<Value> {
    let behind = |key: &str| {
        let (_, rest) = text.split_once(key)?;
        rest.trim_start().strip_prefix(':').map(str::trim_start)
    };
    let string = |rest: &str| rest.strip_prefix('"')?.split('"').next().map(str::to_owned);
    let published = behind("\"datePublished\"").and_then(string)?;
    let author = behind("\"author\"").and_then(|rest| {
        let near: String = rest.chars().take(400).collect();
        let (_, named) = near.split_once("\"name\"")?;
        string(named.trim_start().strip_prefix(':')?.trim_start())
    });
    let modified = behind("\"dateModified\"").and_then(string);
    Some(json!({ "@type": "Article", "datePublished": published, "dateModified": modified, "author": author }))
}

/// The objects that tell of the page, outermost first; those that list other pages are not entered.
fn objects(values: &[Value]) -> Vec<&Map<String, Value>> {
    let mut found = Vec::new();
    let mut waiting: VecDeque<&Value> = values.iter().collect();
    while let Some(value) = waiting.pop_front() {
        match value {
            Value::Array(values) if waiting.len() < MOST => waiting.extend(values),
            Value::Object(object) if found.len() < MOST => {
                found.push(object);
                let inner = ["@graph", "mainEntity", "mainEntityOfPage", "author", "breadcrumb"];
                waiting.extend(inner.iter().filter_map(|key| object.get(*key)));
            }
            _ => {}
        }
    }
    found
}

fn is_kind(object: &Map<String, Value>, fits: impl Fn(&str) -> bool) -> bool {
    match object.get("@type") {
        Some(Value::String(kind)) => fits(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(fits),
        _ => false,
    }
}

/// How surely an object is the story, best first. `None`: it is none.
fn rank(object: &Map<String, Value>) -> Option<u8> {
    if is_kind(object, |kind| kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report") {
        return Some(0);
    }
    let other = ["Review", "Comment", "Product", "Event", "Offer", "Person", "BreadcrumbList", "ItemList"];
    (!is_kind(object, |kind| other.contains(&kind) || kind.ends_with("Organization"))).then_some(1)
}

/// The people that a work names, also by a reference to where they are described.
fn authors(work: &Map<String, Value>, people: &HashMap<&str, &Value>, people_only: bool) -> Vec<String> {
    let Some(told) = work.get("author").or_else(|| work.get("creator")) else { return Vec::new() };
    let each: Vec<&Value> = told.as_array().map_or_else(|| vec![told], |all| all.iter().take(16).collect());
    let mut names: Vec<String> = Vec::new();
    for author in each {
        let found = match author {
            Value::Object(object) if people_only && is_kind(object, |kind| kind.ends_with("Organization")) => {
                Vec::new()
            }
            Value::Object(object) if !object.contains_key("name") => {
                let known = object.get("@id").and_then(Value::as_str).and_then(|id| people.get(id));
                known.map(|name| strings(name)).unwrap_or_default()
            }
            author => strings(author),
        };
        names.extend(found);
    }
    names
}

/// The labels of a `BreadcrumbList`, without the first.
fn trail(list: &Map<String, Value>) -> Vec<String> {
    let name = |part: &Value| {
        let item = part.get("item").filter(|item| item.is_object());
        part.get("name").or_else(|| item?.get("name"))?.as_str().map(|name| decoded(name.trim()))
    };
    let parts = list.get("itemListElement").and_then(Value::as_array).into_iter().flatten();
    parts.skip(1).filter_map(name).filter(|name| !name.is_empty() && width(name) <= 60).take(16).collect()
}

/// The address in a value: itself, that of an object, or the first of a list.
fn address(value: &Value) -> Option<String> {
    let first = value.as_array().and_then(|all| all.first()).unwrap_or(value);
    first.as_str().or_else(|| first.get("url")?.as_str()).map(str::to_owned)
}

/// The strings in a JSON-LD value: itself, those of a list, or the names of objects.
fn strings(value: &Value) -> Vec<String> {
    let one = |value: &Value| {
        let text = value.as_str().or_else(|| value.get("name")?.as_str())?;
        Some(decoded(text.trim())).filter(|text| !text.is_empty())
    };
    match value {
        Value::Array(values) => values.iter().take(16).filter_map(one).collect(),
        value => one(value).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> LinkedData {
        LinkedData::of(&parse(text).into_iter().collect::<Vec<_>>())
    }

    #[test]
    fn an_article_in_a_graph_tells_first_and_names_people_by_reference() {
        let told = read(
            r##"{"@graph": [{"@type": "WebPage", "datePublished": "2024-01-01"},
                {"@type": ["NewsArticle"], "datePublished": "2024-02-02", "author": {"@id": "#p"}, "articleSection": "Tides &amp; Ports"},
                {"@type": "Person", "@id": "#p", "name": "Ada Strand"}]}"##,
        );
        assert_eq!((told.published.as_deref(), told.authors), (Some("2024-02-02"), vec!["Ada Strand".to_owned()]));
        assert_eq!(told.sections, ["Tides & Ports"]);
    }

    #[test]
    fn an_organisation_is_no_author() {
        let told = read(
            r#"{"@type": "BlogPosting", "author": [{"@type": "Organization", "name": "Harbour Press"}, {"@type": "Person", "name": "Li Ming"}]}"#,
        );
        assert_eq!(told.authors, ["Li Ming"]);
    }

    #[test]
    fn broken_json_still_tells_its_dates() {
        let told = read(
            r#"{"@type": "Article", "headline": "The "Old" Pier", "datePublished" : "2024-02-02T10:00:00Z", "author": {"@type": "Person", "name": "Ada Strand"},}"#,
        );
        assert_eq!(
            (told.published.as_deref(), told.authors),
            (Some("2024-02-02T10:00:00Z"), vec!["Ada Strand".to_owned()])
        );
        assert_eq!(
            read(r#"<!-- {"@type": "Article", "dateModified": "2024-03-03"}; -->"#).modified.as_deref(),
            Some("2024-03-03")
        );
    }

    #[test]
    fn what_lists_other_stories_is_not_entered() {
        let told = read(
            r#"{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "datePublished": "2024-02-02"}]}"#,
        );
        assert_eq!(told.published, None);
    }
}
