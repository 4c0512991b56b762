//! Is it the same story in another language? Words cannot tell; pictures, dates, numbers and names can.

use std::collections::BTreeSet;
use std::fmt;

use super::conflict::{is_year, month};
use super::shingle::Kind;
use super::story::{Story, Text};

/// Most days between the publication of a story and its translation.
const MOST_DAYS: i64 = 60;
/// From this one on a number is rare: below it there are days, months and counts of everything.
const RARE: u64 = 32;
/// From this one on a rare number tells more than a hundred does.
const VERY_RARE: u64 = 1000;
/// Most numbers and names that are told.
const MOST_TOLD: usize = 8;
/// Shortest name of a picture's file that is not given to many, characters.
const TELLING_NAME: usize = 8;

/// What tells whether a story is the translation of another.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// The story.
    pub story: &'a Story<'a>,
    /// BCP 47 tag of its language.
    pub language: Option<&'a str>,
    /// Address of its main picture.
    pub image: Option<&'a str>,
}

/// What two versions of a story in different languages share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Translation {
    /// The file of their main picture, by name.
    Picture(String),
    /// A day that both name, as month and day, and with it numbers and names in Latin letters.
    Facts(Day, Vec<String>),
}

/// A day of any year: month and day, from 1.
pub type Day = (u64, u64);

impl fmt::Display for Translation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Picture(name) => write!(f, "they have different languages and the same picture: {name}"),
            Self::Facts((month, day), facts) => {
                let facts = facts.join(", ");
                write!(f, "they have different languages, and both tell of day {day} of month {month} and of {facts}")
            }
        }
    }
}

/// Whether two stories are one in two languages. `None`, too, where that is likely but not sure: one language is not
/// known, they were published more than 60 days apart, or all they share are numbers that many share.
pub fn translation(one: &Version<'_>, other: &Version<'_>) -> Option<Translation> {
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    if primary(one.language?) == primary(other.language?) {
        return None;
    }
    let apart = one.story.published.zip(other.story.published).map(|(one, other)| (one - other).num_days().abs());
    if apart.is_some_and(|days| days > MOST_DAYS) {
        return None;
    }
    let pictures = one.image.and_then(picture).zip(other.image.and_then(picture));
    if let Some((name, _)) = pictures.filter(|(one, other)| one == other) {
        return Some(Translation::Picture(name));
    }
    let (left, right) = (Facts::of(&one.story.body), Facts::of(&other.story.body));
    let day = *left.days.intersection(&right.days).next()?;
    let years_agree = left.years.is_empty() || right.years.is_empty() || !left.years.is_disjoint(&right.years);
    let numbers: Vec<u64> = left.numbers.intersection(&right.numbers).copied().collect();
    let names: Vec<&&str> = left.names.intersection(&right.names).collect();
    let is_most = numbers.len() * 2 >= left.numbers.len().min(right.numbers.len());
    let weight =
        numbers.iter().map(|number| if *number >= VERY_RARE { 2 } else { 1 }).sum::<usize>() + names.len().min(2);
    if !years_agree || !is_most || numbers.is_empty() || weight < 3 {
        return None;
    }
    let told = numbers.iter().map(u64::to_string).chain(names.into_iter().map(|name| (*name).to_owned()));
    Some(Translation::Facts(day, told.take(MOST_TOLD).collect()))
}

/// The name of a picture's file, if it can be that of one story alone: no word, but a number or a hash.
fn picture(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    (name.chars().count() >= TELLING_NAME && digits >= 4).then_some(name)
}

/// What a text tells that is written alike in many languages.
#[derive(Debug, Default)]
struct Facts<'a> {
    days: BTreeSet<Day>,
    years: BTreeSet<u64>,
    numbers: BTreeSet<u64>,
    /// Words that have capitals beyond the first letter, such as acronyms.
    names: BTreeSet<&'a str>,
}

