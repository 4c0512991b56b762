//! Text that is safe to put in a page: the one sanitizer.
//!
//! It reads a parsed tree and writes markup anew from a short list of elements, so that nothing comes through that it
//! does not know. What it writes is in one form: equal stories give equal bytes, and cleaning it again changes nothing.

use scraper::Node;
use scraper::node::Element;
use url::Url;

use super::{link, text};
use crate::draft::{Body, Fragment};

/// Sanitized HTML: only inert elements, absolute addresses, well nested. Made by the sanitizer alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Cleans the body of a draft. Relative addresses are resolved against `base`; without one they are left out and
    /// counted: of links the text stays, of pictures the text that stands for them.
    pub fn clean(body: &Body, base: Option<&Url>) -> (Self, LeftOut) {
        let writer = match body {
            Body::Empty => return Default::default(),
            Body::Paragraphs(paragraphs) => {
                let mut writer = Writer::new(base, paragraphs.iter().map(String::len).sum());
                for paragraph in paragraphs {
                    writer.open("p", "");
                    writer.text(paragraph);
                    writer.close_to(0);
                }
                writer
            }
            Body::Markup(fragment) => {
                let mut writer = Writer::new(base, 4096);
                writer.fragment(fragment);
                writer
            }
        };
        (Self(writer.out), writer.left_out)
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Markup that was clean when it was stored.
    pub(crate) fn recall(markup: String) -> Self {
        Self(markup)
    }

    /// The text: paragraphs apart by an empty line, lines of tables and lists by a line's end.
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.0.len());
        let mut rest = self.0.as_str();
        while let Some((before, behind)) = rest.split_once('<') {
            unescape_into(before, &mut out);
            let Some((tag, after)) = behind.split_once('>') else { break };
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
            let gap = match name {
                "br" | "tr" | "li" | "dt" | "dd" | "hr" | "figcaption" | "caption" => "\n",
                "td" | "th" if tag.starts_with('/') => " ",
                "td" | "th" => "",
                name if is_block(name) => "\n\n",
                _ => "",
            };
            if gap == " " {
                out.push(' ');
            } else if !gap.is_empty() {
                out.truncate(out.trim_end_matches(' ').len());
                let ends = out.bytes().rev().take_while(|byte| *byte == b'\n').count();
                if !out.is_empty() && ends < gap.len() {
                    out.push_str(gap.get(ends..).unwrap_or_default());
                }
            }
            rest = after;
        }
        unescape_into(rest, &mut out);
        out.truncate(out.trim_end().len());
        out
    }

    /// Whether there is nothing in it to read or see.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Address of the first picture in it.
    pub fn first_picture(&self) -> Option<&str> {
        let (_, rest) = self.0.split_once("<img src=\"")?;
        let (address, _) = rest.split_once('"')?;
        (address.starts_with("http") && !address.contains('&')).then_some(address)
    }
}

/// How many relative addresses were left out of a body that has no address to resolve them against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Links, and what plays or frames something.
    pub links: u32,
    /// Pictures.
    pub pictures: u32,
}

/// Elements open at once in what is written.
const DEEPEST: usize = 64;

