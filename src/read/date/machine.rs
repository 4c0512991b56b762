//! Dates that were written by machines, whole: ISO 8601, RFC 3339, RFC 5322, `asctime`, seconds since 1970.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Weekday};

use super::clock::{self, Time, Zone};
use super::cursor::{Cursor, Number};
use super::vocabulary::Word;
use super::{YEARS, day, in_years, names, numeric, year};
use crate::draft::When;

/// Bytes of the longest text that is read.
const LONGEST: usize = 80;

/// One whole date as machines write it; white space around it does not count. `None`: it is none.
///
/// Read are RFC 3339 and ISO 8601 (days, weeks `2023-W44-7`, ordinals `2023-309`, the basic forms without marks, times
/// cut short), `YYYY/MM/DD hh:mm[:ss]`, RFC 822 to 5322 and RFC 850 with or without weekday, seconds and zone,
/// `asctime`, and seconds or milliseconds since 1970. A week without a day is told as the month it lies in, else as
/// its year. CST in a mail date is US Central (RFC 5322 §4.3), elsewhere it is not told. Seconds are whole.
pub fn machine(text: &str) -> Option<When> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let forms: [fn(&mut Cursor) -> Option<When>; 4] = [iso, epoch, mail, asctime];
    forms.into_iter().find_map(|form| {
        let mut cursor = Cursor::new(text, 0);
        let when = form(&mut cursor)?;
        cursor.attempt(comment);
        cursor.rest().is_empty().then_some(when)
    })
}

/// What stands in brackets after a date: `(CST)` of RFC 5322, `[Asia/Shanghai]` of RFC 9557.
fn comment(cursor: &mut Cursor) -> Option<()> {
    cursor.spaces();
    let close = match cursor.eat(|_| true)? {
        '(' => ')',
        '[' => ']',
        _ => return None,
    };
    while cursor.eat(|c| c != close).is_some() {}
    cursor.eat(|c| c == close).map(|_| ())
}

/// ISO 8601-1 and RFC 3339, with `/` and `.` between the parts of the day too.
fn iso(cursor: &mut Cursor) -> Option<When> {
    let number = cursor.number()?;
    let day = match number.digits {
        4 => {
            let year = year(number)?;
            if let Some(week) = cursor.attempt(|cursor| week(cursor, year)) {
                week
            } else if let Some(mark) = cursor.eat(|c| matches!(c, '-' | '/' | '.')) {
                let part = cursor.number()?;
                match part.digits {
                    3 if mark == '-' => When::Day(NaiveDate::from_yo_opt(year, part.small()?)?),
                    1 | 2 if cursor.eat(|c| c == mark).is_some() => {
                        let number = cursor.number().filter(|number| number.digits <= 2)?;
                        When::Day(day(year, part.small()?, number.small()?)?)
                    }
                    2 if (1..=12).contains(&part.value) => When::Month(year, part.small()?),
                    _ => return None,
                }
            } else {
                When::Year(year)
            }
        }
        7 => {
            let year = year(Number { value: number.value / 1000, digits: 4 })?;
            When::Day(NaiveDate::from_yo_opt(year, u32::try_from(number.value % 1000).ok()?)?)
        }
        _ => match numeric::compact_date(number)? {
            (date, None) => When::Day(date),
            (date, Some(time)) => return instant(cursor, date, time),
        },
    };
    let When::Day(date) = day else { return Some(day) };
    let timed = cursor.attempt(|cursor| {
        (cursor.eat(|c| matches!(c, 'T' | 't' | '_')).is_some() || cursor.spaces()).then_some(())?;
        let time = basic_time(cursor)?;
        clock::strict(date, time, cursor.attempt(zone))
    });
    Some(timed.unwrap_or_else(|| {
        // The day of XML Schema may have a zone.
        cursor.attempt(|cursor| cursor.eat(|c| c == 'Z').map(|_| Zone::Offset(0)).or_else(|| clock::offset(cursor)));
        day
    }))
}

/// The zone after a basic date and time.
fn instant(cursor: &mut Cursor, date: NaiveDate, time: NaiveTime) -> Option<When> {
    let local = date.and_time(time);
    let Some(zone) = cursor.attempt(zone) else { return Some(When::Local(local)) };
    zone.instant(local).map(When::Instant)
}

/// `-W44-7`, `W447`, `-W44`
fn week(cursor: &mut Cursor, year: i32) -> Option<When> {
    cursor.eat(|c| c == '-');
    cursor.eat(|c| c == 'W')?;
    let number = cursor.number()?;
    let (week, weekday) = match number.digits {
        3 => (number.value / 10, Some(number.value % 10)),
        2 => {
            let weekday = cursor.attempt(|cursor| {
                cursor.eat(|c| c == '-')?;
                cursor.number().filter(|weekday| weekday.digits == 1)
            });
            (number.value, weekday.map(|weekday| weekday.value))
        }
        _ => return None,
    };
    let week = u32::try_from(week).ok()?;
    let monday = in_years(NaiveDate::from_isoywd_opt(year, week, Weekday::Mon)?)?;
    let Some(weekday) = weekday else {
        let sunday = NaiveDate::from_isoywd_opt(year, week, Weekday::Sun)?;
        let inside = monday.month() == sunday.month();
        return Some(if inside { When::Month(monday.year(), monday.month()) } else { When::Year(year) });
    };
    let weekday = u8::try_from(weekday.checked_sub(1)?).ok()?;
    let weekday = Weekday::try_from(weekday).ok()?;
    in_years(NaiveDate::from_isoywd_opt(year, week, weekday)?).map(When::Day)
}

