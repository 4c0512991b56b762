//! How hosts are treated: not too much at once, only where programs are welcome, and secrets stay where they belong.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::authority::Authority;
use crate::badweb::{Server, answer, path, redirect, send};
use crate::house::House;
use crate::publisher::{CLOSE, CONFIG, Story, rss, rss_with};

/// A house without robots.txt unless a source asks for it, with sources on the web: id and keys.
fn house(sources: &[(&str, String)]) -> House {
    let house = House::new();
    let source = |(id, keys): &(&str, String)| format!("[[source]]\nid = \"{id}\"\n{keys}\n");
    house.config(&format!("{CONFIG}{}", sources.iter().map(source).collect::<String>()));
    house
}

fn feed(server: &Server, path: &str) -> String {
    format!("feed = \"{}\"\n", server.url(path))
}

/// A feed with a story of its path.
fn tell(head: &str) -> Vec<u8> {
    answer(CLOSE, rss(&[Story::new(1).guid(&format!("urn:path:{}", path(head).len()))]).as_bytes())
}

#[test]
fn a_host_is_asked_by_two_at_a_time_a_second_apart_and_others_are_not_kept_waiting() {
    let (serving, most, others) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
    let seen = most.clone();
    // A proxy, so that hosts of the open web are asked and none is dialled.
    let proxy = Server::start(move |head, out| {
        if path(head).contains("www.") {
            seen.fetch_max(serving.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            // Two are served, and the other host has been asked; then a third has time to come.
            let begun = Instant::now();
            let is_so = || seen.load(Ordering::SeqCst) > 1 && others.load(Ordering::SeqCst) > 0;
            while !is_so() && begun.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(20));
            }
            std::thread::sleep(Duration::from_millis(1500));
            serving.fetch_sub(1, Ordering::SeqCst);
        } else {
            others.fetch_add(1, Ordering::SeqCst);
        }
        send(out, &tell(head));
    });
    let at = |url: &str| format!("feed = \"{url}\"\nproxy = \"{}\"\n", proxy.url("/"));
    let www = |path: &str| at(&format!("http://www.harbour.edu/{path}"));
    let house = house(&[("a", www("a")), ("b", www("bb")), ("c", www("ccc")), ("other", at("http://news.quay.edu/d"))]);
    let begun = Instant::now();
    house.refresh().expect_ok();
    let asked: Vec<_> = proxy.paths().into_iter().zip(proxy.times()).collect();
    let (www, other): (Vec<_>, Vec<_>) = asked.into_iter().partition(|(path, _)| path.contains("www."));
    assert_eq!((www.len(), other.len()), (3, 1));
    // One may be on its way for longer than that behind it.
    for (second, (_, time)) in (0..).zip(&www) {
        assert!(*time - begun >= Duration::from_secs(second), "{www:?}");
    }
    assert_eq!(most.load(Ordering::SeqCst), 2);
    // Before any of those was answered.
    assert!(other[0].1 - www[0].1 < Duration::from_secs(20), "{other:?} {www:?}");
    assert!(proxy.heads()[0].contains("user-agent: feedgen/"), "{:?}", proxy.heads());
    assert!(proxy.heads()[0].contains("(+https://news.example.edu/feeds/)"));
}

#[test]
fn robots_txt_is_heeded_and_kept_for_a_day() {
    let server = Server::start(|head, out| match path(head) {
        "/robots.txt" => send(out, &answer("", b"User-agent: *\nDisallow: /private/\n")),
        _ => send(out, &tell(head)),
    });
    let (open, private) = (feed(&server, "/news"), feed(&server, "/private/news"));
    let house = house(&[
        ("open", format!("{open}robots = true\n")),
        ("private", format!("{private}robots = true\n")),
        ("agreed", format!("{private}robots = false\n")),
    ]);
    let count = |wanted: &str| server.paths().iter().filter(|path| *path == wanted).count();
    let said = house.refresh();
    said.expect_code(1).expect_said("its robots.txt shuts programs out; set robots = false for this source");
    assert_eq!((count("/robots.txt"), count("/news"), count("/private/news")), (1, 1, 1));
    let titles = |id: &str| house.titles(&format!("sources/{id}.json")).len();
    assert_eq!((titles("open"), titles("private"), titles("agreed")), (1, 0, 1));
    house.at("2026-05-01T23:00:00Z");
    house.run(&["refresh", "open", "private"]).expect_code(1);
    assert_eq!((count("/robots.txt"), count("/news"), count("/private/news")), (1, 2, 1));
    house.at("2026-05-02T01:00:00Z");
    house.run(&["refresh", "open"]).expect_ok();
    assert_eq!((count("/robots.txt"), count("/news")), (2, 3));
    // `false` for all, and for one that it is true.
    let all: String = house.store().query_row("SELECT group_concat(origin) FROM robots", [], |row| row.get(0)).unwrap();
    assert_eq!(all, format!("http://{}", server.address));
}

