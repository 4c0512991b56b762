//! What to do when the database file is damaged: what can still be read of it goes into a new one, which takes its place.
//!
//! The new one is built beside as `.rescue`, and called `.rescued` when it is whole and on disk. From then on it counts:
//! whoever opens the store next puts it in its place, so that a crash leaves either the damaged store or the whole new one.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, Row, Transaction, params_from_iter};

use super::group::Group;
use super::open::{Lock, failed, lost, remove, replace, sync_folder};
use super::{
    LOST, Outcome, REMOVED, SourceId, Store, WITHDRAWN, count, execute, next_change, number, record, schema, suffixed,
};
use crate::item::mint;

/// Columns of items that are taken over. What is missing is made again from documents, with the same keys.
const ITEM: &str = "id, item, source, place, title, link, content, published, updated, moment, evidence, fingerprint, twin, \
                    channels, original, change, guid, entry, rank";

/// Columns of the other tables. Damage ends them, since they have no numbers to jump over it by: the documents that are
/// missing are read again.
const TABLES: [(&str, &str); 12] = [
    ("removed", "item, since"),
    ("document", "source, path, size, modified, inode, sidecar, content, item, note, born"),
    ("vanished", "source, path, size, modified, inode, sidecar, content, item, born, headline"),
    ("alias", "name, item"),
    ("revision", "item, number, since, title, content"),
    ("meta", "name, value"),
    ("apart", "one, other"),
    ("reused", "source, twin, beside"),
    ("preferred", "source"),
    ("published", "path, signature, size, modified"),
    ("ping", "hub, topic, turn, noted, due, failures, error"),
    ("incident", "number, source, kind, opened, closed, text, told"),
];

/// Rows that are asked for at once; where one of them is damaged, they are asked for one by one.
const STRIDE: i64 = 64;
/// Bytes that an item takes at the least.
const SHORTEST: i64 = 100;

/// What a rescue did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rescue {
    /// Where the damaged file lies now.
    pub aside: PathBuf,
    /// Items that were taken over.
    pub items: usize,
}

/// Makes a new database of what can still be read of a damaged one, and puts it in its place; the damaged one is kept
/// aside. The caller walks all sources again: stamps are not trusted. What could not be saved, [`Store::lost`] tells.
///
/// # Errors
/// When the store is held by another, or a new one cannot be made or put in its place.
pub fn rescue(path: &Path) -> Outcome<(Store, Rescue)> {
    let lock = Lock::take(path)?;
    let half = suffixed(path, ".rescue");
    for suffix in ["", "-wal", "-shm"] {
        remove(&suffixed(&half, suffix))?;
    }
    let items = build(path, &half, lock.items())?;
    replace(&half, &suffixed(path, WHOLE))?;
    let aside = put_in_place(path)?.unwrap_or_else(|| path.to_owned());
    let store = Store::open_locked(path, lock, schema::MIGRATIONS)?;
    Ok((store, Rescue { aside, items }))
}

/// Writes all that can be read of a database into a new one. Returns how many items that were.
fn build(path: &Path, half: &Path, held: usize) -> Outcome<usize> {
    let mut store = Store::connect(half, schema::MIGRATIONS)?;
    // To read only: what is damaged stays as it is, with its write-ahead log.
    let mut whole = false;
    if let Ok(damaged) = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY) {
        whole = take_over_items(&damaged, &mut store)?;
        for (table, columns) in TABLES {
            let (mut rows, _) = read(&damaged, &format!("SELECT {columns} FROM {table}"), []);
            store.insert_rows(table, columns, &mut rows)?;
        }
    }
    let read = store.count()?;
    store.finish_rescue()?;
    let items = store.count()?;
    if held > items || !whole || read > items {
        let some = if held > items { (held - items).to_string() } else { "some".to_owned() };
        store.set_meta(LOST, &lost(&some))?;
    }
    store.bring_home()?;
    Ok(items)
}

/// Ending of a new database that is whole.
const WHOLE: &str = ".rescued";

