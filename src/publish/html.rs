//! Pages for people: the feed browser, each feed as a page, and a page for each item without an address of its own.
//!
//! All links between them are relative, so the folder also works from a disk. No script.

use std::borrow::Cow;

use super::edition::{self, Edition, Entry, Source};
use super::text::{escape, line, name, scrub};
use super::{Format, Overview, Rendered, Site, Version};
use crate::draft::{Enclosure, Evidence, When};
use crate::item::Item;

mod words;

use words::{Words, name_of_language};

/// What the pages may load: our style sheet, and pictures and sounds of the items.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' https: http: data:; media-src https: http:; \
    base-uri 'none'; form-action 'none'";

/// The feed browser, `index.html`: every channel with its formats.
pub fn index_page(site: &Site, channels: &[Overview], formats: &[&'static dyn Format]) -> Rendered {
    let words = Words::of(&site.language);
    let title = line(&site.title);
    let is_whole = |channel: &&Overview| !channel.path.contains('/');
    let mut head = String::new();
    for channel in channels {
        // All formats of the whole; of the others the first, else the list that browsers show would be endless.
        let offered = if is_whole(&channel) { formats.len() } else { 1 };
        head.extend(
            formats.iter().take(offered).map(|format| autodiscovery("", &channel.path, &channel.title, *format)),
        );
    }
    let mut groups = String::new();
    let sections = [
        (words.everything, ""),
        (words.own_feeds, "feeds/"),
        (words.sources, "sources/"),
        (words.categories, "categories/"),
    ];
    for (heading, folder) in sections {
        let inside = |channel: &&Overview| match folder {
            "" => is_whole(channel),
            folder => channel.path.starts_with(folder),
        };
        let cards: String = channels.iter().filter(inside).map(|channel| card(words, site, channel, formats)).collect();
        if !cards.is_empty() {
            groups.extend(["<section>\n<h2>", heading, "</h2>\n<ul class=\"cards\">\n", &cards, "</ul>\n</section>\n"]);
        }
    }
    if groups.is_empty() {
        groups = format!("<p class=\"empty\">{}</p>\n", words.no_feeds);
    }
    let main = format!(
        "<h1 dir=\"auto\">{}</h1>\n{}\n<p class=\"all\"><a href=\"feeds.opml\" type=\"text/x-opml\">{}</a></p>\n{groups}",
        escape(&title),
        words.what_is_a_feed(),
        words.opml,
    );
    page(&Page { site, words, path: "index.html", title: &title, head: &head, main: &main })
}

/// A feed as a page, `<path>.html`: how to subscribe, then its items.
pub fn channel_page(edition: &Edition<'_>) -> Rendered {
    let words = Words::of(&edition.site.language);
    let path = format!("{}.html", edition.path);
    let root = root(&path);
    let formats = edition.formats.iter();
    let head: String =
        formats.clone().map(|format| autodiscovery(&root, edition.path, &edition.title, *format)).collect();
    let addresses: String = formats.map(|format| subscription(&root, edition, *format)).collect();
    let mut items = String::with_capacity(edition.entries.len() * TEASER);
    edition.entries.iter().for_each(|entry| teaser(words, &root, edition, entry, &mut items));
    let items = if items.is_empty() {
        format!("<p class=\"empty\">{}</p>\n", words.no_items)
    } else {
        format!("<ol class=\"items\">\n{items}</ol>\n{}", older(words, &root, edition))
    };
    let main = format!(
        "<h1{}>{title}</h1>\n<p class=\"lead\" dir=\"auto\">{}</p>\n\
         <section class=\"subscribe\" aria-labelledby=\"subscribe\">\n<h2 id=\"subscribe\">{}</h2>\n<p>{}</p>\n\
         <dl class=\"addresses\">\n{addresses}</dl>\n{}\n</section>\n\
         <section aria-labelledby=\"items\">\n<h2 id=\"items\">{} <small>{}</small></h2>\n{items}</section>\n",
        language_of(Some(edition.language)),
        escape(&edition.description),
        words.subscribe,
        words.copy_an_address,
        words.what_is_a_feed(),
        words.latest,
        words.items(edition.entries.len()),
        title = escape(&edition.title),
    );
    page(&Page { site: edition.site, words, path: &path, title: &edition.title, head: &head, main: &main })
}

/// Where the items are that the feed does not show any more.
fn older(words: &Words, root: &str, edition: &Edition<'_>) -> String {
    let Some(page) = edition.place.older() else { return String::new() };
    let path = [root, &page.path(edition.path)].concat();
    let links: String = edition.formats.iter().map(|format| format_link(&path, *format)).collect();
    format!("<p class=\"older\">{}</p>\n<ul class=\"formats\">\n{links}</ul>\n", words.older)
}

/// The page of an item, `items/<key>.html`: all that is known of it, and the source it came from.
pub fn item_page(
    site: &Site,
    facts: &Item,
    source_title: &str,
    versions: &[Version],
    formats: &[&'static dyn Format],
) -> Rendered {
    let words = Words::of(&site.language);
    let path = edition::page_path(&facts.key);
    let root = root(&path);
    let (title, source_title) = (line(&facts.title), line(source_title));
    let source = edition::source_path(facts);
    let mut head = format!("<link rel=\"canonical\" href=\"{}\">\n", escape(&edition::address(site, facts)));
    let summary = line(&facts.summary);
    if !summary.is_empty() {
        head.extend(["<meta name=\"description\" content=\"", &escape(&summary), "\">\n"]);
    }
    head.extend(formats.iter().map(|format| autodiscovery(&root, &source, &source_title, *format)));
    let mut about = vec![date_of(words, facts)];
    about.extend(facts.authors.iter().map(|author| format!("<span dir=\"auto\">{}</span>", escape(&name(author)))));
    match &facts.credit {
        Some(credit) => about.push(upstream_link(words, &Source::of(credit))),
        None if source_title.is_empty() => {}
        None => about.push(source_link(&root, facts, &source_title)),
    }
    about.extend(
        facts.publisher.iter().map(|publisher| format!("<span dir=\"auto\">{}</span>", escape(&line(publisher)))),
    );
    let mut after = String::new();
    if let Some(event) = facts.event {
        let event = time(words, event);
        after.extend(["<p class=\"event\">", words.took_place, " ", &event, "</p>\n"]);
    }
    if !versions.is_empty() {
        let versions: Vec<String> = versions.iter().map(|version| version_link(&root, site, version)).collect();
        after.extend(["<p class=\"versions\">", words.also_in, " ", &versions.join(" · "), "</p>\n"]);
    }
    if !facts.enclosures.is_empty() {
        after.extend(["<section>\n<h2>", words.files, "</h2>\n<ul class=\"files\">\n"]);
        after.extend(facts.enclosures.iter().map(file));
        after.push_str("</ul>\n</section>\n");
    }
    let categories: Vec<_> =
        facts.categories.iter().map(|category| (category.slug.as_str(), line(&category.label))).collect();
    push_tags(&root, categories.iter().map(|(slug, label)| (*slug, &**label)), &mut after);
    let main = format!(
        "<article>\n<header>\n<h1{language}>{}</h1>\n<p class=\"about\">{}</p>\n</header>\n\
         <div class=\"content\"{language}>\n{}\n</div>\n<footer>\n{after}</footer>\n</article>\n",
        escape(&title),
        about.join(" <span class=\"dot\" aria-hidden=\"true\">·</span> "),
        scrub(facts.content.as_str()),
        language = language_of(facts.language.as_deref()),
    );
    page(&Page { site, words, path: &path, title: &title, head: &head, main: &main })
}

struct Page<'a> {
    site: &'a Site,
    words: &'a Words,
    path: &'a str,
    title: &'a str,
    head: &'a str,
    main: &'a str,
}

fn page(page: &Page<'_>) -> Rendered {
    let Page { site, words, path, title, head, main } = page;
    let root = root(path);
    let name = line(&site.title);
    let full_title =
        if name == *title { escape(title).into_owned() } else { format!("{} – {}", escape(title), escape(&name)) };
    let home = if *path == "index.html" { " aria-current=\"page\"" } else { "" };
    let html = format!(
        "<!DOCTYPE html>\n<html{language}>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{full_title}</title>\n<link rel=\"icon\" href=\"{root}favicon.png\" type=\"image/png\">\n\
         <link rel=\"stylesheet\" href=\"{root}style.css\">\n{head}</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">{skip}</a>\n\
         <header class=\"site\"><nav aria-label=\"{navigation}\"><a href=\"{root}index.html\"{home}>\
         <img src=\"{root}favicon.png\" alt=\"\" width=\"24\" height=\"24\"><span dir=\"auto\">{name}</span></a></nav></header>\n\
         <main id=\"main\">\n{main}</main>\n<footer class=\"site\"><p>{made_by}</p></footer>\n</body>\n</html>\n",
        language = language_of(Some(&site.language)),
        skip = words.skip,
        navigation = words.navigation,
        name = escape(&name),
        made_by = words.made_by,
    );
    Rendered { path: (*path).to_owned(), bytes: html.into_bytes() }
}

/// The way from a page to the publish directory: empty, or `../` for each folder.
fn root(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

/// `lang` and `dir` of an element, from a BCP 47 tag.
fn language_of(language: Option<&str>) -> String {
    let Some(language) = language else { return " dir=\"auto\"".to_owned() };
    let first = language.split('-').next().unwrap_or_default();
    let right_to_left = matches!(first, "ar" | "arc" | "ckb" | "dv" | "fa" | "he" | "ps" | "sd" | "ug" | "ur" | "yi");
    let direction = if right_to_left { "rtl" } else { "ltr" };
    format!(" lang=\"{}\" dir=\"{direction}\"", escape(language))
}

fn autodiscovery(root: &str, path: &str, title: &str, format: &dyn Format) -> String {
    format!(
        "<link rel=\"alternate\" type=\"{}\" title=\"{} – {}\" href=\"{root}{path}.{}\">\n",
        format.media_type(),
        escape(&line(title)),
        format.title(),
        format.extension(),
    )
}

fn card(words: &Words, site: &Site, channel: &Overview, formats: &[&'static dyn Format]) -> String {
    let language = if channel.language == site.language {
        " dir=\"auto\"".to_owned()
    } else {
        language_of(Some(&channel.language))
    };
    let links: String = formats.iter().map(|format| format_link(&channel.path, *format)).collect();
    let newest = channel.updated.map(|updated| {
        let day = time(words, When::Day(updated.date_naive()));
        format!(" <span class=\"dot\" aria-hidden=\"true\">·</span> {} {day}", words.updated)
    });
    format!(
        "<li class=\"card\"{language}>\n<h3><a href=\"{}.html\">{}</a></h3>\n<p>{}</p>\n<p class=\"about\">{}{}</p>\n\
         <ul class=\"formats\">\n{links}</ul>\n</li>\n",
        channel.path,
        escape(&line(&channel.title)),
        escape(&line(&channel.description)),
        words.items(channel.items),
        newest.unwrap_or_default(),
    )
}

fn format_link(path: &str, format: &dyn Format) -> String {
    let (extension, media_type, title) = (format.extension(), format.media_type(), format.title());
    format!("<li><a href=\"{path}.{extension}\" type=\"{media_type}\">{title}</a></li>\n")
}

/// The address of a feed, to be copied with one click.
fn subscription(root: &str, edition: &Edition<'_>, format: &dyn Format) -> String {
    let (path, extension, media_type, title) = (edition.path, format.extension(), format.media_type(), format.title());
    format!(
        "<div><dt><a href=\"{root}{path}.{extension}\" type=\"{media_type}\">{title}</a></dt><dd><code>{}</code></dd></div>\n",
        escape(&edition.address(extension)),
    )
}

/// Bytes that most teasers stay below.
const TEASER: usize = 1024;

fn teaser(words: &Words, root: &str, edition: &Edition<'_>, entry: &Entry<'_>, out: &mut String) {
    let item = &entry.shown.item;
    let address = match &item.link {
        Some(link) => escape(link.as_str()),
        None => Cow::Owned([root, &edition::page_path(&item.key)].concat()),
    };
    let language = match entry.foreign_language(edition) {
        None => language_of(Some(edition.language)),
        foreign => language_of(foreign),
    };
    out.extend(["<li><article>\n<h3", &language, "><a href=\"", &address, "\">", &escape(&entry.title)]);
    out.push_str("</a></h3>\n<p class=\"about\">");
    out.push_str(&date_of(words, item));
    let source = match &entry.upstream {
        Some(upstream) => Some(upstream_link(words, upstream)),
        None => entry.source(edition, "html").map(|source| source_link(root, item, &source.title)),
    };
    if let Some(source) = source {
        out.extend([" <span class=\"dot\" aria-hidden=\"true\">·</span> ", &source]);
    }
    out.push_str("</p>\n");
    if !entry.summary.is_empty() {
        out.extend(["<p", &language, ">", &escape(&entry.summary), "</p>\n"]);
    }
    push_tags(root, entry.categories.iter().map(|(slug, label)| (*slug, &**label)), out);
    out.push_str("</article></li>\n");
}

fn source_link(root: &str, item: &Item, title: &str) -> String {
    ["<a href=\"", root, &edition::source_path(item), ".html\" dir=\"auto\">", &escape(title), "</a>"].concat()
}

/// "from" and the feed of others that an item was taken from, with a link to its page or to itself.
/// A link to a story in another language: its title in that language, or what the language calls itself.
fn version_link(root: &str, site: &Site, version: &Version) -> String {
    let address = version.address.strip_prefix(site.url.as_str()).map(|path| [root, path].concat());
    let (name, title) = (name_of_language(&version.language), line(&version.title));
    let (open, close) = if title.is_empty() { ("", String::new()) } else { (": ", escape(&title).into_owned()) };
    format!(
        "<a href=\"{}\" hreflang=\"{tag}\"{}>{}{open}{close}</a>",
        escape(address.as_deref().unwrap_or(&version.address)),
        language_of(Some(&version.language)),
        escape(name),
        tag = escape(&version.language),
    )
}

fn upstream_link(words: &Words, upstream: &Source) -> String {
    let title = escape(&upstream.title);
    match upstream.page.as_ref().or(upstream.feed.as_ref()) {
        Some(url) => [words.from, " <a href=\"", &escape(url), "\" dir=\"auto\">", &title, "</a>"].concat(),
        None => [words.from, " <span dir=\"auto\">", &title, "</span>"].concat(),
    }
}

fn push_tags<'a>(root: &str, categories: impl Iterator<Item = (&'a str, &'a str)>, out: &mut String) {
    let mut categories = categories.peekable();
    if categories.peek().is_none() {
        return;
    }
    out.push_str("<ul class=\"tags\">\n");
    for (slug, label) in categories {
        out.extend(["<li><a href=\"", root, "categories/", slug, ".html\" dir=\"auto\">", &escape(label)]);
        out.push_str("</a></li>\n");
    }
    out.push_str("</ul>\n");
}

fn file(enclosure: &Enclosure) -> String {
    let segment =
        enclosure.url.path_segments().and_then(|mut segments| segments.next_back()).filter(|name| !name.is_empty());
    let name = segment.map_or_else(
        || enclosure.url.to_string(),
        |segment| percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned(),
    );
    let size =
        enclosure.length.filter(|length| *length > 0).map(|length| format!(", {}", size(length))).unwrap_or_default();
    format!(
        "<li><a href=\"{}\" type=\"{}\" dir=\"auto\">{}</a> <small>{}{size}</small></li>\n",
        escape(enclosure.url.as_str()),
        escape(&enclosure.media_type),
        escape(&line(&name)),
        escape(&line(&enclosure.media_type)),
    )
}

/// Bytes as people say them: `812 B`, `34 kB`, `1.2 MB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// When an item was published, as fine as it is known.
fn date_of(words: &Words, item: &Item) -> String {
    let time = time(words, item.when);
    if item.evidence == Evidence::FirstSeen { format!("{} {time}", words.first_seen) } else { time }
}

fn time(words: &Words, when: When) -> String {
    // `When` is written as `datetime` wants it.
    let written = when.to_string();
    ["<time datetime=\"", &written, "\">", &words.date(when, &written), "</time>"].concat()
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
        assert_eq!(time(&ENGLISH, When::Month(2025, 3)), "<time datetime=\"2025-03\">March 2025</time>");
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
        let copied = crate::item::Facts { key: "00".repeat(8), credit: Some(credit), ..facts.clone() };
        let mut channel = channel(vec![facts, copied]);
        channel.title = "<script>".to_owned();
        std::sync::Arc::make_mut(&mut channel.items[0]).source_title = "<script>".to_owned();
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
        let page = text(item_page(&chinese, &Item::recall(facts), "Riverside University", &[], FORMATS));
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
        for channel in &channels {
            for ending in ["rss", "atom", "json", "html"] {
                assert!(index.contains(&format!("<a href=\"{}.{ending}\"", channel.path)), "{}.{ending}", channel.path);
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
        assert!(file(&enclosure).contains(">新闻.pdf</a> <small>application/pdf, 1.2 MB</small>"));
        assert_eq!([size(812), size(34_900)], ["812 B", "34 kB"]);
    }
}
