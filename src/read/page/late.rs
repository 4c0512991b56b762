//! Pictures that a script loads late: a page says in `<noscript>` where they are, for whoever runs none.

use ego_tree::{NodeId, NodeRef};
use html5ever::{LocalName, local_name};
use scraper::node::Element;
use scraper::{Html, Node};

use super::caption::rename;
use super::elements::{attribute, named};
use crate::read::guard;

/// Elements of AMP that a script makes what HTML has of their kind.
const AMP: [(&str, LocalName); 4] = [
    ("amp-img", local_name!("img")),
    ("amp-video", local_name!("video")),
    ("amp-audio", local_name!("audio")),
    ("amp-iframe", local_name!("iframe")),
];

/// Puts the pictures for whoever runs no scripts in the places of those that a script would bring.
pub(super) fn show(page: &mut Html) {
    let kind = |node: &NodeRef<'_, Node>| {
        let name = node.value().as_element()?.name();
        AMP.iter().find(|(known, _)| *known == name).map(|(_, kind)| (node.id(), kind.clone()))
    };
    let of_amp: Vec<(NodeId, LocalName)> = page.tree.nodes().filter_map(|node| kind(&node)).collect();
    for (place, kind) in of_amp {
        rename(page, place, kind);
    }
    let hidden: Vec<(NodeId, Element)> =
        page.tree.nodes().filter(|node| named(node, "noscript").is_some()).filter_map(|node| waiting(&node)).collect();
    for (place, picture) in hidden {
        let inside: Vec<NodeId> =
            page.tree.get(place).into_iter().flat_map(|node| node.children()).map(|child| child.id()).collect();
        for child in inside {
            page.tree.get_mut(child).into_iter().for_each(|mut child| child.detach());
        }
        if let Some(mut node) = page.tree.get_mut(place) {
            *node.value() = Node::Element(picture);
        }
    }
}

/// The picture in a `<noscript>`, and the place where it is to stand. `None`: there is none, it counts readers, or is there already.
fn waiting(silent: &NodeRef<'_, Node>) -> Option<(NodeId, Element)> {
    let text = silent.children().find_map(|child| child.value().as_text())?;
    // What is a link there is an advertisement.
    let begin = text.find("<img").filter(|begin| !text.get(..*begin).unwrap_or_default().contains("<a "))?;
    let parsed = guard::parse_fragment(text.get(begin..)?);
    let picture =
        images(*parsed.root_element()).next().and_then(|(_, picture)| told(picture).then(|| picture.clone()))?;
    let beside = beside(silent);
    let is_near = |node: &NodeRef<'_, Node>| {
        node.value().as_element().is_some_and(|element| matches!(element.name(), "img" | "source") && is_there(element))
    };
    if beside.iter().any(is_near) {
        return None;
    }
    let mut stand_in = beside.iter().filter(|node| named(node, "img").is_some());
    // Of several places and several pictures, each is shown where it is told.
    let place = stand_in.next().filter(|_| stand_in.next().is_none());
    Some((place.map_or(silent.id(), NodeRef::id), picture))
}

/// What stands beside an element: all that is in the one around it, or the next before and behind, where that is more than a frame.
fn beside<'t>(silent: &NodeRef<'t, Node>) -> Vec<NodeRef<'t, Node>> {
    /// Nodes of the frame of a picture.
    const MOST: usize = 40;
    let around: Vec<NodeRef<'t, Node>> =
        silent.parent().into_iter().flat_map(|around| around.descendants()).take(MOST + 1).collect();
    if around.len() <= MOST {
        return around;
    }
    let before = silent.prev_siblings().take(MOST).find(|node| node.value().is_element());
    let behind = silent.next_siblings().take(MOST).find(|node| node.value().is_element());
    before.into_iter().chain(behind).flat_map(|node| node.descendants().take(MOST)).collect()
}

/// The pictures below an element.
fn images(below: NodeRef<'_, Node>) -> impl Iterator<Item = (NodeId, &Element)> {
    below.descendants().filter_map(|node| Some((node.id(), named(&node, "img")?)))
}

