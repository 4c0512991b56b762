//! Mails as programs send and save them (`.eml`): of all that is packed into one, the text that somebody wrote (RFC 2045, RFC 2046),
//! and the words of its head (RFC 2047).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{Encoding, UTF_8};

use super::fence::{head, is_blank};
use super::{decode, letter};
use crate::document::Form;

/// Multiparts in multiparts that are opened.
const DEEPEST: u8 = 4;
/// Parts of one that are looked at.
const MOST_PARTS: usize = 100;

/// The head of a mail, and behind it the words of its text, in the form in which these are. `None`: it is no mail, or one in which
/// nothing is packed.
pub(super) fn unpacked(text: &str) -> Option<(String, Form)> {
    let text = text.trim_start_matches(is_blank);
    let start = letter::behind_rule(text);
    let above = text.strip_suffix(start).unwrap_or_default();
    let head = head(start);
    field(head, "content-type").or_else(|| field(head, "content-transfer-encoding"))?;
    letter::split(start)?;
    let (body, form) = text_of(start, DEEPEST).unwrap_or_else(|| (String::new(), Form::Text));
    Some((format!("{above}{head}\n\n{body}"), form))
}

/// The text of a part, which has a head of its own: of two versions the plain one goes before that which is laid out (RFC 2046 §5.1.4),
/// of parts beside each other the first, and what is attached is none.
fn text_of(part: &str, depth: u8) -> Option<(String, Form)> {
    // One that begins with an empty line has no head (RFC 2046 §5.1).
    let head = head(part);
    let behind = part.get(head.len()..)?.trim_start_matches(['\r', '\n']);
    let kind = field(head, "content-type").unwrap_or_else(|| "text/plain".to_owned());
    let is_attached =
        field(head, "content-disposition").is_some_and(|said| said.to_ascii_lowercase().starts_with("attachment"));
    let media_type = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if let Some(boundary) = parameter(&kind, "boundary").filter(|_| media_type.starts_with("multipart/")) {
        let inside = parts(behind, boundary).into_iter().take(MOST_PARTS);
        let texts: Vec<_> = inside.filter_map(|part| text_of(part, depth.checked_sub(1)?)).collect();
        let says = |form: Form| texts.iter().position(|(text, own)| *own == form && !text.trim().is_empty());
        let first = || texts.iter().position(|(text, _)| !text.trim().is_empty());
        // Where they are no versions of one text, the first is that of who wrote, and others are added by lists.
        let is_of_versions = media_type == "multipart/alternative";
        let best = if is_of_versions { says(Form::Text).or_else(|| says(Form::Html)) } else { first() };
        return texts.into_iter().nth(best.unwrap_or(0));
    }
    let form = match media_type.as_str() {
        "text/plain" => Form::Text,
        "text/html" => Form::Html,
        _ => return None,
    };
    let bytes = match field(head, "content-transfer-encoding").unwrap_or_default().to_ascii_lowercase().as_str() {
        "quoted-printable" => quoted(behind, false),
        "base64" => {
            // What lists put below it is none of it.
            let is_of_it =
                |word: &&str| word.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/' | b'='));
            let text: String = behind.split_whitespace().take_while(is_of_it).collect();
            // What is left of one that was cut off is read as far as it goes.
            STANDARD.decode(text.get(..text.len() / 4 * 4)?).ok()?
        }
        // It was decoded with all of the mail.
        _ => return (!is_attached).then(|| (behind.to_owned(), form)),
    };
    let decoded = decode(&bytes, parameter(&kind, "charset"), form == Form::Html).ok()?;
    (!is_attached).then(|| (decoded.text.replace("\r\n", "\n"), form))
}