/// Elements that are written as they are, with what they need above them. `""`: they may stand anywhere.
fn kept(name: &str) -> Option<(&'static str, &'static [&'static str])> {
    const ANYWHERE: &[&str] = &[];
    Some(match name {
        "p" => ("p", ANYWHERE),
        "br" => ("br", ANYWHERE),
        "hr" => ("hr", ANYWHERE),
        "h1" | "h2" => ("h2", ANYWHERE),
        "h3" => ("h3", ANYWHERE),
        "h4" => ("h4", ANYWHERE),
        "h5" => ("h5", ANYWHERE),
        "h6" => ("h6", ANYWHERE),
        "ul" | "menu" | "dir" => ("ul", ANYWHERE),
        "ol" => ("ol", ANYWHERE),
        "li" => ("li", &["ul", "ol"]),
        "dl" => ("dl", ANYWHERE),
        "dt" => ("dt", &["dl"]),
        "dd" => ("dd", &["dl"]),
        "table" => ("table", ANYWHERE),
        "caption" => ("caption", &["table"]),
        "thead" => ("thead", &["table"]),
        "tbody" => ("tbody", &["table"]),
        "tfoot" => ("tfoot", &["table"]),
        "tr" => ("tr", &["thead", "tbody", "tfoot"]),
        "td" => ("td", &["tr"]),
        "th" => ("th", &["tr"]),
        "blockquote" => ("blockquote", ANYWHERE),
        "pre" | "listing" | "xmp" => ("pre", ANYWHERE),
        "figure" => ("figure", ANYWHERE),
        "figcaption" => ("figcaption", &["figure"]),
        "em" | "i" => ("em", ANYWHERE),
        "strong" | "b" => ("strong", ANYWHERE),
        "code" | "tt" => ("code", ANYWHERE),
        "kbd" => ("kbd", ANYWHERE),
        "samp" => ("samp", ANYWHERE),
        "var" => ("var", ANYWHERE),
        "sub" => ("sub", ANYWHERE),
        "sup" => ("sup", ANYWHERE),
        "del" | "s" | "strike" => ("del", ANYWHERE),
        "ins" | "u" => ("ins", ANYWHERE),
        "mark" => ("mark", ANYWHERE),
        "small" => ("small", ANYWHERE),
        "cite" => ("cite", ANYWHERE),
        "q" => ("q", ANYWHERE),
        "abbr" | "acronym" => ("abbr", ANYWHERE),
        "dfn" => ("dfn", ANYWHERE),
        "ruby" => ("ruby", ANYWHERE),
        "rt" => ("rt", &["ruby"]),
        "rp" => ("rp", &["ruby"]),
        "a" => ("a", ANYWHERE),
        "img" => ("img", ANYWHERE),
        _ => return None,
    })
}

/// Elements whose content goes with them.
fn is_dropped(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "head"
            | "title"
            | "textarea"
            | "select"
            | "option"
            | "button"
            | "object"
            | "embed"
            | "applet"
            | "canvas"
            | "svg"
            | "math"
            | "noembed"
            | "noframes"
            | "frameset"
            | "plaintext"
            | "datalist"
            | "dialog"
            | "audio"
            | "video"
            | "iframe"
            | "map"
            | "progress"
            | "meter"
    )
}

/// Elements that begin a new line.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "hr"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "caption"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "blockquote"
            | "pre"
            | "figure"
            | "figcaption"
            | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "aside"
            | "nav"
            | "address"
            | "center"
            | "details"
            | "summary"
            | "fieldset"
            | "form"
            | "legend"
            | "menu"
            | "dir"
            | "listing"
            | "xmp"
            | "body"
            | "html"
            | "hgroup"
    )
}

/// Elements that only mark a stretch of a line.
fn is_inline(name: &str) -> bool {
    !is_block(name) && !matches!(name, "br" | "img" | "hr")
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h2" | "h3" | "h4" | "h5" | "h6")
}

/// An element that is open in what is written.
struct Open {
    name: &'static str,
    /// Attributes of an inline element that is written with the first text in it, so that empty ones leave no trace.
    waiting: Option<String>,
    /// Where its start tag begins and ends in the output.
    start: usize,
    end: usize,
}

/// What is still to be done in the walk over a tree.
enum Step<'t> {
    Visit(ego_tree::NodeRef<'t, Node>),
    /// Close what was opened above that many elements.
    CloseTo(usize),
    /// A block that is not written itself ends here, and with it the line.
    EndLine,
}

/// Writes clean markup.
struct Writer<'a> {
    out: String,
    base: Option<&'a Url>,
    open: Vec<Open>,
    /// Nothing has been written in this line yet.
    fresh: bool,
    /// The last character written is a space.
    spaced: bool,
    /// Line breaks to be written before what comes next in this block.
    breaks: u32,
    /// How many open elements keep white space as it is.
    pre: u32,
    left_out: LeftOut,
}

