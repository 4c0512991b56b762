//! Dates with the name of a month: `March 27th, 2025`, `5.–7. November 2023`, `le 5 novembre 2023`, `Fall 2023`.

use chrono::NaiveDate;

use super::cursor::{Cursor, Number, digit};
use super::vocabulary::Word;
use super::{Context, Manner, Reading, century, clock, day, last_of_month, names, numeric, range_dash, weekday, year};
use crate::draft::{Precision, When};

/// What stands on one side of a range, or alone: some of day, month and year.
#[derive(Clone, Copy, Debug, Default)]
struct Side {
    day: Option<u32>,
    month: Option<u32>,
    year: Option<i32>,
    /// The month may be another word.
    doubtful: bool,
    month_first: bool,
}

/// How two sides are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Join {
    /// "to", "–"
    Range,
    /// "and": two days, not all between them.
    List,
}

/// A date with the name of a month, or a range of such.
pub(super) fn read(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    if numeric::joined_behind(*cursor) {
        return None;
    }
    let begin = *cursor;
    let left = cursor.attempt(|cursor| side(cursor, context))?;
    let alone = *cursor;
    if let Some(right) = cursor.attempt(|cursor| right_side(cursor, context, left))
        && let Some(reading) = joined(cursor, context, left, right)
    {
        return Some(reading);
    }
    *cursor = alone;
    let month = left.month?;
    match (left.day, left.year) {
        (Some(number), Some(year)) => single(cursor, context, day(year, month, number), left),
        (Some(number), None) => {
            // `Nov 5 10:20:30 2023`
            if let Some(reading) = cursor.attempt(|cursor| year_after_time(cursor, context, left)) {
                return Some(reading);
            }
            if left.doubtful || old_year_follows(*cursor) {
                return None;
            }
            let reading = single(cursor, context, Some(context.nearest(month, number)?), left)?;
            Some(Reading { manner: Manner::YearInferred, ..reading })
        }
        // What is another word in a text is none alone on its line, where it is written as no name is.
        (None, Some(year))
            if !left.doubtful || begin.peek().is_some_and(char::is_lowercase) && numeric::encloses(begin, *cursor) =>
        {
            Some(Reading { when: When::Month(year, month), until: None, manner: Manner::Written })
        }
        _ => None,
    }
}

/// One whole date.
fn single(cursor: &mut Cursor, context: &Context, date: Option<NaiveDate>, side: Side) -> Option<Reading> {
    let Some(date) = date else {
        let when = When::Month(side.year?, side.month?);
        return Some(Reading { when, until: None, manner: Manner::NoSuchDay });
    };
    let when = clock::after(cursor, date, side.month_first);
    // "2 November 2023, 10:00 – 4 November 2023, 18:00"
    let until = cursor.attempt(|cursor| {
        matches!(when, When::Local(_) | When::Instant(_)).then_some(())?;
        let right = right_side(cursor, context, side)?;
        let until = day(right.year?, right.month?, right.day?).filter(|until| *until > date)?;
        clock::after(cursor, until, side.month_first);
        Some(until)
    });
    Some(Reading { when, until, manner: Manner::Written })
}

fn year_after_time(cursor: &mut Cursor, context: &Context, left: Side) -> Option<Reading> {
    let begin = *cursor;
    let placeholder = context.nearest(left.month?, left.day?).or(day(2000, left.month?, left.day?))?;
    if matches!(clock::after(cursor, placeholder, left.month_first), When::Day(_)) {
        return None;
    }
    cursor.eat(|c| c == ',');
    cursor.spaces();
    let year = year(cursor.number()?)?;
    ends_number(*cursor).then_some(())?;
    let date = day(year, left.month?, left.day?)?;
    let when = clock::after(&mut begin.clone(), date, left.month_first);
    Some(Reading { when, until: None, manner: Manner::Written })
}

