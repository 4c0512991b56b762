//! What the sites of the campus tell: stories in Chinese and in English.

use chrono::{Days, NaiveDate, NaiveDateTime};

/// A story as its site tells it.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    /// Counts up; the highest is the newest.
    pub(crate) number: usize,
    pub(crate) title: String,
    pub(crate) day: NaiveDate,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) author: &'static str,
}

/// The language of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tongue {
    Chinese,
    English,
}

const CHINESE: [&str; 16] = [
    "{}召开2026年春季学期教学工作会议",
    "关于做好{}本科毕业论文答辩工作的通知",
    "{}与临港海事研究院签署战略合作协议",
    "师生团队在全国大学生机械创新设计大赛中获佳绩",
    "{}举办“潮汐讲坛”第三十七期学术报告会",
    "关于{}寒假期间校园管理安排的通知",
    "{}教授团队在水下材料领域取得重要进展",
    "国家重点实验室专家组来{}调研",
    "{}图书馆新馆正式启用",
    "关于公布{}年度奖学金评审结果的公示",
    "{}代表团访问汉堡应用科学大学",
    "青年教师教学竞赛决赛在{}举行",
    "{}与海岛小学结对开展科普活动",
    "关于{}校园网升级改造的公告",
    "{}首届航海模型比赛圆满落幕",
    "校友回到{}讲述远洋科考的故事",
];

const ENGLISH: [&str; 16] = [
    "{} opens a new laboratory for tidal power",
    "Researchers at {} find a faster way to map the sea floor",
    "Call for applications: summer school on marine robotics",
    "{} signs an agreement with the Island Institute",
    "Students win the national bridge building contest",
    "Library of {} closes for renovation until spring",
    "Professor Marlow named fellow of the Royal Tidal Society",
    "{} welcomes two hundred exchange students",
    "New study explains why harbour seals follow the ferry",
    "Public lecture: what the ice remembers",
    "{} publishes its report on energy use",
    "Choir of {} sings at the opening of the old lighthouse",
    "Doctoral school offers twelve funded positions",
    "Engineers test a ferry that needs no captain",
    "{} joins the network of coastal universities",
    "Alumni return to {} for the winter regatta",
];

const AUTHORS: [(&str, &str); 3] = [("林小舟", "Ada Marlow"), ("周海燕", "Tom Quayle"), ("陈之远", "Ines Hafner")];

impl Story {
    /// The story of a number, from 0, of the house of that name.
    pub(crate) fn new(tongue: Tongue, house: &str, number: usize) -> Self {
        let titles = if tongue == Tongue::Chinese { &CHINESE } else { &ENGLISH };
        let title = titles[number % titles.len()].replace("{}", house);
        // Two on a day, over the turn of the year.
        let day = NaiveDate::from_ymd_opt(2025, 12, 8).unwrap() + Days::new(number as u64 / 2 * 6);
        let author = AUTHORS[number % AUTHORS.len()];
        let (author, paragraphs) = match tongue {
            Tongue::Chinese => (author.0, chinese(&title, house, number)),
            Tongue::English => (author.1, english(&title, house, number)),
        };
        Self { number, title, day, paragraphs, author }
    }

    /// The first `count` stories of a house, the newest first.
    pub(crate) fn first(tongue: Tongue, house: &str, count: usize) -> Vec<Self> {
        (0..count).rev().map(|number| Self::new(tongue, house, number)).collect()
    }

    /// Its paragraphs, each in an element.
    pub(crate) fn body(&self) -> String {
        self.paragraphs.iter().map(|text| format!("<p>{text}</p>\n")).collect()
    }

    /// When it was published, in the zone of the site.
    pub(crate) fn time(&self) -> NaiveDateTime {
        self.day.and_hms_opt(if self.number.is_multiple_of(2) { 9 } else { 10 }, 30, 0).unwrap()
    }

    /// The same in a form of `strftime`.
    pub(crate) fn on(&self, form: &str) -> String {
        self.time().format(form).to_string()
    }

    /// An address of words.
    pub(crate) fn slug(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        self.title
            .chars()
            .map(plain)
            .collect::<String>()
            .split('-')
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join("-")
    }
}

const PLACES: [(&str, &str); 5] = [
    ("主楼报告厅", "main hall"),
    ("滨海校区", "coastal campus"),
    ("图书馆三层", "reading room"),
    ("工程训练中心", "workshop"),
    ("大学生活动中心", "student centre"),
];

fn chinese(title: &str, house: &str, number: usize) -> Vec<String> {
    let place = PLACES[number % PLACES.len()].0;
    vec![
        format!("近日，“{title}”一事在{house}{place}引起师生广泛关注，第{}批参与者到场见证。", number + 2),
        format!(
            "会上，有关负责人介绍了前期筹备情况，强调要立足沿海、服务产业，把{number}项重点任务落到实处，不断提高人才培养质量和科学研究水平，为区域发展贡献力量。"
        ),
        format!(
            "与会代表围绕第{}个议题展开讨论，大家一致认为，应当进一步加强协作，完善制度，形成长效机制。",
            number + 5
        ),
        format!("相关安排将由{place}值班室第{}号窗口另行告知。", number + 11),
    ]
}

fn english(title: &str, house: &str, number: usize) -> Vec<String> {
    let place = PLACES[number % PLACES.len()].1;
    vec![
        format!("It was announced in the {place} of {house} before {} guests: {title}.", number + 20),
        format!(
            "Nobody had expected so many people to come, and the {} chairs that stood ready were taken within minutes. Those who came late sat on the \
             stairs, where they heard as much as everybody else, and saw a good deal more of the sea.",
            number + 3
        ),
        format!(
            "The work goes back to a small grant of {} thousand crowns, which the harbour board gave without great hopes.",
            number + 7
        ),
        format!("A second meeting in the {place} will decide about the remaining {} questions.", number + 9),
    ]
}
