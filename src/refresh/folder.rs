//! The documents of a folder become items, batch by batch.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::convert::Infallible;

use chrono::{DateTime, Utc};

use super::elsewhere::moved_in;
use super::identify::{change_places, identify, replaced};
use super::moved::{Gone, Lost, folder_of, stem_of};
use super::plan::channels_of;
use super::survey::{Task, recognize, survey, wait_for_settled};
use super::{LEFT, Progress, Walk, in_parallel, keep};
use crate::collect::files::{Folder, Met, Opened};
use crate::config::Settings;
use crate::dedup::{self, Change, Leads};
use crate::document::Document;
use crate::draft::{Evidence, Precision};
use crate::item::{self, Fingerprint, Identity, Item, ItemKey, Known, Vocabulary, digest};
use crate::read;
use crate::report::{Note, SourceReport};
use crate::source::{Source, Treatment};
use crate::store::{self, Clue, Entry, Forerunner, Seen, Store, StoreError};

/// Documents in one batch.
const BATCH: usize = 1024;
/// Bytes of documents in one batch.
const BATCH_BYTES: u64 = 16 * 1024 * 1024;

/// What a walk of one folder needs throughout.
pub(super) struct Batch<'a> {
    pub(super) source: &'a Source,
    folder: &'a Folder,
    again: bool,
    line: &'a mut SourceReport,
    /// On documents that were read, which the store keeps with them.
    notes: Vec<Note>,
    pub(super) gone: Gone,
    /// What lay where another story lies now, until the store knows.
    pub(super) aside: Vec<Seen>,
    /// Whether there are documents that vanished in earlier walks.
    pub(super) is_searched: bool,
    /// Items that were taken in, where it matters whether documents have vanished.
    told: Vec<ItemKey>,
    /// Documents that hold no story any more, with the items that they told.
    untold: Vec<Seen>,
    /// Items that were another document's before.
    taken_over: HashSet<ItemKey>,
    done: usize,
    all: usize,
}

/// A document on its way.
pub(super) struct Passing {
    pub(super) task: Task,
    pub(super) opened: Opened,
    pub(super) content: Fingerprint,
    pub(super) key: ItemKey,
}

/// In which of several ways a new document is found to be an old one, the surest first.
#[derive(Clone, Copy)]
enum Search {
    Elsewhere,
    Retold,
    Namesakes,
}

/// What became of one document.
pub(super) struct Outcome {
    /// The item and its channels, or why it could not be read. `None`: its bytes are as they were.
    pub(super) settled: Option<Result<(Item, Vec<String>), read::ReadError>>,
    pub(super) change: Change,
    /// What it is found by, where its words are new.
    leads: Option<Leads>,
    notes: Vec<String>,
}

