//! Tells whether fields written by hand mark a document as not yet to be published. In doubt it is held back.

use serde_json::{Map, Value};

use super::ReadError;

/// Looks for a mark among fields that were understood. `text` is what they were read from, `place` names a line of it,
/// counted from 0.
///
/// # Errors
/// [`ReadError::Unfinished`] when they mark a draft, [`ReadError::Unclear`] when what they say about it is neither yes
/// nor no, or seems to be meant to mark one.
pub(super) fn in_fields(
    fields: &Map<String, Value>,
    text: &str,
    place: impl Fn(usize) -> String,
) -> Result<(), ReadError> {
    let mut told = false;
    for (key, value) in fields {
        let Some(field) = Field::named(key) else { continue };
        let line = || lines(text).find(|line| line.field() == Some(field)).map_or(0, |line| line.number);
        field.judge(word(value).as_deref().and_then(truth), || place(line()))?;
        told |= field == Field::Draft;
    }
    match slip(fields).filter(|_| !told) {
        Some(key) => {
            let line = lines(text).find(|line| line.key == key.trim()).map_or(0, |line| line.number);
            Err(slipped(key, &place(line)))
        }
        None => Ok(()),
    }
}

/// Looks for a mark in the lines of a text that could not be understood as a whole.
///
/// # Errors
/// As [`in_fields`].
pub(super) fn in_lines(text: &str, place: impl Fn(usize) -> String) -> Result<(), ReadError> {
    let mut told = false;
    for line in lines(text) {
        let Some(field) = line.field() else { continue };
        field.judge(truth(line.value), || place(line.number))?;
        told |= field == Field::Draft;
    }
    match lines(text).find(|line| !told && is_slip(line.key, line.value)) {
        Some(line) => Err(slipped(line.key, &place(line.number))),
        None => Ok(()),
    }
}

/// Whether a line of a text speaks of drafts, wherever the fields of it begin and end.
pub(super) fn is_mentioned(text: &str) -> bool {
    lines(text).any(|line| line.field() == Some(Field::Draft) || is_slip(line.key, line.value))
}

/// Whether a field of that name marks drafts.
pub(super) fn is_mark(key: &str) -> bool {
    Field::named(key).is_some()
}

/// Whether a line of a text says that it is a draft, or seems to.
pub(super) fn is_said(text: &str) -> bool {
    lines(text).any(|line| match line.field() {
        Some(field) => field.judge(truth(line.value), String::new) == Err(ReadError::Unfinished),
        None => is_slip(line.key, line.value),
    })
}

fn slipped(key: &str, place: &str) -> ReadError {
    ReadError::Unclear(format!("{place} has {key:?}, which may mean one: write draft: true or draft: false instead"))
}

/// The field that seems to be meant to mark a draft, also one level down (`params: {draft: true}`).
fn slip(fields: &Map<String, Value>) -> Option<&str> {
    let marks = |key: &str, value: &Value| word(value).is_some_and(|word| is_slip(key, &word));
    let marks_below = |key: &str, value: &Value| match Field::named(key) {
        Some(field) => field.judge(word(value).as_deref().and_then(truth), String::new) == Err(ReadError::Unfinished),
        None => marks(key, value),
    };
    fields.iter().find_map(|(key, value)| match value {
        Value::Object(below) => below.iter().find(|(key, value)| marks_below(key, value)).map(|(key, _)| key.as_str()),
        value => marks(key, value).then_some(key.as_str()),
    })
}

/// Whether a field that marks no draft seems to be meant to: `drafts: true`, `status: draft`, `publish: no`.
fn is_slip(key: &str, value: &str) -> bool {
    if Field::named(key).is_some() {
        return false;
    }
    let key = key.to_lowercase();
    let letters: Vec<char> = key.strip_prefix("is").unwrap_or(&key).chars().filter(|c| c.is_alphabetic()).collect();
    let is_word = || matches!(bare(value).as_str(), "draft" | "草稿");
    match key.trim() {
        "publish" => truth(value) == Some(false),
        "status" | "state" => is_word(),
        _ => is_nearly(&letters, &['d', 'r', 'a', 'f', 't']) && (truth(value) == Some(true) || is_word()),
    }
}

/// Whether one letter too many, missing, wrong, or two that changed places are all that makes a word another.
fn is_nearly(word: &[char], other: &[char]) -> bool {
    let same = word.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (word, other) = (word.split_at(same).1, other.split_at(same).1);
    let same = word.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    match (word.split_at(word.len() - same).0, other.split_at(other.len() - same).0) {
        ([] | [_], [] | [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
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
        match key.trim().to_lowercase().as_str() {
            "draft" | "草稿" => Some(Self::Draft),
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

/// A line that is a name with a value.
struct FieldLine<'a> {
    /// Counted from 0.
    number: usize,
    key: &'a str,
    value: &'a str,
}

impl FieldLine<'_> {
    fn field(&self) -> Option<Field> {
        Field::named(self.key)
    }
}

/// The lines that are a name with a value, however they are quoted, indented and joined.
fn lines(text: &str) -> impl Iterator<Item = FieldLine<'_>> {
    text.lines().enumerate().flat_map(|(number, line)| {
        line.split(['{', ',']).filter_map(move |part| {
            let (key, value) = part.split_once([':', '：', '='])?;
            let key = key.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '-'));
            let value = value.split_once('#').map_or(value, |(value, _)| value);
            Some(FieldLine { number, key, value: value.trim_end_matches(['}', ' ', '\t']) })
        })
    })
}

/// What a field says, if that is a word.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::Bool(truth) => Some(truth.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn bare(word: &str) -> String {
    word.trim().trim_matches(['"', '\'']).trim().to_lowercase()
}

/// The truth that a word stands for (YAML 1.1 `bool`, 1 and 0). `None`: it is no such word.
pub(super) fn truth(word: &str) -> Option<bool> {
    match bare(word).as_str() {
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
            "drafts: 3",
            "graph: true",
            "status: final",
            "publish: yes",
            "draft: no\ndrafts: yes",
        ] {
            check(text, None);
        }
        check("title: x\ndraft: maybe", Some("line 2"));
        check("draft:", Some("line 1"));
        for text in ["draft：true", "草稿: true", "草稿：是", "Draft : yes"] {
            check(text, Some("is marked as a draft"));
        }
    }

    #[test]
    fn what_seems_to_be_meant_as_a_mark_is_told_with_its_line() {
        for text in [
            "drafts: true", "drfat: true", "daft = 1", "dräft: yes", "isDraft: on", "is_draft: true", "draft?: yes",
            "drafts: draft", "status: Draft", "publish = false",
        ] {
            check(&format!("title: x\n{text}"), Some("line 2"));
            let fields = text.split_once([':', '=']).map(|(key, value)| (key.trim().to_owned(), value.trim().into()));
            let fields: Map<String, Value> = fields.into_iter().collect();
            assert!(matches!(in_fields(&fields, text, |_| String::new()), Err(ReadError::Unclear(_))), "{text:?}");
        }
        for (value, expected) in [(true, true), (false, false)] {
            let fields = serde_json::json!({"title": "x", "params": {"draft": value}});
            let found = fields.as_object().map(|fields| in_fields(fields, "", |line| line.to_string()));
            assert_eq!(found.is_some_and(|found| found.is_err()), expected);
        }
    }
}