/// `10:20:30.5`, `10:20`, `10`, `102030`, `1020`
fn basic_time(cursor: &mut Cursor) -> Option<Time> {
    let number = cursor.number()?;
    let part = |value: u64| u32::try_from(value % 100).ok();
    let time = match number.digits {
        1 | 2 if cursor.peek() == Some(':') => return marked_time(cursor, number),
        2 => Time { hour: number.small()?, minute: 0, second: 0 },
        4 => Time { hour: part(number.value / 100)?, minute: part(number.value)?, second: 0 },
        6 => {
            Time { hour: part(number.value / 10_000)?, minute: part(number.value / 100)?, second: part(number.value)? }
        }
        _ => return None,
    };
    cursor.attempt(clock::fraction);
    Some(time)
}

fn marked_time(cursor: &mut Cursor, hour: Number) -> Option<Time> {
    let sixtieth = |cursor: &mut Cursor| {
        cursor.eat(|c| c == ':')?;
        cursor.number().filter(|number| number.digits == 2 && number.value <= 60)?.small()
    };
    let minute = sixtieth(cursor)?;
    let second = cursor.attempt(sixtieth);
    if second.is_some() {
        cursor.attempt(clock::fraction);
    }
    Some(Time { hour: hour.small()?, minute, second: second.unwrap_or(0) })
}

/// A zone as machines write it, names in letters of any case, `+08` too, and the letters of RFC 822 (all as UTC, as
/// RFC 5322 §4.3 says).
fn zone(cursor: &mut Cursor) -> Option<Zone> {
    cursor.spaces();
    cursor
        .attempt(clock::zone)
        .or_else(|| {
            cursor.attempt(|cursor| {
                let name = cursor.word()?.to_ascii_uppercase();
                let letter = name.len() == 1 && name != "J";
                if letter { Some(Zone::Offset(0)) } else { clock::named_zone(&name) }
            })
        })
        .or_else(|| {
            let sign = cursor.eat(|c| matches!(c, '+' | '-' | '−'))?;
            let hours = cursor.number().filter(|hours| hours.digits == 2 && hours.value <= 14)?;
            let minutes = i32::try_from(hours.value * 60).ok()?;
            Some(Zone::Offset(if sign == '+' { minutes } else { -minutes }))
        })
}

/// Seconds (9 or 10 digits) or milliseconds (12 or 13 digits) since 1970.
fn epoch(cursor: &mut Cursor) -> Option<When> {
    let number = cursor.number()?;
    let seconds = match number.digits {
        9 | 10 => {
            cursor.attempt(clock::fraction);
            number.value
        }
        12 | 13 => number.value / 1000,
        _ => return None,
    };
    let instant = DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?;
    YEARS.contains(&instant.year()).then(|| When::Instant(instant.fixed_offset()))
}

/// RFC 822, 850, 1123, 2822 and 5322: `Sun, 05 Nov 2023 10:20:30 +0800`, `05-Nov-23 10:20 GMT`.
fn mail(cursor: &mut Cursor) -> Option<When> {
    cursor.attempt(weekday);
    let number = cursor.number().filter(|number| number.digits <= 2)?;
    separator(cursor)?;
    let (month, _) = names::month(cursor.word()?)?;
    cursor.eat(|c| c == '.');
    separator(cursor)?;
    let date = day(mail_year(cursor.number()?)?, month, number.small()?)?;
    cursor.eat(|c| c == ',');
    let timed = cursor.attempt(|cursor| {
        (cursor.spaces() || cursor.eat(|c| c == ':').is_some()).then_some(())?;
        let hour = cursor.number()?;
        let time = marked_time(cursor, hour)?;
        let zone = match cursor.attempt(zone) {
            Some(Zone::Cst) => Some(Zone::Offset(-360)),
            told => told,
        };
        clock::strict(date, time, zone)
    });
    Some(timed.unwrap_or(When::Day(date)))
}

/// The year of a mail date, which may be short (RFC 5322 §4.3).
fn mail_year(number: Number) -> Option<i32> {
    let value = i32::try_from(number.value).ok()?;
    let year = match number.digits {
        2 if value < 50 => value + 2000,
        2 | 3 => value + 1900,
        4 => value,
        _ => return None,
    };
    YEARS.contains(&year).then_some(year)
}

fn separator(cursor: &mut Cursor) -> Option<()> {
    (cursor.eat(|c| matches!(c, '-' | '/')).is_some() || cursor.spaces()).then_some(())
}

fn weekday(cursor: &mut Cursor) -> Option<()> {
    matches!(names::meaning(cursor.word()?)?, Word::Weekday(_)).then_some(())?;
    cursor.eat(|c| matches!(c, '.' | ','));
    cursor.spaces();
    Some(())
}

/// C's `asctime`, and `date` with its zone before the year: `Sun Nov  5 10:20:30 CET 2023`.
fn asctime(cursor: &mut Cursor) -> Option<When> {
    weekday(cursor)?;
    let (month, _) = names::month(cursor.word()?)?;
    cursor.spaces();
    let number = cursor.number().filter(|number| number.digits <= 2)?;
    cursor.spaces();
    let hour = cursor.number()?;
    let time = marked_time(cursor, hour)?;
    let before = cursor.attempt(zone);
    cursor.spaces();
    let date = day(year(cursor.number()?)?, month, number.small()?)?;
    clock::strict(date, time, before.or_else(|| cursor.attempt(zone)))
}
