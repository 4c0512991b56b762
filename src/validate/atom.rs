//! Atom 1.0 (RFC 4287), and what RSS borrows from it.

use std::collections::{HashMap, HashSet};

use super::address;
use super::construct;
use super::extension;
use super::report::{Quoted, Report};
use super::rule;
use super::structure::{self, Amount, AttributeRow, Check, ElementRow, Tables};
use super::value;
use super::xml::{Element, Tree};
use Amount::{Any, One, OneAtMost};

const FEED: &str = "RFC 4287 §4.1.1";
const ENTRY: &str = "RFC 4287 §4.1.2";
const SOURCE: &str = "RFC 4287 §4.2.11";
const PERSONS: &str = "RFC 4287 §3.2";
const LINK: &str = "RFC 4287 §4.2.7";
const CATEGORY: &str = "RFC 4287 §4.2.2";
const GENERATOR: &str = "RFC 4287 §4.2.4";
const ID: &str = "RFC 4287 §4.2.6";

/// Link relations in use in feeds (IANA registry).
#[rustfmt::skip]
const RELATIONS: &[&str] = &[
    "alternate", "current", "describedby", "edit", "edit-media", "enclosure", "first", "hub", "last", "license",
    "next", "next-archive", "payment", "prev-archive", "previous", "related", "replies", "search", "self",
    "service", "up", "via", "author", "canonical", "icon", "monitor", "monitor-group", "webmention", "collection",
    "item", "preview",
];

/// Those of RFC 5005, which belong to a feed, not to an entry.
const HISTORY_RELATIONS: &[&str] = &["current", "first", "last", "next", "next-archive", "prev-archive", "previous"];

const ELEMENTS: &[ElementRow] = &[
    ("atom:feed", "atom:author", Any, Check::Elements, FEED),
    ("atom:feed", "atom:category", Any, Check::Skip, FEED),
    ("atom:feed", "atom:contributor", Any, Check::Elements, FEED),
    ("atom:feed", "atom:generator", OneAtMost, Check::PlainNotEmpty, GENERATOR),
    ("atom:feed", "atom:icon", OneAtMost, Check::Iri, FEED),
    ("atom:feed", "atom:id", One, Check::Absolute, ID),
    ("atom:feed", "atom:link", Any, Check::Skip, FEED),
    ("atom:feed", "atom:logo", OneAtMost, Check::Iri, FEED),
    ("atom:feed", "atom:rights", OneAtMost, Check::Construct, FEED),
    ("atom:feed", "atom:subtitle", OneAtMost, Check::Construct, FEED),
    ("atom:feed", "atom:title", One, Check::Construct, FEED),
    ("atom:feed", "atom:updated", One, Check::Rfc3339, FEED),
    ("atom:feed", "atom:entry", Any, Check::Elements, FEED),
    ("atom:entry", "atom:author", Any, Check::Elements, ENTRY),
    ("atom:entry", "atom:category", Any, Check::Skip, ENTRY),
    ("atom:entry", "atom:content", OneAtMost, Check::Content, ENTRY),
    ("atom:entry", "atom:contributor", Any, Check::Elements, ENTRY),
    ("atom:entry", "atom:id", One, Check::Absolute, ID),
    ("atom:entry", "atom:link", Any, Check::Skip, ENTRY),
    ("atom:entry", "atom:published", OneAtMost, Check::Rfc3339, ENTRY),
    ("atom:entry", "atom:rights", OneAtMost, Check::Construct, ENTRY),
    ("atom:entry", "atom:source", OneAtMost, Check::Elements, ENTRY),
    ("atom:entry", "atom:summary", OneAtMost, Check::Construct, ENTRY),
    ("atom:entry", "atom:title", One, Check::Construct, ENTRY),
    ("atom:entry", "atom:updated", One, Check::Rfc3339, ENTRY),
    ("atom:source", "atom:author", Any, Check::Elements, SOURCE),
    ("atom:source", "atom:category", Any, Check::Skip, SOURCE),
    ("atom:source", "atom:contributor", Any, Check::Elements, SOURCE),
    ("atom:source", "atom:generator", OneAtMost, Check::PlainNotEmpty, SOURCE),
    ("atom:source", "atom:icon", OneAtMost, Check::Iri, SOURCE),
    ("atom:source", "atom:id", OneAtMost, Check::Absolute, SOURCE),
    ("atom:source", "atom:link", Any, Check::Skip, SOURCE),
    ("atom:source", "atom:logo", OneAtMost, Check::Iri, SOURCE),
    ("atom:source", "atom:rights", OneAtMost, Check::Construct, SOURCE),
    ("atom:source", "atom:subtitle", OneAtMost, Check::Construct, SOURCE),
    ("atom:source", "atom:title", OneAtMost, Check::Construct, SOURCE),
    ("atom:source", "atom:updated", OneAtMost, Check::Rfc3339, SOURCE),
];

