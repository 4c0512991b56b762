//! Decides when an item was published, among all that its document claims.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};

use super::Facts;
use crate::draft::{DateClaim, Doubt, Evidence, Precision, When};
use crate::source::Tz;

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

/// Claims of one item that are weighed; beyond them it is no item, but a calendar.
const MOST: usize = 64;

/// Chooses among the claims that are possible. What a feed tells or somebody wrote by hand stands; else the day with the
/// most votes does, and of equals that with the better [`Evidence`]. Without a claim, the item is dated `now`.
pub fn choose(claims: &[DateClaim], now: DateTime<Utc>, zone: Tz) -> Dated {
    let mut sorted: Vec<&DateClaim> = claims.iter().filter(|claim| is_possible(claim, now, zone)).collect();
    sorted.sort_by_key(|claim| claim.evidence);
    sorted.truncate(MOST);
    let by_hand = sorted.first().filter(|claim| claim.evidence <= Evidence::FrontMatter);
    // The last of equals is the maximum, so the best are asked last.
    let chosen = by_hand.or_else(|| sorted.iter().rev().max_by_key(|claim| votes_for(claim, &sorted, zone)));
    let dated = chosen.and_then(|claim| {
        let when = if by_hand.is_some() { claim.when } else { shown(claim.when, &sorted, zone) };
        let when = refined(&DateClaim { when, ..(*claim).clone() }, &sorted, zone);
        let when = if by_hand.is_some() { when } else { clocked(pointed(when, &sorted, zone), &sorted) };
        Some(Dated {
            when,
            evidence: if claim.doubt == Doubt::Order { Evidence::Ambiguous } else { said_by(claim, &sorted, zone) },
            published: when.stamp(zone)?.clamp(earliest(), now.max(earliest())),
        })
    });
    dated.unwrap_or_else(|| first_seen(now))
}

/// What a place is worth beside others, in tenths of the logarithm of its odds on labelled pages, rounded. JSON-LD is right as often as
/// an element, but against a date that people see mostly that of a move between systems; with it, it outweighs `<meta>`, which some
/// systems fill with the last change. A date of which something was guessed is worth less than any that people see near the title.
fn votes(claim: &DateClaim) -> u32 {
    let most = match claim.doubt {
        Doubt::Order => 2,
        Doubt::Year | Doubt::Ago => 14,
        _ => u32::MAX,
    };
    most.min(match claim.evidence {
        Evidence::Feed | Evidence::Sidecar | Evidence::FrontMatter | Evidence::Agreement => 40,
        Evidence::CmsElement | Evidence::List | Evidence::Meta => 35,
        Evidence::AddressDay | Evidence::StrongLabel => 30,
        Evidence::PublishedTime | Evidence::Dateline => 25,
        Evidence::DateElement => 16,
        Evidence::WeakLabel => 12,
        Evidence::JsonLd => 11,
        Evidence::Prose => 8,
        Evidence::Visible => 5,
        Evidence::AddressMonth => 3,
        Evidence::Ambiguous => 2,
        Evidence::FirstSeen => 0,
    })
}

/// The votes for what a claim says: of each place one, its own and those that say the same or the month it lies in.
fn votes_for(claim: &DateClaim, all: &[&DateClaim], zone: Tz) -> u32 {
    let mut seen: Vec<(Evidence, Doubt)> = Vec::new();
    let mut sum = 0;
    for other in all.iter().filter(|other| supports(other.when, claim.when, zone) || is_in_another_year(other, claim)) {
        let place = (other.evidence, other.doubt);
        if !seen.contains(&place) {
            seen.push(place);
            sum += votes(other);
        }
    }
    sum
}

/// Whether a date whose year was guessed is of the month and the day of one that tells its own.
fn is_in_another_year(guess: &DateClaim, claim: &DateClaim) -> bool {
    let day = |claim: &DateClaim| {
        let is_day = claim.when.precision() >= Precision::Day;
        claim.when.first_day().filter(|_| is_day).map(|day| (day.month(), day.day()))
    };
    guess.doubt == Doubt::Year && claim.doubt != Doubt::Year && day(guess).is_some() && day(guess) == day(claim)
}

