//! Is it the same story in another language? Words cannot tell; what their publishers say, pictures, dates, numbers and names can.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{Datelike as _, NaiveDate};

use super::calendar::{is_year, month};
use super::shingle::{Kind, Token};
use super::sketch::mix;
use super::story::{Story, Text};
use crate::item::{CanonicalUrl, Item, link};

/// Most days between the publication of a story and its translation.
const MOST_DAYS: i64 = 60;
/// The same where all they share is a picture, which may be shown again.
const PICTURE_DAYS: i64 = 14;
/// From this one on a number is rare: below it there are days, months and counts of everything.
const RARE: u64 = 32;
/// From this one on a rare number tells more than a hundred does.
const VERY_RARE: u64 = 1000;
/// Least weight of numbers and names that tell a story.
const TELLING: usize = 3;
/// Most numbers and names that are told.
const MOST_TOLD: usize = 8;
/// Shortest name of a picture's file that is not given to many, characters.
const TELLING_NAME: usize = 8;
/// Days of a text, and numbers beside each, that it is found by.
const FOUND_BY: (usize, usize) = (2, 3);

/// What tells whether a story is the translation of another.
#[derive(Clone, Debug)]
pub struct Version<'a> {
    story: &'a Story<'a>,
    /// Primary subtag of its language (BCP 47), in lower case.
    language: Option<String>,
    /// Name of the file of its main picture, if it tells one.
    picture: Option<String>,
    /// Its address. As text: few are ever compared with another.
    link: Option<&'a str>,
    /// The addresses at which its publisher says that it stands in other languages, without what may change.
    named: Vec<String>,
}

/// What two versions of a story in different languages share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Translation {
    /// One of them names the other as its version in another language.
    Named,
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
            Self::Named => write!(f, "one of them says that the other is it in another language"),
            Self::Picture(name) => write!(f, "they have different languages and the same picture: {name}"),
            Self::Facts((month, day), facts) => {
                let facts = facts.join(", ");
                write!(f, "they have different languages, and both tell of day {day} of month {month} and of {facts}")
            }
        }
    }
}

impl<'a> Version<'a> {
    /// An item, and the story that was made of it.
    pub fn of(item: &'a Item, story: &'a Story<'a>) -> Self {
        Self {
            story,
            language: item.language.as_deref().map(primary),
            picture: item.image.as_deref().and_then(picture),
            link: item.link.as_ref().map(CanonicalUrl::as_str),
            named: item.siblings.iter().filter_map(|sibling| link::bare(&sibling.url)).collect(),
        }
    }

    /// The part of its language that tells it from others. `None`: its language is not known.
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// Its address without what may change while the page stays the same.
    fn own(&self) -> Option<String> {
        link::bare(&self.link?.parse().ok()?)
    }

    /// Hashes of what its translations may be found by: each has one of them, too. Few, and none for most stories.
    pub fn hints(&self) -> Vec<u32> {
        let mut hints = Vec::new();
        if self.language.is_none() {
            return hints;
        }
        // Versions that name each other all name the same, but for themselves.
        if let Some(least) = self.named.iter().min() {
            let own = self.own();
            hints.push(hint(1, own.as_ref().map_or(least, |own| own.min(least)).as_bytes()));
        }
        hints.extend(self.picture.as_ref().map(|name| hint(2, name.as_bytes())));
        let Some(published) = self.story.published else { return hints };
        let facts = Facts::of(&self.story.body);
        let are_telling = |names: usize| weight(facts.numbers.iter(), names) >= TELLING;
        // Most stories tell no day, or no number that is rare.
        let tells = !facts.days.is_empty() && !facts.numbers.is_empty();
        if !tells || !are_telling(0) && !are_telling(names(&self.story.body).len()) {
            return hints;
        }
        // Those with the least hashes: where most are the same, so is one of these.
        let days = facts.days.iter().filter_map(|day| near(*day, published.date_naive()));
        let days = least(days.map(|day| hint(3, &day.to_le_bytes())), FOUND_BY.0);
        let numbers = least(facts.numbers.iter().map(|number| hint(4, &number.to_le_bytes())), FOUND_BY.1);
        for day in days {
            hints.extend(numbers.iter().map(|number| hint(5, &[day.to_le_bytes(), number.to_le_bytes()].concat())));
        }
        hints
    }
}

