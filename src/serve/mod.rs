//! The way in for browsers and readers.

pub mod live;
pub mod pages;
