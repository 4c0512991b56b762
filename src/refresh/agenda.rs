//! When the sources of a walk that goes on are due.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::source::{Every, Source};

/// When each source is due, by its place in the configuration.
#[derive(Debug)]
pub(super) struct Agenda<'a> {
    /// What the clock said last.
    pub(super) told_at: DateTime<Utc>,
    /// Seconds since 1970.
    due: Vec<Option<i64>>,
    in_order: BTreeSet<(i64, usize)>,
    /// They tell how often they are walked where nothing else does.
    sources: &'a [Source],
}

impl<'a> Agenda<'a> {
    /// `due` tells when a source is, seconds since 1970.
    pub(super) fn new(sources: &'a [Source], due: impl Fn(&Source) -> i64, now: DateTime<Utc>) -> Self {
        let mut agenda = Self { told_at: now, due: vec![None; sources.len()], in_order: BTreeSet::new(), sources };
        for (at, source) in sources.iter().enumerate() {
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
        let next = |source: &Source| source.every().next(now, source.timezone).timestamp();
        let due = due.or_else(|| self.sources.get(at).map(next));
        self.put(at, due.unwrap_or(i64::MAX));
    }

    /// When the next is due. `None`: there is none.
    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.in_order.first()?.0, 0)
    }

    /// Moves all: the clock was set by so much, to `now`. Who is walked at certain times goes by the clock as it is.
    pub(super) fn shift(&mut self, jump: TimeDelta, now: DateTime<Utc>) {
        for ((due, at), source) in self.due.iter_mut().zip(0..).zip(self.sources) {
            let Some(due) = due else { continue };
            self.in_order.remove(&(*due, at));
            *due = match source.every() {
                Every::Interval(_) => due.saturating_add(jump.num_seconds()),
                Every::At(times) => times.next(now, source.timezone).timestamp().min(*due),
            };
            self.in_order.insert((*due, at));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, Settings};

    #[test]
    fn where_the_clock_is_set_times_stay_and_intervals_move() {
        let text =
            "[[source]]\nid = 'a'\nfiles = 'a'\nevery = '2h'\n[[source]]\nid = 'b'\nfiles = 'b'\nevery = '0 7 * * *'\n";
        let settings = Settings::from_text(text, "feedgen.toml", &Environment::new()).unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = at("2026-03-06T06:30:00Z");
        let agenda = || {
            let mut agenda = Agenda::new(&settings.sources, |_| now.timestamp(), now);
            assert_eq!(agenda.take(now), [0, 1]);
            (0..2).for_each(|place| agenda.set(place, None, now));
            assert_eq!(agenda.next(), Some(at("2026-03-06T07:00:00Z")));
            agenda
        };
        // Put forward over the time: it is made up for at once.
        let mut forward = agenda();
        forward.shift(TimeDelta::hours(1), now + TimeDelta::hours(1));
        assert_eq!(forward.take(at("2026-03-06T07:30:00Z")), [1]);
        assert_eq!(forward.next(), Some(at("2026-03-06T09:30:00Z")));
        // Put back by days: the same time of those days.
        let mut back = agenda();
        back.shift(TimeDelta::days(-3), now - TimeDelta::days(3));
        assert_eq!(back.next(), Some(at("2026-03-03T07:00:00Z")));
        back.take(at("2026-03-03T07:00:00Z"));
        assert_eq!(back.next(), Some(at("2026-03-03T08:30:00Z")));
    }
}
