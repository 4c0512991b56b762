//! Dates with 年, 月 and 日, or 년, 월 and 일, in digits and in Han numerals, of the common era, of the Republic of China and of
//! Japanese eras.

use chrono::{Datelike, NaiveDate};

use super::clock;
use super::cursor::{Cursor, Number};
use super::{Context, Manner, Reading, day, last_of_month, range_dash, weekday, year};
use crate::draft::When;

/// Characters of the longest numeral that is read (一百一十二).
const LONGEST_NUMERAL: usize = 6;

/// The year that a Chinese date begins with.
#[derive(Clone, Copy, Debug)]
struct Year {
    value: i32,
    kind: YearKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum YearKind {
    /// 2023年, 民国112年
    Full,
    /// 23年, 115年: a year only before month and day.
    Short,
    /// 去年
    Relative,
}

/// A part of the day that stands before its hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartOfDay {
    /// 凌晨
    Night,
    /// 上午, 早
    Morning,
    /// 中午
    Noon,
    /// 下午, 傍晚
    Afternoon,
    /// 晚
    Evening,
}

/// A Chinese date: `2023年11月5日`, `11月5号`, `二〇二三年十一月`, `民国112年`, `农历二〇二三年九月廿二`.
///
/// Lunar dates are never converted: of one with a year, the year is told, of one without, nothing.
pub(super) fn read(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let behind = cursor.past();
    if cursor.attempt(calendar_of_the_moon).is_some() {
        cursor.spaces();
        let year = full_year(cursor)?;
        return Some(lunar(cursor, year));
    }
    if let Some(reading) = cursor.attempt(|cursor| era(cursor).and_then(|before| figures(cursor, before))) {
        return Some(reading);
    }
    let Some(written) = cursor.attempt(|cursor| any_year(cursor, context)) else {
        // 癸卯年11月5日, 每年11月5日, 农历9月22日: not the day that it looks like.
        let before = behind.trim_end();
        let other = before.ends_with(is_year) || ["历", "曆", "歷"].iter().any(|end| before.ends_with(end));
        return if other { None } else { month_and_day(cursor, context, None) };
    };
    cursor.spaces();
    if written.kind == YearKind::Full {
        if cursor.attempt(|cursor| calendar_of_the_moon(cursor).or_else(|| moon_month(cursor))).is_some() {
            return Some(lunar(cursor, written.value));
        }
        cursor.eat_any(&["的"]);
    }
    cursor
        .attempt(|cursor| month_and_day(cursor, context, Some(written)))
        .or_else(|| cursor.attempt(|cursor| season(cursor, written)))
        .or_else(|| {
            // 今年 and 23年 tell nothing alone.
            let told = written.kind == YearKind::Full
                || written.kind == YearKind::Relative && written.value < context.now.year();
            let when = When::Year(written.value);
            told.then_some(Reading { when, until: None, manner: Manner::BareYear })
        })
}

fn lunar(cursor: &mut Cursor, year: i32) -> Reading {
    // The month and day are stepped over, so that nobody else reads them.
    for _ in 0..10 {
        if cursor.eat(|c| "闰閏正冬腊臘初廿卅十一二三四五六七八九月日 ".contains(c) || c.is_ascii_digit()).is_none()
        {
            break;
        }
    }
    Reading { when: When::Year(year), until: None, manner: Manner::Lunar }
}

/// 农历, 阴历, 夏历, 旧历
fn calendar_of_the_moon(cursor: &mut Cursor) -> Option<()> {
    cursor.eat(|c| "农農阴陰夏旧舊".contains(c))?;
    cursor.eat(|c| "历曆歷".contains(c)).map(|_| ())
}

