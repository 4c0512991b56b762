//! Lists as JSON: read by pointers (RFC 6901), those that somebody wrote or those that are found by the names of keys.

use std::collections::HashSet;

use url::Url;

use super::super::Policy;
use super::super::date::{self, Context};
use super::super::feed::{Category, Entry, Feed, Link, Markup, Person, Text, is_evidently_html};
use super::super::json::Value;
use super::{Form, Listing, NoList, Way, fields};
use crate::draft::When;
use crate::source::Select;

/// Entries of one list; more are left out.
const MOST: usize = 1_000;
/// How deep in a document lists are sought.
const DEEPEST: usize = 12;
/// Values of a document that are looked at when lists are sought.
const MOST_VALUES: usize = 100_000;
/// Bytes of one key.
const LONGEST_KEY: usize = 256;
/// Names or labels of one entry.
const MOST_NAMES: usize = 32;

/// Whether a selector is a pointer into JSON: CSS never begins so.
pub(super) fn is_pointer(selector: &str) -> bool {
    selector.starts_with('/')
}

/// Whether a text is JSON and no page.
pub(super) fn is_json(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    start.starts_with(['{', '['])
}

/// Reads a list. What `select` does not tell is found: the array of objects that look most like news, and in them the
/// keys of title, link, date, summary, picture and text. An address may be written with pointers in it:
/// `https://a.example/show?id={/id}`. What cannot be read is left out of its entry, never the entry. Nothing recurses, and
/// time is linear in the text.
///
/// # Errors
/// [`NoList::NoMatch`] when nothing is where `item` points, [`NoList::Empty`] when an empty array is there,
/// [`NoList::Nothing`] when no array looks like news.
pub(super) fn read(text: &str, address: &Url, select: &Select, policy: Policy) -> Result<Listing, NoList> {
    let whole = Value::first(text.trim_start_matches('\u{feff}')).ok_or(NoList::Nothing)?;
    let (records, select, confidence) = match select.item.as_deref() {
        Some(item) => {
            let array = at(whole, item).ok_or_else(|| NoList::NoMatch(item.to_owned()))?;
            let records = records(array);
            if records.is_empty() {
                return Err(NoList::Empty);
            }
            let (select, _) = fields::complete(&records, select, address, policy);
            (records, select, 1.0)
        }
        None => find(whole, select, address, policy)?,
    };
    let mut feed = Feed { partial: !whole.closed, ..Feed::default() };
    feed.entries = records.iter().take(MOST).map(|record| entry(*record, &select, address, policy)).collect();
    if records.len() > MOST {
        feed.notes.push(format!("has more than {MOST} entries: the rest is left out"));
    }
    if feed.entries.iter().all(|entry| entry.facts.link.is_none()) {
        let next =
            "its entries have no address: give link = \"https://…{/id}\", with the pointer to their number in it";
        feed.notes.push(next.to_owned());
    }
    let next = next_page(whole, address, select.next.as_deref(), feed.entries.len());
    let way = Way::new(Form::Json, None, select);
    Ok(Listing { feed, way, next, confidence, rejected: Vec::new(), is_bare: false })
}

/// The value that a pointer leads to (RFC 6901 §4). The empty pointer leads to all, as does a lone `/`, which people
/// write for it.
pub(super) fn at<'t>(value: Value<'t>, pointer: &str) -> Option<Value<'t>> {
    let mut value = Some(value).filter(|_| pointer.is_empty() || is_pointer(pointer))?;
    let pointer = if pointer == "/" { "" } else { pointer };
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        value = if value.text.starts_with('[') {
            value.elements().nth(part.parse().ok()?)?
        } else {
            value.members().find(|(key, _)| *key == part)?.1
        };
    }
    Some(value)
}

