//! The state that pages made by scripts bring along as JSON, to be shown again without asking.

use memchr::memchr2;
use scraper::{ElementRef, Html};
use url::Url;

use super::super::Policy;
use super::super::json::{Value, unescaped};
use super::{Listing, NoList, json, select};
use crate::source::Select;

/// Scripts of a page that are looked at.
const MOST: usize = 64;
/// Bytes below which no list is in a script.
const SMALLEST: usize = 64;
/// How much a list must look like news: states hold menus, too.
const ENOUGH: f32 = 0.5;
/// Assignments of one page that are followed: each may read to the end of its script.
const MOST_ASSIGNED: usize = 16;

/// Whether a page has a script that is one, or assigns one.
pub(super) fn is_in(page: &Html) -> bool {
    scripts(page).any(|(_, script, text)| match kind(script) {
        Some(Kind::Data) => text.trim_start().starts_with(['{', '[']),
        Some(Kind::Code) => assignments(&text).next().is_some(),
        None => false,
    })
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
    let listing = json::read(&all, &select::base_of(page, address), select, policy)?;
    let looks_like_news = || listing.way.select.link.is_some() && listing.confidence >= ENOUGH;
    if select.item.is_some() || looks_like_news() { Ok(listing) } else { Err(NoList::Nothing) }
}

/// What a script holds.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Data,
    Code,
}

fn kind(script: ElementRef<'_>) -> Option<Kind> {
    match script.attr("type").unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" => Some(Kind::Data),
        "" | "text/javascript" | "module" | "application/javascript" => Some(Kind::Code),
        _ => None,
    }
}

/// The scripts of a page that may hold a list, each with its number and text.
fn scripts(page: &Html) -> impl Iterator<Item = (usize, ElementRef<'_>, String)> {
    let scripts = page.root_element().descendent_elements().filter(|element| element.value().name() == "script");
    let told = scripts.enumerate().map(|(at, script)| (at, script, script.text().collect::<String>()));
    told.filter(|(_, _, text)| text.len() >= SMALLEST)
}

/// The states of a page, each with its name.
fn states(page: &Html) -> Vec<(String, String)> {
    let mut states = Vec::new();
    let (mut left, mut room) = (MOST_ASSIGNED, LARGEST);
    for (at, script, text) in scripts(page) {
        if states.len() >= MOST {
            break;
        }
        match kind(script) {
            Some(Kind::Data) => states.extend(own(script, at, &text, &mut room)),
            Some(Kind::Code) => assigned(&text, &mut left, &mut states),
            None => {}
        }
    }
    states
}

/// The state that a script is.
fn own(script: ElementRef<'_>, at: usize, text: &str, room: &mut usize) -> Option<(String, String)> {
    let value = Value::first(text).filter(|value| value.closed && value.text.starts_with(['{', '[']))?;
    let id = script.attr("id").map(|id| id.replace(['"', '\\'], "")).filter(|id| !id.is_empty());
    let name = id.unwrap_or_else(|| format!("script{at}"));
    let whole = flattened(value, room).unwrap_or_else(|| value.text.to_owned());
    Some((name, whole))
}

/// The states that a script assigns: `window.__STATE__ = {…}`, `window.__STATE__ = JSON.parse("…")`.
fn assigned(script: &str, left: &mut usize, states: &mut Vec<(String, String)>) {
    let mut end = script.len();
    for (name, behind) in assignments(script) {
        // What stands in a state is no state of its own.
        if behind.len() > end {
            continue;
        }
        if *left == 0 {
            return;
        }
        *left -= 1;
        let (text, rest) = match behind.strip_prefix(PARSED) {
            Some(literal) => match quoted(literal) {
                Some((inside, rest)) => (unescaped(inside).unwrap_or_default(), rest),
                None => continue,
            },
            None => match Value::first(behind).filter(|value| value.closed) {
                Some(value) => (value.text.to_owned(), behind.get(value.text.len()..).unwrap_or_default()),
                None => continue,
            },
        };
        end = rest.len();
        let is_json = Value::first(&text).is_some_and(|value| value.closed && value.text.starts_with(['{', '[']));
        if text.len() >= SMALLEST && is_json {
            states.push((name.to_owned(), text));
        }
    }
}

