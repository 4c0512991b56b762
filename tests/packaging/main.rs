//! The package for Debian: made as `scripts/package` makes it, unpacked into a root of its own, and run from there; and what systemd
//! says of its units. Needs cargo-deb, dpkg-deb, strace and systemd-analyze, but no running systemd.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its root has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

mod unpacked;

use unpacked::{REPOSITORY, program, root, run, text};

/// Nobody listens there: no port so low is given to who asks for a free one.
const NOBODY: &str = "127.0.0.1:2";

const SERVICES: [&str; 2] = ["feedgen.service", "feedgen-refresh.service"];

fn unit(name: &str) -> String {
    fs::read_to_string(Path::new(REPOSITORY).join("packaging").join(name)).unwrap()
}

/// The program of the package, as it is started by hand: `folder` has its configuration and state.
fn feedgen(folder: &Path) -> Command {
    let mut command = Command::new(program());
    command.env_clear().current_dir(folder).env("SOURCE_DATE_EPOCH", "1893456000");
    command
}

/// A folder of the target directory, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The configuration of the package, with its paths led into the root and `state`.
fn configuration(state: &Path) -> String {
    let text = fs::read_to_string(root().join("etc/feedgen/feedgen.toml")).unwrap();
    text.replace("/var/lib/feedgen", state.to_str().unwrap())
        .replace("/usr/share", root().join("usr/share").to_str().unwrap())
}

#[test]
fn the_package_has_what_a_service_needs() {
    for path in [
        "etc/feedgen/feedgen.toml",
        "usr/bin/feedgen",
        "usr/lib/systemd/system/feedgen.service",
        "usr/lib/systemd/system/feedgen.socket",
        "usr/lib/systemd/system/feedgen-refresh.service",
        "usr/lib/systemd/system/feedgen-refresh.timer",
        "usr/share/bash-completion/completions/feedgen",
        "usr/share/doc/feedgen/copyright",
        "usr/share/doc/feedgen/install.md",
        "usr/share/doc/feedgen/manual.md",
        "usr/share/feedgen/feedgen.schema.json",
        "usr/share/fish/vendor_completions.d/feedgen.fish",
        "usr/share/man/man1/feedgen.1.gz",
        "usr/share/zsh/vendor-completions/_feedgen",
    ] {
        assert!(root().join(path).metadata().is_ok_and(|about| about.len() > 0), "{path}");
    }
    let control = |name: &str| fs::read_to_string(root().join("DEBIAN").join(name)).unwrap();
    assert_eq!(control("conffiles").trim(), "/etc/feedgen/feedgen.toml");
    assert!(control("control").contains("\nDepends: ca-certificates, libc6 (>= 2."));
    // What its unit runs.
    assert!(control("control").lines().any(|line| line.starts_with("Depends: ") && line.contains(", procps")));
    assert!(control("postinst").contains("deb-systemd-helper enable feedgen.service"));
    // What is optional waits until somebody enables it.
    assert!(!control("postinst").contains("socket") && !control("postinst").contains("feedgen-refresh"));
    assert!(control("postrm").contains("rm -rf /var/lib/private/feedgen"));
    for script in ["postinst", "prerm", "postrm"] {
        run(Command::new("sh").arg("-n").arg(root().join("DEBIAN").join(script)));
    }
}

#[test]
fn the_package_works_from_its_own_root() {
    let state = folder("packaged");
    fs::write(state.join("feedgen.toml"), configuration(&state)).unwrap();
    let checked = text(&run(feedgen(&state).arg("check")).stdout);
    assert!(checked.contains("has no errors") && checked.contains("14 documents in "), "{checked}");
    run(feedgen(&state).args(["refresh", "--quiet"]));
    let feed = fs::read_to_string(state.join("feeds/all.json")).unwrap();
    assert!(feed.contains("\"title\": \"Newsroom\"") || feed.contains("\"title\":\"Newsroom\""), "{feed}");
    assert!(state.join("feedgen.db").is_file());
}