/// A month or day that only the lunar calendar has: 正月, 腊月, 闰二月, 九月初五, 九月廿二 without 日.
fn moon_month(cursor: &mut Cursor) -> Option<()> {
    if cursor.eat(|c| "正冬腊臘".contains(c)).is_some() {
        return cursor.eat(is_month).map(|_| ());
    }
    if cursor.eat(|c| matches!(c, '闰' | '閏')).is_some() {
        return Some(());
    }
    numeral(cursor)?;
    cursor.eat(is_month)?;
    // 5月初 is the start of May, 五月初五 a lunar day.
    if cursor.eat(|c| c == '初').is_some() {
        return numeral(cursor).map(|_| ());
    }
    cursor.eat(|c| c == '廿')?;
    numeral(cursor);
    cursor.eat(|c| matches!(c, '日' | '号' | '號')).is_none().then_some(())
}

fn any_year(cursor: &mut Cursor, context: &Context) -> Option<Year> {
    if let Some(value) = cursor.attempt(full_year) {
        return Some(Year { value, kind: YearKind::Full });
    }
    if let Some(back) = cursor.attempt(told_year) {
        return Some(Year { value: context.now.year() - back, kind: YearKind::Relative });
    }
    let number = numeral(cursor)?;
    let value = match number.digits {
        2 => century(number.small()?, context)?,
        _ => of_republic(number, context)?,
    };
    cursor.spaces();
    cursor.eat(is_year)?;
    Some(Year { value, kind: YearKind::Short })
}

/// 今年, 去年, 前年: how many years back.
fn told_year(cursor: &mut Cursor) -> Option<i32> {
    let back = match cursor.eat(|_| true)? {
        '今' => 0,
        '去' => 1,
        '前' => 2,
        _ => return None,
    };
    cursor.eat(is_year).map(|_| back)
}

/// The year of two digits: no more than a year from now in this century, else in the last.
pub(super) fn century(short: u32, context: &Context) -> Option<i32> {
    let short = i32::try_from(short).ok().filter(|short| *short < 100)?;
    let year = context.now.year().div_euclid(100) * 100 + short;
    Some(if year > context.now.year() + 1 { year - 100 } else { year })
}

/// The eras by which years are counted in China before 1949, in Taiwan and in Japan, and the year before their first.
const ERAS: [(&str, i32); 8] = [
    ("中华民国", 1911),
    ("中華民國", 1911),
    ("民国", 1911),
    ("民國", 1911),
    ("令和", 2018),
    ("平成", 1988),
    ("昭和", 1925),
    ("大正", 1911),
];

/// The year before the first of the era that is named.
fn era(cursor: &mut Cursor) -> Option<i32> {
    let (name, before) = ERAS.into_iter().find(|(name, _)| cursor.rest().starts_with(name))?;
    cursor.eat_any(&[name])?;
    cursor.spaces();
    Some(before)
}

fn in_era(before: i32, years: Number) -> Option<i32> {
    let years = i32::try_from(years.value).ok().filter(|years| *years > 0)?;
    before.checked_add(years).filter(|year| super::YEARS.contains(year))
}

/// The year of three digits of the Republic of China, at most the next: those before the hundredth are told from no others.
pub(super) fn of_republic(years: Number, context: &Context) -> Option<i32> {
    let year = in_era(1911, years).filter(|_| years.digits == 3)?;
    (year > 2010 && year <= context.now.year() + 1).then_some(year)
}

/// `R8.11.18`, `H30.4.1`: the first letter of a Japanese era, alone on its line or in square brackets; in round ones stand versions.
pub(super) fn short_era(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let start = *cursor;
    if start.past().trim_end().ends_with(['(', '（']) {
        return None;
    }
    let before = match cursor.eat(|_| true)? {
        'R' => 2018,
        'H' => 1988,
        'S' => 1925,
        _ => return None,
    };
    let reading = figures(cursor, before).filter(|reading| reading.when.year() <= context.now.year() + 1)?;
    super::numeric::encloses(start, *cursor).then_some(reading)
}

