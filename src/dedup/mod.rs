//! Have we this already? Decides what a settled item changes, and which of several copies is the original.

use chrono::{DateTime, Utc};

use crate::item::{Item, ItemKey, Known};

mod align;
mod compare;
mod conflict;
mod shingle;
mod story;

pub use compare::{Reason, Titles, Verdict, Votes, compare};
pub use conflict::{Conflict, ConflictKind, Conflicts};
pub use shingle::shingles;
pub use story::Story;

/// What an item changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It has not been met before.
    New,
    /// Its words have changed.
    Revised,
    /// Its words are as they were; what is around them (categories, markup, authors) may have changed.
    Same,
}

/// What an item changes, given what is known of it.
pub fn judge(item: &Item, known: Option<&Known>) -> Change {
    match known {
        None => Change::New,
        Some(known) if known.fingerprint == item.fingerprint => Change::Same,
        Some(_) => Change::Revised,
    }
}

/// A copy of a story: an item with the same canonical address or the same normalized text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copy {
    /// When it was published.
    pub published: DateTime<Utc>,
    /// Its key.
    pub key: ItemKey,
}

/// The original among copies: the one published first; of several on the same instant, that with the smallest key. The
/// order in which they arrived does not count. `None`: there is no copy, or `key` is the original itself.
pub fn original<'a>(key: &str, copies: &'a [Copy]) -> Option<&'a ItemKey> {
    copies.iter().min().map(|first| &first.key).filter(|first| *first != key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_copy_is_the_original_whatever_the_order() {
        let copy = |key: &str, second| Copy {
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
}
