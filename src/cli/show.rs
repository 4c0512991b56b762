//! `feedgen show`: an item, where it comes from, its copies and its revisions.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use chrono::SecondsFormat;
use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};
use serde_json::json;

use super::export::open;
use super::{Done, Failure, copies, difference, plain, print, print_json, write_out};
use crate::config::{self, Settings};
use crate::document::Origin;
use crate::item::Item;
use crate::store::{Revision, Store};

/// Items listed when a text fits several.
const MOST: usize = 20;

#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Key, id, title, path or address of the item
    #[arg(value_parser = name())]
    item: OsString,
    /// Print what was changed in its words, and when
    #[arg(long)]
    diff: bool,
    /// Print that revision, or with --diff what it changed [default: the newest]
    #[arg(long, value_name = "NUMBER")]
    revision: Option<i64>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

/// What an item is called on the command line: not empty, and in any bytes, for it may be a path.
pub(super) fn name() -> impl TypedValueParser<Value = OsString> {
    OsStringValueParser::new().try_map(|name| if name.is_empty() { Err("a value is required") } else { Ok(name) })
}

pub(super) fn run(settings: &Settings, asked: &Asked, colours: bool) -> Done {
    let store = open(settings)?;
    let item = find(&store, settings, &asked.item)?;
    if asked.diff || asked.revision.is_some() {
        return revision(&store.revisions(&item.key)?, asked, colours);
    }
    if asked.json {
        return print_json(&as_json(&store, &item)?);
    }
    let mut text = String::new();
    facts(&store, &item, &mut text)?;
    // Writing into a string cannot fail.
    let _written = writeln!(text, "\n{}", item.content.text());
    print(&text)
}

/// A revision, or what it changed.
fn revision(revisions: &[Revision], asked: &Asked, colours: bool) -> Done {
    let number = asked.revision.or_else(|| Some(revisions.last()?.number));
    let Some(at) = revisions.iter().position(|revision| Some(revision.number) == number) else {
        let numbers: Vec<String> = revisions.iter().map(|revision| revision.number.to_string()).collect();
        let number = number.unwrap_or_default();
        return Err(Failure::Undone(format!("no revision {number} is kept: there are {}", numbers.join(", "))));
    };
    let (Some(now), before) = (revisions.get(at), at.checked_sub(1).and_then(|at| revisions.get(at))) else {
        return Ok(0);
    };
    let text = |revision: &Revision| format!("{}\n\n{}", revision.title, revision.content.text());
    let difference = before.filter(|_| asked.diff).map(|before| (before, text(before)));
    if asked.json {
        let mut told = json!({
            "revision": now.number, "since": since(now), "title": now.title, "html": now.content.as_str(),
        });
        if let (Some((before, words)), Some(told)) = (&difference, told.as_object_mut()) {
            told.insert("before".to_owned(), json!({
                "revision": before.number, "since": since(before), "title": before.title, "html": before.content.as_str(),
            }));
            told.insert("diff".to_owned(), json!(difference::lay_out(words, &text(now), false)));
        }
        return print_json(&told);
    }
    match difference {
        Some((before, words)) => {
            let told = difference::lay_out(&words, &text(now), colours);
            let heading = format!("revision {} of {} → {} of {}", before.number, since(before), now.number, since(now));
            write_out(format!("{}\n\n{told}", plain(&heading)).as_bytes())
        }
        None if asked.diff && asked.revision.is_none() => print("its words were never changed\n"),
        None => print(&format!("revision {} of {}\n\n{}\n", now.number, since(now), text(now))),
    }
}

