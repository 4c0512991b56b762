//! When a source is asked next: as often as its news comes, as seldom as its publisher wishes, and not all at once.
//!
//! The rules, in the order in which they are applied; each may only make the wait longer, within the bounds:
//!
//! 1. the rhythm of the newest items, or the interval of the configuration where none is known;
//! 2. what the publisher asks for: freshness (RFC 9111 §4.2), `ttl` (RSS 2.0), `sy:` (RSS 1.0 module Syndication);
//! 3. a spread, so that sources which are alike are not all due together;
//! 4. `skipHours` and `skipDays` (RSS 2.0).
//!
//! After a failure the interval doubles instead, up to a day. `Retry-After` (RFC 9110 §10.2.3) is kept in every case, up to a week:
//! also where an article asks for it, a further page of a list, or robots.txt. What was not asked, since its host had asked to wait,
//! is asked when that is over.
//!
//! Where the configuration tells times, a source is asked at these, whatever else is known of it. After a failure it is
//! asked before its next time, too.

use std::fmt;

use chrono::{DateTime, Datelike as _, TimeDelta, Timelike as _, Utc};
use sha2::{Digest as _, Sha256};

use super::fetch::{FetchError, Head};
use crate::document::{Period, Update, Visits};
use crate::source::{Every, Source, Times, Tz, Web};

mod freshness;
#[cfg(test)]
mod tests;

pub use freshness::{freshness, http_date, retry_after};

/// Between which bounds a source is asked. Where the configuration fixes the interval, all three are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The interval where nothing is known of the source, and after the first failure.
    pub every: TimeDelta,
    /// The shortest interval.
    pub least: TimeDelta,
    /// The longest interval of a source that answers.
    pub most: TimeDelta,
}

impl Policy {
    fn clamp(self, interval: TimeDelta) -> TimeDelta {
        // Bounds that contradict each other are met by the shortest interval.
        interval.min(self.most).max(self.least)
    }
}

/// How often a source is asked, as the configuration has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace<'a> {
    /// Between these bounds.
    Between(Policy),
    /// At these times, by the clocks of that zone.
    At(&'a Times, Tz),
}

impl From<Policy> for Pace<'_> {
    fn from(policy: Policy) -> Self {
        Self::Between(policy)
    }
}

impl<'a> Pace<'a> {
    /// That of a source on the web.
    pub fn of(source: &Source, web: &'a Web) -> Self {
        let delta = |time| TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX);
        match &web.every {
            Every::Interval(every) => {
                Self::Between(Policy { every: delta(*every), least: delta(*every), most: delta(web.slowest) })
            }
            Every::At(times) => Self::At(times, source.timezone),
        }
    }
}

impl Visits {
    /// The first time from `at` on that is not to be skipped; `at` itself, where there is none up to `last`.
    fn next_visit(&self, at: DateTime<Utc>, last: DateTime<Utc>) -> DateTime<Utc> {
        let is_skipped = |time: &DateTime<Utc>| {
            self.skip_days.contains(&time.weekday())
                || self.skip_hours.iter().any(|hour| u32::from(hour % 24) == time.hour())
        };
        let hours = std::iter::successors(Some(at), |time| time.checked_add_signed(TimeDelta::hours(1)));
        hours.take(8 * 24).take_while(|time| *time <= last).find(|time| !is_skipped(time)).unwrap_or(at)
    }
}

impl Update {
    fn interval(self) -> TimeDelta {
        let period = match self.period {
            Period::Hourly => TimeDelta::hours(1),
            Period::Daily => DAY,
            Period::Weekly => WEEK,
            Period::Monthly => TimeDelta::days(30),
            Period::Yearly => TimeDelta::days(365),
        };
        period / i32::try_from(self.frequency.max(1)).unwrap_or(i32::MAX)
    }

