//! Runs the command that wants to know what was published: `publish.on_publish`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Walk;
use crate::store::{Store, StoreError};

/// The files that a command has still to be told of, one a line.
const UNTOLD: &str = "untold";

/// Whether files are being published that the command has not been told of.
const PUBLISHING: &str = "publishing";

/// Bytes of a list that is handed over as a variable: Linux takes no longer one than 128 KiB.
const VARIABLE_BYTES: usize = 96 * 1024;

impl Walk<'_> {
    /// Notes that files are about to be published. Where a walk was cut off behind this, nobody knows which ones were: the
    /// command is told of all feeds.
    pub(super) fn prepare_to_announce(&self, store: &mut Store) -> Result<(), StoreError> {
        if self.settings.publish.on_publish.is_none() {
            return Ok(());
        }
        if store.meta(PUBLISHING)?.as_deref() == Some("yes") {
            let all: String = store.published()?.into_keys().flat_map(|path| [path, "\n".to_owned()]).collect();
            store.set_meta(UNTOLD, &all)?;
        }
        store.set_meta(PUBLISHING, "yes")
    }

    /// Runs `publish.on_publish` if files changed, now or since it last ended well.
    pub(super) fn announce(&mut self, store: &mut Store) -> Result<(), StoreError> {
        match self.untold(store)? {
            Some(announcement) => {
                let outcome = announcement.run();
                self.announced(store, outcome, "")
            }
            None => Ok(()),
        }
    }

    /// What `publish.on_publish` has still to be told, now that something was published. `None`: nothing.
    pub(super) fn untold(&mut self, store: &mut Store) -> Result<Option<Announcement>, StoreError> {
        let Some(command) = &self.settings.publish.on_publish else { return Ok(None) };
        let known = store.meta(UNTOLD)?.unwrap_or_default();
        let mut untold: BTreeSet<&str> = known.lines().collect();
        untold.extend(self.report.changed.iter().map(String::as_str));
        if untold.is_empty() {
            store.set_meta(PUBLISHING, "no")?;
            return Ok(None);
        }
        let list: String = untold.iter().flat_map(|path| [*path, "\n"]).collect();
        // Before it is run: what is killed with it is told again.
        store.set_meta(UNTOLD, &list)?;
        store.set_meta(PUBLISHING, "no")?;
        let told = first_lines(&list, VARIABLE_BYTES).to_owned();
        if told.len() < list.len() {
            self.report.notes.push(format!(
                "FEEDGEN_CHANGED names the first {} of {} changed files; FEEDGEN_CHANGED_FILE is a file that names all",
                told.lines().count(),
                untold.len()
            ));
        }
        Ok(Some(Announcement { command: command.clone(), list, told, store: self.settings.store.clone() }))
    }

    /// Notes how `publish.on_publish` ended. `since`: what was published while it ran, a line each.
    pub(super) fn announced(
        &mut self,
        store: &mut Store,
        outcome: Result<(), String>,
        since: &str,
    ) -> Result<(), StoreError> {
        match outcome {
            Ok(()) => store.set_meta(UNTOLD, since),
            Err(error) => {
                let next = "it is run again at the next refresh";
                self.report.failures.push(format!("publish.on_publish failed: {error}; {next}"));
                Ok(())
            }
        }
    }
}

/// What `publish.on_publish` is told. The list lies in `FEEDGEN_CHANGED_FILE`, beside the store, and as much of it as fits in
/// `FEEDGEN_CHANGED`.
pub(super) struct Announcement {
    command: String,
    list: String,
    told: String,
    store: PathBuf,
}

impl Announcement {
    /// Runs the command to its end.
    pub(super) fn run(&self) -> Result<(), String> {
        run(&self.command, &self.list, &self.told, &self.store)
    }
}

/// What it says goes to standard error: standard output is for our own results.
fn run(command: &str, list: &str, told: &str, store: &Path) -> Result<(), String> {
    let mut file = store.as_os_str().to_owned();
    file.push(".changed");
    let file = std::path::absolute(PathBuf::from(file)).map_err(|error| error.to_string())?;
    std::fs::write(&file, list).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    let mut process = Command::new("sh");
    process.arg("-c").arg(command).stdin(Stdio::null()).stdout(std::io::stderr());
    process.env("FEEDGEN_CHANGED", told.trim_end()).env("FEEDGEN_CHANGED_FILE", file);
    match process.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(error) => Err(format!("cannot start {command:?}: {error}")),
    }
}

/// As many whole lines as fit.
fn first_lines(list: &str, bytes: usize) -> &str {
    let fits = |end: &usize| *end <= bytes;
    let end = list.match_indices('\n').map(|(at, _)| at + 1).take_while(fits).last().unwrap_or(0);
    list.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_at_a_whole_line() {
        for (bytes, expected) in [(0, ""), (3, ""), (4, "one\n"), (7, "one\n"), (8, "one\ntwo\n"), (99, "one\ntwo\n")] {
            assert_eq!(first_lines("one\ntwo\n", bytes), expected);
        }
    }
}
