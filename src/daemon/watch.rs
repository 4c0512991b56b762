//! Watches the configuration and the folders of documents, so that a change is seen within a second or two. Where the system
//! cannot watch, folders are looked through from time to time all the same.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::event::ModifyKind;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::config::Settings;

/// How long nothing must have happened: whoever writes a file writes some more.
const QUIET: Duration = Duration::from_secs(1);
/// How long it is waited for quiet at most.
const LONGEST: Duration = Duration::from_secs(5);

/// What has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Documents of these sources, by their places in the configuration.
    Documents(BTreeSet<usize>),
    /// The configuration, or the vocabulary beside it.
    Configuration,
    /// A folder of documents, or one above it, has come or gone, or a link to it or to the configuration leads elsewhere: what is there has to be watched from now on.
    Folder,
}

/// Watches until it is dropped.
#[derive(Debug)]
pub(super) struct Watch {
    _watcher: Option<RecommendedWatcher>,
}

/// What is watched for.
#[derive(Debug)]
struct Watched {
    /// The files of the configuration, by their names and where these lead.
    configuration: Vec<PathBuf>,
    /// Folders with the places of their sources.
    folders: Vec<(PathBuf, usize)>,
    /// What has to come first where one of them is not there.
    missing: Vec<PathBuf>,
    /// Links on the way to all of these: where they lead may change.
    links: BTreeSet<PathBuf>,
    /// What is written by ourselves: a folder, and a file with others beside it.
    published: PathBuf,
    store: PathBuf,
}

impl Watch {
    /// Watches what `settings` name, and the `files` that they are read from. `see` is called on a thread of its own. Also returns what cannot be watched, and why.
    pub(super) fn begin(
        settings: &Settings,
        files: &[PathBuf],
        see: impl Fn(Seen) + Send + 'static,
    ) -> (Self, Vec<String>) {
        let watched = Watched::of(settings, files);
        let (events, heard) = channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // Nobody hears it any more.
            let _over = events.send(event);
        });
        let mut watcher = match watcher {
            Ok(watcher) => watcher,
            Err(error) => return (Self { _watcher: None }, vec![format!("cannot watch folders: {error}")]),
        };
        let mut problems = Vec::new();
        let mut beside: BTreeSet<&Path> = watched.configuration.iter().filter_map(|path| path.parent()).collect();
        // The nearest folder that is there sees the next one come.
        beside.extend(watched.missing.iter().chain(&watched.links).filter_map(|path| path.parent()));
        for folder in beside {
            problems.extend(told(folder, watcher.watch(folder, RecursiveMode::NonRecursive)));
        }
        for (folder, _) in watched.folders.iter().filter(|(folder, _)| folder.exists()) {
            problems.extend(told(folder, watcher.watch(folder, RecursiveMode::Recursive)));
        }
        std::thread::spawn(move || watched.watch(&heard, &see));
        (Self { _watcher: Some(watcher) }, problems)
    }
}

fn told(folder: &Path, outcome: notify::Result<()>) -> Option<String> {
    let error = outcome.err()?;
    let more = match error.kind {
        notify::ErrorKind::MaxFilesWatch => "; raise fs.inotify.max_user_watches",
        _ => "",
    };
    Some(format!("cannot watch {}: {error}{more}; it is looked through as often as `every` says", folder.display()))
}

/// What events meant so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Noted {
    sources: BTreeSet<usize>,
    is_configured: bool,
    has_come: bool,
}

/// The folder itself, or the uppermost above it, that is not there. `None`: it is.
fn first_missing(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().take_while(|folder| !folder.exists()).last().map(Path::to_path_buf)
}

/// Adds the links on the way to a folder, each by the real folder that it lies in.
fn add_links(folder: &Path, links: &mut BTreeSet<PathBuf>) {
    let Ok(whole) = std::path::absolute(folder) else { return };
    for above in whole.ancestors() {
        let (Some(parent), Some(name), Ok(target)) = (above.parent(), above.file_name(), above.read_link()) else {
            continue;
        };
        let Ok(parent) = parent.canonicalize() else { continue };
        // There may be more on the way to where it leads.
        if links.insert(parent.join(name)) {
            add_links(&parent.join(target), links);
        }
    }
}

