//! A corrected story at another place, through the real binary: what readers see is what a document says that is there, under the id
//! that the story had.

#![expect(clippy::expect_used, reason = "a test that cannot prepare its house has failed")]

mod house;

use house::{CONFIG, House, TestItem};

const PRESS: &str = "[[source]]\nid = \"press\"\ntitle = \"Press office\"\nfiles = \"press/*\"\n";

const TITLE: &str = "A bridge to the boathouse";
const OTHER_TITLE: &str = "Our students' bridge is open";

/// A story, as it was told first.
const BRIDGE: &str = "The footbridge between the library and the boathouse was opened on Monday by Marit Solheim, the mayor of Fjordby, \
                      who crossed it with the pupils of the harbour school and a brass band that had come over on the morning ferry.\n\n\
                      It is forty metres long, hangs from a single mast, and was drawn by students of the school of civil engineering, \
                      who tested a model of it for two winters in the wave tank below the old rope factory.\n\n\
                      Until now whoever wanted to row had to walk around the basin for a quarter of an hour, or ask the lock keeper for \
                      his boat, which he lent to professors more readily than to first-year students.";
const LAMP: &str = "The lamp on the northern skerry burns again, after volunteers of the institute of optics spent eleven weekends grinding \
                    a new lens for it from glass that was cast in the old foundry. Whoever keeps watch there from May on will live in two \
                    whitewashed rooms below the gallery, without a telephone.";

const BRIDGE_OF_LAKE: &str = "连接图书馆和船屋的人行桥于周一开通，市长带领港口小学的学生和乘早班渡轮前来的铜管乐队一起走过了这座桥。桥长四十米，\
                              悬挂在一根桅杆上，由土木工程学院的学生设计，他们在旧绳索厂下面的波浪水槽里用两个冬天测试了模型。在此之前，\
                              想要划船的人必须绕湖走一刻钟，或者向船闸管理员借船，而他更愿意把船借给教授，而不是一年级的学生。";

/// What was mended in the story, behind which there is more to be told.
fn mended() -> String {
    let text = BRIDGE.replace("single mast", "single mast of oak").replace("a brass band", "most of a brass band");
    format!("{text}\n\nThe ferry goes on as before, and so does the lock keeper.")
}

/// The same, mended once more.
fn mended_again() -> String {
    mended().replace("two winters", "two winters and a summer").replace("as before", "as before, they say")
}

fn document(title: &str, day: &str, text: &str) -> String {
    format!("{title}\n\nPublished: {day}\n\n{text}\n")
}

fn page(title: &str, text: &str) -> String {
    let text = text.replace("\n\n", "</p><p>");
    format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    )
}

/// A page that tells nothing but where the story is.
const REDIRECT: &str = "<meta http-equiv=refresh content=\"0; url=https://news.example.edu/b.html\">";

const DAY: &str = "2026-03-10";
const STAYS: &str = "The lamp is lit again";

/// A house with a story at a place, and another beside it.
fn with(path: &str, text: &str) -> (House, TestItem) {
    let house = House::new();
    house.config(&format!("{CONFIG}{PRESS}")).folder("press");
    house.file("news/stays.txt", &document(STAYS, "2026-03-01", LAMP)).file(path, text).refresh();
    let shown = house.feed("all.json").into_iter().find(|item| item.title != STAYS);
    (house, shown.expect("the story"))
}

/// Checks that a story, and nothing else beside [`STAYS`], is shown under the id and the date that it had, with new words.
#[track_caller]
fn is_now(house: &House, before: &TestItem, words: &str) -> TestItem {
    let shown: Vec<TestItem> = house.feed("all.json").into_iter().filter(|item| item.title != STAYS).collect();
    assert_eq!(shown.len(), 1, "{:?}", house.titles("all.json"));
    let shown = &shown[0];
    assert_eq!((&shown.id, &shown.date), (&before.id, &before.date), "{}", shown.title);
    assert!(shown.content.contains(words), "{}", shown.content);
    shown.clone()
}

