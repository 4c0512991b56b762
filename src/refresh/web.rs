//! Feeds of others and pages that list news become items: those that are due are visited together, and what they answer is taken
//! in as it comes.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;

use super::course::{Course, Errand, vouched};
use super::entry::Settled;
use super::manner::{Manners, fetch_policy};
use super::{Now, Progress, Walk, in_parallel, line_of};
use crate::collect::fetch::{self, Answer, FetchError, Fetcher};
use crate::collect::politeness::{self, Robots, Visit};
use crate::collect::schedule::{self, Due, Outcome, Pace, Reason};
use crate::config::Settings;
use crate::dedup::Change;
use crate::document::Visits;
use crate::item::language;
use crate::read::ReadError;
use crate::read::feed::{self, Around, Feed};
use crate::report::{Note, SourceReport, Visited};
use crate::source::{Every, Source, Web};
use crate::store::{Entry, Gathered, Store, StoreError, Upstream};

/// Answers with something to be read that are taken in together.
const BATCH: usize = 96;
/// Answers that are taken in together: those of sources that are as they were weigh little.
const ANSWERS: usize = 512;
/// Bytes of answers that are taken in together.
const BATCH_BYTES: usize = 16 * 1024 * 1024;
/// How long a batch waits for company: each is one transaction.
const COMPANY: Duration = Duration::from_millis(5);
/// How long a host is asked for articles, in times of the time that one answer may take: what is published waits for the walk.
const PATIENCE: u32 = 4;
/// When a source is due whose articles were put off: when its host may be asked for more of them.
const SOON: TimeDelta = TimeDelta::seconds(10);
/// Newest items that tell a source's rhythm.
const RHYTHM: u32 = 10;
/// Notes of one source that are told and kept.
const MOST_NOTES: usize = 50;

/// Which source a request is for, by its place in the configuration, and what it is for.
type Purpose = (usize, Errand);

/// The sources on the web that are being visited.
#[derive(Default)]
pub(super) struct Visiting<'a> {
    /// By their places in the configuration: each is visited once at a time.
    courses: BTreeMap<usize, Box<Course<'a>>>,
    manners: Manners,
    outside: Option<Outside>,
}

/// The way out to the web, while somebody is on it.
struct Outside {
    asks: mpsc::UnboundedSender<Visit<Purpose>>,
    answers: mpsc::Receiver<politeness::Outcome<Purpose>>,
    /// What was known of robots.txt before.
    robots: Robots,
    thread: JoinHandle<io::Result<Robots>>,
}

/// A source that was walked, or need not be.
pub(super) struct Over {
    /// Its place in the configuration.
    pub(super) at: usize,
    /// What is told of it.
    pub(super) line: SourceReport,
    /// When it is due, seconds since 1970. `None`: as often as is configured.
    pub(super) due: Option<i64>,
}

/// What is heard of the web.
pub(super) enum Heard {
    /// An answer.
    Answer(Box<politeness::Outcome<Purpose>>),
    /// That the way out is closed.
    End,
    /// That is all for now.
    Nothing,
}

impl Outside {
    fn open(settings: &Settings, store: Option<&Store>, now: Now) -> Result<Self, StoreError> {
        let robots = store.map(robots).transpose()?.unwrap_or_default();
        let fetcher = Fetcher::new(fetch_policy(settings));
        let refresh = &settings.refresh;
        let policy = politeness::Policy {
            in_flight: refresh.concurrency,
            patience: refresh.timeout * PATIENCE,
            ..politeness::Policy::default()
        };
        let (sender, answers) = mpsc::channel(ANSWERS);
        let (asks, asked) = mpsc::unbounded_channel();
        let before = robots.clone();
        let visit_all = move || politeness::visit_all(&fetcher, asked, policy, before, move || now(), sender);
        Ok(Self { asks, answers, robots, thread: std::thread::spawn(visit_all) })
    }
}