impl Walk<'_> {
    pub(super) fn walk_folder(
        &mut self,
        source: &Source,
        folder: &Folder,
        line: &mut SourceReport,
        mut writing: Option<&mut Store>,
        reading: Option<&Store>,
    ) -> Result<(), StoreError> {
        let rules = self.rules(source);
        let name = format!("rules:{}", source.id);
        let store = writing.as_deref().or(reading);
        let known = store.map(|store| store.meta(&name)).transpose()?.flatten();
        let again = self.options.force || known.as_ref() != Some(&rules);
        let mut survey = match store {
            Some(store) => {
                store.with_documents(&source.id, |documents| survey(folder, again, || documents.next_seen()))?
            }
            None => survey(folder, again, || Ok(None))?,
        };
        line.documents = survey.documents;
        line.notes.append(&mut survey.notes);
        line.error = survey.error.take();
        if survey.documents == 0 && line.error.is_none() && !self.options.force {
            let visits = store.map(Store::visits).transpose()?.unwrap_or_default();
            line.error = visits.get(source.id.as_str()).filter(|visit| visit.documents > 1).map(|visit| {
                format!(
                    "{} holds no documents, {} before: is it mounted? If it is meant to be empty, `feedgen refresh --force` takes it so",
                    folder.shown(b""),
                    visit.documents
                )
            });
        }
        if line.error.is_some() {
            return Ok(());
        }
        wait_for_settled(folder, &mut survey.tasks, self.now, line);
        let mut is_searched = false;
        if let Some(store) = store {
            recognize(&mut survey, &source.id, store)?;
            is_searched = store.has_vanished(&source.id)?;
        }
        let gone = Gone::new(survey.gone, survey.taken, &survey.tasks);
        let mut batch = Batch {
            source,
            folder,
            again,
            line: &mut *line,
            notes: Vec::new(),
            gone,
            aside: Vec::new(),
            is_searched,
            told: Vec::new(),
            untold: Vec::new(),
            taken_over: HashSet::new(),
            done: 0,
            all: 0,
        };
        self.walk_tasks(&mut batch, survey.tasks, writing.as_deref_mut(), reading)?;
        let gone = std::mem::take(&mut batch.gone);
        let mut untold = std::mem::take(&mut batch.untold);
        untold.retain(|seen| seen.item.as_ref().is_some_and(|item| gone.has(item)));
        let mut gone = gone.left();
        if let Some(store) = writing.as_deref_mut() {
            let without = gone.iter_mut().chain(&mut untold).collect();
            let heirs = store.hand_on(&source.id, without, &batch.told, &survey.hidden)?;
            let tasks = tasks_of(folder, heirs);
            self.walk_tasks(&mut batch, tasks, Some(store), None)?;
        }
        let Batch { notes: read, .. } = batch;
        line.gone = gone.len() as u64;
        if let Some(store) = writing.as_deref_mut() {
            store.vanish(&source.id, &gone)?;
            keep(store, &format!("{LEFT}{}", source.id), &serde_json::to_string(&line.notes).unwrap_or_default())?;
        }
        line.notes.extend(read);
        match writing {
            Some(store) if again => store.set_rules(&source.id, &name, &rules, &survey.hidden),
            _ => Ok(()),
        }
    }

    /// Takes documents in, batch by batch.
    fn walk_tasks(
        &mut self,
        batch: &mut Batch<'_>,
        tasks: Vec<Task>,
        mut writing: Option<&mut Store>,
        reading: Option<&Store>,
    ) -> Result<(), StoreError> {
        batch.all += tasks.len();
        let mut tasks = tasks.into_iter().peekable();
        while tasks.peek().is_some() {
            let mut size = 0;
            let mut part = Vec::new();
            while let Some(task) = tasks.next_if(|_| part.len() < BATCH && size < BATCH_BYTES) {
                size += task.found.stamp.size;
                part.push(task);
            }
            self.walk_batch(batch, part, writing.as_deref_mut(), reading)?;
        }
        Ok(())
    }

    fn walk_batch(
        &mut self,
        batch: &mut Batch<'_>,
        tasks: Vec<Task>,
        writing: Option<&mut Store>,
        reading: Option<&Store>,
    ) -> Result<(), StoreError> {
        let (source, folder, again) = (batch.source, batch.folder, batch.again);
        let store = writing.as_deref().or(reading);
        let mut entries = Vec::with_capacity(tasks.len());
        let opened = in_parallel(tasks.iter().collect(), |task| {
            folder.read(&task.found).map(|opened| (digest(&[&opened.document.bytes]), opened))
        });
        let mut passing = Vec::with_capacity(tasks.len());
        for (task, opened) in tasks.into_iter().zip(opened) {
            match opened {
                Ok((content, opened)) => passing.push(Passing { task, opened, content, key: ItemKey::new() }),
                Err(text) => entries.extend(set_back(batch, &task, text)),
            }
        }
        change_places(batch, &mut passing);
        let mut known = identify(batch, &mut passing, store)?;
        let (settings, vocabulary, now) = (self.settings, self.vocabulary, self.now);
        let settle = |passing: &Passing, known: &HashMap<ItemKey, Known>| {
            let Passing { task, opened, content, key } = passing;
            let same = |seen: &Seen| {
                seen.content == *content && seen.stamp.sidecar == task.found.stamp.sidecar && !seen.stamp.is_void()
            };
            let is_unedited = task.seen.as_ref().is_some_and(same);
            if is_unedited && !again && task.moved_from.is_none() {
                return Ok(Outcome { settled: None, change: Change::Same, leads: None, notes: Vec::new() });
            }
            let known = known.get(key).cloned().map(|known| Known { is_unedited, ..known });
            let identity =
                Identity { source: source.id.clone(), key: key.clone(), name: name_of(&task.found.path), known };
            without_panic(|| outcome(settings, vocabulary, now, source, &opened.document, identity))
        };
        let mut outcomes = in_parallel(passing.iter().collect(), |passing| settle(passing, &known));
        let anew = |passing: &Passing| {
            let Passing { task, opened, key, .. } = passing;
            let identity =
                Identity { source: source.id.clone(), key: key.clone(), name: name_of(&task.found.path), known: None };
            without_panic(|| outcome(settings, vocabulary, now, source, &opened.document, identity))
        };
        if replaced(batch, &mut passing, &outcomes, &known, anew) {
            let before: Vec<ItemKey> = passing.iter().map(|passing| passing.key.clone()).collect();
            known = identify(batch, &mut passing, store)?;
            for ((passing, outcome), before) in passing.iter().zip(&mut outcomes).zip(before) {
                if passing.key != before {
                    *outcome = settle(passing, &known);
                }
            }
        }
        for (Passing { task, .. }, outcome) in passing.iter().zip(&outcomes) {
            if let Some(item) = told_before(task, outcome).filter(|item| !batch.taken_over.contains(*item)) {
                let seen = Seen { path: task.found.path.clone(), item: Some(item.clone()), ..Seen::default() };
                batch.untold.push(seen.clone());
                batch.gone.join(vec![Lost::earlier((seen, None))]);
            }
        }
        for search in [Search::Elsewhere, Search::Retold, Search::Namesakes] {
            let Some(store) = store else { break };
            let found = match search {
                Search::Elsewhere => moved_in(batch, settings, store, &passing, &outcomes)?,
                Search::Retold => retold(batch, store, &passing, &outcomes)?,
                Search::Namesakes => namesakes(batch, store, &passing, &outcomes)?,
            };
            for (at, seen) in found {
                if let (Some(passing), Some(outcome), Some(key)) =
                    (passing.get_mut(at), outcomes.get_mut(at), &seen.item)
                {
                    known.extend(store.known(std::slice::from_ref(key))?);
                    passing.key.clone_from(key);
                    batch.taken_over.insert(key.clone());
                    if matches!(search, Search::Elsewhere) {
                        batch.line.moved += 1;
                        batch.gone.found(&passing.task.found.path);
                    }
                    passing.task.is_now(seen);
                    *outcome = settle(passing, &known);
                }
            }
        }
        // Who takes the item of a document that tells nothing more takes it from where that lay before, too.
        let mut before: HashMap<ItemKey, Vec<u8>> = HashMap::new();
        for (Passing { task, .. }, outcome) in passing.iter_mut().zip(&outcomes) {
            if let Some(item) = told_before(task, outcome).filter(|item| batch.taken_over.contains(*item)).cloned() {
                before.extend(task.moved_from.take().map(|from| (item, from)));
                task.seen = None;
            }
        }
        for Passing { task, key, .. } in passing.iter_mut().filter(|passing| passing.task.seen.is_some()) {
            if let Some(from) = before.remove(key) {
                task.moved_from = Some(from);
            }
        }
        for (passing, outcome) in passing.into_iter().zip(outcomes) {
            entries.extend(match outcome {
                Ok(outcome) => Some(entry(batch, passing, outcome, store)?),
                Err(text) => set_back(batch, &passing.task, text),
            });
        }
        batch.done += entries.len();
        if let Some(store) = writing {
            store.set_aside(&source.id, &std::mem::take(&mut batch.aside))?;
            store.save(&source.id, &entries)?;
            if let Some(press) = &self.press {
                press.print_pages(&entries);
            }
        }
        (self.progress)(&Progress::Reading(source.id.to_string(), batch.done, batch.all));
        Ok(())
    }
}

