//! What strangers are not shown of how everything is: keys that stand in addresses, and lines of the configuration.

use memchr::memmem;

use super::Admitted;
use crate::status::failure::{self, FULL_DISK};
use crate::store::{Kind, StoreError};

/// What is said of trouble of a kind. What is wrong with a configuration quotes lines of it, where secrets may stand; what cannot be written,
/// and what became of the store, lies at some path of the machine.
pub(super) fn said(kind: &str, text: &str, admitted: Option<Admitted>) -> String {
    let quotes =
        [Kind::Configuration, Kind::Writing, Kind::Store, Kind::Publishing].iter().any(|secret| secret.name() == kind);
    if quotes && admitted.is_none() { String::new() } else { text.to_owned() }
}

/// What is said of a full disk.
pub(super) fn of_disk(full: Option<String>, admitted: Option<Admitted>) -> Option<String> {
    full.map(|full| if admitted.is_some() { full } else { FULL_DISK.to_owned() })
}

/// Why the store fails.
pub(super) fn of_store(error: &StoreError, admitted: Option<Admitted>) -> String {
    if admitted.is_some() { failure::of_store(error) } else { failure::in_brief(error).to_owned() }
}

/// Text in which the queries of addresses are left out, for keys of their readers may stand there. Works on what was escaped for HTML,
/// XML and JSON, too. Addresses below our own site have no scheme, and stay.
pub(super) fn without_queries(text: &[u8]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(scheme) = memmem::find(rest, b"://") {
        let (before, address) = rest.split_at(scheme + 3);
        let end = address.iter().position(|byte| ends_address(*byte)).unwrap_or(address.len());
        let (address, behind) = address.split_at(end);
        shown.extend_from_slice(before);
        match address.iter().position(|byte| *byte == b'?') {
            Some(query) => {
                shown.extend_from_slice(address.get(..=query).unwrap_or_default());
                shown.extend_from_slice("…".as_bytes());
            }
            None => shown.extend_from_slice(address),
        }
        rest = behind;
    }
    shown.extend_from_slice(rest);
    shown
}

fn ends_address(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(String::from_utf8(without_queries(text.as_bytes())).unwrap(), expected);
    }

    #[test]
    fn keys_in_addresses_are_left_out_and_all_else_stays() {
        check("cannot fetch https://a.example/rss?key=s3cret&amp;x=1: 403", "cannot fetch https://a.example/rss?… 403");
        check("{\"a\": \"http://a.example/?k=1\", \"b\": 2}", "{\"a\": \"http://a.example/?…\", \"b\": 2}");
        check("<a href=\"https://a.example/新?k\">why?</a>", "<a href=\"https://a.example/新?…\">why?</a>");
        check("<a href=\"status?page=2\">https://a.example/</a>", "<a href=\"status?page=2\">https://a.example/</a>");
        check("https://a.example/?u=http://b.example/?k=1 x://", "https://a.example/?… x://");
        check("", "");
    }
}