fn since(revision: &Revision) -> String {
    revision.since.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The one item that is named by key, title, address or path: from the working directory or inside its source.
pub(super) fn find(store: &Store, settings: &Settings, asked: &OsStr) -> Result<Item, Failure> {
    for source in &settings.sources {
        if let Some(files) = source.folder()
            && let Some(inside) = config::below(Path::new(asked), &files.root)
            && let Some(item) = store.item_at(&source.id, inside.as_os_str().as_bytes())?
        {
            return Ok(item);
        }
    }
    let none = || {
        let asked = asked.to_string_lossy();
        Failure::Undone(format!("no item {asked:?}: give its key, the start of its title, its path or its address"))
    };
    // Only paths are in other bytes.
    let asked = asked.to_str().ok_or_else(none)?;
    let wanted = asked.rsplit([':', '/']).next().filter(|key| key.trim_end_matches(".html").len() == 16);
    let key = wanted.map_or(asked, |key| key.trim_end_matches(".html"));
    let mut found = store.find(key, MOST)?;
    if found.is_empty() && key != asked {
        found = store.find(asked, MOST)?;
    }
    let several = found.len() > 1;
    match found.into_iter().next() {
        None => Err(none()),
        Some(item) if !several || item.key == key => Ok(item),
        Some(_) => {
            let mut all = store.find(key, MOST)?;
            // A whole title is meant before the start of another.
            if all.iter().filter(|item| item.title == asked).count() == 1 {
                all.retain(|item| item.title == asked);
                return all.pop().ok_or_else(none);
            }
            let line = |item: &Item| {
                format!("  {}  {}  {}  {}", item.key, item.published.format("%Y-%m-%d"), item.source, item.title)
            };
            let list: Vec<String> = all.iter().map(line).collect();
            Err(Failure::Undone(format!("{asked:?} fits several items, name one by its key:\n{}", list.join("\n"))))
        }
    }
}

/// Since when an item is removed, or that a rule did it. `None`: it is not.
pub(super) fn removed(store: &Store, key: &str) -> Result<Option<String>, Failure> {
    let since = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    Ok(store.removal(key)?.map(|removal| removal.since.map_or("by a rule of its source".to_owned(), since)))
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
    let revisions = store.revisions(&item.key)?;
    let told: Vec<String> =
        revisions.iter().map(|revision| format!("{} {}", revision.number, since(revision))).collect();
    line("revisions", &if told.len() > 1 { told.join(", ") } else { String::new() });
    line("removed", &removed(store, &item.key)?.unwrap_or_default());
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
    for (version, reason) in copies::versions_with_reasons(store, item)? {
        let language = version.language.as_deref().unwrap_or_default();
        line("version", &format!("{} {language} in {}: {reason}", version.key, version.source));
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
    let revisions = store.revisions(&item.key)?;
    let revisions = revisions.iter().map(|revision| json!({ "revision": revision.number, "since": since(revision) }));
    let removal = store.removal(&item.key)?;
    Ok(json!({
        "key": item.key, "source": item.source.as_str(), "path": Origin::File(place).display(),
        "title": item.title, "link": item.link.as_ref().map(super::super::item::link::CanonicalUrl::as_str),
        "published": item.published.to_rfc3339_opts(SecondsFormat::Secs, true),
        "updated": item.updated.to_rfc3339_opts(SecondsFormat::Secs, true),
        "date": item.when.to_string(), "date_precision": item.precision().name(), "date_source": item.evidence.name(),
        "revisions": revisions.collect::<Vec<_>>(), "is_removed": removal.is_some(),
        "removed": removal.and_then(|removal| removal.since).map(|since| since.to_rfc3339_opts(SecondsFormat::Secs, true)),
        "event_date": item.event.map(|event| event.to_string()),
        "authors": item.authors, "publisher": item.publisher, "sections": item.sections,
        "categories": item.categories.iter().map(|category| category.slug.as_str()).collect::<Vec<_>>(),
        "tags": item.tags,
        "language": item.language, "feeds": channels, "copies": store.copies(&item.key)?,
        "reasons": copies::with_reasons(store, item)?.into_iter().map(|(copy, reason)| (copy.key.clone(), reason)).collect::<BTreeMap<_, _>>(),
        "versions": copies::versions_with_reasons(store, item)?.into_iter().map(|(version, reason)| (version.key.clone(), reason)).collect::<BTreeMap<_, _>>(),
        "apart": store.apart_from(&item.key)?,
        "summary": item.summary, "html": item.content.as_str(),
    }))
}
