//! Reads a list by selectors: those that somebody wrote, or those that were learnt.

use std::collections::{BTreeSet, HashMap, HashSet};

use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node, Selector};
use url::Url;

use super::super::Policy;
use super::super::date::{self, Context};
use super::super::feed::{Entry, Feed, Text};
use super::super::text::is_cjk;
use super::entry::{self, Found, Rules};
use super::glued::Glue;
use super::period::{self, Period};
use super::title::Plain;
use super::words::Words;
use super::{Form, Habits, Listing, NoList, Way, address, link, next, order, repeated, rows, title, words};
use crate::draft::When;
use crate::source::Select;

/// Entries of one list; more are passed over.
const MOST: usize = 10_000;
/// One in so many entries has a date beside it, where dates stand there.
const ONE_IN: usize = 3;
/// Nodes between two entries that are looked at.
const MOST_BESIDE: usize = 12;
/// Texts that name no entry and are kept.
const MOST_REPEATED: usize = 100;
/// Stories at one address; more are passed over.
const MOST_AT_ONE: usize = 500;

/// Reads the list of a page by its selectors. `base` is where the page is. What no selector tells is found in each entry;
/// an entry lacks what it does not tell, and is one for all that. Of entries with one link the first counts, unless each is
/// a story of its own. A selector that is none matches nothing.
///
/// # Errors
/// [`NoList::NoMatch`] when nothing matches `item`, [`NoList::Empty`] when only its container is there, and no link in
/// it; [`NoList::Nothing`] without an `item`.
pub fn read(page: &Html, base: &Url, select: &Select, policy: Policy) -> Result<Listing, NoList> {
    read_again(page, base, select, &Habits::default(), policy)
}

/// The same, of a list that is known to have some habits.
///
/// # Errors
/// As those of [`read`].
pub(super) fn read_again(
    page: &Html,
    base: &Url,
    select: &Select,
    habits: &Habits,
    policy: Policy,
) -> Result<Listing, NoList> {
    let base = base_of(page, base);
    let (found, habits) = entries(page, &base, select, habits, policy)?;
    let items: HashSet<NodeId> = found.iter().filter_map(|found| found.link).collect();
    let is_bare = is_bare(&found);
    let mut feed = Feed { about: about(page, &base), notes: unmatched(&found, select), ..Feed::default() };
    feed.entries = found.into_iter().map(|found| found.entry).collect();
    let next = next::link(page, &base, select.next.as_deref(), &items).map(|(_, url)| url);
    let next = next.or_else(|| select.next.is_none().then(|| next::scripted(page, &base)).flatten());
    let way = Way { habits, ..Way::new(Form::Page, None, select.clone()) };
    Ok(Listing { feed, way, next, confidence: 1.0, rejected: Vec::new(), is_bare })
}

/// Characters of a date that are shown.
const SAID: usize = 40;

/// Words on the selectors that give nothing in any entry.
fn unmatched(found: &[Found<'_>], select: &Select) -> Vec<String> {
    let parts = [
        ("title", &select.title),
        ("link", &select.link),
        ("date", &select.date),
        ("summary", &select.summary),
        ("image", &select.image),
    ];
    let written = parts.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?)));
    let gives = |name: &str, text: &str| {
        let Ok(selector) = Selector::parse(text) else { return false };
        let is_dated = |found: &Found<'_>| name != "date" || found.entry.facts.published.is_some();
        found.iter().any(|found| found.item.select(&selector).next().is_some() && is_dated(found))
    };
    let nothing = written.filter(|(name, text)| !gives(name, text));
    let said = |text: &str| {
        let selector = Selector::parse(text).ok()?;
        let element = found.iter().find_map(|found| found.item.select(&selector).next())?;
        Some(words::line(element)).filter(|text| !text.is_empty())
    };
    let told = |(name, text): (&str, &str)| match (name, &select.date_format, said(text)) {
        ("date", Some(format), Some(said)) => {
            let said: String = said.chars().take(SAID).collect();
            format!("date_format = {format:?} fits no date of its list, where date = {text:?} gives {said:?}")
        }
        _ => format!("{name} = {text:?} gives nothing in any entry of its list"),
    };
    nothing.map(told).collect()
}

