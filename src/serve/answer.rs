//! A request becomes an answer: a published file, a page that is made for it, or a refusal.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{ALLOW, CACHE_CONTROL, HeaderValue, LOCATION, VARY};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};

use super::access::{self, Visit};
use super::body::Content;
use super::held::{About, Held};
use super::pages::{self, Asked, Effort};
use super::refusal::refusal;
use super::shelf::{self, Found};
use super::turn::in_turn;
use super::wanted::{self, Coding, Known};
use super::{Door, Limits, address, made};

/// What `/` stands for.
const INDEX: &str = "index.html";

/// The one page that something may be sent to.
const PREVIEW: &str = "preview";

/// Answers a request, counts it, and writes it into the log.
pub(super) async fn answer(door: &Arc<Door>, request: Request<Incoming>, peer: SocketAddr) -> Response<Content> {
    let is_logged = door.live.settings_for_now().serve.access_log;
    let log = is_logged.then(|| door.log.get_or_init(access::begin));
    let visit = log.map(|log| (log, Visit::new(peer.ip(), &request)));
    let response = match at_once(door, &request) {
        Some(response) => response,
        None => Box::pin(in_time(door, request, peer)).await,
    };
    door.live.traffic.answered(response.status());
    if let Some((log, visit)) = visit {
        let line = visit.line(response.status(), response.body().len(), (door.clock)());
        // A full log loses lines.
        log.try_send(line).unwrap_or_default();
    }
    response
}

/// What is held in memory, and was looked at just now.
fn at_once(door: &Door, request: &Request<Incoming>) -> Option<Response<Content>> {
    let path = address::path(request.uri().path()).filter(|_| is_read(request.method()))?;
    let (second, number) = (door.second(), door.live.settings_number());
    let settings = door.live.settings_for_now();
    let path = address::below(&path, settings.site.url.path()).next()?;
    let path = if path.is_empty() { INDEX } else { path };
    door.shelf.show(path, second, number, |held| shown(held, request.headers()))
}

/// Everything else, by waiting for the disk or for a page.
async fn in_time(door: &Arc<Door>, request: Request<Incoming>, peer: SocketAddr) -> Response<Content> {
    let (parts, body) = request.into_parts();
    let settings = door.live.settings();
    let refusal = |status| refusal(status, &parts.headers, &settings.site.language);
    let Some(path) = address::path(parts.uri.path()) else {
        return refusal(StatusCode::NOT_FOUND);
    };
    let folder = settings.site.url.path();
    if let Some(name) = address::unfinished(&path, folder).filter(|_| is_read(&parts.method)) {
        let led = led_to(&format!("{name}/"), parts.uri.query());
        return led.unwrap_or_else(|| refusal(StatusCode::NOT_FOUND));
    }
    let paths: Vec<&str> = address::below(&path, folder).collect();
    let sent = match &parts.method {
        method if is_read(method) => Bytes::new(),
        &Method::POST if paths.contains(&PREVIEW) => match taken_in_time(body, &door.limits).await {
            Ok(sent) => sent,
            Err(status) => return refusal(status),
        },
        _ => {
            let mut refusal = refusal(StatusCode::METHOD_NOT_ALLOWED);
            if paths.contains(&PREVIEW) {
                refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
            }
            return refusal;
        }
    };
    if is_read(&parts.method) {
        for path in &paths {
            let path = if path.is_empty() { INDEX } else { path };
            match shelf::look(&door.shelf, &door.live, path, door.second()).await {
                Ok(Some(Found::Held(held))) => return shown(&held, &parts.headers),
                Ok(Some(Found::Large(file, about))) => return streamed(file, &about, &parts.headers, &parts.method),
                Ok(None) => {}
                Err(_) => return refusal(StatusCode::INTERNAL_SERVER_ERROR),
            }
        }
    }
    let names = paths.iter().map(|path| format!("/{path}")).collect();
    let made = page(door, names, parts.method.clone(), parts.uri.query(), parts.headers.clone(), peer, sent).await;
    match made {
        Ok(Some(response)) => response,
        Err(_) => refusal(StatusCode::INTERNAL_SERVER_ERROR),
        Ok(None) => match twin(door, &paths, &parts.headers).await {
            Some(response) => response,
            None => refusal(StatusCode::NOT_FOUND),
        },
    }
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// A file in memory, or that it has not changed.
fn shown(held: &Held, headers: &HeaderMap) -> Response<Content> {
    if let Some(coding) = unchanged(&held.about, headers) {
        return not_modified(&held.about, coding);
    }
    let (coding, bytes) = held.bytes(wanted::codings(headers));
    let mut response = Response::new(Content::Whole(bytes));
    *response.headers_mut() = held.about.full(coding);
    response
}

/// A file that is too large for memory, as it is.
fn streamed(file: std::fs::File, about: &About, headers: &HeaderMap, method: &Method) -> Response<Content> {
    if let Some(coding) = unchanged(about, headers) {
        return not_modified(about, coding);
    }
    let size = about.stamp.size();
    let mut response =
        Response::new(if *method == Method::HEAD { Content::Whole(Bytes::new()) } else { Content::stream(file, size) });
    *response.headers_mut() = about.full(Coding::Plain);
    response.headers_mut().insert(hyper::header::CONTENT_LENGTH, HeaderValue::from(size));
    response
}

/// In which coding whoever asks has the file as it is. `None`: not at all.
fn unchanged(about: &About, headers: &HeaderMap) -> Option<Coding> {
    match wanted::known(headers, |tag| about.coding_of(tag)) {
        Known::Version(coding) => Some(coding),
        Known::Any => Some(Coding::Plain),
        Known::Since(time) => about.is_of(time).then_some(Coding::Plain),
        Known::Nothing => None,
    }
}

fn not_modified(about: &About, coding: Coding) -> Response<Content> {
    let mut response = Response::new(Content::Whole(Bytes::new()));
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.headers_mut() = about.unchanged(coding);
    response
}

/// Takes what is sent along, which has as much time as the head of a request. `Err`: why not.
async fn taken_in_time(body: Incoming, limits: &Limits) -> Result<Bytes, StatusCode> {
    let time = Duration::from_secs(limits.head.into());
    tokio::time::timeout(time, taken(body, limits.body)).await.unwrap_or(Err(StatusCode::REQUEST_TIMEOUT))
}

async fn taken(mut body: Incoming, limit: usize) -> Result<Bytes, StatusCode> {
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let mut sent = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|_| StatusCode::BAD_REQUEST)?;
        sent.extend_from_slice(frame.data_ref().map_or(&[], |bytes| bytes));
        if sent.len() > limit {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
    }
    Ok(sent.into())
}

