//! Lines of plain text become paragraphs: those that were wrapped at a width are put together again, and what is drawn
//! with marks goes (rules, the lines below headings, boxes).

use chrono::NaiveDateTime;

use super::date::Context;
use super::prose::whole_line;
use super::residue::{Line, ends_like_prose, is_labelled, line, width};
use super::text::is_cjk;

/// Lines without an empty one between them that are looked at together, to tell whether they are one paragraph.
const LONGEST_BLOCK: usize = 10_000;
/// Columns of the widest of lines that were wrapped.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=120;
/// Columns that a line of characters may lack, for some marks must not begin the next.
const SLACK: usize = 10;

/// A line, and in which columns it begins and ends.
struct Row<'a> {
    indent: usize,
    end: usize,
    text: &'a str,
}

impl<'a> Row<'a> {
    /// A line of which this is the text.
    fn of(line: &str, text: &'a str) -> Self {
        let indent = indent(line);
        Self { indent, end: indent + width(text), text }
    }

    fn width(&self) -> usize {
        self.end - self.indent
    }
}

/// The paragraphs of a text: its lines, with those that were wrapped at a width put together again.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    // Lines without an empty one between them, with their texts.
    let mut block: Vec<(&str, &str)> = Vec::new();
    let is_end = |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    for raw in text.split(is_end).chain([""]) {
        let text = unboxed(trim(raw));
        let parts = text.is_empty() || is_drawn(text);
        if parts || block.len() == LONGEST_BLOCK {
            take(&block, &mut paragraphs);
            block.clear();
        }
        if !parts {
            block.push((raw, text));
        }
    }
    paragraphs
}

fn trim(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'))
}

fn indent(line: &str) -> usize {
    let blank = line.len() - line.trim_start().len();
    line.get(..blank)
        .unwrap_or_default()
        .chars()
        .map(|c| if c == '\t' { 8 } else { width(c.encode_utf8(&mut [0; 4])) })
        .sum()
}

/// A line without what is drawn to its left and right: `* Library closed *`, `| Soup | 2.00 |`.
fn unboxed(line: &str) -> &str {
    let inside = |mark: char| line.strip_prefix(mark)?.strip_suffix(mark)?.strip_prefix(' ')?.strip_suffix(' ');
    ['*', '#', '|', '+'].into_iter().find_map(inside).map_or(line, str::trim)
}

/// Whether a line is drawn and says nothing, but that something ends: `=====`, `+---+---+`, `-- `, `###`, `-ENDS-`.
fn is_drawn(line: &str) -> bool {
    const ENDS: [&str; 10] = ["end", "ends", "ende", "fin", "fine", "slut", "koniec", "конец", "完", "30"];
    let is_mark = |c: char| "-=_*~#^+|─━═—–".contains(c);
    if line.chars().all(|c| is_mark(c) || c.is_whitespace() || c == ':') {
        return line.chars().filter(|c| is_mark(*c)).count() > 2 || line == "--";
    }
    let is_around = |c: char| is_mark(c) || c.is_whitespace() || "()（）[]【】.".contains(c);
    let bare = line.trim_matches(is_around);
    let is_set_apart = line.starts_with(is_around) && line.ends_with(is_around) || bare == "ENDS";
    bare.len() <= 10 && is_set_apart && ENDS.contains(&bare.to_lowercase().as_str())
}

/// Whether a line has columns, with wide gaps or bars between them.
pub(super) fn is_row(line: &str) -> bool {
    line.contains('\t') || line.contains("   ") || line.contains(" | ")
}

