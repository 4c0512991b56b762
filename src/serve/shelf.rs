//! The published files that were asked for, in memory.
//!
//! Whoever finds what is asked for waits for nobody: each of many small lists is replaced whole when one of its files
//! changes. A file is looked at on the disk once a second while it is asked for, so that it may be changed by anybody.

use std::fs::File;
use std::io::{self, Read as _};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use arc_swap::ArcSwap;
use tokio::sync::{Notify, Semaphore};

use super::beneath;
use super::held::{About, Held, Stamp};
use super::live::Live;
use super::turn::in_turn;

/// Lists that files are divided among; a power of two.
const LISTS: usize = 256;

/// Files that are read at the same time.
const READERS: usize = 16;

/// Files that nobody asked for during so many seconds are let go.
const FORGOTTEN: u32 = 3600;

/// How much is held.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// All files together, in bytes.
    pub(super) all: usize,
    /// One file, in bytes; larger ones are read as they are sent.
    pub(super) one: u64,
}

/// The files in memory.
#[derive(Debug)]
pub(super) struct Shelf {
    lists: Vec<List>,
    room: Room,
    /// Bytes held, about.
    held: AtomicUsize,
    readers: Arc<Semaphore>,
    packers: Arc<Semaphore>,
    /// Held files that have changed, to be made anew before somebody asks.
    outdated: Mutex<Vec<String>>,
    has_outdated: Notify,
}

#[derive(Debug, Default)]
struct List {
    /// In the order of their paths.
    files: ArcSwap<Vec<Arc<Held>>>,
    /// Counts what has been said of changes, so that a file which was read before is known to be old.
    changes: AtomicU32,
    /// Held by whoever looks at the disk: others who need what comes of it wait for their turn, and find it done.
    turn: tokio::sync::Mutex<()>,
}

/// A file that was looked for.
#[derive(Debug)]
pub(super) enum Found {
    /// It is in memory.
    Held(Arc<Held>),
    /// It is too large for that.
    Large(File, Box<About>),
}

/// What a look at the disk gave.
enum Look {
    Same,
    Read(Arc<Held>),
    Large(File, Box<About>),
    Gone,
}

impl Shelf {
    pub(super) fn new(room: Room) -> Self {
        Self {
            lists: std::iter::repeat_with(List::default).take(LISTS).collect(),
            room,
            held: AtomicUsize::new(0),
            readers: Arc::new(Semaphore::new(READERS)),
            packers: Arc::new(Semaphore::new(1)),
            outdated: Mutex::default(),
            has_outdated: Notify::new(),
        }
    }

    fn list(&self, path: &str) -> Option<&List> {
        // FNV-1a: nobody but who publishes chooses the names of files.
        let hash = path
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        self.lists.get(usize::try_from(hash >> 32).unwrap_or_default() % LISTS)
    }

    /// Shows what is held of a file and was looked at in this second. `None`: it is to be looked at, see [`look`].
    pub(super) fn show<T>(
        &self,
        path: &str,
        second: u32,
        settings: u64,
        show: impl FnOnce(&Arc<Held>) -> T,
    ) -> Option<T> {
        let files = self.list(path)?.files.load();
        let held = place(&files, path).ok().and_then(|at| files.get(at))?;
        held.is_asked_for(second);
        let is_fresh = held.looked_at.load(Ordering::Acquire) == second && held.about.settings == settings;
        is_fresh.then(|| show(held))
    }

    /// These files were written or removed.
    pub(super) fn outdate(&self, paths: &[String]) {
        let mut outdated = Vec::new();
        for path in paths {
            let Some(list) = self.list(path) else { continue };
            list.changes.fetch_add(1, Ordering::AcqRel);
            if let Some(held) = list.find(path) {
                held.looked_at.store(0, Ordering::Release);
                outdated.push(path.clone());
            }
        }
        if !outdated.is_empty() {
            self.outdated.lock().unwrap_or_else(PoisonError::into_inner).append(&mut outdated);
            self.has_outdated.notify_one();
        }
    }

