//! `feedgen status`: how each source is.

use chrono::{DateTime, SecondsFormat};
use serde::Serialize;

use super::export::open;
use super::{Done, print, print_json, table};
use crate::config::Settings;

/// How one source is.
#[derive(Debug, Serialize)]
struct Health {
    id: String,
    title: String,
    /// `ok`, `failing`, or `new` before the first walk.
    state: &'static str,
    /// Since when it is failing.
    since: Option<String>,
    last_walk: Option<String>,
    last_success: Option<String>,
    documents: u64,
    items: usize,
    error: Option<String>,
}

pub(super) fn run(settings: &Settings, json: bool) -> Done {
    let store = open(settings)?;
    let visits = store.visits()?;
    let stocked = store.channels()?;
    let time =
        |seconds: i64| DateTime::from_timestamp(seconds, 0).map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true));
    let states: Vec<Health> = settings
        .sources
        .iter()
        .map(|source| {
            let path = format!("sources/{}", source.id);
            let visit = visits.get(source.id.as_str()).cloned();
            let error = visit.as_ref().and_then(|visit| visit.error.clone());
            Health {
                id: source.id.to_string(),
                title: source.title.clone(),
                state: match &visit {
                    None => "new",
                    Some(visit) if visit.error.is_some() => "failing",
                    Some(_) => "ok",
                },
                since: visit.as_ref().and_then(|visit| visit.since).and_then(time),
                last_walk: visit.as_ref().and_then(|visit| time(visit.walked)),
                last_success: visit.as_ref().and_then(|visit| visit.succeeded).and_then(time),
                documents: visit.map_or(0, |visit| visit.documents),
                items: stocked.iter().find(|channel| channel.path == path).map_or(0, |channel| channel.items),
                error,
            }
        })
        .collect();
    if json {
        return print_json(&states);
    }
    let heading =
        ["source", "state", "since", "last success", "documents", "items", "error"].map(str::to_owned).to_vec();
    let rows = states.into_iter().map(|state| {
        let or = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let (documents, items) = (state.documents.to_string(), state.items.to_string());
        vec![
            state.id,
            state.state.to_owned(),
            or(state.since),
            or(state.last_success),
            documents,
            items,
            or(state.error),
        ]
    });
    let rows: Vec<Vec<String>> = [heading].into_iter().chain(rows).collect();
    print(&table::lay_out(&rows, &[4, 5]))
}
