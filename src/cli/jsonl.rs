//! `feedgen explain --jsonl`: answers JSON requests, one a line, for programs that measure how well documents are read.

use std::io::{self, BufRead as _, Write as _};
use std::path::Path;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{Done, Failure, World};
use crate::collect::address::{self, Private};
use crate::collect::files;
use crate::document::{Document, Form};
use crate::draft::When;
use crate::item::{Identity, Vocabulary, mint};
use crate::read::date;
use crate::refresh;
use crate::source::{Files, Source, SourceId, SourceKind};

/// Largest document that is read, bytes.
const MAX_SIZE: u64 = 64 * 1024 * 1024;

/// One request. Unknown fields are ignored.
#[derive(Debug, Deserialize)]
struct Request {
    kind: Option<String>,
    path: Option<String>,
    url: Option<String>,
    content_type: Option<String>,
    text: Option<String>,
    now: Option<DateTime<Utc>>,
    timezone: Option<String>,
}

pub(super) fn run(world: &World) -> Done {
    let failed = |error: io::Error| Failure::Undone(format!("cannot answer: {error}"));
    for line in io::stdin().lock().split(b'\n') {
        let line = line.map_err(failed)?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let answer = answer(&line, world).unwrap_or_else(|error| json!({ "ok": false, "error": error }));
        let mut out = io::stdout().lock();
        match writeln!(out, "{answer}").and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(0),
            outcome => outcome.map_err(failed)?,
        }
    }
    Ok(0)
}

fn answer(line: &[u8], world: &World) -> Result<Value, String> {
    let request: Request = serde_json::from_slice(line).map_err(|error| format!("no request: {error}"))?;
    let zone = request.timezone.as_deref().unwrap_or("Asia/Shanghai");
    let zone: Tz = zone.parse().map_err(|_| format!("{zone:?} is no time zone: write it as Asia/Shanghai"))?;
    let now = request.now.unwrap_or(world.now);
    match request.kind.as_deref() {
        Some("address") => address_answer(request.url.as_deref().unwrap_or("")),
        Some("date") => date_answer(request.text.as_deref().unwrap_or(""), now, zone),
        None | Some("article") => article_answer(&request, now, zone),
        Some(kind) => {
            Err(format!("{kind:?} requests are not answered by this version: ask for article, date or address"))
        }
    }
}

fn address_answer(text: &str) -> Result<Value, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let refusal = address::check(&url, &Private::default()).err();
    Ok(json!({ "ok": true, "allowed": refusal.is_none(), "reason": refusal.map(|refusal| refusal.to_string()) }))
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

fn article_answer(request: &Request, now: DateTime<Utc>, zone: Tz) -> Result<Value, String> {
    let path = request.path.as_deref().ok_or("the request has no path")?;
    let id = SourceId::new("explain").map_err(|error| error.to_string())?;
    let mut document: Document = files::read_file(Path::new(path), &id, files::Policy { max_size: MAX_SIZE })
        .map_err(|error| format!("cannot read {path}: {error}"))?;
    document.address = request.url.as_deref().and_then(|url| Url::parse(url).ok());
    if let Some(kind) = &request.content_type {
        if kind.contains("html") {
            document.form = Form::Html;
        }
        document.charset = kind.split("charset=").nth(1).map(|label| label.trim_matches(['"', '\'', ' ']).to_owned());
    }
    let source = Source {
        id: id.clone(),
        kind: SourceKind::Files(Files { root: ".".into(), pattern: "**".to_owned() }),
        title: String::new(),
        language: None,
        categories: Vec::new(),
        author: None,
        timezone: zone,
        items: 1,
        keep: Vec::new(),
        drop: Vec::new(),
    };
    let name = Path::new(path).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let identity = Identity { key: mint(&id, path.as_bytes()), source: id, name, known: None };
    let (item, notes) = refresh::settle(&document, &source, "en", Vocabulary::built_in(), identity, now)
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
