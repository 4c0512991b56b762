//! Texts that may tell the same story, found among all that there are by their sketches.

use std::collections::HashSet;
use std::hint::black_box;

use rusqlite::{Transaction, params};

use super::mark::{BYTES, Mark};
use super::posting::{self, Begins, LOOSE, Posting, key_of};
use super::table::Table;
use super::{Outcome, Store, execute, one};
use crate::dedup::{self, Outline, Sketch};

/// Marks of one row.
const BLOCK: u32 = 32;
/// Texts that one is compared with, word by word, at the most: those that are most like it.
const MOST_COMPARED: usize = 32;
/// Pairs that share a key, at about which they are weighed, so that very many copies take no more memory.
const MOST_NEAR: usize = 1 << 16;
/// Stored texts for each of which one may be looked up on disk, before it is cheaper to have all keys in memory.
const SHARE: u64 = 512;
/// Most postings that are all kept in memory, those of 1.8 million texts: 153 MB, and a quarter more with their room.
const HELD: u64 = 1 << 25;
/// Parts of what is in memory, of which one more is kept free for what comes.
const FREE: u32 = 4;
/// Most blocks that stay in memory, 6 MB.
const KEPT: usize = 1 << 11;
/// Outlines that stand together.
const SHEET: usize = 1 << 12;
/// Postings or outlines that are asked for together.
const TOGETHER: usize = 64;

impl Store {
    /// Enters sketches of texts by ascending number, and finds for each the texts that may be the same: what [`save`](Self::save)
    /// does for items, without the items. For benches.
    ///
    /// # Errors
    /// When the database fails.
    #[doc(hidden)]
    pub fn enter_sketches(&mut self, texts: &[(u32, Sketch)]) -> Outcome<Vec<(u32, Vec<u32>)>> {
        let texts: Vec<(u32, Option<Mark>)> =
            texts.iter().map(|(text, sketch)| (*text, Some(Mark::new(*sketch, 0, None)))).collect();
        let mut near = self.near.take();
        let found = self.transact(|transaction| near.enter(transaction, &texts))?;
        self.near.replace(near);
        Ok(found)
    }
}

/// The keys and marks of texts, as far as they are in memory.
#[derive(Debug)]
pub(super) struct Near {
    /// Most postings of which it holds all, and most blocks that stay.
    held: u64,
    kept: usize,
    table: Table,
    /// By number of the block. `None`: not read yet.
    blocks: Vec<Option<Box<Block>>>,
    /// How many were.
    read: usize,
    /// Of each text whose block was ever read, by its number.
    outlines: Vec<Vec<Outline>>,
    /// Whether all keys are in the table.
    is_whole: bool,
    /// Texts that were looked up on disk.
    looked_up: u64,
    /// Texts that stand in no run, in order. `None`: not read yet.
    loose: Option<Vec<u32>>,
}

impl Default for Near {
    fn default() -> Self {
        let (table, blocks, outlines) = Default::default();
        Self { held: HELD, kept: KEPT, table, blocks, read: 0, outlines, is_whole: false, looked_up: 0, loose: None }
    }
}

/// Marks of texts that follow each other.
type Block = [Option<Mark>; BLOCK as usize];

/// A text, how unlike another is, days between them, that other and what tells its words: in the order in which they count.
type Alike = (u32, u32, Option<u32>, u32, u32);

/// A text, and those that may tell the same story: the likeliest first.
pub(super) type Found = (u32, Vec<u32>);

