//! Writes clean markup from a parsed tree, in one form.

use scraper::Node;
use scraper::node::Element;
use url::Url;

use super::elements::{is_dropped, is_heading, is_inline, kept};
use super::picture::{self, Picture};
use super::{LeftOut, escape_into, hidden};
use crate::draft::{Fragment, is_block};
use crate::item::{link, text};

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
pub(super) struct Writer<'a> {
    pub(super) out: String,
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
    pub(super) left_out: LeftOut,
}

impl<'a> Writer<'a> {
    pub(super) fn new(base: Option<&'a Url>, size: usize) -> Self {
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
    pub(super) fn fragment(&mut self, fragment: &Fragment) {
        for part in &fragment.parts {
            let Some(root) = fragment.page.tree.get(*part) else { continue };
            // A caption is one below its figure only.
            if root.value().as_element().is_some_and(|element| element.name() == "figure") {
                self.open("figure", "");
            }
            let mut steps: Vec<Step<'_>> = root.children().rev().map(Step::Visit).collect();
            while let Some(step) = steps.pop() {
                match step {
                    Step::CloseTo(count) => self.close_to(count),
                    Step::EndLine => self.end_line(),
                    Step::Visit(node) => match node.value() {
                        Node::Text(text) if !fragment.without.contains(&node.id()) => self.text(text),
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
        // Foreign content (SVG, MathML) goes whole: its rules of parsing are not those of HTML. Formulas leave their words.
        if element.name.ns != html5ever::ns!(html) {
            if element.name() == "math" {
                self.text(&words_of_formula(element, *node));
            }
            return false;
        }
        if let Some(mail) = element.attr("data-cfemail").and_then(hidden::mail) {
            self.text(&mail);
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
            "picture" => {
                let named =
                    |name| node.descendants().find_map(|node| node.value().as_element().filter(|e| e.name() == name));
                // Browsers show nothing without an `img`, but scripts make it, or tell it where its picture is.
                let is_shown = named("img").is_some_and(|img| self.address_of(&Picture::of(img)).is_some());
                if let Some(source) = named("source").filter(|_| !is_shown) {
                    self.picture(source);
                }
            }
            "hr" if self.is_between_cells() => return false,
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
                    self.open(name, &spans(name, element));
                } else {
                    self.end_line();
                    steps.push(Step::EndLine);
                }
            }
            Some(("a", _)) => {
                let written = element.attr("href");
                let mail = written.and_then(hidden::link);
                let written = mail.as_deref().or(written);
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
    pub(super) fn open(&mut self, name: &'static str, attributes: &str) {
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

    pub(super) fn close_to(&mut self, count: usize) {
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

    /// Whether nothing but parts of a table may stand here.
    fn is_between_cells(&self) -> bool {
        matches!(self.open.last().map(|open| open.name), Some("table" | "thead" | "tbody" | "tfoot" | "tr"))
    }

    pub(super) fn text(&mut self, text: &str) {
        if self.pre > 0 {
            let mut fit = text.chars().filter_map(text::fit).peekable();
            let Some(first) = fit.peek() else { return };
            // The parser takes away a line's end right behind the start tag.
            if self.fresh && *first == '\n' {
                self.out.push('\n');
            }
            self.begin_line();
            fit.for_each(|c| escape_into(c, &mut self.out));
            self.fresh = false;
            return;
        }
        if self.is_between_cells() {
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
            let (plain, after) = rest.split_at(plain_length(rest));
            if plain.is_empty() {
                rest = rest.split_at(first.len_utf8()).1;
                // What is left out begins no line, and ends no space.
                let Some(c) = text::fit(first) else { continue };
                self.begin_line();
                escape_into(c, &mut self.out);
            } else {
                self.begin_line();
                self.out.push_str(plain);
                rest = after;
            }
            (self.fresh, self.spaced) = (false, false);
        }
    }

    /// Where a picture is on the web.
    fn address_of(&self, picture: &Picture<'_>) -> Option<String> {
        picture.addresses().find_map(|address| link::absolute(self.base, address, &["http", "https"]))
    }

    fn picture(&mut self, element: &Element) {
        let picture = Picture::of(element);
        if self.is_between_cells() || picture.is_hidden() {
            return;
        }
        if let Some(character) = picture.character() {
            self.text(character);
            return;
        }
        let Some(source) = self.address_of(&picture) else {
            if picture.addresses().next().is_some_and(|address| self.lacks_base(address)) {
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
            if let Some(pixels) = picture.pixels(name).filter(|pixels| *pixels > 0) {
                attributes.push_str(&attribute(name, &pixels.to_string()));
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
        let below = || node.children().filter_map(|child| child.value().as_element());
        let source = element.attr("src").filter(|source| !source.trim().is_empty() && !source.starts_with("about:"));
        let source = source.or_else(|| below().find(|child| child.name() == "source")?.attr("src")).or_else(|| {
            // Who asks for consent first puts it elsewhere.
            let is_whole = |told: &&str| {
                (told.starts_with("https://") || told.starts_with("//")) && !picture::is_address_of_picture(told)
            };
            let waiting = |(name, _): &(&str, &str)| name.starts_with("data-") && name.ends_with("src");
            element.attrs().filter(waiting).map(|(_, told)| told).find(is_whole)
        });
        let Some(address) = source.and_then(|source| link::absolute(self.base, source, &["http", "https"])) else {
            self.left_out.links += u32::from(source.is_some_and(|source| self.lacks_base(source)));
            return;
        };
        self.end_line();
        self.open("a", &attribute("href", &address));
        // Nobody reads what a player is told behind its address.
        let shown =
            if address.len() > LONGEST { address.split(['?', '#']).next().unwrap_or_default() } else { &address };
        self.text(shown);
        self.close_to(self.open.len() - 1);
        self.end_line();
    }
}

/// What stands for a formula: what its author wrote for that, else what is in it, without notes in other languages of formulas.
/// Where its signs stand above each other, their words alone would be another formula, and the note in TeX is taken.
fn words_of_formula(element: &Element, formula: ego_tree::NodeRef<'_, Node>) -> String {
    if let Some(told) = element.attr("alttext").filter(|told| !told.trim().is_empty()) {
        return told.to_owned();
    }
    let inside = || formula.descendants().filter(|node| node.value().is_element());
    let is_built =
        |node: &ego_tree::NodeRef<'_, Node>| node.value().as_element().is_some_and(|part| is_built(part.name()));
    let is_tex = |node: &ego_tree::NodeRef<'_, Node>| {
        let note = node.value().as_element().filter(|note| note.name() == "annotation");
        note.and_then(|note| note.attr("encoding"))
            .is_some_and(|encoding| encoding.to_ascii_lowercase().ends_with("tex"))
    };
    if let Some(note) = inside().find(is_tex).filter(|_| inside().any(|node| is_built(&node))) {
        let mut told = String::new();
        note.descendants().filter_map(|node| node.value().as_text()).for_each(|text| told.push_str(text));
        if !told.trim().is_empty() {
            return told.trim().to_owned();
        }
    }
    let mut words = String::new();
    let mut noted = 0_u32;
    for edge in formula.traverse() {
        let (ego_tree::iter::Edge::Open(node) | ego_tree::iter::Edge::Close(node)) = edge;
        let is_note = node.value().as_element().is_some_and(|element| element.name().starts_with("annotation"));
        match (edge, node.value()) {
            (ego_tree::iter::Edge::Open(_), Node::Text(text)) if noted == 0 => words.push_str(text),
            (ego_tree::iter::Edge::Open(_), _) => noted += u32::from(is_note),
            (ego_tree::iter::Edge::Close(_), _) => noted -= u32::from(is_note),
        }
    }
    words
}

/// Whether an element of a formula sets what is in it above or below each other.
fn is_built(name: &str) -> bool {
    matches!(
        name,
        "mfrac"
            | "msqrt"
            | "mroot"
            | "mtable"
            | "msup"
            | "msub"
            | "msubsup"
            | "munder"
            | "mover"
            | "munderover"
            | "mmultiscripts"
    )
}

/// How many columns and rows a cell takes, as attributes: one is understood, and more than two figures are no table. Of a list
/// that goes on: its first number.
fn spans(name: &str, element: &Element) -> String {
    if name == "ol" {
        let start =
            element.attr("start").and_then(|start| start.trim().parse::<u16>().ok()).filter(|start| *start != 1);
        return start.map(|start| attribute("start", &start.to_string())).unwrap_or_default();
    }
    if !matches!(name, "td" | "th") {
        return String::new();
    }
    let span = |name: &str| {
        let count = element.attr(name)?.trim().parse::<u8>().ok().filter(|count| (2..100).contains(count))?;
        Some(attribute(name, &count.to_string()))
    };
    ["colspan", "rowspan"].into_iter().filter_map(span).collect()
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

/// Bytes of an address that is shown whole.
const LONGEST: usize = 120;

/// Elements open at once in what is written.
const DEEPEST: usize = 64;
