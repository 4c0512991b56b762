//! One source on the web on its way through a walk: what is asked of it, what came, and what follows.
//!
//! A feed is one answer. A page is a list, in one answer or in several, and the articles of those of its entries that are new or listed
//! with other words. Nothing is asked twice, and what is asked depends on what came, so a course is heard step by step.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use super::arrival::{self, Arrival};
use super::article::{self, Missing};
use super::entry::{Pending, Settled, settle};
use super::folder::without_panic;
use super::learnt::{Learnt, Proposal, Quarantine};
use super::listed::{self, Found};
use super::order;
use crate::collect::fetch::{Answer, FetchError, Head, Manner, Request, Validators, shown};
use crate::collect::politeness::Visit;
use crate::config::Settings;
use crate::draft::Draft;
use crate::item::{Fingerprint, ItemKey, Vocabulary, digest};
use crate::read::feed;
use crate::read::listing::{self, Listing, NoList, Way};
use crate::source::{Page, Source, Web};
use crate::store::{Store, StoreError, Upstream};

/// Media types of feeds, the best first.
pub const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, \
                          application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5";
/// Media types of pages that list news.
const PAGES: &str = "text/html, application/xhtml+xml, application/json;q=0.9, application/xml;q=0.9, */*;q=0.5";

/// Articles of one source that are asked for at one visit; the rest waits for the next.
const MOST_ARTICLES: usize = 200;
/// Entries of one list.
const MOST_ENTRIES: usize = 10_000;
/// Articles of one source that are on the way together: each host sets the pace itself.
const TOGETHER: usize = 8;
/// Visits at which an article that cannot be had is asked for, before the item is what the list says.
const TRIES: u8 = 3;
/// Articles in a row that cannot be had, after which the others wait for the next visit.
const STUMBLES: u32 = 3;
/// Newest items by which a list is found again.
const RECENT: usize = 20;
/// Share of them that another list must have to be taken for the same.
const CERTAIN: f32 = 0.6;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// The feed, or the list by the way that is known.
    Source,
    /// The page, to look for ways into its list.
    Page,
    /// A way that the page names.
    Way,
    /// A further page of the list.
    Next,
    /// The article of the entry of that number.
    Article(usize),
}

/// A source on the web that is visited.
pub(super) struct Course<'a> {
    pub(super) source: &'a Source,
    pub(super) web: &'a Web,
    pub(super) page: Option<&'a Page>,
    /// Its line of the report.
    pub(super) line: usize,
    pub(super) rules: String,
    /// What is known of it. `None`: it was never visited at this address.
    pub(super) known: Option<Upstream>,
    /// What is known was read under the rules of today.
    pub(super) holds: bool,
    manner: Arc<Manner>,
    pub(super) learnt: Learnt,

    /// Requests that are still to be made, but for articles.
    errands: Vec<(Errand, Url)>,
    /// Requests on the way.
    pub(super) out: usize,
    ways: VecDeque<Way>,
    pub(super) trying: Option<Way>,
    own: Option<Box<Listing>>,
    /// Another list has to be shown to be the same as that which was lost.
    must_be_shown: bool,
    entries: Vec<feed::Entry>,
    asked: HashSet<Url>,
    met: bool,
    pub(super) articles: VecDeque<Pending>,
    pub(super) on_the_way: HashMap<usize, Pending>,
    stumbles: u32,

    /// What came of the visit, for the store and the report.
    pub(super) error: Option<FetchError>,
    pub(super) head: Head,
    pub(super) moved: Option<Url>,
    pub(super) validators: Option<Validators>,
    pub(super) body: Option<Fingerprint>,
    /// The list, if it was read: what it says about itself, and how many entries it has.
    pub(super) list: Option<(feed::Feed, u64)>,
    pub(super) is_set_aside: bool,
    /// What is left for the next visit.
    pub(super) left: usize,
    /// The address that answered, and whether it is on the open web.
    pub(super) address: Url,
    is_open: bool,
    pub(super) notes: Vec<String>,
    /// Entries that are settled by what the list says.
    pub(super) ready: Vec<(Pending, Option<String>)>,
    /// Entries that were settled and are not saved yet.
    pub(super) settled: Vec<Result<Settled, String>>,
}

