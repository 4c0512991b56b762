//! Text that is safe to put in a page: the one sanitizer.
//!
//! It reads a parsed tree and writes markup anew from a short list of elements, so that nothing comes through that it
//! does not know. What it writes is in one form: equal stories give equal bytes, and cleaning it again changes nothing.

use std::borrow::Cow;

use url::Url;

use super::text::{self, split};
use crate::draft::{Body, is_block};

mod elements;
mod hidden;
mod picture;
#[cfg(test)]
mod tests;
mod writer;

use writer::Writer;

/// Sanitized HTML: only inert elements, absolute addresses, well nested. Made by the sanitizer alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Cleans the body of a draft. Relative addresses are resolved against `base`; without one they are left out and
    /// counted: of links the text stays, of pictures the text that stands for them.
    pub fn clean(body: &Body, base: Option<&Url>) -> (Self, LeftOut) {
        let writer = match body {
            Body::Empty => return Default::default(),
            Body::Paragraphs(paragraphs) => {
                let mut writer = Writer::new(base, paragraphs.iter().map(String::len).sum());
                for paragraph in paragraphs {
                    writer.open("p", "");
                    writer.text(paragraph);
                    writer.close_to(0);
                }
                writer
            }
            Body::Markup(fragment) => {
                // What is written is hardly longer than the words; a page has many that are no part of its story.
                let words = fragment.page.tree.values().filter_map(scraper::Node::as_text).map(|text| text.len());
                let mut writer = Writer::new(base, words.sum::<usize>().min(4096));
                writer.fragment(fragment);
                writer
            }
        };
        (Self(writer.out), writer.left_out)
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Markup that was clean when it was stored.
    pub(crate) fn recall(markup: String) -> Self {
        Self(markup)
    }

    /// Makes every character of it [`fit`](text::fit): what is written here is, and what was stored may be damaged.
    pub(crate) fn make_fit(&mut self) {
        if let Cow::Owned(fit) = text::scrub(&self.0) {
            self.0 = fit;
        }
    }

    /// The text: paragraphs apart by an empty line, lines of tables and lists by a line's end. What stands below pictures
    /// goes with them, unless there is nothing else.
    pub fn text(&self) -> String {
        let text = self.text_of(false);
        if text.is_empty() { self.text_of(true) } else { text }
    }

    fn text_of(&self, captions: bool) -> String {
        let mut out = String::with_capacity(self.0.len());
        let mut rest = self.0.as_str();
        while let Some((before, behind)) = split(rest, b'<') {
            unescape_into(before, &mut out);
            let Some((tag, after)) = split(behind, b'>') else { break };
            let name = tag.trim_start_matches('/');
            let end = name.bytes().position(|byte| matches!(byte, b' ' | b'/')).unwrap_or(name.len());
            let name = name.get(..end).unwrap_or_default();
            rest = match name {
                "figcaption" if !captions && !tag.starts_with('/') => {
                    after.split_once("</figcaption>").map_or("", |(_, behind)| behind)
                }
                _ => after,
            };
            let gap = match name {
                "br" | "tr" | "li" | "dt" | "dd" | "hr" | "figcaption" | "caption" => "\n",
                "td" | "th" if tag.starts_with('/') => " ",
                "td" | "th" => "",
                name if is_block(name) => "\n\n",
                _ => "",
            };
            if gap == " " {
                out.push(' ');
            } else if !gap.is_empty() {
                out.truncate(out.trim_end_matches(' ').len());
                let ends = out.bytes().rev().take_while(|byte| *byte == b'\n').count();
                if !out.is_empty() && ends < gap.len() {
                    out.push_str(gap.get(ends..).unwrap_or_default());
                }
            }
        }
        unescape_into(rest, &mut out);
        out.truncate(out.trim_end().len());
        out
    }

    /// Whether there is nothing in it to read or see.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Address of the first picture in it that may stand for its story: no sign, and none of a few pixels.
    pub fn first_picture(&self) -> Option<String> {
        // Most bodies have none.
        memchr::memmem::find(self.0.as_bytes(), b"<img ")?;
        let tags = self.0.split("<img src=\"").skip(1).filter_map(|rest| rest.split_once('>'));
        let address = |tag: &str| {
            let side = |name: &str| tag.split_once(name)?.1.split('"').next()?.parse::<u32>().ok();
            let mut address = String::new();
            unescape_into(tag.split('"').next()?, &mut address);
            let sides = [" width=\"", " height=\""].into_iter().filter_map(side);
            picture::is_telling(&address, sides).then_some(address)
        };
        tags.into_iter().find_map(|(tag, _)| address(tag))
    }
}

impl Html {
    /// What stands for its first picture of which that is told. `None`: there is none.
    pub fn words_of_picture(&self) -> Option<String> {
        memchr::memmem::find(self.0.as_bytes(), b"<img ")?;
        let tags = self.0.split("<img ").skip(1).filter_map(|rest| rest.split_once('>'));
        let told = tags.filter_map(|(tag, _)| tag.split_once(" alt=\"")?.1.split('"').next());
        let words = told.map(|told| {
            let mut words = String::new();
            unescape_into(told, &mut words);
            words
        });
        words.into_iter().find(|words| words.chars().any(char::is_alphanumeric))
    }
}

/// How many relative addresses were left out of a body that has no address to resolve them against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Links, and what plays or frames something.
    pub links: u32,
    /// Pictures.
    pub pictures: u32,
}

/// Writes a character of a text or of an attribute (HTML §13.3).
pub(super) fn escape_into(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        c => out.push(c),
    }
}

/// Reads back what [`escape_into`] writes.
pub(super) fn unescape_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some((before, behind)) = split(rest, b'&') {
        out.push_str(before);
        let known = [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"')];
        if let Some((after, c)) = known.iter().find_map(|(name, c)| Some((behind.strip_prefix(name)?, *c))) {
            out.push(c);
            rest = after;
        } else {
            out.push('&');
            rest = behind;
        }
    }
    out.push_str(rest);
}
