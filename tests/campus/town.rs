//! A server that is many hosts, each with a site of its own, and a house that visits them.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

use crate::badweb::{Server, answer, path, send};
use crate::house::{House, Outcome, TestItem};

/// A file of a site: its path (of an interface, without the query) and the answer.
pub(crate) type File = (String, Vec<u8>);

/// A page in UTF-8.
pub(crate) fn page(path: impl Into<String>, text: &str) -> File {
    typed(path, "text/html; charset=utf-8", text.as_bytes())
}

/// An answer of a media type.
pub(crate) fn typed(path: impl Into<String>, media_type: &str, bytes: &[u8]) -> File {
    (path.into(), answer(&format!("content-type: {media_type}\r\nconnection: close\r\n"), bytes))
}

/// An answer of nothing but a status.
pub(crate) fn status(path: impl Into<String>, status: &str) -> File {
    (path.into(), format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").into_bytes())
}

/// What is visited in a walk.
pub(crate) struct Town {
    pub(crate) house: House,
    server: Server,
    answers: Answers,
    sources: Vec<(String, String)>,
}

/// Files by host and path.
type Answers = Arc<Mutex<BTreeMap<(String, String), Vec<u8>>>>;

impl Town {
    pub(crate) fn new() -> Self {
        let answers = Answers::default();
        let told = answers.clone();
        let server = Server::start_at("0.0.0.0:0", move |head, out: &mut dyn Write| {
            let (host, path) = (host(head), path(head));
            let told = told.lock().unwrap();
            let whole = told.get(&(host.clone(), path.to_owned()));
            let bytes = whole.or_else(|| told.get(&(host, path.split('?').next()?.to_owned()))).cloned();
            send(out, &bytes.unwrap_or_else(|| status("", "404 Not Found").1));
        });
        Self { house: House::new(), server, answers, sources: Vec::new() }
    }

    /// Adds a source; `page` is the path of its page. More keys may follow.
    pub(crate) fn add(&mut self, id: &str, page: &str, keys: &str) {
        let host = format!("127.0.{}.{}", 1 + self.sources.len() / 200, 1 + self.sources.len() % 200);
        let host = format!("{host}:{}", self.server.address.port());
        let toml = format!("[[source]]\nid = \"{id}\"\npage = \"http://{host}{page}\"\n{keys}\n");
        self.sources.push((id.to_owned(), host));
        let before = std::fs::read_to_string(self.house.path("feedgen.toml")).unwrap();
        let begin = "[site]\ntitle = \"Campus\"\nurl = \"https://news.example.edu/feeds/\"\nauthority = \"news.example.edu,2026\"\n\
                     timezone = \"Asia/Shanghai\"\n[refresh]\nallow_private = [\"127.0.0.0/8\"]\ntimeout = \"2m\"\n";
        let before = if self.sources.len() == 1 { begin.to_owned() } else { before };
        self.house.config(&format!("{before}{toml}"));
    }

    /// The host of a source, and its port.
    pub(crate) fn host(&self, id: &str) -> String {
        let found = self.sources.iter().find(|(source, _)| source == id);
        found.map_or_else(|| panic!("no site {id}"), |(_, host)| host.clone())
    }

    /// From now on, the site of a source is these files.
    pub(crate) fn shows(&self, id: &str, files: Vec<File>) {
        let host = self.host(id);
        let mut answers = self.answers.lock().unwrap();
        answers.retain(|(other, _), _| *other != host);
        answers.extend(files.into_iter().map(|(path, bytes)| ((host.clone(), path), bytes)));
    }

    /// A walk at a time, and the paths that it asks each host for, in the order of the alphabet, but for `/robots.txt`.
    pub(crate) fn visit(&self, now: &str) -> (Outcome, BTreeMap<String, Vec<String>>) {
        let before = self.server.heads_as_they_came().len();
        let outcome = self.house.at(now).refresh();
        let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for head in self.server.heads_as_they_came().split_off(before) {
            let head = String::from_utf8_lossy(&head).into_owned();
            if path(&head) != "/robots.txt" {
                let host = host(&head);
                let id = self.sources.iter().find(|(_, other)| *other == host).map_or("", |(id, _)| id);
                asked.entry(id.to_owned()).or_default().push(path(&head).to_owned());
            }
        }
        for paths in asked.values_mut() {
            paths.sort();
        }
        (outcome, asked)
    }

    /// What the own feed of a source shows.
    pub(crate) fn items(&self, id: &str) -> Vec<TestItem> {
        let path = format!("sources/{id}.json");
        if self.house.has(&path) { self.house.feed(&path) } else { Vec::new() }
    }

    /// What is published of a source, by path: SHA-256 of each file.
    pub(crate) fn published(&self, id: &str) -> BTreeMap<String, String> {
        let own = format!("sources/{id}.");
        self.house.published().into_iter().filter(|(path, _)| path.starts_with(&own)).collect()
    }
}

fn host(head: &str) -> String {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let host = fields.find(|(name, _)| name.eq_ignore_ascii_case("host"));
    host.map(|(_, host)| host.trim().to_owned()).unwrap_or_default()
}
