//! A page that was made becomes an answer: compressed where that is worth it, and not sent to whoever has it already.

use flate2::Compression;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, VARY};
use hyper::{HeaderMap, Response, StatusCode};

use super::body::Content;
use super::held::{gzipped, version};
use super::pages::Answer;
use super::wanted::{self, Coding, Known};

/// Pages below so many bytes are sent as they are.
const SMALL: usize = 4096;

/// A page as it is.
pub(super) fn sent(made: Answer) -> Response<Content> {
    let mut response = Response::new(Content::Whole(made.body.into()));
    *response.status_mut() = made.status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(made.media_type));
    for (name, value) in made.headers {
        headers.insert(name, value);
    }
    response
}

/// A page with a validator, or that it is the one that is known. Not for a page with a secret in it beside what a stranger may have
/// chosen: how well they are compressed together would tell of the secret.
pub(super) fn sent_or_known(mut made: Answer, asked: &HeaderMap) -> Response<Content> {
    if made.status != StatusCode::OK {
        return sent(made);
    }
    let version = version(&made.body);
    let coding_of = |tag: &[u8]| {
        let ending = tag.strip_prefix(version.as_bytes())?;
        [Coding::Plain, Coding::Gzip].into_iter().find(|coding| coding.ending().as_bytes() == ending)
    };
    let known = match wanted::known(asked, coding_of) {
        Known::Version(coding) => Some(coding),
        Known::Any => Some(Coding::Plain),
        Known::Since(_) | Known::Nothing => None,
    };
    let is_packed = known.is_none() && made.body.len() >= SMALL && wanted::codings(asked).gzip > 0;
    // As fast as can be: it is done for each who asks.
    let packed = if is_packed { gzipped(&made.body, Compression::fast()).ok() } else { None };
    let coding = known.unwrap_or(if packed.is_some() { Coding::Gzip } else { Coding::Plain });
    if let Some(packed) = packed {
        made.body = packed;
        made.headers.push((CONTENT_ENCODING, HeaderValue::from_static("gzip")));
    }
    let mut response = sent(made);
    let headers = response.headers_mut();
    headers.extend(HeaderValue::try_from(["\"", &version, coding.ending(), "\""].concat()).ok().map(|tag| (ETAG, tag)));
    headers.append(VARY, HeaderValue::from_static("Accept-Encoding"));
    if known.is_some() {
        headers.remove(CONTENT_TYPE);
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Content::Whole(hyper::body::Bytes::new());
    }
    response
}
