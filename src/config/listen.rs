//! Where the daemon listens, also by a configuration that is wrong elsewhere: it goes on with the one before.

use std::net::{Ipv4Addr, SocketAddr};

use super::file::{Environment, Section, Value, Written};
use super::value;

/// Where nothing else can be told.
const DEFAULT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8077);

/// `serve.listen`, else its default; where that is no address either, the same.
pub fn listen(written: &Written, environment: &Environment) -> SocketAddr {
    // What stands behind a slip was not read, and `[serve]` may stand there.
    let apart = || address(&Written::read(own_lines(&written.text), "", environment));
    address(written).or_else(apart).unwrap_or(DEFAULT)
}

/// `None`: it is not written, or no address.
fn address(written: &Written) -> Option<SocketAddr> {
    match &written.only("serve").and_then(|section: &Section| section.written("listen"))?.value {
        Some(Value::Text(text)) => value::listen(text).ok(),
        _ => None,
    }
}

/// The lines of `[serve]` alone.
fn own_lines(text: &str) -> String {
    let is_header = |line: &&str| line.starts_with('[');
    let own = text.lines().skip_while(|line| !line.trim_end().starts_with("[serve]"));
    own.clone().take(1).chain(own.skip(1).take_while(|line| !is_header(line))).flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_beside_what_is_wrong() {
        let empty = Environment::new();
        let at =
            |text: &str, environment: &Environment| listen(&Written::read(text, "", environment), environment).port();
        let serve = "[serve]\nlisten = \"127.0.0.1:9000\" # here\n";
        for text in [
            serve.to_owned(),
            format!("{serve}bad = ["),
            format!("bad = [\n{serve}[site]\ntitle = 1"),
            format!("[sight]\n{serve}listn = 2\n"),
        ] {
            assert_eq!(at(&text, &empty), 9000, "{text}");
        }
        assert_eq!((at("", &empty), at("[serve]\nlisten = \"nowhere\"", &empty)), (8077, 8077));
        let set = Environment::from([("FEEDGEN_SERVE__LISTEN".to_owned(), "[::1]:9001".to_owned())]);
        assert_eq!((at(serve, &set), at("bad = [", &set)), (9001, 9001));
    }
}
