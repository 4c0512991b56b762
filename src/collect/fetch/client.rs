//! The HTTP client behind the fetcher: no proxy but that of the source, no redirects, and no address but
//! those that were checked.

use std::collections::HashSet;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use url::Url;

use super::error::{Unresolved, causes};
use super::{FetchError, Manner, Policy, Way};
use crate::collect::address::{self, Private, Refusal};

/// Hosts after which a client is made anew. With the one before go the connections that it kept, one or two for each host: a process
/// has 1,024 descriptors, unless somebody allowed it more.
const HOSTS: usize = 256;

/// Which connections a request may go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Connection {
    /// One that was kept from a request before, if there is one.
    Kept,
    /// None but its own. Of those that were kept several may be closed by now, and the client would try one after the other.
    Own,
}

/// One client for each way out and what may be reached by it, made when it is first needed: it reads the certificates of the system,
/// unless nothing is to be encrypted. Beside each, the hosts that it has asked.
#[derive(Debug, Default)]
pub(super) struct Clients {
    made: Mutex<Vec<(Kind, reqwest::Client, HashSet<String>)>>,
}

/// What sets clients apart: the way out, what may be reached by it, whether nothing is to be encrypted, and the connections.
type Kind = (Way, Private, bool, Connection);

impl Clients {
    pub(super) fn client(
        &self,
        policy: &Policy,
        manner: &Manner,
        private: &Private,
        url: &Url,
        connection: Connection,
    ) -> Result<reqwest::Client, FetchError> {
        let Way { proxy, authorities } = &manner.way;
        let is_plain = url.scheme() == "http" && proxy.is_none() && authorities.is_empty();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        // There are few, and each request looks for one.
        let sought = (&manner.way, private, is_plain, connection);
        let known = made.iter().position(|((way, of, plain, by), ..)| (way, of, *plain, *by) == sought);
        let host = url.host_str().unwrap_or_default();
        if let Some((_, client, asked)) = known.and_then(|at| made.get_mut(at))
            && (asked.contains(host) || asked.len() < HOSTS && asked.insert(host.to_owned()))
        {
            return Ok(client.clone());
        }
        let client = build(policy, &manner.way, private, is_plain, connection).map_err(|error| {
            let told: Vec<String> = causes(&error).map(ToString::to_string).collect();
            FetchError::Setting(told.join(": "))
        })?;
        if let Some(at) = known {
            made.swap_remove(at);
        }
        let asked = HashSet::from([host.to_owned()]);
        made.push(((manner.way.clone(), private.clone(), is_plain, connection), client.clone(), asked));
        Ok(client)
    }
}

/// How long a connection may take to be made, its TLS handshake included.
pub(super) fn connect_limit(policy: &Policy) -> Duration {
    policy.timeout.min(Duration::from_secs(10))
}

fn build(
    policy: &Policy,
    way: &Way,
    private: &Private,
    is_plain: bool,
    connection: Connection,
) -> Result<reqwest::Client, reqwest::Error> {
    let kept = match connection {
        // As many as are asked of a host at once at the most (`politeness`), so that none is made anew for each request.
        Connection::Kept => 32,
        Connection::Own => 0,
    };
    // The second call finds the first one's provider, which is the same.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        // What fails is asked again by the fetcher, if it is: no copy of each request is kept for that.
        .retry(reqwest::retry::never().max_retries_per_request(0))
        .connect_timeout(connect_limit(policy))
        .pool_max_idle_per_host(kept)
        .pool_idle_timeout(Duration::from_secs(15))
        .referer(false)
        .user_agent(&policy.user_agent)
        .no_proxy();
    builder = match &way.proxy {
        // The proxy looks names up; the configuration trusts it to.
        Some(proxy) => builder.proxy(reqwest::Proxy::all(proxy.clone())?),
        None => {
            builder.dns_resolver(Arc::new(Checked { private: private.clone(), limit: connect_limit(policy) * 9 / 10 }))
        }
    };
    if is_plain {
        // It trusts nobody, for nobody is going to say who they are.
        return builder.tls_certs_only([]).build();
    }
    for pem in &way.authorities {
        builder = builder.tls_certs_merge(reqwest::Certificate::from_pem_bundle(pem)?);
    }
    builder.build()
}

/// Whether a file of certificates (PEM) can be trusted as it is.
///
/// # Errors
/// What is wrong with it.
pub fn check_authorities(pem: &[u8]) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| format!("holds what is no certificate: {error}"))?;
        roots.add(certificate).map_err(|error| format!("holds a certificate that cannot be used: {error}"))?;
    }
    if roots.is_empty() { Err("holds no certificate in PEM (-----BEGIN CERTIFICATE-----)".to_owned()) } else { Ok(()) }
}

/// What the name service knows of a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookedUp {
    /// What may be dialled; the ports are 0.
    pub allowed: Vec<SocketAddr>,
    /// Why the others may not.
    pub refused: Vec<Refusal>,
}

/// Looks a host up as the system does, and judges what comes.
///
/// # Errors
/// When the name service does not know it.
pub async fn look_up(host: &str, private: &Private) -> io::Result<LookedUp> {
    let mut found = LookedUp::default();
    for answer in tokio::net::lookup_host((host, 0)).await? {
        match address::check_answer(host, answer.ip(), private) {
            Ok(()) => found.allowed.push(answer),
            Err(refusal) => found.refused.push(refusal),
        }
    }
    Ok(found)
}

/// Looks names up as the system does, and hands on only what may be dialled.
#[derive(Debug)]
struct Checked {
    private: Private,
    /// How long that may take: less than the connection as a whole, so that it is known what was waited for.
    limit: Duration,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (private, limit) = (self.private.clone(), self.limit);
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let looked = tokio::time::timeout(limit, look_up(&host, &private)).await;
            let silent =
                |_| Unresolved::Failed(format!("the name service did not answer within {} s", limit.as_secs_f32()));
            let LookedUp { allowed, refused } =
                looked.map_err(silent)?.map_err(|error| Unresolved::Failed(error.to_string()))?;
            if allowed.is_empty() {
                let unknown = || Unresolved::Failed("the name service knows the name, but no address".to_owned());
                return Err(refused.into_iter().next_back().map_or_else(unknown, Unresolved::Refused).into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}
