//! Lays two texts beside each other: which tokens of the one stand in the place of which of the other.

use std::ops::Range;

use super::shingle::Token;
use super::story::Text;

/// Longest gap between two places known to be the same that is aligned token by token.
const GAP: usize = 40;
/// Longest gap that is taken as one place.
const PLACE: usize = 6;
/// Longest beginning or end of a text that is compared: what is longer is what a site puts around it.
const EDGE: usize = 12;
/// Longest gap that is looked through for words that are the same in both, though none of them stands there once.
const REPEATED: usize = 256;
/// Tokens of a shingle.
const SHINGLE: usize = 3;

/// Two texts beside each other.
#[derive(Debug)]
pub(super) struct Alignment {
    /// Shingles that both have, each counted once.
    pub(super) shared: usize,
    /// Shingles of the one and of the other, each counted once.
    pub(super) shingles: [usize; 2],
    /// Shingles of the one that the other has, too, and those from the first to the last of them.
    pub(super) found: usize,
    pub(super) stretch: usize,
    /// Where the first place of the one that is known to be the same is in the other, tokens.
    pub(super) first: Option<usize>,
    /// What lies between places that are the same and follow each other in both.
    pub(super) gaps: Vec<Gap>,
    /// The same where one of the texts has a few tokens, and the other none.
    pub(super) added: Vec<Gap>,
}

/// Tokens of the one text in whose place the other has others; neither is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) one: Range<usize>,
    pub(super) other: Range<usize>,
    /// Whether it is the beginning or the end of both texts.
    pub(super) is_edge: bool,
}

/// Aligns two texts by the shingles that stand once in each. What was moved is found where it is; between two such
/// places that follow each other in both texts, what differs has been replaced.
pub(super) fn align(one: &Text<'_>, other: &Text<'_>) -> Alignment {
    let (mut anchors, mut shared, mut found, mut of_one, mut of_other) = (Vec::new(), 0, 0, 0, 0);
    let (mut rest, mut beside) = (one.shingles(), other.shingles());
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
            found += times;
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
    // A text that stands there several times may have no shingle that stands there once.
    let is_repeated = anchors.is_empty() && shared > 0 && shared * 2 >= of_one.min(of_other);
    let (gaps, added) = gaps(one, other, &anchors, is_repeated);
    let ends = anchors.first().zip(anchors.last());
    Alignment {
        shared,
        shingles: [of_one, of_other],
        found,
        stretch: ends.map_or(0, |(first, last)| last[0] + 1 - first[0]),
        first: anchors.first().map(|first| first[1]),
        gaps,
        added,
    }
}

/// How many shingles at the start are equal, and what is behind them.
fn behind(shingles: &[(u64, usize)]) -> (usize, &[(u64, usize)]) {
    let times = shingles.iter().take_while(|shingle| Some(shingle.0) == shingles.first().map(|first| first.0)).count();
    (times, shingles.get(times..).unwrap_or_default())
}

