//! `feedgen explain`: what each room makes of one document or item, and why; what is known of a source.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use url::Url;

use super::export::open;
use super::{Done, Failure, print, show, status};
use crate::collect::files;
use crate::config::{self, Settings};
use crate::document::Document;
use crate::draft::DateClaim;
use crate::item::{Identity, Item, Vocabulary, date, mint};
use crate::read;
use crate::refresh;
use crate::refresh::task::left_out;
use crate::source::Source;
use crate::store::Store;

pub(super) fn run(settings: &Settings, what: &OsStr, address: Option<Url>, now: DateTime<Utc>) -> Done {
    let source = settings.sources.iter().find(|source| what == source.id.as_str());
    if let Some(source) = source.filter(|_| !Path::new(what).is_file()) {
        return print(&status::of_source(settings, source)?);
    }
    let Some((path, source)) = file_of(settings, what) else {
        if !settings.store.exists() {
            let is_address = what.to_str().is_some_and(|what| Url::parse(what).is_ok_and(|url| url.has_host()));
            let (what, store) = (Path::new(what).display(), settings.store.display());
            return Err(Failure::Undone(if is_address {
                format!("there is no store at {store} yet: run `feedgen refresh` first")
            } else {
                format!(
                    "there is no file {what}, and there is no store at {store} yet: correct the name, or run `feedgen refresh` first"
                )
            }));
        }
        let store = open(settings)?;
        let item = show::find(&store, settings, what)?;
        let mut text = String::new();
        show::facts(&store, &item, &mut text)?;
        return print(&text);
    };
    let vocabulary = &refresh::vocabulary(settings)?;
    let document = document(settings, &path, address)?;
    let store = Store::open_to_read(&settings.store)?;
    let settle = |identity| {
        refresh::settle(&document, source, &settings.site.language, vocabulary, identity, now).map(|(item, _)| item)
    };
    let identity = identity(store.as_ref(), source, &path, settle);
    let removed = store.map(|store| show::removed(&store, &identity.key)).transpose()?;
    let removed = removed.flatten().map(|since| format!("It was removed {since}, and is in no feed\n\n"));
    let text = explain(&document, source, &settings.site.language, vocabulary, identity, now)
        .with_context(|| format!("{} gives no item", Path::new(what).display()))?;
    print(&format!("{}{text}", removed.unwrap_or_default()))
}

/// The item that is named: what a file gives, or one of the store; and whether it is in the store.
pub(super) fn item(settings: &Settings, what: &OsStr, now: DateTime<Utc>) -> Result<(Item, bool), Failure> {
    let Some((path, source)) = file_of(settings, what) else {
        return Ok((show::find(&open(settings)?, settings, what)?, true));
    };
    let vocabulary = &refresh::vocabulary(settings)?;
    let document = document(settings, &path, None)?;
    let settle = |identity| {
        refresh::settle(&document, source, &settings.site.language, vocabulary, identity, now).map(|(item, _)| item)
    };
    let identity = identity(Store::open_to_read(&settings.store)?.as_ref(), source, &path, settle);
    let is_stored = identity.known.is_some();
    Ok((settle(identity).with_context(|| format!("{} gives no item", Path::new(what).display()))?, is_stored))
}

fn document(settings: &Settings, path: &Path, address: Option<Url>) -> Result<Document, Failure> {
    let policy = files::Policy { max_size: settings.max_size };
    let document = files::read_file(path, policy);
    let document = document.with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Document { address, ..document })
}

/// The file that is named from the working directory or inside a source, and the source whose folder holds it, else
/// the first. `None`: there is no such file.
fn file_of<'a>(settings: &'a Settings, what: &OsStr) -> Option<(PathBuf, &'a Source)> {
    let here = Path::new(what);
    if here.exists() {
        let holds = |source: &&Source| source.folder().is_some_and(|files| config::below(here, &files.root).is_some());
        let source = settings.sources.iter().find(holds).or(settings.sources.first())?;
        return Some((here.to_owned(), source));
    }
    let mut places = settings.sources.iter().filter_map(|source| Some((source.folder()?.root.join(what), source)));
    places.find(|(path, _)| path.is_file())
}

