//! Where front matter begins and ends.

use super::fields::are_known;
use super::{ReadError, unfinished};

/// What stands between two fences at the start of a text.
pub(super) struct Fenced<'a> {
    pub(super) fence: &'static str,
    /// The line of the first fence, counted from 1.
    pub(super) opened: usize,
    /// What lies between the fences; if there is no second, the first lines behind the first.
    pub(super) matter: &'a str,
    /// What stands behind the second. `None`: there is none.
    pub(super) behind: Option<&'a str>,
}

impl<'a> Fenced<'a> {
    /// Looks for it, also where the first fence is slightly wrong. `None`: there is none.
    ///
    /// # Errors
    /// [`ReadError::Unclear`] where the text says that it is a draft in front matter that is not read.
    pub(super) fn find(text: &'a str) -> Result<Option<Self>, ReadError> {
        match Self::at_start(text) {
            None => misopened(text).map_or_else(|| Ok(Self::nearly_at_start(text)), Err),
            found => Ok(found),
        }
    }

    /// Behind a space, with more dashes, or with those that editors make of them (`—-`): where what follows is front matter
    /// for certain, and another such line closes it.
    fn nearly_at_start(text: &'a str) -> Option<Self> {
        let is_dash = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
        let is_fence = |line: &str| {
            let line = line.trim_matches(is_blank);
            // A long dash stands for two short ones.
            let width: usize = line.chars().map(|c| if c == '-' { 1 } else { 2 }).sum();
            width >= 3 && line.chars().all(is_dash)
        };
        let start = text.trim_start_matches(is_blank);
        let opened = 1 + text.strip_suffix(start).unwrap_or_default().matches('\n').count();
        let (_, body) = start.split_once('\n').filter(|(first, _)| is_fence(first))?;
        let mut end = 0;
        let close = body.split_inclusive('\n').find(|line| {
            let closes = is_fence(line);
            end += if closes { 0 } else { line.len() };
            closes
        })?;
        let (matter, behind) = body.split_at_checked(end)?;
        are_known(matter).then(|| Self { fence: "---", opened, matter, behind: behind.strip_prefix(close) })
    }

    fn at_start(text: &'a str) -> Option<Self> {
        let start = text.trim_start_matches(['\u{feff}', '\n', '\r']);
        let opened = 1 + text.strip_suffix(start).unwrap_or_default().matches('\n').count();
        let fence = ["---", "+++"].into_iter().find(|fence| start.starts_with(fence))?;
        let (first, body) = start.split_once('\n')?;
        if first.trim_end() != fence {
            return None;
        }
        let mut end = 0;
        for line in body.split_inclusive('\n') {
            let closes = line.trim_end() == fence || fence == "---" && line.trim_end() == "...";
            if closes {
                let (matter, behind) = body.split_at_checked(end)?;
                return Some(Self { fence, opened, matter, behind: behind.strip_prefix(line) });
            }
            end += line.len();
        }
        Some(Self { fence, opened, matter: first_block(body), behind: None })
    }
}

/// Fields as Nikola writes them at the start of a text, `.. title: …` in lines of their own, in a comment or not, and what stands
/// behind them. `None`: there are none, or other lines among them.
pub(super) fn dotted(text: &str) -> Option<(Vec<(&str, &str)>, &str)> {
    let start = text.trim_start_matches(is_blank);
    let (matter, behind) = match start.strip_prefix("<!--") {
        Some(comment) => comment.split_once("-->")?,
        None => start.split_at_checked(head(start).len())?,
    };
    let field = |line: &'_ str| line.strip_prefix(".. ").and_then(|field| field.split_once(':')).is_some();
    let lines = || matter.lines().map(str::trim).filter(|line| !line.is_empty());
    if !lines().all(field) {
        return None;
    }
    let fields = lines().filter_map(|line| line.strip_prefix(".. ")?.split_once(':'));
    let fields: Vec<(&str, &str)> = fields.map(|(name, value)| (name.trim(), value.trim())).collect();
    (!fields.is_empty()).then_some((fields, behind))
}

/// What may stand before and behind a fence, and is not seen.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// The lines above the first empty one, without the end of the last.
pub(super) fn head(text: &str) -> &str {
    let lines = text.split_inclusive('\n').take_while(|line| !line.trim().is_empty());
    text.get(..lines.map(str::len).sum()).unwrap_or(text).trim_end_matches(['\r', '\n'])
}

/// What stands above the first empty line.
fn first_block(text: &str) -> &str {
    let text = text.trim_start();
    text.split("\n\n").next().and_then(|block| block.split("\n\r\n").next()).unwrap_or(text)
}

/// Why a text is held back that says that it is a draft in front matter of a kind that is not read: below another line
/// than a fence (`----`), or in JSON.
fn misopened(text: &str) -> Option<ReadError> {
    let start = text.trim_start_matches(is_blank);
    let first = start.lines().next()?.trim();
    // With more behind it, too: "---yaml", "--- # of the port".
    let is_rule = first.starts_with("---")
        || first.starts_with("+++")
        || first.chars().nth(1).is_some() && first.chars().all(|c| matches!(c, '-' | '+' | '=' | '–' | '—'));
    if !is_rule && !start.starts_with('{') {
        return None;
    }
    let block = first_block(if is_rule { start.strip_prefix(first)? } else { start });
    let opened = 1 + text.strip_suffix(start).unwrap_or_default().matches('\n').count();
    unfinished::is_said(block).then(|| {
        ReadError::Unclear(format!(
            "line {opened} opens no front matter that is read: write the fields between lines of --- alone, as in draft: true"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::super::fields::FrontMatter;
    use crate::document::Form;

    #[test]
    fn fields_behind_two_dots_are_front_matter() {
        for matter in [
            ".. title: Tide: a tale\n.. slug: tide\n.. date: 2026-03-05 10:20:00 UTC\n.. link:\n",
            "<!--\n.. title: Tide: a tale\n.. date: 2026/03/05\n-->\n",
        ] {
            for form in [Form::Text, Form::Markdown, Form::Html] {
                let text = format!("{matter}\nThe tide rose.\n");
                let front = FrontMatter::split(&text, form).expect("no draft");
                assert_eq!((front.title().as_deref(), front.behind.trim()), (Some("Tide: a tale"), "The tide rose."));
            }
        }
        assert!(FrontMatter::split(".. title: Tide\n.. status: draft\n\nText\n", Form::Text).is_err());
        for text in [".. slug: tide\n\nText\n", ".. title: Tide\nText\n", "<!-- .. title: Tide\n\nText\n"] {
            assert_eq!(FrontMatter::split(text, Form::Text).expect("no draft").behind, text);
        }
    }
}
