//! An entry as lines: what stands in one line for a reader, and how it stands there.

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};
use url::Url;

use super::super::{address, entry, essence, words};
use crate::draft::begins_line;

/// Bytes of one entry whose lines are looked at.
const REACH: usize = 20_000;

/// A line.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Its words.
    pub(super) text: String,
    /// The nodes that they stand in.
    pub(super) nodes: Vec<NodeId>,
    /// All of it is a heading, or bold.
    pub(super) is_heading: bool,
    /// Letters of it that lead to another page.
    pub(super) leading: usize,
    /// Whether something in it is no heading.
    is_plain: bool,
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
    }

    /// Ends it, and begins another.
    fn ends(&mut self, lines: &mut Vec<Self>) {
        let mut line = std::mem::take(self);
        line.text = words::squeezed(&line.text);
        line.is_heading = !line.is_plain;
        if words::letters(&line.text) > 0 {
            lines.push(line);
        }
    }
}
