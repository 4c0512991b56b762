//! Runs for years: holds the store open, walks when something is due, serves what is published, and survives what happens to
//! daemons.
//!
//! The walk that goes on has the main thread. Beside it: requests are answered on a runtime of their own, folders and the
//! configuration are watched, and signals and the control socket become calls to the walk.

use std::cell::{Cell, RefCell};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{SecondsFormat, TimeDelta};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch as watching};

use crate::collect::schedule;
use crate::config::{ConfigError, Environment, Settings};
use crate::log::{Field, Log};
use crate::refresh::ongoing::{Call, Clock, Halt, Request, Told, go_on};
use crate::refresh::task::rescued;
use crate::refresh::{RefreshError, note_configuration};
use crate::serve::live::Live;
use crate::serve::{self, Door};
use crate::status::failure;
use crate::store::{Store, StoreError};

mod clock;
mod configuration;
pub mod control;
mod place;
mod rest;
mod systemd;
mod watch;

pub use clock::SystemClock;
use configuration::{Configuration, Wish};
use control::Control;
use rest::{Rest, TICK};
use systemd::Manager;
use watch::{Seen, Watch};

/// How long the end may take from the signal on: what is not done then is done when it runs again.
const END: Duration = Duration::from_millis(4800);
/// How long the end may take where all that a store without its file holds is being kept: the service manager waits no longer.
const LAST: Duration = Duration::from_millis(14_500);
/// How long it waits after the store failed for the first time, twice as long after the next, and at most.
const REST: [Duration; 2] = [Duration::from_secs(15), Duration::from_mins(15)];
/// After how long without a failure the next counts as the first.
const WELL: Duration = Duration::from_hours(1);

/// What a daemon needs of the world.
#[derive(Clone, Debug)]
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
    /// The vocabulary beside it is.
    #[error(transparent)]
    Vocabulary(#[from] RefreshError),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nobody could ask.
    #[error("{0}")]
    Listen(std::io::Error),
    /// Nor by what the service manager opened.
    #[error(
        "a socket that the service manager hands over is not of TCP ({0}): give an address and a port as its ListenStream"
    )]
    Socket(std::io::Error),
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
    let (configuration, settings) = Configuration::read(world)?;
    let settings = Arc::new(settings);
    let mut store = Some(hold(&settings.store, world)?);
    let sockets = Manager::sockets()?;
    let listeners =
        if sockets.is_empty() { serve::bind(&[settings.serve.listen]).map_err(DaemonError::Listen)? } else { sockets };
    let addresses: Vec<String> =
        listeners.iter().filter_map(|listener| Some(format!("http://{}/", listener.local_addr().ok()?))).collect();
    let live = Arc::new(Live::new(clock.now(), settings.clone()));
    rest::take_up(&live, &settings.store);
    let time = clock.clone();
    let door = Door::new(live.clone(), Arc::new(move || time.now()));
    let (calls, called) = mpsc::unbounded_channel();
    let (stop, stopped) = watching::channel(false);
    let shared = Arc::new(Shared {
        configuration,
        live: live.clone(),
        calls,
        stop,
        is_ending: AtomicBool::new(false),
        is_keeping: AtomicBool::new(false),
        manager: Manager::new(),
    });
    // One thread answers: what takes its time is done by others, and two would write to the same counters for each request.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .thread_name("serve-beside")
        .build()
        .map_err(failed("answer requests"))?;
    listen_to_signals(&runtime, &shared).map_err(failed("listen to signals"))?;
    let control = listen_to_commands(&settings.store, world, &shared);
    let answering = {
        let (log, time, door) = (*log, clock.clone(), door.clone());
        move || {
            if let Err(error) = runtime.block_on(serve::serve(listeners, door, stopped)) {
                log.error(time.now(), &format!("cannot answer requests: {error}"), &[]);
            }
            runtime.shutdown_background();
        }
    };
    let serving: JoinHandle<()> =
        std::thread::Builder::new().name("serve".to_owned()).spawn(answering).map_err(failed("answer requests"))?;
    systemd::ready();
    for address in &addresses {
        log.info(clock.now(), &format!("listening on {address}"), &[]);
    }
    let mut daemon = Daemon {
        world,
        shared: &shared,
        live: &live,
        door: &door,
        control: RefCell::new(control),
        is_crowd_told: Cell::new(false),
        kept: None,
    };
    daemon.walk(&mut store, settings, called);
    systemd::stopping();
    // Before the store is given up: the next who holds it has a socket of its own there.
    drop(daemon);
    drop(store);
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

/// Opens the socket beside the store by which other commands ask for what they want done. `None`: there can be none.
fn listen_to_commands(store: &Path, world: &World, shared: &Arc<Shared>) -> Option<Control> {
    let asked = shared.clone();
    let control = Control::open(store, &shared.live, move |call| asked.call_with_what_is_written(call));
    let tell = |error: &io::Error| {
        let text = format!(
            "cannot open the control socket beside the store: {error}; `refresh` and the like cannot be asked for"
        );
        world.log.warning(world.clock.now(), &text, &[]);
    };
    control.inspect_err(tell).ok()
}

