//! What went wrong with sources, from when to when.

use crate::config::Settings;
use crate::source::Source;
use crate::store::{Store, StoreError};

/// Incidents that are told.
pub const TOLD: usize = 100;

/// Something that went wrong with a source. Times are seconds since 1970.
#[derive(Clone, Debug)]
pub struct Incident<'a> {
    /// The source.
    pub source: &'a Source,
    /// When it was first met.
    pub opened: i64,
    /// When it was over. `None`: it is not.
    pub closed: Option<i64>,
    /// What it is, and what to do.
    pub text: String,
}

/// The incidents of the sources there are, the newest first, [`TOLD`] at most.
///
/// # Errors
/// When the store fails.
pub fn incidents<'a>(store: &Store, settings: &'a Settings) -> Result<Vec<Incident<'a>>, StoreError> {
    let sources: std::collections::HashMap<&str, &Source> =
        settings.sources.iter().map(|source| (source.id.as_str(), source)).collect();
    let failed = store.failed_visits(TOLD)?;
    let incident = |(id, past, closed): (String, crate::store::Past, Option<i64>)| {
        let source = *sources.get(id.as_str())?;
        Some(Incident { source, opened: past.since, closed, text: past.error? })
    };
    Ok(failed.into_iter().filter_map(incident).collect())
}
