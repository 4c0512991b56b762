//! The back door: [`Channel`]s become files that feed readers and people open.
//!
//! Everything but [`mod@write`] is a pure function: equal channels give equal bytes. What was written of an item is kept with it
//! ([`Shown`]), and changes nothing but what it costs.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};

pub mod archive;
pub mod atom;
pub mod claim;
mod date;
pub mod edition;
pub mod html;
pub mod json_feed;
pub mod opml;
pub mod rss;
pub mod select;
pub mod shown;
mod strict;
pub mod text;
pub mod write;
mod xml;

pub use archive::Place;
pub use edition::Edition;
pub use select::Selection;
pub use shown::{Duplicate, Shown, Source, Version};

use shown::Manner;

/// Every format of feed, in the order in which they are offered. A new one is a file and a line here.
pub const FORMATS: &[&dyn Format] = &[&rss::Rss, &atom::Atom, &json_feed::JsonFeed];

/// Bytes that a feed may have: above, some readers refuse it. Items whose content does not fit show their summary; where
/// even the summaries do not fit, the oldest items are left out, of all formats.
pub const FEED_BYTES: usize = 512 * 1024;

const GENERATOR: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// Width and height of favicon.png.
const FAVICON_PIXELS: &str = "64";

/// Who publishes, and where: the same for all channels.
#[derive(Clone, Debug)]
pub struct Site {
    /// Title of the whole.
    pub title: String,
    /// Where the publish directory is reachable: absolute, ends in `/`.
    pub url: url::Url,
    /// BCP 47 tag of the language of the pages; also that of feeds whose items tell none.
    pub language: String,
    /// Start of our `tag:` ids (RFC 4151): `news.example.edu,2026`.
    pub authority: String,
    /// Hubs that tell subscribers of changes (WebSub).
    pub hubs: Vec<url::Url>,
}

impl Site {
    /// Where the file of that path below the publish directory is reachable.
    pub fn address(&self, path: &str) -> String {
        [self.url.as_str(), path].concat()
    }
}

/// A feed before it is written: what it is, and the chosen items.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Path of its files below the publish directory, without ending: `all`, `sources/cqmu`, `categories/news`.
    pub path: String,
    /// What people read.
    pub title: String,
    /// One sentence on what is in it; never empty.
    pub description: String,
    /// BCP 47 tag of its language.
    pub language: String,
    /// Which document of its history it is: the feed itself, or a page of its archive.
    pub place: Place,
    /// Its items, newest first. They are lent, for several channels show the same.
    pub items: Vec<Arc<Shown>>,
}

impl Channel {
    /// The newest change in it, never the clock: equal stores give equal bytes. `None`: it is empty.
    pub fn updated(&self) -> Option<DateTime<Utc>> {
        self.items.iter().map(|shown| shown.item.updated.max(shown.item.published)).max()
    }

    /// What lists of channels tell of it.
    #[cfg(test)]
    fn overview(&self) -> Overview {
        Overview {
            path: self.path.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            language: self.language.clone(),
            items: self.items.len(),
            updated: self.updated(),
        }
    }
}

/// What the feed browser and the OPML list tell of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// Path of its files, as in [`Channel::path`].
    pub path: String,
    /// What people read.
    pub title: String,
    /// One sentence on what is in it.
    pub description: String,
    /// BCP 47 tag of its language.
    pub language: String,
    /// Items in it.
    pub items: usize,
    /// The newest change in it. `None`: it is empty.
    pub updated: Option<DateTime<Utc>>,
}

/// A file to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Its path below the publish directory, `/` between parts.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A format of feed.
pub trait Format: fmt::Debug + Sync {
    /// The name in the configuration, and the ending of its files, one that web servers map to the media type.
    fn extension(&self) -> &'static str;

    /// The media type of its files.
    fn media_type(&self) -> &'static str;

    /// What people call it.
    fn title(&self) -> &'static str;

    /// Writes what stands around the items of a channel. `contents` has for each entry the content to show, or `None` for
    /// the summary alone.
    ///
    /// # Errors
    /// What the writer complains of.
    fn frame(&self, edition: &Edition<'_>, contents: &[Option<&str>]) -> Result<Frame, String>;

    /// Writes an item of a channel, with its content or with the summary alone, behind what is written already.
    fn piece(&self, edition: &Edition<'_>, entry: &edition::Entry<'_>, content: Option<&str>, out: &mut String);

    /// Reads a written channel as a strict stranger would: what it tells of its items, in order.
    ///
    /// # Errors
    /// What a strict parser would complain of.
    fn read_back<'a>(&self, text: &'a str) -> Result<Vec<Told<'a>>, String>;
}

