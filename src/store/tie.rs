//! What two items are to each other by their words.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use rusqlite::Transaction;

use super::group::is_later;
use super::one;
use super::record;
use crate::dedup::{self, Reason};
use crate::item::Item;
use crate::source::SourceId;

/// Stories that are kept for the next comparison, and their tokens, about.
const KEPT: usize = 64;
const KEPT_TOKENS: usize = 1 << 19;

/// What decides whether an item is the same as another.
pub(super) struct Told {
    pub(super) item: Item,
    pub(super) text: String,
}

/// The same, taken apart for comparing.
pub(super) struct Telltale {
    told: Told,
    pub(super) story: dedup::Story<'static>,
}

/// What two items are to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tie {
    /// The same, word for word.
    Equal,
    Same,
    /// The same for their title and day, since one of them says little: a third tells more.
    Titled,
    /// They contradict each other, so that no third makes them one.
    Apart,
    /// Neither.
    Loose,
}

impl Tie {
    pub(super) fn is_same(self) -> bool {
        matches!(self, Self::Equal | Self::Same | Self::Titled)
    }
}

/// The words of items that were compared last, and how many tokens these are.
#[derive(Default)]
pub(super) struct Words(HashMap<i64, Option<Rc<Telltale>>>, usize);

impl Words {
    /// The words of an item. `None`: there is no such item.
    pub(super) fn of(&mut self, transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<Option<Rc<Telltale>>> {
        if self.0.len() > KEPT || self.1 > KEPT_TOKENS {
            *self = Self::default();
        }
        Ok(match self.0.entry(id) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(place) => {
                let telltale = told(transaction, id)?.map(|told| Rc::new(Telltale::of(told)));
                self.1 += telltale.as_ref().map_or(0, |telltale| telltale.story.length());
                place.insert(telltale).clone()
            }
        })
    }
}

impl Telltale {
    pub(super) fn of(told: Told) -> Self {
        let story = dedup::Story::of_item(&told.item, &told.text).into_owned();
        Self { told, story }
    }

    /// Whether a source has two documents, of days that lie far apart: if they say the same, it means another occasion.
    fn is_told_again_by(&self, other: &Self) -> bool {
        let [one, other] = [&self.told.item, &other.told.item];
        let times = one.told_at().zip(other.told_at());
        one.source == other.source
            && one.credit.is_none()
            && other.credit.is_none()
            && times.is_some_and(|(one, other)| is_later(one.timestamp(), other.timestamp()))
    }

    /// The feed that has it as an entry.
    fn feed(&self) -> Option<&SourceId> {
        self.told.item.credit.is_some().then_some(&self.told.item.source)
    }
}

/// What two items are to each other. What one feed has as two entries is two, unless they bear one title, too.
pub(super) fn tie(one: &Telltale, other: &Telltale) -> Tie {
    let is_of_one_feed = one.feed().is_some_and(|feed| other.feed() == Some(feed));
    if is_of_one_feed && !dedup::is_one_title(&one.told.item.title, &other.told.item.title) {
        return Tie::Apart;
    }
    let verdict = dedup::compare(&one.story, &other.story);
    // What is another wording of another wording may be anything; parts of one text replace nothing.
    let is_replaced = !verdict.votes.conflicts.swaps.is_empty();
    match verdict.reason {
        Reason::SameWords if one.is_told_again_by(other) => Tie::Apart,
        Reason::SameWords => Tie::Equal,
        Reason::SameTitleAndDay => Tie::Titled,
        _ if verdict.same => Tie::Same,
        Reason::OtherTitle(_)
        | Reason::OtherYear(..)
        | Reason::OtherFacts(_)
        | Reason::OtherContent
        | Reason::LongApart(_) => Tie::Apart,
        Reason::Unlike(_) if is_replaced => Tie::Apart,
        _ => Tie::Loose,
    }
}

/// What decides on an item. `None`: there is no such item.
pub(super) fn told(transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<Option<Told>> {
    let sql = format!("{} WHERE id = ?1", record::SELECT);
    let item = one(transaction, &sql, [id], |row| record::item(row, &[]))?;
    Ok(item.map(|item| Told { text: item.content.text(), item }))
}
