//! What is published is served as it is: whole, once, and to everybody, whatever others do meanwhile.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot prepare its site has failed"
)]
#![expect(clippy::print_stderr, reason = "a test that is left out says so")]

mod answers;
mod crowd;
mod outside;
mod patience;
mod proxy;
mod site;
