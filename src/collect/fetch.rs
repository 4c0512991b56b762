//! The one way out to the web: asks an address, within limits of time, size and place, and brings back what it answers.
//!
//! Every hop is put before [`address::check`] and every answer of the name service before [`address::check_answer`]; only
//! an answer that passed is dialled, so a name that answers differently the second time changes nothing. Redirects are
//! followed here and not in the client, which would dial before it asks.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::address::{self, Private, Refusal};

mod body;

/// Limits of every request, and what is told of us.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Name and contact address: `feedgen/0.1 (+https://news.example.edu/)`.
    pub user_agent: String,
    /// From the first byte asked to the last byte answered, redirects and all.
    pub timeout: Duration,
    /// Largest body after decompression, bytes.
    pub max_size: usize,
    /// What may be asked besides the open web.
    pub private: Private,
}

/// What sets one source's requests apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// Headers that are sent along, to the host of the source only.
    pub headers: Vec<(String, String)>,
    /// User and password of basic authentication (RFC 7617), for the host of the source only.
    pub credentials: Option<(String, String)>,
    /// A proxy that is asked instead of the host.
    pub proxy: Option<Url>,
    /// Certificates, PEM, that are trusted besides those of the system.
    pub authorities: Vec<Vec<u8>>,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The address.
    pub url: &'a Url,
    /// `ETag` of the last whole answer, as it came (RFC 9110 §8.8.3).
    pub etag: Option<&'a str>,
    /// `Last-Modified` of the last whole answer, as it came.
    pub last_modified: Option<&'a str>,
    /// Media types that are wanted.
    pub accept: &'static str,
}

/// What an answer says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Content-Location`.
    pub content_location: Option<String>,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// `Cache-Control`.
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
    /// Where the source has moved for good: every redirect up to here was permanent (301, 308).
    pub moved: Option<Url>,
    /// What it says of itself.
    pub head: Head,
    /// The body, decompressed. `None`: it is what it was (304).
    pub body: Option<Vec<u8>>,
}

/// Why nothing was brought back.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address, or one that it redirects to, may not be asked.
    #[error("{url} is not asked: {refusal}")]
    Refused {
        /// The address.
        url: String,
        /// Why.
        refusal: Refusal,
    },
    /// Nothing answers under the name.
    #[error("{host} has no address: {error}; check the spelling and the name service")]
    Unknown {
        /// The host.
        host: String,
        /// What the name service says.
        error: String,
    },
    /// No connection, or one that broke.
    #[error("{host} cannot be reached: {error}")]
    Unreachable {
        /// The host.
        host: String,
        /// What went wrong, from the outside in.
        error: String,
    },
    /// It took too long.
    #[error("{host} did not answer in full within {} s", timeout.as_secs())]
    Late {
        /// The host.
        host: String,
        /// How long it may take.
        timeout: Duration,
    },
    /// An answer that is none: not 2xx, not 304 to a conditional request.
    #[error("{url} answers {status}{}", advice(*status))]
    Status {
        /// The address.
        url: String,
        /// The status (RFC 9110 §15).
        status: u16,
        /// What came with it.
        head: Box<Head>,
    },
    /// Redirects without end, or to nowhere.
    #[error("{url} {problem}")]
    Redirect {
        /// Where it went wrong.
        url: String,
        /// How.
        problem: &'static str,
    },
    /// The body breaks a limit or is cut short.
    #[error("{url}: {problem}")]
    Body {
        /// The address.
        url: String,
        /// How.
        problem: String,
    },
    /// The request cannot even be made.
    #[error("the request cannot be made: {0}")]
    Setting(String),
}

/// The next step after an answer that is none.
fn advice(status: u16) -> &'static str {
    match status {
        401 => " (it asks for a password: set user and password_file for this source)",
        403 => " (it refuses us: look at it in a browser, its owner may shut programs out)",
        404 => " (it is not there: check the address)",
        410 => " (it is gone for good: remove the source, or give its new address)",
        429 => " (we ask too often: it is asked less from now on)",
        500..=599 => " (its server has a fault: it is asked again later)",
        _ => "",
    }
}

/// Redirects that are followed.
const REDIRECTS: usize = 5;
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// Asks addresses of sources that share a manner. Connections are kept for a while, for the next request.
#[derive(Clone, Debug)]
pub struct Fetcher {
    client: reqwest::Client,
    policy: Policy,
    manner: Manner,
}