impl<'a> Writer<'a> {
    fn new(base: Option<&'a Url>, size: usize) -> Self {
        let out = String::with_capacity(size + size / 8);
        Self {
            out,
            base,
            open: Vec::new(),
            fresh: true,
            spaced: false,
            breaks: 0,
            pre: 0,
            left_out: LeftOut::default(),
        }
    }

    /// Writes the parts of a page. Without recursion: depth costs no stack.
    fn fragment(&mut self, fragment: &Fragment) {
        for part in &fragment.parts {
            let Some(root) = fragment.page.tree.get(*part) else { continue };
            let mut steps: Vec<Step<'_>> = root.children().rev().map(Step::Visit).collect();
            while let Some(step) = steps.pop() {
                match step {
                    Step::CloseTo(count) => self.close_to(count),
                    Step::EndLine => self.end_line(),
                    Step::Visit(node) => match node.value() {
                        Node::Text(text) => self.text(text),
                        Node::Element(element) if !fragment.without.contains(&node.id()) => {
                            let before = steps.len();
                            if self.element(element, &node, &mut steps) {
                                steps.extend(node.children().rev().map(Step::Visit));
                            } else {
                                steps.truncate(before);
                            }
                        }
                        _ => {}
                    },
                }
            }
            self.close_to(0);
        }
    }

