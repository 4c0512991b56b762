//! What a request names: the path of a file below the publish directory, or of a page.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Longest path that is looked for, in bytes.
const LONGEST: usize = 1024;

/// The path that a request names, decoded once, without the `/` in front. `None`: nothing can be there. What could lead
/// elsewhere is no path: empty parts but the last, `.` and `..`, names that begin with a dot, backslashes and control characters.
pub(super) fn path(asked: &str) -> Option<Cow<'_, str>> {
    let asked = asked.strip_prefix('/').filter(|asked| asked.len() <= LONGEST)?;
    let path = percent_decode_str(asked).decode_utf8().ok()?;
    let is_plain = |part: &str| !part.is_empty() && !part.starts_with('.');
    let fits = path.strip_suffix('/').unwrap_or(&path).split('/').all(is_plain)
        && !path.contains(|c: char| c.is_control() || c == '\\');
    (path.is_empty() || fits).then_some(path)
}

/// The paths below the site that a path may mean, the likelier first. Where the site lies in a folder of its host
/// (`https://example.edu/news/`), a proxy in front may hand that folder on or take it away.
pub(super) fn below<'a>(path: &'a str, folder: &str) -> impl Iterator<Item = &'a str> {
    let folder = folder.trim_start_matches('/');
    let within = (!folder.is_empty()).then(|| path.strip_prefix(folder));
    within.flatten().into_iter().chain([path])
}

/// The name of the folder in which the site lies, where that is what a path names: `/news`, without the slash on which all
/// relative addresses of its page rely.
pub(super) fn unfinished<'a>(path: &str, folder: &'a str) -> Option<&'a str> {
    let folder = folder.trim_matches('/');
    (!folder.is_empty() && path == folder).then(|| folder.rsplit('/').next()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: &str, expected: Option<&str>) {
        assert_eq!(path(asked).as_deref(), expected, "{asked}");
    }

    #[test]
    fn a_path_is_decoded_once() {
        check("/", Some(""));
        check("/all.rss", Some("all.rss"));
        check("/news/", Some("news/"));
        check("/sources/a%20b.rss", Some("sources/a b.rss"));
        check("/%E6%96%B0.html", Some("新.html"));
        check("/a%252e.rss", Some("a%2e.rss"));
        check("/100%.rss", Some("100%.rss"));
    }

    #[test]
    fn what_could_lead_elsewhere_is_no_path() {
        for asked in [
            "", "*", "all.rss", "//all.rss", "/a//b", "/a//", "/..", "/../x", "/a/../b", "/%2e%2e/x", "/a/%2e%2e%2fb",
            "/..%5cx", "/a\\b", "/%5C..", "/.staging/1", "/.git", "/a/.b", "/%2Egit", "/a%00.rss", "/a%0d%0ab", "/%ff",
        ] {
            check(asked, None);
        }
        check(&format!("/{}", "a".repeat(LONGEST + 1)), None);
    }

    #[test]
    fn the_folder_of_the_site_may_be_there_or_not() {
        let means = |path, folder| below(path, folder).collect::<Vec<_>>();
        assert_eq!(means("all.rss", "/"), ["all.rss"]);
        assert_eq!(means("news/all.rss", "/news/"), ["all.rss", "news/all.rss"]);
        assert_eq!(means("all.rss", "/news/"), ["all.rss"]);
        assert_eq!(means("newsroom.rss", "/news/"), ["newsroom.rss"]);
        assert_eq!(means("feeds/feeds/x.rss", "/feeds/"), ["feeds/x.rss", "feeds/feeds/x.rss"]);
        assert_eq!(means("news/", "/news/"), ["", "news/"]);
        assert_eq!(means("news", "/news/"), ["news"]);
        assert_eq!(
            [("news", "/news/"), ("news/", "/news/"), ("all", "/news/"), ("a/news", "/a/news/"), ("", "/")]
                .map(|(path, folder)| unfinished(path, folder)),
            [Some("news"), None, None, Some("news"), None]
        );
    }
}
