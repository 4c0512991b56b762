//! Changes that hubs have still to be told of (WebSub).

use rusqlite::{Row, params};

use super::{Outcome, Store, execute};

/// A feed whose change a hub has still to be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    /// Address of the hub.
    pub hub: String,
    /// Address of the feed.
    pub topic: String,
    /// Counts the changes of the feed while it waits: what was told of an earlier one does not count for a later one.
    pub turn: i64,
    /// When the last change was noted, seconds since 1970.
    pub noted: i64,
    /// When it is to be told, seconds since 1970.
    pub due: i64,
    /// How often that failed in a row.
    pub failures: u32,
    /// Why it failed last.
    pub error: Option<String>,
}

const SELECT: &str = "SELECT hub, topic, turn, noted, due, failures, error FROM ping";

fn ping(row: &Row<'_>) -> rusqlite::Result<Ping> {
    Ok(Ping {
        hub: row.get(0)?,
        topic: row.get(1)?,
        turn: row.get(2)?,
        noted: row.get(3)?,
        due: row.get(4)?,
        failures: row.get(5)?,
        error: row.get(6)?,
    })
}

impl Store {
    /// Notes that hubs are to be told of these feeds, from `now` on (seconds since 1970); what waits to be told of their earlier
    /// changes is that no more. What waits for other hubs is dropped.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_pings(&mut self, hubs: &[&str], topics: &[String], now: i64) -> Outcome<()> {
        let sql = "INSERT INTO ping (hub, topic, turn, noted, due, failures)
                   VALUES (?1, ?2, 1, ?3, ?3, 0)
                   ON CONFLICT (hub, topic) DO UPDATE SET turn = turn + 1, noted = excluded.noted, due = excluded.due";
        self.transact(|transaction| {
            let mut known = transaction.prepare_cached("SELECT DISTINCT hub FROM ping")?;
            let known: Vec<String> = known.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            for other in known.iter().filter(|known| !hubs.contains(&known.as_str())) {
                execute(transaction, "DELETE FROM ping WHERE hub = ?1", [other])?;
            }
            for hub in hubs {
                topics.iter().try_for_each(|topic| execute(transaction, sql, params![hub, topic, now]).map(drop))?;
            }
            Ok(())
        })
    }

    /// All that hubs have still to be told, by hub and feed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pings(&self) -> Outcome<Vec<Ping>> {
        let sql = format!("{SELECT} ORDER BY hub, topic");
        self.run(|connection| connection.prepare_cached(&sql)?.query_map([], ping)?.collect())
    }

    /// Keeps what came of telling hubs: those that were told, or are told no more, and those that are told again. Where a feed
    /// has changed meanwhile, that change is still to be told.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_pings(&mut self, done: &[Ping], again: &[Ping]) -> Outcome<()> {
        self.transact(|transaction| {
            for Ping { hub, topic, turn, .. } in done {
                let sql = "DELETE FROM ping WHERE hub = ?1 AND topic = ?2 AND turn = ?3";
                execute(transaction, sql, params![hub, topic, turn])?;
            }
            for Ping { hub, topic, due, failures, error, .. } in again {
                let sql = "UPDATE ping SET due = ?3, failures = ?4, error = ?5 WHERE hub = ?1 AND topic = ?2";
                execute(transaction, sql, params![hub, topic, due, failures, error])?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::store::tests::Folder;

    #[test]
    fn what_changes_while_it_is_told_is_told_again() {
        let folder = Folder::new();
        let mut store = folder.open();
        let topic = ["https://news.example.edu/all.rss".to_owned()];
        store.note_pings(&["https://hub.example/"], &topic, 10).unwrap();
        let sent = store.pings().unwrap();
        store.note_pings(&["https://hub.example/"], &topic, 10).unwrap();
        store.keep_pings(&sent, &[]).unwrap();
        let left = store.pings().unwrap();
        assert_eq!(left.len(), 1);
        store.keep_pings(&left, &[]).unwrap();
        assert_eq!(store.pings().unwrap(), []);
    }
}
