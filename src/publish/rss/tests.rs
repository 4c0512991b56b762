//! Feeds in RSS beside what the crate `rss` writes of them.

use std::collections::BTreeMap;

use chrono::SecondsFormat;
use proptest::prelude::*;
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::{self, DublinCoreExtension};
use rss::extension::{Extension, ExtensionMap};

use super::super::tests::{channel_of, facts, frames, site};
use super::*;
use crate::item::Category;

/// What stands behind the items.
const END: &str = "\n </channel>";

proptest! {
    #[test]
    fn a_frame_is_written_as_the_crate_writes_it(facts in prop::collection::vec(facts(), 0..3)) {
        frames(facts, &Rss, |edition, Frame { before, behind, .. }| {
            let contents: Vec<_> = edition.entries.iter().map(|entry| Some(entry.content())).collect();
            let written = xml::finish(&written(&channel(edition, &contents)).unwrap()).unwrap();
            assert_eq!(written.split_at(written.rfind(END).unwrap()), (&**before, &**behind));
        });
    }

    #[test]
    fn an_item_is_written_as_the_crate_writes_it(facts in prop::collection::vec(facts(), 1..4), bare in any::<bool>()) {
        let (site, channel) = (site(), channel_of(facts));
        let edition = Edition::new(&site, &channel, &[]);
        for entry in &edition.entries {
            let content = Some(entry.content()).filter(|content| !content.is_empty() && !bare);
            let channel = rss::Channel { items: vec![item(&edition, entry, content)], ..rss::Channel::default() };
            let written = xml::finish(&written(&channel).unwrap()).unwrap();
            let (from, to) = (written.find("\n  <item>").unwrap(), written.rfind(END).unwrap());
            let mut piece = String::new();
            Rss.piece(&edition, entry, content, &mut piece);
            prop_assert_eq!(Some(&*piece), written.get(from..to));
        }
    }
}

/// A channel without its items.
fn channel(edition: &Edition<'_>, contents: &[Option<&str>]) -> rss::Channel {
    let home = edition.home();
    let icon = rss::Image {
        url: edition.site.address("favicon.png"),
        title: edition.title.clone(),
        link: home.clone(),
        width: Some(FAVICON_PIXELS.to_string()),
        height: Some(FAVICON_PIXELS.to_string()),
        description: None,
    };
    let mut namespaces = BTreeMap::from([("media".to_owned(), MEDIA.to_owned())]);
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
    rss::Channel {
        title: edition.title.clone(),
        link: home,
        description: edition.description.clone(),
        language: Some(edition.language.to_owned()),
        last_build_date: edition.updated.map(rfc_822),
        generator: Some(GENERATOR.to_owned()),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        ttl: Some(MINUTES_TO_LIVE.to_owned()),
        image: Some(icon),
        atom_ext: Some(AtomExtension { links: links(&Rss, edition) }),
        namespaces,
        extensions,
        ..rss::Channel::default()
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

fn item(edition: &Edition<'_>, entry: &Entry<'_>, content: Option<&str>) -> rss::Item {
    let facts = &entry.item;
    // `description` is HTML. It must stand before `content:encoded`, so where there is no summary the content takes
    // its place.
    let (description, content) = match (entry.summary.as_str(), content) {
        ("", content) => (content.map(str::to_owned), None),
        (summary, content) => (Some(escape(summary).into_owned()), content.map(str::to_owned)),
    };
    let scheme = edition.site.address("categories/");
    let category = |category: &Category| rss::Category { name: category.label.clone(), domain: Some(scheme.clone()) };
    let tag = |tag: &String| rss::Category { name: tag.clone(), domain: None };
    // RSS has one enclosure (Best Practices Profile, `enclosure`), with a whole host; Media RSS tells of the others.
    let enclosed = facts.enclosures.iter().find(|file| file.url.host_str().is_some_and(is_whole_host));
    let others = facts.enclosures.iter().filter(|file| Some(*file) != enclosed);
    let enclosure = enclosed.map(|enclosure| rss::Enclosure {
        url: enclosure.url.to_string(),
        length: enclosure.length.unwrap_or(0).to_string(),
        mime_type: enclosure.media_type.clone(),
    });
    let related = entry.related.iter().map(|other| Link {
        rel: "related".to_owned(),
        href: other.address.clone(),
        hreflang: other.language.clone(),
        title: Some(other.title.clone()).filter(|title| !title.is_empty()),
        ..Link::default()
    });
    let related = AtomExtension { links: related.collect() };
    let mut extensions = ExtensionMap::new();
    if entry.updated != entry.published {
        let updated = entry.updated.to_rfc3339_opts(SecondsFormat::Secs, true);
        extend(&mut extensions, "atom", "updated", Some(updated), &[]);
    }
    for file in others.filter(|file| facts.image.as_deref() != Some(file.url.as_str())) {
        let size = file.length.filter(|length| *length > 0).map(|length| length.to_string());
        let mut attributes = vec![("url", file.url.as_str()), ("type", file.media_type.as_str())];
        attributes.extend(size.as_deref().map(|size| ("fileSize", size)));
        extend(&mut extensions, "media", "content", None, &attributes);
    }
    if let Some(image) = &facts.image {
        extend(&mut extensions, "media", "content", None, &[("url", image), ("medium", "image")]);
        extend(&mut extensions, "media", "thumbnail", None, &[("url", image)]);
    }
    rss::Item {
        title: Some(entry.title.clone()),
        link: Some(entry.address().to_owned()),
        atom_ext: Some(related).filter(|related| !related.links.is_empty()),
        description,
        content,
        categories: entry.categories.iter().map(category).chain(entry.tags.iter().map(tag)).collect(),
        enclosure,
        guid: Some(rss::Guid { value: entry.id.clone().into_owned(), permalink: false }),
        pub_date: Some(rfc_822(entry.published)),
        source: entry
            .source(edition, "rss")
            .and_then(|source| Some(rss::Source { url: source.feed.clone()?, title: Some(source.title.clone()) })),
        dublin_core_ext: Some(DublinCoreExtension {
            creators: entry.authors.clone(),
            ..DublinCoreExtension::default()
        }),
        extensions,
        ..rss::Item::default()
    }
}

fn extend(map: &mut ExtensionMap, space: &str, name: &str, value: Option<String>, attributes: &[(&str, &str)]) {
    let attrs = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let extension = Extension { name: format!("{space}:{name}"), value, attrs, children: BTreeMap::new() };
    map.entry(space.to_owned()).or_default().entry(name.to_owned()).or_default().push(extension);
}
