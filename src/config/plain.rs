//! A source that is written plainly, a key and its value a line: most are, there may be very many of them, and reading all of TOML
//! for each is most of a start. What is written otherwise is left to the parser, and what is wrong as well.

use super::file::{Entry, Origin, Section, Value};
use super::keys::{Shape, Table};

/// What begins a source.
const HEADER: &str = "[[source]]";

/// Reads a piece of a file that begins at its byte `from` and with a source, of which `table` tells the keys. `None`: it is not
/// plain, so that only the parser knows what it says.
pub(super) fn source(piece: &str, from: usize, table: &'static Table) -> Option<Section> {
    // Without control characters and escapes, what stands between two quotes is the text itself, and blanks are spaces and tabs.
    let is_plain = |byte| matches!(byte, b'\t' | b'\n' | b' '..=b'[' | b']'..=b'~' | 0x80..);
    // All are looked at, since that is done many at a time.
    if !piece.bytes().fold(true, |is_so_far, byte| is_so_far & is_plain(byte)) {
        return None;
    }
    let mut section = Section::empty(table);
    section.origin = Origin::File(from..from + HEADER.len());
    let (mut line, mut rest) = split(piece, b'\n').unwrap_or((piece, ""));
    if line.trim_ascii_end() != HEADER {
        return None;
    }
    while !rest.is_empty() {
        let at = from + piece.len() - rest.len();
        (line, rest) = split(rest, b'\n').unwrap_or((rest, ""));
        if !is_ended(line) {
            section.add(entry(line, at, table)?)?;
        }
    }
    Some(section)
}

/// A line with a key and its value; `at`: where it begins in the file.
fn entry(line: &str, at: usize, table: &'static Table) -> Option<Entry> {
    let (name, behind) = split(line, b'=')?;
    let key = table.key(name.trim_ascii())?;
    let value = behind.trim_ascii_start();
    let start = at + line.len() - value.len();
    let (value, rest) = match key.kind.shape() {
        Shape::Text => text(value).map(|(text, rest)| (Value::Text(text.to_owned()), rest)),
        Shape::Texts => texts(value, start),
        Shape::Switch => {
            let [on, off] = ["true", "false"].map(|word| value.strip_prefix(word));
            on.or(off).map(|rest| (Value::Switch(on.is_some()), rest))
        }
        Shape::Integer => {
            let (digits, rest) = value.split_at(value.bytes().take_while(u8::is_ascii_digit).count());
            // TOML has no zeros in front of a number.
            let number = digits.parse().ok().filter(|_| digits == "0" || !digits.starts_with('0'));
            number.map(|number| (Value::Integer(number), rest))
        }
        _ => None,
    }?;
    is_ended(rest).then(|| Entry { key, origin: Origin::File(start..at + line.len() - rest.len()), value: Some(value) })
}

/// A text in quotes, and what stands behind it.
fn text(value: &str) -> Option<(&str, &str)> {
    let quote = value.bytes().next().filter(|byte| matches!(byte, b'"' | b'\''))?;
    split(value.get(1..)?, quote)
}

/// A list of such texts, which begins at byte `start` of the file.
fn texts(value: &str, start: usize) -> Option<(Value, &str)> {
    let (mut found, mut rest) = (Vec::new(), value.strip_prefix('[')?.trim_ascii_start());
    loop {
        if let Some(behind) = rest.strip_prefix(']') {
            return Some((Value::Texts(found), behind));
        }
        let (text, behind) = text(rest)?;
        let begin = start + value.len() - rest.len();
        found.push((text.to_owned(), Origin::File(begin..start + value.len() - behind.len())));
        let behind = behind.trim_ascii_start();
        rest = match behind.strip_prefix(',') {
            Some(behind) => behind.trim_ascii_start(),
            None => behind.starts_with(']').then_some(behind)?,
        };
    }
}

/// Whether a line has nothing more but a comment.
fn is_ended(rest: &str) -> bool {
    let rest = rest.trim_ascii_start();
    rest.is_empty() || rest.starts_with('#')
}

/// What stands before and behind the first of some character of ASCII.
fn split(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = memchr::memchr(byte, text.as_bytes())?;
    text.get(..at).zip(text.get(at + 1..))
}
