//! Which items of a channel stand on its archive pages, and in which order (RFC 5005 §4).
//!
//! Items that a channel does not show in its feed are numbered from 1 on, as they come: whatever comes later, and however
//! it is dated, has a higher number. `member.number` is that number; 0 stands for the feed itself, and for what has just
//! come; `NULL` for what is older than the archive reaches back. No item changes its number, and none gets that of another:
//! where one leaves, its page has one fewer.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, Transaction, params};

use super::rank::{AT, AT_OF_ITEM, seconds};
use super::record::Record;
use super::{ItemKey, Outcome, Store, batch, bearer, execute, key, next_change, one, record, set_meta, time};
use crate::source::SourceId;

/// Open pages that stay published: whoever has read a feed then still finds the page that it leads to.
const KEPT_OPEN: usize = 8;

/// Name of the change of the store up to which channels are archived.
const ARCHIVED: &str = "archived";

/// How a channel is divided between its feed and its archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Division {
    /// Newest items that its feed shows.
    pub feed: usize,
    /// Items that its archive reaches back, and the rest of a page. 0: there is none.
    pub archive: usize,
    /// Items of a full page.
    pub page: usize,
}

/// The archive of a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    /// Items that the feed of the channel shows, at most.
    pub feed: usize,
    /// The last number that it gave: its last item, unless that has left.
    pub last: usize,
    /// Number of the last item that it does not reach back to: a multiple of the items of a page. That of the last item:
    /// it is empty.
    pub beyond: usize,
    /// Numbers of the last items of pages that are not full, but stay published, in order.
    pub open: Vec<usize>,
    /// Numbers whose items came, went or changed since [`Store::note_pressed`].
    pub changed: BTreeSet<usize>,
    /// Numbers of the last items of pages that are not published any more.
    pub dropped: Vec<usize>,
}

/// The [place](super::rank) of an item and its key as a number: where it stands in a channel.
pub(super) type Position = (i64, i64);

/// What has changed in channels since they were archived, by the paths of the channels.
#[derive(Debug, Default)]
pub struct Arrivals(HashMap<String, Vec<Position>>);

/// A channel while its archive is brought up to date.
struct Numbering<'a> {
    transaction: &'a Transaction<'a>,
    channel: i64,
    archive: Archive,
}

impl Store {
    /// What has changed since [`Self::set_archived`] in channels that have an archive already.
    ///
    /// # Errors
    /// When the database fails.
    pub fn arrivals(&self) -> Outcome<Arrivals> {
        let Some(done) = self.meta(ARCHIVED)?.and_then(|change| change.parse::<i64>().ok()) else {
            return Ok(Arrivals::default());
        };
        self.run(|connection| {
            let sql = format!("SELECT item, {AT_OF_ITEM}, channels, hidden FROM item WHERE change > ?1");
            let mut arrivals = Arrivals::default();
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query([done])?;
            while let Some(row) = rows.next()? {
                let (item, at) = (row.get(0)?, row.get(1)?);
                let (channels, hidden) = (row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str()?);
                for channel in record::shown(channels, hidden) {
                    match arrivals.0.get_mut(channel) {
                        Some(items) => items.push((at, item)),
                        None => drop(arrivals.0.insert(channel.to_owned(), vec![(at, item)])),
                    }
                }
            }
            Ok(arrivals)
        })
    }

