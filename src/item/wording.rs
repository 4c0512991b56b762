//! Whether two versions of a story say the same, but for what its site moves by itself: counters of readers, the day of
//! the visit, ways to the neighbours and to what is like it.

use super::html::{Html, unescape_into};
use super::text;
use crate::draft::{asides, is_block};

mod counter;

/// What two versions of a story differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Difference {
    /// In nothing but what moves by itself.
    Nothing,
    /// In markup, pictures, addresses, punctuation or case: what it says is the same.
    Form,
    /// In the words of its body.
    Words,
}

/// What two versions of a body differ in. Each is read by itself, in linear time.
pub(super) fn difference(before: &Html, now: &Html) -> Difference {
    if before == now {
        return Difference::Nothing;
    }
    let (before, now) = (Lasting::of(before), Lasting::of(now));
    if before.words() != now.words() {
        Difference::Words
    } else if before.form != now.form {
        Difference::Form
    } else {
        Difference::Nothing
    }
}

/// Whether two lines of plain text have the same words.
pub(super) fn is_same(before: &str, now: &str) -> bool {
    let words = |line: &str| {
        let mut words = Vec::with_capacity(line.len());
        text::words(line, &mut words);
        words
    };
    before == now || words(before) == words(now)
}

/// Whether two lines of plain text differ in the numbers of counters alone.
pub fn is_same_but_for_counters(before: &str, now: &str) -> bool {
    before == now || counter::without(before) == counter::without(now)
}

/// What lasts of a body.
#[derive(Default)]
struct Lasting {
    /// Normalized words of the text.
    words: Vec<u8>,
    /// Normalized words below pictures: they count where there are no others, as in [`Html::text`].
    captions: Vec<u8>,
    /// Markup and text, with a mark in the place of what moves.
    form: String,
}

/// What stands in the form for something that moves: no text has it ([`text::fit`]).
const MOVES: char = '\u{1}';

impl Lasting {
    fn words(&self) -> &[u8] {
        if self.words.is_empty() { &self.captions } else { &self.words }
    }

    fn of(content: &Html) -> Self {
        let lines = lines(content.as_str());
        let mut lasting = Self::default();
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let moving = moving(&lines, at);
            if moving > 0 {
                // However many there are: two neighbours may be one at the newest story.
                if !lasting.form.ends_with(MOVES) {
                    lasting.form.push(MOVES);
                }
                at += moving;
                continue;
            }
            at += 1;
            lasting.form.push_str(line.opening);
            let kept = counter::without(&line.text);
            if kept == line.text {
                lasting.form.push_str(line.markup);
            } else {
                // Which of its words are emphasized tells less than that its number moves.
                tags(line.markup).for_each(|tag| lasting.form.push_str(tag));
                lasting.form.push_str(&kept);
            }
            let words = if line.is_caption { &mut lasting.captions } else { &mut lasting.words };
            text::words(&kept, words);
        }
        lasting
    }
}

/// A line of a body.
#[derive(Default)]
struct Line<'a> {
    /// Tags that end the line before and begin this one.
    opening: &'a str,
    /// Text and tags inside.
    markup: &'a str,
    text: String,
    /// Letters and digits that are part of a link.
    linked: usize,
    is_caption: bool,
}

impl Line<'_> {
    fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether it is a link, perhaps with a date beside, or the picture of one.
    fn is_link(&self) -> bool {
        let all = self.text.chars().filter(|c| c.is_alphanumeric()).count();
        self.markup.contains("<a ") && all <= self.linked + LONGEST_DATE
    }
}

/// The lines of sanitized markup.
fn lines(markup: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut line = Line::default();
    // Where the tags before the line begin, where the line does, how far it was read.
    let (mut opening, mut start, mut at) = (0, 0, 0);
    let (mut in_link, mut in_caption) = (false, false);
    while let Some(tag) = markup.get(at..).and_then(|rest| rest.find('<')) {
        let Some(length) = markup.get(at + tag..).and_then(|rest| rest.find('>')) else { break };
        let (tag, end) = (at + tag, at + tag + length + 1);
        line.add(markup.get(at..tag).unwrap_or_default(), in_link);
        let inside = markup.get(tag + 1..end - 1).unwrap_or_default();
        let (closes, name) = inside.strip_prefix('/').map_or((false, inside), |name| (true, name));
        let name = name.split([' ', '/']).next().unwrap_or_default();
        at = end;
        match name {
            "a" => in_link = !closes,
            // Cells of a row are one line.
            "td" | "th" if closes => line.text.push(' '),
            "td" | "th" | "br" => {}
            name if is_block(name) => {}
            _ => continue,
        }
        if matches!(name, "a" | "td" | "th") {
            continue;
        }
        if start < tag {
            line.markup = markup.get(start..tag).unwrap_or_default();
            line.opening = markup.get(opening..start).unwrap_or_default();
            line.is_caption = in_caption;
            lines.push(std::mem::take(&mut line));
            opening = tag;
        }
        start = end;
        if name == "figcaption" {
            in_caption = !closes;
        }
    }
    let rest = markup.get(at..).unwrap_or_default();
    line.add(rest, in_link);
    line.opening = markup.get(opening..start).unwrap_or_default();
    line.markup = markup.get(start..).unwrap_or_default();
    lines.push(line);
    lines
}

