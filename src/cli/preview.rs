//! `feedgen preview`: what a source would give, by the same code as a walk, with the evidence for each field.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use serde_json::{Value, json};
use url::Url;

use super::place::{self, Paged, Place, Visiting};
use super::{Done, Failure, absolute, counted, given, page, print, print_json, say, show};
use crate::collect::fetch::{self, Answer, Head};
use crate::collect::files::covers;
use crate::config::{self, Edit, Environment, Settings};
use crate::draft::Evidence;
use crate::item::Item;
use crate::read;
use crate::read::feed::{self, Feed};
use crate::read::listing::Form;
use crate::refresh::task::left_out;
use crate::refresh::{self, Around, Looked, Preview, Previewed};
use crate::source::{Files, Source, SourceKind};
use crate::store::Store;

/// Characters that a page without a date must tell to be an article.
const TOLD: usize = 200;
/// Documents of a folder that are read.
const LOOKED_AT: usize = 1000;

/// What is to be shown.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Id of a source, address of a feed or page, folder, document, feed or page in a file
    #[arg(value_name = "SOURCE|URL|PATH")]
    what: String,
    /// The address that a feed or page in a file was published at, for relative links
    #[arg(long, value_name = "URL")]
    address: Option<Url>,
    /// Items to show
    #[arg(long, default_value_t = 10)]
    items: usize,
    /// Print all items as JSON
    #[arg(long)]
    json: bool,
    /// Write the page to a file, with the parts of its list marked
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    #[command(flatten)]
    visiting: Visiting,
}

/// What is found there.
struct Found {
    source: Source,
    settings: Settings,
    what: What,
}

/// What a place is.
enum What {
    Documents,
    /// A feed, and what its server says of it.
    Feed(Box<Feed>, Box<Answer>),
    /// A page that lists news.
    Page(Box<Looked>),
    /// A page that is one article, and where it is.
    Article(Url, Box<Previewed>),
}

/// Prints what a source of the configuration, an address, a folder or a file would give.
pub(super) fn run(named: Option<&Path>, environment: &Environment, asked: &Asked, now: DateTime<Utc>) -> Done {
    let edit = Edit::open(named, environment)?;
    let Found { source, settings, what } = look(&edit, asked, now)?;
    let store = place::store_of_today(&settings.store)?;
    let vocabulary = &refresh::vocabulary(&settings)?;
    let mut list = None;
    let (about, preview) = match what {
        What::Feed(feed, answer) => {
            let about = facts(&feed, &answer);
            let made = refresh::preview_feed(*feed, &answer.url, &source, &settings, vocabulary, store.as_ref(), now)?;
            (about, made)
        }
        What::Documents => {
            let Some(files) = source.folder() else { return Ok(0) };
            let made = refresh::preview_files(&source, files, LOOKED_AT, &settings, vocabulary, store.as_ref(), now);
            let about = vec![("folder", json!(absolute(&files.root))), ("documents", json!(files.pattern))];
            (about, made.map_err(|error| Failure::Undone(error.to_string()))?)
        }
        What::Page(mut looked) => {
            let preview = std::mem::take(&mut looked.preview);
            let address = looked.page.as_ref().map_or("", |(address, _)| address.as_str());
            let about = vec![("address", json!(address))];
            list = Some(looked);
            (about, preview)
        }
        What::Article(url, article) => {
            let about = vec![("address", json!(url.as_str())), ("page", json!("one article, and no list of news"))];
            (about, Preview { items: vec![*article], ..Preview::default() })
        }
    };
    if let Some(path) = &asked.html {
        write_marked(path, list.as_deref(), &source, now)?;
    }
    let shown = shown(&preview, &source, store.as_ref())?;
    if asked.json {
        let items: Vec<Value> = shown.iter().map(as_json).collect();
        let about: serde_json::Map<String, Value> =
            about.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let list = list.as_deref().map(page::as_json);
        return print_json(&json!({ "about": about, "list": list, "items": items, "notes": preview.notes }));
    }
    preview.notes.iter().for_each(|note| say(note.line().trim_end()));
    let lines = match &list {
        Some(looked) => page::lines(looked),
        None => about.iter().map(|(name, value)| (name.replace('_', " "), in_words(value))).collect(),
    };
    let mut text = as_text(&lines, &shown, &preview, asked.items);
    text.extend(list.as_deref().map(page::not_taken));
    print(&text)
}

