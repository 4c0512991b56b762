//! Reads JSON into a flat list of values with positions. Nothing here recurses.

use serde::de::IgnoredAny;

use super::report::Report;
use super::rule;
use super::text::{Text, Written, is_space};

/// Values nested deeper than this are not looked at.
const MOST_DEPTH: usize = 256;

/// Values beyond this number are not looked at.
const MOST_VALUES: usize = 300_000;

/// One value, and where it stands.
pub(super) struct Node {
    /// The name it has in the object around it. `None`: it stands in an array, or is the whole document.
    pub(super) name: Option<String>,
    /// Where it begins, in bytes; a member begins with its name.
    pub(super) offset: usize,
    /// What it is.
    pub(super) value: Value,
    /// Indices of the values in it.
    pub(super) children: Vec<usize>,
}

/// What a value is.
pub(super) enum Value {
    Null,
    Boolean,
    Number(f64),
    Words(Text),
    Array,
    Object,
}

/// Reads a document: the whole value first, then all in it, in order. What follows a malformed place is left out.
pub(super) fn read(source: &str, report: &mut Report<'_>) -> Vec<Node> {
    let source = source.trim_start_matches('\u{feff}');
    if let Err(fault) = serde_json::from_str::<IgnoredAny>(source) {
        let line_start = source.match_indices('\n').nth(fault.line().wrapping_sub(2)).map_or(0, |(at, _)| at + 1);
        let at = line_start + fault.column().saturating_sub(1);
        let what = fault.to_string();
        let what = what.split(" at line ").next().unwrap_or_default();
        report.tell(&rule::JSON_MALFORMED, at, &[&what]);
    }
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut name: Option<(String, usize)> = None;
    let mut position = 0;
    while let Some(character) = source.get(position..).and_then(|rest| rest.chars().next()) {
        let start = position;
        position += character.len_utf8();
        let value = match character {
            '"' => {
                let (text, end) = string(source, position, report);
                position = end;
                let in_object = open
                    .last()
                    .and_then(|index| nodes.get(*index))
                    .is_some_and(|node| matches!(node.value, Value::Object));
                if in_object && name.is_none() {
                    name = Some((text.value, start));
                    continue;
                }
                Value::Words(text)
            }
            '{' => Value::Object,
            '[' => Value::Array,
            '}' | ']' => {
                open.pop();
                if open.is_empty() {
                    break;
                }
                continue;
            }
            _ if character.is_ascii_alphanumeric() || character == '-' => {
                let rest = source.get(start..).unwrap_or_default();
                let end = rest
                    .find(|c: char| is_space(c) || matches!(c, ',' | ']' | '}' | ':' | '"' | '{' | '['))
                    .unwrap_or(rest.len());
                position = start + end;
                match rest.get(..end).unwrap_or_default() {
                    "null" => Value::Null,
                    "true" | "false" => Value::Boolean,
                    word => match word.parse() {
                        Ok(number) => Value::Number(number),
                        Err(_) => break,
                    },
                }
            }
            ',' | ':' => continue,
            _ if is_space(character) => continue,
            _ => break,
        };
        if nodes.len() == MOST_VALUES || open.len() == MOST_DEPTH {
            report.tell(&rule::JSON_TOO_LARGE, start, &[&MOST_DEPTH, &MOST_VALUES]);
            break;
        }
        let index = nodes.len();
        if let Some(around) = open.last().and_then(|around| nodes.get_mut(*around)) {
            around.children.push(index);
        }
        if matches!(value, Value::Object | Value::Array) {
            open.push(index);
        }
        let (name, offset) = name.take().map_or((None, start), |(name, offset)| (Some(name), offset));
        nodes.push(Node { name, offset, value, children: Vec::new() });
        if open.is_empty() {
            break;
        }
    }
    nodes
}

/// Reads a string from after its first quote, to after its last.
fn string(source: &str, start: usize, report: &mut Report<'_>) -> (Text, usize) {
    let mut text = Text::default();
    let mut position = start;
    loop {
        let rest = source.get(position..).unwrap_or_default();
        let Some(length) = rest.find(['"', '\\']) else {
            return (text, source.len());
        };
        text.push(rest.get(..length).unwrap_or_default(), position, Written::Literal);
        position += length;
        if rest.get(length..).is_some_and(|rest| rest.starts_with('"')) {
            return (text, position + 1);
        }
        let (character, length) = escape(rest.get(length..).unwrap_or_default());
        if let Some(character) = character {
            text.push(character.encode_utf8(&mut [0; 4]), position, Written::Reference);
        } else {
            report.tell(&rule::JSON_SURROGATE, position, &[]);
            text.push("\u{fffd}", position, Written::Reference);
        }
        position += length;
    }
}

/// The character that an escape stands for, and its length in bytes.
fn escape(rest: &str) -> (Option<char>, usize) {
    let unit = |from: usize| rest.get(from..from + 4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    let simple = match rest.chars().nth(1) {
        Some('n') => '\n',
        Some('t') => '\t',
        Some('r') => '\r',
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('u') => {
            let Some(first) = unit(2) else { return (None, 2) };
            if let Some(character) = char::from_u32(first.into()) {
                return (Some(character), 6);
            }
            let second = rest.get(6..8).filter(|start| *start == "\\u").and_then(|_| unit(8));
            let pair = char::decode_utf16([first, second.unwrap_or_default()]).next().and_then(Result::ok);
            return (pair, if pair.is_some() { 12 } else { 6 });
        }
        Some(other) => return (Some(other), 1 + other.len_utf8()),
        None => return (None, 1),
    };
    (Some(simple), 2)
}
