//! Dates of figures: `2023-11-05`, `05.11.2023`, `11/05/2023`, `20231105`, the split `05 2023-11`, a lone year.

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::cursor::{Cursor, Number, digit};
use super::{Context, Manner, NumericOrder, Reading, century, chinese, clock, day, last_of_month, range_dash, year};
use crate::draft::When;

/// Years by which those that are counted from the death of the Buddha are ahead of ours.
pub(super) const AHEAD_OF_OURS: i32 = 543;

/// A number in a date that is written with marks between figures.
struct Part {
    value: u32,
    digits: usize,
}

/// A date of figures.
pub(super) fn read(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    if joined_behind(*cursor) {
        return None;
    }
    let readers: &[fn(&mut Cursor, &Context) -> Option<Reading>] = match cursor.clone().number()?.digits {
        1 | 2 => &[short_year_first, year_last, split, day_over_month, month_and_day],
        4 => &[year_first, year_apart, school_year, bare_year],
        6 => &[glued],
        8 | 12 | 14 => &[compact],
        _ => return None,
    };
    readers.iter().find_map(|reader| cursor.attempt(|cursor| reader(cursor, context)))
}

/// Whether the number is the rest of something longer: a sum, a telephone number, an address, a version.
pub(super) fn joined_behind(cursor: Cursor) -> bool {
    match cursor.behind() {
        (Some('.' | ',' | '-' | '–' | '/' | ':' | '+'), Some(c)) => digit(c).is_some(),
        (Some('+' | '×' | '*'), None) => true,
        // "ada@2024.example"; but some programs write "@March 3, 2024".
        (Some('@'), before) => before.is_some_and(|c| !c.is_whitespace()),
        (Some(c), _) => "$€£¥￥#%〔".contains(c),
        (None, _) => false,
    }
}

/// Whether the number goes on after its end: `.1`, `,000`, `-4`, `%`.
fn joined_ahead(cursor: Cursor) -> bool {
    match cursor.peek_two() {
        (Some('.' | ',' | '-' | '–' | '—' | '/' | ':' | '：' | '+'), Some(c)) => digit(c).is_some(),
        (Some(c), _) => "%％‰℃×*".contains(c) || c.is_ascii_alphanumeric() || c == '_',
        (None, _) => false,
    }
}

fn letter_behind(cursor: Cursor) -> bool {
    cursor.behind().0.is_some_and(|c| c.is_ascii_alphabetic())
}

/// The mark between two figures, spaces around it. Dashes of all kinds count as one.
fn mark(cursor: &mut Cursor) -> Option<char> {
    cursor.eat(|c| matches!(c, ' ' | '\u{a0}'));
    let mark = match cursor.eat(|_| true)? {
        '-' | '‐' | '‑' | '–' | '—' | '−' | '－' => '-',
        '/' | '／' => '/',
        '.' | '．' => '.',
        '_' => '_',
        _ => return None,
    };
    cursor.eat(|c| matches!(c, ' ' | '\u{a0}'));
    Some(mark)
}

fn part(cursor: &mut Cursor) -> Option<Part> {
    let Number { value, digits } = cursor.number().filter(|number| number.digits <= 2)?;
    Some(Part { value: u32::try_from(value).ok()?, digits })
}

/// `2023-11-05`, `2023/11/5 10:20`, `2023. 11. 05`, `2023-11-0510:20`
fn year_first(cursor: &mut Cursor, _: &Context) -> Option<Reading> {
    let start = *cursor;
    let year = year(cursor.number()?)?;
    let first = mark(cursor)?;
    let month = part(cursor)?;
    let second = mark(cursor)?;
    // 2023.3.1 may be a version.
    if first != second || first == '.' && (letter_behind(start) || numbered(start)) {
        return None;
    }
    if let Some(reading) = cursor.attempt(|cursor| day_and_hour(cursor, year, month.value)) {
        return Some(reading);
    }
    let date = day(year, month.value, part(cursor)?.value)?;
    let (when, until) = followed(cursor, date, first == '.', false, |cursor| range(cursor, first, date))?;
    Some(Reading { when, until, manner: Manner::Written })
}

