//! A walk that goes on for as long as somebody wants it to: sources are taken on as they become due or somebody asks for them,
//! and what they bring is published a moment later. A slow source holds up no other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;

use super::agenda::Agenda;
use super::web::{Heard, Over, Visiting};
use super::{Options, Progress, RefreshError, Walk, vocabulary};
use crate::config::Settings;
use crate::item::Vocabulary;
use crate::report::{Report, SourceReport};
use crate::source::{Every, SourceKind};
use crate::store::{Store, StoreError};

/// How long what was saved waits for company before it is published, while visits are under way.
const COMPANY: TimeDelta = TimeDelta::seconds(2);
/// How often everything that is published is looked at, and what has become too old is taken out.
const LOOK: TimeDelta = TimeDelta::hours(1);
/// How long a wait may be until the clock is looked at again: somebody may have set it.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// What the wall clock may deviate from the steady one between two looks before it counts as set.
const JUMP: TimeDelta = TimeDelta::seconds(5);

/// What time it is, and how it passes. The system's, or one that a test moves.
pub trait Clock: Send + Sync {
    /// The time of day.
    fn now(&self) -> DateTime<Utc>;
    /// Time since some moment in the past, which nobody can set; it passes while the machine sleeps, too.
    fn steady(&self) -> Duration;
    /// How long to wait for `time` to pass by this clock. `is_busy`: something else may end the wait first.
    fn wait(&self, time: Duration, is_busy: bool) -> Duration;
}

/// Work on the store between two steps of a walk.
pub type Work = Box<dyn FnOnce(&Settings, &mut Store) -> Result<(), StoreError> + Send>;

/// What a walk that goes on is told.
pub enum Call {
    /// Walk these sources now, and answer when what they brought is published.
    Walk(Options, Sender<Result<Report, RefreshError>>),
    /// Something has changed in the folders of these sources, by their places in the configuration.
    Changed(BTreeSet<usize>),
    /// Do something with the store, publish what comes of it, and answer then.
    Work(Work, Sender<Result<Report, RefreshError>>),
    /// Come to an end.
    End,
}

