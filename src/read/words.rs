//! Which of many words a text says, and where: found in one pass, however many they are.

/// Words to look for.
pub(super) struct Words {
    all: &'static [&'static str],
    /// A bit for each hash of three bytes that a word may begin with: most places of a text begin otherwise.
    begins: [u64; 64],
    /// The one that is a mark alone; 0, if there is none.
    mark: u8,
}

impl Words {
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        let (mut begins, mut mark, mut at) = ([0; 64], 0, 0);
        while at < words.len() {
            match *words[at].as_bytes() {
                [first, second, third, ..] => begins[Self::place(first, second)] |= Self::bit(third),
                // What stands behind so short a word may be anything.
                [first, second] => begins[Self::place(first, second)] = !0,
                [only] => {
                    assert!(mark == 0, "one mark is looked for");
                    mark = only;
                }
                [] => {}
            }
            at += 1;
        }
        Self { all: words, begins, mark }
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.all.iter().copied()
    }

    /// Those that a text says, with the places where they begin: in the order of the places, then of the list.
    pub(super) fn find(&self, text: &str) -> impl DoubleEndedIterator<Item = (usize, &'static str)> {
        let bytes = text.as_bytes();
        let from = |at: usize| bytes.get(at..).unwrap_or_default();
        let places = (0..bytes.len()).filter(move |at| self.may_begin(from(*at)));
        places.flat_map(move |at| {
            let rest = from(at);
            let begins =
                move |word: &&&str| word.as_bytes().first() == rest.first() && rest.starts_with(word.as_bytes());
            self.all.iter().filter(begins).map(move |word| (at, *word))
        })
    }

    /// Whether a text says one of them.
    pub(super) fn are_in(&self, text: &str) -> bool {
        self.find(text).next().is_some()
    }

    fn may_begin(&self, rest: &[u8]) -> bool {
        let begins = match *rest {
            [first, second, third, ..] => self.begins[Self::place(first, second)] & Self::bit(third) != 0,
            [first, second] => self.begins[Self::place(first, second)] != 0,
            _ => false,
        };
        begins || rest.first() == Some(&self.mark)
    }

    /// Which of `begins` is that of two bytes.
    const fn place(first: u8, second: u8) -> usize {
        ((second ^ first << 1) & 63) as usize
    }

    /// Which bit of it is that of a third.
    const fn bit(third: u8) -> u64 {
        1 << (third & 63)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_a_plain_reader_finds_them() {
        static WORDS: Words = Words::new(&["by", "author", "aut", "记者", "者", "~", "é:"]);
        for text in ["", "b", "by", "~", "x~", "the author, by 记者 ~ y", "autaut 者 记", "é: é by", "bby é:~~"]
        {
            let says = |at: usize, word: &str| text.get(at..).is_some_and(|rest| rest.starts_with(word));
            let plainly: Vec<(usize, &str)> = (0..text.len())
                .flat_map(|at| WORDS.iter().filter(move |word| says(at, word)).map(move |word| (at, word)))
                .collect();
            assert_eq!(WORDS.find(text).collect::<Vec<_>>(), plainly, "{text}");
            assert_eq!(WORDS.are_in(text), !plainly.is_empty(), "{text}");
            assert_eq!(WORDS.find(text).next_back(), plainly.last().copied(), "{text}");
        }
    }
}
