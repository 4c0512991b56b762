//! How front matter may be written, through the real binary: where it begins, in which files, and what is a date in it.

mod house;

use house::House;
use serde_json::json;

#[test]
fn front_matter_that_opens_slightly_wrong_or_as_in_other_programs_is_read() {
    let fields = "title: High water\ndate: 2026-03-04\n";
    for front in [
        format!(" ---\n{fields}---\n"),
        format!("----\n{fields}----\n"),
        format!("—--\n{fields}—--\n"),
        format!("—-\n{fields}—-\n"),
        format!("\u{200b}---\n{fields}---\n"),
        format!("---\n  {fields}---\n"),
        "{\"title\": \"High water\", \"date\": \"2026-03-04\"}\n\n".to_owned(),
        "Title: High water\nDate: 2026-03-04\nSlug: water\n\n".to_owned(),
        "标题：High water\n日期：2026年3月4日\n\n".to_owned(),
        "% High water\n% YU Fang\n% 2026-03-04\n\n".to_owned(),
    ] {
        let house = House::new();
        house.file("news/a.md", &format!("{front}The tide rose over the wall.\n")).refresh().expect_ok();
        let item = &house.feed("all.json")[0];
        assert_eq!((item.title.as_str(), item.date.as_str()), ("High water", "2026-03-04T04:00:00Z"), "{front:?}");
        assert_eq!(item.feedgen["date_source"], "front_matter", "{front:?}");
        assert!(item.content.contains("The tide rose") && !item.content.contains("2026"), "{}", item.content);
    }
    // What other programs mark as a draft is none the less.
    let house = House::new();
    house.file("news/a.md", "Title: High water\nDate: 2026-03-04\nDraft: true\n\nThe tide rose.\n");
    house.refresh().expect_ok().expect_said("is marked as a draft");
}

#[test]
fn lines_of_a_text_that_look_like_fields_stay_text() {
    for text in [
        "Title: The tide\nSpeaker: Mei Lin\nDate: 4 March 2026\n\nAll are welcome to the harbour hall.\n",
        "----\nTime: noon\nPlace: harbour hall\n----\n\nAll are welcome to listen.\n",
        "----\n\n# Welcome\n\nAuthor: Mei Lin\nDate: 4 March 2026\n\n----\n\nAll are invited.\n",
        "Tide: a report\n\nThe harbour was closed.\n",
        "{\"tide\": \"high\"}\n\nThis is what the gauge says.\n",
        "% of all boats that returned\n\nNinety were counted.\n",
        "---\nimage: [\n  title: Boats\n---\n# Harbour\n\nThe boats returned.\n",
    ] {
        let house = House::new();
        house.file("news/a.md", text).refresh().expect_ok();
        let item = &house.feed("all.json")[0];
        let whole = format!("{} {} {}", item.title, item.content, item.whole);
        let (_, told) = text.rsplit_once("---").unwrap_or(("", text));
        for word in told.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2) {
            assert!(whole.contains(word), "{word} {text:?} {whole}");
        }
        assert_ne!(item.title, "Boats");
    }
}

#[test]
fn a_day_that_cannot_be_read_is_noted_and_no_new_years_day() {
    let house = House::new();
    let text =
        |date: &str| format!("---\ntitle: Tide\ndate: {date}\n---\nOn 4 March 2026 the tide rose over the wall.\n");
    let explain = |date: &str| {
        house.file("news/a.md", &text(date));
        house.run(&["explain", "news/a.md"])
    };
    for date in [
        "14 Febuary 2026", "Feburary 14, 2026", "14 Setp 2025", "2026年13月1日", "14. vesairo 2026", "2026년 13월 1일",
        "明治45年2月14日",
    ] {
        explain(date).expect_ok().expect_said("which is no date: write it as").expect_said("2026-03-04, from prose");
    }
    // A year that is all that is told is a date.
    for date in ["2024", "2024年", "c. 2024", "2024/25", "(2024)", "Spring 2024"] {
        let outcome = explain(date);
        outcome.expect_ok().expect_said("(2024, from front_matter");
        assert!(!outcome.stdout.contains("no date"), "{date} {}", outcome.stdout);
    }
}

