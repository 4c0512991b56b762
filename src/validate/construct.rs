//! The text constructs and the content of Atom (RFC 4287 §3.1, §4.1.3): text, HTML, XHTML, or something else.

use super::html::{self, Relative};
use super::report::{Quoted, Report};
use super::value;
use super::xml::{Element, Tree};

const CONSTRUCT: &str = "RFC 4287 §3.1.1";
const CONTENT: &str = "RFC 4287 §4.1.3";
const XHTML: &str = "RFC 4287 §3.1.1.3";

/// Checks a title, subtitle, summary or rights; `content`, if it is `atom:content`.
pub(super) fn check(tree: &Tree<'_>, element: &Element<'_>, content: bool, report: &mut Report<'_>) {
    let at = element.offset;
    let written = element.written;
    let kind = element.attribute("type").unwrap_or("text");
    let source = element.attribute("src").filter(|_| content);
    if element.attribute("mode").is_some() {
        report.error("attribute-unknown", CONSTRUCT, at, format_args!("mode is Atom 0.3; Atom 1.0 has type=\"html\""));
    }
    if source.is_some() {
        if element.attribute("type").is_none() {
            report.warn("atom-content-type-missing", CONTENT, at, format_args!("content from elsewhere needs a type"));
        } else if !value::is_media_type(kind) {
            report.error(
                "media-type",
                CONTENT,
                at,
                format_args!("{} is no media type; content with src needs one", Quoted(kind)),
            );
        }
        if !element.text.trimmed().is_empty() || !element.children.is_empty() {
            report.error("atom-content-not-empty", CONTENT, at, format_args!("content with src must be empty"));
        }
        return;
    }
    let empty = element.text.trimmed().is_empty() && element.children.is_empty();
    if empty {
        report.warn(
            "element-empty",
            CONSTRUCT,
            at,
            format_args!("<{written}> is empty; give it words, or leave it out"),
        );
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
            report.error(
                "atom-text-type",
                CONSTRUCT,
                at,
                format_args!("the type {} is none of text, html, xhtml", Quoted(kind)),
            );
        }
        _ if is_xml(kind) => {
            if kind == "application/xhtml+xml" && tree.children(element).any(|child| child.name != "xhtml:html") {
                report.warn(
                    "atom-content-fragment",
                    CONTENT,
                    at,
                    format_args!("{kind} is a whole page; use type=\"xhtml\" for a part of one"),
                );
            }
        }
        _ if kind.starts_with("text/") => {
            no_children(tree, element, report);
            if kind.ends_with("/html") {
                html::check(&element.text, Relative::Resolved, report);
                if !element.text.value.contains("<html") {
                    report.warn(
                        "atom-content-fragment",
                        CONTENT,
                        at,
                        format_args!("{kind} is a whole page; use type=\"html\" for a part of one"),
                    );
                }
            } else {
                plain(element, report);
            }
        }
        _ => {
            let coded = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=') || c.is_ascii_whitespace();
            let symbols = element.text.value.chars().filter(|c| !c.is_ascii_whitespace()).count();
            if !element.text.value.chars().all(coded) || symbols % 4 != 0 {
                report.error("atom-content-base64", CONTENT, at, format_args!("content of type {kind} must be Base64"));
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
        report.error(
            "element-unexpected",
            CONSTRUCT,
            child.offset,
            format_args!("<{inner}> must be escaped here, or use type=\"xhtml\""),
        );
    }
}

fn plain(element: &Element<'_>, report: &mut Report<'_>) {
    if let Some((position, markup)) = html::markup_in_plain_text(&element.text) {
        let at = element.text.offset(position).unwrap_or(element.offset);
        report.warn(
            "text-with-markup",
            CONSTRUCT,
            at,
            format_args!("{markup} will be shown as it is written; use type=\"html\""),
        );
    }
    if !element.children.is_empty() {
        report.error(
            "element-unexpected",
            CONSTRUCT,
            element.offset,
            format_args!("text has no elements in it; use type=\"xhtml\""),
        );
    }
}

fn xhtml(tree: &Tree<'_>, element: &Element<'_>, report: &mut Report<'_>) {
    let division = tree.children(element).next();
    if division.is_none_or(|child| child.name != "xhtml:div") || element.children.len() != 1 {
        report.error(
            "atom-xhtml-div",
            XHTML,
            element.offset,
            format_args!("XHTML needs one <div xmlns=\"http://www.w3.org/1999/xhtml\"> around it"),
        );
    } else if !element.text.trimmed().is_empty() {
        report.error("atom-xhtml-div", XHTML, element.offset, format_args!("no text may stand beside the <div>"));
    }
    let Some(first) = element.children.first() else { return };
    for inside in tree.elements.get(*first..element.end).unwrap_or_default() {
        let written = inside.written;
        if let Some(name) = inside.name.strip_prefix("xhtml:") {
            if !html::is_element(name) {
                report.warn(
                    "html-element-unknown",
                    XHTML,
                    inside.offset,
                    format_args!("readers do not know <{written}>"),
                );
            } else if matches!(
                name,
                "script" | "iframe" | "object" | "embed" | "applet" | "meta" | "link" | "style" | "base"
            ) {
                report.warn(
                    "html-cut-out",
                    XHTML,
                    inside.offset,
                    format_args!("readers cut <{written}> out; leave it out, or link to it"),
                );
            }
            if let Some(handler) = inside.attributes.iter().find(|attribute| attribute.name.starts_with("on")) {
                let name = &handler.name;
                report.warn(
                    "html-event-handler",
                    XHTML,
                    handler.offset,
                    format_args!("readers cut the script in {name} out; leave it out"),
                );
            }
        } else if !inside.name.contains(':') || inside.name.starts_with("atom:") {
            report.error(
                "atom-xhtml-namespace",
                XHTML,
                inside.offset,
                format_args!("<{written}> is not in the namespace of XHTML"),
            );
        }
    }
}
