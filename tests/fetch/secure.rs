//! Who a host proves to be.

use std::io::BufReader;
use std::net::TcpStream;
use std::sync::Arc;

use feedgen::collect::fetch::{CertificateFault, FetchError, Manner, Request, Way};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use url::Url;

use crate::badweb::{Server, answer, path, redirect, send};
use crate::{fetch, fetcher_for, request};

/// Who vouches for the servers.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A server under a name, whose certificate is valid from and until years.
    fn server(&self, name: &str, from: i32, until: i32) -> Server {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
            )
            .unwrap();
        let config = Arc::new(config);
        let behaviour = |head: &str, out: &mut dyn std::io::Write| match path(head) {
            "/down" => redirect(out, "http://news.example.edu/"),
            _ => send(out, &answer("", b"whole")),
        };
        Server::start_with("127.0.0.1:0", behaviour, move |stream: TcpStream, serve| {
            let connection = ServerConnection::new(config.clone()).unwrap();
            serve(&mut BufReader::new(StreamOwned::new(connection, stream)));
        })
    }

    /// A request to a server by https, by one who trusts this authority.
    fn request(&self, server: &Server, path: &str) -> Request {
        let url = Url::parse(&format!("https://{}{path}", server.address)).unwrap();
        let way = Way { proxy: None, authorities: vec![self.0.pem().into_bytes()] };
        Request { manner: Arc::new(Manner { way, ..Manner::default() }), ..request(url) }
    }
}

#[test]
fn a_host_that_proves_who_it_is_is_heard() {
    let authority = Authority::new("One");
    let server = authority.server("127.0.0.1", 2020, 2120);
    let answer = fetch(&fetcher_for(&server), &authority.request(&server, "/")).unwrap();
    assert_eq!(answer.body.as_deref(), Some(b"whole".as_slice()));
}

#[test]
fn what_is_wrong_with_a_certificate_is_told_with_the_next_step() {
    let authority = Authority::new("One");
    let check = |server: &Server, expected, step| {
        let error = fetch(&fetcher_for(server), &authority.request(server, "/")).unwrap_err();
        assert!(matches!(&error, FetchError::Certificate { fault, .. } if *fault == expected), "{error:?}");
        assert!(error.to_string().contains(step), "{error}");
    };
    check(&authority.server("127.0.0.1", 2020, 2021), CertificateFault::Expired, "its owner must mend");
    check(&authority.server("127.0.0.1", 2100, 2120), CertificateFault::TooEarly, "check the clock");
    check(&authority.server("other.example.edu", 2020, 2120), CertificateFault::WrongHost, "check the spelling");
    let stranger = Authority::new("Another").server("127.0.0.1", 2020, 2120);
    check(&stranger, CertificateFault::UnknownIssuer, "as tls_ca");
}

#[test]
fn https_does_not_lead_to_http() {
    let authority = Authority::new("One");
    let server = authority.server("127.0.0.1", 2020, 2120);
    let error = fetch(&fetcher_for(&server), &authority.request(&server, "/down")).unwrap_err();
    assert!(error.to_string().contains("redirects from https to http"), "{error}");
}
