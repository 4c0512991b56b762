//! `feedgen status`: how each source is, and how publishing went.

use super::export::open;
use super::{Done, Failure, counted, print, print_json, table};
use crate::config::Settings;
use crate::daemon::control;
use crate::refresh;
use crate::report::Note;
use crate::source::Source;
use crate::status::list::List;
use crate::status::visits::Visits;
use crate::status::{Known, Status, failure, troubles};
use crate::store::Kind;

/// What is told of the list of one page beside its state.
const LATELY: [&str; 4] = ["empty", "last gap", "unfinished", "waiting"];

/// Prints how all sources are, or one and the notes on its files. Ends with 3 when the last walk could not publish, or nothing can be
/// stored, else with 1 when a source fails.
pub(super) fn run(settings: &Settings, only: Option<&str>, json: bool) -> Done {
    let asked = |source: &&Source| only.is_none_or(|only| source.id.as_str() == only);
    let sources: Vec<&Source> = settings.sources.iter().filter(asked).collect();
    if let (Some(asked), true) = (only, sources.is_empty()) {
        return Err(refresh::RefreshError::unknown_source(asked, settings).into());
    }
    let status = look(settings, &sources)?;
    if json {
        print_json(&status)?;
    } else {
        print(&as_text(&status, only.is_some()))?;
    }
    let failing = status.sources.iter().any(|source| source.error.is_some());
    let is_stuck = status.full_disk.is_some()
        || status.unwritable.is_some()
        || status.incidents.iter().any(|trouble| trouble.kind == Kind::Writing.name());
    Ok(if status.publish.errors.is_empty() && !is_stuck { u8::from(failing) } else { 3 })
}

/// All that is known of one source, a line each.
pub(super) fn of_source(settings: &Settings, source: &Source) -> Result<String, Failure> {
    use std::fmt::Write as _;
    let store = open(settings)?;
    let status = look(settings, &[source])?;
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
        line("state", &format!("{}{since}", health.state.name()));
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

fn look(settings: &Settings, sources: &[&Source]) -> Result<Status, Failure> {
    // The daemon knows what to do where the store tells nothing.
    let standstill = control::standstill(&settings.store);
    let known = || -> Result<Status, Failure> {
        let store = open(settings)?;
        Ok(Known::of(&store)?.status(&store, settings, sources)?)
    };
    let mut status = known().or_else(|error| standstill.as_ref().map(|_| Status::nothing()).ok_or(error))?;
    if !control::is_there(&settings.store) {
        // A daemon knows by itself: what it has open it may write to, whatever became of the way there.
        status.unwritable = failure::unwritable(&settings.store);
    }
    status.incidents.extend(standstill);
    Ok(status)
}

fn as_text(status: &Status, with_notes: bool) -> String {
    let heading = ["source", "state", "since", "last success", "documents", "items", "noted", "next visit", "error"];
    let or = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let rows = status.sources.iter().map(|source| {
        vec![
            source.id.clone(),
            source.state.name().to_owned(),
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
    let stuck = status.full_disk.iter().chain(status.unwritable.iter());
    text.extend(stuck.map(|why| format!("\n{why}\n")));
    text.extend(status.publish.errors.iter().map(|error| format!("\npublishing fails since {since}: {error}\n")));
    for trouble in status.incidents.iter().filter(|trouble| !trouble.shows_in_state()) {
        let source = trouble.source.as_ref().map(|source| format!("{source} is ")).unwrap_or_default();
        text.extend(["\ntrouble: ", &source, &trouble.line(), "\n"]);
    }
    text.extend(status.hubs.iter().map(|waiting| format!("\nhub: {}\n", waiting.line())));
    text
}
