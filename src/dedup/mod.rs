//! Have we this already? Decides what a settled item changes, and which of several copies is the original.

use chrono::{DateTime, Utc};

use crate::item::{Item, ItemKey, Known};

mod align;
mod calendar;
mod compare;
mod conflict;
mod shingle;
mod sibling;
mod sketch;
mod slip;
mod story;
mod swap;
mod translation;

pub use compare::{Reason, Titles, Verdict, Votes, compare, has_like_title, is_one_title, is_other_story};
pub use conflict::{Conflict, ConflictKind, Conflicts};
pub use shingle::shingles;
pub use sibling::LATER;
pub use sketch::{BYTES, KEYS, Outline, SKETCHES, Sketch, sketch};
pub use story::Story;
pub use swap::Swap;
pub use translation::{Day, Translation, Version, translation};

/// What an item changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It has not been met before.
    New,
    /// Somebody has changed its words, or told the date that it lacked.
    Revised,
    /// Its words are as they were; what is around them (categories, markup, authors, counters) may have changed.
    Same,
}

/// What an item is found by among very many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leads {
    /// That of its words: near copies have a like one.
    pub sketch: Sketch,
    /// Hashes that its translations share: [`Version::hints`].
    pub hints: Vec<u32>,
}

/// What an item is found by.
pub fn leads(item: &Item) -> Leads {
    let text = item.content.text();
    if item.language.is_none() {
        return Leads { sketch: sketch(&item.title, &text), hints: Vec::new() };
    }
    let story = Story::of_item(item, &text);
    let sketch = sketch::sketch_of(&story).unwrap_or_else(|| sketch(&item.title, &text));
    Leads { sketch, hints: Version::of(item, &story).hints() }
}

/// What an item changes, given what is known of it.
pub fn judge(item: &Item, known: Option<&Known>) -> Change {
    match known {
        None => Change::New,
        Some(known) if known.updated == item.updated && known.published == item.published => Change::Same,
        Some(_) => Change::Revised,
    }
}

/// A copy of a story: an item with the same canonical address, the same normalized text, or nearly the same. The order of
/// its fields is that in which they count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copy {
    /// Whether it has less than half of the words of another copy.
    pub excerpt: bool,
    /// Whether its source is not one that the owner prefers.
    pub ordinary: bool,
    /// When it was published.
    pub published: DateTime<Utc>,
    /// Its key.
    pub key: ItemKey,
}

/// The original among copies: of those that are no excerpts, those of sources that the owner prefers; of these, the one
/// published first; of several on the same instant, that with the smallest key. The order in which they arrived does not
/// count. `None`: there is no copy, or `key` is the original itself.
pub fn original<'a>(key: &str, copies: &'a [Copy]) -> Option<&'a ItemKey> {
    copies.iter().min().map(|first| &first.key).filter(|first| *first != key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_copy_is_the_original_whatever_the_order() {
        let copy = |key: &str, second| Copy {
            excerpt: false,
            ordinary: true,
            key: key.to_owned(),
            published: DateTime::from_timestamp(second, 0).expect("a time"),
        };
        let mut copies = vec![copy("c", 5), copy("b", 3), copy("a", 3), copy("d", 9)];
        for _ in 0..copies.len() {
            assert_eq!(original("d", &copies).map(String::as_str), Some("a"));
            assert_eq!(original("b", &copies).map(String::as_str), Some("a"));
            assert_eq!(original("a", &copies), None);
            copies.rotate_left(1);
        }
        assert_eq!(original("x", &[]), None);
    }

    #[test]
    fn the_fullest_copy_comes_first_then_that_of_a_preferred_source() {
        let copy = |key: &str, excerpt, ordinary, second| Copy {
            excerpt,
            ordinary,
            key: key.to_owned(),
            published: DateTime::from_timestamp(second, 0).expect("a time"),
        };
        let mut copies = vec![
            copy("a", true, false, 1),
            copy("b", false, true, 2),
            copy("c", false, false, 4),
            copy("d", false, false, 3),
        ];
        for expected in ["d", "c", "b", "a"] {
            assert_eq!(original("x", &copies).map(String::as_str), Some(expected));
            copies.retain(|copy| copy.key != expected);
        }
    }
}
