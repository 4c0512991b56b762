//! Somebody is alerted of trouble that begins and ends: `refresh.on_alert`.

use std::time::Duration;

use super::announce::shell;
use crate::config::Settings;
use crate::store::{Incident, Store, StoreError, Told};

/// Incidents that somebody is alerted of at once; the others are told of at the next walk.
const MOST: usize = 100;
/// How long the command may take, for all of them.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How much of which incidents was told, and why it went no further.
pub type Rung = (Vec<(i64, Told)>, Option<String>);

/// The incidents that `refresh.on_alert` has still to be told of, the oldest first. Where nobody wants to be alerted, what is
/// over is told to nobody; who asks for alerts later is told of what is still so.
///
/// # Errors
/// When the store fails.
pub fn due(store: &mut Store, settings: &Settings) -> Result<Vec<Incident>, StoreError> {
    let due = store.untold_incidents(MOST)?;
    if settings.refresh.on_alert.is_some() {
        return Ok(due);
    }
    if due.iter().any(|incident| incident.closed.is_some()) {
        store.pass_over_closed()?;
    }
    Ok(Vec::new())
}

/// Bytes of `FEEDGEN_TEXT` at most.
const TEXT_BYTES: usize = 4096;

/// Runs the command for each: when it began and when it was over, within `limit` for all, and for none more once `is_over`. Needs no
/// store, so that nothing waits for it.
pub fn ring(command: &str, incidents: &[Incident], limit: Duration, is_over: impl Fn() -> bool) -> Rung {
    let (mut rung, mut left) = (Vec::new(), limit);
    for incident in incidents {
        let steps = [("opened", Told::Opening, true), ("closed", Told::All, incident.closed.is_some())];
        for (word, step, is_so) in steps {
            if !is_so || incident.told >= step {
                continue;
            }
            if is_over() {
                return (rung, None);
            }
            let variables = [
                ("FEEDGEN_ALERT", word),
                ("FEEDGEN_SOURCE", incident.source.as_str()),
                ("FEEDGEN_KIND", incident.kind.name()),
                ("FEEDGEN_TEXT", &text_of(incident)),
            ];
            match shell(command, &variables, &mut left) {
                Ok(()) => rung.push((incident.number, step)),
                Err(error) => return (rung, Some(error)),
            }
        }
    }
    (rung, None)
}

/// What is wrong, as a variable may hold it: Linux takes none above 128 KiB.
fn text_of(incident: &Incident) -> String {
    let mut text = incident.text.replace('\0', "");
    text.truncate(text.floor_char_boundary(TEXT_BYTES));
    text
}

/// Keeps how much was told. Returns what is to be said where that failed.
///
/// # Errors
/// When the store fails.
pub fn keep(store: &mut Store, (rung, error): Rung) -> Result<Option<String>, StoreError> {
    store.note_told(&rung)?;
    Ok(error.map(|error| format!("refresh.on_alert failed: {error}; it is run again at the next refresh")))
}

/// Alerts somebody of all that is due, and keeps how much was told. Returns what is to be said where that failed.
///
/// # Errors
/// When the store fails.
pub fn alert(store: &mut Store, settings: &Settings) -> Result<Option<String>, StoreError> {
    let due = due(store, settings)?;
    match &settings.refresh.on_alert {
        Some(command) if !due.is_empty() => keep(store, ring(command, &due, PATIENCE, || false)),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Kind;

    fn incident(number: i64, told: Told, closed: Option<i64>) -> Incident {
        Incident {
            number,
            source: "quay".to_owned(),
            kind: Kind::Failing,
            opened: 1,
            closed,
            text: "a\0b".to_owned(),
            told,
        }
    }

    #[test]
    fn each_step_is_told_once() {
        let incidents = [
            incident(1, Told::Nothing, None),
            incident(2, Told::Nothing, Some(2)),
            incident(3, Told::Opening, Some(2)),
        ];
        let (rung, error) = ring("test \"$FEEDGEN_TEXT\" = ab", &incidents, PATIENCE, || false);
        assert_eq!(error, None);
        assert_eq!(rung, [(1, Told::Opening), (2, Told::Opening), (2, Told::All), (3, Told::All)]);
    }

    #[test]
    fn once_it_is_over_nobody_is_told_and_what_was_told_is_known() {
        let incidents = [incident(1, Told::Nothing, Some(2)), incident(2, Told::Nothing, None)];
        let asked = std::cell::Cell::new(0);
        let is_over = || asked.replace(asked.get() + 1) == 1;
        assert!(matches!(ring("true", &incidents, PATIENCE, is_over), (rung, None) if rung == [(1, Told::Opening)]));
    }

    #[test]
    fn a_command_that_hangs_is_ended_with_all_that_it_started() {
        let file = std::env::temp_dir().join(format!("feedgen-alert-{}", std::process::id()));
        let command = format!("sleep 60 & echo $! > {}; sleep 60", file.display());
        let incidents = [incident(1, Told::Nothing, None), incident(2, Told::Nothing, None)];
        // A busy machine may need long for it to begin.
        let begun = [250, 2_000, 16_000].into_iter().find_map(|limit| {
            let (rung, error) = ring(&command, &incidents, Duration::from_millis(limit), || false);
            assert!(rung.is_empty() && error.unwrap().contains("took too long"));
            std::fs::read_to_string(&file).ok().filter(|number| number.ends_with('\n'))
        });
        let begun = begun.expect("it began");
        std::fs::remove_file(file).unwrap();
        // What is killed is gone when the system comes to it.
        let is_over = || {
            let state = std::fs::read_to_string(format!("/proc/{}/stat", begun.trim()));
            state.map_or(true, |state| state.contains(") Z ") || state.contains(") X "))
        };
        let ended = (0..2_000).any(|_| {
            std::thread::sleep(Duration::from_millis(5));
            is_over()
        });
        assert!(ended, "it still runs");
    }
}
