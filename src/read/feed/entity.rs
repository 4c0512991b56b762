//! References in markup: characters by number, the names of XML and HTML, and what a DOCTYPE declares.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use html5ever::data::NAMED_ENTITIES;
use memchr::memchr;

use super::FIELD;

/// Entities of a DOCTYPE that are remembered; more are not.
const MOST_DECLARED: usize = 64;
/// Bytes of one declared entity. Longer ones are not remembered.
const LONGEST_DECLARED: usize = 4096;
/// Bytes that declared entities may add to a whole document.
const BUDGET: usize = 64 * 1024;
/// Bytes of the longest name that is looked up.
const LONGEST_NAME: usize = 40;

/// The internal entities of a document (XML 1.0 §4.2.1), by value: references in them are not followed.
#[derive(Debug, Default)]
pub(in crate::read) struct Entities {
    declared: Vec<(String, String)>,
    spent: usize,
}

impl Entities {
    /// Remembers what a DOCTYPE declares. Parameter entities and external ones are left alone.
    pub(super) fn declare(&mut self, doctype: &str) {
        for declaration in doctype.split("<!ENTITY").skip(1).take(MOST_DECLARED) {
            let Some((name, behind)) = declaration.trim_start().split_once(char::is_whitespace) else { continue };
            let behind = behind.trim_start();
            let value = ['"', '\''].iter().find_map(|quote| Some(behind.strip_prefix(*quote)?.split_once(*quote)?.0));
            if let Some(value) = value.filter(|value| name != "%" && value.len() <= LONGEST_DECLARED) {
                let mut plain = String::new();
                Self::default().decode(value, &mut plain);
                self.declared.push((name.to_owned(), plain));
            }
        }
    }

    /// Appends a text with its references resolved. What is no reference stays as it stands: a bare `&`, an unknown
    /// name. Stops where the field is full.
    pub(in crate::read) fn decode(&mut self, text: &str, out: &mut String) {
        // What a reference stands for is hardly ever longer.
        out.reserve(text.len().min(FIELD));
        let mut rest = text;
        while let Some(at) = memchr(b'&', rest.as_bytes()) {
            let (before, behind) = rest.split_at(at);
            let behind = behind.get(1..).unwrap_or_default();
            push_capped(before, out);
            // A character has four bytes at most.
            let near = behind.as_bytes().iter().take(4 * LONGEST_NAME).position(|byte| *byte == b';');
            let reference = near.and_then(|end| Some((behind.get(..end)?, behind.get(end + 1..)?)));
            let is_short = |name: &str| name.len() < LONGEST_NAME || name.chars().count() < LONGEST_NAME;
            rest = match reference.filter(|(name, _)| is_short(name)) {
                Some((name, after)) if self.resolve(name, out) => after,
                _ => {
                    push_capped("&", out);
                    behind
                }
            };
        }
        push_capped(rest, out);
    }

    /// Appends what a reference stands for; `false` if it stands for nothing.
    fn resolve(&mut self, name: &str, out: &mut String) -> bool {
        if let Some(number) = name.strip_prefix('#') {
            let hex = number.strip_prefix(['x', 'X']);
            let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
            let Some(code) = code else { return false };
            if let Ok(byte @ 0x80..=0x9f) = u8::try_from(code) {
                // Who wrote them meant windows-1252 (HTML §13.2.5.80); as Unicode they are controls that nobody writes.
                push_capped(&WINDOWS_1252.decode_without_bom_handling(&[byte]).0, out);
                return true;
            }
            let Some(c) = char::from_u32(code) else { return false };
            push_capped(c.encode_utf8(&mut [0; 4]), out);
            return true;
        }
        if let Some((_, value)) = self.declared.iter().find(|(declared, _)| declared == name) {
            self.spent += value.len();
            if self.spent > BUDGET {
                return false;
            }
            push_capped(value, out);
            return true;
        }
        let Some(characters) = named(name) else { return false };
        characters.for_each(|c| push_capped(c.encode_utf8(&mut [0; 4]), out));
        true
    }
}

