//! The text of a parsed page: line by line, or of one element.

use std::collections::{HashMap, HashSet};

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{Html, Node};

use super::elements::{begins_line, is_address, is_foreign, leads_away};
use super::names::{is_beside_title, is_silent};
use crate::read::guard;
use crate::read::names::is_label;
use crate::read::residue::begins_with_label;

/// Characters of a text that are no white space.
pub(super) fn letters(text: &str) -> usize {
    // Bytes are counted many at a time, and most are of ASCII.
    let plain = text.bytes().filter(|byte| byte.is_ascii() && !matches!(byte, b' ' | b'\t'..=b'\r')).count();
    let others = || text.chars().filter(|c| !c.is_ascii() && !c.is_whitespace()).count();
    if text.is_ascii() { plain } else { plain + others() }
}

/// A line of a page.
pub(super) struct Block {
    /// The element that holds it, and maybe others.
    pub(super) holder: NodeId,
    pub(super) text: String,
    /// How many bytes of it are links.
    pub(super) linked: usize,
    /// The texts that it is made of.
    pub(super) pieces: Vec<NodeId>,
}

/// The lines of text below some nodes. `except` is a node that is passed over.
pub(super) fn blocks(page: &Html, parts: &[NodeId], without: &HashSet<NodeId>, except: Option<NodeId>) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    for part in parts {
        let Some(root) = page.tree.get(*part) else { continue };
        let (mut holder, mut text, mut linked, mut pieces) = (*part, String::new(), 0, Vec::new());
        let mut holders = vec![*part];
        // The open elements that are links, and those that are left out.
        let (mut links, mut skipped) = (Vec::new(), Vec::new());
        let mut flush = |holder: NodeId, text: &mut String, linked: &mut usize, pieces: &mut Vec<NodeId>| {
            let trimmed = text.trim();
            if trimmed.is_empty() {
                pieces.clear();
            } else {
                let (text, pieces) = (trimmed.to_owned(), std::mem::take(pieces));
                found.push(Block { holder, text, linked: *linked, pieces });
            }
            text.clear();
            *linked = 0;
        };
        for edge in root.traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) => {
                        let out =
                            || without.contains(&node.id()) || Some(node.id()) == except || is_silent(element.name());
                        if skipped.is_empty() && node.id() != *part && out() {
                            skipped.push(node.id());
                        }
                        if leads_away(element) {
                            links.push(node.id());
                        }
                        if Some(node.id()) == except {
                            flush(holder, &mut text, &mut linked, &mut pieces);
                            // Marks its place with a line that nobody sees.
                            flush(node.id(), &mut "\u{200b}".to_owned(), &mut 0, &mut Vec::new());
                        }
                        if begins_line(element.name()) {
                            flush(holder, &mut text, &mut linked, &mut pieces);
                            holders.push(node.id());
                            holder = node.id();
                        }
                    }
                    Node::Text(piece) if skipped.is_empty() && !without.contains(&node.id()) => {
                        // Labels in elements of their own stand apart, whatever is between them.
                        let apart = || pieces.last().is_some_and(|last| parent(page, *last) != parent(page, node.id()));
                        if !text.is_empty() && apart() && begins_with_label(piece) {
                            squeeze_into(&mut text, " ");
                        }
                        let before = text.len();
                        squeeze_into(&mut text, piece);
                        pieces.push(node.id());
                        linked += if !links.is_empty() && !is_address(piece) { text.len() - before } else { 0 };
                    }
                    _ => {}
                },
                Edge::Close(node) => {
                    let Node::Element(element) = node.value() else { continue };
                    skipped.pop_if(|open| *open == node.id());
                    links.pop_if(|open| *open == node.id());
                    if begins_line(element.name()) {
                        flush(holder, &mut text, &mut linked, &mut pieces);
                        holders.pop();
                        holder = holders.last().copied().unwrap_or(*part);
                    }
                }
            }
        }
        flush(holder, &mut text, &mut linked, &mut pieces);
    }
    found
}

