//! One walk through the house: the only module that knows every room, and owns all concurrency.
//!
//! Documents go through in batches: read in parallel, settled in parallel, saved in one transaction. Then the channels
//! whose items changed are rendered and swapped in. A walk in which nothing changed is a `stat` for each document and a
//! look at what is published.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::collect::files::{self, Folder};
use crate::config::Settings;
use crate::document::Origin;
use crate::item::{Vocabulary, digest};
use crate::publish::select::Wanted;
use crate::read;
use crate::report::{Note, Report, SourceReport};
use crate::source::{Access, Files, Source, SourceId, SourceKind, Treatment, Tz, Web};
use crate::store::{Store, StoreError};

mod agenda;
pub mod alert;
mod announce;
mod arrival;
mod article;
mod ask;
mod authority;
mod course;
mod elsewhere;
mod entry;
mod folder;
mod identify;
mod incident;
mod learnt;
mod listed;
mod look;
mod manner;
mod marked;
mod moved;
pub mod ongoing;
mod order;
mod plan;
mod press;
mod preview;
pub mod push;
mod survey;
pub mod task;
mod telling;
mod web;

pub use ask::{ask, ask_all, look_up};
pub use authority::{authority, is_of_here};
pub use course::{ACCEPT, PAGES};
pub use folder::settle;
pub use identify::is_another;
pub use incident::{StatusEntry, note_configuration, status_entries};
pub use learnt::{Learnt, Proposal, Quarantine};
pub use look::{Around, Glance, Looked, look, look_at_article};
pub use manner::{Manners, fetch_policy, secret};
pub use marked::marked;
pub use plan::{overviews, site};
use press::{Look, Press};
pub use preview::{Preview, Previewed, preview_feed, preview_files};
pub use web::{next_visit, read as read_feed};

/// How a walk is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Ids of the sources to walk. Empty: all.
    pub only: Vec<String>,
    /// Read every document and render every file again, whatever their stamps say; those that differ are written.
    pub force: bool,
    /// Say what would be done, and write nothing.
    pub dry_run: bool,
}

impl Options {
    /// Whether a source is asked for.
    fn asks_for(&self, source: &Source) -> bool {
        self.only.is_empty() || self.only.iter().any(|id| id == source.id.as_str())
    }

    /// Whether all that is asked for is there.
    fn check(&self, settings: &Settings) -> Result<(), RefreshError> {
        let is_known = |asked: &&String| settings.sources.iter().any(|source| source.id.as_str() == *asked);
        match self.only.iter().find(|asked| !is_known(asked)) {
            None => Ok(()),
            Some(asked) => Err(RefreshError::unknown_source(asked, settings)),
        }
    }
}

/// How far a walk has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Items of the store are being compared anew, by the rules of today.
    Comparing,
    /// Documents of a source: done, of how many.
    Reading(String, usize, usize),
    /// Sources on the web: visited, of how many.
    Visiting(usize, usize),
    /// Files about to be published.
    Publishing(usize),
}

/// Why a walk could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The daemon that is asked rests, for something failed.
    #[error("{0}")]
    Resting(String),
    /// The system has no means to wait for anything.
    #[error("cannot wait for what is next: {0}")]
    Waiting(io::Error),
    /// A source that is asked for is not configured.
    #[error("there is no source {asked:?}: {instead}")]
    UnknownSource {
        /// What was asked for.
        asked: String,
        /// What may be meant.
        instead: String,
    },
    /// The categories file is wrong.
    #[error("{path}: {error}")]
    Vocabulary {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: String,
    },
}

impl RefreshError {
    /// A source is asked for that is not configured.
    pub fn unknown_source(asked: &str, settings: &Settings) -> Self {
        Self::UnknownSource { asked: asked.to_owned(), instead: settings.sources_instead_of(asked) }
    }
}

