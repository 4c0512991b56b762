//! Times of day and zones, as they stand after a day in prose.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, TimeZone};

use super::cursor::{Cursor, is_han};
use super::vocabulary::Word;
use super::{chinese, names, weekday};
use crate::draft::{self, When};
use crate::source::Tz;

/// Bytes on either side of a date that tell whether it stands in Chinese text.
const SURROUNDINGS: usize = 96;

/// A time of day, whole seconds; hour 24 is the end of the day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
}

impl Time {
    /// The time of day, if there is one. 24:00 counts as none: a day that it ends would turn into the next.
    fn of_day(self) -> Option<NaiveTime> {
        NaiveTime::from_hms_opt(self.hour, self.minute, self.second.min(59))
    }
}

/// A zone as it was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Zone {
    /// East of UTC, in minutes.
    Offset(i32),
    /// A region whose offset depends on the day: "ET".
    Region(Tz),
    /// CST: China or the United States, told apart by the text around it.
    Cst,
}

impl Zone {
    /// A local time of that zone. `None`: the zone is not clear.
    pub(super) fn instant(self, local: chrono::NaiveDateTime) -> Option<DateTime<FixedOffset>> {
        match self {
            Self::Offset(minutes) => FixedOffset::east_opt(minutes * 60)?.from_local_datetime(&local).single(),
            Self::Region(region) => Some(draft::instant(local, region)?.fixed_offset()),
            Self::Cst => None,
        }
    }
}

/// The zone of a name, in capital letters. Where a name has several meanings, the one that feeds use most: BST is
/// British, IST Indian, EST American. CST stays open.
pub(super) fn named_zone(name: &str) -> Option<Zone> {
    let hours = |hours: i32| Some(Zone::Offset(hours * 60));
    match name {
        "Z" | "UT" | "UTC" | "GMT" | "WET" => hours(0),
        "BST" | "CET" | "MEZ" | "MET" | "WEST" | "WAT" => hours(1),
        "CEST" | "MESZ" | "MEST" | "EET" | "CAT" | "SAST" => hours(2),
        "EEST" | "MSK" | "EAT" | "TRT" => hours(3),
        "GST" => hours(4),
        "PKT" => hours(5),
        "IST" => Some(Zone::Offset(330)),
        "NPT" => Some(Zone::Offset(345)),
        "ICT" | "WIB" => hours(7),
        "HKT" | "SGT" | "MYT" | "PHT" | "AWST" | "BJT" => hours(8),
        "JST" | "KST" => hours(9),
        "ACST" => Some(Zone::Offset(570)),
        "AEST" => hours(10),
        "ACDT" => Some(Zone::Offset(630)),
        "AEDT" => hours(11),
        "NZST" => hours(12),
        "NZDT" => hours(13),
        "NDT" => Some(Zone::Offset(-150)),
        "NST" => Some(Zone::Offset(-210)),
        "ADT" | "BRT" | "ART" => hours(-3),
        "EDT" | "AST" => hours(-4),
        "EST" | "CDT" => hours(-5),
        "MDT" => hours(-6),
        "MST" | "PDT" => hours(-7),
        "PST" | "AKDT" => hours(-8),
        "AKST" => hours(-9),
        "HST" => hours(-10),
        "ET" => "America/New_York".parse().ok().map(Zone::Region),
        "CT" => "America/Chicago".parse().ok().map(Zone::Region),
        "MT" => "America/Denver".parse().ok().map(Zone::Region),
        "PT" => "America/Los_Angeles".parse().ok().map(Zone::Region),
        "CST" => Some(Zone::Cst),
        _ => None,
    }
}

/// What may follow a day: a weekday, a time of day (of a span, its start), a zone. Gives the day with its time.
///
/// CST is China's where Chinese stands around it, else US Central in a date of American form, else not told.
pub(super) fn after(cursor: &mut Cursor, day: NaiveDate, american: bool) -> When {
    cursor.attempt(weekday::aside);
    let Some((time, zone)) = cursor.attempt(joined) else { return When::Day(day) };
    on(*cursor, day, time, zone, american)
}

/// A day and a time of it.
pub(super) fn on(cursor: Cursor, day: NaiveDate, time: NaiveTime, zone: Option<Zone>, american: bool) -> When {
    let local = day.and_time(time);
    let zone = match zone {
        Some(Zone::Cst) if among_chinese(cursor) => Some(Zone::Offset(480)),
        Some(Zone::Cst) if american => Some(Zone::Offset(-360)),
        told => told,
    };
    zone.and_then(|zone| zone.instant(local)).map_or(When::Local(local), When::Instant)
}

