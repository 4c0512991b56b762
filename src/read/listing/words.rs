//! The words of a part of a page: its text, run by run, and the dates among them.

use chrono::NaiveDate;
use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};

use super::super::date::{self, Context, Manner};
use crate::draft::{Precision, When};

/// Bytes of one part that are read; what comes after is no longer about a title or a date.
const REACH: usize = 4_000;
/// Letters that may stand around a date that is told for itself: "发布时间：", "Posted on".
const LABEL: usize = 12;
/// Letters of a text that may name its date among other things: "By Li Ming on 5 May 2025 in Research".
const BYLINE: usize = 60;

/// Elements whose text nobody reads.
pub(super) fn is_silent(name: &str) -> bool {
    matches!(name, "script" | "style" | "noscript" | "template" | "svg" | "iframe" | "select" | "textarea" | "object")
}

/// The texts of parts of a page, in order and parted by single spaces.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    runs: Vec<Run>,
}

/// A text that no element parts.
#[derive(Debug)]
struct Run {
    end: usize,
    holder: NodeId,
}

/// A date among words.
#[derive(Debug)]
pub(super) struct Dated {
    /// The date.
    pub(super) when: When,
    /// As it was written.
    pub(super) raw: String,
    /// Whether nothing tells which of its figures is the month.
    pub(super) either_order: bool,
    /// Whether nothing else is said beside it.
    pub(super) alone: bool,
    /// The element that it begins in, if it is the only text there.
    pub(super) holder: Option<NodeId>,
}

impl Words {
    /// The words of some nodes but those of one element.
    pub(super) fn of<'p>(nodes: impl Iterator<Item = NodeRef<'p, Node>>, without: Option<NodeId>) -> Self {
        let mut words = Self::default();
        let mut hidden = None;
        for edge in nodes.flat_map(|node| node.traverse()) {
            if words.text.len() > REACH {
                break;
            }
            match edge {
                Edge::Open(node) if hidden.is_none() => match node.value() {
                    Node::Text(text) => words.push(text, node.parent().map_or(node.id(), |parent| parent.id())),
                    Node::Element(element) if is_silent(element.name()) || Some(node.id()) == without => {
                        hidden = Some(node.id());
                    }
                    _ => {}
                },
                Edge::Close(node) if hidden == Some(node.id()) => hidden = None,
                _ => {}
            }
        }
        words
    }

    fn push(&mut self, text: &str, holder: NodeId) {
        let start = self.text.len();
        for word in text.split_whitespace() {
            if self.text.len() > REACH {
                break;
            }
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
        if self.text.len() > start {
            self.runs.push(Run { end: self.text.len(), holder });
        }
    }

    /// The date of what is told here: the first that stands for itself; else the first whose year is told, in a text
    /// that is short enough to be a line about the article and not from it.
    pub(super) fn date(&self, context: &Context) -> Option<Dated> {
        let mut best: Option<((u8, u8, u8), Dated)> = None;
        for mention in date::mentions(&self.text, context) {
            let manner = match mention.manner {
                Manner::Written | Manner::EitherOrder => 0,
                Manner::YearInferred => 1,
                Manner::Relative => 2,
                _ => continue,
            };
            let first = self.runs.partition_point(|run| run.end <= mention.range.start);
            let last = self.runs.partition_point(|run| run.end < mention.range.end);
            let start = first.checked_sub(1).and_then(|at| self.runs.get(at)).map_or(0, |run| run.end);
            let end = self.runs.get(last).map_or(self.text.len(), |run| run.end);
            let around = [self.text.get(start..mention.range.start), self.text.get(mention.range.end..end)];
            let letters: usize = around.into_iter().flatten().map(letters).sum();
            let rank = match letters {
                0..=LABEL => 0,
                0..=BYLINE if manner != 1 => 1,
                _ => continue,
            };
            let rank = (u8::from(mention.when.precision() < Precision::Day), rank, manner);
            if best.as_ref().is_some_and(|(known, _)| *known <= rank) {
                continue;
            }
            let holder = self.runs.get(first).map(|run| run.holder).filter(|_| first == last);
            let dated = Dated {
                when: mention.when,
                raw: self.text.get(mention.range).unwrap_or_default().to_owned(),
                either_order: mention.manner == Manner::EitherOrder,
                alone: rank.1 == 0,
                holder,
            };
            if rank == (0, 0, 0) {
                return Some(dated);
            }
            best = Some((rank, dated));
        }
        best.map(|(_, dated)| dated)
    }

    /// The words.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// The text of an element as one line. Only what begins a new line parts words.
pub(super) fn line(element: ElementRef<'_>) -> String {
    line_of(std::iter::once(*element))
}

/// The text of some nodes as one line.
pub(super) fn line_of<'p>(nodes: impl Iterator<Item = NodeRef<'p, Node>>) -> String {
    let mut text = String::new();
    let mut hidden = None;
    for edge in nodes.flat_map(|node| node.traverse()) {
        if text.len() > REACH {
            break;
        }
        match edge {
            Edge::Open(node) if hidden.is_none() => match node.value() {
                Node::Text(words) => text.push_str(words),
                Node::Element(element) if is_silent(element.name()) => hidden = Some(node.id()),
                Node::Element(element) if begins_line(element.name()) => text.push(' '),
                _ => {}
            },
            Edge::Close(node) if hidden == Some(node.id()) => hidden = None,
            Edge::Close(node) if node.value().as_element().is_some_and(|element| begins_line(element.name())) => {
                text.push(' ');
            }
            _ => {}
        }
    }
    squeezed(&text)
}

fn begins_line(name: &str) -> bool {
    crate::draft::is_block(name) || name == "br"
}

/// A text with single spaces, without characters that nobody sees.
pub(super) fn squeezed(text: &str) -> String {
    let text = text.replace(['\u{200b}', '\u{feff}', '\u{ad}'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters and figures of a text.
pub(super) fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Roughly how many words a text has: 1.7 Chinese, Japanese or Korean characters make one.
pub(super) fn units(text: &str) -> f32 {
    let (mut dense, mut words, mut inside) = (0_u16, 0_u16, false);
    for c in text.chars().take(2_000) {
        if matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
        {
            dense += 1;
            inside = false;
        } else if c.is_alphanumeric() {
            words += u16::from(!inside);
            inside = true;
        } else if !matches!(c, '\'' | '’' | '-') {
            inside = false;
        }
    }
    f32::from(dense) / 1.7 + f32::from(words)
}

/// Whether a text is a date, or a part of one, and nothing else: "2025-03-02", "[05-02]", "12".
pub(super) fn is_date(text: &str, context: &Context) -> bool {
    if !text.chars().any(char::is_alphabetic) {
        return true;
    }
    if text.len() > 80 {
        return false;
    }
    let told = date::mentions(text, context).find(|mention| mention.manner != Manner::BareYear);
    told.is_some_and(|mention| {
        let around = [text.get(..mention.range.start), text.get(mention.range.end..)];
        around.into_iter().flatten().map(letters).sum::<usize>() <= 4
    })
}

/// The day of a date, if it tells one.
pub(super) fn day(when: When) -> Option<NaiveDate> {
    (when.precision() >= Precision::Day).then(|| when.first_day()).flatten()
}
