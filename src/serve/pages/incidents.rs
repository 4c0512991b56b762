//! `/status.atom`: what goes wrong as a feed, an entry an incident, which is told anew when it is over.

use chrono::{DateTime, TimeDelta, Utc};
use hyper::{HeaderMap, StatusCode};

use super::words::Words;
use super::{Answer, View, secrecy};
use crate::publish::atom::NAMESPACE;
use crate::publish::text::line;
use crate::publish::xml::{DECLARATION, Elements};
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
    let updated = entries.iter().map(|entry| apart(entry.updated, &entry.id)).max().unwrap_or(view.live.started);
    let mut text = DECLARATION.to_owned();
    let mut xml = Elements::within(0, &mut text);
    xml.start("feed", &[("xmlns", Some(NAMESPACE)), ("xml:lang", Some(words.language))]);
    xml.text("title", &[], &format!("{} – {}", line(&site.title), words.status_feed));
    xml.text("id", &[], &format!("tag:{authority}:status"));
    xml.text("updated", &[], &updated.to_rfc3339());
    xml.start("author", &[]);
    xml.text("name", &[], &line(&site.title));
    xml.end("author");
    xml.text("generator", &[("version", Some(env!("CARGO_PKG_VERSION")))], env!("CARGO_PKG_NAME"));
    link(&mut xml, view, "status.atom", "self", "application/atom+xml");
    link(&mut xml, view, "status", "alternate", "text/html");
    for told in &entries {
        entry(&mut xml, view, words, told);
    }
    xml.end("feed");
    Ok(text + "\n")
}

fn link(xml: &mut Elements<'_>, view: &View<'_>, path: &str, rel: &str, media_type: &str) {
    let href = [view.settings.site.url.as_str(), path].concat();
    xml.empty("link", &[("href", Some(&href)), ("rel", Some(rel)), ("type", Some(media_type))]);
}

fn entry(xml: &mut Elements<'_>, view: &View<'_>, words: &Words, told: &StatusEntry) {
    let StatusEntry { id, title, text, advice, opened, updated, is_over, source, kind } = told;
    let named = view.settings.sources.iter().find(|one| Some(one.id.as_str()) == source.as_deref());
    let named = named.map_or(source.as_deref().unwrap_or_default(), |source| &source.title);
    let (title, advice) = words
        .trouble(*kind, named, source.as_deref().unwrap_or_default(), *is_over)
        .unwrap_or_else(|| (title.clone(), advice.clone()));
    let page = source.as_ref().map_or_else(|| "status".to_owned(), |source| format!("status/{source}"));
    // What was met is told in English to everybody.
    let (said, language) = match (line(text), line(&advice)) {
        (said, advice) if said.is_empty() => (advice, words.language),
        (said, advice) if advice.is_empty() => (said, "en"),
        (said, advice) => (format!("{said} – {advice}"), if words.language == "en" { "en" } else { "mul" }),
    };
    xml.start("entry", &[]);
    xml.text("title", &[("xml:lang", Some(words.language))], &line(&title));
    xml.text("id", &[], id);
    xml.text("updated", &[], &apart(*updated, id).to_rfc3339());
    link(xml, view, &page, "alternate", "text/html");
    xml.text("published", &[], &opened.to_rfc3339());
    xml.text("summary", &[("xml:lang", Some(language))], &said);
    xml.end("entry");
}

/// A time with a fraction of a second of its own: readers take entries with equal times for versions of one.
fn apart(time: DateTime<Utc>, id: &str) -> DateTime<Utc> {
    let mark = id.bytes().fold(7_u32, |mark, byte| mark.wrapping_mul(31).wrapping_add(byte.into()));
    time + TimeDelta::milliseconds(i64::from(mark % 999))
}
