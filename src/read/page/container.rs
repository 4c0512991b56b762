//! Which element of a page holds its story, and what inside of that is none of it.
//!
//! The story is where the running text is: from the page down, as long as one element holds almost all of what is left. An
//! element whose name says that it holds the story is preferred where it holds enough of it.

use std::collections::HashSet;

use ego_tree::NodeId;

use super::elements::{attribute, heading_level, leads_away};
use super::measure::{Amount, Part};
use super::names::{holder, is_box, is_picture};
use crate::draft::is_block;

/// The place of the element that holds the story.
pub(super) fn container(parts: &[Part<'_>]) -> usize {
    /// Share of the running text, in percent, for which one element in another is taken.
    const MOST: usize = 85;
    /// The same inside of an element that is named for the story.
    const MOST_OF_NAMED: usize = 80;
    /// Width of running text below which a page has little else than notes of its owner.
    const FEW: usize = 300;
    let prose = |place: usize| parts.get(place).map_or(0, |part| part.kept.prose);
    let densest = descend(parts, 0, MOST);
    let few = prose(densest) < FEW;
    let named = parts.iter().enumerate().filter(|(_, part)| !part.outside).filter_map(|(place, part)| {
        let holder = holder(part.element)?;
        let enough = part.kept.prose * 100 >= holder.least() * prose(densest).max(1);
        (enough || few && holder.is_exact() && part.kept.letters > 0).then_some((holder, place))
    });
    match named.min_by_key(|(holder, place)| (*holder, usize::MAX - prose(*place))) {
        Some((holder, place)) if holder.is_exact() => place,
        Some((_, place)) => descend(parts, place, MOST_OF_NAMED),
        None if prose(densest) == 0 => 0,
        None => densest,
    }
}

/// The innermost element, from one down, that still holds that share, in percent, of the text of the one around it.
fn descend(parts: &[Part<'_>], from: usize, share: usize) -> usize {
    let mut place = from;
    loop {
        let Some(part) = parts.get(place) else { return place };
        let fullest = children(parts, place).max_by_key(|(child, inner)| (inner.kept.prose, usize::MAX - child));
        match fullest {
            Some((child, inner)) if holds_blocks(inner) && inner.kept.prose * 100 >= share * part.kept.prose => {
                place = child;
            }
            _ => return place,
        }
    }
}

/// The elements right below one.
fn children<'p, 'a>(parts: &'p [Part<'a>], place: usize) -> impl Iterator<Item = (usize, &'p Part<'a>)> {
    let end = parts.get(place).map_or(0, |part| part.end);
    let mut next = place + 1;
    std::iter::from_fn(move || {
        let child = parts.get(next).filter(|_| next < end)?;
        let found = (next, child);
        next = child.end;
        Some(found)
    })
}

/// Whether an element may hold a whole story, and not only a paragraph of it.
fn holds_blocks(part: &Part<'_>) -> bool {
    let name = part.element.name();
    is_block(name)
        && heading_level(name).is_none()
        && !matches!(name, "p" | "li" | "blockquote" | "dd" | "dt" | "address")
}

/// What inside of a container does not belong to the story: surroundings, boxes, forms, blocks of links, and the headings that
/// these leave behind.
pub(super) fn residue(parts: &[Part<'_>], container: usize) -> HashSet<NodeId> {
    let Some(whole) = parts.get(container) else { return HashSet::new() };
    let mut dropped = vec![false; whole.end - container];
    let mut without = HashSet::new();
    for place in container + 1..whole.end {
        let (Some(part), Some(inner)) = (parts.get(place), place.checked_sub(container)) else { break };
        let above = part.above.checked_sub(container).and_then(|above| dropped.get(above)).is_some_and(|above| *above);
        let out = part.set_aside || !above && is_set_in(part, whole.kept);
        if out && !above {
            without.insert(part.node);
        }
        dropped.get_mut(inner).into_iter().for_each(|dropped| *dropped = above || out);
    }
    // From the end: what comes next in the story, and whether something was left out before it.
    let mut next = Next::End;
    let mut gap = false;
    for place in (container + 1..whole.end).rev() {
        let Some(part) = parts.get(place).filter(|part| part.own.letters > 0) else { continue };
        let level = heading_level(part.element.name());
        if dropped.get(place - container).is_some_and(|dropped| *dropped) {
            gap = true;
        } else if let Some(level) = level {
            let empty = match next {
                Next::End => true,
                Next::Heading(next) => next <= level,
                Next::Text => false,
            };
            if gap && empty {
                without.insert(part.node);
            } else {
                (next, gap) = (Next::Heading(level), false);
            }
        } else {
            (next, gap) = (Next::Text, false);
        }
    }
    without
}

/// What follows a place in a story.
enum Next {
    End,
    Heading(u8),
    Text,
}

/// The elements between the headline and the container that hold running text: the lead, which many systems keep apart from
/// the text.
pub(super) fn lead(parts: &[Part<'_>], container: usize, headline: NodeId) -> Vec<usize> {
    /// How much of the story's text, in percent, a lead holds at most.
    const MOST: usize = 30;
    let Some(story) = parts.get(container).map(|part| part.kept) else { return Vec::new() };
    let mut place = match parts.iter().take(container).position(|part| part.node == headline) {
        Some(headline) => parts.get(headline).map_or(container, |headline| headline.end),
        None => return Vec::new(),
    };
    let (mut found, mut prose) = (Vec::new(), 0);
    while let Some(part) = parts.get(place).filter(|_| place < container) {
        if part.end > container {
            place += 1;
        } else if part.outside || is_set_in(part, story) || is_picture(part.element) {
            place = part.end;
        } else if part.own.prose > 0 {
            found.push(place);
            prose += part.kept.prose;
            place = part.end;
        } else {
            place += 1;
        }
    }
    if prose * 100 > MOST * story.prose {
        found.clear();
    }
    found
}

/// The lines directly behind the container that lead to files: some systems list there what is attached to a story.
pub(super) fn attachments(parts: &[Part<'_>], container: usize) -> Vec<NodeId> {
    /// Elements around the container that are looked into.
    const AROUND: usize = 3;
    /// Letters of a line that only says what follows.
    const LABEL: usize = 16;
    let mut around = container;
    for _ in 0..AROUND {
        around = parts.get(around).map_or(0, |part| part.above);
    }
    let last = parts.get(around).map_or(0, |part| part.end);
    let mut place = parts.get(container).map_or(last, |part| part.end);
    let mut found = Vec::new();
    while let Some(part) = parts.get(place).filter(|part| place < last && !part.outside) {
        if part.own.letters == 0 {
            place += 1;
            continue;
        }
        let inside = parts.get(place..part.end).unwrap_or_default();
        if inside.iter().any(|inner| inner.element.name() == "a" && !leads_away(inner.element)) {
            found.push(part.node);
        } else if part.own.linked > 0 || part.own.letters > LABEL {
            break;
        }
        place = part.end;
    }
    found
}

/// Whether an element is set into a story and no part of it. `story`: what the story holds in all.
fn is_set_in(part: &Part<'_>, story: Amount) -> bool {
    let (name, held) = (part.element.name(), part.kept);
    // Frames hold advertisements as a rule; what plays something is told by its address.
    if name == "iframe" {
        return !attribute(part.element, "src").is_some_and(is_player);
    }
    if held.letters == 0 {
        return false;
    }
    let is_small = |percent: usize| is_small(part, story, percent);
    if is_block(name) && !part.headline && is_small(25) && is_box(part.element) {
        return true;
    }
    // Whole pages stand in a form on some systems.
    if matches!(name, "form" | "fieldset" | "label" | "legend") && is_small(30) {
        return true;
    }
    let links = held.linked * 2 > held.letters && is_small(10);
    let alone = held.linked * 10 > held.letters * 9;
    match name {
        "div" | "section" | "table" | "ul" | "ol" | "dl" | "header" => links,
        "p" | "li" | "h2" | "h3" | "h4" | "h5" => links && alone,
        _ => false,
    }
}

/// Whether an element holds no more than that share, in percent, of the text of a story.
pub(super) fn is_small(part: &Part<'_>, story: Amount, percent: usize) -> bool {
    part.kept.prose * 100 <= percent * story.prose
}

/// Whether the address of a frame is that of a player.
fn is_player(address: &str) -> bool {
    let rest = address.trim().split_once("//").map_or(address, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    host.split('.').any(|label| label == "player") || path.starts_with("embed/") || path.contains("/embed/")
}

#[cfg(test)]
mod tests {
    use super::super::measure::measure;
    use super::*;
    use crate::read::guard;

    const LINE: &str = "<p>The dean opened the new sea wall in the presence of the mayor.</p>";
    const LINK: &str = "<a href=x>Another story of the harbour</a>";

    /// The id or name of the element that is chosen.
    fn chosen(page: &str) -> String {
        let page = guard::parse_document(page);
        let parts = measure(*page.root_element());
        let element = parts.get(container(&parts)).expect("a part").element;
        element.id().unwrap_or(element.name()).to_owned()
    }

    /// The text that is left.
    fn left(story: &str) -> String {
        let page = guard::parse_fragment(story);
        let parts = measure(*page.root_element());
        let without = residue(&parts, 0);
        super::super::lines::blocks(&page, &[page.root_element().id()], &without, None)
            .into_iter()
            .map(|block| block.text)
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn the_story_is_where_the_text_is() {
        let page = format!("<div id=a><ul><li>{LINK}</ul><div id=b>{}</div><p>Views: 12</div>", LINE.repeat(5));
        assert_eq!(chosen(&page), "b");
        let parted = format!("<div id=a><div>{}</div><div>{}</div></div>", LINE.repeat(3), LINE.repeat(2));
        assert_eq!(chosen(&parted), "a");
    }

    #[test]
    fn a_known_name_is_believed_where_it_holds_enough() {
        let page = |count| {
            let body = LINE.repeat(count);
            format!("<div id=a><div id=b class=v_news_content>{body}</div><div id=c>{}</div></div>", LINE.repeat(8))
        };
        assert_eq!(chosen(&page(6)), "b");
        assert_eq!(chosen(&page(2)), "a");
    }

    #[test]
    fn a_page_without_running_text_is_its_own_story() {
        assert_eq!(chosen("<div id=a><p>Closed today</div>"), "html");
    }

    #[test]
    fn a_known_name_is_believed_where_there_is_little_text() {
        let page = |class: &str| {
            let file = "<ul><li><a href=/rules.pdf>The rules of the harbour</a></ul>";
            format!("<div id=a><div id=b class={class}>{file}</div><div id=c>{}</div></div>", LINE.repeat(3))
        };
        assert_eq!(chosen(&page("wp_articlecontent")), "b");
        assert_eq!(chosen(&page("box")), "c");
    }

    #[test]
    fn the_lead_is_what_runs_between_headline_and_text() {
        let found = |head: &str| {
            let text = format!("<div id=text>{}</div>", LINE.repeat(20));
            let page = guard::parse_document(&format!("<p id=before>{LINE}</p><h1>Sea wall</h1>{head}{text}"));
            let parts = measure(*page.root_element());
            let headline = parts.iter().find(|part| part.element.name() == "h1").expect("a headline").node;
            let lead = lead(&parts, container(&parts), headline);
            let id = |place: &usize| parts[*place].element.id().unwrap_or("?").to_owned();
            lead.iter().map(id).collect::<Vec<_>>().join(" ")
        };
        let line = "The new sea wall is open, after two years of work and many storms.";
        assert_eq!(found(&format!("<div><p id=lead>{line}</p><p id=by>By Mei Lin</p></div>")), "lead");
        assert_eq!(found(&format!("<h2 id=lead>{line}</h2>")), "lead");
        assert_eq!(found(&format!("<figure><p id=seen>{line}</p></figure>")), "");
        assert_eq!(found(&format!("<p id=seen class=photo-credit>{line}</p>")), "");
        assert_eq!(found(&format!("<div class=newsletter><p id=seen>{line}</p></div>")), "");
        assert_eq!(found(&format!("<p id=seen>{line}</p>").repeat(8)), "");
    }

    #[test]
    fn files_directly_behind_the_text_are_attached_to_it() {
        let found = |behind: &str| {
            let page = format!("<div id=a><div id=text>{}</div>{behind}</div><a href=/x.pdf>Map</a>", LINE.repeat(8));
            let page = guard::parse_document(&page);
            let parts = measure(*page.root_element());
            attachments(&parts, container(&parts)).len()
        };
        let file = "<li>Attachment: <a href=/rules.pdf>The rules</a> (3 times)";
        assert_eq!(found(&format!("<p>Files:</p><ul>{file}{file}</ul><p>Next: {LINK}</p>")), 2);
        assert_eq!(found(&format!("<p>Next: {LINK}</p><ul>{file}</ul>")), 0);
        assert_eq!(found(&format!("<div class=sidebar><ul>{file}</ul></div>")), 0);
    }

    #[test]
    fn links_to_files_and_addresses_are_text() {
        let story = LINE.repeat(6);
        let line = "The dean opened the new sea wall in the presence of the mayor.";
        let kept = [line; 6].join("|");
        let behind = |link: &str| left(&format!("{story}<p>{link}</p>"));
        assert_eq!(
            behind("<a href=/rules.pdf>The rules of the harbour</a>"),
            format!("{kept}|The rules of the harbour")
        );
        assert_eq!(behind("<a href='/download.jsp?id=1'>The rules</a>"), format!("{kept}|The rules"));
        assert_eq!(behind("<a href=/12>https://sea.example/12</a>"), format!("{kept}|https://sea.example/12"));
        assert_eq!(behind("<a href=/12>The storm of last year</a>"), kept);
    }

    #[test]
    fn frames_that_play_something_stay() {
        let stays = |address: &str| {
            let page = guard::parse_fragment(&format!("{LINE}<iframe src={address}></iframe>"));
            residue(&measure(*page.root_element()), 0).is_empty()
        };
        assert!(stays("https://video.example/embed/12") && stays("//player.video.example/12"));
        assert!(!stays("https://ads.example/12") && !stays("/embedded"));
    }

    #[test]
    fn links_and_boxes_go_with_their_headings() {
        let line = "The dean opened the new sea wall in the presence of the mayor.";
        let story = LINE.repeat(4);
        let kept = [line; 4].join("|");
        assert_eq!(left(&format!("{story}<h3>Read on</h3><ul><li>{LINK}<li>{LINK}</ul>")), kept);
        assert_eq!(left(&format!("{story}<div class=author-bio>{LINE}</div>")), kept);
        assert_eq!(left(&format!("{story}<form>Your name <input></form>")), kept);
        assert_eq!(
            left(&format!("{story}<h3>Programme</h3><ul><li>Walk<li>Talk</ul>")),
            format!("{kept}|Programme|Walk|Talk")
        );
        assert_eq!(left(&format!("{story}<h3>Programme</h3>")), format!("{kept}|Programme"));
    }
}
