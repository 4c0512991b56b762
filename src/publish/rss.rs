//! RSS 2.0, after the RSS Advisory Board's specification 2.0.11 and Best Practices Profile.

use super::date::{rfc_822, rfc_3339};
use super::edition::{Edition, Entry};
use super::strict::{self, Dialect};
use super::text::escape;
use super::xml::{self, Elements};
use super::{FAVICON_PIXELS, Format, Frame, GENERATOR, MEDIA, Told, archive, atom};
use crate::draft::Enclosure;

/// Minutes that a reader may wait before it looks again (`<ttl>`).
const MINUTES_TO_LIVE: &str = "60";

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
        let place = edition.place.element();
        // Those that stand in it.
        let has_items = !edition.entries.is_empty();
        let mut shown = edition.entries.iter().zip(contents);
        let has_content = shown.any(|(entry, content)| content.is_some() && !entry.summary.is_empty());
        let namespaces = [
            ("version", Some("2.0")),
            ("xmlns:atom", Some(atom::NAMESPACE)),
            ("xmlns:content", has_content.then_some("http://purl.org/rss/1.0/modules/content/")),
            ("xmlns:dc", has_items.then_some("http://purl.org/dc/elements/1.1/")),
            ("xmlns:fh", place.map(|_| archive::NAMESPACE)),
            ("xmlns:media", Some(MEDIA)),
        ];
        let home = edition.home();
        let mut before = xml::DECLARATION.to_owned();
        let mut xml = Elements::within(0, &mut before);
        xml.start("rss", &namespaces);
        xml.start("channel", &[]);
        xml.text("title", &[], &edition.title);
        xml.text("link", &[], &home);
        xml.text("description", &[], &edition.description);
        xml.text("language", &[], edition.language);
        if let Some(updated) = edition.updated {
            xml.text("lastBuildDate", &[], &rfc_822(updated));
        }
        xml.text("generator", &[], GENERATOR);
        xml.text("docs", &[], "https://www.rssboard.org/rss-specification");
        xml.text("ttl", &[], MINUTES_TO_LIVE);
        xml.start("image", &[]);
        xml.text("url", &[], &edition.site.address("favicon.png"));
        xml.text("title", &[], &edition.title);
        xml.text("link", &[], &home);
        xml.text("width", &[], FAVICON_PIXELS);
        xml.text("height", &[], FAVICON_PIXELS);
        xml.end("image");
        if let Some(element) = place {
            xml.hollow(&format!("fh:{element}"), &[]);
        }
        atom::links(&mut xml, "atom:link", self, edition, None);
        Ok(Frame { before, between: "", behind: "\n </channel>\n</rss>\n".to_owned() })
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

/// Whether a host is one that can be found from anywhere: of several labels, as an enclosure's has to be.
fn is_whole_host(host: &str) -> bool {
    host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
}

#[cfg(test)]
mod tests;
