//! JSON Feed 1.0 and 1.1.

use std::collections::HashSet;

use super::Kind;
use super::address;
use super::json::{self, Node, Value};
use super::report::{Quoted, Report};
use super::rule;
use super::structure::{self, Check};

const TOP: &str = "JSON Feed 1.1 Top-level";
const ITEMS: &str = "JSON Feed 1.1 Items";
const AUTHORS: &str = "JSON Feed 1.1 Authors";
const ATTACHMENTS: &str = "JSON Feed 1.1 Attachments";
const HUBS: &str = "JSON Feed 1.1 Subscribing to Real-time Notifications";

const VERSION: &str = "https://jsonfeed.org/version/1.1";
const OLD_VERSION: &str = "https://jsonfeed.org/version/1";

/// What the value of a member must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Must {
    /// A string of some form.
    Words(Check),
    /// `true` or `false`.
    Flag,
    /// A number that is not negative.
    Number,
    /// An object of that name in [`MEMBERS`].
    Object(&'static str),
    /// An array of such objects.
    Objects(&'static str),
    /// An array of strings.
    Strings,
}

/// Object, member, whether it must be there, what it must be, where that is written.
const MEMBERS: &[(&str, &str, bool, Must, &str)] = &[
    ("feed", "version", true, Must::Words(Check::Words), TOP),
    ("feed", "title", true, Must::Words(Check::NotEmpty), TOP),
    ("feed", "home_page_url", false, Must::Words(Check::Absolute), TOP),
    ("feed", "feed_url", false, Must::Words(Check::Absolute), TOP),
    ("feed", "description", false, Must::Words(Check::NotEmpty), TOP),
    ("feed", "user_comment", false, Must::Words(Check::NotEmpty), TOP),
    ("feed", "next_url", false, Must::Words(Check::Absolute), TOP),
    ("feed", "icon", false, Must::Words(Check::Absolute), TOP),
    ("feed", "favicon", false, Must::Words(Check::Absolute), TOP),
    ("feed", "author", false, Must::Object("author"), TOP),
    ("feed", "authors", false, Must::Objects("author"), TOP),
    ("feed", "language", false, Must::Words(Check::Language), TOP),
    ("feed", "expired", false, Must::Flag, TOP),
    ("feed", "hubs", false, Must::Objects("hub"), TOP),
    ("feed", "items", true, Must::Objects("item"), TOP),
    ("item", "id", true, Must::Words(Check::NotEmpty), ITEMS),
    ("item", "url", false, Must::Words(Check::Absolute), ITEMS),
    ("item", "external_url", false, Must::Words(Check::Absolute), ITEMS),
    ("item", "title", false, Must::Words(Check::NotEmpty), ITEMS),
    ("item", "content_html", false, Must::Words(Check::Html), ITEMS),
    ("item", "content_text", false, Must::Words(Check::NotEmpty), ITEMS),
    ("item", "summary", false, Must::Words(Check::NotEmpty), ITEMS),
    ("item", "image", false, Must::Words(Check::Absolute), ITEMS),
    ("item", "banner_image", false, Must::Words(Check::Absolute), ITEMS),
    ("item", "date_published", false, Must::Words(Check::Rfc3339), ITEMS),
    ("item", "date_modified", false, Must::Words(Check::Rfc3339), ITEMS),
    ("item", "author", false, Must::Object("author"), ITEMS),
    ("item", "authors", false, Must::Objects("author"), ITEMS),
    ("item", "tags", false, Must::Strings, ITEMS),
    ("item", "language", false, Must::Words(Check::Language), ITEMS),
    ("item", "attachments", false, Must::Objects("attachment"), ITEMS),
    ("author", "name", false, Must::Words(Check::NotEmpty), AUTHORS),
    ("author", "url", false, Must::Words(Check::Absolute), AUTHORS),
    ("author", "avatar", false, Must::Words(Check::Absolute), AUTHORS),
    ("attachment", "url", true, Must::Words(Check::Absolute), ATTACHMENTS),
    ("attachment", "mime_type", true, Must::Words(Check::MediaType), ATTACHMENTS),
    ("attachment", "title", false, Must::Words(Check::NotEmpty), ATTACHMENTS),
    ("attachment", "size_in_bytes", false, Must::Number, ATTACHMENTS),
    ("attachment", "duration_in_seconds", false, Must::Number, ATTACHMENTS),
    ("hub", "type", true, Must::Words(Check::NotEmpty), HUBS),
    ("hub", "url", true, Must::Words(Check::Absolute), HUBS),
];

/// Checks a document and returns what it is and the number of its items.
pub(super) fn check(source: &str, report: &mut Report<'_>) -> (Kind, usize) {
    let nodes = json::read(source, report);
    let Some(feed) = nodes.first() else { return (Kind::Unknown, 0) };
    let told = member(&nodes, feed, "version").and_then(words).is_some_and(|version| version.contains("jsonfeed"));
    if !told && member(&nodes, feed, "items").is_none() {
        return (Kind::Unknown, 0);
    }
    // Objects that are still to be checked; no recursion, so no depth to fear.
    let mut waiting = vec![(feed, "feed", TOP)];
    while let Some((node, kind, reference)) = waiting.pop() {
        if report.is_full() {
            break;
        }
        waiting.extend(object(&nodes, node, kind, reference, report));
    }
    self::feed(&nodes, feed, report);
    let items: Vec<&Node> =
        member(&nodes, feed, "items").map(|items| children(&nodes, items).collect()).unwrap_or_default();
    let mut ids = HashSet::new();
    for item in &items {
        self::item(&nodes, item, report);
        let id = member(&nodes, item, "id");
        if let Some((id, shown)) = id.and_then(|id| Some((id, words(id)?))).filter(|(_, words)| !ids.insert(*words)) {
            report.tell(&rule::JSON_ID_NOT_UNIQUE, id.offset, &[&Quoted(shown)]);
        }
    }
    (Kind::JsonFeed, items.len())
}

/// Checks the members of an object by the table, and returns the objects in it.
fn object<'n>(
    nodes: &'n [Node],
    node: &'n Node,
    kind: &'static str,
    reference: &'static str,
    report: &mut Report<'_>,
) -> Vec<(&'n Node, &'static str, &'static str)> {
    let mut inside = Vec::new();
    if !matches!(node.value, Value::Object) {
        report.tell(
            &rule::JSON_TYPE.by(reference),
            node.offset,
            &[&format_args!("this {kind}"), &name_of(&node.value), &"an object"],
        );
        return inside;
    }
    let mut seen = HashSet::new();
    for child in children(nodes, node) {
        let name = child.name.as_deref().unwrap_or_default();
        if !seen.insert(name) {
            report.tell(&rule::JSON_MEMBER_TWICE, child.offset, &[&Quoted(name)]);
        }
        if matches!(child.value, Value::Null) {
            report.tell(&rule::JSON_NULL.by(reference), child.offset, &[&Quoted(name)]);
            continue;
        }
        match MEMBERS.iter().find(|row| row.0 == kind && row.1 == name) {
            Some((_, name, _, must, reference)) => {
                inside.extend(self::must(nodes, child, name, *must, reference, report));
            }
            None if name.starts_with('_') => {}
            None => {
                report.tell(&rule::JSON_MEMBER_UNKNOWN.by(reference), child.offset, &[&Quoted(name)]);
            }
        }
    }
    for (_, name, ..) in MEMBERS.iter().filter(|row| row.0 == kind && row.2 && !seen.contains(row.1)) {
        report.tell(&rule::JSON_MEMBER_MISSING.by(reference), node.offset, &[&kind, &name]);
    }
    if kind == "author" && !["name", "url", "avatar"].iter().any(|name| seen.contains(name)) {
        report.tell(&rule::JSON_AUTHOR_EMPTY, node.offset, &[]);
    }
    inside
}

