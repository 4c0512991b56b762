//! The back door: [`Channel`]s become files that feed readers and people open.
//!
//! Everything but [`mod@write`] is a pure function: equal channels give equal bytes.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::item::Item;

pub mod atom;
pub mod edition;
pub mod html;
pub mod json_feed;
pub mod opml;
pub mod rss;
pub mod select;
mod strict;
pub mod text;
pub mod write;
mod xml;

pub use edition::Edition;
pub use select::Selection;

/// Every format of feed, in the order in which they are offered. A new one is a file and a line here.
pub const FORMATS: &[&dyn Format] = &[&rss::Rss, &atom::Atom, &json_feed::JsonFeed];

/// Bytes that a feed may have: above, some readers refuse it. Items whose content does not fit show their summary; where
/// even the summaries do not fit, the oldest items are left out, of all formats.
pub const FEED_BYTES: usize = 512 * 1024;

const GENERATOR: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// Width and height of favicon.png.
const FAVICON_PIXELS: u32 = 64;

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
    /// Its items, newest first.
    pub items: Vec<Shown>,
}

/// An item as a channel shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The item.
    pub item: Item,
    /// Title of the source it came from.
    pub source_title: String,
    /// The items that tell the same story and are not shown beside it.
    pub duplicates: Vec<Duplicate>,
}

/// An item that tells the same story as another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Its key.
    pub key: String,
    /// Title of the source it came from.
    pub source_title: String,
    /// Where it can be read. `None`: nowhere.
    pub address: Option<String>,
}

impl Channel {
    /// The newest change in it, never the clock: equal stores give equal bytes. `None`: it is empty.
    pub fn updated(&self) -> Option<DateTime<Utc>> {
        self.items.iter().map(|shown| shown.item.updated.max(shown.item.published)).max()
    }