    /// Notes that all channels are archived up to a change.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_archived(&mut self, change: i64) -> Outcome<()> {
        self.transact(|transaction| {
            bearer::all_are_out(transaction)?;
            set_meta(transaction, ARCHIVED, &change.to_string())
        })
    }

    /// Brings the archives of channels up to date: what their feeds do not show any more, or never will, goes to the end of
    /// the archive, in the order of its dates.
    ///
    /// # Errors
    /// When the database fails.
    pub fn archive(&mut self, channels: &[(&str, Division)], arrivals: &Arrivals) -> Outcome<Vec<Archive>> {
        self.transact(|transaction| {
            // A walk may break off before it has divided all channels: what comes then has come since now.
            let sql = "INSERT OR IGNORE INTO meta (name, value) VALUES (?1, ?2)";
            execute(transaction, sql, [ARCHIVED, &next_change(transaction)?.to_string()])?;
            channels.iter().map(|(path, division)| archive(transaction, path, *division, arrivals)).collect()
        })
    }

    /// Takes the items of a source out of all channels that were published before a time, or that are older than so many
    /// others of it. They stay known, so that none of them is new again, and no copy of one is. `None`: that does not matter. Returns
    /// whether there were any.
    ///
    /// # Errors
    /// When the database fails.
    pub fn retire(&mut self, source: &SourceId, oldest: Option<DateTime<Utc>>, most: Option<usize>) -> Outcome<bool> {
        let channel = format!("sources/{source}");
        let before =
            "SELECT item FROM member WHERE channel = (SELECT id FROM channel WHERE path = ?1) AND published < ?2";
        let beside = "SELECT item FROM member WHERE channel = (SELECT id FROM channel WHERE path = ?1)
                      ORDER BY published, item DESC
                      LIMIT max(0, ifnull((SELECT items FROM channel WHERE path = ?1), 0) - ?2)";
        let oldest = oldest.map(|oldest| (before, oldest.timestamp()));
        let most = most.map(|most| (beside, i64::try_from(most).unwrap_or(i64::MAX)));
        let mut old: BTreeSet<i64> = BTreeSet::new();
        self.run(|connection| {
            for (sql, limit) in oldest.into_iter().chain(most) {
                let mut statement = connection.prepare_cached(sql)?;
                for item in statement.query_map(params![channel, limit], |row| row.get(0))? {
                    old.insert(item?);
                }
            }
            Ok(())
        })?;
        if old.is_empty() {
            return Ok(false);
        }
        self.write(|transaction, ledger| {
            let sql = format!("{} WHERE item = ?1", record::SELECT);
            for item in old {
                if let Some(record) = one(transaction, &sql, [item], Record::from_row)? {
                    record.retire(transaction, ledger)?;
                }
            }
            Ok(true)
        })
    }

    /// Notes that the feed of a channel is full with so many items, until that is found out anew: [`Self::limited`].
    ///
    /// # Errors
    /// When the database fails.
    pub fn limit_feed(&mut self, channel: &str, items: usize) -> Outcome<()> {
        let sql = "UPDATE channel SET shown = ?2 WHERE path = ?1";
        self.transact(|transaction| execute(transaction, sql, params![channel, items]).map(drop))
    }

    /// The archive of a channel as it was left, with what its feed has room for. `None`: there is room for so many items.
    ///
    /// # Errors
    /// When the database fails.
    pub fn limited(&self, channel: &str, most: usize) -> Outcome<Option<Archive>> {
        let sql = "SELECT shown, archived, beyond FROM channel WHERE path = ?1 AND shown < ?2";
        let archive = |row: &Row<'_>| {
            Ok(Archive { feed: row.get(0)?, last: row.get(1)?, beyond: row.get(2)?, ..Archive::default() })
        };
        self.run(|connection| one(connection, sql, params![channel, most], archive))
    }

    /// When the last item of a channel was published whose number is not above another. `None`: there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn archived_at(&self, channel: &str, number: usize) -> Outcome<Option<DateTime<Utc>>> {
        let sql =
            "SELECT CAST(published AS INTEGER) FROM member WHERE channel = (SELECT id FROM channel WHERE path = ?1)
                   AND number <= ?2 ORDER BY number DESC LIMIT 1";
        self.run(|connection| one(connection, sql, params![channel, number], |row| row.get(0).map(time)))
    }

    /// The items of a channel whose numbers are in a range, the last one first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn archived(&self, channel: &str, numbers: std::ops::RangeInclusive<usize>) -> Outcome<Vec<ItemKey>> {
        let sql = "SELECT item FROM member WHERE channel = (SELECT id FROM channel WHERE path = ?1)
                   AND number BETWEEN ?2 AND ?3 ORDER BY number DESC";
        self.run(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            statement
                .query_map(params![channel, numbers.start().max(&1), numbers.end()], |row| Ok(key(row.get(0)?)))?
                .collect()
        })
    }
}

