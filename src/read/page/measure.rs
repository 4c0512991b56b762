//! How much running text each element of a page holds, and which elements surround the story.

use std::collections::HashSet;

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::Node;
use scraper::node::Element;

use super::aside;
use super::elements::{begins_line, heading_level, is_address, leads_away};
use super::lines::{letters, squeeze_into};
use super::names::{holds_comments, is_silent, surrounds};
use super::ways::Ways;
use crate::draft::asides::heads_others;
use crate::read::residue::is_of_owner;
use crate::read::text::is_cjk;

/// An element of a page, in the order of the page. Its parts follow it, up to `end`.
pub(super) struct Part<'a> {
    pub(super) node: NodeId,
    pub(super) element: &'a Element,
    /// The place of the element that it stands in; of the first, its own.
    pub(super) above: usize,
    /// The place behind the last of its parts.
    pub(super) end: usize,
    /// What its own lines hold, those of its blocks left out.
    pub(super) own: Amount,
    /// What it holds in all, without what is about other stories.
    pub(super) whole: Amount,
    /// What it holds without what surrounds the story.
    pub(super) kept: Amount,
    /// What the last of its own lines says of what follows.
    pub(super) says: Said,
    /// What the last line before it says of what follows, if it begins a line.
    pub(super) told: Said,
    /// Whether the headline of the page is in it.
    pub(super) headline: bool,
    /// Whether it surrounds the story.
    pub(super) set_aside: bool,
    /// Whether it, or one that it stands in, surrounds the story.
    pub(super) outside: bool,
}

/// What a line says of what follows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Said {
    #[default]
    Nothing,
    /// That it belongs to the line: "The winners are:".
    Own,
    /// That it is about other stories: "Related news".
    Others,
}

/// How much text there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    /// Characters but white space.
    pub(super) letters: usize,
    /// Those of them in links.
    pub(super) linked: usize,
    /// Width of the lines that are running text, and no labels, buttons or links. CJK characters count twice.
    pub(super) prose: usize,
}

impl Amount {
    fn add(&mut self, other: Self) {
        self.letters += other.letters;
        self.linked += other.linked;
        self.prose += other.prose;
    }
}

/// Measures an element and all in it. `story`: the heading of the story on the page, and where its links lead.
pub(super) fn measure<'a>(root: NodeRef<'a, Node>, story: Option<(NodeId, &Ways)>) -> Vec<Part<'a>> {
    let mut parts = lines(root);
    sum(&mut parts, |part| part.own, |part| &mut part.whole);
    let asides = story.map(|(heading, ways)| aside::find(&parts, heading, ways)).unwrap_or_default();
    let asides = without(&mut parts, asides);
    for place in (1..parts.len()).rev() {
        let found = parts.get(place).map(|part| {
            let heading = part.element.name() == "h1" && part.whole.letters > 8;
            (part.above, part.headline || heading)
        });
        if let Some((above, true)) = found {
            for part in [above, place] {
                parts.get_mut(part).into_iter().for_each(|part| part.headline = true);
            }
        }
    }
    let total = parts.first().map_or(0, |root| root.whole.prose);
    let heading = story.and_then(|(heading, _)| parts.iter().position(|part| part.node == heading));
    // Where almost nothing would be left, words in names are not believed.
    for believed in [1, 60] {
        set_aside(&mut parts, heading, &asides, total, believed);
        sum(&mut parts, |part| if part.outside { Amount::default() } else { part.own }, |part| &mut part.kept);
        if parts.first().is_none_or(|root| root.kept.prose * 10 > total * 3) {
            break;
        }
    }
    parts
}

