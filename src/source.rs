//! Where news comes from: one [`Source`] per `[[source]]` of the configuration.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use regex::Regex;
use serde::{Deserialize, Serialize};
use url::Url;

mod every;
mod zone;

pub use every::{Every, InvalidTimes, Times};
pub use zone::{Tz, UnknownZone, ZoneOffset};

/// A place that news comes from, complete and checked.
#[derive(Clone, Debug)]
pub struct Source {
    /// The short name that stands in file names, ids and on the command line.
    pub id: SourceId,
    /// What it is and where.
    pub kind: SourceKind,
    /// The name people read; the title of the source's own feed.
    pub title: String,
    /// What its items are given, and which of them are shown; sources that want the same share it.
    pub treatment: Arc<Treatment>,
    /// Time zone of dates that carry none.
    pub timezone: Tz,
    /// Whether its copy of a story is shown rather than those of sources for which this is not said.
    pub prefer: bool,
    /// Newest items in the source's own feed.
    pub items: usize,
    /// How long its items stay after their publication. `None`: for ever.
    pub keep_for: Option<Duration>,
    /// Newest of its items that stay. 0: all.
    pub keep_items: usize,
}

/// What the items of a source are given, and which of them are shown: mostly nothing is said of that.
#[derive(Clone, Debug, Default)]
pub struct Treatment {
    /// BCP 47 tag of the language of its items, where their own text does not tell. `None`: the site's.
    pub language: Option<String>,
    /// Category slugs or labels added to those found in the documents.
    pub categories: Vec<String>,
    /// Author of items that name none. `None`: such items have no author of their own.
    pub author: Option<String>,
    /// An item is shown only if one of these matches its title or text; empty: all are.
    pub keep: Vec<Regex>,
    /// An item is not shown if one of these matches its title or text.
    pub drop: Vec<Regex>,
    /// An item is removed for good if one of these matches its title or text: it stays away also when its words or the
    /// rules change.
    pub remove: Vec<Regex>,
}

/// Expressions that are written alike are equal.
impl PartialEq for Treatment {
    fn eq(&self, other: &Self) -> bool {
        let Self { language, categories, author, keep, drop, remove } = self;
        let alike =
            |ours: &[Regex], theirs: &[Regex]| ours.iter().map(Regex::as_str).eq(theirs.iter().map(Regex::as_str));
        (language, categories, author) == (&other.language, &other.categories, &other.author)
            && alike(keep, &other.keep)
            && alike(drop, &other.drop)
            && alike(remove, &other.remove)
    }
}

/// The kinds of source. A new kind is a variant here, a file in `collect`, and the arms the compiler asks for.
#[derive(Clone, Debug)]
pub enum SourceKind {
    /// Local documents.
    Files(Box<Files>),
    /// A feed of others: RSS, Atom, RDF or JSON Feed.
    Feed(Box<Web>),
    /// A page that lists news, or JSON that does.
    Page(Box<Page>),
}

/// Local documents: a folder and a glob in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The folder that is walked; nothing outside of it is read.
    pub root: PathBuf,
    /// The glob that a path relative to `root` must match (`**` spans folders, `{a,b}` is either).
    pub pattern: String,
    /// How often the folder is looked through, whatever was seen of it meanwhile.
    pub every: Every,
}

/// A place on the web, and how it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Web {
    /// The address: http or https, without user and fragment.
    pub url: Url,
    /// The shortest time between two visits, or the times of all.
    pub every: Every,
    /// The longest time between two visits, where news is rare and the publisher wishes for few; it means nothing where
    /// `every` tells times.
    pub slowest: Duration,
    /// Whether robots.txt is heeded (RFC 9309).
    pub robots: bool,
    /// What it takes to be let in; sources that need the same share it.
    pub access: Arc<Access>,
}

/// What it takes to be let in at a place on the web: mostly nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Headers that are sent along, cookies among them.
    pub headers: Vec<(String, String)>,
    /// A file of further headers, `Name: value` a line.
    pub headers_file: Option<PathBuf>,
    /// The user of basic authentication (RFC 7617).
    pub user: Option<String>,
    /// The file that holds the password; without it, the password is empty.
    pub password_file: Option<PathBuf>,
    /// The proxy that is asked instead of the host.
    pub proxy: Option<Url>,
    /// A file of certificates, PEM, that are trusted besides those of the system.
    pub tls_ca: Option<PathBuf>,
}

