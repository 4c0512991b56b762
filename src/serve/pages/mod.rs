//! The pages that are made when somebody asks for them: how everything is, for people and for machines, and what an address would
//! give. None of them needs a script, and but for the last none asks anything of the web.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, StatusCode};
use maud::{Markup, html};
use url::form_urlencoded;

use super::live::Live;
use crate::config::Settings;
use crate::publish::html::frame::{Frame, framed};
use crate::publish::text::line;
use crate::store::{Incident, Store, StoreError};

mod access;
mod chart;
mod incidents;
mod machine;
mod metrics;
mod overview;
mod preview;
mod secrecy;
mod source;
mod words;

pub use access::Admitted;
use words::Words;
pub(super) use words::prefers_chinese;

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

/// What pages may load (Content Security Policy Level 3): our style sheet and icon.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// What making a page takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Nothing but memory.
    Nothing,
    /// It reads the store.
    Store,
    /// It may ask the web.
    Web,
}

/// What making the page at this path takes: decoded, below the site. `None`: there is none.
pub fn effort(path: &str, settings: &Settings) -> Option<Effort> {
    match path {
        "/healthz" => Some(Effort::Nothing),
        "/preview" => Some(Effort::Web),
        "/status" | "/status.json" | "/status.atom" | "/readyz" | "/metrics" => Some(Effort::Store),
        path => {
            let id = path.strip_prefix("/status/")?;
            settings.sources.iter().any(|source| source.id.as_str() == id).then_some(Effort::Store)
        }
    }
}

/// The page at an address. `None`: there is none.
pub fn answer(asked: &Asked<'_>, live: &Live, now: DateTime<Utc>) -> Option<Answer> {
    let settings = live.settings();
    let words = Words::of(asked.headers, &settings.site.language);
    let view = View { asked: *asked, live, settings, words, now };
    if view.asked.path == "/preview" {
        return Some(preview::answer(&view));
    }
    let make: fn(&View<'_>) -> Option<Answer> = match asked.path {
        "/status" => |view| Some(overview::page(view)),
        "/status.json" => |view| machine::status(view),
        "/status.atom" => |view| Some(incidents::feed(view)),
        "/healthz" => |view| Some(machine::health(view)),
        "/readyz" => |view| Some(machine::readiness(view)),
        "/metrics" => |view| Some(metrics::text(view)),
        path if path.starts_with("/status/") => |view| source::page(view),
        _ => return None,
    };
    if !matches!(*asked.method, Method::GET | Method::HEAD) {
        return Some(not_allowed("GET, HEAD"));
    }
    let mut made = make(&view)?;
    if asked.path != "/healthz" && view.admitted().is_none() {
        made.body = secrecy::without_queries(&made.body);
    }
    Some(made)
}

/// What a page is made of.
struct View<'a> {
    asked: Asked<'a>,
    live: &'a Live,
    settings: Arc<Settings>,
    words: &'static Words,
    now: DateTime<Utc>,
}

impl View<'_> {
    /// The value of a key of the query.
    fn query(&self, key: &str) -> Option<String> {
        form_urlencoded::parse(self.asked.query?.as_bytes())
            .find_map(|(name, value)| (name == key).then(|| value.into_owned()))
    }

    /// Lets what only administrators should see be shown: see [`access::admit`]. `None`: a stranger asks.
    fn admitted(&self) -> Option<Admitted> {
        access::admit(self).ok()
    }

    /// The store, to read. `None`: nothing was stored yet.
    fn store(&self) -> Result<Option<Store>, StoreError> {
        Store::open_to_read(&self.settings.store)
    }

    /// The trouble that nothing can be stored. `None`: it can.
    fn standstill(&self) -> Option<Incident> {
        self.live.standstill().map(|standstill| standstill.incident.clone())
    }

    /// A page as it is sent. `root` is the way from it to the publish directory.
    fn page(&self, status: StatusCode, root: &str, title: &str, head: Markup, main: Markup) -> Answer {
        let is_status = self.asked.path == "/status";
        let places = vec![([root, "status"].concat(), self.words.status, is_status)];
        self.page_with(status, root, title, head, main, places, POLICY)
    }

    #[expect(clippy::too_many_arguments, reason = "what a page has, each by itself")]
    fn page_with(
        &self,
        status: StatusCode,
        root: &str,
        title: &str,
        head: Markup,
        main: Markup,
        places: Vec<(String, &str, bool)>,
        policy: &str,
    ) -> Answer {
        let text = framed(Frame {
            language: self.words.language,
            site: &line(&self.settings.site.title),
            title,
            root,
            is_home: false,
            policy: None,
            head,
            places,
            main,
        });
        let mut answer = Answer::new(status, "text/html; charset=utf-8", text);
        answer.headers.extend([
            (header::CONTENT_SECURITY_POLICY, value(policy)),
            (header::VARY, HeaderValue::from_static("Accept-Language")),
            (header::CONTENT_LANGUAGE, HeaderValue::from_static(self.words.language)),
        ]);
        answer
    }

    /// The page that says that the store cannot be read.
    fn store_fails(&self, root: &str, error: &StoreError) -> Answer {
        let main = html! {
            h1 { (self.words.status) }
            p.notice.bad { strong { (self.words.store_fails) } " " span lang="en" { (secrecy::of_store(error, self.admitted())) } }
        };
        self.page(StatusCode::SERVICE_UNAVAILABLE, root, self.words.status, html! {}, main)
    }

    /// A point in time, seconds since 1970, by how far it is from now.
    fn moment(&self, seconds: i64) -> Markup {
        let written = DateTime::from_timestamp(seconds, 0).map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
        html! {
            time datetime=[written] title=(self.clock(seconds)) {
                (self.words.distance(seconds - self.now.timestamp()))
            }
        }
    }

    /// A point in time by the clock and by how far it is from now.
    fn moment_in_full(&self, seconds: i64) -> Markup {
        html! { (self.clock(seconds)) " (" (self.moment(seconds)) ")" }
    }

    /// What the clock of the site says at a time.
    fn clock(&self, seconds: i64) -> String {
        let at = DateTime::from_timestamp(seconds, 0).unwrap_or_default().with_timezone(&self.settings.site.timezone);
        at.format("%Y-%m-%d %H:%M").to_string()
    }
}

impl Answer {
    fn new(status: StatusCode, media_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            // `no-referrer` would make the origin of a form `null`.
            (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        ];
        Self { status, media_type, headers, body: body.into() }
    }

    fn text(status: StatusCode, text: impl Into<Vec<u8>>) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text)
    }
}

fn not_allowed(allowed: &'static str) -> Answer {
    let mut answer = Answer::text(StatusCode::METHOD_NOT_ALLOWED, format!("allowed: {allowed}\n"));
    answer.headers.push((header::ALLOW, HeaderValue::from_static(allowed)));
    answer
}

/// A header value; what cannot stand in one is left out.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests;
