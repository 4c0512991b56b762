//! Looks through the HTML inside of a feed for what readers cut out, and for what breaks the page around it.

use std::fmt;

use super::address;
use super::report::{Quoted, Report};
use super::rule::{self, Rule};
use super::text::{Text, Written};

/// Elements nested deeper than this are not followed.
const MOST_DEPTH: usize = 256;

/// Elements that any reader shows.
#[rustfmt::skip]
const SHOWN: &[&str] = &[
    "a", "abbr", "acronym", "address", "area", "article", "aside", "audio", "b", "bdi", "bdo", "big", "blockquote",
    "br", "caption", "center", "cite", "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "dialog",
    "dir", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "i", "img", "ins", "kbd", "label", "legend", "li", "main", "map", "mark", "menu",
    "meter", "nav", "noscript", "ol", "output", "p", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s",
    "samp", "section", "small", "source", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody",
    "td", "template", "tfoot", "th", "thead", "time", "tr", "track", "tt", "u", "ul", "var", "video", "wbr",
    "button", "canvas", "datalist", "fieldset", "form", "input", "optgroup", "option", "select", "textarea",
];

/// Elements of HTML that readers cut out, for safety or because a feed is no page.
#[rustfmt::skip]
const CUT_OUT: &[&str] = &[
    "applet", "base", "basefont", "body", "embed", "frame", "frameset", "head", "html", "iframe", "link", "listing",
    "meta", "noframes", "object", "param", "plaintext", "script", "slot", "style", "title", "xmp",
];

/// Elements without content.
#[rustfmt::skip]
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Elements whose end tag may be left out (HTML §13.1.2.4).
#[rustfmt::skip]
const END_OPTIONAL: &[&str] = &[
    "body", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "rp", "rt", "tbody", "td",
    "tfoot", "th", "thead", "tr",
];

/// Elements at whose start an open `p` ends (HTML §13.1.2.4).
#[rustfmt::skip]
const ENDS_PARAGRAPH: &[&str] = &[
    "address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div", "dl", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "main",
    "menu", "nav", "ol", "p", "pre", "section", "table", "ul",
];

/// Elements whose content is no markup.
const RAW: &[&str] = &["iframe", "noframes", "script", "style", "textarea", "title", "xmp"];

/// Attributes that hold an address.
const ADDRESSES: &[&str] = &["action", "background", "cite", "data", "formaction", "href", "longdesc", "poster", "src"];

/// What is left of a style that no reader could mistake for an attack.
const STYLE_DANGERS: &[&str] =
    &["url(", "expression(", "javascript:", "@import", "behavior:", "-moz-binding", "position:", "\\", "/*"];

/// Whether readers take an element of HTML out, with or without what is in it.
pub(super) fn is_cut_out(name: &str) -> bool {
    CUT_OUT.contains(&name)
}

/// Whether an attribute of HTML holds a script: `onclick`.
pub(super) fn is_handler(name: &str) -> bool {
    name.len() > 2 && name.starts_with("on") && name.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether HTML has an element of that name.
pub(super) fn is_element(name: &str) -> bool {
    let known = |list: &[&str]| list.iter().any(|known| known.eq_ignore_ascii_case(name));
    known(SHOWN) || known(CUT_OUT)
}

/// Whether relative addresses are resolved where the HTML stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relative {
    /// Nobody knows against what (RSS, JSON Feed).
    Wrong,
    /// Against `xml:base` or the address of the feed (Atom): some readers do.
    Resolved,
}

/// Checks HTML that was written as text.
pub(super) fn check(text: &Text, relative: Relative, report: &mut Report<'_>) {
    let html = text.value.as_str();
    let mut scan = Scan { text, relative, report, open: Vec::new() };
    let mut position = 0;
    while let Some(found) = html.get(position..).and_then(|rest| rest.find('<')) {
        if scan.report.is_full() {
            return;
        }
        position = scan.markup(html, position + found);
    }
    scan.finish();
}

struct Scan<'s, 'e, 'r> {
    text: &'s Text,
    relative: Relative,
    report: &'r mut Report<'e>,
    /// Open elements, and where they begin in the text.
    open: Vec<(String, usize)>,
}

