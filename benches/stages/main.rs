//! What each stage of the walk costs an item, on one core: `cargo bench`, or `cargo bench -- read` for those with the word.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot be prepared has failed")]
#![expect(clippy::print_stdout, reason = "its result is a table")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use feedgen::collect::files::{self, Folder};
use feedgen::dedup;
use feedgen::document::{Document, Form, Origin, Stamp};
use feedgen::item::{self, Identity, Item, Vocabulary};
use feedgen::publish::{self, Channel, Edition, Place, Shown, Site};
use feedgen::read::{self, date, feed, guard, listing};
use feedgen::source::{Every, Files, Select, Source, SourceId, SourceKind};
use feedgen::store::{Entry, Seen, Store};
use url::Url;

mod input;

/// Items in one round.
const ITEMS: usize = 1_000;
/// Entries of a feed, and of a page that lists news.
const ENTRIES: usize = 50;
/// How long each stage is measured; the fastest round counts, since what disturbs a round only makes it slower.
const TIME: Duration = Duration::from_secs(2);

/// The table, line by line.
struct Table {
    /// Stages whose name has none of these words are passed over. Empty: all are measured.
    words: Vec<String>,
}

impl Table {
    /// Measures a stage: `work` is one round, made from what `prepare` gives, which is not measured.
    fn line<T>(
        &self,
        stage: &str,
        items: usize,
        bytes: usize,
        mut prepare: impl FnMut() -> T,
        mut work: impl FnMut(T),
    ) {
        if !self.words.is_empty() && !self.words.iter().any(|word| stage.contains(word)) {
            return;
        }
        let (begin, mut best) = (Instant::now(), Duration::MAX);
        while begin.elapsed() < TIME {
            let prepared = prepare();
            let round = Instant::now();
            work(prepared);
            best = best.min(round.elapsed());
        }
        let seconds = best.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "these numbers are small")]
        let (each, speed) = (seconds * 1e6 / items as f64, bytes as f64 / seconds / 1e6);
        println!("| {stage:<28} | {each:>8.2} | {speed:>6.0} |");
    }
}

fn main() {
    // Cargo adds `--bench`.
    let table = Table { words: std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect() };
    let folder = std::env::temp_dir().join(format!("feedgen-bench-{}", std::process::id()));
    println!(
        "| stage                        |  µs/item |   MB/s |\n|------------------------------|---------:|-------:|"
    );
    let stories = input::stories(ITEMS);
    collect(&table, &folder, &stories);
    read_documents(&table, &stories);
    read_feeds(&table, &stories);
    let items = settle(&table, &stories);
    store(&table, &folder, &items);
    publish(&table, &items);
    let _gone = std::fs::remove_dir_all(&folder);
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_777_593_600, 0).unwrap()
}

fn source() -> SourceId {
    SourceId::new("lakeside").unwrap()
}

fn policy() -> read::Policy {
    read::Policy { now: now(), timezone: feedgen::source::Tz::UTC }
}

fn document(form: Form, text: String) -> Document {
    let name = match form {
        Form::Text => "report.txt",
        Form::Markdown => "report.md",
        Form::Html => "report.html",
    };
    Document {
        origin: Origin::File(name.as_bytes().to_vec()),
        form,
        charset: None,
        address: None,
        bytes: text.into_bytes(),
        sidecars: Vec::new(),
    }
}

