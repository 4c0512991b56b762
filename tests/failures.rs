//! What becomes of a house when its store or its disk fails, through the real binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]

mod house;

use std::fs::{self, File};
use std::io::{ErrorKind, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use house::{Disk, House, PAGE, TIDE};

#[test]
fn two_refreshes_never_walk_at_once() {
    let house = House::two();
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
    let house = House::two();
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

#[test]
fn commands_tell_that_a_store_is_of_an_older_version() {
    let house = House::two();
    house.store().pragma_update(None, "user_version", 1).unwrap();
    let commands =
        [&["status"][..], &["status", "--json"], &["show", "x"], &["export", "opml"], &["refresh", "--dry-run"]];
    for command in commands {
        house
            .run(command)
            .expect_code(3)
            .expect_said("the store state/feedgen.db was written by an older feedgen (schema 1, ")
            .expect_said("run `feedgen refresh`, which brings it up to date");
    }
    house.run(&["check"]).expect_ok().expect_said("warning  store.path").expect_said("written by an older feedgen");
    // What only looks at what is to come does without.
    house.run(&["preview", "news"]).expect_ok();
}

/// Damages the store, refreshes, and finds all as it was.
fn check_rescue(what: &str, is_saved: bool, damage: impl FnOnce(&mut File)) {
    let house = House::stocked();
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
    let house = House::two();
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
    let house = House::two();
    house.config_with("[[feed]]\nid = \"tides\"\ntitle = \"Tides\"\nkeep = [\"tide\"]").refresh().expect_ok();
    assert!(house.path("feeds/feeds/tides.rss").exists());
    house.store().execute_batch("UPDATE item SET moment = '2026-13-77' WHERE title LIKE 'The tide%'").unwrap();
    house.config_with("").run(&["refresh", "--force"]).expect_said("moved aside");
    assert!(!house.path("feeds/feeds/tides.rss").exists());
    house.refresh().expect_ok().expect_said("up to date");
}

#[test]
fn a_row_that_makes_no_sense_does_not_stop_a_refresh() {
    // What the document tells comes back; what only the store knows is lost with the row.
    for damage in [
        "moment = '2026-13-77'",
        "fingerprint = x'00'",
        "title = x'ff'",
        "content = '{'",
        "content = x'0128b52ffd'",
        "content = '{' || char(10)",
        "source = 'No Id'",
    ] {
        let house = House::two();
        let before = house.published();
        house.store().execute_batch(&format!("UPDATE item SET {damage} WHERE title LIKE 'The tide%'")).unwrap();
        house.run(&["refresh", "--force"]).expect_code(1).expect_said("1 item could not be saved");
        assert_eq!(house.published(), before, "{damage}");
        house.refresh().expect_ok();
    }
}

#[test]
fn a_key_that_is_damaged_in_its_row_is_that_which_its_document_knows() {
    let house = House::two();
    let before = house.published();
    house.store().execute_batch("UPDATE item SET item = item + 256 WHERE title LIKE 'The tide%'").unwrap();
    house.run(&["refresh", "--force"]).expect_ok().expect_said("moved aside");
    assert_eq!(house.published(), before);
}

#[test]
fn no_flipped_bytes_of_the_store_lose_an_item() {
    let house = House::stocked();
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
        .expect_said("cannot make feeds: a file lies there; a real folder belongs there: move the file or link away");
    house.remove("feeds");
    std::os::unix::fs::symlink("mnt/feeds", house.path("feeds")).unwrap();
    house
        .refresh()
        .expect_code(3)
        .expect_said("cannot make feeds: a link lies there that leads nowhere; a real folder");
    fs::remove_file(house.path("feeds")).unwrap();
    house
        .file("feeds/all.rss/in the way", "")
        .refresh()
        .expect_code(3)
        .expect_said("all.rss")
        .expect_said("move that folder away");
    house.remove("feeds/all.rss").refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
}

#[test]
fn one_page_that_cannot_be_written_keeps_no_other_back() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    let page = |url: &str| format!("feeds/items/{}", url.rsplit('/').next().unwrap());
    let hindered = page(&house.item("The tide rose by two metres").url);
    house.remove(&hindered).file(format!("{hindered}/in the way"), "");
    house.file("news/a.txt", &TIDE.replace("two", "three")).file("news/b.txt", &TIDE.replace("tide", "moon"));
    house.refresh().expect_code(3).expect_said("move that folder away");
    assert!(house.path(page(&house.item("The moon rose by two metres").url)).is_file());
    house.remove(&hindered).refresh().expect_ok();
    assert!(house.path(&hindered).is_file());
}

#[test]
fn a_full_disk_loses_nothing_and_is_named() {
    let undisturbed = House::stocked().published();
    for folder in ["state", "feeds"] {
        let house = House::new();
        let Some(disk) = Disk::new(&house, folder, "128k") else { return };
        for (path, _) in House::stocked().tree_of("news") {
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

/// What is done to the bytes of a store.
type Damage = fn(&mut Vec<u8>);

const LETTER: &[u8] = b"This is a letter to the harbour master, and no database.";

#[test]
fn a_file_that_may_not_grow_is_told_as_a_full_disk_is_and_loses_nothing() {
    let house = House::two();
    let published = house.published();
    for number in 0..60 {
        house.file(format!("news/{number}.txt"), &format!("{TIDE}\n\nThe pier of number {number} was under water.\n"));
    }
    let limited = |blocks: u32| {
        let plain = house.command(&["refresh"]);
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &format!("ulimit -f {blocks}; exec \"$0\" \"$@\"")])
            .arg(plain.get_program())
            .args(plain.get_args());
        shell.current_dir(house.path(""));
        for (name, value) in plain.get_envs() {
            shell.env(name, value.unwrap_or_default());
        }
        let output = shell.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    // In blocks of 512 bytes: less than the store has already.
    let (code, said) = limited(16);
    assert_eq!((code, said.contains("raise that")), (Some(3), true), "{said}");
    assert_eq!(house.published(), published);
    house.refresh().expect_ok();
    let items: u32 = house.store().query_row("SELECT count(*) FROM item", [], |row| row.get(0)).unwrap();
    assert_eq!(items, 62);
}

#[test]
fn a_number_in_the_store_that_somebody_changed_is_found() {
    let house = House::stocked();
    for sql in [
        "UPDATE member SET published = published + 1 WHERE item = (SELECT max(item) FROM member)",
        "UPDATE item SET item = item + 1 WHERE item = (SELECT max(item) FROM member)",
        "UPDATE channel SET items = items + 1 WHERE path = 'all'",
    ] {
        house.refresh();
        house.run(&["check"]).expect_ok().expect_said("is sound");
        assert!(house.store().execute(sql, []).unwrap() > 0, "{sql}");
        house.run(&["check"]).expect_ok().expect_said("is damaged; the next refresh");
    }
}

#[test]
fn commands_tell_that_a_store_is_damaged_and_what_comes_next() {
    let damages: [Damage; 5] = [
        |bytes| bytes[..LETTER.len()].copy_from_slice(LETTER),
        |bytes| bytes[..4_000].copy_from_slice(&noise(1, 4_000)),
        Vec::clear,
        // The version of its tables.
        |bytes| bytes[60..64].fill(0),
        // The name of a column that many ask for.
        |bytes| {
            let name = b"published INTEGER";
            let places: Vec<usize> = (0..16_384).filter(|at| bytes[*at..].starts_with(name)).collect();
            assert!(!places.is_empty());
            for at in places {
                bytes[at] = b'q';
            }
        },
    ];
    for damage in damages {
        let house = House::stocked();
        let mut bytes = fs::read(house.path("state/feedgen.db")).unwrap();
        damage(&mut bytes);
        fs::write(house.path("state/feedgen.db"), bytes).unwrap();
        for command in [&["status"][..], &["status", "--json"], &["show", "x"], &["refresh", "--dry-run"]] {
            let told = house.run(command);
            told.expect_code(3).expect_said("the store state/feedgen.db is damaged; the next refresh moves it aside");
            let is_jargon = ["not a database", "no such column"].iter().any(|words| told.stderr.contains(words));
            assert!(!is_jargon, "{command:?}: {}", told.stderr);
        }
        house
            .run(&["check"])
            .expect_ok()
            .expect_said("warning  store.path")
            .expect_said("is damaged; the next refresh");
        house.refresh().expect_said("the store state/feedgen.db was damaged: it was moved aside to");
        house.run(&["status"]).expect_ok();
    }
}

#[test]
fn status_tells_that_the_disk_of_the_store_is_full() {
    let house = House::new();
    let Some(_disk) = Disk::new(&house, "state", "12m") else { return };
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    let told = house.run(&["status"]);
    assert!(!told.expect_ok().stdout.contains("is full"), "{}", told.stdout);
    assert_eq!(house.run(&["status", "--json"]).json()["full_disk"], serde_json::Value::Null);
    let mut filler = File::create(house.path("state/filler")).unwrap();
    // The disk ends somewhere in the middle.
    assert!(filler.write_all(&vec![1; 16 * 1024 * 1024]).is_err());
    let full = "the disk of the store state/feedgen.db is full";
    house.run(&["status"]).expect_code(3).expect_said(full).expect_said("make room");
    assert!(house.run(&["status", "--json"]).json()["full_disk"].as_str().unwrap().starts_with(full));
    let told = house.run(&["check"]);
    assert_ne!(told.code, 0, "{told:?}");
    told.expect_said(full).expect_said("make room");
    drop(filler);
    house.remove("state/filler");
    assert!(!house.run(&["status"]).expect_ok().stdout.contains("is full"));
    house.run(&["check"]).expect_ok();
}

/// The user of a house whom the rights of files bind, and another: root is bound by none.
const USERS: [u32; 2] = [12_345, 12_346];

/// Gives a house to the first of them. `false`: we are not root, and bound ourselves.
fn settle(house: &House) -> bool {
    let is_root = rustix::process::geteuid().is_root();
    let owner = format!("{0}:{0}", USERS[0]);
    assert!(!is_root || Command::new("chown").args(["-R", &owner]).arg(house.path("")).status().unwrap().success());
    is_root
}

/// Runs a command as a user: how it ended, and all that it said. `None`: that user cannot run it here.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn run_as(house: &House, user: Option<u32>, arguments: &[&str]) -> Option<(i32, String)> {
    let mut command = house.command(arguments);
    if let Some(user) = user {
        command.uid(user).gid(user);
    }
    match command.output() {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            eprintln!("skipped: another user cannot run what is tested");
            None
        }
        output => {
            let output = output.unwrap();
            let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap()).concat();
            Some((output.status.code().unwrap(), said))
        }
    }
}