impl Fetcher {
    /// Makes ready to ask. Nothing is dialled yet.
    ///
    /// # Errors
    /// When a header, the proxy or a certificate of the manner cannot be used.
    pub fn new(policy: Policy, manner: Manner) -> Result<Self, FetchError> {
        let wrong = |error: &dyn std::error::Error| FetchError::Setting(chain(error));
        // The second call finds the first one's provider, which is the same.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT.min(policy.timeout))
            .pool_max_idle_per_host(2)
            .pool_idle_timeout(Duration::from_secs(15))
            .referer(false)
            .user_agent(&policy.user_agent)
            .no_proxy();
        match &manner.proxy {
            // The proxy looks names up; the configuration trusts it to.
            Some(proxy) => {
                builder = builder.proxy(reqwest::Proxy::all(proxy.clone()).map_err(|error| wrong(&error))?);
            }
            None => builder = builder.dns_resolver(Arc::new(Checked { private: policy.private.clone() })),
        }
        for pem in &manner.authorities {
            let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| wrong(&error))?;
            builder = builder.tls_certs_merge(certificates);
        }
        let client = builder.build().map_err(|error| wrong(&error))?;
        Ok(Self { client, policy, manner })
    }

    /// Asks an address, and follows where it leads.
    ///
    /// # Errors
    /// See [`FetchError`]. None of them says anything about what was there before.
    pub async fn fetch(&self, request: &Request<'_>) -> Result<Answer, FetchError> {
        let asked = self.follow(request);
        match tokio::time::timeout(self.policy.timeout, asked).await {
            Ok(outcome) => outcome,
            Err(_) => Err(FetchError::Late { host: host(request.url), timeout: self.policy.timeout }),
        }
    }

    async fn follow(&self, request: &Request<'_>) -> Result<Answer, FetchError> {
        let mut url = request.url.clone();
        let mut moved = None;
        let mut permanent = true;
        for _ in 0..=REDIRECTS {
            address::check(&url, &self.policy.private)
                .map_err(|refusal| FetchError::Refused { url: shown(&url), refusal })?;
            let answer = self.ask(&url, request).await?;
            let status = answer.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return self.take(answer, url, moved, request).await;
            }
            let problem = |problem| FetchError::Redirect { url: shown(&url), problem };
            let target = text(answer.headers(), &header::LOCATION)
                .ok_or_else(|| problem("redirects without saying where to (no Location)"))?;
            let mut next = url.join(&target).map_err(|_| problem("redirects to what is no address"))?;
            if url.scheme() == "https" && next.scheme() == "http" {
                return Err(problem("redirects from https to http, where anybody can read and change what is sent"));
            }
            // RFC 9110 §10.2.2: the fragment is inherited; nobody sends one.
            next.set_fragment(None);
            permanent &= matches!(status, 301 | 308);
            url = next;
            moved = permanent.then(|| url.clone());
        }
        Err(FetchError::Redirect { url: shown(request.url), problem: "redirects more than five times" })
    }

    async fn ask(&self, url: &Url, request: &Request<'_>) -> Result<reqwest::Response, FetchError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(request.accept));
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(body::CODINGS));
        // What was learnt, and what is secret, is for the origin that it belongs to.
        let ours = url.origin() == request.url.origin();
        if ours {
            for (name, value) in &self.manner.headers {
                headers.insert(field_name(name)?, field(name, value)?);
            }
        }
        for (name, value) in [(header::IF_NONE_MATCH, request.etag), (header::IF_MODIFIED_SINCE, request.last_modified)]
        {
            // A validator that cannot be sent back as it came is not sent: the answer is then whole.
            if let Some(value) = value.and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok()) {
                headers.insert(name, value);
            }
        }
        let mut builder = self.client.get(plain(url)).headers(headers);
        if let Some((user, password)) = self.manner.credentials.as_ref().filter(|_| ours) {
            builder = builder.basic_auth(user, Some(password));
        } else if ours && !url.username().is_empty() {
            builder = builder.basic_auth(decoded(url.username()), url.password().map(decoded));
        }
        builder.send().await.map_err(|error| self.failure(url, &error))
    }

    async fn take(
        &self,
        mut answer: reqwest::Response,
        url: Url,
        moved: Option<Url>,
        request: &Request<'_>,
    ) -> Result<Answer, FetchError> {
        let status = answer.status().as_u16();
        let head = head(answer.headers());
        let conditional = request.etag.is_some() || request.last_modified.is_some();
        if status == 304 && conditional {
            return Ok(Answer { url, moved, head, body: None });
        }
        // 206 and the like are parts, 204 and 205 are nothing.
        if !matches!(status, 200 | 203) {
            return Err(FetchError::Status { url: shown(&url), status, head: Box::new(head) });
        }
        let failed = |problem: body::Problem| FetchError::Body { url: shown(&url), problem: problem.to_string() };
        let coding = text(answer.headers(), &header::CONTENT_ENCODING);
        let mut body = body::Decoder::new(coding.as_deref(), self.policy.max_size).map_err(failed)?;
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.failure(&url, &error))? {
            body.push(&chunk).map_err(failed)?;
        }
        let body = body.finish().map_err(failed)?;
        Ok(Answer { url, moved, head, body: Some(body) })
    }

    fn failure(&self, url: &Url, error: &reqwest::Error) -> FetchError {
        let host = host(url);
        let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
        while let Some(inner) = cause {
            if let Some(unresolved) = inner.downcast_ref::<Unresolved>() {
                return match unresolved {
                    Unresolved::Refused(refusal) => FetchError::Refused { url: shown(url), refusal: refusal.clone() },
                    Unresolved::Failed(error) => FetchError::Unknown { host, error: error.clone() },
                };
            }
            cause = inner.source();
        }
        if error.is_timeout() {
            return FetchError::Late { host, timeout: CONNECT.min(self.policy.timeout) };
        }
        if error.is_builder() {
            return FetchError::Setting(chain(error));
        }
        if error.is_body() || error.is_decode() {
            return FetchError::Body { url: shown(url), problem: format!("the answer broke off: {}", chain(error)) };
        }
        FetchError::Unreachable { host, error: chain(error) }
    }
}

