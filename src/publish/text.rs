//! Text as it stands in what is published: no text leaves the house that a strict parser would refuse.

use std::borrow::Cow;

use crate::item::text::{fit, is_one_line, one_line};
pub use crate::item::text::{is_fit, scrub};

/// Invisible, and nothing breaks there: it keeps `</b>` in a title from being taken for a tag.
const WORD_JOINER: char = '\u{2060}';

/// Whether a character may be published as it is.
pub fn is_publishable(c: char) -> bool {
    fit(c) == Some(c)
}

/// One line of plain text for a title, name, label or summary: scrubbed, blanks collapsed, without the controls that
/// turn the direction of everything after them (UAX #9: embeddings, overrides, isolates).
///
/// `</b>` keeps its looks and gets a word joiner inside: many readers take plain text for HTML and would lose it, and
/// the W3C validator warns of it however it is escaped.
pub fn line(text: &str) -> String {
    let line = one_line(text);
    if !line.contains('<') && !line.contains(WORD_JOINER) {
        return line;
    }
    line.replace(WORD_JOINER, "").replace("</", &format!("<{WORD_JOINER}/"))
}

/// Makes a text a [`line()`]. Most are one.
pub fn make_line(text: &mut String) {
    if !is_line(text) {
        *text = line(text);
    }
}

/// Makes a text a [`name()`]. Most are one.
pub fn make_name(text: &mut String) {
    if !is_line(text) {
        *text = name(text);
    }
}

/// Whether a text is a [`line()`] that has no mark of a tag.
fn is_line(text: &str) -> bool {
    is_one_line(text) && !has(text, |byte| byte == b'<') && (text.is_ascii() || !text.contains(WORD_JOINER))
}

/// The name of a person or office: a [`line()`] without the mail address in angle brackets behind it.
pub fn name(text: &str) -> String {
    let name = line(text);
    match name.split_once('<') {
        Some((before, mail)) if mail.contains('@') && !before.trim().is_empty() => before.trim_end().to_owned(),
        _ => name,
    }
}

/// Whether there is a byte of a class in a text. All are looked at, without early exit, for the vector units.
pub(super) fn has(text: &str, is: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(false, |found, byte| found | is(byte))
}

/// Plain text as it stands in HTML, also inside of a double-quoted attribute.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !has(text, |byte| matches!(byte, b'&' | b'<' | b'>' | b'"')) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + text.len() / 8 + 8);
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        let reference = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        escaped.extend([text.get(written..at).unwrap_or_default(), reference]);
        written = at + 1;
    }
    escaped.push_str(text.get(written..).unwrap_or_default());
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_forbids_and_what_nobody_can_read_is_dropped() {
        assert_eq!(
            scrub("a\u{0}\u{8}\u{b}\u{1b}\u{7f}\u{81}\u{fdd0}\u{fffd}\u{fffe}\u{ffff}\u{1fffe}\u{10ffff}b"),
            "ab"
        );
        assert_eq!(scrub("one\r\ntwo\rthree\tfour\n"), "one\ntwo\nthree\tfour\n");
    }

    #[test]
    fn what_is_right_is_not_copied() {
        let right = "R&D <b>重庆</b> \u{a0}\u{e000}\u{1f600} ]]>";
        assert!(matches!(scrub(right), Cow::Borrowed(same) if same == right));
    }

    #[test]
    fn a_title_is_one_line_and_turns_no_direction() {
        assert_eq!(line("  two\n\t words\u{3000}here \u{202e}gnp.exe\u{2066} "), "two words here gnp.exe");
        assert_eq!(line("\u{200f}עברית"), "\u{200f}עברית");
    }

    #[test]
    fn a_text_that_is_a_line_is_left_alone_and_any_other_is_made_one() {
        for text in [
            "",
            "Two words",
            "重庆 文理",
            "重庆文理\u{a0}学院",
            " before",
            "behind ",
            "后 ",
            "two  blanks",
            "二  空",
            "\u{3000}宽",
            "a\tb",
            "soft\u{ad}",
            "\u{202e}turned",
            "\u{85}",
            "\u{7f}",
            "\u{200b}",
            "a <b> c",
            "</b>",
            "joined\u{2060}",
            "“quoted”",
            "Li Wei <li@example.edu>",
        ] {
            let (mut made, mut named) = (text.to_owned(), text.to_owned());
            make_line(&mut made);
            make_name(&mut named);
            assert_eq!((made, named), (line(text), name(text)), "{text:?}");
            assert_eq!(is_one_line(text), one_line(text) == text, "{text:?}");
        }
    }

    #[test]
    fn an_end_tag_in_a_title_is_no_end_tag() {
        assert_eq!(line("bold</b> a <b> c 1 </ 2"), "bold<\u{2060}/b> a <b> c 1 <\u{2060}/ 2");
        assert_eq!(line(&line("</b>")), line("</b>"));
    }

    #[test]
    fn a_name_tells_no_mail_address() {
        assert_eq!(name("Li Wei <li@example.edu>"), "Li Wei");
        assert_eq!(name("Office <3"), "Office <3");
        assert_eq!(name("<li@example.edu>"), "<li@example.edu>");
    }

    #[test]
    fn escaped_text_is_inert_in_text_and_attribute() {
        assert_eq!(escape(r#"<a b="c">&"#), "&lt;a b=&quot;c&quot;&gt;&amp;");
        assert!(matches!(escape("plain 文字"), Cow::Borrowed(_)));
    }
}
