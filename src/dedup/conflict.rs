//! What two texts say differently in the same place: other dates, numbers, names. A yearly notice is told by it.

use std::collections::HashSet;
use std::ops::Range;

use super::align::Replaced;
use super::shingle::{Kind, Token};
use super::story::Text;

/// Most conflicts that are kept, and most places that are looked at for names.
const MOST: usize = 32;
/// Longest word whose spelling is compared, bytes.
const LONGEST_WORD: usize = 48;
/// Longest excerpt that is shown, characters.
const SHOWN: usize = 40;

/// Something that cannot both be true of one story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What differs.
    pub kind: ConflictKind,
    /// What the one says.
    pub one: String,
    /// What the other says in its place.
    pub other: String,
    /// How many different dates, numbers or parts of names.
    pub weight: usize,
}

/// What differs in a [`Conflict`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConflictKind {
    /// A year, or part of a date.
    Date,
    /// Another number.
    Number,
    /// Names of people or things.
    Name,
}

/// All tokens of a story, title and body: what is foreign to it is in neither.
#[derive(Debug)]
pub(super) struct Vocabulary {
    all: HashSet<u64>,
    /// Words that stand in lower case somewhere, and so are no names.
    lower: HashSet<u64>,
    /// Whether capitals tell names: not in a text that is all capitals, and in scripts without them.
    has_case: bool,
}

