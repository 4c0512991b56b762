//! OPML 1.0 to 2.0: lists of subscriptions.

use super::extension;
use super::report::{Quoted, Report};
use super::rule;
use super::structure::{self, ANY_NAME, Amount, AttributeRow, Check, ElementRow, Tables};
use super::xml::Tree;
use Amount::{Any, One, OneAtMost, Some as Several};

const OPML: &str = "OPML 2.0 <opml>";
const HEAD: &str = "OPML 2.0 <head>";
const OUTLINE: &str = "OPML 2.0 <outline>";
const NUMBER: Check = Check::Whole(0, u64::MAX);
const BOOLEAN: Check = Check::OneOf(&["true", "false"]);

const ELEMENTS: &[ElementRow] = &[
    ("opml", "head", One, Check::Elements, OPML),
    ("opml", "body", One, Check::Elements, OPML),
    ("head", "title", OneAtMost, Check::Words, HEAD),
    ("head", "dateCreated", OneAtMost, Check::Rfc822, HEAD),
    ("head", "dateModified", OneAtMost, Check::Rfc822, HEAD),
    ("head", "ownerName", OneAtMost, Check::Words, HEAD),
    ("head", "ownerEmail", OneAtMost, Check::Mail, HEAD),
    ("head", "ownerId", OneAtMost, Check::Web, HEAD),
    ("head", "docs", OneAtMost, Check::Absolute, HEAD),
    ("head", "expansionState", OneAtMost, Check::Words, HEAD),
    ("head", "vertScrollState", OneAtMost, NUMBER, HEAD),
    ("head", "windowTop", OneAtMost, NUMBER, HEAD),
    ("head", "windowLeft", OneAtMost, NUMBER, HEAD),
    ("head", "windowBottom", OneAtMost, NUMBER, HEAD),
    ("head", "windowRight", OneAtMost, NUMBER, HEAD),
    ("body", "outline", Several, Check::Elements, OUTLINE),
    ("outline", "outline", Any, Check::Elements, OUTLINE),
];

const ATTRIBUTES: &[AttributeRow] = &[
    ("opml", "version", true, Check::OneOf(&["1.0", "1.1", "2.0"]), OPML),
    ("outline", "text", true, Check::Words, OUTLINE),
    ("outline", "created", false, Check::Rfc822, OUTLINE),
    ("outline", "isComment", false, BOOLEAN, OUTLINE),
    ("outline", "isBreakpoint", false, BOOLEAN, OUTLINE),
    ("outline", "htmlUrl", false, Check::Absolute, OUTLINE),
    ("outline", "xmlUrl", false, Check::Absolute, OUTLINE),
    ("outline", "url", false, Check::Absolute, OUTLINE),
    ("outline", ANY_NAME, false, Check::Words, OUTLINE),
];

const TABLES: Tables =
    Tables { elements: &[ELEMENTS, extension::ELEMENTS], attributes: &[ATTRIBUTES], complete: &[""] };

/// Checks a document and returns the number of its outlines.
pub(super) fn check(tree: &Tree<'_>, report: &mut Report<'_>) -> usize {
    structure::check(tree, &TABLES, report);
    let old = tree
        .elements
        .first()
        .and_then(|root| root.attribute("version"))
        .is_some_and(|version| version.starts_with('1'));
    let mut outlines = 0;
    for outline in tree.elements.iter().filter(|element| element.name == "outline") {
        outlines += 1;
        let at = outline.offset;
        let has = |name: &str| outline.attribute(name).is_some_and(|value| !value.trim().is_empty());
        match outline.attribute("type").map(str::to_ascii_lowercase).as_deref() {
            Some("rss") => {
                if !has("xmlUrl") {
                    report.tell(&rule::OPML_NO_XML_URL, at, &[]);
                }
                if !has("title") {
                    report.tell(&rule::OPML_NO_TITLE, at, &[]);
                }
                if let Some(version) = outline
                    .attribute("version")
                    .filter(|version| !["RSS", "RSS1", "RSS2", "ATOM", "scriptingNews"].contains(version))
                {
                    report.tell(&rule::OPML_FEED_VERSION, at, &[&Quoted(version)]);
                }
            }
            Some("link" | "include") if !has("url") => {
                report.tell(&rule::OPML_NO_URL, at, &[]);
            }
            Some("link" | "include") => {}
            Some(kind) if old => {
                report.tell(&rule::OPML_OUTLINE_TYPE, at, &[&Quoted(kind)]);
            }
            None if has("xmlUrl") => {
                report.tell(&rule::OPML_NO_TYPE, at, &[]);
            }
            _ => {}
        }
    }
    outlines
}
