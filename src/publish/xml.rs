//! The last touch to XML that was written: what RSS, Atom and OPML share.

use memchr::{memchr, memmem, memrchr2};

use super::strict::split;

/// The first line of every XML file.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// The contents of items, which are most of a feed. The writers leave their elements empty, and the last touch fills them,
/// so that each is looked at once.
pub(super) struct Bodies<'a> {
    /// The element that holds one.
    pub(super) element: &'static str,
    /// How one is written into it.
    pub(super) write: fn(&str, &mut String),
    /// One for each such element, in order.
    pub(super) contents: Vec<&'a str>,
}

impl Bodies<'_> {
    /// None to be filled in.
    pub(super) fn none() -> Self {
        Self { element: "", write: push_escaped, contents: Vec::new() }
    }
}

/// Writes `&`, `<` and `>` as hexadecimal references, which readers that take plain text for HTML leave alone (RSS Best
/// Practices Profile, character data), and quotes outside of tags as they are; fills in the contents. `None`: the XML is
/// broken, or there is not one element for each content.
pub(super) fn finish(xml: &str, bodies: Bodies<'_>) -> Option<String> {
    let Bodies { element, write, contents } = bodies;
    let whole: usize = contents.iter().map(|content| content.len()).sum();
    let mut contents = contents.into_iter();
    let mut finished = String::with_capacity(xml.len() + xml.len() / 8 + whole + whole / 8);
    let (mut written, mut at) = (0, 0);
    while let Some(tag) = memchr(b'<', xml.as_bytes().get(at..)?) {
        at += tag + 1;
        let markup = xml.get(at..)?;
        if markup.starts_with(SECTION) {
            let end = at + memmem::find(markup.as_bytes(), b"]]>")?;
            push_references(xml.get(written..at)?, &mut finished);
            finished.push_str(xml.get(at..end)?);
            (written, at) = (end, end);
        } else if !element.is_empty()
            && markup.strip_prefix(element).is_some_and(|behind| behind.starts_with([' ', '>']))
        {
            // The writers escape `>` in attributes, so the first one is the end of the tag.
            let (_, behind) = split(markup, b'>')?;
            push_references(xml.get(written..xml.len() - behind.len())?, &mut finished);
            write(contents.next()?, &mut finished);
            let behind = behind.strip_prefix("<![CDATA[]]>").unwrap_or(behind);
            at = xml.len() - behind.len();
            written = at;
        }
    }
    push_references(xml.get(written..)?, &mut finished);
    finished.push('\n');
    contents.next().is_none().then_some(finished)
}

/// What begins a section behind its `<`.
const SECTION: &str = "![CDATA[";

/// Writes a text as a section.
pub(super) fn push_section(text: &str, finished: &mut String) {
    finished.push_str("<![CDATA[");
    let mut parts = text.split("]]>");
    finished.push_str(parts.next().unwrap_or_default());
    parts.for_each(|part| finished.extend(["]]]]><![CDATA[>", part]));
    finished.push_str("]]>");
}

/// Writes a text with `&`, `<` and `>` as references.
pub(super) fn push_escaped(text: &str, finished: &mut String) {
    let mut written = 0;
    for at in memchr::memchr3_iter(b'&', b'<', b'>', text.as_bytes()) {
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
        assert_eq!(finish(xml, Bodies::none()).as_deref(), Some(finished));
        assert_eq!(finish("<a><![CDATA[x</a>", Bodies::none()), None);
    }

    #[test]
    fn each_empty_element_gets_its_content() {
        let fill = |xml: &str, write, contents: &[&str]| {
            finish(xml, Bodies { element: "body", write, contents: contents.to_vec() })
        };
        let written = "<a><body type=\"html\"></body><body-like></body-like><body><![CDATA[]]></body></a>";
        let [one, two] = ["<p>Q&amp;A \"x\"</p>", "a]]>b]]>"];
        assert_eq!(
            fill(written, push_escaped, &[one, "&"]).as_deref(),
            Some(
                "<a><body type=\"html\">&#x3C;p&#x3E;Q&#x26;amp;A \"x\"&#x3C;/p&#x3E;</body><body-like></body-like>\
                 <body>&#x26;</body></a>\n"
            )
        );
        assert_eq!(
            fill(written, push_section, &[one, two]).as_deref(),
            Some(
                "<a><body type=\"html\"><![CDATA[<p>Q&amp;A \"x\"</p>]]></body><body-like></body-like>\
                 <body><![CDATA[a]]]]><![CDATA[>b]]]]><![CDATA[>]]></body></a>\n"
            )
        );
        assert_eq!(fill(written, push_escaped, &[one]), None);
        assert_eq!(fill(written, push_escaped, &[one, one, one]), None);
    }
}