impl Vocabulary {
    pub(super) fn of(texts: [&Text<'_>; 2]) -> Self {
        let (mut all, mut lower, mut words, mut small) = (HashSet::new(), HashSet::new(), 0_usize, 0_usize);
        for text in texts {
            for token in &text.tokens {
                all.insert(token.hash);
                if token.kind == Kind::Word {
                    words += 1;
                    if !is_capital(text, token) {
                        small += 1;
                        lower.insert(token.hash);
                    }
                }
            }
        }
        Self { all, lower, has_case: small * 3 > words }
    }
}

/// Conflicts between two texts, given what replaces what in them.
pub(super) fn conflicts(texts: [&Text<'_>; 2], words: [&Vocabulary; 2], replaced: &[Replaced]) -> Vec<Conflict> {
    let misspelt = replaced.iter().filter(|place| is_misspelt(texts, place)).take(2).count();
    let mut found: Vec<Conflict> = Vec::new();
    for place in replaced {
        if found.len() >= MOST {
            break;
        }
        let conflict =
            number_conflict(texts, words, place, misspelt > 1).or_else(|| name_conflict(texts, words, place));
        // A name that is another throughout the text is one.
        found.extend(conflict.filter(|conflict| !found.contains(conflict)));
    }
    found
}

/// Whether both sides are the same letters but for a slip of the hand: "Conferecne" for "Conference", "Committe e".
fn is_misspelt([one, other]: [&Text<'_>; 2], place: &Replaced) -> bool {
    let (Some(left), Some(right)) = (letters(one, &place.one), letters(other, &place.other)) else { return false };
    left.chars().any(char::is_alphabetic) && is_slip(&left, &right)
}

fn is_slip(one: &str, other: &str) -> bool {
    let longest = one.len().max(other.len());
    longest <= LONGEST_WORD && strsim::osa_distance(one, other) <= (longest / 4).min(2)
}

/// The letters and digits of a short range in lower case. `None`: it is long.
fn letters(text: &Text<'_>, range: &Range<usize>) -> Option<String> {
    let tokens = text.range(range);
    let short = tokens.len() <= 4 && tokens.iter().map(|token| token.end - token.start).sum::<usize>() <= LONGEST_WORD;
    short.then(|| tokens.iter().map(|token| text.word(token).to_lowercase()).collect())
}

/// A number of a text, as it is compared.
struct Number {
    value: String,
    hash: u64,
    is_month: bool,
}

fn number_conflict(
    texts: [&Text<'_>; 2],
    words: [&Vocabulary; 2],
    place: &Replaced,
    is_careless: bool,
) -> Option<Conflict> {
    let ranges = [&place.one, &place.other];
    let [left, right] = [0, 1].map(|side| numbers(texts[side], ranges[side]));
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let digits = |numbers: &[Number]| numbers.iter().map(|number| number.value.as_str()).collect::<String>();
    let [all_left, all_right] = [digits(&left), digits(&right)];
    // "1,000" and "1000"; "2024" and "2 024".
    if all_left == all_right || is_careless && is_transposed(&all_left, &all_right) {
        return None;
    }
    let [only_left, only_right] = [without(&left, &right), without(&right, &left)];
    let weight = only_left.len().min(only_right.len());
    if weight == 0 {
        return None;
    }
    let has_year = |numbers: &[&Number]| numbers.iter().any(|number| is_year(&number.value));
    let has_month = |numbers: &[&Number]| numbers.iter().any(|number| number.is_month);
    let is_date = has_year(&only_left) && has_year(&only_right)
        || has_month(&only_left) && has_month(&only_right)
        || [0, 1].iter().all(|side| is_dated(texts[*side], ranges[*side]));
    let is_foreign =
        |numbers: &[&Number], words: &Vocabulary| numbers.iter().any(|number| !words.all.contains(&number.hash));
    if !is_date && !is_foreign(&only_left, words[1]) && !is_foreign(&only_right, words[0]) {
        return None;
    }
    let kind = if is_date { ConflictKind::Date } else { ConflictKind::Number };
    Some(shown(texts, ranges, kind, weight))
}

/// Numbers that another list has fewer of.
fn without<'a>(numbers: &'a [Number], others: &[Number]) -> Vec<&'a Number> {
    let mut others: Vec<&str> = others.iter().map(|number| number.value.as_str()).collect();
    let is_only = |number: &&Number| match others.iter().position(|other| *other == number.value) {
        Some(at) => {
            others.swap_remove(at);
            false
        }
        None => true,
    };
    numbers.iter().filter(is_only).collect()
}

/// The numbers of a range: digits, months by name, and numerals of Chinese.
fn numbers(text: &Text<'_>, range: &Range<usize>) -> Vec<Number> {
    let number = |token: &Token| {
        let word = text.word(token);
        let (value, is_month) = match token.kind {
            Kind::Number => (word.trim_start_matches('0').to_owned(), false),
            Kind::Word => (month(word)?.to_string(), true),
            Kind::Character => (numeral(word)?.to_string(), false),
        };
        Some(Number { value, hash: token.hash, is_month })
    };
    text.range(range).iter().take(MOST * 4).filter_map(number).collect()
}

/// The month that a capitalised English name stands for.
fn month(word: &str) -> Option<usize> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let lower = word.to_lowercase();
    let named = |month: &&str| **month == lower || (lower.len() == 3 || lower == "sept") && month.starts_with(&lower);
    let is_capital = word.chars().next().is_some_and(char::is_uppercase);
    is_capital.then(|| MONTHS.iter().position(named)).flatten().map(|at| at + 1)
}

fn numeral(character: &str) -> Option<usize> {
    let at = "〇一二三四五六七八九十".chars().position(|numeral| character.chars().eq([numeral]))?;
    Some(at)
}

pub(super) fn is_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}

/// Whether a range stands in a date: a month by name, or 年, 月, 日, 号 in it or beside it.
fn is_dated(text: &Text<'_>, range: &Range<usize>) -> bool {
    let around = range.start.saturating_sub(1)..(range.end + 1).min(text.tokens.len());
    let tells = |token: &Token| {
        let word = text.word(token);
        matches!(word, "年" | "月" | "日" | "号") || token.kind == Kind::Word && month(word).is_some()
    };
    text.range(&around).iter().take(MOST).any(tells)
}

/// Whether two digits beside each other have changed places.
fn is_transposed(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.len() <= LONGEST_WORD && strsim::osa_distance(one, other) == 1 && {
        let sorted = |digits: &str| {
            let mut bytes = digits.as_bytes().to_vec();
            bytes.sort_unstable();
            bytes
        };
        sorted(one) == sorted(other)
    }
}

