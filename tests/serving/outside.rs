//! An address of this machine at which it is no longer a visitor from here.

#![expect(clippy::print_stderr, reason = "a test that is left out says so")]

use std::net::{IpAddr, UdpSocket};

/// An address of this machine that is not loopback. `None`: it has none.
pub(crate) fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    // Nothing is sent: the system only says by which address it would go.
    let route = socket.connect("192.0.2.1:9").and_then(|()| socket.local_addr());
    let own = route.ok().map(|own| own.ip()).filter(|own| !own.is_loopback() && !own.is_unspecified());
    if own.is_none() {
        assert!(std::env::var_os("CI").is_none(), "an address but loopback is needed where this is tested");
        eprintln!("LEFT OUT: this machine has no address but loopback");
    }
    own
}
