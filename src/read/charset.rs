//! Decides the charset of a document and decodes it, before anything is parsed.
//!
//! In this order: byte order mark; UTF-16 without a mark; UTF-8 that is valid as such but for single bytes, whatever is
//! declared; the charset declared from outside, then that of the page (`<meta>`, XML declaration); detection by the text.
//! A declared charset in which the bytes are wrong gives way to one in which they are right.

use std::borrow::Cow;

use encoding_rs::{BIG5, Encoding, GB18030, GBK, ISO_2022_JP, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::ReadError;

/// Bytes beyond ASCII by which Chinese charsets are told from each other.
const ENOUGH: usize = 32;
/// Chinese characters of a text by which it is told in which country it is written as it is.
const MOST_CHARACTERS: usize = 512;
/// Bytes of valid characters beyond ASCII for each wrong place by which a text is UTF-8 with mistakes; no text in another
/// charset that is not valid UTF-8 comes near.
const RATHER_UTF_8: usize = 20;
/// The same where UTF-8 is declared.
const DECLARED_UTF_8: usize = 8;

/// A decoded text.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// The text, without byte order mark.
    pub text: Cow<'a, str>,
    /// WHATWG name of the charset it was in.
    pub charset: &'static str,
    /// A word for the report when bytes were wrong in every charset that was tried.
    pub note: Option<String>,
}

/// Decodes bytes. `declared` is the charset told from outside, `markup` says that the text may declare one itself.
///
/// # Errors
/// When there is nothing to decode, or what is there is no text.
pub fn decode<'a>(bytes: &'a [u8], declared: Option<&str>, markup: bool) -> Result<Decoded<'a>, ReadError> {
    decode_in(bytes, declared, markup, || None)
}

/// The same. `country`: domain of the one in whose charset it is, where there is too little of it to tell.
fn decode_in<'a>(
    bytes: &'a [u8],
    declared: Option<&str>,
    markup: bool,
    country: impl FnOnce() -> Option<&'static [u8]>,
) -> Result<Decoded<'a>, ReadError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Empty);
    }
    if let Some(kind) = binary_kind(bytes) {
        return Err(ReadError::Binary(kind));
    }
    let decoded = choose(bytes, declared, markup, country);
    let text = decoded.text.as_ref();
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    let is_control = |byte: u8| (byte < 9) | ((14..=26).contains(&byte));
    let has_controls =
        text.as_bytes().chunks(256).any(|part| part.iter().fold(false, |found, byte| found | is_control(*byte)));
    let controls = if has_controls { text.bytes().filter(|byte| is_control(*byte)).count() } else { 0 };
    if controls * 5 > text.len() || controls * 50 > text.len() && text.as_bytes().contains(&0) {
        return Err(ReadError::Binary("a binary file"));
    }
    Ok(decoded)
}

/// Decodes what lies beside a text and may be too short to tell its own charset: it is that of the text, unless this is UTF-8.
/// Beside a Chinese text it is taken for one of the country where it is written so.
///
/// # Errors
/// As of [`decode`].
pub(super) fn decode_beside<'a>(bytes: &'a [u8], charset: &'static str, text: &str) -> Result<Decoded<'a>, ReadError> {
    if charset == UTF_8.name() {
        let mut decoded = decode_in(bytes, None, false, || country(text))?;
        let is_guess = ![UTF_8, UTF_16BE, UTF_16LE].iter().any(|encoding| encoding.name() == decoded.charset);
        if is_guess && is_short(bytes) && country(text).is_none() {
            let charset = decoded.charset;
            let guess = format!("is too short to tell its charset and is read as {charset}: save it as UTF-8");
            decoded.note.get_or_insert(guess);
        }
        Ok(decoded)
    } else {
        decode(bytes, Some(charset), false)
    }
}

