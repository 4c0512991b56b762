//! Atom (RFC 4287).

use std::collections::BTreeMap;

use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{Feed, Generator, Link, Person, Text, WriteConfig};
use chrono::{DateTime, FixedOffset, Utc};

use super::date::rfc_3339_with_fraction;
use super::edition::{Edition, Entry};
use super::strict::{self, Dialect};
use super::xml::{self, Elements};
use super::{Format, Frame, Told, archive};
use crate::draft::Enclosure;

/// What stands before the entries.
const LAST: &str = "</subtitle>";
const BROKEN: &str = "a tag or section does not end";

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
        let icon = site.address("favicon.png");
        let mut namespaces = BTreeMap::from([("media".to_owned(), "http://search.yahoo.com/mrss/".to_owned())]);
        let mut extensions = ExtensionMap::new();
        if let Some(element) = edition.place.element() {
            namespaces.insert("fh".to_owned(), archive::NAMESPACE.to_owned());
            let said = Extension { name: format!("fh:{element}"), ..Extension::default() };
            extensions.insert("fh".to_owned(), BTreeMap::from([(element.to_owned(), vec![said])]));
        }
        let feed = Feed {
            title: Text::plain(edition.title.clone()),
            id: format!("tag:{}:{}", site.authority, edition.path),
            updated: date(edition.updated_or_begun()),
            authors: vec![person(&super::text::name(&site.title))],
            generator: Some(Generator {
                value: env!("CARGO_PKG_NAME").to_owned(),
                uri: None,
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            icon: Some(icon.clone()),
            logo: Some(icon),
            links: links(self, edition),
            subtitle: Some(Text::plain(edition.description.clone())),
            namespaces,
            extensions,
            lang: Some(edition.language.to_owned()),
            ..Feed::default()
        };
        let mut before = xml::finish(&written(&feed, xml::DECLARATION)?).ok_or(BROKEN)?;
        let behind = before.split_off(before.find(LAST).ok_or(BROKEN)? + LAST.len());
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

fn written(feed: &Feed, before: &str) -> Result<String, String> {
    let config = WriteConfig { write_document_declaration: false, indent_size: Some(1) };
    let mut written = Vec::with_capacity(4096);
    written.extend_from_slice(before.as_bytes());
    let written = feed.write_with_config(written, config).map_err(|error| error.to_string())?;
    String::from_utf8(written).map_err(|error| error.to_string())
}

fn date(time: DateTime<Utc>) -> DateTime<FixedOffset> {
    time.fixed_offset()
}

fn person(name: &str) -> Person {
    Person { name: name.to_owned(), ..Person::default() }
}

fn link(rel: &str, media_type: &str, href: String) -> Link {
    Link { rel: rel.to_owned(), href, mime_type: Some(media_type.to_owned()), ..Link::default() }
}

fn links(atom: &Atom, edition: &Edition<'_>) -> Vec<Link> {
    let own = link("self", atom.media_type(), edition.address(atom.extension()));
    let page = link("alternate", "text/html", edition.home());
    let sisters = edition.sisters(atom.extension()).map(|format| Link {
        title: Some(format.title().to_owned()),
        ..link("alternate", format.media_type(), edition.address(format.extension()))
    });
    let history = edition.history(atom.extension()).into_iter().map(|(rel, href)| link(rel, atom.media_type(), href));
    let hubs = edition.hubs().iter().map(|hub| Link { mime_type: None, ..link("hub", "", hub.to_string()) });
    [own, page].into_iter().chain(hubs).chain(sisters).chain(history).collect()
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
