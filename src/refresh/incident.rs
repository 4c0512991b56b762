//! What is trouble: a source that goes on failing, that was set aside, or that has fallen silent; and feeds that cannot be published.
//!
//! Trouble is opened and closed in the transaction that notes the visit which shows it, and is open once.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::learnt::Learnt;
use crate::collect::schedule;
use crate::config::Settings;
use crate::report::{Report, SourceReport, Visited};
use crate::source::Source;
use crate::store::{Finding, Incident, Kind, Past, Store, StoreError, Visit};

/// Newest items that tell how far apart the news of a source comes.
const NEWEST: u32 = 100;
/// Days with news that are needed to tell, and that are looked at.
const DAYS: std::ops::RangeInclusive<usize> = 5..=11;
/// A source is silent after so many times its longest gap.
const GAPS: i32 = 3;
/// The shortest silence that is trouble.
const SILENCE: TimeDelta = TimeDelta::days(14);
/// A source that fails for so many times its interval is in trouble, however rarely it was asked.
const INTERVALS: u32 = 2;

/// Notes what was said of sources that were visited, and the trouble that it shows.
pub(super) fn note_visits(
    store: &mut Store,
    visited: &[(&Source, &SourceReport)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    // What was not asked, since its host asks to wait, was not visited.
    let is_visit = |(_, line): &&(&Source, &SourceReport)| line.visited != Some(Visited::NotDue);
    let visited: Vec<_> = visited.iter().filter(is_visit).copied().collect();
    let before = store.visits_of(visited.iter().map(|(source, _)| source.id.as_str()))?;
    let open = store.open_incidents()?;
    let is_new = |line: &SourceReport, before: Option<&Visit>| {
        let is_known = before.is_some_and(|before| before.expected.is_some());
        line.error.is_none() && (line.new > 0 || !is_known)
    };
    let with_news = visited.iter().zip(&before).filter(|((_, line), before)| is_new(line, before.as_ref()));
    let with_news = with_news.map(|((source, _), _)| source.id.as_str());
    let rhythms = rhythms(store, with_news, now)?;
    let (mut visits, mut findings) = (Vec::with_capacity(visited.len()), Findings::new(&open));
    for ((source, line), before) in visited.iter().zip(&before) {
        let before = before.as_ref();
        let expected = is_new(line, before).then(|| rhythms.get(line.id.as_str()).map_or(0, |gap| by_when(*gap, now)));
        let error = line.error.clone();
        let past = Past {
            since: now.timestamp(),
            until: now.timestamp(),
            visits: 1,
            new: line.new,
            revised: line.revised,
            unreadable: line.unreadable,
            requests: line.requests,
            bytes: line.bytes,
            error: error.clone(),
        };
        let visit = Visit {
            source: line.id.clone(),
            walked: now.timestamp(),
            succeeded: error.is_none().then_some(now.timestamp()),
            documents: line.documents,
            since: error.is_some().then_some(now.timestamp()),
            error,
            expected,
        };
        visits.push((visit, past));
        let cause = cause(store, source)?;
        let is_set_aside = |error: &str| cause.as_deref().is_some_and(|cause| error.contains(cause));
        let failed_before = before.and_then(|before| before.error.as_ref()).is_some_and(|error| !is_set_aside(error));
        match &line.error {
            Some(error) if is_set_aside(error) => {
                findings.push(&line.id, Kind::Quarantined, Some(error.clone()));
                findings.push(&line.id, Kind::Failing, None);
            }
            Some(error) => {
                // Once is nothing: the next visit may find it well.
                if failed_before || findings.is_open(&line.id, Kind::Failing) {
                    findings.push(&line.id, Kind::Failing, Some(error.clone()));
                }
                if cause.is_none() {
                    findings.push(&line.id, Kind::Quarantined, None);
                }
            }
            None => {
                findings.push(&line.id, Kind::Failing, None);
                findings.push(&line.id, Kind::Quarantined, None);
                let expected = expected.or(before.and_then(|before| before.expected)).unwrap_or(0);
                let is_stale = expected > 0 && now.timestamp() > expected;
                if !is_stale {
                    findings.push(&line.id, Kind::Stale, None);
                } else if !findings.is_open(&line.id, Kind::Stale) {
                    findings.push(&line.id, Kind::Stale, Some(silence(store, &line.id, now)?));
                }
            }
        }
    }
    store.note_visits(&visits, &findings.found, now.timestamp())
}

/// Looks at what no visit shows: sources that fail and are asked rarely, that are configured no more, and how publishing went.
pub(super) fn look_around(
    store: &mut Store,
    settings: &Settings,
    report: &Report,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let open = store.open_incidents()?;
    let mut findings = Findings::new(&open);
    let sources: HashMap<&str, &Source> = settings.sources.iter().map(|source| (source.id.as_str(), source)).collect();
    for incident in open.iter().filter(|incident| !incident.source.is_empty()) {
        if !sources.contains_key(incident.source.as_str()) {
            findings.push(&incident.source, incident.kind, None);
        }
    }
    for Visit { source, since, error, .. } in store.failing_visits()? {
        let (Some(known), Some(since), Some(error)) = (sources.get(source.as_str()), since, error) else { continue };
        let every = known.every().gap(now, known.timezone);
        let is_known = [Kind::Failing, Kind::Quarantined].iter().any(|kind| findings.is_open(&source, *kind));
        if !is_known && now.timestamp() - since >= seconds(every.saturating_mul(INTERVALS)) {
            findings.push(&source, Kind::Failing, Some(error));
        }
    }
    let told = |lines: &[String]| (!lines.is_empty()).then(|| lines.join("\n"));
    findings.push("", Kind::Publishing, told(&report.failures));
    findings.push("", Kind::Store, told(&report.losses));
    store.judge(&findings.found, now.timestamp())
}

/// Notes whether the configuration is refused: `problem` is why, or what of it waits for a restart.
///
/// # Errors
/// When the store fails.
pub fn note_configuration(store: &mut Store, problem: Option<&str>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let open = store.open_incidents()?;
    let mut findings = Findings::new(&open);
    findings.push("", Kind::Configuration, problem.map(str::to_owned));
    store.judge(&findings.found, now.timestamp())
}

/// What was found, without what is known already.
struct Findings<'a> {
    /// What is said of the incidents that are open.
    open: HashMap<(&'a str, Kind), &'a str>,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    fn new(open: &'a [Incident]) -> Self {
        let known = |incident: &'a Incident| ((incident.source.as_str(), incident.kind), incident.text.as_str());
        Self { open: open.iter().map(known).collect(), found: Vec::new() }
    }

    fn is_open(&self, source: &str, kind: Kind) -> bool {
        self.open.contains_key(&(source, kind))
    }

    fn push(&mut self, source: &str, kind: Kind, text: Option<String>) {
        if self.open.get(&(source, kind)).copied() != text.as_deref() {
            self.found.push(Finding { source: source.to_owned(), kind, text });
        }
    }
}

/// Why a source is set aside. `None`: it is not.
fn cause(store: &Store, source: &Source) -> Result<Option<String>, StoreError> {
    let Some(page) = source.page() else { return Ok(None) };
    let known = store.upstream(&source.id)?;
    Ok(Learnt::of(page, known.as_ref()).quarantine.map(|quarantine| quarantine.cause))
}

/// The longest gap between the last days with news, of those sources that have enough of them.
fn rhythms<'a>(
    store: &Store,
    sources: impl Iterator<Item = &'a str>,
    now: DateTime<Utc>,
) -> Result<HashMap<&'a str, TimeDelta>, StoreError> {
    let sources: Vec<&str> = sources.collect();
    if sources.is_empty() {
        return Ok(HashMap::new());
    }
    let channels: Vec<String> = sources.iter().map(|source| format!("sources/{source}")).collect();
    let newest = store.newest(&channels, NEWEST)?;
    Ok(sources
        .into_iter()
        .zip(newest)
        .filter_map(|(source, items)| Some((source, longest_gap(&items, now)?)))
        .collect())
}