/// A page that lists news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it is.
    pub web: Web,
    /// What somebody wrote about its parts; the rest is found without.
    pub select: Select,
    /// Pages of the list that are asked at one visit, at most.
    pub pages: usize,
    /// Whether the articles are asked for, too; else its items are what the list says of them.
    pub full_text: bool,
    /// A command that prints the page as a browser has it, `{url}` in it stands for the address. `None`: it is asked for
    /// like any other.
    pub render: Option<String>,
    /// What it must give.
    pub tests: Vec<PageTest>,
}

/// What the article at an address must give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageTest {
    /// The article.
    pub url: Url,
    /// Words that stand in its title or text.
    pub contains: String,
}

/// Where the parts of a list of news are found: CSS selectors (Selectors Level 4) in a page, JSON pointers (RFC 6901) in
/// JSON. The same for what somebody wrote and for what was learnt. `None`: it is found without.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Select {
    /// Each match is an entry. A JSON pointer leads to the array of them.
    pub item: Option<String>,
    /// In an entry: its title.
    pub title: Option<String>,
    /// In an entry: the link to its article.
    pub link: Option<String>,
    /// In an entry: its date.
    pub date: Option<String>,
    /// How dates are written, in the form of `strftime(3)`.
    pub date_format: Option<String>,
    /// In an entry: its summary.
    pub summary: Option<String>,
    /// In an entry: its picture.
    pub image: Option<String>,
    /// In the list: the link to its next page.
    pub next: Option<String>,
    /// In an article: its body.
    pub content: Option<String>,
    /// In an article: what does not belong to its body.
    pub remove: Vec<String>,
}

impl Select {
    /// The parts that one text tells, by their keys in the configuration, in its order.
    pub fn texts(&self) -> [(&'static str, Option<&str>); 9] {
        [
            ("item", self.item.as_deref()),
            ("title", self.title.as_deref()),
            ("link", self.link.as_deref()),
            ("date", self.date.as_deref()),
            ("date_format", self.date_format.as_deref()),
            ("summary", self.summary.as_deref()),
            ("image", self.image.as_deref()),
            ("next", self.next.as_deref()),
            ("content", self.content.as_deref()),
        ]
    }
}

/// The id of a source: 1 to 64 of `a-z`, `0-9`, `-`, beginning with a letter or digit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(String);

/// Why a text is no [`SourceId`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an id: use 1 to 64 of a-z, 0-9 and -, beginning with a letter or digit")]
pub struct InvalidSourceId(String);

impl Source {
    /// The folder, if it has one.
    pub fn folder(&self) -> Option<&Files> {
        match &self.kind {
            SourceKind::Files(files) => Some(files),
            SourceKind::Feed(_) | SourceKind::Page(_) => None,
        }
    }

    /// How often it is looked at: its folder looked through, or its place on the web visited, at most.
    pub fn every(&self) -> &Every {
        match &self.kind {
            SourceKind::Files(files) => &files.every,
            SourceKind::Feed(web) => &web.every,
            SourceKind::Page(page) => &page.web.every,
        }
    }

    /// The place on the web, if it is there.
    pub fn web(&self) -> Option<&Web> {
        match &self.kind {
            SourceKind::Files(_) => None,
            SourceKind::Feed(web) => Some(web),
            SourceKind::Page(page) => Some(&page.web),
        }
    }

    /// The page that lists news, if it is one.
    pub fn page(&self) -> Option<&Page> {
        match &self.kind {
            SourceKind::Page(page) => Some(page),
            SourceKind::Files(_) | SourceKind::Feed(_) => None,
        }
    }
}

impl SourceId {
    /// Checks a text and takes it as an id.
    ///
    /// # Errors
    /// When the text has other characters, is empty or longer than 64.
    pub fn new(text: &str) -> Result<Self, InvalidSourceId> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let right =
            (1..=64).contains(&text.len()) && text.starts_with(plain) && text.chars().all(|c| plain(c) || c == '-');
        if right { Ok(Self(text.to_owned())) } else { Err(InvalidSourceId(text.to_owned())) }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
