//! Items in the list of a channel's page. There are many, so they are written by hand: as `maud` writes them.

use maud::PreEscaped;

use super::super::edition::{Edition, Entry};
use super::super::shown::{self, Source};
use super::super::text::escape;
use super::frame::language_of;
use super::words::Words;
use crate::draft::Evidence;

/// The items of a channel, for a page from which the way to the publish directory is `root`.
pub(super) fn teasers(words: &Words, root: &str, edition: &Edition<'_>) -> PreEscaped<String> {
    let mut out = String::with_capacity(edition.entries.iter().map(|entry| 1024 + entry.summary.len()).sum());
    for entry in &edition.entries {
        write(words, root, edition, entry, &mut out);
    }
    PreEscaped(out)
}

fn write(words: &Words, root: &str, edition: &Edition<'_>, entry: &Entry<'_>, out: &mut String) {
    let (lang, dir) = language_of(entry.foreign_language(edition).or(Some(edition.language)));
    out.push_str("<li><article><h3");
    push_language(lang, dir, out);
    out.push_str("><a href=\"");
    match &entry.item.link {
        Some(link) => out.push_str(&escape(link.as_str())),
        None => push(&[root, &shown::page_path(&entry.item.key)], out),
    }
    push(&["\">", &escape(&entry.title), "</a></h3><p class=\"about\">"], out);
    if entry.evidence == Evidence::FirstSeen {
        push(&[words.first_seen, " "], out);
    }
    // `When` is written as `datetime` wants it.
    let when = entry.when.to_string();
    push(&["<time datetime=\"", &when, "\">", &words.date(entry.when, &when), "</time>"], out);
    match &entry.upstream {
        Some(upstream) => {
            push(&[DOT, words.from, " "], out);
            push_upstream(upstream, out);
        }
        None => {
            if let Some(source) = entry.source(edition, "html") {
                push(&[DOT, "<a href=\"", root, &escape(&super::edition::source_path(&entry.item)), ".html"], out);
                push(&["\" dir=\"auto\">", &escape(&source.title), "</a>"], out);
            }
        }
    }
    out.push_str("</p>");
    if !entry.summary.is_empty() {
        out.push_str("<p");
        push_language(lang, dir, out);
        push(&[">", &escape(&entry.summary), "</p>"], out);
    }
    if !entry.categories.is_empty() {
        out.push_str("<ul class=\"tags\">");
        for category in &entry.categories {
            push(&["<li><a href=\"", root, "categories/", &escape(&category.slug), ".html\" dir=\"auto\">"], out);
            push(&[&escape(&category.label), "</a></li>"], out);
        }
        out.push_str("</ul>");
    }
    out.push_str("</article></li>");
}

/// What separates the facts of a line: [`dot`](super::frame::dot).
const DOT: &str = " <span class=\"dot\" aria-hidden=\"true\">·</span> ";

fn push_language(lang: Option<&str>, dir: &str, out: &mut String) {
    if let Some(lang) = lang {
        push(&[" lang=\"", &escape(lang), "\""], out);
    }
    push(&[" dir=\"", dir, "\""], out);
}

/// The feed of others that an item was taken from, with a link to its page or to itself.
fn push_upstream(upstream: &Source, out: &mut String) {
    let title = escape(&upstream.title);
    match upstream.page.as_ref().or(upstream.feed.as_ref()) {
        Some(url) => push(&["<a href=\"", &escape(url), "\" dir=\"auto\">", &title, "</a>"], out),
        None => push(&["<span dir=\"auto\">", &title, "</span>"], out),
    }
}

fn push(parts: &[&str], out: &mut String) {
    for part in parts {
        out.push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use maud::{Markup, html};
    use proptest::prelude::*;

    use super::super::super::tests::{channel_of, facts, site};
    use super::super::frame::dot;
    use super::super::words::{CHINESE, ENGLISH};
    use super::super::{date_of, source_link, tags, upstream_link};
    use super::*;

    fn escaped(text: &str) -> PreEscaped<Cow<'_, str>> {
        PreEscaped(escape(text))
    }

    proptest! {
        #[test]
        fn an_item_is_written_as_maud_writes_it(facts in prop::collection::vec(facts(), 1..4), path in "categories/news|sources/riverside|all") {
            let (site, channel) = (site(), super::super::super::Channel { path, ..channel_of(facts) });
            let edition = Edition::new(&site, &channel, &[]);
            for words in [&ENGLISH, &CHINESE] {
                let expected: String = edition.entries.iter().map(|entry| teaser(words, "../", &edition, entry).0).collect();
                prop_assert_eq!(teasers(words, "../", &edition).0, expected);
            }
        }
    }

    fn teaser(words: &Words, root: &str, edition: &Edition<'_>, entry: &Entry<'_>) -> Markup {
        let item = &entry.item;
        let (lang, dir) = match entry.foreign_language(edition) {
            None => language_of(Some(edition.language)),
            foreign => language_of(foreign),
        };
        let own_page = || [root, &shown::page_path(&item.key)].concat();
        let address = item.link.as_ref().map_or_else(|| own_page().into(), |link| Cow::Borrowed(link.as_str()));
        html! {
            li {
                article {
                    h3 lang=[lang] dir=(dir) { a href=(escaped(&address)) { (escaped(&entry.title)) } }
                    p.about {
                        (date_of(words, item))
                        @if let Some(upstream) = &entry.upstream {
                            (dot()) (upstream_link(words, upstream))
                        } @else if let Some(source) = entry.source(edition, "html") {
                            (dot()) (source_link(root, item, &source.title))
                        }
                    }
                    @if !entry.summary.is_empty() { p lang=[lang] dir=(dir) { (escaped(&entry.summary)) } }
                    (tags(root, entry.categories.iter().map(|category| (&category.slug, &category.label))))
                }
            }
        }
    }
}
