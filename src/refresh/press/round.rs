//! Channels that were rendered together, on their way into the publish directory: while one round is written and brought to the disk,
//! which is mostly waiting, the next one is rendered.

use std::thread::{Scope, ScopedJoinHandle};

use super::super::plan::Plan;
use super::archive::Shelf;
use super::{Press, look};
use crate::item::Fingerprint;
use crate::publish::{PublishError, Rendered, write};
use crate::store::{Pressed, Published, Store, StoreError};

/// What is noted of channels once their files are in place.
pub(super) struct Round<'a> {
    pub(super) pressed: Pressed<'a>,
    /// What was printed of their archives.
    pub(super) shelves: Vec<(Shelf, &'a Plan)>,
    /// Whether something of them failed: then they are looked at again.
    pub(super) has_failed: bool,
}

/// A round whose files are being put in place.
pub(super) struct UnderWay<'scope, 'a> {
    round: Round<'a>,
    signatures: Vec<Fingerprint>,
    writer: ScopedJoinHandle<'scope, (Vec<Rendered>, Result<Vec<String>, PublishError>)>,
}

impl Press<'_> {
    /// Has the feeds of a round, each with the signature of its channel, put in place by another thread. No other files may be until
    /// it is [finished](Self::finish).
    pub(super) fn send<'scope, 'a>(
        &self,
        scope: &'scope Scope<'scope, '_>,
        round: Round<'a>,
        feeds: Vec<(Rendered, Fingerprint)>,
    ) -> UnderWay<'scope, 'a> {
        let (files, signatures): (Vec<_>, Vec<_>) = feeds.into_iter().unzip();
        let directory = self.directory.clone();
        let writer = scope.spawn(move || {
            let put = write::put(&directory, &files);
            (files, put)
        });
        UnderWay { round, signatures, writer }
    }

    /// Waits for the files of a round, and notes what lies there.
    pub(super) fn finish(&mut self, store: &mut Store, under_way: UnderWay<'_, '_>) -> Result<(), StoreError> {
        let UnderWay { round, signatures, writer } = under_way;
        let (files, put) = writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let failed = self.failed;
        let put = self.or_each(&files, put);
        let there = self.there(files, signatures, &put);
        let has_failed = round.has_failed || self.failed > failed;
        self.note(store, Round { has_failed, ..round }, there)
    }

    /// Puts the feeds of a round in place, and notes what lies there.
    pub(super) fn put_round(
        &mut self,
        store: &mut Store,
        round: Round<'_>,
        feeds: Vec<(Rendered, Fingerprint)>,
    ) -> Result<(), StoreError> {
        let failed = self.failed;
        let there = self.put_feeds(feeds);
        let has_failed = round.has_failed || self.failed > failed;
        self.note(store, Round { has_failed, ..round }, there)
    }

    fn note(&mut self, store: &mut Store, round: Round<'_>, there: Vec<Published>) -> Result<(), StoreError> {
        let Round { mut pressed, shelves, has_failed } = round;
        let failed = self.failed;
        pressed.files = there;
        pressed.files.extend(self.close_archives(&shelves));
        pressed.archives = shelves.iter().map(|(shelf, _)| shelf.channel()).collect();
        if has_failed || self.failed > failed {
            pressed.channels.clear();
        }
        store.note_pressed(&pressed)
    }

    /// Publishes files together. Returns what those look like now that are in place: where one cannot be, the others are.
    pub(super) fn put_feeds(&mut self, files: Vec<(Rendered, Fingerprint)>) -> Vec<Published> {
        let (files, signatures): (Vec<_>, Vec<_>) = files.into_iter().unzip();
        let put = self.put_each(&files);
        self.there(files, signatures, &put)
    }

    /// What those files look like that were put in place.
    fn there(&self, files: Vec<Rendered>, signatures: Vec<Fingerprint>, put: &[bool]) -> Vec<Published> {
        let files = files.into_iter().zip(signatures).zip(put);
        let noted = files.filter_map(|((file, signature), put)| {
            let (size, modified) = look(&self.directory, &file.path).filter(|_| *put)?;
            Some(Published { path: file.path, signature, size, modified })
        });
        noted.collect()
    }
}
