//! What items said before somebody changed their words.
//!
//! Of each item the first version and the newest ones are kept: 20 beside that which is out, and together no more than
//! 256 KiB, compressed. What comes between the first and those goes first.

use chrono::{DateTime, Utc};
use rusqlite::{Transaction, params};

use super::packed::{pack, unpack};
use super::{Outcome, Store, execute, number, time};
use crate::item::Html;

/// Earlier versions that are kept of one item.
const MOST: i64 = 20;
/// Bytes that they may take together, compressed.
const MOST_BYTES: i64 = 256 * 1024;

/// What an item said since a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Counted from 1, the first. Where some in between are not kept any more, their numbers are missing.
    pub number: i64,
    /// Since when: its date of publication, or when its words were changed.
    pub since: DateTime<Utc>,
    /// The title.
    pub title: String,
    /// The body.
    pub content: Html,
}

impl Store {
    /// All that is kept of what an item said, the oldest first; the last is what is out.
    ///
    /// # Errors
    /// When the database fails.
    pub fn revisions(&self, key: &str) -> Outcome<Vec<Revision>> {
        let Some(item) = self.item(key)? else { return Ok(Vec::new()) };
        let sql = "SELECT number, since, title, content FROM revision WHERE item = ?1 ORDER BY number";
        let mut revisions: Vec<Revision> = self.run(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map([number(key)], |row| {
                let content = unpack(row.get_ref(3)?);
                let content = content.map_err(|error| rusqlite::Error::InvalidColumnName(error.to_string()))?;
                let content = Html::recall(content);
                Ok(Revision { number: row.get(0)?, since: time(row.get(1)?), title: row.get(2)?, content })
            })?;
            rows.collect()
        })?;
        let number = revisions.last().map_or(1, |last| last.number + 1);
        revisions.push(Revision {
            number,
            since: item.updated,
            title: item.title.clone(),
            content: item.content.clone(),
        });
        Ok(revisions)
    }
}

/// Keeps what an item said until now.
pub(super) fn keep(
    transaction: &Transaction<'_>,
    item: i64,
    since: i64,
    title: &str,
    content: &str,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO revision (item, number, since, title, content)
               VALUES (?1, (SELECT ifnull(max(number), 0) + 1 FROM revision WHERE item = ?1), ?2, ?3, ?4)";
    execute(transaction, sql, params![item, since, title, pack(content)])?;
    // Those that are too many, counted from the newest; never the first.
    let sql = "DELETE FROM revision WHERE item = ?1 AND number IN (
                   SELECT number FROM (
                       SELECT number, row_number() OVER newest AS place, sum(length(content)) OVER newest AS size
                       FROM revision WHERE item = ?1 WINDOW newest AS (ORDER BY number = 1 DESC, number DESC)
                   ) WHERE number > 1 AND (place > ?2 OR size > ?3))";
    execute(transaction, sql, [item, MOST, MOST_BYTES]).map(drop)
}
