//! What the elements of a feed say, in one form for all formats.

use std::sync::Arc;

use url::Url;

use super::date::Dates;
use super::namespace::Space::{self, Atom, Comments, Content, Core, Dublin, Itunes, Media, Prism, Xhtml};
use super::person::{self, Person};
use super::text::{Custom, Markup, Text, text};
use super::tree::{Element, Elements, language_tag};
use super::{Attachment, Category, Entry, Facts, Link};

/// Feeds of both families, where they use the same name.
const OWN: &[Space] = &[Core, Atom];
/// People, categories and links of one entry.
const MOST: usize = 200;

/// The best of several values: the lowest rank, of equals the first.
struct Best<T>(u8, Option<T>);

impl<T> Best<T> {
    fn none() -> Self {
        Self(u8::MAX, None)
    }

    /// Takes a value, the best there can be, in the place of any other.
    fn set(&mut self, value: Option<T>) {
        if value.is_some() {
            *self = Self(0, value);
        }
    }

    /// Takes a value if it is better.
    fn offer(&mut self, rank: u8, value: impl FnOnce() -> Option<T>) {
        if rank < self.0
            && let Some(value) = value()
        {
            *self = Self(rank, Some(value));
        }
    }
}

/// What an entry says. `base` is for addresses in a feed that gives no base itself.
pub(super) fn entry(elements: &Elements, base: Option<&Arc<Url>>, dates: &Dates) -> Entry {
    let mut entry = Entry { facts: facts(elements, 0, base, dates), ..Entry::default() };
    for (at, element) in flat(elements, 0) {
        let base = element.base.as_ref().or(base);
        let address = |written: &str| resolve(written, base);
        let is_picture = element.attribute("medium") == Some("image");
        if element.is(OWN, &["enclosure"]) || element.is(&[Media], &["content"]) && !is_picture {
            let list = if element.space == Media { &mut entry.media } else { &mut entry.enclosures };
            if let Some(url) = element.attribute("url").or(element.attribute("href")).filter(|_| list.len() < MOST) {
                let length = element.attribute("length").or(element.attribute("filesize"));
                list.push(Attachment {
                    url: address(url),
                    length: length.and_then(|length| length.parse().ok()),
                    media_type: element.attribute("type").map(str::to_owned),
                });
            }
        } else if element.is(&[Content], &["encoded"])
            || element.is(&[Atom, Core], &["content", "fullitem", "body"])
            || element.is(&[Xhtml], &["body", "div"])
        {
            entry.contents.extend(text(element, Custom::Html, base).filter(|_| entry.contents.len() < MOST));
        } else if element.is(OWN, &["comments"]) {
            entry.comments = entry.comments.or_else(|| element.text().map(address));
        } else if element.is(OWN, &["source"]) && entry.source.is_none() {
            let mut source = facts(elements, at, base, dates);
            if let Some(url) = element.attribute("url") {
                source.link = Some(address(url));
                source.links.push(Link { href: address(url), rel: "self".to_owned(), ..Link::default() });
                source.title = element.text().map(Text::plain);
            }
            entry.source = Some(Box::new(source));
        }
    }
    // Where there are several descriptions, the others are not lost.
    let told = entry.facts.summary.as_ref().map(|summary| summary.value.as_str());
    let mut others: Vec<Text> = Vec::new();
    for (_, element) in flat(elements, 0).filter(|(_, element)| is_description(element)) {
        // Mostly there is one, and it is the summary as it was written.
        if element.is_as_written() && element.text() == told {
            continue;
        }
        let base = element.base.as_ref().or(base);
        let known = |other: &Text| entry.contents.iter().chain(&others).any(|known| known.value == other.value);
        let other = text(element, Custom::Html, base).filter(|other| told != Some(&*other.value) && !known(other));
        others.extend(other.filter(|_| entry.contents.len() + others.len() < MOST));
    }
    // For want of a content the richest of them is the text: a line for lists stands beside notes of many.
    if entry.contents.is_empty()
        && let Some(summary) = &entry.facts.summary
        && !others.is_empty()
    {
        match richest(std::iter::once(summary).chain(&others)) {
            0 => others.clear(),
            at => others.swap(0, at - 1),
        }
    }
    entry.contents.append(&mut others);
    let files = entry.facts.links.iter().filter(|link| link.rel == "enclosure");
    entry.enclosures.extend(files.map(|link| Attachment {
        url: link.href.clone(),
        length: link.length,
        media_type: link.media_type.clone(),
    }));
    entry
}