fn collect(table: &Table, folder: &Path, stories: &[input::Story]) {
    let root: PathBuf = folder.join("news");
    std::fs::create_dir_all(&root).unwrap();
    for (at, story) in stories.iter().enumerate() {
        std::fs::write(root.join(format!("{at}.txt")), story.text()).unwrap();
    }
    let files = Files { root, pattern: "**/*.txt".to_owned(), every: Every::Interval(Duration::ZERO) };
    let source = Source {
        id: source(),
        kind: SourceKind::Files(Box::new(files.clone())),
        title: "Lakeside".to_owned(),
        treatment: Arc::default(),
        timezone: feedgen::source::Tz::UTC,
        items: 50,
        prefer: false,
        keep_for: None,
        keep_items: 0,
    };
    let open = || Folder::open(&source, &files, files::Policy { max_size: 1 << 20 }).unwrap();
    let walk = |folder: &Folder| {
        let mut found = Vec::new();
        let walked = folder.walk::<std::convert::Infallible>(&mut |met| {
            if let files::Met::File(file) = met {
                found.push(file);
            }
            Ok(())
        });
        walked.unwrap();
        assert_eq!(found.len(), ITEMS);
        found
    };
    let bytes = stories.iter().map(|story| story.text().len()).sum();
    table.line("collect: walk a folder", ITEMS, 0, open, |folder| drop(black_box(walk(&folder))));
    let opened = || {
        let folder = open();
        let found = walk(&folder);
        (folder, found)
    };
    table.line("collect: open the files", ITEMS, bytes, opened, |(folder, found)| {
        for file in &found {
            black_box(folder.read(file).unwrap());
        }
    });
}

fn read_documents(table: &Table, stories: &[input::Story]) {
    for (stage, form) in [("read: text", Form::Text), ("read: Markdown", Form::Markdown), ("read: page", Form::Html)] {
        let documents: Vec<Document> = stories.iter().take(200).map(|story| document(form, story.told(form))).collect();
        let bytes = documents.iter().map(|document| document.bytes.len()).sum();
        table.line(
            stage,
            documents.len(),
            bytes,
            || (),
            |()| {
                for document in &documents {
                    black_box(read::read(document, policy()).unwrap());
                }
            },
        );
    }
    let phrases = input::phrases(ITEMS);
    let context = date::Context::at(now().naive_utc());
    let bytes = phrases.iter().map(String::len).sum();
    table.line(
        "read: date in a phrase",
        ITEMS,
        bytes,
        || (),
        |()| {
            for phrase in &phrases {
                black_box(date::first(phrase, &context));
            }
        },
    );
}

fn read_feeds(table: &Table, stories: &[input::Story]) {
    let address = Url::parse("https://www.lakeside.example/news/").unwrap();
    let entries = stories.get(..ENTRIES).unwrap();
    for form in ["rss", "atom", "rdf", "json"] {
        let text = input::feed(form, entries);
        let around = feed::Around { charset: None, base: Some(&address), language: None, now: None };
        table.line(
            &format!("read: feed, {form}"),
            ENTRIES,
            text.len(),
            || (),
            |()| {
                assert_eq!(feed::read(text.as_bytes(), &around).unwrap().entries.len(), ENTRIES);
            },
        );
    }
    let page = input::list(entries);
    table.line(
        "read: list, found",
        ENTRIES,
        page.len(),
        || (),
        |()| {
            let page = guard::Page::of(&page);
            let found = listing::ways(&page, &address, &Select::default())
                .iter()
                .find_map(|way| listing::read(way, &page, &address, policy()).ok());
            assert_eq!(found.unwrap().feed.entries.len(), ENTRIES);
        },
    );
}

fn settle(table: &Table, stories: &[input::Story]) -> Vec<Item> {
    let policy_of_items = item::Policy {
        now: now(),
        timezone: feedgen::source::Tz::UTC,
        vocabulary: Vocabulary::built_in(),
        categories: &[],
        author: None,
        language: Some("en"),
    };
    let drafts = || {
        let draft = |story: &input::Story| read::read(&document(Form::Markdown, story.markdown()), policy()).unwrap();
        stories.iter().map(draft).collect::<Vec<_>>()
    };
    let settle = |(at, draft)| {
        let key = item::mint(&source(), format!("{at}.md").as_bytes());
        let identity = Identity { source: source(), key, name: String::new(), known: None };
        Item::settle(draft, identity, &policy_of_items).0
    };
    let bytes = stories.iter().map(|story| story.markdown().len()).sum();
    table.line("settle", ITEMS, bytes, drafts, |drafts| {
        drafts.into_iter().enumerate().for_each(|draft| drop(black_box(settle(draft))));
    });
    drafts().into_iter().enumerate().map(settle).collect()
}

