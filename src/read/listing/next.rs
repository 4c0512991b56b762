//! Where a list goes on: the link to its next page, which is followed and never computed, for pages may be counted down.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::super::prose;
use super::{address, words};

/// The link to the next page of a list, and the element that holds it: the one that is selected, else one that says
/// so by `rel=next` (HTML, "Link type next"), in its words or those for who cannot see it, by its class, or by its number. `entries` are the links of the list itself, which lead
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
    let anchors = || elements().filter(|element| element.value().name() == "a");
    let said = anchors().filter(|element| says_next(*element)).filter_map(leads).last();
    let named = || anchors().filter(|element| is_arrow(*element)).filter_map(leads).last();
    said.or_else(named).or_else(|| counted(page, base, entries))
}

/// Whether a link has no words but a sign, and is named for what comes next, itself or what it lies in.
fn is_arrow(element: ElementRef<'_>) -> bool {
    let above = element.parent().and_then(ElementRef::wrap);
    let is_next = |element: ElementRef<'_>| {
        let mut words = element.value().classes().flat_map(|class| class.split(['-', '_']));
        words.any(|word| word.eq_ignore_ascii_case("next"))
    };
    let is_pager = |element: ElementRef<'_>| {
        element.value().classes().any(|class| {
            let class = class.to_ascii_lowercase();
            ["pag", "pager", "nav-links"].iter().any(|name| class.contains(name))
        })
    };
    // Slides have such arrows, too.
    let is_of_pages = || element.ancestors().filter_map(ElementRef::wrap).take(5).any(is_pager);
    words::letters(&words::line(element)) == 0 && (is_next(element) || above.is_some_and(is_next)) && is_of_pages()
}

/// Links with a number that are looked at, the last of a page.
const MOST_NUMBERS: usize = 200;

/// Whether an element is a week of a calendar: its numbers are days.
fn is_week(pager: ElementRef<'_>) -> bool {
    pager.value().name() == "tr" && pager.child_elements().take(8).count() == 7
}

/// The link to the next page where pages have nothing but numbers: that of the number behind the one that leads nowhere, or to this
/// page. Its neighbours lead to addresses that differ from its own in figures only.
fn counted<'p>(page: &'p Html, base: &Url, entries: &HashSet<NodeId>) -> Option<(ElementRef<'p>, Url)> {
    let number = |element: ElementRef<'_>| words::line(element).parse::<u32>().ok().filter(|number| *number < 10_000);
    let numbered = |element: ElementRef<'p>| {
        let leads = || element.attr("href").and_then(|href| address::target(base, href));
        Some((element, number(element)?, leads().filter(|url| address::is_near(url, base))?))
    };
    let anchors = page.root_element().descendent_elements().filter(|element| element.value().name() == "a");
    let anchors = anchors.filter(|element| !entries.contains(&element.id())).filter_map(numbered);
    let mut links: Vec<(ElementRef<'p>, u32, Url)> = anchors.collect();
    links.drain(..links.len().saturating_sub(MOST_NUMBERS));
    let figures = |url: &Url| {
        let mut shape = String::new();
        for c in url.as_str().chars() {
            match c {
                '0'..='9' if shape.ends_with('#') => {}
                '0'..='9' => shape.push('#'),
                c => shape.push(c),
            }
        }
        shape
    };
    links.iter().rev().find_map(|(element, wanted, url)| {
        // The nearest that holds more than this number holds the others.
        let mut above = element.ancestors().filter_map(ElementRef::wrap);
        let pager = above.find(|above| words::letters(&words::line(*above)) > wanted.to_string().len())?;
        if is_week(pager) || prose::date_of_path(url.path()).is_some() {
            return None;
        }
        let current = wanted.checked_sub(1).filter(|current| *current > 0)?;
        let text = words::line(pager);
        let mut shown = text.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.parse::<u32>().ok());
        let others: Vec<&(ElementRef<'p>, u32, Url)> =
            links.iter().filter(|(other, ..)| other.ancestors().any(|above| above.id() == pager.id())).collect();
        let leads_away = others.iter().any(|(_, number, other)| *number == current && other != base);
        let is_own = || others.iter().any(|(_, number, other)| *number == current && other == base);
        let unlinked = !leads_away && (is_own() || shown.any(|number| number == current));
        let is_alike = others.iter().any(|(_, number, other)| number != wanted && figures(other) == figures(url))
            || figures(base) == figures(url)
            || others.len() == 1;
        (unlinked && is_alike && url != base).then(|| (*element, url.clone()))
    })
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
    let pictured = || element.descendent_elements().skip(1).take(4).find_map(|part| part.attr("alt"));
    // A sign tells nothing by itself.
    let label = if words::letters(&text) == 0 {
        element.attr("aria-label").or_else(|| element.attr("title")).or_else(pictured)
    } else {
        None
    };
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
            | "próxima"
            | "próxima página"
            | "след"
            | "sonraki"
            | "następna"
            | "التالي"
            | "load more"
            | "volgende"
            | "следующая"
            | "дальше"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn next(page: &str, at: &str) -> Option<String> {
        let base = Url::parse("http://sea.example/news/").and_then(|base| base.join(at)).expect("an address");
        let page = Html::parse_document(page);
        link(&page, &base, None, &HashSet::new()).map(|(_, url)| url.to_string())
    }

    #[test]
    fn pages_that_are_only_numbered_go_on() {
        let pager = |current: u32| {
            let number =
                |at| if at == current { format!("<b>{at}</b> ") } else { format!("<a href='?page={at}'>{at}</a> ") };
            format!(
                "<ul><li><a href=/news/12>12</a></ul><div>{}</div>",
                (1..=3).map(number).collect::<Vec<_>>().concat()
            )
        };
        assert_eq!(next(&pager(1), "").as_deref(), Some("http://sea.example/news/?page=2"));
        assert_eq!(next(&pager(2), "?page=2").as_deref(), Some("http://sea.example/news/?page=3"));
        assert_eq!(next(&pager(3), "?page=3"), None);
        let all = "<p><a href='?page=1'>1</a> <a href='?page=2'>2</a> <a href='?page=3'>3</a></p>";
        assert_eq!(next(all, "?page=2").as_deref(), Some("http://sea.example/news/?page=3"));
        assert_eq!(next("<p><a href=/a/2025>2025</a> <a href=/a/2024>2024</a></p>", ""), None, "years");
        let week = "<table><tr><td>9<td>10<td>11<td><a href=/events?day=12>12</a><td>13<td>14<td>15</table>";
        assert_eq!(next(week, ""), None, "a calendar");
        assert_eq!(next("<p>11 <a href=/2026/11/12/>12</a> 13</p>", ""), None, "a day");
    }

    #[test]
    fn signs_lead_on_where_something_says_so() {
        for link in [
            "<a href=b aria-label='Next page'>›</a>",
            "<a href=b title='Next'>»</a>",
            "<a href=b><img alt='Next page'></a>",
            "<ul class=pagination><li class=next><a href=b><i></i></a></ul>",
            "<a href=b>Próxima »</a>",
        ] {
            assert_eq!(next(link, "").as_deref(), Some("http://sea.example/news/b"), "{link}");
        }
        for link in [
            "<div class=slider><a class=next href=b>›</a></div>",
            "<a href=b>›</a>",
            "<a href=b title='Previous'>‹</a>",
        ] {
            assert_eq!(next(link, ""), None, "{link}");
        }
    }
}
