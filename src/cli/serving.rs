//! `feedgen serve`: the daemon.

use std::path::Path;
use std::sync::Arc;

use super::{Done, Failure, World};
use crate::daemon::{self, DaemonError, SystemClock};
use crate::log::Log;

pub(super) fn run(named: Option<&Path>, world: &World) -> Done {
    let variable = |name: &str| world.environment.get(name).map(String::as_str);
    let log = Log::wished(variable("FEEDGEN_LOG").unwrap_or_default(), variable("JOURNAL_STREAM"))
        .map_err(|error| Failure::Usage(format!("FEEDGEN_LOG: {error}")))?;
    let world = daemon::World {
        named: named.map(Path::to_path_buf),
        environment: world.environment.clone(),
        clock: Arc::new(SystemClock),
        log,
    };
    match daemon::run(&world) {
        Ok(()) => Ok(0),
        Err(DaemonError::Config(error)) => Err(error.into()),
        Err(DaemonError::Vocabulary(error)) => Err(error.into()),
        Err(error) => Err(Failure::Broken(error.to_string())),
    }
}