/// Whether a line begins with what marks an item of a list, or numbers one: `- `, `• `, `1. `, `a) `, `[1] `, `一、`, `（一）`, `①`.
pub(super) fn is_item(line: &str) -> bool {
    let mut characters = line.chars();
    let behind = match characters.next() {
        Some(
            '-' | '*' | '+' | 'o' | '–' | '—' | '•' | '‣' | '◦' | '▪' | '●' | '○' | '■' | '□' | '►' | '▶' | '➢' | '✓'
            | '·',
        ) => {
            return characters.as_str().starts_with([' ', '\u{a0}', '\t', '\u{3000}']);
        }
        Some('①'..='⑳') => return true,
        Some('(' | '（' | '[') => characters.as_str(),
        _ => line,
    };
    let is_opened = behind.len() < line.len();
    // No more of a number is looked at than one of a list may have.
    let is_digit = |c: &char| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c);
    let digits: usize = behind.chars().take(10).take_while(is_digit).map(char::len_utf8).sum();
    let number = behind.get(digits..).unwrap_or_default();
    let letter = behind.strip_prefix(|c: char| c.is_ascii_alphabetic()).filter(|rest| rest.starts_with(')'));
    let rest = if number.len() < behind.len() { Some(number) } else { letter };
    let length = behind.len() - rest.map_or(0, str::len);
    let Some(rest) = rest.filter(|_| length <= 9) else { return false };
    match rest.chars().next() {
        Some('、' | '．' | '）') => true,
        Some(']') => is_opened,
        Some(')') => is_opened || rest.starts_with(") "),
        Some('.') => !is_opened && rest.starts_with(". "),
        _ => false,
    }
}

/// Adds the paragraphs of lines without an empty one between them.
fn take(block: &[(&str, &str)], paragraphs: &mut Vec<String>) {
    if let [(_, only)] = block {
        paragraphs.push((*only).to_owned());
        return;
    }
    let block: Vec<Row<'_>> = block.iter().map(|(line, text)| Row::of(line, text)).collect();
    let block = block.as_slice();
    let layout = Layout::of(block);
    // The title of a text may be as wide as lines that are wrapped, with the day below it.
    let is_head = paragraphs.is_empty();
    let is_at_day = |at: usize| {
        let around = block.get(at - 1..=at).filter(|_| is_head);
        around.is_some_and(|rows| rows.iter().any(|row| is_day(row.text)))
    };
    let mut start = 0;
    for end in 1..=block.len() {
        if end < block.len() && !is_at_day(end) && !layout.begins(block, start, end) {
            continue;
        }
        let part = block.get(start..end).unwrap_or_default();
        if layout.is_wrapped(part) || is_hanging(part) {
            paragraphs.push(unwrap_lines(part));
        } else {
            paragraphs.extend(part.iter().map(|row| row.text.to_owned()));
        }
        start = end;
    }
}

/// How the paragraphs of a block begin.
struct Layout {
    widest: usize,
    /// Whether several of its lines are as wide.
    is_filled: bool,
    /// The column in which its lines begin.
    margin: usize,
    /// Whether some are further in.
    is_set_in: bool,
    /// Whether the lines of a paragraph but for its first are further in.
    is_hanging: bool,
}

