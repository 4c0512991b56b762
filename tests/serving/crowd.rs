//! Many at once, while what they ask for is being replaced.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use feedgen::serve::Limits;
use sha2::{Digest as _, Sha256};

use crate::outside::own_address;
use crate::site::{Answer, Client, Site};

/// The n-th version of a feed, each of another length.
fn version(number: u64) -> String {
    let item = format!("<item><title>Version {number}</title></item>");
    format!("<rss><channel>{}</channel></rss>", item.repeat(100 + usize::try_from(number % 50).unwrap()))
}

/// Checks that an answer is one version, whole, and the one that its validator names. Returns its number.
fn checked(answer: &Answer) -> u64 {
    assert_eq!(answer.status, 200);
    let plain = answer.plain();
    let hash = format!("{:032x}", u128::from_be_bytes(*Sha256::digest(&plain).first_chunk().unwrap()));
    let ending = match answer.header("content-encoding") {
        Some("gzip") => "-gz",
        Some(_) => "-br",
        None => "",
    };
    assert_eq!(answer.header("etag"), Some(format!("\"{hash}{ending}\"").as_str()));
    let text = String::from_utf8(plain).unwrap();
    let tree = roxmltree::Document::parse(&text).unwrap();
    let title = tree.descendants().find(|node| node.has_tag_name("title")).unwrap().text().unwrap();
    let number = title.strip_prefix("Version ").unwrap().parse().unwrap();
    assert_eq!(text, version(number));
    number
}

#[test]
fn a_thousand_who_ask_while_it_changes_get_whole_feeds() {
    let site = Site::new();
    let names: Vec<String> = (0..8).map(|number| format!("sources/s{number}.rss")).collect();
    let published: Arc<Vec<AtomicU64>> = Arc::new(names.iter().map(|_| AtomicU64::new(0)).collect());
    for name in &names {
        site.put(name, version(0));
    }
    let is_over = Arc::new(AtomicBool::new(false));
    let versions = Arc::new(AtomicU64::new(0));
    let clients: Vec<_> = (0..1000_usize)
        .map(|number| {
            let (address, names, published) = (site.address, names.clone(), Arc::clone(&published));
            let versions = Arc::clone(&versions);
            let work = move || {
                let mut client = Client::new(address);
                let mut round = 0;
                while round < 6 || versions.load(Ordering::SeqCst) < 50 {
                    let which = (number + round) % names.len();
                    let coding = ["identity", "gzip", "br, gzip"][(number + round) % 3];
                    // Whoever asks after it was published gets no older one.
                    let least = published[which].load(Ordering::SeqCst);
                    let answer = client.ask("GET", &format!("/{}", names[which]), &[("Accept-Encoding", coding)], b"");
                    assert!(checked(&answer) >= least);
                    round += 1;
                }
                round as u64
            };
            thread::Builder::new().stack_size(256 << 10).spawn(work).unwrap()
        })
        .collect();
    let over = Arc::clone(&is_over);
    let waiting = thread::spawn(move || {
        let asked: Result<Vec<u64>, _> = clients.into_iter().map(thread::JoinHandle::join).collect();
        over.store(true, Ordering::SeqCst);
        asked.expect("all clients get what they ask for").into_iter().sum::<u64>()
    });
    let mut number = 0;
    while !is_over.load(Ordering::SeqCst) {
        number += 1;
        let which = usize::try_from(number).unwrap() % names.len();
        site.put(&names[which], version(number));
        site.door.changed(&[names[which].clone()]);
        published[which].store(number, Ordering::SeqCst);
        versions.store(number, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(2));
    }
    let asked = waiting.join().unwrap();
    assert!(number >= 50, "only {number} versions were published meanwhile");
    assert_eq!(site.live.traffic.answers(2), asked);
}

#[test]
fn where_there_is_little_room_all_is_served_nevertheless() {
    let site = Site::with("", Limits { held: 200_000, ..Limits::default() });
    for number in 0..100 {
        site.put(&format!("sources/s{number}.rss"), version(number));
    }
    let mut client = site.connect();
    for _ in 0..3 {
        for number in 0..100 {
            let answer = client.ask("GET", &format!("/sources/s{number}.rss"), &[("Accept-Encoding", "gzip")], b"");
            assert_eq!(checked(&answer), number);
        }
    }
}

#[test]
fn who_comes_when_all_places_are_taken_waits_for_one() {
    let site = Site::with("", Limits { connections: 3, ..Limits::default() });
    site.put("all.rss", version(1));
    let mut clients: Vec<_> = (0..3).map(|_| site.connect()).collect();
    for client in &mut clients {
        checked(&client.ask("GET", "/all.rss", &[], b""));
    }
    assert_eq!(site.live.traffic.connections(), 3);
    let mut late = site.connect();
    late.send(b"GET /all.rss HTTP/1.1\r\nHost: x\r\n\r\n");
    late.stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(late.answer("GET").is_none());
    late.stream.set_read_timeout(Some(Duration::from_mins(2))).unwrap();
    let begun = Instant::now();
    drop(clients.pop());
    checked(&late.answer("GET").unwrap());
    // Not only once the others have waited too long for their next requests.
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn others_are_served_while_one_peer_holds_its_share() {
    let Some(address) = own_address() else { return };
    let site = Site::at("0.0.0.0:0", "", Limits { connections: 8, ..Limits::default() });
    site.put("all.rss", version(1));
    let outside = SocketAddr::new(address, site.address.port());
    let ask = |address| {
        let mut client = Client::new(address);
        client.send(b"GET /all.rss HTTP/1.1\r\nHost: x\r\n\r\n");
        client.answer("GET").map(|answer| (checked(&answer), client))
    };
    let mut held: Vec<_> = (0..2).map(|_| ask(outside).unwrap()).collect();
    for _ in 0..8 {
        assert!(ask(outside).is_none());
    }
    assert_eq!((site.live.traffic.turned(), site.live.traffic.first_turned_away()), (8, Some(address)));
    // Whoever is on this machine may have all that is left.
    let inside = SocketAddr::from(([127, 0, 0, 1], site.address.port()));
    let others: Vec<_> = (0..6).map(|_| ask(inside).unwrap()).collect();
    drop(others);
    held.pop();
    let begun = Instant::now();
    while ask(outside).is_none() {
        assert!(begun.elapsed() < Duration::from_mins(1), "a place that was given back is not given again");
        thread::sleep(Duration::from_millis(20));
    }
    let metrics = String::from_utf8(site.get("/metrics", &[]).body).unwrap();
    assert!(metrics.contains("\nfeedgen_connections_refused_total "), "{metrics}");
}