#[test]
fn a_robots_txt_that_cannot_be_read_is_asked_for_again() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |head, out| match path(head) {
        "/robots.txt" if asked.fetch_add(1, Ordering::SeqCst) == 0 => {
            send(out, b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n");
        }
        "/robots.txt" => send(out, b"HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n"),
        _ => send(out, &tell(head)),
    });
    let house = house(&[("quay", format!("{}robots = true\n", feed(&server, "/news")))]);
    house.refresh().expect_code(1).expect_said("its robots.txt cannot be read");
    house.at("2026-05-01T02:00:00Z").refresh().expect_ok();
    assert_eq!(server.paths(), ["/robots.txt", "/robots.txt", "/news"]);
}

#[test]
fn who_asks_to_wait_with_its_robots_txt_is_waited_for() {
    let server = Server::start(|head, out| match path(head) {
        "/robots.txt" => send(out, b"HTTP/1.1 503 No\r\nretry-after: 10800\r\ncontent-length: 0\r\n\r\n"),
        _ => send(out, &tell(head)),
    });
    let house = house(&[("quay", format!("{}robots = true\n", feed(&server, "/news")))]);
    house.refresh().expect_code(1).expect_said("set robots = false for this source");
    house.run(&["status"]).expect_said("2026-05-01T03:00:00Z: its server asks to wait until then (Retry-After)");
    house.at("2026-05-01T02:59:00Z");
    house.run(&["refresh", "quay"]);
    assert_eq!(server.paths(), ["/robots.txt"]);
}

#[test]
fn who_was_not_asked_since_its_host_asks_to_wait_has_not_failed() {
    let is_well = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let now_well = is_well.clone();
    // A proxy, so that a host of the open web is asked and none is dialled.
    let proxy = Server::start(move |head, out| match path(head) {
        path if path.ends_with("/robots.txt") => send(out, b"HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n"),
        _ if now_well.load(Ordering::SeqCst) => send(out, &tell(head)),
        _ => send(out, b"HTTP/1.1 429 Slow\r\nretry-after: 600\r\ncontent-length: 0\r\n\r\n"),
    });
    let at = |path: &str| {
        let keys = format!("every = \"30m\"\nproxy = \"{}\"\nrobots = true\n", proxy.url("/"));
        format!("feed = \"http://www.harbour.edu{path}\"\n{keys}")
    };
    let sources = ["a", "b", "c", "d", "e", "f"].map(|id| (id, at(&format!("/{id}"))));
    let house = house(&[&sources[..], &[("other", at(":8080/other"))]].concat());
    let asked = |from: usize| proxy.paths().split_off(from).join(" ").replace("http://www.harbour.edu", "");
    let walk = |code: i32| house.run(&["refresh", "--json"]).expect_code(code).json();
    let report = walk(1);
    assert_eq!(asked(0), "/robots.txt /a /b /c");
    // Nobody asks for the rules of another port of it, either.
    let other = &report["sources"][6];
    assert_eq!(
        (&other["visited"], other["error"].as_str(), other["requests"].as_u64()),
        (&"not-due".into(), None, None)
    );
    assert!(
        other["next"].as_str().unwrap().ends_with("Z: its server asks to wait until then (Retry-After)"),
        "{other}"
    );
    house.at("2026-05-01T00:10:01Z");
    walk(1);
    assert_eq!(asked(4), "/d /e /f");
    let incidents =
        || -> u32 { house.store().query_row("SELECT count(*) FROM incident", [], |row| row.get(0)).unwrap() };
    assert_eq!(incidents(), 0);
    let status = house.run(&["status", "--json", "other"]).json();
    assert_eq!(status["sources"][0]["state"], "new");
    is_well.store(true, Ordering::SeqCst);
    house.at("2026-05-01T00:20:02Z");
    let report = walk(0);
    assert_eq!(asked(7), ":8080/robots.txt :8080/other");
    assert_eq!(report["sources"][6]["new"], 1);
}

