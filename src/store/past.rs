//! The last visits to each source, and how many items it had day by day: for those who look at how it is.
//!
//! Visits that bring nothing, or fail for the same reason, follow each other for weeks. They are one [`Past`] with a count, so
//! that twenty of these reach back far, and a visit costs one row that is there already.

use rusqlite::{Connection, Row, params};

use super::{Outcome, SourceId, Store, execute, one};

/// How many [`Past`] of a source are kept.
pub const PAST: i64 = 20;

/// Visits to a source in a row that went the same way; one that brought something stands alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// When the first was, seconds since 1970.
    pub since: i64,
    /// When the last was, seconds since 1970.
    pub until: i64,
    /// How many.
    pub visits: u64,
    /// Items that were new.
    pub new: u64,
    /// Items whose words had changed.
    pub revised: u64,
    /// Documents that could not be read.
    pub unreadable: u64,
    /// Requests made of its server, all visits together.
    pub requests: u64,
    /// Bytes of what that answered, decompressed, all visits together.
    pub bytes: u64,
    /// Why they failed. `None`: they did not.
    pub error: Option<String>,
}

const COLUMNS: &str = "since, until, visits, new, revised, unreadable, requests, bytes, error";

fn past(row: &Row<'_>) -> rusqlite::Result<Past> {
    Ok(Past {
        since: row.get(0)?,
        until: row.get(1)?,
        visits: row.get(2)?,
        new: row.get(3)?,
        revised: row.get(4)?,
        unreadable: row.get(5)?,
        requests: row.get(6)?,
        bytes: row.get(7)?,
        error: row.get(8)?,
    })
}

impl Past {
    fn brought(&self) -> bool {
        self.new + self.revised + self.unreadable > 0
    }
}

/// Notes a visit, and forgets the oldest.
pub(super) fn note(connection: &Connection, source: &str, visit: &Past) -> rusqlite::Result<()> {
    let Past { since, until, visits, new, revised, unreadable, requests, bytes, error } = visit;
    if !visit.brought() {
        // Where it went as it did before, which is the rule, the last row is all that is asked for.
        let sql = "UPDATE past SET until = ?2, visits = visits + ?3, requests = requests + ?4, bytes = bytes + ?5
                   WHERE source = ?1 AND number = (SELECT max(number) FROM past WHERE source = ?1)
                       AND new + revised + unreadable = 0 AND error IS ?6";
        if execute(connection, sql, params![source, until, visits, requests, bytes, error])? > 0 {
            return Ok(());
        }
    }
    let last = "SELECT max(number) FROM past WHERE source = ?1";
    let last: Option<i64> = one(connection, last, [source], |row| row.get(0))?.flatten();
    let number = last.map_or(0, |last| last + 1);
    let sql =
        format!("INSERT INTO past (source, number, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    let values = params![source, number, since, until, visits, new, revised, unreadable, requests, bytes, error];
    execute(connection, &sql, values)?;
    execute(connection, "DELETE FROM past WHERE source = ?1 AND number <= ?2", params![source, number - PAST])?;
    Ok(())
}

impl Store {
    /// The last visits to a source, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn past(&self, source: &SourceId) -> Outcome<Vec<Past>> {
        let sql = format!("SELECT {COLUMNS} FROM past WHERE source = ?1 ORDER BY number DESC");
        self.run(|connection| connection.prepare_cached(&sql)?.query_map([source.as_str()], past)?.collect())
    }

    /// Items of a channel that were published on each of the last `days` days: the last number is that of the day of `now`, seconds
    /// since 1970. Days begin `east` seconds before they do at UTC.
    ///
    /// # Errors
    /// When the database fails.
    pub fn daily(&self, channel: &str, days: usize, now: i64, east: i64) -> Outcome<Vec<u64>> {
        const DAY: i64 = 86_400;
        let today = (now + east).div_euclid(DAY);
        let first = today + 1 - i64::try_from(days).unwrap_or(i64::MAX);
        let sql = "SELECT (CAST(published AS INTEGER) + ?3) / 86400, count(*) FROM member
                   WHERE channel = (SELECT id FROM channel WHERE path = ?1) AND published >= ?2 AND published < ?4 GROUP BY 1";
        self.run(|connection| {
            let mut counts = vec![0; days];
            let mut statement = connection.prepare_cached(sql)?;
            let values = params![channel, first * DAY - east, east, (today + 1) * DAY - east];
            for row in statement.query_map(values, |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))? {
                let (day, count) = row?;
                if let Some(at) = usize::try_from(day - first).ok().and_then(|at| counts.get_mut(at)) {
                    *at = count;
                }
            }
            Ok(counts)
        })
    }
}
