//! The one parse of HTML, bounded in time and memory whatever the page holds.
//!
//! Browsers' rules for HTML are quadratic in several places (depth, attributes of one tag, formatting elements that
//! are opened again in every paragraph), and a page of a few kilobytes can ask for gigabytes. A filter between
//! tokenizer and tree builder caps what drives those costs. The caps are counts, never the clock: the same page
//! always gives the same tree. Ordinary pages lose nothing.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use ego_tree::Tree;
use html5ever::interface::Tracer;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{LocalName, QualName, TokenizerResult, local_name, ns};
use scraper::{Html, HtmlTreeSink, Node};

use crate::draft::is_void;

/// Elements open at once; deeper ones lose their tags and keep their text. Browsers stop at 512.
const DEEPEST: u32 = 256;
/// Nodes of one tree; the rest of the page is left out.
const MOST_NODES: usize = 200_000;
/// Tags of one page; the rest is left out. Tags that build no node still cost time.
const MOST_TAGS: u32 = 600_000;
/// Attributes of one tag; the rest is cut off before the tokenizer compares each with all others.
const MOST_ATTRIBUTES: usize = 128;
/// Formatting elements that keep their attributes. Equal ones are opened again three times at most
/// (HTML, "Noah's Ark clause"), different ones without end.
const MOST_FORMATS: u32 = 64;
/// `<html>` and `<body>` tags that are looked at: each is compared with the attributes already there.
const MOST_ROOTS: u32 = 8;
/// Bytes handed to the tokenizer at once, between two looks at the number of nodes.
const CHUNK: usize = 8 * 1024;

/// The text of a page, and its tree, which is made once, when somebody asks for it.
#[derive(Debug)]
pub struct Page<'a> {
    /// The text.
    pub text: &'a str,
    tree: OnceCell<Html>,
}

impl<'a> Page<'a> {
    /// Of a text.
    pub const fn of(text: &'a str) -> Self {
        Self { text, tree: OnceCell::new() }
    }

    /// Its tree.
    pub fn tree(&self) -> &Html {
        self.tree.get_or_init(|| parse_document(self.text))
    }
}

/// Parses a whole page.
pub fn parse_document(text: &str) -> Html {
    let mut page = Html::new_document();
    // Nodes are large, and growing moves all of them. Start tags are elements, and texts stand before tags.
    let nodes = text.bytes().filter(|byte| *byte == b'<').count();
    page.tree = Tree::with_capacity(Node::Document, nodes.min(MOST_NODES) + 8);
    let sink = HtmlTreeSink::new(page);
    run(TreeBuilder::new(sink, TreeBuilderOpts::default()), text)
}

/// Parses a piece of a page, as the content of a `<div>`.
pub fn parse_fragment(text: &str) -> Html {
    let sink = HtmlTreeSink::new(Html::new_fragment());
    let context = sink.create_element(
        QualName::new(None, ns!(html), local_name!("div")),
        Vec::new(),
        html5ever::tree_builder::ElementFlags::default(),
    );
    run(TreeBuilder::new_for_fragment(sink, context, None, TreeBuilderOpts::default()), text)
}

type Builder = TreeBuilder<ego_tree::NodeId, HtmlTreeSink>;

fn run(builder: Builder, text: &str) -> Html {
    let guard = Guard { builder, formats: Cell::new(0), roots: Cell::new(0), tags: Cell::new(0) };
    let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
    let text = cut_attributes(text);
    let mut rest = text.as_ref();
    let input = BufferQueue::default();
    while !rest.is_empty() {
        let mut end = rest.len().min(CHUNK);
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (chunk, after) = rest.split_at(end);
        rest = after;
        input.push_back(StrTendril::from(chunk));
        // It stops at each script and at each charset that a page declares; neither concerns us.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        let full = tokenizer.sink.builder.sink.0.borrow().tree.nodes().len() > MOST_NODES;
        if full || tokenizer.sink.tags.get() > MOST_TAGS {
            break;
        }
    }
    tokenizer.end();
    tokenizer.sink.builder.sink.finish()
}

struct Guard {
    builder: Builder,
    formats: Cell<u32>,
    roots: Cell<u32>,
    tags: Cell<u32>,
}

