//! What a page says of its list for machines: JSON-LD and microdata (schema.org), h-entry and hAtom (microformats.org).

use std::collections::HashSet;

use ego_tree::iter::Edge;
use scraper::{ElementRef, Html};
use url::Url;

use super::super::Policy;
use super::super::date::{Context, first, machine};
use super::super::feed::{Category, Entry, Feed, Link, Person, Text};
use super::super::json::Value;
use super::{Listing, NoList, essence, fields, json, select};
use crate::draft::When;

/// Entries of one list; more are left out.
const MOST: usize = 1_000;
/// Objects of JSON-LD that are looked at.
const MOST_OBJECTS: usize = 10_000;
/// How deep in JSON-LD lists are sought.
const DEEPEST: usize = 10;
/// Bytes of one property.
const LONGEST: usize = 4 * 1024;
/// Nodes of one property that are looked at: properties stand in each other.
const MOST_NODES: usize = 256;
/// Bytes of one property that are looked at, with the white space in it.
const MOST_BYTES: usize = 4 * LONGEST;

/// Whether a page has any.
pub(super) fn is_in(page: &Html) -> bool {
    page.root_element()
        .descendent_elements()
        .any(|element| is_linked_data(&element) || scope(&element) == Some(Scope::Story))
}

/// Reads the list that a page tells machines of; of several forms of it, the one that tells of most entries, each with link
/// and title.
///
/// # Errors
/// [`NoList::Nothing`] when fewer than two entries are told: one is the page itself.
pub(super) fn read(page: &Html, address: &Url, policy: Policy) -> Result<Listing, NoList> {
    let base = select::base_of(page, address);
    let list = || List { known: HashSet::from([essence(address)]), entries: Vec::new() };
    let both = [linked_data(page, &base, policy, list()), elements(page, &base, policy, list())];
    let entries = both.into_iter().rev().max_by_key(Vec::len).unwrap_or_default();
    let feed = Feed { entries, ..Feed::default() };
    if feed.entries.len() < 2 { Err(NoList::Nothing) } else { Ok(Listing::sure(feed, super::Form::Markup)) }
}

/// Entries as they are told.
#[derive(Debug)]
struct List {
    /// Where they are, and the page itself, which is none of them.
    known: HashSet<String>,
    entries: Vec<Entry>,
}

impl List {
    /// Takes an entry that tells where it is, and is not there yet.
    fn keep(&mut self, entry: Entry) {
        let place = entry.facts.link.as_deref().and_then(|link| Url::parse(link).ok());
        if self.entries.len() < MOST && place.is_some_and(|place| self.known.insert(essence(&place))) {
            self.entries.push(entry);
        }
    }
}

fn linked(entry: &mut Entry, link: Option<Url>) {
    let Some(link) = link.filter(|_| entry.facts.link.is_none()).map(String::from) else { return };
    entry.facts.links.push(Link { href: link.clone(), rel: "alternate".to_owned(), ..Link::default() });
    entry.facts.link = Some(link);
}

fn is_linked_data(element: &ElementRef<'_>) -> bool {
    let kind = element.attr("type").unwrap_or_default();
    element.value().name() == "script"
        && kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/ld+json")
}

/// The articles that JSON-LD lists: parts of an `ItemList`, posts of a `Blog`, parts of a collection, articles side by side.
fn linked_data(page: &Html, base: &Url, policy: Policy, mut list: List) -> Vec<Entry> {
    let mut left = MOST_OBJECTS;
    for script in page.root_element().descendent_elements().filter(is_linked_data) {
        let text: String = script.text().collect();
        let Some(whole) = Value::first(&text) else { continue };
        // In the order of the document, for that is the order of the list.
        let mut rest = vec![(whole, 0)];
        while let Some((value, depth)) = rest.pop() {
            if left == 0 {
                return list.entries;
            }
            left -= 1;
            match value.text.starts_with('{').then(|| story(value, base, policy)).flatten() {
                Some(entry) => list.keep(entry),
                None if depth < DEEPEST => rest.extend(lists(value).into_iter().rev().map(|part| (part, depth + 1))),
                None => {}
            }
        }
    }
    list.entries
}

