//! Everything that changes while the daemon runs: written by the daemon, read by whoever answers a request.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use arc_swap::{ArcSwap, ArcSwapOption};
use chrono::{DateTime, Utc};

use super::pages::Admitted;
use crate::config::Settings;
use crate::store::Incident;

/// What is true of the daemon just now. Nobody who reads it waits for anybody who writes it.
#[derive(Debug)]
pub struct Live {
    /// When the daemon started.
    pub started: DateTime<Utc>,
    /// What was answered since.
    pub traffic: Traffic,
    settings: ArcSwap<Settings>,
    settings_number: AtomicU64,
    problem: ArcSwapOption<Problem>,
    standstill: ArcSwapOption<Standstill>,
    activity: ArcSwap<Arc<str>>,
    ready: AtomicBool,
    unwritable: AtomicBool,
    beat: Moment,
    walks: Counted,
    publications: Counted,
}

/// A configuration that was refused while another one was in use; that one stays. Or what of one has to wait for a restart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    text: String,
    /// Whether it is in use but for what has to wait.
    pub is_in_use: bool,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl Problem {
    /// `text`: what is wrong with it, as `feedgen check` tells.
    pub fn new(text: String, since: DateTime<Utc>) -> Self {
        Self { text, is_in_use: false, since }
    }

    /// `text`: what of a configuration that is in use waits for a restart.
    pub fn waiting(text: String, since: DateTime<Utc>) -> Self {
        Self { text, is_in_use: true, since }
    }

    /// What is wrong with it, or waits. It quotes lines of the file, where secrets may stand.
    pub(super) fn text(&self, _: Admitted) -> &str {
        &self.text
    }
}

/// Nothing can be stored. It is kept here until it is over, for the store cannot take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standstill {
    /// The trouble, without a number.
    pub incident: Incident,
    /// Why, in few words that strangers may read: they name no path.
    pub reason: &'static str,
}

/// How often something happened since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// When it happened last. `None`: never.
    pub last: Option<DateTime<Utc>>,
}

/// What was answered since the start, and how many are being served.
#[derive(Debug, Default)]
pub struct Traffic {
    answers: [AtomicU64; 5],
    connections: AtomicU64,
    turned_away: AtomicU64,
    /// Who was turned away first.
    first: OnceLock<IpAddr>,
}

impl Live {
    /// A daemon that started at `started` with `settings`, and is not ready yet.
    pub fn new(started: DateTime<Utc>, settings: Arc<Settings>) -> Self {
        Self {
            started,
            traffic: Traffic::default(),
            settings: ArcSwap::new(settings),
            settings_number: AtomicU64::new(0),
            problem: ArcSwapOption::empty(),
            standstill: ArcSwapOption::empty(),
            activity: ArcSwap::from_pointee(Arc::from("starting")),
            ready: AtomicBool::new(false),
            unwritable: AtomicBool::new(false),
            beat: Moment::default(),
            walks: Counted::default(),
            publications: Counted::default(),
        }
    }

    /// The configuration in use.
    pub fn settings(&self) -> Arc<Settings> {
        self.settings.load_full()
    }

    /// The same for a moment: without counting who uses it, which would be written by all who answer.
    pub(super) fn settings_for_now(&self) -> arc_swap::Guard<Arc<Settings>> {
        self.settings.load()
    }

    /// Another configuration is in use from now on.
    pub fn set_settings(&self, settings: Arc<Settings>) {
        self.settings.store(settings);
        self.settings_number.fetch_add(1, Ordering::Release);
    }

    /// How often the configuration was replaced: what was made with another number is to be made anew.
    pub(super) fn settings_number(&self) -> u64 {
        self.settings_number.load(Ordering::Acquire)
    }

    /// The configuration that was refused, or waits in part. `None`: the one in use is what is written.
    pub fn problem(&self) -> Option<Arc<Problem>> {
        self.problem.load_full()
    }

    /// What is written was refused, or is in use again (`None`).
    pub fn set_problem(&self, problem: Option<Problem>) {
        self.problem.store(problem.map(Arc::new));
    }

    /// Whether the first walk over what is there has been published, so that requests find what they ask for.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// From now on it is.
    pub fn set_ready(&self) {
        self.ready.store(true, Ordering::Release);
    }

