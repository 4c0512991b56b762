//! The weekday that stands beside a date: it decides what figures leave open, and else is read over and not believed.

use chrono::{Datelike, NaiveDate, Weekday};

use super::cursor::Cursor;
use super::vocabulary::Word;
use super::{Context, Manner, Reading, day, names};
use crate::draft::When;

/// A date behind its weekday, in the order of figures or in the year in which it falls on that day. Where it does so in neither
/// order or in both, or in no year near, it stays as it was.
pub(super) fn agreeing(reading: Reading, weekday: Weekday, context: &Context) -> Reading {
    let Some(date) = reading.when.first_day().filter(|date| reading.until.is_none() && date.weekday() != weekday)
    else {
        let is_clear = reading.manner == Manner::EitherOrder && reading.until.is_none() && {
            reading.when.first_day().and_then(swapped).is_none_or(|other| other.weekday() != weekday)
        };
        return if is_clear { Reading { manner: Manner::Written, ..reading } } else { reading };
    };
    let agrees = |date: &NaiveDate| date.weekday() == weekday;
    let (other, manner) = match reading.manner {
        Manner::EitherOrder => (swapped(date).filter(agrees), Manner::Written),
        Manner::YearInferred if context.year.is_none() => {
            let in_year = |year| day(year, date.month(), date.day());
            let years = (date.year() - 4..=date.year() + 1).filter_map(in_year).filter(agrees);
            (years.min_by_key(|day| (*day - context.now.date()).num_days().abs()), reading.manner)
        }
        _ => (None, reading.manner),
    };
    match other {
        Some(day) => Reading { when: moved(reading.when, day), manner, ..reading },
        None => reading,
    }
}

/// A day whose month and number are read the other way about.
fn swapped(date: NaiveDate) -> Option<NaiveDate> {
    day(date.year(), date.day(), date.month())
}

/// The same time on another day.
fn moved(when: When, day: NaiveDate) -> When {
    match when {
        When::Local(time) => When::Local(day.and_time(time.time())),
        When::Instant(time) => {
            let there = day.and_time(time.time()).and_local_timezone(*time.offset()).single();
            there.map_or(When::Day(day), When::Instant)
        }
        _ => When::Day(day),
    }
}

/// A weekday beside a day: "(Sunday)", " 星期日", "（周日）", and "Sun" before a time.
pub(super) fn aside(cursor: &mut Cursor) -> Option<()> {
    cursor.spaces();
    let bracket = cursor.eat(|c| matches!(c, '(' | '（' | '[' | '【' | ',' | '，'));
    cursor.spaces();
    cursor.attempt(chinese).or_else(|| cursor.attempt(eastern)).or_else(|| {
        matches!(names::meaning(cursor.word()?)?, Word::Weekday(_)).then_some(())?;
        cursor.eat_any(&["-feira"]);
        cursor.eat(|c| c == '.');
        Some(())
    })?;
    if matches!(bracket, Some('(' | '（' | '[' | '【')) {
        cursor.spaces();
        cursor.eat(|c| matches!(c, ')' | '）' | ']' | '】'))?;
    }
    Some(())
}

/// 星期日, 周日, 礼拜天; alone in brackets also 日.
fn chinese(cursor: &mut Cursor) -> Option<()> {
    let bracketed = matches!(cursor.behind().0, Some('(' | '（'));
    let named = week(cursor).is_some();
    day_of_week(cursor)?;
    (named || bracketed).then_some(())
}

/// 日曜日, 목요일; in brackets also 日, 日曜, 목.
fn eastern(cursor: &mut Cursor) -> Option<()> {
    let bracketed = matches!(cursor.behind().0, Some('(' | '（' | '[' | '【'));
    cursor.eat(|c| "月火水木金土日월화수목금토일".contains(c))?;
    let named = cursor.eat_any(&["曜日", "曜", "요일"]).is_some();
    let closed = matches!(cursor.peek(), Some(')' | '）' | ']' | '】' | '・'));
    (named || bracketed && closed).then_some(())
}

/// The word for a week before its day: 星期, 周, 礼拜.
pub(super) fn week(cursor: &mut Cursor) -> Option<()> {
    cursor.eat_any(&["星期", "周", "週", "礼拜", "禮拜"])
}

/// The day of a Chinese week, in days from Monday.
pub(super) fn day_of_week(cursor: &mut Cursor) -> Option<i64> {
    match cursor.eat(|_| true)? {
        '一' => Some(0),
        '二' => Some(1),
        '三' => Some(2),
        '四' => Some(3),
        '五' => Some(4),
        '六' => Some(5),
        '日' | '天' => Some(6),
        _ => None,
    }
}