/// What stands between the lines that part the parts of a mail.
fn parts<'t>(text: &'t str, boundary: &str) -> Vec<&'t str> {
    let mut found = Vec::new();
    let (mut at, mut start) = (0, None);
    for line in text.split_inclusive('\n') {
        if let Some(rest) = line.trim_end().strip_prefix("--").and_then(|line| line.strip_prefix(boundary))
            && matches!(rest, "" | "--")
        {
            found.extend(start.and_then(|start| text.get(start..at)));
            start = Some(at + line.len()).filter(|_| rest.is_empty());
        }
        at += line.len();
    }
    // One that was cut off has no last line.
    found.extend(start.and_then(|start| text.get(start..)));
    found
}

/// The value of a field of a head, of all its lines.
fn field(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines();
    let (_, first) = lines.find(|line| letter::is_field(line, name))?.split_once(':')?;
    let more = lines.take_while(|line| line.starts_with([' ', '\t']));
    Some(std::iter::once(first).chain(more).map(str::trim).collect::<Vec<_>>().join(" "))
}

/// A parameter of a field: `charset=utf-8`, `boundary="…"`.
fn parameter<'v>(value: &'v str, name: &str) -> Option<&'v str> {
    let mut said = value.split(';').skip(1).filter_map(|said| said.split_once('='));
    let (_, value) = said.find(|(said, _)| said.trim().eq_ignore_ascii_case(name))?;
    Some(value.trim().trim_matches('"')).filter(|value| !value.is_empty())
}