/// Looks names up as the system does, and hands on only what may be dialled.
#[derive(Debug)]
struct Checked {
    private: Private,
}

/// Why a name cannot be dialled.
#[derive(Debug, thiserror::Error)]
enum Unresolved {
    #[error("{0}")]
    Refused(Refusal),
    #[error("{0}")]
    Failed(String),
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::net::lookup_host((host.as_str(), 0))
                .await
                .map_err(|error| Unresolved::Failed(error.to_string()))?;
            let mut refused = None;
            let mut allowed: Vec<SocketAddr> = Vec::new();
            for answer in found {
                match address::check_answer(&host, answer.ip(), &private) {
                    Ok(()) => allowed.push(answer),
                    Err(refusal) => refused = Some(refusal),
                }
            }
            if allowed.is_empty() {
                let none = || Unresolved::Failed("the name service knows the name, but no address".to_owned());
                return Err(refused.map_or_else(none, Unresolved::Refused).into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

fn head(headers: &HeaderMap) -> Head {
    Head {
        content_type: text(headers, &header::CONTENT_TYPE),
        content_location: text(headers, &header::CONTENT_LOCATION),
        etag: text(headers, &header::ETAG),
        last_modified: text(headers, &header::LAST_MODIFIED),
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
    Some(String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect()))
}

/// A header that may stand several times, in one (RFC 9110 §5.2).
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn field_name(name: &str) -> Result<HeaderName, FetchError> {
    let wrong = || FetchError::Setting(format!("{name:?} is no name of a header"));
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())
}

fn field(name: &str, value: &str) -> Result<HeaderValue, FetchError> {
    let wrong = || FetchError::Setting(format!("the value of the header {name} has characters that cannot be sent"));
    HeaderValue::from_bytes(value.as_bytes()).map_err(|_| wrong())
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// An address without the user and password in it: they are sent as a header or not at all.
fn plain(url: &Url) -> Url {
    let mut url = url.clone();
    // An address with a host has room for a user; one without is refused before.
    let _no_user = url.set_username("").and_then(|()| url.set_password(None));
    url.set_fragment(None);
    url
}

/// An address as it may be shown and logged.
fn shown(url: &Url) -> String {
    plain(url).to_string()
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// An error with all its causes, which tell what really happened.
fn chain(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_told = inner.to_string();
        if !told.contains(&inner_told) {
            told = format!("{told}: {inner_told}");
        }
        cause = inner.source();
    }
    told
}