/// What came back of a request.
pub(super) enum News {
    Failed(FetchError),
    /// The body is what it was.
    Same(Box<Answer>),
    Found {
        answer: Box<Answer>,
        body: Fingerprint,
        found: Found,
        text: Option<String>,
    },
    Article(Result<Settled, String>),
    Missing(Pending, Missing),
}

impl<'a> Course<'a> {
    pub(super) fn new(
        (line, source, web): (usize, &'a Source, &'a Web),
        known: Option<Upstream>,
        rules: String,
        holds: bool,
        manner: Arc<Manner>,
    ) -> Self {
        let page = source.page();
        let learnt = page.map(|page| Learnt::of(page, known.as_ref())).unwrap_or_default();
        let way = learnt.way.as_ref().and_then(|way| way.url.clone());
        let first = (Errand::Source, way.unwrap_or_else(|| web.url.clone()));
        Self {
            source,
            web,
            page,
            line,
            rules,
            known,
            holds,
            manner,
            learnt,
            errands: vec![first],
            out: 0,
            ways: VecDeque::new(),
            trying: None,
            own: None,
            must_be_shown: false,
            entries: Vec::new(),
            asked: HashSet::new(),
            met: false,
            articles: VecDeque::new(),
            on_the_way: HashMap::new(),
            stumbles: 0,
            error: None,
            head: Head::default(),
            moved: None,
            validators: None,
            body: None,
            list: None,
            is_set_aside: false,
            left: 0,
            address: web.url.clone(),
            is_open: false,
            notes: Vec::new(),
            ready: Vec::new(),
            settled: Vec::new(),
        }
    }

    /// Whether nothing more will come.
    pub(super) fn is_over(&self) -> bool {
        self.out == 0 && self.errands.is_empty() && self.articles.is_empty()
    }

    /// Ends it: what was to be asked cannot be.
    pub(super) fn give_up(&mut self, error: FetchError) {
        self.error = Some(error);
        self.errands.clear();
        self.articles.clear();
        self.out = 0;
    }

    /// The entry whose article is there.
    pub(super) fn is_here(&mut self, errand: Errand) -> Option<Pending> {
        match errand {
            Errand::Article(number) => self.on_the_way.remove(&number),
            _ => None,
        }
    }

    /// What is kept of it while it goes on: whoever finds this knows that it was broken off.
    pub(super) fn under_way(&self, now: DateTime<Utc>) -> Upstream {
        let before = self.known.clone().unwrap_or_default();
        Upstream {
            url: self.web.url.to_string(),
            rules: self.rules.clone(),
            due: now.timestamp(),
            reason: "the last visit was broken off".to_owned(),
            demanded: false,
            body: None,
            validated: None,
            etag: None,
            last_modified: None,
            list: Learnt { unfinished: true, ..self.learnt.clone() }.told(),
            ..before
        }
    }

    /// What is said of it where it is set aside.
    pub(super) fn set_aside(&self) -> Option<String> {
        let Quarantine { cause, .. } = self.learnt.quarantine.as_ref().filter(|_| self.is_set_aside)?;
        Some(format!(
            "{}: {cause}, so it is set aside and what is published stays as it is; it is looked at again at each visit, and `feedgen doctor {}` tells what was found",
            shown(&self.address),
            self.source.id
        ))
    }

    /// What is to be asked now.
    pub(super) fn asks(&mut self) -> Vec<Visit<Errand>> {
        let errands = std::mem::take(&mut self.errands);
        let mut visits: Vec<_> = errands.into_iter().map(|(errand, url)| self.visit(errand, url)).collect();
        while self.on_the_way.len() < TOGETHER
            && let Some(pending) = self.articles.pop_front()
        {
            let number = pending.arrival.position;
            let url = pending.arrival.entry.facts.link.as_deref().and_then(|link| Url::parse(link).ok());
            let Some(url) = url else { continue };
            self.on_the_way.insert(number, pending);
            visits.push(self.visit(Errand::Article(number), url));
        }
        self.out += visits.len();
        visits
    }

