//! Phrases, and where a text says them.
//!
//! A program that starts to look at ten documents must not spend its time on getting ready: this table is sorted in less
//! than a millisecond, where an automaton for the same phrases takes ten.

use super::link::letters_digits_and;

/// What a word is made of, by byte.
static WORD: [bool; 256] = letters_digits_and(b"");

/// Phrases to look for. Upper and lower case of ASCII letters are the same.
#[derive(Clone, Debug)]
pub(super) struct Phrases {
    /// In the order of their buckets.
    sorted: Vec<Phrase>,
    /// Where in `sorted` each bucket begins, and where the last one ends. Most places of a text lead to an empty one.
    buckets: Vec<u32>,
    /// Whether any phrase begins with a byte, in either case.
    first: [bool; 256],
    /// A bit for each hash of three bytes that a phrase may begin with: most words of a text begin otherwise.
    begins: [u64; Self::BITS / 64],
}

#[derive(Clone, Debug)]
struct Phrase {
    text: String,
    /// Its number: its place among those that the table was made of.
    number: usize,
    /// What tells most phrases of a bucket apart: its [`head`], and the bits of it that it is long enough to have.
    head: u64,
    mask: u64,
}

/// A phrase in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Number of the phrase.
    pub(super) phrase: usize,
    /// First byte in the text.
    pub(super) start: usize,
    /// Byte behind its last.
    pub(super) end: usize,
}

impl Phrases {
    const SHIFT: u32 = 53;
    const BUCKETS: usize = 1 << (u64::BITS - Self::SHIFT);
    const BITS: usize = 1 << 14;

    /// Phrases of two characters at least; shorter ones are not found. The number of each is its place here.
    pub(super) fn new(texts: impl IntoIterator<Item = String>) -> Self {
        let phrase = |(number, text): (usize, String)| {
            let mask = u64::MAX >> (8 * 8_usize.saturating_sub(text.len()).min(7));
            Phrase { head: head(text.as_bytes()) & mask, mask, text, number }
        };
        let long_enough = |phrase: &Phrase| phrase.text.chars().nth(1).is_some();
        let mut sorted: Vec<_> = texts.into_iter().enumerate().map(phrase).filter(long_enough).collect();
        sorted.sort_by_key(|phrase| Self::bucket(phrase.head));
        let mut buckets = vec![0; Self::BUCKETS + 1];
        for phrase in &sorted {
            buckets[Self::bucket(phrase.head) + 1] += 1;
        }
        for bucket in 0..Self::BUCKETS {
            buckets[bucket + 1] += buckets[bucket];
        }
        let mut first = [false; 256];
        for byte in sorted.iter().filter_map(|phrase| phrase.text.bytes().next()) {
            first[usize::from(byte.to_ascii_lowercase())] = true;
            first[usize::from(byte.to_ascii_uppercase())] = true;
        }
        let mut begins = [0; _];
        let mut note = |head: u64| {
            let (word, bit) = Self::bit(head);
            begins[word] |= bit;
        };
        for Phrase { head, text, .. } in &sorted {
            match text.len() {
                // What stands behind so short a phrase may be anything.
                ..3 => (0..=0xff).for_each(|third: u64| note(head & 0xffff | (third | 0x20) << 16)),
                3.. => note(*head),
            }
        }
        Self { sorted, buckets, first, begins }
    }