/// What stands before a state that is written as a text.
const PARSED: &str = "JSON.parse(";

/// The names that a script gives to what may be a state, each with what is behind its `=`.
fn assignments(script: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = script;
    let assignments = std::iter::from_fn(move || {
        let (before, behind) = rest.split_once('=')?;
        rest = behind;
        Some((before, behind.trim_start()))
    });
    assignments.filter_map(|(before, behind)| {
        let name = before.trim_end().trim_end_matches(['"', '\'', ']']);
        let start = name.rfind(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '$')).map_or(0, |at| at + 1);
        let (around, name) = name.split_at_checked(start).unwrap_or(("", name));
        let is_state = ["window.", "window['", "window[\""].iter().any(|window| around.ends_with(window));
        let opens = match behind.strip_prefix(PARSED) {
            Some(literal) => literal.starts_with(['"', '\'']),
            None => behind.starts_with(['{', '[']),
        };
        ((is_state || name.starts_with("__")) && !name.is_empty() && opens).then_some((name, behind))
    })
}

/// What stands between the quotes that a text begins with, as written, and what is behind (ECMAScript, "String Literals").
fn quoted(text: &str) -> Option<(&str, &str)> {
    let mark = *text.as_bytes().first()?;
    let mut at = 1;
    loop {
        at += memchr2(mark, b'\\', text.as_bytes().get(at..)?)?;
        if text.as_bytes().get(at) == Some(&mark) {
            return Some((text.get(1..at)?, text.get(at + 1..)?));
        }
        at += 2;
    }
}

/// Values of a flat table that are looked at.
const MOST_VALUES: usize = 50_000;
/// Bytes that the flat tables of a page may grow to, with those of the objects that are read for it.
const LARGEST: usize = 4 * 1024 * 1024;

