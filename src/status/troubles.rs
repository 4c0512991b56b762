//! What is known of trouble, and of what hubs have still to be told: for `status`, `explain SOURCE` and `doctor`.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};

use crate::config::Settings;
use crate::source::Source;
use crate::store::{Incident, Kind, Ping, Store, StoreError};

/// Trouble that is not over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trouble {
    /// The source. `None`: it is the whole that is in trouble.
    pub source: Option<String>,
    /// `failing`, `quarantined`, `stale`, `publishing`, `store`, `configuration` or `writing`.
    pub kind: String,
    /// RFC 3339.
    pub opened: String,
    /// What was last said of it.
    pub text: String,
}

/// A hub that has still to be told of changes.
#[derive(Clone, Debug, Serialize)]
pub struct Waiting {
    /// Its address.
    pub hub: String,
    /// Feeds that it has still to be told of.
    pub feeds: usize,
    /// Since when the first of them waits, RFC 3339.
    pub since: String,
    /// When it is told of one of them next, RFC 3339.
    pub next: String,
    /// Why it could not be told.
    pub error: Option<String>,
}

/// The trouble that is open: with these sources, and with the whole.
///
/// # Errors
/// When the store fails.
pub fn open(store: &Store, sources: &[&Source]) -> Result<Vec<Trouble>, StoreError> {
    let is_asked = |incident: &Incident| {
        incident.source.is_empty() || sources.iter().any(|source| source.id.as_str() == incident.source)
    };
    Ok(store.open_incidents()?.into_iter().filter(is_asked).map(Trouble::from).collect())
}

impl From<Incident> for Trouble {
    fn from(incident: Incident) -> Self {
        Self {
            source: Some(incident.source).filter(|source| !source.is_empty()),
            kind: incident.kind.name().to_owned(),
            opened: time(incident.opened),
            text: incident.text,
        }
    }
}

/// The hubs that have still to be told of feeds whose paths below the site begin so.
///
/// # Errors
/// When the store fails.
pub fn waiting(store: &Store, settings: &Settings, path: &str) -> Result<Vec<Waiting>, StoreError> {
    let start = [settings.site.url.as_str(), path].concat();
    let mut hubs: BTreeMap<String, Vec<Ping>> = BTreeMap::new();
    for ping in store.pings()?.into_iter().filter(|ping| ping.topic.starts_with(&start)) {
        hubs.entry(ping.hub.clone()).or_default().push(ping);
    }
    let told = |(hub, pings): (String, Vec<Ping>)| Waiting {
        hub,
        feeds: pings.len(),
        since: pings.iter().map(|ping| ping.noted).min().map(time).unwrap_or_default(),
        next: pings.iter().map(|ping| ping.due).min().map(time).unwrap_or_default(),
        error: pings.into_iter().find_map(|ping| ping.error),
    };
    Ok(hubs.into_iter().map(told).collect())
}

impl Trouble {
    /// In one line, without the name of its source.
    pub fn line(&self) -> String {
        format!("{} since {}: {}", self.kind, self.opened, self.text.lines().next().unwrap_or_default())
    }

    /// Whether what else is told of the source says it, too.
    pub fn shows_in_state(&self) -> bool {
        [Kind::Failing, Kind::Quarantined, Kind::Publishing].iter().any(|kind| kind.name() == self.kind)
    }
}

impl Waiting {
    /// In one line.
    pub fn line(&self) -> String {
        let Self { hub, feeds, since, next, error } = self;
        let feeds = if *feeds == 1 { "1 feed".to_owned() } else { format!("{feeds} feeds") };
        let error = error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
        format!("{hub} is still to be told of {feeds} since {since}, next at {next}{error}")
    }
}

/// What `explain` tells of one source: name and value of each line.
///
/// # Errors
/// When the store fails.
pub fn of_source(
    store: &Store,
    settings: &Settings,
    source: &Source,
) -> Result<Vec<(&'static str, String)>, StoreError> {
    let expected = store.visits_of([source.id.as_str()])?.into_iter().flatten().next().and_then(|visit| visit.expected);
    let expected =
        expected.filter(|expected| *expected > 0).map(|by| ("expected", format!("something new by {}", time(by))));
    let own = open(store, &[source])?.into_iter().filter(|trouble| trouble.source.is_some());
    let waiting = waiting(store, settings, &format!("sources/{}.", source.id))?;
    let hubs = waiting.iter().map(|waiting| ("hub", waiting.line()));
    Ok(expected.into_iter().chain(own.map(|trouble| ("trouble", trouble.line()))).chain(hubs).collect())
}

fn time(seconds: i64) -> String {
    let time = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
