//! Asking many addresses at once, without being a burden to any host.
//!
//! Each host has a lane of its own, in which requests start one after another, a pause apart. All lanes draw from one
//! supply of requests in flight, in turn. Answers are handed over as they come, and no more are taken than are collected.
//! What an answer leads to may be asked in the same walk: visits are taken as long as somebody can send some. What can wait
//! is put off where a host takes its time, so that no walk waits long for one host.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};
use url::Url;

use super::fetch::{Answer, FetchError, Fetcher, Head, Manner, Request, host};
use super::render::{self, Renderer};
use super::robots::{self, Rules};
use super::schedule;

/// How much is asked at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Requests in flight in all.
    pub in_flight: usize,
    /// How hosts of the open web are asked.
    pub open: Pace,
    /// How hosts are asked that the configuration lists as private: they are its owner's own.
    pub private: Pace,
    /// How long one host is asked for what can wait, from the first of it on.
    pub patience: Duration,
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
            patience: Duration::from_mins(2),
        }
    }
}

/// One address to be asked, for a purpose that the caller knows.
#[derive(Clone, Debug)]
pub struct Visit<T> {
    /// What is handed back with the answer.
    pub purpose: T,
    /// What is asked.
    pub request: Box<Request>,
    /// Whether robots.txt is heeded.
    pub robots: bool,
    /// The program that is asked for the page. `None`: its server is.
    pub renderer: Option<Arc<Renderer>>,
    /// Whether it is [put off](FetchError::PutOff) where its host takes its time.
    pub can_wait: bool,
}

impl<T> Visit<T> {
    /// The same for another purpose.
    pub fn with<U>(self, purpose: impl FnOnce(T) -> U) -> Visit<U> {
        let Self { purpose: before, request, robots, renderer, can_wait } = self;
        Visit { purpose: purpose(before), request, robots, renderer, can_wait }
    }
}

/// How a visit ended.
pub type Outcome<T> = (T, Result<Box<Answer>, FetchError>);

/// The rules of the origins that were asked, to be kept for the next walk.
pub type Robots = BTreeMap<String, Rules>;

/// Asks the addresses that come in, until nobody can send any more, and hands each outcome over, in the order in which they
/// come. Blocks until all are handed over, or until nobody takes them any more: it wants a thread of its own. Returns the
/// rules of robots.txt that count now, either way.
///
/// # Errors
/// When the system has no means for a network, such as file descriptors.
pub fn visit_all<T: Send + 'static>(
    fetcher: &Fetcher,
    visits: mpsc::UnboundedReceiver<Visit<T>>,
    policy: Policy,
    robots: Robots,
    now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static,
    outcomes: mpsc::Sender<Outcome<T>>,
) -> io::Result<Robots> {
    let runtime = runtime()?;
    let robots = Arc::new(Mutex::new(robots));
    let (fetcher, in_flight) = (fetcher.clone(), supply(policy.in_flight));
    let crowd = Crowd { fetcher, in_flight, policy, robots: robots.clone(), now: Arc::new(now) };
    let left = outcomes.clone();
    // What still runs when nobody is left to take it ends with its set.
    runtime.block_on(either(crowd.run(visits, outcomes), left.closed()));
    // A look-up that hangs is not waited for.
    runtime.shutdown_background();
    Ok(std::mem::take(&mut *locked(&robots)))
}

/// What requests run on, in the thread that makes them. Names are looked up on threads of their own, which may hang for long
/// after the time of their request is over: there may be many more of them than requests.
///
/// # Errors
/// When the system has no means for a network, such as file descriptors.
pub fn runtime() -> io::Result<Runtime> {
    // Whatever waits for a network makes ready to be told of signals, too, and panics where no descriptor is left for that.
    let built = catch_unwind(|| Builder::new_current_thread().enable_all().build());
    built.unwrap_or_else(|_| Err(io::Error::other("too few file descriptors are left")))
}

