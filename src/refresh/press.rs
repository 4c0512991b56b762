//! Renders and writes what changed since it was last written.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::plan::{Plan, plans};
use super::{Progress, Walk, in_parallel};
use crate::config::Settings;
use crate::draft::Credit;
use crate::item::{Fingerprint, Item, ItemKey, digest};
use crate::publish::claim::Claim;
use crate::publish::write::{self, NewFolder};
use crate::publish::{self, Channel, Duplicate, Format, Place, PublishError, Rendered, Shown, Site, Version};
use crate::store::{Archive, Arrivals, Pressed, Published, Standing, Store, StoreError};

mod archive;
mod folders;
mod pages;
mod round;
mod stock;
#[cfg(test)]
mod tests;

use folders::{Folders, look};
use pages::siblings;
use round::Round;
use stock::Stock;

/// Channels rendered at once, while as many are written: at most 64 MiB each with all formats, and as much again that was written of their items.
const CHANNELS: usize = 32;
/// Files in a row that cannot be put in place: then no other can either, for want of room, say.
const IN_A_ROW: usize = 8;
/// Raised whenever the same items may be rendered in another way than before.
const RENDERING: u32 = 6;

const PAGES_FOLDER: &str = "items";
/// What the paths of the channels of sources begin with.
const SOURCES: &str = "sources/";

/// What of all that is published is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// What is not published as it is in the store.
    Changed,
    /// Every file, for somebody may have changed it or taken it away.
    All,
}

/// Renders and writes what changed.
pub(super) struct Press<'a> {
    site: Site,
    formats: Vec<&'static dyn Format>,
    directory: std::path::PathBuf,
    claim: Claim,
    /// Titles of sources by id.
    titles: HashMap<&'a str, &'a str>,
    /// Whether there are copies at all.
    copies: bool,
    /// Whether there are translations at all.
    has_versions: bool,
    stock: Stock,
    /// The feed of others that an item of a source was credited to last, by source, and what is told of it: most of its items are.
    upstreams: HashMap<String, (Arc<Credit>, Arc<publish::Source>)>,
    /// Hash of all settings that show in published files.
    print: Fingerprint,
    /// The item pages of the first walk of all.
    first: Option<NewFolder>,
    changed: Vec<String>,
    failures: Vec<String>,
    /// Whether the file system is to blame for one of them.
    is_unwritable: bool,
    /// How often anything failed: a failure is told once.
    failed: usize,
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

impl Walk<'_> {
    /// Renders and writes what changed since it was last written; tells the report of it. As often as anything changes. Returns whether the file
    /// system kept a file from being written.
    pub(super) fn publish(&mut self, store: &mut Store, look: Look) -> Result<bool, StoreError> {
        let Some(press) = &mut self.press else { return Ok(false) };
        if let Err(error) = press.claim.hold(&press.directory) {
            self.report.failures.push(error.to_string());
            return Ok(true);
        }
        store.tell_copies(|| (self.progress)(&Progress::Comparing))?;
        store.settle_ids()?;
        press.copies = store.has_copies()?;
        press.has_versions = store.has_versions()?;
        let leaving = press.pages(store, self.options.force, self.progress)?;
        let plans = plans(self.settings, self.vocabulary, store)?;
        press.channels(store, &plans, look, self.options.force, self.progress)?;
        press.close_pages(store, leaving)?;
        // A walk may go on for years, and what is at hand would wait with it.
        (press.stock, press.upstreams) = (Stock::default(), HashMap::new());
        self.report.changed.append(&mut press.changed);
        self.report.changed.sort_unstable();
        // A page may be printed again in the first walk.
        self.report.changed.dedup();
        self.report.failures.append(&mut press.failures);
        Ok(std::mem::take(&mut press.is_unwritable))
    }
}

