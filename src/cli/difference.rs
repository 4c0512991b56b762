//! What was changed in a text, word by word, for a terminal.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::plain;

/// Steps that finding a difference may take: above, what lies between equal beginnings and ends was changed as a whole.
const MOST_STEPS: usize = 50_000_000;

/// The lines of two texts that differ, with the words taken out and put in marked: `[-old-]{+new+}`, or in colours. `…`
/// stands for lines that are equal. Empty: the texts are.
pub(super) fn lay_out(before: &str, now: &str, colours: bool) -> String {
    let (before, now) = (plain(before), plain(now));
    let (old, new) = (tokens(&before), tokens(&now));
    let mut laid_out = Page { colours, ..Page::default() };
    for change in changes(&old, &new) {
        let (tag, old_range, new_range) = change.as_tag_tuple();
        if tag == similar::DiffTag::Equal {
            new.get(new_range).unwrap_or_default().iter().for_each(|word| laid_out.push(word, Manner::Kept));
            continue;
        }
        old.get(old_range).unwrap_or_default().iter().for_each(|word| laid_out.push(word, Manner::Out));
        new.get(new_range).unwrap_or_default().iter().for_each(|word| laid_out.push(word, Manner::In));
    }
    laid_out.finish()
}

fn changes(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (old.get(same..).unwrap_or_default(), new.get(same..).unwrap_or_default());
    if old_rest.len().saturating_mul(new_rest.len()) <= MOST_STEPS {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    let behind = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_len, new_len) = (old_rest.len() - behind, new_rest.len() - behind);
    vec![
        DiffOp::Equal { old_index: 0, new_index: 0, len: same },
        DiffOp::Replace { old_index: same, old_len, new_index: same, new_len },
        DiffOp::Equal { old_index: same + old_len, new_index: same + new_len, len: behind },
    ]
}

/// The words of a text: runs of letters and digits, single characters of scripts without spaces, all else by itself.
fn tokens(text: &str) -> Vec<&str> {
    let joins = |c: char| {
        c.is_alphanumeric() && !matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..)
    };
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if joins(first) { rest.find(|c| !joins(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (token, behind) = rest.split_at(end);
        tokens.push(token);
        rest = behind;
    }
    tokens
}

/// What became of a word.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Manner {
    #[default]
    Kept,
    Out,
    In,
}

impl Manner {
    /// What stands before and behind such words. Without colours they are told by more than these: underlined and struck out.
    fn marks(self, colours: bool) -> (&'static str, &'static str) {
        match (self, colours) {
            (Self::Kept, _) => ("", ""),
            (Self::Out, false) => ("[-", "-]"),
            (Self::In, false) => ("{+", "+}"),
            (Self::Out, true) => ("\u{1b}[31;9m", "\u{1b}[0m"),
            (Self::In, true) => ("\u{1b}[32;4m", "\u{1b}[0m"),
        }
    }
}

/// Lines that are being laid out.
#[derive(Default)]
struct Page {
    colours: bool,
    lines: String,
    line: String,
    manner: Manner,
    is_changed: bool,
    skipped: bool,
}

impl Page {
    fn push(&mut self, word: &str, manner: Manner) {
        self.is_changed |= manner != Manner::Kept;
        if word == "\n" {
            self.turn(Manner::Kept);
            // An empty line that came or went changes nothing that is read.
            self.is_changed &= !self.line.is_empty() || manner == Manner::Kept;
            self.end_line();
            return;
        }
        self.turn(manner);
        self.line.push_str(word);
    }

    fn turn(&mut self, manner: Manner) {
        if manner != self.manner {
            self.line.push_str(self.manner.marks(self.colours).1);
            self.line.push_str(manner.marks(self.colours).0);
            self.manner = manner;
        }
    }

    fn end_line(&mut self) {
        if self.is_changed {
            if std::mem::take(&mut self.skipped) {
                self.lines.push_str("…\n");
            }
            self.lines.push_str(&self.line);
            self.lines.push('\n');
        } else {
            self.skipped |= !self.line.is_empty();
        }
        self.line.clear();
        self.is_changed = false;
    }

    fn finish(mut self) -> String {
        self.turn(Manner::Kept);
        self.end_line();
        if self.skipped && !self.lines.is_empty() {
            self.lines.push_str("…\n");
        }
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, now: &str, expected: &str) {
        assert_eq!(lay_out(before, now, false), expected);
    }

    #[test]
    fn words_are_marked() {
        check("The tide rose.", "The tide fell.", "The tide [-rose-]{+fell+}.\n");
        check("The tide rose.", "The tide rose by two metres.", "The tide rose{+ by two metres+}.\n");
        check("会议于三月四日举行。", "会议于三月五日举行。", "会议于三月[-四-]{+五+}日举行。\n");
        check("3 ships", "13 ships", "[-3-]{+13+} ships\n");
        check("a\n\nb\n\nc\n\nd", "a\n\nb\n\nx\n\nd", "…\n[-c-]{+x+}\n…\n");
        check("same", "same", "");
        assert_eq!(lay_out("a b", "a c", true), "a \u{1b}[31;9mb\u{1b}[0m\u{1b}[32;4mc\u{1b}[0m\n");
    }

    #[test]
    fn what_is_written_steers_no_terminal() {
        check("a", "a \u{1b}[31m", "a{+ \\u{1b}[31m+}\n");
    }

    #[test]
    fn long_texts_are_told_apart_in_little_time() {
        let text = |start: usize| (start..start + 20_000).map(|n| format!("w{n} ")).collect::<Vec<_>>().concat();
        let told = lay_out(&format!("same {} end", text(0)), &format!("same {} end", text(50_000)), false);
        assert!(told.starts_with("same [-w0 ") && told.ends_with("+}  end\n"), "{} bytes", told.len());
    }
}
