//! Plain text: tells the story from what was around it on the page it was copied from.

use super::event::{self, Published};
use super::page::{HeadLine, head_line};
use super::residue::{
    ASIDES, Field, Label, Line, TITLES, at_colon, ends_like_prose, is_column, is_filler, is_page_label, line, width,
    words_of,
};
use super::wrapped::{is_item, is_row, paragraphs};
use super::{Policy, names, prose};
use crate::draft::{Body, Draft, Evidence};

/// Paragraphs at the top that may be something else than the story.
const HEAD: usize = 12;
/// Paragraphs at the end that may be.
const TAIL: usize = 8;

/// Reads a plain text. `given` is its title, where that is known: then no line of it is one.
pub(super) fn read(text: &str, given: Option<String>, policy: Policy) -> Draft {
    let mut draft = Draft::default();
    let mut paragraphs = paragraphs(text);
    part_cells(&mut paragraphs, policy);
    let mut lines = Lines::default();
    let mut head: Vec<String> = Vec::new();
    let mut start = 0;
    let ends = || paragraphs.iter().take(HEAD).chain(paragraphs.iter().rev().take(TAIL)).map(String::as_str);
    let published = Published::of(&draft, ends(), policy);
    for (at, paragraph) in paragraphs.iter().enumerate().take(HEAD) {
        let beside = beside(&paragraphs, at);
        if let Some(said) = head_line(paragraph, policy).filter(|said| said.claim.is_some() || !head.is_empty())
            && lines.take_head(said, &[], || published.is_of_event(paragraph, beside), &mut draft)
        {
            start += 1;
            continue;
        }
        match line(paragraph) {
            Line::Fields(fields) if published.are_of_event(&fields, paragraph, beside) => {
                head.push(paragraph.clone());
            }
            Line::Text if begins_body(paragraph, beside[1], &head) => break,
            Line::Text => head.push(paragraph.clone()),
            Line::Column => {
                lines.columns.push((head.len(), paragraph.clone()));
            }
            found => lines.take(found, head.len()),
        }
        start += 1;
    }
    let end = tail(&paragraphs, start, &mut lines, &published);
    paragraphs.truncate(end);
    paragraphs.drain(..start.min(end));
    let mut body = paragraphs;
    let title = if given.is_some() {
        body.splice(..0, head);
        given
    } else {
        take_title(&mut head, &mut body, &mut lines)
    };
    // A copied page often repeats its title above the text.
    let repeated = body.iter().take_while(|paragraph| Some(*paragraph) == title.as_ref()).count();
    body.drain(..repeated);
    draft.sections = lines.sections(title.as_deref());
    draft.title = title;
    lines.claim(&mut draft, policy);
    event::claim(body.iter().map(String::as_str), &published, &mut draft);
    prose::claim(&body, &mut draft, policy);
    prose::claim_further(&body, &mut draft, policy);
    draft.body = if body.is_empty() { Body::Empty } else { Body::Paragraphs(body) };
    draft
}

/// What the lines around a story say.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Labels of columns and breadcrumbs, with the number of candidates for the title before them.
    pub(super) columns: Vec<(usize, String)>,
    /// Labels with their values.
    pub(super) fields: Vec<(Label, String)>,
    /// Name of the copyright line.
    pub(super) publisher: Option<String>,
}

impl Lines {
    /// Takes a line that is not text.
    pub(super) fn take(&mut self, found: Line<'_>, position: usize) {
        match found {
            Line::Breadcrumb(labels) => {
                self.columns.extend(labels.into_iter().map(|label| (position, label.to_owned())));
            }
            Line::Fields(fields) => {
                self.fields.extend(fields.into_iter().map(|Field { label, value }| (label, value.to_owned())));
            }
            Line::Copyright(name) => self.publisher = name.or(self.publisher.take()),
            Line::Residue | Line::Column | Line::Text => {}
        }
    }

    /// Takes a line that tells when the story was written or by whom, unless its day is that of an event, or other authors are
    /// known. Returns whether it is taken.
    pub(super) fn take_head(
        &mut self,
        HeadLine { authors, claim }: HeadLine,
        known: &[String],
        is_of_event: impl FnOnce() -> bool,
        draft: &mut Draft,
    ) -> bool {
        let is_day = claim.as_ref().is_some_and(|claim| claim.evidence == Evidence::Dateline);
        if !(authors.is_empty() || known.is_empty() || authors == known) || is_day && is_of_event() {
            return false;
        }
        self.fields.extend(authors.into_iter().map(|name| (Label::Author, name)));
        draft.updated.extend(claim.clone().filter(|claim| claim.evidence == Evidence::WeakLabel));
        draft.dates.extend(claim);
        true
    }

