//! From bytes to text, and the characters that have no place in a feed.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::report::{Quoted, Report};
use super::rule;

/// Decodes by byte order mark, then XML declaration, else as UTF-8, and says what feed readers dislike about it.
pub(super) fn decode<'b>(bytes: &'b [u8], report: &mut Report<'_>) -> Cow<'b, str> {
    if let Some((found, length)) = Encoding::for_bom(bytes) {
        if found == UTF_8 {
            report.tell(&rule::BYTE_ORDER_MARK, 0, &[]);
        }
        let rest = bytes.get(length..).unwrap_or_default();
        return read_as(found, rest, report);
    }
    match bytes {
        [b'<', 0, b'?' | b'r' | b'f' | b'o', 0, ..] => return read_as(UTF_16LE, bytes, report),
        [0, b'<', 0, b'?' | b'r' | b'f' | b'o', ..] => return read_as(UTF_16BE, bytes, report),
        [b'{' | b'[', ..] => return read_as(UTF_8, bytes, report),
        _ => {}
    }
    let Some(declared) = declaration(bytes) else {
        report.tell(&rule::XML_NO_DECLARATION, 0, &[]);
        return read_as(UTF_8, bytes, report);
    };
    let Some(name) = named_encoding(declared) else {
        report.tell(&rule::XML_NO_ENCODING, 0, &[]);
        return read_as(UTF_8, bytes, report);
    };
    let Some(named) = Encoding::for_label(name.as_bytes()) else {
        report.tell(&rule::XML_ENCODING_UNKNOWN, 0, &[&Quoted(name)]);
        return read_as(UTF_8, bytes, report);
    };
    if named == UTF_16LE || named == UTF_16BE {
        report.tell(&rule::XML_ENCODING_WRONG, 0, &[&name]);
        return read_as(UTF_8, bytes, report);
    }
    if named != UTF_8 && !name.eq_ignore_ascii_case("us-ascii") {
        report.tell(&rule::XML_NOT_UTF_8, 0, &[&name, &name]);
    }
    read_as(named, bytes, report)
}

fn read_as<'b>(encoding: &'static Encoding, bytes: &'b [u8], report: &mut Report<'_>) -> Cow<'b, str> {
    if encoding == UTF_8
        && let Err(fault) = std::str::from_utf8(bytes)
    {
        let bad = bytes.get(fault.valid_up_to()).copied().unwrap_or_default();
        report.tell(&rule::ENCODING_INVALID, fault.valid_up_to(), &[&format_args!("{bad:02X}")]);
    }
    let (text, wrong) = encoding.decode_without_bom_handling(bytes);
    if wrong && encoding != UTF_8 {
        let name = encoding.name();
        report.tell(&rule::ENCODING_MISMATCH, 0, &[&name]);
    }
    text
}

/// The inside of `<?xml …?>`, if the file begins with it and it is plain ASCII.
fn declaration(bytes: &[u8]) -> Option<&str> {
    let inside = bytes.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = inside.iter().take(200).position(|byte| *byte == b'>')?;
    std::str::from_utf8(inside.get(..end)?).ok()
}

/// The encoding that an XML declaration names.
fn named_encoding(declaration: &str) -> Option<&str> {
    let (_, after) = declaration.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

/// Finds characters that XML forbids or that tell of a mistake in an earlier conversion. Each run is told once.
pub(super) fn characters(text: &str, report: &mut Report<'_>) {
    let mut before = ' ';
    let mut last = None;
    for (offset, character) in text.char_indices() {
        let fault = match character {
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                Some(Fault::Illegal)
            }
            '\u{80}'..='\u{9f}' => Some(Fault::Control),
            '\u{fffd}' => Some(Fault::Replacement),
            '\u{a0}'..='\u{bf}' if matches!(before, '\u{c2}' | '\u{c3}') => Some(Fault::Twice),
            _ => None,
        };
        if fault.is_some() && fault != last {
            told(fault, character, offset, report);
        }
        (before, last) = (character, fault);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    Illegal,
    Control,
    Replacement,
    Twice,
}

fn told(fault: Option<Fault>, character: char, offset: usize, report: &mut Report<'_>) {
    let code = u32::from(character);
    match fault {
        Some(Fault::Illegal) => report.tell(&rule::CHARACTER_ILLEGAL, offset, &[&format_args!("{code:04X}")]),
        Some(Fault::Control) => report.tell(&rule::CHARACTER_CONTROL, offset, &[&format_args!("{code:04X}")]),
        Some(Fault::Replacement) => report.tell(&rule::CHARACTER_REPLACEMENT, offset, &[]),
        Some(Fault::Twice) => report.tell(&rule::CHARACTER_TWICE_ENCODED, offset, &[]),
        None => {}
    }
}
