//! The number that a publishing system gives an article, as its address tells it: it stays the same in another column, on another
//! host and in another form of the address.

/// Fewest figures of a number that nothing but its length tells from those of columns and pages.
const LONG: usize = 4;

/// The parts of an address in the form of [`super::link::bare`].
struct Parts<'a> {
    host: &'a str,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(bare: &'a str) -> Self {
        let cut = |text: &'a str, mark| text.split_once(mark).map_or((text, None), |(text, rest)| (text, Some(rest)));
        let (rest, fragment) = cut(bare, '#');
        let (rest, query) = cut(rest, '?');
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        Self { host, path, query, fragment }
    }
}

/// The host of an address in the form of [`super::link::bare`], and its port.
pub fn host(bare: &str) -> &str {
    Parts::of(bare).host
}

/// The number of the article at an address in the form of [`super::link::bare`]. `None`: the address tells none.
///
/// `info/1041/1122.htm` and `content.jsp?wbtreeid=1041&wbnewsid=1122` (VSB) tell 1122, `2023/1105/c123a456/page.htm` and
/// `_redirect?columnId=123&articleId=456` (Sudy) 456, `t20260615_8228288.html` (TRS) 8228288, `?p=123` (WordPress) and `node/123`
/// (Drupal) 123; of other systems, a long number at the end of the last name that is no date is taken for it.
pub fn number(bare: &str) -> Option<&str> {
    let Parts { path, query, fragment: None, .. } = Parts::of(bare) else { return None };
    if let Some(query) = query {
        let mut numbers = query.split('&').filter_map(|pair| pair.split_once('=')).filter(|pair| is_of_article(*pair));
        let (_, number) = numbers.next()?;
        return numbers.next().is_none().then_some(number);
    }
    let mut names = path.rsplit('/').filter(|name| !name.is_empty()).map(stem).skip_while(|name| says_nothing(name));
    let (last, before) = (names.next()?, [names.next(), names.next()]);
    let marked = |marks: &[char]| last.rsplit_once(marks).filter(|(_, number)| is_number(number));
    let number = match before {
        [Some("node"), _] => is_number(last).then_some(last),
        [Some(tree), Some("info")] if is_number(tree) && is_number(last) => Some(last),
        _ => None,
    };
    let of_column = || {
        let (column, number) = marked(&['a'])?;
        column.strip_prefix('c').filter(|column| is_number(column)).map(|_| number)
    };
    let of_day = || {
        let (day, number) = marked(&['_'])?;
        day.strip_prefix(|c: char| c.is_ascii_alphabetic()).filter(|day| is_date(day)).map(|_| number)
    };
    let long = || {
        let name = last.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = last.strip_prefix(name)?;
        // Words tell of the story, not of the system.
        let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().any(char::is_alphabetic));
        (number.len() >= LONG && !is_date(number) && words.count() <= 2).then_some(number)
    };
    number.or_else(of_column).or_else(of_day).or_else(long)
}

/// What an address in the form of [`super::link::bare`] says without its host: the [number] of its article, else its path and what
/// follows. `None`: that says nothing.
pub fn mark(bare: &str) -> Option<String> {
    if let Some(number) = number(bare) {
        return Some(number.to_owned());
    }
    let Parts { host, path, .. } = Parts::of(bare);
    let path = path.trim_end_matches('/');
    let rest = bare.get(host.len() + path.len()..)?.trim_start_matches('/');
    let path = match path.rsplit_once('/') {
        Some((folder, last)) if says_nothing(stem(last)) => folder,
        _ => path,
    };
    (!path.is_empty() || !rest.is_empty()).then(|| [path, rest].concat())
}

/// Whether a parameter holds the number of an article, and not that of a column, a page, a site or a reader.
fn is_of_article((name, value): (&str, &str)) -> bool {
    const OTHERS: [&str; 14] = [
        "tree", "cat", "column", "channel", "type", "class", "menu", "site", "lang", "page", "user", "session",
        "owner", "item",
    ];
    let name = name.to_ascii_lowercase();
    let is_id = matches!(name.as_str(), "p" | "id" | "no" | "aid" | "nid") || name.len() > 3 && name.ends_with("id");
    is_id && !OTHERS.iter().any(|other| name.contains(other)) && is_number(value)
}

/// A name that many articles share, each in a folder of its own.
fn says_nothing(stem: &str) -> bool {
    matches!(
        stem.to_ascii_lowercase().as_str(),
        "index" | "default" | "page" | "content" | "detail" | "view" | "show" | "article"
    )
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').filter(|(stem, ending)| !stem.is_empty() && ending.len() <= 5).map_or(name, |(stem, _)| stem)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `2026`, `202606`, `20260615`: a day, a month or a year, and no number.
fn is_date(digits: &str) -> bool {
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let is = |part: Option<u32>, least, most| part.is_none_or(|part| (least..=most).contains(&part));
    let from_year = is(part(0, 4), 1990, 2099) && is(part(4, 6), 1, 12) && is(part(6, 8), 1, 31);
    matches!(digits.len(), 4 | 6 | 8) && from_year
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> String {
        let base = url::Url::parse("https://www.harbour.example/news/").expect("an address");
        base.join(text).ok().as_ref().and_then(crate::item::link::bare).expect("an address of the web")
    }

    #[test]
    fn systems_number_their_articles() {
        for (address, told) in [
            ("/info/1041/1122.htm", "1122"),
            ("/info/1041/2019.htm", "2019"),
            ("/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1041&wbnewsid=1122", "1122"),
            ("/2023/1105/c123a456/page.htm", "456"),
            ("/c0/8e/c24292a508046/page.psp", "508046"),
            ("/_redirect?siteId=8&columnId=123&articleId=456", "456"),
            ("./202606/t20260615_8228288.html", "8228288"),
            ("/?p=123", "123"),
            ("/node/123", "123"),
            ("/en/node/123/", "123"),
            ("/index.php?m=content&c=index&a=show&catid=12&id=3456", "3456"),
            ("/xwdt/2023-11/05/content_12345.html", "12345"),
            ("/show-12-34567.html", "34567"),
            ("/opinion/4129826.html", "4129826"),
        ] {
            assert_eq!(number(&url(address)), Some(told), "{address}");
        }
    }

    #[test]
    fn dates_words_pages_and_columns_are_no_numbers() {
        for address in [
            "/",
            "/news/20260615.html",
            "/news/2026/06/",
            "/news/202606/index.html",
            "/news/tide-2026",
            "/news/12.html",
            "/news/ten-of-the-best-10000",
            "/list.jsp?wbtreeid=1041",
            "/list?page=12345",
            "/a?id=1234&newsid=5678",
            "/changes/12345#v1",
            "/12345.html?lang=en",
            "/é12",
        ] {
            assert_eq!(number(&url(address)), None, "{address}");
        }
    }

    #[test]
    fn what_has_no_number_is_marked_by_its_path() {
        assert_eq!(mark(&url("/news/the-tide/")).as_deref(), Some("/news/the-tide"));
        assert_eq!(mark(&url("/news/the-tide/index.html")).as_deref(), Some("/news/the-tide"));
        assert_eq!(mark(&url("/news/?story=tide#low")).as_deref(), Some("/news?story=tide#low"));
        assert_eq!(mark(&url("/index.html")), None);
        assert_eq!(mark(&url("/info/1042/1122.htm")), mark(&url("/content.jsp?wbnewsid=1122")));
    }
}
