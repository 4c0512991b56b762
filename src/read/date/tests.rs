//! Every form that is read, every guard against what is no date, and the bounds of the scan.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::{Context, Manner, Mention, NumericOrder, first, machine, mentions};

mod eras;
mod languages;

/// Friday, 21 November 2025, noon.
fn context() -> Context {
    let now = NaiveDate::from_ymd_opt(2025, 11, 21).unwrap().and_hms_opt(12, 0, 0).unwrap();
    Context { now, numeric_order: None, year: None, year_first: false }
}

fn show(mention: &Mention) -> String {
    let until = mention.until.map(|until| format!("..{until}")).unwrap_or_default();
    let manner = match mention.manner {
        Manner::Written => "",
        Manner::YearInferred => " inferred",
        Manner::Relative => " relative",
        Manner::Season => " season",
        Manner::BareYear => " bare",
        Manner::Lunar => " lunar",
        Manner::EitherOrder => " either order",
        Manner::NoSuchDay => " no such day",
    };
    format!("{}{until}{manner}", mention.when)
}

fn all(text: &str, context: &Context) -> String {
    mentions(text, context).map(|mention| show(&mention)).collect::<Vec<_>>().join("; ")
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    check_in(&context(), cases);
}

/// Compares all cases before it fails, so that one run shows all that is wrong.
#[track_caller]
fn check_in(context: &Context, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let found = all(text, context);
            (found != *expected).then(|| format!("{text:?}\n  expected {expected:?}\n  found    {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn english_days() {
    check(&[
        ("On April 3rd, 2024, Prof. LIN Mei opened the fair", "2024-04-03"),
        ("On 22nd June, 2021, the 2021 Summer School", "2021-06-22; 2021 bare"),
        ("27 March 2025", "2025-03-27"),
        ("the 5th of November 2023", "2023-11-05"),
        ("the 1st of May, 2022", "2022-05-01"),
        ("Dec. 9, 2019", "2019-12-09"),
        ("Sept 5 2023", "2023-09-05"),
        ("SEPT. 05, 2023", "2023-09-05"),
        ("Nov 5,2023", "2023-11-05"),
        ("March the 27th, 2025", "2025-03-27"),
        ("March 27 th, 2025", "2025-03-27"),
        ("5-Nov-2023", "2023-11-05"),
        ("05-Nov-23", "2023-11-05"),
        ("05/Nov/2023", "2023-11-05"),
        ("5 Nov '23", "2023-11-05"),
        ("2023-Nov-05", "2023-11-05"),
        ("Nov-05-2023", "2023-11-05"),
        ("Nov-2023", "2023-11"),
        ("Nov-05", "2025-11-05 inferred"),
        ("2023 November 5", "2023-11-05"),
        ("Sunday, November 5, 2023", "2023-11-05"),
        ("Sun 5 Nov 2023", "2023-11-05"),
        ("Nov. 5 (Sunday), 2023", "2023-11-05"),
        ("12th\u{a0}October\u{202f}2023", "2023-10-12"),
        ("12\u{3000}October\u{3000}2023", "2023-10-12"),
        ("held on 5 November\n2023 in Lakeside", "2023-11-05"),
        ("LAKESIDE, Nov. 5, 2023 (Newswire) --", "2023-11-05"),
        ("may 5, 2023 and march 6 2023", "2023-05-05; 2023-03-06"),
        ("View: 7 March 27, 2025", "2025-03-27"),
        ("7\nMarch 27, 2025", "2025-03-27"),
        ("05\nNov\n2023", "2023-11-05"),
    ]);
}

#[test]
fn english_months_and_seasons() {
    check(&[
        ("In November 2023, a new station", "2023-11"),
        ("Nov. 2023", "2023-11"),
        ("November of 2023", "2023-11"),
        ("mid-November, 2023", "2023-11"),
        ("May 2021", "2021-05"),
        ("October–December 2023", "2023-10..2023-12-31"),
        ("November 2023 to January 2024", "2023-11..2024-01-31"),
        ("Fall 2023", "2023 season"),
        ("the spring semester of 2024", "2024 season"),
        ("Spring Semester, 2024", "2024 season"),
        ("2023 fall semester", "2023 season"),
        ("Winter 2023/24", "2023 season"),
        ("what the ice tells of winter 2023-12-12", "2023-12-12"),
        ("2023 Spring Festival", "2023 bare"),
        ("Wintersemester 2023/24", "2023 season"),
    ]);
}

#[test]
fn english_ranges() {
    check(&[
        ("Nov 5-7, 2023", "2023-11-05..2023-11-07"),
        ("5–7 November 2023", "2023-11-05..2023-11-07"),
        ("5 to 7 November 2023", "2023-11-05..2023-11-07"),
        ("5th-7th November, 2023", "2023-11-05..2023-11-07"),
        ("November 5 and 6, 2023", "2023-11-05..2023-11-06"),
        ("From June 30 to July 2, 2023", "2023-06-30..2023-07-02"),
        ("October 30–November 2, 2023", "2023-10-30..2023-11-02"),
        ("30 Dec 2023 – 2 Jan 2024", "2023-12-30..2024-01-02"),
        ("December 30 to January 2, 2024", "2023-12-30..2024-01-02"),
        ("30 Oct - 2 Nov 2023", "2023-10-30..2023-11-02"),
        ("Monday 6 to Wednesday 8 November 2023", "2023-11-06..2023-11-08"),
        ("November 5 through 7", "2025-11-05..2025-11-07 inferred"),
        ("Nov 5, 2023 - 12 views", "2023-11-05"),
        ("5 Nov 2023 09:00 - 7 Nov 2023 18:00", "2023-11-05T09:00:00..2023-11-07"),
        ("5 Nov 2023, 09:00-11:30", "2023-11-05T09:00:00"),
    ]);
}

#[test]
fn english_without_a_year() {
    let cases = [("On March 27, the university", "2025-03-27 inferred"), ("5 December", "2024-12-05 inferred")];
    check(&cases);
    check(&[
        ("Nov. 21", "2025-11-21 inferred"),
        ("Nov. 22", "2024-11-22 inferred"),
        ("Feb. 29", "2024-02-29 inferred"),
    ]);
    let told = Context { year: Some(2021), ..context() };
    check_in(&told, &[("On March 27, it", "2021-03-27 inferred"), ("5 Dec", "2021-12-05 inferred"), ("Feb 29", "")]);
}

#[test]
fn times_and_zones() {
    check(&[
        ("Tuesday, 4 November 2025 14:30 GMT+8", "2025-11-04T14:30:00+08:00"),
        ("4 November 2025 14:30 (UTC+5:30)", "2025-11-04T14:30:00+05:30"),
        ("4 November 2025 14:30 GMT-3:30", "2025-11-04T14:30:00-03:30"),
        ("4 November 2025 14:30 UTC+530", "2025-11-04T14:30:00+05:30"),
        ("Sun 05 Nov 2023, 8:15 am BST", "2023-11-05T08:15:00+01:00"),
        ("March 27, 2025 at 3 p.m.", "2025-03-27T15:00:00"),
        ("at 3 p.m. on March 27, 2025", "2025-03-27T15:00:00"),
        ("14:30, 5 November 2023", "2023-11-05T14:30:00"),
        ("Nov 5, 2023 12:05 AM", "2023-11-05T00:05:00"),
        ("Nov 5, 2023 12:05 PM", "2023-11-05T12:05:00"),
        ("Sun Nov  5 10:20:30 2023", "2023-11-05T10:20:30"),
        ("Sun, 05 Nov 2023 10:20:30 +0800", "2023-11-05T10:20:30+08:00"),
        ("2023-11-05T10:20:30Z", "2023-11-05T10:20:30+00:00"),
        ("2023-11-05T10:20:30.123-05:00", "2023-11-05T10:20:30-05:00"),
        ("2023-11-05 10:20 (UTC+8)", "2023-11-05T10:20:00+08:00"),
        ("2023-11-05 10:20 JST", "2023-11-05T10:20:00+09:00"),
        ("July 5, 2023, 9:00 a.m. ET", "2023-07-05T09:00:00-04:00"),
        ("Nov. 5, 2023 10:20 CST", "2023-11-05T10:20:00-06:00"),
        ("5 Nov 2023 10:20 CST", "2023-11-05T10:20:00"),
        ("2023年11月5日 10:20 CST", "2023-11-05T10:20:00+08:00"),
        ("5 novembre 2023 à 14h30", "2023-11-05T14:30:00"),
        ("2023-11-05 | 10:20", "2023-11-05T10:20:00"),
        ("2023-11-0510:20", "2023-11-05T10:20:00"),
        ("2023-11-05 10:20-11:30", "2023-11-05T10:20:00"),
        ("March 27, 2025 at 3 gates", "2025-03-27"),
        ("11-05 10:20", "2025-11-05T10:20:00 inferred"),
    ]);
}

#[test]
fn relative_days() {
    check(&[
        ("yesterday", "2025-11-20 relative"),
        ("Today at 9:30", "2025-11-21T09:30:00 relative"),
        ("tomorrow", "2025-11-22 relative"),
        ("4 days ago", "2025-11-17 relative"),
        ("two weeks ago", "2025-11-07 relative"),
        ("an hour ago", "2025-11-21T11:00:00 relative"),
        ("half an hour ago", "2025-11-21T11:30:00 relative"),
        ("10 mins ago", "2025-11-21T11:50:00 relative"),
        ("3 months ago", "2025-08 relative"),
        ("70 years ago", "1955 bare"),
        ("vor 3 Tagen", "2025-11-18 relative"),
        ("Vor einer Woche", "2025-11-14 relative"),
        ("il y a 2 heures; hace 2 días", "2025-11-21T10:00:00 relative; 2025-11-19 relative"),
        ("vor dem Tag; vor 3; vor 3 Hafentoren; il y a 3 navires; hace frío", ""),
        ("last Friday", "2025-11-14 relative"),
        ("last Wednesday", "2025-11-19 relative"),
        ("last month", "2025-10 relative"),
        ("last night", "2025-11-20 relative"),
        ("last year", "2024 bare"),
        ("last week", ""),
        ("4天前", "2025-11-17 relative"),
        ("三天前", "2025-11-18 relative"),
        ("两小时前", "2025-11-21T10:00:00 relative"),
        ("半小时前", "2025-11-21T11:30:00 relative"),
        ("10分钟前", "2025-11-21T11:50:00 relative"),
        ("2个月前", "2025-09 relative"),
        ("昨天 10:20", "2025-11-20T10:20:00 relative"),
        ("昨晚8点", "2025-11-20T20:00:00 relative"),
        ("前天", "2025-11-19 relative"),
        ("大前天", "2025-11-18 relative"),
        ("今天下午3点", "2025-11-21T15:00:00 relative"),
        ("上周五", "2025-11-14 relative"),
        ("上个星期三", "2025-11-12 relative"),
        ("本周一", "2025-11-17 relative"),
        ("上个月5号", "2025-10-05 relative"),
        ("上个月", "2025-10 relative"),
        ("本月", ""),
        ("去年", "2024 bare"),
        ("今年", ""),
        ("去年11月5日", "2024-11-05 relative"),
        ("今年3月", "2025-03 relative"),
    ]);
}

#[test]
fn numeric_forms() {
    check(&[
        ("2023-11-05", "2023-11-05"),
        ("2023/11/05 10:20", "2023-11-05T10:20:00"),
        ("2023.11.5", "2023-11-05"),
        ("2023 - 11 - 05", "2023-11-05"),
        ("notes_2023_11_05.txt", "2023-11-05"),
        ("2023-11-5-opening", "2023-11-05"),
        ("２０２３－１１－０５", "2023-11-05"),
        ("05.11.2023", "2023-11-05"),
        ("5. 11. 2023", "2023-11-05"),
        ("05.11.23", "2023-11-05"),
        ("11/05/2023", "2023-11-05 either order"),
        ("05/05/2023", "2023-05-05"),
        ("25/05/2023", "2023-05-25"),
        ("05/25/2023", "2023-05-25"),
        ("20231105", "2023-11-05"),
        ("20231105102030", "2023-11-05T10:20:30"),
        ("20231105T102030Z; 20231105T1020", "2023-11-05T10:20:30+00:00; 2023-11-05T10:20:00"),
        ("news/t20231105_4711.htm", "2023-11-05"),
        ("2023-11", "2023-11"),
        ("2023-11-05 - 2023-11-07", "2023-11-05..2023-11-07"),
        ("2023.11.05-11.07", "2023-11-05..2023-11-07"),
        ("2023/11/05~11/07", "2023-11-05..2023-11-07"),
        ("05.11.2023 – 07.11.2023", "2023-11-05..2023-11-07"),
        ("[2023-11-05]", "2023-11-05"),
        ("[11-05]", "2025-11-05 inferred"),
        ("05-26", "2025-05-26 inferred"),
        ("04.01.", "2025-01-04 inferred"),
        ("(26.12.)", "2024-12-26 inferred"),
        ("05 11月", "2025-11-05 inferred"),
        ("2025 01/04", "2025-01-04 either order"),
        ("2025 01-04\n2024 28/02", "2025-01-04; 2024-02-28"),
        ("Call for papers\n05-26\nmore", "2025-05-26 inferred"),
        ("05 2023-11", "2023-11-05"),
        ("05\n2023.11", "2023-11-05"),
        ("052023-11", "2023-11-05"),
        ("05 2023年11月", "2023-11-05"),
        ("11-05\n2023", "2023-11-05"),
        ("12 2023-11-05", "2023-11-05"),
        ("发布时间2023-11-05来源", "2023-11-05"),
    ]);
    let day_first = Context { numeric_order: Some(NumericOrder::DayFirst), ..context() };
    check_in(&day_first, &[("11/05/2023", "2023-05-11"), ("05/25/2023", "2023-05-25"), ("05.11.2023", "2023-11-05")]);
}

#[test]
fn chinese_forms() {
    check(&[
        ("2023年11月5日", "2023-11-05"),
        ("2023 年 11 月 5 日", "2023-11-05"),
        ("2023年11月05日 10:20", "2023-11-05T10:20:00"),
        ("2004年10月21日14:18", "2004-10-21T14:18:00"),
        ("2023年11月5日上午，学校召开会议", "2023-11-05"),
        ("2023年11月5日上午9时", "2023-11-05T09:00:00"),
        ("2023年11月5日 下午3:20", "2023-11-05T15:20:00"),
        ("2023年11月5日下午3时20分", "2023-11-05T15:20:00"),
        ("2023年11月5日晚7点半", "2023-11-05T19:30:00"),
        ("2023年11月5日凌晨12:10", "2023-11-05T00:10:00"),
        ("2023年11月5日 星期日", "2023-11-05"),
        ("2023年11月5日（周日）14：30", "2023-11-05T14:30:00"),
        ("2023年11月5日（日）", "2023-11-05"),
        ("2023年11月", "2023-11"),
        ("2023年11月上旬", "2023-11"),
        ("2023年11月初，学校", "2023-11"),
        ("2023年10月—11月", "2023-10..2023-11-30"),
        ("11月5日，学校召开", "2025-11-05 inferred"),
        ("11月5号", "2025-11-05 inferred"),
        ("12月5号", "2024-12-05 inferred"),
        ("二〇二三年十一月五日", "2023-11-05"),
        ("二○二三年十一月二十五日", "2023-11-25"),
        ("二零二三年十一月三十日", "2023-11-30"),
        ("二Ｏ二三年十一月", "2023-11"),
        ("２０２３年１１月５日", "2023-11-05"),
        ("2023年11月5日至7日", "2023-11-05..2023-11-07"),
        ("11月5日—8日", "2025-11-05..2025-11-08 inferred"),
        ("2023年11月5-7日", "2023-11-05..2023-11-07"),
        ("2023年10月30日—11月2日", "2023-10-30..2023-11-02"),
        ("2023年12月30日至2024年1月2日", "2023-12-30..2024-01-02"),
        ("2023年11月5日（周日）至7日（周二）", "2023-11-05..2023-11-07"),
        ("民國112年11月5日", "2023-11-05"),
        ("中华民国112年11月", "2023-11"),
        ("民国一百一十二年十一月五日", "2023-11-05"),
        ("农历二〇二三年九月廿二", "2023 lunar"),
        ("2023年农历九月廿二", "2023 lunar"),
        ("二〇二三年正月初五", "2023 lunar"),
        ("农历九月廿二", ""),
        ("农历11月5日", ""),
        ("癸卯年11月5日", ""),
        ("23年11月5日", "2023-11-05"),
        ("2023年秋季学期", "2023 season"),
        ("2023年", "2023 bare"),
    ]);
}

#[test]
fn other_languages() {
    check(&[
        ("Sonntag, 5. November 2023", "2023-11-05"),
        ("5. März 2023", "2023-03-05"),
        ("vom 5. bis 7. November 2023", "2023-11-05..2023-11-07"),
        ("le 5 novembre 2023", "2023-11-05"),
        ("1er août 2023", "2023-08-01"),
        ("du 5 au 7 février 2023", "2023-02-05..2023-02-07"),
        ("FÉVRIER 2023", "2023-02"),
        ("5 de noviembre de 2023", "2023-11-05"),
        ("del 5 al 7 de noviembre de 2023", "2023-11-05..2023-11-07"),
        ("5 ago 2023", "2023-08-05"),
        ("5 novembre 2023", "2023-11-05"),
        ("1º de março de 2023", "2023-03-01"),
        ("5 maart 2023", "2023-03-05"),
        ("5 out. 2023", "2023-10-05"),
        ("15 августа 2016, 13:43", "2016-08-15T13:43:00"),
        ("5 ЛИСТОПАДА 2023", "2023-11-05"),
        ("5 listopada 2023", "2023-11-05"),
        ("5. října 2023", "2023-10-05"),
        ("5 Kasım 2023", "2023-11-05"),
        ("5 Kas 2023", "2023-11-05"),
        ("2023. október 5.", "2023-10-05"),
        ("5 octombrie 2023", "2023-10-05"),
        ("5. októbra 2023", "2023-10-05"),
        ("5 Agustus 2023", "2023-08-05"),
        ("5. marraskuuta 2023", "2023-11-05"),
        ("5. desember 2023", "2023-12-05"),
        ("5 Νοεμβρίου 2023", "2023-11-05"),
        ("5 maja 2023", "2023-05-05"),
        ("Maja 2023", "2023 bare"),
    ]);
}

#[test]
fn what_is_no_date() {
    for text in [
        "Tel: 023-6511-2023",
        "+86 23 6511 2023",
        "Tel. 20231105",
        "$2,023.50",
        "¥2023",
        "version 1.2.3",
        "version 2023.3.1",
        "v2023.3.1",
        "192.168.11.05",
        "10.12.2023.4",
        "1920×1080 and 1920 x 1080",
        "2000 KB",
        "ISBN 978-7-5689-2023-1",
        "渝ICP备2023001105号-1",
        "pp. 11-05",
        "a score of 3-2, then [3-2]",
        "3/4 of them",
        "渝教〔2023〕11号",
        "[2023]11号",
        "[2023]第11号",
        "第11期",
        "at 10:20",
        "2023-02-30",
        "30.02.2023",
        "30 February",
        "February 30",
        "You may 5 times march 3 miles",
        "Sun sat on the mat",
        "March on",
        "20231399",
        "5 November 1899",
        "born on November 5, 1850, in Lakeside",
        "2101-01-01",
        "1899年11月5日",
        "November 10:30",
        "November 2,500 people",
        "March 5G networks",
        "USA Today",
        "today's world",
        "目前天气晴朗",
        "提前3天前往",
        "每年11月5日",
        "in the 1990s",
        "浏览次数：2023",
        "Views: 2023",
        "2023元",
        "May",
        "in November",
        "last but not least",
        "01.04",
        "12.50.",
        "4.1.",
        "Chapter 10.12. of it",
        "Room 12 11月 and more",
        "Tel 2023 11/05",
        "40 11月",
    ] {
        check(&[(text, "")]);
    }
}

#[test]
fn what_may_be_no_date() {
    check(&[
        ("2023-2024学年", "2023 bare"),
        ("2023–24", "2023 bare"),
        ("2023/24", "2023 bare"),
        ("2010-11", "2010 bare"),
        ("founded in 1956", "1956 bare"),
        ("10.12.23 or 5.1.23", "2023-12-10; 2023-01-05 bare"),
        ("30 February 2023", "2023-02 no such day"),
        ("February 30, 2023", "2023-02 no such day"),
        ("2023年2月30日", "2023-02 no such day"),
        ("2023 February 30", "2023-02 no such day"),
        ("Mars 2020 rover", "2020 bare"),
    ]);
}

#[test]
fn range_covers_the_words() {
    let cases = [
        ("Held on Sunday, 5 November 2023 at 3 p.m. in the hall", "Sunday, 5 November 2023 at 3 p.m."),
        ("日期：2023年11月5日（周日） 作者", "2023年11月5日（周日）"),
        ("from Nov 5-7, 2023, in", "Nov 5-7, 2023"),
        ("Update : 2020-10-12 Read :", "2020-10-12"),
    ];
    for (text, words) in cases {
        let found: Vec<_> = mentions(text, &context()).collect();
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(text.get(found[0].range.clone()), Some(words));
    }
}

#[test]
fn first_prefers_more_than_a_year() {
    let found = |text| first(text, &context()).map(|mention| show(&mention));
    assert_eq!(found("The 2023 prize went out on 5 March 2024"), Some("2024-03-05".into()));
    assert_eq!(found("Since 1956, and in 2001"), Some("1956 bare".into()));
    assert_eq!(found("no date"), None);
}

#[test]
fn machine_forms() {
    let cases = [
        ("2023-11-05T10:20:30+08:00", "2023-11-05T10:20:30+08:00"),
        (" 2023-11-05T10:20:30.123456Z ", "2023-11-05T10:20:30+00:00"),
        ("2023-11-05T10:20Z", "2023-11-05T10:20:00+00:00"),
        ("2023-11-05T10:20:30", "2023-11-05T10:20:30"),
        ("2023-11-05t10:20:30z", "2023-11-05T10:20:30+00:00"),
        ("2023-11-05T24:00:00Z", "2023-11-06T00:00:00+00:00"),
        ("2023-12-31T23:59:60Z", "2023-12-31T23:59:59+00:00"),
        ("2023-11-05 10:20:30 +0800", "2023-11-05T10:20:30+08:00"),
        ("2023-11-05T10:20:30+08", "2023-11-05T10:20:30+08:00"),
        ("2023-11-05T10:20:30+08:00[Asia/Shanghai]", "2023-11-05T10:20:30+08:00"),
        ("20231105T102030Z", "2023-11-05T10:20:30+00:00"),
        ("20231105102030", "2023-11-05T10:20:30"),
        ("2023-11-05", "2023-11-05"),
        ("2023-11-05Z", "2023-11-05"),
        ("20231105", "2023-11-05"),
        ("2023-11", "2023-11"),
        ("2023", "2023"),
        ("2023-W44-7", "2023-11-05"),
        ("2023W447", "2023-11-05"),
        ("2023-W46", "2023-11"),
        ("2023-W44", "2023"),
        ("2023-309", "2023-11-05"),
        ("2023309", "2023-11-05"),
        ("2023/11/05 10:20", "2023-11-05T10:20:00"),
        ("2023/11/5 9:05:01", "2023-11-05T09:05:01"),
        ("Sun, 05 Nov 2023 10:20:30 +0800", "2023-11-05T10:20:30+08:00"),
        ("Sun, 5 Nov 23 10:20 EST", "2023-11-05T10:20:00-05:00"),
        ("5 Nov 2023 10:20:30 CST", "2023-11-05T10:20:30-06:00"),
        ("Sun, 05 Nov 2023 10:20:30 GMT (Greenwich)", "2023-11-05T10:20:30+00:00"),
        ("Sun, 05 Nov 2023 10:20:30 gmt", "2023-11-05T10:20:30+00:00"),
        ("Sunday, 05-Nov-23 10:20:30 GMT", "2023-11-05T10:20:30+00:00"),
        ("Sun, 05 November 2023 10:20:30 A", "2023-11-05T10:20:30+00:00"),
        ("05 Nov 2023", "2023-11-05"),
        ("Sun Nov  5 10:20:30 2023", "2023-11-05T10:20:30"),
        ("Sun Nov  5 10:20:30 CET 2023", "2023-11-05T10:20:30+01:00"),
        ("1699150830", "2023-11-05T02:20:30+00:00"),
        ("1699150830123", "2023-11-05T02:20:30+00:00"),
    ];
    for (text, expected) in cases {
        assert_eq!(machine(text).map(|when| when.to_string()).as_deref(), Some(expected), "{text}");
    }
    for text in
        ["", "yesterday", "2023-13-01", "2023-11-05 and more", "2023-W54", "2023-366", "12", "2023-02-30T10:20Z"]
    {
        assert_eq!(machine(text), None, "{text}");
    }
}

/// The phrases of an outside collection, when it is at hand: `FEEDGEN_SHARED` or `../shared`.
#[test]
fn phrases_of_a_collection() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");
    let above = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared");
    let places = std::env::var("FEEDGEN_SHARED").into_iter().chain([beside.to_owned(), above.to_owned()]);
    let Some(text) =
        places.into_iter().find_map(|place| std::fs::read_to_string(place + "/data/phrases-dev.json").ok())
    else {
        return;
    };
    let collection: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for phrase in collection["phrases"].as_array().unwrap() {
        let text = phrase["text"].as_str().unwrap();
        let found = first(text, &context());
        let agrees = |date: &serde_json::Value, precision: &str| {
            found.as_ref().is_some_and(|found| {
                let date = date.as_str().unwrap();
                found.when.to_string().starts_with(date) && found.when.precision().name() == precision
            })
        };
        let precisions = phrase["precision"].as_array().unwrap();
        let right = precisions.iter().any(|precision| agrees(&phrase["date"], precision.as_str().unwrap()))
            || phrase.get("also").is_some_and(|also| agrees(&also["date"], also["precision"].as_str().unwrap()));
        if !right {
            wrong.push(format!("{text}: {}", found.as_ref().map(show).unwrap_or_default()));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A scan that is quadratic would take minutes or hours here, not seconds; what others take of the machine meanwhile does not count.
#[test]
fn long_runs_take_linear_time() {
    let worked = || rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime).tv_sec;
    let before = worked();
    let long = ["1", "５", "年", "前", "Nov ", " ", "\n", "é", "a", "["].map(|part| (part, 1 << 20));
    let dense = ["1-", "1.", "二", "5 ", "11-05 ", "2023年", "3 to ", "¥1"].map(|part| (part, 1 << 17));
    for (part, bytes) in long.into_iter().chain(dense) {
        mentions(&part.repeat(bytes / part.len()), &context()).for_each(drop);
    }
    let took = worked() - before;
    assert!(took < 60, "{took} s");
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC*") {
        sound(&text);
    }

    #[test]
    fn any_row_of_parts_is_read(parts in prop::collection::vec(prop::sample::select(PARTS), 0..12)) {
        sound(&parts.concat());
    }

    #[test]
    fn a_day_reads_back(days in 0..73_000_i32) {
        let day = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + chrono::TimeDelta::days(days.into());
        let month_first = Context { numeric_order: Some(NumericOrder::MonthFirst), ..context() };
        for form in [
            "%Y-%m-%d", "%Y/%-m/%-d", "%d.%m.%Y", "%m/%d/%Y", "%Y%m%d", "%B %-d, %Y", "%-d %b %Y", "%A, %d %B %Y",
            "%Y年%-m月%-d日", "%Y年%m月%d号", "%d %Y-%m", "%d%Y-%m",
        ] {
            let text = day.format(form).to_string();
            prop_assert_eq!(all(&text, &month_first), day.to_string(), "{}", text);
        }
        prop_assert_eq!(machine(&day.to_string()).map(|when| when.to_string()), Some(day.to_string()));
    }
}

const PARTS: &[&str] = &[
    "2023", "11", "05", "5", "31", "20231105", "-", "/", ".", ":", " ", "\n", ",", "年", "月", "日", "至", "Nov",
    "May", "Sun", "to", "ago", "days", "3", "二", "十", "天", "前", "上", "周", "（", "）", "[", "]", "T", "Z",
    "+08:00", "CST", "GMT", "pm", "h", "农历", "民国", "２", "é", "last", "the", "of", "'", "%", "24", "Fall", "半",
    "晚",
];

/// Ranges are ordered, do not overlap, and lie on the bounds of characters.
fn sound(text: &str) {
    let mut end = 0;
    for mention in mentions(text, &context()) {
        assert!(mention.range.start >= end && mention.range.end > mention.range.start);
        assert!(text.get(mention.range.clone()).is_some());
        assert!(mention.when.first_day().is_some());
        end = mention.range.end;
    }
    machine(text);
}
