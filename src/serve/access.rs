//! The access log: a line for each request, in the combined format that log readers know.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use hyper::header::{REFERER, USER_AGENT};
use hyper::{HeaderMap, Method, StatusCode, Uri, Version};
use tokio::sync::mpsc;

/// Lines that may wait to be written. Further ones are lost: nobody waits for whoever reads the log.
const WAITING: usize = 4096;

/// Where lines are sent to.
pub(super) type Log = mpsc::Sender<String>;

/// Begins a log on standard error. Ends when all its senders are gone.
pub(super) fn begin() -> Log {
    let (log, mut lines) = mpsc::channel::<String>(WAITING);
    drop(tokio::task::spawn_blocking(move || {
        while let Some(line) = lines.blocking_recv() {
            // There is nobody to tell that standard error is gone.
            io::stderr().lock().write_all(line.as_bytes()).unwrap_or_default();
        }
    }));
    log
}

/// What is told of a request before it is answered.
pub(super) struct Visit {
    peer: IpAddr,
    method: Method,
    uri: Uri,
    version: Version,
    referer: String,
    agent: String,
}

impl Visit {
    pub(super) fn new<T>(peer: IpAddr, request: &hyper::Request<T>) -> Self {
        Self {
            peer,
            method: request.method().clone(),
            uri: request.uri().clone(),
            version: request.version(),
            referer: header(request.headers(), &REFERER),
            agent: header(request.headers(), &USER_AGENT),
        }
    }

    /// Its line: `peer - - [time] "request" status bytes "referer" "agent"`.
    pub(super) fn line(&self, status: StatusCode, bytes: u64, now: DateTime<Utc>) -> String {
        let Self { peer, method, uri, version, referer, agent } = self;
        let request = escaped(format!("{method} {uri} {version:?}").as_bytes());
        let time = now.format("%d/%b/%Y:%H:%M:%S +0000");
        format!("{peer} - - [{time}] \"{request}\" {} {bytes} \"{referer}\" \"{agent}\"\n", status.as_u16())
    }
}

fn header(headers: &HeaderMap, name: &hyper::header::HeaderName) -> String {
    headers.get(name).map_or_else(|| "-".to_owned(), |value| escaped(value.as_bytes()))
}

/// Text that cannot leave its quotes, its line, or disturb a terminal.
fn escaped(text: &[u8]) -> String {
    let mut line = String::with_capacity(text.len());
    for byte in text {
        match byte {
            b' '..=b'~' if !matches!(byte, b'"' | b'\\') => line.push(char::from(*byte)),
            // Writing into a text does not fail.
            byte => write!(line, "\\x{byte:02X}").unwrap_or_default(),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_a_line_whatever_is_asked() {
        let request = hyper::Request::builder()
            .uri("/all.rss?a=%22b")
            .header("user-agent", hyper::header::HeaderValue::from_bytes(b"evil\" \\ \t\xe6").unwrap())
            .body(());
        let visit = Visit::new([127, 0, 0, 1].into(), &request.unwrap());
        let line = visit.line(StatusCode::OK, 71_234, "2026-11-21T22:01:02Z".parse().unwrap());
        assert_eq!(
            line,
            "127.0.0.1 - - [21/Nov/2026:22:01:02 +0000] \"GET /all.rss?a=%22b HTTP/1.1\" 200 71234 \"-\" \
             \"evil\\x22 \\x5C \\x09\\xE6\"\n"
        );
    }
}
