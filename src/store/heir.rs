//! Which document tells a story on whose own document is gone: a new one with nearly its words, or a copy that is left.

use std::collections::HashSet;

use rusqlite::{Row, Transaction, params};

use super::record::Record;
use super::tie::told;
use super::{Item, ItemKey, Outcome, REMOVED, Seen, SourceId, Store, execute, is_published, key, number, one};
use crate::dedup::{self, ConflictKind, Leads, Reason};

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
    /// Whether their words tell one story. Otherwise these are nearly all the same, but for some that could be those of another notice.
    pub is_same: bool,
}

/// An item, and where its document lies or lay.
struct Place {
    item: i64,
    place: Vec<u8>,
}

/// Least share of their wording that two texts have in common which are nearly the same, percent.
const NEARLY_ALL: usize = 80;
/// Most copies of a story of which one is sought that is left.
const MOST: i64 = 256;

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
        let mark =
            |(item, leads): &(&Item, Option<&Leads>)| Record::of(item, b"", &[]).mark(leads.map(|leads| leads.sketch));
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

    /// Hands items of a source whose documents are gone on to copies of them that are there, so that what is shown of a story is what
    /// a document says: of several copies, to that which stands last. Both change places: the item of the copy is that of the document
    /// which is gone. So of all copies in a source those that have documents stand before those that have none. `gone` are those of
    /// this walk, `told` the items that it has taken in, and `hidden` are paths that it could not look at. Returns the documents that tell
    /// other items now, with these.
    ///
    /// # Errors
    /// When the database fails; then nothing is handed on.
    pub fn hand_on(
        &mut self,
        source: &SourceId,
        gone: Vec<&mut Seen>,
        told: &[ItemKey],
        hidden: &[Vec<u8>],
    ) -> Outcome<Vec<(Vec<u8>, ItemKey)>> {
        if gone.is_empty() && told.is_empty() {
            return Ok(Vec::new());
        }
        let mut out_of_sight: HashSet<Vec<u8>> = hidden.iter().cloned().collect();
        out_of_sight.extend(gone.iter().map(|seen| seen.path.clone()));
        self.transact(|transaction| {
            let mut heirs = Vec::new();
            for seen in gone {
                let Some(item) = seen.item.as_deref().map(number) else { continue };
                if let Some(copy) = last_behind(transaction, item, &out_of_sight)? {
                    exchange(transaction, source, (&seen.path, item), (&copy.place, copy.item))?;
                    seen.item = Some(key(copy.item));
                    heirs.push((copy.place, key(item)));
                }
            }
            for item in told {
                let item = number(item);
                while let Some(gone) = first_vanished_before(transaction, item)?
                    && let Some(copy) = last_behind(transaction, gone.item, &out_of_sight)?
                {
                    exchange(transaction, source, (&gone.place, gone.item), (&copy.place, copy.item))?;
                    heirs.push((copy.place, key(gone.item)));
                    if copy.item == item {
                        break;
                    }
                }
            }
            Ok(heirs)
        })
    }
}

/// An item of a source, by its row, if its document is gone.
fn without_document(
    transaction: &Transaction<'_>,
    source: &SourceId,
    id: i64,
    is_gone: impl Fn(&ItemKey) -> bool,
) -> rusqlite::Result<Option<Forerunner>> {
    let sql = "SELECT item, place, original, EXISTS (
                   SELECT 1 FROM vanished WHERE source = ?2 AND path = item.place AND vanished.item = item.item)
                   OR EXISTS (SELECT 1 FROM document WHERE source = ?2 AND path = item.place
                       AND document.item = item.item AND document.content = zeroblob(16))
               FROM item WHERE id = ?1 AND source = ?2 AND channels <> ?3";
    let row = |row: &Row<'_>| {
        let original = row.get::<_, Option<i64>>(2)?.map(key);
        let found = Forerunner { key: row.get(0).map(key)?, place: row.get(1)?, original, shared: 0, is_same: true };
        Ok((found, row.get::<_, bool>(3)?))
    };
    let found = one(transaction, sql, params![id, source.as_str(), REMOVED], row)?;
    Ok(found.filter(|(found, is_untold)| *is_untold || is_gone(&found.key)).map(|(found, _)| found))
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
        let is_corrected = verdict.votes.shared >= NEARLY_ALL
            && matches!(&verdict.reason, Reason::OtherFacts(other) if other.kind == ConflictKind::Words);
        if (verdict.same || is_corrected)
            && let Some(gone) = without_document(transaction, source, id, &is_gone)?
        {
            found.push(Forerunner { shared: verdict.votes.shared, is_same: verdict.same, ..gone });
        }
    }
    Ok(found)
}