/// The bytes that a quoted-printable text stands for (RFC 2045 §6.7), or one word of a head (RFC 2047 §4.2).
fn quoted(text: &str, is_word: bool) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        match (first, behind) {
            (b'=', [b'\n', behind @ ..] | [b'\r', b'\n', behind @ ..]) => rest = behind,
            (b'=', [high, low, behind @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                bytes.push(digit(*high).unwrap_or(0) << 4 | digit(*low).unwrap_or(0));
                rest = behind;
            }
            (b'_', _) if is_word => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    bytes
}

/// The words of a head: `=?utf-8?B?…?=` and `=?iso-8859-1?Q?…?=` as what they stand for (RFC 2047). A character may begin in one and
/// end in the next.
pub(super) fn words(value: &str) -> String {
    let (mut text, mut open): (String, Option<(&'static Encoding, Vec<u8>)>) = (String::new(), None);
    let close = |open: Option<(&'static Encoding, Vec<u8>)>| {
        open.map(|(encoding, bytes)| encoding.decode_without_bom_handling(&bytes).0.into_owned()).unwrap_or_default()
    };
    let mut rest = value;
    while let Some((before, encoding, bytes, behind)) = next_word(rest) {
        // The space between two of them is none.
        if open.is_none() || !before.trim().is_empty() {
            text.push_str(&close(open.take()));
            text.push_str(before);
        }
        match &mut open {
            Some((known, all)) if *known == encoding => all.extend(bytes),
            _ => text.push_str(&close(open.replace((encoding, bytes)))),
        }
        rest = behind;
    }
    text.push_str(&close(open));
    text.push_str(rest);
    text
}

/// What stands before the next encoded word, its charset and bytes, and what stands behind it.
fn next_word(text: &str) -> Option<(&str, &'static Encoding, Vec<u8>, &str)> {
    let (before, word) = text.split_once("=?")?;
    let (charset, word) = word.split_once('?')?;
    let (kind, word) = word.split_once('?')?;
    let (word, behind) = word.split_once("?=")?;
    // A language may be told behind a star (RFC 2231 §5).
    let charset = charset.split('*').next().unwrap_or(charset);
    let encoding = Encoding::for_label(charset.as_bytes()).unwrap_or(UTF_8);
    let bytes = match kind {
        "B" | "b" => STANDARD.decode(word.trim()).ok()?,
        "Q" | "q" => quoted(word, true),
        _ => return None,
    };
    Some((before, encoding, bytes, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_heads_are_decoded() {
        for (value, expected) in [
            ("=?UTF-8?Q?Caf=C3=A9_am_Hafen?=", "Café am Hafen"),
            ("Re: =?iso-8859-1?q?f=FCr?= alle", "Re: für alle"),
            ("=?utf-8?B?5Zu+5Lm=?= =?utf-8?B?5qW85byA5pS+?=", "=?utf-8?B?5Zu+5Lm=?= =?utf-8?B?5qW85byA5pS+?="),
            ("=?utf-8?B?5Zu+5Lmm?=\t=?utf-8?B?6aaG?=", "图书馆"),
            ("=?gb2312?B?zbzK6Q==?= <a@quay.example>", "图书 <a@quay.example>"),
            ("=?utf-8?q?=E5=9B?= =?utf-8?q?=BE?=", "图"),
            ("2 =? 3", "2 =? 3"),
        ] {
            assert_eq!(words(value), expected, "{value}");
        }
    }

    /// What is read of a mail.
    fn told(head: &str, body: &str) -> Option<(String, Form)> {
        let start = "From: Ann <ann@quay.example>\nSubject: Tides\nDate: Tue, 10 Mar 2026 09:12:44 +0000\n";
        let (text, form) = unpacked(&format!("{start}{head}\n\n{body}"))?;
        Some((text.split_once("\n\n")?.1.trim().to_owned(), form))
    }

    #[test]
    fn the_text_of_a_mail_is_unpacked() {
        let some = |text: &str, form| Some((text.to_owned(), form));
        let quoted = "Content-Type: text/plain;\n charset=\"iso-8859-1\"\nContent-Transfer-Encoding: quoted-printable";
        assert_eq!(told(quoted, "Die B=FCcherei ist heute =\nzu.\n"), some("Die Bücherei ist heute zu.", Form::Text));
        let base64 = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64";
        assert_eq!(told(base64, "PHA+5Zu+5Lmm\n6aaGPC9wPg==\n"), some("<p>图书馆</p>", Form::Html));
        let several = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=_x\"";
        let body = "Preamble\n--=_x\nContent-Type: multipart/alternative; boundary=y\n\n--y\nContent-Type: text/html\n\n<p>Laid out\n--y\n\
                    Content-Type: text/plain\n\nPlain\n--y--\n--=_x\nContent-Type: application/pdf\n\nJVBE\n--=_x--\nEpilogue\n";
        assert_eq!(told(several, body), some("Plain", Form::Text));
        let html = "--=_x\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nA\n--=_x\nContent-Type: text/html\n\n<p>B";
        assert_eq!(told(several, html), some("<p>B", Form::Html));
        let empty = "--=_x\nContent-Type: text/plain\n\n \n--=_x\nContent-Type: text/html\n\n<p>B\n--=_x--";
        assert_eq!(told(several, empty), some("<p>B", Form::Html));
        // A part without a head begins with an empty line; a line may only begin like one between parts.
        assert_eq!(told(several, "--=_x\n\nOne\n\n--=_xy\n--=_x--\n"), some("One\n\n--=_xy", Form::Text));
        // What a list adds is no other version of a text.
        let added = "--=_x\nContent-Type: text/html\n\n<p>B\n--=_x\nContent-Type: text/plain\n\nThe list\n--=_x--";
        assert_eq!(told(several, added), some("<p>B", Form::Html));
        assert_eq!(told(base64, "PHA+QjwvcD4=\n____\nThe list\n"), some("<p>B</p>", Form::Html));
        let cut_off = "Content-Type: text/plain\nContent-Transfer-Encoding: base64";
        assert_eq!(told(cut_off, "VGlkZXMgY2"), some("Tides", Form::Text));
        assert_eq!(
            told("Content-Type: application/pdf\nContent-Transfer-Encoding: base64", "JVBE"),
            some("", Form::Text)
        );
        assert_eq!(told("To: all@quay.example", "Nothing is packed."), None);
        assert_eq!(unpacked("Content-Type: text/plain\n\nNo mail."), None);
    }
}
