//! One walk through the house: the only module that knows every room, and owns all concurrency.
//!
//! Documents go through in batches: read in parallel, settled in parallel, saved in one transaction. Then the channels
//! whose items changed are rendered and swapped in. A walk in which nothing changed is a `stat` for each document and a
//! look at what is published.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use chrono::{DateTime, Datelike, Utc};
use sha2::{Digest, Sha256};

use crate::collect::files::{self, Folder, Found, Met};
use crate::config::Settings;
use crate::dedup::{self, Change};
use crate::document::{Document, Stamp};
use crate::item::{self, Fingerprint, Identity, Item, ItemKey, Known, Vocabulary};
use crate::publish::{self, Channel, Format, Overview, PublishError, Rendered, Shown, Site, select, write};
use crate::read;
use crate::report::{Note, Report, SourceReport};
use crate::source::{Files, Source, SourceKind};
use crate::store::{self, Entry, Published, Seen, Store, StoreError, Visit};

/// How a walk is made.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Ids of the sources to walk. Empty: all.
    pub only: Vec<String>,
    /// Read every document and write every file again, whatever their stamps say.
    pub force: bool,
    /// Say what would be done, and write nothing.
    pub dry_run: bool,
}

/// How far a walk has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Documents of a source: done, of how many.
    Reading(String, usize, usize),
    /// Files about to be published.
    Publishing(usize),
}

