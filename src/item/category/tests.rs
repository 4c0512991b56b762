//! Which clues file an item where, and what is said of a wrong vocabulary.

use super::*;

/// Files an item by the built-in vocabulary and gives the slugs, joined.
fn slugs(clues: Clues<'_>) -> String {
    let filed = Vocabulary::built_in().file_under(clues);
    filed.into_iter().map(|category| category.slug).collect::<Vec<_>>().join(" ")
}

fn owned(labels: &[&str]) -> Vec<String> {
    labels.iter().map(|&label| label.to_owned()).collect()
}

#[track_caller]
fn check_sections(sections: &[&str], expected: &str) {
    assert_eq!(slugs(Clues { sections: &owned(sections), ..Clues::default() }), expected, "{sections:?}");
}

#[track_caller]
fn check_topics(title: &str, text: &str, expected: &[&str]) {
    let filed = slugs(Clues { title, text, ..Clues::default() });
    let topics: Vec<_> = filed.split(' ').skip(1).collect();
    assert_eq!(topics, expected, "{title:?} {text:?}");
}

#[track_caller]
fn check_error(text: &str, expected: &str) {
    assert_eq!(Vocabulary::parse(text).unwrap_err().to_string(), expected);
}

#[test]
fn sections_file_an_item_in_their_order() {
    check_sections(&["Events & News", "Focus"], "news featured");
    check_sections(&["Events & News", "News"], "news");
    check_sections(&["News & Notices", "News"], "news");
    check_sections(&["通知公告"], "notice");
    check_sections(&["學術活動", "焦點"], "event featured");
    check_sections(&["Research", "Talent"], "research talent");
    check_sections(&["招标信息"], "procurement");
}

#[test]
fn case_width_space_and_punctuation_of_labels_do_not_matter() {
    check_sections(&["EVENTS and news"], "news");
    check_sections(&["Ｅｖｅｎｔｓ＆Ｎｅｗｓ"], "news");
    check_sections(&[" 通 知 公 告："], "notice");
    check_sections(&["Talks."], "event");
}

#[test]
fn labels_are_whole_and_unknown_sections_are_no_categories() {
    check_sections(&["News of the College of Pharmacy", "Jiangwan"], "news");
    assert_eq!(Vocabulary::built_in().file_under(Clues::default()).len(), 1);
}

#[test]
fn every_category_has_a_chinese_name() {
    let vocabulary = Vocabulary::built_in();
    for entry in &vocabulary.entries {
        assert_ne!(entry.label(Some("zh")), entry.label(Some("en")), "{}", entry.slug);
        assert_eq!(entry.labels.len(), 3, "{}", entry.slug);
    }
}

#[test]
fn what_is_given_is_kept_even_if_unknown() {
    let given = owned(&["Talent and recruitment", "procurement", "Campus  Ecology", "校园生态", "campus-ecology", " "]);
    let filed = Vocabulary::built_in().file_under(Clues { given: &given, ..Clues::default() });
    let pairs: Vec<_> = filed.iter().map(|category| (category.slug.as_str(), category.label.as_str())).collect();
    let own = slug("校园生态");
    assert_eq!(
        pairs,
        [
            ("talent", "Talent and recruitment"),
            ("procurement", "Tenders"),
            ("campus-ecology", "Campus Ecology"),
            (own.as_str(), "校园生态"),
        ]
    );
}

#[test]
fn a_clue_is_asked_only_where_better_ones_are_silent() {
    let keywords = owned(&["Lakeside University", "Alumni"]);
    let clues = Clues { keywords: &keywords, address_path: Some("/kydt/1042.htm"), ..Clues::default() };
    assert_eq!(slugs(clues), "alumni");
    assert_eq!(slugs(Clues { sections: &owned(&["通知公告"]), ..clues }), "notice");
    assert_eq!(slugs(Clues { given: &owned(&["Party work"]), ..clues }), "party");
    // Neither a mark nor a category of one's own says what an item is.
    assert_eq!(slugs(Clues { sections: &owned(&["头条"]), ..clues }), "featured alumni");
    assert_eq!(slugs(Clues { given: &owned(&["university"]), ..clues }), "university alumni");
}

#[test]
fn the_last_known_part_of_the_address_counts() {
    let path = |path| slugs(Clues { address_path: Some(path), ..Clues::default() });
    assert_eq!(path("/xwzx/tzgg.htm"), "notice");
    assert_eq!(path("/en/News-Events/2026/0312/c123a4567/page.htm"), "news");
    assert_eq!(path("/XSBG/info/1042/9.htm"), "event");
    assert_eq!(path("/tzggs/2.htm"), "news");
    assert_eq!(path(""), "news");
}

#[test]
fn a_topic_takes_one_mention_in_the_title_or_two_in_the_text() {
    check_topics("A new postdoctoral station", "", &["talent"]);
    check_topics("", "A seminar was held.", &[]);
    check_topics("", "A seminar was held. Both Seminars were full.", &["event"]);
    check_topics("", "两校签署战略合作框架协议，并为联合实验室揭牌。", &["cooperation"]);
    let late = format!("{} seminar, seminar", "word ".repeat(200));
    check_topics("", &late, &[]);
}