impl<'a> Facts<'a> {
    fn of(text: &'a Text<'_>) -> Self {
        let mut facts = Self::default();
        let word = |at: usize| text.tokens.get(at).map(|token| text.word(token)).unwrap_or_default();
        let number = |at: usize| word(at).parse::<u64>().ok();
        // "14 May", "14th of May", "May 14", "5月14日"; `at` is the month.
        let day_at = |at: usize| number(at).filter(|day| (1..=31).contains(day));
        let before = |at: usize| (1..=3).filter_map(|back| at.checked_sub(back)).find_map(day_at);
        for (at, token) in text.tokens.iter().enumerate() {
            let day = match token.kind {
                Kind::Number if word(at + 1) == "月" => number(at).zip(day_at(at + 2)),
                Kind::Word => month(word(at)).map(|month| month as u64).zip(day_at(at + 1).or_else(|| before(at))),
                _ => None,
            };
            if let Some(day) = day.filter(|(month, _)| (1..=12).contains(month)) {
                facts.days.insert(day);
            }
            if let Some(value) = number(at).filter(|_| token.kind == Kind::Number) {
                let set = if is_year(word(at)) { &mut facts.years } else { &mut facts.numbers };
                set.extend(Some(value).filter(|value| *value >= RARE));
            }
            let capitals = word(at).chars().skip(1).filter(char::is_ascii_uppercase).count();
            if token.kind == Kind::Word && capitals > 0 && word(at).is_ascii() {
                facts.names.insert(word(at));
            }
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    const ENGLISH: &str = "On 14 May 2024 Linjiang University opened its COASTAL forum in room 301. Among the 128 guests from 42 \
                           institutes was the president of the ICSE. A wave tank for 3200 litres was shown.";
    const CHINESE: &str = "2024年5月14日，临江大学在301报告厅举行滨海论坛（COASTAL），来自42个研究所的128位嘉宾出席，国际学会ICSE主席到会，\
                           并展示了3200升的波浪水槽。";

    fn linked(one: (&str, &str, Option<&str>, i64), other: (&str, &str, Option<&str>, i64)) -> Option<Translation> {
        let story = |(text, _, _, day): (&'static str, &str, Option<&str>, i64)| {
            Story::of("", text, DateTime::from_timestamp(1_700_000_000 + day * 86_400, 0))
        };
        let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
        let (left, right) =
            (story((leak(one.0), one.1, one.2, one.3)), story((leak(other.0), other.1, other.2, other.3)));
        let one = Version { story: &left, language: Some(one.1), image: one.2 };
        let other = Version { story: &right, language: Some(other.1), image: other.2 };
        let found = translation(&one, &other);
        assert_eq!(translation(&other, &one), found);
        found
    }

    #[test]
    fn one_day_and_its_numbers_link_a_translation() {
        let found = linked((ENGLISH, "en", None, 0), (CHINESE, "zh-Hans", None, 2)).expect("a translation");
        assert!(found.to_string().contains("day 14 of month 5 and of 42, 128, 301, 3200, COASTAL, ICSE"), "{found}");
        assert_eq!(linked((ENGLISH, "en", None, 0), (ENGLISH, "en-GB", None, 0)), None);
        assert_eq!(linked((ENGLISH, "en", None, 0), (CHINESE, "zh", None, 90)), None);
        for other in [CHINESE.replace("2024", "2023"), CHINESE.replace("14日", "15日")] {
            assert_eq!(linked((ENGLISH, "en", None, 0), (&other, "zh", None, 0)), None, "{other}");
        }
        let other = CHINESE.replace("301", "405").replace("128", "96").replace("3200", "88").replace("42", "57");
        assert_eq!(linked((ENGLISH, "en", None, 0), (&other, "zh", None, 0)), None);
        // A day and one number that many tell.
        let little = ("On 14 May 50 students came.", "5月14日，50名学生参加。");
        assert_eq!(linked((little.0, "en", None, 0), (little.1, "zh", None, 0)), None);
    }

    #[test]
    fn one_picture_links_a_translation() {
        let at = |host: &str, name: &str| format!("https://{host}.example/images/{name}?w=600");
        let linked_by = |name: &str, other: &str| {
            let (one, other) = (at("en", name), at("zh", other));
            linked(("A short text.", "en", Some(&one), 0), ("一段文字。", "zh", Some(&other), 0))
        };
        assert_eq!(
            linked_by("IMG_20240514.jpg", "img_20240514.jpg"),
            Some(Translation::Picture("img_20240514.jpg".to_owned()))
        );
        assert_eq!(linked_by("IMG_20240514.jpg", "IMG_20240515.jpg"), None);
        assert_eq!(linked_by("default-banner.jpg", "default-banner.jpg"), None);
    }
}
