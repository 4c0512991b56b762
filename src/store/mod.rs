//! The one durable place: items, the stamps that vouch for them, and what has been published.
//!
//! `SQLite` in WAL mode with `synchronous=FULL`: what is committed is on disk. Each batch of documents is one transaction
//! with its stamps, so that no stamp ever vouches for an item that is not there.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Params, Row, Transaction, params};

use crate::dedup::{self, Copy, Leads};
use crate::document::Stamp;
use crate::draft::{Credit, Evidence, When};
use crate::item::{self, Fingerprint, Item, ItemKey, Known};
use crate::source::SourceId;

mod archive;
mod batch;
mod bearer;
mod choice;
mod displaced;
mod error;
mod group;
mod heir;
mod incident;
mod journal;
mod ledger;
mod mark;
mod near;
mod open;
mod packed;
mod past;
mod ping;
mod posting;
mod postponed;
mod rank;
mod record;
mod removal;
mod rescue;
mod reused;
mod revision;
mod schema;
mod standing;
mod story;
mod table;
mod tie;
mod translation;
mod upstream;
mod vanished;

pub use archive::{Archive, Arrivals, Division};
use batch::save_entries;
pub use error::StoreError;
pub use heir::Forerunner;
pub use incident::{Finding, Incident, Kind, Told};
pub use journal::{Published, Visit};
use ledger::Ledger;
use near::Near;
use open::Lock;
pub use open::{permitted, unwritable};
pub use past::{PAST, Past};
pub use ping::Ping;
use postponed::Postponed;
use record::Record;
pub use removal::{REMOVED, Removal, is_published};
pub use rescue::{Rescue, rescue};
pub use revision::Revision;
pub use standing::{Pressed, Standing};
pub use upstream::{Gathered, Heading, Upstream};
pub use vanished::{Clue, aside, headline};

/// The open store.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// Which file it is.
    identity: Option<displaced::Identity>,
    /// Held until the store is closed.
    lock: Option<Lock>,
    /// What near copies are found by, as far as it was looked at. Taken out while it is used.
    near: RefCell<Near>,
    /// What hangs together with new items and was not looked at yet.
    postponed: Postponed,
}

/// The channel of items whose documents were made drafts again: it is not published, and no settings empty it.
pub const WITHDRAWN: &str = "withdrawn";

/// A document as it was when it was last read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Its path in its source; of an entry of a feed, what it goes by there.
    pub path: Vec<u8>,
    /// What it looked like.
    pub stamp: Stamp,
    /// When its file was made, nanoseconds since 1970. `None`: not known.
    pub born: Option<i64>,
    /// Hash of its bytes.
    pub content: Fingerprint,
    /// Key of the item it became. `None`: it could not be read.
    pub item: Option<ItemKey>,
    /// Why it could not be read, or what of it was not understood, a line each.
    pub note: Option<String>,
}

/// A document, or the entry of a feed, that was read, to be saved.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The document.
    pub seen: Seen,
    /// Where it lay before, if it was moved.
    pub moved_from: Option<Vec<u8>>,
    /// The item it became, and the channels that show it. `None`: nothing is to be changed but the stamp.
    pub item: Option<(Item, Vec<String>)>,
    /// Hashes of what else the item is known by, to be found again under: [`Store::aliases`].
    pub names: Vec<i64>,
    /// What it is found by, where its words are new. `None`: that is made when the item is saved.
    pub leads: Option<Leads>,
    /// What was listed with it. `None`: nothing, or that tells nothing.
    pub listed: Option<Arc<Listed>>,
    /// Whether its item was not there before.
    pub is_new: bool,
    /// The place of a new item among those that its feed tells of the same time, counted from the lowest.
    pub rank: u32,
}

/// The entries of one answer of a feed, or of a page that lists news, that are told apart: each has an id or an address of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Their items.
    pub items: HashSet<ItemKey>,
    /// Whether the list goes on: most of them were known before. Else its site may have been made anew, and says all again.
    pub goes_on: bool,
}

