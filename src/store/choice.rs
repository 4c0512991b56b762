//! What the owner decided of copies: whose are shown rather than others, and which pairs are none.

use rusqlite::params;

use super::group::Group;
use super::{ItemKey, Outcome, SourceId, Store, execute, key, number, one};

impl Store {
    /// Keeps which sources the owner prefers: of several copies of a story, theirs is shown.
    ///
    /// # Errors
    /// When the database fails.
    pub fn prefer(&mut self, sources: &[&SourceId]) -> Outcome<()> {
        let mut wanted: Vec<&str> = sources.iter().map(|source| source.as_str()).collect();
        wanted.sort_unstable();
        let known: Vec<String> = self.run(|connection| {
            connection
                .prepare_cached("SELECT source FROM preferred ORDER BY source")?
                .query_map([], |row| row.get(0))?
                .collect()
        })?;
        if known == wanted {
            return Ok(());
        }
        let once = |source: &&str| !known.iter().any(|known| known == source);
        let anew: Vec<&str> = wanted.iter().copied().filter(once).collect();
        let no_more = known.iter().map(String::as_str).filter(|known| !wanted.contains(known));
        let changed: Vec<&str> = anew.into_iter().chain(no_more).collect();
        self.write(|transaction, ledger| {
            execute(transaction, "DELETE FROM preferred", [])?;
            for source in &wanted {
                execute(transaction, "INSERT INTO preferred (source) VALUES (?1)", [source])?;
            }
            for source in &changed {
                let sql = "SELECT twin, link, guid, story FROM item AS own WHERE source = ?1
                           AND (original IS NOT NULL OR EXISTS (SELECT 1 FROM item WHERE original = own.item))";
                let mut statement = transaction.prepare_cached(sql)?;
                let groups = statement
                    .query_map([source], |row| Ok(Group::all(row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
                for groups in groups {
                    ledger.groups.extend(groups?);
                }
            }
            Ok(())
        })
    }

    /// Sets two items apart: they are two stories for good, whatever their words say. Or takes that back. Returns whether
    /// that changed anything.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_apart(&mut self, one_key: &str, other_key: &str, apart: bool) -> Outcome<bool> {
        let pair = (number(one_key), number(other_key));
        self.write(|transaction, ledger| {
            let sql = if apart {
                "INSERT OR IGNORE INTO apart (one, other) VALUES (?1, ?2)"
            } else {
                "DELETE FROM apart WHERE one = ?1 AND other = ?2"
            };
            let mut changed = 0;
            for (one, other) in [pair, (pair.1, pair.0)] {
                changed += execute(transaction, sql, [one, other])?;
            }
            for item in [pair.0, pair.1] {
                let sql = "SELECT twin, link, guid, story, family, id FROM item WHERE item = ?1";
                let found = one(transaction, sql, [item], |row| {
                    let groups = Group::all(row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                    Ok((groups, row.get::<_, Option<i64>>(4)?, row.get::<_, i64>(5)?))
                })?;
                if let Some((groups, family, id)) = found {
                    ledger.told.insert(id);
                    ledger.groups.extend(groups);
                    ledger.telling.families.extend(family);
                }
            }
            Ok(changed > 0)
        })
    }

    /// The items that an item is set apart from.
    ///
    /// # Errors
    /// When the database fails.
    pub fn apart_from(&self, item: &str) -> Outcome<Vec<ItemKey>> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached("SELECT other FROM apart WHERE one = ?1 ORDER BY other")?;
            statement.query_map([number(item)], |row| row.get(0).map(key))?.collect()
        })
    }

    /// Whether two items are set apart.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_apart(&self, one_key: &str, other_key: &str) -> Outcome<bool> {
        let sql = "SELECT 1 FROM apart WHERE one = ?1 AND other = ?2";
        self.run(|connection| {
            Ok(one(connection, sql, params![number(one_key), number(other_key)], |_| Ok(()))?.is_some())
        })
    }
}