/// Name of a value in the store.
const CHANNELS: &str = "channels";
const FAILURES: &str = "failures";
/// When items were last taken out of their channels for their age or number, seconds since 1970.
const RETIRED: &str = "retired";
/// Seconds by which a clock may be set back before what was taken out under it is looked at again.
const AHEAD: i64 = 3_600;
const LEFT: &str = "left:";

/// Raised whenever the same items and settings may lead to other channels than before.
const CHANNEL_RULES: u32 = 1;

/// What kept feeds from being published in the last walk, and since when, seconds since 1970. `None`: nothing did.
///
/// # Errors
/// When the store fails.
pub fn publish_failures(store: &Store) -> Result<Option<(i64, Vec<String>)>, StoreError> {
    let known = store.meta(FAILURES)?;
    Ok(known.and_then(|known| {
        let (since, told) = known.split_once('\n')?;
        Some((since.parse().ok()?, told.lines().map(str::to_owned).collect()))
    }))
}

/// What is to be said of the files of a source: those that were left alone in the last walk, and the documents that
/// were understood in part or not at all when they were last read.
///
/// # Errors
/// When the store fails.
pub fn notes(store: &Store, source: &Source) -> Result<Vec<Note>, StoreError> {
    let left = store.meta(&format!("{LEFT}{}", source.id))?;
    let mut notes: Vec<Note> = left.and_then(|left| serde_json::from_str(&left).ok()).unwrap_or_default();
    if let Some(web) = source.web() {
        let upstream = store.upstream(&source.id)?.unwrap_or_default();
        let moved = upstream.moved.as_deref().map(|moved| web::has_moved(source, moved));
        let told = upstream.notes.lines().map(str::to_owned).chain(moved);
        notes.extend(told.map(|text| Note { path: web.url.to_string(), text }));
    }
    for (path, note) in store.notes(&source.id)? {
        let path = Origin::File(path).display();
        let path = source.folder().map_or_else(|| path.clone(), |files| files.root.join(&path).display().to_string());
        notes.extend(note.lines().map(|text| Note { path: path.clone(), text: text.to_owned() }));
    }
    notes.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(notes)
}

/// The vocabulary beside the configuration, else the built-in one.
///
/// # Errors
/// When it cannot be read or is wrong.
pub fn vocabulary(settings: &Settings) -> Result<Cow<'static, Vocabulary>, RefreshError> {
    let Some(path) = &settings.vocabulary_path else { return Ok(Cow::Borrowed(Vocabulary::built_in())) };
    let failed = |error: String| RefreshError::Vocabulary { path: path.display().to_string(), error };
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    Vocabulary::parse(&text).map(Cow::Owned).map_err(|error| failed(error.to_string()))
}

/// Tells what time it is.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// One walk.
struct Walk<'a> {
    settings: &'a Settings,
    options: Options,
    clock: Now,
    /// When the walk began, or went on.
    now: DateTime<Utc>,
    vocabulary: &'a Vocabulary,
    /// `None`: nothing is to be published.
    press: Option<Press<'a>>,
    report: Report,
    progress: &'a mut dyn FnMut(&Progress),
    /// What was told of the source before: hardly any wants another.
    told_rules: RefCell<Option<ToldRules>>,
    told_asking: RefCell<Option<ToldAsking>>,
}

/// What decides how the documents of sources are read, but for pages.
type ToldRules = (Arc<Treatment>, Tz, String);
/// What decides how sources are asked, where nothing is rendered: what it takes to be let in, whether robots.txt is heeded.
type ToldAsking = (Arc<Access>, bool, String);

impl<'a> Walk<'a> {
    fn new(
        settings: &'a Settings,
        options: Options,
        clock: Now,
        vocabulary: &'a Vocabulary,
        progress: &'a mut dyn FnMut(&Progress),
    ) -> Self {
        let report = Report { dry_run: options.dry_run, ..Report::default() };
        Self {
            settings,
            options,
            now: clock(),
            clock,
            vocabulary,
            press: None,
            report,
            progress,
            told_rules: RefCell::default(),
            told_asking: RefCell::default(),
        }
    }

