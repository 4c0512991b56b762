//! One entry that a page tells itself: its title, its day, its text.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};
use url::Url;

use super::super::super::date::{self, Context, Manner, Mention};
use super::super::super::feed::{Attachment, Entry, Markup, Text};
use super::super::entry::stamp;
use super::super::label::Label;
use super::super::period::Period;
use super::super::words::{self, Words};
use super::lines::{Line, lines};
use super::markup;
use crate::draft::{Doubt, Precision, When, media_type_of_ending};

/// Lines at the top in which its day and its title stand.
const HEAD: usize = 4;
/// Letters that may stand around a day in a line of its own: "Posted by Ann Lee on".
const LABEL: usize = 40;
/// Letters of a line that ends in a day.
const LINE: usize = 160;
/// Elements that may tell a day for machines.
const MOST_STAMPS: usize = 60;
/// Characters of a title that is made of the text, and from which on a sentence is one.
const LONGEST: usize = 110;
const SHORTEST: usize = 24;
/// Bytes at the top of the text in which a day may go on from one part to the next.
const NEAR: usize = 120;
/// Files of one entry.
const MOST_FILES: usize = 20;

/// What an entry says.
pub(super) struct Told<'p> {
    nodes: Vec<NodeRef<'p, Node>>,
    pub(super) title: String,
    /// A line of its own is its title, and not the first words of its text.
    pub(super) is_headed: bool,
    pub(super) when: Option<When>,
    pub(super) doubt: Doubt,
    /// The day as it stands there.
    pub(super) raw: Option<String>,
    /// It stands below all else.
    pub(super) is_below: bool,
    /// How many words it has, roughly.
    pub(super) units: f32,
    /// It is a link to a page of its own.
    pub(super) is_linked: bool,
    /// Where it is in the page.
    pub(super) fragment: Option<String>,
    /// Where its links lead.
    pub(super) links: Vec<Url>,
    without: HashSet<NodeId>,
    instead: HashMap<NodeId, String>,
    base: Url,
}

/// A day in one of the lines.
struct Dated {
    when: When,
    doubt: Doubt,
    raw: String,
    /// The line, and where in it. `None`: it goes on from one to the next, or is told for machines.
    place: Option<(usize, Range<usize>)>,
}

