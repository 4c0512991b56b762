//! Many addresses at once: each host at its own pace, and only where programs are welcome.

use std::collections::BTreeSet;
use std::io::BufReader;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use feedgen::collect::fetch::{FetchError, Fetcher, Manner, Request, Way};
use feedgen::collect::politeness::{Outcome, Pace, Policy, Robots, Visit, visit_all};
use tokio::sync::mpsc;
use url::Url;

use crate::badweb::{Connection as _, Server, answer, path, send};
use crate::{NOBODY, PATIENCE, SHORT, fetcher, fetcher_within, request};

fn now() -> DateTime<Utc> {
    "2026-03-06T10:00:00Z".parse().unwrap()
}

/// Makes all visits, and takes their outcomes as they come.
fn visit(urls: Vec<Url>, heed: bool, policy: Policy, robots: Robots) -> (Vec<Outcome<usize>>, Robots) {
    send_all(urls.into_iter().map(|url| (request(url), heed)).collect(), policy, robots, now)
}

/// Sends requests, each of which heeds robots.txt or does not, and takes their outcomes as they come.
fn send_all(
    requests: Vec<(Request, bool)>,
    policy: Policy,
    robots: Robots,
    now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static,
) -> (Vec<Outcome<usize>>, Robots) {
    send_all_by(&fetcher(&["127.0.0.0/8"]), requests, policy, robots, now)
}

fn send_all_by(
    fetcher: &Fetcher,
    requests: Vec<(Request, bool)>,
    policy: Policy,
    robots: Robots,
    now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static,
) -> (Vec<Outcome<usize>>, Robots) {
    let visits = requests.into_iter().enumerate();
    let visits = queue(visits.map(|(purpose, (request, robots))| Visit {
        purpose,
        request: Box::new(request),
        robots,
        renderer: None,
        can_wait: false,
    }));
    let (sender, mut receiver) = mpsc::channel(4);
    std::thread::scope(|scope| {
        let walk = scope.spawn(|| visit_all(fetcher, visits, policy, robots, now, sender).unwrap());
        let outcomes = std::iter::from_fn(|| receiver.blocking_recv()).collect();
        (outcomes, walk.join().unwrap())
    })
}

/// Visits of which no more come.
fn queue<T>(visits: impl Iterator<Item = Visit<T>>) -> mpsc::UnboundedReceiver<Visit<T>> {
    let (sender, queue) = mpsc::unbounded_channel();
    visits.for_each(|visit| assert!(sender.send(visit).is_ok()));
    queue
}

fn pace(at_once: usize, milliseconds: u64) -> Policy {
    let private = Pace { at_once, pause: Duration::from_millis(milliseconds) };
    Policy { private, ..Policy::default() }
}

/// A server that takes its time, and counts whom it serves at once, at most.
fn slow_server(milliseconds: u64) -> (Server, Arc<AtomicUsize>) {
    slow_server_of(1, milliseconds)
}

