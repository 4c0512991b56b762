//! `/status/SOURCE`: all that is known of one source.

use hyper::StatusCode;
use maud::{Markup, html};

use super::chart::chart;
use super::overview::{badge, next_visit};
use super::{Answer, View};
use crate::publish::html::frame::dot;
use crate::publish::html::size;
use crate::publish::text::line;
use crate::source::Source;
use crate::status::list::List;
use crate::status::visits::Visits;
use crate::status::{self, Brief, Health, Known};
use crate::store::{Past, Store, StoreError};

/// Newest items of which copies are told.
const NEWEST: usize = 30;
/// Notes that are told.
const NOTES: usize = 100;

/// The page of the source whose id ends the path. `None`: there is none.
pub(super) fn page(view: &View<'_>) -> Option<Answer> {
    let id = view.asked.path.strip_prefix("/status/")?;
    let source = view.settings.sources.iter().find(|source| source.id.as_str() == id)?;
    Some(match view.store().and_then(|store| made(view, source, store.as_ref())) {
        Ok(answer) => answer,
        Err(error) => view.store_fails("../", &error),
    })
}

fn made(view: &View<'_>, source: &Source, store: Option<&Store>) -> Result<Answer, StoreError> {
    let words = view.words;
    let known = store.map(Known::of).transpose()?.unwrap_or_else(Known::nothing);
    let brief = known.brief(source);
    let health = store.map(|store| known.status(store, &view.settings, &[source])).transpose()?;
    let health = health.and_then(|status| status.sources.into_iter().next());
    let days =
        store.map(|store| status::daily(store, &view.settings, source, view.now)).transpose()?.unwrap_or_default();
    let past = store.map(|store| status::past(store, source)).transpose()?.unwrap_or_default();
    let copies = store.map(|store| copies(store, source)).transpose()?.unwrap_or_default();
    let title = line(&source.title);
    let advice = words.advice(brief.state, source.id.as_str());
    let main = html! {
        h1 dir="auto" { (title) }
        p.lead { (badge(view, brief.state)) @if let Some(since) = brief.since { " " (words.since) " " (view.moment_in_full(since)) } }
        @if brief.error.is_some() || !advice.is_empty() {
            div.notice.bad[brief.state.is_wrong()] {
                @if let Some(error) = &brief.error { p lang="en" dir="auto" { strong { (line(error)) } } }
                @if !advice.is_empty() { p { (with_code(&advice)) } }
            }
        }
        (in_brief(view, &brief))
        section aria-labelledby="days" {
            h2 #days { (words.days) " " small { (words.items(days.iter().sum())) } }
            div.days { (chart(words, &days)) }
        }
        section aria-labelledby="visits" {
            h2 #visits { (words.visits) }
            (visits(view, &past))
        }
        @if let Some(health) = &health { (known_of(view, health)) }
        @if !copies.is_empty() {
            section aria-labelledby="copies" {
                h2 #copies { (words.copies) }
                p.about { (words.copies_about) }
                ul.copies { @for (title, tellers) in &copies {
                    li { span dir="auto" { (line(title)) } br; small { (words.told_by) " "
                        @for (at, teller) in tellers.iter().enumerate() { @if at > 0 { ", " } a href=(teller) { (teller) } }
                    } }
                } }
            }
        }
    };
    Ok(view.page(StatusCode::OK, "../", &title, html! {}, main))
}

fn in_brief(view: &View<'_>, brief: &Brief<'_>) -> Markup {
    let words = view.words;
    html! {
        p.about {
            (words.items(brief.items as u64)) (dot())
            (words.last_success) " "
            @if let Some(succeeded) = brief.succeeded { (view.moment(succeeded)) } @else { (words.never) }
            (dot()) (words.next_visit) " " (next_visit(view, brief))
            (dot()) a href={ "../" (status::channel(brief.source)) ".html" } { (words.its_feed) }
        }
    }
}

/// The last visits, the newest first.
fn visits(view: &View<'_>, past: &[Past]) -> Markup {
    let words = view.words;
    html! {
        @if past.is_empty() {
            p.empty { (words.no_visits) }
        } @else {
            table.visits {
                thead { tr { th scope="col" { (words.when) } th scope="col" { (words.came_of_it) } th scope="col" { (words.cost) } } }
                tbody { @for visit in past {
                    tr {
                        td {
                            (view.moment(visit.until))
                            @if visit.visits > 1 {
                                br; small { (words.visits_in_a_row(visit.visits)) ", " (words.since) " " (view.clock(visit.since)) }
                            }
                        }
                        td { (came(view, visit)) }
                        td { @if visit.requests > 0 { (words.requests(visit.requests)) @if visit.bytes > 0 { br; small { (size(visit.bytes)) } } } }
                    }
                } }
            }
        }
    }
}

fn came(view: &View<'_>, visit: &Past) -> Markup {
    let words = view.words;
    let told = [
        (visit.new > 0).then(|| words.new_items(visit.new)),
        (visit.revised > 0).then(|| words.edits(visit.revised)),
        (visit.unreadable > 0).then(|| words.unreadable(visit.unreadable)),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    html! {
        (told.join(", "))
        @if let Some(error) = &visit.error {
            span.error lang="en" dir="auto" { (line(error)) }
        } @else if told.is_empty() {
            (words.nothing_new)
        }
    }
}

/// What was learnt of a source, and what is to be said of its documents.
fn known_of(view: &View<'_>, health: &Health) -> Markup {
    let words = view.words;
    let of_visits = health.visits.as_ref().map(Visits::lines).unwrap_or_default();
    let of_list = health.list.as_ref().map(List::lines).unwrap_or_default();
    let facts = |heading: &str, id: &str, lines: &[(&'static str, String)]| {
        html! {
            @if lines.iter().any(|(_, value)| !value.is_empty()) {
                section aria-labelledby=(id) {
                    h2 id=(id) { (heading) }
                    dl.facts {
                        @for (name, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
                            @if !name.is_empty() { dt { (words.fact(name)) } }
                            dd lang="en" dir="auto" { @if name.is_empty() { code { (line(value)) } } @else { (line(value)) } }
                        }
                    }
                }
            }
        }
    };
    html! {
        (facts(words.learnt, "learnt", &of_list))
        (facts(words.known, "known", &of_visits))
        @if !health.notes.is_empty() {
            section aria-labelledby="notes" {
                h2 #notes { (words.notes) " " small { (health.notes.len()) } }
                ul.notes lang="en" { @for note in health.notes.iter().take(NOTES) {
                    li { code { (line(&note.path)) } " " (line(&note.text)) }
                } }
            }
        }
    }
}

/// The newest items of a source that others tell, too: their titles, and the sources of the others.
fn copies(store: &Store, source: &Source) -> Result<Vec<(String, Vec<String>)>, StoreError> {
    let mut told = Vec::new();
    if !store.has_copies()? {
        return Ok(told);
    }
    for member in store.window(&status::channel(source), NEWEST)? {
        let mut tellers: Vec<String> = store.duplicates(&member.key)?.into_iter().map(|copy| copy.source).collect();
        tellers.sort_unstable();
        tellers.dedup();
        if !tellers.is_empty()
            && let Some((title, _)) = store.heading(&member.key)?
        {
            told.push((title, tellers));
        }
    }
    Ok(told)
}

/// A sentence whose commands stand between backquotes.
fn with_code(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}
