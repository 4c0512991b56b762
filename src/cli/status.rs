//! `feedgen status`: how each source is, and how publishing went.

use chrono::{DateTime, SecondsFormat};
use serde::Serialize;

use super::export::open;
use super::list::List;
use super::troubles::{self, Trouble, Waiting};
use super::visits::{self, Visits};
use super::{Done, Failure, counted, print, print_json, table};
use crate::config::Settings;
use crate::refresh;
use crate::report::Note;
use crate::source::Source;
use crate::store::{Stocked, Store, Visit};

/// What is told of the list of one page beside its state.
const LATELY: [&str; 4] = ["empty", "last gap", "unfinished", "waiting"];

/// How all is.
#[derive(Debug, Serialize)]
struct Status {
    sources: Vec<Health>,
    publish: Publishing,
    /// Trouble that is not over.
    incidents: Vec<Trouble>,
    /// Hubs that have still to be told of changes.
    hubs: Vec<Waiting>,
}

/// How one source is.
#[derive(Debug, Serialize)]
struct Health {
    id: String,
    title: String,
    /// `ok`, `failing`, or `new` before the first walk; of a page that lists news, `quarantined` where its list is gone, and `empty`
    /// where it holds nothing.
    state: &'static str,
    /// Since when it is failing, quarantined or empty.
    since: Option<String>,
    last_walk: Option<String>,
    last_success: Option<String>,
    documents: u64,
    items: usize,
    error: Option<String>,
    /// Of a source on the web: when it is visited next, and what else is known of its visits.
    #[serde(skip_serializing_if = "Option::is_none")]
    visits: Option<Visits>,
    /// Of a page that lists news: how its list is read, and how that goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<List>,
    /// Files left alone, and documents understood in part or not at all.
    notes: Vec<Note>,
}

/// How publishing went in the last walk.
#[derive(Debug, Serialize)]
struct Publishing {
    /// `ok` or `failing`.
    state: &'static str,
    /// Since when it is failing.
    since: Option<String>,
    errors: Vec<String>,
}

/// Prints how all sources are, or one and the notes on its files. Ends with 3 when the last walk could not publish,
/// else with 1 when a source fails.
pub(super) fn run(settings: &Settings, only: Option<&str>, json: bool) -> Done {
    let asked = |source: &&Source| only.is_none_or(|only| source.id.as_str() == only);
    let sources: Vec<&Source> = settings.sources.iter().filter(asked).collect();
    if let (Some(asked), true) = (only, sources.is_empty()) {
        let known = settings.sources.iter().map(|source| source.id.to_string()).collect();
        return Err(refresh::RefreshError::UnknownSource { asked: asked.to_owned(), known }.into());
    }
    let status = look(&open(settings)?, settings, &sources)?;
    if json {
        print_json(&status)?;
    } else {
        print(&as_text(&status, only.is_some()))?;
    }
    let failing = status.sources.iter().any(|source| source.error.is_some());
    Ok(if status.publish.errors.is_empty() { u8::from(failing) } else { 3 })
}

/// All that is known of one source, a line each.
pub(super) fn of_source(settings: &Settings, source: &Source) -> Result<String, Failure> {
    use std::fmt::Write as _;
    let store = open(settings)?;
    let status = look(&store, settings, &[source])?;
    let mut text = String::new();
    for health in &status.sources {
        let mut line = |name: &str, value: &str| {
            if !value.is_empty() {
                // Writing into a string cannot fail.
                let _written = writeln!(text, "{name:<13}{value}");
            }
        };
        let or_nothing = |text: &Option<String>| text.clone().unwrap_or_default();
        line("source", &format!("{}: {}", health.id, health.title));
        line(
            "folder",
            &source.folder().map(|files| files.root.join(&files.pattern).display().to_string()).unwrap_or_default(),
        );
        let since = health.since.as_ref().map(|since| format!(" since {since}")).unwrap_or_default();
        line("state", &format!("{}{since}", health.state));
        line("error", &or_nothing(&health.error));
        line("last visit", &or_nothing(&health.last_walk));
        line("last answer", &or_nothing(&health.last_success));
        line("documents", &health.documents.to_string());
        line("items", &health.items.to_string());
        let of_list = health.list.iter().flat_map(List::lines);
        health.visits.iter().flat_map(Visits::lines).chain(of_list).for_each(|(name, value)| line(name, &value));
        troubles::of_source(&store, settings, source)?.iter().for_each(|(name, value)| line(name, value));
        health.notes.iter().for_each(|note| line("note", &format!("{} {}", note.path, note.text)));
    }
    Ok(text)
}