/// Leaves what is about others out of what the elements hold, and returns it: nothing, if nothing else is there to be read.
fn without(parts: &mut [Part<'_>], asides: HashSet<usize>) -> HashSet<usize> {
    for place in 1..parts.len() {
        let above = parts.get(place).and_then(|part| parts.get(part.above)).is_some_and(|above| above.outside);
        parts.get_mut(place).into_iter().for_each(|part| part.outside = above || asides.contains(&place));
    }
    sum(parts, |part| if part.outside { Amount::default() } else { part.own }, |part| &mut part.kept);
    if parts.first().is_none_or(|root| root.kept.prose == 0) {
        return HashSet::new();
    }
    for part in parts {
        part.whole = part.kept;
    }
    asides
}

/// Decides what surrounds the story, what is about others besides. `heading`: the place of that of the story. `believed`: the least
/// share that a sign has to speak for.
fn set_aside(parts: &mut [Part<'_>], heading: Option<usize>, asides: &HashSet<usize>, total: usize, believed: usize) {
    /// Width of running text above which no footer is longer than a notice.
    const LONG: usize = 1_000;
    // Up to where code goes.
    let mut code = 0;
    for place in 1..parts.len() {
        let Some(above) = parts.get(place).and_then(|part| parts.get(part.above)).map(|above| above.outside) else {
            return;
        };
        let Some(part) = parts.get_mut(place) else { return };
        if part.element.name() == "pre" {
            code = part.end;
        }
        // What is named a comment there is one of the code.
        let share = if place < code && holds_comments(part.element) { 0 } else { surrounds(part.element) };
        // What holds the headline and some of the text is no tool beside them, whatever its name.
        let story = part.headline && part.whole.prose * 10 > total && share < 95;
        // The footer of a page may have more text than a short notice.
        // What is longer is the story behind a tag that was not closed.
        let is_one = match part.element.name() {
            "footer" | "dialog" => true,
            // What is no menu is the story there, however short.
            "nav" | "menu" => part.whole.linked * 2 >= part.whole.letters,
            _ => false,
        };
        let is_apart =
            part.whole.prose < LONG && is_one && heading.is_some_and(|heading| !(place..part.end).contains(&heading));
        part.set_aside = is_apart
            || asides.contains(&place)
            || share >= believed && !story && part.whole.prose * 100 <= share * total;
        part.outside = above || part.set_aside;
    }
}

/// Sums up for each element what those in it hold.
fn sum<'a>(
    parts: &mut [Part<'a>],
    of: impl Fn(&Part<'a>) -> Amount,
    into: impl for<'p> Fn(&'p mut Part<'a>) -> &'p mut Amount,
) {
    for part in parts.iter_mut() {
        let own = of(part);
        *into(part) = own;
    }
    for place in (1..parts.len()).rev() {
        let Some(part) = parts.get_mut(place) else { return };
        let (above, amount) = (part.above, *into(part));
        parts.get_mut(above).into_iter().for_each(|part| into(part).add(amount));
    }
}

/// A line of text as it is read.
#[derive(Default)]
struct Line {
    letters: usize,
    linked: usize,
    cjk: usize,
    last: Option<char>,
    /// How it begins: all of it, where it is short.
    text: String,
}

/// Bytes of a line that may be looked at.
const BEGIN: usize = 120;
/// Columns from which a line is a paragraph of a text, whatever it begins with.
const LONG: usize = 240;

impl Line {
    fn read(&mut self, text: &str, linked: bool) {
        let before = self.letters;
        if self.text.len() < BEGIN {
            let text = text.trim_start();
            squeeze_into(&mut self.text, text.get(..text.floor_char_boundary(BEGIN)).unwrap_or(text));
        }
        self.letters += letters(text);
        if !text.is_ascii() {
            self.cjk += text.chars().filter(|c| is_cjk(*c) && !c.is_whitespace()).count();
        }
        self.last = text.chars().rev().find(|c| !c.is_whitespace()).or(self.last);
        self.linked += if linked { self.letters - before } else { 0 };
    }

    fn amount(&self) -> Amount {
        let Self { letters, linked, cjk, last, .. } = *self;
        let own = letters - linked;
        let width = own + (cjk * own).checked_div(letters).unwrap_or(0);
        let sentence = last.is_some_and(|c| ".!?。！？…;；:：\"”’')）」』".contains(c));
        let of_owner = || width < LONG && is_of_owner(&self.text);
        let runs = linked * 2 <= letters && (width >= 60 || width >= 30 && sentence) && !of_owner();
        Amount { letters, linked, prose: if runs { width } else { 0 } }
    }

    /// What it says of what follows. Of links only headings are asked: the others are many, and lead elsewhere themselves.
    fn says(&self, is_heading: bool) -> Said {
        let announces = self.last.is_some_and(|last| matches!(last, ':' | '：'));
        let may_head = is_heading || self.linked == 0 || announces;
        if may_head && self.text.len() < BEGIN && heads_others(&self.text) {
            Said::Others
        } else if announces {
            Said::Own
        } else {
            Said::Nothing
        }
    }
}

/// The elements below a node, with what their own lines hold.
fn lines(root: NodeRef<'_, Node>) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut blocks = vec![0];
    // The open elements that are links, and those whose text nobody sees.
    let (mut links, mut silent) = (Vec::new(), Vec::new());
    let mut line = Line::default();
    // What the last line said.
    let mut said = Said::default();
    for edge in root.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => {
                    let name = element.name();
                    let place = parts.len();
                    if begins_line(name) {
                        end_line(&mut line, &mut parts, &blocks, &mut said);
                        blocks.push(place);
                    }
                    if leads_away(element) {
                        links.push(place);
                    }
                    if is_silent(name) {
                        silent.push(place);
                    }
                    parts.push(Part {
                        node: node.id(),
                        element,
                        above: open.last().copied().unwrap_or(place),
                        end: place,
                        own: Amount::default(),
                        whole: Amount::default(),
                        kept: Amount::default(),
                        says: Said::Nothing,
                        told: said,
                        headline: false,
                        set_aside: false,
                        outside: false,
                    });
                    open.push(place);
                }
                Node::Text(text) if silent.is_empty() => line.read(text, !links.is_empty() && !is_address(text)),
                _ => {}
            },
            Edge::Close(node) => {
                let Node::Element(element) = node.value() else { continue };
                let name = element.name();
                if begins_line(name) {
                    end_line(&mut line, &mut parts, &blocks, &mut said);
                    blocks.pop();
                }
                let end = parts.len();
                let Some(place) = open.pop() else { continue };
                links.pop_if(|open| *open == place);
                silent.pop_if(|open| *open == place);
                parts.get_mut(place).into_iter().for_each(|part| part.end = end);
            }
        }
    }
    end_line(&mut line, &mut parts, &[0], &mut said);
    parts
}

