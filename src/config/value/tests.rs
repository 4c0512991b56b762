//! What each value may be, and what is said of one that is wrong.

use super::*;

fn hint<T: std::fmt::Debug>(result: Result<T, Fault>) -> String {
    match result.unwrap_err().hint {
        Hint::Is(hint) => hint,
        Hint::Zone(text) => zone::meant(&text),
        sought => panic!("{sought:?}"),
    }
}

#[test]
fn files_are_split_into_folder_and_glob() {
    let cases = [
        ("news/**/*.{txt,md}", "news", "**/*.{txt,md}"),
        ("./news/2026/*.md", "news/2026", "*.md"),
        ("/srv/news/**/*.html", "/srv/news", "**/*.html"),
        ("../news//*.txt", "../news", "*.txt"),
        ("../../*.txt", "../..", "*.txt"),
        ("news", "news", EVERYTHING),
        ("news/", "news", EVERYTHING),
        ("news.md/", "news.md", EVERYTHING),
        (".", ".", EVERYTHING),
        ("*.md", ".", "*.md"),
        ("news/report.HTML", "news", "report.HTML"),
        ("report.txt", ".", "report.txt"),
        ("news/report.markdown", "news", "report.markdown"),
        ("news/*", "news", "*"),
        ("news/{a/x,b/y}/*.md", "news", "{a/x,b/y}/*.md"),
        ("news/**", "news", "**"),
    ];
    for (text, root, pattern) in cases {
        assert_eq!(files(text), Ok((root.into(), pattern.to_owned())), "{text}");
    }
}

#[test]
fn files_that_can_match_nothing_are_refused() {
    for text in ["news/*.pdf", "news/*.{pdf,docx}", "news/*.md/", "news/**/report[0-9].doc", "news/{a,b}", "news/*/t"] {
        assert!(files(text).unwrap_err().message.contains("matches no document"), "{text}");
    }
    for text in [
        "news/*.{pdf,md}", "news/*.tx?", "news/*.{h{tml,tm}}", "news/*t", "news/[ab].txt", "news/*.*", "news/*.xhtml",
        "*.text",
    ] {
        assert!(files(text).is_ok(), "{text}");
    }
    for text in ["", "/", "//", "~/news", "news/../x", "/../x", "news/*/../x.md", "a\0b", "news/{a", "news/[.md"] {
        assert!(files(text).is_err(), "{text}");
    }
}

#[test]
fn a_url_becomes_the_address_of_a_folder() {
    assert_eq!(url("https://news.example.edu/feeds").unwrap().as_str(), "https://news.example.edu/feeds/");
    assert_eq!(url("HTTP://新闻.example").unwrap().as_str(), "http://xn--efvy88h.example/");
    for text in [
        "news.example.edu",
        "localhost:8077",
        "ftp://example.edu/",
        "https://",
        "https://a.example/?q",
        "https://a.example/#x",
        "https://user:secret@a.example/",
        "mailto:x@example.edu",
    ] {
        assert!(url(text).is_err(), "{text}");
    }
}

#[test]
fn language_tags_are_checked_and_put_in_order() {
    for (text, tag) in [
        ("en", "en"),
        ("ZH-cn", "zh-CN"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("zh-yue-HK", "zh-yue-HK"),
        ("es-419", "es-419"),
        ("de-1996", "de-1996"),
        ("en-a-bbb-x-y1", "en-a-bbb-x-y1"),
    ] {
        assert_eq!(language(text).as_deref(), Ok(tag));
    }
    for text in ["", "e", "en-", "-en", "en-CN-Hant", "en-US-GB", "en-a", "en-a-x", "语", "en-toolongsubtag", "1n"] {
        assert!(language(text).is_err(), "{text}");
    }
    assert_eq!(hint(language("zh_CN")), "did you mean \"zh-CN\"?");
    assert_eq!(hint(language("english")), "did you mean \"en\"?");
}

#[test]
fn zones_are_found_by_what_was_meant() {
    assert_eq!(zone("Asia/Shanghai"), Ok("Asia/Shanghai".parse().unwrap()));
    for (text, meant) in [
        ("Asia/Shangai", "Asia/Shanghai"),
        ("asia/shanghai", "Asia/Shanghai"),
        ("Shanghai", "Asia/Shanghai"),
        ("Asia/Beijing", "Asia/Shanghai"),
        ("America/New York", "America/New_York"),
        ("Utc", "UTC"),
    ] {
        assert_eq!(hint(zone(text)), format!("did you mean \"{meant}\"?"), "{text}");
    }
    assert_eq!(hint(zone("somewhere over there")), "write it like \"Asia/Shanghai\" or \"UTC\"");
}

#[test]
fn authorities_have_the_form_of_rfc_4151() {
    for text in ["news.example.edu,2026", "localhost,2026-11", "a.b_c@example.edu,2026-02-28", "x-1.example,0999"] {
        assert_eq!(authority(text).as_deref(), Ok(text));
    }
    for text in [
        "news.example.edu",
        "news.example.edu,26",
        "news.example.edu,2026-13",
        "news.example.edu,2026-02-30",
        "news.example.edu,2026-1-1",
        "news.example.edu,2026-01-01-01",
        "-news.example.edu,2026",
        "news..example.edu,2026",
        "新闻.example,2026",
        "@example.edu,2026",
        ",2026",
        "https://news.example.edu,2026",
    ] {
        assert!(authority(text).is_err(), "{text}");
    }
}

#[test]
fn sizes_have_units() {
    for (text, bytes) in [("8 MiB", 8 << 20), ("500kB", 500_000), ("12", 12), (" 1 gib ", 1 << 30), ("3 B", 3)] {
        assert_eq!(size(text), Ok(bytes), "{text}");
    }
    for text in
        ["", "MiB", "-1", "1.5 MiB", "8 Mebibyte", "0", "2 GiB", "99999999999999999999", "18446744073709551615 GiB"]
    {
        assert!(size(text).is_err(), "{text}");
    }
}

#[test]
fn formats_ids_and_patterns_say_what_was_meant() {
    assert_eq!(hint(format("JSON Feed")), "did you mean \"json\"?");
    assert_eq!(hint(format("atm")), "did you mean \"atom\"?");
    assert_eq!(hint(id("Campus News!")), "did you mean \"campus-news\"?");
    assert_eq!(id("新闻").unwrap_err().message, "\"新闻\" is not an id");
    assert!(id("index").is_err() && id("all").is_err() && id("news").is_ok());
    assert!(pattern("(?i)post[").unwrap_err().message.contains("unclosed character class"));
    assert!(pattern("").is_err());
}

#[test]
fn the_default_glob_names_every_readable_ending() {
    for (ending, _) in ENDINGS {
        let name = format!("a/b{ending}");
        let glob = GlobBuilder::new(EVERYTHING).literal_separator(true).build().unwrap();
        assert!(glob.compile_matcher().is_match(name));
    }
}

#[test]
fn the_id_of_a_source_without_one_is_made_as_ever() {
    // The keys of its items are made of it.
    assert_eq!(
        (unwritten("Universität Köln").as_str(), slug("Universität Köln").as_str()),
        ("universit-t-k-ln", "universitat-koln")
    );
}
