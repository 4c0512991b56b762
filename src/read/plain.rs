//! Front matter that is nothing but plain fields, as nearly all is: read at a tenth of the cost of all of YAML.

use serde_json::{Map, Value};

/// Fields that are written `key: words`, `key: "words"`, `key: 2026-03-12` or `key: [words, words]`. `None`: there is more to
/// the text than that, and YAML has to read it.
pub(super) fn fields(text: &str) -> Option<Map<String, Value>> {
    let mut fields = Map::new();
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        let (key, value) = line.split_once(": ")?;
        let value = value.trim_start();
        let value = if let Some(quoted) = value.strip_prefix('"') {
            let words = quoted.strip_suffix('"')?;
            let as_it_stands = !words.contains(['"', '\\']) && words.trim() == words && !has_control(words);
            Value::String(as_it_stands.then(|| words.to_owned())?)
        } else if let Some(list) = value.strip_prefix('[') {
            let list = list.strip_suffix(']')?.split(',').map(|word| words(word.trim()));
            Value::Array(list.collect::<Option<_>>()?)
        } else {
            words(value)?
        };
        let is_name = key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if !is_name || means_something(key) || fields.insert(key.to_owned(), value).is_some() {
            return None;
        }
    }
    Some(fields)
}

/// A plain scalar that is a text and nothing else (YAML 1.2.2 §7.3.3, §10.3.2).
fn words(text: &str) -> Option<Value> {
    let is_date = text.split_once('-').is_some_and(|(year, rest)| {
        year.len() == 4
            && year.bytes().all(|byte| byte.is_ascii_digit())
            && rest.starts_with(|c: char| c.is_ascii_digit())
    });
    let plain = (is_date || text.starts_with(char::is_alphabetic))
        && !text.contains([',', '[', ']', '{', '}', '#'])
        && !text.contains(": ")
        && !text.ends_with(':')
        && !has_control(text)
        && !means_something(text);
    plain.then(|| Value::String(text.to_owned()))
}

fn has_control(text: &str) -> bool {
    let odd = |c| matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    text.contains(|c: char| c.is_control() || odd(c))
}

/// Whether a word is one that YAML, in any version, takes for no text.
fn means_something(word: &str) -> bool {
    const WORDS: [&str; 11] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"];
    word.len() <= 5 && WORDS.iter().any(|taken| word.eq_ignore_ascii_case(taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_fields_are_what_yaml_says() {
        let in_full = |text: &str| crate::read::yaml::fields(text).ok();
        let values = [
            "Tide", "The tide: a report", "\"Tide: a report\"", "\"a \\n b\"", "\" a\"", "\"a\" b", "'Tide'",
            "2026-03-12", "2026-03-12T09:30:00Z", "2026-03-12 09:30", "2026", "1.5", "1234-x", "yes", "NO", "null",
            "~", "true", "on", "y", "nan", ".inf", "[Notices]", "[News, Open days]", "[a, [b]]", "[a, ]", "[]",
            "[a: b]", "[\"a\"]", "[1, 2]", "a # b", "a #", "a#b", "# b", "*a", "&a b", "!t a", "- a", "a:", "a: b",
            "a,b", "{a: b}", "新闻：公告", "a\tb", "0x1F", "e5", "é", "@a", "`a`", "%a", "|", ">", "a\u{85}b",
            "a\u{2028}b", "1990-1-1", "12345-1", "a]", "]", "a}", "?", "? a", "\"\"", "\"a\nb\"",
        ];
        let mut plain = 0;
        for value in values {
            for text in [
                format!("title: {value}\n"),
                format!("title:  {value}  \r\ndate: 2026-03-12\n\nauthor: YU Fang\n"),
                format!("title: {value}\n  more\n"),
                format!("title: {value}\nmore\n"),
                format!("title: a\ntitle: {value}\n"),
                format!("{value}: a\n"),
                format!("\n title: {value}"),
                format!("title: {value}\n---\n"),
                format!("title: {value}\n..."),
            ] {
                if let Some(fields) = fields(&text) {
                    assert_eq!(Some(fields), in_full(&text), "{text:?}");
                    plain += 1;
                }
            }
        }
        assert!(plain > 20, "{plain}");
    }
}