/// The objects of an array that are whole. One object by itself is a list of one.
fn records(array: Value<'_>) -> Vec<Value<'_>> {
    let is_object = |value: &Value<'_>| value.closed && value.text.starts_with('{');
    if is_object(&array) {
        return vec![array];
    }
    array.elements().filter(is_object).take(MOST + 1).collect()
}

/// A list that was found: its entries, where their parts are, and how sure that is.
type Found<'t> = (Vec<Value<'t>>, Select, f32);

/// The array whose objects look most like news.
fn find<'t>(whole: Value<'t>, written: &Select, address: &Url, policy: Policy) -> Result<Found<'t>, NoList> {
    let mut best: Option<(f32, Found<'t>)> = None;
    let places = places(whole);
    for place in places.iter().filter(|place| place.value.text.starts_with('[')) {
        let records = records(place.value);
        let (mut select, score) = fields::complete(&records, written, address, policy);
        if score > best.as_ref().map_or(0.0, |(best, _)| *best) {
            let pointer = place.pointer(&places);
            select.item = Some(if pointer.is_empty() { "/".to_owned() } else { pointer });
            best = Some((score, (records, select, (score / 10.0).min(1.0))));
        }
    }
    best.map(|(_, found)| found).ok_or(NoList::Nothing)
}

/// An array or object of a document, and the way to it.
struct Place<'t> {
    value: Value<'t>,
    /// Its key or number in what is above it.
    key: String,
    /// Which of the places is above it. `None`: it is the whole.
    above: Option<usize>,
    depth: usize,
}

impl Place<'_> {
    fn pointer(&self, places: &[Place<'_>]) -> String {
        let mut parts = Vec::new();
        let mut place = Some(self);
        while let Some((above, inner)) = place.and_then(|inner| Some((inner.above?, inner))) {
            parts.push(inner.key.as_str());
            place = places.get(above);
        }
        parts.iter().rev().fold(String::new(), |pointer, key| below(&pointer, key))
    }
}