/// Why a walk could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A source that is asked for is not configured.
    #[error("there is no source {asked:?}: the configuration has {}", known.join(", "))]
    UnknownSource {
        /// What was asked for.
        asked: String,
        /// Ids that there are.
        known: Vec<String>,
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

/// Documents in one batch.
const BATCH: usize = 1024;
/// Bytes of documents in one batch.
const BATCH_BYTES: u64 = 16 * 1024 * 1024;
/// Files younger than this, in nanoseconds, are looked at twice: they may be half copied.
const SETTLED: i64 = 1_000_000_000;
/// Item pages rendered and written at once.
const PAGES: usize = 1024;
/// Raised whenever the same items may be rendered in another way than before.
const RENDERING: u32 = 1;

/// Names of values in the store.
const AUTHORITY: &str = "authority";
const RESCUED: &str = "authority:rescued";
const CHANNELS: &str = "channels";
const PAGES_DONE: &str = "pages";

/// Walks all sources, saves what is new, and publishes what changed.
///
/// `progress` is told how far the walk has come. A source that fails is a line in the report; the others go on. A damaged
/// store is moved aside, and all that can be saved of it is.
///
/// # Errors
/// When the store cannot be used, or the options or the vocabulary are wrong.
pub fn refresh(
    settings: &Settings,
    options: &Options,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Report, RefreshError> {
    for asked in &options.only {
        if !settings.sources.iter().any(|source| source.id.as_str() == asked) {
            let known = settings.sources.iter().map(|source| source.id.to_string()).collect();
            return Err(RefreshError::UnknownSource { asked: asked.clone(), known });
        }
    }
    let custom = vocabulary(settings)?;
    let vocabulary = custom.as_ref().unwrap_or_else(|| Vocabulary::built_in());
    let mut report = Report { dry_run: options.dry_run, ..Report::default() };
    if options.dry_run {
        let store = Store::open_to_read(&settings.store)?;
        let mut walk = Walk { settings, options, now, vocabulary, store: None, report: &mut report, progress };
        walk.sources(store.as_ref())?;
        return Ok(report);
    }
    let damaged = match Store::open(&settings.store) {
        Ok(store) => {
            let mut walk =
                Walk { settings, options, now, vocabulary, store: Some(store), report: &mut report, progress };
            match walk.all() {
                Err(error) if error.is_corruption() => error,
                outcome => return outcome.map(|()| report).map_err(RefreshError::from),
            }
        }
        Err(error) if error.is_corruption() => error,
        Err(error) => return Err(error.into()),
    };
    let (store, rescue) = store::rescue(&settings.store)?;
    let mut report = Report::default();
    report.notes.push(format!(
        "{damaged}: it was moved aside to {}, {} items were saved from it, and all documents are read again",
        rescue.aside.display(),
        rescue.items
    ));
    Walk { settings, options, now, vocabulary, store: Some(store), report: &mut report, progress }.all()?;
    Ok(report)
}

/// The vocabulary beside the configuration. `None`: there is none, the built-in one holds.
///
/// # Errors
/// When it cannot be read or is wrong.
pub fn vocabulary(settings: &Settings) -> Result<Option<Vocabulary>, RefreshError> {
    let Some(path) = &settings.vocabulary_path else { return Ok(None) };
    let failed = |error: String| RefreshError::Vocabulary { path: path.display().to_string(), error };
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    Vocabulary::parse(&text).map(Some).map_err(|error| failed(error.to_string()))
}

/// Makes one document of a source an item, as a walk does: for a walk and for `explain`.
///
/// # Errors
/// When the document cannot be read.
pub fn settle(
    document: &Document,
    source: &Source,
    language: &str,
    vocabulary: &Vocabulary,
    identity: Identity,
    now: DateTime<Utc>,
) -> Result<(Item, Vec<String>), read::ReadError> {
    let draft = read::read(document, read::Policy { now, timezone: source.timezone })?;
    let policy = item::Policy {
        now,
        timezone: source.timezone,
        vocabulary,
        categories: &source.categories,
        author: source.author.as_deref(),
        language: source.language.as_deref().or(Some(language)),
    };
    Ok(Item::settle(draft, identity, &policy))
}

/// One walk.
struct Walk<'a> {
    settings: &'a Settings,
    options: &'a Options,
    now: DateTime<Utc>,
    vocabulary: &'a Vocabulary,
    store: Option<Store>,
    report: &'a mut Report,
    progress: &'a mut dyn FnMut(&Progress),
}

/// A document that has to be read: new, or changed.
struct Task {
    found: Found,
    /// What it was when it was last read, at this path or another.
    seen: Option<Seen>,
    moved_from: Option<Vec<u8>>,
}

/// What comparing a folder with the store gives.
#[derive(Default)]
struct Survey {
    documents: u64,
    tasks: Vec<Task>,
    gone: Vec<Seen>,
    notes: Vec<Note>,
}

impl Walk<'_> {
    fn all(&mut self) -> Result<(), StoreError> {
        let walked = self.store.take();
        let Some(mut store) = walked else { return Ok(()) };
        let outcome = self.everything(&mut store);
        self.store = Some(store);
        outcome
    }

    fn everything(&mut self, store: &mut Store) -> Result<(), StoreError> {
        let authority = self.authority(store)?;
        self.walk_sources(Some(&mut *store), None)?;
        self.assign_channels(store)?;
        self.publish(store, authority)
    }

    /// A walk that writes nothing.
    fn sources(&mut self, store: Option<&Store>) -> Result<(), StoreError> {
        self.walk_sources(None, store)
    }

    fn walk_sources(&mut self, mut writing: Option<&mut Store>, reading: Option<&Store>) -> Result<(), StoreError> {
        let settings = self.settings;
        let mut visits = Vec::new();
        for source in &settings.sources {
            if !self.options.only.is_empty() && !self.options.only.iter().any(|id| id == source.id.as_str()) {
                continue;
            }
            let mut line =
                SourceReport { id: source.id.to_string(), title: source.title.clone(), ..SourceReport::default() };
            let SourceKind::Files(files) = &source.kind;
            match Folder::open(source, files, files::Policy { max_size: settings.max_size }) {
                Ok(folder) => self.walk_folder(source, files, &folder, &mut line, writing.as_deref_mut(), reading)?,
                Err(error) => line.error = Some(error.to_string()),
            }
            let now = self.now.timestamp();
            visits.push(Visit {
                source: line.id.clone(),
                walked: now,
                succeeded: line.error.is_none().then_some(now),
                documents: line.documents,
                error: line.error.clone(),
                since: line.error.is_some().then_some(now),
            });
            self.report.sources.push(line);
        }
        match writing {
            Some(store) => store.note_visits(&visits),
            None => Ok(()),
        }
    }

    fn walk_folder(
        &mut self,
        source: &Source,
        files: &Files,
        folder: &Folder,
        line: &mut SourceReport,
        mut writing: Option<&mut Store>,
        reading: Option<&Store>,
    ) -> Result<(), StoreError> {
        let rules = self.rules(source);
        let name = format!("rules:{}", source.id);
        let again = {
            let store = writing.as_deref().or(reading);
            let known = store.map(|store| store.meta(&name)).transpose()?.flatten();
            let again = self.options.force || known.as_ref() != Some(&rules);
            let mut survey = match store {
                Some(store) => store
                    .with_documents(&source.id, |documents| Self::survey(folder, again, || documents.next_seen()))?,
                None => Self::survey(folder, again, || Ok(None))?,
            };
            line.documents = survey.documents;
            line.notes.append(&mut survey.notes);
            line.gone = survey.gone.len() as u64;
            wait_for_settled(folder, &mut survey.tasks, self.now, files, line);
            let mut batch = Batch { source, folder, again, line, done: 0, all: survey.tasks.len() };
            // Of several with the same bytes, the first by path is taken first.
            let mut gone: HashMap<Fingerprint, Vec<Seen>> = HashMap::new();
            for seen in survey.gone.into_iter().rev().filter(|seen| seen.item.is_some()) {
                gone.entry(seen.content).or_default().push(seen);
            }
            let mut tasks = survey.tasks.into_iter().peekable();
            while tasks.peek().is_some() {
                let mut size = 0;
                let mut part = Vec::new();
                while let Some(task) = tasks.next_if(|_| part.len() < BATCH && size < BATCH_BYTES) {
                    size += task.found.stamp.size;
                    part.push(task);
                }
                self.walk_batch(&mut batch, part, &mut gone, writing.as_deref_mut(), reading)?;
            }
            again
        };
        match writing {
            Some(store) if again => store.set_meta(&name, &rules),
            _ => Ok(()),
        }
    }

    /// Compares a folder with what is known of it, both in the order of their paths.
    fn survey(
        folder: &Folder,
        again: bool,
        mut next: impl FnMut() -> Result<Option<Seen>, StoreError>,
    ) -> Result<Survey, StoreError> {
        let mut survey = Survey::default();
        let mut row = next()?;
        folder.walk::<StoreError>(&mut |met| {
            let found = match met {
                Met::Note(path, text) => {
                    survey.notes.push(Note { path, text });
                    return Ok(());
                }
                Met::File(found) => found,
            };
            survey.documents += 1;
            while let Some(seen) = row.take_if(|seen| seen.path < found.path) {
                survey.gone.push(seen);
                row = next()?;
            }
            let seen = row.take_if(|seen| seen.path == found.path);
            if seen.is_some() {
                row = next()?;
            }
            if again || seen.as_ref().is_none_or(|seen| seen.stamp != found.stamp) {
                survey.tasks.push(Task { found, seen, moved_from: None });
            }
            Ok(())
        })?;
        while let Some(seen) = row.take() {
            survey.gone.push(seen);
            row = next()?;
        }
        find_moved(&mut survey);
        Ok(survey)
    }

    fn walk_batch(
        &mut self,
        batch: &mut Batch<'_>,
        mut tasks: Vec<Task>,
        gone: &mut HashMap<Fingerprint, Vec<Seen>>,
        writing: Option<&mut Store>,
        reading: Option<&Store>,
    ) -> Result<(), StoreError> {
        let (source, folder) = (batch.source, batch.folder);
        let documents =
            in_parallel(&tasks, |task| folder.read(&task.found).map(|document| (content_print(&document), document)));
        // Who is who: at its path, moved with its stamp, moved with its bytes, or new.
        for (task, document) in tasks.iter_mut().zip(&documents) {
            if task.seen.is_none()
                && let Ok((content, _)) = document
                && let Some(seen) = gone.get_mut(content).and_then(Vec::pop)
            {
                task.moved_from = Some(seen.path.clone());
                task.seen = Some(seen);
            }
        }
        let keys: Vec<ItemKey> = tasks.iter().map(|task| key_of(source, task)).collect();
        let store = writing.as_deref().or(reading);
        let mut known = store.map(|store| store.known(&keys)).transpose()?.unwrap_or_default();
        let mut keys = keys;
        for (task, key) in tasks.iter().zip(&mut keys) {
            // A new document at a path whose first item has moved on: its key is taken.
            let mut turn = 0_u32;
            while task.seen.as_ref().and_then(|seen| seen.item.as_ref()).is_none()
                && known.contains_key(key)
                && turn < 1_000
            {
                turn += 1;
                *key = item::mint(&source.id, &[&task.found.path, format!("\0{turn}").as_bytes()].concat());
                let found = store.map(|store| store.known(std::slice::from_ref(key))).transpose()?.unwrap_or_default();
                known.extend(found);
            }
        }
        let selections = &self.settings.feeds;
        let (now, vocabulary, language) = (self.now, self.vocabulary, self.settings.site.language.as_str());
        let again = batch.again;
        let work: Vec<_> = tasks.iter().zip(documents).zip(keys).collect();
        let known = &known;
        let outcomes = in_parallel(&work, |((task, document), key)| {
            let (content, document) = document.as_ref().map_err(Clone::clone)?;
            let unchanged = task.seen.as_ref().is_some_and(|seen| seen.content == *content);
            if unchanged && !again && task.moved_from.is_none() {
                return Ok(Outcome { content: *content, settled: None, change: Change::Same, notes: Vec::new() });
            }
            let known = known.get(key).copied();
            let identity =
                Identity { source: source.id.clone(), key: key.clone(), name: name_of(&task.found.path), known };
            Ok(outcome(document, *content, source, language, vocabulary, identity, now, selections))
        });
        let mut entries = Vec::with_capacity(work.len());
        for (((task, _), key), outcome) in work.into_iter().zip(outcomes) {
            let path = folder_path(&batch.source.kind, &task.found.path);
            let outcome: Outcome = match outcome {
                Ok(outcome) => outcome,
                Err(text) => {
                    batch.line.notes.push(Note { path, text });
                    // What is known of it stays, but does not vouch for it: it is tried again at the next walk.
                    if let Some(seen) = task.seen.as_ref().filter(|_| task.moved_from.is_none()) {
                        let stamp = Stamp { size: 0, modified: 0, inode: 0, sidecar: 0 };
                        entries.push(Entry { seen: Seen { stamp, ..seen.clone() }, moved_from: None, item: None });
                    }
                    continue;
                }
            };
            let mut seen = Seen {
                path: task.found.path.clone(),
                stamp: task.found.stamp,
                content: outcome.content,
                item: Some(key),
                note: None,
            };
            batch.line.notes.extend(outcome.notes.iter().map(|text| Note { path: path.clone(), text: text.clone() }));
            batch.line.moved += u64::from(task.moved_from.is_some());
            let item = match outcome.settled {
                Some(Ok(settled)) => {
                    match outcome.change {
                        Change::New => batch.line.new += 1,
                        Change::Revised => batch.line.revised += 1,
                        Change::Same => {}
                    }
                    Some(settled)
                }
                Some(Err(error)) => {
                    batch.line.unreadable += 1;
                    batch.line.notes.push(Note { path, text: error.clone() });
                    // What was published of it before stays.
                    seen.item = task.seen.as_ref().and_then(|seen| seen.item.clone());
                    seen.note = Some(error);
                    None
                }
                None => {
                    seen.item = task.seen.as_ref().and_then(|seen| seen.item.clone());
                    seen.note = task.seen.as_ref().and_then(|seen| seen.note.clone());
                    None
                }
            };
            entries.push(Entry { seen, moved_from: task.moved_from.clone(), item });
        }
        if let Some(store) = writing {
            store.save(&source.id, &entries)?;
        }
        batch.done += entries.len();
        (self.progress)(&Progress::Reading(source.id.to_string(), batch.done, batch.all));
        Ok(())
    }

    /// All that decides how the documents of a source are read and settled: when it changes, they are read again.
    fn rules(&self, source: &Source) -> String {
        let vocabulary = self.settings.vocabulary_path.as_deref().and_then(|path| std::fs::read(path).ok());
        let settings = format!(
            "{} {} {:?} {:?} {:?} {} {}",
            read::RULES,
            env!("CARGO_PKG_VERSION"),
            source.language,
            source.categories,
            source.author,
            source.timezone,
            self.settings.site.language
        );
        hexadecimal(&print(&[settings.as_bytes(), vocabulary.as_deref().unwrap_or_default()]))
    }

    /// The start of our ids: as configured, else as it was minted once, else minted now.
    fn authority(&mut self, store: &mut Store) -> Result<String, StoreError> {
        let site = &self.settings.site;
        let known = store.meta(AUTHORITY)?;
        let rescued = store.meta(RESCUED)?;
        let authority = site
            .authority
            .clone()
            .or_else(|| known.clone())
            .or_else(|| published_authority(&self.settings.publish.directory))
            .or(rescued);
        let host = site.url.host_str().unwrap_or("localhost").trim_matches(['[', ']']).replace(':', "-");
        let authority = authority.unwrap_or_else(|| format!("{host},{}", self.now.year()));
        if known.as_ref() != Some(&authority) {
            if let Some(known) = known {
                self.report.notes.push(format!(
                    "site.authority is now {authority}, it was {known}: the ids of all items change with it, and readers show them again"
                ));
            }
            store.set_meta(AUTHORITY, &authority)?;
        }
        Ok(authority)
    }

    /// Sorts stored items into channels anew when what decides that has changed.
    fn assign_channels(&mut self, store: &mut Store) -> Result<(), StoreError> {
        let settings = self.settings;
        let print = self.channel_rules();
        if store.meta(CHANNELS)?.as_ref() == Some(&print) {
            return Ok(());
        }
        store.assign_channels(|item| match settings.sources.iter().find(|source| source.id == item.source) {
            Some(source) => channels_of(item, source, &settings.feeds),
            // The source is not configured any more: its items rest.
            None => Vec::new(),
        })?;
        store.set_meta(CHANNELS, &print)
    }

    fn channel_rules(&self) -> String {
        let regexes =
            |regexes: &[regex::Regex]| regexes.iter().map(regex::Regex::as_str).collect::<Vec<_>>().join("\n");
        let mut hasher = Sha256::new();
        for source in &self.settings.sources {
            hasher.update(format!("{}\0{}\0{}\0", source.id, regexes(&source.keep), regexes(&source.drop)));
        }
        for feed in &self.settings.feeds {
            let (keep, drop) = (regexes(&feed.keep), regexes(&feed.drop));
            hasher.update(format!(
                "{}\0{:?}\0{:?}\0{:?}\0{keep}\0{drop}\0",
                feed.id, feed.categories, feed.sources, feed.language
            ));
        }
        hexadecimal(&hasher.finalize())
    }

    /// Renders and writes what changed since it was last written.
    fn publish(&mut self, store: &mut Store, authority: String) -> Result<(), StoreError> {
        let settings = self.settings;
        let site = Site {
            title: settings.site.title.clone(),
            url: settings.site.url.clone(),
            language: settings.site.language.clone(),
            authority,
        };
        let formats: Vec<&'static dyn Format> = publish::FORMATS
            .iter()
            .copied()
            .filter(|format| settings.publish.formats.iter().any(|name| name.name() == format.name()))
            .collect();
        let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
        let titles: Vec<String> =
            settings.sources.iter().map(|source| format!("{}\0{}", source.id, source.title)).collect();
        let site_print = print(&[
            format!("{RENDERING} {} {site:?} {names:?}", env!("CARGO_PKG_VERSION")).as_bytes(),
            titles.join("\0").as_bytes(),
        ]);
        let directory = settings.publish.directory.clone();
        let copies = store.has_copies()?;
        let mut press = Press {
            site,
            formats,
            directory,
            sources: &settings.sources,
            copies,
            print: site_print,
            changed: Vec::new(),
            failures: Vec::new(),
        };
        press.pages(store, self.options.force, self.progress)?;
        let plans = plans(settings, self.vocabulary, store)?;
        press.channels(store, plans, self.options.force, self.progress)?;
        let Press { mut changed, failures, .. } = press;
        changed.sort();
        self.report.changed = changed;
        self.report.failures.extend(failures);
        if let Some(command) = settings.publish.on_publish.as_ref().filter(|_| !self.report.changed.is_empty())
            && let Err(error) = run_command(command, &self.report.changed)
        {
            self.report.failures.push(format!("publish.on_publish failed: {error}"));
        }
        Ok(())
    }
}

