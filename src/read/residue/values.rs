//! Tells whether a value is what its label says. A line of which it is not belongs to the story: "Source: a rock under the hill".

use super::{BUTTONS, Label, width};
use crate::read::{date, names};

/// Whether a value is what its label says, or none at all.
pub(super) fn is_meant(label: Label, value: &str) -> bool {
    if !value.contains(char::is_alphanumeric) {
        return true;
    }
    match label {
        Label::Published | Label::Date | Label::When => is_date(value, label),
        Label::Author | Label::Publisher | Label::Credit => is_name(value),
        Label::Counter => is_count(value),
        Label::Control => is_control(value),
        Label::Idle => true,
    }
}

/// Whether a value is a time of day and nothing else.
pub(super) fn is_clock(value: &str) -> bool {
    value.contains(':') && value.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | ' ' | '.'))
}

/// Whether a word beside a date says nothing that is not said by it: "Friday", "at", "CET", "updated".
pub(in crate::read) fn is_filler(word: &str) -> bool {
    const FILLERS: [&str; 31] = [
        "at", "on", "am", "pm", "um", "uhr", "le", "el", "à", "the", "h", "z", "utc", "gmt", "cet", "cest", "bst",
        "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "jst", "hrs", "last", "posted", "updated", "published",
    ];
    let word = word.to_lowercase();
    !word.contains(char::is_alphanumeric)
        || FILLERS.contains(&word.as_str())
        || date::weekday(&word).is_some()
        || word.strip_prefix("星期").or(word.strip_prefix('周')).or(word.strip_prefix('週')).is_some_and(|day| {
            day.chars().count() == 1 && day.contains(['一', '二', '三', '四', '五', '六', '日', '天'])
        })
}

/// The words of a text, at blanks and marks.
pub(in crate::read) fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_mark = |c: char| c.is_whitespace() || ",;|·•/&()（）[]【】、，；｜—–".contains(c);
    text.split(is_mark).map(|word| word.trim_matches(['.', ':', '：', '-', '~'])).filter(|word| !word.is_empty())
}

/// Whether a line tells whose page it is and how they are reached: "版权所有 © …", "地址：… 邮编：… 电话：…".
pub(in crate::read) fn is_of_owner(line: &str) -> bool {
    const MARKS: [&str; 6] = ["©", "版权所有", "版權所有", "all rights reserved", "icp备", "公网安备"];
    const REACHED: [&str; 14] = [
        "地址", "邮编", "邮政编码", "电话", "传真", "邮箱", "電話", "傳真", "技术支持", "address", "tel", "phone",
        "fax", "e-mail",
    ];
    let lower = line.to_lowercase();
    let is_label = |word: &&str| {
        let behind = lower.find(*word).and_then(|at| lower.get(at + word.len()..));
        behind.is_some_and(|behind| behind.trim_start().starts_with([':', '：']))
    };
    // "Copyright law is changing" is a sentence.
    let year = |behind: &str| behind.trim_start().starts_with(|c: char| c == '(' || c.is_ascii_digit());
    MARKS.iter().any(|mark| lower.contains(mark))
        || lower.strip_prefix("copyright").is_some_and(year)
        || REACHED.iter().filter(|word| is_label(word)).count() > 1
}

/// Whether a value is a day. Of one that may be any, beside it stands nothing; behind a label of publication, who published it.
fn is_date(value: &str, label: Label) -> bool {
    let context = date::Context::at(chrono::NaiveDateTime::default());
    let found: Vec<date::Mention> = date::mentions(value, &context).collect();
    let whole = |mention: &date::Mention| {
        mention.until.is_none() && (mention.manner != date::Manner::BareYear || mention.range == (0..value.len()))
    };
    let right = match found.as_slice() {
        [only] => whole(only),
        [] => false,
        several => label != Label::When && several.iter().all(whole),
    };
    let rest = names::without(value, found);
    let filled = words(&rest).all(is_filler);
    right && (filled || label != Label::When && (is_name(&rest) || is_count(&rest)))
}

/// Whether a value has the shape of names, of people or of those who publish, and is no sentence.
fn is_name(value: &str) -> bool {
    /// Words in names that are written small.
    const SMALL: &[&str] = &[
        "of", "and", "the", "for", "by", "in", "at", "von", "vom", "van", "der", "den", "de", "del", "di", "da", "du",
        "la", "und", "für", "et", "y", "zu", "zum", "zur", "am", "an", "im", "des", "les", "aux", "au", "degli",
        "della", "delle", "dello", "dei", "e", "do", "dos", "das", "och", "og", "af", "i", "na", "w", "te", "het",
        "voor",
    ];
    /// What a name in Chinese has not.
    const SAID: [char; 7] = ['的', '了', '是', '。', '！', '？', '：'];
    let plain = names::without_dates(value);
    let is_address = |word: &str| word.contains('@') || word.contains("://") || word.starts_with("www.");
    if value.split_whitespace().any(is_address) {
        return value.split_whitespace().count() <= 8;
    }
    // Between names stands no comma of sentences, unless they are as short as those of people.
    let listed = !plain.contains('，') || plain.split('，').all(|part| width(part.trim()) <= 8);
    if !listed || plain.contains(SAID) {
        return false;
    }
    let told: Vec<&str> = words(&plain).collect();
    let cased = |word: &&str| word.chars().next().is_some_and(char::is_lowercase);
    let small = told.iter().filter(|word| cased(word) && !SMALL.contains(word)).count();
    let named = told.iter().any(|word| word.contains(char::is_alphabetic) && !SMALL.contains(word) && !is_filler(word));
    let figures = told.iter().filter(|word| word.chars().all(|c| c.is_ascii_digit())).count();
    // An account may be written small: "admin".
    named && told.len() <= 12 && figures <= 1 && (small == 0 || told.len() == 1)
}

/// Whether a value is a number, or what stands for one until a script has filled it in.
fn is_count(value: &str) -> bool {
    /// What a number counts, or stands where none is yet.
    const COUNTED: [&str; 15] = [
        "min", "mins", "minute", "minutes", "times", "views", "read", "次", "人次", "loading", "评论", "comments", "k",
        "万", "分钟",
    ];
    value
        .split(|c: char| !c.is_alphabetic())
        .all(|word| word.is_empty() || COUNTED.contains(&word.to_lowercase().as_str()))
}

/// Whether a value is a row of buttons: places to share it at, sizes of letters.
fn is_control(value: &str) -> bool {
    const MORE: [&str; 17] = [
        "x", "line", "e-mail", "mail", "small", "medium", "large", "大", "中", "小", "reddit", "telegram", "xing",
        "pinterest", "instagram", "mastodon", "qq",
    ];
    let is_button = |word: &str| {
        let word = word.to_lowercase();
        BUTTONS.contains(&word.as_str()) || MORE.contains(&word.as_str()) || word.trim_matches(['+', '-']) == "a"
    };
    words(value).all(is_button)
}