    /// From now to the next update that is at least `least` away.
    fn wait(self, now: DateTime<Utc>, least: TimeDelta) -> TimeDelta {
        let interval = self.interval();
        let Some(base) = self.base.filter(|_| interval.num_seconds() > 0) else { return interval };
        let since = (now + least - base).num_seconds().rem_euclid(interval.num_seconds());
        least + interval - TimeDelta::seconds(since)
    }
}

/// How a visit ended.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// With an answer, be it that nothing has changed.
    Answered {
        /// What the answer says of itself.
        head: &'a Head,
        /// What the feed says, now or when it was last read.
        hints: &'a Visits,
        /// When the newest items of the source were published, in any order; those of the future do not count.
        items: &'a [DateTime<Utc>],
    },
    /// With none.
    Failed {
        /// Why.
        error: &'a FetchError,
        /// How many visits have failed since the last answer, this one included.
        in_a_row: u32,
    },
}

/// When a source is asked next, and why then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The time, to the second.
    pub at: DateTime<Utc>,
    /// What decided.
    pub reason: Reason,
}

/// Why a source is asked when it is. Shown after the time: "next visit 12:40: …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The interval of the configuration.
    Configured(TimeDelta),
    /// The times of the configuration, as they are written there.
    Times(String),
    /// News came this far apart.
    Rhythm(TimeDelta),
    /// The answer stays fresh (`Cache-Control`, `Expires`).
    Fresh(TimeDelta),
    /// The feed's `ttl`.
    Ttl(TimeDelta),
    /// The feed's `sy:updatePeriod`.
    Period(TimeDelta),
    /// The feed's `skipHours` or `skipDays`.
    Skipped,
    /// `Retry-After`.
    RetryAfter,
    /// What it lists was not taken in whole.
    Unfinished,
    /// Visits failed in a row.
    Failed(u32),
    /// It is gone for good.
    Gone,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configured(interval) => write!(f, "every {}, as configured", Span(*interval)),
            Self::Times(line) => write!(f, "at the times \"{line}\", as configured"),
            Self::Rhythm(gap) => write!(f, "its news comes about {} apart", Span(*gap)),
            Self::Fresh(left) => write!(f, "its server says that the answer is fresh for {}", Span(*left)),
            Self::Ttl(ttl) => write!(f, "the feed asks for {} between visits (ttl)", Span(*ttl)),
            Self::Period(period) => write!(f, "the feed says it is updated every {} (sy:updatePeriod)", Span(*period)),
            Self::Skipped => f.write_str("the feed asks not to be visited before (skipHours, skipDays)"),
            Self::RetryAfter => f.write_str("its server asks to wait until then (Retry-After)"),
            Self::Unfinished => f.write_str("articles that it lists were not asked for yet"),
            Self::Failed(1) => f.write_str("the last visit failed"),
            Self::Failed(times) => write!(f, "the last {times} visits failed"),
            Self::Gone => f.write_str("it is gone (410), and asked once a week"),
        }
    }
}

/// A length of time in words, to two units: `3 d 4 h`.
pub fn span(time: TimeDelta) -> String {
    Span(time).to_string()
}

/// A length of time in words, to two units.
struct Span(TimeDelta);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.num_seconds();
        let units =
            [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
        let first = units.iter().position(|(count, _)| *count > 0).unwrap_or(3);
        write!(f, "{} {}", units[first].0, units[first].1)?;
        match units.get(first + 1) {
            Some((count, unit)) if *count > 0 => write!(f, " {count} {unit}"),
            _ => Ok(()),
        }
    }
}

/// What was not asked is not tried more often: there may be thousands of them.
const SHORTEST_HOLD: TimeDelta = TimeDelta::minutes(1);
const DAY: TimeDelta = TimeDelta::days(1);
const WEEK: TimeDelta = TimeDelta::days(7);
/// Newest items that tell a source's rhythm.
const RHYTHM: usize = 10;
/// Visits for each item that is expected.
const VISITS: i32 = 4;
/// The spread is a tenth of the interval.
const SPREAD: i32 = 10;

