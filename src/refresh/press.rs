//! Renders and writes what changed since it was last written.

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::plan::{Plan, plans};
use super::{FAILURES, Progress, Walk, hexadecimal, in_parallel, keep, publish_failures};
use crate::item::{Fingerprint, Item, digest};
use crate::publish::{self, Channel, Format, PublishError, Rendered, Shown, Site, write};
use crate::source::Source;
use crate::store::{self, Published, Store, StoreError};

/// Item pages rendered and written at once.
const PAGES: usize = 1024;
/// Raised whenever the same items may be rendered in another way than before.
const RENDERING: u32 = 2;

const PAGES_DONE: &str = "pages";

/// Renders and writes what changed.
struct Press<'a> {
    site: Site,
    formats: Vec<&'static dyn Format>,
    directory: std::path::PathBuf,
    sources: &'a [Source],
    /// Whether there are copies at all.
    copies: bool,
    /// Hash of all settings that show in published files.
    print: Fingerprint,
    changed: Vec<String>,
    failures: Vec<String>,
}

impl Walk<'_> {
    /// Renders and writes what changed since it was last written.
    pub(super) fn publish(&mut self, store: &mut Store, authority: String) -> Result<(), StoreError> {
        let settings = self.settings;
        let site = Site {
            title: settings.site.title.clone(),
            url: settings.site.url.clone(),
            language: settings.site.language.clone(),
            authority,
        };
        let formats: Vec<&'static dyn Format> = publish::FORMATS
            .iter()
            .copied()
            .filter(|format| settings.publish.formats.iter().any(|name| name.name() == format.name()))
            .collect();
        let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
        let titles: Vec<String> =
            settings.sources.iter().map(|source| format!("{}\0{}", source.id, source.title)).collect();
        let site_print = digest(&[
            format!("{RENDERING} {} {site:?} {names:?}", env!("CARGO_PKG_VERSION")).as_bytes(),
            titles.join("\0").as_bytes(),
        ]);
        let directory = settings.publish.directory.clone();
        let copies = store.has_copies()?;
        let mut press = Press {
            site,
            formats,
            directory,
            sources: &settings.sources,
            copies,
            print: site_print,
            changed: Vec::new(),
            failures: Vec::new(),
        };
        press.pages(store, self.options.force, self.progress)?;
        let plans = plans(settings, self.vocabulary, store)?;
        press.channels(store, plans, self.options.force, self.progress)?;
        let Press { mut changed, failures, .. } = press;
        changed.sort();
        self.report.changed = changed;
        self.report.failures.extend(failures);
        if let Some(command) = settings.publish.on_publish.as_ref().filter(|_| !self.report.changed.is_empty())
            && let Err(error) = run_command(command, &self.report.changed)
        {
            self.report.failures.push(format!("publish.on_publish failed: {error}"));
        }
        let since = publish_failures(store)?.map_or(self.now.timestamp(), |(since, _)| since);
        let told = self.report.failures.join("\n");
        keep(store, FAILURES, &if told.is_empty() { told } else { format!("{since}\n{told}") })
    }
}