/// Both sides of a range, each with what only the other has told.
fn joined(cursor: &mut Cursor, context: &Context, left: Side, right: Side) -> Option<Reading> {
    let month = left.month.or(right.month)?;
    let last_month = right.month.unwrap_or(month);
    let (year, last_year) = match (left.year, right.year) {
        (Some(year), Some(last)) => (Some(year), Some(last)),
        (Some(year), None) => (Some(year), Some(if last_month < month { year + 1 } else { year })),
        (None, Some(last)) => (Some(if last_month < month { last - 1 } else { last }), Some(last)),
        (None, None) => (None, None),
    };
    let doubtful = left.doubtful || right.doubtful;
    let (Some(number), Some(last_number)) = (left.day, right.day) else {
        let (year, last_year) = (year?, last_year?);
        if left.day.or(right.day).is_some() || doubtful || (year, month) >= (last_year, last_month) {
            return None;
        }
        let until = last_of_month(last_year, last_month);
        return Some(Reading { when: When::Month(year, month), until, manner: Manner::Written });
    };
    let (start, manner) = match year {
        Some(year) => (day(year, month, number)?, Manner::Written),
        None if doubtful => return None,
        None => (context.nearest(month, number)?, Manner::YearInferred),
    };
    let start_year = chrono::Datelike::year(&start);
    let last_year = last_year.unwrap_or(if last_month < month { start_year + 1 } else { start_year });
    let until = day(last_year, last_month, last_number).filter(|until| *until > start)?;
    let when = clock::after(cursor, start, left.month_first || right.month_first);
    Some(Reading { when, until: Some(until), manner })
}

/// The right side of a range after its left.
fn right_side(cursor: &mut Cursor, context: &Context, left: Side) -> Option<Side> {
    let join = join(cursor)?;
    cursor.attempt(|cursor| {
        let Word::Weekday(_) = names::meaning(cursor.word()?)? else { return None };
        cursor.eat(|c| matches!(c, '.' | ','));
        Some(())
    });
    cursor.spaces();
    cursor.attempt(the);
    let right = side(cursor, context)?;
    let complete = match (left.month, left.day, right.month, right.day) {
        // "5 to 7 November", "Nov 5 to 7, 2023", but not "Nov 5, 2023 - 7 views"
        (None, Some(first), _, Some(last)) if right.month.is_some() => join == Join::Range || first < last,
        (Some(_), Some(first), None, Some(last)) => left.year.is_none() && left.month_first && first < last,
        (Some(_), Some(_), Some(_), Some(_)) | (Some(_), None, Some(_), None) => true,
        _ => false,
    };
    complete.then_some(right)
}

fn join(cursor: &mut Cursor) -> Option<Join> {
    cursor.attempt(weekday_in_brackets);
    cursor.eat(|c| c == ',');
    let apart = cursor.spaces();
    let join = if cursor.eat(|c| range_dash(c) || matches!(c, '至' | '到')).is_some() {
        cursor.eat(range_dash);
        Join::Range
    } else if cursor.eat(|c| c == '&').is_some() {
        Join::List
    } else if apart {
        match names::meaning(cursor.word()?)? {
            Word::To | Word::A => Join::Range,
            Word::And => Join::List,
            _ => return None,
        }
    } else {
        return None;
    };
    cursor.spaces();
    Some(join)
}

fn weekday_in_brackets(cursor: &mut Cursor) -> Option<()> {
    cursor.spaces();
    matches!(cursor.peek(), Some('(' | '（')).then_some(())?;
    weekday::aside(cursor)
}

/// Some of day, month and year in either order; a day alone too.
fn side(cursor: &mut Cursor, context: &Context) -> Option<Side> {
    cursor.attempt(|cursor| month_first(cursor, context)).or_else(|| day_first(cursor, context))
}

