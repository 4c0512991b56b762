//! `feedgen export`: lists for other programs.

use super::{Done, Failure, write_out};
use crate::config::Settings;
use crate::item::Vocabulary;
use crate::publish::{self, Format, Site};
use crate::refresh;
use crate::store::Store;

/// The feeds published here, as OPML 2.0.
pub(super) fn opml(settings: &Settings) -> Done {
    let store = open(settings)?;
    let custom = refresh::vocabulary(settings)?;
    let vocabulary = custom.as_ref().unwrap_or_else(|| Vocabulary::built_in());
    let overviews = refresh::overviews(settings, vocabulary, &store)?;
    let site = Site {
        hubs: settings.publish.hubs.clone(),
        title: settings.site.title.clone(),
        url: settings.site.url.clone(),
        language: settings.site.language.clone(),
        authority: settings.site.authority.clone().unwrap_or_default(),
    };
    let wanted =
        |format: &&'static dyn Format| settings.publish.formats.iter().any(|name| name.name() == format.name());
    let formats: Vec<&'static dyn Format> = publish::FORMATS.iter().copied().filter(wanted).collect();
    let list = publish::opml::list(&site, &overviews, &formats).map_err(|error| Failure::Broken(error.to_string()))?;
    write_out(&list.bytes)
}

/// The store, to read.
pub(super) fn open(settings: &Settings) -> Result<Store, Failure> {
    let store = Store::open_to_read(&settings.store)?;
    store.ok_or_else(|| {
        Failure::Undone(format!("there is no store at {} yet: run `feedgen refresh` first", settings.store.display()))
    })
}
