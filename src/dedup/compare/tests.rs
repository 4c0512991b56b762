//! Invented stories in every form in which a copy is met, and notices that only look like copies.

use chrono::DateTime;

use super::*;

/// A story as it is published, by title, text and day.
struct Told {
    title: String,
    text: String,
    day: Option<u32>,
}

fn told(title: &str, text: &str) -> Told {
    Told { title: title.to_owned(), text: text.to_owned(), day: None }
}

const FORUM: &str = "\
On 14 May 2024, Professor Ines Halloran, Vice-President of Northmoor University, opened the third Forum on Coastal Engineering \
in the Old Harbour Hall. Forty-two experts from 11 countries, among them Dr Tomas Weidner of the Baltic Institute and Professor \
Rosa Quintanilla of Puerto Claro, discussed how towns can live with a rising sea.
In her address Professor Halloran said that the university would invest 3.2 million in a wave tank, which is to be ready by 2026. \
Students of all faculties will be able to use it for their own projects, she added, and the results will be open to everyone.
The forum ended with a visit to the new dyke at Sandwick, where the participants planted sea grass together with pupils of two \
schools. A volume with all talks will be printed in autumn. The next forum is planned for the city of Lindhaven.
The organisers thank the port authority, which lent its boats, and the 60 volunteers who made the day possible.";

const FORUM_TITLE: &str = "Third Forum on Coastal Engineering Opens in the Old Harbour Hall";

const LECTURE: &str = "\
2024年5月14日下午，临江大学海洋工程学院在明理楼301报告厅举办第十三届滨海论坛，来自11个国家的42位专家学者出席会议。副校长沈若兰教授\
致开幕辞，学院院长郭怀远主持论坛。
沈若兰在致辞中表示，学校将投入320万元建设波浪水槽实验室，计划于2026年建成并向全校学生开放，支持同学们开展自主研究，\
研究成果将向社会公开共享。
论坛期间，与会代表参观了沙湾新建的海堤，并与两所小学的学生一起种植海草。本次论坛的报告将于秋季结集出版，下一届论坛拟在\
林港市举行。
主办方对提供船只的港务局以及为论坛付出辛勤劳动的六十名志愿者表示衷心感谢。";

const LECTURE_TITLE: &str = "我校举办第十三届滨海论坛暨海洋工程国际学术会议";

fn verdict(one: &Told, other: &Told) -> Verdict {
    let story = |told: &Told| {
        let day = |day| DateTime::from_timestamp(1_700_000_000 + i64::from(day) * 86_400, 0).expect("a time");
        (told.title.clone(), told.text.clone(), told.day.map(day))
    };
    let (left, right) = (story(one), story(other));
    let (left, right) = (Story::of(&left.0, &left.1, left.2), Story::of(&right.0, &right.1, right.2));
    let verdict = compare(&left, &right);
    assert_eq!(compare(&right, &left), verdict.clone().turned(), "it counts which is given first");
    verdict
}

#[track_caller]
fn same(one: &Told, other: &Told) {
    let verdict = verdict(one, other);
    assert!(verdict.same, "{} / {}: {}", one.title, other.title, verdict.reason);
}

#[track_caller]
fn differ(one: &Told, other: &Told, why: &str) {
    let Verdict { same, reason, .. } = verdict(one, other);
    assert!(!same && reason.to_string().contains(why), "{} / {}: {reason}", one.title, other.title);
}

/// Numbers without a pattern, the same in every run.
fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    }
}

/// A text in which so many percent of the longer words (of the characters, in Chinese) have two letters changed places.
fn mistyped(text: &str, percent: usize, seed: u64) -> String {
    let mut next = numbers(seed);
    let mut letters: Vec<char> = text.chars().collect();
    let mut at = 1;
    while at + 2 < letters.len() {
        let is_letter = |at: usize| letters[at].is_alphabetic();
        let is_word_start = !is_letter(at - 1) || !letters[at].is_ascii();
        let length = if letters[at].is_ascii() { 4 } else { 2 };
        if is_word_start && (at..at + length).all(|at| letters.get(at).is_some_and(|c| c.is_alphabetic())) {
            if next(100) < percent {
                letters.swap(at + length - 2, at + length - 1);
            }
            at += length;
        } else {
            at += 1;
        }
    }
    letters.into_iter().collect()
}

