//! Sources on the web: what was read of them, what vouches for it, and when they are due.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Row, params};

use super::{
    Entry, Fingerprint, ItemKey, Outcome, Seen, SourceId, Store, execute, key, number, one, save_entries, time,
};
use crate::document::Visits;

/// What is known of a source on the web since its last visit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upstream {
    /// The address that all of this holds for.
    pub url: String,
    /// Hash of all that decided how its entries were read and settled; behind a full stop, that of how it was asked last.
    pub rules: String,
    /// When it is visited next, seconds since 1970.
    pub due: i64,
    /// Why then, in words.
    pub reason: String,
    /// Whether the publisher demands to wait that long.
    pub demanded: bool,
    /// Visits that failed since the last answer.
    pub failures: u32,
    /// The address that gave the validators.
    pub validated: Option<String>,
    /// `ETag`, as it came.
    pub etag: Option<String>,
    /// `Last-Modified`, as it came.
    pub last_modified: Option<String>,
    /// Until when its validators are relied on, seconds since 1970: counted from when it was given, and not just said to be as it was.
    pub vouched: i64,
    /// Whether its validators stayed when something new had come.
    pub misleading: bool,
    /// Hash of the body that was read last. `None`: it was not read whole.
    pub body: Option<Fingerprint>,
    /// Entries in it.
    pub entries: u64,
    /// Where it has moved for good.
    pub moved: Option<String>,
    /// What it says of its own visits, as JSON.
    pub hints: String,
    /// What was left out or mended of it, a line each.
    pub notes: String,
    /// What was learnt of the list of a page, as JSON. Empty: nothing.
    pub list: String,
}

/// What a visit brought, to be saved.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The source.
    pub source: SourceId,
    /// Entries that are new or changed.
    pub entries: Vec<Entry>,
    /// What vouches for all of its entries.
    pub upstream: Upstream,
}

const SELECT: &str =
    "SELECT source, url, rules, due, reason, demanded, failures, validated, etag, last_modified, body, entries,
    moved, hints, notes, list, given, misleading FROM upstream";

fn upstream(row: &Row<'_>) -> rusqlite::Result<Upstream> {
    Ok(Upstream {
        url: row.get(1)?,
        rules: row.get(2)?,
        due: row.get(3)?,
        reason: row.get(4)?,
        demanded: row.get(5)?,
        failures: row.get(6)?,
        validated: row.get(7)?,
        etag: row.get(8)?,
        last_modified: row.get(9)?,
        body: row.get(10)?,
        entries: row.get(11)?,
        moved: row.get(12)?,
        hints: row.get(13)?,
        notes: row.get(14)?,
        list: row.get(15)?,
        vouched: row.get(16)?,
        misleading: row.get(17)?,
    })
}

/// What an item is called, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its key.
    pub key: ItemKey,
    /// Its title.
    pub title: String,
    /// Its address.
    pub link: Option<String>,
}

impl Store {
    /// What is known of all sources on the web, by id.
    ///
    /// # Errors
    /// When the database fails.
    pub fn upstreams(&self) -> Outcome<HashMap<String, Upstream>> {
        self.run(|connection| {
            connection.prepare_cached(SELECT)?.query_map([], |row| Ok((row.get(0)?, upstream(row)?)))?.collect()
        })
    }