fn among_chinese(cursor: Cursor) -> bool {
    let near = cursor.past().chars().rev().take(SURROUNDINGS).chain(cursor.rest().chars().take(SURROUNDINGS));
    near.into_iter().any(is_han)
}

/// What joins a day to its time, then the time: ", ", " at ", "T", " - ", " г., в ", nothing.
fn joined(cursor: &mut Cursor) -> Option<(NaiveTime, Option<Zone>)> {
    cursor.attempt(|cursor| {
        cursor.spaces();
        of_year(cursor)
    });
    // "2026. 3. 5. 10:20"
    cursor.eat(|c| c == '.');
    let apart = cursor.spaces();
    if let (Some('T' | 't'), Some('0'..='9')) = cursor.peek_two() {
        cursor.eat(|_| true);
    } else if cursor.eat(|c| matches!(c, ',' | '，' | '،' | '@' | '|' | '｜' | '·' | '/' | ';' | ':')).is_some() {
        cursor.spaces();
    } else if apart && cursor.eat(|c| matches!(c, '-' | '–' | '—')).is_some() && !cursor.spaces() {
        return None;
    }
    // "a las 10:20", "alle ore 10.20"
    let mut told = false;
    while cursor
        .attempt(|cursor| {
            matches!(names::meaning(cursor.word()?)?, Word::At | Word::A).then_some(())?;
            cursor.eat(|c| matches!(c, '.' | ':'));
            cursor.spaces().then_some(())
        })
        .is_some()
    {
        told = true;
    }
    cursor.spaces();
    span(cursor, told)
}

/// What a year is called beside its number: "г.", "m.", "gada".
pub(super) fn of_year(cursor: &mut Cursor) -> Option<()> {
    matches!(names::meaning(cursor.word()?)?, Word::YearOf).then_some(())?;
    cursor.eat(|c| c == '.');
    Some(())
}

/// A time of day with its zone, and the end of a span of time if there is one.
pub(super) fn prose(cursor: &mut Cursor) -> Option<(NaiveTime, Option<Zone>)> {
    span(cursor, false)
}

/// The same; `told`: behind a word that says that a time follows.
fn span(cursor: &mut Cursor, told: bool) -> Option<(NaiveTime, Option<Zone>)> {
    let start = time(cursor, told)?.of_day()?;
    cursor.attempt(|cursor| {
        let apart = cursor.spaces();
        let dash = cursor.eat(|c| matches!(c, '-' | '–' | '—' | '~' | '～' | '－' | '至' | '到'));
        if dash.is_none() {
            (apart && matches!(names::meaning(cursor.word()?)?, Word::To)).then_some(())?;
        }
        cursor.spaces();
        time(cursor, told)?.of_day().filter(|end| *end > start)
    });
    Some((start, cursor.attempt(zone)))
}

/// A time of day: `10:20`, `10:20:30.5`, `8:15 am`, `3 p.m.`, `14h30`, `17 Uhr`, `下午3:20`, `3时20分`, `三点半`; where it is told
/// also `14.30` and `14h`.
fn time(cursor: &mut Cursor, told: bool) -> Option<Time> {
    let part = cursor.attempt(chinese::part_of_day);
    cursor.spaces();
    let hour = cursor.attempt(chinese::numeral)?;
    let mut time = Time { hour: hour.small().filter(|time| *time <= 24)?, minute: 0, second: 0 };
    let clear = if cursor.eat(|c| matches!(c, ':' | '：' | '∶')).is_some() {
        time.minute = sixtieth(cursor)?;
        if let Some(second) = cursor.attempt(|cursor| {
            cursor.eat(|c| matches!(c, ':' | '：' | '∶'))?;
            sixtieth(cursor)
        }) {
            time.second = second;
            cursor.attempt(fraction);
        }
        true
    } else if let Some(minute) = cursor.attempt(chinese::after_hour) {
        (time.minute, time.second) = minute;
        true
    } else if let Some(minute) = cursor.attempt(|cursor| hour_and_minute(cursor, told)) {
        time.minute = minute;
        true
    } else {
        false
    };
    // "10:20 Uhr"
    cursor.attempt(oclock);
    let half = cursor.attempt(half_of_day);
    if !(clear || half.is_some()) || cursor.peek().is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    time.hour = match (half, part) {
        (Some(Half::After), _) | (_, Some(chinese::PartOfDay::Afternoon)) if time.hour < 12 => time.hour + 12,
        (Some(Half::Before), _) | (_, Some(chinese::PartOfDay::Night)) if time.hour == 12 => 0,
        (_, Some(chinese::PartOfDay::Evening)) if time.hour < 12 => time.hour + 12,
        // Twelve in the evening is midnight, which belongs to the next day.
        (_, Some(chinese::PartOfDay::Evening)) if time.hour == 12 => return None,
        (_, Some(chinese::PartOfDay::Noon)) if time.hour < 3 => time.hour + 12,
        _ => time.hour,
    };
    (time.minute < 60 && time.second <= 60).then_some(time)
}

