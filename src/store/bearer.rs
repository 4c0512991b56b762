//! Which item bears an id that upstreams gave to several: once that is decided, it stays so.
//!
//! Copies of one story may bear one id, for no channel shows two of them. Of different stories (`http://localhost/?p=1`) one bears it: the
//! one that is out; of those that come in one walk, the one whose address is at the host of its feed, then the one published
//! first. The others lose it for good, so that it is handed on to nobody.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use rusqlite::{Connection, Row, Transaction, params};

use super::group::{Group, SHARED, TOLD_AT};
use super::ledger::Ledger;
use super::{Outcome, Store, execute, is_published, one, record, set_meta};
use crate::item::Item;

/// What stands before an id in the names of those of which it is to be decided who bears them.
const CONTESTED: &str = "contested:";
/// Name of the last row of an item that was there when all was published.
const OUT: &str = "out";

/// Notes those of some ids that several items have which are not copies of one, as far as copies are known now.
pub(super) fn note(transaction: &Transaction<'_>, ids: &BTreeSet<String>) -> rusqlite::Result<()> {
    let sql = format!("SELECT count(DISTINCT ifnull(original, item)) FROM item WHERE {}", SHARED[2]);
    for id in ids {
        if one(transaction, &sql, [id], |row| row.get::<_, i64>(0))?.is_some_and(|stories| stories > 1) {
            set_meta(transaction, &format!("{CONTESTED}{id}"), "")?;
        }
    }
    Ok(())
}

/// Notes of a new store that nothing of it is out.
pub(super) fn begin(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    // What was rescued of a damaged one says it already.
    execute(transaction, "INSERT OR IGNORE INTO meta (name, value) VALUES (?1, '0')", [OUT]).map(drop)
}

/// Notes that all items there are are out.
pub(super) fn all_are_out(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO meta (name, value) SELECT ?1, CAST(ifnull(max(id), 0) AS TEXT) FROM item";
    execute(transaction, sql, [OUT]).map(drop)
}

/// The ids of which it is to be decided who bears them: those that were noted; of a store in which none ever was, all that
/// several items have.
fn contested(connection: &Connection, is_known: bool) -> rusqlite::Result<Vec<String>> {
    let sql = if is_known {
        "SELECT substr(name, length(?1) + 1) FROM meta WHERE name >= ?1 AND name < ?1 || char(1114111)"
    } else {
        "SELECT guid FROM item WHERE guid IS NOT NULL AND ?1 <> '' GROUP BY guid HAVING count(*) > 1"
    };
    connection.prepare_cached(sql)?.query_map([CONTESTED], |row| row.get(0))?.collect()
}

impl Store {
    /// Decides who bears the ids that several items came with since this was last asked. To be asked before they are
    /// published.
    ///
    /// # Errors
    /// When the database fails; then nothing is decided.
    pub fn settle_ids(&mut self) -> Outcome<()> {
        let out = self.meta(OUT)?;
        let ids = self.run(|connection| contested(connection, out.is_some()))?;
        if ids.is_empty() && out.is_some() {
            return Ok(());
        }
        let last_out = out.as_deref().and_then(|row| row.parse().ok()).unwrap_or(0);
        self.write(|transaction, ledger| {
            for id in &ids {
                settle(transaction, ledger, id, last_out)?;
                execute(transaction, "DELETE FROM meta WHERE name = ?1", [format!("{CONTESTED}{id}")])?;
            }
            if out.is_none() { all_are_out(transaction) } else { Ok(()) }
        })
    }
}

/// An item that claims an id.
struct Claim {
    item: i64,
    /// The item that stands for it where copies of it meet: itself, where it is no copy.
    original: i64,
    story: Option<i64>,
    /// Whether any channel shows it.
    is_shown: bool,
    /// Whether it may have been published already.
    is_out: bool,
    is_at_home: bool,
    /// Without its place in a list: [`TOLD_AT`].
    published: i64,
}

