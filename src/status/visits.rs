//! What is known of the visits to a source on the web.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat};
use serde::Serialize;

use crate::collect::fetch;
use crate::collect::robots::Rules;
use crate::config;
use crate::document::Visits as Wishes;
use crate::source::{Every, Web};
use crate::store::Upstream;

/// What is known of the visits to one source.
#[derive(Debug, Serialize)]
pub struct Visits {
    /// Where it is.
    pub address: String,
    /// How it is visited, as configured.
    pub configured: String,
    /// When it is visited next, RFC 3339. `None`: at the next walk, for it was never visited.
    pub next: Option<String>,
    /// Why then.
    pub reason: Option<String>,
    /// Whether its server demands to wait that long.
    pub demanded: bool,
    /// Failures since the last answer.
    pub failures: u32,
    /// `ETag`, as it came.
    pub etag: Option<String>,
    /// `Last-Modified`, as it came.
    pub last_modified: Option<String>,
    /// The address that gave them.
    pub validated: Option<String>,
    /// Whether it was read whole, so that an equal answer need not be read again.
    pub whole: bool,
    /// Where it has moved for good.
    pub moved: Option<String>,
    /// What the feed says of its visits.
    pub wishes: Vec<String>,
    /// What its robots.txt says. `None`: it is not known, or not asked for.
    pub robots: Option<String>,
}

/// What is known of the visits to a place, `known` since the last. `robots` has the robots.txt that are kept, by origin.
pub fn visits(web: &Web, known: Option<Upstream>, robots: &BTreeMap<String, String>) -> Visits {
    let is_known = known.is_some();
    let Upstream { due, reason, demanded, failures, validated, etag, last_modified, body, moved, hints, .. } =
        known.unwrap_or_default();
    let rules = robots.get(&web.url.origin().ascii_serialization()).filter(|_| web.robots);
    let rules = rules.and_then(|rules| serde_json::from_str::<Rules>(rules).ok());
    let at = DateTime::from_timestamp(due, 0).map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    Visits {
        address: web.url.to_string(),
        configured: manner(web),
        next: at.filter(|_| is_known),
        reason: Some(reason).filter(|_| is_known),
        demanded,
        failures,
        etag,
        last_modified,
        validated,
        whole: body.is_some(),
        moved,
        wishes: wishes(&serde_json::from_str(&hints).unwrap_or_default()),
        robots: rules.map(|rules| match (rules.check(&web.url), rules.delay()) {
            (Err(refused), _) => refused.to_string(),
            (Ok(()), Some(delay)) => format!("lets us in, every {} s", delay.as_secs_f32()),
            (Ok(()), None) => "lets us in".to_owned(),
        }),
    }
}

/// How a source on the web is visited, in words.
pub fn manner(web: &Web) -> String {
    let mut about = match &web.every {
        Every::Interval(every) if web.slowest > *every => {
            format!("every {} to {}", config::spelled(*every), config::spelled(web.slowest))
        }
        Every::Interval(every) => format!("every {}", config::spelled(*every)),
        Every::At(times) => format!("at the times \"{times}\""),
    };
    let others = [
        (!web.robots).then(|| "whatever its robots.txt says".to_owned()),
        web.access.user.as_ref().map(|user| format!("as user {user}")),
        (!web.access.headers.is_empty() || web.access.headers_file.is_some())
            .then(|| "with headers of its own".to_owned()),
        web.access.proxy.as_ref().map(|proxy| format!("by the proxy {}", fetch::shown(proxy))),
        web.access.tls_ca.as_ref().map(|path| format!("trusting {}", path.display())),
    ];
    for other in others.into_iter().flatten() {
        about.extend([", ", &other]);
    }
    about
}

/// What a feed says of its visits, in words.
fn wishes(wishes: &Wishes) -> Vec<String> {
    let mut told = Vec::new();
    told.extend(wishes.ttl.map(|minutes| format!("to be kept for {minutes} min (ttl)")));
    told.extend(wishes.update.map(|update| {
        let times = if update.frequency == 1 { String::new() } else { format!(", {} times", update.frequency) };
        format!("updated {}{times} (sy:updatePeriod)", format!("{:?}", update.period).to_lowercase())
    }));
    if !wishes.skip_hours.is_empty() {
        let hours: Vec<String> = wishes.skip_hours.iter().map(ToString::to_string).collect();
        told.push(format!("not at {} UTC (skipHours)", hours.join(", ")));
    }
    if !wishes.skip_days.is_empty() {
        let days: Vec<String> = wishes.skip_days.iter().map(ToString::to_string).collect();
        told.push(format!("not on {} (skipDays)", days.join(", ")));
    }
    told
}

impl Visits {
    /// When it is visited next, and why then.
    pub fn next_in_words(&self) -> String {
        match (&self.next, &self.reason) {
            (Some(at), Some(reason)) => format!("{at}: {reason}"),
            _ => "at the next refresh: it was never visited".to_owned(),
        }
    }

    /// A line for each thing that is known: its name, and what.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let or_nothing = |text: &Option<String>| text.clone().unwrap_or_default();
        let validators = [("ETag", &self.etag), ("Last-Modified", &self.last_modified)];
        let validators = validators.iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
        let validators = validators.collect::<Vec<_>>().join(", ");
        let given_by = self.validated.as_ref().filter(|by| **by != self.address).map(|by| format!(", given by {by}"));
        let failures = if self.failures == 0 { String::new() } else { format!("{} in a row", self.failures) };
        let demanded = if self.demanded { "its server demands to wait until then" } else { "" };
        let whole = if self.whole || self.next.is_none() { "" } else { "not whole: it is read again in full" };
        vec![
            ("address", self.address.clone()),
            ("configured", self.configured.clone()),
            ("next visit", self.next_in_words()),
            ("demanded", demanded.to_owned()),
            ("failures", failures),
            ("validators", validators + &given_by.unwrap_or_default()),
            ("last body", whole.to_owned()),
            ("moved", or_nothing(&self.moved)),
            ("wishes", self.wishes.join("; ")),
            ("robots.txt", or_nothing(&self.robots)),
        ]
    }
}
