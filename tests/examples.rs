//! The sample documents and the shipped configuration, through the real binary: `examples.expected.json`, field by field.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its house has failed")]

mod house;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use feedgen::item::{Vocabulary, mint};
use feedgen::source::SourceId;
use house::{House, TestItem};
use serde::Deserialize;

/// What a person finds in a document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    title: String,
    /// As fine as `precision`; a time of day without a zone is one in the zone of the source.
    date: String,
    precision: String,
    sections: Vec<String>,
    categories: Vec<String>,
    language: String,
    /// Parts of the body: paragraphs, headings, lists, tables, pictures.
    blocks: usize,
    /// The first 30 characters of the text.
    first: String,
    /// The last 30.
    last: String,
    same_story_as: Option<String>,
}

fn expected() -> BTreeMap<String, Expected> {
    serde_json::from_str(include_str!("examples.expected.json")).unwrap()
}

/// A house with the sample documents and the configuration as shipped, refreshed after the last of them appeared.
fn house() -> House {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let house = House::new();
    house.at("2026-10-01T00:00:00Z").config(&fs::read_to_string(project.join("config/feedgen.toml")).unwrap());
    bring(&house, project, "examples/news");
    house.refresh().expect_ok();
    house
}

fn bring(house: &House, project: &Path, folder: &str) {
    let mut names: Vec<_> =
        fs::read_dir(project.join(folder)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    for name in names {
        let path = format!("{folder}/{}", name.to_str().unwrap());
        match project.join(&path) {
            there if there.is_dir() => bring(house, project, &path),
            there => {
                house.bytes(&path, &fs::read(there).unwrap());
            }
        }
    }
}

fn key(path: &str) -> String {
    mint(&SourceId::new("examples").unwrap(), path.as_bytes())
}

fn by_key(items: Vec<TestItem>) -> BTreeMap<String, TestItem> {
    items.into_iter().map(|item| (item.key().to_owned(), item)).collect()
}

#[test]
fn every_document_becomes_what_a_person_finds_in_it() {
    let items = by_key(house().feed("sources/examples.json"));
    let expected = expected();
    let differences: Vec<String> = expected
        .iter()
        .flat_map(|(path, expected)| {
            let item = items.get(&key(path)).unwrap_or_else(|| panic!("{path} is not published"));
            differences(expected, item).into_iter().map(move |difference| format!("{path}: {difference}"))
        })
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert_eq!(items.len(), expected.len(), "all documents, and nothing else");
}

#[test]
fn a_story_told_twice_is_shown_once() {
    let house = house();
    let (all, source) = (by_key(house.feed("all.json")), by_key(house.feed("sources/examples.json")));
    let mut copies = 0;
    for (path, expected) in expected() {
        let Some(other) = expected.same_story_as else { continue };
        copies += 1;
        let (one, two) = (key(&path), key(&other));
        assert!(all.contains_key(&one) != all.contains_key(&two), "{path} and {other}: one of them is shown");
        let shown = if all.contains_key(&one) { &one } else { &two };
        let hidden = if shown == &one { &two } else { &one };
        assert_eq!(all[shown].feedgen["duplicates"], serde_json::json!([hidden]), "{path}");
        assert!(source.contains_key(&one) && source.contains_key(&two), "{path}: the feed of the source has both");
    }
    assert!(copies > 0 && all.len() + copies == source.len());
}

/// How an item differs from what is expected, field by field.
fn differences(expected: &Expected, item: &TestItem) -> Vec<String> {
    let mut differences = Vec::new();
    let mut compare = |name: &str, expected: String, found: String| {
        if expected != found {
            differences.push(format!("{name}\n    expected {expected}\n    found    {found}"));
        }
    };
    let blocks = blocks(&item.content);
    let text: Vec<char> = blocks.join(" ").chars().collect();
    let last = text.len().saturating_sub(30);
    let labels: Vec<&str> = expected
        .categories
        .iter()
        .map(|slug| {
            Vocabulary::built_in().label(slug, &expected.language).unwrap_or_else(|| panic!("no category {slug}"))
        })
        .collect();
    compare("title", expected.title.clone(), item.title.clone());
    compare(
        "date",
        instant(&expected.date, &expected.precision).to_string(),
        item.date.parse::<DateTime<Utc>>().unwrap().to_string(),
    );
    compare("precision", expected.precision.clone(), item.feedgen["date_precision"].as_str().unwrap().to_owned());
    compare("sections", format!("{:?}", expected.sections), format!("{:?}", texts(&item.feedgen["sections"])));
    compare("categories", format!("{labels:?}"), format!("{:?}", item.tags));
    compare("language", expected.language.clone(), item.whole["language"].as_str().unwrap_or_default().to_owned());
    compare("blocks", expected.blocks.to_string(), blocks.len().to_string());
    compare("first", expected.first.clone(), text.iter().take(30).collect());
    compare("last", expected.last.clone(), text[last..].iter().collect());
    differences
}

fn texts(value: &serde_json::Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(|text| text.as_str()).collect()
}

/// What feeds show for a date: noon in Shanghai where the time of day is not known.
fn instant(date: &str, precision: &str) -> DateTime<Utc> {
    let written = match precision {
        "month" => format!("{date}-01T12:00:00+08:00"),
        "day" => format!("{date}T12:00:00+08:00"),
        _ if date.len() == "2026-01-01T00:00:00".len() => format!("{date}+08:00"),
        _ => date.to_owned(),
    };
    written.parse().unwrap()
}

/// The texts of the outermost elements of a body.
fn blocks(html: &str) -> Vec<String> {
    let (mut blocks, mut depth) = (Vec::new(), 0_usize);
    let mut text = String::new();
    for piece in html.split('<').filter(|piece| !piece.is_empty()) {
        let (tag, words) = piece.split_once('>').unwrap_or(("", piece));
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        match tag {
            _ if matches!(name, "img" | "br" | "hr" | "") => {}
            _ if tag.starts_with('/') => depth -= 1,
            _ => depth += 1,
        }
        if !matches!(name, "a" | "em" | "strong" | "b" | "i" | "code" | "sup" | "sub" | "span" | "") {
            text.push(' ');
        }
        text.push_str(
            &words
                .replace("&quot;", "\"")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&nbsp;", " ")
                .replace("&amp;", "&"),
        );
        if depth == 0 && !tag.is_empty() {
            blocks.push(std::mem::take(&mut text).split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    blocks
}
