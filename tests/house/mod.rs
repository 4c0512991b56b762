//! A house of its own for a test: a folder with a configuration and documents, and the real binary at work in it.
//!
//! ```text
//! let house = House::new();
//! house.file("news/a.txt", "…").refresh().expect_ok();
//! assert_eq!(house.feed("all.json")[0].title, "…");
//! ```
//!
//! Time is what [`House::at`] says. Documents are dated in the past, each write a second after the one before, so that
//! no refresh has to wait for them and none takes a changed document for an unchanged one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its house has failed")]
#![allow(dead_code, reason = "each test file uses another part of the house")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A document of 4 March 2026.
pub(crate) const TIDE: &str = "The tide rose by two metres\n\n2026-03-04\n\nThe tide rose over the harbour wall on Tuesday, and the ferry stayed at home until the evening.\n";
/// One of the day after.
pub(crate) const FERRY: &str = "A ferry without an engine\n\n2026-03-05\n\nThe new ferry has no engine. It waits for the tide, as all ferries did a hundred years ago.\n";
/// Another of that day.
pub(crate) const CHOIR: &str = "The choir sings\n\n2026-03-05\n\nThe choir of the harbour sings on the quay every Friday, in all weathers and for nothing.\n";
/// The same story as [`CHOIR`], under another title.
pub(crate) const COPY: &str = "The choir sings again\n\n2026-03-05\n\nThe choir of the harbour sings on the quay every Friday, in all weathers and for nothing.\n";
/// A notice in Chinese.
pub(crate) const CHINESE: &str = "关于图书馆闭馆的通知\n\n发布时间：2026-03-06\n\n各学院、各部门：因屋面修缮，图书馆自下周一起闭馆一个月，请师生提前归还图书，由此带来的不便敬请谅解。\n";
/// Four documents, two of which tell the same story and three of which are of one day: path and text.
const FOUR: [(&str, &str); 4] =
    [("news/a.txt", TIDE), ("news/b.txt", FERRY), ("news/c.txt", CHOIR), ("news/sub/d.txt", COPY)];

/// Bytes of a page of the store.
pub(crate) const PAGE: u64 = 16_384;

/// The configuration of a new house: one source, `news`, that takes in all that lies in the folder `news`.
pub(crate) const CONFIG: &str = r#"
[site]
title = "Harbour news"
url = "https://news.example.edu/feeds/"
authority = "news.example.edu,2026"
timezone = "Asia/Shanghai"

[[source]]
id = "news"
title = "Harbour College"
files = "news/**/*"
"#;

/// What time it is in a new house.
pub(crate) const NOW: &str = "2026-05-01T00:00:00Z";

/// When the first document of a house was written: 2026-01-01, seconds since 1970. Before [`NOW`].
const FIRST_WRITTEN: u64 = 1_767_225_600;

/// A folder with a configuration, gone when the test ends.
#[derive(Debug)]
pub(crate) struct House {
    root: PathBuf,
    /// The program that it runs.
    program: RefCell<PathBuf>,
    /// Seconds since 1970.
    now: Cell<i64>,
    written: Cell<u64>,
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// An item as JSON Feed tells it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TestItem {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) title: String,
    /// `date_published`.
    pub(crate) date: String,
    /// `date_modified`, or `date_published` where there is none.
    pub(crate) updated: String,
    pub(crate) tags: Vec<String>,
    /// `content_html`, or `content_text` where there is none.
    pub(crate) content: String,
    /// `_feedgen`.
    pub(crate) feedgen: Value,
    /// All of it.
    pub(crate) whole: Value,
}

/// A file as it lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lying {
    /// SHA-256 of its bytes, hexadecimal; of a link: where it leads.
    pub(crate) digest: String,
    pub(crate) modified: SystemTime,
}

impl House {
    /// A house with [`CONFIG`], at [`NOW`].
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("feedgen-house-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let root = std::env::temp_dir().join(name);
        // One that a killed test left, whose process had the same number.
        fs::remove_dir_all(&root).unwrap_or_default();
        fs::create_dir_all(root.join("news")).unwrap();
        let program = RefCell::new(env!("CARGO_BIN_EXE_feedgen").into());
        let house = Self { root, program, now: Cell::new(0), written: Cell::new(0) };
        house.at(NOW).config(CONFIG);
        house
    }

    /// A house with two documents, refreshed.
    pub(crate) fn two() -> Self {
        let house = Self::new();
        house.file("news/a.txt", TIDE).file("news/b.txt", FERRY).refresh().expect_ok();
        house
    }

