//! Tells when an event takes place from the day on which it was told of: "Date: 5 December 2026" may be either.

use chrono::TimeDelta;

use super::residue::{Field, Label, Line, at_colon, is_labelled, line, may_be_fields, tells_when, width};
use super::{Policy, date};
use crate::draft::{DateClaim, Draft, Evidence, Precision, When};

/// What is known of the day of publication when the lines around a story are judged.
pub(super) struct Published {
    /// The claim that counts before all others. `None`: nothing tells a day.
    when: Option<When>,
    policy: Policy,
}

impl Published {
    /// What a draft claims by now, and the lines that say that they tell it.
    pub(super) fn of<'t>(draft: &Draft, mut lines: impl Iterator<Item = &'t str>, policy: Policy) -> Self {
        let said = |text: &str| match may_be_fields(text).then(|| line(text)) {
            Some(Line::Fields(fields)) => {
                let labelled = fields.iter().find(|field| field.label == Label::Published);
                labelled.and_then(|field| Some(day_in(field.value, policy)?.when))
            }
            _ => None,
        };
        let is_told =
            |claim: &&DateClaim| claim.evidence <= Evidence::WeakLabel && claim.when.precision() >= Precision::Day;
        let told = draft.dates.iter().filter(is_told).min_by_key(|claim| claim.evidence);
        // A line says no more than that, and the first one that says it counts.
        let strong = told.filter(|claim| claim.evidence <= Evidence::StrongLabel).map(|claim| claim.when);
        Self { when: strong.or_else(|| lines.find_map(said)).or(told.map(|claim| claim.when)), policy }
    }

    /// Whether a line with a day is one of the story, and tells when something takes place: on another day than that of its
    /// publication, or beside a line with a label that no page has, such as a venue. `beside`: the lines before and behind it.
    pub(super) fn is_of_event(&self, text: &str, beside: [Option<&str>; 2]) -> bool {
        // A label alone belongs to what stands behind it.
        let day = day_in(text, self.policy).or_else(|| day_in(beside.last().copied().flatten()?, self.policy));
        let day = day.and_then(|mention| mention.when.first_day());
        let is_published = day.is_some_and(|day| match self.when {
            Some(When::Instant(time)) => {
                let here = time.with_timezone(&self.policy.timezone).date_naive();
                [time.date_naive(), here].contains(&day)
            }
            Some(when) => when.first_day() == Some(day),
            None => day <= self.policy.local().date() + TimeDelta::days(1),
        });
        !is_published || beside.into_iter().flatten().any(|text| is_labelled(text) && !is_of_press(text))
    }

    /// The same of a line of labels; only those of days that may be any are asked.
    pub(super) fn are_of_event(&self, fields: &[Field<'_>], text: &str, beside: [Option<&str>; 2]) -> bool {
        fields.iter().all(|field| field.label == Label::When) && self.is_of_event(text, beside)
    }
}

/// Claims when an event takes place, of the first line of a story that tells it behind a label.
pub(super) fn claim<'t>(lines: impl Iterator<Item = &'t str>, published: &Published, draft: &mut Draft) {
    /// Lines that are looked at.
    const MOST: usize = 40;
    let lines: Vec<&str> = lines.take(MOST).collect();
    let told = |(at, text): (usize, &&'t str)| {
        let beside = [at.checked_sub(1), Some(at + 1)].map(|at| at.and_then(|at| lines.get(at).copied()));
        let is_told = tells_when(text) && width(text) <= 120 && published.is_of_event(text, beside);
        is_told.then(|| day_in(text, published.policy)).flatten().map(|mention| mention.claim(text, Evidence::Prose))
    };
    let Some(event) = lines.iter().enumerate().find_map(told) else { return };
    // What was taken for the date of the page is none where something else tells that.
    let is_own = |claim: &DateClaim| claim.evidence == Evidence::Dateline && claim.when == event.when;
    if draft.dates.iter().any(|claim| claim.evidence <= Evidence::WeakLabel && claim.when != event.when) {
        draft.dates.retain(|claim| !is_own(claim));
    }
    draft.event.get_or_insert(event);
}

/// Whether a line has a label that stands beside the date of any notice: whom to ask, or what to know.
fn is_of_press(text: &str) -> bool {
    const LABELS: &[&str] = &[
        "contact", "contacts", "media contact", "press contact", "contact person", "kontakt", "pressekontakt", "tel",
        "phone", "telephone", "email", "e-mail", "note", "update", "correction", "embargo", "联系人", "联系电话",
        "电话", "附件",
    ];
    let label = at_colon(text).map(|(label, _)| label.trim().to_lowercase());
    label.is_some_and(|label| LABELS.contains(&label.as_str()))
}

/// The first day that a line names.
fn day_in(text: &str, policy: Policy) -> Option<date::Mention> {
    let mention = date::first(text, &date::Context::at(policy.local()))?;
    (mention.when.precision() >= Precision::Day).then_some(mention)
}
