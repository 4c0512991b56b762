//! Which element of a page holds its story, and what inside of that is none of it.
//!
//! The story is where the running text is: from the page down, as long as one element holds almost all of what is left. An
//! element whose name says that it holds the story is preferred where it holds enough of it.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::node::Element;

use super::elements::{attribute, heading_level, leads_away};
use super::late::is_there;
use super::measure::{Amount, Part, Said};
use super::names::{holder, is_box, is_picture, is_subtitle};
use super::pieces::{Found, are_alike, joined};
use super::ways::Ways;
use crate::draft::is_block;

/// Where the story is.
pub(super) fn container(parts: &[Part<'_>]) -> Found {
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
        // Some pages mark each paragraph as the body: it is what these stand in.
        let place = if part.element.name() == "p" && holder.is_exact() { part.above } else { place };
        let part = parts.get(place).filter(|part| holds_blocks(part))?;
        let enough = part.kept.prose * 100 >= holder.least() * prose(densest).max(1);
        (enough || few && holder.is_exact() && part.kept.letters > 0).then_some((holder, place))
    });
    match named.min_by_key(|(holder, place)| (*holder, usize::MAX - prose(*place))) {
        Some((holder, place)) if holder.is_exact() => joined(parts, place),
        Some((_, place)) => joined(parts, descend(parts, place, MOST_OF_NAMED)),
        None if prose(densest) == 0 => Found::whole(parts, around_headline(parts)),
        None => joined(parts, densest),
    }
}

