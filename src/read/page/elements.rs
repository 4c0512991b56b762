//! What the names of elements say: which surround a story, which hold it, which begin a line.

use ego_tree::NodeRef;
use html5ever::{LocalName, local_name, ns};
use scraper::Node;
use scraper::node::Element;

use super::names::{is_beside, is_silent, is_skipped, is_surrounding_word, is_tool_word};
pub(super) use crate::draft::begins_line;

/// Whether an element is a link that leads to something else to read, and not to a file.
pub(super) fn leads_away(element: &Element) -> bool {
    element.name() == "a" && attribute(element, "href").is_none_or(|href| !is_file(href) && !href.contains("download"))
}

/// Whether the text of a link is an address: it is there to be read.
pub(in super::super) fn is_address(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("http://") || text.starts_with("https://") || text.starts_with("www.")
}

/// Whether an address is that of a file that people keep.
pub(super) fn is_file(address: &str) -> bool {
    const ENDINGS: [&str; 12] = ["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "rar", "7z", "mp3", "mp4"];
    // Every link is asked about several times: bytes are looked at, and most are passed over by the length of what ends them.
    let address = address.as_bytes();
    let path = address.split(|byte| matches!(byte, b'?' | b'#')).next().unwrap_or_default();
    let ending = path.rsplit(|byte| *byte == b'.').next().filter(|ending| ending.len() < path.len().min(5));
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known.as_bytes())))
}

/// Elements that are never part of a story.
pub(super) fn is_foreign(name: &str) -> bool {
    is_silent(name) || is_beside(name)
}

/// Whether a word in class or id names what surrounds a story on its page.
pub(super) fn is_foreign_word(word: &[u8]) -> bool {
    lower(word, |word| {
        let of_talk: &[&[u8]] = &[b"recent", b"discussion", b"comment", b"comments", b"hidden"];
        is_surrounding_word(word) || is_tool_word(word) || of_talk.contains(&word)
    })
}

/// Asks about a short word in lower case, without making a new one.
pub(super) fn lower(word: &[u8], ask: impl FnOnce(&[u8]) -> bool) -> bool {
    let mut buffer = [0_u8; 24];
    let Some(room) = buffer.get_mut(..word.len()) else { return false };
    room.copy_from_slice(word);
    room.make_ascii_lowercase();
    ask(room)
}

/// The value of an attribute. Elements have few: looking at each costs less than making the name an atom.
pub(super) fn attribute<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    let own = element.attrs.iter().find(|(known, _)| known.ns == ns!() && *known.local == *name);
    own.map(|(_, value)| &**value)
}

/// The names of an element: its classes and its id (HTML, "space-separated tokens").
pub(super) fn names(element: &Element) -> impl Iterator<Item = &[u8]> {
    let value = |name: LocalName| {
        let own = element.attrs.iter().find(|(known, _)| known.ns == ns!() && known.local == name);
        own.map(|(_, value)| value.as_bytes())
    };
    let values = [value(local_name!("class")), value(local_name!("id"))].into_iter().flatten();
    values.flat_map(|value| value.split(u8::is_ascii_whitespace)).filter(|name| !name.is_empty())
}

/// The words of an element's names.
pub(super) fn words(element: &Element) -> impl Iterator<Item = &[u8]> {
    names(element).flat_map(words_of)
}

/// The words of a name.
pub(super) fn words_of(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    name.split(|byte| matches!(byte, b'-' | b'_')).filter(|word| !word.is_empty())
}

pub(super) fn is_surrounding(element: &Element) -> bool {
    if is_foreign(element.name()) {
        return true;
    }
    if element.attrs.is_empty() {
        return false;
    }
    if attribute(element, "hidden").is_some() || attribute(element, "aria-hidden") == Some("true") {
        return true;
    }
    let is_named = attribute(element, "class").is_some() || attribute(element, "id").is_some();
    if is_named && matches!(element.name(), "body" | "html" | "main" | "article") {
        return false;
    }
    // `has-sidebar` tells what is in it, and not what it is.
    let tells_parts = |name: &&[u8]| [&b"has-"[..], b"no-", b"with-"].iter().any(|start| name.starts_with(start));
    names(element).filter(|name| !tells_parts(name)).flat_map(words_of).any(is_foreign_word)
        || skips(element)
        || attribute(element, "style").is_some_and(|style| style.replace(' ', "").contains("display:none"))
}

/// Whether an element is named for what leads past something, or for a tool that others set into the page.
pub(super) fn skips(element: &Element) -> bool {
    names(element).any(|name| lower(name, is_skipped))
}

/// The element that a node is, if it is one of that name.
pub(super) fn named<'a>(node: &NodeRef<'a, Node>, name: &str) -> Option<&'a Element> {
    node.value().as_element().filter(|element| element.name() == name)
}

pub(super) fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}
