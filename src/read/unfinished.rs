//! Tells whether fields written by hand mark a document as not yet to be published. In doubt it is held back.

use serde_json::{Map, Value};

use super::ReadError;

/// Looks for a mark among fields that were understood. `text` is what they were read from, `place` names a line of it,
/// counted from 0.
///
/// # Errors
/// [`ReadError::Unfinished`] when they mark a draft, [`ReadError::Unclear`] when what they say about it is neither yes
/// nor no.
pub(super) fn in_fields(
    fields: &Map<String, Value>,
    text: &str,
    place: impl Fn(usize) -> String,
) -> Result<(), ReadError> {
    for (key, value) in fields {
        let Some(field) = Field::named(key) else { continue };
        let line = || lines(text).find(|line| line.field == field).map_or(0, |line| line.number);
        let truth = match value {
            Value::Bool(truth) => Some(*truth),
            Value::String(text) => truth(text),
            Value::Number(number) => truth(&number.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        field.judge(truth, || place(line()))?;
    }
    Ok(())
}

/// Looks for a mark in the lines of a text that could not be understood as a whole.
///
/// # Errors
/// As [`in_fields`].
pub(super) fn in_lines(text: &str, place: impl Fn(usize) -> String) -> Result<(), ReadError> {
    lines(text).try_for_each(|line| line.field.judge(truth(line.value), || place(line.number)))
}

/// Whether a line of a text speaks of drafts, wherever the fields of it begin and end.
pub(super) fn is_mentioned(text: &str) -> bool {
    lines(text).any(|line| line.field == Field::Draft)
}

/// The fields that mark a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    /// `draft: true`
    Draft,
    /// `published: false`; anything else in it may be a date.
    Published,
}

impl Field {
    fn named(key: &str) -> Option<Self> {
        match key.to_lowercase().as_str() {
            "draft" => Some(Self::Draft),
            "published" => Some(Self::Published),
            _ => None,
        }
    }

    fn judge(self, truth: Option<bool>, place: impl Fn() -> String) -> Result<(), ReadError> {
        match (self, truth) {
            (Self::Draft, Some(true)) | (Self::Published, Some(false)) => Err(ReadError::Unfinished),
            (Self::Draft, Some(false)) | (Self::Published, _) => Ok(()),
            (Self::Draft, None) => {
                Err(ReadError::Unclear(format!("{} is neither: write draft: true or draft: false there", place())))
            }
        }
    }
}

/// A line that speaks of one of the fields.
struct FieldLine<'a> {
    /// Counted from 0.
    number: usize,
    field: Field,
    value: &'a str,
}

/// The lines that begin with one of the fields, however they are quoted, indented and joined.
fn lines(text: &str) -> impl Iterator<Item = FieldLine<'_>> {
    text.lines().enumerate().flat_map(|(number, line)| {
        line.split(['{', ',']).filter_map(move |part| {
            let (key, value) = part.split_once([':', '='])?;
            let field = Field::named(key.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '-')))?;
            let value = value.split_once('#').map_or(value, |(value, _)| value);
            Some(FieldLine { number, field, value: value.trim_end_matches(['}', ' ', '\t']) })
        })
    })
}

/// The truth that a word stands for (YAML 1.1 `bool`, 1 and 0). `None`: it is no such word.
pub(super) fn truth(word: &str) -> Option<bool> {
    match word.trim().trim_matches(['"', '\'']).trim().to_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "1" | "是" => Some(true),
        "false" | "no" | "n" | "off" | "0" | "否" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = in_lines(text, |line| format!("line {}", line + 1)).err().map(|error| error.to_string());
        assert_eq!(found.is_some(), expected.is_some(), "{text:?} {found:?}");
        assert!(found.unwrap_or_default().contains(expected.unwrap_or_default()), "{text:?}");
    }

    #[test]
    fn a_mark_is_found_however_it_is_written() {
        for text in ["draft: true", "title: [\n  \"draft\" : Yes # for now", "{title: x, draft: on}", "draft='1'"] {
            check(text, Some("is marked as a draft"));
        }
        check("a = b\npublished: false", Some("is marked as a draft"));
        for text in [
            "title: The draft: a history",
            "draft: no",
            "draft = false # done",
            "published: 2026-03-04",
            "drafts: true",
        ] {
            check(text, None);
        }
        check("title: x\ndraft: maybe", Some("line 2"));
        check("draft:", Some("line 1"));
    }
}
