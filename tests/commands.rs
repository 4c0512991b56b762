//! Every command through the real binary: what it prints, what it ends with, and what it says when something is wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]

mod house;

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::process::Command;

use house::House;
use serde_json::{Value, json};

const TIDE: &str = "The tide rose by two metres\n\n2026-03-04\n\nThe tide rose over the harbour wall on Tuesday, and the ferry stayed at home until the evening.\n";
const FERRY: &str = "A ferry without an engine\n\n2026-03-05\n\nThe new ferry has no engine. It waits for the tide, as all ferries did a hundred years ago.\n";

/// A house with two documents, refreshed.
fn house() -> House {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/b.txt", FERRY).refresh().expect_ok();
    house
}

/// A house with so many documents that its store has some pages, refreshed.
fn stocked() -> House {
    let house = House::new();
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

// The command line.

const COMMANDS: [&str; 11] =
    ["refresh", "init", "check", "explain", "show", "status", "validate", "export", "schema", "completions", "man"];

#[test]
fn help_lists_every_command_and_every_command_has_help() {
    let house = House::new();
    let help = house.run(&["--help"]);
    for command in COMMANDS {
        assert!(
            help.expect_ok().stdout.lines().any(|line| line.trim_start().starts_with(&format!("{command} "))),
            "{command}\n{}",
            help.stdout
        );
        house.run(&[command, "--help"]).expect_ok().expect_said("Usage: feedgen");
    }
    let listed =
        help.stdout.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let listed: Vec<&str> = listed
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert_eq!(listed, COMMANDS, "a command that no test knows");
    help.expect_said("Exit codes: 0 all well");
    assert!(house.run(&["--version"]).expect_ok().stdout.starts_with("feedgen "));
}

#[test]
fn a_command_line_that_is_wrong_ends_with_2() {
    let house = House::new();
    house.run(&[]).expect_code(2).expect_said("Usage");
    house.run(&["refersh"]).expect_code(2).expect_said("refresh");
    house.run(&["refresh", "--froce"]).expect_code(2).expect_said("--force");
    house.run(&["refresh", "nwes"]).expect_code(2).expect_said("there is no source \"nwes\"").expect_said("news");
    house.run(&["--config", "nowhere.toml", "refresh"]).expect_code(2).expect_said("nowhere.toml");
    assert!(!house.path("state").exists() && !house.path("feeds").exists());
}

// init and check.

#[test]
fn a_house_that_init_set_up_can_be_refreshed() {
    let house = House::new();
    house.remove("feedgen.toml").remove("news");
    house
        .run(&["init", "--url", "https://news.example.edu/"])
        .expect_ok()
        .expect_said("created: ")
        .expect_said("feedgen.toml")
        .expect_said("Next: ");
    house.refresh().expect_ok();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
    assert!(house.feed("all.json")[0].id.starts_with("tag:news.example.edu,2026:"));
    house.run(&["check"]).expect_ok();
    let before = house.tree_of("");
    house.run(&["init"]).expect_ok().expect_said("left as it is");
    assert_eq!(house.tree_of(""), before, "what is there is not touched");
    house.run(&["init", "--url", "news"]).expect_code(2);
}

#[test]
fn check_finds_all_that_is_wrong_at_once() {
    let house = House::new();
    house.file("news/a.txt", TIDE).run(&["check"]).expect_ok().expect_said("1 document").expect_said("feedgen refresh");
    assert!(!house.path("state").exists(), "nothing is written");
    house.config(
        "[site]\ntitel = \"x\"\nurl = \"nowhere\"\n[[source]]\nid = \"A b\"\nfiles = \"news/**\"\n[refresh]\nx = 1\n",
    );
    let outcome = house.run(&["check"]);
    for text in ["feedgen.toml:2:", "feedgen.toml:3:", "feedgen.toml:5:", "did you mean `title`", "^^^^^"] {
        outcome.expect_code(2).expect_said(text);
    }
    house
        .config_with("[[source]]\nid = \"port\"\nfiles = \"port/*.txt\"\n")
        .run(&["check"])
        .expect_code(2)
        .expect_said("source port");
}

/// What `check` calls wrong stops a refresh, and both name the cause.
#[test]
fn check_and_refresh_agree() {
    let wrong = |house: &House, code: i32, text: &str| {
        house.run(&["check"]).expect_code(2).expect_said(text).expect_said("wrong ");
        house.refresh().expect_code(code).expect_said(text);
    };
    let house = House::new();
    house.run(&["check"]).expect_ok().expect_said("matches no document yet");
    house.config_with("[[source]]\nid = \"port\"\nfiles = \"feedgen.toml\"\n");
    wrong(&house, 1, "feedgen.toml is no folder");
    house.config_with("[store]\npath = \"news\"\n").file("news/a.txt", TIDE);
    wrong(&house, 3, "news is a folder: set store.path to a file, such as news/feedgen.db");
    house.run(&["status"]).expect_code(3).expect_said("set store.path to a file");
    house.config(house::CONFIG).file("categories.toml", "[news]\nlable = { en = \"News\" }\n");
    wrong(&house, 2, "unknown key \"lable\"");
    house.remove("categories.toml").refresh().expect_ok();
    house.remove("feeds/sources").file("feeds/sources", "in the way");
    wrong(&house, 3, "feeds/sources");
    house.remove("feeds/sources").refresh().expect_ok();
    house.store().pragma_update(None, "user_version", 99).unwrap();
    wrong(&house, 3, "newer feedgen (schema 99");
    let house = stocked();
    File::options().write(true).open(house.path("state/feedgen.db")).unwrap().set_len(3 * PAGE).unwrap();
    let before = house.tree_of("state").remove("feedgen.db");
    house.run(&["check"]).expect_ok().expect_said("warning  store.path").expect_said("the next refresh moves it aside");
    assert_eq!(house.tree_of("state").remove("feedgen.db"), before);
    house.refresh().expect_code(1).expect_said("moved aside");
}

#[test]
fn check_finds_a_folder_that_cannot_be_written() {
    for (folder, key) in [("state", "store.path"), ("feeds", "publish.directory")] {
        let house = House::new();
        let Some(disk) = Disk::new(&house, folder, "128k") else { return };
        disk.remount("ro");
        house.file("news/a.txt", TIDE).refresh().expect_code(3);
        let whole = fs::canonicalize(house.path(folder)).unwrap();
        house
            .run(&["check"])
            .expect_code(2)
            .expect_said(&format!("wrong    {key}"))
            .expect_said(&format!("{} cannot be written", whole.display()));
        drop(disk);
    }
}

#[test]
fn check_tells_what_the_configuration_resolves_to() {
    let house = House::new();
    let outcome = house.run_with(&["check", "--effective"], &[("FEEDGEN_SITE__TITLE", "From outside")], b"");
    let effective: toml::Table = outcome.expect_ok().stdout.parse().unwrap();
    assert_eq!(effective["site"]["title"].as_str(), Some("From outside"));
    assert_eq!(
        (effective["publish"]["items"].as_integer(), effective["source"][0]["id"].as_str()),
        (Some(50), Some("news"))
    );
    outcome.expect_said("FEEDGEN_SITE__TITLE").expect_said("feedgen.toml");
}

#[test]
fn a_wrong_key_stops_a_refresh_before_anything_is_touched() {
    let house = house();
    let before = house.tree_of("state");
    house
        .config_with("drpo = [\"x\"]")
        .refresh()
        .expect_code(2)
        .expect_said("^^^^")
        .expect_said("did you mean `drop`?")
        .expect_said("feedgen.toml:");
    assert_eq!(house.tree_of("state"), before);
}

// refresh.

#[test]
fn a_dry_run_writes_nothing_at_all() {
    let house = House::new();
    house.file("news/a.txt", TIDE);
    let before = house.tree_of("");
    house.run(&["refresh", "--dry-run"]).expect_ok().expect_said("nothing was written");
    assert_eq!(house.tree_of(""), before, "where there was no store");
    house.refresh().expect_ok();
    house.file("news/b.txt", FERRY).file("news/a.txt", &TIDE.replace("two", "three"));
    let before = house.tree_of("");
    let report = house.run(&["refresh", "--dry-run", "--json"]).expect_ok().json();
    assert_eq!(
        (&report["sources"][0]["new"], &report["sources"][0]["revised"], &report["dry_run"]),
        (&json!(1), &json!(1), &json!(true))
    );
    assert_eq!(house.tree_of(""), before);
}

#[test]
fn a_refresh_tells_what_it_did() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/b.txt", FERRY).file("news/empty.txt", "");
    let outcome = house.refresh();
    outcome.expect_ok().expect_said("files written to feeds");
    let row = outcome.stdout.lines().find(|line| line.starts_with("news ")).unwrap();
    assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["news", "3", "2", "-", "-", "-", "1", "ok"]);
    assert!(outcome.stderr.contains("note: news/empty.txt is empty") && !outcome.stdout.contains("note:"));
    assert!(!outcome.stdout.contains('\u{1b}') && !outcome.stderr.contains('\u{1b}'), "no colours where nobody looks");
    house.rename("news/a.txt", "news/c.txt").remove("news/b.txt");
    let report = house.run(&["refresh", "--json"]).expect_ok().json();
    let source = &report["sources"][0];
    assert_eq!(
        (&source["moved"], &source["gone"], &source["new"], &report["changed"]),
        (&json!(1), &json!(1), &json!(0), &json!([]))
    );
    let quiet = house.run(&["refresh", "--quiet", "--force"]);
    assert_eq!((quiet.expect_ok().stdout.as_str(), quiet.stderr.as_str()), ("", ""));
}

