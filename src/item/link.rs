//! Addresses: made absolute, ASCII, and canonical.

use std::fmt::{self, Write as _};

use url::Url;

/// An absolute http(s) address in canonical form, ASCII only (RFC 3986).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CanonicalUrl(String);

impl CanonicalUrl {
    /// Makes an address canonical: scheme and host in lower case, no default port, no user, no tracking parameters. A
    /// fragment is kept where it tells items of one page apart. `None`: it is not http or https, or has no host.
    pub fn new(url: &Url) -> Option<Self> {
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return None;
        }
        let mut url = url.clone();
        let fragment = url.fragment().and_then(telling_fragment).map(str::to_owned);
        if fragment.as_deref() != url.fragment() {
            url.set_fragment(fragment.as_deref());
        }
        without_user(&mut url);
        if let Some(query) = url.query() {
            let kept: Vec<&str> = query.split('&').filter(|pair| !is_tracking(pair)).collect();
            let kept = kept.join("&");
            url.set_query((!kept.is_empty()).then_some(kept.as_str()));
        }
        Some(Self(ascii(&url)))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An address that was canonical when it was stored.
    pub(crate) fn recall(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for CanonicalUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An address without what changes while the page stays the same: scheme, `www.`, a slash at the end of its path, parameters
/// that count readers. `None`: it is no web address.
pub fn bare(url: &Url) -> Option<String> {
    let canonical = CanonicalUrl::new(url)?;
    let (_, rest) = canonical.as_str().split_once("://")?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let (path, query) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    Some([path.strip_suffix('/').unwrap_or(path), query].concat())
}

/// What a fragment says of the place in a page, without the directives behind `:~:` (URL Fragment Text Directives §2.2).
/// `None`: it is the top (HTML, "Find a potential indicated element"), or tells where a reader came from.
fn telling_fragment(fragment: &str) -> Option<&str> {
    let place = fragment.split(":~:").next().unwrap_or_default();
    let is_top = place.is_empty() || ["top", "rss", "feed"].iter().any(|name| place.eq_ignore_ascii_case(name));
    (!is_top && !place.trim_start_matches('?').split('&').all(is_tracking)).then_some(place)
}

/// Parameters that tell where a reader came from, not what is asked for.
fn is_tracking(pair: &str) -> bool {
    // Those of Google, Matomo, AT Internet, HubSpot, of mails and advertisements; none that could ask for a page.
    const FAMILIES: [&str; 7] = ["utm_", "mtm_", "matomo_", "piwik_", "at_custom", "_hs", "__hs"];
    const NAMES: [&str; 41] = [
        "_ga", "_gl", "_openstat", "at_campaign", "at_medium", "dclid", "fbclid", "gad_source", "gbraid", "gclid",
        "gclsrc", "hsctatracking", "igsh", "igshid", "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "msclkid",
        "ns_campaign", "ns_fee", "ns_linkname", "ns_mchannel", "ns_source", "oly_anon_id", "oly_enc_id", "pk_campaign",
        "pk_keyword", "pk_kwd", "pk_medium", "pk_source", "spm", "ttclid", "twclid", "vero_conv", "vero_id", "wbraid",
        "wickedid", "wt.mc_id", "xtor", "yclid",
    ];
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = name.to_ascii_lowercase();
    FAMILIES.iter().any(|family| name.starts_with(family))
        || NAMES.contains(&name.as_str())
        || matches!(name.as_str(), "ref" | "source" | "from") && value.eq_ignore_ascii_case("rss")
}

/// The address that a text stands for, absolute. `None`: it is no address that may stand in a feed, or relative with
/// nothing to be relative to.
pub fn absolute(base: Option<&Url>, text: &str, schemes: &[&str]) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if text.is_empty() || text.starts_with('#') {
        return None;
    }
    let mut url = match base {
        Some(base) => base.join(text).ok()?,
        None => Url::parse(text).ok()?,
    };
    without_user(&mut url);
    is_whole(&url, schemes).then(|| ascii(&url))
}

/// Whoever wrote a password into an address did not mean to publish it; addresses that have no host have none.
fn without_user(url: &mut Url) {
    if url.username().is_empty() && url.password().is_none() {
        return;
    }
    let _no_host = url.set_username("").and_then(|()| url.set_password(None));
}

fn is_whole(url: &Url, schemes: &[&str]) -> bool {
    schemes.contains(&url.scheme()) && (url.cannot_be_a_base() || url.host_str().is_some_and(|host| !host.is_empty()))
}

/// An address on the web as it may stand in a feed: ASCII, without a password. `None`: it is none.
pub fn web(url: &Url) -> Option<Url> {
    let mut url = url.clone();
    without_user(&mut url);
    if !is_whole(&url, &["http", "https"]) {
        return None;
    }
    let address = ascii(&url);
    if address == url.as_str() { Some(url) } else { Url::parse(&address).ok() }
}

/// Whether an address opens what is not for everybody: it carries a key.
pub fn carries_a_key(url: &Url) -> bool {
    url.query_pairs().any(|(name, _)| {
        let name = name.to_ascii_lowercase();
        ["token", "secret", "passw", "apikey", "api_key", "api-key"].iter().any(|part| name.contains(part))
            || matches!(name.as_str(), "key" | "auth" | "authkey" | "sig" | "signature" | "sid" | "pwd")
    })
}

/// Whether a text is an address that says nothing without another that it is relative to (RFC 3986 §4.2).
pub fn is_relative(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && !text.starts_with('#') && Url::parse(text) == Err(url::ParseError::RelativeUrlWithoutBase)
}

/// Letters and digits of ASCII and some marks, by byte: a look at a table is what it costs to tell one from others.
pub(crate) const fn letters_digits_and(marks: &[u8]) -> [bool; 256] {
    let (mut class, mut byte, mut mark) = ([false; 256], 0_u8, 0);
    while byte < 128 {
        class[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    while mark < marks.len() {
        class[marks[mark] as usize] = true;
        mark += 1;
    }
    class
}

/// What stands for itself in an address, by byte.
static PLAIN: [bool; 256] = letters_digits_and(b"-._~:/?&=+,;@!$'()*");

/// The text of an address with what RFC 3986 §2 does not allow percent-encoded; WHATWG URLs keep some of it.
fn ascii(url: &Url) -> String {
    let text = url.as_str();
    // Most addresses have nothing in them but what stands for itself.
    if text.bytes().all(|byte| PLAIN[usize::from(byte)]) {
        return text.to_owned();
    }
    // Brackets belong around an IPv6 host, and nowhere else.
    let host_end = url.host_str().and_then(|host| text.find(host).map(|at| at + host.len())).unwrap_or(0);
    let mut address = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let escaped = match c {
            '|' | '\\' | '^' | '`' | '{' | '}' | '<' | '>' | '"' | ' ' => true,
            '[' | ']' => at > host_end,
            // A per cent sign that begins no escape.
            '%' => !text.get(at + 1..at + 3).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())),
            c => !c.is_ascii() || c.is_ascii_control(),
        };
        if escaped {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                // Writing into a string cannot fail.
                let _written = write!(address, "%{byte:02X}");
            }
        } else {
            address.push(c);
        }
    }
    // RFC 3986 §3.5: one `#` begins the fragment; a further one in it has to be escaped.
    if let Some((before, fragment)) = address.split_once('#')
        && fragment.contains('#')
    {
        return format!("{before}#{}", fragment.replace('#', "%23"));
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> Option<String> {
        CanonicalUrl::new(&Url::parse(text).expect("an address")).map(|url| url.0)
    }

    #[test]
    fn canonical_addresses_are_ascii_and_bare() {
        assert_eq!(canonical("HTTP://News.Example.EDU:80/a/../b#top").as_deref(), Some("http://news.example.edu/b"));
        assert_eq!(
            canonical("https://u:p@example.edu/?utm_source=x&id=7").as_deref(),
            Some("https://example.edu/?id=7")
        );
        assert_eq!(
            canonical("https://例子.example/新闻/a|b[1].htm?x=^").as_deref(),
            Some("https://xn--fsqu00a.example/%E6%96%B0%E9%97%BB/a%7Cb%5B1%5D.htm?x=%5E")
        );
        assert_eq!(canonical("http://[::1]:8080/x").as_deref(), Some("http://[::1]:8080/x"));
        assert_eq!(canonical("mailto:a@example.edu"), None);
    }

    #[test]
    fn parameters_that_tell_where_a_reader_came_from_are_left_out() {
        for (written, kept) in [
            ("?mc_cid=1&_ga=2&id=7&AT_Medium=rss&ref=rss", "?id=7"),
            ("?ref=7&source=menu&page=2&atom=1&pkid=3", "?ref=7&source=menu&page=2&atom=1&pkid=3"),
            ("?xtor=RSS-1", ""),
            ("#v12", "#v12"),
            ("?utm_source=rss#v12", "#v12"),
            ("#!/news/7", "#!/news/7"),
            ("#v12:~:text=tide", "#v12"),
            ("#:~:text=tide", ""),
            ("#", ""),
            ("#Top", ""),
            ("#rss", ""),
            ("#utm_source=rss&utm_medium=feed", ""),
            ("#xtor=RSS-3208", ""),
            ("#?ref=rss", ""),
            ("#id=7&ref=rss", "#id=7&ref=rss"),
        ] {
            let address = canonical(&format!("https://harbour.example/changes.html{written}"));
            assert_eq!(address, Some(format!("https://harbour.example/changes.html{kept}")), "{written}");
        }
    }

    #[test]
    fn keys_are_known_by_their_names() {
        let is =
            |query: &str| carries_a_key(&Url::parse(&format!("https://a.example/rss?{query}")).expect("an address"));
        assert!(is("a=1&Access_Token=x") && is("key=x") && is("user_passwd=x"));
        assert!(!is("keyword=x") && !is("id=token") && !is("signature_of=x"));
    }

    #[test]
    fn relative_addresses_need_a_base() {
        let base = Url::parse("https://example.edu/news/1.htm").expect("an address");
        let web = ["http", "https"];
        assert_eq!(absolute(Some(&base), "../img/a b.png", &web).as_deref(), Some("https://example.edu/img/a%20b.png"));
        assert_eq!(absolute(None, "../img/a.png", &web), None);
        assert_eq!(absolute(Some(&base), "java\tscript:alert(1)", &web), None);
        assert_eq!(absolute(Some(&base), "#top", &web), None);
        assert_eq!(absolute(None, "https://example.edu/100%", &web).as_deref(), Some("https://example.edu/100%25"));
    }
}
