//! `feedgen schema`: the JSON Schema of `feedgen.toml`, for editors.

use crate::config;

/// The schema (JSON Schema, draft 2020-12), to be printed.
pub fn run() -> String {
    config::schema()
}