/// The parts of a value in which articles may be listed.
fn lists(value: Value<'_>) -> Vec<Value<'_>> {
    if value.text.starts_with('[') {
        return value.elements().filter(|value| value.text.starts_with(['{', '['])).take(MOST).collect();
    }
    let holds =
        ["@graph", "itemListElement", "item", "blogPost", "blogPosts", "mainEntity", "hasPart", "dataFeedElement"];
    let is_trail = at_type(value).iter().any(|kind| kind == "BreadcrumbList" || kind == "SiteNavigationElement");
    let members =
        value.members().filter(|(key, value)| holds.contains(&key.as_str()) && value.text.starts_with(['{', '[']));
    if is_trail { Vec::new() } else { members.map(|(_, value)| value).collect() }
}

fn at_type(value: Value<'_>) -> Vec<String> {
    let kinds = value.members().find(|(key, _)| key == "@type").map(|(_, value)| value);
    let name = |value: Value<'_>| Some(value.string()?.rsplit(['/', ':', '#']).next()?.to_owned());
    kinds.into_iter().flat_map(|kinds| std::iter::once(kinds).chain(kinds.elements())).filter_map(name).collect()
}

/// The article that an object is, or that an element of a list names by no more than its address and name.
fn story(value: Value<'_>, base: &Url, policy: Policy) -> Option<Entry> {
    let kinds = at_type(value);
    let is_article = kinds.iter().any(|kind| is_story(kind));
    let members: Vec<(String, Value<'_>)> = value.members().collect();
    let is_named =
        kinds.iter().any(|kind| kind == "ListItem") && members.iter().any(|(key, _)| key == "url" || key == "@id");
    let holds_item = members.iter().any(|(key, value)| key == "item" && value.text.starts_with('{'));
    if !is_article && (!is_named || holds_item) {
        return None;
    }
    let mut entry = Entry::default();
    let mut own = None;
    for (key, value) in &members {
        let words = || json::words(*value).map(|words| words.chars().take(LONGEST).collect::<String>());
        let facts = &mut entry.facts;
        let date = || words().and_then(|words| when(&words, policy));
        match key.as_str() {
            "headline" => facts.title = words().map(|words| told(&words)).or(facts.title.take()),
            "name" if facts.title.is_none() => facts.title = words().map(|words| told(&words)),
            "description" | "abstract" if facts.summary.is_none() => facts.summary = words().map(|words| told(&words)),
            "datePublished" => facts.published = date(),
            "dateModified" => facts.updated = date(),
            "image" | "thumbnailUrl" if facts.image.is_none() => {
                facts.image = words().and_then(|words| fields::address(&words, base)).map(String::from);
            }
            "author" => {
                let names = json::names(*value).map(|name| Person { name: Some(name), ..Person::default() });
                facts.authors.extend(names);
            }
            "articleSection" => {
                facts.categories.extend(json::names(*value).map(|term| Category { term, scheme: None, label: None }));
            }
            "url" => linked(&mut entry, words().and_then(|words| fields::address(&words, base))),
            "mainEntityOfPage" | "@id" => {
                let id = value.members().find(|(key, _)| key == "@id").map_or(*value, |(_, id)| id);
                own = own.or_else(|| id.string()).filter(|id| !id.contains('#'));
            }
            _ => {}
        }
    }
    linked(&mut entry, own.and_then(|own| fields::address(&own, base)));
    entry.facts.link.is_some().then_some(entry)
}

/// Whether a type of schema.org is one of news.
fn is_story(kind: &str) -> bool {
    kind.ends_with("Article")
        || kind.ends_with("Posting") && kind != "JobPosting"
        || matches!(kind, "Report" | "CreativeWork")
}

fn told(words: &str) -> Text {
    Text::plain(&Text { markup: super::super::feed::Markup::Html, ..Text::plain(words) }.line())
}

fn when(words: &str, policy: Policy) -> Option<When> {
    machine(words).or_else(|| Some(first(words, &Context::at(policy.local()))?.when))
}

/// What an element opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// An article.
    Story,
    /// Something that belongs to one, whose properties are not those of the article.
    Other,
}

fn scope(element: &ElementRef<'_>) -> Option<Scope> {
    let is_class = |name: &str| element.value().classes().any(|class| class == name);
    let kinds = element.attr("itemtype").unwrap_or_default();
    let is_item = element.attr("itemscope").is_some();
    let is_article = kinds.split_whitespace().any(|kind| is_story(kind.rsplit('/').next().unwrap_or(kind)));
    if is_class("h-entry") || is_class("hentry") || is_item && is_article {
        Some(Scope::Story)
    } else if is_item || element.value().classes().any(|class| matches!(class, "h-card" | "vcard" | "h-cite" | "h-adr"))
    {
        Some(Scope::Other)
    } else {
        None
    }
}

/// A property of an article, in all three vocabularies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Property {
    Title,
    Link,
    Published,
    Updated,
    Summary,
    Author,
    Image,
    Category,
}

