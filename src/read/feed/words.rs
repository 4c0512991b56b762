//! What stands in angle brackets and is words: `<jane@harbour.example>`, `if a<b then`, `List<String>`. A parser of HTML takes it for
//! an element, and the words are lost.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;

/// Elements of HTML, sorted (HTML §4, and those of former versions). Those of which a parser takes all that follows for their
/// content, or readers hide it (`<title>`, `<textarea>`, `<select>`), are not among them: where one has no end, it is what a text
/// tells of.
const ELEMENTS: [&str; 112] = [
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base", "basefont", "bdi",
    "bdo", "big", "blockquote", "body", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del",
    "details", "dfn", "dir", "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure", "font", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "img",
    "input", "ins", "kbd", "label", "legend", "li", "link", "main", "mark", "marquee", "math", "menu", "meta", "nav",
    "nobr", "noscript", "object", "ol", "p", "param", "picture", "pre", "q", "rb", "rp", "rt", "rtc", "ruby", "s",
    "samp", "script", "search", "section", "small", "source", "span", "strike", "strong", "style", "sub", "summary",
    "sup", "svg", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "track", "tt", "u", "ul", "var",
    "video", "wbr",
];

/// What begins behind a `<`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// A tag of an element of HTML.
    Element,
    /// Another tag, a comment or an instruction.
    Other,
    /// A tag whose end was cut off with all that followed.
    Cut,
    /// Nothing: a parser takes the sign for one, too.
    Sign,
    /// Words.
    Words,
}

/// Whether there is markup in a text.
pub(super) fn has_markup(text: &str) -> bool {
    marks(text).any(|(_, mark)| matches!(mark, Mark::Element | Mark::Other))
}

/// Whether there is an element of HTML in a text.
pub(super) fn has_element(text: &str) -> bool {
    marks(text).any(|(_, mark)| mark == Mark::Element)
}

