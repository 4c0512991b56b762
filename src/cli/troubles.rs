//! What `doctor` tells of trouble, and of what hubs have still to be told.

use super::finding::Finding;
use crate::config::Settings;
use crate::daemon::control;
use crate::source::Source;
use crate::status::troubles::{open, waiting};
use crate::store::{Store, StoreError};

/// What `doctor` tells of trouble with these sources and, if `whole` is asked for, of the hubs.
pub(super) fn findings(
    store: &Store,
    settings: &Settings,
    sources: &[&Source],
    whole: bool,
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    if whole && !settings.publish.hubs.is_empty() {
        let waiting = waiting(store, settings, "")?;
        if waiting.is_empty() {
            findings.push(Finding::good("publish.hub", "told of all changes".to_owned()));
        }
        findings.extend(waiting.iter().map(|waiting| Finding::odd("publish.hub", waiting.line())));
    }
    for trouble in open(store, sources)?.into_iter().chain(control::standstill(&settings.store)) {
        match &trouble.source {
            Some(source) => findings.push(Finding::odd(&format!("{source} trouble"), trouble.line())),
            None if whole => findings.push(Finding::odd("trouble", trouble.line())),
            None => {}
        }
    }
    Ok(findings)
}
