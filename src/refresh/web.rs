//! Feeds of others become items: those that are due are visited together, and what they answer is taken in as it comes.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;
use url::Url;

use super::arrival::{self, Arrival, Identified};
use super::folder::without_panic;
use super::manner::{Manners, fetch_policy};
use super::plan::channels_of;
use super::{Progress, Walk, in_parallel};
use crate::collect::fetch::{self, Answer, FetchError, Fetcher, Head, Request, Validators};
use crate::collect::politeness::{self, Robots, Visit};
use crate::collect::schedule::{self, Due, Outcome, Reason};
use crate::config::Settings;
use crate::dedup::{self, Change};
use crate::document::Visits;
use crate::item::{self, Fingerprint, Identity, Item, ItemKey, Vocabulary, digest};
use crate::read::ReadError;
use crate::read::feed::{self, Around, Feed};
use crate::report::{Note, SourceReport, Visited};
use crate::source::{Source, Web};
use crate::store::{Entry, Gathered, Seen, Store, StoreError, Upstream};

/// Media types of feeds, the best first.
pub const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, \
                          application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5";

/// Answers that are taken in together.
const BATCH: usize = 64;
/// Bytes of answers that are taken in together.
const BATCH_BYTES: usize = 16 * 1024 * 1024;
/// How long a batch waits for company: each is one transaction.
const COMPANY: Duration = Duration::from_millis(5);
/// Newest items that tell a source's rhythm.
const RHYTHM: u32 = 10;

/// A source on the web that is visited.
pub(super) struct Call<'a> {
    source: &'a Source,
    web: &'a Web,
    /// Its line of the report.
    line: usize,
    rules: String,
    /// What is known of it. `None`: it was never visited at this address.
    known: Option<Upstream>,
    /// What is known was read under the rules of today.
    holds: bool,
}

/// What came back of a visit.
struct Returned<'a> {
    call: &'a Call<'a>,
    news: News,
}

enum News {
    Failed(FetchError),
    /// The body is what it was.
    Same(Box<Answer>),
    Feed {
        answer: Box<Answer>,
        body: Fingerprint,
        feed: Box<Feed>,
        arrivals: Vec<Arrival>,
    },
}

/// An entry that has to be settled.
pub(super) struct Pending<'a> {
    pub(super) source: &'a Source,
    pub(super) about: &'a feed::Facts,
    pub(super) address: &'a Url,
    pub(super) arrival: Arrival,
    pub(super) identity: Identified,
}

/// What became of an entry.
pub(super) struct Settled {
    pub(super) entry: Entry,
    pub(super) change: Change,
}