fn must<'n>(
    nodes: &'n [Node],
    node: &'n Node,
    name: &str,
    must: Must,
    reference: &'static str,
    report: &mut Report<'_>,
) -> Vec<(&'n Node, &'static str, &'static str)> {
    let wanted = match (must, &node.value) {
        (Must::Words(check), Value::Words(text)) => {
            if text.trimmed().is_empty() {
                report.tell(&rule::JSON_EMPTY.by(reference), node.offset, &[&name]);
            } else {
                let at = text.offset(0).unwrap_or(node.offset);
                structure::value(text, at, name, check, reference, report);
            }
            return Vec::new();
        }
        (Must::Flag, Value::Boolean) => return Vec::new(),
        (Must::Number, Value::Number(number)) if *number >= 0.0 => return Vec::new(),
        (Must::Object(kind), _) => return vec![(node, kind, reference)],
        (Must::Objects(kind), Value::Array) => {
            return children(nodes, node).map(|child| (child, kind, reference)).collect();
        }
        (Must::Strings, Value::Array) => {
            for child in children(nodes, node) {
                if words(child).is_none_or(|words| words.trim().is_empty()) {
                    report.tell(&rule::JSON_STRINGS.by(reference), child.offset, &[&name]);
                }
            }
            return Vec::new();
        }
        (Must::Words(_), _) => "a string",
        (Must::Flag, _) => "true or false",
        (Must::Number, _) => "a number from 0 up",
        (Must::Objects(_) | Must::Strings, _) => "an array",
    };
    report.tell(&rule::JSON_TYPE.by(reference), node.offset, &[&name, &name_of(&node.value), &wanted]);
    Vec::new()
}