/// The arrays and objects of a document, those that are less deep first. Each keeps its own key alone, so that they are as
/// large as the document and no larger.
fn places(whole: Value<'_>) -> Vec<Place<'_>> {
    let mut places = vec![Place { value: whole, key: String::new(), above: None, depth: 0 }];
    let (mut at, mut left) = (0, MOST_VALUES);
    while let Some(Place { value, depth, .. }) = places.get(at).filter(|place| place.depth + 1 < DEEPEST) {
        let (value, depth) = (*value, depth + 1);
        for (key, value) in children(value) {
            if left == 0 {
                return places;
            }
            left -= 1;
            // The pointer to an empty key at the top is that which people write for the whole.
            let is_told_apart = depth > 1 || !key.is_empty();
            if value.text.starts_with(['[', '{']) && is_told_apart {
                places.push(Place { value, key, above: Some(at), depth });
            }
        }
        at += 1;
    }
    places
}

/// The pointer to what has this key in the value that a pointer leads to (RFC 6901 §3).
pub(super) fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The values in a value, with their keys or numbers. What has a key longer than any that people write is left out.
pub(super) fn children(value: Value<'_>) -> impl Iterator<Item = (String, Value<'_>)> {
    let elements = value.elements().enumerate().map(|(at, value)| (at.to_string(), value));
    value.members().filter(|(key, _)| key.len() <= LONGEST_KEY).chain(elements)
}

fn entry(record: Value<'_>, select: &Select, address: &Url, policy: Policy) -> Entry {
    let mut entry = Entry::default();
    let facts = &mut entry.facts;
    let told = |pointer: &Option<String>| words(at(record, pointer.as_deref()?)?);
    facts.title = told(&select.title).map(|title| markup(&title, is_evidently_html(&title), address));
    facts.link = select.link.as_deref().and_then(|link| address_in(record, link, address));
    facts.links.extend(facts.link.clone().map(|href| Link { href, rel: "alternate".to_owned(), ..Link::default() }));
    facts.summary = told(&select.summary).map(|summary| markup(&summary, summary.contains('<'), address));
    facts.image = told(&select.image).and_then(|image| fields::address(&image, address)).map(String::from);
    facts.published = select.date.as_deref().and_then(|pointer| {
        let written = words(at(record, pointer)?)?;
        when(&written, pointer, select.date_format.as_deref(), policy)
    });
    entry.contents.extend(told(&select.content).map(|content| markup(&content, content.contains('<'), address)));
    further(record, select.title.as_deref(), &mut entry, policy);
    entry
}

/// What else stands beside the title: id, last change, people, labels.
fn further(record: Value<'_>, title: Option<&str>, entry: &mut Entry, policy: Policy) {
    let facts = &mut entry.facts;
    let within = title.and_then(|title| title.rsplit_once('/')).map_or("", |(within, _)| within);
    let beside = at(record, within).filter(|value| value.text.starts_with('{')).unwrap_or(record);
    // The title may be an object of its own, beside which there is nothing.
    let beside = if beside.members().count() < 3 { record } else { beside };
    for (key, value) in beside.members() {
        let name = fields::plain(&key);
        match name.as_str() {
            "guid" | "id" | "uuid" if facts.id.is_none() || name == "guid" => facts.id = words(value),
            "modified" | "updatedat" | "datemodified" | "updatetime" | "modifiedgmt"
                if facts.updated.is_none() || name == "modifiedgmt" =>
            {
                facts.updated = words(value).and_then(|written| when(&written, &key, None, policy));
            }
            "author" | "authors" | "byline" | "creator" | "publisher" if facts.authors.is_empty() => {
                facts.authors.extend(names(value).map(|name| Person { name: Some(name), ..Person::default() }));
            }
            "category" | "categories" | "tags" | "section" | "columnname" | "channelname" => {
                facts.categories.extend(names(value).map(|term| Category { term, scheme: None, label: None }));
            }
            // What WordPress names by numbers only, and adds in full when it is asked to (`_embed`).
            "embedded" => {
                let people = at(value, "/author").into_iter().flat_map(names);
                facts.authors.extend(people.map(|name| Person { name: Some(name), ..Person::default() }));
                let labels =
                    at(value, "/wp:term").into_iter().flat_map(|lists| lists.elements().take(4).collect::<Vec<_>>());
                let labels = labels.flat_map(names);
                facts.categories.extend(labels.map(|term| Category { term, scheme: None, label: None }));
            }
            _ => {}
        }
    }
}

/// The names in a value: a text, a list of texts, or objects with a name. Numbers name nothing.
pub(super) fn names(value: Value<'_>) -> impl Iterator<Item = String> {
    let single = (!value.text.starts_with('[')).then_some(value);
    let name = |value: Value<'_>| {
        let named = ["/name", "/title", "/label"].iter().find_map(|pointer| at(value, pointer)?.string());
        let name = value.string().or(named)?;
        let line = Text { markup: Markup::Html, ..Text::plain(&name) }.line();
        (!line.is_empty() && line.len() <= 200 && !line.contains("://")).then_some(line)
    };
    single.into_iter().chain(value.elements()).filter_map(name).take(MOST_NAMES)
}

/// The words that a value stands for: those of a text or a number; of an object, those of its most telling member.
pub(super) fn words(value: Value<'_>) -> Option<String> {
    let mut value = value;
    for _ in 0..4 {
        if value.text.starts_with('{') {
            value = fields::TELLING.iter().find_map(|key| value.members().find(|(name, _)| name == key))?.1;
        } else if value.text.starts_with('[') {
            value = value.elements().next()?;
        } else {
            break;
        }
    }
    let words = value.string().or_else(|| value.number())?;
    let words = words.trim();
    (!words.is_empty()).then(|| words.to_owned())
}

fn markup(words: &str, is_html: bool, address: &Url) -> Text {
    let markup = if is_html { Markup::Html } else { Markup::Plain };
    Text { markup, base: Some(std::sync::Arc::new(address.clone())), ..Text::plain(words) }
}

/// The address that a pointer leads to, or that is written with pointers in it.
fn address_in(record: Value<'_>, link: &str, base: &Url) -> Option<String> {
    let Some((before, _)) = link.split_once('{') else {
        return fields::address(&words(at(record, link)?)?, base).map(String::from);
    };
    let mut filled = before.to_owned();
    for part in link.split('{').skip(1) {
        let (pointer, behind) = part.split_once('}')?;
        let value = words(at(record, pointer)?)?;
        filled.extend(percent_encoding::utf8_percent_encode(&value, percent_encoding::NON_ALPHANUMERIC));
        filled.push_str(behind);
    }
    fields::address(&filled, base).map(String::from)
}