/// The last copy that stands behind an item in its source and has a document in sight. `None`: there is none, or it is a mere excerpt,
/// or there are very many copies.
fn last_behind(
    transaction: &Transaction<'_>,
    item: i64,
    out_of_sight: &HashSet<Vec<u8>>,
) -> rusqlite::Result<Option<Place>> {
    let sql = "SELECT copy.item, copy.place, copy.channels FROM item gone JOIN item copy
                   ON copy.original = ifnull(gone.original, gone.item) AND copy.source = gone.source
               WHERE gone.item = ?1 AND gone.channels <> ?2 AND copy.excerpt <= gone.excerpt
                   AND (copy.excerpt, copy.published, copy.item < 0, copy.item) > (gone.excerpt, gone.published, gone.item < 0, gone.item)
                   AND EXISTS (SELECT 1 FROM document
                       WHERE source = copy.source AND path = copy.place AND document.item = copy.item
                           AND content <> zeroblob(16))
                   AND (SELECT count(*) FROM (SELECT 1 FROM item
                       WHERE original = ifnull(gone.original, gone.item) LIMIT ?3 + 1)) <= ?3
               ORDER BY copy.excerpt DESC, copy.published DESC, copy.item < 0 DESC, copy.item DESC";
    let mut statement = transaction.prepare_cached(sql)?;
    let mut rows = statement.query(params![item, REMOVED, MOST])?;
    while let Some(row) = rows.next()? {
        let copy = Place { item: row.get(0)?, place: row.get(1)? };
        if is_published(row.get_ref(2)?.as_str()?) && !out_of_sight.contains(&copy.place) {
            return Ok(Some(copy));
        }
    }
    Ok(None)
}

/// The first item of its source that an item stands behind and whose document has vanished. `None`: there is none.
fn first_vanished_before(transaction: &Transaction<'_>, item: i64) -> rusqlite::Result<Option<Place>> {
    let sql = "SELECT gone.item, gone.place FROM item copy JOIN item gone
                   ON (gone.item = copy.original OR gone.original = copy.original) AND gone.source = copy.source
               WHERE copy.item = ?1 AND gone.channels <> ?2 AND copy.excerpt <= gone.excerpt
                   AND (copy.excerpt, copy.published, copy.item < 0, copy.item) > (gone.excerpt, gone.published, gone.item < 0, gone.item)
                   AND (EXISTS (SELECT 1 FROM vanished
                           WHERE source = gone.source AND path = gone.place AND vanished.item = gone.item)
                       OR EXISTS (SELECT 1 FROM document
                           WHERE source = gone.source AND path = gone.place AND document.item = gone.item
                               AND content = zeroblob(16)))
               ORDER BY gone.excerpt, gone.published, gone.item < 0, gone.item LIMIT 1";
    let values = params![item, REMOVED];
    one(transaction, sql, values, |row| Ok(Place { item: row.get(0)?, place: row.get(1)? }))
}

/// Makes two documents tell each other's items. What was read of them does not vouch for that.
fn exchange(
    transaction: &Transaction<'_>,
    source: &SourceId,
    (place, item): (&[u8], i64),
    (other_place, other): (&[u8], i64),
) -> rusqlite::Result<()> {
    for (place, before, now) in [(place, item, other), (other_place, other, item)] {
        for table in ["document", "vanished"] {
            let sql = format!(
                "UPDATE {table} SET item = ?4, size = 0, modified = 0 WHERE source = ?1 AND path = ?2 AND item = ?3"
            );
            execute(transaction, &sql, params![source.as_str(), place, before, now])?;
        }
        execute(transaction, "UPDATE item SET place = ?2 WHERE item = ?1", params![now, place])?;
    }
    Ok(())
}
