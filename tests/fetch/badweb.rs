//! Servers on loopback that answer as badly as servers of the web do.

use std::io::{BufRead, BufReader, Read as _, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use url::Url;

/// A server, for as long as the process lives. It takes one request on a connection and closes it.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// What is kept of requests takes memory, which a test may give back.
    pub(crate) requests: Arc<Mutex<Requests>>,
}

/// The heads of the requests that came, and when.
pub(crate) type Requests = Vec<(Vec<u8>, Instant)>;

impl Server {
    /// `behaviour` gets the head of a request, and what takes the answer.
    pub(crate) fn start(behaviour: impl Fn(&str, &mut dyn Write) + Send + Sync + 'static) -> Self {
        Self::start_at("127.0.0.1:0", behaviour)
    }

    /// `0.0.0.0:0` is all of 127.0.0.0/8, which are as many hosts.
    pub(crate) fn start_at(address: &str, behaviour: impl Fn(&str, &mut dyn Write) + Send + Sync + 'static) -> Self {
        Self::start_with(address, behaviour, |stream, serve| serve(&mut BufReader::new(stream)))
    }

    /// A server whose connections are dressed, as TLS dresses them.
    pub(crate) fn start_with(
        address: &str,
        behaviour: impl Fn(&str, &mut dyn Write) + Send + Sync + 'static,
        dress: impl Fn(TcpStream, &dyn Fn(&mut dyn Connection)) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = requests.clone();
        let (behaviour, dress) = (Arc::new(behaviour), Arc::new(dress));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (behaviour, dress, log) = (behaviour.clone(), dress.clone(), log.clone());
                std::thread::spawn(move || {
                    let stream = stream.unwrap();
                    stream.set_write_timeout(Some(Duration::from_secs(10))).unwrap();
                    dress(stream, &|connection| {
                        let Some(head) = connection.head() else { return };
                        log.lock().unwrap().push((head.clone(), Instant::now()));
                        behaviour(&String::from_utf8_lossy(&head), connection.writer());
                        connection.hang_up();
                    });
                });
            }
        });
        Self { address, requests }
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}/", self.address)).unwrap().join(path).unwrap()
    }

    /// When requests came.
    pub(crate) fn times(&self) -> Vec<Instant> {
        self.requests.lock().unwrap().iter().map(|(_, time)| *time).collect()
    }

    /// The heads of the requests.
    pub(crate) fn heads_as_they_came(&self) -> Vec<Vec<u8>> {
        self.requests.lock().unwrap().iter().map(|(head, _)| head.clone()).collect()
    }

    /// The heads of the requests as text, in small letters.
    pub(crate) fn heads(&self) -> Vec<String> {
        let heads = self.heads_as_they_came();
        heads.iter().map(|head| String::from_utf8_lossy(head).to_ascii_lowercase()).collect()
    }

    /// The paths that were asked for.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.heads_as_they_came().iter().map(|head| path(&String::from_utf8_lossy(head)).to_owned()).collect()
    }
}

pub(crate) fn path(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}

/// A connection that a server has taken.
pub(crate) trait Connection {
    /// The head of the next request. `None`: it is over.
    fn head(&mut self) -> Option<Vec<u8>>;
    fn writer(&mut self) -> &mut dyn Write;
    fn hang_up(&mut self);
}

impl Connection for BufReader<TcpStream> {
    fn head(&mut self) -> Option<Vec<u8>> {
        read_head(self)
    }

    fn writer(&mut self) -> &mut dyn Write {
        self.get_mut()
    }

    fn hang_up(&mut self) {
        // Without a reset, which could overtake what was sent.
        let _closed = self.get_ref().shutdown(std::net::Shutdown::Write);
        let _timed = self.get_ref().set_read_timeout(Some(Duration::from_secs(2)));
        let _rest = self.read_to_end(&mut Vec::new());
    }
}

impl Connection for BufReader<rustls::StreamOwned<rustls::ServerConnection, TcpStream>> {
    fn head(&mut self) -> Option<Vec<u8>> {
        read_head(self)
    }

    fn writer(&mut self) -> &mut dyn Write {
        self.get_mut()
    }

    fn hang_up(&mut self) {
        self.get_mut().conn.send_close_notify();
        let _flushed = self.get_mut().flush();
    }
}

fn read_head(reader: &mut dyn BufRead) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    loop {
        let before = head.len();
        reader.read_until(b'\n', &mut head).ok().filter(|read| *read > 0)?;
        if head.len() - before <= 2 {
            return Some(head);
        }
    }
}

/// A whole answer.
pub(crate) fn answer(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

pub(crate) fn send(out: &mut dyn Write, bytes: &[u8]) {
    // Whoever was asked may have heard enough.
    let _sent = out.write_all(bytes).and_then(|()| out.flush());
}

pub(crate) fn redirection(target: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n")
}

pub(crate) fn redirect(out: &mut dyn Write, target: &str) {
    send(out, redirection(target).as_bytes());
}
