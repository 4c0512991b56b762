//! Which channels are not published as they are now, so that a walk looks at those alone.
//!
//! A channel is `stale` from the moment that any of its items comes, goes or changes, or that a copy of one does, until all of
//! its files are in place. It becomes so in the transaction that changes it: nobody has to find out.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::{Fingerprint, Outcome, Published, Store, execute, journal, time};

/// A channel as it was when it was last published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether its items may have changed since.
    pub stale: bool,
    /// Hash of what it was made from, but for its items. `None`: it was never published whole.
    pub made: Option<Fingerprint>,
    /// The newest change in its feed. `None`: that is empty.
    pub newest: Option<DateTime<Utc>>,
    /// Whether its archive has pages.
    pub has_pages: bool,
}

/// What was put in place of some channels, all noted together.
#[derive(Debug, Default)]
pub struct Pressed<'a> {
    /// Files, and folders of archives.
    pub files: Vec<Published>,
    /// Paths of channels all pages of whose archives lie there.
    pub archives: Vec<&'a str>,
    /// Paths of channels that are published as they are now, what they were made from but for their items, and the newest
    /// change in each.
    pub channels: Vec<(&'a str, Fingerprint, Option<DateTime<Utc>>)>,
}

impl Store {
    /// The channels that ever had an item or were published, by path.
    ///
    /// # Errors
    /// When the database fails.
    pub fn standings(&self) -> Outcome<HashMap<String, Standing>> {
        let standing = |row: &Row<'_>| {
            let newest: Option<i64> = row.get(3)?;
            Ok((row.get(0)?, Standing { stale: row.get(1)?, made: row.get(2)?, newest: newest.map(time), has_pages: row.get(4)? }))
        };
        self.run(|connection| {
            let mut statement = connection.prepare_cached("SELECT path, stale, made, newest, archived > beyond FROM channel")?;
            statement.query_map([], standing)?.collect()
        })
    }

    /// Whether any channel is not published as it is now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_stale(&self) -> Outcome<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM channel WHERE stale)";
        self.run(|connection| connection.prepare_cached(sql)?.query_row([], |row| row.get(0)))
    }

    /// Notes what was put in place.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_pressed(&mut self, pressed: &Pressed<'_>) -> Outcome<()> {
        let Pressed { files, archives, channels } = pressed;
        if files.is_empty() && archives.is_empty() && channels.is_empty() {
            return Ok(());
        }
        self.transact(|transaction| {
            journal::note(transaction, files)?;
            let sql = "DELETE FROM renumbered WHERE channel = (SELECT id FROM channel WHERE path = ?1)";
            archives.iter().try_for_each(|channel| execute(transaction, sql, [channel]).map(drop))?;
            let sql = "INSERT INTO channel (path, items, stale, made, newest) VALUES (?1, 0, 0, ?2, ?3)
                       ON CONFLICT (path) DO UPDATE SET stale = 0, made = excluded.made, newest = excluded.newest";
            channels.iter().try_for_each(|(path, made, newest)| {
                execute(transaction, sql, params![path, made, newest.map(|newest| newest.timestamp())]).map(drop)
            })
        })
    }

    /// Notes that channels which are not published any more are not there to be looked at.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_channels(&mut self, paths: &[String]) -> Outcome<()> {
        if paths.is_empty() {
            return Ok(());
        }
        let sql = "UPDATE channel SET stale = 0, made = NULL WHERE path = ?1";
        self.transact(|transaction| paths.iter().try_for_each(|path| execute(transaction, sql, [path]).map(drop)))
    }
}
