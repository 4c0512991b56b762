//! One source on the web on its way through a walk: what is asked of it, what came, and what follows.
//!
//! A feed is one answer. A page is a list, in one answer or in several, and the articles of those of its entries that are new or listed
//! with other words. Nothing is asked twice, and what is asked depends on what came, so a course is heard step by step.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::article::{self, Missing};
use super::entry::{Pending, Settled, settle};
use super::folder::without_panic;
use super::learnt::{Learnt, Quarantine};
use super::listed::{self, Found};
use crate::collect::fetch::{Answer, FetchError, Head, Manner, Request, Validators, shown};
use crate::collect::politeness::Visit;
use crate::collect::render::Renderer;
use crate::config::Settings;
use crate::draft::{Body, Credit, Draft};
use crate::item::{Fingerprint, Item, Vocabulary, digest};
use crate::read::feed;
use crate::read::listing::{Form, Listing, NoList, Way};
use crate::report::SourceReport;
use crate::source::{Page, Source, Web};
use crate::store::{Listed, Upstream};

mod again;
mod follow;
mod kept;
mod lacking;

/// Media types of feeds, the best first.
pub const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, \
                          application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5";
/// Media types of pages that list news.
pub const PAGES: &str = "text/html, application/xhtml+xml, application/json;q=0.9, application/xml;q=0.9, */*;q=0.5";

/// Articles of one source that are on the way together: each host sets the pace itself.
const TOGETHER: usize = 8;

/// How long what vouches for a source is relied on: some servers answer for ever that it is as it was.
const VOUCHED: TimeDelta = TimeDelta::days(3);
/// How long that is behind the next visit, where visits are rarer: every other one asks for all of it.
const LATE: TimeDelta = TimeDelta::days(1);

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// The feed, or the list by the way that is known.
    Source,
    /// The page, to look for ways into its list.
    Page,
    /// The page, while its list is there by another way: whether it is that of the page still.
    Look,
    /// A way that the page names.
    Way,
    /// A further page of the list.
    Next,
    /// The article of the entry of that number.
    Article(usize),
    /// The same, rendered: it held nothing without.
    Rendered(usize),
    /// The same, where its page leads, and whether that is on the open web.
    Led(usize, bool),
}

