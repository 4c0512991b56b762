//! Addresses that somebody asks for are visited as a walk visits them, and what they answer is handed over as it is.

use std::io;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use url::Url;

use crate::collect::address::Private;
use crate::collect::fetch::{self, Answer, FetchError, Fetcher, LookedUp, Request};
use crate::collect::politeness::{self, Robots, Visit};

/// How long the name service may take.
const LOOK_UP: Duration = Duration::from_secs(5);

/// Asks one address. What robots.txt says is heeded if `robots` says so; it is asked for anew.
///
/// # Errors
/// When the address gives no answer.
pub fn ask(policy: fetch::Policy, request: Request, robots: bool, now: DateTime<Utc>) -> Result<Answer, FetchError> {
    let no_network = |error: String| FetchError::Setting(format!("there is no network ({error})"));
    let request = Box::new(request);
    let visit = Visit { purpose: (), request, robots, renderer: None, can_wait: false };
    let mut heard = Err(no_network("no answer".to_owned()));
    ask_all(policy, 1, vec![visit], now, |(), outcome| heard = outcome)
        .map_err(|error| no_network(error.to_string()))?;
    heard
}

/// Asks all addresses, `in_flight` at once, each host at its pace, and hands over what comes of each as it comes. What is kept of
/// large answers keeps others waiting: there is room for a few. Returns the robots.txt of all.
///
/// # Errors
/// When the system has no means for a network, such as file descriptors.
pub fn ask_all<T: Send + 'static>(
    policy: fetch::Policy,
    in_flight: usize,
    visits: Vec<Visit<T>>,
    now: DateTime<Utc>,
    mut hear: impl FnMut(T, Result<Answer, FetchError>),
) -> io::Result<Robots> {
    let (sender, mut receiver) = mpsc::channel(1);
    let (asked, asking) = mpsc::unbounded_channel();
    // All are sent before anybody can hang up.
    for visit in visits {
        asked.send(visit).unwrap_or_default();
    }
    drop(asked);
    let fetcher = Fetcher::new(policy);
    let crowd = politeness::Policy { in_flight, ..politeness::Policy::default() };
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| politeness::visit_all(&fetcher, asking, crowd, Robots::new(), move || now, sender));
        while let Some((purpose, outcome)) = receiver.blocking_recv() {
            hear(purpose, outcome.map(|answer| *answer));
        }
        asking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// What the name service knows of the host of an address; `None` where that is a number.
///
/// # Errors
/// When it knows nothing, or does not answer, in words.
pub fn look_up(url: &Url, private: &Private) -> Result<Option<LookedUp>, String> {
    let Some(url::Host::Domain(host)) = url.host() else { return Ok(None) };
    let runtime = politeness::runtime().map_err(|error| format!("there is no network ({error})"))?;
    let found = runtime.block_on(async { tokio::time::timeout(LOOK_UP, fetch::look_up(host, private)).await });
    // A look-up that hangs is not waited for.
    runtime.shutdown_background();
    match found {
        Ok(Ok(found)) => Ok(Some(found)),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("the name service does not answer within {} s", LOOK_UP.as_secs())),
    }
}