/// An item of a channel: its key, and a number that changes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its key.
    pub key: ItemKey,
    /// Number of its last change.
    pub change: i64,
    /// When its words last changed.
    pub updated: DateTime<Utc>,
}

/// A channel that has items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stocked {
    /// Path of the channel, such as `categories/news`.
    pub path: String,
    /// Items in it.
    pub items: usize,
}

/// A copy of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Its key.
    pub key: ItemKey,
    /// Id of its source.
    pub source: String,
    /// Its own address on the web. `None`: it has none.
    pub link: Option<String>,
    /// Whether any channel shows it.
    pub is_shown: bool,
}

type Outcome<T> = Result<T, StoreError>;

impl Store {
    fn run<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Outcome<T> {
        work(&self.connection).map_err(database(&self.path))
    }

    fn transact<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Outcome<T> {
        let path = &self.path;
        let transaction = self.connection.transaction().map_err(database(path))?;
        let value = work(&transaction).map_err(database(path))?;
        transaction.commit().map_err(database(path))?;
        Ok(value)
    }

    /// Writes items: what hangs together with them is looked at before all of it is committed.
    fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>, &mut Ledger) -> rusqlite::Result<T>) -> Outcome<T> {
        self.write_with(None, work)
    }

    /// A value kept under a name. `None`: there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn meta(&self, name: &str) -> Outcome<Option<String>> {
        self.run(|connection| one(connection, "SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0)))
    }

    /// Keeps a value under a name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_meta(&mut self, name: &str, value: &str) -> Outcome<()> {
        self.transact(|transaction| set_meta(transaction, name, value))
    }

    /// What to say of items that an earlier opening could not save. `None`: all is there, or it has been said.
    ///
    /// # Errors
    /// When the database fails.
    pub fn lost(&self) -> Outcome<Option<String>> {
        Ok(self.meta(LOST)?.filter(|text| !text.is_empty()))
    }

    /// Notes that it has been said what was lost.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_lost(&mut self) -> Outcome<()> {
        self.set_meta(LOST, "")
    }

    /// The documents of a source, in the order of the bytes of their paths, one at a time: [`Documents::next_seen`].
    ///
    /// # Errors
    /// Those of `work`, made from the database's own.
    pub fn with_documents<T, E: From<StoreError>>(
        &self,
        source: &SourceId,
        work: impl FnOnce(&mut Documents<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let sql = "SELECT path, size, modified, inode, sidecar, content, item, note, born FROM document WHERE source = ?1 ORDER BY path";
        let mut statement = self.connection.prepare_cached(sql).map_err(database(&self.path))?;
        let rows = statement.query([source.as_str()]).map_err(database(&self.path))?;
        work(&mut Documents { rows, path: &self.path })
    }

    /// Keeps a value that holds for all documents of a source, but for some that could not be read under it: their stamps
    /// do not vouch for them any more.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_rules(&mut self, source: &SourceId, name: &str, value: &str, unread: &[Vec<u8>]) -> Outcome<()> {
        self.transact(|transaction| {
            for path in unread {
                let sql = "UPDATE document SET size = 0, modified = 0 WHERE source = ?1 AND path = ?2";
                execute(transaction, sql, params![source.as_str(), path])?;
            }
            let sql = "UPDATE vanished SET size = 0, modified = 0 WHERE source = ?1";
            execute(transaction, sql, [source.as_str()])?;
            set_meta(transaction, name, value)
        })
    }

    /// The documents of a source that have a note, by path.
    ///
    /// # Errors
    /// When the database fails.
    pub fn notes(&self, source: &SourceId) -> Outcome<Vec<(Vec<u8>, String)>> {
        let sql = "SELECT path, note FROM document WHERE source = ?1 AND note IS NOT NULL ORDER BY path";
        self.run(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map([source.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
    }

    /// What was published of items before.
    ///
    /// # Errors
    /// When the database fails.
    pub fn known(&self, keys: &[ItemKey]) -> Outcome<HashMap<ItemKey, Known>> {
        let sql = format!("{} WHERE item = ?1", record::SELECT);
        self.run(|connection| {
            // One transaction for all, so that the file is locked once.
            let transaction = connection.unchecked_transaction()?;
            let mut statement = transaction.prepare_cached(&sql)?;
            let mut known = HashMap::with_capacity(keys.len());
            for key in keys {
                let found = statement.query_row([number(key)], |row| Record::from_row(row)?.known());
                if let Some(found) = found.optional()? {
                    known.insert(key.clone(), found);
                }
            }
            Ok(known)
        })
    }

    /// Saves a batch in one transaction: items, the channels that show them, their copies, and the stamps that vouch
    /// for all of it. Returns how many items were written.
    ///
    /// # Errors
    /// When the database fails; then nothing of the batch is saved.
    pub fn save(&mut self, source: &SourceId, entries: &[Entry]) -> Outcome<usize> {
        self.write(|transaction, ledger| save_entries(transaction, ledger, [(source, entries)]))
    }

    /// Decides anew which channels show each item, when the settings that say so have changed. `choose` gets every item
    /// that is neither [`WITHDRAWN`] nor [`REMOVED`].
    ///
    /// # Errors
    /// When the database fails.
    pub fn assign_channels(&mut self, mut choose: impl FnMut(&Item) -> Vec<String>) -> Outcome<()> {
        self.write(|transaction, ledger| {
            let mut last = 0_i64;
            loop {
                let sql = format!("{} WHERE id > ?1 ORDER BY id LIMIT 256", record::SELECT);
                let mut statement = transaction.prepare_cached(&sql)?;
                let rows: Vec<(i64, Record)> = statement
                    .query_map([last], |row| Ok((row.get(0)?, Record::from_row(row)?)))?
                    .collect::<Result<_, _>>()?;
                let Some((id, _)) = rows.last() else { break };
                last = *id;
                for (_, record) in rows.into_iter().filter(|(_, record)| !record.is_kept_back()) {
                    let channels = choose(&record.clone().item()?);
                    record.reassign(transaction, &channels, ledger)?;
                }
            }
            Ok(())
        })
    }

    /// Number of the last change: while it stays the same, nothing has changed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn change(&self) -> Outcome<i64> {
        self.run(next_change)
    }

    /// The newest items of a channel.
    ///
    /// # Errors
    /// When the database fails.
    pub fn window(&self, channel: &str, most: usize) -> Outcome<Vec<Member>> {
        let sql = "SELECT member.item, item.change, item.updated FROM member JOIN item ON item.item = member.item
                   WHERE member.channel = (SELECT id FROM channel WHERE path = ?1)
                   ORDER BY member.published DESC, member.item LIMIT ?2";
        self.run(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let member =
                |row: &Row<'_>| Ok(Member { key: key(row.get(0)?), change: row.get(1)?, updated: time(row.get(2)?) });
            statement.query_map(params![channel, i64::try_from(most).unwrap_or(i64::MAX)], member)?.collect()
        })
    }

    /// The channels that have items, by path.
    ///
    /// # Errors
    /// When the database fails.
    pub fn channels(&self) -> Outcome<Vec<Stocked>> {
        self.run(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT path, items FROM channel WHERE items > 0 ORDER BY path")?;
            let stocked = |row: &Row<'_>| Ok(Stocked { path: row.get(0)?, items: row.get(1)? });
            statement.query_map([], stocked)?.collect()
        })
    }

    /// An item. `None`: there is none of that key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn item(&self, item: &str) -> Outcome<Option<Item>> {
        let sql = format!("{} WHERE item = ?1", record::SELECT);
        self.run(|connection| one(connection, &sql, [number(item)], |row| record::item(row, &[])))
    }

    /// The items of these keys, in their order. Keys of which there is none are passed over.
    ///
    /// # Errors
    /// When the database fails.
    pub fn items(&self, keys: &[&str]) -> Outcome<Vec<Item>> {
        self.items_with(keys, |_| None)
    }

    /// The same. `credits` tells what an item of a source is likely to be credited to, which it then shares.
    ///
    /// # Errors
    /// When the database fails.
    pub fn items_with<'a>(
        &self,
        keys: &[&str],
        credits: impl Fn(&str) -> Option<&'a Arc<Credit>>,
    ) -> Outcome<Vec<Item>> {
        let sql = format!("{} WHERE item = ?1", record::SELECT);
        self.run(|connection| {
            // One transaction for all, so that the file is locked once.
            let transaction = connection.unchecked_transaction()?;
            let mut statement = transaction.prepare_cached(&sql)?;
            let mut items: Vec<Item> = Vec::with_capacity(keys.len());
            for key in keys {
                let before = items.last().and_then(|item| item.credit.as_ref());
                let found = statement.query_row([number(key)], |row| {
                    let of_source = credits(row.get_ref(2)?.as_str()?);
                    let likely: Vec<_> = before.into_iter().chain(of_source).collect();
                    record::item(row, &likely)
                });
                items.extend(found.optional()?);
            }
            Ok(items)
        })
    }

    /// The item that a document became, by its source and its path there. `None`: it became none, or is not known.
    ///
    /// # Errors
    /// When the database fails.
    pub fn item_at(&self, source: &SourceId, path: &[u8]) -> Outcome<Option<Item>> {
        let sql = format!(
            "{} WHERE item = (SELECT item FROM document WHERE source = ?1 AND path = ?2
                 UNION ALL SELECT item FROM vanished WHERE source = ?1 AND path = ?2)",
            record::SELECT
        );
        self.run(|connection| one(connection, &sql, params![source.as_str(), path], |row| record::item(row, &[])))
    }

    /// The path of the document that an item lies in, and the channels that show it. `None`: there is no such item.
    ///
    /// # Errors
    /// When the database fails.
    pub fn place(&self, item: &str) -> Outcome<Option<(Vec<u8>, Vec<String>)>> {
        let sql = "SELECT place, channels, hidden FROM item WHERE item = ?1";
        let read = |row: &Row<'_>| {
            let shown = record::shown(row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
            Ok((vanished::lay_at(row.get(0)?), shown.into_iter().map(str::to_owned).collect()))
        };
        self.run(|connection| one(connection, sql, [number(item)], read))
    }

    /// Items whose key, title or path is or begins with a text, or whose link or upstream's id it is: those in front whose whole title it
    /// is, then the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn find(&self, text: &str, most: usize) -> Outcome<Vec<Item>> {
        let literal = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let sql = format!(
            "{} WHERE printf('%016x', item) LIKE ?2 || '%' ESCAPE '\\' OR link = ?1 OR guid = ?1 OR title LIKE ?2 || '%' ESCAPE '\\'
             OR CAST(place AS TEXT) = ?1 OR CAST(place AS TEXT) LIKE '%/' || ?2 ESCAPE '\\'
             ORDER BY title = ?1 DESC, published DESC, item LIMIT ?3",
            record::SELECT
        );
        self.run(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            statement.query_map(params![text, literal, most], |row| record::item(row, &[]))?.collect()
        })
    }

    /// Items that have changed after a change, in the order of their changes, and whether any channel shows them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn changed_after(&self, change: i64, most: usize) -> Outcome<Vec<(i64, Item, bool)>> {
        let sql = format!("{} WHERE change > ?1 ORDER BY change LIMIT ?2", record::SELECT);
        self.run(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            statement
                .query_map(params![change, most], |row| {
                    let is_shown = is_published(row.get_ref(13)?.as_str()?);
                    Ok((row.get(15)?, record::item(row, &[])?, is_shown))
                })?
                .collect()
        })
    }

    /// How many items there are.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count(&self) -> Outcome<usize> {
        self.run(|connection| Ok(usize::try_from(count(connection)?).unwrap_or(0)))
    }
}