/// What a name of XML or HTML stands for.
pub(super) fn named(name: &str) -> Option<impl Iterator<Item = char>> {
    let (first, second) = match name {
        // Those that are written most.
        "amp" => ('&'.into(), 0),
        "lt" => ('<'.into(), 0),
        "gt" => ('>'.into(), 0),
        "quot" => ('"'.into(), 0),
        "nbsp" => ('\u{a0}'.into(), 0),
        _ => NAMED_ENTITIES.get([name, ";"].concat().as_str()).copied()?,
    };
    // The table lists beginnings of names too, and those stand for nothing.
    let characters = move || [first, second].into_iter().filter(|code| *code != 0).filter_map(char::from_u32);
    characters().next().map(|_| characters())
}

/// Appends as much of a text as a field may hold, cut at a character.
pub(in crate::read) fn push_capped(text: &str, out: &mut String) {
    let room = FIELD.saturating_sub(out.len());
    if text.len() <= room {
        out.push_str(text);
        return;
    }
    out.push_str(text.get(..text.floor_char_boundary(room)).unwrap_or_default());
}

/// A text that is longer than a field may be, without the pictures that are written into it as `data:` (RFC 2397): nothing of them is
/// kept, and the words behind them would be cut off.
pub(super) fn without_pictures(text: &str) -> Cow<'_, str> {
    const MARK: &str = ";base64,";
    if text.len() <= FIELD || !text.contains(MARK) {
        return Cow::Borrowed(text);
    }
    let mut pieces = text.split(MARK);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(MARK);
        out.push_str(piece.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "+/=%\r\n".contains(c)));
    }
    Cow::Owned(out)
}

/// Appends a text with the marks of HTML escaped.
pub(super) fn push_escaped(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"')) {
        let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
        push_capped(before, out);
        let (escaped, after) = match behind.as_bytes().first() {
            Some(b'&') => ("&amp;", behind.strip_prefix('&')),
            Some(b'<') => ("&lt;", behind.strip_prefix('<')),
            Some(b'>') => ("&gt;", behind.strip_prefix('>')),
            _ => ("&quot;", behind.strip_prefix('"')),
        };
        if out.len() + escaped.len() <= FIELD {
            out.push_str(escaped);
        }
        rest = after.unwrap_or_default();
    }
    push_capped(rest, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut entities = Entities::default();
        entities.declare(
            "<!DOCTYPE x [<!ENTITY uni \"Harbour &#38; Sea\"><!ENTITY % p 'q'><!ENTITY out SYSTEM 'file:///x'>",
        );
        let mut out = String::new();
        entities.decode(text, &mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn references_are_resolved_and_the_rest_stays() {
        check("&lt;b&gt; &#233;&#xe9;&#XE9; &eacute; &apos; &beta;&NotEqualTilde;", "<b> ééé é ' β≂̸");
        check("&#147;a&#x94; &#128; &#129; &#160;", "“a” € \u{81} \u{a0}");
        check("R&D &unknown; & &; &#; &#xfffffff; a&b=c;", "R&D &unknown; & &; &#; &#xfffffff; a&b=c;");
        check("&uni; &p; &out;", "Harbour & Sea &p; &out;");
    }

    #[test]
    fn declared_entities_do_not_multiply() {
        let mut entities = Entities::default();
        entities.declare(&format!("<!ENTITY a \"{}\"><!ENTITY b \"&a;&a;\">", "x".repeat(4000)));
        let mut out = String::new();
        entities.decode(&"&a;".repeat(1000), &mut out);
        assert!(out.len() < BUDGET + 4000, "{}", out.len());
        let mut entities = Entities::default();
        entities.declare("<!ENTITY a \"&b;\"><!ENTITY b \"&a;&a;\">");
        out.clear();
        entities.decode("&b;", &mut out);
        assert_eq!(out, "&a;&a;");
    }

    #[test]
    fn a_field_is_cut_at_a_character() {
        let mut out = "x".repeat(FIELD - 1);
        push_capped("é", &mut out);
        push_escaped("&", &mut out);
        assert_eq!(out.len(), FIELD - 1);
    }
}