/// `26.10.20`, `26-10-20`, where the year is known to stand first.
fn short_year_first(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    if !context.year_first || letter_behind(*cursor) || numbered(*cursor) {
        return None;
    }
    let two = |cursor: &mut Cursor| part(cursor).filter(|part| part.digits == 2);
    let year = century(two(cursor)?.value, context)?;
    let first = mark(cursor)?;
    let month = two(cursor)?;
    (mark(cursor)? == first).then_some(())?;
    let date = day(year, month.value, two(cursor)?.value)?;
    let (when, until) = followed(cursor, date, true, false, |_| None)?;
    Some(Reading { when, until, manner: Manner::Written })
}

/// `115-11-18`, `115/11/18`, `115.11.18`: in years of the Republic of China, alone on its line, in brackets or behind a label.
pub(super) fn republic(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let start = *cursor;
    if joined_behind(start) || letter_behind(start) || numbered(start) {
        return None;
    }
    let year = chinese::of_republic(cursor.number()?, context)?;
    let first = mark(cursor).filter(|mark| *mark != '_')?;
    let month = part(cursor).filter(|month| month.digits == 2)?;
    (mark(cursor)? == first).then_some(())?;
    let number = part(cursor).filter(|number| number.digits == 2)?;
    let date = day(year, month.value, number.value)?;
    let end = *cursor;
    let (when, _) = followed(cursor, date, true, false, |_| None)?;
    let is_labelled = start.past().trim_end().ends_with([':', '：']);
    let is_alone = is_labelled || encloses(start, end) || encloses(start, *cursor);
    is_alone.then_some(written(when))
}

/// A day that lost the space before its time: the `0510:20` of `2023-11-0510:20`.
fn day_and_hour(cursor: &mut Cursor, year: i32, month: u32) -> Option<Reading> {
    let glued = cursor.number().filter(|number| number.digits == 4)?.small()?;
    let date = day(year, month, glued / 100)?;
    cursor.eat(|c| matches!(c, ':' | '：'))?;
    let minute = cursor.number().filter(|minute| minute.digits == 2)?.small()?;
    let second = cursor.attempt(|cursor| {
        cursor.eat(|c| matches!(c, ':' | '：'))?;
        cursor.number().filter(|second| second.digits == 2)?.small()
    });
    let time = NaiveTime::from_hms_opt(glued % 100, minute, second.unwrap_or(0))?;
    Some(written(When::Local(date.and_time(time))))
}

fn written(when: When) -> Reading {
    Reading { when, until: None, manner: Manner::Written }
}

/// What follows a date: its time, and the end of a range on either side of that. `None`: the date is `bounded`, and its
/// figures go on.
fn followed(
    cursor: &mut Cursor,
    date: NaiveDate,
    bounded: bool,
    american: bool,
    range: impl Fn(&mut Cursor) -> Option<NaiveDate>,
) -> Option<(When, Option<NaiveDate>)> {
    if let Some(until) = cursor.attempt(&range) {
        return Some((When::Day(date), Some(until)));
    }
    if bounded && joined_ahead(*cursor) {
        return None;
    }
    let when = clock::after(cursor, date, american);
    Some((when, cursor.attempt(range)))
}

/// The end of a range that starts with year, month and day: the same form again, its year or also its month left out.
fn range(cursor: &mut Cursor, sign: char, start: NaiveDate) -> Option<NaiveDate> {
    let apart = cursor.spaces();
    let dash = cursor.eat(|c| range_dash(c) || matches!(c, '至' | '到'));
    match dash {
        Some('-') if sign == '-' && !apart => return None,
        Some(_) => {}
        None => cursor.eat_any(&["to "])?,
    }
    cursor.eat(range_dash);
    cursor.spaces();
    let inner = |cursor: &mut Cursor| (mark(cursor)? == sign).then_some(());
    let full = cursor.attempt(|cursor| {
        let year = year(cursor.number()?)?;
        inner(cursor)?;
        let month = part(cursor)?;
        inner(cursor)?;
        day(year, month.value, part(cursor)?.value)
    });
    let until = full.or_else(|| {
        cursor.attempt(|cursor| {
            let month = part(cursor)?.value;
            inner(cursor)?;
            let number = part(cursor)?.value;
            let year = if month < start.month() { start.year() + 1 } else { start.year() };
            day(year, month, number)
        })
    });
    let until = until.or_else(|| {
        let number = cursor.attempt(part).filter(|number| number.digits == 2 && !apart)?;
        day(start.year(), start.month(), number.value)
    })?;
    (until > start && !joined_ahead(*cursor)).then_some(until)
}