impl Outcome {
    /// Whether there may be a story in the document: an empty file, or a page that leads elsewhere, has none.
    fn holds_story(&self) -> bool {
        !matches!(
            self.settled,
            Some(Err(read::ReadError::Empty | read::ReadError::Binary(_) | read::ReadError::Elsewhere { .. }))
        )
    }
}

/// The item of a document that told a story before and holds none any more.
fn told_before<'a>(task: &'a Task, outcome: &Result<Outcome, String>) -> Option<&'a ItemKey> {
    let holds_none = outcome.as_ref().is_ok_and(|outcome| !outcome.holds_story());
    task.seen.as_ref()?.item.as_ref().filter(|_| holds_none)
}

fn outcome(
    settings: &Settings,
    vocabulary: &Vocabulary,
    now: DateTime<Utc>,
    source: &Source,
    document: &Document,
    identity: Identity,
) -> Outcome {
    let known = identity.known.clone();
    match settle(document, source, &settings.site.language, vocabulary, identity, now) {
        Ok((item, notes)) => {
            let change = dedup::judge(&item, known.as_ref());
            let channels = channels_of(&item, source, &settings.feeds, vocabulary);
            let leads = (change != Change::Same).then(|| dedup::leads(&item));
            Outcome { settled: Some(Ok((item, channels))), change, leads, notes }
        }
        Err(error) => Outcome { settled: Some(Err(error)), change: Change::Same, leads: None, notes: Vec::new() },
    }
}

