//! JSON (RFC 8259) as it was written: values are found in the text, whole or not, and no tree of them is ever built.

use memchr::memchr2;

use super::feed::push_capped;

/// A value as written, from its first character to its last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'t> {
    /// All of it.
    pub(super) text: &'t str,
    /// Its end is there.
    pub(super) closed: bool,
}

impl<'t> Value<'t> {
    /// The value that a text begins with, after white space.
    pub(super) fn first(text: &'t str) -> Option<Self> {
        let text = text.trim_start();
        let bytes = text.as_bytes();
        let (mut at, mut depth, mut quoted) = (0, 0_usize, false);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' if quoted => at += 1,
                b'"' => {
                    quoted = !quoted;
                    if !quoted && depth == 0 {
                        return Some(Self { text: text.get(..=at)?, closed: true });
                    }
                }
                _ if quoted => {
                    at += memchr2(b'"', b'\\', bytes.get(at..)?).unwrap_or(bytes.len() - at);
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => return text.get(..at).map(|text| Self { text, closed: true }),
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(Self { text: text.get(..=at)?, closed: true });
                    }
                }
                b',' if depth == 0 => return text.get(..at).map(|text| Self { text, closed: true }),
                _ => {}
            }
            at += 1;
        }
        (!text.is_empty()).then_some(Self { text, closed: false })
    }

    /// The members of an object, in order, as far as they are there.
    pub(super) fn members(&self) -> impl Iterator<Item = (String, Value<'t>)> + use<'t> {
        let mut rest = self.text.strip_prefix('{').unwrap_or_default();
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            let key = Value::first(rest).filter(|key| key.closed)?;
            let name = key.string()?;
            let behind = rest.get(key.text.len()..)?.trim_start().strip_prefix(':')?.trim_start();
            let value = Value::first(behind)?;
            rest = behind.get(value.text.len()..)?;
            Some((name, value))
        })
        // A number or word at the end of a cut document may not be whole, nor is a text.
        .filter(|(_, value)| value.closed || value.text.starts_with(['[', '{']))
    }

    /// The elements of an array, in order, as far as they are there.
    pub(super) fn elements(&self) -> impl Iterator<Item = Value<'t>> + use<'t> {
        let mut rest = self.text.strip_prefix('[').unwrap_or_default();
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            let value = Value::first(rest).filter(|value| !value.text.is_empty())?;
            rest = rest.get(value.text.len()..)?;
            Some(value)
        })
    }

    /// The text of a string (RFC 8259 §7). `None`: it is no string.
    pub(super) fn string(&self) -> Option<String> {
        unescaped(self.text.strip_prefix('"')?.strip_suffix('"')?)
    }

    /// A number, as written.
    pub(super) fn number(&self) -> Option<String> {
        let text = self.text.trim_end();
        text.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| text.to_owned())
    }
}

/// What stands between the marks of a string. `None`: it ends inside of an escape.
pub(super) fn unescaped(inside: &str) -> Option<String> {
    let mut rest = inside;
    let mut out = String::new();
    while let Some((before, behind)) = rest.split_once('\\') {
        push_capped(before, &mut out);
        let mut behind = behind.chars();
        let c = match behind.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' | 'f' => ' ',
            'u' => escaped(&mut behind),
            c => c,
        };
        push_capped(c.encode_utf8(&mut [0; 4]), &mut out);
        rest = behind.as_str();
    }
    push_capped(rest, &mut out);
    Some(out)
}

/// The character of `\uXXXX`, or of a pair of them.
fn escaped(text: &mut std::str::Chars<'_>) -> char {
    let unit = |text: &str| text.get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let Some(first) = unit(text.as_str()) else { return '\u{fffd}' };
    *text = text.as_str().get(4..).unwrap_or_default().chars();
    let second = text.as_str().strip_prefix("\\u").and_then(unit);
    match (first, second) {
        (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
            *text = text.as_str().get(6..).unwrap_or_default().chars();
            char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (low - 0xdc00)).unwrap_or('\u{fffd}')
        }
        _ => char::from_u32(first).unwrap_or('\u{fffd}'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(text: &str) -> Vec<Option<String>> {
        Value::first(text)
            .into_iter()
            .flat_map(|value| value.elements().collect::<Vec<_>>())
            .map(|v| v.string())
            .collect()
    }

    #[test]
    fn strings_are_unescaped() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            strings(
                r#"["a\"b\\\/\n", "\u00e9\ud83c\udf93", "\ud83c", 7, "raw
line"]"#
            ),
            [some("a\"b\\/\n"), some("é🎓"), some("\u{fffd}"), None, some("raw\nline")]
        );
    }

    #[test]
    fn what_is_whole_is_found_in_what_is_not() {
        let text = r#"{"a": [1, {"b": "x]}"}, [2"#;
        let value = Value::first(text).expect("a value");
        assert!(!value.closed);
        let found: Vec<_> = value.members().flat_map(|(_, list)| list.elements().collect::<Vec<_>>()).collect();
        assert_eq!(
            found.iter().map(|v| (v.text, v.closed)).collect::<Vec<_>>(),
            [("1", true), (r#"{"b": "x]}"}"#, true), ("[2", false)]
        );
    }
}
