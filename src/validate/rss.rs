//! RSS 0.91 to 2.0: what the specification asks, and what the RSS Advisory Board's profile advises.

use std::collections::HashSet;

use super::address;
use super::atom;
use super::extension;
use super::report::{Quoted, Report};
use super::rule;
use super::structure::{self, Amount, AttributeRow, Check, ElementRow, Tables};
use super::value;
use super::xml::{Element, Tree};
use Amount::{Any, One, OneAtMost, Some as Several};

const CHANNEL: &str = "RSS 2.0 <channel>";
const IMAGE: &str = "RSS 2.0 <image>";
const INPUT: &str = "RSS 2.0 <textInput>";
const CLOUD: &str = "RSS 2.0 <cloud>";
const ITEM: &str = "RSS 2.0 <item>";
const ENCLOSURE: &str = "RSS 2.0 <enclosure>";
const GUID: &str = "RSS 2.0 <guid>";
const DAYS: Check = Check::OneOf(&["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]);

/// A guid of fewer digits than this is likely to be used elsewhere as well.
const FEWEST_DIGITS: usize = 9;

const ELEMENTS: &[ElementRow] = &[
    ("rss", "channel", One, Check::Elements, "RSS 2.0 <rss>"),
    ("rss", "access:restriction", OneAtMost, Check::Skip, "feed access control"),
    ("channel", "title", One, Check::PlainNotEmpty, CHANNEL),
    ("channel", "link", One, Check::Absolute, CHANNEL),
    ("channel", "description", One, Check::Plain, CHANNEL),
    ("channel", "language", OneAtMost, Check::Language, CHANNEL),
    ("channel", "copyright", OneAtMost, Check::Plain, CHANNEL),
    ("channel", "managingEditor", OneAtMost, Check::Person, CHANNEL),
    ("channel", "webMaster", OneAtMost, Check::Person, CHANNEL),
    ("channel", "pubDate", OneAtMost, Check::Rfc822, CHANNEL),
    ("channel", "lastBuildDate", OneAtMost, Check::Rfc822, CHANNEL),
    ("channel", "category", Any, Check::Plain, CHANNEL),
    ("channel", "generator", OneAtMost, Check::Words, CHANNEL),
    ("channel", "docs", OneAtMost, Check::Absolute, CHANNEL),
    ("channel", "cloud", OneAtMost, Check::Words, CLOUD),
    ("channel", "ttl", OneAtMost, Check::Whole(1, u64::MAX), CHANNEL),
    ("channel", "image", OneAtMost, Check::Elements, IMAGE),
    ("channel", "rating", OneAtMost, Check::Words, CHANNEL),
    ("channel", "textInput", OneAtMost, Check::Elements, INPUT),
    ("channel", "skipHours", OneAtMost, Check::Elements, CHANNEL),
    ("channel", "skipDays", OneAtMost, Check::Elements, CHANNEL),
    ("channel", "item", Any, Check::Elements, ITEM),
    ("skipHours", "hour", Several, Check::Whole(0, 24), "RSS 2.0 <skipHours>"),
    ("skipDays", "day", Several, DAYS, "RSS 2.0 <skipDays>"),
    ("image", "url", One, Check::Absolute, IMAGE),
    ("image", "title", One, Check::PlainNotEmpty, IMAGE),
    ("image", "link", One, Check::Absolute, IMAGE),
    ("image", "width", OneAtMost, Check::Whole(1, 144), IMAGE),
    ("image", "height", OneAtMost, Check::Whole(1, 400), IMAGE),
    ("image", "description", OneAtMost, Check::Plain, IMAGE),
    ("textInput", "title", One, Check::Plain, INPUT),
    ("textInput", "description", One, Check::Words, INPUT),
    ("textInput", "name", One, Check::Words, INPUT),
    ("textInput", "link", One, Check::Absolute, INPUT),
    ("item", "title", OneAtMost, Check::PlainNotEmpty, ITEM),
    ("item", "link", OneAtMost, Check::Absolute, ITEM),
    ("item", "description", OneAtMost, Check::Html, ITEM),
    ("item", "author", OneAtMost, Check::Person, "RSS 2.0 <author>"),
    ("item", "category", Any, Check::PlainNotEmpty, "RSS 2.0 <category>"),
    ("item", "comments", OneAtMost, Check::Absolute, "RSS 2.0 <comments>"),
    ("item", "enclosure", Any, Check::Words, ENCLOSURE),
    ("item", "guid", OneAtMost, Check::NotEmpty, GUID),
    ("item", "pubDate", OneAtMost, Check::Rfc822, "RSS 2.0 <pubDate>"),
    ("item", "source", OneAtMost, Check::Plain, "RSS 2.0 <source>"),
];

const ATTRIBUTES: &[AttributeRow] = &[
    ("rss", "version", true, Check::Words, "RSS 2.0 <rss>"),
    ("cloud", "domain", true, Check::Words, CLOUD),
    ("cloud", "port", true, Check::Whole(1, 65_535), CLOUD),
    ("cloud", "path", true, Check::Words, CLOUD),
    ("cloud", "registerProcedure", true, Check::Words, CLOUD),
    ("cloud", "protocol", true, Check::Words, CLOUD),
    ("category", "domain", false, Check::Words, "RSS 2.0 <category>"),
    ("guid", "isPermaLink", false, Check::Words, GUID),
    ("enclosure", "url", true, Check::Web, ENCLOSURE),
    ("enclosure", "length", true, Check::Whole(0, u64::MAX), ENCLOSURE),
    ("enclosure", "type", true, Check::MediaType, ENCLOSURE),
    ("source", "url", true, Check::Absolute, "RSS 2.0 <source>"),
];

const TABLES: Tables = Tables {
    elements: &[ELEMENTS, extension::ELEMENTS, atom::EMBEDDED, atom::PERSON],
    attributes: &[ATTRIBUTES, extension::ATTRIBUTES, atom::ATTRIBUTES],
    complete: extension::COMPLETE,
};

/// Elements of RSS and the extensions that say the same. One of them is enough.
const SAME: &[(&str, &str)] = &[
    ("author", "dc:creator"),
    ("category", "dc:subject"),
    ("pubDate", "dc:date"),
    ("pubDate", "atom:published"),
    ("guid", "atom:id"),
    ("source", "dc:source"),
    ("managingEditor", "dc:creator"),
    ("webMaster", "dc:publisher"),
    ("language", "dc:language"),
    ("copyright", "dc:rights"),
    ("lastBuildDate", "dcterms:modified"),
    ("generator", "admin:generatorAgent"),
];

/// Checks a document and returns the number of its items.
pub(super) fn check(tree: &Tree<'_>, report: &mut Report<'_>) -> usize {
    let Some(root) = tree.elements.first() else { return 0 };
    if root.name != "rss" {
        report.tell(&rule::RSS_NAMESPACE, root.offset, &[]);
        return 0;
    }
    structure::check(tree, &TABLES, report);
    let version = root.attribute("version").unwrap_or("2.0");
    if !matches!(version, "0.91" | "0.92" | "2.0") {
        report.tell(&rule::RSS_VERSION, root.offset, &[&Quoted(version)]);
    }
    let Some(channel) = tree.child(root, "channel") else { return 0 };
    let modern = version.starts_with('2');
    order(tree, channel, report);
    image(tree, channel, report);
    same(tree, channel, report);
    hours_and_days(tree, channel, report);
    if modern {
        atom::self_link(tree, channel, CHANNEL, report);
        atom::history(tree, channel, report);
        for (name, wanted) in [("language", "dc:language"), ("lastBuildDate", "atom:updated")] {
            if tree.child(channel, name).is_none()
                && tree.child(channel, wanted).is_none()
                && root.attribute("xml:lang").is_none()
            {
                report.tell(&rule::RSS_CHANNEL_SPARSE, channel.offset, &[&name]);
            }
        }
    }
    let mut guids = HashSet::new();
    let mut items = 0;
    for item in tree.named(channel, "item") {
        items += 1;
        self::item(tree, item, modern, report);
        same(tree, item, report);
        for guid in tree.named(item, "guid").filter(|guid| !guid.text.trimmed().is_empty()) {
            if !guids.insert(guid.text.trimmed()) {
                let shown = Quoted(guid.text.trimmed());
                report.tell(&rule::RSS_GUID_NOT_UNIQUE, guid.offset, &[&shown]);
            }
        }
    }
    items
}

/// Some readers stop at the first item.
fn order(tree: &Tree<'_>, channel: &Element<'_>, report: &mut Report<'_>) {
    let plain = |element: &&Element<'_>| !element.name.contains(':') || element.name == "atom:link";
    let late = tree
        .children(channel)
        .skip_while(|child| child.name != "item")
        .filter(plain)
        .find(|child| child.name != "item");
    if let Some(late) = late {
        let written = late.written;
        report.tell(&rule::RSS_CHANNEL_AFTER_ITEMS, late.offset, &[&written]);
    }
}

fn image(tree: &Tree<'_>, channel: &Element<'_>, report: &mut Report<'_>) {
    let Some(image) = tree.child(channel, "image") else { return };
    for name in ["title", "link"] {
        if let (Some(ours), Some(theirs)) = (tree.child(image, name), tree.child(channel, name))
            && !ours.text.trimmed().is_empty()
            && ours.text.trimmed() != theirs.text.trimmed()
        {
            report.tell(&rule::RSS_IMAGE_DIFFERS, ours.offset, &[&name]);
        }
    }
    if let Some(url) = tree.child(image, "url") {
        let last = url.text.trimmed().rsplit('/').next().unwrap_or_default();
        let ending = last.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        if ending.is_some_and(|ending| {
            ending.bytes().all(|b| b.is_ascii_alphanumeric())
                && !matches!(ending.as_str(), "gif" | "jpg" | "jpeg" | "png")
        }) {
            report.tell(&rule::RSS_IMAGE_FORMAT, url.offset, &[]);
        }
    }
    if let Some(input) = tree.child(channel, "textInput") {
        report.tell(&rule::RSS_TEXT_INPUT, input.offset, &[]);
    }
}

fn same(tree: &Tree<'_>, parent: &Element<'_>, report: &mut Report<'_>) {
    for (core, extension) in SAME {
        if let (Some(_), Some(second)) = (tree.child(parent, core), tree.child(parent, extension)) {
            report.tell(&rule::RSS_SAID_TWICE, second.offset, &[&extension, &core]);
        }
    }
}

fn hours_and_days(tree: &Tree<'_>, channel: &Element<'_>, report: &mut Report<'_>) {
    for (outer, inner) in [("skipHours", "hour"), ("skipDays", "day")] {
        let mut seen = HashSet::new();
        for element in tree.named(channel, outer).flat_map(|around| tree.named(around, inner)) {
            let words = element.text.trimmed();
            if words == "24" {
                report.tell(&rule::RSS_HOUR_24, element.offset, &[]);
            }
            if !seen.insert(value::whole(words).map_or_else(|| words.to_owned(), |hour| (hour % 24).to_string())) {
                report.tell(&rule::RSS_SKIP_TWICE, element.offset, &[&inner, &Quoted(words)]);
            }
        }
    }
}

fn item(tree: &Tree<'_>, item: &Element<'_>, modern: bool, report: &mut Report<'_>) {
    let has = |name: &str| tree.child(item, name).is_some();
    let at = item.offset;
    if !has("title") && !has("description") {
        report.tell(&rule::RSS_ITEM_EMPTY, at, &[]);
    }
    if modern {
        if !has("guid") && !has("atom:id") {
            report.tell(&rule::RSS_ITEM_WITHOUT_GUID, at, &[]);
        }
        let sparse: Vec<&str> = ["title", "link", "pubDate"].into_iter().filter(|name| !has(name)).collect();
        let dated = has("dc:date") || has("atom:published") || has("atom:updated");
        for name in sparse.into_iter().filter(|name| *name != "pubDate" || !dated) {
            report.tell(&rule::RSS_ITEM_SPARSE, at, &[&name]);
        }
    }
    if let Some(second) = tree.named(item, "enclosure").nth(1) {
        report.tell(&rule::RSS_ENCLOSURES, second.offset, &[]);
    }
    let position = |name: &str| tree.children(item).position(|child| child.name == name);
    if let Some(encoded) = tree.child(item, "content:encoded")
        && position("description").is_none_or(|description| position("content:encoded") < Some(description))
    {
        report.tell(&rule::RSS_CONTENT_BEFORE_DESCRIPTION, encoded.offset, &[]);
    }
    for name in ["atom:content", "atom:title", "xhtml:body"] {
        if let Some(second) = tree.child(item, name) {
            report.tell(&rule::RSS_CONTENT_ELSEWHERE, second.offset, &[&name]);
        }
    }
    if let Some(guid) = tree.child(item, "guid") {
        self::guid(guid, modern, report);
    }
}

fn guid(guid: &Element<'_>, modern: bool, report: &mut Report<'_>) {
    let words = guid.text.trimmed();
    let (at, shown) = (guid.offset, Quoted(words));
    let permanent = guid.attribute("isPermaLink");
    if permanent.is_some_and(|permanent| !matches!(permanent, "true" | "false")) {
        report.tell(&rule::RSS_GUID_PERMALINK_VALUE, at, &[]);
    } else if permanent != Some("false") {
        if words.is_empty() || !address::is_web_address(words) {
            report.tell(&rule::RSS_GUID_NOT_PERMALINK, at, &[&shown]);
        }
    } else if words.len() < FEWEST_DIGITS && words.bytes().all(|byte| byte.is_ascii_digit()) && !words.is_empty() {
        report.tell(&rule::RSS_GUID_SHORT, at, &[&shown, &words]);
    } else if modern && address::scheme(words).is_none() && !words.is_empty() {
        report.tell(&rule::RSS_GUID_NOT_URI, at, &[&shown]);
    }
}