/// Whether a picture is there to be seen.
fn told(picture: &Element) -> bool {
    let is_dot =
        |side: &str| attribute(picture, side).is_some_and(|told| matches!(told.trim(), "0" | "1" | "0px" | "1px"));
    let style = attribute(picture, "style").unwrap_or_default().replace(' ', "");
    let is_unseen = ["display:none", "visibility:hidden", "left:-"].iter().any(|rule| style.contains(rule));
    is_there(picture) && !is_dot("width") && !is_dot("height") && !is_unseen && !counts(picture)
}

/// Whether all that the address of a picture without words tells stands behind a short name: it counts readers.
fn counts(picture: &Element) -> bool {
    /// Bytes of such a name.
    const SHORT: usize = 12;
    let is_silent = attribute(picture, "alt").is_none_or(|told| told.trim().is_empty());
    let asked = attribute(picture, "src").and_then(|address| address.split_once('?'));
    let name = asked.map(|(path, _)| path.rsplit('/').next().unwrap_or(path));
    // "matomo.php?idsite=1"
    let is_picture = |name: &str| name.rsplit_once('.').is_some_and(|(_, kind)| kind != "php");
    is_silent && name.is_some_and(|name| name.len() < SHORT && !is_picture(name))
}

/// Whether an element says where its picture is, in whichever attribute, and not only in itself (`data:`).
pub(super) fn is_there(picture: &Element) -> bool {
    let is_address = |(name, value): (&str, &str)| {
        let value = value.trim();
        (name.contains("src") || name == "data-original")
            && !value.is_empty()
            && value.contains(['/', '.'])
            && !value.starts_with("data:")
    };
    picture.attrs().any(is_address)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The addresses of the pictures that a page has then.
    fn shown(body: &str) -> Vec<String> {
        let mut page = guard::parse_document(&format!("<!doctype html><title>Sea wall</title><body>{body}"));
        show(&mut page);
        let found =
            images(page.tree.root()).map(|(_, picture)| attribute(picture, "src").unwrap_or_default().to_owned());
        found.collect()
    }

    #[test]
    fn a_picture_for_those_without_scripts_is_one_of_the_story() {
        let late = "<noscript> <img src=/wall.jpg alt='The wall'> </noscript>";
        for body in [
            format!("<picture>{late}</picture>"),
            format!("<div class=lazy>{late}</div>"),
            format!("<figure><img src='data:image/gif;base64,R0'>{late}</figure>"),
            format!("<span><img class=dynamic data-cdata='1.2'>{late}</span>"),
            "<amp-img src=/wall.jpg width=600 height=400><noscript><img src=/wall.jpg></noscript></amp-img>".to_owned(),
            "<p><noscript><picture><source srcset='/wall.webp 2x'><img src=/wall.jpg></picture></noscript>".to_owned(),
        ] {
            assert_eq!(shown(&body), ["/wall.jpg"], "{body}");
        }
    }

    #[test]
    fn a_picture_that_is_there_stands_once_and_counters_do_not() {
        let late = "<noscript><img src=/wall.jpg></noscript>";
        assert_eq!(shown(&format!("<figure><img src=/small.jpg>{late}</figure>")), ["/small.jpg"]);
        assert_eq!(shown(&format!("<p><img data-src=/wall.jpg src='data:,'>{late}")), ["data:,"]);
        // Other pictures of a long text are others.
        let lines = "<p>The wall is open.</p>".repeat(30);
        assert_eq!(shown(&format!("<img src=/gate.jpg>{lines}{late}{lines}")), ["/gate.jpg", "/wall.jpg"]);
        for counter in ["", "width=1 height=1", "style='display: none'", "src='data:,'"] {
            let body = format!("<div><noscript><img {counter} src=//count.example/?page=1></noscript></div>");
            assert_eq!(shown(&body), [""; 0], "{counter}");
        }
        assert_eq!(
            shown("<div><noscript><a href=//ads.example/?go><img src=//ads.example/?show></a></noscript></div>"),
            [""; 0]
        );
        assert_eq!(shown("<noscript><p>This page needs scripts.</noscript>"), [""; 0]);
    }
}
