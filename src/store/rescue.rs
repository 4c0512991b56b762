//! What to do when the database file is damaged: it is moved aside, and what can still be read of it is taken over.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use super::{Outcome, Store, StoreError, suffixed};

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
    let rows = if table == "item" {
        let last: i64 = damaged.query_row("SELECT max(id) FROM item", [], |row| row.get(0)).unwrap_or(1_000_000);
        let mut rows = Vec::new();
        let range = |first: i64, count: i64| {
            read(damaged, &format!("SELECT {columns} FROM item WHERE id BETWEEN {first} AND {}", first + count - 1)).0
        };
        for first in (1..=last).step_by(64) {
            let (found, whole) = read(
                damaged,
                &format!("SELECT {columns} FROM item WHERE id BETWEEN {first} AND {}", first + STRIDE - 1),
            );
            if whole {
                rows.extend(found);
            } else {
                rows.extend((first..first + STRIDE).flat_map(|id| range(id, 1)));
            }
            store.insert_rows(table, columns, &mut rows)?;
        }
        rows
    } else {
        read(damaged, &format!("SELECT {columns} FROM {table}")).0
    };
    let mut rows = rows;
    store.insert_rows(table, columns, &mut rows)
}

/// The rows that a query gives before it fails, and whether it did not.
fn read(damaged: &Connection, sql: &str) -> (Vec<Vec<Value>>, bool) {
    let mut found = Vec::new();
    let Ok(mut statement) = damaged.prepare_cached(sql) else { return (found, false) };
    let count = statement.column_count();
    let Ok(mut rows) = statement.query([]) else { return (found, false) };
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
            transaction.execute_batch(
                "INSERT OR IGNORE INTO document (source, path, size, modified, inode, sidecar, content, item)
                     SELECT source, place, 0, 0, 0, 0, zeroblob(16), item FROM item;
                 UPDATE document SET size = 0, modified = 0, sidecar = 0 WHERE item IS NOT NULL;
                 UPDATE item SET original = NULL, channels = '', print = zeroblob(16), change = id;
                 -- What says that documents were read and items published does not hold any more.
                 DELETE FROM meta WHERE name IN ('channels', 'pages') OR name LIKE 'rules:%';
                 INSERT OR REPLACE INTO meta (name, value) SELECT 'change', ifnull(max(id), 0) + 1 FROM item;",
            )
        })
    }
}
