//! Words of the calendar: months, days of the week, years.

use super::shingle::Token;
use super::story::Text;

/// Whether a word may be that of a month, by its first two letters: most of all words are none.
fn begins_like_a_month(word: &str) -> bool {
    let [first, second] = word.as_bytes().first_chunk().copied().unwrap_or_default();
    let first = first.to_ascii_lowercase();
    let seconds: &[u8] = match first {
        b'j' => b"au",
        b'a' => b"pvbugo",
        b'f' | b's' => b"e",
        b'm' => b"a",
        b'o' => b"ck",
        b'n' => b"o",
        b'd' => b"ei",
        b'e' => b"n",
        _ => return false,
    };
    // What is not of ASCII may be a letter with an accent.
    !second.is_ascii() || seconds.contains(&second.to_ascii_lowercase())
}

/// The months in English, German, French and Spanish.
const MONTHS: [&str; 12] = [
    "january januar janvier enero",
    "february februar février febrero",
    "march märz mars marzo",
    "april avril abril",
    "may mai mayo",
    "june juni juin junio",
    "july juli juillet julio",
    "august août agosto",
    "september septembre septiembre",
    "october oktober octobre octubre",
    "november novembre noviembre",
    "december dezember décembre diciembre",
];

/// The month that a word names, in full or, in English, by three letters. `None`, too, for "may" and "march" in lower case.
pub(super) fn month(word: &str) -> Option<usize> {
    if !begins_like_a_month(word) {
        return None;
    }
    let lower = word.to_lowercase();
    let is_verb = matches!(word, "may" | "march" | "mars" | "mar" | "sep" | "dec");
    let named = |names: &str| {
        names.split(' ').any(|name| name == lower) || (lower.len() == 3 || lower == "sept") && names.starts_with(&lower)
    };
    MONTHS.iter().position(|names| !is_verb && named(names)).map(|at| at + 1)
}

/// The days of the week in English, German, French and Spanish, and the last character of their Chinese names.
const WEEKDAYS: [(&str, &str); 7] = [
    ("monday montag lundi lunes", "一"),
    ("tuesday dienstag mardi martes", "二"),
    ("wednesday mittwoch mercredi miércoles", "三"),
    ("thursday donnerstag jeudi jueves", "四"),
    ("friday freitag vendredi viernes", "五"),
    ("saturday samstag samedi sábado", "六"),
    ("sunday sonntag dimanche domingo", "日天"),
];

/// The day of the week that a word names in full.
pub(super) fn weekday(word: &str) -> Option<usize> {
    let lower = word.to_lowercase();
    WEEKDAYS.iter().position(|(names, _)| names.split(' ').any(|name| name == lower)).map(|at| at + 1)
}

/// Whether two words name different months, or different days of the week.
pub(super) fn is_other_day(one: &str, other: &str) -> bool {
    let are_other =
        |named: fn(&str) -> Option<usize>| named(one).zip(named(other)).is_some_and(|(one, other)| one != other);
    are_other(month) || are_other(weekday)
}

/// The day of the week that a character names behind 周, 星期 or 礼拜, given the tokens before it.
pub(super) fn weekday_behind(before: &[Token], text: &Text<'_>, character: &str) -> Option<usize> {
    let is_week = match before {
        [.., one, last] if matches!(text.word(last), "期" | "拜") => matches!(text.word(one), "星" | "礼"),
        [.., last] => text.word(last) == "周",
        [] => false,
    };
    WEEKDAYS.iter().position(|(_, names)| is_week && names.contains(character)).map(|at| at + 1)
}

/// Whether a number is a year of the last two centuries.
pub(super) fn is_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_told_by_their_beginning() {
        for (number, names) in MONTHS.iter().enumerate() {
            let short = names.get(..3).expect("three letters");
            for name in names.split(' ').chain([short]) {
                let upper = name.to_uppercase();
                assert!(begins_like_a_month(name) && begins_like_a_month(&upper), "{name}");
                assert_eq!(month(&upper), Some(number + 1), "{name}");
            }
        }
        assert_eq!((month("SEPT"), month("o\u{212a}tober")), (Some(9), Some(10)));
        assert_eq!([month(""), month("d"), month("may"), month("de"), month("the"), month("月")], [None; 6]);
    }
}