    /// Opens an element of the tree and notes what ends it. Returns whether its children are to be visited.
    fn element<'t>(
        &mut self,
        element: &Element,
        node: &ego_tree::NodeRef<'t, Node>,
        steps: &mut Vec<Step<'t>>,
    ) -> bool {
        // Foreign content (SVG, MathML) goes whole: its rules of parsing are not those of HTML.
        if element.name.ns != html5ever::ns!(html) {
            return false;
        }
        let name = element.name();
        match name {
            _ if is_dropped(name) => {
                self.media_link(element, node);
                return false;
            }
            "br" => {
                self.breaks += u32::from(!self.fresh);
                return false;
            }
            "img" => {
                self.picture(element);
                return false;
            }
            "hr" => {
                self.end_lines();
                self.out.push_str("<hr>");
                return false;
            }
            _ => {}
        }
        // Beyond that depth only the text goes on: nobody nests so deep on purpose, and readers give up.
        if self.open.len() >= DEEPEST {
            if is_block(name) {
                self.end_line();
                steps.push(Step::EndLine);
            }
            return true;
        }
        match kept(name) {
            Some((name, above)) if is_block(name) => {
                if self.make_room(name, above) {
                    steps.push(Step::CloseTo(self.open.len()));
                    self.open(name, "");
                } else {
                    self.end_line();
                    steps.push(Step::EndLine);
                }
            }
            Some(("a", _)) => {
                let written = element.attr("href");
                let href =
                    written.and_then(|href| link::absolute(self.base, href, &["http", "https", "mailto", "tel"]));
                self.left_out.links += u32::from(written.is_some_and(|href| self.lacks_base(href)));
                if let Some(href) = href.filter(|_| !self.is_open("a")) {
                    self.begin_block();
                    steps.push(Step::CloseTo(self.open.len()));
                    let mut attributes = attribute("href", &href);
                    if let Some(title) = element.attr("title").filter(|title| !title.trim().is_empty()) {
                        attributes.push_str(&attribute("title", title));
                    }
                    self.open("a", &attributes);
                }
            }
            Some((name, above))
                if above.is_empty() || self.open.last().is_some_and(|open| above.contains(&open.name)) =>
            {
                self.begin_block();
                steps.push(Step::CloseTo(self.open.len()));
                let title = element.attr("title").filter(|title| name == "abbr" && !title.trim().is_empty());
                self.open(name, &title.map(|title| attribute("title", title)).unwrap_or_default());
            }
            None if is_block(name) => {
                self.end_line();
                steps.push(Step::EndLine);
            }
            _ => {}
        }
        true
    }

    /// Whether an address is lost for want of one that it is relative to.
    fn lacks_base(&self, address: &str) -> bool {
        self.base.is_none() && link::is_relative(address)
    }

    fn is_open(&self, name: &str) -> bool {
        self.open.iter().any(|open| open.name == name)
    }

    /// Closes what a block may not stand in. Returns whether it may stand where that leads.
    fn make_room(&mut self, name: &str, above: &[&str]) -> bool {
        if name == "p" && self.open.last().is_some_and(|open| is_inline(open.name)) {
            // A paragraph inside of an inline element: the element goes on, and the paragraph is a line of it.
            return false;
        }
        let closes = |open: &Open| is_inline(open.name) || open.name == "p" || is_heading(open.name);
        let count = self.open.iter().rposition(|open| !closes(open)).map_or(0, |at| at + 1);
        let holder = count.checked_sub(1).and_then(|at| self.open.get(at)).map(|open| open.name);
        let fits = match holder {
            _ if !above.is_empty() => holder.is_some_and(|holder| above.contains(&holder)),
            Some("ul" | "ol") => matches!(name, "ul" | "ol"),
            Some("dl" | "table" | "thead" | "tbody" | "tfoot" | "tr" | "pre" | "caption" | "figcaption") => false,
            _ => true,
        };
        if fits {
            self.close_to(count);
        }
        fits
    }

    /// Makes sure that a line may be written here: opens the block that it belongs to.
    fn begin_block(&mut self) {
        let holder = self.open.last().map(|open| open.name);
        if self.breaks > 1 && holder == Some("p") && self.pre == 0 {
            // Two line breaks are how old pages write paragraphs.
            self.close_to(self.open.len() - 1);
        }
        match self.open.last().map(|open| open.name) {
            None | Some("blockquote" | "figure") => self.open("p", ""),
            Some("ul" | "ol") => self.open("li", ""),
            Some("dl") => self.open("dd", ""),
            _ => {}
        }
    }

    /// Makes sure that text may be written here: writes the break before it and the tags that wait for it.
    fn begin_line(&mut self) {
        self.begin_block();
        if self.breaks > 0 {
            if self.pre > 0 {
                self.out.push('\n');
            } else if self.in_heading() {
                self.space();
            } else if !self.fresh {
                self.trim_space();
                self.out.push_str("<br>");
                self.fresh = true;
            }
            self.breaks = 0;
        }
        let first = self.open.iter().rposition(|open| open.waiting.is_none()).map_or(0, |at| at + 1);
        for open in self.open.iter_mut().skip(first) {
            if let Some(attributes) = open.waiting.take() {
                open.start = self.out.len();
                write_tag(open.name, &attributes, &mut self.out);
                open.end = self.out.len();
            }
        }
    }

    fn in_heading(&self) -> bool {
        self.open.iter().any(|open| is_heading(open.name) || matches!(open.name, "caption" | "figcaption"))
    }

    /// Ends a line without leaving the block that it stands in.
    fn end_line(&mut self) {
        let inside = self.open.iter().rposition(|open| !is_inline(open.name));
        match inside.and_then(|at| self.open.get(at)) {
            // A paragraph that holds nothing but this line ends with it.
            Some(open) if open.name == "p" && inside == Some(self.open.len() - 1) => self.close_to(self.open.len() - 1),
            Some(_) => self.breaks = self.breaks.max(u32::from(!self.fresh)),
            None => {}
        }
    }

    /// Ends all open lines, up to a block that holds blocks.
    fn end_lines(&mut self) {
        let closes = |open: &Open| is_inline(open.name) || open.name == "p" || is_heading(open.name);
        let count = self.open.iter().rposition(|open| !closes(open)).map_or(0, |at| at + 1);
        self.close_to(count);
    }

    /// Opens an element: a block at once, an inline element with the first text in it.
    fn open(&mut self, name: &'static str, attributes: &str) {
        if !is_block(name) {
            self.begin_block();
            self.open.push(Open { name, waiting: Some(attributes.to_owned()), start: 0, end: 0 });
            return;
        }
        self.trim_space();
        (self.fresh, self.spaced, self.breaks) = (true, false, 0);
        let start = self.out.len();
        write_tag(name, attributes, &mut self.out);
        self.pre += u32::from(name == "pre");
        self.open.push(Open { name, waiting: None, start, end: self.out.len() });
    }

    fn close_to(&mut self, count: usize) {
        while self.open.len() > count {
            let Some(Open { name, waiting, start, end }) = self.open.pop() else { return };
            if waiting.is_some() {
                continue;
            }
            let block = is_block(name);
            if block {
                self.trim_space();
            }
            self.pre -= u32::from(name == "pre");
            // What holds nothing is not written, but cells keep their place.
            if self.out.len() == end && !matches!(name, "td" | "th") {
                self.out.truncate(start);
            } else {
                self.out.push_str("</");
                self.out.push_str(name);
                self.out.push('>');
            }
            if block {
                (self.spaced, self.breaks) = (false, 0);
                // Text that follows a block inside of an item or a cell begins a line of its own by itself.
                self.fresh = true;
            }
        }
    }

    /// A space, unless there is one already or the line has just begun.
    fn space(&mut self) {
        if !self.fresh && !self.spaced {
            self.out.push(' ');
            self.spaced = true;
        }
    }

    /// Takes back a space at the end of a line.
    fn trim_space(&mut self) {
        if self.spaced && self.out.ends_with(' ') {
            self.out.pop();
        }
        self.spaced = false;
    }

    fn text(&mut self, text: &str) {
        if self.pre > 0 {
            // The parser takes away a line's end right behind the start tag.
            if self.fresh && text.starts_with('\n') {
                self.out.push('\n');
            }
            self.begin_line();
            text.chars().filter_map(text::fit).for_each(|c| escape_into(c, &mut self.out));
            self.fresh = false;
            return;
        }
        if matches!(self.open.last().map(|open| open.name), Some("table" | "thead" | "tbody" | "tfoot" | "tr")) {
            return;
        }
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if is_gap(first) {
                self.space();
                rest = rest.trim_start_matches(is_gap);
                continue;
            }
            if (self.fresh || self.breaks > 0) && matches!(first, '\u{a0}' | '\u{3000}' | '\u{2003}' | '\u{feff}') {
                // Indents made of spaces that do not break.
                rest = rest.trim_start_matches(['\u{a0}', '\u{3000}', '\u{2003}', '\u{feff}']);
                continue;
            }
            self.begin_line();
            let (plain, after) = rest.split_at(plain_length(rest));
            self.out.push_str(plain);
            if plain.is_empty() {
                if let Some(c) = text::fit(first) {
                    escape_into(c, &mut self.out);
                }
                rest = rest.split_at(first.len_utf8()).1;
            } else {
                rest = after;
            }
            (self.fresh, self.spaced) = (false, false);
        }
    }

    fn picture(&mut self, element: &Element) {
        if matches!(self.open.last().map(|open| open.name), Some("table" | "thead" | "tbody" | "tfoot" | "tr")) {
            return;
        }
        // Pages that load pictures late hold the address in an attribute of their own, and a placeholder in `src`.
        const LATE: [&str; 6] = ["data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-echo", "vurl"];
        let late = LATE.iter().find_map(|name| element.attr(name)).filter(|address| !address.trim().is_empty());
        let web = |address: &str| link::absolute(self.base, address, &["http", "https"]);
        let source = late.and_then(web).or_else(|| element.attr("src").and_then(web));
        let Some(source) = source else {
            if late.or(element.attr("src")).is_some_and(|address| self.lacks_base(address)) {
                self.left_out.pictures += 1;
                self.space();
                self.text(element.attr("alt").unwrap_or_default());
                self.space();
            }
            return;
        };
        let mut attributes = attribute("src", &source);
        attributes.push_str(&attribute("alt", element.attr("alt").unwrap_or("").trim()));
        for name in ["width", "height"] {
            let pixels = element.attr(name).map_or("", |value| value.trim().trim_end_matches("px"));
            if (1..=5).contains(&pixels.len()) && pixels.bytes().all(|byte| byte.is_ascii_digit()) && pixels != "0" {
                attributes.push_str(&attribute(name, pixels));
            }
        }
        let alone = self.open.last().is_some_and(|open| open.name == "figure");
        if alone {
            self.trim_space();
        } else {
            self.begin_line();
        }
        self.out.push_str("<img");
        self.out.push_str(&attributes);
        self.out.push('>');
        (self.fresh, self.spaced) = (alone, false);
    }

    /// What plays or frames something becomes a link to it.
    fn media_link(&mut self, element: &Element, node: &ego_tree::NodeRef<'_, Node>) {
        if !matches!(element.name(), "video" | "audio" | "iframe") || self.is_open("a") {
            return;
        }
        let source = element.attr("src").or_else(|| {
            node.children()
                .find_map(|child| child.value().as_element().filter(|child| child.name() == "source")?.attr("src"))
        });
        let Some(address) = source.and_then(|source| link::absolute(self.base, source, &["http", "https"])) else {
            self.left_out.links += u32::from(source.is_some_and(|source| self.lacks_base(source)));
            return;
        };
        self.end_line();
        self.open("a", &attribute("href", &address));
        self.text(&address);
        self.close_to(self.open.len() - 1);
        self.end_line();
    }
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{c}' | '\u{200b}')
}

