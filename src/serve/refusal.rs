//! What is answered where there is nothing to show: a small page for people, a line of text for programs.

use hyper::header::{ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderValue, VARY};
use hyper::{HeaderMap, Response, StatusCode};

use super::body::Content;
use super::wanted;

/// Answers with a status and what it means, in the form that is wanted.
pub(super) fn refusal(status: StatusCode, headers: &HeaderMap) -> Response<Content> {
    let (title, advice) = match status {
        StatusCode::NOT_FOUND => ("Not found", "There is nothing at this address."),
        StatusCode::METHOD_NOT_ALLOWED => ("Method not allowed", "This can be read, and nothing else."),
        StatusCode::BAD_REQUEST => ("Bad request", "What was sent ended before its end."),
        StatusCode::PAYLOAD_TOO_LARGE => ("Too large", "What was sent is larger than anything that is taken."),
        StatusCode::REQUEST_TIMEOUT => ("Too slow", "What was announced did not arrive in time."),
        _ => ("Something went wrong", "The fault is here; try again in a while."),
    };
    let is_page = wanted::is_page(headers);
    let text = if is_page {
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
             <h1>{title}</h1>\n<p>{advice}</p>\n</html>\n"
        )
    } else {
        format!("{title}: {advice}\n")
    };
    let media = if is_page { "text/html; charset=utf-8" } else { "text/plain; charset=utf-8" };
    let mut response = Response::new(Content::Whole(text.into()));
    *response.status_mut() = status;
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    answer.insert(VARY, HeaderValue::from_static("Accept"));
    answer.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        answer.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    if matches!(status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT) {
        // What else is sent is not read.
        answer.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
