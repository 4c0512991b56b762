//! Selectors that match given elements and no others, made of what is likely to stay: ids and classes that name a thing.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::{ElementRef, Selector};

use super::outline::{Outline, is_state};

/// Elements that all tries for one selector may look at together: large pages get fewer.
const MOST_LOOKS: usize = 2_000_000;

/// A selector that matches exactly these parts of a page; for want of one, a selector that matches few others.
pub(super) fn of_items(outline: &Outline<'_>, items: &[usize]) -> Option<String> {
    let element = |at: &usize| outline.parts.get(*at).map(|part| part.element);
    let elements: Vec<ElementRef<'_>> = items.iter().filter_map(element).collect();
    let holder = items.iter().copied().reduce(|a, b| outline.common(a, b))?;
    let holder = if items.contains(&holder) { outline.parts.get(holder)?.parent } else { holder };
    let parents: Vec<ElementRef<'_>> =
        elements.iter().filter_map(|element| element.parent().and_then(ElementRef::wrap)).collect();
    let are_children = parents.iter().all(|parent| Some(parent.id()) == element(&holder).map(|holder| holder.id()));
    let child = if are_children { " > " } else { " " };

    // An entry by its own name, or by that and the name of what it lies in.
    let own = names(&elements);
    let above = names(&parents);
    let below = above.iter().take(2).flat_map(|parent| own.iter().take(2).map(move |own| format!("{parent} > {own}")));
    let steps: Vec<String> = own.iter().cloned().chain(below).collect();
    // The list by its name, or by that of what it lies in. A list that has one is known again when it is empty.
    let is_inside = |part: &ElementRef<'_>| !matches!(part.value().name(), "body" | "html");
    let holders = outline.above(holder).filter_map(|above| element(&above)).take_while(is_inside).take(12);
    let lists = holders.enumerate().flat_map(|(steps, holder)| {
        let join = if steps == 0 { child } else { " " };
        let telling = names(&[holder]).into_iter().filter(|name| name.contains(['.', '#'])).take(2);
        telling.map(move |name| format!("{name}{join}")).collect::<Vec<_>>()
    });
    let lists: Vec<String> = lists.take(6).collect();
    let named = lists.iter().flat_map(|list| steps.iter().map(move |step| format!("{list}{step}")));
    // Or what each of them lies in, box by box.
    let boxed = (2..=4).flat_map(|level| {
        let ancestors: Vec<ElementRef<'_>> = elements
            .iter()
            .filter_map(|element| element.ancestors().filter_map(ElementRef::wrap).nth(level - 1))
            .collect();
        let named = if ancestors.len() == elements.len() { names(&ancestors) } else { Vec::new() };
        let telling = named.into_iter().filter(|name| name.contains(['.', '#'])).take(2);
        telling.flat_map(|name| own.iter().take(2).map(move |own| format!("{name} {own}"))).collect::<Vec<_>>()
    });
    // Where nothing names them, only their place does.
    let tag = elements.first()?.value().name();
    let place = place(outline, holder).map(|place| format!("{place}{child}"))?;
    let placed = steps.iter().rev().map(String::as_str).chain([tag]).map(|step| format!("{place}{step}"));

    let wanted: HashSet<NodeId> = elements.iter().map(|element| element.id()).collect();
    let tags: HashSet<&str> = elements.iter().map(|element| element.value().name()).collect();
    let alike: Vec<ElementRef<'_>> =
        outline.parts.iter().map(|part| part.element).filter(|other| tags.contains(other.value().name())).collect();
    let tries = (MOST_LOOKS / alike.len().max(1)).clamp(3, 60);
    let mut nearest: Option<(usize, String)> = None;
    for selector in named.chain(steps.iter().cloned()).chain(boxed).chain(placed).take(tries) {
        let Ok(parsed) = Selector::parse(&selector) else { continue };
        let (mut others, mut found) = (0, 0);
        for element in alike.iter().filter(|element| parsed.matches(element)) {
            if wanted.contains(&element.id()) { found += 1 } else { others += 1 }
        }
        if found < wanted.len() {
            continue;
        }
        if others == 0 {
            return Some(selector);
        }
        if nearest.as_ref().is_none_or(|(known, _)| others < *known) {
            nearest = Some((others, selector));
        }
    }
    nearest.map(|(_, selector)| selector)
}