/// Which of several texts of an entry says most. What has links and paragraphs stands before what has none, unless that says half
/// as much again.
fn richest<'t>(texts: impl Iterator<Item = &'t Text>) -> usize {
    let worth = |text: &Text| text.line().len() * if text.markup == Markup::Html { 3 } else { 2 };
    let mut best = (0, 0);
    for (at, text) in texts.enumerate() {
        let worth = worth(text);
        if worth > best.1 {
            best = (at, worth);
        }
    }
    best.0
}

fn is_description(element: &Element) -> bool {
    element.is(&[Core, Dublin], &["description"])
        || element.is(&[Core], &["summary"])
        || element.is(&[Itunes], &["summary", "description"])
}

/// What the channel says that entries do not: the program that wrote it.
pub(super) fn generator(elements: &Elements) -> Option<String> {
    let found = elements.children(0).find(|(_, element)| element.is(OWN, &["generator"]));
    found.and_then(|(_, element)| element.text()).map(str::to_owned)
}

/// What an entry, a channel or an Atom `<source>` says about itself.
pub(super) fn facts(elements: &Elements, at: usize, base: Option<&Arc<Url>>, dates: &Dates) -> Facts {
    let mut facts = Facts::default();
    let (mut id, mut title, mut summary, mut link) = (Best::none(), Best::none(), Best::none(), Best::none());
    let (mut published, mut updated, mut rights) = (Best::none(), Best::none(), Best::none());
    let (mut language, mut image) = (Best::none(), Best::none());
    let mut offices: Vec<Person> = Vec::new();
    if let Some(root) = elements.root().filter(|_| at == 0) {
        let base = root.base.as_ref().or(base);
        id.offer(1, || root.attribute("rdf:about").map(str::to_owned));
        link.offer(3, || root.attribute("href").map(|href| resolve(href, base)));
        updated.offer(3, || root.attribute("lastmod").and_then(|text| dates.read(text)));
        language.offer(2, || root.language.as_deref().filter(|tag| !tag.is_empty()).map(language_tag));
    }
    for (at, element) in flat(elements, at) {
        let base = element.base.as_ref().or(base);
        let address = |written: &str| resolve(written, base);
        let when = || element.text().and_then(|text| dates.read(text));
        let owned = || element.text().map(str::to_owned);
        let html = || text(element, Custom::Html, base);
        let either = || text(element, Custom::Either, base);
        match (element.space, element.name.as_str()) {
            (Core | Atom, "title") => title.offer(0, either),
            (Dublin, "title") => title.offer(1, either),
            (Media, "title") => title.offer(2, either),
            (Itunes, "title") => title.offer(3, either),

            (Core, "guid") => {
                id.offer(0, owned);
                let told = element.attribute("ispermalink").map(str::to_ascii_lowercase);
                let permanent = match told.as_deref() {
                    Some("false") => false,
                    Some("true") => true,
                    // RSS 2.0 `<guid>`: a guid is an address unless it says otherwise; many forget to say it.
                    _ => element.text().is_some_and(|guid| guid.starts_with("http://") || guid.starts_with("https://")),
                };
                if permanent {
                    link.offer(4, || element.text().map(address));
                }
            }
            (Core | Atom, "id") => {
                id.offer(0, || element.text().map(|written| whole_id(written, base)));
                let is_page = element.text().is_some_and(|id| id.starts_with("http"));
                link.offer(if is_page { 5 } else { 6 }, || {
                    element.text().filter(|id| is_name(id) || is_page).map(str::to_owned)
                });
            }
            (Dublin, "identifier") => id.offer(2, owned),

            (Core | Atom, "link") => {
                let Some(found) = link_of(element, base).filter(|_| facts.links.len() < MOST) else { continue };
                let is_page = found.media_type.as_deref().is_none_or(|kind| kind.contains("html"));
                match found.rel.as_str() {
                    // RSS 2.0 knows one `<link>`; where there are more, readers go to the last.
                    "alternate" if element.space == Core => link.set(Some(found.href.clone())),
                    "alternate" => link.offer(if is_page { 1 } else { 2 }, || Some(found.href.clone())),
                    _ => {}
                }
                facts.links.push(found);
            }
            (Comments, "commentrss") => {
                let found = element.text().filter(|_| facts.links.len() < MOST).map(address);
                facts.links.extend(found.map(|href| Link { href, rel: "replies".to_owned(), ..Link::default() }));
            }

            (Core, "pubdate") | (Core | Atom, "published" | "issued") => published.offer(0, when),
            (Dublin, "issued") => published.offer(1, when),
            (Prism, "publicationdate") => published.offer(2, when),
            (Dublin, "created" | "available") | (Core | Atom, "created") => published.offer(4, when),
            (Core, "lastbuilddate") | (Core | Atom, "updated" | "modified") => updated.set(when()),
            (Dublin, "modified") => updated.offer(1, when),
            (Prism, "modificationdate") => updated.offer(2, when),
            (Dublin, "date") => {
                published.offer(3, when);
                updated.offer(2, when);
            }

            (Core, "description" | "summary" | "abstract" | "subtitle" | "tagline") => summary.offer(0, html),
            (Atom, "summary" | "subtitle" | "tagline") => summary.offer(0, either),
            (Atom | Dublin, "description" | "abstract") => summary.offer(1, html),
            (Itunes, "summary" | "description") => summary.offer(2, html),
            (Itunes, "subtitle") => summary.offer(3, html),
            (Media, "description") => summary.offer(4, html),
            (Atom, "info") => summary.offer(5, either),

            (Core | Atom, "author" | "managingeditor") | (Dublin, "creator" | "author") => {
                add_person(&mut facts.authors, person_of(elements, at, element, base));
            }
            (Itunes, "author" | "owner") | (Core, "webmaster") => {
                offices.extend(person_of(elements, at, element, base));
            }
            (Media, "credit") if element.attribute("role").is_none_or(|role| role == "author") => {
                offices.extend(person_of(elements, at, element, base));
            }
            (Core | Atom | Dublin, "contributor") => {
                add_person(&mut facts.contributors, person_of(elements, at, element, base));
            }

            (Core | Atom | Media, "category") | (Dublin, "subject") => {
                let term = element.attribute("term").map(str::to_owned).or_else(|| plain(element));
                // RFC 4287 §4.2.2.1 asks for a term; some write the name for people alone.
                let term = term.or_else(|| element.attribute("label").map(str::to_owned));
                let scheme = element.attribute("scheme").or(element.attribute("domain"));
                add_category(&mut facts.categories, term, scheme, element.attribute("label"));
            }
            (Itunes, "category") => {
                let nested = elements.inside(at).map(|(_, element)| element);
                for element in std::iter::once(element).chain(nested) {
                    let term = element.attribute("text").map(str::to_owned).or_else(|| plain(element));
                    add_category(&mut facts.categories, term, Some("http://www.itunes.com/"), None);
                }
            }
            (Itunes | Media | Core, "keywords") | (Core, "tags") => {
                let scheme = Some("http://www.itunes.com/").filter(|_| element.space == Itunes);
                for word in element.value.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                    add_category(&mut facts.categories, Some(word.to_owned()), scheme, None);
                }
            }

            (Core | Atom, "rights" | "copyright") => rights.offer(0, either),
            (Dublin, "rights") => rights.offer(1, either),
            (Core | Atom, "language") => language.offer(0, || element.text().map(language_tag)),
            (Dublin, "language") => language.offer(1, || element.text().map(language_tag)),

            (Core | Atom, "image") => {
                let child = elements.children(at).find(|(_, child)| child.is(OWN, &["url"]));
                let written = child.and_then(|(_, child)| child.text());
                let written = written.or(element.attribute("href")).or(element.attribute("url"));
                image.offer(0, || written.or(element.text()).map(address));
            }
            (Core | Atom, "logo") => {
                image.offer(0, || element.attribute("href").or(element.text()).map(address));
            }
            (Itunes, "image") => {
                let written = element.attribute("href").or(element.attribute("url")).or(element.text());
                image.offer(1, || written.map(address));
            }
            (Media, "thumbnail") => image.offer(2, || element.attribute("url").or(element.text()).map(address)),
            (Media, "content") if element.attribute("medium") == Some("image") => {
                image.offer(3, || element.attribute("url").map(address));
            }
            (Atom, "icon") => image.offer(4, || element.text().map(address)),
            _ => {}
        }
    }
    if facts.authors.is_empty() {
        for office in offices {
            // One element names somebody, another how to write there: `itunes:author`, `itunes:owner`.
            match facts.authors.iter_mut().find(|known| known.name.is_some() && known.name == office.name) {
                Some(known) => known.email = known.email.take().or(office.email),
                None => add_person(&mut facts.authors, Some(office)),
            }
        }
    }
    Facts {
        id: id.1,
        title: title.1,
        summary: summary.1,
        link: link.1,
        published: published.1,
        updated: updated.1,
        rights: rights.1,
        language: language.1.filter(|tag: &String| !tag.is_empty()),
        image: image.1,
        ..facts
    }
}