/// What lies between places that are the same, in the order of the one text: what is replaced, and what is added. Where no
/// place is known, all of both is one gap if it is repeated.
fn gaps(one: &Text<'_>, other: &Text<'_>, anchors: &[[usize; 2]], is_repeated: bool) -> (Vec<Gap>, Vec<Gap>) {
    let (mut gaps, mut added) = (Vec::new(), Vec::new());
    let mut add = |left: Range<usize>, right: Range<usize>, is_edge: bool| {
        // Places that are the same, but not the only ones of their words, are no anchors.
        let (tokens, beside) = (one.range(&left), other.range(&right));
        let equal = |(one, other): &(&Token, &Token)| one.hash == other.hash;
        let before = tokens.iter().zip(beside).take_while(equal).count();
        let (tokens, beside) = (tokens.get(before..).unwrap_or_default(), beside.get(before..).unwrap_or_default());
        let behind = tokens.iter().rev().zip(beside.iter().rev()).take_while(equal).count();
        let (length, length_beside) = (tokens.len() - behind, beside.len() - behind);
        // What is far from as long has not been replaced: one of them has more.
        let (shorter, longer) = (length.min(length_beside), length.max(length_beside));
        let (start, start_beside) = (left.start + before, right.start + before);
        let (one, other) = (start..start + length, start_beside..start_beside + length_beside);
        if longer > EDGE && longer <= REPEATED && shorter * 5 >= longer * 4 {
            let mut parts = Vec::new();
            let [tokens, beside] = [tokens.get(..length), beside.get(..length_beside)].map(Option::unwrap_or_default);
            let common = pairs(tokens, beside, |part, of_other| {
                let one = start + part.start..start + part.end;
                parts.push(Gap {
                    one,
                    other: start_beside + of_other.start..start_beside + of_other.end,
                    is_edge: false,
                });
            });
            if common * 5 >= longer * 4 {
                let (of_both, of_one): (Vec<Gap>, Vec<Gap>) =
                    parts.into_iter().partition(|part| !part.one.is_empty() && !part.other.is_empty());
                gaps.extend(of_both);
                added.extend(of_one.into_iter().filter(|part| part.one.len().max(part.other.len()) <= PLACE));
                return;
            }
        }
        if shorter == 0 && (1..=PLACE).contains(&longer) && !is_edge {
            added.push(Gap { one, other, is_edge });
        } else if shorter > 0 && longer <= 2 + shorter + shorter / 2 && !(is_edge && longer > EDGE) {
            gaps.push(Gap { one, other, is_edge });
        }
    };
    let (Some(first), Some(last)) = (anchors.first(), anchors.last()) else {
        if is_repeated {
            add(0..one.tokens.len(), 0..other.tokens.len(), true);
        }
        return (gaps, added);
    };
    if anchors.iter().all(|anchor| anchor[1] >= first[1]) {
        add(0..first[0], 0..first[1], true);
    }
    for pair in anchors.windows(2) {
        if let [[at, there], [next, next_there]] = pair {
            add(at + SHINGLE..*next, there + SHINGLE..*next_there, false);
        }
    }
    if anchors.iter().all(|anchor| anchor[1] <= last[1]) {
        add(last[0] + SHINGLE..one.tokens.len(), last[1] + SHINGLE..other.tokens.len(), true);
    }
    (gaps, added)
}

/// The parts of a gap that replace each other. Calls `between` with each; neither is empty.
pub(super) fn refine(one: &Text<'_>, other: &Text<'_>, gap: &Gap, mut between: impl FnMut(Range<usize>, Range<usize>)) {
    let (left, right) = (one.range(&gap.one), other.range(&gap.other));
    let longest = left.len().max(right.len());
    // A few tokens are in one place, and so are very many, which are not looked at more closely.
    if longest <= PLACE || longest > GAP {
        between(gap.one.clone(), gap.other.clone());
        return;
    }
    pairs(left, right, |one, other| {
        let at = |start: usize, range: Range<usize>| start + range.start..start + range.end;
        if !one.is_empty() && !other.is_empty() {
            between(at(gap.one.start, one), at(gap.other.start, other));
        }
    });
}

/// Calls `between` with what stands in the place of what before, between and behind the tokens of the longest common
/// subsequence, of which one may be empty; returns how long that is. Takes the product of the lengths.
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
    let mut replaced = |one: Range<usize>, other: Range<usize>| {
        if !one.is_empty() || !other.is_empty() {
            between(one, other);
        }
    };
    let (mut at, mut there, mut from, mut from_there, mut common) = (0, 0, 0, 0, 0);
    while let (Some(token), Some(beside)) = (one.get(at), other.get(there)) {
        let cell = at * width + there;
        if token.hash == beside.hash {
            replaced(from..at, from_there..there);
            (at, there) = (at + 1, there + 1);
            (from, from_there) = (at, there);
            common += 1;
        } else if longest[cell + width] >= longest[cell + 1] {
            at += 1;
        } else {
            there += 1;
        }
    }
    replaced(from..one.len(), from_there..other.len());
    common
}