impl<'a> Press<'a> {
    /// Makes ready to publish. Where nothing ever was, pages are printed while documents are read: [`Self::print_pages`].
    pub(super) fn open(settings: &'a Settings, authority: String, store: &Store) -> Result<Self, StoreError> {
        let site = super::site(settings, authority);
        let formats = settings.publish.formats.clone();
        let names: Vec<&str> = formats.iter().map(|format| format.extension()).collect();
        let titles: Vec<String> =
            settings.sources.iter().map(|source| format!("{}\0{}", source.id, source.title)).collect();
        let print = digest(&[
            format!("{RENDERING} {} {site:?} {names:?}", env!("CARGO_PKG_VERSION")).as_bytes(),
            titles.join("\0").as_bytes(),
        ]);
        let directory = settings.publish.directory.clone();
        let mut claim = Claim::default();
        let is_held = claim.hold(&directory).is_ok();
        let (mut failures, mut is_unwritable, mut first) = (Vec::new(), false, None);
        // What is old may have to go again before it is published.
        let keeps_all = settings.sources.iter().all(|source| source.keep_for.is_none() && source.keep_items == 0);
        if store.change()? == 0 && keeps_all && is_held {
            match NewFolder::begin(&directory, PAGES_FOLDER) {
                Ok(folder) => first = folder,
                Err(error) => {
                    is_unwritable = matches!(error, PublishError::Files { .. });
                    failures.push(error.to_string());
                }
            }
        }
        let titles = settings.sources.iter().map(|source| (source.id.as_str(), source.title.as_str())).collect();
        let failed = failures.len();
        let (copies, has_versions, stock, changed) = (false, false, Stock::default(), Vec::new());
        Ok(Self {
            site,
            formats,
            directory,
            claim,
            titles,
            copies,
            has_versions,
            stock,
            upstreams: HashMap::new(),
            print,
            first,
            changed,
            failures,
            is_unwritable,
            failed,
        })
    }

