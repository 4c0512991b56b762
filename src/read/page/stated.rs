//! What a page states for machines about its story: `<meta>`, JSON-LD, and elements that are marked.

use super::dateline::{Told, told_before};
use super::linked_data::LinkedData;
use super::resolve;
use super::surroundings::Surroundings;
use super::survey::{DateMark, Survey};
use crate::draft::{DateClaim, Draft, Evidence, Precision, When};
use crate::read::words::Words;
use crate::read::{Policy, date};

/// Claims what `<meta>` and JSON-LD say.
pub(super) fn claim(survey: &Survey<'_>, facts: &LinkedData, draft: &mut Draft, policy: Policy) {
    let told = |kind: Kind| {
        let metas = survey.metas.iter().filter(move |(name, _)| kind_of(name) == Some(kind));
        metas.filter_map(|(_, text)| claim_of(text, Evidence::Meta, policy))
    };
    let first = |kind: Kind| told(kind).next();
    // Some systems tell the last change under the name of another date, too.
    let published = first(Kind::Published).map(|first| {
        let is_change = told(Kind::Modified).any(|changed| changed.when == first.when);
        let own = told(Kind::Published).find(|claim| is_earlier(claim, &first));
        own.filter(|_| is_change).unwrap_or(first)
    });
    let linked = |text: &Option<String>, evidence| text.as_deref().and_then(|text| claim_of(text, evidence, policy));
    draft.dates.extend(published.or_else(|| first(Kind::Dated)));
    draft.dates.extend(linked(&facts.published, Evidence::JsonLd));
    // What is published was made before.
    let created = facts.created.clone().filter(|_| facts.published.is_none());
    let unspecific = first(Kind::Unspecific).or_else(|| linked(&created, Evidence::DateElement));
    draft.dates.extend(unspecific.map(|claim| DateClaim { evidence: Evidence::DateElement, ..claim }));
    draft.updated.extend(first(Kind::Modified).or_else(|| linked(&facts.modified, Evidence::Meta)));
    draft.publisher = facts.publisher.clone().or_else(|| survey.meta(&["og:site_name"]).map(str::to_owned));
    draft.summary = survey.meta(&["og:description", "description", "twitter:description"]).map(str::to_owned);
    let image = survey.meta(&["og:image", "og:image:url", "twitter:image", "twitter:image:src"]);
    draft.image = image.or(facts.image.as_deref()).and_then(|text| resolve(draft.base.as_ref(), text));
    let keywords =
        survey.meta(&["keywords", "news_keywords"]).map_or_else(|| survey.all("article:tag"), |text| vec![text]);
    draft.keywords = keywords
        .into_iter()
        .flat_map(|text| text.split([',', '，', ';', '、']))
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    draft.keywords.extend(facts.sections.iter().cloned());
    draft.keywords.extend(survey.meta(&["article:section"]).map(str::to_owned));
}

/// Whether a claim tells a point in time that lies before that of another, on the same day.
fn is_earlier(claim: &DateClaim, other: &DateClaim) -> bool {
    match (claim.when, other.when) {
        (When::Instant(time), When::Instant(other)) => time < other && time.date_naive() == other.date_naive(),
        _ => false,
    }
}

/// Claims the dates of elements that are marked or named as such: of each kind of mark the one nearest behind the title.
pub(super) fn claim_elements(survey: &Survey<'_>, beside: &Surroundings, draft: &mut Draft, policy: Policy) {
    let read = |mark: &DateMark<'_>| {
        let written = mark.written.and_then(|text| claim_of(text, mark.evidence, policy));
        written.or_else(|| visible(&mark.text, mark.evidence, policy))
    };
    let nearest = |fits: &dyn Fn(&DateMark<'_>) -> bool| {
        let marks = || survey.dates.iter().filter(|mark| fits(mark) && !beside.hold(mark.place));
        let behind = marks().filter(|mark| mark.place >= beside.from).find_map(read);
        behind.or_else(|| marks().find_map(read))
    };
    let modified = |mark: &DateMark<'_>| {
        mark.modified || {
            let label = mark.text.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
            told_before(label) == Some(Told::Modified)
        }
    };
    for evidence in [Evidence::CmsElement, Evidence::PublishedTime, Evidence::DateElement] {
        let known = evidence == Evidence::CmsElement;
        draft.dates.extend(nearest(&|mark| mark.evidence == evidence && (known || !modified(mark))));
    }
    draft.updated.extend(nearest(&modified));
}

