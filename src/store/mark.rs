//! What is kept of each text, by which it is told how like another it is.

use super::posting::{self, Posting};
use crate::dedup::{self, Sketch};

/// Bytes of one as it is kept.
pub(super) const BYTES: usize = dedup::BYTES + 8;
/// Days within which a story is told again in other words; what comes later is another, unless nearly all words are the same.
const NEAR_DAYS: u32 = 61;
/// Fewest slots in which those agree: of nine tenths, 58 give or take 2.
const LIKE_LATER: u32 = 48;

/// What is kept of a text: its sketch, what tells it from others, and the day it was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) sketch: Sketch,
    /// Hash of its words. 0: not known.
    pub(super) words: u32,
    /// Days since 1970. `None`: nobody told.
    pub(super) day: Option<i32>,
}

impl Mark {
    pub(super) fn new(sketch: Sketch, words: u32, day: Option<i32>) -> Self {
        Self { sketch, words, day }
    }

    /// Words of the text.
    pub(super) fn words(&self) -> u32 {
        self.sketch.words()
    }

    /// What a text is found by.
    pub(super) fn postings(&self, text: u32) -> impl Iterator<Item = Posting> + '_ {
        self.sketch.keys().map(move |key| posting::posting(key, text))
    }

    /// How like another text is that may tell the same story. `None`: it may not.
    pub(super) fn likeness(&self, other: &Self) -> Option<u32> {
        let likeness = self.sketch.likeness_if_near(&other.sketch)?;
        let apart = self.day.zip(other.day).map_or(0, |(one, other)| one.abs_diff(other));
        (apart <= NEAR_DAYS || likeness >= LIKE_LATER).then_some(likeness)
    }

    pub(super) fn to_bytes(self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        let (sketch, rest) = bytes.split_at_mut(dedup::BYTES);
        let (words, day) = rest.split_at_mut(4);
        sketch.copy_from_slice(&self.sketch.to_bytes());
        words.copy_from_slice(&self.words.to_le_bytes());
        day.copy_from_slice(&self.day.unwrap_or(i32::MIN).to_le_bytes());
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; BYTES]) -> Option<Self> {
        let (sketch, rest) = bytes.split_first_chunk::<{ dedup::BYTES }>()?;
        let (words, day) = rest.split_first_chunk()?;
        let (words, day) = (u32::from_le_bytes(*words), i32::from_le_bytes(*day.first_chunk()?));
        Some(Self { sketch: Sketch::from_bytes(sketch), words, day: Some(day).filter(|day| *day != i32::MIN) })
    }
}
