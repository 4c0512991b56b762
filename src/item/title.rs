//! Titles: one line of plain text, as the people who wrote it meant it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use url::Url;

use super::{Html, text};
use crate::draft::{Enclosure, tags};

/// Longest title, characters.
const LONGEST: usize = 300;
/// Length of the database field that many content management systems cut titles to, bytes.
const FIELD: usize = 255;

/// Makes a claimed title fit to go out. `is_text`: it is said to be plain text. `None`: there is nothing in it.
pub fn clean(claimed: &str, is_text: bool) -> Option<String> {
    // What lies beyond is cut off below; a title of megabytes shall not cost more than one of a page.
    let end = claimed.char_indices().nth(LONGEST * 8).map_or(claimed.len(), |(at, _)| at);
    let near = claimed.get(..end).unwrap_or(claimed);
    let line = text::one_line(&without_tags(near, is_text));
    let line = if is_cut_by_field(near.trim()) { drop_fragment(&line) } else { line };
    let line = text::cut(&line, LONGEST);
    (!line.is_empty()).then_some(line)
}

/// What an entry without words is called: what is said of its picture, else the name of its file, else the last part of its
/// address. `None`: nothing tells.
pub(super) fn of_what_it_shows(content: &Html, files: &[Enclosure], link: Option<&Url>) -> Option<String> {
    let last_part = |url: &Url| {
        let part = url.path_segments()?.rfind(|part| !part.is_empty())?;
        clean(&percent_decode_str(part).decode_utf8_lossy(), true)
    };
    let words = content.words_of_picture().and_then(|words| clean(&words, true));
    words.or_else(|| files.iter().find_map(|file| last_part(&file.url))).or_else(|| last_part(link?))
}

/// Whether a title ends where a database field did, in the middle of what was meant.
fn is_cut_by_field(title: &str) -> bool {
    // A character of several bytes that did not fit is missing whole.
    let last = title.chars().next_back();
    let least = if title.is_ascii() { FIELD } else { FIELD - 2 };
    (least..=FIELD).contains(&title.len()) && last.is_some_and(char::is_alphanumeric)
}

/// Drops the word that was cut, and words before it that lead to what is missing, and says that there was more.
fn drop_fragment(title: &str) -> String {
    const LEADING: [&str; 14] = ["and", "or", "the", "a", "an", "of", "to", "in", "on", "at", "for", "with", "by", "&"];
    let mut whole = title.rsplit_once(' ').map_or(title, |(whole, _)| whole);
    while let Some((before, last)) = whole.rsplit_once(' ')
        && title.len() - before.len() <= 12
        && LEADING.contains(&last.to_lowercase().as_str())
    {
        whole = before;
    }
    let whole = if whole.len() * 2 < title.len() { title } else { whole };
    format!("{}…", whole.trim_end_matches(|c: char| c.is_whitespace() || ",;:，；：、".contains(c)))
}

/// The text without tags of HTML in it, where it has any: readers show titles as text or as HTML, and none of them means tags.
/// Titles that are about tags keep them as words.
fn without_tags(title: &str, is_text: bool) -> Cow<'_, str> {
    if !(if is_text { tags::acts(title) } else { tags::is_evident(title) }) {
        return Cow::Borrowed(title);
    }
    let mut out = String::with_capacity(title.len());
    let mut at = 0;
    for tag in tags::tags(title).filter(tags::Tag::is_known) {
        out.push_str(title.get(at..tag.start).unwrap_or_default());
        if matches!(tag.name.as_str(), "br" | "p" | "div") {
            out.push(' ');
        }
        at = tag.end;
    }
    out.push_str(title.get(at..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(claimed: &str, expected: &str) {
        assert_eq!(clean(claimed, false).as_deref().unwrap_or(""), expected);
    }

    #[test]
    fn titles_are_one_line_of_text() {
        check("  Open\n day\u{0}  at the   library ", "Open day at the library");
        check("<b>Forum</b> on x < y and <i>y</i>&z", "Forum on x < y and y&z");
        check("Decays <math><msup><mi>B</mi><mn>0</mn></msup><mo>→</mo><mi>K</mi></math> seen", "Decays B0→K seen");
        check("Vec<T> in the lecture, </b>", "Vec<T> in the lecture,");
        check("Har\u{ad}bour mas\u{ad}ter", "Harbour master");
        check(" \n ", "");
    }

    #[test]
    fn tags_that_a_title_is_about_are_words_of_it() {
        check("Use <div> in HTML", "Use <div> in HTML");
        check("Use <b>bold</b> in HTML", "Use bold in HTML");
        check("<section> or <div>?", "<section> or <div>?");
        let text = |title: &str| clean(title, true).unwrap_or_default();
        assert_eq!(text("Use <b>bold</b> in HTML"), "Use <b>bold</b> in HTML");
        assert_eq!(text("Free <img src=x onerror=alert(1)>bread"), "Free bread");
    }

    #[test]
    fn a_title_cut_by_a_field_of_255_bytes_says_so() {
        let words = "Delegation of the harbour board visits the faculty again ".repeat(6);
        let cut: String = words.chars().take(255).collect();
        assert!(cut.ends_with(char::is_alphanumeric));
        let title = clean(&cut, false).expect("a title");
        assert!(title.ends_with('…') && cut.starts_with(title.trim_end_matches('…')), "{title}");
        let whole: String = words.chars().take(254).collect();
        check(whole.trim(), whole.trim());
    }

    #[test]
    fn long_titles_are_cut_at_a_word() {
        let title = clean(&"word ".repeat(200_000), false).expect("a title");
        assert!(title.chars().count() <= 301 && title.ends_with("word…"), "{title}");
    }
}
