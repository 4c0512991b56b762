//! Is it the same story? Words, titles, dates, numbers and names vote.

use std::cmp::Ordering;
use std::fmt;

use chrono::TimeDelta;

use super::align::{self, Alignment, Gap};
use super::calendar;
use super::conflict::{self, Conflict, ConflictKind, Conflicts};
use super::shingle::Kind;
use super::sibling;
use super::story::{Story, Text};
use super::swap::Swap;

/// Least share of their shingles that two texts of one story have in common, percent.
const ALIKE: usize = 50;
/// Least share of the shingles of an excerpt that stand in the whole story, percent.
const CONTAINED: usize = 80;
/// The same for stories that were published long apart, which may be another year's.
const ALMOST_ALL: usize = 90;
/// Below this weight a text tells nothing alone: 12 words, or 24 characters.
const LITTLE: usize = 24;
/// From this weight on the words of a text tell a story whatever it is called: 64 words, or 128 characters.
pub(super) const MUCH: usize = 128;
/// Least weight of an excerpt under another title: 40 words, or 80 characters.
const EXCERPT: usize = 80;
/// Least weight of a title that is not given to many.
const TELLING_TITLE: usize = 8;
/// Tokens of a title that are looked at.
const TITLE: usize = 64;
/// Below this share of their shingles two texts have nothing to do with each other, percent.
const FOREIGN: usize = 10;
/// Days after which a story is more likely another year's than a copy.
const LONG: u64 = 60;
/// Days after which a text of much weight that differs in few words is more likely another occasion than an edited copy.
/// One of less is so on the next day.
const SPREAD: u64 = 5;
/// Least share of its tokens in whose place a text of another day has others, hardly one the same, that makes it another one
/// in the same frame, percent.
const REPLACED: usize = 15;
/// Least number of other numbers in the same places that tell stories apart.
const NUMBERS: usize = 2;
/// Least number of other names, or parts of them, in the same places that tell stories apart.
const NAMES: usize = 3;
/// Tokens that stand in the place of others: from this length on they are another content, not another wording.
const OTHER_CONTENT: usize = 10;

/// Whether two stories are the same, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether they are.
    pub same: bool,
    /// What decided it.
    pub reason: Reason,
    /// What was looked at.
    pub votes: Votes,
}

/// What votes on whether two stories are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Votes {
    /// Shingles that both texts have, of all that they have, percent.
    pub shared: usize,
    /// Shingles of the shorter text that stand in the longer, percent.
    pub contained: usize,
    /// What their titles have in common.
    pub titles: Titles,
    /// Whole days between their publication. `None`: one of the dates is not known.
    pub days_apart: Option<u64>,
    /// What their titles say differently in the same place.
    pub title_conflicts: Conflicts,
    /// What their texts say differently in the same place.
    pub conflicts: Conflicts,
}

/// What two titles have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Titles {
    /// The same words.
    Same,
    /// One is the beginning of the other.
    Cut,
    /// Most of their words.
    Alike,
    /// Little, or one of them is empty.
    Unlike,
}

