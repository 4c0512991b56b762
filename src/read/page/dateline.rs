//! The dates that people see: what the lines around the title of a page say.

use scraper::Html;

use super::lines::{Block, blocks};
use super::surroundings::Surroundings;
use super::survey::{Heading, Survey, comparable};
use crate::draft::{DateClaim, Draft, Evidence, Precision};
use crate::read::residue::{self, Line, width};
use crate::read::{Policy, date, prose};

/// Bytes of text before the title in which its date may stand.
const BEFORE: usize = 160;
/// Bytes of text behind the title in which a date is most likely its own.
const NEAR: usize = 400;
/// Bytes of text behind the title that are looked at.
const REACH: usize = 20_000;
/// Lines of which a date is looked for.
const MOST: usize = 400;
/// Columns of a line beside its date above which it is prose.
const SHORT: usize = 90;

/// Words before a date of publication, in lower case.
const PUBLISHED: [&str; 18] = [
    "publish",
    "posted",
    "written",
    "created",
    "veröffentlicht",
    "geschrieben",
    "erstellt",
    "verfasst",
    "publié",
    "publicado",
    "pubblicato",
    "gepubliceerd",
    "发布",
    "发表",
    "发稿",
    "發佈",
    "發布",
    "刊登",
];
/// Words before the date of a change, in lower case.
const MODIFIED: [&str; 12] = [
    "updat",
    "modif",
    "edited",
    "revis",
    "aktualisiert",
    "geändert",
    "stand:",
    "mis à jour",
    "actualizado",
    "aggiornato",
    "更新",
    "修改",
];

/// Claims the dates of the lines around the title, in reading order; what surrounds the story is passed over.
pub(super) fn claim(
    page: &Html,
    survey: &Survey<'_>,
    heading: Option<&Heading>,
    beside: &Surroundings,
    draft: &mut Draft,
    policy: Policy,
) {
    let root = survey.body.unwrap_or_else(|| page.root_element().id());
    let heading = heading.map(|heading| heading.id);
    let lines = blocks(page, &[root], &beside.nodes, None);
    let key = draft.title.as_deref().map(comparable).unwrap_or_default();
    let is_title = |Block { holder, text, .. }: &Block| {
        Some(*holder) == heading || !key.is_empty() && text.len() < 1_000 && comparable(text) == key
    };
    let title = lines.iter().position(is_title);
    let mut start = title.unwrap_or(0);
    let mut before = 0;
    while let Some(Block { text, .. }) = start.checked_sub(1).and_then(|at| lines.get(at))
        && before + text.len() <= BEFORE
    {
        before += text.len();
        start -= 1;
    }
    let mut passed = 0;
    let mut found: Vec<DateClaim> = Vec::new();
    for (at, Block { text, .. }) in lines.iter().enumerate().skip(start).take(MOST) {
        if passed > REACH || found.len() > 2 {
            break;
        }
        let line = dated(text, policy).filter(|_| !matches!(residue::line(text), Line::Copyright(_)));
        if let Some((mention, label)) = line {
            let evidence = match label {
                _ if Some(at) == title => Evidence::Visible,
                Some(Told::Published) => Evidence::StrongLabel,
                Some(Told::Modified) => Evidence::WeakLabel,
                None if passed <= NEAR && title.is_some() => Evidence::Dateline,
                None => Evidence::Visible,
            };
            let claim = mention.claim(text, evidence);
            if evidence == Evidence::WeakLabel {
                draft.updated.push(claim.clone());
            }
            if found.iter().all(|known| known.evidence != evidence) {
                found.push(claim);
            }
        }
        if title.is_none_or(|title| at > title) {
            passed += text.len();
        }
    }
    draft.dates.extend(found);
}

/// What a line says of its date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Published,
    Modified,
}

/// The first day of a line that is little more than a date, and what stands before it.
fn dated(text: &str, policy: Policy) -> Option<(date::Mention, Option<Told>)> {
    if text.len() > 600 {
        return None;
    }
    let today = policy.local().date();
    let context = date::Context::at(policy.local());
    let mention = date::mentions(text, &context).find(|mention| {
        matches!(mention.manner, date::Manner::Written | date::Manner::EitherOrder)
            && mention.when.precision() >= Precision::Day
            && mention.when.first_day().is_some_and(|day| day <= today + chrono::TimeDelta::days(1))
            && mention.when.year() >= 1995
    })?;
    let before = text.get(..mention.range.start)?;
    if prose::is_founding(before) || width(text) > SHORT + width(text.get(mention.range.clone())?) {
        return None;
    }
    let from = before.char_indices().rev().nth(28).map_or(0, |(at, _)| at);
    let near = before.get(from..)?.to_lowercase();
    let last = |words: &[&str]| words.iter().filter_map(|word| near.rfind(word)).max();
    let told = match (last(&PUBLISHED), last(&MODIFIED)) {
        (None, None) => None,
        (published, modified) if published > modified => Some(Told::Published),
        _ => Some(Told::Modified),
    };
    Some((mention, told))
}
