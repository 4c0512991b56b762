//! What cannot be had: it is asked for again, and items are made without their articles, or stay as they are out.

use super::follow::waits_as;
use super::{Course, Ready};
use crate::item::Item;
use crate::refresh::article::Missing;
use crate::refresh::entry::Pending;
use crate::store::{Store, StoreError};

/// Visits at which an article that cannot be had is asked for, before the item is what the list says; times [`FAILED`].
const TRIES: u8 = 3 * FAILED;
/// What a visit counts at which an article fails, and one at which its server asks to wait: that is no try, but a server that asks for
/// it each time shall not keep an item back for ever.
pub(super) const FAILED: u8 = 4;
pub(super) const ASKED_TO_WAIT: u8 = 1;
/// Articles in a row that cannot be had, after which the others wait for the next visit.
const STUMBLES: u32 = 3;

impl Course<'_> {
    /// So many articles wait for the next visit, which is soon.
    pub(super) fn wait(&mut self, articles: usize) {
        self.left += articles;
        self.later += articles;
    }

    /// A further page of the list cannot be had: at the next visit, what is known does not end the list. `weight` is what this counts
    /// of its tries; `None`: there will be none.
    pub(super) fn lacks_next(&mut self, problem: &str, weight: Option<u8>) {
        self.learnt.stumbles = self.learnt.stumbles.saturating_add(weight.unwrap_or(FAILED));
        if weight.is_some() && self.learnt.stumbles < TRIES {
            self.left += 1;
        }
        self.notes.push(format!("a further page of its list cannot be had: {problem}"));
    }

    /// Whether what cannot be had is asked for at the next visit, where this one counts so much of its tries.
    fn may_try(&mut self, what: &str, weight: u8) -> bool {
        let tries = self.learnt.waiting.entry(what.to_owned()).or_default();
        *tries = tries.saturating_add(weight);
        *tries < TRIES
    }

    /// An article cannot be had.
    pub(super) fn lacks(
        &mut self,
        pending: Pending,
        missing: Missing,
        store: Option<&Store>,
    ) -> Result<(), StoreError> {
        let place = waits_as(pending.arrival.place());
        let (problem, weight, until) = match missing {
            Missing::File(media_type) => {
                let kept = self.kept(&pending, store)?;
                self.ready.push(Ready { pending, file: Some(media_type), kept });
                return Ok(());
            }
            Missing::ForGood(problem) => (problem, None, None),
            // The others are as far away. One that failed before keeps its tries.
            Missing::Later => {
                self.wait(1 + self.articles.len());
                self.articles.clear();
                return Ok(());
            }
            Missing::ForNow(problem) => (problem, Some(FAILED), None),
            Missing::Wait(problem, until) => (problem, Some(ASKED_TO_WAIT), until),
        };
        if let Some(weight) = weight {
            // What another host asks for holds for its article alone.
            let is_own = pending.arrival.link.as_ref().is_some_and(|link| link.origin() == self.web.url.origin());
            let until = until.filter(|_| is_own);
            self.asked_until = self.asked_until.max(until);
            // Who says for how long is not asked for the others meanwhile.
            self.stumbles = if until.is_some() { STUMBLES } else { self.stumbles + 1 };
            self.has_stumbled |= self.stumbles >= STUMBLES;
            let again = self.may_try(&place, weight);
            if self.stumbles >= STUMBLES && (again || until.is_some()) {
                for other in std::mem::take(&mut self.articles) {
                    if until.is_none() || self.may_try(&waits_as(other.arrival.place()), ASKED_TO_WAIT) {
                        self.left += 1;
                    } else {
                        self.do_without(other, &problem, store)?;
                    }
                }
            }
            if again {
                self.left += 1;
                self.notes.push(format!("an article is asked for again at the next visit: {problem}"));
                return Ok(());
            }
        }
        self.do_without(pending, &problem, store)
    }

    /// An item is made of what the list says of it. One that is out with more keeps that.
    fn do_without(&mut self, pending: Pending, problem: &str, store: Option<&Store>) -> Result<(), StoreError> {
        let kept = self.kept(&pending, store)?;
        let link = pending.arrival.entry.facts.link.as_deref().unwrap_or_default();
        let what = if kept.is_some() { "an item stays as it is out" } else { "an item is what the list says" };
        self.notes.push(format!(
            "{what}, for want of its article: {link}: {problem}; `feedgen refresh --force {}` asks for it again",
            self.source.id
        ));
        self.learnt.waiting.remove(&waits_as(pending.arrival.place()));
        self.ready.push(Ready { pending, file: None, kept });
        Ok(())
    }

    /// What is out of an item that has a text.
    fn kept(&self, pending: &Pending, store: Option<&Store>) -> Result<Option<Box<Item>>, StoreError> {
        let (Some(store), Some(_)) = (store, &pending.identity.known) else { return Ok(None) };
        let item = store.items(&[&pending.identity.key])?.pop();
        Ok(item.filter(|item| !item.content.is_empty()).map(Box::new))
    }
}