/// Hash of what is shared, of a kind.
fn hint(kind: u64, bytes: &[u8]) -> u32 {
    let hash = bytes.chunks(8).fold(kind, |hash, bytes| {
        mix(hash ^ bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))).wrapping_add(kind)
    });
    u32::try_from(mix(hash) >> 32).unwrap_or_default()
}

/// The least of some numbers, in order.
fn least(numbers: impl Iterator<Item = u32>, most: usize) -> Vec<u32> {
    let mut numbers: Vec<u32> = numbers.collect();
    numbers.sort_unstable();
    numbers.truncate(most);
    numbers
}

/// The day of any year that is nearest to another, as days since the year 1.
fn near((month, day): Day, to: NaiveDate) -> Option<i32> {
    let of = |year| NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?);
    let days = (to.year() - 1..=to.year() + 1).filter_map(of);
    days.min_by_key(|day| (*day - to).num_days().abs()).map(|day| day.num_days_from_ce())
}

fn primary(tag: &str) -> String {
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
}

/// How much numbers and names tell.
fn weight<'a>(numbers: impl Iterator<Item = &'a u64>, names: usize) -> usize {
    numbers.map(|number| if *number >= VERY_RARE { 2 } else { 1 }).sum::<usize>() + names.min(2)
}

/// Whether two stories are one in two languages. `None`, too, where that is likely but not sure: one language is not
/// known, they were published more than 60 days apart, or all they share are numbers that many share.
pub fn translation(one: &Version<'_>, other: &Version<'_>) -> Option<Translation> {
    if one.language.as_ref()? == other.language.as_ref()? {
        return None;
    }
    let is_named = |one: &Version<'_>, other: &Version<'_>| {
        !one.named.is_empty() && other.own().is_some_and(|own| one.named.contains(&own))
    };
    if is_named(one, other) || is_named(other, one) {
        return Some(Translation::Named);
    }
    let published = one.story.published.zip(other.story.published);
    let apart = published.map_or(0, |(one, other)| (one - other).num_days().abs());
    if apart > MOST_DAYS {
        return None;
    }
    let pictures = one.picture.as_ref().zip(other.picture.as_ref());
    if let Some((name, _)) = pictures.filter(|(one, other)| apart <= PICTURE_DAYS && one == other) {
        return Some(Translation::Picture(name.clone()));
    }
    let (left, right) = (Facts::of(&one.story.body), Facts::of(&other.story.body));
    let day = *left.days.intersection(&right.days).next()?;
    let years_agree = left.years.is_empty() || right.years.is_empty() || !left.years.is_disjoint(&right.years);
    let numbers: Vec<u64> = left.numbers.intersection(&right.numbers).copied().collect();
    let (ours, theirs) = (names(&one.story.body), names(&other.story.body));
    let names: Vec<&&str> = ours.intersection(&theirs).collect();
    let is_most = numbers.len() * 2 >= left.numbers.len().min(right.numbers.len());
    if !years_agree || !is_most || numbers.is_empty() || weight(numbers.iter(), names.len()) < TELLING {
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
struct Facts {
    days: BTreeSet<Day>,
    years: BTreeSet<u64>,
    numbers: BTreeSet<u64>,
}

impl Facts {
    fn of(text: &Text<'_>) -> Self {
        let mut facts = Self::default();
        let word = |at: usize| text.tokens.get(at).map(|token| text.word(token)).unwrap_or_default();
        let number = |at: usize| {
            let token = text.tokens.get(at).filter(|token| token.kind == Kind::Number)?;
            text.word(token).parse::<u64>().ok()
        };
        // "14 May", "14th of May", "May 14", "5月14日"; `at` is the month.
        let day_at = |at: usize| number(at).filter(|day| (1..=31).contains(day));
        let before = |at: usize| (1..=3).filter_map(|back| at.checked_sub(back)).find_map(day_at);
        let is_number = |at: usize| text.tokens.get(at).is_some_and(|token| token.kind == Kind::Number);
        // Where the next word stands that has no number close before it.
        let mut alone = 0;
        for (at, token) in text.tokens.iter().enumerate() {
            let day = match token.kind {
                Kind::Number => {
                    alone = at + 4;
                    if let Some(value) = number(at) {
                        let set = if is_year(word(at)) { &mut facts.years } else { &mut facts.numbers };
                        set.extend(Some(value).filter(|value| *value >= RARE));
                    }
                    if word(at + 1) == "月" { number(at).zip(day_at(at + 2)) } else { None }
                }
                // Few words have a number beside them.
                Kind::Word if at < alone || is_number(at + 1) => {
                    let day = day_at(at + 1).or_else(|| before(at));
                    day.and_then(|day| Some((month(word(at))? as u64, day)))
                }
                Kind::Word | Kind::Character => None,
            };
            if let Some(day) = day.filter(|(month, _)| (1..=12).contains(month)) {
                facts.days.insert(day);
            }
        }
        facts
    }
}

/// The words of a text that have capitals beyond the first letter, such as acronyms.
fn names<'a>(text: &'a Text<'_>) -> BTreeSet<&'a str> {
    // Without early exit, for words are short.
    let has_capitals =
        |token: &&Token| text.behind_first(token).iter().fold(false, |found, byte| found | byte.is_ascii_uppercase());
    let words = text.tokens.iter().filter(|token| token.kind == Kind::Word).filter(has_capitals);
    words.map(|token| text.word(token)).filter(|word| word.is_ascii()).collect()
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
        let story = |text, day: i64| Story::of("", text, DateTime::from_timestamp(1_715_700_000 + day * 86_400, 0));
        let (left, right) = (story(one.0, one.3), story(other.0, other.3));
        let version = |story, (_, language, image, _): (&str, &str, Option<&str>, i64)| Version {
            story,
            language: Some(primary(language)),
            picture: image.and_then(picture),
            link: None,
            named: Vec::new(),
        };
        let (one, other) = (version(&left, one), version(&right, other));
        let found = translation(&one, &other);
        assert_eq!(translation(&other, &one), found);
        let (hints, others) = (one.hints(), other.hints());
        assert!(found.is_none() || hints.iter().any(|hint| others.contains(hint)), "{hints:?} {others:?}");
        found
    }

    #[test]
    fn the_day_stands_close_to_the_month() {
        let days = |text: &str| {
            let story = Story::of("", text, None);
            Facts::of(&story.body).days.into_iter().collect::<Vec<_>>()
        };
        for text in ["14 May the", "May 14 the", "14th of May the", "14 the of May", "May 14"] {
            assert_eq!(days(text), [(5, 14)], "{text}");
        }
        for text in ["14 in the year of May the", "May the 14", "32 May the", "May"] {
            assert_eq!(days(text), [], "{text}");
        }
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

    #[test]
    fn versions_that_are_named_are_linked_whatever_they_say() {
        let story = Story::of("", "A short text.", None);
        let version = |language: &str, link: &'static str, named: &[&str]| Version {
            story: &story,
            language: Some(primary(language)),
            picture: None,
            link: Some(link),
            named: named.iter().map(|address| (*address).to_owned()).collect(),
        };
        let (english, chinese) =
            (version("en", "https://a.example/en/1", &["a.example/1"]), version("zh", "https://a.example/1", &[]));
        assert_eq!(translation(&english, &chinese), Some(Translation::Named));
        assert_eq!(translation(&chinese, &english), Some(Translation::Named));
        assert_eq!(translation(&english, &version("zh", "https://a.example/2", &[])), None);
        assert_eq!(translation(&english, &version("en-GB", "https://a.example/1", &[])), None);
        // Those that name each other are found by one hint.
        let french = version("fr", "https://a.example/fr/1", &["a.example/1", "a.example/en/1"]);
        let all = version("en", "https://a.example/en/1", &["a.example/fr/1", "a.example/1"]);
        assert_eq!(french.hints(), all.hints());
        assert!(chinese.hints().is_empty());
    }

    #[test]
    fn a_day_is_that_of_the_year_which_is_near() {
        let on = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).expect("a day");
        assert_eq!(near((12, 30), on(2025, 1, 3)), Some(on(2024, 12, 30).num_days_from_ce()));
        assert_eq!(near((1, 2), on(2024, 12, 30)), Some(on(2025, 1, 2).num_days_from_ce()));
        assert_eq!(near((2, 29), on(2025, 2, 1)), Some(on(2024, 2, 29).num_days_from_ce()));
        assert_eq!(near((2, 31), on(2025, 2, 1)), None);
    }
}