impl Near {
    /// Enters texts, and finds for each those of all texts that may be the same. With a number alone comes one that was
    /// entered before, to be looked up once more.
    ///
    /// The result depends on what is stored only, not on the order in which it came, unless more than a thousand
    /// texts share a key or more than 32 with other words are alike.
    pub(super) fn enter(
        &mut self,
        transaction: &Transaction<'_>,
        texts: &[(u32, Option<Mark>)],
    ) -> rusqlite::Result<Vec<Found>> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let mut marked = Vec::with_capacity(texts.len());
        for (text, mark) in texts {
            let known = if mark.is_none() { self.mark(transaction, *text)? } else { None };
            if let Some(known) = mark.or(known) {
                marked.push((*text, known, mark.is_some()));
            }
        }
        let mut loose = self.loose.take().map_or_else(|| posting::loose(transaction), Ok)?;
        self.make_ready(transaction, &marked, &loose)?;
        // All marks first: what was said of a text before does not count, and it is not found by that any more.
        let (mut old, mut new, mut to_loosen) = (Vec::new(), Vec::new(), Vec::new());
        for (text, mark, _) in marked.iter().filter(|(.., is_new)| *is_new) {
            let before: Vec<Posting> =
                self.mark(transaction, *text)?.iter().flat_map(|mark| mark.postings(*text)).collect();
            let is_under_more = mark.postings(*text).any(|posting| !before.contains(&posting));
            // What a text is found by stands in runs, or none of it does.
            if !before.is_empty() && loose.binary_search(text).is_err() {
                let stays = |posting: Posting| !is_under_more && mark.postings(*text).any(|now| now == posting);
                old.extend(before.into_iter().filter(|posting| !stays(*posting)));
            }
            if is_under_more {
                to_loosen.push(*text);
            }
            new.push(*text);
            self.set_mark(transaction, *text, *mark)?;
        }
        posting::remove(transaction, old)?;
        let found = self.find(transaction, &marked)?;
        self.loosen(transaction, &mut loose, &to_loosen)?;
        self.write_blocks(transaction, new.into_iter())?;
        self.loose = Some(loose);
        self.forget();
        Ok(found)
    }

    /// Finds for each of some texts that are not entered those of all texts that may be the same and are wanted: the likeliest
    /// first.
    pub(super) fn like(
        &mut self,
        transaction: &Transaction<'_>,
        marks: &[Mark],
        mut is_wanted: impl FnMut(u32) -> rusqlite::Result<bool>,
    ) -> rusqlite::Result<Vec<Vec<u32>>> {
        let loose = self.loose.take().map_or_else(|| posting::loose(transaction), Ok)?;
        let marked: Vec<(u32, Mark, bool)> = marks.iter().map(|mark| (0, *mark, false)).collect();
        self.make_ready(transaction, &marked, &loose)?;
        let mut found = Vec::with_capacity(marks.len());
        for mark in marks {
            let (mut near, mut alike) = (Vec::new(), Vec::new());
            for key in mark.sketch.keys() {
                self.table.find(key, |other| near.push(other));
            }
            near.sort_unstable();
            near.dedup();
            let outline = mark.sketch.outline();
            near.retain(|other| outline.may_be_near(self.outline(*other)));
            for other in near {
                let likeness = self.mark(transaction, other)?.and_then(|of_other| mark.likeness(&of_other));
                if let Some(likeness) = likeness
                    && is_wanted(other)?
                {
                    alike.push((u32::MAX - likeness, other));
                }
            }
            alike.sort_unstable();
            found.push(alike.into_iter().take(MOST_COMPARED).map(|(_, other)| other).collect());
        }
        self.loose = Some(loose);
        self.forget();
        Ok(found)
    }

    /// Forgets the keys of texts that were looked up on disk, and marks if they are many: few texts are like others.
    fn forget(&mut self) {
        if !self.is_whole {
            self.table = Table::default();
        }
        if self.read > self.kept {
            self.read = 0;
            self.blocks.clear();
        }
    }

    /// Adds texts to those that are loose, and makes a run of them when they are many.
    fn loosen(&mut self, transaction: &Transaction<'_>, loose: &mut Vec<u32>, texts: &[u32]) -> rusqlite::Result<()> {
        if texts.is_empty() {
            return Ok(());
        }
        loose.extend(texts);
        loose.sort_unstable();
        loose.dedup();
        if loose.len() >= LOOSE {
            let postings = self.postings(transaction, loose, |_| true)?;
            posting::add(transaction, &posting::sorted(postings))?;
            loose.clear();
        }
        posting::set_loose(transaction, loose)
    }

    /// What texts are found by, as far as it is wanted, in the order of these.
    fn postings(
        &mut self,
        transaction: &Transaction<'_>,
        texts: &[u32],
        is_wanted: impl Fn(Posting) -> bool,
    ) -> rusqlite::Result<Vec<Posting>> {
        let mut postings = Vec::new();
        for text in texts {
            let mark = self.mark(transaction, *text)?;
            postings.extend(mark.iter().flat_map(|mark| mark.postings(*text)).filter(|posting| is_wanted(*posting)));
        }
        Ok(postings)
    }

    /// The mark of a text. `None`: it was not entered.
    pub(super) fn mark(&mut self, transaction: &Transaction<'_>, text: u32) -> rusqlite::Result<Option<Mark>> {
        Ok(self.block(transaction, text / BLOCK)?[(text % BLOCK) as usize])
    }

    /// Enters marked texts into the table, and finds for each those that may be the same: the likeliest first, then the nearest
    /// in time, then by number. Of those with the same words, the nearest.
    fn find(&mut self, transaction: &Transaction<'_>, marked: &[(u32, Mark, bool)]) -> rusqlite::Result<Vec<Found>> {
        // In the order of keys, memory is gone through from its start to its end.
        let postings = posting::sorted(marked.iter().flat_map(|(text, mark, _)| mark.postings(*text)).collect());
        let (mut near, mut alike) = (Vec::new(), Vec::new());
        for postings in postings.chunks(TOGETHER) {
            self.table.enter(postings, &mut near);
            if near.len() >= MOST_NEAR {
                self.weigh(transaction, &mut near, &mut alike)?;
            }
        }
        self.weigh(transaction, &mut near, &mut alike)?;
        let of_text = alike.chunk_by(|one, other| one.0 == other.0).filter_map(|alike| {
            let others = alike.iter().map(|(_, _, _, other, _)| *other).collect();
            alike.first().map(|(text, ..)| (*text, others))
        });
        Ok(of_text.collect())
    }

    /// Moves those pairs that may be the same to those that are known to, of which the likeliest stay for each text.
    fn weigh(
        &mut self,
        transaction: &Transaction<'_>,
        near: &mut Vec<(u32, u32)>,
        alike: &mut Vec<Alike>,
    ) -> rusqlite::Result<()> {
        // A pair is weighed for each key that it shares: to put all in order first takes longer.
        for near in near.chunks(TOGETHER) {
            self.fetch(near);
            for (text, other) in near {
                if !self.outline(*text).may_be_near(self.outline(*other)) {
                    continue;
                }
                self.block(transaction, other / BLOCK)?;
                if let Some((mark, of_other)) = self.known(*text).zip(self.known(*other))
                    && let Some(likeness) = mark.likeness(of_other)
                {
                    let apart = mark.day.zip(of_other.day).map(|(one, other)| one.abs_diff(other));
                    alike.push((*text, u32::MAX - likeness, apart, *other, of_other.words));
                }
            }
        }
        near.clear();
        alike.sort_unstable();
        alike.dedup();
        let (mut text, mut seen, mut kept) = (0, HashSet::new(), 0);
        alike.retain(|(of, .., words)| {
            if *of != text {
                (text, kept) = (*of, 0);
                seen.clear();
            }
            let stays = kept < MOST_COMPARED && (*words == 0 || seen.insert(*words));
            kept += usize::from(stays);
            stays
        });
        Ok(())
    }

    /// Has the outlines of pairs brought near: see [`Table::fetch`].
    fn fetch(&self, pairs: &[(u32, u32)]) {
        black_box(pairs.iter().fold(0, |all, (_, other)| all ^ self.outline(*other).words()));
    }

    /// What is at hand of a text. It tells nothing of one whose block was not read yet.
    fn outline(&self, text: u32) -> &Outline {
        let sheet = self.outlines.get(text as usize / SHEET);
        sheet.and_then(|sheet| sheet.get(text as usize % SHEET)).unwrap_or(&Outline::NOTHING)
    }

    /// Has what tells of a text at hand.
    fn set_outline(&mut self, text: u32, mark: &Mark) {
        let at = text as usize / SHEET;
        if self.outlines.len() <= at {
            self.outlines.resize(at + 1, Vec::new());
        }
        let sheet = &mut self.outlines[at];
        sheet.resize(SHEET, Outline::NOTHING);
        sheet[text as usize % SHEET] = mark.sketch.outline();
    }

    /// The mark of a text whose block was read.
    fn known(&self, text: u32) -> Option<&Mark> {
        self.blocks.get((text / BLOCK) as usize)?.as_deref()?[(text % BLOCK) as usize].as_ref()
    }

    /// Brings those keys into the table that are looked for, with room for those that come.
    fn make_ready(
        &mut self,
        transaction: &Transaction<'_>,
        marked: &[(u32, Mark, bool)],
        loose: &[u32],
    ) -> rusqlite::Result<()> {
        let (of_loose, to_come) = (loose.len() * dedup::KEYS, marked.len() * dedup::KEYS);
        let last = marked.iter().map(|(text, ..)| *text).max().unwrap_or(0);
        let stored = posting::told(transaction)?.saturating_add(of_loose as u64);
        let fits = stored <= self.held;
        if self.is_whole && fits && self.table.has_room(to_come, last) {
            return Ok(());
        }
        let wanted = self.looked_up + marked.len() as u64;
        self.is_whole = fits && (self.is_whole || wanted * SHARE * dedup::KEYS as u64 >= stored);
        self.table = Table::default();
        let sql = "SELECT ifnull(max(block), 0) FROM sketch WHERE block < ?1";
        let block = one(transaction, sql, [u32::MAX / BLOCK], |row| row.get::<_, u32>(0))?.unwrap_or(0);
        let last = last.max((block + 1) * BLOCK);
        if self.is_whole {
            let room = posting::count(transaction)? + of_loose + to_come;
            self.table = Table::with_room(room + room / FREE as usize, last.saturating_add(last / FREE));
            posting::all(transaction, |posting| self.table.enter_one(posting, |_| ()))?;
            for posting in self.postings(transaction, loose, |_| true)? {
                self.table.enter_one(posting, |_| ());
            }
            return Ok(());
        }
        self.looked_up = wanted;
        let mut keys: Vec<u32> = marked.iter().flat_map(|(_, mark, _)| mark.sketch.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        // Few of the many begin like one that is looked for.
        let begins = Begins::of(&keys);
        let is_wanted = |posting: Posting| begins.has(key_of(posting)) && keys.binary_search(&key_of(posting)).is_ok();
        let mut known = self.postings(transaction, loose, is_wanted)?;
        posting::look_up(transaction, &keys, |posting| known.push(posting))?;
        self.table = Table::with_room(known.len() + to_come, last);
        for posting in known {
            self.table.enter_one(posting, |_| ());
        }
        Ok(())
    }

    fn block(&mut self, transaction: &Transaction<'_>, number: u32) -> rusqlite::Result<&mut Block> {
        let at = number as usize;
        if self.blocks.len() <= at {
            self.blocks.resize(at + 1, None);
        }
        if self.blocks[at].is_none() {
            let mut marks = Box::new([None; BLOCK as usize]);
            one(transaction, "SELECT marks FROM sketch WHERE block = ?1", [number], |row| {
                let (kept, _) = row.get_ref(0)?.as_blob()?.as_chunks();
                for (mark, bytes) in marks.iter_mut().zip(kept).filter(|(_, bytes)| **bytes != [0; BYTES]) {
                    *mark = Mark::from_bytes(bytes);
                }
                Ok(())
            })?;
            self.read += 1;
            for (mark, text) in marks.iter().zip(number * BLOCK..) {
                if let Some(mark) = mark {
                    self.set_outline(text, mark);
                }
            }
            self.blocks[at] = Some(marks);
        }
        Ok(self.blocks[at].get_or_insert_default())
    }

    fn set_mark(&mut self, transaction: &Transaction<'_>, text: u32, mark: Mark) -> rusqlite::Result<()> {
        self.block(transaction, text / BLOCK)?[(text % BLOCK) as usize] = Some(mark);
        self.set_outline(text, &mark);
        Ok(())
    }

    /// Writes the blocks in which some texts stand.
    fn write_blocks(
        &mut self,
        transaction: &Transaction<'_>,
        texts: impl Iterator<Item = u32>,
    ) -> rusqlite::Result<()> {
        let mut blocks: Vec<u32> = texts.map(|text| text / BLOCK).collect();
        blocks.sort_unstable();
        blocks.dedup();
        for number in blocks {
            let marks = self.block(transaction, number)?;
            let bytes = marks.iter().map(|mark| mark.map_or([0; BYTES], Mark::to_bytes)).collect::<Vec<_>>();
            let bytes = bytes.as_flattened();
            execute(
                transaction,
                "INSERT OR REPLACE INTO sketch (block, marks) VALUES (?1, ?2)",
                params![number, bytes],
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Folder;
    use super::*;

    /// Texts that make eight runs, which become one, and some that are loose.
    const TEXTS: u32 = 8 * 4_096 + 1_000;

    /// A sketch that no other number has in any part.
    fn sketch(number: u32) -> Sketch {
        let mut bytes = [0; dedup::BYTES];
        let (parts, _) = bytes.as_chunks_mut::<4>();
        for (part, at) in parts.iter_mut().zip(1..) {
            let mixed = (number << 5 | at).wrapping_mul(0x9e37_79b9);
            *part = (mixed ^ mixed >> 15).wrapping_mul(0x2c1b_3c6d).to_le_bytes();
        }
        let (_, words) = bytes.split_at_mut(dedup::BYTES - 4);
        words.copy_from_slice(&100_u32.to_le_bytes());
        Sketch::from_bytes(&bytes)
    }

    fn filled(folder: &Folder) -> Store {
        let mut store = folder.open();
        for first in (1..=TEXTS).step_by(1_024) {
            let batch: Vec<(u32, Sketch)> =
                (first..=TEXTS.min(first + 1_023)).map(|text| (text, sketch(text))).collect();
            assert_eq!(store.enter_sketches(&batch).unwrap(), []);
        }
        store
    }

    fn runs(store: &Store) -> (u32, u32) {
        let sql = "SELECT count(*), sum(size) FROM run";
        store.connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    }

    #[test]
    fn a_copy_is_found_in_memory_and_on_disk_in_runs_and_loose() {
        let folder = Folder::new();
        let mut store = filled(&folder);
        let in_runs = 8 * 4_096 * u32::try_from(dedup::KEYS).unwrap();
        assert_eq!(runs(&store), (1, in_runs));
        let copies = |store: &mut Store, number: u32| {
            let texts = [(TEXTS + number, sketch(7)), (TEXTS + number + 1, sketch(TEXTS - 7))];
            store.enter_sketches(&texts).unwrap()
        };
        assert_eq!(copies(&mut store, 1), [(TEXTS + 1, vec![7]), (TEXTS + 2, vec![TEXTS - 7])]);
        drop(store);
        let mut store = folder.open();
        let expected = [(TEXTS + 3, vec![7, TEXTS + 1]), (TEXTS + 4, vec![TEXTS - 7, TEXTS + 2])];
        assert_eq!(copies(&mut store, 3), expected);
        assert!(!store.near.borrow().is_whole);
    }

    #[test]
    fn a_text_is_not_found_in_runs_by_what_it_said_before() {
        let folder = Folder::new();
        let store = filled(&folder);
        let (_, before) = runs(&store);
        drop(store);
        let mut store = folder.open();
        let (other, new, old) = (sketch(TEXTS + 1), TEXTS + 2, TEXTS + 3);
        assert_eq!(store.enter_sketches(&[(7, other)]).unwrap(), []);
        assert_eq!(runs(&store), (1, before - u32::try_from(dedup::KEYS).unwrap()));
        assert_eq!(store.enter_sketches(&[(new, other), (old, sketch(7))]).unwrap(), [(new, vec![7])]);
        // It may say again what it said, and is found by that alone.
        assert_eq!(store.enter_sketches(&[(7, sketch(7))]).unwrap(), [(7, vec![old])]);
        assert_eq!(store.enter_sketches(&[(TEXTS + 4, other)]).unwrap(), [(TEXTS + 4, vec![new])]);
    }

    #[test]
    fn what_a_text_is_found_by_stands_in_one_place() {
        let folder = Folder::new();
        let mut store = filled(&folder);
        let (_, before) = runs(&store);
        let loose = |store: &mut Store| store.transact(posting::loose).unwrap();
        let were_loose = loose(&mut store);
        let keys = u32::try_from(dedup::KEYS).unwrap();
        let with_title = |number: u32, title: u32| {
            let mut bytes = sketch(number).to_bytes();
            bytes[dedup::BYTES - 12..dedup::BYTES - 8].copy_from_slice(&title.to_le_bytes());
            Sketch::from_bytes(&bytes)
        };
        store.enter_sketches(&[(7, with_title(7, 0)), (8, sketch(8))]).unwrap();
        assert_eq!((runs(&store), loose(&mut store)), ((1, before - 1), were_loose.clone()), "nothing was added");
        for title in [11, 12, 0] {
            store.enter_sketches(&[(9, with_title(9, title))]).unwrap();
            assert_eq!(runs(&store), (1, before - 1 - keys));
            assert_eq!(loose(&mut store), [&[9], were_loose.as_slice()].concat());
        }
        let copies = [(TEXTS + 1, with_title(7, 0)), (TEXTS + 2, with_title(9, 0))];
        assert_eq!(store.enter_sketches(&copies).unwrap(), [(TEXTS + 1, vec![7]), (TEXTS + 2, vec![9])]);
    }

    #[test]
    fn where_nothing_is_entered_nothing_is_read() {
        let folder = Folder::new();
        drop(filled(&folder));
        let mut store = folder.open();
        assert_eq!(store.enter_sketches(&[]).unwrap(), []);
        assert!(store.near.borrow().loose.is_none() && store.near.borrow().blocks.is_empty());
    }

    #[test]
    fn a_table_that_was_read_has_room_for_what_comes() {
        let folder = Folder::new();
        drop(filled(&folder));
        let mut store = folder.open();
        let room = [1, 2].map(|number| {
            let first = TEXTS + number * 1_000;
            let texts: Vec<(u32, Sketch)> = (first..first + 1_000).map(|text| (text, sketch(text))).collect();
            assert_eq!(store.enter_sketches(&texts).unwrap(), []);
            assert!(store.near.borrow().is_whole);
            store.near.borrow().table.room()
        });
        let stored = (TEXTS as usize + 1_000) * dedup::KEYS;
        assert!(room[0] == room[1] && room[0] < stored * 2, "{room:?} for {stored}");
    }

    #[test]
    fn what_is_too_much_for_memory_is_looked_up() {
        let folder = Folder::new();
        let mut store = filled(&folder);
        let of_copies = |store: &mut Store, first: u32| {
            let texts: Vec<(u32, Sketch)> = (0..400).map(|number| (first + number, sketch(1 + number * 84))).collect();
            let found = store.enter_sketches(&texts).unwrap();
            found.into_iter().map(|(text, others)| (text - first, others[0])).collect::<Vec<_>>()
        };
        let expected: Vec<(u32, u32)> = (0..400).map(|number| (number, 1 + number * 84)).collect();
        assert_eq!(of_copies(&mut store, TEXTS + 1), expected);
        assert!(store.near.borrow().is_whole);
        store.near.borrow_mut().held = 500_000;
        assert_eq!(of_copies(&mut store, TEXTS + 1_001), expected);
        assert!(!store.near.borrow().is_whole && store.near.borrow().table.room() == 0);
        let more: Vec<(u32, Sketch)> = (8..=84).map(|number| (TEXTS + 3_000 + number, sketch(number))).collect();
        let expected: Vec<Found> = (8..=84).map(|number| (TEXTS + 3_000 + number, vec![number])).collect();
        assert_eq!(store.enter_sketches(&more).unwrap(), expected);
        assert!(!store.near.borrow().is_whole);
        // Nor do all marks stay.
        store.near.borrow_mut().kept = 10;
        let again = [(TEXTS + 4_000, sketch(7)), (TEXTS + 4_100, sketch(TEXTS - 7))];
        let found = store.enter_sketches(&again).unwrap();
        assert_eq!(found.iter().map(|(_, others)| others[0]).collect::<Vec<_>>(), [7, TEXTS - 7]);
        assert_eq!((store.near.borrow().read, store.near.borrow().blocks.len()), (0, 0));
        assert_eq!(store.enter_sketches(&[(TEXTS + 4_200, sketch(9))]).unwrap()[0].1[0], 9);
    }

    #[test]
    fn what_runs_say_of_themselves_is_not_relied_on() {
        let folder = Folder::new();
        drop(filled(&folder));
        for (number, size) in [(1, 0), (3, 20), (5, i64::MAX)] {
            let mut store = folder.open();
            store.connection.execute("UPDATE run SET size = ?1", [size]).unwrap();
            let texts = [(TEXTS + number, sketch(7)), (TEXTS + number + 1, sketch(TEXTS - 7))];
            let found = store.enter_sketches(&texts).unwrap();
            assert!(found.len() == 2 && found[0].1[0] == 7 && found[1].1[0] == TEXTS - 7, "{size}: {found:?}");
            assert_eq!(store.near.borrow().is_whole, size < 100);
        }
    }

    #[test]
    fn of_very_many_copies_the_first_are_found() {
        let mut store = Folder::new().open();
        let mut all = Vec::new();
        for first in [1, 151] {
            let batch: Vec<(u32, Sketch)> = (first..first + 150).map(|text| (text, sketch(1))).collect();
            all.extend(store.enter_sketches(&batch).unwrap());
        }
        assert_eq!(all.len(), 299);
        for (text, others) in all {
            assert_eq!(others, (1..text).take(MOST_COMPARED).collect::<Vec<_>>());
        }
    }
}