/// Leaves out the dates of the last change that people see where `<meta>` tells that the page was published before:
/// many show one date, and call it that of publication.
pub(super) fn without_changes(draft: &mut Draft) {
    let day = |claim: &DateClaim| claim.when.first_day().filter(|_| claim.when.precision() >= Precision::Day);
    let stated = |claim: &&DateClaim| claim.evidence == Evidence::Meta;
    let Some(published) = draft.dates.iter().filter(stated).filter_map(day).min() else { return };
    // One day is what the clocks of two places may differ by.
    let later = published + chrono::TimeDelta::days(1);
    let changed: Vec<_> = draft.updated.iter().filter_map(day).filter(|changed| *changed > later).collect();
    let seen = [Evidence::PublishedTime, Evidence::Dateline, Evidence::DateElement, Evidence::WeakLabel];
    draft
        .dates
        .retain(|claim| !seen.contains(&claim.evidence) || !day(claim).is_some_and(|day| changed.contains(&day)));
}

/// What a date in `<meta>` is that of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Published,
    /// The name of a system for the date, which some sites fill with that of the last change.
    Dated,
    Modified,
    /// "date": nobody knows of what.
    Unspecific,
}

/// What the name of a `<meta>`, in small letters, says of a date in it. `None`: it is no date.
///
/// Open Graph, Dublin Core, schema.org, Highwire Press, Parse.ly, Sailthru and the many that systems made up.
fn kind_of(name: &str) -> Option<Kind> {
    static OTHERS: Words =
        Words::new(&["expir", "unpublish", "publisher", "valid", "event", "start", "end_", "image", "video:"]);
    static MODIFIED: Words = Words::new(&["modif", "updat", "revis", "lastmod"]);
    static PUBLISHED: Words = Words::new(&[
        "publish", "pubdate", "pub_date", "pub-date", "pubtime", "issued", "publication_date", "release_date",
    ]);
    if OTHERS.are_in(name) {
        return None;
    }
    if MODIFIED.are_in(name) {
        return Some(Kind::Modified);
    }
    let named = matches!(
        name,
        "sailthru.date"
            | "dcterms.created"
            | "dc.date.created"
            | "citation_online_date"
            | "citation_date"
            | "weibo:article:create_at"
            | "weibo: article:create_at"
            | "apub:time"
            | "article_date_original"
            | "displaydate"
            | "article.created"
    );
    if PUBLISHED.are_in(name) {
        return Some(Kind::Published);
    }
    if named {
        return Some(Kind::Dated);
    }
    let unspecific = [
        "date", "dc.date", "dcterms.date", "dc:date", "created", "dc.created", "datecreated", "date_created",
        "timestamp",
    ];
    unspecific.contains(&name).then_some(Kind::Unspecific)
}

/// The day in an attribute that is meant for machines, however it is written.
fn claim_of(text: &str, evidence: Evidence, policy: Policy) -> Option<DateClaim> {
    let text = text.trim();
    let when = date::machine(text).filter(|when| when.precision() >= Precision::Day);
    when.map(|when| DateClaim::new(when, evidence, text)).or_else(|| visible(text, evidence, policy))
}

/// The first day in a short text.
fn visible(text: &str, evidence: Evidence, policy: Policy) -> Option<DateClaim> {
    let mention = date::first(text, &date::Context::at(policy.local()))?;
    let told = matches!(mention.manner, date::Manner::Written | date::Manner::EitherOrder);
    (told && mention.when.precision() >= Precision::Day).then(|| mention.claim(text, evidence))
}
