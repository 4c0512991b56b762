//! Servers that lie, dawdle and flood: every walk ends in time, takes little memory, and leaves what was there as it was.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::badweb::{Server, answer, path, send};
use crate::cases::{CASES, misbehave};
use crate::house::House;
use crate::publisher::{CLOSE, Story, rss};

/// What a walk may take beyond one that finds what is there, bytes.
const GROWTH: usize = 24 << 20;
/// What a request may take while servers misbehave, seconds.
const SHORT: u32 = 1;
/// The same where they take their time, but do what they should.
const LONG: u32 = 120;

/// A server that behaves well until it is told not to, and a house that visits some of its paths.
struct Quay {
    house: House,
    server: Server,
    is_bad: Arc<AtomicBool>,
    /// What a request may take when it is told, seconds.
    timeout: u32,
}

impl Quay {
    fn new(paths: &[&str], timeout: u32, bad: impl Fn(&str, &mut dyn std::io::Write) + Send + Sync + 'static) -> Self {
        let is_bad = Arc::new(AtomicBool::new(false));
        let turned = is_bad.clone();
        let server = Server::start(move |head, out| {
            if turned.load(Ordering::SeqCst) {
                return bad(head, out);
            }
            let stories = [Story::new(path(head).len()).guid(&format!("https://quay.example{}", path(head)))];
            send(out, &answer(&format!("{CLOSE}etag: \"good\"\r\n"), rss(&stories).as_bytes()));
        });
        let source = |(number, path): (usize, &&str)| {
            format!("[[source]]\nid = \"s{number}\"\nfeed = \"{}\"\n", server.url(path))
        };
        let house = House::new();
        house.config(&format!(
            "[site]\nurl = \"https://news.example.edu/\"\n[refresh]\nrobots = false\ntimeout = \"{LONG}s\"
             concurrency = 128\nallow_private = [\"{}\"]\n{}",
            server.address,
            paths.iter().enumerate().map(source).collect::<String>()
        ));
        house.refresh().expect_ok();
        Self { house, server, is_bad, timeout }
    }

    fn turn_bad(&self) {
        self.is_bad.store(true, Ordering::SeqCst);
        let config = self.house.path("feedgen.toml");
        let hasty = fs::read_to_string(&config).unwrap().replace(&format!("{LONG}s"), &format!("{}s", self.timeout));
        self.house.config(&hasty).at("2026-05-02T00:00:00Z");
    }

    /// Walks, and tells the most memory that the walk had at once, bytes.
    fn memory_of_a_walk(&self) -> usize {
        // Nobody but the parent can ask a process for it that has ended, and a small one: what it has counts.
        let asking = "import resource, subprocess, sys; subprocess.run(sys.argv[1:]); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
        let plain = self.house.command(&["refresh"]);
        let mut python = Command::new("python3");
        python.args(["-c", asking]).arg(plain.get_program()).args(plain.get_args()).current_dir(self.house.path(""));
        python.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let told = python.stderr(Stdio::null()).output().unwrap().stdout;
        let told = String::from_utf8(told).unwrap();
        told.lines().last().unwrap().parse::<usize>().unwrap() << 10
    }
}

#[test]
fn all_of_them_at_once_change_nothing() {
    let paths: Vec<&str> = CASES.iter().map(|case| case.path).collect();
    let quay = Quay::new(&paths, SHORT, misbehave);
    let published = quay.house.tree();
    let items = || -> Vec<(i64, i64)> {
        let store = quay.house.store();
        let mut statement = store.prepare("SELECT item, change FROM item ORDER BY item").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let before = items();
    assert_eq!(before.len(), paths.len());
    quay.turn_bad();
    let begun = Instant::now();
    let report = quay.house.run(&["refresh", "--json"]);
    let took = begun.elapsed();
    assert!(took < Duration::from_mins(2), "{took:?}");
    for (source, path) in report.expect_code(1).json()["sources"].as_array().unwrap().iter().zip(&paths) {
        // To a request with a validator, 304 is an answer, if it comes in time on a busy machine.
        let error = source["error"].as_str();
        let is_right =
            if *path == "/304" { error.is_none_or(|error| error.contains(" did not ")) } else { error.is_some() };
        assert!(is_right, "{path}: {source}");
    }
    assert_eq!((items(), quay.house.tree()), (before, published));
    let asked = quay.server.paths();
    assert!(paths.iter().all(|path| asked.iter().any(|asked| asked == path)));
}

#[test]
fn none_of_them_takes_much_memory() {
    let heavy: Vec<&str> = CASES
        .iter()
        .map(|case| case.path)
        .filter(|path| {
            ["endless", "bomb", "wide", "window", "flood", "thousand", "garbage", "huge"]
                .iter()
                .any(|part| path.contains(part))
        })
        .collect();
    assert!(heavy.len() > 12, "{heavy:?}");
    let walk = |path: &str, is_bad: bool| {
        let quay = Quay::new(&[path], if is_bad { SHORT } else { LONG }, misbehave);
        if is_bad {
            quay.turn_bad();
        }
        quay.house.at("2026-05-03T00:00:00Z");
        quay.memory_of_a_walk()
    };
    let good = walk("/good", false);
    let grown: Vec<(&str, usize)> = std::thread::scope(|scope| {
        let walks = heavy.iter().map(|path| (*path, scope.spawn(move || walk(path, true)))).collect::<Vec<_>>();
        walks.into_iter().map(|(path, walk)| (path, walk.join().unwrap().saturating_sub(good))).collect()
    });
    let much: Vec<_> = grown.iter().filter(|(_, grown)| *grown > GROWTH).collect();
    assert!(much.is_empty(), "{good} grew by {grown:?}");
}

#[test]
fn many_large_answers_at_once_are_taken_in_turn() {
    let large = |head: &str, out: &mut dyn std::io::Write| {
        let feed = rss(&[Story::new(1).guid(path(head)), Story::new(2)]);
        send(out, &answer(CLOSE, format!("<!--{}-->{feed}", " ".repeat(4 << 20)).as_bytes()));
    };
    let paths: Vec<String> = (0..32).map(|number| format!("/{number}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let good = Quay::new(&["/good"], LONG, misbehave);
    good.house.at("2026-05-03T00:00:00Z");
    let good = good.memory_of_a_walk();
    let quay = Quay::new(&paths, LONG, large);
    quay.turn_bad();
    let most = quay.memory_of_a_walk();
    assert!(most < good + (130 << 20), "{} MiB over {} MiB", (most - good) >> 20, good >> 20);
    quay.house.run(&["status"]).expect_ok();
}
