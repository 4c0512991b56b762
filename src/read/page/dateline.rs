//! The dates that people see: what the lines around the title of a page say.

use std::collections::HashSet;

use chrono::NaiveDate;
use ego_tree::NodeId;
use scraper::Html;

use super::lines::{Block, blocks, spaced, squeezed};
use super::meaning;
use super::surroundings::Surroundings;
use super::survey::{Heading, Survey, comparable};
use crate::draft::{DateClaim, Draft, Evidence, Precision};
use crate::read::residue::{self, Line, is_column, is_filler, width, words_of};
use crate::read::words::Words;
use crate::read::{Policy, date, names, prose};

/// Bytes of text before the title in which its date may stand.
const BEFORE: usize = 160;
/// Bytes of text behind the title in which a date is most likely its own.
const NEAR: usize = 400;
/// Bytes of text behind the title that are looked at.
const REACH: usize = 20_000;
/// Lines of which a date is looked for.
const MOST: usize = 400;
/// Lines of which a label is looked for where nothing else tells the date: some systems write it below the text.
const FAR: usize = 4_000;
/// Columns of a line beside its date above which it is prose, near the title.
pub(super) const SHORT: usize = 90;
/// The same of a line that ends as sentences do, farther away.
const BARE: usize = 40;
/// Columns of the longest date, with a time and the end of a span: what is wider than both is not searched for one.
const LONGEST: usize = 200;

/// The lines of a page from shortly before its title on, in reading order; what surrounds the story is left out.
pub(super) struct Head {
    lines: Vec<Block>,
    start: usize,
    /// The line that is the title.
    title: Option<usize>,
    /// What stands beside the title in its heading.
    beside: String,
}

impl Head {
    pub(super) fn of(
        page: &Html,
        survey: &Survey<'_>,
        heading: Option<&Heading>,
        beside: &Surroundings,
        title: Option<&str>,
    ) -> Self {
        let root = survey.body.unwrap_or_else(|| page.root_element().id());
        let mut lines = blocks(page, &[root], &beside.nodes, None);
        lines.iter_mut().filter(|line| line.pieces.len() > 1).for_each(|line| line.text = spaced(page, line));
        let element = |line: &Block| page.tree.get(line.holder)?.value().as_element();
        lines.retain(|line| !element(line).is_some_and(meaning::shows_today));
        let key = title.map(comparable).unwrap_or_default();
        let is_title = |Block { holder, text, .. }: &Block| {
            heading.is_some_and(|heading| heading.id == *holder)
                || !key.is_empty() && text.len() < 1_000 && comparable(text) == key
        };
        let title = lines.iter().position(is_title);
        let mut start = title.unwrap_or(0);
        let mut before = 0;
        while let Some(Block { text, .. }) = start.checked_sub(1).and_then(|at| lines.get(at))
            && before + text.len() <= BEFORE
        {
            before += text.len();
            start -= 1;
        }
        let whole = heading.and_then(|heading| Some(squeezed(&page.tree.get(heading.id)?, 2_000)));
        let beside = heading.zip(whole).and_then(|(heading, whole)| {
            let beside = whole.strip_prefix(&heading.text).or_else(|| whole.strip_suffix(&heading.text))?;
            Some(beside.trim_matches(|c: char| c.is_whitespace() || ":|-–—".contains(c)).to_owned())
        });
        Self { lines, start, title, beside: beside.unwrap_or_default() }
    }

    /// What stands beside the title in its heading, and the short lines next to it. In the place of a long one stands an empty one.
    pub(super) fn near(&self) -> impl Iterator<Item = &str> {
        let title = self.title;
        let mut passed = 0;
        let lines = self.lines.iter().enumerate().skip(self.start).take_while(move |(at, Block { text, .. })| {
            passed += if title.is_some_and(|title| *at > title) { text.len() } else { 0 };
            title.is_some() && passed <= NEAR + text.len()
        });
        lines.map(move |(at, block)| match block.text.as_str() {
            _ if Some(at) == title => self.beside.as_str(),
            text if width(text) <= SHORT => text,
            _ => "",
        })
    }
}

