//! Decides whether `03/04/2026` is in March or in April, by what else its document tells.

use chrono::{Datelike, NaiveDate};

use super::date::{self, Context, Manner, NumericOrder};
use super::{Draft, Policy};
use crate::draft::{DateClaim, Doubt, Evidence, Precision};

/// Reads the dates whose day and month may stand in either order anew, in the order that something tells: another date
/// in the text that can be read in one way only, another claim that is equal to one of the readings, a reading that
/// lies in the future, or the language. Where nothing does, they stay doubtful, month first.
pub(super) fn settle(draft: &mut Draft, text: &str, policy: Policy) {
    if draft.language.as_deref().is_some_and(writes_year_first) {
        let context = Context { year_first: true, ..Context::at(policy.local()) };
        // `31.12.25`: of the other order, whatever the language.
        let is_of_news = |day: NaiveDate| day.year() >= 1995;
        for claim in draft.dates.iter_mut().chain(&mut draft.updated).chain(&mut draft.event) {
            if is_of_two_figures(&claim.raw)
                && let Some(mention) = date::first(&claim.raw, &context)
                && mention.when.first_day().is_some_and(is_of_news)
            {
                (claim.when, claim.until, claim.doubt) = (mention.when, mention.until, Doubt::None);
            }
        }
    }
    if !claims(draft).any(|claim| claim.doubt == Doubt::Order) {
        return;
    }
    let order = of_text(text, policy)
        .or_else(|| of_claims(draft, policy))
        .or_else(|| draft.language.as_deref().and_then(of_language));
    let Draft { dates, updated, event, notes, .. } = draft;
    for claim in dates.iter_mut().chain(updated).chain(event).filter(|claim| claim.doubt == Doubt::Order) {
        if let Some(decided) = order.and_then(|order| read_in(order, claim, policy)) {
            *claim = decided;
        } else if claim.evidence <= Evidence::FrontMatter {
            notes.push(format!(
                "has the date {:?}, whose day and month may stand in either order: it is read as {}, write it so or as \
                 it is meant",
                claim.raw, claim.when
            ));
        }
    }
}

fn claims(draft: &Draft) -> impl Iterator<Item = &DateClaim> {
    draft.dates.iter().chain(&draft.updated).chain(&draft.event)
}

/// A claim as it reads in an order of its figures.
fn read_in(order: NumericOrder, claim: &DateClaim, policy: Policy) -> Option<DateClaim> {
    let context = Context { numeric_order: Some(order), ..Context::at(policy.local()) };
    let mention = date::first(&claim.raw, &context)?;
    Some(DateClaim { when: mention.when, until: mention.until, doubt: Doubt::None, ..claim.clone() })
}

/// The one order of which there is a proof, if there is none of the other.
fn only(orders: impl Iterator<Item = NumericOrder>) -> Option<NumericOrder> {
    let mut found = None;
    for order in orders {
        if found.is_some_and(|found| found != order) {
            return None;
        }
        found = Some(order);
    }
    found
}

/// The order of the dates in a text that can be read in one way only: one figure is too large for a month, or a weekday tells.
pub(super) fn of_text(text: &str, policy: Policy) -> Option<NumericOrder> {
    let context = Context::at(policy.local());
    only(date::mentions(text, &context).filter_map(|mention| {
        let mut figures = text.get(mention.range)?.split(['/', '-']);
        // "Monday 2/3/2026"
        let weekday = |c: char| !c.is_ascii_digit();
        let (first, second) = (figures.next()?.trim_start_matches(weekday), figures.next()?);
        let (first, second) = (first.trim().parse::<u32>().ok()?, second.trim().parse::<u32>().ok()?);
        let is_told = mention.manner == Manner::Written || first > 12 || second > 12;
        let day = mention.when.first_day().filter(|_| is_told && first != second)?;
        match (day.day(), day.month()) {
            read if read == (first, second) => Some(NumericOrder::DayFirst),
            read if read == (second, first) => Some(NumericOrder::MonthFirst),
            _ => None,
        }
    }))
}

/// The order in which a doubtful claim is equal to one that is not, or does not lie in the future.
fn of_claims(draft: &Draft, policy: Policy) -> Option<NumericOrder> {
    const ORDERS: [NumericOrder; 2] = [NumericOrder::MonthFirst, NumericOrder::DayFirst];
    let reading = |claim: &DateClaim, order| Some((order, read_in(order, claim, policy)?.when.first_day()?));
    let readings = || {
        let doubtful = claims(draft).filter(|claim| claim.doubt == Doubt::Order);
        doubtful.flat_map(move |claim| ORDERS.into_iter().filter_map(move |order| reading(claim, order)))
    };
    let sure = |claim: &&DateClaim| claim.doubt != Doubt::Order && claim.when.precision() >= Precision::Day;
    let days: Vec<_> = claims(draft).filter(sure).filter_map(|claim| claim.when.first_day()).collect();
    only(readings().filter(|(_, day)| days.contains(day)).map(|(order, _)| order)).or_else(|| {
        // What took place may be announced, but nothing was published tomorrow.
        let tomorrow = policy.local().date().succ_opt()?;
        let published = draft.dates.iter().chain(&draft.updated).filter(|claim| claim.doubt == Doubt::Order);
        let readings = published.flat_map(|claim| ORDERS.into_iter().filter_map(move |order| reading(claim, order)));
        only(readings.filter(|(_, day)| *day > tomorrow).map(|(order, _)| match order {
            NumericOrder::MonthFirst => NumericOrder::DayFirst,
            NumericOrder::DayFirst => NumericOrder::MonthFirst,
        }))
    })
}

