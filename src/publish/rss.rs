//! RSS 2.0, after the RSS Advisory Board's specification 2.0.11 and Best Practices Profile.

use std::collections::BTreeMap;

use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore;
use rss::extension::{Extension, ExtensionMap};

use super::date::{rfc_822, rfc_3339};
use super::edition::{Edition, Entry};
use super::strict::{self, Dialect};
use super::text::escape;
use super::xml::{self, Elements};
use super::{FAVICON_PIXELS, Format, Frame, GENERATOR, Told, archive};
use crate::draft::Enclosure;

/// Minutes that a reader may wait before it looks again (`<ttl>`).
const MINUTES_TO_LIVE: &str = "60";

/// What stands behind the items.
const END: &str = "\n </channel>";
const BROKEN: &str = "a tag or section does not end";

/// RSS 2.0.
#[derive(Debug)]
pub struct Rss;

impl Format for Rss {
    fn extension(&self) -> &'static str {
        "rss"
    }

    fn media_type(&self) -> &'static str {
        "application/rss+xml"
    }

    fn title(&self) -> &'static str {
        "RSS 2.0"
    }

    fn frame(&self, edition: &Edition<'_>, contents: &[Option<&str>]) -> Result<Frame, String> {
        let home = edition.home();
        let icon = rss::Image {
            url: edition.site.address("favicon.png"),
            title: edition.title.clone(),
            link: home.clone(),
            width: Some(FAVICON_PIXELS.to_string()),
            height: Some(FAVICON_PIXELS.to_string()),
            description: None,
        };
        let mut namespaces = BTreeMap::from([("media".to_owned(), "http://search.yahoo.com/mrss/".to_owned())]);
        // Those that the writer would declare where it writes items.
        if !edition.entries.is_empty() {
            namespaces.insert("dc".to_owned(), dublincore::NAMESPACE.to_owned());
        }
        let mut shown = edition.entries.iter().zip(contents);
        if shown.any(|(entry, content)| content.is_some() && !entry.summary.is_empty()) {
            namespaces.insert("content".to_owned(), "http://purl.org/rss/1.0/modules/content/".to_owned());
        }
        let mut extensions = ExtensionMap::new();
        if let Some(element) = edition.place.element() {
            namespaces.insert("fh".to_owned(), archive::NAMESPACE.to_owned());
            let said = Extension { name: format!("fh:{element}"), ..Extension::default() };
            extensions.insert("fh".to_owned(), BTreeMap::from([(element.to_owned(), vec![said])]));
        }
        let channel = rss::Channel {
            title: edition.title.clone(),
            link: home,
            description: edition.description.clone(),
            language: Some(edition.language.to_owned()),
            last_build_date: edition.updated.map(rfc_822),
            generator: Some(GENERATOR.to_owned()),
            docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
            ttl: Some(MINUTES_TO_LIVE.to_owned()),
            image: Some(icon),
            atom_ext: Some(AtomExtension { links: links(self, edition) }),
            namespaces,
            extensions,
            ..rss::Channel::default()
        };
        let mut before = xml::finish(&written(&channel)?).ok_or(BROKEN)?;
        let behind = before.split_off(before.rfind(END).ok_or(BROKEN)?);
        Ok(Frame { before, between: "", behind })
    }

    fn piece(&self, edition: &Edition<'_>, entry: &Entry<'_>, content: Option<&str>, out: &mut String) {
        let facts = &entry.item;
        let mut xml = Elements::within(2, out);
        xml.start("item", &[]);
        xml.text("title", &[], &entry.title);
        xml.text("link", &[], entry.address());
        // `description` is HTML. It must stand before `content:encoded`, so where there is no summary the content takes
        // its place.
        match (entry.summary.as_str(), content) {
            ("", Some(content)) => xml.section("description", content),
            ("", None) => {}
            (summary, _) => xml.section("description", &escape(summary)),
        }
        let scheme = edition.site.address("categories/");
        for category in &entry.categories {
            xml.text("category", &[("domain", Some(&scheme))], &category.label);
        }
        for tag in &entry.tags {
            xml.text("category", &[], tag);
        }
        // RSS has one enclosure (Best Practices Profile, `enclosure`), with a whole host; Media RSS tells of the others.
        let enclosed = facts.enclosures.iter().find(|file| file.url.host_str().is_some_and(is_whole_host));
        if let Some(Enclosure { url, media_type, length }) = enclosed {
            let length = length.unwrap_or(0).to_string();
            xml.empty(
                "enclosure",
                &[("url", Some(url.as_str())), ("length", Some(&length)), ("type", Some(media_type))],
            );
        }
        xml.text("guid", &[("isPermaLink", Some("false"))], &entry.id);
        xml.text("pubDate", &[], &rfc_822(entry.published));
        if let Some(source) = entry.source(edition, "rss").as_deref()
            && let Some(address) = &source.feed
        {
            xml.text("source", &[("url", Some(address))], &source.title);
        }
        if let Some(content) = content.filter(|_| !entry.summary.is_empty()) {
            xml.section("content:encoded", content);
        }
        if entry.updated != entry.published {
            xml.text("atom:updated", &[], &rfc_3339(entry.updated));
        }
        let others = facts.enclosures.iter().filter(|file| Some(*file) != enclosed);
        for file in others.filter(|file| facts.image.as_deref() != Some(file.url.as_str())) {
            let size = file.length.filter(|length| *length > 0).map(|length| length.to_string());
            let (url, media_type) = (Some(file.url.as_str()), Some(file.media_type.as_str()));
            xml.hollow("media:content", &[("fileSize", size.as_deref()), ("type", media_type), ("url", url)]);
        }
        if let Some(image) = facts.image.as_deref() {
            xml.hollow("media:content", &[("medium", Some("image")), ("url", Some(image))]);
            xml.hollow("media:thumbnail", &[("url", Some(image))]);
        }
        for other in &entry.related {
            let title = Some(other.title.as_str()).filter(|title| !title.is_empty());
            let (href, language) = (Some(other.address.as_str()), other.language.as_deref());
            let related = [("href", href), ("rel", Some("related")), ("hreflang", language), ("title", title)];
            xml.empty("atom:link", &related);
        }
        for author in &entry.authors {
            xml.text("dc:creator", &[], author);
        }
        xml.end("item");
    }

    fn read_back<'a>(&self, text: &'a str) -> Result<Vec<Told<'a>>, String> {
        strict::read(text, &Dialect { item: ["channel", "item"], id: "guid" })
    }
}

