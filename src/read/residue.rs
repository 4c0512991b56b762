//! Tells what in a text is not the story: breadcrumbs, lines of labels, counters, share bars, copyright lines.
//!
//! Such lines carry facts all the same (labels, dates, authors, publisher), so they are taken apart, not thrown away.

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Where the page stands in the site: the labels, without "Home" in front and "Text" behind.
    Breadcrumb(Vec<&'a str>),
    /// Labels with values: "Update : 2020-10-12 Read :", "发布时间：… 来源：…".
    Fields(Vec<Field<'a>>),
    /// A copyright line, with the name in it.
    Copyright(Option<String>),
    /// Counters, share bars, links to the neighbours, print and close buttons.
    Residue,
    /// A word that names a column: "News & Notices", "Focus".
    Column,
    /// Anything else.
    Text,
}

/// A label of a line, and what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub(super) label: Label,
    pub(super) value: &'a str,
}

/// What a label stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// Date of publication, said as such.
    Published,
    /// A date that may be that of publication.
    Date,
    /// Who wrote it.
    Author,
    /// Who published it.
    Publisher,
    /// Anything that is of no use in a feed.
    Idle,
}

/// Labels in lower case, with what they stand for. Longer ones win over those they end with.
const LABELS: &[(&str, Label)] = &[
    ("published", Label::Published),
    ("published on", Label::Published),
    ("published at", Label::Published),
    ("date published", Label::Published),
    ("publication date", Label::Published),
    ("publish date", Label::Published),
    ("publish time", Label::Published),
    ("release date", Label::Published),
    ("release time", Label::Published),
    ("date of publication", Label::Published),
    ("posted", Label::Published),
    ("posted on", Label::Published),
    ("post date", Label::Published),
    ("发布时间", Label::Published),
    ("发布日期", Label::Published),
    ("发表时间", Label::Published),
    ("发表日期", Label::Published),
    ("发表于", Label::Published),
    ("发布于", Label::Published),
    ("发稿时间", Label::Published),
    ("发稿日期", Label::Published),
    ("发文时间", Label::Published),
    ("发文日期", Label::Published),
    ("刊发时间", Label::Published),
    ("創建時間", Label::Published),
    ("发佈日期", Label::Published),
    ("發佈日期", Label::Published),
    ("發布日期", Label::Published),
    ("發布時間", Label::Published),
    ("張貼日期", Label::Published),
    ("公告日期", Label::Published),
    ("录入时间", Label::Published),
    ("上传时间", Label::Published),
    ("添加时间", Label::Published),
    ("update", Label::Date),
    ("updated", Label::Date),
    ("update time", Label::Date),
    ("last updated", Label::Date),
    ("last update", Label::Date),
    ("last modified", Label::Date),
    ("date", Label::Date),
    ("time", Label::Date),
    ("datum", Label::Date),
    ("stand", Label::Date),
    ("更新时间", Label::Date),
    ("更新日期", Label::Date),
    ("更新", Label::Date),
    ("修改时间", Label::Date),
    ("时间", Label::Date),
    ("時間", Label::Date),
    ("日期", Label::Date),
    ("author", Label::Author),
    ("authors", Label::Author),
    ("writer", Label::Author),
    ("written by", Label::Author),
    ("by", Label::Author),
    ("posted by", Label::Author),
    ("contributor", Label::Author),
    ("contributed by", Label::Author),
    ("text by", Label::Author),
    ("reporter", Label::Author),
    ("作者", Label::Author),
    ("撰稿", Label::Author),
    ("撰稿人", Label::Author),
    ("文", Label::Author),
    ("文字", Label::Author),
    ("供稿", Label::Author),
    ("供稿人", Label::Author),
    ("通讯员", Label::Author),
    ("记者", Label::Author),
    ("投稿", Label::Author),
    ("source", Label::Publisher),
    ("from", Label::Publisher),
    ("publisher", Label::Publisher),
    ("来源", Label::Publisher),
    ("來源", Label::Publisher),
    ("文章来源", Label::Publisher),
    ("新闻来源", Label::Publisher),
    ("信息来源", Label::Publisher),
    ("稿源", Label::Publisher),
    ("稿件来源", Label::Publisher),
    ("发布单位", Label::Publisher),
    ("发布部门", Label::Publisher),
    ("发布者", Label::Publisher),
    ("发布人", Label::Publisher),
    ("供稿单位", Label::Publisher),
    ("发文单位", Label::Publisher),
    ("發佈單位", Label::Publisher),
    ("發布單位", Label::Publisher),
    ("views", Label::Idle),
    ("view", Label::Idle),
    ("pageviews", Label::Idle),
    ("page views", Label::Idle),
    ("read", Label::Idle),
    ("reads", Label::Idle),
    ("reading", Label::Idle),
    ("hits", Label::Idle),
    ("hit", Label::Idle),
    ("clicks", Label::Idle),
    ("click", Label::Idle),
    ("visits", Label::Idle),
    ("visitors", Label::Idle),
    ("browse", Label::Idle),
    ("number of views", Label::Idle),
    ("浏览", Label::Idle),
    ("浏览次数", Label::Idle),
    ("浏览数", Label::Idle),
    ("浏览量", Label::Idle),
    ("瀏覽次數", Label::Idle),
    ("瀏覽數", Label::Idle),
    ("點閱", Label::Idle),
    ("點擊", Label::Idle),
    ("点击", Label::Idle),
    ("点击数", Label::Idle),
    ("点击次数", Label::Idle),
    ("点击量", Label::Idle),
    ("点击率", Label::Idle),
    ("阅读", Label::Idle),
    ("阅读量", Label::Idle),
    ("阅读数", Label::Idle),
    ("阅读次数", Label::Idle),
    ("访问", Label::Idle),
    ("访问量", Label::Idle),
    ("访问次数", Label::Idle),
    ("人气", Label::Idle),
    ("字号", Label::Idle),
    ("字体", Label::Idle),
    ("字体大小", Label::Idle),
    ("编辑", Label::Idle),
    ("責任編輯", Label::Idle),
    ("责任编辑", Label::Idle),
    ("责编", Label::Idle),
    ("编审", Label::Idle),
    ("审核", Label::Idle),
    ("审核人", Label::Idle),
    ("审稿", Label::Idle),
    ("审校", Label::Idle),
    ("校对", Label::Idle),
    ("初审", Label::Idle),
    ("复审", Label::Idle),
    ("终审", Label::Idle),
    ("签发", Label::Idle),
    ("摄影", Label::Idle),
    ("图", Label::Idle),
    ("图片", Label::Idle),
    ("图文", Label::Idle),
    ("排版", Label::Idle),
    ("关键词", Label::Idle),
    ("font size", Label::Idle),
    ("font", Label::Idle),
    ("text size", Label::Idle),
    ("editor", Label::Idle),
    ("edited by", Label::Idle),
    ("reviewer", Label::Idle),
    ("reviewed by", Label::Idle),
    ("proofreader", Label::Idle),
    ("photo by", Label::Idle),
    ("photos by", Label::Idle),
    ("tel", Label::Idle),
    ("share", Label::Idle),
    ("share to", Label::Idle),
    ("share this", Label::Idle),
    ("share on", Label::Idle),
    ("分享", Label::Idle),
    ("分享到", Label::Idle),
];

