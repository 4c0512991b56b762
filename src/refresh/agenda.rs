//! When the sources of a walk that goes on are due.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::config::Settings;
use crate::source::Source;

/// When each source is due, by its place in the configuration.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    /// What the clock said last.
    pub(super) told_at: DateTime<Utc>,
    /// Seconds since 1970.
    due: Vec<Option<i64>>,
    in_order: BTreeSet<(i64, usize)>,
    /// How often a source is walked that tells nothing else, seconds.
    every: Vec<i64>,
}

impl Agenda {
    /// `due` tells when a source is, seconds since 1970.
    pub(super) fn new(settings: &Settings, due: impl Fn(&Source) -> i64, now: DateTime<Utc>) -> Self {
        let sources = &settings.sources;
        let mut agenda = Self { told_at: now, due: vec![None; sources.len()], ..Self::default() };
        for (at, source) in sources.iter().enumerate() {
            let every = source.web().map_or(settings.refresh.every, |web| web.every);
            agenda.every.push(i64::try_from(every.as_secs()).unwrap_or(i64::MAX / 4).max(1));
            agenda.put(at, due(source));
        }
        agenda
    }

    /// The sources that are due, the longest first. They are off the agenda until they are [set](Self::set) again.
    pub(super) fn take(&mut self, now: DateTime<Utc>) -> Vec<usize> {
        let later = self.in_order.split_off(&(now.timestamp() + 1, 0));
        let due: Vec<usize> = std::mem::replace(&mut self.in_order, later).into_iter().map(|(_, at)| at).collect();
        for at in &due {
            if let Some(slot) = self.due.get_mut(*at) {
                *slot = None;
            }
        }
        due
    }

    /// Sets when a source is due. `None`: as often as is configured.
    pub(super) fn set(&mut self, at: usize, due: Option<i64>, now: DateTime<Utc>) {
        let every = self.every.get(at).copied().unwrap_or(1);
        self.put(at, due.unwrap_or(now.timestamp().saturating_add(every)));
    }

    /// When the next is due. `None`: there is none.
    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.in_order.first()?.0, 0)
    }

    /// Moves all: the clock was set by so much.
    pub(super) fn shift(&mut self, jump: TimeDelta) {
        let jump = jump.num_seconds();
        self.in_order = self.in_order.iter().map(|(due, at)| (due.saturating_add(jump), *at)).collect();
        for due in self.due.iter_mut().flatten() {
            *due = due.saturating_add(jump);
        }
    }

    fn put(&mut self, at: usize, due: i64) {
        let Some(slot) = self.due.get_mut(at) else { return };
        if let Some(before) = slot.replace(due) {
            self.in_order.remove(&(before, at));
        }
        self.in_order.insert((due, at));
    }
}