/// Where times are told, what fails is asked again after this, first of all.
const FIRST_RETRY: TimeDelta = TimeDelta::minutes(15);

/// When a source is asked next. `source` is its id, which spreads it among the others; `now` is when the visit ended.
///
/// The time lies between `now + least` and `now + most`, except that failures are waited out for up to a day, what is gone
/// for a week, and `Retry-After` is never undercut, unless it asks for more than a week. Where times are told, it is the next
/// of these, or one before it after a failure; the next behind what `Retry-After` asks for, and behind a week for what is gone. What
/// was not asked, since its host had asked to wait, is asked when that is over, and in a minute at least.
pub fn due<'a>(source: &str, outcome: Outcome<'_>, pace: impl Into<Pace<'a>>, now: DateTime<Utc>) -> Due {
    let pace = pace.into();
    // What was not asked is asked as soon as its host allows it: its own time has come.
    if let Outcome::Failed { error, .. } = outcome
        && !error.was_asked()
        && let Some(at) = error.head().and_then(|head| asked_until(head, now))
    {
        return Due { at: at.max(after(now, SHORTEST_HOLD)), reason: Reason::RetryAfter };
    }
    let (head, due) = match (outcome, pace) {
        (Outcome::Answered { head, hints, items }, Pace::Between(policy)) => {
            (Some(head), after_answer(source, head, hints, items, policy, now))
        }
        (Outcome::Answered { head, .. }, Pace::At(times, zone)) => {
            (Some(head), Due { at: times.next(now, zone), reason: Reason::Times(times.to_string()) })
        }
        (Outcome::Failed { error, in_a_row }, Pace::Between(policy)) => {
            (error.head(), after_failure(source, error, in_a_row, policy, now))
        }
        (Outcome::Failed { error, in_a_row }, Pace::At(times, zone)) => {
            let Due { at, reason } = after_failure(source, error, in_a_row, RETRIES, now);
            let at = if reason == Reason::Gone { times.next(at, zone) } else { at.min(times.next(now, zone)) };
            (error.head(), Due { at, reason })
        }
    };
    kept_to(due, head.and_then(|head| asked_until(head, now)), pace)
}

/// Until when a server asks to wait (`Retry-After`), a week at most.
pub fn asked_until(head: &Head, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    retry_after(head, now).map(|wait| after(now, wait.min(WEEK)))
}

/// When a source is asked next that is `due`, where its server [asks to wait](asked_until) until `asked`.
pub fn kept_to<'a>(due: Due, asked: Option<DateTime<Utc>>, pace: impl Into<Pace<'a>>) -> Due {
    match (asked, pace.into()) {
        (Some(at), Pace::Between(_)) if at > due.at => Due { at, reason: Reason::RetryAfter },
        (Some(at), Pace::At(times, zone)) if at > due.at => {
            Due { at: times.next(at - TimeDelta::seconds(1), zone), reason: Reason::RetryAfter }
        }
        _ => due,
    }
}

const RETRIES: Policy = Policy { every: FIRST_RETRY, least: FIRST_RETRY, most: DAY };

/// When a source is asked that was to be asked at `due`: then, unless no visit could have set this under that pace by that
/// clock: then now. The pace was another one, or the clock was wrong. `demanded`: the publisher asked for it.
pub fn holds<'a>(due: DateTime<Utc>, demanded: bool, pace: impl Into<Pace<'a>>, now: DateTime<Utc>) -> DateTime<Utc> {
    match pace.into() {
        Pace::Between(policy) if due - now > longest(policy) => now,
        Pace::At(times, zone) if due > times.next(if demanded { after(now, WEEK) } else { now }, zone) => now,
        Pace::Between(_) | Pace::At(..) => due,
    }
}

