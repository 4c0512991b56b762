//! What addresses tell of what is there: an article, or a list of such.

use url::Url;

/// Where a link leads, if it leads to a page of the web and not to a place in the same page.
pub(super) fn target(base: &Url, href: &str) -> Option<Url> {
    let href = href.trim();
    let inside = href.strip_prefix('#').is_some_and(|rest| !rest.starts_with(['/', '!']));
    if href.is_empty() || inside {
        return None;
    }
    let mut url = base.join(href).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    if !url.username().is_empty() || url.password().is_some() {
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
    }
    Some(url)
}

/// Whether an address is like those of articles: with a year, a long number or several words in it.
pub(in crate::read) fn is_of_article(url: &Url) -> bool {
    let segments: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    let Some((last, before)) = segments.split_last() else {
        return url.query().is_some_and(names_article);
    };
    // It may have a folder of its own: "a-new-pier/index.html".
    if let Some((folder, above)) = before.split_last().filter(|_| stem(last).eq_ignore_ascii_case("index")) {
        let is_dated = above.iter().any(|part| is_year(part)) && folder.chars().any(char::is_alphabetic);
        return is_dated || has_words(folder) || url.query().is_some_and(names_article);
    }
    let dated = before.iter().any(|part| is_year(part));
    let numbered = |part: &str| longest_number(part) >= 3 && !is_index(stem(part));
    dated && !is_index(stem(last))
        || numbered(stem(last)) && !is_year(last)
        || is_page_of_number(stem(last)) && before.iter().any(|part| numbered(part))
        || has_words(stem(last))
        || is_token(last)
        || url.query().is_some_and(names_article)
}

/// Whether an address is like those of lists: the start of a folder, an index, a label, an author.
pub(in crate::read) fn is_of_list(url: &Url) -> bool {
    let last = url.path().rsplit('/').next().unwrap_or_default();
    is_index(stem(last)) || url.path().split('/').any(is_label)
}

/// Whether an address is that of all that has one label, or is by one author: `/tags/harbour/`, whatever the label is called.
pub(super) fn is_of_label(url: &Url) -> bool {
    let mut parts = url.path().split('/').rev().filter(|part| !is_index(stem(part)));
    parts.next().is_some() && parts.next().is_some_and(is_label)
}

