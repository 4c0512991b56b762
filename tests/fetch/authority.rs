//! Servers on loopback that prove who they are, and who vouches for them.

use std::io::{BufReader, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::badweb::Server;

/// Who vouches for the servers.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Its own certificate.
    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server under a name, whose certificate is valid from and until years. Without a name, it is one to vouch for others with.
    pub(crate) fn server(
        &self,
        name: &str,
        from: i32,
        until: i32,
        behaviour: impl Fn(&str, &mut dyn Write) + Send + Sync + 'static,
    ) -> Server {
        let mut params = CertificateParams::new(Vec::from_iter((!name.is_empty()).then(|| name.to_owned()))).unwrap();
        if name.is_empty() {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
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
        Server::start_with("127.0.0.1:0", behaviour, move |stream: TcpStream, serve| {
            let connection = ServerConnection::new(config.clone()).unwrap();
            serve(&mut BufReader::new(StreamOwned::new(connection, stream)));
        })
    }
}
