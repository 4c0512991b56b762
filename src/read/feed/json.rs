//! Reads JSON Feed 1.0 and 1.1. What is whole is read even if the document is not: no tree of it is ever built.

use std::sync::Arc;

use chrono_tz::Tz;
use memchr::memchr2;
use url::Url;

use super::entity::push_capped;
use super::facts::resolve;
use super::person::{self, Person};
use super::text::{Markup, Text, looks_like_html};
use super::tree::{MOST_ENTRIES, language_tag};
use super::{Around, Attachment, Category, Entry, Facts, Feed, Link, date, site};
use crate::draft::When;

/// People, tags and attachments of one item.
const MOST: usize = 200;

/// Reads a feed; `None` if it is none.
pub(super) fn read(text: &str, around: &Around<'_>) -> Option<Feed> {
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
            "title" => about.title = plain(&value).map(told_as_html),
            "description" => about.summary = plain(&value).map(told_as_html),
            "home_page_url" => {
                about.link = value.address(base.as_ref());
                base = base.or_else(|| site(about.link.as_deref()?));
                about.links.extend(about.link.clone().map(|href| link(href, "alternate")));
            }
            "feed_url" => {
                about.id = value.string();
                about.links.extend(value.address(base.as_ref()).map(|href| link(href, "self")));
            }
            "icon" => about.image = value.address(base.as_ref()),
            "favicon" if about.image.is_none() => about.image = value.address(base.as_ref()),
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
            feed.entries.push(entry(&item, base.as_ref()));
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

fn entry(item: &Value<'_>, base: Option<&Arc<Url>>) -> Entry {
    let mut entry = Entry::default();
    let facts = &mut entry.facts;
    let mut external = None;
    let mut banner = None;
    for (key, value) in item.members() {
        match key.as_str() {
            "id" => facts.id = value.string().or_else(|| value.number()),
            "url" => facts.link = value.address(base),
            "external_url" => external = value.address(base),
            "title" => facts.title = plain(&value).map(told_as_html),
            "summary" => facts.summary = plain(&value).map(told_as_html),
            "content_html" => entry.contents.extend(value.string().map(|html| Text {
                markup: Markup::Html,
                base: base.cloned(),
                ..Text::plain(&html)
            })),
            "content_text" => entry.contents.extend(plain(&value)),
            "image" => facts.image = value.address(base),
            "banner_image" => banner = value.address(base),
            "date_published" => facts.published = value.string().as_deref().and_then(date::read),
            "date_modified" => facts.updated = value.string().as_deref().and_then(date::read),
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

/// JSON Feed calls titles and summaries plain text; many are HTML for all that.
fn told_as_html(text: Text) -> Text {
    let markup = if looks_like_html(&text.value) { Markup::Html } else { Markup::Plain };
    Text { markup, ..text }
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
                "url" => person.url = part.address(base),
                "avatar" => person.avatar = part.address(base),
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
            "url" => url = part.address(base),
            "mime_type" => media_type = part.string(),
            "size_in_bytes" => length = part.number().and_then(|number| number.parse().ok()),
            _ => {}
        }
    }
    Some(Attachment { url: url?, length, media_type })
}

/// A value as written, from its first character to its last.
#[derive(Clone, Copy)]
struct Value<'t> {
    text: &'t str,
    /// Its end is there.
    closed: bool,
}

impl<'t> Value<'t> {
    /// The value that a text begins with, after white space.
    fn first(text: &'t str) -> Option<Self> {
        let text = text.trim_start();
        let bytes = text.as_bytes();
        let (mut at, mut depth, mut quoted) = (0, 0_usize, false);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' if quoted => at += 1,
                b'"' => {
                    quoted = !quoted;
                    if !quoted && depth == 0 {
                        return Some(Self { text: text.get(..=at)?, closed: true });
                    }
                }
                _ if quoted => {
                    at += memchr2(b'"', b'\\', bytes.get(at..)?).unwrap_or(bytes.len() - at);
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => return text.get(..at).map(|text| Self { text, closed: true }),
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(Self { text: text.get(..=at)?, closed: true });
                    }
                }
                b',' if depth == 0 => return text.get(..at).map(|text| Self { text, closed: true }),
                _ => {}
            }
            at += 1;
        }
        (!text.is_empty()).then_some(Self { text, closed: false })
    }

    /// The members of an object, in order, as far as they are there.
    fn members(&self) -> impl Iterator<Item = (String, Value<'t>)> + use<'t> {
        let mut rest = self.text.strip_prefix('{').unwrap_or_default();
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            let key = Value::first(rest).filter(|key| key.closed)?;
            let name = key.string()?;
            let behind = rest.get(key.text.len()..)?.trim_start().strip_prefix(':')?.trim_start();
            let value = Value::first(behind)?;
            rest = behind.get(value.text.len()..)?;
            Some((name, value))
        })
        // A number or word at the end of a cut document may not be whole, nor is a text.
        .filter(|(_, value)| value.closed || value.text.starts_with(['[', '{']))
    }

    /// The elements of an array, in order, as far as they are there.
    fn elements(&self) -> impl Iterator<Item = Value<'t>> + use<'t> {
        let mut rest = self.text.strip_prefix('[').unwrap_or_default();
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            let value = Value::first(rest).filter(|value| !value.text.is_empty())?;
            rest = rest.get(value.text.len()..)?;
            Some(value)
        })
    }

    /// The text of a string (RFC 8259 §7). `None`: it is no string.
    fn string(&self) -> Option<String> {
        let mut rest = self.text.strip_prefix('"')?.strip_suffix('"')?;
        let mut out = String::new();
        while let Some((before, behind)) = rest.split_once('\\') {
            push_capped(before, &mut out);
            let mut behind = behind.chars();
            let c = match behind.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' | 'f' => ' ',
                'u' => escaped(&mut behind),
                c => c,
            };
            push_capped(c.encode_utf8(&mut [0; 4]), &mut out);
            rest = behind.as_str();
        }
        push_capped(rest, &mut out);
        Some(out)
    }

    /// A number, as written.
    fn number(&self) -> Option<String> {
        let text = self.text.trim_end();
        text.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| text.to_owned())
    }

    fn address(&self, base: Option<&Arc<Url>>) -> Option<String> {
        self.string().filter(|written| !written.trim().is_empty()).map(|written| resolve(&written, base))
    }
}

