//! Finds the dates and names in a text, and says how much each is worth.

use chrono::NaiveDate;

use super::residue::{tells_when, width};
use super::words::Words;
use super::{Policy, date};
use crate::draft::{DateClaim, Draft, Evidence, Precision, When};

/// Paragraphs at the start of a text whose dates tell when it happened.
const LEAD: usize = 2;
/// Paragraphs of a text that are searched.
const MOST: usize = 42;
/// Bytes of a paragraph that are searched.
const REACH: usize = 4_000;

/// Claims the dates of a story's paragraphs: those of its lead, of the line that ends it, and of its title.
pub(super) fn claim(paragraphs: &[String], draft: &mut Draft, policy: Policy) {
    let context = context(draft, policy);
    let today = policy.local().date();
    // The end of a notice: an office, and below it the day, alone on its line.
    let signed = paragraphs.iter().rev().take(3).find_map(|paragraph| whole_line(paragraph, &context));
    draft.dates.extend(signed);
    let mut lead: Option<DateClaim> = None;
    // When an event takes place says nothing of its notice, where that has a date of its own.
    let is_of_event = |text: &str| draft.event.is_some() && !draft.dates.is_empty() && tells_when(text);
    let told: Vec<&String> = paragraphs.iter().filter(|text| !is_of_event(text)).take(LEAD).collect();
    for (index, paragraph) in told.into_iter().enumerate() {
        if lead.is_some() {
            break;
        }
        lead = dated(paragraph, Evidence::Prose, &context, today, &mut draft.notes);
        if index == 0
            && let Some(claim) = &mut lead
            && is_dateline(paragraph, claim)
        {
            claim.evidence = Evidence::Dateline;
        }
    }
    let title = draft.title.as_deref();
    let title = title.and_then(|title| dated(title, Evidence::Visible, &context, today, &mut draft.notes));
    draft.event = draft.event.take().or_else(|| lead.clone().filter(|claim| claim.when.precision() >= Precision::Day));
    draft.dates.extend([lead, title].into_iter().flatten());
}

/// Claims the first date further down in a text of which nothing else tells the date.
pub(super) fn claim_further(paragraphs: &[String], draft: &mut Draft, policy: Policy) {
    if !draft.dates.is_empty() {
        return;
    }
    let context = context(draft, policy);
    let today = policy.local().date();
    let mut further = paragraphs.iter().take(MOST).skip(LEAD);
    let claim = further.find_map(|paragraph| dated(paragraph, Evidence::Visible, &context, today, &mut draft.notes));
    draft.dates.extend(claim);
}

/// Claims the date behind a label.
pub(super) fn claim_label(strong: bool, value: &str, draft: &mut Draft, policy: Policy) {
    let evidence = if strong { Evidence::StrongLabel } else { Evidence::WeakLabel };
    let told = |mention: &date::Mention| mention.manner != date::Manner::BareYear;
    if let Some(mention) = first(value, &date::Context::at(policy.local()), &mut draft.notes, told) {
        let claim = mention.claim(value, evidence);
        if !strong {
            draft.updated.push(claim.clone());
        }
        draft.dates.push(claim);
    }
}

/// Claims the date in the path of an address: `/2023/1105/`, `/202306/t20230615_1.html`, `/2023/11/05/`.
pub(super) fn date_of_address(path: &str, draft: &mut Draft) {
    if let Some((when, raw)) = date_of_path(path) {
        let evidence = if when.precision() >= Precision::Day { Evidence::AddressDay } else { Evidence::AddressMonth };
        draft.dates.push(DateClaim::new(when, evidence, raw));
    }
}

/// Claims the date in a file's name, `2025-03-05-title.md` or `5.3.2025 title.md`, which say it on purpose; else what may mean
/// it: `minutes_20250305.txt`, or a folder of that day.
pub(super) fn date_of_name(path: &[u8], draft: &mut Draft) {
    let path = String::from_utf8_lossy(path);
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
    if let Some((day, raw)) = day_at_start(name) {
        draft.dates.push(DateClaim::new(When::Day(day), Evidence::AddressDay, raw));
        return;
    }
    let mut runs = name.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 8);
    let told = runs.find_map(|run| Some((eight_digits(run)?, run.to_owned())));
    let told = told.or_else(|| folders.rsplit('/').find_map(day_at_start)).or_else(|| match date_of_path(folders)? {
        (When::Day(day), raw) => Some((day, raw)),
        _ => None,
    });
    if let Some((day, raw)) = told {
        draft.dates.push(DateClaim::new(When::Day(day), Evidence::AddressMonth, raw));
    }
}