/// Whether a date says what another says, or something coarser that holds it. What a system tells in UTC, it writes for
/// people as the clocks of the source show it; another offset is that of its own clocks.
fn supports(one: When, other: When, zone: Tz) -> bool {
    let same = |one, other| match (one, other) {
        (When::Instant(time), When::Local(shown)) => clocks(time, shown, zone).is_some(),
        _ => false,
    };
    holds(one, other)
        || holds(local(one, zone), other)
        || holds(one, local(other, zone))
        || same(one, other)
        || same(other, one)
}

/// The clocks by which a point in time is shown as a time of day whose zone is not told. `None`: it is another time, such as one that
/// is told by other clocks than those of UTC, or a day that a system writes as the midnight that it begins with, here or in UTC.
fn clocks(time: DateTime<FixedOffset>, shown: NaiveDateTime, zone: Tz) -> Option<FixedOffset> {
    /// Minutes by which nearly all clocks are apart, and by how many from those of UTC where many people live.
    const STEP: i64 = 30;
    const REACH: std::ops::RangeInclusive<i64> = -11 * 60..=13 * 60;
    let minute = |time: NaiveDateTime| time.and_utc().timestamp().div_euclid(60);
    let east = minute(shown) - minute(time.naive_utc());
    let is_same = shown.second() == 0 || shown.second() == time.second();
    let is_day = [time.time(), time.with_timezone(&zone).time()].contains(&NaiveTime::MIN);
    let own = i64::from(time.offset().local_minus_utc() / 60);
    let is_own = own == 0 || own == east;
    let fits = is_same && is_own && !is_day && REACH.contains(&east) && east % STEP == 0;
    i32::try_from(east * 60).ok().filter(|_| fits).and_then(FixedOffset::east_opt)
}

/// A time of day whose zone is not told as the point in time that another claim tells of it.
fn pointed(when: When, all: &[&DateClaim], zone: Tz) -> When {
    let When::Local(shown) = when else { return when };
    let told = all.iter().filter(|other| other.evidence <= Evidence::WeakLabel).find_map(|other| match other.when {
        When::Instant(time) => Some(time.with_timezone(&clocks(time, shown, zone)?)),
        _ => None,
    });
    told.map_or(when, When::Instant)
}

/// A point in time that is told in UTC, but elsewhere by other clocks that show the same: some systems write local times as those of UTC.
fn clocked(when: When, all: &[&DateClaim]) -> When {
    let When::Instant(time) = when else { return when };
    let minute = |time: DateTime<FixedOffset>| time.naive_local().and_utc().timestamp().div_euclid(60);
    let told = all.iter().filter(|other| other.evidence <= Evidence::WeakLabel).map(|other| other.when);
    let is_utc = |time: DateTime<FixedOffset>| time.offset().local_minus_utc() == 0;
    let shows =
        |other: &When| matches!(*other, When::Instant(other) if !is_utc(other) && minute(other) == minute(time));
    told.filter(|_| is_utc(time)).find(shows).unwrap_or(when)
}

/// Whether a date is another, or something coarser that holds it, each as it is told.
fn holds(one: When, other: When) -> bool {
    one.first_day() <= other.first_day() && one.last_day() >= other.last_day()
}

/// A date as the clocks of the source show it, if it is told in UTC.
fn local(when: When, zone: Tz) -> When {
    match when {
        When::Instant(time) if time.offset().local_minus_utc() == 0 => {
            When::Instant(time.with_timezone(&zone).fixed_offset())
        }
        when => when,
    }
}

