//! Dates in whatever text.

#![no_main]

#[allow(dead_code, reason = "each fuzzer calls one of the checks")]
#[path = "../../tests/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    checks::date(bytes);
    checks::long_date(bytes);
});
