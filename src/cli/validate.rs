//! `feedgen validate`: findings in feeds, by file or address, line and column.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;
use url::Url;

use super::{Done, counted, print, print_json, say};
use crate::collect::address::Private;
use crate::collect::fetch::{Answer, FetchError, Fetcher, Manner, Policy, Request};
use crate::validate::{Expectation, Level, Verdict, validate};

/// Media types of feeds, the best first.
const ACCEPT: &str = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, \
                      application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5";

/// Checks feeds in files and at addresses; `-` is standard input. Ends with 1 when one of them has an error or cannot be
/// had.
pub(super) fn run(
    names: &[PathBuf],
    address: Option<&str>,
    allow_private: bool,
    json: bool,
    now: DateTime<Utc>,
) -> Done {
    let mut failed = false;
    let mut told = Vec::new();
    for name in names {
        let (bytes, asked) = match take(name, allow_private) {
            Ok(taken) => taken,
            Err(error) => {
                say(&format!("error: {error}"));
                failed = true;
                continue;
            }
        };
        let name = if name == Path::new("-") { Path::new("<stdin>") } else { name };
        let verdict = validate(&bytes, &Expectation { address: address.or(asked.as_deref()), now });
        failed |= verdict.findings.iter().any(|finding| finding.level == Level::Error);
        if json {
            told.push(as_json(name, &verdict));
        } else {
            print(&as_text(name, &verdict))?;
        }
    }
    if json {
        print_json(&told)?;
    }
    Ok(u8::from(failed))
}

/// The feed that is named, and the address that it was taken from.
fn take(name: &Path, allow_private: bool) -> Result<(Vec<u8>, Option<String>), String> {
    let url = name.to_str().filter(|name| name.starts_with("http://") || name.starts_with("https://"));
    if let Some(url) = url {
        let url = Url::parse(url).map_err(|error| format!("{url} is no address: {error}"))?;
        return fetch(url, allow_private).map(|answer| (answer.body.unwrap_or_default(), Some(answer.url.into())));
    }
    let read = if name == Path::new("-") { read_input() } else { std::fs::read(name) };
    read.map(|bytes| (bytes, None)).map_err(|error| format!("cannot read {}: {error}", name.display()))
}

fn fetch(url: Url, allow_private: bool) -> Result<Answer, String> {
    let mut policy = Policy::new(format!("feedgen/{} (validate)", env!("CARGO_PKG_VERSION")));
    if allow_private {
        policy.private = Private::new(url.host_str()).map_err(|error| error.to_string())?;
    }
    let request = Request { url, validators: None, accept: ACCEPT, manner: Arc::new(Manner::default()) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot go out to the web: {error}"))?;
    let answer = runtime.block_on(Fetcher::new(policy).fetch(&request));
    answer.map_err(|error| match &error {
        FetchError::Refused { .. } => format!("{error}; --allow-private asks it nevertheless"),
        _ => error.to_string(),
    })
}

fn read_input() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Advice => "advice",
    }
}

fn as_text(file: &Path, verdict: &Verdict) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for finding in &verdict.findings {
        let (level, file) = (level_name(finding.level), file.display());
        // Writing into a string cannot fail.
        let _written = writeln!(
            text,
            "{file}:{}:{}: {level}: {} [{}, {}]",
            finding.line, finding.column, finding.message, finding.rule, finding.reference
        );
    }
    let count = |level| verdict.findings.iter().filter(|finding| finding.level == level).count();
    let (errors, warnings, advice) = (count(Level::Error), count(Level::Warning), count(Level::Advice));
    let kind = verdict.kind.name();
    let _written = writeln!(
        text,
        "{}: {kind}, {}: {}, {}, {advice} advice",
        file.display(),
        counted(verdict.items, "item"),
        counted(errors, "error"),
        counted(warnings, "warning"),
    );
    text
}

fn as_json(file: &Path, verdict: &Verdict) -> serde_json::Value {
    let findings: Vec<_> = verdict
        .findings
        .iter()
        .map(|finding| {
            json!({
                "level": level_name(finding.level), "rule": finding.rule, "line": finding.line, "column": finding.column,
                "message": finding.message, "reference": finding.reference,
            })
        })
        .collect();
    json!({ "file": file.display().to_string(), "kind": verdict.kind.name(), "items": verdict.items, "findings": findings })
}
