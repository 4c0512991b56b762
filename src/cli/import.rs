//! `feedgen import`: subscriptions of other programs become sources. Nothing is asked for on the web.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::Args;
use url::Url;

use super::{Done, Failure, add, counted, given, print, say, working};
use crate::collect::{address, fetch};
use crate::config::{self, Edit, Environment, Ids, NewSource};
use crate::item::link::bare;
use crate::item::text;
use crate::read::feed::opml::{self, Subscription};
use crate::read::{self, ReadError};
use crate::source::Select;

mod rsspls;

/// Notes that are shown; of more, only how many they are.
const NOTES: usize = 20;
/// Longest title, characters.
const TITLE: usize = 200;

/// What is to be imported.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// OPML, feeds.toml of rsspls, or addresses, one a line (urls of newsboat); - is standard input
    file: PathBuf,
    /// Print what would be added, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// What a file of another program holds.
#[derive(Debug, Default)]
struct Holdings {
    subscriptions: Vec<Subscription>,
    pages: Vec<Listed>,
    notes: Vec<String>,
}

/// A page that lists news.
#[derive(Debug)]
struct Listed {
    subscription: Subscription,
    /// What its feed was called.
    name: Option<String>,
    select: Select,
}

/// Adds all that a file subscribes to and that is not there yet, in one go.
pub(super) fn run(named: Option<&Path>, environment: &Environment, asked: &Asked, now: DateTime<Utc>) -> Done {
    let mut edit = Edit::open(named, environment)?;
    let settings = edit.settings()?;
    add::can_add(&edit)?;
    let file = asked.file.display();
    let right = "give OPML, a feeds.toml of rsspls, or addresses, one a line";
    let bytes = given::read(&asked.file)?;
    let decoded = read::decode(&bytes, None, true).map_err(|error| {
        // What a document would be told to do is nothing for a list.
        let what = match error {
            ReadError::Empty => "is empty".to_owned(),
            ReadError::Binary(kind) => format!("is {kind} and no text"),
            other => other.to_string(),
        };
        Failure::Undone(format!("{file} {what}: {right}"))
    })?;
    let Holdings { subscriptions, pages, mut notes } = holdings(&decoded.text).ok_or_else(|| {
        let right = rsspls::slip(&decoded.text).unwrap_or_else(|| right.to_owned());
        Failure::Undone(format!("{file} holds no subscription that can be read: {right}"))
    })?;
    let mut known: HashMap<String, Vec<(Option<Select>, String)>> = HashMap::new();
    for source in &settings.sources {
        if let Some(name) = source.web().and_then(|web| bare(&web.url)) {
            let select = source.page().map(|page| page.select.clone());
            known.entry(name).or_default().push((select, source.id.to_string()));
        }
    }
    let mut ids = Ids::of(&settings);
    let (mut sources, mut are_none, mut private) = (Vec::new(), true, Vec::new());
    let feeds = subscriptions.into_iter().map(|feed| (feed, None));
    let pages = pages.into_iter().map(|page| (page.subscription, Some((page.name, page.select))));
    for (subscription, page) in feeds.chain(pages) {
        let url = match config::feed_address(&subscription.url) {
            Ok(url) => url,
            Err(error) => {
                // A password in it is shown to nobody.
                let shown = Url::parse(&subscription.url).map(|url| fetch::shown(&url)).unwrap_or(subscription.url);
                notes.push(format!("{shown} is left out: {error}"));
                continue;
            }
        };
        let Some(name) = bare(&url) else { continue };
        are_none = false;
        let select = page.as_ref().map(|(_, select)| select.clone());
        let there = known.entry(name).or_default();
        if let Some((_, id)) = there.iter().find(|(other, _)| is_same_list(select.as_ref(), other.as_ref())) {
            notes.push(format!("{url} is there already: source {id}"));
            continue;
        }
        let (id, source) = source(subscription, &url, page, &mut ids);
        // One selector that is none would keep all the others out.
        if let Some(error) = edit.objection(&source) {
            notes.push(format!("{url} is left out, since it would be wrong:\n{error}"));
            continue;
        }
        there.push((select, id));
        if address::check(&url, &settings.refresh.private).is_err()
            && let Some(host) = url.host_str().map(str::to_owned)
            && !private.contains(&host)
        {
            private.push(host);
        }
        sources.push(source);
    }
    let added = sources.len();
    notes.iter().take(NOTES).for_each(|note| say(&format!("note: {note}")));
    if notes.len() > NOTES {
        say(&format!("note: {} more like these", notes.len() - NOTES));
    }
    if let Some(first) = sources.first_mut() {
        first.comments.insert(0, format!("Imported from {file} on {}.", now.format("%Y-%m-%d")));
        let text = edit.append(&sources);
        if asked.dry_run {
            print(&text)?;
        }
        let next = working::next_step(&edit.settings()?);
        add::save(&mut edit, asked.dry_run, next)?;
    }
    if !private.is_empty() {
        private.splice(0..0, settings.refresh.allow_private);
        let line = toml::Value::from(private);
        say(&format!("note: for walks to ask hosts inside this network, write in [refresh]: allow_private = {line}"));
    }
    say(&format!("{}, {}", counted(added, "new source"), counted(notes.len(), "note")));
    // Nothing in it was an address: it is another kind of file.
    Ok(u8::from(are_none))
}

