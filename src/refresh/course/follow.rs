//! What follows from an answer: the list is taken in, looked for elsewhere, or set aside; its articles are asked for.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use super::lacking::{ASKED_TO_WAIT, FAILED};
use super::{Course, Errand, News, Ready};
use crate::collect::fetch::{Answer, FetchError, shown};
use crate::item::{Fingerprint, ItemKey, digest};
use crate::read::feed::Text;
use crate::read::listing::{self, Form, Listing, NoList};
use crate::refresh::arrival::{self, Arrival, Identified, Surroundings};
use crate::refresh::article::{self, Missing};
use crate::refresh::entry::Pending;
use crate::refresh::learnt::{Proposal, Quarantine};
use crate::refresh::listed::{self, Found};
use crate::refresh::{hexadecimal, order};
use crate::store::{self, Heading, Seen, Store, StoreError};

/// Articles of one source that are asked for at one visit; the rest waits for the next.
const MOST_ARTICLES: usize = 200;
/// Entries of one list.
const MOST_ENTRIES: usize = 10_000;
/// Newest items by which a list is found again, at most.
const RECENT: usize = 20;
/// Share of them that another list must have to be taken for the same.
const CERTAIN: f32 = 0.6;
/// Entries from on which what is strange in a list may be another list.
const STRANGE: usize = 3;