/// Waits until one of two ends.
async fn either(first: impl Future<Output = ()>, second: impl Future<Output = ()>) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|context| match first.as_mut().poll(context) {
        Poll::Pending => second.as_mut().poll(context),
        Poll::Ready(()) => Poll::Ready(()),
    })
    .await;
}

/// What all lanes share.
#[derive(Clone)]
struct Crowd {
    fetcher: Fetcher,
    in_flight: Arc<Semaphore>,
    policy: Policy,
    /// The rules of origins. As a rule, an origin is asked on one lane.
    robots: Arc<Mutex<Robots>>,
    now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
}

impl Crowd {
    /// Sends each visit to the lane of its host.
    async fn run<T: Send + 'static>(
        self,
        mut visits: mpsc::UnboundedReceiver<Visit<T>>,
        outcomes: mpsc::Sender<Outcome<T>>,
    ) {
        // A host has two lanes where only some of its ports are listed as private.
        let mut lanes: BTreeMap<(String, bool), mpsc::UnboundedSender<Visit<T>>> = BTreeMap::new();
        let mut tasks = JoinSet::new();
        while let Some(visit) = visits.recv().await {
            while tasks.try_join_next().is_some() {
                lanes.retain(|_, lane| !lane.is_closed());
            }
            let url = &visit.request.url;
            let is_private = self.fetcher.policy().private.lists(url);
            let of = (host(url), is_private);
            let mut sent = visit;
            while let Err(mpsc::error::SendError(back)) = match lanes.get(&of) {
                Some(lane) => lane.send(sent),
                None => Err(mpsc::error::SendError(sent)),
            } {
                if outcomes.is_closed() {
                    return;
                }
                // There is none yet, or it has just ended, having had nothing to do.
                let (sender, receiver) = mpsc::unbounded_channel();
                let pace = if is_private { self.policy.private } else { self.policy.open };
                tasks.spawn(self.clone().lane(receiver, pace, outcomes.clone()));
                lanes.insert(of.clone(), sender);
                sent = back;
            }
        }
        drop(lanes);
        while tasks.join_next().await.is_some() {}
    }

    /// Asks one host.
    async fn lane<T: Send + 'static>(
        self,
        mut visits: mpsc::UnboundedReceiver<Visit<T>>,
        pace: Pace,
        outcomes: mpsc::Sender<Outcome<T>>,
    ) {
        let refusals = Arc::new(Mutex::new(Refusals::default()));
        let (at_once, told) = (supply(pace.at_once), refusals.clone());
        let mut lane = Lane { at_once, pause: pace.pause, rest: moment(), refusals: told, unreached: None };
        let mut requests = JoinSet::new();
        // When what can wait is put off.
        let mut until: Option<Instant> = None;
        loop {
            // That its host asks to wait is known as long as there is a lane.
            let held = locked(&refusals).left().unwrap_or_default();
            let sent = timeout_at(lane.rest.max(moment() + held) + LINGERING, visits.recv()).await;
            let Ok(sent) = sent else {
                // What was sent meanwhile is still taken.
                visits.close();
                until = None;
                continue;
            };
            let Some(Visit { purpose, request, robots, renderer, can_wait }) = sent else { break };
            let mut pause = pace.pause;
            let mut refused = locked(&refusals).held(&request.url);
            if robots && refused.is_none() {
                let welcome: Asked<'_, Option<Duration>> = Box::pin(self.welcome(&request, &mut lane));
                match contained(welcome).await {
                    Ok(delay) => pause = delay.map_or(pause, |delay| delay.max(pause)),
                    Err(error) => refused = Some(error),
                }
            }
            // A lane may go on for years: what was put off before its list came again is asked for now.
            if can_wait && until.is_some_and(|until| moment() > until + RESPITE) {
                until = None;
            }
            let limit = until.filter(|_| can_wait);
            let permits = {
                let begins = async {
                    wait_for(lane.rest).await;
                    (lane.at_once.clone().acquire_owned().await, self.in_flight.clone().acquire_owned().await)
                };
                match limit {
                    _ if refused.is_some() => None,
                    Some(limit) if lane.rest > limit => None,
                    Some(limit) => timeout_at(limit, begins).await.ok(),
                    None => Some(begins.await),
                }
            };
            let refused = refused.or_else(|| locked(&refusals).held(&request.url));
            let Some(permits) = permits.filter(|_| refused.is_none()) else {
                let error = refused.unwrap_or_else(|| FetchError::PutOff { host: host(&request.url) });
                if outcomes.send((purpose, Err(error))).await.is_err() {
                    break;
                }
                continue;
            };
            if can_wait {
                until.get_or_insert_with(|| moment() + self.policy.patience);
            }
            lane.rest = moment() + pause;
            let (fetcher, outcomes) = (self.fetcher.clone(), outcomes.clone());
            let (refusals, now) = (refusals.clone(), self.now.clone());
            requests.spawn(async move {
                // In a place of its own: a task is moved more than once while it is begun and ended, and would be large.
                let asked: Asked<'_, Box<Answer>> = match &renderer {
                    Some(renderer) => Box::pin(render::answer(renderer, &request, fetcher.policy())),
                    None => Box::pin(fetcher.fetch(&request)),
                };
                let outcome = contained(asked).await;
                locked(&refusals).hear(&request.url, outcome.as_ref().err(), &*now);
                // Permits are given back when there is a place for the answer: what nobody takes is memory.
                let taken = hand_over(&outcomes, (purpose, outcome)).await;
                drop(permits);
                taken
            });
            while requests.try_join_next().is_some() {}
        }
        while requests.join_next().await.is_some() {}
    }

    /// Whether a request is welcome by robots.txt, which is asked for where it is not known, and the pause that it asks for.
    async fn welcome(&self, request: &Request, lane: &mut Lane) -> Result<Option<Duration>, FetchError> {
        let origin = origin(&request.url);
        let told_by = |rules: &Rules| rules.check(&request.url).map(|()| rules.delay());
        let fresh = locked(&self.robots).get(&origin).filter(|rules| rules.is_fresh((self.now)())).map(told_by);
        let unreached = lane.unreached.as_ref().filter(|unreached| unreached.counts_for(&origin, request));
        if let Some(told) = fresh.or_else(|| unreached.map(|unreached| told_by(&unreached.rules))) {
            return told;
        }
        wait_for(lane.rest).await;
        // Those before it may have been told meanwhile.
        if let Some(held) = locked(&lane.refusals).held(&request.url) {
            return Err(held);
        }
        lane.rest = moment() + lane.pause;
        let _permits = (lane.at_once.acquire().await, self.in_flight.acquire().await);
        // They stay while they are asked for anew: who is broken off has them still.
        let former = locked(&self.robots).get(&origin).cloned();
        let rules = robots::ask(&self.fetcher, request, former, (self.now)()).await;
        let told = told_by(&rules);
        lane.unreached = (told.is_err() && !rules.is_fresh((self.now)())).then(|| Unreached {
            origin: origin.clone(),
            manner: request.manner.clone(),
            rules: rules.clone(),
            until: moment() + HEARSAY,
        });
        locked(&self.robots).insert(origin, rules);
        told
    }
}

