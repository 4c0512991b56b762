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
            Ok((
                row.get(0)?,
                Standing { stale: row.get(1)?, made: row.get(2)?, newest: newest.map(time), has_pages: row.get(4)? },
            ))
        };
        self.run(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT path, stale, made, newest, archived > beyond FROM channel")?;
            statement.query_map([], standing)?.collect()
        })
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

#[cfg(test)]
mod tests {
    use super::super::tests::{Folder, at, entry, item, save, source};
    use super::super::{Entry, WITHDRAWN};
    use super::*;
    use crate::item::Facts;

    /// Notes that all channels are published, changes something, and tells which are not any more.
    fn stale_after(store: &mut Store, change: impl FnOnce(&mut Store)) -> Vec<String> {
        let standings = store.standings().unwrap();
        let channels = standings.keys().map(|path| (path.as_str(), [7; 16], Some(at(1)))).collect();
        store.note_pressed(&Pressed { channels, ..Pressed::default() }).unwrap();
        assert!(store.standings().unwrap().values().all(|now| !now.stale));
        change(store);
        let standings = store.standings().unwrap();
        let mut stale: Vec<String> = standings.into_iter().filter(|(_, now)| now.stale).map(|(path, _)| path).collect();
        stale.sort();
        stale
    }

    fn shown_in(facts: Facts, channels: &[&str]) -> Entry {
        let mut entry = entry(facts);
        entry.item = entry.item.map(|(item, _)| (item, channels.iter().map(|path| (*path).to_owned()).collect()));
        entry
    }

    #[test]
    fn channels_are_stale_whose_items_came_changed_or_left() {
        let folder = Folder::new();
        let mut store = folder.open();
        let mut saved = |channels: &[&str], facts: Facts| {
            stale_after(&mut store, |store| {
                store.save(&source(), &[shown_in(facts, channels)]).unwrap();
            })
        };
        let [tide, ferry] = ["tide", "ferry"].map(|name| item(name, 3));
        assert_eq!(saved(&["all", "categories/sea"], tide.clone()), ["all", "categories/sea"]);
        assert_eq!(saved(&["all", "categories/ships"], ferry), ["all", "categories/ships"]);
        assert_eq!(saved(&["all", "categories/sea"], tide.clone()), [""; 0]);
        let edited = Facts { title: "tides".to_owned(), ..tide.clone() };
        assert_eq!(saved(&["all", "categories/sea"], edited.clone()), ["all", "categories/sea"]);
        assert_eq!(saved(&["all", "categories/news"], edited.clone()), ["all", "categories/news", "categories/sea"]);
        assert_eq!(saved(&[WITHDRAWN], edited), ["all", "categories/news", WITHDRAWN]);
    }

    #[test]
    fn what_is_told_of_copies_is_stale_where_one_comes() {
        let folder = Folder::new();
        let mut store = folder.open();
        let copy = |name: &str, day: u32| Facts { twin_print: Some([5; 16]), ..item(name, day) };
        store.save(&source(), &[shown_in(copy("first", 2), &["categories/sea"])]).unwrap();
        save(&mut store, item("another", 2));
        let later = shown_in(copy("second", 9), &["categories/ships"]);
        let stale = stale_after(&mut store, |store| {
            store.save(&source(), &[later]).unwrap();
        });
        assert_eq!(stale, ["categories/sea", "categories/ships"]);
    }

    #[test]
    fn a_channel_is_as_it_was_noted() {
        let folder = Folder::new();
        let mut store = folder.open();
        save(&mut store, item("tide", 3));
        let channels = vec![("all", [1; 16], Some(at(3))), ("sources/empty", [2; 16], None)];
        store.note_pressed(&Pressed { channels, ..Pressed::default() }).unwrap();
        let standing = |stale, made, newest| Some(Standing { stale, made, newest, has_pages: false });
        let mut standings = store.standings().unwrap();
        assert_eq!(standings.remove("all"), standing(false, Some([1; 16]), Some(at(3))));
        assert_eq!(standings.remove("sources/empty"), standing(false, Some([2; 16]), None));
        assert_eq!(standings.remove("sources/harbour"), standing(true, None, None));
        assert_eq!(store.channels().unwrap().len(), 2);
        store.forget_channels(&["sources/harbour".to_owned(), "all".to_owned()]).unwrap();
        let all = store.standings().unwrap().remove("all");
        assert!(all.is_some_and(|all| !all.stale && all.made.is_none()));
    }
}
