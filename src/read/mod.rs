//! Bytes become drafts.