/// Whether a source is asked now that was to be asked at `due`. What is due within a quarter of its interval is: a timer that
/// rings every half hour shall not find it a minute early.
pub fn is_due<'a>(due: DateTime<Utc>, demanded: bool, pace: impl Into<Pace<'a>>, now: DateTime<Utc>) -> bool {
    let pace = pace.into();
    let slack = match pace {
        Pace::Between(policy) if !demanded => policy.every / 4,
        Pace::Between(_) | Pace::At(..) => TimeDelta::zero(),
    };
    holds(due, demanded, pace, now) - now <= slack
}

/// The longest wait that [`due`] may set between such bounds.
fn longest(policy: Policy) -> TimeDelta {
    policy.most.max(policy.least).max(WEEK) + TimeDelta::seconds(1)
}

fn after_answer(
    source: &str,
    head: &Head,
    hints: &Visits,
    items: &[DateTime<Utc>],
    policy: Policy,
    now: DateTime<Utc>,
) -> Due {
    let mut wait = policy.clamp(policy.every);
    let mut reason = Reason::Configured(wait);
    if let Some(gap) = rhythm(items, now).filter(|_| policy.least < policy.most) {
        (wait, reason) = (policy.clamp(gap / VISITS), Reason::Rhythm(gap));
    }
    let wishes = [
        freshness(head, now).map(|fresh| (fresh, Reason::Fresh(fresh))),
        hints.ttl.map(|minutes| TimeDelta::minutes(minutes.into())).map(|ttl| (ttl, Reason::Ttl(ttl))),
        hints.update.map(|update| (update.wait(now, policy.least), Reason::Period(update.interval()))),
    ];
    for (wish, why) in wishes.into_iter().flatten() {
        if policy.clamp(wish) > wait {
            (wait, reason) = (policy.clamp(wish), why);
        }
    }
    let apart = share(source, wait);
    let spread = if wait + apart <= policy.most { wait + apart } else { policy.clamp(wait - apart) };
    let at = after(now, spread);
    match hints.next_visit(at, after(now, policy.most)) {
        later if later > at => Due { at: later, reason: Reason::Skipped },
        _ => Due { at, reason },
    }
}

fn after_failure(source: &str, error: &FetchError, in_a_row: u32, policy: Policy, now: DateTime<Utc>) -> Due {
    if error.is_gone() {
        return Due { at: after(now, WEEK), reason: Reason::Gone };
    }
    let first = policy.clamp(policy.every);
    let most = first.max(DAY);
    // Twelve doublings make a day of less than half a minute.
    let doubled = first.checked_mul(1 << in_a_row.saturating_sub(1).min(12)).unwrap_or(most).min(most);
    let wait = (doubled - share(source, doubled)).max(first);
    Due { at: after(now, wait), reason: Reason::Failed(in_a_row) }
}

/// How far apart the news of a source came, up to now: a source that has fallen silent slows down by itself.
fn rhythm(items: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<TimeDelta> {
    let mut past: Vec<_> = items.iter().copied().filter(|item| *item <= now).collect();
    past.sort_unstable_by(|a, b| b.cmp(a));
    past.truncate(RHYTHM);
    let oldest = past.last()?;
    Some((now - oldest) / i32::try_from(past.len()).unwrap_or(1))
}

/// A source's own share of the spread of an interval, by a hash of its id.
fn share(source: &str, interval: TimeDelta) -> TimeDelta {
    let digest = Sha256::digest(source.as_bytes());
    let share = i32::from(u16::from_be_bytes([digest[0], digest[1]]));
    interval / SPREAD * share / (i32::from(u16::MAX) + 1)
}

fn after(now: DateTime<Utc>, wait: TimeDelta) -> DateTime<Utc> {
    let at = now.checked_add_signed(wait).unwrap_or(DateTime::<Utc>::MAX_UTC);
    // Whole seconds, rounded up: nobody waits for less, and nothing is undercut.
    match at.nanosecond() {
        0 => at,
        part => at.checked_add_signed(TimeDelta::nanoseconds(1_000_000_000 - i64::from(part))).unwrap_or(at),
    }
}