/// Bytes of the longest of [`LABELS`].
const LONGEST_LABEL: usize = {
    let (mut longest, mut at) = (0, 0);
    while at < LABELS.len() {
        if LABELS[at].0.len() > longest {
            longest = LABELS[at].0.len();
        }
        at += 1;
    }
    longest
};

/// Whole lines (lower case, without punctuation around) that are no part of a story.
const BUTTONS: &[&str] = &[
    "print",
    "print this page",
    "share",
    "share this",
    "share this page",
    "share to",
    "email",
    "close",
    "close window",
    "back",
    "back to top",
    "top",
    "back to list",
    "return",
    "return to list",
    "previous",
    "next",
    "prev",
    "more",
    "read more",
    "skip to main content",
    "skip to content",
    "menu",
    "search",
    "facebook",
    "twitter",
    "linkedin",
    "wechat",
    "weibo",
    "whatsapp",
    "copy link",
    "text size",
    "font size",
    "a a a",
    "a- a a+",
    "listen",
    "打印",
    "打印本页",
    "打印本文",
    "关闭",
    "关闭窗口",
    "返回",
    "返回顶部",
    "返回列表",
    "返回上一页",
    "收藏",
    "收藏本文",
    "分享",
    "分享到",
    "更多",
    "大 中 小",
    "大中小",
    "扫一扫",
    "微信扫一扫",
    "扫一扫分享到微信",
    "微信",
    "微博",
    "朋友圈",
    "qq空间",
    "下载",
    "推荐阅读",
    "相关新闻",
    "相关文章",
    "相关链接",
    "相关阅读",
    "友情链接",
    "附件下载",
    "首页",
    "网站首页",
    "home",
    "back to news",
    "all news",
];

