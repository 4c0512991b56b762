//! What a process takes and dials while it is lied to, seen from outside the process.

use std::collections::BTreeSet;
use std::fs;
use std::net::{Ipv4Addr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use feedgen::collect::fetch::FetchError;
use url::Url;

use crate::badweb::{Server, answer, path, redirect, send};
use crate::cases::{CASES, misbehave};
use crate::{SHORT, fetcher, fetcher_within, request, wait_for};

/// The address of the server that a child asks. Where it is not set, a test is not a child.
const SERVER: &str = "FEEDGEN_TEST_SERVER";
/// What a process may take for one answer, beyond what it has.
const GROWTH: usize = 24 * 1024 * 1024;
/// An address of the open web, which nothing leads to where these tests run.
const OUTSIDE: Ipv4Addr = Ipv4Addr::new(93, 184, 215, 14);

/// This program, about to run one test alone.
fn child(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}\n{told}\n{}", String::from_utf8_lossy(&output.stderr));
    told
}

/// Whether a program runs here: it may be missing, or the system may forbid what it does, as containers do. The test is then left
/// out, with a word; under `CI=true` it fails.
fn can_run(command: &mut Command) -> bool {
    let runs = command.output().is_ok_and(|output| output.status.success());
    if !runs {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{command:?} does not run here");
        eprintln!("left out: {command:?} does not run here");
    }
    runs
}

#[test]
fn no_answer_takes_much_memory() {
    let server = Server::start(misbehave);
    let told = run(child("confined::child_that_asks").env(SERVER, server.address.to_string()));
    let grown: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("grown by ")).collect();
    println!("{}", grown.join("\n"));
    let is_much = |line: &&&str| line.split(' ').next().unwrap().parse::<usize>().unwrap() > GROWTH;
    assert_eq!(grown.len(), CASES.len());
    assert_eq!(grown.iter().filter(is_much).collect::<Vec<_>>(), Vec::<&&str>::new(), "bytes");
    let asked: BTreeSet<String> = server.paths().into_iter().collect();
    assert_eq!(asked, CASES.iter().map(|case| case.path.to_owned()).collect());
}

#[test]
fn child_that_asks() {
    let Ok(address) = std::env::var(SERVER) else { return };
    let fetcher = fetcher_within(SHORT, &[&address]);
    let url = Url::parse(&format!("http://{address}/")).unwrap();
    wait_for(async {
        println!("one answer after the other");
        for case in CASES.iter() {
            // The most that this process had at once is counted anew (proc(5), clear_refs).
            fs::write("/proc/self/clear_refs", "5").unwrap();
            let before = memory("VmRSS:");
            let _outcome = fetcher.fetch(&request(url.join(case.path).unwrap())).await;
            println!("grown by {} for {}", memory("VmHWM:").saturating_sub(before), case.path);
        }
    });
}

/// A line of what the system says of this process, bytes.
fn memory(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

/// Where connections were made to, as strace tells it.
fn dialled(log: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(log).unwrap();
    let inside = |line: &str, from: &str, to: &str| Some(line.split_once(from)?.1.split_once(to)?.0.to_owned());
    let connects = text.lines().filter(|line| line.contains("connect(") && line.contains("<TCP"));
    let told = connects.filter_map(|line| {
        let address = inside(line, "inet_addr(\"", "\"").or_else(|| inside(line, "inet_pton(AF_INET6, \"", "\""))?;
        Some(format!("{address}:{}", inside(line, "htons(", ")")?))
    });
    told.collect()
}

/// A folder for what a test writes.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn redirects_dial_nothing_that_is_forbidden() {
    if !can_run(Command::new("strace").args(["-f", "-yy", "-e", "trace=connect", "true"])) {
        return;
    }
    let server = Server::start(misbehave);
    let log = folder("redirects").join("log");
    let inner = child("confined::child_that_asks");
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-yy", "-e", "trace=connect", "-o"])
        .arg(&log)
        .arg(inner.get_program())
        .args(inner.get_args());
    run(strace.env(SERVER, server.address.to_string()));
    assert_eq!(dialled(&log), BTreeSet::from([server.address.to_string()]));
    fs::remove_dir_all(log.parent().unwrap()).unwrap();
}

