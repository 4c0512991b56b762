//! Pages that are rendered by a program: real programs, a real browser, a real server.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare itself has failed")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use feedgen::collect::address::Private;
use feedgen::collect::fetch::Policy;
use feedgen::collect::render::{RenderError, Renderer, render};
use url::Url;

fn policy(seconds: u64) -> Policy {
    let private = Private::new(["127.0.0.1"]).unwrap();
    Policy {
        timeout: Duration::from_secs(seconds),
        max_size: 100_000,
        private,
        ..Policy::new("feedgen/test".to_owned())
    }
}

fn run(command: &str, url: &str, policy: &Policy) -> Result<String, RenderError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let renderer = Renderer::new(command).unwrap();
    let page = runtime.block_on(render(&renderer, &Url::parse(url).unwrap(), policy))?;
    Ok(String::from_utf8(page).unwrap())
}

const PLACE: &str = "http://127.0.0.1:8077/a?b='$(touch%20x);c&d";

#[test]
fn the_address_is_one_word_and_nothing_is_inherited() {
    let command =
        r#"sh -c 'echo "$1|$#|$HOME|$TMPDIR|${CARGO_MANIFEST_DIR-none}"; pwd; cat; ls -a | wc -l' x --app={url}"#;
    let said = run(command, PLACE, &policy(20)).unwrap();
    let mut lines = said.lines();
    let mut told = lines.next().unwrap().split('|');
    assert_eq!(told.next(), Some(format!("--app={}", Url::parse(PLACE).unwrap()).as_str()));
    assert_eq!(told.next(), Some("1"));
    let home = PathBuf::from(told.next().unwrap());
    assert_eq!(told.collect::<Vec<_>>(), [home.to_str().unwrap(), "none"]);
    assert_eq!(lines.next(), home.to_str(), "it works in its own folder");
    assert_eq!(lines.next().map(str::trim), Some("2"), "which is empty");
    assert!(!home.exists(), "the folder is gone");
}

#[test]
fn what_goes_wrong_is_told_with_the_next_step() {
    let told = |command: &str| run(command, PLACE, &policy(20)).unwrap_err().to_string();
    let failed = told("sh -c 'echo first >&2; echo no display >&2; echo page; exit 3' x {url}");
    assert_eq!(failed, r#""sh" failed: it ended with status 3, saying "no display"; try the command by hand"#);
    // Much may be said, and is kept nowhere but for its end.
    let noisy = "sh -c 'yes noise | head -n 100000 >&2; ls -A >&2; echo no display >&2; exit 3' x {url}";
    assert_eq!(told(noisy), failed);
    let alone = run("sh -c 'yes noise | head -n 9000 >&2; ls -A; echo page' x {url}", PLACE, &policy(20));
    assert_eq!(alone.unwrap(), "page\n");
    assert!(told("sh -c 'exit 0' x {url}").contains("it wrote nothing"));
    assert!(told("sh -c 'kill -9 $$' x {url}").contains("ended by signal 9"));
    let missing = told("no-such-browser {url}");
    assert!(missing.starts_with(r#"cannot start "no-such-browser""#) && missing.contains("install it"), "{missing}");
}

#[test]
fn addresses_are_judged_as_they_are_for_requests() {
    let open = Policy { private: Private::default(), ..policy(20) };
    for url in [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.7/", "file:///etc/passwd",
        "http://a.example:22/",
    ] {
        let outcome = run("sh -c 'echo page' x {url}", url, &open);
        assert!(matches!(outcome, Err(RenderError::Refused { .. })), "{url}: {outcome:?}");
    }
}

#[test]
fn time_and_size_end_a_program_with_its_children() {
    let folder = tempfolder();
    let mark = folder.join("mark");
    // A child in the same group, which would go on long after its parent was stopped.
    let slow = format!("sh -c 'sleep 600 & echo $! > {}; sleep 600' x {{url}}", mark.display());
    let child = || fs::read_to_string(&mark).unwrap_or_default().trim().to_owned();
    // A busy machine needs longer to begin it.
    for seconds in [1, 5, 25] {
        if child().is_empty() {
            assert!(matches!(run(&slow, PLACE, &policy(seconds)), Err(RenderError::Late { .. })));
        }
    }
    let child = child();
    assert!(!child.is_empty());
    let endless = "sh -c 'yes news' x {url}";
    assert!(matches!(run(endless, PLACE, &policy(20)), Err(RenderError::TooLarge { .. })));
    // What keeps the output open is not waited for.
    assert_eq!(run("sh -c '(sleep 60) & echo page' x {url}", PLACE, &policy(40)).unwrap(), "page\n");
    // Whoever was ended may wait for somebody to take note of it.
    let is_alive = || {
        let told = fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        told.contains("(sleep)") && !told.contains("(sleep) Z")
    };
    let begun = Instant::now();
    while is_alive() {
        assert!(begun.elapsed() < Duration::from_mins(1), "the child goes on");
        std::thread::sleep(Duration::from_millis(20));
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_browser_shows_what_its_scripts_make() {
    let Some(browser) = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| is_there(name))
    else {
        assert!(std::env::var_os("CI").is_none(), "chromium is to be installed where this is tested");
        return;
    };
    let page = "<!DOCTYPE html><title>Harbour</title><div id=app></div><script>
        for (const [at, title] of ['The pier', '潮汐'].entries()) {
            document.getElementById('app').innerHTML += `<li><a href=/n/${at}>${title}</a></li>`;
        }
        </script>";
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/news", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let length = stream.read(&mut [0; 4096]).unwrap_or_default();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                page.len()
            );
            if length > 0 {
                stream.write_all((head + page).as_bytes()).ok();
            }
        }
    });
    let command = format!("{browser} --headless --no-sandbox --disable-gpu --dump-dom {{url}}");
    let shown = run(&command, &address, &policy(90)).unwrap();
    assert!(shown.contains("<li><a href=\"/n/0\">The pier</a></li><li><a href=\"/n/1\">潮汐</a></li>"), "{shown}");
}

fn is_there(name: &str) -> bool {
    Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
}

fn tempfolder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("feedgen-render-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}
