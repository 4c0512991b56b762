//! A page laid out flat: its elements in order, each with the span of its words, and the dates among those.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use chrono::NaiveDate;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Node};
use url::Url;

use super::super::date::{self, Context, Manner};
use super::super::residue::ends_like_prose;
use super::heading::{self, Heading};
use super::{address, entry, fields, link, words};
use crate::draft::Precision;

/// Links of one page that are looked at; more are passed over.
const MOST_ANCHORS: usize = 30_000;
/// Links of one entry that lead to forms of it: PDF, Word.
const MOST_FORMS: usize = 3;
/// Elements in an entry, and bytes of its words.
const MOST_PARTS: usize = 200;
const MOST_WORDS: usize = 2_000;
/// Elements around a link without words in which its title is sought.
const MOST_STEPS: usize = 6;
/// Bytes beside an entry in which its date begins or ends.
const MOST_BESIDE: usize = 60;
/// Bytes of a paragraph before a link in it: more than a date or a label.
const LEAST_BEFORE: usize = 24;
/// Words of a link of which all may be its title.
const LONGEST: f32 = 45.0;
/// Words beside a link that may be its title.
const MOST_UNITS: f32 = 30.0;

/// A page laid out flat. The root is the first part.
#[derive(Debug)]
pub(super) struct Outline<'p> {
    pub(super) parts: Vec<Part<'p>>,
    pub(super) anchors: Vec<Anchor>,
    /// Its headings, in order.
    pub(super) headings: Vec<Heading>,
    /// The day on which it is read.
    pub(super) today: NaiveDate,
    text: String,
    stamps: Vec<Stamp>,
}

/// An element.
#[derive(Debug)]
pub(super) struct Part<'p> {
    pub(super) element: ElementRef<'p>,
    /// The part that holds it; the root holds itself.
    pub(super) parent: usize,
    /// The part behind its last descendant.
    pub(super) end: usize,
    /// How many parts hold it.
    pub(super) depth: usize,
    /// Its words in the text of the page.
    words: Range<usize>,
}

/// A link that may lead to an article.
#[derive(Debug)]
pub(super) struct Anchor {
    pub(super) part: usize,
    pub(super) link: Url,
    /// Its words, or its `@title` if that is longer.
    pub(super) title: String,
}

/// A date in the text, and how surely it is that of an article, 0 to 1.
#[derive(Debug)]
struct Stamp {
    range: Range<usize>,
    worth: f32,
    day: Option<NaiveDate>,
}

impl<'p> Outline<'p> {
    pub(super) fn of(page: &'p Html, base: &Url, context: &Context) -> Self {
        let mut outline = Self {
            parts: Vec::new(),
            anchors: Vec::new(),
            headings: Vec::new(),
            today: context.now.date(),
            text: String::new(),
            stamps: Vec::new(),
        };
        let mut open: Vec<usize> = Vec::new();
        let mut hidden = None;
        for edge in page.root_element().traverse() {
            match edge {
                Edge::Open(node) if hidden.is_none() => match node.value() {
                    Node::Text(text) => outline.push(text),
                    Node::Element(element) if words::is_silent(element.name()) || element.name() == "head" => {
                        hidden = Some(node.id());
                    }
                    Node::Element(element) => {
                        outline.part_from(element.name());
                        let start = outline.text.len();
                        if let Some(element) = ElementRef::wrap(node) {
                            outline.stamp(element);
                            let parent = open.last().copied().unwrap_or(0);
                            let depth = open.len();
                            open.push(outline.parts.len());
                            outline.parts.push(Part { element, parent, end: 0, depth, words: start..start });
                        }
                    }
                    _ => {}
                },
                Edge::Close(node) if hidden == Some(node.id()) => hidden = None,
                Edge::Close(node) if hidden.is_none() && node.value().is_element() => {
                    let end = outline.parts.len();
                    if let Some(part) = open.pop().and_then(|at| outline.parts.get_mut(at)) {
                        part.end = end;
                        part.words.end = outline.text.len();
                        let name = part.element.value().name();
                        outline.part_from(name);
                    }
                }
                _ => {}
            }
        }
        outline.find_dates(context);
        outline.find_anchors(base);
        outline.find_headings();
        outline
    }

    fn push(&mut self, text: &str) {
        for word in text.split_whitespace() {
            self.text.push(' ');
            self.text.push_str(word);
        }
    }

    /// No date goes on from one entry of a list to the next.
    fn part_from(&mut self, name: &str) {
        if matches!(name, "li" | "tr" | "article" | "section" | "ul" | "ol" | "table" | "dt" | "nav") {
            self.text.push_str(" |");
        }
    }