/// The main part of a page, if it holds the headline and more: what is short may have no running text.
fn around_headline(parts: &[Part<'_>]) -> usize {
    let headline = |part: &&Part<'_>| part.element.name() == "h1" && part.whole.letters > 0 && !part.outside;
    let least = parts.iter().find(headline).map_or(0, |headline| headline.whole.letters);
    let is_main = |part: &Part<'_>| part.element.name() == "main" || attribute(part.element, "role") == Some("main");
    let holds = |part: &Part<'_>| part.headline && !part.outside && part.kept.letters > least && is_main(part);
    parts.iter().rposition(holds).unwrap_or(0)
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
pub(super) fn children<'p, 'a>(parts: &'p [Part<'a>], place: usize) -> impl Iterator<Item = (usize, &'p Part<'a>)> {
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
pub(super) fn holds_blocks(part: &Part<'_>) -> bool {
    let name = part.element.name();
    is_block(name)
        && heading_level(name).is_none()
        && !matches!(name, "p" | "li" | "blockquote" | "dd" | "dt" | "address")
}

/// What inside of a container does not belong to the story: surroundings, boxes, forms, blocks of links, and the headings that
/// these leave behind.
pub(super) fn residue(parts: &[Part<'_>], found: &Found, ways: &Ways) -> HashSet<NodeId> {
    /// Width of running text from which a heading is a paragraph.
    const LONG: usize = 80;
    let &Found { place: container, ref told } = found;
    let Some(whole) = parts.get(container) else { return HashSet::new() };
    let links = Links::of(parts.get(container..whole.end).unwrap_or_default(), ways);
    let mut dropped = vec![false; whole.end - container];
    let mut without = HashSet::new();
    let inside = parts.get(container..whole.end).unwrap_or_default();
    let tells = |part: &Part<'_>| part.own.prose > 0 && !part.outside;
    let first = inside.iter().position(tells).map_or(whole.end, |first| container + first);
    let last = inside.iter().rposition(tells).map_or(0, |last| container + last);
    // Up to where a line has announced what stands there, and the element that it began with.
    let mut announced = (container, "");
    for place in container + 1..whole.end {
        let (Some(part), Some(inner)) = (parts.get(place), place.checked_sub(container)) else { break };
        let above = part.above.checked_sub(container).and_then(|above| dropped.get(above)).is_some_and(|above| *above);
        let counts = links.between(inner, part.end - container);
        let goes_on = place == announced.0 && part.element.name() == announced.1;
        // "Read also:" announces stories in more words than are known.
        if place >= announced.0
            && is_of_links(part, whole.kept)
            && (part.told == Said::Own || goes_on)
            && counts.stories * 2 < counts.all
        {
            announced = (part.end, part.element.name());
        }
        // One of several items that say more than where they lead: a list of what was done. Above a story it is a breadcrumb.
        let is_item = part.element.name() == "li" && place > first;
        // Who writes a text puts into it what belongs there: lists of other pages, too.
        let is_written = ways.are_of_text() && first < place && place < last && counts.out == counts.all;
        let list = parts.get(part.above).filter(|_| is_item).map(|list| list.kept);
        let is_told = list.is_some_and(|list| list.prose > 0 && list.linked * 2 <= list.letters);
        let leads_on = || {
            place >= announced.0
                && !is_told
                && is_of_links(part, whole.kept)
                && !has_head(parts, place)
                && (begins_with_others(parts, place)
                    || !is_written && counts.on * 2 >= counts.all
                    // A list of the site below a story is no part of it.
                    || place > last && counts.own >= Counts::LIST && is_list(part))
        };
        let untold = part.end <= told.start || told.end <= place;
        let out = part.set_aside || untold || !above && (is_set_in(part, whole.kept) || leads_on());
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
        // What runs on like text is no heading, whatever it is set in.
        let level = heading_level(part.element.name()).filter(|_| part.own.prose < LONG || part.says == Said::Others);
        if dropped.get(place - container).is_some_and(|dropped| *dropped) {
            gap = true;
        } else if let Some(level) = level {
            let empty = match next {
                Next::End => true,
                Next::Heading(next) => next <= level,
                Next::Text => false,
            };
            if gap && (empty || part.says == Said::Others) {
                without.insert(part.node);
            } else {
                (next, gap) = (Next::Heading(level), false);
            }
        } else if gap && part.says == Said::Others && part.kept.letters == part.own.letters {
            without.insert(part.node);
        } else {
            (next, gap) = (Next::Text, false);
        }
    }
    without
}

/// How many links there are.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) all: usize,
    /// Those that lead on to other stories, or nowhere.
    pub(super) on: usize,
    /// Those that lead to a story, as far as their address tells.
    pub(super) stories: usize,
    /// Those that lead to other pages of the site.
    pub(super) own: usize,
    /// Those that lead to any other page.
    pub(super) out: usize,
}

impl Counts {
    /// Links to pages of the site that are a list of them.
    pub(super) const LIST: usize = 3;

    /// Adds an element, if it is a link.
    pub(super) fn add(&mut self, element: &Element, ways: &Ways) {
        if leads_away(element) {
            self.all += 1;
            self.on += usize::from(ways.leads_on(element));
            self.stories += usize::from(ways.leads_to_story(element));
            self.own += usize::from(ways.stays(element));
            self.out += usize::from(Ways::leads_out(element));
        }
    }
}

/// The links of a story, counted up to each of its elements.
struct Links(Vec<Counts>);

impl Links {
    fn of(story: &[Part<'_>], ways: &Ways) -> Self {
        let mut counts = Counts::default();
        let behind = story.iter().map(|part| {
            counts.add(part.element, ways);
            counts
        });
        Self(std::iter::once(Counts::default()).chain(behind).collect())
    }

    /// Those between two places.
    fn between(&self, from: usize, end: usize) -> Counts {
        let count = |place: usize| self.0.get(place).copied().unwrap_or_default();
        let (from, end) = (count(from), count(end));
        Counts {
            all: end.all - from.all,
            on: end.on - from.on,
            stories: end.stories - from.stories,
            own: end.own - from.own,
            out: end.out - from.out,
        }
    }
}

/// What follows a place in a story.
enum Next {
    End,
    Heading(u8),
    Text,
}

/// The elements between the headline and the container that hold running text, or a picture as a figure: the lead, which many
/// systems keep apart from the text.
pub(super) fn lead(parts: &[Part<'_>], found: &Found, headline: NodeId) -> Vec<usize> {
    /// How much of the story's text, in percent, a lead holds at most.
    const MOST: usize = 60;
    let container = found.told.start;
    let Some(whole) = parts.get(found.place) else { return Vec::new() };
    let story = whole.kept;
    let mut place = match parts.iter().take(container).position(|part| part.node == headline) {
        Some(headline) => parts.get(headline).map_or(container, |headline| headline.end),
        None => return Vec::new(),
    };
    let (mut found, mut prose) = (Vec::new(), 0);
    while let Some(part) = parts.get(place).filter(|_| place < container) {
        if part.end > container {
            place += 1;
        } else if part.outside || is_set_in(part, story) || is_of_links(part, story) {
            place = part.end;
        } else if is_picture(part.element) {
            found.extend(Some(place).filter(|place| is_figure(parts, *place)));
            place = part.end;
        } else if part.own.prose > 0 || is_subline(part) || part.kept.prose > 0 && are_alike(part, whole) {
            found.push(place);
            prose += part.kept.prose;
            place = part.end;
        } else {
            place += 1;
        }
    }
    if prose * 100 > MOST * story.prose {
        found.retain(|place| is_figure(parts, *place));
    }
    found
}

/// Whether an element is a line of its own that is named for what stands below a title, however short.
fn is_subline(part: &Part<'_>) -> bool {
    /// Letters of such a line.
    const LEAST: usize = 12;
    part.own.letters >= LEAST && part.own.linked == 0 && part.element.name() != "small" && is_subtitle(part.element)
}

/// Whether an element is a `<figure>` of a picture, with its caption and no other text.
fn is_figure(parts: &[Part<'_>], place: usize) -> bool {
    let Some(figure) = parts.get(place).filter(|part| part.element.name() == "figure" && !is_box(part.element)) else {
        return false;
    };
    let inside = parts.get(place..figure.end).unwrap_or_default();
    let captions = inside.iter().filter(|part| part.element.name() == "figcaption");
    inside.iter().any(|part| part.element.name() == "img" && is_there(part.element))
        && captions.map(|caption| caption.whole.letters).sum::<usize>() == figure.whole.letters
}

/// The lines directly behind the container that lead to files: some systems list there what is attached to a story.
pub(super) fn attachments(parts: &[Part<'_>], found: &Found) -> Vec<NodeId> {
    /// Elements around the container that are looked into.
    const AROUND: usize = 3;
    /// Letters of a line that only says what follows.
    const LABEL: usize = 16;
    let mut around = found.place;
    for _ in 0..AROUND {
        around = parts.get(around).map_or(0, |part| part.above);
    }
    let last = parts.get(around).map_or(0, |part| part.end);
    let mut place = found.told.end;
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
    let name = part.element.name();
    // Frames hold advertisements as a rule; what plays something is told by its address.
    if name == "iframe" {
        let mut told = part.element.attrs().filter(|(name, _)| name.ends_with("src"));
        return !told.any(|(_, address)| is_player(address));
    }
    let is_small = |percent: usize| part.kept.letters > 0 && is_small(part, story, percent);
    // Whole pages stand in a form on some systems.
    is_block(name) && !part.headline && is_small(25) && is_box(part.element)
        || matches!(name, "form" | "fieldset" | "label" | "legend") && is_small(30)
}

/// Whether an element holds links and little else. `story`: what the story holds in all.
fn is_of_links(part: &Part<'_>, story: Amount) -> bool {
    let held = part.kept;
    let links = held.linked * 2 > held.letters && is_small(part, story, 10);
    match part.element.name() {
        "div" | "section" | "table" | "ul" | "ol" | "dl" | "header" => links,
        "p" | "li" | "h2" | "h3" | "h4" | "h5" => links && is_list(part),
        _ => false,
    }
}

/// Whether a table with a head is in an element: it says what its links are.
fn has_head(parts: &[Part<'_>], place: usize) -> bool {
    let inside = parts.get(place).and_then(|part| parts.get(place..part.end));
    inside.unwrap_or_default().iter().any(|part| part.element.name() == "thead" && part.kept.letters > 0)
}

/// Whether a line says that others follow right before an element, or first in it.
fn begins_with_others(parts: &[Part<'_>], place: usize) -> bool {
    let Some(part) = parts.get(place) else { return false };
    let inside = parts.get(place..part.end).unwrap_or_default();
    part.told == Said::Others
        || inside.iter().find(|part| part.own.letters > 0).is_some_and(|first| first.says == Said::Others)
}

/// Whether an element holds nothing beside its links.
fn is_list(part: &Part<'_>) -> bool {
    part.kept.linked * 10 > part.kept.letters * 9
}

/// Whether an element holds no more than that share, in percent, of the text of a story.
pub(super) fn is_small(part: &Part<'_>, story: Amount, percent: usize) -> bool {
    part.kept.prose * 100 <= percent * story.prose
}

/// Whether the address of a frame is that of a player. What WordPress shows of another post (`/embed/#?secret=`) says its link
/// beside it, and a script plays nothing alone.
fn is_player(address: &str) -> bool {
    if address.contains("#?secret=") || address.trim_end().rsplit('.').next() == Some("js") {
        return false;
    }
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
    const LINK: &str = "<a href=/news/12>Another story of the harbour</a>";

    /// The id or name of the element that is chosen.
    fn chosen(page: &str) -> String {
        let page = guard::parse_document(page);
        let parts = measure(*page.root_element(), None);
        let element = parts.get(container(&parts).place).expect("a part").element;
        element.id().unwrap_or(element.name()).to_owned()
    }

    fn ways() -> Ways {
        let own = url::Url::parse("https://harbour.example/news/13").ok();
        Ways::of(own.as_ref(), None)
    }

    /// The text that is left.
    fn left(story: &str) -> String {
        let page = guard::parse_fragment(story);
        let parts = measure(*page.root_element(), None);
        let without = residue(&parts, &Found::whole(&parts, 0), &ways());
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
    fn a_paragraph_that_is_marked_as_the_body_is_not_all_of_it() {
        let line = LINE.replace("<p>", "<p itemprop=articleBody>");
        assert_eq!(chosen(&format!("<div id=a>{line}<hr>{line}</div>")), "a");
        let footer = "<div>Harbour Times 532859 The harbour, the sea wall and the mayor of the town";
        assert_eq!(chosen(&format!("<article><div id=a>{line}</div>{footer}</article>")), "a");
    }

    #[test]
    fn a_page_without_running_text_is_its_own_story() {
        assert_eq!(chosen("<div id=a><p>Closed today</div>"), "html");
    }

    #[test]
    fn a_notice_without_running_text_stands_where_its_headline_does() {
        let notice = "<h1>Library closed</h1><p>Closed on Friday</p>";
        assert_eq!(chosen(&format!("<div id=a><main id=b>{notice}</main><p>Menu</p></div>")), "b");
        assert_eq!(chosen("<div id=a><main id=b><h1>Library closed</h1></main><p>Closed</p></div>"), "html");
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
            let text = format!("<div id=text class=text>{}</div>", LINE.repeat(20));
            let page = guard::parse_document(&format!("<p id=before>{LINE}</p><h1>Sea wall</h1>{head}{text}"));
            let parts = measure(*page.root_element(), None);
            let headline = parts.iter().find(|part| part.element.name() == "h1").expect("a headline").node;
            let lead = lead(&parts, &container(&parts), headline);
            let id = |place: &usize| parts[*place].element.id().unwrap_or("?").to_owned();
            lead.iter().map(id).collect::<Vec<_>>().join(" ")
        };
        let line = "The new sea wall is open, after two years of work and many storms.";
        assert_eq!(found(&format!("<div><p id=lead>{line}</p><p id=by>By Mei Lin</p></div>")), "lead");
        assert_eq!(found(&format!("<h2 id=lead>{line}</h2>")), "lead");
        assert_eq!(found("<h2 id=lead class=article-excerpt>Two years of work</h2><h2>Share this page</h2>"), "lead");
        assert_eq!(found(&format!("<figure><p id=seen>{line}</p></figure>")), "");
        assert_eq!(found(&format!("<p id=seen class=photo-credit>{line}</p>")), "");
        // What has the shape of the text is a part of it, with all that is no running text.
        let first = format!("<div id=lead class=rich><p id=line>{line}</p><table><tr><td>Ebb<td>6:05</table></div>");
        assert_eq!(found(&first), "line");
        assert_eq!(found(&first.replace("lead class=rich", "lead class=text")), "lead");
        // A picture as a figure leads, too, but for that of the author.
        let figure = |class: &str| {
            format!("<figure id=seen class={class}><img src=a.jpg><figcaption>{line}</figcaption></figure>")
        };
        assert_eq!(found(&figure("wide")), "seen");
        assert_eq!(found(&figure("author-image")), "");
        assert_eq!(found(&format!("<div class=newsletter><p id=seen>{line}</p></div>")), "");
        assert_eq!(found(&format!("<p id=seen>{line}</p>").repeat(8)), "");
    }

    #[test]
    fn files_directly_behind_the_text_are_attached_to_it() {
        let found = |behind: &str| {
            let page = format!("<div id=a><div id=text>{}</div>{behind}</div><a href=/x.pdf>Map</a>", LINE.repeat(8));
            let page = guard::parse_document(&page);
            let parts = measure(*page.root_element(), None);
            attachments(&parts, &container(&parts)).len()
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
        assert_eq!(behind("<a href=/news/12>The storm of last year</a>"), kept);
    }

    #[test]
    fn links_to_what_a_story_speaks_of_are_text() {
        let line = "The dean opened the new sea wall in the presence of the mayor.";
        let between = |markup: &str| {
            let text = left(&format!("{}{markup}{}", LINE.repeat(6), LINE.repeat(6)));
            text.replace(line, "").trim_matches('|').to_owned()
        };
        let people = "<ul><li><a href=/people/ann>Ann Hallam</a><li><a href=/people/bo>Bo Reed</a></ul>";
        assert_eq!(between(&format!("<p>The winners are:</p>{people}")), "The winners are:|Ann Hallam|Bo Reed");
        assert_eq!(between(&format!("<h3>Winners</h3>{people}")), "Winners|Ann Hallam|Bo Reed");
        let register = "<p><a href=https://forms.example/2026/guests>Register here</a></p>";
        assert_eq!(between(register), "Register here");
        assert_eq!(between("<p><a href=mailto:ann@harbour.example>Ann</a></p>"), "Ann");
        let talks = "<table><tr><td>9:00<td><a href=/talks/1>The tide in the bay</a></table>";
        assert_eq!(between(talks), "9:00|The tide in the bay");
        let row = "<tr><td>Ebb<td><a href=/news/2026/12>The low water of May</a>";
        assert_eq!(between(&format!("<table>{row}</table>")), "");
        let table = format!("<div><table><thead><tr><th>Tide<th>Story</thead>{row}</table></div>");
        assert_eq!(between(&table), "Tide|Story|Ebb|The low water of May");
        // What a line announces stays, also one link after the other, wherever it leads; but for stories.
        let menus = "<p><a href='#a'>Soup of the day</a></p><p><a href='#b'>Bread</a></p>";
        assert_eq!(between(menus), "");
        assert_eq!(between(&format!("<p>On the menu:</p>{menus}")), "On the menu:|Soup of the day|Bread");
        let stories = "<p><a href=/news/12>The storm of last year</a></p>";
        assert_eq!(between(&format!("<p>We told of it:</p>{stories}")), "We told of it:");
        assert_eq!(between(stories), "");
        // What stands below a line that says that others follow is none of it, wherever it leads.
        assert_eq!(between(&format!("<h3>Read also</h3>{people}")), "");
        assert_eq!(between(&format!("<div><h3>Read also</h3>{people}</div>")), "");
        // Nor is a list of pages of the site that ends a page.
        let list = "<ul><li><a href=/a>Sea</a><li><a href=/b>Land</a><li><a href=/c>Air</a></ul>";
        assert_eq!(between(list), "Sea|Land|Air");
        assert_eq!(left(&format!("{}{list}", LINE.repeat(6))), [line; 6].join("|"));
        // One item of several that say more is one of them.
        let notes = format!("<ul><li>{line}<li>{LINK}</ul>");
        assert_eq!(between(&notes), "Another story of the harbour");
    }

    #[test]
    fn a_paragraph_that_is_set_as_a_heading_stays_without_what_it_heads() {
        let story = LINE.repeat(4);
        let others = format!("<ul><li>{LINK}<li>{LINK}</ul>");
        let long = "The painter drew the wall at night and showed it to all of his friends, and each of them but one was glad to see it";
        assert!(
            left(&format!("{story}<h2>{long}</h2>{others}<h2>{long}</h2>{others}"))
                .ends_with(&format!("{long}|{long}"))
        );
        assert!(
            !left(&format!("{story}<h2>The wall at night</h2>{others}<h2>By day</h2>{others}")).contains("wall at")
        );
    }

    #[test]
    fn frames_that_play_something_stay() {
        let stays = |address: &str| {
            let page = guard::parse_fragment(&format!("{LINE}<iframe src={address}></iframe>"));
            let parts = measure(*page.root_element(), None);
            residue(&parts, &Found::whole(&parts, 0), &ways()).is_empty()
        };
        assert!(stays("https://video.example/embed/12") && stays("//player.video.example/12"));
        assert!(stays("about:blank data-cookieblock-src=https://video.example/embed/12"));
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
