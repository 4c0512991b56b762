//! Gathers what was found by byte offset, and turns offsets into lines and columns at the end, in one pass.

use std::fmt;

use super::rule::{self, Rule};
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

    /// Notes that a rule is broken at a byte offset; each `{}` of its message becomes one of the values.
    pub(super) fn tell(&mut self, rule: &Rule, offset: usize, values: &[&dyn fmt::Display]) {
        if self.found.len() == MOST_FINDINGS {
            self.full = true;
            return;
        }
        let mut message = String::new();
        let mut values = values.iter();
        for (number, part) in rule.message.split("{}").enumerate() {
            if number > 0 {
                message.extend(values.next().map(ToString::to_string));
            }
            message.push_str(part);
        }
        let Rule { level, name, reference, .. } = *rule;
        self.found.push(Found { offset, level, rule: name, reference, message });
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
            let Rule { level, name, reference, message } = rule::TOO_MANY_FINDINGS;
            let message = message.replace("{}", &MOST_FINDINGS.to_string());
            findings.push(Finding { level, rule: name, line, column, message, reference });
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
