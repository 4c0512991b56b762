//! A page with the parts of its list marked, to be looked at in a browser. Nothing in it acts.

use std::collections::HashMap;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};
use url::Url;

use crate::draft::is_void;
use crate::item::inert;
use crate::read::listing::select::{Part, parts};
use crate::read::{Policy, guard};
use crate::source::Select;

/// Elements that act, load what acts, or show what is elsewhere.
const LEFT_OUT: [&str; 14] = [
    "script", "noscript", "template", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "meta",
    "portal", "fencedframe", "plaintext",
];
/// Attributes that hold an address.
const ADDRESSES: [&str; 9] =
    ["href", "src", "action", "formaction", "poster", "background", "data", "xlink:href", "cite"];
/// What the page may load: how it looks, from its own site, and nothing that acts (Content Security Policy Level 3).
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline' http: https:; img-src http: https: data:; font-src http: https:";

/// A page with the parts of its list marked; `None`: the list is not in it. `address` is where the page is.
pub fn marked(text: &str, address: &Url, select: &Select, policy: Policy) -> Option<String> {
    let page = guard::parse_document(text);
    let mut marks: HashMap<NodeId, Vec<Part>> = HashMap::new();
    for (node, part) in parts(&page, address, select, policy).ok()? {
        let of_node = marks.entry(node).or_default();
        if !of_node.contains(&part) {
            of_node.push(part);
        }
    }
    Some(written(&page, address, &marks))
}

fn name(part: Part) -> &'static str {
    match part {
        Part::Item => "item",
        Part::Title => "title",
        Part::Link => "link",
        Part::Date => "date",
        Part::Next => "next page",
    }
}

/// How a part looks: each can be told where several are the same element.
fn style(part: Part) -> &'static str {
    match part {
        Part::Item => "outline:2px dashed #2563eb!important;outline-offset:1px",
        Part::Title => "background:#fde68a!important;color:#000!important",
        Part::Link => "border-bottom:3px solid #dc2626!important",
        Part::Date => "background:#bbf7d0!important;color:#000!important",
        Part::Next => "outline:3px solid #9333ea!important",
    }
}

/// What the marks mean.
fn legend() -> String {
    let parts = [Part::Item, Part::Title, Part::Link, Part::Date, Part::Next];
    let marks: String =
        parts.map(|part| format!("<span style=\"{};margin:0 6px\">{}</span>", style(part), name(part))).concat();
    format!(
        "<div style=\"all:initial;position:fixed;z-index:2147483647;right:8px;bottom:8px;padding:8px;background:#fff;\
         border:1px solid #000;font:14px sans-serif\">feedgen: {marks}</div>"
    )
}

/// The page as text. The tree is walked and not recursed over.
fn written(page: &Html, address: &Url, marks: &HashMap<NodeId, Vec<Part>>) -> String {
    let head = format!(
        "<meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\"><base href=\"{}\">",
        inert::escaped(address.as_str())
    );
    let mut out =
        format!("<!DOCTYPE html>\n<!-- the page at {} -->\n", inert::escaped(&address.as_str().replace("--", "")));
    let mut hidden: Option<NodeId> = None;
    let mut style_of: Option<NodeId> = None;
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(node) if hidden.is_none() => match node.value() {
                Node::Element(element) if is_left_out(element) => hidden = Some(node.id()),
                Node::Element(element) => {
                    open(element, marks.get(&node.id()).map_or(&[], Vec::as_slice), &mut out);
                    match element.name() {
                        "html" if !has_head(&node) => out.extend(["<head>", &head, "</head>"]),
                        "head" => out.push_str(&head),
                        "style" => style_of = Some(node.id()),
                        _ => {}
                    }
                }
                // A style sheet knows no escapes; what would end it is taken out.
                Node::Text(text) if style_of.is_some() => out.push_str(&text.replace('<', "")),
                Node::Text(text) => out.push_str(&inert::escaped(text)),
                _ => {}
            },
            Edge::Close(node) => {
                if hidden == Some(node.id()) {
                    hidden = None;
                } else if let (None, Node::Element(element)) = (hidden, node.value()) {
                    if element.name() == "body" {
                        out.push_str(&legend());
                    }
                    if style_of == Some(node.id()) {
                        style_of = None;
                    }
                    if !is_void(element.name()) {
                        out.extend(["</", element.name(), ">"]);
                    }
                }
            }
            Edge::Open(_) => {}
        }
    }
    out
}

