//! Hubs and `refresh.on_alert` are told while a walk goes on, each on a thread of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::alert::{self, Rung};
use super::manner::fetch_policy;
use super::push::{self, Sent};
use crate::collect::fetch::Fetcher;
use crate::config::Settings;
use crate::store::{Store, StoreError};

/// How long hubs are told at once.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long it is waited at the end for an alert that is under way.
const MOMENT: Duration = Duration::from_secs(2);
/// How long is waited after an alert that failed.
const REST: TimeDelta = TimeDelta::minutes(1);

/// Who is being told.
#[derive(Debug, Default)]
pub(super) struct Telling {
    hubs: Option<Receiver<Vec<Sent>>>,
    alerts: Option<Receiver<Rung>>,
    /// Whether nobody is to be alerted any more.
    is_over: Arc<AtomicBool>,
    /// When hubs are to be told of something next.
    due: Option<DateTime<Utc>>,
    /// Whether it is known what there is to be told: nothing was published since.
    is_known: bool,
    /// Nobody is alerted before.
    rests_until: Option<DateTime<Utc>>,
}

impl Telling {
    /// Keeps what came of what was told, and begins to tell what is due. Returns what is to be said. Where the walk ends
    /// meanwhile, the next one tells it again.
    pub(super) fn step(
        &mut self,
        store: &mut Store,
        settings: &Settings,
        now: DateTime<Utc>,
    ) -> Result<Vec<String>, StoreError> {
        let mut told = Vec::new();
        if let Some(sent) = ended(&mut self.hubs) {
            told.extend(push::keep(store, sent, now)?);
            self.is_known = false;
        }
        if let Some(rung) = ended(&mut self.alerts) {
            let failed = alert::keep(store, rung)?;
            self.rests_until = failed.is_some().then_some(now + REST);
            told.extend(failed);
        }
        let is_due = !self.is_known || self.due.is_some_and(|due| due <= now);
        if self.hubs.is_none() && is_due && !settings.publish.hubs.is_empty() {
            self.tell_hubs(store, settings, now)?;
        }
        // A clock that was set back makes nobody wait for longer.
        let rests = self.rests_until.is_some_and(|until| now < until && until <= now + REST);
        if self.alerts.is_none() && !rests {
            self.alert(store, settings)?;
        }
        Ok(told)
    }

    /// Whether somebody is being alerted: what came of that is to be kept soon, or they are alerted of the same again.
    pub(super) fn is_alerting(&self) -> bool {
        self.alerts.is_some()
    }

    /// Alerts nobody any more, and keeps how much was told, where the command that runs ends in a moment. Returns what is to be said.
    pub(super) fn end(&mut self, store: &mut Store) -> Result<Option<String>, StoreError> {
        self.is_over.store(true, Ordering::Relaxed);
        let rung = self.alerts.take().and_then(|alerts| alerts.recv_timeout(MOMENT).ok());
        rung.map_or(Ok(None), |rung| alert::keep(store, rung))
    }

    /// Notes that something was published.
    pub(super) fn published(&mut self) {
        self.is_known = false;
    }

    /// When there is something to tell, even if nothing else happens. `None`: nothing waits.
    pub(super) fn wakes_at(&self) -> Option<DateTime<Utc>> {
        // Who is being told is heard of before long.
        self.due.filter(|_| self.hubs.is_none())
    }

    fn tell_hubs(&mut self, store: &Store, settings: &Settings, now: DateTime<Utc>) -> Result<(), StoreError> {
        let due = push::due(store, settings, now)?;
        self.is_known = true;
        if due.is_empty() {
            self.due = push::next_due(store)?.and_then(|due| DateTime::from_timestamp(due, 0)).filter(|due| *due > now);
            return Ok(());
        }
        let (policy, (ended, outcome)) = (fetch_policy(settings), channel());
        std::thread::spawn(move || {
            // Connections do not outlive the runtime that they were made on, nor does what keeps them.
            let sent = push::send(&Fetcher::new(policy), due, PATIENCE);
            ended.send(sent).unwrap_or_default();
        });
        self.hubs = Some(outcome);
        Ok(())
    }

    fn alert(&mut self, store: &mut Store, settings: &Settings) -> Result<(), StoreError> {
        let due = alert::due(store, settings)?;
        let Some(command) = settings.refresh.on_alert.clone().filter(|_| !due.is_empty()) else { return Ok(()) };
        let (ended, outcome) = channel();
        let is_over = Arc::clone(&self.is_over);
        std::thread::spawn(move || {
            ended
                .send(alert::ring(&command, &due, alert::PATIENCE, || is_over.load(Ordering::Relaxed)))
                .unwrap_or_default();
        });
        self.alerts = Some(outcome);
        Ok(())
    }
}

/// What came of something that has ended. `None`: it goes on, or there is none.
fn ended<T>(running: &mut Option<Receiver<T>>) -> Option<T> {
    let outcome = running.as_ref()?.try_recv();
    if !matches!(outcome, Err(TryRecvError::Empty)) {
        *running = None;
    }
    outcome.ok()
}
