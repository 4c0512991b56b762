//! RSS 2.0, after the RSS Advisory Board's specification 2.0.11 and Best Practices Profile.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, SecondsFormat, Timelike as _, Utc};
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::{self, DublinCoreExtension};
use rss::extension::{Extension, ExtensionMap};

use super::edition::{Edition, Entry};
use super::strict::{self, Dialect};
use super::text::escape;
use super::xml::{self, Bodies};
use super::{FAVICON_PIXELS, Format, Frame, GENERATOR, Told, archive};
use crate::item::Category;

/// Minutes that a reader may wait before it looks again (`<ttl>`).
const MINUTES_TO_LIVE: &str = "60";

/// Element of the content, where there is a summary as well.
const CONTENT: &str = "content:encoded";

/// What stands behind the items.
const END: &str = "\n </channel>";
const BROKEN: &str = "a tag or section does not end";

/// RSS 2.0.
#[derive(Debug)]
pub struct Rss;

impl Format for Rss {
    fn name(&self) -> &'static str {
        "rss"
    }

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
            extend(&mut extensions, "fh", element, None, &[]);
        }
        let channel = rss::Channel {
            title: edition.title.clone(),
            link: home,
            description: edition.description.clone(),
            language: Some(edition.language.to_owned()),
            last_build_date: edition.updated.map(date),
            generator: Some(GENERATOR.to_owned()),
            docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
            ttl: Some(MINUTES_TO_LIVE.to_owned()),
            image: Some(icon),
            atom_ext: Some(AtomExtension { links: links(self, edition) }),
            namespaces,
            extensions,
            ..rss::Channel::default()
        };
        let mut before = xml::finish(&written(&channel, 4096)?, Bodies::none()).ok_or(BROKEN)?;
        let behind = before.split_off(before.rfind(END).ok_or(BROKEN)?);
        Ok(Frame { before, between: "", behind })
    }

    fn piece(&self, edition: &Edition<'_>, entry: &Entry<'_>, content: Option<&str>) -> Result<String, String> {
        let items = vec![item(edition, entry, content)];
        let written = written(&rss::Channel { items, ..rss::Channel::default() }, 2048)?;
        let alone = written.find("\n  <item>").zip(written.rfind(END)).and_then(|(from, to)| written.get(from..to));
        let contents = content.filter(|_| !entry.summary.is_empty()).into_iter().collect();
        let bodies = Bodies { element: CONTENT, write: xml::push_section, contents };
        let mut piece = alone.and_then(|alone| xml::finish(alone, bodies)).ok_or(BROKEN)?;
        piece.pop();
        Ok(piece)
    }

    fn read_back(&self, text: &str) -> Result<Vec<Told>, String> {
        strict::read(text, &Dialect { item: ["channel", "item"], id: "guid" })
    }
}

fn written(channel: &rss::Channel, size: usize) -> Result<String, String> {
    let written = channel.pretty_write_to(Vec::with_capacity(size), b' ', 1).map_err(|error| error.to_string())?;
    String::from_utf8(written).map_err(|error| error.to_string())
}

/// RFC 822 with a year of four digits, always GMT: other zones are misread by some.
pub fn date(time: DateTime<Utc>) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][time.weekday() as usize];
    let (month, year) = (MONTHS[time.month0() as usize], time.year().unsigned_abs());
    let two = |number: u32| [number / 10, number].map(|digit| char::from_digit(digit % 10, 10).unwrap_or('0'));
    let mut date = String::with_capacity(32);
    date.extend([weekday, ", "]);
    date.extend(two(time.day()));
    date.extend([" ", month, " "]);
    date.extend(two(year / 100));
    date.extend(two(year % 100));
    for (mark, number) in [(' ', time.hour()), (':', time.minute()), (':', time.second())] {
        date.push(mark);
        date.extend(two(number));
    }
    date.push_str(" GMT");
    date
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
        // The last touch fills it.
        (summary, content) => (Some(escape(summary).into_owned()), content.map(|_| String::new())),
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
        link: Some(entry.address.clone()),
        atom_ext: Some(related).filter(|related| !related.links.is_empty()),
        description,
        content,
        categories: entry.categories.iter().map(category).chain(entry.tags.iter().map(tag)).collect(),
        enclosure,
        guid: Some(rss::Guid { value: entry.id.clone().into_owned(), permalink: false }),
        pub_date: Some(date(entry.published)),
        source: entry
            .source(edition, "rss")
            .and_then(|source| Some(rss::Source { url: source.feed?, title: Some(source.title) })),
        dublin_core_ext: Some(DublinCoreExtension {
            creators: entry.authors.clone(),
            ..DublinCoreExtension::default()
        }),
        extensions,
        ..rss::Item::default()
    }
}

/// Whether a host is one that can be found from anywhere: of several labels, as an enclosure's has to be.
fn is_whole_host(host: &str) -> bool {
    host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
}

fn extend(map: &mut ExtensionMap, space: &str, name: &str, value: Option<String>, attributes: &[(&str, &str)]) {
    let attrs = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let extension = Extension { name: format!("{space}:{name}"), value, attrs, children: BTreeMap::new() };
    map.entry(space.to_owned()).or_default().entry(name.to_owned()).or_default().push(extension);
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn dates_are_those_of_rfc_822() {
        let first: DateTime<Utc> = "0999-12-31T23:59:58Z".parse().unwrap();
        for days in (0..2_000_000).step_by(997) {
            let time = first + TimeDelta::days(days) + TimeDelta::seconds(days);
            assert_eq!(date(time), time.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        }
    }
}