/// What is published of a file already, which keeps its date; else that of a new one, as where another story was written over it.
fn identity(
    store: Option<&Store>,
    source: &Source,
    path: &Path,
    settle: impl Fn(Identity) -> Result<Item, read::ReadError>,
) -> Identity {
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let new = Identity { source: source.id.clone(), key: mint(&source.id, b"explained"), name, known: None };
    let out = || {
        let store = store?;
        let place = config::below(path, &source.folder()?.root)?;
        let item = store.item_at(&source.id, place.as_os_str().as_encoded_bytes()).ok()??;
        let known = store.known(std::slice::from_ref(&item.key)).ok()?.remove(&item.key)?;
        let is_replaced = settle(new.clone()).is_ok_and(|item| refresh::is_another(&known, &item));
        (!is_replaced).then(|| Identity { key: item.key.clone(), known: Some(known), ..new.clone() })
    };
    out().unwrap_or(new)
}

fn explain(
    document: &Document,
    source: &Source,
    language: &str,
    vocabulary: &Vocabulary,
    identity: Identity,
    now: DateTime<Utc>,
) -> anyhow::Result<String> {
    let decoded =
        read::decode(&document.bytes, document.charset.as_deref(), document.form == crate::document::Form::Html)?;
    let draft = read::read(document, read::Policy { now, timezone: source.timezone })?;
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            // Writing into a string cannot fail.
            let _written = writeln!(text, "  {name:<12}{value}");
        }
    };
    let form = format!("{:?}", document.form).to_lowercase();
    line(
        "document",
        &format!("{form}, {} bytes, {}, read as source {}", document.bytes.len(), decoded.charset, source.id),
    );
    line("title", draft.title.as_deref().unwrap_or("(none: taken from the text)"));
    line("sections", &draft.sections.join(" > "));
    line("given", &draft.categories.join(", "));
    line("keywords", &draft.keywords.join(", "));
    line("authors", &draft.authors.join(", "));
    line("publisher", draft.publisher.as_deref().unwrap_or(""));
    line("language", draft.language.as_deref().unwrap_or(""));
    line("link", draft.link.as_ref().map_or("", |link| link.as_str()));
    let mut dates: Vec<&DateClaim> = draft.dates.iter().collect();
    dates.sort_by_key(|claim| claim.evidence);
    for claim in dates {
        let objection = date::objection(claim, now, source.timezone);
        let passed_over = objection.map(|objection| format!(", passed over: it {objection}")).unwrap_or_default();
        let (when, evidence, confidence) = (claim.when, claim.evidence.name(), claim.confidence());
        line("date", &format!("{when} from {evidence} ({confidence}): {:?}{passed_over}", claim.raw));
    }
    let is_out = identity.known.is_some();
    let (item, notes) = refresh::settle(document, source, language, vocabulary, identity, now)?;
    let mut out = format!("What it says\n{text}\nWhat becomes of it\n");
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _written = writeln!(out, "  {name:<12}{value}");
        }
    };
    line("title", &item.title);
    let kept = if is_out { ", as it was first published" } else { "" };
    let (published, when, evidence) = (item.published.to_rfc3339(), item.when, item.evidence.name());
    line("published", &format!("{published} ({when}, from {evidence}{kept})"));
    line("event", &item.event.map(|event| event.to_string()).unwrap_or_default());
    line("authors", &item.authors.join(", "));
    line("categories", &item.categories.iter().map(|category| category.slug.as_str()).collect::<Vec<_>>().join(", "));
    line("language", item.language.as_deref().unwrap_or(""));
    line("link", item.link.as_ref().map_or("", |link| link.as_str()));
    line("notes", &notes.join("; "));
    line("left out", &left_out(source, &item).unwrap_or_default());
    let siblings = item.siblings.iter().map(|sibling| format!("{} {}", sibling.language, sibling.url));
    line("languages", &siblings.collect::<Vec<_>>().join(", "));
    line("enclosures", &item.enclosures.iter().map(|enclosure| enclosure.url.as_str()).collect::<Vec<_>>().join(", "));
    let _written = write!(out, "\nText\n\n{}\n", item.content.text());
    Ok(out)
}