/// Puts a new database that is whole in the place of the damaged one, also after a crash in the middle of it. Returns
/// where the damaged one lies now. `None`: there is no new one.
pub(super) fn put_in_place(path: &Path) -> Outcome<Option<PathBuf>> {
    let whole = suffixed(path, WHOLE);
    if !whole.exists() {
        return Ok(None);
    }
    let inode = |path: &Path| std::fs::symlink_metadata(path).ok().map(|about| (about.dev(), about.ino()));
    let damaged = inode(path);
    let free = |aside: &PathBuf| inode(aside).is_none_or(|there| Some(there) == damaged);
    let aside = (1..10_000).map(|n| suffixed(path, &format!(".damaged-{n}"))).find(free);
    let aside = aside.unwrap_or_else(|| suffixed(path, ".damaged"));
    // A log that stayed behind would be taken for one of the new database.
    let log = suffixed(path, "-wal");
    if log.exists() {
        std::fs::rename(&log, suffixed(&aside, "-wal")).map_err(failed(&log))?;
    }
    remove(&suffixed(path, "-shm"))?;
    if damaged.is_some() && inode(&aside) != damaged {
        // Where the file system has no links, the place is empty for a moment.
        std::fs::hard_link(path, &aside).or_else(|_| std::fs::rename(path, &aside)).map_err(failed(path))?;
    }
    sync_folder(path)?;
    replace(&whole, path)?;
    Ok(Some(aside))
}

/// Copies the items that can be read. Returns whether these are all.
fn take_over_items(damaged: &Connection, store: &mut Store) -> Outcome<bool> {
    // A number that was damaged itself shall not send us on a long way: no row is shorter than that.
    let size: i64 = damaged
        .query_row("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", [], |row| row.get(0))
        .unwrap_or(0);
    let last = damaged.query_row("SELECT ifnull(max(id), 0) FROM item", [], |row| row.get::<_, i64>(0));
    let mut all = last.as_ref().is_ok_and(|last| *last <= size / SHORTEST);
    let last = last.unwrap_or(i64::MAX).min(size / SHORTEST);
    // A store that was damaged before it was brought up to date.
    let has = |column: &str| damaged.prepare(&format!("SELECT {column} FROM item")).is_ok();
    let content = if has("details") { "details || char(10) || content" } else { "content" };
    let rank = if has("rank") { "rank" } else { "0" };
    let columns = ITEM.replace("content", content).replace("rank", rank);
    let sql = format!("SELECT {columns} FROM item WHERE id BETWEEN ?1 AND ?2");
    let mut first = 1;
    while first <= last {
        let (mut rows, whole) = read(damaged, &sql, [first, first + STRIDE - 1]);
        if !whole {
            rows.clear();
            for id in first..first + STRIDE {
                let (mut row, whole) = read(damaged, &sql, [id, id]);
                rows.append(&mut row);
                all &= whole;
            }
        }
        store.insert_rows("item", ITEM, &mut rows)?;
        first += STRIDE;
    }
    Ok(all)
}

/// Gives items their keys back that were damaged in their rows: their documents know them, and both make them.
fn restore_keys(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let sql = "SELECT item.id, item.source, item.place, document.item FROM item
               JOIN document ON document.source = item.source AND document.path = item.place WHERE document.item <> item.item
                   AND item.item NOT IN (SELECT item FROM document WHERE item IS NOT NULL)";
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?, row.get(3)?));
    let differing: Vec<(i64, String, Vec<u8>, i64)> =
        transaction.prepare(sql)?.query_map([], row)?.collect::<Result<_, _>>()?;
    for (id, source, place, item) in differing {
        if SourceId::new(&source).is_ok_and(|source| number(&mint(&source, &place)) == item) {
            execute(transaction, "UPDATE OR IGNORE item SET item = ?2 WHERE id = ?1", [id, item])?;
        }
    }
    Ok(())
}

/// The rows that a query gives before it fails, and whether it did not.
fn read(damaged: &Connection, sql: &str, values: impl rusqlite::Params) -> (Vec<Vec<Value>>, bool) {
    let mut found = Vec::new();
    let Ok(mut statement) = damaged.prepare_cached(sql) else { return (found, false) };
    let count = statement.column_count();
    let Ok(mut rows) = statement.query(values) else { return (found, false) };
    loop {
        match rows.next() {
            Ok(Some(row)) => match (0..count).map(|at| row.get(at)).collect() {
                Ok(values) => found.push(values),
                Err(_) => return (found, false),
            },
            Ok(None) => return (found, true),
            Err(_) => return (found, false),
        }
    }
}

