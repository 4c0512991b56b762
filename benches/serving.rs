//! Serves a folder until it is killed, for a load generator to ask: `scripts/bench-serving` runs it beside nginx.
//!
//! `cargo bench --bench serving -- FOLDER ADDRESS`; without a folder nothing is done.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a bench that cannot start has failed, and says how")]

use std::collections::BTreeMap;
use std::sync::Arc;

use feedgen::config::Settings;
use feedgen::serve::live::Live;
use feedgen::serve::{Door, bind, serve};

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [folder, address] = arguments.as_slice() else {
        eprintln!("serving: no folder and no address, so there is nothing to serve");
        return;
    };
    let text = format!("[publish]\ndirectory = '{folder}'\n[serve]\nlisten = '{address}'\n");
    let settings = Settings::from_text(&text, "feedgen.toml", &BTreeMap::new()).unwrap();
    let listeners = bind(&[settings.serve.listen]).unwrap();
    let started = "2026-05-01T00:00:00Z".parse().unwrap();
    let door = Door::new(Arc::new(Live::new(started, Arc::new(settings))), Arc::new(move || started));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    runtime.block_on(serve(listeners, door, stopped)).unwrap();
}
