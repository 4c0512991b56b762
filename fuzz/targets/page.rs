//! Pages of whatever kind, and what the sanitizer makes of them.

#![no_main]

#[allow(dead_code, reason = "each fuzzer calls one of the checks")]
#[path = "../../tests/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::page(bytes));