#[test]
fn a_host_that_asks_to_wait_for_a_day_is_asked_for_others_the_next_day() {
    let proxy =
        Server::start(|_, out| send(out, b"HTTP/1.1 429 Slow\r\nretry-after: 86400\r\ncontent-length: 0\r\n\r\n"));
    let at =
        |id| (id, format!("feed = \"http://www.harbour.edu/{id}\"\nproxy = \"{}\"\nrobots = false\n", proxy.url("/")));
    let house = house(&["a", "b", "c", "d", "e", "f"].map(at));
    let asked = |from: usize| proxy.paths().split_off(from).join(" ").replace("http://www.harbour.edu", "");
    house.refresh().expect_code(1);
    assert_eq!(asked(0), "/a /b /c");
    house.at("2026-05-02T00:00:02Z");
    house.refresh().expect_code(1);
    assert_eq!(asked(3), "/d /e /f");
}

#[test]
fn what_was_not_reached_is_asked_as_soon_as_somebody_wishes() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let house = house(&[("quay", format!("feed = \"http://{address}/news\"\nrobots = true\n"))]);
    let said = house.refresh();
    said.expect_code(1).expect_said("Connection refused");
    assert!(!said.stderr.contains("robots"), "that would change nothing: {said:?}");
    let server = Server::start_at(&address, |head, out| match path(head) {
        "/robots.txt" => send(out, b"HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n"),
        _ => send(out, &tell(head)),
    });
    house.at("2026-05-01T00:00:01Z");
    house.run(&["refresh", "--force", "quay"]).expect_ok();
    assert_eq!(server.paths(), ["/robots.txt", "/news"]);
}

#[test]
fn rules_of_hosts_that_are_not_visited_any_more_are_forgotten() {
    let serve = || {
        Server::start(|head, out| match path(head) {
            "/robots.txt" => send(out, b"HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n"),
            _ => send(out, &tell(head)),
        })
    };
    let (left, stays) = (serve(), serve());
    let source = |id: &str, server| format!("[[source]]\nid = \"{id}\"\n{}robots = true\n", feed(server, "/news"));
    let house = House::new();
    house.config(&format!("{CONFIG}{}{}", source("left", &left), source("stays", &stays)));
    house.refresh().expect_ok();
    house.config(&format!("{CONFIG}{}", source("stays", &stays)));
    let count = || house.store().query_row("SELECT count(*) FROM robots", [], |row| row.get::<_, i64>(0)).unwrap();
    for (day, expected) in [("2026-05-30", 2), ("2026-06-02", 1), ("2026-06-04", 1)] {
        house.at(&format!("{day}T00:00:00Z")).refresh().expect_ok();
        assert_eq!(count(), expected, "{day}");
    }
    let kept: String = house.store().query_row("SELECT origin FROM robots", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, format!("http://{}", stays.address));
}

#[test]
fn where_descriptors_are_few_that_is_told() {
    let server = Server::start(|head, out| send(out, &tell(head)));
    let house = house(&[("quay", feed(&server, "/news"))]);
    house.runs("/bin/sh".into());
    let mut lacked = 0;
    for limit in 7..20 {
        let limited = format!("ulimit -n {limit}; exec {} refresh --force", env!("CARGO_BIN_EXE_feedgen"));
        let said = house.run(&["-c", &limited]);
        assert!([0, 1, 3].contains(&said.code), "{limit}: {} {}", said.code, said.stderr);
        lacked += usize::from(said.stderr.contains("cannot go out to the web: "));
    }
    assert!(lacked > 0);
}

#[test]
fn secrets_go_to_their_own_host_alone() {
    let other = Server::start(|head, out| send(out, &tell(head)));
    let target = other.url("/moved").to_string();
    let server = Server::start(move |head, out| match path(head) {
        "/news" => redirect(out, "/here"),
        "/here" => redirect(out, &target),
        _ => send(out, &tell(head)),
    });
    let keys = "headers = { X-Campus = \"open-sesame\" }\nheaders_file = \"headers\"\nuser = \"ada\"\npassword_file = \"password\"\n";
    let house = house(&[("quay", format!("{}{keys}", feed(&server, "/news")))]);
    house.file("headers", "# of the office\nCookie: session=hidden\n").file("password", "s3cret\n");
    house.refresh().expect_ok();
    let ours = server.heads();
    assert_eq!(server.paths(), ["/news", "/here"]);
    for head in &ours {
        // ada:s3cret
        for part in ["x-campus: open-sesame", "cookie: session=hidden", "authorization: basic ywrhonmzy3jlda=="] {
            assert!(head.contains(part), "{part:?} is not in {head}");
        }
    }
    assert_eq!(other.paths(), ["/moved"]);
    for part in ["sesame", "hidden", "authorization", "cookie"] {
        assert!(!other.heads()[0].contains(part), "{part:?} is in {}", other.heads()[0]);
    }
    // Nor are they told to anybody who reads what is published or kept.
    for folder in ["feeds", "state"] {
        for path in house.tree_of(folder).keys() {
            let bytes = std::fs::read(house.path(folder).join(path)).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(
                !["sesame", "session=hidden", "s3cret"].iter().any(|secret| text.contains(secret)),
                "{folder}/{path}"
            );
        }
    }
}