    /// Channels and what tells of them.
    fn channels(
        &mut self,
        store: &mut Store,
        plans: &[Plan],
        look: Look,
        force: bool,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), StoreError> {
        let standings = store.standings()?;
        let mut published = if look == Look::All { store.published()? } else { HashMap::new() };
        let mut stale: Vec<(&Plan, Fingerprint)> = Vec::new();
        let mut folders = Folders::default();
        for plan in plans {
            let (made, standing) = (self.made_from(plan), standings.get(&plan.path));
            let is_settled = standing.is_some_and(|standing| {
                let mut lies_there = || {
                    let files: Vec<String> = self.files_of(plan, standing.has_pages).collect();
                    let known: Vec<Published> = files.iter().map_while(|file| published.remove(file)).collect();
                    let lies_there =
                        known.len() == files.len() && known.iter().all(|file| folders.hold(&self.directory, file));
                    // Of what lies there, nothing more is to be found out.
                    if force || !lies_there {
                        published.extend(known.into_iter().map(|file| (file.path.clone(), file)));
                    }
                    lies_there
                };
                !standing.stale && standing.made == Some(made) && (look == Look::Changed || lies_there())
            });
            if force || !is_settled {
                stale.push((plan, made));
            }
        }
        // Channels that are no more, or never were to be published.
        let planned: HashSet<&str> = plans.iter().map(|plan| plan.path.as_str()).collect();
        let unplanned = |(path, standing): (&'_ String, &Standing)| {
            (standing.stale && !planned.contains(path.as_str())).then(|| path.clone())
        };
        let unplanned: Vec<String> = standings.iter().filter_map(unplanned).collect();
        if look == Look::Changed {
            let paths = stale.iter().map(|(plan, _)| plan.path.as_str()).chain(unplanned.iter().map(String::as_str));
            let files = paths.flat_map(|path| self.files_at(path, true));
            let files: Vec<String> = files.chain(publish::SITE_FILES.map(str::to_owned)).collect();
            published = store.published_at(&files)?;
        }
        let mut wanted: BTreeSet<String> = publish::SITE_FILES.map(str::to_owned).into();
        let mut newest: HashMap<&str, Option<DateTime<Utc>>> = HashMap::new();
        for plan in plans {
            let standing = standings.get(&plan.path);
            newest.insert(&plan.path, standing.and_then(|standing| standing.newest));
        }
        for (plan, _) in &stale {
            let standing = standings.get(&plan.path);
            wanted.extend(self.files_of(plan, standing.is_some_and(|standing| standing.has_pages)));
        }
        // What shows many sources first, one after the other: they show the same items.
        stale.sort_by_key(|(plan, _)| plan.path.starts_with(SOURCES));
        let (arrivals, change) = (store.arrivals()?, store.change()?);
        std::thread::scope(|scope| {
            let mut under_way: Option<Round<'_, '_>> = None;
            for stale in stale.chunks(CHANNELS) {
                let failed = self.failed;
                for (plan, _) in stale {
                    self.widen(store, plan, &published)?;
                }
                let divisions: Vec<_> =
                    stale.iter().map(|(plan, _)| (plan.path.as_str(), archive::division(plan))).collect();
                let archives = store.archive(&divisions, &arrivals)?;
                let mut works = Vec::with_capacity(stale.len());
                let mut pressed = Pressed::default();
                for ((plan, made), archive) in stale.iter().zip(archives) {
                    let (signature, updated, keys) = self.contents(store, plan, &archive)?;
                    let mut files = self.files_of(plan, false);
                    let fresh = !force && files.all(|file| self.is_fresh(published.get(&file), &signature));
                    let place = archive::place(plan, &archive);
                    let channel = if fresh { None } else { Some(self.channel(store, plan, place, &keys)?) };
                    newest.insert(&plan.path, updated);
                    pressed.channels.push((plan.path.as_str(), *made, updated));
                    works.push(Work { plan, archive, signature, channel });
                }
                progress(&Progress::Publishing(works.len() * (self.formats.len() + 1)));
                let mut feeds = self.render(store, &mut works, &arrivals)?;
                let mut shelves = Vec::new();
                for Work { plan, archive, .. } in &works {
                    let folder = publish::archive::folder(&plan.path);
                    if archive.last > archive.beyond {
                        wanted.insert(folder);
                        shelves.extend(self.shelf(plan, archive, force, &published).map(|shelf| (shelf, *plan)));
                    } else {
                        wanted.remove(&folder);
                    }
                }
                let has_failed = self.failed > failed;
                // One puts files in place at a time.
                if let Some(before) = under_way.take() {
                    self.finish(store, before)?;
                }
                let failed = self.failed;
                // Pages first, and feeds only where theirs is there.
                let printed = self.print_archives(store, &shelves)?;
                if !printed {
                    let astray = self.astray(&works);
                    feeds.retain(|(file, _)| !astray.contains(&file.path));
                    shelves.clear();
                }
                let has_failed = has_failed || self.failed > failed;
                let (files, signatures) = feeds.into_iter().unzip();
                let writer = self.write(scope, files);
                under_way = Some(Round { pressed, shelves, has_failed, signatures, writer });
                self.stock.settle();
            }
            under_way.map_or(Ok(()), |last| self.finish(store, last))
        })?;
        if !stale.is_empty() {
            store.set_archived(change)?;
        }
        self.site_files(store, plans, &newest, &published, force)?;
        let gone: Vec<String> = published.into_keys().filter(|path| !wanted.contains(path)).collect();
        if self.take_away(store, &gone)? {
            store.forget_channels(&unplanned)?;
        }
        Ok(())
    }

