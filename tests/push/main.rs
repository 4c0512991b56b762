//! Who is told of what, through the real binary: hubs of feeds that changed, people of trouble that begins and ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]
#![expect(clippy::panic, reason = "what a test does not find, it must tell")]

#[path = "../fetch/badweb.rs"]
#[expect(dead_code, reason = "the tests of the fetcher use more of it")]
mod badweb;
#[path = "../house/mod.rs"]
mod house;
#[path = "../upstream/publisher.rs"]
#[expect(dead_code, reason = "the tests of upstream feeds use more of it")]
mod publisher;

mod alerts;
mod hub;
mod incidents;
mod websub;
