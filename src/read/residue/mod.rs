//! Tells what in a text is not the story: breadcrumbs, lines of labels, counters, share bars, copyright lines.
//!
//! Such lines carry facts all the same (labels, dates, authors, publisher), so they are taken apart, not thrown away.

mod labels;
mod values;
mod words;

use labels::{LABELS, LONGEST_LABEL, ending_in};
pub(super) use values::{is_filler, is_of_owner, words as words_of};
pub(super) use words::{ASIDES, TITLES};
use words::{BODIES, BUTTONS, COLUMNS, HOMES, POSITIONS};

use crate::draft::asides;

/// Bytes of the longest line of labels.
const LONGEST_FIELDS: usize = 240;

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
    /// A date that may be that of publication: of a change, or beside the names of those who published.
    Date,
    /// A date that may as well be that of what is told of: "Date", "时间".
    When,
    /// Who wrote it.
    Author,
    /// Who published it.
    Publisher,
    /// Who else had a hand in it: editors, photographers.
    Credit,
    /// How often it was read, or how long that takes.
    Counter,
    /// Buttons to share it, or to make its letters larger.
    Control,
    /// Anything else that is of no use in a feed.
    Idle,
}

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
    if asides::neighbour(&lower).is_some() && !ends_like_prose(text) {
        return Line::Residue;
    }
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric() && c != '&');
    let are_buttons = || words_of(bare).all(|word| BUTTONS.contains(&word));
    if bare.is_empty()
        || BUTTONS.contains(&bare)
        || are_buttons()
        || lower.starts_with("icp ")
        || is_registration(&lower)
    {
        return Line::Residue;
    }
    if may_be_fields(text)
        && let Some(fields) = fields(text)
    {
        return Line::Fields(fields);
    }
    if is_counter(bare) {
        return Line::Residue;
    }
    if COLUMNS.contains(&bare) || COLUMNS.contains(&unnumbered(bare)) { Line::Column } else { Line::Text }
}

/// What a number of many stands behind: "press release no. 12/2026".
fn unnumbered(bare: &str) -> &str {
    let rest = bare.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '/' | '-' | '.' | ' '));
    let is_number = rest.len() < bare.len();
    let named = ["no", "nr", "n°", "№", "num", "núm"].into_iter().find_map(|mark| rest.strip_suffix(mark));
    named.filter(|named| is_number && named.ends_with(' ')).map_or(bare, str::trim_end)
}

/// Whether a line begins with a label of days that may be any: "Time: 5 May 2026 in Room 5".
pub(super) fn tells_when(text: &str) -> bool {
    let label = at_colon(text).map(|(label, _)| label.trim()).filter(|label| label.len() <= LONGEST_LABEL);
    label.is_some_and(|label| LABELS.contains(&(label.to_lowercase().as_str(), Label::When)))
}

/// What stands before the first colon of a text, and behind it.
pub(super) fn at_colon(text: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    // The wide one begins with a byte that few texts have.
    while let Some(at) = memchr::memchr2(b':', 0xef, text.as_bytes().get(from..)?).map(|at| from + at) {
        let (before, rest) = text.split_at_checked(at)?;
        if let Some(behind) = rest.strip_prefix([':', '：']) {
            return Some((before, behind));
        }
        from = at + 1;
    }
    None
}

/// Whether a text begins with a label that a page has, and its colon.
pub(super) fn begins_with_label(text: &str) -> bool {
    let text = text.trim_start();
    let mut end = text.len().min(LONGEST_LABEL + 4);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let label = text.get(..end).and_then(at_colon).map(|(label, _)| label.trim_end().to_lowercase());
    label.is_some_and(|label| is_page_label(&label))
}

/// Whether words in lower case are a label that a page has.
pub(super) fn is_page_label(words: &str) -> bool {
    LABELS.iter().any(|(label, _)| *label == words)
}

/// Whether a word in lower case names a column.
pub(super) fn is_column(word: &str) -> bool {
    COLUMNS.contains(&word)
}