#[test]
fn a_time_with_a_dot_and_one_with_the_name_of_its_zone_are_read_so() {
    let house = House::new();
    for (date, read) in [
        ("2026-03-01 10.30", "2026-03-01T10:30:00"),
        ("01.03.2026 10.30", "2026-03-01T10:30:00"),
        ("2026-03-01 10:30:00 Europe/Berlin", "2026-03-01T10:30:00+01:00"),
        ("2026-03-01T10:30:00[Europe/Berlin]", "2026-03-01T10:30:00+01:00"),
        ("1 March 2026 10:30 Europe/Berlin", "2026-03-01T10:30:00+01:00"),
        ("2026-03-01 10:30 Nowhere/Town", "2026-03-01T10:30:00"),
        ("1. 3. 2026", "2026-03-01"),
        ("2026.03.01", "2026-03-01"),
        ("2026년 3월 1일", "2026-03-01"),
        ("平成28年2月14日", "2016-02-14"),
    ] {
        let text = format!("---\ntitle: Tide\ndate: {date}\n---\nThe tide rose over the harbour wall.\n");
        house
            .file("news/a.md", &text)
            .run(&["explain", "news/a.md"])
            .expect_said(&format!("({read}, from front_matter"));
    }
}

#[test]
fn front_matter_is_read_in_yaml_and_toml() {
    let house = House::new();
    let body = "\nThe tide rose over the harbour wall on Tuesday.\n";
    house.file("news/a.md", &format!("---\ntitle: \"Tide: a report\"\ndate: 2026-03-04\nauthors:\n  - Mei Lin\nurl: https://a.example.edu/tide\n---{body}"));
    house.file("news/b.md", &format!("+++\ntitle = \"Ebb\"\ndate = 2026-03-05\nauthor = \"Tom Reed\"\ntags = [\"x\"]\n+++{body} It fell on Wednesday."));
    house.refresh().expect_ok();
    let (tide, ebb) = (house.item("Tide: a report"), house.item("Ebb"));
    assert_eq!((tide.date.as_str(), tide.url.as_str()), ("2026-03-04T04:00:00Z", "https://a.example.edu/tide"));
    assert_eq!((ebb.date.as_str(), &ebb.whole["authors"][0]["name"]), ("2026-03-05T04:00:00Z", &json!("Tom Reed")));
    assert_eq!((&tide.feedgen["date_source"], &ebb.feedgen["date_precision"]), (&json!("front_matter"), &json!("day")));
    assert!(!tide.content.contains("date:") && !ebb.content.contains("+++"));
}

#[test]
fn front_matter_is_read_in_pages_and_plain_texts_too() {
    let front = "---\nlayout: post\ntitle: High water\ndate: 2026-03-04\nauthor: YU Fang\n---\n";
    let pages = [
        ("a.html", "<p>The tide rose.</p>\n<p>It fell again.</p>\n"),
        ("b.html", "<!doctype html><title>The quay</title><h1>The quay</h1><p>The tide rose.</p><p>It fell again.</p>"),
        ("c.txt", "The tide rose\n\nIt fell again.\n"),
        ("d.txt", "<!doctype html><title>The quay</title><p>The tide rose.</p><p>It fell again.</p>"),
    ];
    for (name, body) in pages {
        let house = House::new();
        house.file(format!("news/{name}"), &format!("{front}{body}")).refresh().expect_ok();
        let item = &house.feed("all.json")[0];
        assert_eq!(
            (item.title.as_str(), &item.feedgen["date_source"]),
            ("High water", &json!("front_matter")),
            "{name}"
        );
        assert_eq!(item.whole["authors"], json!([{ "name": "YU Fang" }]), "{name}");
        assert!(item.content.contains("The tide rose") && item.content.contains("It fell again."), "{}", item.content);
        assert!(!item.content.contains("layout"), "{}", item.content);
    }
    let house = House::new();
    house.file("news/a.html", "---\n---\n<h1>High water</h1><p>The tide rose over the wall.</p>").refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["High water"]);
}

#[test]
fn a_plain_text_between_rules_stays_text() {
    for text in [
        "---\nReminder: bring your card\n---\n\nThe tide rose over the harbour wall.\n",
        "---\nTo all\nHarbour: of the tide: Tuesday\n---\n\nThe tide rose over the harbour wall.\n",
        "---\nTide: a report\n\nThe tide rose over the harbour wall.\n",
        "-----\nThe draft: a history\n-----\n\nThe tide rose over the harbour wall.\n",
        "{ \"draft\": false }\n\nThe tide rose over the harbour wall.\n",
    ] {
        let house = House::new();
        house.file("news/a.txt", text).refresh().expect_ok();
        let item = &house.feed("all.json")[0];
        let whole = format!("{} {}", item.title, item.content);
        for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 5) {
            assert!(whole.contains(word), "{word} {text:?} {whole}");
        }
    }
    let house = House::new();
    house.file("news/a.md", "---\n\n通知：图书馆周一闭馆。\n\n---\n\n各学院：请归还图书。\n").refresh().expect_ok();
    assert!(house.feed("all.json")[0].content.contains("闭馆"));
}