    /// A house with so many documents that its store has some pages, refreshed.
    pub(crate) fn stocked() -> Self {
        let house = Self::new();
        for number in 10..40 {
            let text = format!(
                "Report {number} of the harbour\n\n2026-03-04\n\n{}\n",
                format!("Report {number} tells of the tide. ").repeat(40)
            );
            house.file(format!("news/{number}.txt"), &text);
        }
        house.refresh().expect_ok();
        house
    }

    /// A house with [`FOUR`] documents, refreshed.
    pub(crate) fn four() -> Self {
        let house = Self::new();
        for (path, text) in FOUR {
            house.file(path, text);
        }
        house.refresh().expect_ok();
        house
    }

    /// Where a path of the house is.
    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }

    /// Sets the time: RFC 3339.
    pub(crate) fn at(&self, time: &str) -> &Self {
        self.now.set(chrono::DateTime::parse_from_rfc3339(time).unwrap().timestamp());
        self
    }

    /// Lets it be the next nine o'clock (UTC).
    pub(crate) fn tomorrow(&self) -> &Self {
        const DAY: i64 = 86_400;
        let wait = (9 * 3_600 - self.now.get() - 1).rem_euclid(DAY) + 1;
        self.now.set(self.now.get() + wait);
        self
    }

    /// Writes `feedgen.toml`.
    pub(crate) fn config(&self, toml: &str) -> &Self {
        fs::write(self.path("feedgen.toml"), toml).unwrap();
        self
    }

    /// Writes [`CONFIG`] with more behind it.
    pub(crate) fn config_with(&self, more: &str) -> &Self {
        self.config(&format!("{CONFIG}\n{more}"))
    }

    /// Writes a file and the folders above it.
    pub(crate) fn file(&self, path: impl AsRef<Path>, text: &str) -> &Self {
        self.bytes(path, text.as_bytes())
    }

    /// Runs another program than the one that lies where it was built.
    pub(crate) fn runs(&self, program: PathBuf) -> &Self {
        self.program.replace(program);
        self
    }

    /// Makes an empty folder.
    pub(crate) fn folder(&self, path: impl AsRef<Path>) -> &Self {
        std::fs::create_dir_all(self.path(path)).unwrap();
        self
    }

    /// Writes a file and the folders above it.
    pub(crate) fn bytes(&self, path: impl AsRef<Path>, bytes: &[u8]) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = File::create(path).unwrap();
        file.write_all(bytes).unwrap();
        self.written.set(self.written.get() + 1);
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(FIRST_WRITTEN + self.written.get());
        file.set_modified(written).unwrap();
        self
    }

    /// Removes a file, or a folder with all that is in it.
    pub(crate) fn remove(&self, path: impl AsRef<Path>) -> &Self {
        let path = self.path(path);
        if fs::symlink_metadata(&path).unwrap().is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
            .unwrap();
        self
    }

    /// Moves a file or folder, and makes the folders above its new place.
    pub(crate) fn rename(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) -> &Self {
        let to = self.path(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(self.path(from), to).unwrap();
        self
    }

    /// `feedgen refresh`.
    pub(crate) fn refresh(&self) -> Outcome {
        self.run(&["refresh"])
    }

    /// Runs the binary in the house.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with(arguments, &[], b"")
    }

    /// Runs the binary in the house, with more environment and with something to read.
    pub(crate) fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)], input: &[u8]) -> Outcome {
        let mut child = self
            .command(arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let output = std::thread::scope(|scope| {
            // A command that reads nothing has closed its end already.
            scope.spawn(move || stdin.write_all(input).unwrap_or_default());
            child.wait_with_output().unwrap()
        });
        Outcome {
            code: output.status.code().unwrap_or_else(|| panic!("{arguments:?} ended with {}", output.status)),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The binary, about to be run in the house: the environment of the test does not reach it.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&*self.program.borrow());
        command.args(arguments).current_dir(&self.root).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", self.path("home"));
        command.env("SOURCE_DATE_EPOCH", self.now.get().to_string());
        command
    }

    /// The items of a published JSON feed, in its order.
    pub(crate) fn feed(&self, path: &str) -> Vec<TestItem> {
        let items = self.json(path)["items"].as_array().unwrap().clone();
        items.into_iter().map(TestItem::of).collect()
    }

    /// Titles of a published JSON feed, in its order.
    pub(crate) fn titles(&self, path: &str) -> Vec<String> {
        self.feed(path).into_iter().map(|item| item.title).collect()
    }

    /// The item of `all.json` that has a title.
    #[track_caller]
    pub(crate) fn item(&self, title: &str) -> TestItem {
        let found = self.feed("all.json").into_iter().find(|item| item.title == title);
        found.unwrap_or_else(|| panic!("no item {title:?}, but {:#?}", self.titles("all.json")))
    }

    /// A published JSON file.
    pub(crate) fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.bytes_of(path)).unwrap()
    }

    /// A published file as text.
    pub(crate) fn text(&self, path: &str) -> String {
        String::from_utf8(self.bytes_of(path)).unwrap()
    }

    /// A published file.
    #[track_caller]
    pub(crate) fn bytes_of(&self, path: &str) -> Vec<u8> {
        fs::read(self.path("feeds").join(path)).unwrap_or_else(|error| panic!("feeds/{path}: {error}"))
    }

    /// Whether there is a published file.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.path("feeds").join(path).exists()
    }

    /// All published files, by their paths below `feeds`.
    pub(crate) fn tree(&self) -> BTreeMap<String, Lying> {
        self.tree_of("feeds")
    }

    /// What is published, by path, without the times: SHA-256 of each file.
    pub(crate) fn published(&self) -> BTreeMap<String, String> {
        self.tree().into_iter().map(|(path, lying)| (path, lying.digest)).collect()
    }

    /// All files below a folder of the house (`""`: all there are), by their paths below it.
    pub(crate) fn tree_of(&self, folder: &str) -> BTreeMap<String, Lying> {
        let mut tree = BTreeMap::new();
        let root = self.path(folder);
        gather(&root, &root, &mut tree);
        tree
    }

    /// The store, to look into it or to damage it.
    pub(crate) fn store(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path("state/feedgen.db")).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let removed = fs::remove_dir_all(&self.root);
        assert!(removed.is_ok() || std::thread::panicking(), "cannot remove {}: {removed:?}", self.root.display());
    }
}