/// The longest gap between the last days with news. `None`: there are too few to tell.
fn longest_gap(newest_first: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<TimeDelta> {
    let mut days: Vec<_> = newest_first.iter().filter(|item| **item <= now).map(DateTime::date_naive).collect();
    days.dedup();
    days.truncate(*DAYS.end());
    let longest = days.windows(2).map(|pair| pair[0] - pair[1]).max();
    longest.filter(|_| DAYS.contains(&days.len()))
}

/// When something new should have come, seconds since 1970.
fn by_when(gap: TimeDelta, now: DateTime<Utc>) -> i64 {
    let patience = gap.checked_mul(GAPS).unwrap_or(TimeDelta::MAX).max(SILENCE);
    now.checked_add_signed(patience).unwrap_or(DateTime::<Utc>::MAX_UTC).timestamp()
}

/// What is said of a source that has fallen silent.
fn silence(store: &Store, source: &str, now: DateTime<Utc>) -> Result<String, StoreError> {
    let newest = store.newest(&[format!("sources/{source}")], NEWEST)?.pop().unwrap_or_default();
    let last = newest.iter().find(|item| **item <= now).map(|last| format!(" since {}", last.format("%Y-%m-%d")));
    let gap = longest_gap(&newest, now)
        .map(|gap| format!(", and its news was never more than {} apart lately", schedule::span(gap)));
    Ok(format!("nothing new came{}{}", last.unwrap_or_default(), gap.unwrap_or_default()))
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

/// An incident as people read it in the feed about sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusEntry {
    /// Its id (RFC 4151), the same for ever.
    pub id: String,
    /// One line, plain text.
    pub title: String,
    /// What is wrong, plain text.
    pub text: String,
    /// What to do, plain text. Empty: nothing any more.
    pub advice: String,
    /// When it began.
    pub opened: DateTime<Utc>,
    /// When that last changed: when it began, or was over.
    pub updated: DateTime<Utc>,
    /// Whether it is over.
    pub is_over: bool,
    /// The source. `None`: it is the whole that is in trouble.
    pub source: Option<String>,
    /// What kind of trouble.
    pub kind: Kind,
}

/// Incidents as entries of the feed about sources, in their order. `authority` is the start of our ids.
pub fn status_entries(incidents: &[Incident], authority: &str, settings: &Settings) -> Vec<StatusEntry> {
    let titles: HashMap<&str, &str> =
        settings.sources.iter().map(|source| (source.id.as_str(), source.title.as_str())).collect();
    let time = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    let entry = |incident: &Incident| {
        let Incident { number, source, kind, opened, closed, text, .. } = incident;
        let name = titles.get(source.as_str()).copied().unwrap_or(source);
        let what = match kind {
            Kind::Failing => format!("{name} fails"),
            Kind::Quarantined => format!("{name} is set aside"),
            Kind::Stale => format!("{name} has fallen silent"),
            Kind::Publishing => "Feeds cannot be published".to_owned(),
            Kind::Store => "The store was damaged or taken away".to_owned(),
            Kind::Configuration => "The configuration is not in use as it is written".to_owned(),
            Kind::Writing => "Nothing can be stored".to_owned(),
        };
        let advice = match kind {
            Kind::Failing => format!("What is published of it stays as it is. `feedgen doctor {source}` tells what is wrong and what to do."),
            Kind::Quarantined => format!(
                "What is published of it stays as it is. `feedgen doctor {source}` tells where its list may be now, and `feedgen doctor --apply {source}` reads it there."
            ),
            Kind::Stale => format!("Look whether there is news at the source itself. If there is, `feedgen doctor {source}` tells why it is not found."),
            Kind::Publishing => "The last good feeds stay. Mend what is told here; the next refresh publishes what is missing.".to_owned(),
            Kind::Store => "Lost items whose documents are still there come back by themselves. What was moved aside lies beside the store.".to_owned(),
            Kind::Configuration => "Where it is wrong, what was in force goes on, and `feedgen check` tells all that is wrong in it; where a part of it waits, restart feedgen.".to_owned(),
            Kind::Writing => "What is published is served as it is. `feedgen status` tells what is wrong and what to do; after that all goes on by itself.".to_owned(),
        };
        // It has no number before it is over.
        let mark = if *kind == Kind::Writing { kind.to_string() } else { number.to_string() };
        StatusEntry {
            id: format!("tag:{authority}:incident:{opened}-{mark}"),
            title: if closed.is_some() { format!("{what} (over)") } else { what },
            text: text.clone(),
            advice: if closed.is_some() { String::new() } else { advice },
            opened: time(*opened),
            updated: time(closed.unwrap_or(*opened)),
            is_over: closed.is_some(),
            source: Some(source.clone()).filter(|source| !source.is_empty()),
            kind: *kind,
        }
    };
    incidents.iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;
    use crate::store::Told;

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_longest_gap_is_that_of_the_last_days_with_news() {
        let now = time("2026-05-01T00:00:00Z");
        let gap = |days: &[&str]| {
            let items: Vec<_> = days.iter().map(|day| time(&format!("{day}T12:00:00Z"))).collect();
            longest_gap(&items, now).map(|gap| gap.num_days())
        };
        let five = ["2026-04-20", "2026-04-17", "2026-04-16", "2026-04-10", "2026-04-09"];
        assert_eq!(gap(&five), Some(6));
        assert_eq!(gap(&five[1..]), None);
        // Many items of a day are one day with news, and what is of the future is none yet.
        assert_eq!(gap(&[&["2026-05-09"], &five[..1], &five[..]].concat()), Some(6));
        assert_eq!(gap(&[&five[..1]; 9].concat()), None);
        let daily: Vec<String> = (1..=11).rev().map(|day| format!("2026-04-{day:02}")).collect();
        let with_old = daily.iter().map(String::as_str).chain(["2020-01-01"]).collect::<Vec<_>>();
        assert_eq!(gap(&with_old), Some(1));
    }

    #[test]
    fn silence_is_three_gaps_and_a_fortnight_at_least() {
        let now = time("2026-05-01T00:00:00Z");
        let by_when = |days: i64| (by_when(TimeDelta::days(days), now) - now.timestamp()) / 86_400;
        assert_eq!((by_when(1), by_when(4), by_when(5), by_when(31)), (14, 14, 15, 93));
    }

    #[test]
    fn an_entry_keeps_its_id_and_says_when_it_is_over() {
        let text = "[[source]]\nid = \"quay\"\ntitle = \"The Quay\"\nfiles = \"quay\"\n";
        let settings = Settings::from_text(text, "feedgen.toml", &Environment::new()).unwrap();
        let open = Incident {
            number: 7,
            source: "quay".to_owned(),
            kind: Kind::Failing,
            opened: 1_777_593_600,
            closed: None,
            text: "https://quay.example/ answers 500".to_owned(),
            told: Told::Nothing,
        };
        let over = Incident { closed: Some(1_777_597_200), ..open.clone() };
        let whole = Incident { source: String::new(), kind: Kind::Publishing, number: 8, ..open.clone() };
        let entries = status_entries(&[open, over, whole], "news.example.edu,2026", &settings);
        let [open, over, whole] = &entries[..] else { panic!("three entries") };
        assert_eq!(open.id, "tag:news.example.edu,2026:incident:1777593600-7");
        assert_eq!((open.title.as_str(), over.title.as_str()), ("The Quay fails", "The Quay fails (over)"));
        assert_eq!((&over.id, over.is_over, over.advice.as_str()), (&open.id, true, ""));
        assert_eq!((open.updated, over.updated - over.opened), (open.opened, TimeDelta::hours(1)));
        assert!(open.advice.contains("`feedgen doctor quay`"));
        assert_eq!((whole.title.as_str(), &whole.source), ("Feeds cannot be published", &None));
        let ids: std::collections::BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(ids.len(), Kind::ALL.len());
    }
}
