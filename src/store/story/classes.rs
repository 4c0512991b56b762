//! The texts of a family: what was said several times counts once.

use std::collections::{HashMap, HashSet};

use super::Member;
use crate::item::Fingerprint;
use crate::store::group::{LATER, occasion, occasions};

/// Members of a family that have the same words, title and feed, by their places in it: they count as one text.
pub(super) type Class = Vec<usize>;

/// What a text is said on: its words, and which of the occasions on which they were said. `None`: it is said on any.
pub(super) type Said = Option<(Fingerprint, usize)>;

/// Whether two texts have the same words on different occasions.
pub(super) fn is_again(one: Said, other: Said) -> bool {
    one.zip(other).is_some_and(|((one, on), (other, again))| one == other && on != again)
}

/// The members of a family by their texts, in the order of those published first; and on what each text is said. `gaps` are
/// the seconds from which on feeds mean something else by the same words.
pub(super) fn classes(
    members: &[&Member],
    telling: &HashSet<i64>,
    apart: &HashSet<(usize, usize)>,
    gaps: &HashMap<(&str, Fingerprint), u64>,
) -> (Vec<Class>, Vec<Said>) {
    let alone: HashSet<usize> = apart.iter().map(|(one, _)| *one).collect();
    let mut told: HashMap<Fingerprint, Vec<(&str, i64, u64)>> = HashMap::new();
    for member in members {
        let Some((twin, published)) = member.twin.zip(member.told) else { continue };
        let gap = if member.entry { gaps.get(&(&*member.source, twin)).copied() } else { Some(LATER + 1) };
        if let Some(gap) = gap {
            told.entry(twin).or_default().push((&member.source, published, gap));
        }
    }
    let begin: HashMap<Fingerprint, Vec<i64>> = told.into_iter().map(|(twin, told)| (twin, occasions(told))).collect();
    let mut known: HashMap<(Fingerprint, usize, &str, Option<&str>), usize> = HashMap::new();
    let mut classes: Vec<Class> = Vec::new();
    let mut said: Vec<Said> = Vec::new();
    for (number, member) in members.iter().enumerate() {
        let begin = member.twin.and_then(|twin| begin.get(&twin)).filter(|begin| !begin.is_empty());
        let on = begin.map_or(0, |begin| occasion(begin, member.published));
        let twin = member.twin.filter(|_| telling.contains(&member.id) && !alone.contains(&number));
        let feed = member.entry.then_some(member.source.as_str());
        let new = classes.len();
        let class = twin.map_or(new, |twin| *known.entry((twin, on, &member.title, feed)).or_insert(new));
        if let Some(class) = classes.get_mut(class) {
            class.push(number);
        } else {
            classes.push(vec![number]);
            said.push(member.twin.zip(begin).map(|(twin, _)| (twin, on)));
        }
    }
    (classes, said)
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
