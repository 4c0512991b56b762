//! What comes of answers, good and bad.

use std::io::BufReader;
use std::net::TcpListener;
use std::sync::{Arc, Barrier};
use std::time::Instant;

use feedgen::collect::fetch::{FetchError, Manner, Request, Validators, Way};
use url::Url;

use crate::badweb::{Connection, Server, answer, path, redirect, send};
use crate::cases::{CASES, Case, Expected, misbehave};
use crate::{NOBODY, PATIENCE, SHORT, fetch, fetcher, fetcher_for, fetcher_within, request, wait_for};

#[test]
fn bad_answers_end_within_their_limits_and_say_why() {
    let server = Server::start(misbehave);
    let fetcher = fetcher_for(&server);
    let hasty = fetcher_within(SHORT, &[&server.address.to_string()]);
    let mut wrong = Vec::new();
    wait_for(async {
        for Case { path, expected, .. } in CASES.iter() {
            // Who is asked for longer than that is one who would never be done.
            let is_late =
                matches!(expected, Expected::Error(words) if words.is_empty() || words.starts_with("did not"));
            let started = Instant::now();
            let outcome = if is_late { &hasty } else { &fetcher }.fetch(&request(server.url(path))).await;
            let took = started.elapsed();
            if took > PATIENCE / 2 {
                wrong.push(format!("{path} took {took:?}"));
            }
            let told = outcome.as_ref().map(|answer| answer.body.as_deref().map(String::from_utf8_lossy));
            match (expected, &outcome) {
                (Expected::Error(words), Err(error)) if error.to_string().contains(words) => {}
                (Expected::Body(words), Ok(answer)) if answer.body.as_deref() == Some(words.as_bytes()) => {}
                (Expected::Error(words), _) => wrong.push(format!("{path}: {told:?}, not the error {words:?}")),
                (Expected::Body(words), _) => wrong.push(format!("{path}: {told:?}, not {words:?}")),
            }
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn times_to_wait_are_kept() {
    let server = Server::start(misbehave);
    let wait = |path| {
        let error = fetch(&fetcher_for(&server), &request(server.url(path))).unwrap_err();
        error.head().unwrap().retry_after.clone()
    };
    assert_eq!(wait("/429").as_deref(), Some("120"));
    assert_eq!(wait("/503").as_deref(), Some("Fri, 06 Mar 2026 13:00:00 GMT"));
    assert_eq!(wait("/410"), None);
}

#[test]
fn nobody_waits_for_a_connection_that_was_closed_while_it_was_kept() {
    // It says nothing of closing, and closes after each answer.
    let server = Server::start(|_, out| send(out, &answer("", b"whole")));
    let fetcher = fetcher_for(&server);
    wait_for(async {
        for _ in 0..200 {
            fetcher.fetch(&request(server.url("/"))).await.unwrap();
        }
    });
}

#[test]
fn of_several_kept_connections_none_is_trusted_after_the_first_that_was_closed() {
    // Each connection answers once, the first three together; what is asked by it a second time ends it.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let together = Arc::new(Barrier::new(3));
        for (nth, stream) in listener.incoming().map(Result::unwrap).enumerate() {
            let together = together.clone();
            std::thread::spawn(move || {
                let mut connection = BufReader::new(stream);
                connection.head();
                if nth < 3 {
                    together.wait();
                }
                send(connection.writer(), &answer("", b"whole"));
                connection.head();
            });
        }
    });
    let (fetcher, asked) = (fetcher(&[&address]), request(Url::parse(&format!("http://{address}/")).unwrap()));
    wait_for(async {
        tokio::try_join!(fetcher.fetch(&asked), fetcher.fetch(&asked), fetcher.fetch(&asked)).unwrap();
        fetcher.fetch(&asked).await.unwrap();
    });
}

#[test]
fn what_is_unchanged_is_not_sent_again() {
    let etag = b"W/\"\xe4 b\x80\"";
    let server = Server::start(move |head, out| {
        let changed = !head.to_ascii_lowercase().contains("if-none-match");
        let status = if changed { "200 OK" } else { "304 Not Modified" };
        let body = if changed { "5\r\nwhole\r\n0\r\n\r\n" } else { "" };
        send(out, format!("HTTP/1.1 {status}\r\nlast-modified: yesterday, 5\r\netag: ").as_bytes());
        send(out, etag);
        send(out, format!("\r\ntransfer-encoding: chunked\r\n\r\n{body}").as_bytes());
    });
    let fetcher = fetcher_for(&server);
    let first = fetch(&fetcher, &request(server.url("/feed"))).unwrap();
    let validators = first.validators.unwrap();
    assert_eq!(validators.last_modified.as_deref(), Some("yesterday, 5"), "as it came, though it is no date");
    let mut again = request(server.url("/feed"));
    again.validators = Some(validators.clone());
    let second = fetch(&fetcher, &again).unwrap();
    assert_eq!((second.body, second.validators), (None, Some(validators.clone())));
    let heads = server.heads_as_they_came();
    assert!(heads[1].windows(etag.len()).any(|part| part == etag), "{:?}", String::from_utf8_lossy(&heads[1]));

    // Elsewhere they vouch for nothing.
    again.url = server.url("/other");
    assert_eq!(fetch(&fetcher, &again).unwrap().body.as_deref(), Some(b"whole".as_slice()));
}

#[test]
fn a_304_that_names_another_etag_vouches_for_nothing() {
    let server = Server::start(|head, out| {
        let etag = path(head).trim_start_matches('/');
        send(out, format!("HTTP/1.1 304 Not Modified\r\netag: {etag}\r\nlast-modified: today\r\n\r\n").as_bytes());
    });
    let kept = |ours: Option<&str>, theirs: &str| {
        let mut asked = request(server.url(theirs));
        let (etag, last_modified) = (ours.map(str::to_owned), Some("yesterday".to_owned()));
        asked.validators = Some(Validators { url: asked.url.clone(), etag, last_modified });
        let kept = fetch(&fetcher_for(&server), &asked).unwrap().validators;
        assert!(kept.is_none() || kept == asked.validators, "{kept:?}");
        kept.is_some()
    };
    assert!(kept(Some("A"), "A") && kept(Some("W/A"), "A") && kept(Some("A"), "W/A"));
    assert!(!kept(Some("A"), "B") && !kept(Some("W/A"), "W/B") && !kept(None, "B"));
}

#[test]
fn a_cache_that_tells_who_asks_anew_that_nothing_changed_is_passed_by() {
    let server = Server::start(|head, out| {
        let passes_by = head.to_ascii_lowercase().contains("cache-control: no-cache");
        match path(head) {
            "/moved" => redirect(out, "/feed"),
            "/feed" if passes_by => send(out, &answer("etag: \"a\"\r\n", b"whole")),
            _ => send(out, b"HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n\r\n"),
        }
    });
    let fetcher = fetcher_for(&server);
    for asked in ["/feed", "/moved"] {
        let answer = fetch(&fetcher, &request(server.url(asked))).unwrap();
        assert_eq!(answer.body.as_deref(), Some(b"whole".as_slice()), "{asked}");
    }
    // Who asks whether it has changed is told so, and asks no more.
    let validators = fetch(&fetcher, &request(server.url("/feed"))).unwrap().validators;
    let asked = server.paths().len();
    let again = fetch(&fetcher, &Request { validators, ..request(server.url("/feed")) }).unwrap();
    assert_eq!((again.body, server.paths().len()), (None, asked + 1));
    // Where the server itself says so, that is its fault, and told.
    let error = fetch(&fetcher, &request(server.url("/other"))).unwrap_err();
    assert!(matches!(error, FetchError::Status { status: 304, .. }), "{error}");
}

#[test]
fn an_answer_that_may_be_cut_short_is_not_vouched_for() {
    let etag = "etag: \"a\"\r\n";
    let server = Server::start(move |head, out| match path(head) {
        "/told" => send(out, &answer(etag, b"whole")),
        _ => send(out, format!("HTTP/1.1 200 OK\r\n{etag}\r\nmay be cut sho").as_bytes()),
    });
    let validators = |path| fetch(&fetcher_for(&server), &request(server.url(path))).unwrap().validators;
    assert!(validators("/told").is_some());
    assert_eq!(validators("/untold"), None);
}

#[test]
fn a_source_moves_as_far_as_its_redirects_are_permanent() {
    let server = Server::start(|head, out| {
        let (status, target) = match path(head) {
            "/a" => ("301 Moved Permanently", "/b"),
            "/b" => ("308 Permanent Redirect", "c?x#part"),
            "/c?x" => ("302 Found", "/d"),
            "/d" => ("301 Moved Permanently", "/e"),
            _ => return send(out, &answer("", b"whole")),
        };
        send(out, format!("HTTP/1.1 {status}\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n").as_bytes());
    });
    let moved = |path| {
        let answer = fetch(&fetcher_for(&server), &request(server.url(path))).unwrap();
        (answer.url.path().to_owned(), answer.moved.map(|url| url.path().to_owned()))
    };
    assert_eq!(moved("/a"), ("/e".to_owned(), Some("/c".to_owned())));
    assert_eq!(moved("/d"), ("/e".to_owned(), Some("/e".to_owned())));
    assert_eq!(moved("/c?x"), ("/e".to_owned(), None));
}

#[test]
fn secrets_stay_with_the_origin_that_they_are_for() {
    let other = Server::start(|_, out| send(out, &answer("", b"whole")));
    let target = other.url("/away").to_string();
    let server = Server::start(move |head, out| match path(head) {
        "/stay" => redirect(out, "/here"),
        "/leave" => redirect(out, &target),
        _ => send(out, &answer("", b"whole")),
    });
    let fetcher = fetcher(&[&server.address.to_string(), &other.address.to_string()]);
    let mut asked = request(server.url("/stay"));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    asked.manner = Arc::new(Manner {
        headers: vec![pair("Cookie", "session=secret"), pair("X-Key", "secret")],
        credentials: Some(pair("me", "pässword")),
        ..Manner::default()
    });
    fetch(&fetcher, &asked).unwrap();
    asked.url = server.url("/leave");
    fetch(&fetcher, &asked).unwrap();
    let heads = server.heads();
    assert_eq!(heads.len(), 3);
    for head in &heads {
        assert!(
            head.contains("cookie: session=secret\r\nx-key: secret") && head.contains("authorization: basic "),
            "{head}"
        );
        assert!(head.contains("user-agent: feedgen/0 (+https://news.example.edu/)"), "{head}");
    }
    let away = other.heads().concat();
    assert!(!away.contains("secret") && !away.contains("authorization") && !away.contains("referer"), "{away}");

    let mut named = request(server.url("/here"));
    named.url.set_username("an%20n").unwrap();
    named.url.set_password(Some("p%3aw")).unwrap();
    let answer = fetch(&fetcher, &named).unwrap();
    assert!(
        !server.heads()[3].contains('@') && server.heads()[3].contains("authorization: basic yw4gbjpw"),
        "{:?}",
        server.heads()[3]
    );
    assert_eq!(answer.url, server.url("/here"), "what is published later has no password in it");
}

#[test]
fn settings_that_cannot_be_used_are_told() {
    let server = Server::start(misbehave);
    let told = |manner: Manner| {
        let mut asked = request(server.url("/whole"));
        asked.manner = Arc::new(manner);
        fetch(&fetcher_for(&server), &asked).unwrap_err().to_string()
    };
    let header =
        |name: &str, value: &str| Manner { headers: vec![(name.to_owned(), value.to_owned())], ..Manner::default() };
    assert!(told(header("a b", "c")).contains("\"a b\" is no name of a header"));
    assert!(told(header("X-Key", "a\r\nb")).contains("the value of the header X-Key"));
    let way =
        Way { proxy: None, authorities: vec![b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----".to_vec()] };
    assert!(told(Manner { way, ..Manner::default() }).starts_with("the request cannot be made: "));
}

#[test]
fn a_proxy_is_asked_only_where_one_is_configured() {
    let proxy = Server::start(|_, out| send(out, &answer("", b"by proxy")));
    let mut asked = request(Url::parse("http://news.example.edu/feed").unwrap());
    let way = Way { proxy: Some(proxy.url("/")), authorities: Vec::new() };
    asked.manner = Arc::new(Manner { way, ..Manner::default() });
    assert_eq!(fetch(&fetcher(&[]), &asked).unwrap().body.as_deref(), Some(b"by proxy".as_slice()));
    assert_eq!(proxy.paths(), ["http://news.example.edu/feed"]);
    // One that is away is not taken for the host.
    let away = NOBODY;
    let way = Way { proxy: Url::parse(&format!("http://bee:pass@{away}/")).ok(), authorities: Vec::new() };
    let by_none = Request { manner: Arc::new(Manner { way, ..Manner::default() }), ..asked.clone() };
    let told = fetch(&fetcher(&[]), &by_none).unwrap_err().to_string();
    assert!(told.starts_with(&format!("news.example.edu, by the proxy {away}, cannot be reached: ")), "{told}");
    asked.url = Url::parse("http://10.0.0.1/").unwrap();
    assert!(matches!(fetch(&fetcher(&[]), &asked), Err(FetchError::Refused { .. })));
}

#[test]
fn a_proxy_that_asks_for_a_password_is_told_with_the_next_step() {
    let proxy = Server::start(|_, out| {
        send(
            out,
            b"HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n",
        );
    });
    let way = Way { proxy: Some(proxy.url("/")), authorities: Vec::new() };
    let manner = Arc::new(Manner { way, ..Manner::default() });
    for address in ["http://news.example.edu/feed", "https://news.example.edu/feed"] {
        let asked = Request { manner: manner.clone(), ..request(Url::parse(address).unwrap()) };
        let error = fetch(&fetcher(&[]), &asked).unwrap_err().to_string();
        assert!(error.contains("http://USER:PASSWORD@HOST:PORT"), "{error}");
    }
    // One that nobody has set is none to write a password into.
    let error = fetch(&fetcher_for(&proxy), &request(proxy.url("/feed"))).unwrap_err().to_string();
    assert!(error.contains("407") && error.contains("where none is set"), "{error}");
}

#[test]
fn the_open_web_leads_to_no_host_that_is_listed() {
    let inside = Server::start(|_, out| send(out, &answer("", b"inside")));
    let target = inside.url("/");
    // A proxy, so that a host of the open web is asked and none is dialled.
    let proxy = Server::start(move |head, out| match path(head) {
        "http://www.harbour.edu/feed" => redirect(out, "http://news.harbour.edu/feed"),
        "http://news.harbour.edu/feed" => redirect(out, target.as_str()),
        _ => send(out, &answer("", b"by proxy")),
    });
    let mut asked = request(Url::parse("http://www.harbour.edu/feed").unwrap());
    let way = Way { proxy: Some(proxy.url("/")), authorities: Vec::new() };
    asked.manner = Arc::new(Manner { way, ..Manner::default() });
    let told = fetch(&fetcher(&["127.0.0.0/8"]), &asked).unwrap_err().to_string();
    assert!(told.contains("http://news.harbour.edu/feed redirects from the open web to a host that"), "{told}");
    assert_eq!(proxy.paths().len(), 2);
    let listed = fetcher(&["127.0.0.0/8", ".harbour.edu"]);
    assert_eq!(fetch(&listed, &asked).unwrap().body.as_deref(), Some(b"by proxy".as_slice()));
}

#[test]
fn names_without_an_address_are_told_from_hosts_that_do_not_answer() {
    let nowhere = request(Url::parse("http://no-such-host.feedgen-test.edu/").unwrap());
    let unknown = fetch(&fetcher_within(SHORT, &[]), &nowhere).unwrap_err();
    assert!(matches!(unknown, FetchError::Unknown { .. } | FetchError::Late { .. }), "{unknown}");
    let url = Url::parse(&format!("http://{NOBODY}/")).unwrap();
    let told = fetch(&fetcher(&[NOBODY]), &request(url)).unwrap_err().to_string();
    assert!(told.starts_with("127.0.0.1 cannot be reached: Connection refused"), "{told}");
}
