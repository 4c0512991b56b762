//! Who may look at what an address would give: whoever sits at this machine, or has the token; and only of their own accord.
//!
//! Three things are told apart. A request through a proxy comes from this machine, too, so one that tells of a proxy does not count as
//! local, and since not every proxy tells, none does while the site is to be found elsewhere. A page of a stranger may send a browser here, so what is asked has to come from a page of ours, with a mark that no
//! other page knows. And a stranger's name may lead to this machine (DNS rebinding), so without a token the host has to be this one.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, HOST, HeaderName, ORIGIN, VIA};
use sha2::{Digest as _, Sha256};

use super::View;
use crate::refresh;

/// Proof that whoever asks is an administrator: nothing but `admit` makes one.
#[derive(Clone, Copy, Debug)]
pub struct Admitted(());

/// Why somebody may not look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A token would help.
    Token,
    /// Nothing but coming from this machine would.
    Place,
}

/// Lets in who is at this machine or has the token.
pub(super) fn admit(view: &View<'_>) -> Result<Admitted, Refusal> {
    let token = token(view);
    if let Some(token) = &token
        && given(view.asked.headers).is_some_and(|given| digest(&[&given]) == digest(&[token]))
    {
        return Ok(Admitted(()));
    }
    let is_local = view.asked.peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback())
        && !tells_of_proxy(view.asked.headers)
        && is_here(host_asked_for(view.asked.headers))
        && is_here(view.settings.site.url.host_str().unwrap_or_default());
    match (is_local, token) {
        (true, _) => Ok(Admitted(())),
        (false, Some(_)) => Err(Refusal::Token),
        (false, None) => Err(Refusal::Place),
    }
}

/// The token of `serve.token_file`. `None`: there is none, or it cannot be read, so that it lets nobody in.
fn token(view: &View<'_>) -> Option<Vec<u8>> {
    refresh::secret(view.settings.serve.token_file.as_ref()?).ok()
}

/// The token that came along: as the password of any user (RFC 7617), as browsers ask for it, or alone (RFC 6750).
fn given(headers: &HeaderMap) -> Option<Vec<u8>> {
    let (scheme, value) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(value.trim().as_bytes().to_vec());
    }
    let pair = BASE64_STANDARD.decode(value.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    pair.get(colon + 1..).map(<[u8]>::to_vec)
}

fn tells_of_proxy(headers: &HeaderMap) -> bool {
    let tells = |name: &HeaderName| {
        let name = name.as_str();
        *name == VIA
            || ["x-forwarded", "x-real-ip", "x-client-ip", "x-cluster-client-ip"]
                .iter()
                .any(|start| name.starts_with(start))
            || ["forwarded", "true-client-ip", "cf-connecting-ip", "fastly-client-ip"].contains(&name)
    };
    headers.keys().any(tells)
}

/// The host that is asked for, without its port.
fn host_asked_for(headers: &HeaderMap) -> &str {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Whether a host is this machine, by a name that nobody else can give.
fn is_here(host: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"].contains(&host.to_ascii_lowercase().as_str())
}

/// The mark in our form: nobody can make it who does not know to the nanosecond when we started, and the token.
pub(super) fn mark(view: &View<'_>) -> String {
    let started = view.live.started.timestamp_nanos_opt().unwrap_or_default().to_le_bytes();
    let token = token(view).unwrap_or_default();
    let process = std::process::id().to_le_bytes();
    let print = digest(&[b"preview", &started, &process, &token]);
    print.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// Whether a form was sent from our page: by its mark, and by what browsers tell of where it comes from (Fetch Metadata, RFC 6454).
pub(super) fn is_ours(view: &View<'_>, given: &str) -> bool {
    let headers = view.asked.headers;
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let site = headers.get("sec-fetch-site").map(|value| value.to_str().unwrap_or_default());
    let host = text(&HOST).unwrap_or_default();
    let is_same_origin = text(&ORIGIN).is_none_or(|origin| {
        let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
    });
    is_same_origin
        && site.is_none_or(|site| site == "same-origin")
        && digest(&[given.as_bytes()]) == digest(&[mark(view).as_bytes()])
}

/// Of texts that are compared only their digests are, so that the time it takes tells nothing of them.
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}
