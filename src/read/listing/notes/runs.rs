//! Runs of entries of one shape, by where each begins.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node};

use super::super::super::date::{self, Context, Manner};
use super::super::outline::{self, signature};
use super::super::period::{self, Period};
use super::super::words;
use super::FEWEST;
use crate::draft::{Precision, begins_line};

/// Runs that are read, those with the most entries.
const MOST: usize = 100;
/// Entries of one run; more are passed over.
const MOST_ENTRIES: usize = 1_000;
/// Nodes of one entry.
const MOST_NODES: usize = 400;
/// Elements around an entry by which it is told from those of another run.
const AROUND: usize = 3;
/// Classes of one element that are looked at.
const MOST_CLASSES: usize = 4;
/// Characters in which a date begins a line.
const REACH: usize = 48;
/// Nodes without words beside another that are passed over to see whether a line begins with it.
const MOST_EMPTY: usize = 30;
/// Bytes of the longest line that is a heading for being bold.
const LONGEST: usize = 240;

/// A heading of the page.
pub(super) struct Heading {
    pub(super) id: NodeId,
    /// 1 to 6.
    pub(super) level: u8,
    pub(super) text: String,
}

impl Heading {
    /// Whether it may tell the year or the month of what is below it.
    pub(super) fn tells_period(&self, context: &Context) -> bool {
        date::mentions(&self.text, context).next().is_some() || date::month(&self.text).is_some()
    }
}

/// Entries of one shape.
pub(super) struct Run<'p> {
    /// Where they begin, in words.
    pub(super) shape: String,
    /// What belongs to each.
    pub(super) entries: Vec<Vec<NodeRef<'p, Node>>>,
    /// What each begins with.
    pub(super) begins_at: HashSet<NodeId>,
    /// How many headings of the page stand before the first.
    pub(super) headings_before: usize,
}

/// The runs of a page, in the order of their first entries, and its headings.
pub(super) fn runs<'p>(page: &'p Html, context: &Context) -> (Vec<Run<'p>>, Vec<Heading>) {
    let mut headings: Vec<Heading> = Vec::new();
    let mut signatures = Signatures::default();
    let mut shapes: HashMap<(Vec<usize>, String), usize> = HashMap::new();
    let mut found: Vec<Begun<'p>> = Vec::new();
    let mut hidden: Option<NodeId> = None;
    for edge in page.root_element().traverse() {
        let node = match edge {
            Edge::Open(node) if hidden.is_none() => node,
            Edge::Close(node) => {
                hidden = hidden.filter(|id| *id != node.id());
                continue;
            }
            Edge::Open(_) => continue,
        };
        if ElementRef::wrap(node).is_some_and(is_beside) {
            hidden = Some(node.id());
            continue;
        }
        let before = headings.len();
        if let Some(element) = ElementRef::wrap(node)
            && let Some(level) = level(element.value().name())
        {
            headings.push(Heading { id: node.id(), level, text: words::line(element) });
        }
        let kinds = kinds(node, context);
        if kinds.is_empty() {
            continue;
        }
        let around = node.ancestors().filter_map(ElementRef::wrap).take(AROUND);
        let around: Vec<usize> = around.map(|element| signatures.of(element)).collect();
        for kind in kinds {
            let next = found.len();
            let place = *shapes.entry((around.clone(), kind.clone())).or_insert(next);
            if place == next {
                let holder = around.first().copied();
                found.push(Begun { holder, kind, headings_before: before, begins: Vec::new() });
            }
            if let Some(run) = found.get_mut(place).filter(|run| run.begins.len() < MOST_ENTRIES) {
                run.begins.push(node);
            }
        }
    }
    found.retain(|run| run.begins.len() >= FEWEST);
    // Pages have many small things of one shape: the runs with most entries are kept, of equals the first, which hold the others.
    let mut places: Vec<usize> = (0..found.len()).collect();
    places.sort_by_key(|at| Reverse(found.get(*at).map_or(0, |run| run.begins.len())));
    let kept: HashSet<usize> = places.into_iter().take(MOST).collect();
    let found = found.into_iter().enumerate().filter(|(at, _)| kept.contains(at));
    let runs = found.map(|(_, Begun { holder, kind, headings_before, begins })| {
        let shape = format!("{} > {kind}", signatures.name(holder));
        let begins_at: HashSet<NodeId> = begins.iter().map(NodeRef::id).collect();
        let entries = entries(&begins, &begins_at, context);
        Run { shape, entries, begins_at, headings_before }
    });
    (runs.collect(), headings)
}

