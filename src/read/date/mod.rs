//! Finds the dates in a text, in prose and in machine forms, and tells no more than was written.

use std::ops::{Range, RangeInclusive};

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use crate::draft::When;

mod chinese;
mod clock;
mod cursor;
mod machine;
mod numeric;
mod relative;
mod vocabulary;
mod weekday;
mod worded;

#[cfg(test)]
mod tests;

use chinese::century;
use cursor::{Cursor, Number};
pub use machine::machine;

/// Years outside of these are no dates of news.
const YEARS: RangeInclusive<i32> = 1900..=2100;

/// What is known around a text when its dates are read.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The time of reading, local, in the source's zone. "Yesterday" is told from it.
    pub now: NaiveDateTime,
    /// How `11/05/2023` is read.
    pub numeric_order: NumericOrder,
    /// The year of dates that name none. `None`: the nearest that is not after `now`.
    pub year: Option<i32>,
}

/// The order of day and month between slashes or hyphens. Between dots the day is always first, and a part above 12
/// decides by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumericOrder {
    /// `11/05/2023` is 5 November.
    MonthFirst,
    /// `11/05/2023` is 11 May.
    DayFirst,
}

/// A date in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// The date; of a range, its first day.
    pub when: When,
    /// The last day of a range. `None`: no range.
    pub until: Option<NaiveDate>,
    /// How it was written.
    pub manner: Manner,
}

/// How a date was written, and so how far it is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// With all its parts.
    Written,
    /// Without its year.
    YearInferred,
    /// Told from now: "yesterday", "3天前".
    Relative,
    /// A season of a year: "Fall 2023".
    Season,
    /// A lone year, or something else that may be no date.
    BareYear,
    /// In the lunar calendar, of which only the year is told.
    Lunar,
}

/// A date as one of the readers gives it.
#[derive(Clone, Copy, Debug)]
struct Reading {
    when: When,
    until: Option<NaiveDate>,
    manner: Manner,
}

/// All dates in a text, in order and without overlap; of several readings that begin at one place, the longest.
pub fn mentions(text: &str, context: &Context) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(mention) = next(text, at, context) {
        at = mention.range.end;
        found.push(mention);
    }
    found
}

/// What a phrase means: its first date that is more than a lone year, else its first lone year.
pub fn first(text: &str, context: &Context) -> Option<Mention> {
    let mut lone_year = None;
    let mut at = 0;
    while let Some(mention) = next(text, at, context) {
        if mention.manner != Manner::BareYear {
            return Some(mention);
        }
        at = mention.range.end;
        lone_year.get_or_insert(mention);
    }
    lone_year
}

/// The next date at or after a place.
fn next(text: &str, mut at: usize, context: &Context) -> Option<Mention> {
    let bytes = text.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let readers: &[Reader] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {
                at += bytes.get(at..)?.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(bytes.len() - at);
                let whole = bytes.get(at).is_none_or(|byte| *byte < 0xc3 || *byte > 0xca);
                if !whole {
                    at = end_of_word(text, at);
                }
                if vocabulary::may_begin(bytes.get(start..)?) { &AT_WORD } else { &[] }
            }
            b'0'..=b'9' => {
                at += bytes.get(at..)?.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len() - at);
                &AT_NUMBER
            }
            0..0x80 => {
                at += 1;
                &[]
            }
            0x80.. => {
                let c = text.get(at..)?.chars().next()?;
                at += c.len_utf8();
                match c {
                    '０'..='９' => {
                        at = start + full_width_digits(text, start);
                        &AT_NUMBER
                    }
                    _ if begins_chinese(c) => &AT_HAN,
                    'à'..='ü' | 'À'..='Ü' => {
                        at = end_of_word(text, at);
                        &AT_WORD
                    }
                    _ if c.is_alphabetic() && !cursor::is_han(c) => {
                        at = end_of_word(text, at);
                        &[]
                    }
                    _ => &[],
                }
            }
        };
        if readers.is_empty() {
            continue;
        }
        let longest = readers
            .iter()
            .filter_map(|read| {
                let mut cursor = Cursor::new(text, start);
                let reading = read(&mut cursor, context)?;
                Some((cursor.at(), reading))
            })
            .reduce(|best, other| if other.0 > best.0 { other } else { best });
        if let Some((end, Reading { when, until, manner })) = longest {
            return Some(Mention { range: start..end, when, until, manner });
        }
    }
    None
}

