//! The back door over HTTP: what is published, and pages that tell how everything is.
//!
//! ```text
//! listener → connection (limits) → answer ─ published file → shelf (in memory, looked after)
//!                                        └ anything else  → pages (made when asked for)
//! ```

use std::fmt;
use std::io;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

mod access;
mod address;
mod answer;
mod beneath;
mod body;
mod connection;
mod freshness;
mod held;
mod listen;
pub mod live;
mod made;
mod media;
pub mod pages;
mod refusal;
mod share;
mod shelf;
mod turn;
mod wanted;

pub use listen::bind;

use crate::refresh::Now;
use live::Live;
use share::Shares;
use shelf::{Room, Shelf};

/// How often, in seconds, what nobody asks for any more is looked for.
const TIDYING: u32 = 60;

/// Pages that are made of the store at the same time.
const MAKERS: usize = 8;

/// Addresses that are looked at for somebody at the same time.
const PREVIEWERS: usize = 2;

/// What may be asked of the door.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at the same time, as far as the limit on descriptors allows. A quarter of them may come from one address, but for this machine.
    pub connections: usize,
    /// How long the head of a request may take to arrive, in seconds.
    pub head: u32,
    /// How long a connection may wait for its next request, in seconds.
    pub idle: u32,
    /// How long whoever is answered may take no byte, in seconds.
    pub stalled: u32,
    /// How long all of an answer may take, in seconds.
    pub answer: u32,
    /// How long connections may go on after the end was asked for, in seconds.
    pub drain: u32,
    /// Largest body of a request, in bytes.
    pub body: usize,
    /// Published files in memory, in bytes.
    pub held: usize,
    /// The largest file that is held in memory, in bytes.
    pub file: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 16_384,
            head: 10,
            idle: 60,
            stalled: 30,
            answer: 15 * 60,
            drain: 4,
            body: 64 << 10,
            held: 64 << 20,
            file: 8 << 20,
        }
    }
}

/// Everything a request needs.
pub struct Door {
    live: Arc<Live>,
    clock: Now,
    limits: Limits,
    shelf: Arc<Shelf>,
    /// Places for connections that are free.
    places: Arc<Semaphore>,
    /// Who holds how many of them.
    shares: Arc<Shares>,
    /// Turns at making pages of the store.
    makers: Arc<Semaphore>,
    /// Turns at making pages of what the web answers, which may take minutes.
    previewers: Arc<Semaphore>,
    log: OnceLock<access::Log>,
    /// Seconds since it was opened, from 1 on: what is compared on the way of each request need not ask the system.
    second: AtomicU32,
}

impl Door {
    /// A door to what `live.settings()` publish.
    pub fn new(live: Arc<Live>, clock: Now) -> Arc<Self> {
        Self::with_limits(live, clock, Limits::default())
    }

    /// The same with limits of one's own.
    pub fn with_limits(live: Arc<Live>, clock: Now, limits: Limits) -> Arc<Self> {
        let connections = listen::places(limits.connections);
        Arc::new(Self {
            live,
            clock,
            limits: Limits { connections, ..limits },
            shelf: Arc::new(Shelf::new(Room { all: limits.held, one: limits.file })),
            places: Arc::new(Semaphore::new(connections)),
            shares: Shares::of(connections),
            makers: Arc::new(Semaphore::new(MAKERS)),
            previewers: Arc::new(Semaphore::new(PREVIEWERS)),
            log: OnceLock::new(),
            second: AtomicU32::new(1),
        })
    }

    /// These files of the publish directory were written or removed, paths below it: what is held of them is shown no
    /// more, and made anew in the background. Returns at once, and may be called from any thread.
    pub fn changed(&self, paths: &[String]) {
        self.shelf.outdate(paths);
    }

    fn second(&self) -> u32 {
        self.second.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Door").field("live", &self.live).field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Answers requests until `stop` says true, or whoever could say so is gone. Then connections are drained, for
/// [`Limits::drain`] at most. Needs a runtime with time and network.
///
/// # Errors
/// When a listener cannot be used at all.
pub async fn serve(listeners: Vec<TcpListener>, door: Arc<Door>, mut stop: watch::Receiver<bool>) -> io::Result<()> {
    let mut accepting = JoinSet::new();
    for listener in listeners {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        accepting.spawn(listen::accept(listener, Arc::clone(&door), Arc::clone(&door.places), stop.clone()));
    }
    let mut chores = JoinSet::new();
    chores.spawn(count_seconds(Arc::clone(&door)));
    chores.spawn(renew(Arc::clone(&door)));
    stopped(&mut stop).await;
    let drained = async { while accepting.join_next().await.is_some() {} };
    // What is not done by then is cut off as `accepting` ends.
    tokio::time::timeout(Duration::from_secs(door.limits.drain.into()), drained).await.unwrap_or_default();
    Ok(())
}

/// Waits until the end is asked for.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the other side is gone, which is the end, too.
    stop.wait_for(|stop| *stop).await.map(drop).unwrap_or_default();
}

async fn count_seconds(door: Arc<Door>) {
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        seconds.tick().await;
        let second = door.second.fetch_add(1, Ordering::Relaxed) + 1;
        if second.is_multiple_of(TIDYING) {
            door.shelf.forget(second);
        }
    }
}

/// Makes what has changed anew, so that whoever asks for it next finds it there, and compressed.
async fn renew(door: Arc<Door>) {
    loop {
        for path in door.shelf.outdated().await {
            // An error is told to whoever asks for the file.
            shelf::look(&door.shelf, &door.live, &path, door.second()).await.map(drop).unwrap_or_default();
        }
    }
}
