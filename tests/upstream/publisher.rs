//! A publisher on loopback, whose feed says what a test wants it to say, and a house that visits it.

use std::io::Write;
use std::sync::{Arc, Mutex};

use crate::badweb::{Server, answer, path, send};
use crate::house::{House, Outcome, TestItem};

/// A story as its publisher tells it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Story {
    pub(crate) guid: Option<String>,
    pub(crate) link: Option<String>,
    pub(crate) title: Option<String>,
    /// RFC 3339, or a day.
    pub(crate) date: Option<String>,
    pub(crate) body: String,
}

impl Story {
    /// The story of a number, dated a day of March 2026 at an odd minute, with an address for a guid.
    pub(crate) fn new(number: usize) -> Self {
        let link = format!("https://quay.example/news/{number}");
        Self {
            guid: Some(format!("https://quay.example/?p={number}")),
            link: Some(link),
            title: Some(format!("Ship {number} came in")),
            date: Some(format!("2026-03-{:02}T10:17:{:02}Z", 1 + number % 28, number % 60)),
            body: format!("Ship {number} came in with the tide, and {number} sailors went ashore."),
        }
    }

    pub(crate) fn guid(self, guid: &str) -> Self {
        Self { guid: Some(guid.to_owned()), ..self }
    }

    pub(crate) fn link(self, link: &str) -> Self {
        Self { link: Some(link.to_owned()), ..self }
    }

    pub(crate) fn title(self, title: &str) -> Self {
        Self { title: Some(title.to_owned()), ..self }
    }

    pub(crate) fn date(self, date: &str) -> Self {
        Self { date: Some(date.to_owned()), ..self }
    }

    pub(crate) fn body(self, body: &str) -> Self {
        Self { body: body.to_owned(), ..self }
    }

    /// Dated by the day alone.
    pub(crate) fn by_day(self) -> Self {
        let day = self.date.as_deref().unwrap().split('T').next().unwrap().to_owned();
        self.date(&day)
    }

    pub(crate) fn without_guid(self) -> Self {
        Self { guid: None, ..self }
    }

    pub(crate) fn without_link(self) -> Self {
        Self { link: None, ..self }
    }

    pub(crate) fn without_title(self) -> Self {
        Self { title: None, ..self }
    }

