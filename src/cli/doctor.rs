//! `feedgen doctor`: what is wrong with sources, disk and store, and what to do about it.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use encoding_rs::Encoding;
use url::Url;

use super::check::{of_feeds, of_source, of_store};
use super::finding::{self, Finding};
use super::mend::Mend;
use super::{Done, Failure, absolute, add, counted, page, print, print_json, say, troubles, working};
use crate::collect::fetch::{self, Answer, FetchError, Head, LookedUp, Request};
use crate::collect::politeness::{Robots, Visit};
use crate::collect::{address, robots, schedule};
use crate::config::{Edit, Environment, Settings};
use crate::item::Vocabulary;
use crate::read;
use crate::read::feed::{self, Feed};
use crate::refresh::{self, Around, Glance, Learnt, Looked, Manners};
use crate::source::{Source, SourceId, Web};
use crate::status::disk::Disk;
use crate::status::list::Told as Way;
use crate::store::{Store, Upstream};

/// Notes of one feed that are told.
const NOTES: usize = 5;
/// Free space that is little, bytes: some 20,000 items with their feeds.
const LITTLE: u64 = 200 * 1024 * 1024;
/// Files that may still be made where that is few.
const FEW: u64 = 10_000;
/// How far clocks may be apart.
const APART: TimeDelta = TimeDelta::minutes(5);
/// The shortest silence of a source that is worth a word, whatever its rhythm.
const SILENCE: TimeDelta = TimeDelta::days(30);
/// Gaps between its items after which a source has fallen silent.
const GAPS: i32 = 10;

/// Which sources are looked at.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Ids of sources [default: all, the disk and the store]
    sources: Vec<String>,
    /// Write into the configuration where each source that has moved for good is, and where the list of each page that was changed
    /// is now, and nothing else
    #[arg(long)]
    apply: bool,
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

/// A source on the web that is visited.
struct Patient<'a> {
    source: &'a Source,
    web: &'a Web,
    known: Option<Upstream>,
}

/// Looks at what is named, or at everything. Ends with 1 when something is wrong.
pub(super) fn run(named: Option<&Path>, environment: &Environment, asked: &Asked, now: DateTime<Utc>) -> Done {
    let mut edit = Edit::open(named, environment)?;
    let settings = edit.settings()?;
    let is_asked =
        |source: &&Source| asked.sources.is_empty() || asked.sources.iter().any(|id| id == source.id.as_str());
    if let Some(unknown) =
        asked.sources.iter().find(|id| !settings.sources.iter().any(|source| source.id.as_str() == *id))
    {
        return Err(refresh::RefreshError::unknown_source(unknown, &settings).into());
    }
    let mut findings = Vec::new();
    let store = Store::open_to_read(&settings.store);
    if asked.sources.is_empty() {
        findings.extend([of_feeds(&settings.publish.directory), of_store(&settings.store)]);
        findings.extend([
            of_disk("publish.directory", &settings.publish.directory),
            of_disk("store.path", &settings.store),
        ]);
    } else if store.is_err() {
        findings.push(of_store(&settings.store));
    }
    let store = store.ok().flatten();
    if let Some(store) = &store {
        let sources: Vec<&Source> = settings.sources.iter().filter(is_asked).collect();
        findings.extend(troubles::findings(store, &settings, &sources, asked.sources.is_empty())?);
    }
    let mut patients = Vec::new();
    for source in settings.sources.iter().filter(is_asked) {
        let Some(web) = source.web() else {
            findings.push(of_source(source, settings.max_size));
            continue;
        };
        let known = store.as_ref().map(|store| store.upstream(&source.id)).transpose()?.flatten();
        let known = known.filter(|known| known.url == web.url.as_str());
        patients.push(Patient { source, web, known });
    }
    let Examined { mut moved, mends } = examine(&patients, &settings, store.as_ref(), now, &mut findings)?;
    moved.retain(|(id, address)| {
        let is_told_secrets = |patient: &Patient<'_>| {
            patient.source.id == *id && has_secrets(patient.web) && patient.web.url.origin() != address.origin()
        };
        if patients.iter().any(is_told_secrets) {
            let secrets = "its headers and password, which were given for another host, would be sent there";
            say(&format!("note: {id} has moved to {address}: {secrets}; change its address yourself if they may be"));
            return false;
        }
        let other = add::source_at(settings.sources.iter().filter(|source| source.id != *id), address);
        other.is_none_or(|other| {
            say(&format!("note: {id} has moved to where source {} is already: take one of them out", other.id));
            false
        })
    });
    if asked.json {
        print_json(&findings)?;
    } else {
        print(&(finding::lay_out(&findings) + &mends.iter().map(Mend::told).collect::<String>()))?;
    }
    if asked.apply {
        return apply(&mut edit, &moved, &mends, &findings);
    }
    if !moved.is_empty() || !mends.is_empty() {
        say("`feedgen doctor --apply` writes that into the configuration");
    }
    Ok(u8::from(!finding::is_sound(&findings)))
}