/// Beginnings of lines that lead to the neighbours of a page.
const NEIGHBOURS: &[&str] = &[
    "上一篇",
    "下一篇",
    "上一条",
    "下一条",
    "上一頁",
    "上一页",
    "下一页",
    "下一頁",
    "前一篇",
    "后一篇",
    "上篇",
    "下篇",
    "上一則",
    "下一則",
    "previous:",
    "previous：",
    "previous article",
    "previous post",
    "previous news",
    "prev:",
    "prev article",
    "next:",
    "next：",
    "next article",
    "next post",
    "next news",
    "previous one",
    "next one",
    "last:",
    "last article",
    "older post",
    "newer post",
];

/// What a breadcrumb begins with.
const POSITIONS: &[&str] = &[
    "current position",
    "current location",
    "your position",
    "your location",
    "your current position",
    "you are here",
    "you are now here",
    "location",
    "position",
    "当前位置",
    "当前的位置",
    "您的位置",
    "您现在的位置",
    "您当前的位置",
    "你的位置",
    "你现在的位置",
    "所在位置",
    "现在位置",
    "现在的位置",
    "当前所在位置",
    "您所在的位置",
    "您所在位置",
    "你所在的位置",
    "目前位置",
    "您目前的位置",
    "位置",
    "當前位置",
    "您的位置",
    "目前位置",
    "現在位置",
    "当前栏目",
];

/// First labels of a breadcrumb that say nothing.
const HOMES: &[&str] = &[
    "home",
    "homepage",
    "home page",
    "index",
    "main",
    "首页",
    "首頁",
    "网站首页",
    "主页",
    "主頁",
    "本站首页",
    "英文版",
    "英文网",
    "英文站",
    "中文版",
    "english",
    "english version",
    "en",
    "start",
    "startseite",
    "accueil",
    "inicio",
];

/// Last labels of a breadcrumb that say nothing.
const BODIES: &[&str] = &[
    "正文",
    "详情",
    "详细",
    "详细内容",
    "内容",
    "内容页",
    "文章内容",
    "文章正文",
    "文章详情",
    "新闻详情",
    "新闻正文",
    "信息内容",
    "content",
    "contents",
    "detail",
    "details",
    "text",
    "article",
    "main text",
    "body",
];

