//! Why nothing was brought back, in words for the people who can do something about it.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;
use url::Url;

use super::Head;
use crate::collect::address::Refusal;

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
    /// The owner of the site asks programs to stay away from this address (RFC 9309).
    #[error(
        "{url} is not asked: its robots.txt shuts programs out; set robots = false for this source if its owner agrees"
    )]
    Robots {
        /// The address.
        url: String,
    },
    /// Whether programs are welcome cannot be told at the moment, which counts as no (RFC 9309 §2.3.1.4).
    #[error("{url} is not asked now: {problem}")]
    RobotsUnknown {
        /// The address.
        url: String,
        /// What went wrong, and what to do.
        problem: String,
        /// How long to wait, as the server asks of whoever reads its robots.txt.
        head: Box<Head>,
    },
    /// Nothing answers under the name.
    #[error("{host} has no address: {problem}; check the spelling and the name service")]
    Unknown {
        /// The host.
        host: String,
        /// What the name service says.
        problem: String,
    },
    /// No connection, or one that broke.
    #[error("{host} cannot be reached: {problem}; it is asked again later")]
    Unreachable {
        /// The host.
        host: String,
        /// What went wrong.
        problem: String,
    },
    /// The host does not prove who it is.
    #[error("{host} cannot be trusted: {fault}")]
    Certificate {
        /// The host.
        host: String,
        /// What is wrong with its certificate.
        fault: CertificateFault,
    },
    /// It took too long.
    #[error("{host} did not {stage} within {} s; it is asked again later", limit.as_secs_f32())]
    Late {
        /// The host.
        host: String,
        /// What it did not do.
        stage: Stage,
        /// How long it may take.
        limit: Duration,
    },
    /// An answer that is none: not 200, not 304 to a conditional request.
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
    #[error("{url} {problem}: check the address")]
    Redirect {
        /// Where it went wrong.
        url: String,
        /// How.
        problem: &'static str,
    },
    /// The answer breaks a limit, is cut short or is no HTTP.
    #[error("{url}: {problem}; it is asked again later")]
    Body {
        /// The address.
        url: String,
        /// How.
        problem: String,
    },
    /// The walk does not wait for it.
    #[error("{host} was not asked any more: it takes its time; it is asked at the next visit")]
    PutOff {
        /// The host.
        host: String,
    },
    /// It asks others to wait, and so whoever stands behind them.
    #[error("{host} was not asked any more: it asks to wait; it is asked again later")]
    Held {
        /// The host.
        host: String,
        /// How long it asks to wait.
        head: Box<Head>,
    },
    /// The request cannot even be made.
    #[error("the request cannot be made: {0}")]
    Setting(String),
}

/// How far a request came before its time was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No connection was made.
    Connect,
    /// No head of an answer came.
    Begin,
    /// The body did not end.
    End,
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "take the connection",
            Self::Begin => "begin to answer",
            Self::End => "answer in full",
        })
    }
}

/// What is wrong with a certificate (RFC 5280 §6), and who can mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// Its time is over.
    #[error("its certificate has expired, which its owner must mend (or the clock of this machine is wrong)")]
    Expired,
    /// Its time has not come.
    #[error("its certificate is not valid yet: check the clock of this machine")]
    TooEarly,
    /// It is for another host.
    #[error("its certificate is for other names: check the spelling of the host")]
    WrongHost,
    /// Nobody who is trusted vouches for it.
    #[error(
        "the issuer of its certificate is not known, or an intermediate certificate is missing: if it is to be trusted, give the \
         issuer's certificate as tls_ca"
    )]
    UnknownIssuer,
    /// It is one to vouch for others with, as `openssl req -x509` makes them, which no host may show as its own (RFC 5280 §4.2.1.9).
    #[error(
        "its certificate is that of an issuer (CA:TRUE), as those often are that a host made for itself: it needs one of its own, made \
         with CA:FALSE; that, or its issuer's, can be given as tls_ca"
    )]
    Issuer,
    /// It was taken back.
    #[error("its certificate was revoked")]
    Revoked,
    /// Something else.
    #[error("its certificate cannot be used: {0}")]
    Other(String),
}

impl From<&CertificateError> for CertificateFault {
    fn from(error: &CertificateError) -> Self {
        match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::TooEarly,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Self::WrongHost,
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            CertificateError::Revoked => Self::Revoked,
            // The verifier's own error has no variant here.
            other => match other.to_string() {
                told if told.contains("CaUsedAsEndEntity") => Self::Issuer,
                told => Self::Other(told),
            },
        }
    }
}

/// The next step where a proxy asks who wants to go out by it. One that nobody set may stand before the host, or in the way.
const PROXY_PASSWORD: &str = " (a proxy asks for a password: write both into proxy, as http://USER:PASSWORD@HOST:PORT; where none is \
                              set for this source, look at the address in a browser)";
