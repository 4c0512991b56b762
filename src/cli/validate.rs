//! `feedgen validate`: findings in feeds, by file, line and column.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Done, counted, print, print_json, say};
use crate::validate::{Expectation, Level, Verdict, validate};

/// Checks files; `-` is standard input. Ends with 1 when one of them has an error or cannot be read.
pub(super) fn run(files: &[PathBuf], address: Option<&str>, json: bool, now: DateTime<Utc>) -> Done {
    let mut failed = false;
    let mut told = Vec::new();
    for file in files {
        let from_input = file == Path::new("-");
        let file = if from_input { Path::new("<stdin>") } else { file };
        let bytes = match if from_input { read_input() } else { std::fs::read(file) } {
            Ok(bytes) => bytes,
            Err(error) => {
                say(&format!("error: cannot read {}: {error}", file.display()));
                failed = true;
                continue;
            }
        };
        let verdict = validate(&bytes, &Expectation { address, now });
        failed |= verdict.findings.iter().any(|finding| finding.level == Level::Error);
        if json {
            told.push(as_json(file, &verdict));
        } else {
            print(&as_text(file, &verdict))?;
        }
    }
    if json {
        print_json(&told)?;
    }
    Ok(u8::from(failed))
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
