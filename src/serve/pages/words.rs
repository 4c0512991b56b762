//! The words of the pages about how everything is, in each language they are written in.

use hyper::HeaderMap;
use hyper::header::ACCEPT_LANGUAGE;

use crate::status::State;
use crate::store::Kind;

/// The words of the pages in one language.
#[derive(Debug)]
pub(super) struct Words {
    /// BCP 47 tag.
    pub(super) language: &'static str,
    pub(super) status: &'static str,
    pub(super) preview: &'static str,
    pub(super) running_since: &'static str,
    pub(super) last_walk: &'static str,
    pub(super) configuration_refused: &'static str,
    pub(super) configuration_waits: &'static str,
    pub(super) check_tells_why: &'static str,
    pub(super) publishing_fails: &'static str,
    pub(super) nothing_stored: &'static str,
    pub(super) store_fails: &'static str,
    pub(super) nothing_can_be_stored: &'static str,
    pub(super) filter: &'static str,
    pub(super) all: &'static str,
    pub(super) none_so: &'static str,
    pub(super) pages: &'static str,
    pub(super) earlier_page: &'static str,
    pub(super) later_page: &'static str,
    pub(super) for_machines: &'static str,
    pub(super) status_feed: &'static str,
    pub(super) since: &'static str,
    pub(super) last_success: &'static str,
    pub(super) never: &'static str,
    pub(super) next_visit: &'static str,
    pub(super) at_next_walk: &'static str,
    pub(super) as_files_change: &'static str,
    pub(super) its_feed: &'static str,
    pub(super) days: &'static str,
    pub(super) visits: &'static str,
    pub(super) no_visits: &'static str,
    pub(super) when: &'static str,
    pub(super) came_of_it: &'static str,
    pub(super) cost: &'static str,
    pub(super) nothing_new: &'static str,
    pub(super) known: &'static str,
    pub(super) learnt: &'static str,
    pub(super) notes: &'static str,
    pub(super) copies: &'static str,
    pub(super) copies_about: &'static str,
    pub(super) told_by: &'static str,
    pub(super) address: &'static str,
    pub(super) address_hint: &'static str,
    pub(super) look: &'static str,
    pub(super) preview_about: &'static str,
    pub(super) would_give: &'static str,
    pub(super) no_items: &'static str,
    pub(super) marked_page: &'static str,
    pub(super) marked_about: &'static str,
    pub(super) form_is_old: &'static str,
    pub(super) only_here: &'static str,
    pub(super) only_here_about: &'static str,
    pub(super) published_by: &'static str,
    is_chinese: bool,
}

pub(super) const ENGLISH: Words = Words {
    language: "en",
    status: "Status",
    preview: "Preview",
    running_since: "running since",
    last_walk: "last visit to a source",
    configuration_refused: "The new configuration was refused; the old one stays in use.",
    configuration_waits: "The new configuration is in use, but a part of it waits for a restart.",
    check_tells_why: "On the machine itself, feedgen check tells why.",
    publishing_fails: "Feeds cannot be published; the last good ones stay.",
    nothing_stored: "Nothing has been read yet. The first visits are under way.",
    store_fails: "The store cannot be read.",
    nothing_can_be_stored: "Nothing can be stored.",
    filter: "Show",
    all: "all",
    none_so: "No source is like that.",
    pages: "Pages",
    earlier_page: "Earlier",
    later_page: "Later",
    for_machines: "The same for programs:",
    status_feed: "What goes wrong, as a feed",
    since: "since",
    last_success: "last success",
    never: "never",
    next_visit: "next visit",
    at_next_walk: "soon",
    as_files_change: "as soon as a file changes",
    its_feed: "Its feed, as a page",
    days: "Items of the last 30 days",
    visits: "Last visits",
    no_visits: "It has not been visited yet.",
    when: "When",
    came_of_it: "What came of it",
    cost: "Cost",
    nothing_new: "nothing new",
    known: "What is known of it",
    learnt: "How its list is read",
    notes: "Notes",
    copies: "Told elsewhere, too",
    copies_about: "Newest items that other sources tell as well. Where both are shown, the story stands once.",
    told_by: "also told by",
    address: "Address",
    address_hint: "Of a feed, or of a page that lists news.",
    look: "Look",
    preview_about: "Shows what a source at an address would give. Nothing is kept or published.",
    would_give: "What it would give",
    no_items: "It would give nothing.",
    marked_page: "The page, with its list marked",
    marked_about: "Nothing in this frame acts, and it loads from the site of the page alone.",
    form_is_old: "This form is too old, or was not sent from this page. Send it again.",
    only_here: "Only for administrators",
    only_here_about: "Name a file with a token as serve.token_file, and give the token as password. While site.url \
        is http://localhost, this page also opens on the machine itself.",
    published_by: "published",
    is_chinese: false,
};

