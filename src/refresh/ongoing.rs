//! A walk that goes on for as long as somebody wants it to: sources are taken on as they become due or somebody asks for them,
//! and what they bring is published a moment later. A source on the web that is slow holds up no other; folders are walked between
//! two steps, so one on a disk that does not answer holds up all.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;

use super::agenda::Agenda;
use super::announce::not_announced;
use super::incident;
use super::press::Look;
use super::task::Task;
use super::telling::Telling;
use super::web::{Heard, Over, Visiting};
use super::{Options, Progress, RefreshError, Walk, publish_failures, vocabulary};
use crate::config::Settings;
use crate::publish::SITE_FILES;
use crate::report::{Report, SourceReport};
use crate::source::{Every, Source, SourceKind};
use crate::store::{Incident, Store, StoreError};

mod wanted;

use wanted::Wanted;

/// How long what was saved waits for company before it is published, while visits are under way.
const COMPANY: TimeDelta = TimeDelta::seconds(2);
/// How often everything that is published is looked at, and what has become too old is taken out.
const LOOK: TimeDelta = TimeDelta::hours(1);
/// How soon it is tried again to publish what could not be published: after as long as it has failed, within these bounds.
const AGAIN: [TimeDelta; 2] = [TimeDelta::seconds(15), TimeDelta::minutes(10)];
/// How long it must go well until trouble is over, where something is always under way.
const LONG: Duration = Duration::from_mins(10);
/// How long nothing must have been done until what only a walk needs is given back.
const QUIET: TimeDelta = TimeDelta::minutes(1);
/// How long a wait may be until the clock is looked at again: somebody may have set it.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// The same while somebody is being alerted, or `publish.on_publish` runs.
const SHORT_WAIT: Duration = Duration::from_millis(500);
/// What the wall clock may deviate from the steady one between two looks before it counts as set.
const JUMP: TimeDelta = TimeDelta::seconds(5);

/// What time it is, and how it passes. The system's, or one that a test moves.
pub trait Clock: std::fmt::Debug + Send + Sync {
    /// The time of day.
    fn now(&self) -> DateTime<Utc>;
    /// Time since some moment in the past, which nobody can set; it passes while the machine sleeps, too.
    fn steady(&self) -> Duration;
    /// How long to wait for `time` to pass by this clock. `is_busy`: something else may end the wait first.
    fn wait(&self, time: Duration, is_busy: bool) -> Duration;
}

/// What a walk that goes on is told.
#[derive(Debug)]
pub enum Call {
    /// Something has changed in the folders of these sources, by their places in the configuration.
    Changed(BTreeSet<usize>),
    /// Somebody has changed the configuration, and this is wrong with it.
    Refused(String),
    /// Do something, and answer when what comes of it is published.
    Do(Request),
    /// Come to an end.
    End,
}

/// What somebody waits for, and where to answer.
pub type Request = (Task, Sender<Result<Report, RefreshError>>);

