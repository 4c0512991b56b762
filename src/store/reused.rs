//! Words that a feed says of several things: each episode has the same notes, each semester begins with the same notice.
//!
//! A feed also says a story again because its site was made anew, under other ids, at other addresses and with other dates. What
//! tells that from another story is the list: a moved copy never stands beside what it is a copy of, nor among entries that are known.

use std::collections::{HashMap, HashSet};

use rusqlite::{Row, Transaction, params};

use super::group::LATER;
use super::ledger::Ledger;
use super::{Item, Listed, execute, key, number, one};
use crate::dedup;
use crate::draft::Evidence;
use crate::item::Fingerprint;

/// Seconds from which on two entries that are listed together are of different days.
const DAY: u64 = 12 * 3_600;
/// Entries with the same words that are looked at, those that came last.
const MOST: i64 = 32;

/// Notes of an item that was saved, with what was listed beside it, whether its feed says of several things what it says.
pub(super) fn note(
    transaction: &Transaction<'_>,
    ledger: &mut Ledger,
    item: &Item,
    listed: &Listed,
    is_new: bool,
) -> rusqlite::Result<()> {
    let Some((twin, told)) = item.twin_print.zip(item.told_published()) else { return Ok(()) };
    if item.credit.is_none() || !listed.items.contains(&item.key) {
        return Ok(());
    }
    let source = item.source.as_str();
    let sql = "SELECT item, published, title FROM item
               WHERE twin = ?1 AND source = ?2 AND item <> ?3 AND entry AND evidence <> ?4 ORDER BY id DESC LIMIT ?5";
    let mut statement = transaction.prepare_cached(sql)?;
    let values = params![twin, source, number(&item.key), Evidence::FirstSeen.name(), MOST];
    let row = |row: &Row<'_>| Ok((row.get(0).map(key)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?));
    let others = statement.query_map(values, row)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let known = if others.is_empty() { None } else { beside(transaction, source, twin)? };
    if others.is_empty() || known == Some(true) {
        return Ok(());
    }
    let mut found = known;
    for (other, published, title) in others {
        let apart = told.timestamp().abs_diff(published);
        if !dedup::is_one_title(&item.title, &title) {
            continue;
        }
        if listed.items.contains(&other) && apart >= DAY {
            found = Some(true);
            break;
        }
        // What was there before is read anew for many reasons, and says nothing again by that.
        if is_new && listed.goes_on && apart > LATER {
            found = Some(false);
        }
    }
    let Some(beside) = found.filter(|_| found != known) else { return Ok(()) };
    let sql = "INSERT OR REPLACE INTO reused (source, twin, beside) VALUES (?1, ?2, ?3)";
    execute(transaction, sql, params![source, twin, beside])?;
    // What was one story before is looked at again.
    let sql = "SELECT DISTINCT family FROM item WHERE twin = ?1 AND source = ?2 AND family IS NOT NULL";
    let mut statement = transaction.prepare_cached(sql)?;
    for family in statement.query_map(params![twin, source], |row| row.get(0))? {
        ledger.telling.families.insert(family?);
    }
    Ok(())
}

/// Whether a feed says these words of several things, and lists these together. `None`: it does not.
fn beside(transaction: &Transaction<'_>, source: &str, twin: Fingerprint) -> rusqlite::Result<Option<bool>> {
    one(transaction, "SELECT beside FROM reused WHERE source = ?1 AND twin = ?2", params![source, twin], |row| {
        row.get(0)
    })
}

/// The seconds from which on feeds say of another thing what they said before, for those words of theirs of which that is known.
pub(super) fn gaps<'a>(
    transaction: &Transaction<'_>,
    said: impl Iterator<Item = (&'a str, Fingerprint)>,
) -> rusqlite::Result<HashMap<(&'a str, Fingerprint), u64>> {
    let said: HashSet<(&str, Fingerprint)> = said.collect();
    let mut gaps = HashMap::new();
    for (source, twin) in said {
        if let Some(beside) = beside(transaction, source, twin)? {
            gaps.insert((source, twin), if beside { DAY } else { LATER + 1 });
        }
    }
    Ok(gaps)
}
