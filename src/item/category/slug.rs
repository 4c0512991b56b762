//! Labels as parts of addresses.

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::fold;

/// The slug of a label: its letters and digits in ASCII, lower case, accents left off, `-` between words, at most 64.
/// Where letters are lost (Chinese, Cyrillic), eight hexadecimal digits of a hash of the label tell it from others:
/// `AI 研究` is `ai-` and the hash, `校园文化` is `c-` and the hash. So do signs that make a name (`C++`, `🎓`). A table in the vocabulary gives a label a slug
/// that reads better.
pub fn slug(label: &str) -> String {
    /// Longest part that is made from the letters, in bytes; the hash and its `-` come on top.
    const LONGEST: usize = 55;
    let mut slug = String::new();
    let (mut lost, mut is_named_by_sign) = (false, false);
    let mut letters = label.nfkd().flat_map(char::to_lowercase).peekable();
    while let Some(letter) = letters.next() {
        // What a single letter stands for: C, C++ and C# are three. "Alumni+" and "K+12" say the same without.
        let is_alone = slug.len() == 1 && slug.starts_with(|c: char| c.is_ascii_alphabetic());
        let ends = letters.peek().is_none_or(|next| !next.is_alphanumeric());
        is_named_by_sign |= matches!(letter, '+' | '#') && is_alone && ends;
        let ascii = match letter {
            'a'..='z' | '0'..='9' => {
                slug.push(letter);
                continue;
            }
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'ø' => "o",
            'ł' => "l",
            'đ' | 'ð' => "d",
            'þ' => "th",
            'ı' => "i",
            // Apostrophes stand inside of words.
            '\'' | '’' => "",
            _ if is_combining_mark(letter) => "",
            _ if letter.is_alphanumeric() => {
                lost = true;
                "-"
            }
            _ => "-",
        };
        if ascii != "-" {
            slug.push_str(ascii);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    lost |= slug.len() > LONGEST;
    slug.truncate(LONGEST);
    let kept = slug.trim_end_matches('-').len();
    slug.truncate(kept);
    if lost || is_named_by_sign || slug.is_empty() {
        let mut words = fold(label);
        // Where signs are all there is, they are what tells it from others.
        if is_named_by_sign || words.is_empty() {
            words = label.trim().to_lowercase();
        }
        let hash = Sha256::digest(words);
        if slug.is_empty() {
            slug.push('c');
        }
        slug.push('-');
        slug.extend(
            hash.iter()
                .take(4)
                .flat_map(|byte| [byte >> 4, byte & 15])
                .map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0')),
        );
    }
    slug
}
