//! Trouble that began and ended: with a source, or with the whole.

use std::fmt;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row, Transaction, params};

use super::{Outcome, Store, execute};

/// Incidents that are over and kept: the newest ones.
const KEPT: i64 = 10_000;

/// Trouble that began, and may be over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its number, from 1 on, given once.
    pub number: i64,
    /// The source. Empty: it is the whole that is in trouble.
    pub source: String,
    /// What kind of trouble.
    pub kind: Kind,
    /// Since when, seconds since 1970.
    pub opened: i64,
    /// When it was over, seconds since 1970. `None`: it is not.
    pub closed: Option<i64>,
    /// What was last said of it.
    pub text: String,
    /// Who was alerted of it.
    pub told: Told,
}

/// A kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A source does not answer, or not with what it should.
    Failing,
    /// The list of a page is gone, and it was set aside.
    Quarantined,
    /// Nothing new came from a source for much longer than usual.
    Stale,
    /// Feeds cannot be published.
    Publishing,
    /// The store was damaged, and something is lost.
    Store,
    /// The configuration is refused, or a part of it waits for a restart.
    Configuration,
    /// Nothing can be stored. What is open of it is in the memory of the daemon, for it cannot be stored either.
    Writing,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Failing,
        Self::Quarantined,
        Self::Stale,
        Self::Publishing,
        Self::Store,
        Self::Configuration,
        Self::Writing,
    ];

    /// Its name, for machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Quarantined => "quarantined",
            Self::Stale => "stale",
            Self::Publishing => "publishing",
            Self::Store => "store",
            Self::Configuration => "configuration",
            Self::Writing => "writing",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl ToSql for Kind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for Kind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(FromSqlError::InvalidType)
    }
}

/// How much of an incident somebody was alerted of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// Nothing yet.
    Nothing,
    /// That it began.
    Opening,
    /// All there is to tell.
    All,
}

/// Whether there is a certain trouble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The source. Empty: the whole.
    pub source: String,
    /// What kind of trouble.
    pub kind: Kind,
    /// What is to be said of it. `None`: there is no such trouble, or no more.
    pub text: Option<String>,
}

const SELECT: &str = "SELECT number, source, kind, opened, closed, text, told FROM incident";

fn incident(row: &Row<'_>) -> rusqlite::Result<Incident> {
    let told = match row.get(6)? {
        0 => Told::Nothing,
        1 => Told::Opening,
        _ => Told::All,
    };
    Ok(Incident {
        number: row.get(0)?,
        source: row.get(1)?,
        kind: row.get(2)?,
        opened: row.get(3)?,
        closed: row.get(4)?,
        text: row.get(5)?,
        told,
    })
}

/// Opens and closes incidents after what was found at `now`. One that is open is not opened again, but its words follow.
pub(super) fn judge(connection: &Connection, findings: &[Finding], now: i64) -> rusqlite::Result<()> {
    for Finding { source, kind, text } in findings {
        if let Some(text) = text {
            let sql = "INSERT INTO incident (source, kind, opened, text) VALUES (?1, ?2, ?3, ?4)
                       ON CONFLICT (source, kind) WHERE closed IS NULL DO UPDATE SET text = excluded.text";
            execute(connection, sql, params![source, kind, now, text])?;
        } else {
            let sql = "UPDATE incident SET closed = ?3 WHERE source = ?1 AND kind = ?2 AND closed IS NULL";
            execute(connection, sql, params![source, kind, now])?;
        }
    }
    Ok(())
}

impl Store {
    /// Opens and closes incidents after what was found at `now`, seconds since 1970. One that is open is not opened again,
    /// but its words follow.
    ///
    /// # Errors
    /// When the database fails.
    pub fn judge(&mut self, findings: &[Finding], now: i64) -> Outcome<()> {
        if findings.is_empty() {
            return Ok(());
        }
        self.transact(|transaction| judge(transaction, findings, now))
    }

    /// Notes an incident that nothing could be noted of while it lasted, and that is over at `now`, seconds since 1970.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_over(&mut self, incident: &Incident, now: i64) -> Outcome<()> {
        let Incident { source, kind, opened, text, told, .. } = incident;
        let sql = "INSERT INTO incident (source, kind, opened, closed, text, told) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let row = params![source, kind, opened, now, text, number(*told)];
        self.transact(|transaction| execute(transaction, sql, row).map(drop))
    }

    /// The newest incidents that were opened, or closed, from `since` on (seconds since 1970), or are open: `most` at most,
    /// the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn incidents(&self, since: i64, most: usize) -> Outcome<Vec<Incident>> {
        let sql = format!("{SELECT} WHERE closed IS NULL OR closed >= ?1 ORDER BY number DESC LIMIT ?2");
        self.run(|connection| {
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            connection.prepare_cached(&sql)?.query_map(params![since, most], incident)?.collect()
        })
    }

    /// The incidents that are open, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn open_incidents(&self) -> Outcome<Vec<Incident>> {
        let sql = format!("{SELECT} INDEXED BY incident_open WHERE closed IS NULL ORDER BY number");
        self.run(|connection| connection.prepare_cached(&sql)?.query_map([], incident)?.collect())
    }

    /// The incidents that somebody has still to be alerted of, the oldest first: `most` at most.
    ///
    /// # Errors
    /// When the database fails.
    pub fn untold_incidents(&self, most: usize) -> Outcome<Vec<Incident>> {
        let sql = format!(
            "{SELECT} INDEXED BY incident_untold WHERE told < 2 AND (told = 0 OR closed IS NOT NULL) ORDER BY number LIMIT ?1"
        );
        self.run(|connection| {
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            connection.prepare_cached(&sql)?.query_map([most], incident)?.collect()
        })
    }

    /// Notes that nobody is to be alerted of what is over.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pass_over_closed(&mut self) -> Outcome<()> {
        let sql = "UPDATE incident INDEXED BY incident_untold SET told = 2 WHERE told < 2 AND closed IS NOT NULL";
        self.transact(|transaction| {
            execute(transaction, sql, [])?;
            forget(transaction)
        })
    }

    /// Notes how much of incidents was told: number, and how much. Old ones that are over and told are forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_told(&mut self, told: &[(i64, Told)]) -> Outcome<()> {
        if told.is_empty() {
            return Ok(());
        }
        self.transact(|transaction| {
            for (number, told) in told {
                let sql = "UPDATE incident SET told = ?2 WHERE number = ?1";
                execute(transaction, sql, params![number, self::number(*told)])?;
            }
            forget(transaction)
        })
    }
}

