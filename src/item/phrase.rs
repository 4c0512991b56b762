//! Phrases, and where a text says them.
//!
//! A program that starts to look at ten documents must not spend its time on getting ready: this table is sorted in less
//! than a millisecond, where an automaton for the same phrases takes ten.

/// Phrases to look for. Upper and lower case of ASCII letters are the same.
#[derive(Debug)]
pub(super) struct Phrases {
    /// Texts and numbers, in the order of their buckets.
    sorted: Vec<(String, usize)>,
    /// Where in `sorted` each bucket begins, and where the last one ends. Most places of a text lead to an empty one.
    buckets: Vec<u32>,
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
    const BUCKETS: usize = 2048;

    /// Phrases of two characters at least; shorter ones are not found. The number of each is its place here.
    pub(super) fn new(texts: impl IntoIterator<Item = String>) -> Self {
        let placed = |(number, text): (usize, String)| {
            let mut characters = text.chars();
            let bucket = Self::bucket(characters.next()?, characters.next()?);
            Some((bucket, text, number))
        };
        let mut placed: Vec<_> = texts.into_iter().enumerate().filter_map(placed).collect();
        placed.sort_by_key(|(bucket, ..)| *bucket);
        let mut buckets = vec![0; Self::BUCKETS + 1];
        for (bucket, ..) in &placed {
            buckets[bucket + 1] += 1;
        }
        for bucket in 0..Self::BUCKETS {
            buckets[bucket + 1] += buckets[bucket];
        }
        Self { sorted: placed.into_iter().map(|(_, text, number)| (text, number)).collect(), buckets }
    }

    /// All phrases in a text, also those that overlap, but none that begins inside a word of ASCII letters and digits. In
    /// the order of their ends; of those with the same end the longest comes first.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let mut characters = text.char_indices();
        let Some((mut start, mut first)) = characters.next() else { return found };
        let mut before = ' ';
        for (at, second) in characters {
            if !(before.is_ascii_alphanumeric() && first.is_ascii_alphanumeric()) {
                let bucket = Self::bucket(first, second);
                let (from, to) = (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
                for (phrase, number) in &self.sorted[from..to] {
                    let end = start + phrase.len();
                    let said = text.as_bytes().get(start..end);
                    if said.is_some_and(|said| said.eq_ignore_ascii_case(phrase.as_bytes())) {
                        found.push(Found { phrase: *number, start, end });
                    }
                }
            }
            (before, first, start) = (first, second, at);
        }
        found.sort_by_key(|found| (found.end, found.start));
        found
    }

    /// The bucket of phrases that begin with two characters.
    fn bucket(first: char, second: char) -> usize {
        let [first, second] = [first, second].map(|letter| u32::from(letter.to_ascii_lowercase()));
        // Fibonacci hashing: the upper bits are the well-mixed ones.
        (first.wrapping_mul(0x9e37_79b9).rotate_left(5) ^ second).wrapping_mul(0x9e37_79b9) as usize >> 21
    }
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
    fn a_text_that_ends_early_has_no_phrase() {
        check(&["seminar", "研讨会"], "semina", &[]);
        check(&["seminar", "研讨会"], "研讨", &[]);
        check(&["seminar"], "", &[]);
        check(&["seminar"], "s", &[]);
        check(&["a", ""], "a a", &[]);
        check(&[], "seminar", &[]);
    }
}