#[test]
fn a_refresh_of_one_source_leaves_the_others() {
    let house = House::new();
    house
        .config_with("[[source]]\nid = \"port\"\nfiles = \"port/*.txt\"\n")
        .file("news/a.txt", TIDE)
        .file("port/b.txt", FERRY);
    house.run(&["refresh", "port"]).expect_ok();
    assert_eq!(house.titles("all.json"), ["A ferry without an engine"]);
    house.run(&["refresh", "port", "news"]).expect_ok();
    assert_eq!(house.feed("all.json").len(), 2);
}

#[test]
fn a_command_may_follow_what_was_published() {
    let house = House::new();
    house
        .config_with("[publish]\non_publish = \"printf '%s' \\\"$FEEDGEN_CHANGED\\\" > changed\"\n")
        .file("news/a.txt", TIDE)
        .refresh()
        .expect_ok();
    let changed = fs::read_to_string(house.path("changed")).unwrap();
    assert_eq!(changed.lines().collect::<Vec<_>>(), house.tree().into_keys().collect::<Vec<_>>());
    house.remove("changed").refresh().expect_ok();
    assert!(!house.path("changed").exists(), "nothing changed");
    house
        .config_with("[publish]\non_publish = \"exit 7\"\n")
        .file("news/b.txt", FERRY)
        .refresh()
        .expect_code(3)
        .expect_said("on_publish");
    assert_eq!(house.feed("all.json").len(), 2);
}

