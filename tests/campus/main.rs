//! A campus of sites on loopback, each in the shape that one system gives them: what becomes of a page that is named and
//! nothing else, what the next visits ask, and what happens when a site is made anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]
#![expect(clippy::format_collect, reason = "pages of a test are small")]
#![expect(clippy::panic, reason = "what a test does not find, it must tell")]

#[path = "../fetch/badweb.rs"]
#[expect(dead_code, reason = "the tests of the fetcher use more of it")]
mod badweb;
#[path = "../house/mod.rs"]
mod house;

mod changes;
mod first;
mod home;
mod rendered;
mod same_article;
mod sites;
mod story;
mod town;
mod visits;
mod walls;
