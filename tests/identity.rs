//! One item, one id, for ever: whatever is moved, edited, hidden, copied or lost. An invariant of ARCHITECTURE.md.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]

mod house;

use std::fs;

use house::{CHOIR, CONFIG, FERRY, House, TIDE};

/// A configuration in which the authority is not given but minted from the address.
fn minted(host: &str) -> String {
    let lines = CONFIG.lines().filter(|line| !line.starts_with("authority"));
    lines
        .map(|line| if line.starts_with("url") { format!("url = \"https://{host}/\"\n") } else { format!("{line}\n") })
        .collect()
}

fn count(house: &House, table: &str) -> i64 {
    house.store().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

/// The ids that RSS and Atom give their items, in order.
fn ids(text: &str, item: &str, id: &str) -> Vec<String> {
    let of = |part: &str| {
        let (_, rest) = part.split_once(&format!("<{id}")).unwrap();
        let (_, rest) = rest.split_once('>').unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    };
    text.split(&format!("<{item}>")).skip(1).map(of).collect()
}

#[test]
fn an_item_has_the_same_id_in_every_format_and_every_feed() {
    let house = House::new();
    let feeds = "\n[[feed]]\nid = \"tides\"\nkeep = [\"tide\"]\n";
    house
        .config_with(feeds)
        .file("news/a.txt", TIDE)
        .file("news/b.txt", FERRY)
        .file("news/c.md", &format!("---\nurl: https://a.example.edu/c\n---\n{CHOIR}"));
    house.refresh().expect_ok();
    let all: Vec<String> = house.feed("all.json").into_iter().map(|item| item.id).collect();
    assert_eq!(all.len(), 3);
    assert_eq!(ids(&house.text("all.rss"), "item", "guid"), all);
    assert_eq!(ids(&house.text("all.atom"), "entry", "id"), all);
    for feed in ["sources/news", "feeds/tides"] {
        let these: Vec<String> = house.feed(&format!("{feed}.json")).into_iter().map(|item| item.id).collect();
        assert!(these.len() >= 2 && these.iter().all(|id| all.contains(id)), "{feed}");
        assert_eq!(ids(&house.text(&format!("{feed}.rss")), "item", "guid"), these);
        assert_eq!(ids(&house.text(&format!("{feed}.atom")), "entry", "id"), these);
    }
    for item in house.feed("all.json").iter().filter(|item| item.url.starts_with("https://news.example.edu/feeds/")) {
        assert_eq!(item.url, format!("https://news.example.edu/feeds/items/{}.html", item.key()));
        assert!(house.text(&format!("items/{}.html", item.key())).contains(&item.title));
    }
}

#[test]
fn neither_place_nor_words_nor_address_move_an_id() {
    let house = House::new();
    house.config(&minted("news.example.edu")).file("news/a.txt", TIDE).refresh().expect_ok();
    let id = |title: &str| {
        house.refresh().expect_ok();
        let items = house.feed("all.json");
        assert_eq!((items.len(), items[0].title.as_str()), (1, title));
        items[0].id.clone()
    };
    let first = id("The tide rose by two metres");
    assert!(first.starts_with("tag:news.example.edu,2026:"), "{first}");
    house.rename("news/a.txt", "news/tide.txt");
    assert_eq!(id("The tide rose by two metres"), first, "renamed");
    house.rename("news/tide.txt", "news/2026/march/tide.txt");
    assert_eq!(id("The tide rose by two metres"), first, "moved to another folder");
    house.file("news/2026/march/tide.txt", &TIDE.replace("two metres", "three metres"));
    assert_eq!(id("The tide rose by three metres"), first, "title edited");
    house.file(
        "news/2026/march/tide.txt",
        &TIDE.replace("two metres", "three metres").replace("evening", "morning").replace("2026-03-04", "2026-03-06"),
    );
    assert_eq!(id("The tide rose by three metres"), first, "body and date edited");
    house.config(&minted("elsewhere.example.org"));
    assert_eq!(id("The tide rose by three metres"), first, "address changed");
    // Copied and the old one removed: neither the inode nor the time is the same, but the bytes are.
    let bytes = fs::read(house.path("news/2026/march/tide.txt")).unwrap();
    house.bytes("news/copied.txt", &bytes).remove("news/2026");
    assert_eq!(id("The tide rose by three metres"), first, "copied elsewhere");
}

#[test]
fn a_new_document_at_the_place_of_a_moved_one_is_another_item() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    let tide = house.item("The tide rose by two metres").id;
    house.rename("news/a.txt", "news/old.txt").file("news/a.txt", FERRY).refresh().expect_ok();
    assert_eq!(house.item("The tide rose by two metres").id, tide);
    assert_ne!(house.item("A ferry without an engine").id, tide);
    house.refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), 2);
}

