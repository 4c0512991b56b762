//! Tells those who want to know what was published: the command `publish.on_publish`, and hubs.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal, kill_process_group};

use super::{Walk, keep, push};
use crate::config::Settings;
use crate::store::{Store, StoreError};

/// The files that a command has still to be told of, one a line.
const UNTOLD: &str = "untold";

/// Whether files are being published that nobody has been told of.
const PUBLISHING: &str = "publishing";

/// How long the command may take: what it copies may be much, but what hangs would hold up all that comes behind.
const LONGEST: Duration = Duration::from_hours(1);

/// Bytes of a list that is handed over as a variable: Linux takes no longer one than 128 KiB.
const VARIABLE_BYTES: usize = 96 * 1024;

impl Walk<'_> {
    /// Notes that files are about to be published. Where a walk was cut off behind this, nobody knows which ones were: all
    /// are told of all feeds.
    pub(super) fn prepare_to_announce(&self, store: &mut Store) -> Result<(), StoreError> {
        let publish = &self.settings.publish;
        if publish.on_publish.is_none() && publish.hubs.is_empty() {
            return Ok(());
        }
        if store.meta(PUBLISHING)?.as_deref() == Some("yes") {
            let all: Vec<String> = store.published()?.into_keys().collect();
            push::note(store, self.settings, all.iter().map(String::as_str), self.now)?;
            if publish.on_publish.is_some() {
                let all: String = all.iter().flat_map(|path| [path, "\n"]).collect();
                store.set_meta(UNTOLD, &all)?;
            }
        }
        store.set_meta(PUBLISHING, "yes")
    }

    /// Notes what hubs are to be told of, and runs `publish.on_publish` if files changed, now or since it last ended well.
    pub(super) fn announce(&mut self, store: &mut Store) -> Result<(), StoreError> {
        match self.untold(store)? {
            Some(announcement) => {
                let outcome = announcement.run();
                self.announced(store, outcome, "")
            }
            None => Ok(()),
        }
    }

    /// Notes what hubs have still to be told, now that something was published, and returns what `publish.on_publish` has. `None`:
    /// nothing.
    pub(super) fn untold(&mut self, store: &mut Store) -> Result<Option<Announcement>, StoreError> {
        let publish = &self.settings.publish;
        push::note(store, self.settings, self.report.changed.iter().map(String::as_str), self.now)?;
        let Some(command) = &publish.on_publish else {
            if !publish.hubs.is_empty() {
                keep(store, PUBLISHING, "no")?;
            }
            return Ok(None);
        };
        let known = store.meta(UNTOLD)?.unwrap_or_default();
        let mut untold: BTreeSet<&str> = known.lines().collect();
        untold.extend(self.report.changed.iter().map(String::as_str));
        if untold.is_empty() {
            keep(store, PUBLISHING, "no")?;
            return Ok(None);
        }
        let list: String = untold.iter().flat_map(|path| [*path, "\n"]).collect();
        // Before it is run: what is killed with it is told again.
        store.set_meta(UNTOLD, &list)?;
        keep(store, PUBLISHING, "no")?;
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
                self.report.failures.push(not_announced(&error));
                Ok(())
            }
        }
    }
}

/// What is said where `publish.on_publish` failed.
pub(super) fn not_announced(error: &str) -> String {
    format!("publish.on_publish failed: {error}; it is run again when something is published next")
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

/// Whether `publish.on_publish` has still to be told of files: it did not end well.
///
/// # Errors
/// When the store fails.
pub(super) fn is_behind(store: &Store, settings: &Settings) -> Result<bool, StoreError> {
    let is_told = || store.meta(UNTOLD).map(|untold| untold.is_none_or(|untold| untold.is_empty()));
    Ok(settings.publish.on_publish.is_some() && !is_told()?)
}

fn run(command: &str, list: &str, told: &str, store: &Path) -> Result<(), String> {
    let mut file = store.as_os_str().to_owned();
    file.push(".changed");
    let file = std::path::absolute(PathBuf::from(file)).map_err(|error| error.to_string())?;
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", file.display());
    // One that was begun under another configuration reads its list to the end before the next gets one.
    let held = File::options().create(true).truncate(false).write(true).open(&file).map_err(failed)?;
    flock(&held, FlockOperation::LockExclusive).map_err(|error| failed(error.into()))?;
    held.set_len(0).and_then(|()| (&held).write_all(list.as_bytes())).map_err(failed)?;
    let variables = [("FEEDGEN_CHANGED", OsStr::new(told.trim_end())), ("FEEDGEN_CHANGED_FILE", file.as_os_str())];
    shell(command, &variables, &mut { LONGEST })
}

/// Runs a command line with more variables. What it says goes to standard error: standard output is for our own results. What
/// it takes is taken from `left`; when nothing is left, it is ended.
///
/// # Errors
/// When it does not end well, in words.
pub(super) fn shell<V: AsRef<OsStr>>(
    command: &str,
    variables: &[(&str, V)],
    left: &mut Duration,
) -> Result<(), String> {
    let mut process = Command::new("sh");
    process.arg("-c").arg(command).stdin(Stdio::null()).stdout(std::io::stderr());
    process.envs(variables.iter().map(|(name, value)| (name, value.as_ref())));
    // With a group of its own, all that it has started ends with it.
    match process.process_group(0).spawn().and_then(|mut child| wait(&mut child, left)) {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(error) if error.kind() == std::io::ErrorKind::TimedOut => {
            Err(format!("{command:?} took too long, and was ended"))
        }
        Err(error) => Err(format!("cannot run {command:?}: {error}")),
    }
}

/// Waits for a program while there is time, and ends it then.
fn wait(child: &mut Child, left: &mut Duration) -> std::io::Result<ExitStatus> {
    let (mut pause, group) = (Duration::from_millis(1), Pid::from_child(child));
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if left.is_zero() {
            let _ended = kill_process_group(group, Signal::KILL);
            child.wait()?;
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        pause = pause.min(*left);
        std::thread::sleep(pause);
        *left -= pause;
        pause = (pause * 2).min(Duration::from_millis(50));
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