/// The day that a name begins with: `2025-03-05`, `5.3.2025`, `25-03-2025`, `2025年3月5日`. Month and day in an order that
/// nothing tells are none.
fn day_at_start(name: &str) -> Option<(NaiveDate, String)> {
    let is_mark = |c: char| matches!(c, '-' | '_' | '.' | '年' | '月');
    let mut parts = name.splitn(3, is_mark);
    let (first, second, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let third = rest.get(..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()))?;
    let number = |digits: &str| digits.parse::<u32>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let (one, two, three) = (number(first)?, number(second)?, number(third)?);
    let are_lengths = |year: &str, others: [&str; 2]| year.len() == 4 && others.iter().all(|part| part.len() <= 2);
    let marks: Vec<char> = name.chars().filter(|c| is_mark(*c)).take(2).collect();
    let (year, month, day) = match marks.as_slice() {
        ['年', '月'] | ['-' | '_' | '.', '-' | '_' | '.'] if are_lengths(first, [second, third]) => (one, two, three),
        ['.', '.'] if are_lengths(third, [first, second]) => (three, two, one),
        ['-', '-'] | ['_', '_'] if are_lengths(third, [first, second]) && one > 12 => (three, two, one),
        _ => return None,
    };
    let year = i32::try_from(year).ok().filter(|year| (1990..2100).contains(year))?;
    let raw = name.get(..name.len() - rest.len() + third.len())?;
    Some((NaiveDate::from_ymd_opt(year, month, day)?, raw.to_owned()))
}

/// How dates of a draft are read: its year is that of a stronger claim, if there is one.
fn context(draft: &Draft, policy: Policy) -> date::Context {
    let mut context = date::Context::at(policy.local());
    context.year = draft.dates.iter().min_by_key(|claim| claim.evidence).map(|claim| claim.when.year());
    context
}

/// The first date of a text that can be that of a story.
fn dated(
    text: &str,
    evidence: Evidence,
    context: &date::Context,
    today: NaiveDate,
    notes: &mut Vec<String>,
) -> Option<DateClaim> {
    let mut reach = text.len().min(REACH);
    while !text.is_char_boundary(reach) {
        reach -= 1;
    }
    let text = text.get(..reach)?;
    let fits = |mention: &date::Mention| {
        let either = mention.manner == date::Manner::EitherOrder;
        let past = either || mention.when.first_day().is_some_and(|day| day <= today + chrono::TimeDelta::days(1));
        let kind = either || matches!(mention.manner, date::Manner::Written | date::Manner::YearInferred);
        // Relative words count from the day of writing, which is what we look for; seasons and years are no dates of news.
        past && kind && mention.when.year() >= 1995 && !is_founding(text.get(..mention.range.start).unwrap_or(""))
    };
    // A day of an unknown year is most likely of another than this.
    let guessed = |mention: &date::Mention| mention.manner == date::Manner::YearInferred && context.year.is_none();
    first(text, context, notes, fits).map(|mention| {
        let evidence = if guessed(&mention) { evidence.max(Evidence::Visible) } else { evidence };
        mention.claim(text, evidence)
    })
}

/// The first date that fits; a day that does not exist is noted on the way.
fn first(
    text: &str,
    context: &date::Context,
    notes: &mut Vec<String>,
    fits: impl Fn(&date::Mention) -> bool,
) -> Option<date::Mention> {
    for mention in date::mentions(text, context) {
        if mention.manner == date::Manner::NoSuchDay {
            let words = text.get(mention.range).unwrap_or_default();
            notes.push(format!("names {words:?}, a day that does not exist and is passed over: correct it"));
        } else if fits(&mention) {
            return Some(mention);
        }
    }
    None
}

/// Whether what stands before a date says that it is that of a beginning long ago.
pub(super) fn is_founding(before: &str) -> bool {
    static WORDS: Words = Words::new(&[
        "founded", "established in", "established on", "born", "since", "dating back", "dates from", "成立于",
        "创建于", "始建于", "建于", "创办于", "出生", "生于", "自",
    ]);
    let start = before.char_indices().rev().nth(24).map_or(0, |(at, _)| at);
    let near = before.get(start..).unwrap_or(before).to_lowercase();
    WORDS.are_in(&near)
}

/// The date of a line that is nothing else.
pub(super) fn date_line(text: &str, policy: Policy) -> Option<DateClaim> {
    whole_line(text, &date::Context::at(policy.local()))
}

/// A line that is nothing but a date.
pub(super) fn whole_line(text: &str, context: &date::Context) -> Option<DateClaim> {
    if text.len() > 160 || width(text) > 40 {
        return None;
    }
    let mention = date::mentions(text, context).next()?;
    let written = matches!(mention.manner, date::Manner::Written | date::Manner::EitherOrder)
        && mention.when.precision() >= Precision::Day;
    let around = [text.get(..mention.range.start)?, text.get(mention.range.end..)?].concat();
    let alone = around.chars().filter(|c| c.is_alphanumeric()).count() <= 1;
    (written && alone).then(|| mention.claim(text, Evidence::Dateline))
}

