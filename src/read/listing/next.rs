//! Where a list goes on: the link to its next page, which is followed and never computed, for pages may be counted down.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::{address, words};

/// The link to the next page of a list, and the element that holds it: the one that is selected, else one that says
/// so by `rel=next` (HTML, "Link type next") or in its words. `entries` are the links of the list itself, which lead
/// elsewhere.
pub(super) fn link<'p>(
    page: &'p Html,
    base: &Url,
    selector: Option<&str>,
    entries: &HashSet<NodeId>,
) -> Option<(ElementRef<'p>, Url)> {
    let leads = |element: ElementRef<'p>| {
        let url = element.attr("href").and_then(|href| address::target(base, href))?;
        (url != *base && address::is_near(&url, base)).then_some((element, url))
    };
    if let Some(selector) = selector {
        let selector = Selector::parse(selector).ok()?;
        return page.select(&selector).find_map(leads);
    }
    let elements = || page.root_element().descendent_elements().filter(|element| !entries.contains(&element.id()));
    let is_next = |element: &ElementRef<'p>| {
        let rel = element.attr("rel").unwrap_or_default();
        matches!(element.value().name(), "a" | "link")
            && rel.split_whitespace().any(|rel| rel.eq_ignore_ascii_case("next"))
    };
    if let Some(found) = elements().filter(is_next).find_map(leads) {
        return Some(found);
    }
    // An event calendar above the list may have a "next", too: the last counts.
    elements().filter(|element| element.value().name() == "a" && says_next(*element)).filter_map(leads).last()
}

/// The next page where a script writes the links: TRS (a system of Chinese offices and universities) calls
/// `createPageHTML(pages, current, "name", "extension")`, counts from 0, and names the pages behind the first `name_1.extension`
/// and so on. An element may be named first.
pub(super) fn scripted(page: &Html, base: &Url) -> Option<Url> {
    const CALL: &str = "createPageHTML(";
    let mut scripts = page.root_element().descendent_elements().filter(|element| element.value().name() == "script");
    scripts.find_map(|script| {
        let mut texts = script.text();
        let call = texts.find_map(|text| {
            // The script may define what it calls.
            text.match_indices(CALL).find_map(|(at, _)| {
                let told = text.get(at + CALL.len()..)?.split_once(')')?.0;
                let told: Vec<&str> = told.split(',').map(str::trim).take(8).collect();
                let first = told.iter().position(|part| part.parse::<u32>().is_ok())?;
                match told.get(first..)? {
                    [pages, current, name, extension, ..] => Some((
                        pages.parse::<u32>().ok()?,
                        current.parse::<u32>().ok()?,
                        quoted(name)?,
                        quoted(extension)?,
                    )),
                    _ => None,
                }
            })
        });
        let (pages, current, name, extension) = call?;
        let next = current.checked_add(1).filter(|next| *next < pages)?;
        base.join(&format!("{name}_{next}.{extension}")).ok()
    })
}

/// What stands in quotes: part of an address, and nothing else.
fn quoted(text: &str) -> Option<&str> {
    let inner = text.strip_prefix(['"', '\''])?.strip_suffix(['"', '\''])?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (!inner.is_empty() && inner.len() <= 100 && inner.chars().all(is_name)).then_some(inner)
}

/// A selector of the link to the next page that needs no words. `None`: only its words tell it.
pub(super) fn selector(page: &Html, base: &Url, entries: &HashSet<NodeId>) -> Option<String> {
    let (element, url) = link(page, base, None, entries)?;
    let class = element.value().classes().find(|class| is_named_next(class));
    let tag = element.value().name();
    let above = element.parent().and_then(ElementRef::wrap);
    let above = above.and_then(|above| above.value().classes().find(|class| is_named_next(class)));
    let written = [
        element.attr("rel").map(|_| format!("{tag}[rel~=\"next\"]")),
        class.map(|class| format!("{tag}.{class}")),
        above.map(|class| format!(".{class} > {tag}")),
    ];
    let same = |selector: &String| link(page, base, Some(selector), entries).is_some_and(|(_, other)| other == url);
    written.into_iter().flatten().find(same)
}

fn is_named_next(class: &str) -> bool {
    let is_plain = class.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    is_plain && class.starts_with(|c: char| c.is_ascii_alphabetic()) && class.to_ascii_lowercase().contains("next")
}

fn says_next(element: ElementRef<'_>) -> bool {
    let text = words::line(element);
    if text.len() > 40 {
        return false;
    }
    let label = if text.is_empty() { element.attr("title").or_else(|| element.attr("aria-label")) } else { None };
    let said = label.unwrap_or(&text).to_lowercase();
    let plain = said.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(
        plain,
        "下页"
            | "下一页"
            | "下頁"
            | "下一頁"
            | "后一页"
            | "后页"
            | "next"
            | "next page"
            | "go to next page"
            | "older"
            | "older posts"
            | "older entries"
            | "older news"
            | "more news"
            | "次へ"
            | "次のページ"
            | "次"
            | "다음"
            | "다음 페이지"
            | "weiter"
            | "nächste"
            | "nächste seite"
            | "suivant"
            | "page suivante"
            | "siguiente"
            | "página siguiente"
            | "successivo"
            | "próximo"
            | "volgende"
            | "следующая"
            | "дальше"
    )
}
