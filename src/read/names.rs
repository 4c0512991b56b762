//! Finds the names of people in a line that names an author.

mod chinese;
#[cfg(test)]
mod tests;
mod words;

use super::date;
use super::residue::width;
pub(super) use words::OFFICES;
use words::{BETWEEN, DEGREES, GIVEN, JOINING, LABELS, OTHERS, PARTICLES, RANKS, ROLES, TRAILING};

/// Columns of the longest name.
const LONGEST: usize = 60;

/// Marks between what a line says of its author and other things.
const MARKS: [&str; 15] =
    ["|", "[", "【", " @ ", " · ", " • ", " – ", " — ", " - ", " // ", "｜", "\u{2022}", "→", "(", "\n"];

/// Names in a value: "Li Ming, Wang Fang", "张三、李四", "By Ada Strand | 5 May".
pub(super) fn names(value: &str) -> Vec<String> {
    if value.contains("://") {
        return Vec::new();
    }
    let plain = without_dates(value);
    let read = |segment: &str| {
        let chinese = if chinese::is_chinese(segment) { chinese::people(segment) } else { None };
        let plain = || people(behind_label(segment).unwrap_or(segment));
        chinese.filter(|names| !names.is_empty()).unwrap_or_else(plain)
    };
    segments(&plain).map(read).find(|names| !names.is_empty()).unwrap_or_default()
}

/// The parts of a line, each without those who are no authors.
fn segments(line: &str) -> impl Iterator<Item = &str> {
    let mut segments = vec![line];
    // Most are in none, and to look for one costs less than to make ready to cut at it.
    for mark in MARKS.into_iter().filter(|mark| line.contains(mark)) {
        segments = segments.into_iter().flat_map(|segment| parted(segment, mark)).collect();
    }
    segments.into_iter().map(without_others)
}

/// The parts of a segment that a mark parts. A bracket behind a single word of a name, and before another, does not: "Ada (A. B.) Strand".
fn parted<'s>(segment: &'s str, mark: &str) -> Vec<&'s str> {
    let is_in_name = || {
        let (before, rest) = segment.split_once('(')?;
        let (_, behind) = rest.split_once(") ")?;
        let first = behind_label(before).unwrap_or(before).trim();
        (!first.contains(' ') && is_capital(first) && behind.split_whitespace().all(is_of_name)).then_some(())
    };
    if mark == "(" && is_in_name().is_some() { vec![segment] } else { segment.split(mark).collect() }
}

/// The names in a line that says that it names the author: "By Ada Strand", "Text: Jan Deich". `None`: it does not say so.
pub(super) fn labelled(line: &str) -> Option<Vec<String>> {
    // Most lines say nothing of the kind, and need no looking for dates. Without those, none says more.
    if line.is_ascii() && !LABELS.are_in(&line.to_lowercase()) {
        return None;
    }
    let plain = without_dates(line);
    if let Some(names) = chinese::signed(&plain) {
        return Some(names);
    }
    let names = people(segments(&plain).find_map(behind_label)?);
    // Names in Chinese are short; what is longer is a sentence: "记者从会议上获悉".
    let shaped = |name: &String| {
        if chinese::is_chinese(name) {
            return name.chars().count() <= 6 || name.contains('·');
        }
        // "By bus", "The quay by night": a word in small letters is the name of somebody who logged in where more says so.
        if name.starts_with(char::is_lowercase) && !name.contains(' ') {
            return plain != line || line.split(name).next().is_some_and(says_who);
        }
        !name.contains(char::is_lowercase) || !name.contains(' ') || name.split_whitespace().all(is_of_name)
    };
    Some(names.into_iter().filter(shaped).collect()).filter(|names: &Vec<String>| !names.is_empty())
}

/// Whether more than "by" stands before a name, and says that an author follows: "Posted by", "Author:".
fn says_who(before: &str) -> bool {
    let before = before.trim_end().to_lowercase();
    LABELS.iter().filter(|label| label.len() > 4).chain(["ed by", "en by"]).any(|label| before.ends_with(label))
}

