//! Documents that lie nowhere any more: kept apart from those that do, so that a walk meets them only where something that
//! is new to it may be one of them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

use super::{
    Fingerprint, ItemKey, Outcome, REMOVED, Seen, SourceId, Stamp, Store, WITHDRAWN, execute, key, number, one, time,
};
use crate::item::digest;

/// Documents that are told for one clue.
const MOST: i64 = 1024;

/// What a document may be known by again.
#[derive(Clone, Copy, Debug)]
pub enum Clue<'a> {
    /// Where it lay.
    Path(&'a [u8]),
    /// The number of its file: of several documents, those that were written last.
    File(u64),
    /// Its bytes.
    Content(&'a Fingerprint),
    /// What its item is called, and when that was published.
    Headline(i64),
}

impl<'a> Clue<'a> {
    fn query(self, source: &'a SourceId) -> (String, [Box<dyn rusqlite::ToSql + 'a>; 2]) {
        let (column, value): (_, Box<dyn rusqlite::ToSql + 'a>) = match self {
            Self::Path(path) => ("path", Box::new(path)),
            Self::File(inode) => ("inode", Box::new(inode.cast_signed())),
            Self::Content(content) => ("content", Box::new(content)),
            Self::Headline(headline) => ("headline", Box::new(headline)),
        };
        let order = if matches!(self, Self::File(_)) { "modified DESC" } else { "path" };
        // Else the order would be taken for a reason to go through all documents of the source.
        let of_source = if matches!(self, Self::Path(_)) { "source" } else { "+source" };
        let sql = format!(
            "SELECT path, size, modified, inode, sidecar, content, item, born, headline FROM vanished
             WHERE {of_source} = ?1 AND {column} = ?2 ORDER BY {order} LIMIT {MOST}"
        );
        (sql, [Box::new(source.as_str()), value])
    }
}

/// The title and the time of an item, as one number.
pub fn headline(title: &str, published: DateTime<Utc>) -> i64 {
    let mut number = [0; 8];
    number
        .iter_mut()
        .zip(digest(&[title.as_bytes(), &published.timestamp().to_le_bytes()]))
        .for_each(|(to, from)| *to = from);
    i64::from_le_bytes(number)
}

/// Where a document is kept whose path another story has taken: no file can lie there.
pub fn aside(path: &[u8], item: &str) -> Vec<u8> {
    // What is set aside twice has one such place.
    let path = path.iter().position(|byte| *byte == 0).and_then(|at| path.get(..at)).unwrap_or(path);
    [path, b"\0", item.as_bytes()].concat()
}

/// Where a document lay that is kept [`aside`]; else its path.
pub(super) fn lay_at(mut place: Vec<u8>) -> Vec<u8> {
    if let Some((path, [0, key @ ..])) = place.len().checked_sub(17).and_then(|end| place.split_at_checked(end))
        && key.iter().all(u8::is_ascii_hexdigit)
    {
        place.truncate(path.len());
    }
    place
}

pub(super) fn any_vanished(connection: &Connection, source: &SourceId) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM vanished WHERE source = ?1 LIMIT 1";
    Ok(one(connection, sql, [source.as_str()], |_| Ok(()))?.is_some())
}

