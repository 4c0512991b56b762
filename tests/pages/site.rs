//! A site on loopback with a list of news and an article for each, and a house that visits it.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

use crate::badweb::{Server, answer, path, send};
use crate::house::{House, Outcome, TestItem};

/// A story as its site tells it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Story {
    pub(crate) number: usize,
    pub(crate) title: String,
    /// A day.
    pub(crate) date: String,
    pub(crate) text: String,
}

const SHIPS: [&str; 8] = ["Swallow", "Heron", "Curlew", "Plover", "Gannet", "Petrel", "Avocet", "Dunlin"];

impl Story {
    /// The story of a number, dated a day of March 2026.
    pub(crate) fn new(number: usize) -> Self {
        let ship = SHIPS[number % SHIPS.len()];
        Self {
            number,
            title: format!("The {ship} came in with cargo {number}"),
            date: format!("2026-03-{:02}", 1 + number % 28),
            text: format!(
                "The {ship} came in with the tide and cargo {number}, and {number} sailors went ashore to look for a bed."
            ),
        }
    }

    pub(crate) fn title(self, title: &str) -> Self {
        Self { title: title.to_owned(), ..self }
    }

    pub(crate) fn date(self, date: &str) -> Self {
        Self { date: date.to_owned(), ..self }
    }

    /// Its path on the site.
    pub(crate) fn path(&self) -> String {
        format!("/news/{}.html", self.number)
    }

    /// Its page.
    pub(crate) fn page(&self) -> String {
        let Self { title, date, text, .. } = self;
        format!(
            "<!DOCTYPE html><html lang=\"en\"><head><title>{title} - Quay College</title></head><body><div id=\"menu\"><a href=\"/\">Home</a></div>\
             <article><h1>{title}</h1><p class=\"info\">Published: {date}</p><div class=\"text\"><p>{text}</p><p>The harbour master wrote it all into \
             the big book, and the choir sang on the quay until the evening came and the lamps were lit.</p></div></article></body></html>"
        )
    }
}

/// The stories of some numbers, the highest first.
pub(crate) fn stories(numbers: std::ops::RangeInclusive<usize>) -> Vec<Story> {
    numbers.rev().map(Story::new).collect()
}

/// A list of stories; `next` is the path of the next page.
pub(crate) fn list(stories: &[Story], next: Option<&str>) -> String {
    let row = |story: &Story| {
        format!(
            "<li><a href=\"{}\">{}</a> <span class=\"date\">{}</span></li>\n",
            story.path(),
            story.title,
            story.date
        )
    };
    around(&format!("<ul class=\"news\">\n{}</ul>", stories.iter().map(row).collect::<String>()), next)
}

/// The page around a list.
pub(crate) fn around(list: &str, next: Option<&str>) -> String {
    let next = next.map(|next| format!("<a class=\"next\" href=\"{next}\">Next page</a>")).unwrap_or_default();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>News - Quay College</title></head><body><div id=\"menu\"><a href=\"/\">Home</a></div>\
         <h1>News</h1>{list}{next}<p>Quay College, Harbour Street 1</p></body></html>"
    )
}

/// A server that answers each path as it was last told to.
pub(crate) struct Site {
    pub(crate) house: House,
    pub(crate) server: Server,
    answers: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    keys: String,
}

/// What the source is found by in these tests.
pub(crate) const KEYS: &str = "[source.select]\nitem = \"ul.news > li\"\ndate = \".date\"\nnext = \"a.next\"\n";

impl Site {
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    /// With more keys of `[source.select]`.
    pub(crate) fn with(keys: &str) -> Self {
        let answers: Arc<Mutex<BTreeMap<String, Vec<u8>>>> = Arc::default();
        let told = answers.clone();
        let server = Server::start(move |head, out: &mut dyn Write| {
            let bytes = told.lock().unwrap().get(path(head)).cloned();
            send(out, &bytes.unwrap_or_else(|| b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec()));
        });
        let keys = format!("{KEYS}{keys}");
        let site = Self { house: House::new(), server, answers, keys };
        site.house.config(&site.config());
        site
    }