impl Line<'_> {
    fn add(&mut self, escaped: &str, in_link: bool) {
        let before = self.text.len();
        unescape_into(escaped, &mut self.text);
        if in_link {
            self.linked += self.text.get(before..).unwrap_or_default().chars().filter(|c| c.is_alphanumeric()).count();
        }
    }
}

/// The tags of a line.
fn tags(markup: &str) -> impl Iterator<Item = &str> {
    markup.split('<').skip(1).filter_map(|part| part.split('>').next())
}

/// How many lines from one on are none of the story: the day of the visit, neighbours, what is like it.
fn moving(lines: &[Line<'_>], at: usize) -> usize {
    let Some(line) = lines.get(at).filter(|line| !line.is_empty() && line.text.len() <= LONGEST) else { return 0 };
    let lower = line.text.trim().to_lowercase();
    if is_visit(&lower) {
        return 1;
    }
    if let Some(side) = neighbour(&lower) {
        // In words alone it may be a line of the story ("Previous: the dean resigned"), unless the other neighbour stands beside.
        let other = |line: Option<&Line<'_>>| {
            let line = line.filter(|line| line.text.len() <= LONGEST);
            line.and_then(|line| neighbour(&line.text.trim().to_lowercase())).is_some_and(|other| other != side)
        };
        let behind = lines.iter().skip(at + 1).find(|line| !line.is_empty());
        let before = lines.iter().take(at).rev().find(|line| !line.is_empty());
        return usize::from(line.is_link() || other(behind) || other(before));
    }
    if !asides::heads_others(&lower) {
        return 0;
    }
    let links =
        lines.iter().skip(at + 1).take_while(|line| line.is_link() || line.is_empty() && line.markup.is_empty());
    // A heading without links is one of the story.
    match links.count() {
        0 => 0,
        links => 1 + links,
    }
}

/// Letters and digits of the longest date beside a link: "15 September 2026".
const LONGEST_DATE: usize = 15;
/// Bytes of the longest line that is not of the story.
const LONGEST: usize = 240;

/// Whether a line tells the day on which somebody looks: "Today is Wednesday, 4 March 2026", "今天是2026年3月4日 星期三".
fn is_visit(lower: &str) -> bool {
    let Some(rest) = VISITS.iter().find_map(|mark| lower.strip_prefix(mark)) else { return false };
    let is_of_date = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit())
            || DAYS.contains(&word)
            || word
                .chars()
                .all(|c| "年月日号时分秒点星期周礼拜农历正腊闰初十廿一二三四五六七八九天上下午晚早晨".contains(c))
    };
    let mut words = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_dated = rest.contains(|c: char| c.is_ascii_digit());
    is_dated
        && words.all(|word| word.split(|c: char| c.is_ascii_digit()).all(|part| part.is_empty() || is_of_date(part)))
}

/// The side to which a line leads, if it is one that leads to a neighbour.
fn neighbour(lower: &str) -> Option<asides::Side> {
    let (side, is_marked) = asides::neighbour(lower)?;
    (is_marked && !lower.ends_with(['.', '!', '?', '。', '！', '？'])).then_some(side)
}

/// Beginnings of lines that tell the day of the visit. Not those that an event begins with: "Today: 10:00".
const VISITS: &[&str] = &[
    "today is", "now is", "current time", "current date", "server time", "今天是", "今日是", "现在是", "现在时间",
    "当前时间", "系统时间", "當前時間", "現在時間",
];