/// What there is to subscribe to: every channel that a walk publishes.
///
/// # Errors
/// When the store fails.
pub fn overviews(settings: &Settings, vocabulary: &Vocabulary, store: &Store) -> Result<Vec<Overview>, StoreError> {
    let overview = |plan: Plan| {
        let updated = store.window(&plan.path, plan.most)?.iter().map(|member| member.updated).max();
        Ok(plan.overview(updated))
    };
    plans(settings, vocabulary, store)?.into_iter().map(overview).collect()
}

/// The channels there are to be: everything, each source, each category that has items, each selection.
fn plans(settings: &Settings, vocabulary: &Vocabulary, store: &Store) -> Result<Vec<Plan>, StoreError> {
    let site = &settings.site;
    let words = Words::of(&site.language);
    let stocked: HashMap<String, usize> =
        store.channels()?.into_iter().map(|channel| (channel.path, channel.items)).collect();
    let most = settings.publish.items;
    let plan = |path: String, title: &str, description: String, language: &str, most: usize| {
        let items = stocked.get(&path).copied().unwrap_or(0);
        Plan { path, title: title.to_owned(), description, language: language.to_owned(), most, items }
    };
    let mut plans = vec![plan("all".to_owned(), &site.title, words.all(&site.title), &site.language, most)];
    for source in &settings.sources {
        let language = source.language.as_deref().unwrap_or(&site.language);
        plans.push(plan(
            format!("sources/{}", source.id),
            &source.title,
            words.source(&source.title),
            language,
            source.items,
        ));
    }
    let mut slugs: Vec<&str> = stocked.keys().filter_map(|path| path.strip_prefix("categories/")).collect();
    slugs.sort_unstable();
    for slug in slugs {
        let path = format!("categories/{slug}");
        let label = match vocabulary.label(slug, &site.language) {
            Some(label) => label.to_owned(),
            None => label_of(store, &path, slug)?,
        };
        plans.push(plan(path, &format!("{} · {label}", site.title), words.category(&label), &site.language, most));
    }
    for feed in &settings.feeds {
        let language = feed.language.as_deref().unwrap_or(&site.language);
        plans.push(plan(format!("feeds/{}", feed.id), &feed.title, words.selection(&feed.title), language, feed.items));
    }
    Ok(plans)
}

