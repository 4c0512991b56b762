//! Everything that changes while the daemon runs.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::config::Settings;

/// A configuration that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong with it.
    pub text: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Everything that changes while the daemon runs.
#[derive(Debug)]
pub struct Live {
    /// When the daemon was started.
    pub started: DateTime<Utc>,
    settings: Mutex<Arc<Settings>>,
    problem: Mutex<Option<Arc<Problem>>>,
    activity: Mutex<Arc<str>>,
    ready: AtomicBool,
    beat: AtomicI64,
}

impl Live {
    /// A daemon that starts.
    pub fn new(started: DateTime<Utc>, settings: Arc<Settings>) -> Self {
        Self {
            started,
            settings: Mutex::new(settings),
            problem: Mutex::default(),
            activity: Mutex::new("starting".into()),
            ready: AtomicBool::new(false),
            beat: AtomicI64::new(started.timestamp()),
        }
    }
    /// The configuration that holds.
    pub fn settings(&self) -> Arc<Settings> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    /// The configuration that was refused. `None`: there is none.
    pub fn problem(&self) -> Option<Arc<Problem>> {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    /// Tells it.
    pub fn set_problem(&self, problem: Option<Problem>) {
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = problem.map(Arc::new);
    }
    /// What the daemon does.
    pub fn activity(&self) -> Arc<str> {
        self.activity.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    /// Whether the first walk was published.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }
    /// It was.
    pub fn set_ready(&self) {
        self.ready.store(true, Ordering::Relaxed);
    }
    /// The scheduler lives.
    pub fn beat(&self, now: DateTime<Utc>) {
        self.beat.store(now.timestamp(), Ordering::Relaxed);
    }
    /// When it last did.
    pub fn last_beat(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.beat.load(Ordering::Relaxed), 0).unwrap_or_default()
    }
}