/// New documents that tell a story which is gone from elsewhere, in nearly the same words. Their places in the batch, and what they
/// were: each is the one that it is most like, or that of its copies which is shown.
fn retold(
    batch: &mut Batch<'_>,
    store: &Store,
    passing: &[Passing],
    outcomes: &[Result<Outcome, String>],
) -> Result<Vec<(usize, Seen)>, StoreError> {
    let mut found = Vec::new();
    if batch.gone.is_empty() && !batch.is_searched {
        return Ok(found);
    }
    let (mut places, mut items) = (Vec::new(), Vec::new());
    for (at, (passing, outcome)) in passing.iter().zip(outcomes).enumerate() {
        if let Ok(Outcome { settled: Some(Ok((item, _))), leads, .. }) = outcome
            && passing.task.is_new()
        {
            places.push(at);
            items.push((item, leads.as_ref()));
        }
    }
    if items.is_empty() {
        return Ok(found);
    }
    let id = &batch.source.id;
    let forerunners = store.forerunners(id, &items, |item| batch.gone.has(item))?;
    let vanished: Vec<&[u8]> = forerunners.iter().flatten().map(|one| one.place.as_slice()).collect();
    let vanished = store.vanished(id, vanished.into_iter().map(Clue::Path))?;
    batch.gone.join(vanished.into_iter().map(Lost::earlier).collect());
    let untold = forerunners.iter().flatten().filter(|one| !batch.gone.has(&one.key));
    let untold = untold.map(|one| Seen { path: one.place.clone(), item: Some(one.key.clone()), ..Seen::default() });
    let untold = untold.map(|seen| Lost::earlier((seen, None))).collect();
    batch.gone.join(untold);
    let path = |at: usize| passing.get(at).map_or(&[][..], |passing| passing.task.found.path.as_slice());
    // Where a word could be that of another notice, the place tells: the name but for its ending, or that one document of the folder is
    // gone and one new.
    let is_in_place = |at: usize, one: &Forerunner| {
        let (new, old) = (path(at), one.place.as_slice());
        let folder = folder_of(new);
        batch.gone.is_new(&one.key)
            && (stem_of(new) == stem_of(old) || folder == folder_of(old) && batch.gone.is_alone_in(folder))
    };
    let mut pairs: Vec<_> = places
        .into_iter()
        .zip(&forerunners)
        .flat_map(|(at, all)| all.iter().map(move |one| (!one.is_same, Reverse(one.shared), &one.place, at, one, all)))
        .filter(|(is_other, .., at, one, _)| !is_other || is_in_place(*at, one))
        .collect();
    pairs.sort_by_key(|(is_other, shared, place, at, ..)| (*is_other, *shared, *place, *at));
    let mut known: HashSet<usize> = HashSet::new();
    for (is_other, _, _, at, one, all) in pairs {
        if known.contains(&at) {
            continue;
        }
        let original = all.iter().find(|other| !is_other && one.original.as_ref() == Some(&other.key));
        let seen = original.into_iter().chain([one]).find_map(|one| batch.gone.of_item(&one.key));
        if let Some(seen) = seen {
            known.insert(at);
            found.push((at, seen));
        }
    }
    Ok(found)
}

