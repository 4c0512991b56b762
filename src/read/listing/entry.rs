//! One entry of a list: what the element that holds it says of an article.

use std::collections::BTreeSet;

use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node, Selector};
use url::Url;

use super::super::date::{self, Context};
use super::super::feed::{Entry, Text};
use super::super::page::is_address;
use super::super::prose;
use super::address;
use super::glued::{self, Glue};
use super::label::Label;
use super::link::{self, is_more};
use super::outline;
use super::words::{self, Dated, Words};
use crate::draft::{Doubt, Precision, When};

/// How the parts of an entry are found: where somebody or something tells it, else without.
#[derive(Debug, Default)]
pub(super) struct Rules<'s> {
    pub(super) title: Option<Selector>,
    pub(super) link: Option<Selector>,
    pub(super) date: Option<Selector>,
    pub(super) date_format: Option<&'s str>,
    pub(super) summary: Option<Selector>,
    pub(super) image: Option<Selector>,
    /// Texts that name no entry, for they stand in many.
    pub(super) repeated: BTreeSet<String>,
    /// What its titles have glued to them.
    pub(super) glue: Glue,
}

impl Rules<'_> {
    /// Whether a text names nothing: it is weak, or stands in many entries.
    fn is_weak(&self, text: &str) -> bool {
        is_weak(text) || self.repeated.contains(text)
    }

    /// Whether a text names an entry where it stands in a heading: there one word does ("Regatta").
    fn is_heading(&self, text: &str, context: &Context) -> bool {
        let is_word = text.chars().filter(|c| c.is_alphabetic()).count() >= SHORTEST;
        is_word && !is_more(text) && !self.repeated.contains(text) && !words::is_date(text, context)
    }
}

/// Letters of a heading that is a title.
const SHORTEST: usize = 2;

/// An entry, and where its parts were found.
#[derive(Debug)]
pub(super) struct Found<'p> {
    pub(super) item: ElementRef<'p>,
    pub(super) entry: Entry,
    pub(super) link: Option<NodeId>,
    pub(super) title: Option<NodeId>,
    /// The date, if it stands in a text.
    pub(super) dated: Option<Dated>,
    /// The element that has the date in one of its attributes.
    pub(super) stamped: Option<NodeId>,
}

/// Reads the entry that an element holds; `beside` is what stands next to it and belongs to no other. The year of the context is that
/// which a heading above it tells.
pub(super) fn read<'p>(
    item: ElementRef<'p>,
    beside: &[NodeRef<'p, Node>],
    rules: &Rules<'_>,
    base: &Url,
    context: &Context,
) -> Found<'p> {
    let chosen = chosen(item, rules, base, context);
    let selected = rules.title.as_ref().and_then(|selector| first(item, selector));
    let (title, holder) = match selected {
        Some(element) => (told(element, &words::line(element)), Some(element.id())),
        None => title(item, chosen.as_ref(), rules, base, context),
    };
    // A title may name days of its own; but an element that holds more than it may hold the date.
    let is_whole = |id: &NodeId| {
        let element = item.tree().get(*id).and_then(ElementRef::wrap);
        element.is_some_and(|element| words::units(&words::line(element)) <= words::units(&title) + 0.5)
    };
    let apart = holder.filter(is_whole);
    let by_address = chosen.as_ref().and_then(|(_, url)| prose::date_of_path(url.path())).map(|(when, _)| when);
    let context = Context { year: by_address.map(When::year).or(context.year), ..*context };
    let named = glued::without_label(&title, holder.and_then(|id| ElementRef::wrap(item.tree().get(id)?)));
    let (named, glued) = rules.glue.parted(named, &context);
    let title = named.to_owned();
    let mut entry = Entry::default();
    entry.facts.title = Some(title).filter(|title| !title.is_empty()).map(|title| Text::plain(&title));
    entry.facts.link = chosen.as_ref().map(|(_, url)| url.to_string());
    let (mut dated, mut stamped) = (None, None);
    match rules.date.as_ref().and_then(|selector| first(item, selector)) {
        Some(element) => {
            (entry.facts.published, dated, stamped) = selected_date(element, rules.date_format, &context);
        }
        None => match date(item, beside, apart, &context) {
            Some(Told::Stamped(when, place, label)) => {
                (entry.facts.published, stamped) = (Some(when), Some(place));
                entry.facts.doubt = label.doubt();
            }
            Some(Told::Dated(found)) => (entry.facts.published, dated) = (Some(found.when), Some(found)),
            None => {}
        },
    }
    if let Some(day) = glued.filter(|_| dated.is_none() && stamped.is_none()) {
        (entry.facts.published, dated) = (Some(day.when), Some(day));
    }
    entry.facts.doubt = dated.as_ref().map_or(entry.facts.doubt, |dated| dated.doubt);
    entry.facts.published = entry.facts.published.or(by_address);
    entry.facts.summary = match &rules.summary {
        Some(selector) => first(item, selector).map(words::line),
        None => summary(item, holder, chosen.as_ref().map(|(anchor, _)| anchor.id())),
    }
    .filter(|text| !text.is_empty())
    .map(|text| Text::plain(&text));
    let picture = rules.image.as_ref().map_or_else(|| image(item), |selector| first(item, selector));
    entry.facts.image = picture.and_then(source).and_then(|source| address::target(base, source)).map(String::from);
    Found { item, entry, link: chosen.map(|(anchor, _)| anchor.id()), title: holder, dated, stamped }
}

