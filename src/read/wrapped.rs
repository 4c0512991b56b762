//! Lines of plain text become paragraphs: those that were wrapped at a width are put together again, and what is drawn
//! with marks goes (rules, the lines below headings, boxes).

use super::residue::{Line, ends_like_prose, is_labelled, line, width};
use super::text::is_cjk;

/// Lines without an empty one between them that are looked at together, to tell whether they are one paragraph.
const LONGEST_BLOCK: usize = 10_000;
/// Columns of the widest of lines that were wrapped.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=120;

/// A line, and in which column it begins.
struct Row<'a> {
    indent: usize,
    text: &'a str,
}

impl Row<'_> {
    /// The column in which it ends.
    fn end(&self) -> usize {
        self.indent + width(self.text)
    }
}

/// The paragraphs of a text: its lines, with those that were wrapped at a width put together again.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    let mut block: Vec<Row<'_>> = Vec::new();
    let is_end = |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    for raw in text.split(is_end).chain([""]) {
        let text = unboxed(trim(raw));
        let parts = text.is_empty() || is_drawn(text);
        if parts || block.len() == LONGEST_BLOCK {
            take(&block, &mut paragraphs);
            block.clear();
        }
        if !parts {
            block.push(Row { indent: indent(raw), text });
        }
    }
    paragraphs
}

fn trim(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'))
}

fn indent(line: &str) -> usize {
    let blank = line.len() - line.trim_start().len();
    line.get(..blank).unwrap_or_default().chars().map(|c| if c == '\t' { 8 } else { width(c.encode_utf8(&mut [0; 4])) }).sum()
}

/// A line without what is drawn to its left and right: `* Library closed *`, `| Soup | 2.00 |`.
fn unboxed(line: &str) -> &str {
    let inside = |mark: char| line.strip_prefix(mark)?.strip_suffix(mark)?.strip_prefix(' ')?.strip_suffix(' ');
    ['*', '#', '|', '+'].into_iter().find_map(inside).map_or(line, str::trim)
}

/// Whether a line is drawn and says nothing, but that something ends: `=====`, `+---+---+`, `-- `, `###`, `-ENDS-`.
fn is_drawn(line: &str) -> bool {
    const MARKS: &str = "-=_*~#^+|─━═—–";
    const ENDS: [&str; 10] = ["end", "ends", "ende", "fin", "fine", "slut", "koniec", "конец", "完", "30"];
    let marks = line.chars().filter(|c| MARKS.contains(*c)).count();
    if line.chars().all(|c| MARKS.contains(c) || c.is_whitespace() || c == ':') {
        return marks > 2 || line == "--";
    }
    let is_around = |c: char| MARKS.contains(c) || c.is_whitespace() || "()（）[]【】.".contains(c);
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
        Some('-' | '*' | '+' | 'o' | '–' | '—' | '•' | '‣' | '◦' | '▪' | '●' | '○' | '■' | '□' | '►' | '▶' | '➢' | '✓' | '·') => {
            return characters.as_str().starts_with([' ', '\u{a0}', '\t', '\u{3000}']);
        }
        Some('①'..='⑳') => return true,
        Some('(' | '（' | '[') => characters.as_str(),
        _ => line,
    };
    let is_opened = behind.len() < line.len();
    let number = behind.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
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
fn take(block: &[Row<'_>], paragraphs: &mut Vec<String>) {
    let layout = Layout::of(block);
    let mut start = 0;
    for end in 1..=block.len() {
        if end < block.len() && !layout.begins(block, end) {
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
    /// Whether it is a list.
    is_list: bool,
    /// Whether the lines of a paragraph but for its first are further in.
    is_hanging: bool,
}

impl Layout {
    fn of(block: &[Row<'_>]) -> Self {
        let widest = block.iter().map(Row::end).max().unwrap_or(0);
        let is_filled = block.iter().filter(|row| row.end() + 4 >= widest).count() > 1;
        let margin = block.iter().map(|row| row.indent).min().unwrap_or(0);
        let is_set_in = block.iter().any(|row| row.indent > margin);
        let is_hanging = match block {
            [first, second, ..] => {
                first.indent == margin && second.indent > margin && first.end() * 4 >= widest * 3
            }
            _ => false,
        };
        let is_list = block.first().is_some_and(|row| is_item(row.text));
        Self { widest, is_filled, margin, is_set_in, is_list, is_hanging }
    }

    /// Whether a paragraph begins with a line that is not the first.
    fn begins(&self, block: &[Row<'_>], at: usize) -> bool {
        let Some([before, row]) = at.checked_sub(1).and_then(|before| block.get(before..=at)) else { return true };
        let is_short = before.end() * 4 < self.widest * 3;
        let ends = ends_like_prose(before.text);
        if is_item(row.text) && (self.is_list || is_short || ends) {
            return true;
        }
        if self.is_list {
            return row.indent <= self.margin && is_short && ends;
        }
        let is_first = self.is_set_in && (row.indent == self.margin) == self.is_hanging;
        // A title may stand on the text without an empty line.
        is_first || is_short && (ends || at == 1 && block.len() > 3)
    }

    /// Whether lines were one paragraph, wrapped at a width: all but the last are nearly as wide as the widest of their block.
    fn is_wrapped(&self, part: &[Row<'_>]) -> bool {
    let Some((last, full)) = part.split_last().filter(|(_, full)| !full.is_empty()) else { return false };
    let is_wide = |row: &Row<'_>| row.end() * 4 >= self.widest * 3 && line(row.text) == Line::Text;
    // Characters that stand without blanks between them fill their lines, those of sentences but for what may not begin one.
    let slack = |text: &str| if text.contains(['，', '。', '、']) { 10 } else { 4 };
    let fills = |[row, next]: &[Row<'_>; 2]| {
        !row.text.ends_with(is_cjk) && !next.text.starts_with(is_cjk) || row.end() + first_unit(next.text) + slack(row.text) > self.widest
    };
    let has_blanks = !last.text.contains(is_cjk);
    WIDTHS.contains(&part.iter().map(|row| width(row.text)).max().unwrap_or(0))
        && full.iter().all(is_wide)
        && part.array_windows().all(fills)
        && (has_blanks || self.is_filled || ends_like_prose(last.text) && !last.text.ends_with([':', '：']))
        && part.iter().filter(|row| is_labelled(row.text)).count() < 2
        && part.iter().filter(|row| is_row(row.text)).count() * 2 <= part.len()
        && !part.iter().any(|row| row.text.starts_with('>'))
        && full.iter().filter(|row| ends_like_prose(row.text)).count() * 2 <= full.len()
}
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
