//! YAML as people write it above their documents: what a parser meets becomes values. Numbers, dates and words that only some
//! versions of YAML take for something else stay the text that stands there, since nothing reckons with them: `007`, `1.10`,
//! `yes`.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

use super::fields::{Wrong, is_field};

/// Most memory for what aliases repeat and what is kept for them, bytes: some that repeat each other make gigabytes of a few
/// lines.
const MOST_REPEATED: usize = 1 << 20;
/// Most values, names among them.
const MOST: usize = 100_000;
/// What a value takes besides its text, bytes.
const OVERHEAD: usize = 64;
/// Most lists and mappings in each other.
const DEEPEST: usize = 64;

/// The fields of a mapping (YAML 1.2.2), those that it is merged with by `<<` among them. A text without any value has none. Quoted
/// words may go on at the margin, as libyaml reads them, where they do not seem to be the next field.
///
/// # Errors
/// Where it is not well-formed, is no mapping, has a field twice, is very large, or repeats too much by aliases.
pub(super) fn fields(text: &str) -> Result<Map<String, Value>, Wrong> {
    /// Most lines that are set in.
    const MOST_LINES: usize = 40;
    let first = match of_mapping(text) {
        Err(wrong) if is_at_margin(&wrong) => wrong,
        outcome => return outcome,
    };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut at = first.0;
    for _ in 0..MOST_LINES {
        match lines.get_mut(at).filter(|line| !is_field(line) && !line.starts_with(' ')) {
            Some(line) => line.insert(0, ' '),
            None => break,
        }
        match of_mapping(&lines.join("\n")) {
            Err(wrong) if is_at_margin(&wrong) => at = wrong.0,
            Err(_) => break,
            Ok(fields) => return Ok(fields),
        }
    }
    Err(first)
}

/// Whether what is wrong is that quoted words go on at the margin (§7.3).
fn is_at_margin((_, wrong): &Wrong) -> bool {
    wrong.contains("indentation in multiline quoted scalar")
}

fn of_mapping(text: &str) -> Result<Map<String, Value>, Wrong> {
    let mut tree = Tree::default();
    let mut begun = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| (line(error.marker().line()), error.info()))?;
        if event.is_node() {
            begun.get_or_insert(line(span.start.line()));
        }
        tree.take(event).map_err(|wrong| (line(span.start.line()), wrong))?;
    }
    match tree.whole {
        Some(Value::Object(fields)) => Ok(fields),
        Some(Value::Null) | None => Ok(Map::new()),
        Some(_) => Err((begun.unwrap_or(0), "it holds no fields, which are written as name: value".to_owned())),
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
    count: usize,
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
                Some(Open { anchor, held: Held::Mapping(fields, _) }) => {
                    self.put(Value::Object(merged(fields)), anchor)
                }
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                let value = self.anchored.get(&anchor).ok_or("an alias stands within what it means")?.clone();
                self.repeat(&value)?;
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

    /// Counts what is there once more.
    fn repeat(&mut self, value: &Value) -> Result<(), String> {
        self.repeated += size(value);
        if self.repeated > MOST_REPEATED { Err("its aliases repeat too much".to_owned()) } else { Ok(()) }
    }

    fn put(&mut self, value: Value, anchor: usize) -> Result<(), String> {
        self.count += 1;
        if self.count > MOST {
            return Err(format!("it holds more than {MOST} values"));
        }
        if anchor != 0 {
            self.repeat(&value)?;
            self.anchored.insert(anchor, value.clone());
        }
        match self.open.last_mut().map(|open| &mut open.held) {
            None => self.whole = Some(value),
            Some(Held::List(values)) => values.push(value),
            Some(Held::Mapping(fields, name)) => match name.take() {
                None => match named(&value)? {
                    known if fields.contains_key(&known) => return Err(format!("{known:?} stands there twice")),
                    new => *name = Some(new),
                },
                Some(name) => {
                    fields.insert(name, value);
                }
            },
        }
        Ok(())
    }
}

