//! Programs by others that read what we publish, and those that judge it. `scripts/test` installs them.
//!
//! Where one is missing, its part of a test is left out with a word on how to get it; under `CI=true` the test fails.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its tools has failed")]
#![expect(clippy::print_stderr, reason = "what a test leaves out must be told")]
#![allow(dead_code, reason = "each test file uses another part")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::{DateTime, Utc};
use feedgen::validate::{Expectation, validate};
use serde_json::Value;

use crate::house::{House, NOW};

/// Where the feeds of a house are published: `site.url` of its configuration.
pub(crate) const SITE: &str = "https://news.example.edu/feeds/";

/// A program of the system. `None`: it is missing, and the test goes on without.
pub(crate) fn program(name: &str) -> Option<Command> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file());
    found.map(Command::new).or_else(|| missing(name))
}

/// Python with feedparser and html5lib. `None`: it is missing, and the test goes on without.
pub(crate) fn python() -> Option<Command> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let python = target.join("venv/bin/python");
    if python.is_file() { Some(Command::new(python)) } else { missing("python with feedparser") }
}

fn missing<T>(name: &str) -> Option<T> {
    let told = format!("{name} is missing: `scripts/test --install` installs what the tests need");
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{told}");
    eprintln!("left out, {told}");
    None
}

/// Runs a program with something to read, and returns what it prints.
#[track_caller]
pub(crate) fn output(command: &mut Command, input: &[u8]) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input).unwrap_or_default());
        child.wait_with_output().unwrap()
    });
    let (said, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?} ended with {}\n{said}\n{stderr}", output.status);
    said.into_owned()
}

/// The ending of a path, without the dot.
pub(crate) fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Paths of all feeds and lists of a house.
pub(crate) fn feeds(house: &House) -> Vec<String> {
    let is_feed = |path: &String| ["rss", "atom", "json", "opml"].contains(&ending(path));
    house.tree().into_keys().filter(is_feed).collect()
}

/// All that a house publishes is well-formed to two parsers that know nothing of each other, has no finding of our own,
/// no id twice in one feed, and nothing that the W3C validator so much as mentions, where that is at hand. `tolerated` are
/// names of our own rules that the documents break, not the feeds. Returns how many feeds and lists were looked at.
#[track_caller]
pub(crate) fn expect_flawless(house: &House, tolerated: &[&str]) -> usize {
    let feeds = feeds(house);
    assert!(feeds.iter().any(|path| path == "all.rss") && feeds.iter().any(|path| path == "feeds.opml"), "{feeds:?}");
    parse(house, &feeds);
    let now = DateTime::parse_from_rfc3339(NOW).unwrap().with_timezone(&Utc);
    for path in &feeds {
        let address = format!("{SITE}{path}");
        let mut verdict = validate(&house.bytes_of(path), &Expectation { address: Some(&address), now });
        verdict.findings.retain(|finding| !tolerated.contains(&finding.rule));
        assert!(verdict.findings.is_empty(), "{path}: {:#?}", verdict.findings);
        if ending(path) == "json" {
            let ids: Vec<String> = house.feed(path).into_iter().map(|item| item.id).collect();
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{path} has an id twice");
        }
    }
    let told = house.run(
        &[&["validate", "--json"], paths(&feeds).iter().map(String::as_str).collect::<Vec<_>>().as_slice()].concat(),
    );
    let told = told.expect_ok().json();
    assert_eq!(told.as_array().unwrap().len(), feeds.len());
    let findings = told.as_array().unwrap().iter().flat_map(|file| file["findings"].as_array().unwrap());
    let serious: Vec<_> = findings.filter(|finding| !tolerated.contains(&finding["rule"].as_str().unwrap())).collect();
    assert!(serious.is_empty(), "{serious:#?}");
    w3c(house, &feeds).unwrap_or_else(|told| panic!("{told}"));
    feeds.len()
}

fn paths(feeds: &[String]) -> Vec<String> {
    feeds.iter().map(|path| format!("feeds/{path}")).collect()
}

/// Parses files: XML with roxmltree and expat, JSON with `serde_json` and Python.
#[track_caller]
pub(crate) fn parse(house: &House, feeds: &[String]) {
    for path in feeds {
        let text = house.text(path);
        if ending(path) == "json" {
            serde_json::from_str::<Value>(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        } else {
            roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
    }
    let script = "import json, sys\nfrom xml.parsers import expat\nfor path in sys.argv[1:]:\n  data = open(path, 'rb').read()\n  \
                  json.loads(data) if path.endswith('.json') else expat.ParserCreate(namespace_separator=' ').Parse(data, True)";
    if let Some(mut python) = program("python3") {
        output(python.arg("-c").arg(script).args(feeds.iter().map(|path| house.path("feeds").join(path))), b"");
    }
}

/// What the W3C feed validator says against feeds, warnings and infos included. It is a checkout of its own
/// (`FEEDGEN_FEEDVALIDATOR`, else `feedvalidator` beside the project), driven by a script of the shared tools
/// (`FEEDGEN_SHARED`, else `shared` beside the project). Where they are not at hand, nothing is said.
///
/// # Errors
/// With its words.
pub(crate) fn w3c(house: &House, feeds: &[String]) -> Result<(), String> {
    let (checkout, shared) = (beside("FEEDGEN_FEEDVALIDATOR", "feedvalidator"), beside("FEEDGEN_SHARED", "shared"));
    let script = shared.join("eval/validate.py");
    if !checkout.join("src/feedvalidator").is_dir() || !script.is_file() {
        eprintln!("left out: no checkout of w3c/feedvalidator at {} with {}", checkout.display(), script.display());
        return Ok(());
    }
    let mut folders: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
    for path in feeds {
        let folder = path.rfind('/').map_or("", |end| path.split_at(end + 1).0);
        folders.entry(folder).or_default().push(house.path("feeds").join(path));
    }
    for (folder, files) in folders {
        let Some(mut python) = python() else { return Ok(()) };
        python.arg(&script).arg("--validator").arg(&checkout).arg("--prefix").arg(format!("{SITE}{folder}"));
        // An empty feed has no date; that others have one is seen by our own rules.
        python
            .args(["--extra", "--allow", "XNoLastBuildDate", "--strict", "--level", "AAA", "--ct-by-ext", "--verbose"]);
        python.args(&files);
        let told = python.output().unwrap();
        let (told, complaint) = (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
        let clean = format!("clean={} failing=0 errors=0 warnings=0 infos=0", files.len());
        if !told.contains(&clean) {
            return Err(format!("{told}\n{complaint}"));
        }
    }
    Ok(())
}

/// What lies at the place that a variable of the environment tells, else beside the project.
pub(crate) fn beside(variable: &str, name: &str) -> PathBuf {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::env::var_os(variable).map_or_else(|| project.join("..").join(name), PathBuf::from)
}