/// Authors and contributors.
pub(super) const PERSON: &[ElementRow] = &[
    ("atom:author", "atom:name", One, Check::NotEmpty, PERSONS),
    ("atom:author", "atom:uri", OneAtMost, Check::Iri, PERSONS),
    ("atom:author", "atom:email", OneAtMost, Check::Mail, PERSONS),
    ("atom:contributor", "atom:name", One, Check::NotEmpty, PERSONS),
    ("atom:contributor", "atom:uri", OneAtMost, Check::Iri, PERSONS),
    ("atom:contributor", "atom:email", OneAtMost, Check::Mail, PERSONS),
];

/// Elements of Atom in RSS.
pub(super) const EMBEDDED: &[ElementRow] = &[
    ("*", "atom:link", Any, Check::Skip, LINK),
    ("*", "atom:id", OneAtMost, Check::Absolute, ID),
    ("*", "atom:updated", OneAtMost, Check::Rfc3339, ENTRY),
    ("*", "atom:published", OneAtMost, Check::Rfc3339, ENTRY),
    ("*", "atom:author", Any, Check::Elements, PERSONS),
    ("*", "atom:contributor", Any, Check::Elements, PERSONS),
    ("*", "atom:category", Any, Check::Skip, CATEGORY),
    ("*", "atom:title", OneAtMost, Check::Construct, ENTRY),
    ("*", "atom:subtitle", OneAtMost, Check::Construct, FEED),
    ("*", "atom:summary", OneAtMost, Check::Construct, ENTRY),
    ("*", "atom:content", OneAtMost, Check::Content, ENTRY),
    ("*", "atom:rights", OneAtMost, Check::Construct, ENTRY),
    ("*", "atom:generator", OneAtMost, Check::Plain, GENERATOR),
    ("*", "atom:icon", OneAtMost, Check::Uri, FEED),
    ("*", "atom:logo", OneAtMost, Check::Uri, FEED),
    ("*", "atom:source", OneAtMost, Check::Skip, SOURCE),
];

/// Attributes of the elements of Atom, wherever they stand.
pub(super) const ATTRIBUTES: &[AttributeRow] = &[
    ("atom:link", "href", true, Check::Iri, LINK),
    ("atom:link", "rel", false, Check::NotEmpty, LINK),
    ("atom:link", "type", false, Check::MediaType, LINK),
    ("atom:link", "hreflang", false, Check::Language, LINK),
    ("atom:link", "title", false, Check::PlainNotEmpty, LINK),
    ("atom:link", "length", false, Check::Whole(0, u64::MAX), LINK),
    ("atom:category", "term", true, Check::NotEmpty, CATEGORY),
    ("atom:category", "scheme", false, Check::Absolute, CATEGORY),
    ("atom:category", "label", false, Check::Plain, CATEGORY),
    ("atom:generator", "uri", false, Check::Iri, GENERATOR),
    ("atom:generator", "version", false, Check::Words, GENERATOR),
    ("atom:content", "type", false, Check::NotEmpty, "RFC 4287 §4.1.3"),
    ("atom:content", "src", false, Check::Iri, "RFC 4287 §4.1.3"),
    ("atom:content", "mode", false, Check::Words, "RFC 4287 §4.1.3"),
    ("atom:title", "type", false, Check::NotEmpty, "RFC 4287 §3.1.1"),
    ("atom:subtitle", "type", false, Check::NotEmpty, "RFC 4287 §3.1.1"),
    ("atom:summary", "type", false, Check::NotEmpty, "RFC 4287 §3.1.1"),
    ("atom:rights", "type", false, Check::NotEmpty, "RFC 4287 §3.1.1"),
];