/// The documents of a source, one at a time.
#[expect(missing_debug_implementations, reason = "the rows of a running query have none")]
pub struct Documents<'a> {
    rows: rusqlite::Rows<'a>,
    path: &'a Path,
}

impl Documents<'_> {
    /// The next document. `None`: that was the last.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_seen(&mut self) -> Outcome<Option<Seen>> {
        let row = self.rows.next().map_err(database(self.path))?;
        row.map(|row| -> rusqlite::Result<Seen> {
            let (size, inode): (i64, i64) = (row.get(1)?, row.get(3)?);
            let stamp = Stamp {
                size: size.cast_unsigned(),
                modified: row.get(2)?,
                inode: inode.cast_unsigned(),
                sidecar: row.get(4)?,
            };
            let item: Option<i64> = row.get(6)?;
            let (content, note, born) = (row.get(5)?, row.get(7)?, row.get(8)?);
            Ok(Seen { path: row.get(0)?, stamp, born, content, item: item.map(key), note })
        })
        .transpose()
        .map_err(database(self.path))
    }
}

/// Name of the number of the last change.
const CHANGE: &str = "change";
/// Name of how many items there are.
const ITEMS: &str = "items";
/// Name of what is to be said of items that could not be saved.
const LOST: &str = "lost";

fn database(path: &Path) -> impl Fn(rusqlite::Error) -> StoreError + '_ {
    move |error| StoreError::Database { path: path.to_owned(), error }
}