/// A date by the clocks of the source, or by those that the page shows, where what these show of it agrees with another and what is
/// told does not.
fn shown(when: When, all: &[&DateClaim], zone: Tz) -> When {
    let here = local(when, zone);
    let others = || all.iter().filter(|other| other.evidence <= Evidence::WeakLabel).map(|other| other.when);
    let agrees = |when: When| others().any(|other| !matches!(other, When::Instant(_)) && holds(other, when));
    if agrees(when) {
        return when;
    }
    let elsewhere = |time: DateTime<FixedOffset>| {
        let shown =
            others().find_map(|other| if let When::Local(shown) = other { clocks(time, shown, zone) } else { None });
        shown.map(|offset| When::Instant(time.with_timezone(&offset)))
    };
    match when {
        _ if agrees(here) => here,
        When::Instant(time) => elsewhere(time).unwrap_or(when),
        when => when,
    }
}

/// The evidence of a claim; where several places that are written for machines say the same day, their agreement.
fn said_by(claim: &DateClaim, all: &[&DateClaim], zone: Tz) -> Evidence {
    let machine = [Evidence::Meta, Evidence::PublishedTime, Evidence::JsonLd];
    let same = |other: &DateClaim| supports(other.when, claim.when, zone) && supports(claim.when, other.when, zone);
    let agree = |evidence: &&Evidence| all.iter().any(|other| other.evidence == **evidence && same(other));
    let agreed = machine.contains(&claim.evidence) && machine.iter().filter(agree).count() > 1;
    if agreed { Evidence::Agreement } else { claim.evidence }
}

/// Seconds by which the clocks of zones are apart: a day begins at a multiple of these everywhere.
const QUARTER: i64 = 900;

impl Facts {
    /// When it was told to be published, without the seconds that it stands behind others of its day: these follow from what was listed
    /// beside it. `None`: nobody told it.
    pub fn told_at(&self) -> Option<DateTime<Utc>> {
        let is_day = self.when.precision() == Precision::Day;
        let place = if is_day { self.published.timestamp().rem_euclid(QUARTER) } else { 0 };
        self.told_published().map(|time| time - TimeDelta::seconds(place))
    }
}

impl Dated {
    /// The same, so many seconds later if only the day is known: it keeps the place that it has in a list. A day has no more
    /// places than seconds up to the evening, and who stands behind these shares the last. Before its noon is an hour past, the
    /// places begin an hour before `now`: none lies in the future. A time is told on as it was told.
    #[must_use]
    pub fn in_order(self, seconds: u32, now: DateTime<Utc>) -> Self {
        if self.when.precision() != Precision::Day {
            return self;
        }
        let first = self.published.min(now - TimeDelta::hours(1));
        let place = first + TimeDelta::seconds(seconds.min(6 * 3600).into());
        Self { published: place.clamp(earliest(), now.max(earliest())), ..self }
    }

