//! Asking many addresses at once, without being a burden to any host.
//!
//! Each host has a lane of its own, in which requests start one after another, a pause apart. All lanes draw from one
//! supply of requests in flight, in turn. Answers are handed over as they come, and no more are taken than are collected.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use url::Url;

use super::fetch::{Answer, FetchError, Fetcher, Request};
use super::robots::{self, Rules};

/// How much is asked at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Requests in flight in all.
    pub in_flight: usize,
    /// How hosts of the open web are asked.
    pub open: Pace,
    /// How hosts are asked that the configuration lists as private: they are its owner's own.
    pub private: Pace,
}

/// How one host is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Requests in flight.
    pub at_once: usize,
    /// From the start of one request to the start of the next. A longer `Crawl-delay` counts instead.
    pub pause: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            in_flight: 32,
            open: Pace { at_once: 2, pause: Duration::from_secs(1) },
            private: Pace { at_once: 32, pause: Duration::ZERO },
        }
    }
}

/// One address to be asked, for a purpose that the caller knows.
#[derive(Clone, Debug)]
pub struct Visit<T> {
    /// What is handed back with the answer.
    pub purpose: T,
    /// What is asked.
    pub request: Request,
    /// Whether robots.txt is heeded.
    pub robots: bool,
}

/// How a visit ended.
pub type Outcome<T> = (T, Result<Answer, FetchError>);

/// The rules of the origins that were asked, to be kept for the next walk.
pub type Robots = BTreeMap<String, Rules>;

/// Asks all addresses and hands each outcome over, in the order in which they come. Blocks until all are handed over, or
/// until nobody takes them any more: it wants a thread of its own. Returns the rules of robots.txt that count now.
///
/// # Errors
/// When the system has no means for a network, such as file descriptors.
pub fn visit_all<T: Send + 'static>(
    fetcher: &Fetcher,
    visits: Vec<Visit<T>>,
    policy: Policy,
    robots: Robots,
    now: DateTime<Utc>,
    outcomes: mpsc::Sender<Outcome<T>>,
) -> io::Result<Robots> {
    if visits.is_empty() {
        return Ok(robots);
    }
    // Names are looked up on threads of their own, which may hang for long.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(16).build()?;
    let crowd = Crowd { fetcher: fetcher.clone(), in_flight: supply(policy.in_flight), policy, now };
    let robots = runtime.block_on(crowd.run(visits, robots, outcomes));
    // A look-up that hangs is not waited for.
    runtime.shutdown_background();
    Ok(robots)
}

/// What all lanes share.
#[derive(Clone, Debug)]
struct Crowd {
    fetcher: Fetcher,
    in_flight: Arc<Semaphore>,
    policy: Policy,
    now: DateTime<Utc>,
}

impl Crowd {
    async fn run<T: Send + 'static>(
        self,
        visits: Vec<Visit<T>>,
        mut robots: Robots,
        outcomes: mpsc::Sender<Outcome<T>>,
    ) -> Robots {
        let mut hosts: BTreeMap<String, Vec<Visit<T>>> = BTreeMap::new();
        for visit in visits {
            hosts.entry(visit.request.url.host_str().unwrap_or_default().to_owned()).or_default().push(visit);
        }
        let mut lanes_left = hosts.len();
        let mut tasks = JoinSet::new();
        for visits in hosts.into_values() {
            let known = visits.iter().map(|visit| origin(&visit.request.url));
            let known = known.filter_map(|origin| robots.remove_entry(&origin)).collect();
            let lane = self.clone().lane(visits, known, outcomes.clone());
            tasks.spawn(async move { Some(lane.await) });
        }
        tasks.spawn(async move {
            outcomes.closed().await;
            None
        });
        while lanes_left > 0
            && let Some(ended) = tasks.join_next().await
        {
            match ended {
                Ok(None) => break,
                Ok(Some(known)) => robots.extend(known),
                Err(_) => {}
            }
            lanes_left -= 1;
        }
        // What still runs ends here, with the set it is in.
        robots
    }

    /// Asks one host.
    async fn lane<T: Send + 'static>(
        self,
        visits: Vec<Visit<T>>,
        mut known: Robots,
        outcomes: mpsc::Sender<Outcome<T>>,
    ) -> Robots {
        let is_private = |visit: &Visit<T>| self.fetcher.policy().private.lists(&visit.request.url);
        let pace = if visits.iter().all(is_private) { self.policy.private } else { self.policy.open };
        let at_once = supply(pace.at_once);
        let mut requests = JoinSet::new();
        let mut pause = Duration::ZERO;
        for Visit { purpose, request, robots } in visits {
            let mut next_pause = pace.pause;
            if robots {
                let origin = origin(&request.url);
                let rules = match known.remove(&origin) {
                    Some(rules) if rules.is_fresh(self.now) => rules,
                    former => {
                        rest(pause).await;
                        pause = pace.pause;
                        let _permits = (at_once.acquire().await, self.in_flight.acquire().await);
                        robots::ask(&self.fetcher, &request, former, self.now).await
                    }
                };
                let allowed = rules.check(&request.url);
                next_pause = rules.delay().map_or(next_pause, |delay| delay.max(next_pause));
                known.insert(origin, rules);
                if let Err(refused) = allowed {
                    if outcomes.send((purpose, Err(refused))).await.is_err() {
                        break;
                    }
                    continue;
                }
            }
            rest(pause).await;
            pause = next_pause;
            let permits = (at_once.clone().acquire_owned().await, self.in_flight.clone().acquire_owned().await);
            let (fetcher, outcomes) = (self.fetcher.clone(), outcomes.clone());
            requests.spawn(async move {
                let outcome = fetcher.fetch(&request).await;
                // Permits are given back when there is a place for the answer: what nobody takes is memory.
                let taken = outcomes.send((purpose, outcome)).await;
                drop(permits);
                taken.is_ok()
            });
        }
        while requests.join_next().await.is_some() {}
        known
    }
}

async fn rest(pause: Duration) {
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
}

fn supply(permits: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(permits.clamp(1, Semaphore::MAX_PERMITS)))
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