/// The label of a category that no vocabulary knows: the one its newest item gives it.
fn label_of(store: &Store, path: &str, slug: &str) -> Result<String, StoreError> {
    let newest = store.window(path, 1)?.into_iter().next();
    let item = newest.map(|member| store.item(&member.key)).transpose()?.flatten();
    let named = |item: Item| {
        item.categories.iter().find(|category| category.slug == slug).map(|category| category.label.clone())
    };
    Ok(item.and_then(named).unwrap_or_else(|| slug.to_owned()))
}

/// What is told of channels, in the language of the site.
enum Words {
    English,
    Chinese,
}

impl Words {
    fn of(language: &str) -> Self {
        if language.to_ascii_lowercase().starts_with("zh") { Self::Chinese } else { Self::English }
    }

    fn all(&self, title: &str) -> String {
        match self {
            Self::English => format!("Everything from {title}, newest first"),
            Self::Chinese => format!("{title}的全部内容，最新在前"),
        }
    }

    fn source(&self, title: &str) -> String {
        match self {
            Self::English => format!("News from {title}"),
            Self::Chinese => format!("来自{title}的新闻"),
        }
    }

    fn category(&self, label: &str) -> String {
        match self {
            Self::English => format!("Items filed under {label}"),
            Self::Chinese => format!("“{label}”分类下的内容"),
        }
    }

