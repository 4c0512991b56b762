//! `healthcheck`: asks the daemon of this machine how it is, for those who restart what does not answer.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use super::{Done, Failure, print, say};
use crate::config::{self, ConfigError, Environment, Settings, Written};

/// How long it may take to connect, and then to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Bytes of an answer that are read.
const ENOUGH: u64 = 4096;

/// Asks `/healthz` where `serve.listen` says. Ends with 1 when nobody answers, or not well: and so it does not where the
/// configuration is wrong, which the daemon has not taken on.
pub(super) fn run(named: Option<&Path>, environment: &Environment) -> Done {
    let written = Written::load(named, Path::new(""), environment);
    if let Err(error) = written
        .as_ref()
        .map_err(ConfigError::line)
        .and_then(|written| Settings::resolve(written).map(drop).map_err(|error| error.line()))
    {
        say(&format!("note: {error}"));
    }
    let written = written.unwrap_or_else(|_| Written::read("", "", environment));
    let address = reached_at(config::listen(&written, environment));
    let unwell = |told: String| Failure::Undone(format!("{address} {told}"));
    let answer = ask(address).map_err(|error| {
        let told = match error.kind() {
            io::ErrorKind::ConnectionRefused => {
                "does not listen: start `feedgen serve`, or set serve.listen to where it does".to_owned()
            }
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
                format!("does not answer within {} s: restart it", PATIENCE.as_secs())
            }
            _ => format!("cannot be asked: {error}"),
        };
        unwell(told)
    })?;
    // RFC 9112 §4: the second word of the first line.
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1)).unwrap_or_default();
    let told = body.lines().next().unwrap_or_default();
    match status {
        "200" => print(&format!("{address} is well\n")),
        "" => Err(unwell("answers, but does not speak HTTP: another program listens there".to_owned())),
        status if told.is_empty() => Err(unwell(format!("is not well: it answers {status}"))),
        status => Err(unwell(format!("is not well: it answers {status}, {told}"))),
    }
}

fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    stream.take(ENOUGH).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Where to ask somebody who listens there: who listens everywhere is asked on this machine.
fn reached_at(listen: SocketAddr) -> SocketAddr {
    let here = match listen.ip() {
        IpAddr::V4(all) if all.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(all) if all.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    };
    SocketAddr::new(here, listen.port())
}