/// "CHONGQING, Nov. 5 (Xinhua) --", "本网讯 11月5日": the date of the report, not of the event.
fn is_dateline(paragraph: &str, claim: &DateClaim) -> bool {
    let Some(at) = paragraph.find(&claim.raw) else { return false };
    let (before, behind) = paragraph.split_at(at);
    let behind = behind.strip_prefix(claim.raw.as_str()).unwrap_or(behind).trim_start();
    let city = width(before) <= 40
        && before.trim_end().ends_with([',', '，'])
        && before.chars().filter(|c| c.is_alphabetic()).all(|c| c.is_uppercase() || !c.is_ascii());
    let agency = behind.starts_with(['(', '（'])
        || behind.starts_with("--")
        || behind.starts_with('—')
        || behind.starts_with('电');
    agency && (city || before.is_empty())
}

/// A date in a path, as fine as it is told there.
pub(super) fn date_of_path(path: &str) -> Option<(When, String)> {
    let parts: Vec<&str> = path.split('/').collect();
    let number = |text: &str, length: usize| (text.len() == length).then(|| text.parse::<u32>().ok()).flatten();
    let year = |text: &str| {
        number(text, 4).filter(|year| (1995..2100).contains(year)).and_then(|year| i32::try_from(year).ok())
    };
    let mut month = None;
    for (at, part) in parts.iter().enumerate() {
        // t20230615_1.html, 20230615/: eight digits that are a day.
        if let Some((day, run)) =
            part.split(|c: char| !c.is_ascii_digit()).find_map(|run| Some((eight_digits(run)?, run)))
        {
            return Some((When::Day(day), run.to_owned()));
        }
        let Some(year) = year(part) else { continue };
        let next = |ahead: usize| parts.get(at + ahead).copied().unwrap_or("");
        let short = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 2);
        let day = match (short(next(1)), short(next(2)), number(next(1), 4)) {
            (Some(month), Some(day), _) => NaiveDate::from_ymd_opt(year, month, day),
            (_, _, Some(both)) => NaiveDate::from_ymd_opt(year, both / 100, both % 100),
            _ => None,
        };
        if let Some(day) = day {
            return Some((When::Day(day), path.to_owned()));
        }
        if let Some(number) = short(next(1)).filter(|month| (1..=12).contains(month)) {
            month = month.or(Some((When::Month(year, number), path.to_owned())));
        }
    }
    // /202306/
    let six = |part: &&str| {
        let (both, year) = (number(part, 6)?, year(part.get(..4)?)?);
        Some((When::Month(year, Some(both % 100).filter(|month| (1..=12).contains(month))?), (*part).to_owned()))
    };
    month.or_else(|| parts.iter().find_map(six))
}

fn eight_digits(run: &str) -> Option<NaiveDate> {
    let number: u32 = (run.len() == 8).then(|| run.parse().ok()).flatten()?;
    let year = i32::try_from(number / 10_000).ok().filter(|year| (1995..2100).contains(year))?;
    NaiveDate::from_ymd_opt(year, number / 100 % 100, number % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_in_a_name_or_folder_is_found() {
        let told = |path: &str| {
            let mut draft = Draft::default();
            date_of_name(path.as_bytes(), &mut draft);
            draft.dates.first().map(|claim| (claim.when.to_string(), claim.evidence))
        };
        let day = || "2026-02-14".to_owned();
        for name in [
            "2026-02-14-x.md",
            "2026-2-14.md",
            "2026_02_14 x.md",
            "2026.02.14.md",
            "14.02.2026 x.md",
            "14.2.2026.md",
            "14-02-2026-x.md",
            "2026年2月14日通知.md",
            "news/2025-01-01/14.02.2026.md",
        ] {
            assert_eq!(told(name), Some((day(), Evidence::AddressDay)), "{name}");
        }
        for name in ["x_20260214.md", "2026/02/14/x.md", "2026/0214/x.md", "2026-02-14/x.md", "20260214/a/x.md"] {
            assert_eq!(told(name), Some((day(), Evidence::AddressMonth)), "{name}");
        }
        // A month is that of many; so may a number be; and which is the month?
        for name in [
            "2026/02/x.md", "2026/02/01-x.md", "03-04-2026-x.md", "1.2.2026234.md", "v1.2.3.md", "2026-02-30.md",
            "12.5.1.md",
        ] {
            assert_eq!(told(name), None, "{name}");
        }
    }
}
