//! Whether a text is a URI (RFC 3986), an IRI (RFC 3987) or a relative reference, and whether it is written canonically.

use std::fmt;

/// Schemes that readers meet; another is probably a slip of the pen.
#[rustfmt::skip]
const SCHEMES: &[&str] = &[
    "http", "https", "ftp", "ftps", "sftp", "mailto", "news", "nntp", "tel", "sms", "sip", "sips", "xmpp", "im",
    "irc", "ircs", "matrix", "data", "cid", "mid", "urn", "tag", "info", "doi", "file", "gopher", "gemini", "dict",
    "dns", "geo", "ldap", "magnet", "rtsp", "rtmp", "git", "ssh", "svn", "ws", "wss", "feed", "webcal", "webcals",
    "acct", "did", "ipfs", "ipns", "bitcoin", "ni", "about", "javascript", "view-source", "telnet", "wais", "nfs",
    "imap", "pop", "skype", "spotify", "steam", "z39.50r", "z39.50s", "prospero", "opaquelocktoken", "crid", "pres",
    "go", "ipp",
];

/// Characters beside letters and digits that a URI may hold (RFC 3986 §2); `%` is looked at before.
const PLAIN: &str = "-._~:/?#@!$&'()*+,;=%[]";

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// There is nothing.
    Empty,
    /// A character that must be percent-encoded.
    Character(char),
    /// A character beyond ASCII, where only a URI may stand.
    NotAscii(char),
    /// A `%` without two hexadecimal digits.
    Percent,
    /// No scheme, where an absolute address must stand.
    Relative,
    /// `http:` without `//` and a host.
    NoHost,
    /// A `tag:` URI that is none (RFC 4151).
    Tag,
    /// A `urn:` that is none (RFC 8141), or a `urn:uuid:` without a UUID (RFC 9562).
    Urn,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("is empty"),
            Self::Character(' ') => formatter.write_str("contains a space; write %20"),
            Self::Character(character) => {
                write!(formatter, "contains {character:?}, which no address may; percent-encode it")
            }
            Self::NotAscii(character) => {
                write!(formatter, "contains {character:?}; percent-encode the path and write the host in punycode")
            }
            Self::Percent => formatter.write_str("contains a % that two hexadecimal digits do not follow; write %25"),
            Self::Relative => formatter.write_str("is not absolute; begin with https://"),
            Self::NoHost => formatter.write_str("has no host; write scheme://host/path"),
            Self::Tag => formatter.write_str("is no tag: URI; write tag:host,year:name"),
            Self::Urn => formatter.write_str("is no valid urn:; write urn:namespace:name"),
        }
    }
}

/// What may stand in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// A URI with a scheme.
    Absolute,
    /// A URI or a relative reference.
    Uri,
    /// The same, with characters beyond ASCII.
    Iri,
}

/// Checks an address.
pub(super) fn fault(text: &str, need: Need) -> Option<Fault> {
    if text.is_empty() {
        return (need == Need::Absolute).then_some(Fault::Empty);
    }
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '%' if !rest.as_str().bytes().take(2).filter(u8::is_ascii_hexdigit).count().eq(&2) => {
                return Some(Fault::Percent);
            }
            _ if character.is_ascii_alphanumeric() || PLAIN.contains(character) => {}
            _ if character.is_ascii() || character.is_control() || character.is_whitespace() => {
                return Some(Fault::Character(character));
            }
            _ if need != Need::Iri => return Some(Fault::NotAscii(character)),
            _ => {}
        }
    }
    let Some((scheme, after)) = scheme(text) else {
        return (need == Need::Absolute).then_some(Fault::Relative);
    };
    if scheme.eq_ignore_ascii_case("tag") {
        return (!is_tag(after)).then_some(Fault::Tag);
    }
    if scheme.eq_ignore_ascii_case("urn") {
        return (!is_urn(after)).then_some(Fault::Urn);
    }
    if is_web(scheme) {
        let host = after.strip_prefix("//").map(|after| authority(after).0);
        return host.is_none_or(str::is_empty).then_some(Fault::NoHost);
    }
    after.is_empty().then_some(Fault::NoHost)
}

