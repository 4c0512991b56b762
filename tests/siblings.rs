//! Notices that are equal but for a word, through the real binary: two that stand side by side are shown both, and one that was
//! mended is shown once.

mod house;

use house::{CONFIG, House};

const PRESS: &str = "[[source]]\nid = \"press\"\ntitle = \"Press office\"\nfiles = \"press/*\"\n";

/// A short notice and a long one, with a hole.
const SHORT: &str = "The reading room on the second floor of the library {} because of the work on the roof. Books that were ordered \
                     are handed out at the desk beside the entrance, where the staff also takes back what was lent.";
const LONG: &str = "The reading room on the second floor of the library {} because of the work on the roof. Books that were ordered \
                    are handed out at the desk beside the entrance, where the staff also takes back what was lent. Whoever comes by \
                    the ferry takes the stairs behind the customs house, or the lift beside them, which is mended for the third time \
                    this year. Bags are left in the lockers of the entrance hall, coffee stays in the courtyard, and the keys of the \
                    carrels are given out by the porter against a student card of any university of the country. The map room opens \
                    at noon; whoever wants to see a chart of the northern sound asks for it on the day before.";
const TITLE: &str = "Notice of the library";

/// Words that stand in the hole of two notices, not of one.
const OTHERS: [[&str; 2]; 15] = [
    ["stays open on Friday", "stays closed on Friday"],
    ["is closed in the summer term", "is closed in the winter term"],
    ["is closed on Monday", "is closed on Tuesday"],
    ["ist im Juni geschlossen", "ist im Juli geschlossen"],
    ["moves to Room A", "moves to Room B"],
    ["moves to room 12", "moves to room 13"],
    ["is kept for students of the Bachelor programmes", "is kept for students of the Master programmes"],
    ["is closed in the morning", "is closed in the afternoon"],
    ["is for internal guests alone", "is for external guests alone"],
    ["is shown by Professor Halvorsen", "is shown by Professor Mikkelsen"],
    ["is available to guests", "is unavailable to guests"],
    ["has the records of maternity leave", "has the records of paternity leave"],
    ["nimmt gültige Karten an", "nimmt ungültige Karten an"],
    ["is left to the choir", "is left to the guild of ropemakers"],
    ["öffnet erst um acht", "schließt schon um acht"],
];

/// The same said with a slip of the hand, in another form of the word, or with more and fewer words.
const FORMS: [[&str; 2]; 8] = [
    ["is closed until the evening", "is closed until the evenign"],
    ["is closed to all visitors", "is closed to all visiters"],
    ["opens on Friday at eight", "opened on Friday at eight"],
    ["is closed on Friday", "was closed on Friday"],
    ["is closed to the student", "is closed to the students"],
    ["is closed on Friday", "is closed on Friday and on Saturday"],
    ["is closed on Friday, which nobody likes,", "is closed on Friday"],
    ["is looked after by Prof. Falk", "is looked after by Professor Falk"],
];

/// A notice as it is written: where, title, day, text.
type Notice<'a> = (&'a str, &'a str, &'a str, String);