/// The first element in an item that a selector matches; the item itself, if it does.
fn first<'p>(item: ElementRef<'p>, selector: &Selector) -> Option<ElementRef<'p>> {
    item.select(selector).next().or_else(|| selector.matches(&item).then_some(item))
}

/// The link of an entry: the one that is selected, else the one that is most like that of an article.
fn chosen<'p>(item: ElementRef<'p>, rules: &Rules<'_>, base: &Url, context: &Context) -> Option<(ElementRef<'p>, Url)> {
    let leads = |element: ElementRef<'p>| Some((element, link::target(element, base)?));
    let within = |element: ElementRef<'p>| element.descendent_elements().find_map(leads);
    let around = |element: ElementRef<'p>| {
        element.ancestors().filter_map(ElementRef::wrap).find(|above| above.value().name() == "a").and_then(leads)
    };
    if let Some(element) = rules.link.as_ref().and_then(|selector| first(item, selector)) {
        let found = leads(element).or_else(|| within(element)).or_else(|| around(element));
        if found.is_some() {
            return found;
        }
    }
    let anchors = item.descendent_elements().filter(|element| element.value().name() == "a").take(MOST_ANCHORS);
    let weighed =
        anchors.filter_map(leads).map(|(anchor, url)| (weight(anchor, &url, item, rules, context), anchor, url));
    let best = weighed.reduce(|best, other| if other.0 > best.0 { other } else { best });
    let best = best.map(|(_, anchor, url)| (anchor, url)).or_else(|| leads(item)).or_else(|| around(item));
    let scripted =
        || item.descendent_elements().take(MOST_PARTS).find_map(|part| Some((part, link::by_script(part, base)?)));
    best.or_else(scripted)
}

/// Links of one entry that are weighed.
const MOST_ANCHORS: usize = 50;