/// Two digits below 61.
fn sixtieth(cursor: &mut Cursor) -> Option<u32> {
    cursor.number().filter(|number| number.digits == 2 && number.value <= 60)?.small()
}

/// The fraction of a second, which is dropped.
pub(super) fn fraction(cursor: &mut Cursor) -> Option<()> {
    cursor.eat(|c| matches!(c, '.' | ','))?;
    cursor.number().map(|_| ())
}

/// `14h30`, `17 Uhr`; `14.30` before "Uhr" or a half of the day; and where a time is told also `14.30` and `14h`
fn hour_and_minute(cursor: &mut Cursor, told: bool) -> Option<u32> {
    if cursor.attempt(oclock).is_some() {
        return Some(0);
    }
    if cursor.eat(|c| c == '.').is_some() {
        let minute = cursor.number().filter(|number| number.digits == 2 && number.value < 60)?.small()?;
        let goes_on = matches!(cursor.peek_two(), (Some('.'), Some('0'..='9')));
        let marked = || cursor.clone().attempt(oclock).is_some() || half_of_day(&mut cursor.clone()).is_some();
        return (!goes_on && (told || marked())).then_some(minute);
    }
    cursor.spaces();
    cursor.eat(|c| c == 'h')?;
    let minute = cursor.attempt(|cursor| {
        cursor.spaces();
        sixtieth(cursor)
    });
    let ends = cursor.peek().is_none_or(|c| !c.is_alphanumeric());
    minute.or_else(|| (told && ends).then_some(0))
}

/// "Uhr", "น."
fn oclock(cursor: &mut Cursor) -> Option<()> {
    cursor.spaces();
    (cursor.eat_any(&["น."]).is_some() || cursor.word()?.eq_ignore_ascii_case("uhr")).then_some(())
}

/// A half of the day.
pub(super) enum Half {
    /// am
    Before,
    /// pm
    After,
}

pub(super) fn half_of_day(cursor: &mut Cursor) -> Option<Half> {
    cursor.spaces();
    let half = match cursor.eat(|c| c.is_ascii_alphabetic())? {
        'a' | 'A' => Half::Before,
        'p' | 'P' => Half::After,
        _ => return None,
    };
    let dotted = cursor.eat(|c| c == '.').is_some();
    cursor.eat(|c| matches!(c, 'm' | 'M'))?;
    if dotted {
        cursor.eat(|c| c == '.');
    }
    (!cursor.peek().is_some_and(char::is_alphanumeric)).then_some(half)
}

/// A zone: `Z`, `+08:00`, `+0800`, `GMT+8`, `(UTC+8)`, `BST`.
pub(super) fn zone(cursor: &mut Cursor) -> Option<Zone> {
    cursor.spaces();
    let bracket = cursor.eat(|c| matches!(c, '(' | '（' | '[')).is_some();
    let zone = match cursor.peek()? {
        '+' | '-' | '−' => offset(cursor)?,
        _ => {
            let zone = named_zone(cursor.word()?)?;
            match (zone, cursor.attempt(short_offset)) {
                (Zone::Offset(0), Some(offset)) => offset,
                (_, None) => zone,
                _ => return None,
            }
        }
    };
    if bracket {
        cursor.eat(|c| matches!(c, ')' | '）' | ']'));
    }
    (!cursor.peek().is_some_and(|c| c.is_ascii_alphanumeric())).then_some(zone)
}

