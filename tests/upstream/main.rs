//! Feeds of others through the real binary and real servers on loopback: which item an entry is, what a visit leaves behind
//! and when the next one is made, what bad servers cannot do, and how hosts are treated; and the
//! commands that look at it all.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]
#![expect(clippy::panic, reason = "what a test does not find, it must tell")]

#[path = "../fetch/authority.rs"]
mod authority;
#[path = "../fetch/badweb.rs"]
mod badweb;
#[path = "../fetch/cases.rs"]
#[expect(dead_code, reason = "the tests of the fetcher use more of it")]
mod cases;
#[path = "../house/mod.rs"]
mod house;

mod arrivals;
mod commands;
mod copies;
mod history;
mod hosts;
mod identity;
mod misbehaving;
mod moved;
mod order;
mod pace;
mod publisher;
mod rewrites;
mod settled;
mod state;
mod struck;
mod titles;