#[test]
fn under_systemd_state_and_secrets_lie_where_it_says() {
    let state = folder("state-directory");
    let told = |command: &mut Command| text(&run(command.args(["check", "--effective"])).stdout);
    let packaged = told(feedgen(&state).env("FEEDGEN_CONFIG", root().join("etc/feedgen/feedgen.toml")));
    assert!(
        packaged.contains("directory = \"/var/lib/feedgen/feeds\"")
            && packaged.contains("path = \"/var/lib/feedgen/feedgen.db\"")
    );
    assert!(unit("feedgen.service").contains("\nStateDirectory=feedgen\n"));

    fs::write(
        state.join("own.toml"),
        "[[source]]\nid = 'far'\nfeed = 'https://far.example/'\nuser = 'reader'\npassword_file = 'far.password'\n",
    )
    .unwrap();
    let own = told(
        feedgen(&state)
            .env("FEEDGEN_CONFIG", "own.toml")
            .env("STATE_DIRECTORY", &state)
            .env("CREDENTIALS_DIRECTORY", "/run/credentials/feedgen.service"),
    );
    let directory = format!("directory = \"{}\"  # STATE_DIRECTORY\n", state.join("feeds").display());
    assert!(own.contains(&directory), "{own}");
    assert!(own.contains("password_file = \"/run/credentials/feedgen.service/far.password\""), "{own}");
}

#[test]
fn systemd_finds_nothing_wrong_with_the_units() {
    let systemd = folder("units");
    let units = systemd.join("usr/lib/systemd/system");
    fs::create_dir_all(&units).unwrap();
    fs::create_dir_all(systemd.join("usr/bin")).unwrap();
    std::os::unix::fs::symlink("usr/bin", systemd.join("bin")).unwrap();
    // The units that ours lean on are those of this machine.
    for entry in fs::read_dir("/usr/lib/systemd/system").unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), units.join(entry.file_name())).unwrap();
        }
    }
    fs::copy("/bin/kill", systemd.join("usr/bin/kill")).unwrap();
    fs::copy(root().join("usr/bin/feedgen"), systemd.join("usr/bin/feedgen")).unwrap();
    let ours: Vec<_> =
        fs::read_dir(root().join("usr/lib/systemd/system")).unwrap().map(|entry| entry.unwrap().path()).collect();
    for unit in &ours {
        fs::copy(unit, units.join(unit.file_name().unwrap())).unwrap();
    }
    let names: Vec<_> = ours.iter().map(|unit| unit.file_name().unwrap()).collect();
    let mut verify = Command::new("systemd-analyze");
    let told = run(verify.arg("verify").arg("--man=no").arg(format!("--root={}", systemd.display())).args(&names));
    let said = text(&told.stderr);
    assert!(!said.lines().any(|line| line.contains("feedgen")), "{said}");
}