/// A selector that finds the same element in each item. `targets` are pairs of item and element; an element of `None` is
/// not to be found.
pub(super) fn in_items(targets: &[(ElementRef<'_>, Option<NodeId>)]) -> Option<String> {
    let found: Vec<ElementRef<'_>> = targets
        .iter()
        .filter_map(|(item, id)| {
            let id = (*id)?;
            item.descendent_elements().skip(1).find(|element| element.id() == id)
        })
        .collect();
    // Below half of the entries it is no part of their shape.
    if found.is_empty() || found.len() * 2 < targets.len() {
        return None;
    }
    let fits = |selector: &String| {
        let Ok(parsed) = Selector::parse(selector) else { return false };
        let same = |(item, id): &(ElementRef<'_>, Option<NodeId>)| {
            item.select(&parsed).next().map(|element| element.id()) == id.filter(|id| *id != item.id())
        };
        targets.iter().all(same)
    };
    let own = names(&found);
    let parents: Vec<ElementRef<'_>> =
        found.iter().filter_map(|element| element.parent().and_then(ElementRef::wrap)).collect();
    let inner = targets.iter().zip(&parents).all(|((item, _), parent)| item.id() != parent.id());
    let above = if inner { names(&parents) } else { Vec::new() };
    let below = above.iter().take(2).flat_map(|parent| own.iter().map(move |own| format!("{parent} > {own}")));
    let (named, bare): (Vec<_>, Vec<_>) = own.iter().cloned().partition(|name| name.contains(['.', '#', '[']));
    named.into_iter().chain(bare).chain(below).find(fits)
}

/// The names that all of some elements share, the most telling first: how their ids begin, classes, the tag.
fn names(elements: &[ElementRef<'_>]) -> Vec<String> {
    let Some(first) = elements.first() else { return Vec::new() };
    let tag = first.value().name();
    if elements.iter().any(|element| element.value().name() != tag) {
        return Vec::new();
    }
    let mut names = Vec::new();
    names.extend(shared_ids(elements));
    let mut classes: Vec<&str> = first.value().classes().filter(|class| is_name(class)).collect();
    classes.retain(|class| elements.iter().all(|element| element.value().classes().any(|other| other == *class)));
    classes.sort_by_key(|class| doubt(class));
    classes.truncate(4);
    names.extend(classes.iter().map(|class| format!("{tag}.{class}")));
    if let [a, b, ..] = classes.as_slice() {
        names.push(format!("{tag}.{a}.{b}"));
    }
    names.push(tag.to_owned());
    names
}

/// The id of a lone element, or how ids that count up begin: `li[id^="line_u"]`, which leaves out more figures than
/// `li[id^="line_u9_"]`.
fn shared_ids(elements: &[ElementRef<'_>]) -> Vec<String> {
    let ids: Option<Vec<&str>> = elements.iter().map(|element| element.attr("id")).collect();
    let (Some(first), Some(ids)) = (elements.first(), ids) else { return Vec::new() };
    let (tag, id) = (first.value().name(), ids.first().copied().unwrap_or_default());
    if let [_] = elements {
        return if is_name(id) { vec![format!("{tag}#{id}")] } else { Vec::new() };
    }
    let shared = ids.iter().skip(1).fold(id, |shared, id| {
        let same = shared.bytes().zip(id.bytes()).take_while(|(a, b)| a == b).count();
        shared.get(..same).unwrap_or_default()
    });
    let is_figure = |c: char| c.is_ascii_digit();
    let long = shared.trim_end_matches(is_figure);
    let short = long.trim_end_matches(|c| is_figure(c) || matches!(c, '-' | '_'));
    let short = if short.ends_with(is_figure) || short.len() + 1 < long.len() { short } else { long };
    let plain =
        |begin: &&str| begin.len() >= 3 && begin.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let begins = [short, long].into_iter().take(if short == long { 1 } else { 2 });
    begins.filter(plain).map(|begin| format!("{tag}[id^=\"{begin}\"]")).collect()
}

/// Whether a class or id can be written in a selector as it is, and may be the same tomorrow.
fn is_name(class: &str) -> bool {
    let figures = class.chars().filter(char::is_ascii_digit).count();
    let plain = class.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let first = class.starts_with(|c: char| c.is_ascii_alphabetic())
        || class.starts_with('_') && class.len() > 1 && !class.starts_with("__");
    plain
        && first
        && figures <= 3
        && class.len() <= 60
        && !is_state(class)
        && !class.starts_with("css-")
        && !class.starts_with("sc-")
}

/// How little a class tells of what an element is; the least first.
fn doubt(class: &str) -> (u8, usize) {
    let lower = class.to_ascii_lowercase();
    let telling = [
        "news", "list", "article", "post", "entry", "item", "story", "notice", "card", "blog", "teaser", "title",
        "tit", "date", "time", "row",
    ];
    let layout = [
        "col", "row", "grid", "flex", "mt", "mb", "pt", "pb", "px", "py", "p", "m", "w", "h", "text", "bg", "d",
        "small", "medium", "large", "wow", "fadein", "animated", "span", "pull", "float", "fl", "fr", "left", "right",
    ];
    let is_layout = lower
        .split(['-', '_'])
        .next()
        .is_some_and(|word| layout.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit())));
    let rank = match () {
        () if is_layout => 3,
        () if lower.contains(|c: char| c.is_ascii_digit()) => 2,
        () if telling.iter().any(|word| lower.contains(word)) => 0,
        () => 1,
    };
    (rank, class.len())
}

/// Where an element is, counted from the nearest that has an id, or from the body.
fn place(outline: &Outline<'_>, part: usize) -> Option<String> {
    let mut steps: Vec<String> = Vec::new();
    for above in outline.above(part) {
        let element = outline.parts.get(above)?.element;
        let tag = element.value().name();
        if matches!(tag, "body" | "html") {
            steps.push(tag.to_owned());
            break;
        }
        if let Some(id) = element.attr("id").filter(|id| is_name(id)) {
            steps.push(format!("#{id}"));
            break;
        }
        let same = |sibling: &ElementRef<'_>| sibling.value().name() == tag;
        let before = element.prev_siblings().filter_map(ElementRef::wrap).filter(same).count();
        let is_only =
            before == 0 && !element.next_siblings().filter_map(ElementRef::wrap).any(|sibling| same(&sibling));
        steps.push(if is_only { tag.to_owned() } else { format!("{tag}:nth-of-type({})", before + 1) });
    }
    steps.reverse();
    Some(steps.join(" > "))
}
