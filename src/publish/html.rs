//! Pages for people: the feed browser, each feed as a page, and a page for each item without an address of its own.
//!
//! All links between them are relative, so the folder also works from a disk. No script.

use std::borrow::Cow;

use maud::{Markup, PreEscaped, html};

use super::edition::{self, Edition, Entry};
use super::shown::{self, Source};
use super::text::{escape, line, name, scrub};
use super::{Format, Overview, Rendered, Site, Version, date};
use crate::draft::{Enclosure, Evidence, When};
use crate::item::Facts;

pub mod frame;
pub mod words;

use frame::{Frame, dot, framed, language_of};
use words::{Words, name_of_language};

/// What the pages may load: our style sheet, and pictures and sounds of the items (Content Security Policy Level 3).
pub const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' https: http: data:; media-src https: http:; \
    base-uri 'none'; form-action 'none'";

/// The feed browser, `index.html`: every channel with its formats.
pub fn index_page(site: &Site, channels: &[Overview], formats: &[&'static dyn Format]) -> Rendered {
    let words = Words::of(&site.language);
    let title = line(&site.title);
    let is_whole = |channel: &Overview| !channel.path.contains('/');
    // All formats of the whole; of the others the first, else the list that browsers show would be endless.
    let offered = |channel: &Overview| if is_whole(channel) { formats.len() } else { 1 };
    let head = html! {
        @for channel in channels {
            @for format in formats.iter().take(offered(channel)) {
                (autodiscovery("", &channel.path, &channel.title, *format))
            }
        }
    };
    let sections = [(words.own_feeds, "feeds/"), (words.sources, "sources/"), (words.categories, "categories/")];
    let main = html! {
        h1 dir="auto" { (title) }
        @if channels.is_empty() { p.empty { (words.no_feeds) } }
        @for channel in channels.iter().filter(|channel| is_whole(channel)) { (whole(words, site, channel, formats)) }
        @for (heading, folder) in sections {
            @let inside = || channels.iter().filter(|channel| channel.path.starts_with(folder));
            @if inside().next().is_some() {
                section {
                    h2 { (heading) " " small { (inside().count()) } }
                    ul.cards { @for channel in inside() { (card(words, site, channel, formats)) } }
                }
            }
        }
        @if !channels.is_empty() { p.all { a href="feeds.opml" type="text/x-opml" { (words.opml) } } }
    };
    page(site, "index.html", &title, head, main)
}

/// A feed as a page, `<path>.html`: how to subscribe, then its items.
pub fn channel_page(edition: &Edition<'_>) -> Rendered {
    let words = Words::of(&edition.site.language);
    let path = format!("{}.html", edition.path);
    let root = root(&path);
    let head = html! {
        @for format in edition.formats { (autodiscovery(&root, edition.path, &edition.title, *format)) }
    };
    let (lang, dir) = language_of(Some(edition.language));
    let main = html! {
        h1 lang=[lang] dir=(dir) { (edition.title) }
        p.lead dir="auto" { (edition.description) }
        (subscribe(words, &root, edition.path, edition.formats, |extension| edition.address(extension)))
        section aria-labelledby="items" {
            h2 #items { (words.latest) " " small { (words.items(edition.entries.len())) } }
            @if edition.entries.is_empty() {
                p.empty { (words.no_items) }
            } @else {
                ol.items { @for entry in &edition.entries { (teaser(words, &root, edition, entry)) } }
                (older(words, &root, edition))
            }
        }
    };
    page(edition.site, &path, &edition.title, head, main)
}

/// How to subscribe to a feed: its addresses, to be copied with one click, and what that is at all.
fn subscribe(
    words: &Words,
    root: &str,
    path: &str,
    formats: &[&'static dyn Format],
    address: impl Fn(&str) -> String,
) -> Markup {
    html! {
        section.subscribe aria-labelledby="subscribe" {
            h2 #subscribe { (words.subscribe) }
            p { (words.copy_an_address) }
            dl.addresses {
                @for format in formats {
                    @let extension = format.extension();
                    div {
                        dt { a.button href={ (root) (path) "." (extension) } type=(format.media_type()) { (format.title()) } }
                        dd { code { (address(extension)) } }
                    }
                }
            }
            (words.what_is_a_feed())
        }
    }
}

/// Where the items are that the feed does not show any more.
fn older(words: &Words, root: &str, edition: &Edition<'_>) -> Markup {
    let Some(page) = edition.place.older() else { return html! {} };
    let path = [root, &page.path(edition.path)].concat();
    html! {
        p.older { (words.older) }
        ul.formats { @for format in edition.formats { (format_link(&path, *format)) } }
    }
}

/// The page of an item, `items/<key>.html`: all that is known of it, and the source it came from.
pub fn item_page(
    site: &Site,
    facts: &Facts,
    source_title: &str,
    versions: &[Version],
    formats: &[&'static dyn Format],
) -> Rendered {
    let words = Words::of(&site.language);
    let path = shown::page_path(&facts.key);
    let root = root(&path);
    let (title, source_title) = (line(&facts.title), line(source_title));
    let source = edition::source_path(facts);
    let summary = line(&facts.summary);
    let head = html! {
        link rel="canonical" href=(shown::address(site, facts));
        @if !summary.is_empty() { meta name="description" content=(summary); }
        @for format in formats { (autodiscovery(&root, &source, &source_title, *format)) }
    };
    let (lang, dir) = language_of(facts.language.as_deref());
    let main = html! {
        article {
            header {
                h1 lang=[lang] dir=(dir) { (title) }
                p.about {
                    (date_of(words, facts))
                    @for author in &facts.authors { (dot()) span dir="auto" { (name(author)) } }
                    @if let Some(credit) = &facts.credit {
                        (dot()) (upstream_link(words, &Source::of(credit)))
                    } @else if !source_title.is_empty() {
                        (dot()) (source_link(&root, facts, &source_title))
                    }
                    @if let Some(publisher) = &facts.publisher { (dot()) span dir="auto" { (line(publisher)) } }
                }
            }
            div.content lang=[lang] dir=(dir) { (PreEscaped(scrub(facts.content.as_str()))) }
            footer {
                @if let Some(event) = facts.event { p.event { (words.took_place) " " (time(words, event)) } }
                @if !versions.is_empty() {
                    p.versions {
                        (words.also_in) " "
                        @for (at, version) in versions.iter().enumerate() {
                            @if at > 0 { (dot()) }
                            (version_link(&root, site, version))
                        }
                    }
                }
                @if !facts.enclosures.is_empty() {
                    section {
                        h2 { (words.files) }
                        ul.files { @for enclosure in &facts.enclosures { (file(enclosure)) } }
                    }
                }
                (tags(&root, facts.categories.iter().map(|category| (category.slug.as_str(), line(&category.label)))))
            }
        }
    };
    page(site, &path, &title, head, main)
}

fn page(site: &Site, path: &str, title: &str, head: Markup, main: Markup) -> Rendered {
    let text = framed(Frame {
        language: &site.language,
        site: &line(&site.title),
        title,
        root: &root(path),
        is_home: path == "index.html",
        policy: Some(POLICY),
        head,
        places: Vec::new(),
        main,
    });
    Rendered { path: path.to_owned(), bytes: text.into_bytes() }
}

/// The way from a page to the publish directory: empty, or `../` for each folder.
fn root(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

fn autodiscovery(root: &str, path: &str, title: &str, format: &dyn Format) -> Markup {
    let title = line(title);
    html! {
        link rel="alternate" type=(format.media_type()) title={ (title) " – " (format.title()) }
            href={ (root) (path) "." (format.extension()) };
    }
}

/// The feed of everything: the first that is offered to somebody who comes for the first time.
fn whole(words: &Words, site: &Site, channel: &Overview, formats: &[&'static dyn Format]) -> Markup {
    html! {
        p.lead { (line(&channel.description)) }
        p.about { a href={ (channel.path) ".html" } { (words.everything) } (dot()) (counted(words, channel)) }
        (subscribe(words, "", &channel.path, formats, |extension| site.address(&format!("{}.{extension}", channel.path))))
    }
}

/// How many items a channel has, and when it changed last.
fn counted(words: &Words, channel: &Overview) -> Markup {
    html! {
        (words.items(channel.items))
        @if let Some(updated) = channel.updated {
            (dot()) (words.updated) " " (time(words, When::Day(updated.date_naive())))
        }
    }
}

fn card(words: &Words, site: &Site, channel: &Overview, formats: &[&'static dyn Format]) -> Markup {
    let own = Some(channel.language.as_str()).filter(|own| *own != site.language);
    let (lang, dir) = language_of(own);
    html! {
        li.card lang=[lang] dir=(dir) {
            h3 { a href={ (channel.path) ".html" } { (line(&channel.title)) } }
            p { (line(&channel.description)) }
            p.about { (counted(words, channel)) }
            ul.formats { @for format in formats { (format_link(&channel.path, *format)) } }
        }
    }
}

fn format_link(path: &str, format: &dyn Format) -> Markup {
    html! { li { a href={ (path) "." (format.extension()) } type=(format.media_type()) { (format.title()) } } }
}

fn teaser(words: &Words, root: &str, edition: &Edition<'_>, entry: &Entry<'_>) -> Markup {
    let item = &entry.item;
    let (lang, dir) = match entry.foreign_language() {
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

/// A text as `maud` writes it, which takes it byte by byte.
fn escaped(text: &str) -> PreEscaped<Cow<'_, str>> {
    PreEscaped(escape(text))
}

fn source_link(root: &str, item: &Facts, title: &str) -> Markup {
    html! { a href={ (root) (edition::source_path(item)) ".html" } dir="auto" { (title) } }
}

/// A link to a story in another language: its title in that language, or what the language calls itself.
fn version_link(root: &str, site: &Site, version: &Version) -> Markup {
    let address = version.address.strip_prefix(site.url.as_str()).map(|path| [root, path].concat());
    let title = line(&version.title);
    let (lang, dir) = language_of(Some(&version.language));
    html! {
        a href=(address.as_deref().unwrap_or(&version.address)) hreflang=(version.language) lang=[lang] dir=(dir) {
            (name_of_language(&version.language)) @if !title.is_empty() { ": " (title) }
        }
    }
}

/// "from" and the feed of others that an item was taken from, with a link to its page or to itself.
fn upstream_link(words: &Words, upstream: &Source) -> Markup {
    html! {
        (words.from) " "
        @if let Some(url) = upstream.page.as_ref().or(upstream.feed.as_ref()) {
            a href=(escaped(url)) dir="auto" { (escaped(&upstream.title)) }
        } @else {
            span dir="auto" { (escaped(&upstream.title)) }
        }
    }
}

fn tags(root: &str, categories: impl ExactSizeIterator<Item = (impl AsRef<str>, impl AsRef<str>)>) -> Markup {
    html! {
        @if categories.len() > 0 {
            ul.tags {
                @for (slug, label) in categories {
                    li { a href={ (root) "categories/" (escaped(slug.as_ref())) ".html" } dir="auto" { (escaped(label.as_ref())) } }
                }
            }
        }
    }
}

fn file(enclosure: &Enclosure) -> Markup {
    let segment =
        enclosure.url.path_segments().and_then(|mut segments| segments.next_back()).filter(|name| !name.is_empty());
    let name = segment.map_or_else(
        || enclosure.url.to_string(),
        |segment| percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned(),
    );
    html! {
        li {
            a href=(enclosure.url) type=(enclosure.media_type) dir="auto" { (line(&name)) }
            " "
            small {
                (line(&enclosure.media_type))
                @if let Some(length) = enclosure.length.filter(|length| *length > 0) { ", " (size(length)) }
            }
        }
    }
}

/// Bytes as people say them: `812 B`, `34 kB`, `1.2 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// When an item was published, as fine as it is known.
fn date_of(words: &Words, item: &Facts) -> Markup {
    html! {
        @if item.evidence == Evidence::FirstSeen { (words.first_seen) " " }
        (time(words, item.when))
    }
}

fn time(words: &Words, when: When) -> Markup {
    // `When` is written as `datetime` wants it. There is no mark in a date.
    let written = date::known(when);
    html! { time datetime=(PreEscaped(&written)) { (PreEscaped(words.date(when, &written))) } }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, FixedOffset, NaiveDate};

    use super::super::tests::{channel, item, site};
    use super::super::{FORMATS, site_files};
    use super::words::{CHINESE, ENGLISH};
    use super::*;
    use crate::item::CanonicalUrl;

    fn text(page: Rendered) -> String {
        String::from_utf8(page.bytes).unwrap()
    }

    #[test]
    fn dates_are_as_fine_as_they_are_known() {
        let day = NaiveDate::from_ymd_opt(2025, 3, 6).unwrap();
        let instant: DateTime<FixedOffset> = "2025-03-06T16:05:00+08:00".parse().unwrap();
        for (when, english, chinese) in [
            (When::Year(2025), "2025", "2025年"),
            (When::Month(2025, 3), "March 2025", "2025年3月"),
            (When::Day(day), "6 March 2025", "2025年3月6日"),
            (When::Local(day.and_hms_opt(9, 30, 0).unwrap()), "6 March 2025, 09:30", "2025年3月6日, 09:30"),
            (When::Instant(instant), "6 March 2025, 16:05 UTC+08:00", "2025年3月6日, 16:05 UTC+08:00"),
        ] {
            let date = |words: &Words| words.date(when, &when.to_string());
            assert_eq!((date(&ENGLISH), date(&CHINESE)), (english.to_owned(), chinese.to_owned()));
        }
        assert_eq!(time(&ENGLISH, When::Month(2025, 3)).into_string(), "<time datetime=\"2025-03\">March 2025</time>");
    }

    #[test]
    fn no_text_becomes_markup() {
        let mut facts = item(1, "<script>alert(1)</script>");
        facts.summary = "\"><img src=x onerror=alert(1)>".to_owned();
        facts.authors = vec!["<b>".to_owned()];
        facts.language = Some("\"><script>".to_owned());
        facts.link = Some(CanonicalUrl::recall("https://example.edu/\"><script>".to_owned()));
        let credit = crate::draft::Credit {
            title: "<script>".to_owned(),
            id: None,
            feed: "https://a.example/<b>".parse().ok(),
            page: None,
        };
        let copied =
            crate::item::Facts { key: "00".repeat(8), credit: Some(std::sync::Arc::new(credit)), ..facts.clone() };
        let mut channel = channel(vec![facts, copied]);
        channel.title = "<script>".to_owned();
        std::sync::Arc::get_mut(&mut channel.items[0]).unwrap().source_title = "<script>".to_owned();
        let site = Site { title: "<script>".to_owned(), ..site() };
        let pages = [
            text(channel_page(&Edition::new(&site, &channel, FORMATS))),
            text(item_page(&site, &channel.items[0].item, &channel.items[0].source_title, &[], FORMATS)),
            text(item_page(&site, &channel.items[1].item, "", &[], FORMATS)),
            text(index_page(&site, &[channel.overview()], FORMATS)),
        ];
        assert!(pages[0].contains("from <a href=\"https://a.example/%3Cb%3E\""), "{}", pages[0]);
        for page in pages {
            assert!(!page.contains("<script") && !page.contains("<img src=x") && !page.contains("<b>"), "{page}");
        }
    }

    #[test]
    fn links_between_pages_are_relative() {
        let (site, channel) = (site(), channel(vec![item(7, "Seven")]));
        let twin = text(channel_page(&Edition::new(&site, &channel, FORMATS)));
        for part in [
            "href=\"../index.html\"",
            "href=\"../style.css\"",
            "href=\"../items/0000000000000007.html\"",
            "href=\"../categories/news.html\"",
            "href=\"../sources/riverside.html\"",
            "<code>https://news.example.edu/feeds/categories/news.atom</code>",
        ] {
            assert!(twin.contains(part), "{part} is not in\n{twin}");
        }
        let page = text(item_page(&site, &channel.items[0].item, &channel.items[0].source_title, &[], FORMATS));
        assert!(
            page.contains(
                "<link rel=\"canonical\" href=\"https://news.example.edu/feeds/items/0000000000000007.html\">"
            )
        );
        assert!(page.contains("title=\"Riverside University – Atom\" href=\"../sources/riverside.atom\""));
    }

    #[test]
    fn the_interface_speaks_chinese_and_turns_for_arabic() {
        let chinese = Site { language: "zh-CN".to_owned(), ..site() };
        let mut facts = item(1, "خبر");
        facts.language = Some("ar-EG".to_owned());
        let page = text(item_page(&chinese, &crate::item::Item::recall(facts), "Riverside University", &[], FORMATS));
        assert!(page.contains("<html lang=\"zh-CN\" dir=\"ltr\">") && page.contains("跳到正文"));
        assert!(page.contains("<h1 lang=\"ar-EG\" dir=\"rtl\">"));
    }

    #[test]
    fn every_page_forbids_scripts_and_every_channel_can_be_found() {
        let channels = ["all", "sources/riverside", "feeds/talent", "categories/news"].map(|path| {
            let channel = super::super::Channel { path: path.to_owned(), ..channel(Vec::new()) };
            channel.overview()
        });
        let files = site_files(&site(), &channels, FORMATS).unwrap();
        let index = str::from_utf8(&files[0].bytes).unwrap();
        assert!(index.contains("default-src 'none'"));
        let (_, body) = index.split_once("<body>").unwrap();
        for channel in &channels {
            for ending in ["rss", "atom", "json", "html"] {
                assert!(body.contains(&format!(" href=\"{}.{ending}\"", channel.path)), "{}.{ending}", channel.path);
            }
            assert!(index.contains(&format!("<link rel=\"alternate\" type=\"application/rss+xml\" title=\"News &amp; views – RSS 2.0\" href=\"{}.rss\">", channel.path)));
        }
    }

    #[test]
    fn files_have_names_and_sizes_for_people() {
        let enclosure = Enclosure {
            url: "https://example.edu/%E6%96%B0%E9%97%BB.pdf?x=1".parse().unwrap(),
            media_type: "application/pdf".to_owned(),
            length: Some(1_280_000),
        };
        assert!(file(&enclosure).into_string().contains(">新闻.pdf</a> <small>application/pdf, 1.2 MB</small>"));
        assert_eq!([size(812), size(34_900)], ["812 B", "34 kB"]);
    }
}