#[test]
fn two_documents_that_swap_places_keep_their_ids() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/b.txt", FERRY).refresh().expect_ok();
    let before = (house.item("The tide rose by two metres").id, house.item("A ferry without an engine").id);
    house
        .rename("news/a.txt", "news/c")
        .rename("news/b.txt", "news/a.txt")
        .rename("news/c", "news/b.txt")
        .refresh()
        .expect_ok();
    assert_eq!((house.item("The tide rose by two metres").id, house.item("A ferry without an engine").id), before);
}

/// The key of the item at a path of the source, as the store has it.
fn key_at(house: &House, path: &str) -> String {
    let sql = "SELECT printf('%016x', item) FROM document WHERE path = CAST(?1 AS BLOB)";
    house.store().query_row(sql, [path], |row| row.get(0)).unwrap()
}

/// Takes a folder out of the walk's sight: a link that leads out is not followed.
fn hide(house: &House, folder: &str) {
    house.rename(folder, "hidden");
    std::os::unix::fs::symlink(house.path("hidden"), house.path(folder)).unwrap();
}

fn reveal(house: &House, folder: &str) {
    house.remove(folder).rename("hidden", folder);
}

#[test]
fn what_cannot_be_looked_at_keeps_its_id_from_a_copy() {
    let house = House::new();
    house.file("news/sub/a.txt", TIDE).file("news/b.txt", FERRY).refresh().expect_ok();
    let key = key_at(&house, "sub/a.txt");
    hide(&house, "news/sub");
    let outcome = house.file("news/copy.txt", TIDE).run(&["refresh", "--json"]);
    let line = &outcome.json()["sources"][0];
    assert_eq!((&line["gone"], &line["moved"], &line["new"]), (&0.into(), &0.into(), &1.into()));
    assert_ne!(key_at(&house, "copy.txt"), key);
    reveal(&house, "news/sub");
    house.refresh().expect_ok();
    assert_eq!(key_at(&house, "sub/a.txt"), key);
    assert_eq!(count(&house, "item"), 3);
}

#[test]
fn what_cannot_be_looked_at_is_read_under_new_settings_when_it_can() {
    let house = House::new();
    house.file("news/sub/a.txt", TIDE).file("news/b.txt", FERRY).file("news/c.txt", CHOIR).refresh().expect_ok();
    hide(&house, "news/sub");
    house.rename("news/c.txt", "c.txt").config_with("author = \"Press office\"").refresh().expect_ok();
    reveal(&house, "news/sub");
    house.rename("c.txt", "news/c.txt").refresh().expect_ok();
    for item in house.feed("all.json") {
        assert_eq!(item.whole["authors"][0]["name"], "Press office", "{}", item.title);
    }
}

#[test]
fn a_folder_that_is_suddenly_empty_is_told_and_changes_nothing() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/b.txt", FERRY).refresh().expect_ok();
    let before = house.tree();
    house.rename("news", "aside");
    fs::create_dir(house.path("news")).unwrap();
    for _ in 0..2 {
        house.refresh().expect_code(1).expect_said("holds no documents, 2 before: is it mounted?");
        assert_eq!(house.tree(), before);
    }
    house.run(&["refresh", "--force"]).expect_ok();
    house.refresh().expect_ok();
    house.remove("news").rename("aside", "news").refresh().expect_ok();
    assert_eq!((house.tree(), count(&house, "item")), (before, 2));
}