/// The country in which a Chinese text is written as it is: by the characters that stand in the charset of only one, GB 2312 or
/// Big5. `None`: it is not Chinese, or not that alone.
fn country(text: &str) -> Option<&'static [u8]> {
    let is_chinese = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    // Syllables of Japanese and Korean.
    let is_other = |c| matches!(c, '\u{3041}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}');
    if text.contains(is_other) {
        return None;
    }
    let (mut simplified, mut traditional) = (0_usize, 0_usize);
    let mut characters = text.chars().filter(is_chinese).take(MOST_CHARACTERS).peekable();
    characters.peek()?;
    for character in characters {
        let character = character.to_string();
        let in_gb_2312 = matches!(*GBK.encode(&character).0, [0xb0..=0xf7, 0xa1..=0xfe]);
        let (.., is_missing_in_big5) = BIG5.encode(&character);
        simplified += usize::from(in_gb_2312 && is_missing_in_big5);
        traditional += usize::from(!in_gb_2312 && !is_missing_in_big5);
    }
    Some(if traditional > simplified { b"tw" } else { b"cn" })
}

fn choose<'a>(
    bytes: &'a [u8],
    declared: Option<&str>,
    markup: bool,
    country: impl FnOnce() -> Option<&'static [u8]>,
) -> Decoded<'a> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let (_, rest) = bytes.split_at(length);
        return with(encoding, rest);
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        return with(encoding, bytes);
    }
    let shifts = bytes.contains(&0x1b) && bytes.windows(2).any(|pair| matches!(pair, [0x1b, b'$' | b'(']));
    if !shifts && let Ok(text) = std::str::from_utf8(bytes) {
        let text = encoded_twice(text).map_or(Cow::Borrowed(text), Cow::Owned);
        return Decoded { text, charset: UTF_8.name(), note: None };
    }
    if shifts && let Some(decoded) = iso_2022_jp(bytes) {
        return decoded;
    }
    let within = if markup { declared_within(bytes) } else { None };
    let labels = declared.map(str::as_bytes).into_iter().chain(within).filter_map(Encoding::for_label);
    if !shifts && is_rather_utf_8(bytes, labels.clone().any(|label| label == UTF_8)) {
        return with(UTF_8, bytes);
    }
    let mut tried = labels.map(|encoding| meant(widen(encoding), bytes));
    if let Some(right) = tried.by_ref().map(|encoding| with(encoding, bytes)).find(|decoded| decoded.note.is_none()) {
        return right;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let country = if is_short(bytes) { country() } else { None };
    let guess = widen(detector.guess(country, chardetng::Utf8Detection::Allow));
    with(if guess == WINDOWS_1252 && is_of_mac(bytes) { MACINTOSH } else { guess }, bytes)
}

/// Whether a text is in the charset of old Macs, which no detector guesses: as windows-1252 it would have more characters that are
/// none, or capitals inside of words (`fermŽe`), than letters of Europe, and than quotation marks and dashes where these stand.
fn is_of_mac(bytes: &[u8]) -> bool {
    let is_odd = |pair: &&[u8; 2]| match pair {
        [_, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d] => true,
        [before, 0x8a | 0x8e | 0x9f] => before.is_ascii_lowercase(),
        _ => false,
    };
    let is_mark = |pair: &&[u8; 2]| matches!(pair, [b' ' | b'\n' | b'(' | b'>', 0x84 | 0x91 | 0x93 | 0x96 | 0x97]);
    let odd = bytes.array_windows().filter(is_odd).count();
    let plain = bytes.iter().filter(|byte| **byte >= 0xe0).count() + bytes.array_windows().filter(is_mark).count();
    odd > plain
}