pub(super) const CHINESE: Words = Words {
    language: "zh",
    status: "运行状态",
    preview: "预览",
    running_since: "启动于",
    last_walk: "上次访问来源",
    configuration_refused: "新的配置有误，未被采用；仍使用原来的配置。",
    configuration_waits: "新的配置已生效，但其中一部分需要重新启动后才生效。",
    check_tells_why: "请在服务器上运行 feedgen check 查看原因。",
    publishing_fails: "订阅源无法发布；上一次正常的文件保持不变。",
    nothing_stored: "还没有读取任何内容，首次访问正在进行。",
    store_fails: "无法读取数据库。",
    nothing_can_be_stored: "无法保存任何内容。",
    filter: "筛选",
    all: "全部",
    none_so: "没有处于这种状态的来源。",
    pages: "分页",
    earlier_page: "上一页",
    later_page: "下一页",
    for_machines: "供程序读取：",
    status_feed: "以订阅源形式查看故障",
    since: "自",
    last_success: "上次成功",
    never: "从未",
    next_visit: "下次访问",
    at_next_walk: "即将",
    as_files_change: "文件一有变化即读取",
    its_feed: "查看它的订阅源",
    days: "最近 30 天的条目",
    visits: "最近的访问",
    no_visits: "尚未访问过。",
    when: "时间",
    came_of_it: "结果",
    cost: "开销",
    nothing_new: "没有新内容",
    known: "已知情况",
    learnt: "列表的读取方式",
    notes: "备注",
    copies: "其他来源也有",
    copies_about: "其他来源也发布过的最新条目。同时展示时，同一篇只出现一次。",
    told_by: "另见于",
    address: "网址",
    address_hint: "订阅源的网址，或列出新闻的网页。",
    look: "查看",
    preview_about: "查看某个网址作为来源会给出什么。不保存，也不发布。",
    would_give: "会得到的条目",
    no_items: "得不到任何条目。",
    marked_page: "网页及标出的列表",
    marked_about: "此框内不运行任何程序，只从该网页所在的网站加载内容。",
    form_is_old: "表单已过期，或不是从本页提交的。请重新提交。",
    only_here: "仅限管理员",
    only_here_about: "请在 serve.token_file 中指定存放令牌的文件，并以令牌作为密码。当 site.url 为 http://localhost 时，也可在本机直接打开此页。",
    published_by: "发布于",
    is_chinese: true,
};

/// Names of facts, as the commands print them, and in Chinese.
const FACTS: [(&str, &str); 18] = [
    ("address", "网址"),
    ("folder", "文件夹"),
    ("configured", "访问设置"),
    ("next visit", "下次访问"),
    ("demanded", "对方要求"),
    ("failures", "连续失败"),
    ("validators", "校验标记"),
    ("last body", "上次内容"),
    ("moved", "已迁移"),
    ("wishes", "对方意愿"),
    ("robots.txt", "robots.txt"),
    ("list", "列表"),
    ("confidence", "把握"),
    ("quarantined", "已搁置"),
    ("empty", "为空"),
    ("last gap", "可能遗漏"),
    ("waiting", "待取文章"),
    ("proposal", "建议"),
];

/// Whether a browser would rather have Chinese than English (RFC 9110 §12.5.4); where it asks for neither, whether the site is Chinese.
pub(in crate::serve) fn prefers_chinese(headers: &HeaderMap, site: &str) -> bool {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best: Option<(f32, bool)> = None;
    for range in asked.split(',').take(20) {
        let (tag, weight) = range.split_once(';').unwrap_or((range, ""));
        let tag = tag.trim().to_ascii_lowercase();
        let is_chinese = tag == "zh" || tag.starts_with("zh-");
        if !is_chinese && tag != "en" && !tag.starts_with("en-") {
            continue;
        }
        let weight = weight.trim().strip_prefix("q=").map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0));
        if weight > best.map_or(0.0, |(best, _)| best) {
            best = Some((weight, is_chinese));
        }
    }
    let site_is_chinese = site == "zh" || site.starts_with("zh-");
    best.map_or(site_is_chinese, |(_, is_chinese)| is_chinese)
}