/// The names in a line that says that and nothing else, as those below a story do: "By Ada Strand", "（通讯员 张三）".
pub(super) fn signed(line: &str) -> Option<Vec<String>> {
    let begins = || {
        let lower = line.to_lowercase();
        lower.len() == line.len()
            && LABELS.iter().any(|label| lower.starts_with(label))
            && !GIVEN.iter().any(|label| lower.starts_with(label))
    };
    let full = |names: &Vec<String>| names.iter().all(|name| !name.is_ascii() || is_full(name));
    if width(line) > LONGEST + 20 {
        return None;
    }
    chinese::signed(line).or_else(|| labelled(line).filter(|names| begins() && full(names)))
}

/// Whether a line is only the words that say that an author follows: "Written by".
pub(super) fn is_label(line: &str) -> bool {
    const ALONE: [&str; 14] = [
        "by", "author", "authors", "autor", "autorin", "autoren", "auteur", "auteurs", "autore", "von", "verfasst von",
        "geschrieben von", "作者", "撰稿",
    ];
    let lower = line.trim_end_matches(|c: char| c.is_whitespace() || ":：".contains(c)).to_lowercase();
    let ends_so = lower.split_once(' ').is_some_and(|(word, by)| by == "by" && word.chars().all(char::is_alphabetic));
    ALONE.contains(&lower.as_str()) || ends_so && without_others(&lower) == lower
}

/// What stands before the words that say that somebody else follows: "Text: Ada Strand / Foto: Jan Deich".
fn without_others(segment: &str) -> &str {
    let lower = segment.to_lowercase();
    if lower.len() != segment.len() {
        return segment;
    }
    let starts = |at: &usize| {
        lower.get(..*at).and_then(|before| before.chars().next_back()).is_none_or(|c| !c.is_alphanumeric())
    };
    let first = OTHERS.find(&lower).map(|(at, _)| at).find(starts);
    first.and_then(|at| segment.get(..at)).unwrap_or(segment)
}

/// A text with a mark in the place of each date that it tells.
pub(super) fn without_dates(text: &str) -> String {
    without(text, date::mentions(text, &date::Context::at(chrono::NaiveDateTime::default())))
}

/// A text with a mark in the place of each of its dates.
pub(super) fn without(text: &str, dates: impl IntoIterator<Item = date::Mention>) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    for mention in dates {
        plain.push_str(text.get(at..mention.range.start).unwrap_or_default());
        plain.push_str(" | ");
        at = mention.range.end;
    }
    plain.push_str(text.get(at..).unwrap_or_default());
    plain
}

/// What stands behind the words that say that the author follows. `None`: there are none.
fn behind_label(segment: &str) -> Option<&str> {
    // In lower case a text may be longer; then it is none of these.
    let lower = segment.to_lowercase();
    if lower.len() != segment.len() {
        return None;
    }
    let is_label = |(at, label): &(usize, &str)| {
        let before = lower.get(..*at).unwrap_or_default();
        let behind = lower.get(at + label.len()..).unwrap_or_default();
        let starts = before.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let ends = !label.ends_with(|c: char| c.is_ascii_alphabetic())
            || !behind.starts_with(|c: char| c.is_alphanumeric() || c == '-');
        // "Peter von Stein" is a name: the short words count only where a value begins.
        let alone = label.len() > 3 || *label == "by" || !before.contains(char::is_alphanumeric);
        // "Di Wang" and "Por Kanok" are names: with a capital, such a word is none where a single word follows.
        let name = GIVEN.contains(label) && segment.get(*at..).is_some_and(is_capital) && capitals(segment, *at) < 3;
        starts && ends && alone && !name
    };
    // Of each the first place counts, and of all the last.
    let mut seen: Vec<(usize, &str)> = Vec::new();
    for (at, label) in LABELS.find(&lower).filter(is_label) {
        if seen.iter().all(|(_, known)| *known != label) {
            seen.push((at, label));
        }
    }
    let rest = segment.get(seen.into_iter().map(|(at, label)| at + label.len()).max()?..)?;
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || ":：~".contains(c));
    // "By" may stand in an element of its own, and again before the name.
    let again = rest.split_once(' ').filter(|(word, _)| word.eq_ignore_ascii_case("by"));
    Some(before_label(again.map_or(rest, |(_, rest)| rest)))
}

