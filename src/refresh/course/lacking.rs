//! What cannot be had: it is asked for again, and items are made without their articles, or stay as they are out.

use chrono::{DateTime, Utc};

use super::follow::waits_as;
use super::{Course, Ready};
use crate::collect::fetch::shown;
use crate::item::Item;
use crate::refresh::arrival::{Arrival, Doubt, Identified};
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
/// Articles that are asked for again later, at most.
const MOST_LACKING: usize = 200;

impl Course<'_> {
    /// So many articles wait for the next visit, which is soon.
    pub(super) fn wait(&mut self, articles: usize) {
        self.left += articles;
        self.later += articles;
    }

    /// A further page of the list cannot be had: at the next visit, what is known does not end the list, and after some more visits,
    /// now and then. `weight` is what this counts of its tries.
    pub(super) fn lacks_next(&mut self, problem: &str, weight: u8, now: DateTime<Utc>) {
        self.learnt.stumbles = self.learnt.stumbles.saturating_add(weight);
        if self.learnt.stumbles < TRIES {
            self.left += 1;
        } else if self.learnt.further.as_ref().is_none_or(|lack| lack.is_due(now)) {
            self.learnt.further = Some(self.learnt.further.take().unwrap_or_default().again(now));
        }
        // Those that it lists are not gone.
        for place in std::mem::take(&mut self.sought) {
            self.put_off(place, now);
        }
        self.notes.push(format!("a further page of its list cannot be had: {problem}"));
    }

    /// The list has ended with a page that could be had.
    pub(super) fn has_no_further(&mut self) {
        if self.goes_further || self.asked.len() > 1 {
            (self.learnt.stumbles, self.learnt.further) = (0, None);
        }
    }

    /// Those of the entries that are as they were whose articles are due to be asked for again are not taken for the same.
    pub(super) fn ask_again(&mut self, arrivals: &[Arrival], are_same: &mut [bool], now: DateTime<Utc>) {
        if self.learnt.lacking.is_empty() {
            return;
        }
        for (arrival, is_same) in arrivals.iter().zip(are_same).filter(|(_, is_same)| **is_same) {
            let place = waits_as(arrival.place());
            if self.learnt.lacking.get(&place).is_some_and(|lack| lack.is_due(now)) {
                self.again.insert(place);
                *is_same = false;
            }
        }
        // What is listed no more will not be met again.
        for place in std::mem::take(&mut self.sought) {
            self.learnt.lacking.remove(&place);
        }
    }

    /// The article of an entry is there.
    pub(super) fn is_had(&mut self, place: &str) {
        self.learnt.waiting.remove(place);
        self.learnt.lacking.remove(place);
    }

    /// The article of an entry could not be had, and its item is made without.
    fn put_off(&mut self, place: String, now: DateTime<Utc>) {
        let lack = self.learnt.lacking.remove(&place).unwrap_or_default().again(now);
        if !lack.is_over() && self.learnt.lacking.len() < MOST_LACKING {
            self.learnt.lacking.insert(place, lack);
        }
    }

    /// An article that was asked for again cannot be had yet.
    fn lacks_again(&mut self, place: String, problem: &str, now: DateTime<Utc>) {
        self.notes.push(format!("an article cannot be had yet: {problem}"));
        self.put_off(place, now);
        self.lost += 1;
        if self.lost >= STUMBLES {
            let all = std::mem::take(&mut self.articles);
            let (again, others) =
                all.into_iter().partition(|other| self.again.contains(&waits_as(other.arrival.place())));
            self.articles = others;
            let again: std::collections::VecDeque<Pending> = again;
            for other in again {
                self.put_off(waits_as(other.arrival.place()), now);
            }
        }
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
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let place = waits_as(pending.arrival.place());
        let (problem, weight, until) = match missing {
            Missing::File(media_type) => {
                self.is_had(&place);
                let kept = kept(&pending, store)?.filter(|item| !has_file(item, &pending));
                self.ready.push(Ready { pending, file: Some(media_type), kept });
                return Ok(());
            }
            Missing::ForGood(problem) => (problem, None, None),
            Missing::Elsewhere(url) => (format!("its page leads to {}", shown(&url)), None, None),
            // The others are as far away. One that failed before keeps its tries.
            Missing::Later => {
                self.wait(1 + self.articles.len());
                self.articles.clear();
                return Ok(());
            }
            Missing::ForNow(problem) => (problem, Some(FAILED), None),
            Missing::Wait(problem, until) => (problem, Some(ASKED_TO_WAIT), until),
        };
        let is_again = self.again.contains(&place);
        if let Some(weight) = weight {
            // What another host asks for holds for its article alone.
            let is_own = pending.arrival.link.as_ref().is_some_and(|link| link.origin() == self.web.url.origin());
            let until = until.filter(|_| is_own);
            self.asked_until = self.asked_until.max(until);
            // Who says for how long is not asked for the others meanwhile.
            self.stumbles = if until.is_some() { STUMBLES } else { self.stumbles + 1 };
            self.has_stumbled |= self.stumbles >= STUMBLES;
            let again = !is_again && self.may_try(&place, weight);
            if self.stumbles >= STUMBLES && (again || until.is_some()) {
                for other in std::mem::take(&mut self.articles) {
                    let place = waits_as(other.arrival.place());
                    if self.again.contains(&place) {
                        self.put_off(place, now);
                    } else if until.is_none() || self.may_try(&place, ASKED_TO_WAIT) {
                        self.left += 1;
                    } else {
                        self.do_without(other, &problem, store, now)?;
                    }
                }
            }
            if again {
                self.left += 1;
                self.notes.push(format!("an article is asked for again at the next visit: {problem}"));
                return Ok(());
            }
        }
        if is_again {
            self.lacks_again(place, &problem, now);
            return Ok(());
        }
        self.do_without(pending, &problem, store, now)
    }

    /// An item is made of what the list says of it. One that is out with more keeps that.
    fn do_without(
        &mut self,
        pending: Pending,
        problem: &str,
        store: Option<&Store>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let kept = kept(&pending, store)?;
        let place = waits_as(pending.arrival.place());
        self.learnt.waiting.remove(&place);
        self.put_off(place, now);
        let link = pending.arrival.entry.facts.link.as_deref().unwrap_or_default();
        let what = if kept.is_some() { "an item stays as it is out" } else { "an item is what the list says" };
        self.notes.push(format!(
            "{what}, for want of its article: {link}: {problem}; it is asked for again for a week, and at once by `feedgen refresh --force {}`",
            self.source.id
        ));
        self.ready.push(Ready { pending, file: None, kept });
        Ok(())
    }
}

/// What is out of an item that has a text.
fn kept(pending: &Pending, store: Option<&Store>) -> Result<Option<Box<Item>>, StoreError> {
    let Identified { key, known, perhaps } = &pending.identity;
    let moved =
        perhaps.as_ref().filter(|(.., doubt)| matches!(doubt, Doubt::Moved | Doubt::Redated)).map(|(key, ..)| key);
    let (Some(store), Some(key)) = (store, known.as_ref().map(|_| key).or(moved)) else { return Ok(None) };
    let item = store.items(&[key])?.pop();
    Ok(item.filter(|item| !item.content.is_empty()).map(Box::new))
}

/// Whether an item is that of a file at the address of an entry: then all that it says is what the list said.
fn has_file(item: &Item, pending: &Pending) -> bool {
    pending.arrival.link.as_ref().is_some_and(|link| item.enclosures.iter().any(|file| file.url == *link))
}
