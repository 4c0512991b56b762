//! Ids that others gave: those that can stand in every format, in their normal form.

use memchr::memchr_iter;
use unicode_normalization::is_nfc;
use url::Url;

use super::link::letters_digits_and;

/// Bytes of an id; longer ones are none.
const LONGEST: usize = 2000;

/// What an id is made of, by byte.
static PLAIN: [bool; 256] = letters_digits_and(b";/?:@&=+$.-_!~*'()%,#");

/// An id that an upstream gave, in the normal form of its scheme (RFC 3986 §6.2.2, §6.2.3), so that readers of every
/// format take it for the same. `None`: it is no URI, as Atom demands one (RFC 4287 §4.2.6), or one of a scheme that is
/// not made for ids or not registered, so that another may mean something else by it.
pub fn id(written: &str) -> Option<String> {
    let written = written.trim();
    let is_plain = |byte: u8| PLAIN[usize::from(byte)];
    if written.len() > LONGEST || !written.bytes().all(is_plain) || memchr_iter(b'#', written.as_bytes()).count() > 1 {
        return None;
    }
    let (scheme, rest) = written.split_once(':')?;
    let (scheme, rest) = (scheme.to_ascii_lowercase(), with_normal_escapes(rest)?);
    match scheme.as_str() {
        "http" | "https" => web(&scheme, &rest),
        "tag" if is_tag(&rest) => Some(format!("tag:{rest}")),
        "urn" if is_urn(&rest) => Some(format!("urn:{rest}")),
        "info" if rest.contains('/') => Some(format!("info:{rest}")),
        _ => None,
    }
}

/// An address: host in lower case, no default port, a path (RFC 3986 §6.2.3). `None`: it tells a password, or has a host
/// or a path that is written in several ways.
fn web(scheme: &str, rest: &str) -> Option<String> {
    let rest = rest.strip_prefix("//")?;
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let whole = path.split(['?', '#']).next().unwrap_or_default();
    if whole.split('/').any(|segment| matches!(segment, "." | "..")) {
        return None;
    }
    let root = if path.starts_with('/') { "" } else { "/" };
    if is_plain_host(authority) {
        return Some([scheme, "://", authority, root, path].concat());
    }
    let url = Url::parse(&format!("{scheme}://{authority}")).ok()?;
    let host = url.host_str()?;
    let written = authority.split(':').next().unwrap_or_default();
    if !host.eq_ignore_ascii_case(written) || host.ends_with('.') {
        return None;
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{host}{port}{root}{path}"))
}

/// Whether an authority is a host alone, as most are, and such a one as a parser leaves as it is: no number, no Punycode.
fn is_plain_host(authority: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    authority.split('.').all(is_label)
        && !authority.contains("--")
        && authority.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// `entity,date:specific` (RFC 4151 §2.1).
fn is_tag(rest: &str) -> bool {
    let Some((entity, _)) = rest.split_once(':') else { return false };
    let Some((authority, date)) = entity.split_once(',') else { return false };
    let (user, host) = authority.split_once('@').unwrap_or(("x", authority));
    let made_of = |text: &str, marks: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || marks.contains(c))
    };
    let mut parts = date.split('-');
    let lengths = [parts.next(), parts.next(), parts.next(), parts.next()].map(|part| part.map(str::len));
    made_of(user, "-._")
        && made_of(host, "-.")
        && matches!(lengths, [Some(4), None | Some(2), None | Some(2), None])
        && date.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit())
}

/// `namespace:specific` (RFC 8141 §2, without the components that RFC 2141 did not know), a UUID in full (RFC 9562 §4).
fn is_urn(rest: &str) -> bool {
    let Some((namespace, specific)) = rest.split_once(':') else { return false };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_namespace = (2..=32).contains(&namespace.len())
        && namespace.bytes().all(is_name)
        && namespace.starts_with(|c: char| c.is_ascii_alphanumeric());
    let mut groups = specific.split('-');
    let is_uuid = [8, 4, 4, 4, 12].into_iter().all(|length| {
        groups.next().is_some_and(|group| group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit()))
    }) && groups.next().is_none();
    is_namespace
        && !specific.is_empty()
        && !specific.contains(['/', '?', '&', '#', '~'])
        && (is_uuid || !namespace.eq_ignore_ascii_case("uuid"))
}

