//! The words of a part of a page: its text, run by run, and the dates among them.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};

use super::super::date::{self, Context, Manner, Mention};
use super::label::{self, Label};
use crate::draft::{Doubt, Precision, When, begins_line};

/// Bytes of one part that are read; what comes after is no longer about a title or a date.
const REACH: usize = 4_000;
/// Letters that may stand around a date that is told for itself: "发布时间：", "Posted on".
const LABEL: usize = 12;
/// Letters of a text that may name its date among other things: "By Li Ming on 5 May 2025 in Research".
const BYLINE: usize = 60;

/// Bytes of a text that tells a date from now.
const FROM_NOW: usize = 40;

/// Bytes of a day with a year of two figures, and texts that it is in.
const SHORT: usize = 24;
const IN_BOX: usize = 3;

/// Whether a mention may be the date of an article.
fn is_told(mention: &Mention) -> bool {
    matches!(mention.manner, Manner::Written | Manner::EitherOrder | Manner::YearInferred | Manner::Relative)
}

/// Whether the title of an element is a date for machines, in whose stead its text says how long ago that was.
fn tells_in_full(node: NodeRef<'_, Node>, title: &str) -> bool {
    title.contains(['-', '/', ':'])
        && date::machine(title).is_some()
        && line_of(std::iter::once(node)).len() <= FROM_NOW
}

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
    /// What its words leave open.
    pub(super) doubt: Doubt,
    /// What stands before it says of it.
    pub(super) label: Label,
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
                    Node::Element(element) => {
                        if let Some(full) = element.attr("title").filter(|title| tells_in_full(node, title)) {
                            words.push(full, node.id());
                            hidden = Some(node.id());
                        }
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
    /// that is short enough to be a line about the article and not from it. One with a label of the publication goes before, one
    /// with that of something else behind. `item` is what holds all of it.
    pub(super) fn date(&self, item: ElementRef<'_>, context: &Context) -> Option<Dated> {
        let mut best: Option<((u8, Label, u8, u8), Dated)> =
            self.short(item, context).map(|dated| ((0, dated.label, 0, 0), dated));
        let mut mentions = self.mentions(context);
        if !mentions.iter().any(|mention| is_told(mention) && mention.when.precision() >= Precision::Day) {
            mentions.extend(self.mentions_alone(context));
        }
        for mention in mentions.into_iter().filter(is_told) {
            let manner = match mention.manner {
                Manner::YearInferred => 1,
                Manner::Relative => 2,
                _ => 0,
            };
            let (first, last) = self.runs_of(&mention.range);
            let start = self.start(first);
            let end = self.runs.get(last).map_or(self.text.len(), |run| run.end);
            let before = self.text.get(start..mention.range.start).unwrap_or_default();
            let behind = self.text.get(mention.range.end..end).unwrap_or_default();
            let rank = match letters(before) + letters(behind) {
                0..=LABEL => 0,
                0..=BYLINE if manner != 1 => 1,
                _ => continue,
            };
            let label = match self.label(first, before, item) {
                Label::Published if rank > 0 => Label::None,
                label => label,
            };
            let rank = (u8::from(mention.when.precision() < Precision::Day), label, rank, manner);
            if best.as_ref().is_some_and(|(known, _)| *known <= rank) {
                continue;
            }
            let holder = self.runs.get(first).map(|run| run.holder).filter(|_| first == last);
            let open = match mention.manner {
                Manner::EitherOrder => Doubt::Order,
                // What an address or a heading tells is no guess.
                Manner::YearInferred if context.year.is_none() => Doubt::Year,
                Manner::Relative => Doubt::Ago,
                _ => Doubt::None,
            };
            let dated = Dated {
                when: mention.when,
                raw: self.text.get(mention.range).unwrap_or_default().to_owned(),
                doubt: open.max(label.doubt()),
                label,
                alone: rank.2 == 0,
                holder,
            };
            if rank == (0, Label::Published, 0, 0) {
                return Some(dated);
            }
            best = Some((rank, dated));
        }
        best.map(|(_, dated)| dated)
    }

    /// The day that is all that an element says, with a year of two figures: "25 Feb 24", or "25" and "Feb 24" side by side.
    /// What an address or a heading tells of the year must be the same.
    fn short(&self, item: ElementRef<'_>, context: &Context) -> Option<Dated> {
        let told = |(first, last): (usize, usize)| {
            let text = self.text.get(self.start(first)..self.runs.get(last)?.end)?.trim();
            let mut words = text.split(' ').filter(|_| text.len() <= SHORT);
            let (day, month, year) = (words.next()?, words.next()?, words.next()?);
            let year = year.trim_start_matches(['\'', '’', '‘']);
            let is_year = year.len() == 2 && year.bytes().all(|byte| byte.is_ascii_digit()) && words.next().is_none();
            let is_box = is_year && day_and_month(day, month).is_some() && self.is_all(first, last, item);
            let whole = is_box.then(|| format!("{day} {month} '{year}"))?;
            let mention = date::mentions(&whole, context).find(|mention| mention.manner == Manner::Written)?;
            context.year.is_none_or(|year| year == mention.when.year()).then_some(())?;
            let label = self.label(first, "", item);
            let holder = self.runs.get(first).map(|run| run.holder).filter(|_| first == last);
            let (raw, doubt) = (text.to_owned(), label.doubt());
            Some(Dated { when: mention.when, raw, doubt, label, alone: true, holder })
        };
        (0..self.runs.len()).flat_map(|first| (first..first + IN_BOX).map(move |last| (first, last))).find_map(told)
    }

    /// Whether some texts are all that an element says.
    fn is_all(&self, first: usize, last: usize, item: ElementRef<'_>) -> bool {
        let holder = |run: usize| self.runs.get(run).and_then(|run| item.tree().get(run.holder));
        let (Some(one), Some(other)) = (holder(first), holder(last)) else { return false };
        let mut around = std::iter::once(one).chain(one.ancestors());
        let holds =
            |node: &NodeRef<'_, Node>| node.id() == other.id() || other.ancestors().any(|up| up.id() == node.id());
        let text = self.runs.get(last).and_then(|run| self.text.get(self.start(first)..run.end)).unwrap_or_default();
        around.find(holds).is_some_and(|node| Self::of(std::iter::once(node), None).text() == text.trim())
    }

    /// The dates among the words. One that goes on from one text to the next is what one of these tells alone, if that is another
    /// day, or all that both tell: a number beside a date is none of its figures, and a weekday may begin the next sentence.
    fn mentions(&self, context: &Context) -> Vec<Mention> {
        let mut found = Vec::new();
        for mention in date::mentions(&self.text, context) {
            let (first, last) = self.runs_of(&mention.range);
            let is_other = |own: &Mention| {
                let day = |when: When| when.first_day().map(|day| (day.month(), day.day()));
                is_told(own) && own.when.precision() >= Precision::Day && day(own.when) != day(mention.when)
            };
            let is_joined = first < last && mention.until.is_none();
            let own = if is_joined { (first..=last).find_map(|run| self.within(run, context)) } else { None };
            let is_all = |own: &Mention| own.when == mention.when && own.manner == mention.manner;
            found.push(own.filter(|own| is_other(own) || is_all(own)).unwrap_or(mention));
        }
        found
    }

    /// The dates that texts are, each by itself.
    fn mentions_alone(&self, context: &Context) -> impl Iterator<Item = Mention> {
        (0..self.runs.len())
            .filter_map(|run| self.within(run, context).filter(|own| own.when.precision() >= Precision::Day))
    }

    /// The first date of a text by itself.
    fn within(&self, run: usize, context: &Context) -> Option<Mention> {
        let start = self.start(run);
        let text = self.text.get(start..self.runs.get(run)?.end)?;
        let skipped = text.len() - text.trim_start().len();
        let mention = date::mentions(text.trim_start(), context).find(is_told)?;
        let start = start + skipped;
        Some(Mention { range: start + mention.range.start..start + mention.range.end, ..mention })
    }

    /// The day in a box: a number and the name of a month, in one text or in two that stand side by side, with nothing else. In
    /// a sentence a short name without a year may be any word; here it is none.
    pub(super) fn boxed(&self, context: &Context) -> Option<Dated> {
        let text = |at: usize| self.text.get(self.start(at)..self.runs.get(at)?.end).map(str::trim);
        let told = |at: usize| {
            let own = text(at)?;
            let (first, second) = match own.split_once(char::is_whitespace) {
                Some(parts) => parts,
                None => (own, text(at + 1)?),
            };
            let (day, month) = day_and_month(first, second).or_else(|| day_and_month(second, first))?;
            Some((context.nearest(month, day)?, format!("{first} {second}"), self.runs.get(at)?.holder))
        };
        let (day, raw, holder) = (0..self.runs.len()).find_map(told)?;
        let doubt = if context.year.is_none() { Doubt::Year } else { Doubt::None };
        let label = Label::None;
        Some(Dated { when: When::Day(day), raw, doubt, label, alone: true, holder: Some(holder) })
    }

    /// What the label of an element says, if it holds words of these.
    pub(super) fn label_of(&self, element: ElementRef<'_>, item: ElementRef<'_>) -> Label {
        let holds = |run: &Run| {
            let holder = item.tree().get(run.holder);
            holder
                .is_some_and(|node| node.id() == element.id() || node.ancestors().any(|node| node.id() == element.id()))
        };
        let Some(first) = self.runs.iter().position(holds) else { return Label::None };
        let start = self.start(first);
        let text = self.runs.get(first).and_then(|run| self.text.get(start..run.end)).unwrap_or_default();
        let figures = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
        let own = text.get(..figures).unwrap_or_default();
        // The name of a month before the day says nothing.
        match self.label(first, "", item) {
            Label::None if own.trim_end().ends_with([':', '：']) => Label::before(own),
            label => label,
        }
    }

    /// What the words before a date in its text, the text before that, or the header of its column say of it.
    fn label(&self, run: usize, before: &str, item: ElementRef<'_>) -> Label {
        if letters(before) > 0 {
            return Label::before(before);
        }
        let place = run.checked_sub(1).and_then(|at| Some((at, self.runs.get(at)?)));
        let told = place.and_then(|(at, last)| {
            let text = self.text.get(self.start(at)..last.end)?.trim();
            let holder = item.tree().get(last.holder).and_then(ElementRef::wrap);
            let is_label = text.ends_with([':', '：'])
                || super::super::residue::is_label(text)
                || holder.is_some_and(|holder| label::is_holder(holder.value().name()));
            // Who holds labels may hold a name, too: one that is not known says something only with its colon.
            let told = is_label.then(|| Label::before(&format!("{}:", text.trim_end_matches([':', '：']))));
            told.filter(|told| *told != Label::Unknown || text.ends_with([':', '：']))
        });
        told.filter(|told| *told != Label::None)
            .unwrap_or_else(|| self.runs.get(run).map_or(Label::None, |run| label::of_column(run.holder, item)))
    }

    /// The first and the last of the texts that a range lies in.
    fn runs_of(&self, range: &Range<usize>) -> (usize, usize) {
        let first = self.runs.partition_point(|run| run.end <= range.start);
        (first, self.runs.partition_point(|run| run.end < range.end))
    }

    /// Where a text begins.
    fn start(&self, run: usize) -> usize {
        run.checked_sub(1).and_then(|at| self.runs.get(at)).map_or(0, |run| run.end)
    }

    /// The words.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// The number of a day and the month that two texts are, and nothing else: "12." and "Mai", "5" and "Th12".
fn day_and_month(day: &str, month: &str) -> Option<(u32, u32)> {
    let is_mark = |c: char| !c.is_alphanumeric();
    let day = day.trim_matches(is_mark);
    let day: u32 = day.parse().ok().filter(|_| day.len() <= 2)?;
    let month = month.trim_matches(is_mark);
    // Vietnamese months have numbers.
    let lower = month.to_lowercase();
    let number = ["tháng", "thg", "th"].iter().find_map(|name| lower.strip_prefix(name));
    let number =
        number.and_then(|rest| rest.trim_matches(is_mark).parse().ok()).filter(|month| (1..=12).contains(month));
    Some((day, number.or_else(|| date::month(month))?))
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

/// A text with single spaces, without characters that nobody sees.
pub(super) fn squeezed(text: &str) -> String {
    let text = text.replace(['\u{200b}', '\u{feff}', '\u{ad}'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters and figures of a text.
pub(super) fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Roughly how many words a text has: 1.7 Chinese, Japanese or Korean characters make one, and 4 letters where words stand
/// together without spaces (Thai, Lao, Burmese, Khmer).
pub(super) fn units(text: &str) -> f32 {
    let (mut dense, mut joined, mut words, mut inside) = (0_u16, 0_u16, 0_u16, false);
    for c in text.chars().take(2_000) {
        if matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
        {
            dense += 1;
            inside = false;
        } else if matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}') {
            joined += u16::from(c.is_alphanumeric());
            inside = false;
        } else if c.is_alphanumeric() {
            words += u16::from(!inside);
            inside = true;
        } else if !matches!(c, '\'' | '’' | '-') {
            inside = false;
        }
    }
    f32::from(dense) / 1.7 + f32::from(joined) / 4.0 + f32::from(words)
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
