//! What somebody waits for in a walk that goes on.

use std::collections::{BTreeMap, BTreeSet};

use super::super::task::Task;
use super::Request;
use crate::report::SourceReport;

/// A request, and what its answer waits for. Sources are told by their places in the configuration.
pub(super) struct Wanted {
    pub(super) request: Request,
    /// Sources that are to be walked first.
    pub(super) waiting: BTreeSet<usize>,
    /// Those of them that were visited when it came, but not by force, where it wants that: they are visited once more.
    pub(super) under_way: BTreeSet<usize>,
    /// What is told of those that were.
    pub(super) lines: BTreeMap<usize, SourceReport>,
}

impl Wanted {
    /// One that waits for no source.
    pub(super) fn new(request: Request) -> Self {
        Self { request, waiting: BTreeSet::new(), under_way: BTreeSet::new(), lines: BTreeMap::new() }
    }

    /// Whether a source is being visited by force for it.
    pub(super) fn forces(&self, at: usize) -> bool {
        let is_by_force = matches!(&self.request.0, Task::Walk(options) if options.force);
        is_by_force && self.waiting.contains(&at) && !self.under_way.contains(&at)
    }

    /// Takes what is told of a source that was walked.
    pub(super) fn hear(&mut self, at: usize, line: &SourceReport) {
        if !self.under_way.contains(&at) && self.waiting.remove(&at) {
            self.lines.insert(at, line.clone());
        }
    }

    /// Takes the sources that are not visited any more, and have to be once more.
    pub(super) fn take_over(&mut self, is_visited: impl Fn(usize) -> bool) -> Vec<usize> {
        self.under_way.extract_if(.., |at| !is_visited(*at)).collect()
    }
}
