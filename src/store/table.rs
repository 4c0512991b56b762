//! Postings of texts in memory, three bytes each: which texts may be found under a key is told at once.

use std::hint::black_box;

use super::posting::{MOST, Posting, key_of, text_of};

/// Entries that stand together, in 64 bytes.
const LINE: usize = 21;
/// As many of them as are filled on an average, when the table is full.
const FILLED: usize = 19;
/// Bits of an entry for the number of its text, and those beneath that stand apart.
const NUMBER: u32 = 20;
const LOW: u32 = 16;
/// Bits of the upper part that tell keys apart.
const TAG: u8 = 0xff << (NUMBER - LOW);

/// Texts by their keys. An entry stands in the line that its key tells, or behind it, and is the number of its text with the last four
/// bits of its key. Of the others the line tells most, since keys are spread evenly (Cleary, "Compact Hash Tables Using Bidirectional
/// Linear Probing", 1984): a few texts seem to stand under a key that they have not, and are nothing like the other. So do those that
/// share an entry, where numbers are larger than a million.
///
/// It does not grow, as it knows no key as a whole: one with more room is filled anew.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Filled from their starts.
    lines: Vec<Line>,
    /// Bits of a number that are left out.
    shared: u32,
    taken: usize,
}

/// As long as a line of the memory, and where one begins.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Line {
    high: [u8; LINE],
    taken: u8,
    low: [u16; LINE],
}

impl Table {
    /// A table for so many postings, of texts up to a number.
    pub(super) fn with_room(postings: usize, last: u32) -> Self {
        let shared = (u32::BITS - last.leading_zeros()).saturating_sub(NUMBER);
        Self { lines: vec![Line::default(); postings / FILLED + 1], shared, taken: 0 }
    }

    /// Whether there is room for some more postings, of texts up to a number.
    pub(super) fn has_room(&self, more: usize, last: u32) -> bool {
        self.taken + more <= self.room() && last >> self.shared >> NUMBER == 0
    }

    /// Postings for which it has room.
    pub(super) fn room(&self) -> usize {
        self.lines.len() * FILLED
    }

    /// Enters some postings, for which there is room, and adds pairs of a text and another that may stand under a key of it.
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
        black_box(first.fold(0, |all, line| all ^ line.taken));
    }

    /// Enters a posting, and tells of the texts that may stand under its key, but for itself. What there is no room for stays out.
    pub(super) fn enter_one(&mut self, posting: Posting, mut found: impl FnMut(u32)) {
        let (key, text) = (key_of(posting), text_of(posting));
        if !self.has_room(1, text) {
            return;
        }
        let (shared, own) = (self.shared, text >> self.shared);
        // Of those under the key: how many, and where the one with the lowest number is.
        let (mut alike, mut oldest, mut is_there) = (0, (u32::MAX, 0, 0), false);
        let last = self.search(key, |number, line, place| {
            if number == own {
                is_there = true;
            } else {
                alike += 1;
                oldest = oldest.min((number, line, place));
            }
            texts_of(number, shared).filter(|other| *other != text).for_each(&mut found);
        });
        if is_there {
            return;
        }
        if alike < MOST {
            let line = &mut self.lines[last];
            let place = usize::from(line.taken);
            line.put(place, key, own);
            line.taken += 1;
            self.taken += 1;
        } else if oldest.0 < own {
            self.lines[oldest.1].put(oldest.2, key, own);
        }
    }

    /// Tells of the texts that may stand under a key.
    pub(super) fn find(&self, key: u32, mut found: impl FnMut(u32)) {
        self.search(key, |number, _, _| texts_of(number, self.shared).for_each(&mut found));
    }

    /// Tells of the numbers that stand under a key, and of their lines and places. Returns the first line on the way that is not full.
    fn search(&self, key: u32, mut found: impl FnMut(u32, usize, usize)) -> usize {
        let (mut at, tag) = (self.line_of(key), tag_of(key));
        while let Some(line) = self.lines.get(at) {
            // Nearly always none: all are looked at before one is.
            if line.high.iter().fold(0, |all, high| all | u8::from(high & TAG == tag)) != 0 {
                let alike = line.high.iter().zip(line.low).enumerate().take(line.taken.into());
                for (place, (high, low)) in alike.filter(|(_, (high, _))| **high & TAG == tag) {
                    found(u32::from(high & !TAG) << LOW | u32::from(low), at, place);
                }
            }
            if usize::from(line.taken) < LINE {
                break;
            }
            at = if at + 1 == self.lines.len() { 0 } else { at + 1 };
        }
        at
    }

    /// The line in which the entries of a key begin.
    fn line_of(&self, key: u32) -> usize {
        // Of two numbers below 2^32, the upper half of the product is below the second.
        usize::try_from((u64::from(key) * self.lines.len() as u64) >> 32).unwrap_or(0)
    }
}

impl Line {
    fn put(&mut self, place: usize, key: u32, number: u32) {
        let [low, high @ ..] = number.to_le_bytes();
        (self.high[place], self.low[place]) = (tag_of(key) | high[1], u16::from_le_bytes([low, high[0]]));
    }
}

/// What an entry holds of a key.
fn tag_of(key: u32) -> u8 {
    key.to_le_bytes()[0] << (NUMBER - LOW)
}

/// The texts that share a number.
fn texts_of(number: u32, shared: u32) -> impl Iterator<Item = u32> {
    (0..1 << shared).map(move |text| number << shared | text)
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
    fn a_full_table_finds_what_it_was_given_and_little_else() {
        for last in [100_000, 1 << 23] {
            let mut table = Table::with_room(100_000, last);
            // The last share a line, and those behind it.
            let number = |text: u32| if text < 99_500 { key(text) } else { text };
            let text = |number: u32| last - 8 * (100_000 - number) / if last == 100_000 { 8 } else { 1 };
            (1..=100_000).for_each(|at| table.enter_one(posting(number(at), text(at)), |_| ()));
            let mut others = 0;
            for at in 1..=100_000 {
                let mut found = Vec::new();
                table.find(number(at), |other| found.push(other));
                assert!(found.contains(&text(at)), "{at}");
                others += found.len() - 1;
            }
            // Of large numbers, a few share an entry.
            assert!(others < if last == 100_000 { 1 << 18 } else { 1 << 22 }, "{others}");
        }
    }

    #[test]
    fn what_has_no_room_stays_out() {
        let mut table = Table::with_room(1, 1 << 20);
        table.enter_one(posting(1, 1 << 21), |_| ());
        assert_eq!(table.taken, 0, "its number would be taken for a part of its key");
        for text in 1..=50 {
            table.enter_one(posting(key(text), text), |_| ());
        }
        assert_eq!((table.taken, table.room()), (FILLED, FILLED));
        assert!(!table.has_room(1, 1));
    }
}
