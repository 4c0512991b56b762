//! `feedgen validate`: findings in feeds, by file or address, line and column.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::json;
use url::Url;

use super::{Done, Failure, counted, given, place, print, print_json, say};
use crate::config::Settings;
use crate::validate::{Expectation, Level, Verdict, validate};

/// Findings of one rule that are told of a feed, at most. Programs get what the validator keeps.
const MOST: usize = 20;

/// Checks feeds in files and at addresses; `-` is standard input. Ends with 1 when one of them has an error or cannot be
/// had.
pub(super) fn run(
    names: &[PathBuf],
    address: Option<&str>,
    allow_private: bool,
    json: bool,
    settings: &dyn Fn() -> Result<Settings, Failure>,
    now: DateTime<Utc>,
) -> Done {
    let mut failed = false;
    let mut told = Vec::new();
    for name in names {
        let (bytes, asked) = match take(name, allow_private, settings, now) {
            Ok(taken) => taken,
            Err(Failure::Undone(error)) => {
                say(&format!("error: {error}"));
                failed = true;
                continue;
            }
            Err(failure) => return Err(failure),
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
fn take(
    name: &Path,
    allow_private: bool,
    settings: &dyn Fn() -> Result<Settings, Failure>,
    now: DateTime<Utc>,
) -> Result<(Vec<u8>, Option<String>), Failure> {
    if let Some(url) = name.to_str().filter(|name| place::is_address(name)) {
        let url = Url::parse(url).map_err(|error| Failure::Undone(format!("{url} is no address: {error}")))?;
        // Somebody is here and asks: no program on its own, which robots.txt is about.
        let answer = place::fetch_with(&settings()?, place::request(url), false, allow_private, now)?;
        return Ok((answer.body.unwrap_or_default(), Some(answer.url.into())));
    }
    Ok((given::read(name)?, None))
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
    let mut counts: BTreeMap<(Level, &str), usize> = BTreeMap::new();
    for finding in &verdict.findings {
        let count = counts.entry((finding.level, finding.rule)).or_default();
        *count += 1;
        if *count > MOST {
            continue;
        }
        let (level, file) = (level_name(finding.level), file.display());
        // Writing into a string cannot fail.
        let _written = writeln!(
            text,
            "{file}:{}:{}: {level}: {} [{}, {}]",
            finding.line, finding.column, finding.message, finding.rule, finding.reference
        );
    }
    for ((level, rule), count) in counts.into_iter().filter(|(_, count)| *count > MOST) {
        let _written = writeln!(text, "{}: {}: and {} more [{rule}]", file.display(), level_name(level), count - MOST);
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