    fn selection(&self, title: &str) -> String {
        match self {
            Self::English => format!("A selection: {title}"),
            Self::Chinese => format!("精选：{title}"),
        }
    }
}

/// A batch on its way.
struct Batch<'a> {
    source: &'a Source,
    folder: &'a Folder,
    again: bool,
    line: &'a mut SourceReport,
    done: usize,
    all: usize,
}

/// What became of one document.
struct Outcome {
    content: Fingerprint,
    /// The item and its channels, or why it could not be read. `None`: its bytes are as they were.
    settled: Option<Result<(Item, Vec<String>), String>>,
    change: Change,
    notes: Vec<String>,
}

#[expect(clippy::too_many_arguments, reason = "one call, from one place, with all that a document meets on its way")]
fn outcome(
    document: &Document,
    content: Fingerprint,
    source: &Source,
    language: &str,
    vocabulary: &Vocabulary,
    identity: Identity,
    now: DateTime<Utc>,
    selections: &[publish::Selection],
) -> Outcome {
    let known: Option<Known> = identity.known;
    match settle(document, source, language, vocabulary, identity, now) {
        Ok((item, notes)) => {
            let change = dedup::judge(&item, known.as_ref());
            let channels = channels_of(&item, source, selections);
            Outcome { content, settled: Some(Ok((item, channels))), change, notes }
        }
        Err(error) => {
            Outcome { content, settled: Some(Err(error.to_string())), change: Change::Same, notes: Vec::new() }
        }
    }
}