/// How much a link is like that of the entry's article.
fn weight(anchor: ElementRef<'_>, url: &Url, item: ElementRef<'_>, rules: &Rules<'_>, context: &Context) -> f32 {
    let text = words::line(anchor);
    let titled = anchor.attr("title").unwrap_or_default();
    let said = if rules.is_weak(&text) {
        words::units(titled).min(2.0)
    } else if words::is_date(&text, context) {
        // A day leads to all that is of it.
        -1.0
    } else {
        words::units(&text).min(40.0)
    };
    let above = anchor.ancestors().take_while(|node| node.id() != item.id()).filter_map(ElementRef::wrap).take(3);
    let near = || std::iter::once(anchor).chain(above.clone());
    let headed = near().any(is_heading) || anchor.descendent_elements().take(8).any(is_heading);
    let named = near().any(is_named_title);
    let of_list = address::is_of_list(url) && !address::is_of_article(url) || address::is_of_comment(url);
    let bonus = |has: bool, worth: f32| if has { worth } else { 0.0 };
    said + bonus(headed, 20.0) + bonus(named, 15.0) - bonus(of_list, 25.0)
}

/// The title of an entry, and the element that holds it: that of its link, or what is most like one.
fn title(
    item: ElementRef<'_>,
    link: Option<&(ElementRef<'_>, Url)>,
    rules: &Rules<'_>,
    base: &Url,
    context: &Context,
) -> (String, Option<NodeId>) {
    let Some((anchor, url)) = link else {
        let (text, holder) = headline(item, rules, context);
        return (told(item, &text), Some(holder));
    };
    let same = |other: &ElementRef<'_>| {
        other.value().name() == "a"
            && other.id() != anchor.id()
            && other.attr("href").and_then(|href| address::target(base, href)).as_ref() == Some(url)
    };
    let (mut text, mut holder) = headline(*anchor, rules, context);
    let inside = item.tree().get(holder).and_then(ElementRef::wrap);
    if rules.is_heading(&text, context) && [Some(*anchor), inside].into_iter().flatten().any(is_headline) {
        return (told(*anchor, &text), Some(holder));
    }
    if rules.is_weak(&text)
        && let Some(found) = item
            .descendent_elements()
            .filter(same)
            .take(MOST_ANCHORS)
            .map(|other| headline(other, rules, context))
            .find(|(text, _)| !rules.is_weak(text))
    {
        (text, holder) = found;
    }
    let full = told(*anchor, &text);
    link::without_asking(&full).clone_into(&mut text);
    if rules.is_weak(&text) {
        let (other, place) = headline(item, rules, context);
        let is_named = item.tree().get(place).and_then(ElementRef::wrap).is_some_and(is_headline);
        let said = link::label(*anchor).filter(|said| text.is_empty() && !is_named && !rules.is_weak(said));
        if full.len() > text.len() && !text.is_empty() && !is_named && !is_more(&text) {
            // "Read more about Ports": one word is a title there.
        } else if let Some(said) = said {
            text = said;
        } else if text.is_empty() && words::is_date(&other, context) {
            text = link::pictured(*anchor).unwrap_or_default();
        } else if words::units(&other) > words::units(&text)
            || is_more(&text)
            || is_place(&text)
            || rules.repeated.contains(&text)
        {
            (text, holder) = (told(item, &other), place);
        }
    }
    if text.is_empty() {
        text = link::pictured(*anchor).unwrap_or_default();
    }
    (text, Some(holder))
}