/// The `8.11.18` of a date whose era is known.
fn figures(cursor: &mut Cursor, before: i32) -> Option<Reading> {
    let short = |cursor: &mut Cursor| cursor.number().filter(|number| number.digits <= 2);
    let year = in_era(before, short(cursor)?)?;
    let mark = cursor.eat(|c| matches!(c, '.' | '．' | '/' | '-'))?;
    let month = short(cursor)?.small()?;
    cursor.eat(|c| c == mark)?;
    let date = day(year, month, short(cursor)?.small()?)?;
    let is_over = cursor.peek().is_none_or(|c| super::cursor::digit(c).is_none());
    let when = clock::after(cursor, date, false);
    is_over.then_some(Reading { when, until: None, manner: Manner::Written })
}

/// `2023年`, `二〇二三 年`, `民国112年`, `民國元年`, `令和8年`, `公元2023年`, `2023년`
fn full_year(cursor: &mut Cursor) -> Option<i32> {
    cursor.eat_any(&["公元", "西元"]);
    let value = match era(cursor) {
        None => {
            cursor.spaces();
            year(numeral(cursor)?)?
        }
        Some(before) if cursor.eat(|c| c == '元').is_some() => before + 1,
        Some(before) => in_era(before, numeral(cursor)?)?,
    };
    cursor.spaces();
    cursor.eat(is_year).map(|_| value)
}

/// 年, and the same in Korean.
fn is_year(c: char) -> bool {
    matches!(c, '年' | '년')
}

fn is_month(c: char) -> bool {
    matches!(c, '月' | '월')
}

/// `11月5日`, `11 月 5 号`, `11月`, with the year that stood before it, and what follows: weekday, time, end of a range.
fn month_and_day(cursor: &mut Cursor, context: &Context, year: Option<Year>) -> Option<Reading> {
    let month = if year.is_none() { cursor.attempt(told_month) } else { None };
    let back_is_told = month != Some(0);
    let (back, month) = match month {
        Some(back) => {
            let then = context.now.date().checked_sub_months(chrono::Months::new(back))?;
            (Some(then.year()), then.month())
        }
        None => (None, plain_month(cursor)?),
    };
    let manner = match (year.map(|year| year.kind), back) {
        (Some(YearKind::Full | YearKind::Short), _) => Manner::Written,
        (Some(YearKind::Relative), _) | (None, Some(_)) => Manner::Relative,
        (None, None) => Manner::YearInferred,
    };
    let known = year.map(|year| year.value).or(back);
    let Some((number, until_day)) = cursor.attempt(month_day) else {
        // 23年11月 may be a time of 23 years, 本月 tells nothing alone.
        let year = known.filter(|_| year.is_none_or(|year| year.kind != YearKind::Short) && back_is_told)?;
        cursor.eat(|c| c == '份');
        let until = cursor.attempt(|cursor| month_range(cursor, year, month));
        return Some(Reading { when: When::Month(year, month), until, manner });
    };
    let date = match known {
        Some(year) => day(year, month, number),
        None => context.nearest(month, number),
    };
    let Some(date) = date else {
        return known.map(|year| Reading { when: When::Month(year, month), until: None, manner: Manner::NoSuchDay });
    };
    if let Some(until) = until_day {
        let until = day(date.year(), month, until).filter(|until| *until > date);
        return Some(Reading { when: clock::after(cursor, date, false), until, manner });
    }
    let when = clock::after(cursor, date, false);
    let until = cursor.attempt(|cursor| range_end(cursor, date));
    Some(Reading { when, until, manner })
}

fn plain_month(cursor: &mut Cursor) -> Option<u32> {
    let month = numeral(cursor).filter(|month| month.digits <= 2)?.small()?;
    cursor.spaces();
    cursor.eat(is_month)?;
    (1..=12).contains(&month).then_some(month)
}

/// 本月, 上月, 上个月: how many months back.
fn told_month(cursor: &mut Cursor) -> Option<u32> {
    let back = match cursor.eat(|_| true)? {
        '本' => 0,
        '上' => 1,
        _ => return None,
    };
    cursor.eat(|c| matches!(c, '个' | '個'));
    cursor.eat(is_month).map(|_| back)
}

