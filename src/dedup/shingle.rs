//! Cuts a text into tokens and shingles: what stays equal when case, width, punctuation and spacing change.

use crate::item::text::{self, HIGH, ONES};

/// Tokens of one shingle.
const LENGTH: usize = 3;

/// A word, a number or a character of a script that is written without spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Hash of its letters in lower case.
    pub(super) hash: u64,
    /// Where it starts in the text, bytes.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// What it is made of.
    pub(super) kind: Kind,
}

/// How much a word says: as much as two characters of a script without spaces.
pub(super) const WORD: usize = 2;

impl Token {
    /// How much it says.
    pub(super) fn weight(&self) -> usize {
        if self.kind == Kind::Character { 1 } else { WORD }
    }
}

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters.
    Word,
    /// Digits.
    Number,
    /// One character of a script that is written without spaces (Han, kana, Thai), or a syllable of hangul.
    Character,
}

/// Calls `found` with a hash of each shingle of a text, in order: of three tokens that follow each other, or of all where
/// there are fewer. Tokens are words, numbers ("27th" is two of them) and, where no spaces are written, single characters.
///
/// Equal for texts that differ in case, punctuation, white space and Unicode form (NFKC) alone. The hashes are well mixed
/// and the same on every machine, so that they may be stored. Linear in the text, and nothing is allocated unless NFKC
/// changes something.
pub fn shingles(text: &str, mut found: impl FnMut(u64)) {
    let mut last = Last::default();
    tokenize(&text::normal(text), |token| {
        if let Some(hash) = last.and(token.hash) {
            found(hash);
        }
    });
    if let Some(hash) = last.alone() {
        found(hash);
    }
}

/// The same of a text whose tokens have these hashes.
pub(super) fn shingles_of(tokens: impl Iterator<Item = u64>, mut found: impl FnMut(u64)) {
    let mut last = Last::default();
    for token in tokens {
        if let Some(hash) = last.and(token) {
            found(hash);
        }
    }
    if let Some(hash) = last.alone() {
        found(hash);
    }
}

/// The last two tokens of a text, as it is read. Zeros stand for those before the first; a token's hash is hardly ever one.
#[derive(Default)]
struct Last {
    first: u64,
    second: u64,
    tokens: usize,
}

impl Last {
    /// Takes the next token. The shingle that it ends, if it ends one.
    fn and(&mut self, token: u64) -> Option<u64> {
        let hash = shingle([self.first, self.second, token]);
        self.tokens += 1;
        (self.first, self.second) = (self.second, token);
        (self.tokens >= LENGTH).then_some(hash)
    }

    /// The shingle of all tokens, where they are too few for one.
    fn alone(&self) -> Option<u64> {
        (1..LENGTH).contains(&self.tokens).then(|| shingle([0, self.first, self.second]))
    }
}

/// Hash of the tokens of one shingle.
pub(super) fn shingle([first, second, third]: [u64; LENGTH]) -> u64 {
    // Each is well mixed, so that turned they may be laid over each other.
    fold(first.rotate_left(42) ^ second.rotate_left(21) ^ third ^ KEYS[2], KEYS[3])
}

/// Calls `found` with each token of a text in [normal form](text::normal).
pub(super) fn tokenize(text: &str, mut found: impl FnMut(Token)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let kind = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => Kind::Word,
            b'0'..=b'9' => Kind::Number,
            0x80.. => {
                at = wide(text, at, &mut found);
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let (mut hash, mut end) = (KEYS[0], at);
        loop {
            let (letters, length) = run(bytes, end, kind);
            if length > 0 {
                hash = fold(hash ^ letters, KEYS[1]);
                end += length;
            }
            if length < 8 {
                break;
            }
        }
        if kind == Kind::Word && bytes.get(end).is_some_and(|byte| !byte.is_ascii()) {
            // The word may go on with a letter that is not of ASCII.
            at = word(text, at, &mut found);
        } else {
            found(Token { hash, start: at, end, kind });
            at = end;
        }
    }
}

/// Up to eight letters or digits of ASCII that stand at a place, in lower case and with zeros behind them; how many they are. Looked
/// at together: with eight steps for each letter this would be the slowest part of telling near-duplicates.
fn run(bytes: &[u8], at: usize, kind: Kind) -> (u64, usize) {
    let rest = bytes.get(at..).unwrap_or_default();
    let eight = if let Some(eight) = rest.first_chunk::<8>() {
        u64::from_le_bytes(*eight)
    } else {
        rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
    };
    let lower = eight | (0x20 * ONES);
    let of_kind = if kind == Kind::Number { text::within(eight, b'0', b'9') } else { text::within(lower, b'a', b'z') };
    let length = (!of_kind & HIGH).trailing_zeros() / 8;
    // Two steps, since a shift by all 64 bits is none.
    let beyond = (!0_u64 << (4 * length)) << (4 * length);
    (lower & !beyond, length as usize)
}

/// Tokens from a place where a character that is not of ASCII stands, up to the next one that is. Returns where it ends.
fn wide(text: &str, start: usize, found: &mut impl FnMut(Token)) -> usize {
    let mut at = start;
    for c in text.get(start..).unwrap_or_default().chars() {
        if c.is_ascii() {
            break;
        }
        let end = at + c.len_utf8();
        if stands_alone(c) {
            let hash = fold(KEYS[0] ^ u64::from(c), KEYS[2]);
            found(Token { hash, start: at, end, kind: Kind::Character });
        } else if c.is_alphanumeric() {
            return word(text, at, found);
        }
        at = end;
    }
    at
}

