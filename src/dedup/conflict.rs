//! What two texts say differently in the same place: other dates, numbers, names. A yearly notice is told by it.

use std::collections::HashSet;
use std::ops::Range;

use super::align::{self, Gap};
use super::shingle::{Kind, Token};
use super::story::Text;

/// Most conflicts that are kept, and most places that are looked at for names.
const MOST: usize = 32;
/// Longest word whose spelling is compared, bytes.
const LONGEST_WORD: usize = 48;
/// Most slips of the hand in one word.
const SLIP: usize = 2;
/// Longest excerpt that is shown, characters.
const SHOWN: usize = 40;
/// Most places that are few, and the longest that is short, tokens.
const FEW: usize = 3;
const SHORT: usize = 8;

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

    fn has(&self, token: u64) -> bool {
        self.all.binary_search(&token).is_ok()
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
}

impl Conflicts {
    /// The same, told from the other side.
    pub(super) fn turned(self) -> Self {
        let turned = |conflicts: Vec<Conflict>| conflicts.into_iter().map(Conflict::turned).collect();
        Self { all: turned(self.all), few: turned(self.few), ..self }
    }
}

/// Conflicts between two texts in the gaps of their alignment, and in what one of them has more.
pub(super) fn conflicts(texts: [&Text<'_>; 2], words: [&Vocabulary; 2], gaps: &[Gap], added: &[Gap]) -> Conflicts {
    let places = |gap: &Gap| {
        let mut places = Vec::new();
        align::refine(texts[0], texts[1], gap, |one, other| places.push(Gap { one, other, ..*gap }));
        places
    };
    let has_slip = |gap: &&Gap| is_misspelt(texts, gap) || places(gap).iter().any(|place| is_misspelt(texts, place));
    let slips = gaps.iter().filter(has_slip).take(2).count();
    let is_careless = slips > 1;
    let few = if slips == 0 { few(texts, gaps) } else { Vec::new() };
    let mut found = Conflicts { few, ..Conflicts::default() };
    if slips == 0 && gaps.len() + added.len() <= FEW {
        found.all.extend(gaps.iter().chain(added).find_map(|gap| denial(texts, gap)));
    }
    for gap in gaps.iter().filter(|gap| !is_misspelt(texts, gap)) {
        let replaced = other_content(texts, gap);
        found.other_content = found.other_content.max(replaced);
        found.replaced += replaced;
        if found.all.len() >= MOST {
            continue;
        }
        let [left, right] = digits(texts, gap);
        let is_same_number = !left.is_empty() && left == right || is_careless && is_slip_of_digits(&left, &right);
        for place in places(gap).iter().filter(|place| !is_misspelt(texts, place)) {
            let number = if is_same_number { None } else { number_conflict(texts, words, place, is_careless) };
            // Numbers before and behind a text are those of the site: views, pages.
            let number = number.filter(|number| !gap.is_edge || number.kind == ConflictKind::Date);
            match number.or_else(|| name_conflict(texts, words, place)) {
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

/// What stands in the gaps, if they are few and short. What is another in several places in the same way counts once.
fn few(texts: [&Text<'_>; 2], gaps: &[Gap]) -> Vec<Conflict> {
    let mut few = Vec::new();
    // Numbers before and behind a text are those of the site here, too.
    let is_counter = |gap: &Gap| gap.is_edge && digits(texts, gap).iter().all(|digits| !digits.is_empty());
    for gap in gaps.iter().filter(|gap| !is_counter(gap)) {
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
fn is_misspelt([one, other]: [&Text<'_>; 2], place: &Gap) -> bool {
    let (Some(left), Some(right)) = (letters(one, &place.one), letters(other, &place.other)) else { return false };
    is_slip(&left, &right)
        // Tuesday and Thursday are but two letters apart.
        && !(weekday(&left).is_some() && weekday(&right).is_some())
        && {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            digits(&left) == digits(&right)
        }
}

/// Whether letters have changed places, or one of many is another.
fn is_slip(one: &str, other: &str) -> bool {
    // Nearly always it is another word.
    if least_distance(one, other) > SLIP {
        return false;
    }
    let longest = one.chars().count().max(other.chars().count());
    let most = if is_permuted(one, other) { longest / 2 } else { longest / 4 };
    strsim::osa_distance(one, other) <= most.min(SLIP)
}

/// What the letters alone tell of how far two words are apart: each that only one of them has takes a step at least.
fn least_distance(one: &str, other: &str) -> usize {
    let mut more = [0_i32; 64];
    let kind = |letter: char| letter as usize % 64;
    one.chars().for_each(|letter| more[kind(letter)] += 1);
    other.chars().for_each(|letter| more[kind(letter)] -= 1);
    let (gone, come) = more.iter().fold((0, 0), |(gone, come), more| (gone + more.max(&0), come - more.min(&0)));
    usize::try_from(gone.max(come)).unwrap_or(0)
}

/// Whether digits beside each other have changed places, or one has gone or come.
fn is_slip_of_digits(one: &str, other: &str) -> bool {
    let longest = one.len().max(other.len());
    let most = if is_permuted(one, other) { 1 + longest / 8 } else { usize::from(one.len() != other.len()) };
    longest <= LONGEST_WORD && (1..=most).contains(&strsim::osa_distance(one, other))
}

fn is_permuted(one: &str, other: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    one.len() == other.len() && sorted(one) == sorted(other)
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

/// Whether a word may be that of a month, by its first two letters: most of all words are none.
fn begins_like_a_month(word: &str) -> bool {
    let [first, second] = word.as_bytes().first_chunk().copied().unwrap_or_default();
    let first = first.to_ascii_lowercase();
    let seconds: &[u8] = match first {
        b'j' => b"au",
        b'a' => b"pvbugo",
        b'f' | b's' => b"e",
        b'm' => b"a",
        b'o' => b"ck",
        b'n' => b"o",
        b'd' => b"ei",
        b'e' => b"n",
        _ => return false,
    };
    // What is not of ASCII may be a letter with an accent.
    !second.is_ascii() || seconds.contains(&second.to_ascii_lowercase())
}

/// The months in English, German, French and Spanish.
const MONTHS: [&str; 12] = [
    "january januar janvier enero",
    "february februar février febrero",
    "march märz mars marzo",
    "april avril abril",
    "may mai mayo",
    "june juni juin junio",
    "july juli juillet julio",
    "august août agosto",
    "september septembre septiembre",
    "october oktober octobre octubre",
    "november novembre noviembre",
    "december dezember décembre diciembre",
];

/// The month that a word names, in full or, in English, by three letters. `None`, too, for "may" and "march" in lower case.
pub(super) fn month(word: &str) -> Option<usize> {
    if !begins_like_a_month(word) {
        return None;
    }
    let lower = word.to_lowercase();
    let is_verb = matches!(word, "may" | "march" | "mars" | "mar" | "sep" | "dec");
    let named = |names: &str| {
        names.split(' ').any(|name| name == lower) || (lower.len() == 3 || lower == "sept") && names.starts_with(&lower)
    };
    MONTHS.iter().position(|names| !is_verb && named(names)).map(|at| at + 1)
}

/// The days of the week in English, German, French and Spanish, and the last character of their Chinese names.
const WEEKDAYS: [(&str, &str); 7] = [
    ("monday montag lundi lunes", "一"),
    ("tuesday dienstag mardi martes", "二"),
    ("wednesday mittwoch mercredi miércoles", "三"),
    ("thursday donnerstag jeudi jueves", "四"),
    ("friday freitag vendredi viernes", "五"),
    ("saturday samstag samedi sábado", "六"),
    ("sunday sonntag dimanche domingo", "日天"),
];

/// The day of the week that a word names in full.
fn weekday(word: &str) -> Option<usize> {
    let lower = word.to_lowercase();
    WEEKDAYS.iter().position(|(names, _)| names.split(' ').any(|name| name == lower)).map(|at| at + 1)
}

/// The day of the week that a character names behind 周, 星期 or 礼拜, given the tokens before it.
fn weekday_behind(before: &[Token], text: &Text<'_>, character: &str) -> Option<usize> {
    let is_week = match before {
        [.., one, last] if matches!(text.word(last), "期" | "拜") => matches!(text.word(one), "星" | "礼"),
        [.., last] => text.word(last) == "周",
        [] => false,
    };
    WEEKDAYS.iter().position(|(_, names)| is_week && names.contains(character)).map(|at| at + 1)
}

pub(super) fn is_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
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

fn is_capital(text: &Text<'_>, token: &Token) -> bool {
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

fn shown(texts: [&Text<'_>; 2], ranges: [&Range<usize>; 2], kind: ConflictKind, weight: usize) -> Conflict {
    let [one, other] = [0, 1].map(|side| {
        let excerpt = texts[side].excerpt(ranges[side]);
        let line: Vec<&str> = excerpt.split_whitespace().take(SHOWN).collect();
        crate::item::text::cut(&line.join(" "), SHOWN)
    });
    Conflict { kind, one, other, weight, places: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_rule_out_no_slip() {
        let words =
            ["", "a", "conference", "conferecne", "Conference", "committee", "comitee", "études", "学院", "学校"];
        let mut slips = 0;
        for [one, other] in words.iter().flat_map(|one| words.map(|other| [*one, other])) {
            let steps = strsim::osa_distance(one, other);
            assert!(least_distance(one, other) <= steps, "{one} {other}");
            let longest = one.chars().count().max(other.chars().count());
            let most = if is_permuted(one, other) { longest / 2 } else { longest / 4 };
            assert_eq!(is_slip(one, other), steps <= most.min(2), "{one} {other}");
            slips += usize::from(one != other && is_slip(one, other));
        }
        assert_eq!(slips, 8);
    }

    #[test]
    fn months_are_told_by_their_beginning() {
        for (number, names) in MONTHS.iter().enumerate() {
            let short = names.get(..3).expect("three letters");
            for name in names.split(' ').chain([short]) {
                let upper = name.to_uppercase();
                assert!(begins_like_a_month(name) && begins_like_a_month(&upper), "{name}");
                assert_eq!(month(&upper), Some(number + 1), "{name}");
            }
        }
        assert_eq!((month("SEPT"), month("o\u{212a}tober")), (Some(9), Some(10)));
        assert_eq!([month(""), month("d"), month("may"), month("de"), month("the"), month("月")], [None; 6]);
    }
}
