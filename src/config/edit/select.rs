//! `[source.select]` of a source is given other selectors, and nothing else in the file moves.

use std::fmt::Write as _;
use std::ops::Range;

use super::{Edit, Step};
use crate::config::Settings;
use crate::config::file::{Entry, Origin, Section, Value, Written, quoted};
use crate::source::{Select, SourceId};

/// A part of a selection: its key, and its value as TOML. `None`: it is not to be there.
type Part = (&'static str, Option<String>);
/// Bytes of the file, and what takes their place.
type Change = (Range<usize>, String);

/// How the comment on a page begins in which it is told what was found.
pub const FOUND: &str = "Found by itself";

impl Edit {
    /// Gives the page that a source is other selectors. What is written of them keeps its place, its comments and its
    /// neighbours; a selector that is no more becomes a comment. Returns whether that could be done; else nothing has changed.
    pub fn set_select(&mut self, id: &SourceId, select: &Select) -> bool {
        let written = self.written();
        let Ok(settings) = Settings::resolve(&written) else { return false };
        let at = settings.sources.iter().position(|source| source.id == *id);
        let Some(section) = at.and_then(|at| written.every("source").nth(at)) else { return false };
        let end = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let Some(mut changes) = changes(&written, section, &parts(select), end) else { return false };
        let before = self.text.clone();
        changes.sort_unstable_by_key(|(range, _)| std::cmp::Reverse(range.start));
        for (range, text) in changes {
            self.text.replace_range(range, &text);
        }
        // There are more ways to write a table than are dreamt of here.
        let is_so = self.settings().is_ok_and(|settings| {
            let mut sources = settings.sources.iter().filter(|source| source.id == *id);
            sources.any(|source| source.page().is_some_and(|page| page.select == *select))
        });
        if is_so {
            self.steps.push(Step::Select(id.clone(), select.clone()));
        } else {
            self.text = before;
        }
        is_so
    }
}

fn parts(select: &Select) -> Vec<Part> {
    let remove = select.remove.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ");
    let texts = select.texts().into_iter().map(|(name, text)| (name, text.map(quoted)));
    texts.chain([("remove", (!remove.is_empty()).then(|| format!("[{remove}]")))]).collect()
}

/// The comment behind a place in which `add` told what it had found: it says what is so no more.
fn outdated(text: &str, at: usize) -> Option<Range<usize>> {
    let mut found = None;
    let mut place = at;
    for line in text.get(at..)?.split_inclusive('\n') {
        let start = place;
        place += line.len();
        let is_comment = line.starts_with('#');
        match &mut found {
            None if line.strip_prefix("# ").is_some_and(|told| told.starts_with(FOUND)) => found = Some(start..place),
            Some(range) if is_comment => range.end = place,
            None if is_comment || line.trim().is_empty() => {}
            _ => break,
        }
    }
    found
}

fn changes(written: &Written, section: &Section, parts: &[Part], end: &str) -> Option<Vec<Change>> {
    let text = written.text.as_str();
    let added = |prefix: &str, missing: &dyn Fn(&str) -> bool| {
        let mut lines = String::new();
        for (name, value) in parts.iter().filter(|(name, _)| missing(name)) {
            if let Some(value) = value {
                // Writing into a string cannot fail.
                let _written = write!(lines, "{end}{prefix}{name} = {value}");
            }
        }
        lines
    };
    let Some(entry) = section.written("select") else {
        // Behind the last of its own keys, before its tables.
        let own = section.table.keys.iter().filter_map(|key| span(section.written(key.name)?));
        let last = own.filter(|span| !is_header(text, span.start)).map(|span| span.end).max()?;
        let at = line_end(text, last);
        let table = (at..at, format!("{end}{end}[source.select]{}", added("", &|_| true)));
        return Some(std::iter::once(table).chain(outdated(text, at).map(|range| (range, String::new()))).collect());
    };
    let whole = span(entry)?;
    let Some(Value::Tables(tables)) = &entry.value else { return None };
    let select = tables.first()?;
    let there: Vec<(&'static str, Range<usize>)> = {
        let keys = select.table.keys.iter();
        let mut there: Vec<_> = keys.filter_map(|key| Some((key.name, span(select.written(key.name)?)?))).collect();
        there.sort_unstable_by_key(|(_, span)| span.start);
        there
    };
    let wanted = |name: &str| parts.iter().find(|(other, _)| *other == name).map(|(_, value)| value);
    let is_missing = |name: &str| there.iter().all(|(other, _)| *other != name);
    if text.get(whole.clone())?.starts_with('{') {
        let kept = there.iter().filter_map(|(name, span)| match wanted(name) {
            Some(value) => value.as_ref().map(|value| format!("{name} = {value}")),
            None => Some(format!("{name} = {}", text.get(span.clone())?)),
        });
        let new = parts.iter().filter(|(name, _)| is_missing(name));
        let new = new.filter_map(|(name, value)| Some(format!("{name} = {}", value.as_ref()?)));
        let table = kept.chain(new).collect::<Vec<_>>().join(", ");
        return Some(vec![(whole, format!("{{ {table} }}"))]);
    }
    let mut changes = Vec::new();
    for (name, span) in &there {
        match wanted(name) {
            Some(Some(value)) if text.get(span.clone()) != Some(value) => changes.push((span.clone(), value.clone())),
            Some(None) => {
                let mut at = line_start(text, span.start);
                while at < span.end {
                    changes.push((at..at, "# ".to_owned()));
                    at = line_end(text, at) + end.len();
                }
            }
            _ => {}
        }
    }
    let (at, prefix) = match there.last() {
        Some((name, span)) => {
            let start = line_start(text, span.start);
            let line = text.get(start..span.start)?;
            (line_end(text, span.end), line.get(..line.find(name)?)?)
        }
        None => (line_end(text, whole.start), ""),
    };
    changes.push((at..at, added(prefix, &is_missing)));
    Some(changes)
}

fn span(entry: &Entry) -> Option<Range<usize>> {
    match &entry.origin {
        Origin::File(span) => Some(span.clone()),
        Origin::Default | Origin::Environment(_) => None,
    }
}

/// Whether a place is in the line of a header.
fn is_header(text: &str, at: usize) -> bool {
    text.get(line_start(text, at)..).is_some_and(|line| line.trim_start().starts_with('['))
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

/// Where the line of a place ends, before its line break.
fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    at + line.strip_suffix('\r').unwrap_or(line).len()
}

#[cfg(test)]
mod tests {
    use crate::config::{Edit, Environment};
    use crate::source::{Select, SourceId};

    /// Two selectors that are new, one that goes.
    fn select() -> Select {
        let text = |text: &str| Some(text.to_owned());
        Select { item: text("ol.stories > li"), title: text("a"), next: text("a.next"), ..Select::default() }
    }

    #[track_caller]
    fn check(before: &str, expected: Option<&str>) {
        let mut edit = Edit::of("feedgen.toml", before, &Environment::new());
        let id = SourceId::new("quay").expect("an id");
        assert_eq!(edit.set_select(&id, &select()), expected.is_some(), "{before}");
        assert_eq!(edit.text, expected.unwrap_or(before));
    }

    #[test]
    fn what_is_written_keeps_its_place() {
        check(
            "[[source]]\nid = 'quay'\npage = 'https://quay.example/'\n[source.select] # mine\n  item = 'ul > li' # rows\n  # why\n  date = \".date\"  # days\n\
             pages = 3\n  next = \"a.next\"\n\n[[source]]\nid = 'b'\nfeed = 'https://quay.example/b'\n",
            Some(
                "[[source]]\nid = 'quay'\npage = 'https://quay.example/'\n[source.select] # mine\n  item = \"ol.stories > li\" # rows\n  # why\n#   date = \".date\"  # days\n\
                 pages = 3\n  next = \"a.next\"\n  title = \"a\"\n\n[[source]]\nid = 'b'\nfeed = 'https://quay.example/b'\n",
            ),
        );
    }

    #[test]
    fn a_selection_is_begun_where_there_is_none() {
        check(
            "[[source]]\r\nid = 'a'\r\nfiles = 'news'\r\n[[source]]\r\npage = 'https://quay.example/'\r\nid = 'quay' # it\r\n# found\r\n[[source.test]]\r\nurl = 'https://quay.example/1'\r\ncontains = 'tide'\r\n",
            Some(
                "[[source]]\r\nid = 'a'\r\nfiles = 'news'\r\n[[source]]\r\npage = 'https://quay.example/'\r\nid = 'quay' # it\r\n\r\n[source.select]\r\n\
                 item = \"ol.stories > li\"\r\ntitle = \"a\"\r\nnext = \"a.next\"\r\n# found\r\n[[source.test]]\r\nurl = 'https://quay.example/1'\r\ncontains = 'tide'\r\n",
            ),
        );
        check(
            "[[source]]\nid = 'quay'\npage = 'https://quay.example/'",
            Some(
                "[[source]]\nid = 'quay'\npage = 'https://quay.example/'\n\n[source.select]\nitem = \"ol.stories > li\"\ntitle = \"a\"\nnext = \"a.next\"",
            ),
        );
        check(
            "[[source]]\nid = 'quay'\npage = 'https://quay.example/'\n[source.select]\n",
            Some(
                "[[source]]\nid = 'quay'\npage = 'https://quay.example/'\n[source.select]\nitem = \"ol.stories > li\"\ntitle = \"a\"\nnext = \"a.next\"\n",
            ),
        );
    }

    #[test]
    fn tables_are_written_in_many_ways() {
        check(
            "[[source]]\nid = 'quay'\nselect = { item = 'li', full_text = false, date = 'i' } # one line\npage = 'https://quay.example/'\n",
            Some(
                "[[source]]\nid = 'quay'\nselect = { item = \"ol.stories > li\", full_text = false, title = \"a\", next = \"a.next\" } # one line\npage = 'https://quay.example/'\n",
            ),
        );
        check(
            "[[source]]\nid = 'quay'\nselect.item = 'li' # dotted\nselect.remove = [\n  '.ad',\n]\npage = 'https://quay.example/'\n",
            Some(
                "[[source]]\nid = 'quay'\nselect.item = \"ol.stories > li\" # dotted\n# select.remove = [\n#   '.ad',\n# ]\nselect.title = \"a\"\nselect.next = \"a.next\"\npage = 'https://quay.example/'\n",
            ),
        );
    }

    #[test]
    fn what_cannot_be_changed_alone_is_left_as_it_is() {
        check("source = [{ id = 'quay', page = 'https://quay.example/' }]\n", None);
        check("[[source]]\nid = 'other'\npage = 'https://quay.example/'\n", None);
    }
}
