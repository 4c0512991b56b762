//! Runs for years: holds the store open, walks when something is due, serves what is published, and survives what happens to
//! daemons.
//!
//! The walk that goes on has the main thread. Beside it: requests are answered on a runtime of their own, folders and the
//! configuration are watched, and signals and the control socket become calls to the walk.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{SecondsFormat, TimeDelta};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch as watching};

use crate::collect::schedule;
use crate::config::{self, ConfigError, Environment, Settings};
use crate::log::{Field, Log};
use crate::refresh::ongoing::{Call, Clock, Told, go_on};
use crate::refresh::task::rescued;
use crate::refresh::{RefreshError, note_configuration};
use crate::serve::live::{Live, Problem};
use crate::serve::{self, Door};
use crate::store::{Store, StoreError};

mod clock;
pub mod control;
mod systemd;
mod watch;

pub use clock::SystemClock;
use control::Control;
use systemd::Manager;
use watch::{Seen, Watch};

/// How long the end may take from the signal on: what is not done then is done when it runs again.
const END: Duration = Duration::from_millis(4800);
/// How long it waits after the store failed.
const REST: Duration = Duration::from_secs(15);
/// Threads that answer requests.
const SERVERS: usize = 2;

/// What a daemon needs of the world.
#[derive(Debug)]
pub struct World {
    /// The configuration file that was named. `None`: it is looked for.
    pub named: Option<PathBuf>,
    /// The environment.
    pub environment: Environment,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where it tells what it does.
    pub log: Log,
}

/// Why a daemon cannot run.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nobody could ask.
    #[error("{0}")]
    Listen(std::io::Error),
    /// The system refuses what a daemon needs.
    #[error("cannot {what}: {error}")]
    System {
        /// What was to be done.
        what: &'static str,
        /// What the system said.
        error: std::io::Error,
    },
}

/// Runs until SIGTERM or SIGINT.
///
/// # Errors
/// When it cannot begin. Later on nothing but a signal ends it.
pub fn run(world: &World) -> Result<(), DaemonError> {
    let failed = |what| move |error| DaemonError::System { what, error };
    let World { clock, log, .. } = world;
    let files = Files::of(world);
    let loaded = files.stamp();
    let settings = Arc::new(Settings::load(world.named.as_deref(), &world.environment)?);
    let store = hold(&settings.store, world)?;
    let sockets = Manager::sockets();
    let listeners =
        if sockets.is_empty() { serve::bind(&[settings.serve.listen]).map_err(DaemonError::Listen)? } else { sockets };
    let addresses: Vec<String> =
        listeners.iter().filter_map(|listener| Some(format!("http://{}/", listener.local_addr().ok()?))).collect();
    let live = Arc::new(Live::new(clock.now(), settings.clone()));
    let time = clock.clone();
    let door = Door::new(live.clone(), Arc::new(move || time.now()));
    let (calls, called) = mpsc::unbounded_channel();
    let (stop, stopped) = watching::channel(false);
    let shared = Arc::new(Shared {
        files,
        loaded: Mutex::new(loaded),
        calls,
        stop,
        is_ending: AtomicBool::new(false),
        manager: Manager::new(),
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(SERVERS)
        .enable_all()
        .thread_name("serve")
        .build()
        .map_err(failed("answer requests"))?;
    listen_to_signals(&runtime, &shared).map_err(failed("listen to signals"))?;
    let asked = shared.clone();
    let control = Control::open(&settings.store, move |call| asked.call_with_what_is_written(call));
    let _control = control.map_err(failed("open the control socket beside the store"))?;
    let serving: JoinHandle<()> = std::thread::spawn({
        let (log, time, door) = (*log, clock.clone(), door.clone());
        move || {
            if let Err(error) = runtime.block_on(serve::serve(listeners, door, stopped)) {
                log.error(time.now(), &format!("cannot answer requests: {error}"), &[]);
            }
            runtime.shutdown_background();
        }
    });
    shared.manager.ready();
    for address in &addresses {
        log.info(clock.now(), &format!("listening on {address}"), &[]);
    }
    Daemon { world, shared: &shared, live: &live, door: &door }.walk(store, settings, called);
    shared.manager.stopping();
    if serving.join().is_err() {
        log.error(clock.now(), "answering requests broke off; please report this", &[]);
    }
    Ok(())
}

/// Opens the store; a damaged one is moved aside, and all that can be saved of it is.
fn hold(path: &Path, world: &World) -> Result<Store, StoreError> {
    match Store::open(path) {
        Err(error) if error.is_corruption() => {
            let (store, note) = rescued(path, &error)?;
            world.log.error(world.clock.now(), &note, &[]);
            Ok(store)
        }
        outcome => outcome,
    }
}

/// The files that a configuration is read from, if they are there.
struct Files(Vec<PathBuf>);

/// What they look like: size, time of modification and inode of each.
type Stamp = Vec<Option<(u64, i64, i64, u64)>>;

impl Files {
    fn of(world: &World) -> Self {
        let candidates = config::candidates(world.named.as_deref(), Path::new(""), &world.environment);
        Self(candidates.into_iter().flat_map(|file| [file.with_file_name(config::VOCABULARY), file]).collect())
    }

    fn stamp(&self) -> Stamp {
        use std::os::unix::fs::MetadataExt as _;
        let look = |path: &PathBuf| {
            let about = std::fs::metadata(path).ok()?;
            Some((about.size(), about.mtime(), about.mtime_nsec(), about.ino()))
        };
        self.0.iter().map(look).collect()
    }
}

/// What all threads share.
struct Shared {
    files: Files,
    /// What the configuration looked like when it was read last.
    loaded: Mutex<Stamp>,
    calls: mpsc::UnboundedSender<Call>,
    stop: watching::Sender<bool>,
    is_ending: AtomicBool,
    manager: Manager,
}

impl Shared {
    fn call(&self, call: Call) {
        // Where the walk is over, nobody is called.
        let _over = self.calls.send(call);
    }

    /// Calls the walk, under the configuration that is written now.
    fn call_with_what_is_written(&self, call: Call) {
        if self.is_outdated() {
            self.call(Call::End);
        }
        self.call(call);
    }

    /// Whether somebody has changed the configuration since it was read.
    fn is_outdated(&self) -> bool {
        *self.loaded.lock().unwrap_or_else(PoisonError::into_inner) != self.files.stamp()
    }

    fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Acquire)
    }

    /// Comes to an end, in time.
    fn end(&self) {
        if self.is_ending.swap(true, Ordering::AcqRel) {
            return;
        }
        std::thread::spawn(|| {
            std::thread::sleep(END);
            // What is committed is committed, and the rest is done when it runs again.
            std::process::exit(0);
        });
        self.stop.send_replace(true);
        self.call(Call::End);
    }
}

