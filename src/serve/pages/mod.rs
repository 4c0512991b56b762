//! The pages that are made when somebody asks for them.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};
use hyper::header::{HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, StatusCode};

use super::live::Live;

/// What somebody asks for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// GET, HEAD or POST.
    pub method: &'a Method,
    /// The path below the site: decoded, `/status`.
    pub path: &'a str,
    /// What stands behind the `?`, as written.
    pub query: Option<&'a str>,
    /// The headers of the request.
    pub headers: &'a HeaderMap,
    /// Who asks. `None`: somebody on this machine, through a socket in the file system.
    pub peer: Option<SocketAddr>,
    /// What was sent along; empty but for POST.
    pub body: &'a [u8],
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whether all is well.
    pub status: StatusCode,
    /// What `body` is: the value of `Content-Type`.
    pub media_type: &'static str,
    /// Further headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The page.
    pub body: Vec<u8>,
}

/// The page at an address. `None`: there is none.
pub fn answer(asked: &Asked<'_>, live: &Live, now: DateTime<Utc>) -> Option<Answer> {
    let _ = (asked, live, now);
    None
}
