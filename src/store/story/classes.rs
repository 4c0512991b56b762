//! The texts of a family: what was said several times counts once.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{MOST_PAIRS, Member};
use crate::item::Fingerprint;
use crate::store::group::{occasion, occasions};

/// Members of a family that have the same words, title and feed, by their places in it: they count as one text.
pub(super) type Class = Vec<usize>;

/// The members of a family by their texts, in the order of those published first; and the pairs of texts that have the same
/// words on different occasions.
pub(super) fn classes(
    members: &[&Member],
    telling: &HashSet<i64>,
    apart: &HashSet<(usize, usize)>,
) -> (Vec<Class>, Vec<(usize, usize)>) {
    let alone: HashSet<usize> = apart.iter().map(|(one, _)| *one).collect();
    let mut told: HashMap<Fingerprint, Vec<(&str, i64)>> = HashMap::new();
    for member in members.iter().filter(|member| !member.entry) {
        if let Some((twin, published)) = member.twin.zip(member.told) {
            told.entry(twin).or_default().push((&member.source, published));
        }
    }
    let begin: HashMap<Fingerprint, Vec<i64>> = told.into_iter().map(|(twin, told)| (twin, occasions(told))).collect();
    let mut known: HashMap<(Fingerprint, usize, &str, Option<&str>), usize> = HashMap::new();
    let mut classes: Vec<Class> = Vec::new();
    let mut said: HashMap<Fingerprint, BTreeSet<(usize, usize)>> = HashMap::new();
    for (number, member) in members.iter().enumerate() {
        let on = member.twin.and_then(|twin| begin.get(&twin)).map_or(0, |all| occasion(all, member.published));
        let twin = member.twin.filter(|_| telling.contains(&member.id) && !alone.contains(&number));
        let feed = member.entry.then_some(member.source.as_str());
        let new = classes.len();
        let class = twin.map_or(new, |twin| *known.entry((twin, on, &member.title, feed)).or_insert(new));
        match classes.get_mut(class) {
            Some(class) => class.push(number),
            None => classes.push(vec![number]),
        }
        if let Some(twin) = member.twin.filter(|twin| begin.get(twin).is_some_and(|all| !all.is_empty())) {
            said.entry(twin).or_default().insert((on, class));
        }
    }
    let on_others = |(on, class): (usize, usize), said: &BTreeSet<(usize, usize)>| {
        let others = said.iter().filter(move |(other, _)| *other != on);
        others.map(move |(_, other)| (class, *other)).collect::<Vec<_>>()
    };
    // Of many classes not all pairs are looked at: those that are tell it by themselves.
    if classes.len() > MOST_PAIRS {
        return (classes, Vec::new());
    }
    let again = said.values().flat_map(|said| said.iter().flat_map(|one| on_others(*one, said))).collect();
    (classes, again)
}

/// Of two texts the members that are nearest in time: if any are the same, these are.
pub(super) fn nearest(members: &[&Member], one: &Class, other: &Class) -> Option<(usize, usize)> {
    let time = |number: &usize| members.get(*number).map_or(0, |member| member.published);
    let (mut rest, mut beside, mut found) = (one.iter().peekable(), other.iter().peekable(), None);
    while let (Some(one), Some(other)) = (rest.peek(), beside.peek()) {
        let apart = time(one).abs_diff(time(other));
        if found.is_none_or(|(least, _)| apart < least) {
            found = Some((apart, (**one, **other)));
        }
        let earlier = if time(one) <= time(other) { &mut rest } else { &mut beside };
        earlier.next();
    }
    found.map(|(_, pair)| pair)
}
