//! A page that is made anew lists its stories at other addresses; another shows story after story at one.

use crate::site::{Site, Story, around, stories};

/// A list in another layout: an address and a date of each.
fn cards(rows: &[(&Story, String, String)]) -> String {
    let row = |(story, path, date): &(&Story, String, String)| {
        format!("<li><span class=\"date\">{date}</span> <h3><a href=\"{path}\">{}</a></h3></li>\n", story.title)
    };
    around(&format!("<ul class=\"news\">\n{}</ul>", rows.iter().map(row).collect::<String>()), None)
}

fn slug(story: &Story) -> String {
    format!("/neu/{}-of-cargo", ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][story.number])
}

/// Lists stories at their new addresses, and puts them up with this behind their text.
fn moves(site: &Site, all: &[Story], date: impl Fn(&Story) -> String, more: &str) {
    let rows: Vec<_> = all.iter().map(|story| (story, slug(story), date(story))).collect();
    site.shows("/news/", &cards(&rows));
    for story in all {
        site.shows(&slug(story), &story.page().replace("were lit.</p>", &format!("were lit.</p><p>{more}</p>")));
    }
}

fn ids(site: &Site) -> Vec<(String, String, String)> {
    let mut ids: Vec<_> = site.items().into_iter().map(|item| (item.title, item.id, item.date)).collect();
    ids.sort();
    ids
}

#[test]
fn stories_keep_their_ids_where_the_page_is_made_anew() {
    type Date = fn(&Story) -> String;
    let dates: [Date; 3] = [|story| story.date.clone(), |story| format!("{} 09:30", story.date), |_| String::new()];
    for (at, date) in dates.into_iter().enumerate() {
        let site = Site::new();
        let all = stories(1..=8);
        site.lists(&all).visit().expect_ok();
        let before = ids(&site);
        moves(&site, &all, date, "Photo: the press office of the college.");
        site.visit().expect_ok();
        assert_eq!(ids(&site), before, "{at}");
        assert!(site.items().iter().all(|item| item.content.contains("press office") && item.url.contains("/neu/")));
    }
}

#[test]
fn their_texts_stay_where_the_new_articles_cannot_be_had() {
    let site = Site::new();
    let all = stories(1..=8);
    site.lists(&all).visit().expect_ok();
    let before = ids(&site);
    let rows: Vec<_> = all.iter().map(|story| (story, slug(story), story.date.clone())).collect();
    site.shows("/news/", &cards(&rows)).visit().expect_ok();
    assert_eq!(ids(&site), before);
    assert!(site.items().iter().all(|item| item.content.contains("harbour master")));
}

#[test]
fn notices_of_the_same_titles_are_new_each_day() {
    for has_dates in [true, false] {
        let site = Site::new();
        let menu = |day: usize| -> Vec<Story> {
            let soup = ["potatoes", "lentils", "leek"][day - 1];
            let story = |at: usize| Story { text: format!("Soup of {soup}, and bread {at}."), ..Story::new(at) };
            let titled = |at| story(at).title(&format!("Menu of canteen {at}")).date(&format!("2026-03-0{day}"));
            (1..=5).map(titled).collect()
        };
        for day in 1..=3 {
            let all = menu(day);
            let rows: Vec<_> = all
                .iter()
                .map(|story| {
                    let date = if has_dates { story.date.clone() } else { String::new() };
                    (story, format!("/menu/{day}-{}.html", story.number), date)
                })
                .collect();
            site.shows("/news/", &cards(&rows));
            for (story, path, _) in &rows {
                site.shows(path, &story.page().replace("Published: ", "").replace(&story.date, ""));
            }
            site.visit().expect_ok();
        }
        assert_eq!(site.items().len(), 15, "{has_dates}");
    }
}

#[test]
fn each_edition_of_a_day_is_an_item() {
    let same =
        "The water at the gauge of the old bridge is measured by the harbour office, which tells it to the ferries. "
            .repeat(6);
    for is_dated in [true, false] {
        let site = Site::new();
        for edition in 1..=3 {
            let story = |at: usize| {
                let text = format!("{same} It stood at {edition}{at}7 centimetres.");
                Story { text, ..Story::new(at) }.title(&format!("Water at gauge {at}")).date("2026-03-04")
            };
            let all: Vec<Story> = (1..=5).map(story).collect();
            let date = |story: &Story| if is_dated { story.date.clone() } else { String::new() };
            let path = |story: &Story| format!("/gauge/{edition}0{}.html", story.number);
            let rows: Vec<_> = all.iter().map(|story| (story, path(story), date(story))).collect();
            site.shows("/news/", &cards(&rows));
            for story in &all {
                site.shows(&path(story), &story.page().replace("Published: 2026-03-04", ""));
            }
            site.visit().expect_ok();
        }
        assert_eq!(site.items().len(), 15, "{is_dated}");
    }
}

#[test]
fn each_story_at_one_address_is_an_item() {
    let site = Site::new();
    let weeks = [("Gannets nest on the pier", "02"), ("Choir sings in chapel", "09"), ("Boat race was rowed", "16")];
    let rest = stories(20..=24);
    for (title, day) in weeks {
        let story = Story::new(1).title(title).date(&format!("2026-03-{day}"));
        let mut rows = vec![(&story, "/current.html".to_owned(), story.date.clone())];
        rows.extend(rest.iter().map(|story| (story, story.path(), story.date.clone())));
        site.writes(&rest).shows("/current.html", &story.page()).shows("/news/", &cards(&rows)).visit().expect_ok();
    }
    assert_eq!(site.items().len(), 8, "{:?}", site.titles());
    // An edit is one, also where the date moves along; and so is another title at the address of an article.
    let story = Story::new(1).title("Boat race was rowed again").date("2026-03-20");
    let other = rest[0].clone().title("Nobody knows why").date("2026-03-28");
    let mut rows = vec![(&story, "/current.html".to_owned(), story.date.clone())];
    rows.push((&other, other.path(), other.date.clone()));
    rows.extend(rest[1..].iter().map(|story| (story, story.path(), story.date.clone())));
    site.shows("/current.html", &story.page()).shows(&other.path(), &other.page()).shows("/news/", &cards(&rows));
    site.visit().expect_ok();
    assert_eq!(site.items().len(), 8, "{:?}", site.titles());
}