/// Percent-encoding in upper case, and none where it is not needed (RFC 3986 §6.2.2.1, §6.2.2.2). `None`: it is broken,
/// encodes no UTF-8 or text in several forms, or is encoded twice.
fn with_normal_escapes(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut normal = String::with_capacity(text.len());
    let mut meant = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('%') {
        normal.push_str(plain);
        meant.extend_from_slice(plain.as_bytes());
        let (digits, behind) = escape.split_at_checked(2)?;
        let byte = u8::from_str_radix(digits, 16).ok().filter(|byte| *byte != b'%')?;
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            normal.push(char::from(byte));
        } else {
            normal.extend(["%", &digits.to_ascii_uppercase()]);
        }
        meant.push(byte);
        rest = behind;
    }
    normal.push_str(rest);
    meant.extend_from_slice(rest.as_bytes());
    is_nfc(str::from_utf8(&meant).ok()?).then_some(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expected: Option<&str>) {
        let id = id(written);
        assert_eq!(id.as_deref(), expected, "{written}");
        if let Some(id) = &id {
            assert_eq!(super::id(id), Some(id.clone()), "not its own normal form");
        }
    }

    #[test]
    fn uris_are_ids() {
        for id in [
            "https://harbour.example/?p=12",
            "http://harbour.example:8080/a;b=c/(d)'e'!~*?q=x,y&z=%2F@#12",
            "tag:harbour.example,2026:12",
            "tag:ada@harbour.example,2026-03-14:/a?b#c",
            "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
            "urn:isbn:0-395-36341-1",
            "info:doi/10.1000/182",
        ] {
            check(id, Some(id));
        }
    }

    #[test]
    fn a_host_that_needs_no_parser_is_what_a_parser_makes_of_it() {
        let written = ["harbour.example", "a-b.1c.example", "x", "-a.example", "3com.example", "a.b.c.d.e.f"];
        for host in written {
            let url = Url::parse(&format!("https://{host}")).expect("an address");
            assert!(is_plain_host(host) && url.host_str() == Some(host) && url.port().is_none(), "{host}");
        }
        for other in [
            "", "a..b", ".a", "a.", "10.0.0.1", "a.1", "a.0x1", "xn--fiqs8s.example", "ab--c.example", "A.example",
            "a:80", "u@a.example", "[::1]", "a_b.example", "a%62.example",
        ] {
            assert!(!is_plain_host(other), "{other}");
        }
    }

    #[test]
    fn what_says_the_same_is_the_same_id() {
        check(" HTTP://Harbour.Example:80\n", Some("http://harbour.example/"));
        check("https://harbour.example?a", Some("https://harbour.example/?a"));
        check("https://harbour.example/%e6%bd%ae%7Ea", Some("https://harbour.example/%E6%BD%AE~a"));
        check("URN:isbn:1", Some("urn:isbn:1"));
    }

    #[test]
    fn what_cannot_stand_in_every_format_is_no_id() {
        for written in [
            "",
            "17",
            "post 17",
            "t3_abc",
            "潮水",
            "https://harbour.example/潮",
            "https://harbour.example/a b",
            "https://harbour.example/[1]",
            "https://harbour.example/100%",
            "https://harbour.example/%D6%D0",
            "https://harbour.example/e%CC%81",
            "https://harbour.example/%2541",
            "https://harbour.example/a/../b",
            "https://harbour.example/#a#b",
            "https://ada:secret@harbour.example/",
            "https://",
            "http:harbour.example",
            "tag:harbour.example:12",
            "tag:Harbour.example,2026:12",
            "tag:harbour.example,26:12",
            "urn:1",
            "urn:uuid:988ef5c5",
            "urn:path:a/b",
            "yt:video:12",
            "javascript:alert(1)",
            "%",
            "urn:a:%é",
        ] {
            check(written, None);
        }
        check(&format!("https://harbour.example/{}", "a".repeat(LONGEST)), None);
    }
}
