//! Items that may be copies of each other: which of them is the original.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Row, Transaction, params};

use super::record::{Ledger, shown};
use super::{Copy, Fingerprint, WITHDRAWN, dedup, execute, key, number, one, time};

/// Items that may be copies of each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Group {
    /// Those that share a print.
    Twin(Fingerprint),
    /// Those that share an address.
    Link(String),
}

/// What tells whether an item is a copy, and where it is shown then.
struct Kin {
    item: i64,
    published: i64,
    twin: Option<Fingerprint>,
    link: Option<String>,
    channels: String,
    original: Option<i64>,
}

impl Group {
    /// Looks at all members again: which is the original, and which are its copies. `firsts` keeps what was found out for
    /// other groups.
    pub(super) fn link(
        &self,
        transaction: &Transaction<'_>,
        ledger: &mut Ledger,
        firsts: &mut HashMap<Self, Option<Copy>>,
    ) -> rusqlite::Result<()> {
        let members = self.members(transaction)?;
        let mut touched: BTreeSet<i64> = members.iter().map(|member| member.item).collect();
        let mut changed = false;
        for member in members {
            // It may have copies of its words and others of its address.
            let mut copies = Vec::with_capacity(2);
            for group in member.twin.map(Self::Twin).into_iter().chain(member.link.clone().map(Self::Link)) {
                if !firsts.contains_key(&group) {
                    firsts.insert(group.clone(), group.first(transaction)?);
                }
                copies.extend(firsts.get(&group).cloned().flatten());
            }
            let original = dedup::original(&key(member.item), &copies).map(|key| number(key));
            if original != member.original {
                touched.extend(original);
                touched.extend(member.original);
                let now = shown(&member.channels, original.is_some());
                let before = shown(&member.channels, member.original.is_some());
                ledger.show(transaction, (member.item, member.published), &before, &now)?;
                execute(transaction, "UPDATE item SET original = ?2 WHERE item = ?1", params![member.item, original])?;
                changed = true;
            }
        }
        // Each tells of the others, so all change together.
        for item in touched.into_iter().filter(|_| changed) {
            ledger.change += 1;
            execute(transaction, "UPDATE item SET change = ?2 WHERE item = ?1", params![item, ledger.change])?;
        }
        Ok(())
    }

    /// The column that the members share, and its value.
    fn shared(&self) -> (&'static str, &dyn rusqlite::ToSql) {
        match self {
            Self::Twin(print) => ("twin", print),
            Self::Link(link) => ("link", link),
        }
    }

    fn members(&self, transaction: &Transaction<'_>) -> rusqlite::Result<Vec<Kin>> {
        let (column, value) = self.shared();
        let sql = format!("SELECT item, published, twin, link, channels, original FROM item WHERE {column} = ?1");
        let kin = |row: &Row<'_>| {
            let (twin, link, channels, original) = (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
            Ok(Kin { item: row.get(0)?, published: row.get(1)?, twin, link, channels, original })
        };
        transaction.prepare_cached(&sql)?.query_map([value], kin)?.collect()
    }

    /// The first of those that a channel shows: what none shows (its source is gone, or drops it, or it is withdrawn) cannot stand for what
    /// is shown. Keys are in the order of their digits, which is that of numbers without a sign.
    fn first(&self, transaction: &Transaction<'_>) -> rusqlite::Result<Option<Copy>> {
        let (column, value) = self.shared();
        let sql = format!(
            "SELECT item, published FROM item WHERE {column} = ?1 AND channels NOT IN ('', '{WITHDRAWN}')
             ORDER BY published, item < 0, item LIMIT 1"
        );
        let copy = |row: &Row<'_>| Ok(Copy { key: key(row.get(0)?), published: time(row.get(1)?) });
        one(transaction, &sql, [value], copy)
    }
}