fn suffixed(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn execute(connection: &Connection, sql: &str, values: impl Params) -> rusqlite::Result<usize> {
    connection.prepare_cached(sql)?.execute(values)
}

fn one<T>(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    connection.prepare_cached(sql)?.query_row(values, read).optional()
}

fn set_meta(connection: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    execute(connection, "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)", [name, value]).map(drop)
}

fn next_change(connection: &Connection) -> rusqlite::Result<i64> {
    let found: Option<String> = one(connection, "SELECT value FROM meta WHERE name = ?1", [CHANGE], |row| row.get(0))?;
    Ok(found.and_then(|value| value.parse().ok()).unwrap_or(0))
}

/// How many items there are: it is kept, for counting them takes the longer the more there are.
fn count(connection: &Connection) -> rusqlite::Result<i64> {
    let kept = one(connection, "SELECT value FROM meta WHERE name = ?1", [ITEMS], |row| row.get::<_, String>(0))?;
    match kept.and_then(|value| value.parse().ok()) {
        Some(items) => Ok(items),
        None => connection.query_row("SELECT count(*) FROM item", [], |row| row.get(0)),
    }
}

/// A key as the number it is stored as.
fn number(key: &str) -> i64 {
    u64::from_str_radix(key, 16).unwrap_or(0).cast_signed()
}

/// The key that a number stands for.
fn key(number: i64) -> ItemKey {
    item::key(number.cast_unsigned())
}

fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

/// Reads what [`When`] displays.
fn moment(text: &str) -> rusqlite::Result<When> {
    let wrong = || rusqlite::Error::InvalidColumnName(format!("{text:?} is no moment"));
    let month = || {
        let (year, month) = text.split_once('-')?;
        Some(When::Month(year.parse().ok()?, month.parse().ok()?))
    };
    let when = match text.len() {
        4 => text.parse().ok().map(When::Year),
        7 => month(),
        10 => text.parse().ok().map(When::Day),
        19 => text.parse().ok().map(When::Local),
        _ => DateTime::parse_from_rfc3339(text).ok().map(When::Instant),
    };
    when.ok_or_else(wrong)
}

#[cfg(test)]
mod statement_tests;
#[cfg(test)]
mod tests;
