//! Plain text that is fit to go out.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// A character as it may go out, if at all.
///
/// XML 1.0 §2.2 forbids most control characters and U+FFFE/FFFF even as references. C1 controls are what is left of
/// windows-1252 that was taken for ISO 8859-1, and are read as what they stood for (WHATWG Encoding, windows-1252).
/// U+FFFD and the other noncharacters say nothing.
pub fn fit(c: char) -> Option<char> {
    const WINDOWS_1252: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”',
        '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    match c {
        '\t' | '\n' => Some(c),
        '\r' => Some('\n'),
        '\0'..='\u{1f}' | '\u{7f}' | '\u{fffd}'..='\u{ffff}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' => None,
        '\u{80}'..='\u{9f}' => {
            let stood_for = WINDOWS_1252.get(c as usize - 0x80).copied().unwrap_or('\0');
            (stood_for != '\0').then_some(stood_for)
        }
        c if (c as u32) & 0xfffe == 0xfffe => None,
        c => Some(c),
    }
}

/// Whether every character of a text is [`fit`] as it is.
pub fn is_fit(text: &str) -> bool {
    // Every character that is not begins with a byte of these; most texts have few.
    #[expect(clippy::needless_bitwise_bool, reason = "a branch for each byte is what this is to avoid")]
    let suspect = |byte: u8| {
        // From EF over FF to 1F.
        (byte.wrapping_sub(0xef) < 0x31) & (byte != b'\t') & (byte != b'\n') | (byte == 0x7f) | (byte == 0xc2)
    };
    // Many at a time, without early exit, for the vector units.
    let clear = |part: &&[u8; 64]| part.iter().fold(0, |found, byte| found | u8::from(suspect(*byte))) == 0;
    let mut rest = text;
    loop {
        let (parts, _) = rest.as_bytes().as_chunks();
        let passed = 64 * parts.iter().take_while(clear).count();
        let behind = rest.as_bytes().get(passed..).unwrap_or_default();
        let Some(at) = behind.iter().position(|byte| suspect(*byte)) else { return true };
        let mut characters = rest.get(passed + at..).unwrap_or_default().chars();
        if characters.next().is_none_or(|c| fit(c) != Some(c)) {
            return false;
        }
        rest = characters.as_str();
    }
}

/// A text with each character made [`fit`], and `\r\n` one line's end. Borrows when nothing has to change.
pub fn scrub(text: &str) -> Cow<'_, str> {
    if is_fit(text) {
        return Cow::Borrowed(text);
    }
    let behind = text.chars().skip(1).chain(['\0']);
    let kept = text.chars().zip(behind).filter(|pair| *pair != ('\r', '\n'));
    Cow::Owned(kept.filter_map(|(c, _)| fit(c)).collect())
}