/// The documents that tell other items now than they did when they were read.
fn tasks_of(folder: &Folder, heirs: Vec<(Vec<u8>, ItemKey)>) -> Vec<Task> {
    let mut tasks = Vec::with_capacity(heirs.len());
    if heirs.is_empty() {
        return tasks;
    }
    let mut heirs: HashMap<Vec<u8>, ItemKey> = heirs.into_iter().collect();
    let walked: Result<(), Infallible> = folder.walk(&mut |met| {
        if let Met::File(found) = met
            && let Some(item) = heirs.remove(&found.path)
        {
            let seen = Seen { path: found.path.clone(), item: Some(item), ..Seen::default() };
            tasks.push(Task { found, seen: Some(seen), moved_from: None });
        }
        Ok(())
    });
    match walked {
        Ok(()) => tasks,
        Err(never) => match never {},
    }
}

/// New documents that tell a story which is gone from elsewhere, in other words: of the same title and the same day, with
/// no third that could be meant. Their places in the batch, and what they were.
fn namesakes(
    batch: &mut Batch<'_>,
    store: &Store,
    passing: &[Passing],
    outcomes: &[Result<Outcome, String>],
) -> Result<Vec<(usize, Seen)>, StoreError> {
    let mut claims: HashMap<i64, Vec<usize>> = HashMap::new();
    for (at, (passing, outcome)) in passing.iter().zip(outcomes).enumerate() {
        let Ok(Outcome { settled: Some(Ok((item, _))), .. }) = outcome else { continue };
        let told = item.evidence != Evidence::FirstSeen && item.when.precision() >= Precision::Day;
        if passing.task.is_new() && told {
            claims.entry(store::headline(&item.title, item.published)).or_default().push(at);
        }
    }
    let id = &batch.source.id;
    if batch.is_searched {
        let vanished = store.vanished(id, claims.keys().map(|headline| Clue::Headline(*headline)))?;
        batch.gone.join(vanished.into_iter().map(Lost::earlier).collect());
    }
    let mut found = Vec::new();
    for (headline, claims) in claims {
        let ([at], Some(known)) = (claims.as_slice(), batch.gone.item_of(headline)) else { continue };
        let Some(Ok(Outcome { settled: Some(Ok((item, _))), .. })) = outcomes.get(*at) else { continue };
        // What no channel shows is among none of them.
        if store.items_of(id, &item.title, item.published)?.iter().all(|item| item == known) {
            found.extend(batch.gone.of_headline(headline).map(|seen| (*at, seen)));
        }
    }
    Ok(found)
}

