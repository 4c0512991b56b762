//! What holds of whatever is read, whoever wrote it: called by `tests/fuzz.rs` with inputs of its own, and by the
//! fuzzers in `fuzz/` with theirs. The last byte of an input chooses what is known around it.

#![expect(clippy::expect_used, clippy::panic, reason = "a check that does not hold has to say so")]

mod inert;

use std::collections::HashSet;

use chrono::{NaiveDate, TimeZone, Utc};
use feedgen::document::{Document, Form, Origin};
use feedgen::draft::{Body, Fragment};
use feedgen::item::html::Html;
use feedgen::item::inert::{escaped, inert};
use feedgen::read::date::{Context, Mention, NumericOrder, first, machine, mentions};
use feedgen::read::feed::{Around, Facts, Markup, Text, looks_like_feed, read};
use feedgen::read::{Policy, guard};
use inert::{Place, expect_inert};
use url::Url;

const CHARSETS: [Option<&str>; 6] =
    [None, Some("utf-8"), Some("gbk"), Some("windows-1252"), Some("utf-16le"), Some("x")];
const BASES: [Option<&str>; 3] =
    [None, Some("https://harbour.example/feeds/all.xml"), Some("mailto:ada@harbour.example")];
/// Elements on the way to the deepest node of a parsed page, formatting elements that are opened again included.
const DEEPEST: usize = 1024;
/// Bytes of a text that is long enough for a scan of quadratic cost to be noticed.
const LONG: usize = 128 * 1024;

/// A choice that the last byte of an input makes: the same number with another `turn` chooses apart.
fn choose<T: Copy>(bytes: &[u8], turn: u8, from: &[T]) -> T {
    let last = usize::from(bytes.last().copied().unwrap_or_default() / turn);
    from[last % from.len()]
}

/// A feed is read without a panic, and what is shown of it does nothing.
pub(crate) fn feed(bytes: &[u8]) {
    let base = choose(bytes, 6, &BASES).and_then(|base| Url::parse(base).ok());
    let around = Around { charset: choose(bytes, 1, &CHARSETS), base: base.as_ref(), language: None, now: None };
    looks_like_feed(bytes);
    let Ok(feed) = read(bytes, &around) else { return };
    facts(&feed.about);
    let address = Url::parse("https://harbour.example/feeds/all.xml").expect("an address");
    for entry in feed.entries {
        facts(&entry.facts);
        entry.contents.iter().for_each(text);
        entry.source.as_deref().into_iter().for_each(facts);
        let draft = entry.draft(&feed.about, &address);
        body(&draft.body, draft.base.as_ref());
    }
}

fn facts(facts: &Facts) {
    [&facts.title, &facts.summary, &facts.rights].into_iter().flatten().for_each(text);
}

fn text(text: &Text) {
    let line = text.line();
    assert!(line.split_whitespace().eq(line.split(' ').filter(|word| !word.is_empty())), "{line:?} is no line");
    let written = match text.markup {
        Markup::Plain | Markup::Declared => escaped(&text.value),
        Markup::Html => inert(&fragment(&text.value), text.base.as_deref()),
    };
    judge(&written, Place::AsWritten);
}

/// A page, and a piece of one, is read without a panic into a tree of bounded depth, and its story does nothing.
pub(crate) fn page(bytes: &[u8]) {
    let markup = String::from_utf8_lossy(bytes);
    let piece = fragment(&markup);
    let depths = piece.page.tree.nodes().rev().step_by(64).map(|node| node.ancestors().count());
    assert!(depths.max().is_some_and(|deepest| deepest <= DEEPEST), "the tree is too deep");
    let base = choose(bytes, 6, &BASES).and_then(|base| Url::parse(base).ok());
    judge(&inert(&piece, base.as_ref()), Place::AsWritten);
    body(&Body::Markup(piece), base.as_ref());
    let document = Document {
        origin: Origin::File(b"2026-03-12-tide.html".to_vec()),
        form: choose(bytes, 18, &[Form::Html, Form::Html, Form::Text, Form::Markdown]),
        charset: choose(bytes, 1, &CHARSETS).map(str::to_owned),
        address: base,
        bytes: bytes.to_vec(),
        sidecars: Vec::new(),
    };
    let now = Utc.with_ymd_and_hms(2026, 3, 14, 9, 0, 0).single().expect("a time");
    if let Ok(draft) = feedgen::read::read(&document, Policy { now, timezone: "Asia/Shanghai".parse().unwrap() }) {
        body(&draft.body, draft.base.as_ref());
    }
}

/// The body of a draft, cleaned, does nothing, and cleaning it again changes nothing.
fn body(body: &Body, base: Option<&Url>) {
    let (story, _) = Html::clean(body, base);
    judge(story.as_str(), Place::Story);
    let (again, _) = Html::clean(&Body::Markup(fragment(story.as_str())), None);
    assert_eq!(again.as_str(), story.as_str(), "cleaning it again changes it");
}

fn fragment(markup: &str) -> Fragment {
    let page = guard::parse_fragment(markup);
    let parts = vec![page.root_element().id()];
    Fragment { page, parts, without: HashSet::new() }
}

fn judge(markup: &str, place: Place) {
    expect_inert(markup, place).unwrap_or_else(|fault| panic!("{fault} in {markup}"));
}

/// Dates are found without a panic, in order, and at the borders of characters.
pub(crate) fn date(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let context = context(bytes);
    let found: Vec<Mention> = mentions(&text, &context).collect();
    let mut end = 0;
    for mention in &found {
        let range = mention.range.clone();
        assert!(range.start >= end && range.end > range.start, "{range:?} begins before {end} in {text:?}");
        assert!(text.get(range.clone()).is_some(), "{range:?} cuts a character of {text:?}");
        let year = mention.when.year();
        assert!((1890..=2110).contains(&year), "{year} in {text:?}");
        end = range.end;
    }
    let best = first(&text, &context);
    assert!(best.is_none_or(|best| found.contains(&best)), "the first is none of all in {text:?}");
    machine(&text);
}

/// A text many times over is read in time: a scan of quadratic cost would not end before whoever waits gives up.
pub(crate) fn long_date(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    mentions(&text.repeat(LONG / text.len().max(1)), &context(bytes)).for_each(drop);
}

fn context(bytes: &[u8]) -> Context {
    let now = NaiveDate::from_ymd_opt(2026, 3, 14).and_then(|day| day.and_hms_opt(9, 0, 0)).expect("a time");
    let orders = [None, Some(NumericOrder::MonthFirst), Some(NumericOrder::DayFirst)];
    Context {
        numeric_order: choose(bytes, 1, &orders),
        year: choose(bytes, 3, &[None, Some(2024)]),
        ..Context::at(now)
    }
}
