//! What becomes of items over time: edits reach subscribers once, and what is removed stays away.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]

mod house;

use house::{CHOIR, COPY, FERRY, House, PAGE, TIDE, TestItem};

/// The item whose title begins so.
#[track_caller]
fn item(house: &House, start: &str) -> TestItem {
    house.feed("all.json").into_iter().find(|item| item.title.starts_with(start)).unwrap()
}

#[test]
fn an_edit_is_an_update_of_the_same_item_and_can_be_looked_at() {
    let house = House::two();
    let before = item(&house, "The tide");
    assert_eq!(before.updated, before.date);
    house.at("2026-05-02T08:00:00Z").file("news/a.txt", &TIDE.replace("two metres", "three metres")).refresh();
    let once = item(&house, "The tide");
    house.at("2026-05-03T08:00:00Z").file("news/a.txt", &TIDE.replace("two", "three").replace("evening", "morning"));
    house.refresh().expect_ok();
    let twice = item(&house, "The tide");
    for (after, updated) in [(&once, "2026-05-02T08:00:00Z"), (&twice, "2026-05-03T08:00:00Z")] {
        assert_eq!((&after.id, &after.date, &*after.updated), (&before.id, &before.date, updated));
    }
    assert_eq!(house.feed("all.json").len(), 2, "an edit makes no item");
    for (format, element) in [("atom", "<updated>2026-05-03T08:00:00"), ("rss", "<atom:updated>2026-05-03T08:00:00")] {
        assert!(house.text(&format!("all.{format}")).contains(element), "{format}");
    }
    let key = before.key();
    house
        .run(&["show", key])
        .expect_ok()
        .expect_said("revisions   1 2026-03-04T04:00:00Z, 2 2026-05-02T08:00:00Z, 3 2026-05-03T08:00:00Z");
    let last = house.run(&["show", key, "--diff"]);
    last.expect_ok().expect_said("revision 2 of 2026-05-02T08:00:00Z → 3 of 2026-05-03T08:00:00Z");
    last.expect_said("until the [-evening-]{+morning+}.");
    assert!(!last.stdout.contains("metres") && !last.stdout.contains('\u{1b}'), "{}", last.stdout);
    house.run(&["show", key, "--diff", "--revision", "2"]).expect_said("The tide rose by [-two-]{+three+} metres");
    house.run(&["show", key, "--diff", "--revision", "1"]).expect_said("The tide rose by two metres");
    house.run(&["show", key, "--revision", "1"]).expect_said("The tide rose by two metres").expect_said("evening");
    house.run(&["show", key, "--revision", "7"]).expect_code(1).expect_said("there are 1, 2, 3");
    let told = house.run(&["show", key, "--diff", "--json"]).json();
    assert_eq!((&told["revision"], &told["before"]["revision"]), (&3.into(), &2.into()));
    assert!(told["diff"].as_str().unwrap().contains("{+morning+}"));
    assert_eq!(house.run(&["show", key, "--json"]).json()["revisions"][0]["since"], "2026-03-04T04:00:00Z");
    house.run(&["show", item(&house, "A ferry").key(), "--diff"]).expect_ok().expect_said("never changed");
}

#[test]
fn what_a_page_moves_by_itself_changes_no_byte() {
    let page = |views: u32, day: u32, next: &str, story: &str| {
        format!(
            "---\ntitle: The quay is mended\ndate: 2026-03-04\n---\n{story}\n\nThe masons went home. Views: {views}\n\nToday is March {day}, 2026\n\n\
             ### Related posts\n\n- [{next}](https://quay.example/{next})\n"
        )
    };
    let house = House::new();
    house.file("news/a.md", &page(1, 4, "choir", "The quay was mended by two masons.")).refresh().expect_ok();
    let (before, said) = (house.tree(), item(&house, "The quay").content);
    assert!(said.contains("Views"), "the counter comes through, or this shows nothing: {said}");
    for (views, day, next) in [(22, 5, "ferry"), (333, 16, "tide"), (1, 4, "choir")] {
        house.tomorrow().file("news/a.md", &page(views, day, next, "The quay was mended by two masons."));
        house.refresh().expect_ok();
        assert_eq!(house.tree(), before, "{views} views");
    }
    // Emphasis is shown, and is no edit; a letter is one.
    house.tomorrow().file("news/a.md", &page(5, 5, "tide", "The quay was mended by **two** masons.")).refresh();
    let form = item(&house, "The quay");
    assert!(form.content.contains("<strong>two</strong>") && form.updated == form.date, "{form:?}");
    house.tomorrow().file("news/a.md", &page(6, 6, "tide", "The quay was mended by **two** mansons.")).refresh();
    let mended = item(&house, "The quay");
    assert!(mended.updated > form.updated && mended.content.contains("Views: 6"), "{mended:?}");
    assert_eq!((&mended.id, &mended.date), (&form.id, &form.date));
    assert_eq!(house.run(&["show", mended.key(), "--json"]).json()["revisions"].as_array().unwrap().len(), 2);
}