/// Reads a date that begins at the cursor, and moves it to the end of the date.
type Reader = fn(&mut Cursor, &Context) -> Option<Reading>;

const AT_WORD: [Reader; 4] = [worded::read, worded::after_weekday, worded::season, relative::read];
const AT_NUMBER: [Reader; 7] =
    [numeric::read, unjoined_day, worded::year_first, worded::season, chinese::read, relative::read, after_time];
const AT_HAN: [Reader; 2] = [chinese::read, relative::read];

/// A date that begins with the number of its day, where nothing before it makes the number part of another.
fn unjoined_day(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    (!numeric::joined_behind(*cursor)).then(|| worded::read(cursor, context)).flatten()
}

/// A time of day before its date: `10:20, 5 November 2023`, `3 p.m. on March 27, 2025`.
fn after_time(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let (time, zone) = clock::prose(cursor)?;
    cursor.eat(|c| matches!(c, ',' | '，'));
    cursor.spaces();
    cursor.attempt(|cursor| {
        matches!(vocabulary::meaning(cursor.word()?)?, vocabulary::Word::At).then_some(())?;
        cursor.spaces().then_some(())
    });
    let readers: [Reader; 5] = [numeric::read, worded::read, worded::after_weekday, chinese::read, relative::read];
    let reading = readers.into_iter().find_map(|read| cursor.attempt(|cursor| read(cursor, context)))?;
    let When::Day(day) = reading.when else { return None };
    Some(Reading { when: clock::on(*cursor, day, time, zone, false), ..reading })
}

/// The end of a word from inside of it.
fn end_of_word(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let end = rest.find(|c: char| !c.is_alphabetic() || cursor::is_han(c));
    at + end.unwrap_or(rest.len())
}

/// Bytes of the run of digits of either width at a place.
fn full_width_digits(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find(|c: char| cursor::digit(c).is_none()).unwrap_or(rest.len())
}

/// Whether a Chinese date can begin with a character: a numeral, an era, a calendar, a day told from now.
fn begins_chinese(c: char) -> bool {
    matches!(
        c,
        '一' | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '两'
            | '兩'
            | '廿'
            | '卅'
            | '百'
            | '〇'
            | '○'
            | '零'
            | '半'
            | '公'
            | '西'
            | '中'
            | '民'
            | '农'
            | '農'
            | '阴'
            | '陰'
            | '夏'
            | '旧'
            | '舊'
            | '今'
            | '昨'
            | '前'
            | '大'
            | '明'
            | '去'
            | '上'
            | '本'
            | '这'
            | '這'
    )
}

/// A number as a year of news: four digits within [`YEARS`].
fn year(number: Number) -> Option<i32> {
    (number.digits == 4).then_some(number.value)?.try_into().ok().filter(|year| YEARS.contains(year))
}

/// A day within [`YEARS`]. `None`: it does not exist.
fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    in_years(NaiveDate::from_ymd_opt(year, month, day)?)
}

fn in_years(day: NaiveDate) -> Option<NaiveDate> {
    YEARS.contains(&day.year()).then_some(day)
}

fn last_of_month(year: i32, month: u32) -> Option<NaiveDate> {
    When::Month(year, month).last_day()
}

/// The dashes that stand between the ends of a range.
fn range_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | '~' | '～' | '〜' | '﹣')
}

impl Context {
    /// The day of a date without a year. `None`: no such day in the year to prefer, or in none near.
    fn nearest(&self, month: u32, number: u32) -> Option<NaiveDate> {
        if let Some(year) = self.year {
            return day(year, month, number);
        }
        // A leap day is at most eight years back.
        (0..=8).filter_map(|back| day(self.now.year() - back, month, number)).find(|day| *day <= self.now.date())
    }
}