/// A value without the next label of its line, and what that says: "张三 点击：12".
fn before_label(value: &str) -> &str {
    let next = value.find([':', '：']).and_then(|colon| value.get(..colon)?.trim_end().rfind(char::is_whitespace));
    next.and_then(|at| value.get(..at)).unwrap_or(value).trim_end()
}

/// The names in a value that holds nothing else.
fn people(value: &str) -> Vec<String> {
    let addressed = value.split_whitespace().filter(|word| !word.contains('@')).collect::<Vec<_>>().join(" ");
    let value = if value.contains('@') { addressed.as_str() } else { value };
    let value = before_role(value);
    let mut parts = vec![value];
    for separator in ["、", "；", ";", "，", "/"] {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    // "Ada Strand, Li Ming" are two; "Strand, Ada" and "Ada Strand, PhD" are one.
    let full = |part: &str| part.split_whitespace().count() >= 2 && part.split_whitespace().all(is_of_name);
    for word in JOINING.into_iter().chain(BETWEEN).map(|word| format!(" {word} ")) {
        // "Ada Strand y Deich" is one.
        let is_sure = JOINING.contains(&word.trim());
        let parts_names = |part: &str| is_sure || part.split(&word).all(|side| side.split(',').all(full));
        parts = parts
            .into_iter()
            .flat_map(|part| if parts_names(part) { part.split(&word).collect() } else { vec![part] })
            .collect();
    }
    let mut found: Vec<String> = Vec::new();
    // "School of Arts and Sciences" is one.
    let mut of_office = false;
    for part in parts {
        let mut pieces: Vec<&str> = part.split(',').map(str::trim).filter(|piece| !piece.is_empty()).collect();
        // "Ada Strand, TNN" and "Ada Strand / TNN" tell whom she writes for; of several such words each may be what she was awarded.
        let first = found.first().map(String::as_str).or(pieces.first().copied());
        if first.is_some_and(|first| full(first) && !is_loud(first)) && found.len().min(1) + pieces.len() == 2 {
            pieces.pop_if(|last| is_agency(last));
        }
        // "Strand, Ada" is a name; "Ada Strand and Jan Deich, Havenport" are two names and a place.
        let others = pieces.len().saturating_sub(1);
        if found.len() + others > 1
            && found.iter().map(String::as_str).chain(pieces.iter().take(others).copied()).all(full)
        {
            pieces.pop_if(|last| others > 0 && (is_agency(last) || is_lone_word(last)));
        }
        let several = pieces.len() > 1 && pieces.iter().all(|piece| full(piece));
        let joined = if several { Vec::new() } else { vec![pieces.join(", ")] };
        for name in pieces.into_iter().filter(|_| several).map(str::to_owned).chain(joined) {
            let name = name.trim_matches(|c: char| c.is_whitespace() || ",:：~-–—→\"“”*©[]【】《》".contains(c));
            let name = once(without_rank(without_trail(name)));
            // "Ada Strand / Gazette Staff Writers"
            if !found.is_empty() && tells_rank(name) {
                continue;
            }
            let name = if name.contains('(') { name } else { name.trim_end_matches(')') };
            let names = if chinese::is_chinese(name) { chinese::people(name) } else { None };
            for name in names.unwrap_or_else(|| vec![name.to_owned()]) {
                of_office = is_office(&name) || of_office && !is_full(&name) && !chinese::is_chinese(&name);
                if is_name(&name) && !of_office && !found.contains(&name) {
                    found.push(name);
                }
            }
        }
    }
    found
}

/// A value without what its people are, which stands behind a comma: "Ada Strand, Head of Media and Events".
fn before_role(value: &str) -> &str {
    let mut at = 0;
    for piece in value.split(',') {
        let is_role = piece.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| ROLES.contains(&word));
        if at > 0 && is_role {
            return value.get(..at - 1).unwrap_or(value);
        }
        at += piece.len() + 1;
    }
    value
}

