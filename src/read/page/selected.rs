//! What somebody wrote of the articles of a site: where their body is, and what does not belong to it.

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Selector};

use crate::draft::Draft;

/// Takes out of a page what one of the selectors matches. A selector that is none matches nothing: the configuration was
/// checked. What every page has stays, whatever a selector says: `html`, `head` and `body`.
pub(super) fn remove(page: &mut Html, selectors: &[String]) {
    for selector in selectors.iter().filter_map(|text| Selector::parse(text).ok()) {
        let found = page.select(&selector).filter(|found| !matches!(found.value().name(), "html" | "head" | "body"));
        let matched: Vec<NodeId> = found.map(|element| element.id()).collect();
        for id in matched {
            if let Some(mut node) = page.tree.get_mut(id) {
                node.detach();
            }
        }
    }
}

/// The first element that a selector matches. Where there is none, that is noted, and the body is found without.
pub(super) fn content(page: &Html, selector: &str, draft: &mut Draft) -> Option<NodeId> {
    // What was taken out is known to the tree, but no part of it.
    let root = page.tree.root().id();
    let is_in = |found: &ElementRef<'_>| found.ancestors().last().is_some_and(|above| above.id() == root);
    let found = Selector::parse(selector).ok().and_then(|parsed| page.select(&parsed).find(is_in));
    let found = found.map(|element| element.id());
    if found.is_none() {
        draft.notes.push(format!("nothing in it matches content = {selector:?}, so its body was found without"));
    }
    found
}
