//! What a list glues to its titles and is no part of them: the day, a counter, the number of the row, a word like "new".

use std::collections::HashSet;

use scraper::ElementRef;
use serde::{Deserialize, Serialize};

use super::super::date::{self, Context, Manner, Mention};
use super::super::feed::Text;
use super::super::residue;
use super::entry::Found;
use super::label::Label;
use super::title::{BETWEEN, is_label};
use super::words::{self, Dated};
use crate::draft::{Doubt, Precision};

/// Titles from which on what they share is told.
const LEAST: usize = 3;
/// Words that a title has at least when what is glued to it is gone.
const SHORTEST: f32 = 1.5;
/// Words before a day that make it a part of the title.
const JOINING: [&str; 28] = [
    "of", "on", "at", "for", "from", "to", "in", "by", "until", "am", "vom", "von", "bis", "ab", "der", "den", "le",
    "du", "au", "el", "del", "al", "de", "dal", "il", "op", "van", "per",
];
/// Elements in a title that are looked at.
const MOST_PARTS: usize = 20;
/// What stands around a day or a counter.
const OPENING: [char; 5] = ['(', '（', '[', '［', '【'];
const CLOSING: [char; 5] = [')', '）', ']', '］', '】'];

/// What the titles of one list have glued to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Glue {
    day: Option<Side>,
    is_counted: bool,
    is_numbered: bool,
    is_shouted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Side {
    Before,
    Behind,
}

