//! Atom (RFC 4287).

use std::collections::BTreeMap;

use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{Category, Content, Feed, Generator, Link, Person, Source, Text, WriteConfig};
use chrono::{DateTime, FixedOffset, Utc};

use super::edition::{Edition, Entry};
use super::strict::{self, Dialect};
use super::text::escape;
use super::xml::{self, Bodies};
use super::{Format, Frame, Told, archive};
use crate::item;

/// What stands before the entries, and behind them.
const LAST: &str = "</subtitle>";
const END: &str = "\n</feed>";
const BROKEN: &str = "a tag or section does not end";

/// Atom.
#[derive(Debug)]
pub struct Atom;

impl Format for Atom {
    fn name(&self) -> &'static str {
        "atom"
    }

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
            let (name, said) = extension("fh", element, &[]);
            extensions.insert("fh".to_owned(), BTreeMap::from([(name, said)]));
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
        let mut before = xml::finish(&written(&feed, xml::DECLARATION, 4096)?, Bodies::none()).ok_or(BROKEN)?;
        let behind = before.split_off(before.find(LAST).ok_or(BROKEN)? + LAST.len());
        Ok(Frame { before, between: "", behind })
    }

    fn piece(&self, edition: &Edition<'_>, entry: &Entry<'_>, content: Option<&str>) -> Result<String, String> {
        let feed = Feed {
            entries: vec![self::entry(edition, entry, content)],
            // The default has a date that is read anew each time, and so all that is empty is named.
            updated: date(entry.stamp),
            title: Text::default(),
            id: String::new(),
            authors: Vec::new(),
            categories: Vec::new(),
            contributors: Vec::new(),
            generator: None,
            icon: None,
            links: Vec::new(),
            logo: None,
            rights: None,
            subtitle: None,
            extensions: ExtensionMap::new(),
            namespaces: BTreeMap::new(),
            base: None,
            lang: None,
        };
        let written = written(&feed, "", 2048)?;
        let alone = written.find("\n <entry>").zip(written.rfind(END)).and_then(|(from, to)| written.get(from..to));
        let contents = content.into_iter().collect();
        let bodies = Bodies { element: "content", write: xml::push_escaped, contents };
        let mut piece = alone.and_then(|alone| xml::finish(alone, bodies)).ok_or(BROKEN)?;
        piece.pop();
        Ok(piece)
    }

    fn read_back(&self, text: &str) -> Result<Vec<Told>, String> {
        strict::read(text, &Dialect { item: ["feed", "entry"], id: "id" })
    }
}

fn written(feed: &Feed, before: &str, size: usize) -> Result<String, String> {
    let config = WriteConfig { write_document_declaration: false, indent_size: Some(1) };
    let mut written = Vec::with_capacity(size);
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

fn entry(edition: &Edition<'_>, entry: &Entry<'_>, content: Option<&str>) -> atom_syndication::Entry {
    let facts = &entry.item;
    let language = entry.foreign_language(edition);
    let plain = |text: &str| Text { lang: language.map(str::to_owned), ..Text::plain(text) };
    let alternate = Link {
        hreflang: facts.language.clone(),
        mime_type: entry.is_page().then(|| "text/html".to_owned()),
        ..link("alternate", "text/html", entry.address.clone())
    };
    let enclosures = facts.enclosures.iter().map(|enclosure| Link {
        length: enclosure.length.map(|length| length.to_string()),
        ..link("enclosure", &enclosure.media_type, enclosure.url.to_string())
    });
    let related = entry.related.iter().map(|other| Link {
        title: Some(other.title.clone()).filter(|title| !title.is_empty()),
        hreflang: other.language.clone(),
        mime_type: None,
        ..link("related", "", other.address.clone())
    });
    let scheme = edition.site.address("categories/");
    let category = |category: &item::Category| Category {
        term: category.slug.clone(),
        scheme: Some(scheme.clone()),
        label: Some(category.label.clone()),
    };
    let tag = |tag: &String| Category { term: tag.clone(), ..Category::default() };
    // An entry needs a summary or content (§4.1.2); the summary is left out only where the content says all.
    let summary =
        if content.is_some() && entry.summary.is_empty() { None } else { Some(plain(entry.summary_or_title())) };
    atom_syndication::Entry {
        title: plain(&entry.title),
        id: entry.id.clone().into_owned(),
        updated: date(entry.stamp),
        authors: entry.authors.iter().map(|name| person(name)).collect(),
        categories: entry.categories.iter().map(category).chain(entry.tags.iter().map(tag)).collect(),
        links: std::iter::once(alternate).chain(enclosures).chain(related).collect(),
        published: Some(date(entry.published)),
        source: entry.source(edition, "atom").and_then(|origin| source(entry, origin)),
        summary,
        // The last touch fills it.
        content: content.map(|_| Content {
            lang: language.map(str::to_owned),
            value: Some(String::new()),
            content_type: Some("html".to_owned()),
            ..Content::default()
        }),
        extensions: facts.image.as_deref().map(picture).unwrap_or_default(),
        // The default has a date that is read anew each time, and so all that is empty is named.
        contributors: Vec::new(),
        rights: None,
        namespaces: BTreeMap::new(),
    }
}

/// The feed that the entry was taken from (§4.2.11). Its own date is not kept: that of the entry stands for it.
fn source(entry: &Entry<'_>, origin: super::Source) -> Option<Source> {
    // What a feed of others is written in is not known.
    let media_type = entry.item.credit.is_none().then(|| Atom.media_type().to_owned());
    let feed = origin.feed.map(|href| Link { rel: "self".to_owned(), href, mime_type: media_type, ..Link::default() });
    let page = origin.page.map(|address| link("alternate", "text/html", address));
    Some(Source {
        title: Text::plain(origin.title),
        id: origin.id?,
        updated: date(entry.updated),
        links: feed.into_iter().chain(page).collect(),
        authors: Vec::new(),
        categories: Vec::new(),
        contributors: Vec::new(),
        generator: None,
        icon: None,
        logo: None,
        rights: None,
        subtitle: None,
    })
}

fn picture(image: &str) -> ExtensionMap {
    // The writer takes the attributes of extensions, and of nothing else, as escaped already.
    let image = &*escape(image);
    let content = extension("media", "content", &[("url", image), ("medium", "image")]);
    let thumbnail = extension("media", "thumbnail", &[("url", image)]);
    BTreeMap::from([("media".to_owned(), BTreeMap::from([content, thumbnail]))])
}

/// An empty element of another name space.
fn extension(space: &str, name: &str, attributes: &[(&str, &str)]) -> (String, Vec<Extension>) {
    let attrs = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    (name.to_owned(), vec![Extension { name: format!("{space}:{name}"), attrs, ..Extension::default() }])
}
