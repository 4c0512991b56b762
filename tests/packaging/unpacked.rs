//! The package for Debian, made as `scripts/package` makes it and unpacked into a root of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

pub(crate) const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// Where the package is unpacked, once for all tests. It lies in the target directory and is unpacked anew by each run.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        // The tests run the program of this profile; a package of it takes seconds, that of `release` minutes.
        let package = run(Command::new("scripts/package").arg("dev").current_dir(REPOSITORY));
        let package = Path::new(REPOSITORY).join(text(&package.stdout).trim());
        let root = package.with_file_name("root");
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        run(Command::new("dpkg-deb").arg("--raw-extract").args([&package, &root]));
        root
    })
}

/// Its program.
pub(crate) fn program() -> PathBuf {
    root().join("usr/bin/feedgen")
}

#[track_caller]
pub(crate) fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
