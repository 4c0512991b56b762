//! An entry of a feed becomes a draft: claims with their evidence.

use std::collections::HashSet;

use memchr::{memchr, memchr3};
use url::Url;

use super::{Attachment, Entry, Facts, Markup, Person, Text};
use crate::draft::{Body, Credit, DateClaim, Doubt, Draft, Enclosure, Evidence, Fragment, When, media_type};
use crate::read::guard;

impl Entry {
    /// What the entry claims, with what it takes over from its feed (RFC 4287 §4.2.1: authors; language), which is at
    /// that address.
    pub fn draft(self, feed: &Facts, address: &Url) -> Draft {
        let credit = feed.credit(address);
        let link = self.facts.link.as_deref().and_then(|link| Url::parse(link).ok());
        self.draft_with(feed, &credit, link)
    }

    /// The same, with the [credit](Facts::credit) to its feed, which is that of all its entries, and its own link, which somebody
    /// has read before.
    pub fn draft_with(self, feed: &Facts, credit: &Credit, link: Option<Url>) -> Draft {
        let Self { facts, mut contents, enclosures, media, source, .. } = self;
        let best = contents.iter().position(|content| content.markup == Markup::Html).unwrap_or(0);
        let content = (best < contents.len()).then(|| contents.swap_remove(best));
        let summary = facts.summary.as_ref().filter(|_| content.is_some()).map(Text::line);
        let content = content.or(facts.summary);
        let base = content.as_ref().and_then(|content| content.base.as_deref().cloned());
        let language = facts.language.or_else(|| content.as_ref()?.language.clone()).or_else(|| feed.language.clone());
        let people = [Some(&facts.authors), source.as_ref().map(|source| &source.authors), Some(&feed.authors)];
        let people = people.into_iter().flatten().find(|people| !people.is_empty());
        let link = link.filter(Url::has_host);
        // Media RSS tells the same files again, and pictures that belong to the text.
        let (pictures, media): (Vec<_>, Vec<_>) = media.iter().filter_map(enclosure).partition(Enclosure::is_picture);
        let enclosures: Vec<_> = enclosures.iter().filter_map(enclosure).collect();
        let image = facts.image.as_deref().and_then(|image| Url::parse(image).ok());
        let image = image.or_else(|| pictures.into_iter().next().map(|picture| picture.url));
        let label = |category: super::Category| category.label.unwrap_or(category.term);
        Draft {
            guid: facts.id,
            title: facts.title.as_ref().map(Text::line).filter(|title| !title.is_empty()),
            title_is_text: facts.title.as_ref().is_some_and(|title| title.markup == Markup::Declared),
            base: base.or_else(|| link.clone()),
            link,
            body: content.as_ref().map(body).unwrap_or_default(),
            summary: summary.filter(|summary| !summary.is_empty()),
            authors: people.into_iter().flatten().filter_map(name).collect(),
            categories: facts.categories.into_iter().map(label).collect(),
            dates: facts.published.map(|when| told(when, facts.doubt)).into_iter().collect(),
            updated: facts.updated.map(claim).into_iter().collect(),
            language,
            enclosures: if enclosures.is_empty() { media } else { enclosures },
            image,
            credit: source.as_deref().and_then(foreign_credit).or_else(|| Some(credit.clone())),
            ..Draft::default()
        }
    }
}

impl Facts {
    /// Credit to a feed that says this, and is at that address.
    pub fn credit(&self, address: &Url) -> Credit {
        credit(self, Some(address))
    }
}

/// Credit to the feed that an entry was copied from before (RFC 4287 §4.2.11, RSS 2.0 `<source>`). `None`: it is not named.
fn foreign_credit(source: &Facts) -> Option<Credit> {
    let own = source.links.iter().find(|link| link.rel == "self");
    let address = own.and_then(|link| web(&link.href));
    let credit = credit(source, address.as_ref());
    (credit.id.is_some() || credit.feed.is_some() || credit.page.is_some()).then_some(credit)
}

