//! Files on their way into the publish directory: while some are written and brought to the disk, which is mostly waiting, the next
//! ones are rendered.

use std::thread::{Scope, ScopedJoinHandle};

use super::super::plan::Plan;
use super::archive::Shelf;
use super::{Press, look};
use crate::item::Fingerprint;
use crate::publish::{PublishError, Rendered, write};
use crate::store::{Pressed, Published, Store, StoreError};

/// Files, and the paths of those that changed; or why they are not in place.
type Put = (Vec<Rendered>, Result<Vec<String>, PublishError>);

/// Puts files in place. There is one at a time.
pub(super) struct Writer<'scope>(ScopedJoinHandle<'scope, Put>);

/// Channels whose feeds are being put in place, and what is noted of them then.
pub(super) struct Round<'scope, 'a> {
    pub(super) pressed: Pressed<'a>,
    /// What was printed of their archives.
    pub(super) shelves: Vec<(Shelf, &'a Plan)>,
    /// Whether something of them failed: then they are looked at again.
    pub(super) has_failed: bool,
    pub(super) signatures: Vec<Fingerprint>,
    pub(super) writer: Writer<'scope>,
}

impl Press<'_> {
    /// Has files put in place. No others may be until these [are](Self::written).
    pub(super) fn write<'scope>(&self, scope: &'scope Scope<'scope, '_>, files: Vec<Rendered>) -> Writer<'scope> {
        let directory = self.directory.clone();
        Writer(scope.spawn(move || {
            let put = write::put(&directory, &files);
            (files, put)
        }))
    }

    /// Waits until files are put in place. Returns them, and of each whether it lies there.
    pub(super) fn written(&mut self, writer: Writer<'_>) -> (Vec<Rendered>, Vec<bool>) {
        let (files, put) = writer.0.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let put = self.or_each(&files, put);
        (files, put)
    }

    /// Waits until the feeds of a round are put in place, and notes what lies there.
    pub(super) fn finish(&mut self, store: &mut Store, round: Round<'_, '_>) -> Result<(), StoreError> {
        let Round { mut pressed, shelves, has_failed, signatures, writer } = round;
        let failed = self.failed;
        let (files, put) = self.written(writer);
        pressed.files = self.there(files, signatures, &put);
        pressed.files.extend(self.close_archives(&shelves));
        pressed.archives = shelves.iter().map(|(shelf, _)| shelf.channel()).collect();
        if has_failed || self.failed > failed {
            pressed.channels.clear();
        }
        store.note_pressed(&pressed)
    }

    /// What those files look like that were put in place.
    pub(super) fn there(&self, files: Vec<Rendered>, signatures: Vec<Fingerprint>, put: &[bool]) -> Vec<Published> {
        let files = files.into_iter().zip(signatures).zip(put);
        let noted = files.filter_map(|((file, signature), put)| {
            let (size, modified) = look(&self.directory, &file.path).filter(|_| *put)?;
            Some(Published { path: file.path, signature, size, modified })
        });
        noted.collect()
    }
}
