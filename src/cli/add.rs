//! `feedgen add`: finds out what an address or folder is, and writes it into the configuration.

use std::path::Path;

use chrono::{DateTime, Utc};
use clap::Args;
use url::Url;

use super::place::{self, Found, Paged, Place, Visiting};
use super::{Done, Failure, absolute, page, print, say, table, working};
use crate::config::{self, Edit, Environment, Ids, NewSource};
use crate::item::link::bare;
use crate::item::text;
use crate::read::feed;
use crate::refresh::{self, Preview};
use crate::source::{Source, SourceId};

/// Items that are shown of each source.
const SHOWN: usize = 5;
/// Documents of a folder that are read to show some.
const LOOKED_AT: usize = 200;
/// Longest title, characters.
const TITLE: usize = 200;

/// What is to be added.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Addresses of feeds or of pages that list news, folders or documents
    #[arg(required = true, value_name = "URL|PATH")]
    places: Vec<String>,
    /// Its id [default: made from its title or host]
    #[arg(long, value_parser = id)]
    id: Option<String>,
    /// Its title [default: what the feed calls itself]
    #[arg(long)]
    title: Option<String>,
    /// Category of all its items; may be repeated
    #[arg(long = "category", value_name = "CATEGORY")]
    categories: Vec<String>,
    #[command(flatten)]
    visiting: Visiting,
    /// Print what would be added, and write nothing
    #[arg(long)]
    dry_run: bool,
}

fn id(text: &str) -> Result<String, String> {
    SourceId::new(text).map(|id| id.to_string()).map_err(|error| error.to_string())
}

/// Adds what is named to the configuration: all in one go, and all that can be. Ends with 1 when one of them cannot.
pub(super) fn run(named: Option<&Path>, environment: &Environment, asked: &Asked, now: DateTime<Utc>) -> Done {
    if asked.places.len() > 1 && (asked.id.is_some() || asked.title.is_some()) {
        return Err(Failure::Usage("--id and --title are for one source: add the others by themselves".to_owned()));
    }
    if asked.places.iter().any(|place| place.trim().is_empty()) {
        let what = "the address of a feed or of a page that lists news, a folder or a document";
        return Err(Failure::Usage(format!("there is nothing to add: name {what}")));
    }
    let mut edit = Edit::open(named, environment)?;
    // What is wrong already is told before anything is asked.
    edit.settings()?;
    can_add(&edit)?;
    let (mut added, mut failed) = (Vec::new(), false);
    for place in &asked.places {
        let outcome = if place::is_address(place) {
            found_at(&edit, place, asked, now)
        } else {
            folder_at(&edit, place, asked, now)
        };
        match outcome {
            Ok((source, preview)) => {
                show(place, &preview);
                print(&edit.append(std::slice::from_ref(&source)))?;
                added.push(source);
            }
            Err(Failure::Undone(error)) => {
                say(&format!("error: {error}"));
                failed = true;
            }
            Err(failure) => return Err(failure),
        }
    }
    if !added.is_empty() {
        let next = working::next_step(&edit.settings()?);
        save(&mut edit, asked.dry_run, next)?;
    }
    Ok(u8::from(failed))
}

/// Writes what was added, and says so.
pub(super) fn save(edit: &mut Edit, dry_run: bool, next: &str) -> Result<(), Failure> {
    let path = absolute(&edit.path);
    let path = path.display();
    if dry_run {
        let would = if edit.is_new() { "created with it" } else { "added to" };
        say(&format!("nothing was written (--dry-run): {path} would be {would}"));
        return Ok(());
    }
    write(edit)?;
    let done = if edit.is_new() { "created" } else { "added to" };
    say(&format!("{done} {path}; {next}"));
    Ok(())
}

/// Refuses what nothing can be added to.
pub(super) fn can_add(edit: &Edit) -> Result<(), Failure> {
    edit.is_open().map_err(|error| Failure::Usage(error.to_string()))
}

/// Puts a changed configuration in the place of the old one.
pub(super) fn write(edit: &mut Edit) -> Result<(), Failure> {
    edit.save().map_err(|error| match error {
        config::EditError::Wrong { .. } => Failure::Usage(error.to_string()),
        _ => Failure::Undone(error.to_string()),
    })
}