/// The day after 月, and of `5日、6日` or `5-7日` the last.
fn month_day(cursor: &mut Cursor) -> Option<(u32, Option<u32>)> {
    cursor.spaces();
    let first = numeral(cursor).filter(|number| number.digits <= 2)?;
    let day = first.small().filter(|day| *day > 0)?;
    cursor.spaces();
    let marked = cursor.attempt(day_mark).is_some();
    let last = cursor.attempt(|cursor| {
        cursor.spaces();
        if marked {
            cursor.eat(|c| c == '、')?;
        } else {
            cursor.eat(|c| range_dash(c) || matches!(c, '至' | '到' | '、'))?;
        }
        cursor.spaces();
        let last = numeral(cursor).filter(|number| number.digits <= 2)?.small()?;
        cursor.spaces();
        day_mark(cursor)?;
        Some(last)
    });
    // Without its mark a day is believed at the end, or before a time.
    let ends = cursor.peek().is_none() || cursor.clone().attempt(clock::prose).is_some();
    (marked || last.is_some() || ends).then_some((day, last))
}

/// 日 or 号, where that is no number of a house.
fn day_mark(cursor: &mut Cursor) -> Option<()> {
    let mark = cursor.eat(|c| matches!(c, '日' | '일' | '号' | '號'))?;
    (matches!(mark, '日' | '일') || !cursor.peek().is_some_and(|c| "楼樓线線馆館门門院厅廳".contains(c))).then_some(())
}

/// The end of a range after a day: `至7日`, `—11月2日`, `-2023年11月7日`.
fn range_end(cursor: &mut Cursor, start: NaiveDate) -> Option<NaiveDate> {
    cursor.attempt(weekday::aside);
    cursor.spaces();
    connector(cursor)?;
    let written = cursor.attempt(full_year);
    cursor.spaces();
    let month = cursor.attempt(plain_month);
    cursor.spaces();
    let number = numeral(cursor)?.small()?;
    cursor.spaces();
    day_mark(cursor)?;
    let month = month.unwrap_or(start.month());
    let next = if month < start.month() { start.year() + 1 } else { start.year() };
    let until = day(written.unwrap_or(next), month, number).filter(|until| *until > start)?;
    clock::after(cursor, until, false);
    Some(until)
}

/// The end of a range of months: `—11月`.
fn month_range(cursor: &mut Cursor, year: i32, month: u32) -> Option<NaiveDate> {
    cursor.spaces();
    connector(cursor)?;
    let written = cursor.attempt(full_year);
    cursor.spaces();
    let last = plain_month(cursor)?;
    let last_year = written.unwrap_or(if last < month { year + 1 } else { year });
    ((last_year, last) > (year, month)).then(|| last_of_month(last_year, last)).flatten()
}

fn connector(cursor: &mut Cursor) -> Option<()> {
    cursor.eat(|c| range_dash(c) || matches!(c, '至' | '到'))?;
    cursor.eat(range_dash);
    cursor.spaces();
    Some(())
}

/// 春季, 秋季学期, 秋
fn season(cursor: &mut Cursor, year: Year) -> Option<Reading> {
    cursor.eat(|c| "春夏秋冬".contains(c))?;
    // 2023年春节 is a feast, 春晚 a show: the year alone is told.
    let season = cursor.eat_any(&["季学期", "季學期", "季", "学期", "學期", "天"]).is_some();
    let ends = !cursor.peek().is_some_and(super::cursor::is_han);
    let when = When::Year(year.value);
    (year.kind != YearKind::Short && (season || ends)).then_some(Reading { when, until: None, manner: Manner::Season })
}