impl Guard {
    /// The tag as it may pass. `None`: it does not.
    fn filter(&self, mut tag: Tag) -> Option<Tag> {
        self.tags.set(self.tags.get() + 1);
        if tag.kind == TagKind::StartTag {
            if tag.name == local_name!("html") || tag.name == local_name!("body") {
                self.roots.set(self.roots.get() + 1);
                if self.roots.get() > MOST_ROOTS {
                    return None;
                }
            }
            // A tag that switches the tokenizer to raw text must pass, or its text would be read as markup. In drawings
            // and formulas none does.
            let passes = || is_void(&tag.name) || is_raw(&tag.name) && !self.is_foreign();
            if self.depth() >= DEEPEST && !passes() {
                return None;
            }
            if is_format(&tag.name) {
                self.formats.set(self.formats.get() + 1);
                if self.formats.get() > MOST_FORMATS && tag.name != local_name!("a") {
                    tag.attrs.clear();
                }
            }
        }
        Some(tag)
    }

    /// How many elements the tree builder holds open, and opens again: what each of its searches costs. Counting tags
    /// would not tell, for end tags may end nothing, and `<div/>` stays open.
    fn depth(&self) -> u32 {
        let count = Count(Cell::new(0));
        self.builder.trace_handles(&count);
        count.0.get()
    }