/// The date that a value tells: in the given form, else as machines or people write it. Keys that end in `gmt` or `utc`
/// tell the zone of their values.
pub(super) fn when(written: &str, pointer: &str, format: Option<&str>, policy: Policy) -> Option<When> {
    let context = Context::at(policy.local());
    // `/Date(1730000000000)/` is how the programs of one vendor write it.
    let written = written.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")).unwrap_or(written);
    let formatted = format.and_then(|format| {
        let local = chrono::NaiveDateTime::parse_from_str(written, format).map(When::Local);
        local.or_else(|_| chrono::NaiveDate::parse_from_str(written, format).map(When::Day)).ok()
    });
    let told = formatted.or_else(|| date::machine(written)).or_else(|| Some(date::first(written, &context)?.when))?;
    let name = fields::plain(pointer.rsplit('/').next().unwrap_or_default());
    Some(match told {
        When::Local(local) if name.ends_with("gmt") || name.ends_with("utc") => When::Instant(local.and_utc().into()),
        told => told,
    })
}

/// Where a list of JSON goes on: where it says so, else at the next number if its own address has one.
fn next_page(whole: Value<'_>, address: &Url, written: Option<&str>, entries: usize) -> Option<Url> {
    const PLACES: [&str; 7] = [
        "/next",
        "/next_url",
        "/next_page_url",
        "/links/next",
        "/_links/next",
        "/meta/pagination/links/next",
        "/pagination/next",
    ];
    let told = written.into_iter().chain(PLACES).find_map(|pointer| {
        let next = words(at(whole, pointer)?)?;
        next.contains(['/', '?']).then(|| fields::address(&next, address)).flatten()
    });
    told.filter(|next| next != address).or_else(|| counted_up(address, entries))
}

/// The address with the number of its page one higher. `None`: it has none, or the page is not full.
fn counted_up(address: &Url, entries: usize) -> Option<Url> {
    let mut number = None;
    let mut full = 1;
    for (key, value) in address.query_pairs() {
        let value: Option<usize> = value.parse().ok();
        match (fields::plain(&key).as_str(), value) {
            ("page" | "pageindex" | "pagenum" | "pageno" | "pagenumber" | "currentpage" | "paged", Some(value)) => {
                number = Some((key.into_owned(), value));
            }
            ("perpage" | "rows" | "pagesize" | "limit" | "size", Some(value)) => full = value,
            _ => {}
        }
    }
    let (name, value) = number.filter(|_| entries > 0 && entries >= full)?;
    let following = value.checked_add(1)?.to_string();
    let pairs: Vec<_> = address.query_pairs().into_owned().collect();
    let mut next = address.clone();
    let mut query = next.query_pairs_mut();
    query.clear();
    for (key, old) in pairs {
        query.append_pair(&key, if key == name { &following } else { &old });
    }
    drop(query);
    Some(next)
}

