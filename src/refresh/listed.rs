//! What an answer holds: a feed, a page of a list, ways that lead to one, or none of them.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use url::Url;

use super::web::read as read_feed;
use crate::collect::fetch::{self, Answer};
use crate::read::feed;
use crate::read::listing::{self, Form, Listing, NoList, Way};
use crate::read::wall::{self, Wall};
use crate::read::{self, ReadError, guard};
use crate::source::{Page, Source};

/// The first part of the page's own links that a list has to hold, to be that of this page: [`listing::covers`].
const COVERED: f32 = 0.5;

/// What an answer holds.
pub(super) enum Found {
    List(Box<Listing>),
    /// Other addresses that may have the list, the best first, what the page has itself, and why it is none if they have none.
    Ways {
        ways: Vec<Way>,
        own: Option<Box<Listing>>,
        otherwise: NoList,
    },
    /// There is no list, for that reason.
    None(NoList),
}

/// Reads the feed that an answer holds.
///
/// # Errors
/// When it is none.
pub(super) fn feed(bytes: &[u8], answer: &Answer, now: DateTime<Utc>) -> Result<Listing, ReadError> {
    read_feed(bytes, answer, now).map(|feed| Listing::sure(feed, Form::Feed))
}

/// What an answer is that is no feed, and the next step.
pub(super) fn no_feed(bytes: &[u8], answer: &Answer) -> String {
    let advice = "the answer is no feed: give the address of an RSS, Atom or JSON feed".to_owned();
    let Some(text) = decoded(bytes, answer).filter(|text| text.trim_start().starts_with('<')) else { return advice };
    let page = guard::parse_document(&text);
    let what = match wall::title(&page) {
        Some(title) => format!("the answer is a page, {title:?}, and no feed"),
        None => "the answer is a page, and no feed".to_owned(),
    };
    let named = || read::named_feeds(&text, &answer.url).into_iter().find(|named| !named.is_of_comments);
    match wall::of(&page, &answer.url) {
        Some(wall) if wall != Wall::Script => format!("{what}: it {}", wall.of_feed()),
        _ => match named().filter(|named| named.url != answer.url) {
            Some(named) => format!("{what}: it names the feed {}, give that address", fetch::shown(&named.url)),
            None => format!("{what}: give the address of an RSS, Atom or JSON feed"),
        },
    }
}

/// The text of an answer.
pub(super) fn decoded(bytes: &[u8], answer: &Answer) -> Option<String> {
    let charset = answer.head.content_type.as_deref().and_then(fetch::charset);
    read::decode(bytes, charset, true).ok().map(|decoded| decoded.text.into_owned())
}

/// Reads an answer by the way that led to it.
pub(super) fn by_way(way: &Way, bytes: &[u8], answer: &Answer, policy: read::Policy) -> Result<Listing, NoList> {
    if way.form == Form::Feed {
        let feed = read_feed(bytes, answer, policy.now).map_err(|_| NoList::Nothing)?;
        return in_order(Listing { way: way.clone(), ..Listing::sure(feed, way.form) }, policy);
    }
    let text = decoded(bytes, answer).ok_or(NoList::Nothing)?;
    in_page(way, &guard::Page::of(&text), answer, policy)
}

/// The same, of a text that is no feed.
fn in_page(way: &Way, page: &guard::Page<'_>, answer: &Answer, policy: read::Policy) -> Result<Listing, NoList> {
    let list = listing::read(way, page, &answer.url, policy)
        .map_err(|error| if error == NoList::Empty { error } else { in_the_way(page, answer).unwrap_or(error) })?;
    in_order(list, policy)
}

/// A list that has entries, and names them.
fn in_order(list: Listing, policy: read::Policy) -> Result<Listing, NoList> {
    if list.way.form == Form::Sitemap && list.next.is_some() {
        return Ok(list);
    }
    if list.feed.entries.is_empty() {
        return Err(NoList::Empty);
    }
    // A map names nothing: its articles do. What the page tells itself is called by its words, or by the number of a version.
    let is_named = matches!(list.way.form, Form::Sitemap | Form::Notes) || listing::select::has_titles(&list, policy);
    if is_named { Ok(list) } else { Err(NoList::Untitled) }
}