/// Words of dates.
const DAYS: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri",
    "sat", "sun", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "st",
    "nd", "rd", "th", "am", "pm", "utc", "gmt", "of", "the", "at", "is", "t", "z",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn html(markup: &str) -> Html {
        Html::recall(markup.to_owned())
    }

    #[track_caller]
    fn check(before: &str, now: &str, expected: Difference) {
        assert_eq!(difference(&html(before), &html(now)), expected, "{before} → {now}");
        assert_eq!(difference(&html(now), &html(before)), expected, "{now} → {before}");
    }

    #[track_caller]
    fn moves(before: &str, now: &str) {
        let story = |line: &str| format!("<p>The tide rose over the quay.</p>{line}<p>It fell in the evening.</p>");
        for (before, now) in [(story(before), story(now)), (before.to_owned(), now.to_owned())] {
            check(&before, &now, Difference::Nothing);
        }
    }

    #[test]
    fn counters_move_by_themselves() {
        moves("<p>Views: 123</p>", "<p>Views: 1,124</p>");
        moves("<p>Views: <strong>9</strong></p>", "<p>Views: <strong>10</strong></p>");
        moves("<p>浏览次数：45</p>", "<p>浏览次数：146</p>");
        moves("<ul><li>Read: 12</li></ul>", "<ul><li>Read: 13</li></ul>");
        moves("<p>来源：宣传部 点击数：[45] 日期：2026-03-04</p>", "<p>来源：宣传部 点击数：[46] 日期：2026-03-04</p>");
        moves("<p>4 March 2026 | 1.2k views | by Mei Lin</p>", "<p>4 March 2026 | 1.3k views | by Mei Lin</p>");
        moves("<p>The tide rose.<br>本文已被浏览 88 次</p>", "<p>The tide rose.<br>本文已被浏览 89 次</p>");
        moves("<p>附件【报名表.docx】已下载9次</p>", "<p>附件【报名表.docx】已下载12次</p>");
        moves("<p>This post has been viewed 12 times.</p>", "<p>This post has been viewed 13 times.</p>");
        moves("<table><tr><td>Hits</td><td>5</td></tr></table>", "<table><tr><td>Hits</td><td>6</td></tr></table>");
    }

    #[test]
    fn the_day_of_the_visit_neighbours_and_what_is_like_it_move_by_themselves() {
        moves("<p>Today is Wednesday, March 4, 2026</p>", "<p>Today is Thursday, March 5th, 2026</p>");
        moves("<p>今天是2026年3月4日 星期三</p>", "<p>今天是2026年3月15日 星期日</p>");
        moves(
            "<p>Previous: <a href=\"https://q.example/1\">The choir</a></p>",
            "<p>Previous: <a href=\"https://q.example/2\">The ferry</a></p><p>Next: None</p>",
        );
        moves("<p>上一篇：校运会开幕</p><p>下一篇：没有了</p>", "<p>上一篇：校运会开幕</p><p>下一篇：图书馆闭馆</p>");
        moves(
            "<h3>Related posts</h3><ul><li><a href=\"https://q.example/1\">The choir</a> (4 March 2026)</li></ul>",
            "<h3>Related posts</h3><ul><li><a href=\"https://q.example/2\">The ferry</a></li><li><a href=\"https://q.example/3\">A map</a></li></ul>",
        );
        moves(
            "<p><strong>相关新闻</strong></p><p><a href=\"https://q.example/1\">校运会开幕</a></p>",
            "<p><strong>相关新闻</strong></p><p><a href=\"https://q.example/2\">图书馆闭馆</a></p>",
        );
    }

    #[test]
    fn what_moves_and_is_cleared_away_is_taken_away() {
        check("<p>The tide rose.</p><p>Today is 4 March 2026</p>", "<p>The tide rose.</p>", Difference::Form);
        let next = "<p>Next: <a href=\"https://q.example/1\">The choir</a></p>";
        check(&format!("{next}<p>The tide rose.</p>"), "<p>The tide rose.</p>", Difference::Form);
    }

    #[test]
    fn markup_case_space_and_punctuation_are_form() {
        check("<p>The tide rose.</p>", "<p>The <strong>tide</strong> rose.</p>", Difference::Form);
        check("<p>The tide rose.</p>", "<p>The TIDE  rose!</p>", Difference::Form);
        check("<p>The tide<br>rose.</p>", "<p>The tide</p><p>rose.</p>", Difference::Form);
        let link = |address: &str| format!("<p><a href=\"https://q.example/{address}\">Read on</a></p>");
        check(&link("1"), &link("1?utm_source=rss"), Difference::Form);
        check(
            "<p>The tide rose.</p>",
            "<p>The tide rose.</p><figure><img src=\"https://q.example/1.jpg\" alt=\"\"><figcaption>The quay</figcaption></figure>",
            Difference::Form,
        );
        // The number of a counter does not hide what else changes.
        check("<p>Rose.</p><p>Views: 1</p>", "<p><em>Rose.</em></p><p>Views: 2</p>", Difference::Form);
    }

    #[test]
    fn words_are_words() {
        let changed = |before: &str, now: &str| check(before, now, Difference::Words);
        changed("<p>The tide rose.</p>", "<p>The tide rosé.</p>");
        changed("<p>The tide rose.</p>", "<p>The tides rose.</p>");
        changed("<p>The tide rose by 2 metres.</p>", "<p>The tide rose by 3 metres.</p>");
        changed("<p>会议于3月4日举行。</p>", "<p>会议于3月5日举行。</p>");
        // Numbers of a story, though words of counters stand beside.
        changed("<p>The clip had 500 views on Friday.</p>", "<p>The clip had 600 views on Friday.</p>");
        changed("<p>Read: 12 things to know about tides.</p>", "<p>Read: 13 things to know about tides.</p>");
        changed("<p>图书馆阅读活动吸引了500人参加。</p>", "<p>图书馆阅读活动吸引了600人参加。</p>");
        // Sentences that begin like residue.
        changed("<p>Today is the day of the tide.</p>", "<p>Today is the day of the ferry.</p>");
        changed("<p>今天是教师节，祝老师们节日快乐。</p>", "<p>今天是教师节，祝各位老师节日快乐。</p>");
        changed("<p>Next year the campus grows.</p>", "<p>Next year the campus shrinks.</p>");
        changed("<p>Next: the choir sings on Friday.</p>", "<p>Next: the choir sings on Monday.</p>");
        // What looks like a neighbour, a counter or the day of a visit, and is a line of the story.
        changed("<p>Previous: the dean resigned</p>", "<p>Previous: the dean did not resign</p>");
        changed(
            "<p>Next: the examination on 12 May in hall B</p><p>Bring a pen.</p>",
            "<p>Next: the examination on 13 May in hall C</p><p>Bring a pen.</p>",
        );
        changed("<p>Next: hall B</p><p>Next: a rest</p>", "<p>Next: hall C</p><p>Next: a rest</p>");
        changed("<p>Visitors: 1,200</p>", "<p>Visitors: 12,000</p>");
        changed("<p>Shares (12)</p>", "<p>Shares (13)</p>");
        changed("<p>Students who read: 40</p>", "<p>Students who read: 400</p>");
        changed("<p>喜欢阅读：40人</p>", "<p>喜欢阅读：400人</p>");
        changed("<p>Today: 4 March 2026, 10:00</p>", "<p>Today: 5 March 2026, 14:00</p>");
        // A list of links is a story where no heading says otherwise.
        changed(
            "<p>Programme</p><ul><li><a href=\"https://q.example/1\">The choir</a></li></ul>",
            "<p>Programme</p><ul><li><a href=\"https://q.example/1\">The ferry</a></li></ul>",
        );
        changed("<h3>Related</h3><p>The tide rose.</p>", "<h3>Related</h3><p>The tide fell.</p>");
        // A change beside a counter.
        changed("<p>Rose. Views: 1</p>", "<p>Fell. Views: 2</p>");
    }

    const PIECES: &[&str] = &[
        "<p>",
        "</p>",
        "<br>",
        "<ul><li>",
        "</li></ul>",
        "<a href=\"https://q.example/?a=1&amp;b=2\">",
        "</a>",
        "<td>",
        "</td>",
        "<figcaption>",
        "</figcaption>",
        "<img src=\"https://q.example/1\" alt=\"\">",
        "<strong>",
        "</strong>",
        "Views: ",
        "浏览次数：",
        "12",
        "1,2",
        "3万",
        "次",
        "Related posts",
        "上一篇：",
        "Today is ",
        "March 4",
        "The tide rose",
        "。",
        " | ",
        " ",
        "&lt;",
        "é",
        "<",
    ];

    proptest::proptest! {
        #[test]
        fn whatever_a_body_holds_all_of_it_is_looked_at(
            one in proptest::collection::vec(0..PIECES.len(), 0..24),
            other in proptest::collection::vec(0..PIECES.len(), 0..24),
        ) {
            let markup = |pieces: Vec<usize>| pieces.into_iter().map(|at| PIECES[at]).collect::<String>();
            let (one, other) = (markup(one), markup(other));
            let whole: String = lines(&one).iter().map(|line| [line.opening, line.markup].concat()).collect();
            proptest::prop_assert_eq!(&whole, &one);
            let (one, other) = (html(&one), html(&other));
            proptest::prop_assert_eq!(difference(&one, &one.clone()), Difference::Nothing);
            proptest::prop_assert_eq!(difference(&one, &other), difference(&other, &one));
        }
    }

    #[test]
    fn lines_hold_all_of_a_body() {
        let markup = "a<p>b <a href=\"https://q.example/\">c</a></p><ul><li>d<br>e</li></ul><hr><table><tr><td>f</td><td>g</td></tr></table>h";
        let lines = lines(markup);
        assert_eq!(lines.iter().map(|line| [line.opening, line.markup].concat()).collect::<String>(), markup);
        let texts: Vec<&str> = lines.iter().map(|line| line.text.trim()).collect();
        assert_eq!(texts, ["a", "b c", "d", "e", "f g", "h"]);
        assert_eq!(lines[1].linked, 1);
    }
}
