//! Where a text is not TOML: what is told of it, once and where it was meant.

use std::collections::HashSet;

use toml::de::Error;

use super::{Origin, Written, Wrong, keys, quoted};

/// That a table is one of a list.
pub(super) fn several(name: &str) -> String {
    format!("there can be several of `{name}`")
}

/// What a header lacks that does not end, by what a parser says of it.
fn header_end(message: &str) -> Option<&str> {
    let (what, end) = message.strip_prefix("unclosed ")?.split_once(", expected ")?;
    matches!(what, "table" | "array table").then(|| end.trim_matches('`'))
}

/// What to do where quotes are such as a word processor writes.
const STRAIGHT: &str = "write straight quotes, \" or '";

/// What to do where what stands behind a backslash has a meaning of its own.
const BACKSLASH: &str = r"write each \ as \\, or single quotes around the text";

/// Whether a character is a quote that is none in TOML.
fn is_other_quote(c: char) -> bool {
    matches!(c, '\u{2018}'..='\u{201f}' | '«' | '»' | '「' | '」' | '＂' | '＇')
}

/// Whether a parser complains of what stands behind a backslash.
fn is_of_backslash(message: &str) -> bool {
    message.starts_with("missing escaped value") || message.ends_with("expected unicode hexadecimal value")
}

/// What begins somewhere in a text and does not end.
struct Opened {
    /// Where it begins, in bytes.
    at: usize,
    /// What it is.
    what: &'static str,
    /// What would end it.
    end: &'static str,
}

impl Written {
    /// Takes in what a parser says of a text, one slip a line. Returns where something begins, in bytes, that swallows the rest of it.
    pub(super) fn slips(&mut self, errors: &[Error]) -> Option<usize> {
        // A list without its end swallows what follows, and each line of that is an error of its own.
        let endless = errors.iter().any(|error| error.message().starts_with("unclosed array,"));
        // Texts in simple quotes without their end: where that is missed, and what is told of it.
        let texts: Vec<(usize, &str)> = errors
            .iter()
            .filter(|error| {
                ["invalid basic string", "invalid literal string"].iter().any(|told| error.message().starts_with(told))
            })
            .filter_map(|error| Some((error.span()?.start, error.message())))
            .collect();
        // Where lines begin that were told of.
        let mut told = HashSet::new();
        // Names of tables whose header in single brackets was sought, and whether it was found.
        let mut sought: Vec<(&str, bool)> = Vec::new();
        for error in errors {
            let span = error.span().unwrap_or(self.text.len()..self.text.len());
            let word = self.text.get(span.clone()).unwrap_or_default();
            let begins_word = word.starts_with(char::is_alphabetic);
            let is_duplicate = error.message() == "duplicate key";
            // There are keys of the same names.
            let is_header = || matches!(self.before(span.start).trim(), "[" | "[[");
            let list = keys::table(word).filter(|table| table.repeated && is_duplicate && is_header());
            let opened = list.is_none().then(|| self.opened(span.start, error.message(), &texts)).flatten();
            let mut swallows = opened.as_ref().map(|opened| opened.at);
            // A text that does not end takes the end of what it stands in.
            let text = opened.as_ref().and_then(|opened| self.endless_text(opened.at, &texts));
            let (span, message, hint) = if let Some((at, message)) = text {
                (at..at, message.to_owned(), self.text_end(at, message))
            } else if let Some(Opened { at, what, end }) = opened {
                let hint = format!("write {end} at its end");
                (at..at + end.len(), format!("{what} begins here that does not end"), Some(hint))
            } else if let Some(table) = list {
                // Wherever its header stands, each of the others is a duplicate: it is sought and told once.
                let span = match sought.iter().find(|(name, _)| *name == table.name) {
                    Some((_, true)) => continue,
                    Some((_, false)) => span,
                    None => {
                        let header = format!("[{word}]");
                        let at = lines(&self.text).find(|(_, line)| line.trim().starts_with(&header));
                        sought.push((table.name, at.is_some()));
                        at.map_or(span, |(at, line)| {
                            let from = at + (line.len() - line.trim_start().len());
                            from..from + header.len()
                        })
                    }
                };
                (span, several(word), Some(format!("write {}", table.header())))
            } else if is_duplicate && !sought.is_empty() {
                // Keys of a table that is taken for the one above.
                continue;
            } else if is_duplicate {
                let first = self.first(span.start).map(|line| format!("line {line} has it too, take one out"));
                (span, error.message().to_owned(), first)
            } else if let Some(end) = header_end(error.message()) {
                // The tables behind it would be taken for parts of it.
                swallows = Some(span.start);
                let header = self.before(span.start).trim();
                let end = if header.starts_with("[[") && !header.ends_with(']') { "]]" } else { end };
                (span, error.message().to_owned(), Some(format!("write {end} at its end")))
            } else if error.message().starts_with("carriage return") {
                // The parser names what stands behind it, and takes the rest of a file for one line.
                let at = self.text.get(..span.start).and_then(|before| before.rfind('\r')).unwrap_or(span.start);
                swallows = Some(at);
                let hint = "save the file with the line ends of Unix (LF)";
                (at..at + 1, "this line ends in a carriage return alone".to_owned(), Some(hint.to_owned()))
            } else if begins_word && !error.message().contains("key") {
                (span, "a text needs quotes around it".to_owned(), Some(format!("write {}", quoted(word))))
            } else if let Some(at) = self.other_quote(span.start) {
                let length = self.text.get(at..).and_then(|text| text.chars().next()).map_or(1, char::len_utf8);
                (at..at + length, "a text needs straight quotes around it".to_owned(), Some(STRAIGHT.to_owned()))
            } else if let Some(at) = self.colon(span.start) {
                (at..at + 1, "a colon stands between a key and its value".to_owned(), Some("write =".to_owned()))
            } else if is_of_backslash(error.message()) {
                (span, error.message().to_owned(), Some(BACKSLASH.to_owned()))
            } else {
                let hint = self.text_end(span.start, error.message());
                let hint = hint.or_else(|| self.foreign(span.start, error.message()).map(str::to_owned));
                (span, error.message().to_owned(), hint)
            };
            // A parser may complain of all lines, and then of all once more.
            if told.insert(self.line(&Origin::File(span.clone())).start) {
                self.slips.push(Wrong::new(&Origin::File(span), format!("this is not TOML: {message}"), hint));
            }
            if swallows.is_some() || endless && error.message().contains("array") {
                return swallows;
            }
        }
        None
    }

