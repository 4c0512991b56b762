//! `/status.atom`: what goes wrong with sources as a feed, an entry an incident, which is told anew when it is over.

use atom_syndication::{Entry, Feed, Generator, Link, Person, Text};
use chrono::{DateTime, TimeDelta, Utc};
use hyper::{HeaderMap, StatusCode};

use super::words::Words;
use super::{Answer, View};
use crate::publish::text::line;
use crate::status::{self, Incident};
use crate::store::{Store, StoreError};

pub(super) fn feed(view: &View<'_>) -> Answer {
    match view.store().and_then(|store| written(view, store.as_ref())) {
        Ok(text) => Answer::new(StatusCode::OK, "application/atom+xml; charset=utf-8", text),
        Err(error) => Answer::text(StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")),
    }
}

fn written(view: &View<'_>, store: Option<&Store>) -> Result<String, StoreError> {
    let incidents = store.map(|store| status::incidents(store, &view.settings)).transpose()?.unwrap_or_default();
    let authority = match &view.settings.site.authority {
        Some(authority) => Some(authority.clone()),
        None => store.map(crate::refresh::authority).transpose()?.flatten(),
    };
    let site = &view.settings.site;
    // A feed is the same whoever asks for it.
    let words = Words::of(&HeaderMap::new(), &site.language);
    // Without a walk there is nothing to tell, and nobody who was told.
    let authority = authority.unwrap_or_else(|| "localhost,2000".to_owned());
    let entries: Vec<Entry> = incidents.iter().map(|incident| entry(view, words, &authority, incident)).collect();
    let updated = entries.iter().map(|entry| entry.updated).max();
    let title = format!("{} – {}", line(&site.title), words.status_feed);
    let link = |path: &str, rel: &str, media_type: &str| Link {
        href: format!("{}{path}", site.url),
        rel: rel.to_owned(),
        mime_type: Some(media_type.to_owned()),
        ..Link::default()
    };
    let feed = Feed {
        id: format!("tag:{authority}:status"),
        lang: Some(words.language.to_owned()),
        title: Text::plain(title),
        updated: updated.unwrap_or_else(|| view.live.started.fixed_offset()),
        authors: vec![Person { name: line(&site.title), ..Person::default() }],
        generator: Some(Generator { value: "feedgen".to_owned(), ..Generator::default() }),
        links: vec![link("status.atom", "self", "application/atom+xml"), link("status", "alternate", "text/html")],
        entries,
        ..Feed::default()
    };
    Ok(feed.to_string() + "\n")
}

fn entry(view: &View<'_>, words: &Words, authority: &str, incident: &Incident<'_>) -> Entry {
    let Incident { source, opened, closed, text } = incident;
    let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    let title = line(&source.title);
    let title = match closed {
        Some(_) => format!("{title}: {}", words.state(status::State::Ok)),
        None => format!("{title}: {}", words.state(status::State::Failing)),
    };
    let mut told = format!("{} {}: {}", words.since, view.clock(*opened), line(text));
    if let Some(closed) = closed {
        told = format!("{} {}. {told}", words.over, view.clock(*closed));
    }
    Entry {
        id: format!("tag:{authority}:status:{}:{opened}", source.id),
        title: Text::plain(title),
        published: Some(at(*opened).fixed_offset()),
        updated: apart(closed.map_or_else(|| at(*opened), at), source.id.as_str()).fixed_offset(),
        links: vec![Link {
            href: format!("{}status/{}", view.settings.site.url, source.id),
            rel: "alternate".to_owned(),
            mime_type: Some("text/html".to_owned()),
            ..Link::default()
        }],
        summary: Some(Text::plain(told)),
        ..Entry::default()
    }
}

/// A time with a fraction of a second of its own for each source: readers take entries with equal times for versions of one.
fn apart(time: DateTime<Utc>, source: &str) -> DateTime<Utc> {
    let mark = source.bytes().fold(7_u32, |mark, byte| mark.wrapping_mul(31).wrapping_add(byte.into()));
    time + TimeDelta::milliseconds(i64::from(mark % 999))
}
