//! Tests of which names a line tells.

use super::*;

#[track_caller]
fn check(value: &str, expected: &[&str]) {
    assert_eq!(names(value), expected, "{value}");
}

#[test]
fn names_are_told_from_what_stands_around_them() {
    check("By Ada Strand | 5 May 2024", &["Ada Strand"]);
    check("Veröffentlicht von Jan Deich", &["Jan Deich"]);
    check("Written by: Ada Strand and Li Ming", &["Ada Strand", "Li Ming"]);
    check("Ada Strand, Li Ming", &["Ada Strand", "Li Ming"]);
    check("作者：张三、李四", &["张三", "李四"]);
    check("晚报记者：张伟 刘强", &["张伟", "刘强"]);
    check("著者：佐藤浩二", &["佐藤浩二"]);
    check("文● サトウ／編集部", &["サトウ／編集部"]);
    check("[佐藤浩二，Harbour Times]", &["佐藤浩二", "Harbour Times"]);
    check("Author: Ada Strand Views: 31", &["Ada Strand"]);
    check("Vonnegut", &["Vonnegut"]);
    check("Peter von Stein", &["Peter von Stein"]);
    check("Sep 16 Written By Jan Deich", &["Jan Deich"]);
    check("Geschrieben von | Ada Strand | Head of Tides", &["Ada Strand"]);
}

#[test]
fn names_that_are_words_too_are_names() {
    for name in
        ["Min Chen", "Thomas More", "Carolyn See", "Herbert Read", "Min-Jung Kim", "James Last", "Wei.Li", "Di Wang"]
    {
        check(name, &[name]);
    }
    check("Min Chen, Professor of Physics", &["Min Chen"]);
    check("Di Wang and Ada Strand", &["Di Wang", "Ada Strand"]);
    check("di Ada Strand", &["Ada Strand"]);
    check("Par Ada Strand", &["Ada Strand"]);
    for text in [
        "Read More", "See More", "read the bio", "4 Min Read", "Last updated", "Learn More", "harbour.de",
        "HARBOUR.COM",
    ] {
        check(text, &[]);
    }
    assert_eq!(labelled("Di Wang"), None);
}

#[test]
fn what_stands_behind_a_comma_may_belong_to_the_name() {
    check("Strand, Ada", &["Strand, Ada"]);
    check("Ada Strand, PhD", &["Ada Strand, PhD"]);
}

#[test]
fn the_short_name_of_an_agency_is_no_author_beside_one() {
    for value in ["Ada Strand, TNN", "Ada Strand / TNN", "By Ada Strand, TNN"] {
        check(value, &["Ada Strand"]);
    }
    check("Ada Strand, PHD", &["Ada Strand, PHD"]);
    check("Ada Strand, MS, RD, FAND", &["Ada Strand, MS, RD, FAND"]);
    check("Ada Strand, tnn", &["Ada Strand"]);
    check("ADA STRAND, LI MING", &["ADA STRAND", "LI MING"]);
    check("TNN", &["TNN"]);
    check("Ada Strand, H2 ON", &["Ada Strand"]);
    assert_eq!(labelled("Por Ada Strand, H2 ON — Porto Novo"), Some(vec!["Ada Strand".to_owned()]));
}

#[test]
fn a_bracket_within_a_name_parts_nothing() {
    for name in ["Ada (A. B.) Strand", "Ada (Maria Luise) Strand"] {
        check(name, &[name]);
        assert_eq!(labelled(&format!("By {name} | 5 May 2024")), Some(vec![name.to_owned()]));
    }
    check("Ada Strand (text) Jan Deich (photo)", &["Ada Strand"]);
    check("Ada (text) and others", &["Ada"]);
    check("Ada Strand (with Jan Deich)", &["Ada Strand"]);
}

#[test]
fn a_place_behind_several_names_is_none() {
    for value in [
        "Ada Strand und Jan Deich, Havenport",
        "Ada Strand, Jan Deich, tnn",
        "Ada Strand, Jan Deich, Reuters",
        "Ada Strand & Jan Deich / TNN",
    ] {
        check(value, &["Ada Strand", "Jan Deich"]);
    }
    check("By Ada Strand and Jan Deich / Gazette Staff Writers", &["Ada Strand", "Jan Deich"]);
    check("Ada Strand, Jan Deich, PhD", &["Ada Strand, Jan Deich, PhD"]);
    // Behind one it may be the first of its parts.
    check("Strand Deich, Ada", &["Strand Deich, Ada"]);
    check("Ada Strand and Jan Deich, PhD", &["Ada Strand", "Jan Deich, PhD"]);
    check("Ada Strand and Jan Deich, Phd", &["Ada Strand", "Jan Deich, Phd"]);
    check("Ada Strand and Jan Dean", &["Ada Strand", "Jan Dean"]);
}

#[test]
fn names_are_joined_in_many_languages() {
    for word in ["og", "och", "y", "e", "ja", "ve"] {
        check(&format!("Ada Strand {word} Jan Deich"), &["Ada Strand", "Jan Deich"]);
    }
    check("Ada Strand y Deich", &["Ada Strand y Deich"]);
    check("Ada von Strand og Jan Deich", &["Ada von Strand", "Jan Deich"]);
}

#[test]
fn a_name_that_is_told_twice_is_one() {
    for value in ["Ada Strand Ada Strand", "Ada StrandAda Strand", "Author: Ada Strand Ada Strand"] {
        check(value, &["Ada Strand"]);
    }
    check("Lili", &["Lili"]);
}