    fn visit(&self, errand: Errand, url: Url) -> Visit<Errand> {
        let kept = self.known.as_ref().filter(|_| errand == Errand::Source && self.holds && !self.learnt.unfinished);
        // What is secret is for the host that it was given for.
        let is_own = url.origin() == self.web.url.origin();
        let manner = if is_own {
            self.manner.clone()
        } else {
            Arc::new(Manner { way: self.manner.way.clone(), ..Manner::default() })
        };
        let request = Request {
            validators: kept.and_then(validators),
            accept: if self.page.is_some() { PAGES } else { ACCEPT },
            manner,
            is_strange: self.is_open && url != self.web.url,
            url,
        };
        Visit { purpose: errand, request, robots: self.web.robots }
    }

    /// Reads an answer. Nothing is decided yet, so that many can be read at once.
    pub(super) fn open(
        &self,
        errand: Errand,
        outcome: Result<Answer, FetchError>,
        pending: Option<Pending>,
        settings: &Settings,
        vocabulary: &Vocabulary,
        now: DateTime<Utc>,
    ) -> News {
        if let (Some(pending), Some(page)) = (pending, self.page) {
            return self.open_article(pending, page, outcome, settings, vocabulary, now);
        }
        let mut answer = match outcome {
            Ok(answer) => answer,
            Err(error) => return News::Failed(error),
        };
        let Some(bytes) = answer.body.take() else { return News::Same(Box::new(answer)) };
        // The same bytes say something else in another charset, or at another address.
        let told = |text: &Option<String>| text.clone().unwrap_or_default();
        let (media_type, location) = (told(&answer.head.content_type), told(&answer.head.content_location));
        let body = digest(&[&bytes, media_type.as_bytes(), location.as_bytes(), answer.url.as_str().as_bytes()]);
        let is_same = self.known.as_ref().is_some_and(|known| known.body == Some(body));
        if errand == Errand::Source && self.holds && !self.learnt.unfinished && is_same {
            return News::Same(Box::new(answer));
        }
        let failed = |problem: String| News::Failed(FetchError::Body { url: shown(&answer.url), problem });
        let Some(page) = self.page else {
            return match without_panic(|| listed::feed(&bytes, &answer)) {
                Ok(Ok(list)) => {
                    let found = Found::List(Box::new(list));
                    News::Found { answer: Box::new(answer), body, found, text: None }
                }
                Ok(Err(crate::read::ReadError::Empty)) => failed("the answer is empty".to_owned()),
                Ok(Err(_)) => failed("the answer is no feed: give the address of an RSS, Atom or JSON feed".to_owned()),
                Err(error) => failed(error),
            };
        };
        let policy = listed::policy(self.source, now);
        let way = match errand {
            Errand::Way => self.trying.as_ref(),
            Errand::Page => None,
            _ => self.learnt.way.as_ref(),
        };
        let found = without_panic(|| match way {
            Some(way) => listed::by_way(way, &bytes, &answer, policy)
                .map_or_else(Found::None, |list| Found::List(Box::new(list))),
            None => listed::ways(page, &bytes, &answer, policy),
        });
        match found {
            Ok(found) => {
                let is_list = matches!(errand, Errand::Source | Errand::Page);
                let text = is_list.then(|| listed::decoded(&bytes, &answer)).flatten();
                News::Found { answer: Box::new(answer), body, found, text }
            }
            Err(error) => failed(error),
        }
    }

    fn open_article(
        &self,
        pending: Pending,
        page: &Page,
        outcome: Result<Answer, FetchError>,
        settings: &Settings,
        vocabulary: &Vocabulary,
        now: DateTime<Utc>,
    ) -> News {
        let mut answer = match outcome {
            Ok(answer) => answer,
            Err(error) => return News::Missing(pending, article::missing(&error)),
        };
        let read = without_panic(|| article::read(&mut answer, self.source, page, now));
        let (document, draft) = match read {
            Ok(Ok(read)) => read,
            Ok(Err(missing)) => return News::Missing(pending, missing),
            Err(panic) => return News::Missing(pending, Missing::ForNow(panic)),
        };
        let mut draft = Some(draft);
        let claims = |entry: feed::Entry| {
            let listed = self.listed(entry);
            let again = || article::draft(&document, self.source, page, now).ok();
            match draft.take().or_else(again) {
                Some(article) => article::joined(article, listed),
                None => listed,
            }
        };
        News::Article(without_panic(|| settle(pending, self.source, claims, settings, vocabulary, now)))
    }