#[test]
fn a_corrected_copy_at_a_new_name_is_the_story_moved_and_edited() {
    let first = document(TITLE, DAY, BRIDGE);
    let undated = format!("{TITLE}\n\n{BRIDGE}\n");
    let chinese = document("湖上人行桥开通", DAY, BRIDGE_OF_LAKE);
    let mended_chinese = format!("{BRIDGE_OF_LAKE}渡船照常往来，船工也是如此：so does the lock keeper, as before。");
    for (what, old, text, new, corrected) in [
        ("renamed", "news/a.txt", &first, "news/b.txt", document(TITLE, DAY, &mended())),
        ("another title", "news/a.txt", &first, "news/b.txt", document(OTHER_TITLE, DAY, &mended())),
        ("another day", "news/a.txt", &first, "news/b.txt", document(TITLE, "2026-03-12", &mended())),
        ("another folder", "news/a.txt", &first, "news/2026/a.txt", document(OTHER_TITLE, DAY, &mended())),
        ("another form", "news/a.txt", &undated, "news/a.html", page(TITLE, &mended())),
        ("Chinese", "news/a.txt", &chinese, "news/b.txt", document("人行桥开通仪式举行", DAY, &mended_chinese)),
        ("no day", "news/a.txt", &undated, "news/a.md", format!("# {OTHER_TITLE}\n\n{}\n", mended())),
    ] {
        for walks_between in [0, 2] {
            let (house, before) = with(old, text);
            house.at("2026-05-02T00:00:00Z").remove(old);
            for _ in 0..walks_between {
                house.refresh().expect_ok();
            }
            house.file(new, &corrected).refresh().expect_ok();
            let shown = is_now(&house, &before, "so does the lock keeper");
            assert_eq!(shown.updated, "2026-05-02T00:00:00Z", "{what}: an edit");
            let from_source = house.feed("sources/news.json");
            assert_eq!(from_source.len(), 2, "{what}");
            house
                .at("2026-05-03T00:00:00Z")
                .file(new, &corrected.replace("as before", "as before, they say"))
                .refresh()
                .expect_ok();
            is_now(&house, &before, "as before, they say");
            house.run(&["refresh", "--force"]).expect_ok();
            is_now(&house, &before, "as before, they say");
        }
    }
}

#[test]
fn of_several_that_could_be_meant_the_nearest_is_and_no_other() {
    // Two are new.
    let (house, before) = with("news/b.txt", &document(TITLE, DAY, BRIDGE));
    house.remove("news/b.txt");
    house.file("news/a.txt", &document("The mayor crosses a bridge", DAY, &mended_again()));
    house.file("news/c.txt", &document(OTHER_TITLE, DAY, &mended())).refresh().expect_ok();
    is_now(&house, &before, "for two winters in");
    assert_eq!(house.feed("sources/news.json").len(), 3);
    // Two are gone, of which one was shown: that is corrected.
    let (house, before) = with("news/a.txt", &document(TITLE, DAY, BRIDGE));
    house.file("news/b.txt", &document(OTHER_TITLE, "2026-03-11", &mended())).refresh().expect_ok();
    is_now(&house, &before, "hangs from a single mast,");
    house.remove("news/a.txt").remove("news/b.txt").file("news/c.txt", &document("The bridge", DAY, &mended_again()));
    house.refresh().expect_ok();
    is_now(&house, &before, "winters and a summer");
    assert_eq!(house.feed("sources/news.json").len(), 3);
}

#[test]
fn where_a_document_is_gone_the_copy_that_is_left_tells_the_story_on() {
    for (what, copy) in [("as it was", BRIDGE.to_owned()), ("corrected", mended())] {
        let (house, before) = with("news/a.txt", &document(TITLE, DAY, BRIDGE));
        house.file("news/copies/b.txt", &document(TITLE, "2026-03-11", &copy)).refresh().expect_ok();
        is_now(&house, &before, "hangs from a single mast,");
        let ids = || {
            let mut ids: Vec<String> = house.feed("sources/news.json").into_iter().map(|item| item.id).collect();
            ids.sort();
            ids
        };
        let all = ids();
        house.remove("news/a.txt").at("2026-05-02T00:00:00Z").refresh().expect_ok();
        let shown = is_now(&house, &before, if copy == BRIDGE { "single mast," } else { "mast of oak" });
        let updated = if copy == BRIDGE { &before.updated } else { "2026-05-02T00:00:00Z" };
        assert_eq!((shown.updated.as_str(), ids()), (updated, all.clone()), "{what}");
        house.file("news/copies/b.txt", &document(TITLE, "2026-03-11", &mended_again())).refresh().expect_ok();
        is_now(&house, &before, "winters and a summer");
        // What was deleted comes back beside it.
        house.file("news/a.txt", &document(TITLE, DAY, BRIDGE)).refresh().expect_ok();
        is_now(&house, &before, "winters and a summer");
        assert_eq!(ids(), all, "{what}");
        house.remove("news/copies/b.txt").refresh().expect_ok();
        is_now(&house, &before, "hangs from a single mast,");
    }
}