/// `March 27th, 2025`, `Nov. 5`, `November 2023`, `Nov-05-2023`
fn month_first(cursor: &mut Cursor, context: &Context) -> Option<Side> {
    let start = *cursor;
    let (month, doubtful) = month(cursor)?;
    let name = start.rest().get(..cursor.at() - start.at()).unwrap_or_default().trim_end_matches('.');
    let may_be_weekday = name.eq_ignore_ascii_case("mar");
    let mut side = Side { month: Some(month), doubtful, month_first: true, ..Side::default() };
    let dashed = matches!(cursor.peek(), Some('-' | '/'));
    // "Nov-05" is a day: a year after the month alone has four digits, or its apostrophe.
    let alone = cursor.attempt(|cursor| {
        if dashed {
            cursor.eat(|_| true);
            return year(cursor.number()?).filter(|_| ends_number(*cursor));
        }
        // Thai names cut short are other words, too, where a number of two figures follows: "ก.พ. 60".
        let behind = *cursor;
        whole_year(cursor, context, false).filter(|_| !is_of_buddha(behind, *cursor))
    });
    if alone.is_some() {
        return Some(Side { year: alone, ..side });
    }
    let number = cursor.attempt(|cursor| {
        let apart = cursor.eat(|c| matches!(c, '-' | '/')).is_some() || cursor.spaces();
        cursor.attempt(the);
        let number = number_of_day(cursor)?;
        (!(may_be_weekday && !dashed && is_day_of_month(*cursor))).then_some((number, apart))
    });
    if let Some((number, apart)) = number {
        side.day = Some(number);
        side.year = year_of(cursor, context, dashed);
        // "Nov5" without a year is no day.
        side.doubtful |= !apart;
    }
    Some(side)
}

/// `27 March 2025`, `the 5th of November`, `5. November`, `5 de noviembre de 2023`, `5-Nov-23`; or the day alone.
fn day_first(cursor: &mut Cursor, context: &Context) -> Option<Side> {
    let number = number_of_day(cursor)?;
    let alone = Side { day: Some(number), ..Side::default() };
    let Some((dashed, (month, doubtful))) = cursor.attempt(|cursor| {
        let dashed = cursor.eat(|c| matches!(c, '-' | '/')).is_some();
        let mut ordinal = false;
        if !dashed {
            ordinal = cursor.eat(|c| c == '.' || c == ',') == Some('.');
            cursor.spaces();
            cursor.attempt(of);
        }
        // Where the month begins a whole date of its own, with a year, the number before it is another thing.
        let mut ahead = *cursor;
        let told = if ordinal { ahead.clone().word().and_then(names::month_behind_ordinal) } else { None };
        let month = month(cursor).map(|(month, doubtful)| (told.unwrap_or(month), doubtful))?;
        let other = month_first(&mut ahead, context).is_some_and(|other| other.day.is_some() && other.year.is_some());
        (!other || dashed).then_some((dashed, month))
    }) else {
        let year = cursor.attempt(|cursor| {
            cursor.eat(|c| c == ',')?;
            whole_year(cursor, context, false)
        });
        // "5. bis 7. November"
        cursor.eat(|c| c == '.');
        return Some(Side { year, ..alone });
    };
    let short = |cursor: &mut Cursor| if doubtful || dashed { None } else { short_year(cursor, context) };
    let year = year_of(cursor, context, dashed).or_else(|| cursor.attempt(short));
    Some(Side { month: Some(month), year, doubtful, ..alone })
}

/// "the", "le", "ngày"
fn the(cursor: &mut Cursor) -> Option<()> {
    matches!(names::meaning(cursor.word()?)?, Word::The).then_some(())?;
    cursor.spaces().then_some(())
}

/// "of", "de", "d'", "ta’ "
fn of(cursor: &mut Cursor) -> Option<()> {
    matches!(names::meaning(cursor.word()?)?, Word::Of).then_some(())?;
    let apostrophe = cursor.eat(|c| matches!(c, '\'' | '’')).is_some();
    (cursor.spaces() || apostrophe).then_some(())
}

