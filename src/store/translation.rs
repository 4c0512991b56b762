//! The same story in other languages: what hints at it is indexed, and those that share a hint are held against each other.
//!
//! What is linked by a hint follows from the items that have it, and from nothing else: each hint that is given or taken away
//! is looked at anew at the end of its batch. So the order in which items arrive does not show.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Transaction, params};

use super::record::{self, Record};
use super::tie::{Told, told};
use super::{Item, ItemKey, Outcome, REMOVED, Store, WITHDRAWN, batch, execute, key, number};
use crate::dedup::{self, Story, Version};

/// Most items that a hint tells anything of. What more have (a picture for all that has none, say) is nobody's own.
const MOST: usize = 8;
/// Most versions of an item that are told of.
const MOST_TOLD: usize = 10;

/// What is to be done for translations at the end of a batch. Numbers are those of rows.
#[derive(Debug, Default)]
pub(super) struct Hints {
    /// Hints that other items have than before, with those to whom they were given.
    given: BTreeMap<u32, Vec<i64>>,
    /// Hints that were taken from an item.
    taken: BTreeSet<u32>,
}

impl Hints {
    /// Notes the hints of an item.
    pub(super) fn give(&mut self, id: i64, hints: &[u32]) {
        for hint in hints {
            self.given.entry(*hint).or_default().push(id);
        }
    }

    /// Takes the hints that an item had, unless it has them still.
    pub(super) fn change(
        &mut self,
        transaction: &Transaction<'_>,
        id: i64,
        before: &[u32],
        now: &[u32],
    ) -> rusqlite::Result<()> {
        for hint in before.iter().filter(|hint| !now.contains(hint)) {
            execute(transaction, "DELETE FROM hint WHERE hint = ?1 AND item = ?2", params![hint, id])?;
            self.taken.insert(*hint);
        }
        // With its hints as they were, it may say something else.
        self.taken.extend(now);
        self.give(id, now);
        Ok(())
    }

    /// Links what is the same in other languages. Returns the items that have other versions than before.
    pub(super) fn link(self, transaction: &Transaction<'_>) -> rusqlite::Result<BTreeSet<i64>> {
        let pairs = |(hint, items): (&u32, &Vec<i64>)| items.iter().map(|item| (*hint, *item)).collect::<Vec<_>>();
        let given: Vec<(u32, i64)> = self.given.iter().flat_map(pairs).collect();
        let head = "INSERT OR IGNORE INTO hint (hint, item)";
        batch::write(transaction, head, "", &given, |(hint, item)| [(*hint).into(), (*item).into()])?;
        let mut changed = BTreeSet::new();
        let hints: BTreeSet<u32> = self.given.keys().chain(&self.taken).copied().collect();
        for hint in hints {
            let sql = "SELECT item FROM hint WHERE hint = ?1 ORDER BY item LIMIT ?2";
            let mut statement = transaction.prepare_cached(sql)?;
            let holders: Vec<i64> =
                statement.query_map(params![hint, MOST + 1], |row| row.get(0))?.collect::<Result<_, _>>()?;
            if holders.len() < 2 && !self.taken.contains(&hint) {
                continue;
            }
            let sql = "SELECT one, other FROM version WHERE hint = ?1";
            let mut statement = transaction.prepare_cached(sql)?;
            let before: BTreeSet<(i64, i64)> =
                statement.query_map([hint], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
            let now = if holders.len() > MOST { BTreeSet::new() } else { versions(transaction, &holders)? };
            for (one, other) in before.difference(&now) {
                let sql = "DELETE FROM version WHERE one = ?1 AND other = ?2 AND hint = ?3";
                execute(transaction, sql, params![one, other, hint])?;
            }
            for (one, other) in now.difference(&before) {
                let sql = "INSERT INTO version (one, other, hint) VALUES (?1, ?2, ?3)";
                execute(transaction, sql, params![one, other, hint])?;
            }
            changed.extend(before.symmetric_difference(&now).map(|(one, _)| *one));
        }
        Ok(changed)
    }
}

/// The pairs among some items that are one story in two languages, each from both sides. Where an item would have two
/// in one language that are not the same story, what they share is nobody's own.
fn versions(transaction: &Transaction<'_>, items: &[i64]) -> rusqlite::Result<BTreeSet<(i64, i64)>> {
    let mut all: Vec<(i64, Told)> = Vec::with_capacity(items.len());
    for id in items {
        all.extend(told(transaction, *id)?.map(|told| (*id, told)));
    }
    let stories: Vec<Story<'_>> = all.iter().map(|(_, told)| Story::of_item(&told.item, &told.text)).collect();
    let versions: Vec<Version<'_>> =
        all.iter().zip(&stories).map(|((_, told), story)| Version::of(&told.item, story)).collect();
    let mut partners: Vec<BTreeMap<&str, Vec<usize>>> = vec![BTreeMap::new(); all.len()];
    for (at, one) in versions.iter().enumerate() {
        for (before, other) in versions.iter().enumerate().take(at) {
            if let (Some(language), Some(others)) = (one.language(), other.language())
                && dedup::translation(one, other).is_some()
            {
                partners[at].entry(others).or_default().push(before);
                partners[before].entry(language).or_default().push(at);
            }
        }
    }
    let same = |one: usize, other: usize| {
        stories.get(one).zip(stories.get(other)).is_some_and(|(one, other)| dedup::compare(one, other).same)
    };
    let is_one = |several: &[usize]| {
        several.iter().enumerate().all(|(at, one)| several.iter().skip(at + 1).all(|other| same(*one, *other)))
    };
    let sure: Vec<BTreeSet<usize>> = partners
        .iter()
        .map(|languages| languages.values().filter(|several| is_one(several)).flatten().copied().collect())
        .collect();
    let mut pairs = BTreeSet::new();
    for (at, (others, (id, _))) in sure.iter().zip(&all).enumerate() {
        for other in others {
            if let Some((number, _)) = all.get(*other).filter(|_| sure[*other].contains(&at)) {
                pairs.insert((*id, *number));
            }
        }
    }
    Ok(pairs)
}

/// The other versions of some items, by row.
pub(super) fn versions_of(transaction: &Transaction<'_>, items: &BTreeSet<i64>) -> rusqlite::Result<BTreeSet<i64>> {
    let mut others = BTreeSet::new();
    let mut statement = transaction.prepare_cached("SELECT DISTINCT other FROM version WHERE one = ?1")?;
    for item in items {
        for other in statement.query_map([item], |row| row.get(0))? {
            others.insert(other?);
        }
    }
    Ok(others)
}

/// Whether any item has a version in another language.
pub(super) fn is_any(transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
    transaction.prepare_cached("SELECT 1 FROM version LIMIT 1")?.exists([])
}

impl Record<'_> {
    /// Hashes that its translations share.
    pub(super) fn hints(&self) -> rusqlite::Result<Vec<u32>> {
        Ok(dedup::leads(&self.clone().item()?).hints)
    }
}