    /// What the list says of an entry.
    fn listed(&self, entry: feed::Entry) -> Draft {
        let nothing = feed::Facts::default();
        let about = self.list.as_ref().map_or(&nothing, |(feed, _)| &feed.about);
        match self.page {
            Some(_) => article::listed(entry, about, &self.web.url, &self.source.title),
            None => entry.draft(about, &self.address),
        }
    }

    /// Settles the entries that are ready, by what the list says of them.
    pub(super) fn settle(&mut self, settings: &Settings, vocabulary: &Vocabulary, now: DateTime<Utc>) {
        for (pending, file) in std::mem::take(&mut self.ready) {
            let claims = |entry| match &file {
                Some(media_type) => article::with_file(self.listed(entry), media_type),
                None => self.listed(entry),
            };
            let settled = without_panic(|| settle(pending, self.source, claims, settings, vocabulary, now));
            self.settled.push(settled);
        }
    }

    /// Takes in what came, and decides what follows.
    pub(super) fn hear(
        &mut self,
        errand: Errand,
        news: News,
        store: Option<&Store>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        match news {
            News::Failed(error) => self.failed(errand, error, store, now),
            News::Same(answer) => {
                self.answered(*answer, None);
                self.learnt.quarantine = None;
                Ok(())
            }
            News::Found { answer, body, found, text } => {
                match errand {
                    Errand::Source | Errand::Page => self.answered(*answer, Some(body)),
                    // Where the page itself has moved has been told.
                    Errand::Way => {
                        let moved = self.moved.take();
                        self.answered(Answer { moved, ..*answer }, Some(body));
                    }
                    Errand::Next | Errand::Article(_) => {}
                }
                self.found(errand, found, text.as_deref(), store, now)
            }
            News::Article(settled) => {
                self.stumbles = 0;
                self.settled.push(settled);
                Ok(())
            }
            News::Missing(pending, missing) => {
                self.lacks(pending, missing);
                Ok(())
            }
        }
    }

    fn answered(&mut self, answer: Answer, body: Option<Fingerprint>) {
        self.address.clone_from(&answer.url);
        self.is_open = answer.is_open;
        self.body = body.or(self.known.as_ref().and_then(|known| known.body));
        (self.head, self.moved, self.validators) = (answer.head, answer.moved, answer.validators);
    }

    fn failed(
        &mut self,
        errand: Errand,
        error: FetchError,
        store: Option<&Store>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let is_for_now = matches!(article::missing(&error), Missing::ForNow(_));
        match errand {
            Errand::Source if !is_for_now && self.learnt.way.as_ref().is_some_and(|way| way.url.is_some()) => {
                self.look_at_page();
                Ok(())
            }
            Errand::Way => self.next_way(store, now),
            Errand::Next => {
                if is_for_now && self.may_try("next") {
                    self.left += 1;
                }
                self.notes.push(format!("a further page of its list cannot be had: {error}"));
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
            (Errand::Next, _) => self.list_ends(store, now),
            (_, Found::List(list)) => {
                if self.is_shown(&list, store)? && !self.has_drifted(&list, text, store, now)? {
                    return self.accept(*list, store, now);
                }
                self.mend(NoList::Nothing, text, store, now)
            }
            (_, Found::Ways(ways, own)) => {
                (self.ways, self.own) = (ways.into(), own);
                self.next_way(store, now)
            }
            (_, Found::None(NoList::Empty)) if self.page.is_some() && self.learnt.way.is_some() => {
                self.learnt.empty.get_or_insert(now.timestamp());
                self.learnt.quarantine = None;
                self.notes.push("its list is there, and empty".to_owned());
                self.list = Some((feed::Feed::default(), 0));
                Ok(())
            }
            (Errand::Source, Found::None(_)) if self.learnt.way.as_ref().is_some_and(|way| way.url.is_some()) => {
                self.look_at_page();
                Ok(())
            }
            (_, Found::None(reason)) => self.mend(reason, text, store, now),
        }
    }

    /// Tries the next way that the page names, else what it shows itself.
    fn next_way(&mut self, store: Option<&Store>, now: DateTime<Utc>) -> Result<(), StoreError> {
        if let Some(way) = self.ways.pop_front()
            && let Some(url) = way.url.clone()
        {
            self.trying = Some(way);
            self.errands.push((Errand::Way, url));
            return Ok(());
        }
        match self.own.take() {
            Some(own) if self.is_shown(&own, store)? => self.accept(*own, store, now),
            _ => self.mend(NoList::Nothing, None, store, now),
        }
    }

    /// Whether a list may be taken for that of the source.
    fn is_shown(&self, list: &Listing, store: Option<&Store>) -> Result<bool, StoreError> {
        Ok(!self.must_be_shown || listed::share(&list.feed.entries, &self.recent(store)?) >= CERTAIN)
    }

    /// Whether what is read where the list was is another list by now: nothing of it is known, and the one that was is
    /// elsewhere in the page.
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
        if !seen.is_empty() {
            return Ok(false);
        }
        let recent = self.recent(Some(store))?;
        let again = listing::find_again(text, &self.address, &recent, listed::policy(self.source, now));
        Ok(!recent.is_empty() && again.is_some_and(|(_, share)| share >= CERTAIN))
    }