    /// What tells of all channels.
    fn site_files(
        &mut self,
        store: &mut Store,
        plans: &[Plan],
        newest: &HashMap<&str, Option<DateTime<Utc>>>,
        published: &HashMap<String, Published>,
        force: bool,
    ) -> Result<(), StoreError> {
        let newest = |plan: &Plan| newest.get(plan.path.as_str()).copied().flatten();
        let overviews: Vec<_> = plans.iter().map(|plan| plan.overview(newest(plan))).collect();
        let signature = digest(&[&self.print, format!("{overviews:?}").as_bytes()]);
        if !force && publish::SITE_FILES.iter().all(|file| self.is_fresh(published.get(*file), &signature)) {
            return Ok(());
        }
        match publish::site_files(&self.site, &overviews, &self.formats) {
            Ok(files) => {
                let (put, signatures) = (self.put_each(&files), vec![signature; files.len()]);
                let files = self.there(files, signatures, &put);
                store.note_pressed(&Pressed { files, ..Pressed::default() })
            }
            Err(error) => {
                self.complain(error.to_string());
                Ok(())
            }
        }
    }

    /// Hash of what a channel is made from, but for its items.
    fn made_from(&self, plan: &Plan) -> Fingerprint {
        let Plan { title, description, language, most, archive, .. } = plan;
        digest(&[&self.print, format!("{title}\0{description}\0{language}\0{most}\0{archive}").as_bytes()])
    }