const TABLES: Tables = Tables {
    elements: &[ELEMENTS, PERSON, extension::ELEMENTS],
    attributes: &[ATTRIBUTES, extension::ATTRIBUTES],
    complete: &["atom", "content", "dc", "sy", "slash", "media", "itunes"],
};

/// Checks a document and returns the number of its entries.
pub(super) fn check(tree: &Tree<'_>, report: &mut Report<'_>) -> usize {
    let Some(root) = tree.elements.first() else { return 0 };
    structure::check(tree, &TABLES, report);
    if root.name == "atom:entry" {
        entry(tree, root, false, report);
        return 1;
    }
    self_link(tree, root, FEED, report);
    links(tree, root, FEED, report);
    canonical(tree, root, report);
    if root.attribute("xml:lang").is_none() {
        report.tell(&rule::ATOM_NO_LANGUAGE, root.offset, &[]);
    }
    let late = tree
        .children(root)
        .skip_while(|child| child.name != "atom:entry")
        .find(|child| child.name != "atom:entry" && child.name.starts_with("atom:"));
    if let Some(late) = late {
        let written = late.written;
        report.tell(&rule::ATOM_METADATA_AFTER_ENTRIES, late.offset, &[&written]);
    }
    history(tree, root, report);
    let authored = tree.child(root, "atom:author").is_some();
    let (mut ids, mut times) = (HashSet::new(), HashSet::new());
    let mut entries = 0;
    for element in tree.named(root, "atom:entry") {
        entries += 1;
        entry(tree, element, authored, report);
        if let Some(id) = tree.child(element, "atom:id").filter(|id| !ids.insert(id.text.trimmed())) {
            let shown = Quoted(id.text.trimmed());
            report.tell(&rule::ATOM_ID_NOT_UNIQUE, id.offset, &[&shown]);
        }
        if let Some(updated) =
            tree.child(element, "atom:updated").filter(|updated| !times.insert(updated.text.trimmed()))
        {
            report.tell(&rule::ATOM_UPDATED_NOT_UNIQUE, updated.offset, &[]);
        }
    }
    entries
}

/// A feed should say where it is, so that it is found again (RFC 4287 §4.1.1; RSS Advisory Board profile).
pub(super) fn self_link(tree: &Tree<'_>, feed: &Element<'_>, reference: &'static str, report: &mut Report<'_>) {
    let own = |link: &&Element<'_>| link.attribute("rel").is_some_and(|rel| relation(rel) == "self");
    let Some(link) = tree.named(feed, "atom:link").find(own) else {
        report.tell(&rule::SELF_LINK_MISSING.by(reference), feed.offset, &[]);
        return;
    };
    let href = link.attribute("href").unwrap_or_default();
    if address::scheme(href).is_none() && feed.attribute("xml:base").is_none() {
        report.tell(&rule::SELF_LINK_RELATIVE.by(reference), link.offset, &[&Quoted(href)]);
    } else if report.expectation.address.is_some_and(|address| !address.is_empty() && address != href) {
        let expected = report.expectation.address.unwrap_or_default();
        report.tell(&rule::SELF_LINK_ELSEWHERE.by(reference), link.offset, &[&Quoted(href), &expected]);
    }
    if link.attribute("type").is_some_and(|kind| {
        !["application/atom+xml", "application/rss+xml", "application/rdf+xml"]
            .iter()
            .any(|known| kind.starts_with(known))
    }) {
        report.tell(&rule::SELF_LINK_TYPE, link.offset, &[]);
    }
}

/// A link relation without the prefix that makes it an IRI.
fn relation(rel: &str) -> &str {
    rel.strip_prefix("http://www.iana.org/assignments/relation/").unwrap_or(rel)
}