/// The word or number that starts at a place, whatever its letters. Returns where it ends.
fn word(text: &str, start: usize, found: &mut impl FnMut(Token)) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let is_number = rest.chars().next().is_some_and(char::is_numeric);
    let goes_on = |c: &char| c.is_alphanumeric() && c.is_numeric() == is_number && (c.is_ascii() || !stands_alone(*c));
    let (mut hash, mut letters, mut length, mut end) = (KEYS[0], 0_u64, 0_u32, start);
    for c in rest.chars().take_while(goes_on) {
        end += c.len_utf8();
        for byte in c.to_lowercase().flat_map(|c| {
            let mut buffer = [0; 4];
            let length = c.encode_utf8(&mut buffer).len();
            buffer.into_iter().take(length)
        }) {
            letters |= u64::from(byte) << (8 * length);
            length += 1;
            if length == 8 {
                hash = fold(hash ^ letters, KEYS[1]);
                (letters, length) = (0, 0);
            }
        }
    }
    if length > 0 {
        hash = fold(hash ^ letters, KEYS[1]);
    }
    found(Token { hash, start, end, kind: if is_number { Kind::Number } else { Kind::Word } });
    end
}

/// Whether a character is of a script that is written without spaces between words, or a syllable of hangul.
fn stands_alone(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' // Thai, Lao, Myanmar, Khmer
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' // kana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' // Han
        | '\u{ac00}'..='\u{d7a3}')
        && c.is_alphanumeric()
}

/// Odd numbers without a pattern, from the digits of π.
const KEYS: [u64; 4] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7345, 0xa409_3822_299f_31d1, 0x082e_fa98_ec4e_6c89];

/// Two halves of a long product: each bit of the factors moves about half of its bits.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is meant")]
fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    (product as u64) ^ ((product >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn of(text: &str) -> Vec<u64> {
        let mut hashes = Vec::new();
        shingles(text, |hash| hashes.push(hash));
        hashes
    }

    fn words(text: &str) -> Vec<&str> {
        let mut words = Vec::new();
        tokenize(text, |token| words.push(text.get(token.start..token.end).expect("a token of the text")));
        words
    }

    #[test]
    fn tokens_are_words_numbers_and_single_characters() {
        let text = "On March 27th, Zürich’s ICCV2021, école 重庆大学2024年 x서울 เชียง — α1β.";
        let expected = [
            "On", "March", "27", "th", "Zürich", "s", "ICCV", "2021", "école", "重", "庆", "大", "学", "2024", "年",
            "x", "서", "울", "เ", "ช", "ี", "ย", "ง", "α", "1", "β",
        ];
        assert_eq!(words(text), expected);
    }

    #[test]
    fn form_does_not_count() {
        for (one, other) in [
            ("The University, of CHONGQING!", "the university\n of — chongqing"),
            ("ＣＱＵ２０２４ｎｅｗｓ", "CQU 2024 news"),
            ("Zu\u{308}rich und ÉCOLE", "zürich (und) école"),
            ("重庆大学，举行。会议", "重 庆 大 学 举行会议"),
            ("internationalisation-and-institutionalisation", "INTERNATIONALISATION and Institutionalisation"),
            ("ｶﾞﾊﾞﾅﾝｽの改革", "ガバナンスの改革"),
        ] {
            assert_eq!(of(one), of(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn words_do_count() {
        let all =
            ["one two three", "two one three", "one two threes", "one twothree", "one two", "one two 3", "one", "two"];
        let hashes: HashSet<Vec<u64>> = all.iter().map(|text| of(text)).collect();
        assert_eq!(hashes.len(), all.len());
        assert_eq!(of("a b c d e").len(), 3);
        assert!(of(" — … ").is_empty() && of("").is_empty());
    }

    #[test]
    fn a_word_has_one_hash_wherever_it_stands_and_however_it_is_read() {
        // Words of any length at any distance from the end, by the quick way and the one for all letters.
        let letters = "abcdefghijklmnopqrstuvwxyz";
        for length in 1..=letters.len() {
            let word_itself = letters.get(..length).expect("letters");
            let mut hashes = HashSet::new();
            for (before, behind) in [("", ""), ("x ", ""), ("", " x"), ("1", "2"), ("- ", " -------- "), ("重", "庆")]
            {
                let text = format!("{before}{word_itself}{behind}");
                tokenize(&text, |token| {
                    if token.end - token.start == length && token.start == before.len() {
                        hashes.insert(token.hash);
                    }
                });
                word(&text, before.len(), &mut |token| _ = hashes.insert(token.hash));
            }
            assert_eq!(hashes.len(), 1, "{word_itself}");
        }
    }

    #[test]
    fn hashes_are_well_mixed() {
        let text: String = (0..4_000).map(|number| number.to_string() + "th ").collect();
        let hashes = of(&text);
        for bit in 0..64 {
            let set = hashes.iter().filter(|hash| *hash >> bit & 1 == 1).count();
            assert!((hashes.len() * 9 / 20..hashes.len() * 11 / 20).contains(&set), "bit {bit}: {set}");
        }
        let buckets: HashSet<u64> = hashes.iter().map(|hash| hash >> 51).collect();
        // Of 8,192 buckets, balls thrown at random leave e^-(n/8192) empty.
        assert!((4_850..5_250).contains(&buckets.len()), "{}", buckets.len());
    }
}
