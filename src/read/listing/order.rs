//! In which order the figures of a list's dates stand: what one of them leaves open, many together do not.

use chrono::{Datelike, NaiveDate};

use super::super::date::{self, Context, NumericOrder};
use super::super::{Policy, order};
use super::Habits;
use crate::draft::Precision;

/// Dates that have to be told before it counts how close they lie together.
const FEWEST: usize = 4;
/// So many times as long has the span of dates to be that are read in the wrong order.
const WIDER: i64 = 3;
/// The first year of news on the web.
const FIRST_YEAR: i32 = 1995;

/// What is known of the dates of a list before they are read.
pub(super) fn before(language: Option<&str>, known: &Habits, policy: Policy) -> Context {
    let year_first = known.year_first.unwrap_or_else(|| language.is_some_and(order::writes_year_first));
    Context { year_first, numeric_order: known.numeric_order, ..Context::at(policy.local()) }
}

/// Whether so many of some dates are of three figures of two digits that they tell whether the year stands first.
pub(super) fn are_of_two_figures(raw: &[&str]) -> bool {
    let short = raw.iter().filter(|raw| order::is_of_two_figures(raw)).count();
    short > 0 && short * 2 >= raw.len()
}

/// The context in which the dates of a list are to be read, by how they were written. `known` is that in which they were.
///
/// What can be read in one way only tells all others; then the language of the page does; then that news does not lie ahead, stands
/// in its order, and lies close together.
pub(super) fn of(raw: &[&str], language: Option<&str>, known: &Context, policy: Policy) -> Context {
    let are_short = are_of_two_figures(raw);
    if are_short {
        let year_last = Context { year_first: false, ..*known };
        let year_first = Context { year_first: true, ..*known };
        let is_likelier = if known.year_first {
            !Days::of(raw, &year_last).are_likelier(&Days::of(raw, &year_first))
        } else {
            Days::of(raw, &year_first).are_likelier(&Days::of(raw, &year_last))
        };
        if is_likelier {
            return year_first;
        }
    }
    // A few among others stand as their language writes them.
    let proven = order::of_text(&raw.join("\n"), policy);
    let numeric_order = proven.or(known.numeric_order);
    let known = Context { year_first: known.year_first && !are_short, numeric_order, ..*known };
    let is_open =
        |raw: &&str| date::first(raw, &known).is_some_and(|mention| mention.manner == date::Manner::EitherOrder);
    if !raw.iter().any(is_open) {
        return known;
    }
    let numeric_order = language.and_then(order::of_language).or_else(|| {
        let days = |numeric_order| Days::of(raw, &Context { numeric_order: Some(numeric_order), ..known });
        let (day_first, month_first) = (days(NumericOrder::DayFirst), days(NumericOrder::MonthFirst));
        if day_first.are_likelier(&month_first) {
            Some(NumericOrder::DayFirst)
        } else if month_first.are_likelier(&day_first) {
            Some(NumericOrder::MonthFirst)
        } else {
            None
        }
    });
    Context { numeric_order, ..known }
}

/// The days of a list, read in one way.
struct Days {
    /// How many are told.
    told: usize,
    /// Whether one lies ahead, or before there was news on the web.
    lie_outside: bool,
    /// Whether the list begins with the newest, and is in its order.
    fall: bool,
    /// Days between the first and the last.
    span: i64,
}

impl Days {
    fn of(raw: &[&str], context: &Context) -> Self {
        let day = |raw: &&str| {
            let mention = date::first(raw, context)?;
            mention.when.first_day().filter(|_| mention.when.precision() >= Precision::Day)
        };
        let days: Vec<NaiveDate> = raw.iter().filter_map(day).collect();
        let tomorrow = context.now.date().succ_opt();
        let (first, last) = (days.iter().min(), days.iter().max());
        Self {
            told: days.len(),
            lie_outside: last.is_some_and(|last| tomorrow.is_some_and(|tomorrow| *last > tomorrow))
                || first.is_some_and(|first| first.year() < FIRST_YEAR),
            fall: days.is_sorted_by(|one, next| one >= next),
            span: first.zip(last).map_or(0, |(first, last)| (*last - *first).num_days()),
        }
    }

    /// Whether they are those of a list of news rather than others are.
    fn are_likelier(&self, other: &Self) -> bool {
        if self.told != other.told {
            return self.told > other.told;
        }
        if self.lie_outside != other.lie_outside {
            return other.lie_outside;
        }
        if self.told < FEWEST {
            return false;
        }
        // The first may be an older one that is kept at the top: what falls only over many years does so by chance.
        if self.fall == other.fall {
            self.span * WIDER < other.span
        } else {
            self.fall && self.span <= (other.span + 1) * WIDER
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    /// How the first of some dates is read on a page of that language.
    #[track_caller]
    fn check(language: Option<&str>, raw: &[&str], expected: &str) {
        let now = chrono::Utc.with_ymd_and_hms(2026, 11, 23, 8, 0, 0).single().expect("a time");
        let policy = Policy { now, timezone: crate::source::Tz::UTC };
        let context = of(raw, language, &before(language, &Habits::default(), policy), policy);
        let first = raw.first().and_then(|raw| date::first(raw, &context)).map(|mention| mention.when.to_string());
        assert_eq!(first.as_deref(), Some(expected), "{language:?} {raw:?}");
    }

    #[test]
    fn a_list_tells_in_which_order_its_figures_stand() {
        let november = ["12/11/2026", "09/11/2026", "05/11/2026", "02/11/2026"];
        check(Some("en"), &november, "2026-11-12");
        check(Some("en-US"), &november, "2026-12-11");
        check(None, &["11/12/2026", "11/09/2026", "11/05/2026", "11/02/2026"], "2026-11-12");
        check(None, &["03/04/2026", "02/04/2026", "01/04/2026", "12/03/2026"], "2026-04-03");
        check(None, &["03/04/2026", "04/25/2026"], "2026-03-04");
        let short = ["26.10.20", "26.10.19", "26.10.12", "26.09.30"];
        check(Some("ko"), &short, "2026-10-20");
        check(None, &short, "2026-10-20");
        check(Some("ko"), &["26-10-20"], "2026-10-20");
        check(Some("de"), &["20.10.26", "19.10.26", "12.10.26", "30.09.26"], "2026-10-20");
        check(Some("zh"), &["20.10.26", "30.09.26"], "2026-10-20");
        check(Some("ko"), &["18.11.26", "31.10.26"], "2026-11-18");
        check(Some("zh"), &["31.10.26", "20.10.26", "18.10.26", "15.10.26"], "2026-10-31");
        check(Some("zh"), &["20.10.26", "18.10.26", "15.10.26", "12.10.26"], "2026-10-20");
        check(Some("ko"), &["26.10.20", "26.10.18", "26.10.15", "26.10.12"], "2026-10-20");
        check(Some("zh"), &["20.10.26", "20.09.30"], "2020-10-26");
        check(Some("ko"), &["26.10.20", "2026.10.18", "2026.10.12"], "2026-10-20");
    }
}
