//! How long is waited for whom, and how all of it ends.

use std::io::Read as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

use feedgen::serve::Limits;

use crate::site::Site;

/// What is done in seconds is done by then, however busy the machine is.
const LONG: Duration = Duration::from_mins(1);

/// Tries until it says something. `None`: it failed, and the machine stood still for longer than those who wait for it do.
fn in_time<T>(attempt: impl Fn() -> Option<T>) -> T {
    (0..20).find_map(|_| attempt()).expect("a machine that does not stand still all the time")
}

/// Sleeps. Returns whether that took about as long as it should.
fn slept(time: Duration) -> bool {
    let begun = Instant::now();
    sleep(time);
    begun.elapsed() < time + Duration::from_millis(500)
}

#[test]
fn heads_that_trickle_in_are_cut_and_hold_up_none() {
    // Long enough for all of them to come, however busy the machine is.
    let head = Duration::from_secs(8);
    let site = Site::with("", Limits { head: 8, ..Limits::default() });
    site.put("all.rss", "<rss/>");
    let mut slow: Vec<_> = (0..100).map(|_| site.connect()).collect();
    let begun = Instant::now();
    for client in &mut slow {
        client.send(b"GET /all.rss HTTP/1.1\r\nHos");
    }
    // Who comes last may be answered before all others are counted.
    all_are_in(&site, 100);
    site.get("/all.rss", &[]).expect(200);
    assert!(site.live.traffic.connections() >= 100, "others wait for those who are slow");
    let mut trickling = slow.pop().unwrap();
    let mut cut = false;
    while begun.elapsed() < head + LONG && !cut {
        // A byte now and then does not help.
        cut = std::io::Write::write_all(&mut trickling.stream, b"t").is_err();
        sleep(Duration::from_millis(200));
    }
    assert!(cut, "a head may take for ever");
    assert!(slow.iter_mut().all(crate::site::Client::is_ended));
}

#[test]
fn a_connection_that_waits_for_nothing_ends() {
    let site = Site::with("", Limits { idle: 2, head: 1, ..Limits::default() });
    site.put("all.rss", "<rss/>");
    let (mut client, mut silent) = in_time(|| {
        let (mut client, silent) = (site.connect(), site.connect());
        let mut is_calm = true;
        for _ in 0..5 {
            let asked = std::io::Write::write_all(&mut client.stream, b"GET /all.rss HTTP/1.1\r\nHost: x\r\n\r\n");
            let Some(answer) = asked.ok().and_then(|()| client.answer("GET")) else {
                assert!(!is_calm, "it was cut though it asked");
                return None;
            };
            answer.expect(200);
            is_calm &= slept(Duration::from_secs(1));
        }
        Some((client, silent))
    });
    let begun = Instant::now();
    assert!(client.is_ended() && silent.is_ended());
    assert!(begun.elapsed() < LONG);
}

#[test]
fn who_takes_nothing_is_cut_and_who_takes_it_slowly_is_not() {
    let site = Site::with("", Limits { stalled: 2, file: 1 << 20, ..Limits::default() });
    let text = "0123456789abcdef".repeat(2 << 20);
    site.put("large.rss", &text);
    site.put("held.rss", "x".repeat(1 << 20));
    let connections = || site.live.traffic.connections();
    let taken = in_time(|| {
        let mut slow = site.connect();
        slow.send(b"GET /large.rss HTTP/1.1\r\nHost: x\r\n\r\n");
        let mut stalled: Vec<_> = (0..10).map(|_| site.connect()).collect();
        for client in &mut stalled {
            client.send("GET /held.rss HTTP/1.1\r\nHost: x\r\n\r\n".repeat(30).as_bytes());
        }
        let (mut taken, mut chunk, mut is_calm) = (0, vec![0; 2 << 20], true);
        for _ in 0..16 {
            taken += slow.stream.read(&mut chunk).unwrap_or_default();
            is_calm &= slept(Duration::from_millis(500));
        }
        // It takes a little while the others are cut.
        let begun = Instant::now();
        while connections() > 1 && begun.elapsed() < LONG {
            taken += slow.stream.read(&mut chunk[..65536]).unwrap_or_default();
            is_calm &= slept(Duration::from_millis(100));
        }
        let left = connections();
        assert!(left < 2, "those who take nothing are still there");
        while let Ok(count @ 1..) = slow.stream.read(&mut chunk) {
            taken += count;
            if taken >= text.len() {
                break;
            }
        }
        (left == 1 && taken >= text.len() || is_calm).then_some(taken)
    });
    assert!(taken >= text.len(), "{taken} of {} bytes came", text.len());
}

