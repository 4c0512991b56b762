//! Finds the names of people in a line that names an author.

use super::residue::width;

/// Columns of the longest name.
const LONGEST: usize = 60;

/// Names in a value: "Li Ming, Wang Fang", "张三 李四", "By Ada Strand | 5 May".
pub(super) fn names(value: &str) -> Vec<String> {
    let mut value = value.trim();
    while let Some(rest) = without_label(value) {
        value = rest;
    }
    let end = [" | ", " · ", " • ", " – ", " — ", " // ", "｜", "\u{2022}", " on ", " am ", "→", " ("]
        .iter()
        .filter_map(|mark| value.find(mark))
        .min();
    let value = end.and_then(|end| value.get(..end)).unwrap_or(value);
    if value.contains("://") {
        return Vec::new();
    }
    let mut parts = vec![value];
    for separator in ["、", "；", ";", "，", " and ", " und ", " & ", " et ", " y ", "/", "|"] {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    // "Ada Strand, Li Ming" are two; "Strand, Ada" and "Ada Strand, Editor" are one.
    let full = |part: &str| part.split_whitespace().count() >= 2 && part.split_whitespace().all(is_capital);
    parts = parts
        .into_iter()
        .flat_map(|part| {
            let pieces: Vec<&str> = part.split(',').map(str::trim).filter(|piece| !piece.is_empty()).collect();
            if pieces.len() > 1 && pieces.iter().all(|piece| full(piece)) { pieces } else { vec![part] }
        })
        .collect();
    let mut found: Vec<String> = Vec::new();
    for part in parts {
        let part = part.trim_matches(|c: char| c.is_whitespace() || ",:：~-–—\"“”".contains(c));
        if is_name(part) && !found.iter().any(|known| known == part) {
            found.push(part.to_owned());
        }
    }
    found
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// The value behind words that say that a name follows. `None`: there are none.
fn without_label(value: &str) -> Option<&str> {
    const LABELS: [&str; 34] = [
        "written by",
        "posted by",
        "published by",
        "text by",
        "words by",
        "story by",
        "article by",
        "author:",
        "authors:",
        "author",
        "autor:",
        "autorin:",
        "autor",
        "by:",
        "by",
        "geschrieben von",
        "veröffentlicht von",
        "ein artikel von",
        "ein beitrag von",
        "text von",
        "text:",
        "von:",
        "von",
        "vom",
        "par",
        "por",
        "door",
        "di",
        "publié par",
        "view all posts by",
        "作者",
        "文/",
        "记者",
        "~",
    ];
    let rest = LABELS.iter().filter_map(|label| {
        let start = value.get(..label.len())?;
        let rest = value.get(label.len()..)?;
        // In lower case a text may be longer; then it is none of these.
        let same = start.to_lowercase() == **label;
        let ends = !label.ends_with(|c: char| c.is_ascii_alphabetic())
            || rest.starts_with(|c: char| c.is_whitespace() || c == ':');
        (same && ends).then_some(rest)
    });
    let rest = rest.min_by_key(|rest| rest.len())?;
    Some(rest.trim_start_matches(|c: char| c.is_whitespace() || c == ':' || c == '：'))
}

/// Whether a text can be the name of somebody who writes.
fn is_name(text: &str) -> bool {
    const NONE: [&str; 28] = [
        "佚名",
        "admin",
        "administrator",
        "webmaster",
        "无",
        "none",
        "no author",
        "author",
        "authors",
        "autor",
        "editor",
        "user",
        "guest",
        "anonymous",
        "unknown",
        "wordpressadmin",
        "root",
        "posted",
        "posted on",
        "published",
        "veröffentlicht",
        "veröffentlicht am",
        "publiziert am",
        "by",
        "von",
        "website",
        "editorial team",
        "本站",
    ];
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    letters >= 2
        && digits * 3 <= letters
        && width(text) <= LONGEST
        && text.split_whitespace().count() <= 7
        && !text.contains(['@', '<', '>', '{', '?', '!', '='])
        && !NONE.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, expected: &[&str]) {
        assert_eq!(names(value), expected, "{value}");
    }

    #[test]
    fn names_are_told_from_what_stands_around_them() {
        check("By Ada Strand | 5 May 2024", &["Ada Strand"]);
        check("Veröffentlicht von Jan Deich", &["Jan Deich"]);
        check("Written by: Ada Strand and Li Ming", &["Ada Strand", "Li Ming"]);
        check("Ada Strand, Li Ming", &["Ada Strand", "Li Ming"]);
        check("作者：张三、李四", &["张三", "李四"]);
        check("Vonnegut", &["Vonnegut"]);
    }

    #[test]
    fn what_stands_behind_a_comma_may_belong_to_the_name() {
        check("Strand, Ada", &["Strand, Ada"]);
        check("Ada Strand, Editor", &["Ada Strand, Editor"]);
    }

    #[test]
    fn what_is_no_name_is_none() {
        for text in ["admin", "press@harbour.example", "https://harbour.example/a", "佚名", "5 May 2024", "By"] {
            check(text, &[]);
        }
    }
}
