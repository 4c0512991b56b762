//! The daemon rests after the store failed: what was published goes on being served, and somebody is told.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, UNIX_EPOCH};

use tokio::sync::mpsc;

use super::Daemon;
use crate::config::Settings;
use crate::refresh::RefreshError;
use crate::refresh::alert::{self, Rung};
use crate::refresh::ongoing::{Call, Request};
use crate::serve::live::{Live, Standstill};
use crate::store::{Incident, Kind, Told};

/// How often it is looked whether the rest is over.
pub(super) const TICK: Duration = Duration::from_millis(100);

/// Why the daemon rests, and for how long.
pub(super) struct Rest {
    pub(super) time: Duration,
    /// What failed, and what comes next.
    pub(super) text: String,
    /// The same in few words, for strangers.
    pub(super) reason: &'static str,
    /// The store is damaged: it is not tried again before the time is over.
    pub(super) is_damaged: bool,
}

/// An empty file beside the store: somebody was alerted that nothing can be stored, since it was last changed, and not yet that this is over.
/// There is room for it on a disk that is full.
fn mark(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".alerted");
    PathBuf::from(name)
}

/// Makes that file. It has the time when the trouble began, by which feeds of trouble name it.
fn make_mark(path: &Path, opened: i64) -> std::io::Result<()> {
    let since = UNIX_EPOCH + Duration::from_secs(u64::try_from(opened).unwrap_or(0));
    std::fs::File::create(path)?.set_modified(since)
}

/// When the trouble began for which that file was made. `None`: there is none.
fn opened(mark: &Path) -> Option<i64> {
    let since = std::fs::metadata(mark).and_then(|about| about.modified()).ok()?;
    Some(i64::try_from(since.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()).unwrap_or(0))
}

/// Takes up the trouble of which an earlier daemon alerted somebody, so that its end is told, too.
pub(super) fn take_up(live: &Live, store: &Path) {
    let Some(opened) = opened(&mark(store)) else { return };
    let incident = Incident {
        number: 0,
        source: String::new(),
        kind: Kind::Writing,
        opened,
        closed: None,
        text: "nothing could be stored until feedgen was started anew".to_owned(),
        told: Told::Opening,
    };
    live.set_standstill(Some(Standstill { incident, reason: "what came is being stored" }));
}

impl Daemon<'_> {
    /// Notes that trouble is over.
    pub(super) fn is_well_again(&self) {
        self.live.set_standstill(None);
        // Most often there is none, since nobody was alerted.
        let _removed = std::fs::remove_file(mark(&self.live.settings().store));
    }

    /// Rests until the time is over, or somebody asks for something: it may go well by now. `unanswered` was tried, and failed.
    /// Whether this is the end.
    pub(super) fn rest(
        &self,
        rest: &Rest,
        unanswered: Vec<Request>,
        settings: &Settings,
        called: &mut mpsc::UnboundedReceiver<Call>,
    ) -> bool {
        self.come_to_a_standstill(rest);
        self.set_activity(format!("resting: {}", rest.reason));
        let refuse = |(_, answer): Request| {
            // Whoever asked may have gone.
            let _gone = answer.send(Err(RefreshError::Resting(rest.text.clone())));
        };
        unanswered.into_iter().for_each(refuse);
        let until = self.world.clock.steady() + rest.time;
        // What was asked for before it failed has failed, too.
        let (mut asked, mut is_over) = (Vec::new(), false);
        while let Ok(call) = called.try_recv() {
            match call {
                Call::Do(request) => refuse(request),
                Call::End => is_over = true,
                // All folders are walked when it goes on, and what is wrong with the configuration is noted.
                Call::Changed(_) | Call::Refused(_) => {}
            }
        }
        let mut alarm = self.alarm(settings);
        while !self.shared.is_ending() {
            self.hear_alarm(&mut alarm);
            is_over |= self.world.clock.steady() >= until;
            if is_over && alarm.is_none() {
                break;
            }
            self.beat();
            std::thread::sleep(TICK);
            while let Ok(call) = called.try_recv() {
                match call {
                    Call::Do(request) if rest.is_damaged => refuse(request),
                    Call::Do(request) => asked.push(request),
                    Call::End => is_over = true,
                    Call::Changed(_) | Call::Refused(_) => {}
                }
            }
            is_over |= !asked.is_empty();
        }
        for request in asked {
            self.shared.call(Call::Do(request));
        }
        self.shared.is_ending()
    }

    /// Notes that nothing can be stored. While that lasts it is one incident, and its words follow.
    fn come_to_a_standstill(&self, rest: &Rest) {
        let opened = self.world.clock.now().timestamp();
        let known = self.live.standstill().map(|standstill| standstill.incident.clone());
        let incident = known.unwrap_or_else(|| Incident {
            number: 0,
            source: String::new(),
            kind: Kind::Writing,
            opened,
            closed: None,
            text: String::new(),
            told: Told::Nothing,
        });
        let incident = Incident { text: rest.text.clone(), ..incident };
        self.live.set_standstill(Some(Standstill { incident, reason: rest.reason }));
    }

    /// Begins to alert somebody, unless that was done.
    fn alarm(&self, settings: &Settings) -> Option<Receiver<Rung>> {
        let incident = self.live.standstill()?.incident.clone();
        let command = settings.refresh.on_alert.clone().filter(|_| incident.told == Told::Nothing)?;
        let (ended, outcome) = channel();
        std::thread::spawn(move || {
            ended.send(alert::ring(&command, &[incident], alert::PATIENCE, || false)).unwrap_or_default();
        });
        Some(outcome)
    }

    /// Keeps what came of that, when it has ended.
    fn hear_alarm(&self, alarm: &mut Option<Receiver<Rung>>) {
        let (rung, error) = match alarm.as_ref().map(Receiver::try_recv) {
            None | Some(Err(TryRecvError::Empty)) => return,
            Some(Ok(rung)) => rung,
            Some(Err(TryRecvError::Disconnected)) => (Vec::new(), Some("it broke off".to_owned())),
        };
        *alarm = None;
        if let (Some((_, told)), Some(standstill)) = (rung.first(), self.live.standstill()) {
            let incident = Incident { told: *told, ..standstill.incident.clone() };
            // Without it, the end is told by this process alone.
            let _marked = make_mark(&mark(&self.live.settings().store), incident.opened);
            self.live.set_standstill(Some(Standstill { incident, ..*standstill }));
        }
        if let Some(error) = error {
            let text = format!("refresh.on_alert failed: {error}; it is run again when it is tried again");
            self.world.log.warning(self.world.clock.now(), &text, &[]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_tells_when_the_trouble_began() {
        let mark = mark(&std::env::temp_dir().join(format!("feedgen-rest-{}.db", std::process::id())));
        assert_eq!(opened(&mark), None);
        for began in [1_772_600_000, 1_772_700_000] {
            make_mark(&mark, began).unwrap();
            assert_eq!(opened(&mark), Some(began));
        }
        std::fs::remove_file(mark).unwrap();
    }
}