/// Writes the page with the parts of its list marked.
fn write_marked(path: &Path, looked: Option<&Looked>, source: &Source, now: DateTime<Utc>) -> Result<(), Failure> {
    let policy = read::Policy { now, timezone: source.timezone };
    let own = looked.and_then(|looked| {
        let (address, page) = looked.page.as_ref()?;
        let lists = looked.list.iter().chain(&looked.own);
        let list = lists.into_iter().find(|list| list.way.form == Form::Page && list.way.url.is_none())?;
        refresh::marked(page, address, &list.way.select, policy)
    });
    let Some(marked) = own else {
        return Err(Failure::Undone("there is no list in a page to be marked: leave --html out".to_owned()));
    };
    let failed = |error: std::io::Error| Failure::Undone(format!("cannot write {}: {error}", path.display()));
    std::fs::write(path, marked).map_err(failed)?;
    say(&format!("wrote {}: open it in a browser", absolute(path).display()));
    Ok(())
}

fn look(edit: &Edit, asked: &Asked, now: DateTime<Utc>) -> Result<Found, Failure> {
    let Asked { what, address, visiting, items, .. } = asked;
    let settings = edit.settings()?;
    if let Some(source) = settings.sources.iter().find(|source| source.id.as_str() == what) {
        let source = source.clone();
        let what = match &source.kind {
            SourceKind::Files(_) => What::Documents,
            SourceKind::Feed(web) => {
                let mut answer = place::fetch(&settings, web, visiting.allow_private, now)?;
                let body = answer.body.take().unwrap_or_default();
                let feed = refresh::read_feed(&body, &answer, now);
                let feed = feed.map_err(|error| Failure::Undone(format!("{} {error}", web.url)))?;
                What::Feed(Box::new(feed), Box::new(answer))
            }
            SourceKind::Page(page) => {
                let policy = place::policy(&settings, &page.web.url, visiting.allow_private)?;
                let looked = place::look(&settings, &source, None, *items, Some(&policy), now)?;
                if looked.list.is_none() {
                    return Err(place::no_list(&page.web.url, &source, &looked));
                }
                What::Page(Box::new(looked))
            }
        };
        return Ok(Found { source, settings, what });
    }
    if place::is_address(what) {
        return match place::find(edit, what, visiting, *items, now)? {
            Place::Feed(found) => {
                let place::Found { address, answer, feed, visiting, .. } = *found;
                let (settings, source) =
                    place::trial(edit, |source| visiting.keys(source.with("feed", Some(address.as_str()))))?;
                Ok(Found { source, settings, what: What::Feed(Box::new(feed), Box::new(answer)) })
            }
            Place::Page(paged) => {
                let Paged { source, settings, answer, looked, .. } = *paged;
                list_or_article(source, settings, answer, looked, now)
            }
        };
    }
    let path = Path::new(what);
    if path.is_file() {
        let bytes = given::read(path)?;
        if feed::looks_like_feed(&bytes) {
            return feed_in(edit, path, &bytes, address.as_ref(), now);
        }
        if let Some(found) = page_in(edit, path, bytes, asked, now)? {
            return Ok(found);
        }
    }
    if path.is_file()
        && let Some(source) = document_of(&settings, path)
    {
        return Ok(Found { source, settings, what: What::Documents });
    }
    if path.exists() {
        let (settings, source) = place::trial(edit, |source| source.with("files", Some(what)))?;
        return Ok(Found { source, settings, what: What::Documents });
    }
    let instead = settings.sources_instead_of(what);
    let text = format!("there is no source, file or folder {what:?}: {instead}; an address starts with https://");
    Err(Failure::Undone(text))
}

/// The source that a file is a document of, with nothing else in it. `None`: it is of none.
fn document_of(settings: &Settings, path: &Path) -> Option<Source> {
    settings.sources.iter().find_map(|source| {
        let files = source.folder()?;
        let inside = config::below(path, &files.root)?;
        let pattern = globset::escape(inside.to_str().filter(|inside| !inside.is_empty())?);
        let only = Files { pattern, ..files.clone() };
        covers(files, &files.root.join(&inside))
            .then(|| Source { kind: SourceKind::Files(Box::new(only)), ..source.clone() })
    })
}

/// A page is a list; else the article that it is.
fn list_or_article(
    source: Source,
    settings: Settings,
    answer: Answer,
    looked: Looked,
    now: DateTime<Utc>,
) -> Result<Found, Failure> {
    let url = answer.url.clone();
    if !page::is_list(&looked) {
        let vocabulary = &refresh::vocabulary(&settings)?;
        let around = Around { settings: &settings, vocabulary, store: None, policy: None, now };
        let article = refresh::look_at_article(answer, &source, around).ok();
        let tells = |item: &Item| item.evidence != Evidence::FirstSeen || item.content.text().chars().count() >= TOLD;
        if let Some(article) = article.filter(|article| tells(&article.item)) {
            if let Some(list) = &looked.list {
                let entries = counted(list.feed.entries.len(), "link");
                say(&format!("note: {url} is read as one article; a list of {entries} in it is hardly one of news"));
            }
            return Ok(Found { source, settings, what: What::Article(url, Box::new(article)) });
        }
    }
    if looked.list.is_none() {
        return Err(place::no_list(&url, &source, &looked));
    }
    Ok(Found { source, settings, what: What::Page(Box::new(looked)) })
}