    /// Paths of the files of a channel, and of the folder of its archive if there is one.
    fn files_of(&self, plan: &Plan, has_pages: bool) -> impl Iterator<Item = String> + use<'a> {
        self.files_at(&plan.path, has_pages)
    }

    fn files_at(&self, path: &str, has_pages: bool) -> impl Iterator<Item = String> + use<'a> {
        let endings = self.formats.iter().map(|format| format.extension()).chain(["html"]);
        let mut files: Vec<String> = endings.map(|ending| format!("{path}.{ending}")).collect();
        files.extend(has_pages.then(|| publish::archive::folder(path)));
        files.into_iter()
    }

    /// Files of channels that are no more: a feed that nothing keeps up to date would mislead.
    /// Returns whether there are none left.
    fn take_away(&mut self, store: &mut Store, gone: &[String]) -> Result<bool, StoreError> {
        if gone.is_empty() || !self.failures.is_empty() {
            return Ok(gone.is_empty());
        }
        let (folders, files): (Vec<String>, Vec<String>) =
            gone.iter().cloned().partition(|path| path.starts_with(publish::archive::FOLDER));
        let mut removed = self.remove(&files);
        removed.extend(self.remove_archives(folders));
        store.note_published(&[], &removed)?;
        Ok(removed.len() == gone.len())
    }

    /// Removes published files. Returns those that are not there any more.
    fn remove(&mut self, paths: &[String]) -> Vec<String> {
        let mut removed = Vec::with_capacity(paths.len());
        for path in paths {
            match std::fs::remove_file(self.directory.join(path)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    self.complain(format!("cannot remove {path}, which belongs to nothing any more: {error}"));
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
    fn channel(&mut self, store: &Store, plan: &Plan, place: Place, keys: &[ItemKey]) -> Result<Channel, StoreError> {
        let mut at_hand: Vec<Option<Arc<Shown>>> = keys.iter().map(|key| self.stock.get(key)).collect();
        let missing: Vec<&str> =
            keys.iter().zip(&at_hand).filter(|(_, shown)| shown.is_none()).map(|(key, _)| key.as_str()).collect();
        let credit = |source: &str| self.upstreams.get(source).map(|(credit, _)| credit);
        let mut fetched = store.items_with(&missing, credit)?.into_iter().peekable();
        for (key, place) in keys.iter().zip(&mut at_hand).filter(|(_, shown)| shown.is_none()) {
            // One that is there no more is passed over.
            if let Some(item) = fetched.next_if(|item| item.key == *key) {
                let shown = Arc::new(self.shown(store, item)?);
                // What a source shows is asked for by no channel behind it.
                if !plan.path.starts_with(SOURCES) {
                    self.stock.add(Arc::clone(&shown));
                }
                *place = Some(shown);
            }
        }
        Ok(Channel {
            path: plan.path.clone(),
            title: plan.title.clone(),
            description: plan.description.clone(),
            language: plan.language.clone(),
            place,
            items: at_hand.into_iter().flatten().collect(),
        })
    }

    /// Where an item can be read in other languages: in this store, and as its publisher says.
    fn versions(&self, store: &Store, item: &Item) -> Result<Vec<Version>, StoreError> {
        let stored = if self.has_versions { store.versions(&item.key)? } else { Vec::new() };
        let version = |version: &Item| Version {
            language: version.language.clone().unwrap_or_default(),
            address: publish::shown::address(&self.site, version),
            title: version.title.clone(),
        };
        let mut versions: Vec<Version> = stored.iter().map(version).collect();
        let named = siblings(item).into_iter();
        let others: Vec<_> =
            named.filter(|named| versions.iter().all(|version| version.address != named.address)).collect();
        versions.extend(others);
        Ok(versions)
    }

    fn shown(&mut self, store: &Store, item: Item) -> Result<Shown, StoreError> {
        let copies = if self.copies { store.duplicates(&item.key)? } else { Vec::new() };
        let duplicates = copies.into_iter().map(|copy| {
            let title = self.titles.get(copy.source.as_str()).copied().unwrap_or(&copy.source);
            let page = || copy.is_shown.then(|| self.site.address(&publish::shown::page_path(&copy.key)));
            Duplicate { source_title: title.to_owned(), address: copy.link.or_else(page), key: copy.key }
        });
        let duplicates = duplicates.collect();
        let versions = self.versions(store, &item)?;
        let source_title = self.titles.get(item.source.as_str()).copied().unwrap_or(item.source.as_str()).to_owned();
        let upstream = self.upstream(&item);
        Ok(Shown::new(&self.site, item, &source_title, upstream, duplicates, versions))
    }

    /// What is told of the feed of others that an item is from. `None`: it is our own.
    fn upstream(&mut self, item: &Item) -> Option<Arc<publish::Source>> {
        let credit = item.credit.as_ref()?;
        match self.upstreams.get(item.source.as_str()) {
            Some((known, upstream)) if known == credit => Some(Arc::clone(upstream)),
            _ => {
                let upstream = Arc::new(publish::Source::of(credit));
                let told = (Arc::clone(credit), Arc::clone(&upstream));
                self.upstreams.insert(item.source.as_str().to_owned(), told);
                Some(upstream)
            }
        }
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

    /// Puts files in place, where that fails each by itself, so that one obstacle keeps no other back. Returns of each whether it lies
    /// there; where nothing can be written, the rest is not tried.
    fn put_each(&mut self, files: &[Rendered]) -> Vec<bool> {
        let put = write::put(&self.directory, files);
        self.or_each(files, put)
    }

    /// What came of it that files were put in place together; each by itself, where that failed.
    fn or_each(&mut self, files: &[Rendered], put: Result<Vec<String>, PublishError>) -> Vec<bool> {
        if let Ok(changed) = put {
            self.changed.extend(changed);
            return vec![true; files.len()];
        }
        let mut put = Vec::with_capacity(files.len());
        for file in files {
            put.push(!gave_up(&put) && self.put(std::slice::from_ref(file)));
        }
        put
    }

    fn fail(&mut self, error: &PublishError) {
        self.is_unwritable |= matches!(error, PublishError::Files { .. });
        self.complain(error.to_string());
    }

    fn complain(&mut self, text: String) {
        self.failed += 1;
        if !self.failures.contains(&text) {
            self.failures.push(text);
        }
    }

    /// Where a feed has room for fewer items than it is to show, finds out anew for how many, if it has changed: the next
    /// ones may be shorter. Before the channel is divided, so that nothing leaves its page only to come back.
    fn widen(
        &mut self,
        store: &mut Store,
        plan: &Plan,
        published: &HashMap<String, Published>,
    ) -> Result<(), StoreError> {
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
                Err(error) => self.fail(&error),
            }
        }
        Ok(files)
    }
}

/// Whether so many files in a row could not be put in place that none can.
fn gave_up(put: &[bool]) -> bool {
    put.ends_with(&[false; IN_A_ROW])
}