/// Why two stories are the same, or are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Same: word for word.
    SameWords,
    /// Same: so many percent of both texts.
    Alike(usize),
    /// The same, with the first place of those where they differ.
    Reworded(usize, Conflict),
    /// Same: so many percent of the shorter text stand in the longer.
    Contained(usize),
    /// The same, but for what stands before and behind.
    Within(usize),
    /// Same: there is little text, under one title of one day.
    SameTitleAndDay,
    /// Not the same: what their titles say in the same place.
    OtherTitle(Conflict),
    /// Not the same: years that only one of the titles names.
    OtherYear(String, String),
    /// Not the same: what their texts say in the same place.
    OtherFacts(Conflict),
    /// Not the same: much other text in the same frame.
    OtherContent,
    /// Not the same: days between them, and their words differ.
    LongApart(u64),
    /// Not the same: what one text says of the other tells nothing, and their titles or days differ.
    SaysLittle,
    /// Not the same: so many percent of their words.
    Unlike(usize),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameWords => write!(f, "the words are the same"),
            Self::Alike(percent) => {
                write!(
                    f,
                    "they share {percent} % of their wording, and no place was found where they say something else"
                )
            }
            Self::Reworded(percent, Conflict { one, other, .. }) => write!(
                f,
                "they share {percent} % of their wording, and what they say differently is too little to make them two, as \
                 “{one}” and “{other}”"
            ),
            Self::Contained(percent) => {
                write!(f, "{percent} % of the wording of the shorter text stands in the longer")
            }
            Self::Within(percent) => write!(
                f,
                "{percent} % of the wording of the shorter text stands in the longer, but for what is before and behind it"
            ),
            Self::SameTitleAndDay => {
                write!(f, "they have one title within one day, and one of them says little more")
            }
            Self::OtherYear(one, other) => write!(f, "their titles name different years: {one} and {other}"),
            Self::OtherTitle(conflict) => write!(f, "their titles differ in {conflict}"),
            Self::OtherFacts(conflict) => write!(f, "their texts differ in {conflict}"),
            Self::OtherContent => {
                write!(f, "much of what stands between the same words differs")
            }
            Self::LongApart(days) => {
                write!(f, "they were published {days} days apart, and their words are not quite the same")
            }
            Self::SaysLittle => write!(f, "they say too little to be told the same without one title and day"),
            Self::Unlike(percent) => write!(f, "they share only {percent} % of their wording"),
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ConflictKind::Date => "a date",
            ConflictKind::Number => "numbers",
            ConflictKind::Name => "names",
            ConflictKind::Denial => "what one of them denies",
            ConflictKind::Words => "words",
        };
        write!(f, "{what}: “{}” and “{}”", self.one, self.other)
    }
}

/// Whether two stories are the same; the answer is that of the other order. Takes time and memory in proportion to the
/// texts.
pub fn compare(one: &Story<'_>, other: &Story<'_>) -> Verdict {
    if in_order(one, other) == Ordering::Greater {
        return compare_in_order(other, one).turned();
    }
    compare_in_order(one, other)
}

fn compare_in_order(one: &Story<'_>, other: &Story<'_>) -> Verdict {
    let has_same_words = one.body.says_what(&other.body);
    let alignment = (!has_same_words).then(|| align::align(&one.body, &other.body));
    let votes = votes(one, other, alignment.as_ref());
    let (same, reason) = judge(one, other, alignment.as_ref(), &votes);
    Verdict { same, reason, votes }
}

impl Verdict {
    /// The same, told from the other side.
    fn turned(self) -> Self {
        let reason = match self.reason {
            Reason::OtherTitle(conflict) => Reason::OtherTitle(conflict.turned()),
            Reason::OtherFacts(conflict) => Reason::OtherFacts(conflict.turned()),
            Reason::Reworded(percent, conflict) => Reason::Reworded(percent, conflict.turned()),
            Reason::OtherYear(one, other) => Reason::OtherYear(other, one),
            reason => reason,
        };
        let (title_conflicts, conflicts) = (self.votes.title_conflicts.turned(), self.votes.conflicts.turned());
        Self { reason, votes: Votes { title_conflicts, conflicts, ..self.votes }, ..self }
    }
}

/// An order of any two stories that are not the same in all: what is found must not depend on which is given first.
fn in_order(one: &Story<'_>, other: &Story<'_>) -> Ordering {
    let of = |story: &Story<'_>| (story.body.tokens.len(), story.title.tokens.len(), story.published);
    let words =
        || one.body.hashes().cmp(other.body.hashes()).then_with(|| one.title.hashes().cmp(other.title.hashes()));
    of(one).cmp(&of(other)).then_with(words)
}