/// A source on the web that is visited.
#[expect(clippy::struct_excessive_bools, reason = "what was met on the way, each by itself")]
pub(super) struct Course<'a> {
    pub(super) source: &'a Source,
    pub(super) web: &'a Web,
    pub(super) page: Option<&'a Page>,
    /// What is told of the visit.
    pub(super) report: SourceReport,
    /// When the source is due, seconds since 1970, as far as it is known.
    pub(super) due: Option<i64>,
    pub(super) rules: String,
    /// What is known of it. `None`: it was never visited at this address.
    pub(super) known: Option<Box<Upstream>>,
    /// What is known was read under the rules of today.
    pub(super) holds: bool,
    /// Whether what vouches for what is known may do so.
    is_vouched: bool,
    /// Whether the source was given, and not just said to be as it was.
    pub(super) is_given: bool,
    manner: Arc<Manner>,
    renderer: Option<Arc<Renderer>>,
    pub(super) learnt: Learnt,

    /// Requests that are still to be made, but for articles.
    errands: Vec<(Errand, Url)>,
    /// Requests on the way.
    pub(super) out: usize,
    ways: VecDeque<Way>,
    pub(super) trying: Option<Box<Way>>,
    /// What that answered.
    tried: Option<Box<(Answer, Fingerprint)>>,
    own: Option<Box<Listing>>,
    /// Why there is no list if none of the ways leads to it, and the page that names them.
    otherwise: NoList,
    text: Option<String>,
    /// Another list has to be shown to be the same as that which was lost.
    must_be_shown: bool,
    /// The page led elsewhere: that is followed once.
    is_led: bool,
    entries: Vec<feed::Entry>,
    asked: HashSet<Url>,
    met: bool,
    /// Where the entries of the list lead.
    links: HashSet<String>,
    /// The titles of the list.
    titles: Vec<String>,
    pub(super) articles: VecDeque<Pending>,
    pub(super) on_the_way: HashMap<usize, Pending>,
    /// Entries whose articles are due to be asked for again, as long as they were not met in the list: [`Learnt::lacking`].
    sought: HashSet<String>,
    /// Those that were met, and are as they were.
    again: HashSet<String>,
    /// A further page is due to be asked for again.
    goes_further: bool,
    /// The list is read also where it is what it was.
    reads_anew: bool,
    /// Of the articles that were asked for again, those in a row that could not be had.
    lost: u32,
    stumbles: u32,
    /// Articles could not be had, so many in a row that the others were not asked for any more.
    pub(super) has_stumbled: bool,
    /// Until when a server asks to wait, of those that articles and further pages of the list were to come from.
    pub(super) asked_until: Option<DateTime<Utc>>,

    /// What came of the visit, for the store and the report.
    pub(super) error: Option<FetchError>,
    pub(super) head: Head,
    pub(super) moved: Option<Url>,
    pub(super) validators: Option<Validators>,
    pub(super) body: Option<Fingerprint>,
    /// Those of its entries that are told apart, if it is a feed.
    pub(super) together: Option<Arc<Listed>>,
    /// The list, if it was read: what it says about itself, and how many entries it has.
    pub(super) list: Option<Box<(feed::Feed, u64)>>,
    pub(super) is_set_aside: bool,
    /// What is left for the next visit.
    pub(super) left: usize,
    /// Articles among it that were not asked for, for want of time or because there are too many.
    pub(super) later: usize,
    /// The address that answered, and whether it is on the open web.
    pub(super) address: Url,
    is_open: bool,
    pub(super) notes: Vec<String>,
    /// Entries that are settled by what the list says.
    pub(super) ready: Vec<Ready>,
    /// Entries that were settled and are not saved yet.
    pub(super) settled: Vec<Result<Settled, String>>,
}

/// An entry that is settled without its article.
pub(super) struct Ready {
    pub(super) pending: Pending,
    /// The media type of the file that is at its address instead.
    file: Option<String>,
    /// What is out of its item.
    kept: Option<Box<Item>>,
}

/// What came back of a request.
pub(super) enum News {
    Failed(FetchError),
    /// The body is what it was; and whether it came, or was only said to be.
    Same(Box<Answer>, bool),
    Found {
        answer: Box<Answer>,
        body: Fingerprint,
        found: Found,
        text: Option<String>,
    },
    Article(Result<Settled, String>),
    Missing(Pending, Missing),
    /// The page of an article holds nothing, which scripts may bring.
    Bare(Pending),
    /// The page of an article leads there, and is on the open web or not.
    Led(Pending, Url, bool),
    /// What was to be the list has none, and leads there.
    ListLed(Box<Answer>, Url),
}

