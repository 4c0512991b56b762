//! A hub on loopback, which asks for each feed that it is told of, and a house that is published where it can ask.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::badweb::{Server, answer, path, send};
use crate::house::House;

/// How a hub answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mood {
    /// It takes what it is told, and asks for the feed.
    Takes,
    /// With this status, and these headers.
    Says(u16, &'static str),
    /// Not before this many seconds are over.
    Dawdles(u64),
}

/// What a hub was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) head: String,
    pub(crate) form: String,
    /// `hub.url`.
    pub(crate) topic: String,
    /// What it found there. Empty: it did not ask.
    pub(crate) found: String,
}

/// A hub, for as long as the process lives.
pub(crate) struct Hub {
    address: SocketAddr,
    mood: Arc<Mutex<Mood>>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Hub {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (mood, heard) = (Arc::new(Mutex::new(Mood::Takes)), Arc::new(Mutex::new(Vec::new())));
        let hub = Self { address, mood: mood.clone(), heard: heard.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (mood, heard) = (mood.clone(), heard.clone());
                std::thread::spawn(
                    move || while serve(&mut BufReader::new(stream.as_ref().unwrap()), &mood, &heard) {},
                );
            }
        });
        hub
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hub", self.address)
    }

    pub(crate) fn is(&self, mood: Mood) -> &Self {
        *self.mood.lock().unwrap() = mood;
        self
    }

    /// What it was told since this was last asked.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }

    /// Paths of the feeds that it was told of since this was last asked, in order.
    pub(crate) fn feeds(&self) -> Vec<String> {
        let path = |heard: Heard| heard.topic.splitn(4, '/').nth(3).unwrap().to_owned();
        let mut feeds: Vec<String> = self.heard().into_iter().map(path).collect();
        feeds.sort();
        feeds
    }
}

/// Takes one form. Returns whether another may come.
fn serve(stream: &mut BufReader<&TcpStream>, mood: &Mutex<Mood>, heard: &Mutex<Vec<Heard>>) -> bool {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).unwrap_or(0) == 0 {
            return false;
        }
    }
    let head = head.to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
    let mut form = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut form).unwrap();
    let form = String::from_utf8(form).unwrap();
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    assert!(pairs.len() < 2 || pairs[0] == ("hub.mode".to_owned(), "publish".to_owned()), "{pairs:?}");
    let topic = pairs.iter().find(|(name, _)| name == "hub.url").map(|(_, url)| url.clone()).unwrap_or_default();
    let mood = *mood.lock().unwrap();
    let found = if matches!(mood, Mood::Takes) { fetch(&topic) } else { String::new() };
    heard.lock().unwrap().push(Heard { head, form, topic, found });
    let (status, headers) = match mood {
        Mood::Takes => (204, ""),
        Mood::Says(status, headers) => (status, headers),
        Mood::Dawdles(seconds) => {
            std::thread::sleep(Duration::from_secs(seconds));
            (204, "")
        }
    };
    let length = if status == 204 { "" } else { "content-length: 0\r\n" };
    let told = format!("HTTP/1.1 {status} Told\r\n{length}{headers}\r\n");
    stream.get_mut().write_all(told.as_bytes()).is_ok()
}

/// What lies at an address.
fn fetch(topic: &str) -> String {
    let url = url::Url::parse(topic).unwrap();
    let mut stream = TcpStream::connect((url.host_str().unwrap(), url.port().unwrap())).unwrap();
    write!(stream, "GET {} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", url.path()).unwrap();
    let mut found = String::new();
    stream.read_to_string(&mut found).unwrap();
    found
}

/// A house whose feeds can be asked for over HTTP, with hubs of its own.
pub(crate) struct Town {
    pub(crate) house: House,
    pub(crate) hub: Hub,
    site: Server,
}

impl Town {
    /// A house with a hub, which may be told, and no documents.
    pub(crate) fn new() -> Self {
        let house = House::new();
        let feeds: PathBuf = house.path("feeds");
        let site =
            Server::start(move |head, out| match std::fs::read(feeds.join(path(head).trim_start_matches('/'))) {
                Ok(bytes) => send(out, &answer("", &bytes)),
                Err(_) => send(out, b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"),
            });
        let town = Self { house, hub: Hub::new(), site };
        town.configure("", "");
        town
    }

    /// Configures it with more keys of `[publish]` and more tables.
    pub(crate) fn configure(&self, publish: &str, more: &str) {
        self.configure_with(&format!("hub = \"{}\"\n{publish}", self.hub.url()), more);
    }

    /// Configures it with these keys of `[publish]`, and more tables.
    pub(crate) fn configure_with(&self, publish: &str, more: &str) {
        let site = self.site.url("/");
        self.house.config(&format!(
            "[site]\ntitle = \"Harbour news\"\nurl = \"{site}\"\nauthority = \"news.example.edu,2026\"\n\
             [publish]\n{publish}\n[refresh]\nallow_private = [\"127.0.0.1\"]\n{more}\n\
             [[source]]\nid = \"news\"\ntitle = \"Harbour College\"\nfiles = \"news/**/*\"\n"
        ));
    }
}
