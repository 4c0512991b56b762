//! The text of an item whose article cannot be had any more, or of which its feed says nothing: it stays as it is out.

use std::collections::HashSet;

use url::Url;

use crate::dedup::{Story, compare};
use crate::document::Document;
use crate::draft::{Body, DateClaim, Draft, Fragment};
use crate::item::{self, Html, Item, Known, text};
use crate::read::{self, guard};
use crate::refresh::article;

/// The part of a text that stands in another, percent, from which on they are versions of one.
const ALIKE: usize = 50;
/// Letters from which on a title that stands in another is that of the same.
const TITLE: usize = 8;

/// What an item says whose article is missing, and what the list says of it, which has these titles. A text that the list tells as much of was
/// its own.
pub(super) fn kept(item: &Item, listed: Draft, titles: &[String]) -> Draft {
    if words(&item.content.text()).len() <= words(&text_of(&listed)).len() {
        return listed;
    }
    let page = guard::parse_fragment(item.content.as_str());
    let parts = vec![page.root_element().id()];
    let labels = item.categories.iter().map(|category| &category.slug).chain(&item.tags);
    let out = Draft {
        title: Some(item.title.clone()),
        body: Body::Markup(Fragment { page, parts, without: HashSet::new() }),
        summary: Some(item.summary.clone()).filter(|summary| !summary.is_empty()),
        authors: item.authors.clone(),
        sections: item.sections.clone(),
        categories: labels.cloned().collect(),
        event: item.event.map(|when| DateClaim::new(when, item.evidence, when.to_string())),
        language: item.language.clone(),
        publisher: item.publisher.clone(),
        siblings: item.siblings.clone(),
        enclosures: item.enclosures.clone(),
        image: item.image.as_deref().and_then(|image| Url::parse(image).ok()),
        ..Draft::default()
    };
    article::joined(out, listed, titles)
}

/// What an entry of a feed claims whose item is out. Where it says nothing of its text, or of the title that it had, that is no edit: the
/// fields of whole feeds are empty for a day.
pub(super) fn unsaid(known: &Known, told: Draft) -> Draft {
    let out = known.content.text();
    let is_silent = says_nothing(&told);
    // What has no title is called by its text.
    let had_title = item::title_of_text(&out).is_some_and(|title| title != known.title);
    let stays = is_silent || had_title;
    // What is out is read already.
    let title_is_text = told.title_is_text || told.title.is_none();
    let title = told.title.or_else(|| Some(known.title.clone()).filter(|_| stays));
    if !is_silent || known.content.is_empty() {
        return Draft { title, title_is_text, ..told };
    }
    let page = guard::parse_fragment(known.content.as_str());
    let parts = vec![page.root_element().id()];
    let body = Body::Markup(Fragment { page, parts, without: HashSet::new() });
    let summary = told.summary.or_else(|| Some(known.summary.clone()).filter(|summary| !summary.is_empty()));
    Draft { title, title_is_text, body, summary, ..told }
}

/// Whether the text of a draft is empty, and shows nothing.
fn says_nothing(draft: &Draft) -> bool {
    let has_words = match &draft.body {
        Body::Empty => false,
        Body::Paragraphs(paragraphs) => paragraphs.iter().any(|paragraph| !paragraph.trim().is_empty()),
        // Scripts and styles are words of nobody.
        Body::Markup(Fragment { page, .. }) => page.root_element().descendent_elements().any(|element| {
            !matches!(element.value().name(), "script" | "style")
                && element.children().any(|child| child.value().as_text().is_some_and(|text| !text.trim().is_empty()))
        }),
    };
    !has_words && Html::clean(&draft.body, draft.base.as_ref()).0.is_empty()
}

/// Whether a page is not the article of an item: it says nothing, or has neither the title nor the text.
pub(super) fn is_another(known: &Known, listed: &Draft, document: &Document, draft: &Draft) -> bool {
    // A text that the list tells as much of was never that of an article.
    if words(&known.content.text()).len() <= words(&text_of(listed)).len() {
        return false;
    }
    if matches!(draft.body, Body::Empty) {
        return true;
    }
    let titles = [Some(known.title.as_str()), listed.title.as_deref(), draft.title.as_deref()];
    let [out, listed, own] = titles.map(|title| words(title.unwrap_or_default().trim_end_matches(['.', '…', '⋯'])));
    let Ok(decoded) = read::decode(&document.bytes, document.charset.as_deref(), true) else { return false };
    let page: String = guard::parse_document(&decoded.text).root_element().text().collect();
    let page = words(&page);
    let is_in = |title: &str| own.chars().count() >= TITLE && title.contains(own.as_str());
    let stands = |title: &String| {
        !title.is_empty() && (page.contains(title.as_str()) || own.contains(title.as_str()) || is_in(title))
    };
    let (before, now) = (known.content.text(), text_of(draft));
    let (before, now) = (Story::of("", &before, None), Story::of("", &now, None));
    !stands(&out) && !stands(&listed) && compare(&before, &now).votes.contained < ALIKE
}

fn text_of(draft: &Draft) -> String {
    Html::clean(&draft.body, draft.base.as_ref()).0.text()
}

/// The words of a text, for comparing.
fn words(text: &str) -> String {
    let mut words = Vec::with_capacity(text.len());
    text::words(text, &mut words);
    String::from_utf8(words).unwrap_or_default()
}
