//! Postings of texts in memory: which texts are found under a key is told at once.

use std::hint::black_box;

use super::posting::{MOST, Posting, key_of, posting, text_of};

/// Postings that stand together, 64 bytes.
const LINE: usize = 8;
/// Bits of a key that tell its part of the table.
const PART: u32 = 4;
/// Lines of a part, half a megabyte, from which on it grows by a quarter of itself when it is full; before, by half.
const LARGE: usize = 1 << 13;

/// Postings in memory, by the first bits of their keys: a part grows by itself, so that never all of them are there twice.
#[derive(Debug, Default)]
pub(super) struct Table {
    parts: [Part; 1 << PART],
}

/// Postings whose keys begin alike. Each stands in the line that its key tells, or behind it: since keys are spread evenly,
/// they are almost in order, and a part that grows is copied from its start to its end.
#[derive(Debug, Default)]
struct Part {
    /// Filled from their starts. 0: free. No text has the number 0.
    lines: Vec<[Posting; LINE]>,
    taken: usize,
}

impl Table {
    /// Enters some postings, for which room was made, and adds pairs of a text and another that stands under a key of it.
    pub(super) fn enter(&mut self, postings: &[Posting], near: &mut Vec<(u32, u32)>) {
        self.fetch(postings);
        for posting in postings {
            self.enter_one(*posting, |other| near.push((text_of(*posting), other)));
        }
    }

    /// Has the lines of postings brought near, all at once: memory answers side by side what is asked together, and looking
    /// for one after the other would take three times as long.
    fn fetch(&self, postings: &[Posting]) {
        let first = postings.iter().map(|posting| {
            let (part, key) = part_of(*posting);
            self.parts[part].lines[self.parts[part].line_of(key)][0]
        });
        black_box(first.fold(0, |all, posting| all ^ posting));
    }

    /// Enters a posting, and tells of the texts that stand under its key, but for itself.
    pub(super) fn enter_one(&mut self, posting: Posting, found: impl FnMut(u32)) {
        self.parts[part_of(posting).0].enter_one(posting, found);
    }

    /// Tells of the texts that stand under a key.
    pub(super) fn find(&self, key: u32, found: impl FnMut(u32)) {
        self.parts[part_of(posting(key, 0)).0].find(key, found);
    }

    /// Grows what has too little room for some more: an eighth more for each part than if their keys were spread quite evenly.
    /// They would crowd where a part that is too small has them begin, if it grew only while they come in order.
    pub(super) fn make_room(&mut self, more: usize) {
        for part in &mut self.parts {
            part.make_room((more >> PART) + (more >> (PART + 3)) + LINE);
        }
    }

    /// Postings for which it has memory.
    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.parts.iter().map(|part| part.lines.as_flattened().len()).sum()
    }
}

/// The part in which a posting stands, and what of its key tells its place there.
fn part_of(posting: Posting) -> (usize, u32) {
    let key = key_of(posting);
    ((key >> (u32::BITS - PART)) as usize, key << PART)
}

impl Part {
    /// As [`Table::enter_one`].
    fn enter_one(&mut self, posting: Posting, mut found: impl FnMut(u32)) {
        // Of the keys of a few texts, many may be in one part.
        self.make_room(1);
        let key = key_of(posting);
        let mut at = self.line_of(part_of(posting).1);
        // Of those under the key: how many, and where the one with the lowest number is.
        let (mut alike, mut oldest, mut is_there) = (0, (u32::MAX, at, 0), false);
        loop {
            let line = &self.lines[at];
            // Nearly always none: all are looked at before one is.
            if line.iter().fold(false, |any, there| any | (key_of(*there) == key)) {
                is_there |= line.contains(&posting);
                let others = line.iter().enumerate().filter(|(_, there)| key_of(**there) == key && **there != posting);
                for (place, there) in others {
                    alike += 1;
                    oldest = oldest.min((text_of(*there), at, place));
                    found(text_of(*there));
                }
            }
            if line[LINE - 1] == 0 {
                break;
            }
            at = self.behind(at);
        }
        if is_there {
            return;
        }
        if alike < MOST {
            self.put(at, posting);
            self.taken += 1;
        } else if oldest.0 < text_of(posting) {
            self.lines[oldest.1][oldest.2] = posting;
        }
    }

