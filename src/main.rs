//! The doorbell: arguments become one command, and a command an exit code. The clock is read here.

use std::env;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use chrono::Utc;
use clap::Parser as _;
use feedgen::cli::{self, Arguments, World};

/// A walk allocates in short bursts on several threads, which this allocator was made for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.is_of_a_daemon() {
        give_memory_back();
    }
    let environment = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the clock is read")]
    let clock = Utc::now();
    cli::run(arguments, &World { clock, environment })
}

/// Milliseconds after which the allocator gives back what nobody holds, if it is called then: a daemon that has nothing to do
/// never calls it again, so it has to do so at once.
const PURGE_DELAY: &str = "MIMALLOC_PURGE_DELAY";

/// Makes the allocator give memory back at once, which it learns from the environment as the process begins: where nobody has
/// said anything else, the process begins once more as the same.
fn give_memory_back() {
    if env::var_os(PURGE_DELAY).is_some() {
        return;
    }
    let (Ok(program), mut arguments) = (env::current_exe(), env::args_os()) else { return };
    let name = arguments.next().unwrap_or_default();
    // It returns only where that cannot be done, and then more memory is kept.
    let _error = Command::new(program).arg0(name).args(arguments).env(PURGE_DELAY, "0").exec();
}
