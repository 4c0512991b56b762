//! Hubs are told of the feeds that changed (WebSub): what they have still to be told waits in the store, and holds nothing up.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::announce;
use super::manner::fetch_policy;
use crate::collect::fetch::{FetchError, Fetcher};
use crate::collect::{hub, schedule};
use crate::config::Settings;
use crate::publish::{self, archive};
use crate::store::{Ping, Store, StoreError};

/// How long a walk that is made once tells hubs at its end.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// How long is waited after the first failure; twice that after the next.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
/// The longest wait between two attempts.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(1);
/// A change that no hub has heard of for so long is news no more.
const STALE: TimeDelta = TimeDelta::days(3);

/// What came of telling a hub of a feed.
#[derive(Debug)]
pub struct Sent {
    /// What it was to be told.
    pub ping: Ping,
    /// Whether it took it. `None`: it was not asked, for want of time.
    pub outcome: hub::Outcome,
}

/// Notes that the hubs are to be told of those feeds among the published files that `changed` (paths below the publish
/// directory). What waits for hubs that are configured no more is dropped.
///
/// # Errors
/// When the store fails.
pub fn note<'a>(
    store: &mut Store,
    settings: &Settings,
    changed: impl IntoIterator<Item = &'a str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let hubs: Vec<&str> = settings.publish.hubs.iter().map(Url::as_str).collect();
    let is_feed = |path: &&str| {
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        publish::FORMATS.iter().any(|format| format.extension() == ending)
            && !path.starts_with(archive::FOLDER)
            // Of what was taken away, there is nothing to be fetched.
            && settings.publish.directory.join(path).exists()
    };
    let topic = |path: &str| [settings.site.url.as_str(), path].concat();
    let topics: Vec<String> =
        if hubs.is_empty() { Vec::new() } else { changed.into_iter().filter(is_feed).map(topic).collect() };
    let is_known = |ping: &Ping| hubs.contains(&ping.hub.as_str());
    if topics.is_empty() && store.pings()?.iter().all(is_known) {
        return Ok(());
    }
    store.note_pings(&hubs, &topics, now.timestamp())
}

/// What hubs are to be told now. Nothing, while `publish.on_publish` has not carried the files to where hubs look for them.
///
/// # Errors
/// When the store fails.
pub fn due(store: &Store, settings: &Settings, now: DateTime<Utc>) -> Result<Vec<Ping>, StoreError> {
    if announce::is_behind(store, settings)? {
        return Ok(Vec::new());
    }
    // One that is to wait longer than anybody waits was noted by a clock that was wrong.
    let is_due = |ping: &Ping| ping.due <= now.timestamp() || ping.due > (now + LONGEST_WAIT).timestamp();
    Ok(store.pings()?.into_iter().filter(is_due).collect())
}

/// When the next of those that wait is due, seconds since 1970. `None`: none waits.
///
/// # Errors
/// When the store fails.
pub fn next_due(store: &Store) -> Result<Option<i64>, StoreError> {
    Ok(store.pings()?.iter().map(|ping| ping.due).min())
}

/// Tells hubs, for `limit` at most. Needs no store, so that nothing waits for it.
pub fn send(fetcher: &Fetcher, pings: Vec<Ping>, limit: Duration) -> Vec<Sent> {
    let (mut pairs, mut sent) = (Vec::new(), Vec::new());
    for ping in pings {
        // It was an address when it was noted.
        let Ok(hub) = Url::parse(&ping.hub) else { continue };
        pairs.push((hub, ping.topic.clone()));
        sent.push(Sent { ping, outcome: None });
    }
    match hub::tell(fetcher, &pairs, limit) {
        Ok(outcomes) => sent.iter_mut().zip(outcomes).for_each(|(sent, outcome)| sent.outcome = outcome),
        Err(error) => {
            let failed = || Some(Err(FetchError::Setting(format!("there is no network ({error})"))));
            for sent in &mut sent {
                sent.outcome = failed();
            }
        }
    }
    sent
}

/// Keeps what came of it: what a hub did not take is told again, after a minute and then after twice as long each time, up to
/// a day, for three days. Returns what is to be said, a line for each hub that fails.
///
/// # Errors
/// When the store fails.
pub fn keep(store: &mut Store, sent: Vec<Sent>, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
    let (mut done, mut again) = (Vec::new(), Vec::new());
    let mut told: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for Sent { ping, outcome } in sent {
        let error = match outcome {
            None => continue,
            Some(Ok(())) => {
                done.push(ping);
                continue;
            }
            Some(Err(error)) => error,
        };
        let failures = ping.failures.saturating_add(1);
        let asked = error.head().and_then(|head| schedule::retry_after(head, now)).unwrap_or_default();
        let wait = wait(failures).max(asked).min(LONGEST_WAIT);
        let (due, is_stale) = (now + wait, now.timestamp() - ping.noted >= STALE.num_seconds());
        let next = if error.is_gone() {
            "it is not told of them any more: take it out of publish.hub".to_owned()
        } else if is_stale {
            "it was not told of them for three days, and is told of their next change".to_owned()
        } else {
            format!("it is told again in {}", schedule::span(wait))
        };
        let (feeds, _) = told.entry(ping.hub.clone()).or_insert_with(|| (0, format!("{error}; {next}")));
        *feeds += 1;
        if error.is_gone() || is_stale {
            done.push(ping);
        } else {
            again.push(Ping { due: due.timestamp(), failures, error: Some(error.to_string()), ..ping });
        }
    }
    if !done.is_empty() || !again.is_empty() {
        store.keep_pings(&done, &again)?;
    }
    let line = |(hub, (feeds, error)): (String, (usize, String))| {
        let feeds = if feeds == 1 { "1 feed that changed".to_owned() } else { format!("{feeds} feeds that changed") };
        format!("the hub {hub} was not told of {feeds}: {error}")
    };
    Ok(told.into_iter().map(line).collect())
}

/// Tells hubs what is due, for `limit` at most, and keeps what came of it. Returns what is to be said.
///
/// # Errors
/// When the store fails.
pub fn send_due(
    store: &mut Store,
    settings: &Settings,
    limit: Duration,
    now: DateTime<Utc>,
) -> Result<Vec<String>, StoreError> {
    let due = due(store, settings, now)?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let sent = send(&Fetcher::new(fetch_policy(settings)), due, limit);
    keep(store, sent, now)
}

/// How long is waited after so many failures in a row.
fn wait(failures: u32) -> TimeDelta {
    // Eleven doublings of a minute are more than a day.
    (FIRST_WAIT * (1 << failures.saturating_sub(1).min(11))).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_the_one_before_up_to_a_day() {
        let minutes: Vec<i64> = (1..=13).map(|failures| wait(failures).num_minutes()).collect();
        assert_eq!(minutes[..4], [1, 2, 4, 8]);
        assert_eq!(minutes[10..], [1024, 1440, 1440]);
        assert_eq!(wait(u32::MAX), LONGEST_WAIT);
    }
}