impl Watched {
    fn of(settings: &Settings, files: &[PathBuf]) -> Self {
        let absolute = |path: &Path| {
            path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
        };
        // Of a file that is not there yet, the folder may be.
        let place = |file: &PathBuf| {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Some(folder.canonicalize().ok()?.join(file.file_name()?))
        };
        let sources = settings.sources.iter().enumerate();
        let folders: Vec<_> = sources.filter_map(|(at, source)| Some((absolute(&source.folder()?.root), at))).collect();
        let mut links = BTreeSet::new();
        let roots = settings.sources.iter().filter_map(|source| Some(source.folder()?.root.as_path()));
        for path in roots.chain(files.iter().map(PathBuf::as_path)) {
            add_links(path, &mut links);
        }
        // Where links lead to, a file may be written, too.
        let ends = files.iter().filter_map(|file| file.canonicalize().ok());
        Self {
            links,
            configuration: files.iter().filter_map(place).chain(ends).collect(),
            missing: folders.iter().filter_map(|(folder, _)| first_missing(folder)).collect(),
            folders,
            published: absolute(&settings.publish.directory),
            store: absolute(&settings.store),
        }
    }

    fn watch(&self, heard: &Receiver<notify::Result<Event>>, see: &impl Fn(Seen)) {
        while let Ok(first) = heard.recv() {
            let mut noted = Noted::default();
            let mut is_noted = self.note(first, &mut noted);
            let begun = Instant::now();
            while is_noted && begun.elapsed() < LONGEST {
                match heard.recv_timeout(QUIET) {
                    Ok(event) => {
                        self.note(event, &mut noted);
                    }
                    Err(RecvTimeoutError::Timeout) => is_noted = false,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            if noted.is_configured {
                see(Seen::Configuration);
            }
            if noted.has_come {
                see(Seen::Folder);
            }
            if !noted.sources.is_empty() {
                see(Seen::Documents(noted.sources));
            }
        }
    }

    /// Notes what an event means. Whether it means anything.
    fn note(&self, event: notify::Result<Event>, noted: &mut Noted) -> bool {
        let event = match event {
            Ok(event) if !event.need_rescan() => event,
            // Something was lost.
            _ => {
                noted.sources.extend(self.folders.iter().map(|(_, at)| *at));
                return true;
            }
        };
        if matches!(event.kind, EventKind::Access(_)) {
            return false;
        }
        // What has gone is watched no more, even if another is put in its place.
        let is_elsewhere = matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
        let before = noted.clone();
        for path in event.paths {
            let is_link = self.links.contains(&path);
            let is_of_configuration = self.configuration.contains(&path);
            noted.is_configured |= is_of_configuration || is_link;
            noted.has_come |= self.missing.contains(&path) && path.exists();
            noted.has_come |= is_link || is_of_configuration && path.is_symlink();
            noted.has_come |= is_elsewhere && self.folders.iter().any(|(folder, _)| *folder == path);
            if !self.is_own(&path) {
                let above = self.folders.iter().filter(|(folder, _)| path.starts_with(folder));
                noted.sources.extend(above.map(|(_, at)| *at));
            }
        }
        before != *noted
    }

    /// Whether a path is one that we write to: what is published, or the store with what lies beside it.
    fn is_own(&self, path: &Path) -> bool {
        let beside = |own: &Path| {
            let names = (path.file_name(), own.file_name());
            let is_like =
                matches!(names, (Some(name), Some(own)) if name.as_encoded_bytes().starts_with(own.as_encoded_bytes()));
            path.parent() == own.parent() && is_like
        };
        path.starts_with(&self.published) || beside(&self.store)
    }
}