impl Words {
    /// Those of the language that a browser asks for (RFC 9110 §12.5.4), else those of the site.
    pub(super) fn of(headers: &HeaderMap, site: &str) -> &'static Self {
        if prefers_chinese(headers, site) { &CHINESE } else { &ENGLISH }
    }

    /// How a source is, in a word or two.
    pub(super) fn state(&self, state: State) -> &'static str {
        let (english, chinese) = match state {
            State::Failing => ("failing", "失败"),
            State::Quarantined => ("set aside", "已搁置"),
            State::Stale => ("silent", "沉寂"),
            State::Empty => ("empty", "为空"),
            State::Waiting => ("waiting", "等待"),
            State::New => ("new", "尚未访问"),
            State::Ok => ("fine", "正常"),
        };
        if self.is_chinese { chinese } else { english }
    }

    /// What that means, and what to do.
    pub(super) fn advice(&self, state: State, source: &str) -> String {
        let (english, chinese) = match state {
            State::Failing => (
                "What is published of it stays, and it is asked again, at longer and longer intervals. `feedgen doctor SOURCE` finds out more.",
                "已发布的内容保持不变，并以越来越长的间隔继续尝试。`feedgen doctor SOURCE` 可进一步检查。",
            ),
            State::Quarantined => (
                "The page does not show its list any more. What is published stays. `feedgen doctor SOURCE` tells what was found in its \
                 place, and `feedgen doctor SOURCE --apply` takes it over.",
                "网页上找不到原来的列表。已发布的内容保持不变。`feedgen doctor SOURCE` 说明找到了什么，`feedgen doctor SOURCE --apply` 予以采用。",
            ),
            State::Stale => (
                "It answers, but its news stopped longer ago than it ever did. Look at the page itself; if there is news, `feedgen doctor SOURCE` helps.",
                "它仍有应答，但停更时间比以往都长。请查看原网页；如果那里有新内容，可运行 `feedgen doctor SOURCE`。",
            ),
            State::Empty => (
                "Its list is there and holds nothing. Look at the page itself; if there is news, `feedgen doctor SOURCE` helps.",
                "列表仍在，但没有内容。请查看原网页；如果那里有新闻，可运行 `feedgen doctor SOURCE`。",
            ),
            State::Waiting => (
                "Its server asks not to be visited before the time below. Nothing needs to be done.",
                "对方服务器要求在下述时间之前不要访问。无需处理。",
            ),
            State::New => ("It is visited soon.", "即将首次访问。"),
            State::Ok => ("", ""),
        };
        (if self.is_chinese { chinese } else { english }).replace("SOURCE", source)
    }

    /// The name of a fact.
    pub(super) fn fact(&self, name: &'static str) -> &'static str {
        let told = FACTS.iter().find(|(english, _)| self.is_chinese && *english == name);
        told.map_or(name, |(_, chinese)| chinese)
    }

    /// Trouble with `name`, whose id is `source`, and what to do, unless it is over. `None`: in English, `refresh` has the words.
    pub(super) fn trouble(&self, kind: Kind, name: &str, source: &str, is_over: bool) -> Option<(String, String)> {
        let (what, advice) = match kind {
            Kind::Failing => ("NAME：访问失败", "已发布的内容保持不变。`feedgen doctor SOURCE` 说明原因和处理办法。"),
            Kind::Quarantined => (
                "NAME：已搁置",
                "已发布的内容保持不变。`feedgen doctor SOURCE` 说明列表现在可能在哪里，`feedgen doctor --apply SOURCE` 从那里读取。",
            ),
            Kind::Stale => {
                ("NAME：久无更新", "请查看原来源是否有新内容。如果有，`feedgen doctor SOURCE` 说明为何没有找到。")
            }
            Kind::Publishing => {
                ("订阅源无法发布", "上一次正常的文件保持不变。请按此处所述处理，下次刷新会补发缺少的部分。")
            }
            Kind::Store => ("数据库曾损坏或被移走", "原文档仍在的条目会自动恢复。移开的文件放在数据库旁边。"),
            Kind::Configuration => (
                "配置未按所写的内容生效",
                "若有错误，则继续使用原来的配置，`feedgen check` 列出全部错误；若有部分需要等待，请重新启动 feedgen。",
            ),
            Kind::Writing => {
                ("无法保存任何内容", "已发布的内容照常提供。`feedgen status` 说明原因和处理办法，之后会自动恢复。")
            }
        };
        let (end, advice) = if is_over { ("（已结束）", "") } else { ("", advice) };
        self.is_chinese.then(|| (what.replace("NAME", name) + end, advice.replace("SOURCE", source)))
    }

    /// Whether all is well, in a sentence.
    pub(super) fn verdict(&self, wrong: usize, all: usize) -> String {
        match (wrong, self.is_chinese) {
            (0, true) => format!("{all} 个来源均正常。"),
            (_, true) => format!("{all} 个来源中有 {wrong} 个需要处理。"),
            (0, _) if all == 1 => "The source is fine.".to_owned(),
            (0, _) => format!("All {all} sources are fine."),
            (1, _) => format!("1 of {all} sources needs a look."),
            _ => format!("{wrong} of {all} sources need a look."),
        }
    }

    /// A number of things that came of a visit, named in the singular: `new item`, `edit`, `document` or `request`.
    fn several(&self, number: u64, thing: &str, chinese: &str) -> String {
        match (self.is_chinese, number) {
            (true, _) => format!("{number} {chinese}"),
            (_, 1) => format!("1 {thing}"),
            _ => format!("{number} {thing}s"),
        }
    }

    pub(super) fn items(&self, number: u64) -> String {
        self.several(number, "item", "条")
    }

    pub(super) fn new_items(&self, number: u64) -> String {
        self.several(number, "new item", "条新内容")
    }

    pub(super) fn edits(&self, number: u64) -> String {
        self.several(number, "edit", "处修改")
    }

    pub(super) fn unreadable(&self, number: u64) -> String {
        if self.is_chinese { format!("{number} 个无法读取") } else { format!("{number} unreadable") }
    }

    pub(super) fn requests(&self, number: u64) -> String {
        self.several(number, "request", "次请求")
    }

    /// How often in a row.
    pub(super) fn visits_in_a_row(&self, number: u64) -> String {
        if self.is_chinese { format!("连续 {number} 次") } else { format!("{number} visits in a row") }
    }

    /// What a chart of items by day shows, for those who do not see it.
    pub(super) fn chart(&self, days: usize, items: u64, most: u64) -> String {
        if self.is_chinese {
            format!("最近 {days} 天共 {items} 条，单日最多 {most} 条")
        } else {
            format!("{} in {days} days, {most} at most on one day", self.items(items))
        }
    }

    /// How far a time is from now: `seconds` are those until then, below zero where it is past.
    pub(super) fn distance(&self, seconds: i64) -> String {
        let away = seconds.unsigned_abs();
        let (number, unit, chinese) = match away {
            0..60 => (0, "", ""),
            60..3_600 => (away / 60, "minute", "分钟"),
            3_600..86_400 => (away / 3_600, "hour", "小时"),
            _ => (away / 86_400, "day", "天"),
        };
        match (self.is_chinese, number, seconds < 0) {
            (true, 0, true) => "刚刚".to_owned(),
            (true, 0, false) => "即将".to_owned(),
            (false, 0, true) => "a moment ago".to_owned(),
            (false, 0, false) => "in a moment".to_owned(),
            (true, _, true) => format!("{number} {chinese}前"),
            (true, _, false) => format!("{number} {chinese}后"),
            (false, _, true) => format!("{} ago", self.several(number, unit, chinese)),
            (false, _, false) => format!("in {}", self.several(number, unit, chinese)),
        }
    }

    /// Where in a list of pages this is.
    pub(super) fn page_of(&self, page: usize, pages: usize) -> String {
        if self.is_chinese { format!("第 {page} 页，共 {pages} 页") } else { format!("page {page} of {pages}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(asked: &str, site: &str) -> &'static str {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, asked.parse().unwrap());
        Words::of(&headers, site).language
    }

    #[test]
    fn the_language_is_the_one_that_is_liked_best() {
        assert_eq!(language("zh-CN,zh;q=0.9,en;q=0.8", "en"), "zh");
        assert_eq!(language("en-GB,en;q=0.9,zh;q=0.8", "zh-CN"), "en");
        assert_eq!(language("de, zh;q=0.2, en;q=0.3", "zh"), "en");
        assert_eq!(language("de, fr;q=0.3", "zh-CN"), "zh");
        assert_eq!(language("zh;q=0", "en"), "en");
        assert_eq!(Words::of(&HeaderMap::new(), "en").language, "en");
    }

    #[test]
    fn distances_are_told_in_the_largest_unit() {
        for (seconds, english, chinese) in [
            (-5, "a moment ago", "刚刚"),
            (59, "in a moment", "即将"),
            (-60, "1 minute ago", "1 分钟前"),
            (7_300, "in 2 hours", "2 小时后"),
            (-200_000, "2 days ago", "2 天前"),
        ] {
            assert_eq!(
                (ENGLISH.distance(seconds), CHINESE.distance(seconds)),
                (english.to_owned(), chinese.to_owned())
            );
        }
    }

    #[test]
    fn every_fact_has_a_name_in_both_languages() {
        assert_eq!((ENGLISH.fact("next visit"), CHINESE.fact("next visit")), ("next visit", "下次访问"));
        assert_eq!(CHINESE.fact("something else"), "something else");
    }
}