/// Writes what would mend the sources into the configuration, and says so. Ends with 1 when something else is wrong.
fn apply(edit: &mut Edit, moved: &[(SourceId, Url)], mends: &[Mend], findings: &[Finding]) -> Done {
    let addresses = moved.iter().filter(|(id, address)| edit.set_address(id, address)).count();
    let (written, refused): (Vec<&Mend>, Vec<&Mend>) =
        mends.iter().partition(|mend| edit.set_select(&mend.id, &mend.new));
    for Mend { id, .. } in refused {
        say(&format!(
            "note: the selectors of {id} are written in a way that cannot be changed alone: change them by hand"
        ));
    }
    if addresses + written.len() > 0 {
        add::write(edit)?;
        let told = [(addresses, "address", "addresses"), (written.len(), "[source.select]", "[source.select]")];
        let told = told.into_iter().filter(|(number, ..)| *number > 0).map(|(number, one, several)| match number {
            1 => format!("the new {one} of 1 source"),
            number => format!("the new {several} of {number} sources"),
        });
        let told = told.collect::<Vec<_>>().join(" and ");
        let (path, next) = (absolute(&edit.path), working::next_step(&edit.settings()?));
        say(&format!("wrote {told} into {}; {next}", path.display()));
    } else if moved.is_empty() && mends.is_empty() {
        say("there is nothing to apply");
    }
    let is_mended = |finding: &&Finding| written.iter().any(|mend| finding.name == format!("{} list", mend.id));
    let is_sound = findings.iter().filter(|finding| !is_mended(finding)).all(Finding::is_sound);
    Ok(u8::from(!is_sound))
}

/// Whether something is sent along with the requests of a source that not everybody may see.
fn has_secrets(web: &Web) -> bool {
    web.access.user.is_some() || !web.access.headers.is_empty() || web.access.headers_file.is_some()
}

/// What can be mended.
struct Examined {
    /// Sources that have moved for good, and where to.
    moved: Vec<(SourceId, Url)>,
    /// Pages whose list is somewhere else by now.
    mends: Vec<Mend>,
}

