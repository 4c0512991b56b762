//! Which of many words a text says, and where: found in one pass, however many they are.

/// Words to look for, of two bytes at least each or of one of ASCII.
pub(super) struct Words {
    words: &'static [&'static str],
    /// A bit for each hash of two bytes that a word begins with: most places of a text begin otherwise.
    begins: [u64; 16],
}

impl Words {
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        let (mut begins, mut at) = ([0; 16], 0);
        while at < words.len() {
            match *words[at].as_bytes() {
                [first, second, ..] => {
                    let (place, bit) = Self::bit(first, second);
                    begins[place] |= bit;
                }
                // What stands behind so short a word may be anything.
                [only] => {
                    let mut second = 0;
                    while second < 256 {
                        let (place, bit) = Self::bit(only, second as u8);
                        begins[place] |= bit;
                        second += 1;
                    }
                }
                [] => {}
            }
            at += 1;
        }
        Self { words, begins }
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.words.iter().copied()
    }

    /// Those that a text says, with the places where they begin: in the order of the places, then of the list.
    pub(super) fn find(&self, text: &str) -> impl DoubleEndedIterator<Item = (usize, &'static str)> {
        let bytes = text.as_bytes();
        let from = |at: usize| bytes.get(at..).unwrap_or_default();
        let places = (0..bytes.len()).filter(move |at| self.may_begin(from(*at)));
        places.flat_map(move |at| {
            let rest = from(at);
            self.words.iter().filter(move |word| rest.starts_with(word.as_bytes())).map(move |word| (at, *word))
        })
    }

    /// Whether a text says one of them.
    pub(super) fn are_in(&self, text: &str) -> bool {
        self.find(text).next().is_some()
    }

    fn may_begin(&self, rest: &[u8]) -> bool {
        let (place, bit) = match *rest {
            [first, second, ..] => Self::bit(first, second),
            [only] => Self::bit(only, 0),
            [] => return false,
        };
        self.begins[place] & bit != 0
    }

    /// The bit of what begins with two bytes: which of the words of `begins`, and which bit of that.
    const fn bit(first: u8, second: u8) -> (usize, u64) {
        ((first & 15) as usize, 1 << ((second ^ first >> 4) & 63))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_a_plain_reader_finds_them() {
        static WORDS: Words = Words::new(&["by", "author", "aut", "记者", "者", "~", "é:"]);
        for text in ["", "b", "by", "~", "x~", "the author, by 记者 ~ y", "autaut 者 记", "é: é by", "bby é:~~"] {
            let places = (0..text.len()).filter(|at| text.is_char_boundary(*at));
            let plainly: Vec<(usize, &str)> = places
                .flat_map(|at| WORDS.iter().filter(move |word| text[at..].starts_with(word)).map(move |word| (at, word)))
                .collect();
            assert_eq!(WORDS.find(text).collect::<Vec<_>>(), plainly, "{text}");
            assert_eq!(WORDS.are_in(text), !plainly.is_empty(), "{text}");
            assert_eq!(WORDS.find(text).next_back(), plainly.last().copied(), "{text}");
        }
    }
}