/// A text as one line: fit, white space made single, no marks that turn the direction of what follows.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        // Words of ASCII with single spaces between are taken at once.
        let (plain, after) = rest.split_at(plain_run(rest));
        if !plain.is_empty() {
            line.push_str(plain);
            rest = after;
            continue;
        }
        rest = rest.split_at(first.len_utf8()).1;
        match fit(first) {
            Some(c) if c.is_whitespace() && (line.is_empty() || line.ends_with(' ')) => {}
            Some(c) if c.is_whitespace() => line.push(' '),
            // Where a word may be broken is for who sets the line.
            Some(c) if !turns(c) && c != '\u{ad}' => line.push(c),
            _ => {}
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Whether a text is [`one_line()`] as it is.
pub fn is_one_line(text: &str) -> bool {
    let mut rest = text;
    let mut is_behind_space = true;
    while let Some(first) = rest.chars().next() {
        let run = plain_run(rest);
        rest = rest.split_at(run.max(first.len_utf8())).1;
        let is_space = run == 0 && first == ' ';
        let is_odd = || first.is_whitespace() || turns(first) || first == '\u{ad}' || fit(first) != Some(first);
        if is_space && is_behind_space || run == 0 && !is_space && is_odd() {
            return false;
        }
        is_behind_space = is_space;
    }
    text.is_empty() || !is_behind_space
}

/// How many bytes at the start of a text are words of ASCII with single spaces between, none in front.
pub fn plain_run(text: &str) -> usize {
    let bytes = text.as_bytes();
    if bytes.first() == Some(&b' ') { 0 } else { run_of(bytes, |byte| byte.is_ascii_graphic()) }
}

/// How many bytes at the start are of the class, or single spaces with a letter, digit or mark of ASCII behind them.
pub fn run_of(bytes: &[u8], is_plain: impl Fn(u8) -> bool) -> usize {
    const PART: usize = 32;
    let fits = |byte: u8, next: u8| is_plain(byte) | ((byte == b' ') & next.is_ascii_graphic());
    let mut at = 0;
    // Many at a time, without early exit, for the vector units.
    while let Some((part, behind)) = bytes.get(at..at + PART).zip(bytes.get(at + 1..=at + PART))
        && part.iter().zip(behind).fold(true, |all, (byte, next)| all & fits(*byte, *next))
    {
        at += PART;
    }
    while let Some(byte) = bytes.get(at)
        && fits(*byte, bytes.get(at + 1).copied().unwrap_or_default())
    {
        at += 1;
    }
    at
}

/// What is before the first mark of ASCII, and what is behind it.
pub(crate) fn split(text: &str, mark: u8) -> Option<(&str, &str)> {
    let (before, behind) = text.split_at_checked(memchr::memchr(mark, text.as_bytes())?)?;
    Some((before, behind.get(1..)?))
}

/// The high bit of each of eight bytes.
pub(crate) const HIGH: u64 = 0x80 * ONES;
/// One bit in each of eight bytes.
pub(crate) const ONES: u64 = 0x0101_0101_0101_0101;

/// The high bit of each of eight bytes that is one of a range of ASCII: looked at together, they cost little more than one.
pub(crate) const fn within(eight: u64, least: u8, most: u8) -> u64 {
    // Bytes without their high bit do not carry into the next one.
    let low = eight & !HIGH;
    let from = low + (0x80 - least as u64) * ONES;
    let beyond = low + (0x7f - most as u64) * ONES;
    from & !beyond & HIGH & !eight
}

/// Explicit bidirectional controls (Unicode UAX 9): in one line of text they only mislead. Also what has no width.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}')
}

/// A text cut to a number of characters, at a word where there is one near, with `…` where something was cut off.
pub fn cut(text: &str, most: usize) -> String {
    // No text has more characters than bytes.
    if text.len() <= most {
        return text.to_owned();
    }
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let Some(head) = text.get(..end) else { return text.to_owned() };
    let word = head.rfind(char::is_whitespace).filter(|at| head.len() - at <= 40).unwrap_or(end);
    let head =
        text.get(..word).unwrap_or(head).trim_end_matches(|c: char| c.is_whitespace() || ",;:，；：、–—-".contains(c));
    format!("{head}…")
}

/// The words of a text for comparing, as UTF-8: letters and digits only, without case and width (Unicode NFKC).
pub fn words(text: &str, into: &mut Vec<u8>) {
    let start = into.len();
    let mut rest = text;
    while !rest.is_empty() {
        let (ascii, behind) = rest.split_at(ascii_run(rest.as_bytes()));
        for part in ascii.as_bytes().chunks(255) {
            // Without branches: each byte is written, and the place moves on if it counts.
            let (mut buffer, mut length) = ([0; 256], 0_u8);
            for byte in part {
                let letter = LETTERS[usize::from(*byte)];
                buffer[usize::from(length)] = letter;
                length += u8::from(letter != 0);
            }
            into.extend_from_slice(buffer.get(..usize::from(length)).unwrap_or_default());
        }
        let (other, after) = behind.split_at(behind.bytes().position(|byte| byte.is_ascii()).unwrap_or(behind.len()));
        if !other.chars().all(is_normal) {
            // What NFKC makes of a character may depend on those around it.
            into.truncate(start);
            for c in text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase) {
                into.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            return;
        }
        for c in other.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase) {
            into.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        rest = after;
    }
}

/// A text in the form of Unicode NFKC, as far as letters and digits go. Borrows where that is what it has.
pub fn normal(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut rest = text;
    while !rest.is_empty() {
        let behind = rest.split_at(ascii_run(rest.as_bytes())).1;
        let (other, after) = behind.split_at(behind.bytes().position(|byte| byte.is_ascii()).unwrap_or(behind.len()));
        if !other.chars().all(is_normal) {
            // What NFKC makes of a character may depend on those around it.
            return Cow::Owned(text.nfkc().collect());
        }
        rest = after;
    }
    Cow::Borrowed(text)
}

/// Letters in lower case and digits of ASCII at their own places, 0 at all others.
static LETTERS: [u8; 256] = {
    let (mut letters, mut at) = ([0; 256], 0_u8);
    while at < 128 {
        if at.is_ascii_alphanumeric() {
            letters[at as usize] = at.to_ascii_lowercase();
        }
        at += 1;
    }
    letters
};

