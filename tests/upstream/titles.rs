//! Titles that are about tags keep them as words, and lose those that are markup.

use crate::house::TestItem;
use crate::publisher::{Stand, Story, atom, json, rss};

#[test]
fn titles_lose_tags_only_where_they_are_markup() {
    let cases = [
        // What a feed writes as its title, what becomes of it without a type, and where it is said to be text, or HTML.
        ("Use <div> in HTML", "Use <div> in HTML", "Use <div> in HTML", "Use in HTML"),
        (
            "Ships in <b>bold</b> and i < j",
            "Ships in bold and i < j",
            "Ships in <b>bold</b> and i < j",
            "Ships in bold and i < j",
        ),
        ("Ships of R&amp;D", "Ships of R&D", "Ships of R&amp;D", "Ships of R&D"),
        ("The <script> of the play", "The <script> of the play", "The <script> of the play", "The"),
        ("Free<img src=x onerror=alert(1)> bread", "Free bread", "Free bread", "Free bread"),
        ("Ship &lt;b> comes in", "Ship <b> comes in", "Ship &lt;b> comes in", "Ship <b> comes in"),
    ];
    let stories: Vec<Story> =
        cases.iter().enumerate().map(|(number, case)| Story::new(number + 1).title(case.0)).collect();
    let check = |feed: &str, expected: &dyn Fn(usize) -> &'static str| {
        let stand = Stand::new();
        stand.reads(feed);
        let mut items = stand.items();
        items.sort_by_key(|item| item.url.clone());
        // What ends an element has a word joiner in it, so that it ends none wherever it is shown.
        let plain =
            |titles: &[TestItem]| titles.iter().map(|item| item.title.replace('\u{2060}', "")).collect::<Vec<_>>();
        let titles = plain(&items);
        assert_eq!(titles, (0..cases.len()).map(expected).collect::<Vec<_>>(), "{feed}");
        for feed in ["feeds/sources/quay.rss", "feeds/sources/quay.atom"] {
            let told = stand.house.run(&["validate", feed]);
            assert!(told.expect_ok().stdout.contains("0 errors, 0 warnings"), "{}", told.stdout);
        }
    };
    check(&rss(&stories), &|at| cases[at].1);
    let typed = |kind: &str| atom(&stories).replace("<title>", &format!("<title type=\"{kind}\">"));
    check(&json(&stories), &|at| cases[at].1);
    check(&typed("text"), &|at| cases[at].2);
    check(&typed("html"), &|at| cases[at].3);
}