impl Store {
    /// The items that tell the story of an item in other languages, by key: those that a channel shows, that the owner did
    /// not set apart, and that are no copies of each other; the first ten.
    ///
    /// # Errors
    /// When the database fails.
    pub fn versions(&self, item: &str) -> Outcome<Vec<Item>> {
        let sql = format!(
            "{} AS own WHERE id IN (SELECT other FROM version WHERE one = (SELECT id FROM item WHERE item = ?1))
                 AND channels NOT IN ('', '{WITHDRAWN}', '{REMOVED}')
                 AND NOT EXISTS (SELECT 1 FROM apart WHERE one = ?1 AND other = own.item) ORDER BY item",
            record::SELECT
        );
        self.run(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let mut versions: Vec<Item> =
                statement.query_map([number(item)], |row| record::item(row, &[]))?.collect::<Result<_, _>>()?;
            let numbers: BTreeSet<i64> = versions.iter().map(|version| number(&version.key)).collect();
            let mut original = connection.prepare_cached("SELECT original FROM item WHERE item = ?1")?;
            let mut kept = Vec::new();
            for version in versions.drain(..) {
                let original: Option<i64> = original.query_row([number(&version.key)], |row| row.get(0))?;
                if original.is_none_or(|original| !numbers.contains(&original)) {
                    kept.push(version);
                }
            }
            kept.truncate(MOST_TOLD);
            Ok(kept)
        })
    }

    /// Keys of the items that have versions in other languages.
    ///
    /// # Errors
    /// When the database fails.
    pub fn in_several_languages(&self) -> Outcome<Vec<ItemKey>> {
        self.run(|connection| {
            let sql = "SELECT item FROM item WHERE id IN (SELECT one FROM version) ORDER BY item";
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map([], |row| row.get(0).map(key))?.collect()
        })
    }

    /// Whether any item has a version in another language.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_versions(&self) -> Outcome<bool> {
        self.run(|connection| is_any(&connection.unchecked_transaction()?))
    }
}