fn look(store: &Store, settings: &Settings, sources: &[&Source]) -> Result<Status, Failure> {
    let visits = store.visits()?;
    let stocked = store.channels()?;
    let robots = store.robots()?;
    let health = |source: &&Source| -> Result<Health, Failure> {
        let notes = refresh::notes(store, source)?;
        let health = health(source, visits.get(source.id.as_str()).cloned(), &stocked, notes);
        let Some(web) = source.web() else { return Ok(health) };
        let known = store.upstream(&source.id)?.filter(|known| known.url == web.url.as_str());
        let list = source.page().map(|page| List::of(page, known.as_ref()));
        let (state, since) = match list.as_ref().and_then(List::state) {
            Some((state, since)) if health.state != "failing" || state == "quarantined" => {
                (state, Some(since.to_owned()))
            }
            _ => (health.state, health.since),
        };
        let visits = Some(visits::visits(web, known, &robots));
        Ok(Health { state, since, visits, list, ..health })
    };
    let (since, errors) = match refresh::publish_failures(store)? {
        Some((since, errors)) => (time(since), errors),
        None => (None, Vec::new()),
    };
    let state = if errors.is_empty() { "ok" } else { "failing" };
    let publish = Publishing { state, since, errors };
    let (incidents, hubs) = (troubles::open(store, sources)?, troubles::waiting(store, settings, "")?);
    Ok(Status { sources: sources.iter().map(health).collect::<Result<_, _>>()?, publish, incidents, hubs })
}

fn health(source: &Source, visit: Option<Visit>, stocked: &[Stocked], notes: Vec<Note>) -> Health {
    let path = format!("sources/{}", source.id);
    let state = match &visit {
        None => "new",
        Some(visit) if visit.error.is_some() => "failing",
        Some(_) => "ok",
    };
    let last_walk = visit.as_ref().and_then(|visit| time(visit.walked));
    let visit = visit.unwrap_or_default();
    Health {
        id: source.id.to_string(),
        title: source.title.clone(),
        state,
        since: visit.since.and_then(time),
        last_walk,
        last_success: visit.succeeded.and_then(time),
        documents: visit.documents,
        items: stocked.iter().find(|channel| channel.path == path).map_or(0, |channel| channel.items),
        error: visit.error,
        visits: None,
        list: None,
        notes,
    }
}

fn time(seconds: i64) -> Option<String> {
    DateTime::from_timestamp(seconds, 0).map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn as_text(status: &Status, with_notes: bool) -> String {
    let heading = ["source", "state", "since", "last success", "documents", "items", "noted", "next visit", "error"];
    let or = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let rows = status.sources.iter().map(|source| {
        vec![
            source.id.clone(),
            source.state.to_owned(),
            or(&source.since),
            or(&source.last_success),
            source.documents.to_string(),
            source.items.to_string(),
            source.notes.len().to_string(),
            source.visits.as_ref().map_or_else(|| "-".to_owned(), Visits::next_in_words),
            or(&source.error),
        ]
    });
    let rows: Vec<Vec<String>> = [heading.map(str::to_owned).to_vec()].into_iter().chain(rows).collect();
    let mut text = table::lay_out(&rows, &[4, 5, 6]);
    if with_notes {
        let of_list = status.sources.iter().flat_map(|source| &source.list).flat_map(List::lines);
        let told = of_list.filter(|(name, value)| LATELY.contains(name) && !value.is_empty());
        text.extend(told.map(|(name, value)| format!("\n{name}: {value}\n")));
    }
    let noted = status.sources.iter().map(|source| source.notes.len()).sum();
    if with_notes && noted > 0 {
        text.push('\n');
        text.extend(status.sources.iter().flat_map(|source| &source.notes).map(Note::line));
    } else if noted > 0 {
        text.extend(["\n", &counted(noted, "note"), " on files: `feedgen status SOURCE` tells them\n"]);
    }
    let since = or(&status.publish.since);
    text.extend(status.publish.errors.iter().map(|error| format!("\npublishing fails since {since}: {error}\n")));
    for trouble in status.incidents.iter().filter(|trouble| !trouble.shows_in_state()) {
        let source = trouble.source.as_ref().map(|source| format!("{source} is ")).unwrap_or_default();
        text.extend(["\ntrouble: ", &source, &trouble.line(), "\n"]);
    }
    text.extend(status.hubs.iter().map(|waiting| format!("\nhub: {}\n", waiting.line())));
    text
}
