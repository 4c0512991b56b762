//! A walk that is killed, or whose disk fails, at any call that stores something: nothing published is broken, nothing is
//! lost, and the next walk makes good. `scripts/soak` tries every call; this is a sample. Needs strace.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]

mod house;
mod strangers;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Command, Stdio};

use house::{House, Lying};
use strangers::{ending, feeds, parse, program};

/// Calls that make something durable, or begin to.
const CALLS: &str =
    "write,pwrite64,rename,renameat,renameat2,fsync,fdatasync,syncfs,ftruncate,unlink,unlinkat,openat,mkdir";

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

/// All calls of an undisturbed walk that are worth a fault: name, and number among its kind in its thread.
fn calls(house: &House, strace: &mut Command) -> Vec<(String, usize)> {
    let trace = house.path("trace");
    refresh(house, strace, &["-o", trace.to_str().unwrap(), "-e", &format!("trace={CALLS}")]);
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let text = fs::read_to_string(&trace).unwrap();
    let names = text.lines().filter_map(|line| {
        let (thread, call) = line.split_once(' ')?;
        Some((thread, call.trim_start().split_once('(')?.0))
    });
    names
        .map(|(thread, name)| {
            let count = counts.entry((thread, name)).or_default();
            *count += 1;
            (name.to_owned(), *count)
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
        let (call, number) = &calls[point * calls.len() / POINTS];
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