/// A text with some words put for others, wherever they stand.
fn reworded(text: &str) -> String {
    let words = [
        ("discussed", "debated"),
        ("visit", "trip"),
        ("together", "jointly"),
        ("planned", "scheduled"),
        ("results", "findings"),
        ("pupils", "children"),
        ("举办", "召开"),
        ("支持", "鼓励"),
        ("参观", "走访"),
        ("衷心感谢", "由衷的谢意"),
    ];
    words.iter().fold(text.to_owned(), |text, (word, other)| text.replace(word, other))
}

fn both() -> [Told; 2] {
    [told(FORUM_TITLE, FORUM), told(LECTURE_TITLE, LECTURE)]
}

fn characters(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[test]
fn a_story_is_the_same_in_every_form_it_is_met_in() {
    for story in both() {
        let Told { title, text, .. } = &story;
        let paragraphs: Vec<&str> = text.lines().collect();
        let mut shuffled = paragraphs.clone();
        shuffled.rotate_left(2);
        shuffled.swap(0, 1);
        let around = |text: &str| {
            format!(
                "Home >> News >> Content\n首页 > 新闻 > 正文\n{text}\nCopyright © 2025 Northmoor. All rights reserved. Views: 318"
            )
        };
        let variants = [
            told(title, text),
            told(&title.to_uppercase(), &text.to_uppercase()),
            told(title, &text.replace(',', " ,").replace('，', ",").replace(' ', "\n\u{3000}")),
            told(&characters(title, 20), text),
            told(&(characters(title, 18) + "…"), text),
            told("A day by the sea that nobody forgets", text),
            told(title, &around(text)),
            told(title, &around(&paragraphs[..2].join("\n"))),
            told(title, &format!("Update : 2025-03-31   Author: Press Office   Source: Harbour Post\n{text}")),
            told(title, &format!("发布时间：2025-03-31 作者：宣传部 浏览次数：66\n{text}")),
            told(title, &shuffled.join("\n")),
            told(title, &paragraphs[..3].join("\n")),
            told(title, &paragraphs[..2].join("\n")),
            told(title, &paragraphs[2..].join("\n")),
            told(title, paragraphs[0]),
            told(title, &characters(text, text.chars().count() / 2)),
            told(title, &(characters(text, 90) + "...")),
            told("Read in the news of this week", &characters(text, text.chars().count() / 2)),
            told(title, &reworded(text)),
            told(&format!("News: {title}"), &reworded(text)),
        ];
        for variant in &variants {
            same(&story, variant);
        }
        for percent in [1, 5, 10] {
            for seed in 0..20 {
                same(&story, &told(title, &mistyped(text, percent, seed)));
            }
        }
    }
}

#[test]
fn slips_in_a_date_are_slips_where_others_are_made() {
    let story = told(FORUM_TITLE, FORUM);
    let slips = FORUM.replace("Forum", "Froum").replace("experts", "exeprts").replace("address", "adderss");
    same(&story, &told(FORUM_TITLE, &slips.replace("May 2024", "May 2042")));
    differ(&story, &told(FORUM_TITLE, &FORUM.replace("May 2024", "May 2042")), "a date");
    differ(&story, &told(FORUM_TITLE, &slips.replace("May 2024", "May 2025")), "a date");
}

#[test]
fn a_notice_of_another_year_is_not_a_copy() {
    let [forum, lecture] = both();
    for text in [FORUM.replace("2024", "2025"), FORUM.replace("14 May", "9 June"), FORUM.replace("14 May", "15 May")] {
        differ(&forum, &told(FORUM_TITLE, &text), "a date");
    }
    let ordinal = |day: &str| told(FORUM_TITLE, &FORUM.replace("14 May 2024", &format!("{day} May")));
    differ(&ordinal("14th"), &ordinal("15th"), "a date");
    for (from, to) in [("2024年", "2023年"), ("5月14日", "4月16日"), ("14日", "15日")] {
        differ(&lecture, &told(LECTURE_TITLE, &LECTURE.replace(from, to)), "a date");
    }
    differ(&lecture, &told(LECTURE_TITLE, &LECTURE.replace("第十三届", "第十四届")), "numbers");
    let named = |year: &str, text: &str| told(&format!("{year}年研究生招生考试考点公告"), text);
    differ(&named("2023", LECTURE), &named("2024", &reworded(LECTURE)), "different years: 2023 and 2024");
    // Whatever it is called, a long text that is the same to the word is old.
    same(&named("2023", LECTURE), &named("2024", LECTURE));
    let numbered = |number: &str| told(&format!("海洋论坛简报第{number}期"), &(LECTURE.to_owned() + number));
    differ(&numbered("三"), &numbered("四"), "titles differ in numbers");
    let numbered =
        |number: &str| told(&format!("The {number} Forum on Coastal Engineering"), &format!("{FORUM} {number}"));
    differ(&numbered("13th"), &numbered("14th"), "titles differ in numbers");
}

#[test]
fn the_same_frame_with_other_names_is_not_a_copy() {
    let swap = |names: &[(&str, &str)]| {
        let text = names.iter().fold(FORUM.to_owned(), |text, (name, other)| text.replace(name, other));
        told(FORUM_TITLE, &text)
    };
    let story = told(FORUM_TITLE, FORUM);
    differ(&story, &swap(&[("Ines Halloran", "Marta Oyelaran"), ("Halloran", "Oyelaran")]), "names");
    differ(
        &story,
        &swap(&[("Tomas Weidner", "Jon Aldersey"), ("Baltic", "Caspian"), ("Sandwick", "Fairlie")]),
        "names",
    );
    differ(&story, &swap(&[("Northmoor", "Eastmoor"), ("Sandwick", "Fairlie")]), "names");
    // Where other words are others, too, one capital word may be.
    same(&story, &told(FORUM_TITLE, &reworded(FORUM).replace("Forum", "Meeting")));
    // One name spelt in another way, or one word put for another, is no other person.
    same(&story, &swap(&[("Quintanilla", "Quintanila"), ("Weidner", "Wiedner")]));
    let [_, lecture] = both();
    let other = LECTURE.replace("沈若兰", "潘志远").replace("郭怀远", "袁思齐");
    differ(&lecture, &told(LECTURE_TITLE, &other), "names");
}

/// The same notice on two occasions: frames with a hole, and what stands in it.
const NOTICES: [(&str, &str, [&str; 2], u32); 9] = [
    ("Registry closed on {}", REGISTRY, ["Monday", "Thursday"], 7),
    ("档案室{}闭馆通知", CLOSED, ["周一", "周四"], 7),
    ("{}图书馆闭馆通知", LIBRARY, ["东校区", "西校区"], 7),
    ("Professor {} speaks", SPEAKER, ["Halvorsen", "Mikkelsen"], 7),
    ("{}教授讲座预告", TALK, ["欧阳修", "司马光"], 7),
    ("{}老师讲座预告", TALK, ["夏明", "田亮"], 7),
    ("Vacancy: {}", VACANCY, ["lecturer in law", "technician for optics"], 7),
    ("Enrolment for the {} semester", SEMESTER, ["summer", "winter"], 49),
    ("Opening hours of the reading room", READING_ROOM, ["stays closed", "is open again"], 7),
];
const REGISTRY: &str = "The registry on the ground floor of the main building will be closed on {} all day, because the staff is \
away for training. Forms may be left in the box beside the door, and will be looked at on the next working day.";
const CLOSED: &str = "因内部设备检修，学校档案室将于本{}全天闭馆，期间暂停一切查阅和借阅服务。如有急事，请与值班人员联系，由此带来的不便敬请谅解。";
const LIBRARY: &str = "因供电线路检修，{}图书馆将暂停开放一天，自习室和还书处同时关闭。请同学们提前安排好学习时间，由此带来的不便敬请谅解。";
const SPEAKER: &str = "The physics colloquium meets at the usual hour in the large lecture hall. This week Professor {} speaks about \
light in cold gases. Guests are welcome, coffee and cake are served before the talk, and no one has to register.";
const TALK: &str = "应文学院邀请，{}老师将来我校作学术讲座，地点在明理楼报告厅，欢迎全校师生参加。讲座结束后设有互动环节，请提前十分钟入场。";
const VACANCY: &str = "The university is looking for a {} to join its staff as soon as possible. The post is for two years and may \
be prolonged. Applications with the usual papers go to the office of personnel, which answers all questions by telephone.";
const SEMESTER: &str = "All who wish to study here in the {} semester enrol in the hall of the main building, where the staff of the \
registry looks through their papers. Bring your certificate and a photograph, and be there before noon.";
const READING_ROOM: &str = "Because of the work on the roof, the reading room on the second floor {} on Monday. Books that were \
ordered are handed out at the desk beside the entrance, where the staff also takes back what was lent.";

#[test]
fn a_notice_of_another_occasion_is_not_a_copy() {
    for (title, text, words, days) in NOTICES {
        let at = |word: &str, day| Told { day, ..told(&title.replace("{}", word), &text.replace("{}", word)) };
        let [one, other] = words;
        differ(&at(one, Some(0)), &at(other, Some(days)), " differ in ");
        differ(&at(one, Some(0)), &Told { title: at(one, None).title, ..at(other, Some(days)) }, " differ in ");
        if title.contains("{}") {
            differ(&at(one, Some(0)), &Told { text: at(one, None).text, ..at(other, Some(days)) }, "");
        }
        same(&at(one, Some(0)), &at(one, Some(days)));
    }
    // A day of the week is a date, and one name all that differs, whenever they were published.
    for at in [0, 1, 3] {
        let (title, text, [one, other], _) = NOTICES[at];
        let of = |word| told(title, &text.replace("{}", word));
        if at == 0 || at == 1 {
            differ(&of(one), &of(other), "a date");
        } else {
            differ(&of(one), &of(other), "names");
        }
    }
    let of = |day| told("Registry closed", &REGISTRY.replace("{}", day));
    differ(&of("Tuesday"), &of("Thursday"), "a date");
    let of = |day| told("档案室闭馆通知", &CLOSED.replace("{}", day));
    differ(&of("星期六"), &of("星期日"), "a date");
}

#[test]
fn an_edited_copy_is_the_same() {
    let on = |text: &str, day| Told { day, ..told("Enrolment at the university", text) };
    let edited = SEMESTER.replace("photograph", "picture");
    for day in [None, Some(0)] {
        same(&on(SEMESTER, Some(0)), &on(&edited, day));
    }
    let on = |text: &str, day| Told { day: Some(day), ..told(FORUM_TITLE, text) };
    let edited = FORUM.replace("discussed", "debated");
    same(&on(FORUM, 0), &on(&edited, 2));
    differ(&on(FORUM, 0), &on(&edited, 7), "words");
    // What is cut as well, or has a sentence written anew, was edited.
    same(&on(FORUM, 0), &on(&characters(&edited, 500), 7));
    let sentence = "The next forum is planned for the city of Lindhaven";
    same(&on(FORUM, 0), &on(&FORUM.replace(sentence, "Where all will meet again has not been settled as yet"), 7));
    // Slips of the hand are made in copies, and what a site counts is no part of them.
    same(&on(FORUM, 0), &on(&FORUM.replace("experts", "exeprts").replace("discussed", "debated"), 7));
    let viewed = |times: u32| format!("{FORUM} Views: {times}");
    same(&on(&viewed(66), 0), &on(&viewed(318), 7));
}

#[test]
fn lists_tell_by_what_stands_in_them() {
    let frame = |list: &str| {
        format!(
            "根据《临江大学研究生奖学金管理办法》，经个人申请、学院推荐、学校评审，现将本次获奖名单公示如下：\n{list}\n公示期为五个工作日，\
             如对公示内容有异议，请在公示期内以书面形式实名向研究生院反映，逾期不予受理。\
             来信请寄临江大学行政楼研究生院综合办公室，并注明联系方式。"
        )
    };
    let first = "王思远 李若彤 张怀瑾 刘知行 陈嘉树 杨清和 赵明朗 周亦然 吴子墨 郑书意 孙望舒 朱时雨";
    let second = "徐北辰 胡星野 郭沐阳 林知夏 罗听澜 梁初尧 宋南乔 唐鹤鸣 韩砚秋 冯既白 邓云舒 曹以宁";
    let title = "研究生奖学金获奖名单公示";
    differ(&told(title, &frame(first)), &told(title, &frame(second)), "names");
    same(&told(title, &frame(first)), &told("奖学金评审结果", &frame(first)));
    let phones = |base: u32| {
        let line = |at: u32| {
            format!(
                "College {} has its office of admission in the main building, telephone 0{}",
                char::from(b'A' + u8::try_from(at).unwrap()),
                base + at * 7919
            )
        };
        format!(
            "Whom to ask about admission, by college:\n{}\nThe offices are open on working days.",
            (0..12).map(line).collect::<Vec<_>>().join("\n")
        )
    };
    differ(
        &told("Contacts of the colleges", &phones(6_276_501)),
        &told("Contacts of the colleges", &phones(8_811_377)),
        "",
    );
    same(
        &told("Contacts of the colleges", &phones(6_276_501)),
        &told("Whom to ask about admission", &phones(6_276_501)),
    );
}

#[test]
fn little_text_needs_title_and_day() {
    let at = |title: &str, text: &str, day| Told { day: Some(day), ..told(title, text) };
    let title = "Library closed for the harbour festival";
    same(&at(title, "", 3), &at(title, "", 3));
    same(&at(title, "", 3), &at(title, FORUM, 3));
    same(&at(title, "", 3), &at("Library closed for the harbour…", "", 3));
    differ(&at(title, "", 3), &at(title, "", 5), "too little");
    differ(&at(title, "Closed.", 3), &at(title, "Open again.", 3), "too little");
    differ(&at("Notice", "", 3), &at("Notice", "", 3), "too little");
    differ(&told(title, ""), &told(title, ""), "too little");
    // What many pages say for want of a text.
    let stub =
        "For details see the attached file, or ask the office of your faculty between nine and noon on working days.";
    differ(&at(title, stub, 3), &at("Timetable of the ferry in summer", stub, 3), "too little");
}

#[test]
fn a_frame_that_a_site_puts_around_everything_is_no_story() {
    let page = |title: &str, text: &str| {
        told(title, &format!("{LECTURE}\n{FORUM}\n{text}\n{}", LECTURE.replace("论坛", "新闻")))
    };
    let tide = "The tide rose by two metres last night and flooded the cellar of the chemistry building, where nobody was hurt.";
    let choir = "A choir from Lindhaven sang ballads of the sea before a full house, and gave three more when no one would leave.";
    differ(
        &page("Cellar flooded by the tide", tide),
        &page("Ballads before a full house", choir),
        "much of what stands between",
    );
}

#[test]
fn one_form_filled_in_by_two_offices_is_two() {
    let vacancy = |subject: &str, tool: &str| {
        let text = format!(
            "The Department of {subject} at Northmoor University invites applications for a research assistant, limited to \
             three years. The successful candidate holds a degree in {} and has taught before. Duties include work with {tool} \
             and the supervision of courses. Applications are to be sent in one file to the secretary of the department.",
            subject.to_lowercase()
        );
        told("Vacancy: research assistant", &text)
    };
    differ(
        &vacancy("Chemistry", "mass spectrometers"),
        &vacancy("Physics", "short lasers"),
        "their texts differ in words",
    );
}

#[test]
fn one_form_called_by_what_was_filled_in_is_two() {
    let vacancy = |post: &str, office: &str| {
        let text = format!(
            "Northmoor seeks a {post} for its department of {office}. We offer a permanent position, thirty days of leave and \
             flexible hours. Your application with the usual papers is to be sent by email to the personnel office, which \
             will answer within two weeks. Applications close at the end of the month."
        );
        told(&format!("Vacancy: {post}"), &text)
    };
    differ(&vacancy("gardener", "parks"), &vacancy("bookkeeper", "finance"), "their texts differ in words");
    let post = |post: &str, office: &str| {
        let text = format!(
            "临江市{office}因工作需要，现面向社会公开招聘{post}一名。提供正式编制，带薪年假，工作时间灵活。应聘者请将个人简历及\
             相关证明材料寄至人事处。报名截止至本月底，面试时间另行通知。"
        );
        told(&format!("招聘启事：{post}"), &text)
    };
    differ(&post("园艺师", "园林局"), &post("会计", "财政局"), "their texts differ in words");
    // Another headline, and a word that an editor changed, are those of a copy.
    let copy = vacancy("gardener", "parks").text.replace("papers", "documents").replace("leave", "holiday");
    same(&vacancy("gardener", "parks"), &told("Northmoor is looking for staff", &copy));
}

#[test]
fn years_later_only_the_very_same_words_are_a_copy() {
    let on = |text: &str, day| Told { day: Some(day), ..told(FORUM_TITLE, text) };
    same(&on(FORUM, 0), &on(FORUM, 400));
    same(&on(FORUM, 0), &on(&format!("Chapter 1\n{FORUM}"), 400));
    same(&on(FORUM, 0), &on(&reworded(FORUM), 20));
    differ(&on(FORUM, 0), &on(&reworded(FORUM), 400), "400 days apart");
    differ(&on(FORUM, 0), &on(&characters(FORUM, 500), 400), "400 days apart");
}

#[test]
fn different_stories_are_told_apart() {
    differ(&told(FORUM_TITLE, FORUM), &told(LECTURE_TITLE, LECTURE), "share only 0 %");
    let about = "Northmoor University was founded in 1871 and has 12,000 students. Its five faculties stand around the old harbour.";
    let other = "The choir of Northmoor University sang in Lindhaven on Sunday, and the hall was full to the last seat for hours.";
    let with = |text: &str, title: &str| told(title, &format!("{text}\n{about}"));
    differ(&with(FORUM, FORUM_TITLE), &with(other, "The choir sang in Lindhaven"), "share only");
    // The boilerplate alone is no excerpt of it all.
    differ(&with(FORUM, FORUM_TITLE), &told("About the university", about), "");
}

#[test]
fn hostile_texts_cost_no_more_than_others() {
    let patterns: [&dyn Fn(usize) -> String; 4] =
        [&|_| "a ".to_owned(), &|at| format!("w{} ", at % 7), &|at| format!("{at} same words here "), &|at| {
            format!("W{} und ", at % 3000)
        }];
    for pattern in patterns {
        let text = |from: usize| (from..).map(pattern).take(200_000).collect::<String>();
        let (left, right) = (text(0), text(3));
        let (left, right) = (characters(&left, 1 << 20), characters(&right, 1 << 20));
        verdict(&told("One title of several words", &left), &told("One title of several words", &right));
    }
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_its_own_copy_in_any_form(words in prop::collection::vec("[a-zA-Zäöé重庆大学论坛0-9]{1,9}", 40..120)) {
            let text = words.join(" ");
            let story = told("Some words of a title", &text);
            same(&story, &story);
            same(&story, &told("Some words of a title", &text.to_uppercase().replace(' ', " — ")));
            let half = words[..words.len() / 2].join(", ");
            prop_assert!(verdict(&story, &told("Some words of a title", &half)).same, "{half}");
        }

        #[test]
        fn any_two_texts_are_compared_alike_from_both_sides(one in ".{0,400}", other in ".{0,400}", title in ".{0,40}") {
            verdict(&told(&title, &one), &told(&other, &one));
            verdict(&told(&title, &one), &told(&title, &format!("{one}{other}")));
            verdict(&told(&title, &one), &told(&title, &other));
        }
    }
}

