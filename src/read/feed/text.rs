//! Text of feeds: plain or HTML, whatever the format calls it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use memchr::memmem;
use scraper::Node;
use url::Url;

use super::super::guard;
use super::entity::{Entities, named};
use super::tree::Element;
use super::words;
use crate::draft::{is_block, tags};

/// What kind of text a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Markup {
    /// Plain text.
    Plain,
    /// HTML that nobody has cleaned.
    Html,
    /// Plain text, and the feed says so (RFC 4287 §3.1.1.1): what looks like a tag in it is a word.
    Declared,
}

/// A text of a feed, not sanitized.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    /// The text, at most 1 MiB.
    pub value: String,
    /// What kind of text it is.
    pub markup: Markup,
    /// The address that relative addresses in it resolve against. `None`: the feed tells none.
    pub base: Option<Arc<Url>>,
    /// BCP 47 tag of its language, as told. `None`: it is not told.
    pub language: Option<String>,
}

impl Text {
    /// Plain text that an element of no markup holds.
    pub fn plain(value: &str) -> Self {
        Self { value: value.to_owned(), markup: Markup::Plain, base: None, language: None }
    }

    /// The text as one line without markup; an empty line if there is nothing to read in it.
    pub fn line(&self) -> String {
        match self.markup {
            Markup::Plain | Markup::Declared => one_line(&self.value),
            Markup::Html => text_of_html(&self.value),
        }
    }
}

/// White space made single.
fn one_line(text: &str) -> String {
    let text = text.trim_ascii();
    let is_plain = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
    // Most titles are ASCII with single spaces.
    if text.as_bytes().iter().fold(true, |all, byte| all & is_plain(byte))
        && memmem::find(text.as_bytes(), b"  ").is_none()
    {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// The words of a piece of HTML, as one line.
fn text_of_html(markup: &str) -> String {
    let page = guard::parse_fragment(markup);
    let mut text = String::new();
    let mut next = Some(page.tree.root());
    let mut hidden = None;
    // Depth first along the links of the tree: depth costs no stack.
    while let Some(node) = next {
        match node.value() {
            Node::Text(words) if hidden.is_none() => text.push_str(words),
            Node::Element(element) => match element.name() {
                "script" | "style" if hidden.is_none() => hidden = Some(node.id()),
                "br" | "p" | "div" | "li" | "td" | "hr" => text.push(' '),
                _ => {}
            },
            _ => {}
        }
        let mut place = node;
        next = node.first_child().or_else(|| {
            loop {
                if hidden == Some(place.id()) {
                    hidden = None;
                }
                match place.next_sibling() {
                    Some(sibling) => break Some(sibling),
                    None => place = place.parent()?,
                }
            }
        });
    }
    one_line(&text)
}

/// How a text is meant that does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Custom {
    /// HTML if there is any tag in it, else plain, so that its paragraphs are seen (RSS `<description>`, `content:encoded`).
    Html,
    /// HTML if it is evidently that, or a reference is in it, else plain (titles in RSS).
    Either,
}

/// The text that an element holds: an Atom text construct (RFC 4287 §3.1; Atom 0.3 §3.1 with its modes), or as is the
/// custom in RSS. `None`: there is none, or it is no text.
pub(super) fn text(element: &Element, custom: Custom, base: Option<&Arc<Url>>) -> Option<Text> {
    let kind = element.attribute("type").unwrap_or_default().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let mut value = element.value.trim();
    let decoded;
    let is_html = matches!(kind, "html" | "xhtml" | "text/html" | "application/xhtml+xml");
    let mut markup = if element.markup || is_html { Markup::Html } else { Markup::Plain };
    match element.attribute("mode").map(str::to_ascii_lowercase).as_deref() {
        Some("base64") if !element.markup => {
            decoded = base64(value)?;
            value = decoded.trim();
            markup = if is_html || looks_like_html(value) { Markup::Html } else { Markup::Plain };
        }
        Some("escaped") if kind.is_empty() && looks_like_html(value) => markup = Markup::Html,
        Some("xml") if kind.ends_with("html") && !element.markup => markup = Markup::Plain,
        _ if element.markup && kind == "xhtml" => value = without_wrapper(value),
        _ if element.markup => {}
        // RFC 4287 §4.1.3.3: what has a type that is no text is in base 64; it may be text for all that.
        // What it cannot be is as it was written, whatever its type.
        _ if kind.contains('/')
            && !is_html
            && !kind.starts_with("text/")
            && !kind.ends_with("xml")
            && may_be_base64(value) =>
        {
            decoded = base64(value)?;
            value = decoded.trim();
            markup = if looks_like_html(value) { Markup::Html } else { Markup::Plain };
        }
        _ if matches!(kind, "text" | "text/plain") => markup = Markup::Declared,
        _ if !kind.is_empty() => {}
        // RFC 4287 §3.1.1 calls it text; but who writes tags and references into it forgot to say that it is HTML.
        _ => {
            let is_html = match custom {
                Custom::Html => words::has_markup(value) || has_reference(value),
                Custom::Either => is_evidently_html(value),
            };
            if is_html {
                markup = Markup::Html;
            }
        }
    }
    let language = element.language.as_deref().filter(|tag| !tag.is_empty()).map(str::to_owned);
    let base = element.base.as_ref().or(base).cloned();
    let value = if markup == Markup::Html { html(value) } else { Cow::Borrowed(value) };
    (!value.is_empty()).then(|| Text { value: value.into_owned(), markup, base, language })
}

/// HTML of a feed, so that a parser loses no words of it.
pub(super) fn html(written: &str) -> Cow<'_, str> {
    match opened(written) {
        Some(html) => Cow::Owned(whole(&html).into_owned()),
        None => whole(written),
    }
}