/// The children of an element, and those of Media RSS groups among them.
fn flat(elements: &Elements, at: usize) -> impl Iterator<Item = (usize, &Element)> {
    elements.children(at).flat_map(|(at, element)| {
        let holds = element.is(&[Media], &["group", "content"]);
        std::iter::once((at, element)).chain(elements.inside(at).filter(move |_| holds))
    })
}

/// An address as written if it is whole, else resolved. What begins with a host of the web lacks but its scheme, which is
/// that of the feed.
pub(super) fn resolve(written: &str, base: Option<&Arc<Url>>) -> String {
    let scheme = base.map(|base| base.scheme()).filter(|scheme| matches!(*scheme, "http" | "https"));
    match scheme.filter(|_| begins_with_host(written.trim())) {
        Some(scheme) => format!("{scheme}://{}", written.trim()),
        None => joined(written, base),
    }
}

/// Whether it begins with `www.`, a name and what that is in.
fn begins_with_host(written: &str) -> bool {
    let end = written.find(['/', '?', '#']).unwrap_or(written.len());
    let (host, _) = written.split_at(end);
    host.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."))
        && host.split('.').count() > 2
        && is_plain_host(host)
}

/// The same, and a path whatever it begins with.
fn joined(written: &str, base: Option<&Arc<Url>>) -> String {
    let written = written.trim();
    if is_plainly_whole(written) {
        return written.to_owned();
    }
    let written: String = written.chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
    match base {
        Some(base) if Url::parse(&written).is_err() => base.join(&written).map_or(written, String::from),
        _ => written,
    }
}