/// `20231105`, `202311051020`, `20231105102030`, `20231105T102030`
fn compact(cursor: &mut Cursor, _: &Context) -> Option<Reading> {
    let behind = *cursor;
    let inside = match behind.behind() {
        // The pages of one content management system are named `t20231105_12.htm`.
        (Some('t'), before) => before.is_some_and(char::is_alphanumeric),
        (Some(c), _) => c.is_ascii_alphabetic() || c == '=',
        (None, _) => false,
    };
    if inside {
        return None;
    }
    let number = cursor.number()?;
    let (date, time) = compact_date(number)?;
    if numbered(behind) {
        return None;
    }
    let when = match time {
        Some(time) => When::Local(date.and_time(time)),
        None => match cursor.attempt(|cursor| basic_time(cursor, date)) {
            Some(when) => when,
            None => clock::after(cursor, date, false),
        },
    };
    let underscored = cursor.peek() == Some('_');
    (underscored || !joined_ahead(*cursor)).then_some(written(when))
}

/// The `T102030` and zone of `20231105T102030Z`, or `T1020`.
fn basic_time(cursor: &mut Cursor, date: NaiveDate) -> Option<When> {
    cursor.eat(|c| c == 'T')?;
    let number = match cursor.number()? {
        whole @ Number { digits: 6, .. } => whole,
        Number { digits: 4, value } => Number { digits: 6, value: value * 100 },
        _ => return None,
    };
    let part = |value: u64| u32::try_from(value % 100).ok();
    let time = NaiveTime::from_hms_opt(part(number.value / 10_000)?, part(number.value / 100)?, part(number.value)?)?;
    let zone = cursor.attempt(clock::zone);
    Some(clock::on(*cursor, date, time, zone, false))
}

/// The day of `YYYYMMDD` and the time of `hhmm` or `hhmmss` after it.
pub(super) fn compact_date(number: Number) -> Option<(NaiveDate, Option<NaiveTime>)> {
    let (date, time) = match number.digits {
        8 => (number.value, None),
        12 => (number.value / 10_000, Some(number.value % 10_000 * 100)),
        14 => (number.value / 1_000_000, Some(number.value % 1_000_000)),
        _ => return None,
    };
    let part = |value: u64| u32::try_from(value % 100).ok();
    let year = year(Number { value: date / 10_000, digits: 4 })?;
    let date = day(year, part(date / 100)?, part(date)?)?;
    let time = match time {
        Some(time) => Some(NaiveTime::from_hms_opt(part(time / 10_000)?, part(time / 100)?, part(time)?)?),
        None => None,
    };
    Some((date, time))
}

/// A day in large figures beside its month, both blocks run together: `052023-11`.
fn glued(cursor: &mut Cursor, _: &Context) -> Option<Reading> {
    let number = cursor.number().filter(|number| number.digits == 6)?;
    let year = year(Number { value: number.value % 10_000, digits: 4 })?;
    split_month(cursor, year, u32::try_from(number.value / 10_000).ok()?)
}

/// A day in large figures beside its month: `05 2023-11`, `05`, line break, `2023.11`; or `11-05`, space, `2023`.
fn split(cursor: &mut Cursor, _: &Context) -> Option<Reading> {
    let number = part(cursor).filter(|number| number.digits == 2)?;
    if cursor.attempt(|cursor| cursor.spaces().then_some(())).is_some() {
        let year = year(cursor.number()?)?;
        return split_month(cursor, year, number.value);
    }
    mark(cursor)?;
    let last = part(cursor).filter(|last| last.digits == 2)?;
    cursor.spaces().then_some(())?;
    let year = year(cursor.number()?)?;
    let date = day(year, number.value, last.value)?;
    (!joined_ahead(*cursor) && cursor.peek() != Some('年')).then_some(written(When::Day(date)))
}