    /// From now on, the configuration has more keys of `[source.select]`.
    pub(crate) fn writes_keys(&mut self, keys: &str) {
        self.keys.push_str(keys);
        self.house.config(&self.config());
    }

    /// The configuration.
    pub(crate) fn config(&self) -> String {
        format!(
            "[site]\ntitle = \"Harbour news\"\nurl = \"https://news.example.edu/feeds/\"\nauthority = \"news.example.edu,2026\"\n\
             [refresh]\nallow_private = [\"127.0.0.0/8\"]\nrobots = false\n\
             [[source]]\nid = \"quay\"\npage = \"{}\"\n{}",
            self.server.url("/news/"),
            self.keys
        )
    }

    /// From now on, a path answers with these bytes, head and all.
    pub(crate) fn answers(&self, path: &str, bytes: &[u8]) -> &Self {
        self.answers.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
        self
    }

    /// From now on, a path answers with this page.
    pub(crate) fn shows(&self, path: &str, page: &str) -> &Self {
        self.answers(path, &answer("content-type: text/html; charset=utf-8\r\nconnection: close\r\n", page.as_bytes()))
    }

    /// From now on, a path answers with that status.
    pub(crate) fn fails(&self, path: &str, status: &str) -> &Self {
        self.answers(path, format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes())
    }

    /// Puts the articles of some stories up.
    pub(crate) fn writes(&self, stories: &[Story]) -> &Self {
        for story in stories {
            self.shows(&story.path(), &story.page());
        }
        self
    }

    /// Puts stories up, and one list of them.
    pub(crate) fn lists(&self, stories: &[Story]) -> &Self {
        self.writes(stories).shows("/news/", &list(stories, None))
    }

    /// Puts stories up, and pages of so many of them.
    pub(crate) fn pages(&self, stories: &[Story], each: usize) -> &Self {
        self.writes(stories);
        let parts: Vec<&[Story]> = stories.chunks(each).collect();
        for (at, part) in parts.iter().enumerate() {
            let path = if at == 0 { "/news/".to_owned() } else { format!("/news/page{at}") };
            let next = (at + 1 < parts.len()).then(|| format!("/news/page{}", at + 1));
            self.shows(&path, &list(part, next.as_deref()));
        }
        self
    }

    /// A day later.
    pub(crate) fn tomorrow(&self) -> &Self {
        self.house.tomorrow();
        self
    }

    /// A day later, a walk.
    pub(crate) fn visit(&self) -> Outcome {
        self.tomorrow().house.refresh()
    }

    /// A day later, a walk, and the paths that it asks for, in their order of the alphabet.
    #[track_caller]
    pub(crate) fn asks(&self) -> Vec<String> {
        let before = self.server.paths().len();
        self.visit().expect_ok();
        let mut paths = self.server.paths().split_off(before);
        paths.sort();
        paths
    }

    /// What the source's own feed shows.
    pub(crate) fn items(&self) -> Vec<TestItem> {
        self.house.feed("sources/quay.json")
    }

    /// Titles that the source's own feed shows.
    pub(crate) fn titles(&self) -> Vec<String> {
        self.items().into_iter().map(|item| item.title).collect()
    }

    /// The item of a story.
    #[track_caller]
    pub(crate) fn item(&self, story: &Story) -> TestItem {
        let url = self.server.url(&story.path()).to_string();
        let found = self.items().into_iter().find(|item| item.url == url);
        found.unwrap_or_else(|| panic!("no item at {url}, but {:#?}", self.titles()))
    }

    /// How the source is.
    pub(crate) fn health(&self) -> serde_json::Value {
        self.house.run(&["status", "--json"]).json()["sources"][0].clone()
    }
}