/// Claims the dates of the lines around the title. Returns the lines near it that are datelines, by the first of their texts.
pub(super) fn claim(head: &Head, draft: &mut Draft, policy: Policy) -> HashSet<NodeId> {
    let mut datelines = HashSet::new();
    let Head { lines, start, title, .. } = head;
    let (start, title) = (*start, *title);
    let mut passed = 0;
    // What the line before says, if it is a label of this.
    let mut carried = None;
    let mut announced = false;
    let mut found: Vec<DateClaim> = Vec::new();
    for (at, Block { text, pieces, .. }) in lines.iter().enumerate().skip(start).take(MOST) {
        if passed > REACH || found.len() > 2 {
            break;
        }
        // A title is no label of what follows it: "学校工作会议召开".
        let is_title = Some(at) == title;
        let label = std::mem::replace(&mut carried, label_alone(text).filter(|_| !is_title));
        let is_another = std::mem::replace(&mut announced, !is_title && is_label_of_another(text));
        let near = passed <= NEAR && title.is_some();
        let most = if near || !residue::ends_like_prose(text) { SHORT } else { BARE };
        let line = dated(text, most, policy)
            .filter(|(_, told)| !matches!(residue::line(text), Line::Copyright(_)) && (told.is_some() || !is_another));
        if let Some((mention, told)) = line {
            let unsaid = if near { Evidence::Dateline } else { Evidence::Visible };
            let evidence = if is_title { Evidence::Visible } else { evidence_of(told.or(label)).unwrap_or(unsaid) };
            if evidence != Evidence::Visible {
                datelines.extend(pieces.first());
            }
            let claim = mention.claim(text, evidence);
            if evidence == Evidence::WeakLabel {
                draft.updated.push(claim.clone());
            }
            if found.iter().all(|known| known.evidence != evidence) {
                found.push(claim);
            }
        }
        if title.is_none_or(|title| at > title) {
            passed += text.len();
        }
    }
    if found.is_empty() && draft.dates.is_empty() {
        let far =
            lines.iter().skip(start).take(FAR).filter_map(|line| Some((&line.text, dated(&line.text, BARE, policy)?)));
        let told = far.filter(|(_, (_, told))| *told == Some(Told::Published));
        found.extend(told.map(|(text, (mention, _))| mention.claim(text, Evidence::Visible)).next());
    }
    draft.dates.extend(found);
    datelines
}

/// Whether a line is nothing but a date, with what stands beside one: its column, when it was changed, who wrote it, how long it takes to read.
pub(super) fn is_alone(text: &str, authors: &[String], policy: Policy) -> bool {
    // Several days are those of an event.
    if date::mentions(text, &date::Context::at(policy.local())).any(|mention| mention.until.is_some()) {
        return false;
    }
    let plain = names::without_dates(text);
    plain != text && is_beside(&plain, authors)
}

/// Whether a line says nothing but what stands beside a date.
pub(super) fn is_beside(text: &str, authors: &[String]) -> bool {
    let rest = text.to_lowercase();
    let is_beside = |word: &str| {
        let is_told = PUBLISHED.iter().chain(MODIFIED.iter()).any(|told| word.starts_with(told.trim_end_matches(':')));
        let is_of_author =
            || authors.iter().any(|author| author.to_lowercase().split_whitespace().any(|name| name == word));
        let figure = word.strip_suffix("min").unwrap_or(word);
        let is_figure = || figure.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | 'h'));
        is_filler(word) || is_told || BESIDE.contains(&word) || is_figure() || is_of_author() || names::is_office(word)
    };
    width(text) <= SHORT
        && rest.split(['|', '·', '•', '/']).all(|part| is_column(part.trim()) || words_of(part).all(is_beside))
}

/// Whether a line is nothing but the names of the authors: "Ada Strand and Li Ming".
pub(super) fn names_authors(text: &str, authors: &[String]) -> bool {
    let lower = text.to_lowercase();
    let named: Vec<String> = authors.iter().map(|author| author.to_lowercase()).collect();
    let is_said = |word: &str| {
        names::joins(word)
            || LABELS.contains(&word)
            || named.iter().any(|name| name.split_whitespace().any(|part| part == word))
    };
    width(text) <= SHORT
        && named.iter().any(|name| name.contains(' ') && lower.contains(name))
        && words_of(&lower).all(is_said)
}

/// The days that a page tells by more than its lines.
pub(super) fn stated(claims: &[DateClaim]) -> Vec<NaiveDate> {
    let is_line =
        |claim: &&DateClaim| claim.evidence >= Evidence::StrongLabel && claim.evidence != Evidence::DateElement;
    claims.iter().filter(|claim| !is_line(claim)).filter_map(|claim| claim.when.first_day()).collect()
}

/// Whether the first day that a line tells is one of these.
pub(super) fn tells(text: &str, days: &[NaiveDate], policy: Policy) -> bool {
    dated(text, SHORT, policy).and_then(|(mention, _)| mention.when.first_day()).is_some_and(|day| days.contains(&day))
}

/// What a line says of who wrote a story, and when.
#[derive(Debug)]
pub(in crate::read) struct HeadLine {
    pub(in crate::read) authors: Vec<String>,
    /// `None`: it tells no day.
    pub(in crate::read) claim: Option<DateClaim>,
}