    /// Titles and addresses of its newest items.
    fn recent(&self, store: Option<&Store>) -> Result<Vec<(String, Url)>, StoreError> {
        let Some(store) = store else { return Ok(Vec::new()) };
        let members = store.window(&format!("sources/{}", self.source.id), RECENT)?;
        let keys: Vec<&str> = members.iter().map(|member| member.key.as_str()).collect();
        let items = store.items(&keys)?;
        let link = |item: &crate::item::Item| item.link.as_ref().and_then(|link| Url::parse(link.as_str()).ok());
        Ok(items.iter().filter_map(|item| Some((item.title.clone(), link(item)?))).collect())
    }

    /// There is no list where it was: it is sought by what is known of it, else the source is set aside.
    fn mend(
        &mut self,
        reason: NoList,
        text: Option<&str>,
        store: Option<&Store>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let recent = self.recent(store)?;
        if recent.is_empty() {
            let problem = format!("{reason}: write where it is, [source.select] item = \"…\"");
            self.error = Some(FetchError::Body { url: shown(&self.address), problem });
            return Ok(());
        }
        let policy = listed::policy(self.source, now);
        let again = text.and_then(|text| listing::find_again(text, &self.address, &recent, policy));
        let proposal = match again {
            Some((list, share)) if share >= CERTAIN => {
                let item = list.way.select.item.clone().unwrap_or_default();
                let share = share * 100.0;
                self.notes.push(format!(
                    "its list has moved in the page: it is read by item = {item:?} from now on, where {share:.0} % of its newest items stand"
                ));
                return self.accept(list, store, now);
            }
            Some((list, share)) => Some(Proposal { way: list.way, share }),
            None => None,
        };
        let since = self.learnt.quarantine.as_ref().map_or(now.timestamp(), |before| before.since);
        self.learnt.quarantine = Some(Quarantine { since, cause: reason.to_string() });
        self.learnt.proposal = proposal;
        self.is_set_aside = true;
        Ok(())
    }