impl Glue {
    /// What most titles of a list have, and none needs: they differ without, too. A day is glued where it is not to come,
    /// and no other is told beside the title.
    pub(super) fn of(found: &[Found<'_>], context: &Context) -> Self {
        let titled = found.iter().filter_map(|found| Some((found, found.entry.facts.title.as_ref().map(Text::line)?)));
        let titled: Vec<(&Found<'_>, String)> = titled.collect();
        let titles: Vec<&str> = titled.iter().map(|(_, title)| title.as_str()).collect();
        let differ = |glue: Self| glue.leaves_apart(&titles, context);
        let is_often = |times: usize, least: usize| times >= least && times * 3 >= titles.len() * 2;
        let mut glue = Self::default();
        let counted: Vec<&str> = titles.iter().filter_map(|title| title.strip_prefix(counter(title)?)).collect();
        let are_other = counted.iter().collect::<HashSet<_>>().len() > 1;
        glue.is_counted = are_other && counted.len() >= LEAST && counted.len() * 2 >= titles.len();
        glue.is_counted &= differ(glue);
        // A lone title may call out itself.
        // What begins most of them is a name: "NEU Students Win", of Northeastern University.
        let shouted = titles.iter().filter(|title| in_capitals(title).is_some()).count();
        glue.is_shouted = shouted >= 2 && shouted * 3 <= titles.len();
        glue.is_shouted &= differ(glue);
        let tomorrow = context.now.date().succ_opt();
        let is_own = |(found, title): &&(&Found<'_>, String), tried: Self| {
            let day = tried.parted(title, context).1.and_then(|day| day.when.first_day());
            let told = found.dated.as_ref().and_then(|dated| words::day(dated.when));
            day.is_some_and(|day| tomorrow.is_some_and(|tomorrow| day <= tomorrow)) && (told.is_none() || told == day)
        };
        let dated = |glue: Self| {
            let tries = [Side::Before, Side::Behind].map(|side| Self { day: Some(side), ..glue });
            let is_dated = |tried: &Self| is_often(titled.iter().filter(|told| is_own(told, *tried)).count(), 2);
            tries.into_iter().find(|tried| is_dated(tried) && differ(*tried))
        };
        let numbered = Self { is_numbered: titles.len() >= LEAST && are_counted_up(&titles), ..glue };
        // A day begins with a number, too.
        dated(glue).unwrap_or_else(|| {
            let is_day = |title: &&str| day(title, Side::Before, context).is_some();
            let is_numbered = numbered.is_numbered && !titles.iter().any(is_day) && differ(numbered);
            if is_numbered { dated(numbered).unwrap_or(numbered) } else { glue }
        })
    }

    /// That of one list which was told at another time, too. What is told now goes before it: the day may have moved to the other
    /// side, and where not all titles are numbered any more, a number is of its title. So is all by which titles are told apart now.
    pub(super) fn and(self, now: Self, found: &[Found<'_>], context: &Context) -> Self {
        let titles: Vec<String> =
            found.iter().filter_map(|found| found.entry.facts.title.as_ref().map(Text::line)).collect();
        let both = Self {
            day: now.day.or(self.day),
            is_counted: self.is_counted || now.is_counted,
            is_numbered: now.is_numbered || self.is_numbered && titles.iter().all(|title| numbered(title).is_some()),
            is_shouted: self.is_shouted || now.is_shouted,
        };
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        if both.leaves_apart(&titles, context) { both } else { now }
    }

    /// Whether titles that differ do so without what is glued to them.
    fn leaves_apart(self, titles: &[&str], context: &Context) -> bool {
        let parted: HashSet<&str> = titles.iter().map(|title| self.parted(title, context).0).collect();
        parted.len() == titles.iter().collect::<HashSet<_>>().len()
    }

    /// A title without what is glued to it, and the day that is.
    pub(super) fn parted<'t>(self, title: &'t str, context: &Context) -> (&'t str, Option<Dated>) {
        let mut rest = title;
        if self.is_shouted {
            rest = in_capitals(rest).unwrap_or(rest);
        }
        if self.is_numbered {
            rest = numbered(rest).map_or(rest, |(_, rest)| rest);
        }
        if self.is_counted {
            rest = counter(rest).unwrap_or(rest);
        }
        match self.day.and_then(|side| day(rest, side, context)) {
            Some((rest, day)) => (rest, Some(day)),
            None => (rest, None),
        }
    }
}

/// What stands before the counter at the end of a title: "(12)", "[浏览:12]". A year is none.
fn counter(title: &str) -> Option<&str> {
    let inside = title.trim_end().strip_suffix(CLOSING)?;
    let (before, inside) = inside.rsplit_once(OPENING)?;
    let number = inside.trim().trim_start_matches(|c: char| !c.is_ascii_digit());
    let name = inside.trim().strip_suffix(number)?.trim_end_matches([':', '：', ' ']);
    let is_named = name.is_empty() || NAMES.contains(&name.to_lowercase().as_str());
    let count: u32 = number.parse().ok()?;
    let is_year = name.is_empty() && (1900..2100).contains(&count);
    (is_named && !is_year).then(|| before.trim_end()).filter(|before| words::units(before) >= SHORTEST)
}

/// What is counted beside titles.
const NAMES: [&str; 16] = [
    "views", "hits", "comments", "clicks", "reads", "浏览", "浏览次数", "点击", "点击数", "点击率", "阅读", "点击次数",
    "阅读次数", "人气", "조회", "댓글",
];

/// The number that a title begins with, and the rest.
fn numbered(title: &str) -> Option<(u32, &str)> {
    let rest = title.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = title.strip_suffix(rest)?;
    let behind = rest.trim_start_matches(['.', ')', '、', '．', ':', ' ']);
    // "12 students win": what goes on in small letters is a sentence. "11:09", "3.5" are one number.
    let is_sentence = behind.starts_with(char::is_lowercase) && rest.trim_start() == behind;
    let goes_on = is_sentence || !rest.starts_with(' ') && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    let is_apart = behind.len() < rest.len() && !goes_on && words::units(behind) >= SHORTEST && number.len() <= 3;
    Some((number.parse().ok().filter(|_| is_apart)?, behind))
}

/// Whether numbers stand before titles that count them, up or down.
fn are_counted_up(titles: &[&str]) -> bool {
    let numbers: Option<Vec<u32>> = titles.iter().map(|title| Some(numbered(title)?.0)).collect();
    numbers.is_some_and(|numbers| {
        let mut pairs = numbers.windows(2);
        let is_step = |pair: &[u32], step: i64| matches!(pair, [a, b] if i64::from(*b) - i64::from(*a) == step);
        pairs.clone().all(|pair| is_step(pair, 1)) || pairs.all(|pair| is_step(pair, -1))
    })
}

/// A title without the day at one side of it, and that day.
fn day<'t>(title: &'t str, side: Side, context: &Context) -> Option<(&'t str, Dated)> {
    let is_mark = |c: char| c.is_whitespace() || BETWEEN.contains(c) || OPENING.contains(&c) || CLOSING.contains(&c);
    let mut mentions = date::mentions(title, context).filter(is_day);
    let (mention, rest) = match side {
        Side::Before => {
            let mention = mentions.next()?;
            let (before, behind) = (title.get(..mention.range.start)?, title.get(mention.range.end..)?);
            let behind = behind.trim_start().strip_prefix("Uhr").unwrap_or(behind);
            let rest = behind.trim_start_matches(is_mark);
            // "10 May 2026 is the day": what goes on in small letters is a sentence.
            let goes_on = rest.starts_with(char::is_lowercase) && behind.trim_start() == rest;
            (mention, Some(rest).filter(|_| before.chars().all(is_mark) && !goes_on)?)
        }
        Side::Behind => {
            let mention = mentions.last()?;
            let (before, behind) = (title.get(..mention.range.start)?, title.get(mention.range.end..)?);
            let rest = without_date_label(before).unwrap_or(before).trim_end_matches(is_mark);
            let raw = title.get(mention.range.clone())?;
            let word = rest.rsplit(char::is_whitespace).next()?;
            let is_joined = JOINING.contains(&word.to_lowercase().as_str());
            // A day in words, or one without its year, is glued only where a mark says so.
            let is_plain = before.trim_end() == rest;
            let is_sure = !is_plain
                || !is_joined
                    && mention.manner != Manner::YearInferred
                    && !raw.chars().any(|c| c.is_ascii_alphabetic());
            let is_apart = rest.len() < before.len() && !before.trim_end().ends_with(',');
            (mention, Some(rest).filter(|_| behind.chars().all(is_mark) && is_apart && is_sure)?)
        }
    };
    if words::units(rest) < SHORTEST {
        return None;
    }
    let raw = title.get(mention.range.clone())?.to_owned();
    let doubt = match mention.manner {
        Manner::EitherOrder => Doubt::Order,
        Manner::YearInferred if context.year.is_none() => Doubt::Year,
        _ => Doubt::None,
    };
    Some((rest, Dated { when: mention.when, raw, doubt, label: Label::None, alone: true, holder: None }))
}

/// What stands before the label that a text ends in: "Title 发布时间：".
fn without_date_label(text: &str) -> Option<&str> {
    let labelled = text.trim_end().strip_suffix([':', '：'])?.trim_end();
    let label = labelled.rsplit(|c: char| c.is_whitespace() || OPENING.contains(&c)).next()?;
    let is_known = residue::is_page_label(&label.to_lowercase());
    labelled.strip_suffix(label).filter(|rest| is_known && !rest.trim().is_empty())
}

fn is_day(mention: &Mention) -> bool {
    matches!(mention.manner, Manner::Written | Manner::EitherOrder | Manner::YearInferred)
        && mention.when.precision() >= Precision::Day
        && mention.until.is_none()
}

/// A title without a word like "new" at its ends, in an element of its own or in brackets.
pub(super) fn without_label<'t>(title: &'t str, holder: Option<ElementRef<'_>>) -> &'t str {
    let inside = holder.into_iter().flat_map(|holder| holder.descendent_elements().skip(1).take(MOST_PARTS));
    let badges: Vec<String> = inside
        .filter(|part| part.child_elements().next().is_none())
        .map(|part| (part, words::line(part)))
        .filter(|(part, text)| is_badge(text) && (text.chars().count() <= 2 || !is_emphasis(*part)))
        .map(|(_, text)| text)
        .collect();
    let mut rest = title.trim();
    for badge in &badges {
        // The first letter of a title may be set apart, and its last may be that of a badge before it.
        let behind = rest.strip_suffix(badge.as_str());
        let behind = behind.filter(|cut| !cut.ends_with(|c: char| c.is_ascii_alphanumeric()));
        let before = rest.strip_prefix(badge.as_str()).filter(|cut| !cut.starts_with(char::is_lowercase));
        rest = behind.or(before).map_or(rest, str::trim);
    }
    let cut = bracketed(rest).unwrap_or(rest).trim_end_matches(|c: char| c.is_whitespace() || OPENING.contains(&c));
    if words::units(cut) >= SHORTEST { cut } else { title }
}

/// Whether an element only stresses words: "Students make the <em>News</em>".
fn is_emphasis(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "em" | "i" | "b" | "strong" | "cite" | "q") && element.attr("class").is_none()
}

