//! Pages that list news are looked at by the very steps of a walk, for one who only looks: nothing is kept.

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use url::Url;

use super::article;
use super::course::{Course, Errand, News};
use super::entry::Settled;
use super::folder::{policy, without_panic};
use super::learnt::Learnt;
use super::listed::{self, Found};
use super::manner::Manners;
use super::preview::{Preview, Previewed};
use crate::collect::fetch::{self, Answer, FetchError, Fetcher};
use crate::collect::politeness::{self, Robots};
use crate::config::Settings;
use crate::dedup::Change;
use crate::item::{Identity, Item, Vocabulary, mint};
use crate::read::guard;
use crate::read::listing::{self, Listing, NoList, Way};
use crate::report::Note;
use crate::report::SourceReport;
use crate::source::{Source, SourceKind};
use crate::store::{Store, StoreError};

/// What all that is looked at has in common.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// The configuration.
    pub settings: &'a Settings,
    /// The categories there are.
    pub vocabulary: &'a Vocabulary,
    /// What is known. `None`: nothing was stored yet.
    pub store: Option<&'a Store>,
    /// The limits of all requests. `None`: nothing is asked.
    pub policy: Option<&'a fetch::Policy>,
    /// What the clock says.
    pub now: DateTime<Utc>,
}

/// A page that is to be looked at.
#[derive(Debug)]
pub struct Glance<'a> {
    /// The source that it is, or would be.
    pub source: &'a Source,
    /// What it answered already. `None`: it is asked.
    pub answer: Option<Answer>,
    /// Entries of the list whose articles are asked for, from its top.
    pub items: usize,
}

/// What was seen of a page.
#[derive(Debug)]
pub struct Looked {
    /// The address that answered, and the page. `None`: it gave no page.
    pub page: Option<(Url, String)>,
    /// Where it has moved for good.
    pub moved: Option<Url>,
    /// What its server says of it.
    pub head: fetch::Head,
    /// The list of news that a walk would take.
    pub list: Option<Listing>,
    /// The list that the page itself shows, where another way was taken.
    pub own: Option<Listing>,
    /// Ways that were tried and not taken, and why not.
    pub passed_over: Vec<(Way, String)>,
    /// What a walk would keep: the quarantine and the proposal among it.
    pub learnt: Learnt,
    /// Whether a walk would set the source aside.
    pub is_set_aside: bool,
    /// Why there is no list, or no answer.
    pub problem: Option<String>,
    /// Why there was no answer at all.
    pub error: Option<FetchError>,
    /// The first items, and what is to be said.
    pub preview: Preview,
}

/// A course that is watched.
struct Watched<'a> {
    course: Course<'a>,
    items: usize,
    page: Option<(Url, String)>,
    read: Vec<Listing>,
    passed_over: Vec<(Way, String)>,
    reason: Option<String>,
    items_seen: Vec<Settled>,
}

/// Looks at pages, together, each host at its pace. Returns what was seen of each, in their order, and the robots.txt of all.
///
/// # Errors
/// When the store fails.
pub fn look(glances: Vec<Glance<'_>>, around: Around<'_>) -> Result<(Vec<Looked>, Robots), StoreError> {
    // One page of each list tells enough.
    let sources: Vec<Source> = glances.iter().map(|glance| first_page_of(glance.source)).collect();
    let mut manners = Manners::default();
    let mut watched = Vec::with_capacity(glances.len());
    for (Glance { answer, items, .. }, source) in glances.into_iter().zip(&sources) {
        let Some(web) = source.web() else { continue };
        let known = around.store.map(|store| store.upstream(&source.id)).transpose()?.flatten();
        let known = known.filter(|known| known.url == web.url.as_str()).map(Box::new);
        let manner = manners.of(web);
        let mut course = Course::new(
            (SourceReport::default(), source, web),
            known,
            String::new(),
            false,
            manner.clone().unwrap_or_default(),
            around.now,
        );
        if let Err(error) = manner {
            course.give_up(FetchError::Setting(error));
        }
        let mut one = Watched {
            course,
            items,
            page: None,
            read: Vec::new(),
            passed_over: Vec::new(),
            reason: None,
            items_seen: Vec::new(),
        };
        if let Some(answer) = answer
            && let [_] = one.course.asks()[..]
        {
            one.hear(Errand::Source, Ok(Box::new(answer)), around)?;
        }
        watched.push(one);
    }
    let robots = if let Some(policy) = around.policy {
        go_on(&mut watched, policy, around)?
    } else {
        for one in &mut watched {
            one.stay_here(around)?;
        }
        Robots::new()
    };
    Ok((watched.into_iter().map(|one| one.seen(around.now)).collect(), robots))
}

