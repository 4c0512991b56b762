//! What somebody wrote of the articles of a site: where their body is, and what does not belong to it.

use ego_tree::NodeId;
use scraper::{Html, Selector};

use crate::draft::Draft;

/// Takes out of a page what one of the selectors matches. A selector that is none matches nothing: the configuration was
/// checked.
pub(super) fn remove(page: &mut Html, selectors: &[String]) {
    for selector in selectors.iter().filter_map(|text| Selector::parse(text).ok()) {
        let matched: Vec<NodeId> = page.select(&selector).map(|element| element.id()).collect();
        for id in matched {
            if let Some(mut node) = page.tree.get_mut(id) {
                node.detach();
            }
        }
    }
}

/// The first element that a selector matches. Where there is none, that is noted, and the body is found without.
pub(super) fn content(page: &Html, selector: &str, draft: &mut Draft) -> Option<NodeId> {
    let found =
        Selector::parse(selector).ok().and_then(|parsed| page.select(&parsed).next().map(|element| element.id()));
    if found.is_none() {
        draft.notes.push(format!("nothing in it matches content = {selector:?}, so its body was found without"));
    }
    found
}