fn parent(page: &Html, node: NodeId) -> Option<NodeId> {
    page.tree.get(node)?.parent().map(|parent| parent.id())
}

/// The lines that say again what others said before them, in the same order and in another part of the page: a fifth of the text at
/// least. What stands twice side by side was written twice: the terms of two offers, the refrain of a song.
pub(super) fn copies(page: &Html, blocks: &[Block]) -> HashSet<usize> {
    /// Bytes of a line by which the other is found, and of what is given again, at least.
    const LINE: usize = 60;
    const LEAST: usize = 300;
    let total: usize = blocks.iter().map(|block| block.text.len()).sum();
    let mut known: HashMap<&str, usize> = HashMap::new();
    let around =
        |block: &Block| page.tree.get(block.holder).and_then(|holder| holder.parent()).map(|parent| parent.id());
    let (mut found, mut at) = (HashSet::new(), 0);
    // Where the same line stands again and again, each would be held against all behind it.
    let mut compared = 0;
    while let Some(block) = blocks.get(at).filter(|_| compared <= 20 * blocks.len()) {
        let first = known.get(block.text.as_str()).copied().filter(|first| around(&blocks[*first]) != around(block));
        let behind = |first: usize| blocks.iter().skip(first).take(at - first).zip(blocks.iter().skip(at));
        let same = |first| behind(first).take_while(|(one, other)| one.text == other.text);
        let length = first.map_or(0, |first| same(first).count());
        compared += length;
        let bytes: usize = first.map_or(0, |first| same(first).map(|(one, _)| one.text.len()).sum());
        // Behind a heading of its own it is no copy: two posts, each in a box, are offered in the same words.
        let between = |first: usize| (first + length..at).filter(|line| !found.contains(line)).count();
        let is_copy = bytes >= LEAST && bytes * 5 >= total && first.is_some_and(|first| between(first) * 10 < length);
        if is_copy {
            found.extend(at..at + length);
            at += length;
            continue;
        }
        if block.text.len() >= LINE {
            known.entry(&block.text).or_insert(at);
        }
        at += 1;
    }
    found
}

/// Adds a text with runs of white space made one space.
pub(super) fn squeeze_into(text: &mut String, piece: &str) {
    let is_gap = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}';
    let mut rest = piece;
    while !rest.is_empty() {
        let word = rest.trim_start_matches(is_gap);
        if word.len() < rest.len() && !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        // Words of ASCII with single spaces between are taken at once.
        let run = plain_run(word.as_bytes());
        let first = word.chars().next().map_or(0, char::len_utf8);
        let other = |word: &str| word.find(|c: char| is_gap(c) || c.is_ascii()).unwrap_or(word.len());
        // A control character is neither a gap nor plain, and is taken alone.
        let end = if run > 0 { run } else { other(word).max(first) };
        let (now, after) = word.split_at(end);
        text.push_str(now);
        rest = after;
    }
}

/// How many bytes at the start are words of ASCII with single spaces between.
fn plain_run(bytes: &[u8]) -> usize {
    let plain = |(byte, next): (&u8, &u8)| byte.is_ascii_graphic() | ((*byte == b' ') & next.is_ascii_graphic());
    let behind = bytes.get(1..).unwrap_or_default();
    // Many at a time, without early exit, for the vector units.
    let all =
        |(part, behind): &(&[u8; 16], &[u8; 16])| part.iter().zip(*behind).fold(true, |all, pair| all & plain(pair));
    let (parts, next) = (bytes.as_chunks().0.iter(), behind.as_chunks().0.iter());
    let passed = 16 * parts.zip(next).take_while(all).count();
    let rest = bytes.get(passed..).unwrap_or_default();
    let next = behind.get(passed..).unwrap_or_default();
    passed + rest.iter().zip(next.iter().chain([&0])).take_while(|pair| plain(*pair)).count()
}