/// The order that people of a language write (Unicode CLDR, short dates). `None`: they write both, or the year first.
pub(super) fn of_language(tag: &str) -> Option<NumericOrder> {
    let tag = tag.to_ascii_lowercase().replace('_', "-");
    let (language, region) = tag.split_once('-').unwrap_or((&tag, ""));
    match (language, region) {
        ("en", "us") => Some(NumericOrder::MonthFirst),
        ("en", "" | "ca" | "ph") | ("zh" | "ja" | "ko" | "mn" | "hu" | "lt" | "sv", _) => None,
        (language, _) => matches!(language.len(), 2 | 3).then_some(NumericOrder::DayFirst),
    }
}

/// Whether people of a language write `26.10.20` with the year first (Unicode CLDR, short dates).
pub(super) fn writes_year_first(tag: &str) -> bool {
    let language = tag.split(['-', '_']).next().unwrap_or_default();
    ["zh", "ja", "ko"].iter().any(|known| language.eq_ignore_ascii_case(known))
}

/// Whether a date begins with three figures of two digits each, so that its year may stand first or last.
pub(super) fn is_of_two_figures(raw: &str) -> bool {
    let raw = raw.trim_start().as_bytes();
    let date = raw.get(..8).unwrap_or_default();
    let are_marked = |mark: u8| date.get(2) == Some(&mark) && date.get(5) == Some(&mark);
    let is_digit = |at: &usize| raw.get(*at).is_some_and(u8::is_ascii_digit);
    b"./-".iter().any(|mark| are_marked(*mark)) && [0, 1, 3, 4, 6, 7].iter().all(is_digit) && !is_digit(&8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::When;

    /// What becomes of `03/04/2026` in some front matter, in a document with that language and text.
    #[track_caller]
    fn check(language: Option<&str>, text: &str, now: &str, expected: Option<&str>) {
        let now = now.parse().expect("a time");
        let policy = Policy { now, timezone: "Asia/Shanghai".parse().unwrap() };
        let mention = date::first("03/04/2026", &Context::at(policy.local())).expect("a date");
        let mut draft = Draft { language: language.map(str::to_owned), ..Draft::default() };
        draft.dates.push(mention.claim("03/04/2026", Evidence::FrontMatter));
        super::super::prose::claim(&[text.to_owned()], &mut draft, policy);
        settle(&mut draft, text, policy);
        let claim = &draft.dates[draft.dates.iter().position(|claim| claim.raw == "03/04/2026").expect("a claim")];
        let day = When::Day(expected.unwrap_or("2026-03-04").parse().expect("a day"));
        assert_eq!(
            (claim.when, claim.doubt == Doubt::Order, draft.notes.len()),
            (day, expected.is_none(), usize::from(expected.is_none()))
        );
        assert_eq!(claim.confidence() <= 0.5, expected.is_none());
    }

    #[test]
    fn day_and_month_are_told_apart_by_what_else_there_is() {
        let (now, march) = ("2026-06-01T00:00:00Z", "2026-03-20T00:00:00Z");
        let open = "The tide rose.";
        check(None, open, now, None);
        check(Some("en"), open, now, None);
        check(Some("zh-CN"), open, now, None);
        check(Some("en-GB"), open, now, Some("2026-04-03"));
        check(Some("de"), open, now, Some("2026-04-03"));
        check(Some("en_US"), open, now, Some("2026-03-04"));
        check(Some("en-US"), "The tide of 25/03/2026 was high.", now, Some("2026-04-03"));
        check(None, "The tide of 03/25/2026 was high.", now, Some("2026-03-04"));
        check(None, "The tide of 03/25/2026 was lower than that of 25/03/2026.", now, None);
        check(None, "On 3 April 2026 the tide rose.", now, Some("2026-04-03"));
        check(None, open, march, Some("2026-03-04"));
        // Of the second of January and of March, by their weekdays; figures without a year are no proof.
        check(None, "The tide of Friday 2/1/2026 was high.", now, Some("2026-04-03"));
        check(None, "The tide of Monday, 3/2/2026 was high.", now, Some("2026-03-04"));
        check(None, "The tide of 05/02 10:20 was high.", now, None);
    }
}