/// A part of the day: 上午, 下午, 晚上, 凌晨.
pub(super) fn part_of_day(cursor: &mut Cursor) -> Option<PartOfDay> {
    use PartOfDay::{Afternoon, Evening, Morning, Night, Noon};
    let parts: [(&[&str], PartOfDay); 5] = [
        (&["凌晨", "半夜", "午夜"], Night),
        (&["上午", "午前", "早上", "早晨", "清晨", "早", "오전"], Morning),
        (&["中午", "正午"], Noon),
        (&["下午", "午后", "午後", "傍晚", "오후"], Afternoon),
        (&["晚上", "晚间", "晚間", "夜里", "夜間", "夜间", "深夜", "当晚", "當晚", "晚"], Evening),
    ];
    parts.into_iter().find_map(|(names, part)| cursor.eat_any(names).map(|()| part))
}

/// What follows the hour: 时20分30秒, 点半, 点一刻, 点. Gives minute and second.
pub(super) fn after_hour(cursor: &mut Cursor) -> Option<(u32, u32)> {
    cursor.spaces();
    cursor.eat(|c| matches!(c, '时' | '時' | '点' | '點' | '시'))?;
    if cursor.eat_any(&["钟", "鐘", "整"]).is_some() {
        return Some((0, 0));
    }
    for (name, minute) in [("半", 30), ("一刻", 15), ("三刻", 45)] {
        if cursor.eat_any(&[name]).is_some() {
            return Some((minute, 0));
        }
    }
    let minute = cursor.attempt(|cursor| {
        cursor.spaces();
        let minute = numeral(cursor)?;
        cursor.spaces();
        let marked = cursor.eat(|c| matches!(c, '分' | '분')).is_some();
        (marked || minute.digits == 2).then_some(minute.small()).flatten().filter(|minute| *minute < 60)
    });
    let second = cursor.attempt(|cursor| {
        minute?;
        cursor.spaces();
        let second = numeral(cursor)?.small().filter(|second| *second < 60);
        cursor.eat(|c| matches!(c, '秒' | '초'))?;
        second
    });
    Some((minute.unwrap_or(0), second.unwrap_or(0)))
}

/// A number in digits of either width or in Han numerals.
pub(super) fn numeral(cursor: &mut Cursor) -> Option<Number> {
    if cursor.peek().is_some_and(|c| super::cursor::digit(c).is_some()) { cursor.number() } else { han(cursor) }
}

/// A Han numeral: by position (二〇二三) or by tens (二十三, 廿三, 一百一十二).
fn han(cursor: &mut Cursor) -> Option<Number> {
    let mut number = Number { value: 0, digits: 0 };
    // `open` is the digit that waits for its 十 or 百.
    let (mut sum, mut open, mut by_tens) = (0, None, false);
    while number.digits < LONGEST_NUMERAL {
        let started = number.digits > 0;
        let Some(c) = cursor.eat(|c| han_digit(c, started).is_some() || tens(c).is_some()) else { break };
        number.digits += 1;
        if let Some(digit) = han_digit(c, started) {
            number.value = number.value * 10 + digit;
            open = Some(digit);
        } else if let Some(weight) = tens(c) {
            by_tens = true;
            // 廿 and 卅 stand for themselves, 十 alone for ten.
            sum += if matches!(c, '十' | '百') { open.unwrap_or(1) * weight } else { weight };
            open = None;
        }
    }
    if by_tens {
        number.value = sum + open.unwrap_or(0);
        number.digits = number.value.to_string().len();
    }
    (number.digits > 0).then_some(number)
}

fn tens(c: char) -> Option<u64> {
    match c {
        '十' => Some(10),
        '廿' => Some(20),
        '卅' => Some(30),
        '百' => Some(100),
        _ => None,
    }
}

/// The value of a Han digit; among them, also zeros of other kinds.
fn han_digit(c: char, among: bool) -> Option<u64> {
    match c {
        '〇' | '○' | '零' => Some(0),
        '0' | '０' | 'O' | 'Ｏ' | '◯' if among => Some(0),
        '一' => Some(1),
        '二' | '两' | '兩' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => None,
    }
}