fn whole(html: &str) -> Cow<'_, str> {
    words::kept(with_closed_frames(without_declarations(html)))
}

/// HTML that was escaped once too often, opened. `None`: it was not. A text about HTML names a tag or two in its sentences; what was
/// escaped whole has no tag that was not, begins and ends with one, and all in it that begin something end it.
fn opened(html: &str) -> Option<String> {
    let html = html.trim_ascii();
    if !html.starts_with("&lt;") || !html.ends_with("&gt;") || html.contains('<') {
        return None;
    }
    let mut opened = String::with_capacity(html.len());
    Entities::default().decode(html, &mut opened);
    let has_attributes = |tag: &tags::Tag<'_>| opened.get(tag.start..tag.end).is_some_and(|tag| tag.contains('='));
    let first = tags::tags(&opened).next().filter(|tag| is_block(&tag.name) || has_attributes(tag));
    let last = tags::tags(&opened).last();
    let (begun, ended): (HashSet<_>, HashSet<_>) = {
        let (ended, begun): (Vec<_>, Vec<_>) = tags::tags(&opened).partition(|tag| tag.is_closing);
        let names = |tags: Vec<tags::Tag<'_>>| tags.into_iter().map(|tag| tag.name).collect();
        (names(begun), names(ended))
    };
    let is_alone = |name: &String| matches!(name.as_str(), "br" | "hr" | "img" | "input" | "wbr" | "source");
    let is_whole = first.is_some_and(|first| first.start == 0 && !first.is_closing)
        && last.is_some_and(|last| last.end == opened.len())
        && !ended.is_empty()
        && begun.difference(&ended).all(is_alone);
    is_whole.then_some(opened)
}

