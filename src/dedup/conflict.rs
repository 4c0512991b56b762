//! What two texts say differently in the same place: other dates, numbers, names. A yearly notice is told by it.

use std::collections::HashSet;
use std::ops::Range;

use super::align::{self, Gap};
use super::calendar::{is_other_day, is_year, month, weekday, weekday_behind};
use super::shingle::{Kind, Token};
use super::slip::{LONGEST_WORD, is_slip, is_slip_of_digits};
use super::story::Text;
use super::swap::{self, Swap};
use crate::item;

/// Most conflicts that are kept, and most places that are looked at for names.
const MOST: usize = 32;
/// Longest excerpt that is shown, characters.
const SHOWN: usize = 40;
/// Most places that are few, and the longest that is short, tokens.
pub(super) const FEW: usize = 3;
pub(super) const SHORT: usize = 8;

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
    /// In how many places.
    pub places: usize,
}

impl Conflict {
    /// The same, told from the other side.
    pub(super) fn turned(self) -> Self {
        Self { one: self.other, other: self.one, ..self }
    }
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
    /// What the other denies, or calls off.
    Denial,
    /// Any words.
    Words,
}

/// All tokens of a story, title and body: what is foreign to it is in neither.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary {
    /// Hashes, in order.
    all: Vec<u64>,
    /// Words that stand in lower case somewhere, and so are no names; in order.
    lower: Vec<u64>,
    /// Whether capitals tell names: not in a text that is all capitals, and in scripts without them.
    has_case: bool,
}

impl Vocabulary {
    pub(super) fn of(texts: [&Text<'_>; 2]) -> Self {
        let (mut all, mut lower, mut words) = (Vec::new(), Vec::new(), 0_usize);
        for text in texts {
            for token in &text.tokens {
                all.push(token.hash);
                if token.kind == Kind::Word {
                    words += 1;
                    if !is_capital(text, token) {
                        lower.push(token.hash);
                    }
                }
            }
        }
        let has_case = lower.len() * 3 > words;
        for hashes in [&mut all, &mut lower] {
            hashes.sort_unstable();
            hashes.dedup();
        }
        Self { all, lower, has_case }
    }

    /// Whether a token stands in the story.
    pub(super) fn has(&self, token: u64) -> bool {
        self.all.binary_search(&token).is_ok()
    }

    /// Whether a token is a name in a story that is written so: it has a capital, and nowhere none.
    pub(super) fn may_name(&self, text: &Text<'_>, token: &Token) -> bool {
        self.has_case && is_capital(text, token) && !self.has_in_lower_case(token.hash)
    }

    fn has_in_lower_case(&self, token: u64) -> bool {
        self.lower.binary_search(&token).is_ok()
    }
}

/// What two texts say differently in the same places, and how many of the places where they differ are none of that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conflicts {
    /// The conflicts, in the order of the text; the first of very many.
    pub all: Vec<Conflict>,
    /// Places with other words that say nothing of whether the story is another; slips of the hand are not counted.
    pub reworded: usize,
    /// Tokens of the longest place where hardly a word is the same.
    pub other_content: usize,
    /// Tokens in whose place others stand, hardly one of them the same; slips of the hand are not counted.
    pub replaced: usize,
    /// All that differs, where that is one to three short places and no slip of the hand; else none.
    pub few: Vec<Conflict>,
    /// Words that are put for others, each pair once: so many that they are few, and one more. None where the hand slips.
    pub swaps: Vec<(Conflict, Swap)>,
    /// Whether there is more than one slip of the hand.
    pub is_careless: bool,
}

impl Conflicts {
    /// The same, told from the other side.
    pub(super) fn turned(self) -> Self {
        let turned = |conflicts: Vec<Conflict>| conflicts.into_iter().map(Conflict::turned).collect();
        let swaps = self.swaps.into_iter().map(|(conflict, swap)| (conflict.turned(), swap)).collect();
        Self { all: turned(self.all), few: turned(self.few), swaps, ..self }
    }
}