/// What stands around the items of a feed.
#[derive(Debug)]
pub struct Frame {
    /// Before the first.
    pub before: String,
    /// Between two.
    pub between: &'static str,
    /// Behind the last.
    pub behind: String,
}

/// What a written feed tells of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told<'a> {
    /// Its id.
    pub id: Cow<'a, str>,
    /// Where it can be read.
    pub address: Cow<'a, str>,
    /// Its title.
    pub title: Cow<'a, str>,
}

/// Why something was not published. What was published before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A writer failed.
    #[error("cannot render {path}: {reason}; the last good file stays, please report this")]
    Render {
        /// The file.
        path: String,
        /// What the writer says.
        reason: String,
    },
    /// A rendered feed is not what a strict parser takes.
    #[error("{path} came out broken ({reason}); the last good file stays, please report this")]
    Broken {
        /// The file.
        path: String,
        /// What the parser says.
        reason: String,
    },
    /// A rendered feed does not tell what the channel has.
    #[error("{path} came out without item {item} as it is; the last good file stays, please report this")]
    Differs {
        /// The file.
        path: String,
        /// Key of the first item that differs, or how many items there are.
        item: String,
    },
    /// A path that is not below the publish directory.
    #[error("{0:?} is no path below the publish directory; check the ids of sources and feeds")]
    Outside(String),
    /// Another feedgen publishes into the directory.
    #[error("{} is published into by another feedgen: stop that, or start it anew where its store.path was changed, or set another publish.directory", .0.display())]
    Taken(std::path::PathBuf),
    /// The file system failed.
    #[error("cannot {doing} {}: {source}; {next}", path.display())]
    Files {
        /// What was tried.
        doing: &'static str,
        /// With which file or folder.
        path: std::path::PathBuf,
        /// What the system says.
        source: std::io::Error,
        /// What to do.
        next: &'static str,
    },
}

