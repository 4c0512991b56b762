//! Sudden ends at random moments, while documents, a feed and a page change: `scripts/kill-daemon`, in short.

use std::path::Path;

use crate::strangers::{output, program};

#[test]
fn whenever_it_is_killed_nothing_is_lost_doubled_or_cut_short() {
    let Some(mut python) = program("python3") else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/kill-daemon");
    let told = output(python.arg(script).arg(env!("CARGO_BIN_EXE_feedgen")).arg("15"), b"");
    assert!(told.starts_with("15 kills, "), "{told}");
}