/// A page that is made now, by the first of its possible names that has one. `Err`: making it failed.
async fn page(
    door: &Arc<Door>,
    names: Vec<String>,
    method: Method,
    query: Option<&str>,
    headers: HeaderMap,
    peer: SocketAddr,
    sent: Bytes,
) -> io::Result<Option<Response<Content>>> {
    let settings = door.live.settings();
    let found = names.into_iter().find_map(|name| Some((pages::effort(&name, &settings)?, name)));
    let Some((effort, path)) = found else { return Ok(None) };
    let (live, now, query) = (Arc::clone(&door.live), (door.clock)(), query.map(str::to_owned));
    let make = move || {
        let query = query.as_deref();
        let asked = Asked { method: &method, path: &path, query, headers: &headers, peer: Some(peer), body: &sent };
        let made = pages::answer(&asked, &live, now)?;
        Some(if effort == Effort::Web { made::sent(made) } else { made::sent_or_known(made, &headers) })
    };
    match effort {
        Effort::Nothing => Ok(make()),
        Effort::Store => in_turn(&door.makers, make).await,
        Effort::Web => in_turn(&door.previewers, make).await,
    }
}

/// For people who ask for a feed by its name without ending: leads to its page, if there is one.
async fn twin(door: &Arc<Door>, paths: &[&str], headers: &HeaderMap) -> Option<Response<Content>> {
    let named = |path: &&&str| path.rsplit('/').next().is_some_and(|name| !name.is_empty() && !name.contains('.'));
    for path in paths.iter().filter(named).filter(|_| wanted::is_page(headers)) {
        let page = format!("{path}.html");
        if let Ok(Some(_)) = shelf::look(&door.shelf, &door.live, &page, door.second()).await {
            let mut response = led_to(page.rsplit('/').next()?, None)?;
            response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
            return Some(response);
        }
    }
    None
}

/// Leads whoever asks to another name beside that which was asked for.
fn led_to(name: &str, query: Option<&str>) -> Option<Response<Content>> {
    let name = percent_encoding::utf8_percent_encode(name, NAME);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let mut response = Response::new(Content::Whole(Bytes::new()));
    *response.status_mut() = StatusCode::FOUND;
    let headers = response.headers_mut();
    // Relative to its own folder, wherever a proxy has put that (RFC 9110 §10.2.2).
    headers.insert(LOCATION, HeaderValue::try_from(format!("./{name}{query}")).ok()?);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("max-age=60"));
    Some(response)
}

/// What is encoded in the name of a file.
const NAME: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::sync::watch;

    use super::*;
    use crate::config::Settings;
    use crate::serve::live::Live;

    /// However busy the machine is.
    const LONG: Duration = Duration::from_mins(2);

    #[test]
    fn whether_it_lives_is_told_however_many_wait_for_pages() {
        let settings = "[publish]\ndirectory = 'nowhere'\n[[source]]\nid = 'news'\nfiles = 'news'\n";
        let settings = Settings::from_text(settings, "feedgen.toml", &BTreeMap::new()).unwrap();
        let now = "2026-05-01T00:00:00Z".parse().unwrap();
        let door = Door::new(Arc::new(Live::new(now, Arc::new(settings))), Arc::new(move || now));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let (_stop, stopped) = watch::channel(false);
            drop(tokio::spawn(super::super::serve(vec![listener], Arc::clone(&door), stopped)));
            let ask = async |path: &str, patience: Duration| {
                let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
                let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                stream.write_all(request.as_bytes()).await.unwrap();
                let mut answer = String::new();
                let read = stream.read_to_string(&mut answer);
                let is_read = tokio::time::timeout(patience, read).await.is_ok();
                if is_read { answer.get(9..12).unwrap_or_default().to_owned() } else { "waits".to_owned() }
            };
            let everybody = u32::try_from(door.makers.available_permits()).unwrap();
            let makers = door.makers.acquire_many(everybody).await.unwrap();
            for (path, expected) in [
                ("/healthz", "200"),
                ("/none", "404"),
                ("/status/none", "404"),
                ("/preview", "200"),
                ("/status.json", "waits"),
            ] {
                let patience = if expected == "waits" { Duration::from_secs(1) } else { LONG };
                assert_eq!(ask(path, patience).await, expected, "{path}");
            }
            drop(makers);
            assert_eq!(ask("/status.json", LONG).await, "200");
        });
    }
}