#[test]
fn a_word_that_is_corrected_at_another_name_is_told_by_the_place() {
    let corrected = BRIDGE.replace("morning ferry", "evening ferry");
    let plain = |title: &str| document(title, DAY, &corrected);
    for (old, new, text, stays) in [
        // Another form of it, beside another that comes and one that goes.
        ("news/a.md", "news/a.txt", plain(TITLE), false),
        ("news/2026/a.txt", "news/2026/a.md", plain(OTHER_TITLE), false),
        // One is gone from the folder, and one new.
        ("news/a.txt", "news/b.txt", plain(OTHER_TITLE), true),
    ] {
        let (house, before) = with(old, &document(TITLE, DAY, BRIDGE));
        house.file("news/z.txt", &document("The lens", DAY, &LAMP.replace("lamp", "lens"))).refresh().expect_ok();
        house.at("2026-05-02T00:00:00Z").remove(old).file(new, &text);
        if !stays {
            house.remove("news/z.txt").file("news/y.txt", &document("Choir", DAY, &LAMP.replace("lamp", "choir")));
        }
        house.refresh().expect_ok();
        let bridges: Vec<TestItem> =
            house.feed("all.json").into_iter().filter(|item| item.content.contains("footbridge")).collect();
        assert_eq!(bridges.len(), 1, "{old} {new}: {:?}", house.titles("all.json"));
        assert_eq!((&bridges[0].id, &bridges[0].date), (&before.id, &before.date), "{old} {new}");
        assert!(bridges[0].content.contains("evening ferry"), "{old} {new}");
    }
    // Two are new, and either may be it; or it was gone before.
    for (others, walks_between) in [(1, 0), (0, 1)] {
        let (house, before) = with("news/a.txt", &document(TITLE, DAY, BRIDGE));
        house.remove("news/a.txt");
        for _ in 0..walks_between {
            house.refresh().expect_ok();
        }
        house.file("news/b.txt", &plain(OTHER_TITLE));
        for _ in 0..others {
            house.file("news/c.txt", &document("Choir", DAY, &LAMP.replace("lamp", "choir")));
        }
        house.refresh().expect_ok();
        let first = house.feed("all.json").into_iter().find(|item| item.id == before.id).expect("the first");
        assert!(first.content.contains("morning ferry"), "{others} {walks_between}");
    }
}

#[test]
fn a_page_that_leads_elsewhere_or_is_empty_tells_no_story() {
    for (stub, copy_first) in [(REDIRECT, false), (REDIRECT, true), ("", false), ("", true)] {
        let (house, before) = with("news/a.html", &page(TITLE, BRIDGE));
        house.at("2026-05-02T00:00:00Z");
        let corrected = page(OTHER_TITLE, &mended());
        if copy_first {
            house.file("news/b.html", &corrected).refresh().expect_ok();
        } else {
            house.file("news/a.html", stub).refresh();
        }
        is_now(&house, &before, "hangs from a single mast,");
        if copy_first {
            house.file("news/a.html", stub).refresh();
        } else {
            house.file("news/b.html", &corrected).refresh();
        }
        is_now(&house, &before, "mast of oak");
        house.file("news/b.html", &corrected.replace("as before", "as before, they say")).refresh();
        is_now(&house, &before, "as before, they say");
        // Both at once.
        let (house, before) = with("news/a.html", &page(TITLE, BRIDGE));
        house.at("2026-05-02T00:00:00Z");
        house.file("news/a.html", stub).file("news/b.html", &corrected).refresh();
        is_now(&house, &before, "mast of oak");
        assert_eq!(house.feed("sources/news.json").len(), 2);
        house.file("news/a.html", &page(TITLE, BRIDGE)).refresh().expect_ok();
        is_now(&house, &before, "mast of oak");
    }
}

