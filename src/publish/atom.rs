//! Atom (RFC 4287).

use super::date::rfc_3339_with_fraction;
use super::edition::{Edition, Entry};
use super::strict::{self, Dialect};
use super::xml::{self, Elements};
use super::{Format, Frame, MEDIA, Told, archive};
use crate::draft::Enclosure;

/// The name space of Atom (RFC 4287 §2).
pub const NAMESPACE: &str = "http://www.w3.org/2005/Atom";

/// Atom.
#[derive(Debug)]
pub struct Atom;

impl Format for Atom {
    fn extension(&self) -> &'static str {
        "atom"
    }

    fn media_type(&self) -> &'static str {
        "application/atom+xml"
    }

    fn title(&self) -> &'static str {
        "Atom"
    }

    fn frame(&self, edition: &Edition<'_>, _contents: &[Option<&str>]) -> Result<Frame, String> {
        let site = edition.site;
        let place = edition.place.element();
        let namespaces = [
            ("xmlns", Some(NAMESPACE)),
            ("xmlns:fh", place.map(|_| archive::NAMESPACE)),
            ("xmlns:media", Some(MEDIA)),
            ("xml:lang", Some(edition.language)),
        ];
        let icon = site.address("favicon.png");
        let (mut before, mut behind) = (xml::DECLARATION.to_owned(), String::new());
        let mut xml = Elements::within(0, &mut before);
        xml.start("feed", &namespaces);
        xml.text("title", &[], &edition.title);
        xml.text("id", &[], &format!("tag:{}:{}", site.authority, edition.path));
        xml.text("updated", &[], &rfc_3339_with_fraction(edition.updated_or_begun()));
        xml.start("author", &[]);
        xml.text("name", &[], &super::text::name(&site.title));
        xml.end("author");
        xml.text("generator", &[("version", Some(env!("CARGO_PKG_VERSION")))], env!("CARGO_PKG_NAME"));
        xml.text("icon", &[], &icon);
        links(&mut xml, "link", self, edition, Some(&edition.home()));
        xml.text("logo", &[], &icon);
        xml.text("subtitle", &[], &edition.description);
        if let Some(element) = place {
            Elements::within(1, &mut behind).hollow(&format!("fh:{element}"), &[]);
        }
        behind.push_str("\n</feed>\n");
        Ok(Frame { before, between: "", behind })
    }

    fn piece(&self, edition: &Edition<'_>, entry: &Entry<'_>, content: Option<&str>, out: &mut String) {
        let facts = &entry.item;
        let lang = ("xml:lang", entry.foreign_language());
        let mut xml = Elements::within(1, out);
        xml.start("entry", &[]);
        xml.text("title", &[lang], &entry.title);
        xml.text("id", &[], &entry.id);
        xml.text("updated", &[], &rfc_3339_with_fraction(entry.stamp));
        for author in &entry.authors {
            xml.start("author", &[]);
            xml.text("name", &[], author);
            xml.end("author");
        }
        let scheme = edition.site.address("categories/");
        for category in &entry.categories {
            let (term, label) = (Some(category.slug.as_str()), Some(category.label.as_str()));
            xml.empty("category", &[("term", term), ("scheme", Some(&scheme)), ("label", label)]);
        }
        for tag in &entry.tags {
            xml.empty("category", &[("term", Some(tag))]);
        }
        let media_type = entry.is_page().then_some("text/html");
        let language = ("hreflang", facts.language.as_deref());
        let address = ("href", Some(entry.address()));
        xml.empty("link", &[address, ("rel", Some("alternate")), language, ("type", media_type)]);
        for Enclosure { url, media_type, length } in &facts.enclosures {
            let length = length.map(|length| length.to_string());
            let (rel, media_type) = (("rel", Some("enclosure")), ("type", Some(media_type.as_str())));
            xml.empty("link", &[("href", Some(url.as_str())), rel, media_type, ("length", length.as_deref())]);
        }
        for other in &entry.related {
            let title = Some(other.title.as_str()).filter(|title| !title.is_empty());
            let (href, language) = (Some(other.address.as_str()), other.language.as_deref());
            xml.empty("link", &[("href", href), ("rel", Some("related")), ("hreflang", language), ("title", title)]);
        }
        xml.text("published", &[], &rfc_3339_with_fraction(entry.published));
        if let Some(origin) = entry.source(edition, "atom").as_deref() {
            source(&mut xml, entry, origin);
        }
        // An entry needs a summary or content (§4.1.2); the summary is left out only where the content says all.
        if content.is_none() || !entry.summary.is_empty() {
            xml.text("summary", &[lang], entry.summary_or_title());
        }
        if let Some(content) = content {
            xml.text("content", &[lang, ("type", Some("html"))], content);
        }
        if let Some(image) = facts.image.as_deref() {
            xml.hollow("media:content", &[("medium", Some("image")), ("url", Some(image))]);
            xml.hollow("media:thumbnail", &[("url", Some(image))]);
        }
        xml.end("entry");
    }

    fn read_back<'a>(&self, text: &'a str) -> Result<Vec<Told<'a>>, String> {
        strict::read(text, &Dialect { item: ["feed", "entry"], id: "id" })
    }
}

/// Writes the links of a feed, as elements of that name: to itself, to its `page`, hubs, other formats and archives.
pub(super) fn links(xml: &mut Elements<'_>, name: &str, format: &dyn Format, edition: &Edition<'_>, page: Option<&str>) {
    let mut link = |rel: &str, href: &str, media_type: Option<&str>, title: Option<&str>| {
        xml.empty(name, &[("href", Some(href)), ("rel", Some(rel)), ("type", media_type), ("title", title)]);
    };
    let media_type = Some(format.media_type());
    link("self", &edition.address(format.extension()), media_type, None);
    if let Some(page) = page {
        link("alternate", page, Some("text/html"), None);
    }
    for hub in edition.hubs() {
        link("hub", hub.as_str(), None, None);
    }
    for sister in edition.sisters(format.extension()) {
        link("alternate", &edition.address(sister.extension()), Some(sister.media_type()), Some(sister.title()));
    }
    for (rel, href) in edition.history(format.extension()) {
        link(rel, &href, media_type, None);
    }
}

/// The feed that the entry was taken from (§4.2.11). Its own date is not kept: that of the entry stands for it.
fn source(xml: &mut Elements<'_>, entry: &Entry<'_>, origin: &super::Source) {
    let Some(id) = &origin.id else { return };
    xml.start("source", &[]);
    xml.text("title", &[], &origin.title);
    xml.text("id", &[], id);
    xml.text("updated", &[], &rfc_3339_with_fraction(entry.updated));
    if let Some(feed) = &origin.feed {
        // What a feed of others is written in is not known.
        let media_type = entry.item.credit.is_none().then(|| Atom.media_type());
        xml.empty("link", &[("href", Some(feed)), ("rel", Some("self")), ("type", media_type)]);
    }
    if let Some(page) = &origin.page {
        xml.empty("link", &[("href", Some(page)), ("rel", Some("alternate")), ("type", Some("text/html"))]);
    }
    xml.end("source");
}

#[cfg(test)]
mod tests;