fn channels_of(item: &Item, source: &Source, selections: &[publish::Selection]) -> Vec<String> {
    select::channels(item, select::Filter { keep: &source.keep, drop: &source.drop }, selections)
}

/// Documents at new paths that have the stamp of one that is gone, or of one whose path now holds another file: moved.
fn find_moved(survey: &mut Survey) {
    // Where a file lies that was not there when it was last read.
    let arrived = |task: &&Task| task.seen.as_ref().is_none_or(|seen| seen.stamp.inode != task.found.stamp.inode);
    let fresh: HashSet<Stamp> = survey.tasks.iter().filter(arrived).map(|task| task.found.stamp).collect();
    if fresh.is_empty() {
        return;
    }
    let mut lost: HashMap<Stamp, Seen> = HashMap::new();
    survey.gone.retain(|seen| {
        // Of several links to one file that are gone, one has moved.
        let moved = seen.item.is_some() && fresh.contains(&seen.stamp) && !lost.contains_key(&seen.stamp);
        if moved {
            lost.insert(seen.stamp, seen.clone());
        }
        !moved
    });
    for task in &mut survey.tasks {
        let replaced = |seen: &mut Seen| {
            seen.item.is_some()
                && seen.stamp.inode != task.found.stamp.inode
                && fresh.contains(&seen.stamp)
                && !lost.contains_key(&seen.stamp)
        };
        if let Some(seen) = task.seen.take_if(replaced) {
            lost.insert(seen.stamp, seen);
        }
    }
    for task in survey.tasks.iter_mut().filter(|task| task.seen.is_none()) {
        if let Some(seen) = lost.remove(&task.found.stamp) {
            task.moved_from = Some(seen.path.clone()).filter(|path| *path != task.found.path);
            task.seen = Some(seen);
        }
    }
    survey.gone.extend(lost.into_values());
}

/// Waits until files that have just been written are a second old, and leaves out those that still change.
fn wait_for_settled(
    folder: &Folder,
    tasks: &mut Vec<Task>,
    now: DateTime<Utc>,
    files: &Files,
    line: &mut SourceReport,
) {
    let Some(now) = now.timestamp_nanos_opt() else { return };
    let age = |task: &Task| now.saturating_sub(task.found.stamp.modified);
    // Also what was written after the walk began, and what says it comes from the future.
    let is_young = |task: &Task| age(task) < SETTLED;
    let Some(youngest) = tasks.iter().filter(|task| is_young(task)).map(age).min() else { return };
    std::thread::sleep(std::time::Duration::from_nanos((SETTLED - youngest.max(0)).unsigned_abs()));
    tasks.retain(|task| {
        // What cannot be opened now says so when it is read.
        let settled = !is_young(task) || folder.look_again(&task.found).is_none_or(|stamp| stamp == task.found.stamp);
        if !settled {
            let path = files.root.join(crate::document::Origin::File(task.found.path.clone()).display());
            let text = "is still being written: it waits for the next walk".to_owned();
            line.notes.push(Note { path: path.display().to_string(), text });
        }
        settled
    });
}

/// The key of the item that a document becomes.
fn key_of(source: &Source, task: &Task) -> ItemKey {
    let kept = task.seen.as_ref().and_then(|seen| seen.item.clone());
    kept.unwrap_or_else(|| item::mint(&source.id, &task.found.path))
}