    /// What stands before a place in its line.
    fn before(&self, at: usize) -> &str {
        self.text.get(self.line(&Origin::File(at..at)).start..at).unwrap_or_default()
    }

    /// Where a text begins with a quote that is none in TOML: at a place, or what is written in its line. `None`: neither does.
    fn other_quote(&self, at: usize) -> Option<usize> {
        let line = self.line(&Origin::File(at..at)).start;
        let rest = self.text.get(line..)?;
        let value = entry(rest).map(|value| self.text.len() - value.len());
        [Some(at), value]
            .into_iter()
            .flatten()
            .find(|at| self.text.get(*at..).is_some_and(|text| text.starts_with(is_other_quote)))
    }

    /// What ends a text whose end a parser misses at a place. `None`: it misses something else.
    fn text_end(&self, at: usize, message: &str) -> Option<String> {
        let quote = match message.split_once(" string, expected ")? {
            ("invalid basic", "`\"`") => '"',
            ("invalid literal", "`'`") => '\'',
            _ => return None,
        };
        let text = self.before(at).trim_end();
        Some(if text.ends_with(is_other_quote) {
            STRAIGHT.to_owned()
        } else if quote == '"' && text.trim_end_matches([']', '}', ' ']).ends_with("\\\"") {
            BACKSLASH.to_owned()
        } else {
            format!("write {quote} at its end")
        })
    }

    /// Where a colon stands behind the key that the line of a place begins with, as in YAML.
    fn colon(&self, at: usize) -> Option<usize> {
        let start = self.line(&Origin::File(at..at)).start;
        let (key, _) = self.text.get(start..)?.split_once(':')?;
        let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        (!key.trim().is_empty() && key.trim().chars().all(is_key)).then_some(start + key.len())
    }