/// Columns that stand alone on a line above the title, in lower case.
const COLUMNS: &[&str] = &[
    "news",
    "events",
    "notices",
    "notice",
    "focus",
    "headlines",
    "headline",
    "highlights",
    "announcements",
    "announcement",
    "press",
    "press releases",
    "press release",
    "media",
    "research",
    "international",
    "campus",
    "campus news",
    "campus life",
    "recruitment",
    "admissions",
    "latest news",
    "top stories",
    "featured",
    "features",
    "stories",
    "people",
    "alumni",
    "global",
    "academics",
    "teaching",
    "information",
    "bulletin",
    "lectures",
    "seminars",
    "university news",
    "events & news",
    "news & events",
    "news and events",
    "news & notices",
    "news and notices",
    "events and news",
    "notices & news",
    "news & announcements",
    "research news",
    "news center",
    "news centre",
    "in the media",
    "student life",
    "jobs",
    "tenders",
    "新闻",
    "要闻",
    "焦点",
    "头条",
    "公告",
    "通知",
    "通知公告",
    "公告通知",
    "公示",
    "公示公告",
    "新闻动态",
    "新闻中心",
    "综合新闻",
    "学校要闻",
    "学院新闻",
    "学院动态",
    "校园新闻",
    "校园快讯",
    "新闻快讯",
    "新闻资讯",
    "新闻网",
    "热点",
    "热点新闻",
    "媒体聚焦",
    "媒体报道",
    "科研动态",
    "学术动态",
    "学术活动",
    "学术报告",
    "学术讲座",
    "讲座",
    "国际交流",
    "合作交流",
    "对外交流",
    "交流合作",
    "招生",
    "招生信息",
    "招聘",
    "人才招聘",
    "人才培养",
    "教学动态",
    "教务通知",
    "学生工作",
    "党建",
    "党群工作",
    "党建工作",
    "校友",
    "人物",
    "校园文化",
    "校园生活",
    "招标信息",
    "规章制度",
    "资料下载",
    "工作动态",
    "最新消息",
    "最新动态",
    "图片新闻",
    "專題報導",
    "活動訊息",
    "公佈欄",
    "最新公告",
];

/// What a line is. Long lines are text, whatever is in them.
pub(super) fn line(text: &str) -> Line<'_> {
    let text = text.trim();
    if text.len() > 400
        || text.is_empty()
        || text.len() > 160 && ends_like_prose(text) && !text.contains(['©', '>', '»'])
    {
        return Line::Text;
    }
    let lower = text.to_lowercase();
    if let Some(labels) = breadcrumb(text, &lower) {
        return Line::Breadcrumb(labels);
    }
    if let Some(publisher) = copyright(text, &lower) {
        return Line::Copyright(publisher);
    }
    if begins_with(&lower, NEIGHBOURS).next().is_some() && !ends_like_prose(text) {
        return Line::Residue;
    }
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric() && c != '&');
    if bare.is_empty() || BUTTONS.contains(&bare) || lower.starts_with("icp ") || is_registration(&lower) {
        return Line::Residue;
    }
    if text.len() <= 240
        && let Some(fields) = fields(text)
    {
        return Line::Fields(fields);
    }
    if is_counter(bare) {
        return Line::Residue;
    }
    if COLUMNS.contains(&bare) { Line::Column } else { Line::Text }
}

/// Whether a text ends as sentences do.
pub(super) fn ends_like_prose(text: &str) -> bool {
    let end = text.trim_end_matches(['"', '\'', '”', '’', ')', '）', '」', '』', ' ']);
    end.ends_with(['.', '!', '?', '。', '！', '？', '…', ';', '；', ':', '：'])
}

/// Width of a text in columns, CJK characters counted twice.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { unicode_width::UnicodeWidthStr::width(text) }
}

