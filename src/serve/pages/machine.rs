//! What machines ask: `/healthz`, `/readyz` and `/status.json`.

use chrono::{SecondsFormat, TimeDelta};
use hyper::StatusCode;
use serde_json::{Value, json};

use super::{Answer, View, secrecy};
use crate::source::Source;
use crate::status::troubles::Trouble;
use crate::status::{self, Known, failure};
use crate::store::{Past, Store, StoreError};

/// How long the scheduler may be silent.
const SILENCE: TimeDelta = TimeDelta::minutes(2);

/// `/healthz`: the process lives, and its scheduler beats.
pub(super) fn health(view: &View<'_>) -> Answer {
    let last = view.live.last_beat().unwrap_or(view.live.started);
    if view.now - last <= SILENCE {
        return Answer::text(StatusCode::OK, "ok\n");
    }
    let last = last.to_rfc3339_opts(SecondsFormat::Secs, true);
    Answer::text(StatusCode::SERVICE_UNAVAILABLE, format!("the scheduler has been silent since {last}\n"))
}

/// `/readyz`: whether it is [ready](unready).
pub(super) fn readiness(view: &View<'_>) -> Answer {
    match unready(view, view.store().err().as_ref()) {
        None => Answer::text(StatusCode::OK, "ready\n"),
        Some(reason) => Answer::text(StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")),
    }
}

/// What keeps it from being ready, in words that strangers may read. `None`: feeds are there, the store can be read (`error`: why
/// not), and both could be written when that was last tried.
pub(super) fn unready(view: &View<'_>, error: Option<&StoreError>) -> Option<&'static str> {
    let is_published = || view.live.is_ready() || view.settings.publish.directory.join("index.html").exists();
    match (view.live.standstill(), error) {
        // The daemon knows more than what can be read just now.
        (Some(standstill), _) => Some(standstill.reason),
        (None, Some(error)) => Some(failure::in_brief(error)),
        (None, None) if view.live.is_unwritable() => Some("feeds cannot be written"),
        (None, None) => (!is_published()).then_some("nothing has been published yet"),
    }
}

/// `/status.json`: how everything is; `?source=ID`: one source, with its last visits and its items by day. `None`: there is no such
/// source.
pub(super) fn status(view: &View<'_>) -> Option<Answer> {
    let only = view.query("source");
    let find = |id: &String| view.settings.sources.iter().find(|source| source.id.as_str() == id);
    let only = only.as_ref().map(|id| find(id).ok_or(())).transpose().ok()?;
    let made = view.store().and_then(|store| told(view, store.as_ref(), only));
    let (status, value) = match made {
        Ok(value) => (StatusCode::OK, value),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, json!({ "error": secrecy::of_store(&error, view.admitted()) })),
    };
    let text = serde_json::to_string_pretty(&value).unwrap_or_default() + "\n";
    Some(Answer::new(status, "application/json", text))
}

fn told(view: &View<'_>, store: Option<&Store>, only: Option<&Source>) -> Result<Value, StoreError> {
    let time = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    let live = view.live;
    let problem = live.problem();
    // It reads the file of the token.
    let admitted = view.admitted();
    let told_if = |is_in_use| {
        problem.as_ref().filter(|problem| problem.is_in_use == is_in_use).map(|problem| {
            json!({
                "since": time(problem.since),
                "text": admitted.map(|admitted| problem.text(admitted).to_owned()),
            })
        })
    };
    let mut value = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "started": time(live.started),
        "activity": &*live.activity(),
        "ready": unready(view, None).is_none(),
        "refused": told_if(false),
        "waits_for_restart": told_if(true),
    });
    let is_asked = |source: &&Source| only.is_none_or(|only| only.id == source.id);
    let sources: Vec<&Source> = view.settings.sources.iter().filter(is_asked).collect();
    let known = store.map(Known::of).transpose()?.unwrap_or_else(Known::nothing);
    let told = match store {
        Some(store) => {
            let mut told = known.status(store, &view.settings, &sources)?;
            if admitted.is_none() {
                told.publish.errors.clear();
            }
            told.full_disk = secrecy::of_disk(told.full_disk, admitted);
            told.incidents.extend(view.standstill().map(Trouble::from));
            for Trouble { kind, text, .. } in &mut told.incidents {
                *text = secrecy::said(kind, text, admitted);
            }
            serde_json::to_value(told).unwrap_or_default()
        }
        None => json!({ "sources": [], "publish": known.publish }),
    };
    if let (Value::Object(value), Value::Object(told)) = (&mut value, told) {
        value.extend(told);
    }
    if let (Some(store), Some(source), Some(one)) = (store, only, value.pointer_mut("/sources/0")) {
        one["days"] = json!(status::daily(store, &view.settings, source, view.now)?);
        one["past"] = status::past(store, source)?.iter().map(past).collect();
    }
    Ok(value)
}

fn past(past: &Past) -> Value {
    let Past { since, until, visits, new, revised, unreadable, requests, bytes, error } = past;
    json!({
        "since": status::rfc3339(*since), "until": status::rfc3339(*until), "visits": visits, "new": new, "revised": revised,
        "unreadable": unreadable, "requests": requests, "bytes": bytes, "error": error,
    })
}