#[test]
fn a_document_that_was_emptied_is_none_of_the_story_however_far_its_correction_is() {
    let (house, before) = with("news/z.txt", &document(TITLE, DAY, BRIDGE));
    // More than are taken in at once.
    for number in 0..1100 {
        house.file(format!("news/m{number}.txt"), "");
    }
    house.at("2026-05-02T00:00:00Z").file("news/z.txt", "").refresh().expect_ok();
    house.at("2026-05-03T00:00:00Z").file("news/a.txt", &document(OTHER_TITLE, DAY, &mended()));
    house.run(&["refresh", "--force"]).expect_ok();
    is_now(&house, &before, "so does the lock keeper");
    // Its place is used for something else.
    let words = "The basin was drained on Thursday, so that divers could look at the gate below the old weir and oil its hinges.";
    house
        .at("2026-05-04T00:00:00Z")
        .file("news/z.txt", &document("Low water", "2026-05-04", words))
        .refresh()
        .expect_ok();
    let (water, bridge): (Vec<TestItem>, Vec<TestItem>) = house
        .feed("all.json")
        .into_iter()
        .filter(|item| item.title != STAYS)
        .partition(|item| item.title == "Low water");
    assert_eq!((water.len(), bridge.len()), (1, 1), "{:?}", house.titles("all.json"));
    assert!(
        bridge[0].id == before.id && bridge[0].content.contains("so does the lock keeper"),
        "{}",
        bridge[0].content
    );
}

#[test]
fn what_comes_back_after_it_was_corrected_elsewhere_is_another_document() {
    let (house, before) = with("news/a.txt", &document(TITLE, DAY, BRIDGE));
    house.remove("news/a.txt").refresh().expect_ok();
    house.file("news/b.txt", &document(OTHER_TITLE, DAY, &mended())).refresh().expect_ok();
    is_now(&house, &before, "mast of oak");
    house.file("news/a.txt", &document(TITLE, "2026-03-12", BRIDGE)).refresh().expect_ok();
    is_now(&house, &before, "mast of oak");
    assert_eq!(house.feed("sources/news.json").len(), 3);
}

#[test]
fn what_may_be_another_story_takes_no_id() {
    let opened = |what: &str| BRIDGE.replace("on Monday by Marit Solheim", what);
    for (what, new) in [
        ("another source", None),
        ("other facts", Some(opened("on Monday by Sverre Dahl"))),
        ("another story", Some(LAMP.replace("lamp", "bell").replace("lens", "clapper"))),
    ] {
        let (house, before) = with("news/a.txt", &document(TITLE, DAY, BRIDGE));
        house.remove("news/a.txt");
        match &new {
            Some(text) => house.file("news/b.txt", &document(OTHER_TITLE, "2026-03-12", text)),
            None => house.file("press/b.txt", &document(OTHER_TITLE, DAY, &mended())),
        };
        house.refresh().expect_ok();
        let kept = house.feed("sources/news.json").into_iter().find(|item| item.id == before.id).expect("the first");
        assert_eq!(kept.content, before.content, "{what}");
    }
}

#[test]
fn what_is_moved_into_the_folder_of_another_source_is_the_same_story() {
    // The folder that it leaves is walked first, or the other one.
    for (from, to) in [("news/a.txt", "press/2026.txt"), ("press/a.txt", "news/2026.txt")] {
        let (house, before) = with(from, &document(TITLE, DAY, BRIDGE));
        house.file("press/stays.txt", &document("Choir", "2026-03-02", &LAMP.replace("lamp", "choir")));
        house.file("news/stays-2.txt", &document("Choir", "2026-03-02", &LAMP.replace("lamp", "choir"))).refresh();
        let report = house.at("2026-05-02T00:00:00Z").rename(from, to).run(&["refresh", "--json"]).expect_ok().json();
        let moved = report["sources"].as_array().expect("sources").iter().map(|source| source["moved"].as_u64());
        assert_eq!(moved.flatten().sum::<u64>(), 1, "{from}: {report}");
        let bridge = || {
            let shown: Vec<TestItem> = house.feed("all.json").into_iter().filter(|item| item.title == TITLE).collect();
            assert_eq!(shown.len(), 1, "{from}: {:?}", house.titles("all.json"));
            shown.into_iter().next().expect("the story")
        };
        assert_eq!((bridge().id, bridge().date), (before.id.clone(), before.date.clone()), "{from}");
        let (old, new) = (from.split('/').next().unwrap_or_default(), to.split('/').next().unwrap_or_default());
        let ids = |source: &str| -> Vec<String> {
            house.feed(&format!("sources/{source}.json")).into_iter().map(|item| item.id).collect()
        };
        assert!(ids(new).contains(&before.id) && !ids(old).contains(&before.id), "{from}");
        house.file(to, &document(TITLE, DAY, &mended())).refresh().expect_ok();
        assert!(bridge().content.contains("mast of oak"), "{}", bridge().content);
        assert_eq!(bridge().id, before.id, "{from}");
        // Another document at the old place is another.
        house.file(from, &document("The lens", DAY, &LAMP.replace("lamp", "lens"))).refresh().expect_ok();
        assert_eq!(bridge().id, before.id, "{from}");
        house.run(&["refresh", "--force"]).expect_ok();
        assert!(bridge().content.contains("mast of oak"), "{}", bridge().content);
    }
    // Moved and corrected at once, where the folder that it leaves is walked first.
    let (house, before) = with("news/a.txt", &document(TITLE, DAY, BRIDGE));
    house
        .rename("news/a.txt", "press/b.txt")
        .file("press/b.txt", &document(TITLE, DAY, &mended()))
        .refresh()
        .expect_ok();
    is_now(&house, &before, "mast of oak");
    // A second name for the same file is a copy.
    let (house, before) = with("news/a.txt", &document(TITLE, DAY, BRIDGE));
    std::fs::hard_link(house.path("news/a.txt"), house.path("press/b.txt")).expect("a link");
    house.refresh().expect_ok();
    assert!(house.feed("sources/news.json").iter().any(|item| item.id == before.id));
}

