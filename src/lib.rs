//! feedgen turns news documents into feeds. Data walks through the rooms one way:
//!
//! ```text
//! Source ─collect→ Document ─read→ Draft ─item::settle→ Item ─dedup→ Change ─store→ Channel ─publish→ file
//! ```
//!
//! `ARCHITECTURE.md` has the map; the modules below stand in walking order.

pub mod source;

pub mod document;

pub mod draft;

pub mod collect;

pub mod read;

pub mod item;

pub mod dedup;

pub mod store;

pub mod publish;

pub mod validate;

pub mod config;

pub mod report;

pub mod log;

pub mod refresh;

pub mod status;

pub mod serve;

pub mod daemon;

pub mod cli;