/// Ends a line: what it holds is that of the innermost block.
fn end_line(line: &mut Line, parts: &mut [Part<'_>], blocks: &[usize], said: &mut Said) {
    if let Some(holder) = blocks.last().and_then(|place| parts.get_mut(*place))
        && line.letters > 0
    {
        holder.own.add(line.amount());
        holder.says = line.says(heading_level(holder.element.name()).is_some());
        *said = holder.says;
    }
    line.text.clear();
    *line = Line { text: std::mem::take(&mut line.text), ..Line::default() };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::guard;

    fn prose(markup: &str) -> usize {
        measure(*guard::parse_fragment(markup).root_element(), None).first().expect("a part").kept.prose
    }

    #[test]
    fn labels_links_and_scripts_are_no_running_text() {
        assert_eq!(prose("<p>Views: 12<p>Contact us"), 0);
        assert_eq!(
            prose("<p>地址：江湾市江湾区江湾路1号　邮编：200000　电话：021-55550000　技术支持：信息化办公室"),
            0
        );
        assert_eq!(prose("<p>Copyright © 2026 Harbour College, Quay Road 1, Harbour City. All rights reserved."), 0);
        assert_eq!(
            prose("<p><a href=x>The dean opened the new sea wall in the presence of the mayor and of many others.</a>"),
            0
        );
        assert_eq!(prose("<script>if (a long line of script that looks like text) { is(none, of, it); }</script>"), 0);
        assert_eq!(prose("<p>The dean opened the new wall."), 0);
        assert_eq!(prose("<p>The dean opened the new sea wall in May."), 32);
        assert_eq!(prose("<p>校长在开幕式上宣布新实验楼正式启用。"), 36);
    }

    #[test]
    fn a_wrapper_is_not_what_one_thing_in_it_is_named_for() {
        let story = "<p>The dean opened the new sea wall in the presence of the mayor.".repeat(4);
        let aside = "<p>Read how the harbour was dredged in the year of the storm.";
        let kept = |class: &str, inside: &str| prose(&format!("<div class={class}>{inside}</div>"));
        assert_eq!(kept("share-container", &story), 4 * 50);
        let both = format!("{story}<div class=related>{aside}</div>");
        assert_eq!(prose(&both), 4 * 50);
        assert_eq!(prose(&format!("{story}<div class=found>{aside}</div>")), 4 * 50 + 47);
    }

    #[test]
    fn comments_in_code_are_code() {
        let is_kept = |markup: &str| {
            let page = guard::parse_fragment(markup);
            let parts = measure(*page.root_element(), None);
            !parts.iter().find(|part| part.element.name() == "span").expect("a comment").outside
        };
        for name in ["hljs-comment", "token comment"] {
            let told = format!("<span class='{name}'># ask the sea each hour</span>");
            assert!(is_kept(&format!("<pre><code>{told}\nask(sea)</code></pre>")), "{name}");
            assert!(!is_kept(&format!("<p>The gate is asked.</p><pre>ask(sea)</pre>{told}")), "{name}");
        }
    }

    #[test]
    fn what_holds_the_headline_is_no_tool() {
        let line = "<p>The dean opened the new sea wall in the presence of the mayor.";
        let page = |headline: &str| format!("<div class=navigation>{headline}{line}</div>{}", line.repeat(4));
        assert_eq!(prose(&page("")), 4 * 50);
        assert_eq!(prose(&page("<h1>Sea wall opened</h1>")), 5 * 50);
    }
}