impl Scan<'_, '_, '_> {
    fn tell(&mut self, rule: &Rule, position: usize, values: &[&dyn fmt::Display]) {
        self.report.tell(rule, self.text.offset(position).unwrap_or_default(), values);
    }

    /// Looks at what begins with the `<` at a position, and tells where to go on.
    fn markup(&mut self, html: &str, position: usize) -> usize {
        let rest = html.get(position..).unwrap_or_default();
        let until = |rest: &str, end: &str| rest.find(end).map(|found| position + found + end.len());
        if rest.starts_with("<!--") {
            return until(rest, "-->").unwrap_or_else(|| {
                self.tell(&rule::HTML_COMMENT_OPEN, position, &[]);
                html.len()
            });
        }
        match rest.as_bytes().get(1) {
            Some(b'!' | b'?') => {
                self.tell(&rule::HTML_DECLARATION, position, &[]);
                until(rest, ">").unwrap_or(html.len())
            }
            Some(b'/') => {
                let end = until(rest, ">").unwrap_or(html.len());
                let name =
                    rest.get(2..end - position).unwrap_or_default().trim_end_matches('>').trim().to_ascii_lowercase();
                self.end_tag(&name, position);
                end
            }
            Some(letter) if letter.is_ascii_alphabetic() => self.start_tag(html, position),
            _ => {
                self.tell(&rule::HTML_STRAY_LESS_THAN, position, &[]);
                position + 1
            }
        }
    }

    fn start_tag(&mut self, html: &str, position: usize) -> usize {
        let rest = html.get(position + 1..).unwrap_or_default();
        let length = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/' | '<')).unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or_default().to_ascii_lowercase();
        self.element(&name, position);
        let end = self.attributes(html, position + 1 + length);
        let closed = html.get(..end).is_some_and(|tag| tag.ends_with("/>"));
        if RAW.contains(&name.as_str()) {
            return raw_end(html, end, &name);
        }
        if ENDS_PARAGRAPH.contains(&name.as_str()) && self.open.last().is_some_and(|(open, _)| open == "p") {
            self.open.pop();
        }
        // Only foreign elements close themselves; `<b/>` opens a `b`, yet what is meant is plain.
        if !VOID.contains(&name.as_str()) && !closed && self.open.len() < MOST_DEPTH {
            self.open.push((name, position));
            if self.open.len() == MOST_DEPTH {
                self.tell(&rule::HTML_TOO_DEEP, position, &[&MOST_DEPTH]);
            }
        }
        end
    }

    fn element(&mut self, name: &str, position: usize) {
        if is_cut_out(name) {
            self.tell(&rule::HTML_CUT_OUT, position, &[&name]);
        } else if !SHOWN.contains(&name) {
            self.tell(&rule::HTML_ELEMENT_UNKNOWN, position, &[&name]);
        }
    }

    /// Looks at the attributes from a position on, and tells where the tag ends.
    fn attributes(&mut self, html: &str, mut position: usize) -> usize {
        loop {
            let rest = html.get(position..).unwrap_or_default();
            let Some(skip) = rest.find(|c: char| !c.is_ascii_whitespace() && c != '/') else { return html.len() };
            position += skip;
            let rest = html.get(position..).unwrap_or_default();
            if rest.starts_with('>') {
                return position + 1;
            }
            if rest.starts_with('<') {
                self.tell(&rule::HTML_TAG_OPEN, position, &[]);
                return position;
            }
            let length = rest
                .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/' | '<'))
                .unwrap_or(rest.len());
            let name = rest.get(..length.max(1)).unwrap_or(rest).to_ascii_lowercase();
            let name_at = position;
            position += name.len();
            let rest = html.get(position..).unwrap_or_default();
            let Some(after) = rest.trim_start().strip_prefix('=').map(str::trim_start) else {
                self.attribute(&name, "", name_at, position);
                continue;
            };
            let value_at = position + (rest.len() - after.len());
            let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''));
            let (value, end) = if let Some(quote) = quote {
                let inside = after.get(1..).unwrap_or_default();
                let Some(length) = inside.find(quote) else {
                    self.tell(&rule::HTML_VALUE_OPEN, value_at, &[&Quoted(&name), &quote]);
                    return html.len();
                };
                (inside.get(..length).unwrap_or_default(), value_at + length + 2)
            } else {
                let length = after.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(after.len());
                (after.get(..length).unwrap_or_default(), value_at + length)
            };
            self.attribute(&name, value, name_at, value_at);
            position = end;
        }
    }

    fn attribute(&mut self, name: &str, value: &str, name_at: usize, value_at: usize) {
        if is_handler(name) {
            self.tell(&rule::HTML_EVENT_HANDLER, name_at, &[&name]);
        } else if name == "style" {
            let style = value.to_ascii_lowercase();
            if let Some(danger) = STYLE_DANGERS.iter().find(|danger| style.contains(**danger)) {
                self.tell(&rule::HTML_STYLE_UNSAFE, name_at, &[&danger]);
            }
        } else if name == "srcset" {
            for candidate in value.split(", ") {
                self.address(candidate.trim().split(' ').next().unwrap_or_default(), value_at);
            }
        } else if ADDRESSES.contains(&name) {
            self.address(value.trim(), value_at);
        }
    }

    fn address(&mut self, value: &str, position: usize) {
        let bare: String =
            value.chars().take(16).filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        if bare.starts_with("javascript:") || bare.starts_with("vbscript:") {
            self.tell(&rule::HTML_SCRIPT_ADDRESS, position, &[&Quoted(value)]);
        } else if value.contains(' ') && !bare.starts_with("data:") && !bare.starts_with("mailto:") {
            self.tell(&rule::HTML_ADDRESS_INVALID, position, &[&Quoted(value)]);
        } else if !value.is_empty() && !value.starts_with('#') && address::scheme(value).is_none() {
            let rule = match self.relative {
                Relative::Wrong => rule::HTML_ADDRESS_RELATIVE,
                Relative::Resolved => rule::HTML_ADDRESS_RELATIVE_TO_BASE,
            };
            self.tell(&rule, position, &[&Quoted(value)]);
        }
    }

    fn end_tag(&mut self, name: &str, position: usize) {
        let Some(depth) = self.open.iter().rposition(|(open, _)| open == name) else {
            if self.open.len() < MOST_DEPTH {
                self.tell(&rule::HTML_END_TAG_STRAY, position, &[&name]);
            }
            return;
        };
        let inner = self.open.get(depth + 1..).unwrap_or_default();
        match inner.iter().rfind(|(open, _)| !END_OPTIONAL.contains(&open.as_str())).cloned() {
            Some((unclosed, _)) => {
                self.tell(&rule::HTML_MISNESTED, position, &[&name, &unclosed]);
                self.open.remove(depth);
            }
            None => self.open.truncate(depth),
        }
    }

    fn finish(mut self) {
        let open = std::mem::take(&mut self.open);
        if let Some((name, position)) = open.iter().find(|(open, _)| !END_OPTIONAL.contains(&open.as_str())) {
            self.tell(&rule::HTML_UNCLOSED, *position, &[&name, &name]);
        }
    }
}