impl Visiting<'_> {
    /// How many visits are under way.
    pub(super) fn under_way(&self) -> usize {
        self.courses.len()
    }

    /// Whether a source is being visited.
    pub(super) fn is_at(&self, source: usize) -> bool {
        self.courses.contains_key(&source)
    }

    /// The next answer, as soon as there is one; for ever, where nothing was asked.
    pub(super) async fn hear(&mut self) -> Heard {
        match &mut self.outside {
            Some(outside) if !self.courses.is_empty() => match outside.answers.recv().await {
                Some(answer) => Heard::Answer(Box::new(answer)),
                None => Heard::End,
            },
            _ => std::future::pending().await,
        }
    }

    /// The next answer. `None`: there will be none any more.
    fn blocking_hear(&mut self) -> Option<politeness::Outcome<Purpose>> {
        let outside = self.outside.as_mut().filter(|_| !self.courses.is_empty())?;
        outside.answers.blocking_recv()
    }

    /// The answers that have come, as many as are taken in together.
    pub(super) fn together(&mut self, first: politeness::Outcome<Purpose>) -> Vec<politeness::Outcome<Purpose>> {
        match &mut self.outside {
            Some(outside) => together(first, &mut outside.answers),
            None => vec![first],
        }
    }

    fn ask(&mut self, source: usize) {
        if let (Some(outside), Some(course)) = (&self.outside, self.courses.get_mut(&source)) {
            for visit in course.asks() {
                // Nobody listens any more once the network is gone, which is told when it ends.
                outside.asks.send(visit.with(|errand| (source, errand))).unwrap_or_default();
            }
        }
    }

    /// Ends all visits: those that are not over are broken off, and told of.
    pub(super) fn end(self, writing: Option<&mut Store>, now: DateTime<Utc>) -> Result<Vec<Over>, StoreError> {
        let Visiting { courses, outside, .. } = self;
        let Some(Outside { asks, mut answers, robots, thread }) = outside else { return Ok(Vec::new()) };
        drop(asks);
        if courses.is_empty() {
            // All lanes are ended by themselves.
            while answers.blocking_recv().is_some() {}
        }
        drop(answers);
        let ended = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let over = courses.into_iter().map(|(at, course)| {
            let mut line = course.report;
            let lost = || match &ended {
                Err(error) => format!("cannot go out to the web: {error}"),
                Ok(_) => format!("the visit to {} broke off; please report this, with the address", course.web.url),
            };
            line.error.get_or_insert_with(lost);
            Over { at, line, due: None }
        });
        let over = over.collect();
        if let (Some(store), Ok(rules)) = (writing, &ended) {
            let changed = rules.iter().filter(|(origin, rules)| robots.get(*origin) != Some(rules));
            let told = |rules| serde_json::to_string(rules).unwrap_or_default();
            let changed = changed.map(|(origin, rules)| (origin.clone(), told(rules))).collect();
            let old = rules.iter().filter(|(_, rules)| rules.is_forgotten(now));
            let forgotten: Vec<&str> = old.map(|(origin, _)| origin.as_str()).collect();
            store.keep_robots(&changed, &forgotten)?;
        }
        Ok(over)
    }
}

impl<'a> Walk<'a> {
    /// Visits the sources that are due, to the end, and tells how that went. Of those that are not due, it tells when they are.
    pub(super) fn walk_web(
        &mut self,
        sources: &[usize],
        mut writing: Option<&mut Store>,
        reading: Option<&Store>,
    ) -> Result<(Vec<Over>, Vec<Over>), StoreError> {
        let mut visiting = Visiting::default();
        let store = writing.as_deref().or(reading);
        let (mut over, not_due) = self.take_on(&mut visiting, sources, store)?;
        let all = over.len() + visiting.under_way();
        while let Some(first) = visiting.blocking_hear() {
            let batch = visiting.together(first);
            over.extend(self.take_in(&mut visiting, batch, writing.as_deref_mut(), reading)?);
            (self.progress)(&Progress::Visiting(all - visiting.under_way(), all));
        }
        over.extend(visiting.end(writing, self.now)?);
        Ok((over, not_due))
    }