/// The part of an element that is its title: a heading, what is named a title, else the first part of its text that
/// is neither a date nor a short label.
fn headline(element: ElementRef<'_>, rules: &Rules<'_>, context: &Context) -> (String, NodeId) {
    let is_title = |part: &ElementRef<'_>| {
        let text = words::line(*part);
        !rules.is_weak(&text) && !words::is_date(&text, context)
    };
    let inside = || element.descendent_elements().take(MOST_PARTS);
    let is_word = |part: &ElementRef<'_>| rules.is_heading(&words::line(*part), context);
    let headed = inside().filter(|part| is_heading(*part)).find(is_title);
    let named = || inside().filter(|part| is_named_title(*part)).find(is_title);
    let word = || inside().filter(|part| is_heading(*part)).find(is_word);
    if let Some(part) = headed.or_else(named).or_else(word) {
        return (words::line(part), part.id());
    }
    let whole = words::line(element);
    let parts = parts(element);
    let is_kept = |(text, _): &&(String, NodeId)| {
        !text.is_empty() && !words::is_date(text, context) && !is_place(text) && !rules.repeated.contains(text)
    };
    let kept: Vec<_> = parts.iter().filter(is_kept).collect();
    let is_one_line = !element.descendent_elements().take(MOST_PARTS).any(begins_line);
    let is_one_text = || is_one_line || parts.iter().all(|(_, holder)| *holder == element.id());
    if kept.is_empty() || kept.len() == parts.len() && is_one_text() {
        return (whole, element.id());
    }
    let long = kept.iter().find(|(text, _)| words::units(text) >= 3.0);
    let long = long.or_else(|| kept.iter().max_by_key(|(text, _)| text.len()));
    long.map_or_else(|| (whole, element.id()), |(text, holder)| (text.clone(), *holder))
}

/// Elements in an entry that are looked at.
const MOST_PARTS: usize = 400;

/// The texts of an element, parted where its children are; of a lone child, those of the child.
fn parts(element: ElementRef<'_>) -> Vec<(String, NodeId)> {
    let mut element = element;
    loop {
        let mut parts: Vec<(String, NodeId)> = Vec::new();
        let mut inner = Vec::new();
        let mut is_broken = false;
        for child in element.children().take(MOST_PARTS) {
            let text = words::line_of(std::iter::once(child));
            if text.is_empty() {
                is_broken |= child.value().as_element().is_some_and(|child| child.name() == "br");
                continue;
            }
            let part = ElementRef::wrap(child);
            inner.extend(part);
            // Words that are only made bold belong to the line they stand in.
            let goes_on = part.is_none_or(|part| matches!(part.value().name(), "b" | "strong" | "font" | "u" | "mark"));
            let is_new = std::mem::take(&mut is_broken) || !goes_on;
            match parts.last_mut().filter(|(_, holder)| !is_new && *holder == element.id()) {
                Some((line, _)) => line.push_str(&text),
                None => parts.push((text, if goes_on { element.id() } else { child.id() })),
            }
        }
        match (parts.len(), inner.as_slice()) {
            (1, [only]) if parts.first().is_some_and(|(_, holder)| *holder == only.id()) => element = *only,
            _ => return parts,
        }
    }
}

/// A title as it is told in full: `@title`, where the text is the start of it.
fn told(element: ElementRef<'_>, text: &str) -> String {
    let inside = element.descendent_elements().take(8).filter_map(|part| part.attr("title"));
    for full in element.attr("title").into_iter().chain(inside) {
        let full = words::squeezed(full);
        let start = text.trim_end_matches(['.', '…', '。', ' ']);
        let is_cut = start.len() < text.len();
        let begins = full.strip_prefix(start);
        // A text that is not marked as cut short may still be; but what else follows it is no part of a title.
        let goes_on = begins.is_some_and(|rest| is_cut || rest.starts_with(char::is_alphanumeric));
        if text.is_empty() && !is_more(&full) || goes_on && full.len() > text.len() && !start.is_empty() {
            return full;
        }
    }
    text.to_owned()
}

/// Whether a text names nothing: it is hardly a word, an address, or only asks to read on.
pub(super) fn is_weak(text: &str) -> bool {
    words::units(text) < 1.2 || is_more(text) || is_place(text)
}

/// Whether a text is an address, and nothing else.
fn is_place(text: &str) -> bool {
    is_address(text) && !text.contains(char::is_whitespace)
}

pub(super) fn is_heading(element: ElementRef<'_>) -> bool {
    outline::is_heading(element.value().name())
}

/// Whether an element, or what it lies in, is a heading or is named a title.
pub(super) fn is_headline(element: ElementRef<'_>) -> bool {
    let around = element.ancestors().filter_map(ElementRef::wrap).take(2);
    std::iter::once(element).chain(around).any(|part| is_heading(part) || is_named_title(part))
}