/// The turn in which one host is asked.
struct Lane {
    at_once: Arc<Semaphore>,
    /// From the start of one request to the start of the next, at least.
    pause: Duration,
    /// When the next request may start.
    rest: Instant,
    refusals: Arc<Mutex<Refusals>>,
    unreached: Option<Unreached>,
}

/// An origin that gave no answer when it was asked for its robots.txt last: whoever waited behind that, to ask it in the same manner,
/// does not wait for the same once more.
struct Unreached {
    origin: String,
    manner: Arc<Manner>,
    rules: Rules,
    until: Instant,
}

impl Unreached {
    fn counts_for(&self, origin: &str, request: &Request) -> bool {
        self.origin == origin && self.manner == request.manner && moment() <= self.until
    }
}

/// How often in a row a host has asked to wait.
#[derive(Default)]
struct Refusals {
    in_a_row: u32,
    /// Until when.
    until: Option<Instant>,
}

impl Refusals {
    /// Notes how a request to an address of the host ended. What another host said, to which it led, is none of its own words.
    fn hear(&mut self, asked: &Url, error: Option<&FetchError>, now: &dyn Fn() -> DateTime<Utc>) {
        let is_own = |url: &str| Url::parse(url).is_ok_and(|url| url.host() == asked.host());
        let wait = match error {
            Some(FetchError::Status { url, status: status @ (429 | 503), head }) if is_own(url) => {
                let now = now();
                let asked = schedule::asked_until(head, now).and_then(|until| (until - now).to_std().ok());
                asked.or_else(|| (*status == 429).then_some(UNTOLD))
            }
            _ => None,
        };
        self.in_a_row = wait.map_or(0, |_| self.in_a_row + 1);
        // One answer may tell less than another before it.
        let until = wait.map(|wait| moment() + wait);
        self.until = until.map(|until| self.until.map_or(until, |before| before.max(until)));
    }