/// How many bytes at the start of a text can be written as they are: words of it, with single spaces between.
fn plain_length(line: &str) -> usize {
    #[expect(clippy::needless_bitwise_bool, reason = "a branch for each byte is what this is to avoid")]
    text::run_of(line.as_bytes(), |byte| {
        byte.is_ascii_graphic() & (byte != b'<') & (byte != b'>') & (byte != b'&') & (byte != b'"')
    })
}

fn write_tag(name: &str, attributes: &str, out: &mut String) {
    out.push('<');
    out.push_str(name);
    out.push_str(attributes);
    out.push('>');
}

/// ` name="value"`, escaped.
fn attribute(name: &str, value: &str) -> String {
    let mut out = format!(" {name}=\"");
    value.chars().filter_map(text::fit).for_each(|c| escape_into(c, &mut out));
    out.push('"');
    out
}

fn escape_into(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        c => out.push(c),
    }
}

/// Reads back what [`escape_into`] writes.
fn unescape_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        let known = [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"')];
        if let Some((after, c)) = known.iter().find_map(|(name, c)| Some((behind.strip_prefix(name)?, *c))) {
            out.push(c);
            rest = after;
        } else {
            out.push('&');
            rest = behind;
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::guard;

    fn clean_with(markup: &str, base: Option<&Url>) -> Html {
        let page = guard::parse_fragment(markup);
        let parts = vec![page.root_element().id()];
        Html::clean(&Body::Markup(Fragment { page, parts, without: std::collections::HashSet::new() }), base).0
    }

    #[track_caller]
    fn check(markup: &str, expected: &str) {
        let base = Url::parse("https://example.edu/news/1.htm").expect("an address");
        let clean = clean_with(markup, Some(&base));
        assert_eq!(clean.as_str(), expected);
        assert_eq!(clean_with(clean.as_str(), None), clean, "cleaning again changes it");
    }

    #[test]
    fn known_elements_are_kept_and_renamed() {
        check("<h1>A</h1><p>b <b>c</b> <i>d</i></p>", "<h2>A</h2><p>b <strong>c</strong> <em>d</em></p>");
        check("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>");
        check(
            "<table><caption>t</caption><tr><th>a<td>1<tr><td>b<td></table>",
            "<table><caption>t</caption><tbody><tr><th>a</th><td>1</td></tr><tr><td>b</td><td></td></tr></tbody></table>",
        );
        check("<pre>\n\n x\n  y &lt;</pre>", "<pre>\n\n x\n  y &lt;</pre>");
        check(
            "<figure><img src=a.png><figcaption>c</figcaption></figure>",
            "<figure><img src=\"https://example.edu/news/a.png\" alt=\"\"><figcaption>c</figcaption></figure>",
        );
    }

    #[test]
    fn blocks_without_meaning_become_paragraphs() {
        check("<div>one<div>two</div>three</div>four", "<p>one</p><p>two</p><p>three</p><p>four</p>");
        check("one<br>two<br><br>three", "<p>one<br>two</p><p>three</p>");
        check("<div><span>a</span> <font>b</font></div>", "<p>a b</p>");
        check("<b><p>one</p><p>two</p></b>", "<p><strong>one<br>two</strong></p>");
        check("<ul><li><div>a</div><div>b</div></li></ul>", "<ul><li>a<br>b</li></ul>");
        check("<h2>a<br>b</h2>", "<h2>a b</h2>");
    }

    #[test]
    fn what_is_empty_goes() {
        check("<p>&nbsp;</p><p> </p><p><b></b></p><p>　　a</p><br><br>", "<p>a</p>");
        check("<a href=x></a><ul></ul>", "");
    }

    #[test]
    fn addresses_are_absolute_or_go() {
        check(
            "<a href='../x y?a=1&amp;b=2' onclick=x style=y>z</a>",
            "<p><a href=\"https://example.edu/x%20y?a=1&amp;b=2\">z</a></p>",
        );
        check("<a href='javascript:alert(1)'>z</a><a name=q>w</a>", "<p>zw</p>");
        check(
            "<img src='data:image/gif;base64,AAAA' data-src='a.jpg' alt='&quot;' width=10px height=0>",
            "<p><img src=\"https://example.edu/news/a.jpg\" alt=\"&quot;\" width=\"10\"></p>",
        );
        assert_eq!(clean_with("<a href=b>x</a><img src=c>", None).as_str(), "<p>x</p>");
        assert_eq!(
            clean_with("see<img src=c alt=' a map '>or<p><img src=d alt=y>", None).as_str(),
            "<p>see a map or</p><p>y</p>"
        );
    }

    #[test]
    fn active_content_goes_and_media_become_links() {
        check(
            "a<script>b</script><style>c</style><svg><a href=x>d</a></svg><form><input value=e>f</form>",
            "<p>a</p><p>f</p>",
        );
        check(
            "<iframe src='https://video.example/1'></iframe>",
            "<p><a href=\"https://video.example/1\">https://video.example/1</a></p>",
        );
        check("<noscript><p>x</p></noscript><template>y</template>z", "<p>z</p>");
    }

    #[test]
    fn blocks_inside_of_lines_end_the_line() {
        check("<p>a<ul><li>b</ul>c", "<p>a</p><ul><li>b</li></ul><p>c</p>");
        check("<a href='/x'><h3>t</h3><div>u</div></a>", "<h3>t</h3><p>u</p>");
        check("<blockquote>q<p>r</p></blockquote>", "<blockquote><p>q</p><p>r</p></blockquote>");
    }

    #[test]
    fn text_comes_back() {
        let html = clean_with(
            "<h2>T</h2><p>a &amp; b<br>c</p><ul><li>d</li><li>e</li></ul><table><tr><td>1</td><td>2</td></tr></table>",
            None,
        );
        assert_eq!(html.text(), "T\n\na & b\nc\n\nd\ne\n\n1 2");
    }

    proptest::proptest! {
        #[test]
        fn cleaning_is_a_fixpoint(markup in "(<(/?(p|div|b|a href=/x|i|ul|li|table|tr|td|h2|pre|blockquote|br|img src=y alt=z|span|dl|dt|dd|figure|figcaption|caption|script|svg|ruby|rt|select|form))>|[a-z &\u{a0}\n]){0,40}") {
            let base = Url::parse("https://example.edu/").expect("an address");
            for base in [Some(&base), None] {
                let once = clean_with(&markup, base);
                proptest::prop_assert_eq!(clean_with(once.as_str(), None), once);
            }
        }
    }
}
