//! The text of a feed, whatever charset it is in and whatever it says about that.
//!
//! In this order: byte order mark; UTF-32 by its zeros; UTF-8 that is valid as such; the charset of HTTP (RFC 7303 §3.2,
//! but text/xml without one means nothing), then of the XML declaration, if the bytes are right in it; detection.
//! Single wrong bytes in UTF-8 are windows-1252, for that is what was pasted there. In windows-1252 itself no byte is
//! wrong, so that words of nothing but accents are what tells that it was not meant.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::read::{self, ReadError};

/// How far into a document its XML declaration may begin, bytes.
const FARTHEST_DECLARATION: usize = 1024;

/// Decodes a feed; also a word on bytes that were wrong.
pub(super) fn decode<'b>(bytes: &'b [u8], http: Option<&str>) -> Result<(Cow<'b, str>, Option<String>), ReadError> {
    if let Some(text) = utf_32(bytes) {
        return Ok((Cow::Owned(text), None));
    }
    let declared = declared(bytes);
    let labels = [http, declared];
    if std::str::from_utf8(bytes).is_err()
        && Encoding::for_bom(bytes).is_none_or(|(encoding, _)| encoding == UTF_8)
        && is_rather_utf_8(bytes, labels)
    {
        let note = "holds bytes that are wrong in UTF-8: they were read as windows-1252";
        return Ok((Cow::Owned(mended(bytes)), Some(note.to_owned())));
    }
    let right = labels.into_iter().flatten().find(|label| {
        Encoding::for_label(label.as_bytes()).is_some_and(|encoding| {
            encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
                && !(encoding == WINDOWS_1252 && has_words_of_accents(bytes))
        })
    });
    let decoded = read::decode(bytes, right, false)?;
    Ok((decoded.text, decoded.note))
}

/// The text of UTF-32 (RFC 3629 does not know it, XML 1.0 appendix F does), with or without a mark.
fn utf_32(bytes: &[u8]) -> Option<String> {
    let big = match bytes.get(..4)? {
        [0, 0, 0xfe, 0xff] | [0, 0, 0, b'<'] => true,
        [0xff, 0xfe, 0, 0] | [b'<', 0, 0, 0] => false,
        _ => return None,
    };
    let (units, _) = bytes.as_chunks::<4>();
    let read = |unit: &[u8; 4]| if big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
    Some(units.iter().map(read).filter_map(char::from_u32).filter(|c| *c != '\u{feff}').collect())
}

/// The charset that the XML declaration of a feed names, as written. `None`: there is none.
pub fn declared(bytes: &[u8]) -> Option<&str> {
    let head = bytes.get(..bytes.len().min(FARTHEST_DECLARATION))?;
    let start = head.windows(5).position(|window| window == b"<?xml")?;
    let rest = head.get(start..)?;
    let end = rest.iter().position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(rest.get(..end)?).ok()?;
    let (_, behind) = declaration.split_once("encoding")?;
    let behind = behind.trim_start().strip_prefix('=')?.trim_start();
    behind.trim_start_matches(['"', '\'']).split(['"', '\'', '?', ' ']).next()
}

/// Whether bytes that are not all valid UTF-8 are UTF-8 with mistakes: most of what is not ASCII is valid, and no other
/// charset that is declared fits.
fn is_rather_utf_8(bytes: &[u8], labels: [Option<&str>; 2]) -> bool {
    let told = |label: &&str| Encoding::for_label(label.as_bytes()) == Some(UTF_8);
    let declared = labels.iter().flatten().any(told) || labels.iter().flatten().next().is_none();
    let (mut right, mut wrong) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        right += chunk.valid().bytes().filter(|byte| *byte >= 0xc2).count();
        wrong += chunk.invalid().len();
    }
    right > wrong && (declared || right > wrong * 16)
}

/// Whether most bytes that are not ASCII stand in rows of four or more, as in Chinese, Russian or Greek and in no
/// language of the west. Equal ones side by side are a line or a gap.
fn has_words_of_accents(bytes: &[u8]) -> bool {
    let words = bytes.chunk_by(|first, second| *first >= 0x80 && *second >= 0x80 && first != second);
    let lengths = words.filter(|word| word.first().is_some_and(|byte| *byte >= 0x80)).map(<[u8]>::len);
    let (long, all) =
        lengths.fold((0, 0), |(long, all), length| (long + if length < 4 { 0 } else { length }, all + length));
    long * 2 > all
}

/// UTF-8 with each wrong byte read as windows-1252.
fn mended(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).utf8_chunks() {
        text.push_str(chunk.valid());
        let (wrong, _) = WINDOWS_1252.decode_without_bom_handling(chunk.invalid());
        text.push_str(&wrong);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], http: Option<&str>, expected: &str) {
        let (text, _) = decode(bytes, http).expect("it is a text");
        assert_eq!(text.split_once("<t>").map(|(_, text)| text), Some(expected));
    }

    #[test]
    fn the_charset_is_told_by_mark_bytes_http_and_declaration() {
        let declared = |label: &str, text: &[u8]| {
            [format!("<?xml version='1.0' encoding='{label}'?><t>").as_bytes(), text].concat()
        };
        check(&declared("iso-8859-1", "Hafen café 重庆".as_bytes()), None, "Hafen café 重庆");
        check(&declared("iso-8859-1", b"caf\xe9 \x93x\x94"), None, "café “x”");
        check(&declared("iso-8859-1", b"\xd6\xd8\xc7\xec\xb4\xf3\xd1\xa7\xd0\xc2\xce\xc5"), None, "重庆大学新闻");
        check(&declared("iso-8859-1", b"caf\xe9 \xb7\xb7\xb7\xb7\xb7\xb7 na\xefve"), None, "café ······ naïve");
        check(&declared("gb2312", b"\xd6\xd8\xc7\xec charset=utf-8"), None, "重庆 charset=utf-8");
        check(&declared("iso-8859-1", b"\xd6\xd8\xc7\xec"), Some("gbk"), "重庆");
        check(&declared("utf-8", b"caf\xc3\xa9 na\xefve \xe9\x87\x8d"), None, "café naïve 重");
        check(&declared("utf-8", b"\xcd\xee\xe2\xee\xf1\xf2\xe8 \xe2 \xef\xee\xf0\xf2\xf3"), None, "Новости в порту");
    }

    #[test]
    fn utf_32_is_read_with_and_without_a_mark() {
        let big: Vec<u8> = "\u{feff}<t>é重".chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        check(&big, None, "é重");
        let little: Vec<u8> = "<t>é重".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        check(&little, None, "é重");
    }
}
