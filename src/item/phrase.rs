//! Phrases, and where a text says them.
//!
//! A program that starts to look at ten documents must not spend its time on getting ready: this table is sorted in less
//! than a millisecond, where an automaton for the same phrases takes ten.

/// Phrases to look for. Upper and lower case of ASCII letters are the same.
#[derive(Debug)]
pub(super) struct Phrases {
    /// In the order of their beginnings.
    sorted: Vec<Phrase>,
    /// A bit for each beginning that a phrase may have: most places of a text have none of them.
    beginnings: [u64; Self::WORDS],
}

#[derive(Debug)]
struct Phrase {
    beginning: u64,
    text: String,
    /// Its number: its place among those that the table was made of.
    number: usize,
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
    const WORDS: usize = 128;

    /// Phrases of two characters at least; shorter ones are not found. The number of each is its place here.
    pub(super) fn new(texts: impl IntoIterator<Item = String>) -> Self {
        let mut beginnings = [0; Self::WORDS];
        let mut sorted = Vec::new();
        for (number, text) in texts.into_iter().enumerate() {
            let mut characters = text.chars();
            if let (Some(first), Some(second)) = (characters.next(), characters.next()) {
                let beginning = beginning(first, second);
                let (word, bit) = Self::place(beginning);
                beginnings[word] |= bit;
                sorted.push(Phrase { beginning, text, number });
            }
        }
        sorted.sort_unstable_by_key(|phrase| (phrase.beginning, phrase.number));
        Self { sorted, beginnings }
    }

    /// All phrases in a text, also those that overlap, in the order of their ends; of those with the same end the longest
    /// comes first.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let seconds = text.chars().skip(1);
        for ((start, first), second) in text.char_indices().zip(seconds) {
            let beginning = beginning(first, second);
            let (word, bit) = Self::place(beginning);
            if self.beginnings[word] & bit == 0 {
                continue;
            }
            let from = self.sorted.partition_point(|phrase| phrase.beginning < beginning);
            for phrase in self.sorted.iter().skip(from).take_while(|phrase| phrase.beginning == beginning) {
                let end = start + phrase.text.len();
                let said = text.as_bytes().get(start..end);
                if said.is_some_and(|said| said.eq_ignore_ascii_case(phrase.text.as_bytes())) {
                    found.push(Found { phrase: phrase.number, start, end });
                }
            }
        }
        found.sort_by_key(|found| (found.end, found.start));
        found
    }

    /// The bit of a beginning.
    fn place(beginning: u64) -> (usize, u64) {
        // Fibonacci hashing: the upper bits are the well-mixed ones.
        let hash = beginning.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 51;
        ((hash >> 6) as usize % Self::WORDS, 1 << (hash & 63))
    }
}

/// What phrases are sorted by: their first two characters.
fn beginning(first: char, second: char) -> u64 {
    u64::from(u32::from(first.to_ascii_lowercase())) << 32 | u64::from(u32::from(second.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(phrases: &[&str], text: &str, expected: &[&str]) {
        let table = Phrases::new(phrases.iter().map(|&phrase| phrase.to_owned()));
        let found = table.find(text);
        let said: Vec<_> = found.iter().map(|found| &text[found.start..found.end]).collect();
        assert_eq!(said, expected, "{phrases:?} {text:?}");
        for found in found {
            assert!(phrases[found.phrase].eq_ignore_ascii_case(&text[found.start..found.end]));
        }
    }

    #[test]
    fn phrases_are_found_whatever_their_case() {
        check(&["seminar", "seat"], "A Seminar on SEATS", &["Seminar", "SEAT"]);
        check(&["研讨会", "éTUDE"], "学术研讨会，ÉTUDE étude", &["研讨会", "étude"]);
    }

    #[test]
    fn all_that_overlap_are_found_by_their_ends_the_longest_first() {
        check(&["ab", "abc", "bc", "cd", "abcd", "abc"], "abcd", &["ab", "abc", "abc", "bc", "abcd", "cd"]);
        check(&["aa"], "aaaa", &["aa", "aa", "aa"]);
        check(&["学术", "术活动", "学术活动"], "学术活动", &["学术", "学术活动", "术活动"]);
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
