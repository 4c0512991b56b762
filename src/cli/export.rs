//! `feedgen export`: lists for other programs.

use super::{Done, Failure, write_out};
use crate::config::Settings;
use crate::publish;
use crate::refresh;
use crate::store::Store;

/// The feeds published here, as OPML 2.0.
pub(super) fn opml(settings: &Settings) -> Done {
    let store = open(settings)?;
    let vocabulary = &refresh::vocabulary(settings)?;
    let overviews = refresh::overviews(settings, vocabulary, &store)?;
    let site = refresh::site(settings, settings.site.authority.clone().unwrap_or_default());
    let list = publish::opml::list(&site, &overviews, &settings.publish.formats);
    let list = list.map_err(|error| Failure::Broken(error.to_string()))?;
    write_out(&list.bytes)
}

/// The store, to read.
pub(super) fn open(settings: &Settings) -> Result<Store, Failure> {
    let store = Store::open_to_read(&settings.store)?;
    store.ok_or_else(|| {
        Failure::Undone(format!("there is no store at {} yet: run `feedgen refresh` first", settings.store.display()))
    })
}
