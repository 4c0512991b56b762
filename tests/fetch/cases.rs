//! Bad answers, and a few good ones, with what must come of each.

use std::io::Write;
use std::sync::LazyLock;
use std::time::Duration;

use crate::badweb::{answer, path, redirection, send};

/// An answer, and what must come of it.
pub(crate) struct Case {
    /// The path that it is the answer to.
    pub(crate) path: &'static str,
    start: Vec<u8>,
    then: Then,
    pub(crate) expected: Expected,
}

/// What follows the start of an answer.
enum Then {
    Close,
    /// Nothing, and no end.
    Wait,
    /// The same bytes again and again, as fast as they are read.
    Flood(Vec<u8>),
    /// The same bytes ten times a second.
    Drip(&'static str),
}

/// A part of the error's words, or the body.
pub(crate) enum Expected {
    Error(&'static str),
    Body(&'static str),
}

use Expected::{Body, Error};
use Then::{Close, Drip, Flood, Wait};

const OK: &str = "HTTP/1.1 200 OK\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const GZIPPED: &str = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n";
const UNREADABLE: Expected = Error("no answer that can be read");
const BROKEN: Expected = Error("broke off");
const LATE: Expected = Error("did not");
const LARGE: Expected = Error("larger than 16 MiB");

/// 64 MiB of zeros in 51 bytes of brotli.
const BROTLI_BOMB: &[u8] = &[
    0xcb, 0xff, 0xff, 0x7f, 0x00, 0x24, 0x00, 0xe2, 0xb1, 0x40, 0x72, 0xef, 0xff, 0x9f, 0xff, 0xff, 0x0f, 0x80, 0x04,
    0x40, 0x1c, 0x16, 0x80, 0xee, 0xfd, 0x3f, 0xff, 0xff, 0xf0, 0x19, 0x00, 0x08, 0x8c, 0x30, 0x2d, 0x0b, 0xdf, 0xfc,
    0xff, 0xff, 0x7f, 0x00, 0x12, 0x00, 0x71, 0x58, 0x00, 0xba, 0xf7, 0xff,
];

/// The head of a gzip file that has a name, which does not end.
const GZIP_WITH_NAME: &[u8] = b"\x1f\x8b\x08\x08\0\0\0\0\0\x03";

/// The cases, a harmless one first.
pub(crate) static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let case = |path, start: &[u8], then, expected| Case { path, start: start.to_vec(), then, expected };
    let says = |path, text: &str, then, expected| case(path, text.as_bytes(), then, expected);
    let ends = |path, text: &str, expected| says(path, text, Close, expected);
    let coded = |path, coding: &str, body: &[u8], expected| {
        case(path, &answer(&format!("content-encoding: {coding}\r\n"), body), Close, expected)
    };
    let leads = |path, target: &str, expected| ends(path, &redirection(target), Error(expected));
    let status = |path, line: &str, expected| ends(path, &format!("HTTP/1.1 {line}\r\n\r\n"), Error(expected));
    let flood = |text: &str| Flood(text.as_bytes().to_vec());
    let much = || Flood(vec![b'a'; 65_536]);
    let mut wrong_sum = gzip(b"small");
    *wrong_sum.iter_mut().nth_back(5).unwrap() ^= 1;
    let cut = gzip(b"a few words");
    let cut = cut.split_at(cut.len() - 5).0;
    vec![
        // Good answers.
        case("/whole", &answer("", b"whole"), Close, Body("whole")),
        case("/empty", &answer("", b""), Close, Body("")),
        ends("/chunked", &format!("{CHUNKED}5\r\nwhole\r\n0\r\n\r\n"), Body("whole")),
        ends("/until-closed", "HTTP/1.0 200 OK\r\n\r\nwhole", Body("whole")),
        ends("/early-hints", &format!("HTTP/1.1 103 Early Hints\r\n\r\n{OK}\r\nwhole"), Body("whole")),
        case("/garbage-after", &answer("", b"whole"), flood("garbage"), Body("whole")),
        coded("/gzip", "gzip", &gzip(b"small"), Body("small")),
        coded("/gzip-members", "gzip", &[gzip(b"a "), gzip(b"b")].concat(), Body("a b")),
        coded("/gzip-padded", "gzip", &[gzip(b"small"), vec![0; 512]].concat(), Body("small")),
        coded("/gzip-and-more", "gzip", &[gzip(b"small"), b"<!-- cached -->".to_vec()].concat(), Body("small")),
        coded("/gzip-and-a-byte", "gzip", &[gzip(b"small"), vec![0x1f]].concat(), Body("small")),
        coded("/gzip-identity", "identity, X-GZIP", &gzip(b"small"), Body("small")),
        // Heads.
        says("/endless-head", OK, flood("x-a: b\r\n"), UNREADABLE),
        says("/endless-header", &format!("{OK}x-a: "), much(), UNREADABLE),
        case("/thousand-headers", &answer(&"x-a: b\r\n".repeat(1000), b"whole"), Close, UNREADABLE),
        case("/nul", &answer("x-a: \0\r\n", b"whole"), Close, UNREADABLE),
        says("/drip-head", "", Drip("H"), LATE),
        says("/drip-headers", OK, Drip("x: y\r\n"), LATE),
        says("/never", "", Wait, LATE),
        ends("/closes", "", UNREADABLE),
        says("/continue-flood", "", flood("HTTP/1.1 100 Continue\r\n\r\n"), LATE),
        ends("/http-0.9", "<rss version='2.0'><channel/></rss>", UNREADABLE),
        status("/no-status", "fine", "no answer that can be read"),
        // Lengths.
        says("/endless-body", &format!("{OK}\r\n"), much(), LARGE),
        says("/endless-chunks", CHUNKED, flood("8\r\nxxxxxxxx\r\n"), Error("")),
        says("/drip-body", &format!("{OK}content-length: 1000\r\n\r\n"), Drip("x"), Error("did not answer in full")),
        says("/drip-chunks", CHUNKED, Drip("1\r\nx\r\n"), Error("did not answer in full")),
        ends("/huge-length", &format!("{OK}content-length: 1000000000000\r\n\r\nx"), LARGE),
        ends("/negative-length", &format!("{OK}content-length: -5\r\n\r\nwhole"), UNREADABLE),
        ends("/two-lengths", &format!("{OK}content-length: 5\r\ncontent-length: 6\r\n\r\nwhole"), UNREADABLE),
        ends("/short", &format!("{OK}content-length: 1000\r\n\r\nshort"), BROKEN),
        ends("/short-chunk", &format!("{CHUNKED}ff\r\nshort"), BROKEN),
        ends("/no-last-chunk", &format!("{CHUNKED}5\r\nshort\r\n"), BROKEN),
        ends("/wrong-chunk", &format!("{CHUNKED}zz\r\nshort\r\n0\r\n\r\n"), BROKEN),
        says("/endless-extension", &format!("{CHUNKED}1;"), much(), BROKEN),
        says("/endless-trailer", &format!("{CHUNKED}0\r\n"), flood("x-a: b\r\n"), BROKEN),
        // Codings.
        coded("/gzip-bomb", "gzip", &gzip(&vec![0; 64 << 20]), Error("grows to more than 100 times")),
        coded("/brotli-bomb", "br", BROTLI_BOMB, Error("grows to more than 100 times")),
        coded(
            "/brotli-wide",
            "br",
            &[0xcf, 0xff, 0xff, 0x7f, 0x00, 0x24],
            Error("more memory for its content coding br"),
        ),
        coded("/brotli-window", "br", &[0x11, 0x1e, 0, 0, 0, 0], Error("not what its content coding br says")),
        case(
            "/endless-gzip-header",
            &[GZIPPED.as_bytes(), GZIP_WITH_NAME].concat(),
            much(),
            Error("content coding gzip"),
        ),
        says("/endless-empty-gzip", GZIPPED, Flood(gzip(b"").repeat(1000)), Error("")),
        coded("/gzip-twice", "gzip, gzip", &gzip(&gzip(b"small")), Error("\"gzip, gzip\"")),
        coded("/gzip-in-two-lines", "gzip\r\ncontent-encoding: gzip", &gzip(&gzip(b"small")), Error("\"gzip, gzip\"")),
        coded("/zstd", "zstd", b"small", Error("\"zstd\"")),
        coded("/gzip-wrong-sum", "gzip", &[wrong_sum, gzip(b"more")].concat(), Error("content coding gzip")),
        coded("/gzip-cut-member", "gzip", &[&gzip(b"whole"), cut].concat(), Error("breaks off in the middle")),
        coded("/no-gzip", "gzip", b"plain words", Error("not what its content coding gzip says")),
        coded("/cut-gzip", "gzip", cut, Error("breaks off in the middle")),
        coded("/cut-brotli", "br", BROTLI_BOMB.split_at(3).0, Error("breaks off in the middle")),
        // Redirects. Should they be followed after all, nobody is there.
        leads("/loop", "/loop", "redirects more than five times"),
        leads("/wrong-location", "http://", "redirects to what is no address"),
        leads("/to-file", "file:///etc/passwd", "file: addresses are asked by http and https only"),
        leads("/to-data", "data:text/xml,<rss/>", "data: addresses are asked by http and https only"),
        leads("/to-inside", "http://192.0.2.1/", "192.0.2.1 is an address inside a network"),
        leads("/to-link", "//169.254.255.1/latest/", "169.254.255.1 is an address inside a network"),
        leads("/to-loopback", "http://127.0.0.1:1024/", "127.0.0.1 is an address inside a network"),
        leads("/to-decimal", "http://2130706433:1024/", "127.0.0.1 is an address inside a network"),
        leads("/to-localhost", "http://localhost:1024/", "localhost is a name inside a network"),
        leads("/to-ipv6", "http://[::1]:1024/", "::1 is an address inside a network"),
        leads("/to-mail", "http://www.example.edu:25/", "port 25 belongs to another service"),
        status("/no-location", "302 Found\r\ncontent-length: 0", "no Location"),
        // Statuses.
        status("/304", "304 Not Modified\r\netag: \"a\"", "answers 304"),
        status("/206", "206 Partial Content\r\ncontent-range: bytes 0-4/9\r\ncontent-length: 0", "answers 206"),
        status("/204", "204 No Content", "answers 204"),
        status("/410", "410 Gone\r\ncontent-length: 0", "gone for good"),
        status("/429", "429 Too Many Requests\r\nretry-after: 120\r\ncontent-length: 0", "we ask too often"),
        status("/503", "503 No\r\nretry-after: Fri, 06 Mar 2026 13:00:00 GMT\r\ncontent-length: 0", "has a fault"),
    ]
});

/// Answers as the case of the path says.
pub(crate) fn misbehave(head: &str, out: &mut dyn Write) {
    let Some(case) = CASES.iter().find(|case| case.path == path(head)) else {
        return send(out, b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
    };
    send(out, &case.start);
    match &case.then {
        Close => {}
        Wait => std::thread::sleep(Duration::from_secs(10)),
        Flood(bytes) => while out.write_all(bytes).is_ok() {},
        Drip(text) => {
            while out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_ok() {
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