fn votes(one: &Story<'_>, other: &Story<'_>, alignment: Option<&Alignment>) -> Votes {
    let (titles, places) = titles(&one.title, &other.title);
    let replaced: Vec<Gap> = match titles {
        Titles::Alike => places.iter().filter(|gap| !gap.one.is_empty() && !gap.other.is_empty()).cloned().collect(),
        Titles::Same | Titles::Cut | Titles::Unlike => Vec::new(),
    };
    let (mut shared, mut contained) = (100, 100);
    if let Some(Alignment { shared: both, shingles: [left, right], found, stretch, .. }) = alignment {
        shared = percent(*both, left + right - both);
        contained = percent(*both, *left.min(right));
        // What a site adds to all of its stories, before and behind, is no part of this one.
        if matches!(titles, Titles::Same | Titles::Cut) && stretch * 2 > one.body.tokens.len() {
            contained = contained.max(percent(*found, *stretch).min(100));
        }
    }
    let [body, added] =
        alignment.map(|alignment| [alignment.gaps.as_slice(), alignment.added.as_slice()]).unwrap_or_default();
    let (mut title_conflicts, mut conflicts) = (Conflicts::default(), Conflicts::default());
    if !places.is_empty() || !body.is_empty() || !added.is_empty() {
        let words = [one.vocabulary(), other.vocabulary()];
        let is_one_source = one.is_of_source_of(other);
        title_conflicts = conflict::conflicts([&one.title, &other.title], words, &replaced, &[], is_one_source);
        title_conflicts.all.extend(conflict::title_denial([&one.title, &other.title], words, &places));
        conflicts = conflict::conflicts([&one.body, &other.body], words, body, added, is_one_source);
    }
    let days_apart = one.published.zip(other.published).map(|(one, other)| (one - other).num_days().unsigned_abs());
    Votes { shared, contained, titles, days_apart, title_conflicts, conflicts }
}

/// So many percent, rounded down; of nothing, none.
pub(super) fn percent(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or(0)
}

fn judge(one: &Story<'_>, other: &Story<'_>, alignment: Option<&Alignment>, votes: &Votes) -> (bool, Reason) {
    let weight = one.body.weight().min(other.body.weight());
    let title_says = |kind| votes.title_conflicts.all.iter().find(|conflict| conflict.kind == kind);
    let telling = [ConflictKind::Date, ConflictKind::Number, ConflictKind::Denial];
    let title_conflict = telling.into_iter().find_map(title_says);
    let years = other_years(&one.title, &other.title);
    // Long texts that are equal to the word are one, whatever they are called.
    let is_copy = alignment.is_none() && weight >= MUCH;
    if !is_copy {
        if let Some((one, other)) = years {
            return (false, Reason::OtherYear(one, other));
        }
        if let Some(conflict) = title_conflict {
            return (false, Reason::OtherTitle(conflict.clone()));
        }
    }
    let has_one_title = matches!(votes.titles, Titles::Same | Titles::Cut);
    if weight < LITTLE {
        let day = one.published.zip(other.published).map(|(one, other)| (one - other).abs() < TimeDelta::days(1));
        let tells = one.title.weight().min(other.title.weight()) >= TELLING_TITLE;
        let mut words = votes.conflicts.swaps.iter().filter(|(_, swap)| *swap >= Swap::Word);
        if let Some((conflict, _)) = words.next().filter(|_| has_one_title) {
            return (false, Reason::OtherFacts(conflict.clone()));
        }
        // Without a date, what little there is has to stand in the other.
        let is_in = !one.body.tokens.is_empty() && votes.contained >= CONTAINED;
        return match day {
            None if has_one_title && tells && is_in => (true, contained(alignment, votes)),
            Some(true) if has_one_title && tells && (is_in || one.body.tokens.is_empty()) => {
                (true, Reason::SameTitleAndDay)
            }
            _ => (false, Reason::SaysLittle),
        };
    }
    let other_words =
        || other_words(one, other, alignment, votes).or_else(|| sibling::swapped(one, other, alignment, votes));
    let Some(alignment) = alignment else {
        if let Some(reason) = other_words().filter(|_| !is_copy) {
            return (false, reason);
        }
        return if is_copy || votes.titles != Titles::Unlike {
            (true, Reason::SameWords)
        } else {
            (false, Reason::SaysLittle)
        };
    };
    let is_alike = votes.shared >= ALIKE;
    if !is_alike && votes.contained < CONTAINED {
        return (false, Reason::Unlike(votes.shared));
    }
    if let Some(reason) = decisive(votes).cloned().map(Reason::OtherFacts).or_else(other_words) {
        return (false, reason);
    }
    let longest = one.body.tokens.len().max(other.body.tokens.len());
    if votes.days_apart.is_some_and(|days| days > 0) && percent(votes.conflicts.replaced, longest) >= REPLACED {
        return (false, Reason::OtherContent);
    }
    if votes.titles == Titles::Unlike {
        if votes.conflicts.other_content >= OTHER_CONTENT {
            return (false, Reason::OtherContent);
        }
        // An excerpt under another title is one of the beginning; the rest may be what a site adds to all.
        let is_beginning = alignment.first.is_some_and(|first| first <= other.body.tokens.len() / 4);
        if !is_alike && (weight < EXCERPT || !is_beginning) {
            return (false, Reason::SaysLittle);
        }
    }
    let is_almost_all = votes.shared >= ALMOST_ALL && votes.conflicts.all.is_empty() && weight >= MUCH;
    if let Some(days) = votes.days_apart.filter(|days| *days > LONG && !is_almost_all) {
        return (false, Reason::LongApart(days));
    }
    let reason = match alignment.gaps.first() {
        _ if !is_alike => contained(Some(alignment), votes),
        None => Reason::Alike(votes.shared),
        Some(gap) => {
            let texts = [&one.body, &other.body];
            let place = conflict::shown(texts, [&gap.one, &gap.other], ConflictKind::Words, 1);
            Reason::Reworded(votes.shared, place)
        }
    };
    (true, reason)
}

