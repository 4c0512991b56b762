//! Lays two texts beside each other: which tokens of the one stand in the place of which of the other.

use std::ops::Range;

use super::shingle::Token;
use super::story::Text;

/// Longest gap between two places known to be the same that is aligned token by token.
const GAP: usize = 40;
/// Tokens of a shingle.
const SHINGLE: usize = 3;

/// Two texts beside each other.
#[derive(Debug)]
pub(super) struct Alignment {
    /// Shingles that both have, each counted once.
    pub(super) shared: usize,
    /// Shingles of the one and of the other, each counted once.
    pub(super) shingles: [usize; 2],
    /// Tokens of the one in whose place the other has others; neither is empty.
    pub(super) replaced: Vec<Replaced>,
    /// The first place of the one that is known to be the same, and where it is in the other, tokens.
    pub(super) first: Option<[usize; 2]>,
}

/// What stands in the same place of two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replaced {
    pub(super) one: Range<usize>,
    pub(super) other: Range<usize>,
}

/// Aligns two texts by the shingles that stand once in each. What was moved is found where it is; between two such
/// places that follow each other in both texts, what differs has been replaced.
pub(super) fn align(one: &Text<'_>, other: &Text<'_>) -> Alignment {
    let (left, right) = (one.shingles(), other.shingles());
    let (mut anchors, mut shared, mut of_one, mut of_other) = (Vec::new(), 0, 0, 0);
    let (mut rest, mut beside) = (left.as_slice(), right.as_slice());
    while let (Some(&(hash, at)), next) = (rest.first(), beside.first()) {
        if next.is_some_and(|next| next.0 < hash) {
            beside = behind(beside).1;
            of_other += 1;
            continue;
        }
        let (times, after) = behind(rest);
        rest = after;
        of_one += 1;
        if let Some(&(_, there)) = next.filter(|next| next.0 == hash) {
            let (times_there, after) = behind(beside);
            beside = after;
            of_other += 1;
            shared += 1;
            if times == 1 && times_there == 1 {
                anchors.push([at, there]);
            }
        }
    }
    while !beside.is_empty() {
        beside = behind(beside).1;
        of_other += 1;
    }
    anchors.sort_unstable();
    let replaced = replaced(one, other, &anchors);
    Alignment { shared, shingles: [of_one, of_other], replaced, first: anchors.first().copied() }
}

/// How many shingles at the start are equal, and what is behind them.
fn behind(shingles: &[(u64, usize)]) -> (usize, &[(u64, usize)]) {
    let times = shingles.iter().take_while(|shingle| Some(shingle.0) == shingles.first().map(|first| first.0)).count();
    (times, shingles.get(times..).unwrap_or_default())
}

/// What lies between places that are the same, in the order of the one text.
fn replaced(one: &Text<'_>, other: &Text<'_>, anchors: &[[usize; 2]]) -> Vec<Replaced> {
    let mut found = Vec::new();
    let (Some(first), Some(last)) = (anchors.first(), anchors.last()) else { return found };
    // What only one of them has before or behind is around the story.
    if near(first[0], first[1]) && anchors.iter().all(|anchor| anchor[1] >= first[1]) {
        within(one, other, 0..first[0], 0..first[1], &mut found);
    }
    for pair in anchors.windows(2) {
        if let [[at, there], [next, next_there]] = pair {
            let (from, from_there) = (at + SHINGLE, there + SHINGLE);
            if from < *next && from_there < *next_there {
                within(one, other, from..*next, from_there..*next_there, &mut found);
            }
        }
    }
    let (behind, behind_there) = (last[0] + SHINGLE..one.tokens.len(), last[1] + SHINGLE..other.tokens.len());
    if near(behind.len(), behind_there.len()) && anchors.iter().all(|anchor| anchor[1] <= last[1]) {
        within(one, other, behind, behind_there, &mut found);
    }
    found
}

/// Whether two numbers of tokens are such that one range may stand for the other.
fn near(one: usize, other: usize) -> bool {
    one.abs_diff(other) <= 2 + one.min(other) / 2
}

/// Aligns two ranges of tokens by the longest sequence that both have; too long ones replace each other as a whole.
fn within(one: &Text<'_>, other: &Text<'_>, left: Range<usize>, right: Range<usize>, found: &mut Vec<Replaced>) {
    let (tokens, beside) = (one.range(&left), other.range(&right));
    if tokens.len() > GAP || beside.len() > GAP {
        if !tokens.is_empty() && near(tokens.len(), beside.len()) {
            found.push(Replaced { one: left, other: right });
        }
        return;
    }
    pairs(tokens, beside, |one, other| {
        if !one.is_empty() && !other.is_empty() {
            let (from, there) = (left.start, right.start);
            found.push(Replaced {
                one: from + one.start..from + one.end,
                other: there + other.start..there + other.end,
            });
        }
    });
}

/// Calls `between` with what lies before, between and behind the tokens of the longest common subsequence; returns how
/// long that is. Takes the product of the lengths.
pub(super) fn pairs(one: &[Token], other: &[Token], mut between: impl FnMut(Range<usize>, Range<usize>)) -> usize {
    let width = other.len() + 1;
    let mut longest = vec![0_u16; (one.len() + 1) * width];
    for (at, token) in one.iter().enumerate().rev() {
        for (there, beside) in other.iter().enumerate().rev() {
            let cell = at * width + there;
            longest[cell] = if token.hash == beside.hash {
                longest[cell + width + 1] + 1
            } else {
                longest[cell + width].max(longest[cell + 1])
            };
        }
    }
    let (mut at, mut there, mut from, mut from_there, mut common) = (0, 0, 0, 0, 0);
    while let (Some(token), Some(beside)) = (one.get(at), other.get(there)) {
        let cell = at * width + there;
        if token.hash == beside.hash {
            between(from..at, from_there..there);
            (at, there) = (at + 1, there + 1);
            (from, from_there) = (at, there);
            common += 1;
        } else if longest[cell + width] >= longest[cell + 1] {
            at += 1;
        } else {
            there += 1;
        }
    }
    between(from..one.len(), from_there..other.len());
    common
}
