//! What lies in the place of a store is opened only when whoever puts it there has done so.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::Duration;

use chrono::DateTime;

use super::Daemon;
use super::rest::TICK;
use crate::store::StoreError;

/// How long nobody must have written to it.
const STILL: Duration = Duration::from_secs(2);
/// How long it is waited for that before somebody is told.
const LONGEST: Duration = Duration::from_secs(5);

impl Daemon<'_> {
    /// Waits until the file in the place of the store holds something, and nobody has written to it for a moment: half a backup looks
    /// like a damaged store. Where none lies there, nothing is waited for.
    ///
    /// # Errors
    /// When that takes long.
    pub(super) fn wait_until_written(&self, store: &Path) -> Result<(), StoreError> {
        let clock = &self.world.clock;
        let begun = clock.steady();
        // What it looked like, and since when it does so.
        let mut seen = None;
        while !self.shared.is_ending() {
            let Ok(about) = std::fs::metadata(store) else { return Ok(()) };
            let look = (about.size(), about.mtime(), about.mtime_nsec(), about.ino());
            let steady = clock.steady();
            let since = match seen {
                Some((before, since)) if before == look => since,
                _ => steady,
            };
            let is_waited_for = seen.replace((look, since)).is_some();
            let written = DateTime::from_timestamp(look.1, u32::try_from(look.2).unwrap_or(0)).unwrap_or_default();
            // One of a time to come was written by another clock, and tells nothing.
            let is_old = (clock.now() - written).to_std().is_ok_and(|age| age >= STILL);
            if look.0 > 0 && (is_old || steady.saturating_sub(since) >= STILL) {
                return Ok(());
            }
            if steady.saturating_sub(begun) >= LONGEST {
                break;
            }
            let error = StoreError::Unwritten { path: store.to_owned() };
            if !is_waited_for {
                self.world.log.warning(clock.now(), &error.to_string(), &[]);
                self.set_activity("waiting until the store is written".to_owned());
            }
            self.beat();
            std::thread::sleep(TICK);
        }
        Err(StoreError::Unwritten { path: store.to_owned() })
    }
}
