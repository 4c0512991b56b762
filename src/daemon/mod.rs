//! Runs for years.
pub mod control;