impl<'p> Told<'p> {
    pub(super) fn of(nodes: &[NodeRef<'p, Node>], base: &Url, context: &Context, period: Option<Period>) -> Self {
        let context = Context { year: period.map(|period| period.year), ..*context };
        let (lines, links) = lines(nodes, base);
        let dated = date(nodes, &lines, &context);
        let at = dated.as_ref().and_then(|dated| dated.place.clone());
        let without_date = |at_line: usize, line: &Line| -> String {
            match at.as_ref().filter(|(place, _)| *place == at_line) {
                Some((_, range)) => without(&line.text, range),
                None => line.text.clone(),
            }
        };
        let is_date = |text: &str| words::letters(text) == 0 || words::is_date(text, &context) || is_label(text);
        let said: Vec<(usize, String)> = lines
            .iter()
            .enumerate()
            .map(|(at, line)| (at, without_date(at, line)))
            .filter(|(place, text)| {
                let is_of_day =
                    at.as_ref().is_some_and(|(at, _)| at == place) || *place < HEAD && words::is_date(text, &context);
                !is_of_day || !is_date(text)
            })
            .collect();
        let headed = said.iter().take(HEAD - 1).find(|(at, text)| {
            lines.get(*at).is_some_and(|line| line.is_heading)
                && text.chars().filter(|c| c.is_alphanumeric()).count() >= 2
        });
        let (title_at, title) = match headed.or_else(|| said.first()) {
            Some((at, text)) => (Some(*at), text.as_str()),
            None => (None, ""),
        };
        // A line of its own above others is a title, too, if it is short.
        let is_line = said.len() > 1 && title.chars().count() <= LONGEST;
        let is_headed = headed.is_some() || is_line && !title.ends_with(['.', '。', ':', '：', ',']);
        let mut gone: HashSet<usize> = (0..lines.len()).filter(|at| said.iter().all(|(kept, _)| kept != at)).collect();
        gone.extend(title_at.filter(|_| is_headed));
        let without: HashSet<NodeId> =
            gone.iter().filter_map(|at| lines.get(*at)).flat_map(|line| &line.nodes).copied().collect();
        let instead = dated.as_ref().and_then(|dated| {
            let (at, range) = dated.place.clone().filter(|(at, _)| !gone.contains(at))?;
            begins_with(nodes, lines.get(at)?, &dated.raw, &range)
        });
        // The most of its title leads elsewhere.
        let leading = title_at.and_then(|at| lines.get(at)).map_or(0, |line| line.leading);
        let is_linked = leading > 0 && leading * 10 >= words::letters(title) * 6;
        let (when, doubt, raw) = match dated {
            Some(dated) => (Some(dated.when), dated.doubt, Some(dated.raw)),
            None => (period.and_then(|period| Some(When::Month(period.year, period.month?))), Doubt::None, None),
        };
        Self {
            nodes: nodes.to_vec(),
            title: if headed.is_some() { shortened(title, 3 * LONGEST) } else { sentence(title) },
            is_headed,
            when,
            doubt,
            raw,
            is_below: at.is_some_and(|(at, _)| at > 0 && at + 1 == lines.len()),
            units: said.iter().map(|(_, text)| words::units(text)).sum(),
            is_linked,
            fragment: fragment(nodes),
            links,
            without,
            instead: instead.into_iter().collect(),
            base: base.clone(),
        }
    }

    /// Whether it is one: it has a title and a date.
    pub(super) fn is_entry(&self) -> bool {
        self.when.is_some() && self.title.chars().filter(|c| c.is_alphanumeric()).count() >= 2
    }

    /// It as the entry of a feed; `page` is the address of its page.
    pub(super) fn entry(self, page: &Url, fragment: Option<String>) -> Entry {
        let mut entry = Entry::default();
        entry.facts.title = Some(Text::plain(&self.title));
        (entry.facts.published, entry.facts.doubt) = (self.when, self.doubt);
        entry.facts.link = fragment.map(|fragment| {
            let mut link = page.clone();
            link.set_fragment(Some(&fragment));
            link.to_string()
        });
        let html = markup::html(&self.nodes, &self.without, &self.instead);
        let text = Text { markup: Markup::Html, base: Some(Arc::new(self.base)), ..Text::plain(&html) };
        entry.contents = Some(text).filter(|text| !text.value.is_empty()).into_iter().collect();
        let mut known = HashSet::new();
        let files = self.links.iter().filter(|url| known.insert(url.as_str()));
        let files = files.filter_map(|url| {
            let media_type = media_type_of_ending(url.path()).filter(|kind| !kind.starts_with("text/"))?;
            Some(Attachment { url: url.to_string(), length: None, media_type: Some(media_type.to_owned()) })
        });
        let is_picture = |file: &Attachment| file.media_type.as_deref().is_some_and(|kind| kind.starts_with("image/"));
        entry.enclosures = files.filter(|file| !is_picture(file)).take(MOST_FILES).collect();
        entry
    }
}

/// The day of an entry: for machines, in one of its first lines or its last, else in what goes on from line to line.
fn date(nodes: &[NodeRef<'_, Node>], lines: &[Line], context: &Context) -> Option<Dated> {
    let elements = nodes.iter().flat_map(NodeRef::descendants).filter_map(ElementRef::wrap).take(MOST_STAMPS);
    let stamped = elements
        .filter_map(|element| Some((stamp(element)?.0, Label::of_element(element))))
        .find(|(_, label)| *label <= Label::None);
    let head = lines.iter().enumerate().take(HEAD);
    let last = lines.iter().enumerate().skip(HEAD).last();
    let mut found: Option<Dated> = None;
    for (at, line) in head.chain(last) {
        let Some(dated) = in_line(at, line, context) else { continue };
        let is_day = dated.when.precision() >= Precision::Day;
        let is_better = |known: &Dated| {
            is_day && known.when.precision() < Precision::Day
                || is_day && is_in_title(known, lines) && is_alone(&dated, lines)
        };
        if found.as_ref().is_none_or(is_better) {
            found = Some(dated);
        }
    }
    if let Some((when, _)) = stamped {
        let (raw, place) = found.map(|dated| (dated.raw, dated.place)).unwrap_or_default();
        return Some(Dated { when, doubt: Doubt::None, raw, place });
    }
    found.or_else(|| {
        let item = nodes.iter().find_map(|node| ElementRef::wrap(*node))?;
        let words = Words::of(nodes.iter().copied(), None);
        let dated = words.date(item, context).filter(|dated| dated.alone).or_else(|| words.boxed(context))?;
        let is_near = words.text().find(&dated.raw).is_some_and(|at| at <= NEAR);
        (is_near && dated.doubt != Doubt::Ago).then_some(Dated {
            when: dated.when,
            doubt: dated.doubt,
            raw: dated.raw,
            place: None,
        })
    })
}

/// Whether a day is that of what a heading is about: "Lecture on 3 December".
fn is_in_title(dated: &Dated, lines: &[Line]) -> bool {
    let line = dated.place.as_ref().and_then(|(at, _)| lines.get(*at));
    line.is_some_and(|line| line.is_heading) && !is_alone(dated, lines)
}

/// Whether nothing else stands in the line of a day.
fn is_alone(dated: &Dated, lines: &[Line]) -> bool {
    let place = dated.place.as_ref().and_then(|(at, range)| Some((lines.get(*at)?, range)));
    place.is_some_and(|(line, range)| words::letters(&without(&line.text, range)) == 0)
}

/// The day that a line tells: at its start or its end, in a heading, or in a line that has little else.
fn in_line(at: usize, line: &Line, context: &Context) -> Option<Dated> {
    let text = &line.text;
    let is_told = |mention: &Mention| {
        matches!(mention.manner, Manner::Written | Manner::EitherOrder | Manner::YearInferred)
            && mention.when.precision() >= Precision::Month
    };
    let mention = date::mentions(text, context).take(3).find(|mention| {
        let before = words::letters(text.get(..mention.range.start).unwrap_or_default());
        let behind = words::letters(text.get(mention.range.end..).unwrap_or_default());
        let is_short = before + behind <= LABEL;
        let is_in_heading = line.is_heading && before + behind <= LINE;
        let is_end = behind == 0
            && before <= LINE
            && text.trim_end().ends_with(|c: char| c.is_alphanumeric() || ")]".contains(c));
        is_told(mention)
            && match at - usize::from(line.goes_on) {
                0 => before == 0 || is_in_heading || is_end || is_short && mention.manner != Manner::YearInferred,
                1..HEAD => before == 0 && mention.manner != Manner::YearInferred || is_short || is_in_heading,
                _ => is_short && mention.manner != Manner::YearInferred,
            }
    })?;
    let before = text.get(..mention.range.start).unwrap_or_default();
    let label = if line.is_heading { Label::None } else { Label::before(before) };
    let open = match mention.manner {
        Manner::EitherOrder => Doubt::Order,
        Manner::YearInferred if context.year.is_none() => Doubt::Year,
        // From one day to another something takes place.
        _ if mention.until.is_some() => Doubt::Event,
        _ => Doubt::None,
    };
    let raw = text.get(mention.range.clone()).unwrap_or_default().to_owned();
    Some(Dated { when: mention.when, doubt: open.max(label.doubt()), raw, place: Some((at, mention.range)) })
}

/// A line without the day in it and what parts it from the rest.
fn without(text: &str, day: &Range<usize>) -> String {
    let parting = |c: char| c.is_whitespace() || "-–—|:：,，;·•/~".contains(c);
    let opening = |c: char| parting(c) || "([【（〔<「".contains(c);
    let closing = |c: char| parting(c) || ")]】）〕>」.".contains(c);
    let before = text.get(..day.start).unwrap_or_default().trim_end_matches(opening);
    let behind = text.get(day.end..).unwrap_or_default().trim_start_matches(closing);
    let joined = if before.is_empty() || behind.is_empty() { "" } else { " " };
    [before, joined, behind].concat().trim().to_owned()
}

/// Whether what is left of a line with a day only says that it is one, or who wrote.
fn is_label(text: &str) -> bool {
    words::letters(text) <= LABEL && super::super::super::residue::is_label(text.trim_end_matches([':', '：', ' ']))
        || text.split_whitespace().next().is_some_and(|word| {
            matches!(word.to_lowercase().as_str(), "by" | "posted" | "published" | "von" | "par" | "por" | "updated")
        }) && words::letters(text) <= LABEL
}

/// The text that the line begins with, without its day, where that begins it.
fn begins_with(nodes: &[NodeRef<'_, Node>], line: &Line, raw: &str, range: &Range<usize>) -> Option<(NodeId, String)> {
    if words::letters(line.text.get(..range.start).unwrap_or_default()) > 0 {
        return None;
    }
    let tree = nodes.first()?.tree();
    line.nodes.iter().take(3).find_map(|id| {
        let text = tree.get(*id)?.value().as_text()?;
        let line = words::squeezed(text);
        let start = line.find(raw)?;
        Some((
            *id,
            without(&line, &(start..start + raw.len())) + if text.ends_with(char::is_whitespace) { " " } else { "" },
        ))
    })
}

/// The name of the first place in an entry: that of its beginning, of something in it, or of what holds it.
fn fragment(nodes: &[NodeRef<'_, Node>]) -> Option<String> {
    let name = |element: ElementRef<'_>| {
        let own = element.attr("id").or_else(|| element.attr("name").filter(|_| element.value().name() == "a"));
        own.map(str::trim).filter(|name| !name.is_empty() && !name.contains(char::is_whitespace)).map(str::to_owned)
    };
    let first = nodes.first()?;
    // An empty anchor stands before what it names.
    let before = first.prev_siblings().find(|node| node.value().is_element()).and_then(ElementRef::wrap);
    let before = before.filter(|element| element.value().name() == "a" && words::line(*element).is_empty());
    let inside = first.descendants().filter_map(ElementRef::wrap).take(12).find_map(name);
    inside.or_else(|| before.and_then(name))
}

/// The first sentence of a text, or as many of its words as make a title.
fn sentence(text: &str) -> String {
    let mut ends = text.char_indices().enumerate().skip(SHORTEST).take(LONGEST);
    let end = ends.find_map(|(_, (at, c))| {
        let behind = text.get(at + c.len_utf8()..).unwrap_or_default();
        let is_end = matches!(c, '。' | '！' | '？')
            || matches!(c, '.' | '!' | '?')
                && behind.starts_with(' ')
                && begins_sentence(text.get(..at).unwrap_or_default(), behind);
        is_end.then_some(at + if c == '.' || c == '。' { 0 } else { c.len_utf8() })
    });
    match end {
        Some(end) => text.get(..end).unwrap_or_default().to_owned(),
        None => shortened(text.strip_suffix(['.', '。']).unwrap_or(text), LONGEST),
    }
}

/// Whether a full stop ends a sentence: the word before it is long, and none that stands before a name.
fn begins_sentence(before: &str, behind: &str) -> bool {
    let last = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_title = matches!(last.to_lowercase().as_str(), "prof" | "univ" | "dept" | "approx" | "bzw" | "inkl");
    last.chars().count() > 3 && !is_title && behind.trim_start().starts_with(|c: char| !c.is_lowercase())
}

/// A text cut at a word where it is too long.
fn shortened(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let start = text.get(..end).unwrap_or_default();
    let whole = start.rfind(' ').filter(|at| *at * 2 > end).and_then(|at| start.get(..at)).unwrap_or(start);
    format!("{}…", whole.trim_end_matches(|c: char| c.is_whitespace() || ",;:，；：、-–".contains(c)))
}