/// How much was told, as the table has it.
fn number(told: Told) -> i64 {
    match told {
        Told::Nothing => 0,
        Told::Opening => 1,
        Told::All => 2,
    }
}

/// Forgets those that are over and told, but for the last.
fn forget(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let sql = "DELETE FROM incident WHERE number <= (SELECT max(number) FROM incident) - ?1 AND told = 2 AND closed IS NOT NULL";
    execute(transaction, sql, [KEPT]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::Folder;

    fn finding(source: &str, kind: Kind, text: Option<&str>) -> Finding {
        Finding { source: source.to_owned(), kind, text: text.map(str::to_owned) }
    }

    #[test]
    fn trouble_is_opened_once_and_closed_once() {
        let folder = Folder::new();
        let mut store = folder.open();
        let fails = |text| [finding("quay", Kind::Failing, Some(text))];
        store.judge(&fails("one"), 10).unwrap();
        store.judge(&fails("two"), 20).unwrap();
        store.judge(&[finding("quay", Kind::Stale, Some("silent")), finding("pier", Kind::Failing, None)], 30).unwrap();
        let seen = |store: &Store| -> Vec<(i64, Kind, i64, Option<i64>, String)> {
            let of =
                |incident: Incident| (incident.number, incident.kind, incident.opened, incident.closed, incident.text);
            store.incidents(0, 9).unwrap().into_iter().map(of).collect()
        };
        let silent = (2, Kind::Stale, 30, None, "silent".to_owned());
        assert_eq!(seen(&store), [silent.clone(), (1, Kind::Failing, 10, None, "two".to_owned())]);
        store.judge(&[finding("quay", Kind::Failing, None)], 40).unwrap();
        store.judge(&[finding("quay", Kind::Failing, None)], 50).unwrap();
        store.judge(&fails("three"), 60).unwrap();
        let first = (1, Kind::Failing, 10, Some(40), "two".to_owned());
        assert_eq!(seen(&store), [(3, Kind::Failing, 60, None, "three".to_owned()), silent, first]);
        // What was over before is left out, and so is what there is no room for.
        assert_eq!(store.incidents(41, 9).unwrap().len(), 2);
        assert_eq!(store.incidents(0, 1).unwrap()[0].number, 3);
        assert_eq!(store.open_incidents().unwrap().iter().map(|open| open.number).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn what_nobody_was_told_of_is_told() {
        let folder = Folder::new();
        let mut store = folder.open();
        store
            .judge(&[finding("quay", Kind::Failing, Some("one")), finding("pier", Kind::Failing, Some("one"))], 10)
            .unwrap();
        let untold =
            |store: &Store| store.untold_incidents(9).unwrap().iter().map(|one| one.number).collect::<Vec<_>>();
        assert_eq!(untold(&store), [1, 2]);
        store.note_told(&[(1, Told::Opening)]).unwrap();
        assert_eq!(untold(&store), [2]);
        store.judge(&[finding("quay", Kind::Failing, None)], 20).unwrap();
        assert_eq!(untold(&store), [1, 2]);
        store.note_told(&[(1, Told::All)]).unwrap();
        assert_eq!(untold(&store), [2]);
        store.pass_over_closed().unwrap();
        assert_eq!(untold(&store), [2]);
        store.judge(&[finding("pier", Kind::Failing, None)], 30).unwrap();
        store.pass_over_closed().unwrap();
        assert_eq!(untold(&store), Vec::<i64>::new());
    }

    #[test]
    fn old_incidents_that_are_over_are_forgotten() {
        let folder = Folder::new();
        let mut store = folder.open();
        store.judge(&[finding("pier", Kind::Failing, Some("one"))], 1).unwrap();
        store
            .transact(|transaction| {
                let sql = "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10500)
                           INSERT INTO incident (number, source, kind, opened, closed, text, told)
                           SELECT i, 'quay', 'failing', i, i, '', 2 FROM n";
                execute(transaction, sql, []).map(drop)
            })
            .unwrap();
        store.note_told(&[(1, Told::Opening)]).unwrap();
        let left = store.incidents(0, 20_000).unwrap();
        // The one that is open stays.
        assert_eq!((left.len(), left.last().unwrap().number), (10_001, 1));
    }
}