/// What a line below a title says that tells when the story was written, or who wrote it, and nothing else: "By Ann Lee",
/// "Posted on 5 March 2026 by Ann Lee". `None`: it is no such line.
pub(in crate::read) fn head_line(text: &str, policy: Policy) -> Option<HeadLine> {
    if let Some(claim) = prose::date_line(text, policy) {
        return Some(HeadLine { authors: Vec::new(), claim: Some(claim) });
    }
    if width(text) > SHORT || residue::line(text) != Line::Text {
        return None;
    }
    let authors = names::labelled(text).unwrap_or_default();
    if is_alone(text, &authors, policy) {
        let (mention, told) = dated(text, SHORT, policy)?;
        let evidence = evidence_of(told).unwrap_or(Evidence::Dateline);
        return Some(HeadLine { authors, claim: Some(mention.claim(text, evidence)) });
    }
    // "By sea", "Words: Freedom": a lone word is no name.
    let are_full = authors.iter().all(|name| names::is_full(name));
    (are_full && names_authors(text, &authors)).then_some(HeadLine { authors, claim: None })
}

/// Words before the name of an author.
const LABELS: [&str; 8] = ["by", "von", "par", "por", "door", "di", "text", "words"];

/// What a line says of its date.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::read) enum Told {
    Published,
    Modified,
}

/// What a line that says it of its date is worth.
fn evidence_of(told: Option<Told>) -> Option<Evidence> {
    told.map(|told| if told == Told::Published { Evidence::StrongLabel } else { Evidence::WeakLabel })
}

/// The day of a line that is little more than dates, and what stands before it: the one that it says to be that of publication, or
/// the first.
fn dated(text: &str, most: usize, policy: Policy) -> Option<(date::Mention, Option<Told>)> {
    if text.len() > 600 || width(text) > most + LONGEST {
        return None;
    }
    let today = policy.local().date();
    let context = date::Context::at(policy.local());
    let mut mentions: Vec<date::Mention> = date::mentions(text, &context).collect();
    mentions.retain(|mention| {
        matches!(mention.manner, date::Manner::Written | date::Manner::EitherOrder)
            && mention.when.precision() >= Precision::Day
            && mention.when.first_day().is_some_and(|day| day <= today + chrono::TimeDelta::days(1))
            && mention.when.year() >= 1995
            && !text.get(..mention.range.start).is_some_and(is_of_another)
    });
    let is_published =
        |mention: &date::Mention| text.get(..mention.range.start).and_then(told_before) == Some(Told::Published);
    let at = mentions.iter().position(is_published).unwrap_or_default();
    let mention = mentions.into_iter().nth(at)?;
    let before = text.get(..mention.range.start)?;
    if shows_today(before) || prose::is_founding(before) || width(text) > most + width(text.get(mention.range.clone())?)
    {
        return None;
    }
    let told = told_before(before);
    Some((mention, told))
}

/// Whether what stands before a date says that it is the day of the visit.
fn shows_today(before: &str) -> bool {
    let near = before.trim_end_matches(|c: char| c.is_whitespace() || ":：,，".contains(c)).to_lowercase();
    [
        "今天是", "今日是", "今天", "今日", "现在是", "当前时间", "现在时间", "today is", "today", "current time",
        "heute ist",
    ]
    .iter()
    .any(|label| near.ends_with(label))
}

/// What a line says that is only a label, and belongs to the next.
fn label_alone(text: &str) -> Option<Told> {
    is_label(text).then(|| told_before(text)).flatten()
}

/// Whether a line may be a label and nothing else.
fn is_label(text: &str) -> bool {
    text.len() <= 90 && width(text) <= 30 && !text.contains(|c: char| c.is_ascii_digit())
}

/// What the end of a text says of a date that follows: the last word that says anything.
pub(in crate::read) fn told_before(text: &str) -> Option<Told> {
    let from = text.char_indices().rev().nth(28).map_or(0, |(at, _)| at);
    let near = text.get(from..)?.to_lowercase();
    let last = |words: &Words| words.find(&near).next_back().map(|(at, _)| at);
    match (last(&MODIFIED), last(&PUBLISHED)) {
        (None, None) => None,
        (modified, published) if modified >= published => Some(Told::Modified),
        _ => Some(Told::Published),
    }
}

/// Whether what stands before a date says that it is that of something else than the story: "Deadline:", "讲座时间：". `is_closed`:
/// a colon follows.
pub(in crate::read) fn tells_another(before: &str, is_closed: bool) -> bool {
    let from = before.char_indices().rev().nth(28).map_or(0, |(at, _)| at);
    let near = before.get(from..).unwrap_or_default().to_lowercase();
    let is_said = |(at, word): (usize, &str)| {
        let goes_on = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let before = goes_on(near.get(..at).and_then(|before| before.chars().next_back()));
        let behind = goes_on(near.get(at + word.len()..).and_then(|behind| behind.chars().next()));
        // Long words of German are put together, and Chinese stands without blanks.
        !word.is_ascii() || !behind && (!before || word.len() > 4)
    };
    (is_closed && EVENTS.find(&near).any(is_said)
        || LIMITS.find(&near).any(|(at, word)| (is_closed || near.ends_with(word)) && is_said((at, word))))
        && told_before(before).is_none()
}

