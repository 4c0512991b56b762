//! `feedgen refresh`: one walk, its progress, and a table of what it did.

use std::io::Write as _;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::{Done, Failure, absolute, counted, is_terminal, print, print_json, say, table, working};
use crate::collect::files;
use crate::config::Settings;
use crate::refresh::task::Task;
use crate::refresh::{Options, Progress};
use crate::report::{Report, Visited};
use crate::source::Source;

/// Notes shown for each source; `--json` and `feedgen status` have all.
const NOTES: usize = 20;

pub(super) fn run(settings: &Settings, options: &Options, json: bool, quiet: bool, now: DateTime<Utc>) -> Done {
    can_begin(settings)?;
    let draw = !quiet && !json && is_terminal();
    let mut drawn = false;
    let report = working::perform(settings, &Task::Walk(options.clone()), now, &mut |progress| {
        if draw {
            drawn = true;
            let line = match progress {
                Progress::Reading(source, done, all) => {
                    format!("{source}: {done} of {} read", counted(*all, "document"))
                }
                Progress::Visiting(done, all) => format!("{} of {} visited", done, counted(*all, "source")),
                Progress::Comparing => "comparing the items of the store by the rules of today".to_owned(),
                Progress::Publishing(files) => format!("publishing {}", counted(*files, "file")),
            };
            let _unseen = write!(std::io::stderr(), "\r\u{1b}[K{line}");
        }
    });
    if drawn {
        let _unseen = write!(std::io::stderr(), "\r\u{1b}[K");
    }
    let report = report?;
    tell(&report, quiet);
    if json {
        print_json(&report)?;
    } else if !quiet {
        print(&summary(settings, &report))?;
    }
    Ok(report.exit_code())
}

/// Where nothing has been taken in yet, one folder at least must be there, or a slip of the working directory would leave
/// empty feeds wherever it happens.
fn can_begin(settings: &Settings) -> Result<(), Failure> {
    // A feed is where it is, wherever we are.
    if settings.sources.iter().any(|source| source.web().is_some()) {
        return Ok(());
    }
    let mut roots = settings.sources.iter().filter_map(Source::folder).map(|files| files.root.as_path());
    let Some(first) = roots.clone().next() else { return Ok(()) };
    if settings.store.exists() || roots.any(Path::exists) {
        return Ok(());
    }
    let folder = absolute(first);
    Err(Failure::Usage(match &settings.path {
        None => format!(
            "there is no configuration, and no folder {}: run `feedgen init` to set up both here, or name a \
             configuration with --config",
            folder.display()
        ),
        Some(_) if files::is_loop(first) => format!("{} {}", folder.display(), files::LOOP),
        Some(path) => format!(
            "no folder of {} is there, such as {}: paths in it start at the working directory, so go where the folders are, \
             or write whole paths",
            path.display(),
            folder.display()
        ),
    }))
}

/// What is worth a word, on standard error.
fn tell(report: &Report, quiet: bool) {
    if !quiet {
        report.notes.iter().for_each(|note| say(&format!("note: {note}")));
    }
    for source in &report.sources {
        if let Some(error) = &source.error {
            say(&format!("error: {error}"));
        }
        if !quiet {
            source.notes.iter().take(NOTES).for_each(|note| say(note.line().trim_end()));
            if source.notes.len() > NOTES {
                say(&format!(
                    "note: {} more like these; `feedgen status {}` lists all",
                    source.notes.len() - NOTES,
                    source.id
                ));
            }
        }
    }
    report.losses.iter().chain(&report.failures).for_each(|error| say(&format!("error: {error}")));
}

fn summary(settings: &Settings, report: &Report) -> String {
    let heading =
        ["source", "documents", "new", "revised", "moved", "gone", "noted", "state"].map(str::to_owned).to_vec();
    let rows = report.sources.iter().map(|source| {
        let state = match source.visited {
            _ if source.error.is_some() => "failed",
            Some(Visited::Unchanged) => "unchanged",
            Some(Visited::NotDue) => "not due",
            Some(Visited::Read) | None => "ok",
        };
        let count = |count: u64| if count == 0 { "-".to_owned() } else { count.to_string() };
        vec![
            source.id.clone(),
            count(source.documents),
            count(source.new),
            count(source.revised),
            count(source.moved),
            count(source.gone),
            count(source.notes.len() as u64),
            state.to_owned(),
        ]
    });
    let rows: Vec<Vec<String>> = [heading].into_iter().chain(rows).collect();
    let directory = settings.publish.directory.display();
    let files = counted(report.changed.len(), "file");
    let last = if report.dry_run {
        "nothing was written (--dry-run)".to_owned()
    } else if !report.failures.is_empty() {
        format!("{files} written to {directory}, then it failed: see above")
    } else if report.changed.is_empty() {
        format!("{directory} is up to date")
    } else {
        format!("{files} written to {directory}")
    };
    format!("{}\n{last}\n", table::lay_out(&rows, &[1, 2, 3, 4, 5, 6]))
}