/// Whether an address is that of all that is kept, or what is of a year, a month or a day, and names nothing else: `/archives/`, `/2024/05/`.
pub(super) fn is_of_archive(url: &Url) -> bool {
    let mut parts = url.path().split('/').filter(|part| !is_index(stem(part))).peekable();
    let is_kept = parts.next_if(|part| matches!(*part, "archive" | "archives")).is_some();
    let is_dated = parts.next_if(|part| part.len() == 4 && is_year(part)).is_some();
    (is_kept || is_dated) && parts.all(|part| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a folder holds labels or authors.
fn is_label(folder: &str) -> bool {
    let labels = ["tag", "tags", "category", "categories", "topic", "topics", "author", "authors", "user", "users"];
    labels.contains(&folder.to_ascii_lowercase().as_str())
}

/// Whether an address is that of a comment, or of those on an article.
pub(super) fn is_of_comment(url: &Url) -> bool {
    let of_comment = |fragment: &str| {
        let name = fragment.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        ["comment", "comments", "respond", "reply", "disqus"].contains(&name)
    };
    url.fragment().is_some_and(of_comment) || url.query_pairs().any(|(key, _)| key == "replytocom")
}

/// Whether an address is that of a single comment: one that ends in `#comments` is that of the article.
pub(super) fn is_of_one_comment(url: &Url) -> bool {
    let is_numbered = || url.fragment().is_some_and(|fragment| fragment.contains(|c: char| c.is_ascii_digit()));
    is_of_comment(url) && (is_numbered() || url.query_pairs().any(|(key, _)| key == "replytocom"))
}

/// The address without what differs from article to article: figures and words.
pub(in crate::read) fn mask(url: &Url) -> String {
    let mut masked = url.host_str().unwrap_or_default().to_owned();
    for part in url.path().split('/') {
        masked.push('/');
        if has_words(stem(part)) {
            masked.push('*');
            continue;
        }
        let mut inside = false;
        for c in part.chars() {
            match (c.is_ascii_digit(), inside) {
                (true, true) => continue,
                (true, false) => masked.push('#'),
                (false, _) => masked.push(c),
            }
            inside = c.is_ascii_digit();
        }
    }
    masked
}

/// The name of the place that a page is at: the last part of its path that names something, lower case.
pub(super) fn folder(url: &Url) -> Option<String> {
    let names = url.path().split('/').rev().map(|part| stem(part).to_ascii_lowercase());
    let mut names = names.filter(|name| !is_index(name) && name.chars().any(char::is_alphabetic));
    names.next().filter(|name| name.len() >= 3)
}

/// Whether an address leads into a place of some name.
pub(super) fn is_below(url: &Url, folder: &str) -> bool {
    let (before, _) = url.path().rsplit_once('/').unwrap_or_default();
    before.split('/').any(|part| part.eq_ignore_ascii_case(folder))
}

/// Whether two hosts belong together: one is the end of the other, or their last parts agree.
pub(in crate::read) fn is_near(a: &Url, b: &Url) -> bool {
    let (a, b) = (a.host_str().unwrap_or_default(), b.host_str().unwrap_or_default());
    a == b || a.split('.').count() > 1 && site(a) == site(b)
}

/// The last parts of a host that are its owner's: three below a second level such as `edu.cn`, else two.
fn site(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (last, second, third) = (dots.next(), dots.next(), dots.next());
    let short = |from: usize, to: usize| to - from <= 4;
    let cut = match (last, second) {
        (Some(last), Some(second)) if host.len() - last == 3 && short(second, last) => third.map(|at| at + 1),
        (Some(_), Some(second)) => Some(second + 1),
        _ => None,
    };
    cut.and_then(|at| host.get(at..)).unwrap_or(host)
}

fn stem(part: &str) -> &str {
    part.rsplit_once('.').filter(|(stem, ending)| !stem.is_empty() && ending.len() <= 5).map_or(part, |(stem, _)| stem)
}

/// `index`, `list2`, `default` or nothing.
fn is_index(stem: &str) -> bool {
    let name = stem.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '-')).to_ascii_lowercase();
    matches!(name.as_str(), "index" | "list" | "default" | "main" | "home") || stem.is_empty()
}

/// The name that many articles share in a folder of their number.
fn is_page_of_number(stem: &str) -> bool {
    matches!(stem.to_ascii_lowercase().as_str(), "page" | "content" | "detail" | "view" | "show" | "article")
}

/// `2025`, `202503`, `20250302`.
fn is_year(part: &str) -> bool {
    let year = part.get(..4).and_then(|year| year.parse::<u16>().ok());
    matches!(part.len(), 4 | 6 | 8)
        && part.bytes().all(|byte| byte.is_ascii_digit())
        && year.is_some_and(|year| (1990..2100).contains(&year))
}

fn longest_number(part: &str) -> usize {
    part.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}

/// Letters of a script without spaces that are as many as three words.
const DENSE: usize = 8;

/// Three words or more, parted by hyphens or underscores; or as much in a script that parts none, whose letters are three bytes
/// each in UTF-8, the first of them from E0 to EF.
fn has_words(stem: &str) -> bool {
    let encoded = || stem.as_bytes().windows(2).filter(|pair| matches!(pair, [b'%', b'e' | b'E'])).count();
    stem.split(['-', '_', '+']).filter(|word| word.chars().any(char::is_alphanumeric)).count() >= 3
        || encoded() >= DENSE
}

/// A long name that is made of letters and figures by chance.
fn is_token(part: &str) -> bool {
    let kinds: [fn(&u8) -> bool; 3] = [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit];
    part.len() >= 16 && kinds.iter().all(|kind| part.bytes().any(|byte| kind(&byte)))
}

