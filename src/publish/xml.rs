//! The last touch to XML that was written: what RSS, Atom and OPML share.

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
    let mut rest = xml;
    while let Some((characters, markup)) = split(rest, b'<') {
        push_references(&mut finished, characters, true);
        finished.push('<');
        if let Some(cdata) = markup.strip_prefix("![CDATA[") {
            let (data, after) = cdata.split_once("]]>")?;
            finished.extend(["![CDATA[", data, "]]>"]);
            rest = after;
            continue;
        }
        // The writers escape `>` in attributes, so the first one is the end of the tag.
        let (tag, after) = split(markup, b'>')?;
        push_references(&mut finished, tag, false);
        finished.push('>');
        rest = after;
        if !element.is_empty() && tag.split(' ').next() == Some(element) {
            write(contents.next()?, &mut finished);
            rest = after.strip_prefix("<![CDATA[]]>").unwrap_or(after);
        }
    }
    push_references(&mut finished, rest, true);
    finished.push('\n');
    contents.next().is_none().then_some(finished)
}

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

fn push_references(finished: &mut String, characters: &str, quotes: bool) {
    let mut rest = characters;
    while let Some((plain, reference)) = split(rest, b'&') {
        let (name, after) = reference.split_once(';').unwrap_or((reference, ""));
        finished.push_str(plain);
        match name {
            "amp" => finished.push_str("&#x26;"),
            "lt" => finished.push_str("&#x3C;"),
            "gt" => finished.push_str("&#x3E;"),
            "quot" if quotes => finished.push('"'),
            "apos" if quotes => finished.push('\''),
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