    fn stamp(&mut self, element: ElementRef<'_>) {
        let when = element.attr("datetime").and_then(date::machine);
        if let Some(when) = when.filter(|when| when.precision() >= Precision::Day) {
            let at = self.text.len();
            self.stamps.push(Stamp { range: at..at, worth: 1.0, day: when.first_day() });
        }
    }

    fn find_dates(&mut self, context: &Context) {
        for mention in date::mentions(&self.text, context) {
            let whole = mention.when.precision() >= Precision::Day;
            let worth = match mention.manner {
                Manner::Written if whole => 1.0,
                Manner::EitherOrder => 0.9,
                Manner::YearInferred | Manner::Relative if whole => 0.7,
                Manner::Written => 0.5,
                _ => continue,
            };
            self.stamps.push(Stamp { range: mention.range, worth, day: words::day(mention.when) });
        }
        self.stamps.sort_by_key(|stamp| stamp.range.start);
    }

    fn find_anchors(&mut self, base: &Url) {
        let mut anchors: Vec<Anchor> = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            if anchors.len() >= MOST_ANCHORS {
                break;
            }
            let element = part.element;
            let link = match element.value().name() {
                "a" => link::target(element, base),
                _ => link::by_script(element, base).filter(|_| self.is_alone(at) && !self.is_button(at)),
            };
            let Some(link) = link.filter(|link| !address::is_of_one_comment(link)) else { continue };
            let own = self.line(at);
            let full = words::squeezed(element.attr("title").unwrap_or_default());
            let title = if full.len() > own.len() { full } else { own };
            // A card that is a link tells more than a title.
            let title = if words::units(&title) > LONGEST { self.heading_in(at).unwrap_or(title) } else { title };
            anchors.push(Anchor { part: at, link, title });
        }
        let echoes: HashSet<usize> = echoes(&anchors).collect();
        anchors.retain(|anchor| !echoes.contains(&anchor.part));
        // A link without words is that of an entry where no other leads there: the picture of one leads there, too.
        let is_weak = |title: &str| entry::is_weak(title) && title.chars().all(|c| !c.is_ascii_digit());
        let named: HashSet<Url> =
            anchors.iter().filter(|anchor| !is_weak(&anchor.title)).map(|anchor| anchor.link.clone()).collect();
        // Pictures of a gallery, and places in a page ("Reply"), are no entries.
        let may_be_named = |link: &Url| {
            !fields::is_picture(link.path()) && link.fragment().is_none_or(|fragment| fragment.starts_with(['/', '!']))
        };
        let is_bare =
            |anchor: &Anchor| is_weak(&anchor.title) && !named.contains(&anchor.link) && may_be_named(&anchor.link);
        let (bare, worded): (Vec<&Anchor>, Vec<&Anchor>) = anchors.iter().partition(|anchor| is_bare(anchor));
        let places = |anchors: Vec<&Anchor>| anchors.into_iter().map(|anchor| anchor.part).collect::<Vec<_>>();
        let (bare, worded) = (places(bare), places(worded));
        let within = |places: &[usize], part: usize, end: usize| {
            places.partition_point(|at| *at < end).saturating_sub(places.partition_point(|at| *at < part))
        };
        // "News | more" above stories with words of their own: the name of a list, and what leads to the rest of it.
        let names_a_list = |holder: usize| {
            let around = self.above(holder).skip(1).find(|above| self.words(*above).len() > self.words(holder).len());
            let end = around.and_then(|around| self.parts.get(around)).map_or(0, |part| part.end);
            around.is_some_and(|around| within(&worded, around, end) >= within(&bare, around, end).max(1))
        };
        // Of several that say as little, the first is that of the entry.
        let mut holders = HashSet::new();
        for anchor in anchors.iter_mut().filter(|anchor| is_bare(anchor)) {
            let (title, holder) = self.title_beside(anchor);
            if holder.is_some_and(names_a_list) {
                continue;
            }
            anchor.title = title
                .filter(|_| holder.is_none_or(|holder| holders.insert(holder)))
                .unwrap_or_else(|| std::mem::take(&mut anchor.title));
        }
        anchors.retain(|anchor| !anchor.title.is_empty());
        self.anchors = anchors;
    }

    /// Whether an element is as small as an entry, and neither holds a link nor lies in one.
    fn is_alone(&self, part: usize) -> bool {
        let is_link = |part: &Part<'_>| part.element.value().name() == "a" && part.element.attr("href").is_some();
        let end = self.parts.get(part).map_or(part, |part| part.end);
        let mut around = self.above(part).skip(1).filter_map(|above| self.parts.get(above));
        let is_small = end - part <= MOST_PARTS;
        is_small && !around.any(is_link) && !self.parts.get(part..end).is_some_and(|inside| inside.iter().any(is_link))
    }

    /// Whether a link stands in the entry of which an element is the only one that a script goes by: that shares it, or prints it.
    fn is_button(&self, part: usize) -> bool {
        let inside = |above: &usize| {
            let end = self.parts.get(*above).map_or(*above, |part| part.end);
            self.parts.get(*above..end).unwrap_or_default()
        };
        let is_scripted = |part: &&Part<'_>| part.element.value().name() != "a" && link::is_scripted(part.element);
        let is_entry = |above: &usize| {
            let parts = inside(above);
            parts.len() <= MOST_PARTS && parts.iter().filter(is_scripted).nth(1).is_none()
        };
        let is_link = |part: &Part<'_>| part.element.value().name() == "a" && part.element.attr("href").is_some();
        let mut around = self.above(part).skip(1).take(MOST_STEPS).take_while(is_entry);
        around.any(|above| inside(&above).iter().any(is_link))
    }

    /// The title of a link without words: the lone heading of what it stands in, its label, what its picture stands for, or
    /// whatever words stand beside it, but where other links stand there; and the part that holds them.
    fn title_beside(&self, anchor: &Anchor) -> (Option<String>, Option<usize>) {
        let Some(element) = self.parts.get(anchor.part).map(|part| part.element) else { return (None, None) };
        let own = words::letters(self.words(anchor.part));
        let mut holders = self.above(anchor.part).take(MOST_STEPS).take_while(|at| self.is_small(*at));
        let holder = holders.find(|above| words::letters(self.words(*above)) > own);
        let inside = |holder: usize| holder + 1..self.parts.get(holder).map_or(0, |part| part.end);
        let name = |at: usize| self.parts.get(at).map_or("", |part| part.element.value().name());
        // Links that say as little lead to the same in another form.
        let links = |holder: usize| inside(holder).filter(|at| name(*at) == "a");
        let is_few = |holder: &usize| {
            links(*holder).nth(MOST_FORMS).is_none() && links(*holder).all(|at| entry::is_weak(&self.line(at)))
        };
        let holder = holder.filter(is_few);
        let heading = holder.and_then(|holder| self.heading_in(holder));
        let said = || link::label(element).or_else(|| link::pictured(element));
        // A word in a sentence does not stand for it.
        let beside = || {
            let line = self.line(holder?);
            (words::units(&line) <= MOST_UNITS && !ends_like_prose(&line)).then_some(line)
        };
        (heading.or_else(said).or_else(beside), holder)
    }

    /// The words of the lone heading in a part.
    pub(super) fn heading_in(&self, part: usize) -> Option<String> {
        let is_heading = |at: &usize| self.parts.get(*at).is_some_and(|part| is_heading(part.element.value().name()));
        let mut headings = (part + 1..self.parts.get(part).map_or(0, |part| part.end)).filter(is_heading);
        let heading = headings.next().filter(|_| headings.next().is_none());
        heading.map(|at| self.line(at)).filter(|text| !text.is_empty())
    }

    /// Whether a part is as small as an entry.
    pub(super) fn is_small(&self, part: usize) -> bool {
        let elements = self.parts.get(part).map_or(0, |found| found.end - part);
        self.words(part).len() <= MOST_WORDS && elements <= MOST_PARTS
    }

    /// Whether a link is some words in a paragraph, and neither begins nor fills it.
    pub(super) fn is_in_text(&self, part: usize) -> bool {
        let is_text = |part: &&Part<'_>| part.element.value().name() == "p";
        let around = self.above(part).filter_map(|above| self.parts.get(above)).find(is_text);
        around.zip(self.parts.get(part)).is_some_and(|(text, link)| {
            let before = link.words.start - text.words.start;
            before >= LEAST_BEFORE && text.words.len() > 3 * link.words.len()
        })
    }

    /// Whether a heading stands in a part.
    pub(super) fn is_headed(&self, part: usize) -> bool {
        let end = self.parts.get(part).map_or(0, |part| part.end);
        let inside = self.parts.get(part..end).unwrap_or_default();
        inside.iter().any(|part| is_heading(part.element.value().name()))
    }

    /// Whether two parts lie in sections that stand side by side: elements of one name, each headed.
    pub(super) fn are_sections(&self, one: usize, other: usize) -> bool {
        let both = self.common(one, other);
        let section = |part: usize| self.above(part).take_while(|above| *above != both).last();
        let name = |part: usize| self.parts.get(part).map_or("", |part| part.element.value().name());
        let is_root = matches!(name(both), "body" | "html");
        section(one)
            .zip(section(other))
            .is_some_and(|(one, other)| !is_root && name(one) == name(other) && self.heads(one) && self.heads(other))
    }

    /// Whether a section begins with its heading, and that is no link.
    fn heads(&self, section: usize) -> bool {
        let end = self.parts.get(section).map_or(0, |part| part.end);
        let name = |at: &usize| self.parts.get(*at).map_or("", |part| part.element.value().name());
        let first = (section + 1..end).find(|at| is_heading(name(at)) || name(at) == "a");
        first.is_some_and(|at| is_heading(name(&at)) && !self.above(at).any(|above| name(&above) == "a"))
    }

    /// The words of a part as one line.
    fn line(&self, part: usize) -> String {
        words::squeezed(&self.words(part).replace(" |", " "))
    }

    fn find_headings(&mut self) {
        let headings = self.parts.iter().enumerate().filter(|(_, part)| is_heading(part.element.value().name()));
        self.headings = headings.map(|(at, _)| heading::of(self, at)).collect();
    }

    /// The words of a part.
    pub(super) fn words(&self, part: usize) -> &str {
        self.parts.get(part).and_then(|part| self.text.get(part.words.clone())).unwrap_or_default()
    }

    /// How surely a part tells a date, 0 to 1, and its day.
    pub(super) fn date(&self, part: usize) -> (f32, Option<NaiveDate>) {
        self.parts.get(part).map_or((0.0, None), |part| self.date_in(&part.words))
    }

    fn date_in(&self, words: &Range<usize>) -> (f32, Option<NaiveDate>) {
        let first = self.stamps.partition_point(|stamp| stamp.range.start < words.start);
        let inside = self.stamps.iter().skip(first).take(4).take_while(|stamp| stamp.range.start <= words.end);
        let inside = inside.filter(|stamp| stamp.range.end <= words.end);
        let best = inside.reduce(|best, other| if other.worth > best.worth { other } else { best });
        best.map_or((0.0, None), |stamp| (stamp.worth, stamp.day))
    }

    /// How surely each of some entries tells a date, and its day: in the part that holds it; or, where that is told in few of them,
    /// beside it in the same list, as in `<dt>` before `<dd>`. `entries` are links in order, each with the part that holds it.
    pub(super) fn dates(&self, entries: &[(usize, usize)]) -> Vec<(f32, Option<NaiveDate>)> {
        let count = |dates: &[(f32, Option<NaiveDate>)]| dates.iter().filter(|(worth, _)| *worth >= 0.5).count();
        let own: Vec<_> = entries.iter().map(|(_, record)| self.date(*record)).collect();
        if count(&own) * 2 >= entries.len() {
            return own;
        }
        let spans: Vec<Option<(usize, Range<usize>)>> = entries
            .iter()
            .map(|(_, record)| self.parts.get(*record).map(|part| (part.parent, part.words.clone())))
            .collect();
        let near = |at: usize, other: Option<usize>| {
            let (parent, own) = spans.get(at)?.as_ref()?;
            let list = &self.parts.get(*parent)?.words;
            let other = other.and_then(|other| spans.get(other)?.as_ref()).filter(|(holder, _)| holder == parent);
            Some((own, list, other.map(|(_, words)| words)))
        };
        let before = |at: usize| {
            let (own, list, other) = near(at, at.checked_sub(1))?;
            Some(other.map_or(list.start, |other| other.end).max(own.start.saturating_sub(MOST_BESIDE))..own.start)
        };
        let behind = |at: usize| {
            let (own, list, other) = near(at, Some(at + 1))?;
            Some(own.end..other.map_or(list.end, |other| other.start).min(own.end + MOST_BESIDE))
        };
        let told = |span: Option<Range<usize>>| span.map_or((0.0, None), |span| self.date_in(&span));
        let behind: Vec<_> = (0..entries.len()).map(|at| told(behind(at))).collect();
        let before: Vec<_> = (0..entries.len()).map(|at| told(before(at))).collect();
        let beside = if count(&before) > count(&behind) { before } else { behind };
        if count(&beside) * 2 > entries.len() { beside } else { own }
    }

    /// The share of the words of the page that stand in a part, 0 to 1.
    pub(super) fn share(&self, part: usize) -> f32 {
        number(self.words(part).len()) / number(self.text.len().max(1))
    }

    /// A part and all that hold it, up to the root.
    pub(super) fn above(&self, part: usize) -> impl Iterator<Item = usize> {
        let mut next = Some(part);
        std::iter::from_fn(move || {
            let at = next?;
            next = self.parts.get(at).map(|part| part.parent).filter(|parent| *parent != at);
            Some(at)
        })
    }

    /// The innermost part that holds two.
    pub(super) fn common(&self, a: usize, b: usize) -> usize {
        // Parts stand in order, so whatever holds both stands before both, and ends behind them.
        self.above(a).find(|above| *above <= b && self.parts.get(*above).is_some_and(|part| b < part.end)).unwrap_or(0)
    }

    /// For each link, a number for the path of elements that lead to it: equal where tags and classes are.
    pub(super) fn paths(&self) -> Vec<u32> {
        let mut names: HashMap<String, u32> = HashMap::new();
        let mut steps: HashMap<(u32, u32), u32> = HashMap::new();
        let mut paths: Vec<Option<u32>> = vec![None; self.parts.len()];
        let mut number = |part: usize, above: u32| {
            let next = u32::try_from(names.len()).unwrap_or(u32::MAX);
            let name = self.parts.get(part).map(|part| signature(part.element)).unwrap_or_default();
            let name = *names.entry(name).or_insert(next);
            let next = u32::try_from(steps.len() + 1).unwrap_or(u32::MAX);
            *steps.entry((above, name)).or_insert(next)
        };
        let path_of = |anchor: &Anchor| {
            let chain: Vec<usize> =
                self.above(anchor.part).take_while(|part| paths.get(*part).is_some_and(Option::is_none)).collect();
            let known = chain.last().and_then(|last| self.parts.get(*last)).map(|part| part.parent);
            let known = known.or(Some(anchor.part)).and_then(|part| paths.get(part).copied().flatten());
            let mut path = known.unwrap_or(0);
            for part in chain.into_iter().rev() {
                path = number(part, path);
                if let Some(slot) = paths.get_mut(part) {
                    *slot = Some(path);
                }
            }
            path
        };
        self.anchors.iter().map(path_of).collect()
    }
}