/// A name without what follows it in its line: "Ada Strand in Research", "Ada Strand am Montag", "Ada Strand on behalf of all".
fn without_trail(name: &str) -> &str {
    let name = TRAILING.iter().find_map(|word| name.strip_suffix(word)).unwrap_or(name);
    let cut = [" on ", " am ", " in ", " In ", " aus ", " at ", " um ", " le "].iter().find_map(|word| {
        let (before, _) = name.split_once(word)?;
        (is_full(before) || matches!(*word, " on " | " am " | " In ") && is_capital(before) && !before.contains(' '))
            .then_some(before)
    });
    let name = cut.unwrap_or(name);
    // The end of a sentence, and none of "Jr.".
    match name.strip_suffix('.') {
        Some(bare)
            if bare
                .split(' ')
                .next_back()
                .is_some_and(|word| word.len() > 3 && word.chars().all(char::is_alphabetic)) =>
        {
            bare
        }
        _ => name,
    }
}

/// A name that is told twice, to be seen and to be heard, as it is told once.
fn once(name: &str) -> &str {
    let half = name.len() / 2;
    match (name.get(..half).map(str::trim), name.get(half..).map(str::trim)) {
        (Some(first), Some(second)) if first == second && first.contains(' ') => first,
        _ => name,
    }
}

/// Whether a text ends in what several people are: "Gazette Staff Writers". "Jan Dean" is a name.
fn tells_rank(text: &str) -> bool {
    let mut last = text.split_whitespace().rev().map(str::to_lowercase);
    let role = last.next().is_some_and(|word| ROLES.contains(&word.strip_suffix('s').unwrap_or(&word)));
    role && last.next().is_some_and(|word| RANKS.contains(&word.as_str()))
}

/// A name without what its bearer is, which stands behind it without a comma: "Ada Strand Senior Editor".
fn without_rank(name: &str) -> &str {
    let is_role = name.split_whitespace().next_back().is_some_and(|word| ROLES.contains(&word.to_lowercase().as_str()));
    let words = name.split(' ').count();
    let mut at = 0;
    for (place, word) in name.split(' ').enumerate().take(words - 1) {
        if is_role && place >= 2 && RANKS.contains(&word.to_lowercase().as_str()) {
            return name.get(..at).unwrap_or(name).trim_end();
        }
        at += word.len() + 1;
    }
    name
}

/// Whether a text is written in capitals alone.
fn is_loud(text: &str) -> bool {
    !text.contains(char::is_lowercase)
}

/// Whether a text is the short name of an agency or a station: "TNN", "tnn".
fn is_agency(text: &str) -> bool {
    let is_of = |fits: fn(&u8) -> bool| text.bytes().all(|byte| fits(&byte));
    let is_short = text.len() >= 3
        && (is_of(u8::is_ascii_uppercase) || is_of(u8::is_ascii_lowercase))
        && !DEGREES.contains(&text.to_uppercase().as_str());
    // "H2 ON"
    is_short || is_loud(text) && text.contains(|c: char| c.is_ascii_digit())
}

/// Whether a text is one word that may be the name of a place or an agency, and nothing that somebody was awarded.
fn is_lone_word(text: &str) -> bool {
    let is_plain = text.chars().all(char::is_alphabetic) && !text.chars().skip(1).any(char::is_uppercase);
    text.chars().count() >= 3 && (is_agency(text) || is_plain && !DEGREES.contains(&text.to_uppercase().as_str()))
}