/// The text of a node with white space made single, to a little more than a number of bytes; scripts left out.
pub(super) fn squeezed(node: &NodeRef<'_, Node>, most: usize) -> String {
    text_without(node, most, &|element| is_unread(element.name()))
}

/// The same without what is in some elements.
fn text_without(node: &NodeRef<'_, Node>, most: usize, leave: &dyn Fn(&Element) -> bool) -> String {
    // A script says nothing, also where it is itself named for something: "webpack-public-path".
    let is_left =
        |child: NodeRef<'_, Node>, element: &Element| leave(element) && (child != *node || is_unread(element.name()));
    let mut text = String::new();
    let mut skipped = 0_u32;
    for edge in node.traverse() {
        if text.len() > most {
            break;
        }
        match edge {
            Edge::Open(child) => match child.value() {
                Node::Element(element) => {
                    skipped += u32::from(is_left(child, element));
                    if begins_line(element.name()) {
                        squeeze_into(&mut text, " ");
                    }
                }
                Node::Text(piece) if skipped == 0 => squeeze_into(&mut text, piece),
                _ => {}
            },
            Edge::Close(child) => {
                if let Some(element) = child.value().as_element() {
                    skipped -= u32::from(is_left(child, element)).min(skipped);
                }
            }
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// The text of a heading without what stands in it above, below or beside the title.
pub(super) fn headline(node: &NodeRef<'_, Node>, most: usize) -> String {
    let leave = |element: &Element| is_beside_title(element) || is_unread(element.name());
    let text = text_without(node, most, &leave);
    let whole = squeezed(node, most);
    // What stands inside of the title is a part of it: "Open day on <time>5 May</time> in the hall".
    if text == whole || text.is_empty() || !whole.contains(text.trim()) {
        return whole;
    }
    text.trim_matches(|c: char| c.is_whitespace() || ":|-–—".contains(c)).to_owned()
}

/// Elements whose text is no part of what surrounds it.
fn is_unread(name: &str) -> bool {
    matches!(name, "script" | "style" | "noscript" | "svg")
}

/// The text of a node with a bar between what stands apart: in other lines, or in elements that follow each other.
pub(super) fn apart(node: &NodeRef<'_, Node>, most: usize) -> String {
    let mut text = String::new();
    let mut skipped = 0_u32;
    let mut closed = false;
    let bar = |text: &mut String| {
        if !text.is_empty() && !text.ends_with("| ") {
            text.truncate(text.trim_end().len());
            text.push_str(" | ");
        }
    };
    for edge in node.traverse() {
        if text.len() > most {
            break;
        }
        match edge {
            Edge::Open(child) => match child.value() {
                Node::Element(element) => {
                    skipped += u32::from(child != *node && is_foreign(element.name()));
                    if closed || begins_line(element.name()) {
                        bar(&mut text);
                    }
                    closed = false;
                }
                Node::Text(piece) => {
                    if closed && runs_on(&text, piece) {
                        bar(&mut text);
                    }
                    closed = false;
                    if skipped == 0 {
                        squeeze_into(&mut text, piece);
                    }
                }
                _ => {}
            },
            Edge::Close(child) => {
                if let Some(element) = child.value().as_element() {
                    skipped -= u32::from(is_foreign(element.name())).min(skipped);
                    if begins_line(element.name()) {
                        bar(&mut text);
                    }
                    closed = true;
                }
            }
        }
    }
    text.trim_end_matches(['|', ' ']).to_owned()
}

/// The text of a line with a space where two of its texts stand side by side that only their style keeps apart, as in short lines
/// above a story: `<span>By</span><a>Ada Strand</a>`.
pub(super) fn spaced(page: &Html, block: &Block) -> String {
    let mut text = String::new();
    for piece in block.pieces.iter().filter_map(|piece| page.tree.get(*piece)?.value().as_text()) {
        if runs_on(&text, piece) || is_label(&text) {
            squeeze_into(&mut text, " ");
        }
        squeeze_into(&mut text, piece);
    }
    text.truncate(text.trim_end().len());
    text
}

/// Whether a text begins another word right behind one: with a capital or a figure behind a small letter or a figure ("2026" and
/// "10:32"), or with a word behind a short one in capitals ("EST" and "Updated").
fn runs_on(before: &str, text: &str) -> bool {
    let (mut behind, mut ahead) = (before.chars().rev(), text.chars());
    let (Some(last), Some(first)) = (behind.next(), ahead.next()) else { return false };
    let ends = last.is_lowercase() || last.is_ascii_digit();
    let mut short = || last.is_uppercase() && behind.next().is_some_and(char::is_uppercase);
    let mut begins = || first.is_uppercase() && ahead.next().is_some_and(char::is_lowercase);
    ends && (first.is_uppercase() || first.is_ascii_digit()) || short() && begins()
}

/// A text of which somebody made HTML once too often: its references are resolved, and its tags are gone.
pub(super) fn decoded(text: &str) -> String {
    if text.contains('&') && text.contains(';') {
        squeezed(&guard::parse_fragment(text).tree.root(), usize::MAX)
    } else {
        text.to_owned()
    }
}

/// What stands between the labels of a breadcrumb.
const SEPARATORS: [char; 6] = ['>', '»', '›', '/', '→', '|'];

/// The labels of a breadcrumb element, with a separator between its links where the page draws it by style.
pub(super) fn crumb_text(node: &NodeRef<'_, Node>) -> String {
    let text = squeezed(node, 400);
    let is_link = |node: &NodeRef<'_, Node>| node.value().as_element().is_some_and(|element| element.name() == "a");
    // What stands in a link may hold one, too: "Issue 42/2026".
    let mut outside = text.clone();
    for link in node.descendants().filter(is_link) {
        outside = outside.replacen(&squeezed(&link, 400), "", 1);
    }
    if outside.contains(SEPARATORS) {
        return text;
    }
    let items = node
        .descendants()
        .filter(|node| node.value().as_element().is_some_and(|element| matches!(element.name(), "li" | "a")));
    let mut labels: Vec<String> = Vec::new();
    for item in items {
        let text = squeezed(&item, 100);
        if !text.is_empty() && labels.last() != Some(&text) {
            labels.push(text);
        }
    }
    if labels.is_empty() { text } else { labels.join(" > ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_where_a_plain_reader_says() {
        let plainly = |bytes: &[u8]| {
            let fits = |at: &usize| match bytes.get(*at) {
                Some(b' ') => bytes.get(at + 1).is_some_and(u8::is_ascii_graphic),
                Some(byte) => byte.is_ascii_graphic(),
                None => false,
            };
            (0..=bytes.len()).take_while(fits).count()
        };
        let text = "a word and 1 more, then a good deal of them: ".repeat(2);
        for stop in ["", " ", "  ", "\t", "é", "\u{1}", " é", " \u{7f}"] {
            for at in 0..=text.len() {
                let (before, behind) = text.split_at(at);
                let whole = format!("{before}{stop}{behind}");
                assert_eq!(plain_run(whole.as_bytes()), plainly(whole.as_bytes()), "{whole:?}");
            }
        }
    }

    #[test]
    fn what_stands_behind_something_foreign_is_read() {
        let page = Html::parse_fragment("<h1>Sea wall<svg><title>Share</title></svg><b> raised</b></h1>");
        let root = *page.root_element();
        assert_eq!(apart(&root, 100), "Sea wall | raised");
    }

    #[test]
    fn white_space_is_made_single_and_nothing_is_left_over() {
        let mut text = String::new();
        for piece in ["  one\n two", "\u{1}\u{7f} 三\u{3000}四 ", " five\u{200b}", ""] {
            squeeze_into(&mut text, piece);
        }
        assert_eq!(text, "one two\u{1}\u{7f} 三 四 five ");
    }
}
