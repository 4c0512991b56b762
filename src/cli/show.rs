//! `feedgen show`: an item, where it comes from, and its copies.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use chrono::SecondsFormat;
use serde_json::json;

use super::export::open;
use super::{Done, Failure, copies, print, print_json};
use crate::config::{self, Settings};
use crate::document::Origin;
use crate::item::Item;
use crate::store::Store;

/// Items listed when a text fits several.
const MOST: usize = 20;

pub(super) fn run(settings: &Settings, asked: &str, json: bool) -> Done {
    let store = open(settings)?;
    let item = find(&store, settings, asked)?;
    if json {
        return print_json(&as_json(&store, &item)?);
    }
    let mut text = String::new();
    facts(&store, &item, &mut text)?;
    // Writing into a string cannot fail.
    let _written = writeln!(text, "\n{}", item.content.text());
    print(&text)
}

/// The one item that a text names by key, title, address or path: from the working directory or inside its source.
pub(super) fn find(store: &Store, settings: &Settings, asked: &str) -> Result<Item, Failure> {
    for source in &settings.sources {
        if let Some(files) = source.folder()
            && let Some(inside) = config::below(Path::new(asked), &files.root)
            && let Some(item) = store.item_at(&source.id, inside.as_os_str().as_bytes())?
        {
            return Ok(item);
        }
    }
    let wanted = asked.rsplit([':', '/']).next().filter(|key| key.trim_end_matches(".html").len() == 16);
    let key = wanted.map_or(asked, |key| key.trim_end_matches(".html"));
    let mut found = store.find(key, MOST)?;
    if found.is_empty() && key != asked {
        found = store.find(asked, MOST)?;
    }
    let several = found.len() > 1;
    match found.into_iter().next() {
        None => Err(Failure::Undone(format!(
            "no item {asked:?}: give its key, the start of its title, its path or its address"
        ))),
        Some(item) if !several || item.key == key => Ok(item),
        Some(_) => {
            let list: Vec<String> =
                store.find(key, MOST)?.iter().map(|item| format!("  {}  {}", item.key, item.title)).collect();
            Err(Failure::Undone(format!("{asked:?} fits several items, name one by its key:\n{}", list.join("\n"))))
        }
    }
}

/// The facts of an item, a line each.
pub(super) fn facts(store: &Store, item: &Item, text: &mut String) -> Result<(), Failure> {
    let (place, channels) = store.place(&item.key)?.unwrap_or_default();
    let time = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _written = writeln!(text, "{name:<12}{value}");
        }
    };
    line("title", &item.title);
    line("key", &item.key);
    line("source", &format!("{}, {}", item.source, Origin::File(place).display()));
    line("link", item.link.as_ref().map_or("", |link| link.as_str()));
    let confidence = item.evidence.confidence(item.precision());
    line(
        "published",
        &format!(
            "{} ({}, precise to the {}, from {}, confidence {confidence})",
            time(item.published),
            item.when,
            item.precision().name(),
            item.evidence.name()
        ),
    );
    line("updated", &time(item.updated));
    line("event", &item.event.map(|event| event.to_string()).unwrap_or_default());
    line("authors", &item.authors.join(", "));
    line("publisher", item.publisher.as_deref().unwrap_or(""));
    line("sections", &item.sections.join(" > "));
    line("categories", &item.categories.iter().map(|category| category.slug.as_str()).collect::<Vec<_>>().join(", "));
    line("tags", &item.tags.join(", "));
    line("language", item.language.as_deref().unwrap_or(""));
    line("feeds", &channels.join(", "));
    for (copy, reason) in copies::with_reasons(store, item)? {
        line("copy", &format!("{} in {}: {reason}", copy.key, copy.source));
    }
    line("set apart", &store.apart_from(&item.key)?.join(", "));
    let siblings = item.siblings.iter().map(|sibling| format!("{} {}", sibling.language, sibling.url));
    line("languages", &siblings.collect::<Vec<_>>().join(", "));
    line("enclosures", &item.enclosures.iter().map(|enclosure| enclosure.url.as_str()).collect::<Vec<_>>().join(", "));
    line("summary", &item.summary);
    Ok(())
}

fn as_json(store: &Store, item: &Item) -> Result<serde_json::Value, Failure> {
    let (place, channels) = store.place(&item.key)?.unwrap_or_default();
    Ok(json!({
        "key": item.key, "source": item.source.as_str(), "path": Origin::File(place).display(),
        "title": item.title, "link": item.link.as_ref().map(super::super::item::link::CanonicalUrl::as_str),
        "published": item.published.to_rfc3339_opts(SecondsFormat::Secs, true),
        "updated": item.updated.to_rfc3339_opts(SecondsFormat::Secs, true),
        "date": item.when.to_string(), "date_precision": item.precision().name(), "date_source": item.evidence.name(),
        "event_date": item.event.map(|event| event.to_string()),
        "authors": item.authors, "publisher": item.publisher, "sections": item.sections,
        "categories": item.categories.iter().map(|category| category.slug.as_str()).collect::<Vec<_>>(),
        "tags": item.tags,
        "language": item.language, "feeds": channels, "copies": store.copies(&item.key)?,
        "reasons": copies::with_reasons(store, item)?.into_iter().map(|(copy, reason)| (copy.key.clone(), reason)).collect::<BTreeMap<_, _>>(),
        "apart": store.apart_from(&item.key)?,
        "summary": item.summary, "html": item.content.as_str(),
    }))
}
