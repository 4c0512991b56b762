//! What a file is, by the ending of its name.

/// What is told of a kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Media {
    /// The value of `Content-Type`.
    pub(super) name: &'static str,
    /// Whether compressing it is worth while.
    pub(super) is_text: bool,
    /// Whether it is a page that people look at.
    pub(super) is_page: bool,
    /// Whether it can be subscribed to.
    pub(super) is_feed: bool,
}

const fn text(name: &'static str) -> Media {
    Media { name, is_text: true, is_page: false, is_feed: false }
}

const fn feed(name: &'static str) -> Media {
    Media { is_feed: true, ..text(name) }
}

const fn binary(name: &'static str) -> Media {
    Media { is_text: false, ..text(name) }
}

const KINDS: &[(&str, Media)] = &[
    // RFC 7303 §3: what says which charset it is needs no guess.
    ("rss", feed("application/rss+xml; charset=utf-8")),
    ("atom", feed("application/atom+xml; charset=utf-8")),
    // JSON Feed 1.1, "MIME type". JSON is UTF-8 and has no such parameter (RFC 8259 §11).
    ("json", feed("application/feed+json")),
    ("opml", text("text/x-opml; charset=utf-8")),
    ("html", Media { is_page: true, ..text("text/html; charset=utf-8") }),
    ("css", text("text/css; charset=utf-8")),
    ("txt", text("text/plain; charset=utf-8")),
    ("xml", text("application/xml; charset=utf-8")),
    ("svg", Media { is_page: true, ..text("image/svg+xml") }),
    ("png", binary("image/png")),
    ("jpg", binary("image/jpeg")),
    ("gif", binary("image/gif")),
    ("webp", binary("image/webp")),
    ("ico", binary("image/x-icon")),
    ("pdf", binary("application/pdf")),
];

/// What a file is. One whose ending is not known is bytes that a browser saves and does not show.
pub(super) fn of(path: &str) -> Media {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let known = KINDS.iter().find(|(name, _)| *name == ending);
    known.map_or(binary("application/octet-stream"), |(_, media)| *media)
}
