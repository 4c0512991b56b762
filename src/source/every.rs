//! How often a source is looked at: after a length of time, or at the times of a cron line.

use std::fmt;
use std::time::Duration;

use super::Tz;
use chrono::{DateTime, Datelike as _, MappedLocalTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};

/// How often a source is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Every {
    /// This long after the last time.
    Interval(Duration),
    /// At these times.
    At(Box<Times>),
}

impl Every {
    /// When it is looked at next, where that was done last at `after`, by the clocks of that zone.
    pub fn next(&self, after: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Interval(time) => {
                let later = TimeDelta::from_std(*time).ok().and_then(|time| after.checked_add_signed(time));
                later.unwrap_or(DateTime::<Utc>::MAX_UTC)
            }
            Self::At(times) => times.next(after, zone),
        }
    }

    /// How long it is from the next time behind `after` to the one behind that.
    pub fn gap(&self, after: DateTime<Utc>, zone: Tz) -> Duration {
        match self {
            Self::Interval(time) => *time,
            Self::At(times) => {
                let next = times.next(after, zone);
                (times.next(next, zone) - next).to_std().unwrap_or_default()
            }
        }
    }
}

/// The times of a cron line, to the minute.
///
/// Five fields, as of crontab(5): minute, hour, day of the month, month, day of the week. Each is a list of numbers, ranges
/// and steps (`*/15`, `7-22/2`), months and days also by their names in English. Where neither field of days begins with `*`,
/// one of them must agree, else both. `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly` stand for lines. Not known:
/// `L`, `W`, `#`, `?`, seconds and years.
///
/// The clocks of people jump: a time that a day leaves out comes in the minute behind the gap. One that a day has twice
/// comes at the first, unless the line is of every hour: then an hour that comes twice is two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Times {
    line: String,
    /// Each a set of numbers: bit 7 is 7.
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    /// From Sunday, 0, to Saturday.
    weekdays: u64,
    /// Whether both the day of the month and the day of the week must agree.
    needs_both: bool,
}

/// Why a text is no [`Times`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTimes {
    /// It has more or fewer fields than a line has.
    #[error(
        "a cron line has five fields, and this one has {0}: write minute, hour, day, month and day of the week: \"0 7-22 * * *\""
    )]
    Fields(usize),
    /// It begins with @ and is none of those names.
    #[error("\"{0}\" is no name of times: write @hourly, @daily, @weekly, @monthly, @yearly, or a line of five fields")]
    Name(String),
    /// A field is no list of numbers, ranges and steps.
    #[error("the {field} of a cron line cannot be \"{text}\": {hint}")]
    Field {
        /// Which one, in words.
        field: &'static str,
        /// What is written.
        text: String,
        /// What can be.
        hint: String,
    },
    /// No day has such a date.
    #[error("this cron line names no day that ever comes: look at its day and month")]
    Never,
}

/// What a field of a line may hold.
struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    /// Names of the numbers from `least` on.
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, most: 59, names: &[] },
    Field { name: "hour", least: 0, most: 23, names: &[] },
    Field { name: "day of the month", least: 1, most: 31, names: &[] },
    Field { name: "month", least: 1, most: 12, names: MONTHS },
    // Sunday is 0 and 7.
    Field { name: "day of the week", least: 0, most: 7, names: WEEKDAYS },
];

const EVERY_HOUR: u64 = (1 << 24) - 1;

/// Names of lines, those of crontab(5).
const NAMED: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

/// No clock was ever put back by more, but where the date line moved; that put calendars forward since 1900.
const LONGEST_SHIFT: TimeDelta = TimeDelta::hours(4);

/// 29 February on one day of the week comes every 28 years, or after 40 where 2100 lies between.
const MOST_DAYS: usize = 50 * 366;

/// Minutes that a clock was ever put forward at once: a day, where the date line moved.
const LONGEST_GAP: i64 = 25 * 60;