    /// The labels that the story stands under.
    pub(super) fn sections(&self, title: Option<&str>) -> Vec<String> {
        let mut sections: Vec<String> = Vec::new();
        for (_, label) in &self.columns {
            if !sections.contains(label) && Some(label.as_str()) != title {
                sections.push(label.clone());
            }
        }
        sections
    }

    /// Hands on dates, authors and publisher.
    pub(super) fn claim(&self, draft: &mut Draft, policy: Policy) {
        for (label, value) in &self.fields {
            match label {
                Label::Published | Label::Date | Label::When => {
                    prose::claim_label(*label == Label::Published, value, draft, policy);
                }
                Label::Author => {
                    for name in names::names(value) {
                        if !draft.authors.contains(&name) {
                            draft.authors.push(name);
                        }
                    }
                }
                // Where the site tells its own name, "Quelle: …" is that of a picture or of figures; in Chinese it is the publisher.
                Label::Publisher if !value.is_empty() && (draft.publisher.is_none() || value.contains(is_cjk)) => {
                    draft.publisher = Some(value.clone());
                }
                Label::Publisher | Label::Credit | Label::Counter | Label::Control | Label::Idle => {}
            }
        }
        draft.publisher = draft.publisher.take().or_else(|| self.publisher.clone());
    }
}

/// Characters that are written without spaces between words.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

/// Parts the cells of rows at the top that say where or when the text was written: "News release      No. 14", "Quay City      3 May 2026".
fn part_cells(paragraphs: &mut Vec<String>, policy: Policy) {
    let has_gap = |row: &String| row.contains('\t') || row.contains("   ");
    if !paragraphs.iter().take(HEAD).any(has_gap) {
        return;
    }
    let cells = |row: &str| -> Vec<String> {
        let cells = row.split("   ").flat_map(|cell| cell.split('\t')).map(str::trim);
        cells.filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
    };
    let is_day = |cell: &String| prose::date_line(cell, policy).is_some();
    let is_of_page = |cell: &String| is_day(cell) || line(cell) == Line::Column;
    // Rows that tell one day each are a table of dates.
    if paragraphs.iter().take(HEAD).filter(|row| cells(row).iter().any(is_day)).count() > 1 {
        return;
    }
    for at in (0..paragraphs.len().min(HEAD)).rev() {
        let Some(cells) = paragraphs.get(at).map(|row| cells(row)).filter(|cells| cells.len() == 2) else { continue };
        if cells.iter().any(is_of_page) {
            paragraphs.splice(at..=at, cells);
        }
    }
}

/// Whether the story's text begins here. `next`: the line behind.
fn begins_body(paragraph: &str, next: Option<&str>, head: &[String]) -> bool {
    if !head.is_empty() && (is_item(paragraph) || is_row(paragraph) && next.is_some_and(is_row) && !is_aside(paragraph))
    {
        return true;
    }
    if ends_like_prose(paragraph) {
        let titled = !head.is_empty();
        return titled || width(paragraph) >= 120 || sentences(paragraph) > 1 && width(paragraph) >= 60;
    }
    sentences(paragraph) > 1 && width(paragraph) >= 60 || width(paragraph) > 300
}

/// Roughly how many sentences a text has. Abbreviations ("Dr.", "U.S.") end none.
fn sentences(text: &str) -> usize {
    let mut count = 1;
    let mut word = 0;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let next = characters.peek();
        match c {
            '。' | '！' | '？' if next.is_some() => count += 1,
            '.' | '!' | '?' if next == Some(&' ') && word > 3 => count += 1,
            _ => {}
        }
        word = if c.is_lowercase() { word + 1 } else { 0 };
    }
    count
}