/// The character of `\uXXXX`, or of a pair of them.
fn escaped(text: &mut std::str::Chars<'_>) -> char {
    let unit = |text: &str| text.get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let Some(first) = unit(text.as_str()) else { return '\u{fffd}' };
    *text = text.as_str().get(4..).unwrap_or_default().chars();
    let second = text.as_str().strip_prefix("\\u").and_then(unit);
    match (first, second) {
        (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
            *text = text.as_str().get(6..).unwrap_or_default().chars();
            char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (low - 0xdc00)).unwrap_or('\u{fffd}')
        }
        _ => char::from_u32(first).unwrap_or('\u{fffd}'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(text: &str) -> Vec<Option<String>> {
        Value::first(text)
            .into_iter()
            .flat_map(|value| value.elements().collect::<Vec<_>>())
            .map(|v| v.string())
            .collect()
    }

    #[test]
    fn strings_are_unescaped() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            strings(
                r#"["a\"b\\\/\n", "\u00e9\ud83c\udf93", "\ud83c", 7, "raw
line"]"#
            ),
            [some("a\"b\\/\n"), some("é🎓"), some("\u{fffd}"), None, some("raw\nline")]
        );
    }

    #[test]
    fn what_is_whole_is_found_in_what_is_not() {
        let text = r#"{"a": [1, {"b": "x]}"}, [2"#;
        let value = Value::first(text).expect("a value");
        assert!(!value.closed);
        let found: Vec<_> = value.members().flat_map(|(_, list)| list.elements().collect::<Vec<_>>()).collect();
        assert_eq!(
            found.iter().map(|v| (v.text, v.closed)).collect::<Vec<_>>(),
            [("1", true), (r#"{"b": "x]}"}"#, true), ("[2", false)]
        );
    }
}
