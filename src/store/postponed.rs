//! What hangs together with new items is told once all that a walk brings is there: else the tenth copy of a story had the nine before it
//! looked at again.

use std::collections::BTreeSet;

use rusqlite::{Transaction, params};

use super::group::Group;
use super::ledger::Ledger;
use super::record::{self, Record};
use super::{Outcome, Store, execute};

/// Name of the change behind which items came whose copies were not looked at: as long as it is there, so is something to be told.
const POSTPONED: &str = "untold copies";
/// Families or groups that are looked at in one transaction.
const TOGETHER: usize = 1_024;

/// What is to be looked at.
#[derive(Debug, Default)]
pub(super) struct Postponed {
    families: BTreeSet<i64>,
    groups: BTreeSet<Group>,
    /// Whether that is all. What a process that was killed, or a batch that failed, left is found by the number of its change.
    is_all: bool,
}

impl Postponed {
    /// Puts off what hangs together with the items of a batch that began behind a change, all of which are new.
    pub(super) fn put_off(
        &mut self,
        transaction: &Transaction<'_>,
        began: i64,
        families: &mut BTreeSet<i64>,
        groups: &mut BTreeSet<Group>,
    ) -> rusqlite::Result<()> {
        if families.is_empty() && groups.is_empty() {
            return Ok(());
        }
        let sql = "INSERT OR IGNORE INTO meta (name, value) VALUES (?1, ?2)";
        if execute(transaction, sql, params![POSTPONED, began.to_string()])? > 0 {
            *self = Self { is_all: true, ..Self::default() };
        }
        if self.is_all {
            self.families.append(families);
            self.groups.append(groups);
        }
        families.clear();
        groups.clear();
        Ok(())
    }
}

impl Store {
    /// Writes items. What hangs together with those that are new may be put off.
    pub(super) fn write_with<T>(
        &mut self,
        postponed: Option<&mut Postponed>,
        work: impl FnOnce(&Transaction<'_>, &mut Ledger) -> rusqlite::Result<T>,
    ) -> Outcome<T> {
        // What is not committed shall not be remembered either.
        let mut near = self.near.take();
        let value = self.transact(|transaction| {
            let mut ledger = Ledger::open(transaction)?;
            let value = work(transaction, &mut ledger)?;
            ledger.close(transaction, &mut near, postponed)?;
            Ok(value)
        })?;
        self.near.replace(near);
        Ok(value)
    }

    /// Looks at the copies of all items that visits brought. To be asked before they are published; `alive` is called at every step.
    ///
    /// # Errors
    /// When the database fails; what was not looked at then is so the next time.
    pub fn tell_copies(&mut self, mut alive: impl FnMut()) -> Outcome<()> {
        let Some(since) = self.meta(POSTPONED)? else { return Ok(()) };
        let mut postponed = std::mem::take(&mut self.postponed);
        if !postponed.is_all {
            postponed = self.postponed_since(since.parse().unwrap_or(0))?;
        }
        loop {
            alive();
            let families = first(&mut postponed.families);
            let groups = if families.is_empty() { first(&mut postponed.groups) } else { BTreeSet::new() };
            let is_last = postponed.families.is_empty() && postponed.groups.is_empty();
            self.write(|transaction, ledger| {
                (ledger.telling.families, ledger.groups) = (families, groups);
                if is_last {
                    execute(transaction, "DELETE FROM meta WHERE name = ?1", [POSTPONED])?;
                }
                Ok(())
            })?;
            if is_last {
                return Ok(());
            }
        }
    }

    /// What hangs together with all that came behind a change.
    fn postponed_since(&mut self, change: i64) -> Outcome<Postponed> {
        self.write(|transaction, ledger| {
            let mut postponed = Postponed { is_all: true, ..Postponed::default() };
            let sql = format!("{} WHERE change > ?1", record::SELECT);
            let mut statement = transaction.prepare_cached(&sql)?;
            let mut rows = statement.query([change])?;
            while let Some(row) = rows.next()? {
                let record = Record::from_row(row)?;
                record.note_groups(transaction, ledger)?;
                postponed.families.extend(record.family());
            }
            postponed.groups = std::mem::take(&mut ledger.groups);
            Ok(postponed)
        })
    }
}

/// Takes the first of some values, as many as are looked at together.
fn first<T: Ord + Clone>(values: &mut BTreeSet<T>) -> BTreeSet<T> {
    let next = values.iter().nth(TOGETHER).cloned();
    let rest = next.map(|next| values.split_off(&next)).unwrap_or_default();
    std::mem::replace(values, rest)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Folder, item};
    use super::super::{Entry, Gathered, Seen, SourceId, Upstream};
    use super::*;
    use crate::item::{Facts, Item, mint};

    /// What a visit to a source brings: the same story wherever it is asked, dated a day of March.
    fn visit(source: &str, day: u32) -> Gathered {
        let source = SourceId::new(source).unwrap();
        let story = item("Ferry", day);
        let twin_print = Some([7; 16]);
        let facts = Facts { key: mint(&source, b"ferry"), source: source.clone(), twin_print, ..story };
        let seen = Seen { path: b"ferry".to_vec(), item: Some(facts.key.clone()), ..Seen::default() };
        let channels = vec!["all".to_owned(), format!("sources/{source}")];
        let entry = Entry { seen, item: Some((Item::recall(facts), channels)), ..Entry::default() };
        Gathered { source, entries: vec![entry], upstream: Upstream::default() }
    }

    fn shown(store: &Store) -> Vec<String> {
        store.window("all", 9).unwrap().into_iter().map(|member| member.key).collect()
    }

    #[test]
    fn copies_are_looked_at_once_all_are_there() {
        let folder = Folder::new();
        let mut store = folder.open();
        let visits = [visit("quay", 4), visit("tower", 2), visit("pier", 3)];
        for visit in &visits {
            store.save_visits(std::slice::from_ref(visit)).unwrap();
        }
        assert_eq!(shown(&store).len(), 3, "nobody has looked yet");
        store.tell_copies(|| ()).unwrap();
        let tower = [mint(&visits[1].source, b"ferry")];
        assert_eq!(shown(&store), tower);
        assert_eq!(store.copies(&tower[0]).unwrap().len(), 2);
        // And once more, of what came before, too.
        let first = visit("buoy", 1);
        store.save_visits(std::slice::from_ref(&first)).unwrap();
        store.tell_copies(|| ()).unwrap();
        assert_eq!(shown(&store), [mint(&first.source, b"ferry")]);
        assert_eq!(store.meta(POSTPONED).unwrap(), None);
    }

    #[test]
    fn copies_are_looked_at_by_the_next_process_where_one_was_killed() {
        let folder = Folder::new();
        let visits = [visit("quay", 4), visit("tower", 2), visit("pier", 3)];
        for visit in &visits {
            // Each process is killed behind its first visit.
            folder.open().save_visits(std::slice::from_ref(visit)).unwrap();
        }
        let mut store = folder.open();
        assert_eq!(shown(&store).len(), 3);
        store.tell_copies(|| ()).unwrap();
        assert_eq!(shown(&store), [mint(&visits[1].source, b"ferry")]);
    }

    #[test]
    fn the_first_of_many_are_taken_and_none_is_left() {
        let mut values: BTreeSet<usize> = (0..=2 * TOGETHER).collect();
        let sizes: Vec<usize> = std::iter::repeat_with(|| first(&mut values).len()).take(4).collect();
        assert_eq!(sizes, [TOGETHER, TOGETHER, 1, 0]);
    }
}
