//! `/status.atom`: what goes wrong as a feed, an entry an incident, which is told anew when it is over.

use atom_syndication::{Entry, Feed, Generator, Link, Person, Text};
use chrono::{DateTime, TimeDelta, Utc};
use hyper::{HeaderMap, StatusCode};

use super::words::Words;
use super::{Answer, View, secrecy};
use crate::publish::text::line;
use crate::refresh::{self, StatusEntry};
use crate::store::{Store, StoreError};

/// Incidents that are told.
const TOLD: usize = 100;

pub(super) fn feed(view: &View<'_>) -> Answer {
    match view.store().and_then(|store| written(view, store.as_ref())) {
        Ok(text) => Answer::new(StatusCode::OK, "application/atom+xml; charset=utf-8", text),
        Err(error) => {
            Answer::text(StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", secrecy::of_store(&error, view.admitted())))
        }
    }
}

fn written(view: &View<'_>, store: Option<&Store>) -> Result<String, StoreError> {
    let site = &view.settings.site;
    let noted = store.map(|store| store.incidents(0, TOLD)).transpose()?.unwrap_or_default();
    let incidents: Vec<_> = view.standstill().into_iter().chain(noted).collect();
    let authority = match &site.authority {
        Some(authority) => Some(authority.clone()),
        None => store.map(refresh::authority).transpose()?.flatten(),
    };
    // Without a walk there is nothing to tell, and nobody who was told.
    let authority = authority.unwrap_or_else(|| "localhost,2000".to_owned());
    let mut entries = refresh::status_entries(&incidents, &authority, &view.settings);
    // It reads the file of the token.
    let admitted = view.admitted();
    // A feed is the same whoever asks for it.
    let words = Words::of(&HeaderMap::new(), &site.language);
    for StatusEntry { kind, text, .. } in &mut entries {
        *text = secrecy::said(kind.name(), text, admitted);
    }
    let entries: Vec<Entry> = entries.iter().map(|entry| self::entry(view, words, entry)).collect();
    let updated = entries.iter().map(|entry| entry.updated).max();
    let feed = Feed {
        id: format!("tag:{authority}:status"),
        lang: Some(words.language.to_owned()),
        title: Text::plain(format!("{} – {}", line(&site.title), words.status_feed)),
        updated: updated.unwrap_or_else(|| view.live.started.fixed_offset()),
        authors: vec![Person { name: line(&site.title), ..Person::default() }],
        generator: Some(Generator {
            value: env!("CARGO_PKG_NAME").to_owned(),
            uri: None,
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
        links: vec![
            link(site.url.as_str(), "status.atom", "self", "application/atom+xml"),
            link(site.url.as_str(), "status", "alternate", "text/html"),
        ],
        entries,
        ..Feed::default()
    };
    Ok(feed.to_string() + "\n")
}

fn link(site: &str, path: &str, rel: &str, media_type: &str) -> Link {
    Link { href: [site, path].concat(), rel: rel.to_owned(), mime_type: Some(media_type.to_owned()), ..Link::default() }
}

fn entry(view: &View<'_>, words: &Words, told: &StatusEntry) -> Entry {
    let StatusEntry { id, title, text, advice, opened, updated, is_over, source, kind } = told;
    let named = view.settings.sources.iter().find(|one| Some(one.id.as_str()) == source.as_deref());
    let named = named.map_or(source.as_deref().unwrap_or_default(), |source| &source.title);
    let (title, advice) = words
        .trouble(*kind, named, source.as_deref().unwrap_or_default(), *is_over)
        .unwrap_or_else(|| (title.clone(), advice.clone()));
    let site = view.settings.site.url.as_str();
    let page = source.as_ref().map_or_else(|| "status".to_owned(), |source| format!("status/{source}"));
    // What was met is told in English to everybody.
    let (said, language) = match (line(text), line(&advice)) {
        (said, advice) if said.is_empty() => (advice, words.language),
        (said, advice) if advice.is_empty() => (said, "en"),
        (said, advice) => (format!("{said} – {advice}"), if words.language == "en" { "en" } else { "mul" }),
    };
    let in_language = |text: String, language: &str| Text { lang: Some(language.to_owned()), ..Text::plain(text) };
    Entry {
        id: id.clone(),
        title: in_language(line(&title), words.language),
        published: Some(opened.fixed_offset()),
        updated: apart(*updated, id).fixed_offset(),
        links: vec![link(site, &page, "alternate", "text/html")],
        summary: Some(in_language(said, language)),
        ..Entry::default()
    }
}

/// A time with a fraction of a second of its own: readers take entries with equal times for versions of one.
fn apart(time: DateTime<Utc>, id: &str) -> DateTime<Utc> {
    let mark = id.bytes().fold(7_u32, |mark, byte| mark.wrapping_mul(31).wrapping_add(byte.into()));
    time + TimeDelta::milliseconds(i64::from(mark % 999))
}