/// Credit to a feed at that address. `None`: it is not known where.
fn credit(feed: &Facts, address: Option<&Url>) -> Credit {
    let page = feed.link.as_deref().and_then(web).filter(|page| Some(page) != address);
    let title = feed.title.as_ref().map(Text::line).unwrap_or_default();
    Credit { title, id: feed.id.clone(), feed: address.cloned(), page }
}

fn web(address: &str) -> Option<Url> {
    Url::parse(address).ok().filter(Url::has_host)
}

fn body(content: &Text) -> Body {
    match content.markup {
        Markup::Html => match paragraphs(&content.value) {
            Some(paragraphs) => Body::Paragraphs(paragraphs),
            None => parsed(&content.value),
        },
        Markup::Plain | Markup::Declared => {
            let lines = content.value.replace("\r\n", "\n");
            let paragraphs = lines.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
            Body::Paragraphs(paragraphs.map(str::to_owned).collect())
        }
    }
}

fn parsed(html: &str) -> Body {
    let page = guard::parse_fragment(html);
    let parts = vec![page.root_element().id()];
    Body::Markup(Fragment { page, parts, without: HashSet::new() })
}

/// The paragraphs of HTML in which there is nothing else, as in that of many feeds: it needs no parser. `None`: there is.
fn paragraphs(html: &str) -> Option<Vec<String>> {
    let mut paragraphs = Vec::new();
    let mut rest = html.trim_ascii();
    while !rest.is_empty() {
        let paragraph = rest.strip_prefix("<p>")?;
        let (text, behind) = paragraph.split_at(memchr(b'<', paragraph.as_bytes())?);
        // What a parser would read as something else.
        if memchr3(b'&', b'\r', b'\0', text.as_bytes()).is_some() {
            return None;
        }
        paragraphs.push(text.to_owned());
        rest = behind.strip_prefix("</p>")?.trim_ascii_start();
    }
    Some(paragraphs)
}

fn name(person: &Person) -> Option<String> {
    person.name.clone().or_else(|| person.email.clone())
}

/// A date that a list tells in words. One with the label of something else is told no better than by any other line.
fn told(when: When, doubt: Doubt) -> DateClaim {
    let evidence = match doubt {
        Doubt::Change | Doubt::Label => Evidence::WeakLabel,
        Doubt::Event => Evidence::Visible,
        _ => Evidence::Feed,
    };
    DateClaim { evidence, doubt, ..claim(when) }
}

fn claim(when: When) -> DateClaim {
    DateClaim::new(when, Evidence::Feed, when.to_string())
}

fn enclosure(file: &Attachment) -> Option<Enclosure> {
    let url = Url::parse(&file.url).ok()?;
    Some(Enclosure { media_type: media_type(file.media_type.as_deref(), &url), length: file.length, url })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::item::Html;

    #[test]
    fn what_is_more_than_paragraphs_is_parsed() {
        assert_eq!(paragraphs(" <p>One</p>\n<p></p> "), Some(vec!["One".to_owned(), String::new()]));
        for other in
            ["One", "<p>a", "<p>a<p>b</p>", "<P>a</P>", "<p>a<br></p>", "<p>a & b</p>", "<p>a</p>b", "<p >a</p>"]
        {
            assert_eq!(paragraphs(other), None, "{other}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn paragraphs_that_are_not_parsed_say_the_same(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "<p>", "</p>", "<p>", "</p>", "</p><p>", "</p>\n\n<p>", "a", "b c", " ", "\n", "\t", "\u{c}", "\u{a0}",
                    "\u{3000}", "\u{feff}", "\u{fffd}", "\u{0}", "\r", "\u{7f}", "\u{85}", "\u{93}", "\u{200b}", "\"", ">", "&amp;", "&",
                    "\u{d7ff}", "é", "重", "]]>", "<br>",
                ]),
                0..16,
            ),
        ) {
            let html = format!("<p>{}</p>", pieces.concat());
            let clean = |body: &Body| Html::clean(body, None).0;
            if let Some(paragraphs) = paragraphs(&html) {
                prop_assert_eq!(clean(&Body::Paragraphs(paragraphs)), clean(&parsed(&html)), "{:?}", html);
            }
        }
    }
}