#[test]
fn a_command_that_failed_is_told_again_and_says_nothing_among_our_results() {
    let house = House::new();
    let command = |more: &str| {
        house.config_with(&format!("[publish]\non_publish = \"echo hello; cp $FEEDGEN_CHANGED_FILE list{more}\"\n"));
    };
    command("; exit 7");
    house.file("news/a.txt", TIDE).run(&["refresh", "--json"]).expect_code(3).expect_said("run again").json();
    let first = fs::read_to_string(house.path("list")).unwrap();
    assert_eq!(first.lines().collect::<Vec<_>>(), house.tree().into_keys().collect::<Vec<_>>());
    house.remove("list");
    command("");
    let second = house.run(&["refresh", "--json"]);
    second.expect_ok().json();
    assert!(second.stderr.contains("hello"), "{second:?}");
    assert_eq!(fs::read_to_string(house.path("list")).unwrap(), first);
    house.remove("list").refresh().expect_ok();
    assert!(!house.path("list").exists(), "it is told what it knows");
}

#[test]
fn a_command_is_told_of_more_files_than_a_variable_holds() {
    let house = House::new();
    house.config_with(
        "[publish]\non_publish = \"cp $FEEDGEN_CHANGED_FILE list; echo \\\"$FEEDGEN_CHANGED\\\" > cut\"\n",
    );
    for number in 0..5_000 {
        house.file(
            format!("news/{number}.txt"),
            &format!("Ship {number} came in\n\n2026-03-04\n\nIt is ship {number}.\n"),
        );
    }
    house.refresh().expect_ok().expect_said("FEEDGEN_CHANGED_FILE");
    let lines =
        |path: &str| fs::read_to_string(house.path(path)).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let (all, cut) = (lines("list"), lines("cut"));
    assert_eq!(all, house.tree().into_keys().collect::<Vec<_>>());
    assert!(all.len() > 5_000 && cut.len() > 2_000 && all.starts_with(&cut) && cut.len() < all.len());
}

#[test]
fn settings_come_from_the_environment_too() {
    let house = House::new();
    house.file("news/a.txt", TIDE).run_with(&["refresh"], &[("FEEDGEN_SITE__TITLE", "From outside")], b"").expect_ok();
    assert_eq!(house.json("all.json")["title"], "From outside");
}

#[test]
fn a_time_that_is_none_is_not_passed_over() {
    let house = House::new();
    house.file("news/a.txt", TIDE);
    for junk in ["yesterday", "1e9", "99999999999999999"] {
        house
            .run_with(&["refresh"], &[("SOURCE_DATE_EPOCH", junk)], b"")
            .expect_code(2)
            .expect_said("SOURCE_DATE_EPOCH is ")
            .expect_said("seconds since 1970");
    }
    assert!(!house.path("state").exists());
}

#[test]
fn a_configuration_that_is_no_utf_8_says_so() {
    let house = House::new();
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for text in ["\u{feff}[site]\n", "[site]\n"] {
        house.bytes("feedgen.toml", &utf_16(text));
        house.run(&["check"]).expect_code(2).expect_said("feedgen.toml is not UTF-8 text: save it as UTF-8");
    }
    house.file("feedgen.toml", "\u{feff}[site]\ntitle = \"Harbour\"\n").run(&["check"]).expect_ok();
}

#[test]
fn a_vocabulary_without_a_category_is_refused() {
    let house = House::new();
    for text in ["", "# none yet\n"] {
        house.file("news/a.txt", TIDE).file("categories.toml", text);
        house.refresh().expect_code(2).expect_said("categories.toml: there is no category in it");
        house.run(&["check"]).expect_code(2).expect_said("remove the file to use the built-in ones");
    }
}

#[test]
fn one_is_no_plural() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    house.run(&["validate", "feeds/all.rss"]).expect_ok().expect_said("RSS, 1 item: 0 errors");
    house.remove("feeds/all.atom").refresh().expect_ok().expect_said("1 file written to feeds");
    house.config("").refresh().expect_ok();
    assert_eq!(house.json("categories/news.json")["title"], "Newsroom · News");
    assert!(
        house.text("index.html").contains("1 item <span class=\"dot\" aria-hidden=\"true\">·</span> updated <time")
    );
}

// When the store or the disk fails.

#[test]
fn two_refreshes_never_walk_at_once() {
    let house = house();
    let lock = File::options().write(true).open(house.path("state/feedgen.db.lock")).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive).unwrap();
    house.file("news/a.txt", &TIDE.replace("two", "three"));
    let before = house.tree();
    house
        .refresh()
        .expect_code(3)
        .expect_said("another feedgen is at work on state/feedgen.db")
        .expect_said("wait until it has ended");
    assert_eq!(house.tree(), before);
    house.run(&["status"]).expect_ok();
    drop(lock);
    house.refresh().expect_ok();
    assert!(house.titles("all.json").contains(&"The tide rose by three metres".to_owned()));
}

#[test]
fn a_store_of_a_newer_version_is_left_alone() {
    let house = house();
    house.store().pragma_update(None, "user_version", 99).unwrap();
    let before = (house.tree(), house.tree_of("state").remove("feedgen.db"));
    for command in ["refresh", "status"] {
        house
            .run(&[command])
            .expect_code(3)
            .expect_said("newer feedgen (schema 99")
            .expect_said("install that version");
    }
    house.run(&["refresh", "--dry-run"]).expect_code(3);
    assert_eq!((house.tree(), house.tree_of("state").remove("feedgen.db")), before);
}