fn split_month(cursor: &mut Cursor, year: i32, number: u32) -> Option<Reading> {
    if cursor.eat(|c| c == '年').is_some() {
        let month = part(cursor)?;
        cursor.eat(|c| c == '月')?;
        let alone = cursor.peek().is_none_or(|c| digit(c).is_none());
        return alone.then_some(written(When::Day(day(year, month.value, number)?)));
    }
    cursor.eat(|c| matches!(c, '-' | '/' | '.' | '－'))?;
    let month = part(cursor).filter(|month| month.digits == 2)?;
    let date = day(year, month.value, number)?;
    (!joined_ahead(*cursor)).then_some(written(When::Day(date)))
}

/// `05.11.2023`, `11/05/2023`, `5-11-2023`, and with a short year `05.11.23`, `11/05/23`
fn year_last(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let start = *cursor;
    let first = part(cursor)?;
    let sign = mark(cursor)?;
    let second = part(cursor)?;
    (mark(cursor)? == sign).then_some(())?;
    let number = cursor.number()?;
    let of_buddha = in_years_of_buddha(number);
    let (year, manner) = match (number.digits, sign) {
        (4, _) => (of_buddha.or_else(|| year(number))?, Manner::Written),
        (2, '/') => (century(number.small()?, context)?, Manner::Written),
        // 10.12.23 may be a version: less than a date when its figures are not all of two digits.
        (2, '.') if first.digits == 2 && second.digits == 2 => (century(number.small()?, context)?, Manner::Written),
        (2, '.') => (century(number.small()?, context)?, Manner::BareYear),
        _ => return None,
    };
    let day_first = sign == '.' || of_buddha.is_some();
    let month_first = !day_first && context.numeric_order != Some(NumericOrder::DayFirst);
    let open = !day_first && context.numeric_order.is_none() && first.value != second.value;
    let (month, number, american) = match (first.value, second.value) {
        (1..=12, 13..) => (first.value, second.value, true),
        (13.., _) => (second.value, first.value, false),
        _ if month_first => (first.value, second.value, true),
        _ => (second.value, first.value, false),
    };
    let date = (!day_first || !american).then(|| day(year, month, number)).flatten()?;
    if letter_behind(start) || numbered(start) {
        return None;
    }
    let range = |cursor: &mut Cursor| range_last(cursor, sign, date, month_first);
    let (when, until) = followed(cursor, date, true, american, range)?;
    let manner = if open && first.value <= 12 && second.value <= 12 { Manner::EitherOrder } else { manner };
    Some(Reading { when, until, manner })
}

/// A year of this century as it is counted in Thailand, from the death of the Buddha.
fn in_years_of_buddha(number: Number) -> Option<i32> {
    let year = i32::try_from(number.value).ok()? - AHEAD_OF_OURS;
    (number.digits == 4 && (2000..=2100).contains(&year)).then_some(year)
}

/// The end of a range that starts with a day whose year stands last.
fn range_last(cursor: &mut Cursor, sign: char, start: NaiveDate, month_first: bool) -> Option<NaiveDate> {
    cursor.spaces();
    if cursor.eat(range_dash).is_none() {
        cursor.eat_any(&["to ", "bis ", "au ", "al ", "至"])?;
    }
    cursor.spaces();
    let first = part(cursor)?.value;
    (mark(cursor)? == sign).then_some(())?;
    let second = part(cursor)?.value;
    (mark(cursor)? == sign).then_some(())?;
    let year = year(cursor.number()?)?;
    let until = if month_first { day(year, first, second)? } else { day(year, second, first)? };
    (until > start && !joined_ahead(*cursor)).then_some(until)
}

/// A day in large figures beside its month, without a year: `05 11月`, alone on its line.
fn day_over_month(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let start = *cursor;
    let number = part(cursor).filter(|number| number.digits == 2)?;
    cursor.spaces().then_some(())?;
    let month = part(cursor)?;
    cursor.eat(|c| c == '月')?;
    let date = context.nearest(month.value, number.value)?;
    encloses(start, *cursor).then_some(Reading { when: When::Day(date), until: None, manner: Manner::YearInferred })
}

