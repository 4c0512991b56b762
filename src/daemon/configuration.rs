//! The configuration of a daemon: read again when somebody has changed it, and never replaced by a broken one.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{DaemonError, World};
use crate::config::{self, Serve, Settings};
use crate::refresh;
use crate::serve::live::{Live, Problem};

/// What a file looks like: size, time of modification and inode.
type Look = (u64, i64, i64, u64);

/// Where the configuration is read from, and what it was when it was read last.
#[derive(Debug)]
pub(super) struct Configuration {
    world: World,
    /// The files that it is read from, if they are there.
    pub(super) files: Vec<PathBuf>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// What the files looked like.
    read: Vec<Option<Look>>,
    /// What was read, and is not in use yet.
    next: Option<Arc<Settings>>,
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
        let settings = Settings::load(world.named.as_deref(), &world.environment)?;
        refresh::vocabulary(&settings)?;
        Ok((Self { world: world.clone(), files, state: Mutex::new(State { read, next: None }) }, settings))
    }

    /// Whether somebody has changed it since it was read.
    pub(super) fn is_outdated(&self) -> bool {
        self.state().read != look(&self.files)
    }

    /// Reads it again: what is right waits to be [taken](Self::take).
    ///
    /// # Errors
    /// With what is wrong with it; that before stays in use.
    pub(super) fn read_again(&self, live: &Live) -> Result<(), String> {
        let World { named, environment, clock, log } = &self.world;
        // One after the other, so that the last to read has read the last that was written.
        let mut state = self.state();
        // Before it is read: what changes meanwhile is read once more.
        state.read = look(&self.files);
        let read = Settings::load(named.as_deref(), environment).map_err(|error| error.to_string());
        let read = read.and_then(|settings| match refresh::vocabulary(&settings) {
            Ok(_) => Ok(settings),
            Err(error) => Err(error.to_string()),
        });
        let since = live.problem().map_or_else(|| clock.now(), |problem| problem.since);
        let refused = |text: String| {
            log.error(clock.now(), &format!("the configuration is wrong, and that before stays in use: {text}"), &[]);
            live.set_problem(Some(Problem { text: text.clone(), since }));
            text
        };
        let in_use = live.settings();
        let read = match (&in_use.path, read) {
            // Who moves a file away puts it back, or another in its place: nobody means to publish nothing.
            (Some(path), Ok(Settings { path: None, .. })) => {
                Err(format!("{} is gone: put it back, or restart feedgen to do without", path.display()))
            }
            (_, read) => read,
        };
        let settings = read.map_err(refused)?;
        let settings = if settings.store == in_use.store && settings.serve.listen == in_use.serve.listen {
            live.set_problem(None);
            settings
        } else {
            let text = "store.path and serve.listen are those of the start: restart feedgen to change them".to_owned();
            log.warning(clock.now(), &text, &[]);
            live.set_problem(Some(Problem { text, since }));
            let serve = Serve { listen: in_use.serve.listen, ..settings.serve };
            Settings { store: in_use.store.clone(), serve, ..settings }
        };
        state.next = Some(Arc::new(settings));
        Ok(())
    }

    /// What was read and is not in use yet. `None`: nothing new.
    pub(super) fn take(&self) -> Option<Arc<Settings>> {
        self.state().next.take()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look(files: &[PathBuf]) -> Vec<Option<Look>> {
    let look = |path: &PathBuf| {
        let about = std::fs::metadata(path).ok()?;
        Some((about.size(), about.mtime(), about.mtime_nsec(), about.ino()))
    };
    files.iter().map(look).collect()
}
