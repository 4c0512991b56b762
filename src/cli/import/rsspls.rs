//! The `feeds.toml` of rsspls: pages and the selectors that find news in them.

use std::fmt::Write as _;

use toml::{Table, Value};

use super::{Holdings, Listed};
use crate::read::feed::opml::Subscription;
use crate::source::Select;

/// Characters of a line that are shown.
const LONGEST: usize = 80;

/// Reads a `feeds.toml`. `None`: it is none.
pub(super) fn read(text: &str) -> Option<Holdings> {
    let file: Table = text.parse().ok()?;
    let feeds = file.get("feed")?.as_array()?;
    let mut holdings = Holdings::default();
    for feed in feeds.iter().filter_map(Value::as_table) {
        match page(feed, &mut holdings.notes) {
            Some(page) => holdings.pages.push(page),
            None => holdings.notes.push(format!("a feed without url is left out: {feed}")),
        }
    }
    for (key, value) in file.get("rsspls").and_then(Value::as_table).into_iter().flatten() {
        let here = match key.as_str() {
            "output" => "publish.directory",
            "proxy" => "proxy of each source",
            "user_agent" => "refresh.user_agent",
            _ => "nothing",
        };
        holdings.notes.push(format!("[rsspls] {key} = {value} is left out: here it is {here}"));
    }
    (!holdings.pages.is_empty()).then_some(holdings)
}

/// Why a text that looks like TOML is no `feeds.toml`, in words. `None`: it does not look like it.
pub(super) fn slip(text: &str) -> Option<String> {
    let is_table = |line: &str| {
        let name = line.trim().trim_start_matches('[').trim_start();
        line.trim_start().starts_with('[') && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '"')
    };
    text.lines().find(|line| is_table(line))?;
    let file: Table = match text.parse() {
        Ok(file) => file,
        Err(error) => {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let number = before.matches('\n').count();
            let line = text.lines().nth(number).unwrap_or_default().trim();
            let line: String = line.chars().take(LONGEST).collect();
            let advice = if line.contains(['“', '”', '„', '‘', '’']) {
                ": write straight quotes, \"…\""
            } else {
                ""
            };
            let message = error.message().replace('\n', ", ");
            return Some(format!("line {} is no TOML: {message}: {line}{advice}", number + 1));
        }
    };
    let feeds = file.get("feed");
    Some(match feeds {
        Some(Value::Array(_)) => {
            "none of its [[feed]] has an address: write url = \"https://…\" in its [feed.config]".to_owned()
        }
        Some(_) => "it has [feed]: write [[feed]], which stands before each".to_owned(),
        None => {
            let keys: Vec<&str> = file.keys().map(String::as_str).filter(|key| *key != "rsspls").collect();
            let has = if keys.is_empty() { String::new() } else { format!(", but {}", keys.join(", ")) };
            format!("it has no [[feed]]{has}: a feeds.toml of rsspls has one for each page")
        }
    })
}

/// A page with the selectors that somebody wrote for it. What there is no key for here is noted.
fn page(feed: &Table, notes: &mut Vec<String>) -> Option<Listed> {
    let config = feed.get("config")?.as_table()?;
    let url = config.get("url")?.as_str()?.to_owned();
    let text = |key: &str| feed.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut left_out = |key: &str, value: &Value| notes.push(format!("{url}: {key} = {value} is left out"));
    for (key, value) in feed.iter().filter(|(key, _)| !["config", "title", "filename"].contains(&key.as_str())) {
        left_out(key, value);
    }
    let mut select = Select::default();
    for (key, value) in config.iter().filter(|(key, _)| *key != "url") {
        let part = match key.as_str() {
            "item" => &mut select.item,
            "heading" => &mut select.title,
            "link" => &mut select.link,
            "summary" => &mut select.summary,
            "date" => &mut select.date,
            "media" => &mut select.image,
            _ => {
                left_out(key, value);
                continue;
            }
        };
        *part = selector(value.get("selector").unwrap_or(value));
        if part.is_none() {
            left_out(key, value);
        }
        if let Some(written) = value.get("format") {
            select.date_format = written.as_str().and_then(strftime);
            if select.date_format.is_none() {
                left_out("format", written);
            }
        }
    }
    // Without a link of its own, the heading leads to the article.
    select.link = select.link.or_else(|| select.title.clone());
    let name = text("filename").map(|name| name.rsplit_once('.').map_or(name.clone(), |(stem, _)| stem.to_owned()));
    let subscription = Subscription { url, title: text("title"), ..Subscription::default() };
    Some(Listed { subscription, name, select })
}

/// A selector, or several of which each may match.
fn selector(value: &Value) -> Option<String> {
    match value {
        Value::String(selector) => Some(selector.clone()),
        Value::Array(several) => {
            several.iter().map(Value::as_str).collect::<Option<Vec<_>>>().map(|all| all.join(", "))
        }
        _ => None,
    }
}