/// A run of which it is known where its entries begin.
struct Begun<'p> {
    /// The signature of what holds them.
    holder: Option<usize>,
    kind: String,
    headings_before: usize,
    begins: Vec<NodeRef<'p, Node>>,
}

/// The signatures of elements by their numbers, each made once: one with very many classes may hold very many elements.
#[derive(Default)]
struct Signatures {
    of: HashMap<NodeId, usize>,
    known: HashMap<String, usize>,
    names: Vec<String>,
}

impl Signatures {
    fn of(&mut self, element: ElementRef<'_>) -> usize {
        if let Some(at) = self.of.get(&element.id()) {
            return *at;
        }
        let name = signature(element);
        let next = self.names.len();
        let at = *self.known.entry(name.clone()).or_insert(next);
        if at == next {
            self.names.push(name);
        }
        self.of.insert(element.id(), at);
        at
    }

    fn name(&self, at: Option<usize>) -> &str {
        at.and_then(|at| self.names.get(at)).map(String::as_str).unwrap_or_default()
    }
}

/// What stands beside the content of a page, or is no text.
fn is_beside(element: ElementRef<'_>) -> bool {
    let name = element.value().name();
    words::is_silent(name)
        || matches!(name, "head" | "nav" | "footer" | "button")
        || matches!(element.attr("role"), Some("navigation" | "contentinfo" | "menu" | "menubar"))
}

/// The level of a heading.
fn level(name: &str) -> Option<u8> {
    outline::is_heading(name).then(|| name.bytes().last().map(|digit| digit - b'0')).flatten()
}

/// What begins an entry, if a node may: entries of one run begin with the same. Rows are of one kind by all their classes, by one of them, or
/// by what they are: a class may tell how one looks, or where its picture stands.
fn kinds(node: NodeRef<'_, Node>, context: &Context) -> Vec<String> {
    let Some(element) = ElementRef::wrap(node) else {
        let text = node.value().as_text().filter(|text| begins_with_date(text, context) && begins(node));
        return text.map(|_| "#text".to_owned()).into_iter().collect();
    };
    let name = element.value().name();
    let is_dated = || begins_with_date(&words::line(element), context);
    let one = |kind: &str| vec![kind.to_owned()];
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" => one(name),
        "li" | "tr" | "details" | "article" | "section" | "div" => {
            let mut kinds = vec![signature(element), name.to_owned()];
            let classes: Vec<&str> = element.value().classes().take(MOST_CLASSES).collect();
            kinds.extend(classes.iter().filter(|_| classes.len() > 1).map(|class| format!("{name}.{class}")));
            kinds.dedup();
            kinds
        }
        "p" if is_bold(element) => one("p > strong"),
        "p" if is_dated() => one("p"),
        "b" | "strong" | "em" | "i" | "u" | "span" | "font" | "time" | "big" if begins(node) => {
            let is_bold = matches!(name, "b" | "strong" | "big" | "u") && ends(node);
            if is_dated() {
                one(name)
            } else if is_bold && words::line(element).len() < LONGEST && words::units(&words::line(element)) > 1.0 {
                vec![format!("{name} + br")]
            } else {
                Vec::new()
            }
        }
        _ => Vec::new(),
    }
}

/// Whether a text begins with a day or a month of a year, whatever is around it: "[5/2026]", "Mo, 4. Mai".
fn begins_with_date(text: &str, context: &Context) -> bool {
    let text = text.trim_start();
    let end = text.char_indices().nth(REACH).map_or(text.len(), |(at, _)| at);
    let start = text.get(..end).unwrap_or_default();
    if !start.chars().take(REACH / 2).any(|c| c.is_numeric() || words_of_numbers(c)) {
        return false;
    }
    let mention = date::mentions(start, context).next();
    mention.is_some_and(|mention| {
        let before = start.get(..mention.range.start).unwrap_or_default();
        matches!(mention.manner, Manner::Written | Manner::EitherOrder | Manner::YearInferred)
            && mention.when.precision() >= Precision::Month
            && words::letters(before) == 0
    })
}

/// Han numerals, by which days are told, too.
fn words_of_numbers(c: char) -> bool {
    "〇一二三四五六七八九十".contains(c)
}

/// Whether all words of a paragraph are bold, and few.
fn is_bold(element: ElementRef<'_>) -> bool {
    let said = |node: &NodeRef<'_, Node>| node.value().as_text().is_some_and(|text| !text.trim().is_empty());
    let bold = |node: NodeRef<'_, Node>| {
        let mut around = node.ancestors().take_while(|above| above.id() != element.id()).filter_map(ElementRef::wrap);
        around.any(|above| matches!(above.value().name(), "b" | "strong"))
    };
    let mut texts = element.descendants().filter(said).peekable();
    texts.peek().is_some() && texts.all(bold) && words::line(element).len() < LONGEST
}

