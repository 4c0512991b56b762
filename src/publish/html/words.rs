//! The words of pages, in each language they are written in.

use chrono::{Datelike as _, NaiveDate};
use maud::{Markup, html};

use crate::draft::When;

/// The words of the interface in one language.
#[derive(Debug)]
pub struct Words {
    pub(super) skip: &'static str,
    pub(super) navigation: &'static str,
    pub(super) everything: &'static str,
    pub(super) own_feeds: &'static str,
    pub(super) sources: &'static str,
    pub(super) categories: &'static str,
    pub(super) opml: &'static str,
    pub(super) subscribe: &'static str,
    pub(super) copy_an_address: &'static str,
    pub(super) feed_question: &'static str,
    pub(super) feed_answer: &'static str,
    pub(super) latest: &'static str,
    pub(super) older: &'static str,
    pub(super) no_feeds: &'static str,
    pub(super) no_items: &'static str,
    pub(super) updated: &'static str,
    pub(super) first_seen: &'static str,
    pub(super) took_place: &'static str,
    pub(super) from: &'static str,
    pub(super) also_in: &'static str,
    pub(super) files: &'static str,
    pub(super) made_by: &'static str,
    pub(super) item: &'static str,
    pub(super) items: &'static str,
    pub(super) is_chinese: bool,
}

pub(super) const ENGLISH: Words = Words {
    skip: "Skip to the content",
    navigation: "Site",
    everything: "Everything",
    own_feeds: "Selections",
    sources: "Sources",
    categories: "Categories",
    opml: "All feeds as one file for your feed reader (OPML)",
    subscribe: "Subscribe",
    copy_an_address: "Copy one of these addresses into your feed reader. Any will do; if you have no preference, take the first.",
    feed_question: "What is a feed?",
    feed_answer: "A feed is a list of news that a program can read. Give its address to a feed reader, on your phone, your \
        computer or the web, and new items come to you by themselves: no account, no mail, no tracking. To stop, remove \
        the address from your reader.",
    latest: "Latest",
    older: "Older items, page by page:",
    no_feeds: "No feeds yet.",
    no_items: "Nothing here yet. Subscribe, and the first item will come to you.",
    updated: "updated",
    first_seen: "First seen",
    took_place: "Takes place:",
    from: "from",
    also_in: "Also in",
    files: "Files",
    made_by: "Made with feedgen",
    item: "item",
    items: "items",
    is_chinese: false,
};

pub(super) const CHINESE: Words = Words {
    skip: "跳到正文",
    navigation: "网站",
    everything: "全部",
    own_feeds: "精选",
    sources: "来源",
    categories: "分类",
    opml: "全部订阅源合为一个文件，可导入阅读器（OPML）",
    subscribe: "订阅",
    copy_an_address: "把下面任意一个地址复制到阅读器即可；没有特别要求时用第一个。",
    feed_question: "什么是订阅源？",
    feed_answer: "订阅源是程序可以读取的新闻列表。把它的地址交给手机、电脑或网页上的阅读器，新内容就会自动送到：\
        不用注册，不用邮箱，也没有跟踪。不想再看时，从阅读器里删掉地址即可。",
    latest: "最新",
    older: "更早的内容，逐页列出：",
    no_feeds: "还没有订阅源。",
    no_items: "这里还没有内容。订阅之后，第一条会自动送到。",
    updated: "更新于",
    first_seen: "首次发现于",
    took_place: "活动日期：",
    from: "来自",
    also_in: "其他语言：",
    files: "附件",
    made_by: "由 feedgen 生成",
    item: "条",
    items: "条",
    is_chinese: true,
};

const MONTHS: [&str; 12] = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
];

impl Words {
    /// Those of a language, by its BCP 47 tag: English unless it is Chinese.
    pub fn of(language: &str) -> &'static Self {
        if language == "zh" || language.starts_with("zh-") { &CHINESE } else { &ENGLISH }
    }

    /// A number of items.
    pub fn items(&self, count: usize) -> String {
        format!("{count} {}", if count == 1 { self.item } else { self.items })
    }

    pub(super) fn what_is_a_feed(&self) -> Markup {
        html! { details { summary { (self.feed_question) } p { (self.feed_answer) } } }
    }

    /// A date for people, no finer than it is known; `written` is what it displays.
    pub fn date(&self, when: When, written: &str) -> String {
        let clock = written.split_once('T').map_or("", |(_, clock)| clock);
        let (minutes, zone) = (clock.get(..5).unwrap_or_default(), clock.len().saturating_sub(6));
        match when {
            When::Year(year) if self.is_chinese => format!("{year}年"),
            When::Year(year) => year.to_string(),
            When::Month(year, month) if self.is_chinese => format!("{year}年{month}月"),
            When::Month(year, month) => format!("{} {year}", month_name(month)),
            When::Day(day) => self.day(day),
            When::Local(time) => [&*self.day(time.date()), ", ", minutes].concat(),
            When::Instant(time) => {
                let zone = clock.get(zone..).unwrap_or_default();
                [&*self.day(time.date_naive()), ", ", minutes, " UTC", zone].concat()
            }
        }
    }

    /// A day for people.
    pub fn day(&self, day: NaiveDate) -> String {
        let (year, month, number) = (day.year(), day.month(), day.day());
        if self.is_chinese {
            format!("{year}年{month}月{number}日")
        } else {
            [&*number.to_string(), " ", month_name(month), " ", &*year.to_string()].concat()
        }
    }
}

/// What a language calls itself, or its tag.
pub(super) fn name_of_language(tag: &str) -> &str {
    const NAMES: [(&str, &str); 16] = [
        ("ar", "العربية"),
        ("cs", "Čeština"),
        ("de", "Deutsch"),
        ("en", "English"),
        ("es", "Español"),
        ("fr", "Français"),
        ("it", "Italiano"),
        ("ja", "日本語"),
        ("ko", "한국어"),
        ("nl", "Nederlands"),
        ("pl", "Polski"),
        ("pt", "Português"),
        ("ru", "Русский"),
        ("th", "ไทย"),
        ("vi", "Tiếng Việt"),
        ("zh", "中文"),
    ];
    let primary = tag.split('-').next().unwrap_or_default();
    NAMES.iter().find(|(tag, _)| primary.eq_ignore_ascii_case(tag)).map_or(tag, |(_, name)| name)
}

fn month_name(month: u32) -> &'static str {
    usize::try_from(month).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?)).unwrap_or(&"")
}