/// How many bytes at the start are ASCII.
fn ascii_run(bytes: &[u8]) -> usize {
    let whole = bytes.chunks(32).take_while(|part| part.is_ascii()).map(<[u8]>::len).sum();
    whole + bytes.get(whole..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii()).count()
}

/// Characters of ordinary text that NFKC leaves as they are, wherever they stand, or that are no letters either way.
fn is_normal(c: char) -> bool {
    matches!(c, '\0'..='\u{7f}' | '\u{a0}'..='\u{a7}' | '©' | '«' | '®' | '°' | '±' | '·' | '»' | '¿' | 'À'..='ÿ' | '！'..='／' | '：'..='＠' | '\u{2010}'..='\u{2016}' | '\u{2018}'..='\u{2026}' | '\u{3001}'..='\u{3011}'
        | '\u{4e00}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_xml_forbids_go() {
        assert_eq!(scrub("a\0b\u{1b}c\u{fffe}d\u{ffff}e\u{1fffe}f\u{fffd}g\u{feff}h"), "abcdefgh");
        assert_eq!(scrub("line\r\nline\rline"), "line\nline\nline");
        assert!(matches!(scrub("重庆 news 🎓"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_character_is_found_to_be_unfit_wherever_it_stands() {
        let ordinary = "重庆 · new’s 🎓\u{a0}\u{fffc}ﬁ ".repeat(12);
        assert!(is_fit(&ordinary) && is_fit(""));
        for c in ['\0', '\r', '\u{7f}', '\u{85}', '\u{feff}', '\u{fffd}', '\u{fdd0}', '\u{1ffff}'] {
            for (at, _) in ordinary.char_indices() {
                let (before, behind) = ordinary.split_at(at);
                assert!(!is_fit(&format!("{before}{c}{behind}")), "{c:?} at {at}");
            }
            assert!(!is_fit(&format!("{ordinary}{c}")), "{c:?} at the end");
        }
    }

    #[test]
    fn each_of_eight_bytes_is_told_to_be_within_a_range() {
        for (least, most) in [(b'a', b'z'), (b'0', b'9'), (0, 0x7f), (0x7f, 0x7f)] {
            for byte in 0..=255_u8 {
                for place in 0..8 {
                    let others = 0xff80_7f7a_6139_3000_u64.rotate_left(8 * (u32::from(byte) % 8));
                    let eight = others & !(0xff << (8 * place)) | u64::from(byte) << (8 * place);
                    let is = within(eight, least, most) >> (8 * place) & 0xff;
                    let expected = if (least..=most).contains(&byte) { 0x80 } else { 0 };
                    assert_eq!(is, expected, "{byte} in {least}..={most} at {place}");
                }
            }
        }
    }

    #[test]
    fn runs_end_where_a_plain_reader_says() {
        let slow = |text: &str| {
            let fits = |at: &usize| match text.as_bytes().get(*at) {
                Some(b' ') => *at > 0 && text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_graphic),
                byte => byte.is_some_and(u8::is_ascii_graphic),
            };
            (0..text.len()).take_while(fits).count()
        };
        let words = "one, two; three. ".repeat(9);
        for length in 0..words.len() {
            for end in ["", " ", "  x", "\n", "é", " é", "x"] {
                let text = format!("{}{end}", words.get(..length).unwrap_or_default());
                assert_eq!(plain_run(&text), slow(&text), "{text:?}");
            }
        }
    }

    #[test]
    fn c1_controls_are_what_they_stood_for() {
        assert_eq!(scrub("\u{93}quoted\u{94} \u{80}5\u{81}"), "“quoted” €5");
    }

    #[test]
    fn one_line_is_one_line() {
        assert_eq!(one_line("  a\n\tb\u{3000}c \u{202e}d\u{200b} "), "a b c d");
    }

    #[test]
    fn cuts_at_a_word() {
        assert_eq!(cut("one two three", 9), "one two…");
        assert_eq!(cut("one two", 7), "one two");
        assert_eq!(cut("重庆大学新闻", 4), "重庆大学…");
    }

    #[test]
    fn words_are_the_same_whatever_the_form() {
        let of = |text: &str| {
            let mut into = Vec::new();
            words(text, &mut into);
            into
        };
        assert_eq!(of("The  Quick—Fox, № ２"), of("the quick fox no 2"));
        assert_ne!(of("12"), of("13"));
    }
}