fn begins_line(element: ElementRef<'_>) -> bool {
    crate::draft::is_block(element.value().name()) || element.value().name() == "br"
}

/// Whether the class of an element says that it is a title.
pub(super) fn is_named_title(element: ElementRef<'_>) -> bool {
    let words = element.value().classes().flat_map(|class| class.split(['-', '_']));
    words.into_iter().any(|word| {
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        ["title", "tit", "bt", "headline", "heading", "biaoti", "p-name"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name))
    }) || element.attr("itemprop").is_some_and(|name| name.contains("headline"))
}

/// The date that a selected element tells: for machines, in the form that is given, else in words.
fn selected_date(
    element: ElementRef<'_>,
    format: Option<&str>,
    context: &Context,
) -> (Option<When>, Option<Dated>, Option<NodeId>) {
    let words = Words::of(std::iter::once(*element), None);
    if let Some(format) = format {
        let attributes = element.value().attrs().map(|(_, value)| value);
        let when = std::iter::once(words.text()).chain(attributes).find_map(|text| in_format(text, format, context));
        return (when, None, Some(element.id()));
    }
    if let Some((when, place)) = stamp(element) {
        return (Some(when), None, Some(place));
    }
    if let Some(mut dated) = words.date(element, context) {
        // Somebody says that a date is here: a label that is not known says nothing against it.
        dated.doubt = if dated.label == Label::Unknown { Doubt::None } else { dated.doubt };
        return (Some(dated.when), Some(dated), None);
    }
    // A lone month, or a date in an attribute, is one, too.
    let attributes = element.value().attrs().map(|(_, value)| value);
    let found = std::iter::once(words.text()).chain(attributes).find_map(|text| date::first(text, context));
    (found.map(|mention| mention.when), None, Some(element.id()))
}

/// How the date of an entry is told.
enum Told {
    /// For machines, by an element with that label.
    Stamped(When, NodeId, Label),
    /// In words.
    Dated(Dated),
}

impl Told {
    fn label(&self) -> Label {
        match self {
            Self::Stamped(_, _, label) => *label,
            Self::Dated(dated) => dated.label,
        }
    }
}

/// The date of an entry: one for machines, else one that stands for itself, else one in a line of its own. What has the label of
/// something else than the publication is its date only where nothing else is.
fn date<'p>(
    item: ElementRef<'p>,
    beside: &[NodeRef<'p, Node>],
    title: Option<NodeId>,
    context: &Context,
) -> Option<Told> {
    let stamped = stamped(item);
    if stamped.as_ref().is_some_and(|stamped| stamped.label() <= Label::None) {
        return stamped;
    }
    let title = title.filter(|title| *title != item.id());
    let words = Words::of(std::iter::once(*item), title);
    let inside = words.date(item, context);
    let found = match inside.filter(|dated| dated.alone || beside.is_empty()) {
        Some(dated) => Some(dated),
        None => Words::of(beside.iter().copied(), None).date(item, context).or_else(|| words.boxed(context)),
    };
    let found = found.map(Told::Dated);
    match (stamped, found) {
        (Some(stamped), Some(found)) if stamped.label() <= found.label() => Some(stamped),
        (stamped, found) => found.or(stamped),
    }
}

/// The best of the dates for machines in an entry, by their labels.
fn stamped(item: ElementRef<'_>) -> Option<Told> {
    let inside = item.descendent_elements().take(MOST_PARTS).filter_map(|part| Some((part, stamp(part)?)));
    let own = stamp(item).map(|stamp| (item, stamp));
    let stamps: Vec<_> = inside.chain(own).take(MOST_STAMPS).collect();
    stamps.first()?;
    let words = Words::of(std::iter::once(*item), None);
    let told = stamps.into_iter().map(|(part, (when, place))| {
        let label = match Label::of_element(part) {
            Label::None => words.label_of(part, item),
            label => label,
        };
        Told::Stamped(when, place, label)
    });
    told.reduce(|best, other| if other.label() < best.label() { other } else { best })
}

