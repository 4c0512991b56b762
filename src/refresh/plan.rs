//! Which channels there are, what they are called, and which of them show an item.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::config::Settings;
use crate::item::{Item, Vocabulary};
use crate::publish::{self, Overview, Site, select};
use crate::source::Source;
use crate::store::{REMOVED, Store, StoreError};

/// The most items that the archive of a category reaches back. All of its items stand in the archives of everything and of their
/// sources, too, and most have several categories: these pages would be most of what is ever written.
const CATEGORY_ARCHIVE: usize = 1_000;
/// The same of everything, whose items stand in the archives of their sources, too: of many feeds that are new, its pages would be a third
/// of all that is written.
const ARCHIVE_OF_ALL: usize = 10_000;

/// A channel that is to be published, before its items are looked at.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) path: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) language: String,
    pub(super) most: usize,
    /// Items that its archive reaches back. 0: it has none.
    pub(super) archive: usize,
    pub(super) items: usize,
}

impl Plan {
    pub(super) fn overview(&self, updated: Option<DateTime<Utc>>) -> Overview {
        let Self { path, title, description, language, items, .. } = self.clone();
        Overview { path, title, description, language, items, updated }
    }
}

/// The whole that is published, with the start of its ids.
pub fn site(settings: &Settings, authority: String) -> Site {
    Site {
        title: settings.site.title.clone(),
        url: settings.site.url.clone(),
        language: settings.site.language.clone(),
        authority,
        hubs: settings.publish.hubs.clone(),
    }
}

/// What there is to subscribe to: every channel that a walk publishes.
///
/// # Errors
/// When the store fails.
pub fn overviews(settings: &Settings, vocabulary: &Vocabulary, store: &Store) -> Result<Vec<Overview>, StoreError> {
    let overview = |plan: Plan| {
        let updated = store.window(&plan.path, plan.most)?.iter().map(|member| member.updated).max();
        Ok(plan.overview(updated))
    };
    plans(settings, vocabulary, store)?.into_iter().map(overview).collect()
}

/// The channels there are to be: everything, each source, each category that has items, each selection.
pub(super) fn plans(settings: &Settings, vocabulary: &Vocabulary, store: &Store) -> Result<Vec<Plan>, StoreError> {
    let site = &settings.site;
    let words = Words::of(&site.language);
    let stocked: HashMap<String, usize> =
        store.channels()?.into_iter().map(|channel| (channel.path, channel.items)).collect();
    let most = settings.publish.items;
    let plan = |path: String, title: &str, description: String, language: &str, most: usize| {
        let items = stocked.get(&path).copied().unwrap_or(0);
        let archive = settings.publish.archive.min(reach(&path));
        Plan { path, title: title.to_owned(), description, language: language.to_owned(), most, archive, items }
    };
    let mut plans = vec![plan("all".to_owned(), &site.title, words.all(&site.title), &site.language, most)];
    let told = store.languages()?;
    for source in &settings.sources {
        let told = || told.get(source.id.as_str()).map(String::as_str);
        let language = source.treatment.language.as_deref().or_else(told).unwrap_or(&site.language);
        // Others are told of in the language of the site.
        let words = if Words::are_in(language) { &Words::of(language) } else { &words };
        plans.push(plan(
            format!("sources/{}", source.id),
            &source.title,
            words.source(&source.title),
            language,
            source.items,
        ));
    }
    let mut slugs: Vec<&str> = stocked.keys().filter_map(|path| path.strip_prefix("categories/")).collect();
    slugs.sort_unstable();
    for slug in slugs {
        let path = format!("categories/{slug}");
        let label = match vocabulary.label(slug, &site.language) {
            Some(label) => label.to_owned(),
            None => label_of(store, &path, slug)?,
        };
        plans.push(plan(path, &format!("{} · {label}", site.title), words.category(&label), &site.language, most));
    }
    for feed in &settings.feeds {
        let language = feed.language.as_deref().unwrap_or(&site.language);
        plans.push(plan(format!("feeds/{}", feed.id), &feed.title, words.selection(&feed.title), language, feed.items));
    }
    Ok(plans)
}

/// The most items that the archive of a channel reaches back.
fn reach(path: &str) -> usize {
    match path {
        "all" => ARCHIVE_OF_ALL,
        path if path.starts_with("categories/") => CATEGORY_ARCHIVE,
        _ => usize::MAX,
    }
}

/// The label of a category that no vocabulary knows: the one its newest item gives it.
fn label_of(store: &Store, path: &str, slug: &str) -> Result<String, StoreError> {
    let newest = store.window(path, 1)?.into_iter().next();
    let item = newest.map(|member| store.item(&member.key)).transpose()?.flatten();
    let named = |item: Item| {
        item.categories.iter().find(|category| category.slug == slug).map(|category| category.label.clone())
    };
    Ok(item.and_then(named).unwrap_or_else(|| slug.to_owned()))
}

/// The channels that show an item, or the one of what was removed if a rule of its source says so.
pub(super) fn channels_of(
    item: &Item,
    source: &Source,
    selections: &[publish::Selection],
    vocabulary: &Vocabulary,
) -> Vec<String> {
    if select::is_met(item, &source.treatment.remove) {
        return vec![REMOVED.to_owned()];
    }
    let filter = select::Filter { keep: &source.treatment.keep, drop: &source.treatment.drop };
    select::channels(item, filter, selections, vocabulary)
}

/// What is told of channels, in the language of the site, or of a source.
enum Words {
    English,
    Chinese,
}

impl Words {
    fn of(language: &str) -> Self {
        if language.to_ascii_lowercase().starts_with("zh") { Self::Chinese } else { Self::English }
    }

    /// Whether there are words in a language.
    fn are_in(language: &str) -> bool {
        ["en", "zh"].contains(&language.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str())
    }

    fn all(&self, title: &str) -> String {
        match self {
            Self::English => format!("Everything from {title}, newest first"),
            Self::Chinese => format!("{title}的全部内容，最新在前"),
        }
    }

    fn source(&self, title: &str) -> String {
        match self {
            Self::English => format!("News from {title}"),
            Self::Chinese => format!("来自{title}的新闻"),
        }
    }

    fn category(&self, label: &str) -> String {
        match self {
            Self::English => format!("Items filed under {label}"),
            Self::Chinese => format!("“{label}”分类下的内容"),
        }
    }

    fn selection(&self, title: &str) -> String {
        match self {
            Self::English => format!("A selection: {title}"),
            Self::Chinese => format!("精选：{title}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_of_what_stands_elsewhere_too_reach_less_far() {
        assert_eq!(
            ["all", "categories/all", "sources/all", "feeds/all"].map(reach),
            [10_000, 1_000, usize::MAX, usize::MAX]
        );
    }
}
