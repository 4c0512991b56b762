//! Links that stand beside that of an entry, of the same shape: its file, its version in another language, what leads on.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::outline::Outline;

/// Links that one entry may have.
const MOST: usize = 6;
/// Entries from which on words that repeat are no title.
const LEAST: usize = 3;

/// Levels of elements that may be those of entries.
const MOST_LEVELS: usize = 4;

/// Whether some links have words that repeat.
pub(super) fn may_be(outline: &Outline<'_>, anchors: &[usize]) -> bool {
    let titles: HashSet<&str> =
        anchors.iter().filter_map(|at| outline.anchors.get(*at)).map(|anchor| anchor.title.as_str()).collect();
    titles.len() < anchors.len()
}

/// Those links of one shape that stand beside another in their entry. What tells them: their words repeat, wherever they
/// stand a link with words of its own stands with them, always before them or always behind, and no date is theirs alone.
/// `entries` are links in order, each with the part that holds it alone.
pub(super) fn links(outline: &Outline<'_>, entries: &[(usize, usize)]) -> HashSet<usize> {
    let title = |at: usize| {
        let anchor = entries.get(at).and_then(|(anchor, _)| outline.anchors.get(*anchor));
        anchor.map_or("", |anchor| anchor.title.as_str())
    };
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for at in 0..entries.len() {
        places.entry(title(at)).or_default().push(at);
    }
    let part = |at: usize| {
        let anchor = entries.get(at).and_then(|(anchor, _)| outline.anchors.get(*anchor));
        anchor.map_or(0, |anchor| anchor.part)
    };
    // How deep the part lies that holds a link and the next.
    let shared: Vec<usize> = (1..entries.len())
        .map(|at| outline.common(part(at - 1), part(at)))
        .map(|shared| outline.parts.get(shared).map_or(0, |part| part.depth))
        .collect();
    let is_dated = |at: usize| entries.get(at).is_some_and(|(_, record)| outline.date(*record).0 >= 0.5);
    let depths: BTreeSet<usize> = shared.iter().copied().collect();
    for depth in depths.into_iter().rev().skip(1).take(MOST_LEVELS) {
        // Links that lie together below that depth are of one entry, if any are.
        let mut runs: Vec<(usize, usize)> = Vec::with_capacity(entries.len());
        let mut start = 0;
        for at in 1..=entries.len() {
            if shared.get(at - 1).is_none_or(|shared| *shared <= depth) {
                runs.extend((start..at).map(|_| (start, at)));
                start = at;
            }
        }
        let count = runs.iter().map(|(start, _)| start).collect::<HashSet<_>>().len();
        let is_often = |times: usize| times * LEAST >= count && (times >= LEAST || times >= 2 && times >= count);
        let repeats = |at: usize| places.get(title(at)).is_some_and(|places| is_often(places.len()));
        let is_beside = |places: &&Vec<usize>| {
            let run = |at: usize| runs.get(at).copied().unwrap_or((at, at));
            let stands = |at: &usize| {
                let (start, end) = run(*at);
                end - start <= MOST && (start..end).any(|other| !repeats(other)) && !is_dated(*at)
            };
            is_often(places.len())
                && places.iter().all(stands)
                && (places.iter().all(|at| run(*at).0 == *at) || places.iter().all(|at| run(*at).0 < *at))
        };
        let beside = places.values().filter(is_beside).flatten();
        let beside: HashSet<usize> = beside.filter_map(|at| Some(entries.get(*at)?.0)).collect();
        if !beside.is_empty() {
            return beside;
        }
    }
    HashSet::new()
}