/// Where the story's text ends: what follows are lines of the page.
fn tail(paragraphs: &[String], start: usize, lines: &mut Lines, published: &Published) -> usize {
    let mut end = paragraphs.len();
    while end > start && paragraphs.len() - end < TAIL {
        let Some(last) = paragraphs.get(end - 1) else { break };
        match line(last) {
            Line::Text | Line::Column => break,
            Line::Fields(fields) if published.are_of_event(&fields, last, beside(paragraphs, end - 1)) => break,
            found => lines.take(found, usize::MAX),
        }
        end -= 1;
    }
    end
}

/// The paragraphs before and behind one; the first is most likely the title, and tells nothing of its neighbour.
fn beside(paragraphs: &[String], at: usize) -> [Option<&str>; 2] {
    let text = |at: usize| paragraphs.get(at).map(String::as_str);
    [at.checked_sub(1).filter(|before| *before > 0).and_then(text), text(at + 1)]
}

/// Chooses the title among the lines above the text; what stands before it are labels, what stands behind it is text.
fn take_title(head: &mut Vec<String>, body: &mut Vec<String>, lines: &mut Lines) -> Option<String> {
    // A sentence alone below a column is the text, and the column its title.
    if body.is_empty()
        && head.len() == 1
        && head.first().is_some_and(|only| ends_like_prose(only))
        && !lines.columns.is_empty()
    {
        body.append(head);
    }
    // Short lines that nothing surrounds are no copied page: the first is the title, the others are the text.
    if body.is_empty() && lines.columns.is_empty() && lines.fields.is_empty() && head.len() > 1 {
        body.extend(head.drain(1..));
        return head.pop();
    }
    let Some(at) = title_among(head, lines) else {
        // A column alone above a text is its title.
        if let Some((_, label)) = lines.columns.pop().filter(|_| !body.is_empty()) {
            return Some(label);
        }
        return lines.columns.pop().map(|(_, label)| label).or_else(|| short_first(body));
    };
    let behind = head.split_off(at + 1);
    let title = head.pop().map(|title| match labelled(&title, TITLES) {
        Some(said) => said.to_owned(),
        None => title,
    });
    for (position, line) in head.drain(..).enumerate() {
        if width(&line) <= 60 && !is_aside(&line) {
            let before = lines.columns.iter().take_while(|(place, _)| *place <= position).count();
            lines.columns.insert(before, (position, line));
        } else {
            body.insert(0, line);
        }
    }
    // A column below the title is a heading of the text.
    body.splice(0..0, behind);
    title
}

/// Which of the lines above the text is the title. `None`: there is none.
fn title_among(head: &[String], lines: &Lines) -> Option<usize> {
    if let Some(said) = head.iter().position(|line| labelled(line, TITLES).is_some()) {
        return Some(said);
    }
    // "3. Tagung der Hafenforschung" is one: the number counts it.
    let is_counted = |line: &str| line.starts_with(|c: char| c.is_ascii_digit());
    let may_be = |at: &usize| head.get(*at).is_some_and(|line| !is_aside(line) && (is_counted(line) || !is_item(line)));
    // Below a title may stand a longer one; columns, and what an office calls itself, are no titles.
    if let Some(first) = (0..head.len()).find(may_be)
        && lines.columns.is_empty()
        && head.get(first).is_some_and(|line| is_heading(line))
    {
        return Some(first);
    }
    // The longest is the title: labels are short. Of equals the first.
    let longest = |at: &usize| (head.get(*at).map_or(0, |line| width(line).min(400)), usize::MAX - at);
    let is_no_office = |at: &usize| may_be(at) && head.get(*at).is_some_and(|line| !is_office(line));
    let ways =
        [(0..head.len()).filter(is_no_office).max_by_key(longest), (0..head.len()).filter(may_be).max_by_key(longest)];
    ways.into_iter().flatten().next().or_else(|| (0..head.len()).max_by_key(longest))
}

/// Whether a first line is a title by itself: three words at least that begin with no column, and are no name of an office.
fn is_heading(line: &str) -> bool {
    let lower = line.to_lowercase();
    let names_column = lower.split_whitespace().next().is_some_and(is_column);
    line.split_whitespace().count() >= 3 && line.contains(char::is_alphabetic) && !names_column && !is_office(line)
}

