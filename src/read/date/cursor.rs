//! A place in a text that moves forward over numbers, words and marks.

/// Digits of the longest number that is read (`YYYYMMDDhhmmss`).
const LONGEST_NUMBER: usize = 14;
/// Bytes of the longest word that is read.
const LONGEST_WORD: usize = 64;
/// White space between two parts of one date, in characters.
const WIDEST_SPACE: usize = 16;

/// A place in a text. Every step forward is bounded, so that a reading costs the same on any text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

/// A number as it stands in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    pub(super) value: u64,
    /// How many digits it was written with.
    pub(super) digits: usize,
}

impl Number {
    /// The value as a part of a date.
    pub(super) fn small(self) -> Option<u32> {
        u32::try_from(self.value).ok()
    }
}

impl<'t> Cursor<'t> {
    /// The place `at` bytes into `text`.
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    /// Bytes from the start of the text.
    pub(super) fn at(self) -> usize {
        self.at
    }

    /// What is still to come.
    pub(super) fn rest(self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// What lies behind.
    pub(super) fn past(self) -> &'t str {
        self.text.get(..self.at).unwrap_or_default()
    }

    /// The next character.
    pub(super) fn peek(self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The next two characters.
    pub(super) fn peek_two(self) -> (Option<char>, Option<char>) {
        let mut next = self.rest().chars();
        (next.next(), next.next())
    }

    /// The character just behind, and the one before that.
    pub(super) fn behind(self) -> (Option<char>, Option<char>) {
        let mut past = self.past().chars();
        (past.next_back(), past.next_back())
    }

    /// Steps over a character that is accepted.
    pub(super) fn eat(&mut self, accept: impl FnOnce(char) -> bool) -> Option<char> {
        let next = self.peek().filter(|&c| accept(c))?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Steps over one of these texts.
    pub(super) fn eat_any(&mut self, texts: &[&str]) -> Option<()> {
        let found = texts.iter().find(|text| self.rest().starts_with(**text))?;
        self.at += found.len();
        Some(())
    }

    /// Steps over white space, also that of typesetters, with at most one line break: a date goes on over the end of
    /// a line, but not over an empty one. Tells whether there was any.
    pub(super) fn spaces(&mut self) -> bool {
        let start = self.at;
        let mut lines = 0;
        for _ in 0..WIDEST_SPACE {
            match self.peek() {
                Some('\n') if lines == 0 => lines += 1,
                Some('\n') | None => break,
                Some(c) if c.is_whitespace() => {}
                Some(_) => break,
            }
            self.eat(|_| true);
        }
        self.at > start
    }

    /// Steps over a whole run of digits, of either width; refuses one longer than [`LONGEST_NUMBER`].
    pub(super) fn number(&mut self) -> Option<Number> {
        let mut number = Number { value: 0, digits: 0 };
        let mut end = self.at;
        for c in self.rest().chars() {
            let Some(digit) = digit(c) else { break };
            number = Number { value: number.value * 10 + u64::from(digit), digits: number.digits + 1 };
            if number.digits > LONGEST_NUMBER {
                return None;
            }
            end += c.len_utf8();
        }
        self.at = end;
        (number.digits > 0).then_some(number)
    }

    /// Steps over a whole word of letters; refuses one longer than [`LONGEST_WORD`].
    pub(super) fn word(&mut self) -> Option<&'t str> {
        let start = self.at;
        while self.at - start <= LONGEST_WORD && self.eat(is_letter).is_some() {}
        let length = self.at - start;
        (1..=LONGEST_WORD).contains(&length).then(|| self.text.get(start..self.at)).flatten()
    }

    /// Reads, or stays where it was.
    pub(super) fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let start = self.at;
        let reading = read(self);
        if reading.is_none() {
            self.at = start;
        }
        reading
    }
}

/// The value of a digit of either width, or of those of Arabic, Persian, Indian and Southeast Asian writing.
pub(super) fn digit(c: char) -> Option<u32> {
    /// The zeros, behind each of which the other nine stand.
    const ZEROS: [char; 16] = ['٠', '۰', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '๐', '໐', '၀', '០', '０'];
    if !matches!(c, '٠'..='៩' | '０'..='９') {
        return c.to_digit(10);
    }
    ZEROS.into_iter().filter_map(|zero| u32::from(c).checked_sub(u32::from(zero))).find(|value| *value < 10)
}

/// Whether a character is a letter of words: of an alphabet, not of East Asian writing.
pub(super) fn is_letter(c: char) -> bool {
    c < '\u{2e80}' && (c.is_alphabetic() || is_mark(c))
}

/// Whether a character is no letter and stands within words: accents apart from their letters, what joins letters, and signs of
/// Indian and Southeast Asian writing.
fn is_mark(c: char) -> bool {
    // The scripts of India stand in blocks that are made alike.
    let is_indian = matches!(c, '\u{900}'..='\u{d7f}') && matches!(u32::from(c) & 0x7f, 0x3c | 0x4d);
    is_indian
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' | '\u{dca}')
        || matches!(c, '\u{e47}'..='\u{e4e}' | '\u{ec8}'..='\u{ecd}')
        || matches!(c, '\u{1037}' | '\u{1039}' | '\u{103a}' | '\u{17c9}'..='\u{17d3}')
}

/// Whether a character is Chinese writing.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}
