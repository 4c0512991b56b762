//! Dates as formats write them. Each item has several in each format, so they are put together digit by digit.

use chrono::{DateTime, Datelike as _, NaiveDateTime, NaiveTime, SecondsFormat, Timelike as _, Utc};

use crate::draft::When;

/// RFC 822 with a year of four digits, always GMT: other zones are misread by some.
pub(super) fn rfc_822(time: DateTime<Utc>) -> String {
    const DAYS: [[u8; 3]; 7] = [*b"Mon", *b"Tue", *b"Wed", *b"Thu", *b"Fri", *b"Sat", *b"Sun"];
    const MONTHS: [[u8; 3]; 12] =
        [*b"Jan", *b"Feb", *b"Mar", *b"Apr", *b"May", *b"Jun", *b"Jul", *b"Aug", *b"Sep", *b"Oct", *b"Nov", *b"Dec"];
    // What a time asks its zone for is dear, and for each part of it once more.
    let time = time.naive_utc();
    let mut text = *b"Mon, 00 Jan 0000 00:00:00 GMT";
    text[..3].copy_from_slice(&DAYS[time.weekday() as usize]);
    text[5..7].copy_from_slice(&two(time.day()));
    text[8..11].copy_from_slice(&MONTHS[time.month0() as usize]);
    text[12..14].copy_from_slice(&two(time.year().unsigned_abs() / 100));
    text[14..16].copy_from_slice(&two(time.year().unsigned_abs()));
    text[17..19].copy_from_slice(&two(time.hour()));
    text[20..22].copy_from_slice(&two(time.minute()));
    text[23..25].copy_from_slice(&two(time.second()));
    ascii(&text)
}

/// RFC 3339, to the second, in the zone `Z`.
pub(super) fn rfc_3339(time: DateTime<Utc>) -> String {
    let naive = time.naive_utc();
    if !(0..=9999).contains(&naive.year()) || naive.nanosecond() >= LEAP {
        return time.to_rfc3339_opts(SecondsFormat::Secs, true);
    }
    let mut text = *b"0000-00-00T00:00:00Z";
    text[..19].copy_from_slice(&seconds(naive));
    ascii(&text)
}

/// RFC 3339 with all of a fraction of a second, in the zone `+00:00`.
pub(super) fn rfc_3339_with_fraction(time: DateTime<Utc>) -> String {
    let naive = time.naive_utc();
    let nanoseconds = naive.nanosecond();
    if !(0..=9999).contains(&naive.year()) || nanoseconds >= LEAP || !nanoseconds.is_multiple_of(1000) {
        return time.to_rfc3339();
    }
    // Three digits are as many as are needed where the others are zeros.
    let (micros, is_millis) = (nanoseconds / 1000, nanoseconds.is_multiple_of(1_000_000));
    let mut text = *b"0000-00-00T00:00:00.000000+00:00";
    text[..19].copy_from_slice(&seconds(naive));
    let end = match (nanoseconds, is_millis) {
        (0, _) => 19,
        (_, true) => 23,
        (_, false) => 26,
    };
    text[20..22].copy_from_slice(&two(micros / 10_000));
    text[22..24].copy_from_slice(&two(micros / 100));
    text[24..26].copy_from_slice(&two(micros));
    text.copy_within(26.., end);
    ascii(&text[..end + 6])
}

/// A date as it is known, as it displays itself.
pub(super) fn known(when: When) -> String {
    let local = match when {
        When::Day(day) => day.and_time(NaiveTime::MIN),
        When::Local(time) => time,
        When::Instant(time) => time.naive_local(),
        When::Year(_) | When::Month(..) => return when.to_string(),
    };
    let zone = if let When::Instant(time) = when { time.offset().local_minus_utc() } else { 0 };
    if !(0..=9999).contains(&local.year()) || local.nanosecond() > 0 || zone % 60 != 0 {
        return when.to_string();
    }
    let mut text = *b"0000-00-00T00:00:00+00:00";
    text[..19].copy_from_slice(&seconds(local));
    text[19] = if zone < 0 { b'-' } else { b'+' };
    text[20..22].copy_from_slice(&two(zone.unsigned_abs() / 3600));
    text[23..].copy_from_slice(&two(zone.unsigned_abs() / 60 % 60));
    ascii(match when {
        When::Day(_) => &text[..10],
        When::Local(_) => &text[..19],
        _ => &text,
    })
}

fn ascii(text: &[u8]) -> String {
    String::from_utf8(text.to_vec()).unwrap_or_default()
}

/// Nanoseconds from which on a second is a leap second.
const LEAP: u32 = 1_000_000_000;

fn seconds(time: NaiveDateTime) -> [u8; 19] {
    let mut text = *b"0000-00-00T00:00:00";
    let year = time.year().unsigned_abs();
    text[..2].copy_from_slice(&two(year / 100));
    text[2..4].copy_from_slice(&two(year));
    text[5..7].copy_from_slice(&two(time.month()));
    text[8..10].copy_from_slice(&two(time.day()));
    text[11..13].copy_from_slice(&two(time.hour()));
    text[14..16].copy_from_slice(&two(time.minute()));
    text[17..].copy_from_slice(&two(time.second()));
    text
}

/// The last two digits of a number.
fn two(number: u32) -> [u8; 2] {
    const DIGITS: [u8; 10] = *b"0123456789";
    [DIGITS[(number / 10 % 10) as usize], DIGITS[(number % 10) as usize]]
}

#[cfg(test)]
mod tests {
    use chrono::{FixedOffset, TimeDelta};

    use super::*;

    #[test]
    fn dates_are_as_another_writes_them() {
        let first: DateTime<Utc> = "0999-12-31T23:59:58Z".parse().unwrap();
        for (days, nanoseconds) in
            (0..2_000_000).step_by(997).zip([0, 1, 1_000, 120_000_000, 123_456_000].iter().cycle())
        {
            let time = first + TimeDelta::days(days) + TimeDelta::seconds(days);
            assert_eq!(rfc_822(time), time.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
            let time = time + TimeDelta::nanoseconds(*nanoseconds);
            assert_eq!(rfc_3339(time), time.to_rfc3339_opts(SecondsFormat::Secs, true));
            assert_eq!(rfc_3339_with_fraction(time), time.to_rfc3339());
        }
        for (seconds, zone) in
            (0_i64..200_000_000_000).step_by(999_999_937).zip([0, 60, 3600, -12_600, 20_700, -60, 30].iter().cycle())
        {
            let time = first + TimeDelta::seconds(seconds);
            let there = time.with_timezone(&FixedOffset::east_opt(*zone).unwrap());
            let whens = [there, there + TimeDelta::milliseconds(5), DateTime::<Utc>::MIN_UTC.into()].map(When::Instant);
            for when in [When::Day(time.date_naive()), When::Local(time.naive_utc())].into_iter().chain(whens) {
                assert_eq!(known(when), when.to_string());
            }
        }
        let leap = DateTime::from_timestamp(1_483_228_799, 1_500_000_000).unwrap();
        for time in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, leap] {
            assert_eq!(rfc_3339(time), time.to_rfc3339_opts(SecondsFormat::Secs, true));
            assert_eq!(rfc_3339_with_fraction(time), time.to_rfc3339());
        }
    }
}