/// Whether a line is the name of an office: its kind stands near the start with "of" behind it, or a few words begin or end with
/// it, and no word but such is written small. What is longer has a verb: "University Announces New Scholarship".
fn is_office(line: &str) -> bool {
    const JOINING: [&str; 12] = ["of", "and", "for", "the", "a", "at", "in", "on", "to", "by", "with", "from"];
    let is_small = |word: &str| word.starts_with(char::is_lowercase) && !JOINING.contains(&word);
    let lower = line.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
    let is_kind = |word: &&str| names::OFFICES.contains(word);
    let of = words.iter().position(|word| matches!(*word, "of" | "for"));
    let is_named = match of {
        Some(of) => of <= 3 && of.checked_sub(1).and_then(|kind| words.get(kind)).is_some_and(is_kind),
        None => words.len() <= 3 && (words.last().is_some_and(is_kind) || words.first().is_some_and(is_kind)),
    };
    is_named && !line.split_whitespace().any(is_small)
}

/// The value of a line that begins with one of some labels and a colon.
fn labelled<'a>(line: &'a str, labels: &[&str]) -> Option<&'a str> {
    let (label, value) = at_colon(line)?;
    let label = label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '#' | '+')).to_lowercase();
    Some(value.trim()).filter(|value| labels.contains(&label.as_str()) && !value.is_empty() && !value.starts_with("//"))
}

/// Whether a line tells whom to ask, where or when, and is no title: by its label, or since it is an address, a telephone number
/// or a day.
fn is_aside(line: &str) -> bool {
    let is_address = |word: &str| {
        word.contains("://")
            || word.starts_with("www.")
            || word.split_once('@').is_some_and(|(_, host)| host.contains('.'))
    };
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '/' | '.');
    let label = at_colon(line).map(|(label, _)| label.trim().to_lowercase());
    labelled(line, ASIDES).is_some()
        || label.is_some_and(|label| is_page_label(&label))
        // "原创 宣传部 码头大学 2026-03-10 09:12"
        || line.starts_with("原创 ") && line.contains(|c: char| c.is_ascii_digit())
        || is_embargo(line)
        || is_place_and_day(line)
        || words_of(&names::without_dates(line)).all(is_filler)
        || line.split_whitespace().any(is_address)
        || digits >= 7 && line.chars().all(is_number)
}

/// Whether a line tells until when a text is not to be told on: "Embargo: 5 May", "Embargoed until 00:01 GMT, 17 March 2026".
fn is_embargo(line: &str) -> bool {
    let lower = line.to_lowercase();
    let rest = ["embargoed", "embargo", "sperrfrist"].iter().find_map(|word| lower.strip_prefix(word));
    let rest = rest.map(str::trim_start);
    rest.is_some_and(|rest| {
        rest.is_empty() || [":", "：", "until", "till", "bis", "for "].iter().any(|mark| rest.starts_with(mark))
    })
}

/// Whether a line tells where and when a text was written: "Quay City, 5 March 2026", "Port-la-Ville, le 5 mars 2026".
fn is_place_and_day(line: &str) -> bool {
    let plain = names::without_dates(line);
    let told = plain.split_once(',').and_then(|(place, rest)| Some((place, rest.split_once('|')?)));
    told.is_some_and(|(place, (before, behind))| {
        (1..=3).contains(&place.split_whitespace().count())
            && place.split_whitespace().all(|word| word.starts_with(char::is_uppercase))
            && words_of(before)
                .chain(words_of(behind))
                .all(|word| is_filler(word) || matches!(word, "den" | "dem" | "li" | "dne"))
    })
}

