//! The `feeds.toml` of rsspls: pages and the selectors that find news in them.

use toml::{Table, Value};

use super::Holdings;
use crate::config::NewSource;

/// What a selector is called there, and here.
const SELECTORS: [(&str, &str); 2] = [("heading", "title"), ("media", "image")];

/// Reads a `feeds.toml`. `None`: it is none.
pub(super) fn read(text: &str) -> Option<Holdings> {
    let file: Table = text.parse().ok()?;
    let feeds = file.get("feed")?.as_array()?;
    let mut holdings = Holdings::default();
    for feed in feeds.iter().filter_map(Value::as_table) {
        match page(feed) {
            Some(page) => holdings.pages.push(page),
            None => holdings.notes.push(format!("a feed without url is left out: {feed}")),
        }
    }
    for (key, value) in file.get("rsspls").and_then(Value::as_table).into_iter().flatten() {
        let here = match key.as_str() {
            "output" => "publish.directory",
            "proxy" => "proxy of each source",
            _ => "nothing",
        };
        holdings.notes.push(format!("[rsspls] {key} = {value} is left out: here it is {here}"));
    }
    (!holdings.pages.is_empty()).then_some(holdings)
}

/// A page as a source that is off, with all that was written of it.
fn page(feed: &Table) -> Option<NewSource> {
    let config = feed.get("config")?.as_table()?;
    let url = config.get("url")?.as_str()?;
    let text = |key: &str| feed.get(key).and_then(Value::as_str);
    let id = text("filename").map(|name| name.rsplit_once('.').map_or(name, |(stem, _)| stem));
    let mut source = NewSource { is_off: true, ..NewSource::default() }
        .with("id", id)
        .with("title", text("title"))
        .with("page", Some(url));
    let others = feed.iter().filter(|(key, _)| !["config", "title", "filename"].contains(&key.as_str()));
    source.keys.extend(others.map(|(key, value)| (key.clone(), value.clone())));
    let mut select = Table::new();
    for (key, value) in config.iter().filter(|(key, _)| *key != "url") {
        let name = SELECTORS.iter().find(|(theirs, _)| theirs == key).map_or(key.as_str(), |(_, ours)| ours);
        match value.as_table().filter(|_| key == "date") {
            Some(date) => {
                let parts = date.iter().map(|(part, value)| match part.as_str() {
                    "selector" => (name.to_owned(), value.clone()),
                    part => (format!("{name}_{part}"), value.clone()),
                });
                select.extend(parts);
            }
            None => _ = select.insert(name.to_owned(), value.clone()),
        }
    }
    source.keys.push(("select".to_owned(), select.into()));
    Some(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_written_is_lost() {
        let text = "[rsspls]\noutput = \"out\"\n[[feed]]\ntitle = \"Harbour\"\nfilename = \"harbour.rss\"\nuser_agent = \"x\"\n
            [feed.config]\nurl = \"https://harbour.example/\"\nitem = \"ul li\"\nheading = \"a\"\nsummary = [\"p\", \"b\"]\n
            date = { selector = \"time\", type = \"Date\", format = \"[day] [month]\" }\n[[feed]]\ntitle = \"odd\"\n";
        let holdings = read(text).expect("a feeds.toml");
        assert_eq!(
            holdings.pages[0].text(),
            "# [[source]]\n# id = \"harbour\"\n# title = \"Harbour\"\n# page = \"https://harbour.example/\"\n# user_agent = \"x\"\n\
             # [source.select]\n# date = \"time\"\n# date_format = \"[day] [month]\"\n# date_type = \"Date\"\n# item = \"ul li\"\n\
             # summary = [\"p\", \"b\"]\n# title = \"a\"\n"
        );
        assert_eq!((holdings.pages.len(), holdings.notes.len()), (1, 2));
        assert!(holdings.notes.iter().any(|note| note.contains("publish.directory")));
        assert!(read("[site]\ntitle = \"x\"\n").is_none() && read("https://a.example/").is_none());
    }
}
