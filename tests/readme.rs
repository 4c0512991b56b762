//! What the pages for people say is true: commands, keys, fields, links, and the session of the README.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its folder has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use regex::Regex;

const README: &str = include_str!("../README.md");
const MANUAL: &str = include_str!("../docs/manual.md");
const PAGES: [(&str, &str); 8] = [
    ("README.md", README),
    ("docs/manual.md", MANUAL),
    ("docs/proxy.md", include_str!("../docs/proxy.md")),
    ("ARCHITECTURE.md", include_str!("../ARCHITECTURE.md")),
    ("docs/install.md", include_str!("../docs/install.md")),
    ("CONTRIBUTING.md", include_str!("../CONTRIBUTING.md")),
    ("CHANGELOG.md", include_str!("../CHANGELOG.md")),
    ("feeds/README.md", include_str!("../feeds/README.md")),
];

/// A folder of its own for a test, gone after it.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("feedgen-readme-{}-{test}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn command(&self, program: &str) -> Command {
        let binaries = Path::new(env!("CARGO_BIN_EXE_feedgen")).parent().unwrap();
        let path = std::env::join_paths(
            [binaries.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        let mut command = Command::new(program);
        command.current_dir(&self.0).env_clear().env("PATH", path.unwrap()).env("HOME", &self.0);
        // The year 2030: no file is so young that it is waited for.
        command.env("SOURCE_DATE_EPOCH", "1893456000");
        command
    }

    fn feedgen(&self, arguments: &[&str]) -> Output {
        self.command(env!("CARGO_BIN_EXE_feedgen")).args(arguments).output().unwrap()
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The rows of the table of the manual that has this heading: the texts in backticks of the first two cells.
fn rows(heading: &str) -> Vec<[Vec<String>; 2]> {
    let code = Regex::new("`([^`]+)`").unwrap();
    let codes = |cell: &str| code.captures_iter(cell).map(|found| found[1].to_owned()).collect();
    let rows: Vec<_> = MANUAL
        .lines()
        .skip_while(|line| *line != heading)
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            [codes(cells[1]), codes(cells[2])]
        })
        .collect();
    assert!(!rows.is_empty(), "the manual has no table {heading:?}");
    rows
}

#[test]
fn the_table_of_commands_is_that_of_the_help() {
    let folder = Folder::new("help");
    let help = stdout(&folder.feedgen(&["--help"]));
    let name =
        |line: &str| line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty()).map(str::to_owned);
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // `help` comes with every program.
    let there: BTreeSet<String> = lines.filter_map(name).filter(|name| name != "help").collect();
    let told: BTreeSet<String> = rows("| command | does |").into_iter().flat_map(|[names, _]| names).collect();
    assert_eq!(told, there);
    let option = Regex::new("--[a-z-]+").unwrap();
    for [names, _] in rows("| command | does |") {
        let row = MANUAL.lines().find(|line| line.starts_with(&format!("| `{}` |", names[0]))).unwrap();
        let help = stdout(&folder.feedgen(&[&names[0], "--help"]));
        for option in option.find_iter(row) {
            assert!(help.contains(option.as_str()), "{} has no {}", names[0], option.as_str());
        }
    }
}

#[test]
fn every_key_that_is_named_exists() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../config/feedgen.schema.json")).unwrap();
    let key = Regex::new(r"`(site|publish|store|documents|refresh|source|feed)\.([a-z_]+)`").unwrap();
    let mut named = 0;
    for found in [README, MANUAL].iter().flat_map(|page| key.captures_iter(page)) {
        let table = &schema["properties"][&found[1]];
        let keys = if table["items"].is_object() { &table["items"]["properties"] } else { &table["properties"] };
        assert!(keys[&found[2]].is_object(), "{} is no key", &found[0]);
        named += 1;
    }
    assert!(named > 0);
}