/// Whether a text begins with a scheme that is in use; `None`: it has no scheme.
pub(super) fn has_usual_scheme(text: &str) -> Option<bool> {
    scheme(text).map(|(scheme, _)| SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme)))
}

/// Whether an address leads to the web, so that a browser can open it.
pub(super) fn is_web_address(text: &str) -> bool {
    fault(text, Need::Absolute).is_none() && scheme(text).is_some_and(|(scheme, _)| is_web(scheme))
}

fn is_web(scheme: &str) -> bool {
    ["http", "https", "ftp"].iter().any(|web| web.eq_ignore_ascii_case(scheme))
}

/// Scheme and what follows its colon (RFC 3986 §3.1).
pub(super) fn scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, after) = text.split_once(':')?;
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    named.then_some((scheme, after))
}

/// Authority and what follows it, of what follows `//`.
fn authority(text: &str) -> (&str, &str) {
    text.split_at(text.find(['/', '?', '#']).unwrap_or(text.len()))
}

/// RFC 4151 §2.1, of what follows `tag:`.
fn is_tag(text: &str) -> bool {
    let Some((entity, specific)) = text.split_once(':') else { return false };
    let Some((name, date)) = entity.split_once(',') else { return false };
    let host = name.rsplit('@').next().unwrap_or(name);
    let named = !host.is_empty()
        && host.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-'));
    let lengths: Vec<usize> = date.split('-').map(str::len).collect();
    let dated =
        matches!(lengths.as_slice(), [4] | [4, 2] | [4, 2, 2]) && date.chars().all(|c| c.is_ascii_digit() || c == '-');
    let mailbox = name.strip_suffix(host).unwrap_or_default().trim_end_matches('@');
    let boxed = mailbox.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let box_right = boxed && name.matches('@').count() == usize::from(!mailbox.is_empty());
    named && dated && box_right && specific.matches('#').count() <= 1 && !specific.contains(['[', ']'])
}

/// RFC 8141 §2, of what follows `urn:`.
fn is_urn(text: &str) -> bool {
    let Some((space, specific)) = text.split_once(':') else { return false };
    if space.eq_ignore_ascii_case("uuid") {
        let lengths: Vec<usize> = specific.split('-').map(str::len).collect();
        return lengths == [8, 4, 4, 4, 12] && specific.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    }
    (2..=32).contains(&space.len())
        && space.starts_with(|c: char| c.is_ascii_alphanumeric())
        && space.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !specific.is_empty()
        && !specific.contains(['[', ']'])
}

/// Why an id is not in the form in which two equal ids are equal character by character (RFC 4287 §4.2.6.1).
pub(super) fn not_canonical(text: &str) -> Option<&'static str> {
    let (scheme, after) = scheme(text)?;
    if scheme.chars().any(|c| c.is_ascii_uppercase()) {
        return Some("its scheme has upper-case letters");
    }
    let path = if let Some(after) = after.strip_prefix("//") {
        let (authority, path) = authority(after);
        let host = authority.rsplit('@').next().unwrap_or(authority);
        if host.chars().any(|c| c.is_ascii_uppercase()) {
            return Some("its host has upper-case letters");
        }
        let port = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => "\n",
        };
        if host.ends_with(port) || host.ends_with(':') {
            return Some("it names the port that is the default");
        }
        if authority.starts_with('@') || authority.starts_with(":@") {
            return Some("it has an empty user");
        }
        if is_web(scheme) && !path.starts_with('/') {
            return Some("its path is empty; write / after the host");
        }
        path
    } else {
        after
    };
    if path.split(['?', '#']).next().unwrap_or_default().split('/').any(|segment| matches!(segment, "." | "..")) {
        return Some("its path has . or .. segments");
    }
    for escape in path.split('%').skip(1) {
        let digits = escape.get(..2).unwrap_or_default();
        if digits.chars().any(|c| c.is_ascii_lowercase()) {
            return Some("its percent-encoding has lower-case digits");
        }
        let byte = u8::from_str_radix(digits, 16).unwrap_or_default();
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            return Some("it percent-encodes a character that needs it not");
        }
    }
    path.ends_with(['?', '#']).then_some("it ends in an empty query or fragment")
}