fn properties(element: &ElementRef<'_>) -> Vec<Property> {
    let named = element.attr("itemprop").unwrap_or_default().split_whitespace().filter_map(|name| match name {
        "headline" | "name" => Some(Property::Title),
        "url" | "mainEntityOfPage" => Some(Property::Link),
        "datePublished" => Some(Property::Published),
        "dateModified" => Some(Property::Updated),
        "description" | "abstract" => Some(Property::Summary),
        "author" => Some(Property::Author),
        "image" | "thumbnailUrl" => Some(Property::Image),
        "articleSection" => Some(Property::Category),
        _ => None,
    });
    let classes = element.value().classes().filter_map(|class| match class {
        "p-name" | "entry-title" => Some(Property::Title),
        "u-url" | "u-uid" => Some(Property::Link),
        "dt-published" | "published" => Some(Property::Published),
        "dt-updated" | "updated" => Some(Property::Updated),
        "p-summary" | "entry-summary" => Some(Property::Summary),
        "p-author" => Some(Property::Author),
        "u-photo" | "u-featured" => Some(Property::Image),
        "p-category" => Some(Property::Category),
        _ => None,
    });
    let is_bookmark = element.attr("rel").is_some_and(|rel| rel.split_whitespace().any(|rel| rel == "bookmark"));
    let mut found = Vec::new();
    for property in named.chain(classes).chain(is_bookmark.then_some(Property::Link)) {
        // Each has its words read, however often it is named.
        if !found.contains(&property) {
            found.push(property);
        }
    }
    found
}

/// The articles whose elements are marked. One pass: a property belongs to the innermost thing that is open.
fn elements(page: &Html, base: &Url, policy: Policy, mut list: List) -> Vec<Entry> {
    let mut open: Vec<(ego_tree::NodeId, Scope, Entry)> = Vec::new();
    for edge in page.root_element().traverse() {
        match edge {
            Edge::Open(node) => {
                let Some(element) = ElementRef::wrap(node) else { continue };
                let found = properties(&element);
                // What is marked as another thing may at once be a property of that around, such as its author.
                if let Some((_, Scope::Story, entry)) = open.last_mut() {
                    for property in &found {
                        take(*property, &element, base, policy, entry);
                    }
                }
                if let Some(scope) = scope(&element) {
                    let mut entry = Entry::default();
                    if scope == Scope::Story {
                        let id = element.attr("itemid").and_then(|id| fields::address(id, base));
                        linked(&mut entry, id);
                    }
                    open.push((node.id(), scope, entry));
                }
            }
            Edge::Close(node) => {
                if open.last().is_some_and(|(id, ..)| *id == node.id())
                    && let Some((_, Scope::Story, entry)) = open.pop()
                {
                    list.keep(entry);
                }
            }
        }
    }
    list.entries
}

