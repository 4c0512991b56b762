//! Markdown: front matter, then `CommonMark` through a library, then the same parse and sanitizer as pages.

use std::cell::LazyCell;

use pulldown_cmark::{CowStr, Event, Options, Parser, html};
use url::Url;

use super::fields::FrontMatter;
use super::residue::{self, Line};
use super::{Policy, dialect, guard, page};
use crate::draft::Draft;
use crate::draft::tags::{Tag, tags};

/// Elements that take all that follows for their own, up to their end tag (HTML §13.2.6.2, GFM §6.11).
const GREEDY: &str = "iframe noembed noframes noscript plaintext script select style template textarea title xmp";

/// Reads a Markdown document.
pub(super) fn read(front: &FrontMatter<'_>, address: Option<&Url>, policy: Policy) -> Draft {
    let mut draft = Draft::default();
    front.claim(&mut draft, policy);
    let body = &*dialect::plain(front.behind);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut markup = String::with_capacity(body.len() * 5 / 4);
    let small = LazyCell::new(|| body.to_ascii_lowercase());
    let is_ended = |name: &str| small.contains(&format!("</{name}"));
    let events = Parser::new_ext(body, options).into_offset_iter().map(|(event, place)| match event {
        // Labels of a page are judged line by line.
        Event::SoftBreak if parts_labels(body, place.start) => Event::HardBreak,
        Event::Html(html) => Event::Html(without_greed(html, is_ended)),
        Event::InlineHtml(html) => Event::InlineHtml(without_greed(html, is_ended)),
        event => event,
    });
    html::push_html(&mut markup, events);
    draft.base = address.cloned().or_else(|| draft.link.clone());
    page::read_fragment(guard::parse_fragment(&markup), &mut draft, policy);
    draft
}

/// Whether a line of labels of a page ends, or begins, where a line ends; lines beside each other that have labels of their own
/// are such lines, too.
fn parts_labels(body: &str, end: usize) -> bool {
    let bare = |line: &'_ str| {
        line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '>' | '-' | '\\')).to_owned()
    };
    let Some((before, behind)) = body.split_at_checked(end) else { return false };
    let behind = behind.lines().find(|line| !line.trim().is_empty());
    let lines = [before.lines().next_back().unwrap_or_default(), behind.unwrap_or_default()].map(bare);
    let is_of_page = |line: &String| matches!(residue::line(line), Line::Fields(_));
    lines.iter().any(is_of_page) || lines.iter().all(|line| residue::is_labelled(line))
}

/// HTML in which those tags are words that would take the rest of the text for their own, since nothing in it ends an element
/// of that name: "use a <textarea>".
fn without_greed(html: CowStr<'_>, is_ended: impl Fn(&str) -> bool) -> CowStr<'_> {
    let is_greedy = |tag: &Tag<'_>| {
        let is_one = !tag.is_closing && GREEDY.split(' ').any(|name| name == tag.name);
        is_one && !is_ended(&tag.name)
    };
    let mut kept = String::new();
    let mut at = 0;
    for tag in tags(&html).filter(is_greedy) {
        kept += html.get(at..tag.start).unwrap_or_default();
        kept += "&lt;";
        at = tag.start + 1;
    }
    if at == 0 {
        return html;
    }
    kept += html.get(at..).unwrap_or_default();
    kept.into()
}
