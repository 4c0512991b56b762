//! What can be done to a store so that what is published follows: by a walk of its own, or by one that goes on.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::plan::channels_of;
use super::{Options, Progress, RefreshError, Walk, vocabulary};
use crate::config::Settings;
use crate::item::{Item, ItemKey};
use crate::report::Report;
use crate::source::{Source, Treatment};
use crate::store::{self, Store, StoreError};

/// What can be done to a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Walk sources.
    Walk(Options),
    /// Remove items for good.
    Remove(Vec<ItemKey>),
    /// Take back that items were removed. Those that [a rule removes](is_removed_by_rule) stay so.
    Restore(Vec<ItemKey>),
    /// Set two items apart, which are two stories for good. `false`: take that back.
    SetApart(ItemKey, ItemKey, bool),
}

/// Does it, and publishes what came of it. `progress` is told how far that has come.
///
/// A source that fails is a line in the report; the others go on. A damaged store is moved aside, and all that can be saved
/// of it is.
///
/// # Errors
/// When the store cannot be used, or the options or the vocabulary are wrong.
pub fn perform(
    settings: &Settings,
    task: &Task,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Report, RefreshError> {
    let options = task.options().cloned().unwrap_or_default();
    options.check(settings)?;
    let vocabulary = &vocabulary(settings)?;
    let dry_run = options.dry_run;
    let mut walk = Walk::new(settings, options, Arc::new(move || now), vocabulary, progress);
    if dry_run {
        let store = Store::open_to_read(&settings.store)?;
        walk.walk_sources(None, store.as_ref())?;
        return Ok(walk.report);
    }
    let damaged = match Store::open(&settings.store) {
        Ok(mut store) => match walk.all(&mut store, task) {
            Err(error) if error.is_corruption() => error,
            outcome => return outcome.map(|()| walk.report).map_err(RefreshError::from),
        },
        Err(error) if error.is_corruption() => error,
        Err(error) => return Err(error.into()),
    };
    let (mut store, note) = rescued(&settings.store, &damaged)?;
    walk.report = Report { notes: vec![note], ..Report::default() };
    walk.all(&mut store, task)?;
    Ok(walk.report)
}

/// A store in place of a damaged one, with all that could be saved, and what is said of it.
///
/// # Errors
/// When that cannot be done.
pub fn rescued(path: &Path, damaged: &StoreError) -> Result<(Store, String), StoreError> {
    let (store, rescue) = store::rescue(path)?;
    let said = match damaged {
        StoreError::Database { error, .. } => format!(" (the database said: {error})"),
        _ => String::new(),
    };
    let note = format!(
        "the store {} was damaged: it was moved aside to {}, items saved from it: {}, and all documents are read again{said}",
        path.display(),
        rescue.aside.display(),
        rescue.items
    );
    Ok((store, note))
}

/// Whether a rule of its source removes an item.
pub fn is_removed_by_rule(settings: &Settings, item: &Item) -> bool {
    let source = settings.sources.iter().find(|source| source.id == item.source);
    source.is_some_and(|source| crate::publish::select::is_met(item, &source.treatment.remove))
}

/// Why its source keeps an item out of every feed, in words. `None`: it does not.
pub fn left_out(source: &Source, item: &Item) -> Option<String> {
    let Treatment { keep, drop, remove, .. } = &*source.treatment;
    let is_met = |rules: &[Regex]| crate::publish::select::is_met(item, rules);
    let met = |rules: &'_ [Regex]| rules.iter().find(|rule| is_met(std::slice::from_ref(rule))).map(Regex::to_string);
    let id = &source.id;
    if let Some(rule) = met(remove) {
        return Some(format!("of every feed, for good: `remove` of source {id} has {rule:?}"));
    }
    if let Some(rule) = met(drop) {
        return Some(format!("of every feed: `drop` of source {id} has {rule:?}"));
    }
    (!keep.is_empty() && !is_met(keep)).then(|| format!("of every feed: nothing in `keep` of source {id} matches it"))
}

impl Task {
    fn options(&self) -> Option<&Options> {
        match self {
            Self::Walk(options) => Some(options),
            _ => None,
        }
    }
}

impl Walk<'_> {
    fn all(&mut self, store: &mut Store, task: &Task) -> Result<(), StoreError> {
        let outcome = self.publishing(store, |walk, store| match task {
            Task::Walk(_) => walk.walk_sources(Some(store), None),
            task => walk.rearrange(store, task),
        });
        if outcome.as_ref().is_err_and(StoreError::is_corruption) {
            store.distrust();
        }
        outcome
    }

    /// Does what asks no source.
    pub(super) fn rearrange(&mut self, store: &mut Store, task: &Task) -> Result<(), StoreError> {
        match task {
            Task::Walk(_) => Ok(()),
            Task::Remove(keys) => store.remove(keys, self.now),
            Task::Restore(keys) => {
                let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
                let items = store.items(&keys)?;
                let with_channels = |item: &Item| {
                    let source: Option<&Source> = self.settings.sources.iter().find(|source| source.id == item.source);
                    // Of a source that is not configured any more, items rest.
                    let channels =
                        source.map(|source| channels_of(item, source, &self.settings.feeds, self.vocabulary));
                    (item.key.clone(), channels.unwrap_or_default())
                };
                let items: Vec<(ItemKey, Vec<String>)> =
                    items.iter().filter(|item| !is_removed_by_rule(self.settings, item)).map(with_channels).collect();
                store.restore(&items)
            }
            Task::SetApart(one, other, apart) => {
                store.set_apart(one, other, *apart)?;
                store.tell_stories(|| ())
            }
        }
    }
}
