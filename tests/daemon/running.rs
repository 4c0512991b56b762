//! A daemon at work in a house.

#![allow(dead_code, reason = "each test file uses another part of it")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::house::{House, TIDE, TestItem};

/// How long anything may take on a machine that has other things to do.
pub(crate) const PATIENCE: Duration = Duration::from_mins(3);

/// What makes a daemon listen somewhere.
pub(crate) const SERVE: &str = "[serve]\nlisten = \"127.0.0.1:0\"\n";

/// A daemon, which is killed when the test ends.
pub(crate) struct Daemon {
    child: Child,
    /// What it said so far, a line each.
    said: Arc<Mutex<Vec<String>>>,
    /// Host and port.
    pub(crate) address: String,
}

/// What it answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// Waits until something is so.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{what} did not happen within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A daemon that has published a document, `news/a.txt`.
#[track_caller]
pub(crate) fn at_work() -> (House, Daemon) {
    let house = House::new();
    house.config_with(SERVE).file("news/a.txt", TIDE);
    let daemon = Daemon::start(&house);
    daemon.shows("The tide rose by two metres");
    (house, daemon)
}

impl Daemon {
    /// Starts a daemon, and waits until it listens.
    #[track_caller]
    pub(crate) fn start(house: &House) -> Self {
        Self::start_as(house.command(&["serve"]))
    }

    /// Starts a daemon by a command.
    #[track_caller]
    pub(crate) fn start_as(mut command: Command) -> Self {
        command.env("FEEDGEN_LOG", "debug").env_remove("SOURCE_DATE_EPOCH");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let (stderr, saying) = (child.stderr.take().unwrap(), said.clone());
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                saying.lock().unwrap().push(line);
            }
        });
        let mut daemon = Self { child, said, address: String::new() };
        let line = daemon.says("listening on http://");
        line.rsplit_once("http://").unwrap().1.trim_end_matches('/').clone_into(&mut daemon.address);
        daemon
    }

    /// Waits until it has said something, and returns that line.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> String {
        let found = || self.said().into_iter().find(|line| line.contains(text));
        let begun = Instant::now();
        loop {
            if let Some(line) = found() {
                return line;
            }
            assert!(begun.elapsed() < PATIENCE, "{text:?} is not among\n{}", self.said().join("\n"));
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// All that it said so far.
    pub(crate) fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it for a page.
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.get_with(path, "")
    }

    /// The same with more headers: each ends in `\r\n`.
    #[track_caller]
    pub(crate) fn get_with(&self, path: &str, headers: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{headers}\r\n", self.address).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let at = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..at].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, body: bytes.split_off(at + 4) }
    }

    /// The titles that it serves in a JSON feed.
    pub(crate) fn titles(&self, path: &str) -> Vec<String> {
        let answer = self.get(path);
        if answer.status != 200 {
            return Vec::new();
        }
        let feed: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        feed["items"].as_array().unwrap().iter().cloned().map(|item| TestItem::of(item).title).collect()
    }

    /// Waits until it serves an item of that title.
    #[track_caller]
    pub(crate) fn shows(&self, title: &str) {
        let begun = Instant::now();
        while !self.titles("/all.json").iter().any(|shown| shown == title) {
            assert!(begun.elapsed() < PATIENCE, "{title:?} is not shown; it said\n{}", self.said().join("\n"));
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let done = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    /// Ends it by SIGTERM. Returns its exit code, and how long that took.
    #[track_caller]
    pub(crate) fn end(mut self) -> (Option<i32>, Duration) {
        self.signal("TERM");
        let begun = Instant::now();
        let status = until("its end", || self.child.try_wait().unwrap());
        (status.code(), begun.elapsed())
    }

    /// Kills it.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _gone = self.child.wait();
    }
}