impl Times {
    /// Reads a cron line.
    ///
    /// # Errors
    /// When it is none, with the field that is wrong.
    pub fn new(line: &str) -> Result<Self, InvalidTimes> {
        let line = line.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        let spelled = match NAMED.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(&line)) {
            Some((_, spelled)) => spelled,
            None if line.starts_with('@') => return Err(InvalidTimes::Name(line)),
            None => &line,
        };
        let texts: Vec<&str> = spelled.split(' ').collect();
        let texts: [&str; 5] = texts.as_slice().try_into().map_err(|_| InvalidTimes::Fields(texts.len()))?;
        let mut sets = [0; 5];
        for ((set, field), text) in sets.iter_mut().zip(&FIELDS).zip(texts) {
            *set = field.read(text)?;
        }
        let [minutes, hours, days, months, weekdays] = sets;
        let needs_both = [texts[2], texts[4]].iter().any(|text| text.starts_with('*'));
        // Sunday has two numbers.
        let weekdays = (weekdays | weekdays >> 7) & 0x7f;
        let times = Self { line, minutes, hours, days, months, weekdays, needs_both };
        let day = NaiveDate::default();
        if day.iter_days().take(MOST_DAYS).any(|day| times.is_on(day)) { Ok(times) } else { Err(InvalidTimes::Never) }
    }

    /// The first of these times behind `after`, by the clocks of that zone.
    pub fn next(&self, after: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
        let first = self.first(after, zone, MappedLocalTime::earliest);
        if self.hours == EVERY_HOUR { first.min(self.first(after, zone, MappedLocalTime::latest)) } else { first }
    }

    /// The same; `which`: the one of two instants that have the same local time.
    fn first(
        &self,
        after: DateTime<Utc>,
        zone: Tz,
        which: fn(MappedLocalTime<DateTime<Tz>>) -> Option<DateTime<Tz>>,
    ) -> DateTime<Utc> {
        let local = after.with_timezone(&zone).naive_local();
        let start = local.checked_sub_signed(LONGEST_SHIFT).unwrap_or(local);
        let mut gap = (NaiveDateTime::MIN, DateTime::<Utc>::MIN_UTC);
        for day in start.date().iter_days().take(MOST_DAYS).filter(|day| self.is_on(*day)) {
            let times = numbers(self.hours).flat_map(|hour| numbers(self.minutes).map(move |minute| (hour, minute)));
            let times = times.filter_map(|(hour, minute)| day.and_hms_opt(hour, minute, 0));
            for time in times.filter(|time| *time >= start) {
                let at = if let Some(at) = which(zone.from_local_datetime(&time)) {
                    at.to_utc()
                } else {
                    if time >= gap.0 {
                        gap = behind_gap(time, zone);
                    }
                    gap.1
                };
                if at > after {
                    return at;
                }
            }
        }
        DateTime::<Utc>::MAX_UTC
    }

    fn is_on(&self, day: NaiveDate) -> bool {
        let is_day = has(self.days, day.day());
        let is_weekday = has(self.weekdays, day.weekday().num_days_from_sunday());
        has(self.months, day.month()) && if self.needs_both { is_day && is_weekday } else { is_day || is_weekday }
    }
}

impl fmt::Display for Times {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.line)
    }
}

impl Field {
    fn read(&self, text: &str) -> Result<u64, InvalidTimes> {
        let wrong = |hint: String| InvalidTimes::Field { field: self.name, text: text.to_owned(), hint };
        let mut set = 0;
        for part in text.split(',') {
            let (range, step) = match part.split_once('/') {
                Some((range, step)) => (range, Some(step)),
                None => (part, None),
            };
            let possible = || {
                let names = match self.names {
                    [first, .., last] => format!(", or {first} to {last}"),
                    _ => String::new(),
                };
                wrong(format!(
                    "{} to {}{names} are possible, lists (1,3), ranges (1-3) and steps (*/5)",
                    self.least, self.most
                ))
            };
            let number = |text: &str| self.number(text).ok_or_else(possible);
            let (first, last) = match range.split_once('-') {
                _ if range == "*" => (self.least, self.most),
                Some((first, last)) => (number(first)?, number(last)?),
                // As cron has it: `5/15` goes on to the end.
                None if step.is_some() => (number(range)?, self.most),
                None => (number(range)?, number(range)?),
            };
            // A range may end in Sunday.
            let last = if last == 0 && last < first && self.most == 7 { 7 } else { last };
            if first > last {
                return Err(wrong(format!(
                    "{range} goes backwards: write {first}-{},{}-{last}",
                    self.most.min(if self.names == WEEKDAYS { 6 } else { self.most }),
                    self.least
                )));
            }
            let step = step.map_or(Some(1), |step| digits(step).filter(|step| *step > 0));
            let step = step.ok_or_else(|| wrong("a step is a number above 0: */15".to_owned()))?;
            set |= (first..=last).step_by(usize::try_from(step).unwrap_or(usize::MAX)).fold(0, |set, n| set | 1 << n);
        }
        Ok(set)
    }

    fn number(&self, text: &str) -> Option<u32> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let number = match named {
            Some(at) => u32::try_from(at).ok()?.checked_add(self.least)?,
            None => digits(text)?,
        };
        (self.least..=self.most).contains(&number).then_some(number)
    }
}

