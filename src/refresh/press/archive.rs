//! Prints the pages of archives: those that changed, and all of them where they do not lie there as they were printed.

use std::collections::{BTreeSet, HashMap, HashSet};

use sha2::{Digest as _, Sha256};

use super::super::in_parallel;
use super::super::plan::Plan;
use super::{Press, Work, gave_up, look};
use crate::item::{Fingerprint, digest};
use crate::publish::archive::{PAGE, Page, folder};
use crate::publish::{self, Channel, Place};
use crate::store::{Archive, Division, Published, Store, StoreError};

/// Pages rendered at once, while as many are written: at most 48 MiB each with all formats, and as much again that was written of their items.
const PAGES: usize = 32;

/// What is to be printed of the archive of a channel.
pub(super) struct Shelf {
    /// Path of the channel.
    channel: String,
    /// Hash of what all pages are made from, but for their items.
    signature: Fingerprint,
    /// Those to be printed, by the numbers of their last items.
    pages: BTreeSet<usize>,
    beyond: usize,
    /// Paths of files that are not published any more, without ending.
    dropped: Vec<String>,
    /// Numbers of all pages, where other files are to be taken away. `None`: there are none.
    all: Option<BTreeSet<usize>>,
}

impl Shelf {
    pub(super) fn channel(&self) -> &str {
        &self.channel
    }
}

/// How a channel is divided between its feed and its archive.
pub(super) fn division(plan: &Plan) -> Division {
    Division { feed: plan.most, archive: plan.archive, page: PAGE }
}

/// What the feed of a channel leads to.
pub(super) fn place(plan: &Plan, archive: &Archive) -> Place {
    let newest = Page { last: archive.last, beyond: archive.beyond };
    if plan.archive == 0 { Place::Alone } else { Place::Feed((archive.last > archive.beyond).then_some(newest)) }
}