/// The first paragraph, where nothing stands above the text and it is short enough for a title.
fn short_first(body: &mut Vec<String>) -> Option<String> {
    let short = body.len() > 1 && body.first().is_some_and(|first| width(first) <= 120 && sentences(first) == 1);
    short.then(|| body.remove(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        Policy {
            now: chrono::DateTime::from_timestamp(1_790_000_000, 0).expect("a time"),
            timezone: "Asia/Shanghai".parse().unwrap(),
        }
    }

    #[track_caller]
    fn check(text: &str, title: &str, sections: &[&str], body: &[&str]) -> Draft {
        let draft = read(text, None, policy());
        assert_eq!(draft.title.as_deref(), Some(title));
        assert_eq!(draft.sections, sections);
        match &draft.body {
            Body::Paragraphs(found) => assert_eq!(found, body),
            other => assert!(body.is_empty(), "{other:?}"),
        }
        draft
    }

    #[test]
    fn a_copied_page_loses_its_residue() {
        check(
            "Events & News\n\nFocus\n\n    Harbour College opens a tide laboratory\n\n    Views:\n\n    The laboratory was opened on Monday. It measures tides.\n\n\n    Students built it.\n\nPrint\n",
            "Harbour College opens a tide laboratory",
            &["Events & News", "Focus"],
            &["The laboratory was opened on Monday. It measures tides.", "Students built it."],
        );
    }

    #[test]
    fn a_breadcrumb_and_a_copyright_line_are_read() {
        let draft = check(
            "News & Notices\nCurrent position: 英文版>> News>> 正文\nAgreement between the university and the port signed in the town hall\nUpdate : 2024-10-12 Read :\n\nThe agreement covers five years of joint work on sea walls.\n\nCopyrights © 2024 Faculty of Civil Engineering .",
            "Agreement between the university and the port signed in the town hall",
            &["News & Notices", "News"],
            &["The agreement covers five years of joint work on sea walls."],
        );
        assert_eq!(draft.publisher.as_deref(), Some("Faculty of Civil Engineering"));
    }

    #[test]
    fn wrapped_lines_are_put_together() {
        check(
            "Sea wall\n\nThe wall that the students of civil engineering built last\nsummer has withstood the first storm of the season without\nany damage.\n",
            "Sea wall",
            &[],
            &[
                "The wall that the students of civil engineering built last summer has withstood the first storm of the season without any damage.",
            ],
        );
    }

    #[test]
    fn the_smallest_documents_are_read() {
        check("Title\n\nBody.\n", "Title", &[], &["Body."]);
        check("Title 1\n\nBody 1.\n", "Title 1", &[], &["Body 1."]);
        check("Only a title", "Only a title", &[], &[]);
        check(
            "Library closed\nOpen again on Monday morning\n",
            "Library closed",
            &[],
            &["Open again on Monday morning"],
        );
        check("High water\n\nA poem\nof three lines\n", "High water", &[], &["A poem", "of three lines"]);
        check("News\n\nThe library is open on Sundays.", "News", &[], &["The library is open on Sundays."]);
    }

    #[test]
    fn what_tells_whom_to_ask_and_where_is_no_title_and_stays_in_the_text() {
        const TEXT: &str = "The bridge was opened on Monday. It measures forty metres.";
        for (head, title, rest) in [
            ("Library closed", "Library closed", "https://quay.example.edu/library/opening-hours/2026/spring"),
            ("Library closed", "Library closed", "Tel.: +86 23 1234 5678, E-Mail: library@quay.example.edu"),
            ("Library closed", "Library closed", "Place: Lecture hall 3, building of the school of engineering"),
            ("PRESS RELEASE", "The bridge opens", "Contact: Mei Lin, press@quay.example.edu, +86 23 1234 5678"),
            ("The bridge is open", "The bridge is open", "A footbridge for pedestrians and cyclists of the town"),
            ("To all students", "Opening hours", "Subject: Opening hours"),
            ("Title: Opening hours", "Opening hours", "By the library"),
            ("标题：图书馆开放时间", "图书馆开放时间", "地点：图书馆一楼大厅及各分馆的阅览室"),
        ] {
            let below = if head == "PRESS RELEASE" { "The bridge opens\n\n" } else { "" };
            let draft = read(&format!("{head}\n\n{rest}\n\n{below}{TEXT}\n"), None, policy());
            assert_eq!(draft.title.as_deref(), Some(title));
            let Body::Paragraphs(found) = &draft.body else { panic!("{head}") };
            assert!(found.iter().any(|paragraph| paragraph == rest) || rest.ends_with(title), "{head} {found:?}");
        }
        // The longest is the title where labels of the site stand above it.
        for label in ["Physics", "Student affairs", "Harbour College of Physics", "News of the week", "江湾大学图书馆"]
        {
            let long = if label.is_ascii() {
                "The students have built a longer bridge"
            } else {
                "关于寒假期间图书馆开放时间的通知"
            };
            let draft = read(&format!("{label}\n\n{long}\n\n{TEXT}\n"), None, policy());
            assert_eq!(draft.title.as_deref(), Some(long));
        }
        // A colon alone says nothing.
        for title in ["Call for papers: the ocean in 2026", "Obituary: the keeper of the lock of the harbour"] {
            let draft = read(&format!("Harbour\n\n{title}\n\n{TEXT}\n"), None, policy());
            assert_eq!(draft.title.as_deref(), Some(title));
        }
    }

    #[test]
    fn press_releases_letters_and_minutes_have_their_title() {
        const TEXT: &str = "The boat house was opened by the mayor. It holds forty boats.";
        for (above, title, below) in [
            (
                "FOR IMMEDIATE RELEASE\n12 March 2026\n\n",
                "Harbour College Opens Boat House",
                "Students will row from May\n\n",
            ),
            ("PRESS RELEASE\nEmbargoed until 00:01 GMT, 17 March 2026\n\n", "New boat house opens", ""),
            ("Pressemitteilung Nr. 12/2026\n\nQuaystadt, 5. März 2026\n\n", "Neues Bootshaus", ""),
            (
                "News release            No. 14/2026\nHarbour College         3 May 2026\n\n",
                "Students build a boat house",
                "",
            ),
            (
                "",
                "MINUTES OF THE FACULTY COUNCIL",
                "Meeting held on 4 February 2026, 14:00, Room 3.12, and on the river\n\n",
            ),
            ("    HARBOUR COLLEGE\n    OFFICE OF THE REGISTRAR\n\n", "NOTICE TO ALL STUDENTS", ""),
            ("", "海洋研究站正式揭牌", "原创 宣传部 码头大学 2026-03-10 09:12 海港\n\n"),
            ("", "Opening hours", "Monday\t8:00\t22:00 and longer\nTuesday\t8:00\t20:00 and longer\n\n"),
            ("", "Boat house", "- forty boats, of which ten are new\n- a kitchen\n\n"),
        ] {
            let draft = read(&format!("{above}{title}\n\n{below}{TEXT}\n"), None, policy());
            assert_eq!(draft.title.as_deref(), Some(title));
            let Body::Paragraphs(found) = &draft.body else { panic!("{title}") };
            assert_eq!(found.last().map(String::as_str), Some(TEXT));
            assert!(below.lines().all(|line| line.is_empty() || found.iter().any(|text| text == line)), "{found:?}");
        }
    }

    #[test]
    fn lines_below_a_title_tell_author_and_day_in_many_languages() {
        for head in [
            "By Ann Lee\nMarch 5, 2026",
            "By Ann Lee | March 5, 2026",
            "Posted on 5 March 2026 by Ann Lee",
            "Veröffentlicht am 5. März 2026\nAutorin: Ann Lee",
            "Fecha: 5 de marzo de 2026\nAutora: Ann Lee",
            "Publié le 5 mars 2026\nPar Ann Lee",
        ] {
            let draft = check(
                &format!("Boat house opened\n{head}\n\nThe boat house was opened by the mayor. It holds boats.\n"),
                "Boat house opened",
                &[],
                &["The boat house was opened by the mayor. It holds boats."],
            );
            assert_eq!(draft.authors, ["Ann Lee"], "{head}");
            assert!(draft.dates.iter().any(|claim| claim.when.to_string() == "2026-03-05"), "{head}");
        }
        // Who is named in a sentence wrote nothing.
        let draft =
            read("Boat house opened\n\nBy the river\n\nThe house was opened. It holds boats.\n", None, policy());
        assert_eq!(draft.authors, Vec::<String>::new());
    }

    #[test]
    fn the_day_of_an_event_that_is_over_is_its_own() {
        let draft = read(
            "Tides and the moon\n\nSpeaker: Ann Lee\nTime: 26 March 2026\nVenue: Old Hall\n\nAll are welcome. There is tea.\n\n5 March 2026\n",
            None,
            policy(),
        );
        assert_eq!(draft.event.map(|claim| claim.when.to_string()).as_deref(), Some("2026-03-26"));
    }

    #[test]
    fn chinese_pages_are_read() {
        check(
            "首页 > 通知公告 > 正文\n关于举办春季运动会的通知\n发布时间：2025-03-12 浏览次数：120\n各学院：\n学校定于四月举办运动会。请各学院组织报名。\n上一篇：校历\n下一篇：没有了\n【打印】【关闭】\n",
            "关于举办春季运动会的通知",
            &["通知公告"],
            &["各学院：", "学校定于四月举办运动会。请各学院组织报名。"],
        );
    }
}