fn archive(
    transaction: &Transaction<'_>,
    path: &str,
    division: Division,
    arrivals: &Arrivals,
) -> rusqlite::Result<Archive> {
    let Division { feed, archive, page } = division;
    let sql = "SELECT id, division, archived, beyond, shown FROM channel WHERE path = ?1";
    let columns = |row: &Row<'_>| {
        let known = Archive { last: row.get(2)?, beyond: row.get(3)?, ..Archive::default() };
        Ok((row.get(0)?, row.get::<_, String>(1)?, known, row.get::<_, Option<usize>>(4)?))
    };
    let Some((channel, divided, known, shown)) = one(transaction, sql, [path], columns)? else {
        return Ok(Archive { feed, ..Archive::default() });
    };
    let before = (known.last, known.beyond);
    let (written, is_new) = (format!("{division:?}"), divided != format!("{division:?}"));
    let feed = shown.filter(|_| !is_new).map_or(feed, |shown| shown.min(feed));
    let mut numbering = Numbering { transaction, channel, archive: Archive { feed, ..known } };
    if is_new {
        numbering.clear()?;
    }
    if archive > 0 {
        numbering.divide(is_new.then_some(archive), arrivals.0.get(path).map(Vec::as_slice).unwrap_or_default())?;
        numbering.settle(archive, page, is_new)?;
    }
    let Archive { last, beyond, .. } = numbering.archive;
    if is_new || (last, beyond) != before {
        let sql = "UPDATE channel SET division = ?2, archived = ?3, beyond = ?4 WHERE id = ?1";
        execute(transaction, sql, params![channel, written, last, beyond])?;
    }
    Ok(numbering.archive)
}

