//! Dates told from now: "yesterday", "3 days ago", "vor 3 Tagen", "3天前", "上周五".

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use super::cursor::Cursor;
use super::vocabulary::{self, Word};
use super::{Context, Manner, Reading, chinese, clock, in_years, weekday};
use crate::draft::When;

/// A unit of time that is counted back from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// The largest count of units that is believed.
const MOST_UNITS: u32 = 999;

/// "3 days ago", "an hour ago", "half an hour ago"
pub(super) fn ago(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let count = match cursor.attempt(Cursor::number) {
        Some(number) => number.small()?,
        None => match vocabulary::meaning(cursor.word()?)? {
            Word::Number(number) => number,
            Word::A => 1,
            Word::Half => return half_an_hour(cursor, context),
            _ => return None,
        },
    };
    cursor.spaces();
    let Word::Unit(unit) = vocabulary::meaning(cursor.word()?)? else { return None };
    word_ago(cursor)?;
    back(cursor, context, count, unit)
}

/// "vor 3 Tagen", "il y a 2 heures", "hace una semana"
pub(super) fn before(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let behind = cursor.behind().0;
    let ahead = match cursor.word()?.to_ascii_lowercase().as_str() {
        "vor" => GERMAN,
        "hace" => SPANISH,
        "il" => {
            cursor.eat_any(&[" y a"])?;
            FRENCH
        }
        _ => return None,
    };
    // A hyphen joins it to another word.
    if behind == Some('-') || !cursor.spaces() {
        return None;
    }
    let count = match cursor.attempt(Cursor::number) {
        Some(number) => number.small()?,
        None => {
            let word = cursor.word()?.to_lowercase();
            matches!(word.as_str(), "einer" | "einem" | "un" | "une" | "una").then_some(1)?
        }
    };
    cursor.spaces().then_some(())?;
    let word = cursor.word()?.to_lowercase();
    let unit = ahead.iter().find(|(names, _)| names.contains(&word.as_str())).map(|(_, unit)| *unit)?;
    back(cursor, context, count, unit)
}