/// The places of links that ask to read on, and say what: "Read more about A new pier", where another leads to the same by that name.
fn echoes(anchors: &[Anchor]) -> impl Iterator<Item = usize> {
    let mut titles: HashMap<&Url, Vec<&str>> = HashMap::new();
    for anchor in anchors.iter().filter(|anchor| !entry::is_weak(&anchor.title)) {
        titles.entry(&anchor.link).or_default().push(&anchor.title);
    }
    let is_echo = move |anchor: &&Anchor| {
        let asks = |title: &&str| {
            let rest =
                anchor.title.split_once(title).filter(|(before, behind)| !before.is_empty() || !behind.is_empty());
            rest.is_some_and(|(before, behind)| {
                link::is_more(&format!("{before}{behind}")) || link::without_asking(&anchor.title) == *title
            })
        };
        titles.get(&anchor.link).is_some_and(|titles| titles.iter().take(MOST_FORMS).any(asks))
    };
    anchors.iter().filter(is_echo).map(|anchor| anchor.part)
}

/// Whether elements of a name are headings.
pub(super) fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// What elements of one kind have in common: the tag, and classes that tell neither state nor place.
pub(super) fn signature(element: ElementRef<'_>) -> String {
    let mut classes: Vec<String> = element.value().classes().filter(|class| !is_state(class)).map(masked).collect();
    classes.sort_unstable();
    classes.dedup();
    let mut signature = element.value().name().to_owned();
    for class in classes.iter().take(3) {
        signature.push('.');
        signature.push_str(class);
    }
    signature
}

fn masked(class: &str) -> String {
    let mut text = String::with_capacity(class.len());
    for c in class.chars() {
        match c {
            '0'..='9' if text.ends_with('#') => {}
            '0'..='9' => text.push('#'),
            c => text.push(c),
        }
    }
    text
}

/// Whether a class tells which of its kind an element is, or in what state.
pub(super) fn is_state(class: &str) -> bool {
    let numbered = class.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    matches!(
        class,
        "active"
            | "first"
            | "last"
            | "even"
            | "odd"
            | "current"
            | "on"
            | "off"
            | "clearfix"
            | "hover"
            | "cur"
            | "selected"
            | "top"
            | "hot"
            | "new"
            | "sticky"
            | "pinned"
            | "featured"
            | "cf"
            | "fix"
    ) || numbered.len() < class.len() && matches!(numbered, "n" | "i" | "li" | "item" | "post" | "node" | "")
        || matches!(
            class.split_once('-'),
            Some(("tag" | "category" | "author" | "post" | "node" | "status" | "format" | "has", _))
        )
}

/// A count as a number to reckon with; what is beyond 65,535 counts as that.
pub(super) fn number(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