/// Whether most of several values differ.
pub(super) fn differ(values: &[String]) -> bool {
    let distinct: HashSet<&str> = values.iter().map(String::as_str).collect();
    distinct.len() * 5 >= values.len() * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://api.harbour.example/v1/news?type=2";

    fn policy() -> Policy {
        let now = "2026-03-01T12:00:00Z".parse().expect("a time");
        Policy { now, timezone: "Asia/Shanghai".parse().unwrap() }
    }

    fn listing(text: &str, select: &Select) -> Result<Listing, NoList> {
        read(text, &Url::parse(ADDRESS).expect("an address"), select, policy())
    }

    /// Title, link and date of each entry.
    fn told(listing: &Listing) -> Vec<(String, String, String)> {
        let told = |facts: &super::super::super::feed::Facts| {
            let title = facts.title.as_ref().map(Text::line).unwrap_or_default();
            let date = facts.published.map(|when| when.to_string()).unwrap_or_default();
            (title, facts.link.clone().unwrap_or_default(), date)
        };
        listing.feed.entries.iter().map(|entry| told(&entry.facts)).collect()
    }

    #[track_caller]
    fn check(text: &str, select: &Select, expected: &[(&str, &str, &str)]) -> Listing {
        let listing = listing(text, select).expect("a list");
        let expected: Vec<_> =
            expected.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect();
        assert_eq!(told(&listing), expected);
        listing
    }

    fn select(item: &str) -> Select {
        Select { item: Some(item.to_owned()), ..Select::default() }
    }

    #[test]
    fn fields_are_found_by_what_they_are_called_and_what_they_hold() {
        let text = r#"{"code": 0, "menu": [{"name": "Home", "url": "/"}, {"name": "About us", "url": "/about"}, {"name": "Staff", "url": "/staff"}],
            "data": {"total": 2, "rows": [
              {"newsId": 71, "newsTitle": "Harbour lab opens its doors", "coverUrl": "/img/71.jpg", "pageUrl": "/info/71.htm",
               "subTitle": "Doors", "publishTime": 1772150400000, "author": {"name": "Li Ming", "url": "/people/li"}, "tags": ["Research", "Sea"]},
              {"newsId": 70, "newsTitle": "潮汐观测站建成", "coverUrl": null, "pageUrl": "info/70.htm", "publishTime": "2026-02-01 08:30:00",
               "author": "", "tags": []}]}}"#;
        let listing = check(
            text,
            &Select::default(),
            &[
                ("Harbour lab opens its doors", "https://api.harbour.example/info/71.htm", "2026-02-27T00:00:00+00:00"),
                ("潮汐观测站建成", "https://api.harbour.example/v1/info/70.htm", "2026-02-01T08:30:00"),
            ],
        );
        let found = &listing.way.select;
        assert_eq!(found.item.as_deref(), Some("/data/rows"));
        assert_eq!(found.image.as_deref(), Some("/coverUrl"));
        let first = &listing.feed.entries[0].facts;
        assert_eq!(first.image.as_deref(), Some("https://api.harbour.example/img/71.jpg"));
        assert_eq!(first.authors[0].name.as_deref(), Some("Li Ming"));
        assert_eq!(
            first.categories.iter().map(|category| category.term.as_str()).collect::<Vec<_>>(),
            ["Research", "Sea"]
        );
        // Reading by what was found gives the same.
        let again = super::tests::listing(text, found).expect("a list");
        assert_eq!((told(&again), &again.way.select), (told(&listing), found));
    }

    #[test]
    fn what_is_wrapped_is_unwrapped() {
        let text = r#"{"data": [{"id": 1, "attributes": {"title": "The new pier is open", "path": "/news/pier", "publishedAt": "2026-01-02",
            "category": {"title": "News", "url": "/news"}, "related": [{"title": "Another", "url": "/x"}]}}]}"#;
        check(
            text,
            &Select::default(),
            &[("The new pier is open", "https://api.harbour.example/news/pier", "2026-01-02")],
        );
    }

    #[test]
    fn pointers_and_addresses_with_pointers_are_followed() {
        let text = r#"{"a/b": [{"bt": "The pier", "key": "7/2", "sj": "03/02/2026", "a": {"b": ["x", "The body"]}}, {"bt": "A gap"}]}"#;
        let told = |text: &str| Some(text.to_owned());
        let written = Select {
            title: told("/bt"),
            link: told("https://www.harbour.example/show?id={/key}&lang=en"),
            date: told("/sj"),
            date_format: told("%d/%m/%Y"),
            content: told("/a/b/1"),
            ..select("/a~1b")
        };
        let listing = check(
            text,
            &written,
            &[("The pier", "https://www.harbour.example/show?id=7%2F2&lang=en", "2026-02-03"), ("A gap", "", "")],
        );
        assert_eq!(listing.feed.entries[0].contents[0].value, "The body");
        assert!(listing.confidence >= 1.0);
    }

    #[test]
    fn the_selector_of_an_article_is_no_pointer() {
        let text = r#"[{"title": "The new pier", "url": "/1"}]"#;
        let listing =
            listing(text, &Select { content: Some("article".to_owned()), ..Select::default() }).expect("a list");
        assert!(listing.feed.entries[0].contents.is_empty());
        assert_eq!(listing.way.select.content.as_deref(), Some("article"));
    }

    #[test]
    fn what_is_not_there_is_told() {
        assert_eq!(listing("{}", &select("/data")).err(), Some(NoList::NoMatch("/data".to_owned())));
        assert_eq!(listing(r#"{"data": []}"#, &select("/data")).err(), Some(NoList::Empty));
        assert_eq!(listing(r#"{"data": [1, 2], "x": [{"a": "b"}]}"#, &Select::default()).err(), Some(NoList::Nothing));
        let listing = listing(r#"[{"id": 5, "title": "The new pier", "date": "2026-02-03"}]"#, &Select::default())
            .expect("a list");
        assert!(listing.feed.notes.iter().any(|note| note.contains("{/id}")), "{:?}", listing.feed.notes);
    }

    #[test]
    fn wordpress_is_read_in_full() {
        let text = r#"[{"id": 9, "date": "2026-01-05T17:00:00", "date_gmt": "2026-01-05T09:00:00", "guid": {"rendered": "https://harbour.example/?p=9"},
            "modified": "2026-01-06T17:00:00", "modified_gmt": "2026-01-06T09:00:00", "link": "https://harbour.example/2026/tide/",
            "title": {"rendered": "Tide &#038; wind"}, "content": {"rendered": "<p>The tide rose.</p>", "protected": false},
            "excerpt": {"rendered": "<p>Short.</p>"}, "author": 3, "categories": [4], "tags": [],
            "_embedded": {"author": [{"id": 3, "name": "Li Ming", "link": "https://harbour.example/author/li"}],
              "wp:featuredmedia": [{"source_url": "https://harbour.example/t.jpg"}], "wp:term": [[{"id": 4, "name": "Research"}], []]}}]"#;
        let page = super::super::super::guard::parse_document("<link rel='https://api.w.org/' href='/wp-json/'>");
        let home = Url::parse("https://harbour.example/").expect("an address");
        let (url, select) = super::super::wordpress::posts(&page, &home).expect("WordPress");
        let listing = read(text, &url, &select, policy()).expect("a list");
        assert_eq!(
            told(&listing),
            [(
                "Tide & wind".to_owned(),
                "https://harbour.example/2026/tide/".to_owned(),
                "2026-01-05T09:00:00+00:00".to_owned()
            )]
        );
        let entry = &listing.feed.entries[0];
        assert_eq!(entry.facts.id.as_deref(), Some("https://harbour.example/?p=9"));
        assert_eq!(entry.facts.updated.map(|when| when.to_string()).as_deref(), Some("2026-01-06T09:00:00+00:00"));
        assert_eq!(entry.facts.authors[0].name.as_deref(), Some("Li Ming"));
        assert_eq!(entry.facts.categories[0].term, "Research");
        assert_eq!(entry.facts.image.as_deref(), Some("https://harbour.example/t.jpg"));
        assert_eq!(
            (entry.contents[0].value.as_str(), entry.contents[0].markup),
            ("<p>The tide rose.</p>", Markup::Html)
        );
        assert_eq!(listing.next, None, "a page that is not full is the last");
    }

    #[test]
    fn the_query_of_webplus_is_read() {
        let text = r#"{"total": 2, "pageIndex": 1, "data": [
            {"siteId": 4, "columnId": 9, "title": "关于开展潮汐研究的通知", "publisher": "教务处", "publishTime": "2026-02-26 10:12:44", "url": "/af/b0/c9a1.htm", "imgPath": ""},
            {"siteId": 4, "columnId": 9, "title": "学校召开工作会议", "publisher": "", "publishTime": "2026-02-20 09:00:00", "url": "https://www.harbour.example/page.htm"}]}"#;
        let page =
            "$.ajax({url: '/_wp3services/generalQuery?queryObj=articles', data: {siteId: 4, columnId: 9, rows: 12}})";
        let home = Url::parse("https://jw.harbour.example/tz/list.htm").expect("an address");
        let (url, select) = super::super::sudy::articles(page, &home).expect("WebPlus");
        let listing = read(text, &url, &select, policy()).expect("a list");
        let found = told(&listing);
        assert_eq!(found[0].1, "https://jw.harbour.example/af/b0/c9a1.htm");
        assert_eq!(found[1].2, "2026-02-20T09:00:00");
        assert_eq!(listing.feed.entries[0].facts.authors[0].name.as_deref(), Some("教务处"));
    }

    #[test]
    fn full_pages_are_followed_by_others() {
        let page = |query: &str, more: &str| {
            let address = Url::parse(&format!("https://h.example/api?{query}")).expect("an address");
            let text = format!(
                r#"{{"data": [{{"title": "The new pier", "url": "/1"}}, {{"title": "The old pier", "url": "/2"}}]{more}}}"#
            );
            read(&text, &address, &Select::default(), policy()).ok().and_then(|listing| listing.next).map(String::from)
        };
        assert_eq!(
            page("page=1&per_page=2&q=a%20b", "").as_deref(),
            Some("https://h.example/api?page=2&per_page=2&q=a+b")
        );
        assert_eq!(page("pageIndex=3&rows=12", ""), None);
        assert_eq!(page(&format!("page={}", usize::MAX), ""), None);
        assert_eq!(
            page("q=x", r#", "links": {"next": "/api?cursor=5"}"#).as_deref(),
            Some("https://h.example/api?cursor=5")
        );
        assert_eq!(page("q=x", r#", "next": 2"#), None);
    }

    #[test]
    fn keys_that_are_empty_are_followed_by_what_is_learnt() {
        let news = r#"{"": [{"title": "The new pier", "url": "/1"}, {"title": "The old pier", "url": "/2"}]}"#;
        let text = format!("{{\"data\": {news}}}");
        let found = listing(&text, &Select::default()).expect("a list");
        assert_eq!(found.way.select.item.as_deref(), Some("/data/"));
        let again = listing(&text, &found.way.select).expect("the same list");
        assert_eq!(told(&again), told(&found));
        assert_eq!(listing(news, &Select::default()).err(), Some(NoList::Nothing), "no pointer leads to it");
    }

    #[test]
    fn hostile_documents_cost_little() {
        for text in
            ["[".repeat(200_000), r#"{"a":"#.repeat(200_000), format!("[{}", "{},".repeat(200_000)), "\"".repeat(9)]
        {
            assert!(listing(&text, &Select::default()).is_err());
            // What is read of a place is as long as its text.
            let whole = Value::first(&text).expect("a value");
            let steps: usize = places(whole).iter().map(|place| place.value.text.len()).sum();
            assert!(steps <= DEEPEST * text.len(), "{steps} steps for {} bytes", text.len());
        }
        let many = format!("[{}]", vec![r#"{"title": "The new pier", "url": "/1"}"#; 3_000].join(","));
        let listing = listing(&many, &select("/")).expect("a list");
        assert_eq!(listing.feed.entries.len(), MOST);
        let wide = format!("[{{{}}}]", (0..50_000).map(|at| format!("\"k{at}\": \"v\"")).collect::<Vec<_>>().join(","));
        assert!(super::tests::listing(&wide, &Select::default()).is_err());
    }

    #[test]
    fn long_keys_take_no_more_room_than_the_document() {
        let rows = r#"[{"title": "The new pier", "url": "/1"}, {"title": "The old pier", "url": "/2"}]"#;
        let under = |length: usize| listing(&format!("{{\"{}\": {rows}}}", "k".repeat(length)), &Select::default());
        assert!(under(LONGEST_KEY).is_ok());
        assert_eq!(under(LONGEST_KEY + 1).err(), Some(NoList::Nothing));
        let key = "k".repeat(LONGEST_KEY);
        let text = format!("{}[{}]", format!("{{\"{key}\": ").repeat(8), vec!["{    }"; 5_000].join(","));
        let places = places(Value::first(&text).expect("a value"));
        assert_eq!(places.len(), 5_009);
        assert!(places.iter().map(|place| place.key.len()).sum::<usize>() <= text.len());
    }
}