impl Walk<'_> {
    /// Visits the sources that are due, and says of each in its line how that went. Returns the lines of those that were
    /// visited.
    pub(super) fn walk_web(
        &mut self,
        sources: &[(usize, &Source, &Web)],
        lines: &mut [SourceReport],
        mut writing: Option<&mut Store>,
        reading: Option<&Store>,
    ) -> Result<Vec<usize>, StoreError> {
        if sources.is_empty() {
            return Ok(Vec::new());
        }
        let store = writing.as_deref().or(reading);
        let mut upstreams = store.map(Store::upstreams).transpose()?.unwrap_or_default();
        let mut manners = Manners::default();
        let (mut calls, mut visits, mut visited) = (Vec::new(), Vec::new(), Vec::new());
        for (line, source, web) in sources.iter().copied() {
            let known = upstreams.remove(source.id.as_str()).filter(|known| known.url == web.url.as_str());
            let rules = self.rules(source);
            let holds = !self.options.force && known.as_ref().is_some_and(|known| known.rules == rules);
            if let Some(known) = &known
                && !self.is_due(web, known, holds)
            {
                let line = &mut lines[line];
                (line.visited, line.documents) = (Some(Visited::NotDue), known.entries);
                line.next = Some(next(known.due, &known.reason));
                continue;
            }
            visited.push(line);
            match manners.of(web) {
                Err(error) => {
                    lines[line].documents = known.map_or(0, |known| known.entries);
                    lines[line].error = Some(error);
                }
                Ok(manner) => {
                    let validators = known.as_ref().filter(|_| holds).and_then(validators);
                    let request = Request { url: web.url.clone(), validators, accept: ACCEPT, manner };
                    visits.push(Visit { purpose: calls.len(), request, robots: web.robots });
                    calls.push(Call { source, web, line, rules, known, holds });
                }
            }
        }
        let fetcher = Fetcher::new(fetch_policy(self.settings));
        let policy =
            politeness::Policy { in_flight: self.settings.refresh.concurrency, ..politeness::Policy::default() };
        let robots = store.map(robots).transpose()?.unwrap_or_default();
        let (now, all) = (self.now, calls.len());
        let mut returned = vec![false; all];
        let rules = std::thread::scope(|scope| {
            let (sender, mut receiver) = mpsc::channel(BATCH);
            let before = robots.clone();
            let visiting = scope.spawn(move || politeness::visit_all(&fetcher, visits, policy, before, now, sender));
            let mut done = 0;
            while let Some(first) = receiver.blocking_recv() {
                let batch = together(first, &mut receiver);
                done += batch.len();
                let batch: Vec<_> = batch
                    .into_iter()
                    .filter_map(|(at, outcome)| {
                        *returned.get_mut(at)? = true;
                        Some((calls.get(at)?, outcome))
                    })
                    .collect();
                self.take_in(batch, lines, writing.as_deref_mut(), reading)?;
                (self.progress)(&Progress::Visiting(done, all));
            }
            match visiting.join() {
                Ok(Ok(rules)) => Ok(rules),
                Ok(Err(error)) => {
                    for (call, _) in calls.iter().zip(&returned).filter(|(_, returned)| !**returned) {
                        lines[call.line].error = Some(format!("cannot go out to the web: {error}"));
                    }
                    Ok(robots.clone())
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })?;
        for (call, _) in calls.iter().zip(&returned).filter(|(_, returned)| !**returned) {
            let lost = || format!("the visit to {} broke off; please report this, with the address", call.web.url);
            lines[call.line].error.get_or_insert_with(lost);
        }
        if let Some(store) = writing {
            let changed = rules.iter().filter(|(origin, rules)| robots.get(*origin) != Some(rules));
            let told = |rules| serde_json::to_string(rules).unwrap_or_default();
            store.keep_robots(&changed.map(|(origin, rules)| (origin.clone(), told(rules))).collect())?;
        }
        Ok(visited)
    }

    /// Whether a source that was visited before is visited now. One that is asked for by name is, and one that answers and
    /// was read under other rules, unless its publisher demands to wait. What is due soon is due: a timer that rings every half
    /// hour shall not find it a minute early.
    fn is_due(&self, web: &Web, known: &Upstream, holds: bool) -> bool {
        let slack = if known.demanded { Duration::ZERO } else { web.every / 4 };
        let wait = known.due - self.now.timestamp();
        let due =
            wait <= i64::try_from(slack.as_secs()).unwrap_or(0) || wait > schedule::longest(policy(web)).num_seconds();
        let is_wanted = !self.options.only.is_empty() || (!holds && known.failures == 0);
        self.options.force || due || (is_wanted && !known.demanded)
    }

    /// Takes in what some visits brought.
    fn take_in(
        &mut self,
        batch: Vec<(&Call<'_>, Result<Answer, FetchError>)>,
        lines: &mut [SourceReport],
        writing: Option<&mut Store>,
        reading: Option<&Store>,
    ) -> Result<(), StoreError> {
        let store = writing.as_deref().or(reading);
        let returned = in_parallel(batch, |(call, outcome)| Returned { call, news: open(call, outcome) });
        let mut parts: Vec<Part<'_>> = Vec::with_capacity(returned.len());
        for Returned { call, news } in returned {
            parts.push(sort_out(call, news, store)?);
        }
        let (settings, vocabulary, now) = (self.settings, self.vocabulary, self.now);
        let parts = in_parallel(parts, |part| part.settle(settings, vocabulary, now));
        let channels: Vec<String> = parts.iter().map(|part| format!("sources/{}", part.call.source.id)).collect();
        let newest = store.map(|store| store.newest(&channels, RHYTHM)).transpose()?.unwrap_or_default();
        let newest = newest.into_iter().chain(std::iter::repeat(Vec::new()));
        let gather = |(part, newest): (Part<'_>, _)| {
            let line = &mut lines[part.call.line];
            self.gather(part, line, newest)
        };
        let gathered: Vec<Gathered> = parts.into_iter().zip(newest).map(gather).collect();
        let Some(store) = writing else { return Ok(()) };
        store.save_visits(&gathered)?;
        for visit in &gathered {
            if let Some(press) = &self.press {
                press.print_pages(&visit.entries);
            }
        }
        Ok(())
    }

    /// What is saved of a visit, and what is told of it. `items` is when those of its items were published that are out.
    fn gather(&self, part: Part<'_>, line: &mut SourceReport, mut items: Vec<DateTime<Utc>>) -> Gathered {
        let Part { call, error, head, feed, settled, .. } = part;
        let id = &call.source.id;
        let before = call.known.clone().unwrap_or_default();
        let mut upstream = Upstream { url: call.web.url.to_string(), ..before };
        let policy = policy(call.web);
        let due_after = |outcome: Outcome<'_>| schedule::due(id.as_str(), outcome, policy, self.now);
        let due: Due = if let Some(error) = &error {
            line.error = Some(error.to_string());
            line.documents = upstream.entries;
            upstream.failures = upstream.failures.saturating_add(1);
            due_after(Outcome::Failed { error, in_a_row: upstream.failures })
        } else {
            upstream.failures = 0;
            upstream.rules.clone_from(&call.rules);
            if let Some(feed) = &feed {
                upstream.hints = serde_json::to_string(&feed.visits).unwrap_or_default();
                upstream.entries = part.entries;
                upstream.body = part.body;
                line.notes.extend(feed.notes.iter().map(|text| note(call, text.clone())));
            }
            (upstream.validated, upstream.etag, upstream.last_modified) = match part.validators {
                Some(validators) => (Some(validators.url.into()), validators.etag, validators.last_modified),
                None => (None, None, None),
            };
            upstream.moved = part.moved.filter(|moved| *moved != call.web.url).map(String::from);
            line.documents = upstream.entries;
            line.visited = Some(if feed.is_some() { Visited::Read } else { Visited::Unchanged });
            let visits: Visits = serde_json::from_str(&upstream.hints).unwrap_or_default();
            let new = |settled: &&Settled| settled.change == Change::New;
            let fresh = settled.iter().flatten().filter(new).filter_map(|settled| settled.entry.item.as_ref());
            items.extend(fresh.map(|(item, _)| item.published));
            due_after(Outcome::Answered { head: &head, hints: &visits, items: &items })
        };
        (upstream.due, upstream.reason) = (due.at.timestamp(), due.reason.to_string());
        upstream.demanded = due.reason == Reason::RetryAfter;
        line.next = Some(next(upstream.due, &upstream.reason));
        let mut entries = Vec::with_capacity(settled.len());
        for outcome in settled {
            match outcome {
                Ok(Settled { entry, change }) => {
                    match change {
                        Change::New => line.new += 1,
                        Change::Revised => line.revised += 1,
                        Change::Same => {}
                    }
                    entries.push(entry);
                }
                Err(text) => {
                    line.unreadable += 1;
                    line.notes.push(note(call, text));
                    // What could not be taken in is asked for again.
                    (upstream.body, upstream.etag, upstream.last_modified) = (None, None, None);
                }
            }
        }
        if feed.is_some() {
            upstream.notes = line.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>().join("\n");
        }
        line.notes.extend(upstream.moved.as_deref().map(|moved| note(call, has_moved(moved))));
        Gathered { source: id.clone(), entries, upstream }
    }
}

/// What of a feed is new or changed, and which items these are.
fn sort_out<'a>(call: &'a Call<'a>, news: News, store: Option<&Store>) -> Result<Part<'a>, StoreError> {
    let mut part = Part::of(call);
    match news {
        News::Failed(error) => part.error = Some(error),
        News::Same(answer) => part.answered(*answer),
        News::Feed { answer, body, feed, arrivals } => {
            part.entries = arrivals.len() as u64;
            part.address = answer.url.clone();
            part.body = (!feed.partial).then_some(body);
            part.answered(*answer);
            if feed.partial {
                part.validators = None;
            }
            let places = arrivals.iter().map(Arrival::place);
            let seen = store.map(|store| store.seen_at(&call.source.id, places)).transpose()?.unwrap_or_default();
            let is_same = |arrival: &Arrival| {
                call.holds && seen.get(arrival.place()).is_some_and(|seen| seen.content == arrival.digest)
            };
            let (same, changed): (Vec<Arrival>, Vec<Arrival>) = arrivals.into_iter().partition(is_same);
            let taken = same.iter().filter_map(|arrival| seen.get(arrival.place())?.item.clone()).collect();
            part.arrivals = arrival::identify(&call.source.id, changed, &seen, taken, store)?;
            part.feed = Some(feed);
        }
    }
    Ok(part)
}

/// What is worked out of one visit, step by step.
struct Part<'a> {
    call: &'a Call<'a>,
    error: Option<FetchError>,
    head: Head,
    moved: Option<Url>,
    validators: Option<Validators>,
    body: Option<Fingerprint>,
    /// The address that answered.
    address: Url,
    feed: Option<Box<Feed>>,
    /// Entries in the feed.
    entries: u64,
    /// Those that are new or changed, and what they are.
    arrivals: Vec<(Arrival, Identified)>,
    settled: Vec<Result<Settled, String>>,
}

impl<'a> Part<'a> {
    fn of(call: &'a Call<'a>) -> Self {
        Self {
            call,
            error: None,
            head: Head::default(),
            moved: None,
            validators: None,
            body: None,
            address: call.web.url.clone(),
            feed: None,
            entries: 0,
            arrivals: Vec::new(),
            settled: Vec::new(),
        }
    }

    /// Makes its new and changed entries items.
    fn settle(mut self, settings: &Settings, vocabulary: &Vocabulary, now: DateTime<Utc>) -> Self {
        let Some(feed) = &self.feed else { return self };
        let (source, about, address) = (self.call.source, &feed.about, &self.address);
        let arrivals = std::mem::take(&mut self.arrivals).into_iter();
        let pending = arrivals.map(|(arrival, identity)| Pending { source, about, address, arrival, identity });
        self.settled = pending.map(|pending| without_panic(|| settle(pending, settings, vocabulary, now))).collect();
        self
    }

    fn answered(&mut self, answer: Answer) {
        (self.head, self.moved, self.validators) = (answer.head, answer.moved, answer.validators);
    }
}

/// The answers that have come, as many as are taken in together.
fn together(
    first: politeness::Outcome<usize>,
    receiver: &mut mpsc::Receiver<politeness::Outcome<usize>>,
) -> Vec<politeness::Outcome<usize>> {
    let size = |outcome: &politeness::Outcome<usize>| {
        outcome.1.as_ref().ok().and_then(|answer| answer.body.as_ref()).map_or(0, Vec::len)
    };
    let mut bytes = size(&first);
    let mut batch = vec![first];
    // As long as others come along.
    let mut met = 0;
    while batch.len() < BATCH && bytes < BATCH_BYTES {
        match receiver.try_recv() {
            Ok(next) => {
                bytes += size(&next);
                batch.push(next);
            }
            Err(mpsc::error::TryRecvError::Empty) if batch.len() > met => {
                met = batch.len();
                std::thread::sleep(COMPANY);
            }
            Err(_) => break,
        }
    }
    batch
}

/// Reads an answer, unless it is what it was.
fn open(call: &Call<'_>, outcome: Result<Answer, FetchError>) -> News {
    let mut answer = match outcome {
        Ok(answer) => answer,
        Err(error) => return News::Failed(error),
    };
    let Some(bytes) = answer.body.take() else { return News::Same(Box::new(answer)) };
    // The same bytes say something else in another charset, or at another address.
    let told = |text: &Option<String>| text.clone().unwrap_or_default();
    let (media_type, location) = (told(&answer.head.content_type), told(&answer.head.content_location));
    let body = digest(&[&bytes, media_type.as_bytes(), location.as_bytes(), answer.url.as_str().as_bytes()]);
    if call.holds && call.known.as_ref().is_some_and(|known| known.body == Some(body)) {
        return News::Same(Box::new(answer));
    }
    let failed = |problem: String| News::Failed(FetchError::Body { url: fetch::shown(&answer.url), problem });
    match without_panic(|| {
        read(&bytes, &answer).map(|mut feed| {
            let entries = std::mem::take(&mut feed.entries);
            let mut arrivals = arrival::arrivals(&call.source.id, entries);
            // What an entry says counts as known under the rules that it was settled by.
            for arrival in &mut arrivals {
                arrival.digest = digest(&[&arrival.digest, call.rules.as_bytes()]);
            }
            (feed, arrivals)
        })
    }) {
        Ok(Ok((feed, arrivals))) => News::Feed { answer: Box::new(answer), body, feed: Box::new(feed), arrivals },
        Ok(Err(ReadError::Empty)) => failed("the answer is empty".to_owned()),
        Ok(Err(_)) => failed("the answer is no feed: give the address of an RSS, Atom or JSON feed".to_owned()),
        Err(error) => failed(error),
    }
}

/// Reads the feed that an answer holds: `bytes` is its body. An entry that was cut off is left out: it would fix its date,
/// and take words away from an item that is out.
///
/// # Errors
/// When it is none.
pub fn read(bytes: &[u8], answer: &Answer) -> Result<Feed, ReadError> {
    let head = &answer.head;
    // RFC 9110 §8.7: relative to the address that answered.
    let location = head.content_location.as_deref().and_then(|location| answer.url.join(location).ok());
    let base = location.filter(|url| matches!(url.scheme(), "http" | "https")).unwrap_or_else(|| answer.url.clone());
    let charset = head.content_type.as_deref().and_then(fetch::charset);
    let mut feed = feed::read(bytes, &Around { charset, base: Some(&base), language: None })?;
    feed.entries.truncate(feed.entries.len() - usize::from(feed.half));
    Ok(feed)
}

/// Makes an entry an item.
pub(super) fn settle(
    pending: Pending<'_>,
    settings: &Settings,
    vocabulary: &Vocabulary,
    now: DateTime<Utc>,
) -> Settled {
    let Pending { source, about, address, arrival, identity } = pending;
    let (names, place) = (arrival.names(), arrival.place().to_vec());
    let Arrival { entry, position, digest: content, .. } = arrival;
    // What tells no date was met in this order, the newest first.
    let dated = entry.facts.published.is_some() || identity.known.is_some();
    let back = TimeDelta::seconds(i64::try_from(if dated { 0 } else { position }).unwrap_or(0));
    let policy = item::Policy {
        now: now - back,
        timezone: source.timezone,
        vocabulary,
        categories: &source.categories,
        author: source.author.as_deref(),
        language: source.language.as_deref().or(Some(&settings.site.language)),
    };
    let settle = |entry: feed::Entry, key: ItemKey, known| {
        let identity = Identity { source: source.id.clone(), key, name: source.title.clone(), known };
        Item::settle(entry.draft(about, address), identity, &policy).0
    };
    let Identified { key, known, perhaps } = identity;
    let again = perhaps.as_ref().map(|_| entry.clone());
    let mut item = settle(entry, key, known.clone());
    let mut change = dedup::judge(&item, known.as_ref());
    if let Some(((key, known), entry)) = perhaps.zip(again)
        && known.fingerprint == item.fingerprint
    {
        item = settle(entry, key, Some(known));
        change = Change::Same;
    }
    let channels = channels_of(&item, source, &settings.feeds);
    let seen = Seen { path: place, content, item: Some(item.key.clone()), ..Seen::default() };
    Settled { entry: Entry { seen, item: Some((item, channels)), names, ..Entry::default() }, change }
}

/// What is said of a source that has moved.
pub(super) fn has_moved(to: &str) -> String {
    format!("has moved for good: write feed = \"{to}\" for it")
}

fn note(call: &Call<'_>, text: String) -> Note {
    Note { path: call.web.url.to_string(), text }
}

/// When a source is visited next, and why then.
pub fn next_visit(known: &Upstream) -> String {
    next(known.due, &known.reason)
}

fn next(due: i64, reason: &str) -> String {
    let at = DateTime::from_timestamp(due, 0).unwrap_or_default();
    format!("{}: {reason}", at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

fn validators(known: &Upstream) -> Option<Validators> {
    let url = Url::parse(known.validated.as_deref()?).ok()?;
    Some(Validators { url, etag: known.etag.clone(), last_modified: known.last_modified.clone() })
}

/// The robots.txt that were kept; one that cannot be understood any more is asked for again.
fn robots(store: &Store) -> Result<Robots, StoreError> {
    let kept = store.robots()?;
    Ok(kept.into_iter().filter_map(|(origin, rules)| Some((origin, serde_json::from_str(&rules).ok()?))).collect())
}

fn policy(web: &Web) -> schedule::Policy {
    let delta = |time: Duration| TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX);
    schedule::Policy { every: delta(web.every), least: delta(web.every), most: delta(web.slowest) }
}