    /// Sets out to the sources that are due. Returns those whose visits are over before they began, and those that are not due.
    pub(super) fn take_on(
        &mut self,
        visiting: &mut Visiting<'a>,
        sources: &[usize],
        store: Option<&Store>,
    ) -> Result<(Vec<Over>, Vec<Over>), StoreError> {
        let settings = self.settings;
        let ids = sources.iter().filter_map(|at| settings.sources.get(*at)).map(|source| &source.id);
        let upstreams = store.map(|store| store.upstreams_of(ids)).transpose()?.unwrap_or_default();
        let mut upstreams = upstreams.into_iter();
        let (mut over, mut not_due, mut set_out) = (Vec::new(), Vec::new(), Vec::new());
        for at in sources.iter().copied() {
            let Some(source) = settings.sources.get(at) else { continue };
            // One for each source, in their order.
            let known = upstreams.next().flatten();
            let Some(web) = source.web().filter(|_| !visiting.is_at(at)) else { continue };
            let mut line = line_of(source);
            let known = known.filter(|known| known.url == web.url.as_str());
            let rules = self.rules(source);
            let holds = !self.options.force && known.as_ref().is_some_and(|known| is_read_by(known, &rules));
            if let Some(known) = &known
                && !self.is_due(source, web, known, holds)
            {
                (line.visited, line.documents) = (Some(Visited::NotDue), known.entries);
                line.next = Some(next(known.due, &known.reason));
                not_due.push(Over { at, line, due: Some(self.holds(source, web, known)) });
                continue;
            }
            match visiting.manners.of(web) {
                Err(error) => {
                    line.documents = known.map_or(0, |known| known.entries);
                    line.error = Some(error);
                    over.push(Over { at, line, due: None });
                }
                Ok(manner) => {
                    set_out.push((known.as_ref().map_or(0, |known| known.failures), at));
                    let course = Course::new((line, source, web), known, rules, holds, manner, self.now);
                    visiting.courses.insert(at, Box::new(course));
                    if visiting.outside.is_none() {
                        visiting.outside = Some(Outside::open(settings, store, self.clock.clone())?);
                    }
                }
            }
        }
        // Those asked in vain go last: a host that asks to wait is asked for others each time. All at once: each wakes who waits.
        set_out.sort_by_key(|(failures, _)| *failures);
        for (_, at) in set_out {
            visiting.ask(at);
        }
        Ok((over, not_due))
    }

    /// Whether a source that was visited before is visited now. One that is asked for by name is, one that answers and
    /// was read under other rules, and one that fails and was asked otherwise, unless its publisher demands to wait.
    fn is_due(&self, source: &Source, web: &Web, known: &Upstream, holds: bool) -> bool {
        let due = DateTime::from_timestamp(known.due, 0).unwrap_or_default();
        let due = schedule::is_due(due, may_wait(web, known), Pace::of(source, web), self.now);
        let has_changed = match known.failures {
            0 => !holds,
            _ => !known.rules.ends_with(&self.asking(source, web)),
        };
        let is_wanted = !self.options.only.is_empty() || has_changed;
        self.options.force || due || (is_wanted && !known.demanded)
    }

    /// When a source that is not due yet will be, seconds since 1970.
    fn holds(&self, source: &Source, web: &Web, known: &Upstream) -> i64 {
        let due = DateTime::from_timestamp(known.due, 0).unwrap_or_default();
        schedule::holds(due, may_wait(web, known), Pace::of(source, web), self.now).timestamp()
    }

    /// When a source is due of which this is known, seconds since 1970: not a moment before, however often a walk begins anew.
    pub(super) fn due(&self, source: &Source, known: Option<&Upstream>) -> i64 {
        let now = self.now.timestamp();
        let Some(web) = source.web() else { return now };
        let Some(known) = known.filter(|known| known.url == web.url.as_str()) else { return now };
        let has_changed = match known.failures {
            0 => !is_read_by(known, &self.rules(source)),
            _ => !known.rules.ends_with(&self.asking(source, web)),
        };
        if has_changed && !known.demanded { now } else { self.holds(source, web, known) }
    }

