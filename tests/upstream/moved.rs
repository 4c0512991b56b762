//! A site is made anew, so that its feed says all again under other ids and at other addresses; and what only looks so.

use crate::house::TestItem;
use crate::publisher::{Stand, Story};

const SHIPS: [&str; 8] = ["Albatross", "Bittern", "Curlew", "Dunlin", "Eider", "Fulmar", "Gannet", "Heron"];

fn report(ship: &str, day: usize) -> Story {
    let text = format!(
        "The {ship} left the quay of Fjordby with two cooks, a winch that had been mended over the winter and all that the crew of the {ship} \
         needs for the northern sound. The harbour master waved from the tower, as he does each time when the {ship} puts to sea, and the \
         pilots of the {ship} went home with the evening tide. Whoever wants to see where the {ship} is by now looks at the chart in the \
         window of the institute, on which a pupil moves a pin for the {ship} every morning before school begins. \
         The mayor has a telescope for the same purpose."
    );
    Story { guid: None, link: None, title: Some(format!("The {ship} puts to sea")), date: None, body: text }
        .date(&format!("2026-03-{day:02}T10:17:00Z"))
}

/// The feed of the old site: a day each, the newest in front.
fn old() -> Vec<Story> {
    let told = |at: usize| {
        let address = format!("http://quay.example/view.php?id={}", 500 + at);
        report(SHIPS[at], 20 - at).guid(&address).link(&address)
    };
    (0..SHIPS.len()).map(told).collect()
}

/// That of the new one.
fn anew(change: impl Fn(usize, Story) -> Story) -> Vec<Story> {
    let told = |(at, story): (usize, Story)| {
        let name = SHIPS[at].to_lowercase();
        change(
            at,
            story.guid(&format!("urn:uuid:{name}-{at}")).link(&format!("https://www.quay.example/news/the-{name}/")),
        )
    };
    old().into_iter().enumerate().map(told).collect()
}

/// A text without its beginning.
fn rest(text: &str, at: usize) -> String {
    text.chars().skip(at * 30).collect()
}

fn lasting(stand: &Stand) -> Vec<(String, String, String)> {
    let told = |item: TestItem| (item.title, item.id, item.date);
    let mut items: Vec<_> = stand.items().into_iter().map(told).collect();
    items.sort();
    items
}

#[test]
fn a_feed_that_is_made_anew_makes_no_new_items() {
    type Change = fn(usize, Story) -> Story;
    let changes: [(&str, Change); 4] = [
        ("the same dates", |_, story| story),
        ("by the day", |_, story| story.by_day()),
        ("without dates", |_, story| story.without_date()),
        ("brought over on one day", |at, story| story.date(&format!("2026-04-02T08:0{at}:00Z"))),
    ];
    for (name, change) in changes {
        let stand = Stand::new();
        stand.finds(&old());
        let before = lasting(&stand);
        let mut now = anew(change);
        stand.finds(&now);
        assert_eq!(lasting(&stand), before, "{name}");
        assert!(stand.items().iter().all(|item| item.url.contains("/news/the-")), "{name}");
        // And the site goes on.
        now.insert(0, Story::new(30).date("2026-04-03T10:17:00Z"));
        stand.finds(&now);
        assert_eq!(stand.items().len(), SHIPS.len() + 1, "{name}");
    }
}

#[test]
fn all_of_a_long_feed_moves_at_once() {
    let stand = Stand::new();
    let told = |site: &str| -> Vec<Story> {
        let story = |number: usize| {
            let address = format!("https://quay.example/{site}/{number}");
            Story::new(number).guid(&address).link(&address)
        };
        (1..1_050).map(story).collect()
    };
    stand.finds(&told("view"));
    let longer = |story: Story| {
        let body = format!("{} They had soup in the old tavern.", story.body);
        story.by_day().body(&body)
    };
    stand.finds(&told("news/ships").into_iter().map(longer).collect::<Vec<_>>());
    let status = stand.house.run(&["status", "--json"]).json();
    assert_eq!(status["sources"][0]["items"], 1_049, "{}", status["sources"][0]);
}

#[test]
fn a_site_that_is_made_anew_in_part_or_with_news_of_its_own_makes_none_either() {
    let stand = Stand::new();
    stand.finds(&old());
    let before = lasting(&stand);
    let mut now = vec![Story::new(31).date("2026-04-03T10:17:00Z"), Story::new(30).date("2026-04-02T10:17:00Z")];
    now.extend(anew(|_, story| story).into_iter().take(6));
    stand.finds(&now);
    let all = lasting(&stand);
    assert_eq!(all.len(), before.len() + 2, "{all:#?}");
    assert!(before.iter().all(|item| all.contains(item)), "{all:#?}");
}

#[test]
fn what_is_told_again_under_its_titles_is_new_where_its_words_or_addresses_do_not_say_that_it_moved() {
    type Change = fn(usize, usize, Story) -> Story;
    let at = |week: usize, at: usize, path: &str| {
        format!("https://quay.example/{path}/{week}-{at}-{}", SHIPS[(at + week) % 8])
    };
    let weeks: [(&str, Change); 4] = [
        ("other words", |week, _, story| {
            let body = story
                .body
                .replace("two cooks", ["two cooks", "three cooks and 40 sailors", "one cook and 9 sailors"][week]);
            story.body(&body)
        }),
        ("addresses of one kind", |_, _, story| story),
        ("the days of another week", |_, _, story| story),
        ("other stories of a few titles", |week, at, story| {
            let titles = ["Menu", "Courses", "Open posts"];
            let body =
                format!("Number {week}{at}: {} On {week} of {at} things it says nothing.", rest(&story.body, at));
            story.title(titles[at % 3]).body(&body)
        }),
    ];
    for (name, change) in weeks {
        let stand = Stand::new();
        for week in 0..3 {
            let path = if name == "addresses of one kind" { "news" } else { ["news", "neu", "posts"][week] };
            let told = |number: usize| {
                let address = at(week, number, path);
                let story = report(SHIPS[number], 1 + 7 * week + number % 5).guid(&address).link(&address);
                change(week, number, story)
            };
            stand.finds(&(0..6).map(told).collect::<Vec<_>>());
        }
        assert_eq!(stand.items().len(), 18, "{name}: {:#?}", stand.ids());
    }
}

#[test]
fn what_has_another_address_each_time_stays_what_it_is() {
    let stand = Stand::new();
    for visit in ["aa01", "b7c2", "99fe"] {
        let short =
            |number| Story { guid: None, ..Story::new(number).body("A ship came in.").date("2026-03-04T00:00:00Z") };
        let told =
            |number| short(number).link(&format!("https://quay.example/{visit}/news;jsessionid={visit}{number}"));
        stand.finds(&(1..7).map(told).collect::<Vec<_>>());
    }
    assert_eq!(stand.items().len(), 6, "{:#?}", stand.ids());
}

#[test]
fn what_is_told_again_each_term_is_new() {
    let stand = Stand::new();
    for (term, day) in [("ws2025", "2025-10-01"), ("ss2026", "2026-03-01")] {
        let told = |(at, ship): (usize, &&str)| {
            let address = format!("https://quay.example/courses/{term}/{}.html", ship.to_lowercase());
            report(ship, 1).guid(&format!("{term}-{at}")).link(&address).date(day)
        };
        stand.finds(&SHIPS.iter().enumerate().map(told).collect::<Vec<_>>());
    }
    assert_eq!(stand.items().len(), 2 * SHIPS.len(), "{:#?}", stand.ids());
}
