//! Bytes become drafts.

pub mod date;
