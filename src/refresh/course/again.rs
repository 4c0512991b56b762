//! The page of a list that is read elsewhere, by its feed say, is looked at now and then: a feed may go on answering when its site has
//! long left it.

use chrono::{DateTime, Utc};
use url::Url;

use super::{Course, Errand};
use crate::collect::fetch::{Answer, shown};
use crate::item::{Fingerprint, Item};
use crate::read::feed::{Entry, Text};
use crate::read::listing::{self, Listing, NoList, Way};
use crate::refresh::listed::Found;
use crate::store::{Store, StoreError};

/// Seconds for which a way is believed that brings nothing new.
const BELIEVED: i64 = 86_400;
/// Known items beyond as many as the page lists, by which its entries are known.
const BEYOND: usize = 20;
/// One in so many of the page's entries has to be known, else it may be another list.
const KNOWN: usize = 5;

impl Course<'_> {
    /// The list was there by a way at another address than the page. Where that has brought nothing new for a day, the page itself is
    /// looked at.
    pub(super) fn look_now_and_then(&mut self, store: Option<&Store>, now: DateTime<Utc>) {
        if store.is_none()
            || !self.is_elsewhere()
            || self.error.is_some()
            || self.is_set_aside
            || self.left > 0
            || !self.errands.is_empty()
        {
            return;
        }
        let now = now.timestamp();
        let ready = self.ready.iter().map(|ready| &ready.pending);
        let has_news = self.articles.iter().chain(ready).any(|pending| pending.identity.known.is_none());
        match self.learnt.looked.filter(|_| !has_news) {
            Some(looked) if (0..BELIEVED).contains(&(now - looked)) => {}
            // What is settled by one list is not to be met by another in the same visit.
            Some(_) if !self.articles.is_empty() || !self.ready.is_empty() => {}
            looked => {
                self.learnt.looked = Some(now);
                self.errands.extend(looked.map(|_| (Errand::Look, self.web.url.clone())));
            }
        }
    }

    /// The same, where the list is there and empty.
    pub(super) fn look_at_once(&mut self, store: Option<&Store>, now: DateTime<Utc>) {
        if store.is_some() && self.is_elsewhere() {
            self.learnt.looked = Some(now.timestamp());
            self.errands.push((Errand::Look, self.web.url.clone()));
        }
    }

    fn is_elsewhere(&self) -> bool {
        self.learnt.way.as_ref().is_some_and(|way| way.url.is_some())
    }

    /// What the page shows itself, while the way to its list answers and has nothing new. That is left only where the page has news
    /// that it lacks, and is not of the same entries any more, as it was when it was learnt: the page names it no longer, it is empty, or
    /// it holds less than half of what the page lists.
    pub(super) fn looked_again(
        &mut self,
        (answer, body): (Answer, Fingerprint),
        found: Found,
        text: Option<&str>,
        store: Option<&Store>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (Some(store), Some(way)) = (store, self.learnt.way.clone()) else { return Ok(()) };
        let (mut ways, own, otherwise) = match found {
            Found::List(own) => (Vec::new(), own, NoList::Nothing),
            Found::Ways { ways, own: Some(own), otherwise } => (ways, own, otherwise),
            Found::Ways { .. } | Found::None(_) => return Ok(()),
        };
        let entries = &own.feed.entries;
        let members = store.window(&format!("sources/{}", self.source.id), entries.len() + BEYOND)?;
        let keys: Vec<&str> = members.iter().map(|member| member.key.as_str()).collect();
        let known = store.items(&keys)?;
        let strange = strange(&own, &known);
        let is_it =
            |other: &Way| other.url.as_ref().zip(way.url.as_ref()).is_some_and(|(a, b)| listing::leads_to_same(a, b));
        let is_named = ways.iter().any(|other| other.form == way.form && is_it(other));
        let is_other = 2 * strange.len() > entries.len() || !is_named || self.learnt.empty.is_some();
        if !is_other || !is_behind(&strange, &own, &known, (self.source.timezone, now)) {
            return Ok(());
        }
        let elsewhere = way.url.as_ref().map(shown).unwrap_or_default();
        if KNOWN * (entries.len() - strange.len()) < entries.len() {
            self.notes.push(format!(
                "its page lists other things than {elsewhere}, by which it is read: see whether it still is its list"
            ));
            return Ok(());
        }
        self.answered(answer, Some(body));
        self.notes
            .push(format!("its page has news that {elsewhere} does not have, and is read by another way from now on"));
        ways.retain(|other| !is_it(other));
        (self.ways, self.own, self.otherwise) = (ways.into(), Some(own), otherwise);
        self.text = text.map(str::to_owned);
        self.next_way(Some(store), now)
    }
}

/// The entries of a list that are none of these items: by their addresses, or by their titles where no address is known.
fn strange<'a>(list: &'a Listing, known: &[Item]) -> Vec<&'a Entry> {
    let entries = &list.feed.entries;
    let address = |item: &Item| item.link.as_ref().and_then(|link| Url::parse(link.as_str()).ok());
    let addresses: Vec<Url> = known.iter().filter_map(address).collect();
    let is_at = |entry: &&Entry| {
        let url = entry.facts.link.as_deref().and_then(|link| Url::parse(link).ok());
        url.is_some_and(|url| addresses.iter().any(|known| listing::leads_to_same(known, &url)))
    };
    if entries.iter().any(|entry| is_at(&entry)) {
        return entries.iter().filter(|entry| !is_at(entry)).collect();
    }
    let is_called = |entry: &&Entry| {
        let title = entry.facts.title.as_ref().map(Text::line).unwrap_or_default();
        known.iter().any(|item| listing::title::is_same(&item.title, &title))
    };
    entries.iter().filter(|entry| !is_called(entry)).collect()
}

/// Whether some of the strange entries of a list are news: later than all that is known, or at its top where it has no dates.
fn is_behind(
    strange: &[&Entry],
    list: &Listing,
    known: &[Item],
    (zone, now): (crate::source::Tz, DateTime<Utc>),
) -> bool {
    let when = |entry: &Entry| entry.facts.published.and_then(|when| when.stamp(zone));
    let newest = known.iter().map(|item| item.published).max();
    if list.feed.entries.iter().any(|entry| when(entry).is_some()) {
        let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        return strange
            .iter()
            .filter_map(|entry| when(entry))
            .any(|at| at <= now && newest.is_none_or(|newest| day(at) > day(newest)));
    }
    let first = list.feed.entries.first();
    first.is_some_and(|first| strange.iter().any(|entry| std::ptr::eq(*entry, first)))
}