/// The name of a month with its full stop, or "tháng 3".
fn month(cursor: &mut Cursor) -> Option<(u32, bool)> {
    let mut month = cursor.attempt(vietnamese_month).or_else(|| {
        cursor.attempt(|cursor| {
            let start = *cursor;
            name(cursor)?;
            let written = start.rest().get(..cursor.at() - start.at())?;
            // "9 tháng năm 2025" are nine months of that year.
            let mut ahead = *cursor;
            let is_counted = written == "tháng năm" && ahead.spaces() && ahead.number().is_some();
            if is_counted { None } else { names::month(written) }
        })
    })?;
    cursor.eat(|c| matches!(c, '.' | '׳' | '॰'));
    // Both names of it: "آب/أغسطس".
    let other = cursor.attempt(|cursor| {
        cursor.eat(|c| c == '/')?;
        cursor.spaces();
        names::month(cursor.word()?).filter(|other| other.0 == month.0)
    });
    // What is another word by itself is none beside the other name.
    month.1 &= other.is_none_or(|(_, doubtful)| doubtful);
    Some(month)
}

/// The meaning of a word, or of several that are one name: "Deireadh Fómhair", "มี.ค".
pub(super) fn name(cursor: &mut Cursor) -> Option<Word> {
    let start = *cursor;
    cursor.word()?;
    let text = |cursor: &Cursor| start.rest().get(..cursor.at() - start.at());
    let longer = cursor.attempt(|cursor| {
        let mut found = None;
        while names::goes_on(text(cursor)?)
            && cursor.eat(|c| matches!(c, ' ' | '.')).is_some()
            && cursor.word().is_some()
        {
            if let Some(meaning) = names::meaning(text(cursor)?) {
                found = Some((*cursor, meaning));
            }
        }
        found
    });
    let Some((end, meaning)) = longer else { return names::meaning(text(cursor)?) };
    *cursor = end;
    Some(meaning)
}

/// "tháng 3", "thg 3"
fn vietnamese_month(cursor: &mut Cursor) -> Option<(u32, bool)> {
    matches!(names::fold(cursor.word()?).as_str(), "thang" | "thg").then_some(())?;
    cursor.spaces();
    Some((cursor.number()?.small().filter(|month| (1..=12).contains(month))?, false))
}

/// A day, 1 to 31, with its ordinal mark; refuses numbers that count or measure: `5%`, `10:30`, `2,500`, `5G`.
fn number_of_day(cursor: &mut Cursor) -> Option<u32> {
    let number = cursor.number().filter(|number| number.digits <= 2)?;
    let value = number.small().filter(|value| (1..=31).contains(value))?;
    let ordinal = cursor.attempt(|cursor| {
        let glued = cursor.eat(|c| c == ' ').is_none();
        if cursor.eat(|c| matches!(c, 'º' | 'ª' | '°')).is_some() {
            return Some(());
        }
        match cursor.word()?.to_ascii_lowercase().as_str() {
            "st" | "nd" | "rd" | "th" | "er" | "ste" | "de" => Some(()),
            // "martxoaren 5a", but not "5 a 7"
            "a" | "an" | "ean" if glued => Some(()),
            _ => None,
        }
    });
    // "5 de noviembre": that "de" belongs to the month.
    if ordinal.is_some() {
        return Some(value);
    }
    let counted = match cursor.peek_two() {
        (Some(',' | '.' | ':' | '：'), Some(c)) => digit(c).is_some() && !year_follows(*cursor),
        (Some(c), _) => "%％℃°×$€".contains(c) || c == '_' || c.is_ascii_alphabetic() && !month_follows(*cursor),
        (None, _) => false,
    };
    // "5 pm" is an hour.
    (!counted && cursor.clone().attempt(clock::half_of_day).is_none()).then_some(value)
}

fn month_follows(mut cursor: Cursor) -> bool {
    month(&mut cursor).is_some()
}

/// Whether a month follows a number, and no day of its own: "Mar 10 janvier" is a Tuesday, "Mar 10 may be" and "Mar 10 Apr 5"
/// are none.
fn is_day_of_month(mut cursor: Cursor) -> bool {
    let is_month = cursor.spaces() && month(&mut cursor).is_some_and(|(_, doubtful)| !doubtful);
    is_month && !(cursor.spaces() && number_of_day(&mut cursor).is_some())
}

/// The `,2023` of `Nov 5,2023`.
fn year_follows(mut cursor: Cursor) -> bool {
    cursor.eat(|c| c == ',').is_some() && cursor.number().and_then(year).is_some()
}

