//! `feedgen preview`: what a source would give, by the same code as a walk, with the evidence for each field.

use std::fmt::Write as _;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use serde_json::{Value, json};
use url::Url;

use super::place::{self, Visiting};
use super::{Done, Failure, absolute, counted, print, print_json, say};
use crate::collect::fetch::{self, Answer, Head};
use crate::config::{Edit, Environment, Settings};
use crate::item::Vocabulary;
use crate::read::feed::{self, Feed};
use crate::refresh::{self, Preview, Previewed};
use crate::source::{Source, SourceKind};
use crate::store::Store;

/// Documents of a folder that are read.
const LOOKED_AT: usize = 1000;

/// What is to be shown.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Id of a source, address of a feed or page, folder, document or feed in a file
    #[arg(value_name = "SOURCE|URL|PATH")]
    what: String,
    /// The address that a feed in a file was published at, for relative links
    #[arg(long, value_name = "URL")]
    address: Option<Url>,
    /// Items to show
    #[arg(long, default_value_t = 10)]
    items: usize,
    /// Print all items as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    visiting: Visiting,
}

/// What is found there.
struct Found {
    source: Source,
    settings: Settings,
    /// The feed, and what its server says of it. `None`: documents.
    feed: Option<(Feed, Answer)>,
}

/// Prints what a source of the configuration, an address, a folder or a file would give.
pub(super) fn run(named: Option<&Path>, environment: &Environment, asked: &Asked, now: DateTime<Utc>) -> Done {
    let edit = Edit::open(named, environment)?;
    let Found { source, settings, feed } = look(&edit, asked, now)?;
    let store = Store::open_to_read(&settings.store)?;
    let vocabulary = refresh::vocabulary(&settings)?;
    let vocabulary = vocabulary.as_ref().unwrap_or_else(|| Vocabulary::built_in());
    let (about, preview) = match (feed, &source.kind) {
        (Some((feed, answer)), _) => {
            let about = facts(&feed, &answer);
            let made = refresh::preview_feed(feed, &answer.url, &source, &settings, vocabulary, store.as_ref(), now)?;
            (about, made)
        }
        (None, SourceKind::Files(files)) => {
            let made = refresh::preview_files(&source, files, LOOKED_AT, &settings, vocabulary, store.as_ref(), now);
            let about = vec![("folder", json!(absolute(&files.root))), ("documents", json!(files.pattern))];
            (about, made.map_err(|error| Failure::Undone(error.to_string()))?)
        }
        (None, SourceKind::Feed(_) | SourceKind::Page(_)) => (Vec::new(), Preview::default()),
    };
    if asked.json {
        let items: Vec<Value> = preview.items.iter().map(as_json).collect();
        let about: serde_json::Map<String, Value> =
            about.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        return print_json(&json!({ "about": about, "items": items, "notes": preview.notes }));
    }
    preview.notes.iter().for_each(|note| say(note.line().trim_end()));
    print(&as_text(&about, &preview, asked.items))
}

fn look(edit: &Edit, asked: &Asked, now: DateTime<Utc>) -> Result<Found, Failure> {
    let Asked { what, address, visiting, .. } = asked;
    let settings = edit.settings()?;
    if let Some(source) = settings.sources.iter().find(|source| source.id.as_str() == what) {
        let source = source.clone();
        let Some(web) = source.web() else { return Ok(Found { source, settings, feed: None }) };
        let mut answer = place::fetch(&settings, web, visiting.allow_private, now)?;
        let body = answer.body.take().unwrap_or_default();
        let feed = refresh::read_feed(&body, &answer);
        let feed = feed.map_err(|error| Failure::Undone(format!("{} {error}", web.url)))?;
        return Ok(Found { source, settings, feed: Some((feed, answer)) });
    }
    if place::is_address(what) {
        let place::Found { address, answer, feed, visiting, .. } = place::find(edit, what, visiting, now)?;
        let (settings, source) =
            place::trial(edit, |source| visiting.keys(source.with("feed", Some(address.as_str()))))?;
        return Ok(Found { source, settings, feed: Some((feed, answer)) });
    }
    let path = Path::new(what);
    if path.is_file() {
        let bytes = std::fs::read(path).map_err(|error| Failure::Undone(format!("cannot read {what}: {error}")))?;
        if feed::looks_like_feed(&bytes) {
            return feed_in(edit, path, &bytes, address.as_ref());
        }
    }
    if path.exists() {
        let (settings, source) = place::trial(edit, |source| source.with("files", Some(what)))?;
        return Ok(Found { source, settings, feed: None });
    }
    let ids: Vec<&str> = settings.sources.iter().map(|source| source.id.as_str()).collect();
    let text = format!(
        "there is no source, file or folder {what}: the configuration has {}, and an address starts with https://",
        ids.join(", ")
    );
    Err(Failure::Undone(text))
}

