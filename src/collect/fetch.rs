//! The one way out to the web: asks an address, within limits of time, size and place, and brings back what it answers.
//!
//! Every hop is put before [`address::check`] and every answer of the name service before [`address::check_answer`]; only
//! an answer that passed is dialled, so a name that answers differently the second time changes nothing. Redirects are
//! followed here and not in the client, which would dial before it asks.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use encoding_rs::mem;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

use super::address::{self, Private};

mod body;
mod client;
mod error;

use client::Connection;
pub use client::{LookedUp, check_authorities, look_up};
pub use error::{CertificateFault, FetchError, Stage};

/// Limits of every request, and what is told of us.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Name and contact address: `feedgen/0.1 (+https://news.example.edu/)`.
    pub user_agent: String,
    /// From the first byte asked to the last byte answered, redirects and all. What a large body has beyond its first
    /// 512 KiB may take that long once more, from when there is room for it.
    pub timeout: Duration,
    /// Largest body, bytes, compressed or not.
    pub max_size: usize,
    /// What may be asked besides the open web.
    pub private: Private,
}

impl Policy {
    /// The usual limits: 30 s and 16 MiB, and nothing but the open web.
    pub fn new(user_agent: String) -> Self {
        Self { user_agent, timeout: Duration::from_secs(30), max_size: 16 * 1024 * 1024, private: Private::default() }
    }
}

/// What sets one source's requests apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// Headers (cookies among them) that are sent along, to the origin of the source only.
    pub headers: Vec<(String, String)>,
    /// User and password of basic authentication (RFC 7617), for the origin of the source only.
    pub credentials: Option<(String, String)>,
    /// How its host is reached.
    pub way: Way,
}

/// How hosts are reached. Requests with the same way share their connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// A proxy that is asked instead of the host.
    pub proxy: Option<Url>,
    /// Certificates, PEM, that are trusted besides those of the system.
    pub authorities: Vec<Vec<u8>>,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// The address.
    pub url: Url,
    /// What vouches for the answer that is at hand, if one is.
    pub validators: Option<Validators>,
    /// Media types that are wanted.
    pub accept: &'static str,
    /// What is special about the source.
    pub manner: Arc<Manner>,
    /// Whether it was somebody on the open web that named the address: then nothing is asked that is listed as private, for it
    /// was listed for others.
    pub is_strange: bool,
}

