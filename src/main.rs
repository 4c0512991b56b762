//! The doorbell: arguments become one command, and a command an exit code. The clock is read here.

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Parser as _;
use feedgen::cli::{self, Arguments, World};

/// A walk allocates in short bursts on several threads, which this allocator was made for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    cli::run(arguments, &World { now: now(), environment })
}

/// The time: `SOURCE_DATE_EPOCH` where it is set (reproducible-builds.org), else the clock's.
#[expect(clippy::disallowed_methods, reason = "this is the one place where the clock is read")]
fn now() -> DateTime<Utc> {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.trim().parse().ok());
    fixed.and_then(|seconds| DateTime::from_timestamp(seconds, 0)).unwrap_or_else(Utc::now)
}