/// A page in a file, if it lists news: without the address that it was taken from, the one that it tells itself.
fn page_in(
    edit: &Edit,
    path: &Path,
    bytes: Vec<u8>,
    asked: &Asked,
    now: DateTime<Utc>,
) -> Result<Option<Found>, Failure> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if !["html", "htm", "xhtml", "shtml", "json"].contains(&ending.as_str()) {
        return Ok(None);
    }
    let Ok(decoded) = read::decode(&bytes, None, true) else { return Ok(None) };
    let told = asked.address.clone().or_else(|| page::own_address(&decoded.text));
    // RFC 2606 §2: nobody has it. At the root there would be the home page of a site, which has several lists.
    let nowhere = || Url::parse("https://page.invalid/news/list.html");
    let Some(url) = told.clone().or_else(|| nowhere().ok()) else { return Ok(None) };
    let (settings, source) = place::trial(edit, |source| {
        let mut source = source.with("page", Some(url.as_str()));
        let select = toml::Table::from_iter([("full_text".to_owned(), false.into())]);
        source.keys.push(("select".to_owned(), toml::Value::Table(select)));
        source
    })?;
    let answer = Answer { body: Some(bytes), ..answer(url) };
    let looked = place::look(&settings, &source, Some(answer), asked.items, None, now)?;
    if !page::is_list(&looked) && asked.address.is_none() {
        return Ok(None);
    }
    if looked.list.is_none() {
        return Err(Failure::Undone(format!("{}: {}", path.display(), looked.problem.unwrap_or_default())));
    }
    if told.is_none() {
        say(
            "note: the page does not say where it is from, so its links begin with https://page.invalid/: --address tells it",
        );
    }
    Ok(Some(Found { source, settings, what: What::Page(Box::new(looked)) }))
}

/// An answer that nobody gave.
fn answer(url: Url) -> Answer {
    Answer { url, moved: None, head: Head::default(), body: None, validators: None, room: None, is_open: true }
}

/// A feed in a file: without the address that it was taken from, the one that it tells itself.
fn feed_in(
    edit: &Edit,
    path: &Path,
    bytes: &[u8],
    address: Option<&Url>,
    now: DateTime<Utc>,
) -> Result<Found, Failure> {
    let read = |url: &Url| {
        let read = refresh::read_feed(bytes, &answer(url.clone()), now);
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
    Ok(Found { source, settings, what: What::Feed(Box::new(feed), Box::new(answer(url))) })
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

fn in_words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An item, and why it is in no feed. `None`: it is in some.
type Shown<'a> = (&'a Previewed, Option<String>);

fn shown<'a>(preview: &'a Preview, source: &Source, store: Option<&Store>) -> Result<Vec<Shown<'a>>, Failure> {
    let why = |previewed: &Previewed| -> Result<Option<String>, Failure> {
        let removed = match store {
            Some(store) if previewed.is_out => show::removed(store, &previewed.item.key)?,
            _ => None,
        };
        let removed = removed.map(|since| format!("of every feed, for good: it was removed {since}"));
        Ok(removed.or_else(|| left_out(source, &previewed.item)))
    };
    preview.items.iter().map(|previewed| Ok((previewed, why(previewed)?))).collect()
}

fn as_text(about: &[(String, String)], shown: &[Shown<'_>], preview: &Preview, most: usize) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _written = writeln!(text, "  {name:<12}{value}");
        }
    };
    for (name, value) in about {
        line(name, value);
    }
    for (previewed, left_out) in shown.iter().take(most) {
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
        line("left out", left_out.as_deref().unwrap_or_default());
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

fn as_json((previewed, left_out): &Shown<'_>) -> Value {
    let Previewed { item, is_out, goes_by, given, declared_language } = previewed;
    let enclosures: Vec<&str> = item.enclosures.iter().map(|enclosure| enclosure.url.as_str()).collect();
    let link = item.link.as_ref().map(ToString::to_string);
    json!({
        "title": item.title, "key": item.key, "guid": item.guid, "known_by": goes_by, "is_out": is_out,
        "link": link, "published": time(item.published),
        "updated": time(item.updated), "date": item.when.to_string(), "date_precision": item.precision().name(),
        "date_source": item.evidence.name(), "authors": item.authors, "categories": slugs(previewed), "given": given,
        "language": item.language, "declared_language": declared_language, "enclosures": enclosures,
        "image": item.image, "left_out": left_out, "summary": item.summary, "html": item.content.as_str(),
    })
}
