//! What a source would give: made by the very functions of a walk, and not kept.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use url::Url;

use super::arrival::{self, Arrival, Surroundings};
use super::entry::{Pending, settle};
use super::folder::{self, without_panic};
use crate::collect::files::{CollectError, Folder, Met, Policy};
use crate::config::Settings;
use crate::item::{Identity, Item, Vocabulary, mint};
use crate::read::feed::{Entry, Feed};
use crate::report::Note;
use crate::source::{Files, Source};
use crate::store::{Store, StoreError};

/// What a source would give.
#[derive(Debug, Default)]
pub struct Preview {
    /// Items, in the order of the feed or of the paths of their documents.
    pub items: Vec<Previewed>,
    /// What could not be understood, and what was left alone.
    pub notes: Vec<Note>,
    /// Documents that were not looked at, since there are so many.
    pub passed_over: usize,
}

/// An item, and what it was made of.
#[derive(Debug)]
pub struct Previewed {
    /// The item, as a walk would save it.
    pub item: Item,
    /// Whether it is published already: then its date is kept.
    pub is_out: bool,
    /// What it is known again by.
    pub goes_by: &'static str,
    /// Categories that its author gave it, as written.
    pub given: Vec<String>,
    /// The language that it or its feed declares, as written.
    pub declared_language: Option<String>,
}

/// What the entries of a feed that answered at `address` would become.
///
/// # Errors
/// When the store fails.
pub fn preview_feed(
    feed: Feed,
    address: &Url,
    source: &Source,
    settings: &Settings,
    vocabulary: &Vocabulary,
    store: Option<&Store>,
    now: DateTime<Utc>,
) -> Result<Preview, StoreError> {
    let Feed { about, entries, notes, .. } = feed;
    let note = |text: String| Note { path: address.to_string(), text };
    let mut preview = Preview { notes: notes.into_iter().map(note).collect(), ..Preview::default() };
    let arrivals = arrival::arrivals(&source.id, entries);
    let around = Surroundings::of(&arrivals, address, Some(&about));
    let places = arrivals.iter().map(Arrival::place);
    let seen = store.map(|store| store.seen_at(&source.id, places)).transpose()?.unwrap_or_default();
    for (arrival, identity) in arrival::identify(source, arrivals, &seen, HashSet::new(), &around, store)? {
        let (goes_by, is_out) = (arrival.goes_by(), identity.known.is_some());
        let facts = &arrival.entry.facts;
        let given = facts.categories.iter().map(|category| category.label.as_ref().unwrap_or(&category.term).clone());
        let (given, declared_language) = (given.collect(), facts.language.clone().or_else(|| about.language.clone()));
        let pending = Pending { arrival, identity, order: 0 };
        let claims = |entry: Entry, _, _| entry.draft(&about, address);
        match without_panic(|| settle(pending, source, claims, settings, vocabulary, now).entry.item) {
            Ok(Some((item, _))) => {
                preview.items.push(Previewed { item, is_out, goes_by, given, declared_language });
            }
            Ok(None) => {}
            Err(text) => preview.notes.push(note(text)),
        }
    }
    Ok(preview)
}

/// What the first `most` documents of a folder would become.
///
/// # Errors
/// When the folder cannot be read.
pub fn preview_files(
    source: &Source,
    files: &Files,
    most: usize,
    settings: &Settings,
    vocabulary: &Vocabulary,
    store: Option<&Store>,
    now: DateTime<Utc>,
) -> Result<Preview, CollectError> {
    let folder = Folder::open(source, files, Policy { max_size: settings.max_size })?;
    let mut preview = Preview::default();
    let mut found = Vec::new();
    let Ok(()) = folder.walk::<std::convert::Infallible>(&mut |met| {
        match met {
            Met::File(file) if found.len() < most => found.push(file),
            Met::File(_) => preview.passed_over += 1,
            Met::Left(path, text) => preview.notes.push(Note { path: folder.shown(&path), text }),
        }
        Ok(())
    });
    for file in found {
        let note = |text: String| Note { path: folder.shown(&file.path), text };
        let identity = identity(source, &file.path, store);
        let is_out = identity.known.is_some();
        let language = &settings.site.language;
        let made = folder.read(&file).and_then(|opened| {
            let document = opened.document;
            without_panic(|| folder::settle(&document, source, language, vocabulary, identity, now))?
                .map_err(|error| error.to_string())
        });
        match made {
            Ok((item, notes)) => {
                preview.notes.extend(notes.into_iter().map(note));
                let goes_by = "its place in the folder";
                let (given, declared_language) = (Vec::new(), None);
                preview.items.push(Previewed { item, is_out, goes_by, given, declared_language });
            }
            Err(text) => preview.notes.push(note(text)),
        }
    }
    Ok(preview)
}

/// Which item a document is: the one that is out, else a new one.
fn identity(source: &Source, path: &[u8], store: Option<&Store>) -> Identity {
    let out = || {
        let (store, item) = (store?, store?.item_at(&source.id, path).ok()??);
        let known = store.known(std::slice::from_ref(&item.key)).ok()?.remove(&item.key);
        Some((item.key.clone(), known))
    };
    let (key, known) = out().unwrap_or_else(|| (mint(&source.id, path), None));
    Identity { source: source.id.clone(), key, name: folder::name_of(path), known }
}
