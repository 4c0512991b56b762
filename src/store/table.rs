//! Postings of texts in memory, four bytes each: which texts are found under a key is told at once.

use std::hint::black_box;

use super::posting::{MOST, Posting, key_of, text_of};

/// Entries that stand together, 64 bytes.
const LINE: usize = 16;
/// As many of them as are filled on an average, when the table is full.
const FILLED: usize = 14;

/// Texts by their keys. An entry stands in the line that its key tells, or behind it, and is the number of its text with as many of
/// the lower bits of its key as have room above it. Of the upper ones the line tells about as many as are missing, since keys are
/// spread evenly (Cleary, "Compact Hash Tables Using Bidirectional Linear Probing", 1984): hardly ever does a text seem to stand
/// under a key that it has not, and then it is nothing like the other.
///
/// It does not grow, as it knows no key as a whole: one with more room is filled anew.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Filled from their starts. 0: free. No text has the number 0.
    lines: Vec<Line>,
    /// Bits of an entry in which the key is.
    of_key: u32,
    taken: usize,
}

/// As long as a line of the memory, and where one begins.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Line([u32; LINE]);

impl Table {
    /// A table for so many postings, of texts up to a number.
    pub(super) fn with_room(postings: usize, last: u32) -> Self {
        let of_key = u32::MAX.checked_shl(u32::BITS - last.leading_zeros()).unwrap_or(0);
        Self { lines: vec![Line::default(); postings / FILLED + 1], of_key, taken: 0 }
    }

    /// Whether there is room for some more postings, of texts up to a number.
    pub(super) fn has_room(&self, more: usize, last: u32) -> bool {
        self.taken + more <= self.room() && last & self.of_key == 0
    }

    /// Postings for which it has room.
    pub(super) fn room(&self) -> usize {
        self.lines.len() * FILLED
    }

    /// Enters some postings, for which there is room, and adds pairs of a text and another that stands under a key of it.
    pub(super) fn enter(&mut self, postings: &[Posting], near: &mut Vec<(u32, u32)>) {
        self.fetch(postings);
        for posting in postings {
            self.enter_one(*posting, |other| near.push((text_of(*posting), other)));
        }
    }

    /// Has the lines of postings brought near, all at once: memory answers side by side what is asked together, and looking
    /// for one after the other would take three times as long.
    fn fetch(&self, postings: &[Posting]) {
        let first = postings.iter().filter_map(|posting| self.lines.get(self.line_of(key_of(*posting))));
        black_box(first.fold(0, |all, line| all ^ line.0[0]));
    }

    /// Enters a posting, and tells of the texts that stand under its key, but for itself. What there is no room for stays out.
    pub(super) fn enter_one(&mut self, posting: Posting, mut found: impl FnMut(u32)) {
        let text = text_of(posting);
        if !self.has_room(1, text) {
            return;
        }
        // Of those under the key: how many, and where the one with the lowest number is.
        let (mut alike, mut oldest, mut is_there) = (0, (u32::MAX, 0, 0), false);
        let last = self.search(key_of(posting), |other, line, place| {
            if other == text {
                is_there = true;
            } else {
                alike += 1;
                oldest = oldest.min((other, line, place));
                found(other);
            }
        });
        if is_there {
            return;
        }
        let entry = self.tag_of(key_of(posting)) | text;
        if alike < MOST {
            let line = &mut self.lines[last].0;
            let taken = line.iter().map(|there| usize::from(*there != 0)).sum::<usize>();
            line[taken] = entry;
            self.taken += 1;
        } else if oldest.0 < text {
            self.lines[oldest.1].0[oldest.2] = entry;
        }
    }

    /// Tells of the texts that stand under a key.
    pub(super) fn find(&self, key: u32, mut found: impl FnMut(u32)) {
        self.search(key, |text, _, _| found(text));
    }

    /// Tells of the texts that stand under a key, and of their lines and places. Returns the first line on the way that is not full.
    fn search(&self, key: u32, mut found: impl FnMut(u32, usize, usize)) -> usize {
        let (mut at, tag, of_key) = (self.line_of(key), self.tag_of(key), self.of_key);
        while let Some(Line(line)) = self.lines.get(at) {
            // Nearly always none: all are looked at before one is.
            if line.iter().fold(0, |all, there| all | u8::from(there & of_key == tag)) != 0 {
                let alike = line.iter().enumerate().filter(|(_, there)| **there & of_key == tag && **there != 0);
                alike.for_each(|(place, there)| found(there & !of_key, at, place));
            }
            if line[LINE - 1] == 0 {
                break;
            }
            at = if at + 1 == self.lines.len() { 0 } else { at + 1 };
        }
        at
    }

    /// What an entry holds of a key.
    fn tag_of(&self, key: u32) -> u32 {
        key.checked_shl(self.of_key.trailing_zeros()).unwrap_or(0)
    }

    /// The line in which the entries of a key begin.
    fn line_of(&self, key: u32) -> usize {
        // Of two numbers below 2^32, the upper half of the product is below the second.
        usize::try_from((u64::from(key) * self.lines.len() as u64) >> 32).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::posting::posting;
    use super::*;

    /// One to one, and spread evenly.
    fn key(number: u32) -> u32 {
        number.wrapping_mul(0x9e37_79b9)
    }

    #[test]
    fn what_is_looked_up_once_more_finds_all_that_share_its_line() {
        let (mut table, mut near) = (Table::with_room(20, 20), Vec::new());
        let postings: Vec<Posting> = (1..=20).map(|text| posting(5, text)).collect();
        table.enter(&postings, &mut near);
        assert_eq!(near.len(), 20 * 19 / 2);
        near.clear();
        table.enter(&[posting(5, 7)], &mut near);
        assert_eq!(near, (1..=20).filter(|text| *text != 7).map(|text| (7, text)).collect::<Vec<_>>());
        assert_eq!(table.taken, 20);
    }

    #[test]
    fn a_full_table_finds_what_it_was_given_and_hardly_anything_else() {
        for last in [100_000, 1 << 24] {
            let mut table = Table::with_room(100_000, last);
            // The last share a line, and those behind it.
            let number = |text: u32| if text < 99_500 { key(text) } else { text };
            let postings = (1..=100_000).map(|text| posting(number(text), last - 100_000 + text));
            postings.for_each(|posting| table.enter_one(posting, |_| ()));
            assert_eq!(table.taken, 100_000);
            let mut others = 0;
            for text in 1..=100_000 {
                let mut found = Vec::new();
                table.find(number(text), |other| found.push(other));
                assert!(found.contains(&(last - 100_000 + text)), "{text}");
                others += found.len() - 1;
            }
            // Large numbers leave less room for what tells keys apart.
            assert!(others < if last == 100_000 { 1_000 } else { 100_000 }, "{others}");
        }
    }

    #[test]
    fn what_has_no_room_stays_out() {
        let mut table = Table::with_room(1, 15);
        table.enter_one(posting(1, 16), |_| ());
        assert_eq!(table.taken, 0, "its number would be taken for a part of its key");
        for text in 1..=15 {
            table.enter_one(posting(key(text), text), |_| ());
        }
        assert_eq!((table.taken, table.room()), (FILLED, FILLED));
        assert!(!table.has_room(1, 1));
    }
}
