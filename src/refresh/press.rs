//! Renders and writes what changed since it was last written.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::plan::{Plan, plans};
use super::{Progress, Walk, hexadecimal, in_parallel, keep};
use crate::config::Settings;
use crate::item::{Fingerprint, Item, ItemKey, digest};
use crate::publish::write::{self, NewFolder};
use crate::publish::{self, Channel, Duplicate, Format, Place, PublishError, Rendered, Shown, Site};
use crate::store::{Archive, Arrivals, Entry, Published, Store, StoreError, is_published};

mod archive;

/// Item pages rendered and written at once.
const PAGES: usize = 1024;
/// Channels rendered and written at once: at most 64 MiB with all formats.
const CHANNELS: usize = 32;
/// Raised whenever the same items may be rendered in another way than before.
const RENDERING: u32 = 5;

const PAGES_DONE: &str = "pages";
/// Name of the mark of a walk that published all channels.
const CHANNELS_DONE: &str = "channels-published";
const PAGES_FOLDER: &str = "items";

/// Renders and writes what changed.
pub(super) struct Press<'a> {
    site: Site,
    formats: Vec<&'static dyn Format>,
    directory: std::path::PathBuf,
    /// Titles of sources by id.
    titles: HashMap<&'a str, &'a str>,
    /// Whether there are copies at all.
    copies: bool,
    /// Hash of all settings that show in published files.
    print: Fingerprint,
    /// The item pages of the first walk of all.
    first: Option<NewFolder>,
    changed: Vec<String>,
    failures: Vec<String>,
}

/// What remains to be done with item pages when the channels are published.
#[derive(Default)]
struct Leaving {
    /// What all pages that there are were made with, and up to which change. `None`: that is known already, or they are not.
    made: Option<String>,
    /// Paths of pages whose items have none any more.
    pages: Vec<String>,
}

/// A channel in the press.
struct Work<'a> {
    plan: &'a Plan,
    archive: Archive,
    /// Hash of all that its feed is made from.
    signature: Fingerprint,
    /// Its feed. `None`: it lies there as it is.
    channel: Option<Channel>,
}

/// What a feed is made from: a hash of all of it, its newest change, and the keys of its items.
type Contents = (Fingerprint, Option<DateTime<Utc>>, Vec<ItemKey>);

/// Whether an item has a page: channels show it, and it has no address of its own.
fn has_page(item: &Item, is_shown: bool) -> bool {
    is_shown && item.link.is_none()
}

/// The key in the name of an item page. `None`: it is none.
fn page_key(name: &str) -> Option<u64> {
    let stem = name.strip_suffix(".html")?;
    (stem.len() == 16).then(|| u64::from_str_radix(stem, 16).ok()).flatten()
}

impl Walk<'_> {
    /// Renders and writes what changed since it was last written.
    pub(super) fn publish(&mut self, store: &mut Store) -> Result<(), StoreError> {
        let Some(mut press) = self.press.take() else { return Ok(()) };
        press.copies = store.has_copies()?;
        let leaving = press.pages(store, self.options.force, self.progress)?;
        let plans = plans(self.settings, self.vocabulary, store)?;
        press.channels(store, &plans, self.options.force, self.progress)?;
        press.close_pages(store, leaving)?;
        let Press { mut changed, failures, .. } = press;
        changed.sort();
        self.report.changed = changed;
        self.report.failures.extend(failures);
        Ok(())
    }
}

impl<'a> Press<'a> {
    /// Makes ready to publish. Where nothing ever was, pages are printed while documents are read: [`Self::print_pages`].
    pub(super) fn open(settings: &'a Settings, authority: String, store: &Store) -> Result<Self, StoreError> {
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
        let print = digest(&[
            format!("{RENDERING} {} {site:?} {names:?}", env!("CARGO_PKG_VERSION")).as_bytes(),
            titles.join("\0").as_bytes(),
        ]);
        let directory = settings.publish.directory.clone();
        let (mut failures, mut first) = (Vec::new(), None);
        // What is old may have to go again before it is published.
        let keeps_all = settings.sources.iter().all(|source| source.keep_for.is_none() && source.keep_items == 0);
        if store.change()? == 0 && keeps_all {
            match NewFolder::begin(&directory, PAGES_FOLDER) {
                Ok(folder) => first = folder,
                Err(error) => failures.push(error.to_string()),
            }
        }
        let titles = settings.sources.iter().map(|source| (source.id.as_str(), source.title.as_str())).collect();
        let changed = Vec::new();
        Ok(Self { site, formats, directory, titles, copies: false, print, first, changed, failures })
    }

