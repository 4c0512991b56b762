//! What was taken out for good: items that their owner removed, or a rule of theirs, and that never come back.
//!
//! The item stays as it was, with all it is known by, so that whatever leads to it again finds that it was removed. It is
//! noted twice, in the item and in a table of its own: a damaged store brings back neither.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rusqlite::{Transaction, params};

use super::ledger::Ledger;
use super::{Item, ItemKey, Outcome, Record, Store, WITHDRAWN, execute, key, number, one, record, time};

/// The channel of items that their owner took out for good: [`Store::remove`]. It is not published, and nothing but
/// [`Store::restore`] takes an item out of it.
pub const REMOVED: &str = "removed";

/// What stands before the channels of an item that its source does not keep any more: none of them shows it, but where it
/// was shown, none of its copies is new.
pub(super) const RETIRED: &str = "retired";

/// Whether a channel, or all those of an item, are published: those that are not hold what is kept back.
pub fn is_published(channels: &str) -> bool {
    !matches!(channels, "" | WITHDRAWN | REMOVED) && !is_retired(channels)
}

/// Whether the source of an item with these channels does not keep it any more.
pub(super) fn is_retired(channels: &str) -> bool {
    channels.lines().next() == Some(RETIRED)
}

/// An item that was removed.
#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    /// The item as it was.
    pub item: Item,
    /// Since when. `None`: a rule of its source removed it.
    pub since: Option<DateTime<Utc>>,
}

impl Store {
    /// Removes items for good. Those that are removed stay so; keys of which there is no item are passed over.
    ///
    /// # Errors
    /// When the database fails; then nothing is removed.
    pub fn remove(&mut self, keys: &[ItemKey], now: DateTime<Utc>) -> Outcome<()> {
        self.write(|transaction, ledger| {
            for key in keys {
                let Some(record) = record_of(transaction, key)? else { continue };
                keep(transaction, ledger, number(key), Some(now))?;
                record.reassign(transaction, &[REMOVED.to_owned()], ledger)?;
            }
            Ok(())
        })
    }

    /// Takes back that items were removed: each is shown by the channels beside it. What became of them meanwhile is read
    /// at the next walk.
    ///
    /// # Errors
    /// When the database fails; then nothing is taken back.
    pub fn restore(&mut self, items: &[(ItemKey, Vec<String>)]) -> Outcome<()> {
        self.write(|transaction, ledger| {
            for (key, channels) in items {
                let Some(record) = record_of(transaction, key)? else { continue };
                execute(transaction, "DELETE FROM removed WHERE item = ?1", [number(key)])?;
                record.reassign(transaction, channels, ledger)?;
                let sql = "UPDATE document SET size = 0, modified = 0, content = zeroblob(16)
                           WHERE (source, path) = (SELECT source, place FROM item WHERE item = ?1)";
                execute(transaction, sql, [number(key)])?;
                let sql = "UPDATE upstream SET body = NULL, validated = NULL, etag = NULL, last_modified = NULL
                           WHERE source = (SELECT source FROM item WHERE item = ?1)";
                execute(transaction, sql, [number(key)])?;
            }
            Ok(())
        })
    }

    /// The items that were removed, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn removals(&self) -> Outcome<Vec<Removal>> {
        // Not the members of its channel: a rescue makes those of channels that are published.
        let sql = "SELECT removed.item FROM removed JOIN item ON item.item = removed.item
                   ORDER BY item.published DESC, item.item";
        let keys: Vec<ItemKey> = self.run(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map([], |row| row.get(0).map(key))?.collect()
        })?;
        let removals = keys.iter().map(|key| self.removal(key));
        Ok(removals.collect::<Outcome<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// Those of some items that were removed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn removed_of<'k>(&self, keys: impl IntoIterator<Item = &'k ItemKey>) -> Outcome<HashSet<ItemKey>> {
        self.run(|connection| {
            // One transaction for all, so that the file is locked once.
            let transaction = connection.unchecked_transaction()?;
            if !is_any(&transaction)? {
                return Ok(HashSet::new());
            }
            let removed = keys.into_iter().filter_map(|key| match is_removed(&transaction, number(key)) {
                Ok(true) => Some(Ok(key.clone())),
                Ok(false) => None,
                Err(error) => Some(Err(error)),
            });
            removed.collect()
        })
    }

    /// An item that was removed. `None`: it was not, or there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn removal(&self, key: &str) -> Outcome<Option<Removal>> {
        let sql = "SELECT since FROM removed WHERE item = ?1";
        let since = self.run(|connection| one(connection, sql, [number(key)], |row| row.get::<_, Option<i64>>(0)))?;
        let Some(since) = since else { return Ok(None) };
        Ok(self.item(key)?.map(|item| Removal { item, since: since.map(time) }))
    }
}

fn record_of(transaction: &Transaction<'_>, key: &str) -> rusqlite::Result<Option<Record<'static>>> {
    one(transaction, &format!("{} WHERE item = ?1", record::SELECT), [number(key)], Record::from_row)
}

/// Keeps for ever that an item was removed, and since when. `None`: by a rule.
pub(super) fn keep(
    transaction: &Transaction<'_>,
    ledger: &mut Ledger,
    item: i64,
    since: Option<DateTime<Utc>>,
) -> rusqlite::Result<()> {
    ledger.has_removed = true;
    let since = since.map(|since| since.timestamp());
    execute(transaction, "INSERT OR IGNORE INTO removed (item, since) VALUES (?1, ?2)", params![item, since]).map(drop)
}

/// Whether an item was removed.
pub(super) fn is_removed(transaction: &Transaction<'_>, item: i64) -> rusqlite::Result<bool> {
    Ok(one(transaction, "SELECT 1 FROM removed WHERE item = ?1", [item], |row| row.get::<_, i64>(0))?.is_some())
}

/// Whether any item was.
pub(super) fn is_any(transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
    Ok(one(transaction, "SELECT 1 FROM removed LIMIT 1", [], |row| row.get::<_, i64>(0))?.is_some())
}
