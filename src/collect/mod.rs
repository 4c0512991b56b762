//! The front door: sources become [`Document`](crate::document::Document)s.

pub mod address;
pub mod ending;
pub mod fetch;
pub mod files;
pub mod hub;
pub mod politeness;
pub mod render;
pub mod robots;
pub mod schedule;
mod sidecar;