/// Whether a line begins with a node, in what is laid out line by line.
fn begins(node: NodeRef<'_, Node>) -> bool {
    is_in_block(node) && at_break(node.prev_siblings())
}

/// Whether a line ends with it.
fn ends(node: NodeRef<'_, Node>) -> bool {
    at_break(node.next_siblings())
}

fn is_in_block(node: NodeRef<'_, Node>) -> bool {
    let holder = node.parent().and_then(ElementRef::wrap);
    holder.is_some_and(|holder| begins_line(holder.value().name()))
}

fn at_break<'p>(siblings: impl Iterator<Item = NodeRef<'p, Node>>) -> bool {
    for node in siblings.take(MOST_EMPTY) {
        match node.value() {
            Node::Element(element) if begins_line(element.name()) => return true,
            _ if words::line_of(std::iter::once(node)).is_empty() => {}
            _ => return false,
        }
    }
    true
}

/// What belongs to each entry: all behind its beginning, up to the next, or to a heading that stands above it; and what stands before it,
/// where the same holds nothing of another. The heading below a day that it begins with is its own.
fn entries<'p>(
    begins: &[NodeRef<'p, Node>],
    begins_at: &HashSet<NodeId>,
    context: &Context,
) -> Vec<Vec<NodeRef<'p, Node>>> {
    let mut holders: HashMap<NodeId, usize> = HashMap::new();
    for holder in begins.iter().filter_map(NodeRef::parent) {
        *holders.entry(holder.id()).or_default() += 1;
    }
    let is_own = |holder: NodeRef<'p, Node>| holders.get(&holder.id()) == Some(&1);
    let of = |begin: &NodeRef<'p, Node>| {
        let mut own = ElementRef::wrap(*begin).and_then(|element| level(element.value().name()));
        let is_day = || words::is_date(&words::line_of(std::iter::once(*begin)), context);
        let (mut is_last, mut is_next_line) = (true, true);
        let rest = begin.next_siblings().take(MOST_NODES).take_while(|node| {
            let element = ElementRef::wrap(*node);
            let other = element.and_then(|element| level(element.value().name()));
            let is_own = own.is_none() && other.is_some() && is_next_line && is_day();
            own = if is_own { other } else { own };
            is_next_line &= !says(*node);
            let is_above = !is_own && other.is_some_and(|other| own.is_none_or(|own| other <= own));
            let is_next = begins_at.contains(&node.id());
            is_last &= !is_next;
            !is_next && !is_above && !element.is_some_and(is_beside)
        });
        let behind: Vec<_> = std::iter::once(*begin).chain(rest).collect();
        let before = begin.prev_siblings().take(MOST_NODES).filter(|_| begin.parent().is_some_and(is_own));
        let mut nodes: Vec<_> = before.collect();
        nodes.reverse();
        nodes.extend(behind);
        (nodes, is_last)
    };
    let found: Vec<(Vec<_>, bool)> = begins.iter().map(of).collect();
    // Behind the last may stand what is none of it: it has no more parts than the others.
    let parts = |nodes: &[NodeRef<'p, Node>]| nodes.iter().filter(|node| says(**node)).count();
    let most = found.iter().filter(|(_, is_last)| !is_last).map(|(nodes, _)| parts(nodes)).max();
    let cut = |(mut nodes, is_last): (Vec<NodeRef<'p, Node>>, bool)| {
        if let Some(most) = most.filter(|_| is_last) {
            let mut left = most;
            nodes.retain(|node| {
                let is_kept = left > 0;
                left -= usize::from(is_kept && says(*node));
                is_kept
            });
        }
        nodes
    };
    found.into_iter().map(cut).collect()
}

fn says(node: NodeRef<'_, Node>) -> bool {
    node.value().is_element() || node.value().as_text().is_some_and(|text| !text.trim().is_empty())
}

/// The period that the headings above tell of each entry.
pub(super) fn periods(page: &Html, run: &Run<'_>, context: &Context) -> Vec<Option<Period>> {
    let begins: Vec<Option<ElementRef<'_>>> =
        run.entries.iter().map(|nodes| nodes.first().copied().and_then(ElementRef::wrap)).collect();
    let elements: Vec<ElementRef<'_>> = begins.iter().copied().flatten().collect();
    let mut told = period::of(page, &elements, context).into_iter();
    begins.iter().map(|begin| begin.and_then(|_| told.next().flatten())).collect()
}