/// Visits sources on the web and tells what is found.
fn examine(
    patients: &[Patient<'_>],
    settings: &Settings,
    store: Option<&Store>,
    now: DateTime<Utc>,
    findings: &mut Vec<Finding>,
) -> Result<Examined, Failure> {
    let mut manners = Manners::default();
    let (mut visits, mut hosts, mut pages, mut glances) = (Vec::new(), BTreeMap::new(), Vec::new(), Vec::new());
    for (purpose, Patient { source, web, known }) in patients.iter().enumerate() {
        let waits = known.as_ref().is_some_and(|known| known.demanded && known.due > now.timestamp());
        // Where its files cannot be read, that has been told.
        let manner = manners.of(web).ok().filter(|_| !waits);
        if source.page().is_some() && manner.is_some() {
            pages.push(purpose);
            glances.push(Glance { source, answer: None, items: 0 });
        } else if let Some(manner) = manner {
            let request = Box::new(Request {
                url: web.url.clone(),
                validators: None,
                accept: refresh::ACCEPT,
                manner,
                is_strange: false,
            });
            visits.push(Visit { purpose, request, robots: web.robots, renderer: None, can_wait: false });
        }
        if web.access.proxy.is_none() {
            let host = web.url.host_str().unwrap_or_default().to_owned();
            hosts.entry(host).or_insert_with(|| refresh::look_up(&web.url, &settings.refresh.private));
        }
    }
    let mut outcomes = BTreeMap::new();
    let hear = |at: usize, outcome: Result<Answer, FetchError>| {
        let mut findings = Vec::new();
        let told = patients.get(at).map(|patient| Told { id: patient.source.id.as_str(), findings: &mut findings });
        let moved = outcome.map(|answer| told.and_then(|mut told| told.of_answer(answer, now)));
        outcomes.insert(at, moved.map(|moved| (findings, moved)));
    };
    let asked = refresh::ask_all(refresh::fetch_policy(settings), settings.refresh.concurrency, visits, now, hear);
    let mut robots = asked.map_err(|error| Failure::Undone(format!("cannot go out to the web: {error}")))?;
    let policy = refresh::fetch_policy(settings);
    let around = Around { settings, vocabulary: Vocabulary::built_in(), store, policy: Some(&policy), now };
    let (looked, theirs) = refresh::look(glances, around)?;
    robots.extend(theirs);
    let mut looked: BTreeMap<usize, Looked> = pages.into_iter().zip(looked).collect();
    let (mut moved, mut mends) = (Vec::new(), Vec::new());
    for (at, patient) in patients.iter().enumerate() {
        let Patient { source, web, known } = patient;
        findings.push(of_source(source, settings.max_size));
        let mut told = Told { id: source.id.as_str(), findings };
        let host = hosts.get(web.url.host_str().unwrap_or_default());
        let is_open = host.is_none_or(|found| told.of_host(&web.url, found, settings));
        if is_open {
            told.of_robots(web, &robots);
        }
        let outcome = match looked.remove(&at) {
            Some(Looked { error: Some(error), page: None, .. }) => Some(Err(error)),
            Some(looked) => {
                let to = looked.moved.clone();
                mends.extend(told.of_page(patient, &looked, now));
                Some(Ok((Vec::new(), to.inspect(|to| told.of_move("page", to)))))
            }
            None => outcomes.remove(&at),
        };
        match outcome {
            Some(Ok((heard, to))) => {
                told.findings.extend(heard);
                moved.extend(to.map(|to| (source.id.clone(), to)));
            }
            // The robots.txt has been told.
            Some(Err(FetchError::Robots { .. } | FetchError::RobotsUnknown { .. })) | None => {}
            // So has the host; what it redirects to has not.
            Some(Err(FetchError::Refused { .. })) if !is_open => {}
            Some(Err(error @ FetchError::Certificate { .. })) => told.wrong("tls", error.to_string()),
            Some(Err(error)) => {
                told.of_clock(error.head(), now);
                told.wrong("answer", error.to_string());
            }
        }
        told.of_visits(known.as_ref(), now);
    }
    Ok(Examined { moved, mends })
}

/// What is told of one source.
struct Told<'a> {
    id: &'a str,
    findings: &'a mut Vec<Finding>,
}

