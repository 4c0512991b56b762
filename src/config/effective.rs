//! What a configuration resolves to, as TOML that says where each value comes from.

use std::path::PathBuf;
use std::time::Duration;

use super::file::{Origin, Section, quoted};
use super::keys::{Absent, Key, TABLES};
use super::sources::{OF_PAGES, OF_THE_WEB};
use super::visiting::{spelled, told};
use super::{Place, Refresh, Settings, Written};
use crate::publish::Selection;
use crate::source::{Every, Page, Select, Source, SourceKind, Tz, Web};

/// The settings as TOML with every key; what has no value is a comment. Read again, it gives the same settings.
pub fn effective(written: &Written, settings: &Settings) -> String {
    let mut parts = Vec::new();
    for table in TABLES {
        let sections: Vec<Option<&Section>> = match written.every(table.name).map(Some).collect::<Vec<_>>() {
            none if none.is_empty() && table.name == "source" => vec![None],
            sections => sections,
        };
        for (at, section) in sections.into_iter().enumerate() {
            let mut lines = vec![table.header()];
            let source = settings.sources.get(at).filter(|_| table.name == "source");
            let keys = table.keys.iter().filter(|key| source.is_none_or(|source| is_of(source, key.name)));
            lines.extend(keys.map(|key| {
                let origin = origin(written, section, key);
                match value(settings, table.name, at, key.name) {
                    Some(value) => format!("{} = {value}  # {origin}", key.name),
                    None => format!("# {}: {origin}", key.name),
                }
            }));
            parts.push(lines.join("\n") + "\n");
        }
    }
    parts.join("\n")
}

/// Whether a key is for that kind of source.
fn is_of(source: &Source, key: &str) -> bool {
    match &source.kind {
        SourceKind::Files(_) => {
            !["feed", "page"].contains(&key) && !OF_THE_WEB.contains(&key) && !OF_PAGES.contains(&key)
        }
        SourceKind::Feed(_) => !["files", "page"].contains(&key) && !OF_PAGES.contains(&key),
        SourceKind::Page(_) => !["files", "feed"].contains(&key),
    }
}

fn origin(written: &Written, section: Option<&Section>, key: &Key) -> String {
    let Some(entry) = section.and_then(|section| section.written(key.name)) else {
        return match (key.absent, &written.state_directory) {
            (_, Some(_)) if ["path", "directory"].contains(&key.name) => "STATE_DIRECTORY".to_owned(),
            (Absent::Means(what), _) if section.is_some() => format!("default: {what}"),
            _ => "default".to_owned(),
        };
    };
    match &entry.origin {
        Origin::Environment(variable) => variable.clone(),
        origin => match written.problem(origin, String::new(), None).place {
            Place::File { name, line, .. } => format!("{name}:{line}"),
            Place::Environment(_) | Place::Default => "default".to_owned(),
        },
    }
}

/// The value of a key in TOML; `at` counts the tables of that name. `None`: it has none.
fn value(settings: &Settings, table: &str, at: usize, key: &str) -> Option<String> {
    let (site, publish) = (&settings.site, &settings.publish);
    match (table, key) {
        ("site", "title") => Some(quoted(&site.title)),
        ("site", "url") => Some(quoted(site.url.as_str())),
        ("site", "language") => Some(quoted(&site.language)),
        ("site", "timezone") => Some(zone(site.timezone)),
        ("site", "authority") => site.authority.as_deref().map(quoted),
        ("publish", "directory") => Some(quoted(&publish.directory.to_string_lossy())),
        ("publish", "formats") => Some(list(publish.formats.iter().map(|format| format.extension()))),
        ("publish", "items") => Some(publish.items.to_string()),
        ("publish", "keep_for") => publish.keep_for.map(|time| quoted(&spelled(time))),
        ("publish", "keep_items") => Some(publish.keep_items.to_string()),
        ("publish", "archive") => Some(publish.archive.to_string()),
        ("publish", "hub") => Some(list(publish.hubs.iter().map(url::Url::as_str))),
        ("publish", "on_publish") => publish.on_publish.as_deref().map(quoted),
        ("store", "path") => Some(quoted(&settings.store.to_string_lossy())),
        ("documents", "max_size") => Some(settings.max_size.to_string()),
        ("serve", "listen") => Some(quoted(&settings.serve.listen.to_string())),
        ("serve", "access_log") => Some(settings.serve.access_log.to_string()),
        ("refresh", key) => of_refresh(&settings.refresh, key),
        ("serve", "token_file") => settings.serve.token_file.as_deref().map(|path| quoted(&path.to_string_lossy())),
        ("source", key) => of_source(settings.sources.get(at)?, key),
        ("feed", key) => of_feed(settings.feeds.get(at)?, key),
        _ => None,
    }
}

