//! How everything is: what the store knows of each source and of publishing, for the commands, the pages and the machines that ask.
//!
//! [`Known`] is read at once, [`Brief`] is how a source is in a line, [`Health`] all that is known of it.

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat};
use serde::{Serialize, Serializer};

use crate::config::Settings;
use crate::refresh::{self, Learnt};
use crate::report::Note;
use crate::source::Source;
use crate::store::{Kind, Past, Store, StoreError, Upstream, Visit};

pub mod disk;
pub mod failure;
pub mod list;
pub mod troubles;
pub mod visits;

use list::List;
use troubles::{Trouble, Waiting};
use visits::Visits;

/// Days that are told of the items of a source.
pub const DAYS: usize = 30;

/// How a source is, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Its last visit failed.
    Failing,
    /// The list of its page is gone, and it is set aside until somebody looks.
    Quarantined,
    /// It answers, but its news stopped longer ago than it ever did.
    Stale,
    /// The list of its page is there, and holds nothing.
    Empty,
    /// Its server asks to be left alone for a while.
    Waiting,
    /// It was never visited.
    New,
    /// All is well.
    Ok,
}

impl State {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 7] =
        [Self::Failing, Self::Quarantined, Self::Stale, Self::Empty, Self::Waiting, Self::New, Self::Ok];

    /// The name that machines read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Quarantined => "quarantined",
            Self::Stale => "stale",
            Self::Empty => "empty",
            Self::Waiting => "waiting",
            Self::New => "new",
            Self::Ok => "ok",
        }
    }

    /// Whether somebody should look.
    pub fn is_wrong(self) -> bool {
        self <= Self::Empty
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What is known of all sources, read at once.
#[derive(Debug)]
pub struct Known {
    visits: HashMap<String, Visit>,
    upstreams: HashMap<String, Upstream>,
    items: HashMap<String, usize>,
    /// Sources that fell silent, and since when.
    silent: HashMap<String, i64>,
    /// How publishing went in the last walk.
    pub publish: Publishing,
}

/// How publishing went in the last walk.
#[derive(Clone, Debug, Serialize)]
pub struct Publishing {
    /// `ok` or `failing`.
    pub state: &'static str,
    /// Since when it is failing, RFC 3339.
    pub since: Option<String>,
    /// Why.
    pub errors: Vec<String>,
}

/// How a source is, in brief. Times are seconds since 1970.
#[derive(Clone, Debug)]
pub struct Brief<'a> {
    /// The source.
    pub source: &'a Source,
    /// How it is.
    pub state: State,
    /// Since when it is so. `None`: as long as is known, or it is well.
    pub since: Option<i64>,
    /// When it was last visited. `None`: never.
    pub visited: Option<i64>,
    /// When that last went well.
    pub succeeded: Option<i64>,
    /// Documents in its folder, or entries in its feed.
    pub documents: u64,
    /// Items of it that are published.
    pub items: usize,
    /// Why its last visit failed.
    pub error: Option<String>,
    /// Visits that failed since its server last answered.
    pub failures: u32,
    /// Of a source on the web: when it is visited next, and why then.
    pub next: Option<(i64, String)>,
}

/// How all is: what `feedgen status --json` prints.
#[derive(Debug, Serialize)]
pub struct Status {
    /// Each source that was asked for, in the order of the configuration.
    pub sources: Vec<Health>,
    /// How publishing went.
    pub publish: Publishing,
    /// That the disk of the store is full. `None`: it has room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_disk: Option<String>,
    /// Why nothing can be stored, as who owns the store sees it. `None`: it can, or nobody looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unwritable: Option<String>,
    /// Trouble that is not over.
    pub incidents: Vec<Trouble>,
    /// Hubs that have still to be told of changes.
    pub hubs: Vec<Waiting>,
}

impl Status {
    /// How all is where the store tells nothing.
    pub fn nothing() -> Self {
        let (sources, incidents, hubs) = (Vec::new(), Vec::new(), Vec::new());
        Self { sources, publish: Known::nothing().publish, full_disk: None, unwritable: None, incidents, hubs }
    }
}

/// All that is known of a source. Times are RFC 3339.
#[derive(Debug, Serialize)]
pub struct Health {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How it is.
    pub state: State,
    /// Since when it is so.
    pub since: Option<String>,
    /// When it was last visited.
    pub last_walk: Option<String>,
    /// When that last went well.
    pub last_success: Option<String>,
    /// Documents in its folder, or entries in its feed.
    pub documents: u64,
    /// Items of it that are published.
    pub items: usize,
    /// Why its last visit failed, and what to do.
    pub error: Option<String>,
    /// Of a source on the web: when it is visited next, and what else is known of its visits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits: Option<Visits>,
    /// Of a page that lists news: how its list is read, and how that goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<List>,
    /// Files left alone, and documents understood in part or not at all.
    pub notes: Vec<Note>,
}

