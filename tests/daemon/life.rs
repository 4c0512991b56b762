//! Signals, the service manager, and sudden ends.

use std::io::Write;
use std::net::TcpStream;
use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::time::Duration;

use crate::badweb::Server;
use crate::house::{FERRY, House, TIDE};
use crate::outside::own_address;
use crate::publisher;
use crate::running::{Daemon, SERVE, at_work, until};

#[test]
fn a_signal_ends_it_in_time_even_while_a_source_hangs() {
    let hanging = Server::start(|_, _: &mut dyn Write| std::thread::sleep(Duration::from_mins(2)));
    let house = House::new();
    let config = publisher::CONFIG;
    house.config(&format!(
        "{config}timeout = \"5m\"\n{SERVE}[[source]]\nid = \"slow\"\nfeed = \"{}\"\n",
        hanging.url("/feed")
    ));
    let daemon = Daemon::start(&house);
    until("the visit", || (!hanging.heads().is_empty()).then_some(()));
    let (code, time) = daemon.end();
    assert_eq!(code, Some(0));
    assert!(time < Duration::from_secs(20), "{time:?}");
    let house = House::new();
    house.config_with(SERVE).file("news/a.txt", TIDE);
    let daemon = Daemon::start(&house);
    daemon.signal("INT");
    until("its end", || std::net::TcpStream::connect(&daemon.address).is_err().then_some(()));
}

#[test]
fn a_service_manager_hears_what_it_waits_for() {
    let house = House::new();
    house.config_with(SERVE).file("news/a.txt", TIDE);
    let socket = house.path("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    manager.set_read_timeout(Some(crate::running::PATIENCE)).unwrap();
    let mut command = house.command(&["serve"]);
    command.env("NOTIFY_SOCKET", &socket).env("WATCHDOG_USEC", "3000000");
    let daemon = Daemon::start_as(command);
    let mut heard: Vec<String> = Vec::new();
    // Waits until it was heard so many times in all.
    let mut wait_for = |wanted: &str, times: usize| {
        let mut bytes = [0; 4096];
        let begun = std::time::Instant::now();
        let count = |heard: &[String]| heard.iter().filter(|line| line.starts_with(wanted)).count();
        while count(&heard) < times {
            assert!(begun.elapsed() < crate::running::PATIENCE, "{wanted}: {heard:?}");
            let length = match manager.recv(&mut bytes) {
                // A machine that stood still goes on.
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                received => received.unwrap_or_else(|error| panic!("{wanted}: {error}, {heard:?}")),
            };
            heard.extend(String::from_utf8(bytes[..length].to_vec()).unwrap().lines().map(str::to_owned));
        }
    };
    wait_for("READY=1", 1);
    wait_for("STATUS=waiting", 1);
    // As long as it lives.
    wait_for("WATCHDOG=1", 3);
    daemon.signal("HUP");
    wait_for("RELOADING=1", 1);
    wait_for("MONOTONIC_USEC=", 1);
    wait_for("READY=1", 2);
    daemon.signal("TERM");
    wait_for("STOPPING=1", 1);
}

#[test]
fn sockets_of_a_service_manager_are_taken() {
    let activate = "systemd-socket-activate";
    if Command::new(activate).arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "{activate} is to be installed where this is tested");
        eprintln!("LEFT OUT: {activate} is not installed");
        return;
    }
    let house = House::new();
    house.config_with(SERVE).file("news/a.txt", TIDE);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let plain = house.command(&["serve"]);
    let mut command = Command::new(activate);
    command
        .arg("-l")
        .arg(format!("127.0.0.1:{port}"))
        .arg("-E")
        .arg("FEEDGEN_LOG=debug")
        .arg(plain.get_program())
        .arg("serve");
    command
        .current_dir(house.path(""))
        .env_clear()
        .envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    // The first who asks starts it.
    let knocking = std::thread::spawn(move || {
        until("a socket", || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
    });
    let daemon = Daemon::start_as(command);
    knocking.join().unwrap();
    assert_eq!(daemon.address, format!("127.0.0.1:{port}"));
    daemon.shows("The tide rose by two metres");
}

#[test]
fn memory_goes_back_at_once_unless_somebody_says_otherwise() {
    let house = House::new();
    house.config_with(SERVE).file("news/a.txt", TIDE);
    let delay = |daemon: &Daemon| {
        let environment = std::fs::read_to_string(format!("/proc/{}/environ", daemon.id())).unwrap();
        environment.split('\0').find_map(|said| said.strip_prefix("MIMALLOC_PURGE_DELAY=")).map(str::to_owned)
    };
    let daemon = Daemon::start(&house);
    assert_eq!(delay(&daemon).as_deref(), Some("0"));
    daemon.end();
    let mut command = house.command(&["serve"]);
    command.env("MIMALLOC_PURGE_DELAY", "1000");
    assert_eq!(delay(&Daemon::start_as(command)).as_deref(), Some("1000"));
}

#[test]
fn what_is_killed_goes_on_where_it_was() {
    let (house, daemon) = at_work();
    let id = house.feed("all.json")[0].id.clone();
    daemon.kill();
    // Its socket is still there, and nobody behind it.
    assert!(house.path("state/feedgen.db.sock").exists());
    house.file("news/b.txt", FERRY);
    house.refresh().expect_ok();
    let daemon = Daemon::start(&house);
    daemon.shows("A ferry without an engine");
    assert!(house.feed("all.json").iter().any(|item| item.id == id));
    house.refresh().expect_ok();
}

#[test]
fn a_configuration_or_an_address_that_cannot_be_used_is_told_at_the_start() {
    let house = House::new();
    house.config("[site]\nnonsense = 3\n");
    let outcome = house.run(&["serve"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("nonsense"), "{}", outcome.stderr);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    house.config_with(&format!("[serve]\nlisten = \"{address}\"\n"));
    let outcome = house.run(&["serve"]);
    assert_eq!(outcome.code, 3);
    assert!(outcome.stderr.contains(&address.to_string()), "{}", outcome.stderr);
}

#[test]
fn somebody_who_holds_too_many_connections_is_told_once() {
    let Some(own) = own_address() else { return };
    let house = House::new();
    house.config_with(&SERVE.replace("127.0.0.1", "0.0.0.0")).file("news/a.txt", TIDE);
    let plain = house.command(&["serve"]);
    let mut narrow = Command::new("sh");
    // Of 128 descriptors half are for connections, and 16 for one peer.
    narrow.args(["-c", "ulimit -n 128; exec \"$0\" serve"]).arg(plain.get_program()).current_dir(house.path(""));
    narrow.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let daemon = Daemon::start_as(narrow);
    daemon.shows("The tide rose by two metres");
    let port: u16 = daemon.address.rsplit_once(':').unwrap().1.parse().unwrap();
    let held: Vec<_> = (0..20).map(|_| TcpStream::connect((own, port)).unwrap()).collect();
    let told = format!("{own} holds a quarter of all connections");
    daemon.says(&told);
    // Others are served meanwhile.
    assert_eq!(daemon.get("/all.json").status, 200);
    assert!(daemon.get("/metrics").text().contains("\nfeedgen_connections_refused_total 4\n"));
    house.file("news/b.txt", FERRY);
    daemon.shows("A ferry without an engine");
    assert_eq!(daemon.said().iter().filter(|line| line.contains(&told)).count(), 1);
    drop(held);
}