impl Store {
    /// Whether a source has documents that have vanished, or that hold no story any more.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_vanished(&self, source: &SourceId) -> Outcome<bool> {
        let sql = "SELECT 1 FROM document WHERE source = ?1 AND note IS NOT NULL AND item IS NOT NULL AND content = zeroblob(16)
                   LIMIT 1";
        self.run(|connection| {
            let is_any = any_vanished(connection, source)?;
            Ok(is_any || one(connection, sql, [source.as_str()], |_| Ok(()))?.is_some())
        })
    }

    /// The documents of a source that have vanished and have one of these marks, each with the [`headline()`] of its item.
    ///
    /// # Errors
    /// When the database fails.
    pub fn vanished<'a>(
        &self,
        source: &SourceId,
        clues: impl IntoIterator<Item = Clue<'a>>,
    ) -> Outcome<Vec<(Seen, Option<i64>)>> {
        let seen = |row: &Row<'_>| {
            let (size, inode, item): (i64, i64, i64) = (row.get(1)?, row.get(3)?, row.get(6)?);
            let stamp = Stamp {
                size: size.cast_unsigned(),
                modified: row.get(2)?,
                inode: inode.cast_unsigned(),
                sidecar: row.get(4)?,
            };
            let (path, content, born) = (row.get(0)?, row.get(5)?, row.get(7)?);
            Ok((Seen { path, stamp, born, content, item: Some(key(item)), note: None }, row.get(8)?))
        };
        self.run(|connection| {
            let transaction = connection.unchecked_transaction()?;
            let mut found = Vec::new();
            for clue in clues {
                let (sql, values) = clue.query(source);
                let mut statement = transaction.prepare_cached(&sql)?;
                for row in statement.query_map(rusqlite::params_from_iter(values), seen)? {
                    found.push(row?);
                }
            }
            Ok(found)
        })
    }

    /// Documents of other sources that lay in a file, of that number and made at that time: those that have vanished, and one with the
    /// same words that lay there at the last walk. With each its source, its path and its item. Of many with the same words, only the
    /// first are looked at: else it would cost the square of their number to take them all in again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn same_file(
        &self,
        source: &SourceId,
        (inode, born): (u64, i64),
        words: Option<&Fingerprint>,
    ) -> Outcome<Vec<(String, Vec<u8>, ItemKey)>> {
        let vanished =
            "SELECT source, path, item FROM vanished WHERE inode = ?1 AND born = ?2 AND source <> ?3 LIMIT 9";
        let there = "SELECT document.source, document.path, document.item
                     FROM (SELECT source AS its_source, place AS its_path, item AS its_item FROM item WHERE twin = ?4 LIMIT 64)
                     CROSS JOIN document ON document.source = its_source AND document.path = its_path AND document.item = its_item
                     WHERE document.inode = ?1 AND document.born = ?2 AND document.source <> ?3 LIMIT 9";
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2).map(key)?));
        self.run(|connection| {
            let values = params![inode.cast_signed(), born, source.as_str()];
            let mut found: Vec<_> =
                connection.prepare_cached(vanished)?.query_map(values, row)?.collect::<Result<_, _>>()?;
            if let Some(words) = words {
                let values = params![inode.cast_signed(), born, source.as_str(), words];
                let mut statement = connection.prepare_cached(there)?;
                found.extend(statement.query_map(values, row)?.collect::<Result<Vec<_>, _>>()?);
            }
            Ok(found)
        })
    }

    /// What items are called and when they were published: [`headline()`].
    ///
    /// # Errors
    /// When the database fails.
    pub fn headlines<'a>(&self, keys: impl IntoIterator<Item = &'a ItemKey>) -> Outcome<HashMap<ItemKey, i64>> {
        self.run(|connection| {
            let transaction = connection.unchecked_transaction()?;
            let mut headlines = HashMap::new();
            for item in keys {
                let sql = "SELECT title, published FROM item WHERE item = ?1";
                let read = |row: &Row<'_>| Ok(headline(row.get_ref(0)?.as_str()?, time(row.get(1)?)));
                headlines
                    .extend(one(&transaction, sql, [number(item)], read)?.map(|headline| (item.clone(), headline)));
            }
            Ok(headlines)
        })
    }

    /// The items of a source that have a title and were published at an instant, also those that are kept back.
    ///
    /// # Errors
    /// When the database fails.
    pub fn items_of(&self, source: &SourceId, title: &str, published: DateTime<Utc>) -> Outcome<Vec<ItemKey>> {
        let sql = "SELECT item.item FROM member JOIN item ON item.item = member.item
                   WHERE member.channel IN (SELECT id FROM channel WHERE path IN ('sources/' || ?1, ?4, ?5))
                       AND member.published = ?2 AND item.title = ?3 AND item.source = ?1";
        self.run(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let values = params![source.as_str(), published.timestamp(), title, WITHDRAWN, REMOVED];
            statement.query_map(values, |row| row.get(0).map(key))?.collect()
        })
    }

    /// Puts documents apart whose paths other stories have taken, under the paths that [`aside`] gave them.
    ///
    /// # Errors
    /// When the database fails; then none is put apart.
    pub fn set_aside(&mut self, source: &SourceId, gone: &[Seen]) -> Outcome<()> {
        if gone.is_empty() {
            return Ok(());
        }
        let headlines = self.headlines(gone.iter().filter_map(|seen| seen.item.as_ref()))?;
        self.transact(|transaction| {
            for Seen { path, stamp, born, content, item, .. } in gone {
                let Some(item) = item else { continue };
                let (headline, item) = (headlines.get(item), number(item));
                let sql = "INSERT OR REPLACE INTO vanished (source, path, size, modified, inode, sidecar, content, item, born, headline)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
                let (size, inode) = (stamp.size.cast_signed(), stamp.inode.cast_signed());
                let values =
                    params![source.as_str(), path, size, stamp.modified, inode, stamp.sidecar, content, item, born, headline];
                execute(transaction, sql, values)?;
                let sql = "DELETE FROM document WHERE source = ?1 AND item = ?2 AND path = (SELECT place FROM item WHERE item = ?2)";
                execute(transaction, sql, params![source.as_str(), item])?;
                execute(transaction, "UPDATE item SET place = ?2 WHERE item = ?1", params![item, path])?;
            }
            Ok(())
        })
    }

    /// Puts documents that are gone apart. Those that never became an item are forgotten, and so are the notes on the
    /// others: one that comes back is read again, so that it is noted again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn vanish(&mut self, source: &SourceId, gone: &[Seen]) -> Outcome<()> {
        if gone.is_empty() {
            return Ok(());
        }
        let headlines = self.headlines(gone.iter().filter_map(|seen| seen.item.as_ref()))?;
        self.transact(|transaction| {
            for Seen { path, item, .. } in gone {
                let source = source.as_str();
                if let Some(item) = item {
                    let sql = "INSERT OR REPLACE INTO vanished (source, path, size, modified, inode, sidecar, content, item, born, headline)
                               SELECT source, path, iif(note IS NULL, size, 0), iif(note IS NULL, modified, 0), inode, sidecar,
                                   content, item, born, ?3
                               FROM document WHERE source = ?1 AND path = ?2 AND item = ?4";
                    execute(transaction, sql, params![source, path, headlines.get(item), number(item)])?;
                }
                // Unless another document has already taken that place.
                let sql = "DELETE FROM document WHERE source = ?1 AND path = ?2 AND item IS ?3";
                execute(transaction, sql, params![source, path, item.as_deref().map(number)])?;
            }
            Ok(())
        })
    }
}
