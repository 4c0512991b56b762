//! The doorbell: arguments become one command, and a command an exit code. The clock is read here.

use std::process::ExitCode;

use chrono::Utc;
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
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the clock is read")]
    let clock = Utc::now();
    cli::run(arguments, &World { clock, environment })
}
