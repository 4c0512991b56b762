//! Items in RSS beside what the crate `rss` writes of them.

use chrono::SecondsFormat;
use proptest::prelude::*;
use rss::extension::dublincore::DublinCoreExtension;

use super::super::tests::{channel_of, facts, site};
use super::*;
use crate::item::Category;

proptest! {
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
