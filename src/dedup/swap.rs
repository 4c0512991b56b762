//! Words that are put for others: what two notices differ in that are equal in all else.

use super::align::Gap;
use super::calendar::is_other_day;
use super::conflict::{self, Conflict, ConflictKind, FEW, SHORT, Vocabulary};
use super::shingle::{Kind, Token};
use super::slip::{Spelling, spelling};
use super::story::Text;

/// Shortest beginning that two forms of a word have in common, letters.
const STEM: usize = 4;
/// Ends of words that are forms of the same, where one of them has more, in English, German, French and Spanish.
const ENDS: &str = "s es e n en er em r m st est d ed ly ing in innen te ten";
/// The same where each has one of them.
const OTHER_ENDS: &str = "s es e er em en est d ed ing ies ied y ée és ées é a o as os";
/// Words that say little by themselves, so that one of them for another is a form of what stands beside it.
const FORMS: &str = "a an the is are was were be been being has have had will would shall der die das dem den des ein eine einen einem \
                     einer ist sind war waren wird werden wurde wurden le la les un une est sont était sera seront el los las una es \
                     son fue será serán 的 地 得";

/// What stands in a place where one text has other words than the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Swap {
    /// A letter is another: a slip of the hand, or somebody else's name.
    Letter,
    /// Another word, or a few.
    Word,
    /// A letter that numbers things, as in "room A".
    Sign,
    /// Many words.
    Passage,
}

/// Notes what is swapped in a place, if it is no slip of the hand and no other form of the same. What is so in several
/// places counts once.
pub(super) fn note(swaps: &mut Vec<(Conflict, Swap)>, texts: [&Text<'_>; 2], words: [&Vocabulary; 2], place: &Gap) {
    let Some(swap) = swap(texts, words, place).filter(|_| swaps.len() <= FEW) else { return };
    let conflict = conflict::shown(texts, [&place.one, &place.other], ConflictKind::Words, 1);
    match swaps.iter_mut().find(|(known, _)| is_same(known, &conflict)) {
        Some((known, _)) => known.places += 1,
        None => swaps.push((conflict, swap)),
    }
}

/// Whether the same is put for the same.
pub(super) fn is_same(one: &Conflict, other: &Conflict) -> bool {
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    same(&one.one, &other.one) && same(&one.other, &other.other)
}

/// What is swapped in a place. `None`: it is a slip of the hand, or says the same in another form.
pub(super) fn swap(texts: [&Text<'_>; 2], words: [&Vocabulary; 2], place: &Gap) -> Option<Swap> {
    let [left, right] = [texts[0].range(&place.one), texts[1].range(&place.other)];
    if is_cut(texts, place) {
        return None;
    }
    if left.len().max(right.len()) > SHORT {
        return Some(Swap::Passage);
    }
    if left.len() == 1 && right.len() == 1 || left.len() == right.len() && !conflict::is_misspelt(texts, place) {
        let pairs = left.iter().zip(right).filter(|(one, other)| one.hash != other.hash);
        return pairs.filter_map(|(one, other)| of_one(texts, words, [one, other])).max();
    }
    let all_forms =
        |text: &Text<'_>, tokens: &[Token]| tokens.iter().all(|token| is_form(&text.word(token).to_lowercase()));
    let is_wording = conflict::is_misspelt(texts, place) || all_forms(texts[0], left) && all_forms(texts[1], right);
    (!is_wording).then_some(Swap::Word)
}

/// What is swapped in the place of one token.
fn of_one(texts: [&Text<'_>; 2], words: [&Vocabulary; 2], tokens: [&Token; 2]) -> Option<Swap> {
    let written = [0, 1].map(|side| texts[side].word(tokens[side]));
    if tokens.iter().any(|token| token.kind != Kind::Word) {
        let is_same_number = written[0].trim_start_matches('0') == written[1].trim_start_matches('0');
        return (!is_same_number && !written.iter().all(|word| is_form(word))).then_some(Swap::Word);
    }
    if written.iter().all(|word| word.len() == 1 && word.starts_with(|c: char| c.is_ascii_uppercase())) {
        return Some(Swap::Sign);
    }
    let [one, other] = written.map(str::to_lowercase);
    if is_other_day(&one, &other) {
        return Some(Swap::Word);
    }
    let is_short_for = |short: usize| {
        let behind = |text: &Text<'_>| text.behind(tokens[short]).starts_with('.');
        let [short_word, long] = if short == 0 { [&one, &other] } else { [&other, &one] };
        behind(texts[short]) && long.starts_with(short_word.as_str())
    };
    if is_form(&one) && is_form(&other) || is_short_for(0) || is_short_for(1) {
        return None;
    }
    let may_name = (0..2).all(|side| words[side].may_name(texts[side], tokens[side]));
    match spelling(&one, &other) {
        Spelling::Slip => may_name.then_some(Swap::Letter),
        Spelling::Letter if is_inflected(&one, &other) => may_name.then_some(Swap::Letter),
        Spelling::Letter => Some(Swap::Letter),
        Spelling::Other => (!is_inflected(&one, &other)).then_some(Swap::Word),
    }
}

fn is_form(word: &str) -> bool {
    FORMS.split_whitespace().any(|form| form == word)
}

/// Whether two words in lower case are forms of one: "opened" and "opens".
fn is_inflected(one: &str, other: &str) -> bool {
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other);
    let (letters, stem) = same.fold((0, 0), |(letters, bytes), (letter, _)| (letters + 1, bytes + letter.len_utf8()));
    let [end, of_other] = [one, other].map(|word| word.get(stem..).unwrap_or_default());
    let is_one_of = |ends: &str, end: &str| ends.split(' ').any(|known| known == end);
    letters >= STEM
        && match (end, of_other) {
            ("", end) | (end, "") => is_one_of(ENDS, end),
            (end, other) => is_one_of(OTHER_ENDS, end) && is_one_of(OTHER_ENDS, other),
        }
}

/// Whether a text ends in the place, inside a word that the other has whole.
fn is_cut(texts: [&Text<'_>; 2], place: &Gap) -> bool {
    let ranges = [&place.one, &place.other];
    let ends_in = |side: usize| {
        let [own, others] = [side, 1 - side].map(|side| texts[side].range(ranges[side]));
        let Some((last, whole)) = own.last().zip(others.get(own.len() - 1)) else { return false };
        let [last, whole] = [texts[side].word(last), texts[1 - side].word(whole)].map(str::to_lowercase);
        let begins = own.iter().zip(others).take(own.len() - 1).all(|(one, other)| one.hash == other.hash);
        ranges[side].end == texts[side].tokens.len() && begins && whole.len() > last.len() && whole.starts_with(&last)
    };
    place.is_edge && (ends_in(0) || ends_in(1))
}