fn take(property: Property, element: &ElementRef<'_>, base: &Url, policy: Policy, entry: &mut Entry) {
    let attribute = |name: &str| element.attr(name).map(str::trim).filter(|value| !value.is_empty());
    let words = || attribute("content").map_or_else(|| text(element), str::to_owned);
    let place =
        || ["href", "src", "content", "data-src"].iter().find_map(|name| fields::address(attribute(name)?, base));
    let date = || {
        let written = attribute("datetime").or(attribute("content")).map_or_else(|| text(element), str::to_owned);
        when(&written, policy)
    };
    let some = |words: String| (!words.is_empty()).then_some(words);
    match property {
        Property::Title => {
            // A title is often the link itself.
            let link = element.attr("href").map_or_else(|| inner_link(element), Some);
            linked(entry, link.and_then(|href| fields::address(href, base)));
            entry.facts.title = entry.facts.title.take().or_else(|| Some(Text::plain(&some(words())?)));
        }
        Property::Link => linked(entry, place()),
        Property::Published => entry.facts.published = entry.facts.published.or_else(date),
        Property::Updated => entry.facts.updated = entry.facts.updated.or_else(date),
        Property::Summary => {
            entry.facts.summary = entry.facts.summary.take().or_else(|| Some(Text::plain(&some(words())?)));
        }
        Property::Author => {
            let name = some(words()).filter(|name| name.len() <= 200 && !name.contains("://"));
            entry.facts.authors.extend(name.map(|name| Person { name: Some(name), ..Person::default() }));
        }
        Property::Image => {
            let inner = || within(element).find_map(|inner| fields::address(inner.attr("src")?, base));
            let image = place().or_else(inner);
            entry.facts.image = entry.facts.image.take().or(image.map(String::from));
        }
        Property::Category => {
            let term = some(words()).filter(|term| term.len() <= 200);
            entry.facts.categories.extend(term.map(|term| Category { term, scheme: None, label: None }));
        }
    }
}

fn inner_link<'p>(element: &ElementRef<'p>) -> Option<&'p str> {
    within(element).find(|inner| inner.value().name() == "a").and_then(|inner| inner.attr("href"))
}

/// The elements of a property, and itself, as far as they are looked at.
fn within<'p>(element: &ElementRef<'p>) -> impl Iterator<Item = ElementRef<'p>> + use<'p> {
    element.descendants().take(MOST_NODES).filter_map(ElementRef::wrap)
}