/// What vouches for an answer (RFC 9110 §8.8). Each byte of a header is the character of the same number, so that it is
/// sent back as it came, whatever it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validators {
    /// The address that answered, after redirects. They are sent to no other.
    pub url: Url,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What an answer says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Content-Location`.
    pub content_location: Option<String>,
    /// `Cache-Control`, all lines.
    pub cache_control: Option<String>,
    /// `Expires`.
    pub expires: Option<String>,
    /// `Date`.
    pub date: Option<String>,
    /// `Age`.
    pub age: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The address that answered, after redirects.
    pub url: Url,
    /// Where the source has moved for good: the last of the permanent redirects (301, 308) that came first.
    pub moved: Option<Url>,
    /// What it says of itself.
    pub head: Head,
    /// The body, decompressed. `None`: it is what it was (304).
    pub body: Option<Vec<u8>>,
    /// What vouches for the body from now on. `None`, too, where the answer ended with its connection (RFC 9112 §8):
    /// it may have been cut short, and must be asked for again in full.
    pub validators: Option<Validators>,
    /// The room that a large body takes, until it is dropped. `None`: it is small.
    pub room: Option<Arc<OwnedSemaphorePermit>>,
    /// Whether it comes from the open web, and not from a host that is listed as private.
    pub is_open: bool,
}

/// Redirects that are followed.
const REDIRECTS: usize = 5;
/// Characters of an address that are shown: whoever redirects may make it as long as he likes.
const SHOWN: usize = 500;
/// Bytes from which on a body is large.
const LARGE: usize = 512 * 1024;
/// Bytes that large bodies may take together; there is room for one at least.
const ROOM: usize = 64 * 1024 * 1024;
/// How long an answer may take to begin.
const BEGIN: Duration = Duration::from_secs(20);

/// Asks addresses. Clones share their connections, which are kept for a while for the next request.
#[derive(Clone, Debug)]
pub struct Fetcher {
    policy: Arc<Policy>,
    clients: Arc<client::Clients>,
    /// Large bodies that may be there at once.
    rooms: Arc<Semaphore>,
}

impl Fetcher {
    /// Makes ready to ask. Nothing is dialled yet.
    pub fn new(policy: Policy) -> Self {
        let rooms = (ROOM / policy.max_size.max(1)).clamp(1, Semaphore::MAX_PERMITS);
        Self { policy: Arc::new(policy), clients: Arc::default(), rooms: Arc::new(Semaphore::new(rooms)) }
    }

    /// The limits.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Asks an address, and follows where it leads. Runs on a tokio runtime.
    ///
    /// # Errors
    /// See [`FetchError`]. None of them says anything about what was there before.
    pub async fn fetch(&self, request: &Request) -> Result<Box<Answer>, FetchError> {
        let limit = self.policy.timeout;
        let (mut answer, rest) = within(limit, &request.url, Stage::End, Box::pin(self.follow(request))).await?;
        if let Some(mut rest) = rest {
            // Who has to wait for others is not late: no time runs here.
            answer.room = self.rooms.clone().acquire_owned().await.ok().map(Arc::new);
            within(limit, &answer.url, Stage::End, Box::pin(self.read(&mut rest, &answer.url, usize::MAX))).await?;
            answer.body = Some(rest.finish(&answer.url)?);
        }
        Ok(answer)
    }

    /// Sends a form (`application/x-www-form-urlencoded`), and waits until it is accepted. Runs on a tokio runtime.
    ///
    /// # Errors
    /// See [`FetchError`]: whatever is no 2xx, and redirects that would make a GET of it.
    pub async fn post(&self, request: &Request, form: &str) -> Result<(), FetchError> {
        let sent = Box::pin(async {
            let (mut answer, arrival) = self.reach(request, Wish::Tell(form)).await?;
            let status = answer.status().as_u16();
            if !(200..=299).contains(&status) {
                return Err(FetchError::Status {
                    url: shown(&arrival.url),
                    status,
                    head: Box::new(head(answer.headers())),
                });
            }
            // A connection whose answer was read to its end is kept for the next form. What the answer says matters to nobody.
            let mut read = 0;
            while read < LARGE
                && let Ok(Some(chunk)) = answer.chunk().await
            {
                read += chunk.len();
            }
            Ok(())
        });
        within(self.policy.timeout, &request.url, Stage::End, sent).await
    }

    /// Asks, and takes a small body whole. The rest of a large one is still to come.
    async fn follow(&self, request: &Request) -> Result<(Box<Answer>, Option<Coming>), FetchError> {
        let (mut answer, mut arrival) = self.reach(request, Wish::See).await?;
        // Who asked anew cannot be told that it is as it was: a cache before the server tells what was meant for another.
        if answer.status().as_u16() == 304 && request.validators_for(&arrival.url).is_none() {
            (answer, arrival) = self.reach(request, Wish::SeeAnew).await?;
        }
        let Arrival { url, moved, is_open } = arrival;
        let (mut answer, rest) = self.take(answer, url, moved, request).await?;
        answer.is_open = is_open;
        Ok((answer, rest))
    }

    /// Asks, or sends a form, and follows redirects until somebody answers.
    async fn reach(&self, request: &Request, wish: Wish<'_>) -> Result<(reqwest::Response, Arrival), FetchError> {
        let mut url = without_user(&request.url);
        let mut moved = None;
        let mut permanent = true;
        let open = Private::default();
        let mut private = if request.is_strange { &open } else { &self.policy.private };
        let mut gives_cookie = false;
        for _ in 0..=REDIRECTS {
            address::check(&url, private).map_err(|refusal| FetchError::Refused { url: shown(&url), refusal })?;
            let begun = Box::pin(self.ask(&url, request, wish, private));
            let answer = within(BEGIN.min(self.policy.timeout), &url, Stage::Begin, begun).await?;
            let status = answer.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                let is_open = !private.lists(&url) && !has_inner_peer(&answer, private, request);
                return Ok((answer, Arrival { url, moved, is_open }));
            }
            let problem = |problem| FetchError::Redirect { url: shown(&url), problem };
            // RFC 9110 §15.4: others may turn a form into a question.
            if matches!(wish, Wish::Tell(_)) && !matches!(status, 307 | 308) {
                return Err(problem("redirects what is sent to it to where it can only be asked"));
            }
            let target = text(answer.headers(), &header::LOCATION)
                .ok_or_else(|| problem("redirects without saying where to (no Location)"))?;
            let next = url.join(&target).map_err(|_| problem("redirects to what is no address"))?;
            if url.scheme() == "https" && next.scheme() == "http" {
                return Err(problem("redirects from https to http, where anybody can read and change what is sent"));
            }
            // Who is on the open web leads to no host that is listed: it was listed for others.
            if !private.lists(&url) && !has_inner_peer(&answer, private, request) {
                if self.policy.private.lists(&next) {
                    return Err(problem("redirects from the open web to a host that refresh.allow_private lists"));
                }
                private = &open;
            }
            gives_cookie |= answer.headers().contains_key(header::SET_COOKIE);
            url = without_user(&next);
            permanent &= matches!(status, 301 | 308);
            if permanent {
                moved = Some(url.clone());
            }
        }
        let problem = if gives_cookie {
            "redirects more than five times, and gives a cookie (where it wants that back, write headers = { Cookie = \"…\" } for this source)"
        } else {
            "redirects more than five times"
        };
        Err(FetchError::Redirect { url: shown(&request.url), problem })
    }

    async fn ask(
        &self,
        url: &Url,
        request: &Request,
        wish: Wish<'_>,
        private: &Private,
    ) -> Result<reqwest::Response, FetchError> {
        let manner = &request.manner;
        let client = |connection| self.clients.client(&self.policy, manner, private, url, connection);
        // What is secret is for the origin that it belongs to.
        let credentials = (url.origin() == request.url.origin())
            .then(|| manner.credentials.clone().or_else(|| credentials_in(&request.url)))
            .flatten();
        let send = |client: reqwest::Client, headers: HeaderMap| {
            let asked = match wish {
                Wish::See | Wish::SeeAnew => client.get(url.clone()),
                Wish::Tell(form) => client.post(url.clone()).body(form.to_owned()),
            };
            let asked = match &credentials {
                Some((user, password)) => asked.headers(headers).basic_auth(user, Some(password)),
                None => asked.headers(headers),
            };
            asked.send()
        };
        let outcome = match send(client(Connection::Kept)?, request.headers(url, wish)?).await {
            // A kept connection may have been closed, or spoilt by what came unasked, which shows when it is used: once more,
            // on another (RFC 9112 §9.3.1).
            Err(error) if error::may_be_stale(&error) => {
                send(client(Connection::Own)?, request.headers(url, wish)?).await
            }
            outcome => outcome,
        };
        outcome.map_err(|error| self.failure(url, &error).by(manner.way.proxy.as_ref()))
    }

    async fn take(
        &self,
        answer: reqwest::Response,
        url: Url,
        moved: Option<Url>,
        request: &Request,
    ) -> Result<(Box<Answer>, Option<Coming>), FetchError> {
        let status = answer.status().as_u16();
        let head = head(answer.headers());
        let etag = as_it_came(answer.headers(), &header::ETAG);
        let last_modified = as_it_came(answer.headers(), &header::LAST_MODIFIED);
        if let (304, Some(sent)) = (status, request.validators_for(&url)) {
            // One that names another ETag speaks of a body that we do not have (RFC 9111 §4.3.4): that is asked for in full.
            let is_ours =
                etag.as_deref().is_none_or(|etag| sent.etag.as_deref().is_some_and(|ours| is_same(ours, etag)));
            let validators = is_ours.then(|| sent.clone());
            let answer = Answer { url, moved, head, body: None, validators, room: None, is_open: true };
            return Ok((Box::new(answer), None));
        }
        // 206 and the like are parts, 204 and 205 are nothing.
        if !matches!(status, 200 | 203) {
            return Err(FetchError::Status { url: shown(&url), status, head: Box::new(head) });
        }
        let limit = self.policy.max_size;
        if answer.content_length().is_some_and(|length| length > limit as u64) {
            return Err(unfit(&url, &body::Problem::TooLarge { limit }));
        }
        let is_delimited = answer.headers().contains_key(header::CONTENT_LENGTH)
            || answer.headers().contains_key(header::TRANSFER_ENCODING);
        let coding = joined(answer.headers(), &header::CONTENT_ENCODING);
        let body = body::Decoder::new(coding.as_deref(), limit).map_err(|problem| unfit(&url, &problem))?;
        let mut coming = Coming { answer, body };
        let is_whole = self.read(&mut coming, &url, LARGE).await?;
        let vouched = is_delimited && (etag.is_some() || last_modified.is_some());
        let validators = vouched.then(|| Validators { url: url.clone(), etag, last_modified });
        let (body, rest) = if is_whole { (Some(coming.finish(&url)?), None) } else { (None, Some(coming)) };
        Ok((Box::new(Answer { url, moved, head, body, validators, room: None, is_open: true }), rest))
    }

    /// Takes what comes until more than `enough` bytes are there. Returns whether it has ended.
    async fn read(&self, coming: &mut Coming, url: &Url, enough: usize) -> Result<bool, FetchError> {
        while coming.body.len() <= enough {
            let Some(chunk) = coming.answer.chunk().await.map_err(|error| self.failure(url, &error))? else {
                return Ok(true);
            };
            coming.body.push(&chunk).map_err(|problem| unfit(url, &problem))?;
        }
        Ok(false)
    }

    fn failure(&self, url: &Url, error: &reqwest::Error) -> FetchError {
        FetchError::of(error, &host(url), &shown(url), client::connect_limit(&self.policy))
    }
}

/// Whether a listed host answered, though its name is not listed: it has an address in a network that is. Behind a proxy, that
/// cannot be told.
fn has_inner_peer(answer: &reqwest::Response, private: &Private, request: &Request) -> bool {
    request.manner.way.proxy.is_none() && answer.remote_addr().is_some_and(|peer| private.holds(peer.ip(), None))
}

/// What is wanted of who is asked.
#[derive(Clone, Copy)]
enum Wish<'a> {
    /// What is there.
    See,
    /// The same, of the server itself: caches before it are to ask it (RFC 9111 §5.2.1.4).
    SeeAnew,
    /// That it takes a form.
    Tell(&'a str),
}

/// Where a request came to an end.
struct Arrival {
    /// The address that answered.
    url: Url,
    /// See [`Answer::moved`].
    moved: Option<Url>,
    /// See [`Answer::is_open`].
    is_open: bool,
}

/// An answer whose body comes in.
struct Coming {
    answer: reqwest::Response,
    body: body::Decoder,
}

impl Coming {
    fn finish(self, url: &Url) -> Result<Vec<u8>, FetchError> {
        self.body.finish().map_err(|problem| unfit(url, &problem))
    }
}

fn unfit(url: &Url, problem: &body::Problem) -> FetchError {
    FetchError::Body { url: shown(url), problem: problem.to_string() }
}

impl Request {
    /// What is sent along to an address: what is secret only to the origin that it belongs to.
    fn headers(&self, url: &Url, wish: Wish<'_>) -> Result<HeaderMap, FetchError> {
        let mut headers = HeaderMap::with_capacity(6);
        headers.insert(header::ACCEPT, HeaderValue::from_static(self.accept));
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(body::CODINGS));
        if let Some(validators) = self.validators_for(url) {
            let pairs =
                [(header::IF_NONE_MATCH, &validators.etag), (header::IF_MODIFIED_SINCE, &validators.last_modified)];
            for (name, value) in pairs {
                // A validator that cannot be sent is none: the answer is then whole.
                if let Some(value) = value.as_deref().and_then(sent_back) {
                    headers.insert(name, value);
                }
            }
        }
        if url.origin() == self.url.origin() {
            for (name, value) in &self.manner.headers {
                headers.insert(field_name(name)?, field(name, value)?);
            }
        }
        match wish {
            Wish::See => {}
            Wish::SeeAnew => {
                headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            }
            Wish::Tell(_) => {
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
            }
        }
        Ok(headers)
    }

    /// The validators, where they were given by this address: elsewhere they would vouch for something else.
    fn validators_for(&self, url: &Url) -> Option<&Validators> {
        let is_any = |validators: &&Validators| validators.etag.is_some() || validators.last_modified.is_some();
        self.validators.as_ref().filter(|validators| validators.url == *url).filter(is_any)
    }
}

/// Waits for a task, but not longer than `limit`. It is boxed, for what one waits for is moved on its way here.
async fn within<T>(
    limit: Duration,
    url: &Url,
    stage: Stage,
    task: Pin<Box<impl Future<Output = Result<T, FetchError>>>>,
) -> Result<T, FetchError> {
    match tokio::time::timeout(limit, task).await {
        Ok(outcome) => outcome,
        Err(_) => Err(FetchError::Late { host: host(url), stage, limit }),
    }
}

fn head(headers: &HeaderMap) -> Head {
    Head {
        content_type: text(headers, &header::CONTENT_TYPE),
        content_location: text(headers, &header::CONTENT_LOCATION),
        cache_control: joined(headers, &header::CACHE_CONTROL),
        expires: text(headers, &header::EXPIRES),
        date: text(headers, &header::DATE),
        age: text(headers, &header::AGE),
        retry_after: text(headers, &header::RETRY_AFTER),
    }
}

/// A header as text; bytes that are no UTF-8 are taken for Latin-1, as HTTP once had it.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let bytes = headers.get(name)?.as_bytes();
    String::from_utf8(bytes.to_vec()).ok().or_else(|| as_it_came(headers, name))
}

/// A header byte for byte: each is the character of the same number. [`sent_back`] is the way back.
fn as_it_came(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    Some(mem::decode_latin1(headers.get(name)?.as_bytes()).into_owned())
}

fn sent_back(value: &str) -> Option<HeaderValue> {
    mem::is_str_latin1(value).then(|| HeaderValue::from_bytes(&mem::encode_latin1_lossy(value)).ok()).flatten()
}

/// Whether two entity tags are the same by weak comparison (RFC 9110 §8.8.3.2).
fn is_same(one: &str, other: &str) -> bool {
    one.strip_prefix("W/").unwrap_or(one) == other.strip_prefix("W/").unwrap_or(other)
}

/// A header that may stand several times, in one (RFC 9110 §5.2).
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<String> =
        headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn field_name(name: &str) -> Result<HeaderName, FetchError> {
    let wrong = |_| FetchError::Setting(format!("{name:?} is no name of a header"));
    HeaderName::from_bytes(name.as_bytes()).map_err(wrong)
}

fn field(name: &str, value: &str) -> Result<HeaderValue, FetchError> {
    let wrong = |_| FetchError::Setting(format!("the value of the header {name} has characters that cannot be sent"));
    HeaderValue::from_bytes(value.as_bytes()).map_err(wrong)
}

fn credentials_in(url: &Url) -> Option<(String, String)> {
    let decoded = |text| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    (!url.username().is_empty()).then(|| (decoded(url.username()), decoded(url.password().unwrap_or_default())))
}

pub(super) fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// An address without the user and password in it: they are sent as a header or not at all, and shown to nobody.
fn without_user(url: &Url) -> Url {
    let mut url = url.clone();
    if url.username().is_empty() && url.password().is_none() && url.fragment().is_none() {
        return url;
    }
    // An address with a host has room for a user; one without is refused before.
    let _no_user = url.set_username("").and_then(|()| url.set_password(None));
    url.set_fragment(None);
    url
}

/// The charset that a `Content-Type` declares (RFC 9110 §8.3.2). `None`: it declares none.
pub fn charset(content_type: &str) -> Option<&str> {
    let mut parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let (_, charset) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(charset.trim().trim_matches(['"', '\''])).filter(|charset| !charset.is_empty())
}

/// An address as it may be shown and logged.
pub fn shown(url: &Url) -> String {
    let mut text = without_user(url).to_string();
    if text.len() > SHOWN {
        // An address has no characters beyond ASCII.
        text.truncate(SHOWN);
        text.push('…');
    }
    text
}