#[test]
fn a_document_keeps_its_id_whatever_becomes_of_its_sidecar_when_it_moves() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/a.meta.toml", "title = \"A sidecar says so\"\n").refresh().expect_ok();
    let key = key_at(&house, "a.txt");
    house.rename("news/a.txt", "news/b.txt").refresh().expect_ok();
    assert_eq!(
        (key_at(&house, "b.txt"), house.titles("all.json")),
        (key.clone(), vec!["The tide rose by two metres".to_owned()]),
        "left behind"
    );
    house
        .rename("news/b.txt", "news/c.txt")
        .file("news/c.meta.toml", "title = \"Another does\"\n")
        .refresh()
        .expect_ok();
    assert_eq!(
        (key_at(&house, "c.txt"), house.titles("all.json")),
        (key.clone(), vec!["Another does".to_owned()]),
        "added"
    );
    let bytes = fs::read(house.path("news/c.txt")).unwrap();
    house
        .bytes("news/d.txt", &bytes)
        .remove("news/c.txt")
        .file("news/d.meta.toml", "title = \"Edited\"\n")
        .refresh()
        .expect_ok();
    assert_eq!((key_at(&house, "d.txt"), house.titles("all.json")), (key, vec!["Edited".to_owned()]), "copied");
}

#[test]
fn a_document_that_is_moved_and_edited_between_two_walks_keeps_its_id() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    let key = key_at(&house, "a.txt");
    // The same file: nothing else need be as it was.
    house.rename("news/a.txt", "news/sub/b.txt").file("news/sub/b.txt", CHOIR).refresh().expect_ok();
    assert_eq!(key_at(&house, "sub/b.txt"), key, "edited in place");
    // Another file: the same title and day.
    let house = House::new();
    house.file("news/sub/b.txt", CHOIR).refresh().expect_ok();
    let key = key_at(&house, "sub/b.txt");
    house.file("news/c.txt", &CHOIR.replace("Friday", "Sunday")).remove("news/sub/b.txt");
    let line = house.run(&["refresh", "--json"]).expect_ok().json()["sources"][0].clone();
    assert_eq!((&line["gone"], &line["moved"]), (&0.into(), &1.into()));
    assert_eq!((key_at(&house, "c.txt"), count(&house, "item")), (key, 1), "written anew");
    assert!(house.feed("all.json")[0].content.contains("Sunday"));
}

#[test]
fn a_document_that_moves_over_one_that_became_no_item_keeps_its_id() {
    let edited = TIDE.replace("Tuesday", "Sunday");
    for unread in ["", "---\ndraft: true\n---\n"] {
        for (what, text) in [("moved", TIDE), ("moved and edited", &edited)] {
            let house = House::new();
            house.file("news/a.md", TIDE).file("news/b.md", unread).refresh().expect_ok();
            let key = key_at(&house, "a.md");
            house.rename("news/a.md", "news/b.md");
            if text != TIDE {
                house.file("news/b.md", text);
            }
            house.refresh().expect_ok();
            assert_eq!((key_at(&house, "b.md"), count(&house, "item")), (key, 1), "{what} over {unread:?}");
        }
    }
}

#[test]
fn a_file_without_a_story_takes_the_place_of_none() {
    for stub in ["", "<meta http-equiv=refresh content=\"0; url=https://a.example.edu/\">"] {
        let house = House::new();
        house.file("news/a.html", TIDE).file("news/b.txt", FERRY).refresh().expect_ok();
        house.file("news/a.html", stub).refresh().expect_ok();
        house.remove("news/a.html").file("news/c.html", stub).refresh().expect_ok();
        house.file("news/c.html", CHOIR).refresh().expect_ok();
        assert_eq!(count(&house, "item"), 3, "{stub:?}");
    }
}

