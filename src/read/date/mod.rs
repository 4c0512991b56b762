//! Finds the dates in a text, in prose and in machine forms, and tells no more than was written.

use std::ops::{Range, RangeInclusive};

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};
use serde::{Deserialize, Serialize};

use crate::draft::{DateClaim, Doubt, Evidence, When};

mod chinese;
mod clock;
mod cursor;
mod jalali;
mod machine;
mod names;
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
use vocabulary::Word;

/// Years outside of these are no dates of news.
pub(super) const YEARS: RangeInclusive<i32> = 1900..=2100;

/// What is known around a text when its dates are read.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The time of reading, local, in the source's zone. "Yesterday" is told from it.
    pub now: NaiveDateTime,
    /// How `11/05/2023` is read. `None`: not known; as month and day, for most are so.
    pub numeric_order: Option<NumericOrder>,
    /// The year of dates that name none. `None`: the nearest that is not after `now`.
    pub year: Option<i32>,
    /// Whether three figures of two digits each begin with the year: `26.10.20`.
    pub year_first: bool,
}

impl Context {
    /// What is known where nothing else is: the time of reading.
    pub fn at(now: NaiveDateTime) -> Self {
        Self { now, numeric_order: None, year: None, year_first: false }
    }
}

/// The order of day and month between slashes or hyphens. Between dots the day is always first, and a part above 12
/// decides by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// With all its parts, and day and month in an order that nothing tells: `03/04/2026`.
    EitherOrder,
    /// A day that does not exist, which is no date: 30 February.
    NoSuchDay,
}

impl Mention {
    /// What the text that it stands in claims by it.
    pub(super) fn claim(&self, text: &str, evidence: Evidence) -> DateClaim {
        let raw = text.get(self.range.clone()).unwrap_or(text).to_owned();
        let doubt = if self.manner == Manner::EitherOrder { Doubt::Order } else { Doubt::None };
        let no_offset = match self.when {
            When::Local(_) => clock::no_offset(text.get(self.range.end..).unwrap_or_default()).to_owned(),
            _ => String::new(),
        };
        DateClaim { when: self.when, until: self.until, evidence, raw, doubt, no_offset }
    }
}

/// A date as one of the readers gives it.
#[derive(Clone, Copy, Debug)]
struct Reading {
    when: When,
    until: Option<NaiveDate>,
    manner: Manner,
}

/// All dates in a text, in order and without overlap, each looked for when it is asked for; of several readings that begin
/// at one place, the longest.
///
/// Nothing is told finer than it was written: a lunar date tells its year. A day that does not exist is told as such
/// where its month and year are named. CST is China's where Chinese stands around it, else US Central after a month that stands first, else no
/// zone. Takes time linear in the text.
pub fn mentions(text: &str, context: &Context) -> impl Iterator<Item = Mention> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mention = next(text, at, context)?;
        at = mention.range.end;
        Some(mention)
    })
}

/// What a phrase means: its first date that is more than a lone year, else its first lone year. Days that do not exist
/// are passed over.
pub fn first(text: &str, context: &Context) -> Option<Mention> {
    let mut lone_year = None;
    let mut at = 0;
    while let Some(mention) = next(text, at, context) {
        at = mention.range.end;
        match mention.manner {
            Manner::BareYear => {}
            Manner::NoSuchDay => continue,
            _ => return Some(mention),
        }
        lone_year.get_or_insert(mention);
    }
    lone_year
}

/// The month that a text names, and nothing else: "November", "11月".
pub(super) fn month(text: &str) -> Option<u32> {
    let text = text.trim();
    match text.strip_suffix(['月', '월']) {
        Some(number) => number.trim().parse().ok().filter(|month| (1..=12).contains(month)),
        None => names::month(text).map(|(month, _)| month),
    }
}

/// The day of the week that a word names.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    match names::meaning(word)? {
        Word::Weekday(day) => Some(day),
        _ => None,
    }
}