/// Whether a text is that of a column, or of any text in one: "通知公告", "新闻详情".
pub(super) fn is_of_column(text: &str) -> bool {
    is_one_of(text, COLUMNS) || is_one_of(text, BODIES)
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
    let marked = position(lower).map(str::len);
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
    // To look for one costs less than to make ready to cut at it.
    for separator in strong.into_iter().filter(|separator| rest.contains(separator)) {
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
                    || parts.len() == 1
                        && after.starts_with([':', '：'])
                        && width(rest) <= 40
                        && !ends_like_prose(rest)
                        && (says_where(lower) || is_column(&rest.trim().to_lowercase()))
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

/// Whether a line tells the place of the reader, and not that of an event: "Location: Room 5".
fn says_where(lower: &str) -> bool {
    position(lower).is_some_and(|mark| !matches!(mark, "location" | "position" | "位置"))
}

/// The longest of the words for the place of the reader that a line begins with.
fn position(lower: &str) -> Option<&'static str> {
    POSITIONS.iter().copied().filter(|start| lower.starts_with(start)).max_by_key(|mark| mark.len())
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
        "©", "(c)", "(C)", "All Rights Reserved", "All rights reserved", "all rights reserved", "All Right Reserved",
        "ALL RIGHTS RESERVED", "版权所有", "版權所有", "保留所有权利", "Copyrights", "copyrights", "Copyright",
        "COPYRIGHT", "copyright",
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
        && LABELS.iter().any(|(label, kind)| matches!(kind, Label::Counter | Label::Control) && *label == word)
}

/// Whether a line may be one of labels: it is short, and has a mark that stands behind one.
pub(super) fn may_be_fields(text: &str) -> bool {
    text.trim().len() <= LONGEST_FIELDS && text.contains(ends_label)
}

/// Whether a mark stands behind labels.
fn ends_label(c: char) -> bool {
    matches!(c, ':' | '：' | '/' | '／' | '丨' | '|')
}

/// The labels of a line and their values. `None`: it is no line of labels.
fn fields(text: &str) -> Option<Vec<Field<'_>>> {
    let mut found: Vec<(usize, usize, Label)> = Vec::new(); // where the label starts, where its value starts
    for (colon, mark) in text.char_indices().filter(|(_, c)| ends_label(*c)) {
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
    // "Event date" is another label than "date".
    let goes_on = text.get(..first)?.trim_end().ends_with(char::is_alphabetic);
    if goes_on && found.first().is_some_and(|(_, _, label)| *label == Label::When) {
        return None;
    }
    if width(lead) > 40 || lead.chars().filter(|c| c.is_alphabetic()).count() > 12 {
        return None;
    }
    let mut fields = Vec::new();
    let behind_lead = usize::from(!lead.is_empty());
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
    fields.get(behind_lead..).is_some_and(are_meant).then_some(fields)
}

/// Whether the values of a line are what its labels say. Of several labels one that is makes the others labels, too, but for
/// those of days: "时间：每周一", whatever stands beside it.
fn are_meant(fields: &[Field<'_>]) -> bool {
    let is_meant = |field: &&Field<'_>| values::is_meant(field.label, field.value);
    let is_sure = |field: &&Field<'_>| {
        !matches!(field.label, Label::When | Label::Idle) && !field.value.is_empty() && is_meant(field)
    };
    let sure = fields.iter().any(|field| is_sure(&field));
    fields.iter().all(|field| {
        let is_day = matches!(field.label, Label::Published | Label::Date | Label::When);
        is_meant(&field) || sure && (!is_day || values::is_clock(field.value))
    })
}

/// Whether a text is a label that is none of a page, and what stands behind it: "Venue: Old Hall", "主讲人：张三".
pub(super) fn is_labelled(text: &str) -> bool {
    let Some((label, value)) = at_colon(text.trim()) else { return false };
    let label = label.trim();
    let is_word = |c: char| c.is_alphabetic() || c.is_whitespace() || matches!(c, '-' | '/' | '&' | '\'');
    let is_short = (1..=24).contains(&width(label)) && label.split_whitespace().count() <= 3;
    is_short
        && label.chars().all(is_word)
        && label.starts_with(char::is_alphabetic)
        && value.contains(char::is_alphanumeric)
        && !value.starts_with("//")
        && width(value) <= 100
        && !(ends_like_prose(value) && width(value) > 60)
        && line(text) == Line::Text
}

/// Whether a text is a label, and nothing else.
pub(super) fn is_label(text: &str) -> bool {
    label_before(text.trim_start()).is_some_and(|(start, _)| start == 0)
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
        let at = if lower.ends_with(label) {
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
    ending_in(*last?).filter_map(|(label, kind)| fits(label).map(|at| (at, *kind))).min_by_key(|(at, _)| *at)
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
        check("Current location: News", &Line::Breadcrumb(vec!["News"]));
        check("Location: Research", &Line::Breadcrumb(vec!["Research"]));
        check("Location: Room 5", &Line::Text);
        check("位置：图书馆三楼", &Line::Text);
        check("Position: the university seeks a lecturer in law, who will teach two courses.", &Line::Text);
    }

    #[test]
    fn lines_of_labels_are_taken_apart() {
        check(
            "Update : 2020-10-12 Read :",
            &Line::Fields(vec![field(Label::Date, "2020-10-12"), field(Label::Counter, "")]),
        );
        check(
            "发布时间：2023-11-05 来源：宣传部 浏览次数：[123]",
            &Line::Fields(vec![
                field(Label::Published, "2023-11-05"),
                field(Label::Publisher, "宣传部"),
                field(Label::Counter, "123"),
            ]),
        );
        check("作　者：张三", &Line::Fields(vec![field(Label::Author, "张三")]));
        check("Views:", &Line::Fields(vec![field(Label::Counter, "")]));
        check("文/李明 图/王芳", &Line::Fields(vec![field(Label::Author, "李明"), field(Label::Credit, "王芳")]));
        check("Mr. Li said at the meeting in the time of need: we go on, and we go on together, always.", &Line::Text);
        check(
            "会议指出：要坚持立德树人，推动高质量发展，建设一流大学，努力开创新局面，为地方经济社会服务。",
            &Line::Text,
        );
    }

    #[test]
    fn a_value_is_what_its_label_says() {
        for text in [
            "Published: 3 May 2026",
            "Published: Friday, 3 May 2026 at 10:22 by Ann Lee",
            "Date: 3 May 2026, 10:22",
            "日期：2026年5月3日（星期日）",
            "发布时间：2026-05-03 10:22 宣传部",
            "Updated: 3 days ago",
            "Author: Ann Lee, Office of the Rector",
            "By: admin",
            "作者：张三、李四",
            "Source: https://quay.example.edu/study",
            "来源：新华社",
            "责任编辑：张三 审核：李四",
            "Views: 1,204",
            "News date : 04/21/2026",
            "2026年5月3日 12:40 - (阅读:3727;评论:63)",
            "Read: 5 min",
            "Share: Facebook | X",
            "字体：大 中 小",
            "来源：学校办公室（综合科，转自教育厅网站） 点击：12",
        ] {
            assert!(matches!(line(text), Line::Fields(_)), "{text}");
        }
        for text in [
            "Published: The new book of Ann Lee",
            "Published: 3 May 2026 — Iron is dearer now",
            "Date: to be announced",
            "Date: 5-7 May 2026",
            "日期：五月五日至七日",
            "Time: after lunch",
            "Time: 14:00",
            "Time: 5 May 2026, 14:00 in Room 5",
            "时间：每周一下午两点",
            "时间：2026年5月5日14:30 地点：图书馆",
            "Source: a rock under the hill",
            "来源：山下的一块石头",
            "From: Monday to Friday",
            "Author: unknown to this day",
            "作者：不详，欢迎提供线索",
            "Editor: wanted for the paper",
            "Hits: the best songs of May",
            "Share: 5 euro each",
            "Event date: 5 May 2026",
            "Closing date: 5 May 2026",
            "Tel: 555-1234",
        ] {
            check(text, &Line::Text);
        }
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
        let long = "© 2025 Harbour College, its schools, institutes and libraries, and all who write for them in any newspaper or \
                    journal of the college, in print or elsewhere. All rights reserved.";
        assert!(matches!(line(long), Line::Copyright(_)));
        check("Seats are reserved for members of group (c)", &Line::Text);
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
            "點閱次數:12",
            "이전글 도서관 휴관 안내",
            "<< 前へ | 次へ >>",
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
        check("Press release no. 12/2026", &Line::Column);
        check("Pressemitteilung Nr. 7", &Line::Column);
        check("Recruitment 2026", &Line::Text);
        check("Dean visits the field station", &Line::Text);
    }
}