/// What an element of a page is to its list. The order of the variants is that in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// An entry.
    Item,
    /// The title of an entry.
    Title,
    /// The link to its article.
    Link,
    /// Its date.
    Date,
    /// The link to the next page of the list.
    Next,
}

/// The elements that the parts of a list are read from: what [`read`] takes, and where it stands. `base` is where the page is.
///
/// # Errors
/// As those of [`read`].
pub fn parts(page: &Html, base: &Url, select: &Select, policy: Policy) -> Result<Vec<(NodeId, Part)>, NoList> {
    let base = base_of(page, base);
    let (found, _) = entries(page, &base, select, &Habits::default(), policy)?;
    let links: HashSet<NodeId> = found.iter().filter_map(|found| found.link).collect();
    let next = next::link(page, &base, select.next.as_deref(), &links).map(|(element, _)| (element.id(), Part::Next));
    let of_entry = |found: &Found<'_>| {
        let date = found.stamped.or_else(|| found.dated.as_ref()?.holder);
        let parts = [(found.title, Part::Title), (found.link, Part::Link), (date, Part::Date)];
        let parts = parts.into_iter().filter_map(|(node, part)| Some((node?, part)));
        std::iter::once((found.item.id(), Part::Item)).chain(parts).collect::<Vec<_>>()
    };
    Ok(found.iter().flat_map(of_entry).chain(next).collect())
}

/// The address that those of a page resolve against (HTML, `<base>`).
pub(super) fn base_of(page: &Html, address: &Url) -> Url {
    let mut bases = page.root_element().descendent_elements().filter(|element| element.value().name() == "base");
    let href = bases.find_map(|element| element.attr("href"));
    href.and_then(|href| address.join(href).ok()).filter(Url::has_host).unwrap_or_else(|| address.clone())
}

/// What the page says of the list: title and language.
pub(super) fn about(page: &Html, base: &Url) -> super::super::feed::Facts {
    let mut about = super::super::feed::Facts { link: Some(base.to_string()), ..Default::default() };
    let root = page.root_element();
    about.language = root.attr("lang").map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned);
    about.title = said_by(page, "title").map(|title| Text::plain(&title));
    about
}

/// What the first element of a name says in a page, if anything.
pub(super) fn said_by(page: &Html, name: &str) -> Option<String> {
    let element = page.root_element().descendent_elements().find(|element| element.value().name() == name);
    element.map(words::line).filter(|text| !text.is_empty())
}

/// The language that tells how the dates of a page are written. The letters of its title say more than an attribute that came with
/// its template.
pub(super) fn language(page: &Html) -> Option<&str> {
    let is_eastern = said_by(page, "title").is_some_and(|title| title.contains(is_cjk));
    if is_eastern { Some("zh") } else { page.root_element().attr("lang") }
}