/// Where the content of a raw text element ends, after its end tag.
fn raw_end(html: &str, start: usize, name: &str) -> usize {
    let rest = html.get(start..).unwrap_or_default();
    for (found, _) in rest.match_indices("</") {
        let after = rest.get(found + 2..).unwrap_or_default();
        if after.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name)) {
            return after.find('>').map_or(html.len(), |end| start + found + 2 + end + 1);
        }
    }
    html.len()
}

/// Where, in a text that should have no markup, some stands; in bytes. References to characters count as well.
pub(super) fn markup_in_plain_text(text: &Text) -> Option<(usize, String)> {
    let value = text.value.as_str();
    for (position, _) in value.match_indices("</") {
        let name: String =
            value.get(position + 2..)?.chars().take(16).take_while(char::is_ascii_alphanumeric).collect();
        if is_element(&name) && value.get(position + 2 + name.len()..)?.starts_with('>') {
            return Some((position, format!("</{name}>")));
        }
    }
    for (position, _) in value.match_indices('&') {
        let name: String = value
            .get(position + 1..)?
            .chars()
            .take(12)
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '#')
            .collect();
        let ended = value.get(position + 1 + name.len()..)?.starts_with(';');
        let known = name.starts_with('#')
            || matches!(
                name.as_str(),
                "amp"
                    | "lt"
                    | "gt"
                    | "quot"
                    | "apos"
                    | "nbsp"
                    | "copy"
                    | "reg"
                    | "hellip"
                    | "mdash"
                    | "ndash"
                    | "lsquo"
                    | "rsquo"
                    | "ldquo"
                    | "rdquo"
                    | "eacute"
                    | "trade"
                    | "middot"
                    | "bull"
                    | "times"
                    | "euro"
                    | "laquo"
                    | "raquo"
            );
        let number = name.starts_with(|c: char| c.is_ascii_digit());
        if ((ended && known) || number) && text.written(position) != Some(Written::Hexadecimal) {
            return Some((position, format!("&{name}{}", if ended { ";" } else { "" })));
        }
    }
    None
}
