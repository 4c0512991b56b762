//! Tells the linker to pack the places that the loader puts addresses into: 1.5 MB less, where the C library knows that form.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let set = |name: &str| std::env::var(name).unwrap_or_default();
    // Who builds for another machine says nothing of its C library.
    if set("HOST") != set("TARGET") || set("CARGO_CFG_TARGET_ENV") != "gnu" {
        return;
    }
    let told = Command::new("getconf").arg("GNU_LIBC_VERSION").output().map(|output| output.stdout).unwrap_or_default();
    if is_new_enough(&String::from_utf8_lossy(&told)) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// Whether a C library reads packed addresses (`DT_RELR`): `glibc 2.36` and later do.
fn is_new_enough(told: &str) -> bool {
    let version = told.trim().strip_prefix("glibc ").and_then(|version| version.split_once('.'));
    version.is_some_and(|(major, minor)| (major.parse().unwrap_or(0), minor.parse().unwrap_or(0)) >= (2, 36))
}