    /// All phrases in a text, also those that overlap, but none that begins inside a word of ASCII letters and digits. In
    /// the order of their ends; of those with the same end the longest comes first.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        let bytes = text.as_bytes();
        let mut found = Vec::new();
        let mut start = 0;
        while let Some(first) = bytes.get(start) {
            if self.first[usize::from(*first)] {
                let head = head(bytes.get(start..).unwrap_or_default());
                let (word, bit) = Self::bit(head);
                if self.begins[word] & bit != 0 {
                    self.find_at(bytes, start, head, &mut found);
                }
            }
            start += if WORD[usize::from(*first)] {
                let rest = bytes.get(start..).unwrap_or_default();
                rest.iter().position(|byte| !WORD[usize::from(*byte)]).unwrap_or(rest.len())
            } else {
                character_length(*first)
            };
        }
        found.sort_by_key(|found| (found.end, found.start));
        found
    }

    /// The phrases that begin at a place of a text, where it has this head.
    fn find_at(&self, text: &[u8], start: usize, head: u64, found: &mut Vec<Found>) {
        let Some(rest) = text.get(start..) else { return };
        let bucket = Self::bucket(head);
        let (from, to) = (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
        for phrase in self.sorted[from..to].iter().filter(|phrase| head & phrase.mask == phrase.head) {
            let said = rest.get(..phrase.text.len());
            if said.is_some_and(|said| said.eq_ignore_ascii_case(phrase.text.as_bytes())) {
                found.push(Found { phrase: phrase.number, start, end: start + phrase.text.len() });
            }
        }
    }

    /// The bucket of what has this head: by two bytes, or the three of an ideograph.
    fn bucket(head: u64) -> usize {
        let beginning = head & if head & 0xff < 0xe0 { 0xffff } else { 0xff_ffff };
        (mixed(beginning) >> Self::SHIFT) as usize
    }

    /// The bit of `begins` for what has this head: which of its words, and which bit of that.
    fn bit(head: u64) -> (usize, u64) {
        let hash = mixed(head & 0xff_ffff);
        ((hash >> 56) as usize, 1 << (hash >> 50 & 63))
    }
}

/// Fibonacci hashing: the upper bits are the well-mixed ones.
fn mixed(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The first eight bytes, in one case: upper and lower case of ASCII letters differ in this bit alone.
fn head(bytes: &[u8]) -> u64 {
    let head = bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut head = [0; 8];
        head.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        head
    });
    u64::from_le_bytes(head) | 0x2020_2020_2020_2020
}

/// Bytes of a character in UTF-8, by the first of them.
fn character_length(first: u8) -> usize {
    match first {
        0..0xc0 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(phrases: &[&str], text: &str, expected: &[&str]) {
        let table = Phrases::new(phrases.iter().map(|&phrase| phrase.to_owned()));
        let found = table.find(text);
        let said: Vec<_> = found.iter().filter_map(|found| text.get(found.start..found.end)).collect();
        assert_eq!(said, expected, "{phrases:?} {text:?}");
        for (found, said) in found.iter().zip(said) {
            assert!(phrases[found.phrase].eq_ignore_ascii_case(said));
        }
    }

    #[test]
    fn phrases_are_found_whatever_their_case() {
        check(&["seminar", "seat"], "A Seminar on SEATS", &["Seminar", "SEAT"]);
        check(&["研讨会", "éTUDE"], "学术研讨会，ÉTUDE étude", &["研讨会", "étude"]);
    }

    #[test]
    fn all_that_overlap_are_found_by_their_ends_the_longest_first() {
        check(&["éa", "éaé", "aé", "éü", "éaéü", "éaé"], "éaéü", &["éa", "éaé", "éaé", "aé", "éaéü", "éü"]);
        check(&["喜喜"], "喜喜喜喜", &["喜喜", "喜喜", "喜喜"]);
        check(&["学术", "术活动", "学术活动"], "学术活动", &["学术", "学术活动", "术活动"]);
    }

    #[test]
    fn none_begins_inside_a_word() {
        check(&["seminar", "conference", "40 years"], "preseminar, pre-conference, 140 years", &["conference"]);
        check(&["seminar", "x射线"], "召开seminar会，用x射线", &["seminar", "x射线"]);
    }

    #[test]
    fn a_phrase_of_two_letters_is_found_whatever_stands_behind() {
        check(&["ai", "air"], "AI, ai ai\nAI", &["AI", "ai", "ai", "AI"]);
        check(&["ai", "an"], "用AI研讨", &["AI"]);
    }

    #[test]
    fn a_text_that_ends_early_has_no_phrase() {
        check(&["seminar", "研讨会"], "semina", &[]);
        check(&["seminar", "研讨会"], "研讨", &[]);
        check(&["seminar"], "", &[]);
        check(&["seminar"], "s", &[]);
        check(&["a", ""], "a a", &[]);
        check(&[], "seminar", &[]);
    }
}
