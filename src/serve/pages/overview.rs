//! `/status`: how all sources are, what is wrong first.

use hyper::StatusCode;
use maud::{Markup, html};

use super::chart::chart;
use super::{Answer, View, secrecy};
use crate::publish::html::frame::dot;
use crate::publish::text::line;
use crate::status::{self, Brief, Known, State, failure};
use crate::store::{Store, StoreError};

/// Sources on one page.
const PAGE: usize = 200;

pub(super) fn page(view: &View<'_>) -> Answer {
    match view.store().and_then(|store| made(view, store.as_ref())) {
        Ok(answer) => answer,
        Err(error) => view.store_fails("", &error),
    }
}

fn made(view: &View<'_>, store: Option<&Store>) -> Result<Answer, StoreError> {
    let words = view.words;
    let known = store.map(Known::of).transpose()?.unwrap_or_else(Known::nothing);
    let all = known.briefs(&view.settings);
    let only = view.query("state").and_then(|name| State::ALL.into_iter().find(|state| state.name() == name));
    let wrong = all.iter().filter(|brief| brief.state.is_wrong()).count();
    let mut shown: Vec<&Brief<'_>> = all.iter().filter(|brief| only.is_none_or(|only| brief.state == only)).collect();
    shown.sort_by_key(|brief| brief.state);
    let pages = shown.len().div_ceil(PAGE).max(1);
    let page = view.query("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, pages);
    let slice = shown.iter().skip((page - 1) * PAGE).take(PAGE);
    let mut groups: Vec<(State, Vec<Markup>)> = Vec::new();
    for brief in slice {
        let row = row(view, store, brief)?;
        match groups.last_mut() {
            Some((state, rows)) if *state == brief.state => rows.push(row),
            _ => groups.push((brief.state, vec![row])),
        }
    }
    let address = |state: Option<State>, page: usize| match (state, page) {
        (None, 1) => "status".to_owned(),
        (None, page) => format!("status?page={page}"),
        (Some(state), 1) => format!("status?state={}", state.name()),
        (Some(state), page) => format!("status?state={}&page={page}", state.name()),
    };
    let main = html! {
        h1 { (words.status) }
        p.lead.verdict { (words.verdict(wrong, all.len())) }
        (notices(view, &known, store.is_some()))
        (life(view))
        nav.filters aria-label=(words.filter) {
            a href=(address(None, 1)) aria-current=[only.is_none().then_some("true")] {
                (words.all) " " span.count { (all.len()) }
            }
            @for state in State::ALL {
                @let count = all.iter().filter(|brief| brief.state == state).count();
                @if count > 0 || only == Some(state) {
                    a href=(address(Some(state), 1)) aria-current=[(only == Some(state)).then_some("true")] {
                        (badge(view, state)) " " span.count { (count) }
                    }
                }
            }
        }
        @if shown.is_empty() { p.empty { (words.none_so) } }
        @for (state, rows) in &groups {
            section.sources aria-label=(words.state(*state)) {
                h2 { (words.state(*state)) }
                ul { @for row in rows { (row) } }
            }
        }
        @if pages > 1 {
            nav.pages aria-label=(words.pages) {
                @if page > 1 { a href=(address(only, page - 1)) rel="prev" { (words.earlier_page) } }
                span { (words.page_of(page, pages)) }
                @if page < pages { a href=(address(only, page + 1)) rel="next" { (words.later_page) } }
            }
        }
        p.about { (words.for_machines) " "
            a href="status.atom" type="application/atom+xml" { (words.status_feed) } (dot())
            a href="status.json" type="application/json" { "JSON" } (dot())
            a href="metrics" { "OpenMetrics" }
        }
    };
    let head = html! {
        link rel="alternate" type="application/atom+xml" title=(words.status_feed) href="status.atom";
    };
    Ok(view.page(StatusCode::OK, "", words.status, head, main))
}

/// What is wrong with all of it.
fn notices(view: &View<'_>, known: &Known, is_stored: bool) -> Markup {
    let words = view.words;
    html! {
        @if !is_stored { p.notice { (words.nothing_stored) } }
        @if let Some(standstill) = view.live.standstill() {
            p.notice.bad {
                strong { (words.nothing_can_be_stored) } " "
                span lang="en" { @if view.admitted().is_some() { (standstill.incident.text) } @else { (standstill.reason) } }
            }
        } @else if let Some(full) = secrecy::of_disk(failure::full_disk(&view.settings.store), view.admitted()) {
            p.notice.bad { strong { (words.nothing_can_be_stored) } " " span lang="en" { (full) } }
        }
        @if let Some(problem) = view.live.problem() {
            @let told = if problem.is_in_use { words.configuration_waits } else { words.configuration_refused };
            div.notice.bad {
                p { strong { (told) } " " (words.since) " " (view.moment(problem.since.timestamp())) }
                @if let Some(admitted) = view.admitted() { pre lang="en" tabindex="0" { (problem.text(admitted)) } }
                @else if !problem.is_in_use { p { (words.check_tells_why) } }
            }
        }
        @if !known.publish.errors.is_empty() {
            div.notice.bad {
                p { strong { (words.publishing_fails) } }
                @if view.admitted().is_some() { ul lang="en" { @for error in &known.publish.errors { li { (error) } } } }
            }
        }
    }
}

/// What the daemon does.
fn life(view: &View<'_>) -> Markup {
    let words = view.words;
    html! {
        p.about {
            span lang="en" { (view.live.activity()) } (dot())
            (words.running_since) " " (view.moment(view.live.started.timestamp()))
            @if let Some(last) = view.live.walks().last { (dot()) (words.last_walk) " " (view.moment(last.timestamp())) }
        }
    }
}

/// How a source is, in words and colour.
pub(super) fn badge(view: &View<'_>, state: State) -> Markup {
    html! { span class={ "state " (state.name()) } { (view.words.state(state)) } }
}

/// When a source is visited next.
pub(super) fn next_visit(view: &View<'_>, brief: &Brief<'_>) -> Markup {
    html! {
        @match &brief.next {
            Some((due, _)) => (view.moment((*due).max(view.now.timestamp()))),
            None if brief.source.folder().is_some() => (view.words.as_files_change),
            None => (view.words.at_next_walk),
        }
    }
}

fn row(view: &View<'_>, store: Option<&Store>, brief: &Brief<'_>) -> Result<Markup, StoreError> {
    let words = view.words;
    let Brief { source, state, since, succeeded, items, error, .. } = brief;
    let days = store.map(|store| status::daily(store, &view.settings, source, view.now)).transpose()?;
    Ok(html! {
        li {
            div.name {
                h3 dir="auto" { a href={ "status/" (source.id) } { (line(&source.title)) } }
                p.about {
                    (badge(view, *state))
                    @if let Some(since) = since { " " (words.since) " " (view.moment(*since)) }
                }
            }
            div.amount {
                (words.items(*items as u64))
                (chart(words, days.as_deref().unwrap_or(&[0; status::DAYS])))
            }
            @if let Some(error) = error { p.error lang="en" dir="auto" { (line(error)) } }
            p.about {
                (words.last_success) " "
                @if let Some(succeeded) = succeeded { (view.moment(*succeeded)) } @else { (words.never) }
                (dot()) (words.next_visit) " " (next_visit(view, brief))
            }
        }
    })
}