impl Press<'_> {
    /// Item pages: those of items that changed, all when the settings did, and those that somebody took away.
    fn pages(&mut self, store: &mut Store, force: bool, progress: &mut dyn FnMut(&Progress)) -> Result<(), StoreError> {
        self.take_away_withdrawn(store)?;
        let print = hexadecimal(&self.print);
        let done = store.meta(PAGES_DONE)?.and_then(|value| {
            let (known, change) = value.split_once(' ')?;
            (known == print && !force).then(|| change.parse::<i64>().ok()).flatten()
        });
        let last = store.change()?;
        let present = std::fs::read_dir(self.directory.join("items")).map_or(0, Iterator::count);
        let missing = present < store.pages()?;
        let mut from = if missing { 0 } else { done.unwrap_or(0) };
        if done == Some(last) && !missing {
            return Ok(());
        }
        let mut rendered = 0;
        loop {
            let items = store.changed_after(from, PAGES)?;
            let Some((change, _)) = items.last() else { break };
            from = *change;
            let mut shown = Vec::with_capacity(items.len());
            for (change, item) in items {
                let written = done.is_some_and(|done| change <= done);
                if item.link.is_none() && !(written && self.directory.join(format!("items/{}.html", item.key)).exists())
                {
                    shown.push(self.shown(store, item)?);
                }
            }
            let (site, formats) = (&self.site, self.formats.as_slice());
            let pages = in_parallel(&shown, |shown| publish::html::item_page(site, shown, formats));
            rendered += pages.len();
            progress(&Progress::Publishing(rendered));
            if !self.put(&pages) {
                return Ok(());
            }
        }
        store.set_meta(PAGES_DONE, &format!("{print} {last}"))
    }

    /// Pages of items whose documents were made drafts again.
    fn take_away_withdrawn(&mut self, store: &Store) -> Result<(), StoreError> {
        for member in store.window(store::WITHDRAWN, usize::MAX)? {
            let page = format!("items/{}.html", member.key);
            match std::fs::remove_file(self.directory.join(&page)) {
                Ok(()) => self.changed.push(page),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => self.failures.push(format!("cannot remove {page}, whose document is a draft: {error}")),
            }
        }
        Ok(())
    }

    /// Channels and what tells of them.
    fn channels(
        &mut self,
        store: &mut Store,
        plans: Vec<Plan>,
        force: bool,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), StoreError> {
        let published = store.published()?;
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        let mut overviews = Vec::with_capacity(plans.len());
        for plan in plans {
            let members = store.window(&plan.path, plan.most)?;
            let mut hasher = Sha256::new();
            hasher.update(self.print);
            hasher.update(format!("{}\0{}\0{}\0{}", plan.title, plan.description, plan.language, plan.most));
            for member in &members {
                hasher.update(format!("{} {}\0", member.key, member.change));
            }
            let signature = digest(&[&hasher.finalize()]);
            let updated = members.iter().map(|member| member.updated).max();
            let overview = plan.overview(updated);
            let endings = self.formats.iter().map(|format| format.extension()).chain(["html"]);
            let files: Vec<String> = endings.map(|ending| format!("{}.{ending}", overview.path)).collect();
            let fresh = !force && files.iter().all(|file| self.is_fresh(published.get(file), &signature));
            wanted.extend(files.iter().cloned());
            if !fresh {
                let mut shown = Vec::with_capacity(members.len());
                for member in members {
                    if let Some(item) = store.item(&member.key)? {
                        shown.push(self.shown(store, item)?);
                    }
                }
                let channel = Channel {
                    path: overview.path.clone(),
                    title: overview.title.clone(),
                    description: overview.description.clone(),
                    language: overview.language.clone(),
                    items: shown,
                };
                progress(&Progress::Publishing(wanted.len()));
                match publish::channel_files(&self.site, &channel, &self.formats) {
                    Ok(files) => self.put_and_note(store, &files, signature)?,
                    Err(error) => self.failures.push(error.to_string()),
                }
            }
            overviews.push(overview);
        }
        let signature = digest(&[&self.print, format!("{overviews:?}").as_bytes()]);
        match publish::site_files(&self.site, &overviews, &self.formats) {
            Ok(files) => {
                wanted.extend(files.iter().map(|file| file.path.clone()));
                if force || !files.iter().all(|file| self.is_fresh(published.get(&file.path), &signature)) {
                    self.put_and_note(store, &files, signature)?;
                }
            }
            Err(error) => self.failures.push(error.to_string()),
        }
        let gone: Vec<String> = published.into_keys().filter(|path| !wanted.contains(path)).collect();
        self.take_away(store, &gone)
    }

    /// Files of channels that are no more: a feed that nothing keeps up to date would mislead.
    fn take_away(&mut self, store: &mut Store, gone: &[String]) -> Result<(), StoreError> {
        if gone.is_empty() || !self.failures.is_empty() {
            return Ok(());
        }
        let mut removed = Vec::with_capacity(gone.len());
        for path in gone {
            match std::fs::remove_file(self.directory.join(path)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    self.failures.push(format!("cannot remove {path}, which belongs to no feed any more: {error}"));
                    continue;
                }
                Err(_) => {}
                Ok(()) => self.changed.push(path.clone()),
            }
            removed.push(path.clone());
        }
        store.note_published(&[], &removed, &[])
    }

    fn shown(&self, store: &Store, item: Item) -> Result<Shown, StoreError> {
        let source_title = self
            .sources
            .iter()
            .find(|source| source.id == item.source)
            .map_or_else(|| item.source.to_string(), |source| source.title.clone());
        let duplicates = if self.copies { store.copies(&item.key)? } else { Vec::new() };
        Ok(Shown { item, source_title, duplicates })
    }

    /// Whether a file lies there as it was written, and was made from what it would be made from now.
    fn is_fresh(&self, known: Option<&Published>, signature: &Fingerprint) -> bool {
        known.is_some_and(|known| {
            known.signature == *signature && look(&self.directory, &known.path) == Some((known.size, known.modified))
        })
    }

    fn put(&mut self, files: &[Rendered]) -> bool {
        match write::put(&self.directory, files) {
            Ok(changed) => {
                self.changed.extend(changed);
                true
            }
            Err(error) => {
                self.fail(&error);
                false
            }
        }
    }

    fn fail(&mut self, error: &PublishError) {
        let text = error.to_string();
        if !self.failures.contains(&text) {
            self.failures.push(text);
        }
    }

    fn put_and_note(
        &mut self,
        store: &mut Store,
        files: &[Rendered],
        signature: Fingerprint,
    ) -> Result<(), StoreError> {
        if !self.put(files) {
            return Ok(());
        }
        let noted: Vec<Published> = files
            .iter()
            .filter_map(|file| {
                let (size, modified) = look(&self.directory, &file.path)?;
                Some(Published { path: file.path.clone(), signature, size, modified })
            })
            .collect();
        store.note_published(&noted, &[], &[])
    }
}

/// Size and time of last modification of a published file. `None`: it is not there.
fn look(directory: &Path, path: &str) -> Option<(u64, i64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::symlink_metadata(directory.join(path)).ok()?;
    Some((metadata.size(), metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec())))
}

fn run_command(command: &str, changed: &[String]) -> Result<(), String> {
    let mut process = std::process::Command::new("sh");
    process.arg("-c").arg(command).env("FEEDGEN_CHANGED", changed.join("\n")).stdin(std::process::Stdio::null());
    match process.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(error) => Err(format!("cannot start {command:?}: {error}")),
    }
}
