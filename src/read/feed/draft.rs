//! An entry of a feed becomes a draft: claims with their evidence.

use std::collections::HashSet;

use url::Url;

use super::{Attachment, Entry, Facts, Markup, Person, Text};
use crate::draft::{Body, DateClaim, Draft, Enclosure, Evidence, Fragment, When};
use crate::read::guard;

impl Entry {
    /// What the entry claims, with what it takes over from its feed (RFC 4287 §4.2.1: authors; language).
    pub fn draft(self, feed: &Facts) -> Draft {
        let Self { facts, mut contents, enclosures, media, source, .. } = self;
        let best = contents.iter().position(|content| content.markup == Markup::Html).unwrap_or(0);
        let content = (best < contents.len()).then(|| contents.swap_remove(best));
        let summary = facts.summary.as_ref().filter(|_| content.is_some()).map(Text::line);
        let content = content.or(facts.summary);
        let base = content.as_ref().and_then(|content| content.base.as_deref().cloned());
        let language = facts.language.or_else(|| content.as_ref()?.language.clone()).or_else(|| feed.language.clone());
        let people = [Some(&facts.authors), source.as_ref().map(|source| &source.authors), Some(&feed.authors)];
        let people = people.into_iter().flatten().find(|people| !people.is_empty());
        let link = facts.link.as_deref().and_then(|link| Url::parse(link).ok()).filter(Url::has_host);
        let files = if enclosures.is_empty() { media } else { enclosures };
        let label = |category: super::Category| category.label.unwrap_or(category.term);
        Draft {
            guid: facts.id,
            title: facts.title.as_ref().map(Text::line).filter(|title| !title.is_empty()),
            base: base.or_else(|| link.clone()),
            link,
            body: content.as_ref().map(body).unwrap_or_default(),
            summary: summary.filter(|summary| !summary.is_empty()),
            authors: people.into_iter().flatten().filter_map(name).collect(),
            categories: facts.categories.into_iter().map(label).collect(),
            dates: facts.published.map(claim).into_iter().collect(),
            updated: facts.updated.map(claim).into_iter().collect(),
            language,
            publisher: source.and_then(|source| source.title).map(|title| title.line()),
            enclosures: files.into_iter().filter_map(enclosure).collect(),
            image: facts.image.and_then(|image| Url::parse(&image).ok()),
            ..Draft::default()
        }
    }
}

fn body(content: &Text) -> Body {
    match content.markup {
        Markup::Html => {
            let page = guard::parse_fragment(&content.value);
            let parts = vec![page.root_element().id()];
            Body::Markup(Fragment { page, parts, without: HashSet::new() })
        }
        Markup::Plain => {
            let lines = content.value.replace("\r\n", "\n");
            let paragraphs = lines.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
            Body::Paragraphs(paragraphs.map(str::to_owned).collect())
        }
    }
}

fn name(person: &Person) -> Option<String> {
    person.name.clone().or_else(|| person.email.clone())
}

fn claim(when: When) -> DateClaim {
    DateClaim::new(when, Evidence::Feed, when.to_string())
}

fn enclosure(file: Attachment) -> Option<Enclosure> {
    let media_type = file.media_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    Some(Enclosure { url: Url::parse(&file.url).ok()?, media_type, length: file.length })
}
