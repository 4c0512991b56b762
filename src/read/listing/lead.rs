//! The lead of a list: stories set apart above it, larger than the rest.

use std::collections::{HashMap, HashSet};

use super::heading::Names;
use super::outline::Outline;
use super::score::{Group, surroundings};
use super::{address, entry, words};

/// Stories that lead one list.
const MOST: usize = 5;
/// Links before a list that are looked at.
const MOST_LOOKED_AT: usize = 400;
/// Words that the title of a lead has at least.
const SHORTEST: f32 = 3.0;

/// The stories above a list that lead it, each with the parts that may be said to hold it, the smallest first: their addresses are
/// like those of most entries, they are dated where those are, or stand under a heading of their own, and nothing around them is
/// named for something else.
pub(super) fn of(outline: &Outline<'_>, list: &Group) -> Vec<Vec<(usize, usize)>> {
    let Some((first, record)) = list.entries.first().copied() else { return Vec::new() };
    let mut masks: HashMap<String, usize> = HashMap::new();
    let links = list.entries.iter().filter_map(|(anchor, _)| outline.anchors.get(*anchor));
    let mut known: HashSet<&str> = HashSet::new();
    for link in links {
        *masks.entry(address::mask(&link.link)).or_default() += 1;
        known.insert(link.link.as_str());
    }
    masks.retain(|_, times| *times * 2 > list.entries.len());
    let is_dated = list.signs.dates > 2.4;
    let (usual, day) = outline.date(record);
    let headings = outline.headings_of(&list.entries);
    let is_main = |at: &usize| outline.parts.get(*at).is_some_and(|part| part.element.value().name() == "main");
    let main = outline.above(record).find(is_main);
    // A lead stands with its list, and not somewhere else on the page.
    let stands_with = |part: usize| {
        let both = outline.common(part, record);
        let name = outline.parts.get(both).map_or("body", |part| part.element.value().name());
        !matches!(name, "body" | "html") && main.is_none_or(|main| both >= main)
    };
    // A link in a sentence names no story.
    let is_in_sentence = |part: usize| {
        let own = outline.words(part);
        let is_text = |at: &usize| outline.parts.get(*at).is_some_and(|part| part.element.value().name() == "p");
        let text = outline.above(part).find(is_text).map_or(0, |text| words::letters(outline.words(text)));
        !entry::is_weak(own) && text > 3 * words::letters(own)
    };
    let before = outline.anchors.iter().enumerate().take(first).rev().take(MOST_LOOKED_AT);
    let mut leads: Vec<(usize, usize)> = before
        .filter(|(_, anchor)| {
            address::is_of_article(&anchor.link)
                && !address::is_of_comment(&anchor.link)
                && masks.contains_key(&address::mask(&anchor.link))
                && words::units(&anchor.title) >= SHORTEST
                && stands_with(anchor.part)
                && !is_in_sentence(anchor.part)
                && known.insert(anchor.link.as_str())
        })
        .map(|(at, anchor)| (at, anchor.part))
        .collect();
    leads.reverse();
    let holds =
        |above: usize, other: usize| above <= other && outline.parts.get(above).is_some_and(|part| other < part.end);
    let holders = |(at, part): &(usize, usize)| {
        // The largest part around it that is no larger than an entry, and holds neither the list nor another lead.
        let is_own = |above: &usize| {
            outline.is_small(*above)
                && !holds(*above, record)
                && !leads.iter().any(|(_, other)| other != part && holds(*above, *other))
        };
        let holders: Vec<usize> = outline.above(*part).take_while(is_own).collect();
        let holder = holders.last().copied()?;
        let (worth, own) = outline.date(holder);
        let is_timely = own.is_none_or(|own| own <= outline.today) && own.zip(day).is_none_or(|(own, day)| own >= day);
        // As surely as the first of the list: "today" in a title is no date.
        let is_told = worth >= usual.max(0.5) || !is_dated && outline.is_headed(holder);
        let is_named = outline.called(*part, &headings) == Some(Names::Other);
        let is_whole = |part: &usize| worth < 0.5 || outline.date(*part).0 >= worth;
        let is_lead = is_timely && is_told && !is_named && surroundings(outline, holder) < 1.0;
        is_lead.then(|| holders.into_iter().filter(is_whole).map(|part| (*at, part)).collect())
    };
    let found: Vec<_> = leads.iter().filter_map(holders).collect();
    // Many are no leads, but another list.
    if found.len() <= MOST { found } else { Vec::new() }
}