/// The labels of a breadcrumb. `None`: the text is none.
pub(super) fn breadcrumb<'a>(text: &'a str, lower: &str) -> Option<Vec<&'a str>> {
    let marked = begins_with(lower, POSITIONS).map(str::len).max();
    if marked.is_none() && !text.bytes().any(may_point) {
        return None;
    }
    let rest = match marked {
        // Lower case may change the length of a text; then the mark is not cut off by its bytes.
        Some(length) if text.is_char_boundary(length) && lower.len() == text.len() => text.get(length..)?,
        _ => text,
    };
    let after = rest.trim_start();
    let rest = after.strip_prefix([':', '：']).unwrap_or(after);
    let pointed = rest.trim().starts_with(['>', '»', '›', '→']);
    if marked.is_some() && rest.len() == text.len() {
        return None;
    }
    let strong = [">>", "»", "›", "→", "->", ">", "＞", "&gt;"];
    let mut parts: Vec<&str> = vec![rest];
    for separator in strong {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    // A bar or a slash is a separator only where the line says that it is a breadcrumb.
    if parts.len() == 1 && marked.is_some() && (after.starts_with([':', '：']) || !ends_like_prose(text)) {
        parts = rest.split(['/', '|', '｜', '·', '-']).collect();
    }
    let mut parts: Vec<&str> =
        parts.into_iter().map(|part| part.trim_matches(|c: char| c.is_whitespace() || c == '>')).collect();
    parts.retain(|part| !part.is_empty());
    let home = parts.first().is_some_and(|first| is_one_of(first, HOMES));
    let short = parts.iter().take(parts.len().saturating_sub(1)).all(|part| width(part) <= 60);
    let is_breadcrumb = short
        && match marked {
            Some(_) => {
                parts.len() >= 2
                    || pointed
                    || parts.len() == 1 && after.starts_with([':', '：']) && width(rest) <= 40 && !ends_like_prose(rest)
            }
            None => home && parts.len() >= 2,
        };
    if !is_breadcrumb {
        return None;
    }
    while parts.first().is_some_and(|first| is_one_of(first, HOMES)) {
        parts.remove(0);
    }
    while parts.last().is_some_and(|last| is_one_of(last, BODIES)) {
        parts.pop();
    }
    Some(parts)
}

/// Those of a list that a text begins with.
fn begins_with(text: &str, list: &'static [&'static str]) -> impl Iterator<Item = &'static str> {
    let first = text.as_bytes().first();
    list.iter().copied().filter(move |start| start.as_bytes().first() == first && text.starts_with(start))
}

/// Whether a byte may be part of a separator: most lines have none of them.
fn may_point(byte: u8) -> bool {
    // `>`, `&gt;`, and the first bytes of », of › and →, and of ＞.
    matches!(byte, b'>' | b'&' | 0xc2 | 0xe2 | 0xef)
}

fn is_one_of(text: &str, list: &[&str]) -> bool {
    list.contains(&text.to_lowercase().trim_matches(['【', '】', '[', ']', ' ']))
}

/// The name in a copyright line. `None`: the text is none.
#[expect(clippy::option_option, reason = "the line is none, or one that may lack a name")]
fn copyright(text: &str, lower: &str) -> Option<Option<String>> {
    if !lower.contains(['©', '版', '保']) && !lower.contains("copyright") && !lower.contains("reserved") {
        return None;
    }
    let marks =
        ["©", "copyright", "(c)", "版权所有", "版權所有", "all rights reserved", "all right reserved", "保留所有权利"];
    if width(text) > 220 || !marks.iter().any(|mark| lower.contains(mark)) {
        return None;
    }
    let said =
        lower.contains('©') || marks.iter().skip(3).any(|mark| lower.contains(mark)) || lower.starts_with("copyright");
    if !said && (!lower.contains("copyright") || !lower.contains("(c)")) {
        return None;
    }
    // A sentence about copyright is a sentence.
    if !lower.contains('©')
        && !lower.contains("reserved")
        && !lower.contains("版")
        && ends_like_prose(text)
        && width(text) > 90
    {
        return None;
    }
    let mut name = text.to_owned();
    for mark in [
        "©",
        "(c)",
        "(C)",
        "All Rights Reserved",
        "All rights reserved",
        "all rights reserved",
        "All Right Reserved",
        "ALL RIGHTS RESERVED",
        "版权所有",
        "版權所有",
        "保留所有权利",
        "Copyrights",
        "copyrights",
        "Copyright",
        "COPYRIGHT",
        "copyright",
    ] {
        if name.contains(mark) {
            name = name.replace(mark, " ");
        }
    }
    let words: Vec<&str> = name.split_whitespace().filter(|word| !is_year_or_range(word)).collect();
    let name = words.join(" ");
    // What follows a bar, an address or a registration number is no name.
    let name = name.split(['|', '｜', '\u{3000}']).map(str::trim).find(|part| !part.is_empty()).unwrap_or("");
    let name = ["ICP", "地址", "Address", "Tel", "电话", "邮编", "http"]
        .iter()
        .filter_map(|mark| name.find(mark))
        .min()
        .and_then(|at| name.get(..at))
        .unwrap_or(name);
    let name = name.trim_matches(|c: char| c.is_whitespace() || ".,;:：，。-–—".contains(c));
    let right = name.chars().filter(|c| c.is_alphabetic()).count() >= 3 && width(name) <= 100;
    Some(right.then(|| name.to_owned()))
}