/// HTML without what begins with `<!`, so that no words are lost with it: a parser would take all behind an endless
/// comment for part of it. Comments go, CDATA sections that were escaped twice are opened, the rest was meant as text.
fn without_declarations(html: &str) -> Cow<'_, str> {
    if !html.contains("<!") {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    let (mut comments, mut sections) = (true, true);
    while let Some((before, behind)) = rest.split_once("<!") {
        out.push_str(before);
        if let Some(comment) = behind.strip_prefix("--") {
            let end = if comments { comment.split_once("-->") } else { None };
            comments = end.is_some();
            rest = end.or_else(|| comment.split_once('>')).map_or(comment, |(_, after)| after);
        } else if let Some(section) = behind.strip_prefix("[CDATA[") {
            let end = if sections { section.split_once("]]>") } else { None };
            sections = end.is_some();
            let (content, after) = end.unwrap_or((section, ""));
            out.push_str(content);
            rest = after;
        } else if behind.get(..7).is_some_and(|name| name.eq_ignore_ascii_case("doctype")) && behind.contains('>') {
            rest = behind.split_once('>').map_or("", |(_, after)| after);
        } else {
            out.push_str("&lt;!");
            rest = behind;
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// HTML with each `<iframe>` ended where it begins. Its content is for readers that show no frames, yet a parser of HTML
/// takes it, and where it was written `<iframe/>` all that follows, for text without tags (HTML §13.2.6.4.7).
fn with_closed_frames(html: Cow<'_, str>) -> Cow<'_, str> {
    let is_frame = |piece: &&str| piece.get(..6).is_some_and(|name| name.eq_ignore_ascii_case("iframe"));
    let mut pieces = html.split('<');
    let first = pieces.next().unwrap_or_default();
    if !pieces.clone().any(|piece| is_frame(&piece)) {
        return html;
    }
    let mut out = String::with_capacity(html.len() + 64);
    out.push_str(first);
    for piece in pieces {
        out.push('<');
        match piece.split_once('>').filter(|_| is_frame(&piece)) {
            Some((tag, behind)) => out.extend([tag, "></iframe>", behind]),
            None => out.push_str(piece),
        }
    }
    Cow::Owned(out)
}

/// The content of the `<div>` that Atom puts around XHTML (RFC 4287 §3.1.1.3).
fn without_wrapper(value: &str) -> &str {
    let inner = || {
        let behind = value.strip_prefix("<div")?;
        let (attributes, content) = behind.split_once('>')?;
        let content = content.strip_suffix("</div>")?;
        // Two elements side by side are no wrapper.
        let depth = content.matches("<div").count() == content.matches("</div").count();
        let first = content.find("</div").is_none_or(|end| content.find("<div").is_some_and(|start| start < end));
        (depth && first && (attributes.is_empty() || attributes.starts_with(' '))).then_some(content)
    };
    inner().map_or(value, str::trim)
}

/// Whether a text has a tag or a reference of HTML in it.
pub(in crate::read) fn looks_like_html(text: &str) -> bool {
    words::has_element(text) || has_reference(text)
}

/// Whether a line that should be plain text, such as a title, is HTML for all that, and not about it.
pub(in crate::read) fn is_evidently_html(line: &str) -> bool {
    tags::is_evident(line) || has_reference(line)
}

/// Whether a text has a reference of HTML in it. Two that begin no word are such without their end, too (HTML §13.2.5.73).
fn has_reference(text: &str) -> bool {
    text.split('&').skip(1).any(|behind| {
        let rest = behind.strip_prefix("quot").or_else(|| behind.strip_prefix("nbsp"));
        if rest.is_some_and(|rest| !rest.starts_with(|c: char| c == '=' || c.is_ascii_lowercase())) {
            return true;
        }
        let end = behind.bytes().take(32).position(|byte| byte == b';');
        let name = end.and_then(|end| behind.get(..end)).unwrap_or_default();
        let number = name.strip_prefix('#').map(|number| number.trim_start_matches(['x', 'X']));
        number.map_or_else(
            || named(name).is_some(),
            |number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_hexdigit()),
        )
    })
}

/// Whether a text has the signs of base 64 alone, and as many as that has (RFC 4648 §4).
fn may_be_base64(text: &str) -> bool {
    let mut signs = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).peekable();
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=');
    signs.peek().is_some()
        && signs.try_fold(0_usize, |count, byte| is_sign(byte).then_some(count + 1)).is_some_and(|count| count % 4 == 0)
}

/// Text in base 64 (RFC 4648 §4); characters of no value are passed over.
fn base64(text: &str) -> Option<String> {
    let (mut bytes, mut held, mut bits) = (Vec::with_capacity(text.len() / 4 * 3), 0_u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => continue,
        };
        held = (held << 6 | u32::from(value)) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap_or_default());
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_told_from_text() {
        for html in
            ["<p>a", "a<BR/>b", "caf&eacute;", "&#8212; x", "&#xe9;", "a</b>", "&quotThe tide&quot rose", "a&nbsp"]
        {
            assert!(looks_like_html(html), "{html}");
        }
        for plain in [
            "a < b > c", "Vec<T>", "R&D; x", "AT&T", "&#; &;", "<3 you", "<unknown>x</unknown>", "<b", "/?a&quot=1",
            "&quota",
        ] {
            assert!(!looks_like_html(plain), "{plain}");
        }
    }

    #[test]
    fn html_gives_one_line_of_its_words() {
        let text = |value: &str| Text { markup: Markup::Html, ..Text::plain(value) };
        assert_eq!(
            text(" <p>Tide &amp; <b>mo</b>on<br>today<script>x</script><i>!</i></p>").line(),
            "Tide & moon today!"
        );
        assert_eq!(Text::plain(" 1 <\n 2 ").line(), "1 < 2");
    }

    #[test]
    fn declarations_take_no_words_with_them() {
        let check = |html: &str, expected: &str| assert_eq!(without_declarations(html), expected);
        check("a<!-- b -->c<!-- <p> d -->e", "ace");
        check("a<!-- b >c<!-- d", "ac d");
        check("<![CDATA[<p>a</p>]]>b<![CDATA[c", "<p>a</p>bc");
        check("<!DOCTYPE html><p>a", "<p>a");
        check("a <! b <!doctype", "a &lt;! b &lt;!doctype");
    }

    #[test]
    fn what_follows_a_frame_is_not_lost_in_it() {
        let check = |html: &str, expected: &str| assert_eq!(with_closed_frames(Cow::Borrowed(html)), expected);
        check("a<iframe src=x/><b>c</b>", "a<iframe src=x/></iframe><b>c</b>");
        check("<IFrame><b>c</b></iframe>", "<IFrame></iframe><b>c</b></iframe>");
        check("a<b>c<iframe", "a<b>c<iframe");
        let summary = "<rss><item><description>&lt;iframe src='x'/&gt;&lt;p&gt;The &lt;b&gt;tide";
        let feed = super::super::read(
            format!("{summary}</description></item></rss>").as_bytes(),
            &super::super::Around::default(),
        );
        let line = feed.ok().and_then(|feed| Some(feed.entries.first()?.facts.summary.as_ref()?.line()));
        assert_eq!(line.as_deref(), Some("The tide"));
    }

    #[test]
    fn what_was_escaped_once_too_often_is_opened() {
        let check = |html: &str, expected: Option<&str>| assert_eq!(opened(html).as_deref(), expected, "{html}");
        check(
            " &lt;p&gt;The &lt;a href=\"/tide\"&gt;tide&lt;/a&gt; &amp;amp; &lt;br&gt;moon&lt;/p&gt;\n",
            Some("<p>The <a href=\"/tide\">tide</a> &amp; <br>moon</p>"),
        );
        check("&lt;a href='/t'&gt;tide&lt;/a&gt;", Some("<a href='/t'>tide</a>"));
        for about in [
            "Use &lt;p&gt; for paragraphs",
            "&lt;p&gt; is a paragraph, and so is &lt;p&gt;",
            "&lt;p&gt;a&lt;/p&gt; is a paragraph",
            "&lt;b&gt; and &lt;/b&gt;",
            "<p>&lt;p&gt;a&lt;/p&gt;</p>",
            "&lt;jane@quay.example&gt;",
            "&lt;&gt;",
        ] {
            check(about, None);
        }
        assert_eq!(
            html("&lt;p&gt;Jane &amp;lt;jane@quay.example&amp;gt;&lt;/p&gt;"),
            "<p>Jane &lt;jane@quay.example&gt;</p>"
        );
    }

    #[test]
    fn base_64_is_read_with_gaps() {
        assert_eq!(base64("SGFy\n Ym91cg==").as_deref(), Some("Harbour"));
        assert_eq!(base64("/w=="), None);
        assert!(may_be_base64("SGFy\n Ym91cg=="));
        for words in ["All rights reserved", "The harbour, and", "", "Hafenübersicht"] {
            assert!(!may_be_base64(words), "{words}");
        }
    }

    #[test]
    fn only_a_real_wrapper_is_taken_off() {
        assert_eq!(without_wrapper("<div class=\"x\">a <div>b</div></div>"), "a <div>b</div>");
        assert_eq!(without_wrapper("<div>a</div><div>b</div>"), "<div>a</div><div>b</div>");
        assert_eq!(without_wrapper("<p>a</p>"), "<p>a</p>");
    }
}