/// Units of time as they stand after what tells them from now, in small letters.
type Units = &'static [(&'static [&'static str], Unit)];

const GERMAN: Units = &[
    (&["sekunde", "sekunden"], Unit::Second),
    (&["minute", "minuten", "min"], Unit::Minute),
    (&["stunde", "stunden", "std"], Unit::Hour),
    (&["tag", "tagen"], Unit::Day),
    (&["woche", "wochen"], Unit::Week),
    (&["monat", "monaten"], Unit::Month),
    (&["jahr", "jahren"], Unit::Year),
];
const FRENCH: Units = &[
    (&["seconde", "secondes"], Unit::Second),
    (&["minute", "minutes", "min"], Unit::Minute),
    (&["heure", "heures", "h"], Unit::Hour),
    (&["jour", "jours"], Unit::Day),
    (&["semaine", "semaines"], Unit::Week),
    (&["mois"], Unit::Month),
    (&["an", "ans"], Unit::Year),
];
const SPANISH: Units = &[
    (&["segundo", "segundos"], Unit::Second),
    (&["minuto", "minutos", "min"], Unit::Minute),
    (&["hora", "horas", "h"], Unit::Hour),
    (&["día", "días"], Unit::Day),
    (&["semana", "semanas"], Unit::Week),
    (&["mes", "meses"], Unit::Month),
    (&["año", "años"], Unit::Year),
];

fn half_an_hour(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    cursor.spaces();
    matches!(vocabulary::meaning(cursor.word()?)?, Word::A).then_some(())?;
    cursor.spaces();
    matches!(vocabulary::meaning(cursor.word()?)?, Word::Unit(Unit::Hour)).then_some(())?;
    word_ago(cursor)?;
    back(cursor, context, 30, Unit::Minute)
}

fn word_ago(cursor: &mut Cursor) -> Option<()> {
    cursor.spaces();
    matches!(vocabulary::meaning(cursor.word()?)?, Word::Ago).then_some(())
}

/// "yesterday", "today at 10:20"
pub(super) fn named_day(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let large = cursor.peek().is_some_and(char::is_uppercase);
    let inside = large && !starts_sentence(*cursor);
    let Word::Day(days) = vocabulary::meaning(cursor.word()?)? else { return None };
    // "USA Today" is a name, "today's" speaks of no day.
    if inside || cursor.peek().is_some_and(|c| matches!(c, '\'' | '’' | '-') || c.is_alphanumeric()) {
        return None;
    }
    on_day(cursor, context, days)
}

fn starts_sentence(cursor: Cursor) -> bool {
    cursor.past().trim_end().chars().next_back().is_none_or(|c| !(c.is_alphanumeric() || matches!(c, ',' | '&' | '\'')))
}

/// "last Friday", "last night", "last month"; "last week" names no day and no month, so it is none.
pub(super) fn last(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    matches!(vocabulary::meaning(cursor.word()?)?, Word::Last).then_some(())?;
    cursor.spaces();
    match vocabulary::meaning(cursor.word()?)? {
        Word::Weekday(weekday) => {
            let today = i64::from(context.now.weekday().num_days_from_monday());
            let wanted = i64::from(weekday.num_days_from_monday());
            on_day(cursor, context, -((today - wanted - 1).rem_euclid(7) + 1))
        }
        Word::Night => on_day(cursor, context, -1),
        Word::Unit(unit @ (Unit::Month | Unit::Year)) => back(cursor, context, 1, unit),
        _ => None,
    }
}

/// 3天前, 5小时前, 半小时前, 两个月前
pub(super) fn chinese_ago(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let half = cursor.eat(|c| c == '半').is_some();
    let count = if half { 30 } else { chinese::numeral(cursor)?.small()? };
    cursor.spaces();
    let unit = chinese_unit(cursor)?;
    if half && unit != Unit::Hour {
        return None;
    }
    cursor.spaces();
    cursor.eat_any(&["以前", "之前", "前"])?;
    // 提前3天前往: that 前 belongs to the next word.
    if cursor.peek().is_some_and(|c| "往来來后後方进進期景提夕任".contains(c)) {
        return None;
    }
    back(cursor, context, count, if half { Unit::Minute } else { unit })
}

fn chinese_unit(cursor: &mut Cursor) -> Option<Unit> {
    cursor.eat(|c| matches!(c, '个' | '個'));
    let units: [(&[&str], Unit); 7] = [
        (&["秒钟", "秒鐘", "秒"], Unit::Second),
        (&["分钟", "分鐘"], Unit::Minute),
        (&["小时", "小時", "钟头", "鐘頭"], Unit::Hour),
        (&["天"], Unit::Day),
        (&["周", "週", "星期", "礼拜", "禮拜"], Unit::Week),
        (&["月"], Unit::Month),
        (&["年"], Unit::Year),
    ];
    units.into_iter().find_map(|(names, unit)| cursor.eat_any(names).map(|()| unit))
}

/// 昨天, 前天, 今晚8点, 昨日 10:20
pub(super) fn chinese_day(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let behind = cursor.behind().0;
    let days = if cursor.eat_any(&["大前天"]).is_some() {
        -3
    } else {
        let days = match cursor.eat(|_| true)? {
            // 目前天气, 提前天数: that 前 belongs to the word before.
            '前' if behind.is_some_and(|c| "目当當以从從提之空眼跟先年生".contains(c)) => return None,
            '前' => -2,
            '昨' => -1,
            '今' => 0,
            '明' => 1,
            _ => return None,
        };
        match cursor.peek()? {
            '天' | '日' => cursor.eat(|_| true)?,
            // The part of the day is read again with its hour.
            '晚' | '夜' | '早' | '晨' if days == -1 || days == 0 => '天',
            _ => return None,
        };
        days
    };
    // 今日头条 is a name, 前天气 two words.
    if cursor.peek().is_some_and(|c| "头頭气氣数數生".contains(c)) {
        return None;
    }
    let reading = on_day(cursor, context, days)?;
    cursor.eat(|c| matches!(c, '晚' | '夜' | '早' | '晨'));
    Some(reading)
}

/// 上周五, 本周三
pub(super) fn chinese_weekday(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let weeks = match cursor.eat(|_| true)? {
        '上' => -1,
        '本' | '这' | '這' => 0,
        _ => return None,
    };
    cursor.eat(|c| matches!(c, '个' | '個'));
    weekday::week(cursor)?;
    let wanted = weekday::day_of_week(cursor)?;
    let today = i64::from(context.now.weekday().num_days_from_monday());
    on_day(cursor, context, weeks * 7 + wanted - today)
}

/// The day so many days from today, with its time.
fn on_day(cursor: &mut Cursor, context: &Context, days: i64) -> Option<Reading> {
    let day = in_years(context.now.date().checked_add_signed(TimeDelta::try_days(days)?)?)?;
    Some(Reading { when: clock::after(cursor, day, false), until: None, manner: Manner::Relative })
}

/// So many units before now, no finer than the unit; a day of weeks ago is taken at its word. A year is as good as a
/// lone year.
fn back(cursor: &mut Cursor, context: &Context, count: u32, unit: Unit) -> Option<Reading> {
    if count > MOST_UNITS {
        return None;
    }
    let now = context.now;
    let seconds = match unit {
        Unit::Second => 1,
        Unit::Minute => 60,
        Unit::Hour => 3600,
        Unit::Day => return on_day(cursor, context, -i64::from(count)),
        Unit::Week => return on_day(cursor, context, -7 * i64::from(count)),
        Unit::Month => {
            let day = in_years(now.date().checked_sub_months(Months::new(count))?)?;
            return Some(Reading { when: month_of(day), until: None, manner: Manner::Relative });
        }
        Unit::Year => {
            let day = in_years(now.date().checked_sub_months(Months::new(count * 12))?)?;
            return Some(Reading { when: When::Year(day.year()), until: None, manner: Manner::BareYear });
        }
    };
    let then = now.checked_sub_signed(TimeDelta::try_seconds(seconds * i64::from(count))?)?;
    in_years(then.date())?;
    Some(Reading { when: When::Local(then), until: None, manner: Manner::Relative })
}

fn month_of(day: NaiveDate) -> When {
    When::Month(day.year(), day.month())
}
