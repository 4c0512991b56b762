//! Dates of the solar calendar of Iran: `۱۴ اسفند ۱۴۰۴`, `۱۴۰۴/۱۲/۱۴`.

use chrono::{NaiveDate, TimeDelta};

use super::cursor::{Cursor, Number};
use super::{Context, Manner, Reading, clock, in_years, names};

/// Its months, in their order.
const MONTHS: [&str; 12] =
    ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"];

/// `۱۴ اسفند ۱۴۰۴`
pub(super) fn worded(cursor: &mut Cursor, _: &Context) -> Option<Reading> {
    let number = cursor.number().filter(|number| number.digits <= 2)?;
    cursor.spaces();
    let word = names::fold(cursor.word().filter(|word| !word.is_ascii())?);
    let month = MONTHS.iter().zip(1..).find(|(name, _)| names::fold(name) == word)?.1;
    cursor.eat(|c| matches!(c, '،' | ','));
    cursor.spaces();
    reading(cursor, cursor.clone().number()?, month, number)
}

/// `۱۴۰۴/۱۲/۱۴`, in its own figures: in others it may be any number.
pub(super) fn numeric(cursor: &mut Cursor, _: &Context) -> Option<Reading> {
    matches!(cursor.peek(), Some('۰'..='۹')).then_some(())?;
    let year = cursor.number()?;
    cursor.eat(|c| matches!(c, '/' | '-'))?;
    let month = cursor.number()?.small()?;
    cursor.eat(|c| matches!(c, '/' | '-'))?;
    let number = cursor.clone().number()?;
    reading(cursor, year, month, number)
}

/// The day, with the last of its numbers stepped over.
fn reading(cursor: &mut Cursor, year: Number, month: u32, number: Number) -> Option<Reading> {
    cursor.number()?;
    let day = day(i64::try_from(year.value).ok()?, i64::from(month), i64::from(number.small()?))?;
    Some(Reading { when: clock::after(cursor, day, false), until: None, manner: Manner::Written })
}

/// A day of that calendar as one of ours. `None`: it does not exist, or lies outside of the years in which one leap year in
/// 33 years is the fifth (1343 to 1472; K. M. Borkowski, "The Persian calendar for 3000 years", 1996).
fn day(year: i64, month: i64, number: i64) -> Option<NaiveDate> {
    let length = match month {
        1..=6 => 31,
        7..=11 => 30,
        12 => 29 + i64::from(is_leap(year)),
        _ => return None,
    };
    if !(1343..=1472).contains(&year) || !(1..=length).contains(&number) {
        return None;
    }
    let first = NaiveDate::from_ymd_opt(1964, 3, 21)?;
    let leaps = (1343..year).filter(|year| is_leap(*year)).count();
    let before = (month - 1) * 30 + (month - 1).min(6);
    let days = (year - 1343) * 365 + i64::try_from(leaps).ok()? + before + number - 1;
    in_years(first.checked_add_signed(TimeDelta::try_days(days)?)?)
}

fn is_leap(year: i64) -> bool {
    [1, 5, 9, 13, 17, 22, 26, 30].contains(&(year % 33))
}

#[cfg(test)]
mod tests {
    use super::super::{Context, mentions};

    #[test]
    fn days_of_iran_are_read() {
        for (text, day) in [
            ("۱۴ اسفند ۱۴۰۴", "2026-03-05"),
            ("14 اسفند، 1404", "2026-03-05"),
            ("تاریخ: ۱۴۰۴/۱۲/۱۴", "2026-03-05"),
            ("۱ فروردین ۱۴۰۴", "2025-03-21"),
            ("۳۰ اسفند ۱۴۰۳", "2025-03-20"),
            ("۱ مهر ۱۳۹۹", "2020-09-22"),
        ] {
            let context = Context::at(chrono::NaiveDateTime::default());
            let found: Vec<String> = mentions(text, &context).map(|mention| mention.when.to_string()).collect();
            assert_eq!(found, [day], "{text}");
        }
        // Days that do not exist, and numbers.
        for text in ["۳۰ اسفند ۱۴۰۴", "۳۱ مهر ۱۴۰۴", "1404/12/14", "۱۴۰۴/۱۳/۱۴", "۱۴ اسفند ۹۰۴"]
        {
            assert_eq!(mentions(text, &Context::at(chrono::NaiveDateTime::default())).count(), 0, "{text}");
        }
    }
}
