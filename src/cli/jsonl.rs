//! `feedgen explain --jsonl`: answers JSON requests, one a line, for programs that measure how well documents are read.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{Done, Failure};
use crate::collect::address::{self, Private};
use crate::collect::files;
use crate::dedup::{self, Story};
use crate::document::{Document, Form};
use crate::draft::{Fragment, When};
use crate::item::{Identity, Vocabulary, inert, mint};
use crate::read::feed::{self, Around, Attachment, Entry, Facts, Link, Markup, Person, Text};
use crate::read::{self, date, guard, listing};
use crate::refresh;
use crate::source::{Every, Files, Select, Source, SourceId, SourceKind, Tz};

/// Largest document that is read, bytes: that of walks whose configuration tells no other (`documents.max_size`).
const MAX_SIZE: u64 = 8 * 1024 * 1024;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Article,
    Feed,
    List,
    Date,
    Pair,
    Address,
}

impl Kind {
    /// All of them: no other is answered.
    const ALL: [Self; 6] = [Self::Article, Self::Feed, Self::List, Self::Date, Self::Pair, Self::Address];

    /// Its name in a request.
    fn name(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Feed => "feed",
            Self::List => "list",
            Self::Date => "date",
            Self::Pair => "pair",
            Self::Address => "address",
        }
    }

    /// What is answered, for people.
    fn help(self) -> &'static str {
        match self {
            Self::Article => "what is read in the file \"path\", published at \"url\"",
            Self::Feed => "what a feed in that file says, as it says it",
            Self::List => "the news that a page in that file lists, and how the list was found",
            Self::Date => "the first date in \"text\", as of \"now\", by the clocks of \"timezone\"",
            Self::Pair => "whether \"a\" and \"b\", each with \"title\", \"text\" and \"published\", are one story",
            Self::Address => "whether \"url\" may be asked",
        }
    }
}

/// What is said of it in help and manual.
pub(super) fn help() -> String {
    let kinds = Kind::ALL.map(|kind| format!("  {}: {}\n", kind.name(), kind.help())).concat();
    format!(
        "Answer JSON requests, one a line, from standard input\n\n\
         Their \"kind\" is one of these; without it, a file is a feed or an article, as it looks:\n\n{kinds}\n\
         \"content_type\" and \"headers\" are those that a file came with. Each answer is a line of JSON\n\
         in which \"ok\" is true, or \"error\" tells what failed."
    )
}

/// One request. Unknown fields are ignored.
#[derive(Debug, Deserialize)]
struct Request {
    kind: Option<String>,
    path: Option<String>,
    url: Option<String>,
    content_type: Option<String>,
    headers: Option<HashMap<String, String>>,
    text: Option<String>,
    now: Option<DateTime<Utc>>,
    timezone: Option<String>,
    a: Option<Told>,
    b: Option<Told>,
}

/// One of two stories that are to be compared.
#[derive(Debug, Deserialize)]
struct Told {
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    published: Option<String>,
}

impl Told {
    fn story(&self, zone: Tz) -> Story<'_> {
        let published = self.published.as_deref().and_then(date::machine).and_then(|when| when.stamp(zone));
        Story::of(&self.title, &self.text, published)
    }
}

pub(super) fn run(now: DateTime<Utc>) -> Done {
    let failed = |error: io::Error| Failure::Undone(format!("cannot answer: {error}"));
    for line in io::stdin().lock().split(b'\n') {
        let line = line.map_err(failed)?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let answer = answer(&line, now).unwrap_or_else(|error| json!({ "ok": false, "error": error }));
        // In one piece: a long answer that came in small ones would keep its reader busy.
        let answer = format!("{answer}\n");
        let mut out = io::stdout().lock();
        match out.write_all(answer.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(0),
            outcome => outcome.map_err(failed)?,
        }
    }
    Ok(0)
}

fn answer(line: &[u8], now: DateTime<Utc>) -> Result<Value, String> {
    let request: Request = serde_json::from_slice(line).map_err(|error| format!("no request: {error}"))?;
    let zone = request.timezone.as_deref().unwrap_or("Asia/Shanghai");
    let zone: Tz = zone.parse().map_err(|_| format!("{zone:?} is no time zone: write it as Asia/Shanghai"))?;
    let now = request.now.unwrap_or(now);
    let kind = match request.kind.as_deref() {
        None => None,
        Some(name) => Some(Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            let names = Kind::ALL.map(Kind::name).join(", ");
            format!("{name:?} requests are not answered by this version: ask for one of {names}")
        })?),
    };
    match kind {
        Some(Kind::Address) => address_answer(request.url.as_deref().unwrap_or("")),
        Some(Kind::Date) => date_answer(request.text.as_deref().unwrap_or(""), now, zone),
        None | Some(Kind::Article | Kind::Feed) => {
            let document = document(&request)?;
            let is_feed = kind.map_or_else(|| feed::looks_like_feed(&document.bytes), |kind| kind == Kind::Feed);
            if is_feed { feed_answer(&request, &document, now) } else { article_answer(&request, &document, now, zone) }
        }
        Some(Kind::List) => list_answer(&document(&request)?, now, zone),
        Some(Kind::Pair) => pair_answer(request.a.as_ref(), request.b.as_ref(), zone),
    }
}

