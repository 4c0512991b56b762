//! A press that goes on, as that of a daemon does.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::super::Options;
use super::*;
use crate::config::{Environment, Settings};
use crate::item::Vocabulary;

/// Two folders of documents, a store and what is published of them.
struct Harbour(PathBuf);

impl Harbour {
    fn new(test: &str, sources: &[String]) -> Self {
        let folder = std::env::temp_dir().join(format!("feedgen-press-{}-{test}", std::process::id()));
        let harbour = Self(folder);
        for source in sources {
            std::fs::create_dir_all(harbour.0.join(source)).unwrap();
            harbour.write(source, "first");
        }
        harbour
    }

    fn write(&self, source: &str, name: &str) {
        let text = format!(
            "News of the {name} at {source}\n\n2026-03-04\n\nThe {name} of {source} was seen at dawn by many.\n"
        );
        let path = self.0.join(source).join(format!("{name}.txt"));
        std::fs::write(&path, text).unwrap();
        // Nobody writes it any more.
        let long_ago = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
        std::fs::File::options().append(true).open(&path).unwrap().set_modified(long_ago).unwrap();
    }

    fn published(&self, path: &str) -> PathBuf {
        self.0.join("feeds").join(path)
    }

    fn settings(&self, sources: &[String]) -> Settings {
        let here = self.0.display();
        let head = format!(
            "[site]\nurl = \"https://harbour.example/\"\n[publish]\ndirectory = \"{here}/feeds\"\n\
             [store]\npath = \"{here}/state/feedgen.db\"\n"
        );
        let section = |source: &String| format!("[[source]]\nid = \"{source}\"\nfiles = \"{here}/{source}/*.txt\"\n");
        let text = [head, sources.iter().map(section).collect::<Vec<_>>().concat()].concat();
        Settings::from_text(&text, "feedgen.toml", &Environment::default()).unwrap()
    }
}

impl Drop for Harbour {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn lies_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

#[test]
fn a_press_publishes_what_changed_as_often_as_that_happens() {
    let sources = ["ferries", "tides"].map(str::to_owned);
    let harbour = Harbour::new("changed", &sources);
    let settings = harbour.settings(&sources);
    let mut store = Store::open(&settings.store).unwrap();
    let now: DateTime<Utc> = "2026-04-01T00:00:00Z".parse().unwrap();
    let press = Press::open(&settings, "harbour.example,2026".to_owned(), &store).unwrap();
    let progress = &mut |_: &Progress| {};
    let mut walk = Walk::new(&settings, Options::default(), Arc::new(move || now), Vocabulary::built_in(), progress);
    walk.press = Some(press);
    let mut publish = |look: Look| {
        walk.walk_sources(Some(&mut store), None).unwrap();
        walk.print(&mut store, look).unwrap();
        assert_eq!(walk.report.failures, [""; 0]);
        std::mem::take(&mut walk.report.changed)
    };
    let all = publish(Look::Changed);
    for file in ["all.rss", "sources/ferries.atom", "sources/tides.json", "index.html", "style.css"] {
        assert!(all.contains(&file.to_owned()), "{file} is not among {all:?}");
    }
    assert_eq!(publish(Look::Changed), [""; 0]);
    // Somebody takes one away: that is seen by who looks.
    let taken = harbour.published("sources/tides.rss");
    std::fs::remove_file(&taken).unwrap();
    assert_eq!(publish(Look::Changed), [""; 0]);
    harbour.write("ferries", "second");
    let changed = publish(Look::Changed);
    assert!(changed.contains(&"all.rss".to_owned()) && changed.contains(&"sources/ferries.rss".to_owned()));
    assert!(changed.iter().all(|path| !path.starts_with("sources/tides")), "{changed:?}");
    assert!(!lies_there(&taken));
    assert_eq!(publish(Look::All), ["sources/tides.rss"]);
    assert_eq!(publish(Look::All), [""; 0]);
}

#[test]
fn what_keeps_one_round_from_its_place_is_told_of_it_and_keeps_no_other_back() {
    let sources: Vec<String> = (0..2 * CHANNELS + 9).map(|number| format!("pier{number:03}")).collect();
    let harbour = Harbour::new("rounds", &sources);
    // In the way of a feed in the first round, in one between and in the last.
    let in_the_way = ["pier003.rss", "pier040.atom", "pier072.json"].map(|name| format!("sources/{name}"));
    for path in &in_the_way {
        std::fs::create_dir_all(harbour.published(path)).unwrap();
    }
    let settings = harbour.settings(&sources);
    let mut store = Store::open(&settings.store).unwrap();
    let now: DateTime<Utc> = "2026-04-01T00:00:00Z".parse().unwrap();
    let press = Press::open(&settings, "harbour.example,2026".to_owned(), &store).unwrap();
    let progress = &mut |_: &Progress| {};
    let mut walk = Walk::new(&settings, Options::default(), Arc::new(move || now), Vocabulary::built_in(), progress);
    walk.press = Some(press);
    let mut publish = |walk: &mut Walk<'_>| {
        walk.walk_sources(Some(&mut store), None).unwrap();
        walk.print(&mut store, Look::Changed).unwrap();
        (std::mem::take(&mut walk.report.changed), std::mem::take(&mut walk.report.failures))
    };
    let (changed, failures) = publish(&mut walk);
    assert_eq!(failures.len(), 3, "{failures:?}");
    for source in &sources {
        for ending in ["rss", "atom", "json", "html"] {
            let path = format!("sources/{source}.{ending}");
            assert_eq!(changed.contains(&path), !in_the_way.contains(&path), "{path}");
            assert_eq!(harbour.published(&path).is_file(), !in_the_way.contains(&path), "{path}");
        }
    }
    let (changed, failures) = publish(&mut walk);
    assert_eq!((changed, failures.len()), (Vec::new(), 3));
    for path in &in_the_way {
        std::fs::remove_dir(harbour.published(path)).unwrap();
    }
    let (changed, failures) = publish(&mut walk);
    assert_eq!((changed, failures), (in_the_way.to_vec(), Vec::new()));
    assert_eq!(publish(&mut walk), (Vec::new(), Vec::new()));
}