fn has_head(html: &ego_tree::NodeRef<'_, Node>) -> bool {
    html.children().any(|child| child.value().as_element().is_some_and(|element| element.name() == "head"))
}

fn is_left_out(element: &Element) -> bool {
    let name = element.name();
    // A name may hold what would end its tag.
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let loads = name == "link" && !element.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("stylesheet"));
    !is_plain || loads || LEFT_OUT.contains(&name)
}

fn open(element: &Element, parts: &[Part], out: &mut String) {
    out.extend(["<", element.name()]);
    let mut style_of_own = "";
    for (name, value) in element.attrs() {
        let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'));
        let lower = name.to_ascii_lowercase();
        let leads = ADDRESSES.contains(&lower.as_str());
        if !is_plain
            || lower.starts_with("on")
            || ["srcdoc", "data-feedgen"].contains(&lower.as_str())
            || (leads && !inert::is_harmless(value))
        {
            continue;
        }
        if lower == "style" && !parts.is_empty() {
            style_of_own = value;
            continue;
        }
        out.extend([" ", name, "=\"", &inert::escaped(value), "\""]);
    }
    if !parts.is_empty() {
        let names = parts.iter().map(|part| name(*part)).collect::<Vec<_>>().join(" ");
        let styles = parts.iter().map(|part| style(*part)).collect::<Vec<_>>().join(";");
        let own = if style_of_own.is_empty() { String::new() } else { format!("{style_of_own};") };
        out.extend([" data-feedgen=\"", &names, "\" style=\"", &inert::escaped(&format!("{own}{styles}")), "\""]);
    }
    out.push('>');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_marked_and_nothing_acts() {
        let text = "<html><head><title>News</title><base href=//evil.example/><meta http-equiv=refresh content='0;url=x'>\
            <script>alert(1)</script><style>p{} </style></head><body onload=alert(1)><ul class=news>\
            <li style='color:red'><a href=/news/1 onclick=alert(1)>The ferry is on time</a> <i class=d>2026-03-04</i></li>\
            <li><a href=/news/2>The tide is late &amp; high</a> <i class=d>2026-03-03</i></li></ul>\
            <a href='java\tscript:alert(1)'>x</a><iframe srcdoc='<p>'></iframe><svg><script>alert(2)</script></svg>";
        let select = Select { item: Some("ul.news > li".to_owned()), date: Some(".d".to_owned()), ..Select::default() };
        let policy = Policy {
            now: chrono::DateTime::from_timestamp(1_780_000_000, 0).expect("a time"),
            timezone: crate::source::Tz::UTC,
        };
        let address = Url::parse("https://www.harbour.example/news/?a=1&b=2").expect("an address");
        let once = marked(text, &address, &select, policy).expect("a list");
        assert_eq!(once.matches("data-feedgen=\"item\"").count(), 2, "{once}");
        assert_eq!(once.matches("data-feedgen=\"title link\"").count(), 2, "{once}");
        assert_eq!(once.matches("data-feedgen=\"date\"").count(), 2, "{once}");
        assert!(once.contains("style=\"color:red;outline"), "{once}");
        assert!(once.contains("<base href=\"https://www.harbour.example/news/?a=1&amp;b=2\">"), "{once}");
        for acts in ["alert", "evil", "refresh", "iframe", "script", "onload", "onclick"] {
            assert!(!once.replace("scripts", "").contains(acts), "{acts} in {once}");
        }
        assert!(once.contains("The tide is late &amp; high") && once.contains("feedgen: <span"), "{once}");
        // Marked again, it says the same.
        let again = marked(&once, &address, &select, policy).expect("a list");
        assert_eq!(again.matches("data-feedgen=\"title link\"").count(), 2);
    }

    #[test]
    fn a_page_without_its_list_is_not_marked() {
        let select = Select { item: Some("ul.news > li".to_owned()), ..Select::default() };
        let policy = Policy {
            now: chrono::DateTime::from_timestamp(1_780_000_000, 0).expect("a time"),
            timezone: crate::source::Tz::UTC,
        };
        let address = Url::parse("https://www.harbour.example/").expect("an address");
        assert_eq!(marked("<p>Nothing", &address, &select, policy), None);
    }
}