/// The words of an element, as one line.
fn text(element: &ElementRef<'_>) -> String {
    let mut line = String::new();
    let mut left = MOST_BYTES;
    for text in element.descendants().take(MOST_NODES).filter_map(|node| node.value().as_text()) {
        let text = text.get(..text.floor_char_boundary(left)).unwrap_or_default();
        left -= text.len();
        for word in text.split_whitespace() {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
        if line.len() > LONGEST {
            line.truncate(line.floor_char_boundary(LONGEST));
            break;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::super::super::guard;
    use super::*;

    fn entries(page: &str) -> Result<Vec<Entry>, NoList> {
        let address = Url::parse("https://www.harbour.example/news/").expect("an address");
        let now = "2026-03-01T12:00:00Z".parse().expect("a time");
        let policy = Policy { now, timezone: crate::source::Tz::UTC };
        let page = guard::parse_document(page);
        assert!(is_in(&page));
        read(&page, &address, policy).map(|listing| listing.feed.entries)
    }

    /// Each as `title | path | date | author | section`.
    #[track_caller]
    fn check(page: &str, expected: &[&str]) {
        let line = |entry: &Entry| {
            let facts = &entry.facts;
            let title = facts.title.as_ref().map(Text::line).unwrap_or_default();
            let link = facts.link.as_deref().unwrap_or_default().trim_start_matches("https://www.harbour.example");
            let date = facts.published.map(|when| when.to_string()).unwrap_or_default();
            let author = facts.authors.first().and_then(|person| person.name.clone()).unwrap_or_default();
            let section = facts.categories.first().map(|category| category.term.clone()).unwrap_or_default();
            [&title, link, &date, &author, &section].join(" | ")
        };
        assert_eq!(entries(page).expect("a list").iter().map(line).collect::<Vec<_>>(), expected);
    }

    fn linked(data: &str) -> String {
        format!("<script type='application/ld+json'>{data}</script>")
    }

    #[test]
    fn item_lists_are_read() {
        let list = r#"{"@context": "https://schema.org", "@graph": [
            {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": "/", "name": "Home"},
              {"@type": "ListItem", "position": 2, "url": "/news", "name": "News"}]},
            {"@type": ["CollectionPage", "WebPage"], "url": "/news/", "mainEntity": {"@type": "ItemList", "itemListElement": [
              {"@type": "ListItem", "position": 1, "item": {"@type": "NewsArticle", "headline": "Tide &amp; wind", "url": "/n/1",
                "datePublished": "2026-02-03T08:00:00+08:00", "author": [{"@type": "Person", "name": "Li Ming"}], "articleSection": "Research",
                "image": {"@type": "ImageObject", "url": "/1.jpg"}}},
              {"@type": "ListItem", "position": 2, "url": "https://www.harbour.example/n/2", "name": "The new pier"}]}}]}"#;
        check(
            &linked(list),
            &["Tide & wind | /n/1 | 2026-02-03T08:00:00+08:00 | Li Ming | Research", "The new pier | /n/2 |  |  | "],
        );
    }

    #[test]
    fn posts_of_a_blog_and_articles_side_by_side_are_read() {
        let blog = r#"{"@type": "Blog", "url": "/news/", "blogPost": [
            {"@type": "BlogPosting", "headline": "One", "mainEntityOfPage": {"@type": "WebPage", "@id": "/n/1"}, "datePublished": "2026-02-03"},
            {"@type": "BlogPosting", "headline": "Two", "@id": "https://www.harbour.example/n/2"}]}"#;
        check(&linked(blog), &["One | /n/1 | 2026-02-03 |  | ", "Two | /n/2 |  |  | "]);
        let article =
            |at: u8| linked(&format!(r#"{{"@type": "schema:NewsArticle", "name": "N{at}", "url": "/n/{at}"}}"#));
        check(&[article(1), article(2), article(2)].concat(), &["N1 | /n/1 |  |  | ", "N2 | /n/2 |  |  | "]);
    }

    #[test]
    fn one_article_is_no_list() {
        assert_eq!(
            entries(&linked(r#"{"@type": "NewsArticle", "headline": "One", "url": "/n/1"}"#)),
            Err(NoList::Nothing)
        );
        let own = r#"[{"@type": "NewsArticle", "url": "/n/1"}, {"@type": "NewsArticle", "url": "http://harbour.example/news"}]"#;
        assert_eq!(entries(&linked(own)), Err(NoList::Nothing));
    }

    #[test]
    fn microdata_and_microformats_are_read() {
        let microdata = |at: u8| {
            format!(
                "<article itemscope itemtype='https://schema.org/NewsArticle'><a itemprop=url href=/n/{at}><h2 itemprop=headline>N{at}</h2></a>
                 <meta itemprop=datePublished content=2026-02-0{at}><span itemprop=author itemscope itemtype='https://schema.org/Person'>
                 <a itemprop=url href=/li><b itemprop=name>Li Ming</b></a></span><i itemprop=articleSection>Sea</i></article>"
            )
        };
        let expected = ["N1 | /n/1 | 2026-02-01 | Li Ming | Sea", "N2 | /n/2 | 2026-02-02 | Li Ming | Sea"];
        check(&[microdata(1), microdata(2)].concat(), &expected);
        let entry = |at: u8| {
            format!(
                "<li class='h-entry'><a class='p-name u-url' href=/n/{at}>N{at}</a><time class=dt-published datetime=2026-02-0{at}>x</time>
                 <span class='p-author h-card'>Li Ming</span><span class=p-category>Sea</span></li>"
            )
        };
        check(&format!("<ul class=h-feed>{}{}</ul>", entry(1), entry(2)), &expected);
        let old = |at: u8| {
            format!(
                "<div class='post hentry'><h2 class=entry-title><a rel=bookmark href=/n/{at}>N{at}</a></h2><abbr class=published title=x>2 March 2025</abbr></div>"
            )
        };
        check(&[old(1), old(2)].concat(), &["N1 | /n/1 | 2025-03-02 |  | ", "N2 | /n/2 | 2025-03-02 |  | "]);
    }

    #[test]
    fn what_is_told_twice_is_one_entry() {
        let told = |at: u8| format!(r#"{{"@type": "NewsArticle", "headline": "N{at}", "url": "/n/{at}"}}"#);
        let all = (0..60).map(told).collect::<Vec<_>>().join(",");
        let list = format!(r#"{{"@type": "ItemList", "itemListElement": [{all}]}}"#);
        let found = entries(&[linked(&list), linked(&format!(r#"{{"@graph": [{all}]}}"#))].concat());
        assert_eq!(found.expect("a list").len(), 60);
    }

    #[test]
    fn addresses_are_those_that_the_page_says() {
        let entry = |at: u8| format!("<li class=h-entry><a class='p-name u-url' href=n/{at}>N{at}</a></li>");
        let page = format!("<base href=/site/><ul>{}{}</ul>", entry(1), entry(2));
        check(&page, &["N1 | /site/n/1 |  |  | ", "N2 | /site/n/2 |  |  | "]);
        let own = r#"{"@type": "NewsArticle", "name": "All", "url": "/news"}"#;
        let article = |at: u8| format!(r#"{{"@type": "NewsArticle", "name": "N{at}", "url": "n/{at}"}}"#);
        let page = format!("<base href=/site/>{}", linked(&format!("[{own}, {}, {}]", article(1), article(2))));
        check(&page, &["N1 | /site/n/1 |  |  | ", "N2 | /site/n/2 |  |  | "]);
    }

    #[test]
    fn properties_cost_what_is_looked_at() {
        let page = format!(
            "<div class=h-entry><div itemprop='{}'>{}<a href=/far>{}</a></div></div>",
            "author name ".repeat(1_000),
            "<b></b>".repeat(MOST_NODES),
            "far ".repeat(10)
        );
        let page = guard::parse_document(&page);
        let selector = scraper::Selector::parse("[itemprop]").expect("a selector");
        let element = page.select(&selector).next().expect("an element");
        assert_eq!(properties(&element), [Property::Author, Property::Title]);
        assert_eq!((text(&element).as_str(), inner_link(&element)), ("", None));
        let page = guard::parse_document(&format!("<p itemprop=name>{}", "x".repeat(100_000)));
        assert_eq!(page.select(&selector).next().map(|element| text(&element).len()), Some(LONGEST));
        let page = guard::parse_document(&format!("<p itemprop=name>a{}<b>b</b>", " ".repeat(MOST_BYTES)));
        assert_eq!(page.select(&selector).next().map(|element| text(&element)).as_deref(), Some("a"));
    }

    #[test]
    fn hostile_markup_costs_little() {
        for data in [r#"{"@graph":"#.repeat(100_000), "[".repeat(100_000), format!("[{}", "{},".repeat(100_000))] {
            assert_eq!(entries(&linked(&data)), Err(NoList::Nothing));
        }
        assert_eq!(entries(&"<div class='h-entry p-name'>a".repeat(20_000)), Err(NoList::Nothing));
    }
}