    /// Waits until held files have changed, and names them.
    pub(super) async fn outdated(&self) -> Vec<String> {
        self.has_outdated.notified().await;
        std::mem::take(&mut *self.outdated.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets go what nobody asks for any more.
    pub(super) fn forget(&self, second: u32) {
        let limit = second.saturating_sub(FORGOTTEN);
        if limit > 0 && self.held.load(Ordering::Relaxed) > 0 {
            let is_kept = |held: &Held| held.asked.load(Ordering::Relaxed) >= limit;
            for list in self.lists.iter().filter(|list| list.files.load().iter().any(|held| !is_kept(held))) {
                list.files.rcu(|files| files.iter().filter(|held| is_kept(held)).cloned().collect::<Vec<_>>());
            }
            self.count();
        }
    }

    /// Puts a file in its place, or takes it away.
    fn put(&self, path: &str, held: Option<&Arc<Held>>) {
        let before = self.list(path).and_then(|list| list.replace(path, held));
        self.held.fetch_add(held.map_or(0, |held| held.size()), Ordering::Relaxed);
        self.held.fetch_sub(before.map_or(0, |held| held.size()), Ordering::Relaxed);
        self.make_room();
    }

    /// Counts what is held anew.
    fn count(&self) {
        let size = |list: &List| list.files.load().iter().map(|held| held.size()).sum::<usize>();
        self.held.store(self.lists.iter().map(size).sum(), Ordering::Relaxed);
    }

    /// Makes room, where there is too little: those leave that were asked for longest ago.
    fn make_room(&self) {
        if self.held.load(Ordering::Relaxed) <= self.room.all {
            return;
        }
        let all = self.lists.iter().flat_map(|list| Vec::clone(&list.files.load()));
        let mut all: Vec<_> = all.map(|held| (held.asked.load(Ordering::Relaxed), held)).collect();
        all.sort_unstable_by_key(|(asked, _)| std::cmp::Reverse(*asked));
        // An eighth more than need be, so that this is not done for each file.
        let mut size = 0;
        let leaving = all.into_iter().filter(|(_, held)| {
            size += held.size();
            size > self.room.all / 8 * 7
        });
        for (_, held) in leaving {
            if let Some(list) = self.list(&held.about.path) {
                list.replace(&held.about.path, None);
            }
        }
        self.count();
    }
}

/// Where a file stands in a list, or would stand.
fn place(files: &[Arc<Held>], path: &str) -> Result<usize, usize> {
    files.binary_search_by(|held| (*held.about.path).cmp(path))
}

impl List {
    fn find(&self, path: &str) -> Option<Arc<Held>> {
        let files = self.files.load();
        place(&files, path).ok().and_then(|at| files.get(at)).cloned()
    }

    /// Puts a file in its place, or takes it away. Returns what was there.
    fn replace(&self, path: &str, held: Option<&Arc<Held>>) -> Option<Arc<Held>> {
        let before = self.files.rcu(|files| {
            let mut files = Vec::clone(files);
            match (place(&files, path), held) {
                (Ok(at), Some(held)) => {
                    if let Some(place) = files.get_mut(at) {
                        *place = Arc::clone(held);
                    }
                }
                (Ok(at), None) => drop(files.remove(at)),
                (Err(at), Some(held)) => files.insert(at, Arc::clone(held)),
                (Err(_), None) => {}
            }
            files
        });
        place(&before, path).ok().and_then(|at| before.get(at)).cloned()
    }
}

/// Looks at a file on the disk, and holds it from then on. `None`: there is none. Many who look for the same file at once
/// wait for one look.
///
/// # Errors
/// When the disk fails, or the file may not be read.
pub(super) async fn look(shelf: &Arc<Shelf>, live: &Arc<Live>, path: &str, second: u32) -> io::Result<Option<Found>> {
    let number = live.settings_number();
    let Some(list) = shelf.list(path) else { return Ok(None) };
    let _turn = list.turn.lock().await;
    if let Some(held) = shelf.show(path, second, number, Arc::clone) {
        return Ok(Some(Found::Held(held)));
    }
    let before = list.find(path);
    let changes = list.changes.load(Ordering::Acquire);
    let (settings, name, known, largest) = (live.settings(), path.to_owned(), before.clone(), shelf.room.one);
    let looked = in_turn(&shelf.readers, move || -> io::Result<Look> {
        let Some(mut file) = beneath::open(&settings.publish.directory, &name)? else { return Ok(Look::Gone) };
        let Some(stamp) = Stamp::of(&file)? else { return Ok(Look::Gone) };
        if known.as_ref().is_some_and(|held| held.about.stamp == stamp && held.about.settings == number) {
            return Ok(Look::Same);
        }
        if stamp.size() > largest {
            return Ok(Look::Large(file, Box::new(About::new(&name, stamp, None, &settings, number))));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(stamp.size()).unwrap_or_default() + 1);
        // One that grows under our hands is cut here, and another one at the next look.
        file.by_ref().take(largest).read_to_end(&mut bytes)?;
        bytes.shrink_to_fit();
        let mut about = About::new(&name, stamp, Some(&bytes), &settings, number);
        about.is_ambiguous = known.is_some_and(|held| about.is_shortly_after(&held.about));
        Ok(Look::Read(Arc::new(Held::new(about, bytes, second))))
    })
    .await??;
    // What was said to change while it was read is looked at again by whoever asks next.
    let looked_at = if list.changes.load(Ordering::Acquire) == changes { second } else { 0 };
    let (found, held) = match looked {
        Look::Same => {
            if let Some(held) = &before {
                held.looked_at.store(looked_at, Ordering::Release);
            }
            return Ok(before.map(Found::Held));
        }
        Look::Read(held) => {
            held.looked_at.store(looked_at, Ordering::Release);
            (Some(Found::Held(Arc::clone(&held))), Some(held))
        }
        Look::Large(file, about) => (Some(Found::Large(file, about)), None),
        Look::Gone => (None, None),
    };
    if held.is_some() || before.is_some() {
        shelf.put(path, held.as_ref());
    }
    if let Some(held) = held {
        drop(tokio::spawn(pack(Arc::clone(shelf), Arc::downgrade(&held))));
    }
    Ok(found)
}

/// Compresses a file, unless it has left meanwhile: while it waits for its turn, nothing of it is kept for that.
async fn pack(shelf: Arc<Shelf>, held: Weak<Held>) {
    let packed = in_turn(&shelf.packers, {
        let shelf = Arc::clone(&shelf);
        move || {
            let held = held.upgrade()?;
            let other = shelf.list(&held.about.path)?.find(&held.about.path)?;
            Arc::ptr_eq(&other, &held).then(|| held.pack())
        }
    });
    if let Ok(Some(size)) = packed.await {
        shelf.held.fetch_add(size, Ordering::Relaxed);
        shelf.make_room();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::config::Settings;

    /// A shelf before a folder with files of ten thousand bytes each.
    fn shelf(name: &str, files: usize, room: Room) -> (Arc<Shelf>, Arc<Live>, PathBuf) {
        let folder = std::env::temp_dir().join(format!("feedgen-shelf-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for number in 0..files {
            fs::write(folder.join(format!("{number}.png")), vec![b'x'; 10_000]).unwrap();
        }
        let text = format!("[publish]\ndirectory = '{}'\n", folder.display());
        let settings = Settings::from_text(&text, "feedgen.toml", &BTreeMap::new()).unwrap();
        let live = Live::new("2026-05-01T00:00:00Z".parse().unwrap(), Arc::new(settings));
        (Arc::new(Shelf::new(room)), Arc::new(live), folder)
    }

    fn ask(shelf: &Arc<Shelf>, live: &Arc<Live>, path: &str, second: u32) -> bool {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(look(shelf, live, path, second)).unwrap().is_some()
    }

    #[test]
    fn those_leave_that_were_asked_for_longest_ago() {
        let room = Room { all: 10 * (10_000 + 4096), one: 20_000 };
        let (shelf, live, folder) = shelf("room", 40, room);
        for number in 0..40 {
            assert!(ask(&shelf, &live, &format!("{number}.png"), number + 1));
            assert!(ask(&shelf, &live, "0.png", number + 1), "what is asked for often stays");
            assert!(shelf.held.load(Ordering::Relaxed) <= room.all);
        }
        let is_held = |number: u32| {
            let path = format!("{number}.png");
            shelf.list(&path).unwrap().find(&path).is_some()
        };
        assert!(is_held(0) && is_held(39) && is_held(38) && !is_held(1) && !is_held(20));
        shelf.forget(40 + FORGOTTEN);
        assert!(is_held(39) && is_held(0) && !is_held(38));
        shelf.forget(41 + FORGOTTEN);
        assert_eq!(shelf.held.load(Ordering::Relaxed), 0);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_waits_to_be_compressed_takes_no_memory() {
        let room = Room { all: 10 * (10_000 + 4096), one: 20_000 };
        let (shelf, live, folder) = shelf("waiting", 40, room);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let living = runtime.block_on(async {
            let packer = shelf.packers.acquire().await.unwrap();
            let mut read = Vec::new();
            for number in 0..40 {
                let found = look(&shelf, &live, &format!("{number}.png"), number + 1).await.unwrap();
                let Some(Found::Held(held)) = found else { panic!("{number} is not there") };
                read.push(Arc::downgrade(&held));
            }
            tokio::task::yield_now().await;
            drop(packer);
            read.iter().filter(|held| held.strong_count() > 0).count()
        });
        assert!(living <= 10, "{living} files are in memory, and there is room for ten");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_is_read_again_when_it_is_another_one() {
        let (shelf, live, folder) = shelf("again", 1, Room { all: 1 << 20, one: 20_000 });
        let held = || shelf.list("0.png").unwrap().find("0.png");
        assert!(ask(&shelf, &live, "0.png", 1));
        let first = held().unwrap();
        assert!(shelf.show("0.png", 1, 0, |_| ()).is_some() && shelf.show("0.png", 2, 0, |_| ()).is_none());
        assert!(ask(&shelf, &live, "0.png", 2));
        assert!(Arc::ptr_eq(&first, &held().unwrap()), "an equal file was read again");
        shelf.outdate(&["0.png".to_owned()]);
        assert!(shelf.show("0.png", 2, 0, |_| ()).is_none());
        fs::write(folder.join("beside"), "y").unwrap();
        fs::rename(folder.join("beside"), folder.join("0.png")).unwrap();
        assert!(ask(&shelf, &live, "0.png", 2));
        assert!(!Arc::ptr_eq(&first, &held().unwrap()));
        fs::remove_file(folder.join("0.png")).unwrap();
        assert!(!ask(&shelf, &live, "0.png", 3));
        assert!(held().is_none() && shelf.held.load(Ordering::Relaxed) == 0);
        fs::remove_dir_all(folder).unwrap();
    }
}
