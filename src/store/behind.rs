//! Items whose documents are gone, and that stay behind what was shown instead of them when it is corrected: nobody corrects them
//! any more, so beside it they would tell the story in its old words.

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::{Transaction, params};

use super::group::{Firsts, Group, of_many};
use super::ledger::Ledger;
use super::tie::{Told, told};
use super::{ItemKey, Outcome, Store, execute, is_published, number, one};
use crate::dedup;

/// Least share of their wording that an item has in common with what it stays behind, percent: else that tells another story by now.
const ALIKE: usize = 50;

impl Store {
    /// From now on it is noted which items are no copies of others any more, for [`stay_behind`](Self::stay_behind).
    pub fn note_parting(&mut self) {
        self.parted = Some(BTreeSet::new());
    }

    /// Items that lost their documents in the same walk in which what they were copies of was corrected: these stay behind that, too.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stay_behind<'a>(&mut self, gone: impl IntoIterator<Item = &'a ItemKey>) -> Outcome<()> {
        let Some(parted) = &self.parted else { return Ok(()) };
        let gone: BTreeSet<i64> = gone.into_iter().map(|item| number(item)).collect();
        let behind: Vec<(i64, i64)> = parted.iter().filter(|(_, item)| gone.contains(item)).copied().collect();
        if behind.is_empty() {
            return Ok(());
        }
        self.write(|transaction, ledger| {
            for (original, item) in &behind {
                let sql = "UPDATE item SET original = ?2 WHERE item = ?1 AND original IS NULL";
                if execute(transaction, sql, [item, original])? > 0 {
                    look_again(transaction, ledger, *item)?;
                }
            }
            Ok(())
        })
    }
}

/// What an item of these channels stays behind, that was a copy of `original` and would be none any more; and the channels in which
/// that stands for it. `None`: it has a document and speaks for itself, or nothing tells its story instead.
pub(super) fn before(
    transaction: &Transaction<'_>,
    (item, channels): (i64, &str),
    original: i64,
) -> rusqlite::Result<Option<(i64, String)>> {
    let sql = "SELECT first.item, first.channels FROM item
                   JOIN item old ON old.item = ?2 JOIN item first ON first.item = ifnull(old.original, old.item)
               WHERE item.item = ?1 AND first.item <> ?1 AND NOT EXISTS (SELECT 1 FROM apart WHERE one = ?1 AND other = first.item)";
    let first = one(transaction, sql, params![item, original], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let Some((first, theirs)) = first.filter(|(_, theirs)| is_published(theirs)) else { return Ok(None) };
    if !is_untold(transaction, item)? || !is_alike(transaction, item, first)? {
        return Ok(None);
    }
    let is_theirs = |channel: &&str| theirs.lines().any(|their| their == *channel);
    Ok(Some((first, of_many(channels).filter(is_theirs).collect::<Vec<_>>().join("\n"))))
}

/// Whether two items tell one story, if not in the same words.
pub(super) fn is_alike(transaction: &Transaction<'_>, item: i64, other: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT id FROM item WHERE item = ?1";
    let words = |item: i64| -> rusqlite::Result<Option<Told>> {
        let id = one(transaction, sql, [item], |row| row.get(0))?;
        Ok(id.map(|id| told(transaction, id)).transpose()?.flatten())
    };
    let (Some(own), Some(others)) = (words(item)?, words(other)?) else {
        return Ok(false);
    };
    let story = dedup::Story::of_item(&own.item, &own.text);
    let votes = dedup::compare(&story, &dedup::Story::of_item(&others.item, &others.text)).votes;
    Ok(votes.shared >= ALIKE || votes.contained >= ALIKE)
}

/// Whether an item has no document, and something else is shown instead of it.
pub(super) fn is_behind(transaction: &Transaction<'_>, item: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT first.channels FROM item JOIN item first ON first.item = item.original WHERE item.item = ?1";
    let theirs: Option<String> = one(transaction, sql, [item], |row| row.get(0))?;
    Ok(theirs.is_some_and(|theirs| is_published(&theirs)) && is_untold(transaction, item)?)
}

/// Whether the document of an item has vanished, or holds no story any more.
fn is_untold(transaction: &Transaction<'_>, item: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM vanished
                       WHERE source = item.source AND path = item.place AND vanished.item = item.item)
                   OR EXISTS (SELECT 1 FROM document
                       WHERE source = item.source AND path = item.place AND document.item = item.item
                           AND document.content = zeroblob(16))
               FROM item WHERE item = ?1";
    Ok(one(transaction, sql, [item], |row| row.get(0))?.unwrap_or(false))
}

/// Has a copy looked at once more whose document has come, in whatever words, or gone.
pub(super) fn look_again(transaction: &Transaction<'_>, ledger: &mut Ledger, item: i64) -> rusqlite::Result<()> {
    let sql = "SELECT family FROM item WHERE item = ?1 AND original IS NOT NULL";
    if let Some(family) = one(transaction, sql, [item], |row| row.get::<_, Option<i64>>(0))? {
        ledger.telling.families.extend(family);
        ledger.groups.insert(Group::One(item));
    }
    Ok(())
}

/// Has the families looked at of what may have stood behind items whose channels are others now.
pub(super) fn note_families(transaction: &Transaction<'_>, ledger: &mut Ledger) -> rusqlite::Result<()> {
    for item in ledger.retold.clone() {
        for behind in all_behind(transaction, item)? {
            let sql = "SELECT family FROM item WHERE item = ?1 AND family IS NOT NULL";
            ledger.telling.families.extend(one(transaction, sql, [behind], |row| row.get::<_, i64>(0))?);
        }
    }
    Ok(())
}

/// Looks at what stands behind items that are shown elsewhere now, or as copies of others.
pub(super) fn follow(
    transaction: &Transaction<'_>,
    ledger: &mut Ledger,
    firsts: &mut HashMap<Group, Firsts>,
) -> rusqlite::Result<()> {
    let mut looked_at: BTreeSet<i64> = BTreeSet::new();
    loop {
        let moved: Vec<i64> = ledger.retold.difference(&looked_at).copied().collect();
        if moved.is_empty() {
            return Ok(());
        }
        for item in moved {
            looked_at.insert(item);
            for behind in all_behind(transaction, item)? {
                Group::One(behind).link(transaction, ledger, firsts, &mut HashSet::new())?;
            }
        }
    }
}

/// The copies of an item that have no document.
fn all_behind(transaction: &Transaction<'_>, item: i64) -> rusqlite::Result<Vec<i64>> {
    let mut statement = transaction.prepare_cached("SELECT item FROM item WHERE original = ?1")?;
    let copies = statement.query_map([item], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    let mut behind = Vec::new();
    for copy in copies {
        if is_untold(transaction, copy)? {
            behind.push(copy);
        }
    }
    Ok(behind)
}
