//! Whatever writes to the store: done here, or by the daemon that holds it.

use chrono::{DateTime, Utc};

use crate::config::Settings;
use crate::daemon::control;
use crate::publish::claim::Claim;
use crate::refresh::task::{self, Task};
use crate::refresh::{Progress, RefreshError};
use crate::report::Report;
use crate::store::StoreError;

use super::Failure;

/// That no store is begun where another feedgen publishes, whose store may be gone with its disk: the daemon puts it back, and would
/// find another in its place.
fn may_begin(settings: &Settings) -> Result<(), Failure> {
    let directory = &settings.publish.directory;
    // One that may not be looked for is another matter.
    if settings.store.try_exists().unwrap_or(true) || !directory.exists() || control::is_there(&settings.store) {
        return Ok(());
    }
    Claim::default().hold(directory).map_err(|taken| Failure::Broken(taken.to_string()))
}

/// Does it, and publishes what came of it. Where a daemon holds the store, it is asked to.
pub(super) fn perform(
    settings: &Settings,
    task: &Task,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Report, Failure> {
    may_begin(settings)?;
    match task::perform(settings, task, now, progress) {
        Err(RefreshError::Store(StoreError::Busy { path })) => match control::ask(&settings.store, task) {
            Ok(answer) => answer.map_err(|refused| match refused.code {
                2 => Failure::Usage(refused.text),
                _ => Failure::Broken(refused.text),
            }),
            // Whoever holds it is no daemon.
            Err(_) => Err(StoreError::Busy { path }.into()),
        },
        outcome => Ok(outcome?),
    }
}

/// What comes next when the configuration was changed.
pub(super) fn next_step(settings: &Settings) -> &'static str {
    if control::is_there(&settings.store) { "the daemon reads it at once" } else { "run `feedgen refresh` to read it" }
}
