//! How long what is published may be kept by others before they ask again: `Cache-Control` (RFC 9111 §5.2.2).

use std::path::Path;
use std::time::Duration;

use hyper::header::HeaderValue;

use crate::config::Settings;
use crate::publish::archive;
use crate::source::{Every, SourceKind};

/// The shortest and the longest time, in seconds: nobody need ask more often, and nobody should learn of news later.
const BOUNDS: (u64, u64) = (60, 3600);

/// For pages: who opens one wants to see what is there now.
const PAGE: u64 = 60;

/// For what belongs to the program, such as the style sheet.
const FURNITURE: u64 = 3600;

/// For pages of archives that are full.
const DAY: u64 = 24 * 3600;

/// How long the file at this path of the publish directory stays fresh.
pub(super) fn cache_control(path: &str, settings: &Settings) -> HeaderValue {
    HeaderValue::try_from(format!("max-age={}", seconds(path, settings)))
        .unwrap_or(HeaderValue::from_static("max-age=60"))
}

fn seconds(path: &str, settings: &Settings) -> u64 {
    let (channel, ending) = path.rsplit_once('.').unwrap_or((path, ""));
    match ending {
        "html" => return PAGE,
        "rss" | "atom" | "json" | "opml" => {}
        _ => return FURNITURE,
    }
    let channel = match channel.strip_prefix(archive::FOLDER).and_then(|page| page.rsplit_once('/')) {
        // The number of a page is that of its last item, and a full one gets no more.
        Some((_, number)) if number.parse().is_ok_and(|last: usize| last.is_multiple_of(archive::PAGE)) => return DAY,
        Some((channel, _)) => channel,
        None => channel,
    };
    let only = channel.strip_prefix("sources/").map(Path::new);
    let visited = settings.sources.iter().filter(|source| only.is_none_or(|id| id == Path::new(source.id.as_str())));
    let shortest = visited.map(|source| interval(&source.kind)).min().unwrap_or_default();
    shortest.as_secs().clamp(BOUNDS.0, BOUNDS.1)
}

/// How often news may come from a source at most. Folders are watched.
fn interval(kind: &SourceKind) -> Duration {
    match kind {
        SourceKind::Files(_) => Duration::ZERO,
        SourceKind::Feed(web) => between(&web.every),
        SourceKind::Page(page) => between(&page.web.every),
    }
}

/// Behind the times of a cron line, news comes at once, whenever that is.
fn between(every: &Every) -> Duration {
    match every {
        Every::Interval(time) => *time,
        Every::At(_) => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    #[test]
    fn what_changes_seldom_stays_fresh_for_longer() {
        let text = "[[source]]\nid = \"far\"\nfeed = \"https://a.example/rss\"\nevery = \"20m\"\n\
                    [[source]]\nid = \"rare\"\npage = \"https://b.example/\"\nevery = \"3h\"\n";
        let settings = Settings::from_text(text, "feedgen.toml", &Environment::default()).unwrap();
        let check = |path, expected| assert_eq!(seconds(path, &settings), expected, "{path}");
        check("sources/far.rss", 1200);
        check("sources/rare.atom", 3600);
        check("all.json", 1200);
        check("feeds.opml", 1200);
        check("archive/sources/far/50.atom", DAY);
        check("archive/sources/far/57.atom", 1200);
        check("archive/all/100.rss", DAY);
        check("all.html", PAGE);
        check("style.css", FURNITURE);
        check("sources/gone.rss", 60);
    }

    #[test]
    fn what_lies_in_a_folder_is_news_at_once() {
        let text = "[[source]]\nid = \"near\"\nfiles = \"news\"\n";
        let settings = Settings::from_text(text, "feedgen.toml", &Environment::default()).unwrap();
        assert_eq!(seconds("all.rss", &settings), 60);
    }
}