/// A format of dates as `strftime(3)` has it, made of one with components in brackets (the crate `time`, format description
/// version 1). `None`: it holds what cannot be said so.
fn strftime(format: &str) -> Option<String> {
    let mut written = String::with_capacity(format.len());
    let mut rest = format;
    while let Some((before, behind)) = rest.split_once('[') {
        written.push_str(&before.replace('%', "%%"));
        if let Some(behind) = behind.strip_prefix('[') {
            written.push('[');
            rest = behind;
            continue;
        }
        let (component, behind) = behind.split_once(']')?;
        let mut words = component.split_whitespace();
        let name = words.next()?;
        let modifiers: Vec<&str> = words.collect();
        let has = |modifier: &str| modifiers.contains(&modifier);
        let letter = match name {
            "year" if has("repr:last_two") => 'y',
            "year" => 'Y',
            "month" if has("repr:long") => 'B',
            "month" if has("repr:short") => 'b',
            "month" => 'm',
            "day" => 'd',
            "weekday" if has("repr:short") => 'a',
            "weekday" => 'A',
            "hour" if has("repr:12") => 'I',
            "hour" => 'H',
            "minute" => 'M',
            "second" => 'S',
            "period" => 'p',
            "ordinal" => 'j',
            _ => return None,
        };
        let padding = if has("padding:none") { "-" } else { "" };
        // Writing into a string cannot fail.
        let _written = write!(written, "%{padding}{letter}");
        rest = behind;
    }
    written.push_str(&rest.replace('%', "%%"));
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_selectors_that_were_written() {
        let text = "[rsspls]\noutput = \"out\"\n[[feed]]\ntitle = \"Harbour\"\nfilename = \"harbour.rss\"\nuser_agent = \"x\"\n
            [feed.config]\nurl = \"https://harbour.example/\"\nitem = \"ul li\"\nheading = \"a\"\nsummary = [\"p\", \"b\"]\nmedia = \"img\"\n
            date = { selector = \"time\", type = \"Date\", format = \"[day padding:none] [month repr:short], [year]\" }\n[[feed]]\ntitle = \"odd\"\n";
        let holdings = read(text).expect("a feeds.toml");
        let page = &holdings.pages[0];
        assert_eq!(
            (page.subscription.url.as_str(), page.name.as_deref()),
            ("https://harbour.example/", Some("harbour"))
        );
        let text = |text: &str| Some(text.to_owned());
        let expected = Select {
            item: text("ul li"),
            title: text("a"),
            link: text("a"),
            date: text("time"),
            date_format: text("%-d %b, %Y"),
            summary: text("p, b"),
            image: text("img"),
            ..Select::default()
        };
        assert_eq!(page.select, expected);
        assert_eq!((holdings.pages.len(), holdings.notes.len()), (1, 3), "{:?}", holdings.notes);
        for part in ["publish.directory", "user_agent = \"x\"", "without url"] {
            assert!(holdings.notes.iter().any(|note| note.contains(part)), "{part}: {:?}", holdings.notes);
        }
        assert!(read("[site]\ntitle = \"x\"\n").is_none() && read("https://a.example/").is_none());
    }

    #[test]
    fn slips_are_told_with_their_line() {
        let good = "[[feed]]\ntitle = \"X\"\n[feed.config]\nurl = \"https://x.example/news\"\n";
        let told = |text: &str| slip(text).unwrap_or_default();
        for (text, part) in [
            (good.replace("\"X\"", "\"X"), "line 2 is no TOML"),
            (good.replace("\"X\"", "“X”"), "write straight quotes"),
            (format!("{good}url = \"https://x.example/\"\n"), "line 5 is no TOML"),
            (good.replace("[[feed]]", "[feed]"), "write [[feed]]"),
            (
                good.replace("[[feed]]", "[[feeds]]").replace("[feed.config]", "[feeds.config]"),
                "no [[feed]], but feeds",
            ),
            (good.replace("url", "address"), "has an address"),
        ] {
            assert!(read(&text).is_none() && told(&text).contains(part), "{text}\n{}", told(&text));
        }
        assert_eq!(slip("https://a.example/rss news\n"), None);
    }

    #[test]
    fn formats_of_dates_are_translated_or_left_out() {
        assert_eq!(strftime("[[[hour]:[minute] [period]] 100%").as_deref(), Some("[%H:%M %p] 100%%"));
        assert_eq!(strftime("[year repr:last_two]/[month]/[day]").as_deref(), Some("%y/%m/%d"));
        assert_eq!(strftime("[unix_timestamp]"), None);
        assert_eq!(strftime("[year"), None);
    }
}