#[test]
fn a_file_of_secrets_that_is_missing_is_told_and_nothing_is_asked() {
    let server = Server::start(|head, out| send(out, &tell(head)));
    let house = house(&[("quay", format!("{}user = \"ada\"\npassword_file = \"password\"\n", feed(&server, "/news")))]);
    house.refresh().expect_code(1).expect_said("cannot read").expect_said("password");
    assert!(server.paths().is_empty());
    house.file("password", "s3cret");
    house.refresh().expect_ok();
}

#[test]
fn a_host_is_trusted_by_whom_its_source_says() {
    let (authority, stranger) = (Authority::new("Campus"), Authority::new("Stranger"));
    let serve = |head: &str, out: &mut dyn std::io::Write| send(out, &tell(head));
    let server = authority.server("127.0.0.1", 2020, 2120, serve);
    let feed = format!("feed = \"https://{}/news\"\n", server.address);
    let house = house(&[("quay", format!("{feed}tls_ca = \"ca.pem\"\n"))]);
    house.file("ca.pem", &authority.pem());
    house.refresh().expect_ok();
    let before = (house.tree(), house.titles("all.json"));
    assert_eq!(before.1.len(), 1);
    house.file("ca.pem", &stranger.pem());
    house.at("2026-05-02T00:00:00Z").refresh().expect_code(1).expect_said("give the issuer's certificate as tls_ca");
    assert_eq!((house.tree(), house.titles("all.json")), before);
    house.file("ca.pem", &authority.pem());
    house.at("2026-05-03T00:00:00Z").refresh().expect_ok();
}

/// A feed of more than 512 KiB, with a story of its path.
fn tell_at_length(head: &str) -> Vec<u8> {
    let about = format!("<description>{}</description>", "tide ".repeat(150_000));
    answer("", rss_with(&about, &[Story::new(1).guid(&format!("urn:path:{}", path(head)))]).as_bytes())
}

#[test]
fn a_doctor_hears_large_feeds_however_many_they_are() {
    let server = Server::start(|head, out| send(out, &tell_at_length(head)));
    let sources: Vec<_> = (0..12).map(|n| (format!("s{n}"), feed(&server, &format!("/{n}")))).collect();
    let sources: Vec<_> = sources.iter().map(|(id, keys)| (id.as_str(), keys.clone())).collect();
    let told = house(&sources).run(&["doctor"]);
    assert_eq!(told.stdout.matches("1 item, the newest of 2026-03-02").count(), 12, "{}", told.stdout);
}

#[test]
fn servers_that_dawdle_make_nobody_else_late() {
    let good = Server::start(|head, out| {
        // When all the room is taken, and will be for longer than this may take.
        std::thread::sleep(Duration::from_millis(1200));
        send(out, &tell_at_length(head));
    });
    let dawdling = Server::start(|head, out| {
        if path(head) == "/robots.txt" {
            std::thread::sleep(Duration::from_millis(500));
            return send(out, &answer("", b""));
        }
        let start = format!("HTTP/1.1 200 OK\r\ncontent-length: 5000000\r\n\r\n{}", " ".repeat(700_000));
        send(out, start.as_bytes());
        while out.write_all(b" ").is_ok() {
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    let source = |n: usize| {
        let (server, robots) = if n < 2 { (&good, false) } else { (&dawdling, true) };
        format!("[[source]]\nid = \"s{n}\"\n{}robots = {robots}\n", feed(server, &format!("/{n}")))
    };
    let house = House::new();
    house.config(&format!("{CONFIG}timeout = \"8s\"\n{}", (0..10).map(source).collect::<String>()));
    let said = house.refresh();
    said.expect_code(1);
    assert_eq!([0, 1].map(|n| house.titles(&format!("sources/s{n}.json")).len()), [1, 1], "{}", said.stderr);
    assert_eq!(said.stderr.matches("did not answer in full").count(), 8, "{}", said.stderr);
}

#[test]
fn a_secret_that_is_no_file_is_not_waited_for() {
    let server = Server::start(|_, out| send(out, &answer(CLOSE, rss(&[Story::new(1)]).as_bytes())));
    for key in ["password_file", "headers_file", "tls_ca"] {
        let keys = format!("feed = \"{}\"\nuser = \"reader\"\n{key} = \"/dev/zero\"\n", server.url("/"));
        let house = house(&[("quay", keys)]);
        house.refresh().expect_code(1).expect_said("/dev/zero is no file");
    }
    assert!(server.paths().is_empty());
}