/// The files of a channel: a feed for each format, and the feed as a page; and how many of its items they have room for.
///
/// # Errors
/// When what was rendered, read back by other means, is not the channel.
pub fn channel_files(
    site: &Site,
    channel: &Channel,
    formats: &[&'static dyn Format],
) -> Result<(Vec<Rendered>, usize), PublishError> {
    let mut edition = Edition::new(site, channel, formats);
    let mut files = Vec::with_capacity(formats.len() + 1);
    while let Some(format) = formats.get(files.len()) {
        let file = feed_file(&edition, *format)?;
        let (bytes, items) = (file.bytes.len(), edition.entries.len());
        if bytes > FEED_BYTES && items > 1 {
            edition.entries.truncate((items * FEED_BYTES / bytes).clamp(1, items - 1));
            files.clear();
        } else {
            files.push(file);
        }
    }
    files.push(html::channel_page(&edition));
    Ok((files, edition.entries.len()))
}

/// The files of a page of a channel's archive: one for each format. Nothing is left out, so that one whose summaries alone
/// are too many bytes is larger than a feed may be.
///
/// # Errors
/// When what was rendered, read back by other means, is not the page.
pub fn page_files(
    site: &Site,
    channel: &Channel,
    formats: &[&'static dyn Format],
) -> Result<Vec<Rendered>, PublishError> {
    let edition = Edition::new(site, channel, formats);
    formats.iter().map(|format| feed_file(&edition, *format)).collect()
}

/// Paths of [`site_files`].
pub const SITE_FILES: [&str; 4] = ["index.html", "feeds.opml", "style.css", "favicon.png"];

/// The files about all channels: feed browser, OPML list, style sheet and icon.
///
/// # Errors
/// When the OPML list, read back, is broken.
pub fn site_files(
    site: &Site,
    channels: &[Overview],
    formats: &[&'static dyn Format],
) -> Result<Vec<Rendered>, PublishError> {
    Ok(vec![
        html::index_page(site, channels, formats),
        opml::list(site, channels, formats)?,
        Rendered { path: "style.css".to_owned(), bytes: include_bytes!("assets/style.css").to_vec() },
        Rendered { path: "favicon.png".to_owned(), bytes: include_bytes!("assets/favicon.png").to_vec() },
    ])
}

/// One feed: rendered, kept within [`FEED_BYTES`], read back and compared.
fn feed_file(edition: &Edition<'_>, format: &dyn Format) -> Result<Rendered, PublishError> {
    let path = format!("{}.{}", edition.file, format.extension());
    let render = |contents: &[Option<&str>]| render(edition, format, contents, &path);
    let mut contents: Vec<_> =
        edition.entries.iter().map(|entry| Some(entry.content()).filter(|content| !content.is_empty())).collect();
    let whole: usize = contents.iter().flatten().map(|content| content.len()).sum();
    let mut text = if whole <= FEED_BYTES { render(&contents)? } else { String::new() };
    if whole > FEED_BYTES || text.len() > FEED_BYTES {
        let bare = render(&vec![None; contents.len()])?;
        let mut left = FEED_BYTES.saturating_sub(bare.len());
        for content in &mut contents {
            match content.map_or(0, bytes_in_feed) {
                cost if cost <= left => left -= cost,
                _ => *content = None,
            }
        }
        text = render(&contents)?;
    }
    Ok(Rendered { path, bytes: text.into_bytes() })
}

/// Writes a feed, and reads it back. What was written of an item before, in the same manner, and found right, is not written once
/// more; nor is it read back once more on the pages of archives, which are most of all that is ever printed.
fn render(
    edition: &Edition<'_>,
    format: &dyn Format,
    contents: &[Option<&str>],
    path: &str,
) -> Result<String, PublishError> {
    let failed = |reason| PublishError::Render { path: path.to_owned(), reason };
    let frame = format.frame(edition, contents).map_err(failed)?;
    let mut text = String::with_capacity(frame.before.len() + frame.behind.len() + about(edition, contents));
    text.push_str(&frame.before);
    let mut pieces = Vec::with_capacity(edition.entries.len());
    for (entry, content) in edition.entries.iter().zip(contents) {
        if !pieces.is_empty() {
            text.push_str(frame.between);
        }
        let manner = entry.manner(format, *content);
        let (from, written) = (text.len(), entry.written(&manner));
        match &written {
            Some(piece) => text.push_str(piece),
            None => format.piece(edition, entry, *content, &mut text),
        }
        pieces.push(Piece { entry, manner, place: from..text.len(), is_new: written.is_none() });
    }
    text.push_str(&frame.behind);
    let is_looked_at = |piece: &&Piece<'_>| piece.is_new || !matches!(edition.place, Place::Page(_));
    let looked_at = || pieces.iter().filter(is_looked_at);
    let are_all = looked_at().count() == pieces.len();
    let told = if are_all { Cow::Borrowed(&text) } else { Cow::Owned(parted(&frame, &text, looked_at())) };
    check(looked_at().map(|piece| piece.entry), format, path, &told)?;
    // Only one channel has an item at home, and renders it once more where the feed has become too long.
    let is_asked_for = |piece: &&Piece<'_>| piece.is_new && (!piece.entry.is_at_home || text.len() > FEED_BYTES);
    for Piece { entry, manner, place, .. } in pieces.iter().filter(is_asked_for) {
        entry.keep(*manner, text.get(place.clone()).unwrap_or_default().into());
    }
    Ok(text)
}

/// About how many bytes the items of a feed take.
fn about(edition: &Edition<'_>, contents: &[Option<&str>]) -> usize {
    let told: usize = edition.entries.iter().map(|entry| 1024 + 2 * entry.summary.len()).sum();
    told + contents.iter().flatten().map(|content| content.len() * 9 / 8).sum::<usize>()
}

/// What is written of an item, by its place in the text.
struct Piece<'a> {
    entry: &'a edition::Entry<'a>,
    manner: Manner,
    place: Range<usize>,
    is_new: bool,
}

/// A feed of some pieces of a text.
fn parted<'a>(frame: &Frame, text: &str, pieces: impl Iterator<Item = &'a Piece<'a>>) -> String {
    let mut part = String::with_capacity(text.len());
    part.push_str(&frame.before);
    for (number, piece) in pieces.enumerate() {
        if number > 0 {
            part.push_str(frame.between);
        }
        part.push_str(text.get(piece.place.clone()).unwrap_or_default());
    }
    part.push_str(&frame.behind);
    part
}

/// The most bytes that a content takes in a feed of any format, its element included.
fn bytes_in_feed(content: &str) -> usize {
    let escaped = |byte: &u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\\' | b']' | 0..=31);
    content.len() + 5 * content.bytes().filter(|byte| escaped(byte)).count() + 100
}

/// Reads a feed back, and compares what it tells with the items that it is to tell of.
fn check<'a>(
    entries: impl Iterator<Item = &'a edition::Entry<'a>> + Clone,
    format: &dyn Format,
    path: &str,
    text: &str,
) -> Result<(), PublishError> {
    let told = format.read_back(text).map_err(|reason| PublishError::Broken { path: path.to_owned(), reason })?;
    let differs = |(entry, told): &(&edition::Entry<'_>, &Told<'_>)| {
        (&*told.id, &*told.address, &*told.title) != (&*entry.id, entry.address(), &*entry.title)
    };
    let first = entries.clone().zip(&told).find(differs).map(|(entry, _)| entry.item.key.clone());
    let count = entries.count();
    match first.or_else(|| (told.len() != count).then(|| format!("{} of {count}", told.len()))) {
        Some(item) => Err(PublishError::Differs { path: path.to_owned(), item }),
        None => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod tests;
