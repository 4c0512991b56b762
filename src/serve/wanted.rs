//! What a request wants: in which coding, in which form, and whether it has it already.

use chrono::{DateTime, Utc};
use hyper::HeaderMap;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, IF_MODIFIED_SINCE, IF_NONE_MATCH};

use crate::collect::schedule::http_date;

/// How the bytes of a file are sent (RFC 9110 §8.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// As they are.
    Plain,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
}

impl Coding {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Plain, Self::Gzip, Self::Brotli];

    /// Its name in `Content-Encoding`. `None`: it has none.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// What the validators of bytes in it end with: the same file in another coding is another representation.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Gzip => "-gz",
            Self::Brotli => "-br",
        }
    }
}

/// How welcome codings are, in thousandths. 0: not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Welcome {
    pub(super) gzip: u16,
    pub(super) brotli: u16,
}

/// Reads `Accept-Encoding` (RFC 9110 §12.5.3). Where there is none, nothing but plain bytes is welcome: many programs that
/// do not say what they can read can read no other.
pub(super) fn codings(headers: &HeaderMap) -> Welcome {
    let (mut gzip, mut brotli, mut others) = (None, None, 0);
    for part in headers.get_all(ACCEPT_ENCODING).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b',')) {
        let mut fields = part.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let name = fields.next().unwrap_or_default();
        let weight = fields.find_map(weight).unwrap_or(1000);
        if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") {
            gzip = Some(weight);
        } else if name.eq_ignore_ascii_case(b"br") {
            brotli = Some(weight);
        } else if name == b"*" {
            others = weight;
        }
    }
    Welcome { gzip: gzip.unwrap_or(others), brotli: brotli.unwrap_or(others) }
}

/// `q=0.5` in thousandths (RFC 9110 §12.4.2). `None`: it is another parameter.
fn weight(field: &[u8]) -> Option<u16> {
    let number = field.strip_prefix(b"q=").or_else(|| field.strip_prefix(b"Q="))?;
    let (whole, rest) = number.split_first()?;
    if *whole == b'1' {
        return Some(1000);
    }
    let digits = rest.strip_prefix(b".").unwrap_or_default().iter().take(3).take_while(|digit| digit.is_ascii_digit());
    Some(digits.zip([100, 10, 1]).map(|(digit, place)| u16::from(digit - b'0') * place).sum())
}

/// Whether a page is wanted rather than a feed or text: what browsers ask for, and programs that read feeds do not.
pub(super) fn is_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    accepted.map(<[u8]>::trim_ascii).any(|kind| kind.starts_with(b"text/html"))
}

/// What is known of a file by whoever asks for it (RFC 9110 §13.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known<T> {
    /// Nothing.
    Nothing,
    /// This version of it: `If-None-Match` names it.
    Version(T),
    /// Any version: `If-None-Match: *`.
    Any,
    /// What it was like at this time.
    Since(DateTime<Utc>),
}

/// Reads `If-None-Match`, or where there is none, `If-Modified-Since`. Tags are compared weakly (RFC 9110 §8.8.3.2): what
/// stands between quotes is all of them. `version` tells what version a tag names.
pub(super) fn known<T>(headers: &HeaderMap, version: impl Fn(&[u8]) -> Option<T>) -> Known<T> {
    if headers.contains_key(IF_NONE_MATCH) {
        for value in headers.get_all(IF_NONE_MATCH) {
            if value.as_bytes().trim_ascii() == b"*" {
                return Known::Any;
            }
            let tags = value.as_bytes().split(|byte| *byte == b'"').skip(1).step_by(2);
            if let Some(version) = tags.into_iter().find_map(&version) {
                return Known::Version(version);
            }
        }
        return Known::Nothing;
    }
    let since = headers.get(IF_MODIFIED_SINCE).and_then(|value| http_date(value.to_str().ok()?));
    since.map_or(Known::Nothing, Known::Since)
}

#[cfg(test)]
mod tests {
    use hyper::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(name: &HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[track_caller]
    fn check_codings(values: &[&str], gzip: u16, brotli: u16) {
        assert_eq!(codings(&headers(&ACCEPT_ENCODING, values)), Welcome { gzip, brotli }, "{values:?}");
    }

    #[test]
    fn codings_are_as_welcome_as_is_said() {
        check_codings(&[], 0, 0);
        check_codings(&[""], 0, 0);
        check_codings(&["gzip, deflate, br, zstd"], 1000, 1000);
        check_codings(&["GZIP;q=0.5 , br ; q=0.25"], 500, 250);
        check_codings(&["gzip;q=0, *"], 0, 1000);
        check_codings(&["*;q=0"], 0, 0);
        check_codings(&["identity"], 0, 0);
        check_codings(&["deflate", "x-gzip;q=0.001"], 1, 0);
        check_codings(&["gzip;q=1.000;br;q=0", "gzipped"], 1000, 0);
        check_codings(&["gzip;q=nonsense"], 0, 0);
    }

    #[test]
    fn browsers_want_pages() {
        let wants = |value| is_page(&headers(&ACCEPT, &[value]));
        assert!(wants("text/html,application/xhtml+xml,*/*;q=0.8"));
        assert!(wants("application/xml, text/html;q=0.9"));
        assert!(!wants("application/rss+xml, application/atom+xml, */*;q=0.1"));
        assert!(!is_page(&HeaderMap::new()));
    }

    #[test]
    fn tags_are_compared_weakly_and_come_before_times() {
        let check = |values: &[&str], expected: Known<()>| {
            let mut asked = headers(&IF_NONE_MATCH, values);
            asked.insert(IF_MODIFIED_SINCE, HeaderValue::from_static("Sat, 21 Nov 2026 10:00:00 GMT"));
            let found = known(&asked, |tag| (tag == b"abc").then_some(()));
            assert_eq!(found, expected, "{values:?}");
        };
        check(&["\"abc\""], Known::Version(()));
        check(&["W/\"abc\""], Known::Version(()));
        check(&["\"x\", W/\"y, z\",\"abc\""], Known::Version(()));
        check(&["\"x\"", "\"abc\""], Known::Version(()));
        check(&["*"], Known::Any);
        check(&["\"*\""], Known::Nothing);
        check(&["abc"], Known::Nothing);
        check(&["\"x\"abc\"y\""], Known::Nothing);
        check(&[], Known::Since("2026-11-21T10:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_time_that_is_none_is_not_heeded() {
        let asked = headers(&IF_MODIFIED_SINCE, &["yesterday"]);
        assert_eq!(known(&asked, |_| Some(())), Known::Nothing);
    }
}
