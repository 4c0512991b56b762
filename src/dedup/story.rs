//! A story made ready to be compared: its tokens, and its shingles in the order of their hashes.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use chrono::{DateTime, Utc};

use super::conflict::Vocabulary;
use super::shingle::{self, Token};
use crate::item::{Item, text};

/// Most tokens of a text that are looked at.
const MOST_TOKENS: usize = 1 << 16;

/// What [`compare`](super::compare()) looks at.
#[derive(Clone, Debug)]
pub struct Story<'a> {
    pub(super) title: Text<'a>,
    pub(super) body: Text<'a>,
    pub(super) published: Option<DateTime<Utc>>,
    /// `None`: nobody told.
    source: Option<Cow<'a, str>>,
    /// Found out when it is asked for: most stories are compared with several others, or with none.
    vocabulary: OnceCell<Vocabulary>,
}

impl<'a> Story<'a> {
    /// A story of a title and a body, both plain text, and when it was published, if that is known. Of a very long body
    /// its first 65,536 tokens count.
    pub fn of(title: &'a str, body: &'a str, published: Option<DateTime<Utc>>) -> Self {
        Self { title: Text::of(title), body: Text::of(body), published, source: None, vocabulary: OnceCell::new() }
    }

    /// The tokens of title and body.
    pub(super) fn vocabulary(&self) -> &Vocabulary {
        self.vocabulary.get_or_init(|| Vocabulary::of([&self.title, &self.body]))
    }

    /// The story of an item; `text` is that of its content.
    pub fn of_item(item: &'a Item, text: &'a str) -> Self {
        Self { source: Some(item.source.as_str().into()), ..Self::of(&item.title, text, item.told_at()) }
    }

    /// The same with all that it has been read from, so that it may be kept.
    pub fn into_owned(self) -> Story<'static> {
        Story {
            title: self.title.into_owned(),
            body: self.body.into_owned(),
            published: self.published,
            source: self.source.map(|source| source.into_owned().into()),
            vocabulary: self.vocabulary,
        }
    }

    /// Tokens of title and body.
    pub fn length(&self) -> usize {
        self.title.tokens.len() + self.body.tokens.len()
    }

    /// Whether both are known to be of one source, where they stand side by side.
    pub(super) fn is_of_source_of(&self, other: &Self) -> bool {
        self.source.is_some() && self.source == other.source
    }
}

/// A text as tokens.
#[derive(Clone, Debug)]
pub(super) struct Text<'a> {
    written: Cow<'a, str>,
    pub(super) tokens: Vec<Token>,
    /// As [`Story::vocabulary`].
    shingles: OnceCell<Vec<(u64, usize)>>,
}

impl<'a> Text<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let written = text::normal(text);
        let mut tokens = Vec::with_capacity(written.len() / 5);
        shingle::tokenize(&written, |token| {
            if tokens.len() < MOST_TOKENS {
                tokens.push(token);
            }
        });
        Self { written, tokens, shingles: OnceCell::new() }
    }

    fn into_owned(self) -> Text<'static> {
        Text { written: self.written.into_owned().into(), tokens: self.tokens, shingles: self.shingles }
    }

    /// Whether its tokens are all there are.
    pub(super) fn is_whole(&self) -> bool {
        self.tokens.len() < MOST_TOKENS
    }

    /// Each shingle with the place of its first token, by hash. None where there are fewer than three tokens.
    pub(super) fn shingles(&self) -> &[(u64, usize)] {
        self.shingles.get_or_init(|| {
            let of = |(at, three): (usize, &[Token])| match three {
                [first, second, third] => Some((shingle::shingle([first.hash, second.hash, third.hash]), at)),
                _ => None,
            };
            let mut shingles: Vec<(u64, usize)> = self.tokens.windows(3).enumerate().filter_map(of).collect();
            shingles.sort_unstable();
            shingles
        })
    }

    /// Whether two texts have the same tokens.
    pub(super) fn says_what(&self, other: &Text<'_>) -> bool {
        self.hashes().eq(other.hashes())
    }

    pub(super) fn hashes(&self) -> impl ExactSizeIterator<Item = u64> + Clone {
        self.tokens.iter().map(|token| token.hash)
    }

    /// How much it says.
    pub(super) fn weight(&self) -> usize {
        self.tokens.iter().map(Token::weight).sum()
    }

    /// A token as it is written.
    pub(super) fn word(&self, token: &Token) -> &str {
        self.written.get(token.start..token.end).unwrap_or_default()
    }

    /// The bytes of a token behind its first one.
    pub(super) fn behind_first(&self, token: &Token) -> &[u8] {
        self.written.as_bytes().get(token.start + 1..token.end).unwrap_or_default()
    }

    /// The tokens of a range.
    pub(super) fn range(&self, range: &Range<usize>) -> &[Token] {
        self.tokens.get(range.clone()).unwrap_or_default()
    }

    /// What is written behind a token.
    pub(super) fn behind(&self, token: &Token) -> &str {
        self.written.get(token.end..).unwrap_or_default()
    }

    /// The lines in which a range stands, as they are written.
    pub(super) fn lines(&self, range: &Range<usize>) -> &str {
        let tokens = self.range(range);
        let Some((first, last)) = tokens.first().zip(tokens.last()) else { return "" };
        let before = self.written.get(..first.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let behind = self.written.get(last.end..).and_then(|behind| behind.find('\n'));
        self.written.get(before..behind.map_or(self.written.len(), |at| last.end + at)).unwrap_or_default()
    }

    /// The text from the first to the last token of a range, as it is written.
    pub(super) fn excerpt(&self, range: &Range<usize>) -> &str {
        let tokens = self.range(range);
        let ends = tokens.first().zip(tokens.last());
        ends.and_then(|(first, last)| self.written.get(first.start..last.end)).unwrap_or_default()
    }
}