fn address_answer(text: &str) -> Result<Value, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let refusal = address::check(&url, &Private::default()).err();
    Ok(json!({ "ok": true, "allowed": refusal.is_none(), "reason": refusal.map(|refusal| refusal.to_string()) }))
}

fn pair_answer(one: Option<&Told>, other: Option<&Told>, zone: Tz) -> Result<Value, String> {
    let (one, other) = one.zip(other).ok_or("two stories are compared, a and b")?;
    let verdict = dedup::compare(&one.story(zone), &other.story(zone));
    Ok(json!({ "ok": true, "kind": "pair", "same": verdict.same, "reason": verdict.reason.to_string() }))
}

fn date_answer(text: &str, now: DateTime<Utc>, zone: Tz) -> Result<Value, String> {
    let context = date::Context::at(now.with_timezone(&zone).naive_local());
    let mention = date::first(text, &context).ok_or("there is no date in it")?;
    Ok(json!({ "ok": true, "date": written(mention.when, zone), "precision": mention.when.precision().name() }))
}

/// A date as text, no finer than it was written; a time of day as a point in time.
fn written(when: When, zone: Tz) -> String {
    match when {
        When::Local(_) => {
            when.stamp(zone).map_or_else(|| when.to_string(), |stamp| stamp.with_timezone(&zone).to_rfc3339())
        }
        when => when.to_string(),
    }
}

/// The document that a request names, with what the request says about it.
fn document(request: &Request) -> Result<Document, String> {
    let path = request.path.as_deref().ok_or("the request has no path")?;
    let mut document = files::read_file(Path::new(path), files::Policy { max_size: MAX_SIZE })
        .map_err(|error| format!("cannot read {path}: {error}"))?;
    document.address = request.url.as_deref().and_then(|url| Url::parse(url).ok());
    if let Some(kind) = &request.content_type {
        if kind.contains("html") {
            document.form = Form::Html;
        }
        document.charset = kind.split("charset=").nth(1).map(|label| label.trim_matches(['"', '\'', ' ']).to_owned());
    }
    Ok(document)
}

fn article_answer(request: &Request, document: &Document, now: DateTime<Utc>, zone: Tz) -> Result<Value, String> {
    let id = SourceId::new("explain").map_err(|error| error.to_string())?;
    let source = Source {
        id: id.clone(),
        kind: SourceKind::Files(Box::new(Files {
            root: ".".into(),
            pattern: "**".to_owned(),
            every: Every::Interval(Duration::ZERO),
        })),
        title: String::new(),
        treatment: Arc::default(),
        timezone: zone,
        prefer: false,
        items: 1,
        keep_for: None,
        keep_items: 0,
    };
    let path = request.path.as_deref().unwrap_or_default();
    let name = Path::new(path).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let identity = Identity { key: mint(&id, path.as_bytes()), source: id, name, known: None };
    let (item, notes) = refresh::settle(document, &source, "en", Vocabulary::built_in(), identity, now)
        .map_err(|error| error.to_string())?;
    let dated = item.evidence != crate::draft::Evidence::FirstSeen;
    Ok(json!({
        "ok": true, "kind": "article", "title": item.title, "text": item.content.text(), "html": item.content.as_str(),
        "language": item.language,
        "date": dated.then(|| written(item.when, zone)), "date_precision": dated.then(|| item.precision().name()),
        "date_source": item.evidence.name(), "event_date": item.event.map(|event| written(event, zone)),
        "authors": item.authors, "publisher": item.publisher, "sections": item.sections,
        "categories": item.categories.iter().map(|category| category.slug.as_str()).collect::<Vec<_>>(),
        "notes": notes,
    }))
}

fn list_answer(document: &Document, now: DateTime<Utc>, zone: Tz) -> Result<Value, String> {
    let address = document.address.as_ref().ok_or("a list is read only with the url of its page")?;
    let decoded =
        read::decode(&document.bytes, document.charset.as_deref(), true).map_err(|error| error.to_string())?;
    let page = guard::parse_document(&decoded.text);
    let policy = read::Policy { now, timezone: zone };
    let listing = listing::shown(&page, address, &Select::default(), policy).map_err(|error| error.to_string())?;
    let item = |Entry { facts, .. }: &Entry| {
        let link = facts.link.as_ref().filter(|link| inert::is_harmless(link));
        json!({ "title": facts.title.as_ref().map(line), "link": link, "date": facts.published.map(|when| written(when, zone)) })
    };
    Ok(json!({
        "ok": true, "kind": "list", "items": listing.feed.entries.iter().map(item).collect::<Vec<_>>(),
        "next": listing.next.as_ref().map(Url::as_str), "select": listing.way.select, "confidence": listing.confidence,
        "rejected": listing.rejected.iter().map(|other| json!({ "select": other.select, "entries": other.entries, "reason": other.reason })).collect::<Vec<_>>(),
    }))
}