/// What is saved of a document, and what is told of it.
fn entry(
    batch: &mut Batch<'_>,
    passing: Passing,
    outcome: Outcome,
    store: Option<&Store>,
) -> Result<Entry, StoreError> {
    let Passing { task, opened, content, key } = passing;
    let Task { found, seen: before, moved_from } = task;
    let path = batch.folder.shown(&found.path);
    let holds_story = outcome.holds_story();
    let (notes, leads) = (outcome.notes, outcome.leads);
    batch.notes.extend(notes.iter().map(|text| Note { path: path.clone(), text: text.clone() }));
    let notes = Some(notes.join("\n")).filter(|notes| !notes.is_empty());
    batch.line.moved += u64::from(moved_from.is_some());
    let (item, note) = match outcome.settled {
        Some(Ok(settled)) => {
            match outcome.change {
                Change::New => batch.line.new += 1,
                Change::Revised => batch.line.revised += 1,
                Change::Same => {}
            }
            (Some(settled), notes)
        }
        Some(Err(error)) => {
            batch.line.unreadable += 1;
            batch.notes.push(Note { path, text: error.to_string() });
            // What was published of it before stays, unless it is a draft again.
            let before = before.as_ref().and_then(|seen| seen.item.as_ref());
            let draft = before.filter(|_| error == read::ReadError::Unfinished);
            let item = draft.zip(store).map(|(key, store)| store.item(key)).transpose()?.flatten();
            (item.map(|item| (item, vec![store::WITHDRAWN.to_owned()])), Some(error.to_string()))
        }
        None => (None, before.as_ref().and_then(|seen| seen.note.clone())),
    };
    let key = if item.is_some() { Some(key) } else { before.and_then(|seen| seen.item) };
    // Files that hold no story are often equal: their bytes do not tell where the story went that one of them held.
    let content = if holds_story { content } else { Fingerprint::default() };
    if batch.is_searched {
        batch.told.extend(key.clone());
    }
    let seen = Seen { path: found.path, stamp: found.stamp, born: opened.born, content, item: key, note };
    Ok(Entry { seen, moved_from, item, leads, ..Entry::default() })
}

/// What is known of a document that cannot be taken in now stays, but does not vouch for it: it is tried again at the
/// next walk.
fn set_back(batch: &mut Batch<'_>, task: &Task, text: String) -> Option<Entry> {
    batch.line.notes.push(Note { path: batch.folder.shown(&task.found.path), text });
    let seen = task.seen.clone().filter(|_| task.moved_from.is_none())?;
    Some(Entry { seen: Seen { stamp: seen.stamp.void(), ..seen }, ..Entry::default() })
}

/// Does what may meet a mistake of ours: that costs one document, not the walk.
pub(super) fn without_panic<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // What the work leaves half done is thrown away with its result.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        let text = text.unwrap_or("no reason was given");
        format!("feedgen could not digest it ({text}); please report this, with what it is")
    })
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
    Ok(Item::settle(draft, identity, &policy(source, language, vocabulary, now)))
}

/// What the items of a source are given. `language` is that of the site.
pub(super) fn policy<'a>(
    source: &'a Source,
    language: &'a str,
    vocabulary: &'a Vocabulary,
    now: DateTime<Utc>,
) -> item::Policy<'a> {
    let Treatment { categories, author, language: own, .. } = &*source.treatment;
    let language = own.as_deref().or(Some(language));
    item::Policy { now, timezone: source.timezone, vocabulary, categories, author: author.as_deref(), language }
}

/// A file's name as a title of last resort: without folders and ending, with spaces.
pub(super) fn name_of(path: &[u8]) -> String {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
    let name = String::from_utf8_lossy(name);
    name.rsplit_once('.').map_or(name.as_ref(), |(stem, _)| stem).replace(['_', '-'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_makes_us_stumble_costs_itself_alone() {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let numbers: Vec<u32> = (0..100).collect();
        let outcomes = in_parallel(numbers.iter().collect(), |number| {
            without_panic(|| {
                assert_ne!(*number, 7, "an unlucky document");
                *number
            })
        });
        std::panic::set_hook(hook);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 99);
        let told = outcomes[7].as_ref().unwrap_err();
        assert!(told.starts_with("feedgen could not digest it (") && told.contains("an unlucky document"), "{told}");
    }
}
