//! What on the page of a story is about others, whatever share of its text that is: teasers, sections headed "Related
//! stories", what lies outside of the main part. A short story has less text than what is shown below it.

use std::collections::HashSet;

use ego_tree::NodeId;

use super::container::{children, holds_blocks};
use super::elements::{attribute, heading_level};
use super::measure::{Part, Said};
use super::names::{Holder, holder, is_beside, is_for_others, surrounds};
use super::ways::Ways;

/// Width of the running text that stands at one link to another story, at most: many systems take 55 words.
const TEASER: usize = 400;
/// Lines of running text at one such link, at most.
const LINES: usize = 3;
/// Lines that say that others follow which are looked at: each is held against all that stands beside it.
const MOST_HEADS: usize = 32;

/// What is about others on the page of a story with that heading: the places of the elements.
pub(super) fn find(parts: &[Part<'_>], heading: NodeId, ways: &Ways) -> HashSet<usize> {
    let Some(at) = parts.iter().position(|part| part.node == heading) else { return HashSet::new() };
    let page = Page { parts, at, links: links(parts, ways) };
    let mut found = page.outside();
    found.extend((at + 1..parts.len()).filter(|place| page.is_aside(*place)));
    let heads = (at + 1..parts.len()).filter(|place| parts.get(*place).is_some_and(|part| part.says == Said::Others));
    for place in heads.take(MOST_HEADS) {
        page.below_heading(place, &mut found);
    }
    let mut cards = Vec::new();
    for place in 0..page.parts.len() {
        page.cards(place, &mut cards);
    }
    let mut found: HashSet<usize> = found.into_iter().collect();
    if page.ends_with(&cards, &found) {
        found.extend(cards);
    }
    found
}

/// For each place how many links before it lead to other pages of the site.
fn links(parts: &[Part<'_>], ways: &Ways) -> Vec<usize> {
    let mut count = 0;
    let behind = parts.iter().map(|part| {
        count += usize::from(part.element.name() == "a" && ways.stays(part.element));
        count
    });
    std::iter::once(0).chain(behind).collect()
}

fn is_article(part: &Part<'_>) -> bool {
    part.element.name() == "article"
}

/// A page, and where the heading of its story stands.
struct Page<'p, 'a> {
    parts: &'p [Part<'a>],
    at: usize,
    /// How many links to other pages of the site stand before each place.
    links: Vec<usize>,
}

impl<'a> Page<'_, 'a> {
    fn holds_heading(&self, place: usize) -> bool {
        place <= self.at && self.parts.get(place).is_some_and(|part| self.at < part.end)
    }

    /// The elements that the heading stands in, the nearest first.
    fn around(&self) -> impl Iterator<Item = (usize, &Part<'a>)> {
        let above = |place: &usize| self.parts.get(*place).map(|part| part.above).filter(|above| above < place);
        let places = std::iter::successors(above(&self.at), move |place| above(place));
        places.filter_map(|place| Some((place, self.parts.get(place)?)))
    }

    /// What lies outside of the element for the main part of a page, or for an article, that holds the heading and text.
    fn outside(&self) -> Vec<usize> {
        let total = self.parts.first().map_or(0, |root| root.whole.prose);
        let heading = self.parts.get(self.at).map_or(0, |part| part.whole.prose);
        let mut found = Vec::new();
        let main = self.around().find(|(_, part)| {
            // Articles may be parts of a story; of what is the main part, there is one.
            let least = match part.element.name() {
                "main" => 5,
                "article" => 40,
                _ if attribute(part.element, "role") == Some("main") => 10,
                _ => return false,
            };
            let own = part.whole.prose - heading.min(part.whole.prose);
            own > 0 && own * 100 >= least * total
        });
        if let Some((main, _)) = main {
            let path: Vec<usize> = self.around().map(|(place, _)| place).skip_while(|place| *place != main).collect();
            for place in path.iter().skip(1) {
                let beside = children(self.parts, *place).filter(|(child, _)| !path.contains(child));
                let of_others = |child: &usize| self.is_of_teasers(*child) && !self.has_story(*child);
                found.extend(beside.map(|(child, _)| child).filter(of_others));
            }
        }
        found
    }

    /// Whether an element is there for what stands beside a story, or named for it, and leads to other stories; or is another
    /// article, with a headline of its own, that a page shows below the first.
    fn is_aside(&self, place: usize) -> bool {
        let Some(part) = self.parts.get(place).filter(|part| part.whole.prose > 0) else { return false };
        let is_headline = |part: &Part<'_>| part.element.name() == "h1" && part.own.letters > 0;
        let inside = || self.parts.get(place..part.end).unwrap_or_default();
        is_beside(part.element.name())
            || is_for_others(part.element) && self.is_of_teasers(place)
            || is_article(part)
                && self.parts.get(self.at).is_some_and(is_headline)
                && self.around().any(|(_, part)| is_article(part))
                && inside().iter().any(is_headline)
    }

    /// Whether an element has a paragraph that is longer than a teaser: scripts may bring a story behind the main part.
    fn has_story(&self, place: usize) -> bool {
        let inside = self.parts.get(place).and_then(|part| self.parts.get(place..part.end));
        inside.unwrap_or_default().iter().any(|part| part.own.prose > TEASER)
    }

    /// Links between two places that lead to other pages of the site.
    fn links_in(&self, from: usize, end: usize) -> usize {
        let before = |place: usize| self.links.get(place).copied().unwrap_or_default();
        before(end) - before(from)
    }

    /// Whether there are links in an element to other pages of the site, and no more text than teasers have.
    fn is_of_teasers(&self, place: usize) -> bool {
        let Some(part) = self.parts.get(place) else { return false };
        let links = self.links_in(place, part.end);
        // What is hidden may be shown by a script, in its place.
        let is_seen = attribute(part.element, "hidden").is_none();
        let inside = self.parts.get(place..part.end).unwrap_or_default();
        let lines = || inside.iter().filter(|part| part.own.prose > 0).count();
        is_seen && links > 0 && (1..=TEASER * links).contains(&part.whole.prose) && lines() <= LINES * links
    }

    /// Adds what a line heads that says that others follow: the element that begins with it, or the teasers behind it.
    fn below_heading(&self, place: usize, found: &mut Vec<usize>) {
        /// Letters that may stand beside such a line: "All news".
        const BESIDE: usize = 12;
        /// Letters of such a line, at most.
        const LINE: usize = 60;
        let Some(line) = self.parts.get(place).filter(|part| part.says == Said::Others) else { return };
        // What has the line for its own, and others below it, is the section.
        if line.own.letters <= LINE && line.whole.letters > line.own.letters {
            found.extend(Some(place).filter(|place| !self.holds_heading(*place) && self.is_of_teasers(*place)));
            return;
        }
        let (mut head, mut part) = (place, line);
        while let Some(above) = self.parts.get(part.above).filter(|above| {
            !self.holds_heading(part.above) && above.whole.letters <= line.own.letters + BESIDE && part.above < head
        }) {
            (head, part) = (part.above, above);
        }
        let section = part.above;
        let Some(around) = self.parts.get(section).filter(|_| section < head) else { return };
        let before = children(self.parts, section).take_while(|(child, _)| *child < head);
        let is_first = around.own.letters == 0 && before.map(|(_, child)| child.whole.letters).sum::<usize>() == 0;
        if is_first && !self.holds_heading(section) {
            if self.is_of_teasers(section) && !self.has_story(section) {
                found.push(section);
            }
            return;
        }
        let behind = children(self.parts, section).skip_while(|(child, _)| *child <= head);
        let count = found.len();
        for (child, part) in behind {
            let is_title = heading_level(part.element.name()).is_some() && self.is_title(child);
            if part.whole.letters == 0 {
                continue;
            }
            if !is_title && !self.is_card(child) && part.whole.linked * 2 <= part.whole.letters {
                break;
            }
            found.push(child);
        }
        if found.len() > count {
            found.push(head);
        }
    }

    /// Adds the cards right in an element that repeat one shape, if they stand among no lines of text.
    fn cards(&self, place: usize, found: &mut Vec<usize>) {
        let Some(around) = self.parts.get(place).filter(|part| part.whole.linked > 0 && part.own.prose == 0) else {
            return;
        };
        let (mut cards, mut lines, mut before) = (Vec::new(), false, None);
        for (child, part) in children(self.parts, place) {
            if self.is_card(child) {
                cards.push((child, before == Some(part.element.name())));
                before = Some(part.element.name());
            } else if part.whole.letters > 0 {
                lines |= part.whole.prose > 0 && !holds_blocks(part) && child > self.at;
                before = None;
            }
        }
        let repeats = cards.iter().filter(|(_, again)| *again).count();
        // Where the end of the story is sure, cards in it are its own.
        let above = std::iter::successors(Some(around), |part| {
            self.parts.get(part.above).filter(|above| above.node != part.node)
        });
        let is_exact = |part: &Part<'_>| holder(part.element).is_some_and(Holder::is_exact);
        if repeats > 0 && !lines && !above.into_iter().any(is_exact) {
            found.extend(cards.iter().map(|(card, _)| *card));
        }
    }

    /// Whether the story is over where cards begin, and these are not what the page is there for.
    fn ends_with(&self, cards: &[usize], asides: &HashSet<usize>) -> bool {
        /// Cards below a story.
        const MOST: usize = 12;
        let Some(first) = cards.iter().min().filter(|_| cards.len() <= MOST) else { return false };
        let (mut before, mut behind) = (0, 0);
        let mut place = self.at;
        while let Some(part) = self.parts.get(place) {
            if place >= *first && (cards.contains(&place) || asides.contains(&place) || surrounds(part.element) > 0) {
                place = part.end;
                continue;
            }
            *(if place < *first { &mut before } else { &mut behind }) += part.own.prose;
            place += 1;
        }
        behind <= before
    }

    /// Whether an element is a linked heading with some text, and no more.
    fn is_card(&self, place: usize) -> bool {
        /// Elements of a card.
        const MOST: usize = 60;
        let Some(part) = self.parts.get(place).filter(|part| place > self.at && part.end - place <= MOST) else {
            return false;
        };
        let is_box = matches!(part.element.name(), "div" | "li" | "article" | "section" | "a");
        if !is_box || part.whole.linked == 0 || part.whole.prose > TEASER {
            return false;
        }
        let mut headings = (place..part.end).filter(|inner| {
            let inner = self.parts.get(*inner);
            inner.is_some_and(|inner| heading_level(inner.element.name()).is_some() && inner.own.letters > 0)
        });
        let heading = headings.next().filter(|heading| self.is_title(*heading));
        heading.is_some() && headings.next().is_none() && self.is_of_teasers(place)
    }

    /// Whether a heading is a link to another page of the site, as a whole.
    fn is_title(&self, heading: usize) -> bool {
        let Some(part) = self.parts.get(heading) else { return false };
        let is_link = part.own.linked > 0 && part.own.linked * 10 >= part.own.letters * 9;
        is_link && (self.links_in(heading, part.end) > 0 || self.links_in(part.above, part.above + 1) > 0)
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::super::measure::measure;
    use super::*;
    use crate::read::guard;

    const STORY: &str =
        "<div id=story><p>The lift in the library is out of order.<p>It will be mended on Friday.</div>";
    const TEASE: &str = "The dean opened the new building on the waterfront, with two hundred guests and the mayor.";

    /// The text that is left of a page outside of what is about others.
    fn kept(page: &str) -> usize {
        let page = guard::parse_document(page);
        let heading = page.tree.nodes().find(|node| node.value().as_element().is_some_and(|part| part.name() == "h1"));
        let own = Url::parse("https://harbour.example/news/lift.html").ok();
        let ways = Ways::of(own.as_ref(), own.as_ref());
        let parts = measure(*page.root_element(), heading.map(|heading| (heading.id(), &ways)));
        parts.first().map_or(0, |root| root.kept.prose)
    }

    fn card(number: usize) -> String {
        format!("<div><a href=/n{number}><h3>Sea wall opened, part {number}</h3></a><p>{TEASE}</p></div>")
    }

    #[test]
    fn a_short_story_keeps_its_own_text_only() {
        let own = kept(&format!("<main><h1>Lift out of order</h1>{STORY}</main>"));
        assert!(own > 0);
        let cards = [1, 2, 3].map(card).concat();
        for others in [
            format!("<section class=related><h2>More</h2>{cards}</section>"),
            format!("<section><h2>Related stories</h2>{cards}</section>"),
            format!("<section><h2>From the campus</h2>{cards}</section>"),
            format!("<section><div><h2>Weitere Meldungen</h2></div>{}</section>", card(1)),
            format!("<aside><h2>Campus</h2>{cards}</aside>"),
            format!("<h2>Read also</h2>{cards}"),
            format!("</main><div><p>{TEASE} <a href=/n1>Go on</a></div>"),
        ] {
            assert_eq!(kept(&format!("<main><h1>Lift out of order</h1>{STORY}{others}</main>")), own, "{others}");
        }
    }

    #[test]
    fn a_box_of_others_above_a_story_takes_nothing_with_it() {
        let story = format!("<p>{TEASE}</p>").repeat(9);
        let links = [1, 2, 3].map(|number| format!("<li><a href=/n{number}>Sea wall, part {number}</a>")).concat();
        let head = "<h1>Lift out of order</h1>";
        let whole = kept(&format!("<main>{head}<div>{story}</div></main>"));
        assert!(whole > 0);
        for others in [
            format!("<aside><span>Related news</span><ul>{links}</ul></aside>"),
            format!("<div><span>Related news</span><ul>{links}</ul></div>"),
            "<div id=spotlight><h5>Related news</h5><div id=list></div></div>".to_owned(),
        ] {
            let page =
                format!("<main>{head}<div>{others}{story}<p><a href=/n4>Sea</a> <a href=/n5>Land</a></div></main>");
            assert_eq!(kept(&page), whole, "{others}");
        }
    }

    #[test]
    fn an_article_with_a_headline_below_another_is_another() {
        let text = format!("<p>{TEASE}</p>");
        let page = |headline: &str| {
            let below = format!("<article>{headline}{}</article>", text.repeat(4));
            kept(&format!("<main><article><h1>Lift out of order</h1>{text}{text}</article>{below}</main>"))
        };
        assert_eq!(page("<h1>Sea wall opened</h1>") * 3, page("<h2>The stairs</h2>"));
    }

    #[test]
    fn what_a_story_is_made_of_is_no_aside() {
        let whole = |inside: &str| kept(&format!("<main><h1>The week in the harbour</h1>{inside}</main>"));
        let text = whole(&format!("<div><p>{TEASE}</p></div>"));
        let cards = [1, 2, 3].map(card).concat();
        // A letter that tells of several stories, a page of nothing but them, what the story goes on behind.
        assert_eq!(whole(&format!("<div><p>{TEASE}</p>{cards}</div>")), 4 * text);
        assert_eq!(whole(&cards), 3 * text);
        assert_eq!(whole(&format!("<div><p>{TEASE}</div><section>{cards}</section><p>{TEASE}<p>{TEASE}")), 6 * text);
        assert_eq!(
            whole(&format!("<div class=entry-content><div>{TEASE}</div><section>{cards}</section></div>")),
            4 * text
        );
        // A heading without links is one of the story.
        assert_eq!(whole(&format!("<p>{TEASE}</p><section><h2>Latest news</h2><p>{TEASE}</section>")), 2 * text);
    }
}
