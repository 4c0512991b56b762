//! Stories that are told in several elements of one shape, one after another: chunks with advertisements between, sections.

use std::ops::Range;

use super::elements::{attribute, heading_level};
use super::measure::{Part, Said};
use super::names::holder;

/// Where a story is found.
pub(super) struct Found {
    /// The place of the element that holds it.
    pub(super) place: usize,
    /// The places in it from which to which it is told: what stands before and behind is none of it.
    pub(super) told: Range<usize>,
}

impl Found {
    /// All that is in an element.
    pub(super) fn whole(parts: &[Part<'_>], place: usize) -> Self {
        Self { place, told: place..parts.get(place).map_or(place, |part| part.end) }
    }
}

/// The element at a place with those of its shape before and behind it in which its story goes on.
pub(super) fn joined(parts: &[Part<'_>], place: usize) -> Found {
    /// Share of the running text, in percent, that the pieces hold of all that stands between the first and the last.
    const MOST: usize = 80;
    /// How many times the running text of a short piece goes into that of the story's.
    const SHORT: usize = 5;
    let alone = Found::whole(parts, place);
    let Some(one) = parts.get(place).filter(|one| class(one).is_some() && one.element.name() != "article") else {
        return alone;
    };
    let end = |place: usize| parts.get(place).map_or(place, |part| part.end);
    let prose = |place: usize| parts.get(place).map_or(0, |part| part.kept.prose);
    let known = holder(one.element).filter(|holder| holder.is_exact());
    let level = above(parts, place).count();
    let is_piece = |at: &usize| {
        // What is named for nothing but a story may be named for its place, too: `article-body last`.
        let is_named = |part: &Part<'_>| known.is_some() && holder(part.element) == known;
        let is_alike =
            |part: &&Part<'_>| are_alike(part, one) || part.element.name() == one.element.name() && is_named(part);
        let piece = parts.get(*at).filter(|part| !part.outside && part.kept.prose > 0).filter(is_alike);
        piece.is_some() && above(parts, *at).count() == level
    };
    let goes_on = |from: usize, to: usize| !parts.get(from..to).unwrap_or_default().iter().any(begins_another);
    let (mut first, mut last) = (place, place);
    for piece in (end(place)..parts.len()).filter(is_piece) {
        if !goes_on(end(last), end(piece)) {
            break;
        }
        last = piece;
    }
    // What is short and stands before a story is a note on the page.
    for piece in (0..place).rev().filter(is_piece) {
        if !goes_on(piece, first) || prose(piece) * SHORT < prose(place) {
            break;
        }
        first = piece;
    }
    let told = first..end(last);
    let Some(around) = above(parts, place).find(|around| *around < first && told.end <= end(*around)) else {
        return alone;
    };
    let held: usize = told.clone().filter(is_piece).map(prose).sum();
    let inside = parts.get(told.clone()).unwrap_or_default().iter().filter(|part| !part.outside);
    let all: usize = inside.map(|part| part.own.prose).sum();
    let mut path = std::iter::once(place).chain(above(parts, place)).take_while(|above| *above != around);
    let is_item =
        |place: usize| parts.get(place).is_some_and(|part| matches!(part.element.name(), "article" | "li" | "td"));
    // A story with a note behind it has but one piece of weight; a short section of it has a heading.
    // One that is its first line, bold letters being one, too, or the last before it.
    let is_section = |piece: usize| {
        let told = |place: &usize| parts.get(*place).is_some_and(|part| part.own.letters > 0);
        let lines = [(piece..end(piece)).find(told), (place..piece).rfind(told)];
        lines.into_iter().flatten().any(|line| is_heading(parts, line))
    };
    let is_heavy = |piece: &usize| prose(*piece) * SHORT >= prose(place) || is_section(*piece);
    let heavy = told.clone().filter(is_piece).filter(is_heavy).count();
    let is_one = heavy > 1 && held * 100 >= MOST * all && !path.any(is_item);
    if is_one { Found { place: around, told } } else { alone }
}

/// Whether the lines of an element head what follows: by what it is, or in bold letters.
fn is_heading(parts: &[Part<'_>], place: usize) -> bool {
    // One that is a link leads to another story.
    let is_told = |part: &&Part<'_>| {
        part.own.prose == 0 && part.says == Said::Nothing && part.kept.linked * 10 < part.kept.letters * 9
    };
    let Some(part) = parts.get(place).filter(is_told) else { return false };
    let inner = parts.get(place + 1).filter(|inner| inner.above == place);
    heading_level(part.element.name()).is_some()
        || inner.is_some_and(|inner| matches!(inner.element.name(), "strong" | "b"))
}

/// Whether two elements have one shape, and one that tells something.
pub(super) fn are_alike(one: &Part<'_>, other: &Part<'_>) -> bool {
    one.element.name() == other.element.name() && class(one).is_some() && class(one) == class(other)
}

/// The elements that one stands in, the nearest first.
fn above(parts: &[Part<'_>], place: usize) -> impl Iterator<Item = usize> {
    let above = |place: usize| parts.get(place).map(|part| part.above).filter(|above| *above < place);
    std::iter::successors(above(place), move |place| above(*place))
}

/// The classes of an element, as they are written. `None`: it has none that tells more than its place in a grid, which all
/// that is on a page has.
fn class<'a>(part: &Part<'a>) -> Option<&'a str> {
    let of_grid = |class: &str| {
        class.starts_with("col-")
            || matches!(class, "row" | "col" | "column" | "columns" | "grid" | "container" | "clearfix")
    };
    attribute(part.element, "class").map(str::trim).filter(|classes| !classes.split_whitespace().all(of_grid))
}

/// Whether another story begins with an element: an article, or a title that is a link.
fn begins_another(part: &Part<'_>) -> bool {
    let is_heading = heading_level(part.element.name()).is_some() && part.own.letters > 0;
    let is_title = part.element.name() == "h1" || part.own.linked * 10 >= part.own.letters * 9;
    part.element.name() == "article" || is_heading && is_title
}

#[cfg(test)]
mod tests {
    use super::super::container::{container, residue};
    use super::super::lines::blocks;
    use super::super::measure::measure;
    use super::super::ways::Ways;
    use crate::read::guard;