impl<'a> Course<'a> {
    pub(super) fn new(
        (report, source, web): (SourceReport, &'a Source, &'a Web),
        known: Option<Box<Upstream>>,
        rules: String,
        holds: bool,
        manner: Arc<Manner>,
        now: DateTime<Utc>,
    ) -> Self {
        let page = source.page();
        let learnt = page.map_or_else(|| Learnt::of_feed(known.as_deref()), |page| Learnt::of(page, known.as_deref()));
        let learnt_open = learnt.open;
        let sought = learnt.lacking.iter().filter(|(_, lack)| lack.is_due(now)).map(|(place, _)| place.clone());
        let sought: HashSet<String> = sought.collect();
        let goes_further = learnt.further.as_ref().is_some_and(|lack| lack.is_due(now));
        let reads_anew = learnt.unfinished || goes_further || !sought.is_empty();
        let way = learnt.way.as_ref().and_then(|way| way.url.clone());
        let first = (Errand::Source, way.unwrap_or_else(|| web.url.clone()));
        let vouches = |known: &Upstream| {
            // Nor was it set by a clock that was wrong.
            !known.misleading && now.timestamp() < known.vouched && known.vouched <= vouched(known.due, now)
        };
        let is_vouched = holds && !reads_anew && known.as_deref().is_some_and(vouches);
        Self {
            source,
            web,
            page,
            report,
            due: None,
            rules,
            known,
            holds,
            is_vouched,
            is_given: false,
            manner,
            // The configuration has taken the command apart before.
            renderer: page.and_then(|page| Renderer::new(page.render.as_deref()?).ok()).map(Arc::new),
            learnt,
            errands: vec![first],
            out: 0,
            ways: VecDeque::new(),
            trying: None,
            tried: None,
            own: None,
            otherwise: NoList::Nothing,
            text: None,
            must_be_shown: false,
            is_led: false,
            entries: Vec::new(),
            asked: HashSet::new(),
            met: false,
            links: HashSet::new(),
            titles: Vec::new(),
            articles: VecDeque::new(),
            on_the_way: HashMap::new(),
            sought,
            again: HashSet::new(),
            goes_further,
            reads_anew,
            lost: 0,
            stumbles: 0,
            has_stumbled: false,
            asked_until: None,
            error: None,
            head: Head::default(),
            moved: None,
            validators: None,
            body: None,
            together: None,
            list: None,
            is_set_aside: false,
            left: 0,
            later: 0,
            address: web.url.clone(),
            is_open: learnt_open,
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
            Errand::Article(number) | Errand::Rendered(number) | Errand::Led(number, _) => {
                self.on_the_way.remove(&number)
            }
            _ => None,
        }
    }

