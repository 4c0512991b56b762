//! What is said of pictures, where it is marked by its name only.

use ego_tree::NodeId;
use html5ever::{LocalName, local_name};
use scraper::{Html, Node};

use super::container::is_small;
use super::measure::Part;
use super::names::is_caption;

/// A caption.
pub(super) struct Caption {
    /// The element that holds it.
    pub(super) node: NodeId,
    /// The element that holds it and its picture, and no other text. `None`: there is none.
    pub(super) figure: Option<NodeId>,
}

/// The captions in a container, as far as nothing but a name tells that they are.
pub(super) fn captions(parts: &[Part<'_>], container: usize) -> Vec<Caption> {
    let Some(story) = parts.get(container) else { return Vec::new() };
    if story.element.name() == "figure" {
        let inside = parts.get(container..story.end).unwrap_or_default().iter();
        let captions = inside.filter(|part| part.element.name() == "figcaption");
        return captions.map(|caption| Caption { node: caption.node, figure: Some(story.node) }).collect();
    }
    // How many pictures there are up to each place.
    let mut pictures = Vec::with_capacity(story.end - container + 1);
    pictures.push(0);
    for part in parts.get(container..story.end).unwrap_or_default() {
        let is_picture = matches!(part.element.name(), "img" | "picture" | "video");
        pictures.push(pictures.last().map_or(0, |count| count + usize::from(is_picture)));
    }
    let holds_picture = |place: usize, end: usize| pictures.get(place - container) != pictures.get(end - container);
    let mut found = Vec::new();
    let mut place = container + 1;
    while let Some(part) = parts.get(place).filter(|_| place < story.end) {
        let is_box = matches!(part.element.name(), "div" | "p" | "span" | "small" | "section" | "figcaption");
        let is_named = is_box && part.whole.letters > 0 && is_caption(part.element);
        if !is_named || !is_small(part, story.kept, 25) || holds_picture(place, part.end) {
            place += 1;
            continue;
        }
        let (mut caption, mut around) = (part, part.above);
        let figure = loop {
            let alone = |above: &&Part<'_>| around > container && above.whole.prose == part.whole.prose;
            let Some(above) = parts.get(around).filter(alone) else { break None };
            if holds_picture(around, above.end) {
                break Some(above);
            }
            (caption, around) = (above, above.above);
        };
        place = part.end;
        found.push(match figure {
            Some(figure) => Caption { node: caption.node, figure: Some(figure.node) },
            None if part.element.name() == "figcaption" => continue,
            None => Caption { node: part.node, figure: None },
        });
    }
    found
}

/// Writes captions as such.
pub(super) fn mark(page: &mut Html, captions: &[Caption]) {
    for Caption { node, figure } in captions {
        if let Some(figure) = figure {
            rename(page, *node, local_name!("figcaption"));
            rename(page, *figure, local_name!("figure"));
        }
    }
}

/// Makes an element one of another name.
pub(super) fn rename(page: &mut Html, node: NodeId, name: LocalName) {
    if let Some(mut node) = page.tree.get_mut(node)
        && let Node::Element(element) = node.value()
    {
        element.name.local = name;
    }
}