/// How much of the shorter text stands in the longer, told of all of it if that is enough.
fn contained(alignment: Option<&Alignment>, votes: &Votes) -> Reason {
    let of_all =
        alignment.map_or(100, |Alignment { shared, shingles: [left, right], .. }| percent(*shared, *left.min(right)));
    if of_all >= CONTAINED { Reason::Contained(of_all) } else { Reason::Within(votes.contained) }
}

/// The first of few other words that tell stories of different days apart: a notice is written anew by changing what
/// matters, be it "law" for "optics". Where their texts are the same, those of their titles do.
fn other_words(one: &Story<'_>, other: &Story<'_>, alignment: Option<&Alignment>, votes: &Votes) -> Option<Reason> {
    let least = if one.body.weight().min(other.body.weight()) < MUCH { 1 } else { SPREAD };
    votes.days_apart.filter(|days| *days >= least)?;
    let Some(alignment) = alignment else {
        return votes.title_conflicts.few.first().cloned().map(Reason::OtherTitle);
    };
    let first = votes.conflicts.few.first().filter(|_| sibling::kept(one, other, alignment).0 >= sibling::KEPT);
    first.cloned().map(Reason::OtherFacts)
}

/// The conflict of the texts that tells them apart, if together they do: one date, some numbers or names, or fewer where
/// that is most of what differs.
fn decisive(votes: &Votes) -> Option<&Conflict> {
    let of = |kind| votes.conflicts.all.iter().filter(move |conflict| conflict.kind == kind);
    let in_title = votes.title_conflicts.all.iter().any(|conflict| conflict.kind == ConflictKind::Name);
    let is_most = votes.conflicts.all.len() > votes.conflicts.reworded;
    // A name that is another throughout the text counts as often, unless other words are others, too.
    let counted = |conflict: &Conflict| if is_most { conflict.weight.max(conflict.places) } else { conflict.weight };
    let weight = |kind| of(kind).map(counted).sum::<usize>();
    let enough = [
        (ConflictKind::Date, 1),
        (ConflictKind::Denial, 1),
        (
            ConflictKind::Name,
            // One name alone is one, where not a word is another.
            if in_title || votes.conflicts.reworded == 0 {
                1
            } else if is_most {
                2
            } else {
                NAMES
            },
        ),
        (ConflictKind::Number, if is_most { 1 } else { NUMBERS }),
    ];
    enough.into_iter().find(|(kind, least)| weight(*kind) >= *least).and_then(|(kind, _)| of(kind).next())
}