#[test]
fn what_was_removed_takes_no_correction_along() {
    let (house, before) = with("news/a.txt", &document(TITLE, DAY, BRIDGE));
    house.run(&["remove", before.key()]).expect_ok();
    house.refresh().expect_ok();
    house.remove("news/a.txt").file("news/b.txt", &document(OTHER_TITLE, DAY, &mended())).refresh().expect_ok();
    let titles = house.titles("all.json");
    assert_eq!(titles, [OTHER_TITLE, STAYS]);
}

#[test]
fn what_was_removed_is_brought_back_where_it_was_moved() {
    // The folder that it leaves is walked first, or the other one.
    for (from, to) in [("news/a.txt", "press/b.txt"), ("press/a.txt", "news/b.txt")] {
        let (house, before) = with(from, &document(TITLE, DAY, BRIDGE));
        house.run(&["remove", before.key()]).expect_ok();
        house.rename(from, to).refresh().expect_ok();
        house.file(to, &document(TITLE, DAY, &mended())).refresh().expect_ok();
        assert_eq!(house.titles("all.json"), [STAYS], "{from}");
        house.run(&["remove", "--undo", before.key()]).expect_ok();
        house.refresh().expect_ok();
        is_now(&house, &before, "mast of oak");
        let shows = |path: &str| {
            let source = path.split('/').next().unwrap_or_default();
            house.feed(&format!("sources/{source}.json")).into_iter().any(|item| item.id == before.id)
        };
        assert!(shows(to) && !shows(from), "{from}");
    }
}

#[test]
fn what_moves_within_the_folder_of_a_source_stays_its_own_where_another_lies_in_it() {
    let inside = "[[source]]\nid = \"inside\"\ntitle = \"Inside\"\nfiles = \"news/inside/*\"\n";
    let house = House::new();
    house.config(&CONFIG.replace("[[source]]", &format!("{inside}\n[[source]]"))).folder("news/inside");
    house.file("news/a.txt", &document(TITLE, DAY, BRIDGE)).refresh().expect_ok();
    let before = house.item(TITLE);
    house.rename("news/a.txt", "news/inside/a.txt").refresh().expect_ok();
    house.run(&["refresh", "--force"]).expect_ok();
    let ids = |source: &str| -> Vec<String> {
        house.feed(&format!("sources/{source}.json")).into_iter().map(|item| item.id).collect()
    };
    assert_eq!(ids("news"), [before.id.as_str()]);
    assert!(!ids("inside").contains(&before.id));
}

#[test]
fn of_two_that_are_new_in_a_folder_neither_is_alone_however_many_lie_between_them() {
    let (house, before) = with("news/k.txt", &document(TITLE, DAY, BRIDGE));
    // More than are taken in at once.
    for number in 0..1100 {
        let text = document(&format!("Report {number}"), "2020-01-01", &format!("Ships: {number}."));
        house.file(format!("news/m{number}.txt"), &text);
    }
    house.refresh().expect_ok();
    house.remove("news/k.txt");
    house.file("news/b.txt", &document(OTHER_TITLE, DAY, &BRIDGE.replace("morning ferry", "evening ferry")));
    house.file("news/z.txt", &document("Choir", DAY, &LAMP.replace("lamp", "choir")));
    house.run(&["refresh", "--force"]).expect_ok();
    let first = house.feed("all.json").into_iter().find(|item| item.id == before.id).expect("the first");
    assert!(first.content.contains("morning ferry"), "{}", first.content);
}