    /// Why an address of the host is not asked now. `None`: it may be.
    fn held(&self, url: &Url) -> Option<FetchError> {
        self.left().map(|left| FetchError::Held { host: host(url), head: Box::new(asking_to_wait(left)) })
    }

    /// How long the host is not to be asked. `None`: it may be.
    fn left(&self) -> Option<Duration> {
        let until = self.until.filter(|_| self.in_a_row >= REFUSALS)?;
        Some(until.saturating_duration_since(moment())).filter(|left| !left.is_zero())
    }
}

/// Requests in a row that a host must have met by asking to wait, until it is not asked for the rest: an address may be short of
/// answers where others are not.
const REFUSALS: u32 = 3;

/// What a host says that asks to wait for so long.
fn asking_to_wait(time: Duration) -> Head {
    // Whole seconds: nobody waits for less.
    Head { retry_after: Some(time.as_millis().div_ceil(1000).to_string()), ..Head::default() }
}

/// How long it counts that an origin gave no answer: as long as it takes to tell all who waited.
const HEARSAY: Duration = Duration::from_secs(1);

/// Answers with a body that wait to be taken, at most. Those without weigh nothing, so that there may be places for more of them.
const WAITING: usize = 48;

/// Hands an outcome over as soon as there is a place for it. Returns whether anybody takes it.
async fn hand_over<T>(outcomes: &mpsc::Sender<Outcome<T>>, outcome: Outcome<T>) -> bool {
    let has_body = outcome.1.as_ref().is_ok_and(|answer| answer.body.is_some());
    // A body comes in where few wait, whatever they are: all other places have to be free, and are so again at once.
    let places = if has_body { outcomes.max_capacity().saturating_sub(WAITING - 1).max(1) } else { 1 };
    let Ok(mut places) = outcomes.reserve_many(places).await else { return false };
    places.next().map(|place| place.send(outcome)).is_some()
}

/// How long a host is left alone that is asked too often and does not say how long.
const UNTOLD: Duration = Duration::from_mins(1);

/// How long a lane that has nothing to do is kept, from the end of its last pause on: a walk may go on for years.
const LINGERING: Duration = Duration::from_mins(1);

/// How long after a host was asked for enough of what can wait, it may be asked for some again.
pub const RESPITE: Duration = Duration::from_secs(5);

/// What is said of a request that panicked.
const BROKEN_OFF: &str = "feedgen stumbled over the answer; please report this, with the address";

/// A request that is under way.
type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, FetchError>> + Send + 'a>>;

/// What a request brings. Where it panics, that costs its own answer, and is told of.
async fn contained<T>(mut asked: Asked<'_, T>) -> Result<T, FetchError> {
    poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| asked.as_mut().poll(context)));
        polled.unwrap_or_else(|_| Poll::Ready(Err(FetchError::Setting(BROKEN_OFF.to_owned()))))
    })
    .await
}

/// The point in time that it is now.
fn moment() -> Instant {
    sleep(Duration::ZERO).deadline()
}

