//! Dates that somebody wrote into a field, by hand or by a program.

use super::{Policy, date};
use crate::draft::{DateClaim, Evidence, When};
use crate::source::Tz;

/// Claims the date in a field of that name; what is none is noted.
pub(super) fn claim(
    text: Option<String>,
    key: &str,
    evidence: Evidence,
    policy: Policy,
    notes: &mut Vec<String>,
    claims: &mut Vec<DateClaim>,
) {
    let Some(raw) = text else { return };
    let context = date::Context::at(policy.local());
    let raw = with_colon(&raw, &context).unwrap_or(raw);
    let in_its_zone = |when: When| match (when, zone_behind(&raw)) {
        (When::Local(time), Some(zone)) => {
            time.and_local_timezone(zone).earliest().map_or(when, |time| When::Instant(time.fixed_offset()))
        }
        _ => when,
    };
    if let Some(when) = date::machine(&raw).or_else(|| coarse(&raw)) {
        claims.push(DateClaim::new(in_its_zone(when), evidence, raw));
        return;
    }
    let mention = date::first(&raw, &context);
    match mention.filter(|mention| is_meant(mention, &raw)) {
        Some(mention) => {
            let claim = mention.claim(&raw, evidence);
            claims.push(DateClaim { when: in_its_zone(claim.when), raw: raw.clone(), ..claim });
        }
        None => notes.push(match year_out_of_range(&raw) {
            Some(year) => format!(
                "has {key} = {raw:?}, but only years from {} to {} are dates: correct {year}, or leave {key} out",
                date::YEARS.start(),
                date::YEARS.end()
            ),
            None => {
                format!("has {key} = {raw:?}, which is no date: write it as 2026-03-12 or 2026-03-12T10:30:00+08:00")
            }
        }),
    }
}

/// A date with the time behind its day written `10:30` where that is `10.30`. `None`: it is not.
fn with_colon(raw: &str, context: &date::Context) -> Option<String> {
    let is_time = |word: &&str| {
        let number = |digits: &str, below: u8| {
            digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse().is_ok_and(|number: u8| number < below)
        };
        let parts = word.split_once('.').filter(|(hours, minutes)| hours.len() <= 2 && minutes.len() == 2);
        parts.is_some_and(|(hours, minutes)| number(hours, 24) && number(minutes, 60))
    };
    let word = raw.split([' ', 'T']).find(is_time)?;
    let (day, behind) = raw.split_once(word)?;
    let day = day.trim_end_matches(['T', ' ']);
    let found = date::first(day, context)?;
    let is_day = matches!(found.when, When::Day(_)) && found.manner != date::Manner::YearInferred;
    (is_day && found.range.end == day.len()).then(|| format!("{day} {}{behind}", word.replace('.', ":")))
}

/// The zone of the tz database that is named behind a time: `2026-03-12 10:30 Europe/Berlin`, `2026-03-12T10:30[Europe/Berlin]`.
fn zone_behind(raw: &str) -> Option<Tz> {
    let (_, name) = raw.trim_end_matches([']', ')', ' ']).rsplit_once([' ', '[', '('])?;
    name.contains('/').then(|| name.parse().ok()).flatten()
}

/// Whether a date that was found in a field is what stands there, and not the part of it that was understood.
fn is_meant(found: &date::Mention, raw: &str) -> bool {
    /// The era whose years, counted from its own beginning, lie before those of news.
    const ERA: &str = "明治";
    /// What stands before a year that is all that is known.
    const ABOUT: [&str; 10] = ["", "c", "ca", "circa", "about", "year", "in", "anno", "jahr", "année"];
    let before = raw.get(..found.range.start).unwrap_or_default().trim();
    let behind = raw.get(found.range.end..).unwrap_or_default();
    let before_year = before.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let is_part = found.manner == date::Manner::BareYear
        && (behind.contains(char::is_alphanumeric) || !ABOUT.contains(&before_year.as_str()));
    !is_part && !goes_on_with_time(behind) && !before.ends_with(ERA)
}

/// Whether what stands behind a day is meant as a time of it, which is none: `25:00`.
fn goes_on_with_time(behind: &str) -> bool {
    let behind = behind.trim_start_matches([' ', ',', 'T', 't']);
    let hour = behind.trim_start_matches(|c: char| c.is_ascii_digit());
    hour.len() < behind.len() && hour.starts_with([':', '：'])
}

/// The first number of four digits, where none of them is a year of [`date::YEARS`].
fn year_out_of_range(text: &str) -> Option<i32> {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4);
    let years: Vec<i32> = numbers.filter_map(|digits| digits.parse().ok()).collect();
    years.iter().all(|year| !date::YEARS.contains(year)).then(|| years.first().copied()).flatten()
}

/// A month or a year written by hand: `2023-11`, `2023`.
fn coarse(text: &str) -> Option<When> {
    let (year, month) = text.split_once('-').unwrap_or((text, ""));
    let year: i32 = year.parse().ok().filter(|year| date::YEARS.contains(year))?;
    match month {
        "" => Some(When::Year(year)),
        month => Some(When::Month(year, month.parse().ok().filter(|month| (1..=12).contains(month))?)),
    }
}