/// The year after day and month.
fn year_of(cursor: &mut Cursor, context: &Context, dashed: bool) -> Option<i32> {
    cursor.attempt(|cursor| {
        cursor.attempt(weekday_in_brackets);
        whole_year(cursor, context, dashed)
    })
}

/// The year of a day or month, where its number ends there.
fn whole_year(cursor: &mut Cursor, context: &Context, dashed: bool) -> Option<i32> {
    let year = year_after(cursor, context, dashed)?;
    ends_number(*cursor).then_some(year)
}

/// A year of two figures behind day and month, before a time of day: `5 Nov 23, 10:20`. Without one, it may be a number that stands
/// beside them: in the next cell of a table, or of comments.
fn short_year(cursor: &mut Cursor, context: &Context) -> Option<i32> {
    (cursor.eat(|c| c == ',').is_some() | cursor.eat(|c| matches!(c, ' ' | '\u{a0}')).is_some()).then_some(())?;
    let number = cursor.number().filter(|number| number.digits == 2)?;
    let mut ahead = *cursor;
    ahead.eat(|c| c == ',');
    (ahead.spaces() && clock::prose(&mut ahead).is_some()).then_some(())?;
    // Nothing on the web is older.
    century(number.small()?, context).filter(|year| *year >= 1990)
}

/// What joins a year to its month, then the year: `, 2025`, ` of 2023`, `-23` after `5-Nov`, ` '23`.
fn year_after(cursor: &mut Cursor, context: &Context, dashed: bool) -> Option<i32> {
    if dashed {
        cursor.eat(|c| matches!(c, '-' | '/'))?;
    } else {
        cursor.eat(|c| matches!(c, ',' | '，' | '.' | '،'));
        cursor.spaces();
        cursor.attempt(of);
        if let Some(year) = cursor.attempt(|cursor| year_of_buddha(cursor, context)) {
            return Some(year);
        }
    }
    let short = cursor.eat(|c| matches!(c, '\'' | '’' | '‘')).is_some();
    let number = cursor.number()?;
    match number {
        Number { digits: 4, .. } if !short => year(number),
        Number { digits: 2, .. } if short || dashed => century(number.small()?, context),
        _ => None,
    }
}

/// The year behind a Thai month, which counts from the death of the Buddha: `5 มีนาคม 2569`, `๕ มีนาคม พ.ศ. ๒๕๖๙`.
fn year_of_buddha(cursor: &mut Cursor, context: &Context) -> Option<i32> {
    let past = cursor.past().trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    past.ends_with(|c| matches!(c, '\u{e01}'..='\u{e4e}')).then_some(())?;
    cursor.eat_any(&["พ.ศ.", "พุทธศักราช"]);
    cursor.spaces();
    let number = cursor.number()?;
    let value = match number.digits {
        // "5 มี.ค. 69"
        2 => number.value + 2500,
        _ => number.value,
    };
    let ours = value.checked_sub(u64::from(numeric::AHEAD_OF_OURS.unsigned_abs()))?;
    let year = year(Number { value: ours, digits: 4 })?;
    // Of two figures, an hour or the number of a day is told by what lies far from now.
    let this_year = chrono::Datelike::year(&context.now);
    (number.digits == 4 || (this_year - 30..=this_year + 1).contains(&year)).then_some(year)
}

/// Whether a year of the Buddhist era with two figures stands between two places.
fn is_of_buddha(from: Cursor, to: Cursor) -> bool {
    let text = from.rest().get(..to.at() - from.at()).unwrap_or_default();
    from.past().ends_with('.') && text.chars().filter(char::is_ascii_digit).count() == 2
}

/// Whether a year before those of news comes next: "November 5, 1850" is no day of this year.
fn old_year_follows(mut cursor: Cursor) -> bool {
    cursor.eat(|c| c == ',');
    cursor.spaces();
    cursor.number().is_some_and(|number| (1000..1900).contains(&number.value))
}