fn of_source(source: &Source, key: &str) -> Option<String> {
    match key {
        "id" => Some(quoted(source.id.as_str())),
        "title" => Some(quoted(&source.title)),
        "files" => match &source.kind {
            SourceKind::Files(files) => Some(quoted(&files.root.join(&files.pattern).to_string_lossy())),
            SourceKind::Feed(_) | SourceKind::Page(_) => None,
        },
        "every" => Some(quoted(&told(source.every()))),
        "categories" => Some(list(&source.treatment.categories)),
        "timezone" => Some(zone(source.timezone)),
        "language" => source.treatment.language.as_deref().map(quoted),
        "author" => source.treatment.author.as_deref().map(quoted),
        "prefer" => Some(source.prefer.to_string()),
        "items" => Some(source.items.to_string()),
        "keep_for" => source.keep_for.map(|time| quoted(&spelled(time))),
        "keep_items" => Some(source.keep_items.to_string()),
        "keep" => Some(list(source.treatment.keep.iter().map(regex::Regex::as_str))),
        "drop" => Some(list(source.treatment.drop.iter().map(regex::Regex::as_str))),
        "remove" => Some(list(source.treatment.remove.iter().map(regex::Regex::as_str))),
        key => match &source.kind {
            SourceKind::Files(_) => None,
            SourceKind::Feed(web) => of_web(web, key),
            SourceKind::Page(page) => of_page(page, key).or_else(|| of_web(&page.web, key)),
        },
    }
}

fn of_refresh(refresh: &Refresh, key: &str) -> Option<String> {
    match key {
        "every" => Some(quoted(&told(&refresh.every))),
        "slowest" => slowest(&refresh.every, refresh.slowest),
        "concurrency" => Some(refresh.concurrency.to_string()),
        "timeout" => Some(quoted(&spelled(refresh.timeout))),
        "user_agent" => refresh.user_agent.as_deref().map(quoted),
        "robots" => Some(refresh.robots.to_string()),
        "allow_private" => Some(list(&refresh.allow_private)),
        "on_alert" => refresh.on_alert.as_deref().map(quoted),
        _ => None,
    }
}

/// Beside times, it means nothing and may not stand.
fn slowest(every: &Every, slowest: Duration) -> Option<String> {
    matches!(every, Every::Interval(_)).then(|| quoted(&spelled(slowest)))
}

fn of_page(page: &Page, key: &str) -> Option<String> {
    match key {
        "page" => Some(quoted(page.web.url.as_str())),
        "select" => Some(of_select(page)),
        "render" => page.render.as_deref().map(quoted),
        "test" => {
            let test = |test: &crate::source::PageTest| {
                format!("{{ url = {}, contains = {} }}", quoted(test.url.as_str()), quoted(&test.contains))
            };
            Some(format!("[{}]", page.tests.iter().map(test).collect::<Vec<_>>().join(", ")))
        }
        _ => None,
    }
}

fn of_select(Page { select, pages, full_text, .. }: &Page) -> String {
    let Select { item, title, link, date, date_format, summary, image, next, content, remove } = select;
    let parts = [
        ("item", item),
        ("title", title),
        ("link", link),
        ("date", date),
        ("date_format", date_format),
        ("summary", summary),
        ("image", image),
        ("next", next),
        ("content", content),
    ];
    let parts = parts.into_iter().filter_map(|(name, value)| Some(format!("{name} = {}", quoted(value.as_deref()?))));
    let rest = [format!("remove = {}", list(remove)), format!("pages = {pages}"), format!("full_text = {full_text}")];
    format!("{{ {} }}", parts.chain(rest).collect::<Vec<_>>().join(", "))
}

fn of_web(web: &Web, key: &str) -> Option<String> {
    let path = |path: &Option<PathBuf>| path.as_deref().map(|path| quoted(&path.to_string_lossy()));
    match key {
        "feed" => Some(quoted(web.url.as_str())),
        "slowest" => slowest(&web.every, web.slowest),
        "robots" => Some(web.robots.to_string()),
        "headers" => {
            let pairs = web.access.headers.iter().map(|(name, value)| format!("{} = {}", quoted(name), quoted(value)));
            Some(format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", ")).replace("{  }", "{}"))
        }
        "headers_file" => path(&web.access.headers_file),
        "user" => web.access.user.as_deref().map(quoted),
        "password_file" => path(&web.access.password_file),
        "proxy" => web.access.proxy.as_ref().map(|proxy| quoted(proxy.as_str())),
        "tls_ca" => path(&web.access.tls_ca),
        _ => None,
    }
}

fn of_feed(feed: &Selection, key: &str) -> Option<String> {
    match key {
        "id" => Some(quoted(&feed.id)),
        "title" => Some(quoted(&feed.title)),
        "categories" => Some(list(&feed.categories)),
        "sources" => Some(list(&feed.sources)),
        "language" => feed.language.as_deref().map(quoted),
        "keep" => Some(list(feed.keep.iter().map(regex::Regex::as_str))),
        "drop" => Some(list(feed.drop.iter().map(regex::Regex::as_str))),
        "items" => Some(feed.items.to_string()),
        _ => None,
    }
}

fn zone(zone: Tz) -> String {
    quoted(zone.name())
}

fn list(texts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    format!("[{}]", texts.into_iter().map(|text| quoted(text.as_ref())).collect::<Vec<_>>().join(", "))
}
