//! The daemon holds the store, so whoever wants something done to it asks the daemon, over a socket beside the store: a line of
//! JSON each way.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::Shutdown;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::refresh::RefreshError;
use crate::refresh::ongoing::Call;
use crate::refresh::task::Task;
use crate::report::Report;
use crate::serve::live::Live;
use crate::status::troubles::Trouble;

/// Longest request, bytes: some ten thousand keys.
const LONGEST: u64 = 1024 * 1024;
/// Those who may ask at once.
const AT_ONCE: usize = 32;
/// How long is waited where nobody can be heard.
const PAUSE: Duration = Duration::from_millis(100);
/// Asks what keeps the daemon from storing anything.
const STANDSTILL: &str = "\"standstill\"";
/// How long a request may take to come.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why the daemon did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The exit code that says so.
    pub code: u8,
    /// Why, and the next step.
    pub text: String,
}

/// The socket beside a store.
fn socket(store: &Path) -> PathBuf {
    let mut path: OsString = store.as_os_str().to_owned();
    path.push(".sock");
    path.into()
}

/// A short way to a path: that of a socket holds 107 bytes (`unix(7)`). It leads there while the folder is held.
fn reachable(path: &Path) -> io::Result<(File, PathBuf)> {
    let above = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = File::open(above)?;
    let way = Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string());
    let name = path.file_name().unwrap_or_default();
    let way = way.join(name);
    Ok((folder, way))
}

/// Whether a daemon holds a store.
pub fn is_there(store: &Path) -> bool {
    reachable(&socket(store)).and_then(|(_folder, way)| UnixStream::connect(way)).is_ok()
}

/// Asks the daemon that holds a store to do something, and waits until that is published.
///
/// # Errors
/// When no daemon answers there.
pub fn ask(store: &Path, task: &Task) -> io::Result<Result<Report, Refused>> {
    let (_folder, way) = reachable(&socket(store))?;
    let mut stream = UnixStream::connect(way)?;
    let mut request = serde_json::to_vec(task)?;
    request.push(b'\n');
    stream.write_all(&request)?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    if answer.is_empty() {
        let text = "the daemon ended before it was done: ask again when it runs".to_owned();
        return Ok(Err(Refused { code: 3, text }));
    }
    Ok(serde_json::from_str(&answer).unwrap_or_else(|error| {
        let text = format!("the daemon is of another version than this command: restart it ({error})");
        Err(Refused { code: 3, text })
    }))
}

/// What keeps the daemon that holds a store from storing anything: it says so, for the store cannot. `None`: nothing does, or no daemon answers.
pub fn standstill(store: &Path) -> Option<Trouble> {
    let (_folder, way) = reachable(&socket(store)).ok()?;
    let mut stream = UnixStream::connect(way).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    writeln!(stream, "{STANDSTILL}").ok()?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).ok()?;
    serde_json::from_str(&answer).ok()
}

/// The daemon's end of the socket. Its user may ask, and root.
#[derive(Debug)]
pub(super) struct Control {
    path: PathBuf,
    /// Device and inode of the socket there.
    identity: Option<(u64, u64)>,
    /// The socket itself, and whether it is given up.
    listening: UnixStream,
    is_over: Arc<AtomicBool>,
}

impl Control {
    /// Opens the socket beside a store that is held, and answers on threads of its own by what `call` makes of the calls.
    pub(super) fn open(
        store: &Path,
        live: &Arc<Live>,
        call: impl Fn(Call) + Clone + Send + 'static,
    ) -> io::Result<Self> {
        let path = socket(store);
        // Nobody else holds the store, so what lies there was left by one that was killed.
        let _none = std::fs::remove_file(&path);
        let (_folder, way) = reachable(&path)?;
        let listener = UnixListener::bind(way)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        // One that listens is shut down as one that talks is.
        let listening = UnixStream::from(OwnedFd::from(listener.try_clone()?));
        let is_over = Arc::new(AtomicBool::new(false));
        let (live, over) = (live.clone(), is_over.clone());
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let listen = move || {
            for stream in listener.incoming() {
                if over.load(Ordering::Acquire) {
                    return;
                }
                let (Ok(stream), Ok(place)) = (stream, places.clone().try_acquire_owned()) else {
                    // Descriptors are short, or many ask: who is refused asks again.
                    std::thread::sleep(PAUSE);
                    continue;
                };
                let (live, call) = (live.clone(), call.clone());
                let answering = std::thread::Builder::new().name("asked".to_owned()).spawn(move || {
                    let _place = place;
                    // Whoever asked has gone.
                    let _gone = answer(stream, &live, &call);
                });
                // Where there can be no thread, who asks is told by the end of the connection.
                drop(answering);
            }
        };
        std::thread::Builder::new().name("control".to_owned()).spawn(listen)?;
        let identity = identity(&path);
        Ok(Self { path, identity, listening, is_over })
    }

    /// Whether its socket can still be found: somebody may have taken it away.
    pub(super) fn is_in_place(&self) -> bool {
        identity(&self.path) == self.identity
    }
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    std::fs::symlink_metadata(path).ok().map(|about| (about.dev(), about.ino()))
}

impl Drop for Control {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
        // Who listens is woken; if not, it ends when somebody asks.
        let _deaf = self.listening.shutdown(Shutdown::Both);
        // The next daemon takes it away, else. Another's stays.
        if self.is_in_place() {
            let _left = std::fs::remove_file(&self.path);
        }
    }
}

fn answer(mut stream: UnixStream, live: &Live, call: &impl Fn(Call)) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut request = String::new();
    BufReader::new((&stream).take(LONGEST)).read_line(&mut request)?;
    if request.trim_end() == STANDSTILL {
        let told = live.standstill().map(|standstill| Trouble::from(standstill.incident.clone()));
        return writeln!(stream, "{}", serde_json::to_string(&told)?);
    }
    let outcome = match serde_json::from_str::<Task>(&request) {
        Err(error) => {
            Err(Refused { code: 2, text: format!("the daemon does not understand what it is asked: {error}") })
        }
        Ok(task) => {
            let (answer, answered) = mpsc::channel();
            call(Call::Do((task, answer)));
            match answered.recv() {
                Ok(outcome) => outcome.map_err(|error| refused(&error)),
                // Whoever asked is told by the end of the connection.
                Err(_) => return Ok(()),
            }
        }
    };
    let mut line = serde_json::to_vec(&outcome)?;
    line.push(b'\n');
    stream.write_all(&line)
}

fn refused(error: &RefreshError) -> Refused {
    let code = if matches!(error, RefreshError::Store(_) | RefreshError::Resting(_)) { 3 } else { 2 };
    Refused { code, text: error.to_string() }
}