/// HTML in which what is words is written so that a parser takes it for words. Takes time linear in it.
pub(super) fn kept(html: Cow<'_, str>) -> Cow<'_, str> {
    if !marks(&html).any(|(_, mark)| mark == Mark::Words) {
        return html;
    }
    let mut out = String::with_capacity(html.len() + 64);
    out.push_str(html.split('<').next().unwrap_or_default());
    for (piece, mark) in marks(&html) {
        out.push_str(if mark == Mark::Words { "&lt;" } else { "<" });
        out.push_str(piece);
    }
    Cow::Owned(out)
}

/// What stands behind each `<`, up to the next.
fn marks(text: &str) -> impl Iterator<Item = (&str, Mark)> {
    let closed = OnceCell::new();
    let mut pieces = text.split('<').skip(1).peekable();
    std::iter::from_fn(move || {
        let piece = pieces.next()?;
        let is_last = pieces.peek().is_none();
        let is_closed = |name: &str| closed.get_or_init(|| closed_in(text)).contains(&name.to_ascii_lowercase());
        Some((piece, mark(piece, is_last, is_closed)))
    })
}

/// The names of all elements that are ended somewhere in a text.
fn closed_in(text: &str) -> HashSet<String> {
    text.split("</").skip(1).map(|piece| name_of(piece).0.to_ascii_lowercase()).collect()
}

/// The name that a tag begins with, as a parser reads it (HTML §13.2.5.8), and what stands behind.
fn name_of(piece: &str) -> (&str, &str) {
    piece.split_at(piece.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(piece.len()))
}

fn mark(piece: &str, is_last: bool, is_closed: impl Fn(&str) -> bool) -> Mark {
    let (inside, has_end) = piece.split_once('>').map_or((piece, false), |(inside, _)| (inside, true));
    let (name, about) = name_of(inside.strip_prefix('/').unwrap_or(inside));
    let is_element = is_element(name);
    match inside.chars().next() {
        Some('!') => return Mark::Other,
        Some('?') => return if has_end { Mark::Other } else { Mark::Words },
        Some('/') if inside == "/" && has_end => return Mark::Other,
        Some('/') if !name.starts_with(|c: char| c.is_ascii_alphabetic()) => return Mark::Words,
        Some('/') if is_element && has_end => return Mark::Element,
        Some('/') => return if has_end { Mark::Other } else { Mark::Cut },
        Some(first) if !first.is_ascii_alphabetic() => return Mark::Sign,
        Some(_) if may_be_name(name) => {}
        Some(_) => return Mark::Words,
        None => return Mark::Sign,
    }
    let tag = if is_element { Mark::Element } else { Mark::Other };
    // What is said of an element stands in its tag; in sentences there is hardly a sign of equality.
    if about.contains('=') {
        return if has_end { tag } else { Mark::Cut };
    }
    if !has_end {
        // "a<b<c", "if a<b then": what is cut off ends with its name.
        let is_cut = is_last && about.is_empty() && ELEMENTS.iter().any(|element| begins(element, name));
        return if is_cut { Mark::Cut } else { Mark::Words };
    }
    let (about, stands_alone) = about.trim_ascii_end().strip_suffix('/').map_or((about, false), |about| (about, true));
    let about = about.trim_ascii();
    let is_flag = !about.contains(|c: char| !c.is_ascii_alphabetic());
    if is_element {
        // "if a<b and c>d".
        let is_tag = is_flag || stands_alone || is_closed(name) || matches!(name, "br" | "hr" | "img" | "input");
        return if is_tag { tag } else { Mark::Words };
    }
    // Office programs write prefixes.
    if stands_alone || about.is_empty() && name.contains(':') || is_closed(name) { tag } else { Mark::Words }
}

fn begins(element: &str, name: &str) -> bool {
    element.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// Whether an element may have that name: addresses, formulas and types of programs have other signs in them.
fn may_be_name(name: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':');
    name.bytes().all(is_of_name) && !name.ends_with(':')
}

/// Whether HTML has an element of that name.
fn is_element(name: &str) -> bool {
    let is_known = |name: &str| ELEMENTS.binary_search(&name).is_ok();
    is_known(name) || name.bytes().any(|byte| byte.is_ascii_uppercase()) && is_known(&name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::super::{Markup, Text};
    use super::*;

    #[test]
    fn elements_are_sorted() {
        assert!(ELEMENTS.is_sorted());
    }

    #[test]
    fn what_is_no_tag_is_words() {
        for words in [
            "Jane Doe <jane@harbour.example> tells",
            "<https://harbour.example/a?b=c>",
            "<www.harbour.example>",
            "for all $x<y$ and $y>z$",
            "List<String>",
            "Map<String, List<Integer>>",
            "if a<b then c",
            "if a<b and c>d",
            "a<b<c",
            "the inner product <u, v> of",
            "I <3 tides </3 of old",
            "the <title> of a page",
            "Press <Enter> twice",
            "a < b",
            "x <? y",
        ] {
            assert!(!has_markup(words), "{words}");
            let html = kept(Cow::Borrowed(&format!("<p>{words}</p>"))).into_owned();
            assert_eq!(Text { markup: Markup::Html, ..Text::plain(&html) }.line(), words);
        }
    }

    #[test]
    fn what_is_a_tag_stays_one() {
        for html in [
            "<p>a",
            "a<br/>b",
            "a<BR>b",
            "<a href='x?a=1&b=2'>b</a>",
            "<td nowrap>a",
            "<img alt='a <b> c' src=x>",
            "<o:p></o:p>a",
            "<o:p>a",
            "<my-tide>a</my-tide>",
            "<tide x=1>a",
            "<tide/>a",
            "<video controls loop>a</video>",
            "a</b>",
            "a</tide>",
            "<?xml version='1.0'?>a",
            "a<!-- b -->",
            "<script>a</script>",
            "<p>a <b",
            "<p>a <stro",
            "<p>a <a href='htt",
        ] {
            assert!(has_markup(html), "{html}");
            assert!(matches!(kept(Cow::Borrowed(html)), Cow::Borrowed(_)), "{html}");
        }
        assert!(has_element("<p>a") && has_element("a</b>") && !has_element("<tide>a</tide>"));
    }
}