fn written(channel: &rss::Channel) -> Result<String, String> {
    let written = channel.pretty_write_to(Vec::with_capacity(4096), b' ', 1).map_err(|error| error.to_string())?;
    String::from_utf8(written).map_err(|error| error.to_string())
}

fn links(rss: &Rss, edition: &Edition<'_>) -> Vec<Link> {
    let own = Link {
        rel: "self".to_owned(),
        href: edition.address(rss.extension()),
        mime_type: Some(rss.media_type().to_owned()),
        ..Link::default()
    };
    let sisters = edition.sisters(rss.extension()).map(|format| Link {
        rel: "alternate".to_owned(),
        href: edition.address(format.extension()),
        mime_type: Some(format.media_type().to_owned()),
        title: Some(format.title().to_owned()),
        ..Link::default()
    });
    let history = edition.history(rss.extension()).into_iter().map(|(rel, href)| Link {
        rel: rel.to_owned(),
        href,
        mime_type: Some(rss.media_type().to_owned()),
        ..Link::default()
    });
    let hub = |hub: &url::Url| Link { rel: "hub".to_owned(), href: hub.to_string(), ..Link::default() };
    std::iter::once(own).chain(edition.hubs().iter().map(hub)).chain(sisters).chain(history).collect()
}

/// Whether a host is one that can be found from anywhere: of several labels, as an enclosure's has to be.
fn is_whole_host(host: &str) -> bool {
    host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
}

#[cfg(test)]
mod tests;