/// What a walk that goes on tells.
#[derive(Debug)]
pub enum Told<'a> {
    /// A source was walked.
    Walked(&'a SourceReport),
    /// Something was published, or could not be. Whether all files could be written.
    Published(&'a Report, bool),
    /// Trouble that it was begun with is over, and noted.
    Over,
    /// Nothing is to be done until then, with so many visits under way.
    Waiting(Option<DateTime<Utc>>, usize),
    /// Somebody set the clock forward by so much, or back.
    ClockSet(TimeDelta),
    /// Somebody could not be told of what was published, or of trouble: a hub, `publish.on_publish` or `refresh.on_alert`.
    Untold(String),
}

/// Who is told.
type Tell<'t> = &'t mut dyn FnMut(Told<'_>);

/// Why a walk could not go on.
#[derive(Debug)]
pub struct Halt {
    /// What failed.
    pub error: RefreshError,
    /// What somebody waits for.
    pub unanswered: Vec<Request>,
}

impl From<RefreshError> for Halt {
    fn from(error: RefreshError) -> Self {
        Self { error, unanswered: Vec::new() }
    }
}

/// Goes on walking until a [`Call::End`] comes, or nobody can call any more.
///
/// `store` stays open all the time. `trouble` kept an earlier walk from being stored: it is noted as over when this one has stored and
/// published all that was due. `alive` is called at every step. What is under way at the end is broken off, and due
/// again; requests that are not answered by then are handed back.
///
/// # Errors
/// When the store fails, or the vocabulary is wrong.
pub fn go_on(
    settings: &Settings,
    store: &mut Store,
    clock: &Arc<dyn Clock>,
    trouble: Option<&Incident>,
    calls: &mut mpsc::UnboundedReceiver<Call>,
    tell: Tell<'_>,
    alive: &dyn Fn(),
) -> Result<Vec<Request>, Halt> {
    let vocabulary = &vocabulary(settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(RefreshError::Waiting)?;
    let told_by = clock.clone();
    let progress = &mut |_: &Progress| alive();
    let mut walk = Walk::new(settings, Options::default(), Arc::new(move || told_by.now()), vocabulary, progress);
    let mut wanted = Vec::new();
    let outcome = Ongoing::begin(&mut walk, store, &**clock, trouble).and_then(|mut ongoing| {
        let mut go_on = || {
            loop {
                alive();
                let wait = ongoing.step(&mut walk, store, &**clock, tell)?;
                let visiting = &mut ongoing.visiting;
                let heard = runtime.block_on(async {
                    tokio::select! {
                        biased;
                        call = calls.recv() => Err(call.unwrap_or(Call::End)),
                        heard = visiting.hear() => Ok(heard),
                        () = tokio::time::sleep(wait) => Ok(Heard::Nothing),
                    }
                });
                // Whatever was heard counts from a time that is right.
                if let Err(error) = ongoing.tell_time(&mut walk, store, &**clock, tell) {
                    // Whoever asked is told of it.
                    if let Err(Call::Do(request)) = heard {
                        ongoing.wanted.push(Wanted::new(request));
                    }
                    return Err(error);
                }
                match heard {
                    Ok(heard) => ongoing.take_in(heard, &mut walk, store, tell)?,
                    Err(Call::End) => return ongoing.end(&mut walk, store, tell),
                    Err(call) => ongoing.answer(call, &mut walk, store, tell)?,
                }
            }
        };
        let outcome = go_on();
        wanted = ongoing.wanted;
        outcome
    });
    let unanswered = wanted.into_iter().map(|wanted| wanted.request).collect();
    match outcome {
        Ok(()) => Ok(unanswered),
        Err(error) => {
            if error.is_corruption() {
                store.distrust();
            }
            Err(Halt { error: error.into(), unanswered })
        }
    }
}

/// Where a walk that goes on stands.
struct Ongoing<'a> {
    agenda: Agenda<'a>,
    visiting: Visiting<'a>,
    /// Since when something is saved that is not published.
    unpublished: Option<DateTime<Utc>>,
    /// The last change to the store that was noted so.
    change: i64,
    /// Whether everything is to be published anew.
    force: bool,
    /// When everything that is published was looked at last. `None`: not yet.
    looked: Option<DateTime<Utc>>,
    /// When it is tried again to publish what could not be published.
    again: Option<DateTime<Utc>>,
    /// What the steady clock said when the other said [`Walk::now`].
    steady: Duration,
    wanted: Vec<Wanted>,
    /// `publish.on_publish` while it runs: how it ended, and what was published since it began, a line each.
    announcing: Option<(Receiver<Result<(), String>>, String)>,
    /// How it failed when it ended last. `None`: it did not.
    unannounced: Option<String>,
    /// What failed when files were published last.
    failures: Vec<String>,
    telling: Telling,
    /// What kept an earlier walk from being stored, and when this one began. `None`: nothing did, or that is over.
    trouble: Option<(&'a Incident, Duration)>,
    /// When what only a walk needs is given back. `None`: it is.
    rests_at: Option<DateTime<Utc>>,
}

impl<'a> Ongoing<'a> {
    fn begin(
        walk: &mut Walk<'a>,
        store: &mut Store,
        clock: &dyn Clock,
        trouble: Option<&'a Incident>,
    ) -> Result<Self, StoreError> {
        // Another may hold it since the last walk.
        store.look_at_place()?;
        walk.prepare(store)?;
        let known = store.upstreams()?;
        let due = |source: &Source| walk.due(source, known.get(source.id.as_str()));
        let agenda = Agenda::new(&walk.settings.sources, due, walk.now);
        Ok(Self {
            agenda,
            visiting: Visiting::default(),
            // What an earlier process saved may not be published yet.
            unpublished: Some(walk.now),
            change: store.change()?,
            force: false,
            looked: None,
            again: None,
            steady: clock.steady(),
            wanted: Vec::new(),
            announcing: None,
            unannounced: None,
            failures: Vec::new(),
            telling: Telling::default(),
            trouble: trouble.map(|trouble| (trouble, clock.steady())),
            rests_at: Some(walk.now + QUIET),
        })
    }

    /// Does what is due. Returns how long there is nothing to do.
    fn step(
        &mut self,
        walk: &mut Walk<'a>,
        store: &mut Store,
        clock: &dyn Clock,
        tell: Tell<'_>,
    ) -> Result<Duration, StoreError> {
        store.look_at_place()?;
        self.tell_time(walk, store, clock, tell)?;
        self.hear_announced(walk, store, tell)?;
        let due = self.agenda.take(walk.now);
        self.walk(walk, store, &due, tell)?;
        self.walk_again(walk, store, tell)?;
        self.look_at_published(walk);
        let is_ripe = self.is_ripe(walk.now);
        if is_ripe {
            self.publish(walk, store, tell)?;
        }
        if !due.is_empty() || is_ripe || self.visiting.under_way() > 0 {
            self.rests_at = Some(walk.now + QUIET);
        } else if self.rests_at.is_some_and(|at| at <= walk.now) {
            self.rest(store, walk.now)?;
        }
        self.judge_trouble(walk, store, tell)?;
        self.telling.step(store, walk.settings, walk.now)?.into_iter().for_each(|text| tell(Told::Untold(text)));
        let (until, under_way) = (self.wakes_at(), self.visiting.under_way());
        tell(Told::Waiting(self.agenda.next(), under_way));
        let left = (until - clock.now()).to_std().unwrap_or_default();
        let is_telling = self.telling.is_alerting() || self.announcing.is_some();
        let longest = if is_telling { SHORT_WAIT } else { LONGEST_WAIT };
        Ok(clock.wait(left.min(longest), under_way > 0))
    }

    /// Gives back what only a walk needs: the way out to the web with its threads and connections, and memory of the store.
    fn rest(&mut self, store: &mut Store, now: DateTime<Utc>) -> Result<(), StoreError> {
        // Nobody is out there.
        let _none = std::mem::take(&mut self.visiting).end(Some(&mut *store), now)?;
        self.rests_at = None;
        store.shrink()
    }

    /// Takes in what was heard of the web.
    fn take_in(
        &mut self,
        heard: Heard,
        walk: &mut Walk<'a>,
        store: &mut Store,
        tell: Tell<'_>,
    ) -> Result<(), StoreError> {
        let over = match heard {
            Heard::Nothing => return Ok(()),
            Heard::Answer(first) => {
                let batch = self.visiting.together(*first);
                walk.take_in(&mut self.visiting, batch, Some(&mut *store), None)?
            }
            Heard::End => std::mem::take(&mut self.visiting).end(Some(&mut *store), walk.now)?,
        };
        self.note(walk, store, over, tell)
    }

    /// Publishes what is saved, and breaks off what is under way.
    fn end(&mut self, walk: &mut Walk<'a>, store: &mut Store, tell: Tell<'_>) -> Result<(), StoreError> {
        store.look_at_place()?;
        // Those under way are due as they were. First, for all that follows may take longer than there is time.
        let broken_off = std::mem::take(&mut self.visiting).end(Some(store), walk.now);
        if self.unpublished.is_some() {
            self.publish(walk, store, tell)?;
        }
        self.telling.end(store)?.into_iter().for_each(|text| tell(Told::Untold(text)));
        broken_off.map(drop)
    }

    /// Notes that what kept an earlier walk from being stored is over: when all that was due is stored and published, or much of it was for long.
    fn judge_trouble(&mut self, walk: &Walk<'a>, store: &mut Store, tell: Tell<'_>) -> Result<(), StoreError> {
        let Some((trouble, begun)) = self.trouble else { return Ok(()) };
        let is_all_done = self.unpublished.is_none() && self.visiting.under_way() == 0;
        if is_all_done || self.steady.saturating_sub(begun) >= LONG {
            store.note_over(trouble, walk.now.timestamp())?;
            self.trouble = None;
            tell(Told::Over);
        }
        Ok(())
    }

    /// Looks at the clock. Where somebody set it, what is due is due as long from now as it was, but for what is due at
    /// certain times.
    fn tell_time(
        &mut self,
        walk: &mut Walk<'a>,
        store: &mut Store,
        clock: &dyn Clock,
        tell: Tell<'_>,
    ) -> Result<(), StoreError> {
        let (now, steady) = (clock.now(), clock.steady());
        let passed = TimeDelta::from_std(steady.saturating_sub(self.steady)).unwrap_or_default();
        let jump = now - self.agenda.told_at - passed;
        if jump.abs() > JUMP {
            tell(Told::ClockSet(jump));
            let at_times = walk.settings.sources.iter().filter_map(|source| match source.every() {
                Every::At(times) => Some((source.id.as_str(), times.next(now, source.timezone).timestamp())),
                Every::Interval(_) => None,
            });
            store.shift(jump.num_seconds(), self.agenda.told_at.timestamp(), at_times)?;
            self.agenda.shift(jump, now);
            self.looked = self.looked.map(|at| at + jump);
            self.unpublished = self.unpublished.map(|since| since + jump);
            self.again = self.again.map(|at| at + jump);
            self.rests_at = self.rests_at.map(|at| at + jump);
        }
        (self.agenda.told_at, self.steady, walk.now) = (now, steady, now);
        Ok(())
    }

    /// When there is something to be done even if nobody calls.
    fn wakes_at(&self) -> DateTime<Utc> {
        let publishing = self.unpublished.map(|since| since + COMPANY);
        let looking = self.looked.unwrap_or_default() + LOOK;
        let times = [self.agenda.next(), publishing, self.again, self.telling.wakes_at(), self.rests_at];
        times.into_iter().flatten().fold(looking, DateTime::min)
    }

    /// Whether it is time to publish: nothing more is coming soon, or what is saved has waited long enough.
    fn is_ripe(&self, now: DateTime<Utc>) -> bool {
        let is_answered = self.wanted.iter().any(|wanted| wanted.waiting.is_empty());
        let has_waited = self.unpublished.is_some_and(|since| now - since >= COMPANY);
        let is_quiet = self.unpublished.is_some() && self.visiting.under_way() == 0;
        is_answered || has_waited || is_quiet || self.looks_at_all(now)
    }

    /// Whether it is time to look at everything that is published, or at what could not be.
    fn looks_at_all(&self, now: DateTime<Utc>) -> bool {
        self.again.is_some_and(|at| at <= now) || self.looked.is_none_or(|at| now - at >= LOOK)
    }

    /// Walks sources, by their places in the configuration: folders at once, and sets out to those on the web.
    fn walk(
        &mut self,
        walk: &mut Walk<'a>,
        store: &mut Store,
        due: &[usize],
        tell: Tell<'_>,
    ) -> Result<(), StoreError> {
        let mut on_the_web = Vec::new();
        for at in due.iter().copied() {
            match walk.settings.sources.get(at).map(|source| (source, &source.kind)) {
                Some((source, SourceKind::Files(files))) => {
                    let line = walk.walk_files(source, files, Some(&mut *store), None)?;
                    let over = Over { at, line, due: None };
                    self.note(walk, store, vec![over], tell)?;
                }
                Some(_) => on_the_web.push(at),
                None => {}
            }
        }
        if on_the_web.is_empty() {
            return Ok(());
        }
        let (over, not_due) = walk.take_on(&mut self.visiting, &on_the_web, Some(store))?;
        for Over { at, line, due } in not_due {
            self.agenda.set(at, due, walk.now);
            self.hand_over(at, &line);
        }
        self.note(walk, store, over, tell)
    }

    /// The same as somebody asked for it.
    fn walk_as_asked(
        &mut self,
        walk: &mut Walk<'a>,
        store: &mut Store,
        asked: &[usize],
        options: Options,
        tell: Tell<'_>,
    ) -> Result<(), StoreError> {
        walk.options = options;
        let walked = self.walk(walk, store, asked, tell);
        walk.options = Options::default();
        walked
    }

    /// Walks sources by force that were asked for so while they were visited.
    fn walk_again(&mut self, walk: &mut Walk<'a>, store: &mut Store, tell: Tell<'_>) -> Result<(), StoreError> {
        let visiting = &self.visiting;
        let over = self.wanted.iter_mut().flat_map(|wanted| wanted.take_over(|at| visiting.is_at(at)));
        let over: BTreeSet<usize> = over.collect();
        if over.is_empty() {
            return Ok(());
        }
        let by_force = Options { force: true, ..Options::default() };
        self.walk_as_asked(walk, store, &Vec::from_iter(over), by_force, tell)
    }

    /// Notes how sources were, and when they are due.
    fn note(&mut self, walk: &Walk<'a>, store: &mut Store, over: Vec<Over>, tell: Tell<'_>) -> Result<(), StoreError> {
        if over.is_empty() {
            return Ok(());
        }
        let source = |over: &Over| walk.settings.sources.get(over.at);
        let visited: Vec<_> = over.iter().filter_map(|over| Some((source(over)?, &over.line))).collect();
        incident::note_visits(store, &visited, walk.now)?;
        // Also what no count tells of: a draft again, or an item that is the document of another source now.
        let change = store.change()?;
        let is_changed = std::mem::replace(&mut self.change, change) != change;
        for Over { at, line, due } in over {
            if is_changed || line.new + line.revised + line.moved + line.gone > 0 {
                self.unpublished.get_or_insert(walk.now);
            }
            self.agenda.set(at, due, walk.now);
            tell(Told::Walked(&line));
            self.hand_over(at, &line);
        }
        Ok(())
    }

    /// Has everything published anew where somebody took the publish directory away, or it is not mounted any more. It is looked for
    /// one file in it; what else is missing is found when everything is looked at.
    fn look_at_published(&mut self, walk: &mut Walk<'a>) {
        let directory = &walk.settings.publish.directory;
        // What could not be published is tried again all the same.
        let is_there = || directory.join(SITE_FILES[0]).symlink_metadata().is_ok();
        if self.looked.is_some() && self.again.is_none() && !is_there() {
            let text = format!("what lay in {} is gone: all of it is published anew", directory.display());
            walk.report.notes.push(text);
            self.looked = None;
        }
    }

    /// Gives those who wait for a source what is told of it.
    fn hand_over(&mut self, at: usize, line: &SourceReport) {
        self.wanted.iter_mut().for_each(|wanted| wanted.hear(at, line));
    }

    fn publish(&mut self, walk: &mut Walk<'a>, store: &mut Store, tell: Tell<'_>) -> Result<(), StoreError> {
        let is_asked = self.wanted.iter().any(|wanted| wanted.waiting.is_empty());
        let look = if is_asked || self.looks_at_all(walk.now) { Look::All } else { Look::Changed };
        walk.options.force = std::mem::take(&mut self.force);
        let printed = walk.print(store, look);
        walk.options.force = false;
        let is_unwritable = printed?;
        self.failures.clone_from(&walk.report.failures);
        self.announce(walk, store)?;
        self.telling.published();
        self.judge(walk, store)?;
        (self.unpublished, self.change) = (None, store.change()?);
        if look == Look::All {
            self.looked = Some(walk.now);
            // Who is never at rest gives back what has gathered all the same.
            store.shrink()?;
        }
        let report = std::mem::take(&mut walk.report);
        tell(Told::Published(&report, !is_unwritable));
        if !report.losses.is_empty() {
            store.forget_lost()?;
        }
        let (done, waiting) =
            std::mem::take(&mut self.wanted).into_iter().partition(|wanted| wanted.waiting.is_empty());
        self.wanted = waiting;
        let done: Vec<Wanted> = done;
        for Wanted { lines, request, .. } in done {
            // Whoever asked may have gone.
            let _gone = request.1.send(Ok(Report { sources: lines.into_values().collect(), ..report.clone() }));
        }
        Ok(())
    }

    /// Keeps what went wrong in publishing: of files just now, and of `publish.on_publish` until it has ended well, which may take
    /// several publications.
    fn judge(&mut self, walk: &mut Walk<'a>, store: &mut Store) -> Result<(), StoreError> {
        walk.report.failures = self.failures.iter().chain(&self.unannounced).cloned().collect();
        walk.keep_failures(store)?;
        incident::look_around(store, walk.settings, &walk.report, walk.now)?;
        let failing = publish_failures(store)?.filter(|_| !walk.report.failures.is_empty());
        self.again = failing.map(|(since, _)| {
            let [soonest, latest] = AGAIN;
            let since = DateTime::from_timestamp(since, 0).unwrap_or(walk.now);
            walk.now + (walk.now - since).clamp(soonest, latest)
        });
        Ok(())
    }

    /// Runs `publish.on_publish` on a thread of its own, once at a time.
    fn announce(&mut self, walk: &mut Walk<'a>, store: &mut Store) -> Result<(), StoreError> {
        let announcement = walk.untold(store)?;
        if let Some((_, since)) = &mut self.announcing {
            since.extend(walk.report.changed.iter().flat_map(|path| [path, "\n"]));
        } else if let Some(announcement) = announcement {
            let (ended, outcome) = channel();
            // Where the walk has ended meanwhile, the next one tells it again.
            std::thread::spawn(move || ended.send(announcement.run()).unwrap_or_default());
            self.announcing = Some((outcome, String::new()));
        }
        Ok(())
    }

    /// Notes that `publish.on_publish` has ended, and runs it again for what was published meanwhile. Where it ended well, hubs may
    /// be told.
    fn hear_announced(&mut self, walk: &mut Walk<'a>, store: &mut Store, tell: Tell<'_>) -> Result<(), StoreError> {
        let outcome = match self.announcing.as_ref().map(|(outcome, _)| outcome.try_recv()) {
            None | Some(Err(TryRecvError::Empty)) => return Ok(()),
            Some(Ok(outcome)) => outcome,
            Some(Err(TryRecvError::Disconnected)) => Err("it broke off".to_owned()),
        };
        let since = self.announcing.take().map(|(_, since)| since).unwrap_or_default();
        self.unannounced = outcome.as_ref().err().map(|error| not_announced(error));
        match &self.unannounced {
            Some(failure) => tell(Told::Untold(failure.clone())),
            None => self.telling.published(),
        }
        walk.announced(store, outcome, &since)?;
        self.judge(walk, store)?;
        walk.report.failures.clear();
        if self.unannounced.is_none() && !since.is_empty() { self.announce(walk, store) } else { Ok(()) }
    }

    /// Does what somebody asks for.
    fn answer(&mut self, call: Call, walk: &mut Walk<'a>, store: &mut Store, tell: Tell<'_>) -> Result<(), StoreError> {
        match call {
            Call::Changed(sources) => {
                for at in sources {
                    self.agenda.set(at, Some(walk.now.timestamp()), walk.now);
                }
            }
            Call::Do((Task::Walk(options), answer)) => {
                if let Err(error) = options.check(walk.settings) {
                    // Whoever asked may have gone.
                    let _gone = answer.send(Err(error));
                    return Ok(());
                }
                let sources = walk.settings.sources.iter().enumerate();
                let waiting: BTreeSet<usize> =
                    sources.filter(|(_, source)| options.asks_for(source)).map(|(at, _)| at).collect();
                let asked: Vec<usize> = waiting.iter().copied().collect();
                let is_forced = |at: usize| self.wanted.iter().any(|wanted| wanted.forces(at));
                let is_under_way = |at: &usize| options.force && self.visiting.is_at(*at) && !is_forced(*at);
                let under_way = waiting.iter().copied().filter(is_under_way).collect();
                let request = (Task::Walk(options.clone()), answer);
                self.wanted.push(Wanted { waiting, under_way, ..Wanted::new(request) });
                self.force |= options.force;
                self.walk_as_asked(walk, store, &asked, options, tell)?;
            }
            Call::Do(request) => {
                let task = request.0.clone();
                self.wanted.push(Wanted::new(request));
                walk.rearrange(store, &task)?;
            }
            Call::Refused(text) => incident::note_configuration(store, Some(&text), walk.now)?,
            Call::End => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
