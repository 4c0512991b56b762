//! What is answered where there is nothing to show: a small page for people, a line of text for programs.

use hyper::header::{ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderValue, VARY};
use hyper::{HeaderMap, Response, StatusCode};

use super::body::Content;
use super::{pages, wanted};

/// Answers with a status and what it means, in the form and the language that are wanted; `site`: the language of the site.
pub(super) fn refusal(status: StatusCode, headers: &HeaderMap, site: &str) -> Response<Content> {
    let is_page = wanted::is_page(headers);
    let is_chinese = is_page && pages::prefers_chinese(headers, site);
    let language = if is_chinese { "zh" } else { "en" };
    let (title, advice) = match (status, is_chinese) {
        (StatusCode::NOT_FOUND, false) => ("Not found", "There is nothing at this address."),
        (StatusCode::NOT_FOUND, true) => ("未找到", "这个网址没有内容。"),
        (StatusCode::METHOD_NOT_ALLOWED, false) => ("Method not allowed", "This can be read, and nothing else."),
        (StatusCode::METHOD_NOT_ALLOWED, true) => ("不允许此操作", "这里只能读取。"),
        (StatusCode::BAD_REQUEST, false) => ("Bad request", "What was sent ended before its end."),
        (StatusCode::BAD_REQUEST, true) => ("请求有误", "发送的内容不完整。"),
        (StatusCode::PAYLOAD_TOO_LARGE, false) => ("Too large", "What was sent is larger than anything that is taken."),
        (StatusCode::PAYLOAD_TOO_LARGE, true) => ("内容过大", "发送的内容超过了上限。"),
        (StatusCode::REQUEST_TIMEOUT, false) => ("Too slow", "What was announced did not arrive in time."),
        (StatusCode::REQUEST_TIMEOUT, true) => ("超时", "内容没有及时送达。"),
        (_, false) => ("Something went wrong", "The fault is here; try again in a while."),
        (_, true) => ("出错了", "问题出在服务器，请稍后再试。"),
    };
    let text = if is_page {
        format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n\
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
    answer.insert(VARY, HeaderValue::from_static("Accept, Accept-Language"));
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
