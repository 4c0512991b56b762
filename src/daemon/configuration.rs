//! The configuration of a daemon: read again when somebody has changed it, and never replaced by a broken one, nor by one that is
//! half written.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::DateTime;

use super::{DaemonError, World};
use crate::config::{self, ConfigError, Form, Serve, Settings, Written};
use crate::refresh;
use crate::serve::live::{Live, Problem};

/// How long nobody must have written to the files: whoever writes may write some more.
const STILL: Duration = Duration::from_secs(1);
/// How long it is waited for that at most. Whoever writes on is seen when the next change is.
const LONGEST: Duration = Duration::from_secs(5);

/// The same where sources are gone and nobody said so: who writes line by line may not have come to them.
const LONG_STILL: Duration = Duration::from_secs(10);

/// What a file looks like: size, time of modification and inode.
type Look = (u64, i64, i64, u64);

/// Why the configuration is read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// The files have changed, by whatever hand.
    Seen,
    /// Somebody says so (SIGHUP): what is written is meant.
    Said,
}

/// Where the configuration is read from, and what it was when it was read last.
#[derive(Debug)]
pub(super) struct Configuration {
    world: World,
    /// The files that it is read from, if they are there.
    pub(super) files: Vec<PathBuf>,
    /// Held by whoever reads: one after the other, so that the last to read has read the last that was written.
    turn: Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// What the files looked like.
    read: Vec<Option<Look>>,
    /// Whether somebody says that what is written is meant, and it was not read since.
    is_said: bool,
    /// How the file that was taken on last was written.
    form: Form,
    /// What was read, and is not in use yet.
    next: Option<Arc<Settings>>,
    /// What of that has to wait, or why it was refused. `None`: what is written is in use, or will be.
    problem: Option<String>,
}

/// Why a configuration is refused.
struct Refusal {
    /// In one line, with the next step.
    line: String,
    /// All of it.
    text: String,
}

impl From<String> for Refusal {
    fn from(text: String) -> Self {
        Self { line: text.clone(), text }
    }
}

impl From<ConfigError> for Refusal {
    fn from(error: ConfigError) -> Self {
        Self { line: format!("{}; `feedgen check` tells all", error.line()), text: error.to_string() }
    }
}

impl Configuration {
    /// Reads it for the first time.
    ///
    /// # Errors
    /// When it is wrong, or the vocabulary beside it.
    pub(super) fn read(world: &World) -> Result<(Self, Settings), DaemonError> {
        let candidates = config::candidates(world.named.as_deref(), Path::new(""), &world.environment);
        let with_vocabulary = |file: PathBuf| [file.with_file_name(config::VOCABULARY), file];
        let files: Vec<PathBuf> = candidates.into_iter().flat_map(with_vocabulary).collect();
        let read = look(&files);
        let (settings, form) = load(world)?;
        refresh::vocabulary(&settings)?;
        let state = Mutex::new(State { read, is_said: false, form, next: None, problem: None });
        Ok((Self { world: world.clone(), files, turn: Mutex::new(()), state }, settings))
    }

    /// Whether somebody has changed it since it was read, or says that it is to be read again.
    pub(super) fn is_outdated(&self) -> bool {
        let state = self.state();
        state.is_said || state.read != look(&self.files)
    }

