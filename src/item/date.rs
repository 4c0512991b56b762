//! Decides when an item was published, among all that its document claims.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::draft::{DateClaim, Evidence, Precision, When};

/// When an item was published, and how that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The date, no finer than it was written.
    pub when: When,
    /// Where it was found.
    pub evidence: Evidence,
    /// The point in time that feeds show.
    pub published: DateTime<Utc>,
}

/// The earliest point in time that feeds show: readers and validators take earlier ones for mistakes.
/// The date itself stays as it was written.
fn earliest() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(1990, 1, 2, 0, 0, 0).single().unwrap_or_default()
}

/// Chooses the best claim: the first by [`Evidence`] that is possible. Without one, the item is dated `now`.
pub fn choose(claims: &[DateClaim], now: DateTime<Utc>, zone: Tz) -> Dated {
    let mut sorted: Vec<&DateClaim> = claims.iter().filter(|claim| is_possible(claim, now, zone)).collect();
    sorted.sort_by_key(|claim| claim.evidence);
    let stamped = sorted.iter().find_map(|claim| {
        let when = refined(claim, &sorted, zone);
        Some(Dated {
            when,
            evidence: if claim.either_order { Evidence::Ambiguous } else { claim.evidence },
            published: when.stamp(zone)?.clamp(earliest(), now.max(earliest())),
        })
    });
    stamped.unwrap_or_else(|| first_seen(now))
}

impl Dated {
    /// The same, so many seconds later if only the day is known: it keeps the place that it has in a list. A day has no more
    /// places than seconds up to the evening, and who stands behind these shares the last.
    #[must_use]
    pub fn in_order(self, seconds: u32) -> Self {
        let later = if self.when.precision() == Precision::Day { seconds.min(6 * 3600) } else { 0 };
        Self { published: self.published + TimeDelta::seconds(later.into()), ..self }
    }
}

/// The date of an item whose document tells none.
pub fn first_seen(now: DateTime<Utc>) -> Dated {
    let now = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now);
    Dated { when: When::Instant(now.fixed_offset()), evidence: Evidence::FirstSeen, published: now }
}

/// When an item last changed, by what its document claims: the best possible claim that is later than the day of
/// publication, else the publication. What a feed tells of its change counts as it is told; pages are touched while they
/// are put up.
pub fn updated(claims: &[DateClaim], published: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let best = claims.iter().filter(|claim| is_possible(claim, now, zone)).min_by_key(|claim| claim.evidence);
    let day = |time: DateTime<Utc>| time.with_timezone(&zone).date_naive();
    let stamp = best.and_then(|claim| Some((claim.evidence, claim.when.stamp(zone)?)));
    let later = stamp.filter(|(evidence, stamp)| *evidence == Evidence::Feed || day(*stamp) > day(published));
    later.map(|(_, stamp)| stamp.max(earliest())).filter(|stamp| *stamp <= now).unwrap_or(published)
}

/// What a weaker claim adds to a stronger one: the time of day on the same day, or, where the stronger is only a month
/// or a year, the day in it. Only what a machine or a label wrote counts; a day in prose is that of an event.
fn refined(claim: &DateClaim, sorted: &[&DateClaim], zone: Tz) -> When {
    let precision = claim.when.precision();
    if precision == Precision::Instant || claim.evidence < Evidence::Agreement {
        return claim.when;
    }
    let (first, last) = (claim.when.first_day(), claim.when.last_day());
    let inside = |other: &&&DateClaim| {
        let day = match other.when {
            When::Instant(time) => Some(time.with_timezone(&zone).date_naive()),
            when => when.first_day(),
        };
        let least = if precision == Precision::Day { Precision::Instant } else { Precision::Day };
        let own = other.when.first_day();
        let fits = |day| day >= first && day <= last;
        other.evidence <= Evidence::WeakLabel && other.when.precision() >= least && (fits(day) || fits(own))
    };
    sorted.iter().find(inside).map_or(claim.when, |other| other.when)
}

fn is_possible(claim: &DateClaim, now: DateTime<Utc>, zone: Tz) -> bool {
    objection(claim, now, zone).is_none()
}