#[test]
fn better_reading_is_no_edit() {
    let house = House::two();
    let before = item(&house, "The tide");
    // As a version would that reads otherwise.
    house
        .store()
        .execute_batch(
            "UPDATE item SET title = 'Home | ' || title, fingerprint = zeroblob(16);
             UPDATE meta SET value = '' WHERE name = 'rules:news';",
        )
        .unwrap();
    house.at("2026-05-02T08:00:00Z").refresh().expect_ok();
    assert_eq!(item(&house, "The tide"), before);
    house.run(&["show", before.key(), "--diff"]).expect_said("never changed");
}

/// Ids that are published, by channel or page.
fn shows(house: &House, key: &str) -> Vec<String> {
    let tells = |path: &String| path.contains(key) || String::from_utf8_lossy(&house.bytes_of(path)).contains(key);
    house.tree().into_keys().filter(tells).collect()
}

#[test]
fn what_is_removed_leaves_every_feed_and_stays_away() {
    let house = House::two();
    let before = item(&house, "The tide");
    let (key, all) = (before.key().to_owned(), house.published());
    assert!(house.has(&format!("items/{key}.html")));
    house.run(&["remove", "The tide", "--dry-run"]).expect_ok().expect_said(&format!("would remove {key}"));
    assert_eq!(house.published(), all);
    house.run(&["remove", "The tide"]).expect_ok().expect_said(&format!("removed {key} The tide rose"));
    let gone = house.published();
    assert_eq!(shows(&house, &key), Vec::<String>::new());
    house.run(&["remove", &key]).expect_ok().expect_said("is removed already");
    house.run(&["show", &key]).expect_ok().expect_said("removed     2026-05-01T00:00:00Z");
    house
        .run(&["explain", "news/a.txt"])
        .expect_ok()
        .expect_said("It was removed 2026-05-01T00:00:00Z, and is in no feed");
    let stays_away = || {
        house.tomorrow().refresh();
        assert_eq!(house.published(), gone);
    };
    house.run(&["refresh", "--force"]).expect_ok();
    stays_away();
    house.rename("news/a.txt", "news/old/tide.txt");
    stays_away();
    house.file("news/old/tide.txt", &TIDE.replace("Tuesday", "Monday"));
    stays_away();
    house.rename("news/old/tide.txt", "aside.txt");
    stays_away();
    house.rename("aside.txt", "news/again.txt");
    stays_away();
    house.remove("feeds");
    stays_away();
    // Other rules, and a store that was damaged.
    house.config_with("author = \"Mei Lin\"");
    house.tomorrow().refresh().expect_ok();
    assert_eq!(shows(&house, &key), Vec::<String>::new());
    house.config_with("").tomorrow().refresh().expect_ok();
    stays_away();
    let list = house.run(&["remove", "--list", "--json"]).json();
    assert_eq!((&list[0]["key"], &list[0]["title"]), (&key.as_str().into(), &before.title.as_str().into()));
    // And back, as it is now.
    house.run(&["remove", "--undo", &key, "--dry-run"]).expect_ok().expect_said("would bring back");
    stays_away();
    house.run(&["remove", "--undo", &key]).expect_ok().expect_said(&format!("brought back {key}"));
    let back = item(&house, "The tide");
    assert_eq!((&back.id, &back.date, &back.content), (&before.id, &before.date, &before.content));
    house.tomorrow().refresh().expect_ok();
    let edited = item(&house, "The tide");
    assert!(edited.content.contains("Monday") && edited.date == before.date && edited.id == before.id, "{edited:?}");
    house.run(&["remove", "--undo", &key]).expect_code(1).expect_said("is not removed");
    house.run(&["remove", "--list"]).expect_ok();
}

#[test]
fn what_is_kept_back_is_known_when_it_is_moved_and_written_anew() {
    let told = |status: &str, words: &str| format!("---\ntitle: The list\ndate: 2026-03-04\n{status}---\n{words}\n");
    let house = House::new();
    house.file("news/a.md", &told("", "The masons and the choir.")).file("news/b.txt", FERRY).refresh().expect_ok();
    let before = item(&house, "The list");
    let rewritten = told("", "Nobody is on it any more, we hear.");
    // Made a draft again.
    house.file("news/a.md", &told("draft: true\n", "The masons.")).refresh().expect_ok();
    house.remove("news/a.md").file("news/sub/moved.md", &rewritten).refresh().expect_ok();
    assert_eq!(item(&house, "The list").id, before.id);
    // Left out by a rule.
    house.config_with("drop = [\"The list\"]").refresh().expect_ok();
    house.remove("news/sub/moved.md").file("news/c.md", &told("", "A third.")).refresh().expect_ok();
    house.config_with("").refresh().expect_ok();
    assert_eq!(item(&house, "The list").id, before.id);
    house.run(&["remove", "The list"]).expect_ok();
    let gone = house.published();
    house.remove("news/c.md").file("news/d.md", &rewritten).refresh().expect_ok();
    assert_eq!((house.published(), house.titles("all.json")), (gone, vec!["A ferry without an engine".to_owned()]));
}