#[test]
fn a_title_is_not_cut_inside_a_number_or_behind_it() {
    for (one, other, is_one) in [
        ("Campus voices: episode 1", "Campus voices – Episode 1", true),
        ("Campus voices: episode 1", "Campus voices: episode 10", false),
        ("Campus voices: episode 1", "Campus voices: episode 10, with Ines Falk", false),
        ("Campus voices: episode 1", "Campus voices: episode 1.5", false),
        ("The Albatross has left the quay", "The Albatross has left the qu…", true),
        ("The Albatross has left", "The Albatross has left the quay", true),
        ("The Albatross", "Two ferries are late", false),
        ("", "", false),
        ("", "The Albatross has left the quay", false),
    ] {
        assert_eq!((is_one_title(one, other), is_one_title(other, one)), (is_one, is_one), "{one:?} {other:?}");
    }
}

#[test]
fn what_one_of_two_denies_is_not_the_same() {
    let notice = |title: &str, day: u32, text: &str, word: &str| {
        let text = text.replace("{}", word).replace("  ", " ");
        Told { day: Some(day), ..told(title, &text) }
    };
    let english = "The reading room of the library on the harbour hill is {} open on Saturday, whatever the weather does to \
                   the ferries, and books may be left with the porter beside the lift at any hour.";
    let chinese = "滨海校区图书馆阅览室本周六{}对外开放，请各位读者相互转告，所借图书可随时交给电梯旁的值班员代为归还，谢谢配合。";
    let german = "Der Lesesaal der Bibliothek auf dem Hafenberg ist am Samstag {} geöffnet, was auch immer das Wetter mit den Fähren \
                  macht, und Bücher können jederzeit beim Pförtner neben dem Aufzug abgegeben werden.";
    for (text, word) in
        [(english, "not"), (english, "no longer"), (chinese, "不"), (chinese, "暂停"), (german, "nicht")]
    {
        let title = "The reading room on Saturday";
        differ(&notice(title, 3, text, ""), &notice(title, 3, text, word), "denies");
        same(&notice(title, 3, text, word), &notice(title, 3, text, word));
    }
    // So it is in a title, and in a long text.
    let lecture = |title: &str| notice(title, 3, english, "");
    differ(&lecture("Lecture on tides by Ines Falk"), &lecture("Lecture on tides by Ines Falk cancelled"), "denies");
    differ(&lecture("Lecture on tides by Ines Falk"), &lecture("Postponed: lecture on tides by Ines Falk"), "denies");
    let unable = FORUM.replace("will be able to use", "will not be able to use");
    differ(&told(FORUM_TITLE, FORUM), &told(FORUM_TITLE, &unable), "denies");
    // Other words are added freely, and words that deny among others.
    same(&notice("Open", 3, chinese, "不断"), &notice("Open", 3, chinese, ""));
    let longer =
        FORUM.replace("how towns can live", "not for the first time, and not without dispute, how towns can live");
    same(&told(FORUM_TITLE, FORUM), &told(FORUM_TITLE, &longer));
}