impl Told<'_> {
    fn good(&mut self, what: &str, about: impl Into<String>) {
        self.findings.push(Finding::good(&format!("{} {what}", self.id), about.into()));
    }

    fn odd(&mut self, what: &str, about: impl Into<String>) {
        self.findings.push(Finding::odd(&format!("{} {what}", self.id), about.into()));
    }

    fn wrong(&mut self, what: &str, about: impl Into<String>) {
        self.findings.push(Finding::wrong(&format!("{} {what}", self.id), about.into()));
    }

    /// Returns whether the host may be asked.
    fn of_host(&mut self, url: &Url, found: &Result<Option<LookedUp>, String>, settings: &Settings) -> bool {
        let host = url.host_str().unwrap_or_default();
        if let Err(refusal) = address::check(url, &settings.refresh.private) {
            self.wrong("host", refusal.to_string());
            return false;
        }
        match found {
            Ok(None) => self.good("host", format!("{host} is a number")),
            Err(problem) => {
                self.wrong(
                    "host",
                    format!("{host} has no address: {problem}; check the spelling and the name service"),
                );
            }
            Ok(Some(LookedUp { allowed, refused })) => {
                let allowed: Vec<String> = allowed.iter().map(|address| address.ip().to_string()).collect();
                let refused: Vec<String> = refused.iter().map(ToString::to_string).collect();
                match (allowed.is_empty(), refused.is_empty()) {
                    (_, true) => self.good("host", format!("{host} is at {}", allowed.join(", "))),
                    (true, false) => {
                        self.wrong("host", format!("{host}: {}", refused.join("; ")));
                        return false;
                    }
                    (false, false) => {
                        let about = format!("{host} is at {}; but {}", allowed.join(", "), refused.join("; "));
                        self.odd("host", about);
                    }
                }
            }
        }
        true
    }

    fn of_robots(&mut self, web: &Web, robots: &Robots) {
        if !web.robots {
            return self.good("robots.txt", "not asked for, as configured");
        }
        let Some(rules) = robots.get(&web.url.origin().ascii_serialization()) else { return };
        match (rules.check(&web.url), rules.delay()) {
            (Err(refused), _) => self.wrong("robots.txt", refused.to_string()),
            (Ok(()), Some(delay)) => {
                self.good("robots.txt", format!("lets {} in, every {} s", robots::PRODUCT, delay.as_secs_f32()));
            }
            (Ok(()), None) => self.good("robots.txt", format!("lets {} in", robots::PRODUCT)),
        }
    }

    /// Returns where the feed has moved for good.
    fn of_answer(&mut self, mut answer: Answer, now: DateTime<Utc>) -> Option<Url> {
        let body = answer.body.take().unwrap_or_default();
        let kind = answer.head.content_type.as_deref().unwrap_or("no media type");
        self.good("answer", format!("{} bytes, {kind}", body.len()));
        self.of_clock(Some(&answer.head), now);
        match refresh::read_feed(&body, &answer, now) {
            Ok(feed) => {
                self.of_media_type(kind);
                self.of_charset(&body, &answer.head);
                self.of_feed(&feed, now);
                self.of_validators(&answer);
            }
            Err(error) => {
                let sent = answer.head.content_type.as_deref().and_then(fetch::charset);
                let page = read::decode(&body, sent, true).map(|page| read::named_feeds(&page.text, &answer.url));
                let named = page.ok().and_then(|named| named.into_iter().find(|feed| !feed.is_of_comments));
                let named = named.map(|feed| format!("; the page names {}", feed.url)).unwrap_or_default();
                self.wrong("feed", format!("{} {error}{named}", answer.url));
                return None;
            }
        }
        let moved = answer.moved?;
        self.of_move("feed", &moved);
        Some(moved)
    }

    fn of_move(&mut self, key: &str, to: &Url) {
        self.odd("address", format!("has moved for good to {to}: write {key} = \"{to}\" for it"));
    }

    /// Returns how the list of the page can be read again, where it was lost.
    fn of_page(&mut self, patient: &Patient<'_>, looked: &Looked, now: DateTime<Utc>) -> Option<Mend> {
        let Patient { source, known, .. } = patient;
        self.of_clock(Some(&looked.head), now);
        let before = source.page().and_then(|page| Learnt::of(page, known.as_ref()).way);
        match &looked.list {
            Some(list) => {
                let told = Way::of(&list.way);
                let about = format!("{}, {}", told.in_words(), page::entries(list.feed.entries.len()));
                let is_moved = before.is_some_and(|before| !before.is(&list.way));
                if is_moved {
                    let parts = told.lines().join(", ");
                    self.odd("list", format!("{about}: it is not where it was, and is read by another way from the next refresh on: {parts}"));
                } else {
                    self.good("list", about);
                }
                if list.feed.entries.iter().any(|entry| entry.facts.published.is_some()) {
                    self.of_feed(&list.feed, now);
                }
                None
            }
            None => self.of_lost_list(source, looked, now),
        }
    }

    fn of_lost_list(&mut self, source: &Source, looked: &Looked, now: DateTime<Utc>) -> Option<Mend> {
        if looked.learnt.empty.is_some() && !looked.is_set_aside {
            self.odd("list", "it is there, and empty");
            return None;
        }
        if !looked.is_set_aside {
            self.wrong("list", looked.problem.clone().unwrap_or_default());
            return None;
        }
        let quarantine = looked.learnt.quarantine.as_ref()?;
        let since = DateTime::from_timestamp(quarantine.since, 0).unwrap_or_default().format("%Y-%m-%dT%H:%M:%SZ");
        let cause = &quarantine.cause;
        let mend = Mend::of(source, looked, now);
        let next = match &mend {
            Some(mend) => {
                let share = mend.share * 100.0;
                format!("another list has {share:.0} % of the newest items, too few to take it by itself; see below")
            }
            None => "no list in the page has its newest items: write where it is as `item` in [source.select], or wait until it is back".to_owned(),
        };
        self.wrong("list", format!("{cause}; set aside since {since}, and what is published stays as it is; {next}"));
        mend
    }

    fn of_media_type(&mut self, kind: &str) {
        let media_type = kind.split(';').next().unwrap_or_default().to_ascii_lowercase();
        if !["xml", "json", "rss"].iter().any(|word| media_type.contains(word)) {
            let right =
                "its owner should send it as application/rss+xml, application/atom+xml or application/feed+json";
            self.odd("media type", format!("{kind}: some readers refuse that; {right}"));
        }
    }

    fn of_charset(&mut self, body: &[u8], head: &Head) {
        let sent = head.content_type.as_deref().and_then(fetch::charset);
        // Letters of ASCII are the same in all of them.
        let Ok(decoded) = read::decode(body, sent, true) else { return };
        if body.is_ascii() {
            return;
        }
        let others: Vec<String> = [("Content-Type", sent), ("XML declaration", feed::declared_charset(body))]
            .into_iter()
            .filter_map(|(who, label)| Some((who, label?)))
            .filter(|(_, label)| {
                Encoding::for_label(label.as_bytes()).is_none_or(|encoding| encoding.name() != decoded.charset)
            })
            .map(|(who, label)| format!("its {who} says {label}"))
            .collect();
        if others.is_empty() {
            self.good("charset", decoded.charset);
        } else {
            self.odd("charset", format!("{}, but it is read as {}", others.join(" and "), decoded.charset));
        }
    }

    fn of_validators(&mut self, answer: &Answer) {
        let Some(validators) = &answer.validators else {
            return self.odd("validators", "none that can be relied on: it is sent in full at each visit");
        };
        let named = [("ETag", &validators.etag), ("Last-Modified", &validators.last_modified)];
        let named: Vec<&str> = named.iter().filter(|(_, value)| value.is_some()).map(|(name, _)| *name).collect();
        self.good("validators", named.join(" and "));
    }

    fn of_feed(&mut self, feed: &Feed, now: DateTime<Utc>) {
        for note in feed.notes.iter().take(NOTES) {
            self.odd("feed", note.as_str());
        }
        if feed.notes.len() > NOTES {
            self.odd("feed", format!("and {} more", counted(feed.notes.len() - NOTES, "note")));
        }
        let dates = feed.entries.iter().filter_map(|entry| entry.facts.published?.stamp(crate::source::Tz::UTC));
        let mut dates: Vec<DateTime<Utc>> = dates.filter(|date| *date <= now).collect();
        dates.sort_unstable();
        let (Some(oldest), Some(newest)) = (dates.first(), dates.last()) else {
            let entries = counted(feed.entries.len(), "item");
            return self.odd("news", format!("{entries}, and no date up to today"));
        };
        let gaps = i32::try_from(dates.len()).unwrap_or(i32::MAX) - 1;
        let rhythm = if gaps > 0 { (*newest - *oldest) / gaps } else { TimeDelta::zero() };
        let (silent, day) = (now - *newest, newest.format("%Y-%m-%d"));
        let about = format!("{}, the newest of {day}", counted(feed.entries.len(), "item"));
        if silent > SILENCE.max(rhythm * GAPS) {
            let usual =
                if gaps > 0 { format!(", though they came {} apart", schedule::span(rhythm)) } else { String::new() };
            return self.odd("news", format!("{about}{usual}: see whether it has moved"));
        }
        self.good("news", about);
    }

    fn of_clock(&mut self, head: Option<&Head>, now: DateTime<Utc>) {
        let Some(date) = head.and_then(|head| schedule::http_date(head.date.as_deref()?)) else { return };
        // What a cache hands out was made as long ago as it says.
        let age = head.and_then(|head| head.age.as_deref()?.trim().parse().ok()).unwrap_or(0_u32);
        let apart = (now - date - TimeDelta::seconds(age.into())).abs();
        if apart > APART {
            let apart = schedule::span(apart);
            self.odd("clock", format!("{apart} apart from ours: one of them is wrong, and so are dates made by it"));
        }
    }

    fn of_visits(&mut self, known: Option<&Upstream>, now: DateTime<Utc>) {
        let Some(known) = known else { return self.good("next visit", "at the next refresh: it was never visited") };
        let due = refresh::next_visit(known);
        match known.failures {
            0 if known.demanded && known.due > now.timestamp() => {
                self.odd("next visit", format!("{due}; not asked before"));
            }
            0 => self.good("next visit", due),
            failures => self.odd("next visit", format!("{due}; {} in a row", counted(failures as usize, "failure"))),
        }
    }
}

/// Whether there is room where a path is, or will be.
fn of_disk(name: &str, path: &Path) -> Finding {
    let name = format!("{name} disk");
    let Disk { place, free, files } = match Disk::of(path) {
        Ok(disk) => disk,
        Err(error) => return Finding::odd(&name, error),
    };
    let Some(free) = free else {
        return Finding::good(&name, format!("{} does not tell how much is free", place.display()));
    };
    let about = format!("{} MiB free at {}", free / 1024 / 1024, place.display());
    let few = files.filter(|files| *files < FEW);
    match (free < LITTLE, few) {
        (true, _) if free < LITTLE / 10 => Finding::wrong(&name, format!("{about}: make room")),
        (true, _) => Finding::odd(&name, format!("{about}: make room soon")),
        (false, Some(few)) => Finding::odd(&name, format!("{about}, but for {few} files only")),
        (false, None) => Finding::good(&name, about),
    }
}