    /// Whether the innermost open element is part of a drawing or formula.
    fn is_foreign(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Counts what a tree builder holds.
struct Count(Cell<u32>);

impl Tracer for Count {
    type Handle = ego_tree::NodeId;

    fn trace_handle(&self, _: &Self::Handle) {
        self.0.set(self.0.get() + 1);
    }
}

impl TokenSink for Guard {
    type Handle = ego_tree::NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Self::Handle> {
        let token = match token {
            Token::TagToken(tag) => match self.filter(tag) {
                Some(tag) => Token::TagToken(tag),
                None => return TokenSinkResult::Continue,
            },
            // Comments carry nothing for us, and each would be a node.
            Token::CommentToken(_) => return TokenSinkResult::Continue,
            token => token,
        };
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.is_foreign()
    }
}

fn is_raw(name: &LocalName) -> bool {
    matches!(
        name.as_ref(),
        "script" | "style" | "title" | "textarea" | "xmp" | "iframe" | "noembed" | "noframes" | "plaintext"
    )
}

fn is_format(name: &LocalName) -> bool {
    matches!(
        name.as_ref(),
        "a" | "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt" | "u"
    )
}

/// The text with the attributes of each tag beyond the limit cut off. Linear; borrows when nothing is cut.
fn cut_attributes(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut kept: Option<String> = None;
    let mut copied = 0;
    let mut at = 0;
    while let Some(open) = find(bytes, at, b'<') {
        at = open + 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let (end, cut) = scan_tag(bytes, at);
        if let Some(cut) = cut
            && let (Some(before), true) = (text.get(copied..cut), text.is_char_boundary(end))
        {
            kept.get_or_insert_with(String::new).push_str(before);
            copied = end;
        }
        at = end;
    }
    match (kept, text.get(copied..)) {
        (Some(mut kept), Some(rest)) => {
            kept.push_str(rest);
            Cow::Owned(kept)
        }
        _ => Cow::Borrowed(text),
    }
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    let rest = bytes.get(from..)?;
    // Many at a time, without early exit, for the vector units.
    let lacks = |part: &&[u8]| part.iter().fold(0, |found, byte| found | u8::from(*byte == wanted)) == 0;
    let passed: usize = rest.chunks(32).take_while(lacks).map(<[u8]>::len).sum();
    rest.get(passed..)?.iter().position(|byte| *byte == wanted).map(|at| from + passed + at)
}

/// Where the tag whose name begins at `start` ends (at its `>`, or at the end of the text), and where its attributes
/// have to be cut.
fn scan_tag(bytes: &[u8], start: usize) -> (usize, Option<usize>) {
    let (mut at, mut attributes, mut cut) = (start, 0, None);
    let mut gap = false;
    let mut value = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => return (at, cut),
            b'"' | b'\'' if value => {
                at = find(bytes, at + 1, *byte).unwrap_or(bytes.len());
                (gap, value) = (true, false);
            }
            b'=' => (value, gap) = (true, false),
            byte if byte.is_ascii_whitespace() || *byte == b'/' => gap = !value || *byte != b'/',
            _ => {
                if gap && !value {
                    attributes += 1;
                    if attributes > MOST_ATTRIBUTES && cut.is_none() {
                        cut = Some(at);
                    }
                }
                gap = false;
                value = false;
                // An unquoted value goes on to the next space; its characters are no attributes of their own.
            }
        }
        at += 1;
    }
    (bytes.len(), cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(page: &Html) -> String {
        page.root_element().text().collect()
    }

    fn nodes(text: &str) -> usize {
        parse_document(text).tree.nodes().len()
    }

    #[test]
    fn a_page_is_read_to_its_end() {
        let page =
            parse_document("<meta charset=utf-8><script>1</script><p>one<meta charset=gbk><script>2</script><p>two");
        let selector = scraper::Selector::parse("p").expect("a selector");
        let paragraphs = page.select(&selector).map(|p| p.text().collect::<String>());
        assert_eq!(paragraphs.map(|text| text.replace('2', "")).collect::<Vec<_>>(), ["one", "two"]);
    }

    #[test]
    fn depth_is_capped_and_the_text_kept() {
        let page = parse_document(&format!("{}deep{}after", "<div>".repeat(100_000), "</div>".repeat(100_000)));
        assert!(page.tree.nodes().len() < 1_000);
        assert_eq!(text_of(&page), "deepafter");
    }

    #[test]
    fn items_that_are_never_closed_do_not_count_as_depth() {
        let page = parse_document(&format!("<ul>{}", "<li><a href=x>news</a>".repeat(2_000)));
        assert_eq!(page.select(&scraper::Selector::parse("ul > li > a").expect("a selector")).count(), 2_000);
    }

    #[test]
    fn nested_lists_are_capped() {
        let page = parse_document(&"<ul><li>".repeat(20_000));
        let deepest = page.tree.nodes().map(|node| node.ancestors().count()).max().expect("a node");
        assert!(deepest <= 2 * DEEPEST as usize + 8, "{deepest}");
    }

    #[test]
    fn depth_is_capped_whatever_the_tags_seem_to_say() {
        let parts = [
            "<div></x>", "<div/>", "<rt>", "<optgroup>", "<b/>x", "<ul></x><li>", "<table><tr></x><td>", "<svg><g></x>",
        ];
        for (start, part) in parts.map(|part| ("", part)).into_iter().chain([("<svg>", "<style>")]) {
            let page = parse_fragment(&(start.to_owned() + &part.repeat(3_000)));
            let deepest = page.tree.nodes().map(|node| node.ancestors().count()).max().expect("a node");
            assert!(deepest <= 2 * DEEPEST as usize + 8, "{start}{part}: {deepest}");
        }
    }

    #[test]
    fn tags_that_are_never_closed_end_with_what_is_around_them() {
        let page = parse_fragment(&"<div><span>a</div><h2>b</h2>".repeat(1_000));
        assert_eq!(page.select(&scraper::Selector::parse("h2").expect("a selector")).count(), 1_000);
        let page = parse_fragment(&format!("<svg>{}</svg><h2>b</h2>", "<path d=x />".repeat(1_000)));
        assert_eq!(page.select(&scraper::Selector::parse("path, h2").expect("a selector")).count(), 1_001);
    }

    #[test]
    fn formatting_elements_do_not_multiply() {
        let opened = (0..1_000).map(|i| format!("<b id={i}>")).collect::<Vec<_>>().concat();
        assert!(nodes(&(opened + &"<p>x".repeat(1_000))) < 100_000);
    }

    #[test]
    fn attributes_of_one_tag_are_capped() {
        let many = (0..100_000).map(|i| format!(" a{i}=\"{i}\"")).collect::<Vec<_>>().concat();
        let page = parse_document(&format!("<p{many}>text</p><p class=x>more"));
        assert_eq!(text_of(&page), "textmore");
        let first = page.select(&scraper::Selector::parse("p").expect("a selector")).next().expect("a paragraph");
        assert!(first.value().attrs().count() <= MOST_ATTRIBUTES);
    }

    #[test]
    fn ordinary_tags_keep_all_attributes() {
        let text = r#"<a href="x?a=1&b=2" title='a > b' data-x = y class="a b c">z</a>"#;
        assert!(matches!(cut_attributes(text), Cow::Borrowed(_)));
    }

    #[test]
    fn script_beyond_the_depth_stays_script() {
        let page = parse_document(&format!("{}<script>alert('<p>x')</script>text", "<div>".repeat(300)));
        assert!(page.tree.values().any(|node| node.as_element().is_some_and(|element| element.name() == "script")));
        assert!(!page.tree.values().any(|node| node.as_element().is_some_and(|element| element.name() == "p")));
    }
}
