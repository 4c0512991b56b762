//! An entry of a feed becomes a draft: claims with their evidence.

use std::collections::HashSet;

use memchr::{memchr, memchr3};
use url::Url;

use super::{Attachment, Entry, Facts, Markup, Person, Text};
use crate::draft::{Body, Credit, DateClaim, Doubt, Draft, Enclosure, Evidence, Fragment, When, media_type};
use crate::read::{guard, wrapped};

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
        let (pictures, mut media): (Vec<_>, Vec<_>) =
            media.iter().filter_map(enclosure).partition(Enclosure::is_picture);
        // Sites for films still name their player of old, which nothing plays any more.
        media.retain(|file| file.media_type != "application/x-shockwave-flash");
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
            enclosures: files(enclosures, media),
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

/// The files of an entry: those of its own, else those of Media RSS. Where its own are ways to share a file, the first of those that
/// is the file stands before them.
fn files(mut own: Vec<Enclosure>, media: Vec<Enclosure>) -> Vec<Enclosure> {
    if own.is_empty() {
        return media;
    }
    if own.iter().all(|file| file.media_type == "application/x-bittorrent") {
        let file = media.into_iter().find(|file| file.media_type != "application/x-bittorrent");
        own.splice(..0, file);
    }
    own
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
        Markup::Plain | Markup::Declared => Body::Paragraphs(lines(&content.value)),
    }
}

/// The lines of plain text, as those of a text document. Lines that run on in the middle of a sentence are one paragraph.
fn lines(text: &str) -> Vec<String> {
    let mut blocks: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.lines().map(str::trim) {
        match blocks.last_mut() {
            Some(block) if !line.is_empty() => block.push(line),
            Some(block) if block.is_empty() => {}
            _ => blocks.push(Vec::new()),
        }
    }
    let paragraphs = |block: Vec<&str>| {
        let block_text = block.join("\n");
        if runs_on(&block) { vec![block_text] } else { wrapped::paragraphs(&block_text) }
    };
    blocks.into_iter().filter(|block| !block.is_empty()).flat_map(paragraphs).collect()
}

/// Whether a third of the ends of lines stand inside of sentences: behind a word or a comma, before a small letter.
fn runs_on(lines: &[&str]) -> bool {
    let goes_on = |line: &str| line.ends_with(|c: char| c.is_lowercase() || c == ',');
    let ends = lines.iter().zip(lines.iter().skip(1));
    let inside = ends.filter(|(line, next)| goes_on(line) && next.starts_with(char::is_lowercase)).count();
    inside > 0 && inside * 3 >= lines.len() - 1
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

    use super::super::{Around, Feed, read};
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

    fn feed_of(text: &str) -> Feed {
        read(text.as_bytes(), &Around::default()).expect("it is a feed")
    }

    fn draft_of(feed: &Feed) -> Draft {
        let address = Url::parse("https://harbour.example/feed.xml").expect("an address");
        feed.entries.first().cloned().expect("an entry").draft(&feed.about, &address)
    }

    /// What the bodies of the items of one feed become.
    #[track_caller]
    fn check_bodies(item: &str, expected: &str) {
        let feed = feed_of(&format!(
            "<rss xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'><item>{item}</item></rss>"
        ));
        let draft = draft_of(&feed);
        assert_eq!(Html::clean(&draft.body, draft.base.as_ref()).0.as_str(), expected, "{item}");
    }

    #[test]
    fn words_in_angle_brackets_are_kept() {
        check_bodies(
            "<description>Contact: Ada Quay &lt;ada@quay.example&gt; for more.</description>",
            "<p>Contact: Ada Quay &lt;ada@quay.example&gt; for more.</p>",
        );
        check_bodies(
            "<description><![CDATA[<p>If a<b then <i>List<String></i> &amp; <o:p></o:p>more</p>]]></description>",
            "<p>If a&lt;b then <em>List&lt;String&gt;</em> &amp; more</p>",
        );
        check_bodies(
            "<description><![CDATA[&lt;p&gt;The &lt;b&gt;tide&lt;/b&gt;.&lt;/p&gt;]]></description>",
            "<p>The <strong>tide</strong>.</p>",
        );
        check_bodies("<description>Use &amp;lt;p&amp;gt;.</description>", "<p>Use &lt;p&gt;.</p>");
    }

    #[test]
    fn of_several_descriptions_the_richest_is_the_text() {
        let notes = "<description>&lt;p&gt;Show &lt;a href='https://quay.example/'&gt;notes&lt;/a&gt; of it&lt;/p&gt;</description>";
        let rich = "<p>Show <a href=\"https://quay.example/\">notes</a> of it</p>";
        check_bodies(&format!("{notes}<itunes:summary>Show notes of it</itunes:summary>"), rich);
        check_bodies(&format!("<itunes:summary>Short.</itunes:summary>{notes}"), rich);
        check_bodies(
            &format!("{notes}<itunes:summary>The tide rose over the quay, and it fell.</itunes:summary>"),
            "<p>The tide rose over the quay, and it fell.</p>",
        );
        check_bodies(
            "<description>Short.</description><itunes:summary>The tide rose.</itunes:summary>",
            "<p>The tide rose.</p>",
        );
    }

    #[test]
    fn lines_of_plain_text_stay_lines() {
        check_bodies(
            "<description>Programme:\n09:00 Welcome\n09:30 Tides &amp; moons\n</description>",
            "<p>Programme:</p><p>09:00 Welcome</p><p>09:30 Tides &amp; moons</p>",
        );
        check_bodies(
            "<description>各单位：\n　　现将有关事项通知如下。</description>",
            "<p>各单位：</p><p>现将有关事项通知如下。</p>",
        );
        check_bodies(
            "<description>The tide\nrose over the\nquay.\n \nIt fell.</description>",
            "<p>The tide rose over the quay.</p><p>It fell.</p>",
        );
    }

    #[test]
    fn a_file_stands_before_the_torrent_of_it() {
        let feed = feed_of(
            "<rss xmlns:media='http://search.yahoo.com/mrss/'><item>
            <enclosure url='https://quay.example/a.torrent' type='application/x-bittorrent'/>
            <media:group><media:content url='https://quay.example/a-1080.mp4' type='video/mp4'/>
            <media:content url='https://quay.example/a-480.mp4' type='video/mp4'/></media:group></item></rss>",
        );
        let files = draft_of(&feed).enclosures;
        let types: Vec<_> = files.iter().map(|file| file.media_type.as_str()).collect();
        assert_eq!(types, ["video/mp4", "application/x-bittorrent"]);
    }

    #[test]
    fn a_player_that_nothing_plays_is_no_file() {
        let feed = feed_of(
            "<rss xmlns:media='http://search.yahoo.com/mrss/'><item><title>Tide</title>
            <media:group><media:content url='https://quay.example/v/1?version=3' type='application/x-shockwave-flash'/>
            <media:content url='https://quay.example/1.mp4' type='video/mp4'/></media:group></item></rss>",
        );
        let files: Vec<_> = draft_of(&feed).enclosures.into_iter().map(|file| file.media_type).collect();
        assert_eq!(files, ["video/mp4"]);
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