/// A parameter that holds the number of an article.
fn names_article(query: &str) -> bool {
    query.split('&').filter_map(|pair| pair.split_once('=')).any(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let of_list = ["tree", "page", "cat", "column", "channel", "type", "class", "menu", "site", "lang"];
        let of_article = ["news", "art", "id", "no", "post", "story"];
        longest_number(value) >= 1
            && (name == "p" || of_article.iter().any(|word| name.contains(word)))
            && !of_list.iter().any(|word| name.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse("https://www.harbour.example/news/").and_then(|base| base.join(text)).expect("an address")
    }

    #[test]
    fn labels_and_archives_are_told_from_articles() {
        for label in ["/tags/sea-wall/", "/category/news/index.html", "/en/authors/li", "/tag/all-about-our-harbour/"] {
            assert!(is_of_label(&url(label)), "{label}");
        }
        for other in ["/tags/", "/category/news/sea-wall/", "/news/sea-wall/", "/"] {
            assert!(!is_of_label(&url(other)), "{other}");
        }
        for archive in ["/archives/", "/archives/2024/05/", "/2024/", "/2024/05/", "/2024/05/11/index.html"] {
            assert!(is_of_archive(&url(archive)), "{archive}");
        }
        for other in ["/", "/news/2024/", "/2024/sea-wall/", "/2024/05/sea/", "/archives/sea/", "/05/"] {
            assert!(!is_of_archive(&url(other)), "{other}");
        }
    }

    #[test]
    fn articles_are_told_from_lists() {
        for article in [
            "../info/1041/1122.htm",
            "/c0/8e/c24292a508046/page.htm",
            "/2023/1105/c123a456/page.htm",
            "./202606/t20260612_8227704.html",
            "/2024/05/tide/",
            "/news/new-sea-wall-opened",
            "content.jsp?urltype=news.NewsContentUrl&wbtreeid=1042&wbnewsid=5",
            "/?p=123",
            "/s/Abcd0EFGhij9klmnOPQ",
            "/opinion/4129826.html",
            "/2024/05/11/tide/index.html",
            "/news/a-new-sea-wall/index.html",
            "/2024/%E6%B5%B7%E6%B8%AF%E3%81%AE%E6%96%B0%E3%81%97%E3%81%84%E6%A9%8B%E3%81%8C%E9%96%8B%E9%80%9A",
        ] {
            assert!(is_of_article(&url(article)), "{article}");
        }
        for list in [
            "list.htm",
            "/24251/list2.htm",
            "index.html",
            "/",
            "/2024/",
            "/2024/index.html",
            "/2024/05/index.html",
            "/1041/index.htm",
            "tzgg.htm",
            "list.jsp?wbtreeid=1042",
            "/category/%E6%96%B0%E8%81%9E/",
        ] {
            assert!(!is_of_article(&url(list)), "{list}");
        }
        for list in ["list.htm", "/24251/list2.htm", "/", "/author/li-ming", "/tag/sea"] {
            assert!(is_of_list(&url(list)), "{list}");
        }
    }

    #[test]
    fn articles_lie_below_the_place_of_their_list() {
        for (page, place) in
            [("/en/news/", "news"), ("/news.html", "news"), ("/xwzx/index.htm", "xwzx"), ("/News/2026/", "news")]
        {
            assert_eq!(folder(&url(page)).as_deref(), Some(place), "{page}");
        }
        assert_eq!((folder(&url("/")), folder(&url("/index.php"))), (None, None));
        assert!(is_below(&url("/news/2026/a-new-pier"), "news") && is_below(&url("/en/News/a.html"), "news"));
        assert!(!is_below(&url("/events/news"), "news") && !is_below(&url("/newsroom/a"), "news"));
    }

    #[test]
    fn links_lead_to_pages_only() {
        let base = url("");
        for none in ["", "#top", "javascript:void(0)", "mailto:a@b.example", "tel:1", "data:text/html,x", "http://"] {
            assert_eq!(target(&base, none), None, "{none}");
        }
        assert_eq!(
            target(&base, " ../a.htm\n").map(String::from).as_deref(),
            Some("https://www.harbour.example/a.htm")
        );
        assert!(target(&base, "#/news/12").is_some());
    }

    #[test]
    fn hosts_of_one_owner_are_near() {
        let near = |a: &str, b: &str| is_near(&url(&format!("http://{a}/")), &url(&format!("http://{b}/")));
        assert!(near("news.sea.edu.cn", "www.sea.edu.cn"));
        assert!(!near("sea.edu.cn", "land.edu.cn"));
        assert!(near("news.sea.example", "sea.example"));
        assert!(!near("sea.example", "land.example"));
    }
}
