//! Pages that list news through the real binary and a real server on loopback: what is asked, what is kept, and what
//! becomes of a list that is gone.

#![expect(clippy::format_collect, reason = "pages of a few rows, written out")]
#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]
#![expect(clippy::panic, reason = "what a test does not find, it must tell")]

#[path = "../fetch/badweb.rs"]
#[expect(dead_code, reason = "the tests of the fetcher use more of it")]
mod badweb;
#[path = "../house/mod.rs"]
mod house;

mod alike;
mod articles;
mod broken_off;
mod commands;
mod further;
mod glued;
mod missing;
mod mixed;
mod notes;
mod order;
mod pace;
mod relisted;
mod set_aside;
mod site;
mod ways;