#[test]
fn words_that_overlap_are_one_mention() {
    check_topics("", "An international conference was held.", &[]);
    check_topics("International conference opens", "", &["event", "international"]);
}

#[test]
fn words_are_whole_words() {
    check_topics("Third-party members leave", "", &[]);
    check_topics("Third party members leave", "", &[]);
    check_topics("Preconference and lecturer", "", &[]);
    check_topics("A non-seminar", "", &[]);
    check_topics("Ménage éseminar", "", &[]);
    check_topics("召开seminar会", "", &["event"]);
    check_topics("Repairs of the lecture hall", "", &[]);
    check_topics("Research University of the Lakes founded", "", &[]);
    check_topics("新生儿科收治千名患儿", "", &[]);
    check_topics("新生报到", "", &["students"]);
}

#[test]
fn topics_stand_in_the_order_of_the_vocabulary_and_there_are_at_most_eight() {
    let title = "Alumni, scholarship, MoU, study abroad, postdocs, curriculum, seminar, tender notice, clinical trials";
    let sections = owned(&["Alumni"]);
    let filed = slugs(Clues { sections: &sections, title, ..Clues::default() });
    assert_eq!(filed, "alumni event research education talent international cooperation students");
}

#[test]
fn labels_follow_the_language() {
    let vocabulary = Vocabulary::built_in();
    assert_eq!(vocabulary.label("notice", "zh-Hans-CN"), Some("通知公告"));
    assert_eq!(vocabulary.label("news", "zh-TW"), Some("新聞"));
    assert_eq!(vocabulary.label("news", "zh-Hant-HK"), Some("新聞"));
    assert_eq!(vocabulary.label("news", "fr"), Some("News"));
    assert_eq!(vocabulary.label("nothing", "en"), None);
    let filed = vocabulary.file_under(Clues { language: Some("zh-CN"), ..Clues::default() });
    assert_eq!(filed, [Category { slug: "news".to_owned(), label: "新闻".to_owned() }]);
}

#[test]
fn slugs_are_ascii_stable_and_tell_labels_apart() {
    assert_eq!(slug("Talent & Recruitment!"), "talent-recruitment");
    assert_eq!(slug("Université d’été — Straße"), "universite-dete-strasse");
    assert_eq!(slug("ＡＩ"), "ai");
    assert_eq!(slug("校园文化"), "c-808861c8");
    assert_eq!(slug("校园 文化"), slug("校园文化"));
    assert_ne!(slug("实验"), slug("试验"));
    assert!(slug("AI 研究").starts_with("ai-") && slug("AI 研究") != slug("AI"));
    assert_eq!(slug(&"long ".repeat(40)).len(), 63);
    let signs = ["C", "C++", "C#", "F#", "F", "🎓", "🏀", "!!!", ".."].map(slug);
    assert_eq!(std::collections::BTreeSet::from(signs.clone()).len(), signs.len(), "{signs:?}");
    assert_eq!(slug("c++"), slug("C++"));
    assert_eq!(
        ["C", "Alumni+", "#talk", "A + B", "Class A", "News!", "A+B", "K+12", "Class A+"].map(slug),
        ["c", "alumni", "talk", "a-b", "class-a", "news", "a-b", "k-12", "class-a"]
    );
    for label in ["", "!", "校园文化", "a--b", "-a-", "ß", "İstanbul"] {
        assert_eq!(slug(&slug(label)), slug(label), "{label:?}");
    }
}

#[test]
fn a_vocabulary_for_an_earlier_version_is_read() {
    assert!(Vocabulary::parse("[news]\nlabel.en = \"N\"\nschema = \"NewsArticle\"").is_ok());
}

#[test]
fn a_wrong_vocabulary_is_told_with_line_and_column() {
    check_error(
        "[news]\nlabel.en = \"N\"\nlables = []",
        "line 3, column 1: unknown key \"lables\": did you mean \"labels\"",
    );
    check_error(
        "[news]\nlabel.en = \"N\"\nlabels = [1]",
        "line 3, column 11: invalid type: integer `1`, expected a string",
    );
    check_error("['Big News']", "line 1, column 1: missing field `label`");
    check_error(
        "['Big News']\nlabel.en = \"N\"",
        "line 1, column 2: \"Big News\" is not a slug: use a-z, 0-9 and -, such as \"big-news\"",
    );
    check_error("[news]\nlabel.zh = \"N\"", "line 1, column 2: \"news\" has no English label: add label.en");
    check_error(
        "[a]\nlabel.en = \"A\"\nlabels = [\"X & Y\"]\n[b]\nlabel.en = \"B\"\nlabels = [\"Z\", \"X and Y\"]",
        "line 6, column 16: \"X and Y\" leads to \"a\" and to \"b\": keep it under one of them",
    );
    check_error(
        "[a]\nlabel.en = \"A\"\nwords = [\"b\"]",
        "line 3, column 10: the word \"b\" is too short: use at least two letters",
    );
}