fn found_at(edit: &Edit, address: &str, asked: &Asked, now: DateTime<Utc>) -> Result<(NewSource, Preview), Failure> {
    let url = config::feed_address(address).map_err(Failure::Usage)?;
    is_new(&edit.settings()?.sources, &url)?;
    match place::find(edit, address, &asked.visiting, SHOWN, now)? {
        Place::Feed(found) => feed_at(edit, &url, *found, asked, now),
        Place::Page(paged) => page_at(edit, &url, *paged, asked, now),
    }
}

/// A page that lists news, and has no feed of the same list.
fn page_at(
    edit: &Edit,
    url: &Url,
    paged: Paged,
    asked: &Asked,
    now: DateTime<Utc>,
) -> Result<(NewSource, Preview), Failure> {
    let Paged { address, source, looked, visiting, .. } = paged;
    let Some(list) = &looked.list else { return Err(place::no_list(&address, &source, &looked)) };
    is_at(edit, url, &address, true, asked, &visiting)?;
    if !page::is_list(&looked) {
        say(&format!("note: {address} is hardly a list of news: see whether these are its titles"));
    }
    let title = asked.title.clone().or_else(|| page::title(list).map(|title| text::cut(&title, TITLE)));
    let language = list.feed.about.language.as_deref().filter(|tag| config::is_language(tag));
    let source = NewSource { comments: vec![comment(None, now)], below: page::pin(list), ..NewSource::default() }
        .with("id", Some(&new_id(edit, asked, &[title.as_deref(), address.host_str()])?))
        .with("title", title.as_deref())
        .with("page", Some(address.as_str()))
        .with("language", language)
        .with_list("categories", &asked.categories);
    let source = visiting.keys(source);
    if visiting.allow_private {
        tell_private(&address, edit)?;
    }
    place::made(edit, &source)?;
    Ok((source, looked.preview))
}

/// Says what is to be said of where a source is, as against where it was asked for.
fn is_at(
    edit: &Edit,
    url: &Url,
    address: &Url,
    is_same: bool,
    asked: &Asked,
    visiting: &Visiting,
) -> Result<(), Failure> {
    is_new(&edit.settings()?.sources, address)?;
    if is_same && url != address {
        say(&format!("note: {url} has moved for good to {address}"));
    }
    let has_keys = |visiting: &Visiting| !visiting.keys(NewSource::default()).keys.is_empty();
    if has_keys(&asked.visiting) && !has_keys(visiting) {
        say(&format!("note: {address} is on another host: user, password and headers are not sent there, nor written"));
    }
    Ok(())
}

fn feed_at(
    edit: &Edit,
    url: &Url,
    found: Found,
    asked: &Asked,
    now: DateTime<Utc>,
) -> Result<(NewSource, Preview), Failure> {
    let Found { address, page, answer, feed, visiting } = found;
    is_at(edit, url, &address, page.is_none(), asked, &visiting)?;
    let own = feed.about.title.as_ref().map(feed::Text::line).map(|title| text::cut(&text::one_line(&title), TITLE));
    let title = asked.title.clone().or(own.filter(|title| !title.is_empty()));
    let page = page.map(String::from).or_else(|| feed.about.link.clone());
    let source = NewSource { comments: vec![comment(page.as_deref(), now)], ..NewSource::default() }
        .with("id", Some(&new_id(edit, asked, &[title.as_deref(), address.host_str()])?))
        .with("title", title.as_deref())
        .with("feed", Some(address.as_str()))
        .with("language", feed.about.language.as_deref().filter(|tag| config::is_language(tag)))
        .with_list("categories", &asked.categories);
    let source = visiting.keys(source);
    if visiting.allow_private {
        tell_private(&address, edit)?;
    }
    let (settings, made) = place::made(edit, &source)?;
    let store = place::store_of_today(&settings.store)?;
    let vocabulary = &refresh::vocabulary(&settings)?;
    let preview = refresh::preview_feed(feed, &answer.url, &made, &settings, vocabulary, store.as_ref(), now)?;
    Ok((source, preview))
}

/// A walk asks no host inside the network that is not listed.
fn tell_private(address: &Url, edit: &Edit) -> Result<(), Failure> {
    let settings = edit.settings()?;
    let host = address.host_str().unwrap_or_default();
    let host = address.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    if crate::collect::address::check(address, &settings.refresh.private).is_err() {
        let mut listed = settings.refresh.allow_private;
        listed.push(host);
        let line = toml::Value::from(listed);
        say(&format!("note: for walks to ask it too, write in [refresh]: allow_private = {line}"));
    }
    Ok(())
}