/// The next date at or after a place.
fn next(text: &str, mut at: usize, context: &Context) -> Option<Mention> {
    while let Some(&byte) = text.as_bytes().get(at) {
        let start = at;
        let readers;
        (readers, at) = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => at_word(text, start),
            b'0'..=b'9' => at_number(text, start),
            0..0x80 => (NOTHING, start + 1),
            0x80.. => at_other(text, start)?,
        };
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
/// The readers of dates that may begin at a place, and where to go on if none does.
type Chances = (&'static [Reader], usize);

const NOTHING: &[Reader] = &[];

/// The chances at a word that begins with a plain letter.
fn at_word(text: &str, start: usize) -> Chances {
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    if matches!(rest, [b'R' | b'H' | b'S', b'0'..=b'9', ..]) {
        return (&[chinese::short_era], start + 1);
    }
    let mut end = start + rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
    if text.as_bytes().get(end).is_some_and(|byte| !byte.is_ascii()) {
        end = end_of_word(text, end);
    }
    let readers = if names::may_begin(rest) { word_readers(text.get(start..end)) } else { NOTHING };
    (readers, end)
}

fn word_readers(word: Option<&str>) -> &'static [Reader] {
    let Some(word) = word else { return NOTHING };
    match names::meaning(word) {
        Some(Word::Month(..)) => &[worded::read],
        Some(Word::Weekday(_)) => &[worded::after_weekday],
        Some(Word::Season) => &[worded::season],
        Some(Word::Number(_) | Word::A | Word::Half) => &[relative::ago],
        Some(Word::Before) => &[relative::before],
        Some(Word::Day(_) | Word::LoneDay(_)) => &[relative::named_day],
        Some(Word::Last) => &[relative::last],
        _ if names::goes_on(word) => &[worded::read, relative::named_day],
        _ => NOTHING,
    }
}

/// The chances at a number, by its length and what comes after it.
fn at_number(text: &str, start: usize) -> Chances {
    let rest = text.get(start..).unwrap_or_default();
    let end = start + rest.find(|c| cursor::digit(c).is_none()).unwrap_or(rest.len());
    let mut ahead = Cursor::new(text, start);
    let Some(number) = ahead.number() else { return (NOTHING, end) };
    ahead.spaces();
    let next = ahead.peek();
    let readers: &[Reader] = match (number.digits, next) {
        (1 | 2, Some('0'..='9' | '０'..='９')) | (6 | 8 | 12 | 14, _) => &[numeric::read],
        (1 | 2, Some(':' | '：' | '∶')) => &[after_time],
        (3, Some('-' | '/' | '.')) => &[numeric::republic],
        (1..=4, Some(c)) if cursor::is_han(c) || "년월초분시일주개달".contains(c) => {
            &[chinese::read, numeric::read, relative::chinese_ago, after_time]
        }
        (1..=3, Some(c)) if cursor::is_letter(c) => &[worded::read, relative::ago, after_time, jalali::worded],
        (1 | 2, Some(_)) => &[numeric::read, worded::read],
        (4, Some(c)) if cursor::is_letter(c) => &[numeric::read, worded::year_first, worded::season],
        (4, Some('/' | '-')) => &[numeric::read, worded::year_first, jalali::numeric],
        (4, _) => &[numeric::read, worded::year_first],
        _ => NOTHING,
    };
    (readers, end)
}

/// The chances at a character that is not of ASCII. `None`: no character begins there.
fn at_other(text: &str, start: usize) -> Option<Chances> {
    let c = text.get(start..)?.chars().next()?;
    let end = start + c.len_utf8();
    Some(match c {
        _ if cursor::digit(c).is_some() => at_number(text, start),
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '两' | '兩' | '廿' | '卅' | '〇'
        | '○' | '零' => at_numeral(text, start),
        '公' | '西' | '中' | '民' | '农' | '農' | '阴' | '陰' | '夏' | '旧' | '舊' | '去' => {
            (&[chinese::read], end)
        }
        '令' | '平' | '昭' => (&[chinese::read], end),
        '今' | '昨' | '前' | '大' | '明' => (&[chinese::read, relative::chinese_day], end),
        '上' | '本' | '这' | '這' => (&[chinese::read, relative::chinese_weekday], end),
        '半' => (&[relative::chinese_ago], end),
        _ if cursor::is_letter(c) => {
            let end = end_of_word(text, end);
            (word_readers(text.get(start..end)), end)
        }
        _ => (NOTHING, end),
    })
}

/// The chances at a Han numeral.
fn at_numeral(text: &str, start: usize) -> Chances {
    let mut ahead = Cursor::new(text, start);
    chinese::numeral(&mut ahead);
    let end = ahead.at();
    ahead.spaces();
    let readers: &[Reader] = match ahead.peek() {
        Some('年' | '月') => &[chinese::read, relative::chinese_ago],
        Some('个' | '個' | '秒' | '分' | '小' | '钟' | '鐘' | '天' | '周' | '週' | '星' | '礼' | '禮') => {
            &[relative::chinese_ago]
        }
        _ => NOTHING,
    };
    (readers, end)
}

/// A time of day before its date: `10:20, 5 November 2023`, `3 p.m. on March 27, 2025`.
fn after_time(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let (time, zone) = clock::prose(cursor)?;
    cursor.eat(|c| matches!(c, ',' | '，'));
    cursor.spaces();
    cursor.attempt(|cursor| {
        matches!(names::meaning(cursor.word()?)?, Word::At).then_some(())?;
        cursor.spaces().then_some(())
    });
    let readers: [Reader; 6] =
        [numeric::read, worded::read, worded::after_weekday, chinese::read, relative::named_day, relative::chinese_day];
    let reading = readers.into_iter().find_map(|read| cursor.attempt(|cursor| read(cursor, context)))?;
    let When::Day(day) = reading.when else { return None };
    Some(Reading { when: clock::on(*cursor, day, time, zone, false), ..reading })
}

/// The end of a word from inside of it.
fn end_of_word(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let end = rest.find(|c| !cursor::is_letter(c));
    at + end.unwrap_or(rest.len())
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
    pub(super) fn nearest(&self, month: u32, number: u32) -> Option<NaiveDate> {
        if let Some(year) = self.year {
            return day(year, month, number);
        }
        // A leap day is at most eight years back.
        (0..=8).filter_map(|back| day(self.now.year() - back, month, number)).find(|day| *day <= self.now.date())
    }
}
