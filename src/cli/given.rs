//! A file that somebody names on the command line.

use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

use super::Failure;

/// What is in it; `-` is standard input. One that cannot be read is told with the next step.
pub(super) fn read(name: &Path) -> Result<Vec<u8>, Failure> {
    let read = if name == Path::new("-") { read_input() } else { std::fs::read(name) };
    read.map_err(|error| {
        let next = match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => ": correct the name",
            ErrorKind::IsADirectory => ": name a file in it",
            ErrorKind::PermissionDenied => ": grant the user that runs this the right to read it",
            _ => "",
        };
        Failure::Undone(format!("cannot read {}: {error}{next}", name.display()))
    })
}

fn read_input() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
}
