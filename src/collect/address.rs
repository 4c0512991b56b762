//! Which addresses may be asked: the open web, and what the configuration adds to it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Hosts and networks that may be asked though they are not on the open web (`refresh.allow_private`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Private {
    names: Vec<String>,
    networks: Vec<Network>,
}

/// Addresses that share their first bits (RFC 4632).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u8,
}

/// Why an address is not asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither http nor https.
    #[error("{0}: addresses are asked by http and https only")]
    Scheme(String),
    /// A port that belongs to another service.
    #[error("port {0} belongs to another service than the web")]
    Port(u16),
    /// A name that is never on the open web.
    #[error("{0} is a name inside a network: list it in refresh.allow_private if it is to be asked")]
    Name(String),
    /// An address that is never on the open web.
    #[error("{0} is an address inside a network: list it in refresh.allow_private if it is to be asked")]
    Inside(IpAddr),
    /// No host at all.
    #[error("the address has no host")]
    Hostless,
}

/// Why a text is no entry of `refresh.allow_private`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither a host nor a network: write news.intranet, 10.1.2.3 or 10.0.0.0/8")]
pub struct InvalidNetwork(String);

impl Private {
    /// Takes hosts (`news.intranet`; `.intranet` for all below it), addresses and networks (`10.0.0.0/8`).
    ///
    /// # Errors
    /// When an entry is none of them.
    pub fn new<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidNetwork> {
        let mut private = Self::default();
        for entry in entries {
            let wrong = || InvalidNetwork(entry.to_owned());
            let (address, bits) = match entry.split_once('/') {
                Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| wrong())?)),
                None => (entry, None),
            };
            match address.trim_matches(['[', ']']).parse::<IpAddr>() {
                Ok(address) => {
                    let most = if address.is_ipv4() { 32 } else { 128 };
                    let bits = bits.unwrap_or(most);
                    if bits > most {
                        return Err(wrong());
                    }
                    private.networks.push(Network { address, bits });
                }
                Err(_) if bits.is_none() => {
                    let (dot, name) = entry.strip_prefix('.').map_or(("", entry), |name| (".", name));
                    match Host::parse(name) {
                        Ok(Host::Domain(name)) => private.names.push(format!("{dot}{}", plain(&name))),
                        _ => return Err(wrong()),
                    }
                }
                Err(_) => return Err(wrong()),
            }
        }
        Ok(private)
    }

    /// Whether a host is listed by its name.
    pub fn names(&self, host: &str) -> bool {
        let host = plain(host);
        self.names.iter().any(|name| match name.strip_prefix('.') {
            Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.')),
            None => host == *name,
        })
    }

    /// Whether an address is listed.
    pub fn holds(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.holds(address))
    }
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        // The bits that two addresses of one family do not share, the first one highest.
        let (differing, width) = match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => (u128::from(ours.to_bits() ^ theirs.to_bits()), 32),
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => (ours.to_bits() ^ theirs.to_bits(), 128),
            _ => return false,
        };
        differing.checked_shr(u32::from(width - self.bits)).unwrap_or(0) == 0
    }
}

/// Whether an address may be asked, by what is written in it: its scheme, port, and host. A name that passes is looked up,
/// and each answer is put before [`check_answer`].
///
/// # Errors
/// Why it may not.
pub fn check(url: &Url, private: &Private) -> Result<(), Refusal> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refusal::Scheme(url.scheme().to_owned()));
    }
    if let Some(port) = url.port()
        && is_bad_port(port)
    {
        return Err(Refusal::Port(port));
    }
    match url.host() {
        None => Err(Refusal::Hostless),
        Some(Host::Ipv4(address)) => check_literal(address.into(), private),
        Some(Host::Ipv6(address)) => check_literal(address.into(), private),
        Some(Host::Domain(name)) if !private.names(name) && is_inside_name(name) => Err(Refusal::Name(name.to_owned())),
        Some(Host::Domain(_)) => Ok(()),
    }
}

fn check_literal(address: IpAddr, private: &Private) -> Result<(), Refusal> {
    if private.holds(address) || is_public(address) { Ok(()) } else { Err(Refusal::Inside(address)) }
}

/// Whether an answer of the name service may be dialled. Where a network has only IPv6, names are answered with the IPv4
/// address inside 64:ff9b::/96 (RFC 6147): that is judged by the IPv4 address.
///
/// # Errors
/// Why it may not.
pub fn check_answer(host: &str, answer: IpAddr, private: &Private) -> Result<(), Refusal> {
    let dialled = match answer {
        IpAddr::V6(address) => translated(address).map_or(answer, IpAddr::V4),
        IpAddr::V4(_) => answer,
    };
    if private.names(host) || private.holds(answer) || is_public(dialled) {
        Ok(())
    } else {
        Err(Refusal::Inside(answer))
    }
}

/// The IPv4 address inside an address of the well-known prefix (RFC 6052 §2.1).
fn translated(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low))),
        _ => None,
    }
}

/// Whether an address is on the open web. All that the IANA special-purpose registries (RFC 6890) list is not, nor are
/// addresses that hold another one inside: what they lead to cannot be told.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        // This network, private use (RFC 1918), loopback; multicast, reserved and broadcast.
        [0 | 10 | 127 | 224.., ..]
            // Shared between a carrier and its customers (RFC 6598).
            | [100, 64..=127, ..]
            // Link-local (RFC 3927), where clouds tell secrets.
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 168, ..]
            // Protocol assignments, documentation (RFC 5737), 6to4 relays (RFC 7526).
            | [192, 0, 0 | 2, _]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [192, 88, 99, _]
            // Benchmarks (RFC 2544).
            | [198, 18 | 19, ..]
            // A cloud's own services, reachable from its machines alone.
            | [168, 63, 129, 16]
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // Global unicast is 2000::/3 (RFC 4291 §2.4); loopback, mapped, translated, unique local, link-local, multicast and all
    // that is not yet assigned lie outside.
    let global = matches!(segments, [0x2000..=0x3fff, ..]);
    let special = matches!(
        segments,
        // Protocol assignments (RFC 2928), Teredo among them; documentation (RFC 3849, RFC 9637); 6to4 (RFC 3056).
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..]
            // An IPv4 address inside (RFC 5214, ISATAP).
            | [_, _, _, _, 0 | 0x200, 0x5efe, _, _]
    );
    global && !special
}

