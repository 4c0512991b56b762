//! Stores that older versions left: they are kept beside, and brought up.

use super::*;

#[test]
fn an_older_store_is_kept_beside_and_brought_up() {
    let folder = Folder::new();
    save(&mut folder.open(), item("a", 4));
    let known = schema::MIGRATIONS.len();
    let later = [schema::MIGRATIONS, &["ALTER TABLE item ADD COLUMN more TEXT"]].concat();
    // What an upgrade that was cut off left behind is no backup.
    for ending in ["", ".tmp"] {
        std::fs::write(suffixed(&folder.path(), &format!(".backup-{known}{ending}")), "half").unwrap();
    }
    let store = Store::open_with(&folder.path(), &later).unwrap();
    assert_eq!((store.version().unwrap(), titles(&store, "all")), (known + 1, vec!["a".to_owned()]));
    drop(store);
    let backup = Store::open_to_read(&suffixed(&folder.path(), &format!(".backup-{known}"))).unwrap().unwrap();
    assert_eq!((backup.version().unwrap(), titles(&backup, "all")), (known, vec!["a".to_owned()]));
    // This version is older now.
    let refused = Store::open(&folder.path());
    assert!(
        matches!(refused, Err(StoreError::Newer { found, known: there, .. }) if found == known + 1 && there == known)
    );
    assert!(matches!(Store::open_to_read(&folder.path()), Err(StoreError::Newer { .. })));
}

#[test]
fn whoever_only_reads_is_told_of_an_older_store_and_leaves_it() {
    let folder = Folder::new();
    let known = schema::MIGRATIONS.len();
    drop(Store::open_with(&folder.path(), &schema::MIGRATIONS[..known - 1]).unwrap());
    let told = Store::open_to_read(&folder.path());
    assert!(
        matches!(told, Err(StoreError::Older { found, known: there, .. }) if found == known - 1 && there == known),
        "{told:?}"
    );
    drop(folder.open());
    assert!(Store::open_to_read(&folder.path()).unwrap().is_some());
}

/// A store of the version before texts were compressed, with an item that has a body.
fn with_plain_texts(folder: &Folder) -> Facts {
    let expected = Facts { summary: "At dawn".to_owned(), ..item("The tide rose", 4) };
    let store = Store::open_with(&folder.path(), &schema::MIGRATIONS[..4]).unwrap();
    let sql = "INSERT INTO item (item, source, place, title, content, details, published, updated, moment, evidence,
                   fingerprint, twin, channels, change, entry)
               VALUES (?1, 'harbour', x'61', ?2, ?3, '{\"summary\":\"At dawn\",\"tags\":[\"tides\"]}', ?4, ?4, '2026-03-04',
                   'dateline', ?5, ?5, 'all', 1, 0)";
    let (published, print) = (at(4).timestamp(), expected.fingerprint);
    let values = params![number(&expected.key), expected.title, expected.content.as_str(), published, print];
    store.run(|connection| execute(connection, sql, values)).unwrap();
    expected
}

#[test]
fn an_older_store_with_plain_texts_is_read() {
    let folder = Folder::new();
    let expected = with_plain_texts(&folder);
    assert_eq!(folder.open().item(&expected.key).unwrap(), Some(Item::recall(expected)));
}

#[test]
fn an_older_store_that_is_damaged_is_saved_with_its_texts() {
    let folder = Folder::new();
    let expected = with_plain_texts(&folder);
    let (store, rescue) = rescue(&folder.path()).unwrap();
    assert_eq!((rescue.items, store.item(&expected.key).unwrap()), (1, Some(Item::recall(expected))));
}

#[test]
fn a_migration_that_fails_changes_nothing() {
    let folder = Folder::new();
    save(&mut folder.open(), item("a", 4));
    let later = [schema::MIGRATIONS, &["ALTER TABLE item ADD COLUMN more TEXT; SELECT no_such_thing"]].concat();
    assert!(Store::open_with(&folder.path(), &later).is_err());
    assert_eq!(titles(&folder.open(), "all"), ["a"]);
}

