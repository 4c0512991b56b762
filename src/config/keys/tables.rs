//! Every key of `feedgen.toml`, once.
//!
//! The reader, the error texts, the JSON Schema and the tests of the shipped file all go by these tables.

use super::{Absent, Kind, Table, key};

/// What a source is without `[[source]]`.
pub(in crate::config) const ONLY_SOURCE: &[(&str, &str)] =
    &[("id", "\"news\""), ("title", "\"News\""), ("files", "\"news\"")];

/// The tables, in the order of the shipped file.
pub(in crate::config) const TABLES: &[Table] = &[
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
            key(
                "directory",
                Kind::Path,
                Absent::Is("\"feeds\""),
                "The folder that feeds and pages are written to. Under systemd, the default is feeds in $STATE_DIRECTORY.",
            )
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
                "Items on the archive pages of each feed (RFC 5005, next_url), where those go that it has no room for, 10000 at most for everything, 1000 for categories; 0: no archives.",
            )
            .known_as(&["history", "archives", "archive_items"]),
            key(
                "keep_for",
                Kind::Keeping,
                Absent::Means("for ever"),
                "How long after their publication items stay in feeds, archives and pages (d, w, y), such as \"5y\".",
            )
            .known_as(&["max_age", "retention", "expire", "keep_period"]),
            key(
                "keep_items",
                Kind::Archive,
                Absent::Is("0"),
                "Newest items of each source that stay there; 0: all.",
            )
            .known_as(&["max_entries", "keep_max", "limit_entries"]),
            key(
                "hub",
                Kind::Hubs,
                Absent::Is("[]"),
                "WebSub hubs that are told of each change, and that feeds name to their readers: an address, or a list of such.",
            )
            .known_as(&["hubs", "websub", "pubsubhubbub", "push_hubs", "pubsubhubbub_hub"]),
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
                Kind::Every,
                Absent::Is("\"30m\""),
                "Shortest time between two visits to a source (s, m, h, d), which its rhythm and its publisher's wishes make longer; or the times of all, as a cron line: \"0 7-22 * * *\".",
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
            key(
                "on_alert",
                Kind::Command,
                Absent::Means("nothing is run"),
                "A shell command to run when a source or publishing gets into trouble, and when that is over; FEEDGEN_ALERT is opened or closed, \
                 FEEDGEN_SOURCE the source, FEEDGEN_KIND and FEEDGEN_TEXT tell the trouble.",
            )
            .known_as(&["alert", "on_failure", "on_error", "notify"]),
        ],
    },
    Table {
        name: "serve",
        repeated: false,
        about: "How `feedgen serve` answers: published feeds and pages over HTTP.",
        keys: &[
            key(
                "listen",
                Kind::Listen,
                Absent::Is("\"127.0.0.1:8077\""),
                "Address and port that requests come in at; \"[::]:8077\" is every address of this machine.",
            )
            .known_as(&["bind", "address", "port", "listen_addr", "host"]),
            key(
                "access_log",
                Kind::Switch,
                Absent::Is("false"),
                "Whether each request is told on standard error, in the combined format.",
            )
            .known_as(&["log", "accesslog", "log_requests"]),
            key(
                "token_file",
                Kind::Path,
                Absent::Means("/preview is there for this machine only, while site.url is"),
                "A file with a token that opens /preview to whoever gives it as password; under systemd, the name of a credential.",
            )
            .known_as(&["token", "password_file", "secret"]),
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
            key(
                "keep_for",
                Kind::Keeping,
                Absent::Means("publish.keep_for"),
                "How long after their publication its items stay in feeds, archives and pages (d, w, y).",
            )
            .known_as(&["max_age", "retention", "expire", "keep_period"]),
            key(
                "keep_items",
                Kind::Archive,
                Absent::Means("publish.keep_items"),
                "Newest of its items that stay there; 0: all.",
            )
            .known_as(&["max_entries", "keep_max", "limit_entries"]),
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
            key(
                "every",
                Kind::Every,
                Absent::Means("refresh.every"),
                "Shortest time between two visits, or a cron line; of a folder: how often `serve` looks through it.",
            )
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
pub(in crate::config) static SELECT: Table = Table {
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
        key("date", Kind::Selector, Absent::Means("it is found"), "In an entry: its date.")
            .known_as(&["published", "published_at", "time", "updated"]),
        key(
            "date_format",
            Kind::DateFormat,
            Absent::Means("dates are read as people do"),
            "How dates are written, in the form of strftime: \"%d/%m/%Y\".",
        )
        .known_as(&["format", "dateformat"]),
        key("summary", Kind::Selector, Absent::Means("it is found"), "In an entry: its summary.")
            .known_as(&["description", "abstract", "excerpt"]),
        key("image", Kind::Selector, Absent::Means("it is found"), "In an entry: its picture.")
            .known_as(&["media", "enclosure", "thumbnail", "img"]),
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
pub(in crate::config) static TEST: Table = Table {
    name: "test",
    repeated: true,
    about: "An article and words that must stand in it.",
    keys: &[
        key("url", Kind::Address, Absent::Never, "The article.").known_as(&["page", "link", "address"]),
        key("contains", Kind::Line, Absent::Never, "Words that stand in its title or text.")
            .known_as(&["text", "words", "has"]),
    ],
};