/// Whether two sources at one address take in the same: one page may show several lists, each with selectors of its own.
fn is_same_list(one: Option<&Select>, other: Option<&Select>) -> bool {
    let selects = |select: Option<&Select>| select.filter(|select| select.item.is_some()).cloned();
    match (selects(one), selects(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// What a file holds, whichever program wrote it. `None`: nothing that can be told.
fn holdings(text: &str) -> Option<Holdings> {
    if text.trim_start().starts_with('<') {
        let opml::List { subscriptions, notes } = opml::read(text)?;
        return Some(Holdings { subscriptions, notes, pages: Vec::new() });
    }
    match rsspls::read(text) {
        Some(holdings) => Some(holdings),
        None => lines(text),
    }
}

/// Addresses, one a line, with tags behind them, as newsboat has them: a tag with `~` is a title, one with `!` hides the
/// feed from a list.
fn lines(text: &str) -> Option<Holdings> {
    let mut holdings = Holdings::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut words = words(line).into_iter();
        let url = words.next().unwrap_or_default();
        let is_scheme = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.:".contains(c));
        if !url.split_once("://").is_some_and(|(scheme, _)| is_scheme(scheme)) {
            holdings.notes.push(format!("{line:?} is left out: it is no address"));
            continue;
        }
        let mut subscription = Subscription { url, ..Subscription::default() };
        for word in words.filter(|word| !word.starts_with('!')) {
            match word.strip_prefix('~') {
                Some(title) => subscription.title = Some(title.to_owned()),
                None => subscription.categories.push(word),
            }
        }
        holdings.subscriptions.push(subscription);
    }
    (!holdings.subscriptions.is_empty()).then_some(holdings)
}

/// The words of a line, those in quotes as one, in which a backslash stands before a quote; up to a comment.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    let (mut is_quoted, mut is_escaped) = (false, false);
    for c in line.chars().chain([' ']) {
        match c {
            _ if is_escaped => {
                word.push(c);
                is_escaped = false;
            }
            '\\' if is_quoted => is_escaped = true,
            '"' if is_quoted || word.is_empty() => is_quoted = !is_quoted,
            '#' if !is_quoted && word.is_empty() => break,
            c if c.is_whitespace() && !is_quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words.iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

/// What is written of a subscription, and its id. `page` is what its feed was called, and its selectors, if it is a page
/// that lists news.
fn source(
    subscription: Subscription,
    url: &Url,
    page: Option<(Option<String>, Select)>,
    ids: &mut Ids,
) -> (String, NewSource) {
    let Subscription { title, page: home, language, categories, .. } = subscription;
    let line = |text: String| text::cut(&text::one_line(&text), TITLE);
    let title = title.map(line).filter(|title| !title.is_empty());
    let mut seen = HashSet::new();
    let categories: Vec<String> = categories.into_iter().map(line).collect();
    let categories: Vec<String> =
        categories.into_iter().filter(|name| !name.is_empty() && seen.insert(name.clone())).collect();
    let (name, select) = page.map_or((None, None), |(name, select)| (name, Some(select)));
    let id = ids.take(&[name.as_deref(), title.as_deref(), url.host_str()]);
    let comments = home.map(|home| format!("From {}", text::one_line(&home))).into_iter().collect();
    let mut source = NewSource { comments, ..NewSource::default() }
        .with("id", Some(&id))
        .with("title", title.as_deref())
        .with(if select.is_some() { "page" } else { "feed" }, Some(url.as_str()))
        .with("language", language.as_deref().filter(|tag| config::is_language(tag)))
        .with_list("categories", &categories);
    let selectors =
        select.iter().flat_map(Select::texts).filter_map(|(key, text)| Some((key.to_owned(), text?.into())));
    let selectors: toml::Table = selectors.collect();
    if !selectors.is_empty() {
        source.keys.push(("select".to_owned(), selectors.into()));
    }
    (id, source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_newsboat_have_tags() {
        let text = "# mine\nhttps://a.example/rss news \"two words\" \"~The tide\" !\n\n\"query:Unread:unread = \\\"yes\\\"\"\nhttps://b.example/\n";
        let holdings = holdings(text).expect("subscriptions");
        let first = &holdings.subscriptions[0];
        assert_eq!((first.url.as_str(), first.title.as_deref()), ("https://a.example/rss", Some("The tide")));
        assert_eq!(first.categories, ["news", "two words"]);
        assert_eq!((holdings.subscriptions.len(), holdings.notes.len()), (2, 1));
        assert!(super::holdings("nothing\nof the kind\n").is_none() && super::holdings("<p>x").is_none());
        assert!(super::holdings("{\"feeds\": [\"https://a.example/rss\"]}\n").is_none());
    }

    #[test]
    fn words_end_where_a_comment_begins() {
        assert_eq!(
            words("https://a.example/ \"~My \\\"Title\\\"\" news # mine"),
            ["https://a.example/", "~My \"Title\"", "news"]
        );
        assert_eq!(words("https://a.example/#top \"#1\" \"two words"), ["https://a.example/#top", "#1", "two words"]);
    }
}
