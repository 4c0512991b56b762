//! Bytes become drafts: decoded, parsed once, and searched for what they claim. Nothing is decided here.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDateTime, Utc};
use scraper::Node;
use url::Url;

use crate::document::{Document, Form, Origin};
use crate::draft::{Body, Draft};
use crate::source::{Select, Tz};

mod charset;
pub mod date;
mod dialect;
mod discovery;
mod elsewhere;
mod event;
pub mod feed;
mod fence;
mod fields;
pub mod guard;
mod json;
mod letter;
pub mod listing;
mod mail;
mod markdown;
mod names;
mod order;
mod page;
mod plain;
mod prose;
mod residue;
mod text;
mod unfinished;
pub mod wall;
mod words;
mod wrapped;
mod written;
mod yaml;

pub use charset::decode;
pub use discovery::{Named, named_feeds};
use fields::FrontMatter;

/// Raised whenever a document may be read in another way than before: all documents are read again then.
pub const RULES: u32 = 22;

/// What reading needs to know beside the document.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The time of the walk: relative dates count from it.
    pub now: DateTime<Utc>,
    /// The zone of dates that carry none.
    pub timezone: Tz,
}

impl Policy {
    /// The time of the walk on the source's own clock.
    fn local(self) -> NaiveDateTime {
        self.now.with_timezone(&self.timezone).naive_local()
    }
}

/// Why a document gives no draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is nothing in it.
    #[error("is empty: write something into it, or remove it")]
    Empty,
    /// It is no text.
    #[error("is {0} and no text: save it as .txt, .md or .html")]
    Binary(&'static str),
    /// It is a page that only leads to another.
    #[error("is a {kind}: the story is at {address:?}, save that page instead")]
    Elsewhere {
        /// "frameset" or "redirect".
        kind: &'static str,
        /// The address of the other, absolute if its own is known.
        address: String,
    },
    /// It was to be a feed.
    #[error("is no feed: give the address of an RSS, Atom or JSON feed")]
    NoFeed,
    /// Its author marked it as not yet to be published.
    #[error("is marked as a draft and is not published")]
    Unfinished,
    /// It cannot be told whether its author meant it to be published: which line leaves it open, and what to write.
    #[error("is held back, since it cannot be told whether it is a draft: {0}")]
    Unclear(String),
}

/// Reads a document.
///
/// # Errors
/// When there is nothing in it to read; what can be understood in part is understood in part, with
/// [`Draft::notes`] on the rest.
pub fn read(document: &Document, policy: Policy) -> Result<Draft, ReadError> {
    read_article(document, &Select::default(), policy)
}

/// Reads a document of which somebody said where its body is ([`Select::content`]) and what does not belong to it
/// ([`Select::remove`]).
///
/// # Errors
/// As of [`read`].
pub fn read_article(document: &Document, select: &Select, policy: Policy) -> Result<Draft, ReadError> {
    let decoded = match decode(&document.bytes, document.charset.as_deref(), document.form == Form::Html) {
        Err(ReadError::Empty) => {
            // What is emptied may be marked as a draft beside it all the same.
            let beside = (encoding_rs::UTF_8.name(), "");
            fields::sidecars(&document.sidecars, beside, &mut Draft::default(), policy)?;
            return Err(ReadError::Empty);
        }
        decoded => decoded?,
    };
    let lines = with_line_feeds(&decoded.text);
    let text = lines.as_ref();
    let mail = if document.form == Form::Text { mail::unpacked(text) } else { None };
    let (text, form) = mail.as_ref().map_or((text, document.form), |(text, form)| (text.as_str(), *form));
    // The head of a mail is plain text, whatever stands behind it, and may say that it is a draft.
    let front = FrontMatter::split(text, document.form)?;
    let (body, address) = (front.behind, document.address.as_ref());
    let mut draft = match form {
        Form::Markdown => markdown::read(&front, address, policy),
        Form::Text if !looks_like_html(body) => text::read(body, front.title(), policy),
        Form::Text | Form::Html => page::read(body, address, select, policy)?,
    };
    if form != Form::Markdown {
        front.claim(&mut draft, policy);
    }
    if let Some(note) = decoded.note {
        draft.notes.push(note);
    }
    if !document.sidecars.is_empty() {
        fields::sidecars(&document.sidecars, (decoded.charset, text), &mut draft, policy)?;
    }
    match &document.origin {
        Origin::File(_) if says_nothing(&draft, body) => return Err(ReadError::Empty),
        Origin::File(path) => prose::date_of_name(path, &mut draft),
        Origin::Web(_) => {}
    }
    if let Some(address) = &document.address {
        prose::date_of_address(address.path(), &mut draft);
    } else if let Some(link) = draft.link.clone() {
        prose::date_of_address(link.path(), &mut draft);
    }
    order::settle(&mut draft, text, policy);
    if draft.base.is_none() {
        draft.base = document.address.clone().or_else(|| draft.link.clone());
    }
    Ok(draft)
}

/// Where a page leads at once by its `<meta>`, absolute: the words in it are for who waits. `address` is where it is. `None`: nowhere.
pub fn leads_to(text: &str, address: &Url) -> Option<Url> {
    let found = elsewhere::of(&guard::parse_document(text), false).filter(|found| found.kind == "redirect")?;
    address.join(&found.address).ok().filter(|url| url != address)
}

/// Whether there is nothing for a reader in a document, whatever fields it has. `body`: what stands behind those.
fn says_nothing(draft: &Draft, body: &str) -> bool {
    /// Elements that show something without a word.
    const SHOWN: &str = "audio canvas embed iframe img input math object svg video";
    /// What fences, rules and other marks of plain text are made of.
    const MARKS: &str = "-*_=~.+#>|`:\\[]\u{feff}";
    let is_nothing = |text: &str| text.chars().all(|c| c.is_whitespace() || MARKS.contains(c));
    let texts = [&draft.title, &draft.summary].into_iter().flatten();
    let has_more = draft.link.is_some() || draft.image.is_some() || !draft.enclosures.is_empty();
    if has_more || texts.into_iter().any(|text| !text.trim().is_empty()) {
        return false;
    }
    let is_empty = |page: &scraper::Html| {
        page.tree.values().all(|node| match node {
            Node::Text(text) => is_nothing(text),
            Node::Element(element) => !SHOWN.split(' ').any(|name| name == element.name()),
            _ => true,
        })
    };
    match &draft.body {
        Body::Paragraphs(paragraphs) => paragraphs.iter().all(|paragraph| is_nothing(paragraph)),
        Body::Markup(fragment) => is_empty(&fragment.page),
        // What was left out of it may be words all the same.
        Body::Empty => is_empty(&guard::parse_fragment(body)),
    }
}

/// A text whose lines end as those of old Macs did, in a carriage return alone, with line feeds; any other as it is.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    let first = memchr::memchr2(b'\r', b'\n', text.as_bytes()).and_then(|at| text.get(at..));
    match first {
        Some(first) if first.starts_with('\r') && !first.starts_with("\r\n") => {
            Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
        }
        _ => Cow::Borrowed(text),
    }
}

/// Whether a text without a telling name is a page.
fn looks_like_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(15).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}