fn set_mode(house: &House, path: &str, mode: u32) {
    fs::set_permissions(house.path(path), fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn who_only_looks_at_a_store_that_is_read_only_leaves_nothing_in_the_way() {
    let house = House::two();
    let user = settle(&house).then_some(USERS[0]);
    let store = "state/feedgen.db";
    let looks: [&[&str]; 5] =
        [&["status"], &["show", "x"], &["check"], &["explain", "news/a.txt"], &["refresh", "--dry-run"]];
    for look in looks {
        set_mode(&house, store, 0o444);
        let Some((code, said)) = run_as(&house, user, look) else { return };
        assert!(said.contains("state/feedgen.db") || code != 3, "{look:?}: {said}");
        set_mode(&house, store, 0o644);
        let left: Vec<String> = house.tree_of("state").into_keys().collect();
        assert_eq!(left, ["feedgen.db", "feedgen.db.lock"], "{look:?}");
    }
    assert_eq!(run_as(&house, user, &["refresh"]).unwrap().0, 0);
    // What another left there is named.
    house.bytes("state/feedgen.db-shm", &vec![0; 32_768]);
    settle(&house);
    set_mode(&house, "state/feedgen.db-shm", 0o444);
    for command in ["refresh", "check", "status"] {
        let (code, said) = run_as(&house, user, &[command]).unwrap();
        assert!(code != 0 && said.contains("cannot write to state/feedgen.db-shm: "), "{command}: {code}, {said}");
    }
    set_mode(&house, "state/feedgen.db-shm", 0o644);
    for command in ["refresh", "check", "status"] {
        assert_eq!(run_as(&house, user, &[command]).unwrap().0, 0, "{command}");
    }
}

#[test]
fn status_tells_that_nothing_can_be_stored() {
    let house = House::two();
    let is_root = settle(&house);
    let user = is_root.then_some(USERS[0]);
    let Some((0, _)) = run_as(&house, user, &["status"]) else { return };
    set_mode(&house, "state", 0o555);
    let (code, said) = run_as(&house, user, &["status"]).unwrap();
    assert!(code == 3 && said.contains("state cannot be written: "), "{code}: {said}");
    if is_root {
        // Who is neither root nor the owner sees only what others may.
        let (code, said) = run_as(&house, Some(USERS[1]), &["status"]).unwrap();
        assert_eq!(code, 0, "{said}");
    }
    set_mode(&house, "state", 0o755);
    assert_eq!(run_as(&house, user, &["status"]).unwrap().0, 0);
}

#[test]
fn a_disk_that_became_read_only_is_told_as_that() {
    let house = House::new();
    let Some(disk) = Disk::new(&house, "state", "12m") else { return };
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    disk.remount("ro");
    house.file("news/b.txt", &TIDE.replace("tide", "moon"));
    let why = "it is mounted read-only: mount it writable";
    house.refresh().expect_code(3).expect_said(why);
    house.run(&["status"]).expect_code(3).expect_said(why);
    assert!(house.run(&["status", "--json"]).json()["unwritable"].as_str().unwrap().ends_with(why));
    house.run(&["check"]).expect_code(2).expect_said(why);
    disk.remount("rw");
    house.refresh().expect_ok();
    assert_eq!(house.run(&["status", "--json"]).expect_ok().json()["unwritable"], serde_json::Value::Null);
}

/// What another program or a person wrote is never moved aside, nor written to.
#[test]
fn a_file_that_is_no_store_is_left_alone() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("notes.txt", "Not to be lost.\n");
    let other = rusqlite::Connection::open(house.path("other.db")).unwrap();
    let precious = "CREATE TABLE item (id INTEGER, name TEXT); INSERT INTO item VALUES (1, 'precious')";
    other.execute_batch(precious).unwrap();
    drop(other);
    for path in ["other.db", "notes.txt", "feedgen.toml", "news/a.txt"] {
        house.config_with(&format!("[store]\npath = \"{path}\"\n"));
        for version in [0, 3, 14, 99] {
            if path == "other.db" {
                let other = rusqlite::Connection::open(house.path(path)).unwrap();
                other.pragma_update(None, "user_version", version).unwrap();
            }
            let before = house.tree_of("");
            let told = format!("{path} is no store of feedgen");
            house.run(&["check"]).expect_code(2).expect_said("wrong    store.path").expect_said(&told);
            house.refresh().expect_code(3).expect_said(&told);
            house.run(&["status"]).expect_code(3).expect_said(&told);
            assert_eq!(house.tree_of(""), before, "{path} {version}");
        }
    }
    // What another program holds just now cannot be looked at, and is left alone, too.
    let held = rusqlite::Connection::open(house.path("held.db")).unwrap();
    let hold = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; CREATE TABLE item (id INTEGER)";
    held.execute_batch(hold).unwrap();
    house.config_with("[store]\npath = \"held.db\"\n").refresh().expect_code(3);
    assert!(!house.path("held.db.lock").exists());
    drop(held);
    house.refresh().expect_code(3).expect_said("held.db is no store of feedgen");
    // A store that was brought here without what lay beside it is one.
    house.config_with("").refresh().expect_ok();
    let before = house.published();
    house.rename("state/feedgen.db", "copy.db").remove("state");
    house.config_with("[store]\npath = \"copy.db\"\n").refresh().expect_ok().expect_said("up to date");
    assert_eq!(house.published(), before);
}