    /// What is kept of it while it goes on: whoever finds this knows that it was broken off.
    pub(super) fn under_way(&self, now: DateTime<Utc>) -> Upstream {
        let before = self.known.as_deref().cloned().unwrap_or_default();
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
        let asked = shown(&self.web.url);
        let way = self.learnt.way.as_ref().and_then(|way| way.url.as_ref());
        let led = if self.address == self.web.url || way == Some(&self.address) {
            String::new()
        } else {
            format!(" (which leads to {})", shown(&self.address))
        };
        Some(format!(
            "{asked}{led}: {cause}, so it is set aside and what is published stays as it is; it is looked at again at each visit, and `feedgen doctor {}` tells what was found",
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
            let Some(url) = pending.url() else { continue };
            self.on_the_way.insert(number, pending);
            visits.push(self.visit(Errand::Article(number), url));
        }
        self.out += visits.len();
        visits
    }

    fn visit(&self, errand: Errand, url: Url) -> Visit<Errand> {
        let kept = self.known.as_ref().filter(|_| errand == Errand::Source && self.is_vouched);
        // What is secret is for the host that it was given for.
        let is_own = url.origin() == self.web.url.origin();
        let manner = if is_own {
            self.manner.clone()
        } else {
            Arc::new(Manner { way: self.manner.way.clone(), ..Manner::default() })
        };
        let request = Box::new(Request {
            validators: kept.and_then(|known| validators(known, &url)),
            accept: if self.page.is_some() { PAGES } else { ACCEPT },
            manner,
            is_strange: (self.is_open || matches!(errand, Errand::Led(_, true))) && url != self.web.url,
            url,
        });
        let is_rendered = match errand {
            Errand::Page | Errand::Look | Errand::Rendered(_) => true,
            Errand::Source | Errand::Next => self.learnt.way.as_ref().is_none_or(|way| way.url.is_none()),
            Errand::Way | Errand::Article(_) | Errand::Led(..) => false,
        };
        let renderer = self.renderer.clone().filter(|_| is_rendered);
        let can_wait = matches!(errand, Errand::Article(_) | Errand::Rendered(_) | Errand::Led(..));
        Visit { purpose: errand, request, robots: self.web.robots, renderer, can_wait }
    }

    /// Reads an answer. Nothing is decided yet, so that many can be read at once.
    pub(super) fn open(
        &self,
        errand: Errand,
        outcome: Result<Box<Answer>, FetchError>,
        pending: Option<Pending>,
        settings: &Settings,
        vocabulary: &Vocabulary,
        now: DateTime<Utc>,
    ) -> News {
        if let (Some(pending), Some(page)) = (pending, self.page) {
            return self.open_article((errand, pending), page, outcome, settings, vocabulary, now);
        }
        let mut answer = match outcome {
            Ok(answer) => answer,
            Err(error) => return News::Failed(error),
        };
        let Some(bytes) = answer.body.take() else { return News::Same(answer, false) };
        // The same bytes say something else in another charset, or at another address.
        let told = |text: &Option<String>| text.clone().unwrap_or_default();
        let (media_type, location) = (told(&answer.head.content_type), told(&answer.head.content_location));
        let body = digest(&[&bytes, media_type.as_bytes(), location.as_bytes(), answer.url.as_str().as_bytes()]);
        let is_same = self.known.as_ref().is_some_and(|known| known.body == Some(body));
        if errand == Errand::Source && self.holds && !self.reads_anew && is_same {
            return News::Same(answer, true);
        }
        let failed = |problem: String| News::Failed(FetchError::Body { url: shown(&answer.url), problem });
        let Some(page) = self.page else {
            return match without_panic(|| listed::feed(&bytes, &answer, now)) {
                Ok(Ok(list)) => {
                    let found = Found::List(Box::new(list));
                    News::Found { answer, body, found, text: None }
                }
                Ok(Err(crate::read::ReadError::Empty)) => failed("the answer is empty".to_owned()),
                Ok(Err(_)) => failed(without_panic(|| listed::no_feed(&bytes, &answer)).unwrap_or_else(|error| error)),
                Err(error) => failed(error),
            };
        };
        let policy = listed::policy(self.source, now);
        let way = match errand {
            Errand::Way => self.trying.as_deref(),
            Errand::Page | Errand::Look => None,
            _ => self.learnt.way.as_deref(),
        };
        let found = without_panic(|| match way {
            Some(way) => listed::by_way(way, &bytes, &answer, policy)
                .map_or_else(Found::None, |list| Found::List(Box::new(list))),
            None => listed::ways(page, &bytes, &answer, policy),
        });
        match found {
            Ok(found) => {
                let is_list = matches!(errand, Errand::Source | Errand::Page | Errand::Look);
                let text = is_list.then(|| listed::decoded(&bytes, &answer)).flatten();
                if errand == Errand::Source && !self.is_led && matches!(found, Found::None(_)) {
                    let led = text.as_deref().and_then(|text| crate::read::leads_to(text, &answer.url));
                    if let Some(url) = led.filter(|url| article::may_lead(&answer.url, url)) {
                        return News::ListLed(answer, url);
                    }
                }
                News::Found { answer, body, found, text }
            }
            Err(error) => failed(error),
        }
    }

    fn open_article(
        &self,
        (errand, pending): (Errand, Pending),
        page: &Page,
        outcome: Result<Box<Answer>, FetchError>,
        settings: &Settings,
        vocabulary: &Vocabulary,
        now: DateTime<Utc>,
    ) -> News {
        let mut answer = match outcome {
            Ok(answer) => answer,
            Err(error) => return News::Missing(pending, article::missing(&error, now)),
        };
        let is_own = pending.url().is_none_or(|asked| asked == answer.url);
        if !is_own && (self.links.contains(answer.url.as_str()) || answer.url == self.address) {
            let problem = format!("it leads to {}, where something else is", shown(&answer.url));
            return News::Missing(pending, Missing::ForGood(problem));
        }
        let title = pending.arrival.entry.facts.title.as_ref().map(feed::Text::line);
        let read = without_panic(|| article::read(&mut answer, self.source, page, title.as_deref(), now));
        let is_bare = match &read {
            Ok(Ok((_, draft))) => matches!(draft.body, Body::Empty),
            Ok(Err(missing)) => matches!(missing, Missing::ForGood(_)),
            Err(_) => false,
        };
        if is_bare && self.renderer.is_some() && matches!(errand, Errand::Article(_)) {
            return News::Bare(pending);
        }
        let (document, draft) = match read {
            Ok(Ok(read)) => read,
            Ok(Err(Missing::Elsewhere(url))) => {
                let problem = format!("its page leads on and on, and to {} at last", shown(&url));
                return match errand {
                    Errand::Led(..) => News::Missing(pending, Missing::ForGood(problem)),
                    _ => News::Led(pending, url, answer.is_open),
                };
            }
            Ok(Err(missing)) => return News::Missing(pending, missing),
            Err(panic) => return News::Missing(pending, Missing::ForNow(panic)),
        };
        let listed = || {
            let (entry, link) = (pending.arrival.entry.clone(), pending.arrival.link.clone());
            self.listed(entry, link, &OnceCell::new())
        };
        if let Some(known) = &pending.identity.known
            && kept::is_another(known, &listed(), &document, &draft)
        {
            let problem = format!("{} says nothing of it: neither its title nor its text is there", shown(&answer.url));
            return News::Missing(pending, Missing::ForGood(problem));
        }
        let mut draft = Some(draft);
        let claims = |entry: feed::Entry, link, _| {
            let listed = self.listed(entry, link, &OnceCell::new());
            let again = || article::draft(&document, self.source, page, now).ok();
            match draft.take().or_else(again) {
                Some(article) => article::joined(article, listed, &self.titles),
                None => listed,
            }
        };
        News::Article(without_panic(|| settle(pending, self.source, claims, settings, vocabulary, now)))
    }

    /// What the list says of an entry, which leads to `link`; `credit` is filled with the credit to the list where that is asked for.
    fn listed(&self, entry: feed::Entry, link: Option<Url>, credit: &OnceCell<Credit>) -> Draft {
        let nothing = feed::Facts::default();
        let about = self.list.as_deref().map_or(&nothing, |(feed, _)| &feed.about);
        match self.page {
            Some(_) => {
                let form = self.learnt.way.as_ref().map_or(Form::Page, |way| way.form);
                article::listed(entry, about, form, (&self.web.url, &self.source.title))
            }
            None => entry.draft_with(about, credit.get_or_init(|| about.credit(&self.address)), link),
        }
    }

    /// Settles the entries that are ready, by what the list says of them.
    pub(super) fn settle(&mut self, settings: &Settings, vocabulary: &Vocabulary, now: DateTime<Utc>) {
        // That of all entries: what is to be found out for it is dear.
        let credit = OnceCell::new();
        self.settled.reserve(self.ready.len());
        for Ready { pending, file, kept } in std::mem::take(&mut self.ready) {
            let known = pending.identity.known.clone().filter(|_| self.page.is_none());
            let claims = |entry, link, is_out: bool| {
                let listed = self.listed(entry, link, &credit);
                let listed = match known.as_ref().filter(|_| is_out) {
                    Some(known) => kept::unsaid(known, listed),
                    None => listed,
                };
                let draft = match kept.as_ref().filter(|_| is_out) {
                    Some(item) => kept::kept(item, listed, &self.titles),
                    None => listed,
                };
                match &file {
                    Some(media_type) => article::with_file(draft, media_type),
                    None => draft,
                }
            };
            let settled = without_panic(|| settle(pending, self.source, claims, settings, vocabulary, now));
            self.settled.push(settled);
        }
    }
}

/// Until when what came now is vouched for, where the next visit is `due`; both seconds since 1970.
pub(super) fn vouched(due: i64, now: DateTime<Utc>) -> i64 {
    (now + VOUCHED).timestamp().max(due.saturating_add(LATE.num_seconds()))
}

/// What vouches for what is known, as it is sent to `asked`.
fn validators(known: &Upstream, asked: &Url) -> Option<Validators> {
    let gave = known.validated.as_deref()?;
    // Mostly, who is asked is who gave them.
    let url = if gave == asked.as_str() { asked.clone() } else { Url::parse(gave).ok()? };
    Some(Validators { url, etag: known.etag.clone(), last_modified: known.last_modified.clone() })
}