    /// Does what changes the store, and publishes what came of it.
    fn publishing(
        &mut self,
        store: &mut Store,
        work: impl FnOnce(&mut Self, &mut Store) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.prepare(store)?;
        work(self, store)?;
        self.print(store, Look::All)?;
        self.announce(store)?;
        self.keep_failures(store)?;
        incident::look_around(store, self.settings, &self.report, self.now)?;
        self.tell_others(store)?;
        if self.report.losses.is_empty() { Ok(()) } else { store.forget_lost() }
    }

    /// Tells hubs what is due, and somebody of trouble that began or ended. What fails is told again, and a note in the report.
    fn tell_others(&mut self, store: &mut Store) -> Result<(), StoreError> {
        let told = push::send_due(store, self.settings, push::PATIENCE, self.now)?;
        self.report.notes.extend(told);
        self.report.notes.extend(alert::alert(store, self.settings)?);
        Ok(())
    }

    /// Makes the store ready for what settings and rules say today, and opens the press.
    fn prepare(&mut self, store: &mut Store) -> Result<(), StoreError> {
        self.report.losses.extend(store.lost()?);
        let authority = self.authority(store)?;
        store.tell_stories(|| (self.progress)(&Progress::Comparing))?;
        store.tell_copies(|| (self.progress)(&Progress::Comparing))?;
        let preferred: Vec<&SourceId> =
            self.settings.sources.iter().filter(|source| source.prefer).map(|source| &source.id).collect();
        store.prefer(&preferred)?;
        // Before anything is read: what this walk saves knows its channels already.
        self.assign_channels(store)?;
        // What is out bears its id, before anything comes that has the same.
        store.settle_ids()?;
        // One that was open before gives up what it holds.
        self.press = None;
        self.press = Some(Press::open(self.settings, authority, store)?);
        Ok(())
    }

    /// Publishes what came of a walk so far. Returns whether the file system kept a file from being written.
    fn print(&mut self, store: &mut Store, look: Look) -> Result<bool, StoreError> {
        if look == Look::All {
            // Rendering wants the memory now. While visits are under way, more texts come between two rounds of it.
            store.forget_texts();
        }
        self.retire(store)?;
        self.prepare_to_announce(store)?;
        self.publish(store, look)
    }

    /// Keeps what went wrong in publishing, and since when, for `status`.
    fn keep_failures(&self, store: &mut Store) -> Result<(), StoreError> {
        let since = publish_failures(store)?.map_or(self.now.timestamp(), |(since, _)| since);
        let told = self.report.failures.join("\n");
        keep(store, FAILURES, &if told.is_empty() { told } else { format!("{since}\n{told}") })
    }

    /// Takes out of all channels what its source does not keep so long, or so many of. What was taken out under a clock that
    /// ran ahead comes back before.
    fn retire(&self, store: &mut Store) -> Result<(), StoreError> {
        let now = self.now.timestamp();
        let last = store.meta(RETIRED)?.and_then(|last| last.parse::<i64>().ok());
        let ran_ahead = last.is_some_and(|last| last > now + AHEAD);
        if ran_ahead {
            self.sort_into_channels(store)?;
        }
        let mut is_any_old = false;
        for source in &self.settings.sources {
            let age = source.keep_for.and_then(|time| chrono::TimeDelta::from_std(time).ok());
            let oldest = age.and_then(|age| self.now.checked_sub_signed(age));
            let most = (source.keep_items > 0).then_some(source.keep_items);
            if oldest.is_some() || most.is_some() {
                is_any_old |= store.retire(&source.id, oldest, most)?;
            }
        }
        if ran_ahead || is_any_old { store.set_meta(RETIRED, &now.to_string()) } else { Ok(()) }
    }