impl Claim {
    /// Whether both tell one story.
    fn is_copy_of(&self, other: &Self) -> bool {
        self.original == other.original || self.story.is_some() && self.story == other.story
    }

    /// Whether it has to give the id up, for another bears it. What was out as a copy keeps it, though the first may be
    /// removed; where both are shown as different stories, one of them has to.
    fn yields_to(&self, bearers: &[Self]) -> bool {
        if self.is_out {
            self.is_shown && bearers.iter().any(|bearer| bearer.is_shown && !self.is_copy_of(bearer))
        } else {
            !bearers.is_empty() && !bearers.iter().any(|bearer| self.is_copy_of(bearer))
        }
    }
}

/// Decides who bears an id.
fn settle(transaction: &Transaction<'_>, ledger: &mut Ledger, id: &str, last_out: i64) -> rusqlite::Result<()> {
    let sql =
        format!("SELECT id, item, ifnull(original, item), story, channels, {TOLD_AT} FROM item WHERE {}", SHARED[2]);
    let whole = format!("{} WHERE id = ?1", record::SELECT);
    let claim = |row: &Row<'_>| {
        let number: i64 = row.get(0)?;
        let item: Option<Item> = one(transaction, &whole, [number], |row| record::item(row, &[]))?;
        Ok(Claim {
            item: row.get(1)?,
            original: row.get(2)?,
            story: row.get(3)?,
            is_shown: is_published(row.get_ref(4)?.as_str()?),
            is_out: number <= last_out,
            is_at_home: item.as_ref().is_some_and(|item| item.is_at_home()),
            published: row.get(5)?,
        })
    };
    let mut claims: Vec<Claim> = transaction.prepare_cached(&sql)?.query_map([id], claim)?.collect::<Result<_, _>>()?;
    claims.sort_by_key(|claim| {
        let Claim { item, is_shown, is_out, is_at_home, published, .. } = claim;
        (Reverse((*is_out, *is_shown, *is_at_home)), *published, item.cast_unsigned())
    });
    let mut bearers: Vec<Claim> = Vec::new();
    for claim in claims {
        if claim.yields_to(&bearers) {
            execute(transaction, "UPDATE item SET guid = NULL WHERE item = ?1", params![claim.item])?;
            // It has changed, and of what is left others may be copies.
            ledger.retold.insert(claim.item);
            ledger.groups.extend([Group::Guid(id.to_owned()), Group::One(claim.item)]);
        } else {
            bearers.push(claim);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::tests::{Folder, at, item};
    use super::super::{Entry, Seen, SourceId};
    use super::*;
    use crate::draft::Credit;
    use crate::item::{CanonicalUrl, Facts};

    const ID: &str = "http://localhost/?p=1";

    /// An entry of the feed of a host, with an id that others have, too.
    fn claiming(name: &str, host: &str, day: u32) -> Facts {
        let feed = format!("https://{host}/rss").parse().ok();
        let credit = Some(Arc::new(Credit { title: String::new(), id: None, feed, page: None }));
        let link = Some(CanonicalUrl::recall(format!("https://quay.example/{name}")));
        let source = SourceId::new(host.split('.').next().unwrap()).unwrap();
        Facts { guid: Some(ID.to_owned()), link, credit, source, ..item(name, day) }
    }

    fn save(store: &mut Store, facts: &[Facts]) {
        for facts in facts {
            let seen =
                Seen { path: facts.title.clone().into_bytes(), item: Some(facts.key.clone()), ..Seen::default() };
            let channels = vec!["all".to_owned(), format!("sources/{}", facts.source)];
            let entry = Entry { seen, item: Some((Item::recall(facts.clone()), channels)), ..Entry::default() };
            store.save(&facts.source, &[entry]).unwrap();
        }
    }

    /// What a walk does that publishes: those that bear the id afterwards, by title.
    fn publish(store: &mut Store) -> Vec<String> {
        store.settle_ids().unwrap();
        let change = store.change().unwrap();
        store.set_archived(change).unwrap();
        let bearers = store.run(|connection| {
            let mut statement = connection.prepare("SELECT title FROM item WHERE guid = ?1 ORDER BY title")?;
            statement.query_map([ID], |row| row.get(0))?.collect()
        });
        bearers.unwrap()
    }

    #[test]
    fn of_those_that_come_in_one_walk_who_is_at_home_bears_an_id_then_the_first() {
        let bears = |facts: &[Facts]| {
            let folder = Folder::new();
            let mut store = folder.open();
            save(&mut store, facts);
            publish(&mut store)
        };
        let (a, b) = (claiming("a", "pills.example", 2), claiming("b", "relay.example", 1));
        let home = claiming("home", "quay.example", 3);
        assert_eq!(bears(&[a.clone(), b.clone()]), ["b"]);
        assert_eq!(bears(&[b.clone(), a.clone()]), ["b"]);
        assert_eq!(bears(&[b, home, a]), ["home"]);
    }

    #[test]
    fn what_is_out_keeps_its_id_whatever_comes_and_hands_it_on_to_nobody() {
        let folder = Folder::new();
        let mut store = folder.open();
        let late = claiming("late", "relay.example", 20);
        save(&mut store, std::slice::from_ref(&late));
        assert_eq!(publish(&mut store), ["late"]);
        let before = store.change().unwrap();
        save(&mut store, &[claiming("early", "pills.example", 1), claiming("home", "quay.example", 2)]);
        assert_eq!(publish(&mut store), ["late"]);
        assert!(store.changed_after(before, 9).unwrap().iter().all(|(_, item, _)| item.title != "late"));
        // What comes again with its id does not get it back.
        save(
            &mut store,
            &[Facts { title: "early".to_owned(), updated: at(21), ..claiming("early", "pills.example", 1) }],
        );
        assert_eq!(publish(&mut store), ["late"]);
        store.remove(&[late.key], at(22)).unwrap();
        save(&mut store, &[claiming("new", "quay.example", 3)]);
        assert_eq!(publish(&mut store), ["late"]);
    }

    #[test]
    fn copies_bear_one_id_also_when_the_first_of_them_goes() {
        let folder = Folder::new();
        let mut store = folder.open();
        let copy = |host: &str, day: u32| {
            let facts = claiming("tide", host, day);
            let key = crate::item::mint(&facts.source, b"tide");
            let link = Some(CanonicalUrl::recall(format!("https://{host}/tide")));
            Facts { key, link, fingerprint: crate::item::digest(&[host.as_bytes()]), ..facts }
        };
        let (first, second) = (copy("one.example", 1), copy("two.example", 2));
        save(&mut store, &[first.clone(), second.clone()]);
        assert_eq!(publish(&mut store), ["tide", "tide"]);
        save(&mut store, &[claiming("other", "three.example", 1)]);
        assert_eq!(publish(&mut store), ["tide", "tide"]);
        store.remove(&[first.key], at(22)).unwrap();
        assert_eq!(publish(&mut store), ["tide", "tide"]);
        let bearer = store.item(&second.key).unwrap().unwrap();
        assert_eq!(bearer.guid.as_deref(), Some(ID));
    }

    #[test]
    fn a_store_in_which_nothing_was_decided_is_looked_through_once() {
        let folder = Folder::new();
        let mut store = folder.open();
        save(&mut store, &[claiming("b", "relay.example", 2), claiming("a", "pills.example", 1), item("c", 3)]);
        store
            .run(|connection| connection.execute("DELETE FROM meta WHERE name = 'out' OR name LIKE 'contested:%'", []))
            .unwrap();
        assert_eq!(publish(&mut store), ["a"]);
        assert_eq!(store.meta(OUT).unwrap().as_deref(), Some("3"));
        assert_eq!(store.count().unwrap(), 3);
    }
}