    /// Whether the file system keeps published files from being written.
    pub fn is_unwritable(&self) -> bool {
        self.unwritable.load(Ordering::Acquire)
    }

    /// Whether it did so when files were published last.
    pub fn set_unwritable(&self, is_unwritable: bool) {
        self.unwritable.store(is_unwritable, Ordering::Release);
    }

    /// Why nothing can be stored. `None`: it can.
    pub fn standstill(&self) -> Option<Arc<Standstill>> {
        self.standstill.load_full()
    }

    /// Nothing can be stored, or something can again (`None`).
    pub fn set_standstill(&self, standstill: Option<Standstill>) {
        self.standstill.store(standstill.map(Arc::new));
    }

    /// What the daemon is doing, for people: "waiting until 12:40".
    pub fn activity(&self) -> Arc<str> {
        Arc::clone(&self.activity.load())
    }

    /// The daemon is doing something else now.
    pub fn set_activity(&self, activity: impl Into<Arc<str>>) {
        self.activity.store(Arc::new(activity.into()));
    }

    /// The scheduler lives.
    pub fn beat(&self, now: DateTime<Utc>) {
        self.beat.set(now);
    }

    /// When the scheduler last said that it lives. `None`: not yet.
    pub fn last_beat(&self) -> Option<DateTime<Utc>> {
        self.beat.get()
    }

    /// A source has been walked to its end.
    pub fn walked(&self, now: DateTime<Utc>) {
        self.walks.add(1, now);
    }

    /// How many sources have been walked, one counted at each of its walks.
    pub fn walks(&self) -> Tally {
        self.walks.get()
    }

    /// So many files of the publish directory have changed.
    pub fn published(&self, files: u64, now: DateTime<Utc>) {
        self.publications.add(files, now);
    }

    /// How many files have been published, one counted each time it changed.
    pub fn publications(&self) -> Tally {
        self.publications.get()
    }
}

impl Traffic {
    /// Requests answered with a status of this class: 2 for 200 to 299. 0 for other classes than 1 to 5.
    pub fn answers(&self, class: usize) -> u64 {
        class.checked_sub(1).and_then(|at| self.answers.get(at)).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// Connections that are open.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// Connections that were turned away, since their peers held their share.
    pub fn turned(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }

    /// Who was the first. `None`: nobody was turned away.
    pub fn first_turned_away(&self) -> Option<IpAddr> {
        self.first.get().copied()
    }

    pub(super) fn turned_away(&self, peer: IpAddr) {
        self.turned_away.fetch_add(1, Ordering::Relaxed);
        self.first.get_or_init(|| peer);
    }

    pub(super) fn answered(&self, status: hyper::StatusCode) {
        if let Some(count) = self.answers.get(usize::from(status.as_u16() / 100).saturating_sub(1)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A connection is open until what this returns is dropped.
    pub(super) fn open(&self) -> Open<'_> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        Open(self)
    }
}

/// A connection that is open, and counted even where its task is cut off.
pub(super) struct Open<'t>(&'t Traffic);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A point in time that may be set at any time, to the millisecond.
#[derive(Debug)]
struct Moment(AtomicI64);

impl Moment {
    const NEVER: i64 = i64::MIN;

    fn set(&self, now: DateTime<Utc>) {
        self.0.store(now.timestamp_millis(), Ordering::Release);
    }

    fn get(&self) -> Option<DateTime<Utc>> {
        Some(self.0.load(Ordering::Acquire)).filter(|at| *at != Self::NEVER).and_then(DateTime::from_timestamp_millis)
    }
}

impl Default for Moment {
    fn default() -> Self {
        Self(AtomicI64::new(Self::NEVER))
    }
}

#[derive(Debug, Default)]
struct Counted {
    count: AtomicU64,
    last: Moment,
}

impl Counted {
    fn add(&self, count: u64, now: DateTime<Utc>) {
        self.count.fetch_add(count, Ordering::Relaxed);
        self.last.set(now);
    }

    fn get(&self) -> Tally {
        Tally { count: self.count.load(Ordering::Relaxed), last: self.last.get() }
    }
}