#[test]
fn what_vanished_long_ago_is_known_when_it_comes_back() {
    let told =
        "<title>The tide rose</title><p>2026-03-04</p><p>In this week the harbour tells of a tide that rose.</p>";
    let rewritten =
        "<title>The tide rose</title><p>2026-03-04</p><p>It rose and rose, so we hear, until the quay was wet.</p>";
    for (what, place, text) in [
        ("the same file", "news/a.html", told),
        ("edited", "news/a.html", rewritten),
        ("the same bytes elsewhere", "news/sub/b.html", told),
        ("the same story in other words", "news/sub/b.html", rewritten),
    ] {
        let house = House::new();
        house.file("news/a.html", told).file("news/stays.txt", FERRY).refresh().expect_ok();
        let key = key_at(&house, "a.html");
        house.remove("news/a.html").refresh().expect_ok();
        house.file("news/later.txt", CHOIR).refresh().expect_ok();
        assert_eq!((count(&house, "document"), count(&house, "vanished")), (2, 1), "{what}");
        house.file(place, text).refresh().expect_ok();
        assert_eq!(key_at(&house, place.strip_prefix("news/").unwrap()), key, "{what}");
        assert_eq!((count(&house, "item"), count(&house, "document"), count(&house, "vanished")), (3, 3, 0), "{what}");
    }
}

#[test]
fn what_comes_back_beside_a_copy_keeps_its_id_from_it() {
    for (what, text) in [("as it was", CHOIR.to_owned()), ("edited", CHOIR.replace("Friday", "Sunday"))] {
        let house = House::new();
        house.file("news/m.md", CHOIR).file("news/stays.txt", FERRY).refresh().expect_ok();
        let key = key_at(&house, "m.md");
        house.remove("news/m.md").refresh().expect_ok();
        house.file("news/m.md", &text).file("news/n.md", CHOIR).file("news/a.md", CHOIR).refresh().expect_ok();
        assert_eq!((key_at(&house, "m.md"), count(&house, "item")), (key.clone(), 4), "{what}");
        assert!(key_at(&house, "n.md") != key && key_at(&house, "a.md") != key, "{what}");
    }
}

#[test]
fn a_file_that_was_moved_out_of_sight_and_back_is_the_same() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/stays.txt", FERRY).refresh().expect_ok();
    let key = key_at(&house, "a.txt");
    house.rename("news/a.txt", "aside.txt").refresh().expect_ok();
    house.refresh().expect_ok();
    house.rename("aside.txt", "news/b.txt").refresh().expect_ok();
    assert_eq!((key_at(&house, "b.txt"), count(&house, "item"), count(&house, "vanished")), (key, 2, 0));
}

#[test]
fn what_may_be_another_story_is_another_item() {
    let dated = |title: &str, day: u32, words: &str| {
        format!("{title}\n\n2026-03-{day:02}\n\nIn this week the harbour tells of {words}, and of nothing else.\n")
    };
    let undated = |words: &str| format!("Notice\n\nThe harbour tells of {words}, and of nothing else at all.\n");
    for (what, old, new) in [
        ("another day", vec![dated("Notice", 4, "ships")], vec![dated("Notice", 11, "tides")]),
        ("another title", vec![dated("Ships", 4, "ships")], vec![dated("Tides", 4, "tides")]),
        ("no day at all", vec![undated("ships")], vec![undated("tides")]),
        (
            "two that are gone",
            vec![dated("Notice", 4, "ships"), dated("Notice", 4, "boats")],
            vec![dated("Notice", 4, "tides")],
        ),
        (
            "two that are new",
            vec![dated("Notice", 4, "ships")],
            vec![dated("Notice", 4, "tides"), dated("Notice", 4, "waves")],
        ),
    ] {
        let house = House::new();
        house.file("news/stays.txt", TIDE);
        for (number, text) in old.iter().enumerate() {
            house.file(format!("news/old/{number}.txt"), text);
        }
        house.refresh().expect_ok();
        for number in 0..old.len() {
            house.remove(format!("news/old/{number}.txt"));
        }
        for (number, text) in new.iter().enumerate() {
            house.file(format!("news/new/{number}.txt"), text);
        }
        house.refresh().expect_ok();
        assert_eq!(count(&house, "item"), i64::try_from(1 + old.len() + new.len()).unwrap(), "{what}");
    }
}

#[test]
fn a_store_that_is_made_anew_gives_the_same_ids() {
    let house = House::four();
    let before = house.published();
    house.remove("state").refresh().expect_ok();
    assert_eq!(house.published(), before);
}