fn is_year_or_range(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || "-–—年".contains(c)) && word.len() >= 4
        || word.chars().count() <= 1 && word.chars().all(|c| !c.is_alphanumeric())
}

/// Registration numbers that Chinese sites have to show.
fn is_registration(lower: &str) -> bool {
    !lower.is_ascii()
        && (lower.contains("icp备") || lower.contains("公网安备") || lower.contains("icp證"))
        && width(lower) <= 90
}

/// "Views 123", "阅读 (12)", "12 次浏览".
fn is_counter(bare: &str) -> bool {
    let word =
        bare.trim_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || "()（）[]【】次:：,，".contains(c));
    word.len() < bare.len()
        && word.len() <= LONGEST_LABEL
        && LABELS.iter().any(|(label, kind)| *kind == Label::Idle && *label == word)
}

/// The labels of a line and their values. `None`: it is no line of labels.
fn fields(text: &str) -> Option<Vec<Field<'_>>> {
    let mut found: Vec<(usize, usize, Label)> = Vec::new(); // where the label starts, where its value starts
    for (colon, mark) in text.char_indices().filter(|(_, c)| matches!(c, ':' | '：' | '/' | '／' | '丨' | '|')) {
        let before = text.get(..colon)?;
        // "文/张三": only the labels of people are written so, and only with one character.
        let slash = !matches!(mark, ':' | '：');
        if let Some((start, label)) = label_before(before)
            && (!slash
                || matches!(
                    before.get(start..).map(str::trim),
                    Some("文" | "图" | "图文" | "撰稿" | "编辑" | "审核" | "摄影" | "供稿" | "来源")
                ))
        {
            found.push((start, colon + mark.len_utf8(), label));
        }
    }
    let first = found.first()?.0;
    let lead = text.get(..first)?.trim_matches(|c: char| c.is_whitespace() || "([（【|".contains(c));
    // What stands before the first label may be a date ("2023-11-05 来源：…") or nothing, but no sentence.
    if width(lead) > 40 || lead.chars().filter(|c| c.is_alphabetic()).count() > 12 {
        return None;
    }
    let mut fields = Vec::new();
    if !lead.is_empty() {
        fields.push(Field { label: Label::Date, value: lead });
    }
    for (index, (_, start, label)) in found.iter().enumerate() {
        let end = found.get(index + 1).map_or(text.len(), |next| next.0);
        let value = text.get(*start..end)?.trim_matches(|c: char| c.is_whitespace() || "()（）[]【】|｜".contains(c));
        let limit = if *label == Label::Idle { 80 } else { 60 };
        if width(value) > limit || ends_like_prose(value) && width(value) > 30 {
            return None;
        }
        fields.push(Field { label: *label, value });
    }
    Some(fields)
}

