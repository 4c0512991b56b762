//! Each site of the campus gives all its news, and the next visits ask for what is new alone.

use chrono::DateTime;
use chrono_tz::Asia::Shanghai;

use crate::sites::{CHROME, SITES, Sketch};
use crate::story::Story;
use crate::town::{Town, status};

impl Sketch {
    pub(crate) fn stories(&self, count: usize) -> Vec<Story> {
        Story::first(self.tongue, self.house, count)
    }

    fn show(&self, town: &Town, stories: &[Story]) {
        let base = format!("http://{}", town.host(self.id));
        town.shows(self.id, (self.files)(&base, stories));
    }
}

/// What is wrong with the items of a site.
fn faults(site: &Sketch, town: &Town, stories: &[Story]) -> Vec<String> {
    let items = town.items(site.id);
    let mut faults = Vec::new();
    let titles: Vec<&str> = items.iter().map(|item| item.title.as_str()).collect();
    let wanted: Vec<&str> = stories.iter().map(|story| story.title.as_str()).collect();
    let lacking: Vec<_> = wanted.iter().filter(|title| !titles.contains(title)).collect();
    let strange: Vec<_> = titles.iter().filter(|title| !wanted.contains(title)).collect();
    if !lacking.is_empty() || !strange.is_empty() {
        faults.push(format!("{} items: lacks {lacking:?}, has {strange:?}", items.len()));
    } else if titles != wanted {
        faults.push(format!("the order is {titles:#?}"));
    }
    for (story, item) in
        stories.iter().filter_map(|story| Some((story, items.iter().find(|item| item.title == story.title)?)))
    {
        let day = DateTime::parse_from_rfc3339(&item.date).unwrap().with_timezone(&Shanghai).date_naive();
        if day != story.day {
            faults.push(format!("{:?} is of {}, not {}", story.title, item.date, story.day));
        }
        if let Some(author) = item.whole["authors"][0]["name"].as_str().filter(|author| *author != story.author) {
            faults.push(format!("{:?} is by {author:?}, not {:?}", story.title, story.author));
        }
        let text = plain(&item.content);
        for paragraph in story.paragraphs.iter().filter(|paragraph| !text.contains(&plain(paragraph))) {
            faults.push(format!("{:?} lacks {paragraph:?}: {}", story.title, item.content));
        }
        for words in CHROME.iter().filter(|words| text.contains(&plain(words))) {
            faults.push(format!("{:?} has {words:?}: {}", story.title, item.content));
        }
    }
    faults
}

/// A text without markup and white space.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside && !c.is_whitespace() => text.push(c),
            _ => {}
        }
    }
    text.replace("&amp;", "&")
}

/// What is asked of a site beside its list, though nothing is new.
fn more(site: &Sketch) -> usize {
    match site.id {
        // A map of maps is two, and the page is looked at now and then.
        "map" => 2,
        // The further page that its script speaks of is not there yet.
        "trs" => 1,
        _ => 0,
    }
}

#[test]
fn a_page_that_is_named_gives_all_its_news_and_later_what_is_new() {
    let mut town = Town::new();
    for site in SITES {
        town.add(site.id, site.page, site.keys);
    }
    let mut faults_of_all: Vec<String> = Vec::new();
    let mut told = |site: &Sketch, when: &str, faults: Vec<String>| {
        faults_of_all.extend(faults.iter().take(3).map(|fault| format!("{} ({when}): {fault}", site.id)));
    };
    for site in SITES {
        site.show(&town, &site.stories(site.count));
    }
    let (first, _) = town.visit("2026-02-10T01:00:00Z");
    for site in SITES {
        told(site, "first", faults(site, &town, &site.stories(site.count)));
    }
    let before = town.house.published();

    let (_, asked) = town.visit("2026-02-11T01:00:00Z");
    for site in SITES {
        let asked = asked.get(site.id).cloned().unwrap_or_default();
        let articles: Vec<_> = asked.iter().filter(|path| (site.is_article)(path)).collect();
        if !articles.is_empty() || asked.len() != 1 + more(site) {
            told(site, "second", vec![format!("asks for {asked:?}")]);
        }
    }
    if town.house.published() != before {
        faults_of_all.push("what is published has changed, though nothing is new".to_owned());
    }

    let mut told = |site: &Sketch, when: &str, faults: Vec<String>| {
        faults_of_all.extend(faults.iter().take(3).map(|fault| format!("{} ({when}): {fault}", site.id)));
    };
    let ids = |site: &Sketch| town.items(site.id).into_iter().map(|item| (item.title, item.id)).collect::<Vec<_>>();
    let known: Vec<_> = SITES.iter().map(ids).collect();
    for site in SITES {
        site.show(&town, &site.stories(site.count + 1));
    }
    let (third, asked) = town.visit("2026-02-12T01:00:00Z");
    for (site, known) in SITES.iter().zip(known) {
        told(site, "third", faults(site, &town, &site.stories(site.count + 1)));
        let now = ids(site);
        if !known.iter().all(|item| now.contains(item)) {
            told(site, "third", vec![format!("ids have changed: {known:?}, {now:?}")]);
        }
        let asked = asked.get(site.id).cloned().unwrap_or_default();
        let articles = asked.iter().filter(|path| (site.is_article)(path)).count();
        if articles > 1 || asked.len() > 2 + more(site) {
            told(site, "third", vec![format!("asks for {asked:?}")]);
        }
    }
    assert!(
        faults_of_all.is_empty(),
        "{}\nfirst walk: {}\n{}\nthird walk: {}\n{}",
        faults_of_all.join("\n"),
        first.stdout,
        first.stderr,
        third.stdout,
        third.stderr
    );
    first.expect_ok();
    third.expect_ok();
}

#[test]
fn an_interface_that_is_shut_is_replaced_by_what_the_page_shows() {
    let mut town = Town::new();
    let sites: Vec<&Sketch> = SITES.iter().filter(|site| ["wordpress", "own-feed"].contains(&site.id)).collect();
    for site in &sites {
        town.add(site.id, site.page, site.keys);
        site.show(&town, &site.stories(site.count));
    }
    town.visit("2026-02-10T01:00:00Z").0.expect_ok();
    let known: Vec<_> = sites.iter().map(|site| town.items(site.id)).collect();
    for site in &sites {
        let base = format!("http://{}", town.host(site.id));
        let mut files = (site.files)(&base, &site.stories(site.count + 1));
        files.retain(|(path, _)| path != "/news.rss" && !path.starts_with("/wp-json/"));
        files.push(status("/wp-json/wp/v2/posts", "403 Forbidden"));
        town.shows(site.id, files);
    }
    let (second, _) = town.visit("2026-02-11T01:00:00Z");
    second.expect_ok().expect_said("is read by another way from now on");
    for (site, known) in sites.iter().zip(known) {
        let faults = faults(site, &town, &site.stories(site.count + 1));
        assert!(faults.is_empty(), "{}: {faults:#?}\n{}", site.id, second.stderr);
        let now = town.items(site.id);
        for item in known {
            assert!(
                now.iter().any(|other| (&other.id, &other.date) == (&item.id, &item.date)),
                "{}: {item:?}",
                site.id
            );
        }
    }
}