    /// What is known of some sources on the web, in their order. `None`: one was never visited.
    ///
    /// # Errors
    /// When the database fails.
    pub fn upstreams_of<'a>(
        &self,
        sources: impl IntoIterator<Item = &'a SourceId>,
    ) -> Outcome<Vec<Option<Box<Upstream>>>> {
        let sql = format!("{SELECT} WHERE source = ?1");
        self.run(|connection| {
            // One transaction for all, so that the file is locked once.
            let transaction = connection.unchecked_transaction()?;
            let mut statement = transaction.prepare_cached(&sql)?;
            let mut known = |source: &SourceId| {
                statement.query_row([source.as_str()], |row| upstream(row).map(Box::new)).optional()
            };
            sources.into_iter().map(&mut known).collect()
        })
    }

    /// The languages that sources on the web say they are in, and are, by id.
    ///
    /// # Errors
    /// When the database fails.
    pub fn languages(&self) -> Outcome<HashMap<String, String>> {
        // Most say that of the site, or nothing; only what tells of one is read.
        let sql = "SELECT source, hints FROM upstream WHERE instr(hints, '\"language\":\"') > 0";
        self.run(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            let mut languages = HashMap::new();
            while let Some(row) = rows.next()? {
                let visits: Visits = serde_json::from_str(row.get_ref(1)?.as_str()?).unwrap_or_default();
                if let Some(language) = visits.language {
                    languages.insert(row.get(0)?, language);
                }
            }
            Ok(languages)
        })
    }

    /// What is known of a source on the web. `None`: it was never visited.
    ///
    /// # Errors
    /// When the database fails.
    pub fn upstream(&self, source: &SourceId) -> Outcome<Option<Upstream>> {
        let sql = format!("{SELECT} WHERE source = ?1");
        self.run(|connection| one(connection, &sql, [source.as_str()], upstream))
    }

    /// The clock was set by so much: what was is as long ago as it was, and what is due is due as long from now; but sources that
    /// are asked at certain times are due at the next, which `times` tells. What was noted behind `told_at`, which the clock told
    /// before it was set (seconds since 1970), was noted by a clock that was right, and stays.
    ///
    /// # Errors
    /// When the database fails; then nothing is moved.
    pub fn shift<'a>(&mut self, jump: i64, told_at: i64, times: impl Iterator<Item = (&'a str, i64)>) -> Outcome<()> {
        let due_at_time = "UPDATE upstream SET due = min(due - ?1, ?2) WHERE source = ?3 AND NOT demanded";
        let pings = "UPDATE ping SET noted = noted + ?1, due = due + ?1 WHERE noted <= ?2";
        let visits = "UPDATE visit SET walked = walked + ?1, succeeded = succeeded + ?1, since = since + ?1,
                          expected = CASE expected WHEN 0 THEN 0 ELSE expected + ?1 END
                      WHERE walked <= ?2";
        self.transact(|transaction| {
            execute(transaction, "UPDATE upstream SET due = due + ?1, given = given + ?1", [jump])?;
            for (source, next) in times {
                execute(transaction, due_at_time, params![jump, next, source])?;
            }
            execute(transaction, pings, (jump, told_at))?;
            execute(transaction, visits, (jump, told_at)).map(drop)
        })
    }

    /// Saves what visits brought in one transaction: items, the names they are known by, and what vouches for all of it.
    ///
    /// # Errors
    /// When the database fails; then nothing of it is saved.
    pub fn save_visits(&mut self, visits: &[Gathered]) -> Outcome<()> {
        let mut postponed = std::mem::take(&mut self.postponed);
        self.write_with(Some(&mut postponed), |transaction, ledger| {
            save_entries(transaction, ledger, visits.iter().map(|visit| (&visit.source, visit.entries.as_slice())))?;
            for Gathered { source, upstream, .. } in visits {
                let sql = "INSERT OR REPLACE INTO upstream (source, url, rules, due, reason, demanded, failures, validated, etag,
                               last_modified, body, entries, moved, hints, notes, list, given, misleading)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
                let values = params![
                    source.as_str(),
                    upstream.url,
                    upstream.rules,
                    upstream.due,
                    upstream.reason,
                    upstream.demanded,
                    upstream.failures,
                    upstream.validated,
                    upstream.etag,
                    upstream.last_modified,
                    upstream.body,
                    upstream.entries,
                    upstream.moved,
                    upstream.hints,
                    upstream.notes,
                    upstream.list,
                    upstream.vouched,
                    upstream.misleading,
                ];
                execute(transaction, sql, values)?;
            }
            Ok(())
        })?;
        self.postponed = postponed;
        Ok(())
    }

    /// What is known of the documents of a source that lie at these places. Places where none lies are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub fn seen_at<'a>(
        &self,
        source: &SourceId,
        places: impl IntoIterator<Item = &'a [u8]>,
    ) -> Outcome<HashMap<Vec<u8>, Seen>> {
        let sql = "SELECT content, item FROM document WHERE source = ?1 AND path = ?2";
        self.run(|connection| {
            let transaction = connection.unchecked_transaction()?;
            let mut seen = HashMap::new();
            // Of a source that is new there is nothing to be looked for.
            let any = "SELECT 1 FROM document WHERE source = ?1 LIMIT 1";
            if one(&transaction, any, [source.as_str()], |_| Ok(()))?.is_none() {
                return Ok(seen);
            }
            for place in places {
                let found = one(&transaction, sql, params![source.as_str(), place], |row| {
                    let item: Option<i64> = row.get(1)?;
                    Ok(Seen { content: row.get(0)?, item: item.map(key), path: place.to_vec(), ..Seen::default() })
                })?;
                seen.extend(found.map(|found| (place.to_vec(), found)));
            }
            Ok(seen)
        })
    }

    /// The items that are known by these names.
    ///
    /// # Errors
    /// When the database fails.
    pub fn aliases(&self, names: &[i64]) -> Outcome<HashMap<i64, ItemKey>> {
        self.run(|connection| {
            let transaction = connection.unchecked_transaction()?;
            let mut known = HashMap::new();
            // The names of a source lie together, and of a new one there are none.
            let any = "SELECT 1 FROM alias WHERE name BETWEEN ?1 AND ?2 LIMIT 1";
            if one(&transaction, any, params![names.iter().min(), names.iter().max()], |_| Ok(()))?.is_none() {
                return Ok(known);
            }
            for name in names {
                let found = one(&transaction, "SELECT item FROM alias WHERE name = ?1", [name], |row| row.get(0))?;
                known.extend(found.map(|item| (*name, key(item))));
            }
            Ok(known)
        })
    }

    /// When the newest items of each channel were published, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn newest(&self, channels: &[String], most: u32) -> Outcome<Vec<Vec<DateTime<Utc>>>> {
        let sql =
            "SELECT CAST(published AS INTEGER) FROM member WHERE channel = (SELECT id FROM channel WHERE path = ?1)
                   ORDER BY published DESC LIMIT ?2";
        self.run(|connection| {
            // One transaction for all, so that the file is locked once.
            let transaction = connection.unchecked_transaction()?;
            let mut statement = transaction.prepare_cached(sql)?;
            let mut newest =
                |channel| statement.query_map(params![channel, most], |row| row.get(0).map(time))?.collect();
            channels.iter().map(&mut newest).collect()
        })
    }

    /// What the newest items of a channel are called, and where they are.
    ///
    /// # Errors
    /// When the database fails.
    pub fn headings(&self, channel: &str, most: usize) -> Outcome<Vec<Heading>> {
        let sql = "SELECT item.item, item.title, item.link FROM member JOIN item ON item.item = member.item
                   WHERE member.channel = (SELECT id FROM channel WHERE path = ?1)
                   ORDER BY member.published DESC, member.item LIMIT ?2";
        self.run(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let heading = |row: &Row<'_>| Ok(Heading { key: key(row.get(0)?), title: row.get(1)?, link: row.get(2)? });
            statement.query_map(params![channel, i64::try_from(most).unwrap_or(i64::MAX)], heading)?.collect()
        })
    }

    /// The title of an item, and its address. `None`: there is no item of that key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn heading(&self, item: &str) -> Outcome<Option<(String, Option<String>)>> {
        let sql = "SELECT title, link FROM item WHERE item = ?1";
        self.run(|connection| one(connection, sql, [number(item)], |row| Ok((row.get(0)?, row.get(1)?))))
    }

    /// The robots.txt of origins, as they were kept.
    ///
    /// # Errors
    /// When the database fails.
    pub fn robots(&self) -> Outcome<BTreeMap<String, String>> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached("SELECT origin, rules FROM robots")?;
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
    }

    /// Keeps the robots.txt of origins, and forgets that of others.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_robots(&mut self, rules: &BTreeMap<String, String>, forgotten: &[&str]) -> Outcome<()> {
        if rules.is_empty() && forgotten.is_empty() {
            return Ok(());
        }
        self.transact(|transaction| {
            let keep = "INSERT OR REPLACE INTO robots (origin, rules) VALUES (?1, ?2)";
            for (origin, rules) in rules {
                execute(transaction, keep, [origin, rules])?;
            }
            let forget = "DELETE FROM robots WHERE origin = ?1";
            forgotten.iter().try_for_each(|origin| execute(transaction, forget, [origin]).map(drop))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Folder;
    use super::super::{Past, Visit};
    use super::*;

    #[test]
    fn what_is_known_of_some_sources_stands_in_their_order() {
        let folder = Folder::new();
        let mut store = folder.open();
        let visit = |id: &str| Gathered {
            source: SourceId::new(id).unwrap(),
            entries: Vec::new(),
            upstream: Upstream { due: 7, url: format!("https://{id}.example/"), ..Upstream::default() },
        };
        store.save_visits(&[visit("port"), visit("pier")]).unwrap();
        let known = store.upstreams_of(&["none", "pier", "port"].map(|id| SourceId::new(id).unwrap())).unwrap();
        let told: Vec<_> = known.iter().map(|known| known.as_ref().map(|known| known.url.as_str())).collect();
        assert_eq!(told, [None, Some("https://pier.example/"), Some("https://port.example/")]);
        store.shift(-3, 0, [("pier", 9)].into_iter()).unwrap();
        let known = store.upstreams().unwrap();
        assert_eq!((known["port"].due, known["pier"].due), (4, 7));
        store.shift(-3, 0, [("pier", 6)].into_iter()).unwrap();
        assert_eq!(store.upstreams().unwrap()["pier"].due, 6);
    }

    #[test]
    fn where_the_clock_is_set_all_is_as_far_from_now_as_it_was() {
        let folder = Folder::new();
        let mut store = folder.open();
        let visit = |source: &str, walked: i64, expected: i64| {
            let since = Some(walked);
            let visit =
                Visit { source: source.to_owned(), walked, since, expected: Some(expected), ..Visit::default() };
            (Visit { error: Some("no answer".to_owned()), ..visit }, Past::default())
        };
        // The last was noted by a clock that was right, before this one began to tell too early times.
        let visits = [visit("port", 100, 900), visit("pier", 100, 0), visit("quay", 5_000, 6_000)];
        store.note_visits(&visits, &[], 100).unwrap();
        store.note_pings(&["https://hub.example/"], &["https://news.example/all.rss".to_owned()], 90).unwrap();
        store.shift(-40, 100, std::iter::empty()).unwrap();
        let moved = store.visits().unwrap();
        let told = |id: &str| (moved[id].walked, moved[id].since, moved[id].expected);
        assert_eq!(told("port"), (60, Some(60), Some(860)));
        assert_eq!(told("pier"), (60, Some(60), Some(0)));
        assert_eq!(told("quay"), (5_000, Some(5_000), Some(6_000)));
        let ping = &store.pings().unwrap()[0];
        assert_eq!((ping.noted, ping.due), (50, 50));
    }
}