/// Waits for a point in time. Where it is over, nothing is waited for: timers ring each millisecond.
async fn wait_for(time: Instant) {
    if time > moment() {
        sleep_until(time).await;
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn supply(permits: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(permits.clamp(1, Semaphore::MAX_PERMITS)))
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn spoilt() -> Result<(), FetchError> {
        sleep(Duration::from_millis(1)).await;
        panic!("a byte too many");
    }

    #[test]
    fn a_host_is_left_alone_as_long_as_it_said_itself() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let _entered = runtime.enter();
        let asked = Url::parse("https://harbour.example/a.xml").unwrap();
        let refused = |url: &str, seconds: u64| FetchError::Status {
            url: url.to_owned(),
            status: 429,
            head: Box::new(asking_to_wait(Duration::from_secs(seconds))),
        };
        let heard = |told: &[(&str, u64)]| {
            let mut refusals = Refusals::default();
            for (url, seconds) in told {
                refusals.hear(&asked, Some(&refused(url, *seconds)), &|| DateTime::UNIX_EPOCH);
            }
            // To the minute: a machine may stand still meanwhile.
            refusals.left().map_or(0, |left| (left + Duration::from_secs(30)).as_secs() / 60 * 60)
        };
        let own = "https://harbour.example/b.xml";
        assert_eq!(heard(&[(own, 600), (own, 600)]), 0);
        // The last to be told may be told less.
        assert_eq!(heard(&[(own, 600), (own, 900), (own, 60)]), 900);
        // It leads to another host, which speaks for itself alone.
        assert_eq!(heard(&[(own, 600), (own, 600), ("https://quay.example/b.xml", 600)]), 0);
        assert_eq!(heard(&[("https://quay.example/b.xml", 600); 3]), 0);
    }

    #[test]
    fn a_request_that_panics_costs_its_own_answer() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let told = runtime.block_on(async {
            let spoilt = contained(Box::pin(spoilt())).await;
            (spoilt.map_err(|error| error.to_string()), contained(Box::pin(async { Ok(7) })).await.ok())
        });
        assert_eq!(told, (Err(format!("the request cannot be made: {BROKEN_OFF}")), Some(7)));
    }

    #[test]
    fn few_bodies_wait_and_many_answers_without() {
        let url = Url::parse("https://news.example/").unwrap();
        let answer = |body: Option<Vec<u8>>| {
            let (url, head) = (url.clone(), crate::collect::fetch::Head::default());
            let answer = Answer { url, moved: None, head, body, validators: None, room: None, is_open: true };
            Ok(Box::new(answer))
        };
        let (sender, mut receiver) = mpsc::channel(60);
        // How many of a kind go in until one has to wait.
        let fill = |body: Option<&[u8]>| {
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            let goes_in = |_: &usize| {
                let handing = pin!(hand_over(&sender, ((), answer(body.map(<[u8]>::to_vec)))));
                handing.poll(&mut context) == Poll::Ready(true)
            };
            (0..100).take_while(goes_in).count()
        };
        assert_eq!((fill(Some(b"<rss/>")), fill(None)), (WAITING, 60 - WAITING));
        // One that is taken makes no room for a body while others wait in its place.
        drop(receiver.try_recv().unwrap());
        assert_eq!((fill(Some(b"<rss/>")), fill(None)), (0, 1));
        (0..13).for_each(|_| drop(receiver.try_recv().unwrap()));
        assert_eq!(fill(Some(b"<rss/>")), 1);
    }

    #[test]
    fn what_is_over_is_not_waited_for() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let waited = |pause: Duration| {
            runtime.block_on(async {
                let (begun, mut turns) = (moment(), 0);
                let mut waiting = pin!(wait_for(begun + pause));
                poll_fn(|context| {
                    turns += 1;
                    waiting.as_mut().poll(context)
                })
                .await;
                (turns, moment() >= begun + pause)
            })
        };
        assert_eq!(waited(Duration::ZERO), (1, true));
        let (turns, is_over) = waited(Duration::from_millis(800));
        assert!(turns > 1 && is_over, "{turns} turns");
    }
}
