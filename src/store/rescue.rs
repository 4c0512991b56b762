//! What to do when the database file is damaged: it is moved aside, and what can still be read of it is taken over.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use super::record::{Group, Ledger};
use super::{Outcome, Record, Store, StoreError, record, suffixed};

/// Columns that are taken over, table by table. What is missing of documents is read again; what is missing of items is
/// made again from documents, with the same keys.
const TABLES: [(&str, &str); 3] = [
    (
        "item",
        "id, item, source, place, title, link, content, details, published, updated, moment, evidence, fingerprint, twin, channels, \
         original, change, print",
    ),
    ("document", "source, path, size, modified, inode, sidecar, content, item, note"),
    ("meta", "name, value"),
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

/// Moves a damaged database aside, makes a new one, and takes over what can still be read. The caller walks all sources
/// again: stamps are not trusted.
///
/// # Errors
/// When the file cannot be moved or a new one cannot be made.
pub fn rescue(path: &Path) -> Outcome<(Store, Rescue)> {
    let aside = (1..10_000).map(|n| suffixed(path, &format!(".damaged-{n}"))).find(|aside| !aside.exists());
    let aside = aside.unwrap_or_else(|| suffixed(path, ".damaged"));
    for suffix in ["", "-wal", "-shm"] {
        let (from, to) = (suffixed(path, suffix), suffixed(&aside, suffix));
        match std::fs::rename(&from, &to) {
            Err(error) if suffix.is_empty() || error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::Folder { path: from, error });
            }
            _ => {}
        }
    }
    let mut store = Store::open(path)?;
    if let Ok(damaged) = Connection::open_with_flags(&aside, OpenFlags::SQLITE_OPEN_READ_WRITE) {
        for (table, columns) in TABLES {
            take_over(&damaged, &mut store, table, columns)?;
        }
    }
    store.finish_rescue()?;
    let items = store.count()?;
    Ok((store, Rescue { aside, items }))
}

/// Copies the rows that can be read. Damage ends a table that has no numbers to jump over it by.
fn take_over(damaged: &Connection, store: &mut Store, table: &str, columns: &str) -> Outcome<()> {
    if table != "item" {
        let (mut rows, _) = read(damaged, &format!("SELECT {columns} FROM {table}"), []);
        return store.insert_rows(table, columns, &mut rows);
    }
    // A number that was damaged itself shall not send us on a long way: no row is shorter than that.
    let size: i64 = damaged
        .query_row("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", [], |row| row.get(0))
        .unwrap_or(0);
    let last: i64 =
        damaged.query_row("SELECT max(id) FROM item", [], |row| row.get(0)).unwrap_or(i64::MAX).min(size / SHORTEST);
    let sql = format!("SELECT {columns} FROM item WHERE id BETWEEN ?1 AND ?2");
    let mut first = 1;
    while first <= last {
        let (mut rows, whole) = read(damaged, &sql, [first, first + STRIDE - 1]);
        if !whole {
            rows = (first..first + STRIDE).flat_map(|id| read(damaged, &sql, [id, id]).0).collect();
        }
        store.insert_rows(table, columns, &mut rows)?;
        first += STRIDE;
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
        self.transact(|transaction| {
            // Rows that came over and make no item are made again from their documents, under the same keys.
            let mut statement = transaction.prepare("SELECT id FROM item")?;
            let ids: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            let mut read = transaction.prepare(&format!("{} WHERE id = ?1", record::SELECT))?;
            for id in ids {
                if read.query_row([id], |row| Record::from_row(row)?.item()).is_err() {
                    transaction.execute("DELETE FROM item WHERE id = ?1", [id])?;
                }
            }
            transaction.execute_batch(
                "INSERT OR IGNORE INTO document (source, path, size, modified, inode, sidecar, content, item)
                     SELECT source, place, 0, 0, 0, 0, zeroblob(16), item FROM item;
                 UPDATE document SET size = 0, modified = 0, sidecar = 0 WHERE item IS NOT NULL;
                 UPDATE item SET original = NULL, channels = '', print = zeroblob(16), change = id;
                 -- What says that documents were read and items published does not hold any more.
                 DELETE FROM meta WHERE name IN ('channels', 'pages', 'change') OR name LIKE 'rules:%';
                 -- The published feeds know the authority for sure.
                 UPDATE OR REPLACE meta SET name = 'authority:rescued' WHERE name = 'authority';
                 INSERT OR REPLACE INTO meta (name, value) SELECT 'change', ifnull(max(id), 0) + 1 FROM item;",
            )?;
            // Copies whose documents are gone are not saved again: they are told here.
            let mut ledger = Ledger::open(transaction)?;
            let mut twins = transaction
                .prepare("SELECT twin FROM item WHERE twin IS NOT NULL GROUP BY twin HAVING count(*) > 1")?;
            let mut links = transaction
                .prepare("SELECT link FROM item WHERE link IS NOT NULL GROUP BY link HAVING count(*) > 1")?;
            let twins = twins.query_map([], |row| Ok(Group::Twin(row.get(0)?)))?;
            let links = links.query_map([], |row| Ok(Group::Link(row.get(0)?)))?;
            ledger.groups = twins.chain(links).collect::<Result<_, _>>()?;
            ledger.close(transaction)
        })
    }
}
