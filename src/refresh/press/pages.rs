//! Prints the pages of items that have no address of their own.

use std::collections::HashSet;

use super::super::{Progress, hexadecimal, in_parallel};
use super::{PAGES_FOLDER, Press, gave_up, look};
use crate::item::Item;
use crate::publish::{self, Rendered, Version};
use crate::store::{Entry, Store, StoreError, is_published};

/// Item pages rendered and written at once.
const PAGES: usize = 1024;
const PAGES_DONE: &str = "pages";

/// What remains to be done with item pages when the channels are published.
#[derive(Default)]
pub(super) struct Leaving {
    /// What all pages that there are were made with, and up to which change. `None`: that is known already, or they are not.
    made: Option<String>,
    /// Paths of pages whose items have none any more.
    pages: Vec<String>,
}

/// Whether an item has a page: channels show it, and it has no address of its own.
fn has_page(item: &Item, is_shown: bool) -> bool {
    is_shown && item.link.is_none()
}

/// The versions of an item in other languages that its publisher names.
pub(super) fn siblings(item: &Item) -> Vec<Version> {
    let version = |language: &str, address: &str| Version {
        language: language.to_owned(),
        address: address.to_owned(),
        title: String::new(),
    };
    item.siblings.iter().map(|sibling| version(&sibling.language, sibling.url.as_str())).collect()
}

/// The key in the name of an item page. `None`: it is none.
fn page_key(name: &str) -> Option<u64> {
    let stem = name.strip_suffix(".html")?;
    (stem.len() == 16).then(|| u64::from_str_radix(stem, 16).ok()).flatten()
}

impl Press<'_> {
    /// Prints the pages of a batch that has just been saved, in the first walk of all.
    pub(in super::super) fn print_pages(&self, entries: &[Entry]) {
        let Some(folder) = &self.first else { return };
        // By one thread: two that make files in one folder wait for each other, and pay for it.
        for (item, channels) in entries.iter().filter_map(|entry| entry.item.as_ref()) {
            if has_page(item, channels.iter().any(|channel| is_published(channel))) {
                folder.add(self.page(item, &siblings(item)));
            }
        }
    }

    fn page(&self, item: &Item, versions: &[Version]) -> Rendered {
        publish::html::item_page(&self.site, item, self.title_of(item), versions, &self.formats)
    }

    /// Pages that were printed before it was known what of the others is the same in another language.
    fn pages_of_versions(&self, store: &Store) -> Result<Vec<Rendered>, StoreError> {
        let mut pages = Vec::new();
        for key in store.in_several_languages()? {
            let path = publish::shown::page_path(&key);
            if let Some(item) = store.item(&key)?.filter(|_| look(&self.directory, &path).is_some()) {
                pages.push(self.page(&item, &self.versions(store, &item)?));
            }
        }
        Ok(pages)
    }

    /// Item pages: those of items that changed, all when the settings did, and those that somebody took away. Returns
    /// what is to be done when the channels are published, too.
    pub(super) fn pages(
        &mut self,
        store: &Store,
        force: bool,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Leaving, StoreError> {
        let print = hexadecimal(&self.print);
        let last = store.change()?;
        let made = format!("{print} {last}");
        if let Some(folder) = self.first.take() {
            return Ok(match folder.place() {
                Ok(paths) => {
                    progress(&Progress::Publishing(paths.len()));
                    self.changed.extend(paths);
                    let pages = self.pages_of_versions(store)?;
                    let made = Some(made).filter(|_| self.put(&pages));
                    Leaving { made, pages: Vec::new() }
                }
                Err(error) => {
                    self.fail(&error);
                    Leaving::default()
                }
            });
        }
        let known = store.meta(PAGES_DONE)?.unwrap_or_default();
        if !force && known == self.mark(&made) {
            return Ok(Leaving::default());
        }
        // What was printed up to which change, by whom.
        let mut fields = known.split(' ');
        let same = fields.next() == Some(&print) && !force;
        let done = fields.next().and_then(|change| change.parse::<i64>().ok()).filter(|_| same).unwrap_or(0);
        // Where somebody added a page or took one away, all are looked at.
        let complete = done > 0 && known == self.mark(&format!("{print} {done}"));
        let present = if complete { HashSet::new() } else { self.present() };
        let mut from = if complete { done } else { 0 };
        let mut pages = Vec::new();
        let mut rendered = 0;
        let mut lie_there = true;
        loop {
            let items = store.changed_after(from, PAGES)?;
            let Some((change, ..)) = items.last() else { break };
            from = *change;
            let mut shown = Vec::with_capacity(items.len());
            for (change, item, is_shown) in items {
                let path = publish::shown::page_path(&item.key);
                let lies_there = || {
                    if complete {
                        look(&self.directory, &path).is_some()
                    } else {
                        u64::from_str_radix(&item.key, 16).is_ok_and(|key| present.contains(&key))
                    }
                };
                if !has_page(&item, is_shown) {
                    if lies_there() {
                        pages.push(path);
                    }
                } else if change > done || !lies_there() {
                    let versions = self.versions(store, &item)?;
                    shown.push((item, versions));
                }
            }
            let files = in_parallel(shown.iter().collect(), |(item, versions)| self.page(item, versions));
            rendered += files.len();
            progress(&Progress::Publishing(rendered));
            let put = self.put_each(&files);
            lie_there &= !put.contains(&false);
            if gave_up(&put) {
                break;
            }
        }
        Ok(Leaving { made: Some(made).filter(|_| lie_there), pages })
    }

    /// What is kept of item pages: what they were made with, up to which change of the store, and what their folder looks
    /// like, which tells when somebody adds one or takes one away.
    fn mark(&self, made: &str) -> String {
        let (_, modified) = look(&self.directory, PAGES_FOLDER).unwrap_or_default();
        format!("{made} {modified}")
    }

    /// Takes away the pages of items that have none any more: now that no channel leads there.
    pub(super) fn close_pages(&mut self, store: &mut Store, leaving: Leaving) -> Result<(), StoreError> {
        let Leaving { made, pages } = leaving;
        let Some(made) = made.filter(|_| pages.is_empty() || self.failures.is_empty()) else {
            // Some channel may still lead to the others: they wait. What was made a draft again, or removed, does not.
            let mut withdrawn = Vec::new();
            for path in pages {
                let key = path.rsplit('/').next().and_then(|name| name.strip_suffix(".html")).unwrap_or_default();
                let channels = store.place(key)?.map(|(_, channels)| channels).unwrap_or_default();
                if channels.iter().any(|channel| !is_published(channel)) {
                    withdrawn.push(path);
                }
            }
            self.remove(&withdrawn);
            return Ok(());
        };
        if self.remove(&pages).len() < pages.len() {
            return Ok(());
        }
        store.set_meta(PAGES_DONE, &self.mark(&made))
    }

    /// Keys of the item pages that lie there.
    fn present(&self) -> HashSet<u64> {
        let names = std::fs::read_dir(self.directory.join(PAGES_FOLDER)).into_iter().flatten().flatten();
        names.filter_map(|entry| page_key(entry.file_name().to_str()?)).collect()
    }
}
