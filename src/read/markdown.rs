//! Markdown: front matter, then `CommonMark` through a library, then the same parse and sanitizer as pages.

use std::cell::LazyCell;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag as Start, TagEnd, html};
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
    let mut leads_nowhere = false;
    let events = Parser::new_ext(body, options).into_offset_iter().filter_map(|(event, place)| match event {
        // Labels of a page are judged line by line.
        Event::SoftBreak if parts_labels(body, place.start) => Some(Event::HardBreak),
        Event::Html(html) => Some(Event::Html(without_greed(html, is_ended))),
        Event::InlineHtml(html) => Some(Event::InlineHtml(without_greed(html, is_ended))),
        // What leads nowhere is its words: where it led, only a program knew.
        Event::Start(Start::Link { dest_url, .. }) if dest_url.is_empty() => {
            leads_nowhere = true;
            None
        }
        Event::End(TagEnd::Link) if std::mem::take(&mut leads_nowhere) => None,
        event => Some(event),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Form;
    use crate::draft::Body;
    use crate::item::Html;
    use crate::source::Tz;

    fn told(text: &str) -> (Draft, String) {
        let policy = Policy { now: chrono::DateTime::from_timestamp(1_790_000_000, 0).unwrap(), timezone: Tz::UTC };
        let draft = super::read(&FrontMatter::split(text, Form::Markdown).expect("no draft"), None, policy);
        let (html, _) = Html::clean(&draft.body, None);
        (draft, html.text())
    }

    #[test]
    fn lists_of_links_within_a_text_are_a_part_of_it() {
        const TEXT: &str = "The boat house was opened by the mayor. It holds forty boats and a kitchen.";
        let list = "- [Help to paint the boats of the club](/2026/03/05/paint)\n- [Help to cook in the new kitchen](/2026/03/06/cook)\n";
        let (_, text) = told(&format!("# Boats\n\n{TEXT}\n\n## Calls\n\n{list}\n{TEXT}\n"));
        assert!(text.contains("Help to paint") && text.contains("Help to cook"), "{text}");
        // Below it, and where a line says so, they are others; and so is what only says what the text says.
        for text in [
            format!("# Boats\n\n{TEXT}\n\n{list}"),
            format!("# Boats\n\n{TEXT}\n\n## Related news\n\n{list}\n{TEXT}\n"),
            format!("# Boats\n\n{TEXT}\n\n- [Help](#help)\n- [Calls](#calls)\n\n{TEXT}\n"),
        ] {
            assert!(!told(&text).1.contains("Help"), "{text}");
        }
        let (_, text) =
            told(&format!("# Boats\n\n{TEXT}\n\n- [Paint]({{% link a.md %}})\n- [Cook]({{{{ site.a }}}})\n"));
        assert!(text.ends_with("Cook") && text.contains("Paint"), "{text}");
    }

    #[test]
    fn what_stands_below_the_title_of_a_text_is_none_of_its_lines() {
        const TEXT: &str = "The boat house was opened by the mayor. It holds forty boats and a kitchen.";
        for title in
            ["# Boat house opened", "### Boat house opened", "**Boat house opened**", "# Boat house opened {#boats}"]
        {
            for below in [
                "*By Ann Lee, 5 March 2026*",
                "By Ann Lee\n\nMarch 5, 2026",
                "Posted on 5 March 2026 by Ann Lee",
                "Author: Ann Lee\nDate: 2026-03-05",
            ] {
                let (draft, text) = told(&format!("{title}\n\n{below}\n\n{TEXT}\n"));
                assert_eq!(
                    (draft.title.as_deref(), text.as_str()),
                    (Some("Boat house opened"), TEXT),
                    "{title} {below}"
                );
                assert_eq!(draft.authors, ["Ann Lee"], "{below}");
                assert!(draft.dates.iter().any(|claim| claim.when.to_string() == "2026-03-05"), "{below}");
            }
        }
        // Neither is a sentence in bold letters a title, nor one behind other lines.
        for text in ["**The boat house was opened.** It holds forty boats.", "- one\n- two\n\n**Three**\n\nFour."] {
            assert_eq!(told(text).0.title, None, "{text}");
        }
        assert!(matches!(told("\n").0.body, Body::Empty));
    }
}