#[test]
fn several_items_are_removed_together_or_none() {
    let house = House::two();
    let before = house.published();
    house.file("news/c.txt", &TIDE.replace("two metres", "three metres")).refresh().expect_ok();
    let all = house.published();
    house.run(&["remove", "A ferry", "The tide"]).expect_code(1).expect_said("fits several items");
    // An empty variable of a script is no beginning of every title.
    house.run(&["remove", ""]).expect_code(2).expect_said("a value is required");
    house.run(&["remove", "A ferry", "The whale"]).expect_code(1).expect_said("no item \"The whale\"");
    assert_eq!(house.published(), all);
    house.run(&["remove", "news/c.txt", "The tide rose by three"]).expect_ok().expect_said("removed");
    assert_eq!(house.published(), before);
    house.run(&["remove", "A ferry", "news/a.txt"]).expect_ok();
    assert!(house.feed("all.json").is_empty());
    house.run(&["remove"]).expect_code(2);
}

#[test]
fn a_copy_of_what_is_removed_is_told_and_stands_for_itself() {
    let house = House::new();
    house.file("news/a.txt", CHOIR).file("news/b.txt", COPY).refresh().expect_ok();
    let original = house.feed("all.json").remove(0);
    let copy = house.feed("sources/news.json").into_iter().find(|item| item.id != original.id).unwrap();
    let removed = house.run(&["remove", original.key()]);
    removed.expect_ok().expect_said(&format!("note: {}", copy.key())).expect_said("stays");
    assert_eq!(shows(&house, original.key()), Vec::<String>::new());
    assert_eq!(house.feed("all.json").len(), 1);
    // A third one knows nothing of it either.
    house.file("news/c.txt", CHOIR).refresh().expect_ok();
    assert_eq!(shows(&house, original.key()), Vec::<String>::new());
    house.run(&["remove", "--undo", original.key()]).expect_ok();
    assert_eq!(house.feed("all.json").len(), 1);
    assert_eq!(house.feed("sources/news.json").len(), 3);
}

#[test]
fn a_rule_removes_for_good() {
    let house = House::new();
    house
        .file("news/a.txt", TIDE)
        .file("news/b.txt", FERRY)
        .config_with("remove = [\"no engine\"]")
        .refresh()
        .expect_ok();
    assert_eq!(house.feed("all.json").len(), 1);
    assert_eq!(house.tree().keys().filter(|path| path.starts_with("items/")).count(), 1);
    let without = house.published();
    let list = house.run(&["remove", "--list"]);
    list.expect_ok().expect_said("by a rule").expect_said("A ferry without an engine");
    house.run(&["remove", "--undo", "A ferry"]).expect_code(1).expect_said("`remove` of its source news");
    // Neither other words nor other rules bring it back.
    house.file("news/b.txt", &FERRY.replace("engine", "motor")).refresh().expect_ok();
    assert_eq!(house.published(), without);
    house.config_with("").refresh().expect_ok();
    assert_eq!(house.published(), without);
    house.run(&["remove", "--undo", "A ferry"]).expect_ok();
    house.refresh().expect_ok();
    assert_eq!(item(&house, "A ferry").title, "A ferry without an motor");
    // What is out already is removed, too.
    house.config_with("remove = [\"(?i)the tide rose\"]").refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["A ferry without an motor"]);
}

#[test]
fn what_drop_leaves_out_comes_back() {
    let house = House::new();
    house
        .file("news/a.txt", TIDE)
        .file("news/b.txt", FERRY)
        .config_with("drop = [\"no engine\"]")
        .refresh()
        .expect_ok();
    assert_eq!(house.feed("all.json").len(), 1);
    house.config_with("").refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), 2);
}

#[test]
fn no_damage_brings_back_what_is_removed() {
    let house = House::stocked();
    let removed = item(&house, "Report 17");
    house.run(&["remove", removed.key()]).expect_ok();
    let gone = house.published();
    let mends = |damage: &dyn Fn()| {
        damage();
        house.tomorrow().run(&["refresh", "--force"]);
        assert_eq!(house.published(), gone);
        house.refresh().expect_ok();
        assert_eq!(shows(&house, removed.key()), Vec::<String>::new());
    };
    let page = |house: &House, table: &str| -> u64 {
        let sql = "SELECT rootpage FROM sqlite_master WHERE name = ?1";
        house.store().query_row(sql, [table], |row| row.get(0)).unwrap()
    };
    for table in ["removed", "member", "document", "alias"] {
        mends(&|| {
            let start = usize::try_from((page(&house, table) - 1) * PAGE).unwrap();
            let path = house.path("state/feedgen.db");
            let mut bytes = std::fs::read(&path).unwrap();
            bytes[start..start + 64].fill(0xa5);
            std::fs::write(&path, bytes).unwrap();
        });
    }
    house.run(&["remove", "--list"]).expect_ok().expect_said("Report 17");
    // The item itself is lost: its tombstone is not.
    mends(&|| {
        let sql = "UPDATE item SET moment = '2026-13-77' WHERE channels = 'removed'";
        assert_eq!(house.store().execute(sql, []).unwrap(), 1);
    });
    house.run(&["remove", "--undo", "Report 17"]).expect_ok();
    assert_eq!(item(&house, "Report 17").id, removed.id);
}
