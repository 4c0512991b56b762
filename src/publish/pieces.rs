//! Feeds are put together of what is written of each item, which most pages of archives share with others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::edition::{Edition, Entry};
use super::{Format, PublishError, differs};

/// What stands around the items of a feed.
#[derive(Debug)]
pub struct Frame {
    /// Before the first.
    pub before: String,
    /// Between two.
    pub between: &'static str,
    /// Behind the last.
    pub behind: String,
}

/// Bytes of one generation of pieces: there are two.
const GENERATION: usize = 8 * 1024 * 1024;

/// What was written of items last, and was read back by other means: wherever an item is shown in the same manner, the same
/// is written of it. It holds for the items of one time.
#[derive(Debug, Default)]
pub struct Pieces(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Manner, Arc<str>>,
    bytes: usize,
    /// What was young before: what is asked for again stays.
    old: HashMap<Manner, Arc<str>>,
}

/// All that what is written of an item depends on.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Manner {
    format: &'static str,
    key: String,
    keeps_guid: bool,
    stamp: DateTime<Utc>,
    language: Option<String>,
    /// Whether the channel is that of its source.
    at_home: bool,
    has_content: bool,
}

impl Manner {
    fn of(edition: &Edition<'_>, entry: &Entry<'_>, format: &dyn Format, content: Option<&str>) -> Self {
        let item = &entry.shown.item;
        Self {
            format: format.name(),
            key: item.key.clone(),
            keeps_guid: item.guid.as_ref() == Some(&entry.id),
            stamp: entry.stamp,
            language: entry.foreign_language(edition).map(str::to_owned),
            at_home: edition.path == super::edition::source_path(item),
            has_content: content.is_some(),
        }
    }
}

impl Generations {
    fn get(&mut self, manner: &Manner) -> Option<Arc<str>> {
        if let Some(piece) = self.young.get(manner) {
            return Some(Arc::clone(piece));
        }
        let (manner, piece) = self.old.remove_entry(manner)?;
        self.add(manner, Arc::clone(&piece));
        Some(piece)
    }

    fn add(&mut self, manner: Manner, piece: Arc<str>) {
        if self.bytes >= GENERATION {
            (self.old, self.bytes) = (std::mem::take(&mut self.young), 0);
        }
        self.bytes += piece.len() + size_of::<Manner>() + manner.key.len();
        self.young.insert(manner, piece);
    }
}

impl Pieces {
    /// What is written of an item, which was read back.
    pub(super) fn piece(
        &self,
        (edition, frame, format): (&Edition<'_>, &Frame, &dyn Format),
        (entry, content): (&Entry<'_>, Option<&str>),
        path: &str,
    ) -> Result<Arc<str>, PublishError> {
        let manner = Manner::of(edition, entry, format, content);
        let generations = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(piece) = generations().get(&manner) {
            return Ok(piece);
        }
        let failed = |reason| PublishError::Render { path: path.to_owned(), reason };
        let piece = format.piece(edition, entry, content).map_err(failed)?;
        let told = format.read_back(&[&*frame.before, &piece, &frame.behind].concat());
        let told = told.map_err(|reason| PublishError::Broken { path: path.to_owned(), reason })?;
        if let Some(item) = differs(std::slice::from_ref(entry), &told) {
            return Err(PublishError::Differs { path: path.to_owned(), item });
        }
        let piece: Arc<str> = piece.into();
        generations().add(manner, Arc::clone(&piece));
        Ok(piece)
    }
}