/// Bytes of a page of the store.
const PAGE: u64 = 16_384;

/// Damages the store, refreshes, and finds all as it was.
fn check_rescue(what: &str, is_saved: bool, damage: impl FnOnce(&mut File)) {
    let house = stocked();
    let before = house.published();
    let mut file = File::options().read(true).write(true).open(house.path("state/feedgen.db")).unwrap();
    damage(&mut file);
    drop(file);
    let outcome = house.run(&["refresh", "--force"]);
    outcome.expect_said("state/feedgen.db").expect_said("moved aside to state/feedgen.db.damaged-1");
    // Items that are not saved but made anew are told of.
    assert_eq!(
        (outcome.code, outcome.stderr.contains("could not be saved")),
        (i32::from(!is_saved), !is_saved),
        "{what}: {outcome:?}"
    );
    assert!(house.path("state/feedgen.db.damaged-1").exists(), "{what}");
    assert_eq!(house.published(), before, "{what}");
    house.refresh().expect_ok().expect_said("up to date");
}

#[test]
fn a_damaged_store_is_moved_aside_and_made_anew() {
    check_rescue("not a database", false, |file| {
        file.write_all(b"This is a letter to the harbour master, and no database.").unwrap();
    });
    check_rescue("cut short", false, |file| file.set_len(3 * PAGE).unwrap());
    check_rescue("empty", false, |file| file.set_len(0).unwrap());
    check_rescue("half of it", false, |file| file.set_len(file.metadata().unwrap().len() / 2 / PAGE * PAGE).unwrap());
    for page in [1, 2, 3, 5, 8] {
        check_rescue(&format!("page {page}"), page != 3, |file| {
            file.seek(SeekFrom::Start(page * PAGE)).unwrap();
            file.write_all(&noise(page, usize::try_from(PAGE).unwrap())).unwrap();
        });
    }
}

/// Bytes that look like chance, and are the same in each run.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn a_rescue_publishes_no_draft_whose_document_is_gone() {
    let house = house();
    house.file("news/secret.md", "---\ntitle: A secret\n---\n\nThe ferry shall be sold.\n").refresh().expect_ok();
    house.file("news/secret.md", "---\ntitle: A secret\ndraft: true\n---\n\nThe ferry shall be sold.\n");
    house.refresh().expect_ok();
    house.remove("news/secret.md").refresh().expect_ok();
    let before = house.published();
    house.store().execute_batch("UPDATE item SET moment = '2026-13-77' WHERE title LIKE 'The tide%'").unwrap();
    house.run(&["refresh", "--force"]).expect_code(1).expect_said("moved aside");
    assert_eq!(house.published(), before);
}

#[test]
fn a_rescue_knows_which_published_files_belong_to_nothing_any_more() {
    let house = house();
    house.config_with("[[feed]]\nid = \"tides\"\ntitle = \"Tides\"\nkeep = [\"tide\"]").refresh().expect_ok();
    assert!(house.path("feeds/feeds/tides.rss").exists());
    house.store().execute_batch("UPDATE item SET moment = '2026-13-77' WHERE title LIKE 'The tide%'").unwrap();
    house.config_with("").run(&["refresh", "--force"]).expect_said("moved aside");
    assert!(!house.path("feeds/feeds/tides.rss").exists());
    house.refresh().expect_ok().expect_said("up to date");
}

#[test]
fn a_row_that_makes_no_sense_does_not_stop_a_refresh() {
    for damage in ["moment = '2026-13-77'", "details = '{'", "source = 'No Id'", "fingerprint = x'00'", "title = x'ff'"]
    {
        let house = house();
        let before = house.published();
        house.store().execute_batch(&format!("UPDATE item SET {damage} WHERE title LIKE 'The tide%'")).unwrap();
        house.run(&["refresh", "--force"]).expect_code(1).expect_said("1 item could not be saved");
        assert_eq!(house.published(), before, "{damage}");
        house.refresh().expect_ok();
    }
}

#[test]
fn no_flipped_bytes_of_the_store_lose_an_item() {
    let house = stocked();
    let ids = |house: &House| house.feed("all.json").into_iter().map(|item| item.id).collect::<Vec<_>>();
    let before = ids(&house);
    let path = house.path("state/feedgen.db");
    let whole = fs::read(&path).unwrap();
    for seed in 1..=6 {
        let mut bytes = whole.clone();
        for part in noise(seed, 4 * 48).chunks(4) {
            let at = u32::from_le_bytes(part.try_into().unwrap()) as usize % bytes.len();
            bytes[at] ^= part[0] | 1;
        }
        fs::write(&path, &bytes).unwrap();
        let outcome = house.run(&["refresh", "--force"]);
        assert!(outcome.code == 0 || outcome.stderr.contains("could not be saved"), "seed {seed}: {outcome:?}");
        let after = ids(&house);
        let lost: Vec<_> = before.iter().filter(|id| !after.contains(id)).collect();
        assert!(lost.is_empty(), "seed {seed}: {lost:?}");
    }
}

