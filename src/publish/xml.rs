//! XML as it is published: elements of items, and the last touch to what others write.

use memchr::{memchr, memchr_iter, memchr3_iter, memmem, memrchr2};

use super::text::has;
use crate::item::text::split;

/// The first line of every XML file.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// Writes `&`, `<` and `>` as hexadecimal references, which readers that take plain text for HTML leave alone (RSS Best
/// Practices Profile, character data), and quotes outside of tags as they are. `None`: the XML is broken.
pub(super) fn finish(xml: &str) -> Option<String> {
    let mut finished = String::with_capacity(xml.len() + xml.len() / 8);
    let (mut written, mut at) = (0, 0);
    while let Some(tag) = memchr(b'<', xml.as_bytes().get(at..)?) {
        at += tag + 1;
        let markup = xml.get(at..)?;
        if markup.starts_with(SECTION) {
            let end = at + memmem::find(markup.as_bytes(), b"]]>")?;
            push_references(xml.get(written..at)?, &mut finished);
            finished.push_str(xml.get(at..end)?);
            (written, at) = (end, end);
        }
    }
    push_references(xml.get(written..)?, &mut finished);
    finished.push('\n');
    Some(finished)
}

/// Writes the elements of an item, each in a line of its own: as [`finish`] leaves what others write, in one go.
pub(super) struct Elements<'a> {
    out: &'a mut String,
    /// In how many elements the next one stands.
    depth: usize,
}

/// Name and value of an attribute. `None`: the element has none of that name.
pub(super) type Attribute<'a> = (&'a str, Option<&'a str>);

/// What a line begins with, in as many elements as there are spaces.
const INDENT: &str = "\n        ";

impl<'a> Elements<'a> {
    /// Elements that stand in so many others, behind what is written already.
    pub(super) fn within(depth: usize, out: &'a mut String) -> Self {
        Self { out, depth }
    }

    /// Begins an element that has others in it.
    pub(super) fn start(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.tag(name, attributes);
        self.out.push('>');
        self.depth += 1;
    }

    /// Ends it.
    pub(super) fn end(&mut self, name: &str) {
        self.depth -= 1;
        self.line();
        self.close(name);
    }

    /// An element of plain text.
    pub(super) fn text(&mut self, name: &str, attributes: &[Attribute<'_>], text: &str) {
        self.tag(name, attributes);
        self.out.push('>');
        push_escaped(text, self.out);
        self.close(name);
    }

    /// An element of HTML, as a section.
    pub(super) fn section(&mut self, name: &str, html: &str) {
        self.tag(name, &[]);
        self.out.push('>');
        push_section(html, self.out);
        self.close(name);
    }

    /// An element with nothing in it.
    pub(super) fn empty(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.tag(name, attributes);
        self.out.push_str("/>");
    }

    /// An element with nothing in it but a line's end.
    pub(super) fn hollow(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.tag(name, attributes);
        self.out.push('>');
        self.line();
        self.close(name);
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn tag(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.line();
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            let Some(value) = value else { continue };
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            push_value(value, self.out);
            self.out.push('"');
        }
    }

    fn line(&mut self) {
        self.out.push_str(INDENT.get(..=self.depth).unwrap_or(INDENT));
    }
}

/// Writes the value of an attribute.
fn push_value(value: &str, out: &mut String) {
    // Hardly any has one of these.
    if !has(value, |byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')) {
        out.push_str(value);
        return;
    }
    for c in value.chars() {
        match c {
            '&' => out.push_str("&#x26;"),
            '<' => out.push_str("&#x3C;"),
            '>' => out.push_str("&#x3E;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
}

/// What begins a section behind its `<`.
const SECTION: &str = "![CDATA[";

/// Writes a text as a section.
fn push_section(text: &str, finished: &mut String) {
    finished.push_str("<![CDATA[");
    let mut written = 0;
    // Hardly any text has such a bracket.
    for at in memchr_iter(b']', text.as_bytes()).filter(|at| text.as_bytes().get(at + 1..at + 3) == Some(b"]>")) {
        finished.push_str(text.get(written..at + 2).unwrap_or_default());
        finished.push_str("]]><![CDATA[");
        written = at + 2;
    }
    finished.push_str(text.get(written..).unwrap_or_default());
    finished.push_str("]]>");
}

/// Bytes of a text that are looked through as soon as a search for a mark has begun.
const SHORT: usize = 64;

/// Writes a text with `&`, `<` and `>` as references.
fn push_escaped(text: &str, finished: &mut String) {
    // Few texts but contents, which are long, have one of these.
    if text.len() <= SHORT && !has(text, |byte| matches!(byte, b'&' | b'<' | b'>')) {
        finished.push_str(text);
        return;
    }
    let mut written = 0;
    for at in memchr3_iter(b'&', b'<', b'>', text.as_bytes()) {
        finished.push_str(text.get(written..at).unwrap_or_default());
        finished.push_str(match text.as_bytes().get(at) {
            Some(b'&') => "&#x26;",
            Some(b'<') => "&#x3C;",
            _ => "&#x3E;",
        });
        written = at + 1;
    }
    finished.push_str(text.get(written..).unwrap_or_default());
}

/// Writes markup with its references as they shall be.
fn push_references(markup: &str, finished: &mut String) {
    let (mut rest, mut in_tag) = (markup, false);
    while let Some((plain, reference)) = split(rest, b'&') {
        let (name, after) = split(reference, b';').unwrap_or((reference, ""));
        finished.push_str(plain);
        // Neither stands anywhere else: the writers escape both.
        if let Some(at) = memrchr2(b'<', b'>', plain.as_bytes()) {
            in_tag = plain.as_bytes().get(at) == Some(&b'<');
        }
        match name {
            "amp" => finished.push_str("&#x26;"),
            "lt" => finished.push_str("&#x3C;"),
            "gt" => finished.push_str("&#x3E;"),
            "quot" if !in_tag => finished.push('"'),
            "apos" if !in_tag => finished.push('\''),
            name => finished.extend(["&", name, ";"]),
        }
        rest = after;
    }
    finished.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_hexadecimal_and_sections_are_left_alone() {
        let xml = r#"<a b="&quot;1&lt;2&quot;">&quot;Q&amp;A&quot; &gt; &apos;<![CDATA[<i>&amp;</i>]]>&#x26;</a>"#;
        let finished = "<a b=\"&quot;1&#x3C;2&quot;\">\"Q&#x26;A\" &#x3E; '<![CDATA[<i>&amp;</i>]]>&#x26;</a>\n";
        assert_eq!(finish(xml).as_deref(), Some(finished));
        assert_eq!(finish("<a><![CDATA[x</a>"), None);
    }
}