#[test]
fn every_field_that_is_named_is_taken() {
    let folder = Folder::new("fields");
    let mut sidecar = String::new();
    for [names, others] in rows("| field | also named | |") {
        for name in names.iter().chain(&others).filter(|name| !["draft", "草稿"].contains(&name.as_str())) {
            sidecar.extend(["\"", name, "\" = \"2026-05-01\"\n"]);
        }
    }
    folder.file("news/tide.txt", "The tide rose.\n");
    folder.file("news/tide.meta.toml", &sidecar);
    let output = folder.feedgen(&["refresh"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(!stderr(&output).contains("unknown field"), "{}", stderr(&output));
    folder.file("news/tide.meta.toml", sidecar + "mood = \"calm\"\n");
    assert!(stderr(&folder.feedgen(&["refresh"])).contains("\"mood\""));
}

#[test]
fn every_relative_link_leads_to_a_file_and_a_heading_of_it() {
    let link = Regex::new(r"\]\(([^)#]*)(?:#([^)]+))?\)").unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (page, text) in PAGES {
        for found in link.captures_iter(text).filter(|link| !link[1].contains("://")) {
            let place = if found[1].is_empty() { root.join(page) } else { root.join(page).with_file_name(&found[1]) };
            assert!(place.exists(), "{page} links to {}, which is not there", &found[1]);
            if let Some(wanted) = found.get(2) {
                let text = fs::read_to_string(place).unwrap();
                let headings = text.lines().filter_map(|line| line.trim_start_matches('#').strip_prefix(' '));
                let there = headings.map(|heading| heading.to_lowercase().replace(' ', "-"));
                assert!(there.into_iter().any(|there| there == wanted.as_str()), "{page}: #{}", wanted.as_str());
            }
        }
    }
}

/// All blocks marked `console` are one session: what it prints is what stands there, in a folder of `/srv`.
#[test]
fn the_session_of_the_readme_goes_as_it_is_told() {
    let folder = Folder::new("session");
    let mut script = "set -eu\n".to_owned();
    let mut told = String::new();
    let mut inside = false;
    for line in README.lines() {
        match line.strip_prefix("$ ") {
            _ if line.starts_with("```") => inside = line == "```console",
            Some(command) if inside => {
                script.extend(["printf '%s\\n' '$ ", &command.replace('\'', "'\\''"), "'\n", command, "\n"]);
            }
            _ => {}
        }
        if inside && !line.starts_with("```") {
            told.extend([line, "\n"]);
        }
    }
    assert!(told.contains("$ feedgen refresh\n"));
    let output = folder.command("sh").arg("-c").arg(script).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    // Spaces and empty lines at the end of what a command prints do not show in a page.
    let bare = |text: &str| text.replace("\n\n$ ", "\n$ ").trim_end().to_owned();
    let here = fs::canonicalize(&folder.0).unwrap();
    assert_eq!(bare(&stdout(&output).replace(here.to_str().unwrap(), "/srv")), bare(&told));
}

/// Text files that belong to the project.
fn texts(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        let made = ["target", "state", ".git", "Cargo.lock"].contains(&name.as_str());
        let published = folder.ends_with("feeds") && name != "README.md";
        if made || published {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            texts(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            found.push((path, text));
        }
    }
}

#[test]
fn the_project_speaks_of_itself_alone() {
    // In two halves, or this file would have them.
    let halves = [
        ("chat", "gpt"),
        ("clau", "de"),
        ("anthro", "pic"),
        ("open", "ai"),
        ("copi", "lot"),
        ("sub", "agent"),
        ("ai", "-generated"),
        ("language ", "model"),
        ("coding ", "agent"),
    ];
    let words: Vec<String> = halves.iter().map(|(start, end)| format!("{start}{end}")).collect();
    let word = Regex::new(&format!(r"(?i)\b({})s?\b", words.join("|"))).unwrap();
    // Where somebody's machine keeps things; `bee` is a person whom the tests invent.
    let folders = ["work", "tmp", "root", "home"].join("|");
    let place = Regex::new(&format!(r#"(?m)(?:^|[\s"'`(=:<])/({folders})/[\w.-]+"#)).unwrap();
    let mut found = Vec::new();
    texts(Path::new(env!("CARGO_MANIFEST_DIR")), &mut found);
    assert!(found.len() > 50);
    for (path, text) in found {
        assert_eq!(word.find(&text).map(|found| found.as_str()), None, "{}", path.display());
        let foreign = place.find_iter(&text).map(|found| found.as_str()).find(|found| !found.ends_with("/home/bee"));
        assert_eq!(foreign, None, "{}", path.display());
    }
}

#[test]
fn a_sidecar_may_say_that_a_document_is_no_draft() {
    let folder = Folder::new("draft");
    folder.file("news/tide.txt", "The tide rose.\n");
    folder.file("news/tide.meta.toml", "draft = false\n");
    let told = stderr(&folder.feedgen(&["refresh"]));
    assert!(!told.contains("tide"), "{told}");
}

#[test]
fn feeds_are_complete_after_a_damaged_store_was_rebuilt() {
    let folder = Folder::new("rescue");
    let text = "The tide rose\n\nIt rose again.\n";
    folder.file("news/tide.txt", text);
    assert!(folder.feedgen(&["refresh"]).status.success());
    let before = fs::read(folder.0.join("feeds/all.json")).unwrap();
    let mut store = fs::read(folder.0.join("state/feedgen.db")).unwrap();
    let pages = store.len() / 4096;
    let whole = store.clone();
    for page in 1..pages {
        store.copy_from_slice(&whole);
        store[page * 4096..page * 4096 + 200].fill(0xff);
        folder.file("state/feedgen.db", &store);
        // Read anew, so that what is damaged is met.
        folder.file("news/tide.txt", text);
        let rebuilt = stderr(&folder.feedgen(&["refresh"])).contains("moved aside");
        assert!(
            !rebuilt || fs::read(folder.0.join("feeds/all.json")).unwrap() == before,
            "after damage to page {page}"
        );
    }
}
