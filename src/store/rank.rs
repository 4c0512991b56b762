//! Where an item stands in a channel: by the second in which it was published and, among those that its feed tells of one time, by
//! its rank there.
//!
//! A member has its rank in fractions of that second, which no feed shows. Most items have none, and a whole second.

use std::collections::HashMap;

use super::{ItemKey, Outcome, Store, number, one};

/// Ranks of one second; those above share the last. A list has fewer entries, but where all that a feed tells is of one time, they
/// count on from visit to visit.
pub(super) const RANKS: u32 = 16_384;

/// The place of a member as a column of a query, in [`RANKS`] parts of a second since 1970.
pub(super) const AT: &str = "CAST(published * 16384 AS INTEGER)";

/// The same of an item.
pub(super) const AT_OF_ITEM: &str = "published * 16384 + rank";

/// A rank as an item and its members have it: both tell one place.
pub(super) fn kept(rank: u32) -> u32 {
    rank.min(RANKS - 1)
}

/// The place of an item of a rank that was published at a second since 1970.
pub(super) fn at(published: i64, rank: u32) -> i64 {
    published.saturating_mul(RANKS.into()).saturating_add(kept(rank).into())
}

/// A place as the table of members has it.
#[expect(clippy::cast_precision_loss, reason = "up to the year 9999, this has fewer bits than a float")]
pub(super) fn seconds(at: i64) -> f64 {
    at as f64 / f64::from(RANKS)
}

impl Store {
    /// The ranks of these items. Those that have none are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub fn ranks(&self, keys: &[ItemKey]) -> Outcome<HashMap<ItemKey, u32>> {
        let sql = "SELECT rank FROM item WHERE item = ?1 AND rank > 0";
        self.run(|connection| {
            // One transaction for all, so that the file is locked once.
            let transaction = connection.unchecked_transaction()?;
            let rank = |key: &ItemKey| {
                Ok(one(&transaction, sql, [number(key)], |row| row.get(0))?.map(|rank| (key.clone(), rank)))
            };
            keys.iter().filter_map(|key| rank(key).transpose()).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Entry;
    use super::super::rescue::rescue;
    use super::super::tests::{Folder, entry, item, source};
    use super::*;
    use crate::item::Facts;

    #[test]
    fn a_rank_is_kept_in_every_second_and_counts_in_it_alone() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE member (published INTEGER PRIMARY KEY) WITHOUT ROWID").unwrap();
        let read = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        // The first and the last second that a date may have, and some between.
        for second in [-62_135_596_800, -1, 0, 1_777_593_600, 253_402_300_799] {
            for rank in [0, 1, 9_999, RANKS - 1, RANKS] {
                connection.execute("INSERT INTO member VALUES (?1)", [seconds(at(second, rank))]).unwrap();
                assert_eq!(read(&format!("SELECT {AT} FROM member")), at(second, rank));
                let of_item =
                    format!("SELECT {AT_OF_ITEM} FROM (SELECT {second} AS published, {} AS rank)", rank.min(RANKS - 1));
                assert_eq!(read(&of_item), at(second, rank));
                connection.execute("DELETE FROM member", []).unwrap();
            }
            assert!(at(second, RANKS) < at(second + 1, 0) && at(second, 1) > at(second, 0));
        }
    }

    #[test]
    fn an_item_beyond_all_ranks_is_where_it_is_said_to_be() {
        let folder = Folder::new();
        let mut store = folder.open();
        store.save(&source(), &[Entry { rank: RANKS + 9, ..entry(item("a", 4)) }]).unwrap();
        store.check().unwrap();
    }

    #[test]
    fn members_of_one_second_stand_by_their_ranks_and_a_damaged_store_keeps_these() {
        let folder = Folder::new();
        let mut store = folder.open();
        let names = ["a", "b", "c", "d"];
        let keys = names.map(|name| item(name, 4).key.clone());
        for (name, rank) in names.into_iter().zip([3, 0, 7, 1]) {
            store.save(&source(), &[Entry { rank, ..entry(item(name, 4)) }]).unwrap();
        }
        let shown =
            |store: &Store| store.window("all", 9).unwrap().into_iter().map(|member| member.key).collect::<Vec<_>>();
        let [a, b, c, d] = keys.clone();
        assert_eq!(shown(&store), [&c, &a, &d, &b].map(String::clone));
        // What changes, or is told otherwise now, keeps its place.
        store.save(&source(), &[Entry { rank: 9, ..entry(Facts { title: "d".repeat(9), ..item("d", 4) }) }]).unwrap();
        assert_eq!(shown(&store), [&c, &a, &d, &b].map(String::clone));
        store.check().unwrap();
        let ranks = store.ranks(&keys).unwrap();
        assert_eq!(ranks, HashMap::from([(a, 3), (c, 7), (d, 1)]));
        let path = store.path.clone();
        drop(store);
        let (store, _) = rescue(&path).unwrap();
        assert_eq!(store.ranks(&keys).unwrap(), ranks);
    }
}
