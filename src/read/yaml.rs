//! YAML as people write it above their documents: what a parser meets becomes values. Numbers, dates and words that only some
//! versions of YAML take for something else stay the text that stands there, since nothing reckons with them: `007`, `1.10`,
//! `yes`.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

/// Most memory that aliases may fill with what they repeat, bytes: some that repeat each other make gigabytes of a few lines.
const MOST_REPEATED: usize = 1 << 20;
/// What a value takes besides its text, bytes.
const OVERHEAD: usize = 64;
/// Most lists and mappings in each other.
const DEEPEST: usize = 64;

/// What is wrong, and in which line of the text, from 0.
pub(super) type Wrong = (usize, String);

/// The fields of a mapping (YAML 1.2.2). A text without any value has none.
///
/// # Errors
/// Where it is not well-formed, is no mapping, has a field twice, or repeats too much by aliases.
pub(super) fn fields(text: &str) -> Result<Map<String, Value>, Wrong> {
    let mut tree = Tree::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| (line(error.marker().line()), error.info()))?;
        tree.take(event).map_err(|wrong| (line(span.start.line()), wrong))?;
    }
    match tree.whole {
        Some(Value::Object(fields)) => Ok(fields),
        Some(Value::Null) | None => Ok(Map::new()),
        Some(_) => Err((0, "it holds no fields, which are written as name: value".to_owned())),
    }
}

/// The parser counts lines from 1.
fn line(number: usize) -> usize {
    number.saturating_sub(1)
}

/// What was met so far.
#[derive(Default)]
struct Tree {
    /// Lists and mappings that are not at their end, the innermost last.
    open: Vec<Open>,
    /// What an alias may stand for, by the number of its anchor.
    anchored: HashMap<usize, Value>,
    repeated: usize,
    whole: Option<Value>,
}

struct Open {
    anchor: usize,
    held: Held,
}

enum Held {
    List(Vec<Value>),
    /// With the name whose value comes next.
    Mapping(Map<String, Value>, Option<String>),
}

impl Tree {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                self.put(if is_text { Value::String(text.into_owned()) } else { plain(&text) }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => self.open(anchor, Held::List(Vec::new())),
            Event::MappingStart(_, anchor, _) => self.open(anchor, Held::Mapping(Map::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open { anchor, held: Held::List(values) }) => self.put(Value::Array(values), anchor),
                Some(Open { anchor, held: Held::Mapping(fields, _) }) => self.put(Value::Object(fields), anchor),
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                let value = self.anchored.get(&anchor).ok_or("an alias stands within what it means")?.clone();
                self.repeated += size(&value);
                if self.repeated > MOST_REPEATED {
                    return Err("its aliases repeat too much".to_owned());
                }
                self.put(value, 0)
            }
            Event::DocumentStart(..) if self.whole.is_some() => Err("a second document begins".to_owned()),
            _ => Ok(()),
        }
    }

    fn open(&mut self, anchor: usize, held: Held) -> Result<(), String> {
        if self.open.len() == DEEPEST {
            return Err(format!("more than {DEEPEST} lists stand in each other"));
        }
        self.open.push(Open { anchor, held });
        Ok(())
    }

    fn put(&mut self, value: Value, anchor: usize) -> Result<(), String> {
        if anchor != 0 {
            self.anchored.insert(anchor, value.clone());
        }
        match self.open.last_mut().map(|open| &mut open.held) {
            None => self.whole = Some(value),
            Some(Held::List(values)) => values.push(value),
            Some(Held::Mapping(fields, name)) => match name.take() {
                None => *name = Some(named(&value)?),
                Some(name) if fields.contains_key(&name) => return Err(format!("{name:?} stands there twice")),
                Some(name) => {
                    fields.insert(name, value);
                }
            },
        }
        Ok(())
    }
}

/// What a plain scalar is (§10.3.2). Of numbers only those that are written in one way.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Value::from(number),
            _ => Value::from(text),
        },
    }
}

fn named(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Array(_) | Value::Object(_) => Err("the name of a field is a list".to_owned()),
    }
}

/// Bytes that a value takes, roughly.
fn size(value: &Value) -> usize {
    OVERHEAD
        + match value {
            Value::String(text) => text.len(),
            Value::Array(values) => values.iter().map(size).sum(),
            Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + size(value)).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Result<Value, Wrong> {
        fields(text).map(Value::Object)
    }

    #[test]
    fn fields_become_values() {
        let check = |text: &str, value: Value| assert_eq!(read(text), Ok(value), "{text:?}");
        check("title: Tide\ndraft: false\n", json!({"title": "Tide", "draft": false}));
        check(
            "a: 12\nb: -3\nc: 007\nd: 1.10\ne: 0x1F\nf: 2026-03-12\n",
            json!({"a": 12, "b": -3, "c": "007", "d": "1.10", "e": "0x1F", "f": "2026-03-12"}),
        );
        check(
            "a: yes\nb: ~\nc:\nd: 'true'\ne: !!str 12\n",
            json!({"a": "yes", "b": null, "c": null, "d": "true", "e": "12"}),
        );
        check("tags: [a, \"b: c\", {name: d}]\n", json!({"tags": ["a", "b: c", {"name": "d"}]}));
        check(
            "authors:\n- name: Mei Lin\n  age: 30\n- Tom\n",
            json!({"authors": [{"name": "Mei Lin", "age": 30}, "Tom"]}),
        );
        check(
            "text: >\n  two\n  lines\nmore: |\n  two\n  lines\n",
            json!({"text": "two lines\n", "more": "two\nlines\n"}),
        );
        check("a: &x [1]\nb: *x\nc: *x\n", json!({"a": [1], "b": [1], "c": [1]}));
        check("2026: a\ntrue: b\n", json!({"2026": "a", "true": "b"}));
        check("# nothing\n", json!({}));
        check("a: \"\\u00e9\\n\"\n", json!({"a": "é\n"}));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let check = |text: &str, line: usize, said: &str| {
            let (at, wrong) = read(text).unwrap_err();
            assert!(at == line && wrong.contains(said), "{text:?}: {at}: {wrong}");
        };
        check("title: Forum: the second day\n", 0, "mapping");
        check("a: 1\nb: [1\n", 1, "unclosed");
        check("a: 1\nb: 2\na: 3\n", 2, "\"a\" stands there twice");
        check("- a\n- b\n", 0, "holds no fields");
        check("some words\n", 0, "holds no fields");
        check("a: &x [*x]\n", 0, "within what it means");
        check("a: *x\n", 0, "");
        check("[a, b]: c\n", 0, "the name of a field is a list");
        check("a: 1\n---\nb: 2\n", 1, "a second document");
        check(&format!("a: {}\n", "[".repeat(100)), 0, "more than 64 lists");
    }

    #[test]
    fn aliases_that_repeat_each_other_fill_no_memory() {
        let mut bomb = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 0..20 {
            bomb += &format!("b{n}: &a{} [{}]\n", n + 1, vec![format!("*a{n}"); 10].join(", "));
        }
        assert!(read(&bomb).unwrap_err().1.contains("repeat too much"));
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(10_000), vec!["*a"; 1000].join(", "));
        assert!(read(&long).unwrap_err().1.contains("repeat too much"));
    }
}