/// The entries of a list, where their parts were found, and its habits: those that were known, and what these entries add to them.
pub(super) fn entries<'p>(
    page: &'p Html,
    base: &Url,
    select: &Select,
    known: &Habits,
    policy: Policy,
) -> Result<(Vec<Found<'p>>, Habits), NoList> {
    let pattern = select.item.as_deref().ok_or(NoList::Nothing)?;
    let missing = || NoList::NoMatch(pattern.to_owned());
    let selector = Selector::parse(pattern).map_err(|_| missing())?;
    let items: Vec<ElementRef<'p>> = page.select(&selector).take(MOST).collect();
    if items.is_empty() {
        return Err(if is_empty(page, base, pattern) { NoList::Empty } else { missing() });
    }
    let language = language(page);
    let context = order::before(language, known, policy);
    let items = without_days(without_dates(items, base, &context), &context);
    let parse = |text: &Option<String>| text.as_deref().and_then(|text| Selector::parse(text).ok());
    let mut rules = Rules {
        title: parse(&select.title),
        link: parse(&select.link),
        date: parse(&select.date),
        date_format: select.date_format.as_deref(),
        summary: parse(&select.summary),
        image: parse(&select.image),
        repeated: if select.title.is_none() { known.repeated.clone() } else { BTreeSet::new() },
        glue: Glue::default(),
    };
    let periods = period::of(page, &items, &context);
    let known_items: HashSet<NodeId> = items.iter().map(|item| item.id()).collect();
    let gather = |rules: &Rules<'_>, side: Side, context: &Context| {
        let read = |(item, period): (&ElementRef<'p>, &Option<Period>)| {
            let context = Context { year: period.map(|period| period.year), ..*context };
            entry::read(*item, &side.of(*item, &known_items), rules, base, &context)
        };
        items.iter().zip(&periods).map(read).collect::<Vec<Found<'p>>>()
    };
    let mut side = Side::None;
    let mut found = gather(&rules, side, &context);
    let others = if rules.title.is_none() { repeated::titles(&found) } else { BTreeSet::new() };
    if !others.is_empty() {
        let before = rules.repeated.clone();
        rules.repeated.extend(others.into_iter().take(MOST_REPEATED.saturating_sub(before.len())));
        let again = gather(&rules, side, &context);
        if repeated::is_better(&again, &found, &rules.repeated) {
            found = again;
        } else {
            rules.repeated = before;
        }
    }
    rules.glue = known.glue.and(Glue::of(&found, &context), &found, &context);
    if rules.glue != Glue::default() {
        found = gather(&rules, side, &context);
    }
    if rules.date.is_none() && dated(&found) * 2 < found.len() {
        for other in [Side::Behind, Side::Before] {
            let tried = gather(&rules, other, &context);
            // The heading above the first entry is not that of each.
            if dated(&tried) > dated(&found) && dated(&tried) * ONE_IN >= tried.len() {
                (side, found) = (other, tried);
            }
        }
    }
    // Figures of which nothing tells which is the month, or the year.
    let raw: Vec<&str> =
        found.iter().filter_map(|found| found.dated.as_ref()).map(|dated| dated.raw.as_str()).collect();
    let told = order::of(&raw, language, &context, policy);
    let habits = known.and(&rules, &raw, &told, policy);
    if told.numeric_order != context.numeric_order || told.year_first != context.year_first {
        found = gather(&rules, side, &told);
    }
    Ok((settled(found), habits))
}

fn is_dated(found: &Found<'_>) -> bool {
    found.dated.is_some() || found.stamped.is_some()
}

/// How many of some entries are dated.
fn dated(found: &[Found<'_>]) -> usize {
    found.iter().filter(|found| is_dated(found)).count()
}

/// Without what holds nothing but a date: it stands beside an entry, where others lead somewhere.
fn without_dates<'p>(items: Vec<ElementRef<'p>>, base: &Url, context: &Context) -> Vec<ElementRef<'p>> {
    let leads = |item: &ElementRef<'p>| {
        let around = item.ancestors().filter_map(ElementRef::wrap).take_while(|above| above.value().name() != "body");
        item.descendent_elements().chain(around).any(|part| link::target(part, base).is_some())
    };
    let (led, rest): (Vec<_>, Vec<_>) = items.iter().copied().partition(leads);
    if led.is_empty() || rest.is_empty() {
        return items;
    }
    let dates: HashSet<NodeId> =
        rest.into_iter().filter(|item| words::is_date(&words::line(*item), context)).map(|item| item.id()).collect();
    items.into_iter().filter(|item| !dates.contains(&item.id())).collect()
}

/// Without what tells the day of the item before or behind, and little else.
fn without_days<'p>(items: Vec<ElementRef<'p>>, context: &Context) -> Vec<ElementRef<'p>> {
    /// Elements of an item that are looked at.
    const MOST_PARTS: usize = 100;
    let is_dated = |item: &ElementRef<'_>| Words::of(std::iter::once(**item), None).date(*item, context).is_some();
    let words = |item: &ElementRef<'_>| {
        let links = item.descendent_elements().take(MOST_PARTS).filter(|part| part.value().name() == "a");
        links.map(|link| words::units(&words::line(link))).fold(0.0, f32::max)
    };
    rows::that_name(items, is_dated, words)
}

/// Where beside an entry its date is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    None,
    Behind,
    Before,
}

impl Side {
    /// What stands there, up to another of the known.
    fn of<'p>(self, item: ElementRef<'p>, known: &HashSet<NodeId>) -> Vec<NodeRef<'p, Node>> {
        let until = |siblings: &mut dyn Iterator<Item = NodeRef<'p, Node>>| -> Vec<NodeRef<'p, Node>> {
            siblings.take_while(|node| !known.contains(&node.id())).take(MOST_BESIDE).collect()
        };
        match self {
            Self::None => Vec::new(),
            Self::Behind => until(&mut item.next_siblings()),
            Self::Before => {
                let mut nodes = until(&mut item.prev_siblings());
                nodes.reverse();
                nodes
            }
        }
    }
}