impl Numbering<'_> {
    /// Forgets all numbers.
    fn clear(&mut self) -> rusqlite::Result<()> {
        self.archive = Archive { feed: self.archive.feed, ..Archive::default() };
        for sql in [
            "UPDATE channel SET shown = NULL WHERE id = ?1",
            "UPDATE member SET number = NULL WHERE channel = ?1 AND number IS NOT NULL",
            "DELETE FROM open_page WHERE channel = ?1",
            "DELETE FROM renumbered WHERE channel = ?1",
        ] {
            execute(self.transaction, sql, [self.channel])?;
        }
        Ok(())
    }

    /// Numbers what is new. `first`: how many items at most, as nothing has a number yet.
    fn divide(&mut self, first: Option<usize>, arrivals: &[Position]) -> rusqlite::Result<()> {
        let feed = self.archive.feed;
        let shown = self.window(feed, 0)?;
        let mut moving: Vec<Position> = match first {
            Some(most) => self.window(most, feed)?.into_iter().map(|(member, _)| member).collect(),
            None => Vec::new(),
        };
        if let Some((last, _)) = shown.last()
            && shown.iter().any(|(_, number)| *number != Some(0))
        {
            self.archive.changed.extend(shown.iter().filter_map(|(_, number)| *number).filter(|number| *number > 0));
            self.clear_numbers(*last)?;
        }
        if first.is_none() {
            let shown: BTreeSet<Position> = shown.into_iter().map(|(member, _)| member).collect();
            let sql = format!("SELECT {AT}, item FROM member WHERE channel = ?1 AND number = 0");
            let pair = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let were: Vec<Position> =
                self.transaction.prepare_cached(&sql)?.query_map([self.channel], pair)?.collect::<Result<_, _>>()?;
            moving.extend(were.into_iter().filter(|member| !shown.contains(member)));
            for member in arrivals.iter().filter(|member| !shown.contains(member)) {
                self.archive.changed.extend(self.number(*member)?.filter(|number| *number > 0));
            }
        }
        moving.sort_unstable_by_key(|(at, item)| (*at, std::cmp::Reverse(*item)));
        let numbered: Vec<(Position, usize)> = moving.into_iter().zip(self.archive.last + 1..).collect();
        // What fails is rolled back as a whole: a statement that undid itself would first copy each page that it changes.
        let head = "INSERT OR FAIL INTO member (channel, published, item, number)";
        let tail = "ON CONFLICT (channel, published, item) DO UPDATE SET number = excluded.number";
        let channel = self.channel;
        batch::write(self.transaction, head, tail, &numbered, |((at, item), number)| {
            [channel.into(), seconds(*at).into(), (*item).into(), batch::perhaps(i64::try_from(*number).ok())]
        })?;
        self.archive.last += numbered.len();
        if first.is_none() {
            self.archive.changed.extend(numbered.iter().map(|(_, number)| *number));
        }
        Ok(())
    }

    /// So many members behind so many others, the newest first, with their numbers.
    fn window(&self, most: usize, from: usize) -> rusqlite::Result<Vec<(Position, Option<usize>)>> {
        let end = from.saturating_add(most);
        let limit = i64::try_from(end).unwrap_or(i64::MAX);
        let member = |row: &Row<'_>| Ok(((row.get(0)?, row.get(1)?), row.get(2)?));
        // Backwards as the table is: to have it put in order takes longer than to turn round what has one time.
        let sql = format!(
            "SELECT {AT}, item, number FROM member WHERE channel = ?1 ORDER BY published DESC, item DESC LIMIT ?2"
        );
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let mut members: Vec<(Position, Option<usize>)> =
            statement.query_map(params![self.channel, limit], member)?.collect::<Result<_, _>>()?;
        let last = members.last().filter(|_| members.len() == end).map(|((at, _), _)| *at);
        if let Some(last) = last {
            // More may have this time, and those that come first: they may be very many.
            members.truncate(members.partition_point(|((at, _), _)| *at > last));
        }
        members.chunk_by_mut(|((one, _), _), ((other, _), _)| one == other).for_each(<[_]>::reverse);
        if let Some(last) = last {
            let sql = format!(
                "SELECT {AT}, item, number FROM member WHERE channel = ?1 AND published = ?2 ORDER BY item LIMIT ?3"
            );
            let mut statement = self.transaction.prepare_cached(&sql)?;
            for member in statement.query_map(params![self.channel, seconds(last), end - members.len()], member)? {
                members.push(member?);
            }
        }
        members.drain(..from.min(members.len()));
        Ok(members)
    }

    /// Finds out which pages there are now.
    fn settle(&mut self, most: usize, page: usize, is_new: bool) -> rusqlite::Result<()> {
        let sql = "SELECT number FROM renumbered WHERE channel = ?1";
        let known = numbers(self.transaction, sql, self.channel)?;
        self.archive.changed.extend(&known);
        if is_new || !self.archive.changed.is_empty() {
            self.reach(most, page)?;
        }
        let archive = &mut self.archive;
        let was = numbers(self.transaction, "SELECT number FROM open_page WHERE channel = ?1", self.channel)?;
        let mut open = was.clone();
        open.extend((!archive.last.is_multiple_of(page)).then_some(archive.last));
        open.retain(|number| *number > archive.beyond);
        while open.len() > KEPT_OPEN {
            open.pop_first();
        }
        for number in was.iter().filter(|number| !open.contains(number)) {
            execute(
                self.transaction,
                "DELETE FROM open_page WHERE channel = ?1 AND number = ?2",
                params![self.channel, number],
            )?;
            archive.dropped.push(*number);
        }
        if !archive.dropped.is_empty() {
            // Should they not be taken away now, the next walk finds the folder other than it was noted.
            let sql = "UPDATE published SET modified = 0
                       WHERE path = 'archive/' || (SELECT path FROM channel WHERE id = ?1)";
            execute(self.transaction, sql, [self.channel])?;
        }
        for number in open.iter().filter(|number| !was.contains(number)) {
            execute(
                self.transaction,
                "INSERT INTO open_page (channel, number) VALUES (?1, ?2)",
                params![self.channel, number],
            )?;
            archive.changed.insert(*number);
        }
        archive.open = open.into_iter().collect();
        for number in archive.changed.difference(&known) {
            execute(self.transaction, RENUMBERED, params![self.channel, number])?;
        }
        Ok(())
    }

    /// Finds out how far it reaches back.
    fn reach(&mut self, most: usize, page: usize) -> rusqlite::Result<()> {
        let first = self.first(most)?;
        let archive = &mut self.archive;
        let was = archive.beyond;
        if first.is_none() {
            // The next item begins a page.
            archive.last = archive.last.next_multiple_of(page);
        }
        archive.beyond = first.map_or(archive.last, |first| first.saturating_sub(1) / page * page);
        let (least, most) = (was.min(archive.beyond), was.max(archive.beyond));
        let between = (least / page + 1..=most / page).map(|number| number * page);
        if archive.beyond > was {
            archive.dropped.extend(between);
        } else {
            archive.changed.extend(between);
        }
        if archive.beyond != was {
            // The page that was or is the first one leads somewhere else now.
            archive.changed.insert(most + 1);
        }
        Ok(())
    }

    /// Number of the first of the last items, so many at most. `None`: there are none.
    fn first(&self, most: usize) -> rusqlite::Result<Option<usize>> {
        let sql = "SELECT min(number) FROM (SELECT number FROM member WHERE channel = ?1 AND number > 0
                   ORDER BY number DESC LIMIT ?2)";
        one(self.transaction, sql, params![self.channel, most], |row| row.get(0)).map(Option::flatten)
    }

    /// The number of a member. `None`: it is none, or has none.
    fn number(&self, (at, item): Position) -> rusqlite::Result<Option<usize>> {
        let sql = "SELECT number FROM member WHERE channel = ?1 AND published = ?2 AND item = ?3";
        one(self.transaction, sql, params![self.channel, seconds(at), item], |row| row.get(0)).map(Option::flatten)
    }

    /// Gives a member and all in front of it the number 0: by one statement, for in a first walk they are as many as the feed has.
    fn clear_numbers(&self, (at, item): Position) -> rusqlite::Result<()> {
        let sql = "UPDATE member SET number = 0 WHERE channel = ?1 AND number IS NOT 0
                   AND published >= ?2 AND (published > ?2 OR item <= ?3)";
        execute(self.transaction, sql, params![self.channel, seconds(at), item]).map(drop)
    }
}

