//! What entries are settled as: labels that are categories and those that are not, and that what was settled under other
//! rules, or in another charset, is settled again.

use crate::badweb::answer;
use crate::publisher::{CLOSE, Stand, Story, rss, rss_with};

/// The story of a number, with labels.
fn labelled(number: usize, labels: &[&str]) -> String {
    let labels = labels.join("</category><category>");
    rss(&[Story::new(number)]).replace("</item>", &format!("<category>{labels}</category></item>"))
}

#[test]
fn a_publishers_own_labels_are_tags_and_make_no_feeds() {
    let stand = Stand::with("categories = [\"Dockside\"]\n[[feed]]\nid = \"knots\"\ncategories = [\"reef-knots\"]\n");
    stand.reads(&labelled(1, &["Reef knots", "Research", "Reef knots", "dockside"]));
    let item = stand.item("Ship 1 came in");
    assert_eq!(item.tags, ["Research", "dockside", "Reef knots"]);
    let categories: Vec<String> =
        stand.house.tree().into_keys().filter(|path| path.contains("categories/") && path.contains(".rss")).collect();
    assert_eq!(categories, ["categories/dockside.rss", "categories/research.rss"]);
    assert_eq!(stand.house.feed("feeds/knots.json").len(), 1, "a tag can be asked for");
    for (file, told) in [
        ("feeds/sources/quay.rss", "<category>Reef knots</category>"),
        ("feeds/sources/quay.atom", "<category term=\"Reef knots\"/>"),
    ] {
        let text = std::fs::read_to_string(stand.house.path(file)).unwrap();
        assert!(text.contains(told), "{file}: {text}");
    }
}

#[test]
fn labels_without_number_make_no_files_without_number() {
    let stand = Stand::new();
    let labels: Vec<String> = (0..300).map(|number| format!("Label {number}")).collect();
    stand.reads(&labelled(1, &labels.iter().map(String::as_str).collect::<Vec<_>>()));
    assert_eq!(stand.item("Ship 1 came in").tags.len(), 21, "20 labels, and what it is here");
    assert!(stand.house.tree().len() < 40, "{:#?}", stand.house.tree().keys());
}

#[test]
fn a_link_to_the_feed_itself_is_no_address_of_an_item() {
    let stand = Stand::new();
    let feed = stand.publisher.server.url("/feed").to_string();
    stand.finds(&[Story::new(1).link(&format!("{feed}#")), Story::new(2)]);
    let url = stand.item("Ship 1 came in").url;
    assert!(!url.starts_with(&feed) && !url.is_empty(), "{url}");
    assert_eq!(stand.item("Ship 2 came in").url, "https://quay.example/news/2");
}

#[test]
fn items_of_a_title_alone_are_in_its_language() {
    let stand = Stand::with("[[feed]]\nid = \"zh\"\nlanguage = \"zh\"\n");
    stand.finds(&[Story::new(1).title("学校召开春季工作会议部署重点任务").body(""), Story::new(2).body("")]);
    assert_eq!(stand.item("学校召开春季工作会议部署重点任务").whole["language"], "zh-Hans");
    assert_eq!(stand.house.feed("feeds/zh.json").len(), 1);
}

#[test]
fn what_a_cut_feed_did_not_tell_is_settled_under_new_rules_later() {
    let stand = Stand::new();
    let stories: Vec<Story> = (1..=4).map(Story::new).collect();
    stand.finds(&stories);
    stand.configure("categories = [\"Dockside\"]\n");
    let whole = rss(&stories);
    let cut = whole.split("<item>").take(3).collect::<Vec<_>>().join("<item>");
    stand.publisher.says(&cut);
    stand.visit().expect_ok();
    assert!(!stand.item("Ship 4 came in").tags.contains(&"Dockside".to_owned()), "the cut feed does not tell of it");
    stand.finds(&stories);
    for story in ["Ship 1 came in", "Ship 4 came in"] {
        assert!(stand.item(story).tags.contains(&"Dockside".to_owned()), "{story}");
    }
}

#[test]
fn the_same_bytes_in_another_charset_are_read_again() {
    let stand = Stand::new();
    let feed: Vec<u8> = rss_with("", &[Story::new(1).title("Café on the quay")])
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let says = |charset: &str| {
        let headers = format!("{CLOSE}content-type: application/rss+xml; charset={charset}\r\n");
        stand.publisher.answers(answer(&headers, &feed));
        stand.visit().expect_ok();
        stand.items()[0].title.clone()
    };
    let first = says("iso-8859-7");
    assert_ne!(first, "Café on the quay");
    assert_eq!(says("iso-8859-1"), "Café on the quay");
}

#[test]
fn an_entry_that_says_nothing_is_none() {
    let rss = "<rss version=\"2.0\"><channel><title>Quay</title><item/><item><guid> </guid><title></title>\
               <pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item><item><title>Tide</title></item></channel></rss>";
    let json = "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Quay\", \"items\": [{\"id\": null}, \
                {\"id\": \"\", \"date_published\": \"2026-03-02T10:00:00Z\"}, {\"id\": \"1\", \"title\": \"Tide\"}]}";
    for feed in [rss, json] {
        let stand = Stand::new();
        stand.publisher.says(feed);
        let told = "has 2 entries without title, text, link, file and id: they are left out";
        let visit = stand.visit();
        visit.expect_ok().expect_said(told);
        assert_eq!(stand.house.titles("all.json"), ["Tide"], "{feed}");
    }
    // A file is something, and so is a picture.
    for something in [
        "<enclosure url=\"https://quay.example/a.mp3\"/>",
        "<media:content medium=\"image\" url=\"https://quay.example/a.jpg\"/>",
    ] {
        let stand = Stand::new();
        stand.reads(&format!(
            "<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><title>Quay</title>\
             <item>{something}</item></channel></rss>"
        ));
        assert_eq!(stand.house.feed("all.json").len(), 1, "{something}");
    }
}
