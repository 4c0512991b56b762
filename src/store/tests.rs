//! The store alone: what is saved comes back, copies find their original, versions and locks hold.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::NaiveDate;

use super::*;
use crate::draft::{Enclosure, Sibling};
use crate::item::{CanonicalUrl, Category, Facts, Html, digest, mint};

mod older;

/// A folder of its own for one test.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("feedgen-store-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        Self(std::env::temp_dir().join(name))
    }

    /// The store in it: the folder is made when that is opened.
    fn path(&self) -> PathBuf {
        self.0.join("state/feedgen.db")
    }

    pub(super) fn open(&self) -> Store {
        Store::open(&self.path()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

pub(super) fn source() -> SourceId {
    SourceId::new("harbour").unwrap()
}

pub(super) fn at(day: u32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap().and_hms_opt(4, 0, 0).unwrap().and_utc()
}

/// An item that says nothing but its title, published on a day of March.
pub(super) fn item(name: &str, day: u32) -> Facts {
    Facts {
        key: mint(&source(), name.as_bytes()),
        source: source(),
        guid: None,
        link: None,
        title: name.to_owned(),
        content: Html::recall(format!("<p>{name}</p>")),
        summary: String::new(),
        published: at(day),
        when: When::Day(at(day).date_naive()),
        evidence: Evidence::Dateline,
        updated: at(day),
        event: None,
        authors: Vec::new(),
        categories: Vec::new(),
        tags: vec!["tides".to_owned()],
        sections: Vec::new(),
        language: None,
        publisher: None,
        siblings: Vec::new(),
        enclosures: Vec::new(),
        image: None,
        credit: None,
        fingerprint: digest(&[name.as_bytes()]),
        twin_print: Some(digest(&[name.as_bytes()])),
    }
}

/// One that is a copy of all others that tell the story.
fn telling(story: &str, name: &str, day: u32) -> Facts {
    let fingerprint = digest(&[story.as_bytes(), name.as_bytes()]);
    Facts { fingerprint, twin_print: Some(digest(&[story.as_bytes()])), ..item(name, day) }
}

const SHOWN: [&str; 2] = ["all", "sources/harbour"];

pub(super) fn entry(facts: Facts) -> Entry {
    let path = facts.title.clone().into_bytes();
    let stamp = Stamp { size: u64::MAX, modified: -1, inode: u64::MAX - 1, sidecar: i64::MIN };
    let seen = Seen { path, stamp, born: None, content: [7; 16], item: Some(facts.key.clone()), note: None };
    Entry { seen, item: Some((Item::recall(facts), SHOWN.map(str::to_owned).to_vec())), ..Entry::default() }
}

pub(super) fn save(store: &mut Store, facts: Facts) -> usize {
    store.save(&source(), &[entry(facts)]).unwrap()
}

/// Titles in a channel, in its order.
fn titles(store: &Store, channel: &str) -> Vec<String> {
    let members = store.window(channel, 50).unwrap();
    members.iter().map(|member| store.item(&member.key).unwrap().unwrap().title.clone()).collect()
}

#[test]
fn an_item_comes_back_as_it_was_saved() {
    let folder = Folder::new();
    let full = Facts {
        guid: Some("upstream:1".to_owned()),
        link: Some(CanonicalUrl::recall("https://a.example.edu/?a=1&b=2".to_owned())),
        summary: "In short 简介".to_owned(),
        event: Some(When::Month(2026, 4)),
        authors: vec!["Mei Lin".to_owned()],
        categories: vec![Category { slug: "news".to_owned(), label: "新闻".to_owned() }],
        sections: vec!["News & Notices".to_owned()],
        language: Some("zh-Hans".to_owned()),
        publisher: Some("The Quay".to_owned()),
        siblings: vec![Sibling {
            language: "en".to_owned(),
            url: "https://quay.example/en/1".parse().expect("an address"),
        }],
        enclosures: vec![Enclosure {
            url: "https://a.example.edu/a.pdf".parse().unwrap(),
            media_type: "application/pdf".to_owned(),
            length: Some(u64::MAX),
        }],
        image: Some("https://a.example.edu/a.jpg".to_owned()),
        credit: Some(Arc::new(Credit {
            title: "The Quay".to_owned(),
            id: Some("urn:q".to_owned()),
            feed: "https://quay.example/rss".parse().ok(),
            page: None,
        })),
        updated: at(9),
        twin_print: None,
        ..item("full", 4)
    };
    for facts in [full, item("bare", 5)] {
        assert_eq!(save(&mut folder.open(), facts.clone()), 1);
        let store = folder.open();
        assert_eq!(store.item(&facts.key).unwrap(), Some(Item::recall(facts.clone())));
        let known = store.known(std::slice::from_ref(&facts.key)).unwrap()[&facts.key].clone();
        assert_eq!(
            (known.when, known.evidence, known.published, known.updated, known.fingerprint),
            (facts.when, facts.evidence, facts.published, facts.updated, facts.fingerprint)
        );
        let (place, channels) = store.place(&facts.key).unwrap().unwrap();
        assert_eq!((place, channels), (facts.title.into_bytes(), SHOWN.map(str::to_owned).to_vec()));
    }
    let store = folder.open();
    assert_eq!(store.count().unwrap(), 2);
}

#[test]
fn moments_come_back_as_fine_as_they_were() {
    for text in ["2026", "2026-03", "2026-03-04", "2026-03-04T10:30:00", "2026-03-04T10:30:00+08:00", "0099-01-01"] {
        assert_eq!(moment(text).unwrap().to_string(), text);
    }
    for text in ["", "2026-3", "yesterday", "2026-02-30", "2026-03-04T25:00:00"] {
        assert!(moment(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_row_is_written_only_when_it_changes() {
    let folder = Folder::new();
    let mut store = folder.open();
    assert_eq!(save(&mut store, item("a", 4)), 1);
    let change = store.change().unwrap();
    assert_eq!((save(&mut store, item("a", 4)), store.change().unwrap()), (0, change));
    assert_eq!(save(&mut store, Facts { summary: "More".to_owned(), ..item("a", 4) }), 1);
    assert!(store.change().unwrap() > change);
    assert_eq!(store.changed_after(change, 10).unwrap().len(), 1);
}

#[test]
fn a_channel_is_newest_first_and_equal_days_are_in_the_order_of_their_keys() {
    let folder = Folder::new();
    let mut store = folder.open();
    for facts in [item("a", 4), item("b", 6), item("c", 5), item("d", 5)] {
        save(&mut store, facts);
    }
    let mut same = [item("c", 5), item("d", 5)];
    same.sort_by_key(|facts| number(&facts.key));
    assert_eq!(titles(&store, "all"), ["b", &same[0].title, &same[1].title, "a"]);
    assert_eq!(store.window("all", 1).unwrap().len(), 1);
    assert_eq!(store.window("nowhere", 1).unwrap(), []);
    let counts: Vec<_> = store.channels().unwrap().into_iter().map(|channel| (channel.path, channel.items)).collect();
    assert_eq!(counts, [("all".to_owned(), 4), ("sources/harbour".to_owned(), 4)]);
}

#[test]
fn copies_find_the_same_original_in_any_order() {
    let copies = [telling("tide", "first", 4), telling("tide", "second", 5), telling("tide", "third", 6)];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let folder = Folder::new();
        let mut store = folder.open();
        for number in order {
            save(&mut store, copies[number].clone());
        }
        assert_eq!(titles(&store, "all"), ["first"], "{order:?}");
        assert_eq!(titles(&store, "sources/harbour"), ["third", "second", "first"], "{order:?}");
        let mut others = vec![copies[1].key.clone(), copies[2].key.clone()];
        others.sort_by_key(|key| number(key));
        assert_eq!(store.copies(&copies[0].key).unwrap(), others);
        assert_eq!(store.copies(&copies[1].key).unwrap().len(), 2);
        let all = store.channels().unwrap().into_iter().find(|channel| channel.path == "all").unwrap();
        assert_eq!(all.items, 1);
    }
}

#[test]
fn of_very_many_copies_the_original_and_a_hundred_are_named() {
    let folder = Folder::new();
    let mut store = folder.open();
    let entries: Vec<Entry> =
        (0..400).map(|number| entry(telling("tide", &format!("copy {number}"), 5 + number % 9))).collect();
    store.save(&source(), &entries).unwrap();
    let original = telling("tide", "first", 4).key;
    save(&mut store, telling("tide", "first", 4));
    assert_eq!(titles(&store, "all"), ["first"]);
    for number in [0, 200, 399] {
        let copies = store.copies(&item(&format!("copy {number}"), 5).key).unwrap();
        assert!(copies.contains(&original) && (100..=102).contains(&copies.len()), "{copies:?}");
    }
}

#[test]
fn a_copy_that_changes_its_words_is_a_story_of_its_own() {
    let folder = Folder::new();
    let mut store = folder.open();
    save(&mut store, telling("tide", "first", 4));
    save(&mut store, telling("tide", "second", 5));
    save(&mut store, telling("ebb", "second", 5));
    assert_eq!(titles(&store, "all"), ["second", "first"]);
    assert_eq!(store.copies(&item("first", 4).key).unwrap(), Vec::<ItemKey>::new());
    // And when the original goes its own way, the copy takes its place.
    save(&mut store, telling("tide", "second", 5));
    assert_eq!(titles(&store, "all"), ["first"]);
    save(&mut store, telling("flood", "first", 4));
    assert_eq!(titles(&store, "all"), ["second", "first"]);
}

#[test]
fn one_address_makes_copies_under_one_title() {
    let folder = Folder::new();
    let mut store = folder.open();
    let link = || Some(CanonicalUrl::recall("https://a.example.edu/tide".to_owned()));
    save(&mut store, Facts { link: link(), title: "Tide".to_owned(), ..item("late", 9) });
    save(&mut store, Facts { link: link(), title: "TIDE".to_owned(), ..item("early", 4) });
    assert_eq!(titles(&store, "all"), ["TIDE"]);
    save(&mut store, Facts { link: link(), ..item("other", 3) });
    assert_eq!(titles(&store, "all"), ["TIDE", "other"]);
}

/// An entry of a feed that says what no other says, at an address.
fn at_address(feed: &str, name: &str, link: &str) -> Facts {
    let credit = Credit { title: feed.to_owned(), id: None, feed: None, page: None };
    let link = Some(CanonicalUrl::recall(format!("https://a.example.edu/{link}")));
    Facts { source: SourceId::new(feed).unwrap(), link, credit: Some(Arc::new(credit)), ..item(name, 5) }
}

#[test]
fn what_a_feed_shares_costs_nothing_more_with_its_archive() {
    let folder = Folder::new();
    let mut store = folder.open();
    let addresses_of = |store: &mut Store, facts: Facts| {
        store
            .transact(|transaction| {
                let mut ledger = Ledger::open(transaction)?;
                save_entries(transaction, &mut ledger, [(&facts.source.clone(), [entry(facts)].as_slice())])?;
                let addresses = ledger.groups.iter().filter(|group| matches!(group, group::Group::Link(_))).count();
                ledger.close(transaction, &mut Near::default(), None)?;
                Ok(addresses)
            })
            .unwrap()
    };
    let looked_at: Vec<usize> =
        (0..6).map(|number| addresses_of(&mut store, at_address("tower", &format!("tide {number}"), "page"))).collect();
    assert_eq!(looked_at[2..], [0, 0, 0, 0], "{looked_at:?}");
    let other = at_address("mole", "tide 1 elsewhere", "page");
    assert_eq!(addresses_of(&mut store, other), 0);
    let edited = Facts { summary: "More".to_owned(), ..at_address("tower", "tide 3", "page") };
    assert_eq!(addresses_of(&mut store, edited), 0);
}

#[test]
fn a_copy_that_leaves_for_an_address_of_many_is_none_any_more() {
    let folder = Folder::new();
    let mut store = folder.open();
    let copy = |link: &str| Facts { title: "Tide".to_owned(), twin_print: None, ..at_address("mole", "copy", link) };
    let original = Facts { title: "Tide".to_owned(), published: at(4), ..at_address("tower", "first", "tide") };
    for facts in [original, copy("tide"), at_address("tower", "b", "page"), at_address("tower", "c", "page")] {
        save(&mut store, facts);
    }
    assert_eq!(titles(&store, "all").len(), 3);
    save(&mut store, copy("page"));
    assert_eq!((titles(&store, "all").len(), store.copies(&item("copy", 5).key).unwrap()), (4, Vec::new()));
}

#[test]
fn a_batch_is_saved_whole_or_not_at_all() {
    let folder = Folder::new();
    let mut store = folder.open();
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON document WHEN new.path = CAST('b' AS BLOB) BEGIN SELECT RAISE(ABORT, 'no'); END";
    store.run(|connection| connection.execute_batch(refuse)).unwrap();
    assert!(store.save(&source(), &[entry(item("a", 4)), entry(item("b", 5))]).is_err());
    assert_eq!((store.count().unwrap(), titles(&store, "all").len(), store.change().unwrap()), (0, 0, 0));
}

#[test]
fn a_document_that_moved_leaves_its_old_place() {
    let folder = Folder::new();
    let mut store = folder.open();
    save(&mut store, item("a", 4));
    let mut moved = entry(item("a", 4));
    moved.seen.path = b"sub/a".to_vec();
    moved.moved_from = Some(b"a".to_vec());
    store.save(&source(), &[moved]).unwrap();
    let paths: Vec<Vec<u8>> = store
        .run(|connection| connection.prepare("SELECT path FROM document")?.query_map([], |row| row.get(0))?.collect())
        .unwrap();
    assert_eq!(paths, [b"sub/a".to_vec()]);
    assert_eq!(store.place(&item("a", 4).key).unwrap().unwrap().0, b"sub/a");
}

#[test]
fn items_change_channels_when_the_settings_do() {
    let folder = Folder::new();
    let mut store = folder.open();
    save(&mut store, item("a", 4));
    save(&mut store, item("b", 5));
    let choose =
        |item: &Item| if item.title == "a" { vec!["feeds/own".to_owned()] } else { SHOWN.map(str::to_owned).to_vec() };
    store.assign_channels(choose).unwrap();
    assert_eq!((titles(&store, "feeds/own"), titles(&store, "all")), (vec!["a".to_owned()], vec!["b".to_owned()]));
    let change = store.change().unwrap();
    store.assign_channels(choose).unwrap();
    assert_eq!(store.change().unwrap(), change, "what stays where it is has not changed");
}

#[test]
fn an_item_is_found_by_key_title_and_path() {
    let folder = Folder::new();
    let mut store = folder.open();
    let mut deep = entry(item("Tide", 4));
    deep.seen.path = b"2026/tide.txt".to_vec();
    store.save(&source(), &[deep]).unwrap();
    save(&mut store, item("Ebb", 5));
    for name in [item("Tide", 4).key.as_str(), "Ti", "2026/tide.txt", "tide.txt"] {
        let found: Vec<String> = store.find(name, 9).unwrap().iter().map(|item| item.title.clone()).collect();
        assert_eq!(found, ["Tide"], "{name}");
    }
    assert!(store.find("nothing", 9).unwrap().is_empty());
}

#[test]
fn an_error_of_a_source_holds_since_it_was_first_met() {
    let folder = Folder::new();
    let mut store = folder.open();
    let mut visit = |walked: i64, error: Option<&str>| {
        let error = error.map(str::to_owned);
        let succeeded = error.is_none().then_some(walked);
        let since = error.is_some().then_some(walked);
        store
            .note_visits(
                &[(
                    Visit {
                        source: "harbour".to_owned(),
                        walked,
                        succeeded,
                        documents: 3,
                        error,
                        since,
                        expected: None,
                    },
                    Past::default(),
                )],
                &[],
                walked,
            )
            .unwrap();
        let visit = store.visits().unwrap().remove("harbour").unwrap();
        (visit.succeeded, visit.since)
    };
    assert_eq!(visit(10, None), (Some(10), None));
    assert_eq!(visit(20, Some("gone")), (Some(10), Some(20)));
    assert_eq!(visit(30, Some("gone")), (Some(10), Some(20)));
    assert_eq!(visit(40, None), (Some(40), None));
}

#[test]
fn a_store_is_held_by_one_and_read_by_all() {
    let folder = Folder::new();
    assert!(Store::open_to_read(&folder.path()).unwrap().is_none());
    let held = folder.open();
    assert!(matches!(Store::open(&folder.path()), Err(StoreError::Busy { .. })));
    assert!(Store::open_to_read(&folder.path()).unwrap().is_some());
    let below = Store::open_to_read(&folder.path().join("feedgen.db"));
    assert!(matches!(below, Err(StoreError::Unseen { .. })), "what cannot be looked at is not absent");
    drop(held);
    folder.open();
}

#[test]
fn a_long_body_takes_less_room_and_comes_back() {
    let folder = Folder::new();
    let mut store = folder.open();
    let body = "<p>The ferry left at dawn, and the tide bore it past the lighthouse of the old town.</p>".repeat(30);
    let expected = Facts { content: Html::recall(body.clone()), ..item("a", 4) };
    save(&mut store, expected.clone());
    let sql = "SELECT typeof(content), length(content) FROM item";
    let (kind, bytes): (String, usize) =
        store.run(|connection| connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))).unwrap();
    assert_eq!(kind, "blob");
    assert!(bytes * 5 < body.len(), "{bytes} bytes");
    let key = expected.key.clone();
    assert_eq!(store.item(&key).unwrap(), Some(Item::recall(expected)));
    store.run(|connection| connection.execute("UPDATE item SET content = substr(content, 1, 60)", [])).unwrap();
    let told = store.item(&key).unwrap_err();
    assert!(told.is_corruption() && told.to_string().contains(&*key), "{told}");
}

#[test]
fn values_and_published_files_are_kept() {
    let folder = Folder::new();
    let mut store = folder.open();
    store.set_meta("name", "one").unwrap();
    let file = Published { path: "all.rss".to_owned(), signature: [3; 16], size: u64::MAX, modified: -5 };
    store.note_published(std::slice::from_ref(&file), &[]).unwrap();
    assert_eq!((store.meta("name").unwrap().as_deref(), store.meta("none").unwrap()), (Some("one"), None));
    assert_eq!(store.published().unwrap(), HashMap::from([("all.rss".to_owned(), file)]));
    store.note_published(&[], &["all.rss".to_owned()]).unwrap();
    assert!(store.published().unwrap().is_empty());
}

#[test]
fn a_rescue_saves_what_can_be_read_and_keeps_the_rest_beside() {
    let folder = Folder::new();
    let mut store = folder.open();
    for day in 1..=30 {
        save(&mut store, Facts { content: Html::recall("x".repeat(20_000)), ..item(&format!("item {day}"), day) });
    }
    let root: u64 = store
        .run(|connection| {
            connection.query_row("SELECT rootpage FROM sqlite_master WHERE name = 'member'", [], |row| row.get(0))
        })
        .unwrap();
    let size: u64 = store.run(|connection| connection.pragma_query_value(None, "page_size", |row| row.get(0))).unwrap();
    drop(store);
    let mut bytes = std::fs::read(folder.path()).unwrap();
    let start = usize::try_from((root - 1) * size).unwrap();
    bytes[start..start + 64].fill(0xa5);
    std::fs::write(folder.path(), &bytes).unwrap();
    let damaged = Store::open(&folder.path()).unwrap_err();
    assert!(damaged.is_corruption(), "{damaged}");
    let (store, rescue) = rescue(&folder.path()).unwrap();
    assert_eq!((store.count().unwrap(), rescue.items), (30, 30));
    assert_eq!(
        (rescue.aside.clone(), std::fs::read(&rescue.aside).unwrap().len()),
        (suffixed(&folder.path(), ".damaged-1"), bytes.len())
    );
    let key = item("item 7", 7).key;
    assert_eq!(store.known(std::slice::from_ref(&key)).unwrap()[&key].published, at(7), "dates are kept");
}

#[test]
fn of_very_many_revisions_the_first_and_the_newest_are_kept() {
    let folder = Folder::new();
    let mut store = folder.open();
    let revised = |version: u32, content: String| Facts {
        content: Html::recall(content),
        updated: at(4) + chrono::TimeDelta::seconds(version.into()),
        ..item("a", 4)
    };
    let key = item("a", 4).key;
    for version in 0..30 {
        save(&mut store, revised(version, format!("version {version}")));
    }
    let kept = store.revisions(&key).unwrap();
    let numbers: Vec<i64> = kept.iter().map(|revision| revision.number).collect();
    assert_eq!(numbers, [1].into_iter().chain(11..=30).collect::<Vec<_>>());
    for revision in &kept {
        let version = revision.number - 1;
        assert_eq!(revision.content.as_str(), format!("version {version}"));
        assert_eq!(revision.since, at(4) + chrono::TimeDelta::seconds(version));
    }
    // Long ones make room, too.
    let noise = |seed: u32| -> String {
        let next = |state: &mut u32| {
            *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Some(char::from(b' ' + u8::try_from(*state >> 26).unwrap()))
        };
        std::iter::repeat_n((), 100_000).scan(seed, |state, ()| next(state)).collect()
    };
    for version in 30..36 {
        save(&mut store, revised(version, noise(version)));
    }
    let numbers: Vec<i64> = store.revisions(&key).unwrap().iter().map(|revision| revision.number).collect();
    assert_eq!(numbers, [1, 33, 34, 35, 36]);
    // What is the same, or differs in what is no edit, is no revision.
    save(&mut store, revised(35, "no edit".to_owned()));
    assert_eq!(store.revisions(&key).unwrap().len(), 5);
}

/// An item with a text of its own.
fn worded(name: &str, day: u32, text: &str) -> Facts {
    let print = digest(&[name.as_bytes(), text.as_bytes()]);
    Facts {
        content: Html::recall(format!("<p>{text}</p>")),
        fingerprint: print,
        twin_print: Some(print),
        ..item(name, day)
    }
}

/// Words that are told apart by numbers.
fn counted(from: usize, to: usize) -> String {
    let words = ["ship", "tide", "quay", "mole", "buoy", "rope", "sail"];
    (from..to).map(|number| format!("{}{number}", words[number % 7])).collect::<Vec<_>>().join(" ")
}

#[test]
fn one_story_is_shown_once_whatever_the_order() {
    let copies = [
        worded("Lead", 5, &format!("Harbour news of the day {}", counted(0, 100))),
        worded("First", 4, &counted(0, 100)),
        worded("Cut short", 3, &counted(0, 40)),
        worded("Other", 6, &counted(1_000, 1_100)),
    ];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
        let (one_by_one, at_once) = (Folder::new(), Folder::new());
        let mut store = one_by_one.open();
        for number in order {
            save(&mut store, copies[number].clone());
        }
        let mut batch = at_once.open();
        batch.save(&source(), &order.map(|number| entry(copies[number].clone()))).unwrap();
        for store in [store, batch] {
            assert_eq!(titles(&store, "all"), ["Other", "First"], "{order:?}");
            assert_eq!(titles(&store, "sources/harbour").len(), 4);
            assert_eq!(store.copies(&copies[2].key).unwrap().len(), 2);
        }
    }
}

#[test]
fn items_are_counted_as_they_come() {
    let folder = Folder::new();
    let mut store = folder.open();
    for _ in 0..2 {
        save(&mut store, item("a", 4));
        save(&mut store, item("b", 5));
        assert_eq!(store.count().unwrap(), 2);
    }
    store.run(|connection| connection.execute("DELETE FROM meta WHERE name = 'items'", [])).unwrap();
    assert_eq!(store.count().unwrap(), 2, "as in an older store");
    save(&mut store, item("c", 6));
    assert_eq!(store.count().unwrap(), 3);
}

#[test]
fn of_many_documents_with_the_same_words_the_first_are_known_by_their_files() {
    let folder = Folder::new();
    let mut store = folder.open();
    let entries: Vec<Entry> = (1_u32..=70)
        .map(|number| {
            let entry = entry(telling("tide", &format!("tide {number}"), 4));
            let stamp = Stamp { inode: number.into(), ..entry.seen.stamp };
            Entry { seen: Seen { stamp, born: Some(number.into()), ..entry.seen }, ..entry }
        })
        .collect();
    store.save(&source(), &entries).unwrap();
    let other = SourceId::new("quay").unwrap();
    let words = digest(&["tide".as_bytes()]);
    let same = |source: &SourceId, number: u32, born: i64, words: &Fingerprint| -> Vec<Vec<u8>> {
        let found = store.same_file(source, (number.into(), born), Some(words)).unwrap();
        found.into_iter().map(|(_, path, _)| path).collect()
    };
    assert_eq!(same(&other, 1, 1, &words), [b"tide 1"]);
    assert_eq!(same(&other, 64, 64, &words), [b"tide 64"]);
    for (source, number, born, words) in
        [(&other, 65, 65, &words), (&other, 1, 2, &words), (&other, 1, 1, &[1; 16]), (&source(), 1, 1, &words)]
    {
        assert!(same(source, number, born, words).is_empty(), "{number} {born}");
    }
}