/// SIGTERM and SIGINT end it, SIGHUP reads the configuration again.
fn listen_to_signals(runtime: &tokio::runtime::Runtime, shared: &Arc<Shared>) -> io::Result<()> {
    let _inside = runtime.enter();
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        let (mut signals, shared) = (signal(kind)?, shared.clone());
        runtime.spawn(async move {
            while signals.recv().await.is_some() {
                shared.end();
            }
        });
    }
    let (mut signals, shared) = (signal(SignalKind::hangup())?, shared.clone());
    runtime.spawn(async move {
        while signals.recv().await.is_some() {
            shared.call(Call::End);
        }
    });
    Ok(())
}

/// The walk that goes on, from one configuration to the next.
struct Daemon<'a> {
    world: &'a World,
    shared: &'a Arc<Shared>,
    live: &'a Live,
    door: &'a Door,
}

impl Daemon<'_> {
    fn walk(&self, store: Store, settings: Arc<Settings>, mut called: mpsc::UnboundedReceiver<Call>) {
        let World { clock, log, .. } = self.world;
        let (mut store, mut settings) = (Some(store), settings);
        loop {
            let _watch = self.watch(&settings);
            let outcome = match &mut store {
                Some(store) => {
                    go_on(&settings, store, clock, &mut called, &mut |told| self.hear(&told), &|| self.beat())
                }
                None => hold(&settings.store, self.world)
                    .map(|held| {
                        store = Some(held);
                        Vec::new()
                    })
                    .map_err(RefreshError::from),
            };
            if self.shared.is_ending() {
                return;
            }
            match outcome {
                Ok(unanswered) => unanswered.into_iter().for_each(|request| self.shared.call(Call::Do(request))),
                Err(error) => {
                    log.error(clock.now(), &error.to_string(), &[]);
                    self.set_activity(format!("resting: {error}"));
                    if matches!(&error, RefreshError::Store(error) if error.is_corruption()) {
                        // It is rescued when it is opened again.
                        store = None;
                    } else if self.rest(&mut called) {
                        return;
                    }
                }
            }
            settings = self.reload(settings);
            if let Some(store) = &mut store {
                self.note_problem(store);
            }
        }
    }

    /// Notes whether the configuration is refused, for those who want to be alerted of it.
    fn note_problem(&self, store: &mut Store) {
        let (problem, now) = (self.live.problem(), self.world.clock.now());
        let text = problem.as_ref().map(|problem| problem.text.as_str());
        if let Err(error) = note_configuration(store, text, now) {
            self.world.log.error(now, &error.to_string(), &[]);
        }
    }

    /// Reads the configuration again. A broken one never replaces that in use.
    fn reload(&self, settings: Arc<Settings>) -> Arc<Settings> {
        let World { clock, log, named, environment } = self.world;
        self.shared.manager.reloading();
        let stamp = self.shared.files.stamp();
        let read = Settings::load(named.as_deref(), environment).map_err(|error| error.to_string());
        let read = match (&settings.path, read) {
            // Editors take a file away before they put the new one there, and nobody means to publish nothing.
            (Some(path), Ok(Settings { path: None, .. })) => {
                Err(format!("{} is gone: put it back, or restart feedgen to do without", path.display()))
            }
            (_, read) => read,
        };
        *self.shared.loaded.lock().unwrap_or_else(PoisonError::into_inner) = stamp;
        let in_use = match read {
            Ok(read) if read.store != settings.store || read.serve.listen != settings.serve.listen => {
                let text =
                    "store.path and serve.listen are those of the start: restart feedgen to change them".to_owned();
                log.warning(clock.now(), &text, &[]);
                self.live.set_problem(Some(Problem { text, since: clock.now() }));
                let serve = config::Serve { listen: settings.serve.listen, ..read.serve };
                Arc::new(Settings { store: settings.store.clone(), serve, ..read })
            }
            Ok(read) => {
                self.live.set_problem(None);
                log.info(clock.now(), "the configuration was read again", &[]);
                Arc::new(read)
            }
            Err(text) => {
                log.error(
                    clock.now(),
                    &format!("the configuration is wrong, and that before stays in use: {text}"),
                    &[],
                );
                let since = self.live.problem().map_or_else(|| clock.now(), |problem| problem.since);
                self.live.set_problem(Some(Problem { text, since }));
                settings
            }
        };
        self.live.set_settings(in_use.clone());
        self.shared.manager.ready();
        in_use
    }

    /// Waits after the store failed. Whether this is the end.
    fn rest(&self, called: &mut mpsc::UnboundedReceiver<Call>) -> bool {
        let until = self.world.clock.steady() + REST;
        while self.world.clock.steady() < until && !self.shared.is_ending() {
            self.beat();
            std::thread::sleep(Duration::from_millis(100));
            // Whoever asks meanwhile is told so by the end of the connection.
            while called.try_recv().is_ok() {}
        }
        self.shared.is_ending()
    }

    fn watch(&self, settings: &Settings) -> Watch {
        let shared = self.shared.clone();
        let see = move |seen| match seen {
            Seen::Documents(sources) => shared.call(Call::Changed(sources)),
            Seen::Configuration if !shared.is_outdated() => {}
            Seen::Configuration | Seen::Folder => shared.call(Call::End),
        };
        let (watch, problems) = Watch::begin(settings, &self.shared.files.0, see);
        for problem in problems {
            self.world.log.warning(self.world.clock.now(), &problem, &[]);
        }
        watch
    }

    fn beat(&self) {
        self.live.beat(self.world.clock.now());
        self.shared.manager.feed(&*self.world.clock);
    }

    fn set_activity(&self, text: String) {
        if *self.live.activity() != *text {
            self.shared.manager.status(&text);
            self.live.set_activity(text);
        }
    }

    /// Passes on what the walk tells.
    fn hear(&self, told: &Told<'_>) {
        let (log, now) = (&self.world.log, self.world.clock.now());
        match told {
            Told::Walked(line) => {
                self.live.walked(now);
                let source = ("source", Field::from(line.id.as_str()));
                match &line.error {
                    Some(error) => log.warning(now, error, &[source]),
                    None if line.new + line.revised + line.moved + line.gone == 0 => {
                        log.debug(now, "nothing new", &[source])
                    }
                    None => {
                        let counts = [("new", line.new.into()), ("revised", line.revised.into())];
                        let [new, revised] = counts;
                        log.info(now, "walked", &[source, new, revised]);
                    }
                }
            }
            Told::Published(report) => {
                for note in &report.notes {
                    log.info(now, note, &[]);
                }
                for failure in report.losses.iter().chain(&report.failures) {
                    log.error(now, failure, &[]);
                }
                self.door.changed(&report.changed);
                if !report.changed.is_empty() {
                    self.live.published(report.changed.len() as u64, now);
                    log.info(now, "published", &[("files", (report.changed.len() as u64).into())]);
                }
                self.live.set_ready();
            }
            Told::Waiting(until, under_way) => self.set_activity(match (until, under_way) {
                (_, 1..) => format!("visiting {under_way} of the sources"),
                (Some(until), 0) => format!("waiting until {}", until.to_rfc3339_opts(SecondsFormat::Secs, true)),
                (None, 0) => "waiting".to_owned(),
            }),
            Told::Untold(text) => log.warning(now, text, &[]),
            Told::ClockSet(jump) => {
                let direction = if *jump > TimeDelta::zero() { "forward" } else { "back" };
                log.warning(
                    now,
                    &format!(
                        "the clock was set {direction} by {}: sources stay due as they were",
                        schedule::span(jump.abs())
                    ),
                    &[],
                );
            }
        }
    }
}
