//! The state that pages made by scripts bring along as JSON, to be shown again without asking.

use scraper::{ElementRef, Html};
use url::Url;

use super::super::Policy;
use super::super::json::Value;
use super::{Listing, NoList, json};
use crate::source::Select;

/// Scripts of a page that are looked at.
const MOST: usize = 64;
/// Bytes below which no list is in a script.
const SMALLEST: usize = 64;
/// How much a list must look like news: states hold menus, too.
const ENOUGH: f32 = 0.5;
/// Assignments of one page that are followed: each may read to the end of its script.
const MOST_ASSIGNED: usize = 16;

/// Whether a page has any.
pub(super) fn is_in(page: &Html) -> bool {
    !states(page).is_empty()
}

/// Reads the list that is in the state of a page. All its states are one object to the pointers of `select`, each by its
/// name: the `id` of its script, or the name that it is assigned to (`/__NEXT_DATA__/props/pageProps/news`).
///
/// # Errors
/// See [`json::read`]; what has no addresses, or looks little like news, is not taken for a list unless somebody has written where it is.
pub(super) fn read(page: &Html, address: &Url, select: &Select, policy: Policy) -> Result<Listing, NoList> {
    let mut all = String::from("{");
    for (name, text) in states(page) {
        all.push_str(if all.len() > 1 { "," } else { "" });
        all.extend(["\"", name.as_str(), "\":", text.as_str()]);
    }
    all.push('}');
    let listing = json::read(&all, address, select, policy)?;
    let looks_like_news = || listing.way.select.link.is_some() && listing.confidence >= ENOUGH;
    if select.item.is_some() || looks_like_news() { Ok(listing) } else { Err(NoList::Nothing) }
}

/// The states of a page, each with its name.
fn states(page: &Html) -> Vec<(String, String)> {
    let mut states = Vec::new();
    let mut left = MOST_ASSIGNED;
    let scripts = page.root_element().descendent_elements().filter(|element| element.value().name() == "script");
    for (at, script) in scripts.enumerate() {
        if states.len() >= MOST {
            break;
        }
        let text: String = script.text().collect();
        if text.len() < SMALLEST {
            continue;
        }
        match script.attr("type").unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "application/json" => states.extend(own(script, at, &text)),
            "" | "text/javascript" | "module" | "application/javascript" => assigned(&text, &mut left, &mut states),
            _ => {}
        }
    }
    states
}

/// The state that a script is.
fn own(script: ElementRef<'_>, at: usize, text: &str) -> Option<(String, String)> {
    let value = Value::first(text).filter(|value| value.closed && value.text.starts_with(['{', '[']))?;
    let id = script.attr("id").map(|id| id.replace(['"', '\\'], "")).filter(|id| !id.is_empty());
    let name = id.unwrap_or_else(|| format!("script{at}"));
    let whole = flattened(value).unwrap_or_else(|| value.text.to_owned());
    Some((name, whole))
}

/// The states that a script assigns: `window.__STATE__ = {…}`, `window.__STATE__ = JSON.parse("…")`.
fn assigned(script: &str, left: &mut usize, states: &mut Vec<(String, String)>) {
    let mut rest = script;
    while let Some((before, behind)) = rest.split_once('=') {
        rest = behind;
        let value = behind.trim_start();
        let (value, is_text) = value.strip_prefix("JSON.parse(").map_or((value, false), |value| (value, true));
        let name = before.trim_end().trim_end_matches(['"', '\'', ']']);
        let start = name.rfind(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '$')).map_or(0, |at| at + 1);
        let (around, name) = name.split_at_checked(start).unwrap_or(("", name));
        let is_state = around.ends_with("window.") || around.ends_with("window['") || around.ends_with("window[\"");
        let opens = if is_text { value.starts_with('"') } else { value.starts_with(['{', '[']) };
        if !(is_state || name.starts_with("__")) || name.is_empty() || !opens {
            continue;
        }
        if *left == 0 {
            return;
        }
        *left -= 1;
        let Some(found) = Value::first(value).filter(|found| found.closed) else { continue };
        rest = value.get(found.text.len()..).unwrap_or_default();
        let text = if is_text { found.string().unwrap_or_default() } else { found.text.to_owned() };
        let is_json = Value::first(&text).is_some_and(|value| value.closed && value.text.starts_with(['{', '[']));
        if text.len() >= SMALLEST && is_json {
            states.push((name.to_owned(), text));
        }
    }
}

/// Values of a flat table that are looked at.
const MOST_VALUES: usize = 50_000;
/// Bytes that a flat table may grow to.
const LARGEST: usize = 4 * 1024 * 1024;