/// How the client tells that (407, RFC 9110 §15.5.8) where it was asked for a tunnel.
const NO_TUNNEL: &str = "proxy authorization required";

/// The next step after an answer that is none.
fn advice(status: u16) -> &'static str {
    match status {
        204 | 205 => " (it has nothing to show: check the address in a browser; it is asked again later)",
        206 => " (that is a part, and all of it was asked for: its owner must mend that; it is asked again later)",
        304 => {
            " (\"as you know it\", to who asked anew: its server or a cache before it has a fault; it is asked again later)"
        }
        401 => " (it asks for a password: set user and password_file for this source, or correct them)",
        403 => " (it refuses us: look at it in a browser, its owner may shut programs out)",
        404 => " (it is not there: check the address)",
        407 => PROXY_PASSWORD,
        410 => " (it is gone for good: remove the source, or give its new address)",
        429 => " (we ask too often: it is asked less from now on)",
        500..=599 => " (its server has a fault: it is asked again later)",
        _ => "",
    }
}

/// Why a name cannot be dialled.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unresolved {
    #[error("{0}")]
    Refused(Refusal),
    #[error("{0}")]
    Failed(String),
}

/// The causes of an error, from the outside in, those inside an [`io::Error`] included.
pub(super) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error = *error;
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|inner| inner as &(dyn Error + 'static)).or_else(|| error.source())
    })
}

/// Whether a connection failed where an answer should have begun, as one does that was kept and is not fit any more.
pub(super) fn may_be_stale(error: &reqwest::Error) -> bool {
    let is_of_connection = |cause: &(dyn Error + 'static)| {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        cause.is::<hyper::Error>() || matches!(kind, Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe))
    };
    error.is_request() && !error.is_connect() && !error.is_timeout() && causes(error).any(is_of_connection)
}

impl FetchError {
    /// Tells what an error of the client means. `url` is what was asked, as it may be shown.
    pub(super) fn of(error: &reqwest::Error, host: &str, url: &str, connect: Duration) -> Self {
        let host = host.to_owned();
        for cause in causes(error) {
            if let Some(unresolved) = cause.downcast_ref::<Unresolved>() {
                return match unresolved {
                    Unresolved::Refused(refusal) => Self::Refused { url: url.to_owned(), refusal: refusal.clone() },
                    Unresolved::Failed(problem) => Self::Unknown { host, problem: problem.clone() },
                };
            }
            match cause.downcast_ref::<rustls::Error>() {
                Some(rustls::Error::InvalidCertificate(certificate)) => {
                    return Self::Certificate { host, fault: certificate.into() };
                }
                Some(rustls::Error::InvalidMessage(_)) => {
                    let problem =
                        format!("what answers {url} does not speak https: see whether it is an address of http");
                    return Self::Unreachable { host, problem };
                }
                _ => {}
            }
        }
        // The innermost cause is the one that says what happened.
        let problem = causes(error).last().map(ToString::to_string).unwrap_or_default();
        if error.is_timeout() {
            Self::Late { host, stage: Stage::Connect, limit: connect }
        } else if error.is_builder() {
            Self::Setting(problem)
        } else if error.is_body() || error.is_decode() {
            Self::Body { url: url.to_owned(), problem: format!("the answer broke off ({problem})") }
        } else if error.is_connect() {
            Self::Unreachable { host, problem }
        } else {
            Self::Body { url: url.to_owned(), problem: format!("there is no answer that can be read ({problem})") }
        }
    }

    /// The same where a proxy was dialled, if one was: it may be that one which is away.
    pub(super) fn by(self, proxy: Option<&Url>) -> Self {
        let Some(name) = proxy.and_then(Url::host_str) else { return self };
        let port = proxy.and_then(Url::port_or_known_default).map(|port| format!(":{port}")).unwrap_or_default();
        let way = |host: String| format!("{host}, by the proxy {name}{port},");
        match self {
            Self::Unreachable { host, problem } => {
                let advice = if problem.ends_with(NO_TUNNEL) { PROXY_PASSWORD } else { "" };
                Self::Unreachable { host: way(host), problem: problem + advice }
            }
            Self::Late { host, stage: Stage::Connect, limit } => {
                Self::Late { host: way(host), stage: Stage::Connect, limit }
            }
            other => other,
        }
    }

    /// What came with the answer, if there was one.
    pub fn head(&self) -> Option<&Head> {
        match self {
            Self::Status { head, .. } | Self::RobotsUnknown { head, .. } | Self::Held { head, .. } => Some(head),
            _ => None,
        }
    }

    /// Whether anybody was asked, and it was not put off since its host takes its time or asks to wait.
    pub fn was_asked(&self) -> bool {
        !matches!(self, Self::PutOff { .. } | Self::Held { .. })
    }

    /// Whether the source is gone for good (RFC 9110 §15.5.11).
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Status { status: 410, .. })
    }
}