/// A file's name as a title of last resort: without folders and ending, with spaces.
fn name_of(path: &[u8]) -> String {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
    let name = String::from_utf8_lossy(name);
    name.rsplit_once('.').map_or(name.as_ref(), |(stem, _)| stem).replace(['_', '-'], " ")
}

fn folder_path(kind: &SourceKind, path: &[u8]) -> String {
    let SourceKind::Files(files) = kind;
    files.root.join(crate::document::Origin::File(path.to_vec()).display()).display().to_string()
}

/// Hash of the bytes of a document and its sidecar.
fn content_print(document: &Document) -> Fingerprint {
    print(&[&document.bytes, document.sidecar.as_deref().unwrap_or_default()])
}

fn print(parts: &[&[u8]]) -> Fingerprint {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut print = [0; 16];
    print.iter_mut().zip(hasher.finalize()).for_each(|(to, from)| *to = from);
    print
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a string cannot fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

/// Works on all inputs, on as many threads as there are cores; the outputs stand in the order of the inputs.
fn in_parallel<I: Sync, O: Send>(inputs: &[I], work: impl Fn(&I) -> O + Sync) -> Vec<O> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(inputs.len().div_ceil(16));
    if threads <= 1 {
        return inputs.iter().map(work).collect();
    }
    let share = inputs.len().div_ceil(threads);
    std::thread::scope(|scope| {
        let work = &work;
        let handles: Vec<_> =
            inputs.chunks(share).map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<O>>())).collect();
        let join = |handle: std::thread::ScopedJoinHandle<'_, Vec<O>>| match handle.join() {
            Ok(outputs) => outputs,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        handles.into_iter().flat_map(join).collect()
    })
}

/// The authority that published feeds were made with, where the store that knew it is lost.
fn published_authority(directory: &Path) -> Option<String> {
    let bytes = std::fs::read(directory.join("all.json")).ok()?;
    let feed: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    feed.get("_feedgen")?.get("authority")?.as_str().map(str::to_owned)
}

fn run_command(command: &str, changed: &[String]) -> Result<(), String> {
    let mut process = std::process::Command::new("sh");
    process.arg("-c").arg(command).env("FEEDGEN_CHANGED", changed.join("\n")).stdin(std::process::Stdio::null());
    match process.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(error) => Err(format!("cannot start {command:?}: {error}")),
    }
}

/// A channel that is to be published, before its items are looked at.
struct Plan {
    path: String,
    title: String,
    description: String,
    language: String,
    most: usize,
    items: usize,
}

impl Plan {
    fn overview(self, updated: Option<DateTime<Utc>>) -> Overview {
        let Self { path, title, description, language, items, .. } = self;
        Overview { path, title, description, language, items, updated }
    }
}

/// Renders and writes what changed.
struct Press<'a> {
    site: Site,
    formats: Vec<&'static dyn Format>,
    directory: std::path::PathBuf,
    sources: &'a [Source],
    /// Whether there are copies at all.
    copies: bool,
    /// Hash of all settings that show in published files.
    print: Fingerprint,
    changed: Vec<String>,
    failures: Vec<String>,
}