    /// Prints the pages of a batch that has just been saved, in the first walk of all.
    pub(super) fn print_pages(&self, entries: &[Entry]) {
        let Some(folder) = &self.first else { return };
        // By one thread: two that make files in one folder wait for each other, and pay for it.
        for (item, channels) in entries.iter().filter_map(|entry| entry.item.as_ref()) {
            if has_page(item, channels.iter().any(|channel| is_published(channel))) {
                folder.add(self.page(item));
            }
        }
    }

    fn page(&self, item: &Item) -> Rendered {
        publish::html::item_page(&self.site, item, self.title_of(item), &self.formats)
    }

    /// Item pages: those of items that changed, all when the settings did, and those that somebody took away. Returns
    /// what is to be done when the channels are published, too.
    fn pages(
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
                    Leaving { made: Some(made), pages: Vec::new() }
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
        loop {
            let items = store.changed_after(from, PAGES)?;
            let Some((change, ..)) = items.last() else { break };
            from = *change;
            let mut shown = Vec::with_capacity(items.len());
            for (change, item, is_shown) in items {
                let path = publish::edition::page_path(&item.key);
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
                    shown.push(item);
                }
            }
            let files = in_parallel(shown.iter().collect(), |item| self.page(item));
            rendered += files.len();
            progress(&Progress::Publishing(rendered));
            if !self.put(&files) {
                return Ok(Leaving { made: None, pages });
            }
        }
        Ok(Leaving { made: Some(made), pages })
    }

    /// What is kept of item pages: what they were made with, up to which change of the store, and what their folder looks
    /// like, which tells when somebody adds one or takes one away.
    fn mark(&self, made: &str) -> String {
        let (_, modified) = look(&self.directory, PAGES_FOLDER).unwrap_or_default();
        format!("{made} {modified}")
    }

    /// Takes away the pages of items that have none any more: now that no channel leads there.
    fn close_pages(&mut self, store: &mut Store, leaving: Leaving) -> Result<(), StoreError> {
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

    /// Channels and what tells of them.
    fn channels(
        &mut self,
        store: &mut Store,
        plans: &[Plan],
        force: bool,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), StoreError> {
        let published = store.published()?;
        // All that channels are made from; while it is what it was, nobody has to ask which items each of them shows.
        let made_from = format!("{} {plans:?}", store.change()?);
        let mark = hexadecimal(&digest(&[&self.print, made_from.as_bytes()]));
        let is_done = !force && store.meta(CHANNELS_DONE)?.as_ref() == Some(&mark);
        if is_done && published.values().all(|file| self.lies_there(file)) {
            return Ok(());
        }
        let arrivals = store.arrivals()?;
        let change = store.change()?;
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        let mut overviews = Vec::with_capacity(plans.len());
        for plans in plans.chunks(CHANNELS) {
            for plan in plans {
                self.widen(store, plan, &published)?;
            }
            let divisions: Vec<_> = plans.iter().map(|plan| (plan.path.as_str(), archive::division(plan))).collect();
            let archives = store.archive(&divisions, &arrivals)?;
            let mut works = Vec::with_capacity(plans.len());
            for (plan, archive) in plans.iter().zip(archives) {
                let (signature, updated, keys) = self.contents(store, plan, &archive)?;
                let endings = self.formats.iter().map(|format| format.extension()).chain(["html"]);
                let files: Vec<String> = endings.map(|ending| format!("{}.{ending}", plan.path)).collect();
                let fresh = !force && files.iter().all(|file| self.is_fresh(published.get(file), &signature));
                let place = archive::place(plan, &archive);
                let channel = if fresh { None } else { Some(self.channel(store, plan, place, &keys)?) };
                wanted.extend(files);
                overviews.push(plan.overview(updated));
                works.push(Work { plan, archive, signature, channel });
            }
            progress(&Progress::Publishing(wanted.len()));
            let mut feeds = self.render(store, &mut works, &arrivals)?;
            let mut shelves = Vec::new();
            for Work { plan, archive, .. } in works.iter().filter(|work| work.archive.last > work.archive.beyond) {
                wanted.insert(publish::archive::folder(&plan.path));
                shelves.extend(self.shelf(plan, archive, force, &published).map(|shelf| (shelf, *plan)));
            }
            // Pages first, and feeds only where theirs is there.
            let printed = self.print_archives(store, &shelves)?;
            if !printed {
                let astray = self.astray(&works);
                feeds.retain(|(file, _)| !astray.contains(&file.path));
            }
            self.put_and_note(store, feeds)?;
            if printed {
                self.close_archives(store, &shelves)?;
            }
        }
        store.set_archived(change)?;
        let mut last = Vec::new();
        let signature = digest(&[&self.print, format!("{overviews:?}").as_bytes()]);
        match publish::site_files(&self.site, &overviews, &self.formats) {
            Ok(files) => {
                wanted.extend(files.iter().map(|file| file.path.clone()));
                if force || !files.iter().all(|file| self.is_fresh(published.get(&file.path), &signature)) {
                    last.extend(files.into_iter().map(|file| (file, signature)));
                }
            }
            Err(error) => self.failures.push(error.to_string()),
        }
        self.put_and_note(store, last)?;
        let gone: Vec<String> = published.into_keys().filter(|path| !wanted.contains(path)).collect();
        self.take_away(store, &gone)?;
        if self.failures.is_empty() { keep(store, CHANNELS_DONE, &mark) } else { Ok(()) }
    }

    /// Files of channels that are no more: a feed that nothing keeps up to date would mislead.
    fn take_away(&mut self, store: &mut Store, gone: &[String]) -> Result<(), StoreError> {
        if gone.is_empty() || !self.failures.is_empty() {
            return Ok(());
        }
        let (folders, files): (Vec<String>, Vec<String>) =
            gone.iter().cloned().partition(|path| path.starts_with(publish::archive::FOLDER));
        let mut removed = self.remove(&files);
        removed.extend(self.remove_archives(folders));
        store.note_published(&[], &removed)
    }

    /// Removes published files. Returns those that are not there any more.
    fn remove(&mut self, paths: &[String]) -> Vec<String> {
        let mut removed = Vec::with_capacity(paths.len());
        for path in paths {
            match std::fs::remove_file(self.directory.join(path)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    self.failures.push(format!("cannot remove {path}, which belongs to nothing any more: {error}"));
                    continue;
                }
                Err(_) => {}
                Ok(()) => self.changed.push(path.clone()),
            }
            removed.push(path.clone());
        }
        removed
    }

    fn title_of<'b>(&'b self, item: &'b Item) -> &'b str {
        self.titles.get(item.source.as_str()).copied().unwrap_or(item.source.as_str())
    }

    /// What the feed of a channel is made from: a hash of all of it, its newest change, and the keys of its items.
    fn contents(&self, store: &Store, plan: &Plan, archive: &Archive) -> Result<Contents, StoreError> {
        let members = store.window(&plan.path, archive.feed)?;
        let mut hasher = Sha256::new();
        hasher.update(self.print);
        let place = archive::place(plan, archive);
        hasher.update(format!("{}\0{}\0{}\0{}\0{place:?}", plan.title, plan.description, plan.language, plan.most));
        for member in &members {
            hasher.update(format!("{} {}\0", member.key, member.change));
        }
        let updated = members.iter().map(|member| member.updated).max();
        let keys = members.into_iter().map(|member| member.key).collect();
        Ok((digest(&[&hasher.finalize()]), updated, keys))
    }

    /// A document of a channel that shows the items of these keys.
    fn channel(&self, store: &Store, plan: &Plan, place: Place, keys: &[ItemKey]) -> Result<Channel, StoreError> {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let items = store.items(&keys)?.into_iter().map(|item| self.shown(store, item));
        Ok(Channel {
            path: plan.path.clone(),
            title: plan.title.clone(),
            description: plan.description.clone(),
            language: plan.language.clone(),
            place,
            items: items.collect::<Result<Vec<_>, _>>()?,
        })
    }

    fn shown(&self, store: &Store, item: Item) -> Result<Shown, StoreError> {
        let source_title = self.title_of(&item).to_owned();
        let copies = if self.copies { store.duplicates(&item.key)? } else { Vec::new() };
        let duplicates = copies.into_iter().map(|copy| {
            let title = self.titles.get(copy.source.as_str()).copied().unwrap_or(&copy.source);
            let page = || copy.is_shown.then(|| self.site.address(&publish::edition::page_path(&copy.key)));
            Duplicate { source_title: title.to_owned(), address: copy.link.or_else(page), key: copy.key }
        });
        Ok(Shown { item, source_title, duplicates: duplicates.collect() })
    }

    /// Whether a file lies there as it was written, and was made from what it would be made from now.
    fn is_fresh(&self, known: Option<&Published>, signature: &Fingerprint) -> bool {
        known.is_some_and(|known| known.signature == *signature && self.lies_there(known))
    }

    /// Whether a file lies there as it was written.
    fn lies_there(&self, known: &Published) -> bool {
        look(&self.directory, &known.path) == Some((known.size, known.modified))
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

    /// Where a feed has room for fewer items than it is to show, finds out anew for how many, if it has changed: the next
    /// ones may be shorter. Before the channel is divided, so that nothing leaves its page only to come back.
    fn widen(&self, store: &mut Store, plan: &Plan, published: &HashMap<String, Published>) -> Result<(), StoreError> {
        let Some(limited) = store.limited(&plan.path, plan.most)? else { return Ok(()) };
        let (signature, ..) = self.contents(store, plan, &limited)?;
        let mut files = self.formats.iter().map(|format| format!("{}.{}", plan.path, format.extension()));
        if files.all(|file| published.get(&file).is_some_and(|known| known.signature == signature)) {
            return Ok(());
        }
        let whole = Archive { feed: plan.most, ..limited };
        let (.., keys) = self.contents(store, plan, &whole)?;
        let channel = self.channel(store, plan, archive::place(plan, &whole), &keys)?;
        match publish::channel_files(&self.site, &channel, &self.formats) {
            Ok((_, room)) => store.limit_feed(&plan.path, if room < keys.len() { room } else { plan.most }),
            // Whoever renders it next tells of that.
            Err(_) => Ok(()),
        }
    }

    /// The files of channels that are to be rendered, each with the signature of its channel. A channel that cannot be
    /// rendered is a failure. What a feed has no room for goes to its archive.
    fn render(
        &mut self,
        store: &mut Store,
        works: &mut [Work<'_>],
        arrivals: &Arrivals,
    ) -> Result<Vec<(Rendered, Fingerprint)>, StoreError> {
        let channels: Vec<Option<&Channel>> = works.iter().map(|work| work.channel.as_ref()).collect();
        let rendered = in_parallel(channels, |channel| {
            channel.map(|channel| publish::channel_files(&self.site, channel, &self.formats))
        });
        let mut files = Vec::with_capacity(works.len() * (self.formats.len() + 1));
        for (work, rendered) in works.iter_mut().zip(rendered) {
            let Some(mut rendered) = rendered else { continue };
            while let (Ok((_, room)), Some(channel)) = (&rendered, &work.channel)
                && *room < channel.items.len()
                && work.plan.archive > 0
            {
                store.limit_feed(&work.plan.path, *room)?;
                let again = store.archive(&[(&work.plan.path, archive::division(work.plan))], arrivals)?;
                let dropped = std::mem::take(&mut work.archive.dropped);
                work.archive = again.into_iter().next().unwrap_or_default();
                work.archive.dropped.extend(dropped);
                let (signature, _, keys) = self.contents(store, work.plan, &work.archive)?;
                let channel = self.channel(store, work.plan, archive::place(work.plan, &work.archive), &keys)?;
                rendered = publish::channel_files(&self.site, &channel, &self.formats);
                (work.signature, work.channel) = (signature, Some(channel));
            }
            match rendered {
                Ok((rendered, _)) => files.extend(rendered.into_iter().map(|file| (file, work.signature))),
                Err(error) => self.failures.push(error.to_string()),
            }
        }
        Ok(files)
    }

    /// Publishes files together, and notes what they look like now. Where one cannot be put in place, the others are.
    fn put_and_note(&mut self, store: &mut Store, files: Vec<(Rendered, Fingerprint)>) -> Result<(), StoreError> {
        let (files, signatures): (Vec<_>, Vec<_>) = files.into_iter().unzip();
        let mut put = vec![true; files.len()];
        match write::put(&self.directory, &files) {
            Ok(changed) => self.changed.extend(changed),
            Err(_) => {
                put = files.iter().map(|file| self.put(std::slice::from_ref(file))).collect();
            }
        }
        let noted: Vec<Published> = files
            .into_iter()
            .zip(signatures)
            .zip(put)
            .filter_map(|((file, signature), put)| {
                let (size, modified) = look(&self.directory, &file.path).filter(|_| put)?;
                Some(Published { path: file.path, signature, size, modified })
            })
            .collect();
        if noted.is_empty() { Ok(()) } else { store.note_published(&noted, &[]) }
    }
}

/// Size and time of last modification of a published file. `None`: it is not there.
fn look(directory: &Path, path: &str) -> Option<(u64, i64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::symlink_metadata(directory.join(path)).ok()?;
    Some((metadata.size(), metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec())))
}
