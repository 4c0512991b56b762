//! A site for a test: a folder of files, served on loopback by the real server, and a client that sees every byte.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use feedgen::config::Settings;
use feedgen::serve::live::Live;
use feedgen::serve::{Door, Limits, serve};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A site that is served until it is dropped.
pub(crate) struct Site {
    folder: PathBuf,
    pub(crate) address: SocketAddr,
    pub(crate) door: Arc<Door>,
    pub(crate) live: Arc<Live>,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) serving: Option<JoinHandle<std::io::Result<()>>>,
    pub(crate) runtime: Runtime,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with("", Limits::default())
    }

    /// With more of a configuration.
    pub(crate) fn with(text: &str, limits: Limits) -> Self {
        Self::at("127.0.0.1:0", text, limits)
    }

    /// The same at another address.
    pub(crate) fn at(listen: &str, text: &str, limits: Limits) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("feedgen-serving-{}-{number}", std::process::id()));
        fs::create_dir_all(folder.join("public")).unwrap();
        let live = Arc::new(Live::new("2026-05-01T00:00:00Z".parse().unwrap(), Arc::new(settings(&folder, text))));
        let now = "2026-05-01T00:00:00Z".parse().unwrap();
        let door = Door::with_limits(Arc::clone(&live), Arc::new(move || now), limits);
        let listener = TcpListener::bind(listen).unwrap();
        let address = listener.local_addr().unwrap();
        let runtime = Runtime::new().unwrap();
        let (stop, stopped) = watch::channel(false);
        let serving = Some(runtime.spawn(serve(vec![listener], Arc::clone(&door), stopped)));
        Self { folder, address, door, live, stop, serving, runtime }
    }

    /// What is published.
    pub(crate) fn public(&self) -> PathBuf {
        self.folder.join("public")
    }

    /// The configuration is another one from now on.
    pub(crate) fn configure(&self, text: &str) {
        self.live.set_settings(Arc::new(settings(&self.folder, text)));
    }

    /// Puts a file in its place as a whole, below what is published.
    pub(crate) fn put(&self, path: &str, text: impl AsRef<[u8]>) {
        let place = self.public().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        let beside = self.folder.join("beside");
        fs::write(&beside, text).unwrap();
        fs::rename(&beside, place).unwrap();
    }

    pub(crate) fn connect(&self) -> Client {
        Client::new(self.address)
    }

    /// Asks for a path with these headers.
    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.connect().ask("GET", path, headers, b"")
    }

    /// Asks until a file comes in a coding: the first answers may be plain.
    pub(crate) fn packed(&self, path: &str, coding: &str) -> Answer {
        for _ in 0..2400 {
            let answer = self.get(path, &[("Accept-Encoding", coding)]);
            if answer.header("content-encoding") == Some(coding) {
                return answer;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("{path} does not come as {coding}");
    }
}

fn settings(folder: &Path, text: &str) -> Settings {
    let source = if text.contains("[[source]]") { "" } else { "[[source]]\nid = 'news'\nfiles = 'news'\n" };
    let directory = folder.join("public").display().to_string();
    let text = format!("[publish]\ndirectory = '{directory}'\n{text}\n{source}");
    Settings::from_text(&text, "feedgen.toml", &BTreeMap::new()).unwrap()
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        fs::remove_dir_all(&self.folder).unwrap_or_default();
    }
}

/// A connection.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The body as it is when it is decompressed.
    pub(crate) fn plain(&self) -> Vec<u8> {
        let mut plain = Vec::new();
        match self.header("content-encoding") {
            Some("gzip") => flate2::read::GzDecoder::new(&*self.body).read_to_end(&mut plain).unwrap(),
            Some("br") => brotli_decompressor::Decompressor::new(&*self.body, 4096).read_to_end(&mut plain).unwrap(),
            other => {
                assert_eq!(other, None);
                return self.body.clone();
            }
        };
        plain
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:?} {}", self.headers, String::from_utf8_lossy(&self.body));
        self
    }
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(2))).unwrap();
        Self { stream, buffer: Vec::new() }
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    pub(crate) fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: news.example.edu\r\n");
        for (name, value) in headers {
            head.extend([*name, ": ", *value, "\r\n"]);
        }
        if !body.is_empty() {
            head.extend(["Content-Length: ", &body.len().to_string(), "\r\n"]);
        }
        self.send(format!("{head}\r\n").as_bytes());
        // Who is refused meanwhile need not take it all.
        self.stream.write_all(body).unwrap_or_default();
        self.answer(method).expect("an answer")
    }

    /// The next answer. `None`: the connection ended before it.
    pub(crate) fn answer(&mut self, method: &str) -> Option<Answer> {
        let end = loop {
            if let Some(at) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            if !self.more() {
                return None;
            }
        };
        let head = String::from_utf8(self.buffer.drain(..end).collect()).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut answer = Answer { status, headers, body: Vec::new() };
        let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
        if method != "HEAD" && status != 304 {
            while self.buffer.len() < length {
                if !self.more() {
                    return None;
                }
            }
            answer.body = self.buffer.drain(..length).collect();
        }
        Some(answer)
    }

    /// Whether there is more to read.
    fn more(&mut self) -> bool {
        let mut chunk = [0; 16384];
        let count = loop {
            match self.stream.read(&mut chunk) {
                // A machine that stood still goes on.
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                read => break read.unwrap_or(0),
            }
        };
        self.buffer.extend_from_slice(&chunk[..count]);
        count > 0
    }

    /// Whether the connection ends without another byte.
    pub(crate) fn is_ended(&mut self) -> bool {
        let mut byte = [0];
        match self.stream.read(&mut byte) {
            Ok(count) => count == 0,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => self.is_ended(),
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}