/// What an entry says of itself, beside where it leads.
struct Told {
    /// Its title, if that names something.
    title: Option<Plain>,
    date: Option<When>,
    /// The element that its own lies in.
    holder: Option<NodeId>,
}

impl Told {
    fn of(found: &Found<'_>) -> Self {
        let title = found.entry.facts.title.as_ref().map(Text::line).filter(|title| !entry::is_weak(title));
        let date = found.entry.facts.published.filter(|_| is_dated(found));
        let title = title.as_deref().map(Plain::of);
        Self { title, date, holder: found.item.parent().map(|parent| parent.id()) }
    }

    /// Whether two entries that lead to one page are two stories: each has a title and a date, and they are of other days or
    /// stand side by side. A picture that leads there too, or what a box above the list shows of a story, is none.
    fn is_another(&self, other: &Self) -> bool {
        let (Some(title), Some(known)) = (&self.title, &other.title) else { return false };
        let (Some(date), Some(before)) = (self.date, other.date) else { return false };
        if title.text == known.text || title.begins(known) {
            return false;
        }
        // One of them has a mark before it, or behind.
        let is_short = || title.text.contains(&known.text) || known.text.contains(&title.text);
        let is_time = |when: When| matches!(when, When::Instant(_) | When::Local(_));
        let day = |when: When| match when {
            When::Instant(time) => Some(time.date_naive()),
            when => when.first_day(),
        };
        let is_other = day(date) != day(before) || is_time(date) && is_time(before) && date != before;
        is_other || self.holder == other.holder && !is_short()
    }
}

