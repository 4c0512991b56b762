//! What is told of a key of `feedgen.toml`: its kind, its default and what it is for.

mod tables;

pub(super) use tables::{ONLY_SOURCE, SELECT, TABLES, TEST};

/// Newest items in one feed, at most.
pub(super) const MOST_ITEMS: usize = 500;

/// Items that an archive may reach back, at most.
pub(super) const LONGEST_ARCHIVE: usize = 1_000_000_000;

/// Largest document that may be allowed, in bytes (1 GiB): a document is held in memory.
pub(super) const LARGEST_DOCUMENT: u64 = 1 << 30;

/// Requests in flight, at most.
pub(super) const MOST_REQUESTS: usize = 256;

/// Pages of a list that are asked at one visit, at most.
pub(super) const MOST_PAGES: usize = 100;

/// A table of the file.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Written `[[name]]`, as often as wanted.
    pub(super) repeated: bool,
    pub(super) about: &'static str,
    pub(super) keys: &'static [Key],
}

/// A key of a table.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) absent: Absent,
    pub(super) about: &'static str,
    /// What other programs call it; for "did you mean" only.
    pub(super) elsewhere: &'static [&'static str],
}

/// What a value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One line of text.
    Line,
    /// A command line.
    Command,
    /// A [`crate::source::SourceId`].
    Id,
    /// An http(s) address of a folder.
    Url,
    /// A BCP 47 tag.
    Language,
    /// A name of the tz database.
    Zone,
    /// The naming authority of a `tag:` id (RFC 4151 §2.1).
    Authority,
    /// A path.
    Path,
    /// A file, a folder or a glob.
    Files,
    /// A number of bytes, with or without unit.
    Size,
    /// 1 to [`MOST_ITEMS`].
    Count,
    /// 0 to [`LONGEST_ARCHIVE`].
    Archive,
    /// Names of formats.
    Formats,
    /// Texts of one line each.
    Lines,
    /// Ids of sources.
    Ids,
    /// Regular expressions.
    Patterns,
    /// An http(s) address of a document.
    Address,
    /// The http(s) address of a hub, or several.
    Hubs,
    /// The http(s) address of a proxy.
    Proxy,
    /// A time between visits, with its unit.
    Interval,
    /// The same, or a cron line.
    Every,
    /// A time that items stay, with its unit.
    Keeping,
    /// A time to wait for an answer, with its unit.
    Timeout,
    /// 1 to [`MOST_REQUESTS`].
    Requests,
    /// Yes or no.
    Switch,
    /// An address of this machine, with its port.
    Listen,
    /// Hosts and networks.
    Networks,
    /// Names and values of HTTP headers.
    Headers,
    /// A CSS selector, or a JSON pointer.
    Selector,
    /// CSS selectors.
    Selectors,
    /// A form of dates, as of `strftime(3)`.
    DateFormat,
    /// 1 to [`MOST_PAGES`].
    Pages,
    /// The table [`SELECT`].
    Select,
    /// Tables like [`TEST`].
    Tests,
}

/// How a value looks in TOML.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A string.
    Text,
    /// An integer.
    Integer,
    /// A string or an integer.
    TextOrInteger,
    /// An array of strings.
    Texts,
    /// A string or an array of strings.
    TextOrTexts,
    /// `true` or `false`.
    Switch,
    /// A table of strings.
    Pairs,
    /// A table below the table.
    Table(&'static Table),
    /// A list of such tables.
    Tables(&'static Table),
}

/// What a key means when it is absent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Absent {
    /// It has this value, in TOML.
    Is(&'static str),
    /// This happens, in words.
    Means(&'static str),
    /// It must not be absent.
    Never,
}

impl Kind {
    pub(super) fn shape(self) -> Shape {
        match self {
            Self::Count | Self::Archive | Self::Requests | Self::Pages => Shape::Integer,
            Self::Size => Shape::TextOrInteger,
            Self::Formats | Self::Lines | Self::Ids | Self::Patterns | Self::Networks | Self::Selectors => Shape::Texts,
            Self::Hubs => Shape::TextOrTexts,
            Self::Switch => Shape::Switch,
            Self::Headers => Shape::Pairs,
            Self::Select => Shape::Table(&SELECT),
            Self::Tests => Shape::Tables(&TEST),
            _ => Shape::Text,
        }
    }

    /// A value in quotes that would do instead of another, with what a number alone lacks.
    pub(super) fn completed(self, instead: &str) -> String {
        let number = instead.trim_matches('"');
        match self {
            Self::Interval | Self::Every => format!("it with its unit, such as \"{number}m\""),
            Self::Keeping => format!("it with its unit, such as \"{number}d\""),
            Self::Timeout => format!("it with its unit, such as \"{number}s\""),
            Self::Listen => format!("\"127.0.0.1:{number}\""),
            _ => instead.to_owned(),
        }
    }
}

impl Shape {
    /// What is expected, for error texts.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Text => "a text in quotes",
            Self::Integer => "a whole number",
            Self::TextOrInteger => "a size such as \"8 MiB\"",
            Self::Texts => "a list of texts",
            Self::TextOrTexts => "a text in quotes or a list of such",
            Self::Switch => "true or false",
            Self::Pairs => "a table such as { Cookie = \"…\" }",
            Self::Table(_) => "a table",
            Self::Tables(_) => "a list of tables",
        }
    }
}

impl Table {
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// The names of its keys.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|key| key.name)
    }

    /// As it is written in the file.
    pub(super) fn header(&self) -> String {
        if std::ptr::eq(self, &raw const TEST) {
            return "test".to_owned();
        }
        if self.repeated { format!("[[{}]]", self.name) } else { format!("[{}]", self.name) }
    }
}

const fn key(name: &'static str, kind: Kind, absent: Absent, about: &'static str) -> Key {
    Key { name, kind, absent, about, elsewhere: &[] }
}

impl Key {
    const fn known_as(mut self, elsewhere: &'static [&'static str]) -> Self {
        self.elsewhere = elsewhere;
        self
    }
}

/// The table of that name.
pub(super) fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}