/// What a text says that was UTF-8, was taken for ISO 8859-1 or windows-1252, and made UTF-8 again ("fÃ¼r"). `None`: it was not, or
/// hardly anything shows it: all that is not ASCII has to.
fn encoded_twice(text: &str) -> Option<String> {
    /// Characters that show it, at least.
    const LEAST: usize = 3;
    text.chars().find(|c| !c.is_ascii()).filter(|c| matches!(c, '\u{c2}'..='\u{f4}'))?;
    let latin = text.chars().map(|c| u8::try_from(c).ok()).collect::<Option<Vec<u8>>>();
    let western = || Some(WINDOWS_1252.encode(text)).filter(|(.., wrong)| !wrong).map(|(bytes, ..)| bytes.into_owned());
    let decoded = String::from_utf8(latin.or_else(western)?).ok()?;
    (decoded.chars().filter(|c| !c.is_ascii()).count() >= LEAST).then_some(decoded)
}

/// The text of ISO-2022-JP: its escapes are in no other text, and what they stand for is right. Whatever is declared, all of its bytes
/// are ASCII, so that most charsets find nothing wrong with them.
fn iso_2022_jp(bytes: &[u8]) -> Option<Decoded<'_>> {
    let decoded = bytes.is_ascii().then(|| with(ISO_2022_JP, bytes))?;
    (decoded.note.is_none() && !decoded.text.is_ascii()).then_some(decoded)
}

/// Whether bytes that are not all valid UTF-8 are UTF-8 with mistakes: a character cut short, a letter pasted from
/// elsewhere.
fn is_rather_utf_8(bytes: &[u8], declared: bool) -> bool {
    let (mut right, mut wrong) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        right += chunk.valid().bytes().filter(|byte| !byte.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    right >= wrong * if declared { DECLARED_UTF_8 } else { RATHER_UTF_8 }
}

/// Whether there is too little of a text to tell Chinese charsets from each other.
fn is_short(bytes: &[u8]) -> bool {
    bytes.iter().filter(|byte| !byte.is_ascii()).count() < ENOUGH
}

fn with<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    let (text, wrong) = encoding.decode_without_bom_handling(bytes);
    let note = wrong.then(|| format!("holds bytes that are wrong in {}: they are left out", encoding.name()));
    let text = if wrong { Cow::Owned(text.replace('\u{fffd}', "")) } else { text };
    Decoded { text, charset: encoding.name(), note }
}

/// Editors and servers say windows-1252 (as which the web reads ISO 8859-1, Encoding Standard §4.2) of whatever they do not
/// know, and no bytes are wrong in it. Where all bytes beyond ASCII stand in pairs that are Chinese characters of everyday use
/// (GB 2312, rows 1 to 3 and 16 to 55), they are that: letters of Europe stand alone between others.
fn meant(declared: &'static Encoding, bytes: &[u8]) -> &'static Encoding {
    if declared != WINDOWS_1252 {
        return declared;
    }
    let (mut characters, mut others, mut at) = (0_usize, 0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        if byte.is_ascii() {
            continue;
        }
        match (byte, bytes.get(at)) {
            (0xa1..=0xa3 | 0xb0..=0xd7, Some(0xa1..=0xfe)) => characters += 1,
            _ => others += 1,
        }
        at += 1;
    }
    if characters >= 8 && others * 20 <= characters { GB18030 } else { declared }
}

/// GB 18030 holds GB 2312 and GBK, and pages declare the smaller ones while using the larger.
fn widen(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// The label in `charset=` or `encoding=` within the first 4 KiB.
fn declared_within(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.get(..bytes.len().min(4096))?;
    let lower = head.to_ascii_lowercase();
    let find = |name: &[u8]| lower.windows(name.len()).position(|window| window == name).map(|at| at + name.len());
    let start = find(b"charset").or_else(|| find(b"encoding"))?;
    let rest = head.get(start..)?;
    let label = rest.iter().position(|byte| !matches!(byte, b'=' | b'"' | b'\'' | b' ' | b'\t'))?;
    let rest = rest.get(label..)?;
    let end =
        rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"-_:.".contains(byte)).unwrap_or(rest.len());
    rest.get(..end)
}

/// UTF-16 is told by its zero bytes, which no other charset of texts has: those of ASCII characters, all on one side.
/// Where they are few, as in Chinese, the bytes are read both ways, and one of them gives a text. Where most bytes are
/// ASCII characters side by side, it is a text of another charset with a zero byte gone astray, or no text at all.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(2048))?;
    if !head.contains(&0) {
        return None;
    }
    let units = head.as_chunks::<2>().0;
    let count = |is: fn(u8, u8) -> bool| units.iter().filter(|[first, second]| is(*first, *second)).count();
    let pairs = units.len();
    if count(|first, second| is_ascii_text(first) && is_ascii_text(second)) * 2 >= pairs {
        return None;
    }
    // Control characters are written in 16 bits by programs alone.
    if count(|first, second| first == 0 && is_control(second) || second == 0 && is_control(first)) * 20 >= pairs.max(20)
    {
        return None;
    }
    let (first, second) = (count(|first, _| first == 0), count(|_, second| second == 0));
    match (first * 5 > pairs, second * 5 > pairs) {
        (true, false) if second * 20 < pairs.max(20) => return Some(UTF_16BE),
        (false, true) if first * 20 < pairs.max(20) => return Some(UTF_16LE),
        _ if std::str::from_utf8(bytes).is_ok() => return None,
        _ => {}
    }
    let (big, little) = (likely_characters(head, u16::from_be_bytes), likely_characters(head, u16::from_le_bytes));
    let (most, encoding) = if big > little { (big, UTF_16BE) } else { (little, UTF_16LE) };
    (big != little && most * 10 >= pairs * 9).then_some(encoding)
}