/// A year beside its day: `2023 11/05`, alone on its line.
fn year_apart(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let start = *cursor;
    let year = year(cursor.number()?)?;
    cursor.spaces().then_some(())?;
    let first = part(cursor).filter(|first| first.digits == 2)?;
    let sign = cursor.eat(|c| matches!(c, '-' | '/' | '－'))?;
    let second = part(cursor).filter(|second| second.digits == 2)?;
    let is_doubtful = sign == '/' && first.value <= 12 && second.value <= 12 && first.value != second.value;
    let day_first =
        sign == '/' && (first.value > 12 || is_doubtful && context.numeric_order == Some(NumericOrder::DayFirst));
    let (month, number) = if day_first { (second.value, first.value) } else { (first.value, second.value) };
    let date = day(year, month, number).filter(|_| encloses(start, *cursor))?;
    let manner = if is_doubtful && context.numeric_order.is_none() { Manner::EitherOrder } else { Manner::Written };
    Some(Reading { when: When::Day(date), until: None, manner })
}

/// `11-05`, `11/05` or `05.11.`: a day only in brackets, alone on its line, or before a time of day. Where the year stands first,
/// so does the month, and both may be shorter: `9-2`, `11.05`.
fn month_and_day(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let start = *cursor;
    let first = part(cursor)?;
    let sign = cursor.eat(|c| matches!(c, '-' | '/' | '－' | '.'))?;
    let second = part(cursor)?;
    let is_short = first.digits < 2 || second.digits < 2;
    let month_first = context.year_first && (sign != '.' || !is_short && encloses(start, *cursor));
    if is_short && !month_first {
        return None;
    }
    if sign == '.' && !month_first {
        // Without its last dot, it may be a price, a time or a version.
        cursor.eat(|c| c == '.')?;
    }
    let day_first = match sign {
        '.' => !month_first,
        '/' => context.numeric_order == Some(NumericOrder::DayFirst) && second.value <= 12,
        _ => false,
    };
    let (month, number) =
        if day_first || first.value > 12 { (second.value, first.value) } else { (first.value, second.value) };
    let date = if matches!(sign, '/' | '.') || first.value <= 12 { context.nearest(month, number) } else { None }?;
    let end = *cursor;
    let when = clock::after(cursor, date, !day_first);
    let timed = !matches!(when, When::Day(_));
    let believed = encloses(start, *cursor) || encloses(start, end) || timed && !is_short && !joined_ahead(*cursor);
    if !timed {
        *cursor = end;
    }
    believed.then_some(Reading { when, until: None, manner: Manner::YearInferred })
}

/// Whether what stands between two places is in brackets or alone on its line.
pub(super) fn encloses(start: Cursor, end: Cursor) -> bool {
    let mut line = start.past().chars().rev().skip_while(|c| matches!(c, ' ' | '\t' | '\u{a0}' | '\u{3000}')).take(1);
    let mut after = end.rest().chars().skip_while(|c| matches!(c, ' ' | '\t' | '\u{a0}' | '\u{3000}')).take(1);
    match (line.next(), after.next()) {
        (None | Some('\n'), None | Some('\n' | '\r')) => true,
        (Some(open), Some(close)) => bracket(open).is_some_and(|right| right == close),
        _ => false,
    }
}

fn bracket(open: char) -> Option<char> {
    match open {
        '[' => Some(']'),
        '(' => Some(')'),
        '（' => Some('）'),
        '【' => Some('】'),
        '［' => Some('］'),
        '〔' => Some('〕'),
        '<' => Some('>'),
        _ => None,
    }
}