    /// Takes in what some visits brought, saves what is settled of it, and asks for what follows. Returns the visits that are over.
    pub(super) fn take_in(
        &mut self,
        visiting: &mut Visiting<'_>,
        batch: Vec<politeness::Outcome<Purpose>>,
        writing: Option<&mut Store>,
        reading: Option<&Store>,
    ) -> Result<Vec<Over>, StoreError> {
        let store = writing.as_deref().or(reading);
        let (settings, vocabulary, now) = (self.settings, self.vocabulary, self.now);
        let courses = &mut visiting.courses;
        let mut came = Vec::with_capacity(batch.len());
        for ((at, errand), outcome) in batch {
            let Some(course) = courses.get_mut(&at) else { continue };
            course.out -= 1;
            course.report.requests += u64::from(outcome.as_ref().err().is_none_or(FetchError::was_asked));
            course.report.bytes += size(&outcome) as u64;
            let pending = course.is_here(errand);
            came.push((at, errand, pending, outcome));
        }
        let heard = {
            let courses = &*courses;
            let open = |(at, errand, pending, outcome)| {
                let course: Option<&Box<Course<'_>>> = courses.get(&at);
                (at, errand, course.map(|course| course.open(errand, outcome, pending, settings, vocabulary, now)))
            };
            // To begin a thread takes longer than to find that there is nothing to read.
            if came.iter().any(|(.., outcome)| size(outcome) > 0) {
                in_parallel(came, open)
            } else {
                came.into_iter().map(open).collect()
            }
        };
        let mut touched = BTreeSet::new();
        for (at, errand, news) in heard {
            if let (Some(course), Some(news)) = (courses.get_mut(&at), news) {
                course.hear(errand, news, store, now)?;
                touched.insert(at);
            }
        }
        if let (Some(first), Some(last)) = (touched.first(), touched.last()) {
            let near = courses.range_mut(first..=last);
            let ready = near.map(|(_, course)| &mut **course).filter(|course| !course.ready.is_empty()).collect();
            in_parallel(ready, |course: &mut Course<'_>| course.settle(settings, vocabulary, now));
        }
        let is_done = |course: &Course<'_>| course.is_over() || !course.settled.is_empty();
        let done: Vec<usize> =
            touched.iter().copied().filter(|at| courses.get(at).is_some_and(|course| is_done(course))).collect();
        let channels: Vec<String> = done
            .iter()
            .filter_map(|at| courses.get(at))
            .map(|course| format!("sources/{}", course.source.id))
            .collect();
        let newest = store.map(|store| store.newest(&channels, RHYTHM)).transpose()?.unwrap_or_default();
        let newest = newest.into_iter().chain(std::iter::repeat(Vec::new()));
        let mut gathered: Vec<Gathered> = Vec::with_capacity(done.len());
        for (at, newest) in done.into_iter().zip(newest) {
            if let Some(course) = courses.get_mut(&at) {
                gathered.push(self.gather(course, newest));
            }
        }
        if let Some(store) = writing {
            store.save_visits(&gathered)?;
            for visit in &gathered {
                if let Some(press) = &self.press {
                    press.print_pages(&visit.entries);
                }
            }
        }
        let mut over = Vec::new();
        for at in touched {
            if visiting.courses.get(&at).is_some_and(|course| course.is_over()) {
                let course = visiting.courses.remove(&at);
                over.extend(course.map(|course| Over { at, line: course.report, due: course.due }));
            } else {
                visiting.ask(at);
            }
        }
        Ok(over)
    }

    /// What is saved of a course. `items` is when those of its items were published that are out.
    fn gather(&self, course: &mut Course<'_>, items: Vec<DateTime<Utc>>) -> Gathered {
        let mut entries = Vec::with_capacity(course.settled.len());
        let mut fresh = Vec::new();
        let mut line = std::mem::take(&mut course.report);
        for outcome in std::mem::take(&mut course.settled) {
            match outcome {
                Ok(Settled { entry, change, notes, .. }) => {
                    // What a feed claims wrongly is nothing that its reader could mend.
                    if let (Some(_), Some((item, _))) = (course.page, &entry.item) {
                        let link = item.link.as_ref().map_or("an article", |link| link.as_str());
                        course.notes.extend(notes.into_iter().map(|note| format!("{link} {note}")));
                    }
                    match change {
                        Change::New => {
                            line.new += 1;
                            fresh.extend(entry.item.as_ref().map(|(item, _)| item.published));
                        }
                        Change::Revised => line.revised += 1,
                        Change::Same => {}
                    }
                    let is_new = change == Change::New;
                    entries.push(Entry { listed: course.together.clone(), is_new, ..entry });
                }
                Err(text) => {
                    line.unreadable += 1;
                    course.notes.push(text);
                    // What could not be taken in is asked for again.
                    course.left += 1;
                }
            }
        }
        let upstream = if course.is_over() {
            let newest: Vec<_> = items.into_iter().chain(fresh).collect();
            self.conclude(course, &mut line, &newest, &entries)
        } else {
            course.under_way(self.now)
        };
        (course.report, course.due) = (line, Some(upstream.due));
        Gathered { source: course.source.id.clone(), entries, upstream }
    }

    /// What is kept of a visit that is over.
    fn conclude(
        &self,
        course: &mut Course<'_>,
        line: &mut SourceReport,
        items: &[DateTime<Utc>],
        entries: &[Entry],
    ) -> Upstream {
        let id = &course.source.id;
        let before = course.known.take().map(|known| *known).unwrap_or_default();
        let mut upstream = Upstream { url: course.web.url.to_string(), ..before };
        let pace = Pace::of(course.source, course.web);
        let due_after = |outcome: Outcome<'_>| schedule::due(id.as_str(), outcome, pace, self.now);
        let hints = |upstream: &Upstream| serde_json::from_str::<Visits>(&upstream.hints).unwrap_or_default();
        let due: Due = if let Some(error) = &course.error {
            let was_asked = error.was_asked();
            line.visited = (!was_asked).then_some(Visited::NotDue);
            line.error = was_asked.then(|| error.to_string());
            line.documents = upstream.entries;
            upstream.failures = upstream.failures.saturating_add(was_asked.into());
            due_after(Outcome::Failed { error, in_a_row: upstream.failures.max(1) })
        } else if let Some(told) = course.set_aside() {
            line.error = Some(told);
            line.documents = upstream.entries;
            // What vouched for the list did so under the rules of then.
            upstream.rules.clone_from(&course.rules);
            (upstream.body, upstream.validated, upstream.etag, upstream.last_modified) = (None, None, None, None);
            due_after(Outcome::Answered { head: &course.head, hints: &hints(&upstream), items })
        } else {
            upstream.failures = 0;
            upstream.rules.clone_from(&course.rules);
            let is_whole = course.left == 0 && !course.list.as_deref().is_some_and(|(feed, _)| feed.partial);
            if let Some((feed, known)) = course.list.as_deref() {
                let language = language_of(feed, &hints(&upstream), entries);
                upstream.hints = serde_json::to_string(&Visits { language, ..feed.visits.clone() }).unwrap_or_default();
                upstream.entries = *known;
                course.notes.splice(0..0, feed.notes.iter().cloned());
            }
            let was = std::mem::replace(&mut upstream.body, course.body.filter(|_| is_whole));
            let before = (upstream.validated.take(), upstream.etag.take(), upstream.last_modified.take());
            let told = match course.validators.take() {
                Some(given) if is_whole => (Some(given.url.into()), given.etag, given.last_modified),
                _ => (None, None, None),
            };
            if course.is_given {
                let has_news = line.new > 0 && was.is_some() && was != upstream.body;
                upstream.misleading = told.0.is_some() && told == before && (upstream.misleading || has_news);
            }
            (upstream.validated, upstream.etag, upstream.last_modified) = told;
            upstream.moved = course.moved.take().filter(|moved| *moved != course.web.url).map(String::from);
            line.documents = upstream.entries;
            line.visited = Some(if course.list.is_some() { Visited::Read } else { Visited::Unchanged });
            due_after(Outcome::Answered { head: &course.head, hints: &hints(&upstream), items })
        };
        let read_by = upstream.rules.split('.').next().unwrap_or_default();
        upstream.rules = format!("{read_by}.{}", self.asking(course.source, course.web));
        // The rest is asked for by the next walk, whenever that is; but not where that would fail, too.
        let due = match due.reason {
            Reason::RetryAfter => due,
            _ if course.later > 0 && !course.has_stumbled => Due { at: self.now + SOON, reason: Reason::Unfinished },
            _ => due,
        };
        let due = schedule::kept_to(due, course.asked_until, pace);
        (upstream.due, upstream.reason) = (due.at.timestamp(), due.reason.to_string());
        upstream.demanded = due.reason == Reason::RetryAfter;
        // What failed has left the validators of before.
        let is_given = course.is_given && course.error.is_none();
        upstream.vouched = if is_given { vouched(upstream.due, self.now) } else { upstream.vouched };
        line.next = Some(next(upstream.due, &upstream.reason));
        if course.page.is_some() {
            // What was left stays so until a list is taken in to its end.
            let is_read = course.list.as_deref().is_some_and(|(_, entries)| *entries > 0) && !course.is_set_aside;
            let is_same = line.visited == Some(Visited::Unchanged);
            course.learnt.unfinished = course.left > 0 || (course.learnt.unfinished && !is_read && !is_same);
            if is_read || is_same {
                course.learnt.later = course.later;
            }
            upstream.list = course.learnt.told();
        } else if course.list.is_some() {
            upstream.list = course.learnt.told_of_feed();
        }
        if course.notes.len() > MOST_NOTES {
            let more = course.notes.len() - MOST_NOTES;
            course.notes.truncate(MOST_NOTES);
            course.notes.push(format!("and {more} more notes"));
        }
        let moved = upstream.moved.as_deref().map(|moved| has_moved(course.source, moved));
        if course.list.is_some() {
            upstream.notes = course.notes.join("\n");
        }
        let note = |text| Note { path: course.web.url.to_string(), text };
        line.notes.extend(std::mem::take(&mut course.notes).into_iter().chain(moved).map(note));
        upstream
    }
}

/// The answers that have come, as many as are taken in together.
fn together(
    first: politeness::Outcome<Purpose>,
    receiver: &mut mpsc::Receiver<politeness::Outcome<Purpose>>,
) -> Vec<politeness::Outcome<Purpose>> {
    let mut bytes = size(&first.1);
    let mut bodies = usize::from(bytes > 0);
    let mut batch = vec![first];
    // As long as others come along.
    let mut met = 0;
    while batch.len() < ANSWERS && bodies < BATCH && bytes < BATCH_BYTES {
        match receiver.try_recv() {
            Ok(next) => {
                let size = size(&next.1);
                (bytes, bodies) = (bytes + size, bodies + usize::from(size > 0));
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

/// Bytes of what came, decompressed.
fn size(outcome: &Result<Box<Answer>, FetchError>) -> usize {
    outcome.as_ref().ok().and_then(|answer| answer.body.as_ref()).map_or(0, Vec::len)
}

/// Reads the feed that an answer holds: `bytes` is its body. An entry that was cut off is left out: it would fix its date,
/// and take words away from an item that is out.
///
/// # Errors
/// When it is none.
pub fn read(bytes: &[u8], answer: &Answer, now: DateTime<Utc>) -> Result<Feed, ReadError> {
    let head = &answer.head;
    // RFC 9110 §8.7: relative to the address that answered.
    let location = head.content_location.as_deref().and_then(|location| answer.url.join(location).ok());
    let base = location.filter(|url| matches!(url.scheme(), "http" | "https")).unwrap_or_else(|| answer.url.clone());
    let charset = head.content_type.as_deref().and_then(fetch::charset);
    let mut feed = feed::read(bytes, &Around { charset, base: Some(&base), language: None, now: Some(now) })?;
    feed.entries.truncate(feed.entries.len() - usize::from(feed.half));
    Ok(feed)
}

/// Whether a source may have to wait for longer than until its next time: its publisher asks for it, or it may be gone.
fn may_wait(web: &Web, known: &Upstream) -> bool {
    known.demanded || (known.failures > 0 && matches!(web.every, Every::At(_)))
}

/// What is said of a source that has moved.
pub(super) fn has_moved(source: &Source, to: &str) -> String {
    let key = if source.page().is_some() { "page" } else { "feed" };
    format!("has moved for good: write {key} = \"{to}\" for it")
}

/// The language that a feed says it is in, if most of its entries that were read now are, or those before were. Many say only
/// what their program was set to when it was installed.
fn language_of(feed: &Feed, before: &Visits, entries: &[Entry]) -> Option<String> {
    let told = feed.about.language.as_deref().and_then(language::canonical)?;
    if before.language.as_ref() == Some(&told) {
        return Some(told);
    }
    let root = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let items = entries.iter().filter_map(|entry| entry.item.as_ref());
    let (count, alike) = items.fold((0, 0), |(count, alike), (item, _)| {
        let is_alike = item.language.as_deref().is_some_and(|language| root(language) == root(&told));
        (count + 1, alike + usize::from(is_alike))
    });
    (alike * 2 > count).then_some(told)
}

/// Whether a source was read last under these rules; how it was asked then stands behind them.
fn is_read_by(known: &Upstream, rules: &str) -> bool {
    known.rules.split('.').next() == Some(rules)
}

/// When a source is visited next, and why then.
pub fn next_visit(known: &Upstream) -> String {
    next(known.due, &known.reason)
}

fn next(due: i64, reason: &str) -> String {
    let at = DateTime::from_timestamp(due, 0).unwrap_or_default();
    format!("{}: {reason}", at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

/// The robots.txt that were kept; one that cannot be understood any more is asked for again.
fn robots(store: &Store) -> Result<Robots, StoreError> {
    let kept = store.robots()?;
    Ok(kept.into_iter().filter_map(|(origin, rules)| Some((origin, serde_json::from_str(&rules).ok()?))).collect())
}
