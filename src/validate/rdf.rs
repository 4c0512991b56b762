//! RSS 1.0, and of RSS 0.90 and 1.1 only that they are well formed.

use std::collections::HashSet;

use super::atom;
use super::extension;
use super::report::{Quoted, Report};
use super::rule;
use super::structure::{self, Amount, AttributeRow, Check, ElementRow, Tables};
use super::xml::Tree;
use Amount::{Any, One, OneAtMost};

const RSS: &str = "RSS 1.0 §5";
const ROOT: &str = "rdf:RDF";

const ELEMENTS: &[ElementRow] = &[
    (ROOT, "rss1:channel", One, Check::Elements, RSS),
    (ROOT, "rss1:image", OneAtMost, Check::Elements, RSS),
    (ROOT, "rss1:item", Any, Check::Elements, RSS),
    (ROOT, "rss1:textinput", OneAtMost, Check::Elements, RSS),
    ("rss1:channel", "rss1:title", One, Check::Plain, RSS),
    ("rss1:channel", "rss1:link", One, Check::Absolute, RSS),
    ("rss1:channel", "rss1:description", One, Check::Plain, RSS),
    ("rss1:channel", "rss1:image", OneAtMost, Check::Skip, RSS),
    ("rss1:channel", "rss1:items", One, Check::Skip, RSS),
    ("rss1:channel", "rss1:textinput", OneAtMost, Check::Skip, RSS),
    ("rss1:image", "rss1:title", One, Check::Plain, RSS),
    ("rss1:image", "rss1:url", One, Check::Absolute, RSS),
    ("rss1:image", "rss1:link", One, Check::Absolute, RSS),
    ("rss1:item", "rss1:title", One, Check::PlainNotEmpty, RSS),
    ("rss1:item", "rss1:link", One, Check::Absolute, RSS),
    ("rss1:item", "rss1:description", OneAtMost, Check::Html, RSS),
    ("rss1:textinput", "rss1:title", One, Check::Plain, RSS),
    ("rss1:textinput", "rss1:description", One, Check::Words, RSS),
    ("rss1:textinput", "rss1:name", One, Check::Words, RSS),
    ("rss1:textinput", "rss1:link", One, Check::Absolute, RSS),
];

const ATTRIBUTES: &[AttributeRow] =
    &[("rss1:channel", "rdf:about", true, Check::Uri, RSS), ("rss1:item", "rdf:about", true, Check::Uri, RSS)];

const TABLES: Tables = Tables {
    elements: &[ELEMENTS, extension::ELEMENTS, atom::EMBEDDED, atom::PERSON],
    attributes: &[ATTRIBUTES, extension::ATTRIBUTES, atom::ATTRIBUTES],
    complete: &["rss1", "content", "sy", "slash"],
};

/// Checks a document and returns the number of its items.
pub(super) fn check(tree: &Tree<'_>, report: &mut Report<'_>) -> usize {
    let Some(root) = tree.elements.first() else { return 0 };
    let items = tree.children(root).filter(|child| child.local() == "item");
    if tree.children(root).any(|child| child.name.starts_with("rss090:") || child.name.starts_with("rss11:")) {
        report.tell(&rule::RDF_VERSION, root.offset, &[]);
        return items.count();
    }
    structure::check(tree, &TABLES, report);
    let mut abouts = HashSet::new();
    for item in tree.named(root, "rss1:item") {
        if let Some(about) = item.attribute("rdf:about").filter(|about| !abouts.insert(*about)) {
            report.tell(&rule::RDF_ABOUT_NOT_UNIQUE, item.offset, &[&Quoted(about)]);
        }
    }
    items.count()
}