fn links(tree: &Tree<'_>, parent: &Element<'_>, reference: &'static str, report: &mut Report<'_>) {
    let mut alternates = HashSet::new();
    for link in tree.named(parent, "atom:link") {
        let rel = relation(link.attribute("rel").unwrap_or("alternate"));
        let at = link.offset;
        if !rel.is_empty() && !RELATIONS.contains(&rel) && address::fault(rel, address::Need::Absolute).is_some() {
            report.tell(&rule::ATOM_LINK_RELATION, at, &[&Quoted(rel)]);
        }
        if HISTORY_RELATIONS.contains(&rel) && parent.name == "atom:entry" {
            report.tell(&rule::ATOM_LINK_RELATION_IN_ENTRY, at, &[&rel]);
        }
        if !link.text.trimmed().is_empty() {
            report.tell(&rule::ATOM_LINK_NOT_EMPTY, at, &[]);
        }
        let key = (link.attribute("type").unwrap_or_default(), link.attribute("hreflang").unwrap_or_default());
        if rel == "alternate" && !alternates.insert(key) {
            report.tell(&rule::ATOM_ALTERNATES.by(reference), at, &[]);
        }
    }
    for person in
        tree.children(parent).filter(|child| matches!(child.name.as_str(), "atom:author" | "atom:contributor"))
    {
        if let Some(name) = tree.child(person, "atom:name").filter(|name| value::holds_mail_address(&name.text.value)) {
            report.tell(&rule::ATOM_NAME_WITH_MAIL, name.offset, &[]);
        }
    }
}

fn canonical(tree: &Tree<'_>, parent: &Element<'_>, report: &mut Report<'_>) {
    if let Some(id) = tree.child(parent, "atom:id") {
        let words = id.text.trimmed();
        if let Some(why) =
            address::not_canonical(words).filter(|_| address::fault(words, address::Need::Absolute).is_none())
        {
            report.tell(&rule::ATOM_ID_NOT_CANONICAL, id.offset, &[&Quoted(words), &why]);
        }
    }
}

fn entry(tree: &Tree<'_>, entry: &Element<'_>, authored: bool, report: &mut Report<'_>) {
    let at = entry.offset;
    links(tree, entry, ENTRY, report);
    canonical(tree, entry, report);
    let source = tree.child(entry, "atom:source");
    let authored = authored
        || [Some(entry), source].into_iter().flatten().any(|around| tree.child(around, "atom:author").is_some());
    if !authored {
        report.tell(&rule::ATOM_NO_AUTHOR, at, &[]);
    }
    let summary = tree.child(entry, "atom:summary");
    if let Some(content) = tree.child(entry, "atom:content") {
        let kind = content.attribute("type").unwrap_or("text");
        let opaque = kind.contains('/') && !construct::is_xml(kind) && !kind.starts_with("text/");
        if summary.is_none() && (content.attribute("src").is_some() || opaque) {
            report.tell(&rule::ATOM_NO_SUMMARY, at, &[]);
        }
    } else {
        if summary.is_none() {
            report.tell(&rule::ATOM_ENTRY_EMPTY, at, &[]);
        }
        let alternate = |link: &Element<'_>| relation(link.attribute("rel").unwrap_or("alternate")) == "alternate";
        if !tree.named(entry, "atom:link").any(alternate) {
            report.tell(&rule::ATOM_NO_ALTERNATE, at, &[]);
        }
    }
    if let Some(source) = source {
        links(tree, source, SOURCE, report);
        for name in ["atom:id", "atom:title", "atom:updated"] {
            if tree.child(source, name).is_none() {
                let name = name.trim_start_matches("atom:");
                report.tell(&rule::ATOM_SOURCE_SPARSE, source.offset, &[&name]);
            }
        }
    }
}

/// Archives and complete feeds (RFC 5005).
pub(super) fn history(tree: &Tree<'_>, feed: &Element<'_>, report: &mut Report<'_>) {
    let mut targets = HashMap::new();
    for link in tree.named(feed, "atom:link") {
        targets.entry(relation(link.attribute("rel").unwrap_or("alternate"))).or_insert(link);
    }
    let complete = tree.child(feed, "fh:complete").is_some();
    if complete {
        for (name, link) in HISTORY_RELATIONS
            .iter()
            .filter(|name| **name != "current")
            .filter_map(|name| Some((name, targets.get(name)?)))
        {
            report.tell(&rule::HISTORY_COMPLETE, link.offset, &[&name]);
        }
    } else if let Some(archive) = tree.child(feed, "fh:archive") {
        if !targets.contains_key("prev-archive") && !targets.contains_key("next-archive") {
            report.tell(&rule::HISTORY_ARCHIVE, archive.offset, &[]);
        }
        if !targets.contains_key("current") {
            report.tell(&rule::HISTORY_CURRENT, archive.offset, &[]);
        }
    }
}