#[test]
fn the_end_waits_for_answers_and_not_for_those_who_ask_nothing() {
    let mut site = Site::with("", Limits { drain: 180, ..Limits::default() });
    site.put("all.rss", "<rss/>");
    let mut idle: Vec<_> = (0..20).map(|_| site.connect()).collect();
    for client in &mut idle {
        client.ask("GET", "/all.rss", &[], b"").expect(200);
    }
    let mut unfinished = site.connect();
    unfinished.send(b"GET /all.rss HTTP/1.1\r\n");
    all_are_in(&site, 21);
    let begun = Instant::now();
    site.stop.send_replace(true);
    assert!(idle.iter_mut().all(crate::site::Client::is_ended));
    unfinished.send(b"Host: x\r\n\r\n");
    let answer = unfinished.answer("GET").unwrap().expect(200);
    assert_eq!(answer.header("connection"), Some("close"));
    let serving = site.serving.take().unwrap();
    site.runtime.block_on(serving).unwrap().unwrap();
    assert!(begun.elapsed() < LONG);
    assert!(std::net::TcpStream::connect(site.address).is_err());
}

#[test]
fn whoever_was_let_in_before_the_end_is_answered() {
    let (mut site, mut clients, silent, begun) = in_time(|| {
        let site = Site::with("", Limits { drain: 180, ..Limits::default() });
        site.put("all.rss", "<rss/>");
        let mut clients: Vec<_> = (0..20).map(|_| site.connect()).collect();
        let silent = site.connect();
        all_are_in(&site, 21);
        let begun = Instant::now();
        site.stop.send_replace(true);
        sleep(Duration::from_millis(100));
        for client in &mut clients {
            std::io::Write::write_all(&mut client.stream, b"GET /all.rss HTTP/1.1\r\nHost: x\r\n\r\n").ok()?;
        }
        // They have a second for it.
        (begun.elapsed() < Duration::from_millis(800)).then_some((site, clients, silent, begun))
    });
    for client in &mut clients {
        let answer = client.answer("GET").unwrap().expect(200);
        assert_eq!((answer.header("connection"), &answer.body[..]), (Some("close"), &b"<rss/>"[..]));
        assert!(client.is_ended());
    }
    let serving = site.serving.take().unwrap();
    site.runtime.block_on(serving).unwrap().unwrap();
    assert!(begun.elapsed() < LONG, "one who never asks holds up the end");
    drop(silent);
}

/// Waits until so many are let in.
fn all_are_in(site: &Site, count: u64) {
    let begun = Instant::now();
    while site.live.traffic.connections() < count {
        assert!(begun.elapsed() < LONG, "{count} are not let in");
        sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_end_comes_whoever_holds_on() {
    let mut site = Site::with("", Limits { head: 600, ..Limits::default() });
    let mut unfinished = site.connect();
    unfinished.send(b"GET /all.rss HTTP/1.1\r\n");
    all_are_in(&site, 1);
    let begun = Instant::now();
    site.stop.send_replace(true);
    let serving = site.serving.take().unwrap();
    site.runtime.block_on(serving).unwrap().unwrap();
    // Whoever is not cut off then has as long as the first head.
    assert!(begun.elapsed() < Duration::from_mins(3));
    assert!(unfinished.is_ended());
    while site.live.traffic.connections() > 0 {
        assert!(begun.elapsed() < Duration::from_mins(3), "a connection that was cut off is still counted");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_address_that_is_taken_is_told_with_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let error = feedgen::serve::bind(&[taken.local_addr().unwrap()]).unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot listen on {}: ", taken.local_addr().unwrap())), "{error}");
    assert!(error.ends_with("another program listens there: end it, or set serve.listen to another port"), "{error}");
    let elsewhere = feedgen::serve::bind(&["192.0.2.1:0".parse().unwrap()]).unwrap_err().to_string();
    assert!(elsewhere.contains("no interface of this machine has it"), "{elsewhere}");
}