/// What a walk that goes on tells.
#[derive(Debug)]
pub enum Told<'a> {
    /// A source was walked.
    Walked(&'a SourceReport),
    /// Something was published, or could not be.
    Published(&'a Report),
    /// Nothing is to be done until then, with so many visits under way.
    Waiting(Option<DateTime<Utc>>, usize),
    /// Somebody set the clock forward by so much, or back.
    ClockSet(TimeDelta),
}

/// Goes on walking until a [`Call::End`] comes, or nobody can call any more.
///
/// `store` stays open all the time. What is under way at the end is broken off, and due again.
///
/// # Errors
/// When the store fails, or the vocabulary is wrong.
pub fn go_on(
    settings: &Settings,
    store: &mut Store,
    clock: &Arc<dyn Clock>,
    calls: &mut mpsc::UnboundedReceiver<Call>,
    tell: &mut dyn FnMut(Told<'_>),
) -> Result<(), RefreshError> {
    let custom = vocabulary(settings)?;
    let vocabulary = custom.as_ref().unwrap_or_else(|| Vocabulary::built_in());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(RefreshError::Waiting)?;
    let told_by = clock.clone();
    let progress = &mut |_: &Progress| {};
    let mut walk = Walk::new(settings, Options::default(), Arc::new(move || told_by.now()), vocabulary, progress);
    let outcome = go(&mut walk, store, &**clock, calls, tell, &runtime);
    if outcome.as_ref().is_err_and(StoreError::is_corruption) {
        store.distrust();
    }
    Ok(outcome?)
}

fn go(
    walk: &mut Walk<'_>,
    store: &mut Store,
    clock: &dyn Clock,
    calls: &mut mpsc::UnboundedReceiver<Call>,
    tell: &mut dyn FnMut(Told<'_>),
    runtime: &tokio::runtime::Runtime,
) -> Result<(), StoreError> {
    walk.prepare(store)?;
    let known = store.upstreams()?;
    let agenda = Agenda::new(walk.settings, |source| walk.due(source, known.get(source.id.as_str())), walk.now);
    drop(known);
    let (looked, steady) = (walk.now, clock.steady());
    // What an earlier process saved may not be published yet.
    let mut ongoing = Ongoing {
        agenda,
        visiting: Visiting::default(),
        unpublished: Some(walk.now),
        force: false,
        looked,
        steady,
        wanted: Vec::new(),
    };
    let outcome = loop {
        ongoing.tell_time(walk, store, clock, tell)?;
        let due = ongoing.agenda.take(walk.now);
        ongoing.walk(walk, store, &due, tell)?;
        if ongoing.is_ripe(walk.now) {
            ongoing.publish(walk, store, tell)?;
        }
        let until = ongoing.wakes_at();
        let under_way = ongoing.visiting.under_way();
        tell(Told::Waiting(until, under_way));
        let left = until.map_or(LONGEST_WAIT, |until| (until - clock.now()).to_std().unwrap_or_default());
        let wait = clock.wait(left.min(LONGEST_WAIT), under_way > 0);
        let visiting = &mut ongoing.visiting;
        let heard = runtime.block_on(async {
            tokio::select! {
                biased;
                call = calls.recv() => Ok(call),
                heard = visiting.hear() => Err(heard),
                () = tokio::time::sleep(wait) => Err(Heard::Nothing),
            }
        });
        walk.now = clock.now();
        match heard {
            Ok(None | Some(Call::End)) => break Ok(()),
            Ok(Some(call)) => ongoing.answer(call, walk, store, tell)?,
            Err(Heard::Nothing) => {}
            Err(Heard::Answer(first)) => {
                let batch = ongoing.visiting.together(*first);
                let over = walk.take_in(&mut ongoing.visiting, batch, Some(&mut *store), None)?;
                ongoing.note(walk, store, over, tell)?;
            }
            Err(Heard::End) => {
                let over = walk.come_home(std::mem::take(&mut ongoing.visiting), Some(&mut *store))?;
                ongoing.note(walk, store, over, tell)?;
            }
        }
    };
    if ongoing.unpublished.is_some() {
        ongoing.publish(walk, store, tell)?;
    }
    let _broken_off = walk.come_home(ongoing.visiting, Some(store))?;
    outcome
}

/// Where a walk that goes on stands.
struct Ongoing<'a> {
    agenda: Agenda,
    visiting: Visiting<'a>,
    /// Since when something is saved that is not published.
    unpublished: Option<DateTime<Utc>>,
    /// Whether everything is to be published anew.
    force: bool,
    /// When everything that is published was looked at last.
    looked: DateTime<Utc>,
    /// What the steady clock said when the other said [`Walk::now`].
    steady: Duration,
    wanted: Vec<Wanted>,
}

/// Sources that somebody waits for.
struct Wanted {
    waiting: BTreeSet<usize>,
    lines: BTreeMap<usize, SourceReport>,
    answer: Sender<Result<Report, RefreshError>>,
}

impl<'a> Ongoing<'a> {
    /// Looks at the clock. Where somebody set it, what is due is due as long from now as it was, but for what is due at
    /// certain times.
    fn tell_time(
        &mut self,
        walk: &mut Walk<'a>,
        store: &mut Store,
        clock: &dyn Clock,
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<(), StoreError> {
        let (now, steady) = (clock.now(), clock.steady());
        let passed = TimeDelta::from_std(steady.saturating_sub(self.steady)).unwrap_or_default();
        let jump = now - self.agenda.told_at - passed;
        if jump.abs() > JUMP {
            tell(Told::ClockSet(jump));
            let by_the_clock = walk.settings.sources.iter().filter(|source| matches!(source.every(), Every::At(_)));
            store.shift_due(jump, by_the_clock.map(|source| source.id.as_str()))?;
            self.agenda.shift(jump, now);
            self.looked += jump;
            self.unpublished = self.unpublished.map(|since| since + jump);
        }
        (self.agenda.told_at, self.steady, walk.now) = (now, steady, now);
        Ok(())
    }

    /// When there is something to be done even if nobody calls.
    fn wakes_at(&self) -> Option<DateTime<Utc>> {
        let publishing = self.unpublished.map(|since| since + COMPANY);
        [self.agenda.next(), publishing, Some(self.looked + LOOK)].into_iter().flatten().min()
    }

    /// Whether it is time to publish: nothing more is coming soon, or what is saved has waited long enough.
    fn is_ripe(&self, now: DateTime<Utc>) -> bool {
        let is_answered = self.wanted.iter().any(|wanted| wanted.waiting.is_empty());
        let has_waited = self.unpublished.is_some_and(|since| now - since >= COMPANY);
        let is_quiet = self.unpublished.is_some() && self.visiting.under_way() == 0;
        is_answered || has_waited || is_quiet || now - self.looked >= LOOK
    }

    /// Walks sources, by their places in the configuration: folders at once, and sets out to those on the web.
    fn walk(
        &mut self,
        walk: &mut Walk<'a>,
        store: &mut Store,
        due: &[usize],
        tell: &mut dyn FnMut(Told<'_>),
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

    /// Notes how sources were, and when they are due.
    fn note(
        &mut self,
        walk: &Walk<'a>,
        store: &mut Store,
        over: Vec<Over>,
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<(), StoreError> {
        if over.is_empty() {
            return Ok(());
        }
        let visits: Vec<_> = over.iter().map(|over| walk.visit(&over.line)).collect();
        store.note_visits(&visits)?;
        for Over { at, line, due } in over {
            if line.new + line.revised + line.moved + line.gone > 0 {
                self.unpublished.get_or_insert(walk.now);
            }
            self.agenda.set(at, due, walk.now);
            tell(Told::Walked(&line));
            self.hand_over(at, &line);
        }
        Ok(())
    }

    /// Gives those who wait for a source what is told of it.
    fn hand_over(&mut self, at: usize, line: &SourceReport) {
        for wanted in &mut self.wanted {
            if wanted.waiting.remove(&at) {
                wanted.lines.insert(at, line.clone());
            }
        }
    }

    fn publish(
        &mut self,
        walk: &mut Walk<'a>,
        store: &mut Store,
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<(), StoreError> {
        walk.options.force = std::mem::take(&mut self.force);
        let printed = walk.print(store);
        walk.options.force = false;
        printed?;
        (self.unpublished, self.looked) = (None, walk.now);
        let report = std::mem::take(&mut walk.report);
        tell(Told::Published(&report));
        if !report.losses.is_empty() {
            store.forget_lost()?;
        }
        let (done, waiting) =
            std::mem::take(&mut self.wanted).into_iter().partition(|wanted| wanted.waiting.is_empty());
        self.wanted = waiting;
        let done: Vec<Wanted> = done;
        for Wanted { lines, answer, .. } in done {
            // Whoever asked may have gone.
            let _gone = answer.send(Ok(Report { sources: lines.into_values().collect(), ..report.clone() }));
        }
        walk.press_again(store)
    }

    /// Does what somebody asks for.
    fn answer(
        &mut self,
        call: Call,
        walk: &mut Walk<'a>,
        store: &mut Store,
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<(), StoreError> {
        match call {
            Call::Changed(sources) => {
                sources.into_iter().for_each(|at| self.agenda.set(at, Some(walk.now.timestamp()), walk.now))
            }
            Call::Work(work, answer) => {
                work(walk.settings, store)?;
                self.unpublished.get_or_insert(walk.now);
                self.wanted.push(Wanted { waiting: BTreeSet::new(), lines: BTreeMap::new(), answer });
            }
            Call::Walk(options, answer) => {
                if let Err(error) = options.check(walk.settings) {
                    let _gone = answer.send(Err(error));
                    return Ok(());
                }
                let sources = walk.settings.sources.iter().enumerate();
                let waiting: BTreeSet<usize> =
                    sources.filter(|(_, source)| options.asks_for(source)).map(|(at, _)| at).collect();
                let due: Vec<usize> = waiting.iter().copied().collect();
                self.wanted.push(Wanted { waiting, lines: BTreeMap::new(), answer });
                self.unpublished.get_or_insert(walk.now);
                self.force |= options.force;
                walk.options = options;
                let walked = self.walk(walk, store, &due, tell);
                walk.options = Options::default();
                walked?;
            }
            Call::End => {}
        }
        Ok(())
    }
}
