//! Which document tells a story on whose own document is gone: a new one with nearly its words, or a copy that is left.

use std::collections::HashSet;

use rusqlite::{Row, Transaction, params};

use super::record::Record;
use super::tie::told;
use super::{Item, ItemKey, Outcome, REMOVED, Seen, SourceId, Store, execute, is_published, key, number, one};
use crate::dedup::{self, Leads};

/// An item without a document that tells what a new one tells.
#[derive(Clone, Debug)]
pub struct Forerunner {
    /// Its key.
    pub key: ItemKey,
    /// Where its document lay.
    pub place: Vec<u8>,
    /// The item that it is a copy of. `None`: of none.
    pub original: Option<ItemKey>,
    /// The share of their wording that both have in common, percent.
    pub shared: usize,
}

/// A copy that is left where the document of another is gone.
struct Heir {
    item: i64,
    place: Vec<u8>,
    channels: String,
}

impl Store {
    /// For each of some documents of a source that became no item yet: the items of that source which tell the same story and have no
    /// document any more. These are items whose documents have vanished, and those that `is_gone` tells of. What was removed is not among
    /// them: its copies stay.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forerunners(
        &self,
        source: &SourceId,
        items: &[(&Item, Option<&Leads>)],
        is_gone: impl Fn(&ItemKey) -> bool,
    ) -> Outcome<Vec<Vec<Forerunner>>> {
        let mark = |(item, leads): &(&Item, Option<&Leads>)| {
            Record::of(item, b"", &[]).mark(leads.map(|leads| leads.sketch))
        };
        let marks: Vec<_> = items.iter().map(mark).collect();
        let mut near = self.near.take();
        let found = self.run(|connection| {
            let transaction = connection.unchecked_transaction()?;
            let like = near.like(&transaction, &marks, |text| {
                Ok(without_document(&transaction, source, i64::from(text), &is_gone)?.is_some())
            })?;
            let mut found = Vec::with_capacity(items.len());
            for ((item, _), like) in items.iter().zip(like) {
                found.push(same(&transaction, source, item, &like, &is_gone)?);
            }
            Ok(found)
        })?;
        self.near.replace(near);
        Ok(found)
    }

    /// Hands items of a source whose documents are gone on to copies of them that are left there, so that what is shown of a
    /// story is what a document says: of several copies, to that which would be shown next. Both change places: the item of the
    /// copy is that of the document which is gone. Returns the documents that tell other items now.
    ///
    /// # Errors
    /// When the database fails; then nothing is handed on.
    pub fn hand_on(&mut self, source: &SourceId, gone: &mut [Seen], hidden: &[Vec<u8>]) -> Outcome<Vec<Seen>> {
        let mut out_of_sight: HashSet<Vec<u8>> = hidden.iter().cloned().collect();
        out_of_sight.extend(gone.iter().map(|seen| seen.path.clone()));
        self.transact(|transaction| {
            let mut heirs = Vec::new();
            for seen in gone {
                let Some(item) = seen.item.clone() else { continue };
                let next = copies_behind(transaction, number(&item))?.into_iter().find(|copy| {
                    !out_of_sight.contains(&copy.place) && is_published(&copy.channels)
                });
                let Some(next) = next else { continue };
                exchange(transaction, source, (&seen.path, number(&item)), (&next.place, next.item))?;
                seen.item = Some(key(next.item));
                heirs.push(Seen { path: next.place, item: Some(item), ..seen.clone() });
            }
            Ok(heirs)
        })
    }
}

/// The key of an item of a source, by its row, where its document lay, and what it is a copy of, if that document is gone.
fn without_document(
    transaction: &Transaction<'_>,
    source: &SourceId,
    id: i64,
    is_gone: impl Fn(&ItemKey) -> bool,
) -> rusqlite::Result<Option<(ItemKey, Vec<u8>, Option<ItemKey>)>> {
    let sql = "SELECT item, place, original, EXISTS (
                   SELECT 1 FROM vanished WHERE source = ?2 AND path = item.place AND vanished.item = item.item)
               FROM item WHERE id = ?1 AND source = ?2 AND channels <> ?3";
    let row = |row: &Row<'_>| {
        let original = row.get::<_, Option<i64>>(2)?.map(key);
        Ok(((row.get(0).map(key)?, row.get(1)?, original), row.get::<_, bool>(3)?))
    };
    let found = one(transaction, sql, params![id, source.as_str(), REMOVED], row)?;
    Ok(found.filter(|((item, ..), has_vanished)| *has_vanished || is_gone(item)).map(|(found, _)| found))
}

/// Those of some items, by their rows, that tell the story of another.
fn same(
    transaction: &Transaction<'_>,
    source: &SourceId,
    item: &Item,
    like: &[u32],
    is_gone: impl Fn(&ItemKey) -> bool,
) -> rusqlite::Result<Vec<Forerunner>> {
    let mut found = Vec::new();
    if like.is_empty() {
        return Ok(found);
    }
    let text = item.content.text();
    let story = dedup::Story::of_item(item, &text);
    for id in like {
        let id = i64::from(*id);
        let Some(other) = told(transaction, id)? else { continue };
        let verdict = dedup::compare(&story, &dedup::Story::of_item(&other.item, &other.text));
        if verdict.same
            && let Some((key, place, original)) = without_document(transaction, source, id, &is_gone)?
        {
            found.push(Forerunner { key, place, original, shared: verdict.votes.shared });
        }
    }
    Ok(found)
}

/// The copies that stand behind an item in its source, those first that would be shown first. None of them is a mere excerpt.
fn copies_behind(transaction: &Transaction<'_>, item: i64) -> rusqlite::Result<Vec<Heir>> {
    let sql = "SELECT copy.item, copy.place, copy.channels FROM item gone JOIN item copy
                   ON copy.original = ifnull(gone.original, gone.item) AND copy.source = gone.source
               WHERE gone.item = ?1 AND gone.channels <> ?2 AND copy.excerpt <= gone.excerpt
                   AND (copy.excerpt, copy.published, copy.item < 0, copy.item) > (gone.excerpt, gone.published, gone.item < 0, gone.item)
                   AND EXISTS (SELECT 1 FROM document
                       WHERE source = copy.source AND path = copy.place AND document.item = copy.item)
               ORDER BY copy.excerpt, copy.published, copy.item < 0, copy.item";
    let heir = |row: &Row<'_>| Ok(Heir { item: row.get(0)?, place: row.get(1)?, channels: row.get(2)? });
    transaction.prepare_cached(sql)?.query_map(params![item, REMOVED], heir)?.collect()
}

/// Makes two documents tell each other's items. What was read of them does not vouch for that.
fn exchange(
    transaction: &Transaction<'_>,
    source: &SourceId,
    (path, item): (&[u8], i64),
    (other_path, other): (&[u8], i64),
) -> rusqlite::Result<()> {
    for (path, before, now) in [(path, item, other), (other_path, other, item)] {
        let sql = "UPDATE document SET item = ?4, size = 0, modified = 0 WHERE source = ?1 AND path = ?2 AND item = ?3";
        execute(transaction, sql, params![source.as_str(), path, before, now])?;
        execute(transaction, "UPDATE item SET place = ?2 WHERE item = ?1", params![now, path])?;
    }
    Ok(())
}