/// Whether the words of an element call attention to what it stands beside.
fn is_badge(text: &str) -> bool {
    let plain = text.trim_matches(|c: char| !c.is_alphanumeric());
    is_label(plain) || matches!(plain, "N" | "顶" | "荐" | "新")
}

/// What is left of a title that begins or ends with a label in brackets.
fn bracketed(title: &str) -> Option<&str> {
    let of_list = |inside: &str| is_label(inside.trim());
    let before = title.strip_prefix(['[', '【', '［']).and_then(|inside| inside.split_once([']', '】', '］']));
    let behind = title.strip_suffix([']', '】', '］']).and_then(|inside| inside.rsplit_once(['[', '【', '［']));
    let before = before.filter(|(inside, _)| of_list(inside)).map(|(_, rest)| rest.trim());
    before.or_else(|| behind.filter(|(_, inside)| of_list(inside)).map(|(rest, _)| rest.trim()))
}

/// What is left of a title that begins or ends with a label in capitals, and is not written in capitals itself.
fn in_capitals(title: &str) -> Option<&str> {
    let is_shouted = |word: &str| {
        let plain = word.trim_matches(|c: char| !c.is_alphabetic());
        plain.len() >= 3 && is_label(plain) && plain.chars().all(char::is_uppercase)
    };
    let is_title = |rest: &str| {
        let begins = rest.chars().find(|c| c.is_alphanumeric());
        begins.is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
            && (rest.chars().any(char::is_lowercase) || !rest.is_ascii())
    };
    let before = title.split_once(' ').filter(|(word, rest)| is_shouted(word) && is_title(rest));
    let behind = title.rsplit_once(' ').filter(|(rest, word)| is_shouted(word) && is_title(rest));
    let between = |c: char| c.is_whitespace() || BETWEEN.contains(c);
    let cut =
        before.map(|(_, rest)| rest.trim_start_matches(between)).or_else(|| behind.map(|(rest, _)| rest.trim_end()));
    cut.filter(|cut| words::units(cut) >= SHORTEST)
}