    /// The date of a document that is edited: the same, unless it told none and tells one now, of before it was first seen.
    /// A day somewhere in its words may be that of anything, and does not count.
    #[must_use]
    pub fn or_corrected(self, told: impl FnOnce() -> Self) -> Self {
        if self.evidence != Evidence::FirstSeen {
            return self;
        }
        let told = told();
        if told.evidence <= Evidence::WeakLabel && told.published <= self.published { told } else { self }
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
pub fn updated(claims: &[DateClaim], dated: &Dated, now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let published = dated.published;
    let best = claims.iter().filter(|claim| is_possible(claim, now, zone)).min_by_key(|claim| claim.evidence);
    let day = |time: DateTime<Utc>| time.with_timezone(&zone).date_naive();
    // What was told at the time of publication stays so at the place that this has in a list.
    let stamp = best.and_then(|claim| Some((claim.evidence, claim.when.stamp(zone)?)));
    let stamp = stamp.filter(|(_, stamp)| dated.when.stamp(zone) != Some(*stamp));
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
    let found = sorted.iter().find(inside).map_or(claim.when, |other| other.when);
    match found {
        // Told in another zone, it may name the day before or behind.
        When::Instant(time)
            if !found.first_day().is_some_and(|day| day >= first.unwrap_or(day) && day <= last.unwrap_or(day)) =>
        {
            When::Instant(time.with_timezone(&zone).fixed_offset())
        }
        found => found,
    }
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

/// What is to be told of the dates that an item claims: of one by hand that cannot be, of one that was still to come when it was
/// read, and of a time whose offset is none.
pub fn notes(claims: &[DateClaim], dated: &Dated, now: DateTime<Utc>, zone: Tz) -> Vec<String> {
    let mut notes = Vec::new();
    let by_hand = |claim: &&DateClaim| claim.evidence <= Evidence::FrontMatter;
    for claim in claims.iter().filter(by_hand) {
        if let Some(objection) = objection(claim, now, zone) {
            notes.push(format!("has the date {:?}, which {objection} and is passed over: correct it", claim.raw));
        }
    }
    let today = now.with_timezone(&zone).date_naive();
    // Where something else tells the date, it is that of an event.
    let best = claims.iter().min_by_key(|claim| claim.evidence).filter(|claim| !by_hand(claim));
    if let Some(claim) = best.filter(|claim| claim.when.first_day().is_some_and(|day| day > today))
        && dated.evidence == Evidence::FirstSeen
    {
        let date = if claim.raw.is_empty() { claim.when.to_string() } else { claim.raw.clone() };
        notes.push(format!("tells no date but {date:?}, which lies in the future and is passed over: correct it"));
    }
    let day = match dated.when {
        When::Instant(time) => Some(time.with_timezone(&zone).date_naive()),
        when => when.first_day(),
    };
    if let Some(day) = day.filter(|day| *day > today) {
        notes.push(format!("has the date {day}, a day ahead of {today}, when it was read: it is published as of then"));
    }
    if let Some(claim) = claims.iter().find(|claim| !claim.no_offset.is_empty()) {
        notes.push(format!(
            "has the offset {:?} in a date, which is none, so that the clocks of {zone} count: write it like +05:30, up to 14 hours",
            claim.no_offset
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn shanghai() -> Tz {
        "Asia/Shanghai".parse().expect("a zone")
    }

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
    fn a_date_that_was_missing_is_corrected_once() {
        let seen = first_seen("2026-05-01T12:00:00Z".parse().expect("a time"));
        let told = |day: &str, evidence| {
            let when = When::Day(day.parse().expect("a day"));
            Dated { when, evidence, published: when.stamp(shanghai()).expect("a time") }
        };
        let corrected = told("2026-02-14", Evidence::FrontMatter);
        assert_eq!(seen.or_corrected(|| corrected), corrected);
        assert_eq!(corrected.or_corrected(|| told("2026-02-13", Evidence::Sidecar)), corrected);
        for other in [
            // After it was seen it cannot have been published.
            told("2026-05-20", Evidence::FrontMatter),
            told("2019-01-01", Evidence::Prose),
            told("2019-01-01", Evidence::Visible),
        ] {
            assert_eq!(seen.or_corrected(|| other), seen);
        }
    }

    #[test]
    fn the_best_evidence_wins_whatever_the_order() {
        let mut claims = vec![claim(day("2026-01-01"), Evidence::Prose), claim(day("2026-02-02"), Evidence::Meta)];
        assert_eq!(choose(&claims, now(), shanghai()).when, day("2026-02-02"));
        claims.reverse();
        assert_eq!(choose(&claims, now(), shanghai()).when, day("2026-02-02"));
    }

    #[test]
    fn places_that_agree_outvote_a_better_one() {
        let (meta, seen) = (claim(day("2026-01-01"), Evidence::Meta), "2026-02-02");
        let told = |evidence| claim(day(seen), evidence);
        let one = [meta.clone(), told(Evidence::Dateline)];
        assert_eq!(choose(&one, now(), shanghai()).when, meta.when);
        for (other, best) in [(Evidence::DateElement, Evidence::Dateline), (Evidence::JsonLd, Evidence::JsonLd)] {
            let dated = choose(&[meta.clone(), told(Evidence::Dateline), told(other)], now(), shanghai());
            assert_eq!((dated.when, dated.evidence), (day(seen), best));
        }
        // A place that says it twice has one vote.
        let again = [meta.clone(), told(Evidence::Dateline), told(Evidence::Dateline)];
        assert_eq!(choose(&again, now(), shanghai()).when, meta.when);
    }

    #[test]
    fn a_list_tells_better_than_a_template_and_worse_than_all_that_is_seen_on_the_page() {
        let (listed, meta) = (claim(day("2026-02-02"), Evidence::List), claim(day("2026-01-01"), Evidence::Meta));
        assert_eq!(choose(&[meta, listed.clone()], now(), shanghai()).evidence, Evidence::List);
        let seen = [Evidence::StrongLabel, Evidence::DateElement].map(|evidence| claim(day("2026-02-01"), evidence));
        let claims = [vec![listed], seen.to_vec()].concat();
        assert_eq!(choose(&claims, now(), shanghai()).when, day("2026-02-01"));
    }

    #[test]
    fn a_year_that_was_guessed_gives_way_to_one_that_is_written() {
        let guess = DateClaim { doubt: Doubt::Year, ..claim(day("2026-03-12"), Evidence::List) };
        let chosen = |others: &[DateClaim]| {
            let claims = [others, std::slice::from_ref(&guess)].concat();
            choose(&claims, now(), shanghai()).when
        };
        for evidence in [Evidence::StrongLabel, Evidence::Dateline, Evidence::WeakLabel, Evidence::Prose] {
            assert_eq!(chosen(&[claim(day("2025-03-12"), evidence)]), day("2025-03-12"), "{evidence:?}");
        }
        // Another day has to be told better than the list tells it.
        assert_eq!(chosen(&[claim(day("2025-03-13"), Evidence::Dateline)]), day("2025-03-13"));
        assert_eq!(chosen(&[claim(day("2025-03-13"), Evidence::Prose)]), day("2026-03-12"));
        // With the list, the day that it names wins over another.
        let both = [claim(day("2025-04-01"), Evidence::StrongLabel), claim(day("2025-03-12"), Evidence::Dateline)];
        assert_eq!(chosen(&both), day("2025-03-12"));
        assert_eq!(chosen(&[]), day("2026-03-12"));
    }

    #[test]
    fn what_is_written_by_hand_is_not_outvoted() {
        let told = [Evidence::Meta, Evidence::Dateline, Evidence::DateElement]
            .map(|evidence| claim(day("2026-02-02"), evidence));
        let mut claims = vec![claim(day("2026-01-01"), Evidence::FrontMatter)];
        claims.extend(told);
        assert_eq!(choose(&claims, now(), shanghai()).when, day("2026-01-01"));
    }

    #[test]
    fn two_places_for_machines_are_an_agreement() {
        let claims = [Evidence::Meta, Evidence::JsonLd].map(|evidence| claim(day("2026-02-02"), evidence));
        assert_eq!(choose(&claims, now(), shanghai()).evidence, Evidence::Agreement);
    }

    #[test]
    fn a_month_votes_for_the_days_in_it() {
        let claims = [
            claim(day("2026-03-03"), Evidence::Prose),
            claim(day("2026-02-02"), Evidence::Prose),
            claim(When::Month(2026, 2), Evidence::AddressMonth),
        ];
        assert_eq!(choose(&claims, now(), shanghai()).when, day("2026-02-02"));
    }

    #[test]
    fn days_are_stamped_at_noon_in_the_zone_of_the_source() {
        let dated = choose(&[claim(day("2026-01-01"), Evidence::Prose)], now(), shanghai());
        assert_eq!(dated.published.to_rfc3339(), "2026-01-01T04:00:00+00:00");
        let month = choose(&[claim(When::Month(2023, 11), Evidence::Prose)], now(), shanghai());
        assert_eq!(
            (month.when, month.published.to_rfc3339().as_str()),
            (When::Month(2023, 11), "2023-11-01T04:00:00+00:00")
        );
    }

    #[test]
    fn a_local_time_that_is_called_one_of_utc_is_told_by_its_own_clocks() {
        let told = |text: &str, evidence| claim(When::Instant(text.parse().expect("a time")), evidence);
        let published = |other: &str| {
            let claims = [told("2026-02-03T14:46:00Z", Evidence::Meta), told(other, Evidence::JsonLd)];
            choose(&claims, now(), shanghai()).published.to_rfc3339()
        };
        assert_eq!(published("2026-02-03T14:46:12+02:00"), "2026-02-03T12:46:12+00:00");
        assert_eq!(published("2026-02-03T16:46:12+02:00"), "2026-02-03T14:46:00+00:00");
        assert_eq!(published("2026-02-03T15:30:00+02:00"), "2026-02-03T14:46:00+00:00");
    }

    #[test]
    fn a_day_is_that_of_the_source_where_an_instant_is_told_in_another_zone() {
        let instant = |text: &str| When::Instant(text.parse().expect("a time"));
        let night = claim(instant("2026-02-08T22:15:00Z"), Evidence::Meta);
        let told = [claim(day("2026-02-09"), Evidence::Dateline), claim(day("2026-02-03"), Evidence::Dateline)];
        // With the votes of the day that people read, what the template tells wins over a label.
        let other = [Evidence::StrongLabel, Evidence::DateElement].map(|evidence| claim(day("2026-02-01"), evidence));
        let chosen = |told: &DateClaim| {
            let claims = [vec![night.clone(), told.clone()], other.to_vec()].concat();
            choose(&claims, now(), shanghai()).when
        };
        // It is told by the clocks that show the day.
        let here = instant("2026-02-09T06:15:00+08:00");
        assert_eq!(told.each_ref().map(chosen), [here, day("2026-02-01")]);
        let both = [night.clone(), claim(day("2026-02-09"), Evidence::JsonLd)];
        assert_eq!(choose(&both, now(), shanghai()).evidence, Evidence::Agreement);
        assert_eq!(choose(&both, now(), crate::source::Tz::UTC).evidence, Evidence::Meta);
    }

    #[test]
    fn the_order_of_a_day_never_leads_into_the_future() {
        let places = |now: &str| {
            let now: DateTime<Utc> = now.parse().expect("a time");
            let place =
                |order| choose(&[claim(day("2026-06-15"), Evidence::List)], now, shanghai()).in_order(order, now);
            let places = [0, 1, 50, 3_600, 30_000].map(|order| place(order).published);
            assert!(places.is_sorted() && places[0] < places[1] && places[1] < places[2], "{places:?}");
            assert!(places[4] <= now, "{places:?}");
            places[0].to_rfc3339()
        };
        // Noon is at 04:00.
        assert_eq!(places("2026-06-15T01:00:00Z"), "2026-06-15T00:00:00+00:00");
        assert_eq!(places("2026-06-15T04:00:02Z"), "2026-06-15T03:00:02+00:00");
        assert_eq!(places("2026-06-15T09:00:00Z"), "2026-06-15T04:00:00+00:00");
    }

    #[test]
    fn a_weaker_claim_adds_the_time_of_day() {
        let time = When::Instant("2026-02-09T10:15:00+01:00".parse().expect("a time"));
        let claims = [claim(day("2026-02-09"), Evidence::AddressDay), claim(time, Evidence::JsonLd)];
        assert_eq!(choose(&claims, now(), shanghai()).when, time);
        let other = [claim(day("2026-02-08"), Evidence::AddressDay), claim(time, Evidence::JsonLd)];
        assert_eq!(choose(&other, now(), shanghai()).when, day("2026-02-08"));
    }

    #[test]
    fn a_time_whose_zone_is_not_told_is_the_point_in_time_that_machines_are_told() {
        let local = |text: &str, evidence| claim(When::Local(text.parse().expect("a time")), evidence);
        let point = |text: &str, evidence| claim(When::Instant(text.parse().expect("a time")), evidence);
        let chosen = |shown: &str, told: &str| {
            let claims = [local(shown, Evidence::Meta), point(told, Evidence::JsonLd)];
            choose(&claims, now(), shanghai()).when.to_string()
        };
        let shown = "2026-02-08T19:08:00";
        assert_eq!(chosen(shown, "2026-02-09T00:08:44Z"), "2026-02-08T19:08:44-05:00");
        assert_eq!(chosen(shown, "2026-02-08T19:08:44+02:00"), "2026-02-08T19:08:44+02:00");
        // Another time, one of another clock than there is, and a day that is written as a time.
        assert_eq!(chosen(shown, "2026-02-08T20:15:00Z"), shown);
        assert_eq!(chosen(shown, "2026-02-08T00:08:00Z"), shown);
        assert_eq!(chosen("2026-02-08T09:00:00", "2026-02-08T00:00:00Z"), "2026-02-08T09:00:00");
        assert_eq!(chosen("2026-02-08T04:00:00", "2026-02-07T16:00:00Z"), "2026-02-08T04:00:00");
        // What tells its own clocks is another time by these.
        assert_eq!(chosen("2026-02-08T09:00:00", "2026-02-08T15:00:00+08:00"), "2026-02-08T09:00:00");
        // What a page tells machines, it tells by the clocks that it shows.
        let claims = [local(shown, Evidence::StrongLabel), point("2026-02-09T00:08:44Z", Evidence::Meta)];
        assert_eq!(choose(&claims, now(), shanghai()).when.to_string(), "2026-02-08T19:08:44-05:00");
    }

    #[test]
    fn a_time_of_day_does_not_move_the_day() {
        let time = When::Instant("2026-02-08T22:15:00Z".parse().expect("a time"));
        let claims = [claim(day("2026-02-09"), Evidence::AddressDay), claim(time, Evidence::JsonLd)];
        assert_eq!(choose(&claims, now(), shanghai()).when.to_string(), "2026-02-09T06:15:00+08:00");
    }

    #[test]
    fn impossible_dates_are_passed_over() {
        for when in [day("2026-06-17"), day("1956-01-01"), When::Year(2027), When::Month(2026, 13)] {
            assert_eq!(
                choose(&[claim(when, Evidence::Prose)], now(), shanghai()).evidence,
                Evidence::FirstSeen,
                "{when}"
            );
        }
    }

    #[test]
    fn a_date_of_today_is_not_after_now() {
        let dated = choose(&[claim(day("2026-06-15"), Evidence::Meta)], now(), shanghai());
        assert_eq!((dated.when, dated.published), (day("2026-06-15"), now()));
    }

    #[test]
    fn old_dates_written_by_hand_are_kept_and_shown_as_early_as_readers_take_them() {
        let dated = choose(&[claim(day("1956-03-02"), Evidence::FrontMatter)], now(), shanghai());
        assert_eq!((dated.when, dated.published), (day("1956-03-02"), earliest()));
    }

    #[test]
    fn updated_moves_to_a_later_day_only() {
        let dated = choose(&[claim(day("2026-01-01"), Evidence::Meta)], now(), shanghai());
        let of = |text: &str| updated(&[claim(day(text), Evidence::Meta)], &dated, now(), shanghai());
        let published = dated.published;
        assert_eq!(of("2026-01-01"), published);
        assert_eq!(of("2025-12-01"), published);
        assert_eq!(of("2026-02-01").to_rfc3339(), "2026-02-01T04:00:00+00:00");
        assert_eq!(of("2026-07-01"), published);
    }

    #[test]
    fn a_change_within_the_day_counts_where_a_feed_tells_it() {
        let time = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
        let (published, later) = (time("2026-05-01T08:00:00Z"), time("2026-05-01T08:06:00Z"));
        let dated = Dated { when: When::Instant(published.fixed_offset()), evidence: Evidence::Feed, published };
        let of = |changed: DateTime<Utc>, evidence| {
            updated(&[claim(When::Instant(changed.fixed_offset()), evidence)], &dated, now(), shanghai())
        };
        assert_eq!(of(later, Evidence::Feed), later);
        assert_eq!(of(later, Evidence::Meta), published);
        let before = time("2026-04-30T08:00:00Z");
        assert_eq!((of(before, Evidence::Feed), of(before, Evidence::Meta)), (before, published));
        assert_eq!(of(time("1970-01-01T00:00:00Z"), Evidence::Feed), earliest());
    }
}
