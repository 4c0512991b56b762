//! Two notices that are equal but for a word: what that word tells.
//!
//! Whoever corrects a story corrects it where it stands. So two documents of one source that stand side by side and differ in a
//! word, be it "open" for "closed", "Bachelor" for "Master", "Room A" for "Room B", are two: no list of opposites
//! is needed. On another site a copy may have been mended, and one word alone tells little there. Whoever reads
//! a story twice has lost less than who never meets one of two.

use std::ops::Range;

use super::align::{Alignment, Gap};
use super::compare::{MUCH, Reason, Titles, Votes, percent};
use super::conflict::{self, Conflict, ConflictKind, FEW};
use super::shingle::{Token, WORD};
use super::story::Story;
use super::swap::{self, Swap};

/// Least share of its tokens that the longer of two texts keeps, where the rest is few words, percent.
pub(super) const KEPT: usize = 80;
/// Days after which a source that tells a story in other words tells another one: a notice of the next month.
pub const LATER: u64 = 20;

/// The share of the tokens of the longer of two texts that stands in both outside of what is replaced, percent; and whether
/// neither has anything more.
pub(super) fn kept(one: &Story<'_>, other: &Story<'_>, alignment: &Alignment) -> (usize, bool) {
    let replaced =
        alignment.gaps.iter().fold([0, 0], |[left, right], gap| [left + gap.one.len(), right + gap.other.len()]);
    let [left, right] = [one.body.tokens.len(), other.body.tokens.len()];
    let [kept, of_other] = [left.saturating_sub(replaced[0]), right.saturating_sub(replaced[1])];
    (percent(kept.min(of_other), left.max(right)), kept == of_other)
}

/// What tells two stories apart that have been found alike: a word or a few that are put for others, where all else is equal.
pub(super) fn swapped(
    one: &Story<'_>,
    other: &Story<'_>,
    alignment: Option<&Alignment>,
    votes: &Votes,
) -> Option<Reason> {
    if votes.conflicts.is_careless {
        return None;
    }
    let (texts, titles) = (&votes.conflicts.swaps, &votes.title_conflicts.swaps);
    let is_one_source = one.is_of_source_of(other);
    let after = |days| votes.days_apart.is_some_and(|apart| apart >= days);
    let (share, is_rest_equal) = alignment.map_or((100, true), |alignment| kept(one, other, alignment));
    let is_long = one.body.weight().min(other.body.weight()) >= MUCH;
    let is_in =
        |swaps: &[(Conflict, Swap)], conflict: &Conflict| swaps.iter().any(|(other, _)| swap::is_same(conflict, other));
    let is_in_both = |conflict: &Conflict| is_in(texts, conflict) && is_in(titles, conflict);
    let tells = |(conflict, swap): &&(Conflict, Swap)| match swap {
        Swap::Sign => true,
        Swap::Word => is_one_source || is_in_both(conflict),
        Swap::Letter => is_one_source && (after(1) || conflict.places > 1 || is_in_both(conflict)),
        Swap::Passage => false,
    };
    // Of a long text a few words may have been mended, unless names or numbers are among them.
    let has_facts = || !votes.conflicts.all.is_empty() || texts.iter().any(|(conflict, _)| is_in_both(conflict));
    let are_few = is_one_source && texts.len() <= FEW && share >= KEPT && (!is_long || after(1) || has_facts());
    if texts.len() <= 1 && is_rest_equal || are_few {
        if let Some((conflict, _)) = texts.iter().find(tells) {
            return Some(Reason::OtherFacts(conflict.clone()));
        }
        // A long text may be called anything.
        if let Some((conflict, _)) = titles.iter().find(tells).filter(|_| !is_long) {
            return Some(Reason::OtherTitle(conflict.clone()));
        }
    }
    // Whoever edits a copy puts no word for another throughout it, and others besides, and keeps its title.
    let mut throughout = texts.iter().filter(|(conflict, swap)| *swap == Swap::Word && conflict.places > 1);
    let is_frame = votes.titles == Titles::Same && (2..=FEW).contains(&texts.len()) && share >= KEPT;
    if let Some((conflict, _)) = throughout.next().filter(|_| is_frame) {
        return Some(Reason::OtherFacts(conflict.clone()));
    }
    // A form is filled in by what the notice is about: so it is called, and nowhere is the other so.
    let is_form = share >= KEPT && texts.len() <= FEW;
    let mut places = alignment.into_iter().flat_map(|alignment| &alignment.gaps).filter(|_| is_form);
    if let Some(gap) = places.find(|gap| is_subject(one, other, gap)) {
        let place = conflict::shown([&one.body, &other.body], [&gap.one, &gap.other], ConflictKind::Words, 1);
        return Some(Reason::OtherFacts(place));
    }
    // Where a source calls two texts by other words and says other words in them, it tells two: twelve vacancies on one form.
    let has_other_title = votes.titles == Titles::Unlike || titles.iter().any(|(_, swap)| *swap >= Swap::Word);
    let is_again = is_one_source && (after(LATER) || has_other_title);
    let word = texts.iter().find(|(_, swap)| *swap >= Swap::Word).filter(|_| is_again);
    word.map(|(conflict, _)| Reason::OtherFacts(conflict.clone()))
}

/// Whether both texts say in a place what they are about: a word of their title that the other story does not have at all.
fn is_subject(one: &Story<'_>, other: &Story<'_>, place: &Gap) -> bool {
    let names = |story: &Story<'_>, range: &Range<usize>, beside: &Story<'_>| {
        let is_title = |token: &&Token| story.title.tokens.iter().any(|title| title.hash == token.hash);
        let own = || story.body.range(range).iter().filter(is_title);
        own().map(Token::weight).sum::<usize>() >= WORD && own().any(|token| !beside.vocabulary().has(token.hash))
    };
    let words = [one.vocabulary(), other.vocabulary()];
    names(one, &place.one, other)
        && names(other, &place.other, one)
        && swap::swap([&one.body, &other.body], words, place) == Some(Swap::Word)
}
