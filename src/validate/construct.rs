//! The text constructs and the content of Atom (RFC 4287 §3.1, §4.1.3): text, HTML, XHTML, or something else.

use super::html::{self, Relative};
use super::report::{Quoted, Report};
use super::rule;
use super::value;
use super::xml::{Element, Tree};

const CONSTRUCT: &str = "RFC 4287 §3.1.1";
const CONTENT: &str = "RFC 4287 §4.1.3";
const XHTML: &str = "RFC 4287 §3.1.1.3";

/// Vocabularies that may stand inside of XHTML, and those of which we know nothing.
const FOREIGN: &[&str] = &["svg:", "mathml:", "rdf:", "cc:", "?:"];

/// Checks a title, subtitle, summary or rights; `content`, if it is `atom:content`.
pub(super) fn check(tree: &Tree<'_>, element: &Element<'_>, content: bool, report: &mut Report<'_>) {
    let at = element.offset;
    let written = element.written;
    let kind = element.attribute("type").unwrap_or("text");
    let source = element.attribute("src").filter(|_| content);
    if element.attribute("mode").is_some() {
        report.tell(&rule::ATOM_MODE, at, &[]);
    }
    if source.is_some() {
        if element.attribute("type").is_none() {
            report.tell(&rule::ATOM_CONTENT_TYPE_MISSING, at, &[]);
        } else if !value::is_media_type(kind) {
            report.tell(&rule::MEDIA_TYPE.by(CONTENT), at, &[&Quoted(kind)]);
        }
        if !element.text.trimmed().is_empty() || !element.children.is_empty() {
            report.tell(&rule::ATOM_CONTENT_NOT_EMPTY, at, &[]);
        }
        return;
    }
    let empty = element.text.trimmed().is_empty() && element.children.is_empty();
    if empty {
        report.tell(&rule::ELEMENT_EMPTY.by(CONSTRUCT), at, &[&written]);
    }
    match kind {
        "text" => plain(element, report),
        "html" => {
            no_children(tree, element, report);
            html::check(&element.text, Relative::Resolved, report);
        }
        "xhtml" if empty => {}
        "xhtml" => xhtml(tree, element, report),
        _ if !content || kind.starts_with("multipart/") || !value::is_media_type(kind) => {
            report.tell(&rule::ATOM_TEXT_TYPE, at, &[&Quoted(kind)]);
        }
        _ if is_xml(kind) => {
            if !element.children.is_empty() && !element.text.trimmed().is_empty() {
                report.tell(&rule::ATOM_CONTENT_MIXED, at, &[&kind]);
            }
            if kind == "application/xhtml+xml" && tree.children(element).any(|child| child.name != "xhtml:html") {
                report.tell(&rule::ATOM_CONTENT_FRAGMENT, at, &[&kind]);
            }
        }
        _ if kind.starts_with("text/") => {
            no_children(tree, element, report);
            if kind.ends_with("/html") {
                html::check(&element.text, Relative::Resolved, report);
                if !element.text.value.contains("<html") {
                    report.tell(&rule::ATOM_CONTENT_FRAGMENT, at, &[&kind]);
                }
            } else {
                plain(element, report);
            }
        }
        _ => {
            let coded = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=') || c.is_ascii_whitespace();
            let symbols = element.text.value.chars().filter(|c| !c.is_ascii_whitespace()).count();
            if !element.text.value.chars().all(coded) || symbols % 4 != 0 {
                report.tell(&rule::ATOM_CONTENT_BASE64, at, &[&kind]);
            }
        }
    }
}

/// Whether content of that type is XML and stands as it is.
pub(super) fn is_xml(kind: &str) -> bool {
    kind.ends_with("+xml") || kind.ends_with("/xml")
}

fn no_children(tree: &Tree<'_>, element: &Element<'_>, report: &mut Report<'_>) {
    if let Some(child) = tree.children(element).next() {
        let inner = child.written;
        report.tell(&rule::ATOM_TEXT_WITH_ELEMENTS, child.offset, &[&inner]);
    }
}

fn plain(element: &Element<'_>, report: &mut Report<'_>) {
    if let Some((position, markup)) = html::markup_in_plain_text(&element.text) {
        let at = element.text.offset(position).unwrap_or(element.offset);
        report.tell(&rule::ATOM_TEXT_WITH_MARKUP, at, &[&markup]);
    }
    if !element.children.is_empty() {
        report.tell(&rule::ATOM_TEXT_WITH_ELEMENTS, element.offset, &[]);
    }
}

fn xhtml(tree: &Tree<'_>, element: &Element<'_>, report: &mut Report<'_>) {
    let division = tree.children(element).next();
    if division.is_none_or(|child| child.name != "xhtml:div") || element.children.len() != 1 {
        report.tell(&rule::ATOM_XHTML_DIV, element.offset, &[]);
    } else if !element.text.trimmed().is_empty() {
        report.tell(&rule::ATOM_XHTML_TEXT, element.offset, &[]);
    }
    let Some(first) = element.children.first() else { return };
    for inside in tree.elements.get(*first..element.end).unwrap_or_default() {
        let written = inside.written;
        if let Some(name) = inside.name.strip_prefix("xhtml:") {
            if !html::is_element(name) {
                report.tell(&rule::HTML_ELEMENT_UNKNOWN.by(XHTML), inside.offset, &[&written]);
            } else if html::is_cut_out(name) {
                report.tell(&rule::HTML_CUT_OUT.by(XHTML), inside.offset, &[&written]);
            }
            if let Some(handler) = inside.attributes.iter().find(|attribute| html::is_handler(&attribute.name)) {
                let name = &handler.name;
                report.tell(&rule::HTML_EVENT_HANDLER.by(XHTML), handler.offset, &[&name]);
            }
        } else if !FOREIGN.iter().any(|prefix| inside.name.starts_with(prefix)) {
            report.tell(&rule::ATOM_XHTML_NAMESPACE, inside.offset, &[&written]);
        }
    }
}
