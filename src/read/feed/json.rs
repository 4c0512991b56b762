//! Reads JSON Feed 1.0 and 1.1. What is whole is read even if the document is not: no tree of it is ever built.

use std::sync::Arc;

use url::Url;

use super::date::Dates;
use super::facts::resolve;
use super::person::{self, Person};
use super::text::{Markup, Text, html, is_evidently_html, looks_like_html};
use super::tree::{MOST_ENTRIES, language_tag};
use super::{Around, Attachment, Category, Entry, Facts, Feed, Link, site};
use crate::draft::When;
use crate::read::json::Value;
use crate::source::Tz;

/// People, tags and attachments of one item.
const MOST: usize = 200;

/// Reads a feed; `None` if it is none.
pub(super) fn read(text: &str, around: &Around<'_>, dates: &Dates) -> Option<Feed> {
    let whole = Value::first(text)?;
    let mut base = around.base.map(|base| Arc::new(base.clone()));
    let mut feed = Feed { partial: !whole.closed, ..Feed::default() };
    feed.about.language = around.language.map(language_tag);
    let mut items = None;
    let mut is_feed = false;
    for (key, value) in whole.members() {
        let about = &mut feed.about;
        match key.as_str() {
            "version" => is_feed |= value.string().is_some_and(|version| version.contains("jsonfeed.org")),
            "title" => about.title = told(&value, is_evidently_html),
            "description" => about.summary = told(&value, looks_like_html),
            "home_page_url" => {
                about.link = address(&value, base.as_ref());
                base = base.or_else(|| site(about.link.as_deref()?));
                about.links.extend(about.link.clone().map(|href| link(href, "alternate")));
            }
            "feed_url" => {
                about.id = value.string();
                about.links.extend(address(&value, base.as_ref()).map(|href| link(href, "self")));
            }
            "icon" => about.image = address(&value, base.as_ref()),
            "favicon" if about.image.is_none() => about.image = address(&value, base.as_ref()),
            "author" | "authors" => about.authors.extend(people(&value, base.as_ref())),
            "language" => about.language = value.string().map(|tag| language_tag(&tag)),
            "items" => items = Some(value),
            _ => {}
        }
    }
    is_feed |= items.is_some();
    for item in items.iter().flat_map(Value::elements) {
        if feed.entries.len() == MOST_ENTRIES {
            feed.partial = true;
            feed.notes.push(format!("has more than {MOST_ENTRIES} items: the rest is left out"));
            break;
        }
        // The last item of a document that is cut off is not whole.
        if item.closed && item.text.starts_with('{') {
            feed.entries.push(entry(&item, base.as_ref(), dates));
        }
    }
    // The format has no dates of the feed itself: they are those of its newest items.
    feed.about.published = newest(&feed.entries, |facts| facts.published);
    feed.about.updated = newest(&feed.entries, |facts| facts.updated);
    if !whole.closed {
        feed.notes.push("ends before its end: what was whole is read".to_owned());
    }
    is_feed.then_some(feed)
}

fn newest(entries: &[Entry], date: fn(&Facts) -> Option<When>) -> Option<When> {
    entries.iter().filter_map(|entry| date(&entry.facts)).max_by_key(|when| when.stamp(Tz::UTC))
}

fn entry(item: &Value<'_>, base: Option<&Arc<Url>>, dates: &Dates) -> Entry {
    // Many write seconds since 1970 as what they are.
    let date = |value: &Value<'_>| value.string().or_else(|| value.number()).and_then(|text| dates.read(&text));
    let mut entry = Entry::default();
    let facts = &mut entry.facts;
    let mut external = None;
    let mut banner = None;
    for (key, value) in item.members() {
        match key.as_str() {
            "id" => facts.id = value.string().or_else(|| value.number()),
            "url" => facts.link = address(&value, base),
            "external_url" => external = address(&value, base),
            "title" => facts.title = told(&value, is_evidently_html),
            "summary" => facts.summary = told(&value, looks_like_html),
            "content_html" => entry.contents.extend(value.string().map(|written| Text {
                markup: Markup::Html,
                base: base.cloned(),
                ..Text::plain(&html(&written))
            })),
            "content_text" => entry.contents.extend(plain(&value)),
            "image" => facts.image = address(&value, base),
            "banner_image" => banner = address(&value, base),
            "date_published" => facts.published = date(&value),
            "date_modified" => facts.updated = date(&value),
            "author" | "authors" => facts.authors.extend(people(&value, base)),
            "language" => facts.language = value.string().map(|tag| language_tag(&tag)),
            "tags" => {
                let terms = value.elements().filter_map(|tag| tag.string()).take(MOST);
                facts.categories.extend(terms.map(|term| Category { term, scheme: None, label: None }));
            }
            "attachments" => {
                entry.enclosures.extend(value.elements().take(MOST).filter_map(|file| attachment(&file, base)));
            }
            _ => {}
        }
    }
    let first_link = facts.link.clone().map(|href| link(href, "alternate"));
    facts.links = first_link.into_iter().chain(external.clone().map(|href| link(href, "related"))).collect();
    facts.link = facts.link.take().or(external);
    facts.image = facts.image.take().or(banner);
    entry
}

fn link(href: String, rel: &str) -> Link {
    Link { href, rel: rel.to_owned(), ..Link::default() }
}

fn plain(value: &Value<'_>) -> Option<Text> {
    value.string().filter(|text| !text.trim().is_empty()).map(|text| Text::plain(text.trim()))
}

/// JSON Feed calls titles and summaries plain text; many are HTML for all that. A title may be about tags, so that more must
/// speak for it.
fn told(value: &Value<'_>, is_html: fn(&str) -> bool) -> Option<Text> {
    let text = plain(value)?;
    if !is_html(&text.value) {
        return Some(text);
    }
    Some(Text { markup: Markup::Html, ..Text::plain(&html(&text.value)) })
}

/// One author (version 1.0) or several (1.1).
fn people(value: &Value<'_>, base: Option<&Arc<Url>>) -> Vec<Person> {
    let list: Vec<Value<'_>> =
        if value.text.starts_with('[') { value.elements().take(MOST).collect() } else { vec![*value] };
    let person = |value: &Value<'_>| {
        if let Some(line) = value.string() {
            return person::from_line(&line);
        }
        let mut person = Person::default();
        for (key, part) in value.members() {
            match key.as_str() {
                "name" => person.name = part.string().filter(|name| !name.trim().is_empty()),
                "url" => person.url = address(&part, base),
                "avatar" => person.avatar = address(&part, base),
                _ => {}
            }
        }
        (!person.is_empty()).then_some(person)
    };
    list.iter().filter_map(person).collect()
}

fn attachment(value: &Value<'_>, base: Option<&Arc<Url>>) -> Option<Attachment> {
    let (mut url, mut media_type, mut length) = (None, None, None);
    for (key, part) in value.members() {
        match key.as_str() {
            "url" => url = address(&part, base),
            "mime_type" => media_type = part.string(),
            "size_in_bytes" => length = part.number().and_then(|number| number.parse().ok()),
            _ => {}
        }
    }
    Some(Attachment { url: url?, length, media_type })
}

fn address(value: &Value<'_>, base: Option<&Arc<Url>>) -> Option<String> {
    value.string().filter(|written| !written.trim().is_empty()).map(|written| resolve(&written, base))
}
