//! What was found, and how bad it is: `check` and `doctor` print it alike.

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

/// Findings of one state among those of sources that are told, at most: who has thousands wants to see what is wrong.
const MOST: usize = 50;

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    pub(super) state: State,
    /// What was looked at.
    pub(super) name: String,
    /// How it is, and what to do where something is wrong.
    pub(super) about: String,
}

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum State {
    #[serde(rename = "ok")]
    Good,
    /// It works, but is probably not meant.
    #[serde(rename = "warning")]
    Odd,
    #[serde(rename = "wrong")]
    Wrong,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Odd => "warning",
            Self::Wrong => "wrong",
        }
    }
}

impl Finding {
    pub(super) fn good(name: &str, about: String) -> Self {
        Self { state: State::Good, name: name.to_owned(), about }
    }

    /// Whether it is not wrong.
    pub(super) fn is_sound(&self) -> bool {
        self.state != State::Wrong
    }

    pub(super) fn odd(name: &str, about: String) -> Self {
        Self { state: State::Odd, name: name.to_owned(), about }
    }

    pub(super) fn wrong(name: &str, about: String) -> Self {
        Self { state: State::Wrong, name: name.to_owned(), about }
    }
}

/// Findings of sources, the first of each state, and how many more of it there are.
pub(super) fn first_of_each_state(findings: impl IntoIterator<Item = Finding>) -> Vec<Finding> {
    let states = [State::Good, State::Odd, State::Wrong];
    let (mut counts, mut told) = ([0; 3], Vec::new());
    for finding in findings {
        let count = states.iter().zip(&mut counts).find(|(state, _)| **state == finding.state);
        let is_told = count.is_none_or(|(_, count)| {
            *count += 1;
            *count <= MOST
        });
        if is_told {
            told.push(finding);
        }
    }
    let more = states.into_iter().zip(counts).filter(|(_, count)| *count > MOST);
    told.extend(more.map(|(state, count)| {
        let sources = if count - MOST == 1 { "source" } else { "sources" };
        Finding { state, name: "sources".to_owned(), about: format!("and {} more {sources}", count - MOST) }
    }));
    told
}

/// Whether nothing is wrong.
pub(super) fn is_sound(findings: &[Finding]) -> bool {
    findings.iter().all(Finding::is_sound)
}

/// Findings one below the other.
pub(super) fn lay_out(findings: &[Finding]) -> String {
    let width = findings.iter().map(|finding| finding.name.width()).max().unwrap_or_default();
    let line = |Finding { state, name, about }: &Finding| {
        let gap = " ".repeat(width - name.width());
        format!("{:<7}  {name}{gap}  {about}\n", state.word())
    };
    findings.iter().map(line).collect()
}