impl Press<'_> {
    /// Item pages: those of items that changed, all when the settings did, and those that somebody took away.
    fn pages(&mut self, store: &mut Store, force: bool, progress: &mut dyn FnMut(&Progress)) -> Result<(), StoreError> {
        let print = hexadecimal(&self.print);
        let done = store.meta(PAGES_DONE)?.and_then(|value| {
            let (known, change) = value.split_once(' ')?;
            (known == print && !force).then(|| change.parse::<i64>().ok()).flatten()
        });
        let last = store.change()?;
        let present = std::fs::read_dir(self.directory.join("items")).map_or(0, Iterator::count);
        let missing = present < store.pages()?;
        let mut from = if missing { 0 } else { done.unwrap_or(0) };
        if done == Some(last) && !missing {
            return Ok(());
        }
        let mut rendered = 0;
        loop {
            let items = store.changed_after(from, PAGES)?;
            let Some((change, _)) = items.last() else { break };
            from = *change;
            let mut shown = Vec::with_capacity(items.len());
            for (change, item) in items {
                let written = done.is_some_and(|done| change <= done);
                if item.link.is_none() && !(written && self.directory.join(format!("items/{}.html", item.key)).exists())
                {
                    shown.push(self.shown(store, item)?);
                }
            }
            let (site, formats) = (&self.site, self.formats.as_slice());
            let pages = in_parallel(&shown, |shown| publish::html::item_page(site, shown, formats));
            rendered += pages.len();
            progress(&Progress::Publishing(rendered));
            if !self.put(&pages) {
                return Ok(());
            }
        }
        store.set_meta(PAGES_DONE, &format!("{print} {last}"))
    }

    /// Channels and what tells of them.
    fn channels(
        &mut self,
        store: &mut Store,
        plans: Vec<Plan>,
        force: bool,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), StoreError> {
        let published = store.published()?;
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        let mut overviews = Vec::with_capacity(plans.len());
        for plan in plans {
            let members = store.window(&plan.path, plan.most)?;
            let mut hasher = Sha256::new();
            hasher.update(self.print);
            hasher.update(format!("{}\0{}\0{}\0{}", plan.title, plan.description, plan.language, plan.most));
            for member in &members {
                hasher.update(format!("{} {}\0", member.key, member.change));
            }
            let signature = print(&[&hasher.finalize()]);
            let updated = members.iter().map(|member| member.updated).max();
            let overview = plan.overview(updated);
            let endings = self.formats.iter().map(|format| format.extension()).chain(["html"]);
            let files: Vec<String> = endings.map(|ending| format!("{}.{ending}", overview.path)).collect();
            let fresh = !force && files.iter().all(|file| self.is_fresh(published.get(file), &signature));
            wanted.extend(files.iter().cloned());
            if !fresh {
                let mut shown = Vec::with_capacity(members.len());
                for member in members {
                    if let Some(item) = store.item(&member.key)? {
                        shown.push(self.shown(store, item)?);
                    }
                }
                let channel = Channel {
                    path: overview.path.clone(),
                    title: overview.title.clone(),
                    description: overview.description.clone(),
                    language: overview.language.clone(),
                    items: shown,
                };
                progress(&Progress::Publishing(wanted.len()));
                match publish::channel_files(&self.site, &channel, &self.formats) {
                    Ok(files) => self.put_and_note(store, &files, signature)?,
                    Err(error) => self.failures.push(error.to_string()),
                }
            }
            overviews.push(overview);
        }
        let signature = print(&[&self.print, format!("{overviews:?}").as_bytes()]);
        match publish::site_files(&self.site, &overviews, &self.formats) {
            Ok(files) => {
                wanted.extend(files.iter().map(|file| file.path.clone()));
                if force || !files.iter().all(|file| self.is_fresh(published.get(&file.path), &signature)) {
                    self.put_and_note(store, &files, signature)?;
                }
            }
            Err(error) => self.failures.push(error.to_string()),
        }
        let gone: Vec<String> = published.into_keys().filter(|path| !wanted.contains(path)).collect();
        self.take_away(store, &gone)
    }

    /// Files of channels that are no more: a feed that nothing keeps up to date would mislead.
    fn take_away(&mut self, store: &mut Store, gone: &[String]) -> Result<(), StoreError> {
        if gone.is_empty() || !self.failures.is_empty() {
            return Ok(());
        }
        let mut removed = Vec::with_capacity(gone.len());
        for path in gone {
            match std::fs::remove_file(self.directory.join(path)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    self.failures.push(format!("cannot remove {path}, which belongs to no feed any more: {error}"));
                    continue;
                }
                Err(_) => {}
                Ok(()) => self.changed.push(path.clone()),
            }
            removed.push(path.clone());
        }
        store.note_published(&[], &removed, &[])
    }

    fn shown(&self, store: &Store, item: Item) -> Result<Shown, StoreError> {
        let source_title = self
            .sources
            .iter()
            .find(|source| source.id == item.source)
            .map_or_else(|| item.source.to_string(), |source| source.title.clone());
        let duplicates = if self.copies { store.copies(&item.key)? } else { Vec::new() };
        Ok(Shown { item, source_title, duplicates })
    }

    /// Whether a file lies there as it was written, and was made from what it would be made from now.
    fn is_fresh(&self, known: Option<&Published>, signature: &Fingerprint) -> bool {
        known.is_some_and(|known| {
            known.signature == *signature && look(&self.directory, &known.path) == Some((known.size, known.modified))
        })
    }

    fn put(&mut self, files: &[Rendered]) -> bool {
        match write::put(&self.directory, files) {
            Ok(changed) => {
                self.changed.extend(changed);
                true
            }
            Err(error) => {
                self.fail(&error);
                false
            }
        }
    }

    fn fail(&mut self, error: &PublishError) {
        let text = error.to_string();
        if !self.failures.contains(&text) {
            self.failures.push(text);
        }
    }

    fn put_and_note(
        &mut self,
        store: &mut Store,
        files: &[Rendered],
        signature: Fingerprint,
    ) -> Result<(), StoreError> {
        if !self.put(files) {
            return Ok(());
        }
        let noted: Vec<Published> = files
            .iter()
            .filter_map(|file| {
                let (size, modified) = look(&self.directory, &file.path)?;
                Some(Published { path: file.path.clone(), signature, size, modified })
            })
            .collect();
        store.note_published(&noted, &[], &[])
    }
}

/// Size and time of last modification of a published file. `None`: it is not there.
fn look(directory: &Path, path: &str) -> Option<(u64, i64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::symlink_metadata(directory.join(path)).ok()?;
    Some((metadata.size(), metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec())))
}