/// Whether the end of a text is a label that says so.
fn is_of_another(before: &str) -> bool {
    let label = before.trim_end();
    let bare = label.trim_end_matches([':', '：', ' ']);
    tells_another(bare, bare.len() < label.len())
}

/// Whether a line is only such a label, and belongs to the next.
fn is_label_of_another(text: &str) -> bool {
    is_label(text) && (is_of_another(text) || text.ends_with(['间', '期', '間']) && tells_another(text, true))
}

/// Words in labels of what takes place.
static EVENTS: Words = Words::new(&[
    "when", "event", "events", "event date", "lecture", "talk", "seminar", "exam", "meeting", "registration", "start",
    "begin", "end", "opens", "closing", "valid", "expiry", "termin", "beginn", "veranstaltung", "wann",
    "date and time", "limite", "límite", "échéance", "plazo", "scadenza", "讲座", "講座", "报告", "報告", "会议",
    "會議", "活动", "活動", "报名", "報名", "考试", "舉辦", "舉行", "開始", "结束", "結束", "召开", "答辩", "面试",
    "開催", "期限", "締切", "締め切り", "마감", "일시", "접수",
]);
/// Words that say by themselves that something begins, or can be done no more.
static LIMITS: Words = Words::new(&[
    "deadline", "due", "due date", "closing date", "closes", "apply by", "register by", "until", "expires", "begins",
    "starts", "ends", "takes place", "held on", "frist", "einsendeschluss", "anmeldeschluss", "截止", "截止日期",
    "截止时间", "截至", "有效期", "举行", "举办", "开始", "开幕",
]);
/// Words for what was published, or parts of them.
static PUBLISHED: Words = Words::new(&[
    "publish", "posted", "written", "created", "veröffentlicht", "geschrieben", "erstellt", "verfasst", "erschienen",
    "publié", "publicado", "pubblicato", "gepubliceerd", "publicera", "publiser", "opublik", "опублик", "julkaistu",
    "yayın", "发布", "发表", "发稿", "發佈", "發布", "刊登",
]);
/// Words for what was changed, or parts of them.
static MODIFIED: Words = Words::new(&[
    "updat", "modif", "edited", "revis", "reviewed", "aktualisiert", "geändert", "stand:", "mis à jour", "actualizado",
    "aggiornato", "uppdater", "oppdater", "aktualiz", "обновл", "güncel", "更新", "修改",
]);
/// Words that stand beside a date and a name, or tell how long a story takes to read.
const BESIDE: [&str; 34] = [
    "by", "von", "vom", "par", "por", "door", "di", "il", "den", "de", "du", "à", "a", "submitted", "date", "datum",
    "data", "fecha", "akt", "min", "mins", "minute", "minutes", "minuten", "hour", "hours", "ago", "read", "reading",
    "time", "lesezeit", "lesedauer", "作者", "分钟",
];
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_events_are_told_from_those_of_a_story() {
        for of_event in
            ["Deadline ", "Closing: ", "Scadenza:", "Bewerbungsfrist: ", "The fair begins ", "締切：", "讲座时间："]
        {
            assert!(is_of_another(of_event), "{of_event}");
        }
        for own in ["", "Published: ", "Posted until now, published ", "Starting: ", "An event of ", "活动 ", "Dues: "]
        {
            assert!(!is_of_another(own), "{own}");
        }
    }

    #[test]
    fn the_last_word_before_a_date_says_what_it_is_that_of() {
        let plainly = |text: &str| {
            let near: String = text.chars().rev().take(29).collect::<Vec<_>>().into_iter().rev().collect();
            let near = near.to_lowercase();
            let last = |words: &Words| words.iter().filter_map(|word| near.rfind(word)).max();
            match (last(&PUBLISHED), last(&MODIFIED)) {
                (None, None) => None,
                (published, modified) if published > modified => Some("published"),
                _ => Some("modified"),
            }
        };
        let told =
            |text: &str| told_before(text).map(|told| if told == Told::Published { "published" } else { "modified" });
        let words: Vec<&str> = PUBLISHED.iter().chain(MODIFIED.iter()).chain(["by", "İ", "am", "时间："]).collect();
        for (first, second) in words.iter().flat_map(|first| words.iter().map(move |second| (first, second))) {
            for text in
                [format!("{first} {second}: "), format!("{first}{second} at some later time, "), first.to_uppercase()]
            {
                assert_eq!(told(&text), plainly(&text), "{text:?}");
            }
        }
        assert_eq!(told("Published 3 May, last updated on "), Some("modified"));
        assert_eq!(told("Published a good while before what this is "), None);
    }
}