/// Why a claim cannot be the date of an item, as the end of a sentence that begins with it: it lies in the future, or
/// before there was a web without being written down as such. `None`: it can be.
pub fn objection(claim: &DateClaim, now: DateTime<Utc>, zone: Tz) -> Option<&'static str> {
    let tomorrow = (now + TimeDelta::days(1)).with_timezone(&zone).date_naive();
    let by_hand = claim.evidence <= Evidence::FrontMatter;
    match claim.when.first_day() {
        None => Some("does not exist"),
        Some(first) if first > tomorrow => Some("lies in the future"),
        Some(_) if !by_hand && claim.when.year() < 1995 => Some("lies before 1995, when there was no news on the web"),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use chrono_tz::Asia::Shanghai;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-06-15T02:00:00Z".parse().expect("a time")
    }

    fn day(text: &str) -> When {
        When::Day(text.parse::<NaiveDate>().expect("a day"))
    }

    fn claim(when: When, evidence: Evidence) -> DateClaim {
        DateClaim::new(when, evidence, "")
    }

    #[test]
    fn the_best_evidence_wins_whatever_the_order() {
        let mut claims = vec![claim(day("2026-01-01"), Evidence::Prose), claim(day("2026-02-02"), Evidence::Meta)];
        assert_eq!(choose(&claims, now(), Shanghai).when, day("2026-02-02"));
        claims.reverse();
        assert_eq!(choose(&claims, now(), Shanghai).when, day("2026-02-02"));
    }

    #[test]
    fn days_are_stamped_at_noon_in_the_zone_of_the_source() {
        let dated = choose(&[claim(day("2026-01-01"), Evidence::Prose)], now(), Shanghai);
        assert_eq!(dated.published.to_rfc3339(), "2026-01-01T04:00:00+00:00");
        let month = choose(&[claim(When::Month(2023, 11), Evidence::Prose)], now(), Shanghai);
        assert_eq!(
            (month.when, month.published.to_rfc3339().as_str()),
            (When::Month(2023, 11), "2023-11-01T04:00:00+00:00")
        );
    }

    #[test]
    fn a_weaker_claim_adds_the_time_of_day() {
        let time = When::Instant("2026-02-09T10:15:00+01:00".parse().expect("a time"));
        let claims = [claim(day("2026-02-09"), Evidence::AddressDay), claim(time, Evidence::JsonLd)];
        assert_eq!(choose(&claims, now(), Shanghai).when, time);
        let other = [claim(day("2026-02-08"), Evidence::AddressDay), claim(time, Evidence::JsonLd)];
        assert_eq!(choose(&other, now(), Shanghai).when, day("2026-02-08"));
    }

    #[test]
    fn impossible_dates_are_passed_over() {
        for when in [day("2026-06-17"), day("1956-01-01"), When::Year(2027), When::Month(2026, 13)] {
            assert_eq!(
                choose(&[claim(when, Evidence::Prose)], now(), Shanghai).evidence,
                Evidence::FirstSeen,
                "{when}"
            );
        }
    }

    #[test]
    fn a_date_of_today_is_not_after_now() {
        let dated = choose(&[claim(day("2026-06-15"), Evidence::Meta)], now(), Shanghai);
        assert_eq!((dated.when, dated.published), (day("2026-06-15"), now()));
    }

    #[test]
    fn old_dates_written_by_hand_are_kept_and_shown_as_early_as_readers_take_them() {
        let dated = choose(&[claim(day("1956-03-02"), Evidence::FrontMatter)], now(), Shanghai);
        assert_eq!((dated.when, dated.published), (day("1956-03-02"), earliest()));
    }

    #[test]
    fn updated_moves_to_a_later_day_only() {
        let published = choose(&[claim(day("2026-01-01"), Evidence::Meta)], now(), Shanghai).published;
        let of = |text: &str| updated(&[claim(day(text), Evidence::Meta)], published, now(), Shanghai);
        assert_eq!(of("2026-01-01"), published);
        assert_eq!(of("2025-12-01"), published);
        assert_eq!(of("2026-02-01").to_rfc3339(), "2026-02-01T04:00:00+00:00");
        assert_eq!(of("2026-07-01"), published);
    }

    #[test]
    fn a_change_within_the_day_counts_where_a_feed_tells_it() {
        let time = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
        let (published, later) = (time("2026-05-01T08:00:00Z"), time("2026-05-01T08:06:00Z"));
        let of = |changed: DateTime<Utc>, evidence| {
            updated(&[claim(When::Instant(changed.fixed_offset()), evidence)], published, now(), Shanghai)
        };
        assert_eq!(of(later, Evidence::Feed), later);
        assert_eq!(of(later, Evidence::Meta), published);
        let before = time("2026-04-30T08:00:00Z");
        assert_eq!((of(before, Evidence::Feed), of(before, Evidence::Meta)), (before, published));
        assert_eq!(of(time("1970-01-01T00:00:00Z"), Evidence::Feed), earliest());
    }
}