#[test]
fn a_line_in_small_letters_names_nobody() {
    assert_eq!(labelled("Bericht: Brücke gesperrt - Stadt wartet ab"), None);
    assert_eq!(labelled("Bericht: Jörg van der Brücke"), Some(vec!["Jörg van der Brücke".to_owned()]));
    assert_eq!(labelled("By Ada van Strand"), Some(vec!["Ada van Strand".to_owned()]));
    assert_eq!(labelled("Autor*in: Ada Strand"), Some(vec!["Ada Strand".to_owned()]));
    check("김지은 기자", &["김지은"]);
    check("Twitter", &[]);
}

#[test]
fn what_somebody_is_or_did_may_stand_behind_a_name_without_a_comma() {
    check("Ada Strand Senior Harbour Correspondent", &["Ada Strand"]);
    check("Harbour Gazette Staff", &["Harbour Gazette Staff"]);
    check("Ada Strand Dean", &["Ada Strand Dean"]);
    check("Ada Strand and", &["Ada Strand"]);
    check("By by Ada Strand", &["Ada Strand"]);
    check("著者：山田太郎", &["山田太郎"]);
    check("Ada Strand 著、山田 太郎 訳", &["Ada Strand"]);
    check("[Ada Strand]", &["Ada Strand"]);
    check("Lesedauer: 8 Minuten", &[]);
    check("author or title to search", &[]);
}

#[test]
fn what_somebody_is_belongs_to_no_name() {
    for value in [
        "Ada Strand, Editor",
        "Ada Strand, Software Engineer",
        "Ada Strand, Research Scientist",
        "Ada Strand, Head of Media and Events",
        "By Ada Strand, Senior Director, Content & Marketing, Quay Institute",
        "Ada Strand, Office of Communications",
        "Ada Strand ada@harbour.example",
        "By Ada Strand in Research",
        "Ada Strand on behalf of the crew",
        "Ada Strand am Samstag",
        "Text: Ada Strand / Foto: Jan Deich",
        "Words: Ada Strand. Images: Jan Deich",
        "Verfasst von Ada Strand",
        "Auteur : Ada Strand",
        "Redaktion: Ada Strand",
    ] {
        check(value, &["Ada Strand"]);
    }
    for office in
        ["By Office of Communications", "Universität Hafenstadt", "Media contact: Jan Deich", "人事处", "党委宣传部"]
    {
        check(office, &[]);
    }
}

#[test]
fn chinese_names_are_told_apart_and_from_offices() {
    for (value, names) in [
        ("张三 李四", &["张三", "李四"][..]),
        ("张　三", &["张三"]),
        ("张三 通讯员 李四", &["张三", "李四"]),
        ("宣传部 张三", &["张三"]),
        ("张三 摄影 李四", &["张三"]),
        ("欧阳明月", &["欧阳明月"]),
        ("山田 太郎", &["山田 太郎"]),
    ] {
        check(value, names);
    }
    for (line, names) in [
        ("（通讯员 张三）", Some(&["张三"][..])),
        ("（通讯员：张三 李四）", Some(&["张三", "李四"])),
        ("文/张三 图/李四 编辑/王五", Some(&["张三"])),
        ("（张三 文 李四 图）", Some(&["张三"])),
        ("图文：张三", Some(&["张三"])),
        ("供稿：宣传部 张三", Some(&["张三"])),
        ("供稿：人事处", None),
        ("审核：张三", None),
        ("作者：宣传部 时间：", None),
        ("作者单位：化学学院", None),
        ("（张三）", None),
        ("（化学学院 张三）", Some(&["张三"])),
        ("（校团委 学生处）", None),
        ("（化学学院 摄影 张三）", None),
        ("化学学院 张三", None),
        ("记者张三从会议上获悉，学校将扩建图书馆。", None),
    ] {
        let expected = names.map(|names| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(signed(line), expected, "{line}");
    }
}

#[test]
fn a_label_alone_says_that_the_next_line_names_the_author() {
    for line in ["By", "Written by", "Article by:", "Autor", "作者：", "Auteur:"] {
        assert!(is_label(line), "{line}");
    }
    for line in ["Photo by", "Nearby", "The author", "Share", "Di", "Contact"] {
        assert!(!is_label(line), "{line}");
    }
    assert_eq!(signed("By Ada Strand"), Some(vec!["Ada Strand".to_owned()]));
    assert_eq!(signed("Von der Mole aus sieht man das Meer"), None);
    assert_eq!(signed("Reading by Ada Strand"), None);
}

#[test]
fn a_line_names_the_author_if_it_says_so() {
    for (line, name) in [
        ("时间：2026年01月20日　来源：宣传部　作者：陈之远　点击：[]", "陈之远"),
        ("来源：办公室　作者：林小舟　日期：2026-01-20", "林小舟"),
    ] {
        assert_eq!(labelled(line), Some(vec![name.to_owned()]), "{line}");
    }
    assert_eq!(labelled("Published on 3 May 2024 by Ada Strand"), Some(vec!["Ada Strand".to_owned()]));
    assert_eq!(labelled("Ada Strand"), None);
    assert_eq!(labelled("The wall was built by the students"), None);
}

#[test]
fn what_is_no_name_is_none() {
    for text in [
        "admin",
        "press@harbour.example",
        "https://harbour.example/a",
        "harbour.example.de",
        "Edited by Li Ming",
        "4 min read",
        "佚名",
        "未知",
        "网络整理",
        "责任编辑：张伟",
        "[责任编辑：张伟 PK155]",
        "5 May 2024",
        "By",
    ] {
        check(text, &[]);
    }
}