impl Store {
    /// Inserts rows as they are; one that does not fit (a text damaged inside) is left out.
    fn insert_rows(&mut self, table: &str, columns: &str, rows: &mut Vec<Vec<Value>>) -> Outcome<()> {
        let marks = vec!["?"; columns.split(',').count()].join(", ");
        let sql = format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})");
        if rows.is_empty() {
            return Ok(());
        }
        self.transact(|transaction| {
            let mut statement = transaction.prepare_cached(&sql)?;
            for row in rows.drain(..) {
                // A constraint that a damaged row breaks is no reason to lose the others.
                match statement.execute(params_from_iter(row)) {
                    Err(error) if error.sqlite_error_code() != Some(rusqlite::ErrorCode::ConstraintViolation) => {
                        return Err(error);
                    }
                    _ => {}
                }
            }
            Ok(())
        })
    }

    /// Makes what hangs together with items anew: documents from their places, members from their channels.
    fn finish_rescue(&mut self) -> Outcome<()> {
        self.write(|transaction, ledger| {
            // Rows that came over and make no item are made again from their documents, under the same keys.
            let mut statement = transaction.prepare("SELECT id FROM item")?;
            let ids: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            let mut read = transaction.prepare(&format!("{} WHERE id = ?1", record::SELECT))?;
            for id in ids {
                if read.query_row([id], |row| record::item(row, &[])).is_err() {
                    transaction.execute("DELETE FROM item WHERE id = ?1", [id])?;
                }
            }
            restore_keys(transaction)?;
            transaction.execute_batch(&format!(
                "INSERT OR IGNORE INTO document (source, path, size, modified, inode, sidecar, content, item)
                     SELECT source, place, 0, 0, 0, 0, zeroblob(16), item FROM item
                     WHERE NOT EXISTS (SELECT 1 FROM vanished WHERE source = item.source AND path = place);
                 UPDATE vanished SET size = 0, modified = 0, sidecar = 0;
                 DELETE FROM vanished WHERE item NOT IN (SELECT item FROM item);
                 UPDATE document SET size = 0, modified = 0, sidecar = 0 WHERE item IS NOT NULL;
                 -- An entry whose item is lost is read again.
                 UPDATE document SET content = zeroblob(16) WHERE item IS NOT NULL AND item NOT IN (SELECT item FROM item);
                 -- Every file is made again; what belongs to nothing any more can be taken away.
                 UPDATE published SET size = 0, modified = 0;
                 -- Where items are shown is decided anew; what was made a draft again stays out, also if its document is gone.
                 -- And so does what was removed, wherever that could still be read.
                 INSERT OR IGNORE INTO removed (item) SELECT item FROM item WHERE channels = '{REMOVED}';
                 UPDATE item SET original = NULL, hidden = '', change = id, channels =
                     CASE WHEN item IN (SELECT item FROM removed) THEN '{REMOVED}' WHEN channels = '{WITHDRAWN}' THEN channels ELSE '' END;
                 -- What says that documents were read and items published does not hold any more.
                 DELETE FROM meta WHERE name IN ('channels', 'pages', 'change', 'archived', 'stories', 'items', 'untold copies') OR name LIKE 'rules:%';
                 -- The published feeds know the authority for sure.
                 UPDATE OR REPLACE meta SET name = 'authority:rescued' WHERE name = 'authority';
                 INSERT OR REPLACE INTO meta (name, value) SELECT 'change', ifnull(max(id), 0) + 1 FROM item;",
            ))?;
            // Copies whose documents are gone are not saved again: they are told here.
            (ledger.change, ledger.items) = (next_change(transaction)?, count(transaction)?);
            let mut twins = transaction
                .prepare("SELECT twin FROM item WHERE twin IS NOT NULL GROUP BY twin HAVING count(*) > 1")?;
            let mut links = transaction
                .prepare("SELECT link FROM item WHERE link IS NOT NULL GROUP BY link HAVING count(*) > 1")?;
            let mut guids = transaction
                .prepare("SELECT guid FROM item WHERE guid IS NOT NULL GROUP BY guid HAVING count(*) > 1")?;
            let twins = twins.query_map([], |row| Ok(Group::Twin(row.get(0)?)))?;
            let links = links.query_map([], |row| Ok(Group::Link(row.get(0)?)))?;
            let guids = guids.query_map([], |row| Ok(Group::Guid(row.get(0)?)))?;
            ledger.groups = twins.chain(links).chain(guids).collect::<Result<_, _>>()?;
            Ok(())
        })
    }
}