/// What stands behind a time like an offset from UTC and is none, for it has too few digits or lies too far: `+5:30`, `+15:00`.
/// Empty: nothing does.
pub(super) fn no_offset(behind: &str) -> &str {
    let told = behind.trim_start_matches([' ', '(', '（', '[']);
    let Some(number) = told.strip_prefix(['+', '-', '−']) else { return "" };
    let end = number.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(number.len());
    let (number, rest) = number.split_at(end);
    let is_last = rest.trim_matches([' ', ')', '）', ']']).is_empty();
    let is_plus = told.starts_with('+');
    // Behind a dash, what is more than that ends a span of time: `20:00-22`.
    let is_near = |number: &str, below: u32| is_plus || number.parse::<u32>().is_ok_and(|number| number < below);
    let is_offset = match (number.split_once(':'), number.len()) {
        (Some((hours, minutes)), _) => matches!(hours.len(), 1 | 2) && minutes.len() == 2 && is_near(hours, 15),
        // A few readers, or degrees.
        (None, 1 | 2) => is_last && (is_plus || told.len() < behind.len()) && is_near(number, 15),
        (None, 3 | 4) => is_near(number, 1500) && !rest.trim_start().starts_with(char::is_alphabetic),
        _ => false,
    };
    let goes_on = rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | ',' | '%' | '°'));
    let length = told.len() - rest.len();
    told.get(..length).filter(|_| is_offset && !goes_on).unwrap_or_default()
}

fn sign(cursor: &mut Cursor) -> Option<i32> {
    cursor.eat(|c| matches!(c, '+' | '-' | '−')).map(|sign| if sign == '+' { 1 } else { -1 })
}

/// `+08:00`, `+0800`
pub(super) fn offset(cursor: &mut Cursor) -> Option<Zone> {
    let sign = sign(cursor)?;
    let number = cursor.number()?;
    let (hours, minutes) = match number.digits {
        4 => (number.value / 100, number.value % 100),
        2 => {
            cursor.eat(|c| c == ':')?;
            (number.value, cursor.number().filter(|minutes| minutes.digits == 2)?.value)
        }
        _ => return None,
    };
    in_minutes(sign, hours, minutes)
}

/// The `+8` of "GMT+8", also `+08:00`, `+0800`, `+5:30` and `+530`.
fn short_offset(cursor: &mut Cursor) -> Option<Zone> {
    cursor.spaces();
    cursor.attempt(offset).or_else(|| {
        let sign = sign(cursor)?;
        let number = cursor.number()?;
        let (hours, minutes) = match number.digits {
            3 => (number.value / 100, number.value % 100),
            1 | 2 => {
                let minutes = cursor.attempt(|cursor| {
                    cursor.eat(|c| c == ':')?;
                    cursor.number().filter(|minutes| minutes.digits == 2)
                });
                (number.value, minutes.map_or(0, |minutes| minutes.value))
            }
            _ => return None,
        };
        in_minutes(sign, hours, minutes)
    })
}

fn in_minutes(sign: i32, hours: u64, minutes: u64) -> Option<Zone> {
    let total = i32::try_from(hours * 60 + minutes).ok()?;
    (hours <= 14 && minutes < 60).then_some(Zone::Offset(sign * total))
}

/// A day and a strict time of it, where 24:00 is the start of the next day (ISO 8601-1 §5.3.1.1).
pub(super) fn strict(day: NaiveDate, time: Time, zone: Option<Zone>) -> Option<When> {
    let (day, hour) = if time.hour == 24 && time.minute == 0 && time.second == 0 {
        (day.checked_add_days(Days::new(1))?, 0)
    } else {
        (day, time.hour)
    };
    let local = day.and_time(Time { hour, ..time }.of_day()?);
    Some(zone.and_then(|zone| zone.instant(local)).map_or(When::Local(local), When::Instant))
}

#[cfg(test)]
mod tests {
    use super::no_offset;

    #[test]
    fn what_ends_a_span_of_time_or_counts_something_is_no_offset() {
        for offset in ["+5:30", "+15:00", "+1500", "-3:00", " -5", "+5", " (-530)", "+25"] {
            let told = no_offset(offset);
            assert!(!told.is_empty() && offset.contains(told), "{offset}: {told}");
        }
        assert_eq!(no_offset(" +5:30 by Ana"), "+5:30");
        for other in
            ["-22", "-12", " - 22", "-16:00", " -1500 visitors", " +1500 visitors", " +5 visitors", "-1500", " +3°"]
        {
            assert_eq!(no_offset(other), "", "{other}");
        }
    }
}
