//! The daemon through the real binary: what it publishes and when, who may ask it for what, how it takes changes of its
//! configuration, signals and a service manager, what it leaves behind when it is killed, and what years do to it.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]
#![expect(clippy::panic, reason = "what a test does not find, it must tell")]

#[path = "../fetch/badweb.rs"]
#[expect(dead_code, reason = "the tests of the fetcher use more of it")]
mod badweb;
#[path = "../house/mod.rs"]
mod house;
#[path = "../serving/outside.rs"]
mod outside;
#[path = "../upstream/publisher.rs"]
#[expect(dead_code, reason = "the tests of feeds use more of it")]
mod publisher;
#[path = "../strangers/mod.rs"]
mod strangers;

mod asked;
mod configuration;
mod kills;
mod life;
mod readers;
mod running;
mod standstill;
mod walks;