/// The number that new members of a channel begin with. Where it is divided already, they wait with the feed for theirs.
pub(super) fn first_number(transaction: &Transaction<'_>, channel: i64) -> rusqlite::Result<Option<i64>> {
    one(transaction, "SELECT 0 FROM channel WHERE id = ?1 AND division <> ''", [channel], |row| row.get(0))
}

const RENUMBERED: &str = "INSERT OR IGNORE INTO renumbered (channel, number) VALUES (?1, ?2)";

/// The numbers that a query has for a channel.
fn numbers(connection: &Connection, sql: &str, channel: i64) -> rusqlite::Result<BTreeSet<usize>> {
    connection.prepare_cached(sql)?.query_map([channel], |row| row.get(0))?.collect()
}

/// Notes that a member with a number has left a channel.
pub(super) fn leave(connection: &Connection, channel: i64, number: usize) -> rusqlite::Result<()> {
    execute(connection, RENUMBERED, params![channel, number]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::super::tests::Folder;
    use super::*;

    #[test]
    fn of_many_members_of_one_time_the_first_are_taken() {
        let mut store = Folder::new().open();
        let times = [(1, 5), (2, 300), (3, 1), (4, 40)].into_iter().flat_map(|(time, count)| vec![time; count]);
        // Keys are in no order of time.
        let mut all: Vec<Position> = times.zip(1..).map(|(time, number)| (time, number * 7_919 % 10_007)).collect();
        store
            .transact(|transaction| {
                for (at, item) in &all {
                    let sql = "INSERT INTO member (channel, published, item, number) VALUES (1, ?1, ?2, ?2 % 5)";
                    execute(transaction, sql, params![seconds(*at), item])?;
                }
                all.sort_unstable_by_key(|(at, item)| (std::cmp::Reverse(*at), *item));
                let numbering = Numbering { transaction, channel: 1, archive: Archive::default() };
                for (most, from) in [
                    (0, 0),
                    (0, 40),
                    (1, 0),
                    (40, 0),
                    (41, 0),
                    (42, 0),
                    (50, 30),
                    (7, 100),
                    (300, 41),
                    (301, 41),
                    (345, 1),
                    (346, 0),
                    (347, 0),
                    (9, 346),
                    (9, 400),
                    (usize::MAX, 3),
                ] {
                    let expected: Vec<_> = all
                        .iter()
                        .skip(from)
                        .take(most)
                        .map(|member| (*member, usize::try_from(member.1 % 5).ok()))
                        .collect();
                    assert_eq!(numbering.window(most, from)?, expected, "{most} behind {from}");
                }
                Ok(())
            })
            .unwrap();
    }
}