/// Fields, and those of the mappings that they are to be merged with, which give way (<https://yaml.org/type/merge.html>).
fn merged(mut fields: Map<String, Value>) -> Map<String, Value> {
    let can_merge = |value: &Value| match value {
        Value::Array(list) => list.iter().all(Value::is_object),
        other => other.is_object(),
    };
    if !fields.get("<<").is_some_and(can_merge) {
        return fields;
    }
    let others = match fields.shift_remove("<<") {
        Some(Value::Array(list)) => list,
        other => other.into_iter().collect(),
    };
    for other in others {
        if let Value::Object(other) = other {
            for (name, value) in other {
                fields.entry(name).or_insert(value);
            }
        }
    }
    fields
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
        check("a: \"two\nlines\nand more\"\nb: 'three\nmore'\n", json!({"a": "two lines and more", "b": "three more"}));
        check(
            "base: &b {author: Mei, day: 1}\nmore: &c {day: 2, place: d}\nall:\n  <<: *b\n  day: 3\nboth:\n  <<: [*b, *c]\n",
            json!({
                "base": {"author": "Mei", "day": 1},
                "more": {"day": 2, "place": "d"},
                "all": {"author": "Mei", "day": 3},
                "both": {"author": "Mei", "day": 1, "place": "d"},
            }),
        );
        check("a: \"\\u00e9\\n\"\n", json!({"a": "é\n"}));
    }

    #[test]
    fn fields_stand_in_the_order_in_which_they_were_written() {
        let merged = read("c: 1\n<<: {a: 2, d: 3}\nb: 4\ne: 5\n").unwrap();
        assert_eq!(merged.to_string(), r#"{"c":1,"b":4,"e":5,"a":2,"d":3}"#);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let check = |text: &str, line: usize, said: &str| {
            let (at, wrong) = read(text).unwrap_err();
            assert!(at == line && wrong.contains(said), "{text:?}: {at}: {wrong}");
        };
        check("title: Forum: the second day\n", 0, "mapping");
        check("a: 1\nb: [1\n", 1, "unclosed");
        check("a: \"open\ndraft: true\nb: \"c\"\n", 1, "multiline quoted");
        check("a: 1\nb: 2\na: 3\n", 2, "\"a\" stands there twice");
        check("- a\n- b\n", 0, "holds no fields");
        check("# a remark\n\nsome words\n", 2, "holds no fields");
        check("tags:\n- a\ntitle: T\ntags:\n- b\n- c\n", 3, "\"tags\" stands there twice");
        check("a: &x [*x]\n", 0, "within what it means");
        check("a: *x\n", 0, "");
        check("[a, b]: c\n", 0, "the name of a field is a list");
        check("a: 1\n---\nb: 2\n", 1, "a second document");
        check(&format!("a: {}{}\n", "[".repeat(100), "]".repeat(100)), 0, "more than 64 lists");
    }

    #[test]
    fn aliases_that_repeat_each_other_fill_no_memory() {
        let line = |n: usize| format!("b{n}: &a{} [{}]", n + 1, vec![format!("*a{n}"); 10].join(", "));
        let bomb = (0..20).map(line).collect::<Vec<_>>().join("\n");
        assert!(
            read(&format!("a: &a0 [x, x, x, x, x, x, x, x, x, x]\n{bomb}")).unwrap_err().1.contains("repeat too much")
        );
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(10_000), vec!["*a"; 1000].join(", "));
        assert!(read(&long).unwrap_err().1.contains("repeat too much"));
        // What is kept for aliases that never come.
        let anchors: Vec<String> = (0..60).map(|n| format!("&a{n} ")).collect();
        let kept = format!("a: [{}[{}]{}\n", anchors.join("["), "~, ".repeat(10_000), "]".repeat(60));
        assert!(read(&kept).unwrap_err().1.contains("repeat too much"), "{:?}", read(&kept));
        let many = format!("a: [{}]\n", "~, ".repeat(200_000));
        assert!(read(&many).unwrap_err().1.contains("more than 100000 values"));
    }
}