fn with(notices: &[Notice<'_>]) -> House {
    let house = House::new();
    house.config(&format!("{CONFIG}{PRESS}"));
    for (path, title, day, text) in notices {
        house.file(path, &format!("{title}\n\nPublished: {day}\n\n{text}\n"));
    }
    // An empty folder is complained of.
    house.refresh();
    house
}

/// Checks how many of two notices are shown, and that `explain` tells the same.
#[track_caller]
fn shows(count: usize, one: Notice<'_>, other: Notice<'_>) -> String {
    let paths = [one.0, other.0];
    let notices = [one, other];
    let house = with(&notices);
    let told = house.run(&["explain", paths[0], paths[1]]).stdout;
    assert_eq!(house.feed("all.json").len(), count, "{notices:?}\n{told}");
    assert_eq!(told.contains("not the same story: "), count == 2, "{told}");
    told
}

fn filled(frame: &str, words: &str) -> String {
    frame.replace("{}", words)
}

/// Checks how many are shown of two notices with other words in the hole, short and long, of one day and of two, and why.
#[track_caller]
fn each_shows(count: usize, pairs: &[[&str; 2]], reason: &str) {
    for [one, other] in pairs {
        for frame in [SHORT, LONG] {
            for day in ["2026-03-04", "2026-03-07"] {
                let told = shows(
                    count,
                    ("news/a.txt", TITLE, "2026-03-04", filled(frame, one)),
                    ("news/b.txt", TITLE, day, filled(frame, other)),
                );
                assert!(told.contains(reason), "{told}");
            }
        }
    }
}

#[test]
fn two_notices_of_a_source_that_differ_in_a_word_are_two() {
    each_shows(2, &OTHERS, "their texts differ in ");
    let chinese = "因供电线路检修，本部图书馆{}暂停开放，自习室和还书处同时关闭。请同学们提前安排好学习时间，由此带来的不便敬请谅解。";
    for [one, other] in [["上午", "下午"], ["东区", "西区"], ["一楼", "二楼"]] {
        let of = |path, words| (path, "图书馆开放通知", "2026-03-04", filled(chinese, words));
        shows(2, of("news/a.txt", one), of("news/b.txt", other));
    }
}

#[test]
fn notices_on_one_form_with_titles_of_their_own_are_all_shown() {
    let posts = [
        (
            "a lecturer in organic chemistry",
            "the department of chemistry",
            "four hours of lectures and the laboratory course",
        ),
        ("a cook for vegetarian food", "the canteen at the harbour", "two hundred meals at noon and the storeroom"),
        ("a technician for the wave tank", "the institute of coasts", "the pumps, the paddles and all that leaks"),
        ("a librarian of old maps", "the map room of the library", "charts of the northern sound and their loans"),
        ("a gardener for the roof", "the office of buildings", "the grass on six roofs and the bees there"),
    ];
    let notice = |(number, (post, place, duties)): (usize, &(&str, &str, &str))| {
        let text = format!(
            "The university is looking for {post}. The post is at {place} and is open for three years from the first of October. \
             Who holds it looks after {duties}. We ask for a degree or a completed training, some years of practice and good \
             English. Applications go to the office of staff before the end of June, with a letter of one page and the names \
             of two people who may be asked. Women are asked to apply above all, and disabled people come first where they are \
             as fit for it as others."
        );
        (format!("news/{number}.txt"), format!("Vacancy: {}", post.trim_start_matches("a ")), text)
    };
    let notices: Vec<_> = posts.iter().enumerate().map(notice).collect();
    let notices: Vec<Notice<'_>> =
        notices.iter().map(|(path, title, text)| (path.as_str(), title.as_str(), "2026-03-04", text.clone())).collect();
    let house = with(&notices);
    assert_eq!(house.feed("all.json").len(), posts.len(), "{:?}", house.titles("all.json"));
}

#[test]
fn what_was_mended_is_one() {
    each_shows(1, &FORMS, "the same story: they share ");
    // Several words of a long text, and what the site counts.
    let mended = [("ferry", "boat"), ("lockers", "boxes"), ("courtyard", "garden"), ("noon", "midday")];
    let text = mended.iter().fold(filled(LONG, "is closed"), |text, (word, other)| text.replace(word, other));
    let first = || ("news/a.txt", TITLE, "2026-03-04", filled(LONG, "is closed"));
    let told = shows(1, first(), ("news/b.txt", TITLE, "2026-03-04", text.clone()));
    assert!(told.contains("too little to make them two, as “ferry” and “boat”"), "{told}");
    // After weeks the source tells it of another occasion.
    shows(2, first(), ("news/b.txt", TITLE, "2026-03-28", text));
}

#[test]
fn a_letter_tells_other_people_apart() {
    for frame in [SHORT, LONG] {
        let of = |path, name: &str, day| (path, TITLE, day, filled(frame, &format!("is shown to guests by Dr {name}")));
        let day = "2026-03-04";
        shows(1, of("news/a.txt", "Meier", day), of("news/b.txt", "Maier", day));
        shows(2, of("news/a.txt", "Meier", day), of("news/b.txt", "Maier", "2026-03-07"));
        shows(1, of("news/a.txt", "Meier", day), of("press/b.txt", "Maier", "2026-03-07"));
        let twice = |path, name: &str, day| {
            (path, TITLE, day, of(path, name, day).3 + &format!(" Questions are answered by Dr {name} on weekdays."))
        };
        shows(2, twice("news/a.txt", "Meier", day), twice("news/b.txt", "Maier", "2026-03-07"));
        // Whoever slips does so once.
        let titled = |path, name, title| (path, title, day, of(path, name, day).3);
        shows(
            2,
            titled("news/a.txt", "Meier", "Dr Meier shows the library"),
            titled("news/b.txt", "Maier", "Dr Maier shows the library"),
        );
    }
}

#[test]
fn on_another_site_a_word_may_have_been_mended() {
    for frame in [SHORT, LONG] {
        let of = |path, title, words| (path, title, "2026-03-04", filled(frame, words));
        let mended = ["is closed to visitors", "is closed to guests"];
        let told = shows(1, of("news/a.txt", TITLE, mended[0]), of("press/b.txt", TITLE, mended[1]));
        assert!(told.contains("too little to make them two, as “visitors” and “guests”"), "{told}");
        // What the title says, too, and what numbers things, was not.
        shows(
            2,
            of("news/a.txt", "Hours of the library in summer", "is closed in the summer term"),
            of("press/b.txt", "Hours of the library in winter", "is closed in the winter term"),
        );
        shows(2, of("news/a.txt", TITLE, "moves to Room A"), of("press/b.txt", TITLE, "moves to Room B"));
    }
}

#[test]
fn what_stands_at_the_end_is_of_the_notice_unless_it_counts_readers() {
    let text = |end: &str| {
        format!(
            "The seminar on tides of Professor Falk takes place as planned. Whoever wants to take part brings a chart, a pencil \
             and warm clothes, and signs the list that hangs beside the door of the institute.{end}"
        )
    };
    let of = |path, end: &str| (path, TITLE, "2026-03-04", text(end));
    shows(2, of("news/a.txt", " It meets in room 12"), of("news/b.txt", " It meets in room 13"));
    shows(2, of("news/a.txt", " It meets in the hall"), of("news/b.txt", " It meets in the cellar"));
    shows(1, of("news/a.txt", "\n\nViews: 12"), of("news/b.txt", "\n\nViews: 13"));
    // A page may have its text twice.
    let twice = |path, words| {
        let text = filled(SHORT, words);
        (path, TITLE, "2026-03-04", format!("{text}\n\n{text}"))
    };
    shows(2, twice("news/a.txt", "stays open"), twice("news/b.txt", "stays closed"));
    // Of a few words each counts.
    let little = |path, word| {
        (path, "Seminar room of the library", "2026-03-04", format!("The seminar room on the hill is {word}"))
    };
    shows(2, little("news/a.txt", "open"), little("news/b.txt", "closed"));
    shows(2, little("news/a.txt", "open"), little("press/b.txt", "closed"));
}

#[test]
fn a_chain_of_mended_notices_is_not_one_story() {
    let mended = [
        [("ferry", "boat"), ("lift", "elevator"), ("lockers", "boxes"), ("courtyard", "garden")],
        [("stairs", "steps"), ("third", "second"), ("coffee", "tea"), ("porter", "warden")],
        [("mended", "repaired"), ("entrance hall", "corridor"), ("keys", "cards"), ("noon", "midday")],
    ];
    let mut text = filled(LONG, "is closed");
    let mut notices = vec![("news/0.txt", TITLE, "2026-03-01", text.clone())];
    let others = [("news/1.txt", "2026-03-15"), ("news/2.txt", "2026-03-29"), ("news/3.txt", "2026-04-12")];
    for ((path, day), words) in others.into_iter().zip(mended) {
        text = words.iter().fold(text, |text, (word, other)| text.replace(word, other));
        notices.push((path, TITLE, day, text.clone()));
    }
    let house = with(&notices);
    let explain = |one: &str, other: &str| house.run(&["explain", one, other]).stdout;
    for pair in notices.windows(2) {
        let told = explain(pair[0].0, pair[1].0);
        assert!(told.contains("the same story: they share") && !told.contains("not the same"), "{told}");
    }
    let told = explain("news/0.txt", "news/3.txt");
    assert!(told.contains("not the same story: their texts differ in words: "), "{told}");
    assert_eq!(house.feed("all.json").len(), 2, "{:?}", house.titles("all.json"));
}

#[test]
fn a_corrected_story_at_a_new_address_stays_one_where_something_says_so() {
    // The file was moved.
    let house = with(&[("news/a.txt", TITLE, "2026-03-04", filled(SHORT, "stays open on Friday"))]);
    let before = house.item(TITLE);
    house.rename("news/a.txt", "news/b.txt");
    let text = format!("{TITLE}\n\nPublished: 2026-03-04\n\n{}\n", filled(SHORT, "stays closed on Friday"));
    house.file("news/b.txt", &text).refresh();
    let after = house.feed("all.json");
    assert_eq!(after.len(), 1);
    assert_eq!(after[0].id, before.id);
    // Or it is gone, and another has its title and day.
    let house = with(&[
        ("news/a.txt", TITLE, "2026-03-04", filled(SHORT, "stays open on Friday")),
        ("news/z.txt", "The choir sings", "2026-03-05", "The choir sings on the quay.".to_owned()),
    ]);
    let before = house.item(TITLE);
    house.remove("news/a.txt").file("news/b.txt", &text).refresh();
    assert_eq!(house.feed("all.json").len(), 2);
    assert_eq!(house.item(TITLE).id, before.id);
    // Or both name one address.
    let page = |words: &str| {
        format!(
            "<!DOCTYPE html><html><head><title>{TITLE}</title><link rel=\"canonical\" href=\"https://quay.example/notice\">\
             <meta property=\"article:published_time\" content=\"2026-03-04\"></head><body><article><h1>{TITLE}</h1><p>{}</p></article>\
             </body></html>",
            filled(LONG, words)
        )
    };
    let house = House::new();
    house.file("news/a.html", &page("stays open on Friday")).file("news/b.html", &page("stays closed on Friday"));
    house.refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), 1);
    // Without that they are two.
    let moved = page("stays closed on Friday").replace("example/notice", "example/another");
    house.file("news/b.html", &moved).refresh().expect_ok();
    assert_eq!(house.feed("all.json").len(), 2);
}

#[test]
fn in_whatever_order_siblings_and_their_copies_come_the_same_is_shown() {
    let documents = [
        ("news/open.txt", "The reading room", "2026-03-04", filled(LONG, "stays open on Friday")),
        ("news/closed.txt", "The reading room", "2026-03-04", filled(LONG, "stays closed on Friday")),
        ("press/open.txt", "From the library", "2026-03-04", filled(LONG, "stays open on Friday")),
    ];
    let mut published = Vec::new();
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0], [2, 0, 1]] {
        let house = with(&[]);
        for number in order {
            let (path, title, day, text) = &documents[number];
            house.file(path, &format!("{title}\n\nPublished: {day}\n\n{text}\n")).refresh();
        }
        assert_eq!(house.feed("all.json").len(), 2, "{order:?}");
        let copies = house.run(&["explain", "news/open.txt", "press/open.txt"]);
        copies.expect_said("one story here");
        published.push(house.published());
    }
    assert!(published.windows(2).all(|pair| pair[0] == pair[1]), "the order shows");
}
