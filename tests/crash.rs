//! A walk that is killed, or whose disk fails, at any call that stores something: nothing published is broken, nothing is
//! lost, and the next walk makes good. `scripts/soak` tries every call; this is a sample. Needs strace.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]

mod house;
mod strangers;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use house::{House, Lying};
use strangers::{ending, feeds, parse, program};

/// Calls that make something durable, or begin to.
const CALLS: &str = "write,pwrite64,link,linkat,rename,renameat,renameat2,fsync,fdatasync,syncfs,ftruncate,unlink,unlinkat,openat,mkdir";

/// What happens at a call.
const FAULTS: [&str; 3] = ["signal=KILL", "error=EIO", "error=ENOSPC"];

const DOCUMENTS: usize = 40;

/// Calls that are tried.
const POINTS: usize = 27;

/// A house about to be refreshed for the first time.
fn house() -> House {
    let house = House::new();
    for number in 0..DOCUMENTS {
        let day = 1 + number % 28;
        house.file(
            format!("news/{number}.md"),
            &format!("---\ntitle: Story {number}\ndate: 2026-03-{day:02}\ncategories: [Pier {}]\n---\n\nShip {number} came in.\n", number % 3),
        );
    }
    house
}

/// `feedgen refresh` under strace.
fn refresh(house: &House, strace: &mut Command, options: &[&str]) -> Option<i32> {
    let plain = house.command(&["refresh"]);
    strace
        .args(["-f", "-qq"])
        .args(options)
        .arg(plain.get_program())
        .args(plain.get_args())
        .current_dir(house.path(""));
    strace.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    strace.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().code()
}

/// All calls of an undisturbed walk that are worth a fault: name, number among its kind in its thread, and the call as
/// it was made, with the paths of the files.
fn calls(house: &House, strace: &mut Command) -> Vec<(String, usize, String)> {
    let trace = house.path("trace");
    refresh(house, strace, &["-y", "-o", trace.to_str().unwrap(), "-e", &format!("trace={CALLS}")]);
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let text = fs::read_to_string(&trace).unwrap();
    let made = text.lines().filter_map(|line| {
        let (thread, call) = line.split_once(' ')?;
        Some((thread, call.trim_start().split_once('(')?.0, line))
    });
    made.map(|(thread, name, line)| {
        let count = counts.entry((thread, name)).or_default();
        *count += 1;
        (name.to_owned(), *count, line.to_owned())
    })
    .collect()
}

/// What is published, but for times.
fn digests(house: &House) -> BTreeMap<String, String> {
    house.tree().into_iter().map(|(path, Lying { digest, .. })| (path, digest)).collect()
}

/// Every published feed is whole, and no id is in one twice.
fn expect_whole(house: &House, at: &str) {
    let feeds: Vec<_> = feeds(house).into_iter().filter(|path| !path.starts_with(".staging")).collect();
    parse(house, &feeds);
    for path in feeds.iter().filter(|path| ending(path) == "json") {
        let ids: Vec<_> = house.feed(path).into_iter().map(|item| item.id).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{at}: {path} has an id twice");
    }
}

#[test]
fn a_walk_that_is_struck_down_loses_and_doubles_nothing() {
    let Some(mut strace) = program("strace") else { return };
    let house = house();
    let calls = calls(&house, &mut strace);
    let undisturbed = digests(&house);
    assert!(undisturbed.len() > DOCUMENTS, "{undisturbed:?}");
    let mut struck = 0;
    for point in 0..POINTS {
        let (call, number, _) = &calls[point * calls.len() / POINTS];
        let fault = FAULTS[point % FAULTS.len()];
        let at = format!("{fault} at {call} {number}");
        for folder in ["feeds", "state"] {
            house.remove(folder);
        }
        let Some(mut strace) = program("strace") else { return };
        let inject = format!("inject={call}:{fault}:when={number}");
        let code = refresh(&house, &mut strace, &["-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject]);
        struck += usize::from(code != Some(0));
        expect_whole(&house, &at);
        let next = house.refresh();
        assert_eq!(next.code, 0, "{at}, and the next walk fails: {}", next.stderr);
        expect_whole(&house, &at);
        assert_eq!(digests(&house), undisturbed, "{at}");
        let items: usize =
            house.store().query_row("SELECT count(DISTINCT item) FROM item", [], |row| row.get(0)).unwrap();
        assert_eq!(items, DOCUMENTS, "{at}");
    }
    assert!(struck > POINTS / 2, "only {struck} of {POINTS} walks were struck down");
}

/// Puts a folder in the place of another.
fn copy_over(from: &Path, to: &Path) {
    fs::remove_dir_all(to).unwrap_or_default();
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn a_rescue_that_is_struck_down_leaves_the_damaged_store_or_the_whole_new_one() {
    let Some(mut strace) = program("strace") else { return };
    let house = House::new();
    for number in 0..12 {
        house.file(
            format!("news/{number}.txt"),
            &format!("Ship {number}\n\nShip {number} came in, nobody knows when.\n"),
        );
    }
    house.refresh().expect_ok();
    let (undisturbed, state, damaged) = (digests(&house), house.path("state"), house.path("damaged"));
    // Something that only the write-ahead log knows, and a page that is no page.
    let store = house.store();
    store.execute("INSERT INTO meta VALUES ('log', 'known')", []).unwrap();
    let page: u64 =
        store.query_row("SELECT rootpage FROM sqlite_master WHERE name = 'member'", [], |row| row.get(0)).unwrap();
    copy_over(&state, &damaged);
    drop(store);
    let file = fs::File::options().write(true).open(damaged.join("feedgen.db")).unwrap();
    file.write_all_at(&[0xa5; 64], (page - 1) * 16_384).unwrap();
    let log = fs::metadata(damaged.join("feedgen.db-wal")).unwrap().len();
    assert!(log > 0, "the write-ahead log is empty");
    // Undated documents would be dated anew.
    house.at("2026-06-01T00:00:00Z");
    copy_over(&damaged, &state);
    let calls: Vec<_> =
        calls(&house, &mut strace).into_iter().filter(|(_, _, line)| line.contains("feedgen.db")).collect();
    let rare = |call: &str| ["link", "rename", "unlink", "fsync"].iter().any(|rare| call.starts_with(rare));
    let mut struck = 0;
    for (point, (call, number, line)) in calls.iter().enumerate() {
        if !rare(call) && point % 8 != 0 {
            continue;
        }
        copy_over(&damaged, &state);
        let Some(mut strace) = program("strace") else { return };
        let inject = format!("inject={call}:signal=KILL:when={number}");
        let code = refresh(&house, &mut strace, &["-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject]);
        struck += usize::from(code.is_none_or(|code| code > 3));
        assert!(state.join("feedgen.db").exists(), "no store after {line}");
        let next = house.refresh();
        assert_eq!(next.code, 0, "the walk after {line} fails: {}", next.stderr);
        assert_eq!(digests(&house), undisturbed, "{line}");
        let known: String =
            house.store().query_row("SELECT value FROM meta WHERE name = 'log'", [], |row| row.get(0)).unwrap();
        assert_eq!(known, "known", "{line}");
        assert!(state.join("feedgen.db.damaged-1").exists(), "{line}");
        assert!(!state.join("feedgen.db.damaged-2").exists(), "{line}");
    }
    assert!(struck > 12, "only {struck} walks were struck down");
}
