//! A file per verb.

pub mod check;
pub mod init;
pub mod schema;
