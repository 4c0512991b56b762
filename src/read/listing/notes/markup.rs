//! The HTML of an entry, without what is told of it beside.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

use super::super::words;
use crate::draft::is_void;

/// What shows something without words.
const SHOWN: [&str; 7] = ["img", "video", "audio", "picture", "iframe", "embed", "object"];

/// Bytes of the HTML of one entry: one may hold others, and these others, with all that is in them.
const MOST: usize = 256 * 1024;

/// The HTML of some nodes without the texts of some; of others, another text stands. What holds nothing any more is left out, and what
/// belongs in a list or a table without one is a part like others. It is cleaned by nobody yet.
pub(super) fn html(nodes: &[NodeRef<'_, Node>], without: &HashSet<NodeId>, other: &HashMap<NodeId, String>) -> String {
    let mut html = String::new();
    let mut hidden: Option<NodeId> = None;
    let mut open: Vec<(NodeId, &str)> = Vec::new();
    for edge in nodes.iter().flat_map(NodeRef::traverse) {
        if html.len() > MOST {
            break;
        }
        match edge {
            Edge::Open(node) if hidden.is_none() => match node.value() {
                Node::Text(_) if without.contains(&node.id()) => {}
                Node::Text(text) => escape(other.get(&node.id()).map_or(text, |text| text), &mut html),
                Node::Element(element) => {
                    if words::is_silent(element.name()) || is_emptied(node, without) {
                        hidden = Some(node.id());
                        continue;
                    }
                    let name = fitting(element.name(), &open);
                    html.push('<');
                    html.push_str(name);
                    for (name, value) in element.attrs() {
                        html.push(' ');
                        html.push_str(name);
                        html.push_str("=\"");
                        escape(value, &mut html);
                        html.push('"');
                    }
                    html.push('>');
                    if !is_void(name) {
                        open.push((node.id(), name));
                    }
                }
                _ => {}
            },
            Edge::Close(node) if hidden == Some(node.id()) => hidden = None,
            Edge::Close(node) => {
                if let Some((_, name)) = open.pop_if(|(id, _)| *id == node.id()) {
                    html.push_str("</");
                    html.push_str(name);
                    html.push('>');
                }
            }
            Edge::Open(_) => {}
        }
    }
    html.trim().to_owned()
}

/// What an element may be called where it stands.
fn fitting<'n>(name: &'n str, open: &[(NodeId, &str)]) -> &'n str {
    let is_in = |holders: &[&str]| open.iter().any(|(_, name)| holders.contains(name));
    match name {
        "li" if !is_in(&["ul", "ol", "menu"]) => "div",
        "dt" | "dd" if !is_in(&["dl"]) => "div",
        "tbody" | "thead" | "tr" | "td" | "th" if !is_in(&["table"]) => "div",
        "details" | "summary" => "div",
        name => name,
    }
}

/// Whether nothing is left of what an element held.
fn is_emptied(node: NodeRef<'_, Node>, without: &HashSet<NodeId>) -> bool {
    let mut held = false;
    for inside in node.descendants().skip(1) {
        let is_gone = without.contains(&inside.id());
        held |= is_gone;
        let is_said = || inside.value().as_text().is_some_and(|text| !text.trim().is_empty());
        let is_shown = || ElementRef::wrap(inside).is_some_and(|element| SHOWN.contains(&element.value().name()));
        if !is_gone && (is_said() || is_shown()) {
            return false;
        }
    }
    held
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
}
