//! Every key of `feedgen.toml`, once: its kind, its default and what it is for.
//!
//! The reader, the error texts, the JSON Schema and the tests of the shipped file all go by this table.

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
    /// The http(s) address of a proxy.
    Proxy,
    /// A time between visits, with its unit.
    Interval,
    /// A time to wait for an answer, with its unit.
    Timeout,
    /// 1 to [`MOST_REQUESTS`].
    Requests,
    /// Yes or no.
    Switch,
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
            Self::Switch => Shape::Switch,
            Self::Headers => Shape::Pairs,
            Self::Select => Shape::Table(&SELECT),
            Self::Tests => Shape::Tables(&TEST),
            _ => Shape::Text,
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

/// What a source is without `[[source]]`.
pub(super) const ONLY_SOURCE: &[(&str, &str)] =
    &[("id", "\"news\""), ("title", "\"News\""), ("files", "\"news/**/*.{txt,md,html,htm}\"")];

/// The tables, in the order of the shipped file.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "site",
        repeated: false,
        about: "Who publishes.",
        keys: &[
            key("title", Kind::Line, Absent::Is("\"Newsroom\""), "The name of the whole, as people read it.")
                .known_as(&["name"]),
            key(
                "url",
                Kind::Url,
                Absent::Is("\"http://localhost:8077/\""),
                "Where publish.directory is reachable on the web; every link of a feed to itself starts here.",
            )
            .known_as(&["base_url", "link", "home_page", "address"]),
            key(
                "language",
                Kind::Language,
                Absent::Is("\"en\""),
                "Language of the pages, and of items that tell none (BCP 47: \"en\", \"zh-CN\").",
            )
            .known_as(&["lang", "locale"]),
            key(
                "timezone",
                Kind::Zone,
                Absent::Is("\"UTC\""),
                "Time zone of dates that carry none (tz database: \"Asia/Shanghai\").",
            )
            .known_as(&["time_zone", "tz", "zone"]),
            key(
                "authority",
                Kind::Authority,
                Absent::Means("made from site.url at the first refresh, then kept in the store"),
                "Start of the tag: ids of items (RFC 4151): a host you own and a year in which you owned it. \
                 Never change it once feeds are out.",
            ),
        ],
    },
    Table {
        name: "publish",
        repeated: false,
        about: "What is written, and where.",
        keys: &[
            key("directory", Kind::Path, Absent::Is("\"feeds\""), "The folder that feeds and pages are written to.")
                .known_as(&["output", "dir", "folder", "path"]),
            key(
                "formats",
                Kind::Formats,
                Absent::Is("[\"rss\", \"atom\", \"json\"]"),
                "Formats that every feed is written in.",
            )
            .known_as(&["format"]),
            key("items", Kind::Count, Absent::Is("50"), "Newest items in each feed, 1 to 500.").known_as(&[
                "limit",
                "max_items",
                "items_per_page",
                "count",
            ]),
            key(
                "archive",
                Kind::Archive,
                Absent::Is("20000"),
                "Items on the archive pages of each feed (RFC 5005, next_url), where those go that it has no room for; 0: no archives.",
            )
            .known_as(&["history", "archives", "archive_items"]),
            key(
                "on_publish",
                Kind::Command,
                Absent::Means("nothing is run"),
                "A shell command to run after feeds changed; FEEDGEN_CHANGED lists the files, one a line, FEEDGEN_CHANGED_FILE is a file with that list.",
            )
            .known_as(&["hook", "post_update_hook", "command"]),
        ],
    },
    Table {
        name: "store",
        repeated: false,
        about: "Where items are kept.",
        keys: &[key(
            "path",
            Kind::Path,
            Absent::Is("\"state/feedgen.db\""),
            "The database file. Under systemd, the default is feedgen.db in $STATE_DIRECTORY.",
        )
        .known_as(&["file", "database", "db"])],
    },
    Table {
        name: "documents",
        repeated: false,
        about: "Limits on what is read.",
        keys: &[key(
            "max_size",
            Kind::Size,
            Absent::Is("\"8 MiB\""),
            "Larger documents and answers are reported and not read, at most 1 GiB (B, kB, KiB, MB, MiB, GB, GiB).",
        )
        .known_as(&["limit", "size"])],
    },
    Table {
        name: "refresh",
        repeated: false,
        about: "How sources on the web are visited.",
        keys: &[
            key(
                "every",
                Kind::Interval,
                Absent::Is("\"30m\""),
                "Shortest time between two visits to a source (s, m, h, d); its rhythm and its publisher's wishes make it longer.",
            )
            .known_as(&["interval", "schedule", "frequency", "refresh"]),
            key(
                "slowest",
                Kind::Interval,
                Absent::Is("\"6h\""),
                "Longest time between two visits to a source that answers.",
            )
            .known_as(&["max_interval", "longest"]),
            key("concurrency", Kind::Requests, Absent::Is("32"), "Requests in flight, 1 to 256; two at most for each host.")
                .known_as(&["workers", "parallel", "threads"]),
            key(
                "timeout",
                Kind::Timeout,
                Absent::Is("\"30s\""),
                "Longest time from asking to the end of the answer; twice that for one above 512 KiB.",
            )
            .known_as(&["time_out"]),
            key(
                "user_agent",
                Kind::Line,
                Absent::Means("feedgen, its version and site.url"),
                "What we call ourselves (User-Agent); leave people a way to reach you.",
            )
            .known_as(&["agent"]),
            key(
                "robots",
                Kind::Switch,
                Absent::Is("true"),
                "Whether the robots.txt of hosts is heeded (RFC 9309).",
            )
            .known_as(&["robots_txt"]),
            key(
                "allow_private",
                Kind::Networks,
                Absent::Is("[]"),
                "Hosts and networks that are asked though they are not on the open web: \"news.intranet\", \"10.1.0.0/16\".",
            )
            .known_as(&["allow", "private"]),
        ],
    },
    Table {
        name: "source",
        repeated: true,
        about: "A place that news comes from: a folder of documents, a feed of others, or a page that lists news.",
        keys: &[
            key(
                "id",
                Kind::Id,
                Absent::Means("made from title, from the folder in files, or from the host in feed or page"),
                "Short name in addresses and on the command line: a-z, 0-9 and -. Give it once, keep it.",
            )
            .known_as(&["slug", "filename"]),
            key("title", Kind::Line, Absent::Means("the id"), "The name people read; title of the source's own feed.")
                .known_as(&["name", "heading"]),
            key(
                "files",
                Kind::Files,
                Absent::Means("this source has `feed` or `page`"),
                "A folder, a file or a glob (** spans folders, {a,b} is either); a relative one starts at the \
                     working directory.",
            )
            .known_as(&["path", "glob", "folder", "directory", "file", "documents"]),
            key(
                "feed",
                Kind::Address,
                Absent::Means("this source has `files` or `page`"),
                "The address of an upstream feed: RSS, Atom, RDF or JSON Feed.",
            )
            .known_as(&["rss", "atom", "xmlUrl", "upstream", "feed_url"]),
            key(
                "page",
                Kind::Address,
                Absent::Means("this source has `files` or `feed`"),
                "The address of a page that lists news, or of JSON that does.",
            )
            .known_as(&["url", "link", "site", "channel", "web"]),
            key(
                "select",
                Kind::Select,
                Absent::Means("all of it is found and remembered"),
                "Where the parts of the list are; what is absent is found and remembered.",
            )
            .known_as(&["selectors", "selector", "config"]),
            key(
                "render",
                Kind::Command,
                Absent::Means("the page is asked for as it is"),
                "A command that prints the page as a browser has it, where scripts write the list; {url} stands for the address.",
            )
            .known_as(&["browser", "javascript", "js"]),
            key(
                "test",
                Kind::Tests,
                Absent::Means("nothing is tested"),
                "Articles and words that must stand in them: `feedgen check --online` looks.",
            )
            .known_as(&["tests", "test_url"]),
            key("categories", Kind::Lines, Absent::Is("[]"), "Categories of all its items, added to those found.")
                .known_as(&["category", "tags", "labels"]),
            key("timezone", Kind::Zone, Absent::Means("site.timezone"), "Time zone of its dates that carry none.")
                .known_as(&["time_zone", "tz", "zone"]),
            key(
                "language",
                Kind::Language,
                Absent::Means("site.language"),
                "Language of its items whose text does not tell.",
            )
            .known_as(&["lang", "locale"]),
            key("author", Kind::Line, Absent::Means("no author"), "Author of its items that name none.")
                .known_as(&["authors", "byline"]),
            key("prefer", Kind::Switch, Absent::Is("false"), "Whether its copies stand for those of others.")
                .known_as(&["preferred", "priority", "primary"]),
            key("items", Kind::Count, Absent::Means("publish.items"), "Newest items in its own feed, 1 to 500.")
                .known_as(&["limit", "max_items", "count"]),
            key(
                "keep",
                Kind::Patterns,
                Absent::Is("[]"),
                "Regular expressions: if there are any, one must match title or text of an item.",
            )
            .known_as(&["include", "keep_only", "keeplist", "filter", "allow"]),
            key(
                "drop",
                Kind::Patterns,
                Absent::Is("[]"),
                "Regular expressions: an item is left out when one matches its title or text.",
            )
            .known_as(&["exclude", "discard", "blocklist", "filterout", "deny"]),
            key(
                "remove",
                Kind::Patterns,
                Absent::Is("[]"),
                "Regular expressions: an item is removed for good when one matches its title or text, as by `feedgen remove`.",
            )
            .known_as(&["delete", "purge"]),
            key("every", Kind::Interval, Absent::Means("refresh.every"), "Shortest time between two visits.")
                .known_as(&["interval", "schedule", "frequency", "refresh"]),
            key("slowest", Kind::Interval, Absent::Means("refresh.slowest"), "Longest time between two visits.")
                .known_as(&["max_interval", "longest"]),
            key("robots", Kind::Switch, Absent::Means("refresh.robots"), "Whether its robots.txt is heeded.")
                .known_as(&["robots_txt"]),
            key("headers", Kind::Headers, Absent::Is("{}"), "HTTP headers that are sent along: { Cookie = \"…\" }.")
                .known_as(&["header", "cookies", "cookie"]),
            key(
                "headers_file",
                Kind::Path,
                Absent::Means("no further headers"),
                "A file of further headers, `Name: value` a line; a bare name is looked up in systemd's credentials.",
            ),
            key("user", Kind::Line, Absent::Means("no user"), "The user that the site asks for (HTTP basic authentication).")
                .known_as(&["username", "login"]),
            key(
                "password_file",
                Kind::Path,
                Absent::Means("an empty password"),
                "The file that holds the password; a bare name is looked up in systemd's credentials.",
            )
            .known_as(&["password", "passwd"]),
            key("proxy", Kind::Proxy, Absent::Means("no proxy"), "The http(s) proxy that is asked instead of the host."),
            key(
                "tls_ca",
                Kind::Path,
                Absent::Means("the system's certificates alone"),
                "A file of certificates (PEM) that are trusted besides those of the system.",
            )
            .known_as(&["ca", "ca_file", "cacert"]),
        ],
    },
    Table {
        name: "feed",
        repeated: true,
        about: "A feed of your own choosing, beside those that are made for everything, each source and each category.",
        keys: &[
            key("id", Kind::Id, Absent::Never, "Its name in addresses, feeds/<id>: a-z, 0-9 and -.")
                .known_as(&["slug", "filename"]),
            key("title", Kind::Line, Absent::Means("the id"), "The name people read.").known_as(&["name", "heading"]),
            key("categories", Kind::Lines, Absent::Is("[]"), "An item must be in one of these; empty: any.")
                .known_as(&["category", "tags", "labels"]),
            key("sources", Kind::Ids, Absent::Is("[]"), "An item must come from one of these sources; empty: any.")
                .known_as(&["source", "from"]),
            key("language", Kind::Language, Absent::Means("any language"), "Only items in this language.")
                .known_as(&["lang", "locale"]),
            key(
                "keep",
                Kind::Patterns,
                Absent::Is("[]"),
                "Regular expressions: if there are any, one must match title or text of an item.",
            )
            .known_as(&["include", "keep_only", "keeplist", "filter", "allow"]),
            key(
                "drop",
                Kind::Patterns,
                Absent::Is("[]"),
                "Regular expressions: an item is left out when one matches its title or text.",
            )
            .known_as(&["exclude", "discard", "blocklist", "filterout", "deny"]),
            key("items", Kind::Count, Absent::Means("publish.items"), "Newest items in it, 1 to 500.").known_as(&[
                "limit",
                "max_items",
                "count",
            ]),
        ],
    },
];