fn first_page_of(source: &Source) -> Source {
    let mut source = source.clone();
    if let SourceKind::Page(page) = &mut source.kind {
        page.pages = 1;
    }
    source
}

/// Asks what is to be asked until nothing more will come.
fn go_on(watched: &mut [Watched<'_>], policy: &fetch::Policy, around: Around<'_>) -> Result<Robots, StoreError> {
    let fetcher = Fetcher::new(policy.clone());
    let crowd = politeness::Policy { in_flight: around.settings.refresh.concurrency, ..politeness::Policy::default() };
    let now = around.now;
    std::thread::scope(|scope| {
        let (sender, mut receiver) = mpsc::channel(16);
        let (asks, asked) = mpsc::unbounded_channel();
        let visiting =
            scope.spawn(move || politeness::visit_all(&fetcher, asked, crowd, Robots::new(), move || now, sender));
        loop {
            for (at, one) in watched.iter_mut().enumerate() {
                for visit in one.course.asks() {
                    // Nobody listens any more once the network is gone, which is told below.
                    asks.send(visit.with(|errand| (at, errand))).unwrap_or_default();
                }
            }
            if watched.iter().all(|one| one.course.is_over()) {
                break;
            }
            let Some(((at, errand), outcome)) = receiver.blocking_recv() else { break };
            if let Some(one) = watched.get_mut(at) {
                one.hear(errand, outcome, around)?;
            }
        }
        drop(asks);
        // The rules of robots.txt are told last.
        while receiver.blocking_recv().is_some() {}
        let robots = visiting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok(robots.unwrap_or_else(|error| {
            for one in watched.iter_mut().filter(|one| !one.course.is_over()) {
                one.course.give_up(FetchError::Setting(format!("there is no network ({error})")));
            }
            Robots::new()
        }))
    })
}

impl Watched<'_> {
    /// Takes in what came, as a walk does, and remembers what it saw.
    fn hear(
        &mut self,
        errand: Errand,
        outcome: Result<Box<Answer>, FetchError>,
        around: Around<'_>,
    ) -> Result<(), StoreError> {
        let Around { settings, vocabulary, store, now, .. } = around;
        self.course.out -= 1;
        let pending = self.course.is_here(errand);
        let news = self.course.open(errand, outcome, pending, settings, vocabulary, now);
        let trying = self.course.trying.as_deref().cloned().filter(|_| errand == Errand::Way);
        let mut tried = None;
        match &news {
            News::Failed(error) => tried = Some(error.to_string()),
            News::Found { answer, found, text, .. } => {
                if matches!(errand, Errand::Source | Errand::Page) {
                    self.page = text.clone().map(|text| (answer.url.clone(), text));
                }
                match found {
                    Found::List(list) | Found::Ways { own: Some(list), .. } if errand != Errand::Next => {
                        self.read.push((**list).clone());
                        tried = Some(format!("{} holds less than half of the page's own list", answer.url));
                    }
                    Found::None(reason) => {
                        tried = Some(format!("{}: {reason}", answer.url));
                        if errand != Errand::Way {
                            self.reason = Some(reason.to_string());
                        }
                    }
                    _ => {}
                }
            }
            News::Same(..)
            | News::Article(_)
            | News::Missing(..)
            | News::Bare(_)
            | News::Led(..)
            | News::ListLed(..) => {}
        }
        self.course.hear(errand, news, store, now)?;
        let taken = self.course.learnt.way.as_ref();
        let is_taken = |way: &Way| taken.is_some_and(|taken| taken.form == way.form && taken.url == way.url);
        self.passed_over.extend(trying.filter(|way| !is_taken(way)).zip(tried));
        // What is not shown is not asked for.
        let (items, course) = (self.items, &mut self.course);
        course.articles.retain(|pending| pending.arrival.position < items);
        course.ready.retain(|ready| ready.pending.arrival.position < items);
        course.settle(settings, vocabulary, now);
        for settled in std::mem::take(&mut course.settled) {
            match settled {
                Ok(settled) => self.items_seen.push(settled),
                Err(text) => course.notes.push(text),
            }
        }
        Ok(())
    }

    /// Goes on without asking anything.
    fn stay_here(&mut self, around: Around<'_>) -> Result<(), StoreError> {
        loop {
            let visits = self.course.asks();
            if visits.is_empty() {
                return Ok(());
            }
            for visit in visits {
                let error = FetchError::Setting(format!("{} is not asked, for the page is a file", visit.request.url));
                self.hear(visit.purpose, Err(error), around)?;
            }
        }
    }

    fn seen(self, now: DateTime<Utc>) -> Looked {
        let Self { course, page, mut read, passed_over, reason, mut items_seen, .. } = self;
        let Course { source, learnt, error, list, head, moved, notes, is_set_aside, address, .. } = course;
        let taken = learnt.way.clone().filter(|_| list.is_some());
        let again = |way: &Way| {
            let (address, text) = page.as_ref().filter(|_| way.url.is_none())?;
            without_panic(|| listing::read(way, &guard::Page::of(text), address, listed::policy(source, now)))
                .ok()?
                .ok()
        };
        let list = taken.and_then(|way| {
            let at = read.iter().position(|list| list.way.is(&way));
            at.map(|at| read.swap_remove(at)).or_else(|| again(&way))
        });
        let own = read.into_iter().find(|list| list.way.url.is_none());
        let problem = match (&error, &page) {
            // There was a page, and no list in it.
            (Some(FetchError::Body { .. }) | None, Some((page, _))) => {
                Some(format!("{page}: {}", reason.unwrap_or_else(|| NoList::Nothing.to_string())))
            }
            _ => error.as_ref().map(ToString::to_string),
        };
        let problem = problem.filter(|_| list.is_none());
        let entries = list.as_ref().map_or(0, |list| list.feed.entries.len());
        items_seen.sort_by_key(|settled| settled.position);
        let note = |text: String| Note { path: address.to_string(), text };
        let items: Vec<Previewed> = items_seen.into_iter().filter_map(previewed).collect();
        let passed_over_items = entries.saturating_sub(items.len());
        let notes = notes.into_iter().map(note).collect();
        let preview = Preview { items, notes, passed_over: passed_over_items };
        Looked { page, moved, head, list, own, passed_over, learnt, is_set_aside, problem, error, preview }
    }
}