/// Whether an address is one of the web as most are, which any parser takes: behind a host of letters there is nothing but
/// ASCII without white space. Others may be whole, too.
fn is_plainly_whole(written: &str) -> bool {
    let Some(rest) = written.strip_prefix("https://").or_else(|| written.strip_prefix("http://")) else { return false };
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    is_plain_host(host) && path.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a host is of labels of ASCII letters and digits, the last one no number, and nothing of it in Punycode.
fn is_plain_host(host: &str) -> bool {
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let last = host.rsplit('.').next().unwrap_or_default();
    host.split('.').all(is_label) && !host.contains("--") && last.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Whether an id is a name and no address (RFC 8141 `urn:`, RFC 4151 `tag:`), so that nothing is done by following it.
pub fn is_name(id: &str) -> bool {
    id.starts_with("urn:") || id.starts_with("tag:")
}

/// An id as written. RFC 4287 §4.2.6 wants it absolute; a path without its host is told apart by that host alone.
fn whole_id(written: &str, base: Option<&Arc<Url>>) -> String {
    if written.contains('/') { joined(written, base) } else { written.to_owned() }
}

fn link_of(element: &Element, base: Option<&Arc<Url>>) -> Option<Link> {
    let written = element.attribute("href").or(element.text()).or(element.attribute("rdf:resource"))?;
    let rel = element.attribute("rel").unwrap_or("alternate").to_ascii_lowercase();
    let rel = rel.strip_prefix("http://www.iana.org/assignments/relation/").unwrap_or(&rel);
    Some(Link {
        href: resolve(written, base),
        rel: rel.to_owned(),
        media_type: element.attribute("type").map(str::to_owned),
        title: element.attribute("title").map(str::to_owned),
        language: element.attribute("hreflang").map(str::to_owned),
        length: element.attribute("length").and_then(|length| length.parse().ok()),
    })
}

/// The text of an element without markup.
fn plain(element: &Element) -> Option<String> {
    let line = text(element, Custom::Either, None)?.line();
    (!line.is_empty()).then_some(line)
}

fn person_of(elements: &Elements, at: usize, element: &Element, base: Option<&Arc<Url>>) -> Option<Person> {
    let mut person = Person::default();
    for (_, part) in elements.children(at) {
        match part.name.as_str() {
            "name" => person.name = plain(part),
            // "by <a href=…>Ada Quay</a>"
            "a" if person.name.is_none() => person.name = plain(part),
            "email" => person.email = part.text().map(str::to_owned),
            "uri" | "url" | "homepage" => {
                person.url = part.text().map(|written| resolve(written, part.base.as_ref().or(base)));
            }
            _ => {}
        }
    }
    if person.name.is_none() && person.email.is_none() {
        let told = plain(element).and_then(|line| person::from_line(&line)).unwrap_or_default();
        (person.name, person.email) = (told.name, told.email);
    } else if let Some(told) = person.name.as_deref().filter(|_| person.email.is_none()).and_then(person::from_line) {
        (person.name, person.email) = (told.name, told.email);
    }
    (!person.is_empty()).then_some(person)
}

fn add_person(list: &mut Vec<Person>, person: Option<Person>) {
    list.extend(person.filter(|person| list.len() < MOST && !list.contains(person)));
}

fn add_category(list: &mut Vec<Category>, term: Option<String>, scheme: Option<&str>, label: Option<&str>) {
    let Some(term) = term.filter(|_| list.len() < MOST) else { return };
    let category = Category { term, scheme: scheme.map(str::to_owned), label: label.map(str::to_owned) };
    if !list.contains(&category) {
        list.push(category);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn what_is_plainly_whole_is_an_address(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "http://", "https://", "/", "?", "#", "@", ":", ":80", ".", "..", "-", "--", "xn--", "a", "B", "0x1", "9", "300",
                    "[", "]", "%", "%zz", " ", "\t", "\n", "é", "\\", "|", "^", "'", "\"", "<", "_", "\u{7f}", "\u{ad}",
                ]),
                0..8,
            ),
        ) {
            let base = Url::parse("https://base.example/a/").ok().map(Arc::new);
            let written = pieces.concat();
            let address = format!("https://{written}");
            for written in [&written, &address] {
                if is_plainly_whole(written) {
                    prop_assert!(Url::parse(written).is_ok(), "{written:?}");
                    prop_assert_eq!(&resolve(written, base.as_ref()), written);
                }
            }
        }
    }

    #[test]
    fn what_begins_with_a_host_lacks_but_its_scheme() {
        let secure = Url::parse("https://quay.example/a/").ok().map(Arc::new);
        let plain = Url::parse("http://quay.example/a/").ok().map(Arc::new);
        assert_eq!(resolve("www.pier.example/news/1", secure.as_ref()), "https://www.pier.example/news/1");
        assert_eq!(resolve(" WWW.pier.example?id=1 ", plain.as_ref()), "http://WWW.pier.example?id=1");
        for path in ["www.html", "www.", "www./a", "wwwa.pier.example/1", "pier.example/1", "a/www.pier.example"] {
            assert_eq!(resolve(path, secure.as_ref()), format!("https://quay.example/a/{path}"));
        }
        // What has gone by such an id goes by it on.
        assert_eq!(whole_id("www.pier.example/1", secure.as_ref()), "https://quay.example/a/www.pier.example/1");
    }

    #[test]
    fn most_addresses_are_plainly_whole() {
        assert!(is_plainly_whole("https://www.quay.example/a/b.htm?id=1&b=%20#c"));
        for other in [
            "//a.example/", "/a", "a", "", "ftp://a.example/", "https://1.2.3.4/", "https://a.example:80/",
            "https://xn--a.example/",
        ] {
            assert!(!is_plainly_whole(other), "{other}");
        }
    }
}