/// Conflicts between two texts in the gaps of their alignment, and in what one of them has more. Counters that a site shows
/// beside its stories are none of them: in one source they are told by their labels.
pub(super) fn conflicts(
    texts: [&Text<'_>; 2],
    words: [&Vocabulary; 2],
    gaps: &[Gap],
    added: &[Gap],
    is_one_source: bool,
) -> Conflicts {
    let places = |gap: &Gap| {
        let mut places = Vec::new();
        align::refine(texts[0], texts[1], gap, |one, other| places.push(Gap { one, other, ..*gap }));
        places
    };
    let gaps: Vec<(&Gap, Vec<Gap>)> = gaps.iter().map(|gap| (gap, places(gap))).collect();
    // The same letter of the same word twice is no slip, or one.
    let slip = |(gap, places): &(&Gap, Vec<Gap>)| {
        let place = std::iter::once(*gap).chain(places).find(|place| is_misspelt(texts, place))?;
        Some([texts[0].excerpt(&place.one).to_lowercase(), texts[1].excerpt(&place.other).to_lowercase()])
    };
    let mut slips = gaps.iter().filter_map(slip);
    let first = slips.next();
    let slips = usize::from(first.is_some()) + usize::from(slips.any(|slip| Some(slip) != first));
    let is_careless = slips > 1;
    let mut found = Conflicts { is_careless, ..Conflicts::default() };
    let counters: Vec<bool> = gaps.iter().map(|(gap, _)| is_counter(texts, gap, is_one_source)).collect();
    let of_story = || gaps.iter().zip(&counters).filter(|(_, is_counter)| !**is_counter).map(|(gap, _)| gap);
    for place in of_story().flat_map(|(_, places)| places).filter(|_| !is_careless) {
        swap::note(&mut found.swaps, texts, words, place);
    }
    // Other forms of the same words say nothing else.
    if slips == 0 && !found.swaps.is_empty() {
        found.few = few(texts, of_story().map(|(gap, _)| *gap));
    }
    if slips == 0 && gaps.len() + added.len() <= FEW {
        found.all.extend(gaps.iter().map(|(gap, _)| *gap).chain(added).find_map(|gap| denial(texts, gap)));
    }
    for ((gap, places), is_counter) in gaps.iter().zip(counters).filter(|((gap, _), _)| !is_misspelt(texts, gap)) {
        let replaced = other_content(texts, gap);
        found.other_content = found.other_content.max(replaced);
        found.replaced += replaced;
        if found.all.len() >= MOST {
            continue;
        }
        let [left, right] = digits(texts, gap);
        let is_same_number = !left.is_empty() && left == right || is_careless && is_slip_of_digits(&left, &right);
        let of_site = gap.is_edge && (is_counter || !is_one_source);
        for place in places.iter().filter(|place| !is_misspelt(texts, place)) {
            let number = if is_same_number { None } else { number_conflict(texts, words, place, is_careless) };
            let number = number.filter(|number| !of_site || number.kind == ConflictKind::Date);
            // Another form of a name is none.
            let name = || name_conflict(texts, words, place).filter(|_| swap::swap(texts, words, place).is_some());
            match number.or_else(name) {
                // A name that is another throughout the text is one.
                Some(conflict) => match found
                    .all
                    .iter_mut()
                    .find(|known| **known == Conflict { places: known.places, ..conflict.clone() })
                {
                    Some(known) => known.places += 1,
                    None => found.all.push(conflict),
                },
                None => found.reworded += 1,
            }
        }
    }
    found
}

/// Longest place that is a denial and nothing else, tokens.
const DENIAL: usize = 3;
/// Words that deny what stands beside them, or call it off, in English, German, French and Spanish.
const DENIALS: &str = "not no never isn aren wasn weren don doesn didn won hasn haven cancelled canceled postponed suspended \
                       nicht kein keine keinen abgesagt verschoben pas jamais annulé annulée reporté reportée nunca cancelado \
                       cancelada aplazado aplazada suspendido suspendida";
/// The same in Chinese. What only begins so says something else.
const CHINESE_DENIALS: &str =
    "不 未 没 无 非 勿 没有 不再 不能 不得 不予 不可 尚未 暂不 未能 暂未 取消 已取消 推迟 延期 暂停 停止";

/// What one of two texts denies in a place where the other does not.
fn denial(texts: [&Text<'_>; 2], place: &Gap) -> Option<Conflict> {
    let denies = |text: &Text<'_>, range: &Range<usize>| {
        let tokens = text.range(range);
        let is_word = |token: &Token| {
            let word = text.word(token).to_lowercase();
            token.kind == Kind::Word && DENIALS.split_whitespace().any(|denial| denial == word)
        };
        let written = text.excerpt(range);
        tokens.len() <= DENIAL
            && (tokens.iter().any(is_word) || CHINESE_DENIALS.split(' ').any(|denial| denial == written))
    };
    let [one, other] = [denies(texts[0], &place.one), denies(texts[1], &place.other)];
    if one == other || place.one.len().max(place.other.len()) > DENIAL {
        return None;
    }
    // With the words beside it, since one of them may have nothing there.
    let around =
        |range: &Range<usize>, text: &Text<'_>| range.start.saturating_sub(1)..(range.end + 1).min(text.tokens.len());
    let [left, right] = [around(&place.one, texts[0]), around(&place.other, texts[1])];
    Some(shown(texts, [&left, &right], ConflictKind::Denial, 1))
}

/// Whether one of two titles denies something, with a word that the other story does not have at all.
pub(super) fn title_denial(texts: [&Text<'_>; 2], words: [&Vocabulary; 2], places: &[Gap]) -> Option<Conflict> {
    let is_foreign = |place: &&Gap| {
        let foreign = |side: usize, range: &Range<usize>| {
            texts[side].range(range).iter().any(|token| !words[1 - side].has(token.hash))
        };
        foreign(0, &place.one) || foreign(1, &place.other)
    };
    places.iter().filter(is_foreign).find_map(|place| denial(texts, place))
}

/// Whether a gap is a number before or behind a text, which is that of the site: views, pages. In one source all pages have
/// the same, and a room may stand there, too.
fn is_counter(texts: [&Text<'_>; 2], gap: &Gap, is_one_source: bool) -> bool {
    let is_same_line = || item::is_same_but_for_counters(texts[0].lines(&gap.one), texts[1].lines(&gap.other));
    gap.is_edge && digits(texts, gap).iter().all(|digits| !digits.is_empty()) && (!is_one_source || is_same_line())
}

/// What stands in the gaps, if they are few and short. What is another in several places in the same way counts once.
fn few<'a>(texts: [&Text<'_>; 2], gaps: impl Iterator<Item = &'a Gap>) -> Vec<Conflict> {
    let mut few = Vec::new();
    for gap in gaps {
        let conflict = shown(texts, [&gap.one, &gap.other], ConflictKind::Words, 1);
        if !few.contains(&conflict) {
            few.push(conflict);
        }
        if few.len() > FEW || gap.one.len().max(gap.other.len()) > SHORT {
            return Vec::new();
        }
    }
    few
}

/// How many tokens a gap has at least on each side, if fewer than half of them are the same; else 0.
fn other_content(texts: [&Text<'_>; 2], gap: &Gap) -> usize {
    let of = |text: &Text<'_>, range| text.range(range).iter().map(|token| token.hash).collect::<HashSet<u64>>();
    let (left, right) = (of(texts[0], &gap.one), of(texts[1], &gap.other));
    let is_other = left.intersection(&right).count() * 2 < left.len().min(right.len());
    if is_other { gap.one.len().min(gap.other.len()) } else { 0 }
}

/// The digits of both sides, one behind the other: "1,000" is "1000".
fn digits(texts: [&Text<'_>; 2], gap: &Gap) -> [String; 2] {
    let of = |text: &Text<'_>, range| -> String {
        let numbers = text.range(range).iter().filter(|token| token.kind == Kind::Number);
        numbers.map(|token| text.word(token)).collect()
    };
    [of(texts[0], &gap.one), of(texts[1], &gap.other)]
}

/// Whether both sides are the same letters but for a slip of the hand: "Conferecne" for "Conference", "Committe e".
pub(super) fn is_misspelt([one, other]: [&Text<'_>; 2], place: &Gap) -> bool {
    let (Some(left), Some(right)) = (letters(one, &place.one), letters(other, &place.other)) else { return false };
    is_slip(&left, &right)
        // Tuesday and Thursday are but two letters apart, Juni and Juli one.
        && !is_other_day(&left, &right)
        && {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            digits(&left) == digits(&right)
        }
}

/// The letters and digits of a short range in lower case. `None`: it is long.
fn letters(text: &Text<'_>, range: &Range<usize>) -> Option<String> {
    let tokens = text.range(range);
    let short = tokens.len() <= 8 && tokens.iter().map(|token| token.end - token.start).sum::<usize>() <= LONGEST_WORD;
    short.then(|| tokens.iter().map(|token| text.word(token).to_lowercase()).collect())
}

/// A number of a text, as it is compared.
#[derive(Debug)]
struct Number {
    value: String,
    /// `None`: numerals, of which a text is full.
    hash: Option<u64>,
    /// Whether it is a month or a day of the week by name.
    is_calendar: bool,
}

fn number_conflict(texts: [&Text<'_>; 2], words: [&Vocabulary; 2], place: &Gap, is_careless: bool) -> Option<Conflict> {
    let ranges = [&place.one, &place.other];
    let dated = [0, 1].map(|side| is_dated(texts[side], ranges[side]));
    let [left, right] = [0, 1].map(|side| numbers(texts[side], ranges[side], dated[side]));
    let [only_left, only_right] = [without(&left, &right, is_careless), without(&right, &left, is_careless)];
    let weight = only_left.len().min(only_right.len());
    if weight == 0 {
        return None;
    }
    let all = |numbers: &[&Number], is: fn(&Number) -> bool| numbers.iter().any(|number| is(number));
    let both = |is| all(&only_left, is) && all(&only_right, is);
    let is_date = both(|number| is_year(&number.value)) || both(|number| number.is_calendar) || dated == [true; 2];
    let is_foreign = |numbers: &[&Number], words: &Vocabulary| {
        numbers.iter().any(|number| number.hash.is_none_or(|hash| !words.has(hash)))
    };
    if !is_date && !is_foreign(&only_left, words[1]) && !is_foreign(&only_right, words[0]) {
        return None;
    }
    let kind = if is_date { ConflictKind::Date } else { ConflictKind::Number };
    Some(shown(texts, ranges, kind, weight))
}

/// Numbers that another list has fewer of. Where the hand slips, so it may in numbers.
fn without<'a>(numbers: &'a [Number], others: &[Number], is_careless: bool) -> Vec<&'a Number> {
    let mut others: Vec<&str> = others.iter().map(|number| number.value.as_str()).collect();
    let is_only = |number: &&Number| {
        let is = |other: &&str| *other == number.value || is_careless && is_slip_of_digits(other, &number.value);
        others.iter().position(is).is_none_or(|at| {
            others.swap_remove(at);
            false
        })
    };
    numbers.iter().filter(is_only).collect()
}

/// The numbers of a range: digits, months and days of the week by name, and numerals of Chinese where they count: behind 第, or in a date.
fn numbers(text: &Text<'_>, range: &Range<usize>, is_dated: bool) -> Vec<Number> {
    let is_numeral = |token: &&Token| token.kind == Kind::Character && NUMERALS.contains(text.word(token));
    // Of 十三 and 十四 only the end differs.
    let before = text.range(&(0..range.start)).iter().rev().take_while(is_numeral).take(LONGEST_NUMERAL).count();
    let behind =
        text.range(&(range.end..text.tokens.len())).iter().take_while(is_numeral).take(LONGEST_NUMERAL).count();
    let (mut at, end) = (range.start - before, range.end.min(range.start + MOST * 4) + behind);
    let mut numbers = Vec::new();
    while let Some(token) = text.tokens.get(at).filter(|_| at < end) {
        let word = text.word(token);
        let numeral = text.range(&(at..end)).iter().take_while(is_numeral).count();
        let counts = || {
            is_dated
                || at.checked_sub(1).and_then(|at| text.tokens.get(at)).is_some_and(|token| text.word(token) == "第")
        };
        let day = || weekday(word).or_else(|| weekday_behind(text.range(&(at.saturating_sub(2)..at)), text, word));
        let (value, hash, is_calendar) = match token.kind {
            Kind::Number => (Some(word.trim_start_matches('0').to_owned()), Some(token.hash), false),
            Kind::Word => {
                let day = || day().map(|day| format!("day {day}"));
                (month(word).map(|month| month.to_string()).or_else(day), Some(token.hash), true)
            }
            Kind::Character => match day().filter(|_| numeral <= 1) {
                Some(day) => (Some(format!("day {day}")), None, true),
                None => ((numeral > 0 && counts()).then(|| spelt(text.excerpt(&(at..at + numeral)))), None, false),
            },
        };
        numbers.extend(value.map(|value| Number { value, hash, is_calendar }));
        at += numeral.max(1);
    }
    numbers
}

/// Digits of Chinese, and ten.
const NUMERALS: &str = "〇一二三四五六七八九十";

/// Longest number in numerals, characters.
const LONGEST_NUMERAL: usize = 8;

/// The number that numerals spell, below a hundred or digit by digit.
fn spelt(numerals: &str) -> String {
    let digit = |c| NUMERALS.chars().position(|numeral| numeral == c);
    match numerals.split_once('十') {
        Some((tens, ones)) => {
            let [tens, ones] = [tens, ones].map(|part| part.chars().find_map(digit));
            (tens.unwrap_or(1) * 10 + ones.unwrap_or(0)).to_string()
        }
        None => numerals.chars().filter_map(digit).map(|digit| digit.to_string()).collect(),
    }
}

/// Whether a range stands in a date: a month by name, or 年, 月, 日, 号 in it or beside it.
fn is_dated(text: &Text<'_>, range: &Range<usize>) -> bool {
    // Two tokens, as in "11th October" and "14. of May".
    let around = range.start.saturating_sub(2)..(range.end + 2).min(text.tokens.len());
    let tells = |token: &Token| {
        let word = text.word(token);
        matches!(word, "年" | "月" | "日" | "号") || token.kind == Kind::Word && month(word).is_some()
    };
    text.range(&around).iter().take(MOST).any(tells)
}

fn name_conflict(texts: [&Text<'_>; 2], words: [&Vocabulary; 2], place: &Gap) -> Option<Conflict> {
    let ranges = [&place.one, &place.other];
    let [left, right] = [0, 1].map(|side| names(texts[side], ranges[side], words[side], words[1 - side]));
    let unlike = |names: &HashSet<String>, others: &HashSet<String>| {
        names.iter().filter(|name| !others.iter().any(|other| is_slip(name, other))).count()
    };
    let people = [0, 1].map(|side| people(texts[side], ranges[side]));
    let other_people = [0, 1].map(|side| people[side].difference(&people[1 - side]).count());
    let weight = unlike(&left, &right).min(unlike(&right, &left)) + 2 * other_people[0].min(other_people[1]);
    (weight > 0).then(|| shown(texts, ranges, ConflictKind::Name, weight))
}

/// The words of a range that are names and that the other story does not know, in lower case; the first of very many.
fn names(text: &Text<'_>, range: &Range<usize>, own: &Vocabulary, other: &Vocabulary) -> HashSet<String> {
    if !own.has_case || !other.has_case {
        return HashSet::new();
    }
    let is_name = |token: &&Token| {
        token.kind == Kind::Word
            && token.end - token.start > 1
            && is_capital(text, token)
            && !own.has_in_lower_case(token.hash)
            && !other.has(token.hash)
    };
    let names = text.range(range).iter().filter(is_name).take(MOST);
    names.map(|token| text.word(token)).filter(|name| name.len() <= LONGEST_WORD).map(str::to_lowercase).collect()
}

/// Whether a token begins with a capital.
pub(super) fn is_capital(text: &Text<'_>, token: &Token) -> bool {
    text.word(token).chars().next().is_some_and(char::is_uppercase)
}

/// Family names that seldom begin another word, from the hundred most frequent ones of China.
const FAMILY_NAMES: &str = "王李张刘陈杨黄赵吴周徐孙朱胡郭林罗梁宋郑唐韩冯邓曹彭曾萧肖董潘袁蔡蒋余杜苏魏吕丁沈卢姜崔谭廖范汪陆姚秦邱侯邵薛贺龚郝孔钱尹洪邹熊";

/// Names of people written in Han characters: two or three of them, beginning with a family name. In a long range they
/// must stand alone, as in a list.
fn people<'a>(text: &'a Text<'_>, range: &Range<usize>) -> HashSet<&'a str> {
    let tokens = text.range(range);
    if tokens.len() <= 3 {
        return is_person(text, tokens).then(|| text.excerpt(range)).into_iter().collect();
    }
    let mut start = range.start;
    let mut people = HashSet::new();
    for segment in tokens.chunk_by(|one, next| one.end == next.start) {
        let whole = start..start + segment.len();
        start = whole.end;
        if is_person(text, segment) {
            people.insert(text.excerpt(&whole));
        }
    }
    people
}

fn is_person(text: &Text<'_>, tokens: &[Token]) -> bool {
    (2..=3).contains(&tokens.len())
        && tokens.iter().all(|token| token.kind == Kind::Character)
        && tokens.windows(2).all(|pair| matches!(pair, [one, next] if one.end == next.start))
        && tokens.first().is_some_and(|first| FAMILY_NAMES.contains(text.word(first)))
}

/// A conflict, with what stands in the place.
pub(super) fn shown(texts: [&Text<'_>; 2], ranges: [&Range<usize>; 2], kind: ConflictKind, weight: usize) -> Conflict {
    let [one, other] = [0, 1].map(|side| {
        let excerpt = texts[side].excerpt(ranges[side]);
        let line: Vec<&str> = excerpt.split_whitespace().take(SHOWN).collect();
        crate::item::text::cut(&line.join(" "), SHOWN)
    });
    Conflict { kind, one, other, weight, places: 1 }
}
