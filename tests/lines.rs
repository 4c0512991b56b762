//! Lines above and below a story, through the real binary: which of them are fields, which are left out, and which stay.

mod house;

use house::House;

/// The lines of a story below its title, or at its end, in each form of document.
fn in_each_form(title: &str, lines: &[&str], at_end: bool) -> [(String, String); 4] {
    let body =
        "The tide was measured by the students of the harbour school, who have built a gauge of their own for it.";
    let shown = |start: &str, end: &str, between: &str| {
        let told: Vec<String> = lines.iter().map(|line| format!("{start}{line}{end}")).collect();
        let told = told.join(between);
        let body = format!("{start}{body}{end}");
        if at_end { format!("{body}\n\n{told}\n") } else { format!("{told}\n\n{body}\n") }
    };
    let page = format!(
        "<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{}</article></body></html>",
        shown("<p>", "</p>", "")
    );
    [
        ("news/a.txt".to_owned(), format!("{title}\n\n{}", shown("", "", "\n"))),
        ("news/b.md".to_owned(), format!("# {title}\n\n{}", shown("", "", "\n\n"))),
        ("news/c.md".to_owned(), format!("# {title}\n\n{}", shown("", "", "\n"))),
        ("news/d.html".to_owned(), page),
    ]
}

/// The content of the only item of a document in a house of its own, and its `event_date`.
fn content_of(name: &str, text: &str) -> (String, String) {
    let house = House::new();
    house.file(name, text).refresh().expect_ok();
    let item = house.feed("all.json").remove(0);
    let event = item.whole["_feedgen"]["event_date"].as_str().unwrap_or_default().to_owned();
    (item.content, event)
}

#[test]
fn when_an_event_takes_place_stays_in_the_text() {
    for (lines, event) in [
        (&["Date: 5 December 2030", "Time: 7 pm", "Venue: Old Hall"][..], "2030-12-05"),
        (&["Published: 2 March 2026", "Date: 3 March 2026", "Speaker: Prof. Ada"][..], "2026-03-03"),
        (&["时间：2030年12月5日", "地点：图书馆报告厅", "主讲人：张三教授"][..], "2030-12-05"),
        (&["Date: 5-7 May 2030", "Time: 9:00-17:00"][..], "2030-05-05"),
        (&["Time: after lunch", "Source: a rock under the hill", "Author: unknown to this day"][..], ""),
        (&["Tel: 555-1234", "Location: Room 5"][..], ""),
    ] {
        for at_end in [false, true] {
            for (name, text) in in_each_form("Talk on the tides of the harbour", lines, at_end) {
                let (content, told) = content_of(&name, &text);
                for line in lines.iter().filter(|line| !line.starts_with("Published")) {
                    assert!(content.contains(line), "{line} {name} {at_end} {content}");
                }
                assert!(at_end || !content.contains("Published"), "{name} {content}");
                assert!(
                    told.starts_with(event) && told.is_empty() == event.is_empty(),
                    "{name} {at_end} {told} {event}"
                );
            }
        }
    }
}

#[test]
fn labels_of_the_page_are_left_out_line_by_line() {
    for lines in [
        &["Published: 2 March 2026", "Views: 12"][..],
        &["Date: 2 March 2026"][..],
        &["发布时间：2026年3月2日 来源：宣传部", "责任编辑：张三"][..],
    ] {
        for at_end in [false, true] {
            for (name, text) in in_each_form("Talk on the tides of the harbour", lines, at_end) {
                let (content, _) = content_of(&name, &text);
                assert!(!content.contains([':', '：']), "{name} {at_end} {content}");
            }
        }
    }
}

#[test]
fn a_folder_is_read_whatever_endings_documents_have() {
    let house = House::new();
    house.file("feedgen.toml", "[[source]]\nid = \"news\"\nfiles = \"news\"\n");
    for (number, ending) in
        ["txt", "text", "eml", "md", "markdown", "html", "htm", "xhtml", "shtml"].into_iter().enumerate()
    {
        let text = match number {
            0..5 => format!("Story {number}\n\nThe tide rose for the {number}. time.\n"),
            _ => {
                format!("<title>Story {number}</title><h1>Story {number}</h1><p>The tide rose for the {number}. time.")
            }
        };
        house.file(format!("news/{number}.{ending}"), &text);
    }
    house.refresh().expect_ok();
    assert_eq!(house.feed("sources/news.json").len(), 9);
}

#[test]
fn what_says_that_it_is_a_draft_in_lines_at_its_top_is_held_back() {
    for (name, head) in [
        ("a.txt", "Title: Tide\nDate: 2026-03-04\nDraft: true"),
        ("a.txt", "Draft: yes\nKeeper: Mei Lin"),
        ("a.txt", "标题：潮汐\n草稿：true"),
        ("a.md", "Draft: true"),
        ("a.md", "Tags: a, b\r\nDraft: true\r\n"),
        ("a.md", "publish: no"),
        ("a.md", "\n\npublished: false"),
        ("a.txt", "Status: draft"),
    ] {
        let house = House::new();
        let text = |head: &str| format!("{head}\n\n# Tide\n\nThe tide rose over the wall on Tuesday.\n");
        house.file(format!("news/{name}"), &text(head)).refresh().expect_ok().expect_said("draft");
        assert!(house.feed("all.json").is_empty(), "{head:?}");
        // Below another line they are words of a story.
        house.file(format!("news/{name}"), &text(&format!("How to file it\n{head}"))).refresh().expect_ok();
        assert_eq!(house.feed("all.json").len(), 1, "{head:?}");
    }
    let house = House::new();
    house.file("news/a.txt", "Draft: the port of 2040\n\nThe city asks for remarks on it.\n").refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), 1);
}

#[test]
fn lines_at_the_very_top_that_can_be_nothing_else_are_fields() {
    let house = House::new();
    house.file("news/a.md", "Title: The ferry is late\n\nNo ferry came.\n");
    house.file("news/b.md", "标题：渡轮停航\n\n今天没有渡轮。\n");
    house.file("news/c.md", "Category: Research\nLink: https://quay.example.edu/c\n\n# Sea wall\n\nIt stands.\n");
    house.file("news/d.md", "Link: the missing one\n\n# Of chains\n\nIt was found.\n");
    house.refresh().expect_ok();
    assert!(!house.item("The ferry is late").content.contains("Title"));
    assert!(!house.item("渡轮停航").content.contains("标题"));
    let wall = house.item("Sea wall");
    assert!(!wall.content.contains("Category") && !wall.content.contains("Link"), "{}", wall.content);
    assert_eq!(
        (&wall.whole["url"], &wall.whole["tags"]),
        (&"https://quay.example.edu/c".into(), &["Research"][..].into())
    );
    assert!(house.item("Of chains").content.contains("the missing one"));
}