/// What all threads share.
struct Shared {
    configuration: Configuration,
    live: Arc<Live>,
    calls: mpsc::UnboundedSender<Call>,
    stop: watching::Sender<bool>,
    is_ending: AtomicBool,
    /// Whether all that a store without its file holds is being kept.
    is_keeping: AtomicBool,
    manager: Manager,
}

impl Shared {
    fn call(&self, call: Call) {
        // Where the walk is over, nobody is called.
        let _over = self.calls.send(call);
    }

    /// Calls the walk, under the configuration that is written now.
    fn call_with_what_is_written(&self, call: Call) {
        if self.configuration.is_outdated() {
            self.reload(Wish::Seen);
        }
        self.call(call);
    }

    /// Reads the configuration again: the walk ends, to go on under it.
    fn reload(&self, wish: Wish) {
        systemd::reloading();
        match self.configuration.read_again(&self.live, wish) {
            Ok(true) => self.call(Call::End),
            Ok(false) => systemd::ready(),
            Err(text) => {
                self.call(Call::Refused(text));
                systemd::ready();
            }
        }
    }

    fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Acquire)
    }

    /// Comes to an end, in time.
    fn end(self: &Arc<Self>) {
        if self.is_ending.swap(true, Ordering::AcqRel) {
            return;
        }
        let shared = self.clone();
        std::thread::spawn(move || {
            std::thread::sleep(END);
            let mut waited = END;
            while shared.is_keeping.load(Ordering::Acquire) && waited < LAST {
                std::thread::sleep(TICK);
                waited += TICK;
            }
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
            let shared = shared.clone();
            // It reads files, and what waits for it waits for nothing else.
            tokio::task::spawn_blocking(move || shared.reload(Wish::Said)).await.unwrap_or_default();
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
    /// By which other commands ask.
    control: RefCell<Option<Control>>,
    /// Whether it was told that somebody holds too many connections.
    is_crowd_told: Cell<bool>,
    /// What is to be said of a store that was taken away or replaced, when the next is open.
    kept: Option<String>,
}

impl Daemon<'_> {
    /// `store`: `None` while there is none to be used.
    fn walk(&mut self, store: &mut Option<Store>, settings: Arc<Settings>, mut called: mpsc::UnboundedReceiver<Call>) {
        let World { clock, log, .. } = self.world;
        let (mut settings, mut rest, mut failed_at) = (settings, REST[0], None);
        loop {
            let _watch = self.watch(&settings);
            // What was written while nobody watched.
            if self.shared.configuration.is_outdated() {
                self.shared.reload(Wish::Seen);
            }
            let standstill = self.live.standstill();
            let trouble = standstill.as_ref().map(|standstill| &standstill.incident);
            let outcome = match store {
                // What is wrong with the configuration may have changed while it could not be noted.
                Some(store) => match self.note_problem(store) {
                    Ok(()) => {
                        go_on(&settings, store, clock, trouble, &mut called, &mut |told| self.hear(&told), &|| {
                            self.beat();
                        })
                    }
                    Err(error) => Err(RefreshError::from(error).into()),
                },
                None => self.hold_again(store, &settings).map_err(|error| RefreshError::from(error).into()),
            };
            let outcome = outcome.or_else(|halt| self.keep(store, halt));
            if self.shared.is_ending() {
                self.keep_at_the_end(store);
                return;
            }
            match outcome {
                Ok(unanswered) => unanswered.into_iter().for_each(|request| self.shared.call(Call::Do(request))),
                Err(Halt { error, unanswered }) => {
                    let is_kept = store.is_none() && self.kept.is_some();
                    let (text, reason) = match &error {
                        RefreshError::Store(error) => (failure::of_store(error), failure::in_brief(error)),
                        error => (error.to_string(), "sources cannot be walked"),
                    };
                    log.error(clock.now(), &text, &[]);
                    let is_damaged = matches!(&error, RefreshError::Store(error) if error.is_corruption());
                    if is_damaged {
                        // It is rescued when it is opened again.
                        *store = None;
                    }
                    let is_unwritten = matches!(&error, RefreshError::Store(StoreError::Unwritten { .. }));
                    let now = clock.steady();
                    let is_first = failed_at.replace(now).is_none_or(|at| now.saturating_sub(at) > WELL);
                    rest = if is_first || is_unwritten { REST[0] } else { (rest * 2).min(REST[1]) };
                    // Damage that does not go away would fill the disk with copies.
                    if (is_damaged || is_kept) && is_first {
                        for request in unanswered {
                            self.shared.call(Call::Do(request));
                        }
                    } else {
                        let halt = Rest { time: rest, text, reason, is_damaged };
                        if self.rest(&halt, unanswered, &settings, &mut called) {
                            self.keep_at_the_end(store);
                            return;
                        }
                    }
                }
            }
            if let Some(fresh) = self.shared.configuration.take() {
                settings = fresh;
                self.live.set_settings(settings.clone());
                // Who hears of it may look at once; what cannot be noted now is tried again before the walk goes on.
                let _noted = store.as_mut().map(|store| self.note_problem(store));
                log.info(clock.now(), "the configuration was read again", &[]);
                systemd::ready();
            }
        }
    }

    /// Keeps what a store holds whose file was taken away or replaced, and gives it up.
    ///
    /// # Errors
    /// With what is to be told of it.
    fn keep(&mut self, store: &mut Option<Store>, halt: Halt) -> Result<Vec<Request>, Halt> {
        let is_displaced = matches!(halt.error, RefreshError::Store(StoreError::Displaced { .. }));
        let Some(held) = store.as_mut().filter(|_| is_displaced) else { return Err(halt) };
        self.shared.is_keeping.store(true, Ordering::Release);
        let outcome = held.keep_displaced(self.shared.is_ending());
        self.shared.is_keeping.store(false, Ordering::Release);
        // The next walk tells it, if there is one.
        if self.shared.is_ending() {
            let told = match &outcome {
                Ok(text) => text.clone(),
                Err(error) => Some(format!("cannot keep what the store held: {}", failure::of_store(error))),
            };
            if let Some(text) = told {
                self.world.log.error(self.world.clock.now(), &text, &[]);
            }
        }
        if !self.shared.is_ending() {
            self.listen_again();
        }
        match outcome {
            Ok(Some(text)) => {
                *store = None;
                self.kept = Some(text);
                Err(halt)
            }
            // Its file is there again.
            Ok(None) => Ok(halt.unanswered),
            // It stays open, for it is all there is.
            Err(error) => Err(Halt { error: error.into(), ..halt }),
        }
    }

    /// The same where it ends without another walk.
    fn keep_at_the_end(&mut self, store: &mut Option<Store>) {
        if let Some(Err(error)) = store.as_mut().map(Store::look_at_place) {
            // What comes of it is logged, and nobody waits for it.
            let _told = self.keep(store, RefreshError::from(error).into());
        }
    }

    /// Opens the socket anew if it has gone.
    fn listen_again(&self) {
        let mut control = self.control.borrow_mut();
        if control.as_ref().is_none_or(|control| !control.is_in_place()) {
            *control = None;
            *control = listen_to_commands(&self.live.settings().store, self.world, self.shared);
        }
    }

    /// Opens the store that lies there now.
    fn hold_again(&mut self, store: &mut Option<Store>, settings: &Settings) -> Result<Vec<Request>, StoreError> {
        self.wait_until_written(&settings.store)?;
        let mut held = hold(&settings.store, self.world)?;
        if let Some(text) = &self.kept {
            held.note_lost(text)?;
            self.kept = None;
        }
        *store = Some(held);
        Ok(Vec::new())
    }

    /// Notes that the configuration is not refused any more, or why it is, or what of it has to wait.
    fn note_problem(&self, store: &mut Store) -> Result<(), StoreError> {
        note_configuration(store, self.shared.configuration.problem().as_deref(), self.world.clock.now())
    }

    fn watch(&self, settings: &Settings) -> Watch {
        let shared = self.shared.clone();
        let see = move |seen| match seen {
            Seen::Documents(sources) => shared.call(Call::Changed(sources)),
            Seen::Configuration if shared.configuration.is_outdated() => shared.reload(Wish::Seen),
            Seen::Configuration => {}
            Seen::Folder => shared.call(Call::End),
        };
        let (watch, problems) = Watch::begin(settings, &self.shared.configuration.files, see);
        for problem in problems {
            self.world.log.warning(self.world.clock.now(), &problem, &[]);
        }
        watch
    }

    fn beat(&self) {
        let now = self.world.clock.now();
        self.live.beat(now);
        if let Some(peer) = self.live.traffic.first_turned_away()
            && !self.is_crowd_told.replace(true)
        {
            let text = format!(
                "{peer} holds a quarter of all connections that there may be: more of it are refused, so that others are served; /metrics counts them"
            );
            self.world.log.warning(now, &text, &[]);
        }
        self.shared.manager.feed(&*self.world.clock);
    }

    fn set_activity(&self, text: String) {
        if *self.live.activity() != *text {
            systemd::status(&text);
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
                        log.debug(now, "nothing new", &[source]);
                    }
                    None => {
                        let counts = [("new", line.new.into()), ("revised", line.revised.into())];
                        let [new, revised] = counts;
                        log.info(now, "walked", &[source, new, revised]);
                    }
                }
            }
            Told::Published(report, is_written) => {
                self.live.set_unwritable(!is_written);
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
            Told::Waiting(until, under_way) => {
                if self.control.borrow().as_ref().is_some_and(|control| !control.is_in_place()) {
                    self.listen_again();
                }
                self.set_activity(match (until, under_way) {
                    (_, 1..) => format!("visiting {under_way} of the sources"),
                    (Some(until), 0) => format!("waiting until {}", until.to_rfc3339_opts(SecondsFormat::Secs, true)),
                    (None, 0) => "waiting".to_owned(),
                });
            }
            Told::Over => {
                log.info(now, "what came can be stored again", &[]);
                self.is_well_again();
            }
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
