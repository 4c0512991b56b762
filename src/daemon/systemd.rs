//! What a service manager is told, and what it hands over: `sd_notify(3)`, `sd_listen_fds(3)`.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use listenfd::ListenFd;
use sd_notify::NotifyState;

use super::DaemonError;
use crate::refresh::ongoing::Clock;

/// The service manager. Without one, nobody is told anything.
#[derive(Debug, Default)]
pub(super) struct Manager {
    /// How often it wants to hear that we live. `None`: it does not ask.
    every: Option<Duration>,
    /// When it heard so last, by the steady clock, milliseconds.
    fed: AtomicU64,
}

impl Manager {
    /// The one that started us.
    pub(super) fn new() -> Self {
        // Half of its patience, as sd_watchdog_enabled(3) asks, and a little less.
        Self { every: sd_notify::watchdog_enabled().map(|patience| patience / 3), fed: AtomicU64::new(0) }
    }

    /// The sockets that it opened for us: none, if we are to open them.
    ///
    /// # Errors
    /// When one of them is not of TCP: whoever connects there would wait for ever.
    pub(super) fn sockets() -> Result<Vec<TcpListener>, DaemonError> {
        let mut handed = ListenFd::from_env();
        let all = 0..handed.len();
        all.filter_map(|at| handed.take_tcp_listener(at).map_err(DaemonError::Socket).transpose()).collect()
    }

    /// The scheduler lives.
    pub(super) fn feed(&self, clock: &dyn Clock) {
        let Some(every) = self.every else { return };
        let now = u64::try_from(clock.steady().as_millis()).unwrap_or(u64::MAX);
        let every = u64::try_from(every.as_millis()).unwrap_or(u64::MAX);
        if now.saturating_sub(self.fed.load(Ordering::Relaxed)) >= every {
            self.fed.store(now, Ordering::Relaxed);
            tell(&[NotifyState::Watchdog]);
        }
    }
}

/// Requests are answered from now on.
pub(super) fn ready() {
    tell(&[NotifyState::Ready]);
}

/// The configuration is being read again, until it is [ready](Self::ready).
pub(super) fn reloading() {
    let since = NotifyState::monotonic_usec_now();
    tell(&[NotifyState::Reloading].into_iter().chain(since).collect::<Vec<_>>());
}

/// It is coming to an end.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// What it is doing, for people.
pub(super) fn status(text: &str) {
    tell(&[NotifyState::Status(text)]);
}

fn tell(states: &[NotifyState<'_>]) {
    // A manager that does not listen misses it.
    let _unheard = sd_notify::notify(states);
}