fn feed_answer(request: &Request, document: &Document, now: DateTime<Utc>) -> Result<Value, String> {
    let header = |name: &str| {
        let found = request.headers.iter().flatten().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    };
    let address = document.address.as_ref();
    let moved = header("content-location").and_then(|location| match address {
        Some(address) => address.join(location).ok(),
        None => Url::parse(location).ok(),
    });
    let base = moved.as_ref().filter(|url| matches!(url.scheme(), "http" | "https")).or(address);
    let around =
        Around { charset: document.charset.as_deref(), base, language: header("content-language"), now: Some(now) };
    let feed = feed::read_all(&document.bytes, &around).map_err(|error| error.to_string())?;
    let mut about = facts(&feed.about, "subtitle");
    about.insert("generator".to_owned(), json!(feed.generator.as_deref().map(|name| line(&Text::plain(name)))));
    Ok(json!({
        "ok": true, "kind": "feed", "feed": about, "entries": feed.entries.into_iter().map(|one| entry(&one)).collect::<Vec<_>>(),
        "partial": feed.partial, "notes": feed.notes,
    }))
}

fn entry(entry: &Entry) -> Value {
    let mut value = facts(&entry.facts, "summary");
    value.extend([
        ("content".to_owned(), entry.contents.iter().map(html).collect()),
        ("enclosures".to_owned(), entry.enclosures.iter().filter_map(attachment).collect()),
        ("comments".to_owned(), json!(address(entry.comments.as_ref()))),
        ("source".to_owned(), json!(entry.source.as_ref().map(|source| facts(source, "subtitle")))),
    ]);
    // What is not told is left out: a feed may have ten thousand entries.
    value.into_iter().filter(|(_, told)| !told.is_null()).collect()
}

/// What feeds and entries share; `summary` is what the summary is called.
fn facts(facts: &Facts, summary: &str) -> serde_json::Map<String, Value> {
    let people = |people: &[Person]| people.iter().map(person).collect::<Value>();
    let category = |category: &feed::Category| {
        let label = category.label.as_deref().map(|label| line(&Text::plain(label)));
        json!({ "term": line(&Text::plain(&category.term)), "scheme": category.scheme, "label": label })
    };
    let value = json!({
        "id": facts.id, "title": facts.title.as_ref().map(line), summary: facts.summary.as_ref().map(html),
        "link": facts.link.as_ref().filter(|link| inert::is_harmless(link) || feed::is_name(link)), "links": facts.links.iter().filter_map(link).collect::<Vec<_>>(),
        "published": facts.published.and_then(instant), "updated": facts.updated.and_then(instant),
        "authors": people(&facts.authors), "contributors": people(&facts.contributors),
        "categories": facts.categories.iter().map(category).collect::<Vec<_>>(),
        "rights": facts.rights.as_ref().map(html), "language": facts.language, "image": address(facts.image.as_ref()),
    });
    match value {
        Value::Object(map) => map,
        _ => serde_json::Map::new(),
    }
}

/// A text as inert HTML, otherwise as it was written.
fn html(text: &Text) -> String {
    if text.markup != Markup::Html {
        return inert::escaped(&text.value);
    }
    let page = guard::parse_fragment(&text.value);
    let parts = vec![page.root_element().id()];
    inert::inert(&Fragment { page, parts, without: HashSet::new() }, text.base.as_deref())
}

/// A text as one line of plain text that stays text even where somebody takes it for markup.
fn line(text: &Text) -> String {
    let mut line = text.line();
    for _ in 0..3 {
        if !line.contains("<!") && !line.contains("<?") && !inert::acts(&guard::parse_fragment(&line)) {
            return line;
        }
        line = Text { markup: Markup::Html, ..Text::plain(&line) }.line();
    }
    line.replace('<', "")
}

/// A date as an instant: what has no zone is in UTC, what has no time is its start.
fn instant(when: When) -> Option<String> {
    let start = when.first_day()?.and_time(chrono::NaiveTime::MIN);
    Some(match when {
        When::Instant(time) => time.to_rfc3339(),
        When::Local(time) => time.and_utc().to_rfc3339(),
        _ => start.and_utc().to_rfc3339(),
    })
}

fn address(address: Option<&String>) -> Option<&String> {
    address.filter(|address| inert::is_harmless(address))
}

fn person(person: &Person) -> Value {
    let text = |value: &Option<String>| value.as_deref().map(|value| line(&Text::plain(value)));
    let (url, avatar) = (address(person.url.as_ref()), address(person.avatar.as_ref()));
    json!({ "name": text(&person.name), "email": text(&person.email), "url": url, "avatar": avatar })
}

fn link(link: &Link) -> Option<Value> {
    let href = address(Some(&link.href))?;
    let Link { rel, media_type, title, language, length, .. } = link;
    Some(
        json!({ "href": href, "rel": rel, "type": media_type, "title": title, "hreflang": language, "length": length }),
    )
}

fn attachment(file: &Attachment) -> Option<Value> {
    let url = address(Some(&file.url))?;
    Some(json!({ "url": url, "length": file.length, "type": file.media_type }))
}