#[test]
fn an_authority_that_only_the_feeds_know_is_taken_from_them() {
    let house = House::new();
    house.config(&minted("news.example.edu")).file("news/a.txt", TIDE).refresh().expect_ok();
    let first = house.feed("all.json")[0].id.clone();
    house.remove("state").config(&minted("elsewhere.example.org")).at("2027-01-01T00:00:00Z").refresh().expect_ok();
    assert_eq!(house.feed("all.json")[0].id, first);
}

#[test]
fn any_published_format_knows_the_authority() {
    for format in ["rss", "atom", "json"] {
        let house = House::new();
        let formats = |host: &str| format!("[publish]\nformats = [\"{format}\"]\n{}", minted(host));
        house.config(&formats("news.example.edu")).file("news/a.txt", TIDE).refresh().expect_ok();
        let first = house.text(&format!("all.{format}"));
        assert!(first.contains("tag:news.example.edu,2026:"), "{first}");
        house
            .remove("state")
            .config(&formats("elsewhere.example.org"))
            .at("2027-01-01T00:00:00Z")
            .refresh()
            .expect_ok();
        assert!(house.text(&format!("all.{format}")).contains("tag:news.example.edu,2026:"), "{format}");
    }
}

#[test]
fn a_store_that_is_gone_while_its_lock_remembers_it_is_told() {
    let house = House::four();
    let before = house.published();
    house.remove("state/feedgen.db").refresh().expect_code(1).expect_said("was gone, and 4 items could not be saved");
    house.refresh().expect_ok();
    assert_eq!(house.published(), before);
}

#[test]
fn a_change_of_the_authority_is_told() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    house
        .config(&CONFIG.replace("news.example.edu,2026", "news.example.edu,2025"))
        .refresh()
        .expect_ok()
        .expect_said("site.authority is now");
    assert!(house.feed("all.json")[0].id.starts_with("tag:news.example.edu,2025:"));
}

#[test]
fn a_story_stands_once_in_each_feed_by_the_first_copy_that_belongs_there() {
    let house = House::new();
    house.config_with(
        "categories = [\"research\"]\n\n[[source]]\nid = \"port\"\nfiles = \"port/*\"\ncategories = [\"exchange\"]\n\n\
         [[feed]]\nid = \"port\"\nsources = [\"port\"]\n\n[[feed]]\nid = \"both\"\nsources = [\"news\", \"port\"]\n",
    );
    let story = "The tide rose over the harbour wall, and the ferry stayed at home until the evening.\n";
    let text = |day: u32| format!("---\ntitle: Tide\ndate: 2026-03-0{day}\n---\n{story}");
    house.file("news/a.md", &text(2)).file("port/b.md", &text(3)).file("port/c.md", &text(4)).refresh().expect_ok();
    let days = |feed: &str| -> Vec<String> {
        house.feed(feed).iter().map(|item| item.date.get(..10).unwrap().to_owned()).collect()
    };
    let check = |first: &str, in_port: &str| {
        for (feed, shown) in
            [("all", first), ("feeds/both", first), ("feeds/port", in_port), ("categories/exchange", in_port)]
        {
            assert_eq!(days(&format!("{feed}.json")), [shown], "{feed}");
        }
    };
    check("2026-03-02", "2026-03-03");
    assert_eq!(days("sources/port.json"), ["2026-03-04", "2026-03-03"]);
    assert_eq!(days("categories/research.json"), ["2026-03-02"]);
    // When the first goes, the next one stands for it; when it comes back, so does the order.
    house.file("news/a.md", &text(2).replace("title: Tide", "title: Tide\ndraft: true")).refresh().expect_ok();
    check("2026-03-03", "2026-03-03");
    house.file("news/a.md", &text(2)).file("port/b.meta.toml", "draft = true").refresh().expect_ok();
    check("2026-03-02", "2026-03-04");
    let tree = house.tree();
    house.run(&["refresh", "--force"]).expect_ok();
    assert_eq!(house.tree(), tree);
}

#[test]
fn what_moves_over_another_document_keeps_its_id_and_the_other_stays_published() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/b.txt", FERRY).refresh().expect_ok();
    let before = house.feed("all.json");
    house.rename("news/a.txt", "news/b.txt").refresh().expect_ok();
    assert_eq!(house.feed("all.json"), before);
    house.refresh().expect_ok();
    assert_eq!(house.feed("all.json"), before);
}