/// Whether a year ends here, and is not the start of a sum, a time or another date.
fn ends_number(cursor: Cursor) -> bool {
    match cursor.peek_two() {
        (Some('.' | ',' | '/'), Some(c)) => digit(c).is_none(),
        (Some('%' | '×'), _) => false,
        _ => true,
    }
}

/// `2023 November 5`, `2023-Nov-05`, `2026 m. kovo 5 d.`, `2026. gada 5. marts`, `2026ko martxoaren 5a`
pub(super) fn year_first(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let year = year(cursor.number()?)?;
    cursor.eat(|c| matches!(c, '-' | '/' | ',' | '.'));
    cursor.spaces();
    let named = cursor.attempt(clock::of_year).is_some();
    cursor.spaces();
    let side = cursor.attempt(|cursor| month_first(cursor, context)).filter(|side| side.day.is_some());
    let side = match side {
        None if named => day_first(cursor, context)?,
        side => side?,
    };
    if side.year.is_some() {
        return None;
    }
    if named {
        cursor.eat_any(&[" d."]);
    }
    single(cursor, context, day(year, side.month?, side.day?), Side { year: Some(year), ..side })
}

/// `Wednesday, 5 November 2025`, `Sun 2023-11-05`: a weekday only with the date after it.
pub(super) fn after_weekday(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let Word::Weekday(weekday) = names::meaning(cursor.word()?)? else { return None };
    cursor.eat_any(&["-feira"]);
    cursor.eat(|c| c == '.');
    cursor.eat(|c| matches!(c, ',' | '，'));
    cursor.spaces();
    cursor.attempt(|cursor| {
        matches!(names::meaning(cursor.word()?)?, Word::The | Word::At).then_some(())?;
        cursor.spaces().then_some(())
    });
    let reading = cursor.attempt(|cursor| read(cursor, context)).or_else(|| numeric::read(cursor, context))?;
    (reading.manner != Manner::BareYear).then(|| weekday::agreeing(reading, weekday, context))
}

/// `Fall 2023`, `spring semester of 2024`, `Winter 2023/24`, `2023 fall semester`
pub(super) fn season(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let first = cursor.attempt(|cursor| {
        let year = year(cursor.number()?)?;
        cursor.spaces().then_some(year)
    });
    let Word::Season = names::meaning(cursor.word()?)? else { return None };
    let term = cursor.attempt(|cursor| {
        cursor.spaces();
        matches!(names::meaning(cursor.word()?)?, Word::Term).then_some(())
    });
    let year = if let Some(year) = first {
        // "2023 Spring Festival" names a feast.
        term.map(|()| year)?
    } else {
        // "The last days of winter 2024-12-12" ends a sentence before a date.
        let mut ahead = *cursor;
        ahead.spaces();
        if numeric::read(&mut ahead, context).is_some_and(|date| date.when.precision() >= Precision::Day) {
            return None;
        }
        year_after(cursor, context, false)?
    };
    cursor.attempt(|cursor| {
        cursor.eat(|c| c == '/' || range_dash(c))?;
        cursor.number().filter(|number| matches!(number.digits, 2 | 4)).map(|_| ())
    });
    Some(Reading { when: When::Year(year), until: None, manner: Manner::Season })
}

#[cfg(test)]
mod tests {
    use super::super::{Context, first};

    #[test]
    fn months_in_other_writings_are_read() {
        let context = Context::at(chrono::NaiveDateTime::default());
        for text in [
            "5 مارس 2026",
            "٥ مارس، ٢٠٢٦",
            "16 رمضان 1447 هـ الموافق 5 مارس 2026 م",
            "5 במרץ 2026",
            "5 मार्च 2026",
            "५ मार्च २०२६",
            "วันที่ 5 มีนาคม 2569",
            "๕ มีนาคม พ.ศ. ๒๕๖๙",
            "5 มีนาคม 2026",
            "Ngày 5 tháng 3 năm 2026",
            "5 tháng 3, 2026",
        ] {
            let found = first(text, &context).map(|mention| mention.when.to_string());
            assert_eq!(found.as_deref(), Some("2026-03-05"), "{text}");
        }
    }
}
