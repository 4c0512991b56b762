//! Dates as formats write them. Each item has several in each format, so they are put together digit by digit.

use std::ops::Deref;

use chrono::{DateTime, SecondsFormat, Utc};

/// A date as it is written.
#[derive(Debug)]
pub(super) enum Written {
    /// One that may be: nothing is asked of memory for it.
    Short([u8; 32], usize),
    Long(String),
}

impl Written {
    fn short(text: &[u8]) -> Self {
        let mut short = [0; 32];
        short[..text.len()].copy_from_slice(text);
        Self::Short(short, text.len())
    }
}

impl Deref for Written {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Short(text, length) => str::from_utf8(&text[..*length]).unwrap_or_default(),
            Self::Long(text) => text,
        }
    }
}

/// RFC 822 with a year of four digits, always GMT: other zones are misread by some.
pub(super) fn rfc_822(time: DateTime<Utc>) -> Written {
    const DAYS: [[u8; 3]; 7] = [*b"Thu", *b"Fri", *b"Sat", *b"Sun", *b"Mon", *b"Tue", *b"Wed"];
    const MONTHS: [[u8; 3]; 12] =
        [*b"Jan", *b"Feb", *b"Mar", *b"Apr", *b"May", *b"Jun", *b"Jul", *b"Aug", *b"Sep", *b"Oct", *b"Nov", *b"Dec"];
    let Parts { days, year, month, day, clock } = Parts::of(time);
    let mut text = *b"Mon, 00 Jan 0000 00:00:00 GMT";
    text[..3].copy_from_slice(&DAYS[small(days.rem_euclid(7)) as usize]);
    text[5..7].copy_from_slice(&two(day));
    text[8..11].copy_from_slice(&MONTHS[(month + 11) as usize % 12]);
    text[12..16].copy_from_slice(&four(year));
    text[17..25].copy_from_slice(&clock);
    Written::short(&text)
}

/// RFC 3339, to the second, in the zone `Z`.
pub(super) fn rfc_3339(time: DateTime<Utc>) -> Written {
    let parts = Parts::of(time);
    if !(0..=9999).contains(&parts.year) || time.timestamp_subsec_nanos() >= LEAP {
        return Written::Long(time.to_rfc3339_opts(SecondsFormat::Secs, true));
    }
    let mut text = *b"0000-00-00T00:00:00Z";
    text[..19].copy_from_slice(&seconds(&parts));
    Written::short(&text)
}

/// RFC 3339 with all of a fraction of a second, in the zone `+00:00`.
pub(super) fn rfc_3339_with_fraction(time: DateTime<Utc>) -> Written {
    let (parts, nanoseconds) = (Parts::of(time), time.timestamp_subsec_nanos());
    if !(0..=9999).contains(&parts.year) || nanoseconds >= LEAP || !nanoseconds.is_multiple_of(1000) {
        return Written::Long(time.to_rfc3339());
    }
    // Three digits are as many as are needed where the others are zeros.
    let (micros, is_millis) = (nanoseconds / 1000, nanoseconds.is_multiple_of(1_000_000));
    let mut text = *b"0000-00-00T00:00:00.000000+00:00";
    text[..19].copy_from_slice(&seconds(&parts));
    let end = match (nanoseconds, is_millis) {
        (0, _) => 19,
        (_, true) => 23,
        (_, false) => 26,
    };
    text[20..22].copy_from_slice(&two(micros / 10_000));
    text[22..24].copy_from_slice(&two(micros / 100));
    text[24..26].copy_from_slice(&two(micros));
    text.copy_within(26.., end);
    Written::short(&text[..end + 6])
}

/// Nanoseconds from which on a second is a leap second.
const LEAP: u32 = 1_000_000_000;

/// A time of the proleptic Gregorian calendar, in parts: asked for one by one, each would be worked out from the start.
struct Parts {
    /// Days since 1970.
    days: i64,
    year: i64,
    month: u32,
    day: u32,
    /// `00:00:00`.
    clock: [u8; 8],
}

impl Parts {
    fn of(time: DateTime<Utc>) -> Self {
        let (days, rest) = (time.timestamp().div_euclid(86_400), small(time.timestamp().rem_euclid(86_400)));
        // Years that begin in March, in spans of 400: a leap day is the last one then, and the months before it have 153 days
        // in five.
        let since = days + 719_468;
        let (span, of_span) = (since.div_euclid(146_097), small(since.rem_euclid(146_097)));
        let year = (of_span - of_span / 1460 + of_span / 36_524 - of_span / 146_096) / 365;
        let of_year = of_span - (365 * year + year / 4 - year / 100);
        let march = (5 * of_year + 2) / 153;
        let (day, month) = (of_year - (153 * march + 2) / 5 + 1, if march < 10 { march + 3 } else { march - 9 });
        let mut clock = *b"00:00:00";
        clock[..2].copy_from_slice(&two(rest / 3600));
        clock[3..5].copy_from_slice(&two(rest / 60 % 60));
        clock[6..].copy_from_slice(&two(rest % 60));
        Self { days, year: 400 * span + i64::from(year) + i64::from(month <= 2), month, day, clock }
    }
}

/// A number that is small by what it was made of.
fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

fn seconds(time: &Parts) -> [u8; 19] {
    let mut text = *b"0000-00-00T00:00:00";
    text[..4].copy_from_slice(&four(time.year));
    text[5..7].copy_from_slice(&two(time.month));
    text[8..10].copy_from_slice(&two(time.day));
    text[11..].copy_from_slice(&time.clock);
    text
}

/// The last four digits of a year.
fn four(year: i64) -> [u8; 4] {
    let year = small(year.abs() % 10_000);
    let ([a, b], [c, d]) = (two(year / 100), two(year));
    [a, b, c, d]
}

/// The last two digits of a number.
fn two(number: u32) -> [u8; 2] {
    [number / 10 % 10, number % 10].map(|digit| b"0123456789"[digit as usize])
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn dates_are_as_another_writes_them() {
        let first: DateTime<Utc> = "0999-12-31T23:59:58Z".parse().unwrap();
        for (days, nanoseconds) in
            (0..2_000_000).step_by(997).zip([0, 1, 1_000, 120_000_000, 123_456_000].iter().cycle())
        {
            let time = first + TimeDelta::days(days) + TimeDelta::seconds(days);
            assert_eq!(&*rfc_822(time), time.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
            let time = time + TimeDelta::nanoseconds(*nanoseconds);
            assert_eq!(&*rfc_3339(time), time.to_rfc3339_opts(SecondsFormat::Secs, true));
            assert_eq!(&*rfc_3339_with_fraction(time), time.to_rfc3339());
        }
        let leap = DateTime::from_timestamp(1_483_228_799, 1_500_000_000).unwrap();
        for time in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, leap] {
            assert_eq!(&*rfc_3339(time), time.to_rfc3339_opts(SecondsFormat::Secs, true));
            assert_eq!(&*rfc_3339_with_fraction(time), time.to_rfc3339());
        }
    }
}
