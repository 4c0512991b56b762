//! Gathers what was found by byte offset, and turns offsets into lines and columns at the end, in one pass.

use std::fmt;

use super::{Expectation, Finding, Level};

/// No file gets more findings than this.
const MOST_FINDINGS: usize = 1_000;

/// Values are quoted in messages up to this length, in characters.
const MOST_QUOTED: usize = 80;

/// What was found so far, and what the file was expected to be.
pub(super) struct Report<'e> {
    /// What is known from outside of the file.
    pub(super) expectation: &'e Expectation<'e>,
    found: Vec<Found>,
    full: bool,
}

struct Found {
    offset: usize,
    level: Level,
    rule: &'static str,
    reference: &'static str,
    message: String,
}

impl<'e> Report<'e> {
    pub(super) fn new(expectation: &'e Expectation<'e>) -> Self {
        Self { expectation, found: Vec::new(), full: false }
    }

    /// What the specification forbids.
    pub(super) fn error(&mut self, rule: &'static str, reference: &'static str, offset: usize, what: fmt::Arguments) {
        self.add(Level::Error, rule, reference, offset, what);
    }

    /// What some readers will stumble over.
    pub(super) fn warn(&mut self, rule: &'static str, reference: &'static str, offset: usize, what: fmt::Arguments) {
        self.add(Level::Warning, rule, reference, offset, what);
    }

    /// What could be better.
    pub(super) fn advise(&mut self, rule: &'static str, reference: &'static str, offset: usize, what: fmt::Arguments) {
        self.add(Level::Advice, rule, reference, offset, what);
    }

    /// Notes a finding at a byte offset. The message is not even formatted once the report is full.
    pub(super) fn add(
        &mut self,
        level: Level,
        rule: &'static str,
        reference: &'static str,
        offset: usize,
        what: fmt::Arguments,
    ) {
        if self.found.len() < MOST_FINDINGS {
            self.found.push(Found { offset, level, rule, reference, message: what.to_string() });
        } else {
            self.full = true;
        }
    }

    /// Whether nothing more will be noted.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// The findings in order of position.
    pub(super) fn into_findings(mut self, text: &str) -> Vec<Finding> {
        self.found.sort_by_key(|found| (found.offset, found.level));
        let (mut line, mut column) = (1, 1);
        let mut characters = text.char_indices().peekable();
        let mut findings = Vec::with_capacity(self.found.len() + 1);
        for found in self.found {
            while let Some((_, character)) = characters.next_if(|(at, _)| *at < found.offset) {
                (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
            }
            let Found { level, rule, reference, message, .. } = found;
            findings.push(Finding { level, rule, line, column, message, reference });
        }
        if self.full {
            findings.push(Finding {
                level: Level::Advice,
                rule: "too-many-findings",
                line,
                column,
                message: format!("there are more than {MOST_FINDINGS} findings; mend these and check again"),
                reference: "feedgen",
            });
        }
        findings
    }
}

/// A value as messages show it: quoted, on one line, not too long.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trimmed = self.0.trim();
        match trimmed.char_indices().nth(MOST_QUOTED) {
            Some((end, _)) => write!(formatter, "{:?}…", trimmed.get(..end).unwrap_or_default()),
            None => write!(formatter, "{trimmed:?}"),
        }
    }
}
