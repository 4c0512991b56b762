//! Which addresses may be asked: the open web, and what the configuration adds to it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

/// Hosts and networks that may be asked though they are not on the open web (`refresh.allow_private`).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Private {
    names: Vec<(String, Option<u16>)>,
    networks: Vec<(Network, Option<u16>)>,
}

/// Addresses that share their first bits (RFC 4632).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
#[error("{0:?} is neither a host nor a network: write news.intranet, news.intranet:8080, 10.1.2.3 or 10.0.0.0/8")]
pub struct InvalidNetwork(String);

impl Private {
    /// Takes hosts (`news.intranet`; `.intranet` for all below it), addresses, both with or without a port
    /// (`news.intranet:8080`, `[::1]:8080`), and networks (`10.0.0.0/8`). A name with a port is then asked at that port
    /// only; an address with a port is for URLs that spell it, since names are looked up without a port.
    ///
    /// # Errors
    /// When an entry is none of them.
    pub fn new<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidNetwork> {
        let mut private = Self::default();
        for entry in entries {
            private.add(entry).ok_or_else(|| InvalidNetwork(entry.to_owned()))?;
        }
        Ok(private)
    }

    fn add(&mut self, entry: &str) -> Option<()> {
        if let Some((address, bits)) = entry.split_once('/') {
            let (address, bits) = (literal(address)?, bits.parse().ok()?);
            (bits <= width(address)).then(|| self.networks.push((Network { address, bits }, None)))
        } else if let Some(address) = literal(entry) {
            self.networks.push((Network { address, bits: width(address) }, None));
            Some(())
        } else if let Ok(socket) = entry.parse::<SocketAddr>() {
            self.networks.push((Network { address: socket.ip(), bits: width(socket.ip()) }, Some(socket.port())));
            Some(())
        } else {
            let (name, port) = match entry.split_once(':') {
                Some((name, port)) => (name, Some(port.parse().ok()?)),
                None => (entry, None),
            };
            let (dot, name) = name.strip_prefix('.').map_or(("", name), |name| (".", name));
            let Ok(Host::Domain(name)) = Host::parse(name) else { return None };
            self.names.push((format!("{dot}{}", plain(&name)), port));
            Some(())
        }
    }

    /// Whether the host of an address is listed: by its name or by its number, at its port.
    pub fn lists(&self, url: &Url) -> bool {
        let port = url.port_or_known_default();
        let at_port = |listed: &Option<u16>| listed.is_none() || *listed == port;
        match url.host() {
            Some(Host::Domain(name)) => self.ports(name).any(at_port),
            Some(Host::Ipv4(address)) => self.holds(address.into(), port),
            Some(Host::Ipv6(address)) => self.holds(address.into(), port),
            None => false,
        }
    }

    /// The ports that a name is listed with.
    fn ports(&self, host: &str) -> impl Iterator<Item = &Option<u16>> {
        let host = plain(host);
        self.names.iter().filter(move |(name, _)| is_listed(&host, name)).map(|(_, port)| port)
    }

    /// Whether a number is listed, at a port; `None`: at all of them.
    pub(super) fn holds(&self, address: IpAddr, port: Option<u16>) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|(network, listed)| network.holds(address) && (listed.is_none() || *listed == port))
    }
}

fn is_listed(host: &str, name: &str) -> bool {
    match name.strip_prefix('.') {
        Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.')),
        None => host == name,
    }
}

fn literal(text: &str) -> Option<IpAddr> {
    text.trim_matches(['[', ']']).parse().ok()
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
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
    if private.lists(url) {
        return Ok(());
    }
    match url.host() {
        None => Err(Refusal::Hostless),
        Some(Host::Ipv4(address)) => check_literal(address.into()),
        Some(Host::Ipv6(address)) => check_literal(address.into()),
        // What is listed for another port is inside, whatever it is called.
        Some(Host::Domain(name)) if is_inside_name(name) || private.ports(name).next().is_some() => {
            Err(Refusal::Name(name.to_owned()))
        }
        Some(Host::Domain(_)) => Ok(()),
    }
}

fn check_literal(address: IpAddr) -> Result<(), Refusal> {
    if is_public(address) { Ok(()) } else { Err(Refusal::Inside(address)) }
}

/// Whether an answer of the name service may be dialled, for a host whose URL passed [`check`]. Where a network has only IPv6, names are answered with the IPv4
/// address inside `64:ff9b::/96` (RFC 6147): that is judged by the IPv4 address.
///
/// # Errors
/// Why it may not.
pub fn check_answer(host: &str, answer: IpAddr, private: &Private) -> Result<(), Refusal> {
    let dialled = match answer {
        IpAddr::V6(address) => translated(address).map_or(answer, IpAddr::V4),
        IpAddr::V4(_) => answer,
    };
    if private.ports(host).next().is_some() || private.holds(answer, None) || is_public(dialled) {
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
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..]
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
        let all = Private::new(["0.0.0.0/0"]).expect("a network");
        assert!(all.lists(&Url::parse("http://127.0.0.1/").expect("a URL")));
    }

    #[test]
    fn what_is_listed_with_a_port_is_asked_there_only() {
        let private = Private::new(["127.0.0.1:8000", "[::1]:8000", "news.intranet:8000", "open.example.edu:80"]);
        let private = private.expect("entries");
        let check = |url: &str| check(&Url::parse(url).expect("a URL"), &private).is_ok();
        for url in ["http://127.0.0.1:8000/", "http://[::1]:8000/", "http://news.intranet:8000/"] {
            assert!(check(url), "{url}");
        }
        assert!(check("http://open.example.edu/"), "80 is the port of http");
        for url in [
            "http://127.0.0.1/",
            "http://127.0.0.1:8001/",
            "http://[::1]:80/",
            "http://news.intranet/",
            "https://open.example.edu/",
        ] {
            assert!(!check(url), "{url}");
        }
        let loopback = "127.0.0.1".parse().expect("an address");
        assert!(check_answer("www.example.edu", loopback, &private).is_err(), "a name is looked up without a port");
        assert_eq!(check_answer("news.intranet", loopback, &private), Ok(()));
    }
}