/// The lists in a flat table, as Nuxt 3 writes its state: an array in which each array and object names its parts by their
/// places in it. Lists of objects are put together again, with what is no list or object in them, as long as there is room.
/// `None`: it is no such table.
fn flattened(value: Value<'_>, room: &mut usize) -> Option<String> {
    let table: Vec<Value<'_>> = value.elements().take(MOST_VALUES).collect();
    let place = |value: &Value<'_>| value.number()?.parse::<usize>().ok();
    let part = |value: &Value<'_>| table.get(place(value)?).copied();
    let is_object = |value: &Value<'_>| value.text.starts_with('{');
    // Its first value is the root, an object of nothing but places, in an array that says how it reacts.
    let first = table.first().filter(|first| first.text.starts_with(['{', '[']))?;
    let inner = if is_object(first) { *first } else { part(&first.elements().nth(1)?)? };
    inner.members().next().filter(|(_, value)| place(value).is_some())?;
    let mut lists = Vec::new();
    for list in table.iter().filter(|value| value.text.starts_with('[')) {
        let objects: Vec<Value<'_>> = list.elements().map_while(|value| part(&value).filter(is_object)).collect();
        if objects.len() < 2 {
            continue;
        }
        // An object may be named again and again, as may what is in it.
        let objects = objects.into_iter().map_while(|object| {
            *room = room.checked_sub(object.text.len())?;
            let members = object.members().filter_map(|(key, value)| {
                let value = part(&value).filter(|value| !value.text.starts_with(['[', '{']))?;
                *room = room.checked_sub(value.text.len())?;
                Some(format!("{}:{}", serde_json::Value::String(key), value.text))
            });
            Some(format!("{{{}}}", members.collect::<Vec<_>>().join(",")))
        });
        lists.push(format!("[{}]", objects.collect::<Vec<_>>().join(",")));
    }
    Some(format!("[{}]", lists.join(",")))
}

#[cfg(test)]
mod tests {
    use super::super::super::guard;
    use super::*;

    fn news(page: &str, select: &Select) -> Result<Vec<String>, NoList> {
        let address = Url::parse("https://www.harbour.example/news").expect("an address");
        let now = "2026-03-01T12:00:00Z".parse().expect("a time");
        let policy = Policy { now, timezone: "Asia/Shanghai".parse().unwrap() };
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
    fn a_slug_that_is_a_path_is_an_address() {
        let rows = ROWS.replace("\"slug\": \"x\", \"href\": \"/n/1\"", "\"slug\": \"/n/1\"");
        let rows = rows.replace("\"slug\": \"y\", \"href\": \"/n/2\"", "\"slug\": \"/n/2\"");
        check(&format!("<script>window.__A = {{\"list\": {rows}}}</script>"), "/__A/list");
        let names = rows.replace("/n/1", "new-pier.v2").replace("/n/2", "tide-lab.v2");
        let page = format!("<script>window.__A = {{\"list\": {names}}}</script>");
        assert_eq!(news(&page, &Select::default()), Err(NoList::Nothing), "nobody tells where a name is");
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
    fn texts_in_either_quotes_are_parsed() {
        let rows = ROWS.replace("harbour lab", "harbour\'s lab").replace('\n', "");
        let escaped = rows.replace('\'', "\\'");
        check(&format!("<script>window.__STATE__=JSON.parse('{{\"list\": {escaped}}}');</script>"), "/__STATE__/list");
        assert_eq!(quoted(r"'a\\' b'"), Some((r"a\\", " b'")));
        assert_eq!(quoted(r"'a\' b"), None);
    }

    #[test]
    fn states_are_read_from_where_the_page_says() {
        let page = format!(
            "<base href=https://www.harbour.example/site/><script type=application/json>{}</script>",
            ROWS.replace("/n/", "n/")
        );
        let links = news(&page, &Select::default()).expect("a list");
        assert_eq!(links[1], "https://www.harbour.example/site/n/1");
    }

    #[test]
    fn assignments_without_end_cost_little() {
        // Each of them reads to the end of the script, so that few may.
        let behind =
            |endless: usize| format!("<script>{}</script><script>__b={ROWS}</script>", "__a={[".repeat(endless));
        assert!(news(&behind(MOST_ASSIGNED - 1), &Select::default()).is_ok());
        assert_eq!(news(&behind(MOST_ASSIGNED), &Select::default()), Err(NoList::Nothing));
    }

    #[test]
    fn tables_that_name_one_value_again_and_again_stay_small() {
        // Places that lead round in a circle, and lists that name one object, and objects that name one text.
        let (many, long) = (vec!["2"; 5_000].join(","), "long ".repeat(20_000));
        let keys = (0..5_000).map(|at| format!("\"k{at}\": 3,")).collect::<Vec<_>>().concat();
        for object in ["\"title\": 3,", keys.as_str(), &"\"x\": 1,".repeat(20_000)] {
            let table = format!("[{{\"a\": 1}}, [{many}], {{{object} \"b\": 1}}, \"{long}\"]");
            let mut room = LARGEST;
            let text = flattened(Value::first(&table).expect("a value"), &mut room).expect("a table");
            assert!(text.len() < LARGEST + table.len(), "{} bytes", text.len());
            assert!(room < table.len(), "what is read is counted: {room} bytes are left");
        }
    }

    #[test]
    fn whether_there_is_a_state_is_told_by_its_script() {
        let is_in = |page: &str| is_in(&guard::parse_document(page));
        let long = "x".repeat(SMALLEST);
        assert!(is_in(&format!("<script type=application/json>{{\"a\": \"{long}\"}}</script>")));
        assert!(is_in(&format!("<script>window.__A = {{\"a\": \"{long}\"}}</script>")));
        assert!(!is_in(&format!("<script>var a = {{\"a\": \"{long}\"}}</script>")));
        assert!(!is_in(&format!("<script type=text/template>{{\"a\": \"{long}\"}}</script>")));
        assert!(!is_in("<script type=application/json>{}</script>"));
    }
}