    /// Reads it again: what is right waits to be [taken](Self::take). `false`: it was read meanwhile, or somebody goes on writing, and is
    /// seen again when that ends.
    ///
    /// # Errors
    /// With what is wrong with it; that before stays in use.
    pub(super) fn read_again(&self, live: &Live, wish: Wish) -> Result<bool, String> {
        let World { clock, log, .. } = &self.world;
        // At once: who waits for what may still be written waits no longer.
        if wish == Wish::Said {
            self.state().is_said = true;
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_outdated() {
            return Ok(false);
        }
        let begun = clock.steady();
        let (read, is_said) = loop {
            let Some(seen) = self.still(begun) else {
                if wish == Wish::Said {
                    let text = "somebody goes on writing to the configuration: it is read when that ends, and that before stays in use";
                    log.warning(clock.now(), text, &[]);
                }
                return Ok(false);
            };
            let read = load(&self.world).map_err(Refusal::from).and_then(|read| match refresh::vocabulary(&read.0) {
                Ok(_) => Ok(read),
                Err(error) => Err(error.to_string().into()),
            });
            if let Ok((settings, form)) = &read
                && self.may_want_more(live, settings, *form)
                && !self.stay(&seen)
            {
                // It is seen again.
                return Ok(false);
            }
            // What was written to meanwhile may have been read in part.
            if seen == look(&self.files) {
                let mut state = self.state();
                state.read = seen;
                break (read, std::mem::take(&mut state.is_said));
            }
        };
        // What goes on being wrong is so since it began.
        let since = |is_in_use| {
            let before = live.problem().filter(|before| before.is_in_use == is_in_use);
            before.map_or_else(|| clock.now(), |before| before.since)
        };
        let tell = |problem: Option<(&str, Problem)>| {
            let (text, problem) = problem.unzip();
            self.state().problem = text.map(str::to_owned);
            live.set_problem(problem);
        };
        let refused = |Refusal { line, text }: Refusal| {
            // Whoever writes line by line is not told the same at each.
            if is_said || self.problem().as_ref() != Some(&text) {
                log.error(
                    clock.now(),
                    &format!("the configuration is wrong, and that before stays in use: {line}"),
                    &[],
                );
            }
            tell(Some((&text, Problem::new(text.clone(), since(false)))));
            text
        };
        let (before, in_use) = self.before(live);
        let read = match (&in_use.path, read) {
            // Who moves a file away puts it back, or another in its place: nobody means to publish nothing.
            (Some(path), Ok((Settings { path: None, .. }, _))) => {
                Err(format!("{} is gone: put it back, or restart feedgen to do without", path.display()).into())
            }
            (_, Ok((settings, form))) if !is_said => {
                loss(&in_use, before, &settings, form).map_or(Ok((settings, form)), |loss| Err(loss.into()))
            }
            (_, read) => read,
        };
        let (settings, form) = read.map_err(refused)?;
        let fixed = [
            ("store.path", settings.store == in_use.store),
            ("serve.listen", settings.serve.listen == in_use.serve.listen),
        ];
        let changed: Vec<&str> = fixed.into_iter().filter(|(_, is_same)| !is_same).map(|(key, _)| key).collect();
        let settings = if changed.is_empty() {
            tell(None);
            settings
        } else {
            let keys = changed.join(" and ");
            let text =
                format!("the configuration was taken on, but what it says of {keys} waits for a restart of feedgen");
            log.warning(clock.now(), &text, &[]);
            tell(Some((&text, Problem::waiting(text.clone(), since(true)))));
            let serve = Serve { listen: in_use.serve.listen, ..settings.serve };
            Settings { store: in_use.store.clone(), serve, ..settings }
        };
        let mut state = self.state();
        (state.form, state.next) = (form, Some(Arc::new(settings)));
        Ok(true)
    }

    /// What the files look like when nobody has written to them for a moment. `None`: somebody has, all the time since `begun`.
    fn still(&self, begun: Duration) -> Option<Vec<Option<Look>>> {
        let clock = &self.world.clock;
        let mut seen = look(&self.files);
        let mut is_still = !self.are_fresh(&seen, STILL);
        while clock.steady().saturating_sub(begun) <= LONGEST {
            if is_still {
                return Some(seen);
            }
            std::thread::sleep(STILL);
            let again = look(&self.files);
            is_still = again == seen;
            seen = again;
        }
        None
    }

    /// Whether one of the files was written to within that time.
    fn are_fresh(&self, seen: &[Option<Look>], time: Duration) -> bool {
        let now = self.world.clock.now();
        seen.iter().flatten().any(|look| {
            let written = DateTime::from_timestamp(look.1, u32::try_from(look.2).unwrap_or(0)).unwrap_or_default();
            // One of a time to come was written by another clock, and tells nothing.
            (now - written).to_std().map_or(true, |age| age < time)
        })
    }

    /// Whether what was read lacks sources, as it does while somebody writes it line by line. Where it is refused for that, it does not.
    fn may_want_more(&self, live: &Live, settings: &Settings, form: Form) -> bool {
        let (before, in_use) = self.before(live);
        let is_short = settings.path.is_some() && lost(&in_use, settings) > 0;
        is_short && loss(&in_use, before, settings, form).is_none()
    }

    /// Whether the files look so for long, or somebody says that it is meant.
    fn stay(&self, seen: &[Option<Look>]) -> bool {
        let clock = &self.world.clock;
        let begun = clock.steady();
        while !self.state().is_said
            && self.are_fresh(seen, LONG_STILL)
            && clock.steady().saturating_sub(begun) < LONG_STILL
        {
            std::thread::sleep(STILL / 4);
            if look(&self.files) != seen {
                return false;
            }
        }
        true
    }

    /// What was taken on last: how it was written, and what it says.
    fn before(&self, live: &Live) -> (Form, Arc<Settings>) {
        let state = self.state();
        (state.form, state.next.clone().unwrap_or_else(|| live.settings()))
    }

    /// What was read and is not in use yet. `None`: nothing new.
    pub(super) fn take(&self) -> Option<Arc<Settings>> {
        self.state().next.take()
    }

    /// What of that which was read last has to wait, or why it was refused. `None`: nothing.
    pub(super) fn problem(&self) -> Option<String> {
        self.state().problem.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn load(world: &World) -> Result<(Settings, Form), ConfigError> {
    let written = Written::load(world.named.as_deref(), Path::new(""), &world.environment)?;
    Ok((Settings::resolve(&written)?, Form::of(&written)))
}

/// What a configuration without errors has lost that nobody takes out so: all its sources, or some of them and the end of its last line, as
/// a full disk and an editor that breaks off leave it. `None`: it may be meant.
fn loss(before: &Settings, had: Form, settings: &Settings, has: Form) -> Option<String> {
    const NEXT: &str = "mend it, or have it taken on as it is: `systemctl reload feedgen` (SIGHUP)";
    let path = settings.path.as_deref().unwrap_or(Path::new("the environment")).display();
    if had.names_sources && !has.names_sources {
        return Some(format!("{path} names no source any more, as if it were half written; {NEXT}"));
    }
    let lost = lost(before, settings);
    (lost > 0 && had.is_ended && !has.is_ended).then(|| {
        let sources = if lost == 1 { "a source".to_owned() } else { format!("{lost} sources") };
        format!("{path} ends inside a line and has lost {sources}, as if it were half written; {NEXT}")
    })
}

/// How many sources there were that there are no more.
fn lost(before: &Settings, settings: &Settings) -> usize {
    let kept: BTreeSet<_> = settings.sources.iter().map(|source| &source.id).collect();
    before.sources.iter().filter(|source| !kept.contains(&source.id)).count()
}

fn look(files: &[PathBuf]) -> Vec<Option<Look>> {
    let look = |path: &PathBuf| {
        let about = std::fs::metadata(path).ok()?;
        Some((about.size(), about.mtime(), about.mtime_nsec(), about.ino()))
    };
    files.iter().map(look).collect()
}