/// One that answers nobody before it has been asked by so many at once.
fn slow_server_of(least: usize, milliseconds: u64) -> (Server, Arc<AtomicUsize>) {
    let (serving, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let seen = most.clone();
    let server = Server::start_at("0.0.0.0:0", move |_, out| {
        most.fetch_max(serving.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        until(|| most.load(Ordering::SeqCst) >= least);
        std::thread::sleep(Duration::from_millis(milliseconds));
        serving.fetch_sub(1, Ordering::SeqCst);
        send(out, &answer("", b"whole"));
    });
    (server, seen)
}

/// Waits until something is so, or would never be.
fn until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() && begun.elapsed() < PATIENCE / 4 {
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Addresses on as many hosts, all of them the same server.
fn urls(server: &Server, hosts: usize, count: usize) -> Vec<Url> {
    let port = server.address.port();
    (0..count).map(|n| Url::parse(&format!("http://127.0.0.{}:{port}/{n}", n % hosts + 1)).unwrap()).collect()
}

#[test]
fn each_address_is_asked_once_and_no_more_at_a_time_than_is_allowed() {
    let (server, most) = slow_server_of(16, 30);
    let (outcomes, _) = visit(urls(&server, 50, 200), false, pace(2, 0), Robots::new());
    let purposes: BTreeSet<_> = outcomes.iter().map(|(purpose, _)| *purpose).collect();
    assert_eq!((outcomes.len(), purposes.len()), (200, 200));
    assert!(outcomes.iter().all(|(_, outcome)| outcome.is_ok()));
    let most = most.load(Ordering::SeqCst);
    assert!((16..=32).contains(&most), "{most} at once");
}

#[test]
fn one_host_is_asked_by_two_at_a_time_with_a_pause_between() {
    let (server, most) = slow_server_of(2, 100);
    visit(urls(&server, 1, 8), false, pace(2, 0), Robots::new());
    assert_eq!(most.load(Ordering::SeqCst), 2);

    let (server, _) = slow_server(0);
    // The first may be on its way for longer than those behind it.
    let begun = Instant::now();
    visit(urls(&server, 1, 5), false, pace(2, 100), Robots::new());
    let took = *server.times().last().unwrap() - begun;
    assert!(took >= Duration::from_millis(4 * 100), "five requests within {took:?}");
}

#[test]
fn a_host_that_asks_to_wait_is_not_asked_for_all_the_rest() {
    let limits = |is_limited: fn(&str) -> bool| {
        let server = Server::start(move |head, out| {
            if is_limited(path(head)) {
                send(out, b"HTTP/1.1 429 Slow\r\nretry-after: 3600\r\ncontent-length: 0\r\n\r\n");
            } else {
                send(out, &answer("", b"whole"));
            }
        });
        let (outcomes, _) = visit(urls(&server, 1, 30), false, pace(1, 0), Robots::new());
        let told = |outcome: &Outcome<usize>| match &outcome.1 {
            Err(FetchError::Held { head, .. }) => head.retry_after.clone(),
            _ => None,
        };
        assert_eq!(outcomes.len(), 30);
        (server.times().len(), outcomes.iter().filter_map(told).collect::<Vec<_>>())
    };
    let (asked, held) = limits(|_| true);
    assert_eq!((asked, held.len()), (3, 27));
    let waits: Vec<u32> = held.iter().map(|text| text.parse().unwrap()).collect();
    assert!(waits.iter().all(|seconds| (3500..=3600).contains(seconds)), "{waits:?}");
    // Those that are limited by themselves keep nobody else from being asked.
    assert_eq!(limits(|path| path.ends_with('0')), (30, Vec::new()));
}

#[test]
fn a_host_that_is_slow_holds_nobody_else_up() {
    let (quick, _) = slow_server(0);
    let (asked, before) = (quick.requests.clone(), Arc::new(AtomicUsize::new(0)));
    let seen = before.clone();
    let slow = Server::start(move |_, out| {
        until(|| asked.lock().unwrap().len() == 39);
        before.fetch_max(asked.lock().unwrap().len(), Ordering::SeqCst);
        send(out, &answer("", b"whole"));
    });
    let mut all = urls(&slow, 1, 2);
    all.extend(urls(&quick, 40, 40).into_iter().skip(1));
    let (outcomes, _) = visit(all, false, pace(2, 0), Robots::new());
    assert!(outcomes.len() == 41 && outcomes.iter().all(|(_, outcome)| outcome.is_ok()));
    assert_eq!(seen.load(Ordering::SeqCst), 39);
}

#[test]
fn no_more_connections_are_kept_than_a_process_may_have() {
    // Hosts that keep connections for as long as they are kept.
    const HOSTS: usize = 600;
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = most.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().map(Result::unwrap) {
            let (open, most) = (open.clone(), most.clone());
            std::thread::spawn(move || {
                most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let mut connection = BufReader::new(stream);
                while connection.head().is_some() {
                    send(connection.writer(), &answer("", b"whole"));
                }
                open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    let host = |n: usize| Url::parse(&format!("http://127.0.{}.{}:{port}/", n / 200, n % 200 + 1)).unwrap();
    let (outcomes, _) = visit((0..HOSTS).map(host).collect(), false, pace(2, 0), Robots::new());
    assert!(outcomes.len() == HOSTS && outcomes.iter().all(|(_, outcome)| outcome.is_ok()));
    let most = seen.load(Ordering::SeqCst);
    assert!((200..450).contains(&most), "{most} connections at once");
}

#[test]
fn when_nobody_takes_answers_nobody_asks() {
    let (server, _) = slow_server(0);
    let visits = urls(&server, 100, 100).into_iter().map(|url| Visit {
        purpose: (),
        request: Box::new(request(url)),
        robots: false,
        renderer: None,
        can_wait: false,
    });
    let (sender, mut receiver) = mpsc::channel(1);
    let (visits, private) = (queue(visits), fetcher(&["127.0.0.0/8"]));
    std::thread::scope(|scope| {
        let walk = scope.spawn(|| visit_all(&private, visits, Policy::default(), Robots::new(), now, sender));
        assert!(receiver.blocking_recv().is_some_and(|((), outcome)| outcome.is_ok()));
        std::thread::sleep(Duration::from_millis(500));
        let asked = server.paths().len();
        assert!(asked <= 32 + 4, "{asked} were asked, one answer was taken");
        drop(receiver);
        walk.join().unwrap().unwrap();
    });
    assert!(server.paths().len() < 100);
}

#[test]
fn robots_txt_is_heeded_and_remembered() {
    let server = Server::start(|head, out| match path(head) {
        "/robots.txt" => {
            send(out, &answer("", b"User-agent: *\nDisallow: /\n\nUser-agent: feedgen\nDisallow: /private/\n"));
        }
        _ => send(out, &answer("", b"whole")),
    });
    let paths = ["/a", "/private/b", "/c"];
    let all = || paths.iter().map(|path| server.url(path)).collect();
    let (outcomes, robots) = visit(all(), true, pace(2, 0), Robots::new());
    for (purpose, outcome) in &outcomes {
        assert_eq!(matches!(outcome, Err(FetchError::Robots { .. })), *purpose == 1, "{outcome:?}");
    }
    let asked: BTreeSet<_> = server.paths().into_iter().collect();
    assert_eq!(asked, ["/a", "/c", "/robots.txt"].map(str::to_owned).into());
    assert_eq!(server.paths().len(), 3);

    visit(all(), true, pace(2, 0), robots);
    assert_eq!(server.paths().iter().filter(|path| *path == "/robots.txt").count(), 1, "asked for once a day");
    visit(all(), false, pace(2, 0), Robots::new());
    assert!(server.paths().contains(&"/private/b".to_owned()), "unless the source says otherwise");
}

#[test]
fn while_robots_txt_cannot_be_read_its_last_words_count() {
    let server = Server::start(|head, out| match path(head) {
        "/robots.txt" => send(out, b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"),
        _ => send(out, &answer("", b"whole")),
    });
    let all = || vec![server.url("/a"), server.url("/b")];
    let (outcomes, robots) = visit(all(), true, pace(2, 0), Robots::new());
    assert!(
        outcomes.iter().all(|(_, outcome)| matches!(outcome, Err(FetchError::RobotsUnknown { .. }))),
        "{outcomes:?}"
    );
    assert_eq!(server.paths(), ["/robots.txt"], "asked for once");
    assert_eq!(robots.len(), 1);

    let origin = robots.into_keys().next().unwrap();
    let old = feedgen::collect::robots::Rules::read(b"User-agent: *\nDisallow: /b", now() - TimeDelta::days(3));
    let (outcomes, robots) = visit(all(), true, pace(2, 0), Robots::from([(origin, old)]));
    for (purpose, outcome) in &outcomes {
        assert_eq!(outcome.is_ok(), *purpose == 0, "{outcome:?}");
    }
    assert_eq!(server.paths(), ["/robots.txt", "/robots.txt", "/a"]);
    assert!(robots.values().all(|rules| rules.is_fresh(now()) && !rules.is_fresh(now() + TimeDelta::hours(1))));
}

fn is_unknown(outcome: &Result<Box<feedgen::collect::fetch::Answer>, FetchError>) -> bool {
    matches!(outcome, Err(FetchError::RobotsUnknown { .. }))
}

#[test]
fn a_host_that_was_not_reached_is_asked_at_the_next_visit() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let all = || vec![Url::parse(&format!("http://{address}/a")).unwrap()];
    let (outcomes, robots) = visit(all(), true, pace(2, 0), Robots::new());
    assert!(is_unknown(&outcomes[0].1), "{outcomes:?}");
    let server = Server::start_at(&address, |_, out| send(out, &answer("", b"")));
    let (outcomes, _) = visit(all(), true, pace(2, 0), robots);
    assert!(outcomes[0].1.is_ok(), "{outcomes:?}");
    assert_eq!(server.paths(), ["/robots.txt", "/a"]);
}

#[test]
fn a_way_that_leads_nowhere_shuts_nobody_else_out() {
    let server = Server::start(|_, out| send(out, &answer("", b"")));
    let proxy = Some(Url::parse(&format!("http://{NOBODY}/")).unwrap());
    let manner = Manner { way: Way { proxy, ..Way::default() }, ..Manner::default() };
    let lost = || (Request { manner: Arc::new(manner.clone()), ..request(server.url("/a")) }, true);
    let (outcomes, _) = send_all(vec![lost(), (request(server.url("/b")), true)], pace(1, 0), Robots::new(), now);
    for (purpose, outcome) in &outcomes {
        assert_eq!((is_unknown(outcome), outcome.is_ok()), (*purpose == 0, *purpose == 1), "{outcome:?}");
    }
    assert_eq!(server.paths(), ["/robots.txt", "/b"]);
}

#[test]
fn who_waited_while_a_host_did_not_answer_does_not_ask_it_again() {
    let server = Server::start(|_, _| std::thread::sleep(Duration::from_secs(30)));
    let all = ["/a", "/b", "/c", "/d"].map(|path| (request(server.url(path)), true)).to_vec();
    let hasty = fetcher_within(SHORT, &["127.0.0.0/8"]);
    let (outcomes, robots) = send_all_by(&hasty, all, pace(1, 0), Robots::new(), now);
    assert!(outcomes.len() == 4 && outcomes.iter().all(|(_, outcome)| is_unknown(outcome)), "{outcomes:?}");
    assert_eq!(server.paths(), ["/robots.txt"]);
    assert!(robots.values().all(|rules| !rules.is_fresh(now())));
}

#[test]
fn where_reading_robots_txt_panics_no_visit_is_lost() {
    let server = Server::start(|_, out| send(out, &answer("", b"")));
    let requests = [("/a", true), ("/b", false), ("/c", true)].map(|(path, heed)| (request(server.url(path)), heed));
    // The clock is looked at for robots.txt alone.
    let (mut outcomes, _) = send_all(requests.to_vec(), pace(1, 0), Robots::new(), || "no time".parse().unwrap());
    outcomes.sort_by_key(|(purpose, _)| *purpose);
    let told: Vec<_> = outcomes.iter().map(|(_, outcome)| matches!(outcome, Err(FetchError::Setting(_)))).collect();
    assert_eq!(told, [true, false, true], "{outcomes:?}");
    assert!(outcomes[1].1.is_ok());
}

#[test]
fn robots_txt_is_remembered_where_nobody_takes_answers_any_more() {
    let server = Server::start(|head, out| match path(head) {
        "/robots.txt" => send(out, &answer("", b"User-agent: *\nDisallow: /private")),
        _ => std::thread::sleep(Duration::from_secs(3)),
    });
    let visit = Visit {
        purpose: (),
        request: Box::new(request(server.url("/a"))),
        robots: true,
        renderer: None,
        can_wait: false,
    };
    let (sender, receiver) = mpsc::channel(4);
    let robots = std::thread::scope(|scope| {
        let visits = queue(std::iter::once(visit));
        let asking = || visit_all(&fetcher(&["127.0.0.0/8"]), visits, pace(2, 0), Robots::new(), now, sender);
        let walk = scope.spawn(asking);
        until(|| server.paths().len() >= 2);
        drop(receiver);
        walk.join().unwrap().unwrap()
    });
    assert!(robots.values().all(|rules| rules.check(&server.url("/private/b")).is_err()));
    assert_eq!(robots.len(), 1);
}

#[test]
fn what_can_wait_is_put_off_where_a_host_takes_its_time() {
    let (slow, _) = slow_server(1500);
    let (quick, _) = slow_server(0);
    let all = urls(&slow, 1, 12).into_iter().chain(urls(&quick, 1, 12)).enumerate();
    let visits = queue(all.map(|(purpose, url)| {
        let url = if purpose < 12 { url } else { Url::parse(&url.as_str().replace("127.0.0.1", "127.0.0.2")).unwrap() };
        // The last of each is one that cannot wait.
        Visit { purpose, request: Box::new(request(url)), robots: false, renderer: None, can_wait: purpose % 12 < 11 }
    }));
    let policy = Policy { patience: Duration::from_secs(3), ..pace(1, 0) };
    let (sender, mut receiver) = mpsc::channel(4);
    let outcomes: Vec<Outcome<usize>> = std::thread::scope(|scope| {
        scope.spawn(|| visit_all(&fetcher(&["127.0.0.0/8"]), visits, policy, Robots::new(), now, sender).unwrap());
        std::iter::from_fn(|| receiver.blocking_recv()).collect()
    });
    assert_eq!(outcomes.len(), 24);
    let asked: BTreeSet<usize> = outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).map(|(at, _)| *at).collect();
    let of_slow = asked.iter().filter(|at| **at < 11).count();
    assert!((1..=3).contains(&of_slow), "{asked:?}");
    assert!((11..24).all(|at| asked.contains(&at)), "{asked:?}");
    let put_off = |error: &FetchError| matches!(error, FetchError::PutOff { .. });
    assert!(outcomes.iter().all(|(_, outcome)| outcome.as_ref().err().is_none_or(put_off)));
}