/// `2023-2024学年`, `2023–24`, `2023/24`, `2019-2023`, of which only the first year is told; and the month `2023-11`.
fn school_year(cursor: &mut Cursor, _: &Context) -> Option<Reading> {
    let start = *cursor;
    let value = year(cursor.number()?)?;
    let sign = cursor.eat(|c| range_dash(c) || matches!(c, '/' | '.' | '至' | '到'))?;
    let second = cursor.number()?;
    if joined_ahead(*cursor) || letter_behind(start) || numbered(start) {
        return None;
    }
    let bare = |when| Reading { when, until: None, manner: Manner::BareYear };
    let follows = second.digits == 2 && i64::try_from(second.value).ok()? == i64::from(value + 1) % 100;
    if year(second).is_some_and(|end| end > value) || follows && (sign != '-' || second.value > 12) {
        return Some(bare(When::Year(value)));
    }
    let month = second.small().filter(|month| second.digits == 2 && (1..=12).contains(month))?;
    last_of_month(value, month)?;
    let when = if matches!(sign, '-' | '/' | '.') { When::Month(value, month) } else { return None };
    // In 2010, "2010-11" is a school year as well.
    Some(if follows { bare(When::Year(value)) } else { written(when) })
}

/// A lone year that counts nothing and is the number of nothing.
fn bare_year(cursor: &mut Cursor, _: &Context) -> Option<Reading> {
    let start = *cursor;
    if letter_behind(start) || start.behind().0 == Some('=') {
        return None;
    }
    let value = year(cursor.number()?)?;
    let counted = cursor
        .peek()
        .is_some_and(|c| "元人名个個亿億万萬亩畝米吨噸篇项項余餘多位家种種次届屆页頁号號字所台台".contains(c));
    let other = counted
        || joined_ahead(*cursor)
        || among_numbers(start, *cursor)
        || numbered_document(start, *cursor)
        || numbered(start);
    if other {
        return None;
    }
    Some(Reading { when: When::Year(value), until: None, manner: Manner::BareYear })
}

/// Whether a number stands in a row of numbers, or before a unit: a telephone number, `1920 × 1080`, `2000 km`.
fn among_numbers(start: Cursor, end: Cursor) -> bool {
    let mut ahead = end;
    ahead.spaces();
    let unit = ahead.clone().word().is_some_and(|word| UNITS.iter().any(|unit| unit.eq_ignore_ascii_case(word)));
    let product = |c: Option<char>| c.is_some_and(|c| matches!(c, '×' | 'x' | '*'));
    let behind = start.past().trim_end_matches(' ').chars().next_back();
    let apart = matches!(start.behind().0, Some(' '));
    unit || product(behind)
        || product(ahead.peek()) && !ahead.peek_two().1.is_some_and(char::is_alphabetic)
        || apart && behind.is_some_and(|c| digit(c).is_some())
}

/// Units that a number before them counts.
const UNITS: [&str; 19] = [
    "KB", "MB", "GB", "TB", "km", "kg", "m", "cm", "mm", "px", "yuan", "RMB", "USD", "dollars", "people", "students",
    "words", "views", "times",
];

/// 渝教〔2023〕11号, [2023]第11号: the year of a document's number.
fn numbered_document(start: Cursor, mut end: Cursor) -> bool {
    start.behind().0.is_some_and(|open| bracket(open).is_some())
        && end.eat(|c| matches!(c, ']' | ')' | '）' | '】' | '］' | '〕')).is_some()
        && {
            end.eat(|c| c == '第');
            end.spaces();
            end.number().is_some() && end.eat(|c| matches!(c, '号' | '號' | '期')).is_some()
        }
}

/// Words before a number that make it a count or the name of something.
const LABELS: [&str; 26] = [
    "views", "view", "read", "reads", "hits", "clicks", "tel", "phone", "fax", "no", "id", "qq", "isbn", "issn",
    "version", "room", "page", "点击", "點擊", "阅读", "浏览", "瀏覽", "访问", "电话", "传真", "编号",
];

/// Whether a label before a number says that it is no date: "Views:", "Tel.", "浏览次数：[".
fn numbered(cursor: Cursor) -> bool {
    let before =
        cursor.past().trim_end_matches([' ', ':', '：', '[', '(', '（', '.', '\u{a0}', '次', '量', '数', '數']);
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let mut last = before.char_indices().rev();
    let start =
        if before.ends_with(is_letter) { last.take(8).take_while(|(_, c)| is_letter(*c)).last() } else { last.nth(1) };
    let label = start.and_then(|(at, _)| before.get(at..)).unwrap_or_default();
    LABELS.iter().any(|known| known.eq_ignore_ascii_case(label))
}