impl Press<'_> {
    /// What is to be printed of an archive. `None`: nothing.
    pub(super) fn shelf(
        &self,
        plan: &Plan,
        archive: &Archive,
        force: bool,
        published: &HashMap<String, Published>,
    ) -> Option<Shelf> {
        let mut hasher = Sha256::new();
        hasher.update(self.print);
        hasher.update(format!("{}\0{}\0{}\0{:?}", plan.title, plan.description, plan.language, division(plan)));
        let signature = digest(&[&hasher.finalize()]);
        let lies_there = self.is_fresh(published.get(&folder(&plan.path)), &signature);
        let Archive { last, beyond, open, changed, dropped, .. } = archive;
        let full = (beyond / PAGE + 1..=last / PAGE).map(|number| number * PAGE);
        let (pages, all) = if lies_there && !force {
            let holding = |number: &usize| number.div_ceil(PAGE) * PAGE;
            let full = changed.iter().map(holding).filter(|number| number <= last && number > beyond);
            let holds = |page: &&usize| {
                let page = Page { last: **page, beyond: *beyond };
                changed.range(page.first()..=page.last).next().is_some()
            };
            (full.chain(open.iter().filter(holds).copied()).collect(), None)
        } else {
            let all: BTreeSet<usize> = full.chain(open.iter().copied()).collect();
            (all.clone(), Some(all))
        };
        let dropped = dropped.iter().map(|last| Page { last: *last, beyond: 0 }.path(&plan.path)).collect();
        let shelf = Shelf { channel: plan.path.clone(), signature, pages, beyond: *beyond, dropped, all };
        (!shelf.pages.is_empty() || !shelf.dropped.is_empty() || !changed.is_empty()).then_some(shelf)
    }

    /// Prints what is to be printed. Returns whether all of it lies there now.
    pub(super) fn print_archives(&mut self, store: &Store, shelves: &[(Shelf, &Plan)]) -> Result<bool, StoreError> {
        let failed = self.failed;
        let mut jobs = Vec::new();
        for (shelf, plan) in shelves {
            for last in &shelf.pages {
                let page = Page { last: *last, beyond: shelf.beyond };
                jobs.push((store.archived_at(&plan.path, page.last)?, page, *plan));
            }
        }
        // Pages of one time show the same items.
        jobs.sort_by_key(|(published, ..)| *published);
        std::thread::scope(|scope| {
            let mut under_way = None;
            for jobs in jobs.chunks(PAGES) {
                let mut channels = Vec::with_capacity(jobs.len());
                for (_, page, plan) in jobs {
                    let keys = store.archived(&plan.path, page.first()..=page.last)?;
                    channels.push(self.channel(store, plan, Place::Page(*page), &keys)?);
                }
                let rendered = in_parallel(channels.iter().collect(), |channel: &Channel| {
                    publish::page_files(&self.site, channel, &self.formats)
                });
                let mut files = Vec::with_capacity(channels.len() * self.formats.len());
                for rendered in rendered {
                    match rendered {
                        Ok(rendered) => files.extend(rendered),
                        Err(error) => self.fail(&error),
                    }
                }
                drop(channels);
                self.stock.settle();
                if under_way.take().is_some_and(|before| gave_up(&self.written(before).1)) {
                    return Ok(());
                }
                under_way = Some(self.write(scope, files));
            }
            if let Some(last) = under_way {
                self.written(last);
            }
            Ok(())
        })?;
        Ok(self.failed == failed)
    }

    /// Paths of the feeds that would lead to a page that is not there.
    pub(super) fn astray(&self, works: &[Work<'_>]) -> HashSet<String> {
        let mut astray = HashSet::new();
        for Work { plan, archive, .. } in works {
            let Some(newest) = place(plan, archive).older() else { continue };
            for ending in self.formats.iter().map(|format| format.extension()) {
                if look(&self.directory, &format!("{}.{ending}", newest.path(&plan.path))).is_none() {
                    astray.insert(format!("{}.{ending}", plan.path));
                }
            }
        }
        astray
    }

    /// Takes away what is not published any more, now that no feed leads there. Returns what the folders look like.
    pub(super) fn close_archives(&mut self, shelves: &[(Shelf, &Plan)]) -> Vec<Published> {
        let mut noted = Vec::with_capacity(shelves.len());
        for (shelf, _) in shelves {
            let folder = folder(&shelf.channel);
            let mut old: Vec<String> = Vec::new();
            for path in &shelf.dropped {
                old.extend(self.formats.iter().map(|format| format!("{path}.{}", format.extension())));
            }
            if let Some(all) = &shelf.all {
                old.extend(self.old_pages(&folder, all));
            }
            self.remove(&old);
            if let Some((size, modified)) = look(&self.directory, &folder) {
                noted.push(Published { path: folder, signature: shelf.signature, size, modified });
            }
        }
        noted
    }

    /// Takes away the archives of channels that are no more. Returns the folders that are not there any more.
    pub(super) fn remove_archives(&mut self, folders: Vec<String>) -> Vec<String> {
        let mut removed = Vec::with_capacity(folders.len());
        for folder in folders {
            let pages = self.old_pages(&folder, &BTreeSet::new());
            if self.remove(&pages).len() == pages.len() {
                // What somebody else has put there keeps the folder.
                let _kept = std::fs::remove_dir(self.directory.join(&folder));
                removed.push(folder);
            }
        }
        removed
    }

    /// Paths of the files in the folder of an archive that belong to none of these pages.
    fn old_pages(&self, folder: &str, pages: &BTreeSet<usize>) -> Vec<String> {
        let names = std::fs::read_dir(self.directory.join(folder)).into_iter().flatten().flatten();
        let names = names.filter_map(|entry| entry.file_name().into_string().ok());
        names.filter(|name| self.is_old(name, pages)).map(|name| format!("{folder}/{name}")).collect()
    }

    /// Whether a name in the folder of an archive is that of a page that is none any more.
    fn is_old(&self, name: &str, pages: &BTreeSet<usize>) -> bool {
        let Some((number, ending)) = name.split_once('.') else { return false };
        let is_kept =
            |number: &usize| pages.contains(number) && self.formats.iter().any(|format| format.extension() == ending);
        number.parse::<usize>().is_ok_and(|number| !is_kept(&number))
    }
}