fn gather(root: &Path, folder: &Path, tree: &mut BTreeMap<String, Lying>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let metadata = fs::symlink_metadata(&path).unwrap();
        if metadata.is_dir() {
            gather(root, &path, tree);
            continue;
        }
        let digest = match fs::read_link(&path) {
            Ok(target) => target.display().to_string(),
            Err(_) if metadata.is_file() => hexadecimal(&Sha256::digest(fs::read(&path).unwrap())),
            Err(_) => "no file".to_owned(),
        };
        let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        tree.insert(name, Lying { digest, modified: metadata.modified().unwrap() });
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

impl Outcome {
    /// It ended with 0.
    #[track_caller]
    pub(crate) fn expect_ok(&self) -> &Self {
        self.expect_code(0)
    }

    /// It ended with a code.
    #[track_caller]
    pub(crate) fn expect_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// It said something, on either channel.
    #[track_caller]
    pub(crate) fn expect_said(&self, text: &str) -> &Self {
        let said = self.stdout.contains(text) || self.stderr.contains(text);
        assert!(said, "{text:?} is not in\nstdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {}\n{}", self.stdout, self.stderr))
    }
}

impl TestItem {
    pub(crate) fn of(whole: Value) -> Self {
        let text = |name: &str| whole[name].as_str().map(str::to_owned);
        let date = text("date_published").unwrap();
        Self {
            id: text("id").unwrap(),
            url: text("url").unwrap(),
            title: text("title").unwrap(),
            updated: text("date_modified").unwrap_or_else(|| date.clone()),
            date,
            tags: whole["tags"].as_array().into_iter().flatten().map(|tag| tag.as_str().unwrap().to_owned()).collect(),
            content: text("content_html").or_else(|| text("content_text")).unwrap(),
            feedgen: whole["_feedgen"].clone(),
            whole,
        }
    }

    /// The item's own key: the end of its id.
    pub(crate) fn key(&self) -> &str {
        self.id.rsplit(':').next().unwrap()
    }
}

/// A small disk of its own in a house, gone when dropped. `None`: this system lets us have none.
pub(crate) struct Disk(PathBuf);

impl Disk {
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    pub(crate) fn new(house: &House, folder: &str, size: &str) -> Option<Self> {
        let path = house.path(folder);
        fs::create_dir_all(&path).unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(&path).output();
        if mounted.as_ref().is_ok_and(|output| output.status.success()) {
            return Some(Self(path));
        }
        eprintln!("skipped: no disk can be mounted here ({mounted:?})");
        None
    }

    pub(crate) fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        assert!(Command::new("mount").args(["-o", &options]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(&self.0).status();
        assert!(
            unmounted.is_ok_and(|status| status.success()) || std::thread::panicking(),
            "cannot unmount {}",
            self.0.display()
        );
    }
}