fn previewed(settled: Settled) -> Option<Previewed> {
    let Settled { entry, change, goes_by, .. } = settled;
    let (item, _) = entry.item?;
    let is_out = change != Change::New;
    Some(Previewed { item, is_out, goes_by, given: Vec::new(), declared_language: None })
}

/// The item that the article at an address would be, if nothing but the article told of it.
///
/// # Errors
/// Why there is none, in words.
pub fn look_at_article(mut answer: Answer, source: &Source, around: Around<'_>) -> Result<Previewed, String> {
    let Some(page) = source.page() else { return Err(format!("{} is no source of articles", source.id)) };
    let Around { settings, vocabulary, now, .. } = around;
    let url = answer.url.clone();
    let read = without_panic(|| article::read(&mut answer, source, page, None, now))?;
    let (_, draft) = read.map_err(|missing| match missing {
        article::Missing::ForGood(problem) | article::Missing::ForNow(problem) | article::Missing::Wait(problem, _) => {
            problem
        }
        article::Missing::Elsewhere(url) => format!("its page leads to {url}: give that address"),
        article::Missing::Later => "it was not asked for".to_owned(),
        article::Missing::File(media_type) => format!("it is a file, {media_type}, and no page"),
    })?;
    // What a walk takes for the address of the item is that of its entry.
    let draft = crate::draft::Draft { link: draft.link.or(Some(url.clone())), ..draft };
    let key = mint(&source.id, url.as_str().as_bytes());
    let identity = Identity { source: source.id.clone(), key, name: source.title.clone(), known: None };
    let policy = policy(source, &settings.site.language, vocabulary, now);
    let (item, _): (Item, _) = without_panic(|| Item::settle(draft, identity, &policy))?;
    Ok(Previewed { item, is_out: false, goes_by: "its address", given: Vec::new(), declared_language: None })
}