fn folder_at(edit: &Edit, place: &str, asked: &Asked, now: DateTime<Utc>) -> Result<(NewSource, Preview), Failure> {
    let path = Path::new(place);
    if !path.exists() {
        let text = format!("there is no file or folder {place}; an address starts with https://");
        return Err(Failure::Undone(text));
    }
    if place.contains(['*', '?', '[', '{', '\\']) {
        let text = format!("{place} has characters that mean something else in `files`: write the source by hand");
        return Err(Failure::Undone(text));
    }
    if path.is_file() && std::fs::read(path).is_ok_and(|bytes| feed::looks_like_feed(&bytes)) {
        let text = format!("{place} is a feed: add its address; `feedgen preview {place}` shows what is in it");
        return Err(Failure::Undone(text));
    }
    let name = absolute(path).file_stem().map(|name| name.to_string_lossy().into_owned());
    let title = asked.title.clone().or_else(|| name.map(|name| text::one_line(&name)).filter(|name| !name.is_empty()));
    let source = NewSource { comments: vec![comment(None, now)], ..NewSource::default() }
        .with("id", Some(&new_id(edit, asked, &[title.as_deref(), Some("documents")])?))
        .with("title", title.as_deref())
        .with("files", Some(place))
        .with_list("categories", &asked.categories);
    let (settings, made) = place::made(edit, &source)?;
    let Some(files) = made.folder() else { return Err(Failure::Undone(format!("{place} is no folder"))) };
    for other in settings.sources.iter().filter(|other| other.id != made.id) {
        let Some(theirs) = other.folder() else { continue };
        let inside = config::below(&files.root, &theirs.root);
        if inside.as_deref() == Some(Path::new("")) && files.pattern == theirs.pattern {
            return Err(Failure::Undone(format!("{place} is there already: source {}", other.id)));
        }
        if inside.is_some() || config::below(&theirs.root, &files.root).is_some() {
            say(&format!("note: source {} reads some of the same folders: such documents are items of both", other.id));
        }
    }
    let store = place::store_of_today(&settings.store)?;
    let vocabulary = &refresh::vocabulary(&settings)?;
    let preview = refresh::preview_files(&made, files, LOOKED_AT, &settings, vocabulary, store.as_ref(), now);
    Ok((source, preview.map_err(|error| Failure::Undone(error.to_string()))?))
}

fn new_id(edit: &Edit, asked: &Asked, names: &[Option<&str>]) -> Result<String, Failure> {
    let settings = edit.settings()?;
    match &asked.id {
        Some(id) if settings.sources.iter().any(|source| source.id.as_str() == id) => {
            Err(Failure::Usage(format!("--id: there is a source {id} already")))
        }
        Some(id) => Ok(id.clone()),
        None => Ok(Ids::of(&settings).take(names)),
    }
}

fn comment(page: Option<&str>, now: DateTime<Utc>) -> String {
    let from = page.map_or_else(|| "Added".to_owned(), |page| format!("From {}, added", text::one_line(page)));
    format!("{from} on {}.", now.format("%Y-%m-%d"))
}

/// The source that has this address, be it written with another scheme, with `www.` or a slash at the end.
pub(super) fn source_at<'a>(mut sources: impl Iterator<Item = &'a Source>, address: &Url) -> Option<&'a Source> {
    let asked = bare(address);
    sources.find(|source| source.web().is_some_and(|web| bare(&web.url) == asked))
}

/// Nothing is taken in twice.
fn is_new(sources: &[Source], address: &Url) -> Result<(), Failure> {
    let same = source_at(sources.iter(), address);
    same.map_or(Ok(()), |source| Err(Failure::Undone(format!("{address} is there already: source {}", source.id))))
}

/// The first items, for people.
fn show(place: &str, preview: &Preview) {
    let rows: Vec<Vec<String>> = preview
        .items
        .iter()
        .take(SHOWN)
        .map(|previewed| {
            let item = &previewed.item;
            let link = item.link.as_ref().map(ToString::to_string).unwrap_or_default();
            vec![item.published.format("%Y-%m-%d").to_string(), text::cut(&item.title, 60), link]
        })
        .collect();
    let more = (preview.items.len() + preview.passed_over).saturating_sub(rows.len());
    if rows.is_empty() {
        say(&format!("{place} has no item yet"));
    } else {
        say(table::lay_out(&rows, &[]).trim_end());
    }
    if more > 0 {
        say(&format!("and {more} more"));
    }
    preview.notes.iter().take(SHOWN).for_each(|note| say(note.line().trim_end()));
}