/// The lists in a flat table, as Nuxt 3 writes its state: an array in which each array and object names its parts by their
/// places in it. Lists of objects are put together again, with what is no list or object in them. `None`: it is no such table.
fn flattened(value: Value<'_>) -> Option<String> {
    let table: Vec<Value<'_>> = value.elements().take(MOST_VALUES).collect();
    let place = |value: &Value<'_>| value.number()?.parse::<usize>().ok();
    let part = |value: &Value<'_>| table.get(place(value)?).copied();
    let is_object = |value: &Value<'_>| value.text.starts_with('{');
    // Its first value is the root, an object of nothing but places, in an array that says how it reacts.
    let first = table.first().filter(|first| first.text.starts_with(['{', '[']))?;
    let inner = if is_object(first) { *first } else { part(&first.elements().nth(1)?)? };
    inner.members().next().filter(|(_, value)| place(value).is_some())?;
    let mut out = String::from("[");
    for list in table.iter().filter(|value| value.text.starts_with('[')) {
        let objects: Vec<Value<'_>> = list.elements().map_while(|value| part(&value).filter(is_object)).collect();
        if objects.len() < 2 {
            continue;
        }
        out.push_str(if out.len() > 1 { ",[" } else { "[" });
        for (at, object) in objects.iter().enumerate() {
            out.push_str(if at > 0 { ",{" } else { "{" });
            let mut comma = "";
            for (key, value) in object.members() {
                let Some(value) = part(&value).filter(|value| !value.text.starts_with(['[', '{'])) else { continue };
                let key = serde_json::Value::String(key).to_string();
                out.extend([comma, key.as_str(), ":", value.text]);
                comma = ",";
            }
            out.push('}');
            if out.len() > LARGEST {
                out.push_str("]]");
                return Some(out);
            }
        }
        out.push(']');
    }
    out.push(']');
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::super::guard;
    use super::*;

    fn news(page: &str, select: &Select) -> Result<Vec<String>, NoList> {
        let address = Url::parse("https://www.harbour.example/news").expect("an address");
        let now = "2026-03-01T12:00:00Z".parse().expect("a time");
        let policy = Policy { now, timezone: chrono_tz::Asia::Shanghai };
        let listing = read(&guard::parse_document(page), &address, select, policy)?;
        let item = listing.way.select.item.unwrap_or_default();
        let links = listing.feed.entries.into_iter().filter_map(|entry| entry.facts.link);
        Ok(std::iter::once(item).chain(links).collect())
    }

    const ROWS: &str = r#"[{"title": "The new pier is open to all", "slug": "x", "href": "/n/1", "date": "2026-02-03"},
        {"title": "The harbour lab measures the tide", "slug": "y", "href": "/n/2", "date": "2026-02-01"}]"#;

    #[track_caller]
    fn check(page: &str, item: &str) {
        let links = ["https://www.harbour.example/n/1", "https://www.harbour.example/n/2"];
        assert_eq!(
            news(page, &Select::default()),
            Ok([&[item], links.as_slice()].concat().into_iter().map(str::to_owned).collect())
        );
    }

    #[test]
    fn states_are_found_by_their_names() {
        let menu = r#"[{"title": "Home", "href": "/"}, {"title": "Study", "href": "/study"}, {"title": "Staff", "href": "/staff"}]"#;
        let next = format!(r#"{{"props": {{"pageProps": {{"menu": {menu}, "news": {ROWS}}}}}}}"#);
        check(
            &format!("<script id=__NEXT_DATA__ type=application/json>{next}</script>"),
            "/__NEXT_DATA__/props/pageProps/news",
        );
        check(
            &format!("<script>window.__NUXT__ = {{\"data\": [{{\"list\": {ROWS}}}]}};</script>"),
            "/__NUXT__/data/0/list",
        );
        check(&format!("<script>var a = 1; window['__STATE__']={{\"list\":{ROWS}}}</script>"), "/__STATE__/list");
        let quoted = serde_json::Value::String(format!("{{\"list\": {ROWS}}}"));
        check(&format!("<script>window.__STATE__ = JSON.parse({quoted})</script>"), "/__STATE__/list");
        check(&format!("<script></script><script type=application/json>{ROWS}</script>"), "/script1");
    }

    #[test]
    fn flat_tables_are_put_together() {
        let table = r#"[["ShallowReactive", 1], {"data": 2}, {"list": 3}, [4, 5],
            {"title": 6, "href": 7, "date": 8}, {"title": 9, "href": 10, "date": 8},
            "The new pier is open to all", "/n/1", "2026-02-03", "The harbour lab measures the tide", "/n/2"]"#;
        check(&format!("<script type=application/json id=__NUXT_DATA__>{table}</script>"), "/__NUXT_DATA__/0");
    }

    #[test]
    fn menus_and_scripts_are_no_news() {
        let menu = r#"{"menu": [{"title": "Home", "href": "/"}, {"title": "Study", "href": "/study"}, {"title": "Staff", "href": "/staff"}]}"#;
        let page = format!("<script type=application/json>{menu}</script>");
        assert_eq!(news(&page, &Select::default()), Err(NoList::Nothing));
        let written = Select { item: Some("/script0/menu".to_owned()), ..Select::default() };
        assert_eq!(news(&page, &written).map(|found| found.len()), Ok(4));
        let code = "<script>window.go = {title: 'The new pier is open', url: '/n/1', date: '2026-02-03', more: [1, 2, 3]}</script>";
        assert_eq!(news(code, &Select::default()), Err(NoList::Nothing));
    }

    #[test]
    fn assignments_without_end_cost_little() {
        let page = format!("<script>{}</script>", "__a={[".repeat(200_000));
        assert_eq!(news(&page, &Select::default()), Err(NoList::Nothing));
        // Places that lead round in a circle, and lists that name one object again and again.
        let circle = format!(
            "[{{\"a\": 1}}, [2, 2, {}], {{\"title\": 3, \"b\": 1}}, \"{}\"]",
            vec!["2"; 5_000].join(","),
            "long ".repeat(2_000)
        );
        assert!(flattened(Value::first(&circle).expect("a value")).is_some_and(|text| text.len() < LARGEST + 100_000));
    }
}
