//! What was published when, and how each source was last.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::batch::{perhaps, write};
use super::incident::{self, Finding};
use super::past::{self, Past};
use super::{Fingerprint, Outcome, Store, execute, one};

/// A published file, or folder of an archive: what it was made from, and what it looked like when it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Path below the publish directory.
    pub path: String,
    /// Hash of all that it was made from.
    pub signature: Fingerprint,
    /// Size, bytes.
    pub size: u64,
    /// Time of last modification, nanoseconds since 1970.
    pub modified: i64,
}

/// What the last walk said of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// The source.
    pub source: String,
    /// When it was last walked, seconds since 1970.
    pub walked: i64,
    /// When that last went well, seconds since 1970. `None`: never.
    pub succeeded: Option<i64>,
    /// Documents found when it last went well.
    pub documents: u64,
    /// What went wrong in the last walk.
    pub error: Option<String>,
    /// Since when it goes wrong, seconds since 1970.
    pub since: Option<i64>,
    /// When something new should have come, seconds since 1970: 0 where too little is known to tell. `None`: what was known
    /// holds.
    pub expected: Option<i64>,
}

const SELECT: &str = "SELECT source, walked, succeeded, documents, error, since, expected FROM visit";

fn visit(row: &Row<'_>) -> rusqlite::Result<(String, Visit)> {
    let source: String = row.get(0)?;
    let documents: i64 = row.get(3)?;
    let documents = documents.cast_unsigned();
    let (walked, succeeded, error) = (row.get(1)?, row.get(2)?, row.get(4)?);
    let (since, expected) = (row.get(5)?, row.get(6)?);
    Ok((source.clone(), Visit { source, walked, succeeded, documents, error, since, expected }))
}

/// Notes what was published.
pub(super) fn note(connection: &Connection, files: &[Published]) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO published (path, signature, size, modified) VALUES (?1, ?2, ?3, ?4)";
    files.iter().try_for_each(|Published { path, signature, size, modified }| {
        execute(connection, sql, params![path, signature, size.cast_signed(), modified]).map(drop)
    })
}

fn published(row: &Row<'_>) -> rusqlite::Result<Published> {
    let size: i64 = row.get(2)?;
    Ok(Published { path: row.get(0)?, signature: row.get(1)?, size: size.cast_unsigned(), modified: row.get(3)? })
}

impl Store {
    /// All files that were published as part of a channel or of the whole.
    ///
    /// # Errors
    /// When the database fails.
    pub fn published(&self) -> Outcome<HashMap<String, Published>> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached("SELECT path, signature, size, modified FROM published")?;
            let files: Vec<Published> = statement.query_map([], published)?.collect::<Result<_, _>>()?;
            // Room for all at once: to grow is to begin anew.
            Ok(files.into_iter().map(|file| (file.path.clone(), file)).collect())
        })
    }

    /// Those of some files that were published.
    ///
    /// # Errors
    /// When the database fails.
    pub fn published_at(&self, paths: &[String]) -> Outcome<HashMap<String, Published>> {
        let sql = "SELECT path, signature, size, modified FROM published WHERE path = ?1";
        self.run(|connection| {
            let transaction = connection.unchecked_transaction()?;
            let mut found = HashMap::with_capacity(paths.len());
            for path in paths {
                found.extend(one(&transaction, sql, [path], published)?.map(|file| (path.clone(), file)));
            }
            Ok(found)
        })
    }

    /// Notes what was published and what was taken away.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_published(&mut self, files: &[Published], gone: &[String]) -> Outcome<()> {
        self.transact(|transaction| {
            note(transaction, files)?;
            for path in gone {
                execute(transaction, "DELETE FROM published WHERE path = ?1", [path])?;
            }
            Ok(())
        })
    }

    /// Notes what a walk said of sources, what each visit brought, and the trouble that it shows. An error holds since it was first met.
    ///
    /// # Errors
    /// When the database fails; then nothing of it is noted.
    pub fn note_visits(&mut self, visits: &[(Visit, Past)], findings: &[Finding], now: i64) -> Outcome<()> {
        let head = "INSERT INTO visit (source, walked, succeeded, documents, error, since, expected)";
        let tail = "ON CONFLICT (source) DO UPDATE SET walked = excluded.walked,
                       succeeded = ifnull(excluded.succeeded, succeeded),
                       documents = CASE WHEN excluded.error IS NULL THEN excluded.documents ELSE documents END, error = excluded.error,
                       expected = ifnull(excluded.expected, expected),
                       since = CASE WHEN excluded.error IS NULL THEN NULL ELSE ifnull(since, excluded.since) END";
        self.transact(|transaction| {
            write(transaction, head, tail, visits, |(visit, _)| {
                let Visit { source, walked, succeeded, documents, error, since, expected } = visit;
                [
                    source.as_str().into(),
                    (*walked).into(),
                    perhaps(*succeeded),
                    documents.cast_signed().into(),
                    perhaps(error.as_deref()),
                    perhaps(*since),
                    perhaps(*expected),
                ]
            })?;
            for (visit, past) in visits {
                past::note(transaction, &visit.source, past)?;
            }
            incident::judge(transaction, findings, now)
        })
    }

    /// What the last walk said of each source, by id.
    ///
    /// # Errors
    /// When the database fails.
    pub fn visits(&self) -> Outcome<HashMap<String, Visit>> {
        self.run(|connection| connection.prepare_cached(SELECT)?.query_map([], visit)?.collect())
    }

    /// What the last walk said of these sources, in their order. `None`: one was never walked.
    ///
    /// # Errors
    /// When the database fails.
    pub fn visits_of<'a>(&self, sources: impl IntoIterator<Item = &'a str>) -> Outcome<Vec<Option<Visit>>> {
        let sql = format!("{SELECT} WHERE source = ?1");
        self.run(|connection| {
            // One transaction for all, so that the file is locked once.
            let transaction = connection.unchecked_transaction()?;
            let mut statement = transaction.prepare_cached(&sql)?;
            let mut known = |source| statement.query_row([source], |row| Ok(visit(row)?.1)).optional();
            sources.into_iter().map(&mut known).collect()
        })
    }

    /// What the last walk said of those sources that fail, in the order of their ids.
    ///
    /// # Errors
    /// When the database fails.
    pub fn failing_visits(&self) -> Outcome<Vec<Visit>> {
        let sql = format!("{SELECT} INDEXED BY visit_error WHERE error IS NOT NULL ORDER BY source");
        self.run(|connection| connection.prepare_cached(&sql)?.query_map([], |row| Ok(visit(row)?.1))?.collect())
    }
}
