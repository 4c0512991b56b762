//! `/metrics`: the same in numbers, for programs that draw curves and raise alarms (`OpenMetrics` 1.0).

use std::fmt::Write as _;

use hyper::StatusCode;

use super::machine::unready;
use super::{Answer, View};
use crate::status::{Brief, Known, State};

/// What the numbers of a family are.
#[derive(Clone, Copy)]
enum Kind {
    Gauge,
    Counter,
}

pub(super) fn text(view: &View<'_>) -> Answer {
    let known = view.store().and_then(|store| store.as_ref().map(Known::of).transpose());
    let is_readable = known.is_ok();
    let known = known.ok().flatten().unwrap_or_else(Known::nothing);
    let briefs = known.briefs(&view.settings);
    let mut text = String::with_capacity(512 * briefs.len() + 4096);
    of_process(view, &known, is_readable, &mut text);
    of_sources(&briefs, &mut text);
    text.push_str("# EOF\n");
    Answer::new(StatusCode::OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", text)
}

fn of_process(view: &View<'_>, known: &Known, is_readable: bool, text: &mut String) {
    let live = view.live;
    // Writing into a string cannot fail.
    let _written = write!(
        text,
        "# TYPE feedgen_build info\n# HELP feedgen_build The program.\nfeedgen_build_info{{version=\"{}\"}} 1\n",
        env!("CARGO_PKG_VERSION")
    );
    let mut one = |name: &str, kind: Kind, help: &str, value: Option<i64>| {
        family(text, name, kind, help, value.map(|value| (String::new(), value)));
    };
    let seconds = |time: Option<chrono::DateTime<chrono::Utc>>| time.map(|time| time.timestamp());
    let (walks, published) = (live.walks(), live.publications());
    one("feedgen_start_time_seconds", Kind::Gauge, "When the daemon started.", Some(live.started.timestamp()));
    one("feedgen_last_beat_time_seconds", Kind::Gauge, "When the scheduler last beat.", seconds(live.last_beat()));
    let is_ready = is_readable && unready(view, None).is_none();
    one("feedgen_ready", Kind::Gauge, "Whether feeds are there and can be renewed.", Some(is_ready.into()));
    one("feedgen_store_readable", Kind::Gauge, "Whether the store can be read.", Some(is_readable.into()));
    let is_writable = live.standstill().is_none();
    one(
        "feedgen_store_writable",
        Kind::Gauge,
        "Whether the store could be written when that was last tried.",
        Some(is_writable.into()),
    );
    let refused = live.problem().is_some_and(|problem| !problem.is_in_use);
    one(
        "feedgen_configuration_refused",
        Kind::Gauge,
        "Whether the new configuration was refused.",
        Some(refused.into()),
    );
    let failing = !known.publish.errors.is_empty();
    one("feedgen_publishing_failing", Kind::Gauge, "Whether feeds cannot be published.", Some(failing.into()));
    one("feedgen_walks", Kind::Counter, "Visits to sources.", Some(walks.count.cast_signed()));
    one("feedgen_last_walk_time_seconds", Kind::Gauge, "When a source was last visited.", seconds(walks.last));
    one("feedgen_published_files", Kind::Counter, "Files published.", Some(published.count.cast_signed()));
    one(
        "feedgen_last_publication_time_seconds",
        Kind::Gauge,
        "When files were last published.",
        seconds(published.last),
    );
    one("feedgen_connections", Kind::Gauge, "Open connections.", Some(live.traffic.connections().cast_signed()));
    let turned_away = live.traffic.turned().cast_signed();
    one("feedgen_connections_refused", Kind::Counter, "Connections of peers that held their share.", Some(turned_away));
    one("process_resident_memory_bytes", Kind::Gauge, "Memory in use.", resident());
    one("process_open_fds", Kind::Gauge, "Open files.", open_files());
    let answers = (1..=5).map(|class| (format!("class=\"{class}xx\""), live.traffic.answers(class).cast_signed()));
    family(text, "feedgen_requests", Kind::Counter, "Requests by class of answer.", answers);
}

fn of_sources(briefs: &[Brief<'_>], text: &mut String) {
    let count = |state| briefs.iter().filter(|brief| brief.state == state).count();
    let states =
        State::ALL.map(|state| (format!("state=\"{}\"", state.name()), i64::try_from(count(state)).unwrap_or(0)));
    family(text, "feedgen_sources", Kind::Gauge, "Sources by state.", states);
    let mut each = |name: &str, help: &str, value: fn(&Brief<'_>) -> Option<i64>| {
        // An id is made of letters, digits and hyphens: nothing needs to be escaped.
        let values = briefs.iter().filter_map(|brief| Some((format!("source=\"{}\"", brief.source.id), value(brief)?)));
        family(text, name, Kind::Gauge, help, values);
    };
    each("feedgen_source_healthy", "Whether nobody needs to look.", |brief| Some((!brief.state.is_wrong()).into()));
    each("feedgen_source_items", "Items of the source.", |brief| i64::try_from(brief.items).ok());
    each("feedgen_source_failures", "Visits that failed in a row.", |brief| Some(brief.failures.into()));
    each("feedgen_source_last_success_time_seconds", "When it last went well.", |brief| brief.succeeded);
    each("feedgen_source_next_visit_time_seconds", "When it is due.", |brief| brief.next.as_ref().map(|(due, _)| *due));
}

/// Writes a family: its type, what it is, and its values with their labels. One without values is left out.
fn family(text: &mut String, name: &str, kind: Kind, help: &str, values: impl IntoIterator<Item = (String, i64)>) {
    let (kind, suffix) = match kind {
        Kind::Gauge => ("gauge", ""),
        Kind::Counter => ("counter", "_total"),
    };
    let mut values = values.into_iter().peekable();
    if values.peek().is_none() {
        return;
    }
    // Writing into a string cannot fail.
    let _written = write!(text, "# TYPE {name} {kind}\n# HELP {name} {help}\n");
    for (labels, value) in values {
        let labels = if labels.is_empty() { labels } else { format!("{{{labels}}}") };
        let _written = writeln!(text, "{name}{suffix}{labels} {value}");
    }
}

/// Bytes of memory in use. `None`: this system does not tell.
fn resident() -> Option<i64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: i64 = statm.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * i64::try_from(rustix::param::page_size()).ok()?)
}

fn open_files() -> Option<i64> {
    i64::try_from(std::fs::read_dir("/proc/self/fd").ok()?.count()).ok()
}