/// What two titles have in common, and the places where one says what the other does not.
fn titles(one: &Text<'_>, other: &Text<'_>) -> (Titles, Vec<Gap>) {
    if one.tokens.is_empty() || other.tokens.is_empty() {
        return (Titles::Unlike, Vec::new());
    }
    if one.says_what(other) {
        return (Titles::Same, Vec::new());
    }
    let (left, right) =
        (one.range(&(0..one.tokens.len().min(TITLE))), other.range(&(0..other.tokens.len().min(TITLE))));
    let mut places = Vec::new();
    let common = align::pairs(left, right, |one, other| {
        places.push(Gap { one, other, is_edge: false });
    });
    if is_cut(one, other) {
        return (Titles::Cut, places);
    }
    // Half of a title may be the name of a university.
    let shorter = left.len().min(right.len());
    let titles = if common * 5 >= shorter * 3 && shorter >= 3 { Titles::Alike } else { Titles::Unlike };
    if titles == Titles::Unlike {
        places.clear();
    }
    (titles, places)
}

/// Whether one title is the beginning of the other, if need be with its last word cut, too.
fn is_cut(one: &Text<'_>, other: &Text<'_>) -> bool {
    let (short, long) = if one.tokens.len() <= other.tokens.len() { (one, other) } else { (other, one) };
    let begins = short.tokens.iter().zip(&long.tokens).take_while(|(one, other)| one.hash == other.hash).count();
    let is_whole = match (short.tokens.get(begins..), long.tokens.get(begins)) {
        (Some([]), _) => true,
        (Some([last]), Some(whole)) if last.kind == Kind::Word || short.tokens.len() < long.tokens.len() => {
            long.word(whole).to_lowercase().starts_with(&short.word(last).to_lowercase())
        }
        _ => false,
    };
    is_whole && short.weight() >= TELLING_TITLE
}

/// Whether two titles have the same words, or one is the other cut short: not inside a number or behind it, since "part 1"
/// is no beginning of "part 10", nor of what is told of it.
pub fn is_one_title(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(Text::of);
    let length = |text: &Text<'_>| (text.tokens.len(), text.tokens.last().map(|last| last.end - last.start));
    let (short, long) = if length(&one) <= length(&other) { (one, other) } else { (other, one) };
    let Some(last) = short.tokens.last() else { return false };
    short.says_what(&long) || last.kind != Kind::Number && is_cut(&short, &long)
}

/// Whether most words of the shorter of two titles stand in the other, in their order. A title without words is like any.
pub fn has_like_title(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(Text::of);
    let (left, right) =
        (one.range(&(0..one.tokens.len().min(TITLE))), other.range(&(0..other.tokens.len().min(TITLE))));
    let shorter = left.len().min(right.len());
    shorter == 0 || align::pairs(left, right, |_, _| ()) * 5 >= shorter * 3
}

/// Whether two texts have next to no words in common, and say enough for that to tell anything.
pub fn is_other_story(one: &Story<'_>, other: &Story<'_>) -> bool {
    let Votes { shared, contained, .. } = compare(one, other).votes;
    one.body.weight().min(other.body.weight()) >= LITTLE && shared < FOREIGN && contained < 2 * FOREIGN
}

/// A year of each title that the other does not name.
fn other_years(one: &Text<'_>, other: &Text<'_>) -> Option<(String, String)> {
    let years = |text: &Text<'_>| -> Vec<String> {
        let numbers = text.tokens.iter().filter(|token| token.kind == Kind::Number);
        numbers.map(|token| text.word(token)).filter(|word| calendar::is_year(word)).map(str::to_owned).collect()
    };
    let (left, right) = (years(one), years(other));
    let only = |years: &[String], others: &[String]| years.iter().find(|year| !others.contains(year)).cloned();
    only(&left, &right).zip(only(&right, &left))
}

#[cfg(test)]
mod tests;