impl Course<'_> {
    /// Takes in what came, and decides what follows.
    pub(in crate::refresh) fn hear(
        &mut self,
        errand: Errand,
        news: News,
        store: Option<&Store>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        match news {
            // What is known answers for all that.
            News::Failed(_) if errand == Errand::Look => Ok(()),
            News::Failed(error) => self.failed(errand, error, store, now),
            News::Same(answer, is_given) => {
                self.is_given |= is_given;
                self.answered(*answer, None);
                self.way_moved();
                (self.learnt.quarantine, self.learnt.proposal) = (None, None);
                self.look_now_and_then(store, now);
                Ok(())
            }
            News::Found { answer, body, found, text } if errand == Errand::Look => {
                self.looked_again((*answer, body), found, text.as_deref(), store, now)
            }
            News::Found { answer, body, found, text } => {
                match errand {
                    Errand::Source | Errand::Page => self.answered(*answer, Some(body)),
                    Errand::Way => self.tried = Some(Box::new((*answer, body))),
                    Errand::Look | Errand::Next | Errand::Article(_) | Errand::Rendered(_) | Errand::Led(..) => {}
                }
                self.found(errand, found, text.as_deref(), store, now)?;
                if errand == Errand::Source {
                    self.way_moved();
                }
                if matches!(errand, Errand::Source | Errand::Next) {
                    self.look_now_and_then(store, now);
                }
                Ok(())
            }
            News::Article(settled) => {
                (self.stumbles, self.lost) = (0, 0);
                if let Ok(settled) = &settled {
                    self.is_had(&waits_as(&settled.entry.seen.path));
                }
                self.settled.push(settled);
                Ok(())
            }
            News::Missing(pending, missing) => self.lacks(pending, missing, store, now),
            News::Led(pending, url, is_open) => {
                let number = pending.arrival.position;
                self.on_the_way.insert(number, pending);
                self.errands.push((Errand::Led(number, is_open), url));
                Ok(())
            }
            News::ListLed(answer, url) => {
                self.is_open = answer.is_open;
                self.is_led = true;
                self.errands.push((Errand::Source, url));
                Ok(())
            }
            News::Bare(pending) => {
                let number = pending.arrival.position;
                if let Some(url) = pending.url() {
                    self.on_the_way.insert(number, pending);
                    self.errands.push((Errand::Rendered(number), url));
                }
                Ok(())
            }
        }
    }

    pub(super) fn answered(&mut self, answer: Answer, body: Option<Fingerprint>) {
        self.address.clone_from(&answer.url);
        self.is_open = answer.is_open;
        self.learnt.open = answer.is_open;
        self.is_given |= body.is_some();
        self.body = body.or(self.known.as_ref().and_then(|known| known.body));
        (self.head, self.moved, self.validators) = (answer.head, answer.moved, answer.validators);
    }

    /// A way at another address than the page has moved: that is no move of the page.
    fn way_moved(&mut self) {
        if let Some(url) = self.learnt.way.as_mut().and_then(|way| way.url.as_mut()) {
            *url = self.moved.take().unwrap_or_else(|| url.clone());
        }
    }

    fn failed(
        &mut self,
        errand: Errand,
        error: FetchError,
        store: Option<&Store>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let missing = article::missing(&error, now);
        let is_for_good = !matches!(missing, Missing::ForNow(_) | Missing::Wait(..));
        let weight = if matches!(missing, Missing::Wait(..)) { ASKED_TO_WAIT } else { FAILED };
        match errand {
            Errand::Source if is_for_good && self.learnt.way.as_ref().is_some_and(|way| way.url.is_some()) => {
                self.look_at_page();
                Ok(())
            }
            // That a host asks to wait tells nothing of the ways.
            Errand::Way if error.was_asked() => self.next_way(store, now),
            Errand::Next => {
                if let Missing::Wait(_, until) = missing {
                    self.asked_until = self.asked_until.max(until);
                }
                self.lacks_next(&error.to_string(), weight, now);
                self.list_ends(store, now)
            }
            _ => {
                self.error = Some(error);
                Ok(())
            }
        }
    }

    /// The way that was known leads nowhere: the page may name another.
    fn look_at_page(&mut self) {
        self.must_be_shown = true;
        self.errands.push((Errand::Page, self.web.url.clone()));
    }

    fn found(
        &mut self,
        errand: Errand,
        found: Found,
        text: Option<&str>,
        store: Option<&Store>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        match (errand, found) {
            (Errand::Way, Found::List(list)) => {
                if listed::is_of_page(&list, self.own.as_deref()) && self.is_shown(&list, store)? {
                    return self.accept(*list, store, now);
                }
                self.next_way(store, now)
            }
            (Errand::Way, _) => self.next_way(store, now),
            (Errand::Next, Found::List(list)) => self.take_page(*list, store, now),
            (Errand::Next, Found::None(NoList::Empty) | Found::Ways { .. }) => {
                self.has_no_further();
                self.list_ends(store, now)
            }
            (Errand::Next, Found::None(reason)) => {
                self.lacks_next(&reason.to_string(), FAILED, now);
                self.list_ends(store, now)
            }
            (_, Found::List(list)) => {
                if self.is_shown(&list, store)? && !self.has_drifted(&list, text, store, now)? {
                    return self.accept(*list, store, now);
                }
                self.mend(&NoList::Strange, text, store, now)
            }
            (_, Found::Ways { ways, own, otherwise }) => {
                (self.ways, self.own, self.otherwise) = (ways.into(), own, otherwise);
                self.text = text.map(str::to_owned);
                self.next_way(store, now)
            }
            (Errand::Source, Found::None(NoList::Empty)) if self.page.is_some() && self.learnt.way.is_some() => {
                self.learnt.empty.get_or_insert(now.timestamp());
                self.learnt.quarantine = None;
                self.notes.push("its list is there, and empty".to_owned());
                self.list = Some(Box::default());
                self.look_at_once(store, now);
                Ok(())
            }
            (Errand::Source, Found::None(_)) if self.learnt.way.as_ref().is_some_and(|way| way.url.is_some()) => {
                self.look_at_page();
                Ok(())
            }
            (_, Found::None(reason)) => self.mend(&reason, text, store, now),
        }
    }

    /// Tries the next way that the page names, else what it shows itself.
    pub(super) fn next_way(&mut self, store: Option<&Store>, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.tried = None;
        let failed = self.learnt.way.as_ref().filter(|_| self.must_be_shown).and_then(|way| way.url.as_ref());
        self.ways.retain(|way| way.url.is_some() && way.url.as_ref() != failed);
        if let Some(way) = self.ways.pop_front()
            && let Some(url) = way.url.clone()
        {
            self.trying = Some(Box::new(way));
            self.errands.push((Errand::Way, url));
            return Ok(());
        }
        match self.own.take() {
            Some(own) if self.is_shown(&own, store)? => self.accept(*own, store, now),
            _ => {
                let text = self.text.take();
                self.mend(&self.otherwise.clone(), text.as_deref(), store, now)
            }
        }
    }

    /// Whether a list may be taken for that of the source.
    fn is_shown(&self, list: &Listing, store: Option<&Store>) -> Result<bool, StoreError> {
        Ok(!self.must_be_shown || listing::share(list, &self.recent(store)?) >= CERTAIN)
    }

    /// Whether what is read where the list was is another list by now, in whole or in part: the one that was is elsewhere in the
    /// page, or has all that is known of it, and not what is strange.
    fn has_drifted(
        &mut self,
        list: &Listing,
        text: Option<&str>,
        store: Option<&Store>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (Some(text), Some(_), Some(store)) = (text, &self.learnt.way, store) else { return Ok(false) };
        let arrivals = arrival::arrivals(&self.source.id, list.feed.entries.clone());
        let seen = store.seen_at(&self.source.id, arrivals.iter().map(Arrival::place))?;
        let (known, strange): (Vec<&Arrival>, Vec<&Arrival>) =
            arrivals.iter().partition(|arrival| seen.contains_key(arrival.place()));
        if strange.len() < STRANGE && !known.is_empty() {
            return Ok(false);
        }
        let recent = self.recent(Some(store))?;
        if known.is_empty() && !recent.is_empty() && listed::is_strange(list, text, &self.address, &recent) {
            return Ok(true);
        }
        if strange.len() < STRANGE {
            return Ok(false);
        }
        let policy = listed::policy(self.source, now);
        let again = listing::find_again(text, &self.address, &recent, &self.habits(), policy);
        let Some((other, _)) = again.filter(|(_, share)| *share >= CERTAIN) else { return Ok(false) };
        let links: HashSet<&str> = other.feed.entries.iter().filter_map(|entry| entry.facts.link.as_deref()).collect();
        let holds = |arrival: &&Arrival| arrival.entry.facts.link.as_deref().is_some_and(|link| links.contains(link));
        let left_out = strange.len() - strange.iter().filter(|arrival| holds(arrival)).count();
        Ok(known.iter().all(holds) && left_out >= STRANGE)
    }

    /// The items that its entries may be, where the list has moved to other addresses.
    fn relisted(
        &self,
        arrivals: &[Arrival],
        seen: &HashMap<Vec<u8>, Seen>,
        store: &Store,
    ) -> Result<HashMap<usize, ItemKey>, StoreError> {
        let is_met = |arrival: &Arrival| seen.contains_key(arrival.place());
        let met = arrivals.iter().filter(|arrival| is_met(arrival)).count();
        let may_be_retitled = self.tells_itself() && met < arrivals.len();
        if met * 2 >= arrivals.len() && !may_be_retitled {
            return Ok(HashMap::new());
        }
        let shown = self.newest(arrivals.len().clamp(RECENT, MOST_ENTRIES), store)?;
        let mut moved =
            if met * 2 < arrivals.len() { arrival::relisted(arrivals, is_met, &shown) } else { HashMap::new() };
        if may_be_retitled {
            let there: HashSet<&ItemKey> = seen.values().filter_map(|seen| seen.item.as_ref()).collect();
            let keys = shown.into_iter().map(|item| item.key).filter(|key| !there.contains(key));
            let keys: Vec<ItemKey> = keys.collect();
            let mut known = store.known(&keys)?;
            let known: Vec<_> = keys.into_iter().filter_map(|key| known.remove_entry(&key)).collect();
            let retitled = arrival::retitled(arrivals, is_met, &known, self.source.timezone);
            for (position, key) in retitled {
                moved.entry(position).or_insert(key);
            }
        }
        Ok(moved)
    }

    /// Whether its page tells its news itself, with no page behind each.
    fn tells_itself(&self) -> bool {
        self.learnt.way.as_ref().is_some_and(|way| way.form == Form::Notes)
    }

    /// What its newest items are called, and where they are.
    fn newest(&self, most: usize, store: &Store) -> Result<Vec<Heading>, StoreError> {
        store.headings(&format!("sources/{}", self.source.id), most)
    }

    /// What all entries of its list told together.
    fn habits(&self) -> listing::Habits {
        self.learnt.way.as_deref().map(|way| way.habits.clone()).unwrap_or_default()
    }

    /// Titles and addresses of its newest items.
    fn recent(&self, store: Option<&Store>) -> Result<Vec<(String, Url)>, StoreError> {
        let Some(store) = store else { return Ok(Vec::new()) };
        // A list is known by as many as it shows.
        let shown = self.learnt.shown.map_or(RECENT, |shown| shown.clamp(1, RECENT));
        let items = self.newest(shown, store)?;
        let parsed = |link: Option<String>| Url::parse(&link?).ok();
        Ok(items.into_iter().filter_map(|item| Some((item.title, parsed(item.link)?))).collect())
    }

    /// There is no list where it was: it is sought by what is known of it, else the source is set aside.
    fn mend(
        &mut self,
        reason: &NoList,
        text: Option<&str>,
        store: Option<&Store>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let recent = self.recent(store)?;
        if recent.is_empty() {
            let hint = match reason {
                NoList::Nothing | NoList::NoMatch(_) | NoList::Untitled => {
                    ": write where it is, [source.select] item = \"…\""
                }
                NoList::Strange | NoList::Wall(_) | NoList::Empty => "",
            };
            let problem = format!("{reason}{hint}");
            self.error = Some(FetchError::Body { url: shown(&self.address), problem });
            return Ok(());
        }
        let policy = listed::policy(self.source, now);
        let again = text.and_then(|text| listing::find_again(text, &self.address, &recent, &self.habits(), policy));
        let proposal = match again {
            Some((list, share)) if share >= CERTAIN => {
                let item = list.way.select.item.as_deref().unwrap_or_default();
                let by = match list.way.form {
                    Form::Notes => "where its entries begin".to_owned(),
                    _ => format!("item = {item:?}"),
                };
                let share = share * 100.0;
                self.notes.push(format!(
                    "its list has moved in the page: it is read by {by} from now on, where {share:.0} % of its newest items stand"
                ));
                return self.accept(list, store, now);
            }
            Some((list, share)) => Some(Box::new(Proposal { way: list.way, share })),
            None => None,
        };
        let since = self.learnt.quarantine.as_ref().map_or(now.timestamp(), |before| before.since);
        self.learnt.quarantine = Some(Quarantine { since, cause: reason.to_string() });
        self.learnt.proposal = proposal;
        self.is_set_aside = true;
        Ok(())
    }

    /// The list is found.
    fn accept(&mut self, mut list: Listing, store: Option<&Store>, now: DateTime<Utc>) -> Result<(), StoreError> {
        if let Some((answer, body)) = self.tried.take().map(|tried| *tried) {
            // Where the page itself has moved has been told.
            let moved = self.moved.take();
            self.answered(Answer { moved, ..answer }, Some(body));
        }
        if self.must_be_shown {
            self.notes.push("its list was not where it was, and is read by another way from now on".to_owned());
        }
        if self.learnt.way.as_deref().is_none_or(|way| !way.is(&list.way)) {
            self.learnt.confidence = Some(list.confidence);
            // Its entries may go by other names than those that are known.
            self.met |= self.learnt.way.is_some();
        }
        self.learnt.shown = Some(list.feed.entries.len());
        self.learnt.way = Some(Box::new(list.way.clone()));
        (self.learnt.quarantine, self.learnt.proposal, self.learnt.empty) = (None, None, None);
        self.must_be_shown = false;
        (self.own, self.ways, self.text) = (None, VecDeque::new(), None);
        let entries = std::mem::take(&mut list.feed.entries);
        self.list = Some(Box::new((list.feed.clone(), 0)));
        list.feed.entries = entries;
        self.asked.insert(self.address.clone());
        self.take_page(list, store, now)
    }

    /// Takes a page of the list in, and asks for the next until a known entry is met.
    fn take_page(&mut self, list: Listing, store: Option<&Store>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let Listing { feed, next, .. } = list;
        let entries = feed.entries;
        if let Some(page) = self.page {
            let arrivals = arrival::arrivals(&self.source.id, entries.clone());
            let places = arrivals.iter().map(Arrival::place);
            let seen = store.map(|store| store.seen_at(&self.source.id, places)).transpose()?.unwrap_or_default();
            self.met |= !seen.is_empty();
            // One that is kept at the top does not end it.
            let ends = arrivals.last().is_some_and(|last| seen.contains_key(last.place()));
            if arrivals.is_empty() {
                // A map of maps may stay the same when one of them does not.
                (self.body, self.validators) = (None, None);
            }
            if !self.sought.is_empty() {
                for arrival in &arrivals {
                    self.sought.remove(&waits_as(arrival.place()));
                }
            }
            let is_more_wanted = self.learnt.unfinished || self.goes_further || !self.sought.is_empty();
            let goes_on = (!ends || is_more_wanted) && self.asked.len() < page.pages;
            let is_all = self.entries.is_empty();
            self.entries.extend(entries);
            if let Some(next) = next
                && goes_on
                && self.entries.len() < MOST_ENTRIES
                && self.asked.insert(next.clone())
            {
                self.errands.push((Errand::Next, next));
                return Ok(());
            }
            self.has_no_further();
            if is_all && self.entries.len() <= MOST_ENTRIES {
                return self.take_all(arrivals, store, now);
            }
        } else {
            self.entries = entries;
        }
        self.list_ends(store, now)
    }

    /// The list is there as far as it will come.
    fn list_ends(&mut self, store: Option<&Store>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut entries = std::mem::take(&mut self.entries);
        if entries.len() > MOST_ENTRIES {
            self.notes.push(format!(
                "its list has {} entries, of which the first {MOST_ENTRIES} are taken in",
                entries.len()
            ));
            entries.truncate(MOST_ENTRIES);
        }
        let arrivals = arrival::arrivals(&self.source.id, entries);
        self.take_all(arrivals, store, now)
    }

    /// What of the whole list is new or changed, and which items these are.
    fn take_all(
        &mut self,
        mut arrivals: Vec<Arrival>,
        store: Option<&Store>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.entries.clear();
        // What an entry says counts as known under the rules that it was settled by.
        for arrival in &mut arrivals {
            arrival.digest = digest(&[&arrival.digest, self.rules.as_bytes()]);
        }
        self.links = arrivals.iter().filter_map(|arrival| arrival.entry.facts.link.clone()).collect();
        if self.page.is_some() {
            let title = |arrival: &Arrival| arrival.entry.facts.title.as_ref().map(Text::line);
            self.titles = arrivals.iter().filter_map(title).collect();
        }
        if let Some((_, count)) = self.list.as_deref_mut() {
            *count = arrivals.len() as u64;
        }
        let places = arrivals.iter().map(Arrival::place);
        let seen = store.map(|store| store.seen_at(&self.source.id, places)).transpose()?.unwrap_or_default();
        let mut led_to: HashMap<&ItemKey, usize> = HashMap::new();
        for item in arrivals.iter().filter_map(|arrival| seen.get(arrival.place())?.item.as_ref()) {
            *led_to.entry(item).or_default() += 1;
        }
        let is_same = |arrival: &Arrival| -> Result<bool, StoreError> {
            let Some(seen) = seen.get(arrival.place()).filter(|seen| self.holds && seen.content == arrival.digest)
            else {
                return Ok(false);
            };
            // Under another id or address its item may have been told otherwise since: then it is told again what it was. An
            // article says what it says wherever it is listed.
            let is_alone = |item: &&ItemKey| self.page.is_none() && led_to.get(item) == Some(&1);
            let alone = seen.item.as_ref().filter(is_alone);
            let told = alone.zip(store).map(|(item, store)| store.place(item)).transpose()?.flatten();
            Ok(told.is_none_or(|(place, _)| place == arrival.place()))
        };
        let dates: Vec<_> = arrivals.iter().map(|arrival| (arrival.position, arrival.entry.facts.published)).collect();
        let about = self.list.as_deref().map(|(feed, _)| &feed.about);
        let around = Surroundings::of(&arrivals, &self.address, about);
        let around = match store {
            Some(store) => around.moved(self.relisted(&arrivals, &seen, store)?),
            None => around,
        };
        let around = match self.page {
            Some(_) => around.of_page(),
            // An empty answer says nothing of the one before.
            None if arrivals.is_empty() => around,
            None => {
                let stamp = arrival::stamp(&arrivals);
                let before = std::mem::replace(&mut self.learnt.stamp, stamp);
                around
                    .dated_anew(before.filter(|before| self.learnt.stamp.as_ref().is_some_and(|stamp| stamp != before)))
            }
        };
        let mut are_same = arrivals.iter().map(is_same).collect::<Result<Vec<_>, _>>()?;
        self.ask_again(&arrivals, &mut are_same, now);
        // Mostly none is, or all are: those that have changed stay where they lie.
        let mut are_same = are_same.into_iter();
        let same: Vec<Arrival> = arrivals.extract_if(.., |_| are_same.next() == Some(true)).collect();
        let item_of = |arrival: &Arrival| Some((arrival.position, seen.get(arrival.place())?.item.clone()?));
        let there: HashMap<usize, ItemKey> = same.iter().filter_map(item_of).collect();
        let taken = there.values().cloned().collect();
        let identified = arrival::identify(self.source, arrivals, &seen, taken, &around, store)?;
        let orders = if identified.iter().any(|(_, identity)| identity.known.is_none()) {
            let (days, times) = order::beside(&dates, &there, &identified);
            let known = store.map(|store| store.known(&days)).transpose()?.unwrap_or_default();
            let changed = identified.iter().filter(|(_, identity)| identity.known.is_some());
            let ranked = [times, changed.map(|(_, identity)| identity.key.clone()).collect()].concat();
            let ranks = store.map(|store| store.ranks(&ranked)).transpose()?.unwrap_or_default();
            order::places(dates, &there, &known, &ranks, &identified, self.source.timezone)
        } else {
            HashMap::new()
        };
        if self.page.is_some() {
            // At another address, or in another column.
            self.met |= identified.iter().any(|(_, identity)| identity.known.is_some());
            self.tell_gap(store, now)?;
        }
        if !identified.is_empty() {
            self.together = Some(Arc::new(together(&same, &there, &identified)));
        }
        self.ready.reserve(identified.len());
        for (arrival, mut identity) in identified {
            // An article is asked for again, and may say something else.
            let is_unedited = |seen: &Seen| seen.content == arrival.digest && self.page.is_none();
            if let Some(known) = &mut identity.known {
                known.is_unedited = seen.get(arrival.place()).is_some_and(is_unedited);
            }
            let order = orders.get(&arrival.position).copied().unwrap_or_default();
            self.sort(Pending { arrival, identity, order });
        }
        let kept: HashSet<String> = self.articles.iter().map(|pending| waits_as(pending.arrival.place())).collect();
        self.learnt.waiting.retain(|place, _| kept.contains(place));
        Ok(())
    }

    /// An entry whose article is to be asked for waits for it; another is ready.
    fn sort(&mut self, pending: Pending) {
        let page = self.page.filter(|_| !self.tells_itself());
        let article = page.and_then(|page| article::address(&pending.arrival.entry, page));
        match article {
            None => {
                if !self.learnt.lacking.is_empty() {
                    self.is_had(&waits_as(pending.arrival.place()));
                }
                self.ready.push(Ready { pending, file: None, kept: None });
            }
            Some(_) if self.articles.len() < MOST_ARTICLES => self.articles.push_back(pending),
            Some(_) => self.wait(1),
        }
    }

    /// Tells that entries may have come and gone between two visits.
    fn tell_gap(&mut self, store: Option<&Store>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let is_gap = !self.met && !self.learnt.unfinished && !self.recent(store)?.is_empty();
        if is_gap {
            self.learnt.gap = Some(now.timestamp());
            self.notes.push(
                "nothing in its list was known, so that news since the last visit may be missing: visit it more often (`every`), or more \
                 of its pages (`pages` in [source.select])"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

/// The entries of a list that are told apart: those that are as they were, whose items are known, and the others.
fn together(same: &[Arrival], items: &HashMap<usize, ItemKey>, others: &[(Arrival, Identified)]) -> store::Listed {
    let known = |arrival: &Arrival| items.get(&arrival.position).filter(|_| arrival.is_told_apart()).cloned();
    let own = |(arrival, is): &(Arrival, Identified)| arrival.is_told_apart().then(|| is.key.clone());
    let new = others.iter().filter(|(_, is)| is.known.is_none()).count();
    store::Listed {
        items: same.iter().filter_map(known).chain(others.iter().filter_map(own)).collect(),
        goes_on: new * 2 <= same.len() + others.len(),
    }
}

/// What an entry is called while it waits for its article.
pub(super) fn waits_as(place: &[u8]) -> String {
    hexadecimal(&digest(&[place]))
}
