//! Who a host proves to be.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use feedgen::collect::fetch::{CertificateFault, FetchError, Manner, Request, Way};
use url::Url;

use crate::authority::Authority;
use crate::badweb::{Server, answer, path, redirect, send};
use crate::{fetch, fetcher, fetcher_for, request};

fn serve(head: &str, out: &mut dyn Write) {
    match path(head) {
        "/down" => redirect(out, "http://news.example.edu/"),
        _ => send(out, &answer("", b"whole")),
    }
}

/// A request to a server by https, by one who trusts an authority.
fn trusting(authority: &Authority, server: &Server, path: &str) -> Request {
    let url = Url::parse(&format!("https://{}{path}", server.address)).unwrap();
    let way = Way { proxy: None, authorities: vec![authority.pem().into_bytes()] };
    Request { manner: Arc::new(Manner { way, ..Manner::default() }), ..request(url) }
}

#[test]
fn a_host_that_proves_who_it_is_is_heard() {
    let authority = Authority::new("One");
    let server = authority.server("127.0.0.1", 2020, 2120, serve);
    let answer = fetch(&fetcher_for(&server), &trusting(&authority, &server, "/")).unwrap();
    assert_eq!(answer.body.as_deref(), Some(b"whole".as_slice()));
}

#[test]
fn what_is_wrong_with_a_certificate_is_told_with_the_next_step() {
    let authority = Authority::new("One");
    let check = |server: &Server, expected, step| {
        let error = fetch(&fetcher_for(server), &trusting(&authority, server, "/")).unwrap_err();
        assert!(matches!(&error, FetchError::Certificate { fault, .. } if *fault == expected), "{error:?}");
        assert!(error.to_string().contains(step), "{error}");
    };
    check(&authority.server("127.0.0.1", 2020, 2021, serve), CertificateFault::Expired, "its owner must mend");
    check(&authority.server("127.0.0.1", 2100, 2120, serve), CertificateFault::TooEarly, "check the clock");
    check(&authority.server("other.example.edu", 2020, 2120, serve), CertificateFault::WrongHost, "check the spelling");
    let stranger = Authority::new("Another").server("127.0.0.1", 2020, 2120, serve);
    check(&stranger, CertificateFault::UnknownIssuer, "as tls_ca");
    check(&authority.server("", 2020, 2120, serve), CertificateFault::Issuer, "CA:FALSE");
}

#[test]
fn who_speaks_no_https_is_told_from_who_cannot_be_reached() {
    // Servers answer at the first line that is none.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").unwrap();
        stream.read_to_end(&mut Vec::new()).ok();
    });
    let asked = request(Url::parse(&format!("https://{address}/")).unwrap());
    let error = fetch(&fetcher(&["127.0.0.0/8"]), &asked).unwrap_err().to_string();
    assert!(error.contains("see whether it is an address of http"), "{error}");
    server.join().unwrap();
}

#[test]
fn https_does_not_lead_to_http() {
    let authority = Authority::new("One");
    let server = authority.server("127.0.0.1", 2020, 2120, serve);
    let error = fetch(&fetcher_for(&server), &trusting(&authority, &server, "/down")).unwrap_err();
    assert!(error.to_string().contains("redirects from https to http"), "{error}");
}
