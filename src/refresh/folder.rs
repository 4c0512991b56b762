//! The documents of a folder become items, batch by batch.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::plan::channels_of;
use super::survey::{Task, survey, wait_for_settled};
use super::{LEFT, Progress, Walk, in_parallel, keep};
use crate::collect::files::Folder;
use crate::dedup::{self, Change};
use crate::document::{Document, Stamp};
use crate::item::{self, Fingerprint, Identity, Item, ItemKey, Known, Vocabulary, digest};
use crate::publish;
use crate::read;
use crate::report::{Note, SourceReport};
use crate::source::{Files, Source, SourceKind};
use crate::store::{self, Entry, Seen, Store, StoreError};

/// Documents in one batch.
const BATCH: usize = 1024;
/// Bytes of documents in one batch.
const BATCH_BYTES: u64 = 16 * 1024 * 1024;

/// A batch on its way.
struct Batch<'a> {
    source: &'a Source,
    folder: &'a Folder,
    again: bool,
    line: &'a mut SourceReport,
    /// On documents that were read, which the store keeps with them.
    notes: Vec<Note>,
    done: usize,
    all: usize,
}

/// What became of one document.
struct Outcome {
    content: Fingerprint,
    /// The item and its channels, or why it could not be read. `None`: its bytes are as they were.
    settled: Option<Result<(Item, Vec<String>), read::ReadError>>,
    change: Change,
    notes: Vec<String>,
}

impl Walk<'_> {
    pub(super) fn walk_folder(
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
                Some(store) => {
                    store.with_documents(&source.id, |documents| survey(folder, again, || documents.next_seen()))?
                }
                None => survey(folder, again, || Ok(None))?,
            };
            line.documents = survey.documents;
            line.notes.append(&mut survey.notes);
            line.gone = survey.gone.len() as u64;
            let silent: Vec<Vec<u8>> =
                survey.gone.iter().filter(|seen| seen.note.is_some()).map(|seen| seen.path.clone()).collect();
            wait_for_settled(folder, &mut survey.tasks, self.now, files, line);
            let mut batch =
                Batch { source, folder, again, line: &mut *line, notes: Vec::new(), done: 0, all: survey.tasks.len() };
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
            let read = batch.notes;
            if let Some(store) = writing.as_deref_mut() {
                store.silence(&source.id, &silent)?;
                keep(store, &format!("{LEFT}{}", source.id), &serde_json::to_string(&line.notes).unwrap_or_default())?;
            }
            line.notes.extend(read);
            again
        };
        match writing {
            Some(store) if again => store.set_meta(&name, &rules),
            _ => Ok(()),
        }
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
            seen.note = Some(outcome.notes.join("\n")).filter(|note| !note.is_empty());
            batch.notes.extend(outcome.notes.iter().map(|text| Note { path: path.clone(), text: text.clone() }));
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
                    batch.notes.push(Note { path, text: error.to_string() });
                    // What was published of it before stays, unless it is a draft again.
                    seen.item = task.seen.as_ref().and_then(|seen| seen.item.clone());
                    seen.note = Some(error.to_string());
                    let draft = seen.item.as_ref().filter(|_| error == read::ReadError::Unfinished);
                    let item = draft.zip(writing.as_deref()).map(|(key, store)| store.item(key)).transpose()?.flatten();
                    item.map(|item| (item, vec![store::WITHDRAWN.to_owned()]))
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
            if let Some(press) = &self.press {
                press.print_pages(&entries);
            }
        }
        batch.done += entries.len();
        (self.progress)(&Progress::Reading(source.id.to_string(), batch.done, batch.all));
        Ok(())
    }
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
        Err(error) => Outcome { content, settled: Some(Err(error)), change: Change::Same, notes: Vec::new() },
    }
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

pub(super) fn folder_path(kind: &SourceKind, path: &[u8]) -> String {
    let SourceKind::Files(files) = kind;
    files.root.join(crate::document::Origin::File(path.to_vec()).display()).display().to_string()
}

/// Hash of the bytes of a document and its sidecar.
fn content_print(document: &Document) -> Fingerprint {
    digest(&[&document.bytes, document.sidecar.as_deref().unwrap_or_default()])
}
