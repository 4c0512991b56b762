//! An entry as lines: what stands in one line for a reader, and how it stands there.

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};
use url::Url;

use super::super::{address, entry, essence, words};
use crate::draft::begins_line;

/// Bytes of one entry whose lines are looked at.
const REACH: usize = 20_000;
/// Words from which on what is bold at the start of a line, and ends there, is a title: "Note:" is none.
const TITLE: f32 = 3.0;

/// A line.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Its words.
    pub(super) text: String,
    /// The nodes that they stand in.
    pub(super) nodes: Vec<NodeId>,
    /// All of it is a heading, or bold.
    pub(super) is_heading: bool,
    /// A title stands before it in its line, which is a line here.
    pub(super) goes_on: bool,
    /// Letters of it that lead to another page.
    pub(super) leading: usize,
    /// Whether something in it is no heading.
    is_plain: bool,
    /// What is bold at its start: bytes, nodes and letters that lead elsewhere.
    bold: (usize, usize, usize),
}

/// The lines of some nodes, and where their links lead; `base` is what addresses resolve against.
pub(super) fn lines(nodes: &[NodeRef<'_, Node>], base: &Url) -> (Vec<Line>, Vec<Url>) {
    let (mut lines, mut links) = (Vec::new(), Vec::new());
    let mut line = Line::default();
    let (mut bold, mut read) = (0_u32, 0_usize);
    let mut hidden: Option<NodeId> = None;
    let mut leads: Option<NodeId> = None;
    for edge in nodes.iter().flat_map(NodeRef::traverse) {
        if read > REACH {
            break;
        }
        match edge {
            Edge::Open(node) if hidden.is_none() => {
                if let Some(text) = node.value().as_text() {
                    read += text.len();
                    line.push(text, node.id(), bold > 0, leads.is_some());
                    continue;
                }
                let Some(element) = ElementRef::wrap(node) else { continue };
                let name = element.value().name();
                if words::is_silent(name) {
                    hidden = Some(node.id());
                    continue;
                }
                bold += u32::from(is_heading(element));
                if parts(name) {
                    line.ends(&mut lines);
                }
                if name == "a"
                    && let Some(url) = element.attr("href").and_then(|href| address::target(base, href))
                    && essence(&url) != essence(base)
                {
                    leads = Some(node.id());
                    links.push(url);
                }
            }
            Edge::Close(node) if hidden == Some(node.id()) => hidden = None,
            Edge::Close(node) if hidden.is_none() => {
                let Some(element) = ElementRef::wrap(node) else { continue };
                if parts(element.value().name()) {
                    line.ends(&mut lines);
                }
                bold -= u32::from(is_heading(element));
                leads = leads.filter(|id| *id != node.id());
            }
            _ => {}
        }
    }
    line.ends(&mut lines);
    (lines, links)
}

fn parts(name: &str) -> bool {
    begins_line(name) || matches!(name, "td" | "th" | "dt" | "dd" | "summary" | "li" | "tr")
}

fn is_heading(element: ElementRef<'_>) -> bool {
    entry::is_heading(element)
        || matches!(element.value().name(), "b" | "strong" | "dt" | "summary" | "legend" | "th")
        || entry::is_named_title(element)
}

impl Line {
    fn push(&mut self, text: &str, node: NodeId, is_bold: bool, is_link: bool) {
        let letters = words::letters(text);
        self.text.push_str(text);
        self.nodes.push(node);
        self.leading += if is_link { letters } else { 0 };
        self.is_plain |= letters > 0 && !is_bold;
        if is_bold && !self.is_plain {
            self.bold = (self.text.len(), self.nodes.len(), self.leading);
        }
    }

    /// Ends it, and begins another. A bold title that the text runs on behind is a line of its own.
    fn ends(&mut self, lines: &mut Vec<Self>) {
        let mut line = std::mem::take(self);
        if let Some(mut title) = line.title() {
            let (bytes, nodes, leading) = line.bold;
            line.text = line.text.split_off(bytes);
            title.nodes = line.nodes.drain(..nodes).collect();
            title.leading = leading;
            line.leading -= leading;
            line.goes_on = true;
            lines.push(title);
        }
        line.text = words::squeezed(&line.text);
        line.is_heading = !line.is_plain;
        if words::letters(&line.text) > 0 {
            lines.push(line);
        }
    }

    /// The words of the title that it begins with.
    fn title(&self) -> Option<Self> {
        let (title, rest) = self.text.split_at_checked(self.bold.0)?;
        let title = words::squeezed(title);
        let is_title = words::units(&title) >= TITLE && words::letters(rest) > 0;
        let text = title.strip_suffix(['.', ':', '。', '：']).or(title.ends_with(['?', '？']).then_some(&title))?;
        is_title.then(|| Self { text: text.to_owned(), ..Self::default() })
    }
}