fn store(table: &Table, folder: &Path, items: &[Item]) {
    let channels = vec!["all".to_owned(), "sources/lakeside".to_owned(), "categories/news".to_owned()];
    let entry = |(at, item): (usize, &Item)| Entry {
        seen: Seen {
            path: format!("{at}.md").into_bytes(),
            stamp: Stamp { size: 1, modified: 1, inode: 1, sidecar: 0 },
            item: Some(item.key.clone()),
            ..Seen::default()
        },
        item: Some((item.clone(), channels.clone())),
        leads: Some(dedup::leads(item)),
        ..Entry::default()
    };
    let entries: Vec<Entry> = items.iter().enumerate().map(entry).collect();
    let bytes = items.iter().map(|item| item.content.as_str().len()).sum();
    table.line(
        "dedup: sketch",
        ITEMS,
        bytes,
        || (),
        |()| {
            for item in items {
                black_box(dedup::leads(item));
            }
        },
    );
    let path = folder.join("state/feedgen.db");
    let fresh = || {
        let _gone = std::fs::remove_dir_all(folder.join("state"));
        Store::open(&path).unwrap()
    };
    table.line("store: new items", ITEMS, bytes, fresh, |mut store| {
        assert_eq!(store.save(&source(), &entries).unwrap(), ITEMS);
    });
    let filled = || {
        let mut store = fresh();
        store.save(&source(), &entries).unwrap();
        store
    };
    table.line("store: items as they were", ITEMS, bytes, filled, |mut store| {
        assert_eq!(store.save(&source(), &entries).unwrap(), 0);
    });
    let keys: Vec<&str> = items.iter().map(|item| &*item.key).collect();
    table.line("store: items read", ITEMS, bytes, filled, |store| {
        assert_eq!(store.items(&keys).unwrap().len(), ITEMS);
    });
    let paths = |store: &Store| {
        store.with_documents::<usize, feedgen::store::StoreError>(&source(), |documents| {
            let mut count = 0;
            while documents.next_seen()?.is_some() {
                count += 1;
            }
            Ok(count)
        })
    };
    table.line("store: stamps compared", ITEMS, 0, filled, |store| assert_eq!(paths(&store).unwrap(), ITEMS));
}

fn publish(table: &Table, items: &[Item]) {
    let site = Site {
        hubs: Vec::new(),
        title: "Lakeside".to_owned(),
        url: Url::parse("https://news.lakeside.example/").unwrap(),
        language: "en".to_owned(),
        authority: "news.lakeside.example,2026".to_owned(),
    };
    let shown = |item: &Item| Arc::new(Shown::new(&site, item.clone(), "Lakeside", None, Vec::new(), Vec::new()));
    let channel = Channel {
        path: "all".to_owned(),
        title: "All".to_owned(),
        description: "Everything".to_owned(),
        language: "en".to_owned(),
        place: Place::Alone,
        items: items.iter().take(ENTRIES).map(shown).collect(),
    };
    let whole = |format| publish::channel_files(&site, &channel, &[format]).unwrap().0;
    for format in publish::FORMATS {
        let bytes = whole(*format).first().unwrap().bytes.len();
        let name = format.extension();
        let formats = [*format];
        let edition = || Edition::new(&site, &channel, &formats);
        table.line(&format!("publish: {name}"), ENTRIES, bytes, edition, |edition| {
            let contents: Vec<_> = edition.entries.iter().map(|entry| Some(entry.content())).collect();
            black_box(format.frame(&edition, &contents).unwrap());
            let mut text = String::with_capacity(bytes);
            for (entry, content) in edition.entries.iter().zip(contents) {
                format.piece(&edition, entry, content, &mut text);
            }
            black_box(text);
        });
        let text = String::from_utf8(whole(*format).swap_remove(0).bytes).unwrap();
        table.line(
            &format!("publish: {name}, read back"),
            ENTRIES,
            bytes,
            || (),
            |()| {
                assert_eq!(format.read_back(&text).unwrap().len(), ENTRIES);
            },
        );
    }
    let edition = || Edition::new(&site, &channel, publish::FORMATS);
    table.line("publish: made ready", ENTRIES, 0, || (), |()| drop(black_box(edition())));
    let bytes = publish::html::channel_page(&edition()).bytes.len();
    table.line("publish: page", ENTRIES, bytes, edition, |edition| {
        black_box(publish::html::channel_page(&edition));
    });
}