    /// What to do where a sign stands that JSON would have there.
    fn foreign(&self, at: usize, message: &str) -> Option<&'static str> {
        match self.text.get(at..)?.chars().next()? {
            ',' if message.starts_with("unexpected key or value") => {
                Some("leave out the comma: each key has its own line")
            }
            '{' if message.starts_with("invalid key-value pair") => {
                Some("this is JSON: write key = value, a line each")
            }
            _ => None,
        }
    }

    /// Which of the texts without an end stands in the line of a place.
    fn endless_text<'a>(&self, at: usize, texts: &[(usize, &'a str)]) -> Option<(usize, &'a str)> {
        let line = self.line(&Origin::File(at..at));
        texts.iter().find(|(at, _)| line.contains(at)).copied()
    }

    /// What begins before a place and has no end there, going by what the parser misses. `None`: it is something else that is missing.
    fn opened(&self, at: usize, message: &str, texts: &[(usize, &str)]) -> Option<Opened> {
        let before = self.text.get(..at)?;
        if message.starts_with("invalid multi-line") && self.text.get(at..)?.trim().is_empty() {
            let end = if message.contains("literal") { "'''" } else { "\"\"\"" };
            return Some(Opened { at: before.rfind(end)?, what: "a text", end });
        }
        let (what, start, end) = if header_end(message).is_some() {
            return None;
        } else if message.contains("array") {
            ("a list", '[', "]")
        } else if message.contains("inline table") || message.contains("key-value pairs") {
            ("a table", '{', "}")
        } else {
            return None;
        };
        let line = self.line(&Origin::File(at..at)).start;
        // No line of a list is a key and its value.
        let is_key = || self.text.get(line..).and_then(entry).is_some_and(|value| at < self.text.len() - value.len());
        let is_unclosed = message.starts_with("unclosed ") || start == '[' && is_key();
        if !is_unclosed && !before.get(line..)?.trim().is_empty() {
            return None;
        }
        let begun = lines(before).filter_map(|(at, line)| {
            let value = entry(line)?;
            value.starts_with(start).then_some(at + line.len() - value.len())
        });
        let at = begun.last()?;
        // What would end it may stand in a text that does not end.
        let is_open = is_unclosed || !ends(self.text.get(at + 1..)?, end) || self.endless_text(at, texts).is_some();
        is_open.then_some(Opened { at, what, end })
    }

    /// The line, from 1, where the table or the key stands first that stands once more at a place. `None`: it is written in another way there.
    fn first(&self, at: usize) -> Option<usize> {
        let (before, behind) = self.text.split_at_checked(at)?;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.text.get(start..at + behind.find('\n').unwrap_or(behind.len()))?;
        let above = || lines(before.split_at(start).0).map(|(_, line)| line).enumerate();
        let found = if let Some((header, _)) = line.trim().strip_prefix('[').and_then(|line| line.split_once(']')) {
            let is_same = |line: &str| {
                line.trim().strip_prefix('[').and_then(|line| line.strip_prefix(header)?.strip_prefix(']')).is_some()
            };
            above().find(|(_, line)| is_same(line))
        } else {
            let key = |line: &str| line.split_once('=').map(|(key, _)| key.trim().to_owned());
            let own = key(line).filter(|key| behind.starts_with(key.as_str()))?;
            let table = above().filter(|(_, line)| line.trim_start().starts_with('[')).last().map_or(0, |(at, _)| at);
            above().skip(table).find(|(_, line)| key(line).as_ref() == Some(&own))
        };
        found.map(|(at, _)| at + 1)
    }
}

/// The value of a text that begins with a key and its value, and what stands behind it. `None`: it does not.
fn entry(text: &str) -> Option<&str> {
    let (key, value) = text.split_once('=')?;
    let is_key = key.trim().chars().all(|c| c.is_alphanumeric() || "_-.\"'".contains(c));
    // The sign may stand in a text.
    let is_key = is_key && key.matches(['"', '\'']).count().is_multiple_of(2);
    is_key.then(|| value.trim_start())
}

/// Whether what begins before a text has its end in it, before the next table: at the start or the end of a line.
fn ends(behind: &str, end: &str) -> bool {
    let mut lines = behind.lines().enumerate().take_while(|(at, line)| *at == 0 || !line.trim_start().starts_with('['));
    lines.any(|(_, line)| {
        let line = line.split('#').next().unwrap_or_default().trim();
        line.starts_with(end) || line.trim_end_matches(',').trim_end().ends_with(end)
    })
}

/// The lines of a text, and where each begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let from = *at;
        *at += line.len();
        Some((from, line))
    })
}