impl Layout {
    fn of(block: &[Row<'_>]) -> Self {
        let widest = block.iter().map(|row| row.end).max().unwrap_or(0);
        let is_filled = block.iter().filter(|row| row.end + 4 >= widest).count() > 1;
        let margin = block.iter().map(|row| row.indent).min().unwrap_or(0);
        let is_set_in = block.iter().any(|row| row.indent > margin);
        let is_hanging = match block {
            [first, second, ..] => first.indent == margin && second.indent > margin && first.end * 4 >= widest * 3,
            _ => false,
        };
        Self { widest, is_filled, margin, is_set_in, is_hanging }
    }

    /// Whether a paragraph begins with a line behind that with which the one before began.
    fn begins(&self, block: &[Row<'_>], start: usize, at: usize) -> bool {
        let (Some(first), Some([before, row])) = (block.get(start), block.get(at - 1..=at)) else { return true };
        let is_short = before.end * 4 < self.widest * 3;
        let ends = ends_like_prose(before.text);
        let is_in_list = is_item(first.text);
        if is_item(row.text) && (is_in_list || is_short || ends) {
            return true;
        }
        if is_in_list {
            return row.indent <= first.indent && is_short && ends;
        }
        let is_first = self.is_set_in && (row.indent == self.margin) == self.is_hanging;
        // A title may stand on the text without an empty line.
        is_first || is_short && (ends || at == 1 && block.len() > 3)
    }

    /// Whether lines were one paragraph, wrapped at a width: all but the last are nearly as wide as the widest of their block.
    fn is_wrapped(&self, part: &[Row<'_>]) -> bool {
        let Some((last, full)) = part.split_last().filter(|(_, full)| !full.is_empty()) else { return false };
        let is_wide = |row: &Row<'_>| row.end * 4 >= self.widest * 3 && line(row.text) == Line::Text;
        // Characters that stand without blanks between them fill their lines, and sentences have marks inside.
        let fills = |[row, next]: &[Row<'_>; 2]| {
            !row.text.ends_with(is_cjk) && !next.text.starts_with(is_cjk)
                || row.end + first_unit(next.text) + SLACK > self.widest
        };
        let has_blanks = !last.text.contains(is_cjk);
        let is_prose = || part.iter().any(|row| row.text.contains(['，', '。', '、', '；']));
        let ends = || ends_like_prose(last.text) && !last.text.ends_with([':', '：']);
        WIDTHS.contains(&part.iter().map(Row::width).max().unwrap_or(0))
            && full.iter().all(is_wide)
            && part.array_windows().all(fills)
            && (has_blanks || is_prose() && (self.is_filled || ends()))
            && part.iter().filter(|row| is_labelled(row.text)).count() < 2
            && part.iter().filter(|row| is_row(row.text)).count() * 2 <= part.len()
            && !part.iter().any(|row| stands_alone(row.text))
            && full.iter().filter(|row| ends_like_prose(row.text)).count() * 2 <= full.len()
    }
}

/// Whether a line is one for itself: quoted from a mail, or nothing but an address.
fn stands_alone(text: &str) -> bool {
    text.starts_with('>') || text.contains("://") && !text.contains(' ')
}

/// Whether a line is a day and nothing else, and ends no sentence.
fn is_day(text: &str) -> bool {
    !ends_like_prose(text) && whole_line(text, &Context::at(NaiveDateTime::default())).is_some()
}

/// Columns of what cannot be parted from the line that it begins: a word, or a character with the marks behind it.
fn first_unit(text: &str) -> usize {
    let is_closing = |c: &char| "，。、；：！？）》」』”’".contains(*c);
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if !first.is_ascii() => 2 + 2 * characters.take_while(is_closing).count(),
        _ => text.chars().take_while(char::is_ascii_graphic).count(),
    }
}

/// Whether lines are an item of a list, all of which but the first are further in.
fn is_hanging(part: &[Row<'_>]) -> bool {
    let Some((first, rest)) = part.split_first().filter(|(_, rest)| !rest.is_empty()) else { return false };
    let goes_on = |row: &Row<'_>| row.indent > first.indent && !is_labelled(row.text) && !is_row(row.text);
    is_item(first.text) && rest.iter().all(goes_on)
}

fn unwrap_lines(part: &[Row<'_>]) -> String {
    let mut paragraph = String::new();
    for row in part {
        let ends = paragraph.chars().next_back().zip(row.text.chars().next());
        if !paragraph.is_empty() && !ends.is_some_and(|(a, b)| is_cjk(a) && is_cjk(b)) {
            paragraph.push(' ');
        }
        paragraph.push_str(row.text);
    }
    paragraph
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(paragraphs(text), expected, "{text}");
    }

    #[test]
    fn paragraphs_begin_where_their_first_line_is_set_in() {
        check(
            "    The boat house of the college was opened yesterday by the mayor. It\nis made of wood and glass, and holds forty boats.\n    Students of architecture had drawn the plans, and built most of the\nhouse themselves in two summers of work.\n",
            &[
                "The boat house of the college was opened yesterday by the mayor. It is made of wood and glass, and holds forty boats.",
                "Students of architecture had drawn the plans, and built most of the house themselves in two summers of work.",
            ],
        );
        // A list of books, in which it is the other way round.
        check(
            "Lee, Ann: Tides and the moon in the harbours of the northern states. Sea\n    Press, second edition, with forty pictures and two maps by the author\nAsh, Tom: Sea law.\n",
            &[
                "Lee, Ann: Tides and the moon in the harbours of the northern states. Sea Press, second edition, with forty pictures and two maps by the author",
                "Ash, Tom: Sea law.",
            ],
        );
    }

    #[test]
    fn a_day_below_a_wide_title_is_apart() {
        let title = "Library of the college of engineering opens in the boat house";
        let text = "Readers find forty thousand books there, and a room in which they may\ntalk.";
        let joined = text.replace('\n', " ");
        for day in ["2026-03-12", "12 March 2026", "Thursday, March 12, 2026", "2026年3月12日"] {
            check(&format!("{title}\n{day}\n\n{text}\n"), &[title, day, &joined]);
            check(&format!("{title}\n{day}\n{text}\n"), &[title, day, &joined]);
        }
        // The end of a sentence is none.
        let closed = "The library of the college of engineering will be closed until";
        check(&format!("{closed}\n12 March 2026.\n"), &[&format!("{closed} 12 March 2026.")]);
    }

    #[test]
    fn chinese_lines_of_one_width_are_one_paragraph() {
        check(
            "学校召开教学工作会议\n    三月五日下午，学校在科学楼报告厅召开了二〇二六年教学工\n作会议。校长李四出席会议并作了重要讲话，各学院院长和教务处\n全体人员参加了会议。会议由副校长王五主持。\n    李四指出，教学是学校工作的中心，各学院要认真落实学校的\n各项要求，进一步提高教学质量。\n",
            &[
                "学校召开教学工作会议",
                "三月五日下午，学校在科学楼报告厅召开了二〇二六年教学工作会议。校长李四出席会议并作了重要讲话，各学院院长和教务处全体人员参加了会议。会议由副校长王五主持。",
                "李四指出，教学是学校工作的中心，各学院要认真落实学校的各项要求，进一步提高教学质量。",
            ],
        );
        // Names, and a title above those who are addressed.
        for lines in [
            &["物理与电子工程学院二〇二六届本科毕业生张三", "化学与材料科学学院二〇二六届本科生李四"][..],
            &["关于做好二〇二六年春季学期本科生选课工作的有关通知", "各学院、各位同学："],
        ] {
            check(&lines.join("\n"), lines);
        }
    }

    #[test]
    fn items_of_lists_are_whole_and_apart() {
        check(
            "We offer:\n- a place in our nursery, which is open from seven in the morning to\n  six in the evening\n- thirty days of leave\n1. one\n2. two\n",
            &[
                "We offer:",
                "- a place in our nursery, which is open from seven in the morning to six in the evening",
                "- thirty days of leave",
                "1. one",
                "2. two",
            ],
        );
        // A number or dash at the start of a wrapped line is none.
        check(
            "The next talk of the series on the moon and the tides takes place on the\n12. of March in the old hall of the college, where the first one took\n- as many remember - place, too.\n",
            &[
                "The next talk of the series on the moon and the tides takes place on the 12. of March in the old hall of the college, where the first one took - as many remember - place, too.",
            ],
        );
    }

    #[test]
    fn what_is_drawn_goes() {
        check(
            "***********************\n*    LIBRARY CLOSED   *\n***********************\n\nWhat is next\n------------\nThe wall.\n\n###\n\nA\n-ENDS-\nB\n- end -\n(Ende)\n--\nAnn\n",
            &["LIBRARY CLOSED", "What is next", "The wall.", "A", "B", "Ann"],
        );
        check(
            "+------+------+\n| Dish | Price |\n+------+------+\n| Soup | 2.00 |\n",
            &["Dish | Price", "Soup | 2.00"],
        );
        check("Ends of the week\nThe end\n...\n", &["Ends of the week", "The end", "..."]);
    }

    #[test]
    fn rows_and_addresses_are_lines() {
        let rows = [
            "2026-06-01   09:00   Ocean Physics and its history   3.12",
            "2026-06-02   09:00   Sea Law and its history   3.14",
        ];
        check(&rows.join("\n"), &rows);
        let lines = [
            "The boat house of the college was opened by the mayor",
            "https://quay.example.edu/news/2026/the-boat-house",
        ];
        check(&lines.join("\n"), &lines);
    }
}
