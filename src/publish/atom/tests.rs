//! Entries in Atom beside what the crate `atom_syndication` writes of them.

use atom_syndication::{Category, Content, Source};
use proptest::prelude::*;

use super::super::tests::{channel_of, facts, site};
use super::super::text::escape;
use super::*;

/// What stands behind the entries.
const END: &str = "\n</feed>";

proptest! {
    #[test]
    fn an_entry_is_written_as_the_crate_writes_it(facts in prop::collection::vec(facts(), 1..4), bare in any::<bool>()) {
        let (site, channel) = (site(), channel_of(facts));
        let edition = Edition::new(&site, &channel, &[]);
        for entry in &edition.entries {
            let content = Some(entry.content()).filter(|content| !content.is_empty() && !bare);
            let feed = Feed { entries: vec![self::entry(&edition, entry, content)], ..Feed::default() };
            let written = xml::finish(&written(&feed, "").unwrap()).unwrap();
            let (from, to) = (written.find("\n <entry>").unwrap(), written.rfind(END).unwrap());
            let mut piece = String::new();
            Atom.piece(&edition, entry, content, &mut piece);
            prop_assert_eq!(Some(&*piece), written.get(from..to));
        }
    }
}

fn entry(edition: &Edition<'_>, entry: &Entry<'_>, content: Option<&str>) -> atom_syndication::Entry {
    let facts = &entry.item;
    let language = entry.foreign_language();
    let plain = |text: &str| Text { lang: language.map(str::to_owned), ..Text::plain(text) };
    let alternate = Link {
        hreflang: facts.language.clone(),
        mime_type: entry.is_page().then(|| "text/html".to_owned()),
        ..link("alternate", "text/html", entry.address().to_owned())
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
    let category = |category: &crate::item::Category| Category {
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
        source: entry.source(edition, "atom").and_then(|origin| source(entry, origin.into_owned())),
        summary,
        content: content.map(|content| Content {
            lang: language.map(str::to_owned),
            value: Some(content.to_owned()),
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
fn source(entry: &Entry<'_>, origin: super::super::Source) -> Option<Source> {
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
    let image = &*escape(image).replace('\'', "&apos;");
    let content = extension("media", "content", &[("url", image), ("medium", "image")]);
    let thumbnail = extension("media", "thumbnail", &[("url", image)]);
    BTreeMap::from([("media".to_owned(), BTreeMap::from([content, thumbnail]))])
}

/// An empty element of another name space.
fn extension(space: &str, name: &str, attributes: &[(&str, &str)]) -> (String, Vec<Extension>) {
    let attrs = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    (name.to_owned(), vec![Extension { name: format!("{space}:{name}"), attrs, ..Extension::default() }])
}
