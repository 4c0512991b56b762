//! What is wrong with a configuration, shown where it stands.

use std::fmt;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::ConfigError;
use super::file::Origin;
use super::value::Hint;

/// Columns of a source line that are shown, in cells of a terminal.
const SHOWN_WIDTH: usize = 100;

/// Columns of a problem that is told in one line.
const LINE_WIDTH: usize = 300;

/// What is told of problems, at most: whoever has more has made one mistake many times.
pub(super) const MOST_TOLD: usize = 50;

/// One thing that is wrong, before it is told: where it stands is not looked up, and what was meant is not sought.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    pub(super) origin: Origin,
    pub(super) message: String,
    pub(super) hint: Option<Hint>,
}

impl Wrong {
    pub(super) fn new(origin: &Origin, message: String, hint: Option<String>) -> Self {
        Self { origin: origin.clone(), message, hint: hint.map(Hint::Is) }
    }

    /// Where it stands among others: in the order of the file, and behind that.
    pub(super) fn position(&self) -> usize {
        match &self.origin {
            Origin::File(span) => span.start,
            Origin::Environment(_) | Origin::Default => usize::MAX,
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands.
    pub place: Place,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Problem {
    /// The same in one line, without the line of the file.
    fn line(&self) -> String {
        let place = match &self.place {
            Place::File { name, line, column, .. } => format!("{name}:{line}:{column}"),
            Place::Environment(variable) => variable.clone(),
            Place::Default => "built-in default".to_owned(),
        };
        let hint = self.hint.as_ref().map(|hint| format!(": {hint}")).unwrap_or_default();
        clipped(&visible(&format!("{place}: {}{hint}", self.message)), LINE_WIDTH)
    }
}

impl ConfigError {
    /// What is wrong first, in one line, and how much more is.
    pub fn line(&self) -> String {
        let Self::Invalid { problems, more } = self else { return self.to_string() };
        let first = problems.first().map(Problem::line).unwrap_or_default();
        match problems.len().saturating_sub(1) + more {
            0 => first,
            1 => format!("{first}; and 1 more error"),
            more => format!("{first}; and {more} more errors"),
        }
    }
}

/// Where a problem stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a file.
    File {
        /// The file's name, as it was given.
        name: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in characters.
        column: usize,
        /// The line itself, fit for a terminal, and where the marks go.
        excerpt: Excerpt,
    },
    /// In this environment variable.
    Environment(String),
    /// In the built-in defaults.
    Default,
}

/// A line of a file, fit for a terminal, and the cells to mark in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    text: String,
    before: String,
    marked: usize,
}

impl Place {
    /// The line, from 1. `None`: it is not in a file.
    pub(super) fn line(&self) -> Option<usize> {
        match self {
            Self::File { line, .. } => Some(*line),
            Self::Environment(_) | Self::Default => None,
        }
    }

    /// The place of `span` (in bytes) in a file's `text`.
    pub(super) fn in_file(name: &str, text: &str, span: &Range<usize>) -> Self {
        let (before, from) = text.split_at(floor(text, span.start));
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let (earlier, prefix) = before.split_at(line_start);
        let rest = from.split(['\n', '\r']).next().unwrap_or_default();
        let length = span.end.saturating_sub(span.start);
        let (marked, suffix) = rest.split_at(floor(rest, length));
        // A byte order mark is no column that anybody can see.
        let prefix = if line_start == 0 { prefix.trim_start_matches('\u{feff}') } else { prefix };
        Self::File {
            name: name.to_owned(),
            line: memchr::memchr_iter(b'\n', earlier.as_bytes()).count() + 1,
            column: prefix.chars().count() + 1,
            excerpt: Excerpt::new(prefix, marked, suffix),
        }
    }
}

impl Excerpt {
    /// Long lines are cut on both sides; what is marked starts in view.
    fn new(prefix: &str, marked: &str, suffix: &str) -> Self {
        let prefix = visible(prefix);
        let mut skipped = 0;
        let mut room = width(&prefix);
        for character in prefix.chars() {
            if room <= SHOWN_WIDTH / 2 {
                break;
            }
            room -= cells(character);
            skipped += character.len_utf8();
        }
        let kept = prefix.split_at(skipped).1;
        let before = if skipped > 0 { format!("…{kept}") } else { kept.to_owned() };
        let marked = clipped(&visible(marked), SHOWN_WIDTH - width(&before));
        let after = clipped(&visible(suffix), SHOWN_WIDTH.saturating_sub(width(&before) + width(&marked)));
        Self { text: format!("{before}{marked}{after}").trim_end().to_owned(), before, marked: width(&marked).max(1) }
    }
}

impl fmt::Display for Problem {
    /// `file:line:column: message`, the line and its marks; the hint stands behind the marks.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File { name, line, column, excerpt } => {
                let gutter = " ".repeat(line.to_string().len());
                // Tabs stay tabs, so that the marks stand right however wide a terminal makes them.
                let indent: String = excerpt
                    .before
                    .chars()
                    .map(|c| if c == '\t' { "\t".to_owned() } else { " ".repeat(cells(c)) })
                    .collect();
                writeln!(formatter, "{name}:{line}:{column}: {}", self.message)?;
                writeln!(formatter, "  {gutter} |")?;
                writeln!(formatter, "  {line} | {}", excerpt.text)?;
                write!(formatter, "  {gutter} | {indent}{}", "^".repeat(excerpt.marked))?;
                self.hint.as_ref().map_or(Ok(()), |hint| write!(formatter, " {hint}"))
            }
            elsewhere => {
                let place = if let Place::Environment(variable) = elsewhere { variable } else { "built-in default" };
                write!(formatter, "{place}: {}", self.message)?;
                self.hint.as_ref().map_or(Ok(()), |hint| write!(formatter, ": {hint}"))
            }
        }
    }
}

/// The candidate that `word` is most likely a slip of. `None`: none is near.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
    let word = plain(word);
    let length = word.chars().count();
    let limit = |candidate: &str| candidate.chars().count().max(3) / 3;
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= limit(candidate))
        .map(|candidate| (strsim::osa_distance(&word, &plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= limit(candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The largest index up to `index` that stands between two characters.
fn floor(text: &str, index: usize) -> usize {
    (0..=index.min(text.len())).rev().find(|index| text.is_char_boundary(*index)).unwrap_or(0)
}

/// Control characters other than the tab would disturb a terminal.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}

fn clipped(text: &str, room: usize) -> String {
    let mut left = room;
    let kept: String = text
        .chars()
        .take_while(|c| {
            let fits = cells(*c) <= left;
            left = left.saturating_sub(cells(*c));
            fits
        })
        .collect();
    if kept.len() < text.len() { format!("{kept}…") } else { kept }
}

fn width(text: &str) -> usize {
    text.chars().map(cells).sum()
}

fn cells(character: char) -> usize {
    if character == '\t' { 1 } else { character.width().unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_just_fits_is_not_cut() {
        for (text, room, kept) in
            [("tide", 4, "tide"), ("tides", 4, "tide…"), ("潮水位", 6, "潮水位"), ("潮水位", 5, "潮水…"), ("", 0, "")]
        {
            assert_eq!(clipped(text, room), kept, "{text} {room}");
        }
    }
}
