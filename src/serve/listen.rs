//! Where requests come in.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::{Door, connection, stopped};

/// Descriptors that are left to everything else: the store, the files being read, connections to sources.
const OTHERS: u64 = 1024;

/// How long to wait where no connection can be accepted, because the system has no descriptors or memory left.
const PAUSE: Duration = Duration::from_millis(100);

/// Opens the addresses of `[serve] listen`.
///
/// # Errors
/// With the first address that cannot be had, and what to do.
pub fn bind(listen: &[SocketAddr]) -> io::Result<Vec<TcpListener>> {
    listen.iter().map(|address| TcpListener::bind(address).map_err(|error| explained(*address, &error))).collect()
}

fn explained(address: SocketAddr, error: &io::Error) -> io::Error {
    let next = match error.kind() {
        ErrorKind::AddrInUse => "another program listens there: end it, or set serve.listen to another port",
        ErrorKind::PermissionDenied => {
            "ports below 1024 belong to root: set serve.listen to a higher one, and put a web server in front"
        }
        ErrorKind::AddrNotAvailable => "no interface of this machine has it: set serve.listen to one that has",
        _ => "set serve.listen to another address",
    };
    io::Error::new(error.kind(), format!("cannot listen on {address}: {error}; {next}"))
}

/// How many connections there may be: as many as wanted, or as the limit on descriptors lets be. That is raised as far as
/// the system allows and this needs.
pub(super) fn places(wanted: usize) -> usize {
    let needed = u64::try_from(wanted).unwrap_or(u64::MAX).saturating_add(OTHERS);
    let limit = getrlimit(Resource::Nofile);
    let (current, maximum) = (limit.current.unwrap_or(u64::MAX), limit.maximum.unwrap_or(u64::MAX));
    let raised = current.max(needed.min(maximum));
    let is_raised = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum: limit.maximum }).is_ok();
    let descriptors = if is_raised { raised } else { current };
    let left = usize::try_from(descriptors.saturating_sub(OTHERS).max(descriptors / 2)).unwrap_or(usize::MAX);
    wanted.min(left).max(1)
}

/// Accepts connections until the end is asked for, then waits for those that are open.
pub(super) async fn accept(
    listener: tokio::net::TcpListener,
    door: Arc<Door>,
    places: Arc<Semaphore>,
    stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    let mut stopping = stop.clone();
    loop {
        while connections.try_join_next().is_some() {}
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = stopped(&mut stopping) => break,
            next = next => next,
        };
        match (place, accepted) {
            (Ok(place), Ok((stream, peer))) => match door.shares.take(peer.ip()) {
                Some(share) => {
                    let place = (place, share);
                    connections.spawn(connection::serve(stream, peer, Arc::clone(&door), place, stop.clone()));
                }
                // It is told so by the end of the connection, which costs the least.
                None => door.live.traffic.turned_away(peer.ip()),
            },
            // It was gone before it was here.
            (_, Err(error)) if error.kind() == ErrorKind::ConnectionAborted => {}
            _ => tokio::time::sleep(PAUSE).await,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}
