//! What the date of an entry tells of the item that it may be.

use chrono::{Datelike as _, Timelike as _};

use super::{Arrival, name, words};
use crate::draft::{Doubt, Evidence, Precision, When};
use crate::item::{Known, digest};
use crate::read::feed;
use crate::source::{SourceId, Tz};

/// Minutes by which times are chosen rather than met.
const ROUND: u32 = 15;
/// Share of the entries that are told to be dated anew at each visit, percent: a few say by chance what was said before.
pub(super) const MOST: usize = 60;

/// Days from which on the same day of the year is that of another year.
const HALF_A_YEAR: i64 = 183;

/// A date in one spelling: one instant has many.
pub(super) fn spelled(when: When) -> String {
    match when {
        When::Instant(time) => time.to_utc().to_rfc3339(),
        when => when.to_string(),
    }
}

/// The same, as far as an entry tells it: next year, a day without its year is guessed to be of another one. What leads somewhere is known
/// by that.
pub(super) fn told_as(when: When, facts: &feed::Facts) -> String {
    let day = when.first_day().filter(|_| facts.doubt == Doubt::Year && facts.link.is_none());
    day.map_or_else(|| spelled(when), |day| format!("{:02}-{:02}", day.month(), day.day()))
}

/// The one date of several entries that nothing tells apart but what they say: it may be that of the visit. `None`: they have
/// none, or others.
pub(in crate::refresh) fn stamp(arrivals: &[Arrival]) -> Option<String> {
    let mut dates = arrivals.iter().filter(|arrival| !arrival.is_told_apart()).map(|one| one.entry.facts.published);
    let first = dates.next()??;
    let second = dates.next()?;
    (second == Some(first) && dates.all(|date| date == Some(first))).then(|| spelled(first))
}

impl Arrival {
    /// When it is told to be, as far as that can be held against the date of an item. What the list leaves open, the article of the item
    /// may have told: then the day that agrees is that of the item, and one of something else than the publication is none.
    pub(super) fn told(&self, known: &Known) -> Option<When> {
        let facts = &self.entry.facts;
        let day = |when: When| when.first_day().map(|day| (day.month(), day.day()));
        let is_of_list = matches!(known.evidence, Evidence::List | Evidence::WeakLabel | Evidence::Visible);
        let (own, out) = (facts.published.and_then(day), day(known.when));
        let agrees = known.when.precision() >= Precision::Day
            && match facts.doubt {
                Doubt::Year => own == out,
                Doubt::Order => own == out.map(|(month, day)| (day, month)),
                _ => false,
            };
        match facts.doubt {
            Doubt::Change | Doubt::Label | Doubt::Event if !is_of_list => None,
            _ if agrees => Some(known.when),
            _ => facts.published,
        }
    }

    /// The name that it had in the last answer, where all had that date: its title and the date.
    pub(super) fn name_when(&self, date: &str, source: &SourceId) -> Option<i64> {
        self.names.title.filter(|_| !self.is_told_apart())?;
        let mut told = words(&self.entry.facts.title.as_ref().map(feed::Text::line)?);
        told.push(b' ');
        told.extend_from_slice(date.as_bytes());
        Some(name(digest(&[source.as_str().as_bytes()]), source, "title", &told))
    }

    /// Whether it is told of another day than an item that has a date.
    pub(super) fn is_of_another_day(&self, known: &Known, zone: Tz) -> bool {
        let days = |when: When| match when {
            When::Instant(time) => {
                Some((time.with_timezone(&zone).date_naive(), time.with_timezone(&zone).date_naive()))
            }
            when => when.first_day().zip(when.last_day()),
        };
        let (told, out) = (self.told(known).and_then(days), days(known.when));
        known.evidence != Evidence::FirstSeen
            && told.zip(out).is_some_and(|(told, out)| told.1 < out.0 || out.1 < told.0)
    }

    /// Whether a day without its year may be that of the next one, of what is known by nothing but title and day (see [`told_as`]): a notice
    /// comes each year under its title.
    pub(super) fn is_a_year_later(&self, known: &Known) -> bool {
        let facts = &self.entry.facts;
        let days = facts.published.and_then(When::first_day).zip(known.when.first_day());
        facts.doubt == Doubt::Year
            && facts.link.is_none()
            && days.is_some_and(|(is, was)| (is - was).num_days() > HALF_A_YEAR)
    }

    /// Whether it is told of the day of an item, and not of another time.
    pub(super) fn is_of_the_day(&self, known: &Known, zone: Tz) -> bool {
        let is_dated = self.entry.facts.published.is_some() && known.evidence != Evidence::FirstSeen;
        let has_another_time = |when| is_time(when) && is_time(known.when) && when != known.when;
        is_dated && !self.is_of_another_day(known, zone) && !self.told(known).is_some_and(has_another_time)
    }

    /// Whether its date is a point in time, and not only a day.
    pub(super) fn is_timed(&self) -> bool {
        self.entry.facts.published.is_some_and(|when| match when {
            When::Instant(time) => time.num_seconds_from_midnight() > 0,
            _ => false,
        })
    }

    /// Whether its time is one that is chosen, as midnight and eight o'clock are: such are met by chance.
    pub(super) fn is_round(&self) -> bool {
        self.entry.facts.published.is_some_and(|when| match when {
            When::Instant(time) => time.minute() % ROUND == 0 && time.second() == 0,
            _ => false,
        })
    }
}

/// Whether a date tells a time of day.
pub(super) fn is_time(when: When) -> bool {
    matches!(when, When::Instant(_) | When::Local(_))
}