fn digits(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn has(set: u64, number: u32) -> bool {
    set >> number & 1 == 1
}

fn numbers(set: u64) -> impl Iterator<Item = u32> {
    (0..u64::BITS).filter(move |number| has(set, *number))
}

/// The first local time behind the gap that `time` lies in, and when that is.
fn behind_gap(time: NaiveDateTime, zone: Tz) -> (NaiveDateTime, DateTime<Utc>) {
    let mut later = (1..=LONGEST_GAP).filter_map(|minutes| time.checked_add_signed(TimeDelta::minutes(minutes)));
    let found = later.find_map(|later| Some((later, zone.from_local_datetime(&later).earliest()?.to_utc())));
    found.unwrap_or((time, time.and_utc()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn zone(name: &str) -> Tz {
        name.parse().expect("a zone")
    }

    #[track_caller]
    fn check(line: &str, zone: Tz, after: &str, expected: &[&str]) {
        let times = Times::new(line).expect("a line");
        let mut now = at(after);
        for expected in expected {
            let next = times.next(now, zone);
            assert_eq!(next, at(expected), "{line} behind {now}");
            now = next;
        }
    }

    #[test]
    fn a_line_names_times() {
        let utc = Tz::UTC;
        check("0 7-9 * * *", utc, "2026-03-06T08:00:00Z", &["2026-03-06T09:00:00Z", "2026-03-07T07:00:00Z"]);
        check("*/20 0 * * *", utc, "2026-03-06T00:00:01Z", &["2026-03-06T00:20:00Z", "2026-03-06T00:40:00Z"]);
        check("5/25 0 * * *", utc, "2026-03-06T00:00:00Z", &["2026-03-06T00:05:00Z", "2026-03-06T00:30:00Z"]);
        // 6 March 2026 is a Friday.
        check("0 0 * * mon-FRI", utc, "2026-03-06T00:00:00Z", &["2026-03-09T00:00:00Z"]);
        check("0 0 * * sat-sun", utc, "2026-03-06T00:00:00Z", &["2026-03-07T00:00:00Z", "2026-03-08T00:00:00Z"]);
        check("0 0 * * 7", utc, "2026-03-06T00:00:00Z", &["2026-03-08T00:00:00Z"]);
        check("0 0 13 * 5", utc, "2026-03-06T00:00:00Z", &["2026-03-13T00:00:00Z", "2026-03-20T00:00:00Z"]);
        check("0 0 */12 * 5", utc, "2026-03-06T00:00:00Z", &["2026-03-13T00:00:00Z", "2026-05-01T00:00:00Z"]);
        check("0 0 29 feb *", utc, "2026-03-06T00:00:00Z", &["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]);
        check(
            "0 0 */28 feb tue",
            utc,
            "2077-01-01T00:00:00Z",
            &["2078-02-01T00:00:00Z", "2084-02-01T00:00:00Z", "2084-02-29T00:00:00Z"],
        );
        check(" @Weekly ", utc, "2026-03-06T00:00:00Z", &["2026-03-08T00:00:00Z"]);
        check("30 8 * * *", zone("Asia/Shanghai"), "2026-03-06T00:30:00Z", &["2026-03-07T00:30:00Z"]);
    }

    #[test]
    fn what_is_no_line_is_told_with_the_field() {
        let wrong = |line: &str| Times::new(line).expect_err(line).to_string();
        assert!(wrong("0 7 * *").starts_with("a cron line has five fields, and this one has 4: write"));
        assert!(wrong("0 0 7 * * *").contains("this one has 6"));
        assert!(wrong("@reboot").starts_with("\"@reboot\" is no name of times: write @hourly"));
        assert_eq!(
            wrong("0 24 * * *"),
            "the hour of a cron line cannot be \"24\": 0 to 23 are possible, lists (1,3), ranges (1-3) and steps (*/5)"
        );
        assert!(
            wrong("0 0 * * mo").contains("the day of the week of a cron line cannot be \"mo\": 0 to 7, or sun to sat")
        );
        assert!(wrong("0 22-7 * * *").ends_with("22-7 goes backwards: write 22-23,0-7"));
        assert!(wrong("0 0 * * fri-mon").ends_with("fri-mon goes backwards: write 5-6,0-1"));
        assert!(wrong("*/0 * * * *").ends_with("a step is a number above 0: */15"));
        assert_eq!(wrong("0 0 30 2 *"), InvalidTimes::Never.to_string());
        for line in [
            "60 * * * *", "-1 * * * *", "+5 * * * *", "0 0 L * *", "0 0 0 * *", "0 0 * 13 *", "1,,2 * * * *",
            "1-2-3 * * * *",
        ] {
            assert!(wrong(line).contains("of a cron line cannot be"), "{line}");
        }
    }

    #[test]
    fn clocks_that_jump_lose_no_time_and_double_none() {
        let berlin = zone("Europe/Berlin");
        // 2:30 is left out on 29 March 2026, and comes twice on 25 October.
        check("30 2,14 * * *", berlin, "2026-03-28T22:00:00Z", &["2026-03-29T01:00:00Z", "2026-03-29T12:30:00Z"]);
        check(
            "0,30 2,3 * * *",
            berlin,
            "2026-03-28T22:00:00Z",
            &["2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:00:00Z"],
        );
        check("30 2 * * *", berlin, "2026-10-24T22:00:00Z", &["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
        check(
            "30 * * * *",
            berlin,
            "2026-10-25T00:00:00Z",
            &["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z"],
        );
        // Samoa had no 30 December 2011, and Sao Paulo no midnight on 15 October 2017.
        check(
            "0 9 * * *",
            zone("Pacific/Apia"),
            "2011-12-30T00:00:00Z",
            &["2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z"],
        );
        check(
            "@daily",
            zone("America/Sao_Paulo"),
            "2017-10-14T12:00:00Z",
            &["2017-10-15T03:00:00Z", "2017-10-16T02:00:00Z"],
        );
    }

    const ZONES: [&str; 10] = [
        "UTC", "Asia/Shanghai", "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/Sao_Paulo",
        "Australia/Lord_Howe", "Africa/Casablanca", "Antarctica/Troll", "Pacific/Apia",
    ];

    /// What a clock on the wall would find, minute by minute: a local time that it jumps over counts where it lands, one that it
    /// shows for the second time only for a line of every hour.
    fn watched(times: &Times, zone: Tz, from: DateTime<Utc>, minutes: i64) -> Vec<DateTime<Utc>> {
        let is_one = |time: NaiveDateTime| {
            use chrono::Timelike as _;
            times.is_on(time.date()) && has(times.hours, time.hour()) && has(times.minutes, time.minute())
        };
        let mut found = Vec::new();
        // The latest time that was shown: a day before, no clock of today was put back yet.
        let mut latest = NaiveDateTime::MIN;
        for minute in -1440..=minutes {
            let at = from + TimeDelta::minutes(minute);
            let shown = at.with_timezone(&zone).naive_local();
            let mut skipped = latest + TimeDelta::minutes(1);
            let mut is_time = is_one(shown) && (shown > latest || times.hours == EVERY_HOUR);
            while latest > NaiveDateTime::MIN && skipped < shown {
                is_time |= is_one(skipped);
                skipped += TimeDelta::minutes(1);
            }
            latest = latest.max(shown);
            if is_time && minute > 0 {
                found.push(at);
            }
        }
        found
    }

    #[track_caller]
    fn check_against_a_clock(line: &str, zone: Tz, from: DateTime<Utc>, minutes: i64) {
        let times = Times::new(line).expect("a line");
        let end = from + TimeDelta::minutes(minutes);
        let told: Vec<_> = std::iter::successors(Some(times.next(from, zone)), |at| Some(times.next(*at, zone)))
            .take_while(|at| *at <= end)
            .collect();
        assert_eq!(told, watched(&times, zone, from, minutes), "{line} in {zone} from {from}");
    }

    #[test]
    fn around_every_jump_of_17_years_no_time_is_missed_or_doubled() {
        let mut jumps = 0;
        for zone in ZONES.map(zone) {
            let offset = |at: DateTime<Utc>| chrono::Offset::fix(&zone.offset_from_utc_datetime(&at.naive_utc()));
            let mut at = at("2011-01-01T00:00:00Z");
            while at.year() < 2028 {
                let later = at + TimeDelta::hours(6);
                if offset(at) != offset(later) {
                    jumps += 1;
                    for line in ["30 2,14 * * *", "*/15 * * * *", "7 0-3 * * *", "0 0 * * *", "*/10 1,2 * * sun"] {
                        check_against_a_clock(line, zone, at - TimeDelta::hours(26), 3 * 1440);
                    }
                }
                at = later;
            }
        }
        assert!(jumps > 200, "{jumps}");
    }

    fn field(least: u32, most: u32) -> impl Strategy<Value = String> {
        let one = least..=most;
        prop_oneof![
            2 => Just("*".to_owned()),
            2 => one.clone().prop_map(|n| n.to_string()),
            1 => (one.clone(), one.clone()).prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b))),
            1 => (1..=most).prop_map(|step| format!("*/{step}")),
            1 => (one.clone(), one).prop_map(|(a, b)| format!("{a},{b}")),
        ]
    }

    proptest! {
        #[test]
        fn any_line_is_kept_in_any_zone(
            line in (field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7)),
            zone in prop::sample::select(ZONES.map(zone).to_vec()),
            from in 1_293_840_000_i64..1_830_000_000,
        ) {
            let (minute, hour, day, month, weekday) = line;
            let from = DateTime::from_timestamp(from - from % 60, 0).expect("a time");
            check_against_a_clock(&format!("{minute} {hour} {day} {month} {weekday}"), zone, from, 2 * 1440);
        }
    }
}