#[test]
fn the_services_are_exposed_no_more_than_they_need() {
    for name in SERVICES {
        // A threshold is ten times the figure that is shown.
        run(Command::new("systemd-analyze")
            .args(["security", "--offline=true", "--threshold=12", "--no-pager"])
            .arg(Path::new(REPOSITORY).join("packaging").join(name)));
    }
    let hardening = |name: &str| -> BTreeSet<String> {
        let text = unit(name);
        let from = text.lines().skip_while(|line| !line.starts_with("# Who it is"));
        from.take_while(|line| *line != "[Install]").filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let [daemon, once] = SERVICES.map(hardening);
    assert_eq!(daemon, once);
    assert!(daemon.len() > 30);
}

/// The system calls of a group, those of groups in it included, as `systemd-analyze syscall-filter` has them.
fn calls(groups: &BTreeMap<String, Vec<String>>, name: &str) -> BTreeSet<String> {
    let members = groups.get(name).unwrap_or_else(|| panic!("no group {name}"));
    let (inner, calls): (Vec<_>, Vec<_>) = members.iter().partition(|member| member.starts_with('@'));
    calls.into_iter().cloned().chain(inner.into_iter().flat_map(|inner| self::calls(groups, inner))).collect()
}

fn groups() -> BTreeMap<String, Vec<String>> {
    let told = text(&run(Command::new("systemd-analyze").args(["syscall-filter", "--no-pager"])).stdout);
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in told.lines() {
        if line.starts_with('@') {
            line.clone_into(&mut current);
        } else if let Some(member) = line.strip_prefix("    ").filter(|member| !member.starts_with('#')) {
            groups.entry(current.clone()).or_default().push(member.to_owned());
        }
    }
    groups
}

/// What the services may ask the kernel for.
fn allowed() -> BTreeSet<String> {
    for name in SERVICES {
        assert!(unit(name).contains("\nSystemCallFilter=@system-service\nSystemCallFilter=~@privileged @resources\n"));
    }
    let groups = groups();
    let mut allowed = calls(&groups, "@system-service");
    for forbidden in ["@privileged", "@resources"] {
        allowed.retain(|call| !calls(&groups, forbidden).contains(call));
    }
    // SQLite hands what root made to the owner of the database; a service is not root.
    allowed.insert("fchown".to_owned());
    allowed
}

/// The program of the package under `strace`, and where that writes.
fn traced(state: &Path, arguments: &[&str]) -> (Command, PathBuf) {
    // Beside the folder, which a daemon watches: it would see each of its own calls written.
    let trace = state.with_extension("trace");
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o"]).arg(&trace).arg(program()).args(arguments);
    command.env_clear().current_dir(state);
    (command, trace)
}

/// Names of the system calls that were traced.
fn asked(trace: &Path) -> BTreeSet<String> {
    let lines = BufReader::new(fs::File::open(trace).unwrap()).lines();
    let name = |line: String| Some(line.split_once(' ')?.1.trim_start().split_once('(')?.0.to_owned());
    let is_name = |call: &String| call.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    lines.filter_map(|line| name(line.unwrap())).filter(is_name).collect()
}

#[test]
fn a_walk_asks_the_kernel_for_nothing_that_the_service_forbids() {
    let state = folder("traced");
    let samples = configuration(&state);
    // A source on the web, so that the network is asked for, too.
    let text = format!(
        "{samples}[refresh]\nallow_private = ['127.0.0.1']\n[[source]]\nid = 'far'\nfeed = 'http://{NOBODY}/'\n"
    );
    fs::write(state.join("feedgen.toml"), text).unwrap();
    let (mut command, trace) = traced(&state, &["refresh", "--quiet"]);
    let walked = command.env("SOURCE_DATE_EPOCH", "1893456000").output().unwrap();
    assert_eq!(walked.status.code(), Some(1), "the feed was read: {}", self::text(&walked.stderr));
    let asked = asked(&trace);
    assert!(asked.contains("openat") && asked.contains("connect"), "{asked:?}");
    let forbidden: Vec<_> = asked.difference(&allowed()).cloned().collect();
    assert!(forbidden.is_empty(), "{forbidden:?}");
}

#[test]
fn a_daemon_asks_the_kernel_for_nothing_that_the_service_forbids() {
    let state = folder("traced-daemon");
    let configuration = configuration(&state);
    fs::write(state.join("feedgen.toml"), &configuration).unwrap();
    let (mut command, trace) = traced(&state, &["serve"]);
    command.env("FEEDGEN_SERVE__LISTEN", "127.0.0.1:0").env("NOTIFY_SOCKET", state.join("manager"));
    // A manager who does not listen would hold up the daemon.
    let manager = UnixDatagram::bind(state.join("manager")).unwrap();
    std::thread::spawn(move || while manager.recv(&mut [0; 1024]).is_ok() {});
    let mut daemon = command.stderr(Stdio::piped()).spawn().unwrap();
    let (say, said) = std::sync::mpsc::channel();
    let lines = BufReader::new(daemon.stderr.take().unwrap()).lines().map(Result::unwrap);
    std::thread::spawn(move || lines.for_each(|line| drop(say.send(line))));
    let children = format!("/proc/{0}/task/{0}/children", daemon.id());
    let end = || run(Command::new("kill").args(["-TERM", fs::read_to_string(&children).unwrap().trim()]));
    let says = |text: &str| loop {
        match said.recv_timeout(Duration::from_mins(2)) {
            Ok(line) if line.contains(text) => return line,
            Ok(_) => {}
            Err(error) => {
                end();
                panic!("{text:?} was not said: {error}");
            }
        }
    };
    let listening = says("listening on http://");
    let address = listening.rsplit_once("http://").unwrap().1.trim_end_matches('/').to_owned();
    says("published");
    // What comes later, who asks, and what is changed.
    let document = root().join("usr/share/feedgen/examples");
    let source = format!("{configuration}[[source]]\nid = 'more'\nfiles = '{}'\n", document.display());
    fs::write(state.join("next.toml"), source).unwrap();
    fs::rename(state.join("next.toml"), state.join("feedgen.toml")).unwrap();
    says("source=more");
    for path in ["all.rss", "status", "metrics", "nothing"] {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "GET /{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(answer.contains("200 OK"), path != "nothing", "{path}: {answer}");
    }
    end();
    assert!(daemon.wait().unwrap().success());
    let asked = asked(&trace);
    assert!(asked.contains("accept4") && asked.contains("inotify_add_watch"), "{asked:?}");
    let forbidden: Vec<_> = asked.difference(&allowed()).cloned().collect();
    assert!(forbidden.is_empty(), "{forbidden:?}");
}

/// One who answers each of these in turn, and where.
fn answering(answers: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(&stream).lines().map(Result::unwrap);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            assert_eq!(head[0], "GET /healthz HTTP/1.1");
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    address
}

#[test]
fn a_healthcheck_tells_whether_the_daemon_is_well() {
    let state = folder("healthcheck");
    let check = |listen: &str| {
        let output = feedgen_here(&state).arg("healthcheck").env("FEEDGEN_SERVE__LISTEN", listen).output().unwrap();
        (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
    };
    let listen = answering(&[
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n",
        "HTTP/1.1 503 Service Unavailable\r\n\r\nno walk for 3 h\n",
        "220 mail.example ESMTP\r\n",
    ]);
    assert_eq!(check(&listen), (0, format!("{listen} is well\n")));
    let everywhere = listen.replace("127.0.0.1", "0.0.0.0");
    assert_eq!(check(&everywhere), (1, format!("error: {listen} is not well: it answers 503, no walk for 3 h\n")));
    assert_eq!(
        check(&listen),
        (1, format!("error: {listen} answers, but does not speak HTTP: another program listens there\n"))
    );
    let told =
        format!("error: {NOBODY} does not listen: start `feedgen serve`, or set serve.listen to where it does\n");
    assert_eq!(check(NOBODY), (1, told));
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    assert_eq!(check(&address), (1, format!("error: {address} does not answer within 3 s: restart it\n")));
    // A configuration that the daemon has not taken on is no reason to restart it.
    let (code, told) = check("nowhere");
    assert!(code < 2 && told.contains("note: FEEDGEN_SERVE__LISTEN: \"nowhere\" is not an address"), "{told}");
    let listen = answering(&["HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"]);
    std::fs::write(state.join("feedgen.toml"), format!("bad = [\n[serve]\nlisten = \"{listen}\"\n")).unwrap();
    let output = feedgen_here(&state).arg("healthcheck").output().unwrap();
    let told = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success() && told.contains(&format!("{listen} is well")), "{told}");
    assert!(told.contains("note: feedgen.toml:1:"), "{told}");
}

fn feedgen_here(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_feedgen"));
    command.env_clear().current_dir(folder);
    command
}