/// The label that ends at the end of a text, and where it starts.
fn label_before(text: &str) -> Option<(usize, Label)> {
    let end = text.trim_end();
    let mut start = end.len().saturating_sub(LONGEST_LABEL + 4);
    while !end.is_char_boundary(start) {
        start += 1;
    }
    let tail = end.get(start..)?;
    let lower = tail.to_lowercase();
    if lower.len() != tail.len() {
        return None;
    }
    // 作　者, 日 期: labels of two characters are padded to one width.
    let mut last_two = lower.chars().rev().filter(|c| !c.is_whitespace());
    let (second, first) = (last_two.next(), last_two.next());
    let last = lower.as_bytes().last();
    let fits = |label: &str| {
        let at = if label.as_bytes().last() != last {
            None
        } else if lower.ends_with(label) {
            Some(lower.len() - label.len())
        } else if !label.is_ascii()
            && label.len() == 6
            && label.chars().next() == first
            && label.chars().nth(1) == second
        {
            first.and_then(|first| lower.rfind(first))
        } else {
            None
        }?;
        let before = lower.get(..at)?.chars().next_back();
        let boundary = match before {
            None => start == 0 || label.is_ascii(),
            Some(c) if label.is_ascii() => !c.is_alphanumeric(),
            Some(c) => !c.is_alphabetic() || c.is_ascii(),
        };
        boundary.then_some(start + at)
    };
    LABELS.iter().filter_map(|(label, kind)| fits(label).map(|at| (at, *kind))).min_by_key(|(at, _)| *at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &Line<'_>) {
        assert_eq!(&line(text), expected, "{text}");
    }

    fn field(label: Label, value: &str) -> Field<'_> {
        Field { label, value }
    }

    #[test]
    fn breadcrumbs_lose_their_ends() {
        check("Current position: 英文版>> News>> 正文", &Line::Breadcrumb(vec!["News"]));
        check("当前位置：首页 > 学院新闻 > 正文", &Line::Breadcrumb(vec!["学院新闻"]));
        check("您的位置: 网站首页 / 通知公告", &Line::Breadcrumb(vec!["通知公告"]));
        check("Home » News & Events » Research", &Line::Breadcrumb(vec!["News & Events", "Research"]));
        check("Profit > loss for the third year", &Line::Text);
        check("Position: the university seeks a lecturer in law, who will teach two courses.", &Line::Text);
    }

    #[test]
    fn lines_of_labels_are_taken_apart() {
        check(
            "Update : 2020-10-12 Read :",
            &Line::Fields(vec![field(Label::Date, "2020-10-12"), field(Label::Idle, "")]),
        );
        check(
            "发布时间：2023-11-05 来源：宣传部 浏览次数：[123]",
            &Line::Fields(vec![
                field(Label::Published, "2023-11-05"),
                field(Label::Publisher, "宣传部"),
                field(Label::Idle, "123"),
            ]),
        );
        check("作　者：张三", &Line::Fields(vec![field(Label::Author, "张三")]));
        check("Views:", &Line::Fields(vec![field(Label::Idle, "")]));
        check("文/李明 图/王芳", &Line::Fields(vec![field(Label::Author, "李明"), field(Label::Idle, "王芳")]));
        check("Mr. Li said at the meeting in the time of need: we go on, and we go on together, always.", &Line::Text);
        check(
            "会议指出：要坚持立德树人，推动高质量发展，建设一流大学，努力开创新局面，为地方经济社会服务。",
            &Line::Text,
        );
    }

    #[test]
    fn copyright_lines_name_the_publisher() {
        let name = |name: &str| Line::Copyright(Some(name.to_owned()));
        check(
            "Copyrights © 2020 Bioengineering College of Lakeside University .",
            &name("Bioengineering College of Lakeside University"),
        );
        check("Copyright (c) 2019-2024 Harbour College. All rights reserved.", &name("Harbour College"));
        check("版权所有 © 江湾理工大学 地址：江湾路1号", &name("江湾理工大学"));
        check("Copyright (c) All rights reserved", &Line::Copyright(None));
        check(
            "The court ruled that the copyright of the work belongs to the student who wrote it, and not to the school.",
            &Line::Text,
        );
    }

    #[test]
    fn buttons_neighbours_and_counters_are_residue() {
        for text in [
            "上一篇：校运会开幕",
            "下一条：没有了",
            "Previous: none",
            "Print",
            "【关闭】",
            "分享到：",
            "浏览 (123)",
            "12次浏览",
            "----",
            "京ICP备05000000号",
        ] {
            assert!(matches!(line(text), Line::Residue | Line::Fields(_)), "{text}: {:?}", line(text));
        }
        check("Next year the campus grows by three halls.", &Line::Text);
    }

    #[test]
    fn columns_are_known() {
        check("Events & News", &Line::Column);
        check("通知公告", &Line::Column);
        check("Dean visits the field station", &Line::Text);
    }
}
