//! The system's clock: the second place that reads it, since a daemon lives long.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rustix::time::{ClockId, clock_gettime};

use crate::refresh::ongoing::Clock;

/// What the system says.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "a daemon asks again and again what time it is")]
        Utc::now()
    }

    fn steady(&self) -> Duration {
        // It passes while the machine sleeps (clock_gettime(2)): what became due meanwhile is due then.
        let time = clock_gettime(ClockId::Boottime);
        Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
    }

    fn wait(&self, time: Duration, _: bool) -> Duration {
        time
    }
}
