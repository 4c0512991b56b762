//! The front door: sources become [`Document`](crate::document::Document)s.

pub mod files;
mod sidecar;