    /// The list is found.
    fn accept(&mut self, list: Listing, store: Option<&Store>, now: DateTime<Utc>) -> Result<(), StoreError> {
        if self.must_be_shown {
            self.notes.push("its list was not where it was, and is read by another way from now on".to_owned());
        }
        if self.learnt.way.as_ref() != Some(&list.way) {
            self.learnt.confidence = Some(list.confidence);
        }
        self.learnt.way = Some(list.way.clone());
        (self.learnt.quarantine, self.learnt.proposal, self.learnt.empty) = (None, None, None);
        self.must_be_shown = false;
        (self.own, self.ways) = (None, VecDeque::new());
        let about = feed::Feed { entries: Vec::new(), ..list.feed.clone() };
        self.list = Some((about, 0));
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
            let ends = arrivals.last().is_none_or(|last| seen.contains_key(last.place()));
            let goes_on = (!ends || self.learnt.unfinished) && self.asked.len() < page.pages;
            self.entries.extend(entries);
            if let Some(next) = next
                && goes_on
                && self.entries.len() < MOST_ENTRIES
                && self.asked.insert(next.clone())
            {
                self.errands.push((Errand::Next, next));
                return Ok(());
            }
        } else {
            self.entries = entries;
        }
        self.list_ends(store, now)
    }

    /// The list is there as far as it will come: what of it is new or changed, and which items these are.
    fn list_ends(&mut self, store: Option<&Store>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut entries = std::mem::take(&mut self.entries);
        entries.truncate(MOST_ENTRIES);
        let mut arrivals = arrival::arrivals(&self.source.id, entries);
        // What an entry says counts as known under the rules that it was settled by.
        for arrival in &mut arrivals {
            arrival.digest = digest(&[&arrival.digest, self.rules.as_bytes()]);
        }
        if let Some((_, count)) = &mut self.list {
            *count = arrivals.len() as u64;
        }
        let places = arrivals.iter().map(Arrival::place);
        let seen = store.map(|store| store.seen_at(&self.source.id, places)).transpose()?.unwrap_or_default();
        if self.page.is_some() {
            self.tell_gap(store, now)?;
        }
        let is_same = |arrival: &Arrival| {
            self.holds && seen.get(arrival.place()).is_some_and(|seen| seen.content == arrival.digest)
        };
        let dates: Vec<_> = arrivals.iter().map(|arrival| (arrival.position, arrival.entry.facts.published)).collect();
        let (same, changed): (Vec<Arrival>, Vec<Arrival>) = arrivals.into_iter().partition(is_same);
        let led_to = |arrival: &Arrival| Some((arrival.position, seen.get(arrival.place())?.item.clone()?));
        let there: HashMap<usize, ItemKey> = same.iter().filter_map(led_to).collect();
        let taken = there.values().cloned().collect();
        let identified = arrival::identify(&self.source.id, changed, &seen, taken, store)?;
        let orders = if self.page.is_some() && !identified.is_empty() {
            let keys: Vec<ItemKey> = there.values().cloned().collect();
            let known = store.map(|store| store.known(&keys)).transpose()?.unwrap_or_default();
            order::places(dates, &there, &known, &identified, self.source.timezone)
        } else {
            HashMap::new()
        };
        for (arrival, identity) in identified {
            let order = orders.get(&arrival.position).copied().unwrap_or_default();
            self.sort(Pending { arrival, identity, order });
        }
        let kept: HashSet<String> = self.articles.iter().map(|pending| waits_as(pending.arrival.place())).collect();
        self.learnt.waiting.retain(|place, _| kept.contains(place) || place == "next");
        Ok(())
    }

    /// An entry whose article is to be asked for waits for it; another is ready.
    fn sort(&mut self, pending: Pending) {
        let article = self.page.and_then(|page| article::address(&pending.arrival.entry, page));
        match article {
            None => self.ready.push((pending, None)),
            Some(_) if self.articles.len() < MOST_ARTICLES => self.articles.push_back(pending),
            Some(_) => self.left += 1,
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

    /// Whether what cannot be had is asked for at the next visit.
    fn may_try(&mut self, what: &str) -> bool {
        let tries = self.learnt.waiting.entry(what.to_owned()).or_default();
        *tries = tries.saturating_add(1);
        *tries < TRIES
    }

    /// An article cannot be had.
    fn lacks(&mut self, pending: Pending, missing: Missing) {
        let place = waits_as(pending.arrival.place());
        let problem = match missing {
            Missing::File(media_type) => return self.ready.push((pending, Some(media_type))),
            Missing::ForGood(problem) => problem,
            Missing::ForNow(problem) => {
                self.stumbles += 1;
                let again = self.may_try(&place);
                if again {
                    self.left += 1;
                    self.notes.push(format!("an article is asked for again at the next visit: {problem}"));
                    if self.stumbles >= STUMBLES {
                        self.left += self.articles.len();
                        self.articles.clear();
                    }
                    return;
                }
                problem
            }
        };
        self.notes.push(format!("an item is what the list says, for want of its article: {problem}"));
        self.learnt.waiting.remove(&place);
        self.ready.push((pending, None));
    }
}

/// What an entry is called while it waits for its article.
fn waits_as(place: &[u8]) -> String {
    super::hexadecimal(&digest(&[place]))
}

fn validators(known: &Upstream) -> Option<Validators> {
    let url = Url::parse(known.validated.as_deref()?).ok()?;
    Some(Validators { url, etag: known.etag.clone(), last_modified: known.last_modified.clone() })
}
