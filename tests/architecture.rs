//! Who may name whom: the rooms of the house, held against the source text.

#![expect(clippy::unwrap_used, reason = "a test that cannot read the sources has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Each room with the rooms it may name, in walking order: a room stands below all that it names. The nouns come first.
/// `main.rs` and `lib.rs` are no rooms: the one calls `cli`, the other lists them all.
const ROOMS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("document", &[]),
    ("draft", &["source"]),
    ("collect", &["source", "document"]),
    ("read", &["document", "draft", "source"]),
    ("item", &["draft", "source"]),
    ("dedup", &["item"]),
    ("store", &["item", "dedup", "document", "draft", "source"]),
    ("publish", &["item", "draft"]),
    ("validate", &[]),
    ("config", &["source", "collect", "publish"]),
    ("report", &[]),
    ("log", &[]),
    (
        "refresh",
        &["source", "document", "draft", "collect", "read", "item", "dedup", "store", "publish", "config", "report"],
    ),
    ("status", &["source", "document", "collect", "read", "store", "config", "report", "refresh"]),
    ("serve", &["source", "collect", "read", "store", "publish", "config", "report", "refresh", "status"]),
    ("daemon", &["collect", "store", "config", "report", "log", "refresh", "status", "serve"]),
    (
        "cli",
        &[
            "source", "document", "draft", "collect", "read", "item", "dedup", "store", "publish", "validate",
            "config", "report", "log", "refresh", "status", "daemon",
        ],
    ),
];

/// Where the clock may be read: once where the program begins, and by what lives long.
const CLOCK: &[&str] = &["main.rs", "daemon/"];
/// Who may start threads.
const THREADS: &[&str] = &["refresh/", "daemon/"];

/// A source file: its path below `src`, and its text without comments and tests.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// `publish/rss.rs` is in the room `publish`, `source.rs` is the room `source`.
    fn room(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    gather(&root, &root, &mut sources);
    assert!(sources.len() > ROOMS.len(), "the sources are not where they were");
    sources
}

fn gather(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, sources);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
            let text = without_tests(&fs::read_to_string(&path).unwrap());
            sources.push(Source { path: path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), text });
        }
    }
}

/// A text without comments and without what stands under `#[cfg(test)]`.
fn without_tests(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == "#[cfg(test)]" {
            let guarded = lines.by_ref().find(|line| !line.starts_with("#[")).unwrap_or_default();
            if guarded.ends_with('{') {
                lines.by_ref().find(|line| *line == "}");
            }
        } else if !line.trim_start().starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// The names behind each `crate::` of a text, those of groups (`crate::{item, read}`) included.
fn named(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            names.insert(first_name(rest));
            continue;
        };
        let mut depth = 0_usize;
        let mut at_start = true;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => at_start = true,
                c if at_start && !c.is_whitespace() => {
                    names.insert(first_name(group.split_at(at).1));
                    at_start = false;
                }
                _ => {}
            }
        }
    }
    names
}

fn first_name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn names_are_found_in_paths_and_groups() {
    let text = "use crate::item::Item;\nuse crate::{read::{self, date}, store};\nlet a = crate::draft::When::Year(1);\n\
                // crate::cli\n#[cfg(test)]\nmod tests {\n    use crate::publish;\n}\nfn f() -> crate::source::Source {}\n";
    let found: Vec<String> = named(&without_tests(text)).into_iter().collect();
    assert_eq!(found, ["draft", "item", "read", "source", "store"]);
}

#[test]
fn rooms_name_only_what_they_take_and_what_they_hand_on() {
    let allowed: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.path != "lib.rs" && source.path != "main.rs") {
        let room = source.room();
        let Some(allowed) = allowed.get(room) else {
            wrong.push(format!(
                "src/{} belongs to no room: give `{room}` a line in ROOMS and in ARCHITECTURE.md",
                source.path
            ));
            continue;
        };
        let strangers =
            named(&source.text).into_iter().filter(|name| name != room && !allowed.contains(&name.as_str()));
        wrong.extend(strangers.map(|name| {
            format!(
                "src/{} names crate::{name}, and {room} may name only {allowed:?}: let `refresh` or `cli` hand over what is needed, \
                 or move the type to the room that owns it",
                source.path
            )
        }));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_permission_is_used() {
    let sources = sources();
    for (room, allowed) in ROOMS {
        let used: BTreeSet<String> =
            sources.iter().filter(|source| source.room() == *room).flat_map(|source| named(&source.text)).collect();
        let unused: Vec<_> = allowed.iter().filter(|name| !used.contains(**name)).collect();
        assert!(
            unused.is_empty(),
            "{room} does not name {unused:?} any more: take that out of ROOMS and of ARCHITECTURE.md"
        );
    }
}

#[test]
fn no_room_leads_back() {
    for (at, (room, allowed)) in ROOMS.iter().enumerate() {
        for name in *allowed {
            let below = ROOMS.iter().position(|(room, _)| room == name);
            assert!(
                below.is_some_and(|below| below < at),
                "{room} names {name}, which does not stand before it: a way back, or no room"
            );
        }
    }
    let names_config = ROOMS.iter().filter(|(_, allowed)| allowed.contains(&"config")).map(|(room, _)| *room);
    assert_eq!(
        names_config.collect::<Vec<_>>(),
        ["refresh", "status", "serve", "daemon", "cli"],
        "a room gets a small policy of its own, never the configuration"
    );
}

#[test]
fn the_doorbell_rings_for_commands_only() {
    let main = sources().into_iter().find(|source| source.path == "main.rs").unwrap();
    let named: BTreeSet<String> = main.text.split("feedgen::").skip(1).map(first_name).collect();
    assert_eq!(named.into_iter().collect::<Vec<_>>(), ["cli"]);
}

#[test]
fn the_clock_is_read_in_one_place() {
    check_words_stand_only_in(CLOCK, &["SystemTime::now", "Instant::now", "Utc::now", "Local::now", ".elapsed()"]);
    for place in ["main.rs", "daemon/clock.rs"] {
        let source = sources().into_iter().find(|source| source.path == place).unwrap();
        assert!(source.text.contains("Utc::now"), "the clock is not read in {place} any more: say where");
    }
}

#[test]
fn threads_are_started_in_one_place() {
    check_words_stand_only_in(THREADS, &["thread::spawn", "thread::scope", "scope.spawn", "thread::sleep"]);
}

#[test]
fn nothing_is_random() {
    check_words_stand_only_in(&[], &[" rand::", "(rand::", "getrandom", "RandomState", "new_v4"]);
}

fn check_words_stand_only_in(places: &[&str], words: &[&str]) {
    let is_elsewhere = |source: &&Source| !places.iter().any(|place| source.path.starts_with(place));
    for source in sources().iter().filter(is_elsewhere) {
        for word in words {
            assert!(
                !source.text.contains(word),
                "src/{} says {word}, which belongs into {places:?}: hand the value on",
                source.path
            );
        }
    }
}