/// `[source.select]`.
pub(super) static SELECT: Table = Table {
    name: "source.select",
    repeated: false,
    about: "Where the parts of the list are: CSS selectors, in JSON pointers (RFC 6901). What is absent is found and remembered.",
    keys: &[
        key("item", Kind::Selector, Absent::Means("it is found"), "Each match is an entry; in JSON, the list of them.")
            .known_as(&["items", "entry", "row"]),
        key("title", Kind::Selector, Absent::Means("it is found"), "In an entry: its title.")
            .known_as(&["heading", "name", "headline"]),
        key("link", Kind::Selector, Absent::Means("it is found"), "In an entry: the link to its article.")
            .known_as(&["url", "href", "address"]),
        key("date", Kind::Selector, Absent::Means("it is found"), "In an entry: its date.").known_as(&[
            "published",
            "published_at",
            "time",
            "updated",
        ]),
        key(
            "date_format",
            Kind::DateFormat,
            Absent::Means("dates are read as people do"),
            "How dates are written, in the form of strftime: \"%d/%m/%Y\".",
        )
        .known_as(&["format", "dateformat"]),
        key("summary", Kind::Selector, Absent::Means("it is found"), "In an entry: its summary.").known_as(&[
            "description",
            "abstract",
            "excerpt",
        ]),
        key("image", Kind::Selector, Absent::Means("it is found"), "In an entry: its picture.").known_as(&[
            "media",
            "enclosure",
            "thumbnail",
            "img",
        ]),
        key("next", Kind::Selector, Absent::Means("it is found"), "In the list: the link to its next page.")
            .known_as(&["next_page", "pagination", "pager"]),
        key("content", Kind::Selector, Absent::Means("it is found"), "In an article: its body.")
            .known_as(&["body", "text", "article"]),
        key("remove", Kind::Selectors, Absent::Is("[]"), "In an article: what does not belong to its body.")
            .known_as(&["discard", "strip", "cleanup"]),
        key(
            "pages",
            Kind::Pages,
            Absent::Is("5"),
            "Pages of the list that are asked at one visit, 1 to 100; fewer where a known entry is met.",
        )
        .known_as(&["max_pages"]),
        key(
            "full_text",
            Kind::Switch,
            Absent::Is("true"),
            "Whether articles are asked for; else items are what the list says of them.",
        )
        .known_as(&["fulltext", "full_content", "articles"]),
    ],
};

/// One of `test`.
pub(super) static TEST: Table = Table {
    name: "test",
    repeated: true,
    about: "An article and words that must stand in it.",
    keys: &[
        key("url", Kind::Address, Absent::Never, "The article.").known_as(&["page", "link", "address"]),
        key("contains", Kind::Line, Absent::Never, "Words that stand in its title or text.")
            .known_as(&["text", "words", "has"]),
    ],
};

/// Tables that are planned and not yet read.
pub(super) const PLANNED_TABLES: &[&str] = &["serve"];

/// Keys that are planned and not yet read: table and key.
pub(super) const PLANNED_KEYS: &[(&str, &str)] = &[("publish", "hub")];

/// The table of that name.
pub(super) fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}