/// All that makes a store find near copies, and the families that it made.
fn told(store: &Store) -> Vec<Vec<(i64, rusqlite::types::Value)>> {
    let statements = [
        "SELECT id, size FROM run ORDER BY id",
        "SELECT id, data FROM posting ORDER BY id",
        "SELECT block, marks FROM sketch ORDER BY block",
        "SELECT id, family FROM item ORDER BY id",
    ];
    let rows = |sql: &str| {
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        store.run(|connection| connection.prepare(sql)?.query_map([], read)?.collect()).unwrap()
    };
    statements.map(rows).into()
}

#[test]
fn a_store_of_older_sketches_is_told_anew_even_if_that_breaks_off() {
    let folder = Folder::new();
    let mut store = folder.open();
    // Enough for a run and some that are loose; each ninth tells what the one before it does.
    let text = |number: usize| counted((number - number % 9 / 8) * 100, (number - number % 9 / 8) * 100 + 30);
    let entries: Vec<Entry> =
        (0..4_300).map(|number| entry(worded(&format!("tide {number}"), 4, &text(number)))).collect();
    for entries in entries.chunks(1_024) {
        store.save(&source(), entries).unwrap();
    }
    store.tell_stories(|| ()).unwrap();
    let expected = told(&store);
    assert!(!expected[0].is_empty() && !expected[1][0].1.eq(&rusqlite::types::Value::Blob(Vec::new())));
    let current = store.meta("stories").unwrap();
    let older = "UPDATE sketch SET marks = zeroblob(length(marks)); UPDATE run SET size = 1;
                 UPDATE posting SET data = zeroblob(8); UPDATE item SET family = id;
                 UPDATE meta SET value = '3.1' WHERE name = 'stories';
                 CREATE TRIGGER breaks BEFORE INSERT ON sketch WHEN new.block = 40 BEGIN SELECT RAISE(ABORT, 'no'); END";
    store.run(|connection| connection.execute_batch(older)).unwrap();
    drop(store);
    let mut store = folder.open();
    assert!(store.tell_stories(|| ()).is_err());
    assert_eq!(store.meta("stories").unwrap(), current.as_ref().map(|rules| format!("{rules} 1024")));
    store.run(|connection| connection.execute_batch("DROP TRIGGER breaks")).unwrap();
    drop(store);
    let mut store = folder.open();
    store.tell_stories(|| ()).unwrap();
    assert_eq!(store.meta("stories").unwrap(), current);
    assert!(told(&store) == expected, "it is as in a store that was made anew");
}

#[test]
fn the_ids_of_an_older_store_make_copies_be_they_addresses_or_not() {
    let id = "https://a.example.edu/tide";
    let of = |feed: &str, name: &str, link: &str| {
        let facts = at_address(feed, name, link);
        Facts { title: "The tide".to_owned(), guid: Some(id.to_owned()), ..facts }
    };
    // The one that is there already has its address as its id, and the one that comes has not; or the other way round.
    for links in [["tide", "quay"], ["quay", "tide"], ["pier", "quay"]] {
        let folder = Folder::new();
        let mut store = Store::open_with(&folder.path(), &schema::MIGRATIONS[..13]).unwrap();
        save(&mut store, of("tower", "first", links[0]));
        drop(store);
        let mut store = folder.open();
        save(&mut store, at_address("lock", "another", links[0]));
        assert_eq!(titles(&store, "all").len(), 2, "{links:?}");
        save(&mut store, of("mole", "second", links[1]));
        assert_eq!((titles(&store, "all").len(), store.has_copies().unwrap()), (2, true), "{links:?}");
        // And it is none any more where it was given another id.
        save(&mut store, Facts { guid: Some("tag:another".to_owned()), ..of("mole", "second", links[1]) });
        assert_eq!((titles(&store, "all").len(), store.has_copies().unwrap()), (3, false), "{links:?}");
    }
}