    /// Walks the sources that are asked for, those on the web where they are due.
    fn walk_sources(&mut self, mut writing: Option<&mut Store>, reading: Option<&Store>) -> Result<(), StoreError> {
        let settings = self.settings;
        let (mut lines, mut on_the_web, mut walked) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
        for (at, source) in settings.sources.iter().enumerate() {
            if !self.options.asks_for(source) {
                continue;
            }
            if let SourceKind::Files(files) = &source.kind {
                lines.insert(at, self.walk_files(source, files, writing.as_deref_mut(), reading)?);
                walked.insert(at);
            } else {
                on_the_web.push(at);
            }
        }
        let (over, not_due) = self.walk_web(&on_the_web, writing.as_deref_mut(), reading)?;
        walked.extend(over.iter().map(|over| over.at));
        lines.extend(over.into_iter().chain(not_due).map(|over| (over.at, over.line)));
        if let Some(store) = writing {
            let lines = lines.iter().filter(|(at, _)| walked.contains(at));
            let visited: Vec<_> = lines.filter_map(|(at, line)| Some((settings.sources.get(*at)?, line))).collect();
            incident::note_visits(store, &visited, self.now)?;
        }
        self.report.sources.extend(lines.into_values());
        Ok(())
    }

    /// Walks one folder, and tells how that went.
    fn walk_files(
        &mut self,
        source: &Source,
        files: &Files,
        writing: Option<&mut Store>,
        reading: Option<&Store>,
    ) -> Result<SourceReport, StoreError> {
        let mut line = line_of(source);
        match Folder::open(source, files, files::Policy { max_size: self.settings.max_size }) {
            Ok(folder) => self.walk_folder(source, &folder, &mut line, writing, reading)?,
            Err(error) => line.error = Some(error.to_string()),
        }
        Ok(line)
    }

    /// All that decides how the documents of a source are read and settled: when it changes, they are read again.
    fn rules(&self, source: &Source) -> String {
        let wanted = |told: &&ToldRules| Arc::ptr_eq(&told.0, &source.treatment) && told.1 == source.timezone;
        let is_page = source.page().is_some();
        if let Some((.., rules)) = self.told_rules.borrow().as_ref().filter(wanted).filter(|_| !is_page) {
            return rules.clone();
        }
        let rules = self.tell_rules(source);
        if !is_page {
            self.told_rules.replace(Some((source.treatment.clone(), source.timezone, rules.clone())));
        }
        rules
    }

    fn tell_rules(&self, source: &Source) -> String {
        let settings = format!(
            "{} {} {:?} {:?} {:?} {} {}",
            read::RULES,
            env!("CARGO_PKG_VERSION"),
            source.treatment.language,
            source.treatment.categories,
            source.treatment.author,
            source.timezone,
            self.settings.site.language
        );
        let page = source.page().map(|page| {
            let Access { headers, headers_file, user, password_file, proxy: _, tls_ca: _ } = &*page.web.access;
            // With other rights, there may be more to read.
            let rights = format!("{headers:?} {headers_file:?} {user:?} {password_file:?}");
            format!("{:?} {} {} {rights}", page.select, page.pages, page.full_text)
        });
        hexadecimal(&digest(&[settings.as_bytes(), &self.vocabulary.print(), page.unwrap_or_default().as_bytes()]))
    }

    /// What decides how a source on the web is asked. Where that changes, one that fails is asked again at once.
    fn asking(&self, source: &Source, web: &Web) -> String {
        let Web { url: _, every: _, slowest: _, robots, access } = web;
        let render = source.page().and_then(|page| page.render.as_deref());
        let wanted = |told: &&ToldAsking| Arc::ptr_eq(&told.0, access) && told.1 == *robots && render.is_none();
        if let Some((.., asking)) = self.told_asking.borrow().as_ref().filter(wanted) {
            return asking.clone();
        }
        let crate::config::Refresh { private, timeout, user_agent, .. } = &self.settings.refresh;
        let asking = format!("{robots} {access:?} {render:?} {private:?} {timeout:?} {user_agent:?}");
        let asking = hexadecimal(&digest(&[asking.as_bytes()]));
        if render.is_none() {
            self.told_asking.replace(Some((access.clone(), *robots, asking.clone())));
        }
        asking
    }