#[test]
fn a_place_that_cannot_be_written_is_named_with_the_next_step() {
    let house = House::new();
    house
        .file("news/a.txt", TIDE)
        .file("state", "in the way")
        .refresh()
        .expect_code(3)
        .expect_said("cannot write to state")
        .expect_said("set store.path");
    assert!(!house.path("feeds").exists(), "nothing is published that is not stored");
    house
        .remove("state")
        .file("feeds", "in the way")
        .refresh()
        .expect_code(3)
        .expect_said("feeds")
        .expect_said("check publish.directory");
    house
        .remove("feeds")
        .file("feeds/all.rss/in the way", "")
        .refresh()
        .expect_code(3)
        .expect_said("all.rss")
        .expect_said("move that folder away");
    house.remove("feeds/all.rss").refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
}

/// A small disk of its own in a house, gone when dropped. `None`: this system lets us have none.
struct Disk(PathBuf);

impl Disk {
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    fn new(house: &House, folder: &str, size: &str) -> Option<Self> {
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

    fn remount(&self, options: &str) {
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

#[test]
fn a_full_disk_loses_nothing_and_is_named() {
    let undisturbed = stocked().published();
    for folder in ["state", "feeds"] {
        let house = House::new();
        let Some(disk) = Disk::new(&house, folder, "128k") else { return };
        for (path, _) in stocked().tree_of("news") {
            let number = path.trim_end_matches(".txt").to_owned();
            let text = format!(
                "Report {number} of the harbour\n\n2026-03-04\n\n{}\n",
                format!("Report {number} tells of the tide. ").repeat(40)
            );
            house.file(format!("news/{path}"), &text);
        }
        house.refresh().expect_code(3).expect_said("make room on");
        let halves: Vec<String> = house.tree().into_keys().filter(|path| path.contains(".staging")).collect();
        assert!(halves.is_empty(), "{halves:?}");
        disk.remount("size=64m");
        house.refresh().expect_ok();
        assert_eq!(house.published(), undisturbed, "{folder}");
        drop(disk);
    }
}

// Looking at things.

#[test]
fn explain_tells_what_each_room_makes_of_a_document() {
    let house = house();
    let outcome = house.run(&["explain", "news/a.txt"]);
    for text in [
        "What it says",
        "What becomes of it",
        "The tide rose by two metres",
        "UTF-8",
        "2026-03-04 from",
        "read as source news",
        "over the harbour wall",
    ] {
        outcome.expect_ok().expect_said(text);
    }
    house.file("elsewhere.html", "<title>Ebb</title><h1>Ebb</h1><p>The tide fell. <a href='b.htm'>More</a></p>");
    house
        .run(&["explain", "elsewhere.html", "--url", "https://a.example.edu/2026/0305/c1a2/page.htm"])
        .expect_ok()
        .expect_said("2026-03-05 from url");
    house.run(&["explain", "a.txt"]).expect_ok().expect_said("read as source news").expect_said("What becomes of it");
    house.run(&["explain", "The tide rose"]).expect_ok().expect_said("feeds       all, sources/news");
    house.run(&["explain", "no such thing"]).expect_code(1).expect_said("no item \"no such thing\"");
    house.file("news/empty.txt", "").run(&["explain", "news/empty.txt"]).expect_code(1).expect_said("is empty");
}

#[test]
fn explain_answers_requests_in_their_order() {
    let house = house();
    let long = "x".repeat(100_000);
    let requests = format!(
        "{}\n\nno JSON\n{}\n{}\n{}\n{}\n{}\n{}",
        json!({ "kind": "article", "path": "news/a.txt", "id": 1, "text": long }),
        json!({ "kind": "date", "text": "Published on 5 March 2026", "now": "2026-05-01T00:00:00Z" }),
        json!({ "kind": "date", "text": "nothing" }),
        json!({ "kind": "horoscope" }),
        json!({ "kind": "article", "path": "news/none.txt" }),
        json!({ "path": "news/b.txt", "timezone": "Mars/Olympus" }),
        json!({ "path": "news/b.txt", "now": "2026-05-01T00:00:00Z", "timezone": "Asia/Shanghai" }),
    );
    let outcome = house.run_with(&["explain", "--jsonl"], &[], requests.as_bytes());
    let answers: Vec<Value> =
        outcome.expect_ok().stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 8, "{}", outcome.stdout);
    let ok: Vec<bool> = answers.iter().map(|answer| answer["ok"].as_bool().unwrap()).collect();
    assert_eq!(ok, [true, false, true, false, false, false, false, true]);
    let (tide, ferry) = (&answers[0], &answers[7]);
    assert_eq!(
        (&tide["title"], &tide["date"], &tide["date_precision"]),
        (&json!("The tide rose by two metres"), &json!("2026-03-04"), &json!("day"))
    );
    assert!(
        tide["text"].as_str().unwrap().contains("over the harbour wall")
            && tide["html"].as_str().unwrap().contains("<p>")
    );
    assert_eq!((&answers[2]["date"], &answers[2]["precision"]), (&json!("2026-03-05"), &json!("day")));
    assert_eq!(ferry["title"], "A ferry without an engine");
    let error = |at: usize| answers[at]["error"].as_str().unwrap();
    assert!(
        error(1).contains("no request")
            && error(4).contains("horoscope")
            && error(5).contains("news/none.txt")
            && error(6).contains("Mars/Olympus")
    );
}

#[test]
fn show_finds_an_item_by_all_its_names() {
    let house = house();
    let item = house.item("The tide rose by two metres");
    for name in [item.key(), item.id.as_str(), item.url.as_str(), "The tide", "a.txt"] {
        let shown = house.run(&["show", name, "--json"]).expect_ok().json();
        assert_eq!(
            (&shown["key"], &shown["path"], &shown["source"]),
            (&json!(item.key()), &json!("a.txt"), &json!("news")),
            "{name}"
        );
    }
    house
        .run(&["show", item.key()])
        .expect_ok()
        .expect_said("2026-03-04T04:00:00Z")
        .expect_said("precise to the day")
        .expect_said("over the harbour wall");
    house.file("port/a.txt", FERRY);
    for path in ["news/a.txt", "./news/a.txt", house.path("news/a.txt").to_str().unwrap()] {
        let shown = house.run(&["show", path, "--json"]).expect_ok().json();
        assert_eq!(shown["key"], item.key(), "{path}");
    }
    for wild in ["%", "_he tide", "news/%.txt", "\\"] {
        house.run(&["show", wild]).expect_code(1).expect_said("no item");
    }
    house.run(&["show", "nothing"]).expect_code(1).expect_said("give its key");
    house.file("news/c.txt", &TIDE.replace("two", "three").replace("evening", "morning")).refresh().expect_ok();
    house.run(&["show", "The tide"]).expect_code(1).expect_said("fits several items").expect_said(item.key());
}

#[test]
fn show_names_the_copies_of_an_item() {
    let house = house();
    house.file("news/copy.txt", TIDE).refresh().expect_ok();
    let copies = house.item("The tide rose by two metres").feedgen["duplicates"].clone();
    let shown = house.run(&["show", "The ferry", "--json"]);
    shown.expect_code(1);
    let shown = house.run(&["show", house.item("The tide rose by two metres").key(), "--json"]).expect_ok().json();
    assert_eq!((&shown["copies"], copies.as_array().map(Vec::len)), (&copies, Some(1)));
}

#[test]
fn status_tells_how_each_source_is_and_since_when() {
    let house = House::new();
    house.run(&["status"]).expect_code(1).expect_said("run `feedgen refresh` first");
    house.config_with("[[source]]\nid = \"port\"\nfiles = \"port/*.txt\"\n").file("news/a.txt", TIDE);
    house.at("2026-05-01T00:00:00Z").refresh().expect_code(1);
    house.at("2026-05-02T00:00:00Z").refresh().expect_code(1);
    let status = house.run(&["status", "--json"]).expect_code(1).json()["sources"].clone();
    let (news, port) = (&status[0], &status[1]);
    assert_eq!(
        (&news["state"], &news["documents"], &news["items"], &news["error"]),
        (&json!("ok"), &json!(1), &json!(1), &Value::Null)
    );
    assert_eq!(news["last_success"], "2026-05-02T00:00:00Z");
    assert_eq!(
        (&port["state"], &port["since"], &port["last_success"]),
        (&json!("failing"), &json!("2026-05-01T00:00:00Z"), &Value::Null)
    );
    assert!(port["error"].as_str().unwrap().contains("create it"));
    house.run(&["status"]).expect_code(1).expect_said("failing").expect_said("create it");
    house.run(&["status", "news"]).expect_ok();
    house.run(&["status", "nwes"]).expect_code(2).expect_said("there is no source \"nwes\"");
    house.file("port/b.txt", FERRY).at("2026-05-03T00:00:00Z").refresh().expect_ok();
    let port = house.run(&["status", "--json"]).expect_ok().json()["sources"][1].clone();
    assert_eq!((&port["state"], &port["since"], &port["error"]), (&json!("ok"), &Value::Null, &Value::Null));
}

#[test]
fn status_tells_of_a_file_that_was_away_and_is_back_as_it_was() {
    let house = house();
    house.file("news/empty.txt", "").refresh().expect_ok();
    house.run(&["status", "news"]).expect_said("is empty");
    house.rename("news/empty.txt", "away.txt").refresh().expect_ok();
    assert!(!house.run(&["status", "news"]).expect_ok().stdout.contains("is empty"));
    house.rename("away.txt", "news/empty.txt").refresh().expect_ok().expect_said("is empty");
    house.run(&["status", "news"]).expect_ok().expect_said("is empty");
}

#[test]
fn status_tells_that_publishing_fails_and_since_when() {
    let house = house();
    house.config_with("[publish]\non_publish = \"exit 7\"\n").file("news/c.txt", &TIDE.replace("two", "three"));
    house.at("2026-05-02T00:00:00Z").run(&["refresh", "--quiet"]).expect_code(3);
    house
        .run(&["status"])
        .expect_code(3)
        .expect_said("publishing fails since 2026-05-02T00:00:00Z: publish.on_publish");
    house.config(house::CONFIG).remove("feeds").file("feeds", "in the way");
    house.at("2026-05-03T00:00:00Z").refresh().expect_code(3);
    let publish = house.run(&["status", "--json"]).expect_code(3).json()["publish"].clone();
    assert_eq!((&publish["state"], &publish["since"]), (&json!("failing"), &json!("2026-05-02T00:00:00Z")));
    assert!(publish["errors"][0].as_str().unwrap().contains("check publish.directory"), "{publish}");
    house.remove("feeds").refresh().expect_ok();
    let publish = house.run(&["status", "--json"]).expect_ok().json()["publish"].clone();
    assert_eq!(publish, json!({ "state": "ok", "since": null, "errors": [] }));
}

#[test]
fn status_keeps_the_notes_on_files_until_they_are_mended() {
    let house = House::new();
    house
        .file("news/a.txt", TIDE)
        .file("news/b.md", "---\ntitle: Ebb\ndate: 2026-02-30\n---\nThe ebb came late.\n")
        .file("news/empty.txt", "")
        .file("news/picture.png", "");
    house.run(&["refresh", "--quiet"]).expect_ok();
    house.refresh().expect_ok();
    let notes = || -> Vec<String> {
        let notes = house.run(&["status", "--json"]).expect_ok().json()["sources"][0]["notes"].clone();
        notes.as_array().unwrap().iter().map(|note| note["path"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(notes(), ["news/b.md", "news/empty.txt", "news/picture.png"]);
    let text = house.run(&["status"]);
    text.expect_ok().expect_said("3 notes on files: `feedgen status SOURCE`");
    assert!(!text.stdout.contains("2026-02-30"));
    house
        .run(&["status", "news"])
        .expect_ok()
        .expect_said("note: news/b.md")
        .expect_said("2026-02-30")
        .expect_said("note: news/empty.txt is empty")
        .expect_said("note: news/picture.png is of a kind");
    house.remove("news/empty.txt").remove("news/picture.png").refresh().expect_ok();
    assert_eq!(notes(), ["news/b.md"]);
    house.file("news/b.md", "---\ntitle: Ebb\ndate: 2026-02-28\n---\nThe ebb came late.\n").refresh().expect_ok();
    assert_eq!(notes(), [""; 0]);
}

#[test]
fn validate_names_the_line_of_what_is_wrong() {
    let house = house();
    let feeds = ["feeds/all.rss", "feeds/all.atom", "feeds/all.json", "feeds/feeds.opml"];
    house
        .run(&[&["validate"], &feeds[..]].concat())
        .expect_ok()
        .expect_said("feeds/all.rss: RSS")
        .expect_said("0 errors, 0 warnings");
    let broken = house.text("all.rss").replacen("</title>", "", 1);
    house
        .file("broken.rss", &broken)
        .run(&["validate", "broken.rss"])
        .expect_code(1)
        .expect_said("broken.rss:")
        .expect_said("error");
    let dateless = house.text("all.atom").replacen("<updated>", "<updated>yesterday", 1);
    let line = 1 + dateless.split("yesterday").next().unwrap().matches('\n').count();
    let findings = house.file("b.atom", &dateless).run(&["validate", "--json", "b.atom"]).expect_code(1).json();
    assert_eq!(findings[0]["file"], "b.atom");
    assert!(
        findings[0]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|finding| finding["level"] == "error" && finding["line"] == line),
        "{findings:#}"
    );
    let piped = house.run_with(&["validate", "-"], &[], house.text("all.atom").as_bytes());
    piped.expect_ok().expect_said("<stdin>: Atom, 2 items: 0 errors");
    house.run_with(&["validate", "-", "--json"], &[], b"<rss>").expect_code(1).expect_said("\"<stdin>\"");
    for junk in ["nonsense", "mailto:a@b.example", "feeds/all.rss"] {
        house.run(&["validate", "--url", junk, "feeds/all.rss"]).expect_code(2).expect_said("write it whole");
    }
    house.run(&["validate", "none.rss"]).expect_code(1).expect_said("none.rss");
    house.run(&["validate"]).expect_code(2);
}

#[test]
fn opml_is_exported_as_it_is_published() {
    let house = house();
    let opml = house.run(&["export", "opml"]).expect_ok().stdout.clone();
    assert_eq!(opml, house.text("feeds.opml"));
    assert!(
        opml.contains("<opml version=\"2.0\">")
            && opml.contains("xmlUrl=\"https://news.example.edu/feeds/sources/news.rss\"")
    );
    House::new().run(&["export", "opml"]).expect_code(1).expect_said("run `feedgen refresh` first");
}

#[test]
fn the_schema_is_the_one_beside_the_configuration() {
    let schema = House::new().run(&["schema"]);
    assert_eq!(schema.expect_ok().stdout, include_str!("../config/feedgen.schema.json"));
    assert!(schema.json()["properties"]["site"]["properties"]["url"].is_object());
}

#[test]
fn completions_and_manual_know_every_command() {
    let house = House::new();
    let manual = house.run(&["man"]);
    manual.expect_ok().expect_said(".TH feedgen 1").expect_said("Exit codes");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let completions = house.run(&["completions", shell]);
        for command in COMMANDS {
            completions.expect_ok().expect_said(command);
            manual.expect_said(command);
        }
    }
    house.run(&["completions", "tcsh"]).expect_code(2).expect_said("bash");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let house = House::new();
    let mut child = house
        .command(&["schema"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success() && said.is_empty(), "{said}");
}

#[test]
fn a_refresh_that_knows_nothing_to_read_writes_nothing() {
    let house = House::new();
    house.remove("feedgen.toml").remove("news").file("notes.txt", TIDE);
    let before = house.tree_of("");
    let news = fs::canonicalize(house.path("")).unwrap().join("news");
    for arguments in [&["refresh"][..], &["refresh", "--dry-run"], &["refresh", "--quiet"]] {
        house
            .run(arguments)
            .expect_code(2)
            .expect_said(&format!("no folder {}", news.display()))
            .expect_said("`feedgen init`")
            .expect_said("--config");
    }
    house.run(&["check"]).expect_code(2).expect_said(news.to_str().unwrap());
    assert_eq!(house.tree_of(""), before);
    // A house that is known and whose folder is gone has a source that fails.
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    house.remove("news").refresh().expect_code(1).expect_said("news does not exist");
}

#[test]
fn what_is_published_is_never_read() {
    let house = House::new();
    let text = "[[source]]\nid = 'house'\nfiles = '{}/**/*'\n".replace("{}", house.path("").to_str().unwrap());
    house.config(&text).file("news/a.txt", TIDE);
    for command in ["check", "refresh"] {
        house.run(&[command]).expect_code(2).expect_said("`files` of source house").expect_said("publish.directory");
    }
    house.remove("feedgen.toml");
    let inside = [("FEEDGEN_PUBLISH__DIRECTORY", "news/feeds")];
    house.run_with(&["refresh"], &inside, b"").expect_code(2).expect_said("keep publish.directory outside of it");
    assert!(!house.path("feeds").exists() && !house.path("news/feeds").exists() && !house.path("state").exists());
}

#[test]
fn a_house_without_a_configuration_takes_in_the_folder_news() {
    let house = House::new();
    house.remove("feedgen.toml").file("news/a.txt", TIDE).refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
    house.config("").refresh().expect_ok().expect_said("up to date");
}

#[test]
fn a_clock_that_cannot_be_right_dates_nothing() {
    let house = House::new();
    house.file("news/a.txt", TIDE);
    for (seconds, code) in [("0", 2), ("253402300800", 2), ("-99999999999", 2), ("1767225600", 0)] {
        let outcome = house.run_with(&["refresh"], &[("SOURCE_DATE_EPOCH", seconds)], b"");
        outcome.expect_code(code);
        if code == 2 {
            outcome.expect_said(&format!("SOURCE_DATE_EPOCH is \"{seconds}\""));
            assert!(!house.has("all.json"));
        }
    }
}

#[test]
fn nothing_a_document_says_steers_the_terminal() {
    let house = House::new();
    house.file("news/a.md", "# The tide \u{1b}[31m rose\n\nIt rose over the harbour wall.\n").refresh().expect_ok();
    let told = house.run(&["explain", "news/a.md"]);
    assert!(told.stdout.contains("The tide") && !told.stdout.contains('\u{1b}'), "{}", told.stdout);
    house.file("news/b\u{1b}[31m.rss", "<rss/>");
    let told = house.run(&["validate", "news/b\u{1b}[31m.rss"]);
    assert!(told.stdout.contains("u{1b}") && !(told.stdout + &told.stderr).contains('\u{1b}'));
}

#[test]
fn explain_tells_the_date_that_is_out() {
    let house = House::new();
    house.file("news/a.txt", &TIDE.replace("2026-03-04", "2026-03-02")).refresh().expect_ok();
    let out = house.item("The tide rose by two metres").date;
    house.file("news/a.txt", TIDE);
    house
        .run(&["explain", "news/a.txt"])
        .expect_ok()
        .expect_said(out.get(..10).unwrap())
        .expect_said("as it was first published");
}

#[test]
fn who_may_only_read_is_told_the_status() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    let Some(disk) = Disk::new(&house, "mirror", "1m") else { return };
    fs::copy(house.path("state/feedgen.db"), house.path("mirror/feedgen.db")).unwrap();
    disk.remount("ro");
    let run = |arguments: &[&str]| house.run_with(arguments, &[("FEEDGEN_STORE__PATH", "mirror/feedgen.db")], b"");
    run(&["status"]).expect_ok().expect_said("news");
    run(&["show", "The tide rose by two metres"]).expect_ok();
    run(&["refresh"]).expect_code(3).expect_said("mirror");
}

#[test]
fn a_new_store_beside_old_feeds_is_told() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    house.remove("state").refresh().expect_ok().expect_said("is new, but feeds holds feeds");
    assert!(!house.refresh().stderr.contains("is new"));
}

#[test]
fn a_command_is_told_of_all_after_a_walk_that_was_cut_off() {
    let house = house();
    house.config_with("[publish]\non_publish = \"cp $FEEDGEN_CHANGED_FILE list\"\n").refresh().expect_ok();
    assert!(!house.path("list").exists(), "nothing changed");
    // As a walk leaves it that is killed between the first file and the last.
    let cut = house.store().execute("UPDATE meta SET value = 'yes' WHERE name = 'publishing'", []).unwrap();
    assert_eq!(cut, 1);
    house.refresh().expect_ok();
    let told = fs::read_to_string(house.path("list")).unwrap();
    assert!(told.lines().any(|path| path == "all.rss") && told.lines().any(|path| path == "index.html"), "{told}");
}

#[test]
fn a_feed_at_an_address_is_checked_where_it_lies() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let site = format!("http://{}/", listener.local_addr().unwrap());
    let house = House::new();
    house.file("news/a.txt", TIDE);
    let config = house::CONFIG.replace("https://news.example.edu/feeds/", &site);
    house.config(&config).refresh().expect_ok();
    let feed = house.bytes_of("all.rss");
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut head = [0; 1024];
            let length = connection.read(&mut head).unwrap();
            let found = head[..length].starts_with(b"GET /all.rss ");
            let status = if found { "200 OK" } else { "404 Not Found" };
            let body: &[u8] = if found { &feed } else { b"" };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/rss+xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            connection.write_all(&[head.as_bytes(), body].concat()).unwrap();
        }
    });
    let validate = |path: &str, more: &[&str]| {
        let url = format!("{site}{path}");
        house.run(&[&["validate", url.as_str()], more].concat())
    };
    let told = validate("all.rss", &["--allow-private", "--json"]);
    assert_eq!(told.expect_ok().json()[0]["findings"], serde_json::json!([]), "the self link is that address");
    validate("none.rss", &["--allow-private"]).expect_code(1).expect_said("answers 404");
    validate("all.rss", &[]).expect_code(1).expect_said("--allow-private");
}
