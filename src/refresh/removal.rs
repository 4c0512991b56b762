//! Items are taken out for good, or back again, and what is published follows.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::plan::channels_of;
use super::{Options, Progress, RefreshError, Walk, vocabulary};
use crate::config::Settings;
use crate::item::{Item, ItemKey, Vocabulary};
use crate::report::Report;
use crate::store::{Store, StoreError};

/// Removes items for good, and publishes what that changes. No source is visited.
///
/// # Errors
/// When the store fails, or the vocabulary is wrong.
pub fn remove(settings: &Settings, keys: &[ItemKey], now: DateTime<Utc>) -> Result<Report, RefreshError> {
    publish_after(settings, now, |store| store.remove(keys, now))
}

/// Takes back that items were removed, and publishes what that changes. Those that [a rule removes](is_removed_by_rule)
/// stay so.
///
/// # Errors
/// When the store fails, or the vocabulary is wrong.
pub fn restore(settings: &Settings, items: &[Item], now: DateTime<Utc>) -> Result<Report, RefreshError> {
    let with_channels = |item: &Item| {
        let source = settings.sources.iter().find(|source| source.id == item.source);
        // Of a source that is not configured any more, items rest.
        let channels = source.map(|source| channels_of(item, source, &settings.feeds)).unwrap_or_default();
        (item.key.clone(), channels)
    };
    let items: Vec<(ItemKey, Vec<String>)> =
        items.iter().filter(|item| !is_removed_by_rule(settings, item)).map(with_channels).collect();
    publish_after(settings, now, |store| store.restore(&items))
}

/// Whether a rule of its source removes an item.
pub fn is_removed_by_rule(settings: &Settings, item: &Item) -> bool {
    let source = settings.sources.iter().find(|source| source.id == item.source);
    source.is_some_and(|source| crate::publish::select::is_met(item, &source.remove))
}

fn publish_after(
    settings: &Settings,
    now: DateTime<Utc>,
    work: impl FnOnce(&mut Store) -> Result<(), StoreError>,
) -> Result<Report, RefreshError> {
    let custom = vocabulary(settings)?;
    let vocabulary = custom.as_ref().unwrap_or_else(|| Vocabulary::built_in());
    let mut store = Store::open(&settings.store)?;
    let progress = &mut |_: &Progress| {};
    let mut walk = Walk::new(settings, Options::default(), Arc::new(move || now), vocabulary, progress);
    walk.publishing(&mut store, |_, store| work(store))?;
    Ok(walk.report)
}