    /// The lines of the story that a page tells.
    fn told(page: &str) -> String {
        let page = guard::parse_document(page);
        let parts = measure(*page.root_element(), None);
        let found = container(&parts);
        let own = url::Url::parse("https://harbour.example/news/13").ok();
        let without = residue(&parts, &found, &Ways::of(own.as_ref(), None));
        let lines = blocks(&page, &[parts[found.place].node], &without, None).into_iter();
        lines.map(|line| line.text.chars().take(4).collect()).collect::<Vec<String>>().join(" ")
    }

    fn lines(first: u32, count: u32) -> String {
        let line = |number| format!("<p>{number:03}. The new sea wall was opened in the presence of the mayor.</p>");
        (first..first + count).map(line).collect()
    }

    #[test]
    fn a_story_in_several_chunks_is_read_to_its_end() {
        let all = (1..=9).map(|number| format!("{number:03}.")).collect::<Vec<_>>().join(" ");
        for class in ["article__body", "section-inner column", "frame frame-type-text"] {
            let chunk =
                |first, count| format!("<div class='grid'><div class='{class}'>{}</div></div>", lines(first, count));
            let offer = "<div class=offer><p>Have all of it for a coin a month.</p></div>";
            let story = format!("<h1>Sea wall opened</h1>{}{offer}{}{}", chunk(1, 4), chunk(5, 4), chunk(9, 1));
            let found = told(&format!("<main><div>{story}</div><div class=others>{offer}</div></main>"));
            assert_eq!(found.replace(" Have", "").replace("Sea  ", "").replace("Sea ", ""), all, "{class}");
        }
    }

    #[test]
    fn a_chunk_may_have_a_name_more() {
        let chunk = |class: &str, first, count| {
            format!("<div class=grid><div class='{class}'>{}</div></div>", lines(first, count))
        };
        let page = |last: &str| format!("<main>{}{}</main>", chunk("article-body", 1, 4), chunk(last, 5, 3));
        assert_eq!(told(&page("article-body last")), "001. 002. 003. 004. 005. 006. 007.");
        assert_eq!(told(&page("offers last")), "001. 002. 003. 004.");
    }

    #[test]
    fn what_has_the_shape_of_a_story_may_be_another() {
        let piece = |first, count| format!("<div class=text>{}</div>", lines(first, count));
        let own = "001. 002. 003. 004. 005. 006. 007. 008.";
        for page in [
            format!("{}<h2><a href=/news/12>The storm</a></h2>{}", piece(1, 8), piece(9, 1)),
            format!("<article>{}</article><article>{}</article>", piece(1, 8), piece(9, 1)),
            format!("<div>{}</div>{}", piece(1, 8), piece(9, 1)),
            format!("{}<div>{}</div>", piece(9, 1), piece(1, 8)),
            format!("{}{}", piece(9, 1), piece(1, 8)),
            format!("{}{}{}", piece(1, 8), piece(9, 1), piece(10, 1)),
            format!("{}<h2>About us</h2>{}", piece(1, 8), piece(9, 1)).replace("=text", "'row col-12'"),
        ] {
            assert_eq!(told(&format!("<main>{page}</main>")), own, "{page}");
        }
        let section = piece(9, 1).replace("text>", "text><h3>Tide and time</h3>");
        let bold = piece(9, 1).replace("text>", "text><p><strong>Tide and time</strong></p>");
        let headed = format!("<div class=head><h3>Tide and time</h3></div>{}", piece(9, 1));
        for section in [section, bold, headed] {
            assert_eq!(told(&format!("<main>{}{section}</main>", piece(1, 8))), format!("{own} Tide 009."));
        }
    }
}