/// In a network of its own, with a name service that lies.
#[test]
fn names_dial_nothing_that_is_forbidden() {
    let alone = "ip link set lo up && mount --bind \"$1\" /etc/resolv.conf && exec strace -f -qq -yy -e trace=connect -o \"$2\" \"$3\" \"$4\" \"$5\" \"$6\" \"$7\"";
    let in_namespace = |log: &Path, inner: &Command| {
        let folder = log.parent().unwrap();
        fs::write(folder.join("resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n").unwrap();
        let mut command = Command::new("unshare");
        command.args(["-rnm", "sh", "-c", alone, "sh"]).arg(folder.join("resolv.conf")).arg(log);
        command.arg(inner.get_program()).args(inner.get_args());
        command
    };
    let log = folder("names").join("log");
    if can_run(&mut in_namespace(&log, &Command::new("true"))) {
        run(in_namespace(&log, &child("confined::child_with_a_lying_name_service")).env(SERVER, "its own"));
        let is_outside = |address: &String| address.starts_with(&OUTSIDE.to_string());
        let (outside, rest): (Vec<String>, Vec<String>) = dialled(&log).into_iter().partition(is_outside);
        // The child asks a server of its own, which redirects it to others; of them one is listed in the end.
        assert!(outside.len() == 1 && rest.len() == 2, "{outside:?} {rest:?}");
    }
    fs::remove_dir_all(log.parent().unwrap()).unwrap();
}

#[test]
fn child_with_a_lying_name_service() {
    if std::env::var(SERVER).is_err() {
        return;
    }
    let asked: &AtomicUsize = Box::leak(Box::default());
    std::thread::spawn(|| lie(asked));
    let secret = Server::start(|_, out| send(out, &answer("", b"secret")));
    let port = secret.address.port();
    let server = Server::start(move |head, out| redirect(out, &format!("http:/{}:{port}/", path(head))));
    let fetcher = fetcher(&[&server.address.to_string()]);
    let outcome = |url: Url| wait_for(fetcher.fetch(&request(url))).unwrap_err();
    for name in ["loopback", "cloud", "campus", "mapped", "nat64", "unspecified"] {
        let name = format!("{name}.example.edu");
        for url in [server.url(&format!("/{name}")), Url::parse(&format!("http://{name}:{port}/")).unwrap()] {
            let error = outcome(url);
            assert!(matches!(error, FetchError::Refused { .. }), "{name}: {error:?}");
        }
    }
    // The first answer is of the open web, the second is not; whoever asks twice dials what was not checked.
    let error = outcome(Url::parse(&format!("http://rebinding.example.edu:{port}/")).unwrap());
    assert!(matches!(error, FetchError::Unreachable { .. }), "{error:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    let error = outcome(Url::parse(&format!("http://rebinding.example.edu:{port}/")).unwrap());
    assert!(matches!(error, FetchError::Refused { .. }), "{error:?}");
    assert!(secret.paths().is_empty());
    // What has its address in a listed network leads to what is listed.
    let campus = self::fetcher(&["127.0.0.1"]);
    let url = format!("http://loopback.example.edu:{}/127.0.0.1", server.address.port());
    wait_for(campus.fetch(&request(Url::parse(&url).unwrap()))).unwrap();
    assert_eq!(secret.paths(), ["/"]);
}

/// A name service (RFC 1035) on loopback. `asked` counts the questions for the name that it answers in two ways.
fn lie(asked: &AtomicUsize) {
    let socket = UdpSocket::bind("127.0.0.1:53").unwrap();
    let mut buffer = [0; 512];
    loop {
        let (length, client) = socket.recv_from(&mut buffer).unwrap();
        let question = &buffer[12..length];
        let end = question.iter().position(|byte| *byte == 0).unwrap() + 5;
        let question = &question[..end];
        let label = String::from_utf8_lossy(&question[1..=usize::from(question[0])]).into_owned();
        let is_v6 = question[end - 3] == 28;
        let v4 = |address: Ipv4Addr| (!is_v6).then(|| address.octets().to_vec());
        let v6 = |address: &str| is_v6.then(|| address.parse::<std::net::Ipv6Addr>().unwrap().octets().to_vec());
        let data = match label.as_str() {
            "loopback" => v4(Ipv4Addr::LOCALHOST),
            "cloud" => v4(Ipv4Addr::new(169, 254, 169, 254)),
            "campus" => v4(Ipv4Addr::new(10, 1, 2, 3)),
            "unspecified" => v4(Ipv4Addr::UNSPECIFIED),
            "mapped" => v6("::ffff:127.0.0.1"),
            "nat64" => v6("64:ff9b::7f00:1"),
            "rebinding" if !is_v6 => {
                v4(if asked.fetch_add(1, Ordering::SeqCst) == 0 { OUTSIDE } else { Ipv4Addr::LOCALHOST })
            }
            _ => None,
        };
        let mut answer = vec![buffer[0], buffer[1], 0x81, 0x80, 0, 1, 0, u8::from(data.is_some()), 0, 0, 0, 0];
        answer.extend_from_slice(question);
        if let Some(data) = data {
            // The name is that of the question; its time to live is 0.
            answer.extend_from_slice(&[
                0xc0,
                12,
                0,
                question[end - 3],
                0,
                1,
                0,
                0,
                0,
                0,
                0,
                u8::try_from(data.len()).unwrap(),
            ]);
            answer.extend_from_slice(&data);
        }
        socket.send_to(&answer, client).unwrap();
    }
}