/// Dates for machines in one entry that are looked at.
const MOST_STAMPS: usize = 8;

/// A date for machines: `<time datetime>`, and what sites write in its stead.
pub(super) fn stamp(element: ElementRef<'_>) -> Option<(When, NodeId)> {
    let names = ["datetime", "data-date", "data-time", "data-datetime", "data-timestamp", "data-publish-date", "date"];
    let is_published = element.attr("itemprop").is_some_and(|name| name.starts_with("date"));
    let value = names.into_iter().find_map(|name| element.attr(name));
    let value = value.or_else(|| element.attr("content").filter(|_| is_published))?;
    let when = date::machine(value).filter(|when| when.precision() >= Precision::Day)?;
    date::YEARS.contains(&when.year()).then(|| (when, element.id()))
}

/// A date in a form of `strftime(3)`, wherever in the text it begins. Without a year: the nearest that is not after now.
fn in_format(text: &str, format: &str, context: &Context) -> Option<When> {
    use chrono::format::{Parsed, StrftimeItems, parse_and_remainder};
    let starts = text.char_indices().filter(|(_, c)| c.is_alphanumeric()).take(40);
    starts.filter_map(|(at, _)| text.get(at..)).find_map(|rest| {
        let mut parsed = Parsed::new();
        parse_and_remainder(&mut parsed, rest, StrftimeItems::new(format)).ok()?;
        if let Ok(time) = parsed.to_datetime() {
            return Some(When::Instant(time));
        }
        let has_year = parsed.year().is_some() || parsed.year_mod_100().is_some() || parsed.timestamp().is_some();
        if let (false, Some(month), Some(day)) = (has_year, parsed.month(), parsed.day()) {
            let nearest = context.nearest(month, day)?;
            parsed.set_year(i64::from(chrono::Datelike::year(&nearest))).ok()?;
        }
        if let Ok(time) = parsed.to_naive_datetime_with_offset(0) {
            return Some(When::Local(time));
        }
        let month = || Some(When::Month(parsed.year()?, parsed.month()?));
        parsed.to_naive_date().ok().map(When::Day).or_else(month)
    })
}

/// A paragraph of an entry that tells what its article is about.
fn summary(item: ElementRef<'_>, title: Option<NodeId>, link: Option<NodeId>) -> Option<String> {
    let is_other = |part: &ElementRef<'_>| {
        Some(part.id()) != title
            && Some(part.id()) != link
            && !part.descendants().any(|inside| Some(inside.id()) == title || Some(inside.id()) == link)
    };
    let names = ["summary", "desc", "description", "intro", "excerpt", "abstract", "teaser", "dek", "text", "content"];
    let is_named = |part: &ElementRef<'_>| {
        let mut words = part.value().classes().flat_map(|class| class.split(['-', '_']));
        part.value().name() == "p" || words.any(|word| names.iter().any(|name| word.eq_ignore_ascii_case(name)))
    };
    let parts = item.descendent_elements().skip(1).take(MOST_PARTS).filter(is_named).take(12).filter(is_other);
    parts.map(words::line).find(|text| words::units(text) >= 8.0)
}

fn image(item: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let mut images = item.descendent_elements().take(MOST_PARTS).filter(|part| part.value().name() == "img");
    images.find(|image| source(*image).is_some())
}

/// Where a picture is, also where it is only loaded when it comes into sight.
fn source(element: ElementRef<'_>) -> Option<&str> {
    let names = ["data-original", "data-src", "data-lazy-src", "src", "href", "content"];
    let told = names.into_iter().filter_map(|name| element.attr(name));
    told.map(str::trim).find(|source| !source.is_empty() && !source.starts_with("data:"))
}