/// A feed in a file: without the address that it was taken from, the one that it tells itself.
fn feed_in(edit: &Edit, path: &Path, bytes: &[u8], address: Option<&Url>) -> Result<Found, Failure> {
    let answer = |url: Url| Answer {
        url,
        moved: None,
        head: Head::default(),
        body: None,
        validators: None,
        room: None,
        is_open: true,
    };
    let read = |url: &Url| {
        let read = refresh::read_feed(bytes, &answer(url.clone()));
        read.map_err(|error| Failure::Undone(format!("{} {error}", path.display())))
    };
    let here = Url::from_file_path(absolute(path));
    let here = here.map_err(|()| Failure::Undone(format!("{} is no file", path.display())))?;
    let web = |url: &str| Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = if let Some(url) = address {
        url.clone()
    } else {
        let feed = read(&here)?;
        let told = feed.address().and_then(web).or_else(|| feed.about.link.as_deref().and_then(web));
        told.unwrap_or(here)
    };
    let feed = read(&url)?;
    let (settings, source) = place::trial(edit, |source| source.with("feed", Some("http://localhost/")))?;
    Ok(Found { source, settings, feed: Some((feed, answer(url))) })
}

/// What a feed and its server say of themselves.
fn facts(feed: &Feed, answer: &Answer) -> Vec<(&'static str, Value)> {
    let Answer { url, moved, head, validators, .. } = answer;
    let line = |text: &Option<feed::Text>| text.as_ref().map(feed::Text::line);
    let mut facts = vec![("address", json!(url.as_str()))];
    let mut add = |name: &'static str, value: Option<Value>| facts.extend(value.map(|value| (name, value)));
    let text = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Value::from);
    add("moved", text(moved.as_ref().map(ToString::to_string)));
    add("title", text(line(&feed.about.title)));
    add("page", text(feed.about.link.clone()));
    add("language", text(feed.about.language.clone()));
    add("updated", text(feed.about.updated.map(|when| when.to_string())));
    add("generator", text(feed.generator.clone()));
    add("entries", Some(json!(feed.entries.len())));
    add("media_type", text(head.content_type.clone()));
    add("charset", text(head.content_type.as_deref().and_then(fetch::charset).map(str::to_owned)));
    add("etag", text(validators.as_ref().and_then(|validators| validators.etag.clone())));
    add("last_modified", text(validators.as_ref().and_then(|validators| validators.last_modified.clone())));
    add("cache_control", text(head.cache_control.clone()));
    add("ttl", feed.visits.ttl.map(Value::from));
    add("cut_short", feed.partial.then_some(Value::Bool(true)));
    facts
}

fn as_text(about: &[(&'static str, Value)], preview: &Preview, most: usize) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _written = writeln!(text, "  {name:<12}{value}");
        }
    };
    for (name, value) in about {
        line(&name.replace('_', " "), &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    for previewed in preview.items.iter().take(most) {
        let item = &previewed.item;
        let _written = writeln!(text, "\n{}", item.title);
        let mut line = |name: &str, value: &str| {
            if !value.is_empty() {
                let _written = writeln!(text, "  {name:<12}{value}");
            }
        };
        let out = if previewed.is_out { ", as it was first published" } else { "" };
        line("published", &format!("{} ({}, from {}{out})", time(item.published), item.when, item.evidence.name()));
        line("id", &format!("{} (known by {})", item.guid.as_deref().unwrap_or(&item.key), previewed.goes_by));
        line("link", item.link.as_ref().map_or("none: it gets a page here", |link| link.as_str()));
        let given = if previewed.given.is_empty() {
            String::new()
        } else {
            format!(" (given: {})", previewed.given.join(", "))
        };
        line("categories", &format!("{}{given}", slugs(previewed).join(", ")));
        let declared = previewed.declared_language.as_ref().map(|tag| format!(" (declared: {tag})"));
        line("language", &format!("{}{}", item.language.as_deref().unwrap_or("?"), declared.unwrap_or_default()));
        line("authors", &item.authors.join(", "));
        let enclosures: Vec<&str> = item.enclosures.iter().map(|enclosure| enclosure.url.as_str()).collect();
        line("enclosures", &enclosures.join(", "));
        line("text", &item.summary);
    }
    let left = preview.items.len().saturating_sub(most) + preview.passed_over;
    if left > 0 {
        let _written = writeln!(text, "\n{} more", counted(left, "item"));
    }
    text
}

fn slugs(previewed: &Previewed) -> Vec<&str> {
    previewed.item.categories.iter().map(|category| category.slug.as_str()).collect()
}

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn as_json(previewed: &Previewed) -> Value {
    let Previewed { item, is_out, goes_by, given, declared_language } = previewed;
    let enclosures: Vec<&str> = item.enclosures.iter().map(|enclosure| enclosure.url.as_str()).collect();
    let link = item.link.as_ref().map(ToString::to_string);
    json!({
        "title": item.title, "key": item.key, "guid": item.guid, "known_by": goes_by, "is_out": is_out,
        "link": link, "published": time(item.published),
        "updated": time(item.updated), "date": item.when.to_string(), "date_precision": item.precision().name(),
        "date_source": item.evidence.name(), "authors": item.authors, "categories": slugs(previewed), "given": given,
        "language": item.language, "declared_language": declared_language, "enclosures": enclosures,
        "image": item.image, "summary": item.summary, "html": item.content.as_str(),
    })
}
