//! How many connections one peer may hold, so that others find a place.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One peer may hold a place of so many. Whoever is on this machine may hold all: a reverse proxy speaks for many.
const PARTS: usize = 4;

/// Who holds how many connections.
#[derive(Debug)]
pub(super) struct Shares {
    most: usize,
    held: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection that is counted until this is dropped.
#[derive(Debug)]
pub(super) struct Share {
    /// `None`: it is not counted.
    peer: Option<IpAddr>,
    shares: Arc<Shares>,
}

impl Shares {
    /// Shares of so many places.
    pub(super) fn of(places: usize) -> Arc<Self> {
        Arc::new(Self { most: (places / PARTS).max(1), held: Mutex::default() })
    }

    /// Counts a connection. `None`: its peer has its share already.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Share> {
        let peer = network(peer);
        if let Some(peer) = peer {
            let mut held = self.held();
            let count = held.entry(peer).or_default();
            if *count >= self.most {
                return None;
            }
            *count += 1;
        }
        Some(Share { peer, shares: Arc::clone(self) })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let Some(peer) = self.peer else { return };
        let mut held = self.shares.held();
        if let Some(count) = held.get_mut(&peer) {
            *count -= 1;
            if *count == 0 {
                held.remove(&peer);
            }
        }
    }
}

/// Whose address it is: that of a host, or in IPv6 of a network of /64, which one host has all of. `None`: of this machine.
fn network(peer: IpAddr) -> Option<IpAddr> {
    let peer = peer.to_canonical();
    let whose = match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(peer) => Ipv6Addr::from_bits(peer.to_bits() >> 64 << 64).into(),
    };
    (!peer.is_loopback()).then_some(whose)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_peer_has_its_share_and_this_machine_all() {
        let shares = Shares::of(8);
        let take = |peer: &str| shares.take(peer.parse().unwrap());
        let first = (take("192.0.2.1").unwrap(), take("::ffff:192.0.2.1").unwrap());
        assert!(take("192.0.2.1").is_none());
        let others = [take("192.0.2.2"), take("2001:db8::1"), take("2001:db8::2"), take("2001:db8:0:1::1")];
        assert!(others.iter().all(Option::is_some));
        assert!(take("2001:db8::3").is_none());
        let local: Vec<_> = (0..9).map(|_| [take("127.0.0.1"), take("::1"), take("::ffff:127.0.0.1")]).collect();
        assert!(local.iter().flatten().all(Option::is_some));
        drop(first);
        assert!(take("192.0.2.1").is_some());
        drop((others, local));
        assert!(shares.held().is_empty());
    }
}