    /// What lists of channels tell of it.
    pub fn overview(&self) -> Overview {
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
    /// The name in the configuration.
    fn name(&self) -> &'static str;

    /// The ending of its files, one that web servers map to the media type.
    fn extension(&self) -> &'static str;

    /// The media type of its files.
    fn media_type(&self) -> &'static str;

    /// What people call it.
    fn title(&self) -> &'static str;

    /// Writes a channel. `contents` has for each entry the content to show, or `None` for the summary alone.
    ///
    /// # Errors
    /// What the writer complains of.
    fn render(&self, edition: &Edition<'_>, contents: &[Option<&str>]) -> Result<String, String>;

    /// Reads a written channel as a strict stranger would: what it tells of its items, in order.
    ///
    /// # Errors
    /// What a strict parser would complain of.
    fn read_back(&self, text: &str) -> Result<Vec<Told>, String>;
}

/// What a written feed tells of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: String,
    /// Where it can be read.
    pub address: String,
    /// Its title.
    pub title: String,
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

/// The files of a channel: a feed for each format, and the feed as a page.
///
/// # Errors
/// When what was rendered, read back by other means, is not the channel.
pub fn channel_files(
    site: &Site,
    channel: &Channel,
    formats: &[&'static dyn Format],
) -> Result<Vec<Rendered>, PublishError> {
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
    Ok(files)
}

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
    let path = format!("{}.{}", edition.path, format.extension());
    let render = |contents: &[Option<&str>]| {
        format.render(edition, contents).map_err(|reason| PublishError::Render { path: path.clone(), reason })
    };
    let mut contents: Vec<_> =
        edition.entries.iter().map(|entry| Some(&*entry.content).filter(|content| !content.is_empty())).collect();
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
    check(edition, format, &path, &text)?;
    Ok(Rendered { path, bytes: text.into_bytes() })
}

/// The most bytes that a content takes in a feed of any format, its element included.
fn bytes_in_feed(content: &str) -> usize {
    let escaped = |byte: &u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\\' | b']' | 0..=31);
    content.len() + 5 * content.bytes().filter(|byte| escaped(byte)).count() + 100
}

fn check(edition: &Edition<'_>, format: &dyn Format, path: &str, text: &str) -> Result<(), PublishError> {
    let told = format.read_back(text).map_err(|reason| PublishError::Broken { path: path.to_owned(), reason })?;
    let differs = |item: String| PublishError::Differs { path: path.to_owned(), item };
    for (entry, told) in edition.entries.iter().zip(&told) {
        if (&told.id, &told.address, &told.title) != (&entry.id, &entry.address, &entry.title) {
            return Err(differs(entry.shown.item.key.clone()));
        }
    }
    if told.len() != edition.entries.len() {
        return Err(differs(format!("{} of {}", told.len(), edition.entries.len())));
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;
    use crate::draft::{Credit, Enclosure, Evidence, When};
    use crate::item::{Category, Facts, Html};
    use crate::source::SourceId;

    pub(crate) fn site() -> Site {
        Site {
            title: "University news".to_owned(),
            url: "https://news.example.edu/feeds/".parse().unwrap(),
            language: "en".to_owned(),
            authority: "news.example.edu,2026".to_owned(),
        }
    }

    /// An item of 26 March 2025, of which only the day is known.
    pub(crate) fn item(number: u64, title: &str) -> Facts {
        let day = NaiveDate::from_ymd_opt(2025, 3, 26).unwrap();
        let noon = day.and_hms_opt(4, 0, 0).unwrap().and_utc();
        Facts {
            key: format!("{number:016x}"),
            source: SourceId::new("riverside").unwrap(),
            guid: None,
            link: None,
            title: title.to_owned(),
            content: Html::recall(
                "<p>A visit to the <a href=\"https://lab.example.edu/?a=1&amp;b=2\">lab</a>.</p>".to_owned(),
            ),
            summary: "A visit to the lab & more.".to_owned(),
            published: noon,
            when: When::Day(day),
            evidence: Evidence::Dateline,
            updated: noon,
            event: None,
            authors: vec!["International Office 国际处".to_owned()],
            categories: vec![Category { slug: "news".to_owned(), label: "News & views".to_owned() }],
            tags: Vec::new(),
            sections: Vec::new(),
            language: Some("en".to_owned()),
            publisher: None,
            siblings: Vec::new(),
            enclosures: Vec::new(),
            image: None,
            credit: None,
            fingerprint: [0; 16],
            twin_print: None,
        }
    }

    pub(crate) fn shown(facts: Facts) -> Shown {
        Shown { item: Item::recall(facts), source_title: "Riverside University".to_owned(), duplicates: Vec::new() }
    }

    pub(crate) fn channel(items: Vec<Facts>) -> Channel {
        Channel {
            path: "categories/news".to_owned(),
            title: "News & views".to_owned(),
            description: "Everything under news".to_owned(),
            language: "en".to_owned(),
            items: items.into_iter().map(shown).collect(),
        }
    }

    /// The files of a channel, as text, by ending: rss, atom, json, html.
    fn files(items: Vec<Facts>) -> [String; 4] {
        let files = channel_files(&site(), &channel(items), FORMATS).unwrap();
        let texts: Vec<_> = files.into_iter().map(|file| String::from_utf8(file.bytes).unwrap()).collect();
        texts.try_into().unwrap()
    }

    /// Why `changed` bytes are not published in place of what was rendered.
    fn refusal(format: &dyn Format, change: impl Fn(String) -> String) -> PublishError {
        let (site, channel) = (site(), channel(vec![item(1, "One"), item(2, "Two")]));
        let edition = Edition::new(&site, &channel, FORMATS);
        let rendered = feed_file(&edition, format).unwrap();
        let changed = change(String::from_utf8(rendered.bytes).unwrap());
        check(&edition, format, &rendered.path, &changed).unwrap_err()
    }

    #[test]
    fn equal_channels_give_equal_bytes() {
        let items = || (0..20).map(|number| item(number, "Same")).collect();
        assert_eq!(files(items()), files(items()));
    }

    #[test]
    fn every_format_has_the_same_ids_addresses_and_titles() {
        let mut items =
            vec![item(1, "Q&A <5 & 7&8 &nbsp;"), item(2, "bold</b> a <b> c"), item(3, "]]> \u{1b}[1m\u{fffe}")];
        items[1].link = Some(crate::item::CanonicalUrl::recall("https://riverside.example.edu/a?b=1&c=2".to_owned()));
        let channel = channel(items);
        let told: Vec<_> = FORMATS
            .iter()
            .zip(channel_files(&site(), &channel, FORMATS).unwrap())
            .map(|(format, file)| format.read_back(str::from_utf8(&file.bytes).unwrap()).unwrap())
            .collect();
        assert_eq!((&told[0], &told[0]), (&told[1], &told[2]));
        assert_eq!(told[0][0].title, "Q&A <5 & 7&8 &nbsp;");
        assert_eq!(told[0][0].address, "https://news.example.edu/feeds/items/0000000000000001.html");
        assert_eq!(told[0][1].address, "https://riverside.example.edu/a?b=1&c=2");
        assert_eq!(told[0][2].title, "]]> [1m");
    }

    #[test]
    fn rss_says_what_the_profile_asks_for() {
        let mut facts = item(1, "R&D <5");
        facts.updated += chrono::TimeDelta::days(1);
        facts.image = Some("https://riverside.example.edu/a.jpg?b=1&c=2".to_owned());
        let enclosure = |name: &str| Enclosure {
            url: format!("https://riverside.example.edu/{name}").parse().unwrap(),
            media_type: "application/pdf".to_owned(),
            length: None,
        };
        let sized = Enclosure { length: Some(1200), ..enclosure("c.pdf") };
        let near = Enclosure { url: "http://localhost/d.pdf".parse().unwrap(), ..enclosure("") };
        facts.enclosures = vec![near, enclosure("a.pdf"), enclosure("b.pdf"), sized];
        let [rss, atom, json, _] = files(vec![facts]);
        for part in [
            "<atom:link href=\"https://news.example.edu/feeds/categories/news.rss\" rel=\"self\" type=\"application/rss+xml\"/>",
            "<title>R&#x26;D &#x3C;5</title>",
            "<description><![CDATA[A visit to the lab &amp; more.]]></description>",
            "<category domain=\"https://news.example.edu/feeds/categories/\">News &#x26; views</category>",
            "<guid isPermaLink=\"false\">tag:news.example.edu,2026:0000000000000001</guid>",
            "<pubDate>Wed, 26 Mar 2025 04:00:00 GMT</pubDate>",
            "<atom:updated>2025-03-27T04:00:00Z</atom:updated>",
            "<lastBuildDate>Thu, 27 Mar 2025 04:00:00 GMT</lastBuildDate>",
            "<dc:creator>International Office 国际处</dc:creator>",
            "<source url=\"https://news.example.edu/feeds/sources/riverside.rss\">Riverside University</source>",
            "<enclosure url=\"https://riverside.example.edu/a.pdf\" length=\"0\" type=\"application/pdf\"/>",
            "<media:content type=\"application/pdf\" url=\"http://localhost/d.pdf\">",
            "<media:content type=\"application/pdf\" url=\"https://riverside.example.edu/b.pdf\">",
            "<media:content fileSize=\"1200\" type=\"application/pdf\" url=\"https://riverside.example.edu/c.pdf\">",
        ] {
            assert!(rss.contains(part), "{part} is not in\n{rss}");
        }
        assert!(rss.find("<description><![CDATA[") < rss.find("<content:encoded>"));
        for feed in [rss.as_str(), &atom] {
            assert!(
                feed.contains("<media:thumbnail url=\"https://riverside.example.edu/a.jpg?b=1&#x26;c=2\">"),
                "{feed}"
            );
        }
        assert_eq!(rss.matches("<enclosure").count(), 1);
        for part in ["a.pdf", "b.pdf", "c.pdf"] {
            assert!(atom.contains(part) && json.contains(part), "{part}");
        }
        assert!(atom.contains("length=\"1200\"") && json.contains("\"size_in_bytes\": 1200"));
    }

    #[test]
    fn an_item_from_elsewhere_is_credited_to_the_feed_it_was_taken_from() {
        let url = |text: &str| text.parse().ok();
        let mut facts = item(1, "One");
        facts.credit = Some(Credit {
            title: "The Quay & more".to_owned(),
            id: None,
            feed: url("https://quay.example/rss?a=1&b=2"),
            page: url("https://quay.example/"),
        });
        let nameless = Credit { title: "Pier".to_owned(), id: Some("urn:pier:1".to_owned()), feed: None, page: None };
        let [rss, atom, json, html] = files(vec![facts.clone(), Facts { credit: Some(nameless), ..item(2, "Two") }]);
        assert!(
            rss.contains("<source url=\"https://quay.example/rss?a=1&#x26;b=2\">The Quay &#x26; more</source>"),
            "{rss}"
        );
        assert_eq!(rss.matches("<source").count(), 1, "a feed that is nowhere cannot be named in RSS");
        let sources: Vec<&str> =
            atom.split("<source>").skip(1).filter_map(|rest| rest.split("</source>").next()).collect();
        let squeezed: Vec<String> =
            sources.iter().map(|source| source.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            squeezed,
            [
                "<title>The Quay &#x26; more</title> <id>https://quay.example/rss?a=1&#x26;b=2</id> \
                 <updated>2025-03-26T04:00:00+00:00</updated> \
                 <link href=\"https://quay.example/rss?a=1&#x26;b=2\" rel=\"self\"/> \
                 <link href=\"https://quay.example/\" rel=\"alternate\" type=\"text/html\"/>",
                "<title>Pier</title> <id>urn:pier:1</id> <updated>2025-03-26T04:00:00+00:00</updated>",
            ]
        );
        let feed: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(feed["items"][0]["_feedgen"]["credit"]["page"], "https://quay.example/");
        assert!(html.contains("from <a href=\"https://quay.example/\" dir=\"auto\">The Quay &amp; more</a>"), "{html}");
        assert!(html.contains("from <span dir=\"auto\">Pier</span>") && !html.contains("sources/riverside"), "{html}");
        let own = Channel { path: "sources/riverside".to_owned(), ..channel(vec![facts]) };
        for file in channel_files(&site(), &own, FORMATS).unwrap() {
            assert!(str::from_utf8(&file.bytes).unwrap().contains("The Quay"), "{}", file.path);
        }
    }

    #[test]
    fn json_feed_tells_how_sure_a_date_is_and_has_no_empty_member() {
        let mut facts = item(1, "One");
        facts.sections = vec!["Events".to_owned(), " ".to_owned()];
        facts.summary.clear();
        let [_, _, json, _] = files(vec![facts]);
        let feed: serde_json::Value = serde_json::from_str(&json).unwrap();
        let expected = serde_json::json!({
            "date_precision": "day", "date_source": "dateline", "date_confidence": 0.85, "sections": ["Events"],
        });
        assert_eq!(feed["items"][0]["_feedgen"], expected);
        assert!(!json.contains("null") && !json.contains("\"\"") && !json.contains("[]"), "{json}");
    }

    #[test]
    fn a_feed_stays_small_and_loses_no_item() {
        let mut items: Vec<_> = (0..200).map(|number| item(number, "Long")).collect();
        for facts in &mut items {
            facts.content = Html::recall(format!("<p>{}</p>", "A visit to the \"R&amp;D\" lab.</p>\n<p>".repeat(500)));
        }
        items[0].content = Html::recall(format!("<p>{}</p>", "huge ".repeat(200_000)));
        for (format, file) in FORMATS.iter().zip(channel_files(&site(), &channel(items), FORMATS).unwrap()) {
            assert!(file.bytes.len() <= FEED_BYTES, "{} has {} bytes", file.path, file.bytes.len());
            assert!(file.bytes.len() > FEED_BYTES / 2, "{} has only {} bytes", file.path, file.bytes.len());
            assert_eq!(format.read_back(str::from_utf8(&file.bytes).unwrap()).unwrap().len(), 200);
        }
    }

    #[test]
    fn a_feed_of_too_many_items_shows_the_newest_in_all_formats() {
        let items = (0..500).map(|number| Facts { summary: "Long. ".repeat(400), ..item(number, "Long") }).collect();
        let channel = channel(items);
        let files = channel_files(&site(), &channel, FORMATS).unwrap();
        let told: Vec<_> = FORMATS
            .iter()
            .zip(&files)
            .map(|(format, file)| format.read_back(std::str::from_utf8(&file.bytes).unwrap()).unwrap())
            .collect();
        assert!(files.iter().take(FORMATS.len()).all(|file| file.bytes.len() <= FEED_BYTES));
        assert!((100..500).contains(&told[0].len()) && told[0] == told[1] && told[1] == told[2], "{}", told[0].len());
        assert!(told[0][0].id.ends_with(&channel.items[0].item.key));
    }

    #[test]
    fn an_empty_channel_is_a_feed() {
        let [rss, atom, json, html] = files(Vec::new());
        assert!(!rss.contains("Date>"), "{rss}");
        assert!(atom.contains("<updated>2026-01-01T00:00:00+00:00</updated>"));
        assert!(json.contains("\"items\": []"));
        assert!(html.contains("Nothing here yet"));
    }

    #[test]
    fn what_came_out_wrong_is_not_published() {
        for format in FORMATS {
            let cut = refusal(*format, |text| text.trim_end().strip_suffix(['>', '}']).unwrap().to_owned());
            assert!(matches!(cut, PublishError::Broken { .. }), "{format:?}: {cut}");
            let changed = refusal(*format, |text| text.replace("2026:0000000000000002", "2026:0000000000000009"));
            assert!(
                matches!(changed, PublishError::Differs { ref item, .. } if item == "0000000000000002"),
                "{changed}"
            );
            let renamed = refusal(*format, |text| text.replace("Two", "Tow"));
            assert!(matches!(renamed, PublishError::Differs { .. }), "{format:?}: {renamed}");
        }
        let lost = refusal(&json_feed::JsonFeed, |text| {
            let mut feed: serde_json::Value = serde_json::from_str(&text).unwrap();
            feed["items"].as_array_mut().unwrap().pop();
            feed.to_string()
        });
        assert!(matches!(lost, PublishError::Differs { ref item, .. } if item == "1 of 2"), "{lost}");
        let control = refusal(&rss::Rss, |text| text.replace("One", "One\u{1b}"));
        assert!(matches!(control, PublishError::Broken { .. }), "{control}");
    }

    #[test]
    fn the_list_of_feeds_is_xml_and_has_every_channel() {
        let overviews = [channel(Vec::new()).overview(), channel(vec![item(1, "One")]).overview()];
        let files = site_files(&site(), &overviews, FORMATS).unwrap();
        let opml = files.iter().find(|file| file.path == "feeds.opml").unwrap();
        let opml = str::from_utf8(&opml.bytes).unwrap();
        assert_eq!(opml.matches("xmlUrl=\"https://news.example.edu/feeds/categories/news.rss\"").count(), 2);
        assert!(opml.contains("text=\"News &#x26; views\""), "{opml}");
    }

    proptest! {
        #[test]
        fn whatever_is_in_an_item_its_feeds_are_published(
            title in any::<String>(), summary in any::<String>(), name in any::<String>(), markup in any::<String>(),
        ) {
            let mut facts = item(1, &title);
            facts.summary = summary;
            facts.authors = vec![name.clone()];
            facts.categories = vec![Category { slug: "news".to_owned(), label: name.clone() }];
            facts.content = Html::recall(markup);
            facts.publisher = Some(name);
            let published = channel_files(&site(), &channel(vec![facts]), FORMATS);
            prop_assert!(published.is_ok(), "{}", published.unwrap_err());
        }
    }
}
