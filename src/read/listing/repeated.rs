//! Titles that are none, because many entries have them: what their links say ("Read the article"), or the label above
//! each title.

use std::collections::{BTreeSet, HashMap, HashSet};

use scraper::ElementRef;

use super::super::feed::Text;
use super::super::residue;
use super::entry::{self, Found};
use super::words;

/// Entries of which one at least has a title that others have, before such titles are looked at.
const ONE_IN: usize = 3;
/// Words of the longest title that is taken instead.
const LONGEST: f32 = 40.0;

fn title(found: &Found<'_>) -> Option<String> {
    found.entry.facts.title.as_ref().map(Text::line)
}

/// The titles that several entries have which lead to different places, if a third of all have such. What stands in a
/// heading is a title, also where it repeats; but one word there may be a label.
pub(super) fn titles(found: &[Found<'_>]) -> BTreeSet<String> {
    let mut links: HashMap<String, (HashSet<&str>, usize)> = HashMap::new();
    for found in found {
        let (Some(title), Some(link)) = (title(found), &found.entry.facts.link) else { continue };
        if place(found).is_some_and(entry::is_headline) && !entry::is_weak(&title) {
            continue;
        }
        let (known, times) = links.entry(title).or_default();
        known.insert(link);
        *times += 1;
    }
    links.retain(|_, (links, _)| links.len() >= 2);
    let times: usize = links.values().map(|(_, times)| times).sum();
    if times * ONE_IN >= found.len() { links.into_keys().collect() } else { BTreeSet::new() }
}

/// Whether entries that were read again without some titles have better ones: each another, none of them a line of text. A
/// heading is one, and what stands in the same link; whatever else stands in the entry is only where most of the list
/// would have no title without.
pub(super) fn is_better(again: &[Found<'_>], before: &[Found<'_>], repeated: &BTreeSet<String>) -> bool {
    let pairs =
        again.iter().zip(before).filter(|(_, before)| title(before).is_some_and(|title| repeated.contains(&title)));
    let pairs: Vec<_> = pairs.collect();
    let most_are = pairs.len() * 2 > before.len();
    let is_named = |(again, _): &&(&Found<'_>, &Found<'_>)| {
        let is_of_link = || again.title.is_some_and(|title| is_inside(again, title));
        place(again).is_some_and(entry::is_headline) || is_of_link() || most_are
    };
    let named = pairs.iter().filter(is_named).filter_map(|(again, _)| Some((again, title(again)?)));
    let is_title = |(again, title): &(&&Found<'_>, String)| {
        // What begins with a number is mostly a day and who wrote on it. A heading may say anything.
        let is_prose = || residue::ends_like_prose(title) || title.starts_with(|c: char| c.is_ascii_digit());
        let is_line = words::units(title) <= LONGEST && (place(again).is_some_and(entry::is_headline) || !is_prose());
        is_line && !entry::is_weak(title) && !repeated.contains(title)
    };
    let titles: HashSet<String> = named.filter(is_title).map(|(_, title)| title).collect();
    let dated = |found: &[Found<'_>]| found.iter().filter(|found| found.entry.facts.published.is_some()).count();
    let links: HashSet<&String> = again.iter().filter_map(|again| again.entry.facts.link.as_ref()).collect();
    let known: HashSet<&String> = before.iter().filter_map(|before| before.entry.facts.link.as_ref()).collect();
    titles.len() * 3 > pairs.len() * 2 && links.len() >= known.len() && dated(again) >= dated(before)
}

/// The element that holds a title.
fn place<'p>(found: &Found<'p>) -> Option<ElementRef<'p>> {
    ElementRef::wrap(found.item.tree().get(found.title?)?)
}

/// Whether a node lies in the link of an entry.
fn is_inside(found: &Found<'_>, node: ego_tree::NodeId) -> bool {
    let is_link = |id: ego_tree::NodeId| Some(id) == found.link;
    let holder = found.item.tree().get(node);
    is_link(node) || holder.is_some_and(|holder| holder.ancestors().any(|above| is_link(above.id())))
}
