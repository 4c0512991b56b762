//! `feedgen check --online`: whether pages give what they are to give, by the steps of a walk; nothing is kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::finding::Finding;
use super::{Failure, page, place};
use crate::collect::fetch::{Answer, FetchError, Manner, Request};
use crate::collect::politeness::Visit;
use crate::collect::render::Renderer;
use crate::config::Settings;
use crate::item::text;
use crate::refresh::{self, Around, Glance, Looked, Manners};
use crate::source::{Page, PageTest, Source};
use crate::status::list::Told;

/// Looks for the list of each page, and for what its `test` says in its articles. A finding for each.
pub(super) fn findings(settings: &Settings, now: DateTime<Utc>) -> Result<Vec<Finding>, Failure> {
    let vocabulary = &refresh::vocabulary(settings)?;
    let store = place::store_of_today(&settings.store)?;
    let policy = refresh::fetch_policy(settings);
    let around = Around { settings, vocabulary, store: store.as_ref(), policy: Some(&policy), now };
    let pages: Vec<(&Source, &Page)> =
        settings.sources.iter().filter_map(|source| Some((source, source.page()?))).collect();
    let glances = pages.iter().map(|(source, _)| Glance { source, answer: None, items: 0 }).collect();
    let (looked, _) = refresh::look(glances, around)?;
    let tests: Vec<Expected<'_>> =
        pages.iter().flat_map(|(source, page)| page.tests.iter().map(|test| Expected { source, page, test })).collect();
    // As in a walk, what holds nothing without scripts is asked for again with them.
    let mut tested = ask(&tests.iter().enumerate().collect::<Vec<_>>(), false, around)?;
    let again: Vec<_> = tests
        .iter()
        .enumerate()
        .filter(|(at, test)| test.page.render.is_some() && tested.get(at).is_none_or(Result::is_err))
        .collect();
    tested.extend(ask(&again, true, around)?);
    let mut findings = Vec::new();
    for ((source, _), looked) in pages.iter().zip(&looked) {
        findings.push(of_list(source, looked));
        for (at, Expected { test, .. }) in tests.iter().enumerate().filter(|(_, test)| test.source.id == source.id) {
            let name = format!("{} test", source.id);
            let lost = || Err("it was not asked".to_owned());
            findings.push(match tested.remove(&at).unwrap_or_else(lost) {
                Ok(()) => Finding::good(&name, format!("{} has {:?}", test.url, test.contains)),
                Err(problem) => Finding::wrong(&name, format!("{}: {problem}", test.url)),
            });
        }
    }
    Ok(findings)
}

/// What is to be found in an article.
struct Expected<'a> {
    source: &'a Source,
    page: &'a Page,
    test: &'a PageTest,
}

fn of_list(source: &Source, looked: &Looked) -> Finding {
    let name = format!("{} list", source.id);
    let Some(list) = &looked.list else {
        let problem = looked.problem.clone().unwrap_or_default();
        return Finding::wrong(&name, format!("{problem}; `feedgen doctor {}` tells more", source.id));
    };
    let about = Told::of(&list.way).in_words();
    let told = format!("{about}, {}", page::entries(list.feed.entries.len()));
    match list.feed.notes.as_slice() {
        [] => Finding::good(&name, told),
        notes => Finding::odd(&name, format!("{told}: {}", notes.join("; "))),
    }
}

/// Asks for articles, and looks for the words that each must have. By the numbers of the tests.
fn ask(
    tests: &[(usize, &Expected<'_>)],
    rendered: bool,
    around: Around<'_>,
) -> Result<BTreeMap<usize, Result<(), String>>, Failure> {
    let mut manners = Manners::default();
    let mut told = BTreeMap::new();
    let mut visits = Vec::new();
    let of_number: BTreeMap<usize, &Expected<'_>> = tests.iter().copied().collect();
    for (purpose, Expected { page, test, .. }) in tests {
        let web = &page.web;
        let manner = match manners.of(web) {
            Ok(manner) if test.url.origin() == web.url.origin() => manner,
            // What is secret is for the host that it was given for.
            Ok(manner) => Arc::new(Manner { way: manner.way.clone(), ..Manner::default() }),
            Err(error) => {
                told.insert(*purpose, Err(error));
                continue;
            }
        };
        let renderer = page.render.as_deref().filter(|_| rendered);
        let renderer = renderer.and_then(|command| Renderer::new(command).ok()).map(Arc::new);
        let request = Box::new(Request {
            url: test.url.clone(),
            validators: None,
            accept: refresh::PAGES,
            manner,
            is_strange: false,
        });
        visits.push(Visit { purpose: *purpose, request, robots: web.robots, renderer, can_wait: false });
    }
    if visits.is_empty() {
        return Ok(told);
    }
    let hear = |at: usize, outcome: Result<Answer, FetchError>| {
        let found = of_number
            .get(&at)
            .map(|test| outcome.map_or_else(|error| Err(error.to_string()), |answer| has(answer, test, around)));
        told.extend(found.map(|found| (at, found)));
    };
    let Around { settings, policy, now, .. } = around;
    let policy = policy.cloned().unwrap_or_else(|| refresh::fetch_policy(settings));
    refresh::ask_all(policy, settings.refresh.concurrency, visits, now, hear)
        .map_err(|error| Failure::Undone(format!("cannot go out to the web: {error}")))?;
    Ok(told)
}

/// Whether an article has its words, in its title or text; white space does not count.
fn has(answer: Answer, Expected { source, test, .. }: &Expected<'_>, around: Around<'_>) -> Result<(), String> {
    let item = refresh::look_at_article(answer, source, around)?.item;
    let wanted = text::one_line(&test.contains);
    if text::one_line(&item.title).contains(&wanted) || text::one_line(&item.content.text()).contains(&wanted) {
        return Ok(());
    }
    Err(format!("{wanted:?} is neither in its title ({:?}) nor in its text", item.title))
}