#[test]
fn a_frame_of_every_day_is_not_what_stands_in_it() {
    let menu = |day: u32, dishes: [&str; 4]| {
        let [soup, main, side, sweet] = dishes;
        let text = format!(
            "The kitchen of the canteen below the library wishes everybody a good appetite. Soup of the day: {soup}. From the \
             stove: {main}. Beside it: {side}. And to end with: {sweet}. Trays are carried back to the hatch by the stairs, \
             please, and whoever cannot eat nuts, milk or wheat asks the cook, who knows what is in everything. Cups for \
             coffee are lent for a small deposit, which is given back at any counter of the campus until the evening."
        );
        Told { day: Some(day), ..told("Menu of the canteen", &text) }
    };
    let first = [
        "lentils with smoked paprika",
        "baked cod in a crust of herbs",
        "potatoes from the oven",
        "plum cake with cream",
    ];
    let second = [
        "pumpkin and ginger cream",
        "mushroom ragout over dumplings",
        "red cabbage and apples",
        "rice pudding, cinnamon",
    ];
    differ(&menu(3, first), &menu(4, second), "much of what stands between the same words differs");
    same(&menu(3, first), &menu(4, first));
}

#[test]
fn a_title_that_is_cut_is_cut_whichever_comes_first() {
    let [whole, cut, other] = [
        "New bridge over the river opens to walkers in May",
        "New bridge over the river opens to wal",
        "New bridge over the river opens to cars",
    ]
    .map(Text::of);
    assert!(is_cut(&whole, &cut) && is_cut(&cut, &whole));
    assert!(!is_cut(&whole, &other) && !is_cut(&other, &whole));
}
