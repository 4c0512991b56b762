//! A page that lists news, for people: what was found in it, by what rule, and what was not taken.

use std::fmt::Write as _;

use serde_json::{Value, json};
use url::Url;

use crate::config::FOUND;
use crate::item::text;
use crate::read::feed::{Entry, Text};
use crate::read::guard;
use crate::read::listing::{Form, Listing, Rejected, Way};
use crate::refresh::Looked;
use crate::status::list::{Told, parts};

/// From which confidence on a page is shown as a list, and not as the article that it may be, too.
pub(super) const LIKELY: f32 = 0.7;
/// Longest title of a list that was not taken, characters.
const TITLE: usize = 40;

/// The part of a list that is found in each entry by itself where no selector says where.
const BY_ITSELF: [&str; 4] = ["title", "link", "date", "summary"];

/// What was found in a page, a line each: its name, and what.
pub(super) fn lines(looked: &Looked) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let mut line = |name: &str, value: String| lines.push((name.to_owned(), value));
    if let Some((address, _)) = &looked.page {
        line("address", address.to_string());
    }
    line("moved", looked.moved.as_ref().map(ToString::to_string).unwrap_or_default());
    let Some(list) = &looked.list else { return lines };
    let told = Told::of(&list.way);
    line("title", title(list).unwrap_or_default());
    line("way", format!("{} ({:.2} that this is the list of news)", told.in_words(), sure(looked)));
    line("entries", list.feed.entries.len().to_string());
    line("next page", list.next.as_ref().map(ToString::to_string).unwrap_or_default());
    for (name, part) in &told.select {
        line(name, part.to_string());
    }
    let missing: Vec<&str> =
        BY_ITSELF.into_iter().filter(|name| told.select.iter().all(|(other, _)| other != name)).collect();
    if list.way.form == Form::Page && !missing.is_empty() {
        line("by itself", format!("{}: found in each entry", missing.join(", ")));
    }
    lines
}

/// How sure it is that a list is the one of news: what is read by a rule that is known was weighed when that was found.
fn sure(looked: &Looked) -> f32 {
    let read = looked.list.as_ref().map_or(0.0, |list| list.confidence);
    looked.learnt.confidence.unwrap_or(read)
}

/// Whether a page is a list, and not an article with one beside it.
pub(super) fn is_list(looked: &Looked) -> bool {
    looked.list.is_some() && sure(looked) >= LIKELY
}

/// What was not taken, and why, as lines that end in a line break.
pub(super) fn not_taken(looked: &Looked) -> String {
    let mut told = String::new();
    // Writing into a string cannot fail.
    for (way, reason) in &looked.passed_over {
        let _written = writeln!(told, "  {}: {reason}", Told::of(way).about);
    }
    for Rejected { select, entries, titles, reason } in looked.list.iter().flat_map(|list| &list.rejected) {
        let titles: Vec<String> = titles.iter().map(|title| text::cut(title, TITLE)).collect();
        let item = select.item.as_deref().unwrap_or("?");
        let _written = writeln!(told, "  {item} ({}: {}): {reason}", self::entries(*entries), titles.join(" · "));
    }
    if told.is_empty() { told } else { format!("\nNot taken\n{told}") }
}

/// What was found in a page, as JSON.
pub(super) fn as_json(looked: &Looked) -> Value {
    let passed_over = looked.passed_over.iter().map(|(way, reason)| json!({ "way": Told::of(way), "reason": reason }));
    let Some(list) = &looked.list else {
        return json!({ "way": null, "problem": looked.problem, "passed_over": passed_over.collect::<Vec<_>>() });
    };
    let rejected = list.rejected.iter().map(|Rejected { select, entries, titles, reason }| {
        let select: serde_json::Map<String, Value> =
            parts(select).into_iter().map(|(name, part)| (name.to_owned(), part)).collect();
        json!({ "select": select, "entries": entries, "titles": titles, "reason": reason })
    });
    json!({
        "title": title(list), "way": Told::of(&list.way), "confidence": sure(looked), "next": list.next,
        "entries": list.feed.entries.iter().map(entry).collect::<Vec<_>>(),
        "rejected": rejected.collect::<Vec<_>>(), "passed_over": passed_over.collect::<Vec<_>>(),
    })
}

fn entry(entry: &Entry) -> Value {
    let facts = &entry.facts;
    let line = |text: &Option<Text>| text.as_ref().map(Text::line);
    json!({
        "title": line(&facts.title), "link": facts.link, "date": facts.published.map(|when| when.to_string()),
        "summary": line(&facts.summary), "image": facts.image,
    })
}

/// A number of entries, in words.
pub(super) fn entries(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}

/// What a list is called.
pub(super) fn title(list: &Listing) -> Option<String> {
    let title = list.feed.about.title.as_ref().map(|title| text::one_line(&title.line()));
    title.filter(|title| !title.is_empty())
}

/// What stands below a source that is added: how its list is read, in a form that can be pinned where it can be.
pub(super) fn pin(list: &Listing) -> Vec<String> {
    let told = Told::of(&list.way);
    let mut lines = vec![format!("{FOUND}: {}, {}.", told.in_words(), entries(list.feed.entries.len()))];
    let Way { form, url, .. } = &list.way;
    if url.is_none() && matches!(form, Form::Page | Form::State | Form::Json) && !told.select.is_empty() {
        lines.push("Uncomment this to pin it:".to_owned());
        lines.push("[source.select]".to_owned());
        lines.extend(told.lines());
    }
    lines
}

/// The address that a page in a file says is its own (`<link rel=canonical>`, Open Graph `og:url`).
pub(super) fn own_address(page: &str) -> Option<Url> {
    let page = guard::parse_document(page);
    let mut elements = page.root_element().descendent_elements();
    let told = elements.find_map(|element| {
        let is = |name: &str, value: &str| element.attr(name).is_some_and(|told| told.eq_ignore_ascii_case(value));
        let named = match element.value().name() {
            "link" if is("rel", "canonical") => element.attr("href"),
            "meta" if is("property", "og:url") => element.attr("content"),
            _ => None,
        };
        Url::parse(named?).ok()
    });
    told.filter(|url| matches!(url.scheme(), "http" | "https"))
}