    /// As [`Table::find`].
    fn find(&self, key: u32, mut found: impl FnMut(u32)) {
        let mut at = self.line_of(part_of(posting(key, 0)).1);
        while let Some(line) = self.lines.get(at) {
            line.iter().filter(|there| key_of(**there) == key && **there != 0).for_each(|there| found(text_of(*there)));
            if line[LINE - 1] == 0 {
                break;
            }
            at = self.behind(at);
        }
    }

    /// Grows if there is too little room for some more.
    fn make_room(&mut self, more: usize) {
        let wanted = ((self.taken + more) * 5 / 4).div_ceil(LINE) + 1;
        if wanted <= self.lines.len() {
            return;
        }
        let growth = self.lines.len() / if self.lines.len() < LARGE { 2 } else { 4 };
        let room = wanted.max(self.lines.len() + growth);
        let old = std::mem::replace(&mut self.lines, vec![[0; LINE]; room]);
        for posting in old.as_flattened().iter().filter(|posting| **posting != 0) {
            let mut at = self.line_of(part_of(*posting).1);
            while self.lines[at][LINE - 1] != 0 {
                at = self.behind(at);
            }
            self.put(at, *posting);
        }
    }

    /// Puts a posting into a line that is not full.
    fn put(&mut self, at: usize, posting: Posting) {
        let line = &mut self.lines[at];
        let taken = line.iter().map(|there| usize::from(*there != 0)).sum::<usize>();
        line[taken] = posting;
    }

    /// The line in which the postings of a key begin, by what tells its place.
    fn line_of(&self, key: u32) -> usize {
        // Of two numbers below 2^32, the upper half of the product is below the second.
        usize::try_from((u64::from(key) * self.lines.len() as u64) >> 32).unwrap_or(0)
    }

    fn behind(&self, line: usize) -> usize {
        if line + 1 == self.lines.len() { 0 } else { line + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_up_once_more_finds_all_that_share_its_line() {
        let (mut table, mut near) = (Table::default(), Vec::new());
        let postings: Vec<Posting> = (1..=20).map(|text| posting(5, text)).collect();
        table.make_room(20);
        table.enter(&postings, &mut near);
        assert_eq!(near.len(), 20 * 19 / 2);
        near.clear();
        table.enter(&[posting(5, 7)], &mut near);
        assert_eq!(near, (1..=20).filter(|text| *text != 7).map(|text| (7, text)).collect::<Vec<_>>());
        assert_eq!(table.parts.iter().map(|part| part.taken).sum::<usize>(), 20);
    }

    #[test]
    fn a_table_finds_what_it_was_given_however_it_grew() {
        let key = |text: u32| text.wrapping_mul(0x9e37_79b9);
        let mut table = Table::default();
        for first in (1..=50_000).step_by(1_000) {
            let mut postings: Vec<Posting> = (first..first + 1_000).map(|text| posting(key(text), text)).collect();
            postings.sort_unstable();
            table.make_room(postings.len());
            table.enter(&postings, &mut Vec::new());
        }
        // All in one part, for which no room was made.
        let crowd: Vec<Posting> = (1..=5_000).map(|text| posting(text, 60_000 + text)).collect();
        table.make_room(64);
        for posting in crowd {
            table.enter_one(posting, |_| ());
        }
        assert!(table.room() < 55_000 * 2, "{}", table.room());
        for (key, text) in (1..=50_000).map(|text| (key(text), text)).chain((1..=5_000).map(|key| (key, 60_000 + key)))
        {
            let mut near = Vec::new();
            table.enter_one(posting(key, 70_000), |other| near.push(other));
            assert_eq!(near, [text]);
        }
    }
}