/// What stands in the way of a list. An answer for machines is none of it, whatever words it holds.
fn in_the_way(page: &guard::Page<'_>, answer: &Answer) -> Option<NoList> {
    let is_page = page.text.trim_start().starts_with('<') && !feed::looks_like_feed(page.text.as_bytes());
    is_page.then(|| wall::of(page.tree(), &answer.url)).flatten().map(NoList::Wall)
}

/// Whether a page of which nothing is known is another than that which was: it stands elsewhere, or asks for a password.
pub(super) fn is_strange(list: &Listing, text: &str, address: &Url, known: &[(String, Url)]) -> bool {
    let page = guard::parse_document(text);
    let hosts: HashSet<&str> = known.iter().filter_map(|(_, link)| link.host_str()).collect();
    let links = list.feed.entries.iter().filter_map(|entry| Url::parse(entry.facts.link.as_deref()?).ok());
    let is_near = |link: Url| link.host_str().is_some_and(|host| hosts.contains(host));
    let mut links = links.peekable();
    let is_elsewhere = !hosts.is_empty() && links.peek().is_some() && !links.any(is_near);
    is_elsewhere || wall::of(&page, address).is_some() || wall::asks_for_password(&page)
}

/// Looks for ways in a page. Those that the page holds itself are read at once.
pub(super) fn ways(page: &Page, bytes: &[u8], answer: &Answer, policy: read::Policy) -> Found {
    let Some(text) = decoded(bytes, answer) else { return Found::None(NoList::Nothing) };
    let parsed = guard::Page::of(&text);
    let wall = in_the_way(&parsed, answer);
    let ways = listing::ways(&parsed, &answer.url, &page.select);
    let by_way = |way: &Way| match way.form {
        Form::Feed => by_way(way, bytes, answer, policy),
        _ => in_page(way, &parsed, answer, policy),
    };
    // What scripts are to show may be there for all that, as their state or by an interface; and so is what somebody wrote.
    let is_written = page.select.item.is_some();
    if let Some(wall) = wall.clone().filter(|wall| !is_written && *wall != NoList::Wall(Wall::Script)) {
        return Found::None(wall);
    }
    let mut shown = None;
    if let Some(way) = ways.iter().find(|way| way.form == Form::Page && way.url.is_none()) {
        shown = Some(by_way(way));
    }
    let mut to_ask = Vec::new();
    let mut reason = NoList::Nothing;
    for way in ways {
        if way.url.is_some() {
            to_ask.push(way);
            continue;
        }
        let list = match (way.form, &mut shown) {
            (Form::Page, shown) => shown.take().unwrap_or(Err(NoList::Nothing)),
            // What a page says for machines may be of what stands beside its list.
            (_, Some(Ok(own))) => {
                let own: &Listing = own;
                by_way(&way).and_then(|list| {
                    let is_own = is_of_page(&list, Some(own));
                    if is_own { Ok(list) } else { Err(NoList::Nothing) }
                })
            }
            _ => by_way(&way),
        };
        match list {
            Ok(list) if to_ask.is_empty() => return Found::List(Box::new(list)),
            Ok(list) => return Found::Ways { ways: to_ask, own: Some(Box::new(list)), otherwise: NoList::Nothing },
            Err(error) => reason = error,
        }
    }
    let otherwise = wall.unwrap_or(reason);
    if to_ask.is_empty() { Found::None(otherwise) } else { Found::Ways { ways: to_ask, own: None, otherwise } }
}

/// Whether a list is that of a page, of which `own` is what it shows itself, and not that of its comments or of the
/// whole site.
pub(super) fn is_of_page(list: &Listing, own: Option<&Listing>) -> bool {
    let Some(own) = own else { return true };
    if own.way.form == Form::Notes {
        // What the page tells itself leads nowhere: it is known by what it is called.
        let page = own.feed.about.link.as_deref().and_then(|link| Url::parse(link).ok());
        let titles = own.feed.entries.iter().filter_map(|entry| entry.facts.title.as_ref());
        let titles: Vec<(String, Url)> = titles.map(feed::Text::line).zip(page.into_iter().cycle()).collect();
        return listing::share(list, &titles) >= COVERED;
    }
    let links: Vec<Url> =
        own.feed.entries.iter().filter_map(|entry| Url::parse(entry.facts.link.as_deref()?).ok()).collect();
    listing::covers(list, &links) >= COVERED
}

/// How lists and articles of a source are read.
pub(super) fn policy(source: &Source, now: DateTime<Utc>) -> read::Policy {
    read::Policy { now, timezone: source.timezone }
}