fn name_conflict(texts: [&Text<'_>; 2], words: [&Vocabulary; 2], place: &Replaced) -> Option<Conflict> {
    let ranges = [&place.one, &place.other];
    let (left, right) = (letters(texts[0], ranges[0]), letters(texts[1], ranges[1]));
    if left.zip(right).is_some_and(|(left, right)| is_slip(&left, &right)) {
        return None;
    }
    let [left, right] = [0, 1].map(|side| names(texts[side], ranges[side], words[side], words[1 - side]));
    let people = [0, 1].map(|side| people(texts[side], ranges[side]));
    let other_people = [0, 1].map(|side| people[side].difference(&people[1 - side]).count());
    let weight = left.min(right) + 2 * other_people[0].min(other_people[1]);
    (weight > 0).then(|| shown(texts, ranges, ConflictKind::Name, weight))
}

/// How many different words of a range are names that the other story does not know.
fn names(text: &Text<'_>, range: &Range<usize>, own: &Vocabulary, other: &Vocabulary) -> usize {
    if !own.has_case || !other.has_case {
        return 0;
    }
    let is_name = |token: &&Token| {
        token.kind == Kind::Word
            && token.end - token.start > 1
            && is_capital(text, token)
            && !own.lower.contains(&token.hash)
            && !other.all.contains(&token.hash)
    };
    let names: HashSet<u64> = text.range(range).iter().filter(is_name).map(|token| token.hash).collect();
    names.len()
}

fn is_capital(text: &Text<'_>, token: &Token) -> bool {
    text.word(token).chars().next().is_some_and(char::is_uppercase)
}

/// Family names that seldom begin another word, from the hundred most frequent ones of China.
const FAMILY_NAMES: &str = "王李张刘陈杨黄赵吴周徐孙朱胡郭林罗梁宋郑唐韩冯邓曹彭曾萧肖董潘袁蔡蒋余杜苏魏吕丁沈卢姜崔谭廖范汪陆姚秦邱侯邵薛贺龚郝孔钱尹洪邹熊";

/// Names of people written in Han characters: two or three of them, beginning with a family name. In a long range they
/// must stand alone, as in a list.
fn people<'a>(text: &'a Text<'_>, range: &Range<usize>) -> HashSet<&'a str> {
    let is_family = |token: &Token| token.kind == Kind::Character && FAMILY_NAMES.contains(text.word(token));
    let tokens = text.range(range);
    let mut people = HashSet::new();
    if tokens.len() <= 4 {
        // What differs may be the given name alone.
        let before = range.start.saturating_sub(1);
        let is_given = !tokens.first().is_some_and(is_family) && text.tokens.get(before).is_some_and(is_family);
        let whole = if is_given { before..range.end } else { range.clone() };
        let tokens = text.range(&whole);
        if is_person(tokens) && tokens.first().is_some_and(is_family) {
            people.insert(text.excerpt(&whole));
        }
        return people;
    }
    let mut start = range.start;
    for segment in tokens.chunk_by(|one, next| one.end == next.start) {
        let whole = start..start + segment.len();
        start = whole.end;
        if is_person(segment) && segment.first().is_some_and(is_family) {
            people.insert(text.excerpt(&whole));
        }
    }
    people
}

fn is_person(tokens: &[Token]) -> bool {
    (2..=3).contains(&tokens.len())
        && tokens.iter().all(|token| token.kind == Kind::Character)
        && tokens.windows(2).all(|pair| matches!(pair, [one, next] if one.end == next.start))
}

fn shown(texts: [&Text<'_>; 2], ranges: [&Range<usize>; 2], kind: ConflictKind, weight: usize) -> Conflict {
    let [one, other] = [0, 1].map(|side| {
        let excerpt = texts[side].excerpt(ranges[side]);
        let line: Vec<&str> = excerpt.split_whitespace().take(SHOWN).collect();
        crate::item::text::cut(&line.join(" "), SHOWN)
    });
    Conflict { kind, one, other, weight }
}