/// Names that are never on the open web: without a dot, and below the special-use domains (RFC 6761, 6762, 7686, 8375, 9476,
/// RFC 2606), those that networks use inside, and those by which machines find what manages them.
fn is_inside_name(name: &str) -> bool {
    let name = plain(name);
    let Some((_, last)) = name.rsplit_once('.') else { return true };
    let inside = matches!(
        last,
        "localhost"
            | "local"
            | "internal"
            | "intranet"
            | "lan"
            | "home"
            | "corp"
            | "private"
            | "localdomain"
            | "domain"
            | "svc"
            | "cluster"
            | "test"
            | "invalid"
            | "example"
            | "onion"
            | "alt"
            | "arpa"
            | "workgroup"
            | "i2p"
    );
    inside || name == "metadata.goog" || name.ends_with(".metadata.goog") || name.split('.').any(str::is_empty)
}

/// A name as it is compared: small letters, no dot at the end.
fn plain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// Ports of other services: those that browsers refuse (WHATWG Fetch, "port blocking"), and two stores that answer whatever
/// they are told.
fn is_bad_port(port: u16) -> bool {
    matches!(
        port,
        0 | 1 | 7 | 9 | 11 | 13 | 15 | 17 | 19 | 20..=23 | 25 | 37 | 42 | 43 | 53 | 69 | 77 | 79 | 87 | 95 | 101..=104
            | 109..=111 | 113 | 115 | 117 | 119 | 123 | 135 | 137 | 139 | 143 | 161 | 179 | 389 | 427 | 465
            | 512..=515 | 526 | 530..=532 | 540 | 548 | 554 | 556 | 563 | 587 | 601 | 636 | 989 | 990 | 993 | 995 | 1719
            | 1720 | 1723 | 2049 | 3659 | 4045 | 4190 | 5060 | 5061 | 6000 | 6379 | 6566 | 6665..=6669 | 6679 | 6697
            | 10080 | 11211
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| check(&url, &Private::default()).is_ok())
    }

    #[test]
    fn the_open_web_may_be_asked() {
        for url in [
            "http://www.example.edu/feed",
            "https://news.example.edu:8443/",
            "http://93.184.215.14/",
            "http://[2606:4700::1111]/",
            "http://100.63.255.255/",
            "http://172.32.0.1/",
            "http://[::ffff:8.8.8.8]/",
            "http://example.edu./",
        ] {
            assert!(allowed(url), "{url}");
        }
    }

    #[test]
    fn what_lies_inside_may_not() {
        for url in [
            "ftp://www.example.edu/",
            "file:///etc/passwd",
            "http://www.example.edu:22/",
            "http://localhost/",
            "http://LocalHost./",
            "http://a.localhost/",
            "http://intranet/",
            "http://printer.local/",
            "http://metadata.google.internal/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://017700000001/",
            "http://１２７。０。０。１/",
            "http://169.254.169.254/latest/",
            "http://user@10.0.0.1/",
            "http://0/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[::10.0.0.1]/",
            "http://[64:ff9b::8.8.8.8]/",
            "http://[64:ff9b:1::1]/",
            "http://[2002:7f00:1::1]/",
            "http://[2001::1]/",
            "http://[2001:db8::1]/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://[fec0::1]/",
            "http://[ff02::1]/",
            "http://[2600::5efe:127.0.0.1]/",
            "http://[5f00::1]/",
        ] {
            assert!(!allowed(url), "{url}");
        }
    }

    #[test]
    fn answers_are_checked_as_they_are_dialled() {
        let none = Private::default();
        let check = |answer: &str| check_answer("www.example.edu", answer.parse().expect("an address"), &none);
        assert_eq!(check("93.184.215.14"), Ok(()));
        assert_eq!(check("64:ff9b::93.184.215.14"), Ok(()), "names on an IPv6-only network");
        assert!(check("64:ff9b::10.0.0.1").is_err());
        assert!(check("::ffff:127.0.0.1").is_err());
        assert!(check("192.168.1.1").is_err());
    }

    #[test]
    fn what_is_listed_may_be_asked() {
        let private = Private::new(["news.intranet", ".campus.internal", "10.1.0.0/16", "::1"]).expect("entries");
        let check = |url: &str| check(&Url::parse(url).expect("a URL"), &private).is_ok();
        assert!(check("http://News.Intranet/"));
        assert!(check("http://a.campus.internal/"));
        assert!(check("http://10.1.255.255/"));
        assert!(check("http://[::1]:8080/"));
        assert!(check("http://[::ffff:10.1.0.1]/"), "the same address in another dress");
        for url in ["http://old.intranet/", "http://campus.internal/", "http://10.2.0.0/", "http://127.0.0.1/"] {
            assert!(!check(url), "{url}");
        }
        assert_eq!(check_answer("news.intranet", "10.9.9.9".parse().expect("an address"), &private), Ok(()));
        for wrong in ["10.0.0.0/33", "a b", "x/8", ""] {
            assert!(Private::new([wrong]).is_err(), "{wrong:?}");
        }
        assert!(Private::new(["0.0.0.0/0"]).expect("a network").holds("127.0.0.1".parse().expect("an address")));
    }
}
