//! Which sources on the web are due, and how a walk sets out to them.

use chrono::DateTime;

use super::course::Course;
use super::web::{Outside, Over, Visiting};
use super::{Walk, line_of};
use crate::collect::schedule::{self, Pace};
use crate::report::Visited;
use crate::source::{Every, Source, Web};
use crate::store::{Store, StoreError, Upstream};

impl<'a> Walk<'a> {
    /// Sets out to the sources that are due. Returns those whose visits are over before they began, and those that are not due.
    pub(super) fn take_on(
        &mut self,
        visiting: &mut Visiting<'a>,
        sources: &[usize],
        store: Option<&Store>,
    ) -> Result<(Vec<Over>, Vec<Over>), StoreError> {
        let settings = self.settings;
        let ids = sources.iter().filter_map(|at| settings.sources.get(*at)).map(|source| &source.id);
        let upstreams = store.map(|store| store.upstreams_of(ids)).transpose()?.unwrap_or_default();
        let mut upstreams = upstreams.into_iter();
        let (mut over, mut not_due, mut courses) = (Vec::new(), Vec::new(), Vec::new());
        for at in sources.iter().copied() {
            let Some(source) = settings.sources.get(at) else { continue };
            // One for each source, in their order.
            let known = upstreams.next().flatten();
            let Some(web) = source.web().filter(|_| !visiting.is_at(at)) else { continue };
            let mut line = line_of(source);
            let known = known.filter(|known| known.url == web.url.as_str());
            let rules = self.rules(source);
            let holds = !self.options.force && known.as_ref().is_some_and(|known| is_read_by(known, &rules));
            if let Some(known) = &known
                && !self.is_due(source, web, known, &rules)
            {
                (line.visited, line.documents) = (Some(Visited::NotDue), known.entries);
                line.next = Some(next(known.due, &known.reason));
                not_due.push(Over { at, line, due: Some(self.holds(source, web, known)) });
                continue;
            }
            match visiting.manners.of(web) {
                Err(error) => {
                    line.documents = known.map_or(0, |known| known.entries);
                    line.error = Some(error);
                    over.push(Over { at, line, due: None });
                }
                Ok(manner) => {
                    let course = Course::new((line, source, web), known, rules, holds, manner, self.now);
                    courses.push((at, Box::new(course)));
                }
            }
        }
        let clock = &self.clock;
        visiting.set_out(courses, || Outside::open(settings, store, clock.clone()))?;
        Ok((over, not_due))
    }

    /// Whether a source that was visited before is visited now. One that is asked for by name is, one that answers and
    /// was read under other rules, and one that fails and was asked otherwise, unless its publisher demands to wait.
    fn is_due(&self, source: &Source, web: &Web, known: &Upstream, rules: &str) -> bool {
        let due = DateTime::from_timestamp(known.due, 0).unwrap_or_default();
        let due = schedule::is_due(due, may_wait(web, known), Pace::of(source, web), self.now);
        let is_wanted = !self.options.only.is_empty() || self.has_changed(source, web, known, rules);
        self.options.force || due || (is_wanted && !known.demanded)
    }

    /// Whether what is read of a source, or how it is asked where it fails, is not what it was at its last visit.
    fn has_changed(&self, source: &Source, web: &Web, known: &Upstream, rules: &str) -> bool {
        match known.failures {
            0 => !is_read_by(known, rules),
            _ => !known.rules.ends_with(&self.asking(source, web)),
        }
    }

    /// When a source that is not due yet will be, seconds since 1970.
    fn holds(&self, source: &Source, web: &Web, known: &Upstream) -> i64 {
        let due = DateTime::from_timestamp(known.due, 0).unwrap_or_default();
        schedule::holds(due, may_wait(web, known), Pace::of(source, web), self.now).timestamp()
    }

    /// When a source is due of which this is known, seconds since 1970: not a moment before, however often a walk begins anew.
    pub(super) fn due(&self, source: &Source, known: Option<&Upstream>) -> i64 {
        let now = self.now.timestamp();
        let Some(web) = source.web() else { return now };
        let Some(known) = known.filter(|known| known.url == web.url.as_str()) else { return now };
        let has_changed = self.has_changed(source, web, known, &self.rules(source));
        if has_changed && !known.demanded { now } else { self.holds(source, web, known) }
    }
}

/// Whether a source may have to wait for longer than until its next time: its publisher asks for it, or it may be gone.
fn may_wait(web: &Web, known: &Upstream) -> bool {
    known.demanded || (known.failures > 0 && matches!(web.every, Every::At(_)))
}

/// Whether a source was read last under these rules; how it was asked then stands behind them.
fn is_read_by(known: &Upstream, rules: &str) -> bool {
    known.rules.split('.').next() == Some(rules)
}

/// When a source is visited next, and why then.
pub fn next_visit(known: &Upstream) -> String {
    next(known.due, &known.reason)
}

/// A time, seconds since 1970, and why then.
pub(super) fn next(due: i64, reason: &str) -> String {
    let at = DateTime::from_timestamp(due, 0).unwrap_or_default();
    format!("{}: {reason}", at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, Settings};

    #[test]
    fn how_a_source_was_asked_stands_behind_the_rules_that_it_was_read_by() {
        let known = |rules: &str| Upstream { rules: rules.to_owned(), ..Upstream::default() };
        assert!(is_read_by(&known("ab.cd"), "ab") && is_read_by(&known("ab"), "ab"));
        assert!(!is_read_by(&known("ab.cd"), "a") && !is_read_by(&known("ab.cd"), "cd"));
    }

    #[test]
    fn who_is_asked_at_certain_times_waits_longer_only_where_that_was_asked_for_or_may_be_gone() {
        let source = |id: &str, every: &str| {
            format!("[[source]]\nid = \"{id}\"\nfeed = \"https://{id}.example.edu/\"\nevery = \"{every}\"\n")
        };
        let text = source("daily", "0 6 * * *") + &source("hourly", "1h");
        let settings = Settings::from_text(&text, "feedgen.toml", &Environment::new()).unwrap();
        let waits = |at: usize, demanded: bool, failures: u32| {
            may_wait(settings.sources[at].web().unwrap(), &Upstream { demanded, failures, ..Upstream::default() })
        };
        assert!(waits(0, true, 0) && waits(0, false, 1) && waits(1, true, 0));
        assert!(!waits(0, false, 0) && !waits(1, false, 1));
    }
}