/// Whether a word stands between the names of several people.
pub(super) fn joins(word: &str) -> bool {
    JOINING.contains(&word) || BETWEEN.contains(&word)
}

/// Whether a name is that of an office, a school or a company.
pub(super) fn is_office(name: &str) -> bool {
    let lower = name.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '.');
    chinese::is_office(name) || words.any(|word| OFFICES.contains(&word))
}

/// Words with capitals that follow each other from a place on.
fn capitals(text: &str, at: usize) -> usize {
    text.get(at..).unwrap_or_default().split_whitespace().take_while(|word| is_capital(word)).count()
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// Whether a word may stand in a full name: with a capital, also in brackets, or as "von" and "d'Arc" do.
fn is_of_name(word: &str) -> bool {
    is_capital(word.strip_prefix('(').unwrap_or(word))
        || PARTICLES.contains(&word)
        || word.ends_with('.')
        || ["d'", "d’"].iter().any(|of| word.starts_with(of))
}

/// Whether a text is two to four words with capitals, as full names are, and what may stand between these.
pub(super) fn is_full(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let ends = [words.next(), words.next_back()];
    ends.into_iter().all(|word| word.is_some_and(is_capital))
        && words.clone().all(is_of_name)
        && words.filter(|word| is_capital(word)).count() <= 2
}

/// Whether a text can be the name of somebody who writes.
fn is_name(text: &str) -> bool {
    const NONE: [&str; 46] = [
        "佚名", "admin", "administrator", "webmaster", "无", "none", "no author", "editor", "user", "guest",
        "anonymous", "unknown", "wordpressadmin", "root", "本站", "undefined", "null", "nan", "data", "mehr",
        "kontaktieren", "n/a", "am", "name", "未知", "匿名", "不详", "小编", "网络", "互联网", "网络整理", "转载",
        "原创", "本站原创", "本站编辑", "本网", "管理员", "系统管理员", "超级管理员", "网站管理员", "一覧", "twitter",
        "facebook", "instagram", "linkedin", "youtube",
    ];
    const WORDS: [&str; 38] = [
        "minutes", "share", "tweet", "about", "posts", "updated", "view", "follow", "comment", "comments", "published",
        "posted", "written", "author", "authors", "autor", "auteur", "checked", "advertisement", "email", "articles",
        "leave", "copyright", "learn", "subscribe", "website", "kommentare", "beiträge", "uhr", "lesezeit",
        "veröffentlicht", "publiziert", "archives", "by", "reviewed", "edited", "lesedauer", "minuten",
    ];
    // These are names, too: "Min Chen", "Thomas More".
    const EITHER: [&str; 6] = ["read", "min", "more", "bio", "see", "last"];
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let lower = text.to_lowercase();
    let ending = text.rsplit_once('.').map_or("", |(_, ending)| ending);
    // "Wei.Li" is nobody's host.
    let is_surname = is_capital(ending) && ending.chars().skip(1).all(char::is_lowercase);
    let is_host =
        !text.contains(' ') && (2..=3).contains(&ending.len()) && text.len() > ending.len() + 2 && !is_surname;
    let words = || lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let either = || words().filter(|word| EITHER.contains(word)).count();
    let says_other = words().any(|word| WORDS.contains(&word))
        || either() > 0
            && (either() == words().count() || !is_full(text) && !text.split(',').next().is_some_and(is_full));
    // "By author or title to search your content"
    let is_phrase = text.is_ascii() && lower == text && words().count() > 2;
    letters >= 2
        && !is_phrase
        && !text.ends_with('訳')
        && digits * 2 <= letters
        && width(text) <= LONGEST
        && lower.split_whitespace().count() <= 7
        && !is_host
        && !text.contains(['@', '<', '>', '{', '?', '!', '=', '|', '#', '%'])
        && !NONE.contains(&lower.as_str())
        && !says_other
}