fn feed(nodes: &[Node], feed: &Node, report: &mut Report<'_>) {
    let text = |name: &str| member(nodes, feed, name).and_then(|node| Some((node.offset, words(node)?)));
    match text("version") {
        Some((_, VERSION)) | None => {}
        Some((at, OLD_VERSION)) => report.tell(&rule::JSON_VERSION_OLD, at, &[&VERSION]),
        Some((at, other)) => report.tell(&rule::JSON_VERSION, at, &[&Quoted(other), &VERSION]),
    }
    for name in ["home_page_url", "feed_url", "language"] {
        if member(nodes, feed, name).is_none() {
            report.tell(&rule::JSON_FEED_SPARSE, feed.offset, &[&name]);
        }
    }
    if let (Some((at, own)), Some(address)) = (text("feed_url"), report.expectation.address)
        && !address.is_empty()
        && own != address
    {
        report.tell(&rule::SELF_LINK_ELSEWHERE.by(TOP), at, &[&Quoted(own), &address]);
    }
    if let (Some((at, next)), Some((_, own))) = (text("next_url"), text("feed_url"))
        && next == own
    {
        report.tell(&rule::JSON_NEXT_IS_SELF, at, &[]);
    }
    deprecated_author(nodes, feed, report);
}

fn item(nodes: &[Node], item: &Node, report: &mut Report<'_>) {
    let has = |name: &str| member(nodes, item, name).is_some();
    if !matches!(item.value, Value::Object) {
        return;
    }
    if !has("content_html") && !has("content_text") {
        report.tell(&rule::JSON_NO_CONTENT, item.offset, &[]);
    }
    for name in ["url", "date_published"] {
        if !has(name) {
            report.tell(&rule::JSON_ITEM_SPARSE, item.offset, &[&name]);
        }
    }
    if let Some((id, words)) = member(nodes, item, "id").and_then(|id| Some((id, words(id)?)))
        && address::scheme(words).is_none()
        && !words.is_empty()
    {
        report.tell(&rule::JSON_ID_NOT_URI, id.offset, &[&Quoted(words)]);
    }
    if let Some((node, Value::Words(text))) = member(nodes, item, "title").map(|node| (node, &node.value))
        && let Some((position, markup)) = super::html::markup_in_plain_text(text)
        // JSON has no references, so an ampersand before a digit is one.
        && (markup.ends_with(';') || !markup.starts_with('&'))
        && !is_about(nodes, item, &markup)
    {
        let at = text.offset(position).unwrap_or(node.offset);
        report.tell(&rule::JSON_TITLE_WITH_MARKUP, at, &[&markup]);
    }
    deprecated_author(nodes, item, report);
}

/// Whether the item is about that markup, so that its title means it as it stands: its text shows the same. What feedgen writes is
/// plain, and says so by its extension.
fn is_about(nodes: &[Node], item: &Node, markup: &str) -> bool {
    let escaped = markup.trim_end_matches('>').replace('&', "&amp;").replace('<', "&lt;");
    let has =
        |name: &str, shown: &str| member(nodes, item, name).and_then(words).is_some_and(|text| text.contains(shown));
    has("content_html", &escaped) || has("content_text", markup) || member(nodes, item, "_feedgen").is_some()
}

fn deprecated_author(nodes: &[Node], node: &Node, report: &mut Report<'_>) {
    let modern = nodes.first().and_then(|feed| member(nodes, feed, "version")).and_then(words) != Some(OLD_VERSION);
    if let Some(author) = member(nodes, node, "author").filter(|_| modern && member(nodes, node, "authors").is_none()) {
        report.tell(&rule::JSON_AUTHOR_DEPRECATED, author.offset, &[]);
    }
}

fn children<'n>(nodes: &'n [Node], node: &'n Node) -> impl Iterator<Item = &'n Node> {
    node.children.iter().filter_map(|index| nodes.get(*index))
}

fn member<'n>(nodes: &'n [Node], node: &'n Node, name: &str) -> Option<&'n Node> {
    matches!(node.value, Value::Object)
        .then(|| children(nodes, node).find(|child| child.name.as_deref() == Some(name)))?
}

fn words(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Words(text) => Some(&text.value),
        _ => None,
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Boolean => "true or false",
        Value::Number(number) if *number < 0.0 => "a negative number",
        Value::Number(_) => "a number",
        Value::Words(_) => "a string",
        Value::Array => "an array",
        Value::Object => "an object",
    }
}