    /// Sorts stored items into channels anew when what decides that has changed.
    fn assign_channels(&self, store: &mut Store) -> Result<(), StoreError> {
        let print = self.channel_rules();
        if store.meta(CHANNELS)?.as_ref() == Some(&print) {
            return Ok(());
        }
        self.sort_into_channels(store)?;
        store.set_meta(CHANNELS, &print)
    }

    fn sort_into_channels(&self, store: &mut Store) -> Result<(), StoreError> {
        let settings = self.settings;
        let sources: HashMap<&SourceId, &Source> = settings.sources.iter().map(|source| (&source.id, source)).collect();
        store.assign_channels(|item| match sources.get(&item.source) {
            Some(source) => plan::channels_of(item, source, &settings.feeds, self.vocabulary),
            // The source is not configured any more: its items rest.
            None => Vec::new(),
        })
    }

    fn channel_rules(&self) -> String {
        let regexes =
            |regexes: &[regex::Regex]| regexes.iter().map(regex::Regex::as_str).collect::<Vec<_>>().join("\n");
        let mut hasher = Sha256::new();
        hasher.update(CHANNEL_RULES.to_le_bytes());
        for source in &self.settings.sources {
            let (keep, drop, remove) =
                (regexes(&source.treatment.keep), regexes(&source.treatment.drop), regexes(&source.treatment.remove));
            hasher.update(format!("{}\0{keep}\0{drop}\0{remove}\0", source.id));
            if source.keep_for.is_some() || source.keep_items > 0 {
                hasher.update(format!("{:?}\0{}\0", source.keep_for, source.keep_items));
            }
        }
        for feed in &self.settings.feeds {
            let (keep, drop) = (regexes(&feed.keep), regexes(&feed.drop));
            let categories: Vec<&str> = feed.categories.iter().map(AsRef::as_ref).collect();
            hasher.update(format!(
                "{}\0{categories:?}\0{:?}\0{:?}\0{keep}\0{drop}\0",
                feed.id, feed.sources, feed.language
            ));
            // Which category a name means.
            if feed.categories.iter().any(Wanted::is_name) {
                hasher.update(self.vocabulary.print());
            }
        }
        hexadecimal(&hasher.finalize())
    }
}

/// What is told of a source, of which nothing is known yet.
fn line_of(source: &Source) -> SourceReport {
    SourceReport { id: source.id.to_string(), title: source.title.clone(), ..SourceReport::default() }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a string cannot fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

/// Keeps a value in the store, unless it is there.
fn keep(store: &mut Store, name: &str, value: &str) -> Result<(), StoreError> {
    if store.meta(name)?.unwrap_or_default() == value { Ok(()) } else { store.set_meta(name, value) }
}

/// Works on all inputs, on as many threads as there are cores; the outputs stand in the order of the inputs.
fn in_parallel<I: Send, O: Send>(inputs: Vec<I>, work: impl Fn(I) -> O + Sync) -> Vec<O> {
    // To find out how many there are, several files are read.
    static CORES: OnceLock<usize> = OnceLock::new();
    let cores = *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from));
    let threads = cores.min(inputs.len().div_ceil(16));
    if threads <= 1 {
        return inputs.into_iter().map(work).collect();
    }
    let share = inputs.len().div_ceil(threads);
    std::thread::scope(|scope| {
        let work = &work;
        let mut inputs = inputs.into_iter();
        let own: Vec<I> = inputs.by_ref().take(share).collect();
        let parts: Vec<Vec<I>> = (1..threads).map(|_| inputs.by_ref().take(share).collect()).collect();
        let work_on = |part: Vec<I>| scope.spawn(move || part.into_iter().map(work).collect::<Vec<O>>());
        let handles: Vec<_> = parts.into_iter().map(work_on).collect();
        let mut outputs: Vec<O> = own.into_iter().map(work).collect();
        for handle in handles {
            match handle.join() {
                Ok(more) => outputs.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        outputs
    })
}