impl Known {
    /// Reads what is known.
    ///
    /// # Errors
    /// When the store fails.
    pub fn of(store: &Store) -> Result<Self, StoreError> {
        let (since, errors) = match refresh::publish_failures(store)? {
            Some((since, errors)) => (rfc3339(since), errors),
            None => (None, Vec::new()),
        };
        let state = if errors.is_empty() { "ok" } else { "failing" };
        let items = store.channels()?.into_iter().map(|channel| (channel.path, channel.items)).collect();
        let publish = Publishing { state, since, errors };
        let silent = store.open_incidents()?.into_iter().filter(|incident| incident.kind == Kind::Stale);
        let silent = silent.map(|incident| (incident.source, incident.opened)).collect();
        Ok(Self { visits: store.visits()?, upstreams: store.upstreams()?, items, silent, publish })
    }

    /// What is known where nothing was ever visited.
    pub fn nothing() -> Self {
        let publish = Publishing { state: "ok", since: None, errors: Vec::new() };
        let (visits, upstreams) = (HashMap::new(), HashMap::new());
        Self { visits, upstreams, items: HashMap::new(), silent: HashMap::new(), publish }
    }

    /// What is known of the visits to a source on the web, at the address that it has now.
    fn upstream(&self, source: &Source) -> Option<&Upstream> {
        let web = source.web()?;
        self.upstreams.get(source.id.as_str()).filter(|known| known.url == web.url.as_str())
    }

    /// How a source is, in brief.
    pub fn brief<'a>(&self, source: &'a Source) -> Brief<'a> {
        let visit = self.visits.get(source.id.as_str());
        let upstream = self.upstream(source);
        let learnt = source.page().map(|page| Learnt::of(page, upstream)).unwrap_or_default();
        let error = visit.and_then(|visit| visit.error.clone());
        let silent = self.silent.get(source.id.as_str());
        let (state, since) = match (visit, learnt.quarantine, learnt.empty) {
            (_, Some(quarantine), _) => (State::Quarantined, Some(quarantine.since)),
            (Some(visit), ..) if error.is_some() => (State::Failing, visit.since),
            (_, _, Some(since)) => (State::Empty, Some(since)),
            (None, ..) => (State::New, None),
            _ if silent.is_some() => (State::Stale, silent.copied()),
            _ if upstream.is_some_and(|known| known.demanded) => (State::Waiting, None),
            _ => (State::Ok, None),
        };
        Brief {
            source,
            state,
            since,
            visited: visit.map(|visit| visit.walked),
            succeeded: visit.and_then(|visit| visit.succeeded),
            documents: visit.map_or(0, |visit| visit.documents),
            items: self.items.get(&channel(source)).copied().unwrap_or(0),
            error,
            failures: upstream.map_or(0, |known| known.failures),
            next: upstream.map(|known| (known.due, known.reason.clone())),
        }
    }

    /// How all sources are, in brief, in the order of the configuration.
    pub fn briefs<'a>(&self, settings: &'a Settings) -> Vec<Brief<'a>> {
        settings.sources.iter().map(|source| self.brief(source)).collect()
    }

    /// All that is known of some sources.
    ///
    /// # Errors
    /// When the store fails.
    pub fn status(&self, store: &Store, settings: &Settings, sources: &[&Source]) -> Result<Status, StoreError> {
        let robots = store.robots()?;
        let health = |source: &&Source| -> Result<Health, StoreError> {
            let Brief { state, since, visited, succeeded, documents, items, error, .. } = self.brief(source);
            let known = self.upstream(source);
            Ok(Health {
                id: source.id.to_string(),
                title: source.title.clone(),
                state,
                since: since.and_then(rfc3339),
                last_walk: visited.and_then(rfc3339),
                last_success: succeeded.and_then(rfc3339),
                documents,
                items,
                error,
                visits: source.web().map(|web| visits::visits(web, known.cloned(), &robots)),
                list: source.page().map(|page| List::of(page, known)),
                notes: refresh::notes(store, source)?,
            })
        };
        Ok(Status {
            publish: self.publish.clone(),
            full_disk: failure::full_disk(&settings.store),
            unwritable: None,
            incidents: troubles::open(store, sources)?,
            hubs: troubles::waiting(store, settings, "")?,
            sources: sources.iter().map(health).collect::<Result<_, _>>()?,
        })
    }
}

/// How many items of a source were published on each of the last [`DAYS`] days, in the time zone of the site.
///
/// # Errors
/// When the store fails.
pub fn daily(
    store: &Store,
    settings: &Settings,
    source: &Source,
    now: DateTime<chrono::Utc>,
) -> Result<Vec<u64>, StoreError> {
    let east = chrono::Offset::fix(now.with_timezone(&settings.site.timezone).offset()).local_minus_utc();
    store.daily(&channel(source), DAYS, now.timestamp(), east.into())
}

/// The last visits to a source, the newest first.
///
/// # Errors
/// When the store fails.
pub fn past(store: &Store, source: &Source) -> Result<Vec<Past>, StoreError> {
    store.past(&source.id)
}

/// The channel that shows all items of a source.
pub fn channel(source: &Source) -> String {
    format!("sources/{}", source.id)
}

/// A time as machines read it.
pub(crate) fn rfc3339(seconds: i64) -> Option<String> {
    DateTime::from_timestamp(seconds, 0).map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}
