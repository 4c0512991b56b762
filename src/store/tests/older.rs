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