/// The entries that are some: each link once, unless several stories lead there, and without one only what tells something
/// else, and is not the header of a table. A picture that several entries show belongs to none of them.
fn settled(mut found: Vec<Found<'_>>) -> Vec<Found<'_>> {
    let some_dated = found.iter().any(is_dated);
    let most_linked = found.iter().filter(|found| found.entry.facts.link.is_some()).count() * 2 > found.len();
    let mut is_first = true;
    let mut links: HashMap<String, Vec<Told>> = HashMap::new();
    found.retain(|found| {
        let is_header = std::mem::take(&mut is_first) && most_linked || has_only_headers(found.item);
        let Some(link) = &found.entry.facts.link else {
            if is_header && found.item.value().name() == "tr" && !is_dated(found) {
                return false;
            }
            return found.entry.facts.title.is_some() && (is_dated(found) || !some_dated);
        };
        let told = Told::of(found);
        let known = links.entry(link.clone()).or_default();
        let is_one = known.len() < MOST_AT_ONE && known.iter().all(|other| told.is_another(other));
        if is_one {
            known.push(told);
        }
        is_one
    });
    let mut shown: HashMap<String, u32> = HashMap::new();
    for image in found.iter().filter_map(|found| found.entry.facts.image.clone()) {
        *shown.entry(image).or_default() += 1;
    }
    for Entry { facts, .. } in found.iter_mut().map(|found| &mut found.entry) {
        facts.image = facts.image.take().filter(|image| shown.get(image) == Some(&1));
    }
    found
}

/// Whether all cells of a row are headers (HTML, `th`).
fn has_only_headers(row: ElementRef<'_>) -> bool {
    let mut cells = row.child_elements().peekable();
    cells.peek().is_some() && cells.all(|cell| cell.value().name() == "th")
}

/// Whether nothing in most entries, or behind them, tells one from the other but title and date.
fn is_bare(found: &[Found<'_>]) -> bool {
    let items: HashSet<NodeId> = found.iter().map(|found| found.item.id()).collect();
    let rest = |found: &Found<'_>| {
        let behind = found.item.next_siblings().take_while(|node| !items.contains(&node.id())).take(MOST_BESIDE);
        let mut line = words::line_of(std::iter::once(*found.item).chain(behind));
        let title = found.title.and_then(|title| ElementRef::wrap(found.item.tree().get(title)?)).map(words::line);
        let said = [
            found.entry.facts.title.as_ref().map(Text::line),
            title,
            found.dated.as_ref().map(|dated| dated.raw.clone()),
        ];
        for said in said.into_iter().flatten().filter(|said| !said.is_empty()) {
            line = line.replacen(&said, " ", 1);
        }
        line.retain(char::is_alphabetic);
        line
    };
    let different: HashSet<String> = found.iter().map(rest).filter(|rest| !rest.is_empty()).collect();
    different.len() * 2 <= found.len()
}

/// Whether the container of a list is there, and has no link in it.
fn is_empty(page: &Html, base: &Url, pattern: &str) -> bool {
    let containers: Vec<String> = container(pattern).collect();
    let Ok(selector) = Selector::parse(&containers.join(", ")) else { return false };
    let mut containers = page.select(&selector).peekable();
    let leads =
        |element: ElementRef<'_>| element.attr("href").is_some_and(|href| address::target(base, href).is_some());
    containers.peek().is_some() && containers.take(MOST_BESIDE).all(|list| !list.descendent_elements().any(leads))
}

/// The selectors of what an item lies in: each without its last part.
fn container(pattern: &str) -> impl Iterator<Item = String> {
    let (mut depth, mut quote) = (0_u32, None);
    let (mut found, mut start, mut cut) = (Vec::new(), 0, None);
    for (at, c) in pattern.char_indices() {
        match c {
            c if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '"' | '\'' => quote = Some(c),
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ',' => {
                found.push((start, cut.take()));
                start = at + 1;
            }
            ' ' | '>' | '+' | '~' => {
                // The space behind the last part parts nothing.
                let rest = pattern.get(at..).unwrap_or_default().trim_start_matches([' ', '>', '+', '~']);
                if !rest.is_empty() && !rest.starts_with(',') {
                    cut = Some(at);
                }
            }
            _ => {}
        }
    }
    found.push((start, cut));
    found.into_iter().filter_map(|(start, cut)| {
        let holder = pattern.get(start..cut?)?.trim().trim_end_matches(['>', '+', '~', ' ']);
        (!holder.is_empty()).then(|| holder.to_owned())
    })
}

/// Whether a list names its articles: at least half of its titles are words, are no dates, and are not all one.
///
/// A title that repeats names another notice each day where it is a title for sure: a feed says so, nothing else in the entries
/// could be theirs, or somebody has written what the entries are and what stands there is not the same in each. What only
/// asks to read on never is.
pub fn has_titles(listing: &Listing, policy: Policy) -> bool {
    let context = Context::at(policy.local());
    let is_title = |title: &String| {
        words::units(title) >= 1.1 && !words::is_date(title, &context) && date::machine(title).is_none()
    };
    let title = |entry: &Entry| entry.facts.title.as_ref().map(Text::line).filter(is_title);
    let named: Vec<(String, &Entry)> =
        listing.feed.entries.iter().filter_map(|entry| Some((title(entry)?, entry))).collect();
    let titles: HashSet<&String> = named.iter().map(|(title, _)| title).collect();
    let is_written = listing.way.is_written && (listing.is_bare || titles.len() > 1);
    let is_sure = listing.is_bare || listing.way.form == Form::Feed;
    let told = |(title, Entry { facts, .. }): &(String, &Entry)| {
        let is_told = (is_written || is_sure && facts.published.is_some()) && !link::is_more(title);
        let date = facts.published.filter(|_| is_told).map(|when| when.to_string());
        // Titles that are cut short may have one start.
        let link = facts.link.clone().filter(|_| is_told && (is_written || title::is_cut(title)));
        (title.clone(), date, link)
    };
    let different: HashSet<_> = named.iter().map(told).collect();
    !named.is_empty() && named.len() * 2 >= listing.feed.entries.len() && different.len() * 2 > named.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_container_is_what_the_item_lies_in() {
        let of = |pattern: &str| container(pattern).collect::<Vec<_>>();
        assert_eq!(of("#list > li.news"), ["#list"]);
        assert_eq!(of("ul[title=\"a > b\"] li:not(.x .y) , table tr "), ["ul[title=\"a > b\"]", "table"]);
        assert_eq!(of("li.news"), Vec::<String>::new());
        assert_eq!(of("div.a  div.b>a"), ["div.a  div.b"]);
    }
}