fn is_ascii_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')
}

fn is_control(byte: u8) -> bool {
    byte < b' ' && !is_ascii_text(byte)
}

/// How many 16-bit units are characters that Chinese and Japanese texts are made of. Read the wrong way round, an ASCII
/// character becomes one whose low byte is zero, of which only two are likely: U+3000 and U+4E00.
fn likely_characters(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> usize {
    let is_likely = |unit: u16| {
        let written = matches!(
            unit,
            0x09 | 0x0a | 0x0d | 0x20..=0x7e | 0xa0..=0x24f | 0x2010..=0x2044 | 0x3000..=0x30ff | 0x4e00..=0x9fff | 0xff01..=0xff60
        );
        written && (!unit.is_multiple_of(0x100) || matches!(unit, 0x3000 | 0x4e00))
    };
    bytes.as_chunks().0.iter().filter(|pair| is_likely(unit(**pair))).count()
}

/// Files that are often dropped where documents belong, told by their first bytes.
fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 8] = [
        (b"%PDF-", "a PDF"),
        (b"PK\x03\x04", "a ZIP, Word or Excel file"),
        (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
        (b"{\\rtf", "an RTF file"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"\x1f\x8b", "a gzip file"),
    ];
    KINDS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], declared: Option<&str>, markup: bool, text: &str, charset: &str) {
        let decoded = decode(bytes, declared, markup).expect("it is a text");
        assert_eq!((decoded.text.as_ref(), decoded.charset), (text, charset));
        assert_eq!(decoded.note, None);
    }

    const NEWS_LINE: &str = "Open day\n";
    const NEWS: &str = "重庆新闻：学校召开春季学期工作会议，部署重点任务。";

    #[test]
    fn utf_8_is_utf_8_whatever_is_declared() {
        check(NEWS.as_bytes(), Some("iso-8859-1"), false, NEWS, "UTF-8");
        check(&[b"\xef\xbb\xbf", NEWS.as_bytes()].concat(), None, false, NEWS, "UTF-8");
    }

    #[test]
    fn escapes_of_japanese_are_read_whatever_is_declared() {
        let (text, bytes) = ("大学新聞 news", b"\x1b$BBg3X?7J9\x1b(B news");
        for declared in [None, Some("utf-8"), Some("iso-8859-1"), Some("iso-2022-jp")] {
            check(bytes, declared, false, text, "ISO-2022-JP");
        }
        check(b"\x1b(B plain", Some("utf-8"), false, "\u{1b}(B plain", "UTF-8");
    }

    #[test]
    fn letters_of_europe_are_told_from_chinese() {
        let (gb, ..) = GB18030.encode(NEWS);
        check(&gb, Some("iso-8859-1"), false, NEWS, "gb18030");
        let french = "L'été à l'école : les élèves ont fêté la rentrée, où ça ? À côté du théâtre, près du café.";
        let (latin, ..) = WINDOWS_1252.encode(french);
        check(&latin, Some("iso-8859-1"), false, french, "windows-1252");
    }

    #[test]
    fn texts_of_old_macs_are_read() {
        for text in ["La bibliothèque est fermée. L’été, elle ouvre à midi.", "Die Bücherei für Jäger schließt früher."]
        {
            let bytes: Vec<u8> = text
                .chars()
                .map(|c| (0..=255).find(|byte| with(MACINTOSH, &[*byte]).text == c.to_string()))
                .map(Option::unwrap)
                .collect();
            check(&bytes, None, false, text, "macintosh");
            let (latin, ..) = WINDOWS_1252.encode(text);
            check(&latin, None, false, text, "windows-1252");
        }
    }

    #[test]
    fn chinese_charsets_declared_or_not() {
        let (gb, ..) = GB18030.encode(NEWS);
        check(&gb, None, false, NEWS, "gb18030");
        check(&gb, Some("gb2312"), false, NEWS, "gb18030");
        let traditional = "臺灣大學新聞：學術活動與講座的公告，歡迎師生踴躍參加。";
        let (big, ..) = encoding_rs::BIG5.encode(traditional);
        check(&big, None, false, traditional, "Big5");
        let page = format!("<meta charset=\"gbk\"><p>{NEWS}");
        let (bytes, ..) = GB18030.encode(&page);
        check(&bytes, None, true, &page, "gb18030");
    }

    #[test]
    fn what_lies_beside_a_chinese_text_is_told_by_itself_or_in_its_country() {
        #[track_caller]
        fn check(sidecar: &str, encoding: &'static Encoding, beside: &str) {
            let (bytes, ..) = encoding.encode(sidecar);
            let decoded = decode_beside(&bytes, "UTF-8", beside).expect("it is a text");
            assert_eq!((decoded.text.as_ref(), decoded.note), (sidecar, None), "beside {beside}");
        }

        let traditional = "臺灣大學新聞：學術活動與講座的公告，歡迎師生踴躍參加。";
        let long = |text: &str| format!("title = \"{text}\"\n");
        let names = |names: [&str; 3]| names.map(|name| format!("author = \"{name}\"\n"));
        for name in names(["张伟", "丁一", "刘洋"]) {
            check(&name, GBK, NEWS);
        }
        for name in names(["張偉", "丁一", "劉洋"]) {
            check(&name, BIG5, traditional);
        }
        let name = GBK.encode("author = \"张伟\"\n").0;
        let note = |beside| decode_beside(&name, "UTF-8", beside).expect("it is a text").note;
        assert_eq!((note(NEWS), note("News").is_some_and(|note| note.contains("save it as UTF-8"))), (None, true));
        for beside in [NEWS, traditional] {
            check(&long(NEWS), GBK, beside);
            check(&long(traditional), BIG5, beside);
        }
        // Most of these characters are the same in both countries.
        assert_eq!(
            (country("一月新聞"), country("一月新闻"), country("一月")),
            (Some(&b"tw"[..]), Some(&b"cn"[..]), Some(&b"cn"[..]))
        );
        assert_eq!((country("新聞です"), country("News")), (None, None));
        let (bytes, ..) = GBK.encode("author = \"张伟\"\n");
        assert_eq!(decode_beside(&bytes, "gb18030", "").expect("it is a text").text, "author = \"张伟\"\n");
    }

    #[test]
    fn a_wrong_declaration_gives_way_to_the_right_charset() {
        let (gb, ..) = GB18030.encode(NEWS);
        check(&gb, Some("utf-8"), false, NEWS, "gb18030");
    }

    #[test]
    fn a_wrong_byte_does_not_make_utf_8_another_charset() {
        #[track_caller]
        fn check(bytes: &[u8], declared: Option<&str>, markup: bool, text: &str) {
            let decoded = decode(bytes, declared, markup).expect("it is a text");
            assert_eq!((decoded.text.as_ref(), decoded.charset), (text, "UTF-8"));
            assert_eq!(decoded.note.as_deref(), Some("holds bytes that are wrong in UTF-8: they are left out"));
        }

        // A character that lacks its last byte, in the middle or at the end.
        let cut = |text: &str| text.as_bytes().split_last().map(|(_, start)| start.to_vec()).unwrap_or_default();
        check(&cut(NEWS), None, false, NEWS.trim_end_matches('。'));
        check(&[&cut("重庆新"), NEWS.as_bytes()].concat(), Some("iso-8859-1"), false, &format!("重庆{NEWS}"));
        let english = "# The library’s hours: “open” – or not\n";
        check(&[english.as_bytes(), b"caf\xe9\n"].concat(), Some("utf-8"), false, &format!("{english}caf\n"));
        let page = "<meta charset=utf-8><p>Öffnungszeiten: für Prüfungen, Räume</p>";
        check(&[page.as_bytes(), b"\xa0"].concat(), None, true, page);
    }

    #[test]
    fn what_was_encoded_twice_is_read_once() {
        let german = "Die „neue“ Mole ist für alle offen – auch über Ostern.";
        let latin: String = german.bytes().map(char::from).collect();
        let western = WINDOWS_1252.decode("für Gäste – über Ostern".as_bytes()).0.into_owned();
        check(latin.as_bytes(), Some("utf-8"), false, german, "UTF-8");
        check(western.as_bytes(), None, false, "für Gäste – über Ostern", "UTF-8");
        for own in ["Ãnd für alle", "It was written as Ã©", german, "Crème brûlée", "ÂÃâ"] {
            check(own.as_bytes(), None, false, own, "UTF-8");
        }
    }

    #[test]
    fn other_charsets_stay_what_they_are_though_some_bytes_are_valid_utf_8() {
        // "Ã©" where a text was encoded twice, among letters that stand alone.
        let twice = b"L'\xe9t\xe9 \xe0 l'\xc3\xa9cole";
        for declared in [None, Some("windows-1252"), Some("utf-8")] {
            assert_eq!(decode(twice, declared, false).expect("a text").charset, "windows-1252", "{declared:?}");
        }
        let traditional = "臺灣大學新聞：學術活動與講座的公告，歡迎師生踴躍參加。";
        let russian = "Новости порта: открыта новая пристань для паромов.";
        let japanese = "図書館は月曜日に休館します。学生の皆さんはご注意ください。";
        let korean = "도서관은 월요일에 휴관합니다. 학생 여러분은 유의하시기 바랍니다.";
        for (text, encoding) in [
            (NEWS, GB18030),
            (traditional, BIG5),
            (russian, encoding_rs::WINDOWS_1251),
            (japanese, encoding_rs::SHIFT_JIS),
            (korean, encoding_rs::EUC_KR),
        ] {
            let bytes = encoding.encode(text).0;
            for at in (0..bytes.len()).take(40) {
                // Also from within a character, as what was cut begins.
                let part = bytes.get(at..).expect("within");
                assert!(!is_rather_utf_8(part, true), "{} from {at}", encoding.name());
            }
        }
    }

    #[test]
    fn western_text_and_utf_16() {
        check(
            b"Z\xfcrich caf\xe9 \x93quoted\x94 na\xefve r\xe9sum\xe9",
            None,
            false,
            "Zürich café “quoted” naïve résumé",
            "windows-1252",
        );
        let little: Vec<u8> = "Open day\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&little, None, false, "Open day\n", "UTF-16LE");
        check(&[b"\xff\xfe", little.as_slice()].concat(), None, false, "Open day\n", "UTF-16LE");
        let big: Vec<u8> = "Open day\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&big, None, false, "Open day\n", "UTF-16BE");
    }

    #[test]
    fn utf_16_without_a_mark_is_told_in_short_and_odd_texts() {
        for text in [
            "图书馆周一闭馆\n",
            "一\n二\n",
            "关于图书馆闭馆的通知\n\n各学院、各部门：因屋面修缮，图书馆自下周一起闭馆一个月。\n",
            NEWS_LINE,
        ] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            check(&little, None, false, text, "UTF-16LE");
            check(&big, None, false, text, "UTF-16BE");
            check(&big, Some("gbk"), false, text, "UTF-16BE");
            // A line's end that some tool has added as one byte, or the half of a character.
            for (bytes, charset) in [(little, "UTF-16LE"), (big, "UTF-16BE")] {
                let odd = [bytes.as_slice(), b"\n"].concat();
                let decoded = decode(&odd, None, false).expect("it is a text");
                assert_eq!((decoded.text.as_ref(), decoded.charset), (text, charset));
                assert!(decoded.note.is_some());
            }
        }
        // A zero byte in a text of another charset is no UTF-16.
        let (gb, ..) = GB18030.encode(NEWS);
        assert_ne!(decode(&[&gb, b"\0".as_slice()].concat(), None, false).expect("a text").charset, "UTF-16BE");
        assert_eq!(
            decode(b"The tide\0 rose over the wall of the harbour.", None, false).err(),
            Some(ReadError::Binary("a binary file"))
        );
    }

    #[test]
    fn a_zero_byte_gone_astray_makes_no_utf_16() {
        let binary = Some(ReadError::Binary("a binary file"));
        for bytes in [
            b"text\0bin".as_slice(),
            b"hello\0",
            b"hello\0\0\0",
            b"ab\0cd\0ef\0gh",
            b"key\0val\0",
            b"\x01\0\x02\0\x03\0\x04\0",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
        ] {
            assert_eq!(decode(bytes, None, false).err(), binary, "{bytes:?}");
        }
        for bytes in [b"Z\xfcrich caf\xe9 na\xefve r\xe9sum\xe9\0".as_slice(), b"Z\xfcrich\0caf\xe9 r\xe9sum\xe9s"] {
            let charset = decode(bytes, None, false).map_or("", |decoded| decoded.charset);
            assert!(!charset.starts_with("UTF-16"), "{bytes:?} {charset}");
        }
        for text in ["a", "Ok\n", "2026", "Пожар в порту\n", "Caf\u{e9} ouvert \u{e0} midi", "항구 소식 하나 둘\n"]
        {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            if text.contains(' ') || text.is_ascii() {
                check(&little, None, false, text, "UTF-16LE");
                check(&big, None, false, text, "UTF-16BE");
            }
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(decode(b" \n\t ", None, false).err(), Some(ReadError::Empty));
        assert_eq!(decode("\u{3000}\n".as_bytes(), None, false).err(), Some(ReadError::Empty));
        assert_eq!(decode(&[0; 4096], None, false).err(), Some(ReadError::Binary("a binary file")));
        assert_eq!(decode(b"%PDF-1.7 ...", None, false).err(), Some(ReadError::Binary("a PDF")));
    }

    #[test]
    fn wrong_bytes_are_left_out_and_told() {
        let decoded = decode(b"\xef\xbb\xbfone \xff two", None, false).expect("it is a text");
        assert_eq!(decoded.text, "one  two");
        assert!(decoded.note.is_some());
    }
}