    pub(crate) fn without_date(self) -> Self {
        Self { date: None, ..self }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn element(name: &str, text: Option<&str>) -> String {
    text.map(|text| format!("<{name}>{}</{name}>", escaped(text))).unwrap_or_default()
}

/// Stories as RSS 2.0, with more elements in the channel.
pub(crate) fn rss_with(channel: &str, stories: &[Story]) -> String {
    let item = |story: &Story| {
        let Story { guid, link, title, date, body } = story;
        let date = date.as_deref().map(|date| match chrono::DateTime::parse_from_rfc3339(date) {
            Ok(time) => time.to_rfc2822(),
            Err(_) => date.to_owned(),
        });
        let guid = element("guid", guid.as_deref()).replace("<guid>", "<guid isPermaLink=\"false\">");
        let parts = [
            element("title", title.as_deref()),
            element("link", link.as_deref()),
            element("pubDate", date.as_deref()),
            element("description", Some(body)),
        ];
        format!("<item>{guid}{}</item>\n", parts.concat())
    };
    let items: String = stories.iter().map(item).collect();
    format!(
        "<rss version=\"2.0\"><channel><title>The Quay</title><link>https://quay.example/</link>{channel}\n{items}</channel></rss>\n"
    )
}

/// Stories as RSS 2.0.
pub(crate) fn rss(stories: &[Story]) -> String {
    rss_with("", stories)
}

/// Stories as Atom; what has no id has none here either.
pub(crate) fn atom(stories: &[Story]) -> String {
    let entry = |story: &Story| {
        let Story { guid, link, title, date, body } = story;
        let link = link.as_deref().map(|link| format!("<link href=\"{}\"/>", escaped(link))).unwrap_or_default();
        let parts = [
            element("id", guid.as_deref()),
            element("title", title.as_deref()),
            element("published", date.as_deref()),
            element("updated", date.as_deref()),
            element("summary", Some(body)),
        ];
        format!("<entry>{link}{}</entry>\n", parts.concat())
    };
    let entries: String = stories.iter().map(entry).collect();
    format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>The Quay</title><id>urn:quay</id>\n{entries}</feed>\n")
}

/// Stories as JSON Feed.
pub(crate) fn json(stories: &[Story]) -> String {
    let item = |story: &Story| {
        let Story { guid, link, title, date, body } = story;
        serde_json::json!({ "id": guid, "url": link, "title": title, "date_published": date, "content_text": body })
    };
    let items: Vec<_> = stories.iter().map(item).collect();
    serde_json::json!({ "version": "https://jsonfeed.org/version/1.1", "title": "The Quay", "items": items })
        .to_string()
}

/// A server that takes one request on a connection says so, or the next may be sent into a connection that closes.
pub(crate) const CLOSE: &str = "connection: close\r\n";

/// A server with a feed at `/feed`, which says what it was last given to say.
pub(crate) struct Publisher {
    pub(crate) server: Server,
    says: Arc<Mutex<Vec<u8>>>,
}

impl Publisher {
    pub(crate) fn new() -> Self {
        let says: Arc<Mutex<Vec<u8>>> = Arc::default();
        let said = says.clone();
        let server = Server::start(move |head, out: &mut dyn Write| {
            let text = said.lock().unwrap().clone();
            match path(head) {
                "/feed" => send(out, &text),
                _ => send(out, b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"),
            }
        });
        Self { server, says }
    }

    /// From now on, answers with these bytes, head and all.
    pub(crate) fn answers(&self, bytes: impl Into<Vec<u8>>) -> &Self {
        *self.says.lock().unwrap() = bytes.into();
        self
    }

    /// From now on, answers with this feed and nothing that vouches for it.
    pub(crate) fn says(&self, feed: &str) -> &Self {
        self.says_with("", feed)
    }

    /// From now on, answers with this feed and these headers.
    pub(crate) fn says_with(&self, headers: &str, feed: &str) -> &Self {
        self.answers(answer(&format!("{CLOSE}{headers}"), feed.as_bytes()))
    }

    /// A source of that id which is this feed.
    pub(crate) fn source(&self, id: &str) -> String {
        format!("[[source]]\nid = \"{id}\"\nfeed = \"{}\"\n", self.server.url("/feed"))
    }
}

/// The configuration of a house that visits servers on loopback, and waits for their answers as long as it does anywhere. It ends in
/// `[refresh]`.
pub(crate) const CONFIG: &str = r#"
[site]
title = "Harbour news"
url = "https://news.example.edu/feeds/"
authority = "news.example.edu,2026"
[refresh]
allow_private = ["127.0.0.0/8"]
robots = false
"#;

/// A house with one source, `quay`, the feed of a publisher. Each visit is a day after the one before.
pub(crate) struct Stand {
    pub(crate) house: House,
    pub(crate) publisher: Publisher,
}

impl Stand {
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    /// With more keys of the source.
    pub(crate) fn with(keys: &str) -> Self {
        let stand = Self { house: House::new(), publisher: Publisher::new() };
        stand.configure(keys);
        stand
    }

    pub(crate) fn configure(&self, keys: &str) {
        self.house.config(&format!("{CONFIG}{}{keys}", self.publisher.source("quay")));
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

    /// A day later, a walk that finds these stories.
    #[track_caller]
    pub(crate) fn finds(&self, stories: &[Story]) -> &Self {
        self.reads(&rss(stories))
    }

    /// A day later, a walk that finds this feed.
    #[track_caller]
    pub(crate) fn reads(&self, feed: &str) -> &Self {
        self.publisher.says(feed);
        self.visit().expect_ok();
        self
    }

    /// What the source's own feed shows.
    pub(crate) fn items(&self) -> Vec<TestItem> {
        self.house.feed("sources/quay.json")
    }

    /// Ids and titles that the source's own feed shows, by id.
    pub(crate) fn ids(&self) -> Vec<(String, String)> {
        let mut ids: Vec<_> = self.items().into_iter().map(|item| (item.id, item.title)).collect();
        ids.sort();
        ids
    }

    /// The item of a title in the source's own feed.
    #[track_caller]
    pub(crate) fn item(&self, title: &str) -> TestItem {
        let items = self.items();
        let found = items.iter().find(|item| item.title == title).cloned();
        found.unwrap_or_else(|| panic!("no item {title:?}, but {:#?}", self.ids()))
    }
}
